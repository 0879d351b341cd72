/// Says how long to wait where IT Glue only says that it was too much: the vendor names no pause.
import Synchronization

/// Adds the pause that the vendor leaves out: 30 seconds, and a minute where the last answer was a refusal too.
final class ITGlueThrottle: Transport {
  private let inner: any Transport
  private let refusals = Mutex(0)

  init(_ inner: any Transport) { self.inner = inner }

  func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    var response = try await inner.send(request)
    let isRefused = response.status == 429
    let count = refusals.withLock { count in
      count = isRefused ? min(count + 1, 100) : 0
      return count
    }
    if isRefused, response.header("retry-after") == nil {
      response.headers.append(HTTPHeader("Retry-After", count > 1 ? "60" : "30"))
    }
    return response
  }
}
