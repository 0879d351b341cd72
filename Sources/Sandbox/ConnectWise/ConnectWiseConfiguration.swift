// Configurations, which are devices, as the emulated ConnectWise keeps them.

/// A device of a company.
struct ConnectWiseConfiguration: Sendable {
  var id: Int
  var name: String
  var typeID: Int
  var statusID: Int?
  var companyID: Int
  var contactID: Int?
  var manufacturerID: Int?
  /// Positive, unlike the flag of a contact.
  var isActive = true
  /// Plain texts, by the name of their field.
  var texts: [String: String] = [:]
  /// Days and hours, in seconds since 1970, by the name of their field.
  var dates: [String: Int] = [:]
  var isDeleted = false
  var stamp: RecordStamp

  static let longestName = 100

  /// The plain texts that a configuration takes, with the most characters of each.
  static let textFields: [String: Int] = [
    "deviceIdentifier": 100, "serialNumber": 250, "modelNumber": 50, "tagNumber": 50, "macAddress": 25,
    "ipAddress": 50, "defaultGateway": 50, "lastLoginName": 100, "osType": 250, "osInfo": 250, "notes": 1_000_000,
  ]

  static let dateFields: Set<String> = ["purchaseDate", "installationDate", "warrantyExpirationDate"]
}

/// A row of the table of configuration types.
struct ConfigurationType: Sendable {
  var id: Int
  var name: String
  var isInactive = false

  var json: JSON {
    ["id": .int(id), "name": .string(name), "inactiveFlag": .bool(isInactive), "systemFlag": false]
  }

  var reference: JSON { ["id": .int(id), "name": .string(name)] }
}

/// A row of the table of configuration statuses, whose label is called `description`; a reference calls it `name`.
struct ConfigurationStatus: Sendable {
  var id: Int
  var description: String
  var isClosed = false
  var isDefault = false

  var json: JSON {
    [
      "id": .int(id), "description": .string(description), "closedFlag": .bool(isClosed),
      "defaultFlag": .bool(isDefault),
    ]
  }

  var reference: JSON { ["id": .int(id), "name": .string(description)] }
}

/// A row of the table of manufacturers.
struct Manufacturer: Sendable {
  var id: Int
  var name: String
  var isInactive = false

  static let longestName = 50

  var json: JSON { ["id": .int(id), "name": .string(name), "inactiveFlag": .bool(isInactive)] }

  var reference: JSON { ["id": .int(id), "name": .string(name)] }
}
