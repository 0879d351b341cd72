/// What the answers of Teamwork Desk mean: its advice, its words, and the reasons of its refusals.
import Foundation
import Model

struct TeamworkDeskErrors: VendorErrors {
  static let system = "Teamwork Desk"
  let redaction: Redaction

  static func hint(_ kind: ConnectorError.Kind) -> String? {
    switch kind {
    case .unauthorized: "check the api-key (a key of Desk, not of Teamwork.com) and the site, then: check"
    case .forbidden: "let the owner of the API key see customers and manage companies"
    case .notFound: "check site or url"
    default: nil
    }
  }

  /// What became of a write whose request was answered with no success.
  func outcome(_ response: HTTPResponse, purpose: String, write: Write, now: Date) -> WriteOutcome {
    let key: FieldName = write.kind == .company ? "name" : "email"
    return outcome(
      response, purpose: purpose, action: write.action, now: now, conflict: (.duplicateAtTarget, key)
    ) {
      let field = (Self.body(response)?.fields ?? []).lazy
        .compactMap { TeamworkDeskMapping.field(named: $0.name, of: write.kind) }.first
      let isTaken = field == key && Self.tellsOfDuplicate(words(response))
      return (isTaken ? .duplicateAtTarget : .valueRefused, field)
    }
  }

  /// Where a value that has to be unique is taken, the validator says so in words only.
  private static func tellsOfDuplicate(_ words: String) -> Bool {
    let words = words.lowercased()
    return ["already", "in use", "taken", "duplicate", "exists", "unique"].contains { words.contains($0) }
  }

  func words(_ response: HTTPResponse) -> String {
    let body = Self.body(response)
    let fields = (body?.fields ?? []).prefix(3).map { "\($0.name) \($0.words.joined(separator: ", "))" }
    return redaction.clean((fields + (body?.words ?? []).prefix(3)).joined(separator: "; "))
  }

  private static func body(_ response: HTTPResponse) -> TeamworkDeskErrorBody? {
    JSONWire.read(TeamworkDeskErrorBody.self, from: response.body)
  }
}
