/// A store in a folder of its own, two fake systems, a clock that stands still, and one sync between them.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization

/// Stands still but for what is waited; renewals of a lease (20 s and more) do not move it.
final class FakeClock: WallClock {
  private let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
  func now() -> Date { time.withLock { $0 } }
  func sleep(for duration: Duration) async throws {
    if duration < .seconds(10) { advance(duration) }
    try await Task.sleep(for: .milliseconds(2))
  }
  func advance(_ duration: Duration) { time.withLock { $0 += duration.seconds } }
}

extension URL {
  /// Where a copy of a store can be put, in a folder of its own below this one.
  func freshStore() -> URL {
    let file = appendingPathComponent("\(UUID().uuidString)/kith.sqlite")
    try? FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return file
  }
}

struct FakeProvider: ConnectorProvider {
  let source: FakeSource
  let target: FakeTarget
  func connector(for connection: Connection) throws(ConnectorError) -> any Connector {
    if connection.system == "m365" { source } else { target }
  }
  func description(of system: SystemID) -> SystemDescription? {
    system == "m365" ? FakeSource.description : FakeTarget.description
  }
}

struct Bench: Sendable {
  let folder: URL
  let store: Store
  let source: FakeWorld
  let target: FakeWorld
  let companies: FakeWorld
  let clock: FakeClock
  let sync: SyncName

  /// A sync that is enabled, checked and may update.
  init(people: Int = 0) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kith-\(UUID().uuidString)", isDirectory: true)
    self = Bench(
      folder: folder, store: try Store.open(at: folder.appendingPathComponent("kith.sqlite")), source: FakeWorld(),
      target: FakeWorld(), companies: FakeWorld(), clock: FakeClock())
    let now = clock.now()
    for (name, system) in [("ms", "m365"), ("cw", "connectwise")] {
      try store.save(
        Connection(
          name: name, system: SystemID(system), parameters: [:], secrets: [:], madeAt: now, changedAt: now))
    }
    try store.save([Company(handle: "acme", name: "Acme Dental", ids: ["cw": "250"], isActive: true)])
    try store.add(
      Sync(name: sync, recipe: "m365-contacts", company: "acme", source: "ms", target: "cw", madeAt: now))
    try set("tenant", .text("acme.example"))
    try set("enabled", .flag(true))
    try set("update-existing", .flag(true))
    let passed = [CheckResult(name: "credentials", outcome: .passed, detail: "")]
    for (connection, partition) in [("ms", nil), ("ms", "acme.example"), ("cw", nil)] {
      try store.recordCheck(connection: connection, partition: partition, results: passed, at: now)
    }
    for number in 0..<people { addUser(number) }
  }

  private init(
    folder: URL, store: Store, source: FakeWorld, target: FakeWorld, companies: FakeWorld, clock: FakeClock
  ) {
    self.folder = folder
    self.store = store
    self.source = source
    self.target = target
    self.companies = companies
    self.clock = clock
    sync = "acme/contacts"
  }

  /// The same set-up as it was when the store was copied to `file` and the target looked like `state`: what a process
  /// that starts after a crash finds.
  func revived(from file: URL, target state: FakeState) throws -> Bench {
    let target = FakeWorld()
    target.state.withLock { $0 = state }
    return Bench(
      folder: folder, store: try Store.open(at: file), source: source, target: target, companies: companies,
      clock: FakeClock())
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  // MARK: - World

  @discardableResult
  func addUser(_ number: Int, title: String = "Clerk") -> RecordID {
    let id = RecordID("u\(String(1000 + number).dropFirst())")
    let email = "user\(number)@acme.example"
    source.state.withLock {
      $0.put(
        Record(
          id: id, kind: .person, state: .active,
          fields: [
            "email": .text(email), "addresses": .list([email]), "first-name": .text("User\(number)"),
            "last-name": .text("Acme"), "title": .text(title), "phone": .null, "mobile": .null,
            "account-enabled": .flag(true), "licences": .list(["sku-1"]), "user-type": .text("Member"),
          ]))
    }
    return id
  }

  /// A contact with the address of a user.
  @discardableResult
  func addContact(_ number: Int, title: String = "Clerk") -> RecordID {
    let email = "user\(number)@acme.example"
    return target.state.withLock { state in
      let id = RecordID(String(state.nextID))
      state.nextID += 1
      state.put(
        Record(
          id: id, kind: .person, state: .active,
          fields: [
            "email": .text(email), "addresses": .list([email]), "first-name": .text("User\(number)"),
            "last-name": .text("Acme"), "title": .text(title), "phone": .null, "mobile": .null,
          ]))
      return id
    }
  }

  func user(_ number: Int) -> RecordID { RecordID("u\(String(1000 + number).dropFirst())") }

  func contact(_ number: Int) -> Record? {
    target.records.first { $0.fields.text("email") == "user\(number)@acme.example" }
  }

  /// Addresses that more than one contact has.
  var duplicates: [String] {
    let emails = target.records.compactMap { $0.fields.text("email") }
    return Dictionary(grouping: emails) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
  }

  func set(_ key: SettingKey, _ value: SettingValue) throws {
    try store.set(key, to: value, for: .sync(sync), by: "ada", at: clock.now())
  }

  // MARK: - Verbs

  func engine(isAttended: Bool = false, isDry: Bool = false, pid: Int32 = ProcessInfo.processInfo.processIdentifier)
    -> Engine
  {
    Engine(
      store: store,
      connectors: FakeProvider(
        source: FakeSource(world: source), target: FakeTarget(world: target, companies: companies)),
      clock: clock,
      who: Who(user: "ada", isAttended: isAttended, host: "desk", pid: pid, session: "s1"), isDry: isDry)
  }

  /// Any number of everything, the first plan too.
  static let anything = Limits(
    [.creates: .any, .updates: .any, .deactivates: .any, .reactivates: .any, .deletes: .any], first: true)

  @discardableResult
  func syncNow(_ limits: Limits? = Bench.anything, isAttended: Bool = false) async throws -> Run {
    try await engine(isAttended: isAttended).sync(sync, limits: limits, confirm: { _ in true })
  }

  @discardableResult
  func apply(
    _ plan: PlanID, rest: Bool = false, limits: Limits? = Bench.anything, overrides: Overrides? = nil,
    isAttended: Bool = false
  ) async throws -> Run {
    try await engine(isAttended: isAttended).apply(
      plan, rest: rest, limits: limits, overrides: overrides, confirm: { _, _ in .goOn })
  }

  func preview(isAttended: Bool = false) async throws -> Plan {
    try await engine(isAttended: isAttended).preview(sync).plan
  }
}

/// The failure that an engine call is expected to end with.
func failure(_ body: () async throws -> Any) async -> ExecutionError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? ExecutionError
  }
}
