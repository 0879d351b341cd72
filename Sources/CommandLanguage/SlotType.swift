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
  /// One line: what is typed here.
  package var help: String
  /// Whether only names that the vocabulary knows can stand here, so that a list of them says everything.
  package var isNamed: Bool

  package init(_ name: String, _ shape: Shape = .text, help: String = "", isNamed: Bool = false) {
    self.name = name
    self.shape = shape
    self.help = help
    self.isNamed = isNamed
  }

  package static let text = SlotType("text", help: "any text; in quotes where it has blanks")
  package static let value = SlotType(
    "value", .value, help: "a word, a text in quotes, a number, or a list: [one, two]")
  package static let count = SlotType("n", .count, help: "a whole number from 0")
  package static let number = SlotType("number", .number, help: "a number")
  package static let duration = SlotType("duration", .duration, help: "a time span: 30s, 20m, 6h or 7d")
  package static let flag = SlotType("flag", .flag, help: "on or off", isNamed: true)
  package static let when = SlotType(
    "when", .when, help: "a date (2026-03-01), today, yesterday, a weekday, script-start or a run (r33)")

  /// What is said about a type does not make it another one.
  package static func == (left: SlotType, right: SlotType) -> Bool {
    left.name == right.name && left.shape == right.shape
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(shape)
  }

  /// How usage lines write it.
  package var label: String { name.uppercased() }
}
