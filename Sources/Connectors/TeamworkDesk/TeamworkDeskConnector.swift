/// Teamwork Desk through its API v2: companies, and the customers who write to the desk.
import Foundation
package import Model

package final class TeamworkDeskConnector: ConnectableSystem {
  package static var description: SystemDescription { TeamworkDeskFeatures.description }

  let calls: TeamworkDeskCalls

  package init(_ setup: ConnectorSetup) throws(ConnectorError) {
    calls = try TeamworkDeskCalls(setup)
  }

  package var requestCount: Int { calls.line.requestCount }

  /// A reading of changes asks for the changed, for the deleted, and for the number of those that are left.
  package func smallestRequestCount(_ work: RequestWork) -> Int {
    switch work {
    case .read(_, let count, isDelta: true): return max(count - 1, 0) / TeamworkDeskFeatures.pageSize + 3
    case .read(_, let count, isDelta: false): return max(count - 1, 0) / TeamworkDeskFeatures.pageSize + 1
    case .write(let write):
      // What a write made of a record is read back: its answer has no more than an id for certain.
      if write.action == .create { return 2 }
      if write.kind == .company { return TeamworkDeskMapping.company(write.values, isNew: false).isEmpty ? 0 : 2 }
      let points = TeamworkDeskMapping.points(of: write.current) ?? []
      let body = TeamworkDeskMapping.change(
        write.values, points: points, from: write.current?.parent, to: write.parent)
      return body == nil ? 0 : 2
    }
  }

  // MARK: Reading

  package func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<
    Page, any Error
  > {
    pageStream { [self] yield throws(ConnectorError) in
      switch kind {
      case .company:
        try await readAll(TeamworkDeskCompany.self, [], since: mark, record: TeamworkDeskMapping.record, yield)
      case .person where scope.partition == nil:
        try await readAll(TeamworkDeskCustomer.self, [], since: mark, record: TeamworkDeskMapping.record, yield)
      case .person:
        // Always complete: who left the company for another does not show among its changed customers.
        try await readAll(
          TeamworkDeskCustomer.self, try Self.conditions(scope), since: nil, record: TeamworkDeskMapping.record
        ) { page in
          var page = page
          page.mark = nil
          yield(page)
        }
      case .configuration, .member: throw .without(kind, TeamworkDeskFeatures.description)
      }
    }
  }

  /// Reads a list in the order of ids, each page beginning behind the last id of the one before: others may create and
  /// delete meanwhile, and nothing is lost or comes twice.
  private func readAll<Row: TeamworkDeskRow>(
    _ type: Row.Type, _ conditions: [JSONValue], since mark: DeltaMark?,
    record: (Row, TeamworkDeskIncluded) -> Record, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    var newest: Date?
    var filters = conditions
    var since: String?
    if let mark {
      let date = try mark.date(TeamworkDeskMapping.date)
      newest = date
      let moment = (date - TeamworkDeskFeatures.overlap).formatted(.iso8601)
      since = moment
      filters.append(TeamworkDeskFilter.condition("updatedAt", "gte", .text(moment)))
    }
    let start = calls.clock.now()
    let purpose = mark == nil ? Row.list : "changed \(Row.list)"
    var (number, last, gone, total) = (0, 0, 0, nil as Int?)
    while true {
      number += 1
      let page: TeamworkDeskPage<Row> = try await page(
        number == 1 ? filters : filters + [TeamworkDeskFilter.condition("id", "gt", .number(last))],
        purpose: number == 1 ? purpose : "\(purpose) page \(number)")
      if number == 1 { total = page.records }
      var rows: [Row] = []
      for row in page.rows {
        // Two addresses of one customer may both meet a filter.
        if row.id == rows.last?.id { continue }
        guard row.id > last else {
          throw ConnectorError(
            .malformed, "Teamwork Desk, \(purpose) page \(number): id \(row.id) comes after \(last)")
        }
        last = row.id
        rows.append(row)
        if TeamworkDeskMapping.state(row) == .gone { gone += 1 }
        if let date = TeamworkDeskMapping.stamp(row) { newest = max(newest ?? date, date) }
      }
      guard !page.rows.isEmpty || !page.hasMore else {
        throw ConnectorError(
          .malformed, "Teamwork Desk, \(purpose) page \(number) says there is more and brings nothing")
      }
      let records = rows.map { record($0, page.included) }
      if page.hasMore {
        yield(Page(records: records, number: number, isLast: false, isDelta: mark != nil))
        continue
      }
      // What was changed during the reading, behind its back, has a time later than this.
      let reached = newest.map { $0 - max(calls.clock.now() - start, 0) }
      var next = reached.map { DeltaMark($0.formatted(.iso8601)) }
      if let mark, let reached, let earlier = TeamworkDeskMapping.date(mark.rawValue), earlier > reached { next = mark }
      guard let since else {
        yield(
          Page(
            records: records, number: number, isLast: true, mark: next, declaredTotal: total.map { $0 - gone },
            isDelta: false))
        return
      }
      yield(Page(records: records, number: number, isLast: false, isDelta: true))
      let deleted = try await deleted(type, conditions, since: since)
      yield(
        Page(
          records: deleted.map { record($0, TeamworkDeskIncluded()) }, number: number + 1, isLast: true, mark: next,
          declaredTotal: try await count(type, conditions), isDelta: true))
      return
    }
  }

  /// Those who were deleted since a moment, where the vendor lists them; it is not documented that it does.
  private func deleted<Row: TeamworkDeskRow>(
    _ type: Row.Type, _ conditions: [JSONValue], since: String
  ) async throws(ConnectorError) -> [Row] {
    let filters =
      conditions + [
        TeamworkDeskFilter.condition("state", "eq", "deleted"),
        TeamworkDeskFilter.condition("deletedAt", "gte", .text(since)),
      ]
    do throws(ConnectorError) {
      let page: TeamworkDeskPage<Row> = try await page(filters, purpose: "deleted \(Row.list)")
      return page.rows.filter { TeamworkDeskMapping.state($0) == .gone }
    } catch {
      // The number of all shows what is not told here.
      if error.kind == .rejected { return [] }
      throw error
    }
  }

  /// The number of those that are there.
  private func count<Row: TeamworkDeskRow>(
    _ type: Row.Type, _ conditions: [JSONValue]
  ) async throws(ConnectorError) -> Int? {
    let page: TeamworkDeskPage<Row> = try await page(
      conditions + [TeamworkDeskFilter.condition("state", "ne", "deleted")], size: 1, includes: nil,
      purpose: "number of \(Row.list)")
    return page.records
  }

  /// The first page of a query, in the order of ids.
  func page<Row: TeamworkDeskRow>(
    _ conditions: [JSONValue], size: Int = TeamworkDeskFeatures.pageSize, includes: String? = Row.includes,
    purpose: String
  ) async throws(ConnectorError) -> TeamworkDeskPage<Row> {
    var query: [(key: String, value: String)] = []
    if let filter = TeamworkDeskFilter.all(conditions) { query.append(("filter", TeamworkDeskFilter.text(filter))) }
    query += [("orderBy", "id"), ("orderMode", "asc"), ("page", "1"), ("pageSize", String(size))]
    if let includes { query.append(("includes", includes)) }
    return try await calls.get(TeamworkDeskPage<Row>.self, ["\(Row.list).json"], query: query, purpose: purpose)
  }

  // MARK: Single records

  package func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError)
    -> [Record]
  {
    let numbers = ids.numbers()
    var found: [Record] = []
    for chunk in numbers.chunks(of: TeamworkDeskFeatures.pageSize) {
      switch kind {
      case .company: found += try await single(chunk, TeamworkDeskMapping.record as CompanyRecord)
      case .person:
        let records = try await single(chunk, TeamworkDeskMapping.record as CustomerRecord)
        found += records.filter { scope.partition == nil || $0.parent?.rawValue == scope.partition }
      case .configuration, .member: throw .without(kind, TeamworkDeskFeatures.description)
      }
    }
    return found
  }

  private typealias CompanyRecord = (TeamworkDeskCompany, TeamworkDeskIncluded) -> Record
  private typealias CustomerRecord = (TeamworkDeskCustomer, TeamworkDeskIncluded) -> Record

  /// At most a page of records: one is asked for by itself, which shows a deleted one for certain.
  private func single<Row: TeamworkDeskRow>(
    _ ids: [Int], _ record: (Row, TeamworkDeskIncluded) -> Record
  ) async throws(ConnectorError) -> [Record] {
    if ids.count == 1, let id = ids.first {
      let answer: TeamworkDeskAnswer<Row>? = try await single(id)
      return answer.map { [record($0.row, $0.included)] } ?? []
    }
    let page: TeamworkDeskPage<Row> = try await page(
      [TeamworkDeskFilter.ids(ids)], purpose: "\(ids.count) single \(Row.list)")
    let wanted = Set(ids)
    return page.rows.filter { wanted.contains($0.id) }.map { record($0, page.included) }
  }

  /// One record with all that belongs to it; `nil` where there is none.
  func single<Row: TeamworkDeskRow>(
    _ id: Int, departure: Departure? = nil
  ) async throws(ConnectorError) -> TeamworkDeskAnswer<Row>? {
    do throws(ConnectorError) {
      return try await calls.get(
        TeamworkDeskAnswer<Row>.self, [Row.list, "\(id).json"], query: [("includes", "all")],
        purpose: "\(Row.single) \(id)", departure: departure)
    } catch {
      if error.kind == .notFound { return nil }
      throw error
    }
  }

  package func find(
    _ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    guard kind == .company || kind == .person else { throw .without(kind, TeamworkDeskFeatures.description) }
    guard let declaration = Self.description.field(field, of: kind) else {
      throw ConnectorError(.rejected, "Teamwork Desk has no field \(field) of a \(kind)", delivery: .notSent)
    }
    let isAddress = kind == .person && ["email", "other-emails", "addresses"].contains(field)
    let rule = isAddress ? ComparisonRule.email : declaration.rule
    var conditions = kind == .person ? try Self.conditions(scope) : []
    if isAddress {
      // The e-mail itself is not among the filters; and letter case may count.
      let spellings = Set([value, value.trimmedNFC, rule.key(value)]).sorted()
      conditions.append(
        TeamworkDeskFilter.condition("contacts.value", "in", .list(spellings.map { .text($0) })))
    } else if rule == .exact, let name = Self.property(field, kind) {
      conditions.append(TeamworkDeskFilter.condition(name, "eq", .text(value)))
    }
    let records = try await all(kind, conditions)
    let key = rule.key(value)
    return records.filter { record in
      guard record.state != .gone else { return false }
      // A merge keeps the address of who vanished, on another customer and in any place.
      let values = isAddress ? record.fields["addresses"] ?? record.fields["email"] : record.fields[field]
      if let items = values?.items { return items.contains { rule.key($0) == key } }
      return values.map { rule.key($0) == key } ?? false
    }
  }

  private static func property(_ field: FieldName, _ kind: RecordKind) -> String? {
    (kind == .company ? TeamworkDeskMapping.companyScalars : TeamworkDeskMapping.scalars)
      .first { $0.field == field }?.name
  }

  /// Everything that meets some conditions.
  private func all(_ kind: RecordKind, _ conditions: [JSONValue]) async throws(ConnectorError) -> [Record] {
    let stream = pageStream { [self] yield throws(ConnectorError) in
      if kind == .company {
        try await readAll(TeamworkDeskCompany.self, conditions, since: nil, record: TeamworkDeskMapping.record, yield)
      } else {
        try await readAll(TeamworkDeskCustomer.self, conditions, since: nil, record: TeamworkDeskMapping.record, yield)
      }
    }
    return try await stream.records()
  }

  private static func conditions(_ scope: ReadScope) throws(ConnectorError) -> [JSONValue] {
    guard let partition = scope.partition else { return [] }
    return [TeamworkDeskFilter.condition("companies.id", "in", [.number(try companyID(partition))])]
  }

  static func companyID(_ text: String) throws(ConnectorError) -> Int {
    try companyNumber(text, of: "a Teamwork Desk company")
  }
}
