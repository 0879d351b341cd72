// Text to tokens; never fails, whatever the text: what cannot be read is a finding and an `unreadable` token.

/// The tokens of a text, closed by `.end`, with what could not be read. Comments and blanks are left out, and so are the
/// newlines that the grammar ignores: inside brackets, after `|` or `,`, and before a line that begins with `|`.
package func lex(_ source: String) -> (tokens: [Token], findings: [Finding]) {
  var lexer = Lexer(source)
  lexer.run()
  return (significant(lexer.tokens), lexer.findings)
}

/// Keeps the line ends that separate statements.
private func significant(_ tokens: [Token]) -> [Token] {
  let depths = bracketDepths(tokens)
  var kept: [Token] = []
  for (index, token) in tokens.enumerated() {
    if token.kind == .lineEnd, token.text == "\n" {
      let last = kept.last?.kind
      if depths[index] > 0 || last == .mark(.bar) || last == .mark(.comma) { continue }
      let next = tokens[(index + 1)...].first { !($0.kind == .lineEnd && $0.text == "\n") }
      if let next, next.isMark(.bar) { continue }
    }
    if token.kind == .lineEnd, kept.last?.kind == .lineEnd || kept.isEmpty { continue }
    kept.append(token)
  }
  return kept
}

/// For each token, how many brackets that are really closed later stand open there. One that is never closed counts for
/// nothing, so that a forgotten bracket spoils its own line and not the rest of the file.
private func bracketDepths(_ tokens: [Token]) -> [Int] {
  var changes = [Int](repeating: 0, count: tokens.count + 1)
  var open: [(index: Int, mark: Token.Mark)] = []
  for (index, token) in tokens.enumerated() {
    guard case .mark(let mark) = token.kind else { continue }
    switch mark {
    case .openParenthesis, .openBracket: open.append((index, mark))
    case .closeParenthesis, .closeBracket:
      let wanted: Token.Mark = mark == .closeParenthesis ? .openParenthesis : .openBracket
      guard let match = open.lastIndex(where: { $0.mark == wanted }) else { continue }
      changes[open[match].index] += 1
      changes[index] -= 1
      open.removeSubrange(match...)
    default: continue
    }
  }
  var depth = 0
  return tokens.indices.map { index in
    depth += changes[index]
    return depth
  }
}

private struct Lexer {
  private(set) var tokens: [Token] = []
  private(set) var findings: [Finding] = []
  private let scalars: [Unicode.Scalar]
  private let offsets: [Int]
  private let map: SourceMap
  private var index = 0

  init(_ source: String) {
    scalars = Array(source.unicodeScalars)
    var offset = 0
    var offsets: [Int] = []
    offsets.reserveCapacity(scalars.count + 1)
    for scalar in scalars {
      offsets.append(offset)
      offset += UTF8.width(scalar)
    }
    offsets.append(offset)
    self.offsets = offsets
    map = SourceMap(source)
  }

  mutating func run() {
    while let scalar = peek() {
      switch scalar {
      case "\n": take(.lineEnd, 1)
      case ";": take(.lineEnd, 1)
      case "#": skipComment()
      case "'": rawString()
      case "\"": string()
      case "$": variable()
      case ".": field()
      case "-" where peek(1).map(isDigit) == true: word()
      case ":" where peek(1).map(isDigit) == true: word()
      case "<", ">": take(.mark(mark(of: scalar)), peek(1) == "=" ? 2 : 1)
      default:
        if isBlank(scalar) {
          index += 1
        } else if let mark = Token.Mark(rawValue: String(scalar)) {
          take(.mark(mark), 1)
        } else if startsWord(scalar) {
          word()
        } else {
          unreadable()
        }
      }
    }
    tokens.append(Token(.end, "", span(from: index)))
  }

  // MARK: - Tokens

  private mutating func take(_ kind: Token.Kind, _ count: Int) {
    let start = index
    index += count
    tokens.append(Token(kind, text(from: start), span(from: start)))
  }

