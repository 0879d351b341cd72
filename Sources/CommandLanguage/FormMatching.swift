// Fitting words to the form of a verb: every way that fits, tried piece by piece, each place noted with what was wanted.

/// How far a form fits: the next place, and what was understood before it.
struct FormState {
  var position: Int
  var invocation: Invocation
  var findings: [Finding] = []
  var keywordCount = 0
}

extension Parser {
  /// Every way in which the elements fit from each of the states. `keywords` fill no slot, but one right behind a keyword
  /// takes the name of something that really is called so: `show records at at`.
  mutating func match(_ elements: [Element], _ states: [FormState], _ keywords: Set<String>) -> [FormState] {
    var states = states
    var isBehindKeyword = false
    for element in elements {
      if states.isEmpty { break }
      states = states.flatMap { state in
        let found = match(element, state, keywords)
        guard found.isEmpty, isBehindKeyword, case .slot(let name, let type) = element else { return found }
        return matchName(name, type, state)
      }
      if case .keyword = element { isBehindKeyword = true } else { isBehindKeyword = false }
    }
    return states
  }

  /// A keyword in the place of a name, where something is called so.
  private mutating func matchName(_ name: String, _ type: SlotType, _ state: FormState) -> [FormState] {
    let start = position
    position = state.position
    defer { position = start }
    guard token.kind == .word, case .known = vocabulary.check(token.text, as: type, in: state.invocation),
      let argument = argument(for: type, avoiding: [])
    else { return [] }
    var next = state
    next.position = position
    next.invocation.slots[name, default: []].append(argument)
    return [next]
  }

  private mutating func match(_ element: Element, _ state: FormState, _ keywords: Set<String>) -> [FormState] {
    budget -= 1
    guard budget > 0 else { return [] }
    position = state.position
    context = state.invocation
    let start = position
    defer { position = start }

    switch element {
    case .keyword(let word, let help):
      guard take(word: word, help: help) else { return [] }
      var next = state
      next.position = position
      next.invocation.keywords.insert(word)
      next.keywordCount += 1
      return [next]

    case .slot(let name, let type):
      note(.slot(name, type))
      guard let argument = argument(for: type, avoiding: keywords) else { return [] }
      var next = state
      next.position = position
      next.invocation.slots[name, default: []].append(argument)
      return [next]

    case .optional(let elements):
      return match(elements, [state], keywords) + [state]

    case .oneOf(let alternatives):
      return alternatives.flatMap { match($0, [state], keywords) }

    case .options(let groups):
      return matchOptions(groups, state, keywords)

    case .many(let elements):
      return matchMany(elements, state, keywords)

    case .pairs(let set):
      return matchPairs(set, state)

    case .condition(let subject):
      return matchCondition(subject, state)

    case .limits(let name, let kinds):
      return matchLimits(name, kinds, state)
    }
  }

  /// Each group at most once, in any order.
  private mutating func matchOptions(
    _ groups: [[Element]], _ state: FormState, _ keywords: Set<String>
  ) -> [FormState] {
    var results: [FormState] = []
    for (index, group) in groups.enumerated() {
      for taken in match(group, [state], keywords) where taken.position > state.position {
        var rest = groups
        rest.remove(at: index)
        results += matchOptions(rest, taken, keywords)
      }
    }
    return results + [state]
  }

  /// As often as possible, since what may follow begins with a keyword, which fills no slot.
  private mutating func matchMany(_ elements: [Element], _ state: FormState, _ keywords: Set<String>) -> [FormState] {
    var results: [FormState] = []
    var current = match(elements, [state], keywords)
    while let last = current.first {
      var next = match(elements, current, keywords).filter { $0.position > last.position }
      if token(at: last.position).isMark(.comma) {
        let behind = current.map { state in
          var behind = state
          behind.position += 1
          return behind
        }
        next = match(elements, behind, keywords)
        if next.isEmpty { return [] }
      }
      if next.isEmpty { results = current }
      current = next
    }
    return results
  }

  /// `KEY "=" value`, once or several times.
  private mutating func matchPairs(_ set: String, _ state: FormState) -> [FormState] {
    var next = state
    while true {
      position = next.position
      context = next.invocation
      if token.isMark(.comma), next.position > state.position { position += 1 }
      let key = token
      note(.pairKey(set: set))
      guard key.kind == .word, token(at: position + 1).isMark(.equals) else { break }
      position += 2
      note(.pairValue(set: set, key: key.text))
      item = .pairValue(set: set, key: key.text)
      defer { item = nil }
      guard let argument = argument() else { return [] }
      next.invocation.pairs.append(
        Invocation.Pair(set: set, key: key.text, keySpan: key.span, argument: argument))
      next.position = position
    }
    return next.position > state.position ? [next] : []
  }

  /// `"where" condition`: once the word is there, this is what the form must be, so what is wrong is reported.
  private mutating func matchCondition(_ subject: Subject, _ state: FormState) -> [FormState] {
    guard take(word: "where") else { return [] }
    var next = state
    let known = findings
    findings = []
    defer { findings = known }
    let whole = condition(over: .rows(subject: rows(subject, in: state.invocation).subject))
    next.invocation.condition = whole ?? begunCondition
    next.findings += findings
    next.keywordCount += 1
    if whole == nil {
      if token.kind == .cursor { return [] }
      skipToBar()
    }
    next.position = position
    return [next]
  }

  /// `KIND [ N | "any" ] { "," KIND … }`
  private mutating func matchLimits(_ name: String, _ kinds: [LimitKind], _ state: FormState) -> [FormState] {
    var next = state
    var limits: [Invocation.Limit] = []
    while true {
      position = next.position
      if !limits.isEmpty {
        guard take(mark: .comma) else { break }
      }
      let start = position
      for kind in kinds where !limits.contains(where: { $0.kind == kind.name }) { note(.limitKind(kind)) }
      guard token.kind == .word, let kind = kinds.first(where: { $0.name == token.text }) else { return [] }
      position += 1
      var bound = Invocation.Limit.Bound.none
      if kind.bound != .none {
        note(.slot(kind.name, .count))
        if kind.bound == .countOrAny, take(word: "any", help: "without a limit") {
          bound = .any
        } else if let count = argument(for: .count, avoiding: []) {
          bound = .count(count)
        } else {
          return []
        }
      }
      limits.append(Invocation.Limit(kind: kind.name, bound: bound, span: span(from: start)))
      next.position = position
    }
    next.invocation.limits[name, default: []] += limits
    return [next]
  }
}
