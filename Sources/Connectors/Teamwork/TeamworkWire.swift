/// The JSON of Teamwork.com as it stands on the wire: v3 in camel case with numbers, v1 in kebab case with texts.
import Foundation

/// A flag that v1 writes as `true`, `1`, `"1"` or `"true"`.
struct TeamworkFlag: Decodable, Sendable, Equatable {
  var value: Bool

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      value = flag
    } else if let number = try? container.decode(Int.self) {
      value = number != 0
    } else {
      value = ["1", "true", "yes"].contains(try container.decode(String.self).lowercased())
    }
  }
}

/// One page of a v3 list: its rows stand under the list's own name.
struct TeamworkPage<Row: Decodable & Sendable>: Decodable, Sendable {
  var rows: [Row]
  /// The exact number of records of the query; the lists are asked for with their counts.
  var count: Int?
  var hasMore: Bool

  private struct Meta: Decodable {
    struct Page: Decodable {
      var count: Int?
      var hasMore: Bool
    }
    var page: Page
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: WireKey.self)
    let names = ["companies", "people"]
    let name = names.first { container.contains(WireKey($0)) } ?? "companies"
    rows = try container.decode([Row].self, forKey: WireKey(name))
    // Strict: a list without its end mark proves nothing.
    let page = try container.decode(Meta.self, forKey: WireKey("meta")).page
    count = page.count
    hasMore = page.hasMore
  }
}

struct TeamworkCompany: Decodable, Sendable {
  var id: Int
  var name: Said<String>
  var website: Said<String>
  var emailOne: Said<String>
  var phone: Said<String>
  var isOwner: Bool?
  /// `active` or `deleted`.
  var status: String?
  var createdAt: String?
  var updatedAt: String?

  enum CodingKeys: CodingKey { case id, name, website, emailOne, phone, isOwner, status, createdAt, updatedAt }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(WireNumber.self, forKey: .id).value
    name = container.said(String.self, .name)
    website = container.said(String.self, .website)
    emailOne = container.said(String.self, .emailOne)
    phone = container.said(String.self, .phone)
    isOwner = container.said(TeamworkFlag.self, .isOwner).value?.value
    status = container.said(String.self, .status).value
    createdAt = container.said(String.self, .createdAt).value
    updatedAt = container.said(String.self, .updatedAt).value
  }
}

struct TeamworkCompanyAnswer: Decodable, Sendable { var company: TeamworkCompany }

/// A person as the v3 lists have one: who there is, where, and when changed; no telephone, no further address.
struct TeamworkListedPerson: Decodable, Sendable {
  var id: Int
  var companyID: Int?
  var firstName: Said<String>
  var lastName: Said<String>
  var email: Said<String>
  var isDeleted: Bool
  /// A stand-in for somebody to come, or the account of a program.
  var isNobody: Bool
  var createdAt: String?
  var updatedAt: String?

  private struct Reference: Decodable, Sendable { var id: WireNumber }

  enum CodingKeys: String, CodingKey {
    case id, companyId, company, firstName, lastName, email, deleted, isServiceAccount, isPlaceholderResource,
      createdAt, updatedAt
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(WireNumber.self, forKey: .id).value
    companyID =
      container.said(WireNumber.self, .companyId).value?.value
      ?? container.said(Reference.self, .company).value?.id.value
    firstName = container.said(String.self, .firstName)
    lastName = container.said(String.self, .lastName)
    email = container.said(String.self, .email)
    isDeleted = container.said(TeamworkFlag.self, .deleted).value?.value ?? false
    isNobody =
      container.said(TeamworkFlag.self, .isServiceAccount).value?.value == true
      || container.said(TeamworkFlag.self, .isPlaceholderResource).value?.value == true
    createdAt = container.said(String.self, .createdAt).value
    updatedAt = container.said(String.self, .updatedAt).value
  }
}

/// A person as v1 has one: everything that kith keeps.
struct TeamworkPerson: Decodable, Sendable {
  var id: Int
  var companyID: Int?
  /// By v1's own names; a name that was not said is missing, null is ``Said/null``.
  var texts: [String: Said<String>]
  var isDeleted: Bool
  var createdAt: String?
  var changedAt: String?

  static let names = [
    "first-name", "last-name", "title", "email-address", "email-alt-1", "email-alt-2", "email-alt-3",
    "phone-number-office", "phone-number-mobile", "phone-number-fax", "avatar-url", "twitter", "userTwitterName",
    "facebook", "userFacebook", "linkedin", "userLinkedin", "user-type",
  ]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: WireKey.self)
    id = try container.decode(WireNumber.self, forKey: WireKey("id")).value
    companyID =
      container.said(WireNumber.self, WireKey("company-id")).value?.value
      ?? container.said(WireNumber.self, WireKey("companyId")).value?.value
    texts = [:]
    for name in Self.names {
      let said = container.said(String.self, WireKey(name))
      if said != .absent { texts[name] = said }
    }
    isDeleted = container.said(TeamworkFlag.self, WireKey("deleted")).value?.value ?? false
    createdAt = container.said(String.self, WireKey("created-at")).value
    changedAt = container.said(String.self, WireKey("last-changed-on")).value
  }
}

struct TeamworkPersonAnswer: Decodable, Sendable { var person: TeamworkPerson }
struct TeamworkPeopleAnswer: Decodable, Sendable { var people: [TeamworkPerson] }

/// The answer of `me.json`: whose key it is.
struct TeamworkMe: Decodable, Sendable {
  struct Person: Decodable, Sendable {
    var id: WireNumber
    var inOwnerCompany: TeamworkFlag?
    var isAdmin: TeamworkFlag?
    var siteOwner: TeamworkFlag?
  }
  var person: Person
}

/// What v1 answers to a write: `{"STATUS":"OK","id":"8123"}`.
struct TeamworkReceipt: Decodable, Sendable {
  var id: Int?
  var status: String?

  enum CodingKeys: String, CodingKey {
    case id
    case status = "STATUS"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = container.said(WireNumber.self, .id).value?.value
    status = container.said(String.self, .status).value
  }
}

/// Error bodies of both generations: `{"errors":[{title,detail}]}`, `{"message"}`, `{"STATUS","MESSAGE"}`, `{"CONTENT"}`.
struct TeamworkErrorBody: Decodable {
  struct Item: Decodable {
    var title: String?
    var detail: String?
  }
  var words: [String]

  enum CodingKeys: String, CodingKey {
    case errors, message
    case status = "STATUS"
    case upperMessage = "MESSAGE"
    case content = "CONTENT"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let items = (try? container.decode([Item].self, forKey: .errors)) ?? []
    words = items.prefix(3).compactMap { $0.detail ?? $0.title }
    for key in [CodingKeys.message, .upperMessage, .content] where words.isEmpty {
      if let text = try? container.decode(String.self, forKey: key) { words.append(text) }
    }
  }
}
