import LineEditing
import Testing

@Suite("Text from outside, made visible")
struct VisibleTextTests {
  @Test(
    "G23 nothing that a terminal obeys gets through",
    arguments: [
      ("plain zażółć 日本", "plain zażółć 日本"), ("\u{1B}[2J", "␛[2J"), ("a\nb", "a⏎b"), ("a\tb", "a␉b"), ("\0", "␀"),
      ("\u{7F}", "␡"), ("\u{9B}31m", "‹U+009B›31m"), ("\u{202E}cod", "‹U+202E›cod"), ("a\u{2066}b", "a‹U+2066›b"),
      ("a\u{200B}b", "a‹U+200B›b"), ("\u{FEFF}a", "‹U+FEFF›a"), ("\u{E0041}", "‹U+E0041›"), ("a\r\nb", "a␍⏎b"),
      ("👩‍👩‍👧", "👩‍👩‍👧"), ("\u{61C}", "‹U+061C›"), ("°", "°"), ("—", "—"),
    ])
  func replaced(_ text: String, _ shown: String) {
    #expect(Array(visible(text).unicodeScalars) == Array(shown.unicodeScalars))
  }

  @Test(
    "what is visible stays as it is when it is made visible again", arguments: ["\u{1B}x\n\u{202E}", "\u{85}\u{0}"])
  func stable(_ text: String) {
    #expect(visible(visible(text)) == visible(text))
  }

  @Test("newlines are kept where rows are wanted")
  func keptNewlines() {
    #expect(visible("a\nb\u{7}", newlines: .kept) == "a\nb␇")
  }

  @Test(
    "without Unicode the marks are ASCII",
    arguments: [("\u{1B}", "^["), ("\u{7F}", "^?"), ("\n", "^J"), ("\u{202E}", "<U+202E>")])
  func ascii(_ text: String, _ shown: String) {
    #expect(visible(text, unicode: false) == shown)
  }

  @Test("G23 no control character of the whole range gets through")
  func wholeRange() {
    for value in UInt32(0)...0x2FFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let shown = visible(String(scalar)).unicodeScalars
      #expect(shown.allSatisfy { $0.properties.generalCategory != .control }, "U+\(String(value, radix: 16))")
    }
  }
}
