// The parser: recursive descent that reads like the grammar, recovers at the next `|` or line, and reports everything.

/// Where a text comes from, which decides whether verbs may be abbreviated.
package enum ParsingMode: Hashable, Sendable {
  /// A line typed at the prompt: a verb may be abbreviated as far as it stays the only one.
  case terminal
  /// `-c`, a file, standard input, a schedule: whole words only.
  case script
}

/// The tree of a text. Everything that is wrong with its form is in `findings`; what is understood is in the tree all the
/// same, so that the checker finds the rest in one go.
package func parse(_ source: String, vocabulary: any Vocabulary, mode: ParsingMode = .terminal) -> ParsedScript {
  let (tokens, unreadable) = lex(source)
  var parser = Parser(tokens: tokens, vocabulary: vocabulary, mode: mode)
  var script = parser.script(source)
  script.findings = unreadable + parser.findings
  return script
}

struct Parser {
  let tokens: [Token]
  let vocabulary: any Vocabulary
  let mode: ParsingMode
  var position = 0
  var findings: [Finding] = []
  var log = ExpectationLog()
  /// How deep conditions, lists and blocks are nested; bounded, since each level is a call.
  var depth = 0
  /// What the condition under way compares, and what is left of one that could not be understood to its end: its fields
  /// are checked all the same, and coloured.
  var leftSides: [Operand] = []
  var begunCondition: Condition?
  /// What an item of a list stands for, where something is known of it.
  var item: Expectation?
  /// The work left for fitting one command to its forms.
  var budget = 0
  /// What `note` puts beside an expectation.
  var context = Invocation(verb: "", span: SourceSpan(lower: 0, upper: 0, line: 1, column: 1))

  static let deepest = 60

  init(tokens: [Token], vocabulary: any Vocabulary, mode: ParsingMode) {
    self.tokens = tokens
    self.vocabulary = vocabulary
    self.mode = mode
  }

  // MARK: - Tokens

  /// The token at the position; the closing one behind the end.
  var token: Token { token(at: position) }

  func token(at index: Int) -> Token { tokens[min(max(index, 0), tokens.count - 1)] }

  /// Takes the word if it stands here, and notes that it could.
  ///
  /// - Parameter help: what it means here; `nil`: what the language's own table says.
  mutating func take(word: String, help: String? = nil) -> Bool {
    note(.keyword(word, help: help ?? LanguageWord.help(word)))
    guard token.isWord(word) else { return false }
    position += 1
    return true
  }

  mutating func take(mark: Token.Mark) -> Bool {
    note(.mark(mark))
    guard token.isMark(mark) else { return false }
    position += 1
    return true
  }

  mutating func note(_ expectation: Expectation) {
    log.note(expectation, at: position, in: context)
  }

  /// The stretch from a token to the last one taken.
  func span(from start: Int) -> SourceSpan {
    position > start ? token(at: start).span.joined(to: token(at: position - 1).span) : token(at: start).span.start
  }

  // MARK: - Failing and going on

  /// Reports that nothing fitted at the furthest place that was tried.
  mutating func fail() {
    let place = max(log.position, position)
    let labels = log.position == place ? log.labels : []
    let stuck = token(at: place)
    switch stuck.kind {
    case .unreadable, .cursor: break
    case .end, .lineEnd:
      findings.append(
        Finding("the line is not finished", at: stuck.span.start, expected: labels, isUnfinished: stuck.kind == .end))
    case .mark(.equals) where labels.contains("is"):
      findings.append(Finding("`=` compares nothing", at: stuck.span, suggestion: "is"))
    default:
      let words = log.notes.compactMap { note in
        switch note.expectation {
        case .keyword(let word, _): word
        case .relation(let relation): relation.rawValue
        case .limitKind(let kind): kind.name
        default: nil
        }
      }
      let shown = shown(stuck)
      // `KEY=a, b`: the comma ends the value unless the list is in brackets.
      let isListOfPair =
        place >= 3 && token(at: place - 1).kind == .mark(.comma)
        && token(at: place - 3).kind == .mark(.equals)
      findings.append(
        Finding(
          "\(shown) cannot stand here", at: stuck.span, expected: labels,
          suggestion: stuck.kind == .word ? nearest(stuck.text, among: words) : nil,
          fix: isListOfPair ? "a list is written [\(token(at: place - 2).text), \(stuck.text)]" : nil))
    }
    position = place
  }

  mutating func fail(_ message: String, at token: Token, fix: String? = nil) {
    if token.kind == .unreadable || token.kind == .cursor { return }
    let span = token.endsStatement ? token.span.start : token.span
    findings.append(Finding(message, at: span, fix: fix))
  }

  private func shown(_ token: Token) -> String {
    switch token.kind {
    case .string: "this text"
    case .field: "`.\(token.text)`"
    default: "`\(token.text)`"
    }
  }

  /// Skips what is left of a command or filter.
  mutating func skipToBar() {
    while !endsCommand(token) { position += 1 }
  }

  mutating func skipToLineEnd() {
    while !token.endsStatement, token.kind != .cursor { position += 1 }
  }

  /// Whether a command or filter ends before this token.
  func endsCommand(_ token: Token) -> Bool {
    token.endsStatement || token.kind == .cursor || token.isMark(.bar) || token.isMark(.closeParenthesis)
  }
}
