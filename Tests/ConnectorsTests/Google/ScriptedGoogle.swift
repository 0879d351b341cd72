/// A Google of a few lines for tests: it signs everybody in, knows some users, and leaves the rest to a script.
import Connectors
import Crypto
import CryptoExtras
import Foundation
import Model
import Synchronization

enum GoogleFixture {
  /// A key of the tests' own.
  static let key: _RSA.Signing.PrivateKey = {
    guard let key = try? _RSA.Signing.PrivateKey(keySize: .bits2048) else { preconditionFailure("no key can be made") }
    return key
  }()

  /// A key file, with members replaced or (by `nil`) left out.
  static func keyFile(_ changes: [String: String?] = [:]) -> Secret {
    var members: [String: String?] = [
      "type": "service_account", "project_id": "p", "private_key_id": "kid-1",
      "private_key": key.pkcs8PEMRepresentation, "client_email": "bot@p.iam.gserviceaccount.com",
      "client_id": "123456789", "token_uri": "https://oauth2.googleapis.com/token",
    ]
    members.merge(changes) { _, new in new }
    let data = try? JSONEncoder().encode(members.compactMapValues { $0 })
    return Secret(String(decoding: data ?? Data(), as: UTF8.self))
  }

  static func user(_ id: String, _ email: String, _ more: String = "") -> String {
    #"{"id":"\#(id)","primaryEmail":"\#(email)","customerId":"C1","suspended":false,"archived":false\#(more)}"#
  }

  static func person(_ id: String, _ fields: String = "", etag: String = "e1") -> String {
    ##"{"resourceName":"people/\##(id)","etag":"\##(etag)","metadata":{"sources":[{"type":"CONTACT","id":"s\##(id)","etag":"#\##(etag)","updateTime":"2026-03-02T09:15:00.123Z"}]}\##(fields.isEmpty ? "" : ",\(fields)")}"##
  }

  static func memberships(_ labels: String...) -> String {
    let entries = labels.map {
      #"{"contactGroupMembership":{"contactGroupId":"\#($0)","contactGroupResourceName":"contactGroups/\#($0)"}}"#
    }
    return #""memberships":[\#(entries.joined(separator: ","))]"#
  }

  static func mark(_ value: String) -> String { #""clientData":[{"key":"kith.origin","value":"\#(value)"}]"# }

  static let labels =
    #"{"contactGroups":[{"resourceName":"contactGroups/myContacts","groupType":"SYSTEM_CONTACT_GROUP","name":"myContacts","formattedName":"My Contacts","memberCount":10},{"resourceName":"contactGroups/7f","groupType":"USER_CONTACT_GROUP","name":"Team","memberCount":2,"clientData":[{"key":"kith.label","value":"sync-1"}]}]}"#

  static let source = ReadScope(partition: "u1", group: GroupScope(name: "Team"))
  static let target = ReadScope(partition: "u1", group: GroupScope(name: "Team", marker: "sync-1"))
}

/// Everything but sign-in and the single user u1 is answered by the script.
final class ScriptedGoogle: Sendable {
  typealias Answer = @Sendable (HTTPRequest, Int) async throws -> HTTPResponse
  let transport: ScriptedTransport
  let clock = FakeClock()

  /// - Parameters:
  ///   - token: answers the token endpoint; by default everybody signs in.
  ///   - script: answers the rest; its number counts the requests that came to it.
  init(token: Answer? = nil, script: @escaping Answer) {
    let counts = Mutex((tokens: 0, calls: 0))
    transport = ScriptedTransport { request, _ in
      if request.address.path == "/google/token" {
        let number = counts.withLock { counts in
          counts.tokens += 1
          return counts.tokens
        }
        if let token { return try await token(request, number) }
        return .json(#"{"access_token":"tok-\#(number)","expires_in":3599,"token_type":"Bearer"}"#)
      }
      if request.address.path == "/google/admin/admin/directory/v1/users/u1" {
        return .json(GoogleFixture.user("u1", "una@acme.example"))
      }
      let number = counts.withLock { counts in
        counts.calls += 1
        return counts.calls
      }
      return try await script(request, number)
    }
  }

  func connector(
    parameters: [String: String] = [:], findings: [String: String] = [:], key: Secret = GoogleFixture.keyFile()
  ) throws -> GoogleConnector {
    try GoogleConnector(setup(parameters: parameters, findings: findings, key: key))
  }

  func setup(
    parameters: [String: String] = [:], findings: [String: String] = [:], key: Secret = GoogleFixture.keyFile()
  ) -> ConnectorSetup {
    let all = ["url": "http://127.0.0.1:9/google", "admin": "root@acme.example"].merging(parameters) { _, new in new }
    return ConnectorSetup(
      connection: Connection(
        name: "g", system: "google", parameters: all, secrets: [:], madeAt: .distantPast, changedAt: .distantPast,
        findings: findings),
      secrets: ["key": key], transport: transport, clock: clock,
      now: { [clock] in Date(timeIntervalSince1970: 1_800_000_000 + clock.now()) }, random: { 0.5 })
  }

  /// The requests but sign-in and the look-up of users, as `METHOD path?query` below the service, decoded.
  var lines: [String] {
    zip(transport.requests, transport.lines).filter {
      !$0.0.isSignIn && !$0.0.address.path.contains("/directory/v1/users/")
    }
    .map {
      $0.1.replacingOccurrences(of: "/google/people/v1/", with: "")
        .replacingOccurrences(of: "/google/admin/admin/directory/v1/", with: "")
    }
  }

  /// The bodies sent to People, parsed again with keys in order.
  var bodies: [String] {
    transport.requests.filter { !$0.isSignIn }.compactMap { $0.body.map { String(decoding: $0, as: UTF8.self) } }
  }
}

/// The claims of an assertion, and whether its signature is that of the tests' key.
struct GoogleAssertion {
  var header: [String: String]
  var claims: [String: String]
  var isSigned: Bool

  init?(_ request: HTTPRequest) {
    guard let body = request.body.map({ String(decoding: $0, as: UTF8.self) }),
      let text = body.split(separator: "&").first(where: { $0.hasPrefix("assertion=") })?.dropFirst(10)
    else { return nil }
    let parts = text.split(separator: ".").map(String.init)
    guard parts.count == 3, let header = Self.members(parts[0]), let claims = Self.members(parts[1]),
      let signature = Self.data(parts[2])
    else { return nil }
    self.header = header
    self.claims = claims
    isSigned = GoogleFixture.key.publicKey.isValidSignature(
      _RSA.Signing.RSASignature(rawRepresentation: signature),
      for: SHA256.hash(data: Data("\(parts[0]).\(parts[1])".utf8)), padding: .insecurePKCS1v1_5)
  }

  private static func data(_ text: String) -> Data? {
    var text = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    while text.utf8.count % 4 != 0 { text += "=" }
    return Data(base64Encoded: text)
  }

  private static func members(_ text: String) -> [String: String]? {
    guard let data = data(text),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return nil }
    return object.mapValues { "\($0)" }
  }
}
