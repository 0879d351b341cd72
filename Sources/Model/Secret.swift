/// A value that must not be seen: its description, its debug description and its reflection hide it.
///
/// It is deliberately not `Codable`: what is stored is a ``SecretReference``, never the value.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let value: String
  package init(_ value: String) { self.value = value }

  /// The value itself. Each call is a place to look at in a review: it may go to the wire and nowhere else.
  package func reveal() -> String { value }
  package var isEmpty: Bool { value.isEmpty }
  package var description: String { "‹secret›" }
  package var debugDescription: String { "‹secret›" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where a secret is kept: `env:NAME`, `file:PATH` or `vault:NAME`.
package enum SecretReference: Hashable, Sendable, CustomStringConvertible {
  case environment(String)
  case file(String)
  case vault(String)

  /// Parses `env:NAME`, `file:PATH`, `vault:NAME`; anything else is `nil` (and may be a secret, so it is not echoed).
  package init?(_ text: String) {
    func rest(_ prefix: String) -> String? {
      guard text.hasPrefix(prefix), text.count > prefix.count else { return nil }
      return String(text.dropFirst(prefix.count))
    }
    if let name = rest("env:") {
      self = .environment(name)
    } else if let path = rest("file:") {
      self = .file(path)
    } else if let name = rest("vault:") {
      self = .vault(name)
    } else {
      return nil
    }
  }

  package var description: String {
    switch self {
    case .environment(let name): "env:\(name)"
    case .file(let path): "file:\(path)"
    case .vault(let name): "vault:\(name)"
    }
  }
}
