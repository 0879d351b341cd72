/// What the guards ask of the past: who wrote what, how much was removed, which plans were carried through.
package import Foundation
import GRDB
package import Model

/// One field of one record that was written.
package struct FieldWrite: Hashable, Sendable {
  package var kind: RecordKind
  /// The side that was written to, whose record and field it is.
  package var side: Side
  package var record: RecordID
  package var field: FieldName
  package var at: Date
  package init(kind: RecordKind = .person, side: Side = .target, record: RecordID, field: FieldName, at: Date) {
    self.kind = kind
    self.side = side
    self.record = record
    self.field = field
    self.at = at
  }
}

extension Store {
  /// Each field that was written, or may have been, since a moment, oldest first.
  package func fieldWrites(_ sync: SyncName, since: Date) throws(StoreError) -> [FieldWrite] {
    try read { db in
      let rows = try JournalRow.all(
        db, "WHERE sync = ? AND at_ms >= ? AND outcome IN ('done', 'unknown') ORDER BY at_ms, id",
        [SyncRow.id(sync, db), since.milliseconds])
      return rows.flatMap { row -> [FieldWrite] in
        let entry = row.entry
        guard let record = entry.written else { return [] }
        return entry.values.names.map {
          FieldWrite(kind: entry.kind, side: entry.side, record: record, field: $0, at: entry.at)
        }
      }
    }
  }

  /// How many deactivations and deletes were done, or may have been, in runs that began since a moment and that no
  /// person let through.
  package func removals(_ sync: SyncName, since: Date) throws(StoreError) -> Int {
    try read { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM run JOIN run_line ON run_line.run = run.id
          WHERE run.sync = ? AND run.started_at_ms >= ? AND run.is_let_through = 0
          AND run_line.action IN ('deactivate', 'delete') AND run_line.outcome IN ('done', 'unknown')
          """, arguments: [SyncRow.id(sync, db), since.milliseconds]) ?? 0
    }
  }

  /// How many pairs were active at the target at a moment: what the last run before it noted, else the first one after
  /// it; `nil` when no run noted any.
  package func activePairs(_ sync: SyncName, at: Date) throws(StoreError) -> Int? {
    try read { db in
      let id = try SyncRow.id(sync, db)
      let before = try RunRow.first(
        db, "WHERE sync = ? AND active_pairs IS NOT NULL AND started_at_ms <= ? ORDER BY started_at_ms DESC, id DESC",
        [id, at.milliseconds])
      if let before { return before.activePairs }
      return try RunRow.first(
        db, "WHERE sync = ? AND active_pairs IS NOT NULL ORDER BY started_at_ms, id", [id])?.activePairs
    }
  }

  /// How many plans were carried through to their end: applied, and every change that was not dropped has an outcome, a
  /// failed one too. Plans that reverse a run do not count.
  package func plansCarriedThrough(_ sync: SyncName) throws(StoreError) -> Int {
    try read { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM plan WHERE sync = ? AND state = 'applied' AND is_undo = 0 AND NOT EXISTS (
            SELECT 1 FROM plan_decision AS decision
            WHERE decision.plan = plan.id AND decision.is_change = 1 AND decision.is_dropped = 0 AND NOT EXISTS (
              SELECT 1 FROM run JOIN run_line ON run_line.run = run.id
              WHERE run.plan = plan.id AND run_line.number = decision.number
              AND run_line.outcome IN ('done', 'failed', 'skipped')))
          """, arguments: [SyncRow.id(sync, db)]) ?? 0
    }
  }

  /// The settings under which a person last applied a plan; `nil` when none ever did.
  package func agreedSettings(_ sync: SyncName) throws(StoreError) -> Fingerprint? {
    try read { db in try AgreementRow.first(db, "WHERE sync = ?", [SyncRow.id(sync, db)])?.settings }
  }

  /// When a person last applied a plan; `nil` when none ever did.
  package func agreedAt(_ sync: SyncName) throws(StoreError) -> Date? {
    try read { db in try AgreementRow.first(db, "WHERE sync = ?", [SyncRow.id(sync, db)])?.at }
  }

  /// Notes that a person applied a plan that was made under these settings.
  package func agree(to settings: Fingerprint, _ sync: SyncName, at: Date) throws(StoreError) {
    try write { db in
      try AgreementRow(sync: SyncRow.id(sync, db), settings: settings, at: at).put(db)
    }
  }
}

private struct AgreementRow: SealedRow {
  static let table = SealedTable("agreement", key: ["sync"], columns: ["sync", "settings", "at_ms"])

  var sync: Int64
  var settings: Fingerprint
  var at: Date

  init(sync: Int64, settings: Fingerprint, at: Date) {
    self.sync = sync
    self.settings = settings
    self.at = at
  }

  init(from row: inout RowReader) throws {
    sync = Int64(try row.number())
    settings = Fingerprint(rawValue: try row.text())
    at = try row.date()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] { [sync, settings.rawValue, at.milliseconds] }
}
