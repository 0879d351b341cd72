// Conditions, as parsed: what `where`, `if` and `expect` ask.

/// A condition over one row, or over variables.
package indirect enum Condition: Hashable, Sendable {
  case all([Condition])
  case any([Condition])
  case not(Condition)
  case comparison(Comparison)
  /// A flag by itself: `where enabled`.
  case flag(Operand)
}

/// One comparison.
package struct Comparison: Hashable, Sendable {
  package enum Relation: String, Hashable, Sendable, CaseIterable {
    case `is`
    case isNot = "is not"
    case isBlank = "is blank"
    case isNotBlank = "is not blank"
    case `in`
    case notIn = "not in"
    case contains, starts, ends, matches
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// One line for completion.
    package var help: String {
      switch self {
      case .is: "equal"
      case .isNot: "not equal"
      case .isBlank: "nothing there"
      case .isNotBlank: "something there"
      case .in: "one of a list"
      case .notIn: "none of a list"
      case .contains: "has this inside, case apart"
      case .starts: "begins with, case apart"
      case .ends: "ends with, case apart"
      case .matches: "fits a pattern with * and ?, case apart"
      case .less: "smaller, earlier, or less long ago"
      case .lessOrEqual: "at most"
      case .greater: "greater, later, or longer ago"
      case .greaterOrEqual: "at least"
      }
    }
  }

  package var left: Operand
  package var relation: Relation
  /// Nil for `is blank` and `is not blank`.
  package var right: Operand?
  package var span: SourceSpan
}

/// One side of a comparison.
package enum Operand: Hashable, Sendable {
  /// A field of the row.
  case field(Name)
  case argument(Argument)
}

/// A field's, file's or variable's name with its place.
package struct Name: Hashable, Sendable {
  package var text: String
  package var span: SourceSpan

  package init(_ text: String, _ span: SourceSpan) {
    self.text = text
    self.span = span
  }
}

extension Condition {
  /// The same with every variable replaced by its value.
  package func resolved(with variables: Variables) throws(EvaluationError) -> Condition {
    switch self {
    case .all(let parts): return .all(try Self.resolve(parts, with: variables))
    case .any(let parts): return .any(try Self.resolve(parts, with: variables))
    case .not(let part): return .not(try part.resolved(with: variables))
    case .flag(let operand): return .flag(try operand.resolved(with: variables))
    case .comparison(var comparison):
      comparison.left = try comparison.left.resolved(with: variables)
      comparison.right = try comparison.right?.resolved(with: variables)
      return .comparison(comparison)
    }
  }

  private static func resolve(_ parts: [Condition], with variables: Variables) throws(EvaluationError) -> [Condition] {
    var resolved: [Condition] = []
    for part in parts { resolved.append(try part.resolved(with: variables)) }
    return resolved
  }

  /// Every side of every comparison, in the order of the text.
  var comparisons: [(left: Operand, comparison: Comparison?)] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.comparisons)
    case .not(let part): part.comparisons
    case .flag(let operand): [(operand, nil)]
    case .comparison(let comparison): [(comparison.left, comparison)]
    }
  }
}

extension Operand {
  func resolved(with variables: Variables) throws(EvaluationError) -> Operand {
    if case .argument(let argument) = self { return .argument(try argument.resolved(with: variables)) }
    return self
  }
}
