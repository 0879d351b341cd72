/// Runs: every attempt, and what became of each record in it.
package import Foundation
import GRDB
package import Model

extension Store {
  /// Numbers and keeps a run that begins.
  ///
  /// - Parameters:
  ///   - activePairs: how many pairs are active at the target now: what the removals of the next days are measured
  ///     against.
  ///   - isLetThrough: a person let this run's removals through, so that they do not count against the next ones.
  /// - Throws: `.notFound` when there is no such sync.
  package func begin(
    _ run: Run, activePairs: Int? = nil, isLetThrough: Bool = false
  ) throws(StoreError) -> RunID {
    try write { db in
      let row = RunRow(
        sync: try SyncRow.id(run.sync, db), run: run, activePairs: activePairs, isLetThrough: isLetThrough)
      return RunID(Int(try row.insert(db)))
    }
  }

  /// Keeps what a run is at now.
  ///
  /// - Throws: `.notFound` when there is no run of its number.
  package func update(_ run: Run) throws(StoreError) {
    try write { db in try Self.update(run, db) }
  }

  /// Keeps how a run ended.
  ///
  /// - Throws: `.notFound`; `.invalid` when it has no end or no outcome.
  package func end(_ run: Run) throws(StoreError) {
    guard run.endedAt != nil, run.outcome != .running else {
      throw StoreError(.invalid, "A run that ends has an end and an outcome.")
    }
    try write { db in try Self.update(run, db) }
  }

  /// Ends a run that nobody ended: one that ended by itself meanwhile stays as it is.
  package func closeDead(_ run: Run) throws(StoreError) {
    try write { db in
      guard let id = run.id, let row = try RunRow.first(db, "WHERE id = ?", [id.number]), row.run.outcome == .running
      else { return }
      try Self.update(run, db)
    }
  }

  private static func update(_ run: Run, _ db: Database) throws {
    guard let id = run.id, var row = try RunRow.first(db, "WHERE id = ?", [id.number]) else {
      throw StoreError.notFound("run", run.id?.description ?? "without a number")
    }
    row.run = run
    try row.update(db, id: Int64(id.number))
  }

  /// Notes, for a run under way, what is known only after its plan was made.
  package func note(_ id: RunID, activePairs: Int?, isLetThrough: Bool) throws(StoreError) {
    try write { db in
      guard var row = try RunRow.first(db, "WHERE id = ?", [id.number]) else {
        throw StoreError.notFound("run", id.description)
      }
      row.activePairs = activePairs ?? row.activePairs
      row.isLetThrough = isLetThrough
      try row.update(db, id: Int64(id.number))
    }
  }

  /// The run of this number; `nil` when there is none.
  package func run(_ id: RunID) throws(StoreError) -> Run? {
    try read { db in
      try RunRow.numbered(db, "WHERE id = ?", [id.number]).first.map { $0.row.run($0.id, named: try SyncRow.names(db)) }
    }
  }

  /// The run that began last; `nil` where there was none.
  package var newestRun: RunID? {
    get throws(StoreError) {
      try read { db in try Int.fetchOne(db, sql: "SELECT max(id) FROM run").map(RunID.init) }
    }
  }

  /// The runs of one sync (of every sync, removed ones too, without one) that began since a moment, newest first.
  package func runs(of sync: SyncName? = nil, since: Date? = nil, limit: Int) throws(StoreError) -> [Run] {
    try read { db in
      let names = try SyncRow.names(db)
      let from = since?.milliseconds ?? Int64.min
      let rows =
        if let sync {
          try RunRow.numbered(
            db, "WHERE sync = ? AND started_at_ms >= ? ORDER BY id DESC LIMIT ?",
            [SyncRow.id(sync, db), from, max(0, limit)])
        } else {
          try RunRow.numbered(db, "WHERE started_at_ms >= ? ORDER BY id DESC LIMIT ?", [from, max(0, limit)])
        }
      return rows.map { $0.row.run($0.id, named: names) }
    }
  }

  /// The runs of one plan, oldest first.
  package func runs(of plan: PlanID) throws(StoreError) -> [Run] {
    try read { db in
      let names = try SyncRow.names(db)
      return try RunRow.numbered(db, "WHERE plan = ? ORDER BY id", [plan.number]).map {
        $0.row.run($0.id, named: names)
      }
    }
  }

  /// What became of each record in a run, by the numbers of its plan.
  package func lines(of run: RunID) throws(StoreError) -> [RunLine] {
    try read { db in try RunLineRow.all(db, "WHERE run = ? ORDER BY number", [run.number]).map(\.line) }
  }
}

