/// Links and baselines: which two records are one, and what both sides held when that was last settled.
package import Foundation
import GRDB
package import Model

/// A change of the remembered pairs.
package enum LinkWrite: Hashable, Sendable {
  /// Makes a pair, or replaces what is remembered of the pair with this source, and of a broken one with this target.
  /// A pair that was broken, or a source with another partner than before, starts without a baseline.
  case put(Link)
  /// Forgets the pair with its baseline.
  case remove(RecordKind, source: RecordID)
  /// Remembers that one side is gone.
  case `break`(RecordKind, source: RecordID, missing: Side, since: Date)
  /// Hands a pair and its baseline over from one source to another (a re-created account).
  case move(from: RecordID, to: Link)
}

extension Store {
  /// The pairs of a sync, of every kind, by source id.
  package func links(of sync: SyncName) throws(StoreError) -> [Link] {
    try read { db in
      try LinkRow.all(db, "WHERE sync = ?", [SyncRow.id(sync, db)]).map(\.link).sorted {
        $0.kind == $1.kind ? $0.source < $1.source : $0.kind.rawValue < $1.kind.rawValue
      }
    }
  }

  /// Whether a pair of a sync, of any kind, has an id on either side.
  package func hasLink(_ id: RecordID, of sync: SyncName) throws(StoreError) -> Bool {
    try read { db in
      let statement = try db.cachedStatement(
        sql: "SELECT EXISTS (SELECT 1 FROM link WHERE sync = ?1 AND (source = ?2 OR target = ?2))")
      return try Bool.fetchOne(statement, arguments: [SyncRow.id(sync, db), id.rawValue]) ?? false
    }
  }

  /// What both sides of the pairs of one kind held, by the source's id; a pair that was linked without being compared
  /// has none.
  package func baselines(of sync: SyncName, kind: RecordKind) throws(StoreError) -> [RecordID: Baseline] {
    try read { db in
      let rows = try BaselineRow.all(db, "WHERE sync = ? AND kind = ?", [SyncRow.id(sync, db), kind.rawValue])
      return Dictionary(rows.map { ($0.source, $0.baseline) }) { _, last in last }
    }
  }

  /// Changes the remembered pairs, all or none.
  ///
  /// - Throws: `.invalid` when a target would belong to two sources; `.notFound`.
  package func change(_ links: [LinkWrite], of sync: SyncName) throws(StoreError) {
    try write { db in
      let id = try SyncRow.id(sync, db)
      for link in links { try LinkRow.apply(link, sync: id, db) }
    }
  }

  /// Drops a pair and its memory, so that both sides count as never linked.
  ///
  /// - Throws: `.notFound` when the source has no pair.
  package func forget(_ link: Link, of sync: SyncName) throws(StoreError) {
    try write { db in
      let id = try SyncRow.id(sync, db)
      _ = try LinkRow.required(link.source, kind: link.kind, sync: id, db)
      try LinkRow.remove(link.source, kind: link.kind, sync: id, db)
    }
  }

  /// Notes that the next plan is to make, or find, the missing side of a broken pair again.
  ///
  /// - Throws: `.notFound` when the source has no pair.
  package func markForRelink(_ link: Link, of sync: SyncName) throws(StoreError) {
    try write { db in
      var row = try LinkRow.required(link.source, kind: link.kind, sync: SyncRow.id(sync, db), db)
      row.link.isToBeRelinked = true
      try row.put(db)
    }
  }
}

struct LinkRow: SealedRow {
  static let table = SealedTable(
    "link", key: ["sync", "kind", "source"],
    columns: ["sync", "kind", "source", "target", "state", "made_by", "run", "since_at_ms", "is_to_be_relinked"])

  var sync: Int64
  var link: Link

  init(sync: Int64, link: Link) {
    self.sync = sync
    self.link = link
  }

