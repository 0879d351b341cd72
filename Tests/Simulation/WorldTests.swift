/// Laws that hold in every seeded world, end to end over HTTP.
import Execution
import Foundation
import Model
import Sandbox
import Storage
import Testing

@Suite(.serialized) struct WorldTests {
  @Test(arguments: [1, 2, 3] as [UInt64]) func `G13 G14 a resting world is written once`(_ seed: UInt64) async throws {
    try await SimulatedWorld.run(seed: seed, people: 40) { world in
      let first = try await world.syncNow()
      #expect(first.failed == 0, "seed \(seed): \(first.message ?? "")")
      #expect(first.done > 0, "seed \(seed)")
      #expect(first.notSent == 0, "seed \(seed)")
      let state = try world.sandbox.control.state(of: "connectwise")
      world.sandbox.control.resetRequests()
      for _ in 0..<3 {
        let next = try await world.syncNow()
        #expect((next.done, next.outcome) == (0, .ok), "seed \(seed)")
      }
      #expect(world.writes == 0, "seed \(seed)")
      #expect(try world.sandbox.control.state(of: "connectwise") == state, "seed \(seed)")
      #expect(try world.duplicates().isEmpty, "seed \(seed)")
    }
  }

  @Test func `each edit outside produces exactly the writes that it should`() async throws {
    try await SimulatedWorld.run(seed: 11, people: 40) { world in
      try await world.syncNow()
      let pairs = try world.settledPairs()
      try #require(pairs.count >= 4)
      func expect(_ action: Action?, _ what: String, _ edit: () throws -> Void) async throws {
        try edit()
        let run = try await world.syncNow()
        let actions = try world.store.lines(of: try #require(run.id)).filter { $0.action.isChange }.map(\.action)
        #expect(actions == (action.map { [$0] } ?? []), "\(what)")
        #expect(run.outcome == .ok, "\(what)")
        #expect(try await world.syncNow().done == 0, "\(what), once more")
      }
      try await expect(.update, "a title changed at the source") {
        try world.editUser(pairs[0].source, #"{"jobTitle":"Chief of simulations"}"#)
      }
      try await expect(nil, "a title edited at the target stays") {
        try world.editContact(pairs[1].target, #"{"title":"Edited by hand"}"#)
      }
      try await expect(nil, "a blank overwrites nothing") {
        try world.editUser(pairs[0].source, #"{"jobTitle":null}"#)
      }
      try await expect(.deactivate, "a user was disabled, and lost the address in the same breath") {
        try world.sandbox.control.perform("POST", "/m365/Acme/users/\(pairs[2].source)/leave")
      }
      try await expect(.create, "a new user") {
        try world.sandbox.control.perform(
          "POST", "/m365/Acme/users",
          #"{"givenName":"Nora","surname":"Lindqvist","mail":"nora.new@acme.example","userPrincipalName":"nora.new@acme.example","displayName":"Nora Lindqvist"}"#
        )
      }
      try await expect(.unlink, "a contact deleted at the target breaks its link, and stays deleted") {
        try world.sandbox.control.perform("DELETE", "/connectwise/contacts/\(pairs[3].target)")
      }
    }
  }

  @Test func `G8 every create is carried out and its answer lost: nobody is there twice`() async throws {
    try await SimulatedWorld.run(seed: 21, people: 60) { world in
      try world.sandbox.control.addFault(
        #"{"system":"connectwise","method":"POST","path":"/company/contacts","kind":"commit-then-drop"}"#)
      let before = try await world.contacts()
      world.sandbox.control.resetRequests()
      let run = try await world.syncNow()
      #expect((run.failed, run.notSent) == (0, 0), "\(run.message ?? "")")
      let created = try world.store.lines(of: try #require(run.id)).filter { $0.action == .create }
      #expect(created.count > 5)
      #expect(world.sandbox.control.requests.byStatus["dropped"] ?? 0 >= created.count)
      let after = try await world.contacts()
      let new = after.filter { before[$0.key] == nil }
      #expect(new.count == created.count)
      #expect(Set(new.values).count == new.count)
      #expect(Set(new.values).isDisjoint(with: before.values))
      world.sandbox.control.clearFaults()
      world.sandbox.control.resetRequests()
      let next = try await world.syncNow()
      #expect(next.outcome == .ok)
      #expect(try world.duplicates().isEmpty)
      world.sandbox.control.resetRequests()
      #expect(try await world.syncNow().done == 0)
      #expect(world.writes == 0)
    }
  }

  @Test func `a lost permission changes nothing and says so`() async throws {
    try await SimulatedWorld.run(seed: 31, people: 30) { world in
      try await world.syncNow()
      try world.sandbox.control.perform("POST", "/connectwise/rights", #"{"contacts":{"read":false,"write":true}}"#)
      world.sandbox.control.resetRequests()
      do {
        _ = try await world.syncNow()
        Issue.record("the sync went on without reading the target")
      } catch let error as ExecutionError {
        #expect(error.kind == .failed)
        #expect(error.reason == .permissionMissing)
      }
      #expect(world.writes == 0)
    }
  }
}
