// The tenant: its users, groups, organisational units and domains.

import Foundation

/// One user of the tenant.
struct GoogleUser: Sendable {
  let id: String
  var primaryEmail: String
  var givenName: String
  var familyName: String
  var aliases: [String] = []
  var unitID: String
  var isSuspended = false
  var suspendedAt: Int?
  var isArchived = false
  var archivedAt: Int?
  var isAdmin = false
  var isDelegatedAdmin = false
  var isGuest = false
  var isMailboxSetUp = true
  var phone: String?
  var title: String?
  var department: String?
  var externalID: String?
  var badge: String?
  var createdAt: Int
  var deletedAt: Int?
  /// Whether the administrator lets the user have contacts.
  var hasContacts = true

  var fullName: String { [givenName, familyName].filter { !$0.isEmpty }.joined(separator: " ") }
  /// "Directory reads need a user with an admin role".
  var readsDirectory: Bool { (isAdmin || isDelegatedAdmin) && isActive }
  var isActive: Bool { deletedAt == nil && !isSuspended && !isArchived }

  func answers(to address: String) -> Bool {
    primaryEmail == address || aliases.contains(address)
  }
}

/// An organisational unit; its path follows its name and its parent's.
struct GoogleUnit: Sendable {
  let id: String
  var name: String
  var parentID: String?
}

/// A domain of the tenant, and the aliases of it, which hold no users.
struct GoogleDomain: Sendable {
  var name: String
  var isPrimary = false
  var aliases: [String] = []
  var createdAt: Int
}

/// A member of a group.
struct GoogleMember: Sendable {
  enum Kind: String, Sendable {
    case user, group, customer
    /// Somebody of another tenant.
    case outsider
    /// A group of another tenant.
    case outsideGroup = "outside-group"
  }

  var kind: Kind
  /// Of a user or a group its own id, of all users the customer's.
  var id: String
  /// Only of outsiders; those of users and groups are looked up.
  var email: String?
  var role = "MEMBER"
}

/// A group of the tenant.
struct GoogleGroup: Sendable {
  let id: String
  var email: String
  var name: String
  var aliases: [String] = []
  var members: [GoogleMember] = []
}

/// The tenant's directory.
struct GoogleDirectory: Sendable {
  var customerID: String
  var domains: [GoogleDomain] = []
  /// In the order of their ids only where a listing asks for it; never rearranged.
  private(set) var users: [GoogleUser] = []
  var units: [GoogleUnit] = []
  var groups: [GoogleGroup] = []
  /// What searches still see of a user, and until when; `nil` for one that is not there.
  private var lagging: [Int: (user: GoogleUser?, until: Int)] = [:]
  /// Seconds that a change takes to show in searches.
  var lag = 0

  /// "lists ONLY deleted users, of the last 20 days".
  static let deletedLife = 20 * 86_400

  init(customerID: String) { self.customerID = customerID }

  // MARK: - Users

  mutating func add(_ user: GoogleUser, at seconds: Int) {
    users.append(user)
    if lag > 0 { lagging[users.count - 1] = (nil, seconds + lag) }
  }

  mutating func change(_ place: Int, at seconds: Int, _ body: (inout GoogleUser) -> Void) {
    if lag > 0 { lagging[place] = (indexed(place, at: seconds), seconds + lag) }
    body(&users[place])
  }

  /// A user as searches see it.
  func indexed(_ place: Int, at seconds: Int) -> GoogleUser? {
    if let late = lagging[place], seconds < late.until { return late.user }
    return users[place]
  }

  func place(id: String) -> Int? { users.firstIndex { $0.id == id } }

  /// The place of a user who is there, by id, primary address or alias.
  func presentPlace(key: String) -> Int? {
    let wanted = key.lowercased()
    return users.firstIndex { $0.deletedAt == nil && ($0.id == key || $0.answers(to: wanted)) }
      ?? users.firstIndex { $0.deletedAt == nil && nonEditableAliases(of: $0).contains(wanted) }
  }

  /// The place of a user who is there, by the primary address alone.
  func presentPlace(primaryEmail: String) -> Int? {
    let wanted = primaryEmail.lowercased()
    return users.firstIndex { $0.deletedAt == nil && $0.primaryEmail == wanted }
  }

  /// Whether no user and no group has an address.
  func isFree(_ address: String) -> Bool {
    let wanted = address.lowercased()
    return !users.contains { $0.deletedAt == nil && $0.answers(to: wanted) }
      && !groups.contains { $0.email == wanted || $0.aliases.contains(wanted) }
  }

  func domain(of address: String) -> String {
    address.split(separator: "@").last.map { $0.lowercased() } ?? ""
  }

  func holdsUsers(_ domain: String) -> Bool { domains.contains { $0.name == domain.lowercased() } }

