// pipeline, command: the verb, and the form of it that the words fit.

extension Parser {
  /// `command { "|" filter }`
  mutating func pipeline() -> Pipeline? {
    let start = position
    guard let command = command() else {
      // The verb is not known, but what is filtered after it may still be wrong in its form.
      skipToLineEnd()
      return nil
    }
    var pipeline = Pipeline(command: command, filters: [], format: nil, file: nil, page: false, span: command.span)
    while token.isMark(.bar) {
      position += 1
      filter(into: &pipeline)
      skipToBar()
    }
    pipeline.span = span(from: start)
    return pipeline
  }

  /// `VERB { value | KEYWORD | "," | KEY "=" value | "where" condition }`, as far as it fits one form of the verb.
  mutating func command() -> Invocation? {
    let start = position
    guard let found = verb() else { return nil }
    position += found.words
    var base = Invocation(verb: found.declaration.name, span: span(from: start))
    base.abbreviation = found.abbreviation
    budget = 20_000 + 20 * tokens.count
    let first = position

    var complete: [FormState] = []
    for form in found.declaration.forms {
      var invocation = base
      invocation.form = form.id
      var keywords = Element.keywords(of: form.elements)
      keywords.insert("where")
      let states = match(form.elements, [FormState(position: first, invocation: invocation)], keywords)
      for state in states {
        let next = token(at: state.position)
        log.reach(state.position, in: state.invocation)
        if form.subject != .none, next.kind == .cursor || next.endsStatement {
          log.note(.filter, at: state.position, in: state.invocation)
        }
        if endsCommand(next), next.kind != .cursor { complete.append(finish(state, form)) }
      }
    }

    if let best = best(of: complete) {
      findings += best.findings
      position = best.position
      var invocation = best.invocation
      invocation.isComplete = best.findings.isEmpty
      invocation.span = span(from: start)
      return invocation
    }
    position = first
    return unfitting(base, found.declaration, from: start)
  }

  /// Reports where no form fits any more, and keeps what was understood before that place.
  private mutating func unfitting(_ base: Invocation, _ declaration: VerbDeclaration, from start: Int) -> Invocation {
    var invocation = base
    let furthest = log.context
    if let furthest, furthest.verb == base.verb, furthest.verbSpan == base.verbSpan, !furthest.form.isEmpty {
      invocation = furthest
    }
    let form = declaration.forms.first { $0.id == invocation.form }
    fail()
    let (subject, givesRows) = rows(form?.subject ?? .unknown, in: invocation)
    invocation.subject = subject
    invocation.givesRows = givesRows
    while !endsCommand(token) {
      let here = position
      position += 1
      if token(at: here).isWord("where"), invocation.condition == nil {
        invocation.condition = condition(over: .rows(subject: subject)) ?? begunCondition
      }
    }
    invocation.isComplete = false
    invocation.span = span(from: start)
    return invocation
  }

  private func finish(_ state: FormState, _ form: Form) -> FormState {
    var state = state
    (state.invocation.subject, state.invocation.givesRows) = rows(form.subject, in: state.invocation)
    return state
  }

  /// What the rows are: a mistyped name stands for the one that it is nearest to, so that its fields can be checked.
  func rows(_ subject: Subject, in invocation: Invocation) -> (subject: String?, givesRows: Bool) {
    switch subject {
    case .none: return (nil, false)
    case .unknown: return (nil, true)
    case .fixed(let name): return (name, true)
    case .slot(let slot, let group):
      guard let argument = invocation.arguments(slot).first, let text = argument.literalText, let type = argument.type
      else { return (nil, true) }
      switch vocabulary.check(text, as: type, in: invocation) {
      case .known, .unchecked: return (group.isEmpty ? text : "\(group) \(text)", true)
      case .unknown(let nearest): return (nearest.map { group.isEmpty ? $0 : "\(group) \($0)" }, true)
      case .wrong: return (nil, true)
      }
    }
  }

  /// The understanding with the fewest findings, the most keywords, the fewest unknown names; the first of equals.
  private func best(of states: [FormState]) -> FormState? {
    guard states.count > 1 else { return states.first }
    return states.enumerated().min { a, b in rank(a) < rank(b) }?.element

    func rank(_ entry: (offset: Int, element: FormState)) -> (Int, Int, Int, Int) {
      let state = entry.element
      return (state.findings.count, -state.keywordCount, unknownNames(in: state.invocation), entry.offset)
    }
  }

  private func unknownNames(in invocation: Invocation) -> Int {
    invocation.slots.values.joined().count { argument in
      guard let type = argument.type, let text = argument.literalText else { return false }
      switch vocabulary.check(text, as: type, in: invocation) {
      case .known, .unchecked: return false
      case .unknown, .wrong: return true
      }
    }
  }

  // MARK: - The verb

  private struct FoundVerb {
    var declaration: VerbDeclaration
    var words: Int
    var abbreviation: String?
  }

  private mutating func verb() -> FoundVerb? {
    note(.verb)
    let verbs = vocabulary.verbs
    var exact: FoundVerb?
    var short: [FoundVerb] = []
    for declaration in verbs {
      for name in [declaration.name] + declaration.aliases where token.kind == .word && name.hasPrefix(token.text) {
        let words = name.split(separator: " ").map(String.init)
        let same = zip(words, tokens[position...]).prefix { $1.isWord($0) }.count
        if same == words.count {
          if same > exact?.words ?? 0 { exact = FoundVerb(declaration: declaration, words: same) }
        } else if same > 0 {
          log.note(.keyword(words[same], help: declaration.summary), at: position + same, in: context)
        }
      }
      guard token.kind == .word, declaration.name.hasPrefix(token.text) else { continue }
      let words = declaration.name.split(separator: " ").map(String.init)
      let begun = zip(words, tokens[position...]).prefix { $1.kind == .word && $0.hasPrefix($1.text) }.count
      if begun == words.count, !words.isEmpty {
        let typed = tokens[position..<position + begun].map(\.text).joined(separator: " ")
        short.append(FoundVerb(declaration: declaration, words: begun, abbreviation: typed))
      }
    }
    if let exact { return exact }
    if mode == .terminal, short.count == 1 { return short[0] }
    reportUnknownVerb(short.map(\.declaration.name), among: verbs.map(\.name))
    return nil
  }

  private mutating func reportUnknownVerb(_ begun: [String], among names: [String]) {
    let typed = token
    guard typed.kind == .word, log.position <= position else {
      if typed.kind == .word || typed.kind != .cursor { fail() }
      return
    }
    if mode == .terminal, begun.count > 1 {
      findings.append(Finding("`\(typed.text)` could be \(Finding.alternatives(begun))", at: typed.span))
    } else {
      let suggestion = begun.count == 1 ? begun[0] : nearest(typed.text, among: names)
      findings.append(Finding("no command is called `\(typed.text)`", at: typed.span, suggestion: suggestion))
    }
  }
}
