// Whether a line goes on in the next one.

/// Whether what was typed is the beginning of something longer: an open bracket, a last `|` or `,`, or a block without its
/// `end`. Text in quotes never goes over the end of a line, so an open quote is a finding and nothing to wait for.
package func needsMoreInput(_ source: String) -> Bool {
  let tokens = lex(source).tokens.dropLast()
  guard let last = tokens.last(where: { $0.kind != .lineEnd }) else { return false }
  if last.isMark(.bar) || last.isMark(.comma) { return true }
  var brackets = 0
  var blocks = 0
  var beginsStatement = true
  var previous: Token?
  for token in tokens {
    switch token.kind {
    case .mark(.openParenthesis), .mark(.openBracket): brackets += 1
    case .mark(.closeParenthesis), .mark(.closeBracket): brackets = max(0, brackets - 1)
    case .word where beginsStatement:
      if ["if", "for", "try"].contains(token.text) { blocks += 1 }
      if token.text == "end" { blocks = max(0, blocks - 1) }
    default: break
    }
    beginsStatement = token.kind == .lineEnd
    previous = token
  }
  return previous != nil && (brackets > 0 || blocks > 0)
}
