import Foundation
import Testing

@testable import CommandLanguage

/// Random lines from a seed that a failure names.
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct FuzzTests {
  private static let pieces = [
    "show", "people", "peple", "where", "title", "is", "not", "blank", "in", "and", "or", "(", ")", "[", "]", ",", "|",
    "=",
    "sync", "acme", "dry", "confirm", "within", "creates", "any", "20", "20m", "p12", "p12/7", "r33", "$x", "$x.y",
    ".title", "\"",
    "'", "\"${x}\"", "'a b'", "\n", ";", "#", "sort", "down", "first", "columns", "count", "by", "as", "csv", "to",
    "file", "if",
    "for", "try", "on", "error", "end", "else", "let", "stop", "ok", "expect", "because", "watch", "every", "param",
    ":", "language",
    "1", "preview", "with", "create=on", "never", "pair", "why", "set", "domains", "<", "<=", ">", "contains",
    "matches", "*",
    "東京", "e\u{301}", "👩‍👩‍👧", "\u{0}", "\u{1B}[31m", "\r\n", "\t", "&", "\\", "-5", "-", ".", "99999999999999999999",
    "over", "guard",
    "connect", "m365", "client-secret=x", "at", "02:00", "schedule", "page", "overwrite", "2026-03-01", "since",
    "yesterday",
  ]

  private func source(_ generator: inout SeededGenerator, _ round: Int) -> String {
    switch round % 4 {
    case 0:
      let bytes = (0..<Int.random(in: 0..<60, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      return String(decoding: bytes, as: UTF8.self)
    case 1:
      let bytes = (0..<Int.random(in: 0..<60, using: &generator)).map { _ in
        UInt8.random(in: 9...126, using: &generator)
      }
      return String(decoding: bytes, as: UTF8.self)
    default:
      let count = Int.random(in: 0..<25, using: &generator)
      let glue = round % 4 == 2 ? " " : Bool.random(using: &generator) ? "" : " "
      return (0..<count).map { _ in Self.pieces.randomElement(using: &generator) ?? "" }.joined(separator: glue)
    }
  }

  /// So many lines in each of the four parts; KITH_FUZZ says another number, for a long look by hand.
  private static let lines = ProcessInfo.processInfo.environment["KITH_FUZZ"].flatMap { Int($0) } ?? 5_000

  /// Four parts, side by side.
  @Test("no line, however odd, stops the lexer, parser, checker, interpreter or completion", arguments: [1, 2, 3, 4])
  func oddLines(seed: UInt64) async {
    let vocabulary = ShopVocabulary()
    var generator = SeededGenerator(state: seed)
    let scope = EvaluationScope(
      now: Date(timeIntervalSince1970: 1_773_576_000), calendar: Calendar(identifier: .gregorian))
    let rows = Rows(subject: "people", columns: ShopVocabulary.fieldsOf["people"] ?? [], rows: [[.text("x"), .blank]])
    for round in 0..<Self.lines {
      let source = source(&generator, round)
      let size = source.utf8.count
      let script = parse(source, vocabulary: vocabulary, mode: round.isMultiple(of: 2) ? .terminal : .script)
      let findings = check(script, vocabulary: vocabulary, canAsk: false, isDry: false)
      var spans = findings.map(\.span) + lex(source).tokens.map(\.span) + script.statements.map(\.span)
      spans += script.pipelines.flatMap { [$0.span, $0.command.span, $0.command.verbSpan] }
      spans += secrets(in: source, vocabulary: vocabulary)
      for span in spans
      where span.lower < 0 || span.upper > size || span.lower > span.upper || span.line < 1 || span.column < 1 {
        Issue.record("seed \(seed), round \(round): \(span) lies outside of \(source.debugDescription)")
      }
      let shown = render(findings, in: source)
      if shown.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" }) {
        Issue.record("seed \(seed), round \(round): a control character is shown for \(source.debugDescription)")
      }
      let cursor = Int.random(in: -1...size + 1, using: &generator)
      let offered = completions(in: source, at: cursor, vocabulary: vocabulary)
      if offered.replacing.upperBound > size {
        Issue.record("seed \(seed), round \(round): \(offered.replacing) lies outside of \(source.debugDescription)")
      }
      _ = entered(source)
      if findings.isEmpty {
        // Whatever may run ends: loops are finite, and the host cuts a `watch` off.
        var interpreter = Interpreter(
          host: ScriptedHost(), variables: bind([:], to: script.parameters, vocabulary: vocabulary).variables)
        try? await interpreter.run(script.statements)
        for pipeline in script.pipelines where pipeline.command.subject == "people" {
          _ = try? apply(pipeline.filters, to: .rows(rows), scope: scope)
        }
      }
    }
  }
}
