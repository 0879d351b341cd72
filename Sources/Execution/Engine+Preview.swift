/// `preview`: read, plan, keep the plan, write nothing.
import Foundation
package import Model
import Planning
import Storage

package struct PreviewResult: Sendable {
  /// Numbered and stored.
  package var plan: Plan
  package var requests: Int
  /// The fewest requests that could have read as much.
  package var floor: Int
  package var duration: Duration
  package var runID: RunID?
}

extension Engine {
  /// Makes a plan for a sync and keeps it.
  ///
  /// What an earlier run left without an outcome is looked up first, where no run is under way.
  /// - Parameters:
  ///   - offline: plan upon the last readings; no system is asked.
  ///   - trying: settings to plan with, without setting them; the plan is then a what-if and cannot be applied.
  ///   - verb: how the attempt is recorded.
  /// - Throws: ``ExecutionError``; the attempt is recorded either way.
  package func preview(
    _ name: SyncName, offline: Bool = false, trying: [SettingKey: SettingValue] = [:], verb: String = "preview",
    progress: @escaping ProgressListener = { _ in }
  ) async throws -> PreviewResult {
    let startedAt = clock.now()
    let scope = try scope(of: name, trying: trying)
    var made: Plan?
    let run = try await recording(verb, of: name, plan: nil) { run in
      if !offline { try await recoverUnlessBusy(scope, own: run.id, progress: progress) }
      let (plan, situations) = try await makePlan(scope, offline: offline, trying: trying, progress: progress)
      made = plan
      run.plan = plan.id
      run.requestFloor = plan.requestFloor
      if let id = run.id, trying.isEmpty {
        try store.note(id, activePairs: situations.activePairs, isLetThrough: false)
      }
    }
    guard let plan = made else { preconditionFailure("a preview without a plan has thrown") }
    return PreviewResult(
      plan: plan, requests: run.requests, floor: run.requestFloor,
      duration: .seconds(clock.now().timeIntervalSince(startedAt)), runID: run.id)
  }

  /// Reads (unless `offline`), plans, numbers the plan and keeps it.
  func makePlan(
    _ scope: SyncScope, offline: Bool, sides: Set<Side> = [.source, .target],
    trying: [SettingKey: SettingValue] = [:], turn: Turn? = nil,
    progress: @escaping ProgressListener
  ) async throws -> (plan: Plan, situations: [Situation]) {
    var reading = offline ? SyncReading() : try await readBothSides(of: scope, sides: sides, progress: progress)
    var situations = try situations(of: scope)
    if !offline, let proof = try await proveAbsence(in: scope, situations, progress: progress) {
      reading.requests += proof.requests
      reading.floor += proof.floor
      situations = try self.situations(of: scope)
    }
    try Task.checkCancellation()
    var plan = Planner.plan(situations)
    if trying.isEmpty {
      try store.stopWaiting(plan.arrived(of: situations.flatMap(\.waiting.values)), of: scope.sync.name)
    }
    plan.requests = reading.requests
    plan.requestFloor = reading.floor
    if !trying.isEmpty {
      plan.state = .whatIf
      plan.whatIf = Dictionary(trying.map { ($0.key.rawValue, $0.value.displayed) }) { _, last in last }
    }
    await turn?.wait()
    let id = try store.add(plan)
    plan.id = id
    progress(.planned(id, sync: scope.sync.name, counts: plan.counts))
    return (plan, situations)
  }
}

extension [Situation] {
  /// Pairs whose target is active, of every stage: what removals are measured against.
  var activePairs: Int {
    reduce(0) { sum, situation in
      let active = Set(situation.target.records.lazy.filter { $0.state == .active }.map(\.id))
      return sum + situation.links.count { $0.state == .linked && active.contains($0.target) }
    }
  }
}
