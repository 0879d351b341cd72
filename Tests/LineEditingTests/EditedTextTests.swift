import Testing

@testable import LineEditing

@Suite("The line as a value")
struct EditedTextTests {
  private func edited(_ text: String) -> EditedText {
    let (line, _) = marked(text)
    let before = text.prefix { $0 != "‸" }
    return EditedText(scalars: Array(line.unicodeScalars), cursor: before.unicodeScalars.count)
  }

  @Test("the cursor is counted in UTF-8", arguments: [("‸", 0), ("ab‸c", 2), ("ąę‸x", 4), ("日‸", 3), ("😀‸", 4)])
  func cursorOffset(_ text: String, _ offset: Int) {
    #expect(edited(text).cursorOffset == offset)
  }

  @Test("an offset in UTF-8 is a number of scalars", arguments: [(0, 0), (2, 1), (3, 2), (6, 3), (99, 4)])
  func scalarCount(_ offset: Int, _ count: Int) {
    #expect(edited("ąb日c‸").scalarCount(before: offset) == count)
  }

  @Test(
    "up and down keep the distance from the row's beginning, as far as the row goes",
    arguments: [
      ("one‸", nil, nil), ("one\ntwo‸", "one‸\ntwo", nil), ("long row\nab‸", "lo‸ng row\nab", nil),
      ("ab\nlong ro‸w", "ab‸\nlong row", nil), ("o‸ne\ntwo", nil, "one\nt‸wo"), ("one‸\n\ntwo", nil, "one\n‸\ntwo"),
      ("one\n‸\ntwo", "‸one\n\ntwo", "one\n\n‸two"),
    ] as [(String, String?, String?)])
  func rows(_ text: String, _ above: String?, _ below: String?) {
    let line = edited(text)
    #expect(line.cursorAbove == above.map { edited($0).cursor })
    #expect(line.cursorBelow == below.map { edited($0).cursor })
  }

  @Test(
    "a word ends where its letters and digits do",
    arguments: [("a‸b cd", 2), ("ab‸ cd", 5), ("ab cd‸", 5), ("‸ p12/7", 4)])
  func words(_ text: String, _ end: Int) {
    #expect(edited(text).nextWordEnd == end)
  }
}
