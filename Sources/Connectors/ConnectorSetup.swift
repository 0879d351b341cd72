/// What a connector is made of: its connection, its secrets, and the world it needs, each of them replaceable in a test.
package import Foundation
package import Model

package struct ConnectorSetup: Sendable {
  package var connection: Connection
  package var secrets: [String: Secret]
  package var transport: any Transport
  package var clock: any MonotonicClock
  package var now: @Sendable () -> Date
  /// Gives numbers from 0 up to 1, for the jitter of waits.
  package var random: @Sendable () -> Double
  package var log: CallLog?

  package init(
    connection: Connection, secrets: [String: Secret], transport: any Transport,
    clock: any MonotonicClock = SystemMonotonicClock(), now: @escaping @Sendable () -> Date,
    random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }, log: CallLog? = nil
  ) {
    self.connection = connection
    self.secrets = secrets
    self.transport = transport
    self.clock = clock
    self.now = now
    self.random = random
    self.log = log
  }

  /// A parameter that was given and is not blank.
  package func optional(_ key: String) -> String? {
    guard let value = connection.parameters[key]?.trimmedNFC, !value.isEmpty else { return nil }
    return value
  }

  /// - Throws: `.misconfigured`, naming the parameter.
  package func required(_ key: String) throws(ConnectorError) -> String {
    guard let value = optional(key) else { throw missing(key) }
    return value
  }

  package func secret(_ key: String) throws(ConnectorError) -> Secret {
    guard let secret = secrets[key], !secret.isEmpty else { throw missing(key) }
    return secret
  }

  private func missing(_ key: String) -> ConnectorError {
    ConnectorError(
      .misconfigured, "the connection \(connection.name) has no \(key)",
      hint: "connect \(connection.system) as \(connection.name) \(key)=…", delivery: .notSent)
  }

  /// The address that `url=` names; `nil` where it was not given.
  ///
  /// Plain http is for loopback addresses only: anything else would send the credential in the clear.
  package func url() throws(ConnectorError) -> WebAddress? {
    guard let text = optional("url") else { return nil }
    guard let address = WebAddress(text), address.query == nil else {
      throw ConnectorError(
        .misconfigured, "the url of the connection \(connection.name) is no web address",
        hint: "write it like https://host.example or https://host.example:8443/path", delivery: .notSent)
    }
    guard address.origin.scheme == .https || address.origin.isLoopback else {
      throw ConnectorError(
        .misconfigured,
        "url=\(address.origin) of the connection \(connection.name) would send the credential in the clear",
        hint: "use https:// ; plain http is accepted for 127.0.0.1, [::1] and localhost only", delivery: .notSent)
    }
    return address.asBase
  }
}
