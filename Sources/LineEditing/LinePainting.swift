// The escape sequences that colour a line, put a hint behind it and notes below it, and take both away again.

/// A drawing over a line that libedit has painted. The cursor is left where libedit believes it to be.
struct LinePainting: Equatable {
  /// What draws it.
  private(set) var drawn: String
  /// What takes away everything but the colours; empty where there is nothing but colours.
  private(set) var wiped: String

  /// - Parameters:
  ///   - layout: where the line stands.
  ///   - room: the terminal's size.
  init(_ annotation: LineAnnotation, over edited: EditedText, _ layout: LineLayout, room: Terminal.Size, unicode: Bool)
  {
    var pen = Pen(at: layout.cursor)
    Self.colour(edited, by: annotation.spans, layout, &pen)
    let hint = Self.hint(annotation, behind: layout.end, room: room, unicode: unicode)
    if !hint.isEmpty {
      pen.move(to: layout.end)
      pen.write("\u{1B}[2m\(hint)\u{1B}[0m", columns: 0)
      // The terminal's own idea of the column is past the hint.
      pen.forgetColumn()
    }
    let fits = layout.end.row + 1 + annotation.notes.count <= room.rows
    let notes = (fits ? annotation.notes : []).map {
      Self.shown($0, columns: room.columns - 1, unicode: unicode)
    }
    pen.open(notes, below: layout.end)
    pen.move(to: layout.cursor)
    drawn = pen.text
    wiped = hint.isEmpty && notes.isEmpty ? "" : Self.erasing(behind: layout)
  }

  /// Rows below a line, ready to be written.
  init(rows: [String], below layout: LineLayout) {
    var pen = Pen(at: layout.cursor)
    pen.open(rows, below: layout.end)
    pen.move(to: layout.cursor)
    drawn = pen.text
    wiped = Self.erasing(behind: layout)
  }

  private static func erasing(behind layout: LineLayout) -> String {
    var eraser = Pen(at: layout.cursor)
    eraser.move(to: layout.end)
    eraser.write("\u{1B}[J", columns: 0)
    eraser.move(to: layout.cursor)
    return eraser.text
  }

  private static func colour(
    _ edited: EditedText, by spans: [LineAnnotation.Span], _ layout: LineLayout, _ pen: inout Pen
  ) {
    guard !spans.isEmpty else { return }
    var rest = spans[...]
    var offset = 0
    var ink: String?
    for (index, scalar) in edited.scalars.enumerated() {
      while let span = rest.first, span.range.upperBound <= offset { rest = rest.dropFirst() }
      let wanted = rest.first.flatMap { $0.range.contains(offset) ? $0.ink.codes : nil }
      offset += UTF8.width(scalar)
      guard let width = layout.widths[index], scalar != "\n" else { continue }
      pen.move(to: layout.places[index])
      if wanted != ink {
        pen.write("\u{1B}[\(wanted.map { "0;" + $0 } ?? "0")m", columns: 0)
        ink = wanted
      }
      pen.write(String(scalar), columns: width)
    }
    if ink != nil { pen.write("\u{1B}[0m", columns: 0) }
    // A row that is full to its edge leaves the terminal's cursor on it, wherever the next character would go.
    pen.forgetColumn()
  }

  /// Cut to the row that the line ends in.
  private static func hint(
    _ annotation: LineAnnotation, behind end: LineLayout.Place, room: Terminal.Size, unicode: Bool
  ) -> String {
    guard let text = annotation.hint?.text else { return "" }
    let row = String(text.prefix { $0 != "\n" })
    let columns = room.columns - 1 - end.column
    guard columns > 1 else { return "" }
    return DisplayWidth.truncating(showable(row, unicode: unicode), to: columns, unicode: unicode)
  }

  private static func shown(_ note: LineAnnotation.Note, columns: Int, unicode: Bool) -> String {
    let text = DisplayWidth.truncating(showable(note.text, unicode: unicode), to: max(1, columns), unicode: unicode)
    guard let codes = note.ink.codes else { return text }
    return "\u{1B}[\(codes)m\(text)\u{1B}[0m"
  }
}

/// Writes and moves, only ever relative to where it is: a screen that scrolls takes everything along.
private struct Pen {
  private(set) var text = ""
  private var row: Int
  /// `nil` where the terminal's column is not known.
  private var column: Int?

  init(at place: LineLayout.Place) {
    row = place.row
    column = place.column
  }

  mutating func move(to place: LineLayout.Place) {
    if place.row != row {
      let distance = abs(place.row - row)
      text += "\u{1B}[\(distance)\(place.row < row ? "A" : "B")"
      row = place.row
    }
    if place.column != column {
      text += place.column == 0 ? "\r" : "\u{1B}[\(place.column + 1)G"
      column = place.column
    }
  }

  mutating func write(_ piece: String, columns: Int) {
    text += piece
    column? += columns
  }

  mutating func forgetColumn() { column = nil }

  /// Writes rows below a place; the screen scrolls where there is no room for them.
  mutating func open(_ rows: [String], below end: LineLayout.Place) {
    guard !rows.isEmpty else { return }
    move(to: end)
    for piece in rows {
      text += "\r\n\(piece)\u{1B}[K"
      row += 1
    }
    column = nil
  }
}
