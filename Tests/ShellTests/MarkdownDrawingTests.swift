/// Markdown tables that stay tables whatever the cells hold.
import CommandLanguage
import Shell
import Testing

@Suite struct MarkdownDrawingTests {
  private let rows = Rows(
    subject: "people", columns: [Column("name"), Column("runs", type: .count)],
    rows: [[.text("a|b <script> & [x](y)"), .count(3)], [.blank, .blank]])

  @Test func markdown() {
    #expect(
      Renderer(style: .terminal(20)).render(rows, as: .markdown) == #"""
        | name | runs |
        | --- | ---: |
        | a\|b &lt;script> &amp; \[x\](y) | 3 |
        |  |  |

        """#)
  }

  @Test("G23 a line break or an escape in a cell breaks nothing", arguments: hostileTexts)
  func hostile(text: String) {
    let markdown = Renderer(style: .plain).render(cell(.text(text)), as: .markdown)
    #expect(markdown.split(separator: "\n").count == 3)
    #expect(!steersTerminal(markdown))
  }
}
