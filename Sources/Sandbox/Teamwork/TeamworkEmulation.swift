// Teamwork.com, emulated: signing in, limits, and the way to each resource of both API generations.

import Foundation

/// One Teamwork.com site of a provider.
struct TeamworkEmulation: EmulatedSystem {
  typealias Companies = TeamworkTable<TeamworkCompany>
  typealias People = TeamworkTable<TeamworkPerson>

  let handle = "teamwork"
  let apiKey: String
  let installationID = 384_202
  var credentialsAreValid = true
  /// Tokens of the login flow that hold.
  var tokens: Set<String> = []
  var rights = Rights(["companies", "people"])
  var ways = TeamworkSwitches<TeamworkWay, TeamworkLimit>()
  /// Whose key it is: the API sees and may do what this person does.
  var keyOwnerID = 0
  var ownerCompanyID = 0
  var companies = Companies()
  var people = People()
  var domains = TeamworkTable<TeamworkDomain>()
  /// The places of each company's people, ascending, also of those that were deleted.
  var peopleOfCompany: [Int: [Int]] = [:]
  /// The places of the people who have an address as their main one, by the address in lower case.
  var peopleOfEmail: [String: [Int]] = [:]
  /// How many present people of each kind a company has, client users apart.
  var headcounts: [Int: [String: Int]] = [:]
  /// Files that were announced, by reference.
  var files: [String: TeamworkFile] = [:]
  var counters = TeamworkCounters()
  var random: SeededGenerator
  private var window = RateWindow()
  private var fullPages = (since: 0, count: 0)
  /// The address under which the site was called last, which encoded records hold.
  private var root = ""

  init(_ seed: SeedWorld) {
    random = SeededGenerator(seed: seed.seed &+ 5000)
    apiKey = "twp_" + random.key(length: 32)
    fill(from: seed)
  }

  // MARK: - Answering

