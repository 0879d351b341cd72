// A command as understood: which verb, in which form, with what.

/// A verb with the words of its line put into the slots of the form that they fit.
package struct Invocation: Hashable, Sendable {
  /// `KEY=VALUE`.
  package struct Pair: Hashable, Sendable {
    /// The set of keys that the declaration named.
    package var set: String
    package var key: String
    package var keySpan: SourceSpan
    package var argument: Argument
  }

  /// `creates 20`, `updates any`, `first`.
  package struct Limit: Hashable, Sendable {
    package enum Bound: Hashable, Sendable {
      case count(Argument)
      case any
      case none
    }

    package var kind: String
    package var bound: Bound
    package var span: SourceSpan

    /// The number, once variables are resolved.
    package var count: Int? {
      if case .count(let argument) = bound { argument.wholeNumber } else { nil }
    }
  }

  /// The verb in full, as declared; empty before one is known.
  package var verb: String
  /// What was typed instead of the whole verb, at the terminal.
  package var abbreviation: String?
  package var form: String
  package var slots: [String: [Argument]]
  package var keywords: Set<String>
  package var pairs: [Pair]
  package var limits: [String: [Limit]]
  package var condition: Condition?
  /// What the rows are, where that is known and there are any.
  package var subject: String?
  /// Whether the command gives rows at all, so that filters may follow.
  package var givesRows: Bool
  /// Whether the whole command was understood; else there is a finding, and this is as far as it was.
  package var isComplete: Bool
  package var verbSpan: SourceSpan
  package var span: SourceSpan

  package init(verb: String, form: String = "", span: SourceSpan) {
    self.verb = verb
    self.form = form
    self.span = span
    verbSpan = span
    slots = [:]
    keywords = []
    pairs = []
    limits = [:]
    givesRows = false
    isComplete = false
  }

  // MARK: - Asking

  /// Whether the keyword was said.
  package func has(_ keyword: String) -> Bool { keywords.contains(keyword) }

  /// The arguments of a slot, in the order of the line.
  package func arguments(_ slot: String) -> [Argument] { slots[slot] ?? [] }

  /// The text of the first argument of a slot.
  package func text(_ slot: String) -> String? { slots[slot]?.first?.literalText }

  /// The texts of all arguments of a slot.
  package func texts(_ slot: String) -> [String] { arguments(slot).compactMap(\.literalText) }

  /// The value of the first argument of a slot, lists too.
  package func value(_ slot: String) -> Value? { slots[slot]?.first?.value }

  /// The first argument of a slot as a whole number.
  package func count(_ slot: String) -> Int? { slots[slot]?.first?.wholeNumber }

  package func duration(_ slot: String) -> Duration? {
    if case .duration(let duration)? = value(slot) { duration } else { nil }
  }

  package func flag(_ slot: String) -> Bool? {
    if case .flag(let flag)? = value(slot) { flag } else { nil }
  }

  /// The value given for a key; the last one where there are several.
  package func pair(_ key: String) -> Argument? { pairs.last { $0.key == key }?.argument }

  /// The limits said under this name, or nil where that part was not said.
  package func limits(_ name: String) -> [Limit]? { limits[name] }

  // MARK: - Variables

  /// The same with every variable replaced by its value.
  package func resolved(with variables: Variables) throws(EvaluationError) -> Invocation {
    var resolved = self
    for (slot, arguments) in slots {
      var values: [Argument] = []
      for argument in arguments { values.append(try argument.resolved(with: variables)) }
      resolved.slots[slot] = values
    }
    for index in pairs.indices {
      resolved.pairs[index].argument = try pairs[index].argument.resolved(with: variables)
    }
    for (name, limits) in limits {
      var bounds = limits
      for index in limits.indices {
        if case .count(let argument) = limits[index].bound {
          bounds[index].bound = .count(try argument.resolved(with: variables))
        }
      }
      resolved.limits[name] = bounds
    }
    resolved.condition = try condition?.resolved(with: variables)
    return resolved
  }
}

extension Argument {
  /// A whole number that is not negative.
  package var wholeNumber: Int? {
    guard case .literal(let value) = content else { return nil }
    if case .number(let number) = value { return Int(exactly: number).flatMap { $0 >= 0 ? $0 : nil } }
    return Literals.count(text)
  }
}
