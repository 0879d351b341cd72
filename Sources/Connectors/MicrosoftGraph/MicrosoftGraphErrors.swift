/// What the answers of Microsoft's sign-in and of Graph mean: tables from status and code to an error with its fix.
import Foundation
import Model

struct MicrosoftGraphErrors: Sendable {
  let redaction: Redaction

  /// An answer of Graph that is no success.
  func graph(
    status: Int, body: GraphErrorBody?, purpose: String, tenant: String, retryAfter: Double?, requestID: String?
  ) -> ConnectorError {
    let code = body?.error.code ?? ""
    let words = [code, redaction.clean(body?.error.message ?? "")].filter { !$0.isEmpty }.joined(separator: ": ")
    let kind = Self.kind(status: status, code: code, retryAfter: retryAfter)
    let hint: String? =
      switch kind {
      case .unauthorized: "check the app registration's secret, then: check"
      case .forbidden:
        "grant the app User.Read.All and Organization.Read.All (application permissions), and give admin consent in the tenant \(tenant)"
      case .throttled: "wait, then try again"
      case .deltaExpired: "everything is read again"
      default: nil
      }
    return ConnectorError(
      kind, "Microsoft 365 (tenant \(tenant)) answered \(purpose) with \(status)\(words.isEmpty ? "" : " \(words)")",
      hint: hint, status: status, requestID: requestID)
  }

  func graph(_ response: HTTPResponse, purpose: String, tenant: String, now: Date) -> ConnectorError {
    // A gateway's error page is HTML: its status has to do.
    let body = JSONWire.read(GraphErrorBody.self, from: response.body)
    return graph(
      status: response.status, body: body, purpose: purpose, tenant: tenant,
      retryAfter: RetryAfter.seconds(response.header("retry-after"), now: now), requestID: response.requestID)
  }

  /// Codes come in varying case (`syncStateNotFound`, `SyncStateNotFound`); messages may change, codes may not.
  static func kind(status: Int, code: String, retryAfter: Double?) -> ConnectorError.Kind {
    switch (status, code.lowercased()) {
    case (400..<500, "syncstatenotfound"), (400..<500, "resyncrequired"), (410, _): .deltaExpired
    case (412, _): .stale
    case (423, _): .unreachable
    default: ConnectorError.Kind(status: status, retryAfter: retryAfter)
    }
  }

  /// An answer of the token endpoint that is no success.
  func signIn(_ response: HTTPResponse, tenant: String, now: Date) -> ConnectorError {
    let body = JSONWire.read(GraphSignInErrorBody.self, from: response.body)
    func error(_ kind: ConnectorError.Kind, _ sentence: String, _ hint: String?) -> ConnectorError {
      ConnectorError(
        kind, "Microsoft 365 sign-in for the tenant \(tenant): \(sentence)", hint: hint, status: response.status,
        requestID: response.requestID, delivery: .notSent)
    }
    if response.status == 429 {
      return error(
        .throttled(retryAfterSeconds: RetryAfter.seconds(response.header("retry-after"), now: now)),
        "too many sign-ins", "wait, then try again")
    }
    if response.status >= 500 { return error(.unreachable, "the server answered \(response.status)", nil) }
    for code in body?.codes ?? [] {
      if let known = Self.signInErrors[code] {
        return error(known.kind, "\(known.sentence) (AADSTS\(code))", known.hint)
      }
    }
    // The first line is the message; trace and correlation ids follow.
    let line = body?.description?.split(whereSeparator: \.isNewline).first.map(String.init)
    let words = redaction.clean(line ?? body?.error ?? "status \(response.status)")
    let isCredential = ["invalid_client", "unauthorized_client"].contains(body?.error) || response.status == 401
    return error(
      isCredential ? .unauthorized : .rejected, "refused: \(words)", "check client-id, client-secret and the tenant")
  }

  /// From the vendor's list of sign-in error codes; the texts are ours.
  private static let signInErrors: [Int: (kind: ConnectorError.Kind, sentence: String, hint: String)] = [
    7_000_215: (
      .unauthorized, "the client secret is wrong",
      "enter the secret's value (often its id was pasted instead of its value)"
    ),
    7_000_222: (
      .unauthorized, "the client secret has expired", "make a new secret in the app registration, and enter it"
    ),
    700_016: (
      .unauthorized, "the app is not known in this tenant",
      "check client-id, and let an administrator of the tenant give consent to the app"
    ),
    90_002: (.misconfigured, "there is no such tenant", "check the tenant's id or domain"),
    900_023: (.misconfigured, "the tenant's id is not one", "check the tenant's id or domain"),
    50_034: (.unauthorized, "the account is not known in this tenant", "check client-id and the tenant"),
    53_003: (
      .unauthorized, "a conditional access policy of the tenant blocks the app", "let the policy except the app"
    ),
    7_000_112: (.unauthorized, "the app is disabled in this tenant", "enable it under Enterprise applications"),
  ]
}
