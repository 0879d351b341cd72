/// Who is meant by an address, a group, an organisational unit or a domain: users by their ids, under their present names.
import Model

extension GoogleConnector: PlaceFinding {
  package func places(_ selectors: [String], known: [String]) async throws(ConnectorError) -> PlaceReport {
    var search = GooglePlaceSearch(directory: directory)
    try await search.resolve(selectors)
    try await search.settle(known: known)
    return search.report
  }

  /// One list holds all users that are meant one by one, by unit or by domain; each group takes a request of its own.
  package func smallestRequestCount(finding selectors: [String]) -> Int {
    let kinds = selectors.map { GooglePlaceSearch.parsed($0).kind }
    return kinds.count { $0 == .group } + Set(kinds.filter { $0 != .group }).count
  }
}

/// One search: what was asked of the directory is asked once.
struct GooglePlaceSearch {
  let directory: GoogleDirectory
  private var places: [String: Place] = [:]
  private var faults: [String: Cause] = [:]
  private var byID: [String: GoogleUser] = [:]
  /// Every user of the tenant, once they had to be listed.
  private var all: [GoogleUser]?
  /// Selectors that were answered from that list.
  private var listed: Set<String> = []

  init(directory: GoogleDirectory) { self.directory = directory }

  var report: PlaceReport {
    PlaceReport(places: places.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }, faults: faults)
  }

  // MARK: Selectors

  enum Kind: String {
    case user, group
    case unit = "ou"
    case domain
  }

  static func parsed(_ selector: String) -> (kind: Kind, name: String) {
    let parts = selector.split(separator: ":", maxSplits: 1).map { String($0).trimmedNFC }
    guard parts.count == 2, let kind = Kind(rawValue: parts[0].lowercased()) else {
      return (.user, selector.trimmedNFC)
    }
    return (kind, parts[1])
  }

  mutating func resolve(_ selectors: [String]) async throws(ConnectorError) {
    // One by one where they are few: the tenant may be large.
    if selectors.count(where: { Self.parsed($0).kind == .user }) > GoogleFeatures.singleUsers {
      _ = try await everybody()
    }
    for selector in selectors {
      let (kind, name) = Self.parsed(selector)
      switch kind {
      case .user: try await resolveUser(name, selector)
      case .group: try await resolveGroup(name, selector)
      case .unit: try await resolveUnit(name, selector)
      case .domain: try await resolveDomain(name, selector)
      }
    }
  }

  private mutating func resolveUser(_ name: String, _ selector: String) async throws(ConnectorError) {
    var user = all?.first { $0.isNamed(name) }
    if user == nil { user = try await directory.look(name) }
    if let user {
      note(user, selector)
    } else {
      faults[selector] = Cause(
        .userNotFound, evidence: [Evidence("user", "is", found: name, at: "Google")],
        fix: "name the user's primary address or one of the aliases that can be edited")
    }
  }

  /// The group with the groups inside it, each of them once however they lead to one another.
  private mutating func resolveGroup(_ key: String, _ selector: String) async throws(ConnectorError) {
    guard let group = try await directory.group(key) else {
      faults[selector] = notFound("group", key)
      return
    }
    var open = [(id: group.id, name: group.email ?? key)]
    var seen: Set<String> = [group.id]
    var users: [String: GoogleMember] = [:]
    var takesAll = false
    while let next = open.popLast() {
      let members: [GoogleMember]
      let declared: Int?
      do throws(ConnectorError) {
        declared = next.id == group.id ? group.declaredMembers : try await directory.group(next.id)?.declaredMembers
        members = try await directory.members(ofGroup: next.id)
      } catch  where (error.kind == .forbidden || error.kind == .notFound) && next.id != group.id {
        // A group of another tenant does not tell its members.
        doubt(selector, Evidence("group inside it", found: "\(next.name), which cannot be read", at: "Google"))
        continue
      }
      if let declared, members.count < declared {
        doubt(
          selector,
          Evidence(
            "members of \(next.name)", "are", wanted: "\(declared), as Google declares", found: "\(members.count)",
            at: "Google"))
      }
      for member in members {
        switch member.type?.uppercased() {
        case "GROUP":
          guard let id = member.id, seen.insert(id).inserted else { continue }
          open.append((id, member.email ?? id))
        case "CUSTOMER": takesAll = true
        default: if let id = member.id ?? member.email { users[id] = member }
        }
      }
    }
    if takesAll {
      listed.insert(selector)
      for user in try await everybody() { note(user, selector) }
    }
    // One by one where they are few: the tenant may be large.
    if users.keys.count(where: { byID[$0] == nil }) > GoogleFeatures.singleUsers { _ = try await everybody() }
    for (id, member) in users.sorted(by: { $0.key < $1.key }) {
      if let user = try await user(id) {
        note(user, selector)
      } else {
        // A member of another tenant has an address, and nobody here can sign in for them.
        var place = places[id] ?? Place(id: id, name: member.email ?? id)
        place.namedBy.append(selector)
        place.fault = Cause(
          .userNotFound,
          evidence: [Evidence("address", "is outside the tenant", found: member.email ?? id, at: "Google")])
        places[id] = place
      }
    }
  }

  /// Not everybody whom a selector means could be found.
  private mutating func doubt(_ selector: String, _ evidence: Evidence) {
    let cause = Cause(
      .groupIncomplete, evidence: [],
      fix: "see why not all of it can be read; until then nobody is taken for one who left")
    faults[selector, default: cause].evidence.append(evidence)
  }

  /// The unit and every unit below it. All users are listed: a search for a unit's users lags by up to 36 hours
  /// (google.md §6.2).
  private mutating func resolveUnit(_ key: String, _ selector: String) async throws(ConnectorError) {
    let wanted = key.hasPrefix("/") || key.hasPrefix("id:") ? key : "/\(key)"
    var path: String? = wanted == "/" ? "/" : nil
    if path == nil {
      let units = try await directory.units()
      path =
        units.first { $0.orgUnitId == key || $0.orgUnitPath == wanted }?.orgUnitPath
        ?? units.first { $0.orgUnitPath?.lowercased() == wanted.lowercased() }?.orgUnitPath
    }
    guard let path else {
      faults[selector] = notFound("organisational unit", key)
      return
    }
    listed.insert(selector)
    let below = path == "/" ? "/" : "\(path)/"
    for user in try await everybody() where user.orgUnitPath == path || user.orgUnitPath?.hasPrefix(below) == true {
      note(user, selector)
    }
  }

  /// The users whose primary address is in the domain; an alias of a domain holds nobody.
  private mutating func resolveDomain(_ name: String, _ selector: String) async throws(ConnectorError) {
    let wanted = name.lowercased()
    let domains = try await directory.domains()
    guard domains.contains(where: { $0.domainName?.lowercased() == wanted }) else {
      var cause = notFound("domain", name)
      let owner = domains.first { domain in
        (domain.domainAliases ?? []).contains { $0.domainAliasName?.lowercased() == wanted }
      }
      if let owner = owner?.domainName { cause.fix = "\(name) is an alias of the domain \(owner): name that one" }
      faults[selector] = cause
      return
    }
    listed.insert(selector)
    for user in try await everybody() where user.primaryEmail?.lowercased().hasSuffix("@\(wanted)") == true {
      note(user, selector)
    }
  }

  // MARK: Remembered users

  /// Adds every user that is remembered, by id alone: an address that was theirs may be somebody else's by now
  /// (google.md §6.4).
  mutating func settle(known: [String]) async throws(ConnectorError) {
    var deleted: [String: GoogleUser]?
    if known.count(where: { places[$0] == nil && byID[$0] == nil }) > GoogleFeatures.singleUsers {
      _ = try await everybody()
    }
    for id in known where places[id] == nil {
      if let user = try await user(id) {
        note(user, nil)
        continue
      }
      // That a list leaves somebody out proves nothing: the directory is asked for the user (G3).
      if all != nil, let user = try await directory.look(id), user.id == id {
        note(user, nil)
        // Once said, it holds for all that the list was asked for.
        for selector in listed.sorted() {
          doubt(selector, Evidence("list of users", found: "without \(user.primaryEmail ?? id)", at: "Google"))
        }
        listed = []
        continue
      }
      if deleted == nil {
        let users = try await directory.users(deleted: true)
        deleted = Dictionary(users.map { ($0.id, $0) }) { first, _ in first }
      }
      let former = deleted?[id]
      places[id] = Place(
        id: id, name: former?.primaryEmail ?? id,
        fault: Cause(
          .userNotFound,
          evidence: [
            former == nil
              ? Evidence("user", "is", found: "not there", at: "Google")
              : Evidence("user", "is", found: "deleted", at: "Google")
          ],
          fix: former == nil ? nil : "restore the user in the Admin console within 20 days, or take the user out"))
    }
  }

  // MARK: Users

  /// By id only: a key that is an address could mean somebody else.
  private mutating func user(_ id: String) async throws(ConnectorError) -> GoogleUser? {
    if let known = byID[id] { return known }
    if all != nil { return nil }
    do throws(ConnectorError) {
      guard let user = try await directory.look(id), user.id == id else { return nil }
      byID[id] = user
      return user
    } catch  where error.kind == .forbidden && byID.isEmpty == false {
      // Somebody of another tenant; that the directory can be read at all is shown already.
      return nil
    }
  }

  private mutating func everybody() async throws(ConnectorError) -> [GoogleUser] {
    if let all { return all }
    let users = try await directory.users()
    for user in users { byID[user.id] = user }
    all = users
    return users
  }

  private mutating func note(_ user: GoogleUser, _ selector: String?) {
    byID[user.id] = user
    directory.note(user)
    var place = places[user.id] ?? Place(id: user.id, name: user.primaryEmail ?? user.id)
    place.aliases = (user.aliases ?? []).sorted()
    if let selector, !place.namedBy.contains(selector) { place.namedBy.append(selector) }
    place.fault = Self.suspension(of: user)
    places[user.id] = place
  }

  /// Why nothing can be read or written for a user who is there; `nil` where it can.
  static func suspension(of user: GoogleUser) -> Cause? {
    guard user.isSuspended || user.isArchived else { return nil }
    let why = user.isSuspended ? user.suspensionReason.map { " (\($0))" } ?? "" : ""
    return Cause(
      .userSuspended,
      evidence: [Evidence("user", "is", found: (user.isSuspended ? "suspended" : "archived") + why, at: "Google")],
      fix: "restore the user in the Admin console, or leave it: nothing is removed")
  }

  private func notFound(_ what: String, _ name: String) -> Cause {
    Cause(
      .groupNotFound, evidence: [Evidence(what, "is", found: name, at: "Google")],
      fix: "correct it, or take it out of the destinations")
  }
}
