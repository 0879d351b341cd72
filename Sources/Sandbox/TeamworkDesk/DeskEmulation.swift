// Teamwork Desk, emulated: signing in, limits, and the way to each resource.

import Foundation

/// One Desk of a provider.
struct DeskEmulation: EmulatedSystem {
  typealias Customers = TeamworkTable<DeskCustomer>
  typealias Companies = TeamworkTable<DeskCompany>

  /// The agent whose key it is.
  static let apiAgent = 2
  /// The agent under whose name changes by control stand.
  static let agent = 3

  let handle = "desk"
  let apiKey: String
  var credentialsAreValid = true
  var rights = Rights(["companies", "customers"])
  var ways = TeamworkSwitches<DeskWay, DeskLimit>()
  var customers = Customers()
  var companies = Companies()
  var domains = TeamworkTable<DeskDomain>()
  /// The places of each company's customers that are not deleted.
  var customersOfCompany: [Int: Set<Int>] = [:]
  /// The places of the customers that have an address in any contact point, by the address in lower case.
  var customersOfAddress: [String: [Int]] = [:]
  var nextPointID = 9001
  var counters = DeskCounters()
  var random: SeededGenerator
  private var window = RateWindow()
  /// The address under which the site was called last, which encoded records hold.
  private var root = ""

  init(_ seed: SeedWorld) {
    random = SeededGenerator(seed: seed.seed &+ 6000)
    apiKey = "tkn.v1_" + random.key(length: 40)
    fill(from: seed)
  }

  // MARK: - Answering

