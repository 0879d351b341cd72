// Short ways to call the emulated Google in process, with tokens that were really signed for.

import CryptoExtras
import Foundation
import Testing

@testable import Sandbox

/// What an assertion says; each test changes what it is about.
struct TestClaims {
  var algorithm = "RS256"
  var keyID: String?
  var issuer: String?
  var subject: String? = GoogleNames.dana
  var scope = GoogleNames.contacts
  var audience = "https://oauth2.googleapis.com/token"
  /// Seconds after the emulated now.
  var issuedAfter = 0
  var lifetime = 3600
}

enum GoogleNames {
  static let admin = "admin@kestrel.example"
  static let dana = "dana.whitfield@kestrel.example"
  static let marcus = "marcus.oyelaran@kestrel.example"
  static let contacts = "https://www.googleapis.com/auth/contacts"
  static let directory = [
    "user", "group", "orgunit", "domain",
  ].map { "https://www.googleapis.com/auth/admin.directory.\($0).readonly" }.joined(separator: " ")
}

/// One user's token, and calls with it.
struct GoogleCaller {
  let world: World
  let token: String

  func request(_ method: String, _ target: String, _ body: String = "") -> EmulatedRequest {
    EmulatedRequest(
      method, "/google" + target, headers: ["Authorization": "Bearer \(token)", "Content-Type": "application/json"],
      body: Array(body.utf8))
  }

  func call(_ method: String, _ target: String, _ body: String = "") -> EmulatedResponse {
    world.answer(request(method, target, body))
  }

  /// Below `/v1` of People.
  func people(_ method: String, _ target: String, _ body: String = "") -> EmulatedResponse {
    call(method, "/people/v1" + target, body)
  }

  /// Below the base of the Directory.
  func directory(_ target: String) -> EmulatedResponse { call("GET", "/admin/admin/directory/v1" + target) }

  /// The contact with its etags, as an update has to send them, and fields of it.
  func update(_ person: JSON, _ mask: String, _ fields: String) -> EmulatedResponse {
    people(
      "PATCH", "/\(person["resourceName"]?.text ?? ""):updateContact?updatePersonFields=\(mask)&personFields=\(all)",
      Self.body(person, fields))
  }

  static func body(_ person: JSON, _ fields: String) -> String {
    let etag = person["etag"]?.encoded ?? "null"
    let sources = person["metadata"]?["sources"]?.encoded ?? "[]"
    return #"{"etag":\#(etag),"metadata":{"sources":\#(sources)}\#(fields.isEmpty ? "" : ",")\#(fields)}"#
  }

  /// A contact made over the API, with everything read back.
  func created(_ fields: String) throws -> JSON {
    let answer = people("POST", "/people:createContact?personFields=\(all)", "{\(fields)}")
    try #require(answer.status == 200, "\(answer.body)")
    return answer.json
  }

  func read(_ name: String, sources: String = "READ_SOURCE_TYPE_CONTACT") -> JSON {
    people("GET", "/\(name)?personFields=\(all)&sources=\(sources)").json
  }

  /// All pages of a listing of one's own contacts.
  func connections(_ options: String = "") throws -> (rows: [JSON], last: JSON, pages: Int) {
    var rows: [JSON] = []
    var token = ""
    for page in 1...100 {
      let answer = people(
        "GET", "/people/me/connections?personFields=names,emailAddresses,memberships,metadata\(options)\(token)")
      try #require(answer.status == 200, "\(answer.body)")
      rows += answer.json["connections"]?.elements ?? []
      guard let next = answer.json["nextPageToken"]?.text else { return (rows, answer.json, page) }
      token = "&pageToken=\(next)"
    }
    Issue.record("The listing does not end.")
    return (rows, .null, 100)
  }

  /// A label's resource name, by its name.
  func label(_ name: String) throws -> String {
    let labels = people("GET", "/contactGroups?pageSize=1000").json["contactGroups"]?.elements ?? []
    return try #require(labels.first { $0["name"]?.text == name }?["resourceName"]?.text)
  }
}

/// The fields that tests read back.
private let all =
  "names,emailAddresses,phoneNumbers,organizations,addresses,biographies,birthdays,memberships,metadata,clientData,userDefined"

extension TestWorld {
  var googleKey: JSON {
    get throws { try JSON(reading: try #require(description.systems["google"]?.credentials["key"])) }
  }

  func assertion(_ claims: TestClaims = TestClaims(), key other: _RSA.Signing.PrivateKey? = nil) throws -> String {
    let file = try googleKey
    let key = try other ?? _RSA.Signing.PrivateKey(pemRepresentation: try #require(file["private_key"]?.text))
    let issued = Instant.seconds(world.now) + claims.issuedAfter
    let header: JSON = [
      "alg": .string(claims.algorithm), "typ": "JWT",
      "kid": .string(claims.keyID ?? file["private_key_id"]?.text ?? ""),
    ]
    var members: [JSON.Member] = [
      .init(name: "iss", value: .string(claims.issuer ?? file["client_email"]?.text ?? "")),
      .init(name: "scope", value: .string(claims.scope)), .init(name: "aud", value: .string(claims.audience)),
      .init(name: "iat", value: .int(issued)), .init(name: "exp", value: .int(issued + claims.lifetime)),
    ]
    if let subject = claims.subject { members.append(.init(name: "sub", value: .string(subject))) }
    let text = "\(Self.base64URL(Data(header.encoded.utf8))).\(Self.base64URL(Data(JSON.object(members).encoded.utf8)))"
    let signature = try key.signature(for: Data(text.utf8), padding: .insecurePKCS1v1_5)
    return "\(text).\(Self.base64URL(signature.rawRepresentation))"
  }

  static func base64URL(_ data: Data) -> String {
    data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// Posts an assertion to the token endpoint.
  func googleTokenAnswer(_ assertion: String) -> EmulatedResponse {
    world.answer(
      EmulatedRequest(
        "POST", "/google/token", headers: ["Content-Type": "application/x-www-form-urlencoded"],
        body: Array("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=\(assertion)".utf8)))
  }

  /// Calls with a token for a user's contacts, or with other scopes.
  func google(_ user: String? = GoogleNames.dana, scope: String = GoogleNames.contacts) throws -> GoogleCaller {
    let answer = googleTokenAnswer(try assertion(TestClaims(subject: user, scope: scope)))
    try #require(answer.status == 200, "\(answer.body)")
    return GoogleCaller(world: world, token: try #require(answer.json["access_token"]?.text))
  }

  /// Calls of the administrator to the Directory.
  func googleAdmin() throws -> GoogleCaller { try google(GoogleNames.admin, scope: GoogleNames.directory) }

  func advance(_ seconds: Int) throws { try control("POST", "/clock", #"{"advance-seconds":\#(seconds)}"#) }
}

extension JSON {
  /// The error of an answer, in a line: code, status and reason.
  var googleError: String {
    let error = self["error"] ?? .null
    let reason =
      error["errors"]?.elements?.first?["reason"]?.text
      ?? error["details"]?.elements?.compactMap { $0["reason"]?.text }.first
    return [error["code"]?.encoded, error["status"]?.text, reason].compactMap(\.self).joined(separator: " ")
  }

  var googleMessage: String { self["error"]?["message"]?.text ?? "" }

  var sourceIDs: [String] { (self["metadata"]?["sources"]?.elements ?? []).compactMap { $0["type"]?.text } }
}
