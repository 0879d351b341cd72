import CommandLanguage
import Testing

@Suite struct LexerTests {
  /// One line for all tokens: their kinds and texts.
  private func tokens(_ source: String) -> String {
    lex(source).tokens.map { token in
      switch token.kind {
      case .word: "w:\(token.text)"
      case .string: "s:\(token.text)"
      case .number: "n:\(token.text)"
      case .duration(let duration): "d:\(duration.components.seconds)"
      case .variable(let path): "v:\(path)"
      case .field: ".\(token.text)"
      case .mark(let mark): mark.rawValue
      case .lineEnd: "/"
      case .end: "$"
      case .cursor: "cursor"
      case .unreadable: "?:\(token.text)"
      }
    }.joined(separator: " ")
  }

  @Test(
    "words, strings, numbers, durations, variables and marks are told apart",
    arguments: [
      ("show people", "w:show w:people $"),
      (
        "jane.doe@acme.example p12/7 acme/contacts ~x *.test @me",
        "w:jane.doe@acme.example w:p12/7 w:acme/contacts w:~x w:*.test w:@me $"
      ),
      (
        "20 -5 2.5 -0.25 007 1.2.3 5. 2026-03-01 02:00",
        "n:20 n:-5 n:2.5 n:-0.25 n:007 w:1.2.3 w:5. w:2026-03-01 w:02:00 $"
      ),
      ("at :15 a : b :x", "w:at w::15 w:a : w:b : w:x $"),
      ("30s 20m 2h 7d 7w 1234567890s", "d:30 d:1200 d:7200 d:604800 w:7w w:1234567890s $"),
      ("$a $s.name $s.last-run.", "v:$a v:$s.name v:$s.last-run ?:. $"),
      ("a=b, c <= d>e .f [1,2] (x) | :", "w:a = w:b , w:c <= w:d > w:e .f [ n:1 , n:2 ] ( w:x ) | : $"),
      ("'it''s' \"a\\\"b\\\\\\n\\t\\u{e9}\"", "s:it's s:a\"b\\\n\té $"),
      ("\"hello ${s.name}!\"", "s:hello ${s.name}! $"),
      ("''", "s: $"),
      ("a # comment | b\nb#c", "w:a / w:b $"),
      ("żółć 東京 e\u{301}a", "w:żółć w:東京 w:e\u{301}a $"),
      ("a\u{A0}b\tc\r\nd", "w:a w:b w:c / w:d $"),
      ("'open\nnext", "?:'open / w:next $"),
      ("a & b", "w:a ?:& w:b $"),
      ("https://x.example/api 50% a_b+c", "w:https://x.example/api w:50% w:a_b+c $"),
    ])
  func kinds(source: String, expected: String) {
    #expect(tokens(source) == expected)
  }

  @Test(
    "newlines that the grammar ignores are left out",
    arguments: [
      ("a\n\n;\nb", "w:a / w:b $"), ("\n\na", "w:a $"), ("a |\n b", "w:a | w:b $"), ("a,\n# why\nb", "w:a , w:b $"),
      ("a\n  | b", "w:a | w:b $"), ("(a\nb)\nc", "( w:a w:b ) / w:c $"), ("[1\n,2]", "[ n:1 , n:2 ] $"),
      ("(a\nb", "( w:a / w:b $"), ("(a;b)", "( w:a / w:b ) $"), ("a\n# only a comment\n| b", "w:a | w:b $"),
    ])
  func newlines(source: String, expected: String) {
    #expect(tokens(source) == expected)
  }

  @Test(
    "what cannot be read is one finding at its place",
    arguments: [
      ("say \"open", 4, "closing quote"), ("say 'open", 4, "closing quote"), ("say \"a\\qb\"", 6, "no such escape"),
      ("say \"${}\"", 5, "variable was expected"), ("say $", 4, "name was expected after $"), ("say $9", 4, "after $"),
      ("x .", 2, "field's name"), ("x &", 2, "`&` means nothing"), ("x \u{1}", 2, "control character"),
      ("x -5a", 2, "no number"), ("say \"\\u{d800}\"", 5, "no such escape"),
    ])
  func unreadable(source: String, offset: Int, message: String) throws {
    let findings = lex(source).findings
    try #require(findings.count == 1)
    #expect(findings[0].span.lower == offset)
    #expect(findings[0].message.contains(message), "\(findings[0].message)")
  }

  @Test("spans count bytes, lines and characters") func spans() {
    let tokens = lex("é x\n  👩‍👩‍👧 'ß' y").tokens
    #expect(tokens[1].span == SourceSpan(lower: 3, upper: 4, line: 1, column: 3))
    let last = tokens[tokens.count - 2]
    #expect(last.text == "y")
    #expect(last.span.line == 2)
    #expect(last.span.column == 9)
  }

  @Test(
    "a value is quoted only where it must be, and is read back as itself",
    arguments: [
      ("acme", "acme"), ("big blue", "'big blue'"), ("it's", "'it''s'"), ("for", "'for'"), ("", "''"), ("a=b", "'a=b'"),
      ("a\tb$c", "\"a\\tb\\u{24}c\""), ("东京", "东京"), (".x", "'.x'"),
    ])
  func quoting(text: String, expected: String) {
    let written = quoted(text, avoiding: ["for"])
    #expect(written == expected)
    #expect(lex(written).tokens.first?.text == text)
  }
}
