/// What becomes of copies, groups and destinations when something around them changes: users, settings, what can be read.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization
import Testing

@Suite struct FanOutChangesTests {
  typealias Bench = FanOutTests.FanOutBench

  // MARK: - What cannot be read

  @Test("G01 whoever is missing from a group that is not read to its end has not left it", arguments: [true, false])
  func partialGroup(_ isGone: Bool) async throws {
    let bench = try Bench(contacts: 3, users: 3, destinations: ["group:sales"])
    bench.system.state.withLock { $0.teams["sales"] = ["u0", "u1", "u2"] }
    try bench.set("remove-leavers", .flag(true))
    try await bench.sync()
    bench.system.state.withLock { state in
      // Either a group inside it cannot be read, or the whole group is not to be found.
      state.teams["sales"] = isGone ? nil : ["u0"]
      if !isGone { state.unreadable = ["sales"] }
    }
    let run = try await bench.sync()
    #expect(run.run.done == 0 && run.run.outcome == .failed, "not everybody was found, which wants a look")
    for user in ["u0", "u1", "u2"] { #expect(bench.contacts(of: user, in: "Shared").count == 3, "\(user)") }
    let doubted = run.plan.parts.filter { $0.leftAlone != nil }
    #expect(Set(doubted.map(\.place.id)) == (isGone ? ["u0", "u1", "u2"] : ["u1", "u2"]))
    let reason: Reason = isGone ? .groupNotFound : .groupIncomplete
    #expect(doubted.allSatisfy { $0.leftAlone?.reason == reason && $0.place.standing == .named })
    // Once it can be read to its end, who is missing has left, and is cleaned as `remove-leavers` says.
    bench.system.state.withLock { state in
      state.unreadable = []
      state.teams["sales"] = ["u0"]
    }
    #expect(try await bench.engine().previewParts(of: bench.name).changeCounts[.deletes] == 6)
  }

  @Test("a destination whose contacts are closed is left alone and reported, and served when they are open again")
  func closed() async throws {
    let bench = try Bench(contacts: 2, users: 2)
    bench.system.state.withLock { $0.closed = ["u1"] }
    let run = try await bench.sync()
    #expect(run.run.outcome == .ok && run.run.done == 2)
    #expect(run.plan.parts.first { $0.place.id == "u1" }?.leftAlone?.reason == .contactsServiceOff)
    let part = try #require(try bench.store.parts(of: bench.name).first { $0.place == "u1" })
    let situations = try bench.engine().situations(for: part.name)
    #expect(situations.first?.placeCause?.reason == .contactsServiceOff, "why knows it afterwards")
    bench.system.state.withLock { $0.closed = [] }
    #expect(try await bench.sync().run.done == 2)
    bench.system.state.withLock { $0.closed = ["u-dana"] }
    await #expect(throws: ExecutionError.self) { try await bench.sync() }
    #expect(bench.contacts(of: "u0").count == 2)
  }

  // MARK: - Where copies stand

  @Test("a copy that its user moved out of the label is put back; with target-edits keep it stays")
  func movedOut() async throws {
    let bench = try Bench(contacts: 3, users: 1)
    try await bench.sync()
    func moveOut() {
      bench.system.state.withLock { state in
        guard let copy = state.users["u0"]?.contacts.first(where: { $0.value.fields.text("first-name") == "F1" })?.key
        else { return }
        state.users["u0"]?.contacts[copy]?.groups = []
        state.users["u0"]?.contacts[copy]?.isAmongOwn = true
      }
    }
    moveOut()
    #expect(bench.contacts(of: "u0", in: "Shared").count == 2)
    let plan = try await bench.engine().previewParts(of: bench.name)
    #expect(plan.changeCounts == [.updates: 1])
    let part = try #require(try bench.store.parts(of: bench.name).first)
    let why = try #require(
      Why.explain("s1", side: .source, kind: .person, in: try bench.engine().situations(for: part.name)))
    #expect(why.decision.reason.reason == .editedAtTarget)
    #expect(Set(why.decision.changes.map(\.field)) == ["in-group", "among-own"])
    #expect(try await bench.sync().run.done == 1)
    #expect(bench.contacts(of: "u0", in: "Shared").count == 3)
    #expect(bench.contacts(of: "u0").allSatisfy { !$0.isAmongOwn })
    #expect(try await bench.sync().run.done == 0)
    moveOut()
    try bench.set("target-edits", .text("keep"))
    #expect(try await bench.engine().previewParts(of: bench.name).changeCounts.isEmpty)
  }

