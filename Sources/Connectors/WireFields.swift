/// Fields as the wire has them: what an answer says of one, and a body that sends some.
import Foundation
import Model

extension Said {
  /// The field of what is said; `nil`: nothing is.
  func field(_ value: (Value) -> FieldValue) -> FieldValue? {
    switch self {
    case .absent: nil
    case .null: .null
    case .value(let said): value(said)
    }
  }
}

extension Said<String> {
  var text: FieldValue? { field { .text($0) } }

  /// The same at a system where empty texts stand for nothing at all.
  var filled: FieldValue? { field { $0.isBlank ? .null : .text($0) } }
}

extension FieldValues {
  /// The keys of a body, by the names on the wire; an empty text clears. A create leaves out what is blank.
  func body(_ names: [(field: FieldName, name: String)], isNew: Bool) -> [String: JSONValue] {
    var body: [String: JSONValue] = [:]
    for (field, name) in names {
      guard let value = self[field] else { continue }
      if let text = value.text, !text.isBlank {
        body[name] = .text(text)
      } else if !isNew {
        body[name] = ""
      }
    }
    return body
  }
}

/// Moments as systems write them.
enum WireDate {
  /// RFC 3339 with any number of digits of a second's fraction, of which three are kept; `nil` for anything else.
  static func read(_ text: String) -> Date? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return try? Date(text, strategy: .iso8601) }
    let digits = parts[1].prefix { $0.isASCII && $0.isNumber }
    let whole = "\(parts[0])\(parts[1].dropFirst(digits.count))"
    guard let date = try? Date(whole, strategy: .iso8601) else { return nil }
    return date + (Double("0.\(digits.prefix(3))") ?? 0)
  }
}
