// Companies, contacts and communication items as the emulated ConnectWise keeps them.

/// When and by whom a record was made and last changed; whole seconds, as the vendor's stamps are.
struct RecordStamp: Sendable {
  var entered: Int
  var updated: Int
  var updatedBy: String

  var json: JSON {
    [
      "lastUpdated": .string(Instant.text(updated)), "updatedBy": .string(updatedBy),
      "dateEntered": .string(Instant.text(entered)), "enteredBy": "admin1",
    ]
  }
}

/// A company.
struct ConnectWiseCompany: Sendable {
  var id: Int
  var identifier: String
  var name: String
  var status: CompanyStatus
  var types: [CompanyType]
  var isDeleted = false
  /// Plain texts, by the name of their field.
  var texts: [String: String] = [:]
  var parentID: Int?
  var stamp: RecordStamp

  static let longestIdentifier = 25
  static let longestName = 50

  /// The plain texts that a company takes, with the most characters of each.
  static let textFields: [String: Int] = [
    "addressLine1": 50, "addressLine2": 50, "city": 50, "state": 50, "zip": 12, "phoneNumber": 30, "faxNumber": 30,
    "website": 255, "accountNumber": 100, "taxIdentifier": 100, "vendorIdentifier": 15, "userDefinedField1": 50,
    "userDefinedField2": 50, "userDefinedField3": 50, "userDefinedField4": 50, "userDefinedField5": 50,
    "userDefinedField6": 50, "userDefinedField7": 50, "userDefinedField8": 50, "userDefinedField9": 50,
    "userDefinedField10": 50,
  ]

  /// The fields of which one must be there when a company is created.
  static let addressFields = ["addressLine1", "addressLine2", "city", "state", "zip"]

  /// Every company has one site, made with it.
  var siteID: Int { 5000 + id }

  var reference: JSON { ["id": .int(id), "identifier": .string(identifier), "name": .string(name)] }

  var site: JSON { ["id": .int(siteID), "name": "Main"] }

  /// The record; texts without a value are left out, but for the web site, which is always there.
  func json(parent: ConnectWiseCompany?) -> JSON {
    var members: [JSON.Member] = [
      .init(name: "id", value: .int(id)), .init(name: "identifier", value: .string(identifier)),
      .init(name: "name", value: .string(name)), .init(name: "status", value: status.reference),
    ]
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) where name != "website" {
      members.append(.init(name: name, value: .string(text)))
    }
    members += [
      .init(name: "website", value: .string(texts["website"] ?? "")),
      .init(name: "country", value: ["id": 1, "name": "United States"]), .init(name: "site", value: site),
    ]
    if let parent { members.append(.init(name: "parentCompany", value: parent.reference)) }
    members += [
      .init(name: "deletedFlag", value: .bool(isDeleted)), .init(name: "leadFlag", value: false),
      .init(name: "isVendorFlag", value: false),
      .init(name: "types", value: .array(types.map(\.reference))), .init(name: "_info", value: stamp.json),
    ]
    return .object(members)
  }
}

/// One address or number of a contact.
struct ConnectWiseCommunication: Sendable {
  var id: Int
  var type: CommunicationType
  var value: String
  var `extension`: String?
  /// The default within its group, which is not the contact's own flag of that name.
  var isDefault: Bool

  /// The mail domain with its at sign, which the server keeps by itself.
  var domain: String? {
    guard type.group == .email, let at = value.lastIndex(of: "@") else { return nil }
    return String(value[at...])
  }

  /// The element as a contact embeds it.
  var json: JSON {
    var members: [JSON.Member] = [
      .init(name: "id", value: .int(id)), .init(name: "type", value: type.reference),
      .init(name: "value", value: .string(value)),
    ]
    if let text = `extension` { members.append(.init(name: "extension", value: .string(text))) }
    members.append(.init(name: "defaultFlag", value: .bool(isDefault)))
    if let domain { members.append(.init(name: "domain", value: .string(domain))) }
    members.append(.init(name: "communicationType", value: .string(type.group.rawValue)))
    return .object(members)
  }

