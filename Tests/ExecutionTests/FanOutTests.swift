/// One source and many destinations, end to end over a store in a folder and a system in memory.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization
import Testing

@Suite struct FanOutTests {
  /// A store, a tenant in memory, and a sync from dana's group "Shared" to others.
  final class FanOutBench: Sendable {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-\(UUID().uuidString)")
    let store: Store
    let system = FakePlaces()
    let clock = FakeClock()
    let name: SyncName = "google-contacts"

    struct Provider: ConnectorProvider {
      let system: FakePlaces
      func connector(for connection: Connection) throws(ConnectorError) -> any Connector { system }
      func description(of system: SystemID) -> SystemDescription? { FakePlaces.description }
    }

    init(contacts: Int, users: Int, destinations: [String]? = nil) throws {
      store = try Store.open(at: folder.appendingPathComponent("kith.sqlite"))
      let now = clock.now()
      try store.save(
        Connection(name: "g", system: "google", parameters: [:], secrets: [:], madeAt: now, changedAt: now))
      try store.add(Sync(name: name, recipe: "google-contacts", company: nil, source: "g", target: "g", madeAt: now))
      let passed = [CheckResult(name: "credentials", outcome: .passed, detail: "")]
      for partition in [nil, "dana@acme.example"] {
        try store.recordCheck(connection: "g", partition: partition, results: passed, at: now)
      }
      var everybody = ["user:user0@acme.example"]
      system.state.withLock { state in
        var dana = FakeUser(name: "dana@acme.example", groups: ["g1": "Shared", "g2": "Private"])
        for number in 0..<contacts {
          dana.contacts[RecordID("s\(number)")] = FakeContact(
            fields: [
              "first-name": .text("F\(number)"), "last-name": .text("L\(number)"),
              "emails": .list(["work: c\(number)@example.org"]),
            ], groups: ["g1"])
        }
        dana.contacts["own"] = FakeContact(fields: ["first-name": .text("Own")], groups: ["g2"])
        state.users["u-dana"] = dana
        for number in 0..<users { state.users["u\(number)"] = FakeUser(name: "user\(number)@acme.example") }
        everybody = (0..<users).map { "user:user\($0)@acme.example" }
      }
      try set("source-user", .text("dana@acme.example"))
      try set("source-group", .text("Shared"))
      try set("destinations", .list(destinations ?? everybody))
      try set("enabled", .flag(true))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func set(_ key: SettingKey, _ value: SettingValue) throws {
      try store.set(key, to: value, for: .sync(name), by: "ana", at: clock.now())
    }

    func engine(attended: Bool = false) -> Engine {
      Engine(
        store: store, connectors: Provider(system: system), clock: clock,
        who: Who(user: "ana", isAttended: attended, host: "h", pid: 1, session: "s"))
    }

    static let anything = Limits(
      [.creates: .any, .updates: .any, .deactivates: .any, .reactivates: .any, .deletes: .any], first: true)

    @discardableResult
    func sync(_ limits: Limits = anything) async throws -> FanOutRun {
      try await engine().syncParts(of: name, limits: limits, confirm: { _ in true })
    }

    /// The contacts of a user, by name of group.
    func contacts(of user: String, in group: String? = nil) -> [FakeContact] {
      system.state.withLock { state in
        guard let held = state.users[user] else { return [] }
        return held.contacts.values.filter { contact in
          guard let group else { return true }
          return contact.groups.contains { held.groups[$0] == group }
        }
      }
    }
  }

  @Test("the first run gives every destination the group, the second writes nothing")
  func firstRun() async throws {
    let bench = try FanOutBench(contacts: 5, users: 3)
    let first = try await bench.sync()
    #expect(first.run.outcome == .ok && first.run.done == 15)
    for user in ["u0", "u1", "u2"] {
      #expect(bench.contacts(of: user, in: "Shared").count == 5)
      #expect(!bench.contacts(of: user).contains { $0.fields.text("first-name") == "Own" })
    }
    let again = try await bench.sync()
    #expect(again.run.done == 0 && again.run.outcome == .ok)
    #expect(again.plan.parts.allSatisfy { !$0.hasChanges })
  }

