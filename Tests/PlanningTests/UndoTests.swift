/// G21: undo puts back what nobody else touched since, and lists the rest.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct UndoTests {
  static let email = "jane.doe@acme.example"
  static let run = Run(
    id: RunID(33), sync: "acme/contacts", plan: PlanID(12), verb: "sync", by: "zoe", isAttended: true, startedAt: now,
    outcome: .ok)

  static func line(_ action: Action, before: FieldValues? = nil, after: FieldValues? = nil) -> RunLine {
    RunLine(
      number: 1, source: "s", target: "7", label: email, action: action, outcome: .done, before: before, after: after)
  }

  static func plan(_ world: TestWorld, _ line: RunLine) -> Decision? {
    Undo.plan(reversing: run, lines: [line], in: world.situation).decisions.first
  }

  static func world(_ fields: FieldValues = [:], _ state: RecordState = .active) -> TestWorld {
    TestWorld(
      [.user("s", email)], [.contact("7", email, fields, state: state)], [.updateExisting: .flag(true)]
    ).linked(("s", "7"))
  }

  @Test("an update is put back field by field, and an edit made since is kept and listed")
  func update() {
    let line = Self.line(
      .update, before: ["title": .text("Old"), "phone": .null], after: ["title": .text("New"), "phone": .text("123")])
    let plain = Self.plan(Self.world(["title": .text("New"), "phone": .text("123")]), line)
    #expect(plain?.action == .update)
    #expect(plain?.changes.map(\.field) == ["phone", "title"])
    #expect(plain?.changes.map(\.new) == [.null, .text("Old")])
    let edited = Self.plan(Self.world(["title": .text("Mine"), "phone": .text("123")]), line)
    #expect(edited?.changes.map(\.field) == ["phone"])
    #expect(edited?.notes.map(\.field) == ["title"])
    let all = Self.plan(Self.world(["title": .text("Mine"), "phone": .text("9")]), line)
    #expect(all?.action == .skip)
    #expect(all?.reason.reason == .recordMoved)
  }

  @Test("an update that was put back is not written again by the next sync")
  func updateStaysUndone() {
    var world = Self.world(["title": .text("Old")])
    world.change(.source, "s", ["title": .text("New")])
    let synced = world.applied()
    let line = Self.line(.update, before: ["title": .text("Old")], after: ["title": .text("New")])
    guard let decision = Self.plan(synced, line) else {
      Issue.record("no decision")
      return
    }
    var undone = synced
    undone.change(.target, "7", ["title": .text("Old")])
    undone.situation.baselines["s"] = decision.settledBaseline(after: undone.contact("7"))
    #expect(!undone.plan.hasChanges)
  }

  @Test("a create is deactivated and not made again; where nothing can be deactivated it is deleted")
  func create() {
    var world = Self.world()
    let line = Self.line(.create, after: ["email": .text(Self.email)])
    #expect(Self.plan(world, line)?.action == .deactivate)
    #expect(Self.plan(world, line)?.linking == .breakLink(missing: .target))
    world.situation.targetSystem.features.writes = [.person: [.create, .delete]]
    #expect(Self.plan(world, line)?.action == .delete)
    world.change(.target, "7", ["email": .text("edited@acme.example")])
    #expect(Self.plan(world, line)?.reason.reason == .recordMoved)
  }

  @Test("states are turned round, and what is as before already is left")
  func states() {
    #expect(Self.plan(Self.world([:], .inactive), Self.line(.deactivate))?.action == .reactivate)
    #expect(Self.plan(Self.world(), Self.line(.deactivate))?.action == .skip)
    let line = Self.line(.reactivate, before: ["title": .text("Old")], after: ["title": .text("New")])
    let back = Self.plan(Self.world(["title": .text("New")]), line)
    #expect(back?.action == .deactivate)
    #expect(back?.changes.map(\.new) == [.text("Old")])
  }

  @Test("what is gone, failed or was never written is not reversed")
  func rest() {
    var world = Self.world()
    var failed = Self.line(.update, after: ["title": .text("New")])
    failed.outcome = .failed
    #expect(Undo.plan(reversing: Self.run, lines: [failed, Self.line(.link)], in: world.situation).decisions.isEmpty)
    world.situation.target.records = []
    #expect(Self.plan(world, Self.line(.deactivate))?.reason.reason == .targetGone)
  }
}
