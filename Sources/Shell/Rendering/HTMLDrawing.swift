/// Rows as a bare HTML table: for a mail or a wiki, which bring their own looks.
import CommandLanguage
import LineEditing

struct HTMLDrawing {
  let rows: Rows

  var text: String {
    let heading = rows.columns.map { "<th\(Self.alignment($0))>\(Self.escaped($0.heading))</th>" }.joined()
    let body = rows.rows.map { row in
      let cells = rows.columns.indices.map { index in
        let text = (row.indices.contains(index) ? row[index] : .blank).exactText
        return "<td\(Self.alignment(rows.columns[index]))>\(Self.escaped(text))</td>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    return "<table>\n<thead>\n<tr>\(heading)</tr>\n</thead>\n<tbody>\n\(body.joined())</tbody>\n</table>\n"
  }

  private static func alignment(_ column: Column) -> String {
    column.isNumeric ? " align=\"right\"" : ""
  }

  static func escaped(_ text: String) -> String {
    visible(text).unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&#39;"
      default: String(scalar)
      }
    }.joined()
  }
}