  @Test("1 000 contacts to several users take the smallest number of batches, one after another for each user")
  func batches() async throws {
    let bench = try FanOutBench(contacts: 1_000, users: 6)
    #expect(try await bench.sync().run.done == 6_000)
    let state = bench.system.state.withLock { $0 }
    #expect(state.batches.count == 6 * 5)
    #expect(state.batches.allSatisfy { $0.count == 200 && $0.action == .create })
    #expect(state.overlaps == 0)
    #expect(state.mostAtOnce > 1, "users are served side by side")
    // The places, the group, the source; then a reading, five batches and one look for the new group each.
    #expect(Double(state.requests) <= 1.05 * Double(4 + 6 * 7))
  }

  @Test("an edit at the source travels, an edit of a copy is put back, an own addition is left alone")
  func edits() async throws {
    let bench = try FanOutBench(contacts: 4, users: 2)
    try await bench.sync()
    bench.system.state.withLock { state in
      state.users["u-dana"]?.contacts["s0"]?.fields["first-name"] = .text("Renamed")
      guard let copy = state.users["u0"]?.contacts.first(where: { $0.value.fields.text("first-name") == "F1" })?.key,
        let group = state.users["u0"]?.groups.keys.first
      else { return }
      state.users["u0"]?.contacts[copy]?.fields["first-name"] = .text("Edited")
      state.users["u0"]?.contacts["mine"] = FakeContact(fields: ["first-name": .text("Mine")], groups: [group])
    }
    let run = try await bench.sync()
    #expect(run.run.done == 3)
    let names = Set(bench.contacts(of: "u0").compactMap { $0.fields.text("first-name") })
    #expect(names == ["Renamed", "F1", "F2", "F3", "Mine"])
    #expect(try await bench.sync().run.done == 0)
    let part = try #require(try bench.store.parts(of: bench.name).first { $0.place == "u0" })
    let situations = try bench.engine().situations(for: part.name)
    let own = try #require(Why.explain("mine", side: .target, kind: .person, in: situations))
    #expect(own.decision.reason.reason == .localAddition)
  }

  @Test("a contact that leaves the group is removed from every destination, and comes back with it")
  func leaving() async throws {
    let bench = try FanOutBench(contacts: 30, users: 2)
    try await bench.sync()
    bench.system.state.withLock { $0.users["u-dana"]?.contacts["s3"]?.groups = ["g2"] }
    let part = try #require(try bench.store.parts(of: bench.name).first)
    let plan = try await bench.engine().previewParts(of: bench.name)
    #expect(plan.changeCounts[.deletes] == 2)
    let situations = try bench.engine().situations(for: part.name)
    let why = try #require(Why.explain("s3", side: .source, kind: .person, in: situations))
    #expect(why.decision.action == .delete && why.decision.reason.reason == .notInGroup)
    #expect(try await bench.sync().run.done == 2)
    #expect(bench.contacts(of: "u0").count == 29 && bench.contacts(of: "u1").count == 29)
    bench.system.state.withLock { $0.users["u-dana"]?.contacts["s3"]?.groups = ["g1"] }
    #expect(try await bench.sync().run.done == 2)
    #expect(bench.contacts(of: "u0").count == 30)
  }

  @Test("renaming the source and two destinations loses nothing and creates nothing")
  func renames() async throws {
    let bench = try FanOutBench(contacts: 6, users: 3)
    try await bench.sync()
    bench.system.state.withLock { state in
      state.users["u-dana"]?.name = "dana.new@acme.example"
      // Two swap their addresses: only the ids tell who is who.
      state.users["u0"]?.name = "user1@acme.example"
      state.users["u1"]?.name = "user0@acme.example"
    }
    let run = try await bench.sync()
    #expect(run.run.outcome == .ok && run.run.done == 0)
    #expect(Set(run.plan.renamed.map(\.to)) == ["dana.new@acme.example", "user1@acme.example", "user0@acme.example"])
    let parts = try bench.store.parts(of: bench.name)
    #expect(parts.first { $0.place == "u0" }?.name == "google-contacts/user1@acme.example")
    #expect(bench.contacts(of: "u0").count == 6 && bench.contacts(of: "u1").count == 6)
  }

