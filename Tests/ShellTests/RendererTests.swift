/// What holds for every result and every format.
import CommandLanguage
import Foundation
import Shell
import Testing

@Suite struct RendererTests {
  @Test("G23 nothing that a vendor sent steers the terminal", arguments: hostileTexts)
  func hostile(text: String) {
    let rows = texts(text, [Column(text), Column("b", title: text)], [[text, text]])
    for style in [RenderStyle.plain, .terminal(40), .terminal(200), .terminal(30, ascii: true)] {
      let renderer = Renderer(style: style)
      for outcome in [Outcome.rows(rows), .record(rows), .message(text), .rows(Rows(subject: text, columns: []))] {
        for format in [Format.table, .cards, .json, .ndjson, .markdown, .html] {
          #expect(!steersTerminal(renderer.render(outcome, as: format)), "\(format)")
        }
      }
    }
  }

  @Test("G23 no random text steers the terminal, breaks a row or fails to come back", arguments: 1...8)
  func random(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<400 {
      let text = randomText(&generator)
      let rows = texts("things", [Column("a"), Column("b")], [[text, "end"]])
      let width = Int.random(in: 1...60, using: &generator)
      let renderer = Renderer(style: .terminal(width, ascii: Bool.random(using: &generator)))
      for format in [Format.table, .cards, .json, .ndjson, .markdown, .html] {
        #expect(!steersTerminal(renderer.render(rows, as: format)), "seed \(seed), \(format)")
      }
      #expect(Renderer(style: .plain).render(rows, as: .table).split(separator: "\n").count == 2, "seed \(seed)")
      let json = Data(renderer.render(rows, as: .ndjson).utf8)
      let back = try JSONDecoder().decode([String: String].self, from: json)
      #expect(back["a"].map { Array($0.unicodeScalars) } == Array(text.unicodeScalars), "seed \(seed)")
    }
  }

  @Test("every text ends with a line break", arguments: Format.allCases.filter { $0 != .script })
  func endings(format: Format) {
    let rows = texts("people", [Column("name")], [["Jane"]])
    for outcome in [Outcome.rows(rows), .record(rows), .number(3), .message("done")] {
      #expect(Renderer(style: .terminal(80)).render(outcome, as: format).utf8.last == 0x0A)
    }
  }

  @Test("a number and a message are lines")
  func plainOutcomes() {
    #expect(Renderer(style: .plain).render(.number(23), as: .table) == "23\n")
    #expect(Renderer(style: .terminal(80)).render(.message("two\nlines"), as: .table) == "  two\n  lines\n")
    #expect(Renderer(style: .plain).render(.nothing, as: .table) == "")
  }

  @Test("rows cannot be a script, and the refusal says what they can be")
  func script() {
    let rows = Outcome.rows(texts("people", [Column("name")], [["Jane"]]))
    let renderer = Renderer(style: .plain)
    #expect(
      renderer.refusal(of: rows, as: .script)
        == ShellMessage(
          .error, "people cannot be written as a script",
          hint: "as one of table, cards, csv, json, ndjson, markdown, html"))
    #expect(renderer.refusal(of: rows, as: .csv) == nil)
    #expect(renderer.refusal(of: .number(3), as: .script) == nil)
  }
}
