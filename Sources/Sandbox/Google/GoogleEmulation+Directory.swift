// The Directory API: users, groups, members, organisational units and domains, for administrators to read.

import Foundation

extension GoogleEmulation {
  /// "pageToken: valid three days".
  static let pageTokenLife = 3 * 86_400

  mutating func directoryAnswer(
    _ request: EmulatedRequest, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    guard request.path.starts(with: ["admin", "admin", "directory", "v1"]) else { throw .notFound("Not Found") }
    let grant = try signedIn(request, at: moment)
    try need(.directory)
    let path = Array(request.path.dropFirst(4))
    let reader = grant.userID.flatMap { id in directory.place(id: id).map { directory.users[$0] } }
    if let reader {
      counters.calls[reader.id, default: [:]]["directory", default: 0] += 1
      try draw([(.directory, 1)], user: reader.id, at: moment)
    }
    try checkScope(grant, path)
    let isAdministrator = reader?.readsDirectory ?? false
    // "non-admins can only read domain_public".
    let isPublic = request.option("viewType") == "domain_public"
    guard isAdministrator || (isPublic && path.first == "users" && reader?.isActive ?? false) else {
      throw .notAuthorized
    }
    // Only scopes for reading are delegated.
    guard request.method == "GET" else { throw .insufficientScope }
    directory.lag = options[.searchLag]
    switch (path.first, path.count) {
    case ("users", 1): return try users(request, isPublic: isPublic, at: moment)
    case ("users", 2): return try user(path[1], request, isPublic: isPublic)
    case ("users", 3) where path[2] == "aliases": return try aliases(of: path[1])
    case ("users", 4) where path[2] == "photos" && path[3] == "thumbnail":
      throw .notFound("Resource Not Found: photo")
    case ("groups", 1): return try groups(request, at: moment)
    case ("groups", 2):
      guard let place = directory.groupPlace(key: path[1]) else { throw noGroup(path[1]) }
      return EmulatedResponse(200, directory.json(directory.groups[place]))
    case ("groups", 3) where path[2] == "members": return try members(of: path[1], request, at: moment)
    case ("groups", 4) where path[2] == "hasMember":
      guard let place = directory.groupPlace(key: path[1]) else { throw noGroup(path[1]) }
      return EmulatedResponse(200, ["isMember": .bool(directory.isMember(path[3], of: place))])
    case ("customer", 3...) where path[2] == "orgunits":
      try checkCustomer(path[1])
      return try units(Array(path.dropFirst(3)), request)
    case ("customer", 3) where path[2] == "domains":
      try checkCustomer(path[1])
      return EmulatedResponse(
        200, ["kind": "admin#directory#domains", "domains": .array(directory.domains.map(directory.json))])
    case ("customer", 4) where path[2] == "domains":
      try checkCustomer(path[1])
      guard let domain = directory.domains.first(where: { $0.name == path[3].lowercased() }) else {
        throw .notFound("Resource Not Found: domainName")
      }
      return EmulatedResponse(200, directory.json(domain))
    default: throw .notFound("Not Found")
    }
  }

  private func checkScope(_ grant: Grant, _ path: [String]) throws(GoogleRefusal) {
    let names: [String] =
      switch (path.first, path.count > 2 ? path[2] : "") {
      case ("users", _): ["user.readonly", "user"]
      case ("groups", "members"), ("groups", "hasMember"):
        ["group.readonly", "group", "group.member.readonly", "group.member"]
      case ("groups", _): ["group.readonly", "group"]
      case (_, "orgunits"): ["orgunit.readonly", "orgunit"]
      case (_, "domains"): ["domain.readonly", "domain"]
      default: []
      }
    let scopes = names.map { GoogleConsent.prefix + "admin.directory." + $0 }
    guard names.isEmpty || scopes.contains(where: grant.scopes.contains) else { throw .insufficientScope }
  }

  private func checkCustomer(_ name: String) throws(GoogleRefusal) {
    guard name == "my_customer" || name == directory.customerID else { throw .badInput("customer") }
  }

  private func noGroup(_ key: String) -> GoogleRefusal {
    // "A nested group outside the tenant gives 403".
    directory.isOutsideGroup(key) || !directory.holdsUsers(directory.domain(of: key)) && key.contains("@")
      ? .notAuthorized : .notFound("Resource Not Found: groupKey")
  }

  // MARK: - Users

