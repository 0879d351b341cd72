/// The JSON of the Teamwork Desk API v2 as it stands on the wire, and the language of its filters.
import Foundation

/// `{id, type}`; the type is a number in the reference and a text in life, and nothing depends on it.
struct TeamworkDeskReference: Decodable, Sendable, Equatable {
  var id: Int

  enum CodingKeys: CodingKey { case id }

  init(from decoder: any Decoder) throws {
    id = try decoder.container(keyedBy: CodingKeys.self).decode(WireNumber.self, forKey: .id).value
  }
}

/// One contact point of a customer, which the vendor calls a contact: an e-mail address or the name at a social network.
struct TeamworkDeskPoint: Codable, Sendable, Equatable {
  var id: Int?
  var value: String
  /// `email`, `twitter`, `facebook`, `linkedin`, or another one.
  var type: String
  var isMain: Bool

  enum CodingKeys: CodingKey { case id, value, type, isMain }

  init(id: Int?, value: String, type: String, isMain: Bool) {
    self.id = id
    self.value = value
    self.type = type
    self.isMain = isMain
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = container.said(WireNumber.self, .id).value?.value
    value = container.said(String.self, .value).value ?? ""
    type = container.said(String.self, .type).value?.lowercased() ?? ""
    isMain = container.said(Bool.self, .isMain).value ?? false
  }
}

struct TeamworkDeskDomain: Decodable, Sendable {
  var id: Int?
  var name: String?

  enum CodingKeys: CodingKey { case id, name }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = container.said(WireNumber.self, .id).value?.value
    name = container.said(String.self, .name).value
  }
}

/// What stands beside the rows, a list for each kind; rows point into it by id.
struct TeamworkDeskIncluded: Decodable, Sendable {
  var contacts: [TeamworkDeskPoint] = []
  var domains: [TeamworkDeskDomain] = []

  enum CodingKeys: CodingKey { case contacts, domains }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    contacts = try container.decodeIfPresent([TeamworkDeskPoint].self, forKey: .contacts) ?? []
    domains = try container.decodeIfPresent([TeamworkDeskDomain].self, forKey: .domains) ?? []
  }
}

protocol TeamworkDeskRow: Decodable, Sendable {
  /// The name of the list, and of its path.
  static var list: String { get }
  static var single: String { get }
  /// The relations that a reading needs beside the rows.
  static var includes: String { get }
  var id: Int { get }
  var state: String? { get }
  var createdAt: String? { get }
  var updatedAt: String? { get }
}

struct TeamworkDeskCustomer: TeamworkDeskRow {
  static let list = "customers"
  static let single = "customer"
  static let includes = "companies,contacts"

  var id: Int
  var texts: [String: Said<String>]
  /// Ids of contact points; `nil`: not said.
  var contacts: [Int]?
  var company: Said<TeamworkDeskReference>
  var state: String?
  var createdAt: String?
  var updatedAt: String?

  static let names = [
    "firstName", "lastName", "jobTitle", "email", "phone", "mobile", "avatarURL", "twitterHandle", "facebookURL",
    "linkedinURL", "addMethod",
  ]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: WireKey.self)
    id = try container.decode(WireNumber.self, forKey: WireKey("id")).value
    texts = [:]
    for name in Self.names {
      let said = container.said(String.self, WireKey(name))
      if said != .absent { texts[name] = said }
    }
    contacts =
      container.contains(WireKey("contacts"))
      ? try container.decodeIfPresent([TeamworkDeskReference].self, forKey: WireKey("contacts"))?.map(\.id)
        ?? [] : nil
    // Documented as a single one; older material has a list.
    company = container.said(TeamworkDeskReference.self, WireKey("company"))
    if company.value == nil,
      let first = container.said([TeamworkDeskReference].self, WireKey("companies")).value
    {
      company = first.first.map { .value($0) } ?? .null
    }
    state = container.said(String.self, WireKey("state")).value
    createdAt = container.said(String.self, WireKey("createdAt")).value
    updatedAt = container.said(String.self, WireKey("updatedAt")).value
  }
}

struct TeamworkDeskCompany: TeamworkDeskRow {
  static let list = "companies"
  static let single = "company"
  static let includes = "domains"

  var id: Int
  var name: Said<String>
  var website: Said<String>
  var email: Said<String>
  /// Ids of domains; `nil`: not said.
  var domains: [Int]?
  var state: String?
  var createdAt: String?
  var updatedAt: String?

