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
    "the cursor's row is found whatever wraps",
    arguments: [
      ("‸", 6, 80, 0), ("abc‸", 6, 10, 0), ("abcd‸", 6, 10, 1), ("abcdefgh‸ij", 6, 10, 1), ("ab\ncd‸", 6, 80, 1),
      ("abcdefghijklmnop‸", 6, 10, 2), ("abc日‸", 6, 10, 1), ("‸", 25, 10, 2), ("x‸", 0, 0, 1),
    ])
  func cursorRow(_ text: String, _ promptWidth: Int, _ columns: Int, _ row: Int) {
    #expect(edited(text).cursorRow(promptWidth: promptWidth, columns: columns) == row)
  }
}
