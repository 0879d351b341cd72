/// Every attempt is a run row: begun before anything else, ended with what became of it.
import Connectors
import Foundation
import Model
import Storage

extension Engine {
  /// Runs `body` as an attempt that is recorded, also when it fails.
  ///
  /// - Parameters:
  ///   - outer: what has been counting the attempt's requests from before its row was begun; `nil`: they begin here.
  ///   - turn: waited for before the run gets its number, and ended as soon as it has it.
  ///   - body: fills in counts, plan and outcome; an outcome left at `.running` becomes `.ok`.
  /// - Throws: ``ExecutionError`` with the run's number; the row says the same.
  func recording(
    _ verb: String, of sync: SyncName, plan: PlanID?, countedBy outer: RequestMeter? = nil,
    turn: Turn? = nil, body: (inout Run) async throws -> Void
  ) async throws -> Run {
    var run = Run(
      sync: sync, plan: plan, verb: verb, by: who.user, isAttended: who.isAttended, startedAt: clock.now(),
      outcome: .running, script: who.script)
    await turn?.wait()
    run.id = try store.begin(run)
    turn?.end()
    do {
      try await RequestMeter.measure { meter in
        defer { run.requests = (outer ?? meter).count }
        try await body(&run)
      }
    } catch {
      var failure = ExecutionError(describing: error)
      run.endedAt = clock.now()
      run.outcome = failure.kind.runOutcome
      run.message = failure.message
      run.reason = failure.reason
      // The first failure is the one to tell, whatever the store says now.
      try? store.end(run)
      failure.run = run.id
      failure.plan = failure.plan ?? run.plan
      throw failure
    }
    run.endedAt = clock.now()
    if run.outcome == .running { run.outcome = .ok }
    try store.end(run)
    return run
  }
}

extension ExecutionError {
  /// Any failure as one of ours.
  init(describing error: any Error) {
    switch error {
    case let error as ExecutionError: self = error
    case let error as ConnectorError: self.init(error)
    case let error as StoreError: self.init(.failed, error.message, hint: error.hint)
    case is CancellationError: self.init(.cancelled, "Interrupted.", reason: .runEndedEarly)
    default: self.init(.failed, "\(error)")
    }
  }
}

extension ExecutionError.Kind {
  /// How a run that ended with this failure is recorded.
  var runOutcome: RunOutcome {
    switch self {
    case .unreachable: .unreachable
    case .refusedByGuard: .held
    case .overLimit, .stale, .usedUp, .leaseHeld, .invalid: .refused
    case .failed: .failed
    case .cancelled: .interrupted
    }
  }
}
