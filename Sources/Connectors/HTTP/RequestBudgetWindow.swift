/// How many requests a shared budget still allows in its rolling window: a pure decision, with no clock of its own.
package import Model

/// Counts our own requests of the last window, remembers how many others had made when the system last told, and
/// decides for each further request.
///
/// Others are taken to keep on asking as they did, until the system says otherwise.
package struct RequestBudgetWindow: Sendable {
  package enum Decision: Sendable, Equatable {
    /// Send it after so many seconds; it is counted already.
    case go(after: Double)
    /// Ask the system how much of the budget is used, tell it to ``learn(used:limit:windowSeconds:at:)``, and try again.
    case ask
    /// There is no room now, but soon: try again after so many seconds.
    case wait(Double)
    /// There is no room for longer than anybody would wait: not before so many seconds.
    case refuse(resetsInSeconds: Double)
  }

  package struct Rules: Sendable {
    /// The share of the budget at which new work stops; what is left is for finishing what was begun.
    package var stopAt = 0.95
    /// The share from which on requests leave no faster than the window renews them.
    package var slowFrom = 0.5
    /// The longest wait in all, in seconds, for one request.
    package var patience = 60.0
    /// The system is asked again after so many requests of ours, and after so many seconds.
    package var askEvery = 250
    package var askAfter = 600.0
    /// With no room left it is asked sooner, but not more often than this, in seconds.
    package var askAgainAfter = 15.0
    package init() {}
  }

  private let rules: Rules
  private var limit: Int
  private var window: Double
  /// Our own requests, in buckets of a few seconds, oldest first.
  private var buckets: [(start: Double, count: Int)] = []
  private var own = 0
  private var others = 0
  /// When the system last told, and when it was last asked.
  private var learnedAt: Double?
  private var askedAt: Double?
  private var sinceAsked = 0
  private var isAskingWanted = true
  /// How often the system was asked.
  package private(set) var timesAsked = 0
  private var lastLeave: Double?
  private static let bucketWidth = 10.0

  package init(_ budget: RequestBudget, rules: Rules = Rules()) {
    precondition(
      budget.requests > 0 && budget.windowSeconds > 0, "a budget of nothing lets nothing through")
    self.rules = rules
    limit = budget.requests
    window = Double(budget.windowSeconds)
  }

  /// Requests in the window as far as is known, ours and those of others, and how many there may be.
  package func usage(at now: Double) -> (used: Int, limit: Int) {
    (ownCount(at: now) + otherCount(at: now), limit)
  }

  /// Decides for one request; `.go` counts it.
  /// - Parameters:
  ///   - waited: how many seconds this request has waited already.
  ///   - isFollowUp: it finishes what was begun, and may use the reserve.
  package mutating func admit(at now: Double, waited: Double = 0, isFollowUp: Bool = false)
    -> Decision
  {
    forgetOld(at: now)
    if !isFollowUp, isAskingDue(at: now) { return .ask }
    let used = own + otherCount(at: now)
    let ceiling = isFollowUp ? limit : ceiling(rules.stopAt)
    guard used >= ceiling else {
      count(at: now)
      return .go(after: spacing(used: used, at: now))
    }
    let sinceAsked = askedAt.map { now - $0 } ?? rules.askAgainAfter
    if sinceAsked >= rules.askAgainAfter { return .ask }
    // The next try may ask again: before that it would learn nothing.
    let seconds = max(secondsUntilRoom(below: ceiling, at: now), rules.askAgainAfter - sinceAsked)
    return waited + seconds <= rules.patience ? .wait(seconds) : .refuse(resetsInSeconds: seconds)
  }

  /// Whether the system should be asked before the next request leaves.
  package func isAskingDue(at now: Double) -> Bool {
    guard !isAskingWanted, let askedAt else { return true }
    return sinceAsked >= rules.askEvery || now - askedAt >= rules.askAfter
  }

  /// Counts a request that left without being admitted, such as the one that asks how much is used.
  package mutating func count(at now: Double) {
    own += 1
    sinceAsked += 1
    if let last = buckets.indices.last, now - buckets[last].start < Self.bucketWidth {
      buckets[last].count += 1
    } else {
      buckets.append((now, 1))
    }
  }

  /// What the system says that everybody, we among them, has used.
  package mutating func learn(
    used: Int, limit: Int? = nil, windowSeconds: Int? = nil, at now: Double
  ) {
    forgetOld(at: now)
    if let limit, limit > 0 { self.limit = min(limit, 1_000_000_000) }
    if let windowSeconds, windowSeconds > 0 { window = Double(min(windowSeconds, 86_400)) }
    others = max(0, min(used, 1_000_000_000) - own)
    learnedAt = now
    learnNothing(at: now)
  }

  /// The system was asked and did not tell.
  package mutating func learnNothing(at now: Double) {
    askedAt = now
    sinceAsked = 0
    isAskingWanted = false
    timesAsked += 1
  }

  /// Something makes it likely that what is known is wrong: ask before the next request.
  package mutating func wantAsking() { isAskingWanted = true }

  // MARK: Reckoning

  private func ceiling(_ share: Double) -> Int { max(1, Int(Double(limit) * share)) }

  private mutating func spacing(used: Int, at now: Double) -> Double {
    guard used >= ceiling(rules.slowFrom) else {
      lastLeave = now
      return 0
    }
    let leave = lastLeave.map { max(now, $0 + window / Double(limit)) } ?? now
    lastLeave = leave
    return leave - now
  }

  private func otherCount(at now: Double) -> Int {
    guard let learnedAt, now - learnedAt < window else { return 0 }
    return others
  }

  private func ownCount(at now: Double) -> Int {
    buckets.reduce(0) { $0 + (isOver($1.start, at: now) ? 0 : $1.count) }
  }

  private func isOver(_ start: Double, at now: Double) -> Bool {
    start + Self.bucketWidth + window <= now
  }

  private mutating func forgetOld(at now: Double) {
    while let first = buckets.first, isOver(first.start, at: now) {
      own -= first.count
      buckets.removeFirst()
    }
  }

  /// When there is room again if nobody sends anything: ours leave the window when they are due, those of others evenly.
  private func secondsUntilRoom(below ceiling: Int, at now: Double) -> Double {
    var seconds = 0.0
    while seconds < window {
      seconds += Self.bucketWidth
      let moment = now + seconds
      let gone = learnedAt.map { min(1, max(0, (moment - $0) / window)) } ?? 1
      if Double(ownCount(at: moment)) + Double(others) * (1 - gone) < Double(ceiling) {
        return seconds
      }
    }
    return window
  }
}
