/// Requests to Microsoft Graph: which cloud, and the token of each tenant.
import Foundation
import Model

final class MicrosoftGraphCalls: Sendable {
  let cloud: MicrosoftCloud
  let line: Line
  let signIn: SignIn
  let errors: MicrosoftGraphErrors
  let now: @Sendable () -> Date

  init(_ setup: ConnectorSetup) throws(ConnectorError) {
    let name = setup.optional("cloud") ?? "global"
    guard var cloud = MicrosoftCloud(named: name) else {
      throw ConnectorError(
        .misconfigured, "the connection \(setup.connection.name) names the cloud \(name), which does not exist",
        hint: "cloud= is global, us-gov, us-dod or china", delivery: .notSent)
    }
    if let url = try setup.url() {
      cloud.signIn = url
      cloud.graph = url
    }
    let clientID = try setup.required("client-id")
    let secret = try setup.secret("client-secret")
    let (line, errors) = (
      Line(setup, pace: MicrosoftGraphFeatures.pace), MicrosoftGraphErrors(redaction: Redaction([secret]))
    )
    let (signInHost, scope, now) = (cloud.signIn, cloud.scope, setup.now)
    self.cloud = cloud
    self.line = line
    self.errors = errors
    self.now = now
    signIn = SignIn(clock: setup.clock) { tenant async throws(ConnectorError) in
      let form = [
        ("client_id", clientID), ("scope", scope), ("client_secret", secret.reveal()),
        ("grant_type", "client_credentials"),
      ]
      let body = form.map { "\($0.0)=\(WebAddress.encoded($0.1))" }.joined(separator: "&")
      let response = try await line.send(
        HTTPRequest(
          .post, signInHost.appending([tenant, "oauth2", "v2.0", "token"]),
          headers: [
            HTTPHeader("Content-Type", "application/x-www-form-urlencoded"), HTTPHeader("Accept", "application/json"),
          ],
          body: Data(body.utf8), purpose: "sign-in", lane: "sign-in \(tenant)", isRepeatable: true, isSignIn: true))
      guard response.isSuccess else { throw errors.signIn(response, tenant: tenant, now: now()) }
      let token = try JSONWire.decode(GraphToken.self, from: response.body, purpose: "sign-in to the tenant \(tenant)")
      return AccessToken(value: Secret(token.accessToken), lifetime: min(max(token.lifetime ?? 3599, 0), 86_400))
    }
  }

  /// Sends a request with the tenant's token; a refused token is renewed once.
  func call(
    _ tenant: String, _ request: HTTPRequest, accepting: Set<Int> = []
  ) async throws(ConnectorError) -> HTTPResponse {
    var token = try await signIn.token(for: tenant)
    var isRenewed = false
    while true {
      var signed = request
      signed.headers.append(HTTPHeader("Authorization", "Bearer \(token.reveal())"))
      signed.headers.append(HTTPHeader("Accept", "application/json"))
      let response = try await line.send(signed)
      if response.isSuccess || accepting.contains(response.status) { return response }
      guard response.status == 401, !isRenewed else {
        throw errors.graph(response, purpose: request.purpose, tenant: tenant, now: now())
      }
      isRenewed = true
      token = try await signIn.token(for: tenant, insteadOf: token)
    }
  }
}
