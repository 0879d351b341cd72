import CryptoExtras
import Foundation
import Testing

@testable import Sandbox

@Suite("Google: tokens")
struct GoogleTokenTests {
  let test = TestWorld()

  /// "JSON members used: type, project_id, private_key_id, private_key, client_email, client_id, token_uri".
  @Test("the key file has what a client needs, and its key is one of 2048 bits") func keyFile() throws {
    let file = try test.googleKey
    #expect(file["type"] == "service_account")
    for name in ["project_id", "private_key_id", "private_key", "client_email", "client_id", "token_uri"] {
      #expect(file[name]?.text?.isEmpty == false, "\(name)")
    }
    #expect(file["client_id"]?.text?.allSatisfy(\.isNumber) == true)
    let pem = try #require(file["private_key"]?.text)
    #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----"))
    #expect(try _RSA.Signing.PrivateKey(pemRepresentation: pem).keySizeInBits == 2048)
    let system = try #require(test.description.systems["google"])
    #expect(file["token_uri"]?.text == "\(system.url)/token")
    #expect(system.credentials["admin"] == GoogleNames.admin)
    #expect(test.description.environment["SANDBOX_GOOGLE_KEY"] == system.credentials["key"])
    #expect(test.description.connect.contains { $0.hasPrefix("connect google as g url=") })
  }

  /// "200: {"access_token":"ya29.x","expires_in":3599,"token_type":"Bearer"}".
  @Test("an assertion buys a token that lives 3599 seconds") func token() throws {
    let answer = test.googleTokenAnswer(try test.assertion())
    #expect(answer.status == 200)
    #expect(answer.json["expires_in"] == 3599 && answer.json["token_type"] == "Bearer")
    #expect(answer.json["access_token"]?.text?.hasPrefix("ya29.") == true)
    #expect(answer.json["refresh_token"] == nil)
    let dana = GoogleCaller(world: test.world, token: try #require(answer.json["access_token"]?.text))
    let target = "/contactGroups?pageSize=1&groupFields=name"
    try test.advance(3598)
    #expect(dana.people("GET", target).status == 200)
    try test.advance(1)
    let late = dana.people("GET", target)
    #expect(late.status == 401 && late.json.googleError == "401 UNAUTHENTICATED")
  }

  /// "wire form {"error":"…","error_description":"…"}" and the table of §2.5.
  @Test(
    "each wrong assertion has its error",
    arguments: [
      (TestClaims(subject: "nobody@kestrel.example"), 400, "invalid_grant", "Invalid email or User ID"),
      (TestClaims(subject: "nobody"), 400, "invalid_grant", "Not a valid email"),
      // An alias is no subject.
      (TestClaims(subject: "dispatch@kestrel.example"), 400, "invalid_grant", "Invalid email or User ID"),
      (TestClaims(subject: "owen.teague@kestrel.example"), 400, "invalid_grant", "Invalid email or User ID"),
      (TestClaims(subject: "tess.former@kestrel.example"), 400, "invalid_grant", "Invalid email or User ID"),
      (TestClaims(scope: ""), 400, "invalid_scope", "Empty"),
      (TestClaims(scope: GoogleNames.contacts + "s"), 400, "invalid_scope", "Some requested scopes"),
      (TestClaims(scope: "\(GoogleNames.contacts),\(GoogleNames.contacts).readonly"), 400, "invalid_scope", "Some"),
      (
        TestClaims(scope: "\(GoogleNames.contacts) https://www.googleapis.com/auth/cloud-platform"), 401,
        "unauthorized_client", "Client is unauthorized to retrieve access tokens using this method"
      ),
      (TestClaims(audience: "https://elsewhere.example/token"), 400, "invalid_grant", "Invalid JWT"),
      (TestClaims(issuer: "other@kestrel-sync.iam.gserviceaccount.com"), 401, "invalid_client", ""),
      (TestClaims(keyID: "another"), 400, "invalid_grant", "Invalid JWT Signature."),
      (TestClaims(algorithm: "HS256"), 400, "invalid_grant", "Invalid JWT Signature."),
    ] as [(TestClaims, Int, String, String)])
  func refusals(_ claims: TestClaims, _ status: Int, _ error: String, _ text: String) throws {
    let answer = test.googleTokenAnswer(try test.assertion(claims))
    #expect(answer.status == status)
    #expect(answer.json["error"]?.text == error)
    #expect(answer.json["error_description"]?.text?.hasPrefix(text) == true, "\(answer.body)")
  }

  /// "More than 65 minutes, exp < iat, or a wrong clock gives invalid_grant".
  @Test(
    "times are held to, to the second",
    arguments: [
      (0, 3600, true), (0, 3900, true), (0, 3901, false), (0, -1, false), (300, 3600, true), (301, 3600, false),
      (-3899, 3600, true), (-3900, 3600, false),
    ])
  func times(_ issuedAfter: Int, _ lifetime: Int, _ isRight: Bool) throws {
    let claims = TestClaims(issuedAfter: issuedAfter, lifetime: lifetime)
    let answer = test.googleTokenAnswer(try test.assertion(claims))
    #expect((answer.status == 200) == isRight)
    if !isRight {
      #expect(answer.json["error"] == "invalid_grant")
      #expect(
        answer.json["error_description"]?.text?.hasPrefix("Invalid JWT: Token must be a short-lived token") == true)
    }
  }

