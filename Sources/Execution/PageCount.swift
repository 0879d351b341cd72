/// Counts the pages of one reading and refuses to believe in one that does not add up.
package import Connectors
package import Model

package struct PageCount: Sendable {
  package private(set) var received = 0
  package private(set) var sawEnd = false
  package private(set) var declaredTotal: Int?
  package private(set) var mark: DeltaMark?
  /// The records seen so far, those that are gone left out of a complete reading.
  package private(set) var ids: Set<RecordID> = []

  package init() {}

  /// Takes a page in.
  /// - Throws: `.malformed` for a page that brings only records which earlier pages brought already.
  package mutating func count(_ page: Page, isDelta: Bool) throws(ConnectorError) {
    received += 1
    let brought = page.records.filter { isDelta || $0.state != .gone }.map(\.id)
    if !isDelta, received > 1, brought.count > 1, brought.allSatisfy(ids.contains) {
      throw ConnectorError(.malformed, "Page \(received) repeats records of the pages before it.")
    }
    ids.formUnion(brought)
    declaredTotal = page.declaredTotal ?? declaredTotal
    if page.isLast {
      sawEnd = true
      mark = page.mark
    }
  }

  /// - Throws: `.malformed` when the end was not seen, or fewer records came than the system declares.
  package func close(isDelta: Bool) throws(ConnectorError) {
    guard sawEnd else {
      throw ConnectorError(.malformed, "The reading ended after page \(received) without its last page.")
    }
    if !isDelta, let declaredTotal, ids.count < declaredTotal {
      throw ConnectorError(
        .malformed, "The system declares \(declaredTotal) records and gave \(ids.count).",
        hint: "Try again; records may have been deleted while they were read.")
    }
  }
}
