// Companies, people and e-mail domains as the emulated Teamwork.com keeps them.

/// What a person is to the site. A contact cannot log in; the others can.
enum TeamworkKind: String, Sendable, CaseIterable {
  case account
  case collaborator
  case contact
}

/// A company, which the product calls a client unless it owns the site.
struct TeamworkCompany: TeamworkRow {
  var id: Int
  /// As stored: with the short names of emoji.
  var name: String
  var isOwner = false
  var isDeleted = false
  /// By the name under which v3 reads them.
  var texts: [String: String] = [:]
  var industryID: Int?
  var managerID: Int?
  var tagIDs: [Int] = []
  var currencyID = TeamworkCompany.siteCurrency
  var logo = ""
  var domainIDs: [Int] = []
  var created: Int
  /// `nil` until somebody edits the company.
  var updated: Int?

  static let siteCurrency = 3

  /// The texts that v3 takes, with the names under which it reads them back.
  static let writtenTexts: [String: String] = [
    "website": "website", "emailOne": "emailOne", "emailTwo": "emailTwo", "emailThree": "emailThree", "phone": "phone",
    "fax": "fax", "addressOne": "addressOne", "addressTwo": "addressTwo", "city": "city", "state": "state",
    "zip": "zip", "countrycode": "countryCode", "profile": "profileText", "privateNotes": "privateNotes", "cid": "cid",
  ]

  /// The texts that every listing shows, in the vendor's order.
  static let listedTexts = [
    "website", "emailOne", "emailTwo", "emailThree", "phone", "fax", "addressOne", "addressTwo", "city", "state", "zip",
    "countryCode", "cid",
  ]

  /// The rows of the table of industries.
  static let industries: [Int: String] = [1: "Professional services", 2: "Retail", 3: "Manufacturing", 4: "Health"]
}

/// A person: a full user, a collaborator or a contact.
struct TeamworkPerson: TeamworkRow {
  var id: Int
  var firstName: String
  var lastName: String
  var title = ""
  var email: String
  /// Three slots, empty where there is no address.
  var alternatives = ["", "", ""]
  var kind: TeamworkKind
  var isClientUser = false
  var isAdmin = false
  var isSiteOwner = false
  var isServiceAccount = false
  var isPlaceholder = false
  var companyID: Int
  /// A path on this site or an absolute address; empty without a photo.
  var avatar = ""
  /// By the key under which v1 takes them.
  var texts: [String: String] = [:]
  /// By the key within `address`.
  var address: [String: String] = [:]
  var isDeleted = false
  var lastLogin: Int?
  var created: Int
  var createdBy: Int
  var updated: Int
  var updatedBy: Int

  /// The plain texts that v1 takes, with the names under which it reads them back; `nil` where it does not.
  static let writtenTexts: [String: String?] = [
    "phone-number-office": "phone-number-office", "phone-number-office-ext": "phone-number-office-ext",
    "phone-number-mobile": "phone-number-mobile", "phone-number-mobile-prefix": nil,
    "phone-number-mobile-countrycode": nil, "phone-number-home": "phone-number-home",
    "phone-number-fax": "phone-number-fax", "im-service": "im-service", "im-handle": "im-handle",
    "userTwitterName": "twitter", "userLinkedin": nil, "userFacebook": nil, "userWebsite": nil,
  ]

  static let addressKeys = ["line1", "line2", "city", "state", "zipcode", "countrycode", "country"]

  /// Whether the person can log in, so that a change of name or address is a change of a login.
  var hasLogin: Bool { kind != .contact }

  /// Whether the person takes one of the seats that are paid for.
  var takesSeat: Bool { kind == .account && !isDeleted && !isServiceAccount && !isPlaceholder }

  /// What v3 shows, apart from the photo.
  fileprivate var core: [String] {
    [
      firstName, lastName, title, email, kind.rawValue, isClientUser.description, isAdmin.description,
      companyID.description, isDeleted.description,
    ]
  }

  /// Whether saving this in place of another moves the vendor's stamp.
  func movesStamp(of former: TeamworkPerson, details: Bool, avatar movesForAvatar: Bool) -> Bool {
    if core != former.core { return true }
    let changesAvatar = avatar != former.avatar
    let changesDetails =
      texts != former.texts || address != former.address || alternatives != former.alternatives
    if !changesAvatar && !changesDetails { return true }
    return (changesAvatar && movesForAvatar) || (changesDetails && details)
  }
}

/// An e-mail domain of one company.
struct TeamworkDomain: TeamworkRow {
  var id: Int
  var name: String
  var companyID: Int
  var isDeleted = false

  var json: JSON {
    ["id": .int(id), "domain": .string(name), "companyId": .int(companyID), "state": "active"]
  }
}

/// Emoji in texts of companies, which the site stores by their short names.
enum TeamworkEmoji {
  static let names = [("🚀", ":rocket:"), ("☕", ":coffee:"), ("🌱", ":seedling:"), ("⚓", ":anchor:"), ("🔥", ":fire:")]

  static func stored(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    return names.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }

  static func shown(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: ":")) else { return text }
    return names.reduce(text) { $0.replacing($1.1, with: $1.0) }
  }
}
