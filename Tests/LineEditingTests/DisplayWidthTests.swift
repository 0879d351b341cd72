import LineEditing
import Testing

@Suite("Columns of a text")
struct DisplayWidthTests {
  @Test(
    "a text takes the columns that a terminal gives it",
    arguments: [
      ("", 0), ("plain", 5), ("zażółć", 6), ("e\u{301}", 1), ("日本語", 6), ("ｆｕｌｌ", 8), ("한글", 4),
      ("😀", 2), ("👩‍👩‍👧", 2), ("🇵🇱", 2), ("1️⃣", 2), ("❤️", 2), ("❤", 1), ("a\u{200D}b", 2), ("½", 1), ("→", 1),
      ("\u{AD}", 0), ("נֹ", 1), ("ไทย", 3), ("⚡", 2), ("𠀀", 2),
    ])
  func width(_ text: String, _ columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
  }

  @Test(
    "a text is cut between characters, with an ellipsis in the width",
    arguments: [
      ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("abc", 1, "…"),
      ("abc", 0, ""), ("e\u{301}ab", 2, "e\u{301}…"), ("👩‍👩‍👧xyz", 4, "👩‍👩‍👧x…"), ("", 0, ""),
    ])
  func truncating(_ text: String, _ columns: Int, _ result: String) {
    #expect(DisplayWidth.truncating(text, to: columns) == result)
  }

  @Test(
    "a text is filled to a width on the side asked for",
    arguments: [
      ("ab", 4, DisplayWidth.Alignment.left, "ab  "), ("ab", 4, .right, "  ab"), ("日", 3, .left, "日 "),
      ("abc", 2, .left, "abc"), ("x", -3, .right, "x"),
    ])
  func padding(_ text: String, _ columns: Int, _ alignment: DisplayWidth.Alignment, _ result: String) {
    #expect(DisplayWidth.padding(text, to: columns, alignment: alignment) == result)
  }
}
