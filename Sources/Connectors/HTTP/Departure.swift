/// The point of a write after which it can no longer be called back: what has left must be seen through and settled.
import Synchronization

package final class Departure: Sendable {
  private enum State { case waiting, departed, calledBack }
  private let state = Mutex(State.waiting)

  package init() {}

  /// Called just before the first request leaves; false when the write was called back before.
  package func depart() -> Bool {
    state.withLock { state in
      if state == .calledBack { return false }
      state = .departed
      return true
    }
  }

  /// False when something has left already.
  package func callBack() -> Bool {
    state.withLock { state in
      if state == .departed { return false }
      state = .calledBack
      return true
    }
  }

  /// Runs one write so that a cancelled caller waits for what has left, and stops what has not.
  package static func carryOut(
    _ write: @escaping @Sendable (Departure) async -> WriteOutcome
  ) async -> WriteOutcome {
    await carryOut(otherwise: .notSent(.cancelled), write)
  }

  /// The same for writes that leave together.
  /// - Parameter otherwise: what became of them when the caller was cancelled before they were begun.
  package static func carryOut<Result: Sendable>(
    otherwise: Result, _ work: @escaping @Sendable (Departure) async -> Result
  ) async -> Result {
    guard !Task.isCancelled else { return otherwise }
    let departure = Departure()
    // Detached so that the caller's cancellation reaches it only through `callBack`.
    // It goes on though the caller was called off, and is counted for the caller all the same.
    let meter = RequestMeter.current
    let task = Task.detached { await RequestMeter.$current.withValue(meter) { await work(departure) } }
    return await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      if departure.callBack() { task.cancel() }
    }
  }
}
