/// `undo`: a plan that reverses a run, made upon a fresh look at what the run touched.
import Connectors
import Foundation
package import Model
import Planning
import Storage

extension Engine {
  /// Makes and keeps the plan that takes a run back; it is applied like any other.
  ///
  /// Every record that the run changed is read again first: what somebody edited since is kept, and listed.
  /// - Throws: ``ExecutionError`` for an unknown run, one that changed nothing, or an unreachable target.
  package func undoPlan(
    _ id: RunID, progress: @escaping ProgressListener = { _ in }
  ) async throws -> Plan {
    guard let run = try store.run(id) else {
      throw ExecutionError(.invalid, "There is no run \(id).", hint: "show runs")
    }
    let scope = try scope(of: run.sync)
    try await recoverUnlessBusy(scope, own: nil, progress: progress)
    let lines = try store.lines(of: id).filter { $0.outcome == .done && $0.action.isChange }
    guard !lines.isEmpty else {
      throw ExecutionError(.invalid, "\(id) changed nothing, so there is nothing to take back.", hint: "show run \(id)")
    }
    for stage in scope.stages {
      for side in Side.allCases {
        let written = lines.filter { $0.kind == stage.kind && $0.side == side && $0.action.write != nil }
        try await lookAgain(at: written.compactMap { side == .source ? $0.source : $0.target }, stage[side])
      }
    }
    var plan = try Undo.plan(reversing: run, lines: lines, in: situations(of: scope))
    plan.id = try store.add(plan)
    return plan
  }

  /// Reads records directly into the snapshot; those that are not found leave it.
  private func lookAgain(at ids: [RecordID], _ place: SideScope) async throws {
    guard !ids.isEmpty, let snapshot = place.snapshot else { return }
    let connector = try connector(for: place.connection)
    var rest = ids[...]
    while !rest.isEmpty {
      let chunk = Array(rest.prefix(Executor.chunkSize))
      rest = rest.dropFirst(chunk.count)
      do {
        let records = try await connector.read(chunk, of: place.kind, in: place.read)
        for record in records { try store.replace(record, in: snapshot, at: clock.now()) }
        let missing = Set(chunk).subtracting(records.map(\.id))
        if !missing.isEmpty { try store.bury(missing.sorted(), in: snapshot, at: clock.now()) }
      } catch let error as ConnectorError {
        throw ExecutionError(error)
      }
    }
  }
}
