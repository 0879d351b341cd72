// One value of an Autotask record: what a field's type makes of JSON, and how it is compared and written.

import Foundation

/// A value in a record.
enum AutotaskValue: Sendable, Equatable {
  case null
  case int(Int)
  case decimal(Double)
  case text(String)
  case flag(Bool)
  /// Milliseconds since 1970.
  case instant(Int)

  init(_ text: String?) { self = text.map { .text($0) } ?? .null }
  init(_ number: Int?) { self = number.map { .int($0) } ?? .null }

  var int: Int? { if case .int(let value) = self { value } else { nil } }
  var text: String? { if case .text(let value) = self { value } else { nil } }
  var flag: Bool? { if case .flag(let value) = self { value } else { nil } }
  var instant: Int? { if case .instant(let value) = self { value } else { nil } }

  /// Null and the empty text are used interchangeably in the vendor's data.
  var isBlank: Bool { self == .null || self == .text("") }

  /// On for a contact's 1 as for a company's true.
  var isOn: Bool { self == .int(1) || self == .flag(true) }

  private var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .decimal(let value): value
    default: nil
    }
  }

  /// Texts are compared without regard to case, as the collation of the vendor's database does.
  func equals(_ other: AutotaskValue) -> Bool {
    switch (self, other) {
    case (.text(let left), .text(let right)):
      // Lengths and `strcasecmp` decide nearly all rows without a loop in Swift; only letters outside ASCII need the rest.
      guard left.utf8.count == right.utf8.count else { return false }
      return strcasecmp(left, right) == 0 || left.lowercased() == right.lowercased()
    case (.int(let left), .int(let right)): return left == right
    case (.int, .decimal), (.decimal, .int), (.decimal, .decimal): return number == other.number
    default: return self == other
    }
  }

  /// Which comes first; `nil` where the two cannot be ordered.
  func precedes(_ other: AutotaskValue) -> Bool? {
    switch (self, other) {
    case (.instant(let left), .instant(let right)), (.int(let left), .int(let right)): return left < right
    case (.text(let left), .text(let right)): return left.lowercased() < right.lowercased()
    case (.flag(let left), .flag(let right)): return !left && right
    default:
      guard let left = number, let right = other.number else { return nil }
      return left < right
    }
  }

  var json: JSON {
    switch self {
    case .null: .null
    case .int(let value): .int(value)
    case .decimal(let value): .double(value)
    case .text(let value): .string(value)
    case .flag(let value): .bool(value)
    case .instant(let value): .string(AutotaskInstant.text(value))
    }
  }

  /// Appends the value as JSON text, without making a JSON value first.
  func write(into out: inout String) {
    switch self {
    case .null: out += "null"
    case .int(let value): out += value.description
    case .flag(let value): out += value ? "true" : "false"
    case .instant(let value):
      out += "\""
      out += AutotaskInstant.text(value)
      out += "\""
    case .text, .decimal: json.write(into: &out)
    }
  }
}

/// Instants as Autotask writes them: UTC, with a fraction only where there is one.
enum AutotaskInstant {
  static func milliseconds(_ date: Date) -> Int {
    Int(exactly: (date.timeIntervalSince1970 * 1000).rounded(.down)) ?? 0
  }

  /// `2012-05-25T15:14:29.033Z`
  static func text(_ milliseconds: Int) -> String {
    let fraction = ((milliseconds % 1000) + 1000) % 1000
    let whole = Instant.text((milliseconds - fraction) / 1000)
    guard fraction > 0 else { return whole }
    var digits = String(fraction + 1000).dropFirst()
    while digits.hasSuffix("0") { digits.removeLast() }
    return whole.dropLast() + "." + digits + "Z"
  }

  /// `Mon, 05 Jan 2026 10:11:12 GMT`, as the header `Retry-After` may have it.
  static func httpDate(_ seconds: Int) -> String {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let text = Instant.text(seconds)
    let date = text.prefix(10).split(separator: "-")
    guard date.count == 3, let month = Int(date[1]), months.indices.contains(month - 1) else { return text }
    let day = ((seconds / 86_400) % 7 + 7) % 7
    return "\(days[day]), \(date[2]) \(months[month - 1]) \(date[0]) \(text.dropFirst(11).prefix(8)) GMT"
  }
}

// MARK: - Reading what a client writes

extension AutotaskValue {
  /// Reads a value that is to be stored in a field.
  ///
  /// - Throws: the text that the vendor answers, which for a value of the wrong type is its database's own.
  init(storing json: JSON, in field: AutotaskField) throws(AutotaskRefusal) {
    func mismatch(_ type: String) -> AutotaskRefusal {
      .invalid(
        "Conversion failed when converting the varchar value '\(json.text ?? json.encoded)' to data type \(type).")
    }
    switch (field.kind, json) {
    case (_, .null): self = .null
    case (.string, .string(let text)): self = .text(text)
    case (.string, .int), (.string, .double): self = .text(json.encoded)
    case (.integer, _):
      guard let value = json.whole, Int(Int32(clamping: value)) == value else { throw mismatch("int") }
      self = .int(value)
    case (.long, _):
      guard let value = json.whole else { throw mismatch("bigint") }
      self = .int(value)
    case (.decimal, _):
      guard let value = json.number else { throw mismatch("decimal") }
      self = .decimal(value)
    case (.boolean, .bool(let value)): self = .flag(value)
    case (.boolean, _): throw mismatch("bit")
    case (.datetime, .string(let text)):
      guard let date = Instant.date(text), abs(date.timeIntervalSince1970) < 1e11 else { throw mismatch("datetime") }
      self = .instant(AutotaskInstant.milliseconds(date))
    case (.datetime, _): throw mismatch("datetime")
    case (.string, _): throw mismatch("nvarchar")
    }
  }
}
