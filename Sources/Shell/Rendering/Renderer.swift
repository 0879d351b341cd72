/// What a command returned, as text for standard output.
package import CommandLanguage

package struct Renderer: Sendable {
  package let style: RenderStyle

  package init(style: RenderStyle) { self.style = style }

  /// The result in a format, ended by a line break; nothing to show gives an empty text.
  ///
  /// What only a person wants to know (columns that did not fit, a remark, "no people") stands below a table or the
  /// cards in a terminal; elsewhere it is left to ``remarks(on:as:)``, so that programs read rows and nothing else.
  package func render(_ outcome: Outcome, as format: Format) -> String {
    switch outcome {
    case .rows(let rows), .drawn(_, let rows): render(rows, as: format)
    case .record(let rows): render(record: rows, as: format)
    case .number(let number): isJSON(format) ? "\(number)\n" : style.joined(["\(number)"])
    case .text(let text), .message(let text):
      isJSON(format) ? JSONDrawing.string(text) + "\n" : style.joined(shownLines(text))
    case .nothing: ""
    }
  }

  /// Why the result cannot be drawn in a format, to be said instead of drawing it; `nil` where it can.
  package func refusal(of outcome: Outcome, as format: Format) -> ShellMessage? {
    guard format == .script else { return nil }
    switch outcome {
    case .rows(let rows), .record(let rows), .drawn(_, let rows):
      let formats = Format.allCases.filter { $0 != .script }.map(\.rawValue).joined(separator: ", ")
      return ShellMessage(.error, "\(rows.subject) cannot be written as a script", hint: "as one of \(formats)")
    case .number, .text, .message, .nothing: return nil
    }
  }

  /// Rows in a format; empty for one that ``refusal(of:as:)`` speaks against.
  package func render(_ rows: Rows, as format: Format) -> String {
    switch format {
    case .table: withRemarks(on: rows, table: TableDrawing(rows, style: style))
    case .cards: withRemarks(on: rows, lines: CardDrawing(rows: rows, style: style).lines)
    case .csv: CSVDrawing(rows: rows).text
    case .json: JSONDrawing(rows: rows).array
    case .ndjson: JSONDrawing(rows: rows).lines
    case .markdown: MarkdownDrawing(rows: rows).text
    case .html: HTMLPage(rows: rows, style: style).text
    case .script: ""
    }
  }

  /// What there is to say about rows and the text of ``render(_:as:)`` does not say, a line each, for standard error.
  package func remarks(on rows: Rows, as format: Format) -> [String] {
    if style.isTerminal, format == .table || format == .cards { return [] }
    var remarks: [String] = []
    if rows.rows.isEmpty { remarks.append("no \(rows.subject)") }
    if let note = rows.note { remarks += shownLines(note) }
    if format == .table, !rows.rows.isEmpty {
      remarks += losses(of: TableDrawing(rows, style: style))
    }
    return remarks
  }

  private func render(record rows: Rows, as format: Format) -> String {
    switch format {
    case .table, .cards: render(rows, as: .cards)
    case .json: JSONDrawing(rows: rows).record
    case .html: HTMLPage(record: rows, style: style).text
    case .csv, .ndjson, .markdown, .script: render(rows, as: format)
    }
  }

  private func withRemarks(on rows: Rows, table: TableDrawing) -> String {
    withRemarks(on: rows, lines: table.lines, more: losses(of: table))
  }

  private func withRemarks(on rows: Rows, lines: [String], more: [String] = []) -> String {
    let body = rows.rows.isEmpty ? [] : lines
    guard style.isTerminal else { return style.joinedUnfolded(body) }
    var remarks = rows.rows.isEmpty ? ["no \(style.shown(rows.subject))"] : []
    remarks += rows.note.map(shownLines) ?? []
    remarks += rows.rows.isEmpty ? [] : more
    return style.joinedUnfolded(body) + style.joined(remarks.map { style.paint($0, .dim) })
  }

  /// What a table does not show, and where it is.
  private func losses(of table: TableDrawing) -> [String] {
    [("columns dropped", table.droppedColumns), ("cut", table.cutColumns)].compactMap { what, columns in
      columns.isEmpty
        ? nil : "(\(what): \(columns.map(style.shown).joined(separator: ", "));  add  | as cards  to see all)"
    }
  }

  private func shownLines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { style.shown(String($0)) }
  }

  private func isJSON(_ format: Format) -> Bool { format == .json || format == .ndjson }
}
