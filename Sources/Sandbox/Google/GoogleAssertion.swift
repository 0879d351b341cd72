// A signed assertion, taken apart.

import Foundation

/// A JWT as the token endpoint gets it: what it says, and what of it was signed.
struct GoogleAssertion: Sendable {
  var algorithm: String?
  var keyID: String?
  var issuer: String?
  var subject: String?
  var scope: String?
  var audience: String?
  /// Seconds since 1970.
  var issuedAt: Int?
  var expiresAt: Int?
  var signedText: Data
  var signature: Data

  /// - Throws: the refusal for a bad encoding.
  init(_ text: String) throws(GoogleTokenRefusal) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let header = Self.decoded(parts[0]).flatMap({ try? JSON(reading: Array($0)) }),
      let claims = Self.decoded(parts[1]).flatMap({ try? JSON(reading: Array($0)) }),
      let signature = Self.decoded(parts[2])
    else { throw .badSignature }
    algorithm = header["alg"]?.text
    keyID = header["kid"]?.text
    issuer = claims["iss"]?.text
    subject = claims["sub"]?.text
    scope = claims["scope"]?.text
    audience = claims["aud"]?.text
    issuedAt = claims["iat"]?.whole
    expiresAt = claims["exp"]?.whole
    signedText = Data("\(parts[0]).\(parts[1])".utf8)
    self.signature = signature
  }

  /// "base64url without = and without newlines".
  private static func decoded(_ text: String) -> Data? {
    let letters = text.utf8.map { byte -> UInt8 in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      // Letters of the other alphabet, padding and line ends are no letters here.
      case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): UInt8(ascii: "!")
      default: byte
      }
    }
    let padding = [UInt8](repeating: UInt8(ascii: "="), count: (4 - letters.count % 4) % 4)
    return Data(base64Encoded: Data(letters + padding))
  }
}
