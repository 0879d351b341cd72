// condition, all, one, compare, left, right.

extension Parser {
  /// What the left side of a comparison may be.
  enum ConditionGround {
    /// Fields of rows of this subject: inside `where`.
    case rows(subject: String?)
    /// Variables and literals.
    case variables
  }

  /// `all { "or" all }`. Reports what is wrong and returns nil; then `begunCondition` holds what it was about so far.
  mutating func condition(over ground: ConditionGround) -> Condition? {
    (begunCondition, leftSides) = (nil, [])
    guard let condition = anyOf(ground) else {
      if !leftSides.isEmpty { begunCondition = .all(leftSides.map(Condition.flag)) }
      fail()
      return nil
    }
    return condition
  }

  private mutating func anyOf(_ ground: ConditionGround) -> Condition? {
    guard depth < Self.deepest else { return nil }
    depth += 1
    defer { depth -= 1 }
    var parts: [Condition] = []
    repeat {
      guard let part = allOf(ground) else { return nil }
      parts.append(part)
    } while take(word: "or")
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func allOf(_ ground: ConditionGround) -> Condition? {
    var parts: [Condition] = []
    repeat {
      guard let part = one(ground) else { return nil }
      parts.append(part)
    } while take(word: "and")
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  /// `"not" one | "(" condition ")" | left [ compare ]`
  private mutating func one(_ ground: ConditionGround) -> Condition? {
    guard depth < Self.deepest else { return nil }
    depth += 1
    defer { depth -= 1 }
    if take(word: "not") { return one(ground).map(Condition.not) }
    if take(mark: .openParenthesis) {
      guard let inner = anyOf(ground), take(mark: .closeParenthesis) else { return nil }
      return inner
    }
    let start = position
    guard let left = left(ground) else { return nil }
    leftSides.append(left)
    return compare(left, from: start, ground)
  }

  private mutating func left(_ ground: ConditionGround) -> Operand? {
    switch ground {
    case .rows(let subject):
      note(.fieldName(subject: subject))
      guard token.kind == .word else { return nil }
      position += 1
      return .field(Name(token(at: position - 1).text, token(at: position - 1).span))
    case .variables:
      note(.operand)
      return argument().map(Operand.argument)
    }
  }

  private mutating func compare(_ left: Operand, from start: Int, _ ground: ConditionGround) -> Condition? {
    for relation in relations(for: left, ground) { note(.relation(relation)) }
    guard let relation = relation(left, ground) else {
      return isAtRightSide ? nil : .flag(left)
    }
    var right: Operand?
    if relation != .isBlank, relation != .isNotBlank {
      noteValue(for: left, ground)
      item = value(for: left, ground)
      defer { item = nil }
      guard let value = self.right(ground) else { return nil }
      right = value
    }
    return .comparison(Comparison(left: left, relation: relation, right: right, span: span(from: start)))
  }

  /// Whether the place after a left side holds what can only be a mistyped comparison, since neither `and`, `or` nor an
  /// end stands there.
  private var isAtRightSide: Bool {
    if endsCommand(token) || token.isMark(.comma) { return false }
    return !["and", "or", "because"].contains { token.isWord($0) }
  }

  private mutating func relation(_ left: Operand, _ ground: ConditionGround) -> Comparison.Relation? {
    let start = position
    if token.isWord("is") {
      position += 1
      noteValue(for: left, ground)
      let isNegated = take(word: "not")
      if take(word: "blank") { return isNegated ? .isNotBlank : .isBlank }
      return isNegated ? .isNot : .is
    }
    if token.isWord("not") {
      position += 1
      if take(word: "in") { return .notIn }
      position = start
      return nil
    }
    let name: String
    switch token.kind {
    case .word: name = token.text
    case .mark(let mark): name = mark.rawValue
    default: return nil
    }
    guard let relation = Comparison.Relation(rawValue: name) else { return nil }
    position += 1
    return relation
  }

  private mutating func right(_ ground: ConditionGround) -> Operand? {
    if case .rows = ground, token.kind == .field {
      position += 1
      return .field(Name(token(at: position - 1).text, token(at: position - 1).span))
    }
    return argument().map(Operand.argument)
  }

  private mutating func noteValue(for left: Operand, _ ground: ConditionGround) {
    note(value(for: left, ground))
  }

  private func value(for left: Operand, _ ground: ConditionGround) -> Expectation {
    guard case .field(let name) = left, case .rows(let subject) = ground else { return .operand }
    return .fieldValue(subject: subject, field: name.text)
  }

  private func relations(for left: Operand, _ ground: ConditionGround) -> [Comparison.Relation] {
    guard case .field(let name) = left, case .rows(let subject?) = ground,
      let column = vocabulary.fields(of: subject)?.first(where: { $0.name == name.text })
    else { return Comparison.Relation.allCases }
    return Comparison.Relation.fitting(column.type)
  }
}

extension Comparison.Relation {
  /// The comparisons that say something about values of this type.
  package static func fitting(_ type: ValueType) -> [Comparison.Relation] {
    switch type {
    case .flag: [.is, .isNot, .isBlank, .isNotBlank]
    case .number, .count, .duration, .date:
      [.is, .isNot, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .notIn, .isBlank, .isNotBlank]
    case .text: [.is, .isNot, .isBlank, .isNotBlank, .contains, .starts, .ends, .matches, .in, .notIn]
    case .list: [.contains, .is, .isNot, .isBlank, .isNotBlank, .in, .notIn, .matches]
    }
  }
}
