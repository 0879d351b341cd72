/// When a sync that pushes edits is to be looked at next: pure reckoning over what the store remembers.
package import Foundation

package struct PushTimes: Hashable, Sendable {
  /// When the target is next asked for edits; `nil` where nothing travels back.
  package var push: Date?
  /// When both sides are next read and planned as a whole.
  package var full: Date

  /// The other side's changes are fetched so often.
  package static let pullEvery: Duration = .seconds(3_600)

  /// - Parameters:
  ///   - pushEvery: `nil` where nothing travels back.
  ///   - lastLook: when the target was last read, however that ended; `nil`: never.
  ///   - lastRun: when the last run over both sides began, however it ended; `nil`: never.
  package init(pushEvery: Duration?, lastLook: Date?, lastRun: Date?, now: Date) {
    // A stamp of the future (the clock was put back) does not keep anybody waiting longer than the interval.
    func due(_ last: Date?, _ interval: Duration) -> Date { last.map { min($0, now).adding(interval) } ?? now }
    push = pushEvery.map { due(lastLook, max($0, .seconds(1))) }
    full = due(lastRun, Self.pullEvery)
  }

  /// The nearer of the two.
  package var next: Date { push.map { min($0, full) } ?? full }
}
