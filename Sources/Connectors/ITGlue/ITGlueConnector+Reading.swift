/// Complete readings in the order of ids, and readings of what changed since a mark.
import Foundation
import Model

extension ITGlueConnector {
  typealias Yield = @Sendable (Page) -> Void

  /// Turns rows into records and hands them out, and finds the mark for the next reading.
  private struct Harvest {
    var number = 0
    var newest: Date?
    let began: Double

    mutating func note(_ records: [Record]) {
      for record in records {
        if let date = record.modified { newest = max(newest ?? date, date) }
      }
    }

    /// Where the next reading begins: the newest stamp seen, less the time that this reading took, since a record may
    /// have been edited behind it; never before the last mark.
    func mark(after former: Date?, at now: Double) -> DeltaMark? {
      let reached = newest.map { $0 - max(0, now - began) }
      return [reached, former].compactMap { $0 }.max().map { DeltaMark(ITGlueMapping.text($0)) }
    }
  }

  // MARK: Organizations

  /// Organizations alone have a filter on their stamp; ranges of more than a week may be refused, so that a mark that
  /// is older is caught up with week by week, and one that is much older by a complete reading.
  func readOrganizations(since mark: DeltaMark?, _ yield: Yield) async throws(ConnectorError) {
    func record(_ row: ITGlueResource<ITGlueOrganization>, _ remoteIDs: [String: String]) -> Record {
      ITGlueMapping.record(row, remoteIDs: remoteIDs)
    }
    let former = try mark.map { mark throws(ConnectorError) in try mark.date(ITGlueMapping.date) }
    let ranges = former.map { ITGlueMapping.ranges(since: $0 - ITGlueFeatures.overlap, now: calls.now()) } ?? []
    var harvest = Harvest(began: calls.clock.now())
    guard let former, ranges.count <= ITGlueFeatures.mostRanges else {
      _ = try await sweep(.company, filters: [], &harvest, isDelta: false, endsHere: true, record, yield)
      return
    }
    var records: [Record] = []
    for range in ranges {
      if !records.isEmpty {
        harvest.number += 1
        yield(Page(records: records, number: harvest.number, isLast: false, isDelta: true))
      }
      records = try await sweep(
        .company, filters: [("filter[updated_at]", range)], &harvest, isDelta: true, endsHere: false, record, yield)
    }
    // A range says how many it holds, and nothing of deletions; the number of all does.
    let total = try await calls.total(.company)
    yield(
      Page(
        records: records, number: harvest.number + 1, isLast: true,
        mark: harvest.mark(after: former, at: calls.clock.now()), declaredTotal: total, isDelta: true))
  }

  // MARK: Contacts and configurations

  func readAll<Attributes: Decodable & Sendable>(
    _ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?,
    record: (ITGlueResource<Attributes>, [String: String]) -> Record, _ yield: Yield
  ) async throws(ConnectorError) {
    if let partition = scope.partition { _ = try Self.organization(partition) }
    let filters = Self.filters(kind, scope)
    var harvest = Harvest(began: calls.clock.now())
    if let mark {
      try await readChanges(
        kind, filters: filters, since: try mark.date(ITGlueMapping.date), &harvest, record, yield)
    } else {
      _ = try await sweep(kind, filters: filters, &harvest, isDelta: false, endsHere: true, record, yield)
    }
  }

