/// A clock that tells of its pauses before it makes them: who waits in the middle of a request knows nobody to tell.

struct PauseTellingClock: MonotonicClock {
  let inner: any MonotonicClock
  /// By its name: for whose sake it pauses.
  let system: String

  func now() -> Double { inner.now() }

  func sleep(seconds: Double) async throws {
    RequestMeter.notePause(seconds: seconds, for: system)
    try await inner.sleep(seconds: seconds)
  }
}
