import LineEditing
import Testing

@testable import Shell

@Suite("The pager") struct PagerTests {
  @Test(
    "PAGER is taken as it is; none, an empty one and cat mean what they say",
    arguments: [
      (["TERM": "xterm", "PAGER": "most -s"], "most -s"), (["TERM": "xterm", "PAGER": "cat"], nil),
      (["TERM": "xterm", "PAGER": " "], nil), (["TERM": "xterm", "PATH": "/a:/b"], "less"),
      (["TERM": "xterm", "PATH": "/c"], "more"), (["TERM": "xterm", "PATH": "/d"], nil),
      (["TERM": "dumb", "PAGER": "less"], nil), (["PAGER": "less"], nil),
    ] as [([String: String], String?)])
  func command(environment: [String: String], expected: String?) {
    let programs: Set = ["/b/less", "/c/more"]
    #expect(Pager.command(environment, isProgram: programs.contains) == expected)
  }

  private func pager(_ environment: [String: String] = [:], size: Terminal.Size? = nil) -> Pager? {
    Pager(
      environment: ["TERM": "xterm", "PAGER": "less"].merging(environment) { $1 }, isAutomatic: true, size: { size })
  }

  @Test("less is told to let colours through, unless the person has told it otherwise")
  func less() {
    #expect(pager()?.environment["LESS"] == "FRX")
    #expect(pager(["LESS": "S"])?.environment["LESS"] == "S")
  }

  @Test(
    "rows on the screen: long lines go on, colours take no room, wide characters take two columns",
    arguments: [
      ("", 0), ("\n", 1), ("one\ntwo\n", 2), ("one\n\nthree", 3), ("0123456789\n", 1), ("01234567890\n", 2),
      ("\u{1B}[31m0123456789\u{1B}[0m\n", 1), ("漢字漢字漢\n", 1), ("漢字漢字漢字\n", 2),
    ])
  func rows(text: String, expected: Int) { #expect(screenRows(of: text, columns: 10) == expected) }

  @Test("a text is long where no row is left for the prompt", arguments: [(4, false), (5, true), (60, true)])
  func long(lines: Int, isLong: Bool) {
    let pager = pager(size: Terminal.Size(columns: 80, rows: 5))
    #expect(pager?.isLong(String(repeating: "line\n", count: lines)) == isLong)
  }
}
