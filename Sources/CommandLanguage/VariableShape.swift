// What is known of a variable before anything runs.

/// What a variable will hold, as far as the text says it.
package enum VariableShape: Hashable, Sendable {
  /// One value; of this type where that is known.
  case value(ValueType?)
  /// One row, with these fields; nil where they are only known when it is there.
  case record([Column]?)
  /// Rows, to go through with `for`.
  case rows([Column]?, subject: String?)
  /// Any of these: what the command gives is only known when it has run.
  case anything

  /// An error that was caught, with the fields that it is asked for.
  static let error = VariableShape.record(CaughtError.columns)

  /// What each round of a `for` over it gives.
  var element: VariableShape {
    switch self {
    case .rows(let columns, _): .record(columns)
    case .value, .record, .anything: .anything
    }
  }

  /// In a word or two: "count", "a record", "rows of people".
  var words: String {
    switch self {
    case .value(let type): type?.rawValue ?? ""
    case .record: "a record"
    case .rows(_, let subject): subject.map { "rows of \($0)" } ?? "rows"
    case .anything: ""
    }
  }

  /// The names that it may be asked for after a point; nil where they are not known.
  var fields: [Column]? {
    switch self {
    case .record(let columns): columns
    case .value, .rows: []
    case .anything: nil
    }
  }
}

extension Parameter.Kind {
  var valueType: ValueType? {
    switch self {
    case .text, .company, .connection, .sync, .field, .file: .text
    case .number: .number
    case .count: .count
    case .duration: .duration
    // It is read where it is used: a day, an hour, a run.
    case .date: nil
    case .flag: .flag
    }
  }
}

/// An error as `on error e` gives it.
package struct CaughtError: Error, Hashable, Sendable {
  /// The exit code that the script would have ended with.
  package var code: Int
  package var message: String
  package var hint: String?
  /// Counted from 1.
  package var line: Int

  package init(code: Int, message: String, hint: String?, line: Int = 0) {
    self.code = code
    self.message = message
    self.hint = hint
    self.line = line
  }

  static let columns = [
    Column("code", type: .count, help: "the exit code that the script would have ended with"),
    Column("message", help: "what went wrong"), Column("line", type: .count, help: "the line of the script"),
    Column("hint", help: "what to do about it"),
  ]

  var fields: [String: Value] {
    ["code": .count(code), "message": .text(message), "line": .count(line), "hint": .text(orBlank: hint)]
  }
}
