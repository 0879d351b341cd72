/// How many requests one piece of work took, whatever else goes over the same connection at the same time.
import Synchronization

/// It hears of every request that leaves while it measures, sign-in left out: from the task that began the work and from
/// all that this one begins. Work within work is counted for both.
package final class RequestMeter: Sendable {
  @TaskLocal static var current: RequestMeter?

  private let outer: RequestMeter?
  private let total = Atomic<Int>(0)

  private init(within outer: RequestMeter?) { self.outer = outer }

  package var count: Int { total.load(ordering: .relaxed) }

  package static func measure<Result>(
    _ work: (RequestMeter) async throws -> Result
  ) async rethrows -> Result {
    let meter = RequestMeter(within: current)
    return try await $current.withValue(meter) { try await work(meter) }
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
