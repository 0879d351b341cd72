/// Runs in one line, and what went wrong below it.
import Foundation
import Model
import Shell
import Testing

@Suite struct RunRenderingTests {
  private func run(
    _ outcome: RunOutcome = .ok, message: String? = nil, reason: Reason? = nil, done: Int = 41, failed: Int = 0,
    skipped: Int = 9, notSent: Int = 0
  ) -> Run {
    Run(
      id: RunID(33), sync: acme, plan: PlanID(14), verb: "sync", by: "jo", isAttended: true, startedAt: morning,
      endedAt: morning.addingTimeInterval(8.1), outcome: outcome, message: message, reason: reason, done: done,
      failed: failed, skipped: skipped, notSent: notSent, requests: 52, requestFloor: 50)
  }

  @Test("a run that went well is one line")
  func ok() {
    #expect(
      renderRun(run(), lines: [], style: .terminal(80))
        == "  r33: 41 done, 0 failed, 9 skipped.  52 requests (floor 50), 8.1 s\n")
  }

  @Test("what failed is listed with the server's own words")
  func failures() {
    let lines = [
      RunLine(number: 1, source: "s1", target: "1", label: "a@x", action: .update, outcome: .done),
      RunLine(
        number: 2, source: "s2", target: "2", label: "b@x", action: .create, outcome: .failed, reason: .valueRefused,
        message: "title is too long\u{1B}[2J"),
      RunLine(
        number: 3, source: "s3", target: nil, label: "c@x", action: .create, outcome: .unknown, reason: .outcomeUnknown),
    ]
    #expect(
      renderRun(run(.failed, done: 40, failed: 1), lines: lines, style: .plain) == """
        r33: 40 done, 1 failed, 9 skipped.  52 requests (floor 50), 8.1 s
          ✗ failed  b@x   create   value-refused   title is too long␛[2J
          ✗ unknown  c@x   create   outcome-unknown
        next: why r33

        """)
  }

  @Test("a long list of failures ends with where the rest is")
  func manyFailures() {
    let lines = (1...25).map {
      RunLine(number: $0, source: nil, target: nil, label: "p\($0)", action: .create, outcome: .failed)
    }
    let text = renderRun(run(.failed, done: 0, failed: 25), lines: lines, style: .plain)
    #expect(text.split(separator: "\n").count == 13)
    #expect(text.contains("  and 15 more:  show run r33\n"))
  }

  @Test("an interrupted run says how to carry on, a refused one why")
  func endings() {
    #expect(
      renderRun(run(.interrupted, done: 29, notSent: 12), lines: [], style: .plain) == """
        r33: interrupted: 29 done, 0 failed, 9 skipped, 12 not sent.  52 requests (floor 50), 8.1 s
        next: apply p14 rest

        """)
    #expect(
      renderRun(
        run(.held, message: "5 of 5 would be deactivated", reason: .massChange, done: 0, skipped: 0), lines: [],
        style: .plain)
          == """
          r33: held: 0 done, 0 failed, 0 skipped.  52 requests (floor 50), 8.1 s
            mass-change   5 of 5 would be deactivated

          """)
  }

  @Test("a run says what its plan left to a person, and why needs no other why")
  func leftOpen() {
    let note = FieldNote(field: "title", reason: .bothChanged, source: .text("a"), target: .text("b"))
    var conflict = decision(1, .conflict, .bothChanged)
    conflict.notes = [note]
    var waiting = decision(2, .skip, .importHeld, source: nil, target: "t2")
    waiting.heldAction = .create
    let guardian = GuardFinding(
      reason: .importHeld, word: "import", count: 1, total: nil, limit: 20, sentence: "1 record arrived in bulk",
      setting: nil)
    let left = plan([conflict, waiting], guards: [guardian])
    #expect(
      renderRun(run(.failed, done: 3, failed: 1), lines: [], plan: left, isExplained: true, style: .plain) == """
        r33: 3 done, 1 failed, 9 skipped.  52 requests (floor 50), 8.1 s
          1 conflict:  show conflicts of acme/contacts
          1 record waits (import-held):  show plan p12

        """)
    // Let through, it waits no longer.
    let sent = RunLine(number: 2, source: "s2", target: "t2", label: "x", action: .create, outcome: .done)
    #expect(!renderRun(run(), lines: [sent], plan: left, style: .plain).contains("import-held"))
  }
}
