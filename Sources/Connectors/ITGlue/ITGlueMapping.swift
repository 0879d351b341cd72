/// From IT Glue's resources to our records, and from our values to attributes: pure.
import Foundation
import Model

enum ITGlueMapping {
  // MARK: Records

  static func record(_ row: ITGlueResource<ITGlueOrganization>, remoteIDs: [String: String]) -> Record {
    let organization = row.attributes
    var fields: FieldValues = [:]
    fields["name"] = organization.name.filled
    fields["identifier"] = organization.shortName.filled
    fields["type"] = organization.typeName.filled
    fields["status"] = organization.statusName.filled
    fields["type-id"] = organization.typeID.field { .text($0.text) }
    fields["status-id"] = organization.statusID.field { .text($0.text) }
    if case .absent = organization.primary {} else { fields["is-owner"] = .flag(organization.primary.value ?? false) }
    fields["psa-id"] = psaID(row.adapters, remoteIDs)
    return record(row.id, .company, .active, fields, organization.stamps, parent: nil)
  }

  static func record(_ row: ITGlueResource<ITGlueContact>, remoteIDs: [String: String]) -> Record {
    let contact = row.attributes
    var fields: FieldValues = [:]
    fields["first-name"] = contact.firstName.filled
    fields["last-name"] = contact.lastName.filled
    fields["title"] = contact.title.filled
    fields["company-id"] = contact.organizationID.field { .text($0.text) }
    if let emails = contact.emails {
      let primary = primaryEmail(emails)
      let filled = emails.indices.filter { !emails[$0].value.isBlank }
      fields["email"] = primary.map { .text(emails[$0].value) } ?? .null
      fields["other-emails"] = .list(filled.filter { $0 != primary }.map { emails[$0].value })
      fields["addresses"] = .list(filled.map { emails[$0].value })
    }
    if let phones = contact.phones {
      for use in PhoneUse.allCases {
        fields[use.field] = chosen(phones, use).map { .text(phones[$0].value) } ?? .null
      }
    }
    fields["psa-id"] = psaID(row.adapters, remoteIDs)
    // There is no archive for contacts.
    var record = record(
      row.id, .person, .active, fields, contact.stamps, parent: contact.organizationID.value?.text)
    record.native = ContactLists(emails: contact.emails, phones: contact.phones).native
    return record
  }

  static func record(_ row: ITGlueResource<ITGlueConfiguration>, remoteIDs: [String: String]) -> Record {
    let configuration = row.attributes
    var fields: FieldValues = [:]
    for (field, attribute) in configurationTexts + configurationNames {
      fields[field] = configuration.texts[attribute]?.filled
    }
    fields["type-id"] = configuration.typeID.field { .text($0.text) }
    fields["status-id"] = configuration.statusID.field { .text($0.text) }
    fields["company-id"] = configuration.organizationID.field { .text($0.text) }
    fields["psa-id"] = psaID(row.adapters, remoteIDs)
    let state: RecordState = configuration.archived == .value(true) ? .inactive : .active
    var record = record(
      row.id, .configuration, state, fields, configuration.stamps, parent: configuration.organizationID.value?.text)
    record.native = configuration.manufacturerID.value?.text
    return record
  }

  private static func record(
    _ id: String, _ kind: RecordKind, _ state: RecordState, _ fields: FieldValues, _ stamps: ITGlueStamps,
    parent: String?
  ) -> Record {
    var hasher = FingerprintHasher()
    hasher.combine(state.rawValue)
    hasher.combine(fields)
    return Record(
      id: RecordID(id), kind: kind, state: state, fields: fields,
      version: RecordVersion("\(stamps.updated ?? "") \(hasher.finalize())"), modified: date(stamps.updated),
      created: date(stamps.created), parent: parent.map { RecordID($0) })
  }

