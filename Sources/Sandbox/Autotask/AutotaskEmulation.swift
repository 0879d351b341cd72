// Autotask PSA, emulated: zones, sign-in, threads and the hourly limit, and the way to each kind of record.

import Foundation

/// One Autotask database of a provider.
struct AutotaskEmulation: EmulatedSystem {
  /// What the API user's security level allows for one kind of record.
  struct Rights: Sendable {
    var query = true
    var create = true
    var update = true
    var delete = true
  }

  let handle = "autotask"
  /// With a plus, which a client has to encode where it asks for the zone.
  let user = "sync+api@kestrelmsp.example"
  let secret: String
  let integrationCode: String
  var credentialsAreValid = true
  /// By the raw value of their kind.
  var rights: [Int: Rights] = [:]
  /// Companies that the API user's security level hides, with all that is theirs.
  var hiddenCompanies: Set<Int> = []
  var options = AutotaskOptions()
  /// The first segment of the paths of the customer's zone; `nil` where it is the one of discovery.
  var zone: String?
  var tables = AutotaskEntity.all.map { AutotaskTable($0) }
  var usage = AutotaskUsage()
  var counters = AutotaskCounters()

  init(_ seed: SeedWorld) {
    var random = SeededGenerator(seed: seed.seed &+ 7000)
    // Characters that a client is tempted to encode.
    secret = "p#5%" + random.key(length: 18)
    integrationCode = random.key(length: 27).uppercased()
    fill(from: seed)
  }

  /// Where a request goes: the segments below `ATServicesRest`, in lower case.
  private struct Route {
    var zone: String?
    var rest: [String]

    init?(_ path: [String]) {
      let path = path.map { $0.lowercased() }
      guard let root = path.prefix(2).firstIndex(of: "atservicesrest") else { return nil }
      zone = root == 1 ? path[0] : nil
      rest = Array(path[(root + 1)...])
    }

    /// The segments below the version of the API.
    var resource: [String]? { rest.first == "v1.0" ? Array(rest.dropFirst()) : nil }

    /// The kind of record that a request is about; that of the child where it goes below a company.
    var kind: AutotaskKind? {
      guard let resource, let first = resource.first else { return nil }
      if first == "companies", resource.count > 2, Int(resource[1]) != nil {
        switch resource[2] {
        case "contacts": return .contacts
        case "locations": return .locations
        default: return nil
        }
      }
      return AutotaskKind.byName[first]
    }
  }

  // MARK: - Answering

