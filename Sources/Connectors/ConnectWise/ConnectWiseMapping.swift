/// From ConnectWise's records to ours and back: pure.
import Foundation
import Model

/// The three communication types that a contact's address and numbers are kept under at one ConnectWise.
struct ConnectWiseTypes: Sendable, Equatable {
  var email: Int
  var phone: Int
  var mobile: Int

  /// The type that a setting names, by id or by label.
  static func named(_ text: String, in rows: [ConnectWiseCommunicationType]) -> ConnectWiseCommunicationType? {
    if let id = Int(text) { return rows.first { $0.id == id } }
    return rows.first { label($0) == ComparisonRule.email.key(text) }
  }

  /// The type of e-mails: the default one of those flagged so, else the one called Email, else the first.
  static func email(in rows: [ConnectWiseCommunicationType]) -> ConnectWiseCommunicationType? {
    let flagged = rows.filter { $0.emailFlag == true }
    return flagged.first { $0.defaultFlag == true } ?? named(["email", "e-mail"], in: flagged) ?? flagged.first
  }

  /// The type of desk phones: by its usual names, else the default one of those flagged as phones.
  static func phone(in rows: [ConnectWiseCommunicationType]) -> ConnectWiseCommunicationType? {
    let flagged = rows.filter { $0.phoneFlag == true }
    return named(["direct", "phone", "direct phone", "office", "business", "work"], in: flagged)
      ?? flagged.first { $0.defaultFlag == true && $0.id != mobile(in: rows)?.id }
  }

  /// The type of mobiles: by its usual names only; nothing else tells it from a desk phone.
  static func mobile(in rows: [ConnectWiseCommunicationType]) -> ConnectWiseCommunicationType? {
    named(["mobile", "cell", "mobile phone", "cell phone"], in: rows.filter { $0.phoneFlag == true })
  }

  private static func named(
    _ names: [String], in rows: [ConnectWiseCommunicationType]
  ) -> ConnectWiseCommunicationType? {
    for name in names {
      if let row = rows.first(where: { label($0) == name }) { return row }
    }
    return nil
  }

  private static func label(_ row: ConnectWiseCommunicationType) -> String {
    ComparisonRule.email.key(row.description ?? "")
  }
}

enum ConnectWiseMapping {
  // MARK: Contacts

  static func record(_ contact: ConnectWiseContact, types: ConnectWiseTypes) -> Record {
    var fields: FieldValues = [:]
    // Every reading asks for these by name, and a server may leave a null out of its answer.
    fields["first-name"] = contact.firstName.text ?? .null
    fields["last-name"] = contact.lastName.text ?? .null
    fields["title"] = contact.title.text ?? .null
    if let items = contact.items {
      fields["email"] = value(defaultEmail(items, types))
      fields["phone"] = value(chosen(items, type: types.phone))
      fields["mobile"] = value(chosen(items, type: types.mobile))
      fields["addresses"] = .list(emails(items).map(\.value).filter { !$0.isBlank })
    }
    if let id = contact.company.value?.id { fields["company-id"] = .text(String(id)) }
    if let name = contact.info?.updatedBy { fields["updated-by"] = .text(name) }
    // A null flag counts as false.
    let state: RecordState = contact.inactiveFlag == .value(true) ? .inactive : .active
    return Record(
      id: RecordID(String(contact.id)), kind: .person, state: state, fields: fields,
      version: version(contact.info, fields, state), modified: date(contact.info?.lastUpdated),
      created: date(contact.info?.dateEntered), parent: contact.company.value?.id.map { RecordID(String($0)) },
      native: contact.items.map { JSONWire.text($0) })
  }

  /// Stamps have whole seconds, so that a second edit within one is seen only by what it changed.
  static func version(_ info: ConnectWiseInfo?, _ fields: FieldValues, _ state: RecordState) -> RecordVersion {
    var hasher = FingerprintHasher()
    hasher.combine(state.rawValue)
    hasher.combine(fields)
    return RecordVersion("\(info?.lastUpdated ?? "") \(hasher.finalize())")
  }

  static func date(_ text: String?) -> Date? { text.flatMap { try? Date($0, strategy: .iso8601) } }

  /// A text that was asked for by name: what is empty, null or left out is null.
  static func filledText(_ said: Said<String>?) -> FieldValue {
    guard let text = said?.value, !text.isBlank else { return .null }
    return .text(text)
  }

  private static func value(_ item: ConnectWiseItem?) -> FieldValue { item.map { .text($0.value) } ?? .null }

  static func emails(_ items: [ConnectWiseItem]) -> [ConnectWiseItem] {
    items.filter { $0.kind?.lowercased() == "email" }
  }

  static func defaultEmail(_ items: [ConnectWiseItem], _ types: ConnectWiseTypes) -> ConnectWiseItem? {
    let emails = emails(items)
    return emails.first { $0.isDefault } ?? emails.first { $0.type == types.email } ?? emails.first
  }

  /// Of several items of one type, the default one, else the first.
  static func chosen(_ items: [ConnectWiseItem], type: Int) -> ConnectWiseItem? {
    let those = items.filter { $0.type == type }
    return those.first { $0.isDefault } ?? those.first
  }

  /// The items that a record of ours remembers; `nil` where it remembers none.
  static func items(of record: Record?) -> [ConnectWiseItem]? {
    guard let native = record?.native else { return nil }
    return JSONWire.read([ConnectWiseItem].self, from: native)
  }

  // MARK: Writing

