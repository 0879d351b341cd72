/// Rows as CSV (RFC 4180), written so that no spreadsheet runs a cell.
import CommandLanguage
import LineEditing

struct CSVDrawing {
  let rows: Rows

  /// The heading and a line for each row, each ended by CR LF as RFC 4180 says.
  var text: String {
    let heading = rows.columns.map { Self.cell($0.name) }.joined(separator: ",") + "\r\n"
    return rows.rows.reduce(into: heading) { text, row in
      let cells = rows.columns.indices.map { index in
        let value = row.indices.contains(index) ? row[index] : Value.blank
        return value.isNumber ? value.exactText : Self.cell(value.exactText)
      }
      text += cells.joined(separator: ",") + "\r\n"
    }
  }

  /// One cell: kept from being taken for a formula, and quoted where it has to be.
  static func cell(_ text: String) -> String {
    var safe = withoutControls(text)
    if let first = text.unicodeScalars.first, startsFormula(first) { safe = "'" + safe }
    guard safe.unicodeScalars.contains(where: { $0 == "\"" || $0 == "," || $0 == "\n" || $0 == "\r" }) else {
      return safe
    }
    let doubled = safe.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"\(doubled)\""
  }

  /// Line breaks and tabs belong in a quoted cell; any other control character is made visible.
  private static func withoutControls(_ text: String) -> String {
    var safe = ""
    var piece = ""
    for scalar in text.unicodeScalars {
      if scalar == "\r" || scalar == "\n" || scalar == "\t" {
        safe += visible(piece)
        safe.unicodeScalars.append(scalar)
        piece = ""
      } else {
        piece.unicodeScalars.append(scalar)
      }
    }
    return safe + visible(piece)
  }

  /// What spreadsheets take for the beginning of a formula, the full-width forms among them (OWASP, "CSV Injection").
  private static func startsFormula(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
    default: false
    }
  }
}
