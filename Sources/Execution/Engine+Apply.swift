/// `sync` and `apply`: the only verbs that write, and what has to be agreed to before they do.
import Connectors
import Foundation
package import Model
package import Planning
import Storage

/// What a person answered when asked whether a plan may be carried out.
package enum Confirmation: Sendable, Hashable {
  /// Go on; where guards were named, they are let through.
  case goOn
  case declined
}

/// Asks a person about a plan; the guards are those that it is over and that nobody lifted yet.
package typealias Confirming = @Sendable (Plan, [GuardFinding]) async -> Confirmation

extension Engine {
  /// Reads, plans and carries the plan out, all under one lease.
  ///
  /// A plan over a guard is kept and held, at the terminal too: `apply` lets it through after a look.
  /// - Parameters:
  ///   - limits: what was said after `confirm within`; `nil`: `confirm` is asked, and where nobody can answer the sync is
  ///     refused.
  ///   - wait: how long to wait for another run of the sync to end.
  ///   - yields: nobody asked for this run, so whoever waits for the sync meanwhile goes first; what is left stays in the
  ///     plan.
  /// - Returns: the run as recorded: `.ok`, `.failed` (some changes failed), `.interrupted`, or `.refused` when a person
  ///   said no.
  /// - Throws: ``ExecutionError`` when nothing was sent; the attempt is recorded too.
  package func sync(
    _ name: SyncName, limits: Limits?, wait: Duration? = nil, yields: Bool = false,
    confirm: @escaping @Sendable (Plan) async -> Bool, progress: @escaping ProgressListener = { _ in }
  ) async throws -> Run {
    try await attempting("sync", name, plan: nil, wait: wait, progress: progress) { run, lease, scope in
      let (plan, situations) = try await makePlan(scope, offline: false, progress: progress)
      run.plan = plan.id
      run.requestFloor = plan.requestFloor
      let order = Order(
        plan: plan, work: plan.work, isRest: false, yields: yields, limits: limits, overrides: nil,
        obstacles: plan.obstacles, guards: plan.guards)
      let asks: Confirming = { plan, _ in await confirm(plan) ? .goOn : .declined }
      guard let lifted = try await admit(order, mayLiftByAsking: false, confirm: asks, run: &run) else { return }
      try await carryOut(order, lifted: lifted, scope, situations, lease, &run, progress)
    }
  }

  /// Carries out a plan that was made before, once.
  ///
  /// - Parameters:
  ///   - rest: carry on with what an interrupted run of the plan did not send.
  ///   - overrides: what was said after `over guard`.
  ///   - mayLiftByAsking: whether a person is asked about the guards that the plan is over; otherwise it is held.
  ///   - confirm: asked at the terminal, with the guards that the plan is over.
  /// - Returns: as ``sync(_:limits:wait:confirm:progress:)``.
  /// - Throws: ``ExecutionError`` when nothing was sent; the attempt is recorded too.
  package func apply(
    _ id: PlanID, rest: Bool = false, limits: Limits?, overrides: Overrides? = nil, wait: Duration? = nil,
    mayLiftByAsking: Bool = true, confirm: @escaping Confirming, progress: @escaping ProgressListener = { _ in }
  ) async throws -> Run {
    try await apply(
      id, rest: rest, limits: limits, overrides: overrides, wait: wait, mayLiftByAsking: mayLiftByAsking, turn: nil,
      confirm: confirm, progress: progress)
  }

  func apply(
    _ id: PlanID, rest: Bool = false, limits: Limits?, overrides: Overrides? = nil, wait: Duration?,
    mayLiftByAsking: Bool, turn: Turn?, confirm: @escaping Confirming, progress: @escaping ProgressListener
  ) async throws -> Run {
    guard let known = try store.plan(id) else {
      throw ExecutionError(.invalid, "There is no plan \(id).", hint: "show plans")
    }
    return try await attempting("apply", known.sync, plan: id, wait: wait, turn: turn, progress: progress) {
      run, lease, scope in
      // Whatever was known before the lease was ours may have changed while waiting for it.
      guard let plan = try store.plan(id) else { throw ExecutionError(.invalid, "\(id) is gone.", plan: id) }
      let situations = try situations(of: scope)
      let newest = try store.plans(of: plan.sync, limit: 50).first { $0.state != .whatIf }?.id
      if let refusal = Admission.refusal(
        of: plan, isRest: rest, settings: scope.settings.fingerprint, newest: newest)
      {
        throw refusal
      }
      let lifted = plan.held(liftedBy: overrides)
      let work = rest ? try remainingWork(of: plan, lifting: lifted) : plan.work(lifting: lifted)
      let order = Order(
        plan: plan, work: work, isRest: rest, limits: limits, overrides: overrides,
        obstacles: plan.purpose == .sync ? Planner.plan(situations).obstacles : plan.obstacles,
        guards: plan.purpose == .sync ? Guard.findings(work + plan.heldBack, in: situations) : plan.guards)
      guard let lifted = try await admit(order, mayLiftByAsking: mayLiftByAsking, confirm: confirm, run: &run) else {
        return
      }
      try await carryOut(order, lifted: lifted, scope, situations, lease, &run, progress)
    }
  }

