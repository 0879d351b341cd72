/// The JSON of the ConnectWise REST API 3.0 as it stands on the wire, and the language of its conditions.
import Foundation

struct ConnectWiseReference: Decodable, Sendable, Equatable {
  var id: Int?
  var name: String?
  var identifier: String?
}

struct ConnectWiseInfo: Decodable, Sendable, Equatable {
  var lastUpdated: String?
  var updatedBy: String?
  var dateEntered: String?
}

/// One e-mail address or telephone number of a contact; what kith keeps of it is kept with the record.
struct ConnectWiseItem: Codable, Sendable, Equatable {
  var id: Int?
  var type: Int?
  var value: String
  /// `Email`, `Phone` or `Fax`.
  var kind: String?
  /// The default within its kind.
  var isDefault: Bool

  init(id: Int?, type: Int?, value: String, kind: String?, isDefault: Bool) {
    self.id = id
    self.type = type
    self.value = value
    self.kind = kind
    self.isDefault = isDefault
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = container.said(Int.self, .id).value
    type = container.said(ConnectWiseReference.self, .type).value?.id
    value = container.said(String.self, .value).value ?? ""
    kind = container.said(String.self, .communicationType).value
    isDefault = container.said(Bool.self, .defaultFlag).value ?? false
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(["id": type], forKey: .type)
    try container.encode(value, forKey: .value)
    try container.encode(kind, forKey: .communicationType)
    try container.encode(isDefault, forKey: .defaultFlag)
  }

  enum CodingKeys: CodingKey { case id, type, value, communicationType, defaultFlag }
}

struct ConnectWiseContact: Decodable, Sendable {
  var id: Int
  var firstName: Said<String>
  var lastName: Said<String>
  var title: Said<String>
  var company: Said<ConnectWiseReference>
  var inactiveFlag: Said<Bool>
  /// `nil`: not said.
  var items: [ConnectWiseItem]?
  var info: ConnectWiseInfo?

  /// What every reading asks for; `_info` has to be named, or it disappears.
  static let selection = "id,firstName,lastName,title,company/id,inactiveFlag,communicationItems,_info"

  enum CodingKeys: String, CodingKey {
    case id, firstName, lastName, title, company, inactiveFlag, communicationItems
    case info = "_info"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(Int.self, forKey: .id)
    firstName = container.said(String.self, .firstName)
    lastName = container.said(String.self, .lastName)
    title = container.said(String.self, .title)
    company = container.said(ConnectWiseReference.self, .company)
    inactiveFlag = container.said(Bool.self, .inactiveFlag)
    // Strict: items that cannot be read must not look like a contact without addresses.
    items =
      container.contains(.communicationItems)
      ? try container.decodeIfPresent([ConnectWiseItem].self, forKey: .communicationItems) ?? [] : nil
    info = container.said(ConnectWiseInfo.self, .info).value
  }
}

struct ConnectWiseCompany: Decodable, Sendable {
  var id: Int
  var identifier: Said<String>
  var name: Said<String>
  var status: Said<ConnectWiseReference>
  var types: Said<[ConnectWiseReference]>
  var website: Said<String>
  var phoneNumber: Said<String>
  var city: Said<String>
  var deletedFlag: Said<Bool>
  var info: ConnectWiseInfo?

  static let selection = "id,identifier,name,status,types,website,phoneNumber,city,deletedFlag,_info"

  enum CodingKeys: String, CodingKey {
    case id, identifier, name, status, types, website, phoneNumber, city, deletedFlag
    case info = "_info"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(Int.self, forKey: .id)
    identifier = container.said(String.self, .identifier)
    name = container.said(String.self, .name)
    status = container.said(ConnectWiseReference.self, .status)
    types = container.said([ConnectWiseReference].self, .types)
    website = container.said(String.self, .website)
    phoneNumber = container.said(String.self, .phoneNumber)
    city = container.said(String.self, .city)
    deletedFlag = container.said(Bool.self, .deletedFlag)
    info = container.said(ConnectWiseInfo.self, .info).value
  }
}

/// A row of `/company/companies/statuses`: only here does it stand whether a company counts as active.
struct ConnectWiseStatus: Decodable, Sendable {
  var id: Int
  var name: String?
  var inactiveFlag: Bool?
}

/// A row of `/company/communicationTypes`; its label is `description` here and `name` in references to it.
struct ConnectWiseCommunicationType: Decodable, Sendable, Equatable {
  var id: Int
  var description: String?
  var phoneFlag: Bool?
  var emailFlag: Bool?
  var defaultFlag: Bool?
}

/// The answer of `/login/companyinfo/…`; an unknown company is answered with null.
struct ConnectWiseCompanyInfo: Decodable, Sendable {
  var codeBase: String?
  var versionCode: String?
  /// A text: "True".
  var isCloud: String?

  enum CodingKeys: String, CodingKey {
    case codeBase = "Codebase"
    case versionCode = "VersionCode"
    case isCloud = "IsCloud"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    codeBase = container.said(String.self, .codeBase).value
    versionCode = container.said(String.self, .versionCode).value
    isCloud = container.said(String.self, .isCloud).value
  }
}

struct ConnectWiseCount: Decodable { var count: Int }

struct ConnectWiseErrorBody: Decodable {
  struct Detail: Decodable {
    var code: String?
    var message: String?
    var field: String?
  }
  var code: String?
  var message: String?
  var errors: [Detail]?

  enum CodingKeys: CodingKey { case code, error, message, errors }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    // The 429 body calls its code `error`.
    code = (try? container.decode(String.self, forKey: .code)) ?? (try? container.decode(String.self, forKey: .error))
    message = try? container.decode(String.self, forKey: .message)
    errors = try? container.decode([Detail].self, forKey: .errors)
  }
}

/// Texts of the conditions language.
enum ConnectWiseCondition {
  /// A text as a literal; `nil` where the vendor documents no way to write it down.
  static func literal(_ text: String) -> String? {
    // What brackets, wildcards and back slashes mean inside quotes is not documented; nor are line ends.
    let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !"[]*%\\".unicodeScalars.contains($0) }
    guard isPlain else { return nil }
    if !text.contains("\"") { return "\"\(text)\"" }
    return text.contains("'") ? nil : "'\(text)'"
  }

  /// A moment as a literal, in whole seconds of UTC.
  static func literal(_ date: Date) -> String { "[\(date.formatted(.iso8601))]" }
}
