/// When the next request may leave: a pure decision over a token bucket and the pauses that a system asked for.

/// How fast one connection may ask.
package struct Pace: Sendable {
  /// Requests under way at once.
  package var concurrency: Int
  /// Requests a second in the long run.
  package var perSecond: Double
  /// Requests that may leave at once after a rest.
  package var burst: Int
  /// The longest pause, in seconds, that is waited for; a longer one is an error.
  package var patience: Double
  package init(concurrency: Int, perSecond: Double, burst: Int, patience: Double = 120) {
    self.concurrency = concurrency
    self.perSecond = perSecond
    self.burst = burst
    self.patience = patience
  }
}

package struct Pacer: Sendable {
  package enum Decision: Sendable, Equatable {
    case go
    /// Ask again after so many seconds.
    case wait(Double)
    /// The pause is longer than the patience; so many seconds of it are left.
    case refuse(Double)
  }

  private let pace: Pace
  private var tokens: Double
  private var filledAt: Double?
  private var closedUntil: [String: Double] = [:]

  package init(_ pace: Pace) {
    precondition(pace.perSecond > 0 && pace.burst > 0, "a pace of nothing lets nothing through")
    self.pace = pace
    tokens = Double(pace.burst)
  }

  /// Decides for one request of a lane; `.go` takes its token.
  package mutating func admit(_ lane: String, at now: Double) -> Decision {
    if let end = closedUntil[lane] {
      if end > now { return end - now > pace.patience ? .refuse(end - now) : wait(end - now) }
      closedUntil[lane] = nil
    }
    tokens = min(Double(pace.burst), tokens + max(0, now - (filledAt ?? now)) * pace.perSecond)
    filledAt = now
    guard tokens >= 1 else { return wait((1 - tokens) / pace.perSecond) }
    tokens -= 1
    return .go
  }

  /// A wait so short that adding it to the time changes nothing would be asked for again for ever.
  private func wait(_ seconds: Double) -> Decision { .wait(max(seconds, 0.001)) }

  /// The system asked for a pause: nothing of the lane leaves before it is over.
  package mutating func close(_ lane: String, seconds: Double, at now: Double) {
    closedUntil[lane] = max(closedUntil[lane] ?? 0, now + seconds)
  }
}
