// What every emulated vendor is to the rest of the sandbox. A new one is a folder and a line in `World`.

import Foundation

/// The circumstances of one request.
struct Moment: Sendable {
  /// By the emulated clock.
  var now: Date
  /// The system's own address as the client called it, as in `http://127.0.0.1:8080/m365`.
  var root: String
  /// No throttling by itself while the clock stands still, since no budget would ever come back.
  var clockIsFrozen: Bool
  /// A fault wants listings to announce no further page.
  var endsListingsEarly = false
  /// How many answers on their way occupy each place, by ``EmulatedResponse/occupies``.
  var inFlight: [String: Int] = [:]

  var seconds: Int { Instant.seconds(now) }
}

/// One vendor, emulated: its whole state and its answers. A value, guarded by the world's one lock.
protocol EmulatedSystem: Sendable {
  /// The first segment of its paths, and its name in control.
  var handle: String { get }
  /// What control can do to it.
  var controlRoutes: [ControlRoute] { get }

  mutating func answer(_ request: EmulatedRequest, at moment: Moment) -> EmulatedResponse

  /// The path with ids replaced by names in braces, for counting.
  func route(of request: EmulatedRequest) -> String
  /// The path below the root of the API, for fault rules.
  func resourcePath(of request: EmulatedRequest) -> String
  /// Whether the request asks for a change.
  func isWrite(_ request: EmulatedRequest) -> Bool
  /// An error as this vendor words it.
  func errorBody(status: Int) -> JSON
  /// A listing without rows as this vendor sends it.
  func emptyListing(for request: EmulatedRequest, at moment: Moment) -> JSON

  /// Carries out a control request below `/control/HANDLE`; `nil` when there is no such path.
  mutating func control(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON?
  /// The state as control shows it, in part where `scope` names a tenant or a company.
  func state(scope: String?) throws(ControlProblem) -> JSON
  /// How to connect to it.
  func description(root: String) -> SystemAccess
}

/// How a client connects to one emulated system.
struct SystemAccess: Sendable {
  var system: SandboxDescription.System
  var connect: String
  var environment: [String: String]
}