  /// The fields that stand in the contact itself, by their names there.
  static let scalars: [(field: FieldName, property: String)] = [
    ("first-name", "firstName"), ("last-name", "lastName"), ("title", "title"),
  ]

  /// The body of a create; what is blank is left out, since nulls must not be sent.
  static func creation(_ values: FieldValues, company: Int, types: ConnectWiseTypes) -> JSONValue {
    var body: [String: JSONValue] = ["company": ["id": .number(company)]]
    for (field, property) in scalars {
      if let text = filled(values[field]) { body[property] = .text(text) }
    }
    var items: [JSONValue] = []
    if let email = filled(values["email"]) {
      items.append(item(email, type: types.email, kind: "Email", isDefault: true))
    }
    let phone = filled(values["phone"])
    if let phone { items.append(item(phone, type: types.phone, kind: "Phone", isDefault: true)) }
    if let mobile = filled(values["mobile"]) {
      items.append(item(mobile, type: types.mobile, kind: "Phone", isDefault: phone == nil))
    }
    if !items.isEmpty { body["communicationItems"] = .list(items) }
    return .object(body)
  }

  private static func item(_ value: String, type: Int, kind: String, isDefault: Bool) -> JSONValue {
    [
      "type": ["id": .number(type)], "value": .text(value), "communicationType": .text(kind),
      "defaultFlag": .flag(isDefault),
    ]
  }

  /// The operations of the one PATCH on the contact: its own fields, its company and its state. Paths are bare names; an
  /// empty text clears; a reference is replaced whole.
  ///
  /// - Parameter company: the company to move the contact to.
  static func operations(_ values: FieldValues, action: WriteKind, company: Int? = nil) -> [JSONValue] {
    var operations = scalars.compactMap { field, property in
      values[field].map { replace(property, .text(filled($0) ?? "")) }
    }
    if let company { operations.append(replace("company", ["id": .number(company)])) }
    switch action {
    case .deactivate: operations.append(replace("inactiveFlag", true))
    case .reactivate: operations.append(replace("inactiveFlag", false))
    case .create, .update, .delete: break
    }
    return operations
  }

  /// The company that a write moves its contact to; `nil` where it stays.
  static func destination(_ write: Write) -> Int? {
    guard write.action != .create, let parent = write.parent, parent != write.current?.parent else { return nil }
    return Int(parent.rawValue)
  }

  /// Our names of the fields, by what the server calls them in its errors.
  static func properties(of kind: RecordKind) -> [(field: FieldName, property: String)] {
    switch kind {
    case .person: scalars
    case .company: companyTexts + [("identifier", "identifier"), ("status", "status"), ("type", "types")]
    case .configuration:
      configurationTexts + configurationDates + configurationReferences.map { ($0.field, $0.property) }
    case .member: []
    }
  }

  /// The fields that a condition can name.
  static func searchable(_ kind: RecordKind) -> [(field: FieldName, property: String)] {
    switch kind {
    case .person: scalars
    case .company: companyTexts + [("identifier", "identifier")]
    case .configuration: configurationTexts.filter { $0.field != "notes" }
    case .member: [("identifier", "identifier"), ("first-name", "firstName"), ("last-name", "lastName")]
    }
  }

  static func replace(_ path: String, _ value: JSONValue) -> JSONValue {
    ["op": "replace", "path": .text(path), "value": value]
  }

  /// One call on a contact's communication items.
  enum Step: Equatable, Sendable {
    case add(JSONValue, field: FieldName)
    case change(id: Int, [JSONValue], field: FieldName)
    case remove(id: Int, field: FieldName)

    var field: FieldName {
      switch self {
      case .add(_, let field), .change(_, _, let field), .remove(_, let field): field
      }
    }
  }

  /// The calls that bring the items to the values, additions before removals.
  ///
  /// An address that is new is added as the default one, and the old one is kept; one that is there already becomes the
  /// default. A number takes the place of the one of its type.
  static func steps(_ values: FieldValues, items: [ConnectWiseItem], types: ConnectWiseTypes) -> [Step] {
    var steps: [Step] = []
    if let value = values["email"] {
      if let email = filled(value) {
        let wanted = ComparisonRule.email.key(email)
        let same = emails(items).filter { ComparisonRule.email.key($0.value) == wanted }
        if let here = same.first(where: \.isDefault) ?? same.first, let id = here.id {
          if !here.isDefault { steps.append(.change(id: id, [replace("defaultFlag", true)], field: "email")) }
        } else {
          steps.append(.add(item(email, type: types.email, kind: "Email", isDefault: true), field: "email"))
        }
      } else if let id = defaultEmail(items, types)?.id {
        steps.append(.remove(id: id, field: "email"))
      }
    }
    var hasDefaultPhone = items.contains { $0.kind?.lowercased() == "phone" && $0.isDefault }
    for (field, type) in [("phone", types.phone), ("mobile", types.mobile)] as [(FieldName, Int)] {
      guard let value = values[field] else { continue }
      let here = chosen(items, type: type)
      if let number = filled(value) {
        if let here, let id = here.id {
          if here.value != number { steps.append(.change(id: id, [replace("value", .text(number))], field: field)) }
        } else {
          steps.append(.add(item(number, type: type, kind: "Phone", isDefault: !hasDefaultPhone), field: field))
          hasDefaultPhone = true
        }
      } else if let id = here?.id {
        steps.append(.remove(id: id, field: field))
      }
    }
    return steps
  }

  static func filled(_ value: FieldValue?) -> String? {
    guard let text = value?.text, !text.isBlank else { return nil }
    return text
  }
}
