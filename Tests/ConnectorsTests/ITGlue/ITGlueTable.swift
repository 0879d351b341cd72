/// A list of IT Glue for tests: rows under ids and stamps, answered page by page, and changed between two requests.
import Connectors
import Foundation
import Model
import Synchronization

/// One row: its id, its stamp in seconds, and attributes as JSON.
struct ITGlueRow: Sendable {
  var id: Int
  var stamp: Int
  var attributes = ""

  var json: String {
    let moment = ITGlueTable.moment(stamp)
    let more = attributes.isEmpty ? "" : ",\(attributes)"
    return #"{"id":"\#(id)","type":"x","attributes":{"updated-at":"\#(moment)"\#(more)}}"#
  }
}

/// Answers listings as the vendor does: sorted by id or by the latest stamp, cut by position.
final class ITGlueTable: Sendable {
  private let rows: Mutex<[ITGlueRow]>
  private let onPage: @Sendable (Int, inout [ITGlueRow]) -> Void
  private let slowAbove: Int

  /// - Parameters:
  ///   - slowAbove: larger pages are answered with 504.
  ///   - onPage: what happens after so many answered pages.
  init(
    _ rows: [ITGlueRow], slowAbove: Int = 1000,
    onPage: @escaping @Sendable (Int, inout [ITGlueRow]) -> Void = { _, _ in }
  ) {
    self.rows = Mutex(rows)
    self.onPage = onPage
    self.slowAbove = slowAbove
  }

  static func moment(_ stamp: Int) -> String {
    Date(timeIntervalSince1970: Double(stamp)).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  static func rows(_ count: Int, attributes: String = "") -> [ITGlueRow] {
    (0..<count).map { ITGlueRow(id: 1 + $0, stamp: 1_700_000_000 + $0, attributes: attributes) }
  }

  var transport: ScriptedTransport {
    let answered = Mutex(0)
    return ScriptedTransport { [self] request, _ in
      let size = Int(Self.query(request, "page[size]") ?? "") ?? 50
      let number = Int(Self.query(request, "page[number]") ?? "") ?? 1
      guard size <= slowAbove else { return .json("<html>Gateway Timeout</html>", status: 504) }
      let answer = rows.withLock { rows in
        let isLatestFirst = Self.query(request, "sort") == "-updated_at"
        let sorted = rows.sorted { isLatestFirst ? $0.stamp > $1.stamp : $0.id < $1.id }
        let start = min((number - 1) * size, sorted.count)
        let page = sorted[start..<min(start + size, sorted.count)]
        let next = start + size < sorted.count ? String(number + 1) : "null"
        return """
          {"data":[\(page.map(\.json).joined(separator: ","))],
           "meta":{"current-page":\(number),"next-page":\(next),"total-count":\(sorted.count)}}
          """
      }
      let count = answered.withLock { count in
        count += 1
        return count
      }
      rows.withLock { onPage(count, &$0) }
      return .json(answer)
    }
  }

  /// A value of a request's query, decoded.
  static func query(_ request: HTTPRequest, _ key: String) -> String? {
    for part in (request.address.query ?? "").split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
      if pair.first == key { return pair.count == 2 ? pair[1] : "" }
    }
    return nil
  }
}

extension ConnectorSetup {
  static func itGlue(
    _ transport: any Transport, clock: any MonotonicClock = FakeClock(), parameters: [String: String] = [:],
    findings: [String: String] = [:], now: Date = Date(timeIntervalSince1970: 1_700_000_000)
  ) -> ConnectorSetup {
    let all = ["url": "http://127.0.0.1:9/itglue"].merging(parameters) { _, new in new }
    return ConnectorSetup(
      connection: Connection(
        name: "test", system: "itglue", parameters: all, secrets: [:], madeAt: .distantPast, changedAt: .distantPast,
        findings: findings),
      secrets: ["api-key": Secret("ITG.s3cr=t")], transport: transport, clock: clock, now: { now }, random: { 0.5 })
  }
}