  mutating func answer(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse {
    if root != moment.root {
      root = moment.root
      companies.forgetTexts()
      people.forgetTexts()
    }
    let place = TeamworkRoute(request.path)
    var headers: [EmulatedResponse.Header] = []
    var answer: EmulatedResponse
    do throws(TeamworkRefusal) {
      switch place {
      case .upload(let reference): return upload(request, reference, at: moment)
      case .image(let name): return image(name)
      case .resource, .unknown:
        try signIn(request)
        let standing = meter(request, at: moment)
        headers = limitHeaders(standing, at: moment)
        if standing.isOver { throw .rateLimited }
        answer = try resourceAnswer(request, place, at: moment)
      }
    } catch {
      answer = EmulatedResponse(
        error.status,
        error.body(place.generation, trace: trace(), usesContent: ways[.errorsAsContent]))
    }
    answer.headers += headers
    return answer
  }

  /// The number under which the vendor finds a failure again.
  private mutating func trace() -> String { String(random.guid().prefix(8)) }

  /// `Basic` with the key as user name and any password, or a token of the login flow.
  private func signIn(_ request: EmulatedRequest) throws(TeamworkRefusal) {
    let parts = (request.headers["authorization"] ?? "").split(separator: " ", maxSplits: 1)
    guard credentialsAreValid, parts.count == 2 else { throw .unauthorized }
    switch parts[0].lowercased() {
    case "basic":
      guard let data = Data(base64Encoded: String(parts[1])),
        String(decoding: data, as: UTF8.self).split(separator: ":", omittingEmptySubsequences: false).first
          == apiKey[...]
      else { throw .unauthorized }
    case "bearer":
      guard tokens.contains(String(parts[1])) else { throw .unauthorized }
    default: throw .unauthorized
    }
  }

  // MARK: - Limits

  /// The limit of the key, which full listings can lower.
  private var limit: Int {
    let full = ways[.requestsPerMinute]
    let allowed = ways[.fullPagesBeforeLowerLimit]
    return allowed > 0 && fullPages.count > allowed ? max(1, full / 3) : full
  }

  private mutating func meter(_ request: EmulatedRequest, at moment: Moment) -> RateWindow.Standing {
    countFullPage(request, at: moment)
    guard !moment.clockIsFrozen || ways[.limitsFrozenClock] else {
      return .init(remaining: limit, wait: RateWindow.length, isOver: false)
    }
    return window.take(limit: limit, at: moment.seconds)
  }

  private func limitHeaders(_ standing: RateWindow.Standing, at moment: Moment) -> [EmulatedResponse.Header] {
    let reset = ways[.resetIsEpoch] ? moment.seconds + standing.wait : standing.wait
    var headers: [EmulatedResponse.Header] = [
      .init(name: "X-RateLimit-Limit", value: limit.description),
      .init(name: "X-RateLimit-Remaining", value: standing.remaining.description),
      .init(name: "X-RateLimit-Reset", value: reset.description),
    ]
    if standing.isOver, ways[.sendsRetryAfter] {
      headers.append(.init(name: "Retry-After", value: standing.wait.description))
    }
    if limit < ways[.requestsPerMinute] {
      headers.append(
        .init(name: "X-RateLimit-Notice", value: "Limit lowered: pass an updatedAfter value to list endpoints."))
    }
    return headers
  }

  /// "Constant full paging without updatedAfter can get the key's rate limit lowered".
  private mutating func countFullPage(_ request: EmulatedRequest, at moment: Moment) {
    guard request.method == "GET", ["companies.json", "people.json"].contains(request.path.last),
      !["updatedAfter", "updatedAfterDate", "createdAfter", "ids", "emails", "name", "companyIds"].contains(
        where: { request.option($0) != nil })
    else { return }
    counters.fullPages += 1
    if moment.seconds - fullPages.since >= 3600 { fullPages = (moment.seconds, 0) }
    fullPages.count += 1
  }

  // MARK: - Rights

  var keyOwner: TeamworkPerson? { people.record(id: keyOwnerID) }

  /// The companies that the key's owner sees; `nil` for all. What is not seen is silently absent.
  var visibleCompanies: Set<Int>? {
    guard let owner = keyOwner, !owner.isDeleted else { return [] }
    return owner.isAdmin ? nil : [owner.companyID, ownerCompanyID]
  }

  func mayRead(_ kind: String) -> Bool { rights[kind].read }

  func needWrite(_ kind: String) throws(TeamworkRefusal) {
    guard rights[kind].write, keyOwner?.isAdmin == true else { throw .forbidden }
  }

  /// The place of a company that the key's owner sees.
  func seenCompany(_ id: Int?) -> Int? {
    guard mayRead("companies"), let id, let place = companies.place(id: id), !companies[place].isDeleted,
      visibleCompanies?.contains(id) ?? true
    else { return nil }
    return place
  }

  /// The place of a person whom the key's owner sees.
  func seenPerson(_ id: Int?, alsoDeleted: Bool = false) -> Int? {
    guard mayRead("people"), let id, let place = people.place(id: id), alsoDeleted || !people[place].isDeleted,
      visibleCompanies?.contains(people[place].companyID) ?? true
    else { return nil }
    return place
  }

  // MARK: - Routing

  private mutating func resourceAnswer(
    _ request: EmulatedRequest, _ place: TeamworkRoute, at moment: Moment
  ) throws(TeamworkRefusal) -> EmulatedResponse {
    guard case .resource(let generation, let resource) = place else { throw .unknownRoute }
    let id = resource.dropFirst().first.flatMap { Int($0) }
    switch (generation, resource.first ?? "", resource.count) {
    case (.v3, "me", 1):
      guard request.method == "GET" else { throw .methodNotAllowed }
      return me(at: moment)
    case (.v3, "companies", 1), (.v3, "companies", 2): return try companyAnswer(request, resource, at: moment)
    case (.v3, "companies", 3): return try domainAnswer(request, resource, at: moment)
    case (.v3, "people", 1), (.v3, "people", 2): return try personAnswer(request, resource, at: moment)
    case (.v1, "people", 1): return try oldPeopleAnswer(request, at: moment)
    case (.v1, "people", 2): return try oldPersonAnswer(request, id, at: moment)
    case (.v1, "companies", 3) where resource[2] == "people":
      guard request.method == "GET" else { throw .methodNotAllowed }
      guard let place = seenCompany(id) else { throw .notFound("company") }
      return try oldListing(request, company: companies[place].id, at: moment)
    case (.v1, "pendingfiles", 2) where resource[1] == "presignedurl":
      guard request.method == "GET" else { throw .methodNotAllowed }
      return try announcedFile(request, at: moment)
    default: throw .unknownRoute
    }
  }

  /// `GET /projects/api/v3/me.json`.
  private func me(at moment: Moment) -> EmulatedResponse {
    guard let owner = keyOwner else { return EmulatedResponse(200, ["person": nil]) }
    return EmulatedResponse(
      200,
      [
        "person": [
          "id": .int(owner.id), "firstName": .string(owner.firstName), "lastName": .string(owner.lastName),
          "email": .string(owner.email), "siteOwner": .bool(owner.isSiteOwner),
          "inOwnerCompany": .bool(owner.companyID == ownerCompanyID), "isAdmin": .bool(owner.isAdmin),
          "companyId": .int(owner.companyID), "installationId": .int(installationID),
          "phoneNumberMobile": .string(owner.texts["phone-number-mobile"] ?? ""),
          "avatarUrl": .string(shownAddress(owner.avatar, root: moment.root)),
        ]
      ])
  }

  /// The JSON object in a request's body.
  func record(_ request: EmulatedRequest, envelope: String, status: Int) throws(TeamworkRefusal) -> (JSON, JSON) {
    guard let body = try? request.json(), let record = body[envelope], record.members != nil else {
      throw TeamworkRefusal(
        status: status, title: "invalid payload", detail: "The request body must be an object with \"\(envelope)\"")
    }
    return (body, record)
  }

  /// An address as answers show it: a path of this site becomes absolute.
  func shownAddress(_ address: String, root: String) -> String { address.hasPrefix("/") ? root + address : address }

  // MARK: - What the sandbox asks of a system

  func route(of request: EmulatedRequest) -> String {
    let names = request.path.map { name -> String in
      if name.hasSuffix(".json"), Int(name.dropLast(5)) != nil { return "{id}.json" }
      return Int(name) == nil ? name : "{id}"
    }
    return names.first == "uploads" || names.first == "avatars"
      ? "/\(names[0])/{file}" : "/" + names.joined(separator: "/")
  }

  func resourcePath(of request: EmulatedRequest) -> String {
    "/"
      + (request.path.starts(with: ["projects", "api"]) ? request.path.dropFirst(3) : request.path[...])
      .joined(separator: "/")
  }

  func isWrite(_ request: EmulatedRequest) -> Bool {
    // The bytes of a picture change no record.
    request.method != "GET" && request.path.first != "uploads"
  }

  func errorBody(status: Int) -> JSON {
    ["errors": [["id": "1-00000000", "title": "arranged", "detail": "An error was arranged."]]]
  }

  func emptyListing(for request: EmulatedRequest, at moment: Moment) -> JSON {
    let rows = request.path.last == "companies.json" ? "companies" : "people"
    guard TeamworkRoute(request.path).generation == .v3 else { return ["STATUS": "OK", "people": []] }
    let size = request.option("pageSize").flatMap { Int($0) } ?? TeamworkListing.defaultPageSize
    return .object([
      .init(name: rows, value: []), .init(name: "included", value: [:]),
      .init(
        name: "meta",
        value: ["page": ["pageOffset": 0, "pageSize": .int(size), "count": 0, "hasMore": false]]),
    ])
  }
}

/// What a path means.
enum TeamworkRoute: Sendable, Equatable {
  /// Names of the path below the API's root, the ending `.json` left out.
  case resource(TeamworkGeneration, [String])
  case upload(String)
  case image(String)
  case unknown(TeamworkGeneration)

