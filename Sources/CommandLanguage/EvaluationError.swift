// What can go wrong when a pipeline that was checked is evaluated.

/// A condition or filter that could not be evaluated.
package struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    case unknownVariable
    case unknownField
    /// A filter over something that is not rows.
    case notRows
  }

  package var kind: Kind
  /// A sentence without its full stop.
  package var message: String
  package var hint: String?

  package init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  package var description: String { hint.map { "\(message); \($0)" } ?? message }
}
