// Customers, contact points, companies and domains as the emulated Desk keeps them.

/// One address or network handle of a customer, which Desk calls a contact.
struct DeskContactPoint: Sendable, Equatable {
  var id: Int
  var value: String
  /// `email`, `twitter`, `facebook` or `linkedin`.
  var type: String
  var isMain: Bool

  static let types: Set<String> = ["email", "twitter", "facebook", "linkedin"]

  var json: JSON {
    ["id": .int(id), "value": .string(value), "type": .string(type), "isMain": .bool(isMain)]
  }
}

/// When and by whom a record was made, changed and deleted.
struct DeskStamp: Sendable {
  var created: Int
  /// An agent; `nil` for rows that the system made.
  var createdBy: Int?
  var updated: Int
  var updatedBy: Int?
  var deleted: Int?

  /// What rows made by the system carry: the first day of the calendar.
  static let never = -62_135_596_800

  var members: [JSON.Member] {
    var members: [JSON.Member] = [
      .init(name: "createdAt", value: .string(Instant.text(created))),
      .init(name: "updatedAt", value: .string(Instant.text(updated))),
      .init(name: "state", value: deleted == nil ? "active" : "deleted"),
    ]
    // "deletedAt is returned only on deleted ones".
    if let deleted { members.append(.init(name: "deletedAt", value: .string(Instant.text(deleted)))) }
    return members
  }
}

/// A person who may write tickets.
struct DeskCustomer: TeamworkRow {
  var id: Int
  var firstName = ""
  var lastName = ""
  var jobTitle: String?
  /// By key; what is missing is empty.
  var texts: [String: String] = [:]
  /// A path on this site or an absolute address.
  var avatar: String
  var points: [DeskContactPoint] = []
  var companyID: Int?
  /// Whether the company was chosen by the domain of the main address.
  var joinedByDomain = false
  var permission = "own"
  var isTrusted = false
  var hasVerifiedEmail = false
  var wasWelcomed = false
  var ticketCount = 0
  var stamp: DeskStamp

  static let writtenTexts: Set<String> = [
    "phone", "mobile", "address", "organization", "organisationName", "externalId", "notes", "extraData",
    "twitterHandle", "facebookURL", "linkedinURL",
  ]

  /// The flat keys of networks, by the type of contact point that they repeat.
  static let networks = ["twitter": "twitterHandle", "facebook": "facebookURL", "linkedin": "linkedinURL"]

  var isDeleted: Bool { stamp.deleted != nil }

  var main: DeskContactPoint? { points.first { $0.type == "email" && $0.isMain } }

  var email: String { main?.value ?? "" }

  var addresses: [DeskContactPoint] { points.filter { $0.type == "email" } }

  /// The part of the main address behind the at sign, in lower case.
  var domain: String? {
    let parts = email.lowercased().split(separator: "@")
    return parts.count == 2 ? String(parts[1]) : nil
  }

  /// Leaves one main address: the wanted one, else the one that was, else the first.
  mutating func settleMain(preferring wanted: Int? = nil) {
    let places = points.indices.filter { points[$0].type == "email" }
    let flagged = places.filter { points[$0].isMain }
    let chosen = flagged.first { points[$0].id == wanted } ?? flagged.last ?? places.first
    for place in places { points[place].isMain = place == chosen }
  }

  /// A network's handle: the contact point's where those fill the flat keys, else the flat one.
  func handle(_ network: String, fromPoints: Bool) -> String {
    if fromPoints, let point = points.first(where: { $0.type == network }) { return point.value }
    return texts[DeskCustomer.networks[network] ?? ""] ?? ""
  }

  /// The pictures of animals that new customers get.
  static let animals = ["cat", "dog", "fox", "owl", "bear", "panda", "tiger", "whale"]

  static func stockAvatar(_ number: Int) -> String {
    "/desk/images/avatars/animals/\(animals[number % animals.count]).png"
  }
}

/// A group of customers.
struct DeskCompany: TeamworkRow {
  var id: Int
  var name: String
  /// By key; what is missing is empty.
  var texts: [String: String] = [:]
  /// `company`, or `group` for a set made by hand.
  var kind = "company"
  var permission = "own"
  var domainIDs: [Int] = []
  var stamp: DeskStamp

  static let writtenTexts: Set<String> = ["website", "email", "details", "description", "note", "industry"]

  var isDeleted: Bool { stamp.deleted != nil }
}

/// A mail domain that puts customers into a company; it may begin with a wildcard.
struct DeskDomain: TeamworkRow {
  var id: Int
  var name: String
  var companyID: Int
  var isDeleted = false

  var json: JSON { ["id": .int(id), "name": .string(name), "company": ["id": .int(companyID), "type": "companies"]] }

  /// "wildcards `*.harbour.example` or `*harbour.example` allowed".
  func covers(_ domain: String) -> Bool {
    let pattern = name.lowercased()
    return pattern.hasPrefix("*") ? domain.hasSuffix(pattern.dropFirst()) : domain == pattern
  }
}