  init(_ path: [String]) {
    if path.count == 2, path[0] == "uploads" {
      self = .upload(path[1])
    } else if path.count == 2, path[0] == "avatars" {
      self = .image(path[1])
    } else {
      let isNew = path.starts(with: ["projects", "api", "v3"])
      // Pictures are announced under a third root, whose errors look like those of v3.
      let isPending = path.starts(with: ["projects", "api", "v1", "pendingfiles"])
      var names = isNew || isPending ? Array(path.dropFirst(3)) : path
      let generation: TeamworkGeneration = isNew ? .v3 : .v1
      // "The suffix is part of the route".
      guard let last = names.last, last.hasSuffix(".json"), names.first != "projects",
        isPending || names.first != "pendingfiles"
      else {
        self = .unknown(generation)
        return
      }
      names[names.count - 1] = String(last.dropLast(5))
      self = .resource(generation, names)
    }
  }

  var generation: TeamworkGeneration {
    switch self {
    case .resource(let generation, _), .unknown(let generation): generation
    case .upload, .image: .v3
    }
  }
}

/// What happened over the API that a client must not do, or that somebody would notice.
struct TeamworkCounters: Sendable {
  /// The addresses to which invitations went, in order.
  var invitations: [String] = []
  /// Writes to people who can log in.
  var loginsEdited: [Int] = []
  /// Writes to people of the owner company.
  var staffEdited: [Int] = []
  var seatsTaken = 0
  var kindsChanged = 0
  var created: [String: Int] = [:]
  var updated: [String: Int] = [:]
  var deleted: [String: Int] = [:]
  /// People who went with their company.
  var deletedWithCompany = 0
  /// Keys of bodies that mean nothing to the route.
  var ignoredKeys: [String: Int] = [:]
  /// Creates that answered with a person who was there before.
  var continued = 0
  var managersCleared = 0
  var switchedToMultiCurrency = 0
  var uploads = 0
  /// Pages of listings that were asked for without any narrowing.
  var fullPages = 0

  var json: JSON {
    return [
      "invitations-sent": .int(invitations.count), "invited": .array(invitations.map { .string($0) }),
      "logins-edited": .int(loginsEdited.count), "logins": .array(loginsEdited.map { .int($0) }),
      "staff-edited": .int(staffEdited.count), "seats-taken": .int(seatsTaken), "kinds-changed": .int(kindsChanged),
      "created": .counts(created), "updated": .counts(updated), "deleted": .counts(deleted),
      "deleted-with-company": .int(deletedWithCompany), "ignored-keys": .counts(ignoredKeys),
      "continued": .int(continued), "managers-cleared": .int(managersCleared),
      "switched-to-multi-currency": .int(switchedToMultiCurrency), "uploads": .int(uploads),
      "full-pages": .int(fullPages),
    ]
  }
}
