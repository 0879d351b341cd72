// Changes to a company, field by field.

extension ConnectWisePatch {
  /// Fields of a company that a client may name, which change nothing; `types` can only be written when one is created.
  private static let readOnlyOfCompany: Set<String> = [
    "id", "_info", "types", "typeIds", "country", "site", "deletedFlag", "dateDeleted", "deletedBy", "dateAcquired",
    "leadFlag", "isVendorFlag", "defaultContact", "billingContact", "territoryManager", "territory", "market",
    "numberOfEmployees", "customFields",
  ]

  /// The company with all changes made, or none: the caller stores it only when it is valid.
  ///
  /// - Parameter isWholeRecord: for POST, where types are taken and unknown fields are passed over.
  func applied(
    to company: ConnectWiseCompany, in system: ConnectWiseEmulation, isWholeRecord: Bool = false
  ) throws(ConnectWiseRefusal) -> ConnectWiseCompany {
    var company = company
    for operation in operations where !operation.path.contains("/") {
      let value = operation.verb == .remove ? .null : operation.value ?? .null
      switch operation.path {
      case "identifier": company.identifier = try ConnectWisePatch.text(value, operation.path) ?? ""
      case "name": company.name = try ConnectWisePatch.text(value, operation.path) ?? ""
      case "status":
        guard let status = value["id"]?.whole.flatMap({ CompanyStatus.with(id: $0) }) else {
          throw .reference("status", value, of: "company")
        }
        company.status = status
      case "parentCompany":
        guard value != .null else {
          company.parentID = nil
          continue
        }
        guard let id = value["id"]?.whole, id != company.id, let parent = system.company(id), !parent.isDeleted else {
          throw .reference("parentCompany", value, of: "company")
        }
        company.parentID = id
      case "types" where isWholeRecord:
        guard let rows = value.elements else {
          throw .invalidPatch("Could not convert from \(value.kind) to CompanyTypeReference[].")
        }
        company.types = []
        for row in rows {
          guard let type = row["id"]?.whole.flatMap({ CompanyType.with(id: $0) }) else {
            throw .reference("types", row, of: "company")
          }
          company.types.append(type)
        }
      default:
        if ConnectWiseCompany.textFields[operation.path] != nil {
          company.texts[operation.path] = try ConnectWisePatch.text(value, operation.path)
        } else if !isWholeRecord, !ConnectWisePatch.readOnlyOfCompany.contains(operation.path) {
          throw .invalidPatch("\(operation.path) is not a recognized name.")
        }
      }
    }
    return company
  }
}

extension ConnectWiseRefusal {
  /// A reference to a record that is not there.
  static func reference(_ field: String, _ value: JSON, of resource: String) -> ConnectWiseRefusal {
    .invalid(
      [
        .init(
          code: "InvalidReference", message: "\(field) \((value["id"] ?? value).encoded) does not exist.", field: field)
      ], resource: resource)
  }
}
