/// People: listed through v3, which tells who changed and who was deleted, and read in detail through v1.
import Foundation
import Model

extension TeamworkConnector {
  /// All kinds of people of the clients.
  static let population = [("includeCollaborators", "true"), ("includeClients", "true")]
  /// The same, with those who were deleted: with them in the list, a deletion moves nothing between two pages.
  static let everybody = population + [("showDeleted", "true")]

  /// Reads the list of people, and the details of those who are there company by company.
  ///
  /// The people of the owner company are the provider's own staff and no part of any reading. Whoever moves there, or
  /// was deleted, is gone. Readings of one company are always complete: who left it for another does not show there.
  func readPeople(
    in scope: ReadScope, since mark: DeltaMark?, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    let company = try scope.partition.map(Self.companyID)
    let from = company == nil ? try mark.map(Self.date) : nil
    let owner = try await ownerID()
    var query = Self.everybody
    if let company { query.append(("companyIds", String(company))) }
    if let from { query.append(("updatedAfter", Self.text(from))) }
    let start = calls.clock.now()
    let purpose = company.map { "people of company \($0)" } ?? (from == nil ? "people" : "changed people")
    let list: TeamworkList<TeamworkListedPerson> = try await list(.people, query, purpose: purpose)
    let next = nextMark(newest: list.rows.compactMap(TeamworkMapping.stamp).max(), from: mark, start: start)
    let isDelta = from != nil
    let clients = list.rows.filter { isClient($0, owner) && (company == nil || $0.companyID == company) }
    // A complete reading shows by absence who is none of the clients' people any more.
    let gone = list.rows.filter { $0.isDeleted || (isDelta && !isClient($0, owner)) }
    var total = list.count - (list.rows.count - clients.count)
    var number = 0
    for group in Self.groups(clients) {
      let records = try await details(of: group)
      // Somebody may be deleted between the list and the details.
      total -= group.count - records.count { $0.state != .gone }
      number += 1
      yield(Page(records: records, number: number, isLast: false, isDelta: isDelta))
    }
    yield(
      Page(
        records: gone.map(TeamworkMapping.gone), number: number + 1, isLast: true,
        mark: company == nil ? next : nil, declaredTotal: isDelta ? nil : total, isDelta: isDelta))
  }

  private func isClient(_ row: TeamworkListedPerson, _ owner: Int?) -> Bool {
    !row.isDeleted && !row.isNobody && (owner == nil || row.companyID != owner)
  }

  /// The rows as records, those outside the scope and the provider's own staff left out.
  func records(_ rows: [TeamworkListedPerson], in scope: ReadScope) async throws(ConnectorError) -> [Record] {
    guard !rows.isEmpty else { return [] }
    let owner = try await ownerID()
    let company = try scope.partition.map(Self.companyID)
    let inScope = rows.filter { company == nil || $0.companyID == company }
    var records = inScope.filter(\.isDeleted).map(TeamworkMapping.gone)
    for group in Self.groups(inScope.filter { isClient($0, owner) }) { records += try await details(of: group) }
    return records
  }

  /// People by their company, companies and people in the order of ids.
  private static func groups(_ rows: [TeamworkListedPerson]) -> [[TeamworkListedPerson]] {
    Dictionary(grouping: rows) { $0.companyID ?? 0 }.sorted { $0.key < $1.key }
      .map { $0.value.sorted { $0.id < $1.id } }
  }

  /// The details of some people of one company: all of its people at once where they are several. Whoever is not in
  /// the answer is asked for alone; who is not found then was deleted a moment ago.
  private func details(of group: [TeamworkListedPerson]) async throws(ConnectorError) -> [Record] {
    var found: [Int: TeamworkPerson] = [:]
    if group.count > 1, let company = group.first?.companyID {
      for person in try await people(ofCompany: company) { found[person.id] = person }
    }
    var records: [Record] = []
    for row in group {
      if let person = found[row.id] {
        records.append(TeamworkMapping.record(person, listed: row))
      } else if let person = try await person(row.id) {
        records.append(TeamworkMapping.record(person, listed: row))
      }
    }
    return records
  }

  /// Everybody of a company as v1 has them; nobody where the company is not there any more.
  private func people(ofCompany company: Int) async throws(ConnectorError) -> [TeamworkPerson] {
    var people: [TeamworkPerson] = []
    var seen: Set<Int> = []
    var number = 1
    while true {
      let purpose = "people of company \(company) in detail"
      let response = try await calls.call(
        .get, .v1, ["companies", String(company), "people.json"],
        query: [("page", String(number)), ("pageSize", String(TeamworkFeatures.detailPageSize))], purpose: purpose)
      if response.status == 404 { return people }
      let rows = try calls.errors.value(TeamworkPeopleAnswer.self, of: response, purpose: purpose, now: calls.now())
        .people
      let new = rows.filter { seen.insert($0.id).inserted }
      people += new
      // The number of pages stands in a header; without it a full page may have another behind it. Whoever is missed
      // here is asked for alone.
      let pages = response.header("x-pages").flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }
      let isLast = pages.map { number >= $0 } ?? (rows.count < TeamworkFeatures.detailPageSize)
      if isLast || new.isEmpty { return people }
      number += 1
    }
  }

  /// One person as v1 has them; `nil` where there is none.
  func person(_ id: Int, departure: Departure? = nil) async throws(ConnectorError) -> TeamworkPerson? {
    do throws(ConnectorError) {
      return try await calls.get(
        TeamworkPersonAnswer.self, .v1, ["people", "\(id).json"], purpose: "person \(id)", departure: departure
      ).person
    } catch {
      if error.kind == .notFound { return nil }
      throw error
    }
  }

  static func companyID(_ text: String) throws(ConnectorError) -> Int {
    try companyNumber(text, of: "a Teamwork.com company")
  }
}
