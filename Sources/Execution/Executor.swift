/// Carries a plan out: intent, send, settle; it sends what the plan says and nothing else.
import Connectors
import Foundation
import Model
import Planning
import Storage

/// One run of one plan. Whoever makes it holds the sync's lease.
///
/// Changes go in chunks. Just before a chunk is sent its targets are read again, and what moved since the plan was made
/// is left alone. What is sent was committed to the journal before; each outcome is settled in one transaction, as it
/// comes; an unknown outcome is looked up before the next chunk.
struct Executor: Sendable {
  let store: Store
  let connector: any Connector
  let clock: any WallClock
  let progress: ProgressListener
  let scope: SyncScope
  let plan: Plan
  let planID: PlanID
  let lease: LeaseHold
  let settling: Settling
  let lookingUp: LookingUp
  /// The limit of `failures`; `nil`: any number.
  let failuresAllowed: Int?
  /// An interrupted plan is carried on: what it would create may be there already.
  let isRest: Bool
  /// Reads the target again; the answer is in the store's snapshot.
  let refreshTarget: @Sendable () async throws -> Void

  /// The most changes between two looks at the world.
  static let chunkSize = 40
  /// A target reading older than this is not relied upon for what is not there.
  static let freshness: Duration = .seconds(120)

  private var sync: SyncName { scope.sync.name }
  private var features: Features { scope.target.system.features }

  /// One change that is ready to be sent.
  private struct Ready: Sendable {
    var decision: Decision
    var entry: JournalEntry
    var write: Write
  }

  /// What the executor learns while it works.
  private struct Course {
    var tally: Tally
    var targetReadAt: Date?
    /// Who at the target holds a key; `nil` while the plan's own reading is fresh enough.
    var keys: TargetKeys?
  }

  /// Sends `work` in order; returns when each of it has an outcome or the run had to stop.
  ///
  /// - Parameter moving: pairs in step whose baseline moves; they count as no change.
  /// - Throws: `StoreError` only; what was sent meanwhile stays in the journal and is looked up by the next run.
  func carryOut(_ work: [Decision], moving: [Decision]) async throws -> Tally {
    var uncounted = Tally(total: 0)
    try remember(moving, &uncounted)
    var course = Course(tally: Tally(total: work.count), targetReadAt: isRest ? nil : plan.targetRead?.finishedAt)
    try remember(work.filter { $0.action.write == nil }, &course.tally)
    var waiting = work.filter { $0.action.write != nil }[...]
    while !waiting.isEmpty {
      checkWhetherToStop(&course.tally)
      if course.tally.stop != nil { break }
      let chunk = Array(waiting.prefix(Self.chunkSize))
      waiting = waiting.dropFirst(chunk.count)
      try await carryOut(chunk: chunk, &course)
    }
    try leaveUnsent(Array(waiting), &course.tally)
    return course.tally
  }

