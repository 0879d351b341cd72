/// Syncs: a recipe set up with its connections.
import Foundation
import GRDB
package import Model

extension Store {
  /// All syncs, by name; the parts of those with many destinations are left out.
  package func syncs() throws(StoreError) -> [Sync] {
    try read { db in try SyncRow.all(db, "WHERE is_removed = 0 AND part_of IS NULL ORDER BY name").map(\.sync) }
  }

  /// The parts of a sync with many destinations, by name; empty for any other.
  package func parts(of name: SyncName) throws(StoreError) -> [Sync] {
    try read { db in
      try SyncRow.all(db, "WHERE is_removed = 0 AND part_of = ? ORDER BY name", [SyncRow.id(name, db)]).map(\.sync)
    }
  }

  /// The names of all parts, removed ones too: their runs stay.
  package func partNames() throws(StoreError) -> Set<SyncName> {
    try read { db in Set(try SyncRow.all(db, "WHERE part_of IS NOT NULL").map(\.sync.name)) }
  }

  /// The sync that a part belongs to; `nil` for a sync that is whole itself.
  package func whole(of name: SyncName) throws(StoreError) -> Sync? {
    try read { db in
      guard let whole = try SyncRow.required(name, db).row.partOf else { return nil }
      return try SyncRow.all(db, "WHERE id = ?", [whole]).first?.sync
    }
  }

  /// Adds the part of a sync that writes to one destination.
  /// - Throws: `.exists` when the name is taken; `.notFound` when there is no such whole.
  package func add(_ part: Sync, to whole: SyncName) throws(StoreError) {
    try write { db in
      try Self.refuseTaken(part.name, db)
      var row = SyncRow(sync: part)
      row.partOf = try SyncRow.id(whole, db)
      _ = try row.insert(db)
    }
  }

  // MARK: - Places

  /// The places of a sync with many destinations as they were last seen, its source first, then by name.
  package func places(of name: SyncName) throws(StoreError) -> [SyncPlace] {
    try read { db in
      try PlaceRow.all(db, "WHERE sync = ?", [SyncRow.id(name, db)]).map(\.place)
        .sorted { ($0.side == .target ? 1 : 0, $0.name, $0.id) < ($1.side == .target ? 1 : 0, $1.name, $1.id) }
    }
  }

  /// Keeps places; one that is known is replaced.
  package func put(_ places: [SyncPlace], of name: SyncName) throws(StoreError) {
    try write { db in
      let id = try SyncRow.id(name, db)
      for place in places { try PlaceRow(sync: id, place: place).put(db) }
    }
  }

  /// Forgets a place.
  package func removePlace(_ place: String, _ side: Side, of name: SyncName) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "DELETE FROM place WHERE sync = ? AND side = ? AND place = ?",
        arguments: [SyncRow.id(name, db), side.rawValue, place])
    }
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

  /// Renames a sync; its links, settings, plans, runs, schedules and parts go with it.
  package func rename(sync name: SyncName, to newName: SyncName) throws(StoreError) {
    try write { db in
      let (id, known) = try SyncRow.required(name, db)
      var row = known
      guard name != newName else { return }
      try Self.refuseTaken(newName, db)
      row.sync.name = newName
      try row.update(db, id: id)
      try SettingRow.move(from: .sync(name), to: .sync(newName), db)
      try ScheduleRow.rename(from: name.rawValue, to: newName.rawValue, of: id, db)
      for (part, known) in try SyncRow.numbered(db, "WHERE is_removed = 0 AND part_of = ?", [id]) {
        var row = known
        row.sync.name = SyncName(newName.rawValue + known.sync.name.rawValue.dropFirst(name.rawValue.count))
        try row.update(db, id: part)
      }
    }
  }

  /// Removes a sync with its parts, links, baselines, verdicts, settings and schedules; its plans and runs stay to be
  /// looked at.
  ///
  /// - Throws: `.inUse` while a write of it has no known outcome; `.notFound`.
  package func remove(sync name: SyncName) throws(StoreError) {
    try write { db in
      let id = try SyncRow.id(name, db)
      for (_, part) in try SyncRow.numbered(db, "WHERE is_removed = 0 AND part_of = ?", [id]) {
        try Self.remove(part.sync.name, db)
      }
      try db.execute(sql: "DELETE FROM place WHERE sync = ?", arguments: [id])
      try Self.remove(name, db)
    }
  }

  private static func remove(_ name: SyncName, _ db: Database) throws {
    let (id, known) = try SyncRow.required(name, db)
    var row = known
    if try JournalRow.first(db, "WHERE sync = ? AND state <> 'settled'", [id]) != nil {
      throw StoreError(
        .inUse, "\(name) has a write whose outcome is not known yet.", hint: "Run sync \(name) once; it looks it up.")
    }
    for table in ["link", "verdict", "agreement", "lease", "schedule"] {
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

  private static func refuseTaken(_ name: SyncName, _ db: Database) throws {
    guard try SyncRow.named(name, db) != nil else { return }
    throw StoreError(.exists, "There is a sync \(name) already.", hint: "Give it another name with: as NAME.")
  }
}

struct SyncRow: SealedRow {
  static let table = SealedTable(
    "sync", columns: ["name", "recipe", "company", "source", "target", "made_at_ms", "is_removed", "part_of", "place"],
    later: 2)

  var sync: Sync
  var isRemoved = false
  /// The number of the sync that this is a part of.
  var partOf: Int64?

  init(sync: Sync) { self.sync = sync }

  init(from row: inout RowReader) throws {
    let (name, recipe, company) = (try row.text(), try row.text(), try row.optionalText())
    let (source, target) = (try row.text(), try row.text())
    sync = Sync(
      name: SyncName(name), recipe: recipe, company: company, source: source, target: target, madeAt: try row.date())
    isRemoved = try row.flag()
    partOf = try row.optionalNumber().map(Int64.init)
    sync.place = try row.optionalText()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      sync.name.rawValue, sync.recipe, sync.company, sync.source, sync.target, sync.madeAt.milliseconds, isRemoved,
      partOf, sync.place,
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

struct PlaceRow: SealedRow {
  static let table = SealedTable(
    "place", key: ["sync", "side", "place"], columns: ["sync", "side", "place", "body"])

  var sync: Int64
  var place: SyncPlace

  init(sync: Int64, place: SyncPlace) {
    self.sync = sync
    self.place = place
  }

  init(from row: inout RowReader) throws {
    sync = Int64(try row.number())
    _ = try row.text()
    _ = try row.text()
    place = try row.json()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [sync, place.side.rawValue, place.id, try JSONText.encode(place)]
  }
}
