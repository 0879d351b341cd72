// The emulated world: all systems behind one lock, and what happens to a request on its way through.

import Foundation
import Synchronization

/// Everything that changes, guarded by one lock; each request is one step.
final class World: Sendable {
  /// A page of a listing that an answer has announced.
  private struct AnnouncedPage {
    var number: Int
    /// The request that announced it.
    var previous: String
  }

  private struct State {
    var clock: EmulatedClock
    var systems: [any EmulatedSystem]
    var faults = Faults()
    var log = RequestLog()
    var latency: Duration
    var random: SeededGenerator
    /// How many answers on their way occupy each place.
    var inFlight: [String: Int] = [:]
    /// By method and normalised target.
    var announced: [String: AnnouncedPage] = [:]
    /// Requests that followed a redirect to another host, and how many of them carried credentials.
    var strays = 0
    var straysWithCredentials = 0
  }

  let options: SandboxOptions
  private let realTime: @Sendable () -> Date
  private let state: Mutex<State>
  private let address = Mutex("http://127.0.0.1:0")

  /// - Parameter realTime: what the emulated clock is shifted from.
  init(_ options: SandboxOptions, realTime: @escaping @Sendable () -> Date = { Date() }) {
    self.options = options
    self.realTime = realTime
    state = Mutex(World.freshState(options, realTime: realTime()))
  }

  private static func freshState(_ options: SandboxOptions, realTime: Date) -> State {
    let clock = EmulatedClock(startingAt: options.startingAt, frozen: options.frozenClock, realTime: realTime)
    let seed = SeedWorld(options, now: clock.now(realTime: realTime))
    return State(
      clock: clock,
      systems: [
        MicrosoftGraphEmulation(seed), ConnectWiseEmulation(seed), TeamworkEmulation(seed), DeskEmulation(seed),
        AutotaskEmulation(seed), ITGlueEmulation(seed), CrewhuEmulation(seed), GoogleEmulation(seed),
      ],
      latency: options.latency, random: SeededGenerator(seed: options.seed &+ 77))
  }

  /// Where the sandbox listens, once it does.
  var root: String {
    get { address.withLock { $0 } }
    set { address.withLock { $0 = newValue } }
  }

  // MARK: - Requests

  /// Answers one request to any system or to control, with nothing between arrival and delivery.
  func answer(_ request: EmulatedRequest) -> EmulatedResponse {
    let answer = admit(request)
    delivered(answer)
    return answer
  }

  /// Answers one request; what it occupies is kept until ``delivered(_:)`` is told.
  func admit(_ request: EmulatedRequest) -> EmulatedResponse {
    if request.system == "control" { return controlAnswer(request) }
    let realTime = realTime()
    return state.withLock { state in
      let answer = World.answer(request, &state, realTime: realTime)
      if let place = answer.occupies { state.inFlight[place, default: 0] += 1 }
      return answer
    }
  }

  /// Frees what an answer occupied.
  func delivered(_ answer: EmulatedResponse) {
    guard let place = answer.occupies else { return }
    state.withLock { state in
      // A reset in between has forgotten the place.
      guard let count = state.inFlight[place] else { return }
      state.inFlight[place] = count > 1 ? count - 1 : nil
    }
  }

  /// The headers in which the vendors take secrets.
  private static let credentialHeaders = ["authorization", "secret", "x-api-key", "x_crewhu_apitoken"]

