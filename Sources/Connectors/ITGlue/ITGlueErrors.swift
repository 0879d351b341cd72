/// What the answers of IT Glue mean: a table from status and words to an error, or to the refusal of one write.
import Foundation
import Model

struct ITGlueErrors: Sendable {
  let redaction: Redaction
  /// The PSA product that IT Glue's own sync is with, as the vendor writes it, where `check` found one.
  let integration: String?

  /// An answer that is no success.
  func error(_ response: HTTPResponse, purpose: String, now: Date) -> ConnectorError {
    let words = words(Self.items(response))
    let kind = Self.kind(
      status: response.status, retryAfter: RetryAfter.seconds(response.header("retry-after"), now: now))
    let hint: String? =
      switch kind {
      case .unauthorized:
        "check api-key and region; IT Glue revokes a key that was not used for 90 days, and keys are made at Account > "
          + "Settings > API Keys"
      case .throttled: "wait, then try again: 3000 requests in 5 minutes are allowed to the whole account"
      default: nil
      }
    return ConnectorError(
      kind, "IT Glue answered \(purpose) with \(response.status)\(words.isEmpty ? "" : " \(words)")", hint: hint,
      status: response.status, requestID: response.requestID)
  }

  static func kind(status: Int, retryAfter: Double?) -> ConnectorError.Kind {
    switch status {
    // Which of the two a wrong key is answered with differs between the vendor's own pages.
    case 401, 403: .unauthorized
    case 404: .notFound
    case 409: .stale
    case 413: .tooLarge
    case 429: .throttled(retryAfterSeconds: retryAfter)
    case 408, 500...: .unreachable
    default: .rejected
    }
  }

  /// What became of a write whose request was answered with no success.
  ///
  /// - Parameters:
  ///   - psaID: the PSA record that IT Glue's own sync links the record to, where there is one.
  ///   - isPartial: a request of the same write was carried out before.
  func outcome(
    _ response: HTTPResponse, purpose: String, write: Write, psaID: String?, isPartial: Bool, now: Date
  ) -> WriteOutcome {
    let error = error(response, purpose: purpose, now: now)
    let items = Self.items(response)
    let words = words(items)
    func rejected(_ reason: Reason, _ field: FieldName? = nil, _ message: String) -> WriteOutcome {
      .rejected(WriteRejection(reason: reason, field: field, message: message, isPartial: isPartial))
    }
    let said = words.isEmpty ? "status \(response.status)" : words
    switch response.status {
    case 422 where write.action != .create && Self.isOwned(items, psaID: psaID):
      return rejected(.recordForbidden, nil, owned(write.kind, psaID: psaID, words: said))
    case 422 where Self.isTaken(items): return rejected(.duplicateAtTarget, nil, said)
    case 400, 405..<409, 410..<429, 430..<500:
      let field = items.lazy.compactMap { $0.attribute.flatMap { ITGlueMapping.field(ofAttribute: $0, write.kind) } }
        .first
      return rejected(.valueRefused, field, said)
    case 404 where write.action != .create: return rejected(.targetGone, nil, said)
    case 409: return rejected(.versionConflict, nil, said)
    case 401, 403, 404, 429:
      // Refused before anything was done; but not when an earlier request of this write was carried out.
      return isPartial ? .unknown(error.message) : .notSent(error)
    default:
      return .unknown(error.message)
    }
  }

  /// What to tell of a record that IT Glue's own sync owns.
  func owned(_ kind: RecordKind, psaID: String?, words: String) -> String {
    let name = ITGlueFeatures.integrations.first { $0.type == integration }?.name
    let sync = name.map { "IT Glue's own \($0) sync" } ?? "IT Glue's own PSA sync"
    let record = psaID.map { " (PSA record \($0))" } ?? ""
    return redaction.clean(
      "\(sync) still owns this \(ITGlueFeatures.description.noun(kind))\(record): switch that integration off at IT Glue, "
        + "Account > Integrations. IT Glue says: \(words)")
  }

  /// Whether a 422 means that the record belongs to IT Glue's own sync.
  ///
  /// The vendor documents the status and no words for it. Where the record carries a PSA id, a 422 is that, unless it
  /// plainly finds fault with a value; where it carries none, only words about a sync say so.
  static func isOwned(_ items: [ITGlueErrorBody.Item], psaID: String?) -> Bool {
    let text = items.flatMap { [$0.title, $0.detail] }.compactMap { $0 }.joined(separator: " ").lowercased()
    let namesSync = ["sync", "integration", "psa", "read-only", "read only", "readonly"].contains { text.contains($0) }
    if namesSync { return true }
    guard psaID != nil else { return false }
    let findsFault = ["must", "blank", "invalid", "not valid", "is required", "too long", "too short", "taken"]
      .contains { text.contains($0) }
    return !findsFault
  }

  static func isTaken(_ items: [ITGlueErrorBody.Item]) -> Bool {
    items.contains { item in
      let text = "\(item.title ?? "") \(item.detail ?? "")".lowercased()
      return text.contains("already been taken") || text.contains("already exists") || text.contains("duplicate")
    }
  }

  /// The server's own words in one line: the first few of what it found.
  private func words(_ items: [ITGlueErrorBody.Item]) -> String {
    let all = items.prefix(3).map { item in
      // Details such as "must exist" say nothing without what they are about.
      let about = item.detail == nil ? nil : item.attribute
      return [about, item.detail ?? item.title].compactMap { $0 }.joined(separator: " ")
    }
    return redaction.clean(all.filter { !$0.isEmpty }.joined(separator: "; "))
  }

  /// Nothing, for a gateway's page of HTML or a plain text.
  static func items(_ response: HTTPResponse) -> [ITGlueErrorBody.Item] {
    (try? JSONDecoder().decode(ITGlueErrorBody.self, from: response.body))?.errors ?? []
  }
}
