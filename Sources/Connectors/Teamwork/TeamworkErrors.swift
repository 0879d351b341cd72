/// What the answers of Teamwork.com mean: a table from status and words to an error, or to the refusal of one write.
import Foundation
import Model

struct TeamworkErrors: Sendable {
  let redaction: Redaction

  /// An answer that is no success.
  func error(_ response: HTTPResponse, purpose: String, now: Date) -> ConnectorError {
    let words = words(response)
    let kind = Self.kind(
      status: response.status, retryAfter: RetryAfter.seconds(response.header("retry-after"), now: now))
    let hint: String? =
      switch kind {
      case .unauthorized: "check the api-key and the site, then: check"
      case .forbidden: "let the owner of the API key manage people and companies"
      case .throttled: "wait, then try again"
      case .notFound: "check site or url"
      default: nil
      }
    return ConnectorError(
      kind, "Teamwork.com answered \(purpose) with \(response.status)\(words.isEmpty ? "" : " \(words)")", hint: hint,
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
      let words = words(response)
      if write.kind == .person, write.values["email"] != nil, Self.tellsOfDuplicate(words) {
        return rejected(.duplicateAtTarget, "email")
      }
      return rejected(.valueRefused, TeamworkMapping.field(namedIn: words, of: write.kind))
    case 403 where write.action != .create: return rejected(.recordForbidden)
    case 404 where write.action != .create, 410 where write.action != .create: return rejected(.targetGone)
    case 401, 403, 404, 410, 429: return .notSent(error)
    default: return .unknown(error.message)
    }
  }

  /// v1 says in words only that an address is taken.
  private static func tellsOfDuplicate(_ words: String) -> Bool {
    let words = words.lowercased()
    return ["already", "in use", "taken", "duplicate", "exists"].contains { words.contains($0) }
  }

  /// The server's own words in one line. A gateway's error page is HTML: there is nothing to read in it.
  func words(_ response: HTTPResponse, orStatus: Bool = false) -> String {
    let body = try? JSONDecoder().decode(TeamworkErrorBody.self, from: response.body)
    let words = redaction.clean((body?.words ?? []).joined(separator: "; "))
    return words.isEmpty && orStatus ? "status \(response.status)" : words
  }
}
