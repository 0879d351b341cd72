/// Requests to one Autotask: in which zone its database lives, who asks, and what its own fields are.
import Foundation
import Model
import Synchronization

final class AutotaskCalls: Sendable {
  private struct State {
    var zone: WebAddress?
    /// When the zone was last asked for because of a refusal.
    var askedAgainAt: Double?
    var metadata: [AutotaskEntity: (value: AutotaskMetadata, readAt: Double)] = [:]
  }

  let line: AutotaskLine
  let errors: AutotaskErrors
  let now: @Sendable () -> Date
  private let user: String
  /// Where zones are asked for.
  private let directory: WebAddress
  /// The origin that a zone must have; `nil`: any of the vendor's hosts.
  private let origin: Origin?
  private let credentials: [HTTPHeader]
  private let clock: any MonotonicClock
  private let state: Mutex<State>
  private let discovering = Slots(1)
  private let describing = Slots(1)

  init(_ setup: ConnectorSetup) throws(ConnectorError) {
    let url = try setup.url()
    guard let directory = url ?? WebAddress("https://webservices.autotask.net") else {
      preconditionFailure("the vendor's address is one")
    }
    self.directory = directory
    origin = url?.origin
    user = try setup.required("user")
    let code = try setup.required("integration-code")
    let secret = try setup.secret("secret")
    for (key, value) in [("user", user), ("integration-code", code), ("secret", secret.reveal())] {
      guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
        throw ConnectorError(
          .misconfigured, "the \(key) of the connection \(setup.connection.name) holds a control character",
          hint: "enter it again, without line ends", delivery: .notSent)
      }
    }
    credentials = [
      HTTPHeader("ApiIntegrationCode", code), HTTPHeader("UserName", user), HTTPHeader("Secret", secret.reveal()),
    ]
    line = AutotaskLine(setup)
    errors = AutotaskErrors(redaction: Redaction([secret]))
    clock = setup.clock
    now = setup.now
    let known = setup.connection.findings["zone"].flatMap { Self.zone($0, origin: url?.origin) }
    state = Mutex(State(zone: known))
  }

  // MARK: Requests

  /// Sends one request into the current zone. A refused credential asks for the zone again, and where it has changed
  /// the request is sent once more: what another zone refuses, it has not done.
  func call(
    _ method: HTTPRequest.Method, _ entity: AutotaskEntity, _ path: [String], body: JSONValue? = nil,
    purpose: String, isRepeatable: Bool? = nil, departure: Departure? = nil, isFollowUp: Bool = false
  ) async throws(ConnectorError) -> HTTPResponse {
    let zone = try await zone()
    func request(in zone: WebAddress) -> HTTPRequest {
      HTTPRequest(
        method, Self.address(zone, path), headers: headers, body: body.map(JSONWire.encode), purpose: purpose,
        lane: entity.rawValue,
        isRepeatable: isRepeatable, departure: departure)
    }
    let response = try await line.send(request(in: zone), threshold: threshold(in: zone), isFollowUp: isFollowUp)
    guard [.unauthorized, .wrongPlace].contains(AutotaskErrors.meaning(response)),
      let newer = await self.zone(after: zone)
    else { return response }
    return try await line.send(request(in: newer), threshold: threshold(in: newer), isFollowUp: isFollowUp)
  }

  /// A call that only reads, and its answer.
  func get<Value: Decodable>(
    _ type: Value.Type, _ entity: AutotaskEntity, _ path: [String], purpose: String
  ) async throws(ConnectorError) -> Value {
    try decode(type, try await call(.get, entity, path, purpose: purpose), purpose: purpose)
  }

  func count(_ query: AutotaskQuery, of entity: AutotaskEntity, purpose: String) async throws(ConnectorError) -> Int {
    let response = try await call(
      .post, entity, [entity.rawValue, "query", "count"], body: query.counting, purpose: purpose, isRepeatable: true)
    return try decode(AutotaskQueryCount.self, response, purpose: purpose).queryCount
  }

  /// One page of a query: the first one, or the one that the page before pointed to.
  func page<Row: Decodable & Sendable>(
    _ type: Row.Type, _ query: AutotaskQuery, of entity: AutotaskEntity, after link: WebAddress?, purpose: String
  ) async throws(ConnectorError) -> (rows: [Row], next: WebAddress?) {
    let response: HTTPResponse
    if let link {
      // The same method and the same body: a GET is refused with 405.
      let request = HTTPRequest(
        .post, link, headers: headers, body: JSONWire.encode(query.body), purpose: purpose, lane: entity.rawValue,
        isRepeatable: true)
      response = try await line.send(request, threshold: threshold(in: try await zone()))
    } else {
      response = try await call(
        .post, entity, [entity.rawValue, "query"], body: query.body, purpose: purpose, isRepeatable: true)
    }
    let page = try decode(AutotaskPage<Row>.self, response, purpose: purpose)
    guard let next = page.next, !next.isBlank else { return (page.items, nil) }
    let zone = try await zone()
    guard let address = WebAddress(next), address.origin == zone.origin,
      address.path.lowercased().hasPrefix(Self.address(zone, [entity.rawValue]).path.lowercased() + "/")
    else {
      throw ConnectorError(
        .malformed, "Autotask, \(purpose): the next page is said to be at another place than the zone \(zone.origin)")
    }
    return (page.items, address)
  }

  /// Every row of a query.
  func rows<Row: Decodable & Sendable>(
    _ type: Row.Type, _ query: AutotaskQuery, of entity: AutotaskEntity, purpose: String
  ) async throws(ConnectorError) -> [Row] {
    var (all, link, number): ([Row], WebAddress?, Int) = ([], nil, 0)
    repeat {
      number += 1
      guard number <= AutotaskFeatures.mostPages else { throw Self.endless(purpose) }
      let page = try await page(type, query, of: entity, after: link, purpose: "\(purpose), page \(number)")
      all += page.rows
      link = page.next
    } while link != nil
    return all
  }

  static func endless(_ purpose: String) -> ConnectorError {
    ConnectorError(.malformed, "Autotask, \(purpose): it gives page after page without end")
  }

  /// - Throws: what the answer means, when it is no success.
  func decode<Value: Decodable>(
    _ type: Value.Type, _ response: HTTPResponse, purpose: String
  ) throws(ConnectorError) -> Value {
    guard AutotaskErrors.meaning(response) == .done else {
      throw errors.error(response, purpose: purpose, now: now())
    }
    return try JSONWire.decode(type, from: response.body, purpose: "Autotask, \(purpose)")
  }

  private var headers: [HTTPHeader] {
    credentials + [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "application/json")]
  }

  private static func address(_ zone: WebAddress, _ path: [String]) -> WebAddress {
    zone.appending(["v1.0"] + path)
  }

  private func threshold(in zone: WebAddress) -> HTTPRequest {
    HTTPRequest(
      .get, Self.address(zone, [AutotaskEntity.threshold.rawValue]), headers: headers, purpose: "request threshold",
      lane: AutotaskEntity.threshold.rawValue)
  }

  /// How much of the customer's hour is used, as the server tells it.
  func threshold() async throws(ConnectorError) -> AutotaskThreshold {
    let purpose = "request threshold"
    let zone = try await zone()
    var response = try await line.send(threshold(in: zone), threshold: nil)
    if AutotaskErrors.meaning(response) == .unauthorized, let newer = await self.zone(after: zone) {
      response = try await line.send(threshold(in: newer), threshold: nil)
    }
    let told = try decode(AutotaskThreshold.self, response, purpose: purpose)
    line.learn(told)
    return told
  }

  // MARK: The zone

  private func zone() async throws(ConnectorError) -> WebAddress {
    if let known = state.withLock({ $0.zone }) { return known }
    do throws(ConnectorError) {
      try await discovering.take()
      defer { discovering.giveBack() }
      if let known = state.withLock({ $0.zone }) { return known }
      return try await discover().zone
    } catch {
      // Nothing of the request itself has left.
      throw error.beforeSending
    }
  }

  /// The zone where it is another one now; `nil` where it is not, cannot be had, or was asked for a minute ago.
  private func zone(after used: WebAddress) async -> WebAddress? {
    let time = clock.now()
    let (current, isDue) = state.withLock { state in
      let isDue = state.askedAgainAt.map { time - $0 >= 60 } ?? true
      if isDue { state.askedAgainAt = time }
      return (state.zone, isDue)
    }
    if let current, current != used { return current }
    guard isDue, let newer = try? await discover().zone, newer != used else { return nil }
    return newer
  }

  /// Asks in which zone the user's database lives; takes no credential, and counts as part of signing in.
  func discover() async throws(ConnectorError) -> (zone: WebAddress, name: String?) {
    let purpose = "zone of the user \(user)"
    let address = directory.appending(["atservicesrest", "v1.0", "zoneInformation"], query: [("user", user)])
    let response = try await line.send(
      HTTPRequest(
        .get, address, headers: [HTTPHeader("Accept", "application/json")], purpose: purpose, lane: "zoneInformation",
        isSignIn: true), threshold: nil)
    if response.status == 500, AutotaskErrors.meaning(response) != .faulty {
      // This is how it answers for a user that it does not know.
      throw ConnectorError(
        .unauthorized, "Autotask knows no user \(user): \(errors.words(response))",
        hint: "check user: the user name of an API user", status: response.status)
    }
    let told = try decode(AutotaskZone.self, response, purpose: purpose)
    guard let zone = Self.zone(told.url, origin: origin) else {
      throw ConnectorError(
        .malformed, "Autotask, \(purpose): its address is none of \(origin?.description ?? "autotask.net")")
    }
    state.withLock { $0.zone = zone }
    return (zone, told.zoneName)
  }

  /// An address to which the secret may be sent: https below autotask.net, or of the origin that the connection names.
  static func zone(_ text: String, origin: Origin?) -> WebAddress? {
    guard let address = WebAddress(text), address.query == nil else { return nil }
    let host = address.origin.host
    let isTrusted =
      if let origin {
        address.origin == origin
      } else {
        address.origin.scheme == .https && (host == "autotask.net" || host.hasSuffix(".autotask.net"))
      }
    return isTrusted ? address.asBase : nil
  }

  // MARK: Metadata

  /// The fields of an entity, asked for once a day.
  /// - Parameter isRenewed: ask again, because something is not in what is known.
  func metadata(of entity: AutotaskEntity, isRenewed: Bool = false) async throws(ConnectorError) -> AutotaskMetadata {
    let wanted = clock.now()
    if !isRenewed, let known = known(entity, at: wanted) { return known }
    try await describing.take()
    defer { describing.giveBack() }
    // Whoever was before us may have asked.
    if let known = state.withLock({ $0.metadata[entity] }), known.readAt > wanted { return known.value }
    if !isRenewed, let known = known(entity, at: wanted) { return known }
    let value = try await get(
      AutotaskMetadata.self, entity, [entity.rawValue, "entityInformation", "fields"],
      purpose: "fields of \(entity.words)")
    let time = clock.now()
    state.withLock { $0.metadata[entity] = (value, time) }
    return value
  }

  func knows(_ entity: AutotaskEntity) -> Bool { known(entity, at: clock.now()) != nil }

  private func known(_ entity: AutotaskEntity, at time: Double) -> AutotaskMetadata? {
    guard let known = state.withLock({ $0.metadata[entity] }),
      time - known.readAt < AutotaskFeatures.metadataLifetime
    else { return nil }
    return known.value
  }
}
