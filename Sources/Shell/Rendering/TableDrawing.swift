/// Rows as a table: headings, two-space gutters, numbers to the right, long texts folded, fitted to the terminal.
import CommandLanguage
import LineEditing

struct TableDrawing {
  let rows: Rows
  let style: RenderStyle
  private let layout: TableLayout
  private let headings: [Cell]
  private let cells: [[Cell]]
  /// The small bars before the numbers of a column, by its place; empty where there is no room for them.
  private let bars: [Int: [String]]
  /// Columns without anything in them: nobody misses them.
  private let blanks: Set<Int>
  /// The column that has no room of its own and stands below each row.
  private let below: Int?

  /// A text as it may be shown, and the columns that it takes; measured once, since a table may have very many.
  private struct Cell {
    var lines: [String]
    var width: Int
    /// Its lines are painted already.
    var isPainted = false
    init(_ text: String) {
      lines = [text]
      width = DisplayWidth.of(text)
    }

    init(painted lines: [String]) {
      self.lines = lines
      width = lines.map(\.columns).max() ?? 0
      isPainted = true
    }
  }

  init(_ rows: Rows, style: RenderStyle) {
    self.rows = rows
    self.style = style
    headings = rows.columns.map { Cell(style.shown($0.heading)) }
    cells = rows.rows.map { row in
      rows.columns.indices.map { index -> Cell in
        let value = row.indices.contains(index) ? row[index] : .blank
        if style.isTerminal, case .differences(let parts) = value { return Cell(painted: parts.lines(style)) }
        return Cell(style.shown(value.cell(style)))
      }
    }
    let (headings, cells) = (headings, cells)
    var needs = rows.columns.indices.map { index in
      let (column, heading) = (rows.columns[index], headings[index].width)
      let natural = cells.reduce(heading) { max($0, $1[index].width) }
      let useful = column.style == .prose ? Self.leastProseWidth : Self.leastTextWidth
      let least = column.mayBeCut ? min(natural, max(heading, useful)) : natural
      // A column that says nothing goes first.
      let isBlank = cells.allSatisfy { $0[index].width == 0 }
      return TableLayout.Need(natural: natural, least: least, priority: isBlank ? TableLayout.blank : column.priority)
    }
    let blanks = Set(needs.indices.filter { needs[$0].priority == TableLayout.blank })
    self.blanks = blanks
    let first = TableLayout(needs, into: style.textWidth)
    below = rows.columns.indices.filter {
      first.widths[$0] == nil && rows.columns[$0].style == .prose && !blanks.contains($0)
    }
    .max { rows.columns[$0].priority < rows.columns[$1].priority }
    // What stands below leaves its room to the others.
    if let below { needs[below].priority = TableLayout.blank }
    let settled = needs
    let bare = TableLayout(settled, into: style.textWidth)
    let barred = style.isTerminal ? rows.columns.indices.filter { Self.hasBar(rows.columns[$0], in: rows) } : []
    let withBars = bare.widened(barred, by: Self.barWidth + 1, settled, into: style.textWidth) {
      rows.columns[$0].style == .prose ? settled[$0].least : nil
    }
    layout = withBars ?? bare
    bars = withBars == nil ? [:] : Dictionary(uniqueKeysWithValues: barred.map { ($0, Self.bars($0, rows, style)) })
  }

  /// A text that is folded shorter than this says nothing any more.
  private static let leastTextWidth = 12
  /// Sentences read badly in a narrower column: columns that matter less go first.
  private static let leastProseWidth = 36
  private static let barWidth = 8
  /// A single text takes no more lines than this; the fields of a change take as many as there are.
  private static let mostLines = 8

  /// The heading and the lines of each row.
  var lines: [String] {
    var lines = line(headings.indices.map { folded(headings[$0], $0) }, row: nil)
    if let below { lines += beneath(headings[below], .dim) }
    for row in cells.indices {
      lines += line(cells[row].indices.map { folded(cells[row][$0], $0) }, row: row)
      if let below { lines += beneath(cells[row][below], .plain) }
    }
    return lines
  }

  /// The columns that did not fit, by the names they are asked for with.
  var droppedColumns: [String] {
    rows.columns.indices.filter { layout.widths[$0] == nil && $0 != below && !blanks.contains($0) }
      .map { rows.columns[$0].name }
  }

