/// From our values to the bodies that Autotask takes, and to the conditions by which records are looked for: pure.
import Foundation
import Model

/// A value that is not sent, because it is certain that Autotask would not take it.
struct AutotaskRefusal: Error, Equatable {
  var field: FieldName?
  var message: String
  var isForbidden = false

  init(_ field: FieldName?, _ message: String, isForbidden: Bool = false) {
    self.field = field
    self.message = message
    self.isForbidden = isForbidden
  }

  func outcome(isPartial: Bool = false) -> WriteOutcome {
    .rejected(
      WriteRejection(
        reason: isForbidden ? .recordForbidden : .valueRefused, field: field, message: message, isPartial: isPartial))
  }
}

extension AutotaskMapping {
  // MARK: Bodies

  /// What a write says of the columns of its kind. A create leaves blanks out; a change clears with null.
  ///
  /// - Parameters:
  ///   - elsewhere: fields that are no columns and are written by other means.
  ///   - metadata: `nil` where it could not be had: the server will judge.
  static func body(
    _ values: FieldValues, kind: RecordKind, isNew: Bool, elsewhere: Set<FieldName>, metadata: AutotaskMetadata?
  ) throws(AutotaskRefusal) -> [String: JSONValue] {
    var body: [String: JSONValue] = [:]
    for (name, value) in values.sorted where !elsewhere.contains(name) {
      guard let column = columns(of: kind).first(where: { $0.field == name }) else {
        throw AutotaskRefusal(name, "kith does not write \(name) of Autotask's \(kind.plural)", isForbidden: true)
      }
      let json = try json(value, column, metadata)
      if isNew, json == .null { continue }
      body[column.property] = json
    }
    return body
  }

  private static func json(
    _ value: FieldValue, _ column: AutotaskColumn, _ metadata: AutotaskMetadata?
  ) throws(AutotaskRefusal) -> JSONValue {
    guard let text = try single(value, column.field) else { return .null }
    switch column.form {
    case .text:
      try checkLength(text, column.field, column.property, metadata)
      return .text(text)
    case .day:
      guard text.count == 10, date("\(text)T00:00:00Z") != nil else {
        throw AutotaskRefusal(column.field, "\(column.field) is a day like 2026-03-09, not \"\(text.prefix(40))\"")
      }
      return .text("\(text)T00:00:00Z")
    case .picklist:
      guard let metadata else { throw AutotaskRefusal(column.field, "Autotask did not tell which types it has") }
      if let choice = metadata.choice(named: text, of: column.property) { return .number(choice.id) }
      throw AutotaskRefusal(column.field, noChoice(text, column, metadata))
    }
  }

  private static func noChoice(_ text: String, _ column: AutotaskColumn, _ metadata: AutotaskMetadata) -> String {
    let what = column.property == "companyType" ? "company type" : "configuration item type"
    let labels = metadata.choices(of: column.property).filter(\.isActive).map(\.label)
    let some = labels.prefix(20).joined(separator: ", ") + (labels.count > 20 ? ", …" : "")
    return "Autotask has no \(what) \"\(text.prefix(60))\"; it has \(some.isEmpty ? "none" : some)"
  }

  /// One text, without what a text may not hold; `nil` for a blank.
  static func single(_ value: FieldValue, _ field: FieldName) throws(AutotaskRefusal) -> String? {
    let text: String
    switch value {
    case .null: return nil
    case .text(let one): text = plain(one)
    case .list(let items) where items.count <= 1: text = plain(items.first ?? "")
    case .list(let items): throw AutotaskRefusal(field, "\(field) takes one value, not \(items.count)")
    case .flag: throw AutotaskRefusal(field, "\(field) is a text, not yes or no")
    }
    return text.isBlank ? nil : text
  }

  static func checkLength(
    _ text: String, _ field: FieldName, _ property: String, _ metadata: AutotaskMetadata?
  ) throws(AutotaskRefusal) {
    guard let longest = metadata?.length(of: property), text.count > longest else { return }
    throw AutotaskRefusal(field, "Autotask takes \(longest) characters in \(property), not \(text.count)")
  }

