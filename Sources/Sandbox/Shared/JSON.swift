// A small JSON value whose objects keep their order, with a reader and a writer quick enough for pages of a thousand rows.

import Foundation

/// Any JSON value.
///
/// Objects are lists of members, since the emulated vendors send their keys in an order and state dumps are sorted.
enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  /// One name and its value in an object.
  struct Member: Sendable, Equatable {
    var name: String
    var value: JSON
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .int(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member(name: $0.0, value: $0.1) })
  }
  init(nilLiteral: ()) { self = .null }

  /// How often each thing happened, by name.
  static func counts(_ counts: [String: Int]) -> JSON {
    .object(counts.map { Member(name: $0.key, value: .int($0.value)) })
  }
}

// MARK: - Looking inside

extension JSON {
  /// The value of an object's first member of that name; `nil` when there is none, or this is not an object.
  subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  var text: String? { if case .string(let value) = self { value } else { nil } }
  var flag: Bool? { if case .bool(let value) = self { value } else { nil } }
  var elements: [JSON]? { if case .array(let values) = self { values } else { nil } }
  var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  /// A whole number, also where it was written with a fraction of zero.
  var whole: Int? {
    switch self {
    case .int(let value): value
    case .double(let value): Int(exactly: value)
    default: nil
    }
  }

  var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// What kind of value this is, in the words of an error message.
  var kind: String {
    switch self {
    case .null: "Null"
    case .bool: "Boolean"
    case .int, .double: "Number"
    case .string: "String"
    case .array: "Array"
    case .object: "Object"
    }
  }

  /// The same value with the members of every object sorted by name.
  var sorted: JSON {
    switch self {
    case .array(let values): .array(values.map(\.sorted))
    case .object(let members):
      .object(members.map { Member(name: $0.name, value: $0.value.sorted) }.sorted { $0.name < $1.name })
    default: self
    }
  }
}

// MARK: - Writing

extension JSON {
  /// The value as compact JSON text.
  var encoded: String {
    var out = ""
    write(into: &out)
    return out
  }

  /// Appends the value as compact JSON text.
  func write(into out: inout String) {
    switch self {
    case .null: out += "null"
    case .bool(let value): out += value ? "true" : "false"
    case .int(let value): out += value.description
    case .double(let value): out += value.isFinite ? value.description : "null"
    case .string(let value): JSON.quote(value, into: &out)
    case .array(let values):
      var separator = "["
      for value in values {
        out += separator
        value.write(into: &out)
        separator = ","
      }
      out += values.isEmpty ? "[]" : "]"
    case .object(let members):
      var separator = "{"
      for member in members {
        out += separator
        JSON.quote(member.name, into: &out)
        out += ":"
        member.value.write(into: &out)
        separator = ","
      }
      out += members.isEmpty ? "{}" : "}"
    }
  }

  /// The bytes that may not stand in a JSON string as they are, for `strcspn`.
  private static let reserved: [CChar] = (1...31).map { CChar($0) } + [34, 92, 0]

  /// Appends a string literal. Most strings need no escape, and `strcspn` finds that out without a loop in Swift,
  /// which in a debug build would cost more than all the rest of a page.
  private static func quote(_ value: String, into out: inout String) {
    out += "\""
    if strcspn(value, reserved) == value.utf8.count {
      out += value
    } else {
      for scalar in value.unicodeScalars {
        switch scalar.value {
        case 0x22: out += "\\\""
        case 0x5C: out += "\\\\"
        case 0x0A: out += "\\n"
        case 0x0D: out += "\\r"
        case 0x09: out += "\\t"
        case 0..<0x20:
          let digits = String(scalar.value, radix: 16)
          out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: out.unicodeScalars.append(scalar)
        }
      }
    }
    out += "\""
  }
}
