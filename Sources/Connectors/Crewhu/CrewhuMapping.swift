/// From Crewhu's users to records, and from values to the bodies of the assumed writes: pure.
import Foundation
import Model

enum CrewhuMapping {
  /// A member that was not sent is absent: above all the e-mail address, which the Open API may hide altogether.
  static func record(_ row: CrewhuRow) -> Record {
    var fields: FieldValues = [:]
    for field in CrewhuFields.all {
      let said = field.read.compactMap { row.members[$0] }
      guard !said.isEmpty else { continue }
      if let value = value(said, field.shape) { fields[field.name] = value }
    }
    let isInactive = row.members[CrewhuFields.inactive]?.flag == true
    return Record(
      id: RecordID(row.id), kind: .member, state: isInactive ? .inactive : .active, fields: fields,
      modified: date(row.members[CrewhuFields.modified]), created: date(row.members[CrewhuFields.created]))
  }

  /// - Parameter said: what the members of one field say, each of which may be one text or several.
  private static func value(_ said: [CrewhuValue], _ shape: CrewhuField.Shape) -> FieldValue? {
    if said.allSatisfy({ $0 == .other }) { return nil }
    let texts = said.flatMap(\.texts).filter { !$0.isBlank }
    switch shape {
    case .list:
      var seen: Set<String> = []
      return .list(texts.flatMap(items).filter { seen.insert($0).inserted })
    case .text: return texts.first.map { .text($0) } ?? .null
    case .day: return texts.first.map { .text(day($0) ?? $0) } ?? .null
    }
  }

  /// The items of one text: itself exactly as it is, since ids are compared sign by sign; or what its commas part, as in
  /// the cells of the vendor's own files.
  private static func items(_ text: String) -> [String] {
    guard text.contains(",") else { return [text] }
    return text.split(separator: ",").map { String($0).trimmedNFC }.filter { !$0.isEmpty }
  }

  /// `2021-03-01T00:00:00.000Z` is a day, wherever it is read.
  static func day(_ moment: String) -> String? {
    let day = moment.prefix(10)
    let parts = day.split(separator: "-", omittingEmptySubsequences: false)
    let isDay =
      parts.map(\.utf8.count) == [4, 2, 2] && parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } }
    return isDay ? String(day) : nil
  }

  private static func date(_ value: CrewhuValue?) -> Date? {
    guard let text = value?.text else { return nil }
    if let date = try? Date(text, strategy: .iso8601) { return date }
    return try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  // MARK: Writing

  /// The body of an assumed create; what is blank is left out.
  static func creation(_ write: Write) -> JSONValue {
    var body: [String: JSONValue] = [CrewhuFields.inactive: .flag(isInactive(write))]
    for field in CrewhuFields.all {
      guard let member = field.write, let value = write.values[field.name], !value.isBlank else { continue }
      body[member] = json(value)
    }
    return .object(body)
  }

  /// The body of an assumed change: named fields only, cleared ones as null. The profile of somebody who is there
  /// is never changed.
  static func change(_ write: Write) -> [String: JSONValue] {
    var body: [String: JSONValue] = [:]
    for field in CrewhuFields.all where field.name != "profile" {
      guard let member = field.write, let value = write.values[field.name] else { continue }
      body[member] = value.isBlank ? (field.shape == .list ? [] : .null) : json(value)
    }
    switch write.action {
    case .deactivate: body[CrewhuFields.inactive] = true
    case .reactivate: body[CrewhuFields.inactive] = false
    case .create, .update, .delete: break
    }
    return body
  }

  /// Whether a new employee is to be an inactive one.
  static func isInactive(_ write: Write) -> Bool { write.values.text("state") == RecordState.inactive.rawValue }

  /// Whether a new employee is to be invited; nobody who is inactive ever is.
  static func isInvited(_ write: Write) -> Bool { write.values.flag("invite") == true && !isInactive(write) }

  private static func json(_ value: FieldValue) -> JSONValue {
    switch value {
    case .null: .null
    case .text(let text): .text(text)
    case .list(let items): .list(items.map { .text($0) })
    case .flag(let flag): .flag(flag)
    }
  }

  /// Our name of a field that an error speaks of.
  static func field(named member: String) -> FieldName? {
    let lower = member.lowercased()
    return CrewhuFields.all.first { $0.write == lower || $0.read.contains(lower) }?.name
  }
}
