// How instances count requests that they allow by the minute.

/// Requests counted in windows of a minute, each beginning with its first request.
struct RateWindow: Sendable {
  static let length = 60

  private var began = 0
  private var used = 0

  /// Where one request stands.
  struct Standing: Sendable {
    var remaining: Int
    /// Seconds until the window ends.
    var wait: Int
    var isOver: Bool
  }

  mutating func take(limit: Int, at seconds: Int) -> Standing {
    if seconds >= began + Self.length || seconds < began { (began, used) = (seconds, 0) }
    used = min(used + 1, Int(Int32.max))
    return Standing(
      remaining: max(0, limit - used), wait: max(1, began + Self.length - seconds), isOver: used > limit)
  }
}
