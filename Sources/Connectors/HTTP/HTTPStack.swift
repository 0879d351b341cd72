/// The process's one HTTP client and its call log.
import AsyncHTTPClient
package import Logging
import NIOCore

package final class HTTPStack: Sendable {
  /// The last calls made, for `show` and for a report of a fault.
  package let log: CallLog
  let client: HTTPClient

  package init(logger: Logger = Logger(label: "kith.http")) {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout = .init(connect: .seconds(10), read: .seconds(60))
    // A connection that the server closed while it was idle makes a write's fate unknown: let go of it early.
    configuration.connectionPool.idleTimeout = .seconds(15)
    // With retries of its own a refused certificate looks like a timeout.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    log = CallLog(logger: logger)
  }

  /// Closes all connections. Nothing can be sent afterwards; a second call does nothing.
  package func shutdown() async { try? await client.shutdown() }

  /// The way to the wire.
  package var transport: any Transport { HTTPClientTransport(client: client) }

  /// The same with other patience: seconds for a whole request.
  package func transport(timeout: Int64) -> any Transport { HTTPClientTransport(client: client, timeout: timeout) }
}
