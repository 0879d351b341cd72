// Values for the parameters of a script, as `run SCRIPT name=value` gives them.

/// What is wrong with the values given to a script.
package struct ArgumentFault: Error, Hashable, Sendable {
  /// A sentence.
  package var message: String
  package var hint: String?
}

/// The parameters as variables: what was given, else their own beginnings; and everything that is wrong with it.
package func bind(
  _ arguments: [String: Argument], to parameters: [Parameter], vocabulary: any Vocabulary
) -> (variables: Variables, faults: [ArgumentFault]) {
  var variables = Variables()
  var faults: [ArgumentFault] = []
  let names = parameters.map(\.name.text)
  for name in arguments.keys.sorted() where !names.contains(name) {
    faults.append(
      ArgumentFault(
        message: "There is no parameter \(name).",
        hint: nearest(name, among: names).map { "did you mean \($0)?" }
          ?? (names.isEmpty ? "this script takes none" : "the parameters are \(Finding.alternatives(names))")))
  }
  for parameter in parameters {
    let name = parameter.name.text
    guard let argument = arguments[name] ?? parameter.initial else {
      faults.append(
        ArgumentFault(
          message: "The parameter \(name) has no value.", hint: "say \(name)=\(parameter.kind.rawValue.uppercased())"))
      continue
    }
    guard let value = parameter.kind.value(of: argument) else {
      faults.append(
        ArgumentFault(
          message: "\(name) is a \(parameter.kind.rawValue), and “\(argument.text)” is none.",
          hint: "say \(name)=\(parameter.kind.example)"))
      continue
    }
    var checker = Checker(vocabulary: vocabulary, canAsk: true, isDry: true, variables: [:])
    checker.check(argument, as: parameter.kind)
    faults += checker.findings.map { finding in
      ArgumentFault(
        message: "\(name)=\(argument.text): \(finding.message).",
        hint: finding.suggestion.map { "did you mean \($0)?" } ?? finding.fix)
    }
    variables.bind(name, to: value)
  }
  return (variables, faults)
}

extension Argument {
  /// A value that comes from outside the language: the command line, a schedule.
  package init(outside text: String) {
    self.init(
      .literal(.text(text)), text: text, isQuoted: true, span: SourceSpan(lower: 0, upper: 0, line: 1, column: 1))
  }
}

extension Parameter.Kind {
  /// A literal as a value of this kind; nil where it is none.
  func value(of argument: Argument) -> Value? {
    guard let text = argument.literalText else { return nil }
    switch self {
    case .text, .company, .connection, .sync, .field, .file: return .text(text)
    case .number: return Literals.number(text).map(Value.number)
    case .count: return Literals.count(text).map(Value.count)
    case .duration: return Literals.duration(text).map(Value.duration)
    case .date: return Moment.isWritten(text) ? .text(text) : nil
    case .flag: return Literals.flag(text).map(Value.flag)
    }
  }

  /// A value of this kind, as it is typed.
  var example: String {
    switch self {
    case .text: "'some text'"
    case .number: "2.5"
    case .count: "20"
    case .duration: "20m"
    case .date: "yesterday"
    case .flag: "on"
    case .company: "acme"
    case .connection: "cw"
    case .sync: "acme/contacts"
    case .field: "title"
    case .file: "list.csv"
    }
  }
}
