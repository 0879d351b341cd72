/// Syncs with many destinations: the source is read once, each destination is planned and carried out by itself, several
/// of them side by side.
import Connectors
import Foundation
package import Model
package import Planning
import Storage

/// The plan of one destination, without its decisions: those are in the store.
package struct PartPlan: Sendable {
  package var sync: Sync
  package var place: SyncPlace
  /// `nil` where nothing was planned: the destination cannot be written to, or could not be read.
  package var plan: PlanID?
  package var counts: [Action: Int] = [:]
  package var changeCounts: [ChangeKind: Int] = [:]
  package var guards: [GuardFinding] = []
  package var obstacles: [Cause] = []
  /// Why this destination is left alone, while the others go on.
  package var leftAlone: Cause?
  /// What becomes of the name of the sync's group there.
  package var renaming: GroupRenaming?
  package var failure: ExecutionError?

  package var hasChanges: Bool { counts.contains { $0.key.isChange && $0.value > 0 } }
}

/// The plans of all destinations of one sync.
package struct FanOutPlan: Sendable {
  package var parts: [PartPlan]
  /// Places whose names changed since they were last seen: old, new.
  package var renamed: [(from: String, to: String)]
  /// Selectors that lead nowhere, or not to everybody whom they mean, each with its cause.
  package var faults: [String: Cause]
  package var requests: Int
  package var requestFloor: Int
  package var run: RunID?

  /// Everything that all of them together would change.
  package var changeCounts: [ChangeKind: Int] {
    parts.reduce(into: [:]) { sum, part in sum.merge(part.changeCounts, uniquingKeysWith: +) }
  }
}

/// What became of all destinations.
package struct FanOutRun: Sendable {
  /// Of the sync as a whole; its numbers are those of all destinations together.
  package var run: Run
  package var plan: FanOutPlan
  /// The runs of the destinations that were carried out or held, by name.
  package var runs: [(sync: Sync, run: Run)]
  package var failures: [(sync: Sync, error: ExecutionError)]
}

extension Engine {
  /// How many destinations are planned or written to at once; within one of them everything goes one after another.
  static let destinationsAtOnce = 8

  /// Makes a plan for each destination and keeps it; writes nothing.
  /// - Throws: ``ExecutionError`` when the destinations cannot be found or the source cannot be read.
  package func previewParts(
    of name: SyncName, offline: Bool = false, trying: [SettingKey: SettingValue] = [:],
    progress: @escaping ProgressListener = { _ in }
  ) async throws -> FanOutPlan {
    var made: FanOutPlan?
    let run = try await recording("preview", of: name, plan: nil) { run in
      let plan = try await planParts(of: name, offline: offline, trying: trying, own: run.id, progress: progress)
      run.requestFloor = plan.requestFloor
      run.outcome = plan.outcome
      run.message = plan.remarks
      made = plan
    }
    guard var plan = made else { preconditionFailure("a preview without plans has thrown") }
    plan.run = run.id
    return plan
  }

  /// Plans and carries out every destination. What all of them together would change is within `limits`, or nothing is
  /// sent; a guard holds only the destination that is over it.
  ///
  /// - Parameter confirm: asked at the terminal, once for all.
  /// - Throws: ``ExecutionError`` when nothing was sent.
  package func syncParts(
    of name: SyncName, limits: Limits?, wait: Duration? = nil, yields: Bool = false,
    confirm: @escaping @Sendable (FanOutPlan) async -> Bool, progress: @escaping ProgressListener = { _ in }
  ) async throws -> FanOutRun {
    var made: FanOutPlan?
    var runs: [(sync: Sync, run: Run)] = []
    var failures: [(sync: Sync, error: ExecutionError)] = []
    let run = try await recording("sync", of: name, plan: nil) { run in
      let plan = try await planParts(of: name, offline: false, trying: [:], own: run.id, progress: progress)
      made = plan
      run.requestFloor = plan.requestFloor
      if let refusal = plan.parts.lazy.compactMap({ Admission.refusal(for: $0.obstacles) }).first {
        throw refusal
      }
      if let limits {
        let exceeded = Limits.exceeded(by: plan.changeCounts, limits, what: name.rawValue)
        guard exceeded.isEmpty else {
          throw ExecutionError(
            .overLimit, "Refused: \(exceeded.joined(separator: "; ")). Nothing was sent.", hint: "show plans")
        }
      }
      run.message = plan.remarks
      if isDry {
        run.message = "dry: nothing was sent"
        return
      }
      if limits == nil, plan.parts.contains(where: \.hasChanges) {
        guard who.isAttended else {
          throw ExecutionError(.invalid, "Nobody can be asked here, and nothing was confirmed.", hint: "sync \(name)")
        }
        guard await confirm(plan) else {
          run.outcome = .refused
          run.message = "Not confirmed; nothing was sent."
          return
        }
      }
      let results = try await carryOut(plan, limits: limits, wait: wait, progress: progress)
      (runs, failures) = (results.runs, results.failures)
      run.sum(runs.map(\.run))
      run.outcome = Self.outcome(plan, runs.map(\.run), failures.map(\.error))
      try Task.checkCancellation()
    }
    guard let plan = made else { preconditionFailure("a run without plans has thrown") }
    return FanOutRun(run: run, plan: plan, runs: runs, failures: failures)
  }

