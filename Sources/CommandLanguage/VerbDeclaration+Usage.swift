// Usage lines and help, rendered from the declaration.

/// One line for each form: `sync [COMPANY…] [dry] [wait DURATION] [confirm within KIND N, …]`.
package func usage(of verb: VerbDeclaration) -> [String] {
  verb.forms.map { form in
    ([verb.name] + form.elements.map(usage)).filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// Everything about one verb: what it does, its forms, the details, what its words mean, examples.
package func helpPage(for verb: VerbDeclaration) -> HelpPage {
  let forms = zip(verb.forms, usage(of: verb)).flatMap { form, line in
    ["\(line)"] + (form.summary.isEmpty ? [] : ["    " + form.summary])
  }
  var blocks: [HelpPage.Block] = [.lines(forms)]
  if !verb.aliases.isEmpty { blocks.insert(.text("also: \(verb.aliases.joined(separator: ", "))"), at: 0) }
  if !verb.details.isEmpty { blocks.append(.text(verb.details)) }
  let elements = verb.forms.flatMap(\.elements)
  let words = elements.flatMap(\.meanings).reduce(into: [HelpPage.Term]()) { if !$0.contains($1) { $0.append($1) } }
  if !words.isEmpty { blocks.append(.terms("words", words)) }
  for (name, kinds) in Element.limits(in: elements) {
    let terms = kinds.map { HelpPage.Term($0.bound == .none ? $0.name : "\($0.name) N", $0.help) }
    blocks.append(.terms("kinds (\(name))", terms))
  }
  if !verb.examples.isEmpty { blocks.append(.examples(verb.examples)) }
  return HelpPage(verb.name, verb.summary, blocks)
}

extension Element {
  /// What its slots and keywords mean, as far as they say it.
  fileprivate var meanings: [HelpPage.Term] {
    switch self {
    case .keyword(let word, let help): help.isEmpty ? [] : [.init(word, help)]
    case .slot(_, let type): type.help.isEmpty ? [] : [.init(type.label, type.help)]
    case .optional(let elements), .many(let elements): elements.flatMap(\.meanings)
    case .oneOf(let alternatives), .options(let alternatives): alternatives.flatMap { $0.flatMap(\.meanings) }
    case .pairs, .condition, .limits: []
    }
  }
}

/// Every verb with its one line, under the headings of their groups, both in the order of declaration; then the words of
/// scripts.
package func overview(of verbs: [VerbDeclaration], width: Int) -> String {
  var groups: [String] = []
  for verb in verbs where !groups.contains(verb.group) { groups.append(verb.group) }
  let blocks = groups.map { group in
    let lines = aligned(verbs.filter { $0.group == group }.map { .init($0.name, $0.summary) }, width: width)
    return ((group.isEmpty ? [] : [group]) + lines).joined(separator: "\n")
  }
  let statements = aligned(StatementHelp.all.map { .init($0.word, $0.summary) }, width: width)
  return (blocks + [(["Scripts"] + statements).joined(separator: "\n")]).joined(separator: "\n\n")
}

private func usage(_ elements: [Element]) -> String {
  elements.map(usage).filter { !$0.isEmpty }.joined(separator: " ")
}

private func usage(_ element: Element) -> String {
  switch element {
  case .keyword(let word, _): word
  case .slot(_, let type): type.label
  case .optional(let elements): "[\(usage(elements))]"
  case .oneOf(let alternatives): "(" + alternatives.map(usage).joined(separator: " | ") + ")"
  case .options(let groups): groups.map { "[\(usage($0))]" }.joined(separator: " ")
  case .many(let elements):
    if elements.count == 1, case .slot(_, let type) = elements[0] { "\(type.label)…" } else { "(\(usage(elements)))…" }
  case .pairs: "KEY=VALUE…"
  case .condition: "where CONDITION"
  case .limits(_, let kinds): kinds.contains { $0.bound != .none } ? "KIND N, …" : "KIND, …"
  }
}
