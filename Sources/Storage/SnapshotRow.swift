/// Records as rows: the one kind of row there are many of, so that its statements are written out.
import Foundation
import GRDB
import Model

/// One record of a snapshot or of a reading under way; both tables have the same columns and are filled alike.
enum SnapshotRow {
  static let columns =
    "record, state, fields, version, modified_at_ms, native, label_key, name_key, parent, created_at_ms"
  private static let columnCount = 10
  /// The last two came with a later migration.
  private static let later = 2
  /// The seal leaves the owner out, so that a staged row moves into the snapshot as it is.
  private static let sealName = "snapshot"

  /// Sets a record of a reading aside, over the one with its id.
  static func stage(_ record: Model.Record, reading: Int64, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO staged_record (owner, \(columns), seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (owner, record) DO UPDATE SET \(assignments) WHERE seal IS NOT excluded.seal
        """)
    try statement.execute(arguments: StatementArguments([reading.databaseValue] + sealed(record)))
  }

  /// Writes a record into the snapshot, over the one with its id; nothing is changed where it is the same.
  /// - Parameter reading: what brought it; `nil` for an answer to a write of ours, which is neither an arrival nor an edit
  ///   of somebody else: what was known of these stays.
  static func put(_ record: Model.Record, owner: Int64, broughtBy reading: Int64?, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO snapshot (owner, \(columns), seal, \(historyColumns))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (owner, record) DO UPDATE SET \(assignments)\(reading == nil ? "" : ", " + historyAssignments)
        WHERE seal IS NOT excluded.seal
        """)
    // What we made ourselves, nobody has edited yet.
    let edited = reading == nil ? 0 : record.modified?.milliseconds
    let history = [reading, reading.map { ~$0 }, edited, edited.map { ~$0 }].map { $0?.databaseValue ?? .null }
    try statement.execute(arguments: StatementArguments([owner.databaseValue] + sealed(record) + history))
  }

  /// The columns of a record with their seal.
  private static func sealed(_ record: Model.Record) -> [DatabaseValue] {
    var values: [DatabaseValue] = [
      record.id.rawValue.databaseValue, record.state.rawValue.databaseValue,
      FieldText.encode(record.fields).databaseValue,
    ]
    values.append(record.version?.rawValue.databaseValue ?? .null)
    values.append(record.modified?.milliseconds.databaseValue ?? .null)
    values.append(record.native?.databaseValue ?? .null)
    values.append(searchKey(record.displayLabel).databaseValue)
    values.append(searchKey(record.displayName).databaseValue)
    values.append(record.parent?.rawValue.databaseValue ?? .null)
    values.append(record.created?.milliseconds.databaseValue ?? .null)
    return values + [Seal.of(sealName, values, later: later).databaseValue]
  }

  static let assignments = (columns.split(separator: ", ").map(String.init) + ["seal"]).map { "\($0) = excluded.\($0)" }
    .joined(separator: ", ")

  /// The reading that brought a row, and when somebody else last edited it, each with its complement: a changed byte in
  /// either is seen.
  static let historyColumns = "arrived_in, arrived_check, edited_at_ms, edited_check"
  static let historyAssignments =
    "arrived_in = excluded.arrived_in, arrived_check = excluded.arrived_check, "
    + "edited_at_ms = coalesce(excluded.edited_at_ms, edited_at_ms), "
    + "edited_check = coalesce(excluded.edited_check, edited_check)"

  /// What is searched in: small letters in NFC.
  static func searchKey(_ text: String) -> String { text.trimmedNFC.lowercased() }

  static func record(_ id: RecordID, kind: RecordKind, owner: Int64, in table: String, _ db: Database) throws -> Model
    .Record?
  {
    let statement = try db.cachedStatement(
      sql: "SELECT \(columns), seal FROM \(table) WHERE owner = ? AND record = ?")
    return try Row.fetchOne(statement, arguments: [owner, id.rawValue]).map { try record($0, kind: kind) }
  }

  /// Every record of one owner, by id as a text.
  static func forEach(
    kind: RecordKind, owner: Int64, in table: String, _ db: Database, _ body: (Model.Record) throws -> Void
  ) throws {
    let statement = try db.cachedStatement(
      sql: "SELECT \(columns), seal FROM \(table) WHERE owner = ? ORDER BY record")
    let cursor = try Row.fetchCursor(statement, arguments: [owner])
    while let row = try cursor.next() { try body(record(row, kind: kind)) }
  }

  /// The records of a snapshot, of one company or of all, by id as a text, and the readings that brought them in their
  /// present content; a record that only a write of ours made has none.
  static func all(
    kind: RecordKind, owner: Int64, parent: RecordID?, _ db: Database
  ) throws -> (records: [Model.Record], arrivals: [RecordID: Int]) {
    let source =
      parent == nil ? "snapshot WHERE owner = ?" : "snapshot INDEXED BY snapshot_parent WHERE owner = ? AND parent = ?"
    let statement = try db.cachedStatement(
      sql: "SELECT \(columns), seal, arrived_in, arrived_check FROM \(source) ORDER BY record")
    let arguments: [any DatabaseValueConvertible] = [owner] + (parent.map { [$0.rawValue] } ?? [])
    let cursor = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
    var found: (records: [Model.Record], arrivals: [RecordID: Int]) = ([], [:])
    while let row = try cursor.next() {
      let record = try record(row, kind: kind)
      found.records.append(record)
      if let reading = try arrival(row) { found.arrivals[record.id] = reading }
    }
    return found
  }

  private static func arrival(_ row: Row) throws -> Int? {
    try number(row[columnCount + 1], complement: row[columnCount + 2]).map { Int($0) }
  }