  @Test("my-contacts changed later reaches the copies that are there, both ways")
  func myContacts() async throws {
    let bench = try Bench(contacts: 3, users: 2)
    try await bench.sync()
    #expect(bench.contacts(of: "u0").allSatisfy { !$0.isAmongOwn })
    for isOn in [true, false] {
      try bench.set("my-contacts", .flag(isOn))
      // Unattended, a changed setting waits for a person.
      let held = try await bench.sync()
      #expect(held.run.outcome == .held && held.run.done == 0)
      let run = try await bench.engine(attended: true).syncParts(of: bench.name, limits: nil, confirm: { _ in true })
      #expect(run.run.done == 6)
      for user in ["u0", "u1"] { #expect(bench.contacts(of: user).allSatisfy { $0.isAmongOwn == isOn }) }
      #expect(try await bench.sync().run.done == 0)
    }
  }

  // MARK: - What the group is called

  @Test("label changed later renames the group where it is, once a person has agreed; what a user calls it stays")
  func label() async throws {
    let bench = try Bench(contacts: 2, users: 2)
    try await bench.sync()
    try bench.set("label", .text("Team"))
    let waiting = try await bench.sync()
    #expect(waiting.run.done == 0 && bench.contacts(of: "u0", in: "Shared").count == 2)
    #expect(waiting.run.message?.contains("the label Shared stays at 2 destinations until") == true)
    let renamed = try await bench.engine(attended: true).syncParts(of: bench.name, limits: nil, confirm: { _ in true })
    #expect(renamed.run.outcome == .ok && renamed.run.done == 0)
    #expect(renamed.run.message == "the label Shared becomes Team at 2 destinations")
    for user in ["u0", "u1"] { #expect(bench.contacts(of: user, in: "Team").count == 2) }
    let before = bench.system.state.withLock(\.requests)
    let third = try await bench.sync()
    #expect(third.run.done == 0 && third.run.message == nil)
    #expect(bench.system.state.withLock(\.requests) - before == third.run.requests)
    bench.system.state.withLock { state in
      for id in state.users["u0"]?.groups.keys ?? [:].keys { state.users["u0"]?.groups[id] = "Mine" }
    }
    #expect(try await bench.sync().run.message == nil)
    #expect(bench.contacts(of: "u0", in: "Mine").count == 2)
  }

  @Test("a source label that is renamed is followed by the groups of the destinations, as no setting changed")
  func followed() async throws {
    let bench = try Bench(contacts: 2, users: 1)
    try await bench.sync()
    bench.system.state.withLock { $0.users["u-dana"]?.groups["g1"] = "Partners" }
    #expect(try await bench.sync().run.message == "the label Shared becomes Partners at 1 destination")
    #expect(bench.contacts(of: "u0", in: "Partners").count == 2)
    #expect(try await bench.sync().run.message == nil)
  }

  @Test("a name that a user has given to a label of their own is told, and the contacts are in step all the same")
  func takenName() async throws {
    let bench = try Bench(contacts: 2, users: 1)
    try await bench.sync()
    try bench.set("label", .text("Taken"))
    bench.system.state.withLock { state in
      state.takenNames = ["Taken"]
      state.users["u-dana"]?.contacts["s0"]?.fields["first-name"] = .text("New")
    }
    let run = try await bench.engine(attended: true).syncParts(of: bench.name, limits: nil, confirm: { _ in true })
    #expect(run.run.done == 1 && run.run.outcome == .failed)
    #expect(run.failures.map(\.error.message) == ["the user has a label Taken of their own"])
    #expect(bench.contacts(of: "u0", in: "Shared").count == 2)
  }

  // MARK: - Numbers

  @Test("plans have numbers in the order of their destinations")
  func planNumbers() async throws {
    let bench = try Bench(contacts: 2, users: 30)
    for _ in 0..<3 {
      let parts = try await bench.engine().previewParts(of: bench.name).parts
      let numbers = parts.compactMap { $0.plan?.number }
      #expect(numbers.count == 30 && numbers == numbers.sorted())
      #expect(parts.map(\.sync.name) == parts.map(\.sync.name).sorted())
    }
  }

  @Test("a person who takes a while to agree costs no second reading: nobody else makes copies of this sync")
  func slowAgreement() async throws {
    let bench = try Bench(contacts: 250, users: 2)
    let run = try await bench.engine(attended: true).syncParts(
      of: bench.name, limits: nil,
      confirm: { [clock = bench.clock] _ in
        clock.advance(.seconds(600))
        return true
      })
    #expect(run.run.done == 500)
    #expect(run.runs.map(\.run.requests) == [2, 2])
  }

  @Test("requests are counted for each destination by itself, though many go side by side, and all of them together")
  func requests() async throws {
    let bench = try Bench(contacts: 450, users: 20)
    let run = try await bench.sync()
    // Three batches each; the look for the new group belongs to none of them.
    #expect(run.runs.map(\.run.requests) == Array(repeating: 3, count: 20))
    #expect(run.run.requests == bench.system.state.withLock(\.requests))
    for part in run.plan.parts {
      let plan = try #require(try part.plan.flatMap { try bench.store.plan($0) })
      #expect(plan.requests == 1)
    }
    let again = try await bench.sync()
    #expect(again.runs.allSatisfy { $0.run.requests == 0 })
    #expect(again.run.requests == 2 + 1 + 1 + 20)
  }
}