  private func mark(of scalar: Unicode.Scalar) -> Token.Mark {
    let orEqual = peek(1) == "="
    return scalar == "<" ? (orEqual ? .lessOrEqual : .less) : (orEqual ? .greaterOrEqual : .greater)
  }

  private mutating func skipComment() {
    while let scalar = peek(), scalar != "\n" { index += 1 }
  }

  private mutating func word() {
    let start = index
    index += 1
    while let scalar = peek(), continuesWord(scalar) { index += 1 }
    let text = text(from: start)
    let kind = Literals.kind(of: text)
    if kind == .word, scalars[start] == "-" {
      findings.append(Finding("`\(text)` is no number", at: span(from: start), fix: "text with this sign needs quotes"))
      tokens.append(Token(.unreadable, text, span(from: start)))
    } else {
      tokens.append(Token(kind, text, span(from: start)))
    }
  }

  private mutating func variable() {
    let start = index
    index += 1
    if let path = path() {
      tokens.append(Token(.variable(path), text(from: start), span(from: start)))
    } else {
      fail("a variable's name was expected after $: small letters, digits and dashes", from: start)
    }
  }

  private mutating func field() {
    let start = index
    index += 1
    if let name = name() {
      tokens.append(Token(.field, name, span(from: start)))
    } else {
      while let scalar = peek(), continuesWord(scalar) { index += 1 }
      fail("a field's name was expected after the dot", from: start, fix: "text that begins with a dot needs quotes")
    }
  }

  private mutating func rawString() {
    let start = index
    var value = ""
    index += 1
    while let scalar = peek(), scalar != "\n" {
      index += 1
      if scalar == "'" {
        guard peek() == "'" else {
          tokens.append(Token(.string([.text(value)]), value, span(from: start)))
          return
        }
        index += 1
      }
      value.unicodeScalars.append(scalar)
    }
    fail("this text has no closing quote '", from: start, isUnfinished: peek() == nil)
  }

  private mutating func string() {
    let start = index
    var parts: [StringPart] = []
    var value = ""
    index += 1
    while let scalar = peek(), scalar != "\n" {
      let here = index
      index += 1
      switch scalar {
      case "\"":
        if !value.isEmpty || parts.isEmpty { parts.append(.text(value)) }
        tokens.append(Token(.string(parts), written(parts), span(from: start)))
        return
      case "\\": if let escaped = escape(from: here) { value.unicodeScalars.append(escaped) }
      case "$" where peek() == "{":
        index += 1
        if let path = path(), peek() == "}" {
          index += 1
          if !value.isEmpty { parts.append(.text(value)) }
          value = ""
          parts.append(.variable(path, span(from: here)))
        } else {
          findings.append(
            Finding(
              "a variable was expected: ${name} or ${name.field}", at: span(from: here),
              fix: "for a plain $ write \\u{24}"))
        }
      default: value.unicodeScalars.append(scalar)
      }
    }
    fail("this text has no closing quote \"", from: start, isUnfinished: peek() == nil)
  }