  /// "holds …test-google-a.com and domain-alias addresses".
  func nonEditableAliases(of user: GoogleUser) -> [String] {
    let local = user.primaryEmail.prefix { $0 != "@" }
    let home = domain(of: user.primaryEmail)
    guard let domain = domains.first(where: { $0.name == home }) else { return [] }
    let test = domain.isPrimary ? ["\(user.primaryEmail).test-google-a.com"] : []
    return test + domain.aliases.map { "\(local)@\($0)" }
  }

  // MARK: - Units

  func path(of unitID: String) -> String {
    var names: [String] = []
    var next = units.first { $0.id == unitID }
    // A tree of units is never deeper than the number of units.
    for _ in 0..<units.count {
      guard let unit = next, let parent = unit.parentID else { break }
      names.insert(unit.name, at: 0)
      next = units.first { $0.id == parent }
    }
    return "/" + names.joined(separator: "/")
  }

  var rootID: String { units.first { $0.parentID == nil }?.id ?? "" }

  /// A unit by its path, with or without the leading slash, or by its id.
  func unit(_ name: String) -> GoogleUnit? {
    let wanted = name.hasPrefix("/") ? name : "/\(name)"
    return units.first { $0.id == name || path(of: $0.id).lowercased() == wanted.lowercased() }
  }

  // MARK: - Groups

  func groupPlace(key: String) -> Int? {
    let wanted = key.lowercased()
    return groups.firstIndex { $0.id == key || $0.email == wanted || $0.aliases.contains(wanted) }
  }

  /// A group that somebody of the tenant knows of, but that belongs to another.
  func isOutsideGroup(_ key: String) -> Bool {
    let wanted = key.lowercased()
    return groups.contains {
      $0.members.contains { $0.kind == .outsideGroup && ($0.id == key || $0.email == wanted) }
    }
  }

  /// The members of a group, with those of its nested groups where asked for; each once, whatever goes in circles.
  func members(of place: Int, derived: Bool) -> [GoogleMember] {
    var found: [GoogleMember] = []
    var seen: Set<String> = [groups[place].id]
    var visited = seen
    var next = [place]
    while let current = next.popLast() {
      for member in groups[current].members where seen.insert(member.id).inserted {
        found.append(member)
        guard derived, member.kind == .group, visited.insert(member.id).inserted,
          let nested = groups.firstIndex(where: { $0.id == member.id })
        else { continue }
        next.append(nested)
      }
    }
    return found.sorted { $0.id < $1.id }
  }

  /// The address of a member; all users together have none.
  func email(of member: GoogleMember) -> String? {
    switch member.kind {
    case .user: place(id: member.id).map { users[$0].primaryEmail }
    case .group: groups.first { $0.id == member.id }?.email
    case .customer: nil
    case .outsider, .outsideGroup: member.email
    }
  }

  /// Whether somebody is in a group, directly or by a nested one.
  func isMember(_ key: String, of place: Int) -> Bool {
    let wanted = presentPlace(key: key).map { users[$0].id } ?? groupPlace(key: key).map { groups[$0].id } ?? key
    return members(of: place, derived: true).contains {
      $0.id == wanted || $0.email == key.lowercased()
    }
  }

  /// Takes a user out of all groups, as a deletion does.
  mutating func forgetMember(_ id: String) {
    for place in groups.indices { groups[place].members.removeAll { $0.id == id } }
  }
}

// MARK: - As the API shows them

extension GoogleDirectory {
  private func etag(_ text: String) -> JSON {
    .string("\"\(Data(text.utf8).base64EncodedString())\"")
  }

  /// A user; what `view` leaves out is what a non-administrator does not see.
  func json(_ user: GoogleUser, public isPublic: Bool, schemas: Set<String>?) -> JSON {
    if user.deletedAt != nil { return sparse(user) }
    var members: [JSON.Member] = [
      .init(name: "kind", value: "admin#directory#user"), .init(name: "id", value: .string(user.id)),
      .init(name: "etag", value: etag("\(user.id)\(user.primaryEmail)\(user.isSuspended)")),
      .init(name: "primaryEmail", value: .string(user.primaryEmail)),
      .init(
        name: "name",
        value: [
          "givenName": .string(user.givenName), "familyName": .string(user.familyName),
          "fullName": .string(user.fullName),
        ]),
    ]
    func add(_ name: String, _ value: JSON?) { if let value { members.append(.init(name: name, value: value)) } }
    let addresses: [JSON] =
      [["address": .string(user.primaryEmail), "primary": true]]
      + user.aliases.map { ["address": .string($0)] }
      + nonEditableAliases(of: user).map { ["address": .string($0)] }
    add("emails", .array(addresses))
    add("phones", user.phone.map { [["value": .string($0), "type": "work"]] })
    if user.title != nil || user.department != nil {
      add(
        "organizations",
        [
          [
            "title": .string(user.title ?? ""), "department": .string(user.department ?? ""), "primary": true,
            "customType": "",
          ]
        ])
    }
    add("isMailboxSetup", .bool(user.isMailboxSetUp))
    guard !isPublic else { return .object(members) }
    add("isAdmin", .bool(user.isAdmin))
    add("isDelegatedAdmin", .bool(user.isDelegatedAdmin))
    if user.isGuest { add("isGuestUser", true) }
    add("creationTime", .string(GooglePerson.instant(user.createdAt)))
    add("lastLoginTime", .string(GooglePerson.instant(0)))
    add("suspended", .bool(user.isSuspended))
    if user.isSuspended {
      add("suspensionReason", "ADMIN")
      add("suspensionTime", user.suspendedAt.map { .string(GooglePerson.instant($0)) })
    }
    add("archived", .bool(user.isArchived))
    if user.isArchived { add("archivalTime", user.archivedAt.map { .string(GooglePerson.instant($0)) }) }
    add("customerId", .string(customerID))
    add("orgUnitPath", .string(path(of: user.unitID)))
    add("includeInGlobalAddressList", true)
    add("externalIds", user.externalID.map { [["value": .string($0), "type": "organization"]] })
    if !user.aliases.isEmpty { add("aliases", .array(user.aliases.map { .string($0) })) }
    let fixed = nonEditableAliases(of: user)
    if !fixed.isEmpty { add("nonEditableAliases", .array(fixed.map { .string($0) })) }
    if let badge = user.badge, schemas?.contains("Employment") ?? true {
      add("customSchemas", ["Employment": ["badge": .string(badge)]])
    }
    return .object(members)
  }

