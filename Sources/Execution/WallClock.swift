/// The time of day, and waiting, as a parameter: tests bring their own.
package import Foundation

package protocol WallClock: Sendable {
  func now() -> Date
  /// - Throws: `CancellationError` when the task is cancelled meanwhile.
  func sleep(for duration: Duration) async throws
}

/// The machine's own clock.
package struct SystemClock: WallClock {
  package init() {}
  package func now() -> Date { Date() }
  package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

extension Date {
  func adding(_ duration: Duration) -> Date { addingTimeInterval(duration.seconds) }
}

extension Duration {
  package var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) / 1e18
  }
}
