/// What the answers of ConnectWise mean: a table from status and code to an error, or to the refusal of one write.
import Foundation
import Model

struct ConnectWiseErrors: Sendable {
  let redaction: Redaction

  /// An answer that is no success.
  func error(_ response: HTTPResponse, purpose: String, now: Date) -> ConnectorError {
    let words = words(response)
    let kind = Self.kind(
      status: response.status, retryAfter: RetryAfter.seconds(response.header("retry-after"), now: now))
    let hint: String? =
      switch kind {
      case .unauthorized: "check company, public-key, private-key and client-id, then: check"
      case .forbidden: "give the API member's security role the right, and check client-id"
      case .throttled: "wait, then try again"
      // Cloud servers answer wrong keys with 404.
      case .notFound: "check company, public-key and private-key: a cloud server answers wrong ones with 404"
      default: nil
      }
    return ConnectorError(
      kind, "ConnectWise answered \(purpose) with \(response.status)\(words.isEmpty ? "" : " \(words)")", hint: hint,
      status: response.status, requestID: response.requestID)
  }

  static func kind(status: Int, retryAfter: Double?) -> ConnectorError.Kind {
    switch status {
    case 401: .unauthorized
    case 403: .forbidden
    case 404: .notFound
    case 409: .stale
    case 429: .throttled(retryAfterSeconds: retryAfter)
    case 408, 500...: .unreachable
    default: .rejected
    }
  }

  /// What became of a write whose request was answered with no success.
  ///
  /// - Parameter isPartial: a request of the same write was carried out before.
  func outcome(
    _ response: HTTPResponse, purpose: String, kind: RecordKind, action: WriteKind, field: FieldName?,
    isPartial: Bool, now: Date
  ) -> WriteOutcome {
    let error = error(response, purpose: purpose, now: now)
    func rejected(_ reason: Reason, _ field: FieldName? = nil) -> WriteOutcome {
      .rejected(
        WriteRejection(reason: reason, field: field, message: words(response, orStatus: true), isPartial: isPartial))
    }
    switch response.status {
    case 400, 405, 406, 411..<429, 431..<500:
      let body = Self.body(response)
      if body?.errors?.contains(where: { $0.code == "ObjectExists" }) == true { return rejected(.duplicateAtTarget) }
      return rejected(.valueRefused, field ?? body?.errors?.lazy.compactMap { Self.field($0.field, kind) }.first)
    case 403 where action != .create: return rejected(.recordForbidden)
    case 404 where action != .create, 410 where action != .create: return rejected(.targetGone)
    case 409: return rejected(.versionConflict)
    case 401, 403, 404, 429:
      // Refused before anything was done; but not when an earlier request of this write was carried out.
      return isPartial ? .unknown(error.message) : .notSent(error)
    default:
      return .unknown(error.message)
    }
  }

  /// The server's own words in one line: the message and the first few of what it found.
  private func words(_ response: HTTPResponse, orStatus: Bool = false) -> String {
    guard let body = Self.body(response) else { return orStatus ? "status \(response.status)" : "" }
    let details = (body.errors ?? []).prefix(3).compactMap(\.message)
    let all = details.isEmpty ? [body.code, body.message].compactMap { $0 } : details
    let words = redaction.clean(all.joined(separator: ": "))
    return words.isEmpty && orStatus ? "status \(response.status)" : words
  }

  /// A gateway's error page is HTML: there is nothing to read in it.
  private static func body(_ response: HTTPResponse) -> ConnectWiseErrorBody? {
    try? JSONDecoder().decode(ConnectWiseErrorBody.self, from: response.body)
  }

  /// Our name of the field that an error speaks of: `firstName`, or `type/id`.
  private static func field(_ property: String?, _ kind: RecordKind) -> FieldName? {
    guard let first = property?.lowercased().split(whereSeparator: { "/.".contains($0) }).first else { return nil }
    return ConnectWiseMapping.properties(of: kind).first { $0.property.lowercased() == first }?.field
  }
}
