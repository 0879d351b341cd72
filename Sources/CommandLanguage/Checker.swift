// What is wrong with a text that parses: names, fields, variables, values of the wrong kind, unconfirmed writes.

/// Everything that is wrong with a script, its form included, in the order of the text. An empty answer means that it may
/// run; anything else, that nothing of it may.
///
/// `canAsk` says whether somebody can answer a question, `isDry` whether nothing will be written anyway; `variables` are
/// those that are visible from the beginning.
package func check(
  _ script: ParsedScript, vocabulary: any Vocabulary, canAsk: Bool, isDry: Bool,
  variables: [String: VariableShape] = [:]
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
  var variables: [String: VariableShape]
  var findings: [Finding] = []
  /// What can be seen at the end of a text that breaks off there.
  private(set) var visibleAtEnd: [String: VariableShape]
  /// Whether a statement is finished, where the text breaks off.
  var isFinished: (Statement) -> Bool = { _ in true }

  init(vocabulary: any Vocabulary, canAsk: Bool, isDry: Bool, variables: [String: VariableShape]) {
    self.vocabulary = vocabulary
    self.canAsk = canAsk
    self.isDry = isDry
    self.variables = variables
    visibleAtEnd = variables
  }

  mutating func check(_ script: ParsedScript) {
    for parameter in script.parameters {
      bind(parameter.name, .value(parameter.kind.valueType))
      if let initial = parameter.initial { check(initial, as: parameter.kind) }
    }
    visibleAtEnd = variables
    check(script.statements)
  }

  /// A value of a parameter, by its form and by what exists.
  mutating func check(_ value: Argument, as kind: Parameter.Kind) {
    check(value, as: kind.type, in: Invocation(verb: "", span: value.span))
  }

  // MARK: - Statements

  private mutating func check(_ statements: [Statement]) {
    let visible = variables
    for statement in statements { check(statement) }
    variables = visible
  }

  private mutating func check(_ statement: Statement) {
    visibleAtEnd = variables
    defer { if case .binding = statement.content, isFinished(statement) { visibleAtEnd = variables } }
    switch statement.content {
    case .pipeline(let pipeline): check(pipeline)
    case .binding(let name, let bound):
      switch bound {
      case .pipeline(let pipeline): bind(name, checkValue(of: pipeline))
      case .condition(let condition):
        check(condition, columns: nil, subject: nil)
        bind(name, shape(of: condition))
      }
    case .branch(let branches, let otherwise):
      for branch in branches {
        check(branch.condition, columns: nil, subject: nil)
        check(branch.body)
      }
      check(otherwise ?? [])
    case .loop(let name, let source, let body):
      let element: VariableShape
      switch source {
      case .pipeline(let pipeline): element = checkValue(of: pipeline).element
      case .value(let value):
        checkVariables(of: value)
        element = shape(of: value).element
      }
      check(body, with: name, element)
    case .attempt(let body, let error, let handler):
      check(body)
      check(handler, with: error, .error)
    case .stop(_, let value): if let value { checkVariables(of: value) }
    case .expectation(let condition, let because):
      check(condition, columns: nil, subject: nil)
      checkVariables(of: because)
    case .watch(_, let pipeline):
      check(pipeline)
      if !canAsk {
        findings.append(
          Finding(
            "`watch` goes on until ^C, and nobody is here to press it", at: statement.keyword,
            fix: "leave `watch every …` out"))
      }
    }
  }

  /// A block in which one more name can be seen.
  private mutating func check(_ statements: [Statement], with name: Name?, _ shape: VariableShape) {
    let visible = variables
    if let name { bind(name, shape) }
    visibleAtEnd = variables
    check(statements)
    variables = visible
  }

  private mutating func bind(_ name: Name, _ shape: VariableShape) {
    if variables.updateValue(shape, forKey: name.text) != nil {
      findings.append(Finding("there is a $\(name.text) already, and a name is never given twice", at: name.span))
    }
  }

  // MARK: - Shapes

  /// Checks a pipeline whose result is given a name or gone through, and says what it will be.
  private mutating func checkValue(of pipeline: Pipeline) -> VariableShape {
    let columns = check(pipeline)
    if pipeline.file != nil || pipeline.format != nil || pipeline.page {
      findings.append(
        Finding(
          "a value is neither written nor drawn", at: pipeline.span, fix: "leave out `as`, `to file` and `page`"))
    }
    let command = pipeline.command
    if case .count(by: nil)? = pipeline.filters.last?.action { return .value(.count) }
    guard command.isComplete else { return .anything }
    let forms = vocabulary.verbs.first { $0.name == command.verb }?.forms
    let givesOne = forms?.first { $0.id == command.form }?.givesOne ?? false
    guard command.givesRows || givesOne else {
      findings.append(Finding("`\(command.verb)` gives no value", at: command.verbSpan))
      return .anything
    }
    // One thing is a record, several are rows: which of them is only known when the command has run.
    return givesOne && pipeline.filters.isEmpty ? .anything : .rows(columns, subject: command.subject)
  }

  /// A condition by itself is yes or no; a value alone, and no comparison, is that value.
  private func shape(of condition: Condition) -> VariableShape {
    if case .flag(.argument(let argument)) = condition { return shape(of: argument) }
    return .value(.flag)
  }

  private func shape(of argument: Argument) -> VariableShape {
    switch argument.content {
    case .literal(let value): return .value(value.type)
    case .interpolated: return .value(.text)
    case .list: return .value(.list)
    case .variable(let path):
      guard let known = variables[path.name] else { return .anything }
      guard let field = path.fields.first else { return known }
      return .value(known.fields?.first { $0.name == field }?.type)
    }
  }

  // MARK: - Variables and values

  mutating func checkVariables(of argument: Argument) {
    for (path, span) in argument.variables {
      guard let shape = variables[path.name] else {
        let suggestion = nearest(path.name, among: variables.keys.sorted())
        findings.append(
          Finding("there is no variable $\(path.name)", at: span, suggestion: suggestion.map { "$\($0)" }))
        continue
      }
      checkField(of: path, shape, at: span)
    }
  }

  private mutating func checkField(of path: VariablePath, _ shape: VariableShape, at span: SourceSpan) {
    guard let field = path.fields.first else { return }
    guard path.fields.count == 1 else {
      findings.append(Finding("$\(path.name).\(field) is one value and has no fields of its own", at: span))
      return
    }
    if case .rows = shape {
      findings.append(
        Finding("$\(path.name) holds rows", at: span, fix: "go through them: for row in $\(path.name)"))
      return
    }
    guard let fields = shape.fields, !fields.contains(where: { $0.name == field }) else { return }
    let suggestion = nearest(field, among: fields.map(\.name)).map { "$\(path.name).\($0)" }
    findings.append(
      Finding(
        "$\(path.name) has no field \(field)", at: span, expected: suggestion == nil ? fields.map(\.name) : [],
        suggestion: suggestion))
  }

  /// What keeps a variable from standing in a slot of this type, as far as its own type is known.
  mutating func checkType(of argument: Argument, in slot: SlotType) {
    guard case .variable(let path) = argument.content else { return }
    let shape = shape(of: argument)
    if case .rows = shape {
      findings.append(
        Finding("\(path) holds rows, and one value stands here", at: argument.span, fix: "for row in \(path)"))
      return
    }
    guard case .value(let type?) = shape, let wanted = slot.shape.valueTypes, !wanted.contains(type) else { return }
    findings.append(Finding("\(path) is a \(type.rawValue), and \(slot.label) stands here", at: argument.span))
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

extension SlotType.Shape {
  /// The types of variable that may stand in a slot of this shape; nil: any.
  fileprivate var valueTypes: Set<ValueType>? {
    switch self {
    case .text, .value, .when, .reference, .part: nil
    case .count: [.count, .number]
    case .number: [.count, .number]
    case .duration: [.duration]
    case .flag: [.flag]
    }
  }
}
