/// Rows as a Markdown table: for a ticket or a wiki.
import CommandLanguage
import LineEditing

struct MarkdownDrawing {
  let rows: Rows

  var text: String {
    let heading = rows.columns.map { Self.escaped($0.heading) }
    let rule = rows.columns.map { $0.isNumeric ? "---:" : "---" }
    let body = rows.rows.map { row in
      rows.columns.indices.map { Self.escaped((row.indices.contains($0) ? row[$0] : .blank).exactText) }
    }
    return ([heading, rule] + body).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  /// The text without anything that Markdown, or HTML inside it, would act upon.
  static func escaped(_ text: String) -> String {
    visible(text).unicodeScalars.map { scalar in
      switch scalar {
      case "|", "\\", "`", "*", "[", "]": "\\" + String(scalar)
      case "<": "&lt;"
      case "&": "&amp;"
      default: String(scalar)
      }
    }.joined()
  }
}
