// Which parts of a line are secrets, by the type of the key that they are given for.

/// The places of the secrets that were typed on these lines, whether or not the lines are right. A value that only names
/// its secret (`env:NAME`, `file:PATH`, `vault:NAME`) is none.
package func secrets(in source: String, vocabulary: any Vocabulary) -> [SourceSpan] {
  let tokens = lex(source).tokens
  guard tokens.contains(where: { $0.isMark(.equals) }) else { return [] }
  let script = parse(source, vocabulary: vocabulary, mode: .terminal)
  var names: Set<String> = []
  let nothing = Invocation(verb: "", span: SourceSpan(lower: 0, upper: 0, line: 1, column: 1))
  for context in [nothing] + script.pipelines.map(\.command) {
    for set in Set(vocabulary.verbs.flatMap { $0.forms.flatMap { Element.pairSets(in: $0.elements) } }) {
      names.formUnion((vocabulary.pairKeys(set, in: context) ?? []).filter(\.isSecret).map(\.name))
    }
  }
  var spans: [SourceSpan] = []
  for (index, token) in tokens.enumerated() where token.isMark(.equals) && index > 0 && index + 1 < tokens.count {
    guard tokens[index - 1].kind == .word, names.contains(tokens[index - 1].text) else { continue }
    // What follows without a blank belongs to the value too, since a secret may hold any sign.
    var end = index + 1
    if tokens[end].endsStatement { continue }
    let value = Argument(.literal(.text(tokens[end].text)), text: tokens[end].text, span: tokens[end].span)
    while end + 1 < tokens.count, !tokens[end + 1].endsStatement, tokens[end + 1].span.lower == tokens[end].span.upper {
      end += 1
    }
    if case .variable = tokens[index + 1].kind { continue }
    if end == index + 1, !isTypedSecret(value) { continue }
    spans.append(tokens[index + 1].span.joined(to: tokens[end].span))
  }
  return spans
}

/// The lines with `…` for each secret, as history and logs may keep them.
package func withoutSecrets(_ source: String, vocabulary: any Vocabulary) -> String {
  var bytes = Array(source.utf8)
  for span in secrets(in: source, vocabulary: vocabulary).sorted(by: { $0.lower > $1.lower }) {
    bytes.replaceSubrange(span.lower..<span.upper, with: "…".utf8)
  }
  return String(decoding: bytes, as: UTF8.self)
}

extension Element {
  /// The names of the sets of keys in a form.
  static func pairSets(in elements: [Element]) -> [String] {
    elements.flatMap { element -> [String] in
      switch element {
      case .pairs(let set): [set]
      case .optional(let inner), .many(let inner): pairSets(in: inner)
      case .oneOf(let alternatives), .options(let alternatives): alternatives.flatMap { pairSets(in: $0) }
      case .keyword, .slot, .condition, .limits: []
      }
    }
  }
}
