import Testing

@testable import LineEditing

@Suite("Ctrl-R")
struct HistorySearchTests {
  private static let lines = [
    HistoryMatch(line: "sync acme", age: "3 h ago", company: "acme", succeeded: false),
    HistoryMatch(line: "show people", age: "5 h ago", company: "", succeeded: true),
    HistoryMatch(line: "sync ACORN dry", age: "2 d ago", company: "acorn", succeeded: true),
  ]

  private func search(_ text: String = "") -> HistorySearch {
    HistorySearch(text: text) { query in
      Self.lines.filter { match in
        let isOf = query.scope != .company || match.company == "acme"
        return isOf && (query.scope != .succeeded || match.succeeded)
          && (query.text.isEmpty || match.line.lowercased().contains(query.text.lowercased()))
      }
    }
  }

  @Test("letters narrow it, the arrows choose, Enter takes the chosen line")
  func taking() {
    var search = search("")
    for letter in "syn".unicodeScalars { #expect(search.take(.text(letter)) == .changed) }
    #expect(search.matches.map(\.line) == ["sync acme", "sync ACORN dry"])
    #expect(search.take(.down) == .changed)
    #expect(search.take(.down) == .nothing)
    #expect(search.take(.control("M")) == .taken("sync ACORN dry"))
    #expect(search.take(.control("H")) == .changed)
    #expect(search.query.text == "sy")
  }

  @Test("Tab goes from everything to what is in use to what ended well", arguments: [(0, 3), (1, 1), (2, 2), (3, 3)])
  func scopes(_ presses: Int, _ count: Int) {
    var search = search("")
    for _ in 0..<presses { _ = search.take(.control("I")) }
    #expect(search.matches.count == count)
  }

  @Test(
    "nothing is taken where nothing was found, and Esc, ^G and ^C leave",
    arguments: [KeyStroke.escape, .control("G"), .control("C")])
  func leaving(_ key: KeyStroke) {
    var search = search("zzz")
    #expect(search.take(.control("M")) == .nothing)
    #expect(search.take(key) == .left)
    #expect(
      search.rows(columns: 60, most: 5, colors: false, unicode: true).last == "  no line of the history holds that")
  }

  @Test("the rows show age, ending and company, and fit")
  func rows() {
    let rows = search("SYNC").rows(columns: 44, most: 5, colors: false, unicode: true)
    #expect(
      rows == [
        "history: SYNC_   [everything]  Tab narrows,…", "› 3 h ago ! sync acme  acme",
        "  2 d ago  sync ACORN dry  acorn",
      ])
  }

  @Test("what was looked for is marked, whatever its case")
  func marked() {
    let rows = search("acorn").rows(columns: 80, most: 5, colors: true, unicode: true)
    #expect(rows[1].contains("sync \u{1B}[4;33mACORN\u{1B}[0;1m dry"))
  }

  @Test("the chosen line stays in view")
  func scrolling() {
    var search = search("")
    _ = search.take(.down)
    _ = search.take(.down)
    let rows = search.rows(columns: 80, most: 2, colors: false, unicode: false)
    #expect(rows.dropFirst().map { $0.prefix(1) } == [" ", ">"])
    #expect(rows.last?.contains("ACORN") == true)
  }
}
