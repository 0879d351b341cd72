/// Finding people while somebody types: by the beginning of a label or name at once, inside words within a time.
import Foundation
import GRDB
import Model

extension Store {
  /// The records whose label or name begins with a text, without regard to case, by label.
  ///
  /// - Parameter within: how long may be spent on looking inside words, when the beginnings give fewer than `limit`;
  ///   zero looks at beginnings only.
  package func records(
    in scope: SnapshotScope, matching text: String, limit: Int, within: Duration = .zero
  ) throws(StoreError) -> [RecordMatch] {
    let key = SnapshotRow.searchKey(text)
    return try read { db in
      guard limit > 0, let (owner, _) = try ScopeRow.of(scope, db) else { return [] }
      var search = RecordSearch(scope: scope, owner: owner, limit: limit)
      try search.beginnings(of: "label_key", with: key, db)
      try search.beginnings(of: "name_key", with: key, db)
      if !key.isEmpty, within > .zero {
        try search.insides(key, until: ContinuousClock.now + within, db)
      }
      return search.matches
    }
  }

  /// Whether a record of a scope may have words as a part of its id or its fields; false only where none has.
  ///
  /// The rows are looked at as they are stored, which is far quicker than reading them: of the words only what is plain in
  /// any spelling is looked for, each piece by itself.
  package func mayHold(_ words: String, in scope: SnapshotScope) throws(StoreError) -> Bool {
    let pieces = plainPieces(of: words)
    return try read { db in
      guard let (owner, _) = try ScopeRow.of(scope, db) else { return false }
      // The fields first: they hold no zero, at which SQLite's functions would end.
      let holds = pieces.map { _ in "instr(lower(fields || ' ' || record), ?) > 0" }.joined(separator: " AND ")
      let odd = oddCapitals.map { "instr(fields || record, '\($0)') > 0" }.joined(separator: " OR ")
      let statement = try db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM snapshot WHERE owner = ? \(pieces.isEmpty ? "" : "AND (\(holds) OR \(odd))"))
          """)
      return try Bool.fetchOne(statement, arguments: [owner] + StatementArguments(pieces)) ?? false
    }
  }
}

/// The runs of signs in words that are written alike in small letters, in capitals but for their case, and as JSON.
private func plainPieces(of words: String) -> [String] {
  let plain = Set("abcdefghijklmnopqrstuvwxyz0123456789@.-_+'".unicodeScalars)
  let runs = SnapshotRow.searchKey(words).unicodeScalars.split { !plain.contains($0) }
  return Set(runs.map { String($0) }).sorted()
}

/// Whose small letters begin with one of ASCII, which SQLite does not know: the dotted I and the Kelvin sign.
private let oddCapitals = ["\u{130}", "\u{212A}"]

private struct RecordSearch {
  let scope: SnapshotScope
  let owner: Int64
  let limit: Int
  private(set) var matches: [RecordMatch] = []
  private var seen: Set<RecordID> = []

  init(scope: SnapshotScope, owner: Int64, limit: Int) {
    self.scope = scope
    self.owner = owner
    self.limit = limit
  }

  mutating func beginnings(of column: String, with key: String, _ db: Database) throws {
    guard matches.count < limit else { return }
    let index = column == "label_key" ? "snapshot_label" : "snapshot_name"
    let statement = try db.cachedStatement(
      sql: """
        SELECT record FROM snapshot INDEXED BY \(index) WHERE owner = ? AND \(column) >= ? AND \(column) < ?
        ORDER BY \(column) LIMIT ?
        """)
    // The last scalar there is: nothing that begins with the key comes after it.
    try add(
      String.fetchAll(statement, arguments: [owner, key, key + "\u{10FFFF}", limit + matches.count]), db)
  }

  /// Walks the labels piece by piece, so that the time can be looked at in between.
  mutating func insides(_ key: String, until deadline: ContinuousClock.Instant, _ db: Database) throws {
    let following = """
      SELECT label_key, name_key, record FROM snapshot INDEXED BY snapshot_label
      WHERE owner = ?1 AND (label_key, name_key, record) > (?2, ?3, ?4) ORDER BY label_key, name_key, record
      """
    let piece = try db.cachedStatement(
      sql: """
        SELECT record FROM (\(following) LIMIT 2000)
        WHERE instr(label_key, ?5) > 1 OR instr(name_key, ?5) > 1 LIMIT ?6
        """)
    let last = try db.cachedStatement(sql: "\(following) LIMIT 1 OFFSET 1999")
    var place: StatementArguments? = ["", "", ""]
    while let start = place, matches.count < limit, ContinuousClock.now < deadline {
      try add(String.fetchAll(piece, arguments: [owner] + start + [key, limit + matches.count]), db)
      place = try Row.fetchOne(last, arguments: [owner] + start).map { row in
        StatementArguments([row[0] as DatabaseValue, row[1] as DatabaseValue, row[2] as DatabaseValue])
      }
    }
  }

  private mutating func add(_ ids: [String], _ db: Database) throws {
    for id in ids.lazy.map(RecordID.init(_:)) where matches.count < limit && seen.insert(id).inserted {
      guard let record = try SnapshotRow.record(id, kind: scope.kind, owner: owner, in: "snapshot", db) else {
        throw DamagedRow(table: "snapshot")
      }
      matches.append(RecordMatch(label: record.displayLabel, name: record.displayName, id: id))
    }
  }
}
