/// Markdown and HTML tables that stay tables whatever the cells hold.
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

  @Test func html() {
    #expect(
      Renderer(style: .terminal(20)).render(rows, as: .html) == """
        <table>
        <thead>
        <tr><th>name</th><th align="right">runs</th></tr>
        </thead>
        <tbody>
        <tr><td>a|b &lt;script&gt; &amp; [x](y)</td><td align="right">3</td></tr>
        <tr><td></td><td align="right"></td></tr>
        </tbody>
        </table>

        """)
  }

  @Test("G23 a line break or an escape in a cell breaks nothing", arguments: hostileTexts)
  func hostile(text: String) {
    let markdown = Renderer(style: .plain).render(cell(.text(text)), as: .markdown)
    #expect(markdown.split(separator: "\n").count == 3)
    #expect(!steersTerminal(markdown))
    #expect(!steersTerminal(Renderer(style: .plain).render(cell(.text(text)), as: .html)))
  }
}
