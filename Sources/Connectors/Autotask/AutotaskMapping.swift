/// From Autotask's rows to our records: pure.
import Foundation
import Model

/// One of our fields and the property that holds it.
struct AutotaskColumn: Sendable {
  /// How a value stands on the wire.
  enum Form: Sendable { case text, day, picklist }
  var field: FieldName
  var property: String
  var form: Form

  init(_ field: FieldName, _ property: String, _ form: Form = .text) {
    self.field = field
    self.property = property
    self.form = form
  }
}

enum AutotaskMapping {
  // The e-mail addresses of a contact and the product of a configuration item are no columns: see the writing.
  static let contactColumns: [AutotaskColumn] = [
    AutotaskColumn("first-name", "firstName"), AutotaskColumn("last-name", "lastName"),
    AutotaskColumn("title", "title"),
    AutotaskColumn("phone", "phone"), AutotaskColumn("mobile", "mobilePhone"), AutotaskColumn("fax", "faxNumber"),
    AutotaskColumn("twitter", "twitterUrl"), AutotaskColumn("facebook", "facebookUrl"),
    AutotaskColumn("linkedin", "linkedInUrl"), AutotaskColumn("external-id", "externalID"),
  ]
  static let companyColumns: [AutotaskColumn] = [
    AutotaskColumn("name", "companyName"), AutotaskColumn("identifier", "companyNumber"),
    AutotaskColumn("website", "webAddress"), AutotaskColumn("phone", "phone"),
    AutotaskColumn("type", "companyType", .picklist),
  ]
  static let configurationColumns: [AutotaskColumn] = [
    AutotaskColumn("name", "referenceTitle"), AutotaskColumn("serial-number", "serialNumber"),
    AutotaskColumn("asset-tag", "referenceNumber"), AutotaskColumn("notes", "notes"),
    AutotaskColumn("installed-at", "installDate", .day),
    AutotaskColumn("warranty-expires-at", "warrantyExpirationDate", .day),
    AutotaskColumn("type", "configurationItemType", .picklist),
  ]

  static func columns(of kind: RecordKind) -> [AutotaskColumn] {
    switch kind {
    case .company: companyColumns
    case .person: contactColumns
    case .configuration: configurationColumns
    case .member: []
    }
  }

  /// Our name of every property that a refusal may speak of.
  static let properties: [String: FieldName] = {
    var all: [String: FieldName] = [
      "emailAddress": "email", "emailAddress2": "other-emails", "emailAddress3": "other-emails", "productID": "model",
      "manufacturerName": "manufacturer", "manufacturerProductName": "model",
    ]
    for column in contactColumns + companyColumns + configurationColumns where all[column.property] == nil {
      all[column.property] = column.field
    }
    return all
  }()

  /// What a row says under the properties of its columns that are texts.
  static func texts<Key: CodingKey>(
    of columns: [AutotaskColumn], in container: KeyedDecodingContainer<Key>
  ) -> [String: Said<String>] {
    var texts: [String: Said<String>] = [:]
    for column in columns where column.form != .picklist {
      guard let key = Key(stringValue: column.property) else { continue }
      texts[column.property] = container.said(String.self, key)
    }
    return texts
  }

  // MARK: Records

  static func record(_ contact: AutotaskContact) -> Record {
    var fields = fields(of: contactColumns, contact.texts)
    let addresses = AutotaskContact.emails.map { contact.texts[$0.rawValue] ?? .absent }
    fields["email"] = addresses.first.flatMap(text)
    let slots = addresses.map { text($0)?.text ?? "" }
    if addresses.dropFirst().contains(where: { $0 != .absent }) {
      fields["other-emails"] = .list(slots.dropFirst().filter { !$0.isEmpty })
    }
    if addresses.contains(where: { $0 != .absent }) { fields["addresses"] = .list(slots.filter { !$0.isEmpty }) }
    if let company = contact.companyID { fields["company-id"] = .text(String(company)) }
    // A list of ours does not tell which of the places is free.
    let isWhole = !addresses.contains(.absent)
    return finished(
      contact.id, .person, contact.isActive, fields, stamp: contact.lastModifiedDate, created: contact.createDate,
      parent: contact.companyID, native: isWhole ? JSONWire.text(slots) : nil)
  }