  private static func answer(_ request: EmulatedRequest, _ state: inout State, realTime: Date) -> EmulatedResponse {
    guard let index = state.systems.firstIndex(where: { $0.handle == request.system }) else {
      if request.system == "elsewhere" {
        state.strays += 1
        if World.credentialHeaders.contains(where: { request.headers[$0] != nil }) {
          state.straysWithCredentials += 1
        }
        return EmulatedResponse(200, ["value": []])
      }
      return EmulatedResponse(
        404,
        [
          "error": .string("There is no system here."),
          "fix":
            "Paths begin with /m365, /connectwise, /teamwork, /desk, /autotask, /itglue, /crewhu, /google or /control.",
        ])
    }
    var moment = Moment(
      now: state.clock.now(realTime: realTime), root: "http://\(request.host)/\(request.system)",
      clockIsFrozen: state.clock.isFrozen, inFlight: state.inFlight)
    let place = pageKey(request)
    let page = state.announced[place]?.number ?? request.option("page").flatMap { Int($0) } ?? 1
    let rule = state.faults.rule(
      for: request, resourcePath: state.systems[index].resourcePath(of: request), page: page, random: &state.random)

    var performed = false
    var answer: EmulatedResponse
    if let rule, rule.standsInForTheAnswer {
      answer = rule.answer(to: request, from: state.systems[index], at: moment)
    } else {
      moment.endsListingsEarly = rule?.kind == .endEarly
      let meant = rule?.kind == .repeatPage ? pageBefore(request, state.announced[place]) : request
      answer = state.systems[index].answer(meant, at: moment)
      performed = (200..<300).contains(answer.status)
      if let link = answer.nextLink {
        announce(link, page: meant.target == request.target ? page + 1 : page, from: meant, in: &state)
      }
      rule?.spoil(&answer)
    }
    answer.delay += state.latency
    let system = state.systems[index]
    state.log.record(
      request, route: system.route(of: request), outcome: answer, isWrite: system.isWrite(request),
      wasPerformed: performed, fault: rule?.id, at: Instant.text(moment.now))
    return answer
  }

  private static func announce(_ link: String, page: Int, from request: EmulatedRequest, in state: inout State) {
    if state.announced.count > 50_000 { state.announced = [:] }
    state.announced[pageKey(EmulatedRequest(request.method, pathAndQuery(of: link)))] = AnnouncedPage(
      number: page, previous: request.target)
  }

  /// The same for every spelling of a target: options sorted, encoding undone.
  private static func pageKey(_ request: EmulatedRequest) -> String {
    request.method + " " + request.system + "/" + request.path.joined(separator: "/") + "?"
      + request.query.map { "\($0.name)=\($0.value)" }.sorted().joined(separator: "&")
  }

  private static func pathAndQuery(of link: String) -> String {
    guard let scheme = link.range(of: "://"), let slash = link[scheme.upperBound...].firstIndex(of: "/") else {
      return link
    }
    return String(link[slash...])
  }

  private static func pageBefore(_ request: EmulatedRequest, _ announced: AnnouncedPage?) -> EmulatedRequest {
    if let announced { return request.retargeted(announced.previous) }
    guard let page = request.option("page").flatMap({ Int($0) }), page > 1 else { return request }
    return request.retargeted(request.target.replacingOccurrences(of: "page=\(page)", with: "page=\(page - 1)"))
  }

  // MARK: - Control

  /// Carries out a control request that came over HTTP.
  private func controlAnswer(_ request: EmulatedRequest) -> EmulatedResponse {
    let result = control(method: request.method, target: request.target, body: request.body)
    return EmulatedResponse(status: result.status, body: result.body)
  }

  /// Carries out a control request; the path may begin with `/control` or leave it out.
  func control(method: String, target: String, body: [UInt8]) -> (status: Int, body: String) {
    do throws(ControlProblem) {
      let below = target.hasPrefix("/control") ? String(target.dropFirst("/control".count)) : target
      let parsed = EmulatedRequest(method, "/control" + (below.hasPrefix("/") ? "" : "/") + below)
      var json = JSON.null
      if !body.isEmpty {
        do {
          json = try JSON(reading: body)
        } catch {
          throw ControlProblem(400, "The body is not JSON: \(error.message).", fix: "Send a JSON object, or no body.")
        }
      }
      let request = ControlRequest(method: parsed.method, path: parsed.path, query: parsed.query, body: json)
      return (200, try control(request).encoded)
    } catch {
      return (error.status, error.json.encoded)
    }
  }

  private func control(_ request: ControlRequest) throws(ControlProblem) -> JSON {
    let root = root
    let realTime = realTime()
    return try state.withLock { (state) throws(ControlProblem) -> JSON in
      try World.control(request, &state, root: root, options: options, realTime: realTime)
    }
  }

