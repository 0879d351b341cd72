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
    let beside = style.textWidth.map { $0 - labelWidth - TableLayout.gutter }
    return rows.rows.enumerated().flatMap { number, row -> [String] in
      var lines = number == 0 ? [] : [""]
      for (index, column) in rows.columns.enumerated() {
        let value = row.indices.contains(index) ? row[index] : .blank
        if let beside, beside < Self.leastValueWidth {
          lines += below(labels[index], value, column)
        } else {
          lines += self.beside(labels[index], labelWidth, value, column, width: beside)
        }
      }
      return lines
    }
  }

  private static let leastValueWidth = 20

  private func beside(_ label: String, _ labelWidth: Int, _ value: Value, _ column: Column, width: Int?) -> [String] {
    let gap = String(repeating: " ", count: labelWidth - DisplayWidth.of(label) + TableLayout.gutter)
    let margin = String(repeating: " ", count: labelWidth + TableLayout.gutter)
    return pieces(of: value, column, width: width).enumerated().map { part, piece in
      (part == 0 ? style.paint(label, .dim) + gap : margin) + piece
    }
  }

  /// Where values would have no room beside the labels, each stands below its own.
  private func below(_ label: String, _ value: Value, _ column: Column) -> [String] {
    let margin = String(repeating: " ", count: TableLayout.gutter)
    let width = style.textWidth.map { max(1, $0 - TableLayout.gutter) }
    return label.folded(to: style.textWidth).map { style.paint($0, .dim) }
      + pieces(of: value, column, width: width).filter { !$0.isEmpty }.map { margin + $0 }
  }

  private func pieces(of value: Value, _ column: Column, width: Int?) -> [String] {
    if case .differences(let differences) = value, style.isTerminal {
      return differences.lines(style).flatMap { $0.folded(to: width, at: .semicolons) }
    }
    let text = style.shown(value.detail(style))
    let ink = column.ink(for: text)
    return text.folded(to: width, hang: 0).map { style.paint($0, ink) }
  }
}
