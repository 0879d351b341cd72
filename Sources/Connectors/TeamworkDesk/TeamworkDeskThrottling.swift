/// Gives Desk's way of asking for a pause the form that the rest of the line understands: `Retry-After`.
import Foundation

struct TeamworkDeskThrottling: Transport {
  private let inner: any Transport
  private let now: @Sendable () -> Date

  init(_ inner: any Transport, now: @escaping @Sendable () -> Date) {
    self.inner = inner
    self.now = now
  }

  func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    var response = try await inner.send(request)
    guard response.status == 429, response.header("retry-after") == nil else { return response }
    response.headers.append(HTTPHeader("Retry-After", String(Self.pause(response, now: now()))))
    return response
  }

  /// Whether this was the last request that the window allows.
  static func isLast(_ response: HTTPResponse) -> Bool {
    response.header("x-rate-limit-remaining")?.trimmingCharacters(in: .whitespaces) == "0"
  }

  /// The seconds until the window ends: its header holds a moment where it is as large as one, else seconds; 60 where it
  /// says nothing that can be waited for. The spelling is Desk's own, with a hyphen more than at Teamwork.com.
  static func pause(_ response: HTTPResponse, now: Date) -> Double {
    guard let reset = response.header("x-rate-limit-reset"),
      let number = Double(reset.trimmingCharacters(in: .whitespaces)), number.isFinite
    else { return 60 }
    let seconds = number > 1e9 ? number - now.timeIntervalSince1970 : number
    return seconds > 0 && seconds <= 120 ? seconds.rounded(.up) : 60
  }
}
