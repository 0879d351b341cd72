/// What the answers of IT Glue mean: its advice, its words, and the reasons of its refusals.
import Foundation
import Model

struct ITGlueErrors: VendorErrors {
  static let system = "IT Glue"
  // Which of 401 and 403 a wrong key is answered with differs between the vendor's own pages.
  static let exceptions = [403: ConnectorError.Kind.unauthorized]
  let redaction: Redaction
  /// The PSA product that IT Glue's own sync is with, as the vendor writes it, where `check` found one.
  let integration: String?

  static func hint(_ kind: ConnectorError.Kind) -> String? {
    switch kind {
    case .unauthorized:
      "check api-key and region; IT Glue revokes a key that was not used for 90 days, and keys are made at Account > "
        + "Settings > API Keys"
    case .throttled: "wait, then try again: 3000 requests in 5 minutes are allowed to the whole account"
    default: nil
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
    let items = Self.items(response)
    if response.status == 422, write.action != .create, Self.isOwned(items, psaID: psaID) {
      return .refused(
        .recordForbidden, owned(write.kind, psaID: psaID, words: said(response)), isPartial: isPartial)
    }
    return outcome(
      response, purpose: purpose, action: write.action, isPartial: isPartial, now: now,
      conflict: (.versionConflict, nil)
    ) {
      if response.status == 422, Self.isTaken(items) { return (.duplicateAtTarget, nil) }
      let fields = items.lazy.compactMap { $0.attribute.flatMap { ITGlueMapping.field(ofAttribute: $0, write.kind) } }
      return (.valueRefused, fields.first)
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

  /// The first few of what it found.
  func words(_ response: HTTPResponse) -> String {
    let all = Self.items(response).prefix(3).map { item in
      // Details such as "must exist" say nothing without what they are about.
      let about = item.detail == nil ? nil : item.attribute
      return [about, item.detail ?? item.title].compactMap { $0 }.joined(separator: " ")
    }
    return redaction.clean(all.filter { !$0.isEmpty }.joined(separator: "; "))
  }

  /// Nothing, for a gateway's page of HTML or a plain text.
  static func items(_ response: HTTPResponse) -> [ITGlueErrorBody.Item] {
    JSONWire.read(ITGlueErrorBody.self, from: response.body)?.errors ?? []
  }
}
