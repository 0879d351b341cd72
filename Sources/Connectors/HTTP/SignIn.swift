/// Access tokens, one for each partition, renewed in time and by one at a time.
package import Model
import Synchronization

package struct AccessToken: Sendable, Hashable {
  package var value: Secret
  /// Seconds from the answer on for which it is good.
  package var lifetime: Double
  package init(value: Secret, lifetime: Double) {
    self.value = value
    self.lifetime = lifetime
  }
}

package final class SignIn: Sendable {
  private struct Held {
    var token: AccessToken
    var obtainedAt: Double
    func isFresh(at now: Double, margin: Double?) -> Bool {
      now < obtainedAt + (margin.map { max(token.lifetime - $0, 0) } ?? token.lifetime * 0.8)
    }
    func isValid(at now: Double) -> Bool { now < obtainedAt + token.lifetime }
  }

  private struct State {
    var held: [String: Held] = [:]
    var turns: [String: Slots] = [:]
  }

  private let state = Mutex(State())
  private let clock: any MonotonicClock
  private let margin: Double?
  private let fetch: @Sendable (String) async throws(ConnectorError) -> AccessToken

  /// - Parameters:
  ///   - margin: so many seconds before its end a token is renewed; `nil`: when a fifth of its life is left.
  ///   - fetch: asks for a new token for a partition.
  package init(
    clock: any MonotonicClock, margin: Double? = nil,
    fetch: @escaping @Sendable (String) async throws(ConnectorError) -> AccessToken
  ) {
    self.clock = clock
    self.margin = margin
    self.fetch = fetch
  }

  /// A token that is good for a while yet.
  ///
  /// - Parameter rejected: a token that the system has refused; it is not given again.
  package func token(
    for partition: String, insteadOf rejected: Secret? = nil
  ) async throws(ConnectorError) -> Secret {
    if let good = fresh(partition, rejected) { return good }
    let turn = state.withLock { state in
      if let turn = state.turns[partition] { return turn }
      let turn = Slots(1)
      state.turns[partition] = turn
      return turn
    }
    try await turn.take()
    defer { turn.giveBack() }
    // Whoever was before us may have fetched it.
    if let good = fresh(partition, rejected) { return good }
    do throws(ConnectorError) {
      let token = try await fetch(partition)
      let held = Held(token: token, obtainedAt: clock.now())
      state.withLock { $0.held[partition] = held }
      return token.value
    } catch {
      // A token past its refresh time is still good while the sign-in host cannot be reached.
      let now = clock.now()
      if error.kind == .unreachable, let old = state.withLock({ $0.held[partition] }), old.isValid(at: now),
        old.token.value != rejected
      {
        return old.token.value
      }
      throw error
    }
  }

  /// Forgets a partition's token, so that the next one carries newly granted permissions.
  package func forget(_ partition: String) { state.withLock { $0.held[partition] = nil } }

  private func fresh(_ partition: String, _ rejected: Secret?) -> Secret? {
    let now = clock.now()
    guard let held = state.withLock({ $0.held[partition] }), held.isFresh(at: now, margin: margin),
      held.token.value != rejected
    else { return nil }
    return held.token.value
  }
}
