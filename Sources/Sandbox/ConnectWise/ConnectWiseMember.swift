// Members, which are the provider's own staff, as the emulated ConnectWise keeps them.

/// A member.
struct ConnectWiseMember: Sendable {
  var id: Int
  var identifier: String
  var firstName: String
  var lastName: String
  /// What the vendor calls the primary address; what it has to do with `defaultEmail` is not documented.
  var primaryEmail: String?
  /// `Office`, `Mobile` or `Home`.
  var defaultEmail = "Office"
  var isInactive = false
  var inactiveSince: Int?
  var typeID: Int
  /// F full, A API, C StreamlineIT, X subcontractor.
  var licenseClass = "F"
  var locationID: Int?
  var departmentID: Int?
  var workRoleID: Int?
  /// In seconds since 1970.
  var hiredAt: Int?
  /// Plain texts, by the name of their field.
  var texts: [String: String] = [:]
  var photo: ConnectWisePhoto?
  var stamp: RecordStamp

  static let longestIdentifier = 15
  static let longestName = 30
  static let licenseClasses: Set<String> = ["F", "A", "C", "X"]
  static let defaultEmails: Set<String> = ["Office", "Mobile", "Home"]

  /// The plain texts that a member has, with the most characters of each.
  static let textFields: [String: Int] = [
    "middleInitial": 1, "title": 50, "officeEmail": 250, "mobileEmail": 250, "homeEmail": 250, "officePhone": 15,
    "officeExtension": 10, "mobilePhone": 15, "mobileExtension": 10, "homePhone": 15, "homeExtension": 10,
    // The vendor's own spelling.
    "employeeIdentifer": 10,
  ]
}

/// The document that a member's picture is.
struct ConnectWisePhoto: Sendable {
  var id: Int
  var name: String
  /// In pixels; the file has about the square of it in bytes.
  var side: Int

  static let smallSide = 48
  static let largeSide = 1500

  var content: [UInt8] { Picture.png(side: side, shade: id) }
}

/// A row of one of the small tables that members refer to: types, locations, departments, work roles.
struct ConnectWiseSetupRow: Sendable {
  var id: Int
  var name: String
  var isInactive = false

  var json: JSON { ["id": .int(id), "name": .string(name), "inactiveFlag": .bool(isInactive)] }

  var reference: JSON { ["id": .int(id), "name": .string(name)] }
}