  /// What is to be carried out, and what was said with it.
  struct Order: Sendable {
    var plan: Plan
    /// The changes that are left to make.
    var work: [Decision]
    var isRest: Bool
    /// Whoever waits for the sync goes first.
    var yields = false
    var limits: Limits?
    var overrides: Overrides?
    var obstacles: [Cause]
    var guards: [GuardFinding]

    /// The plan cut down to its work, for counting.
    var counted: Plan {
      var counted = plan
      counted.decisions = work
      counted.guards = guards
      return counted
    }
  }

  /// Holds the lease, settles what a dead run left, records the attempt, and counts its requests.
  func attempting(
    _ verb: String, _ name: SyncName, plan: PlanID?, wait: Duration?, turn: Turn? = nil,
    progress: @escaping ProgressListener,
    body: (inout Run, LeaseHold, SyncScope) async throws -> Void
  ) async throws -> Run {
    let scope = try scope(of: name)
    do {
      return try await holdingLease(of: name, verb: verb, wait: wait, progress: progress) { lease in
        try await recording(verb, of: name, plan: plan, turn: turn) { run in
          try await settleLeftovers(of: scope, own: run.id, progress: progress)
          try await body(&run, lease, scope)
        }
      }
    } catch let refusal as ExecutionError where refusal.kind == .leaseHeld && refusal.run == nil {
      // Nothing was begun, and still it is an attempt.
      return try await recording(verb, of: name, plan: plan, turn: turn) { _ in throw refusal }
    }
  }

  // MARK: - Agreement

  /// Everything that may refuse an order before its first write.
  ///
  /// - Returns: the guards that were let through; `nil` when the run ends here without an error (nothing to do, a dry
  ///   run, or a person who said no).
  private func admit(
    _ order: Order, mayLiftByAsking: Bool, confirm: Confirming, run: inout Run
  ) async throws -> [GuardFinding]? {
    let plan = order.plan
    if let refusal = Admission.refusal(for: order.obstacles) { throw refusal }
    let counted = order.counted
    if let limits = order.limits {
      let exceeded = Limits.exceeded(by: counted, limits)
      guard exceeded.isEmpty else {
        throw ExecutionError(
          .overLimit, "Refused: \(exceeded.joined(separator: "; ")). Nothing was sent.",
          hint: plan.id.map { "show plan \($0)" }, plan: plan.id)
      }
    }
    // A guard that only skips records is not asked about: it is let through by its exact number, or not at all.
    let overrides = order.overrides ?? Overrides()
    let asked = order.guards.filter { $0.holdsPlan || overrides.words[$0.word] != nil }
    let unlifted = Overrides.unlifted(asked, by: overrides, first: order.limits?.first ?? false)
    let canAsk = who.isAttended && !isDry
    // A guard that only skips was named with a wrong number: asking would carry the plan out without its records.
    let isLiftable = mayLiftByAsking && canAsk && unlifted.allSatisfy { $0.canBeLifted && $0.holdsPlan }
    if !unlifted.isEmpty, !isLiftable {
      // Whoever named a guard that skips records wants them sent: the line that does counts them too.
      var whole = counted
      if asked.contains(where: { !$0.holdsPlan }) {
        whole.decisions = order.work.filter { $0.heldAction == nil } + plan.decisions.compactMap(\.lifted)
      }
      throw Admission.held(
        whole, isRest: order.isRest, guards: unlifted, toLift: asked, isAttended: who.isAttended)
    }
    if isDry {
      run.message = "dry: nothing was sent"
      return nil
    }
    if order.work.isEmpty { return order.guards }
    if order.limits == nil || !unlifted.isEmpty {
      guard canAsk else {
        throw ExecutionError(
          .invalid, "Nobody can be asked here, and nothing was confirmed.",
          hint: plan.id.map {
            Admission.liftingLine($0, isRest: order.isRest, counts: counted.changeCounts, guards: unlifted)
          }, plan: plan.id)
      }
      guard await confirm(counted, unlifted) == .goOn else {
        run.outcome = .refused
        run.message = "Not confirmed; nothing was sent."
        return nil
      }
      try Task.checkCancellation()
    }
    return order.guards
  }