  // MARK: - Planning

  private func planParts(
    of name: SyncName, offline: Bool, trying: [SettingKey: SettingValue], own: RunID?,
    progress: @escaping ProgressListener
  ) async throws -> FanOutPlan {
    try await RequestMeter.measure { meter in
      var plan = try await makePlans(of: name, offline: offline, trying: trying, own: own, progress: progress)
      plan.requests = meter.count
      return plan
    }
  }

  private func makePlans(
    of name: SyncName, offline: Bool, trying: [SettingKey: SettingValue], own: RunID?,
    progress: @escaping ProgressListener
  ) async throws -> FanOutPlan {
    var plan = FanOutPlan(parts: [], renamed: [], faults: [:], requests: 0, requestFloor: 0)
    var parts: [(sync: Sync, place: SyncPlace)]
    if offline {
      let places = Dictionary(try store.places(of: name).filter { $0.side == .target }.map { ($0.id, $0) }) { $1 }
      parts = try store.parts(of: name).compactMap { part in
        part.place.flatMap { places[$0] }.map { (part, $0) }
      }
    } else {
      let expansion = try await expand(name)
      (parts, plan.renamed, plan.faults) = (expansion.parts, expansion.renamed, expansion.faults)
      plan.requestFloor = expansion.requestFloor
      // One reading of the source for all of them.
      let whole = try scope(of: name, trying: trying)
      for reading in try await read(whole, .source, progress: progress) { plan.requestFloor += reading.floor }
    }
    let turns = OrderedTurns()
    try await sideBySide(Array(parts.enumerated())) { number, part in
      // Plans have numbers in the order of their destinations, whichever is read first.
      let turn = Turn(turns: turns, number: number)
      defer { turn.end() }
      return await self.plan(
        part.sync, part.place, offline: offline, trying: trying, own: own, turn: turn, progress: progress)
    } each: { made in
      plan.requestFloor += made.floor
      plan.parts.append(made.part)
    }
    plan.parts.sort { $0.sync.name < $1.sync.name }
    return plan
  }

  private func plan(
    _ sync: Sync, _ place: SyncPlace, offline: Bool, trying: [SettingKey: SettingValue], own: RunID?,
    turn: Turn, progress: @escaping ProgressListener
  ) async -> (part: PartPlan, floor: Int) {
    var part = PartPlan(sync: sync, place: place)
    do {
      let scope = try scope(of: sync.name, trying: trying)
      if let cause = scope.part?.cause {
        part.leftAlone = cause
        return (part, 0)
      }
      if !offline { try await recoverUnlessBusy(scope, own: own, progress: progress) }
      let (plan, _) = try await makePlan(
        scope, offline: offline, sides: [.target], trying: trying, turn: turn, progress: progress)
      part.plan = plan.id
      part.counts = plan.counts
      part.changeCounts = plan.changeCounts
      part.guards = plan.guards
      part.obstacles = plan.obstacles
      part.renaming = try groupRenaming(in: scope)
      return (part, plan.requestFloor)
    } catch let error as ConnectorError where error.closing != nil {
      return (await leftAlone(part, error), 0)
    } catch {
      part.failure = ExecutionError(describing: error)
      return (part, 0)
    }
  }

  /// A destination that turned out to be closed when it was read: kept with its place, so that `why` knows.
  private func leftAlone(_ part: PartPlan, _ error: ConnectorError) async -> PartPlan {
    var part = part
    part.place.fault = error.closing
    do {
      if let whole = try store.whole(of: part.sync.name) { try store.put([part.place], of: whole.name) }
      part.leftAlone = error.closing
    } catch {
      part.failure = ExecutionError(describing: error)
    }
    return part
  }

  // MARK: - Carrying out

