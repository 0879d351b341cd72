/// The JSON of the Autotask REST API as it stands on the wire: rows, envelopes, and the bodies that we send.
import Foundation

/// An entity, under the name that stands in addresses; each has threads of its own at the server.
enum AutotaskEntity: String, Sendable, Hashable {
  case companies = "Companies"
  case contacts = "Contacts"
  case configurationItems = "ConfigurationItems"
  case products = "Products"
  case resources = "Resources"
  case threshold = "ThresholdInformation"

  /// What its rows are called in a sentence.
  var words: String {
    switch self {
    case .companies: "companies"
    case .contacts: "contacts"
    case .configurationItems: "configuration items"
    case .products: "products"
    case .resources: "resources"
    case .threshold: "request threshold"
    }
  }
}

/// A query: conditions that must all hold, and the fields that are wanted.
struct AutotaskQuery: Sendable, Hashable {
  /// Not empty: the vendor refuses a query without conditions.
  var conditions: [JSONValue]
  var fields: [String]

  init(_ conditions: [JSONValue], fields: [String]) {
    self.conditions = conditions.isEmpty ? [Self.everything] : conditions
    self.fields = fields
  }

  /// Ids begin at 0, which is the provider's own company.
  static let everything = compare("gte", "id", 0)

  static func compare(_ comparison: String, _ field: String, _ value: JSONValue) -> JSONValue {
    .object(["op": .text(comparison), "field": .text(field), "value": value])
  }

  static func isBlank(_ field: String) -> [JSONValue] {
    [.object(["op": "notExist", "field": .text(field)]), compare("eq", field, "")]
  }

  static func any(_ items: [JSONValue]) -> JSONValue { .object(["op": "or", "items": .list(items)]) }

  static func among(_ ids: [Int]) -> JSONValue { compare("in", "id", .list(ids.map(JSONValue.number))) }

  var counting: JSONValue { .object(["filter": .list(conditions)]) }

  var body: JSONValue {
    .object([
      "MaxRecords": .number(AutotaskFeatures.pageSize), "IncludeFields": .list(fields.map(JSONValue.text)),
      "filter": .list(conditions),
    ])
  }
}

/// One page of a query. A success may hold errors all the same.
struct AutotaskPage<Row: Decodable & Sendable>: Decodable, Sendable {
  var items: [Row]
  /// Absolute; asked for in the same way, and with the same body, as the first page. `nil`: this was the last one.
  var next: String?

  enum CodingKeys: CodingKey { case items, pageDetails }
  struct Details: Decodable, Sendable { var nextPageUrl: String? }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    items = try container.decode([Row].self, forKey: .items)
    // Strict: a page whose details cannot be read must not look like the last one.
    next = try container.decode(Details.self, forKey: .pageDetails).nextPageUrl
  }
}

/// The answer to a read by id; a record that is not there is null, where it is not a 404.
struct AutotaskItem<Row: Decodable & Sendable>: Decodable, Sendable { var item: Row? }

struct AutotaskQueryCount: Decodable { var queryCount: Int }

/// The answer to a create or an update: the id and nothing more.
struct AutotaskWritten: Decodable {
  var itemId: Int?
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    itemId = container.said(Int.self, .itemId).value
  }
  enum CodingKeys: CodingKey { case itemId }
}

struct AutotaskZone: Decodable {
  var url: String
  var zoneName: String?
}

/// How much of the customer's hourly budget everybody together has used; the frame is in minutes.
struct AutotaskThreshold: Decodable, Sendable {
  var externalRequestThreshold: Int
  var requestThresholdTimeframe: Int
  var currentTimeframeRequestCount: Int
}

/// What an error says: texts, or objects that hold one; a missing method is told in another shape.
struct AutotaskErrorBody: Decodable {
  var texts: [String]
  /// Whether the words stand in the list by which the vendor refuses a request, and not in a fault's own message.
  var isRefusal: Bool

  enum CodingKeys: String, CodingKey {
    case errors
    case message = "Message"
    case plainMessage = "message"
  }
  private struct Told: Decodable { var message: String }
  private struct Entry: Decodable {
    var text: String
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = (try? container.decode(String.self)) ?? (try? container.decode(Told.self))?.message ?? "unreadable error"
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let entries = container.said([Entry].self, .errors).value ?? []
    let others = [CodingKeys.message, .plainMessage].compactMap { container.said(String.self, $0).value }
    texts = entries.isEmpty ? others : entries.map(\.text)
    isRefusal = !entries.isEmpty
  }
}

/// Yes or no: a boolean of most entities, 1 or 0 of contacts; read leniently.
struct AutotaskFlag: Decodable, Sendable, Equatable {
  var isSet: Bool
  init(_ isSet: Bool) { self.isSet = isSet }
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      isSet = flag
    } else if let number = try? container.decode(Double.self) {
      isSet = number != 0
    } else {
      isSet = ["1", "true", "yes"].contains(try container.decode(String.self).lowercased())
    }
  }
}

/// A row that says when it was last changed.
protocol AutotaskRow: Decodable, Sendable {
  static var fields: [String] { get }
  /// The field by which a reading of changes is cut, as a text that a query takes.
  static var stampField: String { get }
  var id: Int { get }
  var stamp: String? { get }
}

