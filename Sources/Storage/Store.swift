/// The store: one SQLite file that holds the set-up, what was read, what was linked, and everything that was done.
package import Foundation
import GRDB

/// One open store; safe to use from any thread, and from several processes at once.
///
/// Every call is one transaction: when it throws, nothing of it was written. Calls block, so they belong on threads that
/// may wait. No secret is ever in the store: connections hold references to secrets.
package final class Store: Sendable {
  private let pool: DatabasePool
  package let path: URL

  private init(pool: DatabasePool, path: URL) {
    self.pool = pool
    self.path = path
  }

  /// Opens the store, and makes it (folder mode 0700, file mode 0600) where there is none yet.
  ///
  /// An older store is brought up to date. A store that is small enough is also checked for damage on each opening; a
  /// larger one on ``verify()``.
  ///
  /// - Throws: `.newer` for a store of a newer kith; `.damaged` for a truncated or altered one; `.invalid` for a file
  ///   of another program or without the right to write; `.noRoom`; `.locked`.
  package static func open(at path: URL) throws(StoreError) -> Store {
    try StoreFile.prepare(path)
    return try StoreFile.alone(in: path.deletingLastPathComponent()) { () throws(StoreError) in
      do {
        return try openAlone(at: path)
      } catch {
        throw StoreError(error)
      }
    }
  }

  private static func openAlone(at path: URL) throws -> Store {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(15)
    let pool = try DatabasePool(path: path.path, configuration: configuration)
    let isCurrent = try pool.read { db in try Self.isCurrent(db) }
    if !isCurrent { try Schema.migrator.migrate(pool) }
    try pool.writeWithoutTransaction { db in
      // GRDB takes NORMAL, which may lose the last commits with the power: an intent has to be on the disk before
      // anything is sent.
      try db.execute(sql: "PRAGMA synchronous = FULL")
      // From then on the file itself says whose it is, and which version.
      if !isCurrent { try db.checkpoint(.truncate) }
    }
    let store = Store(pool: pool, path: path)
    if isCurrent, store.size <= smallSize { try store.verify() }
    return store
  }

  /// Whether every migration has run; refuses stores that are not ours to open.
  private static func isCurrent(_ db: Database) throws -> Bool {
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    try StoreFile.refuseNewer(version)
    let applied = try Schema.migrator.appliedIdentifiers(db)
    guard applied.isSubset(of: Schema.migrations.map(\.name)) else { throw StoreFile.newer(version) }
    guard applied.count == version else { throw StoreError.damaged("its version and its tables do not agree") }
    if applied.isEmpty, try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0 > 0 {
      throw StoreError(
        .invalid, "The file holds the tables of another program.", hint: "Choose another home with --home.")
    }
    return applied.count == Schema.version
  }

  /// Up to this size (bytes) the check for damage costs a few milliseconds.
  private static let smallSize = 1 << 20

  private var size: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path.path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  /// Checks the whole file for damage; some tenths of a second for a hundred megabytes.
  ///
  /// - Throws: `.damaged`.
  package func verify() throws(StoreError) {
    try read { db in try Self.verify(db) }
  }

  static func verify(_ db: Database) throws {
    let findings = try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
    guard findings == ["ok"] else { throw StoreError.damaged(findings.first ?? "the check for damage gave no answer") }
  }

  /// Ends all use of the file; later calls fail. Needed only before the file itself is replaced.
  package func close() throws(StoreError) {
    do {
      // The last connection to close may be one that only reads, and cannot bring the log into the file. Where others
      // are busy with it, they will.
      _ = try? pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
      try pool.close()
    } catch {
      throw StoreError(error)
    }
  }

  /// Reads one state of the store, undisturbed by writers.
  func read<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
    do {
      return try pool.read(body)
    } catch {
      throw StoreError(error)
    }
  }

  /// Writes in one transaction that is the only writer from its beginning on: all of it, or nothing.
  func write<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
    do {
      return try pool.write(body)
    } catch {
      throw StoreError(error)
    }
  }

  /// For what SQLite refuses to do inside a transaction.
  func writeWithoutTransaction(_ body: (Database) throws -> Void) throws(StoreError) {
    do {
      try pool.writeWithoutTransaction(body)
    } catch {
      throw StoreError(error)
    }
  }
}
