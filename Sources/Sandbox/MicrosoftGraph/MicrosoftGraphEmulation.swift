// Microsoft 365, emulated: the token endpoint and the part of Graph v1.0 that reads users.

import Foundation

/// All tenants, the one application registered in them, and the tokens given out.
struct MicrosoftGraphEmulation: EmulatedSystem {
  /// An access token and what it allows; roles are those of the moment it was given out.
  struct Grant: Sendable {
    var tenant: Int
    var expiresAt: Date
    var permissions: Set<String>
  }

  let handle = "m365"
  var tenants: [GraphTenant]
  let clientID: String
  let clientSecret: String
  var secretIsValid = true
  var secretIsExpired = false
  /// Seconds that a token lives.
  var tokenLifetime = 3599
  var grants: [String: Grant] = [:]
  /// Whether budgets of resource units are enforced also while the clock stands still.
  var throttlesFrozenClock = false
  var throttles = true
  var random: SeededGenerator

  init(_ seed: SeedWorld) {
    var random = SeededGenerator(seed: seed.seed &+ 365)
    clientID = random.guid()
    clientSecret = "s~" + random.key(length: 36)
    tenants = seed.companies.compactMap { company in
      company.tenant.map { GraphTenant(company, $0, startsAt: seed.startsAt) }
    }
    self.random = random
  }

  // MARK: - Answering