  mutating func answer(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse {
    if root != moment.root {
      root = moment.root
      customers.forgetTexts()
      companies.forgetTexts()
    }
    if request.path.count > 2, request.path[0] == "desk", ["images", "files"].contains(request.path[1]) {
      return picture(request)
    }
    var headers: [EmulatedResponse.Header] = []
    var answer: EmulatedResponse
    do throws(DeskRefusal) {
      guard request.path.starts(with: ["desk", "api", "v2"]) else { throw .unknownRoute }
      try signIn(request)
      let standing = meter(at: moment)
      headers = limitHeaders(standing, at: moment)
      if standing.isOver { throw DeskRefusal(status: 429, message: "Rate limit exceeded") }
      answer = try resourceAnswer(request, at: moment)
    } catch {
      answer = EmulatedResponse(error.status, error.json)
    }
    answer.headers += headers
    return answer
  }

  /// "Authorization: Bearer {key}. Basic auth is not used here".
  private func signIn(_ request: EmulatedRequest) throws(DeskRefusal) {
    let parts = (request.headers["authorization"] ?? "").split(separator: " ", maxSplits: 1)
    guard credentialsAreValid, parts.count == 2, parts[0].lowercased() == "bearer", parts[1] == apiKey[...] else {
      throw .unauthorized
    }
  }

  private mutating func meter(at moment: Moment) -> RateWindow.Standing {
    let limit = ways[.requestsPerMinute]
    guard !moment.clockIsFrozen || ways[.limitsFrozenClock] else {
      return .init(remaining: limit, wait: RateWindow.length, isOver: false)
    }
    return window.take(limit: limit, at: moment.seconds)
  }

  /// "Headers X-Rate-Limit-Limit … (hyphens differ from Teamwork.com)".
  private func limitHeaders(_ standing: RateWindow.Standing, at moment: Moment) -> [EmulatedResponse.Header] {
    let reset = ways[.resetIsEpoch] ? moment.seconds + standing.wait : standing.wait
    var headers: [EmulatedResponse.Header] = [
      .init(name: "X-Rate-Limit-Limit", value: ways[.requestsPerMinute].description),
      .init(name: "X-Rate-Limit-Remaining", value: standing.remaining.description),
      .init(name: "X-Rate-Limit-Reset", value: reset.description),
    ]
    if standing.isOver, ways[.sendsRetryAfter] {
      headers.append(.init(name: "Retry-After", value: standing.wait.description))
    }
    return headers
  }

  private func need(_ kind: String, write: Bool) throws(DeskRefusal) {
    guard rights[kind].covers(write: write) else { throw .forbidden }
  }

  // MARK: - Routing

  private mutating func resourceAnswer(
    _ request: EmulatedRequest, at moment: Moment
  ) throws(DeskRefusal) -> EmulatedResponse {
    var names = Array(request.path.dropFirst(3))
    guard let last = names.last, last.hasSuffix(".json") else { throw .unknownRoute }
    names[names.count - 1] = String(last.dropLast(5))
    let isSearch = names.first == "search"
    if isSearch { names.removeFirst() }
    guard names.count == 1 || (names.count == 2 && !isSearch) else { throw .unknownRoute }
    let isWrite = request.method != "GET"
    switch (names[0], names.count) {
    case ("customers", 1):
      try need("customers", write: isWrite)
      switch request.method {
      case "GET": return try customerListing(request, isSearch: isSearch, at: moment)
      case "POST" where !isSearch: return try newCustomer(request, at: moment)
      default: throw .methodNotAllowed
      }
    case ("customers", 2):
      try need("customers", write: isWrite)
      if names[1] == "update" { return try bulkCustomers(request, at: moment) }
      return try customerAnswer(request, Int(names[1]), at: moment)
    case ("companies", 1):
      try need("companies", write: isWrite)
      switch request.method {
      case "GET": return try companyListing(request, isSearch: isSearch, at: moment)
      case "POST" where !isSearch: return try newCompany(request, at: moment)
      default: throw .methodNotAllowed
      }
    case ("companies", 2):
      try need("companies", write: isWrite)
      if names[1] == "update" { return try bulkCompanies(request, at: moment) }
      return try companyAnswer(request, Int(names[1]), at: moment)
    case ("users", 1):
      guard !isWrite else { throw .methodNotAllowed }
      return agentListing(request)
    default: throw .unknownRoute
    }
  }

  /// The agents, which nothing here depends on.
  private func agentListing(_ request: EmulatedRequest) -> EmulatedResponse {
    let listing = DeskListing(request, isSearch: false, defaultSize: ways[.defaultPageSize])
    let rows = DeskEmulation.agents.dropFirst(listing.start).prefix(listing.pageSize)
    return EmulatedResponse(
      200,
      .object(
        [.init(name: "users", value: .array(Array(rows))), .init(name: "included", value: [:])]
          + listing.blocks(rows: rows.count, total: DeskEmulation.agents.count, endsEarly: false)))
  }

  static let agents: [JSON] = [
    ["id": 2, "firstName": "Kith", "lastName": "Sync", "email": "sync@kestrel.example", "state": "active"],
    [
      "id": 3, "firstName": "Dana", "lastName": "Whitfield", "email": "dana.whitfield@kestrel.example",
      "state": "active",
    ],
  ]

  /// A picture, which anyone may look at: a drawing that names the file.
  private func picture(_ request: EmulatedRequest) -> EmulatedResponse {
    guard request.method == "GET" else { return EmulatedResponse(status: 405) }
    let name = (request.path.last ?? "").filter { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    return EmulatedResponse(
      status: 200,
      body: "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\"><title>\(name)</title></svg>",
      contentType: "image/svg+xml")
  }

  // MARK: - Pieces of answers

  func relation(_ id: Int, _ type: String) -> JSON {
    let numbers = ["users": 1, "companies": 12, "contacts": 15, "customers": 14, "domains": 21]
    return ["id": .int(id), "type": ways[.numericRelations] ? .int(numbers[type] ?? 0) : .string(type)]
  }

  func shownAddress(_ address: String, root: String) -> String { address.hasPrefix("/") ? root + address : address }

  /// A listing around rows that are encoded already.
  func answer(_ name: String, _ rows: [String], included: JSON, blocks: [JSON.Member]) -> EmulatedResponse {
    var body = "{\"\(name)\":[\(rows.joined(separator: ","))],\"included\":\(included.encoded)"
    for block in blocks { body += ",\"\(block.name)\":\(block.value.encoded)" }
    return EmulatedResponse(status: 200, body: body + "}")
  }

  /// A request's body, which must hold an object under the record's name.
  func record(_ request: EmulatedRequest, _ name: String) throws(DeskRefusal) -> (body: JSON, record: JSON) {
    guard let body = try? request.json() else { throw .invalid("body", "is not valid JSON") }
    guard let record = body[name], record.members != nil else { throw .invalid(name, "must be set") }
    return (body, record)
  }

  var deletedAnswer: EmulatedResponse {
    ways[.deletesAnswer200] ? EmulatedResponse(200, [:]) : EmulatedResponse(status: 204)
  }

  // MARK: - What the sandbox asks of a system

  func route(of request: EmulatedRequest) -> String {
    if request.path.count > 2, ["images", "files"].contains(request.path[1]) {
      return "/desk/\(request.path[1])/{file}"
    }
    return "/"
      + request.path.map { name in
        name.hasSuffix(".json") && Int(name.dropLast(5)) != nil ? "{id}.json" : Int(name) == nil ? name : "{id}"
      }.joined(separator: "/")
  }

  func resourcePath(of request: EmulatedRequest) -> String {
    let isResource = request.path.starts(with: ["desk", "api", "v2"])
    return "/" + (isResource ? request.path.dropFirst(3) : request.path[...]).joined(separator: "/")
  }

  func isWrite(_ request: EmulatedRequest) -> Bool { request.method != "GET" }

  func errorBody(status: Int) -> JSON { ["error": "An error was arranged."] }

  func emptyListing(for request: EmulatedRequest, at moment: Moment) -> JSON {
    let name = request.path.last.map { String($0.prefix { $0 != "." }) } ?? "customers"
    let listing = DeskListing(
      request, isSearch: request.path.contains("search"), defaultSize: ways[.defaultPageSize])
    return .object(
      [.init(name: name, value: []), .init(name: "included", value: [:])]
        + listing.blocks(rows: 0, total: 0, endsEarly: true))
  }
}

/// What happened over the API that a client must not do, or that somebody would notice.
struct DeskCounters: Sendable {
  /// The addresses to which welcome mails went, in order.
  var welcomeMails: [String] = []
  /// The companies that were to be made in Teamwork.com too.
  var createdInProjects: [String] = []
  var created: [String: Int] = [:]
  var updated: [String: Int] = [:]
  var deleted: [String: Int] = [:]
  var puts = 0
  var bulkUpdates = 0
  /// Contact points added to a customer who had the same value already.
  var duplicateContactPoints = 0
  /// Customers who fell back to the company of their domain after being moved.
  var reattached = 0
  /// Keys of bodies that mean nothing, or cannot be written.
  var ignoredKeys: [String: Int] = [:]

  var json: JSON {
    return [
      "welcome-mails-sent": .int(welcomeMails.count), "welcomed": .array(welcomeMails.map { .string($0) }),
      "created-in-projects": .int(createdInProjects.count),
      "companies-created-in-projects": .array(createdInProjects.map { .string($0) }), "created": .counts(created),
      "updated": .counts(updated), "deleted": .counts(deleted), "puts": .int(puts), "bulk-updates": .int(bulkUpdates),
      "duplicate-contact-points": .int(duplicateContactPoints), "reattached": .int(reattached),
      "ignored-keys": .counts(ignoredKeys),
    ]
  }
}
