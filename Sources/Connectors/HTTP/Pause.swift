/// Pauses between requests, told to whoever began the work: what asks for them knows nobody to tell.

package enum Pause {
  /// Hears of every pause of a second or more, from the task that set it and from all that this one begins.
  @TaskLocal package static var listener: (@Sendable (_ seconds: Double, _ system: String) -> Void)?
}

/// A clock that tells of its pauses before it makes them.
struct PauseTellingClock: MonotonicClock {
  let inner: any MonotonicClock
  /// By its name: for whose sake it pauses.
  let system: String

  func now() -> Double { inner.now() }

  func sleep(seconds: Double) async throws {
    if seconds >= 1 { Pause.listener?(seconds, system) }
    try await inner.sleep(seconds: seconds)
  }
}
