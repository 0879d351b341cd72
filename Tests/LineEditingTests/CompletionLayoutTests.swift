import LineEditing
import Testing

@Suite("How candidates are listed")
struct CompletionLayoutTests {
  private static let companies = [
    Candidate(
      text: "acme", description: "Acme Dental", detail: "214 people   last run 3 h ago, 2 failed"),
    Candidate(text: "acorn", description: "Acorn Freight", detail: " 61 people   no sync"),
  ]

  private func listing(_ candidates: [Candidate], _ columns: Int, rows: Int = 20, unicode: Bool = true) -> [String] {
    CompletionLayout.rows(for: candidates, columns: columns, rows: rows, unicode: unicode).map(\.text)
  }

  @Test("labels, descriptions and facts stand in columns")
  func columns() {
    #expect(
      listing(Self.companies, 80) == [
        "  acme    Acme Dental     214 people   last run 3 h ago, 2 failed",
        "  acorn   Acorn Freight    61 people   no sync",
      ])
  }

  @Test("facts give way first, then descriptions")
  func narrow() {
    #expect(
      listing(Self.companies, 36) == ["  acme    Acme Dental     214 peopl…", "  acorn   Acorn Freight    61 peopl…"])
    #expect(listing(Self.companies, 20) == ["  acme    Acme Dent…", "  acorn   Acorn Fre…"])
  }

  @Test("no row is wider than the terminal", arguments: [8, 12, 20, 33, 80])
  func fits(_ columns: Int) {
    let wide = Candidate(
      text: "日本語の会社名がここにある", description: "Zażółć gęślą jaźń", detail: "👩‍👩‍👧 family of three and more")
    for row in listing(Self.companies + [wide], columns) { #expect(DisplayWidth.of(row) <= columns) }
  }

  @Test("wide characters are counted as two columns")
  func wideCharacters() {
    let rows = listing([Candidate(text: "日本", description: "a"), Candidate(text: "abcde", description: "b")], 40)
    #expect(rows == ["  日本    a", "  abcde   b"])
  }

  @Test("what does not fit the screen is counted", arguments: [(60, 21, 40), (3, 3, 0), (4, 3, 2), (5, 0, 4)])
  func truncated(_ count: Int, _ rows: Int, _ more: Int) {
    let listed = listing(candidates((0..<count).map { "thing-\($0)" }), 40, rows: rows)
    #expect(listed.count == (more == 0 ? count : count - more + 1))
    #expect((listed.last == "  … \(more) more") == (more > 0))
  }

  @Test("G23 control characters are shown and never sent")
  func control() {
    #expect(listing([Candidate(text: "a", description: "\u{1B}[2Jx\ny")], 40) == ["  a   ␛[2Jx⏎y"])
  }

  @Test("without Unicode only ASCII is listed")
  func ascii() {
    let rows = listing(
      [Candidate(text: "zażółć"), Candidate(text: "b\u{7}"), Candidate(text: "c")], 40, rows: 2, unicode: false)
    #expect(rows == ["  za????", "  ... 2 more"])
  }

  @Test(
    "the common prefix is what all begin with",
    arguments: [
      (["acme", "acorn"], "ac"), (["acme"], "acme"), (["acme", "acme"], "acme"), (["a", "b"], ""), ([], ""),
      (["\"Acme A\"", "\"Acme B\""], "\"Acme "), (["éa", "éb"], "é"),
    ] as [([String], String)])
  func commonPrefix(_ texts: [String], _ prefix: String) {
    #expect(CompletionLayout.commonPrefix(of: texts) == prefix)
  }
}
