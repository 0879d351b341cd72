/// Tables whose rows carry a ``Seal``: one list of columns, from which the statements are made.
import Foundation
import GRDB
import Model

/// One table: its columns in the order in which rows are written and read.
struct SealedTable: Sendable {
  let name: String
  /// What names a row; empty where the row is known by a number that the store counts up.
  let key: [String]
  /// Every column but the counted number and the seal.
  let columns: [String]
  /// How many of the last columns were added by a later migration; null in rows that are older.
  let later: Int
  fileprivate let insert: String
  fileprivate let update: String
  fileprivate let select: String

  init(_ name: String, key: [String] = [], columns: [String], later: Int = 0) {
    self.name = name
    self.key = key
    self.columns = columns
    self.later = later
    let all = columns + ["seal"]
    let marks = all.map { _ in "?" }.joined(separator: ", ")
    let plain = "INSERT INTO \(name) (\(all.joined(separator: ", "))) VALUES (\(marks))"
    if key.isEmpty {
      insert = plain
      select = "SELECT \(all.joined(separator: ", ")), id FROM \(name)"
    } else {
      let changed = all.filter { !key.contains($0) }.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
      insert = plain + " ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(changed)"
      select = "SELECT \(all.joined(separator: ", ")) FROM \(name)"
    }
    update = "UPDATE \(name) SET \(all.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?"
  }
}

/// A value that is one row of a sealed table.
protocol SealedRow {
  static var table: SealedTable { get }
  /// In the order of the table's columns.
  func values() throws -> [(any DatabaseValueConvertible)?]
  /// Reads the columns in their order.
  init(from row: inout RowReader) throws
}

extension SealedRow {
  /// Writes the row; one with the same key is replaced.
  func put(_ db: Database) throws {
    precondition(!Self.table.key.isEmpty, "a counted row is inserted or updated, never put")
    try db.cachedStatement(sql: Self.table.insert).execute(arguments: sealed())
  }

  /// Writes a new row and returns its number.
  func insert(_ db: Database) throws -> Int64 {
    try db.cachedStatement(sql: Self.table.insert).execute(arguments: sealed())
    return db.lastInsertedRowID
  }

  /// Writes the row over the one with this number.
  func update(_ db: Database, id: Int64) throws {
    try db.cachedStatement(sql: Self.table.update).execute(arguments: sealed() + [id])
  }

  private func sealed() throws -> StatementArguments {
    let values = try values().map { $0?.databaseValue ?? .null }
    precondition(values.count == Self.table.columns.count, "a row of \(Self.table.name) has a value for each column")
    return StatementArguments(values + [Seal.of(Self.table.name, values, later: Self.table.later).databaseValue])
  }

  /// The rows that `rest` (`WHERE …`, `ORDER BY …`) selects.
  static func all(_ db: Database, _ rest: String = "", _ arguments: StatementArguments = []) throws -> [Self] {
    try numbered(db, rest, arguments).map(\.row)
  }

  static func first(_ db: Database, _ rest: String, _ arguments: StatementArguments) throws -> Self? {
    try numbered(db, rest + " LIMIT 1", arguments).first?.row
  }

  /// The rows with their numbers; the number is 0 in tables that have none.
  static func numbered(
    _ db: Database, _ rest: String = "", _ arguments: StatementArguments = []
  ) throws -> [(id: Int64, row: Self)] {
    let statement = try db.cachedStatement(sql: "\(table.select) \(rest)")
    let cursor = try Row.fetchCursor(statement, arguments: arguments)
    var rows: [(id: Int64, row: Self)] = []
    while let row = try cursor.next() {
      var reader = try RowReader(
        row, of: table.name, columns: table.columns.count, later: table.later, isCounted: table.key.isEmpty)
      rows.append((reader.id, try Self(from: &reader)))
    }
    return rows
  }
}

/// Reads the columns of one row, in their order, without ever trapping on what a damaged file may hold.
struct RowReader {
  private let table: String
  private let values: [DatabaseValue]
  private var next = 0
  /// The row's number; 0 where it has none.
  let id: Int64

  /// - Throws: ``DamagedRow`` when the row is not what was written.
  init(_ row: Row, of table: String, columns: Int, later: Int = 0, isCounted: Bool = false) throws {
    var values: [DatabaseValue] = []
    values.reserveCapacity(columns)
    for index in 0..<columns { values.append(row[index]) }
    guard case .int64(let seal) = (row[columns] as DatabaseValue).storage, seal == Seal.of(table, values, later: later)
    else {
      throw DamagedRow(table: table)
    }
    if isCounted {
      guard case .int64(let id) = (row[columns + 1] as DatabaseValue).storage else { throw DamagedRow(table: table) }
      self.id = id
    } else {
      id = 0
    }
    self.table = table
    self.values = values
  }

  private mutating func value() throws -> DatabaseValue {
    guard next < values.count else { throw DamagedRow(table: table) }
    defer { next += 1 }
    return values[next]
  }

  mutating func optionalText() throws -> String? {
    switch try value().storage {
    case .null: nil
    case .string(let text): text
    case .int64, .double, .blob: throw DamagedRow(table: table)
    }
  }

  mutating func optionalNumber() throws -> Int? {
    switch try value().storage {
    case .null: nil
    case .int64(let number): Int(number)
    case .string, .double, .blob: throw DamagedRow(table: table)
    }
  }

  mutating func text() throws -> String { try required(optionalText()) }
  mutating func number() throws -> Int { try required(optionalNumber()) }
  mutating func flag() throws -> Bool { try number() != 0 }
  mutating func optionalFlag() throws -> Bool? { try optionalNumber().map { $0 != 0 } }
  mutating func date() throws -> Date { Date(milliseconds: Int64(try number())) }
  mutating func optionalDate() throws -> Date? { try optionalNumber().map { Date(milliseconds: Int64($0)) } }
  mutating func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try JSONText.decode(type, from: text())
  }
  mutating func optionalJSON<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value? {
    try optionalText().map { try JSONText.decode(type, from: $0) }
  }
  mutating func fields() throws -> FieldValues { try required(FieldText.decode(text())) }
  mutating func optionalFields() throws -> FieldValues? {
    try optionalText().map { try required(FieldText.decode($0)) }
  }
  /// A word of a closed list, such as a state.
  mutating func word<Word: RawRepresentable>(_ type: Word.Type = Word.self) throws -> Word
  where Word.RawValue == String {
    try required(Word(rawValue: text()))
  }
  mutating func optionalWord<Word: RawRepresentable>(_ type: Word.Type = Word.self) throws -> Word?
  where Word.RawValue == String {
    try optionalText().map { try required(Word(rawValue: $0)) }
  }

  private func required<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw DamagedRow(table: table) }
    return value
  }
}
