/// Requests to one site's Teamwork Desk: where it is, who asks, and how fast.
import Foundation
import Model

struct TeamworkDeskCalls: Sendable {
  let api: WebAddress
  let line: Line
  let errors: TeamworkDeskErrors
  let now: @Sendable () -> Date
  let clock: any MonotonicClock
  private let headers: [HTTPHeader]

  init(_ setup: ConnectorSetup) throws(ConnectorError) {
    if let url = try setup.url() {
      api = TeamworkDeskFeatures.api(below: url)
    } else if let site = setup.optional("site"), let host = TeamworkDeskFeatures.api(ofSite: site) {
      api = host
    } else {
      throw ConnectorError(
        .misconfigured, "the connection \(setup.connection.name) does not say where its Teamwork Desk is",
        hint: "give site=acme (or acme.eu for a European site), or url=https://…", delivery: .notSent)
    }
    let key = try setup.secret("api-key")
    // A line end would begin a header of its own.
    guard key.reveal().utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw ConnectorError(
        .misconfigured, "the api-key of the connection \(setup.connection.name) holds signs that no key has",
        hint: "copy it again from the agent's profile", delivery: .notSent)
    }
    headers = [HTTPHeader("Authorization", "Bearer \(key.reveal())"), HTTPHeader("Accept", "application/json")]
    var throttled = setup
    throttled.transport = RateWindowTransport(setup.transport, window: Self.window, now: setup.now)
    line = Line(throttled, pace: TeamworkDeskFeatures.pace)
    errors = TeamworkDeskErrors(redaction: Redaction([key]))
    now = setup.now
    clock = setup.clock
  }

  /// The spelling is Desk's own, with a hyphen more than at Teamwork.com.
  private static let window = RateWindow(remaining: "x-rate-limit-remaining", reset: "x-rate-limit-reset")

  func get<Value: Decodable>(
    _ type: Value.Type, _ path: [String], query: [(key: String, value: String)] = [], purpose: String,
    departure: Departure? = nil
  ) async throws(ConnectorError) -> Value {
    let response = try await call(.get, path, query: query, purpose: purpose, departure: departure)
    return try errors.value(type, of: response, purpose: purpose, now: now())
  }

  func call(
    _ method: HTTPRequest.Method, _ path: [String], query: [(key: String, value: String)] = [], body: JSONValue? = nil,
    purpose: String, departure: Departure? = nil
  ) async throws(ConnectorError) -> HTTPResponse {
    let content = body == nil ? [] : [HTTPHeader("Content-Type", "application/json")]
    let response = try await line.send(
      HTTPRequest(
        method, api.appending(path, query: query), headers: headers + content, body: body.map(JSONWire.encode),
        purpose: purpose, departure: departure))
    if Self.window.isUsedUp(response) { line.pause("", seconds: Self.window.pause(response, now: now())) }
    return response
  }
}
