/// What the answers of Google mean: tables from status and reason to an error, for sign-in, People and Directory.
import Foundation
import Model

/// An answer that is no success, of either shape (google.md §7.3).
struct GoogleFault: Sendable {
  var status: Int
  /// The first reason found: `EXPIRED_SYNC_TOKEN`, `userRateLimitExceeded`; then the status word.
  var reason: String
  /// The word in `status`: `FAILED_PRECONDITION`.
  var word: String
  var message: String
  /// What a failed batch says of single contacts: by resource name, or by their place in the request.
  var contacts: [String: GoogleContactFault]

  init(_ response: HTTPResponse) {
    // A gateway's page of HTML says nothing but its status.
    let error = (try? JSONDecoder().decode(GoogleErrorBody.self, from: response.body))?.error
    status = response.status
    word = error?.status ?? ""
    message = error?.message ?? ""
    let reasons = (error?.details ?? []).compactMap(\.reason) + (error?.errors ?? []).compactMap(\.reason)
    reason = reasons.first ?? word
    contacts = [:]
    for detail in error?.details ?? [] { contacts.merge(detail.contactErrors ?? [:]) { first, _ in first } }
    let details = (error?.details ?? []).compactMap(\.words)
    if !details.isEmpty { message += (message.isEmpty ? "" : " ") + details.joined(separator: " ") }
  }

  private var text: String { "\(reason) \(message)".lowercased() }

  /// Too many requests, in words of the legacy shape (google.md §7.4).
  var isRate: Bool { ["userratelimitexceeded", "ratelimitexceeded", "quotaexceeded"].contains(reason.lowercased()) }
  var isDaily: Bool { text.contains("daily") || text.contains("per day") }
  var isMinute: Bool { text.contains("per minute") }
  var isStale: Bool { status == 400 && word == "FAILED_PRECONDITION" && text.contains("etag") }
  /// The account holds as many contacts as it may, its trash counted (google.md §5.6).
  var isFull: Bool { text.contains("my_contacts_overflow_count") }
  var isServiceDisabled: Bool { ["accessnotconfigured", "service_disabled"].contains(reason.lowercased()) }
  /// Refused without a word on the scope, the API or a rate.
  var isPlainRefusal: Bool { status == 403 && ["permission_denied", "forbidden"].contains(reason.lowercased()) }
}

/// What a failed batch says of one contact: a number of `google.rpc.Code` and words.
struct GoogleContactFault: Decodable, Sendable, Equatable {
  var code: Int?
  var message: String?

  var isStale: Bool { code == 9 }
  var isGone: Bool { code == 5 }
  var isFull: Bool { message?.contains("MY_CONTACTS_OVERFLOW_COUNT") ?? false }
}

struct GoogleErrors: Sendable {
  let redaction: Redaction
  /// The service account's numeric id, for the hints.
  let clientID: String?

  /// An answer of People or Directory that is no success.
  /// - Parameter user: in whose name was asked.
  func error(_ response: HTTPResponse, purpose: String, user: String, now: Date) -> ConnectorError {
    let fault = GoogleFault(response)
    let kind = Self.kind(fault, retryAfter: RetryAfter.seconds(response.header("retry-after"), now: now))
    let words = redaction.clean(
      [fault.reason, fault.message].filter { !$0.isEmpty }.joined(separator: ": "))
    let hint: String? =
      switch kind {
      case .unauthorized: "check the service account's key, then: check"
      case .forbidden where fault.isServiceDisabled:
        "switch on the People API and the Admin SDK API in the Google Cloud project of the service account"
      case .forbidden:
        "see that \(user) may do this at Google: an administrator's role for the directory, the contacts "
          + "service for contacts"
      case .throttled: "wait, then try again"
      case .budgetUsed: "the project's contact writes of today are used up; what is left goes on tomorrow"
      default: nil
      }
    return ConnectorError(
      kind, "Google (\(user)) answered \(purpose) with \(response.status)\(words.isEmpty ? "" : " \(words)")",
      hint: hint, status: response.status, requestID: response.requestID)
  }

  static func kind(_ fault: GoogleFault, retryAfter: Double?) -> ConnectorError.Kind {
    switch fault.status {
    case 400 where isExpired(fault), 410 where isExpired(fault): .deltaExpired
    case 400 where fault.isStale: .stale
    case 401: .unauthorized
    case 403 where fault.isRate: .throttled(retryAfterSeconds: retryAfter)
    case 403: .forbidden
    case 404: .notFound
    case 409, 412: .stale
    case 413: .tooLarge
    case 429 where fault.isDaily: .budgetUsed(resetsInSeconds: retryAfter ?? 86_400)
    case 429: .throttled(retryAfterSeconds: retryAfter)
    case 408, 500...: .unreachable
    default: .rejected
    }
  }

