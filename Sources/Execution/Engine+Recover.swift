/// What a run that died left in the journal: looked up and settled before anything else happens to its sync.
import Connectors
import Foundation
package import Model
import Planning
import Storage

extension Engine {
  /// Looks up every change of a sync whose outcome is not known, and settles it under the run that sent it.
  ///
  /// Nothing is sent again here: what did not arrive is decided afresh by the next plan, or sent by `apply … rest`.
  /// - Throws: `.leaseHeld` while a run is under way; ``ExecutionError`` when the target cannot be asked.
  package func recover(_ name: SyncName, progress: @escaping ProgressListener = { _ in }) async throws {
    let scope = try scope(of: name)
    try await holdingLease(of: name, verb: "recover", wait: nil, progress: progress) { _ in
      try await settleLeftovers(of: scope, own: nil, progress: progress)
    }
  }

  /// For what holds no lease of its own: a live run's journal is that run's business.
  func recoverUnlessBusy(_ scope: SyncScope, own: RunID?, progress: @escaping ProgressListener) async throws {
    guard try !store.unsettled(scope.sync.name).isEmpty else { return }
    do {
      try await holdingLease(of: scope.sync.name, verb: "recover", wait: nil, progress: progress) { _ in
        try await settleLeftovers(of: scope, own: own, progress: progress)
      }
    } catch let error as ExecutionError where error.kind == .leaseHeld {
      return
    }
  }

  /// To be called by whoever holds the sync's lease: then no other run of it is alive.
  func settleLeftovers(of scope: SyncScope, own: RunID?, progress: @escaping ProgressListener) async throws {
    let name = scope.sync.name
    let entries = try store.unsettled(name)
    if !entries.isEmpty {
      progress(.lookingUp(count: entries.count))
      var purposes: [PlanID: PlanPurpose] = [:]
      for entry in entries {
        guard let decision = try store.decision(PlanRef(plan: entry.plan, number: entry.number)) else { continue }
        let purpose = try purposes[entry.plan] ?? store.plan(entry.plan)?.purpose ?? .sync
        purposes[entry.plan] = purpose
        // A stage that was switched off since keeps its entries until it is on again.
        guard let stage = scope[entry.kind] else { continue }
        let pairs = PairMemory(try store.links(of: name))
        let settling = Settling(run: entry.run, purpose: purpose, scope: scope, pairs: pairs)
        let connector = try connector(for: scope[entry.side].connection)
        let outcome = try await outcome(
          of: entry, decision.carriedOut, pairs,
          LookingUp(connector: connector, stage: stage, side: entry.side, pairs: pairs))
        try store.settle([
          settling.settlement(of: decision.carriedOut, entry: entry, before: nil, outcome: outcome, at: clock.now())
        ])
      }
      for plan in purposes.keys { try closeIfCarriedThrough(plan) }
    }
    try closeDeadRuns(of: name, own: own)
  }

  private func outcome(
    of entry: JournalEntry, _ decision: Decision, _ pairs: PairMemory, _ lookingUp: LookingUp
  ) async throws -> ChangeOutcome {
    if entry.action == .create, let partner = pairs.counterpart(entry.kind, at: entry.side, of: decision.origin) {
      return .skipped(.recordMoved, message: "linked to \(partner) meanwhile", current: nil)
    }
    do {
      return try await lookingUp.find(entry, seen: decision.seenFingerprint).outcome(of: entry)
    } catch {
      throw ExecutionError(error)
    }
  }

  /// A plan that died with nothing left to send was carried through after all.
  private func closeIfCarriedThrough(_ id: PlanID) throws {
    guard let plan = try store.plan(id), plan.state == .begun else { return }
    if try remainingWork(of: plan).isEmpty { try store.setState(of: id, to: .applied) }
  }

  private func closeDeadRuns(of name: SyncName, own: RunID?) throws {
    let now = clock.now()
    for var run in try store.runs(of: name, limit: 50) where run.outcome == .running && run.id != own {
      // A preview holds no lease; only one that is long past is taken for dead.
      if run.verb == "preview", now.timeIntervalSince(run.startedAt) < 3_600 { continue }
      guard let id = run.id else { continue }
      let outcomes = try store.lines(of: id).map(\.outcome)
      run.done = outcomes.count { $0 == .done }
      run.failed = outcomes.count { $0 == .failed || $0 == .unknown }
      run.skipped = outcomes.count { $0 == .skipped }
      run.notSent = outcomes.count { $0 == .notSent }
      run.waiting = outcomes.count { $0 == .waiting }
      run.outcome = .interrupted
      run.reason = .runEndedEarly
      run.message = "Ended without a word; what it had sent was looked up by the next run."
      run.endedAt = now
      try store.closeDead(run)
    }
  }

  /// The changes of a plan that have no final outcome in any of its runs.
  ///
  /// - Parameter lifting: held decisions that were let through now; those that an earlier run took up are among the work
  ///   in any case.
  func remainingWork(of plan: Plan, lifting: [Decision] = []) throws -> [Decision] {
    guard let id = plan.id else { return plan.work }
    var settled: Set<Int> = []
    var begun: Set<Int> = []
    for run in try store.runs(of: id) {
      guard let run = run.id else { continue }
      for line in try store.lines(of: run) {
        begun.insert(line.number)
        if [.done, .failed, .skipped, .waiting].contains(line.outcome) { settled.insert(line.number) }
      }
    }
    let lifted = Set(lifting.map(\.number)).union(begun)
    let held = plan.decisions.filter { lifted.contains($0.number) }.compactMap(\.lifted)
    return plan.work(lifting: held).filter { !settled.contains($0.number) }
  }
}

extension Plan {
  /// The decisions that carrying it out changes something for.
  var work: [Decision] { decisions.filter { $0.action.isChange && !$0.isDropped } }

  /// The same with held decisions that were let through, in the plan's order.
  func work(lifting held: [Decision]) -> [Decision] { (work + held).sorted { $0.number < $1.number } }
}

extension Decision {
  /// As it was sent: a decision that a guard held was let through.
  fileprivate var carriedOut: Decision { lifted ?? self }
}
