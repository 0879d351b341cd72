// Paging, order and sparse fields of Desk's listings.

/// The paging of a listing.
struct DeskListing: Sendable {
  static let largestPageSize = 100
  static let largestSearchSize = 200
  static let searchSizeElse = 50

  let page: Int
  let pageSize: Int
  let isDescending: Bool

  /// "max 100 on lists; larger values are silently cut to 100"; in a search "a value over 200 or under 1 is reset to 50".
  init(_ request: EmulatedRequest, isSearch: Bool, defaultSize: Int) {
    page = min(10_000_000, max(1, request.option("page").flatMap { Int($0) } ?? 1))
    let asked = request.option("pageSize").flatMap { Int($0) }
    if isSearch {
      let size = asked ?? Self.searchSizeElse
      pageSize = (1...Self.largestSearchSize).contains(size) ? size : Self.searchSizeElse
    } else {
      let size = asked ?? defaultSize
      pageSize = min(size < 1 ? max(1, defaultSize) : size, Self.largestPageSize)
    }
    isDescending = request.option("orderMode")?.lowercased() == "desc"
  }

  var start: Int { (page - 1) * pageSize }

  /// Both paging blocks, as members of the answer.
  func blocks(rows: Int, total: Int, endsEarly: Bool) -> [JSON.Member] {
    let pages = (total + pageSize - 1) / pageSize
    let hasMore = !endsEarly && start + rows < total && rows > 0
    return [
      .init(
        name: "pagination",
        value: [
          "records": .int(total), "pageSize": .int(pageSize), "pages": .int(pages), "page": .int(page),
          "hasMorePages": .bool(hasMore),
        ]),
      .init(
        name: "meta",
        value: [
          "page": [
            "count": .int(total), "pageSize": .int(pageSize), "pageOffset": .int(page - 1), "pages": .int(pages),
            "hasMore": .bool(hasMore),
          ]
        ]),
    ]
  }
}

/// The option `fields`: names of attributes; the id is always there, unknown names are passed over.
struct DeskFields: Sendable {
  private let names: Set<String>

  /// `nil` where nothing was asked for.
  init?(_ request: EmulatedRequest) {
    guard let text = request.option("fields"), !text.isEmpty else { return nil }
    names = Set(text.split(separator: ",").map { $0.filter { $0 != " " } })
  }

  func restricted(_ record: JSON) -> JSON {
    .object((record.members ?? []).filter { $0.name == "id" || names.contains($0.name) })
  }
}

/// The option `includes`: names of relations, or all of them.
struct DeskIncludes: Sendable {
  private let names: Set<String>

  init(_ request: EmulatedRequest) {
    names = Set((request.option("includes") ?? "").lowercased().split(separator: ",").map { $0.filter { $0 != " " } })
  }

  /// Everything, as answers to writes have it.
  static let all = DeskIncludes(names: ["all"])

  private init(names: Set<String>) { self.names = names }

  func contains(_ name: String) -> Bool { names.contains(name) || names.contains("all") }
}
