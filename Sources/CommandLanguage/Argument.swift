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

  /// A list stands as a list of literals, as it would if it were typed.
  private static func content(of value: Value, at span: SourceSpan) -> Content {
    guard case .list(let items) = value else { return .literal(value) }
    return .list(items.map { Argument(content(of: $0, at: span), text: $0.display, isQuoted: true, span: span) })
  }

  /// The same with its variables replaced by their values.
  package func resolved(with variables: Variables) throws(EvaluationError) -> Argument {
    var resolved = self
    switch content {
    case .literal: return self
    case .variable(let path):
      let value = try variables.value(of: path)
      resolved.content = Self.content(of: value, at: span)
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
  /// What `for … in $name` goes through, for variables that hold rows.
  package var rows: [String: Rows]

  package init(
    values: [String: Value] = [:], records: [String: [String: Value]] = [:], rows: [String: Rows] = [:]
  ) {
    self.values = values
    self.records = records
    self.rows = rows
  }

  func value(of path: VariablePath) throws(EvaluationError) -> Value {
    guard let field = path.fields.first else {
      if let value = values[path.name] { return value }
      throw EvaluationError(.unknownVariable, "there is no variable \(path)")
    }
    if path.fields.count == 1, let found = records[path.name]?[field] { return found }
    let known = records[path.name]?.keys.sorted() ?? []
    throw EvaluationError(
      .unknownField, "$\(path.name) has no field \(path.fields.joined(separator: "."))",
      hint: nearest(field, among: known).map { "did you mean $\(path.name).\($0)?" }
        ?? (known.isEmpty ? "it holds one value" : "it has \(Finding.alternatives(known))"))
  }

  /// These and others; of the same name the others.
  package func joined(with others: Variables) -> Variables {
    Variables(
      values: values.merging(others.values) { $1 }, records: records.merging(others.records) { $1 },
      rows: rows.merging(others.rows) { $1 })
  }

  /// What they are, for the check of a text that begins with them.
  package var shapes: [String: VariableShape] {
    var shapes = values.mapValues { VariableShape.value($0.type) }
    for (name, fields) in records {
      shapes[name] = .record(fields.map { Column($0.key, type: $0.value.type ?? .text) }.sorted { $0.name < $1.name })
    }
    for (name, rows) in rows { shapes[name] = .rows(rows.columns, subject: rows.subject) }
    return shapes
  }

  // MARK: - Giving names

  mutating func bind(_ name: String, to value: Value) {
    forget(name)
    values[name] = value
  }

  /// One row: by itself it stands for what names it.
  mutating func bind(_ name: String, to row: [Value], of rows: Rows) {
    forget(name)
    values[name] = rows.name(of: row)
    records[name] = rows.fields(of: row)
  }

  mutating func bind(_ name: String, to rows: Rows) {
    forget(name)
    values[name] = .list(rows.rows.map(rows.name(of:)))
    self.rows[name] = rows
  }

  mutating func bind(_ name: String, to error: CaughtError) {
    forget(name)
    values[name] = .text(error.message)
    records[name] = error.fields
  }

  private mutating func forget(_ name: String) {
    values[name] = nil
    records[name] = nil
    rows[name] = nil
  }
}
