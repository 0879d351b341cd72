// What a slot of a verb takes.

/// The type of a slot: what it is called, and which form its values have. The set is open: the names are the caller's.
package struct SlotType: Hashable, Sendable {
  /// What a value looks like. A variable fits every shape.
  package enum Shape: Hashable, Sendable {
    /// A word, a string, a number or a duration, taken as text.
    case text
    /// As `text`, or a list in brackets.
    case value
    /// Digits only.
    case count
    case number
    case duration
    /// `on` or `off`; another word is a finding of the checker.
    case flag
    /// A date, `today`, `yesterday`, a weekday, `script-start` or a run (`r33`); another word is a finding of the checker.
    case when
    /// A letter and a number: `p12` for the prefix `p`. Never quoted.
    case reference(prefix: String)
    /// A reference and the number of a part: `p12/7` for the prefix `p`. Never quoted.
    case part(prefix: String)
  }

  /// The name that the vocabulary knows it by, as `company`; in capitals it stands in usage lines.
  package var name: String
  package var shape: Shape

  package init(_ name: String, _ shape: Shape = .text) {
    self.name = name
    self.shape = shape
  }

  package static let text = SlotType("text")
  package static let value = SlotType("value", .value)
  package static let count = SlotType("n", .count)
  package static let number = SlotType("number", .number)
  package static let duration = SlotType("duration", .duration)
  package static let flag = SlotType("flag", .flag)
  package static let when = SlotType("when", .when)

  /// How usage lines write it.
  package var label: String { name.uppercased() }
}