  @Test("a destination struck from the list is cleaned, its own additions stay; one that left a group is kept")
  func struck() async throws {
    let bench = try FanOutBench(contacts: 3, users: 3, destinations: ["user:user0@acme.example", "group:sales"])
    bench.system.state.withLock { $0.teams["sales"] = ["u1", "u2"] }
    try await bench.sync()
    bench.system.state.withLock { state in
      state.teams["sales"] = ["u2"]
      guard let group = state.users["u0"]?.groups.keys.first else { return }
      state.users["u0"]?.contacts["mine"] = FakeContact(fields: ["first-name": .text("Mine")], groups: [group])
    }
    try bench.set("destinations", .list(["group:sales"]))
    // Unattended, the guard on deletes holds the cleaning of that one destination.
    let held = try await bench.sync()
    #expect(held.run.outcome == .held)
    #expect(bench.contacts(of: "u0").count == 4)
    let left = try #require(held.plan.parts.first { $0.place.id == "u1" })
    #expect(left.leftAlone?.reason == .notADestination)
    let plan = try #require(held.plan.parts.first { $0.place.id == "u0" }?.plan)
    let overrides = Overrides(["deletes": 3, "settings-effect": 3])
    _ = try await bench.engine().apply(
      plan, limits: FanOutBench.anything, overrides: overrides, confirm: { _, _ in .goOn })
    #expect(bench.contacts(of: "u0").compactMap { $0.fields.text("first-name") } == ["Mine"])
    #expect(bench.contacts(of: "u1").count == 3)
    try await bench.sync()
    #expect(try bench.store.parts(of: bench.name).map(\.place) == ["u1", "u2"])
    #expect(bench.system.state.withLock { $0.users["u0"]?.groups.isEmpty } == true, "the group goes too")
    try bench.set("remove-leavers", .flag(true))
    #expect(try await bench.engine().previewParts(of: bench.name).changeCounts[.deletes] == 3)
  }

  @Test("a suspended user is left alone and reported, an unknown selector is told, and the others are served")
  func faults() async throws {
    let bench = try FanOutBench(
      contacts: 2, users: 2, destinations: ["user:user0@acme.example", "user:user1@acme.example", "group:nobody"])
    bench.system.state.withLock { $0.users["u1"]?.isSuspended = true }
    let run = try await bench.sync()
    #expect(run.run.outcome == .failed, "a selector that leads nowhere wants a look")
    #expect(run.plan.faults["group:nobody"]?.reason == .groupNotFound)
    #expect(run.plan.parts.first { $0.place.id == "u1" }?.leftAlone?.reason == .userSuspended)
    #expect(bench.contacts(of: "u0").count == 2 && bench.contacts(of: "u1").isEmpty)
  }

  @Test("a missing source group stops the run and removes nothing")
  func missingGroup() async throws {
    let bench = try FanOutBench(contacts: 2, users: 2)
    try await bench.sync()
    bench.system.state.withLock { $0.users["u-dana"]?.groups["g1"] = nil }
    await #expect(throws: ExecutionError.self) { try await bench.sync() }
    #expect(bench.contacts(of: "u0").count == 2)
    #expect(try bench.store.runs(of: bench.name, limit: 1).first?.reason == .groupNotFound)
  }

  @Test("G08 a lost answer of a whole batch is looked up: nobody is created twice")
  func lostAnswer() async throws {
    let bench = try FanOutBench(contacts: 20, users: 1)
    bench.system.state.withLock { $0.dropsAnswers = true }
    #expect(try await bench.sync().run.done == 20)
    #expect(bench.contacts(of: "u0").count == 20)
    #expect(try await bench.sync().run.done == 0)
  }

  @Test("G26 a lost store costs no duplicates: copies are known again by the origin that they carry")
  func lostStore() async throws {
    let bench = try FanOutBench(contacts: 8, users: 2)
    try await bench.sync()
    let other = try FanOutBench(contacts: 0, users: 2)
    let state = bench.system.state.withLock { $0 }
    other.system.state.withLock { $0 = state }
    let run = try await other.sync()
    #expect(run.run.failed == 0)
    #expect(run.plan.changeCounts[.creates] == nil)
    #expect(other.contacts(of: "u0").count == 8)
  }

  @Test("limits are those of all destinations together")
  func limits() async throws {
    let bench = try FanOutBench(contacts: 5, users: 3)
    await #expect(throws: ExecutionError.self) { try await bench.sync(Limits([.creates: .atMost(14)], first: true)) }
    #expect(bench.contacts(of: "u0").isEmpty)
    #expect(try await bench.sync(Limits([.creates: .atMost(15)], first: true)).run.done == 15)
  }
}
