// How a text that is the beginning of something longer goes on: in a further row, indented.

/// A text after Enter.
package struct EnteredText: Hashable, Sendable {
  /// The text, its last row where its block stands, and with the next row where it goes on.
  package var text: String
  /// Whether the text is the beginning of something longer.
  package var goesOn: Bool
}

/// What becomes of a text when Enter is pressed at its end.
///
/// A text goes on after an open bracket, a last `|` or `,`, and in a block without its `end`. Text in quotes never goes over
/// the end of a line, so an open quote is a finding and nothing to wait for. The last row is moved to where its block
/// stands (`end`, `else` and `on error` stand further left), and a new one is indented by what is open.
package func entered(_ source: String) -> EnteredText {
  let nesting = Nesting(of: source)
  var rows = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  let last = rows.removeLast()
  let body = last.drop { $0 == " " }
  // The first row stands where its prompt put it.
  if !rows.isEmpty, !body.isEmpty {
    let depth = Nesting(of: rows.joined(separator: "\n")).depth - (Nesting.closes(body) ? 1 : 0)
    rows.append(indentation(depth) + body)
  } else {
    rows.append(last)
  }
  if nesting.isOpen { rows.append(indentation(nesting.depth)) }
  return EnteredText(text: rows.joined(separator: "\n"), goesOn: nesting.isOpen)
}

private func indentation(_ depth: Int) -> String { String(repeating: "  ", count: max(0, depth)) }

/// What is open at the end of a text.
private struct Nesting {
  private var brackets = 0
  private var blocks = 0
  /// After `|` or `,`, where the row below goes on with the same command.
  private var awaitsMore = false

  var isOpen: Bool { brackets > 0 || blocks > 0 || awaitsMore }
  var depth: Int { blocks + brackets + (awaitsMore ? 1 : 0) }

  init(of source: String) {
    let tokens = lex(source).tokens.dropLast()
    let last = tokens.last { $0.kind != .lineEnd }
    awaitsMore = last.map { $0.isMark(.bar) || $0.isMark(.comma) } ?? false
    var beginsStatement = true
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
    }
    if brackets > 0 { awaitsMore = false }
  }

  /// Whether a row closes a part of the block that it stands in.
  static func closes(_ row: Substring) -> Bool {
    let words = row.split { !$0.isLetter }
    return words.first == "end" || words.first == "else" || words.first == "on" && words.dropFirst().first == "error"
  }
}
