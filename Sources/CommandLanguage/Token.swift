// The smallest pieces of the language.

/// `$name` or `$name.field`: a variable, and the field wanted of it.
package struct VariablePath: Hashable, Sendable, CustomStringConvertible {
  package var name: String
  package var fields: [String]

  package init(name: String, fields: [String] = []) {
    self.name = name
    self.fields = fields
  }

  package var description: String { "$" + ([name] + fields).joined(separator: ".") }
}

/// A piece of a `"…"` string: text as it stands, or a variable to be put there.
package enum StringPart: Hashable, Sendable {
  case text(String)
  case variable(VariablePath, SourceSpan)
}

/// One token with its place. `text` is what it says: a word as typed, a string without its quotes.
package struct Token: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case word
    case string([StringPart])
    case number(Double)
    case duration(Duration)
    case variable(VariablePath)
    /// `.name`: a field of the same row.
    case field
    case mark(Mark)
    /// A newline or `;` that ends a statement.
    case lineEnd
    /// The end of the text.
    case end
    /// Where the cursor stands while completing; nothing matches it.
    case cursor
    /// Something that could not be read and is reported already.
    case unreadable
  }

  package enum Mark: String, Hashable, Sendable, CaseIterable {
    case bar = "|"
    case comma = ","
    case equals = "="
    case colon = ":"
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  package var kind: Kind
  package var text: String
  package var span: SourceSpan

  package init(_ kind: Kind, _ text: String, _ span: SourceSpan) {
    self.kind = kind
    self.text = text
    self.span = span
  }

  /// Whether this is exactly the unquoted word.
  func isWord(_ word: String) -> Bool { kind == .word && text == word }

  func isMark(_ mark: Mark) -> Bool { kind == .mark(mark) }

  /// Whether a statement ends before this token.
  var endsStatement: Bool { kind == .lineEnd || kind == .end }
}
