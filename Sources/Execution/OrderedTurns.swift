/// Lets work that goes on side by side do one thing in order.
import Synchronization

/// One piece of work among several that go on side by side.
struct Turn: Sendable {
  let turns: OrderedTurns
  let number: Int

  func wait() async { await turns.wait(for: number) }
  func end() { turns.end(number) }
}

/// Each piece of work has a number, counted from 0, and has to end; pieces are begun in the order of their numbers.
final class OrderedTurns: Sendable {
  private struct State {
    /// All before it have ended.
    var next = 0
    var ended: Set<Int> = []
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  /// Returns when all with a smaller number have ended.
  func wait(for number: Int) async {
    await withCheckedContinuation { continuation in
      let isNext = state.withLock { state in
        guard number > state.next else { return true }
        state.waiting[number] = continuation
        return false
      }
      if isNext { continuation.resume() }
    }
  }

  /// More than once is as good as once.
  func end(_ number: Int) {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard number >= state.next else { return nil }
      state.ended.insert(number)
      while state.ended.remove(state.next) != nil { state.next += 1 }
      return state.waiting.removeValue(forKey: state.next)
    }
    next?.resume()
  }
}
