/// The named values of a record, and what it means for two of them to be equal.
import Foundation

/// The name of a field as typed and shown: lower case with dashes, `last-name`.
package struct FieldName: TextID {
  package let rawValue: String
  package init(_ rawValue: String) { self.rawValue = rawValue }
}

extension FieldName {
  /// Among the values of a create: the state in which the record is made, `inactive`; without it, active.
  package static let state: FieldName = "state"
  /// Among the values of a create: `yes`, where the system is to invite the new record's person at once.
  package static let invite: FieldName = "invite"
  /// Among the values of a create: the profile, by name or id, that a new record is given.
  package static let profile: FieldName = "profile"
}

/// One value as a system gave it. `null` was said by the system; a value that was not said has no key at all.
package enum FieldValue: Hashable, Sendable {
  case null
  case text(String)
  case list([String])
  case flag(Bool)

  /// Null, empty, or only white space. A flag is never blank.
  package var isBlank: Bool {
    switch self {
    case .null: true
    case .text(let text): text.isBlank
    case .list(let items): items.allSatisfy(\.isBlank)
    case .flag: false
    }
  }

  package var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  package var items: [String]? {
    if case .list(let items) = self { items } else { nil }
  }

  package var flag: Bool? {
    if case .flag(let flag) = self { flag } else { nil }
  }

  /// The value as a person reads it; blank values give an empty text.
  package var displayed: String {
    switch self {
    case .null: ""
    case .text(let text): text
    case .list(let items): items.joined(separator: ", ")
    case .flag(let flag): flag ? "yes" : "no"
    }
  }
}

/// In JSON a field value is the plain value: `null`, a string, an array of strings, a boolean.
extension FieldValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else {
      self = .list(try container.decode([String].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .text(let text): try container.encode(text)
    case .list(let items): try container.encode(items)
    case .flag(let flag): try container.encode(flag)
    }
  }
}

/// The fields of one record by name; a name that is missing says nothing.
package struct FieldValues: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  private var values: [FieldName: FieldValue]

  package init(_ values: [FieldName: FieldValue] = [:]) { self.values = values }
  package init(dictionaryLiteral elements: (FieldName, FieldValue)...) {
    values = Dictionary(elements) { _, last in last }
  }

  package subscript(name: FieldName) -> FieldValue? {
    get { values[name] }
    set { values[name] = newValue }
  }

  package var isEmpty: Bool { values.isEmpty }
  package var count: Int { values.count }
  /// The names that were said, in alphabetical order.
  package var names: [FieldName] { values.keys.sorted() }
  /// The values in the alphabetical order of their names.
  package var sorted: [(name: FieldName, value: FieldValue)] {
    values.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
  }

  /// These values, replaced where `newer` says something.
  package func merging(_ newer: FieldValues) -> FieldValues {
    FieldValues(values.merging(newer.values) { _, new in new })
  }

  package func filter(_ isIncluded: (FieldName) -> Bool) -> FieldValues {
    FieldValues(values.filter { isIncluded($0.key) })
  }

  package func text(_ name: FieldName) -> String? { values[name]?.text }
  package func flag(_ name: FieldName) -> Bool? { values[name]?.flag }
  package func items(_ name: FieldName) -> [String]? { values[name]?.items }
}

extension FieldValues: Codable {
  package init(from decoder: any Decoder) throws {
    let plain = try decoder.singleValueContainer().decode([String: FieldValue].self)
    values = Dictionary(plain.map { (FieldName($0.key), $0.value) }) { _, last in last }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Dictionary(values.map { ($0.key.rawValue, $0.value) }) { _, last in last })
  }
}

/// How two values of one field are compared. Texts are trimmed and brought to Unicode NFC first, except by `identical`.
package enum ComparisonRule: String, Sendable, Codable {
  /// Letter by letter and blank by blank, not even trimmed.
  case identical
  /// Exactly, letter by letter.
  case exact
  /// E-mail addresses: without regard to case.
  case email
  /// Telephone numbers: their digits and a leading `+`; every other sign is layout.
  case phone
  /// Telephone numbers of a system that keeps nothing but the digits.
  case phoneDigits
  /// A list whose order does not matter, each item by the e-mail rule.
  case emailSet

  /// What is compared: two values are equal under the rule when their keys are.
  package func key(_ value: FieldValue) -> String {
    switch value {
    case .null: ""
    case .flag(let flag): flag ? "true" : "false"
    case .text(let text): key(text)
    case .list(let items):
      self == .emailSet
        ? Set(items.map(key)).sorted().joined(separator: "\u{1f}") : items.map(key).joined(separator: "\u{1f}")
    }
  }

  package func key(_ text: String) -> String {
    let trimmed = text.trimmedNFC
    switch self {
    case .identical: return text
    case .exact: return trimmed
    case .email, .emailSet: return trimmed.lowercased()
    case .phone, .phoneDigits:
      let digits = String(trimmed.unicodeScalars.filter { ("0"..."9").contains($0) })
      // A text with no digit at all ("ext. desk") has only itself to be compared by.
      guard !digits.isEmpty else { return trimmed }
      return self == .phone && trimmed.hasPrefix("+") ? "+" + digits : digits
    }
  }

  package func areEqual(_ left: FieldValue, _ right: FieldValue) -> Bool { key(left) == key(right) }
}

extension String {
  /// Whether there is nothing but white space.
  package var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }

  /// Without white space around it, in Unicode normal form C.
  package var trimmedNFC: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    let trimmed = String(scalars[first...last])
    return trimmed.utf8.allSatisfy { $0 < 0x80 } ? trimmed : trimmed.precomposedStringWithCanonicalMapping
  }
}
