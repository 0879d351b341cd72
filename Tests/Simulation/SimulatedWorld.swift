/// One seeded world: the emulated vendors over loopback, the real connectors, engine and store, and one sync.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Sandbox
import Storage
import Testing

struct SimulatedWorld: Sendable {
  let seed: UInt64
  let sandbox: Sandbox
  let description: SandboxDescription
  let stack: HTTPStack
  let store: Store
  let engine: Engine
  let folder: URL
  let sync: SyncName = "acme/contacts"

  /// Any number of everything, the first plan too.
  static let anything = Limits(
    [.creates: .any, .updates: .any, .deactivates: .any, .reactivates: .any, .deletes: .any], first: true)

  /// Builds the world, runs `body` in it, and takes it down again.
  static func run(seed: UInt64, people: Int, _ body: (SimulatedWorld) async throws -> Void) async throws {
    let sandbox = Sandbox(SandboxOptions(seed: seed, companies: 3, people: people))
    let description = try await sandbox.start()
    let stack = HTTPStack()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kith-\(UUID().uuidString)", isDirectory: true)
    do {
      let world = try SimulatedWorld(
        seed: seed, sandbox: sandbox, description: description, stack: stack, folder: folder)
      try await world.setUp()
      try await body(world)
    } catch {
      Issue.record(error, "seed \(seed)")
    }
    await stack.shutdown()
    await sandbox.stop()
    try? FileManager.default.removeItem(at: folder)
  }

  private init(
    seed: UInt64, sandbox: Sandbox, description: SandboxDescription, stack: HTTPStack, folder: URL
  ) throws {
    self.seed = seed
    self.sandbox = sandbox
    self.description = description
    self.stack = stack
    self.folder = folder
    store = try Store.open(at: folder.appendingPathComponent("kith.sqlite"))
    let secrets = SecretResolver(vault: Vault(home: folder), environment: description.environment)
    engine = Engine(
      store: store, connectors: SystemConnectors(secrets: secrets, stack: stack),
      who: Who(
        user: "sim", isAttended: false, host: "sim", pid: ProcessInfo.processInfo.processIdentifier, session: "s"))
  }

  private func setUp() async throws {
    let m365 = try #require(description.systems["m365"])
    let connectwise = try #require(description.systems["connectwise"])
    let now = Date()
    try store.save(
      Connection(
        name: "ms", system: "m365",
        parameters: ["url": m365.url, "client-id": m365.credentials["client-id"] ?? ""],
        secrets: ["client-secret": "env:SANDBOX_M365_SECRET"], madeAt: now, changedAt: now))
    var parameters = connectwise.credentials.filter { $0.key != "private-key" }
    parameters["url"] = connectwise.url
    try store.save(
      Connection(
        name: "cw", system: "connectwise", parameters: parameters,
        secrets: ["private-key": "env:SANDBOX_CW_PRIVATE_KEY"], madeAt: now, changedAt: now))
    _ = try await engine.loadCompanies(from: "cw")
    let tenant = try #require(m365.tenants?.first { $0.company == "Acme" })
    let company = try #require(try store.company(at: "cw", id: RecordID(String(tenant.companyID))))
    try store.add(
      Sync(name: sync, recipe: "m365-contacts", company: company.handle, source: "ms", target: "cw", madeAt: now))
    for (key, value) in [
      ("tenant", SettingValue.text(tenant.id)), ("enabled", .flag(true)), ("update-existing", .flag(true)),
    ] {
      try store.set(SettingKey(key), to: value, for: .sync(sync), by: "sim", at: now)
    }
    for (connection, report) in try await engine.check() {
      #expect(report.hasPassed, "\(connection): \(report.results.filter { $0.outcome == .failed })")
    }
  }

  // MARK: - What happens

  @discardableResult
  func syncNow() async throws -> Run {
    try await engine.sync(sync, limits: Self.anything, confirm: { _ in false })
  }

  /// Writes that ConnectWise carried out since the counts were reset.
  var writes: Int { sandbox.control.requests.committedWrites["connectwise"] ?? 0 }

  func editUser(_ id: RecordID, _ json: String) throws {
    try sandbox.control.perform("PATCH", "/m365/Acme/users/\(id)", json)
  }

  func editContact(_ id: RecordID, _ json: String) throws {
    try sandbox.control.perform("PATCH", "/connectwise/contacts/\(id)", json)
  }

  // MARK: - What there is

  /// Pairs that are linked, settled and active on both sides, by their targets.
  func settledPairs() throws -> [Link] {
    let baselines = try store.baselines(of: sync, kind: .person)
    let situation = try engine.situation(for: sync)
    let active = Set(situation.target.records.filter { $0.state == .active }.map(\.id))
    let enabled = Set(
      situation.source.records.filter { $0.fields.flag("account-enabled") == true }.map(\.id))
    return try store.links(of: sync).filter {
      $0.state == .linked && baselines[$0.source]?.source["title"] != nil && active.contains($0.target)
        && enabled.contains($0.source)
    }
  }

  /// The contacts that the target has now, by id and address.
  func contacts() async throws -> [RecordID: String] {
    _ = try await engine.loadPeople(of: [sync])
    let records = try engine.situation(for: sync).target.records
    return Dictionary(uniqueKeysWithValues: records.map { ($0.id, ($0.fields.text("email") ?? "").lowercased()) })
  }

  /// Links whose targets are shared, and created contacts that share an address: both have to be none.
  func duplicates() throws -> [String] {
    let links = try store.links(of: sync)
    let targets = Dictionary(grouping: links, by: \.target).filter { $0.value.count > 1 }.keys.map(\.rawValue)
    let created = Set(links.filter { $0.madeBy == .created }.map(\.target))
    let records = try engine.situation(for: sync).target.records
    let byAddress = Dictionary(grouping: records) { $0.fields.text("email")?.lowercased() ?? $0.id.rawValue }
    let doubled = byAddress.filter { pair in pair.value.count > 1 && pair.value.contains { created.contains($0.id) } }
    return (targets + doubled.keys).sorted()
  }
}
