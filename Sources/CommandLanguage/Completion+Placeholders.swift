// What may be typed where nothing can be listed: a row in capitals that says what kind of text it is.

extension CandidateSource {
  /// A row for each kind of text that may be typed here; names that can be listed only where none is (`isAlone`).
  func placeholders(isAlone: Bool) -> [Completion] {
    var rows: [Completion] = []
    for (expectation, context) in zip(point.expectations, point.contexts) {
      guard let row = placeholder(for: expectation, in: context, isAlone: isAlone), !rows.contains(row) else {
        continue
      }
      rows.append(row)
    }
    return rows
  }

  private func placeholder(for expectation: Expectation, in context: Invocation, isAlone: Bool) -> Completion? {
    switch expectation {
    case .slot(_, let type): return type.isNamed && !isAlone ? nil : capitals(type.label, type.help)
    case .pairKey(let set):
      return vocabulary.pairKeys(set, in: context)?.isEmpty == false
        ? nil : capitals("KEY=VALUE", "a value by its name")
    case .pairValue(let set, let key):
      let known = vocabulary.pairKeys(set, in: context)?.first { $0.name == key }
      if known?.isSecret == true { return capitals("SOURCE:NAME", "where the secret is; never the secret itself") }
      guard known?.choices.isEmpty != false else { return nil }
      return capitals(
        "VALUE",
        [known?.help, known?.detail, known.map { $0.help.isEmpty ? $0.type.help : "" }].compactMap(\.self).filter {
          !$0.isEmpty
        }.joined(separator: ": "))
    case .fieldName(let subject):
      return fields(of: subject).isEmpty ? capitals("FIELD", "a field of the rows") : nil
    case .fieldValue(let subject, let field):
      let column = fields(of: subject).first { $0.name == field }
      guard let type = column?.type else { return capitals("VALUE", "what the field is compared with") }
      return type == .flag ? nil : capitals(type.rawValue.uppercased(), type.help)
    case .operand: return capitals("VALUE", "a variable, a number, or a text in quotes")
    case .newName: return capitals("NAME", "a new name: small letters, digits and dashes")
    case .insertion: return point.variables.isEmpty ? capitals("NAME", "a variable; none has a name here") : nil
    case .verb, .keyword, .relation, .limitKind, .mark, .filter: return nil
    }
  }

  private func capitals(_ label: String, _ help: String) -> Completion {
    Completion(insertion: "", text: label, description: help, detail: "", isOpen: true)
  }
}
