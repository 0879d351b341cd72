/// G5, G6: the guards at one below, at, and one above their limits; and what lifts them.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct GuardTests {
  /// `linked` pairs that are in step, with `leaving` of them unlicensed now.
  static func world(linked: Int, leaving: Int = 0, isAttended: Bool = true) -> TestWorld {
    var world = TestWorld([], [], [.updateExisting: .flag(true)])
    for number in 0..<linked {
      let email = "p\(number)@acme.example"
      world.situation.source.records.append(.user(RecordID("s\(number)"), email))
      world.situation.target.records.append(.contact(RecordID("\(number)"), email))
      world.link(RecordID("s\(number)"), RecordID("\(number)"))
      if number < leaving { world.situation.source.records[number].fields["licences"] = .list([]) }
    }
    world.situation.source.certificate = certificate(linked)
    world.situation.target.certificate = certificate(linked)
    world.situation.isAttended = isAttended
    return world
  }

  struct Case: CustomTestStringConvertible {
    var linked: Int
    var leaving: Int
    var isHeld: Bool
    init(_ linked: Int, _ leaving: Int, _ isHeld: Bool) {
      self.linked = linked
      self.leaving = leaving
      self.isHeld = isHeld
    }
    var testDescription: String { "\(leaving) of \(linked)" }
  }

  @Test(
    "G5 deactivations are held by count and share, and by half of few",
    arguments: [
      // More than 5, and more than a tenth.
      Case(200, 5, false), Case(200, 20, false), Case(200, 21, true), Case(50, 5, false), Case(50, 6, true),
      Case(60, 6, false), Case(59, 6, true),
      // At least 3, and at least half.
      Case(5, 5, true), Case(3, 3, true), Case(2, 2, false), Case(6, 3, true), Case(7, 3, false), Case(4, 2, false),
    ])
  func removals(_ test: Case) {
    let plan = Self.world(linked: test.linked, leaving: test.leaving).plan
    #expect(plan.counts[.deactivate] == test.leaving)
    #expect(plan.guards.map(\.word) == (test.isHeld ? ["deactivates"] : []))
    if test.isHeld { #expect(plan.guards.first?.count == test.leaving) }
  }

  @Test("G5 removals are held from the first run, when the other counts are not")
  func firstRun() {
    var world = Self.world(linked: 5, leaving: 5)
    world.situation.standing.carriedThroughPlans = 0
    #expect(world.plan.guards.map(\.reason) == [.massChange])
  }

  @Test(
    "G5 removals of 7 days are held, however small each run",
    arguments: [(13, false), (14, false), (15, true), (40, true)])
  func week(before: Int, isHeld: Bool) {
    var world = Self.world(linked: 40, leaving: 1)
    world.situation.standing.removalsInWeek = before
    world.situation.standing.activePairsAtWeekStart = 52
    #expect(world.plan.isHeld == isHeld)
  }

  @Test("G5 a week's removals count half of a small company")
  func weekOfSmallCompany() {
    var world = Self.world(linked: 6, leaving: 1)
    world.situation.standing.activePairsAtWeekStart = 10
    world.situation.standing.removalsInWeek = 3
    #expect(!world.plan.isHeld)
    world.situation.standing.removalsInWeek = 4
    #expect(world.plan.guards.map(\.setting) == ["guard.removals-week"])
  }

  @Test("G5 updates are held above 50 and half of the linked, from the second run", arguments: [50, 51])
  func updates(count: Int) {
    var world = Self.world(linked: 100)
    for number in 0..<count { world.change(.source, RecordID("s\(number)"), ["title": .text("New")]) }
    #expect(world.plan.guards.map(\.reason) == (count > 50 ? [.allChanged] : []))
    world.situation.standing.carriedThroughPlans = 0
    #expect(world.plan.guards.isEmpty)
  }

  @Test("G5 updates of half or fewer of many are not held")
  func updatesOfMany() {
    var world = Self.world(linked: 200)
    for number in 0..<100 { world.change(.source, RecordID("s\(number)"), ["title": .text("New")]) }
    #expect(world.plan.guards.isEmpty)
  }

  @Test("G5 reactivations, addresses, clears and creates are held above their counts", arguments: [20, 21])
  func counts(count: Int) {
    let isOver = count > 20
    var world = Self.world(linked: 200)
    for number in 0..<count { world.situation.target.records[number].state = .inactive }
    #expect(world.plan.guards.map(\.word) == (isOver ? ["reactivates"] : []))

    world = Self.world(linked: 200)
    for number in 0..<count {
      world.change(.source, RecordID("s\(number)"), ["email": .text("n\(number)@acme.example")])
    }
    #expect(world.plan.guards.map(\.word) == (isOver ? ["addresses"] : []))

    world = Self.world(linked: 200)
    world.set(.clearBlanks, .flag(true))
    for number in 0..<count { world.change(.source, RecordID("s\(number)"), ["last-name": .null]) }
    #expect(world.plan.guards.map(\.word) == (isOver ? ["clears"] : []))

    world = Self.world(linked: 200)
    world.set("guard.creates", .count(20))
    for number in 0..<count {
      world.situation.source.records.append(.user(RecordID("n\(number)"), "n\(number)@acme.example"))
    }
    #expect(world.plan.guards.map(\.word) == (isOver ? ["creates"] : []))
  }

  @Test("G5 a normal first run of 200 people over 150 contacts is not held")
  func normalFirstRun() {
    let users: [Record] = (0..<200).map { .user(RecordID("s\($0)"), "p\($0)@acme.example", ["title": .text("T")]) }
    let contacts: [Record] = (0..<150).map { .contact(RecordID("\($0)"), "p\($0)@acme.example") }
    for updates in [true, false] {
      var world = TestWorld(users, contacts, [.updateExisting: .flag(updates)])
      world.situation.standing = Standing(isEnabled: true, lastCheckAt: now)
      let plan = world.plan
      #expect(plan.counts[.create] == 50)
      #expect(plan.counts[updates ? .update : .link] == 150)
      #expect(!plan.isHeld)
    }
  }

  @Test("the wrong tenant is held: fewer than a tenth of the smaller side match", arguments: [0, 1, 2])
  func nothingMatched(matching: Int) {
    let users: [Record] = (0..<40).map { .user(RecordID("s\($0)"), "p\($0)@acme.example") }
    let contacts: [Record] = (0..<20).map {
      .contact(RecordID("\($0)"), $0 < matching ? "p\($0)@acme.example" : "x\($0)@other.example")
    }
    var world = TestWorld(users, contacts)
    world.situation.standing = Standing(isEnabled: true, lastCheckAt: now)
    #expect(world.plan.guards.map(\.word) == (matching < 2 ? ["nothing-matched"] : []))
    // The guard is the same for what is left of a plan.
    let rest = world.plan.decisions.filter { $0.action == .create }
    #expect(Guard.findings(rest, in: world.situation).map(\.word) == (matching < 2 ? ["nothing-matched"] : []))
  }

  @Test("few contacts are no sign of a wrong company")
  func fewContacts() {
    let users: [Record] = (0..<40).map { .user(RecordID("s\($0)"), "p\($0)@acme.example") }
    let contacts: [Record] = (0..<9).map { .contact(RecordID("\($0)"), "x\($0)@other.example") }
    #expect(TestWorld(users, contacts).plan.guards.isEmpty)
  }

  @Test("G4 a changed setting holds an unattended plan until a person lets it through", arguments: [true, false])
  func settingsEffect(isAttended: Bool) {
    var world = Self.world(linked: 40, leaving: 1, isAttended: isAttended)
    world.situation.standing.agreedSettings = world.situation.settings.fingerprint
    #expect(world.plan.guards.isEmpty)
    world.set(.clearBlanks, .flag(true))
    // Nobody knows what was agreed to but that it was something else.
    #expect(world.plan.guards.map(\.word) == (isAttended ? [] : ["settings-effect"]))
    // A limit decides nothing, so that changing it is no effect.
    world.set(.clearBlanks, .flag(false))
    world.set("guard.creates", .count(7))
    #expect(world.plan.guards.isEmpty)
  }

  @Test("an unattended first plan is held unless confirm says first")
  func firstPlan() {
    var world = TestWorld([.user("s", "a@acme.example")])
    world.situation.standing = Standing(isEnabled: true, lastCheckAt: now)
    world.situation.isAttended = false
    let guards = world.plan.guards
    #expect(guards.map(\.reason) == [.firstPlan])
    #expect(Overrides.unlifted(guards, by: Overrides(["first": nil])).count == 1)
    #expect(Overrides.unlifted(guards, by: Overrides(), first: true).isEmpty)
  }

  @Test("flapping: the fourth write of a field within a day skips that record alone", arguments: [2, 3])
  func flapping(writes: Int) {
    var world = Self.world(linked: 3)
    world.change(.source, "s0", ["title": .text("New")])
    world.change(.source, "s1", ["title": .text("New")])
    let old = FieldWrite(target: "0", field: "title", at: now.addingTimeInterval(-86_401))
    world.situation.standing.fieldWrites =
      [old] + (0..<writes).map { FieldWrite(target: "0", field: "title", at: now.addingTimeInterval(Double(-$0 * 60))) }
    #expect(world.outcome("s0") == (writes < 3 ? "update changed-at-source" : "skip flapping"))
    #expect(world.outcome("s1") == "update changed-at-source")
  }

  @Test("G6 an override lifts a guard by its word and its exact number, and by nothing else")
  func overrides() {
    let guards = Self.world(linked: 5, leaving: 5).plan.guards
    #expect(Overrides.unlifted(guards, by: Overrides(["deactivates": 5])).isEmpty)
    #expect(Overrides.unlifted(guards, by: Overrides()).count == 1)
    #expect(Overrides.unlifted(guards, by: Overrides(["creates": 5])).count == 1)
    for wrong in [4, 6] {
      let left = Overrides.unlifted(guards, by: Overrides(["deactivates": .some(wrong)]))
      #expect(left.first?.sentence.contains("over guard deactivates 5") == true)
    }
    #expect(Overrides.words(lifting: guards) == "deactivates 5")
  }

  @Test("confirm within: a kind that is not named has the limit 0, and any is any")
  func limits() {
    let plan = Self.world(linked: 40, leaving: 2).plan
    #expect(Limits.exceeded(by: plan, Limits([.deactivates: .atMost(2)])).isEmpty)
    #expect(Limits.exceeded(by: plan, Limits([.deactivates: .any])).isEmpty)
    #expect(Limits.exceeded(by: plan, Limits([.deactivates: .atMost(1)])).count == 1)
    #expect(Limits.exceeded(by: plan, Limits([.creates: .any])).first?.contains("was not named") == true)
  }

  @Test("a dropped decision counts for no guard and no limit")
  func dropped() {
    let world = Self.world(linked: 5, leaving: 3)
    var plan = world.plan
    #expect(plan.isHeld)
    for index in plan.decisions.indices where plan.decisions[index].action == .deactivate {
      plan.decisions[index].isDropped = true
    }
    #expect(Guard.findings(plan.decisions, in: world.situation).isEmpty)
    #expect(Limits.exceeded(by: plan, Limits()).isEmpty)
  }
}
