/// Carries a plan out: intent, send, settle; it sends what the plan says and nothing else.
import Connectors
import Foundation
import Model
import Planning
import Storage

/// One run of one plan. Whoever makes it holds the sync's lease.
///
/// Stages go one after the other, companies before what belongs to them; within a stage first what is written to the
/// target, then what is written to the source, in chunks. Just before a chunk is sent its records are read again, and
/// what moved since the plan was made is left alone. What is sent was committed to the journal before; each outcome is
/// settled in one transaction, as it comes; an unknown outcome is looked up before the next chunk.
struct Executor: Sendable {
  let store: Store
  /// Of both sides.
  let connectors: [Side: any Connector]
  let clock: any WallClock
  let progress: ProgressListener
  let scope: SyncScope
  let plan: Plan
  let planID: PlanID
  let lease: LeaseHold
  let settling: Settling
  /// The limit of `failures`; `nil`: any number.
  let failuresAllowed: Int?
  /// An interrupted plan is carried on: what it would create may be there already.
  let isRest: Bool
  /// Nobody asked for this run: a person who waits goes first.
  let yields: Bool
  /// Reads one side of a stage again; the answer is in the store's snapshot.
  let refresh: @Sendable (StageScope, Side) async throws -> Void

  /// The most changes between two looks at the world; more only where one request takes more.
  static let chunkSize = 40
  /// A reading older than this is not relied upon for what is not there.
  static let freshness: Duration = .seconds(120)

  private var sync: SyncName { scope.sync.name }

  /// One change that is ready to be sent.
  struct Ready: Sendable {
    var decision: Decision
    var entry: JournalEntry
    var write: Write
  }

  /// One side of one stage, and what is learnt of it while it is written to.
  struct Desk: Sendable {
    var stage: StageScope
    var side: Side
    var connector: any Connector
    /// The pairs as they were when this side's turn came: companies that the same run made are among them.
    var pairs: PairMemory
    var readAt: Date?
    /// Who holds a key there; `nil` while the plan's own reading is fresh enough.
    var keys: HeldKeys?

    var place: SideScope { stage[side] }
    var lookingUp: LookingUp { LookingUp(connector: connector, stage: stage, side: side, pairs: pairs) }
  }

  /// Sends `work`; returns when each of it has an outcome or the run had to stop.
  ///
  /// - Parameter moving: pairs in step whose baseline moves; they count as no change.
  /// - Throws: `StoreError` only; what was sent meanwhile stays in the journal and is looked up by the next run.
  func carryOut(_ work: [Decision], moving: [Decision]) async throws -> Tally {
    var uncounted = Tally(total: 0)
    try remember(moving, &uncounted)
    var tally = Tally(total: work.count)
    var unsent: [Decision] = []
    // What is taken back goes the other way round: people before the companies that they belong to.
    let stages = plan.purpose == .sync ? scope.stages : scope.stages.reversed()
    for stage in stages {
      let own = work.filter { $0.kind == stage.kind }
      try remember(own.filter { $0.action.write == nil }, &tally)
      for side in [Side.target, .source] {
        let waiting = own.filter { $0.action.write != nil && $0.side == side }
        if !waiting.isEmpty { unsent += try await carryOut(waiting, stage, side, &tally) }
      }
    }
    let known = Set(stages.map(\.kind))
    try leaveUnsent(unsent + work.filter { !known.contains($0.kind) }, &tally)
    return tally
  }

  /// Sends the changes of one side of one stage; returns those that it did not come to.
  private func carryOut(
    _ work: [Decision], _ stage: StageScope, _ side: Side, _ tally: inout Tally
  ) async throws -> [Decision] {
    guard let connector = connectors[side], stage[side].snapshot != nil else { return work }
    var desk = Desk(
      stage: stage, side: side, connector: connector, pairs: PairMemory(try store.links(of: sync)),
      readAt: isRest ? nil : plan.reads.first { $0.kind == stage.kind }?[side]?.finishedAt)
    // A group that is not there yet is made with the first new record.
    if let group = desk.place.group, group.id == nil, work.contains(where: { $0.action == .create }) {
      tally.requestFloor += 1
    }
    var waiting = work[...]
    while !waiting.isEmpty {
      checkWhetherToStop(&tally)
      if yields, tally.stop == nil, let person = try store.waiting(for: sync, now: clock.now()) {
        tally.end(.yielded(to: person.user))
      }
      if tally.stop != nil { break }
      let chunk = Array(nextChunk(of: waiting, desk))
      waiting = waiting.dropFirst(chunk.count)
      try await carryOut(chunk: chunk, &desk, &tally)
    }
    return Array(waiting)
  }

