// What to offer for what may stand there, best first.

/// Something to put at the cursor.
package struct Completion: Hashable, Sendable {
  /// What is inserted, with quotes where it needs them.
  package var insertion: String
  /// What is listed.
  package var text: String
  package var description: String
  package var detail: String
  /// Whether something must follow directly, without a blank, as after `KEY=`.
  package var isOpen: Bool
  /// Whether any part of it, or its description, finds it, as with names; the language's own words are found by the
  /// beginning of a word.
  var isName = false
}

/// The candidates at a place.
package struct Completions: Sendable {
  /// The UTF-8 offsets that a candidate replaces.
  package var replacing: Range<Int>
  package var entries: [Completion]
  /// What may be typed besides and cannot be listed, in capitals with what it is: `NAME`, `DURATION`. Where nothing else
  /// is there, also what names would stand here.
  package var placeholders: [Completion]
}

/// What may be put at a UTF-8 offset of a line: first what begins with what is typed, then what has it at the beginning of
/// an inner word, then anywhere, then in its description.
package func completions(
  in line: String, at cursor: Int, vocabulary: any Vocabulary, limit: Int = 50
) -> Completions {
  let point = expectations(in: line, at: cursor, vocabulary: vocabulary)
  let source = CandidateSource(point: point, vocabulary: vocabulary, limit: limit)
  let entries = source.ranked()
  return Completions(
    replacing: point.replacing, entries: entries,
    placeholders: source.placeholders(isAlone: entries.allSatisfy { $0.text == "|" }))
}

/// How well a candidate goes on from what is typed, given in small letters; nil where it does not.
private func rank(_ completion: Completion, typed: String, isWithin: Bool) -> Int? {
  if typed.isEmpty { return 0 }
  let text = completion.text.lowercased()
  if text.hasPrefix(typed) { return 0 }
  guard isWithin else { return nil }
  if words(of: text).contains(where: { $0.hasPrefix(typed) }) { return 1 }
  guard completion.isName else { return nil }
  if text.contains(typed) { return 2 }
  return words(of: completion.description.lowercased()).contains { $0.hasPrefix(typed) } ? 3 : nil
}

private func words(of text: String) -> [Substring] {
  text.split { !$0.isLetter && !$0.isNumber }
}

struct CandidateSource {
  let point: CompletionPoint
  let vocabulary: any Vocabulary
  let limit: Int

  /// What goes on from what is typed, best first.
  ///
  /// - Parameter isWithin: whether it may stand inside a candidate, or in its description, and not just at its beginning.
  func ranked(isWithin: Bool = true) -> [Completion] {
    let typed = point.prefix.lowercased()
    var ranked: [(rank: Int, completion: Completion)] = []
    var seen: Set<String> = []
    for (expectation, context) in zip(point.expectations, point.contexts) {
      for completion in candidates(for: expectation, in: context) {
        guard let rank = rank(completion, typed: typed, isWithin: isWithin), seen.insert(completion.insertion).inserted
        else { continue }
        ranked.append((expectation == .filter ? 9 : rank, completion))
      }
    }
    let ordered = ranked.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
    return ordered.prefix(limit).map(\.element.completion)
  }

  private func candidates(for expectation: Expectation, in context: Invocation) -> [Completion] {
    switch expectation {
    case .verb: return vocabulary.verbs.map { plain($0.name, $0.summary) }
    case .keyword(let word, let help): return [plain(word, help.isEmpty ? meaning(of: word, in: context) : help)]
    case .slot(let name, let type): return standing(of: name, type, in: context) + values(of: type, in: context) + asked
    case .pairKey(let set): return keys(of: set, in: context)
    case .pairValue(let set, let key):
      guard let key = vocabulary.pairKeys(set, in: context)?.first(where: { $0.name == key }) else { return asked }
      if key.isSecret { return key.choices.map { value($0, avoiding: []) } + secretSources }
      if key.choices.isEmpty { return values(of: key.type, in: context) + asked }
      return key.choices.map { value($0, avoiding: []) } + asked
    case .fieldName(let subject): return fields(of: subject).map { plain($0.name, $0.help, detail: $0.type.rawValue) }
    case .relation(let relation): return [plain(relation.rawValue, relation.help)]
    case .fieldValue(let subject, let field): return fieldValues(field, of: subject, in: context) + asked
    case .limitKind(let kind):
      let standing = vocabulary.standing(of: kind, in: context)
      return [plain(kind.name, kind.help, detail: standing.map { "\($0.count) in \($0.place)" } ?? "")]
    case .filter: return [plain("|", "filter, sort, count or save the rows")]
    case .operand: return variables
    case .insertion: return insertions
    case .mark, .newName: return []
    }
  }

  private func plain(_ text: String, _ description: String, detail: String = "") -> Completion {
    Completion(insertion: text, text: text, description: description, detail: detail, isOpen: false)
  }

