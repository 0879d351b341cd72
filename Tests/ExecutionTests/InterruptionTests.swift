/// Leases, cancellation, the rest, and undoing.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization
import Testing

@Suite struct InterruptionTests {
  @Test func `G25 an interrupted run settles what is in flight, and the rest can be sent`() async throws {
    let bench = try Bench(people: 20)
    defer { bench.remove() }
    let running = Mutex<Task<Run, any Error>?>(nil)
    bench.target.with {
      $0.afterWrite = { number in
        if number == 5 { running.withLock { $0?.cancel() } }
      }
    }
    let task = Task { try await bench.syncNow() }
    running.withLock { $0 = task }
    let run = try await task.value
    #expect(run.outcome == .interrupted)
    #expect(run.done >= 5)
    #expect(run.done == bench.target.records.count)
    #expect(run.done + run.notSent == 20)
    #expect(try bench.store.unsettled(bench.sync).isEmpty)
    let plan = try #require(run.plan)
    bench.target.with { $0.afterWrite = { _ in } }
    let rest = try await bench.apply(plan, rest: true)
    #expect(rest.outcome == .ok)
    #expect(bench.target.records.count == 20)
    #expect(bench.duplicates.isEmpty)
  }

  @Test func `G20 of many who start at once one runs, and the others say who it is`() async throws {
    let bench = try Bench(people: 10)
    defer { bench.remove() }
    let outcomes = await withTaskGroup(of: ExecutionError.Kind?.self) { group in
      for _ in 0..<12 {
        group.addTask { await failure { try await bench.syncNow() }?.kind }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.contains(nil))
    #expect(outcomes.allSatisfy { $0 == nil || $0 == .leaseHeld })
    #expect(bench.target.records.count == 10)
    #expect(bench.duplicates.isEmpty)
    let held = try bench.store.runs(of: bench.sync, limit: 50).count { $0.reason == .leaseHeld }
    #expect(held == outcomes.count { $0 == .leaseHeld })
  }

  @Test func `G20 a second run is refused by name, or waits`() async throws {
    let bench = try Bench(people: 2)
    defer { bench.remove() }
    let owner = LeaseOwner(
      pid: ProcessInfo.processInfo.processIdentifier, host: "elsewhere", user: "bob", verb: "sync",
      since: bench.clock.now())
    _ = try bench.store.acquireLease(
      bench.sync, owner: owner, until: bench.clock.now() + 60, now: bench.clock.now())
    let error = await failure { try await bench.syncNow() }
    #expect(error?.kind == .leaseHeld)
    #expect(error?.message.contains("bob") == true)
    #expect(try bench.store.runs(of: bench.sync, limit: 1).first?.outcome == .refused)
    // The holder never comes back: after its deadline the one who waits goes on.
    let run = try await bench.engine().sync(
      bench.sync, limits: Bench.anything, wait: .seconds(120), confirm: { _ in true })
    #expect(run.done == 2)
  }

  @Test func `a lost lease stops the run before it sends more`() async throws {
    let bench = try Bench(people: 30)
    defer { bench.remove() }
    bench.target.with { faults in
      faults.afterWrite = { number in
        guard number == 3 else { return }
        let thief = LeaseOwner(pid: 1, host: "elsewhere", user: "bob", verb: "sync", since: bench.clock.now())
        let late = bench.clock.now() + 3_600
        _ = try? bench.store.acquireLease(bench.sync, owner: thief, until: late, now: late)
        // Until the next renewal has seen it.
        try? await Task.sleep(for: .milliseconds(300))
      }
    }
    let run = try await bench.syncNow()
    #expect(run.outcome == .interrupted)
    #expect(run.done < 30)
    #expect(run.done == bench.target.records.count)
  }

  @Test func `G21 undo restores what nobody touched since, and lists the rest`() async throws {
    let bench = try Bench(people: 5)
    defer { bench.remove() }
    let contacts = (0..<3).map { bench.addContact($0, title: "Boss") }
    let run = try await bench.syncNow()
    #expect(bench.contact(0)?.fields.text("title") == "Clerk")
    bench.target.edit(contacts[1], "title", .text("Edited since"))
    let plan = try await bench.engine().undoPlan(try #require(run.id))
    #expect(plan.purpose == .undo(try #require(run.id)))
    #expect(plan.counts[.update] == 2)
    #expect(plan.counts[.deactivate] == 2)
    let kept = plan.decisions.first { $0.target == contacts[1] }
    #expect(kept?.action == .skip)
    #expect(kept?.reason.reason == .recordMoved)
    let undone = try await bench.apply(
      try #require(plan.id), overrides: plan.overridingEverything)
    #expect(undone.outcome == .ok)
    #expect(undone.done == 4)
    #expect(bench.target.record(contacts[0])?.fields.text("title") == "Boss")
    #expect(bench.target.record(contacts[1])?.fields.text("title") == "Edited since")
    #expect(bench.contact(3)?.state == .inactive)
    // What was taken back stays so until the source changes.
    let next = try await bench.syncNow()
    #expect(next.done == 0)
    #expect(bench.target.record(contacts[0])?.fields.text("title") == "Boss")
    #expect(bench.contact(3)?.state == .inactive)
    bench.source.edit(bench.user(0), "title", .text("Chief"))
    try await bench.syncNow()
    #expect(bench.target.record(contacts[0])?.fields.text("title") == "Chief")
  }
}

extension Plan {
  /// Every guard that the plan is over, by its word and number.
  fileprivate var overridingEverything: Overrides {
    Overrides(Dictionary(guards.map { ($0.word, $0.count) }) { _, last in last })
  }
}