  init(from row: inout RowReader) throws {
    sync = Int64(try row.number())
    let (kind, source, target) = (try row.word(RecordKind.self), try row.text(), try row.text())
    let (state, madeBy) = (try row.json(LinkState.self), try row.json(MatchKey.self))
    link = Link(
      kind: kind, source: RecordID(source), target: RecordID(target), state: state, madeBy: madeBy,
      run: try row.optionalNumber().map { RunID($0) }, since: try row.date(), isToBeRelinked: try row.flag())
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      sync, link.kind.rawValue, link.source.rawValue, link.target.rawValue, try JSONText.encode(link.state),
      try JSONText.encode(link.madeBy), link.run?.number, link.since.milliseconds, link.isToBeRelinked,
    ]
  }

  static func apply(_ change: LinkWrite, sync: Int64, _ db: Database) throws {
    switch change {
    case .put(let link):
      try makeRoom(for: link, sync: sync, db)
      try LinkRow(sync: sync, link: link).put(db)
    case .remove(let kind, let source):
      try remove(source, kind: kind, sync: sync, db)
    case .break(let kind, let source, let missing, let since):
      var row = try required(source, kind: kind, sync: sync, db)
      row.link.state = .broken(missing: missing, since: since)
      row.link.isToBeRelinked = false
      try row.put(db)
    case .move(let former, let link):
      let baseline = try BaselineRow.of(former, kind: link.kind, sync: sync, db)?.baseline
      try remove(former, kind: link.kind, sync: sync, db)
      try apply(.put(link), sync: sync, db)
      guard let baseline else { return }
      try BaselineRow(sync: sync, kind: link.kind, source: link.source, baseline: baseline).put(db)
    }
  }

  /// Takes away what a new pair replaces, with its baseline.
  /// - Throws: `.invalid` when the target is linked to another source.
  private static func makeRoom(for link: Link, sync: Int64, _ db: Database) throws {
    let holder = try first(
      db, "WHERE sync = ? AND kind = ? AND target = ?", [sync, link.kind.rawValue, link.target.rawValue])
    if let holder, holder.link.source != link.source {
      guard holder.link.state != .linked else {
        throw StoreError(
          .invalid, "\(link.target) is linked to \(holder.link.source) already.", hint: "Forget the wrong link first.")
      }
      try remove(holder.link.source, kind: link.kind, sync: sync, db)
    }
    let former = try first(
      db, "WHERE sync = ? AND kind = ? AND source = ?", [sync, link.kind.rawValue, link.source.rawValue])
    if let former, former.link.target != link.target || former.link.state != .linked {
      try remove(link.source, kind: link.kind, sync: sync, db)
    }
  }

  static func remove(_ source: RecordID, kind: RecordKind, sync: Int64, _ db: Database) throws {
    try db.cachedStatement(sql: "DELETE FROM link WHERE sync = ? AND kind = ? AND source = ?")
      .execute(arguments: [sync, kind.rawValue, source.rawValue])
  }

  static func required(_ source: RecordID, kind: RecordKind, sync: Int64, _ db: Database) throws -> LinkRow {
    guard
      let row = try first(
        db, "WHERE sync = ? AND kind = ? AND source = ?", [sync, kind.rawValue, source.rawValue])
    else { throw StoreError(.notFound, "\(source) is not linked.") }
    return row
  }
}

struct BaselineRow: SealedRow {
  static let table = SealedTable(
    "baseline", key: ["sync", "kind", "source"], columns: ["sync", "kind", "source", "source_fields", "target_fields"])

  var sync: Int64
  var kind: RecordKind
  var source: RecordID
  var baseline: Baseline

  init(sync: Int64, kind: RecordKind, source: RecordID, baseline: Baseline) {
    self.sync = sync
    self.kind = kind
    self.source = source
    self.baseline = baseline
  }

  init(from row: inout RowReader) throws {
    sync = Int64(try row.number())
    kind = try row.word()
    source = RecordID(try row.text())
    baseline = Baseline(source: try row.fields(), target: try row.fields())
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [sync, kind.rawValue, source.rawValue, FieldText.encode(baseline.source), FieldText.encode(baseline.target)]
  }

  /// Moves the baseline of a pair in the fields that `settled` names.
  /// - Throws: `.invalid` when there is no such pair.
  static func merge(
    _ settled: Baseline, into source: RecordID, kind: RecordKind, sync: Int64, _ db: Database
  ) throws {
    guard
      try LinkRow.first(
        db, "WHERE sync = ? AND kind = ? AND source = ?", [sync, kind.rawValue, source.rawValue]) != nil
    else { throw StoreError(.invalid, "\(source) has no link, so it can have no baseline.") }
    let known = try of(source, kind: kind, sync: sync, db)?.baseline ?? Baseline()
    let merged = Baseline(
      source: known.source.merging(settled.source), target: known.target.merging(settled.target))
    try BaselineRow(sync: sync, kind: kind, source: source, baseline: merged).put(db)
  }

  static func of(_ source: RecordID, kind: RecordKind, sync: Int64, _ db: Database) throws -> BaselineRow? {
    try first(db, "WHERE sync = ? AND kind = ? AND source = ?", [sync, kind.rawValue, source.rawValue])
  }
}