  private func value(_ entry: VocabularyEntry, avoiding keywords: Set<String>) -> Completion {
    var insertion = quoted(entry.text, avoiding: keywords)
    // More follows, so the quote stays open.
    if entry.isOpen, insertion.first == "'" { insertion.removeLast() }
    return Completion(
      insertion: insertion, text: entry.text, description: entry.description, detail: entry.detail,
      isOpen: entry.isOpen, isName: true)
  }

  /// What a keyword means that says nothing of itself: what its form does, or its verb.
  private func meaning(of word: String, in context: Invocation) -> String {
    guard let verb = vocabulary.verbs.first(where: { $0.name == context.verb }) else { return "" }
    let form = verb.forms.first { $0.id == context.form }
    return form.map(\.summary).flatMap { $0.isEmpty ? nil : $0 } ?? verb.summary
  }

  /// The number that there is now of what a limit is for.
  private func standing(of name: String, _ type: SlotType, in context: Invocation) -> [Completion] {
    guard type == .count else { return [] }
    let forms = vocabulary.verbs.first { $0.name == context.verb }?.forms ?? []
    guard let kind = Element.limits(in: forms.flatMap(\.elements)).flatMap(\.kinds).first(where: { $0.name == name }),
      let standing = vocabulary.standing(of: kind, in: context)
    else { return [] }
    return [plain(String(standing.count), "as many as there are in \(standing.place)")]
  }

  private func values(of type: SlotType, in context: Invocation) -> [Completion] {
    let form = vocabulary.verbs.first { $0.name == context.verb }?.forms.first { $0.id == context.form }
    let keywords = Element.keywords(of: form?.elements ?? []).union(["where"])
    let entries = vocabulary.candidates(for: type, prefix: point.prefix, in: context, limit: limit)
    return entries.isEmpty ? builtIn(type.shape) : entries.map { value($0, avoiding: keywords) }
  }

  private func builtIn(_ shape: SlotType.Shape) -> [Completion] {
    switch shape {
    case .flag: [plain("on", "yes"), plain("off", "no")]
    case .when: Moment.words.map { plain($0, Moment.help($0)) }
    case .text, .value, .count, .number, .duration, .reference, .part: []
    }
  }

  /// The variables, where a `$` asks for them.
  private var asked: [Completion] { point.prefix.hasPrefix("$") ? variables : [] }

  /// What `let`, `for` and `param` gave names to, and the fields of a record behind its point.
  private var variables: [Completion] {
    let typed = point.prefix.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
    if typed.count == 2, let shape = point.variables[String(typed[0])] {
      return (shape.fields ?? []).map { plain("$\(typed[0]).\($0.name)", $0.help, detail: $0.type.rawValue) }
    }
    return point.variables.sorted { $0.key < $1.key }.map { plain("$" + $0.key, $0.value.words) }
  }

  /// The same inside a text, closed where nothing has to follow.
  private var insertions: [Completion] {
    let typed = point.prefix.split(separator: ".", omittingEmptySubsequences: false)
    if typed.count == 2, let shape = point.variables[String(typed[0])] {
      return (shape.fields ?? []).map { field in
        Completion(
          insertion: "\(typed[0]).\(field.name)}", text: "\(typed[0]).\(field.name)", description: field.help,
          detail: field.type.rawValue, isOpen: true)
      }
    }
    return point.variables.sorted { $0.key < $1.key }.map { name, shape in
      let hasFields = shape.fields?.isEmpty == false
      return Completion(
        insertion: name + (hasFields ? "." : "}"), text: name, description: shape.words, detail: "", isOpen: true)
    }
  }

  private func keys(of set: String, in context: Invocation) -> [Completion] {
    let given = Set(context.pairs.map(\.key))
    return (vocabulary.pairKeys(set, in: context) ?? []).filter { !given.contains($0.name) }.map { key in
      Completion(
        insertion: key.name + "=", text: key.name + "=", description: key.help,
        detail: key.isSecret ? "secret" : key.detail, isOpen: true)
    }
  }

  private var secretSources: [Completion] {
    [
      ("env:", "the environment variable of this name"), ("file:", "the file at this path"),
      ("vault:", "the entry of the vault of this name"),
    ].map { Completion(insertion: $0, text: $0, description: $1, detail: "", isOpen: true) }
  }

  func fields(of subject: String?) -> [Column] { subject.flatMap(vocabulary.fields) ?? [] }

  private func fieldValues(_ field: String, of subject: String?, in context: Invocation) -> [Completion] {
    let columns = fields(of: subject)
    guard let subject, let column = columns.first(where: { $0.name == field }) else { return [] }
    if point.prefix.hasPrefix(".") {
      return columns.filter { $0.type == column.type && $0.name != field }.map { plain("." + $0.name, $0.help) }
    }
    let entries = vocabulary.values(of: field, subject: subject, prefix: point.prefix, in: context, limit: limit)
    if entries.isEmpty {
      return column.type == .date ? values(of: .when, in: context) : builtIn(column.type == .flag ? .flag : .text)
    }
    return entries.map { value($0, avoiding: ["not", "blank"]) }
  }
}