  /// The e-mail addresses that a write sets.
  ///
  /// A new first address keeps the one before in a free place; one that stands in another place changes places with the
  /// first. Where the other addresses are named too, all three are set as named.
  ///
  /// - Parameter slots: the three addresses as they are; all blank for a create.
  static func addresses(
    _ values: FieldValues, slots: [String], metadata: AutotaskMetadata?
  ) throws(AutotaskRefusal) -> [String: JSONValue] {
    precondition(slots.count == 3, "a contact has three places for addresses")
    var wanted = slots
    if let value = values["other-emails"] {
      let others = try others(value)
      wanted[1] = others.first ?? ""
      wanted[2] = others.count > 1 ? others[1] : ""
    }
    if let value = values["email"] {
      let (old, new) = (slots[0], try single(value, "email") ?? "")
      wanted[0] = new
      if values["other-emails"] == nil, !new.isEmpty, !old.isEmpty, !isSame(old, new) {
        if let place = (1...2).first(where: { isSame(wanted[$0], new) }) {
          wanted[place] = old
        } else if !wanted.dropFirst().contains(where: { isSame($0, old) }),
          let place = (1...2).first(where: { wanted[$0].isEmpty })
        {
          wanted[place] = old
        }
      }
    }
    var body: [String: JSONValue] = [:]
    for (place, key) in AutotaskContact.emails.enumerated() where wanted[place] != slots[place] {
      try checkLength(wanted[place], place == 0 ? "email" : "other-emails", key.rawValue, metadata)
      body[key.rawValue] = wanted[place].isEmpty ? .null : .text(wanted[place])
    }
    return body
  }

  private static func others(_ value: FieldValue) throws(AutotaskRefusal) -> [String] {
    let items: [String]
    switch value {
    case .null: items = []
    case .text(let text): items = [text]
    case .list(let list): items = list
    case .flag: throw AutotaskRefusal("other-emails", "other-emails is a list of addresses, not yes or no")
    }
    let others = items.map(plain).filter { !$0.isBlank }
    guard others.count <= 2 else {
      throw AutotaskRefusal("other-emails", "Autotask keeps two further addresses of a contact, not \(others.count)")
    }
    return others
  }

  private static func isSame(_ left: String, _ right: String) -> Bool {
    ComparisonRule.email.key(left) == ComparisonRule.email.key(right)
  }

  /// The state that an action leads to: 1 or 0 for contacts, a boolean for everything else.
  static func state(_ action: WriteKind, kind: RecordKind) -> JSONValue? {
    switch action {
    case .create, .reactivate: kind == .person ? .number(1) : .flag(true)
    case .deactivate: kind == .person ? .number(0) : .flag(false)
    case .update, .delete: nil
    }
  }

  /// A field that Autotask demands of a new record and that a create does not fill.
  static func missing(_ write: Write) -> AutotaskRefusal? {
    guard write.action == .create else { return nil }
    let required = AutotaskFeatures.description.fields[write.kind]?.filter { $0.isRequired && $0.isWritable } ?? []
    guard let missing = required.first(where: { write.values[$0.name]?.isBlank ?? true }) else { return nil }
    return AutotaskRefusal(missing.name, "Autotask demands \(missing.name) of a new \(noun(write.kind))")
  }

  /// What a record always has, and a change would take from it.
  static func cleared(_ write: Write) -> AutotaskRefusal? {
    let always: [FieldName] =
      switch write.kind {
      case .company: ["name", "type"]
      case .person, .member: []
      case .configuration: ["manufacturer", "model"]
      }
    guard let field = always.first(where: { write.values[$0]?.isBlank == true }) else { return nil }
    return AutotaskRefusal(field, "an Autotask \(noun(write.kind)) always has a \(field)")
  }

  static func noun(_ kind: RecordKind) -> String { AutotaskFeatures.description.noun(kind) }

  // MARK: Conditions

  /// Conditions that give at least every record which holds the value, so that few are looked through; `nil`: all have
  /// to be (numbers are laid out in many ways, and some fields are no columns).
  static func conditions(_ kind: RecordKind, _ field: FieldName, _ value: String) -> [JSONValue]? {
    let text = plain(value).trimmedNFC
    guard !text.isEmpty else { return nil }
    func equals(_ property: String) -> JSONValue { AutotaskQuery.compare("eq", property, .text(text)) }
    if kind == .person, ["email", "other-emails", "addresses"].contains(field) {
      return [AutotaskQuery.any(AutotaskContact.emails.map { equals($0.rawValue) })]
    }
    let rule = AutotaskFeatures.description.field(field, of: kind)?.rule
    guard rule != .phone, let column = columns(of: kind).first(where: { $0.field == field }), column.form == .text
    else {
      return nil
    }
    if kind == .configuration, field == "name" {
      // Without a title of its own an item goes by its product's name.
      return [AutotaskQuery.any([equals(column.property)] + AutotaskQuery.isBlank(column.property))]
    }
    return [equals(column.property)]
  }
}
