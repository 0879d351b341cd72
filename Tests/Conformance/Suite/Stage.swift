/// A sandbox of its own for one test, and the connectors that look at it over a loopback socket or in process.
import Connectors
import Foundation
import Model
import Sandbox
import Synchronization

/// How the requests of a test reach the sandbox.
enum Way: String, Sendable, CaseIterable {
  case inProcess = "in process"
  case socket = "over a socket"
}

/// Sleeping moves its time on at once, so that waiting for a server costs a test nothing.
final class ImpatientClock: MonotonicClock {
  private let time = Mutex(0.0)
  /// Told of every wait, in seconds; the emulated clock follows it where a test wants that.
  private let follower: @Sendable (Double) -> Void

  init(follower: @escaping @Sendable (Double) -> Void = { _ in }) { self.follower = follower }

  func now() -> Double { time.withLock { $0 } }
  func sleep(seconds: Double) async throws {
    try Task.checkCancellation()
    let end = now() + seconds
    let step = time.withLock { time in
      defer { time = max(time, end) }
      return max(0, end - time)
    }
    if step > 0 { follower(step) }
    await Task.yield()
  }
}

struct Stage: Sendable {
  let sandbox: Sandbox
  let world: SandboxDescription
  let stack: HTTPStack
  let transport: any Transport
  let clock: ImpatientClock
  /// What happens between two answers of a reading.
  let interruption: Interruption
  /// Whether the connectors' waits and dates go by the emulated clock.
  let simulatesTime: Bool

  /// Runs a test against a sandbox whose first company, Acme, has so many people in its tenant.
  static func with<Result>(
    people: Int = 0, _ way: Way = .inProcess, simulatesTime: Bool = false, _ body: (Stage) async throws -> Result
  ) async throws -> Result {
    // Time stands still, so that only the faults asked for occur.
    let sandbox = Sandbox(SandboxOptions(companies: 3, people: people, startingAt: .reference, frozenClock: true))
    let stack = HTTPStack()
    let world: SandboxDescription
    let wire: any Transport
    switch way {
    case .inProcess:
      // Nobody listens on the port of `discard`, and nobody is asked.
      world = sandbox.describe(asIfAt: "http://127.0.0.1:9")
      wire = InProcessTransport(sandbox: sandbox)
    case .socket:
      world = try await sandbox.start()
      wire = stack.transport
    }
    let interruption = Interruption()
    let control = sandbox.control
    let clock = ImpatientClock { seconds in
      guard simulatesTime else { return }
      _ = control.perform(method: "POST", path: "/clock", body: Data(#"{"advance-seconds":\#(seconds)}"#.utf8))
    }
    let stage = Stage(
      sandbox: sandbox, world: world, stack: stack, transport: InterruptedTransport(wire, interruption), clock: clock,
      interruption: interruption, simulatesTime: simulatesTime)
    do {
      let result = try await body(stage)
      await stage.close()
      return result
    } catch {
      await stage.close()
      throw error
    }
  }

  private func close() async {
    await stack.shutdown()
    await sandbox.stop()
  }

  func connector(
    _ subject: Subject, findings: [String: String] = [:], changing: [String: String] = [:]
  ) throws -> any Connector {
    guard let system = world.systems[subject.system.rawValue],
      let type = Systems.all.first(where: { $0.description.id == subject.system })
    else { throw StageError.noSuchSystem }
    var parameters = system.credentials.merging(["url": system.url]) { own, _ in own }
    parameters.merge(subject.parameters.merging(changing) { _, new in new }) { _, new in new }
    var secrets: [String: Secret] = [:]
    for parameter in type.description.parameters where parameter.isSecret {
      secrets[parameter.key] = parameters.removeValue(forKey: parameter.key).map { Secret($0) }
    }
    let connection = Connection(
      name: subject.system.rawValue, system: subject.system, parameters: parameters, secrets: [:], madeAt: .reference,
      changedAt: .reference, findings: findings)
    let now: @Sendable () -> Date =
      if simulatesTime { { [control = sandbox.control] in control.now } } else { { .reference } }
    return try type.init(
      ConnectorSetup(
        connection: connection, secrets: secrets, transport: transport, clock: simulatesTime ? clock : ImpatientClock(),
        now: now, random: { 0.5 }, log: stack.log))
  }

  /// The texts that must never be shown: the secrets of a system.
  func secrets(of subject: Subject) -> [String] {
    let credentials = world.systems[subject.system.rawValue]?.credentials ?? [:]
    return subject.declaration.parameters.filter(\.isSecret).compactMap { credentials[$0.key] }
  }

  /// Acme, as Microsoft 365 and ConnectWise call it.
  func scope(_ subject: Subject) throws -> ReadScope {
    guard let tenant = world.systems["m365"]?.tenants?.first(where: { $0.company == "Acme" }) else {
      throw StageError.noSuchSystem
    }
    return ReadScope(partition: subject.system == "m365" ? tenant.id : String(tenant.companyID))
  }

  func fault(_ subject: Subject, _ rest: String) throws {
    try sandbox.control.addFault(#"{"system":"\#(subject.system.rawValue)",\#(rest)}"#)
  }

  /// Every page of a reading, or the error that it ended with.
  func read(
    _ connector: any Connector, _ scope: ReadScope, of kind: RecordKind = .person, since mark: DeltaMark? = nil
  ) async -> (pages: [Page], error: ConnectorError?) {
    let reading = await Reading(connector, kind, in: scope, since: mark)
    return (reading.pages, reading.error)
  }
}

enum StageError: Error {
  case noSuchSystem
  case noSuchField(FieldName)
  case noID(String)
  /// A write that the test needs was not done.
  case notDone([WriteOutcome])
}

extension Date {
  static let reference = Date(timeIntervalSince1970: 1_772_000_000)
}
