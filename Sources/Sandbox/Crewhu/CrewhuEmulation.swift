// Crewhu, emulated: the token, the limit, and the way to each resource.
//
// Only reading employees is documented, and that by half. Everything that writes here is an assumption, in the shapes of
// "Assumed employee write API" of the vendor's page, and can be switched off.

import Foundation

/// One company's account at Crewhu.
struct CrewhuEmulation: EmulatedSystem {
  static let resources = ["user", "location", "department", "position", "profile"]

  let handle = "crewhu"
  let token: String
  var tokenIsValid = true
  var rights = Rights(resources)
  var options = CrewhuOptions()
  var template = CrewhuTemplate()
  /// In the order in which they were made; deleted ones are not there.
  var employees: [CrewhuEmployee] = []
  var places: [String: Int] = [:]
  /// Every list in the order in which its rows were made.
  var lists: [CrewhuList: [CrewhuListRow]] = [:]
  var profiles: [CrewhuProfile] = []
  var counters = CrewhuCounters()
  var random: SeededGenerator
  private var window = RateWindow()

  init(_ seed: SeedWorld) {
    random = SeededGenerator(seed: seed.seed &+ 9500)
    token = random.key(length: 32)
    fill(from: seed)
  }

  // MARK: - Answering

  mutating func answer(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse {
    do throws(CrewhuRefusal) {
      guard request.path.count > 2, request.path[0] == "api", request.path[1] == "v1" else { throw .notFound }
      // The name has underscores; with hyphens it is another header.
      guard tokenIsValid, request.headers["x_crewhu_apitoken"] == token else { throw .unauthorized }
      try meter(at: moment)
      return try resourceAnswer(request, Array(request.path.dropFirst(2)), at: moment)
    } catch {
      return EmulatedResponse(error.status, error.json, headers: error.headers)
    }
  }

  private mutating func meter(at moment: Moment) throws(CrewhuRefusal) {
    guard !moment.clockIsFrozen || options.limitsFrozenClock else { return }
    let standing = window.take(limit: options.requestsPerMinute, at: moment.seconds)
    if standing.isOver { throw .tooMany(wait: standing.wait) }
  }

  private func need(_ resource: String, write: Bool) throws(CrewhuRefusal) {
    guard rights[resource].covers(write: write) else { throw .forbidden }
  }

  private mutating func resourceAnswer(
    _ request: EmulatedRequest, _ resource: [String], at moment: Moment
  ) throws(CrewhuRefusal) -> EmulatedResponse {
    let isWrite = request.method != "GET"
    // What nobody has documented is not there for an account without it, whatever the method.
    guard (resource[0] == "user" && !isWrite) || options.hasWriteAPI else { throw .notFound }
    guard CrewhuEmulation.resources.contains(resource[0]) else { throw .notFound }
    try need(resource[0], write: isWrite)
    switch (request.method, resource[0], resource.count) {
    case ("GET", "user", 1): return try listing(request, at: moment)
    case ("POST", "user", 1): return try newEmployee(request, at: moment)
    case ("GET", "user", 2): return EmulatedResponse(200, json(employees[try place(resource[1])]))
    case ("PUT", "user", 2): return try changeEmployee(try place(resource[1]), request, at: moment)
    case ("POST", "user", 3) where resource[2] == "invite": return try invite(try place(resource[1]))
    case ("GET", "profile", 1): return rowAnswer(profiles.map(\.json), request)
    case ("GET", let name, 1):
      return rowAnswer((CrewhuList(rawValue: name).flatMap { lists[$0] } ?? []).map(\.json), request)
    case ("POST", let name, 1):
      guard let list = CrewhuList(rawValue: name) else { throw .methodNotAllowed }
      return try newRow(request, in: list)
    case (_, _, 1), (_, "user", 2): throw .methodNotAllowed
    default: throw .notFound
    }
  }

  private func place(_ id: String) throws(CrewhuRefusal) -> Int {
    guard let place = places[id] else { throw .notFound }
    return place
  }

  // MARK: - What the sandbox asks of a system

  func route(of request: EmulatedRequest) -> String {
    var path = request.path
    if path.count > 3, path[2] == "user" { path[3] = "{id}" }
    return "/" + path.joined(separator: "/")
  }

  func resourcePath(of request: EmulatedRequest) -> String {
    "/" + (request.path.first == "api" ? request.path.dropFirst() : request.path[...]).joined(separator: "/")
  }

  func isWrite(_ request: EmulatedRequest) -> Bool { request.method != "GET" }

  func errorBody(status: Int) -> JSON {
    status == 422
      ? ["errors": [["field": "email", "message": "An error was arranged."]]] : ["error": "An error was arranged."]
  }

  func emptyListing(for request: EmulatedRequest, at moment: Moment) -> JSON {
    wrapped([], total: 0, step: 1, hasMore: false)
  }

  /// The address ends as the vendor's does: `https://api.crewhu.com/api`.
  func description(root: String) -> SystemAccess {
    SystemAccess(
      system: SandboxDescription.System(url: "\(root)/api", credentials: ["token": token], tenants: nil),
      connect: "connect crewhu as crewhu url=\(root)/api token=env:SANDBOX_CREWHU_TOKEN",
      environment: ["SANDBOX_CREWHU_TOKEN": token])
  }
}
