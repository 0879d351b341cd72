// Paging of v3 and v1 listings, and sparse fields.

import Foundation

/// The paging of a v3 listing.
struct TeamworkListing: Sendable {
  static let defaultPageSize = 50
  static let largestPageSize = 500

  let page: Int
  let pageSize: Int
  let skipsCounts: Bool

  /// "default 50, max 500; above 500 the server answers 400, it does not clamp".
  init(_ request: EmulatedRequest) throws(TeamworkRefusal) {
    page = try TeamworkListing.whole(request, "page", within: 1...10_000_000) ?? 1
    pageSize =
      try TeamworkListing.whole(request, "pageSize", within: 1...Self.largestPageSize) ?? Self.defaultPageSize
    skipsCounts = request.option("skipCounts") == "true"
  }

  var start: Int { (page - 1) * pageSize }

  /// How many rows of a selection this page holds, no query reaching beyond the cap.
  func length(of total: Int, cap: Int) -> Int { max(0, min(pageSize, min(total, cap) - start)) }

  /// The block `meta.page`.
  func meta(rows: Int, total: Int, cap: Int, endsEarly: Bool) -> JSON {
    let hasMore = !endsEarly && start + rows < min(total, cap)
    // "With skipCounts=true it is only the lower bound page*pageSize + 1 until the last page".
    let count = !skipsCounts ? total : hasMore ? page * pageSize + 1 : start + rows
    return [
      "page": [
        "pageOffset": .int(page - 1), "pageSize": .int(pageSize), "count": .int(count), "hasMore": .bool(hasMore),
      ]
    ]
  }

  static func whole(
    _ request: EmulatedRequest, _ name: String, within range: ClosedRange<Int>
  ) throws(TeamworkRefusal) -> Int? {
    guard let text = request.option(name), !text.isEmpty else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .invalidOption("\(name) must be between \(range.lowerBound) and \(range.upperBound)")
    }
    return number
  }

  /// A list of whole numbers, as in `ids=1,2`; `nil` where the option is missing.
  static func numbers(_ request: EmulatedRequest, _ name: String) throws(TeamworkRefusal) -> Set<Int>? {
    guard let text = request.option(name), !text.isEmpty else { return nil }
    var numbers: Set<Int> = []
    for part in text.split(separator: ",") {
      guard let number = Int(part.filter { $0 != " " }) else { throw .invalidOption("\(name) must be a list of ids") }
      numbers.insert(number)
    }
    return numbers
  }

  /// An instant in seconds since 1970, under its name or the deprecated one.
  static func instant(
    _ request: EmulatedRequest, _ name: String, deprecated: String
  ) throws(TeamworkRefusal) -> Double? {
    guard let text = request.option(name) ?? request.option(deprecated), !text.isEmpty else { return nil }
    guard let date = Instant.date(text) else { throw .invalidOption("\(name) must be a date") }
    return date.timeIntervalSince1970
  }

  static func isTrue(_ request: EmulatedRequest, _ name: String) -> Bool { request.option(name) == "true" }

  /// A request's options but for those that select no rows, in one text: the same text means the same rows.
  static func name(of request: EmulatedRequest) -> String {
    let passing: Set<String> = ["page", "pagesize", "skipcounts", "include", "fullprofile", "getemoji"]
    return request.query
      .filter { !passing.contains($0.name.lowercased()) && !$0.name.lowercased().hasPrefix("fields") }
      .map { "\($0.name)=\($0.value)" }.sorted().joined(separator: "&")
  }
}

/// The option `fields[…]`: names of attributes; the id is always there, unknown names are passed over.
struct TeamworkFields: Sendable {
  private let names: Set<String>

  /// `nil` where nothing was asked for under that key. Another key is ignored, so a typo returns everything.
  init?(_ request: EmulatedRequest, _ key: String) {
    guard let text = request.option("fields[\(key)]"), !text.isEmpty else { return nil }
    names = Set(text.split(separator: ",").map { $0.filter { $0 != " " } })
  }

  func restricted(_ record: JSON) -> JSON {
    .object((record.members ?? []).filter { $0.name == "id" || names.contains($0.name) })
  }
}