  static func record(_ company: AutotaskCompany, metadata: AutotaskMetadata) -> Record {
    var fields = fields(of: companyColumns, company.texts)
    name(company.companyType, of: "companyType", metadata, in: &fields)
    fields["status"] = status(company.isActive)
    fields["is-owner"] = .flag(company.id == 0)
    var record = finished(
      company.id, .company, company.isActive, fields, stamp: nil, created: company.createDate, parent: nil, native: nil)
    // `lastActivityDate` moves with every ticket, and so does not say when the company was changed.
    record.modified = nil
    return record
  }

  /// - Parameter product: `nil` where it is not known, which says nothing of manufacturer and model.
  static func record(
    _ item: AutotaskConfigurationItem, product: AutotaskProduct?, metadata: AutotaskMetadata
  ) -> Record {
    var fields = fields(of: configurationColumns, item.texts)
    name(item.configurationItemType, of: "configurationItemType", metadata, in: &fields)
    fields["status"] = status(item.isActive)
    if let product {
      fields["manufacturer"] = value(product.manufacturerName)
      fields["model"] = value(product.manufacturerProductName)
      if fields["name"] == .null { fields["name"] = value(product.name) }
    }
    if let company = item.companyID { fields["company-id"] = .text(String(company)) }
    return finished(
      item.id, .configuration, item.isActive, fields, stamp: item.lastModifiedTime, created: nil,
      parent: item.companyID, native: nil)
  }

  private static func finished(
    _ id: Int, _ kind: RecordKind, _ isActive: AutotaskFlag?, _ fields: FieldValues, stamp: String?, created: String?,
    parent: Int?, native: String?
  ) -> Record {
    let state: RecordState = isActive?.isSet == false ? .inactive : .active
    // There is no row version: the stamp, and what a decision may look at, stand in for one.
    var hasher = FingerprintHasher()
    hasher.combine(state.rawValue)
    hasher.combine(fields)
    return Record(
      id: RecordID(String(id)), kind: kind, state: state, fields: fields,
      version: RecordVersion("\(stamp ?? "") \(hasher.finalize())"), modified: date(stamp), created: date(created),
      parent: parent.map { RecordID(String($0)) }, native: native)
  }

  private static func fields(of columns: [AutotaskColumn], _ texts: [String: Said<String>]) -> FieldValues {
    var fields: FieldValues = [:]
    for column in columns {
      guard column.form != .picklist, let value = text(texts[column.property] ?? .absent) else { continue }
      fields[column.field] = column.form == .day ? day(value) : value
    }
    return fields
  }

  /// The label of a picklist's value, and its number as a fact; a number without a label names nothing.
  private static func name(
    _ said: Said<Int>, of property: String, _ metadata: AutotaskMetadata, in fields: inout FieldValues
  ) {
    switch said {
    case .absent: break
    case .null: (fields["type"], fields["type-id"]) = (.null, .null)
    case .value(let id):
      fields["type-id"] = .text(String(id))
      fields["type"] = metadata.label(id, of: property).map { value($0) }
    }
  }

  private static func status(_ isActive: AutotaskFlag?) -> FieldValue {
    .text(isActive?.isSet == false ? "Inactive" : "Active")
  }

  /// Blank texts and nulls are used interchangeably; NUL signs occur in old data and mean nothing.
  private static func text(_ said: Said<String>) -> FieldValue? { said.field(value) }

  private static func value(_ text: String?) -> FieldValue {
    guard let text = text.map(plain), !text.isBlank else { return .null }
    return .text(text)
  }

  static func plain(_ text: String) -> String {
    text.utf8.contains(0) ? text.replacingOccurrences(of: "\0", with: "") : text
  }

  /// The day of a moment, in UTC, which is how moments are given.
  private static func day(_ value: FieldValue) -> FieldValue {
    guard let text = value.text else { return value }
    let day = String(text.prefix(10))
    return date("\(day)T00:00:00Z") == nil ? .null : .text(day)
  }

  /// Moments are UTC, also where the zone is left out.
  static func date(_ text: String?) -> Date? {
    guard let text else { return nil }
    return (try? Date(text, strategy: .iso8601)) ?? (try? Date(text + "Z", strategy: .iso8601))
  }

  // MARK: The places of addresses

  /// The three addresses that a record of ours remembers, blank ones among them; `nil` where it remembers none.
  static func slots(of record: Record?) -> [String]? {
    guard let native = record?.native, let slots = JSONWire.read([String].self, from: native),
      slots.count == 3
    else { return nil }
    return slots
  }
}
