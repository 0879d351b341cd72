/// Gives Google's ways of saying "not now" the form that the rest of the line understands.
import Foundation

/// Refusals for asking too much come as 403 too, sign-in failures that pass as 400, and neither names a pause.
struct GoogleThrottle: Transport {
  private let inner: any Transport
  private let now: @Sendable () -> Date

  init(_ inner: any Transport, now: @escaping @Sendable () -> Date) {
    self.inner = inner
    self.now = now
  }

  func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    var response = try await inner.send(request)
    guard !response.isSuccess else { return response }
    if request.isSignIn {
      if GoogleTokenErrorBody(response).isPassing { response.status = 503 }
      return response
    }
    let fault = GoogleFault(response)
    if response.status == 403, fault.isRate { response.status = 429 }
    // An account that is full stays so, whatever status says it (google.md §5.6).
    if response.status == 429, fault.isFull { response.status = 400 }
    guard response.status == 429, response.header("retry-after") == nil else { return response }
    if fault.isDaily {
      // Longer than anybody waits: it comes back at once.
      response.headers.append(HTTPHeader("Retry-After", String(Self.secondsToNextDay(now()))))
    } else if fault.isMinute {
      response.headers.append(HTTPHeader("Retry-After", String(Self.secondsToNextMinute(now()))))
    }
    return response
  }

  static func secondsToNextMinute(_ now: Date) -> Double {
    60 - now.timeIntervalSince1970.rounded(.down).truncatingRemainder(dividingBy: 60)
  }

  /// Daily quotas begin anew at midnight in California; its winter time is taken, which errs by an hour at most.
  static func secondsToNextDay(_ now: Date) -> Double {
    let day = 86_400.0
    return day - (now.timeIntervalSince1970 - 8 * 3600).truncatingRemainder(dividingBy: day)
  }
}
