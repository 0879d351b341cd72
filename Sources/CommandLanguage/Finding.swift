// What is wrong with a text, found before anything of it runs.

/// One finding of the lexer, the parser or the checker.
package struct Finding: Hashable, Sendable {
  /// Where the trouble stands.
  package var span: SourceSpan
  /// What is wrong, as the beginning of a sentence without its full stop.
  package var message: String
  /// What could have stood there: keywords as they are written, slots in capitals.
  package var expected: [String]
  /// The name that was probably meant.
  package var suggestion: String?
  /// What to type instead.
  package var fix: String?
  /// Whether the text under the span must not be shown again, since it may be a secret.
  package var conceals: Bool
  /// Whether it is only that the text breaks off: no fault of a text that is still being typed.
  package var isUnfinished: Bool

  package init(
    _ message: String, at span: SourceSpan, expected: [String] = [], suggestion: String? = nil, fix: String? = nil,
    conceals: Bool = false, isUnfinished: Bool = false
  ) {
    self.span = span
    self.message = message
    self.expected = expected
    self.suggestion = suggestion
    self.fix = fix
    self.conceals = conceals
    self.isUnfinished = isUnfinished
  }

  /// The whole finding on one line: what is wrong, what was meant or expected, what to do.
  package var sentence: String {
    var sentence = message
    if let suggestion {
      sentence += "; did you mean \(suggestion)?"
    } else if !expected.isEmpty {
      sentence += "; expected \(Self.alternatives(expected))"
    }
    if let fix { sentence += sentence.hasSuffix("?") ? " \(fix)" : "; \(fix)" }
    return sentence
  }

  /// "a", "a or b", "a, b or c"; a long list is cut.
  static func alternatives(_ words: [String], limit: Int = 12) -> String {
    if words.count > limit { return words.prefix(limit).joined(separator: ", ") + ", …" }
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}
