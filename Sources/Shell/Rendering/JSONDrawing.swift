/// Rows as JSON: an object a row, keys in the order of the columns, numbers and flags as such, moments as ISO 8601.
import CommandLanguage
import LineEditing

struct JSONDrawing {
  let rows: Rows

  /// An array with an object a line.
  var array: String {
    guard !rows.rows.isEmpty else { return "[]\n" }
    return "[\n" + rows.rows.map { "  " + object($0) }.joined(separator: ",\n") + "\n]\n"
  }

  /// An object a line and nothing around them.
  var lines: String { rows.rows.map { object($0) + "\n" }.joined() }

  /// The first row alone; `null` where there is none.
  var record: String { (rows.rows.first.map(object) ?? "null") + "\n" }

  private func object(_ row: [Value]) -> String {
    let members = rows.columns.enumerated().map { index, column in
      Self.string(column.name) + ": " + (row.indices.contains(index) ? row[index] : .blank).json
    }
    return "{" + members.joined(separator: ", ") + "}"
  }

  /// A JSON string. Whatever a terminal would obey or hide is escaped, so that showing the file is safe too.
  static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value >= 0x7F && visible(String(scalar)) != String(scalar) {
          result += String(scalar).utf16.map(escape).joined()
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  private static func escape(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