  private func users(
    _ request: EmulatedRequest, isPublic: Bool, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let domain = try scope(request, required: true)
    let size = try number("maxResults", request, in: 1...500, otherwise: 100)
    let isDeleted = try flag("showDeleted", request)
    let schemas = try schemas(request)
    let search = try request.option("query").map { (text) throws(GoogleRefusal) in
      try GoogleSearch(text, fields: GoogleDirectory.userFields)
    }
    if isPublic, search?.clauses.contains(where: { $0.field == "orgUnitPath" }) ?? false {
      // "orgUnitPath …; admin_view only".
      throw .badQuery
    }
    let users = directory.users.indices.filter { place in
      let user = directory.users[place]
      guard domain.map({ directory.domain(of: user.primaryEmail) == $0 }) ?? true else { return false }
      if let deletedAt = user.deletedAt {
        return isDeleted && moment.seconds - deletedAt < GoogleDirectory.deletedLife
      }
      if isDeleted { return false }
      if isPublic, user.isSuspended || user.isArchived { return false }
      guard let search else { return true }
      // Searches go by an index that is late; what they find is shown as it is.
      return directory.indexed(place, at: moment.seconds).map { directory.meets($0, search) } ?? false
    }.map { directory.users[$0] }
    let rows = try ordered(users, request)
    return try page(
      rows, "users", .users, request, size: size, at: moment, id: \.id, isOrdered: request.option("orderBy") != nil
    ) { directory.json($0, public: isPublic, schemas: schemas) }
  }

  private func ordered(_ users: [GoogleUser], _ request: EmulatedRequest) throws(GoogleRefusal) -> [GoogleUser] {
    let isDescending: Bool
    switch request.option("sortOrder") {
    case nil, "", "ASCENDING": isDescending = false
    case "DESCENDING": isDescending = true
    default: throw .badInput("sortOrder")
    }
    let key: (GoogleUser) -> String
    switch request.option("orderBy") {
    case nil, "": return users.sorted { $0.id < $1.id }
    case "email": key = { $0.primaryEmail }
    case "familyName": key = { $0.familyName.lowercased() }
    case "givenName": key = { $0.givenName.lowercased() }
    default: throw .badInput("orderBy")
    }
    let sorted = users.sorted { (key($0), $0.id) < (key($1), $1.id) }
    return isDescending ? sorted.reversed() : sorted
  }

  /// Which custom fields are shown: none by default, those named, or (`nil`) all.
  private func schemas(_ request: EmulatedRequest) throws(GoogleRefusal) -> Set<String>? {
    switch request.option("projection") {
    case nil, "", "basic": return []
    case "full": return nil
    case "custom":
      guard let mask = request.option("customFieldMask"), !mask.isEmpty else { throw .badInput("customFieldMask") }
      return Set(mask.split(separator: ",").map(String.init))
    default: throw .badInput("projection")
    }
  }

  private func user(
    _ key: String, _ request: EmulatedRequest, isPublic: Bool
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let schemas = try schemas(request)
    guard let place = directory.presentPlace(key: key) else { throw .notFound("Resource Not Found: userKey") }
    return EmulatedResponse(200, directory.json(directory.users[place], public: isPublic, schemas: schemas))
  }

  private func aliases(of key: String) throws(GoogleRefusal) -> EmulatedResponse {
    guard let place = directory.presentPlace(key: key) else { throw .notFound("Resource Not Found: userKey") }
    let user = directory.users[place]
    var members: [JSON.Member] = [.init(name: "kind", value: "admin#directory#aliases")]
    if !user.aliases.isEmpty {
      members.append(
        .init(
          name: "aliases",
          value: .array(
            user.aliases.map {
              [
                "kind": "admin#directory#alias", "id": .string(user.id), "primaryEmail": .string(user.primaryEmail),
                "alias": .string($0),
              ]
            })))
    }
    return EmulatedResponse(200, .object(members))
  }

  /// The domain that a listing is limited to; `nil` for the whole customer.
  ///
  /// "customer or domain: exactly one is needed; neither = 400".
  private func scope(_ request: EmulatedRequest, required: Bool) throws(GoogleRefusal) -> String? {
    let customer = request.option("customer")
    let domain = request.option("domain")
    switch (customer, domain) {
    case (let customer?, nil):
      try checkCustomer(customer)
      return nil
    case (nil, let domain?):
      let name = domain.lowercased()
      guard directory.holdsUsers(name) || directory.domains.contains(where: { $0.aliases.contains(name) }) else {
        throw .notFound("Domain not found.")
      }
      return name
    case (nil, nil):
      guard required else { return nil }
      throw GoogleRefusal(400, "INVALID_ARGUMENT", "badRequest", "Bad Request")
    default: throw GoogleRefusal(400, "INVALID_ARGUMENT", "badRequest", "Bad Request")
    }
  }

  // MARK: - Groups

  private func groups(_ request: EmulatedRequest, at moment: Moment) throws(GoogleRefusal) -> EmulatedResponse {
    let size = try number("maxResults", request, in: 1...200, otherwise: 200)
    let userKey = request.option("userKey")
    // "userKey excludes customer".
    guard userKey == nil || request.option("customer") == nil else { throw .badInput("customer") }
    let domain = try scope(request, required: userKey == nil)
    let search = try request.option("query").map { (text) throws(GoogleRefusal) in
      try GoogleSearch(text, fields: GoogleDirectory.groupFields)
    }
    var member: String?
    if let userKey {
      guard let place = directory.presentPlace(key: userKey) else { throw .notFound("Resource Not Found: userKey") }
      member = directory.users[place].id
    }
    var rows = directory.groups.filter { group in
      (domain.map { directory.domain(of: group.email) == $0 } ?? true)
        && (member.map { id in group.members.contains { $0.id == id } } ?? true)
        && (search.map { directory.meets(group, $0) } ?? true)
    }
    let byAddress = request.option("orderBy") == "email"
    rows.sort { byAddress ? $0.email < $1.email : $0.id < $1.id }
    return try page(rows, "groups", .groups, request, size: size, at: moment, id: \.id, isOrdered: byAddress) {
      directory.json($0)
    }
  }

