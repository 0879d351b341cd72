/// Where the engine gets its connectors from.
package import Connectors
package import Foundation
package import Model
package import Storage
import Synchronization

package protocol ConnectorProvider: Sendable {
  /// The connector of a connection; the same one each time, so that sign-ins are used again.
  /// - Throws: `.misconfigured` when a setting or secret is missing.
  func connector(for connection: Connection) throws(ConnectorError) -> any Connector
  /// `nil` for a system that this kith does not know.
  func description(of system: SystemID) -> SystemDescription?
}

/// The real systems, reached over one HTTP stack, with secrets looked up when a connector is first asked for.
package final class SystemConnectors: ConnectorProvider {
  private struct Made: Sendable {
    var connection: Connection
    var connector: any Connector
  }

  private let secrets: SecretResolver
  private let stack: HTTPStack
  private let clock: any MonotonicClock
  private let now: @Sendable () -> Date
  private let made = Mutex<[String: Made]>([:])

  package init(
    secrets: SecretResolver, stack: HTTPStack, clock: any MonotonicClock = SystemMonotonicClock(),
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.secrets = secrets
    self.stack = stack
    self.clock = clock
    self.now = now
  }

  package func connector(for connection: Connection) throws(ConnectorError) -> any Connector {
    if let known = made.withLock({ $0[connection.name] }), known.connection == connection { return known.connector }
    let connector = try Systems.make(connection, secrets: try resolve(connection), stack: stack, clock: clock, now: now)
    made.withLock { $0[connection.name] = Made(connection: connection, connector: connector) }
    return connector
  }

  package func description(of system: SystemID) -> SystemDescription? { Systems.description(of: system) }

  private func resolve(_ connection: Connection) throws(ConnectorError) -> [String: Secret] {
    var resolved: [String: Secret] = [:]
    for (key, text) in connection.secrets.sorted(by: { $0.key < $1.key }) {
      guard let reference = SecretReference(text) else {
        throw ConnectorError(
          .misconfigured, "The connection \(connection.name) does not say where its \(key) is kept.",
          hint: "connect \(connection.system) as \(connection.name) \(key)=env:NAME")
      }
      do {
        resolved[key] = try secrets.resolve(reference)
      } catch {
        throw ConnectorError(.misconfigured, error.message, hint: error.hint)
      }
    }
    return resolved
  }
}
