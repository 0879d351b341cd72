/// Runs of saved scripts. A script's text is kept once, however often it ran.
import Crypto
package import Foundation
import GRDB
package import Model

extension Store {
  /// Numbers and keeps a run of a script that begins.
  package func begin(_ run: ScriptRun) throws(StoreError) -> ScriptRunID {
    try write { db in
      let text = run.text.map(ScriptTextRow.init)
      try text?.put(db)
      return ScriptRunID(Int(try ScriptRunRow(run: run, hash: text?.hash).insert(db)))
    }
  }

  /// Keeps how a run of a script ended.
  ///
  /// - Throws: `.notFound`; `.invalid` when it has no end or no exit code.
  package func end(_ run: ScriptRun) throws(StoreError) {
    guard run.endedAt != nil, run.exitCode != nil else {
      throw StoreError(.invalid, "A run of a script that ends has an end and an exit code.")
    }
    try write { db in
      guard let id = run.id, var row = try ScriptRunRow.first(db, "WHERE id = ?", [id.number]) else {
        throw StoreError.notFound("run of a script", run.id?.description ?? "without a number")
      }
      row.run = run
      try row.update(db, id: Int64(id.number))
    }
  }

  /// The run of a script of this number, with its text; `nil` when there is none.
  package func scriptRun(_ id: ScriptRunID) throws(StoreError) -> ScriptRun? {
    try read { db in
      guard let found = try ScriptRunRow.numbered(db, "WHERE id = ?", [id.number]).first else { return nil }
      var run = found.row.numbered(found.id)
      run.text = try found.row.hash.flatMap { try ScriptTextRow.first(db, "WHERE hash = ?", [$0])?.text }
      return run
    }
  }

  /// The runs of one script (of every script, without one) that began since a moment, newest first, without their texts.
  package func scriptRuns(
    of script: String? = nil, since: Date? = nil, limit: Int
  ) throws(StoreError) -> [ScriptRun] {
    try read { db in
      try ScriptRunRow.numbered(
        db, "WHERE (?1 IS NULL OR script = ?1) AND started_at_ms >= ?2 ORDER BY id DESC LIMIT ?3",
        [script, since?.milliseconds ?? Int64.min, max(0, limit)]
      ).map { $0.row.numbered($0.id) }
    }
  }

  /// The runs of syncs that a run of a script made, those of the scripts that it ran too, oldest first.
  package func runs(of script: ScriptRunID) throws(StoreError) -> [Run] {
    try read { db in
      let names = try SyncRow.names(db)
      return try RunRow.numbered(
        db,
        """
        WHERE script IN (
          WITH RECURSIVE inside (id) AS (
            SELECT ?1 UNION SELECT script_run.id FROM script_run JOIN inside ON script_run.parent = inside.id)
          SELECT id FROM inside)
        ORDER BY id
        """, [script.number]
      ).map { $0.row.run($0.id, named: names) }
    }
  }
}

private struct ScriptTextRow: SealedRow {
  static let table = SealedTable("script_text", key: ["hash"], columns: ["hash", "text"])

  var hash: String
  var text: String

  init(_ text: String) {
    self.text = text
    hash = SHA256.hash(data: Data(text.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  init(from row: inout RowReader) throws {
    hash = try row.text()
    text = try row.text()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] { [hash, text] }
}

private struct ScriptRunRow: SealedRow {
  static let table = SealedTable(
    "script_run",
    columns: [
      "script", "text_hash", "arguments", "parent", "by", "is_attended", "is_dry", "started_at_ms", "ended_at_ms",
      "exit_code", "message",
    ])

  var run: ScriptRun
  var hash: String?

  init(run: ScriptRun, hash: String?) {
    self.run = run
    self.hash = hash
  }

  init(from row: inout RowReader) throws {
    let script = try row.text()
    hash = try row.optionalText()
    let arguments = try row.json([String: String].self)
    let parent = try row.optionalNumber().map { ScriptRunID($0) }
    let (by, isAttended, isDry) = (try row.text(), try row.flag(), try row.flag())
    run = ScriptRun(
      script: script, text: nil, arguments: arguments, parent: parent, by: by, isAttended: isAttended, isDry: isDry,
      startedAt: try row.date(), endedAt: try row.optionalDate(),
      exitCode: try row.optionalNumber().map { Int32(truncatingIfNeeded: $0) })
    run.message = try row.optionalText()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      run.script, hash, try JSONText.encode(run.arguments), run.parent?.number, run.by, run.isAttended, run.isDry,
      run.startedAt.milliseconds, run.endedAt?.milliseconds, run.exitCode.map { Int($0) }, run.message,
    ]
  }

  func numbered(_ id: Int64) -> ScriptRun {
    var run = run
    run.id = ScriptRunID(Int(id))
    return run
  }
}
