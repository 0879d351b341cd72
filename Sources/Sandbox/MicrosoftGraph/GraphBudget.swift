// Throttling of the identity service: units, not requests.

import Foundation

/// The resource units that one application may spend in one tenant.
///
/// Source: Microsoft Graph throttling limits, "Identity and access service limits": a token bucket by size of tenant.
struct GraphBudget: Sendable {
  static let window = 10.0

  /// Units in ten seconds.
  var limit: Double
  private var left: Double
  private var countedAt: Date?

  init(people: Int) {
    limit = people < 50 ? 3500 : people <= 500 ? 5000 : 8000
    left = limit
  }

  var usedShare: Double { 1 - left / max(1, limit) }

  mutating func setLimit(_ limit: Double) {
    self.limit = limit
    left = limit
  }

  /// Takes units; when there are too few, returns how many seconds it takes until there are enough.
  mutating func spend(_ units: Int, at now: Date) -> Double? {
    let passed = max(0, countedAt.map { now.timeIntervalSince($0) } ?? 0)
    countedAt = now
    left = min(limit, left + passed * limit / GraphBudget.window)
    // Requests that are refused count too.
    left = max(-limit, left - Double(units))
    guard left < 0 else { return nil }
    return max(0.25, -left * GraphBudget.window / limit)
  }
}

/// The cost of a request in resource units.
///
/// Source: Microsoft Graph throttling limits, identity and access: a base per call, one less with `$select`, one less with
/// `$top` under 20, one more with `$expand`, never less than one.
enum GraphCost {
  static func units(of request: EmulatedRequest, resource: [String]) -> Int {
    guard request.method == "GET" else { return 1 }
    var units =
      switch resource {
      case ["users"]: 2
      case ["subscribedSkus"]: 3
      default: 1
      }
    if request.option("$select") != nil { units -= 1 }
    if let top = request.option("$top").flatMap({ Int($0) }), top < 20 { units -= 1 }
    if request.option("$expand") != nil { units += 1 }
    return max(1, units)
  }
}