  /// The element as the sub-resource shows it.
  func standAlone(contact: ConnectWiseContact) -> JSON {
    .object(
      [.init(name: "contactId", value: .int(contact.id))] + (json.members ?? [])
        + [.init(name: "_info", value: contact.stamp.json)])
  }
}

/// A contact.
struct ConnectWiseContact: Sendable {
  var id: Int
  var firstName: String
  var lastName: String?
  var title: String?
  var companyID: Int
  var siteID: Int
  var isInactive = false
  /// Whether this is the company's default contact.
  var isDefault = false
  var items: [ConnectWiseCommunication] = []
  /// Plain texts that nothing depends on, by the name of their field.
  var texts: [String: String] = [:]
  /// By the id of the custom field.
  var customValues: [Int: String] = [:]
  /// Whether tickets refer to it, so that it cannot be deleted without a successor.
  var isInUse = false
  var isDeleted = false
  var stamp: RecordStamp

  /// The plain texts that a contact takes, with the most characters of each.
  static let textFields: [String: Int] = [
    "addressLine1": 50, "addressLine2": 50, "city": 50, "state": 50, "zip": 12, "nickName": 30, "school": 50,
    "userDefinedField1": 50, "userDefinedField2": 50, "userDefinedField3": 50, "userDefinedField4": 50,
    "userDefinedField5": 50, "userDefinedField6": 50, "userDefinedField7": 50, "userDefinedField8": 50,
    "userDefinedField9": 50, "userDefinedField10": 50,
  ]

  /// The custom fields that this instance has set up, by id.
  static let customFields: [Int: String] = [1: "Directory Id", 2: "Badge"]

  var defaultPhone: ConnectWiseCommunication? {
    items.first { $0.type.group == .phone && $0.isDefault } ?? items.first { $0.type.group == .phone }
  }

  var defaultEmail: ConnectWiseCommunication? {
    items.first { $0.type.group == .email && $0.isDefault } ?? items.first { $0.type.group == .email }
  }

  /// The record; fields without a value are left out, or null where the instance is set so.
  func json(company: ConnectWiseCompany?, writesNulls: Bool) -> JSON {
    var members: [JSON.Member] = []
    func put(_ name: String, _ value: JSON?) {
      if let value {
        members.append(.init(name: name, value: value))
      } else if writesNulls {
        members.append(.init(name: name, value: .null))
      }
    }
    put("id", .int(id))
    put("firstName", .string(firstName))
    put("lastName", lastName.map { .string($0) })
    put("title", title.map { .string($0) })
    put("company", company?.reference)
    put("site", company?.site)
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) { put(name, .string(text)) }
    put("inactiveFlag", .bool(isInactive))
    put("defaultFlag", .bool(isDefault))
    put("disablePortalLoginFlag", true)
    put("unsubscribeFlag", false)
    if let phone = defaultPhone {
      put("defaultPhoneType", .string(phone.type.description))
      put("defaultPhoneNbr", .string(phone.value))
      if let text = phone.extension { put("defaultPhoneExtension", .string(text)) }
    }
    put("communicationItems", .array(items.map(\.json)))
    put("types", [])
    put("customFields", .array(customFieldsJSON))
    put("_info", stamp.json)
    return .object(members)
  }

  private var customFieldsJSON: [JSON] {
    ConnectWiseContact.customFields.sorted { $0.key < $1.key }.map { id, caption in
      [
        "id": .int(id), "caption": .string(caption), "type": "Text", "entryMethod": "EntryField", "numberOfDecimals": 0,
        "value": customValues[id].map { .string($0) } ?? .null,
      ]
    }
  }

  /// Leaves one default in each group: the wanted one, else the one that was, else the first.
  mutating func settleDefaults(preferring wanted: Int? = nil) {
    for group in [CommunicationType.Group.email, .phone, .fax] {
      let places = items.indices.filter { items[$0].type.group == group }
      guard !places.isEmpty else { continue }
      let flagged = places.filter { items[$0].isDefault }
      let chosen = flagged.first { items[$0].id == wanted } ?? flagged.last ?? places.first
      for place in places { items[place].isDefault = place == chosen }
    }
  }
}
