/// Pages: valid by a strict reader, whole in what they say, harmless whatever a vendor sent.
import CommandLanguage
import Foundation
import Model
import Shell
import Testing

/// What no page may hold, and a literal neither.
private let noncharacters = String(
  String.UnicodeScalarView([0xFFFE, 0xFDD0, 0x1FFFF].compactMap { Unicode.Scalar($0 as UInt32) }))

@Suite struct HTMLPageTests {
  private static let names = SyncNames(
    company: "Acme Dental", source: "Microsoft 365", target: "ConnectWise", isTwoWay: false)

  private static let changes = [
    FieldChange(field: "title", old: .text("Clerk"), new: .text("Office manager"), reason: .changedAtSource),
    FieldChange(field: "phone", old: .null, new: .text(" 1"), reason: .changedAtSource),
  ]

  private static let mixed = plan(
    [
      decision(1, .create, .notMatched, label: "new@acme.example"),
      decision(2, .update, .changedAtSource, label: "jane.doe@acme.example", target: "8841", changes: changes),
      decision(3, .deactivate, .unlicensed, label: "old@acme.example", target: "8842"),
      decision(
        4, .skip, .domainNotSelected, label: "guest@other.example",
        evidence: [Evidence("domain", wanted: "acme.example", found: "other.example")]),
      decision(5, .skip, .guest, label: "guest2@other.example"),
      decision(6, .skip, .guest, label: "guest3@other.example"),
      decision(7, .inStep, .inStep, label: "same@acme.example", target: "8843"),
    ],
    guards: [
      GuardFinding(
        reason: .massChange, word: "deactivates", count: 5, total: 5, limit: 1,
        sentence: "deactivates 5 of 5 active pairs; the limit is 1", setting: nil)
    ])

  private static let failed = Run(
    id: RunID(33), sync: acme, plan: PlanID(14), verb: "sync", by: "jo", isAttended: false, startedAt: morning,
    endedAt: morning.addingTimeInterval(8.1), outcome: .failed, message: "title is too long", reason: .valueRefused,
    done: 1, failed: 1, skipped: 0, requests: 52, requestFloor: 50)

  private static let lines = [
    RunLine(number: 1, source: "s1", target: "1", label: "a@x.example", action: .update, outcome: .done),
    RunLine(
      number: 2, source: "s2", target: "2", label: "b@x.example", action: .create, outcome: .failed,
      reason: .valueRefused, message: "title is too long"),
  ]

  private func page(_ rows: Rows) -> String { Renderer(style: .plain).render(rows, as: .html) }

  /// Without markup, as a reader sees it.
  private func text(_ page: String) -> String {
    page.replacing(#/<style>[^<]*</style>/#, with: "").replacing(#/<[^>]*>/#, with: " ")
      .replacing(#/\s+/#, with: " ").replacing("&#39;", with: "'").replacing("&quot;", with: "\"")
  }

  @Test(
    "every kind of page is valid, can be understood without seeing it, and loads nothing",
    arguments: [
      planPage(mixed, names), planPage(plan([]), names), runPage(failed, lines: lines, names),
      runPage(failed, lines: [], names), Rows(subject: "people", columns: [Column("name")], note: "never read"),
      texts("people", [Column("name"), Column("email", style: .id)], [["Jane", "jane@acme.example"], ["Joe", ""]]),
      Rows(
        subject: "runs",
        columns: [Column("run", style: .id), Column("done", type: .count), Column("started", type: .date)],
        rows: [[.text("r1"), .count(3), .date(morning)]]),
    ])
  func valid(rows: Rows) {
    #expect(faults(of: page(rows)) == [])
    #expect(faults(of: Renderer(style: .plain).render(.record(rows), as: .html)) == [])
  }

  @Test(
    "G23 no text of a vendor becomes markup",
    arguments: hostileTexts + [
      "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</style><b>", "</title></table>", "&amp;",
      "'x' & <y>",
      noncharacters, "]]>", "<!--",
    ])
  func hostile(text: String) {
    var strange = Self.mixed
    strange.decisions = [
      decision(
        1, .update, .changedAtSource, label: text,
        changes: [
          FieldChange(field: FieldName(text), old: .text(text), new: .text(text + "x"), reason: .changedAtSource)
        ]),
      decision(2, .skip, .guest, label: text, evidence: [Evidence(text, wanted: text, found: text)]),
    ]
    strange.guards[0].sentence = text
    let names = SyncNames(company: text, source: text, target: text, isTwoWay: true)
    #expect(faults(of: page(planPage(strange, names))) == [])
    var run = Self.failed
    run.message = text
    run.by = text
    var line = Self.lines[1]
    line.label = text
    line.message = text
    #expect(faults(of: page(runPage(run, lines: [line], names))) == [])
    let rows = texts(text, [Column("a", title: text), Column("b", style: .state)], [[text, text]])
    #expect(faults(of: page(rows)) == [])
  }

  @Test("G23 no random text does either", arguments: 1...4)
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let text = randomText(&generator)
      #expect(faults(of: page(texts("things", [Column("a", title: text), Column("b")], [[text, text]]))) == [])
    }
  }

