// How candidates are listed under the line: columns fitted to the terminal, and a note on what did not fit.

/// The listing of candidates, as a pure function of them and of the room there is.
package enum CompletionLayout {
  /// One row of a listing, each part padded already; `text` is the row as it reads without colour.
  package struct Row: Sendable, Equatable {
    package var label: String
    package var description: String
    /// Shown dim.
    package var detail: String

    /// The whole row.
    package var text: String { label + description + detail }
  }

  /// What stands before each row.
  private static let indent = "  "
  /// The least room between two columns.
  private static let gap = "   "

  /// The rows for candidates, none wider than the columns and no more than the rows.
  ///
  /// What does not fit is counted in a last row (`… 40 more`). Descriptions give way before labels, details first.
  /// Control characters in a candidate are made visible. Without Unicode every other character is a question mark.
  package static func rows(
    for candidates: [Candidate], columns: Int, rows: Int, unicode: Bool = true
  ) -> [Row] {
    let room = max(rows, 2)
    let shown = candidates.count <= room ? candidates : Array(candidates.prefix(room - 1))
    let cells = shown.map { candidate in
      [candidate.label, candidate.description, candidate.detail].map { showable($0, unicode: unicode) }
    }
    let widths = columnWidths(cells, within: max(columns, 8) - indent.count)
    var lines = cells.map { row(of: $0, widths: widths, unicode: unicode) }
    if shown.count < candidates.count {
      let more = "\(unicode ? "…" : "...") \(candidates.count - shown.count) more"
      lines.append(Row(label: indent, description: "", detail: more))
    }
    return lines
  }

  /// The longest text that all of them begin with; empty for none.
  package static func commonPrefix(of texts: [String]) -> String {
    guard var common = texts.first else { return "" }
    for text in texts.dropFirst() {
      common = String(zip(common, text).prefix { $0 == $1 }.map(\.0))
    }
    return common
  }

  /// Labels take what they need up to half of the room when something follows them, descriptions up to what is left.
  private static func columnWidths(_ cells: [[String]], within room: Int) -> [Int] {
    var widths = (0..<3).map { column in cells.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
    let hasMore = widths[1] + widths[2] > 0
    widths[0] = min(widths[0], room, hasMore ? max(room / 2, 12) : room)
    widths[1] = min(widths[1], max(0, room - widths[0] - gap.count))
    let left = room - widths[0] - (widths[1] > 0 ? widths[1] + gap.count : 0) - gap.count
    widths[2] = min(widths[2], max(0, left))
    return widths
  }

  private static func row(of cells: [String], widths: [Int], unicode: Bool) -> Row {
    var parts = zip(cells, widths).map { DisplayWidth.truncating($0, to: $1, unicode: unicode) }
    let last = parts.lastIndex { !$0.isEmpty } ?? 0
    for column in 0..<last where widths[column] > 0 {
      parts[column] = DisplayWidth.padding(parts[column], to: widths[column]) + gap
    }
    return Row(label: indent + parts[0], description: parts[1], detail: parts[2])
  }
}
