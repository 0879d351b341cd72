/// Cards: everything of a record, one below the other.
import CommandLanguage
import Foundation
import Shell
import Testing

@Suite struct CardDrawingTests {
  private let jane = Rows(
    subject: "people",
    columns: [Column("name"), Column("e-mail"), Column("licences", type: .list), Column("seen", type: .date)],
    rows: [
      [
        .text("Jane Doe"), .text("jane.doe@acme.example"), .list([.text("E3"), .text("Visio")]),
        .date(morning.addingTimeInterval(-10_800)),
      ]
    ])

  @Test("labels stand in one column, moments in both forms")
  func terminal() {
    #expect(
      Renderer(style: .terminal(80)).render(.record(jane), as: .table) == """
          name      Jane Doe
          e mail    jane.doe@acme.example
          licences  E3, Visio
          seen      3 h ago (2026-03-01 02:14)

        """)
  }

  @Test("without a terminal nothing depends on the moment of looking")
  func piped() {
    #expect(
      Renderer(style: .plain).render(jane, as: .cards) == """
        name      Jane Doe
        e mail    jane.doe@acme.example
        licences  E3, Visio
        seen      2026-03-01T02:14:00Z

        """)
  }

  @Test("an empty line between two records, none around them")
  func several() {
    let rows = texts("people", [Column("name"), Column("id")], [["Jane", "1"], ["Joe", "2"]])
    #expect(Renderer(style: .plain).render(rows, as: .cards) == "name  Jane\nid    1\n\nname  Joe\nid    2\n")
  }

  @Test("long values are broken at spaces, or inside a word, and never cut")
  func wrapping() {
    let rows = texts("people", [Column("note")], [["one two three four five 山田太郎山田太郎山田太郎山田太郎"]])
    #expect(
      Renderer(style: .terminal(28)).render(rows, as: .cards) == """
          note  one two three four
                five
                山田太郎山田太郎山田
                太郎山田太郎

        """)
  }

  @Test("no record")
  func empty() {
    #expect(Renderer(style: .terminal(80)).render(Rows(subject: "plans", columns: []), as: .cards) == "  no plans\n")
  }
}
