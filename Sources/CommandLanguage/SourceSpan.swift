// Where in a text something stands.

/// A stretch of a text: UTF-8 offsets, and the line and column (in characters, both from 1) of its beginning.
package struct SourceSpan: Hashable, Sendable {
  package var lower: Int
  package var upper: Int
  package var line: Int
  package var column: Int

  package init(lower: Int, upper: Int, line: Int, column: Int) {
    self.lower = lower
    self.upper = upper
    self.line = line
    self.column = column
  }

  /// The stretch from the beginning of this one to the end of `other`.
  package func joined(to other: SourceSpan) -> SourceSpan {
    SourceSpan(lower: lower, upper: max(upper, other.upper), line: line, column: column)
  }

  /// The empty stretch at the beginning of this one.
  package var start: SourceSpan { SourceSpan(lower: lower, upper: lower, line: line, column: column) }
}

/// Line and column for each UTF-8 offset of one text.
struct SourceMap {
  private var lines: [Int] = []
  private var columns: [Int] = []

  init(_ source: String) {
    lines.reserveCapacity(source.utf8.count + 1)
    columns.reserveCapacity(source.utf8.count + 1)
    var line = 1
    var column = 1
    for character in source {
      for _ in 0..<character.utf8.count {
        lines.append(line)
        columns.append(column)
      }
      if character == "\n" || character == "\r\n" {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    lines.append(line)
    columns.append(column)
  }

  func span(_ lower: Int, _ upper: Int) -> SourceSpan {
    let place = min(lower, lines.count - 1)
    let end = min(max(upper, place), lines.count - 1)
    return SourceSpan(lower: place, upper: end, line: lines[place], column: columns[place])
  }
}
