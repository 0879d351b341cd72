/// What the conformance tests of Teamwork.com and Desk share: their connectors, and edits made past them.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

extension Subject {
  static let teamwork = teamworkPeople
  static let desk = deskCustomers
}

extension Stage {
  /// Everything of a kind, or what changed since a mark.
  func everything(
    _ connector: any Connector, _ kind: RecordKind, in scope: ReadScope = ReadScope(), since mark: DeltaMark? = nil
  ) async throws -> (records: [Record], last: Page) {
    let (pages, error) = await read(connector, scope, of: kind, since: mark)
    if let error { throw error }
    return (pages.flatMap(\.records), try #require(pages.last))
  }

  /// A request made past the connector, as somebody with the same key might.
  @discardableResult
  func outside(
    _ subject: Subject, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil
  ) async throws -> HTTPResponse {
    let system = try #require(world.systems[subject.system.rawValue])
    let key = system.credentials["api-key"] ?? ""
    let credential = subject.system == "desk" ? "Bearer \(key)" : "Basic \(Data("\(key):x".utf8).base64EncodedString())"
    return try await transport.send(
      HTTPRequest(
        method, try #require(WebAddress(system.url + path)),
        headers: [HTTPHeader("Authorization", credential), HTTPHeader("Content-Type", "application/json")],
        body: body.map { Data($0.utf8) }, purpose: "an edit from outside"))
  }
}

func rejection(_ outcomes: [WriteOutcome]) throws -> WriteRejection {
  guard case .rejected(let rejection)? = outcomes.first, outcomes.count == 1 else {
    Issue.record("not rejected: \(outcomes)")
    throw StageError.noSuchSystem
  }
  return rejection
}
