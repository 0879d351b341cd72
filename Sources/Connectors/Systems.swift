/// The systems that kith can connect to: one line a vendor.
package import Foundation
package import Model

/// A connector that can be made from a connection.
package protocol ConnectableSystem: Connector {
  /// - Throws: `.misconfigured` when a parameter or a secret is missing or cannot be used.
  init(_ setup: ConnectorSetup) throws(ConnectorError)
}

package enum Systems {
  package static let all: [any ConnectableSystem.Type] = [
    MicrosoftGraphConnector.self,
    ConnectWiseConnector.self,
    AutotaskConnector.self,
    TeamworkConnector.self,
    TeamworkDeskConnector.self,
    ITGlueConnector.self,
    CrewhuConnector.self,
    GoogleConnector.self,
    FileConnector.self,
  ]

  package static func description(of system: SystemID) -> SystemDescription? {
    all.first { $0.description.id == system }?.description
  }

  /// Makes the connector of a connection; nothing is sent yet.
  /// - Throws: `.misconfigured`.
  package static func make(
    _ connection: Connection, secrets: [String: Secret], stack: HTTPStack,
    clock: any MonotonicClock = SystemMonotonicClock(), now: @escaping @Sendable () -> Date
  ) throws(ConnectorError) -> any Connector {
    guard let system = all.first(where: { $0.description.id == connection.system }) else {
      let known = all.map { $0.description.id.rawValue }.joined(separator: ", ")
      throw ConnectorError(
        .misconfigured, "there is no system \(connection.system)", hint: "known systems: \(known)", delivery: .notSent)
    }
    return try system.init(
      ConnectorSetup(
        connection: connection, secrets: secrets, transport: stack.transport,
        clock: PauseTellingClock(inner: clock, system: system.description.name), now: now, log: stack.log))
  }
}
