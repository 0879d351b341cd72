/// What the answers of Teamwork Desk mean: a table from status and words to an error, or to the refusal of one write.
import Foundation
import Model

struct TeamworkDeskErrors: Sendable {
  let redaction: Redaction

  /// An answer that is no success.
  func error(_ response: HTTPResponse, purpose: String, now: Date) -> ConnectorError {
    let words = words(response)
    let kind = Self.kind(
      status: response.status, retryAfter: RetryAfter.seconds(response.header("retry-after"), now: now))
    let hint: String? =
      switch kind {
      case .unauthorized: "check the api-key (a key of Desk, not of Teamwork.com) and the site, then: check"
      case .forbidden: "let the owner of the API key see customers and manage companies"
      case .throttled: "wait, then try again"
      case .notFound: "check site or url"
      default: nil
      }
    return ConnectorError(
      kind, "Teamwork Desk answered \(purpose) with \(response.status)\(words.isEmpty ? "" : " \(words)")", hint: hint,
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

  /// What became of a write whose request was answered with no success.
  func outcome(_ response: HTTPResponse, purpose: String, write: Write, now: Date) -> WriteOutcome {
    let error = error(response, purpose: purpose, now: now)
    func rejected(_ reason: Reason, _ field: FieldName? = nil) -> WriteOutcome {
      .rejected(WriteRejection(reason: reason, field: field, message: words(response, orStatus: true)))
    }
    switch response.status {
    case 409: return rejected(.duplicateAtTarget, write.kind == .company ? "name" : "email")
    case 400, 402, 405, 406, 411..<429, 431..<500:
      let body = Self.body(response)
      let field = (body?.fields ?? []).lazy.compactMap { TeamworkDeskMapping.field(named: $0.name, of: write.kind) }
        .first
      let isKey = field == (write.kind == .company ? "name" : "email")
      return rejected(isKey && Self.tellsOfDuplicate(words(response)) ? .duplicateAtTarget : .valueRefused, field)
    case 403 where write.action != .create: return rejected(.recordForbidden)
    case 404 where write.action != .create, 410 where write.action != .create: return rejected(.targetGone)
    case 401, 403, 404, 410, 429: return .notSent(error)
    default: return .unknown(error.message)
    }
  }

  /// Where a value that has to be unique is taken, the validator says so in words only.
  private static func tellsOfDuplicate(_ words: String) -> Bool {
    let words = words.lowercased()
    return ["already", "in use", "taken", "duplicate", "exists", "unique"].contains { words.contains($0) }
  }

  /// The server's own words in one line. A gateway's error page is HTML: there is nothing to read in it.
  private func words(_ response: HTTPResponse, orStatus: Bool = false) -> String {
    let body = Self.body(response)
    let fields = (body?.fields ?? []).prefix(3).map { "\($0.name) \($0.words.joined(separator: ", "))" }
    let words = redaction.clean((fields + (body?.words ?? []).prefix(3)).joined(separator: "; "))
    return words.isEmpty && orStatus ? "status \(response.status)" : words
  }

  private static func body(_ response: HTTPResponse) -> TeamworkDeskErrorBody? {
    try? JSONDecoder().decode(TeamworkDeskErrorBody.self, from: response.body)
  }
}