  mutating func answer(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse {
    if request.path.count == 4, Array(request.path.dropFirst()) == ["oauth2", "v2.0", "token"] {
      return tokenAnswer(request, at: moment)
    }
    let clientRequestID = request.headers["client-request-id"] ?? random.guid()
    var answer: EmulatedResponse
    do throws(GraphRefusal) {
      answer = try graphAnswer(request, at: moment)
    } catch {
      answer = refusal(error, clientRequestID: clientRequestID, at: moment)
    }
    answer.setHeader("request-id", random.guid())
    answer.setHeader("client-request-id", clientRequestID)
    return answer
  }

  mutating func refusal(_ refusal: GraphRefusal, clientRequestID: String, at moment: Moment) -> EmulatedResponse {
    EmulatedResponse(
      refusal.status,
      refusal.json(requestID: random.guid(), clientRequestID: clientRequestID, now: Instant.text(moment.now)),
      headers: refusal.headers)
  }

  private mutating func graphAnswer(
    _ request: EmulatedRequest, at moment: Moment
  ) throws(GraphRefusal) -> EmulatedResponse {
    guard request.path.first == "v1.0" else {
      throw GraphRefusal(400, "BadRequest", "Invalid version: \(request.path.first ?? "").")
    }
    let grant = try signedIn(request, at: moment)
    if request.path.dropFirst() == ["$batch"] { return try batchAnswer(request, grant, at: moment) }
    return try resourceAnswer(request, grant, at: moment)
  }

  /// The grant that a request's bearer token stands for; a token determines its tenant and is worth nothing in another.
  private func signedIn(_ request: EmulatedRequest, at moment: Moment) throws(GraphRefusal) -> Grant {
    let challenge = EmulatedResponse.Header(
      name: "WWW-Authenticate", value: #"Bearer realm="", authorization_uri="\#(moment.root)/common/oauth2/authorize""#)
    func denied(_ message: String) -> GraphRefusal {
      GraphRefusal(401, "InvalidAuthenticationToken", message, headers: [challenge])
    }
    guard let header = request.headers["authorization"], header.lowercased().hasPrefix("bearer ") else {
      throw denied("Access token is empty.")
    }
    guard let grant = grants[String(header.dropFirst(7))] else { throw denied("Invalid access token.") }
    guard grant.expiresAt > moment.now else {
      throw denied("Lifetime validation failed, the token is expired.")
    }
    return grant
  }

  /// Answers a request for one resource, alone or as an item of a batch.
  mutating func resourceAnswer(
    _ request: EmulatedRequest, _ grant: Grant, at moment: Moment
  ) throws(GraphRefusal) -> EmulatedResponse {
    let resource = Array(request.path.dropFirst())
    let cost = GraphCost.units(of: request, resource: resource)
    var headers = [EmulatedResponse.Header(name: "x-ms-resource-unit", value: cost.description)]
    if throttles, !moment.clockIsFrozen || throttlesFrozenClock {
      if let wait = tenants[grant.tenant].budget.spend(cost, at: moment.now) {
        throw tooManyRequests(wait, tenant: tenants[grant.tenant])
      }
      let share = tenants[grant.tenant].budget.usedShare
      if share > 0.8 {
        headers.append(
          .init(name: "x-ms-throttle-limit-percentage", value: ((share * 100).rounded() / 100).description))
      }
    }
    var answer = try resourceAnswer(request, resource: resource, grant, at: moment)
    for header in headers { answer.setHeader(header.name, header.value) }
    return answer
  }

  private func tooManyRequests(_ wait: Double, tenant: GraphTenant) -> GraphRefusal {
    // Real ones are fractional: "2.128".
    let seconds = (wait * 1000).rounded(.up) / 1000
    return GraphRefusal(
      429, "TooManyRequests", "Too many requests.",
      headers: [
        .init(name: "Retry-After", value: seconds.description),
        .init(name: "x-ms-throttle-scope", value: "Tenant_Application/ReadWrite/\(clientID)/\(tenant.id)"),
        .init(name: "x-ms-throttle-information", value: "ResourceUnitLimitExceeded"),
      ])
  }

  private mutating func resourceAnswer(
    _ request: EmulatedRequest, resource: [String], _ grant: Grant, at moment: Moment
  ) throws(GraphRefusal) -> EmulatedResponse {
    func need(_ permission: String) throws(GraphRefusal) {
      guard grant.permissions.contains(permission) else { throw .noPrivileges }
    }
    guard request.method == "GET" else {
      // The emulated application has consent to read, never to write.
      switch (request.method, resource.first) {
      case ("POST", "users"), ("PATCH", "users"), ("DELETE", "users"), ("POST", "directory"): throw .noPrivileges
      default:
        throw GraphRefusal(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
      }
    }
    switch resource.first {
    case "users":
      try need("User.Read.All")
      switch resource.count {
      case 1: return try listing(request, grant, at: moment)
      case 2 where GraphRoute.isDelta(resource[1]): return try delta(request, grant, at: moment)
      case 2 where resource[1] == "$count": return try count(request, grant)
      case 2: return try user(resource[1], request, grant, at: moment)
      default: throw .badRequest("Resource not found for the segment '\(resource[2])'.")
      }
    case "organization" where resource.count == 1:
      try need("Organization.Read.All")
      return organization(grant, at: moment)
    case "subscribedSkus" where resource.count == 1:
      try need("Organization.Read.All")
      return subscribedSkus(grant, at: moment)
    case "directory" where resource == ["directory", "deletedItems", "microsoft.graph.user"]:
      try need("User.Read.All")
      return try deletedUsers(request, grant, at: moment)
    default:
      throw .badRequest("Resource not found for the segment '\(resource.first ?? "")'.")
    }
  }

  // MARK: - What the sandbox asks of a system

  func route(of request: EmulatedRequest) -> String { GraphRoute.template(of: request.path) }

  func resourcePath(of request: EmulatedRequest) -> String {
    "/" + (request.path.first == "v1.0" ? request.path.dropFirst() : request.path[...]).joined(separator: "/")
  }

  func isWrite(_ request: EmulatedRequest) -> Bool {
    if request.method == "GET" || request.path.last == "token" { return false }
    guard request.path.last == "$batch" else { return true }
    let items = (try? request.json())?["requests"]?.elements ?? []
    return items.contains { ($0["method"]?.text ?? "").uppercased() != "GET" }
  }

  func errorBody(status: Int) -> JSON {
    let code =
      switch status {
      case 401: "InvalidAuthenticationToken"
      case 403: "Authorization_RequestDenied"
      case 404: "Request_ResourceNotFound"
      case 429: "TooManyRequests"
      case 503: "ServiceUnavailable"
      case 504: "GatewayTimeout"
      case 400..<500: "Request_BadRequest"
      default: "InternalServerError"
      }
    return ["error": ["code": .string(code), "message": "An error was arranged.", "innerError": .object([])]]
  }

  func emptyListing(for request: EmulatedRequest, at moment: Moment) -> JSON {
    ["@odata.context": .string("\(moment.root)/v1.0/$metadata#users"), "value": []]
  }
}
