/// Nothing that is drawn for a terminal is wider than it, and nothing gets lost by being folded.
import CommandLanguage
import Foundation
import LineEditing
import Model
import Planning
import Shell
import Testing

@Suite struct WidthTests {
  private static let longWord = String(repeating: "Donaudampfschiff", count: 9)
  private static let wide = String(repeating: "山田太郎", count: 15)
  private static let sentence =
    "A role at the target lacks the right to write contacts, so nothing was sent; ask for Companies > Contacts: Edit."
  private static let samples = ["Jane", "jane.doe@acme.example", sentence, longWord, wide, "👩‍👩‍👧‍👦 Zoë\u{301} 🇵🇱", ""]

  /// Every drawing that takes a text from outside, for one text.
  private static func drawings(_ text: String, _ style: RenderStyle) -> [String] {
    let plan = plan(
      [
        decision(
          1, .update, .changedAtSource, label: text,
          changes: [
            FieldChange(field: "title", old: .text(text), new: .text(text + "x"), reason: .changedAtSource),
            FieldChange(field: "phone", old: .null, new: .text(text), reason: .changedAtSource),
          ]),
        decision(
          2, .create, .notMatched, label: text,
          changes: [FieldChange(field: "email", old: nil, new: .text(text), reason: .notMatched)]),
        decision(3, .skip, .guest, label: text, evidence: [Evidence(text, wanted: text, found: text, at: text)]),
      ],
      guards: [
        GuardFinding(
          reason: .massChange, word: "deactivates", count: 5, total: 5, limit: 1, sentence: text,
          setting: "guard.removals")
      ], obstacles: [Cause(.settingsInvalid, evidence: [Evidence(text, found: text)], fix: text)])
    var whatIf = plan
    whatIf.state = .whatIf
    whatIf.whatIf = ["domains": text]
    var undo = plan
    undo.purpose = .undo(RunID(3))
    let run = Run(
      id: RunID(33), sync: acme, plan: PlanID(14), verb: "sync", by: text, isAttended: true, startedAt: morning,
      endedAt: morning, outcome: .failed, message: text, reason: .valueRefused, done: 41, failed: 1, skipped: 9,
      notSent: 3, requests: 52, requestFloor: 50)
    let line = RunLine(
      number: 2, source: "s2", target: "2", label: text, action: .create, outcome: .failed, reason: .valueRefused,
      message: text)
    let gates = [GateLine(gate: .match, mark: .stopped, text: text), GateLine(gate: .state, mark: .passed, text: text)]
    let explanation = Explanation(
      headline: text, label: text, name: text, decision: plan.decisions[0], gates: gates, also: [Cause(.guest)],
      nearMisses: [
        NearMiss(
          target: RecordID(text), field: "email", difference: text, sourceText: text, targetText: text, marks: "  ^")
      ],
      counterfactual: [Counterfactual(command: text, becomes: text)], toTry: text, rule: text, sameReason: 3,
      sameReasonCommand: text)
    let funnel = Funnel(
      read: 214,
      stages: [
        .init(gate: .state, stops: [.init(reason: .signInDisabled, count: 31), .init(reason: .unlicensed, count: 3)])
      ], endings: [.init(action: .inStep, count: 180)], headline: text, companyLines: gates, targetOnly: 12)
    let checks = [
      CheckResult(name: text, outcome: .failed, detail: text, fix: text, partition: text),
      CheckResult(name: "reachable", outcome: .passed, detail: text),
    ]
    let names = SyncNames(company: text, source: text, target: text, isTwoWay: false)
    let rows = [
      planPage(plan, names), runPage(run, lines: [line], names),
      Rows(
        subject: text,
        columns: [
          Column("name"),
          Column("done", type: .count, bar: [Column.BarPart("done", .done), Column.BarPart("left", .rest)]),
          Column("left", type: .count), Column("seen", type: .date), Column("people-at-source", title: text),
          Column("state", style: .state), Column("means", style: .prose), Column("ids", type: .list),
        ],
        rows: [
          [
            .text(text), .count(3), .count(4), .date(morning), .text(text), .text(text), .text(text),
            .list([.text(text), .text(text)]),
          ]
        ], note: text),
    ]
    let renderer = Renderer(style: style)
    return [
      renderPlanSummary(plan, source: text, target: text, style: style),
      renderPlanSummary(whatIf, source: text, target: text, style: style),
      renderPlanSummary(undo, source: text, target: text, style: style), renderGuards(plan, style: style),
      renderRun(run, lines: [line], plan: plan, style: style), renderExplanation(explanation, style: style),
      renderFunnel(funnel, name: text, sync: acme, style: style), renderCheck(checks, of: text, style: style),
      ShellMessage(.error, text, hint: text).rendered(style), ShellMessage(.note, text).rendered(style),
      renderer.render(.message(text), as: .table),
    ]
      + rows.flatMap { rows in
        [
          renderer.render(rows, as: .table), renderer.render(rows, as: .cards),
          renderer.render(.record(rows), as: .table),
        ]
      }
  }

  @Test("no line is wider than the terminal", arguments: [40, 60, 80, 100, 200], samples)
  func fits(width: Int, text: String) {
    for (isColored, isASCII) in [(false, false), (true, false), (false, true)] {
      let style = RenderStyle.terminal(width, color: isColored, ascii: isASCII)
      for (number, drawing) in Self.drawings(text, style).enumerated() {
        for line in drawing.split(separator: "\n") {
          let bare = line.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
          #expect(DisplayWidth.of(String(bare)) <= width, "drawing \(number): \(bare)")
        }
      }
    }
  }

  @Test("a colour that goes on in the next line is ended at the end of each", arguments: samples)
  func colors(text: String) {
    for drawing in Self.drawings(text, .terminal(40, color: true)) {
      for line in drawing.split(separator: "\n") {
        let codes = line.matches(of: #/\u{1B}\[([0-9;]*)m/#).map { $0.1 }
        #expect(codes.last ?? "0" == "0" && codes.count(where: { $0 == "0" }) * 2 == codes.count, "\(line)")
      }
    }
  }

  @Test("what is folded is whole", arguments: [40, 60, 100])
  func whole(width: Int) {
    for text in Self.samples {
      let joined = Renderer(style: .terminal(width)).render(.message(text), as: .table)
        .replacing(#/\s+/#, with: "")
      #expect(joined == text.replacing(#/\s+/#, with: ""))
    }
  }

  @Test(
    "phrases that stand apart are kept whole where they fit, and lines hang below their first",
    arguments: [
      (
        "  5200 people:  create 1012   update 391   link 2628",
        ["  5200 people:  create 1012", "    update 391   link 2628"]
      ),
      ("held: nothing was ever read of it here", ["held: nothing was ever read of", "  it here"]),
      ("jane.doe.of.the.very.long.name@acme.example", ["jane.doe.of.the.very.long.name", "  @acme.example"]),
      ("short", ["short"]),
    ])
  func phrases(text: String, expected: [String]) {
    let lines = Renderer(style: .terminal(32)).render(.message(text), as: .table).split(separator: "\n")
    #expect(lines.map { $0.dropFirst(2) } == expected.map { $0[...] })
  }
}
