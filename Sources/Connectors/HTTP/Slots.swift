/// A limit on how many may pass at once; those who wait go in the order in which they came.
import Synchronization

package final class Slots: Sendable {
  private struct State {
    var free: Int
    var nextTicket = 0
    var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    /// Tickets whose task was cancelled before it had begun to wait.
    var cancelled: Set<Int> = []
  }

  private let state: Mutex<State>

  package init(_ count: Int) {
    precondition(count > 0, "no slots: nobody could ever pass")
    state = Mutex(State(free: count))
  }

  /// Waits for a slot; each one taken has to be given back.
  /// - Throws: `.cancelled` when the task was cancelled while it waited; it then holds no slot.
  package func take() async throws(ConnectorError) {
    let ticket: Int? = state.withLock { state in
      if state.free > 0 {
        state.free -= 1
        return nil
      }
      state.nextTicket += 1
      return state.nextTicket
    }
    guard let ticket else { return }
    let isGranted = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if state.cancelled.remove(ticket) != nil { return false }
          // A slot may have become free since the first look.
          if state.free > 0 {
            state.free -= 1
            return true
          }
          state.waiting.append((ticket, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
        if let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) {
          return state.waiting.remove(at: index).continuation
        }
        state.cancelled.insert(ticket)
        return nil
      }
      continuation?.resume(returning: false)
    }
    state.withLock { _ = $0.cancelled.remove(ticket) }
    guard isGranted else { throw .cancelled }
  }

  package func giveBack() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume(returning: true)
  }
}
