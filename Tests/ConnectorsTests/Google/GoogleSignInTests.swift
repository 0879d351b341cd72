/// Signing in at Google: what is signed, how long a token is kept, and what each refusal means.
import Connectors
import Foundation
import Model
import Testing

@Suite struct GoogleSignInTests {
  private static func labels(_ connector: GoogleConnector) async throws {
    _ = try await connector.group(GroupScope(name: "Team"), in: "u1", of: .person)
  }

  @Test("the assertion says who asks for whom and for what, and is signed with the key")
  func assertion() async throws {
    let google = ScriptedGoogle { _, _ in .json(GoogleFixture.labels) }
    try await Self.labels(try google.connector())
    let requests = google.transport.requests.filter(\.isSignIn)
    let assertions = requests.compactMap { GoogleAssertion($0) }
    #expect(assertions.count == 2)
    #expect(assertions.allSatisfy { $0.isSigned && $0.header == ["alg": "RS256", "typ": "JWT", "kid": "kid-1"] })
    #expect(
      assertions.map(\.claims) == [
        [
          "iss": "bot@p.iam.gserviceaccount.com", "sub": "root@acme.example",
          "scope": "https://www.googleapis.com/auth/admin.directory.user.readonly",
          "aud": "https://oauth2.googleapis.com/token", "iat": "1800000000", "exp": "1800003600",
        ],
        [
          "iss": "bot@p.iam.gserviceaccount.com", "sub": "una@acme.example",
          "scope": "https://www.googleapis.com/auth/contacts", "aud": "https://oauth2.googleapis.com/token",
          "iat": "1800000000", "exp": "1800003600",
        ],
      ])
    let body = try #require(requests.first?.body.map { String(decoding: $0, as: UTF8.self) })
    #expect(body.hasPrefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="))
  }

  @Test("a token is used again until 225 seconds before its end", arguments: [(3300.0, 1), (3373.0, 1), (3375.0, 2)])
  func cached(seconds: Double, tokens: Int) async throws {
    let google = ScriptedGoogle { _, _ in .json(GoogleFixture.labels) }
    let connector = try google.connector()
    try await Self.labels(connector)
    google.clock.advance(seconds)
    try await Self.labels(connector)
    let contacts = google.transport.requests.filter(\.isSignIn).compactMap { GoogleAssertion($0) }
      .filter { $0.claims["scope"]?.hasSuffix("/contacts") == true }
    #expect(contacts.count == tokens)
  }

  @Test("a refused token is renewed once, and refused again it is an error")
  func renewed() async throws {
    let once = ScriptedGoogle { _, number in number == 1 ? .json("{}", status: 401) : .json(GoogleFixture.labels) }
    try await Self.labels(try once.connector())
    #expect(once.lines.count == 2)
    let always = ScriptedGoogle { _, _ in .json("{}", status: 401) }
    let connector = try always.connector()
    #expect(await failure { try await Self.labels(connector) }?.kind == .unauthorized)
    #expect(always.lines.count == 2)
  }

  @Test(
    "a key file that cannot be used is named with what it lacks",
    arguments: [
      (["client_email": String?.none], "has no client_email"), (["private_key": nil], "has no private_key"),
      (["token_uri": nil], "has no token_uri"), (["type": nil], "has no type"),
      (["type": "authorized_user"], "is not that of a service account"),
      (["private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"], "private_key that cannot"),
      (["token_uri": "http://evil.example/token"], "token_uri that is no https"),
    ] as [([String: String?], String)])
  func unusableKeys(_ changes: [String: String?], _ words: String) throws {
    let google = ScriptedGoogle { _, _ in .json("{}") }
    let error = #expect(throws: ConnectorError.self) {
      _ = try google.connector(key: GoogleFixture.keyFile(changes))
    }
    #expect(error?.kind == .misconfigured)
    #expect(error?.message.contains(words) == true)
    #expect(error?.message.contains("AAAA") == false)
  }

  @Test("what is no key file, no address or no number is named")
  func unusableParameters() throws {
    let google = ScriptedGoogle { _, _ in .json("{}") }
    #expect(throws: ConnectorError.self) { _ = try google.connector(key: Secret("not json")) }
    for wrong in [["admin": "root"], ["admin": ""], ["reads-per-minute": "0"], ["writes-per-minute": "many"]] {
      let error = #expect(throws: ConnectorError.self) { _ = try google.connector(parameters: wrong) }
      #expect(error?.kind == .misconfigured)
    }
  }

  @Test(
    "each refusal of a token means what Google's page says",
    arguments: [
      (
        401, "unauthorized_client", "Client is unauthorized to retrieve access tokens",
        ConnectorError.Kind.unauthorized, "24 hours"
      ),
      (400, "access_denied", "Requested client not authorized.", .unauthorized, "24 hours"),
      (400, "admin_policy_enforced", "", .unauthorized, "policy"),
      (400, "invalid_grant", "Invalid email or User ID", .notFound, "renamed"),
      (400, "invalid_grant", "Not a valid email or user ID.", .notFound, "renamed"),
      (400, "invalid_grant", "Invalid JWT: Token must be a short-lived token", .unauthorized, "clock"),
      (400, "invalid_grant", "Invalid JWT Signature.", .unauthorized, "new key"),
      (400, "invalid_scope", "Empty or missing scope not allowed.", .unauthorized, "scope"),
      (401, "deleted_client", "The OAuth client was deleted.", .unauthorized, "service account"),
      (400, "org_internal", "", .unauthorized, "service account"),
    ])
  func refusals(
    status: Int, error: String, description: String, kind: ConnectorError.Kind, words: String
  ) async throws {
    let google = ScriptedGoogle(
      token: { _, _ in
        .json(#"{"error":"\#(error)","error_description":"\#(description)"}"#, status: status)
      }, script: { _, _ in .json(GoogleFixture.labels) })
    let connector = try google.connector()
    let failed = await failure { try await Self.labels(connector) }
    #expect(failed?.kind == kind)
    let said = "\(failed?.message ?? "") \(failed?.hint ?? "")"
    #expect(said.contains(words))
    #expect(google.transport.requests.count == 1)
  }

  @Test("a sign-in that fails for now is tried again", arguments: [500, 503, 504, 408, 429, 400])
  func passing(_ status: Int) async throws {
    let google = ScriptedGoogle(
      token: { _, number in
        number == 1
          ? .json(#"{"error":"\#(status == 400 ? "temporarily_unavailable" : "x")"}"#, status: status)
          : .json(#"{"access_token":"tok","expires_in":3599}"#)
      }, script: { _, _ in .json(GoogleFixture.labels) })
    try await Self.labels(try google.connector())
    #expect(google.lines.count == 1)
  }

  @Test("a user who was renamed meanwhile is asked for again by id, and signs in under the new address")
  func renamed() async throws {
    let google = RenamedUser()
    let connector = try google.google.connector()
    _ = try await connector.group(GroupScope(name: "Team"), in: "u2", of: .person)
    google.rename()
    // The token has run out, and what the directory said is believed for a while yet.
    google.google.clock.advance(200)
    _ = try await connector.group(GroupScope(name: "Team"), in: "u2", of: .person)
    let subjects = google.google.transport.requests.filter(\.isSignIn).compactMap { GoogleAssertion($0)?.claims["sub"] }
    #expect(subjects.suffix(1) == ["una.byrne@acme.example"])
  }
}

/// The user u2, whose address changes when told to; the former one signs nobody in any more.
private final class RenamedUser: Sendable {
  let google: ScriptedGoogle
  private let name = Address()

  init() {
    let name = name
    google = ScriptedGoogle(
      token: { request, number in
        let subject = GoogleAssertion(request)?.claims["sub"]
        return subject == "root@acme.example" || subject == name.now
          ? .json(#"{"access_token":"tok-\#(number)","expires_in":325}"#)
          : .json(#"{"error":"invalid_grant","error_description":"Invalid email or User ID"}"#, status: 400)
      },
      script: { request, _ in
        request.address.path.hasSuffix("/users/u2")
          ? .json(GoogleFixture.user("u2", name.now)) : .json(GoogleFixture.labels)
      })
  }

  func rename() { name.change() }

  private final class Address: Sendable {
    private let clock = FakeClock()
    var now: String { clock.now() > 0 ? "una.byrne@acme.example" : "una@acme.example" }
    func change() { clock.advance(1) }
  }
}
