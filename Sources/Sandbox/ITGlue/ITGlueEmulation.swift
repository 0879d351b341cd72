// IT Glue, emulated: the key, the budget, media types, and the way to each resource.

import Foundation

/// One account of a provider.
struct ITGlueEmulation: EmulatedSystem {
  static let mediaType = "application/vnd.api+json"
  /// A key that nobody used for so long is revoked.
  static let idleDays = 90

  let handle = "itglue"
  let key: String
  var keyIsValid = true
  /// Milliseconds since 1970.
  private var keyLastUsed: Int
  var rights = Rights(ITGlueKind.allCases.map(\.path))
  var options = ITGlueOptions()
  private var tables = ITGlueKind.allCases.map { ITGlueTable($0) }
  /// How many organizations have a name.
  var organizationNames: [String: Int] = [:]
  /// How many configurations each type has.
  var configurationsOfType: [Int: Int] = [:]
  /// Changes whenever a name changes that other records show.
  var namesMark = 0
  /// Organizations waiting to be deleted.
  var dueOrganizations: Set<Int> = []
  var log: [ITGlueLogEntry] = []
  var nextLogID = 1
  /// Things that clients did which they should not, or which cannot be seen otherwise.
  var counters: [String: Int] = [:]
  var nextID = 9_100_200_300_400_501
  private var window = (number: 0, requests: 0)
  var random: SeededGenerator

  init(_ seed: SeedWorld) {
    var random = SeededGenerator(seed: seed.seed &+ 7000)
    key = "ITG." + (0..<2).map { _ in random.guid().filter { $0 != "-" } }.joined()
    self.random = random
    keyLastUsed = Instant.seconds(seed.startsAt) * 1000
    fill(from: seed)
  }

  subscript(kind: ITGlueKind) -> ITGlueTable {
    _read { yield tables[kind.place] }
    _modify { yield &tables[kind.place] }
  }

  mutating func count(_ what: String, by number: Int = 1) { counters[what, default: 0] += number }

  // MARK: - Answering