  /// Reads a list in the order of ids, with which edits do not move records.
  ///
  /// - Parameter endsHere: the last page of the sweep is the last of the reading; otherwise its records are returned,
  ///   and not yielded.
  private func sweep<Attributes: Decodable & Sendable>(
    _ kind: RecordKind, filters: [(key: String, value: String)], _ harvest: inout Harvest, isDelta: Bool,
    endsHere: Bool, _ record: (ITGlueResource<Attributes>, [String: String]) -> Record, _ yield: Yield
  ) async throws(ConnectorError) -> [Record] {
    var sweep = ITGlueSweep()
    let query = filters + [("include", "adapters_resources"), ("sort", "id")]
    let purpose = ITGlueMapping.type(kind)
    while true {
      let page = try await calls.page(
        Attributes.self, [ITGlueMapping.type(kind)], query: query, sweep: &sweep, purpose: purpose)
      let records = page.rows.map { record($0, page.remoteIDs) }
      harvest.note(records)
      let next = sweep.take(records.map(\.id), total: page.totalCount, saysMore: page.saysMore)
      if let trouble = calls.trouble(next, sweep, purpose: purpose) { throw trouble }
      if next == .last, !endsHere { return records }
      harvest.number += 1
      yield(
        Page(
          records: records, number: harvest.number, isLast: next == .last,
          mark: next == .last ? harvest.mark(after: nil, at: calls.clock.now()) : nil,
          declaredTotal: next == .last ? sweep.total : nil, isDelta: isDelta))
      if next == .last { return [] }
    }
  }

  /// Reads the latest first, until a record is older than the mark less the overlap.
  ///
  /// A record that is edited meanwhile moves to the front, onto a page that was read already: where there was more than
  /// one page, the front is read again, down to where the walk began, until nothing has moved there. Reading on past
  /// the mark is safe; stopping early at it is too, since older records cannot stand before newer ones.
  private func readChanges<Attributes: Decodable & Sendable>(
    _ kind: RecordKind, filters: [(key: String, value: String)], since mark: Date, _ harvest: inout Harvest,
    _ record: (ITGlueResource<Attributes>, [String: String]) -> Record, _ yield: Yield
  ) async throws(ConnectorError) {
    let query = filters + [("include", "adapters_resources"), ("sort", "-updated_at")]
    let purpose = "changed \(ITGlueMapping.type(kind))"
    var limit = mark - ITGlueFeatures.overlap
    for _ in 1...10 {
      var sweep = ITGlueSweep(size: ITGlueFeatures.changesPageSize, movesToFront: true)
      var front: Date?
      var pages = 0
      while true {
        let page = try await calls.page(
          Attributes.self, [ITGlueMapping.type(kind)], query: query, sweep: &sweep, purpose: purpose)
        pages += 1
        let records = page.rows.map { record($0, page.remoteIDs) }
        harvest.note(records)
        front = front ?? records.lazy.compactMap(\.modified).first
        let next = sweep.take(records.map(\.id), total: page.totalCount, saysMore: page.saysMore)
        let isOldEnough = records.contains { $0.modified.map { $0 < limit } ?? false }
        if !isOldEnough, let trouble = calls.trouble(next, sweep, purpose: purpose) { throw trouble }
        let isDone = isOldEnough || next == .last
        let isLast = isDone && pages == 1
        harvest.number += 1
        yield(
          Page(
            records: records.filter { $0.modified.map { $0 >= limit } ?? true }, number: harvest.number, isLast: isLast,
            mark: isLast ? harvest.mark(after: mark, at: calls.clock.now()) : nil,
            declaredTotal: isLast ? sweep.total : nil, isDelta: true))
        if isLast { return }
        if isDone { break }
      }
      // Everything from the front of this walk on is known; what is before it has moved there since.
      limit = front ?? limit
    }
    throw ConnectorError(
      .malformed, "IT Glue, \(purpose): they change faster than they can be read", hint: "try again")
  }
}

extension ITGlueMapping {
  /// Ranges of at most a week, oldest first, the last one open: `start,end`.
  static func ranges(since start: Date, now: Date) -> [String] {
    var ranges: [String] = []
    var start = start
    // A mark of long ago is not worth its ranges; one more than is bearable says so.
    while now > start + ITGlueFeatures.longestRange, ranges.count <= ITGlueFeatures.mostRanges {
      let end = start + ITGlueFeatures.longestRange
      ranges.append("\(text(start)),\(text(end))")
      start = end
    }
    return ranges + ["\(text(start)),*"]
  }
}