  mutating func answer(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse {
    guard let route = Route(request.path) else { return AutotaskRefusal.noSuchRoute.response }
    if route.rest == ["versioninformation"] { return EmulatedResponse(200, ["apiVersions": ["V1.0"]]) }
    if route.resource == ["zoneinformation"] { return zoneInformation(request, at: moment) }
    var answer: EmulatedResponse
    var threads: String?
    do throws(AutotaskRefusal) {
      try enter(request, route, at: moment)
      guard let resource = route.resource, let endpoint = route.kind?.name ?? resource.first else {
        throw .noSuchRoute
      }
      threads = try thread(for: endpoint, at: moment)
      try spend(at: moment)
      if resource == ["thresholdinformation"] {
        guard request.method == "GET" else { throw .methodNotAllowed(request.method) }
        answer = EmulatedResponse(200, thresholds)
      } else {
        guard let kind = route.kind else { throw .noSuchRoute }
        answer = try recordAnswer(request, kind, resource, at: moment)
      }
    } catch {
      if error.status == 500 { counters.validationRefusals += 1 }
      answer = error.response
    }
    if let threads {
      answer.occupies = threads
      answer.lingering = .milliseconds(options.threadLingerMilliseconds)
      answer.delay += .milliseconds(options.processingMilliseconds)
      if options.injectsLatency, limitsHold(at: moment) {
        answer.delay += AutotaskUsage.latency(share: Double(usage.count) / Double(options.requestsPerHour)) ?? .zero
      }
    }
    return answer
  }

  /// `GET zoneInformation?user=…`, which needs no credentials and answers 500 for a user that it does not know.
  private func zoneInformation(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse {
    guard request.method == "GET" else { return AutotaskRefusal.methodNotAllowed(request.method).response }
    guard request.option("user")?.lowercased() == user else {
      return AutotaskRefusal.invalid("Zone information could not be determined for this user.").response
    }
    let address = options.zoneLinks == .own ? zoneRoot(at: moment) : elsewhere(request) + "/ATServicesRest"
    return EmulatedResponse(
      200,
      [
        "zoneName": .string("America East" + (zone.map { " " + $0 } ?? "")),
        "url": .string(address + (options.zoneURLEndsWithSlash ? "/" : "")), "webUrl": .string(moment.root + "/"),
        "ci": 12345,
      ])
  }

  private func zoneRoot(at moment: Moment) -> String {
    moment.root + (zone.map { "/" + $0 } ?? "") + "/ATServicesRest"
  }

  /// The same server under its other name: another host to a client, yet every stray request is counted.
  private func elsewhere(_ request: EmulatedRequest) -> String {
    "http://localhost:\(request.host.split(separator: ":").last ?? "80")/elsewhere"
  }

  /// The address of a path below the version of the API, for links to further pages.
  func link(to path: String, for request: EmulatedRequest, at moment: Moment) -> String {
    let root = options.nextPageLinks == .own ? zoneRoot(at: moment) : elsewhere(request) + "/ATServicesRest"
    return root + "/v1.0/" + path
  }

  // MARK: - Being let in

  private mutating func enter(
    _ request: EmulatedRequest, _ route: Route, at moment: Moment
  ) throws(AutotaskRefusal) {
    guard route.zone == zone else {
      counters.requestsToWrongZone += 1
      throw options.wrongZoneStatus == 404 ? .noSuchRoute : .unauthorized
    }
    guard credentialsAreValid, request.headers["apiintegrationcode"] == integrationCode,
      request.headers["username"]?.lowercased() == user, request.headers["secret"] == secret
    else {
      counters.refusedSignIns += 1
      throw AutotaskRefusal(options.badCredentialsStatus, AutotaskRefusal.unauthorized.content)
    }
    if let text = request.headers["impersonationresourceid"] {
      guard let row = Int(text).flatMap({ self[.resources].row($0) }), self[.resources].value(row, "isActive").isOn
      else {
        throw .invalid("The ImpersonationResourceId \(text) is not valid.")
      }
    }
    // "Content-Type: application/json is needed on bodies".
    guard request.body.isEmpty || request.headers["content-type"]?.lowercased().hasPrefix("application/json") == true
    else {
      throw AutotaskRefusal(415, .message("The request entity's media type is not supported for this resource."))
    }
  }

  /// Counts a request among those in flight at its endpoint; one too many is refused.
  ///
  /// Source: Autotask developer help, "Thread limiting": three at a time for each endpoint and integration.
  private mutating func thread(for endpoint: String, at moment: Moment) throws(AutotaskRefusal) -> String {
    let thread = "\(handle) \(integrationCode) \(endpoint)"
    let inFlight = moment.inFlight[thread] ?? 0
    counters.mostInFlight[endpoint] = max(counters.mostInFlight[endpoint] ?? 0, inFlight + 1)
    guard inFlight >= options.threads else { return thread }
    counters.threadRefusals += 1
    var refusal = AutotaskRefusal.invalid(
      "Itgenatr005: The Autotask API thread threshold of \(options.threads) threads has been exceeded. Method: \(endpoint)"
    )
    refusal.status = options.threadStatus
    refusal.headers = retryAfter(1, at: moment)
    throw refusal
  }

  /// Whether the hourly limit is kept: not while the clock stands still, since nothing would ever come back.
  private func limitsHold(at moment: Moment) -> Bool { !moment.clockIsFrozen || options.limitsFrozenClock }

  private mutating func spend(at moment: Moment) throws(AutotaskRefusal) {
    guard limitsHold(at: moment) else { return }
    usage.settle(at: moment.seconds)
    guard usage.count < options.requestsPerHour else {
      counters.requestsWhileSuspended += 1
      var refusal = AutotaskRefusal(
        429,
        .errors(["The API request threshold of \(options.requestsPerHour) requests per hour has been exceeded."]))
      refusal.headers = retryAfter(usage.wait(until: options.requestsPerHour, at: moment.seconds), at: moment)
      throw refusal
    }
    usage.add(1, at: moment.seconds)
  }

  private func retryAfter(_ seconds: Int, at moment: Moment) -> [EmulatedResponse.Header] {
    switch options.retryAfter {
    case .absent: []
    case .seconds: [.init(name: "Retry-After", value: seconds.description)]
    case .date: [.init(name: "Retry-After", value: AutotaskInstant.httpDate(moment.seconds + seconds))]
    }
  }

  var thresholds: JSON {
    [
      "externalRequestThreshold": .int(options.requestsPerHour),
      "requestThresholdTimeframe": .int(AutotaskUsage.window / 60), "currentTimeframeRequestCount": .int(usage.count),
    ]
  }

  // MARK: - To the records

  subscript(kind: AutotaskKind) -> AutotaskTable { tables[kind.rawValue] }

  func rights(on kind: AutotaskKind) -> Rights { rights[kind.rawValue] ?? Rights() }

  private func need(_ right: KeyPath<Rights, Bool>, on kind: AutotaskKind, to act: String) throws(AutotaskRefusal) {
    guard !rights(on: kind)[keyPath: right] else { return }
    throw AutotaskRefusal(
      options.missingRightsStatus,
      .errors(["The logged in Resource does not have the adequate permissions to \(act) this entity type."]))
  }

  private mutating func recordAnswer(
    _ request: EmulatedRequest, _ kind: AutotaskKind, _ resource: [String], at moment: Moment
  ) throws(AutotaskRefusal) -> EmulatedResponse {
    if resource.count > 2, resource[0] == "companies", let company = Int(resource[1]) {
      return try childAnswer(request, kind, of: company, Array(resource.dropFirst(3)), at: moment)
    }
    let rest = Array(resource.dropFirst())
    switch rest {
    case ["query"], ["query", "count"], ["query", "next"]:
      try need(\.query, on: kind, to: "query")
      return try queryAnswer(request, kind, rest.count == 2 ? rest[1] : "", at: moment)
    case ["entityinformation"], ["entityinformation", "fields"], ["entityinformation", "userdefinedfields"]:
      guard request.method == "GET" else { throw .methodNotAllowed(request.method) }
      return EmulatedResponse(200, information(on: kind, rest.count == 2 ? rest[1] : ""))
    case []:
      return try rootWrite(request, kind, at: moment)
    default:
      guard rest.count == 1, let id = Int(rest[0]) else { throw .noSuchRoute }
      // A contact is deleted below its company; companies and configuration items not at all.
      guard request.method == "GET" else { throw .methodNotAllowed(request.method) }
      try need(\.query, on: kind, to: "query")
      return try itemAnswer(kind, id)
    }
  }

  /// A write at the collection itself, where contacts have none.
  private mutating func rootWrite(
    _ request: EmulatedRequest, _ kind: AutotaskKind, at moment: Moment
  ) throws(AutotaskRefusal) -> EmulatedResponse {
    let entity = self[kind].entity
    let isTolerated = kind == .contacts && request.method == "PATCH" && options.contactsRoot == .tolerated
    if entity.isChild, !isTolerated, request.method != "GET" { throw .noSuchRoute }
    switch request.method {
    case "POST" where entity.canCreate:
      return try createAnswer(request, kind, company: nil, at: moment)
    case "PATCH" where entity.canUpdate, "PUT" where entity.canUpdate:
      return try updateAnswer(request, kind, company: nil, at: moment)
    default: throw .methodNotAllowed(request.method)
    }
  }

  private mutating func childAnswer(
    _ request: EmulatedRequest, _ kind: AutotaskKind, of company: Int, _ rest: [String], at moment: Moment
  ) throws(AutotaskRefusal) -> EmulatedResponse {
    let entity = self[kind].entity
    switch (request.method, rest.count) {
    case ("GET", 0):
      try need(\.query, on: kind, to: "query")
      return try childListing(request, kind, of: company, at: moment)
    case ("GET", 1) where rest == ["next"]:
      try need(\.query, on: kind, to: "query")
      return try childListing(request, kind, of: company, at: moment)
    case ("GET", 1):
      try need(\.query, on: kind, to: "query")
      guard let id = Int(rest[0]) else { throw .noSuchRoute }
      guard let row = self[kind].row(id), self[kind].value(row, "companyID") == .int(company) else {
        return try itemAnswer(kind, -1)
      }
      return try itemAnswer(kind, id)
    case ("POST", 0) where entity.canCreate:
      return try createAnswer(request, kind, company: company, at: moment)
    case ("PATCH", 0) where entity.canUpdate, ("PUT", 0) where entity.canUpdate:
      return try updateAnswer(request, kind, company: company, at: moment)
    case ("DELETE", 1) where entity.canDelete:
      guard let id = Int(rest[0]) else { throw .noSuchRoute }
      try need(\.delete, on: kind, to: "delete")
      try delete(kind, id, company: company)
      return EmulatedResponse(200, ["itemId": .int(id)])
    default: throw .methodNotAllowed(request.method)
    }
  }

  private mutating func createAnswer(
    _ request: EmulatedRequest, _ kind: AutotaskKind, company: Int?, at moment: Moment
  ) throws(AutotaskRefusal) -> EmulatedResponse {
    try need(\.create, on: kind, to: "create")
    let id = try create(
      kind, try body(of: request), company: company, impersonating: impersonated(request), at: moment)
    return EmulatedResponse(200, ["itemId": .int(id)])
  }

  private mutating func updateAnswer(
    _ request: EmulatedRequest, _ kind: AutotaskKind, company: Int?, at moment: Moment
  ) throws(AutotaskRefusal) -> EmulatedResponse {
    try need(\.update, on: kind, to: "update")
    let body = try body(of: request)
    guard let id = body.named("id")?.whole else { throw .invalid("The id of the record to update is missing.") }
    try update(kind, id, body, company: company, replacing: request.method == "PUT", at: moment)
    return EmulatedResponse(200, ["itemId": .int(id)])
  }

  private func body(of request: EmulatedRequest) throws(AutotaskRefusal) -> JSON {
    guard let body = try? request.json(), body.members != nil else {
      throw .malformed("The request body is not a JSON object.")
    }
    return body
  }

  private func impersonated(_ request: EmulatedRequest) -> Int? {
    request.headers["impersonationresourceid"].flatMap { Int($0) }
  }

  // MARK: - What the sandbox asks of a system

  func route(of request: EmulatedRequest) -> String {
    guard let root = request.path.prefix(2).firstIndex(where: { $0.lowercased() == "atservicesrest" }) else {
      return request.rawPath
    }
    let path = request.path[(root + 1)...].map { Int($0) == nil ? $0 : "{id}" }
    return "/" + (path.first?.lowercased() == "v1.0" ? path.dropFirst() : path[...]).joined(separator: "/")
  }

  func resourcePath(of request: EmulatedRequest) -> String {
    guard let route = Route(request.path) else { return request.rawPath }
    let below = request.path.suffix(route.resource?.count ?? route.rest.count)
    return "/" + below.joined(separator: "/")
  }

  func isWrite(_ request: EmulatedRequest) -> Bool {
    request.method != "GET" && !request.path.contains { $0.lowercased() == "query" }
  }

  func errorBody(status: Int) -> JSON {
    switch status {
    case 405: ["Message": "The requested resource does not support this http method."]
    // A real fault, unlike a refusal, holds no list of errors.
    case 500...: ["Message": "An error has occurred."]
    default: ["errors": ["An error was arranged."]]
    }
  }

  func emptyListing(for request: EmulatedRequest, at moment: Moment) -> JSON {
    if request.path.last?.lowercased() == "count" { return ["queryCount": 0] }
    return AutotaskPage.json(rows: [], size: AutotaskQuery.largestPage, previous: nil, next: nil)
  }
}
