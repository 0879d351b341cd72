// What each part of a line is, for the colours in which it is shown while it is typed.

/// A part of a text and what it is.
package struct Highlight: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case verb, keyword, name, field, text, number, variable, mark, comment
    /// Something that is wrong where it stands.
    case wrong
  }

  /// UTF-8 offsets.
  package var range: Range<Int>
  package var kind: Kind

  package init(_ range: Range<Int>, _ kind: Kind) {
    self.range = range
    self.kind = kind
  }
}

/// The parts of a text in their order, without overlaps.
///
/// - Parameters:
///   - script: the text as parsed.
///   - findings: what is wrong with it and is to be shown.
package func highlights(of script: ParsedScript, wrong findings: [Finding]) -> [Highlight] {
  let roles = Roles(of: script)
  let wrong = findings.map { $0.span.lower..<$0.span.upper }
  var highlights: [Highlight] = []
  var end = 0
  for token in lex(script.source).tokens {
    let range = token.span.lower..<token.span.upper
    if let comment = comment(in: script.source, end..<max(end, range.lowerBound)) { highlights.append(comment) }
    end = max(end, range.upperBound)
    guard !range.isEmpty, let kind = roles.kind(of: token) else { continue }
    let isWrong = wrong.contains { $0.overlaps(range) }
    highlights.append(Highlight(range, isWrong ? .wrong : kind))
  }
  return highlights
}

/// What the words of a text are, by their places.
private struct Roles {
  private var byPlace: [Int: Highlight.Kind] = [:]

  init(of script: ParsedScript) {
    for pipeline in script.pipelines {
      let command = pipeline.command
      if !command.verb.isEmpty { mark(command.verbSpan, .verb, in: script.source) }
      for argument in command.slots.values.joined() { mark(argument.span, .name, in: script.source) }
      for pair in command.pairs {
        mark(pair.keySpan, .field, in: script.source)
        mark(pair.argument.span, .name, in: script.source)
      }
      for span in command.condition?.fieldSpans ?? [] { mark(span, .field, in: script.source) }
      for filter in pipeline.filters {
        mark(filter.span.start(ofFirstWordIn: script.source), .verb, in: script.source)
        for span in filter.fieldSpans { mark(span, .field, in: script.source) }
      }
    }
  }

  func kind(of token: Token) -> Highlight.Kind? {
    switch token.kind {
    case .word: byPlace[token.span.lower] ?? .keyword
    case .string: .text
    case .unreadable: token.text.first.map { "'\"".contains($0) } == true ? .text : .wrong
    case .number, .duration: byPlace[token.span.lower] == .name ? .name : .number
    case .variable: .variable
    case .field: .field
    case .mark: .mark
    case .lineEnd, .end, .cursor: nil
    }
  }

  /// Every word within a span, as a verb may have two.
  private mutating func mark(_ span: SourceSpan, _ kind: Highlight.Kind, in source: String) {
    let bytes = Array(source.utf8.prefix(span.upper).dropFirst(span.lower))
    var beginsWord = true
    for (index, byte) in bytes.enumerated() {
      if beginsWord, byte != UInt8(ascii: " ") { byPlace[span.lower + index] = kind }
      beginsWord = byte == UInt8(ascii: " ")
    }
  }
}

extension SourceSpan {
  fileprivate func start(ofFirstWordIn source: String) -> SourceSpan {
    let bytes = source.utf8.dropFirst(lower).prefix(upper - lower)
    let word = bytes.prefix { $0 != UInt8(ascii: " ") }
    return SourceSpan(lower: lower, upper: lower + word.count, line: line, column: column)
  }
}

private func comment(in source: String, _ gap: Range<Int>) -> Highlight? {
  let bytes = source.utf8.dropFirst(gap.lowerBound).prefix(gap.count)
  guard let start = bytes.firstIndex(of: UInt8(ascii: "#")) else { return nil }
  let offset = source.utf8.distance(from: source.startIndex, to: start)
  return Highlight(offset..<gap.upperBound, .comment)
}

extension Condition {
  fileprivate var fieldSpans: [SourceSpan] {
    comparisons.flatMap { side in [side.left, side.comparison?.right] }.compactMap { operand in
      if case .field(let name) = operand { name.span } else { nil }
    }
  }
}

extension Filter {
  fileprivate var fieldSpans: [SourceSpan] {
    switch action {
    case .where(let condition): condition.fieldSpans
    case .sort(let keys): keys.map(\.field.span)
    case .columns(let names): names.map(\.span)
    case .count(let name): name.map { [$0.span] } ?? []
    case .first, .last: []
    }
  }
}
