// How Google words its refusals: one error in the two shapes of its APIs, and the different one of the token endpoint.

/// A request that the People API or the Directory API refuses.
struct GoogleRefusal: Error, Sendable {
  var code: Int
  /// The name among `google.rpc.Code`, which the newer shape shows.
  var status: String
  /// What the older shape shows.
  var reason: String
  /// Of the reason, in the older shape.
  var domain: String
  var message: String
  var details: [JSON]
  var retryAfter: Int?

  init(
    _ code: Int, _ status: String, _ reason: String, _ message: String, domain: String = "global", details: [JSON] = []
  ) {
    self.code = code
    self.status = status
    self.reason = reason
    self.message = message
    self.domain = domain
    self.details = details
  }

  /// The number of the status in `google.rpc.Code`, as errors inside an answer carry it.
  var rpcCode: Int {
    switch status {
    case "INVALID_ARGUMENT": 3
    case "NOT_FOUND": 5
    case "ALREADY_EXISTS": 6
    case "PERMISSION_DENIED": 7
    case "RESOURCE_EXHAUSTED": 8
    case "FAILED_PRECONDITION": 9
    default: 2
    }
  }

  /// The older shape is the Directory's, the newer one that of People; `$.xgafv` chooses.
  func json(older: Bool) -> JSON {
    var members: [JSON.Member] = [
      .init(name: "code", value: .int(code)), .init(name: "message", value: .string(message)),
    ]
    if older {
      members.append(
        .init(
          name: "errors",
          value: [["message": .string(message), "domain": .string(domain), "reason": .string(reason)]]))
      if code == 401 || code == 429 { members.append(.init(name: "status", value: .string(status))) }
    } else {
      members.append(.init(name: "status", value: .string(status)))
      if !details.isEmpty { members.append(.init(name: "details", value: .array(details))) }
    }
    return .object([.init(name: "error", value: .object(members))])
  }

  /// A status as it stands inside an answer of 200, or beside an item of a batch.
  var item: JSON { ["code": .int(rpcCode), "message": .string(message)] }
}

extension GoogleRefusal {
  static func invalid(_ message: String, field: String? = nil) -> GoogleRefusal {
    let violations = field.map { field -> [JSON] in
      [
        [
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          "fieldViolations": [["field": .string(field), "description": .string(message)]],
        ]
      ]
    }
    return GoogleRefusal(400, "INVALID_ARGUMENT", "badRequest", message, details: violations ?? [])
  }

  static func precondition(_ message: String) -> GoogleRefusal {
    GoogleRefusal(400, "FAILED_PRECONDITION", "failedPrecondition", message)
  }

  static func notFound(_ message: String) -> GoogleRefusal { GoogleRefusal(404, "NOT_FOUND", "notFound", message) }

  static let unauthenticated = GoogleRefusal(
    401, "UNAUTHENTICATED", "authError",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
      + "authentication credential.")

  static let insufficientScope = GoogleRefusal(
    403, "PERMISSION_DENIED", "insufficientPermissions", "Request had insufficient authentication scopes.",
    details: [info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", domain: "googleapis.com")])

  /// "a plain user gets 403 'Not Authorized to access this resource/api'".
  static let notAuthorized = GoogleRefusal(
    403, "PERMISSION_DENIED", "forbidden", "Not Authorized to access this resource/api")

  static func apiDisabled(_ api: String, project: String) -> GoogleRefusal {
    GoogleRefusal(
      403, "PERMISSION_DENIED", "accessNotConfigured",
      "\(api) has not been used in project \(project) before or it is disabled. Enable it, then retry.",
      domain: "usageLimits", details: [info("SERVICE_DISABLED", domain: "googleapis.com")])
  }

  /// "Expired: HTTP 400 …, ErrorInfo with reason EXPIRED_SYNC_TOKEN".
  static let expiredSyncToken = GoogleRefusal(
    400, "FAILED_PRECONDITION", "failedPrecondition",
    "Sync token is expired. Clear local cache and retry call without the sync token.",
    details: [info("EXPIRED_SYNC_TOKEN", domain: "people.googleapis.com")])

  static func staleEtag(ofSource: Bool) -> GoogleRefusal {
    let name = ofSource ? "person.metadata.sources.etag" : "person.etag"
    return .precondition(
      "Request \(name) is different than the current \(name). Clear local cache and get the latest person.")
  }

  static let labelNameTaken = GoogleRefusal(
    409, "ALREADY_EXISTS", "duplicate", "Contact group name already exists.")

  static func info(_ reason: String, domain: String, metadata: JSON? = nil) -> JSON {
    .object(
      [
        .init(name: "@type", value: "type.googleapis.com/google.rpc.ErrorInfo"),
        .init(name: "reason", value: .string(reason)), .init(name: "domain", value: .string(domain)),
      ] + (metadata.map { [.init(name: "metadata", value: $0)] } ?? []))
  }
}

/// A token request that is refused.
///
/// Source: Google Identity, "Using OAuth 2.0 for server to server applications", error codes.
struct GoogleTokenRefusal: Error, Sendable, Equatable {
  var status: Int
  var error: String
  var text: String

  init(_ status: Int, _ error: String, _ text: String) {
    self.status = status
    self.error = error
    self.text = text
  }

  var json: JSON { ["error": .string(error), "error_description": .string(text)] }

  static let badSignature = GoogleTokenRefusal(400, "invalid_grant", "Invalid JWT Signature.")
  static let badTimes = GoogleTokenRefusal(
    400, "invalid_grant",
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp "
      + "values in the JWT claim.")
  static let badAudience = GoogleTokenRefusal(400, "invalid_grant", "Invalid JWT: Failed audience check.")
  static let noAddress = GoogleTokenRefusal(400, "invalid_grant", "Not a valid email or user ID.")
  static let noUser = GoogleTokenRefusal(400, "invalid_grant", "Invalid email or User ID")
  static let notDelegated = GoogleTokenRefusal(
    401, "unauthorized_client",
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes "
      + "requested.")
  static let delegatedByAddress = GoogleTokenRefusal(
    401, "unauthorized_client", "Unauthorized client or scope in request.")
  static let emptyScope = GoogleTokenRefusal(400, "invalid_scope", "Empty or missing scope not allowed.")
  static let unknownIssuer = GoogleTokenRefusal(401, "invalid_client", "The OAuth client was not found.")

  static func misspeltScopes(_ scopes: [String]) -> GoogleTokenRefusal {
    GoogleTokenRefusal(
      400, "invalid_scope", "Some requested scopes were invalid. {invalid=[\(scopes.joined(separator: ", "))]}")
  }
}
