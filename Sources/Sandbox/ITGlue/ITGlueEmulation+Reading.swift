// Listings and single records.

import Foundation

extension ITGlueEmulation {
  mutating func listing(
    _ request: EmulatedRequest, _ scope: ITGlueScope, at moment: Moment
  ) throws(ITGlueRefusal) -> EmulatedResponse {
    let query = try ITGlueQuery(request, scope, options)
    if query.ignoredFilters > 0 { count("filters ignored on nested routes", by: query.ignoredFilters) }
    if let limit = options.slowPagesOver, query.size > limit, query.includesAnything || !options.onlyIncludesAreSlow {
      throw .timedOut
    }
    let (places, total) = try page(of: scope, query, at: moment)
    let shown = moment.endsListingsEarly ? Array(places.prefix(places.count / 2)) : places
    let pages = (total + query.size - 1) / query.size
    let next = query.number < pages && !moment.endsListingsEarly ? query.number + 1 : nil

    var body = #"{"data":["#
    for (index, place) in shown.enumerated() {
      if index > 0 { body += "," }
      write(place, scope.kind, adapters: query.includesAdapters, into: &body)
    }
    body += "]"
    if query.includesAnything {
      body += #","included":"#
      included(shown, scope.kind, adapters: query.includesAdapters).write(into: &body)
    }
    let previous = query.number > 1 ? min(query.number - 1, max(pages, 1)) : nil
    let meta: JSON = [
      "current-page": .int(query.number), "next-page": next.map { .int($0) } ?? .null,
      "prev-page": previous.map { .int($0) } ?? .null, "total-pages": .int(pages), "total-count": .int(total),
      "filters": .object([]),
    ]
    body += #","meta":"# + meta.encoded
    var links: [JSON.Member] = []
    for (name, number) in [
      ("self", query.number), ("first", 1), ("prev", previous), ("next", next), ("last", max(pages, 1)),
    ] as [(String, Int?)] {
      guard let number else { continue }
      links.append(.init(name: name, value: .string(link(request, page: number, size: query.size, at: moment))))
    }
    body += #","links":"# + JSON.object(links).encoded + "}"
    var answer = response(200, body)
    answer.nextLink = next.map { link(request, page: $0, size: query.size, at: moment) }
    return answer
  }

  private func link(_ request: EmulatedRequest, page: Int, size: Int, at moment: Moment) -> String {
    let kept = request.query.filter { !["page[number]", "page[size]"].contains($0.name) }
      .map { "\(EmulatedRequest.encoded($0.name))=\(EmulatedRequest.encoded($0.value))" }
    return moment.root + request.rawPath + "?"
      + (kept + ["page%5Bnumber%5D=\(page)", "page%5Bsize%5D=\(size)"]).joined(separator: "&")
  }

  // MARK: - Choosing

  /// The places of one page, by offset on what is there now, and how many there are on all pages.
  private mutating func page(
    of scope: ITGlueScope, _ query: ITGlueQuery, at moment: Moment
  ) throws(ITGlueRefusal) -> (places: [Int], total: Int) {
    var narrowed: [Int]? = scope.parent.map { self[scope.kind].children(of: $0) }
    var tests: [(Int) -> Bool] = []
    for filter in query.filters {
      switch filter.form {
      case .identity where !filter.excludes && narrowed == nil:
        narrowed = filter.values.compactMap { Int($0).flatMap { self[scope.kind].place($0) } }.sorted()
      case .number("organization-id") where narrowed == nil && filter.values.count == 1:
        narrowed = Int(filter.values[0]).map { self[scope.kind].children(of: $0) } ?? []
      default: tests.append(try test(filter, scope.kind, at: moment))
      }
    }
    if narrowed == nil, tests.isEmpty {
      let (order, isReversed) = order(scope.kind, query)
      return (slice(order, isReversed, query), order.count)
    }
    let candidates = narrowed ?? self[scope.kind].byID
    let found = tests.isEmpty ? candidates : candidates.filter { place in tests.allSatisfy { $0(place) } }
    let (sorted, isReversed) = sort(found, scope.kind, query)
    return (slice(sorted, isReversed, query), found.count)
  }

  private func slice(_ order: [Int], _ isReversed: Bool, _ query: ITGlueQuery) -> [Int] {
    let (start, isBeyond) = (query.number - 1).multipliedReportingOverflow(by: query.size)
    guard !isBeyond, start < order.count else { return [] }
    let range = start..<min(order.count, start + query.size)
    if query.sortKey == nil { return range.map { order[ITGlueEmulation.unpromised($0, of: order.count)] } }
    return isReversed ? range.map { order[order.count - 1 - $0] } : Array(order[range])
  }

  /// Without `sort` the rows come in an order that nothing promises.
  private static func unpromised(_ index: Int, of count: Int) -> Int {
    guard count > 2 else { return index }
    var step = count / 2 + 1
    func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
    while divisor(step, count) != 1 { step += 1 }
    return (index * step + 1) % count
  }

  /// Everything of a kind in the wanted order, which is at hand for ids and changes, and kept for the rest.
  private mutating func order(_ kind: ITGlueKind, _ query: ITGlueQuery) -> ([Int], Bool) {
    switch query.sortKey {
    case nil, "id": return (self[kind].byID, query.isDescending)
    case "updated_at": return (self[kind].byUpdate, query.isDescending)
    case .some(let key):
      let value = sortValue(kind, key)
      return (self[kind].places(sortedBy: key, value), query.isDescending)
    }
  }

  private func sort(_ places: [Int], _ kind: ITGlueKind, _ query: ITGlueQuery) -> ([Int], Bool) {
    guard let key = query.sortKey, key != "id" else { return (places, query.isDescending) }
    let value = sortValue(kind, key)
    let keyed = places.map { (value: value($0), place: $0) }
    return (
      keyed.sorted { $0.value == $1.value ? $0.place < $1.place : $0.value < $1.value }.map(\.place), query.isDescending
    )
  }

  private func sortValue(_ kind: ITGlueKind, _ key: String) -> (Int) -> ITGlueSortValue {
    let table = self[kind]
    switch key {
    case "id": return { ITGlueSortValue(number: $0) }
    case "created_at": return { ITGlueSortValue(number: table.records[$0].created) }
    case "updated_at": return { ITGlueSortValue(number: table.records[$0].updated) }
    default:
      let attribute = key.replacing("_", with: "-")
      guard let place = ITGlueSchema.of(kind).places[attribute] else { return { _ in ITGlueSortValue(text: nil) } }
      return { row in
        let value = value(of: place, table.records[row], kind)
        return value.whole.map { ITGlueSortValue(number: $0) } ?? ITGlueSortValue(text: value.text)
      }
    }
  }

  // MARK: - One record

  func single(_ id: String, _ request: EmulatedRequest, _ scope: ITGlueScope) throws(ITGlueRefusal) -> EmulatedResponse
  {
    guard let number = Int(id), let place = self[scope.kind].place(number) else { throw .notFound("The record \(id)") }
    if let parent = scope.parent, !self[scope.kind].children(of: parent).contains(place) {
      throw .notFound("The record \(id)")
    }
    let query = try ITGlueQuery(request, ITGlueScope(kind: scope.kind, parent: nil), options)
    var body = #"{"data":"#
    write(whole: place, scope.kind, adapters: query.includesAdapters, into: &body)
    if query.includesAnything {
      body += #","included":"#
      included([place], scope.kind, adapters: query.includesAdapters).write(into: &body)
    }
    return response(200, body + "}")
  }
}
