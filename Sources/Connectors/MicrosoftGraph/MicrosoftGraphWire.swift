/// The JSON of Microsoft Graph v1.0 as it stands on the wire.
import Foundation

/// One user, with the difference between unsaid, null and filled kept.
struct GraphUser: Decodable, Sendable, Equatable {
  var id: String
  var givenName: Said<String> = .absent
  var surname: Said<String> = .absent
  var displayName: Said<String> = .absent
  var jobTitle: Said<String> = .absent
  var businessPhones: Said<[String]> = .absent
  var mobilePhone: Said<String> = .absent
  var mail: Said<String> = .absent
  var userPrincipalName: Said<String> = .absent
  var proxyAddresses: Said<[String]> = .absent
  var accountEnabled: Said<Bool> = .absent
  /// The SKU ids.
  var assignedLicenses: Said<[String]> = .absent
  var userType: Said<String> = .absent
  var department: Said<String> = .absent
  var companyName: Said<String> = .absent
  var createdDateTime: Said<String> = .absent
  /// Why a delta says that the user is gone: `changed` (restorable for 30 days) or `deleted`.
  var removedReason: String?

  /// What every reading selects; the marks of earlier readings depend on it.
  static let selection = CodingKeys.selected.map(\.rawValue).joined(separator: ",")

  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, givenName, surname, displayName, jobTitle, businessPhones, mobilePhone, mail, userPrincipalName
    case proxyAddresses, accountEnabled, assignedLicenses, userType, department, companyName, createdDateTime
    case removed = "@removed"

    static var selected: [CodingKeys] { allCases.filter { $0 != .removed } }
  }

  private struct Licence: Decodable, Sendable { var skuId: String }
  private struct Removal: Decodable, Sendable { var reason: String? }

  init(id: String) { self.id = id }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(String.self, forKey: .id)
    givenName = container.said(String.self, .givenName)
    surname = container.said(String.self, .surname)
    displayName = container.said(String.self, .displayName)
    jobTitle = container.said(String.self, .jobTitle)
    businessPhones = container.said([String].self, .businessPhones)
    mobilePhone = container.said(String.self, .mobilePhone)
    mail = container.said(String.self, .mail)
    userPrincipalName = container.said(String.self, .userPrincipalName)
    proxyAddresses = container.said([String].self, .proxyAddresses)
    accountEnabled = container.said(Bool.self, .accountEnabled)
    assignedLicenses =
      switch container.said([Licence].self, .assignedLicenses) {
      case .absent: .absent
      case .null: .null
      case .value(let licences): .value(licences.map(\.skuId))
      }
    userType = container.said(String.self, .userType)
    department = container.said(String.self, .department)
    companyName = container.said(String.self, .companyName)
    createdDateTime = container.said(String.self, .createdDateTime)
    if container.contains(.removed) {
      removedReason = container.said(Removal.self, .removed).value?.reason ?? "changed"
    }
  }
}

/// One page of users or of changes.
struct GraphPage: Decodable {
  var value: [GraphUser]
  var nextLink: String?
  var deltaLink: String?

  enum CodingKeys: String, CodingKey {
    case value
    case nextLink = "@odata.nextLink"
    case deltaLink = "@odata.deltaLink"
  }
}

struct GraphSubscribedSKUs: Decodable {
  struct SKU: Decodable {
    var skuId: String
    var skuPartNumber: String?
  }
  var value: [SKU]
}

struct GraphToken: Decodable {
  var accessToken: String
  /// Seconds.
  var lifetime: Double?

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    accessToken = try container.decode(String.self, forKey: .accessToken)
    // Older endpoints send the seconds as a text.
    lifetime =
      (try? container.decode(Double.self, forKey: .lifetime))
      ?? (try? container.decode(String.self, forKey: .lifetime)).flatMap(Double.init)
  }

  enum CodingKeys: String, CodingKey {
    case accessToken = "access_token"
    case lifetime = "expires_in"
  }
}

/// The answer to a `$batch`: its items come in any order, each with a status of its own.
struct GraphBatch: Decodable {
  struct Item: Decodable {
    var id: String
    var status: Int
    /// Names in any case.
    var headers: [String: String]?
    var user: GraphUser?
    var error: GraphErrorBody?

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      id = try container.decode(String.self, forKey: .id)
      status = try container.decode(Int.self, forKey: .status)
      headers = try? container.decode([String: String].self, forKey: .headers)
      if (200..<300).contains(status) {
        user = try container.decode(GraphUser.self, forKey: .body)
      } else {
        error = try? container.decode(GraphErrorBody.self, forKey: .body)
      }
    }

    enum CodingKeys: CodingKey { case id, status, headers, body }

    func header(_ name: String) -> String? { headers?.first { $0.key.lowercased() == name }?.value }
  }
  var responses: [Item]
}

/// An error object of Graph.
struct GraphErrorBody: Decodable {
  struct Detail: Decodable {
    var code: String?
    var message: String?
  }
  var error: Detail
}

/// An error object of the token endpoint.
struct GraphSignInErrorBody: Decodable {
  var error: String?
  var description: String?
  var codes: [Int]?

  enum CodingKeys: String, CodingKey {
    case error
    case description = "error_description"
    case codes = "error_codes"
  }
}

/// A mark of ours: the selection that a delta link was made under, and the link.
enum GraphMark {
  // Options are baked into the link: a link made under another selection tells of other changes.
  private static let prefix = "1 "

  static func text(_ link: WebAddress) -> String { prefix + link.description }

  static func link(_ text: String) -> WebAddress? {
    text.hasPrefix(prefix) ? WebAddress(String(text.dropFirst(prefix.count))) : nil
  }
}
