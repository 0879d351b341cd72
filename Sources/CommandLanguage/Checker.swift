// What is wrong with a text that parses: names, fields, variables, values of the wrong kind, unconfirmed writes.

/// Everything that is wrong with a script, its form included, in the order of the text. An empty answer means that it may
/// run; anything else, that nothing of it may.
///
/// `canAsk` says whether somebody can answer a question, `isDry` whether nothing will be written anyway; `variables` are
/// the names that are visible from the beginning.
package func check(
  _ script: ParsedScript, vocabulary: any Vocabulary, canAsk: Bool, isDry: Bool, variables: Set<String> = []
) -> [Finding] {
  var checker = Checker(vocabulary: vocabulary, canAsk: canAsk, isDry: isDry, variables: variables)
  checker.check(script)
  let all = script.findings + checker.findings
  return all.enumerated().sorted { ($0.element.span.lower, $0.offset) < ($1.element.span.lower, $1.offset) }
    .map(\.element)
}

struct Checker {
  let vocabulary: any Vocabulary
  let canAsk: Bool
  let isDry: Bool
  var variables: Set<String>
  var findings: [Finding] = []
  /// Whether a statement around this one is reported as not available already.
  private var isInsideUnavailable = false

  init(vocabulary: any Vocabulary, canAsk: Bool, isDry: Bool, variables: Set<String>) {
    self.vocabulary = vocabulary
    self.canAsk = canAsk
    self.isDry = isDry
    self.variables = variables
  }

  mutating func check(_ script: ParsedScript) {
    if let first = script.parameters.first {
      findings.append(Finding("`param` is not available yet", at: first.span))
    }
    for parameter in script.parameters {
      bind(parameter.name)
      if let initial = parameter.initial, let message = misfit(initial, parameter.kind.type) {
        findings.append(Finding(message, at: initial.span))
      }
    }
    check(script.statements)
  }

  // MARK: - Statements

  private mutating func check(_ statements: [Statement]) {
    let visible = variables
    for statement in statements { check(statement) }
    variables = visible
  }

  private mutating func check(_ statement: Statement) {
    let wasInside = isInsideUnavailable
    defer { isInsideUnavailable = wasInside }
    if !Statement.available.contains(statement.kind) {
      if !wasInside {
        findings.append(Finding("`\(statement.kind.rawValue)` is not available yet", at: statement.keyword))
      }
      isInsideUnavailable = true
    }
    switch statement.content {
    case .pipeline(let pipeline): check(pipeline)
    case .binding(let name, let bound):
      switch bound {
      case .pipeline(let pipeline): check(pipeline)
      case .condition(let condition): check(condition, columns: nil, subject: nil)
      }
      bind(name)
    case .branch(let branches, let otherwise):
      for branch in branches {
        check(branch.condition, columns: nil, subject: nil)
        check(branch.body)
      }
      check(otherwise ?? [])
    case .loop(let name, let source, let body):
      switch source {
      case .pipeline(let pipeline): check(pipeline)
      case .value(let value): checkVariables(of: value)
      }
      check(body, with: name)
    case .attempt(let body, let error, let handler):
      check(body)
      check(handler, with: error)
    case .stop(_, let value): if let value { checkVariables(of: value) }
    case .expectation(let condition, let because):
      check(condition, columns: nil, subject: nil)
      checkVariables(of: because)
    case .watch(_, let pipeline): check(pipeline)
    }
  }

  /// A block in which one more name can be seen.
  private mutating func check(_ statements: [Statement], with name: Name?) {
    let visible = variables
    if let name { bind(name) }
    check(statements)
    variables = visible
  }

  private mutating func bind(_ name: Name) {
    if !variables.insert(name.text).inserted {
      findings.append(Finding("there is a $\(name.text) already, and a name is never given twice", at: name.span))
    }
  }

  // MARK: - Variables and values

  mutating func checkVariables(of argument: Argument) {
    for (path, span) in argument.variables where !variables.contains(path.name) {
      let suggestion = nearest(path.name, among: variables.sorted())
      findings.append(
        Finding("there is no variable $\(path.name)", at: span, suggestion: suggestion.map { "$\($0)" }))
    }
  }

  /// What is wrong with a literal in a slot of this type by its form alone.
  func misfit(_ argument: Argument, _ type: SlotType) -> String? {
    guard let text = argument.literalText else { return nil }
    switch type.shape {
    case .text, .value: return nil
    case .count: return argument.wholeNumber == nil ? "`\(text)` is no count" : nil
    case .number: return Literals.number(text) == nil ? "`\(text)` is no number" : nil
    case .duration: return Literals.duration(text) == nil ? "`\(text)` is no duration such as 30s, 20m, 2h or 7d" : nil
    case .flag: return Literals.flag(text) == nil ? "`\(text)` is neither on nor off" : nil
    case .when:
      if Moment.isWritten(text) { return nil }
      return "`\(text)` is no date, today, yesterday, weekday, script-start or run"
    case .reference(let prefix):
      return Literals.isReference(text, prefix: prefix) ? nil : "`\(text)` is no \(type.name)"
    case .part(let prefix): return Literals.isPart(text, prefix: prefix) ? nil : "`\(text)` is no \(type.name)"
    }
  }
}

extension Parameter.Kind {
  /// The slot that a value of this kind would fit.
  package var type: SlotType {
    switch self {
    case .text, .company, .connection, .sync, .field, .file: SlotType(rawValue)
    case .number: .number
    case .count: .count
    case .duration: .duration
    case .date: .when
    case .flag: .flag
    }
  }
}
