/// Crewhu: employees are read through its Open API; how they are written is a matter of the connection's writer.
import Foundation
package import Model

package final class CrewhuConnector: ConnectableSystem {
  package static var description: SystemDescription { CrewhuFeatures.description }

  let calls: CrewhuCalls
  let writer: any CrewhuWriter

  package init(_ setup: ConnectorSetup) throws(ConnectorError) {
    calls = try CrewhuCalls(setup)
    writer =
      try Self.writesByAssumption(setup) ? CrewhuHTTPWriter(calls, setup) : CrewhuCSVWriter(setup)
  }

  private static func writesByAssumption(_ setup: ConnectorSetup) throws(ConnectorError) -> Bool {
    switch setup.optional("experimental-writes")?.lowercased() {
    case "on", "yes", "true": return true
    case nil, "off", "no", "false", "none": return false
    case .some(let other):
      throw ConnectorError(
        .misconfigured, "experimental-writes of the connection \(setup.connection.name) is on or off, not \(other)",
        hint: "set experimental-writes to off for \(setup.connection.name)", delivery: .notSent)
    }
  }

  package var requestCount: Int { calls.line.requestCount }

  /// A full last page cannot be told from one that others follow, so that an empty one is asked for behind it.
  package func smallestRequestCount(_ work: RequestWork) -> Int {
    switch work {
    case .read(_, let count, _): max(count, 0) / CrewhuFeatures.pageSize + 1
    case .write(let write): writer.smallestRequestCount(write)
    }
  }

  // MARK: Reading

  /// Always complete: how a condition on the time of change is encoded is not documented, and no deletion is told.
  package func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<
    Page, any Error
  > {
    pageStream { [self] yield throws(ConnectorError) in
      guard kind == .member else { throw .without(kind, CrewhuFeatures.description) }
      try await readEmployees(yield)
    }
  }

  /// Reads page by page, active and inactive employees alike.
  ///
  /// Pages go by number, so that a deletion on an early page moves somebody past the reader's back. Where the server
  /// declares a total the loss shows there; where it does not, the last employee of each page is asked for again.
  private func readEmployees(_ yield: @Sendable (Page) -> Void) async throws(ConnectorError) {
    /// The page on which each employee was seen first.
    var pages: [String: Int] = [:]
    /// How many rows came up to the end of each page.
    var ends: [Int] = []
    var total: Int?
    for step in 1...CrewhuFeatures.mostPages {
      let purpose = "employees page \(step)"
      let list = try await calls.list("user", step: step, purpose: purpose)
      if step == 1 { total = list.total }
      let before = pages.count
      for row in list.rows where pages[row.id] == nil { pages[row.id] = step }
      let fresh = pages.count - before
      let isFull = list.rows.count >= CrewhuFeatures.pageSize
      // Whoever was added meanwhile pushes a few onto the next page; a page of known faces is the same page again.
      guard !isFull || fresh * 2 > list.rows.count else {
        throw ConnectorError(.malformed, "Crewhu, \(purpose): employees of earlier pages came again")
      }
      // A server with smaller pages of its own is believed, as long as it brings somebody.
      let saysMore = list.hasMore == true || total.map { $0 > pages.count } == true
      let isLast = !isFull && (fresh == 0 || !saysMore)
      if isLast, total == nil { try await checkEnds(ends, pages) }
      yield(
        Page(
          records: list.rows.map(CrewhuMapping.record), number: step, isLast: isLast,
          declaredTotal: isLast ? total : nil, isDelta: false))
      if isLast { return }
      ends.append((ends.last ?? 0) + list.rows.count)
    }
    throw ConnectorError(.tooLarge, "Crewhu gave \(CrewhuFeatures.mostPages) pages of employees and no end")
  }

  /// Whether the employee at the end of each page is still one of those who came up to there.
  private func checkEnds(_ ends: [Int], _ pages: [String: Int]) async throws(ConnectorError) {
    for (index, position) in ends.enumerated() {
      let list = try await calls.list("user", step: position, limit: 1, purpose: "employee \(position)")
      guard let row = list.rows.first, let seen = pages[row.id], seen <= index + 1 else {
        throw ConnectorError(
          .malformed, "Crewhu: employees were removed while they were read, so that somebody may be missing",
          hint: "read again")
      }
    }
  }

  // MARK: Single records

  package func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError)
    -> [Record]
  {
    guard kind == .member else { throw .without(kind, CrewhuFeatures.description) }
    var seen: Set<RecordID> = []
    let wanted = ids.filter { seen.insert($0).inserted && Self.isID($0.rawValue) }
    // One request each, or all of them together: more than a few are cheaper to find in the list.
    guard wanted.count <= 3 else {
      let wanted = Set(wanted)
      return try await everybody().filter { wanted.contains($0.id) }
    }
    var found: [Record] = []
    for id in wanted {
      let purpose = "employee \(id)"
      let response = try await calls.call(.get, ["user", id.rawValue], purpose: purpose)
      if response.status == 404 { continue }
      found.append(
        CrewhuMapping.record(
          try calls.errors.value(CrewhuAnswer.self, of: response, purpose: purpose, now: calls.now()).row))
    }
    return found
  }

  /// An id that holds other signs can belong to nobody here.
  private static func isID(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isPlain && (1...100).contains(text.utf8.count)
  }

  /// There is no search: everybody is read and looked at.
  package func find(
    _ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    guard kind == .member else { throw .without(kind, CrewhuFeatures.description) }
    guard let declaration = Self.description.field(field, of: kind) else {
      throw ConnectorError(.rejected, "Crewhu has no field \(field) of an employee", delivery: .notSent)
    }
    let rule = declaration.rule
    let key = rule.key(value)
    return try await everybody().filter { record in
      if let items = record.fields.items(field) { return items.contains { rule.key($0) == key } }
      return record.fields[field].map { rule.key($0) == key } ?? false
    }
  }

  /// - Throws: also when fewer came than the server declared.
  private func everybody() async throws(ConnectorError) -> [Record] {
    var records: [RecordID: Record] = [:]
    var order: [RecordID] = []
    for page in try await read(.member, in: ReadScope(), since: nil).pages() {
      for record in page.records where records.updateValue(record, forKey: record.id) == nil { order.append(record.id) }
      if let total = page.declaredTotal, total > order.count {
        throw ConnectorError(.malformed, "Crewhu declares \(total) employees and gave \(order.count)")
      }
    }
    return order.compactMap { records[$0] }
  }

  // MARK: Writing

  package func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    await writer.write(batch)
  }
}
