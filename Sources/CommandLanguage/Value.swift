// The values that commands return and conditions compare.

package import Foundation

/// What kind of values a column, a setting or a slot holds.
package enum ValueType: String, Hashable, Sendable, CaseIterable {
  case text, number, count, flag, duration, date, list

  /// One line: how a value of it is written.
  package var help: String {
    switch self {
    case .text: "a text; in quotes where it has blanks"
    case .number: "a number"
    case .count: "a whole number"
    case .flag: "on or off"
    case .duration: "a time span: 30s, 20m, 6h or 7d"
    case .date: "a date, a word such as today, a time span ago (2h) or a run (r33)"
    case .list: "one of the texts in it"
    }
  }
}

/// One value of a row, a variable or an argument.
package enum Value: Hashable, Sendable {
  case text(String)
  case number(Double)
  case flag(Bool)
  case duration(Duration)
  case date(Date)
  case list([Value])
  /// A text too, and compared as one; what stood and what would stand, field by field.
  case differences([Difference])
  case blank

  /// A whole number.
  package static func count(_ count: Int) -> Value { .number(Double(count)) }

  /// The text, or blank where there is none.
  package static func text(orBlank text: String?) -> Value { text.map(Value.text) ?? .blank }

  /// nil for what is blank.
  var type: ValueType? {
    switch self {
    case .text, .differences: .text
    case .number: .number
    case .flag: .flag
    case .duration: .duration
    case .date: .date
    case .list: .list
    case .blank: nil
    }
  }

  /// Whether there is nothing: no value, no text but white space, or an empty list.
  package var isBlank: Bool {
    switch self {
    case .blank: true
    case .text(let text): text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    case .list(let values): values.isEmpty
    case .differences(let differences): differences.isEmpty
    case .number, .flag, .duration, .date: false
    }
  }

  /// The value as plain text, one way on every machine: flags as `on` and `off`, durations as `1h 30m`, instants in UTC,
  /// lists with commas.
  package var display: String {
    switch self {
    case .text(let text): text
    case .number(let number): Self.written(number)
    case .flag(let flag): flag ? "on" : "off"
    case .duration(let duration): Self.written(duration)
    case .date(let date): date.formatted(.iso8601)
    case .list(let values): values.map(\.display).joined(separator: ", ")
    case .differences(let differences): differences.map(\.words).joined(separator: "; ")
    case .blank: ""
    }
  }

  /// The value as conditions and sorting see it.
  var compared: Value {
    if case .differences = self { .text(display) } else { self }
  }

  private static func written(_ number: Double) -> String {
    if let whole = Int(exactly: number) { return String(whole) }
    return String(number)
  }

  private static func written(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 60 else {
      let fraction = Double(seconds) + Double(attoseconds) / 1e18
      return attoseconds == 0 ? "\(seconds)s" : "\(written((fraction * 1000).rounded() / 1000))s"
    }
    let parts = [(seconds / 86400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
    return parts.filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }.joined(separator: " ")
  }
}
