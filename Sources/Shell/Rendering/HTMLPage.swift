/// A result as one page that can be handed on as it is: nothing is loaded, nothing runs, and it says what it shows.
import CommandLanguage
import Foundation

struct HTMLPage {
  private let rows: Rows
  private let preface: Preface?
  private let style: RenderStyle
  /// One thing, told field by field.
  private let isRecord: Bool

  init(rows: Rows, style: RenderStyle) {
    self.rows = rows
    preface = rows.preface?()
    self.style = style
    isRecord = false
  }

  /// - Parameter record: rows of which the first is shown.
  init(record rows: Rows, style: RenderStyle) {
    self.rows = rows
    preface = nil
    self.style = style
    isRecord = true
  }

  var text: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
    <meta name="referrer" content="no-referrer">
    <meta name="color-scheme" content="light dark">
    <title>\(HTMLText.escaped(title))</title>
    <style>
    \(HTMLSheet.css)</style>
    </head>
    <body>
    <main>
    \(content)</main>
    <footer>
    <p>Made by kith at \(HTMLText.time(style.now, in: style.timeZone)).</p>
    </footer>
    </body>
    </html>

    """
  }

  /// Whatever a vendor's text may hold: the page does nothing but show.
  private static let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

  private var title: String {
    if let preface { return preface.title }
    let subject = rows.subject.prefix(1).uppercased() + rows.subject.dropFirst()
    guard isRecord, let row = rows.rows.first, !rows.name(of: row).isBlank else { return subject }
    return "\(subject) \(rows.name(of: row).exactText)"
  }

  private var content: String {
    if isRecord { return heading(lead: "") + record }
    guard let preface else {
      return heading(lead: rows.rows.count == 1 ? "1 row" : "\(rows.rows.count) rows") + note + plainTable
    }
    return heading(lead: preface.lead) + facts(preface) + notices(preface) + figures(preface) + note + body(preface)
  }

  private func heading(lead: String) -> String {
    "<h1>\(HTMLText.escaped(title))</h1>\n" + (lead.isEmpty ? "" : "<p class=\"lead\">\(HTMLText.escaped(lead))</p>\n")
  }

  private var note: String {
    guard let note = rows.note else { return "" }
    return note.split(separator: "\n").map { "<p class=\"remarks\">\(HTMLText.escaped(String($0)))</p>\n" }.joined()
  }

  // MARK: - Rows as they are

  private var plainTable: String {
    guard !rows.rows.isEmpty else { return "<p>There are no \(HTMLText.escaped(rows.subject)).</p>\n" }
    return listed(table(rows.columns, rows.rows, name: name, caption: title), isWide: true)
  }

  /// The column that names rows: the one that is there for it, unless it leaves some without a name and another does not.
  private var name: Int {
    ([rows.identity] + rows.columns.indices).first { index in
      !rows.columns[index].isNumeric && rows.rows.allSatisfy { $0.indices.contains(index) && !$0[index].isBlank }
    } ?? rows.identity
  }

  private var record: String {
    let row = rows.rows.first ?? []
    let fields = rows.columns.enumerated().map { index, column in
      [Value.text(column.heading), row.indices.contains(index) ? row[index] : .blank]
    }
    return table([Column("field"), Column("value")], fields, name: 0, caption: title).html
  }

  private func table(
    _ columns: [Column], _ rows: [[Value]], name: Int, caption: String, isInWords: Bool = false
  ) -> HTMLTable {
    HTMLTable(
      columns: columns, rows: rows, name: name, caption: caption, isCaptionHidden: true, areReasonsInWords: isInWords,
      timeZone: style.timeZone)
  }

  /// - Parameter isWide: rather wider than the page than with every cell on many lines.
  private func listed(_ table: HTMLTable, isWide: Bool = false) -> String {
    "<div class=\"rows\(isWide ? " wide" : "")\">\n\(table.html)</div>\n"
  }

  // MARK: - Around the rows

  private func facts(_ preface: Preface) -> String {
    let facts = preface.facts.filter { !$0.value.isBlank }
    guard !facts.isEmpty else { return "" }
    return "<dl>\n"
      + facts.map { fact in
        let value =
          if case .date(let date) = fact.value {
            HTMLText.time(date, in: style.timeZone)
          } else {
            HTMLText.escaped(fact.value.exactText)
          }
        return "<div><dt>\(HTMLText.escaped(fact.label))</dt><dd>\(value)</dd></div>\n"
      }.joined() + "</dl>\n"
  }

  private func notices(_ preface: Preface) -> String {
    var notices = preface.notices
    if rows.rows.count != preface.whole.count {
      notices.append(
        Preface.Notice(
          "Filtered",
          "only \(rows.rows.count) of \(preface.whole.count) \(rows.subject) are listed here; "
            + "the figures are those of all."))
    }
    guard !notices.isEmpty else { return "" }
    let items = notices.map { "<li><b>\(HTMLText.escaped($0.label)):</b> \(HTMLText.escaped($0.text))</li>\n" }
    return "<ul class=\"notices\">\n\(items.joined())</ul>\n"
  }

  private func figures(_ preface: Preface) -> String {
    guard let figures = preface.figures else { return "" }
    let columns = [Column("what", title: "what becomes of them")] + figures.nouns.map { Column($0, type: .count) }
    var lines = figures.lines.map { line in [Value.text(line.word)] + line.counts.map(Value.count) }
    let sums = figures.nouns.indices.map { index in figures.lines.reduce(0) { $0 + $1.counts[index] } }
    lines.append([.text("together")] + sums.map(Value.count))
    var table = table(columns, lines, name: 0, caption: "In figures")
    table.hasSum = true
    let remarks = preface.remarks.map { "<p class=\"remarks\">\(HTMLText.escaped($0))</p>\n" }.joined()
    return "<section class=\"figures\">\n<h2>In figures</h2>\n\(table.html)\(remarks)</section>\n"
  }

  // MARK: - Rows in groups

  private func body(_ preface: Preface) -> String {
    let subject = rows.subject.prefix(1).uppercased() + rows.subject.dropFirst()
    guard !rows.rows.isEmpty else {
      return "<section>\n<h2>\(HTMLText.escaped(subject))</h2>\n<p>None.</p>\n</section>\n"
    }
    // A filter that chose its columns has its way: one table of just these.
    guard rows.columns.map(\.name) == preface.whole.columns else {
      let name = rows.index(of: preface.name) ?? rows.identity
      let all = table(rows.columns, rows.rows, name: name, caption: subject, isInWords: true)
      return "<section>\n<h2>\(HTMLText.escaped(subject))</h2>\n\(listed(all))</section>\n"
    }
    return preface.groups.map { group in
      let members = rows.rows.filter { group.members.contains(rows.name(of: $0)) }
      return members.isEmpty ? "" : section(group, members, preface)
    }.joined()
  }

  private func section(_ group: Preface.Group, _ members: [[Value]], _ preface: Preface) -> String {
    var columns = preface.columns.compactMap { rows.index(of: $0) }
    // A column that says nothing about any of them would only take room.
    columns.removeAll { index in members.allSatisfy { !$0.indices.contains(index) || $0[index].isBlank } }
    let heading = "\(group.heading) (\(members.count))"
    let list = listed(
      table(
        columns.map { rows.columns[$0] }, members.map { row in columns.map { row[$0] } },
        name: columns.firstIndex { rows.columns[$0].name == preface.name } ?? 0, caption: heading, isInWords: true))
    var text = "<section>\n<h2>\(HTMLText.escaped(heading))</h2>\n<p>\(HTMLText.escaped(group.lead))</p>\n"
    if let column = group.countedBy.flatMap(rows.index) {
      text += counts(of: members, by: column, caption: "\(group.heading), by \(rows.columns[column].heading)")
      text += "<details>\n<summary>All \(members.count), one by one</summary>\n\(list)</details>\n"
    } else {
      text += list
    }
    return text + "</section>\n"
  }

  /// How often each value occurs, the most frequent first.
  private func counts(of members: [[Value]], by column: Int, caption: String) -> String {
    let counts = Dictionary(grouping: members) { $0[column] }.map { (value: $0.key, count: $0.value.count) }
    let sorted = counts.sorted { $0.count != $1.count ? $0.count > $1.count : $0.value.order(to: $1.value) < 0 }
    return "<div class=\"figures\">\n"
      + table(
        [rows.columns[column], Column("count", type: .count)], sorted.map { [$0.value, .count($0.count)] }, name: 0,
        caption: caption, isInWords: true
      ).html + "</div>\n"
  }
}