struct AutotaskContact: AutotaskRow {
  var id: Int
  var companyID: Int?
  var isActive: AutotaskFlag?
  var texts: [String: Said<String>]
  var createDate: String?
  var lastModifiedDate: String?
  var stamp: String? { lastModifiedDate }

  /// `lastActivityDate` would move with every ticket.
  static let stampField = "lastModifiedDate"
  static let emails: [CodingKeys] = [.emailAddress, .emailAddress2, .emailAddress3]
  static let fields = CodingKeys.allCases.map(\.rawValue)

  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, companyID, isActive, firstName, lastName, title, emailAddress, emailAddress2, emailAddress3, phone
    case mobilePhone, faxNumber, twitterUrl, facebookUrl, linkedInUrl, externalID, createDate, lastModifiedDate
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(Int.self, forKey: .id)
    companyID = container.said(Int.self, .companyID).value
    isActive = container.said(AutotaskFlag.self, .isActive).value
    texts = AutotaskMapping.texts(of: AutotaskMapping.contactColumns, in: container)
    for key in Self.emails { texts[key.rawValue] = container.said(String.self, key) }
    createDate = container.said(String.self, .createDate).value
    lastModifiedDate = container.said(String.self, .lastModifiedDate).value
  }
}

struct AutotaskCompany: AutotaskRow {
  var id: Int
  var isActive: AutotaskFlag?
  var companyType: Said<Int>
  var texts: [String: Said<String>]
  var createDate: String?
  var lastActivityDate: String?
  var stamp: String? { lastActivityDate }

  /// Companies have no other date that is known to move with an edit.
  static let stampField = "lastActivityDate"
  static let fields = CodingKeys.allCases.map(\.rawValue)

  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, companyName, companyNumber, companyType, webAddress, phone, isActive, createDate, lastActivityDate
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(Int.self, forKey: .id)
    isActive = container.said(AutotaskFlag.self, .isActive).value
    companyType = container.said(Int.self, .companyType)
    texts = AutotaskMapping.texts(of: AutotaskMapping.companyColumns, in: container)
    createDate = container.said(String.self, .createDate).value
    lastActivityDate = container.said(String.self, .lastActivityDate).value
  }
}

struct AutotaskConfigurationItem: AutotaskRow {
  var id: Int
  var companyID: Int?
  var productID: Int?
  var isActive: AutotaskFlag?
  var configurationItemType: Said<Int>
  var texts: [String: Said<String>]
  var lastModifiedTime: String?
  var stamp: String? { lastModifiedTime }

  static let stampField = "lastModifiedTime"
  static let fields = CodingKeys.allCases.map(\.rawValue)

  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, companyID, productID, isActive, configurationItemType, referenceTitle, referenceNumber, serialNumber
    case installDate, warrantyExpirationDate, notes, lastModifiedTime
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(Int.self, forKey: .id)
    companyID = container.said(Int.self, .companyID).value
    productID = container.said(Int.self, .productID).value
    isActive = container.said(AutotaskFlag.self, .isActive).value
    configurationItemType = container.said(Int.self, .configurationItemType)
    texts = AutotaskMapping.texts(of: AutotaskMapping.configurationColumns, in: container)
    lastModifiedTime = container.said(String.self, .lastModifiedTime).value
  }
}

/// What a configuration item is an instance of; manufacturer and model stand only here.
struct AutotaskProduct: Decodable, Sendable, Equatable {
  var id: Int
  var name: String?
  var manufacturerName: String?
  var manufacturerProductName: String?
  var isActive: Bool
  var productBillingCodeID: Int?

  static let fields = [
    "id", "name", "manufacturerName", "manufacturerProductName", "isActive", "productBillingCodeID",
  ]

  enum CodingKeys: CodingKey {
    case id, name, manufacturerName, manufacturerProductName, isActive, productBillingCodeID
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(Int.self, forKey: .id)
    name = container.said(String.self, .name).value
    manufacturerName = container.said(String.self, .manufacturerName).value
    manufacturerProductName = container.said(String.self, .manufacturerProductName).value
    isActive = container.said(AutotaskFlag.self, .isActive).value?.isSet ?? true
    productBillingCodeID = container.said(Int.self, .productBillingCodeID).value
  }
}

/// The part of a company that a new one takes over: who looks after it.
struct AutotaskOwner: Decodable, Sendable {
  var id: Int
  var ownerResourceID: Int?
}

struct AutotaskResource: Decodable, Sendable {
  var id: Int
  var isActive: AutotaskFlag?
}

/// What the API user may do with an entity.
struct AutotaskEntityInformation: Decodable, Sendable {
  struct Info: Decodable, Sendable {
    var canCreate: Bool?
    var canUpdate: Bool?
    var userAccessForCreate: String?
    var userAccessForUpdate: String?

    enum CodingKeys: CodingKey { case canCreate, canUpdate, userAccessForCreate, userAccessForUpdate }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      canCreate = container.said(Bool.self, .canCreate).value
      canUpdate = container.said(Bool.self, .canUpdate).value
      userAccessForCreate = container.said(String.self, .userAccessForCreate).value
      userAccessForUpdate = container.said(String.self, .userAccessForUpdate).value
    }

    var mayCreate: Bool { canCreate != false && userAccessForCreate?.lowercased() != "none" }
    var mayUpdate: Bool { canUpdate != false && userAccessForUpdate?.lowercased() != "none" }
  }
  var info: Info
}
