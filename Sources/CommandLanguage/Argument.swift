// A value as it stands in a line.

/// A literal, a variable, or a text with variables in it, with its place.
package struct Argument: Hashable, Sendable {
  package indirect enum Content: Hashable, Sendable {
    case literal(Value)
    case variable(VariablePath)
    case interpolated([StringPart])
    case list([Argument])
  }

  package var content: Content
  /// What it says: the text without quotes, or the variable as typed.
  package var text: String
  /// Whether it stood in quotes.
  package var isQuoted: Bool
  /// The type of the slot that it fills; nil in conditions and for values of keys.
  package var type: SlotType?
  package var span: SourceSpan

  package init(_ content: Content, text: String, isQuoted: Bool = false, type: SlotType? = nil, span: SourceSpan) {
    self.content = content
    self.text = text
    self.isQuoted = isQuoted
    self.type = type
    self.span = span
  }

  /// The value, where no variable is needed to know it.
  package var value: Value? {
    switch content {
    case .literal(let value): return value
    case .variable, .interpolated: return nil
    case .list(let items):
      let values = items.compactMap(\.value)
      return values.count == items.count ? .list(values) : nil
    }
  }

  /// The literal text, or nil for variables and lists.
  package var literalText: String? {
    if case .literal = content { text } else { nil }
  }

  /// Every variable in it.
  package var variables: [(path: VariablePath, span: SourceSpan)] {
    switch content {
    case .literal: []
    case .variable(let path): [(path, span)]
    case .interpolated(let parts):
      parts.compactMap { part in
        if case .variable(let path, let span) = part { (path, span) } else { nil }
      }
    case .list(let items): items.flatMap(\.variables)
    }
  }

  /// The same with its variables replaced by their values.
  package func resolved(with variables: Variables) throws(EvaluationError) -> Argument {
    var resolved = self
    switch content {
    case .literal: return self
    case .variable(let path):
      let value = try variables.value(of: path)
      resolved.content = .literal(value)
      resolved.text = value.display
      resolved.isQuoted = true
    case .interpolated(let parts):
      var text = ""
      for part in parts {
        switch part {
        case .text(let piece): text += piece
        case .variable(let path, _): text += try variables.value(of: path).display
        }
      }
      resolved.content = .literal(.text(text))
      resolved.text = text
    case .list(let items):
      var values: [Argument] = []
      for item in items { values.append(try item.resolved(with: variables)) }
      resolved.content = .list(values)
    }
    return resolved
  }
}

/// The variables that can be seen.
package struct Variables: Hashable, Sendable {
  /// What `$name` is.
  package var values: [String: Value]
  /// What `$name.field` is, for variables that hold a record.
  package var records: [String: [String: Value]]

  package init(values: [String: Value] = [:], records: [String: [String: Value]] = [:]) {
    self.values = values
    self.records = records
  }

  func value(of path: VariablePath) throws(EvaluationError) -> Value {
    let found: Value? =
      switch path.fields.count {
      case 0: values[path.name]
      case 1: records[path.name]?[path.fields[0]]
      default: nil
      }
    guard let found else { throw EvaluationError(.unknownVariable, "there is no variable \(path)") }
    return found
  }
}
