/// Verdicts: what only a person decides, kept until it is taken back or contradicted.
import Foundation
import GRDB
package import Model

extension Store {
  /// The verdicts in force, oldest first.
  package func verdicts(of sync: SyncName) throws(StoreError) -> [Verdict] {
    try read { db in try VerdictRow.all(db, "WHERE sync = ? ORDER BY id", [SyncRow.id(sync, db)]).map(\.verdict) }
  }

  /// Keeps a verdict in place of those that it contradicts, which are returned.
  @discardableResult
  package func record(_ verdict: Verdict, of sync: SyncName) throws(StoreError) -> [Verdict] {
    try write { db in
      let id = try SyncRow.id(sync, db)
      let replaced = try VerdictRow.remove(of: id, db) {
        verdict.kind == $0.kind && verdict.ruling.contradicts($0.ruling)
      }
      _ = try VerdictRow(sync: id, verdict: verdict).insert(db)
      return replaced
    }
  }

  /// Takes one ruling about a record of this kind back; returns the verdicts that were (none when there was no such
  /// ruling).
  @discardableResult
  package func withdraw(
    _ ruling: Verdict.Ruling, kind: RecordKind = .person, of sync: SyncName
  ) throws(StoreError) -> [Verdict] {
    try write { db in
      try VerdictRow.remove(of: SyncRow.id(sync, db), db) { $0.kind == kind && $0.ruling == ruling }
    }
  }

  /// Takes back everything that was said of one record; returns what that was.
  @discardableResult
  package func withdrawVerdicts(
    about record: RecordID, kind: RecordKind = .person, on side: Side, of sync: SyncName
  ) throws(StoreError) -> [Verdict] {
    try write { db in
      try VerdictRow.remove(of: SyncRow.id(sync, db), db) { $0.kind == kind && $0.ruling.speaks(of: record, on: side) }
    }
  }
}

extension Verdict.Ruling {
  /// Whether both cannot hold, or say the same: the newer one then replaces the older.
  ///
  /// A pair contradicts another pair of either record, and "never" about the same two. Excluding a record contradicts
  /// nothing but itself: it stands above the rest while it lasts.
  func contradicts(_ other: Verdict.Ruling) -> Bool {
    switch (self, other) {
    case (.pair(let source, let target), .pair(let otherSource, let otherTarget)):
      source == otherSource || target == otherTarget
    case (.pair(let source, let target), .neverPair(let otherSource, let otherTarget)),
      (.neverPair(let source, let target), .pair(let otherSource, let otherTarget)),
      (.neverPair(let source, let target), .neverPair(let otherSource, let otherTarget)):
      source == otherSource && target == otherTarget
    case (.exclude(let side, let record), .exclude(let otherSide, let otherRecord)):
      side == otherSide && record == otherRecord
    case (.promote(let side, let record), .promote(let otherSide, let otherRecord)):
      side == otherSide && record == otherRecord
    case (.push(let record), .push(let other)):
      record == other
    case (.take(_, let field, let source, _, _), .take(_, let otherField, let otherSource, _, _)):
      field == otherField && source == otherSource
    case (.exclude, _), (.pair, _), (.neverPair, _), (.promote, _), (.push, _), (.take, _):
      false
    }
  }

  func speaks(of record: RecordID, on side: Side) -> Bool {
    switch self {
    case .pair(let source, let target), .neverPair(let source, let target):
      (side == .source ? source : target) == record
    case .exclude(let excludedSide, let excluded):
      excludedSide == side && excluded == record
    case .promote(let promotedSide, let promoted):
      promotedSide == side && promoted == record
    case .push(let pushed):
      side == .target && pushed == record
    case .take(_, _, let source, _, _):
      side == .source && source == record
    }
  }
}

private struct VerdictRow: SealedRow {
  static let table = SealedTable(
    "verdict", columns: ["sync", "ruling", "reason", "made_by", "made_at_ms", "kind"], later: 1)

  var sync: Int64
  var verdict: Verdict

  init(sync: Int64, verdict: Verdict) {
    self.sync = sync
    self.verdict = verdict
  }

  init(from row: inout RowReader) throws {
    sync = Int64(try row.number())
    let (ruling, reason) = (try row.json(Verdict.Ruling.self), try row.text())
    verdict = Verdict(ruling: ruling, reason: reason, madeBy: try row.text(), madeAt: try row.date())
    verdict.kind = try row.optionalWord() ?? .person
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      sync, try JSONText.encode(verdict.ruling), verdict.reason, verdict.madeBy, verdict.madeAt.milliseconds,
      verdict.kind.rawValue,
    ]
  }

  static func remove(of sync: Int64, _ db: Database, where isRemoved: (Verdict) -> Bool) throws -> [Verdict] {
    let rows = try numbered(db, "WHERE sync = ? ORDER BY id", [sync]).filter { isRemoved($0.row.verdict) }
    for row in rows { try db.execute(sql: "DELETE FROM verdict WHERE id = ?", arguments: [row.id]) }
    return rows.map(\.row.verdict)
  }
}