  private func carryOut(
    _ plan: FanOutPlan, limits: Limits?, wait: Duration?, progress: @escaping ProgressListener
  ) async throws -> (runs: [(sync: Sync, run: Run)], failures: [(sync: Sync, error: ExecutionError)]) {
    var runs: [(sync: Sync, run: Run)] = []
    var failures: [(sync: Sync, error: ExecutionError)] = plan.parts.compactMap { part in
      part.failure.map { (part.sync, $0) }
    }
    let work = plan.parts.filter { $0.plan != nil }
    let turns = OrderedTurns()
    try await sideBySide(Array(work.enumerated())) { number, part in
      // Runs have numbers in the order of their destinations, too.
      let turn = Turn(turns: turns, number: number)
      defer { turn.end() }
      return await self.carryOut(part, limits: limits, wait: wait, turn: turn, progress: progress)
    } each: { result in
      if let run = result.run { runs.append((result.sync, run)) }
      if let error = result.error { failures.append((result.sync, error)) }
    }
    return (runs.sorted { $0.sync.name < $1.sync.name }, failures.sorted { $0.sync.name < $1.sync.name })
  }

  private func carryOut(
    _ part: PartPlan, limits: Limits?, wait: Duration?, turn: Turn, progress: @escaping ProgressListener
  ) async -> (sync: Sync, run: Run?, error: ExecutionError?) {
    var run: Run?
    do {
      guard let id = part.plan else { throw ExecutionError(.failed, "\(part.sync.name) has no plan.") }
      run = try await apply(
        id, limits: limits, wait: wait,
        // What was agreed to is the whole; a guard still holds its own destination.
        mayLiftByAsking: false, turn: turn, confirm: { _, _ in .goOn }, progress: progress)
      try await settlePlace(of: part.sync.name)
      return (part.sync, run, nil)
    } catch {
      // What was sent stays sent, though its place could not be settled.
      return (part.sync, run, ExecutionError(describing: error))
    }
  }

  /// Works on several elements at once and hands each result over as it comes, so that no more is in memory than is under
  /// way.
  private func sideBySide<Element: Sendable, Product: Sendable>(
    _ elements: [Element], work: @escaping @Sendable (Element) async -> Product, each: (Product) -> Void
  ) async throws {
    await withTaskGroup(of: Product.self) { group in
      var waiting = elements[...]
      for element in waiting.prefix(Self.destinationsAtOnce) { group.addTask { await work(element) } }
      waiting = waiting.dropFirst(Self.destinationsAtOnce)
      while let product = await group.next() {
        each(product)
        guard !Task.isCancelled, let element = waiting.popFirst() else { continue }
        group.addTask { await work(element) }
      }
    }
    try Task.checkCancellation()
  }

  private static func outcome(_ plan: FanOutPlan, _ runs: [Run], _ failures: [ExecutionError]) -> RunOutcome {
    if runs.contains(where: { $0.outcome == .failed || $0.failed > 0 }) || !plan.faults.isEmpty { return .failed }
    let held = failures.allSatisfy { $0.kind == .refusedByGuard }
    guard !failures.isEmpty else { return .ok }
    return held ? .held : runs.isEmpty && failures.allSatisfy { $0.kind == .unreachable } ? .unreachable : .failed
  }
}

extension FanOutPlan {
  fileprivate var outcome: RunOutcome {
    parts.contains { $0.failure != nil } || !faults.isEmpty ? .failed : .ok
  }

  /// What has to be told beside the numbers, in a line.
  package var remarks: String? {
    let left = parts.compactMap { part in part.leftAlone.map { "\(part.place.name) \($0.reason.rawValue)" } }
    let lines =
      renamed.map { "\($0.from) is \($0.to) now" }
      + faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.reason.rawValue)" }
      + renamings
      + (left.isEmpty ? [] : ["left alone: " + left.joined(separator: ", ")])
    return lines.isEmpty ? nil : lines.joined(separator: "; ")
  }
}

extension FanOutPlan {
  /// What becomes of the names of groups: once for all destinations at which it is the same.
  package var renamings: [String] {
    let counts = parts.lazy.compactMap(\.renaming).reduce(into: [GroupRenaming: Int]()) { $0[$1, default: 0] += 1 }
    return counts.sorted { ($0.key.old, $0.key.new) < ($1.key.old, $1.key.new) }.map { renaming, count in
      let ending = count == 1 ? "1 destination" : "\(count) destinations"
      return renaming.isAgreed
        ? "the label \(renaming.old) becomes \(renaming.new) at \(ending)"
        : "the label \(renaming.old) stays at \(ending) until a person applies a plan under the new name "
          + renaming.new
    }
  }
}

extension Run {
  /// The numbers of several runs as one.
  fileprivate mutating func sum(_ parts: [Run]) {
    for part in parts {
      done += part.done
      failed += part.failed
      skipped += part.skipped
      notSent += part.notSent
      requestFloor += part.requestFloor
    }
  }
}
