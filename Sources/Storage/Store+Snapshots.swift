/// Snapshots: what each side looked like when it was last read.
package import Foundation
import GRDB
package import Model

extension Store {
  /// Everything known of a scope: its records by id, and the tombstones.
  ///
  /// The certificate is that of the last *attempt*, so that a reading that came to no end is never taken for a whole
  /// one; ``certificate(of:)`` is that of the records.
  package func snapshot(_ scope: SnapshotScope) throws(StoreError) -> Reading {
    try read { db in
      guard let (id, row) = try ScopeRow.of(scope, db) else { return Reading(records: [], certificate: nil) }
      let (records, arrivals) = try SnapshotRow.all(kind: scope.kind, owner: id, parent: nil, db)
      guard records.count == row.recordCount else { throw DamagedRow(table: "snapshot") }
      return try Self.reading(of: records, arrivals, owner: id, row, db)
    }
  }

  /// As ``snapshot(_:)``, with the records of one company only: those with this parent.
  package func snapshot(_ scope: SnapshotScope, parent: RecordID) throws(StoreError) -> Reading {
    try read { db in
      guard let (id, row) = try ScopeRow.of(scope, db) else { return Reading(records: [], certificate: nil) }
      let (records, arrivals) = try SnapshotRow.all(kind: scope.kind, owner: id, parent: parent, db)
      return try Self.reading(of: records, arrivals, owner: id, row, db)
    }
  }

  /// The companies that the records of a snapshot belong to, each once, by id.
  package func parents(of scope: SnapshotScope) throws(StoreError) -> [RecordID] {
    try read { db in
      guard let (id, _) = try ScopeRow.of(scope, db) else { return [] }
      return try String.fetchAll(
        db,
        sql: "SELECT DISTINCT parent FROM snapshot INDEXED BY snapshot_parent WHERE owner = ? AND parent IS NOT NULL",
        arguments: [id]
      ).map { RecordID($0) }.sorted()
    }
  }

  private static func reading(
    of records: [Model.Record], _ arrivals: [RecordID: Int], owner: Int64, _ row: ScopeRow, _ db: Database
  ) throws -> Reading {
    let tombstones = try TombstoneRow.all(db, "WHERE owner = ?", [owner])
    let counts = try ArrivalRow.all(db, "WHERE owner = ?", [owner])
    return Reading(
      records: records, certificate: row.lastAttempt,
      tombstones: Dictionary(tombstones.map { ($0.record, $0.at) }) { _, last in last },
      lastParents: Dictionary(tombstones.compactMap { row in row.parent.map { (row.record, $0) } }) { _, last in last },
      arrivals: arrivals,
      arrivalCounts: Dictionary(counts.map { ($0.reading, $0.records) }) { _, last in last })
  }

  /// One record of a snapshot; `nil` when it is not in it.
  package func record(_ id: RecordID, in scope: SnapshotScope) throws(StoreError) -> Model.Record? {
    try read { db in
      guard let (owner, _) = try ScopeRow.of(scope, db) else { return nil }
      return try SnapshotRow.record(id, kind: scope.kind, owner: owner, in: "snapshot", db)
    }
  }

  /// The number of records in the snapshot.
  package func snapshotCount(_ scope: SnapshotScope) throws(StoreError) -> Int { try row(scope)?.recordCount ?? 0 }

  /// The scopes that were ever read, or begun to be read, of one connection.
  package func snapshotScopes(of connection: String) throws(StoreError) -> [SnapshotScope] {
    try read { db in
      try ScopeRow.all(db, "WHERE connection = ? ORDER BY kind, partition", [connection]).map(\.scope)
    }
  }

  /// The certificate of the last usable reading, complete or delta; `nil` when there was none.
  package func certificate(of scope: SnapshotScope) throws(StoreError) -> ReadCertificate? {
    try row(scope)?.certificate
  }

  /// The certificate of the last reading that was tried, usable or not.
  package func lastAttempt(of scope: SnapshotScope) throws(StoreError) -> ReadCertificate? {
    try row(scope)?.lastAttempt
  }

  /// The record counts of the last complete readings, newest first; those of no records at all are left out.
  package func completeCounts(of scope: SnapshotScope, limit: Int = 5) throws(StoreError) -> [Int] {
    Array((try row(scope)?.counts ?? []).prefix(max(0, limit)))
  }

  /// Where the next delta begins; `nil` when the next reading has to be complete.
  package func mark(of scope: SnapshotScope) throws(StoreError) -> String? { try row(scope)?.mark }

  /// Forgets where the next delta would begin, so that the next reading is complete.
  package func forgetMark(of scope: SnapshotScope) throws(StoreError) {
    try write { db in
      guard case (let id, var row)? = try ScopeRow.of(scope, db) else { return }
      row.mark = nil
      try row.update(db, id: id)
    }
  }

  /// Puts one record in place of what the snapshot holds of it: what a question for this id was answered. Where it
  /// differs, it counts as a reading of one record. A record that is gone leaves the snapshot and becomes a tombstone.
  package func replace(_ record: Model.Record, in scope: SnapshotScope, at: Date) throws(StoreError) {
    try write { db in try Self.replace(record, in: scope, isAnswer: false, at: at, db) }
  }

  /// Of the records whose last change was a write of ours: when somebody else last edited them, by what their system
  /// says; the beginning of time for those that we made and nobody has edited.
  package func editsOfOthers(in scope: SnapshotScope) throws(StoreError) -> [RecordID: Date] {
    try read { db in
      guard let (owner, _) = try ScopeRow.of(scope, db) else { return [:] }
      return try SnapshotRow.edits(owner: owner, db)
    }
  }

  /// Raises tombstones for ids that were asked for directly and not found; they leave the snapshot.
  package func bury(_ ids: [RecordID], in scope: SnapshotScope, at: Date) throws(StoreError) {
    try write { db in
      for id in ids { try Self.bury(id, in: scope, at: at, db) }
    }
  }

  /// - Parameter isAnswer: whether it is what a write of ours was answered.
  static func replace(
    _ record: Model.Record, in scope: SnapshotScope, isAnswer: Bool, at: Date, _ db: Database
  ) throws {
    if record.state == .gone {
      try bury(record.id, in: scope, at: at, db)
      return
    }
    let (owner, known) = try ScopeRow.making(scope, db)
    var row = known
    let held = try SnapshotRow.record(record.id, kind: scope.kind, owner: owner, in: "snapshot", db)
    if isAnswer {
      try SnapshotRow.put(record, owner: owner, broughtBy: nil, db)
    } else if held != record {
      let look = try numberOfLook(owner, at: at, db)
      try SnapshotRow.put(record, owner: owner, broughtBy: look.number, db)
      try ArrivalRow.keep(look, changed: 1, owner: owner, isComplete: false, db)
    }
    try TombstoneRow.remove(record.id, owner: owner, db)
    guard held == nil else { return }
    row.recordCount += 1
    try row.update(db, id: owner)
  }

  static func bury(_ id: RecordID, in scope: SnapshotScope, at: Date, _ db: Database) throws {
    let (owner, known) = try ScopeRow.making(scope, db)
    var row = known
    try TombstoneRow.raise(id, owner: owner, at: at, db)
    guard try SnapshotRow.remove(id, owner: owner, db) else { return }
    row.recordCount -= 1
    try row.update(db, id: owner)
  }

  private func row(_ scope: SnapshotScope) throws(StoreError) -> ScopeRow? {
    try read { db in try ScopeRow.of(scope, db)?.row }
  }
}
