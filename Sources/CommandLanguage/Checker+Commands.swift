// Commands: names in slots, keys and their values, limits, confirmation.

extension Checker {
  /// - Returns: the columns of the rows that it gives, where they are known beforehand.
  @discardableResult
  mutating func check(_ pipeline: Pipeline) -> [Column]? {
    check(pipeline.command)
    let columns = check(pipeline.filters, after: pipeline.command)
    if let file = pipeline.file { checkVariables(of: file.path) }
    return columns
  }

  private mutating func check(_ command: Invocation) {
    for (_, arguments) in command.slots.sorted(by: { $0.key < $1.key }) {
      for argument in arguments {
        checkVariables(of: argument)
        guard let type = argument.type else { continue }
        checkType(of: argument, in: type)
        check(argument, as: type, in: command)
      }
    }
    check(command.pairs, of: command)
    for (_, limits) in command.limits.sorted(by: { $0.key < $1.key }) { check(limits) }
    if let condition = command.condition {
      check(condition, columns: command.subject.flatMap(vocabulary.fields), subject: command.subject)
    }
    checkConfirmation(of: command)
  }

  mutating func check(_ argument: Argument, as type: SlotType, in command: Invocation) {
    guard let text = argument.literalText else { return }
    if let message = misfit(argument, type) {
      findings.append(Finding(message, at: argument.span))
      return
    }
    switch vocabulary.check(text, as: type, in: command) {
    case .unchecked, .known: break
    case .unknown(let nearest):
      findings.append(
        Finding("nothing is called that here", at: argument.span, suggestion: nearest.map { quoted($0) }))
    case .wrong(let message, let fix): findings.append(Finding(message, at: argument.span, fix: fix))
    }
  }

  private mutating func check(_ pairs: [Invocation.Pair], of command: Invocation) {
    var seen: Set<String> = []
    for pair in pairs {
      checkVariables(of: pair.argument)
      if !seen.insert(pair.key).inserted {
        findings.append(Finding("\(pair.key) is given twice", at: pair.keySpan))
      }
      guard let keys = vocabulary.pairKeys(pair.set, in: command) else { continue }
      guard let key = keys.first(where: { $0.name == pair.key }) else {
        let suggestion = nearest(pair.key, among: keys.map(\.name))
        findings.append(Finding("there is no key \(pair.key) here", at: pair.keySpan, suggestion: suggestion))
        continue
      }
      if key.isSecret {
        if isTypedSecret(pair.argument) {
          findings.append(
            Finding(
              "\(key.name) is a secret and is never typed on a line", at: pair.argument.span,
              fix: "leave it out to be asked, or name it: env:NAME, file:PATH or vault:NAME", conceals: true))
        }
      } else {
        check(pair.argument, as: key.type, in: command)
      }
    }
  }

  private mutating func check(_ limits: [Invocation.Limit]) {
    var seen: Set<String> = []
    for limit in limits {
      if case .count(let argument) = limit.bound {
        checkVariables(of: argument)
        checkType(of: argument, in: .count)
      }
      if !seen.insert(limit.kind).inserted {
        findings.append(Finding("\(limit.kind) is given twice", at: limit.span))
      }
    }
  }

  /// Where nobody can answer, what may be written is said beforehand.
  private mutating func checkConfirmation(of command: Invocation) {
    guard command.isComplete, !canAsk, !isDry, !command.has("dry"), command.limits["confirm"] == nil,
      let declaration = vocabulary.verbs.first(where: { $0.name == command.verb }), declaration.effect == .writes
    else { return }
    findings.append(
      Finding(
        "`\(command.verb)` writes, and nobody can be asked here", at: command.verbSpan,
        fix: "say what it may do: confirm within creates N, updates N, …"))
  }
}

/// Whether a value for a secret is the secret itself, and not the name of where it lies.
func isTypedSecret(_ argument: Argument) -> Bool {
  switch argument.content {
  case .variable: return false
  case .literal, .interpolated, .list:
    return !["env:", "file:", "vault:"].contains { argument.text.hasPrefix($0) && argument.text.count > $0.count }
  }
}
