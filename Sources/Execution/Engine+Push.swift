/// The short way of two-way syncs: edits at the target reach the source within `push-every`, without a whole run.
import Connectors
package import Foundation
package import Model
import Planning
import Storage

/// A sync that a scheduler looks after, and when.
package struct PushedSync: Hashable, Sendable {
  package var sync: SyncName
  package var times: PushTimes
}

/// What one step of a scheduler came to.
package enum SchedulerDeed: Sendable {
  /// Edits were sent to the source.
  case pushed(SyncName, Run)
  /// Both sides were read and the plan was carried out.
  case synced(SyncName, Run)
  case failed(SyncName, ExecutionError)
  /// Somebody waits for the sync or is at work on it; it is looked at again shortly.
  case letPass(SyncName)
}

extension Engine {
  /// The syncs that push edits back or are pulled hourly, with the moments at which they are due, soonest first.
  ///
  /// A sync takes part when it is enabled and its recipe has the setting `push-every`.
  package func pushes() throws -> [PushedSync] {
    try store.syncs().compactMap { sync in
      let settings = try settings(for: sync)
      guard settings.flag(.enabled), let every = settings.pushInterval else { return nil }
      let scope = try scope(of: sync.name)
      let looks = try scope.stages.compactMap { stage in
        try stage.target.snapshot.flatMap { try store.lastAttempt(of: $0)?.finishedAt }
      }
      let lastRun = try store.runs(of: sync.name, limit: 200).first { ["sync", "apply"].contains($0.verb) }?.startedAt
      return PushedSync(
        sync: sync.name,
        times: PushTimes(
          pushEvery: scope.isTwoWay ? every : nil, lastLook: looks.min(), lastRun: lastRun, now: clock.now()))
    }.sorted { ($0.times.next, $0.sync) < ($1.times.next, $1.sync) }
  }

  /// Looks for edits at the target and sends them to the source.
  ///
  /// Only the target is read; the source is read too where something has to be sent. Everything else that a plan would
  /// do is left to the next whole run. It holds the sync's lease, and what it sends is guarded, journalled and recorded
  /// like any other run; a look that finds nothing to send leaves no run, and neither does one whose edits are held: they
  /// are a part of the sync's plan, and a person decides over the whole of it.
  /// - Returns: the run; `nil` when nothing was sent.
  /// - Throws: `.leaseHeld` while another run is under way; `.refusedByGuard` when the edits may not be sent without a
  ///   person; ``ExecutionError`` when a system cannot be read.
  package func push(_ name: SyncName, progress: @escaping ProgressListener = { _ in }) async throws -> Run? {
    let scope = try scope(of: name)
    guard !isDry, scope.isTwoWay, scope.settings.pushInterval != nil else { return nil }
    do {
      return try await RequestMeter.measure { meter in
        try await holdingLease(of: name, verb: "push", wait: nil, progress: progress) { lease in
          try await settleLeftovers(of: scope, own: nil, progress: progress)
          _ = try await read(scope, .target, progress: progress)
          guard try !edits(in: situations(of: scope)).decisions.isEmpty else { return nil }
          _ = try await read(scope, .source, progress: progress)
          let situations = try situations(of: scope)
          var plan = edits(in: situations)
          guard !plan.decisions.isEmpty else { return nil }
          if let refusal = Admission.refusal(for: plan.obstacles) { throw refusal }
          let guards = plan.guards.filter(\.holdsPlan)
          guard guards.isEmpty else {
            throw ExecutionError(
              .refusedByGuard,
              "The edits at \(scope[.target].system.name) are held: "
                + guards.map(\.sentence).joined(separator: "; "), hint: "preview \(name)", guards: guards,
              reason: guards.first?.reason)
          }
          return try await recording("push", of: name, plan: nil, countedBy: meter) { run in
            plan.id = try store.add(plan)
            run.plan = plan.id
            let order = Order(
              plan: plan, work: plan.work, isRest: false, yields: true, limits: Self.anything, overrides: nil,
              obstacles: [], guards: [])
            try await carryOut(order, lifted: [], scope, situations, lease, &run, progress)
          }
        }
      }
    } catch {
      throw ExecutionError(describing: error)
    }
  }