  /// The columns of which some text is longer than a table shows.
  var cutColumns: [String] {
    rows.columns.indices.filter { index in
      guard let width = layout.widths[index] ?? (index == below ? widthBelow : nil) else { return false }
      return cells.contains { $0[index].width > width && isCut($0[index], to: width) }
    }.map { rows.columns[$0].name }
  }

  private func isCut(_ cell: Cell, to width: Int) -> Bool {
    !cell.isPainted && cell.lines.flatMap { $0.folded(to: width, hang: 0) }.count > Self.mostLines
  }

  /// A cell in the lines that its column's width makes of it.
  private func folded(_ cell: Cell, _ index: Int) -> [String] {
    guard let width = layout.widths[index], cell.width > width else { return cell.lines }
    if cell.isPainted { return cell.lines.flatMap { $0.folded(to: width, at: .semicolons) } }
    return few(cell.lines.flatMap { $0.folded(to: width, hang: 0) }, width)
  }

  /// As many lines as a table has room for, the last one marked where there are more.
  private func few(_ lines: [String], _ width: Int) -> [String] {
    guard lines.count > Self.mostLines else { return lines }
    let more = String(style.glyph(.more).prefix(width))
    let last = DisplayWidth.truncating(lines[Self.mostLines - 1], to: width - more.count, ellipsis: "")
    return lines.prefix(Self.mostLines - 1) + [last + more]
  }

  /// The text lines of one row; `nil` for the headings.
  private func line(_ texts: [[String]], row: Int?) -> [String] {
    let height = rows.columns.indices.reduce(1) { layout.widths[$1] == nil ? $0 : max($0, texts[$1].count) }
    return (0..<height).map { number in
      let parts = texts.indices.compactMap { index -> String? in
        guard let width = layout.widths[index] else { return nil }
        let text = number < texts[index].count ? texts[index][number] : ""
        return padded(text, index, row, to: width, isFirst: number == 0)
      }
      return parts.joined(separator: String(repeating: " ", count: TableLayout.gutter))
    }
  }

  private func padded(_ text: String, _ index: Int, _ row: Int?, to width: Int, isFirst: Bool) -> String {
    var painted = style.paint(text, ink(of: text, row: row, column: index))
    var used = text.columns
    if let row, isFirst, let bar = bars[index]?[row] {
      let gap = String(repeating: " ", count: max(1, width - Self.barWidth - used))
      painted = bar + gap + painted
      used = width
    }
    let spaces = String(repeating: " ", count: max(0, width - used))
    // Only the text is painted: painted spaces could not be trimmed off the end of the line.
    return rows.columns[index].isNumeric ? spaces + painted : painted + spaces
  }

  private func ink(of text: String, row: Int?, column: Int) -> Ink {
    guard let row else { return .dim }
    let cell = cells[row][column]
    return cell.isPainted ? .plain : rows.columns[column].ink(for: cell.lines[0])
  }

  private static let marginBelow = 4
  private var widthBelow: Int? { style.textWidth.map { max(1, $0 - Self.marginBelow) } }

  private func beneath(_ cell: Cell, _ ink: Ink) -> [String] {
    let lines =
      cell.isPainted
      ? cell.lines.flatMap { $0.folded(to: widthBelow, at: .semicolons) }
      : few(cell.lines.flatMap { $0.folded(to: widthBelow, hang: 0) }, widthBelow ?? .max)
    return lines.filter { !$0.isEmpty }.map {
      String(repeating: " ", count: Self.marginBelow) + style.paint($0, ink)
    }
  }

  // MARK: - Bars

  private static func hasBar(_ column: Column, in rows: Rows) -> Bool {
    !column.bar.isEmpty && column.bar.allSatisfy { rows.index(of: $0.column) != nil }
  }

  /// A bar for each row; none for one that has no number.
  private static func bars(_ index: Int, _ rows: Rows, _ style: RenderStyle) -> [String] {
    let column = rows.columns[index]
    let places = column.bar.map { (place: rows.index(of: $0.column) ?? index, meaning: $0.meaning) }
    return rows.rows.map { row in
      guard row.indices.contains(index), row[index].isNumber else { return String(repeating: " ", count: barWidth) }
      let parts = places.map { place, meaning in
        guard row.indices.contains(place), case .number(let amount) = row[place] else {
          return BarPart(amount: 0, meaning: meaning)
        }
        return BarPart(amount: amount, meaning: meaning)
      }
      return bar(parts, cells: barWidth, style: style)
    }
  }
}
