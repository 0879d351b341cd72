import LineEditing
import Testing

@Suite("Facts about a terminal")
struct TerminalTests {
  @Test(
    "colours follow the choice, then the terminal and its environment",
    arguments: [
      (ColorChoice.auto, true, ["TERM": "xterm"], true), (.auto, false, ["TERM": "xterm"], false),
      (.auto, true, ["TERM": "dumb"], false), (.auto, true, [:], false),
      (.auto, true, ["TERM": "xterm", "NO_COLOR": "1"], false), (.auto, true, ["TERM": "xterm", "NO_COLOR": ""], true),
      (.always, false, ["NO_COLOR": "1"], true), (.never, true, ["TERM": "xterm"], false),
    ] as [(ColorChoice, Bool, [String: String], Bool)])
  func colors(_ choice: ColorChoice, _ isTerminal: Bool, _ environment: [String: String], _ expected: Bool) {
    #expect(Terminal.supportsColor(choice, isTerminal: isTerminal, environment: environment) == expected)
  }

  @Test(
    "elsewhere the environment tells the size, if it does",
    arguments: [
      (["COLUMNS": "100"], Terminal.Size(columns: 100, rows: 24)),
      (["COLUMNS": "100", "LINES": "50"], Terminal.Size(columns: 100, rows: 50)),
      (["COLUMNS": "wide"], nil), (["COLUMNS": "0"], nil), (["COLUMNS": "99999999999999999999"], nil), ([:], nil),
    ] as [([String: String], Terminal.Size?)])
  func size(_ environment: [String: String], _ expected: Terminal.Size?) {
    #expect(Terminal.size(from: environment) == expected)
    #expect(Terminal.size(of: -1, environment: environment) == expected)
  }

  @Test("a closed descriptor is no terminal")
  func notATerminal() {
    #expect(!Terminal.isTerminal(-1))
  }
}
