/// Requests to one IT Glue account: where it is, and who asks.
import Foundation
import Model

final class ITGlueCalls: Sendable {
  let base: WebAddress
  let line: Line
  let errors: ITGlueErrors
  let now: @Sendable () -> Date
  let clock: any MonotonicClock
  private let key: Secret

  init(_ setup: ConnectorSetup) throws(ConnectorError) {
    if let url = try setup.url() {
      base = url
    } else {
      let region = setup.optional("region") ?? "us"
      guard let host = ITGlueFeatures.host(ofRegion: region) else {
        throw ConnectorError(
          .misconfigured, "the connection \(setup.connection.name) names a region that IT Glue does not have",
          hint: "give region=us, eu or au, or url=https://…", delivery: .notSent)
      }
      base = host
    }
    key = try setup.secret("api-key")
    var setup = setup
    setup.transport = ITGlueThrottle(setup.transport)
    line = Line(setup, pace: ITGlueFeatures.pace)
    errors = ITGlueErrors(redaction: Redaction([key]), integration: setup.connection.findings["psa-integration"])
    now = setup.now
    clock = setup.clock
  }

  func call(
    _ method: HTTPRequest.Method, _ path: [String], query: [(key: String, value: String)] = [],
    body: JSONValue? = nil, purpose: String, departure: Departure? = nil
  ) async throws(ConnectorError) -> HTTPResponse {
    try await line.send(request(method, path, query, body, purpose, departure))
  }

  /// One page of a list, whatever is answered.
  ///
  /// A page that took the server too long (504) is not asked for again as it is: the caller asks for a smaller one.
  func page(
    _ path: [String], query: [(key: String, value: String)], purpose: String
  ) async throws(ConnectorError) -> HTTPResponse {
    var request = request(.get, path, query, nil, purpose, nil)
    // Once without repetitions, so that a 504 comes back at once; anything else is then sent again as any reading is.
    request.isRepeatable = false
    do throws(ConnectorError) {
      let response = try await line.send(request)
      let isPassing = [408, 423].contains(response.status) || (response.status >= 500 && response.status != 504)
      if !isPassing { return response }
    } catch  where error.kind == .unreachable && error.delivery == .unknown {
    }
    request.isRepeatable = true
    return try await line.send(request)
  }

  private func request(
    _ method: HTTPRequest.Method, _ path: [String], _ query: [(key: String, value: String)], _ body: JSONValue?,
    _ purpose: String, _ departure: Departure?
  ) -> HTTPRequest {
    var headers = [HTTPHeader("x-api-key", key.reveal()), HTTPHeader("Accept", "application/vnd.api+json")]
    if body != nil { headers.append(HTTPHeader("Content-Type", "application/vnd.api+json")) }
    // Brackets may not stand in an address as they are.
    let encoded = query.map { (key: WebAddress.encoded($0.key), value: $0.value) }
    return HTTPRequest(
      method, base.appending(path, query: encoded), headers: headers, body: body.map(JSONWire.encode), purpose: purpose,
      departure: departure)
  }
}
