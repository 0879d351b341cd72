/// Rows as cards: a block a record, a line a field, labels in one column, nothing left out.
import CommandLanguage
import LineEditing

struct CardDrawing {
  let rows: Rows
  let style: RenderStyle

  /// The lines of every card, an empty one between two.
  var lines: [String] {
    let labels = rows.columns.map { style.shown($0.heading) }
    let labelWidth = labels.map(DisplayWidth.of).max() ?? 0
    let margin = String(repeating: " ", count: labelWidth + TableLayout.gutter)
    return rows.rows.enumerated().flatMap { number, row -> [String] in
      var lines = number == 0 ? [] : [""]
      for (index, column) in rows.columns.enumerated() {
        let text = style.shown((row.indices.contains(index) ? row[index] : .blank).detail(style))
        let label = style.paint(labels[index], .dim)
        let gap = String(repeating: " ", count: labelWidth - DisplayWidth.of(labels[index]) + TableLayout.gutter)
        let ink = column.ink(for: text)
        let room = style.textWidth.map { max(Self.leastValueWidth, $0 - labelWidth - TableLayout.gutter) }
        for (part, piece) in text.wrapped(to: room).enumerated() {
          lines.append((part == 0 ? label + gap : margin) + style.paint(piece, ink))
        }
      }
      return lines
    }
  }

  private static let leastValueWidth = 16
}

extension String {
  /// The text in lines of at most so many columns, broken at spaces, or inside a word that is longer than a line;
  /// without a width it is one line.
  func wrapped(to width: Int?) -> [String] {
    guard let width, width > 0, DisplayWidth.of(self) > width else { return [self] }
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      var rest = String(word)
      let needed = DisplayWidth.of(rest)
      if !line.isEmpty, used + 1 + needed <= width {
        line += " " + rest
        used += 1 + needed
        continue
      }
      if !line.isEmpty {
        lines.append(line)
        (line, used) = ("", 0)
      }
      while DisplayWidth.of(rest) > width {
        var head = DisplayWidth.truncating(rest, to: width, ellipsis: "")
        // A single character can be wider than the line.
        if head.isEmpty { head = String(rest.prefix(1)) }
        lines.append(head)
        rest.removeFirst(head.count)
      }
      (line, used) = (rest, DisplayWidth.of(rest))
    }
    return lines + [line]
  }
}
