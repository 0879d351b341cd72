/// What the answers of Crewhu mean: a table from status to an error, or to the refusal of one write.
import Foundation
import Model

struct CrewhuErrors: Sendable {
  let redaction: Redaction

  /// An answer that is no success.
  func error(_ response: HTTPResponse, purpose: String, now: Date) -> ConnectorError {
    let words = words(response)
    let kind = Self.kind(
      status: response.status, retryAfter: RetryAfter.seconds(response.header("retry-after"), now: now))
    let hint: String? =
      switch kind {
      case .unauthorized:
        "check the token (Settings > Integrations); through a proxy, check that it lets the header X_CREWHU_APITOKEN "
          + "pass: many drop names with underscores"
      case .forbidden: "give kith a token that may read employees (Settings > Integrations)"
      case .throttled: "wait, then try again"
      case .notFound: "check url"
      default: nil
      }
    return ConnectorError(
      kind, "Crewhu answered \(purpose) with \(response.status)\(words.isEmpty ? "" : " \(words)")", hint: hint,
      status: response.status, requestID: response.requestID)
  }

  static func kind(status: Int, retryAfter: Double?) -> ConnectorError.Kind {
    switch status {
    case 401: .unauthorized
    case 403: .forbidden
    case 404, 410: .notFound
    case 409: .stale
    case 429: .throttled(retryAfterSeconds: retryAfter)
    case 408, 500...: .unreachable
    default: .rejected
    }
  }

  /// What became of an assumed write whose request was answered with no success.
  func outcome(_ response: HTTPResponse, purpose: String, write: Write, now: Date) -> WriteOutcome {
    let error = error(response, purpose: purpose, now: now)
    let field = Self.body(response)?.details.lazy.compactMap { $0.field.flatMap(CrewhuMapping.field) }.first
    func rejected(_ reason: Reason) -> WriteOutcome {
      .rejected(WriteRejection(reason: reason, field: field, message: words(response, orStatus: true)))
    }
    switch response.status {
    case 409: return rejected(.duplicateAtTarget)
    case 400, 402, 405, 406, 411..<429, 431..<500: return rejected(.valueRefused)
    case 403 where write.action != .create: return rejected(.recordForbidden)
    case 404 where write.action != .create, 410 where write.action != .create: return rejected(.targetGone)
    case 401, 403, 404, 410, 429: return .notSent(error)
    default: return .unknown(error.message)
    }
  }

  /// The server's own words in one line. A gateway's error page is HTML: there is nothing to read in it.
  func words(_ response: HTTPResponse, orStatus: Bool = false) -> String {
    let body = Self.body(response)
    let details = (body?.details ?? []).prefix(3).map { detail in
      [detail.field, detail.message].compactMap { $0 }.joined(separator: " ")
    }
    let words = redaction.clean((details.isEmpty ? [body?.message ?? ""] : Array(details)).joined(separator: "; "))
    return words.isEmpty && orStatus ? "status \(response.status)" : words
  }

  private static func body(_ response: HTTPResponse) -> CrewhuErrorBody? {
    try? JSONDecoder().decode(CrewhuErrorBody.self, from: response.body)
  }
}
