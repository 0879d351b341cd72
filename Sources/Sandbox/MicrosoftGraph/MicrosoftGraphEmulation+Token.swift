// The token endpoint: OAuth 2.0 client credentials, form encoded.

import Foundation

extension MicrosoftGraphEmulation {
  /// Gives out an access token.
  ///
  /// Source: Microsoft identity platform, "OAuth 2.0 client credentials flow", first case: a shared secret.
  mutating func tokenAnswer(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse {
    do throws(TokenRefusal) {
      let tenant = try tenantForToken(request, at: moment)
      let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.\(random.key(length: 40)).\(random.key(length: 40))"
      grants[token] = Grant(
        tenant: tenant, expiresAt: moment.now.addingTimeInterval(Double(tokenLifetime)),
        permissions: tenants[tenant].permissions)
      return EmulatedResponse(
        200,
        [
          "token_type": "Bearer", "expires_in": .int(tokenLifetime), "ext_expires_in": .int(tokenLifetime),
          "access_token": .string(token),
        ], headers: [.init(name: "Cache-Control", value: "no-store, no-cache")])
    } catch {
      return EmulatedResponse(
        error.status,
        error.json(traceID: random.guid(), correlationID: random.guid(), now: Instant.text(moment.now)))
    }
  }

  private func tenantForToken(_ request: EmulatedRequest, at moment: Moment) throws(TokenRefusal) -> Int {
    let name = request.path.first ?? ""
    guard request.method == "POST",
      request.headers["content-type"]?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
    else { throw .missing("grant_type") }
    let form = EmulatedRequest.items(of: String(decoding: request.body, as: UTF8.self))
    func value(_ name: String) throws(TokenRefusal) -> String {
      guard let value = form.first(where: { $0.name == name })?.value, !value.isEmpty else { throw .missing(name) }
      return value
    }
    guard try value("grant_type") == "client_credentials" else { throw .unsupportedGrant }
    let wanted = name.lowercased()
    guard let tenant = tenants.firstIndex(where: { $0.id == wanted || $0.domains.contains(wanted) }) else {
      throw .tenantNotFound(name)
    }
    let application = try value("client_id")
    guard application.lowercased() == clientID else { throw .applicationNotFound(application) }
    guard try value("client_secret") == clientSecret, secretIsValid else {
      throw .wrongSecret(application: application)
    }
    guard !secretIsExpired else { throw .expiredSecret }
    guard try value("scope").hasSuffix("/.default") else { throw .invalidScope }
    return tenant
  }
}
