/// The process's one HTTP client and its call log.
import AsyncHTTPClient
package import Logging
import NIOCore
import Synchronization

package final class HTTPStack: Sendable {
  /// The last calls made, for `show` and for a report of a fault.
  package let log: CallLog
  private let state = Mutex(State.unused)

  private enum State {
    case unused, shut
    case open(HTTPClient)
  }

  package init(logger: Logger = Logger(label: "kith.http")) { log = CallLog(logger: logger) }

  /// The client, made by the first request: its threads take time to start, and most lines send nothing.
  private func client() throws(HTTPClientError) -> HTTPClient {
    try state.withLock { state throws(HTTPClientError) in
      switch state {
      case .open(let client): return client
      case .shut: throw .alreadyShutdown
      case .unused:
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: Self.configuration)
        state = .open(client)
        return client
      }
    }
  }

  private static var configuration: HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout = .init(connect: .seconds(10), read: .seconds(60))
    // A connection that the server closed while it was idle makes a write's fate unknown: let go of it early.
    configuration.connectionPool.idleTimeout = .seconds(15)
    // With retries of its own a refused certificate looks like a timeout.
    configuration.connectionPool.retryConnectionEstablishment = false
    return configuration
  }

  /// Closes all connections. Nothing can be sent afterwards; a second call does nothing.
  package func shutdown() async {
    let last = state.withLock { state in
      defer { state = .shut }
      return state
    }
    if case .open(let client) = last { try? await client.shutdown() }
  }

  /// The way to the wire.
  package var transport: any Transport { HTTPClientTransport(client: client) }

  /// The same with other patience: seconds for a whole request.
  package func transport(timeout: Int64) -> any Transport { HTTPClientTransport(client: client, timeout: timeout) }
}
