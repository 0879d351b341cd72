// The service account that stands in for every user, and the key with which its assertions are signed.

import CryptoExtras
import Foundation

/// One service account and its key.
struct GoogleServiceAccount: Sendable {
  let email: String
  /// What the tenant's administrator pastes: a number.
  let clientID: String
  let projectID: String
  let projectNumber: String
  let keyID: String

  /// The key pair. A key cannot be made from a seed, and making one takes a while: the process has one, made when it is
  /// first asked for. `nil` where the system gave no randomness; then no assertion is right.
  static let pair = try? _RSA.Signing.PrivateKey(keySize: .bits2048)

  init(_ random: inout SeededGenerator) {
    projectID = "kestrel-sync"
    projectNumber = (100_000_000_000 + random.below(900_000_000_000)).description
    email = "sync-bot@\(projectID).iam.gserviceaccount.com"
    clientID = GoogleServiceAccount.digits(21, &random)
    keyID = (random.guid() + random.guid()).filter { $0 != "-" }.prefix(40).description
  }

  /// The key file's JSON.
  ///
  /// - Parameter tokenURI: where assertions are posted.
  func keyFile(tokenURI: String) -> JSON {
    [
      "type": "service_account", "project_id": .string(projectID), "private_key_id": .string(keyID),
      "private_key": .string(Self.pair.map { $0.pkcs8PEMRepresentation + "\n" } ?? ""),
      "client_email": .string(email), "client_id": .string(clientID), "token_uri": .string(tokenURI),
      "universe_domain": "googleapis.com",
    ]
  }

  /// Whether a signature by RSASSA-PKCS1-v1_5 with SHA-256 is this account's.
  func hasSigned(_ text: some DataProtocol, with signature: Data) -> Bool {
    Self.pair?.publicKey.isValidSignature(
      _RSA.Signing.RSASignature(rawRepresentation: signature), for: text, padding: .insecurePKCS1v1_5) ?? false
  }

  /// A number of that many digits, which does not begin with zero.
  static func digits(_ count: Int, _ random: inout SeededGenerator) -> String {
    (1 + random.below(9)).description + (1..<count).map { _ in random.below(10).description }.joined()
  }
}
