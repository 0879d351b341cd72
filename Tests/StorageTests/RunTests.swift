import Foundation
import Model
import Storage
import Testing

@Suite struct RunTests {
  @Test("a run is numbered, kept up to date and ended")
  func life() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    let id = try fixture.beginRun(plan: PlanID(3))
    var run = try #require(try store.run(id))
    #expect(run.id == RunID(1) && run.sync == Fixture.sync && run.outcome == .running && run.plan == PlanID(3))
    run.done = 4
    try store.update(run)
    #expect(failure { try store.end(run) }?.kind == .invalid)
    run.endedAt = moment(90)
    run.outcome = .held
    run.reason = .massChange
    run.message = "Held."
    try store.end(run)
    #expect(try store.run(id) == run)
    run.id = RunID(77)
    #expect(failure { try store.update(run) }?.kind == .notFound)
    #expect(try store.run(RunID(77)) == nil)
  }

  @Test("runs are listed newest first, by sync, plan and time")
  func lists() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    for index in 1...4 { _ = try fixture.beginRun(plan: PlanID(index % 2 + 1), at: moment(Double(index))) }
    #expect(try store.runs(limit: 2).map(\.id) == [RunID(4), RunID(3)])
    #expect(try store.runs(of: Fixture.sync, since: moment(3), limit: 9).map(\.id) == [RunID(4), RunID(3)])
    #expect(try store.runs(of: PlanID(1)).map(\.id) == [RunID(2), RunID(4)])
    #expect(failure { _ = try store.runs(of: "nobody", limit: 1) }?.kind == .notFound)
  }

  @Test("only writes that arrived, or may have, count as written fields")
  func fieldWrites() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    let run = try fixture.beginRun()
    let outcomes: [RecordOutcome] = [.done, .failed, .unknown, .skipped, .notSent]
    let entries = try store.intend(
      (1...6).map { Fixture.entry($0, run: run, at: moment($0 == 6 ? -1 : Double($0))) })
    try store.settle(
      zip(entries, outcomes + [.done]).map { entry, outcome in
        Settlement(entry: entry, run: run, line: Fixture.line(entry.number, .update, outcome), at: moment(40))
      })
    let expected = [1, 3].flatMap { second in
      ["phone", "title"].map { FieldWrite(record: "c1", field: FieldName($0), at: moment(Double(second))) }
    }
    #expect(try store.fieldWrites(Fixture.sync, since: moment(0)) == expected)
  }

  @Test("removals count since a moment, unless a person let them through")
  func removals() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    func remove(_ outcome: RecordOutcome, at seconds: Double, letThrough: Bool = false, _ action: Action) throws {
      let run = try fixture.beginRun(at: moment(seconds), letThrough: letThrough)
      try store.settle([
        Settlement(run: run, line: Fixture.line(1, action, outcome), at: moment(seconds)),
        Settlement(run: run, line: Fixture.line(2, .update, .done), at: moment(seconds)),
      ])
    }
    try remove(.done, at: 10, .deactivate)
    try remove(.unknown, at: 11, .delete)
    try remove(.failed, at: 12, .deactivate)
    try remove(.done, at: 13, letThrough: true, .deactivate)
    try remove(.done, at: 1, .deactivate)
    #expect(try store.removals(Fixture.sync, since: moment(5)) == 2)
    #expect(try store.removals(Fixture.sync, since: moment(0)) == 3)
  }

  @Test("the active pairs at a moment are those of the last run before it, else of the first after it")
  func activePairs() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    #expect(try store.activePairs(Fixture.sync, at: moment(0)) == nil)
    for (second, pairs) in [(10, 100), (20, nil), (30, 80)] as [(Double, Int?)] {
      let run = try fixture.beginRun(at: moment(second))
      try store.note(run, activePairs: pairs, isLetThrough: false)
    }
    let found = try [5, 10, 25, 30, 99].map { try store.activePairs(Fixture.sync, at: moment($0)) }
    #expect(found == [100, 100, 100, 80, 80])
  }

  @Test("a plan is carried through when it was applied and every change has an outcome, a failed one too")
  func carriedThrough() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    let plan = try store.add(
      Fixture.plan([
        Fixture.decision(1), Fixture.decision(2), Fixture.decision(3, .inStep), Fixture.decision(4),
      ]))
    try store.setDropped(PlanRef(plan: plan, number: 4), true, by: "sam")
    let run = try fixture.beginRun(plan: plan)
    func settle(_ number: Int, _ outcome: RecordOutcome) throws -> Int {
      try store.settle([Settlement(run: run, line: Fixture.line(number, .update, outcome), at: moment(40))])
      return try store.plansCarriedThrough(Fixture.sync)
    }
    #expect(try settle(1, .done) == 0)
    try store.setState(of: plan, to: .applied)
    #expect(try store.plansCarriedThrough(Fixture.sync) == 0)
    #expect(try settle(2, .notSent) == 0)
    #expect(try settle(2, .unknown) == 0)
    #expect(try settle(2, .failed) == 1)

    let undo = try store.add(Fixture.plan([], purpose: .undo(run)))
    try store.setState(of: undo, to: .applied)
    #expect(try store.plansCarriedThrough(Fixture.sync) == 1)
  }

  @Test("the settings that a person agreed to are the last ones")
  func agreement() throws {
    let store = try Fixture.withSync().store
    #expect(try store.agreedSettings(Fixture.sync) == nil)
    try store.agree(to: Fingerprint(rawValue: "a"), Fixture.sync, at: moment(1))
    try store.agree(to: Fingerprint(rawValue: "b"), Fixture.sync, at: moment(2))
    #expect(try store.agreedSettings(Fixture.sync) == Fingerprint(rawValue: "b"))
    #expect(try store.agreedAt(Fixture.sync) == moment(2))
  }
}
