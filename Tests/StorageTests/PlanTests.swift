import Foundation
import Model
import Storage
import Testing

@Suite struct PlanTests {
  @Test("a plan comes back as it was made, with a number of its own")
  func roundTrip() throws {
    let store = try Fixture.withSync().store
    var plan = Fixture.plan([Fixture.decision(1), Fixture.decision(2, .inStep, source: nil)])
    plan.guards = [
      GuardFinding(
        reason: .massChange, word: "updates", count: 1, total: 2, limit: 0, sentence: "One.", setting: "guard.updates")
    ]
    plan.obstacles = [Cause(.syncDisabled, evidence: [Evidence("enabled", found: "off")], fix: "enable")]
    plan.sourceRead = Fixture.certificate(count: 3)
    let id = try store.add(plan)
    #expect(id == PlanID(1))
    let back = try #require(try store.plan(id))
    #expect(back.id == id)
    #expect(back.decisions == plan.decisions)
    #expect(back.guards == plan.guards && back.obstacles == plan.obstacles)
    #expect(back.sourceRead == plan.sourceRead && back.fingerprint == plan.fingerprint && back.madeAt == plan.madeAt)
    #expect(try store.decision(PlanRef(plan: id, number: 2)) == plan.decisions[1])
    #expect(try store.plan(PlanID(9)) == nil)

    let summary = try #require(try store.plans(limit: 5).first)
    #expect(summary.counts == [.update: 1, .inStep: 1] && summary.changeCounts == [.updates: 1])
    #expect(summary.isHeld && summary.hasChanges)
  }

  @Test("a newer plan supersedes the open ones; one that only shows what would be does not")
  func supersede() throws {
    let store = try Fixture.withSync().store
    let first = try store.add(Fixture.plan([]))
    let whatIf = try store.add(Fixture.plan([], state: .whatIf))
    #expect(try store.plan(first)?.state == .open)
    let second = try store.add(Fixture.plan([]))
    try store.setState(of: second, to: .begun)
    let third = try store.add(Fixture.plan([]))
    let states = try [first, whatIf, second, third].map { try store.plan($0)?.state }
    #expect(states == [.superseded, .whatIf, .begun, .open])
    #expect(try store.plans(of: Fixture.sync, limit: 2).map(\.id) == [third, second])
  }

  @Test("dropping a decision changes the fingerprint; putting it back brings the old one")
  func drop() throws {
    let store = try Fixture.withSync().store
    let plan = Fixture.plan([Fixture.decision(1), Fixture.decision(2, source: "u2", target: "c2")])
    let id = try store.add(plan)
    let ref = PlanRef(plan: id, number: 2)
    try store.setDropped(ref, true, by: "sam")
    let dropped = try #require(try store.plan(id))
    #expect(dropped.decisions.map(\.isDropped) == [false, true])
    #expect(dropped.fingerprint == Plan.fingerprint(of: dropped.decisions, settings: plan.settings))
    #expect(dropped.fingerprint != plan.fingerprint)
    #expect(try store.plans(limit: 1).first?.changeCounts == [.updates: 1])
    try store.setDropped(ref, false, by: nil)
    #expect(try store.plan(id)?.fingerprint == plan.fingerprint)
    #expect(failure { try store.setDropped(PlanRef(plan: id, number: 7), true, by: "sam") }?.kind == .notFound)
    try store.setState(of: id, to: .applied)
    #expect(failure { try store.setDropped(ref, true, by: "sam") }?.kind == .invalid)
  }

  @Test("G6 a plan is claimed once, and only by who knows its fingerprint")
  func claim() throws {
    let store = try Fixture.withSync().store
    let plan = Fixture.plan([Fixture.decision(1)])
    let id = try store.add(plan)
    #expect(try !store.claim(id, fingerprint: Fingerprint(rawValue: "other")))
    #expect(try store.claim(id, fingerprint: plan.fingerprint))
    #expect(try !store.claim(id, fingerprint: plan.fingerprint))
    #expect(try store.claim(id, fingerprint: plan.fingerprint, from: .begun))
    try store.setState(of: id, to: .applied)
    #expect(try !store.claim(id, fingerprint: plan.fingerprint))
    #expect(try !store.claim(id, fingerprint: plan.fingerprint, from: .begun))
  }
}
