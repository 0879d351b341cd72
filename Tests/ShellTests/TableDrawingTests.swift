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

  @Test("at 80 columns texts are cut before a column goes")
  func medium() {
    #expect(
      Renderer(style: .terminal(80)).render(people, as: .table) == """
          ref     person                 what          reason            fields  seen
          p13/3   j.roe@acme.example     active → in…  sign-in-disabled       2  3 h ago
          p13/12  old.desk@acme.example  active → in…  unlicensed            14  1 d ago

        """)
  }

  @Test("at 40 columns the least important columns go, and are named")
  func narrow() {
    #expect(
      Renderer(style: .terminal(40)).render(people, as: .table) == """
          ref     person        reason
          p13/3   j.roe@acme.…  sign-in-disabled
          p13/12  old.desk@ac…  unlicensed
          (columns dropped: what, fields, seen; add  | as cards  to see all)

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
    for line in table.split(separator: "\n") where !line.contains("(columns dropped") {
      #expect(line.count <= max(width, 3))
    }
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
          山田太郎山田…

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
          0123456789012345678901...

        """)
  }

  @Test("a row that is too short reads as blank, one that is too long is cut")
  func raggedRows() {
    let rows = Rows(
      subject: "things", columns: [Column("a"), Column("b")],
      rows: [[.text("1")], [.text("1"), .text("2"), .text("3")]])
    #expect(Renderer(style: .plain).render(rows, as: .table) == "a  b\n1\n1  2\n")
  }
}
