/// The lines that were typed.
package import Foundation
import GRDB

/// One line that was typed and run.
package struct HistoryEntry: Hashable, Sendable {
  package var line: String
  package var at: Date
  /// The company in use, by handle.
  package var company: String?
  /// Kept in whole milliseconds.
  package var duration: Duration
  package var exitCode: Int32
  /// Names the shell's session.
  package var session: String
  package init(line: String, at: Date, company: String?, duration: Duration, exitCode: Int32, session: String) {
    self.line = line
    self.at = at
    self.company = company
    self.duration = duration
    self.exitCode = exitCode
    self.session = session
  }
}

extension Store {
  /// So many lines are kept; the oldest go.
  package static let historyBound = 20_000

  /// Keeps a line. Secrets have to be out of it before.
  package func addHistory(_ entry: HistoryEntry) throws(StoreError) {
    try write { db in
      let id = try HistoryRow(entry: entry).insert(db)
      try db.execute(sql: "DELETE FROM history WHERE id <= ?", arguments: [id - Int64(Self.historyBound)])
    }
  }

  /// The last lines, newest first.
  ///
  /// - Parameters:
  ///   - session: only lines of this session.
  ///   - since: only lines from this moment on.
  package func history(
    limit: Int = historyBound, session: String? = nil, since: Date? = nil
  ) throws(StoreError) -> [HistoryEntry] {
    try read { db in
      try HistoryRow.all(
        db,
        "WHERE (?1 IS NULL OR session = ?1) AND at_ms >= ?2 ORDER BY id DESC LIMIT ?3",
        [session, since?.milliseconds ?? Int64.min, max(0, limit)]
      ).map(\.entry)
    }
  }

  /// The lines that hold a text, newest first; of equal ones the newest.
  ///
  /// It is asked while somebody types: a hundred thousand lines are searched within 10 ms.
  ///
  /// - Parameters:
  ///   - text: without regard to the case of ASCII letters; an empty one is in every line.
  ///   - company: only lines typed while this company was in use.
  ///   - onlySucceeded: only lines that ended with 0.
  package func history(
    matching text: String, company: String? = nil, onlySucceeded: Bool = false, limit: Int
  ) throws(StoreError) -> [HistoryEntry] {
    guard limit > 0 else { return [] }
    let pattern = "%" + text.map { "%_\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "%"
    let wanted = """
      line LIKE ?1 ESCAPE '\\' AND (?2 IS NULL OR company = ?2) AND (NOT ?3 OR exit_code = 0)
      """
    return try read { db in
      let numbers = try newestMatches(db, wanted, [pattern, company, onlySucceeded], limit: limit)
      let marks = numbers.map { _ in "?" }.joined(separator: ", ")
      return try HistoryRow.all(db, "WHERE id IN (\(marks)) ORDER BY id DESC", StatementArguments(numbers)).map(\.entry)
    }
  }

  /// The numbers of the newest distinct lines that are wanted.
  private func newestMatches(
    _ db: Database, _ wanted: String, _ arguments: StatementArguments, limit: Int
  ) throws -> [Int64] {
    // As a rule the last few lines that match hold enough distinct ones.
    let few = max(500, limit)
    let recent = try Row.fetchAll(
      db, sql: "SELECT id, line FROM history WHERE \(wanted) ORDER BY id DESC LIMIT ?4", arguments: arguments + [few])
    var lines: Set<String> = []
    let distinct: [Int64] = recent.compactMap { row in lines.insert(row[1]).inserted ? row[0] : nil }
    if recent.count < few || distinct.count >= limit { return Array(distinct.prefix(limit)) }
    return try Int64.fetchAll(
      db,
      sql: """
        SELECT max(id) FROM history INDEXED BY history_line WHERE \(wanted)
        GROUP BY line ORDER BY max(id) DESC LIMIT ?4
        """, arguments: arguments + [limit])
  }
}

private struct HistoryRow: SealedRow {
  static let table = SealedTable(
    "history", columns: ["line", "at_ms", "company", "duration_ms", "exit_code", "session"])

  var entry: HistoryEntry

  init(entry: HistoryEntry) { self.entry = entry }

  init(from row: inout RowReader) throws {
    let (line, at, company) = (try row.text(), try row.date(), try row.optionalText())
    let (duration, exitCode) = (try row.number(), try row.number())
    entry = HistoryEntry(
      line: line, at: at, company: company, duration: .milliseconds(duration),
      exitCode: Int32(truncatingIfNeeded: exitCode), session: try row.text())
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    let (seconds, attoseconds) = entry.duration.components
    // A command that ran for longer than some centuries is cut to them.
    let milliseconds =
      min(max(seconds, 0), Int64(Int32.max) * 1_000) * 1_000 + max(attoseconds, 0) / 1_000_000_000_000_000
    return [entry.line, entry.at.milliseconds, entry.company, milliseconds, Int(entry.exitCode), entry.session]
  }
}
