/// The short way back: edits at the target reach the source between two whole runs, and a person goes first.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Testing

@Suite struct PushTests {
  private static let now = Date(timeIntervalSince1970: 1_000_000)

  @Test(
    "when a sync is due",
    arguments: [
      // push every, last look, last run (seconds ago) → push, full (seconds from now)
      (30, nil, nil, 0, 0),
      (30, 10, 100, 20, 3_500),
      (30, 40, 3_700, -10, -100),
      (nil, 40, 600, nil, 3_000),
      (0, 0, 0, 1, 3_600),
      (30, -500, -500, 30, 3_600),
    ] as [(Int?, Int?, Int?, Int?, Int)])
  func due(_ every: Int?, _ look: Int?, _ run: Int?, _ push: Int?, _ full: Int) {
    let times = PushTimes(
      pushEvery: every.map { .seconds($0) }, lastLook: look.map { Self.now.addingTimeInterval(-Double($0)) },
      lastRun: run.map { Self.now.addingTimeInterval(-Double($0)) }, now: Self.now)
    #expect(times.push == push.map { Self.now.addingTimeInterval(Double($0)) })
    #expect(times.full == Self.now.addingTimeInterval(Double(full)))
    #expect(times.next == min(times.push ?? times.full, times.full))
  }

  /// Two companies with a configuration each at the PSA, carried to IT Glue.
  private func bench() async throws -> (TwoWayBench, glue: [RecordID]) {
    let bench = try TwoWayBench(.itGluePSA)
    for name in ["Acme Dental", "Harbour Bakery"] {
      let company = bench.source.add(.company, TwoWayBench.company(name))
      bench.source.add(
        .configuration,
        [
          "name": .text("\(name) server"), "type": .text("Server"), "status": .text("Active"), "serial-number": .null,
          "mac-address": .null, "notes": .null,
        ], parent: company)
    }
    #expect(try await bench.syncNow().done == 4)
    return (bench, bench.target.all(.configuration).map(\.id))
  }

  @Test func `an edit at the target reaches the source without a whole run`() async throws {
    let (bench, glue) = try await bench()
    defer { bench.remove() }
    let runs = try bench.store.runs(of: bench.sync, limit: 50).count
    #expect(try await bench.engine().push(bench.sync) == nil)
    #expect(try bench.store.runs(of: bench.sync, limit: 50).count == runs)
    bench.clock.advance(.seconds(30))
    bench.target.edit(.configuration, glue[0], "notes", .text("moved to rack 4"))
    bench.source.edit(.company, bench.source.all(.company)[0].id, "name", .text("Acme Dental Group"))
    let run = try #require(try await bench.engine().push(bench.sync))
    #expect((run.verb, run.outcome, run.done) == ("push", .ok, 1))
    #expect(try bench.partner(.configuration, of: glue[0], at: .target)?.fields.text("notes") == "moved to rack 4")
    // What goes the other way waits for the whole run.
    #expect(bench.target.first(.company, "name", "Acme Dental Group") == nil)
    #expect(try await bench.engine().push(bench.sync) == nil)
    #expect(try await bench.syncNow().done == 1)
    #expect(bench.target.first(.company, "name", "Acme Dental Group") != nil)
    #expect(try await bench.syncNow().done == 0)
  }

  @Test func `a push does not open the plan of a person, unless it sends something`() async throws {
    let (bench, glue) = try await bench()
    defer { bench.remove() }
    let plan = try #require(try await bench.preview().id)
    _ = try await bench.engine().push(bench.sync)
    #expect(try bench.store.plan(plan)?.state == .open)
    bench.clock.advance(.seconds(30))
    bench.target.edit(.configuration, glue[0], "notes", .text("moved"))
    _ = try await bench.engine().push(bench.sync)
    #expect(try bench.store.plan(plan)?.state == .superseded)
  }

  @Test func `a scheduler pushes, pulls hourly, and lets a person go first`() async throws {
    let (bench, glue) = try await bench()
    defer { bench.remove() }
    let engine = bench.engine()
    let first = try await engine.schedulerStep()
    #expect(first.did.isEmpty)
    #expect(first.next.timeIntervalSince(bench.clock.now()) == 30)
    bench.target.edit(.configuration, glue[1], "notes", .text("retired"))
    // Not due yet.
    #expect(try await engine.schedulerStep().did.isEmpty)
    bench.clock.advance(.seconds(31))
    guard case .pushed(_, let run)? = try await engine.schedulerStep().did.first else {
      Issue.record("nothing was pushed")
      return
    }
    #expect(run.done == 1)
    bench.clock.advance(.seconds(3_600))
    let person = LeaseOwner(
      pid: 1, host: "elsewhere", user: "bob", verb: "sync", since: bench.clock.now(), token: "t")
    try bench.store.noteWaiting(bench.sync, owner: person, until: bench.clock.now() + 10)
    let waiting = try await engine.schedulerStep()
    guard case .letPass? = waiting.did.first else {
      Issue.record("the scheduler did not let a person go first")
      return
    }
    #expect(waiting.next.timeIntervalSince(bench.clock.now()) == 5)
    try bench.store.stopWaiting(bench.sync, owner: person)
    guard case .synced(_, let whole)? = try await engine.schedulerStep().did.first else {
      Issue.record("no whole run")
      return
    }
    #expect(whole.outcome == .ok)
    #expect(try await engine.schedulerStep().did.isEmpty)
  }

