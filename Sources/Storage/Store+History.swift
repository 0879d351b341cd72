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
  /// Keeps a line. Secrets have to be out of it before.
  package func addHistory(_ entry: HistoryEntry) throws(StoreError) {
    try write { db in _ = try HistoryRow(entry: entry).insert(db) }
  }

  /// The last lines, newest first.
  ///
  /// - Parameters:
  ///   - text: only lines that hold it, without regard to the case of ASCII letters.
  ///   - company: only lines typed while this company was in use.
  ///   - session: only lines of this session.
  ///   - since: only lines from this moment on.
  package func history(
    limit: Int, containing text: String? = nil, company: String? = nil, session: String? = nil, since: Date? = nil
  ) throws(StoreError) -> [HistoryEntry] {
    try read { db in
      try HistoryRow.all(
        db,
        """
        WHERE (?1 IS NULL OR instr(lower(line), lower(?1)) > 0) AND (?2 IS NULL OR company = ?2)
        AND (?3 IS NULL OR session = ?3) AND at_ms >= ?4 ORDER BY id DESC LIMIT ?5
        """, [text, company, session, since?.milliseconds ?? Int64.min, max(0, limit)]
      ).map(\.entry)
    }
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
