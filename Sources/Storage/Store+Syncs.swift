/// Syncs: a recipe set up with its connections.
import Foundation
import GRDB
package import Model

extension Store {
  /// All syncs, by name.
  package func syncs() throws(StoreError) -> [Sync] {
    try read { db in try SyncRow.all(db, "WHERE is_removed = 0 ORDER BY name").map(\.sync) }
  }

  /// The syncs of one company, by name.
  package func syncs(of company: String) throws(StoreError) -> [Sync] {
    try read { db in try SyncRow.all(db, "WHERE is_removed = 0 AND company = ? ORDER BY name", [company]).map(\.sync) }
  }

  /// The sync of this name; `nil` when there is none.
  package func sync(named name: SyncName) throws(StoreError) -> Sync? {
    try read { db in try SyncRow.named(name, db)?.row.sync }
  }

  /// Adds a sync.
  ///
  /// - Throws: `.exists` when the name is taken; `.notFound` when its company or one of its connections is unknown.
  package func add(_ sync: Sync) throws(StoreError) {
    try write { db in
      try Self.refuseTaken(sync.name, db)
      for connection in [sync.source, sync.target] where try ConnectionRow.named(connection, db) == nil {
        throw StoreError.notFound("connection", connection)
      }
      if let company = sync.company, try CompanyRow.of(company, db) == nil {
        throw StoreError.notFound("company", company)
      }
      _ = try SyncRow(sync: sync).insert(db)
    }
  }

  /// Renames a sync; its links, settings, plans and runs go with it.
  package func rename(sync name: SyncName, to newName: SyncName) throws(StoreError) {
    try write { db in
      let (id, known) = try SyncRow.required(name, db)
      var row = known
      guard name != newName else { return }
      try Self.refuseTaken(newName, db)
      row.sync.name = newName
      try row.update(db, id: id)
      try SettingRow.move(from: .sync(name), to: .sync(newName), db)
    }
  }

  /// Removes a sync with its links, baselines, verdicts and settings; its plans and runs stay to be looked at.
  ///
  /// - Throws: `.inUse` while a write of it has no known outcome; `.notFound`.
  package func remove(sync name: SyncName) throws(StoreError) {
    try write { db in
      let (id, known) = try SyncRow.required(name, db)
      var row = known
      if try JournalRow.first(db, "WHERE sync = ? AND state <> 'settled'", [id]) != nil {
        throw StoreError(
          .inUse, "\(name) has a write whose outcome is not known yet.", hint: "Run sync \(name) once; it looks it up.")
      }
      for table in ["link", "verdict", "agreement", "lease"] {
        try db.execute(sql: "DELETE FROM \(table) WHERE sync = ?", arguments: [id])
      }
      for (plan, row) in try PlanRow.numbered(db, "WHERE sync = ? AND state IN ('open', 'begun')", [id]) {
        var row = row
        row.state = .superseded
        try row.update(db, id: plan)
      }
      try SettingRow.removeAll(of: .sync(name), db)
      row.isRemoved = true
      try row.update(db, id: id)
    }
  }

  private static func refuseTaken(_ name: SyncName, _ db: Database) throws {
    guard try SyncRow.named(name, db) != nil else { return }
    throw StoreError(.exists, "There is a sync \(name) already.", hint: "Give it another name with: as NAME.")
  }
}

struct SyncRow: SealedRow {
  static let table = SealedTable(
    "sync", columns: ["name", "recipe", "company", "source", "target", "made_at_ms", "is_removed"])

  var sync: Sync
  var isRemoved = false

  init(sync: Sync) { self.sync = sync }

  init(from row: inout RowReader) throws {
    let (name, recipe, company) = (try row.text(), try row.text(), try row.optionalText())
    let (source, target) = (try row.text(), try row.text())
    sync = Sync(
      name: SyncName(name), recipe: recipe, company: company, source: source, target: target, madeAt: try row.date())
    isRemoved = try row.flag()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      sync.name.rawValue, sync.recipe, sync.company, sync.source, sync.target, sync.madeAt.milliseconds, isRemoved,
    ]
  }

  static func named(_ name: SyncName, _ db: Database) throws -> (id: Int64, row: SyncRow)? {
    try numbered(db, "WHERE is_removed = 0 AND name = ?", [name.rawValue]).first
  }

  /// - Throws: `.notFound`.
  static func required(_ name: SyncName, _ db: Database) throws -> (id: Int64, row: SyncRow) {
    guard let found = try named(name, db) else { throw StoreError.notFound("sync", name.rawValue) }
    return found
  }

  static func id(_ name: SyncName, _ db: Database) throws -> Int64 { try required(name, db).id }

  /// The names of all syncs by their numbers, removed ones too.
  static func names(_ db: Database) throws -> [Int64: SyncName] {
    Dictionary(try numbered(db).map { ($0.id, $0.row.sync.name) }) { _, last in last }
  }
}
