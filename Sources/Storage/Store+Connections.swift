/// Connections, and what `check` found of them.
package import Foundation
import GRDB
package import Model

extension Store {
  /// All connections, by name.
  package func connections() throws(StoreError) -> [Connection] {
    try read { db in try ConnectionRow.all(db, "ORDER BY name").map(\.connection) }
  }

  /// The connection of this name; `nil` when there is none.
  package func connection(named name: String) throws(StoreError) -> Connection? {
    try read { db in try ConnectionRow.named(name, db)?.connection }
  }

  /// Keeps a connection, over the one with its name.
  ///
  /// - Throws: `.invalid` when a secret is not given as a reference; the secret itself is neither kept nor repeated.
  package func save(_ connection: Connection) throws(StoreError) {
    for (parameter, reference) in connection.secrets where SecretReference(reference) == nil {
      throw StoreError(
        .invalid, "The secret \(parameter) of \(connection.name) is not a reference.",
        hint: "Give env:NAME, file:PATH or vault:NAME.")
    }
    try write { db in try ConnectionRow(connection: connection).put(db) }
  }

  /// Removes a connection with its snapshots, settings and mappings.
  ///
  /// - Throws: `.inUse` while a sync uses it; `.notFound`.
  package func remove(connection name: String) throws(StoreError) {
    try write { db in
      guard try ConnectionRow.named(name, db) != nil else { throw StoreError.notFound("connection", name) }
      let users = try SyncRow.all(db, "WHERE is_removed = 0 AND (source = ?1 OR target = ?1) ORDER BY name", [name])
      if let first = users.first {
        throw StoreError(
          .inUse, "\(name) is used by \(users.count == 1 ? "" : "\(users.count) syncs, first ")\(first.sync.name).",
          hint: "Remove the sync first: remove sync \(first.sync.name).")
      }
      try SettingRow.removeAll(of: .connection(name), db)
      try db.execute(sql: "DELETE FROM connection WHERE name = ?", arguments: [name])
    }
  }

  // MARK: - Checks

  /// Keeps what a check found, and adds its findings to the connection.
  ///
  /// - Parameter partition: the partition (a tenant) that was checked; `nil`: the connection as a whole.
  package func recordCheck(
    connection name: String, partition: String? = nil, results: [CheckResult], findings: [String: String] = [:],
    at: Date
  ) throws(StoreError) {
    try write { db in
      guard var row = try ConnectionRow.named(name, db) else { throw StoreError.notFound("connection", name) }
      row.connection.findings.merge(findings) { _, new in new }
      try row.put(db)
      try CheckRow(connection: name, partition: partition ?? "", at: at, results: results).put(db)
    }
  }

  /// The last check of a connection, or of one partition of it; `nil` when there was none.
  package func lastCheck(connection name: String, partition: String? = nil) throws(StoreError) -> ConnectionCheck? {
    try read { db in
      guard let connection = try ConnectionRow.named(name, db)?.connection,
        let row = try CheckRow.first(db, "WHERE connection = ? AND partition = ?", [name, partition ?? ""])
      else { return nil }
      return ConnectionCheck(
        at: row.at, results: row.results, isOutdated: connection.changedAt.milliseconds > row.at.milliseconds)
    }
  }
}

/// What a check found, and whether it still says anything.
package struct ConnectionCheck: Hashable, Sendable {
  package var at: Date
  package var results: [CheckResult]
  /// The connection was changed after the check.
  package var isOutdated: Bool
  /// Every test passed (a warning passes too), and the connection has not changed since.
  package var passed: Bool { !isOutdated && !results.isEmpty && results.allSatisfy { $0.outcome != .failed } }
}

struct ConnectionRow: SealedRow {
  static let table = SealedTable(
    "connection", key: ["name"],
    columns: ["name", "system", "parameters", "secrets", "findings", "made_at_ms", "changed_at_ms"])

  var connection: Connection

  init(connection: Connection) { self.connection = connection }

  init(from row: inout RowReader) throws {
    let (name, system) = (try row.text(), try row.text())
    let (parameters, secrets) = (try row.json([String: String].self), try row.json([String: String].self))
    let findings = try row.json([String: String].self)
    connection = Connection(
      name: name, system: SystemID(system), parameters: parameters, secrets: secrets, madeAt: try row.date(),
      changedAt: try row.date(), findings: findings)
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      connection.name, connection.system.rawValue, try JSONText.encode(connection.parameters),
      try JSONText.encode(connection.secrets), try JSONText.encode(connection.findings),
      connection.madeAt.milliseconds, connection.changedAt.milliseconds,
    ]
  }

  static func named(_ name: String, _ db: Database) throws -> ConnectionRow? {
    try first(db, "WHERE name = ?", [name])
  }
}

private struct CheckRow: SealedRow {
  static let table = SealedTable(
    "check_result", key: ["connection", "partition"], columns: ["connection", "partition", "at_ms", "results"])

  var connection: String
  var partition: String
  var at: Date
  var results: [CheckResult]

  init(connection: String, partition: String, at: Date, results: [CheckResult]) {
    self.connection = connection
    self.partition = partition
    self.at = at
    self.results = results
  }

  init(from row: inout RowReader) throws {
    connection = try row.text()
    partition = try row.text()
    at = try row.date()
    results = try row.json()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [connection, partition, at.milliseconds, try JSONText.encode(results)]
  }
}
