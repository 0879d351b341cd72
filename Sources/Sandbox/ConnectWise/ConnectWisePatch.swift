// The PATCH dialect of ConnectWise, which only resembles RFC 6902.

/// A list of changes to one record.
///
/// Source: ConnectWise developer guide, "API requests: PATCH": always an array, bare field names without a slash,
/// operations in lower case, references as whole objects.
struct ConnectWisePatch: Sendable {
  enum Verb: String, Sendable {
    case add, replace, remove
  }

  struct Operation: Sendable {
    var verb: Verb
    var path: String
    var value: JSON?
  }

  var operations: [Operation]

  init(operations: [Operation]) { self.operations = operations }

  /// Everything that a whole record says; what is null in it is left out.
  init(record: JSON) {
    operations = (record.members ?? []).filter { $0.value != .null }.map {
      Operation(verb: .replace, path: $0.name, value: $0.value)
    }
  }

  init(reading request: EmulatedRequest) throws(ConnectWiseRefusal) {
    guard let rows = (try? request.json())?.elements else {
      throw .invalidPatch("The patch must be an array of operations.")
    }
    operations = []
    for row in rows {
      guard let name = row["op"]?.text, let verb = Verb(rawValue: name) else {
        throw .invalidPatch("\(row["op"]?.text ?? "null") is not a valid operation.")
      }
      guard let path = row["path"]?.text, !path.isEmpty else { throw .invalidPatch("The operation has no path.") }
      guard !path.hasPrefix("/") else { throw .invalidPatch("\(path) is not a valid path.") }
      guard verb == .remove || row["value"] != nil else { throw .invalidPatch("The operation has no value.") }
      operations.append(Operation(verb: verb, path: path, value: row["value"]))
    }
  }

  /// Fields that a client may name, which change nothing.
  private static let readOnly: Set<String> = [
    "id", "_info", "defaultPhoneType", "defaultPhoneNbr", "defaultPhoneExtension", "types", "typeIds", "site", "siteId",
    "disablePortalLoginFlag", "unsubscribeFlag", "ignoreDuplicates", "department", "relationship", "managerContact",
    "assistantContact", "gender", "marriedFlag", "childrenFlag", "portalSecurityLevel", "photo", "defaultBillingFlag",
    "country", "mobileGuid", "facebookUrl", "twitterUrl", "linkedInUrl", "companyLocation", "anniversary", "birthDay",
    "presence", "typeAssociations",
  ]

  /// The contact with all changes made, or none: the caller stores it only when it is valid.
  ///
  /// - Parameter isWholeRecord: for POST and PUT, where unknown fields are passed over.
  func applied(
    to contact: ConnectWiseContact, in system: inout ConnectWiseEmulation, isWholeRecord: Bool = false
  ) throws(ConnectWiseRefusal) -> ConnectWiseContact {
    var contact = contact
    for operation in operations {
      let value = operation.verb == .remove ? .null : operation.value ?? .null
      try apply(operation.path, value, to: &contact, in: &system, isWholeRecord: isWholeRecord)
    }
    return contact
  }

  private func apply(
    _ path: String, _ value: JSON, to contact: inout ConnectWiseContact, in system: inout ConnectWiseEmulation,
    isWholeRecord: Bool
  ) throws(ConnectWiseRefusal) {
    // A path into a reference answers 200 and changes nothing.
    if path.contains("/") { return }
    switch path {
    case "firstName": contact.firstName = try ConnectWisePatch.text(value, path) ?? ""
    case "lastName": contact.lastName = try ConnectWisePatch.text(value, path)
    case "title": contact.title = try ConnectWisePatch.text(value, path)
    case "inactiveFlag": contact.isInactive = try ConnectWisePatch.flag(value, path)
    case "defaultFlag": contact.isDefault = try ConnectWisePatch.flag(value, path)
    case "company":
      guard let id = value["id"]?.whole, let company = system.company(id), !company.isDeleted else {
        throw .invalid([
          .init(
            code: "InvalidReference", message: "company \(value["id"]?.encoded ?? "") does not exist.", field: "company"
          )
        ])
      }
      contact.companyID = id
      contact.siteID = company.siteID
    case "communicationItems":
      let former = contact.items
      contact.items = try system.items(from: value, keeping: former)
      contact.settleDefaults()
    case "customFields": try setCustomFields(value, of: &contact)
    default:
      if ConnectWiseContact.textFields[path] != nil {
        contact.texts[path] = try ConnectWisePatch.text(value, path)
      } else if !isWholeRecord, !ConnectWisePatch.readOnly.contains(path) {
        throw .invalidPatch("\(path) is not a recognized name.")
      }
    }
  }

  private func setCustomFields(_ value: JSON, of contact: inout ConnectWiseContact) throws(ConnectWiseRefusal) {
    guard let rows = value.elements else {
      throw .invalidPatch("Could not convert from \(value.kind) to CustomFieldValue[].")
    }
    contact.customValues = [:]
    for row in rows {
      guard let id = row["id"]?.whole, ConnectWiseContact.customFields[id] != nil else {
        throw .invalid([
          .init(code: "InvalidReference", message: "The custom field does not exist.", field: "customFields")
        ])
      }
      if let value = row["value"], value != .null { contact.customValues[id] = value.text ?? value.encoded }
    }
  }

  // MARK: - Values

  /// A text as it is kept: line breaks collapse to a blank, and an empty text is no value.
  static func text(_ value: JSON, _ field: String) throws(ConnectWiseRefusal) -> String? {
    switch value {
    case .null: return nil
    case .string(let text):
      let kept = String(text.map { "\n\r\r\n\u{8}\u{c}".contains($0) ? " " : $0 })
      return kept.isEmpty ? nil : kept
    default: throw .invalidPatch("Could not convert from \(value.kind) to String for \(field).")
    }
  }

  static func flag(_ value: JSON, _ field: String) throws(ConnectWiseRefusal) -> Bool {
    switch value {
    case .bool(let flag): return flag
    case .null: return false
    default: throw .invalidPatch("Could not convert from \(value.kind) to Boolean for \(field).")
    }
  }
}
