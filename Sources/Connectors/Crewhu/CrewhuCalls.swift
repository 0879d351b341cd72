/// Requests to one Crewhu account: where it is, who asks, and how fast.
import Foundation
import Model

struct CrewhuCalls: Sendable {
  let api: WebAddress
  let line: Line
  let errors: CrewhuErrors
  let now: @Sendable () -> Date
  private let headers: [HTTPHeader]

  init(_ setup: ConnectorSetup) throws(ConnectorError) {
    let url = try setup.url() ?? CrewhuFeatures.host
    api = CrewhuFeatures.api(below: url)
    let token = try setup.secret("token")
    // A line end would begin a header of its own.
    guard token.reveal().utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw ConnectorError(
        .misconfigured, "the token of the connection \(setup.connection.name) holds signs that no token has",
        hint: "copy it again from Settings > Integrations", delivery: .notSent)
    }
    // With underscores ("Auth and base"); the name with dashes is another product's.
    headers = [HTTPHeader("X_CREWHU_APITOKEN", token.reveal()), HTTPHeader("Accept", "application/json")]
    line = Line(setup, pace: CrewhuFeatures.pace, retries: CrewhuFeatures.retries)
    errors = CrewhuErrors(redaction: Redaction([token]))
    now = setup.now
  }

  /// One page of a list.
  ///
  /// - Parameter step: the page's number, from 1.
  func list(
    _ path: String, step: Int, limit: Int = CrewhuFeatures.pageSize, purpose: String
  ) async throws(ConnectorError) -> CrewhuList {
    let query = [(key: "step", value: String(step)), (key: "limit", value: String(limit))]
    let response = try await call(.get, [path], query: query, purpose: purpose)
    return try errors.value(CrewhuList.self, of: response, purpose: purpose, now: now())
  }

  func call(
    _ method: HTTPRequest.Method, _ path: [String], query: [(key: String, value: String)] = [], body: JSONValue? = nil,
    purpose: String, departure: Departure? = nil
  ) async throws(ConnectorError) -> HTTPResponse {
    let content = body == nil ? [] : [HTTPHeader("Content-Type", "application/json")]
    return try await line.send(
      HTTPRequest(
        method, api.appending(path, query: query), headers: headers + content, body: body.map(JSONWire.encode),
        purpose: purpose, departure: departure))
  }
}
