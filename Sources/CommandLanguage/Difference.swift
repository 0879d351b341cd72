// What one field held and would hold: a text that a renderer also knows in its parts.

/// One field's old and new value; of a field that was not there before, the new one alone.
package struct Difference: Hashable, Sendable {
  /// A value on one side of the arrow.
  package enum Side: Hashable, Sendable {
    /// Nothing that could be seen.
    case blank
    /// A word of ours, such as a state or a flag: it stands without quotes.
    case word(String)
    /// A text from outside: quotes show the blanks at its ends.
    case text(String)

    package var words: String {
      switch self {
      case .blank: "‹blank›"
      case .word(let word): word
      case .text(let text): "\"\(text)\""
      }
    }
  }

  /// Empty where the value says by itself what it is of: "active → inactive".
  package var field: String
  package var old: Side?
  package var new: Side

  package init(_ field: String, from old: Side?, to new: Side) {
    self.field = field
    self.old = old
    self.new = new
  }

  /// `title "Clerk" → "Office manager"`
  package var words: String {
    let change = old.map { "\($0.words) → \(new.words)" } ?? new.words
    return field.isEmpty ? change : "\(field) \(change)"
  }
}
