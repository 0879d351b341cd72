/// What the answers of Crewhu mean: its advice, its words, and the reasons of its refusals.
import Foundation
import Model

struct CrewhuErrors: VendorErrors {
  static let system = "Crewhu"
  let redaction: Redaction

  static func hint(_ kind: ConnectorError.Kind) -> String? {
    switch kind {
    case .unauthorized:
      "check the token (Settings > Integrations); through a proxy, check that it lets the header X_CREWHU_APITOKEN "
        + "pass: many drop names with underscores"
    case .forbidden: "give kith a token that may read employees (Settings > Integrations)"
    case .notFound: "check url"
    default: nil
    }
  }

  /// What became of an assumed write whose request was answered with no success.
  func outcome(_ response: HTTPResponse, purpose: String, write: Write, now: Date) -> WriteOutcome {
    let field = Self.body(response)?.details.lazy.compactMap { $0.field.flatMap(CrewhuMapping.field) }.first
    return outcome(
      response, purpose: purpose, action: write.action, now: now, conflict: (.duplicateAtTarget, field)
    ) { (.valueRefused, field) }
  }

  func words(_ response: HTTPResponse) -> String {
    let body = Self.body(response)
    let details = (body?.details ?? []).prefix(3).map { detail in
      [detail.field, detail.message].compactMap { $0 }.joined(separator: " ")
    }
    return redaction.clean((details.isEmpty ? [body?.message ?? ""] : Array(details)).joined(separator: "; "))
  }

  private static func body(_ response: HTTPResponse) -> CrewhuErrorBody? {
    JSONWire.read(CrewhuErrorBody.self, from: response.body)
  }
}
