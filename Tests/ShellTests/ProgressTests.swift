/// Work under way, in one line.
import Execution
import Foundation
import LineEditing
import Model
import Testing

@testable import Shell

@Suite("The line of progress") struct ProgressTests {
  /// The line after events, each so many seconds after the first moment.
  private func line(
    _ events: [(Double, ProgressEvent)], at seconds: Double, requests: Int = 0, columns: Int = 120, ascii: Bool = false
  ) -> String? {
    var work = WorkUnderWay()
    for (moment, event) in events { work.take(event, at: morning.addingTimeInterval(moment)) }
    return work.line(
      at: morning.addingTimeInterval(seconds), requests: requests, columns: columns,
      style: .terminal(columns, ascii: ascii))
  }

  private static let acme: SyncName = "acme/contacts"
  private static func reading(_ system: String, _ records: Int) -> ProgressEvent {
    .reading(sync: acme, system: system, records: records, pages: records > 0 ? 1 : 0)
  }
  private static func done(_ system: String, _ records: Int) -> ProgressEvent {
    .readDone(sync: acme, system: system, records: records, requests: 1, isComplete: true)
  }
  private static func applying(_ done: Int, _ total: Int, failed: Int = 0, _ sync: SyncName = acme) -> ProgressEvent {
    .applying(done: done, total: total, failed: failed, sync: sync)
  }

  @Test(
    "each kind of work says what it is at, how far, how long, and how it is stopped",
    arguments: [
      ([], 0, nil), ([(0, reading("Microsoft 365", 0))], 0.5, "reading Microsoft 365 …  ^C stops"),
      ([(0, reading("Microsoft 365", 0))], 7.9, "reading Microsoft 365 …  7 s  ^C stops"),
      (
        [(0, reading("Microsoft 365", 0)), (0, reading("ConnectWise", 0)), (1, reading("Microsoft 365", 400))], 2,
        "reading Microsoft 365 400, ConnectWise …  2 s  ^C stops"
      ),
      (
        [(0, reading("Microsoft 365", 0)), (1, done("Microsoft 365", 40)), (5, reading("ConnectWise", 0))], 5.2,
        "reading ConnectWise …  ^C stops"
      ),
      ([(0, applying(0, 41))], 0.2, "applying acme/contacts ░░░░░░░░░░░  0/41  ^C stops after the current person"),
      (
        [(0, applying(0, 41)), (2, applying(29, 41, failed: 1))], 2,
        "applying acme/contacts ███████░░░░  29/41  1 failed  15/s  1 s left  ^C stops after the current person"
      ),
      (
        [(0, applying(0, 10)), (60, applying(2, 10))], 60,
        "applying acme/contacts ██░░░░░░░░░  2/10  2/min  4 min left  ^C stops after the current person"
      ),
      (
        [(0, applying(1, 4)), (0, applying(2, 6, "beta/contacts"))], 0,
        "applying 2 plans ███░░░░░░░░  3/10  ^C stops after the current person"
      ),
      ([(0, applying(50, 41))], 0, "applying acme/contacts ███████████  50/41  ^C stops after the current person"),
      ([(0, .lookingUp(count: 1))], 0, "looking up 1 unknown outcome  ^C stops"),
      (
        [(0, .turn(acme, number: 3, of: 50)), (0, applying(1, 2))], 0,
        "3/50 acme/contacts  applying █████░░░░░░  1/2  ^C stops after the current person"
      ),
      ([(0, .turn(acme, number: 3, of: 50))], 0, nil),
      ([(0, reading("ConnectWise", 9)), (1, .planned(PlanID(1), sync: acme, counts: [:]))], 1, nil),
    ] as [([(Double, ProgressEvent)], Double, String?)])
  func lines(events: [(Double, ProgressEvent)], at seconds: Double, expected: String?) {
    #expect(line(events, at: seconds) == expected)
  }

  @Test(
    "a wait counts down, and is over when its time is or when something goes on",
    arguments: [
      (0, "waiting 12 s: ConnectWise is asked again then  ^C stops"),
      (4.5, "waiting 8 s: ConnectWise is asked again then  ^C stops"),
      (12, "reading ConnectWise 9  12 s  ^C stops"),
    ] as [(Double, String)])
  func waiting(seconds: Double, expected: String) {
    let wait = ProgressEvent.waiting(seconds: 12, why: "ConnectWise is asked again then")
    #expect(line([(0, Self.reading("ConnectWise", 9)), (0, wait)], at: seconds) == expected)
    #expect(
      line([(0, wait), (3, Self.reading("ConnectWise", 9))], at: 3) == "reading ConnectWise 9  ^C stops")
  }

  @Test("the requests of this piece of work are counted, not those before it")
  func requests() {
    var work = WorkUnderWay()
    work.take(Self.applying(0, 2), at: morning, requests: 7)
    let line = work.line(at: morning, requests: 9, columns: 80, style: .terminal(80))
    #expect(line?.contains("0/2  2 requests") == true)
  }

  @Test(
    "where there is no room the least important goes first, and nothing is wider than the screen",
    arguments: [
      (99, "applying acme/contacts ███████░░░░  29/41  15/s  1 s left  ^C stops after the current person"),
      (80, "applying acme/contacts ███████░░░░  29/41  15/s  1 s left"),
      (56, "applying acme/contacts ███████░░░░  29/41  1 s left"), (45, "applying acme/contacts  29/41  1 s left"),
      (30, "applying acme/contacts  29/41"), (12, "29/41"), (3, "29…"),
    ])
  func narrow(columns: Int, expected: String) {
    let shown = line([(0, Self.applying(0, 41)), (2, Self.applying(29, 41))], at: 2, columns: columns)
    #expect(shown == expected)
    #expect(DisplayWidth.of(shown ?? "") <= columns)
  }

  @Test("in ASCII, and with a name that would steer the terminal")
  func safe() {
    let events = [(0.0, Self.applying(1, 2))]
    #expect(
      line(events, at: 0, ascii: true) == "applying acme/contacts #####......  1/2  ^C stops after the current person")
    for text in hostileTexts {
      #expect(steersTerminal(line([(0, Self.reading(text, 0))], at: 0) ?? "") == false)
    }
  }
}
