// What may stand at the cursor: the parser itself, stopped there, and asked what it was looking for.

import Foundation

/// A place in a line, and everything that may stand there.
package struct CompletionPoint: Sendable {
  /// The UTF-8 offsets of what is typed of the word so far, which a candidate replaces.
  package var replacing: Range<Int>
  /// What is typed of the word, without quotes.
  package var prefix: String
  /// The command as far as it is understood before the cursor.
  package var context: Invocation
  package var expectations: [Expectation]
  /// For each expectation, the command as that form understood it.
  var contexts: [Invocation]
  /// What has a name at this place.
  var variables: [String: VariableShape] = [:]
}

/// What may stand at a UTF-8 offset of a line (or of several lines, where a block is open).
package func expectations(in line: String, at cursor: Int, vocabulary: any Vocabulary) -> CompletionPoint {
  let head = beginning(of: line, upTo: cursor)
  let end = head.utf8.count
  var tokens = lex(head).tokens
  let closing = tokens.removeLast()
  var start = end
  var prefix = ""
  let inserted = tokens.last.flatMap { $0.span.upper == end ? insertedPart(of: $0) : nil }
  if let last = tokens.last, last.span.upper == end, let typed = typedPart(of: last) {
    prefix = typed
    start = last.span.lower
    tokens.removeLast()
    // `$e.`: a variable whose field is still to come.
    if typed == ".", let before = tokens.last, case .variable = before.kind, before.span.upper == start {
      prefix = before.text + typed
      start = before.span.lower
      tokens.removeLast()
    }
  }
  let span = SourceSpan(lower: start, upper: end, line: closing.span.line, column: closing.span.column)
  var point = CompletionPoint(
    replacing: start..<end, prefix: prefix, context: Invocation(verb: "", span: span), expectations: [], contexts: [])
  if prefix.isEmpty, isComment(head, after: tokens.last?.span.upper ?? 0) { return point }

  let place = tokens.count
  tokens.append(Token(.cursor, "", span))
  tokens.append(Token(.end, "", span))
  var parser = Parser(tokens: tokens, vocabulary: vocabulary, mode: .terminal)
  let script = parser.script(head)
  guard parser.log.position == place || inserted != nil else { return point }
  if prefix.hasPrefix("$") || inserted != nil || parser.log.notes.contains(where: { $0.expectation == .operand }) {
    var checker = Checker(vocabulary: vocabulary, canAsk: true, isDry: true, variables: vocabulary.variables)
    let bytes = Array(head.utf8)
    checker.isFinished = { statement in
      bytes[min(statement.span.upper, bytes.count)...].contains {
        [UInt8(ascii: "\n"), UInt8(ascii: ";")].contains($0)
      }
    }
    checker.check(script)
    point.variables = checker.visibleAtEnd
  }
  point.context = parser.log.context ?? point.context
  if let inserted {
    point.replacing = end - inserted.utf8.count..<end
    (point.prefix, point.expectations, point.contexts) = (inserted, [.insertion], [point.context])
    return point
  }
  point.expectations = parser.log.notes.map(\.expectation)
  point.contexts = parser.log.notes.map(\.context)
  return point
}

/// The text before the offset; an offset inside a character counts as before it.
private func beginning(of line: String, upTo cursor: Int) -> String {
  let utf8 = line.utf8
  var offset = min(max(cursor, 0), utf8.count)
  while offset > 0 {
    let index = utf8.index(utf8.startIndex, offsetBy: offset)
    if let boundary = String.Index(index, within: line) { return String(line[..<boundary]) }
    offset -= 1
  }
  return ""
}

/// What the token under the cursor gives to complete; nil where it is finished by itself.
private func typedPart(of token: Token) -> String? {
  switch token.kind {
  case .word, .number, .duration, .variable: token.text
  case .field: "." + token.text
  case .string: token.text
  case .unreadable:
    switch token.text.first {
    case "'", "\"": String(token.text.dropFirst())
    default: token.text
    }
  case .mark, .lineEnd, .end, .cursor: nil
  }
}

/// What is typed of a variable inside a text that is still open: `na` of `"hello ${na`.
private func insertedPart(of token: Token) -> String? {
  guard token.kind == .unreadable, token.text.first == "\"" else { return nil }
  guard let open = token.text.range(of: "${", options: .backwards) else { return nil }
  let typed = token.text[open.upperBound...]
  let isName = typed.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-" || $0 == "." }
  return isName ? String(typed) : nil
}

private func isComment(_ head: String, after offset: Int) -> Bool {
  guard let line = head.split(separator: "\n", omittingEmptySubsequences: false).last else { return false }
  let lineStart = head.utf8.count - line.utf8.count
  return head.utf8.dropFirst(max(offset, lineStart)).contains(UInt8(ascii: "#"))
}