  private func members(
    of key: String, _ request: EmulatedRequest, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    guard let place = directory.groupPlace(key: key) else { throw noGroup(key) }
    let size = try number("maxResults", request, in: 1...200, otherwise: 200)
    let derived = try flag("includeDerivedMembership", request)
    let roles = request.option("roles").map { Set($0.split(separator: ",").map { $0.uppercased() }) }
    if let roles, !roles.isSubset(of: ["OWNER", "MANAGER", "MEMBER"]) { throw .badInput("roles") }
    let rows = directory.members(of: place, derived: derived).filter { roles?.contains($0.role) ?? true }
    let external = options[.outsidersAreExternal]
    return try page(rows, "members", .members, request, size: size, at: moment, id: \.id, isOrdered: false) {
      directory.json($0, outsidersAreExternal: external)
    }
  }

  // MARK: - Units

  /// "NO paging"; "The root / comes only with allIncludingParent".
  private func units(_ path: [String], _ request: EmulatedRequest) throws(GoogleRefusal) -> EmulatedResponse {
    guard path.isEmpty else {
      guard let unit = directory.unit(path.joined(separator: "/")) else { throw .noUnit }
      return EmulatedResponse(200, directory.json(unit))
    }
    var start = directory.rootID
    if let text = request.option("orgUnitPath"), !text.isEmpty {
      guard let unit = directory.unit(text) else { throw .noUnit }
      start = unit.id
    }
    let root = directory.path(of: start)
    let below = directory.units.filter { unit in
      unit.id != start && (root == "/" || directory.path(of: unit.id).hasPrefix(root + "/"))
    }
    let found: [GoogleUnit]
    switch request.option("type") {
    case nil, "", "children": found = below.filter { $0.parentID == start }
    case "all": found = below
    case "allIncludingParent": found = directory.units.filter { $0.id == start } + below
    default: throw .badInput("type")
    }
    var members: [JSON.Member] = [.init(name: "kind", value: "admin#directory#orgUnits")]
    if !found.isEmpty {
      members.append(.init(name: "organizationUnits", value: .array(found.map(directory.json))))
    }
    return EmulatedResponse(200, .object(members))
  }

  // MARK: - Pages

  /// One page of a listing. "List keys are ABSENT when empty."
  private func page<Row>(
    _ rows: [Row], _ name: String, _ kind: GooglePageToken.Kind, _ request: EmulatedRequest, size: Int,
    at moment: Moment, id: (Row) -> String, isOrdered: Bool, json: (Row) -> JSON
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let bound = GooglePageToken.parameters(of: request)
    var start = 0
    if let text = request.option("pageToken"), !text.isEmpty {
      guard let token = GooglePageToken(text), token.kind == kind, token.owner == request.rawPath,
        token.parameters == bound, moment.seconds - token.issuedAt < Self.pageTokenLife
      else { throw .badInput("pageToken") }
      start =
        isOrdered
        ? min(token.after, rows.count) : rows.firstIndex { id($0) > token.afterID } ?? rows.count
    }
    let page = rows[start...].prefix(size)
    var members: [JSON.Member] = [.init(name: "kind", value: .string("admin#directory#\(name)"))]
    if !page.isEmpty { members.append(.init(name: name, value: .array(page.map(json)))) }
    var next: String?
    if start + page.count < rows.count, !moment.endsListingsEarly {
      let token = GooglePageToken(
        kind: kind, owner: request.rawPath, parameters: bound, after: start + page.count,
        afterID: page.last.map(id) ?? "", issuedAt: moment.seconds)
      next = token.text
      members.append(.init(name: "nextPageToken", value: .string(token.text)))
    }
    var answer = EmulatedResponse(200, .object(members))
    answer.nextLink = next.map { nextLink(request, $0, at: moment) }
    return answer
  }

  /// A path with its ids replaced by names in braces.
  static func directoryTemplate(of path: [String]) -> String {
    var names = path
    guard names.count > 4 else { return "/" + names.joined(separator: "/") }
    switch names[3] {
    case "users": names[4] = "{userKey}"
    case "groups":
      names[4] = "{groupKey}"
      if names.count > 6 { names[6] = "{memberKey}" }
    case "customer":
      names[4] = "{customer}"
      if names.count > 6 { names[6...] = ["{key}"] }
    default: break
    }
    return "/" + names.joined(separator: "/")
  }
}

extension GoogleRefusal {
  fileprivate static let noUnit = GoogleRefusal.notFound("Org unit not found")

  fileprivate static func badInput(_ name: String) -> GoogleRefusal {
    GoogleRefusal(400, "INVALID_ARGUMENT", "invalid", "Invalid Input: \(name)")
  }
}
