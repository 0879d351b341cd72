// What can be said of a line while it is still being typed: its colours, its usage or its error, how it may go on.

/// A line as it stands, understood as far as it goes.
package struct LiveLine: Hashable, Sendable {
  package enum Note: Hashable, Sendable {
    /// How the verb is used, or what may follow.
    case usage(String)
    /// What Enter would answer.
    case error(String)
  }

  package enum Hint: Hashable, Sendable {
    /// The rest of the word.
    case rest(String)
    /// What kind of word is wanted: `COMPANY`.
    case wanted(String)
  }

  package var highlights: [Highlight]
  package var note: Note?
  package var hint: Hint?
}

/// What can be said of a line.
///
/// A word that is still being typed is wrong only when nothing begins with it; a line that is not finished is not wrong.
/// - Parameters:
///   - script: the line as parsed.
///   - findings: everything that Enter would find.
///   - cursor: in UTF-8.
package func liveLine(
  _ script: ParsedScript, findings: [Finding], at cursor: Int, vocabulary: any Vocabulary
) -> LiveLine {
  let point = expectations(in: script.source, at: cursor, vocabulary: vocabulary)
  let isAtEnd = cursor >= script.source.utf8.count
  // Where no word is begun there is none to finish, and much that could be looked up.
  let offered = point.prefix.isEmpty ? [] : offers(at: point, vocabulary)
  let mayGrow = offered.contains { $0.lowercased().hasPrefix(point.prefix.lowercased()) }
  let settled = findings.filter { finding in
    if finding.isUnfinished { return false }
    let isTouched = finding.span.upper >= point.replacing.lowerBound && finding.span.lower <= cursor
    return !isTouched || finding.span.upper <= point.replacing.lowerBound || !point.prefix.isEmpty && !mayGrow
  }
  return LiveLine(
    highlights: highlights(of: script, wrong: settled),
    note: settled.first.map { .error($0.sentence) } ?? usageNote(at: point, in: vocabulary),
    hint: isAtEnd && settled.isEmpty ? hint(at: point, offered) : nil)
}

/// The texts that begin with what is typed, best first.
private func offers(at point: CompletionPoint, _ vocabulary: any Vocabulary) -> [String] {
  CandidateSource(point: point, vocabulary: vocabulary, limit: 8).ranked(isWithin: false).map(\.insertion)
}

private func hint(at point: CompletionPoint, _ offered: [String]) -> LiveLine.Hint? {
  if !point.prefix.isEmpty {
    let best = offered.first { $0.count > point.prefix.count && $0.hasPrefix(point.prefix) }
    return best.map { .rest(String($0.dropFirst(point.prefix.count))) }
  }
  if point.expectations.count == 1, case .keyword(let word, _)? = point.expectations.first { return .rest(word) }
  let slot = point.expectations.first { expectation in
    if case .slot = expectation { true } else { false }
  }
  return slot.map { .wanted($0.label) }
}

/// How the form is used that the line has so far; inside a condition or a filter, what may follow.
private func usageNote(at point: CompletionPoint, in vocabulary: any Vocabulary) -> LiveLine.Note? {
  guard let verb = vocabulary.verbs.first(where: { $0.name == point.context.verb }) else {
    return summaryNote(of: point.prefix, in: vocabulary)
  }
  let isInside = point.expectations.contains { expectation in
    switch expectation {
    case .relation, .fieldName, .fieldValue, .operand: true
    default: false
    }
  }
  if isInside {
    let labels = point.expectations.map(\.label).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return .usage("then " + Finding.alternatives(labels))
  }
  let usages = zip(verb.forms, usage(of: verb)).map { form, line in
    (form.id, form.summary.isEmpty ? line : "\(line)   \(form.summary)")
  }
  return (usages.first { $0.0 == form(meantAt: point) } ?? usages.last).map { .usage($0.1) }
}

/// The form that a line with several of them probably becomes: that of a keyword which goes on from what is typed, else the
/// one with a slot here.
private func form(meantAt point: CompletionPoint) -> String {
  let pairs = zip(point.expectations, point.contexts)
  let keyword = pairs.first { expectation, _ in
    guard case .keyword(let word, _) = expectation, !point.prefix.isEmpty else { return false }
    return word.hasPrefix(point.prefix)
  }
  let slot = pairs.first { expectation, _ in
    if case .slot = expectation { true } else { false }
  }
  return (keyword ?? slot)?.1.form ?? point.context.form
}

/// Of the verb, or word of scripts, that a first word can only mean: what it does.
private func summaryNote(of prefix: String, in vocabulary: any Vocabulary) -> LiveLine.Note? {
  guard !prefix.isEmpty else { return nil }
  let known =
    vocabulary.verbs.map { ($0.name, $0.summary) } + StatementHelp.all.map { ($0.word, $0.summary) }
  let meant = known.filter { $0.0 == prefix } + known.filter { $0.0.hasPrefix(prefix) && $0.0 != prefix }
  guard let first = meant.first, meant.count == 1 || first.0 == prefix else { return nil }
  return .usage("\(first.0): \(first.1)")
}
