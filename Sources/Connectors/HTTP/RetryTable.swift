/// What the end of an attempt means for the next one: a table, and nothing that acts.

package struct RetryTable: Sendable {
  /// How an attempt ended.
  package enum Event: Sendable {
    case answered(status: Int, retryAfter: Double?)
    case failed(ConnectorError)
  }

  package enum Action: Sendable, Equatable {
    /// Hand the answer, or the error, up.
    case finish
    /// Send it again after so many seconds.
    case again(after: Double)
  }

  /// Attempts in all, for throttling and gateways.
  package var attempts = 5
  /// Attempts in all where nothing could be connected to, and for a plain 500.
  package var fewAttempts = 3
  /// The first wait without `Retry-After`, in seconds; it doubles.
  package var base = 0.4
  package var cap = 30.0
  /// A longer pause is not waited for.
  package var patience = 120.0

  package init() {}

  /// - Parameters:
  ///   - attempt: counted from 1.
  ///   - jitter: from 0 up to 1.
  package func decide(_ event: Event, attempt: Int, isRepeatable: Bool, jitter: Double) -> Action {
    switch event {
    case .answered(429, let retryAfter):
      // Throttled means refused, so that even a create may be sent again.
      again(attempt, of: attempts, jitter, atLeast: retryAfter)
    case .answered(let status, let retryAfter)
    where [408, 423, 502, 503, 504].contains(status)
      || (520...524).contains(status):
      isRepeatable ? again(attempt, of: attempts, jitter, atLeast: retryAfter) : .finish
    case .answered(500, _):
      isRepeatable ? again(attempt, of: fewAttempts, jitter, atLeast: nil) : .finish
    case .answered: .finish
    case .failed(let error) where error.kind == .unreachable && error.delivery == .notSent:
      again(attempt, of: fewAttempts, jitter, atLeast: nil)
    case .failed(let error) where error.kind == .unreachable && isRepeatable:
      again(attempt, of: fewAttempts, jitter, atLeast: nil)
    case .failed: .finish
    }
  }

  private func again(_ attempt: Int, of limit: Int, _ jitter: Double, atLeast: Double?) -> Action {
    guard attempt < limit else { return .finish }
    var wait = base
    for _ in 1..<max(attempt, 1) { wait = min(wait * 2, cap) }
    // `Retry-After` has been seen to say 1 for ever, so that our own growth goes on beside it.
    wait = max(wait * (0.75 + 0.5 * jitter), atLeast ?? 0)
    return wait > patience ? .finish : .again(after: wait)
  }
}
