/// New employees as the lines of an upload: which of them can be told in a file, and how each cell is written. Pure.
import Model

struct CrewhuSheet {
  let template: CrewhuTemplate

  /// Why a write cannot stand in a file; `nil` when it can.
  func fault(_ write: Write) -> WriteRejection? {
    guard write.action == .create else { return Self.notInAFile(write) }
    if CrewhuMapping.isInactive(write), !template.columns.contains(where: { $0.content == .inactive }) {
      return WriteRejection(
        reason: .recordForbidden,
        message: "the upload makes active employees: its template has no column \(CrewhuFields.inactive)")
    }
    for column in template.columns {
      guard case .field(let name) = column.content else { continue }
      let value = write.values[name] ?? .null
      if column.isRequired, value.isBlank {
        return WriteRejection(
          reason: .valueRefused, field: name, message: "the template demands the column \"\(column.head)\"")
      }
      // What employees are matched by has to arrive sign by sign: it is neither guarded nor taken apart.
      if name == "email" || name == "employee-ids", let key = Self.texts(value).first(where: Self.isSpoilt) {
        return WriteRejection(
          reason: .valueRefused, field: name,
          message: "\"\(key)\" cannot stand in a file unchanged; add this employee by hand")
      }
    }
    return nil
  }

  /// Crewhu documents its upload as the way in for new people ("CSV upload"); what it does to those who are there is not
  /// documented, and somebody could be there twice.
  private static func notInAFile(_ write: Write) -> WriteRejection {
    let fields = write.values.names.map(\.rawValue).joined(separator: ", ")
    let what: String =
      switch write.action {
      case .deactivate: "set this employee inactive by hand"
      case .reactivate: "set this employee active by hand"
      case .create, .update, .delete: "change by hand: \(fields)"
      }
    return WriteRejection(
      reason: .recordForbidden, message: "Crewhu's upload is for new employees only, as far as is documented; \(what)")
  }

  private static func texts(_ value: FieldValue) -> [String] { value.items ?? value.text.map { [$0] } ?? [] }

  /// An item with a comma would be two, and a guarded one another one.
  private static func isSpoilt(_ text: String) -> Bool {
    text.contains(",") || guarded(text) != text
      || text.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }

  /// The whole file: the heads as the template has them, and a line for each write, each ended by CR LF (RFC 4180).
  func text(_ writes: [Write]) -> String {
    let mark = template.hasMark ? "\u{feff}" : ""
    let heads = template.columns.map { quoted($0.head) }
    let lines = writes.map { write in template.columns.map { cell($0.content, write) } }
    return ([heads] + lines).reduce(into: mark) { text, cells in
      text += cells.joined(separator: String(template.delimiter)) + "\r\n"
    }
  }

  private func cell(_ content: CrewhuTemplate.Content, _ write: Write) -> String {
    switch content {
    case .nothing: ""
    case .inactive: CrewhuMapping.isInactive(write) ? "true" : "false"
    case .field(let name):
      // Lists are separated by commas within their cell ("CSV upload").
      quoted(
        Self.guarded(Self.plain(Self.texts(write.values[name] ?? .null).filter { !$0.isBlank }.joined(separator: ","))))
    }
  }

  /// Line ends and tabs may stand in a quoted cell; every other control character becomes a blank.
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.properties.generalCategory == .control && !"\r\n\t".unicodeScalars.contains(scalar) ? " " : scalar
        }))
  }

  /// Kept from being taken for a formula, should somebody open the file in a spreadsheet first.
  private static func guarded(_ text: String) -> String {
    switch text.unicodeScalars.first {
    case "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": "'" + text
    default: text
    }
  }

  private func quoted(_ text: String) -> String {
    let needsQuotes = text.unicodeScalars.contains { scalar in
      scalar == "\"" || scalar == "\n" || scalar == "\r" || Character(scalar) == template.delimiter
    }
    let isPadded = text.unicodeScalars.first?.properties.isWhitespace == true
    guard needsQuotes || isPadded else { return text }
    return "\"" + text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}