  /// A record that a write was answered with, with what such an answer leaves out taken from the record as it was.
  static func completed(_ record: Record, by former: Record?) -> Record {
    guard record.fields["psa-id"] == nil else { return record }
    var completed = record
    // What was made just now belongs to no other sync yet.
    completed.fields["psa-id"] = former.map { $0.fields["psa-id"] } ?? .null
    var hasher = FingerprintHasher()
    hasher.combine(completed.state.rawValue)
    hasher.combine(completed.fields)
    let stamp = record.version?.rawValue.split(separator: " ").first.map(String.init) ?? ""
    completed.version = RecordVersion("\(stamp) \(hasher.finalize())")
    return completed
  }

  private static func psaID(_ adapters: [String]?, _ remoteIDs: [String: String]) -> FieldValue? {
    guard let adapters else { return nil }
    return adapters.lazy.compactMap { remoteIDs[$0] }.first.map { .text($0) } ?? .null
  }

  /// `2026-05-01T08:00:00.000Z`, or without its fraction.
  static func date(_ text: String?) -> Date? {
    guard let text else { return nil }
    return (try? Date(text, strategy: precise)) ?? (try? Date(text, strategy: .iso8601))
  }

  static func text(_ date: Date) -> String { date.formatted(precise) }

  private static let precise = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  // MARK: Attributes

  static let organizationTexts: [(field: FieldName, attribute: String)] = [
    ("name", "name"), ("identifier", "short-name"),
  ]
  static let contactTexts: [(field: FieldName, attribute: String)] = [
    ("first-name", "first-name"), ("last-name", "last-name"), ("title", "title"),
  ]
  static let configurationTexts: [(field: FieldName, attribute: String)] = [
    ("name", "name"), ("serial-number", "serial-number"), ("mac-address", "mac-address"), ("asset-tag", "asset-tag"),
    ("notes", "notes"), ("installed-at", "installed-at"), ("purchased-at", "purchased-at"),
    ("warranty-expires-at", "warranty-expires-at"), ("primary-ip", "primary-ip"),
    ("default-gateway", "default-gateway"), ("installed-by", "installed-by"),
  ]
  /// Read as names, written as ids.
  static let configurationNames: [(field: FieldName, attribute: String)] = [
    ("type", "configuration-type-name"), ("status", "configuration-status-name"),
    ("manufacturer", "manufacturer-name"), ("model", "model-name"),
  ]

  static func texts(of kind: RecordKind) -> [(field: FieldName, attribute: String)] {
    switch kind {
    case .company: organizationTexts
    case .person: contactTexts
    case .configuration: configurationTexts
    case .member: []
    }
  }

  /// The type of a resource, and the path of its list.
  static func type(_ kind: RecordKind) -> String {
    switch kind {
    case .company: "organizations"
    case .person: "contacts"
    case .configuration: "configurations"
    case .member: "users"
    }
  }

  /// The texts among the values, as they are sent; what is blank is null.
  static func attributes(_ values: FieldValues, _ kind: RecordKind) -> [String: JSONValue] {
    var attributes: [String: JSONValue] = [:]
    for (field, attribute) in texts(of: kind) {
      guard let value = values[field] else { continue }
      attributes[attribute] = value.text.flatMap { $0.isBlank ? nil : .text($0) } ?? .null
    }
    return attributes
  }

  /// Our name of the field that an error speaks of.
  static func field(ofAttribute attribute: String, _ kind: RecordKind) -> FieldName? {
    if let text = texts(of: kind).first(where: { $0.attribute == attribute }) { return text.field }
    switch attribute {
    case "contact-emails": return "email"
    case "contact-phones": return "phone"
    case "organization-type", "organization-type-id", "configuration-type", "configuration-type-id": return "type"
    case "organization-status", "organization-status-id", "configuration-status", "configuration-status-id":
      return "status"
    case "manufacturer", "manufacturer-id": return "manufacturer"
    case "model", "model-id": return "model"
    default: return nil
    }
  }
}
