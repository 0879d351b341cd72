// Usage lines and help, rendered from the declaration.

/// One line for each form: `sync [COMPANY…] [dry] [wait DURATION] [confirm within KIND N, …]`.
package func usage(of verb: VerbDeclaration) -> [String] {
  verb.forms.map { form in
    ([verb.name] + form.elements.map(usage)).filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// Everything about one verb: what it does, its forms, the details, examples.
package func help(for verb: VerbDeclaration) -> String {
  var lines = ["\(verb.name): \(verb.summary)"]
  if !verb.aliases.isEmpty { lines.append("also: \(verb.aliases.joined(separator: ", "))") }
  lines.append("")
  let usages = usage(of: verb)
  for (form, line) in zip(verb.forms, usages) {
    lines.append("  " + line)
    if !form.summary.isEmpty { lines.append("      " + form.summary) }
  }
  if !verb.details.isEmpty { lines += ["", verb.details] }
  if !verb.examples.isEmpty {
    lines += ["", "examples:"]
    lines += aligned(verb.examples.map { ($0.line, $0.does) })
  }
  return lines.joined(separator: "\n")
}

/// Every verb with its one line, under the headings of their groups, both in the order of declaration; then the words of
/// scripts.
package func overview(of verbs: [VerbDeclaration]) -> String {
  var groups: [String] = []
  for verb in verbs where !groups.contains(verb.group) { groups.append(verb.group) }
  let blocks = groups.map { group in
    let lines = aligned(verbs.filter { $0.group == group }.map { ($0.name, $0.summary) })
    return ((group.isEmpty ? [] : [group]) + lines).joined(separator: "\n")
  }
  let statements = aligned(StatementHelp.all.map { ($0.word, $0.summary) })
  return (blocks + [(["Scripts"] + statements).joined(separator: "\n")]).joined(separator: "\n\n")
}

private func aligned(_ pairs: [(String, String)]) -> [String] {
  let width = pairs.map { displayWidth(of: $0.0) }.max() ?? 0
  return pairs.map { left, right in
    let gap = String(repeating: " ", count: width - displayWidth(of: left) + 3)
    return right.isEmpty ? "  \(left)" : "  \(left)\(gap)\(right)"
  }
}

private func usage(_ elements: [Element]) -> String {
  elements.map(usage).filter { !$0.isEmpty }.joined(separator: " ")
}

private func usage(_ element: Element) -> String {
  switch element {
  case .keyword(let word): word
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
