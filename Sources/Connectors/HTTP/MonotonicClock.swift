/// Time as pacing and sign-in need it, so that a test can run it by hand.

/// A clock that never goes back, and can be waited on.
package protocol MonotonicClock: Sendable {
  /// Seconds since a moment of the clock's own.
  func now() -> Double
  /// - Throws: when the waiting task was cancelled.
  func sleep(seconds: Double) async throws
}

/// The machine's clock.
package struct SystemMonotonicClock: MonotonicClock {
  private let start = ContinuousClock.now
  package init() {}

  package func now() -> Double {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  package func sleep(seconds: Double) async throws {
    try await Task.sleep(for: .seconds(min(max(seconds, 0), 86_400)))
  }
}
