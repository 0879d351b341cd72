/// Teamwork.com: clients and their people, listed through API v3 and read and written in detail through v1.
import Foundation
package import Model
import Synchronization

package final class TeamworkConnector: ConnectableSystem {
  package static var description: SystemDescription { TeamworkFeatures.description }

  /// The site's own company: not asked for yet, or its id; a key of somebody outside may not see it.
  enum Owner: Sendable, Equatable {
    case unknown
    case known(Int?)
  }

  let calls: TeamworkCalls
  let owner: Mutex<Owner>
  /// Whether the lists take `orderBy=id`, which not every description of the API knows.
  let takesIDOrder = Mutex(true)

  package init(_ setup: ConnectorSetup) throws(ConnectorError) {
    calls = try TeamworkCalls(setup)
    owner = Mutex(setup.connection.findings["owner-company"].flatMap { Int($0) }.map { .known($0) } ?? .unknown)
  }

  package var requestCount: Int { calls.line.requestCount }

  /// People need a request for each company's details beside their list; at best they are all of one company. A reading
  /// of changed companies asks for the edited, the new and the number of all.
  package func smallestRequestCount(_ work: RequestWork) -> Int {
    switch work {
    case .read(.company, _, isDelta: true): return 3
    case .read(let kind, let count, let isDelta):
      // Of a delta all may be deleted, and nobody's details are asked for.
      return max(count - 1, 0) / TeamworkFeatures.pageSize + 1 + (kind == .person && count > 0 && !isDelta ? 1 : 0)
    case .write(let write):
      if write.kind == .company {
        return write.action == .update && TeamworkMapping.company(write.values, isNew: false).isEmpty ? 0 : 1
      }
      // A v1 write answers with no record: it is read back. A create looks for the address first.
      if write.action == .create { return write.values["email"]?.isBlank ?? true ? 2 : 3 }
      return TeamworkMapping.person(write.values, isNew: false).isEmpty && write.parent == nil ? 0 : 2
    }
  }

  package func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<
    Page, any Error
  > {
    pageStream { [self] yield throws(ConnectorError) in
      switch kind {
      case .company: try await readCompanies(since: mark, yield)
      case .person: try await readPeople(in: scope, since: mark, yield)
      case .configuration, .member: throw .without(kind, TeamworkFeatures.description)
      }
    }
  }

  // MARK: Companies

  private func readCompanies(
    since mark: DeltaMark?, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    let from = try mark.map(Self.date)
    let start = calls.clock.now()
    var list: TeamworkList<TeamworkCompany>
    var total: Int
    if let from {
      // A company that was never edited has no time of an edit, and may show among the new ones only.
      list = try await self.list(.companies, [("updatedAfter", Self.text(from))], purpose: "changed companies")
      let new: TeamworkList<TeamworkCompany> = try await self.list(
        .companies, [("createdAfter", Self.text(from))], purpose: "new companies")
      list.rows += new.rows
      // Nothing tells of a deleted company but the number of those that are left.
      let page: TeamworkPage<TeamworkCompany> = try await page(
        .companies, [], number: 1, size: 1, purpose: "number of companies")
      total = page.count ?? 0
    } else {
      list = try await self.list(.companies, [], purpose: "companies")
      let owners = list.rows.filter { $0.isOwner == true }
      owner.withLock { $0 = .known(owners.first?.id) }
      total = list.count - list.rows.count { TeamworkMapping.record($0).state == .gone }
    }
    let newest = list.rows.compactMap(TeamworkMapping.stamp).max()
    yield(
      Page(
        records: list.rows.map(TeamworkMapping.record), number: 1, isLast: true,
        mark: nextMark(newest: newest, from: mark, start: start), declaredTotal: total, isDelta: mark != nil))
  }

  /// The site's own company, whose people are not the clients'; `nil` where the key does not see it.
  func ownerID() async throws(ConnectorError) -> Int? {
    if case .known(let id) = owner.withLock({ $0 }) { return id }
    let list: TeamworkList<TeamworkCompany> = try await list(.companies, [], purpose: "the owner company")
    let id = list.rows.first { $0.isOwner == true }?.id
    owner.withLock { $0 = .known(id) }
    return id
  }

  // MARK: Marks

  /// The newest time seen, less the time that the lists took: what was changed meanwhile, behind the reading's back,
  /// has a later one.
  func nextMark(newest: Date?, from mark: DeltaMark?, start: Double) -> DeltaMark? {
    let seconds = max(calls.clock.now() - start, 0)
    guard let newest else { return mark }
    let reached = newest - seconds
    if let mark, let earlier = TeamworkMapping.date(mark.rawValue), earlier > reached { return mark }
    return DeltaMark(reached.formatted(.iso8601))
  }

  /// Where a reading since a mark begins.
  static func date(_ mark: DeltaMark) throws(ConnectorError) -> Date {
    try mark.date(TeamworkMapping.date) - TeamworkFeatures.overlap
  }

  static func text(_ date: Date) -> String { date.formatted(.iso8601) }

  // MARK: Single records

  package func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError)
    -> [Record]
  {
    let numbers = ids.numbers()
    let wanted = Set(numbers)
    var found: [Record] = []
    for chunk in numbers.chunks(longest: TeamworkFeatures.longestIDs) {
      let query = [("ids", chunk.map(String.init).joined(separator: ","))]
      switch kind {
      case .company:
        let list: TeamworkList<TeamworkCompany> = try await list(
          .companies, query, purpose: "\(chunk.count) single companies")
        found += list.rows.filter { wanted.contains($0.id) }.map(TeamworkMapping.record)
      case .person:
        let list: TeamworkList<TeamworkListedPerson> = try await list(
          .people, query + Self.everybody, purpose: "\(chunk.count) single people")
        let rows = list.rows.filter { wanted.contains($0.id) }
        found += try await records(rows, in: scope)
      case .configuration, .member: throw .without(kind, TeamworkFeatures.description)
      }
    }
    return found
  }

  package func find(
    _ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    guard let declaration = Self.description.field(field, of: kind) else {
      throw ConnectorError(.rejected, "Teamwork.com has no field \(field) of a \(kind)", delivery: .notSent)
    }
    let candidates: [Record]
    switch (kind, field) {
    case (.company, "name"):
      let list: TeamworkList<TeamworkCompany> = try await list(
        .companies, [("name", value)], purpose: "companies by name")
      candidates = list.rows.map(TeamworkMapping.record)
    case (.person, "email") where !value.contains(","):
      let rows: TeamworkList<TeamworkListedPerson> = try await list(
        .people, [("emails", value)] + Self.population, purpose: "people by e-mail")
      candidates = try await records(rows.rows, in: scope)
    default:
      // Nothing else can be asked for exactly: look through all.
      candidates = try await read(kind, in: scope, since: nil).records()
    }
    let isAddress = kind == .person && ["email", "other-emails", "addresses"].contains(field)
    let rule = isAddress ? ComparisonRule.email : declaration.rule
    let key = rule.key(value)
    return candidates.filter { record in
      guard record.state != .gone else { return false }
      guard isAddress, field != "email" else { return record.fields[field].map { rule.key($0) == key } ?? false }
      return (record.fields.items(field) ?? []).contains { rule.key($0) == key }
    }
  }
}
