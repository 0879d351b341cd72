// script, param, let, if, for, try, stop, expect, watch, block.

extension Parser {
  /// `[ "language" INT EOS ] { param } { statement EOS }`
  mutating func script(_ source: String) -> ParsedScript {
    var script = ParsedScript(source: source, language: nil, parameters: [], statements: [], findings: [])
    if token.isWord("language"), case .number = token(at: position + 1).kind {
      let version = token(at: position + 1)
      script.language = Literals.count(version.text)
      if script.language != 1 {
        findings.append(
          Finding("language \(version.text) is not known here", at: version.span, fix: "this is language 1"))
      }
      position += 2
      endLine()
    }
    while true {
      skipLineEnds()
      guard token.isWord("param") else { break }
      if let parameter = parameter() { script.parameters.append(parameter) }
      endLine()
    }
    script.statements = block(until: [])
    return script
  }

  /// `{ statement EOS }`, up to one of the closing words.
  mutating func block(until closing: Set<String>) -> [Statement] {
    var statements: [Statement] = []
    // The line that opens the block is still being typed.
    if token.kind == .cursor, !closing.isEmpty { return statements }
    while true {
      skipLineEnds()
      if token.kind == .end || token.kind == .word && closing.contains(token.text) { return statements }
      for word in closing.sorted() { note(.keyword(word, help: LanguageWord.help(word))) }
      let start = position
      let found = findings.count
      if let statement = statement() { statements.append(statement) }
      if token.kind == .cursor { return statements }
      if !token.endsStatement, findings.count == found {
        if position > start, token.kind != .unreadable { fail() }
      }
      skipToLineEnd()
    }
  }

  mutating func statement() -> Statement? {
    let start = position
    guard depth < Self.deepest else {
      fail("blocks are nested too deeply here", at: token)
      return nil
    }
    depth += 1
    defer { depth -= 1 }
    for kind in Statement.Kind.allCases where kind != .pipeline {
      note(.keyword(kind.rawValue, help: StatementHelp.named(kind.rawValue)?.summary ?? ""))
    }

    let content: Statement.Content?
    switch token.kind == .word ? token.text : "" {
    case "let": content = binding()
    case "if": content = branch()
    case "for": content = loop()
    case "try": content = attempt()
    case "stop": content = stop()
    case "expect": content = expectation()
    case "watch": content = watch()
    case "end", "else", "on":
      fail("`\(token.text)` closes nothing here", at: token)
      content = nil
    case "param":
      fail("`param` stands only at the top of a script", at: token)
      content = nil
    case "language":
      fail("`language` stands only on the first line, with a number: language 1", at: token)
      content = nil
    default: content = pipeline().map(Statement.Content.pipeline)
    }
    return content.map { Statement(content: $0, keyword: token(at: start).span, span: span(from: start)) }
  }

  // MARK: - Statements

  /// `"param" NAME ":" TYPE [ "=" literal ]`; a colon may stick to the name, as it is a letter of words.
  private mutating func parameter() -> Parameter? {
    let start = position
    position += 1
    guard token.kind == .word else {
      fail("a parameter's name was expected", at: token)
      return nil
    }
    let parts = token.text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = Name(parts[0], token.span)
    guard isName(name.text) else {
      fail("`\(name.text)` is no name", at: token, fix: "a name has small letters, digits and dashes")
      return nil
    }
    var typeToken = token
    var typeName = parts.count == 2 ? parts[1] : ""
    position += 1
    if parts.count == 1 {
      guard take(mark: .colon) else {
        fail()
        return nil
      }
    }
    if typeName.isEmpty {
      typeToken = token
      typeName = token.kind == .word ? token.text : ""
      for kind in Parameter.Kind.allCases { note(.keyword(kind.rawValue, help: kind.help)) }
      if !typeName.isEmpty { position += 1 }
    }
    guard let kind = Parameter.Kind(rawValue: typeName) else {
      let kinds = Parameter.Kind.allCases.map(\.rawValue)
      if typeToken.kind != .unreadable, typeToken.kind != .cursor {
        findings.append(
          Finding(
            "a parameter's type was expected", at: typeToken.endsStatement ? typeToken.span.start : typeToken.span,
            expected: kinds, suggestion: nearest(typeName, among: kinds)))
      }
      return nil
    }
    var initial: Argument?
    if take(mark: .equals) {
      guard let literal = argument(), literal.variables.isEmpty else {
        fail("a parameter starts with a plain value, without variables", at: token(at: position))
        return nil
      }
      initial = literal
    }
    return Parameter(name: name, kind: kind, initial: initial, span: span(from: start))
  }

