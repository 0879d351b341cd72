// Whether the cursor stands where a question mark is text: inside a quoted string or a comment.

/// What the end of a text lies in.
enum QuoteState: Equatable {
  case outside, singleQuoted, doubleQuoted, comment

  /// Scans the last line of a text: strings do not run over a line's end.
  ///
  /// `''` in a single-quoted string is one quote; in a double-quoted one a backslash takes the next character with it.
  init(atEndOf text: String) {
    var state = QuoteState.outside
    var previous: Unicode.Scalar = " "
    var escaped = false
    for scalar in text.unicodeScalars {
      defer { previous = scalar }
      if scalar == "\n" {
        state = .outside
        continue
      }
      switch state {
      case .outside: state = Self.opened(by: scalar, after: previous)
      case .singleQuoted: if scalar == "'" { state = .outside }
      case .doubleQuoted where escaped: escaped = false
      case .doubleQuoted where scalar == "\\": escaped = true
      case .doubleQuoted: if scalar == "\"" { state = .outside }
      case .comment: break
      }
    }
    self = state
  }

  private static func opened(by scalar: Unicode.Scalar, after previous: Unicode.Scalar) -> QuoteState {
    switch scalar {
    case "'": .singleQuoted
    case "\"": .doubleQuoted
    case "#" where " \t\n;|,([".unicodeScalars.contains(previous): .comment
    default: .outside
    }
  }
}
