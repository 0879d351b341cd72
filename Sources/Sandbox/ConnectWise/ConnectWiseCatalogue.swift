// The tables that every ConnectWise instance keeps for itself: kinds of communication, company statuses and types.

/// A kind of communication item. The catalogue calls its label `description`, a reference to it calls the same `name`.
struct CommunicationType: Sendable {
  /// Which of the three groups it belongs to; one default within each.
  enum Group: String, Sendable {
    case email = "Email"
    case phone = "Phone"
    case fax = "Fax"
  }

  var id: Int
  var description: String
  var group: Group
  var isDefault: Bool

  static let all = [
    CommunicationType(id: 1, description: "Email", group: .email, isDefault: true),
    CommunicationType(id: 2, description: "Direct", group: .phone, isDefault: true),
    CommunicationType(id: 3, description: "Fax", group: .fax, isDefault: true),
    CommunicationType(id: 4, description: "Mobile", group: .phone, isDefault: false),
    CommunicationType(id: 5, description: "Home", group: .phone, isDefault: false),
    CommunicationType(id: 6, description: "Pager", group: .phone, isDefault: false),
    CommunicationType(id: 7, description: "Personal Email", group: .email, isDefault: false),
  ]

  static func with(id: Int) -> CommunicationType? { all.first { $0.id == id } }

  static let email = all[0]
  static let direct = all[1]
  static let mobile = all[3]

  var json: JSON {
    [
      "id": .int(id), "description": .string(description), "phoneFlag": .bool(group == .phone),
      "faxFlag": .bool(group == .fax), "emailFlag": .bool(group == .email), "defaultFlag": .bool(isDefault),
    ]
  }

  var reference: JSON { ["id": .int(id), "name": .string(description)] }
}

/// A row of the table of company statuses, which alone says whether a company is active.
struct CompanyStatus: Sendable {
  var id: Int
  var name: String
  var isDefault = false
  var isInactive = false
  var disallowsSaving = false

  static let active = CompanyStatus(id: 1, name: "Active", isDefault: true)
  static let inactive = CompanyStatus(id: 2, name: "Inactive", isInactive: true)

  static let all = [
    active, inactive, CompanyStatus(id: 3, name: "Not Approved"),
    CompanyStatus(id: 4, name: "Credit Hold", disallowsSaving: true), CompanyStatus(id: 5, name: "Imported"),
  ]

  static func with(id: Int) -> CompanyStatus? { all.first { $0.id == id } }

  var json: JSON {
    [
      "id": .int(id), "name": .string(name), "defaultFlag": .bool(isDefault), "inactiveFlag": .bool(isInactive),
      "notifyFlag": false, "disallowSavingFlag": .bool(disallowsSaving), "notificationMessage": "",
      "customNoteFlag": false, "cancelOpenTracksFlag": false,
    ]
  }

  var reference: JSON { ["id": .int(id), "name": .string(name)] }
}

/// A row of the table of company types.
struct CompanyType: Sendable {
  var id: Int
  var name: String
  var isDefault = false
  var isVendor = false

  static let all = [
    CompanyType(id: 1, name: "Client", isDefault: true), CompanyType(id: 2, name: "Prospect"),
    CompanyType(id: 3, name: "Vendor", isVendor: true), CompanyType(id: 4, name: "Owner"),
  ]

  static func with(id: Int) -> CompanyType? { all.first { $0.id == id } }

  var json: JSON {
    [
      "id": .int(id), "name": .string(name), "defaultFlag": .bool(isDefault), "vendorFlag": .bool(isVendor),
      "serviceAlertFlag": false,
    ]
  }

  var reference: JSON { ["id": .int(id), "name": .string(name)] }
}
