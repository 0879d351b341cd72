/// What is a text and must not be mixed up with another: names, keys, ids.

/// A type around one text: compared, ordered, written in code as a literal, and coded as the plain text.
package protocol TextID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
  var rawValue: String { get }
  init(_ rawValue: String)
}

extension TextID {
  package init(stringLiteral value: String) { self.init(value) }

  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }

  package var description: String { rawValue }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