  mutating func answer(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse {
    finishDeletions(at: moment)
    do throws(ITGlueRefusal) {
      try signIn(request, at: moment)
      try meter(at: moment)
      return try routedAnswer(request, at: moment)
    } catch {
      return error.answer
    }
  }

  /// `x-api-key`; the words of the refusal are no JSON.
  private mutating func signIn(_ request: EmulatedRequest, at moment: Moment) throws(ITGlueRefusal) {
    if moment.milliseconds - keyLastUsed > ITGlueEmulation.idleDays * 86_400_000 { keyIsValid = false }
    guard keyIsValid, request.headers["x-api-key"] == key else {
      throw options.badKeyStatus == 403
        ? ITGlueRefusal(status: 403, text: "<html><body><h1>403 Forbidden</h1></body></html>", type: "text/html")
        : ITGlueRefusal(status: 401, text: "HTTP Token: Access denied.\n", type: "text/plain")
    }
    keyLastUsed = moment.milliseconds
  }

  /// A key that is made valid again begins its idle days anew.
  mutating func setKey(valid: Bool, at moment: Moment) {
    keyIsValid = valid
    keyLastUsed = moment.milliseconds
  }

  /// 3000 requests in 5 minutes; the refusal says neither how long to wait nor what is left.
  private mutating func meter(at moment: Moment) throws(ITGlueRefusal) {
    guard !moment.clockIsFrozen || options.limitsFrozenClock else { return }
    let number = moment.seconds / ITGlueOptions.windowSeconds
    window = number == window.number ? (number, window.requests + 1) : (number, 1)
    guard window.requests > options.requestsPerWindow else { return }
    var refusal = ITGlueRefusal(status: 429, text: "Retry later\n", type: "text/plain")
    if options.sendsRetryAfter {
      let wait = ITGlueOptions.windowSeconds - moment.seconds % ITGlueOptions.windowSeconds
      refusal.headers = [.init(name: "Retry-After", value: wait.description)]
    }
    throw refusal
  }

  private func need(_ kind: ITGlueKind, write: Bool) throws(ITGlueRefusal) {
    guard rights[kind.path].covers(write: write) else {
      throw ITGlueRefusal(status: 403, text: "<html><body><h1>403 Forbidden</h1></body></html>", type: "text/html")
    }
  }

  private mutating func routedAnswer(
    _ request: EmulatedRequest, at moment: Moment
  ) throws(ITGlueRefusal) -> EmulatedResponse {
    guard let name = request.path.first else { throw .notFound("The resource") }
    if name == "logs", request.path.count == 1, request.method == "GET" { return try logAnswer(request, at: moment) }
    guard var kind = ITGlueKind(path: name) else { throw .notFound("The resource") }
    var rest = Array(request.path.dropFirst())
    var parent: Int?
    // Nested: /organizations/{id}/relationships/contacts and /manufacturers/{id}/relationships/models.
    if rest.count >= 3, rest[1] == "relationships" {
      guard let below = ITGlueKind(path: rest[2]), below.parentAttribute != nil,
        (kind == .organizations && below.isContents) || (kind == .manufacturers && below == .models)
      else { throw .notFound("The resource") }
      guard let id = Int(rest[0]), self[kind].place(id) != nil else { throw .notFound("The record \(rest[0])") }
      parent = id
      kind = below
      rest.removeFirst(3)
    }
    let isWrite = request.method != "GET"
    try need(kind, write: isWrite)
    if isWrite { try checkMediaType(request) }
    let scope = ITGlueScope(kind: kind, parent: parent)
    switch (request.method, rest.count) {
    case ("GET", 0): return try listing(request, scope, at: moment)
    case ("GET", 1): return try single(rest[0], request, scope)
    case ("POST", 0), ("PATCH", 0), ("PATCH", 1):
      guard !kind.isReadOnly else { throw .notFound("The resource") }
      return try write(request, id: rest.first, scope, at: moment)
    case ("DELETE", 0) where kind.canBeDeleted && parent == nil: return try delete(request, kind, at: moment)
    default: throw .notFound("The resource")
    }
  }

  /// "`Content-Type: application/vnd.api+json` on every request with a body; a missing or wrong one → 415."
  private func checkMediaType(_ request: EmulatedRequest) throws(ITGlueRefusal) {
    guard !request.body.isEmpty else { return }
    let sent = (request.headers["content-type"] ?? "").prefix { $0 != ";" }.lowercased().filter { $0 != " " }
    guard sent == ITGlueEmulation.mediaType else {
      throw ITGlueRefusal(
        415, "Unsupported Media Type", detail: "The content type must be \(ITGlueEmulation.mediaType).")
    }
  }

  func response(_ status: Int, _ body: String) -> EmulatedResponse {
    EmulatedResponse(status: status, body: body, contentType: ITGlueEmulation.mediaType)
  }

  // MARK: - What the sandbox asks of a system

  func route(of request: EmulatedRequest) -> String {
    "/" + request.path.map { Int($0) == nil ? $0 : "{id}" }.joined(separator: "/")
  }

  func resourcePath(of request: EmulatedRequest) -> String { "/" + request.path.joined(separator: "/") }

  func isWrite(_ request: EmulatedRequest) -> Bool { request.method != "GET" }

  func errorBody(status: Int) -> JSON {
    ITGlueRefusal.json(status: status, [.init(title: "An error was arranged.")])
  }

  func emptyListing(for request: EmulatedRequest, at moment: Moment) -> JSON {
    [
      "data": [],
      "meta": [
        "current-page": 1, "next-page": nil, "prev-page": nil, "total-pages": 0, "total-count": 0,
        "filters": .object([]),
      ], "links": .object([]),
    ]
  }
}

/// Which collection a request is about.
struct ITGlueScope: Sendable {
  var kind: ITGlueKind
  /// The organization or manufacturer that a nested route names.
  var parent: Int?
}

extension Moment {
  /// Milliseconds since 1970.
  var milliseconds: Int { Int(exactly: (now.timeIntervalSince1970 * 1000).rounded(.down)) ?? 0 }
}
