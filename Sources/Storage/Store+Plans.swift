/// Plans: numbered, kept decision by decision, and never altered but for what a person drops and how far they came.
import Foundation
import GRDB
package import Model

extension Store {
  /// Numbers and keeps a plan. The open plans of the same sync are superseded by it, unless it only shows what would be.
  ///
  /// - Throws: `.notFound` when there is no such sync.
  package func add(_ plan: Plan) throws(StoreError) -> PlanID {
    try write { db in
      let sync = try SyncRow.id(plan.sync, db)
      if plan.state != .whatIf {
        for (id, row) in try PlanRow.numbered(db, "WHERE sync = ? AND state = 'open'", [sync]) {
          var row = row
          row.state = .superseded
          try row.update(db, id: id)
        }
      }
      let id = try PlanRow(sync: sync, plan: plan).insert(db)
      for decision in plan.decisions { try DecisionRow(plan: id, decision: decision).put(db) }
      return PlanID(Int(id))
    }
  }

  /// A plan with all its decisions; `nil` when there is none of this number.
  package func plan(_ id: PlanID) throws(StoreError) -> Plan? {
    try read { db in
      guard let row = try PlanRow.first(db, "WHERE id = ?", [id.number]) else { return nil }
      var plan = try row.plan(id, named: SyncRow.names(db))
      plan.decisions = try DecisionRow.all(db, "WHERE plan = ? ORDER BY number", [id.number]).map(\.decision)
      return plan
    }
  }

  /// One decision of a plan; `nil` when there is none of this number.
  package func decision(_ ref: PlanRef) throws(StoreError) -> Decision? {
    try read { db in
      try DecisionRow.first(db, "WHERE plan = ? AND number = ?", [ref.plan.number, ref.number])?.decision
    }
  }

  /// The plans of one sync (of every sync, removed ones too, without one), newest first.
  package func plans(of sync: SyncName? = nil, limit: Int) throws(StoreError) -> [PlanSummary] {
    try read { db in
      let names = try SyncRow.names(db)
      let rows =
        if let sync {
          try PlanRow.numbered(db, "WHERE sync = ? ORDER BY id DESC LIMIT ?", [SyncRow.id(sync, db), max(0, limit)])
        } else {
          try PlanRow.numbered(db, "ORDER BY id DESC LIMIT ?", [max(0, limit)])
        }
      return try rows.map { try $0.row.summary(PlanID(Int($0.id)), named: names) }
    }
  }

  /// Takes a decision out of an open plan, or puts it back; the plan's fingerprint changes with it.
  ///
  /// - Parameter by: who said so; `nil` when the decision is put back.
  /// - Throws: `.notFound`; `.invalid` when the plan is not open.
  package func setDropped(_ ref: PlanRef, _ isDropped: Bool, by: String?) throws(StoreError) {
    try write { db in
      guard var plan = try PlanRow.first(db, "WHERE id = ?", [ref.plan.number]) else {
        throw StoreError.notFound("plan", ref.plan.description)
      }
      guard plan.state == .open || plan.state == .whatIf else {
        throw StoreError(.invalid, "\(ref.plan) is \(plan.state.rawValue), so nothing in it can change.")
      }
      var rows = try DecisionRow.all(db, "WHERE plan = ? ORDER BY number", [ref.plan.number])
      guard let index = rows.firstIndex(where: { $0.decision.number == ref.number }) else {
        throw StoreError.notFound("decision", ref.description)
      }
      rows[index].decision.isDropped = isDropped
      rows[index].droppedBy = isDropped ? by : nil
      try rows[index].put(db)
      plan.plan.decisions = rows.map(\.decision)
      plan.plan.fingerprint = Plan.fingerprint(of: plan.plan.decisions, settings: plan.plan.settings)
      plan.recount()
      try plan.update(db, id: Int64(ref.plan.number))
    }
  }

  /// Notes how far a plan came.
  package func setState(of id: PlanID, to state: PlanState) throws(StoreError) {
    try write { db in
      guard var row = try PlanRow.first(db, "WHERE id = ?", [id.number]) else {
        throw StoreError.notFound("plan", id.description)
      }
      row.state = state
      try row.update(db, id: Int64(id.number))
    }
  }

