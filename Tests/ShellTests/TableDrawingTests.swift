/// Tables: fitted to every width, counted in columns, whole where there is no terminal.
import CommandLanguage
import Foundation
import Shell
import Testing

@Suite struct TableDrawingTests {
  private let people = Rows(
    subject: "people",
    columns: [
      Column("ref", priority: 100, style: .id), Column("person", priority: 90), Column("what", priority: 60),
      Column("reason", priority: 80, style: .reason), Column("fields", type: .count, priority: 10),
      Column("seen", type: .date, priority: 20),
    ],
    rows: [
      [
        .text("p13/3"), .text("j.roe@acme.example"), .text("active → inactive"), .text("sign-in-disabled"), .count(2),
        .date(morning.addingTimeInterval(-10_800)),
      ],
      [
        .text("p13/12"), .text("old.desk@acme.example"), .text("active → inactive"), .text("unlicensed"), .count(14),
        .date(morning.addingTimeInterval(-86_400)),
      ],
    ])

  @Test("at 200 columns everything stands in its natural width")
  func wide() {
    #expect(
      Renderer(style: .terminal(200)).render(people, as: .table) == """
          ref     person                 what               reason            fields  seen
          p13/3   j.roe@acme.example     active → inactive  sign-in-disabled       2  3 h ago
          p13/12  old.desk@acme.example  active → inactive  unlicensed            14  1 d ago

        """)
  }

  @Test("at 80 columns texts are folded before a column goes")
  func medium() {
    #expect(
      Renderer(style: .terminal(80)).render(people, as: .table) == """
          ref     person                 what          reason            fields  seen
          p13/3   j.roe@acme.example     active →      sign-in-disabled       2  3 h ago
                                         inactive
          p13/12  old.desk@acme.example  active →      unlicensed            14  1 d ago
                                         inactive

        """)
  }

  @Test("at 40 columns the least important columns go, and are named")
  func narrow() {
    #expect(
      Renderer(style: .terminal(40)).render(people, as: .table) == """
          ref     person        reason
          p13/3   j.roe@acme.   sign-in-disabled
                  example
          p13/12  old.desk      unlicensed
                  @acme.
                  example
          (columns dropped: what, fields, seen;
            add  | as cards  to see all)

        """)
  }

  @Test("without a terminal the table is whole and plain, and moments are exact")
  func piped() {
    #expect(
      Renderer(style: .plain).render(people, as: .table) == """
        ref     person                 what               reason            fields  seen
        p13/3   j.roe@acme.example     active → inactive  sign-in-disabled       2  2026-03-01T02:14:00Z
        p13/12  old.desk@acme.example  active → inactive  unlicensed            14  2026-02-28T05:14:00Z

        """)
  }

  @Test("no line is wider than the terminal", arguments: 3...120)
  func fits(width: Int) {
    let table = Renderer(style: .terminal(width)).render(people, as: .table)
    for line in table.split(separator: "\n") { #expect(line.count <= width) }
  }

  @Test("wide characters take two columns, marks none")
  func eastAsian() {
    let rows = texts(
      "people", [Column("name"), Column("state")],
      [["山田太郎", "active"], ["Zoe\u{308} Olsen", "active"], ["김", "inactive"]])
    #expect(
      Renderer(style: .terminal(80)).render(rows, as: .table) == """
          name       state
          山田太郎   active
          Zoe\u{308} Olsen  active
          김         inactive

        """)
    #expect(
      Renderer(style: .terminal(16)).render(texts("people", [Column("name")], [["山田太郎山田太郎"]]), as: .table) == """
          name
          山田太郎山田太
          郎

        """)
  }

  @Test("no rows are said in a terminal, and are nothing to a program")
  func empty() {
    let none = Rows(subject: "people", columns: [Column("name")], note: "acme was never read: load people of acme")
    #expect(
      Renderer(style: .terminal(80)).render(none, as: .table) == """
          no people
          acme was never read: load people of acme

        """)
    #expect(Renderer(style: .terminal(80)).remarks(on: none, as: .table) == [])
    #expect(Renderer(style: .plain).render(none, as: .table) == "")
    #expect(
      Renderer(style: .plain).remarks(on: none, as: .table) == [
        "no people", "acme was never read: load people of acme",
      ])
  }

  @Test("colours: headings dim, trouble red, nothing painted in a pipe")
  func colors() {
    let runs = texts("runs", [Column("run"), Column("outcome", style: .state)], [["r1", "ok"], ["r2", "failed"]])
    #expect(
      Renderer(style: .terminal(80, color: true)).render(runs, as: .table) == """
          \u{1B}[2mrun\u{1B}[0m  \u{1B}[2moutcome\u{1B}[0m
          r1   \u{1B}[32mok\u{1B}[0m
          r2   \u{1B}[31mfailed\u{1B}[0m

        """)
    #expect(!Renderer(style: .plain).render(runs, as: .table).contains("\u{1B}"))
  }

  @Test("where only ASCII can be shown our signs are spelled out")
  func ascii() {
    let rows = texts(
      "decisions", [Column("what")], [["title \"Clerk\" → ‹blank›"], ["0123456789012345678901234567890"]])
    #expect(
      Renderer(style: .terminal(27, ascii: true)).render(rows, as: .table) == """
          what
          title "Clerk" -> <blank>
          0123456789012345678901234
          567890

        """)
  }

  @Test("a sentence that finds no room beside the rest stands below its row, and is not called dropped")
  func below() {
    var rows = people
    rows.columns[2].style = .prose
    rows.rows[0][2] = .text("signing in is disabled at Microsoft 365 since the day before yesterday, by nobody we know")
    #expect(
      Renderer(style: .terminal(60)).render(rows, as: .table) == """
          ref     person           reason            fields  seen
              what
          p13/3   j.roe@acme.      sign-in-disabled       2  3 h ago
                  example
              signing in is disabled at Microsoft 365 since the day
              before yesterday, by nobody we know
          p13/12  old.desk@acme.   unlicensed            14  1 d ago
                  example
              active → inactive

        """)
  }

  @Test("a very long text is cut at last, and that is said", arguments: [40, 60])
  func cut(width: Int) {
    let long = Array(repeating: "word", count: 200).joined(separator: " ")
    let text = Renderer(style: .terminal(width)).render(
      texts("runs", [Column("run", style: .id), Column("message", style: .prose)], [["r1", long]]), as: .table)
    #expect(text.contains("…\n") && text.contains("  (cut: message;  add  | as cards"))
    #expect(Renderer(style: .plain).render(texts("runs", [Column("message")], [[long]]), as: .table).contains(long))
  }

  @Test("a column that says nothing goes first, and nobody is told")
  func blank() {
    let rows = texts(
      "people", [Column("name", priority: 1), Column("phone", priority: 9)], [["Jane Doe of Acme", ""], ["Joe", ""]])
    #expect(Renderer(style: .terminal(19)).render(rows, as: .table) == "  name\n  Jane Doe of Acme\n  Joe\n")
  }

  @Test("moments stand exact where that is asked for")
  func exactDates() {
    let rows = Rows(subject: "runs", columns: [Column("seen", type: .date)], rows: [[.date(morning)]])
    var style = RenderStyle.terminal(80)
    style.exactDates = true
    #expect(Renderer(style: style).render(rows, as: .table) == "  seen\n  2026-03-01 05:14\n")
    #expect(Renderer(style: .terminal(80)).render(rows, as: .table) == "  seen\n  now\n")
  }

  @Test("small bars stand before a number where there is room, and only in a terminal")
  func bars() {
    let parts = [Column.BarPart("done", .done), Column.BarPart("failed", .trouble), Column.BarPart("skipped", .rest)]
    let rows = Rows(
      subject: "runs",
      columns: [
        Column("run", style: .id), Column("done", type: .count, bar: parts), Column("failed", type: .count),
        Column("skipped", type: .count),
      ],
      rows: [
        [.text("r1"), .count(1355), .count(3), .count(0)], [.text("r2"), .count(5), .count(0), .count(5)],
        [.text("r3"), .count(0), .count(0), .count(0)],
      ])
    #expect(
      Renderer(style: .terminal(60)).render(rows, as: .table) == """
          run           done  failed  skipped
          r1   ███████▒ 1355       3        0
          r2   ████░░░░    5       0        5
          r3               0       0        0

        """)
    let bare = "  run  done  failed  skipped\n  r1   1355       3        0\n"
    #expect(Renderer(style: .terminal(36)).render(rows, as: .table).hasPrefix(bare))
    #expect(Renderer(style: .terminal(60, ascii: true)).render(rows, as: .table).contains("  r1   #######! 1355"))
    #expect(!Renderer(style: .plain).render(rows, as: .table).contains("█"))
    #expect(!Renderer(style: .terminal(60)).render(rows, as: .csv).contains("█"))
    var few = rows
    few.columns.remove(at: 2)
    #expect(!Renderer(style: .terminal(60)).render(few, as: .table).contains("█"), "a part of the whole is not there")
  }

  @Test("a row that is too short reads as blank, one that is too long is cut")
  func raggedRows() {
    let rows = Rows(
      subject: "things", columns: [Column("a"), Column("b")],
      rows: [[.text("1")], [.text("1"), .text("2"), .text("3")]])
    #expect(Renderer(style: .plain).render(rows, as: .table) == "a  b\n1\n1  2\n")
  }
}