  /// What is looked at and sent next: as much as one request takes, where it takes many of a kind.
  private func nextChunk(of waiting: ArraySlice<Decision>, _ desk: Desk) -> ArraySlice<Decision> {
    guard let action = waiting.first?.action, let write = action.write,
      let batch = desk.place.system.features.writeBatch[write], batch > 1
    else { return waiting.prefix(Self.chunkSize) }
    return waiting.prefix(batch).prefix { $0.action == action }
  }

  func checkWhetherToStop(_ tally: inout Tally) {
    if Task.isCancelled { tally.end(.interrupted) }
    if lease.isLost { tally.end(.leaseLost) }
    if let failuresAllowed, tally.failed > failuresAllowed { tally.end(.failures(failuresAllowed)) }
  }

  // MARK: - What needs no request

  /// Pairs that are remembered or parted, and baselines that move: many in one transaction.
  private func remember(_ decisions: [Decision], _ tally: inout Tally) throws {
    var rest = decisions[...]
    while !rest.isEmpty {
      let chunk = rest.prefix(200)
      rest = rest.dropFirst(chunk.count)
      let now = clock.now()
      try store.settle(
        chunk.map { settling.settlement(of: $0, entry: nil, before: nil, outcome: .remembered, at: now) })
      for _ in chunk { tally.count(.done) }
      if tally.total > 0 { report(tally) }
    }
  }

  private func leaveUnsent(_ decisions: [Decision], _ tally: inout Tally) throws {
    guard !decisions.isEmpty else { return }
    let (reason, message) = unsentCause(tally)
    try settle(decisions.map { ($0, nil, .notSent(reason, message: message)) }, &tally)
  }

  func unsentCause(_ tally: Tally) -> (Reason?, String) {
    switch tally.stop {
    case .connector(let error): (error.kind.reason, error.message)
    case .budget(let error, _): (.budgetUsed, error.message)
    case .failures: (nil, "too many failures before")
    case .leaseLost: (.leaseHeld, "another run took over")
    case .yielded(let whom): (.leaseHeld, "the run of \(whom) goes first")
    case .interrupted, nil: (.runEndedEarly, "the run was interrupted")
    }
  }

  // MARK: - One chunk

  private func carryOut(chunk: [Decision], _ desk: inout Desk, _ tally: inout Tally) async throws {
    let current: [RecordID: Record]
    do {
      try await refreshIfOld(for: chunk, &desk)
      current = try await readAgain(chunk, desk)
    } catch let error as ConnectorError {
      // The HTTP layer has tried again already: without a look at the records nothing may be sent.
      tally.missed(error, at: clock.now())
      tally.end(.connector(error))
      return try leaveUnsent(chunk, &tally)
    } catch is CancellationError {
      tally.end(.interrupted)
      return try leaveUnsent(chunk, &tally)
    }
    tally.reached()
    var left: [(Decision, Record?, ChangeOutcome)] = []
    var writes: [(decision: Decision, write: Write)] = []
    for decision in chunk {
      let record = decision.written.flatMap { current[$0] }
      let write = write(for: decision, current: record, desk)
      if let outcome = objection(to: decision, write, current: record, desk) {
        left.append((decision, record, outcome))
      } else {
        writes.append((decision, write))
      }
    }
    try settle(left, &tally)
    guard !writes.isEmpty else { return }
    let intents = writes.map { decision, write in
      JournalEntry(
        run: settling.run, plan: planID, number: decision.number, sync: sync, token: write.token, kind: decision.kind,
        side: decision.side, action: write.action, source: decision.source, target: decision.target,
        parent: write.parent, values: write.values, at: clock.now())
    }
    let entries = try store.intend(intents)
    let ready = zip(writes, entries).map { Ready(decision: $0.decision, entry: $1, write: $0.write) }
    let unknown = try await send(ready, desk, &tally)
    try await lookUp(unknown, desk, &tally)
  }

  /// Before anything is created, what that side holds is known and not older than two minutes.
  private func refreshIfOld(for chunk: [Decision], _ desk: inout Desk) async throws {
    guard chunk.contains(where: { $0.action == .create }), let snapshot = desk.place.snapshot else { return }
    if let readAt = desk.readAt {
      if clock.now().timeIntervalSince(readAt) < Self.freshness.seconds { return }
      // What only this sync writes, and with its lease, nobody else has written meanwhile.
      if desk.stage.stage.isKnownByOrigin { return }
    }
    try await refresh(desk.stage, desk.side)
    desk.readAt = clock.now()
    desk.keys = HeldKeys(of: try store.snapshot(snapshot).records, stage: desk.stage.stage, side: desk.side)
  }

