// A page of help as blocks: the same page is laid out for a terminal, and for a manual.

/// What is said about one word.
package struct HelpPage: Hashable, Sendable {
  /// A word, or a line as it is typed, and what it means.
  package struct Term: Hashable, Sendable {
    package var word: String
    package var meaning: String

    package init(_ word: String, _ meaning: String) {
      self.word = word
      self.meaning = meaning
    }
  }

  package enum Block: Hashable, Sendable {
    case text(String)
    /// Lines as they stand.
    case lines([String])
    case terms(String, [Term])
    /// Lines that can be typed, each with what it does.
    case examples([VerbDeclaration.Example])
    /// A script that can be run.
    case script(String)
  }

  package var word: String
  /// One line, without a full stop.
  package var summary: String
  package var blocks: [Block]

  package init(_ word: String, _ summary: String, _ blocks: [Block]) {
    self.word = word
    self.summary = summary
    self.blocks = blocks
  }

  /// Every example of the page, a script a text.
  package var examples: [String] {
    blocks.flatMap { block -> [String] in
      switch block {
      case .examples(let examples): examples.map(\.line)
      case .script(let text): [text]
      case .text, .lines, .terms: []
      }
    }
  }

  /// The page for so many columns.
  package func text(width: Int) -> String {
    ([wrapped("\(word): \(summary)", to: width).joined(separator: "\n")] + blocks.map { $0.text(width: width) })
      .filter { !$0.isEmpty }.joined(separator: "\n\n")
  }
}

extension HelpPage.Block {
  package func text(width: Int) -> String {
    switch self {
    case .text(let text):
      text.split(separator: "\n").flatMap { wrapped(String($0), to: width) }.joined(separator: "\n")
    case .lines(let lines): lines.flatMap { indented($0, by: 2, then: 8, width: width) }.joined(separator: "\n")
    case .terms(let heading, let terms): laidOut(heading, terms, width)
    case .examples(let examples):
      laidOut(examples.count == 1 ? "example" : "examples", examples.map { .init($0.line, $0.does) }, width)
    case .script(let text): "example:\n" + text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    }
  }

  private func laidOut(_ heading: String, _ terms: [HelpPage.Term], _ width: Int) -> String {
    let lines = aligned(terms, width: width)
    return (heading.isEmpty ? lines : [heading + ":"] + lines).joined(separator: "\n")
  }
}

/// Words and their meanings beside each other, or below each other where there is no room.
package func aligned(_ terms: [HelpPage.Term], width: Int) -> [String] {
  let widest = terms.map { displayWidth(of: $0.word) }.max() ?? 0
  let longest = terms.map { displayWidth(of: $0.meaning) }.max() ?? 0
  let isBeside = 2 + widest + 3 + min(longest, 30) <= width && widest <= max(width * 3 / 5, 24)
  return terms.flatMap { term -> [String] in
    if term.meaning.isEmpty { return indented(term.word, by: 2, then: 6, width: width) }
    guard isBeside else {
      return indented(term.word, by: 2, then: 6, width: width) + indented(term.meaning, by: 6, then: 6, width: width)
    }
    let pieces = wrapped(term.meaning, to: width - 5 - widest)
    let margin = String(repeating: " ", count: widest + 5)
    let gap = String(repeating: " ", count: widest - displayWidth(of: term.word) + 3)
    return pieces.enumerated().map { $0 == 0 ? "  \(term.word)\(gap)\($1)" : margin + $1 }
  }
}

private func indented(_ text: String, by indent: Int, then later: Int, width: Int) -> [String] {
  let margin = String(text.prefix { $0 == " " })
  let pieces = wrapped(String(text.dropFirst(margin.count)), to: width - later - margin.count)
  return pieces.enumerated().map { index, piece in
    margin + String(repeating: " ", count: index == 0 ? indent : later) + piece
  }
}

/// The text in lines of so many columns, broken at blanks; a longer word stands by itself.
package func wrapped(_ text: String, to width: Int) -> [String] {
  guard displayWidth(of: text) > max(width, 1) else { return [text] }
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    if line.isEmpty {
      line = String(word)
    } else if displayWidth(of: line) + 1 + displayWidth(of: String(word)) <= width {
      line += " " + word
    } else {
      lines.append(line)
      line = String(word)
    }
  }
  return (lines + [line]).map { String($0.reversed().drop { $0 == " " }.reversed()) }
}
