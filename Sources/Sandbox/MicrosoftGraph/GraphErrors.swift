// How Microsoft words its refusals: the Graph error object, and the different one of the token endpoint.

/// A request that Graph refuses.
struct GraphRefusal: Error, Sendable {
  var status: Int
  var code: String
  var message: String
  var headers: [EmulatedResponse.Header] = []

  init(_ status: Int, _ code: String, _ message: String, headers: [EmulatedResponse.Header] = []) {
    self.status = status
    self.code = code
    self.message = message
    self.headers = headers
  }

  static func unsupportedQuery(_ message: String) -> GraphRefusal {
    GraphRefusal(400, "Request_UnsupportedQuery", message)
  }

  static func badRequest(_ message: String) -> GraphRefusal { GraphRefusal(400, "BadRequest", message) }

  static func notFound(_ name: String) -> GraphRefusal {
    GraphRefusal(
      404, "Request_ResourceNotFound",
      "Resource '\(name)' does not exist or one of its queried reference-property objects are not present.")
  }

  static let noPrivileges = GraphRefusal(
    403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")

  /// The error object; the inner key is spelled `innerError` on the wire.
  func json(requestID: String, clientRequestID: String, now: String) -> JSON {
    [
      "error": [
        "code": .string(code), "message": .string(message),
        "innerError": [
          "date": .string(String(now.dropLast())), "request-id": .string(requestID),
          "client-request-id": .string(clientRequestID),
        ],
      ]
    ]
  }
}

/// A token request that is refused.
///
/// Source: Microsoft identity platform, "Microsoft Entra authentication and authorization error codes".
enum TokenRefusal: Error, Sendable {
  case tenantNotFound(String)
  case applicationNotFound(String)
  case wrongSecret(application: String)
  case expiredSecret
  case missing(String)
  case unsupportedGrant
  case invalidScope

  var status: Int {
    switch self {
    case .wrongSecret, .expiredSecret: 401
    default: 400
    }
  }

  var code: Int {
    switch self {
    case .tenantNotFound: 90002
    case .applicationNotFound: 700016
    case .wrongSecret: 7_000_215
    case .expiredSecret: 7_000_222
    case .missing: 900_144
    case .unsupportedGrant: 70003
    case .invalidScope: 1_002_012
    }
  }

  var error: String {
    switch self {
    case .tenantNotFound, .missing: "invalid_request"
    case .applicationNotFound: "unauthorized_client"
    case .wrongSecret, .expiredSecret: "invalid_client"
    case .unsupportedGrant: "unsupported_grant_type"
    case .invalidScope: "invalid_scope"
    }
  }

  private var sentence: String {
    switch self {
    case .tenantNotFound(let name): "Tenant '\(name)' not found. Check to make sure you have the correct tenant ID."
    case .applicationNotFound(let name): "Application with identifier '\(name)' was not found in the directory."
    case .wrongSecret(let application):
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the "
        + "client secret ID, for a secret added to app '\(application)'."
    case .expiredSecret: "The provided client secret keys for the app are expired."
    case .missing(let name): "The request body must contain the following parameter: '\(name)'."
    case .unsupportedGrant: "The app requested an unsupported grant type."
    case .invalidScope:
      "The provided value for scope is not valid. Client credential flows must have a scope of /.default."
    }
  }

  func json(traceID: String, correlationID: String, now: String) -> JSON {
    let time = now.replacing("T", with: " ")
    return [
      "error": .string(error),
      "error_description": .string(
        "AADSTS\(code): \(sentence) Trace ID: \(traceID) Correlation ID: \(correlationID) Timestamp: \(time)"),
      "error_codes": [.int(code)], "timestamp": .string(time), "trace_id": .string(traceID),
      "correlation_id": .string(correlationID),
      "error_uri": .string("https://login.microsoftonline.com/error?code=\(code)"),
    ]
  }
}