  private func readAgain(_ chunk: [Decision], _ desk: Desk) async throws(ConnectorError) -> [RecordID: Record] {
    let ids = chunk.compactMap(\.written)
    guard !ids.isEmpty else { return [:] }
    let records = try await desk.connector.read(ids, of: desk.stage.kind, in: desk.place.read)
    return Dictionary(records.map { ($0.id, $0) }) { _, last in last }
  }

  /// Why a change is left alone after all; `nil`: it is sent.
  private func objection(to decision: Decision, _ write: Write, current: Record?, _ desk: Desk) -> ChangeOutcome? {
    var partner = desk.pairs.counterpart(decision.kind, at: desk.side, of: decision.origin)
    // A partner that is gone binds nobody.
    if case .replace(let gone, _) = decision.linking, partner == gone { partner = nil }
    if decision.action == .create {
      if let partner { return .skipped(.recordMoved, message: "linked to \(partner) meanwhile", current: nil) }
      if decision.parent != nil, desk.stage.stage.hasParents, write.parent == nil {
        return .skipped(
          .dependencyFailed,
          message: "its company is not linked at \(desk.place.system.name) yet; planned again next time", current: nil)
      }
      if let holder = desk.keys?.holder(of: write.values, parent: write.parent, origin: decision.origin) {
        return .skipped(.recordMoved, message: "\(holder) holds this key meanwhile", current: nil)
      }
      return nil
    }
    guard let current, current.state != .gone else {
      // Also where it was to be deleted: nothing is sent, and the pair is settled.
      return .gone(message: "no longer there when it was to be changed")
    }
    if let partner, partner != current.id {
      return .skipped(.recordMoved, message: "linked to \(partner) meanwhile", current: current)
    }
    if partner == nil, plan.purpose == .sync, decision.linking == .none {
      // The other half of a pair's change was to link it, and did not arrive.
      return .skipped(.dependencyFailed, message: "the pair is not linked; planned again next time", current: current)
    }
    let isMoved =
      if let seen = decision.seenFingerprint {
        seen != current.fingerprint
      } else if let seen = decision.seenVersion {
        seen != current.version
      } else {
        false
      }
    return isMoved
      ? .skipped(.recordMoved, message: "edited after the plan was made; planned again next time", current: current)
      : nil
  }

  private func write(for decision: Decision, current: Record?, _ desk: Desk) -> Write {
    guard let action = decision.action.write else { preconditionFailure("\(decision.action) sends nothing") }
    let isCreate = action == .create
    let parent =
      isCreate
      ? desk.pairs.counterpart(.company, at: desk.side, of: decision.parent)
      : desk.stage.stage.newParent(of: decision.changes)
    return Write(
      kind: decision.kind, action: action, target: isCreate ? nil : decision.written, parent: parent,
      values: scope.values(of: decision), current: isCreate ? nil : current,
      token: "\(plan.fingerprint.rawValue.prefix(16))-\(planID)-\(decision.number)")
  }

  // MARK: - Settling

  func settlement(_ change: Ready, _ outcome: ChangeOutcome) -> Settlement {
    settling.settlement(
      of: change.decision, entry: change.entry, before: change.write.current, outcome: outcome, at: clock.now())
  }

  func settle(_ change: Ready, as outcome: ChangeOutcome, _ tally: inout Tally) throws {
    do {
      try store.settle([settlement(change, outcome)])
      tally.count(outcome.recordOutcome)
    } catch  where error.kind == .invalid {
      // The system confirmed it, and the pair cannot be remembered: a failure to be looked at, not one to repeat.
      let failure = ChangeOutcome.rejected(.alreadyLinked, message: error.message, isPartial: true)
      try store.settle([settlement(change, failure)])
      tally.count(.failed)
    }
    report(tally)
  }

  private func settle(_ outcomes: [(Decision, Record?, ChangeOutcome)], _ tally: inout Tally) throws {
    guard !outcomes.isEmpty else { return }
    let now = clock.now()
    try store.settle(
      outcomes.map { settling.settlement(of: $0.0, entry: nil, before: $0.1, outcome: $0.2, at: now) })
    for (_, _, outcome) in outcomes { tally.count(outcome.recordOutcome) }
    report(tally)
  }

  func report(_ tally: Tally) {
    progress(.applying(done: tally.settled, total: tally.total, failed: tally.failed, sync: sync))
  }
}
