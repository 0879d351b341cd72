// What a sandbox is made of: its seed, its size, its clock.

package import Foundation

/// The settings of one sandbox.
package struct SandboxOptions: Sendable {
  /// The port on 127.0.0.1; 0 takes any free one.
  package var port: Int
  /// The same seed gives the same people with the same ids.
  package var seed: UInt64
  package var companies: Int
  /// How many people the first company has; the others have fewer.
  package var people: Int
  /// How long every answer of an emulated system waits.
  package var latency: Duration
  /// What the emulated clock shows at the start; `nil` for real time.
  package var startingAt: Date?
  /// Whether the clock stands still until it is moved. Budgets of requests are then not enforced unless asked for.
  package var frozenClock: Bool

  package init(
    port: Int = 0, seed: UInt64 = 1, companies: Int = 3, people: Int = 40, latency: Duration = .zero,
    startingAt: Date? = nil, frozenClock: Bool = false
  ) {
    self.port = port
    self.seed = seed
    self.companies = companies
    self.people = people
    self.latency = latency
    self.startingAt = startingAt
    self.frozenClock = frozenClock
  }
}
