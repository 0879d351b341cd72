/// Sends again what the table allows to be sent again.
package import Foundation

package struct RetryingTransport: Transport {
  private let inner: any Transport
  private let table: RetryTable
  private let clock: any MonotonicClock
  private let now: @Sendable () -> Date
  private let random: @Sendable () -> Double

  /// - Parameter random: gives numbers from 0 up to 1.
  package init(
    _ inner: any Transport, table: RetryTable = RetryTable(), clock: any MonotonicClock,
    now: @escaping @Sendable () -> Date, random: @escaping @Sendable () -> Double
  ) {
    self.inner = inner
    self.table = table
    self.clock = clock
    self.now = now
    self.random = random
  }

  package func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    var attempt = 1
    // An attempt whose answer was lost may have arrived, whatever becomes of those after it.
    var mayHaveArrived = false
    while true {
      let result: Result<HTTPResponse, ConnectorError>
      let event: RetryTable.Event
      do throws(ConnectorError) {
        let response = try await inner.send(request)
        result = .success(response)
        event = .answered(
          status: response.status, retryAfter: RetryAfter.seconds(response.header("retry-after"), now: now()))
      } catch {
        event = .failed(error)
        var error = error
        if error.delivery == .unknown { mayHaveArrived = true }
        if mayHaveArrived, error.delivery == .notSent { error.delivery = .unknown }
        result = .failure(error)
      }
      let action = table.decide(
        event, attempt: attempt, isRepeatable: request.isRepeatable, jitter: random())
      guard case .again(let seconds) = action else { return try result.get() }
      do {
        try await RequestMeter.$isAskedFor.withValue(event.saysWhen) { try await clock.sleep(seconds: seconds) }
      } catch {
        var cancelled = ConnectorError.cancelled
        if mayHaveArrived { cancelled.delivery = .unknown }
        throw cancelled
      }
      attempt += 1
    }
  }
}

extension RetryTable.Event {
  /// Whether the answer said when to come again.
  fileprivate var saysWhen: Bool {
    if case .answered(_, let retryAfter) = self { retryAfter != nil } else { false }
  }
}