  /// When somebody else last edited the records whose last change was a write of ours.
  static func edits(owner: Int64, _ db: Database) throws -> [RecordID: Date] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT record, edited_at_ms, edited_check FROM snapshot
        WHERE owner = ? AND edited_at_ms IS NOT NULL AND edited_at_ms IS NOT modified_at_ms
        """)
    let cursor = try Row.fetchCursor(statement, arguments: [owner])
    var edits: [RecordID: Date] = [:]
    while let row = try cursor.next() {
      guard case .string(let record) = (row[0] as DatabaseValue).storage,
        let edited = try number(row[1], complement: row[2])
      else { throw DamagedRow(table: sealName) }
      edits[RecordID(record)] = Date(milliseconds: edited)
    }
    return edits
  }

  private static func number(_ value: DatabaseValue, complement: DatabaseValue) throws -> Int64? {
    switch (value.storage, complement.storage) {
    case (.null, .null): return nil
    case (.int64(let number), .int64(let complement)) where complement == ~number: return number
    default: throw DamagedRow(table: sealName)
    }
  }

  private static func record(_ row: Row, kind: RecordKind) throws -> Model.Record {
    var reader = try RowReader(row, of: sealName, columns: columnCount, later: later)
    let (id, state) = (try reader.text(), try reader.word(RecordState.self))
    let (fields, version) = (try reader.fields(), try reader.optionalText())
    var record = Model.Record(
      id: RecordID(id), kind: kind, state: state, fields: fields, version: version.map { RecordVersion($0) },
      modified: try reader.optionalDate(), native: try reader.optionalText())
    // Label and name are for searching only.
    (_, _) = (try reader.optionalText(), try reader.optionalText())
    record.parent = try reader.optionalText().map { RecordID($0) }
    record.created = try reader.optionalDate()
    return record
  }

  static func remove(_ id: RecordID, owner: Int64, _ db: Database) throws -> Bool {
    try db.cachedStatement(sql: "DELETE FROM snapshot WHERE owner = ? AND record = ?")
      .execute(arguments: [owner, id.rawValue])
    return db.changesCount > 0
  }
}

/// What is known of one scope as a whole.
struct ScopeRow: SealedRow {
  static let table = SealedTable(
    "snapshot_scope",
    columns: ["connection", "kind", "partition", "mark", "certificate", "last_attempt", "counts", "record_count"])

  var scope: SnapshotScope
  var mark: String?
  var certificate: ReadCertificate?
  var lastAttempt: ReadCertificate?
  /// Of the complete readings, newest first.
  var counts: [Int] = []
  /// How many rows the snapshot has: one that is missing is damage, not an absent record.
  var recordCount = 0

  init(scope: SnapshotScope) { self.scope = scope }

  init(from row: inout RowReader) throws {
    let (connection, kind) = (try row.text(), try row.word(RecordKind.self))
    scope = SnapshotScope(connection: connection, kind: kind, partition: try row.text())
    mark = try row.optionalText()
    certificate = try row.optionalJSON()
    lastAttempt = try row.optionalJSON()
    counts = try row.json()
    recordCount = try row.number()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      scope.connection, scope.kind.rawValue, scope.partition, mark, try certificate.map { try JSONText.encode($0) },
      try lastAttempt.map { try JSONText.encode($0) }, try JSONText.encode(counts), recordCount,
    ]
  }

  static func of(_ scope: SnapshotScope, _ db: Database) throws -> (id: Int64, row: ScopeRow)? {
    try numbered(
      db, "WHERE connection = ? AND kind = ? AND partition = ?",
      [scope.connection, scope.kind.rawValue, scope.partition]
    ).first
  }

  /// The scope's row, made when it is the first time.
  ///
  /// - Throws: `.notFound` when there is no such connection.
  static func making(_ scope: SnapshotScope, _ db: Database) throws -> (id: Int64, row: ScopeRow) {
    if let known = try of(scope, db) { return known }
    guard try ConnectionRow.named(scope.connection, db) != nil else {
      throw StoreError.notFound("connection", scope.connection)
    }
    let row = ScopeRow(scope: scope)
    return (try row.insert(db), row)
  }
}

/// The day on which a record was said, or found, to be deleted.
struct TombstoneRow: SealedRow {
  static let table = SealedTable(
    "tombstone", key: ["owner", "record"], columns: ["owner", "record", "at_ms", "parent"], later: 1)

  var owner: Int64
  var record: RecordID
  var at: Date
  /// The company that the record was last said to belong to.
  var parent: RecordID?

  init(owner: Int64, record: RecordID, at: Date, parent: RecordID?) {
    self.owner = owner
    self.record = record
    self.at = at
    self.parent = parent
  }

  init(from row: inout RowReader) throws {
    owner = Int64(try row.number())
    record = RecordID(try row.text())
    at = try row.date()
    parent = try row.optionalText().map { RecordID($0) }
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [owner, record.rawValue, at.milliseconds, parent?.rawValue]
  }

  /// A tombstone stands from the first day on: one that is there already is kept.
  static func raise(_ record: RecordID, owner: Int64, at: Date, parent: RecordID? = nil, _ db: Database) throws {
    guard try first(db, "WHERE owner = ? AND record = ?", [owner, record.rawValue]) == nil else { return }
    try TombstoneRow(owner: owner, record: record, at: at, parent: parent).put(db)
  }

  static func remove(_ record: RecordID, owner: Int64, _ db: Database) throws {
    try db.cachedStatement(sql: "DELETE FROM tombstone WHERE owner = ? AND record = ?")
      .execute(arguments: [owner, record.rawValue])
  }
}
