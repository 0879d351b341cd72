// Control in process: the same router as `/control`, for tests and for the demonstration.

package import Foundation

/// Changes and reads the emulated world from outside, as a person at the vendor would, and arranges faults.
///
/// | Path below `/control` | What it does |
/// | --- | --- |
/// | `GET /` | lists every path with a sentence and an example |
/// | `GET /description`, `GET /state?system=&tenant=&company=` | how to connect; the whole remote state, or a part |
/// | `GET`, `DELETE /requests` | counts and the last requests; sets them to zero |
/// | `POST /latency`, `GET`, `POST /clock`, `POST /reset` | waiting, the emulated clock, the seeded world anew |
/// | `GET`, `POST`, `DELETE /faults`, `DELETE /faults/{id}` | fault rules |
/// | `GET`, `POST /m365/{tenant}/users`, `GET`, `PATCH …/{user}` | users; {tenant} is an id, a domain or a company |
/// | `POST /m365/{tenant}/users/{user}/{act}` | disable, enable, unlicense, license, leave, delete, purge, restore, recreate |
/// | `POST /m365/{tenant}/consent`, `…/delta`, `…/listing` | consent; resets and replays of delta; empty pages |
/// | `POST /m365/tokens`, `…/tokens/expire`, `…/secret`, `…/throttling` | tokens, the secret, budgets |
/// | `GET`, `POST /connectwise/contacts`, `GET`, `PATCH`, `DELETE …/{id or address}` | contacts |
/// | `GET`, `POST /connectwise/companies`, `GET`, `PATCH`, `DELETE …/{id or identifier}` | companies |
/// | `GET`, `POST /connectwise/members`, `GET`, `PATCH`, `DELETE …/{id or identifier}`, `…/{act}` | the provider's staff |
/// | `POST /connectwise/credentials`, `…/rights`, `…/codebase`, `…/options` | the instance and its ways |
/// | `GET`, `POST /google/users`, `GET`, `PATCH`, `DELETE …/{user}`, `POST …/{user}/{act}` | users; renames, suspensions |
/// | `…/google/users/{user}/contacts`, `…/labels`, `…/import` | a user's contacts and labels |
/// | `…/google/groups`, `…/google/orgunits` | groups with their members; organisational units |
/// | `POST /google/scopes`, `…/key`, `…/client`, `…/apis`, `…/quotas`, `…/options` | what is allowed, and the vendor's ways |
/// | `POST /google/tokens/expire`, `…/sync-tokens/expire`, `GET`, `DELETE …/counts` | tokens; requests and overlaps by user |
/// | `GET`, `POST /crewhu/employees`, `GET`, `PATCH`, `DELETE …/{employee}`, `…/{act}` | employees at Crewhu |
/// | `GET`, `POST /crewhu/template`, `POST /crewhu/upload` | the CSV page, as a person uses it |
package struct SandboxControl: Sendable {
  let world: World

  /// Carries out one control request, exactly as HTTP would.
  ///
  /// - Parameter path: with or without the leading `/control`, and with its query.
  /// - Returns: the status and the JSON; a refusal is `{"error": …, "fix": …}` with a status from 400.
  @discardableResult
  package func perform(method: String, path: String, body: Data? = nil) -> (status: Int, body: Data) {
    let result = world.control(method: method, target: path, body: body.map { Array($0) } ?? [])
    return (result.status, Data(result.body.utf8))
  }

  /// Carries out one control request whose body is JSON text.
  ///
  /// - Throws: ``SandboxControlError`` with the refusal's own words.
  @discardableResult
  package func perform(_ method: String, _ path: String, _ body: String? = nil) throws(SandboxControlError) -> String {
    let result = world.control(method: method, target: path, body: body.map { Array($0.utf8) } ?? [])
    guard result.status < 400 else {
      throw SandboxControlError(request: "\(method) \(path)", status: result.status, message: result.body)
    }
    return result.body
  }

  /// Adds a fault rule and returns its id.
  @discardableResult
  package func addFault(_ rule: String) throws(SandboxControlError) -> Int {
    let text = try perform("POST", "/faults", rule)
    guard let id = (try? JSON(reading: text))?["id"]?.whole else {
      throw SandboxControlError(request: "POST /faults", status: 500, message: "The rule has no id.")
    }
    return id
  }

  /// Removes all fault rules.
  package func clearFaults() { _ = world.control(method: "DELETE", target: "/faults", body: []) }

  /// What was asked of the emulated systems since the last reset.
  package var requests: RequestCounts { world.counts }

  /// Sets the counts of requests to zero.
  package func resetRequests() { _ = world.control(method: "DELETE", target: "/requests", body: []) }

  /// Moves the emulated clock.
  package func advanceClock(bySeconds seconds: Int) {
    _ = world.control(method: "POST", target: "/clock", body: Array(#"{"advance-seconds":\#(seconds)}"#.utf8))
  }

  /// What the emulated clock shows.
  package var now: Date { world.now }

  /// The state as JSON text with sorted keys, of all systems or of one.
  package func state(of system: String? = nil) throws(SandboxControlError) -> String {
    try perform("GET", "/state" + (system.map { "?system=\($0)" } ?? ""))
  }

  /// Addresses, credentials and command lines; the port is 0 until the sandbox has started.
  package var description: SandboxDescription { world.description() }
}

/// A control request that was refused.
package struct SandboxControlError: Error, Sendable, CustomStringConvertible {
  package var request: String
  package var status: Int
  /// The answer's JSON.
  package var message: String

  package var description: String { "\(request) was refused (\(status)): \(message)" }
}
