import Testing

@testable import LineEditing

@Suite("What Tab does")
struct CompletionStepTests {
  struct Case: CustomTestStringConvertible {
    var line: String
    var typed: String
    var offered: [String]
    var step: CompletionStep
    var testDescription: String { "\(line) \(offered)" }
  }

  private static func replace(_ from: Int, _ to: Int, _ text: String) -> CompletionStep {
    .replace(from..<to, with: text)
  }

  @Test(
    "one candidate goes in, then what all share, then the list",
    arguments: [
      Case(line: "use ac‸", typed: "ac", offered: ["acme"], step: replace(4, 6, "acme ")),
      Case(line: "use ‸", typed: "", offered: ["acme"], step: replace(4, 4, "acme ")),
      Case(line: "use acme‸", typed: "acme", offered: ["acme"], step: replace(4, 8, "acme ")),
      Case(line: "use ac‸ now", typed: "ac", offered: ["acme"], step: replace(4, 7, "acme ")),
      Case(line: "use a‸", typed: "a", offered: ["acme", "acorn"], step: replace(4, 5, "ac")),
      Case(line: "use A‸", typed: "A", offered: ["acme", "acorn"], step: replace(4, 5, "ac")),
      Case(line: "use ac‸", typed: "ac", offered: ["acme", "acorn"], step: .list(candidates(["acme", "acorn"]))),
      Case(
        line: "use cor‸", typed: "cor", offered: ["acorn", "acorns"], step: .list(candidates(["acorn", "acorns"]))),
      Case(line: "use ac‸", typed: "ac", offered: ["acme", "pacific"], step: replace(4, 6, "acme ")),
      Case(line: "use a‸", typed: "a", offered: ["acme", "acorn", "pacific"], step: replace(4, 5, "ac")),
      Case(
        line: "use ac‸", typed: "ac", offered: ["acme", "acorn", "pacific"],
        step: .list(candidates(["acme", "acorn", "pacific"]))),
      Case(line: "zażółć ą‸", typed: "ą", offered: ["ąę"], step: replace(11, 13, "ąę ")),
      Case(line: "use zz‸", typed: "zz", offered: [], step: .nothing),
    ])
  func step(_ test: Case) {
    let (line, cursor) = marked(test.line)
    let range = (cursor - test.typed.utf8.count)..<cursor
    let result = CompletionResult(replacing: range, candidates: candidates(test.offered))
    #expect(CompletionStep(line: line, result: result) == test.step)
  }

  @Test("a candidate that is not the end of a word brings no space")
  func noSpace() {
    let candidate = Candidate(text: "acme/", appendsSpace: false)
    let result = CompletionResult(replacing: 0..<2, candidates: [candidate])
    #expect(CompletionStep(line: "ac", result: result) == .replace(0..<2, with: "acme/"))
  }

  @Test("a range outside the line or inside a character offers nothing", arguments: [0..<9, 1..<2, 2..<3, -1..<1])
  func badRange(_ range: Range<Int>) {
    let result = CompletionResult(replacing: range, candidates: candidates(["x"]))
    #expect(CompletionStep(line: "łą", result: result) == .nothing)
  }
}

func candidates(_ texts: [String]) -> [Candidate] {
  texts.map { Candidate(text: $0) }
}

/// A line with `‸` where the cursor stands, taken apart: the line and the cursor as an offset in UTF-8.
func marked(_ text: String) -> (line: String, cursor: Int) {
  let parts = text.split(separator: "‸", maxSplits: 1, omittingEmptySubsequences: false)
  return (parts.joined(), parts[0].utf8.count)
}