  private mutating func escape(from start: Int) -> Unicode.Scalar? {
    guard let scalar = peek(), scalar != "\n" else { return nil }
    index += 1
    switch scalar {
    case "\"", "\\": return scalar
    case "n": return "\n"
    case "t": return "\t"
    case "u":
      guard peek() == "{" else { break }
      index += 1
      var digits = ""
      while let digit = peek(), digit.properties.isASCIIHexDigit, digits.count < 8 {
        digits.unicodeScalars.append(digit)
        index += 1
      }
      guard peek() == "}" else { break }
      index += 1
      if let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) { return scalar }
    default: break
    }
    findings.append(
      Finding("no such escape in a text", at: span(from: start), expected: ["\\\"", "\\\\", "\\n", "\\t", "\\u{…}"]))
    return nil
  }

  private mutating func unreadable() {
    let start = index
    index += 1
    while let scalar = peek(), !isBlank(scalar), scalar != "\n", !startsWord(scalar), !isPunctuation(scalar) {
      index += 1
    }
    let sign = text(from: start)
    let shown = sign.contains(where: isControl) ? "a control character" : "`\(sign)`"
    fail("\(shown) means nothing here", from: start, fix: "text with this sign needs quotes")
  }

  private mutating func fail(_ message: String, from start: Int, fix: String? = nil, isUnfinished: Bool = false) {
    findings.append(Finding(message, at: span(from: start), fix: fix, isUnfinished: isUnfinished))
    tokens.append(Token(.unreadable, text(from: start), span(from: start)))
  }

  // MARK: - Names

  private mutating func path() -> VariablePath? {
    guard let first = name() else { return nil }
    var path = VariablePath(name: first)
    while peek() == ".", peek(1).map(isLower) == true {
      index += 1
      if let field = name() { path.fields.append(field) }
    }
    return path
  }

  private mutating func name() -> String? {
    guard let first = peek(), isLower(first) else { return nil }
    let start = index
    while let scalar = peek(), isLower(scalar) || isDigit(scalar) || scalar == "-" { index += 1 }
    return text(from: start)
  }

  // MARK: - Characters

  private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    scalars.indices.contains(index + ahead) ? scalars[index + ahead] : nil
  }

  private func text(from start: Int) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars[start..<index])
    return text
  }

  private func span(from start: Int) -> SourceSpan { map.span(offsets[start], offsets[index]) }

  private func written(_ parts: [StringPart]) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .variable(let path, _): "${\(path.description.dropFirst())}"
      }
    }.joined()
  }
}

// MARK: - Classes of characters

private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

private func isLower(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) }

private func isBlank(_ scalar: Unicode.Scalar) -> Bool {
  scalar != "\n" && (scalar.properties.isWhitespace || scalar == "\u{FEFF}")
}

private func isPunctuation(_ scalar: Unicode.Scalar) -> Bool { ";#'\"$.|,=:()[]<>".unicodeScalars.contains(scalar) }

/// Letters and digits of any script and the four signs that may begin an e-mail address, a path or a glob.
private func startsWord(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII {
    return isDigit(scalar) || isLower(scalar) || ("A"..."Z").contains(scalar) || "@/~*".unicodeScalars.contains(scalar)
  }
  switch scalar.properties.generalCategory {
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
    .decimalNumber, .letterNumber, .otherNumber:
    return true
  default: return false
  }
}

private func continuesWord(_ scalar: Unicode.Scalar) -> Bool {
  if startsWord(scalar) || "_.+-:%".unicodeScalars.contains(scalar) { return true }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .spacingMark, .enclosingMark: return true
  default: return false
  }
}

/// Whether `text` can be written without quotes and is read back as that very word.
func isPlainWord(_ text: String) -> Bool {
  let scalars = Array(text.unicodeScalars.prefix(2))
  // A minute of an hour, `:15`, begins with the one mark that a word may begin with.
  let isMinute = scalars.count == 2 && scalars[0] == ":" && isDigit(scalars[1])
  guard let first = scalars.first, isMinute || startsWord(first) else { return false }
  return text.unicodeScalars.dropFirst().allSatisfy(continuesWord)
}

/// `text` as it is typed: bare where that is possible and it is not one of `words`, else in single quotes, or in double
/// quotes with escapes where it holds control characters.
package func quoted(_ text: String, avoiding words: Set<String> = []) -> String {
  if isPlainWord(text), !words.contains(text) { return text }
  if text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) {
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
  var escaped = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": escaped += "\\\(scalar)"
    case "\n": escaped += "\\n"
    case "\t": escaped += "\\t"
    case "$": escaped += "\\u{24}"
    default:
      if scalar.value < 0x20 || scalar.value == 0x7F {
        escaped += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
  }
  return "\"\(escaped)\""
}