  @Test(
    "the reader itself finds what it is there for",
    arguments: [
      ("<p>", "<div>"), ("</p>", ""), ("lang=\"en\"", ""), ("<h2>", "<h3>"), ("scope=\"row\"", ""),
      ("<caption", "<b><caption"),
      ("</style>", "a{background:url(x)}</style>"), ("<p class=\"lead\">", "<p onclick=\"x\">"),
      ("</main>", "<script></script></main>"),
      ("</h1>", "</h1><h1>again</h1>"), ("Acme", "<Acme"), ("Acme", "&Acme"),
    ])
  func checker(part: String, fault: String) {
    let right = page(planPage(Self.mixed, Self.names))
    let wrong = right.replacing(part, with: fault, maxReplacements: 1)
    #expect(wrong != right)
    #expect(!faults(of: wrong).isEmpty)
  }

  @Test("a plan's page says what it is, what holds it, and figures that add up")
  func planText() {
    let text = text(page(planPage(Self.mixed, Self.names)))
    for words in [
      "Plan p12 for Acme Dental", "What a sync would change so that ConnectWise and Microsoft 365 are in step.",
      "Nothing of it has been carried out yet.", "From → to Microsoft 365 → ConnectWise",
      "Read Microsoft 365 2026-03-01 02:14 UTC", "Held: deactivates 5 of 5 active pairs; the limit is 1",
      "create 1 update 1 deactivate 1 in step 1 skipped 3 together 7",
      "Update (1) Values of theirs differ, and are written to ConnectWise.",
      "title was “Clerk” → becomes “Office manager”", "phone was blank → becomes “ 1”",
      "Skipped (3) They are left as they are, for the reasons below.", "All 3, one by one",
    ] { #expect(text.contains(words), "\(words)") }
  }

  @Test("skipped ones are counted by their reason, the most frequent first")
  func skipped() throws {
    let text = text(page(planPage(Self.mixed, Self.names)))
    let counts = try #require(text.firstMatch(of: #/Skipped, by reason reason count (.*?) All 3/#)).1
    #expect(counts == "\(Reason.guest.sentence) guest 2 \(Reason.domainNotSelected.sentence) domain-not-selected 1")
  }

  @Test("a filtered plan shows what the filter kept, and says so")
  func filtered() {
    var rows = planPage(Self.mixed, Self.names)
    rows.rows = rows.rows.filter { $0[2] == .text("deactivate") }
    let text = text(page(rows))
    #expect(text.contains("Filtered: only 1 of 7 decisions are listed here; the figures are those of all."))
    #expect(text.contains("old@acme.example") && !text.contains("jane.doe@acme.example"))
    #expect(text.contains("together 7"))
    // Columns that were chosen are the ones that stand there, in one table.
    rows.columns = Array(rows.columns.prefix(2))
    rows.rows = rows.rows.map { Array($0.prefix(2)) }
    #expect(faults(of: page(rows)) == [])
    #expect(page(rows).contains("<th scope=\"col\">ref</th><th scope=\"col\">person</th></tr>"))
    rows.rows = []
    #expect(self.text(page(rows)).contains("Decisions None."))
  }

  @Test("a run's page says how it ended, and what failed before what went well")
  func runText() throws {
    let text = text(page(runPage(Self.failed, lines: Self.lines, Self.names)))
    for words in [
      "Run r33 for Acme Dental", "Why: \(Reason.valueRefused.sentence) title is too long", "Took 8.1 s",
      "Requests 52, at least 50 were needed", "done 1 failed 1 together 2", "By jo, unattended",
    ] { #expect(text.contains(words), "\(words)") }
    let failed = try #require(text.range(of: "Failed (1)"))
    let done = try #require(text.range(of: "Done (1)"))
    #expect(failed.lowerBound < done.lowerBound)
  }

  @Test("a table's page has its subject as heading, numbers to the right and exact moments")
  func table() {
    let rows = Rows(
      subject: "runs",
      columns: [Column("run", style: .id), Column("done", type: .count), Column("started", type: .date)],
      rows: [[.text("r1"), .count(3), .date(morning)]], note: "the last night's")
    let page = page(rows)
    #expect(page.contains("<h1>Runs</h1>\n<p class=\"lead\">1 row</p>\n<p class=\"remarks\">the last night&#39;s</p>"))
    #expect(
      page.contains(
        "<tr><th scope=\"row\" data-label=\"run\">r1</th><td data-label=\"done\" class=\"n\">3</td>"
          + "<td data-label=\"started\"><time datetime=\"2026-03-01T05:14:00Z\">2026-03-01 05:14 UTC</time></td></tr>"))
  }

  @Test("one thing is told field by field, under its name")
  func record() {
    let acme = texts("company", [Column("company", style: .id), Column("name")], [["acme", "Acme Dental"]])
    let page = Renderer(style: .plain).render(.record(acme), as: .html)
    #expect(faults(of: page) == [])
    #expect(page.contains("<h1>Company acme</h1>"))
    #expect(page.contains("<th scope=\"row\" data-label=\"field\">name</th><td data-label=\"value\">Acme Dental</td>"))
  }

  @Test("a page of 5 000 changes takes some 700 bytes for each")
  func large() {
    let many = (1...5_000).map {
      decision(
        $0, .update, .changedAtSource, label: "person\($0)@acme.example", target: RecordID("\($0)"),
        changes: Self.changes)
    }
    let page = page(planPage(plan(many), Self.names))
    #expect(page.utf8.count < 3_500_000)
    #expect(page.contains("person5000@acme.example"))
  }
}