  /// `"let" NAME "=" ( pipeline | condition )`; a bare word there must be a verb.
  private mutating func binding() -> Statement.Content? {
    position += 1
    guard let name = newName(), take(mark: .equals) else {
      fail()
      return nil
    }
    if token.kind == .word, token.text != "not" {
      return pipeline().map { .binding(name, .pipeline($0)) }
    }
    // Either may follow.
    if token.kind == .cursor { _ = pipeline() }
    return condition(over: .variables).map { .binding(name, .condition($0)) }
  }

  /// `"if" condition EOS block { "else" "if" condition EOS block } [ "else" EOS block ] "end"`
  private mutating func branch() -> Statement.Content? {
    let opener = token
    var branches: [Statement.Branch] = []
    var otherwise: [Statement]?
    position += 1
    while true {
      let condition = condition(over: .variables)
      endLine()
      let body = block(until: ["else", "end"])
      if let condition { branches.append(Statement.Branch(condition: condition, body: body)) }
      guard token.isWord("else") else { break }
      position += 1
      if token.isWord("if") {
        position += 1
        continue
      }
      endLine()
      otherwise = block(until: ["end"])
      break
    }
    close(opener)
    return branches.isEmpty ? nil : .branch(branches, otherwise: otherwise)
  }

  /// `"for" NAME "in" ( "(" pipeline ")" | value ) EOS block "end"`
  private mutating func loop() -> Statement.Content? {
    let opener = token
    position += 1
    var source: Statement.Source?
    let name = newName()
    if name == nil || !take(word: "in") {
      fail()
    } else if take(mark: .openParenthesis) {
      source = pipeline().map(Statement.Source.pipeline)
      if source != nil, !take(mark: .closeParenthesis) { fail() }
    } else if let value = argument() {
      source = .value(value)
    } else {
      note(.operand)
      fail()
    }
    if source == nil { skipToLineEnd() }
    endLine()
    let body = block(until: ["end"])
    close(opener)
    guard let name, let source else { return nil }
    return .loop(name, source, body)
  }

  /// `"try" EOS block "on" "error" [ NAME ] EOS block "end"`
  private mutating func attempt() -> Statement.Content? {
    let opener = token
    position += 1
    endLine()
    let body = block(until: ["on", "end"])
    var error: Name?
    var handler: [Statement] = []
    if token.isWord("on") {
      position += 1
      if !take(word: "error") { fail() }
      if token.kind == .word { error = newName() }
      endLine()
      handler = block(until: ["end"])
    } else {
      fail("`try` needs `on error` before its `end`", at: token)
    }
    close(opener)
    return .attempt(body, error: error, handler: handler)
  }

  /// `"stop" ( "ok" | "failed" | "partial" | "changes" | "refused" ) [ value ]`
  private mutating func stop() -> Statement.Content? {
    position += 1
    for ending in Statement.Ending.allCases { note(.keyword(ending.rawValue, help: ending.help)) }
    guard token.kind == .word, let ending = Statement.Ending(rawValue: token.text) else {
      fail()
      return nil
    }
    position += 1
    return .stop(ending, argument())
  }

  /// `"expect" condition "because" STRING`
  private mutating func expectation() -> Statement.Content? {
    position += 1
    guard let condition = condition(over: .variables) else { return nil }
    guard take(word: "because") else {
      fail()
      return nil
    }
    guard case .string = token.kind, let because = argument() else {
      fail("the reason stands in quotes after `because`", at: token)
      return nil
    }
    return .expectation(condition, because: because)
  }

  /// `"watch" "every" DURATION pipeline`
  private mutating func watch() -> Statement.Content? {
    position += 1
    guard take(word: "every") else {
      fail()
      return nil
    }
    note(.slot("every", .duration))
    guard case .duration(let every) = token.kind else {
      fail()
      return nil
    }
    position += 1
    return pipeline().map { .watch(every: every, $0) }
  }

  // MARK: - Lines, names and ends

  mutating func skipLineEnds() {
    while token.kind == .lineEnd { position += 1 }
  }

  /// The end of the line that opens a block, or that says a whole statement.
  private mutating func endLine() {
    if token.endsStatement { return }
    if token.kind == .cursor { return }
    let before = findings.last?.span
    if before?.line != token.span.line { fail("the line should end here", at: token) }
    skipToLineEnd()
  }

  private mutating func close(_ opener: Token) {
    if token.isWord("end") {
      position += 1
    } else if token.kind != .cursor {
      findings.append(Finding("`\(opener.text)` has no `end`", at: opener.span, isUnfinished: true))
    }
  }

  private mutating func newName() -> Name? {
    note(.newName)
    guard token.kind == .word, isName(token.text) else { return nil }
    position += 1
    return Name(token(at: position - 1).text, token(at: position - 1).span)
  }
}

/// `lower { lower | digit | "-" }`
func isName(_ text: String) -> Bool {
  guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
  return text.utf8.allSatisfy {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
      || $0 == UInt8(ascii: "-")
  }
}
