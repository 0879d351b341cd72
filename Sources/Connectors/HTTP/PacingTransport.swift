/// Holds requests back until the pace, and every pause that the system asked for, lets them go.
package import Foundation
import Synchronization

package final class PacingTransport: Transport {
  private let inner: any Transport
  private let slots: Slots
  private let pacer: Mutex<Pacer>
  private let clock: any MonotonicClock
  private let now: @Sendable () -> Date

  package init(
    _ inner: any Transport, pace: Pace, clock: any MonotonicClock, now: @escaping @Sendable () -> Date
  ) {
    self.inner = inner
    self.clock = clock
    self.now = now
    slots = Slots(pace.concurrency)
    pacer = Mutex(Pacer(pace))
  }

  package func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    try await takeLeave(request)
    let result: Result<HTTPResponse, ConnectorError>
    do throws(ConnectorError) {
      result = .success(try await inner.send(request))
    } catch {
      result = .failure(error)
    }
    if case .success(let response) = result, [429, 503, 504].contains(response.status),
      let seconds = RetryAfter.seconds(response.header("retry-after"), now: now())
    {
      // Before the slot is given back: whoever takes it next must see the pause.
      pause(request.lane, seconds: seconds)
    }
    slots.giveBack()
    return try result.get()
  }

  /// Closes a lane on the strength of an answer that only the connector can read, such as an item of a batch.
  package func pause(_ lane: String, seconds: Double) {
    let time = clock.now()
    pacer.withLock { $0.close(lane, seconds: seconds, at: time) }
  }

  /// Returns with a slot taken.
  private func takeLeave(_ request: HTTPRequest) async throws(ConnectorError) {
    while true {
      try await slots.take()
      let time = clock.now()
      switch pacer.withLock({ $0.admit(request.lane, at: time) }) {
      case .go: return
      case .wait(let seconds):
        slots.giveBack()
        do { try await clock.sleep(seconds: seconds) } catch { throw .cancelled }
      case .refuse(let seconds):
        slots.giveBack()
        throw ConnectorError(
          .throttled(retryAfterSeconds: seconds),
          "\(request.address.origin.host) asked for a pause; \(Int(seconds.rounded(.up))) s of it are left",
          hint: "wait, then try again", delivery: .notSent)
      }
    }
  }
}

/// The header by which a server asks for a pause.
package enum RetryAfter {
  /// In seconds, rounded up to a millisecond and at most a day; `nil` where the header is missing or says nothing.
  ///
  /// Microsoft Graph sends fractions (`2.128`); a date is what RFC 9110 allows beside seconds.
  package static func seconds(_ header: String?, now: Date) -> Double? {
    guard let text = header?.trimmingCharacters(in: .whitespaces), !text.isEmpty else { return nil }
    if let seconds = Double(text) {
      guard seconds.isFinite, seconds >= 0 else { return nil }
      return min((seconds * 1000).rounded(.up) / 1000, 86_400)
    }
    guard let date = date(text) else { return nil }
    return min(max(date.timeIntervalSince(now).rounded(.up), 0), 86_400)
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`
  private static func date(_ text: String) -> Date? {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else { return nil }
    let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    return try? Date("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z", strategy: .iso8601)
  }
}
