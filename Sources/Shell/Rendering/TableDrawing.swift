/// Rows as a table: headings, two-space gutters, numbers to the right, fitted to the terminal.
import CommandLanguage
import LineEditing

struct TableDrawing {
  let rows: Rows
  let style: RenderStyle
  private let layout: TableLayout
  private let headings: [Cell]
  private let cells: [[Cell]]

  /// A text as it may be shown, and the columns that it takes; measured once, since a table may have very many.
  private struct Cell {
    var text: String
    var width: Int
    init(_ text: String) {
      self.text = text
      width = DisplayWidth.of(text)
    }
  }

  init(_ rows: Rows, style: RenderStyle) {
    self.rows = rows
    self.style = style
    headings = rows.columns.map { Cell(style.shown($0.heading)) }
    cells = rows.rows.map { row in
      rows.columns.indices.map { Cell(style.shown((row.indices.contains($0) ? row[$0] : .blank).cell(style))) }
    }
    let (headings, cells) = (headings, cells)
    let needs = rows.columns.indices.map { index in
      let heading = headings[index].width
      let natural = cells.reduce(heading) { max($0, $1[index].width) }
      let least = rows.columns[index].mayBeCut ? min(natural, max(heading, Self.leastTextWidth)) : natural
      return TableLayout.Need(natural: natural, least: least, priority: rows.columns[index].priority)
    }
    layout = TableLayout(needs, into: style.textWidth)
  }

  /// A text that is cut shorter than this says nothing any more.
  private static let leastTextWidth = 12

  /// The heading and a line for each row.
  var lines: [String] {
    [line(headings) { _ in .dim }] + cells.indices.map { row in line(cells[row]) { ink(row: row, column: $0) } }
  }

  /// The columns that did not fit, by the names they are asked for with.
  var droppedColumns: [String] {
    rows.columns.indices.filter { layout.widths[$0] == nil }.map { rows.columns[$0].name }
  }

  private func line(_ cells: [Cell], ink: (Int) -> Ink) -> String {
    let parts = cells.indices.compactMap { index -> String? in
      guard let width = layout.widths[index] else { return nil }
      var cell = cells[index]
      if cell.width > width {
        cell = Cell(DisplayWidth.truncating(cell.text, to: width, ellipsis: style.glyph(.more)))
      }
      let spaces = String(repeating: " ", count: max(0, width - cell.width))
      // Only the text is painted: painted spaces could not be trimmed off the end of the line.
      let painted = style.paint(cell.text, ink(index))
      return rows.columns[index].isNumeric ? spaces + painted : painted + spaces
    }
    return parts.joined(separator: String(repeating: " ", count: TableLayout.gutter))
  }

  private func ink(row: Int, column: Int) -> Ink {
    rows.columns[column].ink(for: cells[row][column].text)
  }
}
