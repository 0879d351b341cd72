/// Lists of IT Glue, page by page.
import Model

extension ITGlueCalls {
  /// The next page of a sweep; a page over which the server takes too long is asked for in smaller pieces.
  func page<Attributes: Decodable & Sendable>(
    _ type: Attributes.Type, _ path: [String], query: [(key: String, value: String)], sweep: inout ITGlueSweep,
    purpose: String
  ) async throws(ConnectorError) -> ITGluePage<Attributes> {
    while true {
      let what = "\(purpose) page \(sweep.number)"
      let response = try await page(
        path,
        query: query + [("page[size]", String(sweep.size)), ("page[number]", String(sweep.number))], purpose: what)
      if response.status == 504, sweep.shrink() { continue }
      guard response.isSuccess else { throw errors.error(response, purpose: what, now: now()) }
      return try JSONWire.decode(ITGluePage<Attributes>.self, from: response.body, purpose: "IT Glue, \(what)")
    }
  }

  /// What a sweep cannot go on from; `nil` where it can.
  func trouble(_ next: ITGlueSweep.Next, _ sweep: ITGlueSweep, purpose: String) -> ConnectorError? {
    switch next {
    case .more, .last: nil
    case .circle:
      ConnectorError(.malformed, "IT Glue, \(purpose) page \(sweep.number) brought only rows of earlier pages")
    case .short(let missing):
      ConnectorError(
        .malformed, "IT Glue declares \(sweep.seen.count + missing) \(purpose) and gave \(sweep.seen.count)",
        hint: "try again")
    }
  }

  /// All rows of a list of records, in the order of their ids.
  func all<Attributes: Decodable & Sendable>(
    _ kind: RecordKind, filters: [(key: String, value: String)], purpose: String,
    record: (ITGlueResource<Attributes>, [String: String]) -> Record
  ) async throws(ConnectorError) -> [Record] {
    var sweep = ITGlueSweep()
    var records: [RecordID: Record] = [:]
    let query = filters + [("include", "adapters_resources"), ("sort", "id")]
    while true {
      let page = try await page(
        Attributes.self, [ITGlueMapping.type(kind)], query: query, sweep: &sweep, purpose: purpose)
      for row in page.rows {
        let record = record(row, page.remoteIDs)
        records[record.id] = record
      }
      let next = sweep.take(page.rows.map { RecordID($0.id) }, total: page.totalCount, saysMore: page.saysMore)
      if let trouble = trouble(next, sweep, purpose: purpose) { throw trouble }
      if next == .last { return records.values.sorted { $0.id < $1.id } }
    }
  }

  /// A list of names, whole.
  func entries(of list: ITGlueList) async throws(ConnectorError) -> [ITGlueEntry] {
    var sweep = ITGlueSweep()
    var entries: [ITGlueEntry] = []
    while true {
      let page = try await page(
        ITGlueName.self, list.path, query: [("sort", "id")], sweep: &sweep, purpose: list.plural)
      entries += page.rows.compactMap { row in
        guard let id = Int(row.id), let name = row.attributes.name, !name.isBlank else { return nil }
        return ITGlueEntry(id: id, name: name)
      }
      let next = sweep.take(page.rows.map { RecordID($0.id) }, total: page.totalCount, saysMore: page.saysMore)
      if let trouble = trouble(next, sweep, purpose: list.plural) { throw trouble }
      if next == .last { return entries }
    }
  }

  /// Makes an entry of a list; the answer is the new one.
  func make(_ name: String, in list: ITGlueList) async throws(ConnectorError) -> ITGlueEntry {
    let purpose = "new \(list.noun)"
    guard let creation = list.creation(of: name) else {
      throw ConnectorError(.rejected, "kith makes no \(list.plural) at IT Glue", delivery: .notSent)
    }
    let response = try await call(.post, creation.path, body: creation.body, purpose: purpose)
    let made = try errors.value(ITGlueSingle<ITGlueName>.self, of: response, purpose: purpose, now: now())
    guard let id = Int(made.row.id) else {
      throw ConnectorError(.malformed, "IT Glue, \(purpose): its id is no whole number")
    }
    return ITGlueEntry(id: id, name: name)
  }

  /// The number of records of a kind, by the smallest page there is.
  func total(_ kind: RecordKind) async throws(ConnectorError) -> Int? {
    let purpose = "number of \(ITGlueMapping.type(kind))"
    let response = try await page([ITGlueMapping.type(kind)], query: [("page[size]", "1")], purpose: purpose)
    return try errors.value(ITGluePage<ITGlueAnything>.self, of: response, purpose: purpose, now: now()).totalCount
  }
}
