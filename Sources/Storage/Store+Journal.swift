/// The journal: intent is committed before anything is sent, and each outcome with all that follows from it at once.
import Foundation
import GRDB
package import Model

extension Store {
  /// Writes down what is about to be sent; when this returns it is on the disk.
  ///
  /// - Returns: the entries with their numbers, in the order given.
  /// - Throws: `.notFound` when a sync or run is unknown.
  package func intend(_ entries: [JournalEntry]) throws(StoreError) -> [JournalEntry] {
    try write { db in
      try entries.map { entry in
        var entry = entry
        guard try RunRow.first(db, "WHERE id = ?", [entry.run.number]) != nil else {
          throw StoreError.notFound("run", entry.run.description)
        }
        entry.state = .intended
        entry.id = Int(try JournalRow(sync: SyncRow.id(entry.sync, db), entry: entry).insert(db))
        return entry
      }
    }
  }

  /// Notes that entries were handed over for sending, or that no answer came; a settled entry stays settled.
  package func mark(_ entries: [JournalEntry], as state: JournalState) throws(StoreError) {
    try write { db in
      for entry in entries {
        guard var row = try JournalRow.first(db, "WHERE id = ?", [entry.id]), row.entry.state != .settled else {
          continue
        }
        row.entry.state = state
        try row.update(db, id: Int64(entry.id))
      }
    }
  }

  /// Settles outcomes: of each one the line of the run, the links, the baseline, the snapshot and the journal, all in one
  /// transaction. An outcome that is unknown leaves its entry open as `unknown`.
  ///
  /// - Throws: `.notFound`; `.invalid` when a target would belong to two sources, or a baseline to no link. Nothing is
  ///   settled then.
  package func settle(_ settlements: [Settlement]) throws(StoreError) {
    try write { db in
      for settlement in settlements { try Self.settle(settlement, db) }
    }
  }

  private static func settle(_ settlement: Settlement, _ db: Database) throws {
    guard let run = try RunRow.first(db, "WHERE id = ?", [settlement.run.number]) else {
      throw StoreError.notFound("run", settlement.run.description)
    }
    try RunLineRow(run: Int64(settlement.run.number), line: settlement.line).put(db)
    for link in settlement.links { try LinkRow.apply(link, sync: run.sync, db) }
    if let (source, baseline) = settlement.baseline {
      try BaselineRow.merge(baseline, into: source, kind: settlement.line.kind, sync: run.sync, db)
    }
    if let (scope, record) = settlement.snapshot {
      if let record { try replace(record, in: scope, isAnswer: settlement.isAnswer, at: settlement.at, db) }
      if let removed = settlement.removedSnapshot { try bury(removed, in: scope, at: settlement.at, db) }
    }
    if let waiting = settlement.waiting { try UploadRow(sync: run.sync, waiting: waiting).put(db) }
    if let entry = settlement.entry { try settle(entry, by: settlement.line, db) }
  }

  private static func settle(_ entry: JournalEntry, by line: RunLine, _ db: Database) throws {
    guard var row = try JournalRow.first(db, "WHERE id = ?", [entry.id]) else {
      throw StoreError.notFound("journal entry", String(entry.id))
    }
    row.entry.state = line.outcome == .unknown ? .unknown : .settled
    row.entry.source = line.source ?? row.entry.source
    row.entry.target = line.target ?? row.entry.target
    row.outcome = line.outcome
    try row.update(db, id: Int64(entry.id))
  }

  /// The writes of a sync whose outcome is not known, oldest first: what a run that died left behind.
  package func unsettled(_ sync: SyncName) throws(StoreError) -> [JournalEntry] {
    try read { db in
      try JournalRow.numbered(db, "WHERE sync = ? AND state <> 'settled' ORDER BY id", [SyncRow.id(sync, db)]).map {
        $0.row.entry($0.id, of: sync)
      }
    }
  }

  /// The writes of one plan, oldest first.
  package func journal(of plan: PlanID) throws(StoreError) -> [JournalEntry] {
    try read { db in
      let names = try SyncRow.names(db)
      return try JournalRow.numbered(db, "WHERE plan = ? ORDER BY id", [plan.number]).map {
        $0.row.entry($0.id, of: names[$0.row.sync] ?? "")
      }
    }
  }
}

struct JournalRow: SealedRow {
  static let table = SealedTable(
    "journal",
    columns: [
      "run", "plan", "number", "sync", "token", "action", "source", "target", "field_values", "state", "outcome",
      "at_ms", "kind", "side", "parent",
    ], later: 3)

  var sync: Int64
  var entry: JournalEntry
  var outcome: RecordOutcome?

  init(sync: Int64, entry: JournalEntry) {
    self.sync = sync
    self.entry = entry
  }

  init(from row: inout RowReader) throws {
    let (run, plan, number) = (try row.number(), try row.number(), try row.number())
    sync = Int64(try row.number())
    let (token, action) = (try row.text(), try row.word(WriteKind.self))
    let (source, target) = (try row.optionalText(), try row.optionalText())
    let (values, state) = (try row.fields(), try row.word(JournalState.self))
    outcome = try row.optionalWord()
    entry = JournalEntry(
      run: RunID(run), plan: PlanID(plan), number: number, sync: "", token: token, action: action,
      source: source.map { RecordID($0) }, target: target.map { RecordID($0) }, values: values, state: state,
      at: try row.date())
    entry.kind = try row.optionalWord() ?? .person
    entry.side = try row.optionalWord() ?? .target
    entry.parent = try row.optionalText().map { RecordID($0) }
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      entry.run.number, entry.plan.number, entry.number, sync, entry.token, entry.action.rawValue,
      entry.source?.rawValue, entry.target?.rawValue, FieldText.encode(entry.values), entry.state.rawValue,
      outcome?.rawValue, entry.at.milliseconds, entry.kind.rawValue, entry.side.rawValue, entry.parent?.rawValue,
    ]
  }

  func entry(_ id: Int64, of sync: SyncName) -> JournalEntry {
    var entry = entry
    entry.id = Int(id)
    entry.sync = sync
    return entry
  }
}
