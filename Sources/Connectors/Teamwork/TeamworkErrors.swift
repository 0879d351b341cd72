/// What the answers of Teamwork.com mean: its advice, its words, and the reasons of its refusals.
import Foundation
import Model

struct TeamworkErrors: VendorErrors {
  static let system = "Teamwork.com"
  let redaction: Redaction

  static func hint(_ kind: ConnectorError.Kind) -> String? {
    switch kind {
    case .unauthorized: "check the api-key and the site, then: check"
    case .forbidden: "let the owner of the API key manage people and companies"
    case .notFound: "check site or url"
    default: nil
    }
  }

  /// What became of a write whose request was answered with no success.
  func outcome(_ response: HTTPResponse, purpose: String, write: Write, now: Date) -> WriteOutcome {
    outcome(
      response, purpose: purpose, action: write.action, now: now,
      conflict: (.duplicateAtTarget, write.kind == .company ? "name" : "email")
    ) {
      let words = words(response)
      if write.kind == .person, write.values["email"] != nil, Self.tellsOfDuplicate(words) {
        return (.duplicateAtTarget, "email")
      }
      return (.valueRefused, TeamworkMapping.field(namedIn: words, of: write.kind))
    }
  }

  /// v1 says in words only that an address is taken.
  private static func tellsOfDuplicate(_ words: String) -> Bool {
    let words = words.lowercased()
    return ["already", "in use", "taken", "duplicate", "exists"].contains { words.contains($0) }
  }

  func words(_ response: HTTPResponse) -> String {
    let body = JSONWire.read(TeamworkErrorBody.self, from: response.body)
    return redaction.clean((body?.words ?? []).joined(separator: "; "))
  }
}
