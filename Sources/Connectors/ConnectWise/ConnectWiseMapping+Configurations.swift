/// Configurations: from the wire to records, and from values to the bodies of requests.
import Foundation
import Model

extension ConnectWiseMapping {
  static let configurationTexts: [(field: FieldName, property: String)] = [
    ("name", "name"), ("serial-number", "serialNumber"), ("model", "modelNumber"), ("mac-address", "macAddress"),
    ("asset-tag", "tagNumber"), ("notes", "notes"), ("primary-ip", "ipAddress"),
    ("default-gateway", "defaultGateway"),
  ]
  /// Moments on the wire, days for kith.
  static let configurationDates: [(field: FieldName, property: String)] = [
    ("installed-at", "installationDate"), ("purchased-at", "purchaseDate"),
    ("warranty-expires-at", "warrantyExpirationDate"),
  ]
  /// Rows of tables, named by kith and written by id.
  static let configurationReferences: [(field: FieldName, property: String, table: ConnectWiseTable)] = [
    ("type", "type", .configurationTypes), ("status", "status", .configurationStatuses),
    ("manufacturer", "manufacturer", .manufacturers),
  ]

  static func record(_ configuration: ConnectWiseConfiguration) -> Record {
    var fields: FieldValues = [:]
    for (field, property) in configurationTexts { fields[field] = filledText(configuration.texts[property]) }
    for (field, property) in configurationDates {
      fields[field] = configuration.texts[property]?.value.flatMap(day).map { .text($0) } ?? .null
    }
    fields["type"] = name(configuration.type)
    fields["status"] = name(configuration.status)
    fields["manufacturer"] = name(configuration.manufacturer)
    fields["installed-by"] = name(configuration.installedBy)
    fields["type-id"] = id(configuration.type)
    fields["status-id"] = id(configuration.status)
    fields["company-id"] = id(configuration.company)
    let state: RecordState = configuration.activeFlag == .value(false) ? .inactive : .active
    return Record(
      id: RecordID(String(configuration.id)), kind: .configuration, state: state, fields: fields,
      version: version(configuration.info, fields, state), modified: date(configuration.info?.lastUpdated),
      created: date(configuration.info?.dateEntered),
      parent: configuration.company.value?.id.map { RecordID(String($0)) })
  }

  static func name(_ reference: Said<ConnectWiseReference>) -> FieldValue {
    reference.value.flatMap { $0.name ?? $0.identifier }.map { .text($0) } ?? .null
  }

  static func id(_ reference: Said<ConnectWiseReference>) -> FieldValue {
    reference.value?.id.map { .text(String($0)) } ?? .null
  }

  /// `2026-01-05T00:00:00Z` is a day; which one does not depend on where it is read.
  static func day(_ moment: String) -> String? {
    let day = moment.prefix(10)
    let parts = day.split(separator: "-", omittingEmptySubsequences: false)
    let isDay = parts.map(\.count) == [4, 2, 2] && parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } }
    return isDay ? String(day) : nil
  }

  /// The body of a create; what is blank is left out.
  static func configurationCreation(_ values: FieldValues, company: Int, references: [FieldName: Int]) -> JSONValue {
    var body: [String: JSONValue] = ["company": ["id": .number(company)]]
    for (field, property) in configurationTexts {
      if let text = filled(values[field]) { body[property] = .text(text) }
    }
    for (field, property) in configurationDates {
      if let text = filled(values[field]) { body[property] = moment(text) }
    }
    for (field, property, _) in configurationReferences {
      if let id = references[field] { body[property] = ["id": .number(id)] }
    }
    return .object(body)
  }

  /// The operations of the one PATCH on the configuration: references whole, and what is not a text is removed where
  /// it is cleared.
  static func configurationOperations(
    _ values: FieldValues, action: WriteKind, references: [FieldName: Int]
  ) -> [JSONValue] {
    var operations = configurationTexts.compactMap { field, property in
      values[field].map { replace(property, .text(filled($0) ?? "")) }
    }
    operations += configurationDates.compactMap { field, property in
      values[field].map { value in filled(value).map { replace(property, moment($0)) } ?? remove(property) }
    }
    operations += configurationReferences.compactMap { field, property, _ in
      values[field].map { _ in references[field].map { replace(property, ["id": .number($0)]) } ?? remove(property) }
    }
    switch action {
    case .deactivate: operations.append(replace("activeFlag", false))
    case .reactivate: operations.append(replace("activeFlag", true))
    case .create, .update, .delete: break
    }
    return operations
  }

  private static func moment(_ text: String) -> JSONValue { .text(day(text) == text ? "\(text)T00:00:00Z" : text) }

  private static func remove(_ path: String) -> JSONValue { ["op": "remove", "path": .text(path)] }
}
