/// Follows redirects within one scheme, host and port, and refuses all others: a credential goes to nobody else.

package struct RedirectingTransport: Transport {
  private let inner: any Transport
  private let limit = 5

  package init(_ inner: any Transport) { self.inner = inner }

  package func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse {
    var request = request
    for _ in 0...limit {
      let response = try await inner.send(request)
      guard [301, 302, 303, 307, 308].contains(response.status) else { return response }
      let origin = request.address.origin
      guard let location = response.header("location"), let address = request.address.resolving(location) else {
        throw ConnectorError(
          .malformed, "\(origin.host) redirected \(request.purpose) without saying where to", status: response.status)
      }
      guard address.origin == origin else {
        throw ConnectorError(
          .rejected, "\(origin) redirected \(request.purpose) to \(address.origin), which is another host",
          hint: "if the system has moved, connect it with its new url=", status: response.status)
      }
      guard request.method == .get else {
        throw ConnectorError(
          .rejected, "\(origin.host) redirected \(request.purpose), and a write is not sent elsewhere",
          status: response.status)
      }
      request.address = address
    }
    throw ConnectorError(.malformed, "\(request.address.origin.host) redirected \(request.purpose) in circles")
  }
}