  @Test("a signature is really checked") func signature() throws {
    let right = try test.assertion()
    #expect(test.googleTokenAnswer(right).status == 200)
    let other = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    let parts = right.split(separator: ".").map(String.init)
    let swapped = try test.assertion(TestClaims(subject: GoogleNames.admin)).split(separator: ".")
    for wrong in [
      try test.assertion(key: other), "\(parts[0]).\(swapped[1]).\(parts[2])", "\(parts[0]).\(parts[1])",
      // "base64url without = and without newlines".
      right + "=", "abc",
    ] {
      let answer = test.googleTokenAnswer(wrong)
      #expect(answer.status == 400 && answer.json["error_description"] == "Invalid JWT Signature.", "\(wrong)")
    }
    try test.control("POST", "/google/key", #"{"valid":false}"#)
    #expect(test.googleTokenAnswer(right).json["error_description"] == "Invalid JWT Signature.")
    try test.control("POST", "/google/key", #"{"valid":true}"#)
    #expect(test.googleTokenAnswer(right).status == 200)
  }

  @Test("the token address of the key file is an audience too") func audience() throws {
    let claims = TestClaims(audience: "http://127.0.0.1/google/token")
    #expect(test.googleTokenAnswer(try test.assertion(claims)).status == 200)
  }

  @Test("the form must be one") func form() throws {
    func answer(_ body: String, _ type: String = "application/x-www-form-urlencoded") -> JSON {
      test.world.answer(
        EmulatedRequest("POST", "/google/token", headers: ["Content-Type": type], body: Array(body.utf8))
      ).json
    }
    #expect(answer("grant_type=password&assertion=x")["error"] == "unsupported_grant_type")
    #expect(answer("grant_type=\(GoogleEmulation.grantType)")["error"] == "invalid_request")
    #expect(answer("{}", "application/json")["error"] == "invalid_request")
  }

  /// "ONE undelegated scope fails the whole token".
  @Test("scopes are delegated, revoked and refused as told") func scopes() throws {
    let asked = try test.assertion(TestClaims(scope: "\(GoogleNames.contacts) \(GoogleNames.contacts).readonly"))
    #expect(test.googleTokenAnswer(asked).status == 200)
    try test.control("POST", "/google/scopes", #"{"revoke":["contacts.readonly"]}"#)
    #expect(test.googleTokenAnswer(asked).json["error"] == "unauthorized_client")
    #expect(test.googleTokenAnswer(asked).status == 401)
    #expect(test.googleTokenAnswer(try test.assertion()).status == 200)
    try test.control("POST", "/google/options", #"{"contacts-covers-contacts-readonly":true}"#)
    #expect(test.googleTokenAnswer(asked).status == 200)
    try test.control("POST", "/google/scopes", #"{"revoke":["contacts"],"refuses-as":"access_denied"}"#)
    #expect(test.googleTokenAnswer(asked).json["error"] == "access_denied")
    try test.control("POST", "/google/scopes", #"{"refuses-as":"admin_policy_enforced"}"#)
    #expect(test.googleTokenAnswer(asked).json["error"] == "admin_policy_enforced")
    try test.control("POST", "/google/scopes", #"{"grant":["contacts"],"delegated-by-address":true}"#)
    let byAddress = test.googleTokenAnswer(try test.assertion())
    #expect(
      byAddress.status == 401 && byAddress.json["error_description"]?.text?.hasPrefix("Unauthorized client") == true)
    #expect(try test.refusal("POST", "/google/scopes", #"{"revoke":["nothing"]}"#).status == 400)
  }

  @Test(
    "the account's own state is told",
    arguments: ["disabled_client", "deleted_client", "invalid_client", "org_internal"])
  func client(_ state: String) throws {
    try test.control("POST", "/google/client", #"{"state":"\#(state)"}"#)
    #expect(test.googleTokenAnswer(try test.assertion()).json["error"]?.text == state)
  }

  /// "leave it out and you act as the service account itself, whose contacts list is empty and who is no admin".
  @Test("without a subject the account acts for itself") func noSubject() throws {
    let own = try test.google(nil)
    #expect(own.people("GET", "/people/me/connections?personFields=names").json == [:])
    let reader = try test.google(nil, scope: GoogleNames.directory)
    #expect(reader.directory("/users?customer=my_customer").json.googleError == "403 forbidden")
  }

  @Test("a token of one scope does not open another API, nor write") func otherScope() throws {
    let admin = try test.googleAdmin()
    #expect(
      admin.people("GET", "/contactGroups").json.googleError == "403 PERMISSION_DENIED ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    let contacts = try test.google(GoogleNames.admin)
    #expect(contacts.directory("/users?customer=my_customer").json.googleError == "403 insufficientPermissions")
    let reader = try test.google(scope: GoogleNames.contacts + ".readonly")
    #expect(reader.people("GET", "/contactGroups").status == 200)
    #expect(reader.people("POST", "/contactGroups", #"{"contactGroup":{"name":"x"}}"#).status == 403)
    try test.control("POST", "/google/scopes", #"{"revoke":["contacts.readonly"],"immediately":true}"#)
    #expect(reader.people("GET", "/contactGroups").status == 403)
  }

  /// "403 with reason accessNotConfigured (legacy shape) or SERVICE_DISABLED".
  @Test("an API that is not enabled says so in its own shape") func disabledAPIs() throws {
    let (dana, admin) = (try test.google(), try test.googleAdmin())
    try test.control("POST", "/google/apis", #"{"people":false,"directory":false}"#)
    #expect(dana.people("GET", "/contactGroups").json.googleError == "403 PERMISSION_DENIED SERVICE_DISABLED")
    #expect(admin.directory("/users?customer=my_customer").json.googleError == "403 accessNotConfigured")
    // "Query parameter $.xgafv=1|2 selects the shape."
    #expect(dana.people("GET", "/contactGroups?$.xgafv=1").json.googleError == "403 accessNotConfigured")
    #expect(
      admin.directory("/users?customer=my_customer&$.xgafv=2").json.googleError
        == "403 PERMISSION_DENIED SERVICE_DISABLED")
  }

  @Test("tokens can be expired, and users lose their contacts service") func losses() throws {
    let dana = try test.google()
    try test.control("POST", "/google/tokens/expire")
    #expect(dana.people("GET", "/contactGroups").status == 401)
    try test.control("POST", "/google/users/\(GoogleNames.marcus)/contacts-off")
    let marcus = try test.google(GoogleNames.marcus)
    #expect(marcus.people("GET", "/contactGroups").json.googleError == "403 PERMISSION_DENIED")
    try test.control("POST", "/google/options", #"{"service-off-denies-the-token":true}"#)
    #expect(
      test.googleTokenAnswer(try test.assertion(TestClaims(subject: GoogleNames.marcus))).json["error"]
        == "access_denied")
    try test.control("POST", "/google/users/\(GoogleNames.marcus)/contacts-on")
    #expect(marcus.people("GET", "/contactGroups").status == 200)
    try test.control("POST", "/google/options", #"{"suspended-users-get-tokens":true,"aliases-work-as-sub":true}"#)
    let owen = try test.google("owen.teague@kestrel.example")
    #expect(owen.people("GET", "/contactGroups").status == 403)
    #expect(try test.google("dispatch@kestrel.example").people("GET", "/contactGroups").status == 200)
  }
}
