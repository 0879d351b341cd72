/// Requests to one Teamwork.com site: where it is, who asks, and how fast.
import Foundation
import Model

struct TeamworkCalls: Sendable {
  let site: WebAddress
  let line: Line
  let errors: TeamworkErrors
  let now: @Sendable () -> Date
  let clock: any MonotonicClock
  private let headers: [HTTPHeader]

  init(_ setup: ConnectorSetup) throws(ConnectorError) {
    if let url = try setup.url() {
      site = url
    } else if let name = setup.optional("site"), let host = TeamworkFeatures.host(ofSite: name) {
      site = host
    } else {
      throw ConnectorError(
        .misconfigured, "the connection \(setup.connection.name) does not say where its Teamwork.com is",
        hint: "give site=acme (or acme.eu for a European site), or url=https://…", delivery: .notSent)
    }
    let key = try setup.secret("api-key")
    // The key is the user name; the password is ignored.
    let credential = Data("\(key.reveal()):x".utf8).base64EncodedString()
    headers = [HTTPHeader("Authorization", "Basic \(credential)"), HTTPHeader("Accept", "application/json")]
    var throttled = setup
    throttled.transport = RateWindowTransport(
      setup.transport, window: Self.window, now: setup.now, isRefusal: Self.isThrottled)
    line = Line(throttled, pace: TeamworkFeatures.pace)
    errors = TeamworkErrors(redaction: Redaction([key, Secret(credential)]))
    now = setup.now
    clock = setup.clock
  }

  private static let window = RateWindow(remaining: "x-ratelimit-remaining", reset: "x-ratelimit-reset")

  /// An old page of the vendor lists "rate limit reached" under 400.
  private static func isThrottled(_ response: HTTPResponse) -> Bool {
    guard response.status == 400, response.body.count < 10_000 else { return false }
    return String(decoding: response.body, as: UTF8.self).lowercased().contains("rate limit")
  }

  /// Which generation of the API a path belongs to.
  enum Generation {
    /// Root paths such as `people.json`.
    case v1
    case v3

    var prefix: [String] {
      switch self {
      case .v1: []
      case .v3: ["projects", "api", "v3"]
      }
    }
  }

  func get<Value: Decodable>(
    _ type: Value.Type, _ generation: Generation, _ path: [String], query: [(key: String, value: String)] = [],
    purpose: String, departure: Departure? = nil
  ) async throws(ConnectorError) -> Value {
    let response = try await call(.get, generation, path, query: query, purpose: purpose, departure: departure)
    return try errors.value(type, of: response, purpose: purpose, now: now())
  }

  func call(
    _ method: HTTPRequest.Method, _ generation: Generation, _ path: [String],
    query: [(key: String, value: String)] = [], body: JSONValue? = nil, purpose: String, departure: Departure? = nil
  ) async throws(ConnectorError) -> HTTPResponse {
    let content = body == nil ? [] : [HTTPHeader("Content-Type", "application/json")]
    let response = try await line.send(
      HTTPRequest(
        method, site.appending(generation.prefix + path, query: query), headers: headers + content,
        body: body.map(JSONWire.encode), purpose: purpose, departure: departure))
    if Self.window.isUsedUp(response) { line.pause("", seconds: Self.window.pause(response, now: now())) }
    return response
  }
}
