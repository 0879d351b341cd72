/// A sandbox of its own for one test, and the connectors that look at it over a loopback socket.
import Connectors
import Foundation
import Model
import Sandbox
import Synchronization

/// A connector under test, with what differs between the systems: how people come to be, and where they are listed.
struct Subject: Sendable, CustomStringConvertible {
  var system: SystemID
  var description: String { system.rawValue }
  /// The path of the listing of people, as a fault names it.
  var listing: String
  var page: Int

  static let microsoft = Subject(system: "m365", listing: "/v1.0/users", page: 999)
  static let connectWise = Subject(system: "connectwise", listing: "*/company/contacts", page: 1000)
  static let all = [microsoft, connectWise]
}

/// Sleeping moves its time on at once, so that waiting for a server costs a test nothing.
final class ImpatientClock: MonotonicClock {
  private let time = Mutex(0.0)
  func now() -> Double { time.withLock { $0 } }
  func sleep(seconds: Double) async throws {
    try Task.checkCancellation()
    let end = now() + seconds
    time.withLock { $0 = max($0, end) }
    await Task.yield()
  }
}

struct Stage: Sendable {
  let sandbox: Sandbox
  let world: SandboxDescription
  let stack: HTTPStack

  /// Runs a test against a sandbox whose first company, Acme, has so many people in its tenant.
  static func with<Result>(
    people: Int = 0, _ body: (Stage) async throws -> Result
  ) async throws -> Result {
    // Time stands still, so that only the faults asked for occur.
    let sandbox = Sandbox(SandboxOptions(companies: 3, people: people, startingAt: .reference, frozenClock: true))
    let stage = Stage(sandbox: sandbox, world: try await sandbox.start(), stack: HTTPStack())
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
    parameters.merge(changing) { _, new in new }
    var secrets: [String: Secret] = [:]
    for parameter in type.description.parameters where parameter.isSecret {
      secrets[parameter.key] = parameters.removeValue(forKey: parameter.key).map { Secret($0) }
    }
    let connection = Connection(
      name: subject.description, system: subject.system, parameters: parameters, secrets: [:], madeAt: .reference,
      changedAt: .reference, findings: findings)
    return try type.init(
      ConnectorSetup(
        connection: connection, secrets: secrets, transport: stack.transport, clock: ImpatientClock(),
        now: { .reference }, random: { 0.5 }, log: stack.log))
  }

  /// Acme, as the system calls it.
  func scope(_ subject: Subject) throws -> ReadScope {
    guard let tenant = world.systems["m365"]?.tenants?.first(where: { $0.company == "Acme" }) else {
      throw StageError.noSuchSystem
    }
    return ReadScope(partition: subject.system == "m365" ? tenant.id : String(tenant.companyID))
  }

  /// Adds a person to Acme from outside, and gives the address.
  @discardableResult
  func add(_ subject: Subject, _ number: Int) throws -> String {
    let address = "person\(number)@acme.example"
    if subject.system == "m365" {
      try sandbox.control.perform(
        "POST", "/m365/Acme/users",
        #"{"givenName":"P\#(number)","surname":"X","mail":"\#(address)","userPrincipalName":"\#(address)"}"#)
    } else {
      try sandbox.control.perform(
        "POST", "/connectwise/contacts",
        #"{"firstName":"P\#(number)","lastName":"X","company":"Acme","email":"\#(address)"}"#)
    }
    return address
  }

  func fault(_ subject: Subject, _ rest: String) throws {
    try sandbox.control.addFault(#"{"system":"\#(subject.system.rawValue)",\#(rest)}"#)
  }

  /// Every page of a reading, or the error that it ended with.
  func read(
    _ connector: any Connector, _ scope: ReadScope, of kind: RecordKind = .person, since mark: DeltaMark? = nil
  ) async -> (pages: [Page], error: ConnectorError?) {
    var pages: [Page] = []
    do {
      for try await page in connector.read(kind, in: scope, since: mark) { pages.append(page) }
      return (pages, nil)
    } catch {
      return (pages, error as? ConnectorError)
    }
  }
}

enum StageError: Error { case noSuchSystem }

extension Date {
  static let reference = Date(timeIntervalSince1970: 1_772_000_000)
}
