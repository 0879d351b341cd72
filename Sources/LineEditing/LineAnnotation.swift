// What is shown with a line while it is typed: inks for its words, a hint behind it, notes below it.

/// What the language's side says about a line as it stands.
package struct LineAnnotation: Sendable, Equatable {
  /// How a part of the line or of a note is shown.
  package enum Ink: Sendable, Equatable, CaseIterable {
    case plain, verb, keyword, name, field, text, number, variable, comment, wrong
    /// Notes and hints.
    case dim

    /// The numbers of the escape sequence, after a reset; `nil` for plain text.
    var codes: String? {
      switch self {
      case .plain, .keyword: nil
      case .verb: "1"
      case .name: "36"
      case .field: "34"
      case .text: "33"
      case .number: "35"
      case .variable: "32"
      case .comment, .dim: "2"
      case .wrong: "31"
      }
    }
  }

  /// A part of the line, counted in UTF-8.
  package struct Span: Sendable, Equatable {
    package var range: Range<Int>
    package var ink: Ink

    package init(_ range: Range<Int>, _ ink: Ink) {
      self.range = range
      self.ink = ink
    }
  }

  /// What could stand behind the line.
  package enum Hint: Sendable, Equatable {
    /// The rest of a line: the right arrow at its end takes it.
    case rest(String)
    /// What kind of word is wanted; nothing to take.
    case wanted(String)

    var text: String {
      switch self {
      case .rest(let text), .wanted(let text): text
      }
    }
  }

  /// A row below the line.
  package struct Note: Sendable, Equatable {
    package var text: String
    package var ink: Ink

    package init(_ text: String, _ ink: Ink = .dim) {
      self.text = text
      self.ink = ink
    }
  }

  /// In the order of the line, without overlaps; what lies between them is plain.
  package var spans: [Span]
  package var hint: Hint?
  package var notes: [Note]

  package init(spans: [Span] = [], hint: Hint? = nil, notes: [Note] = []) {
    self.spans = spans
    self.hint = hint
    self.notes = notes
  }

  /// Nothing to show.
  package static let none = LineAnnotation()
}
