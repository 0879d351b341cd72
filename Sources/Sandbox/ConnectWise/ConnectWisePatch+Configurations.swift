// Changes to a configuration, field by field.

extension ConnectWisePatch {
  /// Fields of a configuration that a client may name, which change nothing.
  private static let readOnlyOfConfiguration: Set<String> = [
    "id", "_info", "site", "vendor", "installedBy", "questions", "customFields", "mobileGuid", "businessUnitId",
    "locationId", "showRemoteFlag", "showAutomateFlag", "needsRenewalFlag", "billFlag",
  ]

  /// The configuration with all changes made, or none: the caller stores it only when it is valid.
  ///
  /// - Parameter isWholeRecord: for POST, where unknown fields are passed over.
  func applied(
    to configuration: ConnectWiseConfiguration, in system: ConnectWiseEmulation, isWholeRecord: Bool = false
  ) throws(ConnectWiseRefusal) -> ConnectWiseConfiguration {
    var changed = configuration
    for operation in operations where !operation.path.contains("/") {
      let value = operation.verb == .remove ? .null : operation.value ?? .null
      try apply(operation.path, value, to: &changed, in: system, isWholeRecord: isWholeRecord)
    }
    return changed
  }

  private func apply(
    _ path: String, _ value: JSON, to changed: inout ConnectWiseConfiguration, in system: ConnectWiseEmulation,
    isWholeRecord: Bool
  ) throws(ConnectWiseRefusal) {
    func reference(_ exists: (Int) -> Bool) throws(ConnectWiseRefusal) -> Int? {
      if value == .null { return nil }
      guard let id = value["id"]?.whole, exists(id) else { throw .reference(path, value, of: "configuration") }
      return id
    }
    switch path {
    case "name": changed.name = try ConnectWisePatch.text(value, path) ?? ""
    case "activeFlag": changed.isActive = try ConnectWisePatch.flag(value, path)
    case "type": changed.typeID = try reference { id in system.configurationTypes.contains { $0.id == id } } ?? 0
    case "status": changed.statusID = try reference { id in system.configurationStatuses.contains { $0.id == id } }
    case "manufacturer": changed.manufacturerID = try reference { id in system.manufacturers.contains { $0.id == id } }
    case "company":
      changed.companyID = try reference { id in system.company(id).map { !$0.isDeleted } ?? false } ?? 0
    case "contact": changed.contactID = try reference { id in system.contactPlace(id) != nil }
    default:
      if ConnectWiseConfiguration.textFields[path] != nil {
        changed.texts[path] = try ConnectWisePatch.text(value, path)
      } else if ConnectWiseConfiguration.dateFields.contains(path) {
        guard let text = try ConnectWisePatch.text(value, path) else {
          changed.dates[path] = nil
          return
        }
        guard let date = Instant.date(text) else {
          throw .invalidPatch("Could not convert \(text) to DateTime for \(path).")
        }
        changed.dates[path] = Instant.seconds(date)
      } else if !isWholeRecord, !ConnectWisePatch.readOnlyOfConfiguration.contains(path) {
        throw .invalidPatch("\(path) is not a recognized name.")
      }
    }
  }
}
