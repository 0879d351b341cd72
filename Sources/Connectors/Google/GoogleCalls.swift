/// Requests to Google: where its three services are, in whose name is asked, and how often a minute.
import Foundation
import Model
import Synchronization

final class GoogleCalls: Sendable {
  /// Where People and Directory are.
  enum Service: Sendable { case people, directory }

  let people: WebAddress
  let directory: WebAddress
  let tokens: WebAddress
  let admin: String
  let line: Line
  let signIn: SignIn
  let errors: GoogleErrors
  let now: @Sendable () -> Date
  let clock: any MonotonicClock
  private let quota: Mutex<GoogleQuota>

  init(_ setup: ConnectorSetup) throws(ConnectorError) {
    let json = try setup.secret("key")
    let key = try GoogleKey(json, connection: setup.connection.name)
    admin = try setup.required("admin")
    guard admin.contains("@"), !admin.contains(where: \.isWhitespace) else {
      throw ConnectorError(
        .misconfigured, "admin of the connection \(setup.connection.name) is no address",
        hint: "give the address of an administrator of the tenant", delivery: .notSent)
    }
    if let url = try setup.url() {
      (tokens, people, directory) = (url.appending(["token"]), url.appending(["people"]), url.appending(["admin"]))
    } else {
      guard let people = WebAddress("https://people.googleapis.com"),
        let directory = WebAddress("https://admin.googleapis.com")
      else { preconditionFailure("these are addresses") }
      (tokens, self.people, self.directory) = (key.tokenAddress, people, directory)
    }
    quota = Mutex(try GoogleQuota(setup))
    var setup = setup
    setup.transport = GoogleThrottle(setup.transport, now: setup.now)
    let line = Line(setup, pace: GoogleFeatures.pace)
    let errors = GoogleErrors(redaction: Redaction(GoogleKey.secrets(json)), clientID: key.clientID)
    (self.line, self.errors, now, clock) = (line, errors, setup.now, setup.clock)
    let (tokens, now) = (tokens, setup.now)
    signIn = SignIn(clock: setup.clock, margin: GoogleFeatures.tokenMargin) { name async throws(ConnectorError) in
      let identity = GoogleIdentity(name)
      let assertion = try key.assertion(subject: identity.user, scope: identity.scope, at: now())
      let grant = WebAddress.encoded("urn:ietf:params:oauth:grant-type:jwt-bearer")
      let response = try await line.send(
        HTTPRequest(
          .post, tokens,
          headers: [
            HTTPHeader("Content-Type", "application/x-www-form-urlencoded"), HTTPHeader("Accept", "application/json"),
          ],
          body: Data("grant_type=\(grant)&assertion=\(WebAddress.encoded(assertion))".utf8), purpose: "sign-in",
          lane: "sign-in \(identity.user)", isRepeatable: true, isSignIn: true))
      guard response.isSuccess else {
        throw errors.signIn(response, user: identity.user, scope: identity.scope, now: now())
      }
      let token = try JSONWire.decode(
        GoogleToken.self, from: response.body, purpose: "Google sign-in for \(identity.user)")
      return AccessToken(value: Secret(token.accessToken), lifetime: min(max(token.lifetime ?? 3599, 0), 86_400))
    }
  }

  /// Sends a request in a user's name, whatever is answered but 401: a refused token is renewed once.
  ///
  /// - Parameters:
  ///   - user: the present primary address; whether an alias can sign in is not known.
  ///   - quotaOf: the id under which what the request costs is counted; `nil` where nothing is.
  func send(
    _ service: Service, as user: String, scope: String, _ method: HTTPRequest.Method, _ path: String,
    query: [(key: String, value: String)] = [], body: JSONValue? = nil, purpose: String, cost: GoogleQuota.Cost = [:],
    quotaOf: String? = nil, isRepeatable: Bool? = nil, departure: Departure? = nil
  ) async throws(ConnectorError) -> HTTPResponse {
    let identity = GoogleIdentity(user: user, scope: scope).name
    var token = try await signIn.token(for: identity)
    var isRenewed = false
    while true {
      if let quotaOf { try await takeTurn(quotaOf, cost) }
      var headers = [
        HTTPHeader("Authorization", "Bearer \(token.reveal())"), HTTPHeader("Accept", "application/json"),
      ]
      if body != nil { headers.append(HTTPHeader("Content-Type", "application/json")) }
      let base = service == .people ? people : directory
      let text = query.map { "\($0.key)=\(WebAddress.encoded($0.value, keeping: ",/()"))" }.joined(separator: "&")
      let response = try await line.send(
        HTTPRequest(
          method, WebAddress(origin: base.origin, path: "\(base.path)/\(path)", query: text.isEmpty ? nil : text),
          headers: headers, body: body.map(JSONWire.encode), purpose: purpose, lane: "\(service) \(user)",
          isRepeatable: isRepeatable, departure: departure))
      guard response.status == 401, !isRenewed else { return response }
      isRenewed = true
      token = try await signIn.token(for: identity, insteadOf: token)
    }
  }

  private func takeTurn(_ user: String, _ cost: GoogleQuota.Cost) async throws(ConnectorError) {
    while true {
      let time = clock.now()
      guard let wait = quota.withLock({ $0.admit(user, cost, at: time) }) else { return }
      do { try await clock.sleep(seconds: wait) } catch { throw .cancelled }
    }
  }

  /// Waits a while between two tries of the same thing.
  func rest(seconds: Double) async throws(ConnectorError) {
    do { try await clock.sleep(seconds: seconds) } catch { throw .cancelled }
  }
}

/// In whose name a token is and for what, as one name.
struct GoogleIdentity: Sendable {
  var user: String
  var scope: String

  init(user: String, scope: String) { (self.user, self.scope) = (user, scope) }

  init(_ name: String) {
    let parts = name.split(separator: " ", maxSplits: 1).map(String.init)
    (user, scope) = (parts.first ?? "", parts.count == 2 ? parts[1] : "")
  }

  var name: String { "\(user) \(scope)" }
}
