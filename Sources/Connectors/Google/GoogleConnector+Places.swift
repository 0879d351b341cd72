/// Who is meant by an address, a group, an organisational unit or a domain: users by their ids, under their present names.
import Model

extension GoogleConnector: PlaceFinding {
  package func places(_ selectors: [String], known: [String]) async throws(ConnectorError) -> PlaceReport {
    var search = GooglePlaceSearch(directory: directory)
    for selector in selectors { try await search.resolve(selector) }
    try await search.settle(known: known)
    return search.report
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

  init(directory: GoogleDirectory) { self.directory = directory }

  var report: PlaceReport {
    PlaceReport(places: places.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }, faults: faults)
  }

  // MARK: Selectors

  mutating func resolve(_ selector: String) async throws(ConnectorError) {
    let parts = selector.split(separator: ":", maxSplits: 1).map { String($0).trimmedNFC }
    let kinds = ["user", "group", "ou", "domain"]
    let kind = parts.count == 2 && kinds.contains(parts[0].lowercased()) ? parts[0].lowercased() : "user"
    let name = parts.count == 2 && kinds.contains(parts[0].lowercased()) ? parts[1] : selector.trimmedNFC
    switch kind {
    case "group": try await resolveGroup(name, selector)
    case "ou": try await resolveUnit(name, selector)
    case "domain": try await resolveDomain(name, selector)
    default:
      if let user = try await directory.look(name) {
        note(user, selector)
      } else {
        faults[selector] = Cause(
          .userNotFound, evidence: [Evidence("user", "is", found: name, at: "Google")],
          fix: "name the user's primary address or one of the aliases that can be edited")
      }
    }
  }

  /// The group with the groups inside it, each of them once however they lead to one another.
  private mutating func resolveGroup(_ key: String, _ selector: String) async throws(ConnectorError) {
    guard let group = try await directory.group(key) else {
      faults[selector] = notFound("group", key)
      return
    }
    var open = [group.id]
    var seen: Set<String> = [group.id]
    var users: [String: GoogleMember] = [:]
    var takesAll = false
    while let id = open.popLast() {
      let members: [GoogleMember]
      do throws(ConnectorError) {
        members = try await directory.members(ofGroup: id)
      } catch  where (error.kind == .forbidden || error.kind == .notFound) && id != group.id {
        // A group of another tenant does not tell its members.
        faults["\(selector) > \(id)"] = notFound("group", id)
        continue
      }
      for member in members {
        switch member.type?.uppercased() {
        case "GROUP": if let id = member.id, seen.insert(id).inserted { open.append(id) }
        case "CUSTOMER": takesAll = true
        default: if let id = member.id ?? member.email { users[id] = member }
        }
      }
    }
    if takesAll { for user in try await everybody() { note(user, selector) } }
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
    var place = places[user.id] ?? Place(id: user.id, name: user.primaryEmail ?? user.id)
    place.aliases = (user.aliases ?? []).sorted()
    if let selector, !place.namedBy.contains(selector) { place.namedBy.append(selector) }
    if user.isSuspended || user.isArchived {
      let why = user.isSuspended ? user.suspensionReason.map { " (\($0))" } ?? "" : ""
      place.fault = Cause(
        .userSuspended,
        evidence: [
          Evidence("user", "is", found: (user.isSuspended ? "suspended" : "archived") + why, at: "Google")
        ], fix: "restore the user in the Admin console, or leave it: nothing is removed")
    }
    places[user.id] = place
  }

  private func notFound(_ what: String, _ name: String) -> Cause {
    Cause(.groupNotFound, evidence: [Evidence(what, "is", found: name, at: "Google")])
  }
}
