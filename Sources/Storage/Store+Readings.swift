/// Readings under way: pages are set aside, and become the snapshot in one transaction when the reading is whole.
package import Foundation
import GRDB
package import Model

extension Store {
  /// Begins a reading; the snapshot stays as it is until ``finishReading(_:certificate:mark:)``.
  ///
  /// - Throws: `.notFound` when there is no such connection.
  package func beginReading(
    _ scope: SnapshotScope, mode: ReadingMode, at: Date
  ) throws(StoreError) -> ReadingID {
    try write { db in
      let (id, _) = try ScopeRow.making(scope, db)
      // What a process that died had set aside; two that read the same scope at once do not disturb each other.
      try db.execute(
        sql: "DELETE FROM reading WHERE scope = ? AND started_at_ms < ?",
        arguments: [id, at.milliseconds - Self.abandonedAfterMilliseconds])
      return ReadingID(number: try ReadingRow(scope: id, mode: mode, startedAt: at).insert(db))
    }
  }

  private static let abandonedAfterMilliseconds: Int64 = 24 * 3_600 * 1_000

  /// Sets a page of records aside. A record that comes twice counts once: its later form, or in a delta both together.
  package func apply(page records: [Model.Record], to reading: ReadingID) throws(StoreError) {
    try write { db in
      let row = try ReadingRow.required(reading, db)
      let kind = try row.scopeRow(db).row.scope.kind
      for record in records {
        var record = record
        if row.mode == .delta,
          let earlier = try SnapshotRow.record(
            record.id, kind: kind, owner: reading.number, in: "staged_record", db)
        {
          record = earlier.merging(record)
        }
        try SnapshotRow.stage(record, reading: reading.number, db)
      }
    }
  }

  /// Makes what was set aside the snapshot: a complete reading replaces it, a delta is merged into it. Records that the
  /// system said are gone leave the snapshot and become tombstones.
  ///
  /// A certificate that is not usable changes nothing but the last attempt, as ``abandonReading(_:certificate:)``. A
  /// complete reading that is suspiciously small keeps no mark, so that the next reading is complete again, and one of
  /// no records at all is not counted among the complete ones that later readings are measured against.
  ///
  /// - Throws: `.notFound` when the reading was ended; `.invalid` when a complete reading is certified as a delta.
  ///
  /// - Parameter mark: where the next delta begins; `nil` keeps the mark of before for a delta and forgets it otherwise.
  /// - Returns: how many records are new or differ from before, and how many left the snapshot.
  @discardableResult
  package func finishReading(
    _ reading: ReadingID, certificate: ReadCertificate, mark: String?
  ) throws(StoreError) -> (changed: Int, removed: Int) {
    try write { db in
      let row = try ReadingRow.required(reading, db)
      let (id, known) = try row.scopeRow(db)
      var scope = known
      scope.lastAttempt = certificate
      var counts = (changed: 0, removed: 0)
      if certificate.isUsable {
        switch row.mode {
        case .complete:
          guard certificate.completeness != .delta else {
            throw StoreError(.invalid, "A complete reading was certified as a delta, so it replaces nothing.")
          }
          counts = try Self.replaceSnapshot(id, scope.scope.kind, by: reading, at: certificate.finishedAt, db)
          scope.mark = certificate.isSuspiciouslySmall ? nil : mark
          if certificate.recordCount > 0 { scope.counts = Array(([certificate.recordCount] + scope.counts).prefix(5)) }
        case .delta:
          counts = try Self.mergeSnapshot(id, scope.scope.kind, with: reading, at: certificate.finishedAt, db)
          scope.mark = mark ?? scope.mark
        }
        try ArrivalRow.keep(reading, changed: counts.changed, owner: id, isComplete: row.mode == .complete, db)
        scope.recordCount = try Self.countRows(id, db)
        scope.certificate = certificate
        scope.certificate?.snapshotCount = scope.recordCount
        scope.lastAttempt?.snapshotCount = scope.recordCount
      }
      try scope.update(db, id: id)
      try ReadingRow.remove(reading, db)
      return counts
    }
  }

  /// Ends a reading that did not come to its end: the snapshot, its certificate and its mark stay as they were; the
  /// certificate given here says why, as the last attempt.
  package func abandonReading(_ reading: ReadingID, certificate: ReadCertificate) throws(StoreError) {
    try write { db in
      let (id, known) = try ReadingRow.required(reading, db).scopeRow(db)
      var scope = known
      scope.lastAttempt = certificate
      try scope.update(db, id: id)
      try ReadingRow.remove(reading, db)
    }
  }