  /// The plan cut down to what it writes to the source, numbered anew.
  private func edits(in situations: [Situation]) -> Plan {
    let whole = Planner.plan(situations)
    let pairs = PairMemory(situations.flatMap(\.links))
    var decisions = whole.decisions.filter { decision in
      guard decision.side == .source, decision.action.write != nil else { return false }
      // A pair that was only found is linked by a whole run first.
      return decision.action == .create || decision.linking != .none
        || pairs.linked(decision.kind, .source, decision.source) != nil
    }
    for index in decisions.indices { decisions[index].number = index + 1 }
    return Plan(
      sync: whole.sync, madeAt: whole.madeAt, settings: whole.settings, decisions: decisions,
      guards: Guard.findings(decisions, in: situations), obstacles: whole.obstacles, reads: whole.reads)
  }

  /// What runs by itself is limited by the guards alone; the first plan is not among what it may do.
  private static let anything = Limits(
    Dictionary(Limits.words.map { ($0, .any) }) { _, last in last })

  /// A whole run that nobody asked for just now: only the guards limit it, nobody is asked, and whoever waits for the sync
  /// goes first.
  /// - Throws: as ``sync(_:limits:wait:yields:confirm:progress:)``.
  package func syncUnattended(
    _ name: SyncName, progress: @escaping ProgressListener = { _ in }
  ) async throws -> Run {
    try await sync(name, limits: Self.anything, yields: true, confirm: { _ in false }, progress: progress)
  }

  /// The same for a sync with many destinations.
  package func syncPartsUnattended(
    of name: SyncName, progress: @escaping ProgressListener = { _ in }
  ) async throws -> FanOutRun {
    try await syncParts(of: name, limits: Self.anything, yields: true, confirm: { _ in false }, progress: progress)
  }

  /// Does what is due, one sync after the other: a whole run where one is due, else a push.
  ///
  /// A sync that somebody waits for, or works on, is let pass. One failure does not keep the others from their turn.
  /// - Returns: what was done (a look that found nothing is not listed), and when to come again.
  /// - Throws: `StoreError`, and ``ExecutionError`` `.cancelled`.
  package func schedulerStep(
    progress: @escaping ProgressListener = { _ in }
  ) async throws -> (did: [SchedulerDeed], next: Date) {
    var did: [SchedulerDeed] = []
    var passed = false
    for entry in try pushes() where entry.times.next <= clock.now() {
      try Task.checkCancellation()
      guard try store.waiting(for: entry.sync, now: clock.now()) == nil else {
        did.append(.letPass(entry.sync))
        passed = true
        continue
      }
      do {
        if entry.times.full > clock.now() {
          do {
            if let run = try await push(entry.sync, progress: progress) { did.append(.pushed(entry.sync, run)) }
            continue
          } catch let held as ExecutionError where held.kind == .refusedByGuard {
            // The whole plan is made and kept for a person, once: until the next pull nothing would be new in it.
            if try store.runs(of: entry.sync, limit: 1).first?.outcome == .held { continue }
          }
        }
        did.append(.synced(entry.sync, try await syncUnattended(entry.sync, progress: progress)))
      } catch let error as ExecutionError where error.kind == .leaseHeld {
        did.append(.letPass(entry.sync))
        passed = true
      } catch let error as ExecutionError where error.kind != .cancelled {
        did.append(.failed(entry.sync, error))
      }
    }
    let now = clock.now()
    let shortly = now.adding(Self.patience)
    // What was let pass, or could not be done, is due still: it is not asked for without a pause.
    let due = try pushes().map { max($0.times.next, shortly) }.min()
    return (did, passed ? shortly : due ?? now.adding(PushTimes.pullEvery))
  }

  private static let patience: Duration = .seconds(5)
}

extension SyncScope {
  /// Whether edits of the target travel to the source in any stage.
  var isTwoWay: Bool { stages.contains { $0.stage.direction(settings) == .twoWay } }
}

extension Settings {
  /// `nil` where the recipe has no such setting.
  fileprivate var pushInterval: Duration? {
    declarations[.pushEvery] == nil ? nil : .seconds(seconds(.pushEvery))
  }
}
