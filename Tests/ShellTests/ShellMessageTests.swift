/// Messages and their advice.
import Shell
import Testing

@Suite struct ShellMessageTests {
  @Test("an error has its hint on a line of its own")
  func error() {
    let message = ShellMessage(.error, "Microsoft 365 refused the credential.", hint: "check m365")
    #expect(message.rendered(.plain) == "error: Microsoft 365 refused the credential.\nhint: check m365\n")
    #expect(
      message.rendered(.terminal(80, color: true)) == """
          \u{1B}[31merror:\u{1B}[0m Microsoft 365 refused the credential.
          \u{1B}[2mhint:\u{1B}[0m check m365

        """)
  }

  @Test("a note stands alone, a second line stands under the first")
  func others() {
    #expect(ShellMessage(.note, "23 rows → blank.csv").rendered(.terminal(80)) == "  23 rows → blank.csv\n")
    #expect(ShellMessage(.warning, "one\ntwo").rendered(.plain) == "warning: one\n         two\n")
  }

  @Test("G23 a server's words cannot steer the terminal", arguments: hostileTexts)
  func hostile(text: String) {
    #expect(!steersTerminal(ShellMessage(.error, text, hint: text).rendered(.terminal(80))))
  }
}
