/// Gives Teamwork.com's ways of asking for a pause the form that the rest of the line understands: 429, `Retry-After`.
import Foundation

struct TeamworkThrottling: Transport {
  private let inner: any Transport
  private let now: @Sendable () -> Date

  init(_ inner: any Transport, now: @escaping @Sendable () -> Date) {
    self.inner = inner
    self.now = now
  }

  func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    var response = try await inner.send(request)
    guard Self.isThrottled(response) else { return response }
    response.status = 429
    if response.header("retry-after") == nil {
      let seconds = Self.pause(reset: response.header("x-ratelimit-reset"), now: now())
      response.headers.append(HTTPHeader("Retry-After", String(seconds)))
    }
    return response
  }

  /// An old page of the vendor lists "rate limit reached" under 400.
  private static func isThrottled(_ response: HTTPResponse) -> Bool {
    if response.status == 429 { return true }
    guard response.status == 400, response.body.count < 10_000 else { return false }
    return String(decoding: response.body, as: UTF8.self).lowercased().contains("rate limit")
  }

  /// The pause in seconds that the header asks for: a moment where it is as large as one, else seconds; 60 where it
  /// says nothing that can be waited for.
  static func pause(reset: String?, now: Date) -> Double {
    guard let reset, let number = Double(reset.trimmingCharacters(in: .whitespaces)), number.isFinite else { return 60 }
    let seconds = number > 1e9 ? number - now.timeIntervalSince1970 : number
    return seconds > 0 && seconds <= 120 ? seconds.rounded(.up) : 60
  }
}
