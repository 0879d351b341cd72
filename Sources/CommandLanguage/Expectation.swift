// What may stand at one place of a line: the same notes make error messages, completion and `?`.

/// One thing that may stand at a place.
package enum Expectation: Hashable, Sendable {
  case verb
  /// A word of a form or of the language, and what it means there.
  case keyword(String, help: String = "")
  case slot(String, SlotType)
  /// A key of `KEY=VALUE`, of the set of this name.
  case pairKey(set: String)
  /// The value for a key.
  case pairValue(set: String, key: String)
  case fieldName(subject: String?)
  /// A comparison, after a field of this type where it is known.
  case relation(Comparison.Relation)
  case fieldValue(subject: String?, field: String)
  case limitKind(LimitKind)
  /// A variable, a text or a number in a condition that stands over no rows.
  case operand
  case mark(Token.Mark)
  /// A name that is made up here.
  case newName
  /// `|` and a filter.
  case filter
  /// A variable inside a text: `"… ${`.
  case insertion

  /// How a sentence names it: keywords as written, slots in capitals.
  package var label: String {
    switch self {
    case .verb: "a command"
    case .keyword(let word, _): word
    case .slot(_, let type): type.label
    case .pairKey: "KEY=VALUE"
    case .pairValue: "a value"
    case .fieldName: "a field"
    case .relation(let relation): relation.rawValue
    case .fieldValue: "a value"
    case .limitKind(let kind): kind.name
    case .operand: "a value"
    case .mark(let mark): mark.rawValue
    case .newName: "a name"
    case .filter: "| and a filter"
    case .insertion: "a variable"
    }
  }
}

extension Expectation {
  func isKeyword(_ word: String) -> Bool {
    if case .keyword(word, _) = self { true } else { false }
  }
}

/// What was looked for at the furthest place that parsing came to.
struct ExpectationLog {
  struct Note {
    var expectation: Expectation
    var context: Invocation
  }

  private(set) var position = -1
  private(set) var notes: [Note] = []
  /// What was understood before the furthest place, by whoever came there first.
  private(set) var context: Invocation?

  /// Parsing came to this place, whether or not anything more can stand there.
  mutating func reach(_ position: Int, in context: Invocation) {
    guard position > self.position else { return }
    self.position = position
    self.context = context
    notes = []
  }

  mutating func note(_ expectation: Expectation, at position: Int, in context: Invocation) {
    reach(position, in: context)
    if position < self.position { return }
    if notes.contains(where: { $0.expectation == expectation }) { return }
    // The same word of two forms is one word; the first form says what it means.
    if case .keyword(let word, _) = expectation, notes.contains(where: { $0.expectation.isKeyword(word) }) { return }
    notes.append(Note(expectation: expectation, context: context))
  }

  /// How a sentence names what was looked for.
  var labels: [String] {
    notes.map(\.expectation.label).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
