// The token endpoint: a signed assertion for an access token.

import Foundation

extension GoogleEmulation {
  /// The constant that client libraries sign whatever endpoint they post to.
  static let audience = "https://oauth2.googleapis.com/token"
  static let grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"
  /// How far a client's clock may be off.
  static let clockSkew = 300

  /// Source: Google Identity, "Using OAuth 2.0 for server to server applications".
  mutating func tokenAnswer(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse {
    do throws(GoogleTokenRefusal) {
      let grant = try grant(for: request, at: moment)
      let token = "ya29.c." + random.key(length: 60)
      // What has expired is forgotten now and then, so that a long run does not pile up tokens.
      if grants.count > 10_000 { grants = grants.filter { $0.value.expiresAt > moment.seconds } }
      grants[token] = grant
      counters.tokens += 1
      if let user = grant.userID { counters.calls[user, default: [:]]["token", default: 0] += 1 }
      return EmulatedResponse(
        200,
        [
          "access_token": .string(token), "expires_in": .int(grant.expiresAt - moment.seconds), "token_type": "Bearer",
        ])
    } catch {
      return EmulatedResponse(error.status, error.json)
    }
  }

  private func grant(for request: EmulatedRequest, at moment: Moment) throws(GoogleTokenRefusal) -> Grant {
    guard request.method == "POST",
      request.headers["content-type"]?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
    else { throw GoogleTokenRefusal(400, "invalid_request", "Bad Request") }
    let form = EmulatedRequest.items(of: String(decoding: request.body, as: UTF8.self))
    func value(_ name: String) -> String { form.first { $0.name == name }?.value ?? "" }
    guard value("grant_type") == Self.grantType else {
      throw GoogleTokenRefusal(400, "unsupported_grant_type", "Invalid grant_type: \(value("grant_type"))")
    }
    guard !value("assertion").isEmpty else {
      throw GoogleTokenRefusal(400, "invalid_request", "Missing required parameter: assertion")
    }
    let assertion = try GoogleAssertion(value("assertion"))
    guard assertion.issuer == account.email else { throw .unknownIssuer }
    guard consent.clientState == "active" else {
      throw GoogleTokenRefusal(
        401, consent.clientState, "The service account or its project is in the state \(consent.clientState).")
    }
    guard assertion.algorithm == "RS256", assertion.keyID == nil || assertion.keyID == account.keyID,
      consent.keyIsValid, account.hasSigned(assertion.signedText, with: assertion.signature)
    else { throw .badSignature }
    guard [Self.audience, "\(moment.root)/token"].contains(assertion.audience) else { throw .badAudience }
    try checkTimes(of: assertion, at: moment.seconds)
    let scopes = try scopes(of: assertion)
    let user = try assertion.subject.map { (subject) throws(GoogleTokenRefusal) in try userID(of: subject) }
    return Grant(
      userID: user, scopes: scopes, expiresAt: moment.seconds + max(1, options[.tokenLifetime]))
  }

  /// "More than 65 minutes, exp < iat, or a wrong clock gives invalid_grant".
  private func checkTimes(of assertion: GoogleAssertion, at seconds: Int) throws(GoogleTokenRefusal) {
    guard let issued = assertion.issuedAt, let expires = assertion.expiresAt, expires >= issued,
      expires - issued <= 3600 + Self.clockSkew, issued <= seconds + Self.clockSkew,
      expires > seconds - Self.clockSkew
    else { throw .badTimes }
  }

  /// "one undelegated scope fails the whole token".
  private func scopes(of assertion: GoogleAssertion) throws(GoogleTokenRefusal) -> Set<String> {
    let asked = (assertion.scope ?? "").split(separator: " ").map(String.init)
    guard !asked.isEmpty else { throw .emptyScope }
    let misspelt = asked.filter { !GoogleConsent.known.contains($0) }
    guard misspelt.isEmpty else { throw .misspeltScopes(misspelt) }
    guard !consent.wasDelegatedByAddress else { throw .delegatedByAddress }
    let contacts = GoogleConsent.prefix + "contacts"
    let granted = Set(asked)
    let isAllowed = granted.allSatisfy { scope in
      consent.delegated.contains(scope)
        || (options[.contactsCoverReading] && scope == contacts + ".readonly" && consent.delegated.contains(contacts))
    }
    guard isAllowed else {
      guard consent.refusesAs == "unauthorized_client" else {
        throw GoogleTokenRefusal(400, consent.refusesAs, "One or more requested scopes are not allowed.")
      }
      throw .notDelegated
    }
    return granted
  }

  /// The user whom a token acts for.
  private func userID(of subject: String) throws(GoogleTokenRefusal) -> String {
    guard subject.contains("@") else { throw .noAddress }
    let place =
      options[.aliasesAreSubjects]
      ? directory.presentPlace(key: subject) : directory.presentPlace(primaryEmail: subject)
    guard let place else { throw .noUser }
    let user = directory.users[place]
    guard !user.isSuspended, !user.isArchived else {
      guard options[.suspendedGetTokens] else { throw .noUser }
      return user.id
    }
    if options[.serviceOffAtToken], !user.hasContacts {
      throw GoogleTokenRefusal(400, "access_denied", "Access to the service is restricted for this user.")
    }
    return user.id
  }
}
