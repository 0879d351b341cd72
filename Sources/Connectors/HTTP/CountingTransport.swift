/// Counts what really leaves, each attempt by itself, and is where a write departs.
import Synchronization

package final class CountingTransport: Transport {
  private let inner: any Transport
  private let total = Atomic<Int>(0)

  package init(_ inner: any Transport) { self.inner = inner }

  /// Requests sent so far, sign-in left out.
  package var count: Int { total.load(ordering: .relaxed) }

  package func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    if let departure = request.departure {
      guard departure.depart() else { throw .cancelled }
    } else if Task.isCancelled {
      throw .cancelled
    }
    if !request.isSignIn {
      total.add(1, ordering: .relaxed)
      RequestMeter.note()
    }
    return try await inner.send(request)
  }
}