extension Store {
  /// The run of each sync that began last; syncs that never ran are left out.
  package func lastRuns() throws(StoreError) -> [SyncName: Run] {
    try read { db in
      let names = try SyncRow.names(db)
      let newest = """
        WHERE id IN (SELECT (SELECT run.id FROM run WHERE run.sync = sync.id ORDER BY started_at_ms DESC, id DESC LIMIT 1)
          FROM sync WHERE is_removed = 0)
        """
      let runs = try RunRow.numbered(db, newest).map { $0.row.run($0.id, named: names) }
      return Dictionary(runs.map { ($0.sync, $0) }) { first, _ in first }
    }
  }
}

struct RunRow: SealedRow {
  static let table = SealedTable(
    "run",
    columns: [
      "sync", "plan", "verb", "by", "is_attended", "started_at_ms", "ended_at_ms", "outcome", "message", "reason",
      "done",
      "failed", "skipped", "not_sent", "requests", "request_floor", "active_pairs", "is_let_through",
      "waiting", "script",
    ], later: 2)

  var sync: Int64
  var run: Run
  var activePairs: Int?
  var isLetThrough: Bool

  init(sync: Int64, run: Run, activePairs: Int?, isLetThrough: Bool) {
    self.sync = sync
    self.run = run
    self.activePairs = activePairs
    self.isLetThrough = isLetThrough
  }

  init(from row: inout RowReader) throws {
    sync = Int64(try row.number())
    let plan = try row.optionalNumber().map { PlanID($0) }
    let (verb, by, isAttended) = (try row.text(), try row.text(), try row.flag())
    run = Run(
      sync: "", plan: plan, verb: verb, by: by, isAttended: isAttended, startedAt: try row.date(),
      endedAt: try row.optionalDate(), outcome: try row.word())
    run.message = try row.optionalText()
    run.reason = try row.optionalWord()
    run.done = try row.number()
    run.failed = try row.number()
    run.skipped = try row.number()
    run.notSent = try row.number()
    run.requests = try row.number()
    run.requestFloor = try row.number()
    activePairs = try row.optionalNumber()
    isLetThrough = try row.flag()
    run.waiting = try row.optionalNumber() ?? 0
    run.script = try row.optionalNumber().map { ScriptRunID($0) }
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      sync, run.plan?.number, run.verb, run.by, run.isAttended, run.startedAt.milliseconds, run.endedAt?.milliseconds,
      run.outcome.rawValue, run.message, run.reason?.rawValue, run.done, run.failed, run.skipped, run.notSent,
      run.requests, run.requestFloor, activePairs, isLetThrough, run.waiting, run.script?.number,
    ]
  }

  /// The run with its number, under the name that its sync has now.
  func run(_ id: Int64, named names: [Int64: SyncName]) -> Run {
    var run = run
    run.id = RunID(Int(id))
    run.sync = names[sync] ?? ""
    return run
  }
}

struct RunLineRow: SealedRow {
  static let table = SealedTable(
    "run_line", key: ["run", "number"],
    columns: [
      "run", "number", "source", "target", "label", "action", "outcome", "reason", "message", "before", "after",
      "after_version", "kind", "side",
    ], later: 2)

  var run: Int64
  var line: RunLine

  init(run: Int64, line: RunLine) {
    self.run = run
    self.line = line
  }

  init(from row: inout RowReader) throws {
    run = Int64(try row.number())
    let number = try row.number()
    let (source, target) = (try row.optionalText(), try row.optionalText())
    let (label, action) = (try row.text(), try row.word(Action.self))
    line = RunLine(
      number: number, source: source.map { RecordID($0) }, target: target.map { RecordID($0) }, label: label,
      action: action, outcome: try row.word())
    line.reason = try row.optionalWord()
    line.message = try row.optionalText()
    line.before = try row.optionalFields()
    line.after = try row.optionalFields()
    line.afterVersion = try row.optionalText().map { RecordVersion($0) }
    line.kind = try row.optionalWord() ?? .person
    line.side = try row.optionalWord() ?? .target
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      run, line.number, line.source?.rawValue, line.target?.rawValue, line.label, line.action.rawValue,
      line.outcome.rawValue, line.reason?.rawValue, line.message, line.before.map { FieldText.encode($0) },
      line.after.map { FieldText.encode($0) }, line.afterVersion?.rawValue, line.kind.rawValue, line.side.rawValue,
    ]
  }
}
