import LineEditing
import Testing

@testable import Shell

@Suite("What a watch shows") struct WatchedScreenTests {
  private func drawing(_ body: String, columns: Int = 30, rows: Int = 5) -> [String] {
    WatchedScreen.drawing(
      "every 5 s: show runs", body, in: Terminal.Size(columns: columns, rows: rows), style: .terminal(columns)
    ).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  @Test(
    "a head, and as much as there is room for",
    arguments: [
      ("", 30, ["every 5 s: show runs"]), ("one\ntwo\n", 30, ["every 5 s: show runs", "one", "two"]),
      ("one\n\nthree\n", 30, ["every 5 s: show runs", "one", "", "three"]),
      (
        "one\ntwo\nthree\nfour\n", 30,
        ["every 5 s: show runs", "one", "two", "… 2 more lines, for which there is no room here".prefixed(30)]
      ),
      ("0123456789ab\ntwo\nthree\n", 10, ["every 5 s…", "0123456789ab", "… 2 more …"]),
    ])
  func drawings(body: String, columns: Int, expected: [String]) {
    let lines = drawing(body, columns: columns)
    #expect(lines == expected)
    #expect(screenRows(of: lines.joined(separator: "\n") + "\n", columns: columns) < 5)
  }

  @Test("what stands there is taken away, in the rows that it takes at the width of now")
  func erasing() {
    let screen = WatchedScreen(drawn: "0123456789\none\n")
    #expect(WatchedScreen().erasing(columns: 80) == "\r\u{1B}[J")
    #expect(screen.erasing(columns: 80) == "\r\u{1B}[2A\u{1B}[J")
    #expect(screen.erasing(columns: 5) == "\r\u{1B}[3A\u{1B}[J")
  }
}

extension String {
  fileprivate func prefixed(_ columns: Int) -> String { DisplayWidth.truncating(self, to: columns) }
}
