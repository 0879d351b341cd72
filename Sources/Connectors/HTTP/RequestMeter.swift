/// How many requests one piece of work took, whatever else goes over the same connection at the same time.
import Synchronization

/// It hears of every request that leaves while it measures, sign-in left out, and of every pause between them: from the
/// task that began the work and from all that this one begins. Work within work is counted for both.
package final class RequestMeter: Sendable {
  @TaskLocal static var current: RequestMeter?
  /// Whether the system itself said how long to wait, around a pause.
  @TaskLocal static var isAskedFor = false

  private let outer: RequestMeter?
  private let total = Atomic<Int>(0)
  private let onPause: PauseListener?

  /// A pause that begins.
  package struct Pause: Sendable, Equatable {
    package var seconds: Double
    /// By its name.
    package var system: String
    /// Whether the system itself said how long to wait; else it is kith that lets it alone for a while.
    package var isAskedFor: Bool
  }

  package typealias PauseListener = @Sendable (Pause) -> Void

  private init(within outer: RequestMeter?, onPause: PauseListener?) {
    self.outer = outer
    self.onPause = onPause
  }

  package var count: Int { total.load(ordering: .relaxed) }

  package static func measure<Result>(
    onPause: PauseListener? = nil, _ work: (RequestMeter) async throws -> Result
  ) async rethrows -> Result {
    let meter = RequestMeter(within: current, onPause: onPause)
    return try await $current.withValue(meter) { try await work(meter) }
  }

  /// To be called by whoever is about to wait; a pause shorter than a second is not worth a word.
  static func notePause(seconds: Double, for system: String) {
    guard seconds >= 1 else { return }
    let pause = Pause(seconds: seconds, system: system, isAskedFor: isAskedFor)
    var meter = current
    while let next = meter {
      next.onPause?(pause)
      meter = next.outer
    }
  }

  /// To be called by whoever sends, once for each request.
  package static func note(_ requests: Int = 1) {
    var meter = current
    while let next = meter {
      next.total.add(requests, ordering: .relaxed)
      meter = next.outer
    }
  }
}