  static func countRows(_ scope: Int64, _ db: Database) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM snapshot INDEXED BY snapshot_name WHERE owner = ?"),
      arguments: [scope]) ?? 0
  }

  private static func replaceSnapshot(
    _ scope: Int64, _ kind: RecordKind, by reading: ReadingID, at: Date, _ db: Database
  ) throws -> (changed: Int, removed: Int) {
    try bury(kind, scope, reading, at, db)
    try db.execute(
      sql: """
        DELETE FROM snapshot WHERE owner = ?1 AND NOT EXISTS (
          SELECT 1 FROM staged_record WHERE owner = ?2 AND record = snapshot.record)
        """, arguments: [scope, reading.number])
    let removed = db.changesCount
    try db.execute(
      sql: """
        INSERT INTO snapshot (owner, \(SnapshotRow.columns), seal, \(SnapshotRow.historyColumns))
        SELECT ?1, \(SnapshotRow.columns), seal, ?2, ~?2, modified_at_ms, ~modified_at_ms
        FROM staged_record WHERE owner = ?2
        ON CONFLICT (owner, record) DO UPDATE SET \(SnapshotRow.assignments), \(SnapshotRow.historyAssignments)
        WHERE seal IS NOT excluded.seal
        """, arguments: [scope, reading.number])
    let changed = db.changesCount
    try db.execute(
      sql: """
        DELETE FROM tombstone WHERE owner = ?1 AND EXISTS (
          SELECT 1 FROM staged_record WHERE owner = ?2 AND record = tombstone.record)
        """, arguments: [scope, reading.number])
    return (changed, removed)
  }

  /// Raises a tombstone for each record that a complete reading calls gone, and takes it out of the reading.
  private static func bury(
    _ kind: RecordKind, _ scope: Int64, _ reading: ReadingID, _ at: Date, _ db: Database
  ) throws {
    let gone = try Row.fetchAll(
      db, sql: "SELECT record, parent FROM staged_record WHERE owner = ? AND state = ?",
      arguments: [reading.number, RecordState.gone.rawValue])
    for row in gone {
      let parent: String? = row["parent"]
      try TombstoneRow.raise(
        RecordID(row["record"]), owner: scope, at: at, parent: parent.map { RecordID($0) }, db)
    }
    try db.execute(
      sql: "DELETE FROM staged_record WHERE owner = ? AND state = ?",
      arguments: [reading.number, RecordState.gone.rawValue])
  }

  private static func mergeSnapshot(
    _ scope: Int64, _ kind: RecordKind, with reading: ReadingID, at: Date, _ db: Database
  ) throws -> (changed: Int, removed: Int) {
    var counts = (changed: 0, removed: 0)
    try SnapshotRow.forEach(kind: kind, owner: reading.number, in: "staged_record", db) { record in
      if record.state == .gone {
        if try SnapshotRow.remove(record.id, owner: scope, db) { counts.removed += 1 }
        try TombstoneRow.raise(record.id, owner: scope, at: at, parent: record.parent, db)
      } else {
        let known = try SnapshotRow.record(record.id, kind: kind, owner: scope, in: "snapshot", db)
        try SnapshotRow.put(known?.merging(record) ?? record, owner: scope, broughtBy: reading.number, db)
        counts.changed += db.changesCount
        try TombstoneRow.remove(record.id, owner: scope, db)
      }
    }
    return counts
  }
}

/// How many records a reading brought, new or changed; remembered although some of them changed since.
struct ArrivalRow: SealedRow {
  static let table = SealedTable("arrival", key: ["owner", "reading"], columns: ["owner", "reading", "records"])

  var owner: Int64
  var reading: Int
  var records: Int

  init(owner: Int64, reading: Int, records: Int) {
    self.owner = owner
    self.reading = reading
    self.records = records
  }

  init(from row: inout RowReader) throws {
    owner = Int64(try row.number())
    reading = try row.number()
    records = try row.number()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] { [owner, reading, records] }

  /// Notes what a reading brought; a complete one also forgets the readings of which nothing is left.
  static func keep(_ reading: ReadingID, changed: Int, owner: Int64, isComplete: Bool, _ db: Database) throws {
    if changed > 0 { try ArrivalRow(owner: owner, reading: Int(reading.number), records: changed).put(db) }
    guard isComplete else { return }
    try db.execute(
      sql: """
        DELETE FROM arrival WHERE owner = ?1 AND reading NOT IN (
          SELECT DISTINCT arrived_in FROM snapshot WHERE owner = ?1 AND arrived_in IS NOT NULL)
        """, arguments: [owner])
  }
}

extension Store {
  /// A number among those of the readings, for a look at single records.
  static func numberOfLook(_ scope: Int64, at: Date, _ db: Database) throws -> ReadingID {
    let look = ReadingID(number: try ReadingRow(scope: scope, mode: .delta, startedAt: at).insert(db))
    try ReadingRow.remove(look, db)
    return look
  }
}

private struct ReadingRow: SealedRow {
  static let table = SealedTable("reading", columns: ["scope", "mode", "started_at_ms"])

  var scope: Int64
  var mode: ReadingMode
  var startedAt: Date

  init(scope: Int64, mode: ReadingMode, startedAt: Date) {
    self.scope = scope
    self.mode = mode
    self.startedAt = startedAt
  }

  init(from row: inout RowReader) throws {
    scope = Int64(try row.number())
    mode = try row.word()
    startedAt = try row.date()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] { [scope, mode.rawValue, startedAt.milliseconds] }

  /// - Throws: `.notFound` when the reading was ended.
  static func required(_ reading: ReadingID, _ db: Database) throws -> ReadingRow {
    guard let row = try first(db, "WHERE id = ?", [reading.number]) else {
      throw StoreError(.notFound, "The reading was ended or abandoned.", hint: "Read again.")
    }
    return row
  }

  func scopeRow(_ db: Database) throws -> (id: Int64, row: ScopeRow) {
    guard let row = try ScopeRow.first(db, "WHERE id = ?", [scope]) else { throw DamagedRow(table: "reading") }
    return (scope, row)
  }

  static func remove(_ reading: ReadingID, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM reading WHERE id = ?", arguments: [reading.number])
  }
}