  // MARK: - Carrying out

  func carryOut(
    _ order: Order, lifted: [GuardFinding], _ scope: SyncScope, _ situations: [Situation], _ lease: LeaseHold,
    _ run: inout Run, _ progress: @escaping ProgressListener
  ) async throws {
    let plan = order.plan
    guard let planID = plan.id, let runID = run.id else { preconditionFailure("a plan and a run have numbers by now") }
    for decision in order.work where scope[decision.kind]?[decision.side].snapshot == nil {
      let system = scope[decision.side].system.name
      throw ExecutionError(.failed, "\(scope.sync.name) has no place at \(system) to write to.")
    }
    let isBegun = order.isRest && plan.state == .begun
    guard try store.claim(planID, fingerprint: plan.fingerprint, from: isBegun ? .begun : .open) else {
      throw ExecutionError(
        .stale, "\(planID) changed while it was looked at.", hint: "show plan \(planID)", reason: .stalePlan,
        plan: planID)
    }
    // A person who let removals through has answered for them: they do not count against the next days.
    let isLetThrough = lifted.contains { $0.reason == .massChange }
    try store.note(runID, activePairs: situations.activePairs, isLetThrough: isLetThrough)
    if agrees(order, lifted) { try store.agree(to: plan.settings, plan.sync, at: clock.now()) }
    let settling = Settling(
      run: runID, purpose: plan.purpose, scope: scope, pairs: PairMemory(situations.flatMap(\.links)))
    try settleDropped(plan, settling, order.isRest)
    var connectors: [Side: any Connector] = [:]
    for side in Set(order.work.map(\.side)) { connectors[side] = try connector(for: scope[side].connection) }
    let executor = Executor(
      store: store, connectors: connectors, clock: clock, progress: progress, scope: scope, plan: plan, planID: planID,
      lease: lease, settling: settling, failuresAllowed: order.limits?.failures.number, isRest: order.isRest,
      yields: order.yields,
      refresh: { stage, side in _ = try await self.read(scope, stage, side, progress: progress) })
    let tally = try await executor.carryOut(order.work, moving: plan.movedBaselines)
    run.done = tally.done
    run.failed = tally.failed + tally.unknown
    run.skipped = tally.skipped
    run.notSent = tally.notSent
    run.waiting = tally.waiting
    run.requestFloor += tally.requestFloor
    run.outcome = tally.outcome
    run.reason = tally.reason
    run.message = tally.message(plan: planID)
    if tally.isCarriedThrough { try store.setState(of: planID, to: .applied) }
    if tally.outcome == .unreachable {
      throw ExecutionError(
        .unreachable, run.message ?? "A system could not be reached.", hint: "apply \(planID) rest",
        reason: tally.reason, plan: planID)
    }
  }

  /// Whether carrying the plan out is a person's agreement to the settings that it was made under: somebody is at the
  /// terminal, or named the first plan or the settings' effect in so many words.
  private func agrees(_ order: Order, _ lifted: [GuardFinding]) -> Bool {
    who.isAttended || lifted.contains { $0.reason == .settingsEffect || $0.reason == .firstPlan }
  }

  private func settleDropped(_ plan: Plan, _ settling: Settling, _ isRest: Bool) throws {
    guard !isRest else { return }
    let dropped = plan.decisions.filter { $0.isDropped && $0.action.isChange }
    guard !dropped.isEmpty else { return }
    try store.settle(
      dropped.map {
        settling.settlement(
          of: $0, entry: nil, before: nil,
          outcome: .skipped(.dropped, message: "taken out of the plan", current: nil), at: clock.now())
      })
  }
}

extension Limit {
  fileprivate var number: Int? {
    if case .atMost(let number) = self { number } else { nil }
  }
}

extension Plan {
  /// The decisions that a guard holds back, where their exact number was said: they go with the rest of the plan.
  fileprivate func held(liftedBy overrides: Overrides?) -> [Decision] {
    let skipping = guards.filter { !$0.holdsPlan }
    guard let overrides, !skipping.isEmpty, Overrides.unlifted(skipping, by: overrides).isEmpty else { return [] }
    return decisions.compactMap(\.lifted)
  }

  /// The decisions that a guard holds back, let through or not: their number is what lets them through.
  fileprivate var heldBack: [Decision] { decisions.filter { $0.heldAction != nil && !$0.isDropped } }

  /// Pairs whose baseline moves while nothing is sent for them: both sides changed alike, or other fields of the pair
  /// settle while one is left to a person.
  fileprivate var movedBaselines: [Decision] { purpose == .sync ? decisions.filter(\.settlesOnly) : [] }
}
