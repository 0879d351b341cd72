/// The vault: secrets in one file, each sealed with a key that lies beside it and that only its owner may read.
import Crypto
package import Foundation
package import Model

/// A failure of the vault, or of finding a secret; its words never hold one.
package struct VaultError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// No secret is kept there.
    case notFound
    /// The vault or its key is not what was written.
    case damaged
    /// Others may read, or change, what only the owner may.
    case unsafe
    /// A file cannot be read or written.
    case unusable
    /// The name or the value is not one that can be kept.
    case invalid
  }

  package var kind: Kind
  package var message: String
  package var hint: String?
  package init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  package var description: String { hint.map { "\(message) \($0)" } ?? message }
}

/// The secrets of one home.
///
/// Each is sealed with AES-GCM under a random key of 256 bits, with its own name as authenticated data, so that no entry
/// can be put in another's place. Files are replaced in one step and have mode 0600. Who can read the owner's files can
/// open it: it guards backups, exports and prying eyes, not a stolen account.
package struct Vault: Sendable {
  private let home: Home

  /// - Parameter home: the folder of the installation; files are made when the first secret is put.
  package init(home: URL) { self.home = Home(directory: home) }

  /// Keeps a secret, over the one with its name.
  package func put(_ secret: Secret, as name: String) throws(VaultError) {
    guard !name.isEmpty, name.utf8.count <= 200, !name.utf8.contains(where: { $0 < 0x20 }) else {
      throw VaultError(.invalid, "A secret needs a name of 1 to 200 letters.")
    }
    guard !secret.isEmpty else { throw VaultError(.invalid, "The secret \(name) is empty.") }
    try alone { () throws(VaultError) in
      let known = try existingKey()
      let key = if let known { known } else { try makeKey() }
      var content = try load()
      content.entries[name] = try Self.seal(secret, as: name, with: key)
      try save(content)
    }
  }

  /// Opens a secret.
  ///
  /// - Throws: `.notFound`; `.unsafe` when others may read the vault or its key; `.damaged` when either is not what was
  ///   written.
  package func secret(named name: String) throws(VaultError) -> Secret {
    guard let sealed = try load().entries[name] else {
      throw VaultError(.notFound, "The vault has no secret \(name).", hint: "Put it there with: secret set \(name).")
    }
    guard let key = try existingKey() else {
      throw VaultError(
        .damaged, "The vault's key \(home.key.path) is missing, so its secrets cannot be opened.",
        hint: "Put the key back from a copy, or remove \(home.vault.path) and set the secrets again.")
    }
    return try Self.open(sealed, as: name, with: key)
  }

  /// Forgets a secret.
  ///
  /// - Throws: `.notFound`.
  package func remove(_ name: String) throws(VaultError) {
    try alone { () throws(VaultError) in
      var content = try load()
      guard content.entries.removeValue(forKey: name) != nil else {
        throw VaultError(.notFound, "The vault has no secret \(name).")
      }
      try save(content)
    }
  }

  /// The names of all secrets, in alphabetical order.
  package func names() throws(VaultError) -> [String] { try load().entries.keys.sorted() }

  // MARK: - Sealing

  private static func seal(_ secret: Secret, as name: String, with key: SymmetricKey) throws(VaultError) -> Data {
    do {
      let box = try AES.GCM.seal(Data(secret.reveal().utf8), using: key, authenticating: label(name))
      guard let sealed = box.combined else { throw CryptoKitError.incorrectParameterSize }
      return sealed
    } catch {
      throw VaultError(.unusable, "The secret \(name) could not be sealed.")
    }
  }

  private static func open(_ sealed: Data, as name: String, with key: SymmetricKey) throws(VaultError) -> Secret {
    guard let box = try? AES.GCM.SealedBox(combined: sealed),
      let data = try? AES.GCM.open(box, using: key, authenticating: label(name)),
      let text = String(validating: data, as: UTF8.self)
    else {
      throw VaultError(
        .damaged, "The secret \(name) does not open: the vault or its key was altered.",
        hint: "Set it again with: secret set \(name).")
    }
    return Secret(text)
  }

  private static func label(_ name: String) -> Data { Data("kith vault 1\u{0}\(name)".utf8) }

  // MARK: - Files

  private struct Content: Codable {
    var version = 1
    var entries: [String: Data] = [:]
  }

  private func load() throws(VaultError) -> Content {
    let data: Data
    do {
      data = try PrivateFile.read(home.vault.path, forbidden: 0o077, limit: 16 << 20)
    } catch .missing {
      return Content()
    } catch {
      throw Self.error(error, home.vault.path)
    }
    guard let content = try? JSONDecoder().decode(Content.self, from: data), content.version == 1 else {
      throw VaultError(
        .damaged, "The vault \(home.vault.path) cannot be read: it was altered, or written by a newer kith.",
        hint: "Put it back from a copy, or remove it and set the secrets again.")
    }
    return content
  }

  private func save(_ content: Content) throws(VaultError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let data = try? encoder.encode(content) else {
      throw VaultError(.unusable, "The vault could not be written.")
    }
    do {
      try PrivateFile.replace(home.vault, with: data)
    } catch {
      throw Self.error(error, home.vault.path)
    }
  }

  private func existingKey() throws(VaultError) -> SymmetricKey? {
    do {
      let data = try PrivateFile.read(home.key.path, forbidden: 0o077, limit: 1_024)
      guard data.count == 32 else {
        throw VaultError(
          .damaged, "The vault's key \(home.key.path) is not a key.", hint: "Put it back from a copy.")
      }
      return SymmetricKey(data: data)
    } catch PrivateFile.Failure.missing {
      return nil
    } catch let error as VaultError {
      throw error
    } catch {
      throw Self.error(error as? PrivateFile.Failure ?? .unreadable("unknown"), home.key.path)
    }
  }

  private func makeKey() throws(VaultError) -> SymmetricKey {
    guard try load().entries.isEmpty else {
      throw VaultError(
        .damaged, "The vault's key \(home.key.path) is missing; a new one would not open what is sealed.",
        hint: "Put the key back from a copy, or remove \(home.vault.path) and set the secrets again.")
    }
    let key = SymmetricKey(size: .bits256)
    do {
      try PrivateFile.create(home.key.path, with: key.withUnsafeBytes { Data($0) })
    } catch {
      throw Self.error(error, home.key.path)
    }
    return key
  }

  /// Runs `body` while no other process changes the vault.
  private func alone(_ body: () throws(VaultError) -> Void) throws(VaultError) {
    do {
      try StoreFile.makeFolder(home.directory)
    } catch {
      throw VaultError(.unusable, error.message, hint: error.hint)
    }
    let descriptor = Foundation.open(home.directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw VaultError(.unusable, "The folder \(home.directory.path) cannot be opened.") }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX) == 0 else {
      throw VaultError(.unusable, "The folder \(home.directory.path) cannot be locked.")
    }
    try body()
  }

  private static func error(_ failure: PrivateFile.Failure, _ path: String) -> VaultError {
    switch failure {
    case .open:
      VaultError(.unsafe, "Others may read \(path).", hint: "Take the right away: chmod 600 '\(path)'.")
    case .missing, .tooLarge, .notAFile: VaultError(.damaged, "\(path) is not what was written.")
    case .unreadable(let why): VaultError(.unusable, "\(path) cannot be read: \(why).", hint: "See who owns it.")
    case .unwritable(let why): VaultError(.unusable, "\(path) cannot be written: \(why).", hint: "See who owns it.")
    }
  }
}
