/// Old and new values in a terminal: told apart with colours and without.
import CommandLanguage
import Foundation
import Model
import Shell
import Testing

@Suite struct DifferenceDrawingTests {
  private func drawn(_ differences: [Difference], _ style: RenderStyle) -> String {
    let rows = Rows(
      subject: "decisions", columns: [Column("what", style: .prose)], rows: [[.differences(differences)]])
    return Renderer(style: style).render(rows, as: .table).split(separator: "\n").dropFirst().joined(separator: "\n")
  }

  private let title = Difference("title", from: .text("Clerk"), to: .text("Office manager"))

  @Test("the old value is red and the new one green; the fields of a record stand below each other")
  func colors() {
    #expect(
      drawn([title, Difference("phone", from: .blank, to: .text(" 1"))], .terminal(80, color: true)) == """
          title \u{1B}[31m"Clerk"\u{1B}[0m → \u{1B}[32m"Office manager"\u{1B}[0m
          phone \u{1B}[31m‹blank›\u{1B}[0m → \u{1B}[32m" 1"\u{1B}[0m
        """)
  }

  @Test(
    "without colours no value can be taken for an arrow, for a blank, or for another value that looks like it",
    arguments: [
      (#"a" → "b"#, #"x "a\" → \"b" → "c""#), ("‹blank›", #"x "‹blank›" → "c""#),
      ("a\u{A0}b", #"x "a‹U+00A0›b" → "c""#),
      ("a\u{2007}", #"x "a‹U+2007›" → "c""#), ("a\tb\n", #"x "a␉b⏎" → "c""#),
    ])
  func unambiguous(old: String, expected: String) {
    #expect(drawn([Difference("x", from: .text(old), to: .text("c"))], .terminal(80)) == "  " + expected)
  }

  @Test("what a new record begins with stands in one line, folded between two fields")
  func new() {
    let fields = [("first-name", "Alice"), ("last-name", "Underhill"), ("title", "Warehouse lead")]
      .map { Difference($0, from: nil, to: .text($1)) }
    #expect(
      drawn(fields, .terminal(44)) == """
          first-name "Alice"; last-name "Underhill";
            title "Warehouse lead"
        """)
  }

  @Test("a program reads one line, and so do conditions and sorting")
  func programs() throws {
    let both = [title, Difference("", from: .word("active"), to: .word("inactive"))]
    #expect(drawn(both, .plain) == #"title "Clerk" → "Office manager"; active → inactive"#)
    let rows = Rows(subject: "decisions", columns: [Column("what")], rows: [[.differences(both)]])
    #expect(Renderer(style: .plain).render(rows, as: .ndjson).contains(#"\"Clerk\" → \"Office manager\"; active"#))
    #expect(Value.differences(both).order(to: .text("u")) < 0)
    #expect(Value.differences(both).order(to: .text("s")) > 0)
    #expect(Value.differences(both).order(to: .text(Value.differences(both).display)) == 0)
  }
}
