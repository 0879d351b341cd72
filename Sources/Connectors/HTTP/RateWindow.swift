/// Systems that count their requests in windows, and tell in headers of each answer how the present one stands.
import Foundation

/// The names of such headers, which differ from system to system.
struct RateWindow: Sendable {
  /// How many requests are left.
  var remaining: String
  /// When the window ends: a moment where the number is as large as one, else seconds.
  var reset: String

  /// Whether an answer took the last request of its window: the next one would only be refused.
  func isUsedUp(_ response: HTTPResponse) -> Bool {
    response.isSuccess && response.header(remaining)?.trimmingCharacters(in: .whitespaces) == "0"
  }

  /// The seconds until the window ends; 60 where the header says nothing that can be waited for.
  func pause(_ response: HTTPResponse, now: Date) -> Double {
    guard let text = response.header(reset), let number = Double(text.trimmingCharacters(in: .whitespaces)),
      number.isFinite
    else { return 60 }
    let seconds = number > 1e9 ? number - now.timeIntervalSince1970 : number
    return seconds > 0 && seconds <= 120 ? seconds.rounded(.up) : 60
  }
}

/// Gives a system's way of asking for a pause the form that the rest of the line understands: 429, `Retry-After`.
struct RateWindowTransport: Transport {
  private let inner: any Transport
  private let window: RateWindow
  private let now: @Sendable () -> Date
  private let isRefusal: @Sendable (HTTPResponse) -> Bool

  /// - Parameter isRefusal: whether an answer of another status than 429 means the same.
  init(
    _ inner: any Transport, window: RateWindow, now: @escaping @Sendable () -> Date,
    isRefusal: @escaping @Sendable (HTTPResponse) -> Bool = { _ in false }
  ) {
    self.inner = inner
    self.window = window
    self.now = now
    self.isRefusal = isRefusal
  }

  func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    var response = try await inner.send(request)
    guard response.status == 429 || isRefusal(response) else { return response }
    response.status = 429
    if response.header("retry-after") == nil {
      response.headers.append(HTTPHeader("Retry-After", String(window.pause(response, now: now()))))
    }
    return response
  }
}
