/// The service account's key: what its JSON file says, and the signing of an assertion with it.
import Crypto
import CryptoExtras
import Foundation
import Model

struct GoogleKey: Sendable {
  /// The account's address, as the `iss` of an assertion.
  let email: String
  /// The numeric id that an administrator delegates to; `nil` where the file does not say.
  let clientID: String?
  let tokenAddress: WebAddress
  private let keyID: String?
  private let key: _RSA.Signing.PrivateKey

  /// The audience of an assertion, wherever it is sent to (google.md §2.3).
  static let audience = "https://oauth2.googleapis.com/token"
  /// Longer than 65 minutes is refused (google.md §2.3).
  static let lifetime = 3600

  /// - Throws: `.misconfigured`, naming what the file lacks.
  init(_ json: Secret, connection: String) throws(ConnectorError) {
    func unusable(_ what: String) -> ConnectorError {
      ConnectorError(
        .misconfigured, "the key of the connection \(connection) \(what)",
        hint: "give key=file:PATH of the JSON file that the Google Cloud console made for the service account",
        delivery: .notSent)
    }
    guard let file = try? JSONDecoder().decode(GoogleKeyFile.self, from: Data(json.reveal().utf8)) else {
      throw unusable("is no JSON of a service account")
    }
    func member(_ name: String, _ value: String?) throws(ConnectorError) -> String {
      guard let value, !value.isBlank else { throw unusable("has no \(name)") }
      return value
    }
    guard try member("type", file.type) == "service_account" else {
      throw unusable("is not that of a service account: its type is another")
    }
    email = try member("client_email", file.clientEmail)
    let address = try member("token_uri", file.tokenAddress)
    let pem = try member("private_key", file.privateKey)
    guard let tokenAddress = WebAddress(address),
      tokenAddress.origin.scheme == .https || tokenAddress.origin.isLoopback
    else { throw unusable("has a token_uri that is no https address") }
    guard let key = try? _RSA.Signing.PrivateKey(pemRepresentation: pem) else {
      throw unusable("has a private_key that cannot be read: no PEM of an RSA key of 2048 bits or more")
    }
    self.tokenAddress = tokenAddress
    self.key = key
    keyID = file.keyID
    clientID = file.clientID
  }

  /// A signed assertion in a user's name (google.md §2.3).
  /// - Throws: `.misconfigured` when the key cannot sign.
  func assertion(subject: String, scope: String, at now: Date) throws(ConnectorError) -> String {
    var header: [String: JSONValue] = ["alg": "RS256", "typ": "JWT"]
    if let keyID { header["kid"] = .text(keyID) }
    let issued = Int(now.timeIntervalSince1970)
    let claims: [String: JSONValue] = [
      "iss": .text(email), "sub": .text(subject), "scope": .text(scope), "aud": .text(Self.audience),
      "iat": .number(issued), "exp": .number(issued + Self.lifetime),
    ]
    let signed = [header, claims].map { Self.encoded(JSONWire.encode(.object($0))) }.joined(separator: ".")
    // RS256 is PKCS #1 v1.5; the library warns of it because PSS is the better choice where there is one.
    guard
      let signature = try? key.signature(for: SHA256.hash(data: Data(signed.utf8)), padding: .insecurePKCS1v1_5)
    else {
      throw ConnectorError(
        .misconfigured, "the key of \(email) cannot sign", hint: "make a new key for the service account",
        delivery: .notSent)
    }
    return "\(signed).\(Self.encoded(signature.rawRepresentation))"
  }

  /// What must never be seen besides the whole file: the key in it, in each of its forms.
  static func secrets(_ json: Secret) -> [Secret] {
    guard let file = try? JSONDecoder().decode(GoogleKeyFile.self, from: Data(json.reveal().utf8)),
      let pem = file.privateKey
    else { return [json] }
    return [json, Secret(pem), Secret(pem.trimmingCharacters(in: .whitespacesAndNewlines))]
  }

  private static func encoded(_ data: Data) -> String {
    data.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }
}

/// The members of a key file that are used (google.md §2.1).
private struct GoogleKeyFile: Decodable {
  var type: String?
  var keyID: String?
  var privateKey: String?
  var clientEmail: String?
  var clientID: String?
  var tokenAddress: String?

  enum CodingKeys: String, CodingKey {
    case type
    case keyID = "private_key_id"
    case privateKey = "private_key"
    case clientEmail = "client_email"
    case clientID = "client_id"
    case tokenAddress = "token_uri"
  }
}
