/// The JSON of the Admin SDK's Directory API (google.md §6); its lists are absent when they are empty.
import Foundation

struct GoogleUser: Decodable, Sendable, Equatable {
  var id: String
  var primaryEmail: String?
  var customerId: String?
  var aliases: [String]?
  var orgUnitPath: String?
  var suspended: Bool?
  var suspensionReason: String?
  var archived: Bool?

  /// What is asked of every user.
  static let fields = "id,primaryEmail,customerId,aliases,orgUnitPath,suspended,suspensionReason,archived"

  /// Whether an address or an id means this user. Addresses that Google adds by itself are no names of his
  /// (google.md §6.1).
  func isNamed(_ key: String) -> Bool {
    id == key || ([primaryEmail].compactMap { $0 } + (aliases ?? [])).contains { $0.lowercased() == key.lowercased() }
  }

  var isSuspended: Bool { suspended ?? false }
  var isArchived: Bool { archived ?? false }
}

struct GoogleUsers: Decodable {
  var users: [GoogleUser]?
  var nextPageToken: String?
}

struct GoogleGroup: Decodable, Sendable {
  var id: String
  var email: String?
  /// A number, as text.
  var directMembersCount: String?

  /// What is asked of every group.
  static let fields = "id,email,directMembersCount"

  /// How many direct members it says it has.
  var declaredMembers: Int? { directMembersCount.flatMap { Int($0) } }
}

struct GoogleMember: Decodable, Sendable {
  var id: String?
  var email: String?
  /// `USER`, `GROUP`, `CUSTOMER`, and others.
  var type: String?
}

struct GoogleMembers: Decodable {
  var members: [GoogleMember]?
  var nextPageToken: String?
}

struct GoogleUnit: Decodable, Sendable {
  var orgUnitId: String?
  var orgUnitPath: String?
}

struct GoogleUnits: Decodable {
  var organizationUnits: [GoogleUnit]?
}

struct GoogleDomain: Decodable, Sendable {
  struct Alias: Decodable, Sendable {
    var domainAliasName: String?
  }
  var domainName: String?
  var domainAliases: [Alias]?
}

struct GoogleDomains: Decodable {
  var domains: [GoogleDomain]?
}
