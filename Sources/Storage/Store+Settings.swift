/// Settings in force, and the log of every change of one.
package import Foundation
import GRDB
package import Model

/// Whose setting it is.
package enum SettingScope: Hashable, Sendable {
  case sync(SyncName)
  case connection(String)
  /// Every sync that does not say otherwise.
  case everything

  fileprivate var columns: (scope: String, owner: String) {
    switch self {
    case .sync(let name): ("sync", name.rawValue)
    case .connection(let name): ("connection", name)
    case .everything: ("everything", "")
    }
  }
}

extension Store {
  /// What was set in this scope; what was not set has no key.
  package func settings(for scope: SettingScope) throws(StoreError) -> [SettingKey: SettingValue] {
    try read { db in
      let rows = try SettingRow.all(db, "WHERE scope = ? AND owner = ?", [scope.columns.scope, scope.columns.owner])
      return Dictionary(rows.map { ($0.key, $0.value) }) { _, last in last }
    }
  }

  /// Sets a value and logs the change; `nil` goes back to the default. The value that is there already is no change.
  ///
  /// - Throws: `.notFound` when the sync or connection does not exist.
  package func set(
    _ key: SettingKey, to value: SettingValue?, for scope: SettingScope, by: String, at: Date
  ) throws(StoreError) {
    try write { db in
      switch scope {
      case .sync(let name): _ = try SyncRow.id(name, db)
      case .connection(let name):
        guard try ConnectionRow.named(name, db) != nil else { throw StoreError.notFound("connection", name) }
      case .everything: break
      }
      let place: StatementArguments = [scope.columns.scope, scope.columns.owner, key.rawValue]
      let old = try SettingRow.first(db, "WHERE scope = ? AND owner = ? AND key = ?", place)?.value
      guard old != value else { return }
      if let value {
        try SettingRow(scope: scope, key: key, value: value).put(db)
      } else {
        try db.execute(sql: "DELETE FROM setting WHERE scope = ? AND owner = ? AND key = ?", arguments: place)
      }
      let change = SettingChange(key: key, old: old, new: value, by: by, at: at)
      _ = try SettingChangeRow(scope: scope, change: change).insert(db)
    }
  }

  /// The changes in a scope since a moment (all of them without one), oldest first.
  package func settingChanges(for scope: SettingScope, since: Date? = nil) throws(StoreError) -> [SettingChange] {
    try read { db in
      try SettingChangeRow.all(
        db, "WHERE scope = ? AND owner = ? AND at_ms >= ? ORDER BY at_ms, id",
        [scope.columns.scope, scope.columns.owner, since?.milliseconds ?? Int64.min]
      ).map(\.change)
    }
  }
}

struct SettingRow: SealedRow {
  static let table = SealedTable(
    "setting", key: ["scope", "owner", "key"], columns: ["scope", "owner", "key", "value"])

  var scope: String
  var owner: String
  var key: SettingKey
  var value: SettingValue

  fileprivate init(scope: SettingScope, key: SettingKey, value: SettingValue) {
    (self.scope, owner) = scope.columns
    self.key = key
    self.value = value
  }

  init(from row: inout RowReader) throws {
    scope = try row.text()
    owner = try row.text()
    key = SettingKey(try row.text())
    value = try row.json()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [scope, owner, key.rawValue, try JSONText.encode(value)]
  }

  /// Forgets the settings of what is removed; the log of their changes stays in the file, under no name in use.
  static func removeAll(of scope: SettingScope, _ db: Database) throws {
    let (kind, owner) = scope.columns
    try db.execute(sql: "DELETE FROM setting WHERE scope = ? AND owner = ?", arguments: [kind, owner])
    try SettingChangeRow.rewrite(db, kind, owner) { $0.scope = "removed \(kind)" }
  }

  static func move(from old: SettingScope, to new: SettingScope, _ db: Database) throws {
    let (kind, owner) = old.columns
    for var row in try all(db, "WHERE scope = ? AND owner = ?", [kind, owner]) {
      (row.scope, row.owner) = new.columns
      try row.put(db)
    }
    try db.execute(sql: "DELETE FROM setting WHERE scope = ? AND owner = ?", arguments: [kind, owner])
    try SettingChangeRow.rewrite(db, kind, owner) { ($0.scope, $0.owner) = new.columns }
  }
}

private struct SettingChangeRow: SealedRow {
  static let table = SealedTable(
    "setting_change", columns: ["scope", "owner", "key", "old", "new", "by", "at_ms"])

  var scope: String
  var owner: String
  var change: SettingChange

  init(scope: SettingScope, change: SettingChange) {
    (self.scope, owner) = scope.columns
    self.change = change
  }

  init(from row: inout RowReader) throws {
    scope = try row.text()
    owner = try row.text()
    let key = SettingKey(try row.text())
    let (old, new) = (try row.optionalJSON(SettingValue.self), try row.optionalJSON(SettingValue.self))
    change = SettingChange(key: key, old: old, new: new, by: try row.text(), at: try row.date())
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      scope, owner, change.key.rawValue, try change.old.map { try JSONText.encode($0) },
      try change.new.map { try JSONText.encode($0) }, change.by, change.at.milliseconds,
    ]
  }

  static func rewrite(
    _ db: Database, _ scope: String, _ owner: String, _ change: (inout SettingChangeRow) -> Void
  ) throws {
    for (id, row) in try numbered(db, "WHERE scope = ? AND owner = ?", [scope, owner]) {
      var row = row
      change(&row)
      try row.update(db, id: id)
    }
  }
}
