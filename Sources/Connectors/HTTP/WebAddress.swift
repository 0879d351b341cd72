/// Addresses of HTTP requests, taken apart once, so that no two parsers can disagree on where a credential is sent.
import Foundation

/// Scheme, host and port: what must be equal before a credential is sent.
package struct Origin: Hashable, Sendable, CustomStringConvertible {
  package enum Scheme: String, Sendable { case http, https }
  package let scheme: Scheme
  /// In lower case; an IPv6 address without its brackets.
  package let host: String
  package let port: Int

  /// Whether the host is this machine itself; only there is plain http accepted.
  package var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  package var hostAndPort: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

  package var description: String {
    let isUsual = port == (scheme == .https ? 443 : 80)
    return isUsual && !host.contains(":") ? "\(scheme.rawValue)://\(host)" : "\(scheme.rawValue)://\(hostAndPort)"
  }
}

/// An absolute `http` or `https` address; path and query are held percent-encoded.
package struct WebAddress: Hashable, Sendable, CustomStringConvertible {
  package let origin: Origin
  /// Begins with a slash, or is empty.
  package let path: String
  /// Without its question mark.
  package let query: String?

  package init(origin: Origin, path: String, query: String? = nil) {
    self.origin = origin
    self.path = path
    self.query = query
  }

  /// Parses an absolute address; `nil` for anything that is not one, among them addresses with a user name.
  package init?(_ text: String) {
    guard let schemeEnd = text.range(of: "://"),
      let scheme = Origin.Scheme(rawValue: text[..<schemeEnd.lowerBound].lowercased())
    else { return nil }
    let rest = text[schemeEnd.upperBound...]
    let authority = rest.prefix { !"/?#\\".contains($0) }
    guard let origin = Self.origin(scheme, authority) else { return nil }
    var tail = rest[authority.endIndex...]
    if let fragment = tail.firstIndex(of: "#") { tail = tail[..<fragment] }
    guard tail.isEmpty || tail.first == "/" || tail.first == "?" else { return nil }
    let parts = tail.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    self.origin = origin
    path = Self.cleaned(parts.first.map(String.init) ?? "")
    query = parts.count == 2 ? Self.cleaned(String(parts[1])) : nil
  }

  private static func origin(_ scheme: Origin.Scheme, _ authority: Substring) -> Origin? {
    var host = authority.lowercased()
    var port = scheme == .https ? 443 : 80
    if host.hasPrefix("[") {
      guard let end = host.firstIndex(of: "]") else { return nil }
      let after = host[host.index(after: end)...]
      if !after.isEmpty {
        guard after.hasPrefix(":"), let number = UInt16(after.dropFirst()), number > 0 else { return nil }
        port = Int(number)
      }
      host = String(host[host.index(after: host.startIndex)..<end])
      guard !host.isEmpty, host.utf8.allSatisfy({ isHexDigit($0) || $0 == UInt8(ascii: ":") }) else { return nil }
    } else {
      if let colon = host.lastIndex(of: ":") {
        guard let number = UInt16(host[host.index(after: colon)...]), number > 0 else { return nil }
        port = Int(number)
        host = String(host[..<colon])
      }
      guard !host.isEmpty, host.utf8.allSatisfy({ isHostByte($0) }) else { return nil }
    }
    return Origin(scheme: scheme, host: host, port: port)
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
      UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// Keeps what is encoded already and encodes every byte that may not stand in an address.
  private static func cleaned(_ text: String) -> String {
    var cleaned = ""
    let bytes = Array(text.utf8)
    for (index, byte) in bytes.enumerated() {
      let isEscape =
        byte == UInt8(ascii: "%") && index + 2 < bytes.count && isHexDigit(bytes[index + 1])
        && isHexDigit(bytes[index + 2])
      if isEscape || isUnreserved(byte) || "!$&'()*+,;=:@/?".utf8.contains(byte) {
        cleaned.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        cleaned += escape(byte)
      }
    }
    return cleaned
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func escape(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
  }

  /// A text as it stands inside one path segment, one query value or one form value: everything that could mean
  /// something is encoded, but for the signs in `keeping`.
  package static func encoded(_ text: String, keeping: String = "") -> String {
    var encoded = ""
    for byte in text.utf8 {
      if isUnreserved(byte) || keeping.utf8.contains(byte) {
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        encoded += escape(byte)
      }
    }
    return encoded
  }

  /// This address without a slash at its end and without a query: what other paths are appended to.
  package var asBase: WebAddress {
    var path = path
    while path.hasSuffix("/") { path.removeLast() }
    return WebAddress(origin: origin, path: path)
  }

  /// An address below this one. Segments and values are encoded here; keys are ours and stay as they are.
  package func appending(_ segments: [String], query: [(key: String, value: String)] = []) -> WebAddress {
    let path = segments.reduce(asBase.path) { path, segment in
      // A segment of dots would climb out of the path.
      let isDots = !segment.isEmpty && segment.allSatisfy { $0 == "." }
      return path + "/" + (isDots ? segment.map { _ in "%2E" }.joined() : Self.encoded(segment, keeping: "$"))
    }
    let text = query.map { "\($0.key)=\(Self.encoded($0.value, keeping: ",/:()$"))" }.joined(separator: "&")
    return WebAddress(origin: origin, path: path, query: text.isEmpty ? nil : text)
  }

  /// The address that a `Location` or link speaks of, seen from this one; `nil` where it is no address.
  package func resolving(_ location: String) -> WebAddress? {
    if location.hasPrefix("//") { return WebAddress("\(origin.scheme.rawValue):\(location)") }
    if location.hasPrefix("/") { return WebAddress("\(origin)\(location)") }
    return WebAddress(location)
  }

  package var description: String {
    "\(origin)\(path.isEmpty ? "/" : path)\(query.map { "?\($0)" } ?? "")"
  }
}
