/// From a reference to the secret: the environment, a file, or the vault.
import Foundation
package import Model

package struct SecretResolver: Sendable {
  private let vault: Vault
  private let environment: [String: String]

  package init(vault: Vault, environment: [String: String]) {
    self.vault = vault
    self.environment = environment
  }

  /// Finds the secret that a reference names.
  ///
  /// A file may be readable by others (a container's secrets are mounted so), but not writable by them; it holds UTF-8
  /// text of at most 64 KiB, and the line end after it is not part of the secret. An empty secret is none.
  ///
  /// - Throws: `.notFound`, `.unsafe`, `.unusable`, `.invalid`, or what the vault throws.
  package func resolve(_ reference: SecretReference) throws(VaultError) -> Secret {
    switch reference {
    case .environment(let name):
      guard let value = environment[name], !value.isEmpty else {
        throw VaultError(
          .notFound, "The environment variable \(name) is not set.", hint: "Set it before kith is started.")
      }
      return Secret(value)
    case .file(let path): return try content(of: path)
    case .vault(let name): return try vault.secret(named: name)
    }
  }

  private func content(of path: String) throws(VaultError) -> Secret {
    let expanded = path.hasPrefix("~/") ? (environment["HOME"] ?? "~") + path.dropFirst(1) : path
    let data: Data
    do {
      data = try PrivateFile.read(expanded, forbidden: 0o022, limit: 1 << 16)
    } catch {
      throw Self.error(error, path)
    }
    guard var text = String(validating: data, as: UTF8.self) else {
      throw VaultError(.invalid, "The file \(path) holds no text.", hint: "Keep the secret as plain text.")
    }
    if text.utf8.last == 0x0a { text.unicodeScalars.removeLast() }
    if text.utf8.last == 0x0d { text.unicodeScalars.removeLast() }
    guard !text.isEmpty else { throw VaultError(.invalid, "The file \(path) is empty.") }
    return Secret(text)
  }

  private static func error(_ failure: PrivateFile.Failure, _ path: String) -> VaultError {
    switch failure {
    case .missing: VaultError(.notFound, "There is no file \(path).", hint: "Name the file with its whole path.")
    case .open:
      VaultError(
        .unsafe, "Others may change the file \(path).", hint: "Take the right away: chmod go-w '\(path)'.")
    case .notAFile: VaultError(.invalid, "\(path) is not a plain file.")
    case .tooLarge: VaultError(.invalid, "The file \(path) is too large for a secret.", hint: "64 KiB are the most.")
    case .unreadable(let why), .unwritable(let why):
      VaultError(.unusable, "The file \(path) cannot be read: \(why).", hint: "See who owns it and its mode.")
    }
  }
}