  /// Takes a plan for carrying out in one step: only the first caller of an open plan gets it, and only while it is the
  /// plan with this fingerprint. An interrupted plan is taken up again with `from: .begun`.
  ///
  /// - Returns: whether the caller may carry it out; its state is then `.begun`.
  package func claim(
    _ id: PlanID, fingerprint: Fingerprint, from state: PlanState = .open
  ) throws(StoreError) -> Bool {
    try write { db in
      guard var row = try PlanRow.first(db, "WHERE id = ?", [id.number]) else {
        throw StoreError.notFound("plan", id.description)
      }
      guard row.state == state, row.plan.fingerprint == fingerprint else { return false }
      row.state = .begun
      try row.update(db, id: Int64(id.number))
      return true
    }
  }
}

struct PlanRow: SealedRow {
  static let table = SealedTable(
    "plan", columns: ["sync", "state", "is_undo", "made_at_ms", "body", "counts", "change_counts"])

  var sync: Int64
  var state: PlanState
  /// The plan; its decisions are rows of their own and are not written with it.
  var plan: Plan
  private var counts: [String: Int]
  private var changeCounts: [String: Int]

  init(sync: Int64, plan: Plan) {
    self.sync = sync
    self.plan = plan
    state = plan.state
    (counts, changeCounts) = ([:], [:])
    recount()
  }

  /// Reckons the counts from the decisions, which have to be there.
  mutating func recount() {
    counts = Dictionary(plan.counts.map { ($0.key.rawValue, $0.value) }) { _, last in last }
    changeCounts = Dictionary(plan.changeCounts.map { ($0.key.rawValue, $0.value) }) { _, last in last }
  }

  init(from row: inout RowReader) throws {
    sync = Int64(try row.number())
    state = try row.word()
    _ = try row.flag()
    _ = try row.date()
    plan = try OlderPlan.header(row.text())
    counts = try row.json()
    changeCounts = try row.json()
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    var header = plan
    header.decisions = []
    return [
      sync, state.rawValue, plan.purpose != .sync, plan.madeAt.milliseconds, try JSONText.encode(header),
      try JSONText.encode(counts), try JSONText.encode(changeCounts),
    ]
  }

  /// The plan without its decisions, under the name that its sync has now.
  func plan(_ id: PlanID, named names: [Int64: SyncName]) throws -> Plan {
    var plan = plan
    plan.id = id
    plan.state = state
    plan.sync = names[sync] ?? plan.sync
    return plan
  }

  func summary(_ id: PlanID, named names: [Int64: SyncName]) throws -> PlanSummary {
    let plan = try plan(id, named: names)
    return PlanSummary(
      id: id, sync: plan.sync, purpose: plan.purpose, madeAt: plan.madeAt, state: state,
      counts: Dictionary(counts.compactMap { entry in Action(rawValue: entry.key).map { ($0, entry.value) } }) { $1 },
      changeCounts: Dictionary(
        changeCounts.compactMap { entry in ChangeKind(rawValue: entry.key).map { ($0, entry.value) } }
      ) { $1 },
      guards: plan.guards, obstacles: plan.obstacles, whatIf: plan.whatIf, fingerprint: plan.fingerprint)
  }
}

struct DecisionRow: SealedRow {
  static let table = SealedTable(
    "plan_decision", key: ["plan", "number"],
    columns: ["plan", "number", "source", "target", "is_change", "is_dropped", "dropped_by", "body"])

  var plan: Int64
  var decision: Decision
  var droppedBy: String?

  init(plan: Int64, decision: Decision) {
    self.plan = plan
    self.decision = decision
  }

  init(from row: inout RowReader) throws {
    plan = Int64(try row.number())
    // The columns in between repeat what the body says, for SQL to look at.
    (_, _, _) = (try row.number(), try row.optionalText(), try row.optionalText())
    (_, _) = (try row.flag(), try row.flag())
    droppedBy = try row.optionalText()
    decision = try OlderPlan.decision(row.text())
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    [
      plan, decision.number, decision.source?.rawValue, decision.target?.rawValue, decision.action.isChange,
      decision.isDropped, droppedBy, try JSONText.encode(decision),
    ]
  }
}
