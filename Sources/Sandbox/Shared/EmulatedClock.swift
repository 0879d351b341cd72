// The clock that both vendors go by: real time, shifted or standing still.

import Foundation

/// The time of the emulated world.
struct EmulatedClock: Sendable {
  private var offset: TimeInterval
  private var frozenAt: Date?

  /// - Parameter start: what the clock shows now; `nil` for real time.
  init(startingAt start: Date?, frozen: Bool, realTime: Date) {
    offset = start.map { $0.timeIntervalSince(realTime) } ?? 0
    frozenAt = frozen ? (start ?? realTime) : nil
  }

  var isFrozen: Bool { frozenAt != nil }

  func now(realTime: Date) -> Date { frozenAt ?? realTime.addingTimeInterval(offset) }

  /// Moves the clock forward, or back for negative seconds.
  mutating func advance(by seconds: TimeInterval) {
    offset += seconds
    frozenAt = frozenAt?.addingTimeInterval(seconds)
  }

  mutating func set(to date: Date, realTime: Date) {
    offset = date.timeIntervalSince(realTime)
    if frozenAt != nil { frozenAt = date }
  }

  mutating func setFrozen(_ frozen: Bool, realTime: Date) {
    guard frozen != isFrozen else { return }
    let shown = now(realTime: realTime)
    offset = shown.timeIntervalSince(realTime)
    frozenAt = frozen ? shown : nil
  }
}