  enum CodingKeys: CodingKey { case id, name, website, email, domains, state, createdAt, updatedAt }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(WireNumber.self, forKey: .id).value
    name = container.said(String.self, .name)
    website = container.said(String.self, .website)
    email = container.said(String.self, .email)
    switch container.said([TeamworkDeskReference].self, .domains) {
    case .value(let references): domains = references.map(\.id)
    case .null: domains = []
    case .absent: domains = nil
    }
    state = container.said(String.self, .state).value
    createdAt = container.said(String.self, .createdAt).value
    updatedAt = container.said(String.self, .updatedAt).value
  }
}

/// One page of a list.
struct TeamworkDeskPage<Row: TeamworkDeskRow>: Decodable, Sendable {
  var rows: [Row]
  var included: TeamworkDeskIncluded
  /// The number of records of the whole query.
  var records: Int?
  var hasMore: Bool

  private struct Pagination: Decodable, Sendable {
    var records: Int?
    var hasMorePages: Bool?
  }
  private struct Meta: Decodable, Sendable {
    struct Page: Decodable, Sendable {
      var count: Int?
      var hasMore: Bool?
    }
    var page: Page?
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: WireKey.self)
    rows = try container.decode([Row].self, forKey: WireKey(Row.list))
    included =
      try container.decodeIfPresent(TeamworkDeskIncluded.self, forKey: WireKey("included"))
      ?? TeamworkDeskIncluded()
    let pagination = container.said(Pagination.self, WireKey("pagination")).value
    let meta = container.said(Meta.self, WireKey("meta")).value?.page
    records = pagination?.records ?? meta?.count
    // Strict: a list without its end mark proves nothing.
    guard let hasMore = pagination?.hasMorePages ?? meta?.hasMore else {
      throw DecodingError.keyNotFound(
        WireKey("pagination.hasMorePages"),
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no end mark"))
    }
    self.hasMore = hasMore
  }
}

/// `{"customer":{…},"included":{…}}`
struct TeamworkDeskAnswer<Row: TeamworkDeskRow>: Decodable, Sendable {
  var row: Row
  var included: TeamworkDeskIncluded

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: WireKey.self)
    row = try container.decode(Row.self, forKey: WireKey(Row.single))
    included =
      try container.decodeIfPresent(TeamworkDeskIncluded.self, forKey: WireKey("included"))
      ?? TeamworkDeskIncluded()
  }
}

/// The validator's body `{"Errors":{"name":["must be set"]}}`, and the texts of other errors.
struct TeamworkDeskErrorBody: Decodable {
  private struct Item: Decodable {
    var title: String?
    var detail: String?
  }
  /// The fields that were refused, in alphabetical order, with the reasons.
  var fields: [(name: String, words: [String])]
  var words: [String]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: WireKey.self)
    fields = []
    words = []
    for name in ["Errors", "errors"] where fields.isEmpty && words.isEmpty {
      let key = WireKey(name)
      if let map = try? container.decode([String: [String]].self, forKey: key) {
        fields = map.sorted { $0.key < $1.key }.map { (name: $0.key, words: $0.value) }
      } else if let map = try? container.decode([String: String].self, forKey: key) {
        fields = map.sorted { $0.key < $1.key }.map { (name: $0.key, words: [$0.value]) }
      } else if let texts = try? container.decode([String].self, forKey: key) {
        words = texts
      } else if let items = try? container.decode([Item].self, forKey: key) {
        words = items.compactMap { $0.detail ?? $0.title }
      }
    }
    for name in ["error", "message"] where fields.isEmpty && words.isEmpty {
      if let text = try? container.decode(String.self, forKey: WireKey(name)) { words = [text] }
    }
  }
}

/// Filters: JSON in one parameter of the query.
enum TeamworkDeskFilter {
  static func condition(_ field: String, _ operation: String, _ value: JSONValue) -> JSONValue {
    .object([field: .object(["$\(operation)": value])])
  }

  static func ids(_ ids: [Int]) -> JSONValue { condition("id", "in", .list(ids.map { .number($0) })) }

  /// All of the conditions; `nil` where there are none.
  static func all(_ conditions: [JSONValue]) -> JSONValue? {
    conditions.count > 1 ? .object(["$and": .list(conditions)]) : conditions.first
  }

  static func text(_ filter: JSONValue) -> String { String(decoding: JSONWire.encode(filter), as: UTF8.self) }
}