  @Test func `G4 a push that is held becomes a whole run whose plan is kept, once, until a person lets it through`()
    async throws
  {
    let (bench, glue) = try await bench()
    defer { bench.remove() }
    // What the PSA would win under the settings that were agreed to.
    try bench.set("conflicts", .text("itglue"))
    bench.source.edit(.configuration, bench.source.all(.configuration)[0].id, "notes", .text("in use"))
    bench.target.edit(.configuration, glue[0], "notes", .text("retired"))
    bench.clock.advance(.seconds(31))
    let failure = await failure { _ = try await bench.engine().push(bench.sync) }
    #expect(failure?.kind == .refusedByGuard)
    #expect(failure?.guards.map(\.reason) == [.settingsEffect])
    var deeds: [SchedulerDeed] = []
    for _ in 0..<10 {
      deeds += try await bench.engine().schedulerStep().did
      bench.clock.advance(.seconds(31))
    }
    guard case .failed(_, let held)? = deeds.first, deeds.count == 1 else {
      Issue.record("the scheduler said \(deeds)")
      return
    }
    #expect(held.kind == .refusedByGuard)
    let plan = try #require(held.plan)
    #expect(try bench.store.runs(of: bench.sync, limit: 2).map(\.outcome) == [.held, .ok])
    let effect = try #require(held.guards.first { $0.reason == .settingsEffect })
    try await bench.apply(plan, overrides: Overrides([effect.word: effect.count ?? 0]))
    #expect(bench.source.all(.configuration).contains { $0.fields["notes"] == .text("retired") })
    bench.target.edit(.configuration, glue[1], "notes", .text("again"))
    bench.clock.advance(.seconds(31))
    #expect(try await bench.engine().push(bench.sync)?.done == 1)
  }

  @Test func `a run that nobody asked for stops when a person waits, and its rest stays in the plan`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    bench.addCompany("Acme Dental", people: 50)
    bench.target.with { habits in
      habits.afterWrite = { number in
        guard number == 10 else { return }
        let person = LeaseOwner(pid: 1, host: "elsewhere", user: "bob", verb: "sync", since: bench.clock.now())
        try? bench.store.noteWaiting(bench.sync, owner: person, until: bench.clock.now() + 60)
      }
    }
    let run = try await bench.syncNow(yields: true)
    #expect((run.outcome, run.reason) == (.interrupted, .leaseHeld))
    #expect(run.done == 41)
    #expect(run.notSent == 10)
    #expect(run.message?.contains("bob") == true)
  }

  @Test func `who waits for a lease is seen, and not any more when it is got`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    let holder = LeaseOwner(pid: 1, host: "elsewhere", user: "bob", verb: "sync", since: bench.clock.now())
    _ = try bench.store.acquireLease(bench.sync, owner: holder, until: bench.clock.now() + 20, now: bench.clock.now())
    let run = Task {
      try await bench.engine().sync(bench.sync, limits: Bench.anything, wait: .seconds(60)) { _ in true }
    }
    var seen = false
    for _ in 0..<2_000 where !seen {
      seen = try bench.store.waiting(for: bench.sync, now: bench.clock.now())?.user == "ada"
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(seen)
    #expect(try await run.value.outcome == .ok)
    #expect(try bench.store.waiting(for: bench.sync, now: bench.clock.now()) == nil)
  }

  @Test func `G6 records that arrived like an import wait, and go with their exact number`() async throws {
    let (bench, _) = try await bench()
    defer { bench.remove() }
    let glue = bench.target.all(.company)[0].id
    bench.clock.advance(.seconds(60))
    for number in 0..<25 {
      bench.target.add(
        .configuration,
        [
          "name": .text("imported \(number)"), "type": .text("Server"), "status": .text("Active"),
          "serial-number": .null, "mac-address": .null, "notes": .null,
        ], parent: glue)
    }
    #expect(try await bench.syncNow().done == 0)
    let plan = try await bench.preview()
    let id = try #require(plan.id)
    let held = try #require(plan.guards.first { $0.reason == .importHeld })
    #expect((held.count, plan.isHeld) == (25, false))
    let wrong = await failure { try await bench.apply(id, overrides: Overrides([held.word: 24])) }
    #expect(wrong?.kind == .refusedByGuard)
    #expect(wrong?.hint == "apply \(id) confirm within creates 25 over guard import 25")
    // At the terminal too: asking would carry the plan out without its records, and use it up.
    let atTerminal = await failure {
      try await bench.engine(isAttended: true).apply(
        id, limits: nil, overrides: Overrides([held.word: 24]), confirm: { _, _ in .goOn })
    }
    #expect(atTerminal?.kind == .refusedByGuard)
    #expect(atTerminal?.hint == "apply \(id) over guard import 25")
    #expect(try bench.store.plan(id)?.state == .open)
    let run = try await bench.apply(id, overrides: Overrides([held.word: 25]))
    #expect((run.outcome, run.done) == (.ok, 25))
    #expect(bench.source.all(.configuration).count == 27)
    #expect(try await bench.syncNow().done == 0)
  }
}