  private static func isExpired(_ fault: GoogleFault) -> Bool {
    fault.reason == "EXPIRED_SYNC_TOKEN" || fault.message.lowercased().contains("sync token is expired")
  }

  /// An answer of the token endpoint that is no success (google.md §2.5).
  func signIn(_ response: HTTPResponse, user: String, scope: String, now: Date) -> ConnectorError {
    let body = GoogleTokenErrorBody(response)
    func error(_ kind: ConnectorError.Kind, _ sentence: String, _ hint: String?) -> ConnectorError {
      let words = redaction.clean(body.words)
      return ConnectorError(
        kind, "Google sign-in for \(user): \(sentence)\(words.isEmpty ? "" : " (\(words))")", hint: hint,
        status: response.status, requestID: response.requestID, delivery: .notSent)
    }
    if response.status == 429 {
      return error(
        .throttled(retryAfterSeconds: RetryAfter.seconds(response.header("retry-after"), now: now)),
        "too many sign-ins", "wait, then try again")
    }
    if response.status >= 500 || response.status == 408 {
      return error(.unreachable, "the server answered \(response.status)", nil)
    }
    let description = (body.description ?? "").lowercased()
    switch body.error {
    case "unauthorized_client", "access_denied":
      let id = clientID.map { " \($0)" } ?? ""
      return error(
        .unauthorized, "the scope \(scope) is not delegated to the service account",
        "in the Admin console, API controls, domain-wide delegation, enter the numeric client id\(id) with that scope; it "
          + "may need up to 24 hours")
    case "admin_policy_enforced":
      return error(.unauthorized, "a policy of the tenant blocks the scope \(scope)", "let the policy allow it")
    case "invalid_grant" where Self.isNoUser(description):
      return error(
        .notFound, "there is no such user",
        "see whether the user was renamed or deleted; kith follows users by their id")
    case "invalid_grant" where description.contains("short-lived") || description.contains("reasonable timeframe"):
      let time = now.formatted(Date.ISO8601FormatStyle())
      return error(.unauthorized, "the clock is wrong: it is \(time) here", "set this machine's clock")
    case "invalid_grant":
      return error(
        .unauthorized, "the key is not accepted", "make a new key for the service account, and connect again")
    case "invalid_scope":
      return error(.unauthorized, "Google does not know the scope \(scope)", nil)
    case "disabled_client", "deleted_client", "invalid_client", "org_internal":
      return error(
        .unauthorized, "the service account cannot sign in", "see its state in the Google Cloud console")
    default:
      return error(
        response.status == 401 || response.status == 403 ? .unauthorized : .rejected,
        "refused with \(response.status)", "check the key and its delegation")
    }
  }

  private static func isNoUser(_ description: String) -> Bool {
    description.contains("not a valid email") || description.contains("invalid email")
      || description.contains("invalid email or user id")
  }
}

/// An error object of the token endpoint.
struct GoogleTokenErrorBody: Decodable {
  var error: String?
  var description: String?

  enum CodingKeys: String, CodingKey {
    case error
    case description = "error_description"
  }

  init(_ response: HTTPResponse) {
    self = (try? JSONDecoder().decode(Self.self, from: response.body)) ?? Self()
  }

  private init() {}

  var words: String { [error, description].compactMap { $0 }.joined(separator: ": ") }

  /// Worth another try whatever its status says (google.md §2.5).
  var isPassing: Bool {
    [error, description].contains { ["internal_failure", "server_error", "temporarily_unavailable"].contains($0) }
  }
}

/// An error object of People (v2 shape) or of Directory (v1 shape).
struct GoogleErrorBody: Decodable {
  struct Item: Decodable {
    var reason: String?
  }
  struct Detail: Decodable {
    struct Violation: Decodable {
      var field: String?
      var description: String?
    }
    var reason: String?
    var contactErrors: [String: GoogleContactFault]?
    var fieldViolations: [Violation]?
    var violations: [Violation]?

    /// What a detail says in words.
    var words: String? {
      let all = (fieldViolations ?? []) + (violations ?? [])
      let texts = all.map { [$0.field, $0.description].compactMap { $0 }.joined(separator: ": ") }
      return texts.isEmpty ? nil : texts.joined(separator: "; ")
    }

    enum CodingKeys: CodingKey { case reason, contactErrors, fieldViolations, violations }

    // Details come in many types: what one of them says otherwise is not what this looks for.
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      reason = try? container.decode(String.self, forKey: .reason)
      contactErrors = try? container.decode([String: GoogleContactFault].self, forKey: .contactErrors)
      fieldViolations = try? container.decode([Violation].self, forKey: .fieldViolations)
      violations = try? container.decode([Violation].self, forKey: .violations)
    }
  }
  struct Body: Decodable {
    var message: String?
    var status: String?
    var errors: [Item]?
    var details: [Detail]?
  }
  var error: Body
}
