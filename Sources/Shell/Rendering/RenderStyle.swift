/// How results are drawn: for which width, with which signs, and as seen at which moment.
package import Foundation
import LineEditing

package struct RenderStyle: Sendable {
  /// The columns of the terminal; `nil` where there is none: whole tables, and nothing is cut short.
  package var width: Int?
  package var color: Bool
  /// Whether the output can show only ASCII; signs of ours fall back, values stay as they are.
  package var ascii: Bool
  package var isTerminal: Bool
  /// Whether the moments of a table stand as dates and times, instead of how long ago they were.
  package var exactDates: Bool
  /// Every line begins with so many spaces; 2 in a terminal, so that results stand apart from what was typed.
  package var indent: Int
  package var now: Date
  package var timeZone: TimeZone

  package init(
    width: Int? = nil, color: Bool = false, now: Date, timeZone: TimeZone, isTerminal: Bool = false,
    ascii: Bool = false, exactDates: Bool = false, indent: Int? = nil
  ) {
    self.width = width
    self.color = color
    self.ascii = ascii
    self.isTerminal = isTerminal
    self.exactDates = exactDates
    self.indent = indent ?? (isTerminal ? 2 : 0)
    self.now = now
    self.timeZone = timeZone
  }

  /// The columns that are left for text behind the indentation; `nil` for no limit.
  package var textWidth: Int? { width.map { max(1, $0 - indent) } }

  /// A text from outside as it may be sent to the terminal: control characters are made visible, and signs of ours that
  /// the output cannot show are spelled out.
  package func shown(_ text: String) -> String {
    let safe = visible(text, unicode: !ascii)
    return ascii ? Glyph.spelledOut(safe) : safe
  }

  package func glyph(_ glyph: Glyph) -> String { ascii ? glyph.ascii : glyph.rawValue }

  /// The text in a colour, where colours are wanted. The text has to be safe already.
  package func paint(_ text: String, _ ink: Ink) -> String {
    guard color, let code = ink.code, !text.isEmpty else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  /// Joins lines, each indented, folded where it is wider than the terminal and without white space at its end, the last
  /// one ended too; no lines give no text.
  func joined(_ lines: [String]) -> String { joinedUnfolded(lines.flatMap { $0.folded(to: textWidth) }) }

  /// Joins lines of which each is known to fit.
  func joinedUnfolded(_ lines: [String]) -> String {
    let margin = String(repeating: " ", count: indent)
    return lines.map { line in
      let trimmed = line.withoutTrailingSpaces
      return (trimmed.isEmpty ? "" : margin + trimmed) + "\n"
    }.joined()
  }
}

/// The few inks of the shell; most text has none.
package enum Ink: Sendable {
  case plain, dim, strong, good, warning, bad

  /// The parameters of the escape sequence; `nil` for plain text.
  var code: String? {
    switch self {
    case .plain: nil
    case .dim: "2"
    case .strong: "1"
    case .good: "32"
    case .warning: "33"
    case .bad: "31"
    }
  }
}

/// The signs that the shell draws with, and how each is spelled where only ASCII can be shown.
package enum Glyph: String, CaseIterable, Sendable {
  case passed = "✓"
  case stopped = "✗"
  case noted = "·"
  case becomes = "→"
  case pairs = "↔"
  case more = "…"
  case minus = "−"
  case full = "█"
  case half = "▒"
  case empty = "░"
  case opening = "‹"
  case closing = "›"

  package var ascii: String {
    switch self {
    case .passed: "+"
    case .stopped: "x"
    case .noted: "-"
    case .becomes: "->"
    case .pairs: "<->"
    case .more: "..."
    case .minus: "-"
    case .full: "#"
    case .half: "!"
    case .empty: "."
    case .opening: "<"
    case .closing: ">"
    }
  }

  /// The text with every sign of ours in its ASCII form.
  static func spelledOut(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
    return text.unicodeScalars.map { spelling[$0] ?? String($0) }.joined()
  }

  private static let spelling: [Unicode.Scalar: String] = Dictionary(
    uniqueKeysWithValues: allCases.compactMap { glyph in glyph.rawValue.unicodeScalars.first.map { ($0, glyph.ascii) } }
  )
}

extension String {
  /// Without the spaces at its end; colours end before them, so that looking at the bytes is enough.
  var withoutTrailingSpaces: String {
    guard utf8.last == 0x20 else { return self }
    let end = utf8.lastIndex { $0 != 0x20 }
    return end.map { String(self[...$0]) } ?? ""
  }
}