  static let controlRoutes: [ControlRoute] = [
    ControlRoute("GET", "/control", "This list."),
    ControlRoute("GET", "/control/description", "Addresses, credentials, tenants and ready command lines."),
    ControlRoute(
      "GET", "/control/state", "The whole state; ?system= for one system, and &tenant= or &company= for a part."),
    ControlRoute("GET", "/control/requests", "Counts since the last reset, and the last requests."),
    ControlRoute("DELETE", "/control/requests", "Sets the counts to zero."),
    ControlRoute("POST", "/control/latency", "Makes every answer wait.", example: #"{"milliseconds":80}"#),
    ControlRoute("GET", "/control/clock", "What the emulated clock shows."),
    ControlRoute(
      "POST", "/control/clock", "Moves (advance-seconds), sets (set) or stops (frozen) the clock.",
      example: #"{"advance-seconds":3600}"#),
    ControlRoute("GET", "/control/faults", "The rules in force."),
    ControlRoute(
      "POST", "/control/faults",
      "Adds a rule. Keys: kind, system, method, path (with *), query-contains, page, skip, times (absent: until deleted), "
        + "probability, status, retry-after, body, delay-milliseconds, megabytes, location. Kinds: "
        + FaultKind.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      example: #"{"system":"m365","path":"/users*","page":3,"times":2,"status":503}"#),
    ControlRoute("DELETE", "/control/faults", "Removes all rules; /control/faults/{id} removes one."),
    ControlRoute(
      "POST", "/control/reset", "Builds the seeded world anew, with its first clock, no faults and no counts."),
  ]

  private static func control(
    _ request: ControlRequest, _ state: inout State, root: String, options: SandboxOptions, realTime: Date
  ) throws(ControlProblem) -> JSON {
    switch request.line {
    case "GET":
      return .array((controlRoutes + state.systems.flatMap(\.controlRoutes)).map(\.json))
    case "GET description":
      return try description(state, root: root, options: options)
    case "GET state":
      let wanted = request.option("system")
      let scope = request.option("tenant") ?? request.option("company")
      guard wanted == nil || state.systems.contains(where: { $0.handle == wanted }) else {
        throw ControlProblem(
          404, "There is no system \"\(wanted ?? "")\".",
          fix: "Known: \(state.systems.map(\.handle).joined(separator: ", ")).")
      }
      var members: [JSON.Member] = []
      for system in state.systems where wanted == nil || system.handle == wanted {
        members.append(.init(name: system.handle, value: try system.state(scope: scope)))
      }
      return JSON.object(members).sorted
    case "GET requests":
      guard case .object(var members) = state.log.json else { return state.log.json }
      members.append(
        .init(
          name: "elsewhere",
          value: ["requests": .int(state.strays), "with-credentials": .int(state.straysWithCredentials)]))
      return JSON.object(members).sorted
    case "DELETE requests":
      state.log = RequestLog()
      (state.strays, state.straysWithCredentials) = (0, 0)
      return state.log.json
    case "POST latency":
      guard let milliseconds = request.body["milliseconds"]?.whole, (0...600_000).contains(milliseconds) else {
        throw ControlProblem(400, "No latency was given.", fix: #"Send {"milliseconds":80}."#)
      }
      state.latency = .milliseconds(milliseconds)
      return ["milliseconds": .int(milliseconds)]
    case "GET clock":
      return clockState(state, realTime: realTime)
    case "POST clock":
      try moveClock(request.body, &state, realTime: realTime)
      return clockState(state, realTime: realTime)
    case "GET faults":
      return .array(state.faults.rules.map(\.json))
    case "POST faults":
      return try state.faults.add(request.body).json
    case "DELETE faults":
      state.faults.removeAll()
      return []
    case "POST reset":
      state = freshState(options, realTime: realTime)
      return ["reset": true]
    default:
      break
    }
    if request.method == "DELETE", request.path.count == 2, request.path[0] == "faults" {
      guard let id = Int(request.path[1]), state.faults.remove(id: id) else {
        throw ControlProblem(404, "There is no fault \(request.path[1]).", fix: "GET /control/faults lists them.")
      }
      return .array(state.faults.rules.map(\.json))
    }
    if let index = state.systems.firstIndex(where: { $0.handle == request.path.first }) {
      let moment = Moment(
        now: state.clock.now(realTime: realTime), root: "\(root)/\(state.systems[index].handle)",
        clockIsFrozen: state.clock.isFrozen)
      if let result = try state.systems[index].control(request.below, at: moment) { return result.sorted }
    }
    throw ControlProblem(
      404, "Control has no \(request.method) /\((["control"] + request.path).joined(separator: "/")).",
      fix: "GET /control lists what it can do.")
  }

  private static func clockState(_ state: State, realTime: Date) -> JSON {
    ["frozen": .bool(state.clock.isFrozen), "now": .string(Instant.text(state.clock.now(realTime: realTime)))]
  }

  private static func moveClock(_ body: JSON, _ state: inout State, realTime: Date) throws(ControlProblem) {
    var isMeant = false
    if let frozen = body["frozen"]?.flag {
      state.clock.setFrozen(frozen, realTime: realTime)
      isMeant = true
    }
    if let text = body["set"]?.text {
      guard let date = Instant.date(text) else {
        throw ControlProblem(400, "\"\(text)\" is no instant.", fix: "Write it as 2026-01-05T10:00:00Z.")
      }
      state.clock.set(to: date, realTime: realTime)
      isMeant = true
    }
    if let seconds = body["advance-seconds"]?.number, abs(seconds) < 1e10 {
      state.clock.advance(by: seconds)
      isMeant = true
    }
    guard isMeant else {
      throw ControlProblem(
        400, "The clock was told nothing.", fix: #"Send {"advance-seconds":60}, {"set":"…"} or {"frozen":true}."#)
    }
  }

  /// Addresses, credentials and command lines of the running sandbox.
  func description() -> SandboxDescription {
    let root = root
    return state.withLock { World.describe($0, root: root, options: options) }
  }

  private static func describe(_ state: State, root: String, options: SandboxOptions) -> SandboxDescription {
    let access = state.systems.map { ($0.handle, $0.description(root: "\(root)/\($0.handle)")) }
    return SandboxDescription(
      port: root.split(separator: ":").last.flatMap { Int($0) } ?? 0, seed: options.seed, control: "\(root)/control",
      systems: Dictionary(access.map { ($0.0, $0.1.system) }, uniquingKeysWith: { first, _ in first }),
      connect: access.map(\.1.connect),
      environment: access.reduce(into: [:]) { $0.merge(variables(of: $1.1), uniquingKeysWith: { first, _ in first }) })
  }

  /// The variables that a system's command line refers to, and one for each other value that stands in it:
  /// `SANDBOX_M365_URL`.
  private static func variables(of access: SystemAccess) -> [String: String] {
    let words = access.connect.split(separator: " ")
    guard words.count > 3 else { return access.environment }
    return words.dropFirst(4).reduce(into: access.environment) { variables, word in
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return }
      let name = "SANDBOX_\(words[1])_\(parts[0])".uppercased().replacing("-", with: "_")
      let secret = parts[1].hasPrefix("env:") ? access.environment[String(parts[1].dropFirst(4))] : nil
      variables[name] = secret ?? parts[1]
    }
  }

  private static func description(
    _ state: State, root: String, options: SandboxOptions
  ) throws(ControlProblem) -> JSON {
    let encoder = JSONEncoder()
    guard let data = try? encoder.encode(describe(state, root: root, options: options)),
      let json = try? JSON(reading: Array(data))
    else {
      throw ControlProblem(500, "The description cannot be written.", fix: "Report this as a fault of the sandbox.")
    }
    return json.sorted
  }

  // MARK: - In process

  var counts: RequestCounts { state.withLock { $0.log.counts } }

  var now: Date {
    let realTime = realTime()
    return state.withLock { $0.clock.now(realTime: realTime) }
  }
}