  /// "sparse records (id, primaryEmail)".
  private func sparse(_ user: GoogleUser) -> JSON {
    [
      "kind": "admin#directory#user", "id": .string(user.id), "primaryEmail": .string(user.primaryEmail),
      "deletionTime": .string(GooglePerson.instant(user.deletedAt ?? 0)),
    ]
  }

  func json(_ group: GoogleGroup) -> JSON {
    var members: [JSON.Member] = [
      .init(name: "kind", value: "admin#directory#group"), .init(name: "id", value: .string(group.id)),
      .init(name: "etag", value: etag("\(group.id)\(group.members.count)")),
      .init(name: "email", value: .string(group.email)), .init(name: "name", value: .string(group.name)),
      .init(name: "directMembersCount", value: .string(group.members.count.description)),
      .init(name: "description", value: ""), .init(name: "adminCreated", value: true),
    ]
    if !group.aliases.isEmpty {
      members.append(.init(name: "aliases", value: .array(group.aliases.map { .string($0) })))
    }
    return .object(members)
  }

  func json(_ member: GoogleMember, outsidersAreExternal: Bool) -> JSON {
    let type =
      switch member.kind {
      case .user: "USER"
      case .group, .outsideGroup: "GROUP"
      case .customer: "CUSTOMER"
      case .outsider: outsidersAreExternal ? "EXTERNAL" : "USER"
      }
    var members: [JSON.Member] = [
      .init(name: "kind", value: "admin#directory#member"), .init(name: "id", value: .string(member.id)),
      .init(name: "etag", value: etag("\(member.id)\(member.role)")),
    ]
    if let email = email(of: member) { members.append(.init(name: "email", value: .string(email))) }
    members += [
      .init(name: "role", value: .string(member.role)), .init(name: "type", value: .string(type)),
    ]
    if member.kind != .customer {
      let isSuspended = place(id: member.id).map { users[$0].isSuspended } ?? false
      members.append(.init(name: "status", value: isSuspended ? "SUSPENDED" : "ACTIVE"))
    }
    return .object(members)
  }

  func json(_ unit: GoogleUnit) -> JSON {
    var members: [JSON.Member] = [
      .init(name: "kind", value: "admin#directory#orgUnit"), .init(name: "orgUnitId", value: .string(unit.id)),
      .init(name: "orgUnitPath", value: .string(path(of: unit.id))), .init(name: "name", value: .string(unit.name)),
      .init(name: "etag", value: etag(unit.id + unit.name)),
    ]
    if let parent = unit.parentID {
      members += [
        .init(name: "parentOrgUnitId", value: .string(parent)),
        .init(name: "parentOrgUnitPath", value: .string(path(of: parent))),
      ]
    }
    return .object(members)
  }

  /// "`creationTime` of domains are strings".
  func json(_ domain: GoogleDomain) -> JSON {
    var members: [JSON.Member] = [
      .init(name: "kind", value: "admin#directory#domain"), .init(name: "domainName", value: .string(domain.name)),
      .init(name: "isPrimary", value: .bool(domain.isPrimary)), .init(name: "verified", value: true),
      .init(name: "creationTime", value: .string((domain.createdAt * 1000).description)),
    ]
    if !domain.aliases.isEmpty {
      members.append(
        .init(
          name: "domainAliases",
          value: .array(
            domain.aliases.map {
              [
                "kind": "admin#directory#domainAlias", "domainAliasName": .string($0),
                "parentDomainName": .string(domain.name), "verified": true,
                "creationTime": .string((domain.createdAt * 1000).description),
              ]
            })))
    }
    return .object(members)
  }
}
