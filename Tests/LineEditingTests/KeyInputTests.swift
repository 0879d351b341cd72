import Testing

@testable import LineEditing

@Suite("Keys, before they are a line")
struct KeyInputTests {
  @Test(
    "bytes become scalars as soon as they are whole, and what is no UTF-8 is dropped",
    arguments: [
      (Array("aé日😀".utf8), "aé日😀"), ([0xFF, 0x61], "a"), ([0xC5, 0x61], "a"), ([0xBC], ""), ([0xC0, 0x80], ""),
      ([0xE0, 0x80, 0x80], ""), ([0xED, 0xA0, 0x80, 0x62], "b"), ([0xF4, 0x90, 0x80, 0x80], ""),
      ([0xE6, 0x97, 0xC3, 0xA9], "é"),
    ] as [([UInt8], String)])
  func decoding(_ bytes: [UInt8], _ text: String) {
    var accumulator = UTF8Accumulator()
    let scalars = bytes.compactMap { accumulator.take($0) }
    #expect(scalars == Array(text.unicodeScalars))
  }

  @Test(
    "a paste keeps its lines and loses what is no text",
    arguments: [
      ("a b", "a b"), ("a\r\nb\n", "a\nb"), ("a\rb", "a\nb"), ("a\n\rb", "a\nb"), ("a\n\nb", "a\n\nb"),
      ("a\r\r\nb", "a\n\nb"), ("a\tb", "a b"), ("\u{1B}[31mred\u{7}", "red"), ("x\u{202E}y", "xy"), ("\r\n", ""),
      ("~~", "~~"), ("👩‍👩‍👧", "👩‍👩‍👧"),
    ])
  func paste(_ sent: String, _ text: String) {
    var pasted = PastedText()
    let ends = (sent + "\u{1B}[201~").unicodeScalars.map { pasted.take($0) }
    #expect(ends.dropLast().allSatisfy { !$0 } && ends.last == true)
    #expect(Array(pasted.text.unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test(
    "a question mark asks outside quotes and comments only",
    arguments: [
      ("", QuoteState.outside), ("show ", .outside), ("say 'it", .singleQuoted), ("say 'it''", .singleQuoted),
      ("say 'it'", .outside), ("say \"a", .doubleQuoted), ("say \"a\\\"", .doubleQuoted), ("say \"a\\\\\"", .outside),
      ("say \"it's", .doubleQuoted), ("# wh", .comment), ("show # wh", .comment), ("p#1", .outside),
      ("say 'x\nshow", .outside), ("# a\nshow ", .outside), ("say '#", .singleQuoted),
    ])
  func quotes(_ text: String, _ state: QuoteState) {
    #expect(QuoteState(atEndOf: text) == state)
  }

  struct Answer: CustomTestStringConvertible {
    var keys: String
    var last: AnswerInput.Step
    var text: String
    var testDescription: String { keys.debugDescription }
  }

  @Test(
    "an answer is typed, corrected, accepted or given up",
    arguments: [
      Answer(keys: "y\r", last: .accepted, text: "y"), Answer(keys: "y\n", last: .accepted, text: "y"),
      Answer(keys: "no\u{7F}", last: .erased(columns: 1), text: "n"), Answer(keys: "\u{7F}", last: .nothing, text: ""),
      Answer(keys: "日\u{8}", last: .erased(columns: 2), text: ""),
      Answer(keys: "abc\u{15}", last: .erased(columns: 3), text: ""),
      Answer(keys: "ab\u{3}", last: .cancelled, text: "ab"),
      Answer(keys: "\u{4}", last: .cancelled, text: ""), Answer(keys: "a\u{4}", last: .nothing, text: "a"),
      Answer(keys: "a\u{1B}[A\u{1B}OBb", last: .typed("b"), text: "ab"),
      Answer(keys: "a\u{1B}[1;5C", last: .nothing, text: "a"),
      Answer(keys: "a\u{1B}\u{3}", last: .cancelled, text: "a"),
      Answer(keys: "a\u{1B}[\r", last: .accepted, text: "a"),
      Answer(keys: "e\u{301}", last: .typed("\u{301}"), text: "e\u{301}"),
    ])
  func answer(_ test: Answer) {
    var input = AnswerInput()
    let steps = test.keys.unicodeScalars.map { input.take($0) }
    #expect(steps.last == test.last)
    #expect(Array(input.text.unicodeScalars) == Array(test.text.unicodeScalars))
  }
}
