/// Who the users of the tenant are, in an administrator's name; what was said of a user is believed for a while.
import Model
import Synchronization

final class GoogleDirectory: Sendable {
  let calls: GoogleCalls
  /// The tenant that `check` saw; another one is refused.
  private let customer: String?
  private let known = Mutex<[String: (user: GoogleUser, at: Double)]>([:])

  init(_ calls: GoogleCalls, customer: String?) {
    self.calls = calls
    self.customer = customer
  }

  /// The user of an id, or of an address.
  /// - Throws: `.notFound`, also for an address that is only one of those that Google adds by itself.
  func user(_ key: String) async throws(ConnectorError) -> GoogleUser {
    let now = calls.clock.now()
    if let held = known.withLock({ $0[key] }), held.at + GoogleFeatures.userMemory > now { return held.user }
    guard let user = try await look(key) else {
      throw ConnectorError(
        .notFound, "Google has no user \(key)", hint: "see whether the user was deleted or renamed; an id stays")
    }
    known.withLock { $0[key] = (user, now) }
    return user
  }

  func forget(_ key: String) { known.withLock { $0[key] = nil } }

  /// What was just said of a user, so that it is not asked again for each user that a sync writes to.
  func note(_ user: GoogleUser) {
    let now = calls.clock.now()
    known.withLock { $0[user.id] = (user, now) }
  }

  /// Asks for one user; `nil` where there is none.
  func look(_ key: String) async throws(ConnectorError) -> GoogleUser? {
    guard !key.isBlank, let path = Self.segment(key) else { return nil }
    let response = try await get(
      GoogleScope.users, "admin/directory/v1/users/\(path)", [("fields", GoogleUser.fields)], purpose: "user \(key)",
      accepting: [404])
    guard response.isSuccess else { return nil }
    let user = try decode(GoogleUser.self, response, "user \(key)")
    try verify(user)
    return user.isNamed(key) ? user : nil
  }

  /// Every user of the tenant, or of those deleted in the last 20 days.
  func users(deleted: Bool = false) async throws(ConnectorError) -> [GoogleUser] {
    var users: [GoogleUser] = []
    var query = [
      ("customer", "my_customer"), ("maxResults", String(GoogleFeatures.usersPage)),
      ("fields", "nextPageToken,users(\(GoogleUser.fields))"),
    ]
    if deleted { query.append(("showDeleted", "true")) }
    try await pages("admin/directory/v1/users", query, GoogleScope.users, purpose: "users") {
      (page: GoogleUsers) throws(ConnectorError) -> String? in
      for user in page.users ?? [] {
        try verify(user)
        users.append(user)
      }
      return page.nextPageToken
    }
    return users
  }

  /// A group of an address, an alias or an id; `nil` where there is none in the tenant.
  func group(_ key: String) async throws(ConnectorError) -> GoogleGroup? {
    guard !key.isBlank, let path = Self.segment(key) else { return nil }
    let response = try await get(
      GoogleScope.groups, "admin/directory/v1/groups/\(path)", [("fields", GoogleGroup.fields)],
      purpose: "group \(key)",
      accepting: [404])
    return response.isSuccess ? try decode(GoogleGroup.self, response, "group \(key)") : nil
  }

  /// The direct members of a group.
  func members(ofGroup id: String) async throws(ConnectorError) -> [GoogleMember] {
    guard let path = Self.segment(id) else { return [] }
    var members: [GoogleMember] = []
    try await pages(
      "admin/directory/v1/groups/\(path)/members", [("maxResults", String(GoogleFeatures.membersPage))],
      GoogleScope.groups, purpose: "members of the group \(id)"
    ) { (page: GoogleMembers) throws(ConnectorError) -> String? in
      members += page.members ?? []
      return page.nextPageToken
    }
    return members
  }

  /// Every organisational unit but the root.
  func units() async throws(ConnectorError) -> [GoogleUnit] {
    let response = try await get(
      GoogleScope.units, "admin/directory/v1/customer/my_customer/orgunits", [("type", "all")],
      purpose: "organisational units")
    return try decode(GoogleUnits.self, response, "organisational units").organizationUnits ?? []
  }

  func domains() async throws(ConnectorError) -> [GoogleDomain] {
    let response = try await get(
      GoogleScope.domains, "admin/directory/v1/customer/my_customer/domains", [], purpose: "domains")
    return try decode(GoogleDomains.self, response, "domains").domains ?? []
  }

  // MARK: Requests

  func get(
    _ scope: String, _ path: String, _ query: [(key: String, value: String)], purpose: String,
    accepting: Set<Int> = []
  ) async throws(ConnectorError) -> HTTPResponse {
    let response = try await calls.send(
      .directory, as: calls.admin, scope: scope, .get, path, query: query, purpose: purpose)
    guard response.isSuccess || accepting.contains(response.status) else {
      throw calls.errors.error(response, purpose: purpose, user: calls.admin, now: calls.now())
    }
    return response
  }

  func decode<Value: Decodable>(
    _ type: Value.Type, _ response: HTTPResponse, _ purpose: String
  ) throws(ConnectorError) -> Value {
    try JSONWire.decode(type, from: response.body, purpose: "Google directory, \(purpose)")
  }

  /// Follows page tokens to the end; one that comes twice would lead round in circles.
  private func pages<Value: Decodable>(
    _ path: String, _ query: [(key: String, value: String)], _ scope: String, purpose: String,
    _ take: (Value) throws(ConnectorError) -> String?
  ) async throws(ConnectorError) {
    var token: String?
    var seen: Set<String> = []
    repeat {
      let response = try await get(scope, path, query + (token.map { [("pageToken", $0)] } ?? []), purpose: purpose)
      token = try take(try decode(Value.self, response, purpose)).flatMap { $0.isEmpty ? nil : $0 }
      if let token, !seen.insert(token).inserted {
        throw ConnectorError(
          .malformed, "Google's \(purpose): its page token leads back to a page that was read already")
      }
    } while token != nil
  }

  /// A user of another tenant than the one that was checked means that the connection leads elsewhere now.
  private func verify(_ user: GoogleUser) throws(ConnectorError) {
    guard let customer, let found = user.customerId, found != customer else { return }
    throw ConnectorError(
      .misconfigured, "\(calls.admin) belongs to another Google tenant (\(found)) than the one checked (\(customer))",
      hint: "connect the former tenant again, or make a connection of its own for this one", delivery: .notSent)
  }

  /// A key as one segment of a path; `nil` for one that would climb out of it.
  private static func segment(_ key: String) -> String? {
    key.allSatisfy { $0 == "." } ? nil : WebAddress.encoded(key, keeping: "@")
  }
}