  private func checkWhetherToStop(_ tally: inout Tally) {
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

  private func unsentCause(_ tally: Tally) -> (Reason?, String) {
    switch tally.stop {
    case .connector(let error): (error.kind.reason, error.message)
    case .failures: (nil, "too many failures before")
    case .leaseLost: (.leaseHeld, "another run took over")
    case .interrupted, nil: (.runEndedEarly, "the run was interrupted")
    }
  }

  // MARK: - One chunk

  private func carryOut(chunk: [Decision], _ course: inout Course) async throws {
    let current: [RecordID: Record]
    do {
      try await refreshIfOld(for: chunk, &course)
      current = try await readAgain(chunk)
    } catch let error as ConnectorError {
      // The HTTP layer has tried again already: without a look at the targets nothing may be sent.
      course.tally.end(error.kind == .cancelled ? .interrupted : .connector(error))
      return try leaveUnsent(chunk, &course.tally)
    } catch is CancellationError {
      course.tally.end(.interrupted)
      return try leaveUnsent(chunk, &course.tally)
    }
    course.tally.reached()
    var left: [(Decision, Record?, ChangeOutcome)] = []
    var writes: [(decision: Decision, write: Write)] = []
    for decision in chunk {
      let record = decision.target.flatMap { current[$0] }
      if let outcome = objection(to: decision, current: record, keys: course.keys) {
        left.append((decision, record, outcome))
      } else {
        writes.append((decision, write(for: decision, current: record)))
      }
    }
    try settle(left, &course.tally)
    guard !writes.isEmpty else { return }
    let intents = writes.map { decision, write in
      JournalEntry(
        run: settling.run, plan: planID, number: decision.number, sync: sync, token: write.token, action: write.action,
        source: decision.source, target: write.target, values: write.values, at: clock.now())
    }
    let entries = try store.intend(intents)
    let ready = zip(writes, entries).map { Ready(decision: $0.decision, entry: $1, write: $0.write) }
    let unknown = try await send(ready, &course.tally)
    try await lookUp(unknown, &course.tally)
  }

  /// Before anything is created, what the target holds is known and not older than two minutes.
  private func refreshIfOld(for chunk: [Decision], _ course: inout Course) async throws {
    guard chunk.contains(where: { $0.action == .create }), let snapshot = scope.target.snapshot else { return }
    if let readAt = course.targetReadAt, clock.now().timeIntervalSince(readAt) < Self.freshness.seconds { return }
    try await refreshTarget()
    course.targetReadAt = clock.now()
    course.keys = TargetKeys(of: try store.snapshot(snapshot).records, rules: scope.stage.matchKeys)
  }

  private func readAgain(_ chunk: [Decision]) async throws(ConnectorError) -> [RecordID: Record] {
    let ids = chunk.compactMap(\.target)
    guard !ids.isEmpty else { return [:] }
    let records = try await connector.read(ids, of: scope.stage.kind, in: scope.target.read)
    return Dictionary(records.map { ($0.id, $0) }) { _, last in last }
  }

  /// Why a change is left alone after all; `nil`: it is sent.
  private func objection(to decision: Decision, current: Record?, keys: TargetKeys?) -> ChangeOutcome? {
    if decision.action == .create {
      if let source = decision.source, let link = settling.links[source], link.state == .linked {
        return .skipped(.recordMoved, message: "linked to \(link.target) meanwhile", current: nil)
      }
      if let taken = keys?.holder(of: decision) {
        return .skipped(.recordMoved, message: "\(taken) holds this key meanwhile", current: nil)
      }
      return nil
    }
    guard let current, current.state != .gone else {
      return .gone(message: "no longer there when it was to be changed")
    }
    if let source = decision.source, let link = settling.links[source], link.state == .linked,
      link.target != current.id
    {
      return .skipped(.recordMoved, message: "linked to \(link.target) meanwhile", current: current)
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

  private func write(for decision: Decision, current: Record?) -> Write {
    guard let action = decision.action.write else { preconditionFailure("\(decision.action) sends nothing") }
    var values = FieldValues()
    for change in decision.changes { values[change.field] = change.new }
    return Write(
      kind: decision.kind, action: action, target: action == .create ? nil : decision.target, values: values,
      current: action == .create ? nil : current,
      token: "\(plan.fingerprint.rawValue.prefix(16))-\(planID)-\(decision.number)")
  }

  // MARK: - Sending

  /// Sends what the journal holds already, a few at a time; returns what has no known outcome.
  private func send(_ ready: [Ready], _ tally: inout Tally) async throws -> [Ready] {
    let connector = connector
    let readScope = scope.target.read
    var unknown: [Ready] = []
    var failure: (any Error)?
    var next = 0
    await withTaskGroup(of: (index: Int, outcome: WriteOutcome).self) { group in
      var underWay = 0
      while true {
        while next < ready.count, underWay < mostAtOnce(tally, underWay: underWay), failure == nil, tally.stop == nil {
          let (index, write) = (next, ready[next].write)
          group.addTask { (index, await connector.write([write], in: readScope).first ?? .unknown("no outcome")) }
          tally.requestFloor += connector.smallestRequestCount(.write(write))
          next += 1
          underWay += 1
        }
        guard let (index, outcome) = await group.next() else { break }
        underWay -= 1
        do {
          if try settle(ready[index], outcome, &tally) == .unknown { unknown.append(ready[index]) }
        } catch {
          failure = failure ?? error
        }
        checkWhetherToStop(&tally)
      }
    }
    // What was not begun is certainly not sent.
    if let failure { throw failure }
    let (reason, message) = unsentCause(tally)
    for change in ready[next...] { try settle(change, as: .notSent(reason, message: message), &tally) }
    return unknown
  }

  /// As many as the vendor takes, and never so many that one failure too many could become several.
  private func mostAtOnce(_ tally: Tally, underWay: Int) -> Int {
    let most = max(1, features.concurrentWrites)
    guard let failuresAllowed else { return most }
    return min(most, max(0, failuresAllowed - tally.failed + 1))
  }

  private func settle(_ change: Ready, _ outcome: WriteOutcome, _ tally: inout Tally) throws -> RecordOutcome {
    let changeOutcome: ChangeOutcome
    switch outcome {
    case .done(let record):
      tally.reached()
      changeOutcome = .done(record)
    case .rejected(let rejection):
      tally.reached()
      changeOutcome =
        rejection.reason == .targetGone
        ? .gone(message: rejection.message)
        : .rejected(rejection.reason, message: rejection.message, isPartial: rejection.isPartial)
    case .unknown(let message):
      changeOutcome = .unknown(message: message)
    case .notSent(let error):
      tally.missed(error)
      changeOutcome = .notSent(error.kind.reason, message: error.message)
    }
    // An unknown outcome is counted when it has been looked up.
    if case .unknown = outcome {
      try store.settle([settlement(change, changeOutcome)])
    } else {
      try settle(change, as: changeOutcome, &tally)
    }
    return changeOutcome.recordOutcome
  }

  // MARK: - Looking up

  /// Finds out what became of changes without an answer, and sends again, once, what did not arrive.
  private func lookUp(_ changes: [Ready], _ tally: inout Tally) async throws {
    guard !changes.isEmpty else { return }
    progress(.lookingUp(count: changes.count))
    // A vendor may still be at work on what it did not answer.
    try? await clock.sleep(for: .seconds(1))
    for change in changes {
      checkWhetherToStop(&tally)
      // Looking up takes a request; a run that was stopped leaves it to the next one, in the journal.
      guard tally.stop == nil else {
        tally.count(.unknown)
        continue
      }
      do {
        switch try await lookingUp.find(change.entry, seen: change.decision.seenFingerprint) {
        case .notCarriedOut:
          try await sendAgain(change, &tally)
        case let finding:
          tally.reached()
          try settle(change, as: finding.outcome(of: change.entry), &tally)
        }
      } catch let error as ConnectorError {
        tally.missed(error)
        tally.count(.unknown)
      }
    }
  }

  private func sendAgain(_ change: Ready, _ tally: inout Tally) async throws {
    let outcome = await connector.write([change.write], in: scope.target.read).first ?? .unknown("no outcome")
    guard try settle(change, outcome, &tally) == .unknown else { return }
    let finding = try await lookingUp.find(change.entry, seen: change.decision.seenFingerprint)
    tally.reached()
    try settle(change, as: finding.outcome(of: change.entry), &tally)
  }

  // MARK: - Settling

  private func settlement(_ change: Ready, _ outcome: ChangeOutcome) -> Settlement {
    settling.settlement(
      of: change.decision, entry: change.entry, before: change.write.current, outcome: outcome, at: clock.now())
  }

  private func settle(_ change: Ready, as outcome: ChangeOutcome, _ tally: inout Tally) throws {
    do {
      try store.settle([settlement(change, outcome)])
      tally.count(outcome.recordOutcome)
    } catch  where error.kind == .invalid {
      // The target confirmed it, and the pair cannot be remembered: a failure to be looked at, not one to repeat.
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

  private func report(_ tally: Tally) {
    progress(.applying(done: tally.settled, total: tally.total, failed: tally.failed, sync: sync))
  }
}
