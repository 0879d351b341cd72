/// A table of a page: a caption, headings with their scope, the row's name as its heading.
import CommandLanguage
import Foundation
import Model

struct HTMLTable {
  let columns: [Column]
  let rows: [[Value]]
  /// The place of the column that names a row.
  let name: Int
  let caption: String
  /// The caption only repeats the heading above it: it is there for whoever does not see the page.
  var isCaptionHidden = false
  /// Reasons stand as a sentence before their word.
  var areReasonsInWords = false
  /// The last row is a sum.
  var hasSum = false
  let timeZone: TimeZone

  /// The table in a box of its own, in which it may be wider than the page.
  var html: String {
    let label = HTMLText.escaped(caption)
    let heading = columns.map { "<th scope=\"col\"\(Self.numeric($0))>\(HTMLText.escaped($0.heading))</th>" }.joined()
    let body = rows.enumerated().map { index, row in
      "<tr\(hasSum && index == rows.count - 1 ? " class=\"sum\"" : "")>\(cells(row))</tr>\n"
    }.joined()
    return "<div class=\"box\" role=\"region\" aria-label=\"\(label)\" tabindex=\"0\">\n<table>\n"
      + "<caption\(isCaptionHidden ? " class=\"sr\"" : "")>\(label)</caption>\n"
      + "<thead>\n<tr>\(heading)</tr>\n</thead>\n<tbody>\n\(body)</tbody>\n</table>\n</div>\n"
  }

  private func cells(_ row: [Value]) -> String {
    columns.indices.map { index in
      let column = columns[index]
      let text = content(row.indices.contains(index) ? row[index] : .blank, column)
      let label = " data-label=\"\(HTMLText.escaped(column.heading))\""
      return index == name
        ? "<th scope=\"row\"\(label)\(Self.numeric(column))>\(text.isEmpty ? "<i>blank</i>" : text)</th>"
        : "<td\(label)\(Self.numeric(column))>\(text)</td>"
    }.joined()
  }

  private static func numeric(_ column: Column) -> String { column.isNumeric ? " class=\"n\"" : "" }

  private func content(_ value: Value, _ column: Column) -> String {
    switch value {
    case .blank: return ""
    case .date(let date): return HTMLText.time(date, in: timeZone)
    case .differences(let differences): return HTMLText.differences(differences)
    case .list(let items) where column.style == .reason && areReasonsInWords:
      return items.map { content($0, column) }.joined(separator: "<br>")
    case .text(let text) where column.style == .reason && areReasonsInWords:
      guard let reason = Reason(rawValue: text) else { break }
      return "\(HTMLText.escaped(reason.sentence)) <code>\(reason.rawValue)</code>"
    case .text(let text) where column.style == .state:
      guard let mark = column.ink(for: text).mark else { break }
      return "<span class=\"\(mark)\">\(HTMLText.escaped(text))</span>"
    case .text, .number, .flag, .duration, .list: break
    }
    let text = HTMLText.escaped(value.exactText)
    return column.style == .id && index(of: column) != name && !text.isEmpty
      ? "<span class=\"id\">\(text)</span>" : text
  }

  private func index(of column: Column) -> Int? { columns.firstIndex { $0.name == column.name } }
}

extension Ink {
  /// The class that gives a page's text the same meaning.
  fileprivate var mark: String? {
    switch self {
    case .good: "good"
    case .warning: "warning"
    case .bad: "bad"
    case .plain, .dim, .strong: nil
    }
  }
}
