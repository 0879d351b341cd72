/// The one way out: everything that stands between a connector and the wire is a `Transport` around another.

/// Sends one request and returns its answer, whatever its status.
package protocol Transport: Sendable {
  /// - Throws: `.unreachable` when no answer came (with ``ConnectorError/delivery`` telling how far the request got),
  ///   `.tooLarge`, `.cancelled`, `.throttled` when a pause is longer than anybody would wait.
  func send(_ request: HTTPRequest) async throws(ConnectorError) -> HTTPResponse
}
