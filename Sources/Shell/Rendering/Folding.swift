/// Lines folded at words, so that none is wider than the terminal; a colour that is on goes on in the next line.
import LineEditing

extension String {
  /// Where a line is best broken, if it has to be.
  enum Parting {
    /// Between figures and phrases that stand apart by several spaces.
    case wideGaps
    /// After a semicolon: between the fields of a change.
    case semicolons
  }

  /// The text in lines of at most so many columns, none without anything in it; without a width it is one line.
  ///
  /// Phrases are kept whole where they fit a line, words too, and a word that is longer than a line is cut.
  /// - Parameter hang: how far the second line and those behind it are moved in; `nil`: two further than the first.
  func folded(to width: Int?, hang: Int? = nil, at parting: Parting = .wideGaps) -> [String] {
    guard let width, width > 0, columns > width else { return [self] }
    let margin = prefix { $0 == " " }.count
    var page = FoldedLines(width: width, margin: margin, hang: min(hang ?? margin + 2, width / 3))
    for phrase in phrases(at: parting) { page.add(phrase) }
    return page.lines
  }

  /// The columns that the text takes, escape sequences left out.
  var columns: Int {
    utf8.contains(escapeByte) ? split(escapes: false).reduce(0) { $0 + DisplayWidth.of($1) } : DisplayWidth.of(self)
  }

  /// The words with the spaces before each, in phrases.
  private func phrases(at parting: Parting) -> [[FoldedLines.Word]] {
    var phrases: [[FoldedLines.Word]] = []
    var gap = 0
    for piece in split(separator: " ", omittingEmptySubsequences: false) {
      guard !piece.isEmpty else {
        gap += 1
        continue
      }
      let word = FoldedLines.Word(gap: gap, text: String(piece))
      let isNew =
        switch parting {
        case .wideGaps: gap > 1
        case .semicolons: phrases.last?.last.map { $0.text.hasSuffix(";") } ?? true
        }
      if isNew || phrases.isEmpty { phrases.append([word]) } else { phrases[phrases.count - 1].append(word) }
      gap = 1
    }
    return phrases
  }

  /// The text between escape sequences, or these and that in their order.
  fileprivate func split(escapes isWithEscapes: Bool) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let start = rest.firstIndex(of: "\u{1B}") {
      if start > rest.startIndex { parts.append(String(rest[..<start])) }
      let end = rest[start...].firstIndex(of: "m").map { rest.index(after: $0) } ?? rest.endIndex
      if isWithEscapes { parts.append(String(rest[start..<end])) }
      rest = rest[end...]
    }
    return rest.isEmpty ? parts : parts + [String(rest)]
  }
}

private let escapeByte: UInt8 = 0x1B

/// The lines of a text while they are being filled.
private struct FoldedLines {
  struct Word {
    var gap: Int
    var text: String
    var width: Int
    init(gap: Int, text: String) {
      self.gap = gap
      self.text = text
      width = text.columns
    }
  }

  private(set) var lines: [String]
  private let width: Int
  private let hang: Int
  private var used: Int
  private var isFresh = true
  /// The colour that is on at the end of what was written.
  private var ink = ""

  init(width: Int, margin: Int, hang: Int) {
    self.width = width
    self.hang = hang
    used = min(margin, width / 3)
    lines = [String(repeating: " ", count: used)]
  }

  mutating func add(_ phrase: [Word]) {
    let length = phrase.reduce(0) { $0 + $1.gap + $1.width }
    let alone = length - (phrase.first?.gap ?? 0)
    if !isFresh, used + length > width, alone <= width - hang { begin() }
    for word in phrase { add(word) }
  }

  private mutating func add(_ word: Word) {
    if !isFresh, used + word.gap + word.width > width { begin() }
    if !isFresh {
      lines[lines.count - 1] += String(repeating: " ", count: word.gap)
      used += word.gap
    }
    for piece in word.text.split(escapes: true) {
      if piece.first == "\u{1B}" {
        ink = piece == reset ? "" : piece
        lines[lines.count - 1] += piece
        continue
      }
      if used + DisplayWidth.of(piece) <= width {
        write(piece)
      } else {
        for part in parts(of: piece) { cut(part) }
      }
    }
  }

  private mutating func write(_ text: String) {
    lines[lines.count - 1] += text
    used += DisplayWidth.of(text)
    if !text.isEmpty { isFresh = false }
  }

  /// A long word is rather parted at a sign, as addresses and paths have them: before an @, behind a point.
  private func parts(of word: String) -> [String] {
    var parts = [""]
    for character in word {
      let last = parts[parts.count - 1].last
      let isParted = character == "@" || last.map { "/.,;:=&?-_".contains($0) } ?? false
      if isParted, last != nil { parts.append("") }
      parts[parts.count - 1].append(character)
    }
    return parts
  }

  private mutating func cut(_ part: String) {
    let needed = DisplayWidth.of(part)
    if used + needed > width, !isFresh, needed <= width - hang { begin() }
    for character in part {
      if used + DisplayWidth.of(character) > width, !isFresh { begin() }
      write(String(character))
    }
  }

  private mutating func begin() {
    if !ink.isEmpty { lines[lines.count - 1] += reset }
    lines.append(String(repeating: " ", count: hang) + ink)
    used = hang
    isFresh = true
  }

  private let reset = "\u{1B}[0m"
}
