/// What is carried out, what is refused, and what is remembered of it.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization
import Testing

@Suite struct ApplyTests {
  @Test func `G13 a second sync writes nothing`() async throws {
    let bench = try Bench(people: 8)
    defer { bench.remove() }
    bench.addContact(0)
    bench.addContact(1, title: "Boss")
    let first = try await bench.syncNow()
    #expect(first.outcome == .ok)
    #expect(first.done == 8)
    let writes = bench.target.writes.count
    #expect(writes == 7)
    let second = try await bench.syncNow()
    #expect(second.done == 0)
    #expect(bench.target.writes.count == writes)
    #expect(bench.duplicates.isEmpty)
    #expect(try bench.store.links(of: bench.sync).count == 8)
  }

  @Test func `G10 what is previewed is what is applied`() async throws {
    let bench = try Bench(people: 5)
    defer { bench.remove() }
    bench.addContact(0, title: "Boss")
    let plan = try await bench.preview()
    let id = try #require(plan.id)
    let run = try await bench.apply(id)
    #expect(run.plan == id)
    #expect(bench.target.writes.count { $0.action == .create } == plan.counts[.create])
    #expect(bench.target.writes.count { $0.action == .update } == plan.counts[.update])
    #expect(try bench.store.plan(id)?.state == .applied)
    let lines = try bench.store.lines(of: try #require(run.id))
    #expect(lines.map(\.outcome) == Array(repeating: .done, count: 5))
  }

  @Test func `G11 a plan is applied at most once`() async throws {
    let bench = try Bench(people: 3)
    defer { bench.remove() }
    let id = try #require(try await bench.preview().id)
    try await bench.apply(id)
    let again = await failure { try await bench.apply(id) }
    #expect(again?.kind == .usedUp)
    #expect(bench.target.records.count == 3)
  }

  @Test func `G11 what was edited after the plan was made is left alone`() async throws {
    let bench = try Bench(people: 3)
    defer { bench.remove() }
    let contacts = (0..<3).map { bench.addContact($0, title: "Old") }
    let id = try #require(try await bench.preview().id)
    bench.target.edit(contacts[1], "title", .text("Edited since"))
    bench.target.remove(contacts[2])
    let run = try await bench.apply(id)
    #expect(bench.target.record(contacts[0])?.fields.text("title") == "Clerk")
    #expect(bench.target.record(contacts[1])?.fields.text("title") == "Edited since")
    #expect((run.done, run.skipped, run.failed) == (1, 1, 1))
    let lines = try bench.store.lines(of: try #require(run.id))
    #expect(Set(lines.compactMap(\.reason)).isSuperset(of: [.recordMoved, .targetGone]))
  }

  @Test func `G11 a contact that appeared after the plan was made is not made twice`() async throws {
    let bench = try Bench(people: 2)
    defer { bench.remove() }
    let id = try #require(try await bench.preview().id)
    bench.clock.advance(.seconds(600))
    bench.addContact(0)
    let run = try await bench.apply(id)
    #expect((run.done, run.skipped) == (1, 1))
    #expect(bench.duplicates.isEmpty)
  }

  @Test func `changed settings and newer plans make a plan stale`() async throws {
    let bench = try Bench(people: 2)
    defer { bench.remove() }
    let first = try #require(try await bench.preview().id)
    let second = try #require(try await bench.preview().id)
    #expect(await failure { try await bench.apply(first) }?.kind == .stale)
    try bench.set("create", .flag(false))
    let error = await failure { try await bench.apply(second) }
    #expect(error?.kind == .stale)
    #expect(bench.target.writes.isEmpty)
  }

  @Test func `a what-if plan cannot be applied`() async throws {
    let bench = try Bench(people: 2)
    defer { bench.remove() }
    let result = try await bench.engine().preview(bench.sync, trying: ["create": .flag(false)])
    #expect(result.plan.state == .whatIf)
    #expect(result.plan.counts[.create] == nil)
    let id = try #require(result.plan.id)
    #expect(await failure { try await bench.apply(id) }?.kind == .invalid)
  }

  @Test func `a limit exceeded refuses before the first write`() async throws {
    let bench = try Bench(people: 3)
    defer { bench.remove() }
    for (limits, expected) in [
      (Limits([.creates: .atMost(2)], first: true), ExecutionError.Kind.overLimit),
      (Limits([.updates: .any], first: true), .overLimit), (nil, .refusedByGuard),
    ] {
      #expect(await failure { try await bench.syncNow(limits) }?.kind == expected)
    }
    #expect(bench.target.writes.isEmpty)
    #expect(try bench.store.runs(of: bench.sync, limit: 9).map(\.outcome) == [.held, .refused, .refused])
    let run = try await bench.syncNow(Limits([.creates: .atMost(3)], first: true))
    #expect(run.done == 3)
  }

  @Test func `where nobody can answer, nothing is written without a confirmation`() async throws {
    let bench = try Bench(people: 2)
    defer { bench.remove() }
    try await bench.syncNow()
    bench.addUser(7)
    let error = await failure { try await bench.syncNow(nil) }
    #expect(error?.kind == .invalid)
    #expect(error?.hint?.contains("confirm within creates 1") == true)
    #expect(bench.target.records.count == 2)
  }

  @Test func `a person who says no changes nothing`() async throws {
    let bench = try Bench(people: 2)
    defer { bench.remove() }
    let run = try await bench.engine(isAttended: true).sync(bench.sync, limits: nil, confirm: { _ in false })
    #expect(run.outcome == .refused)
    #expect(bench.target.writes.isEmpty)
    #expect(try bench.store.plan(try #require(run.plan))?.state == .open)
  }

  @Test func `G6 an override is bound to one plan and its numbers, and used up with it`() async throws {
    let bench = try Bench(people: 6)
    defer { bench.remove() }
    try await bench.syncNow()
    for number in 0..<6 { bench.source.edit(bench.user(number), "account-enabled", .flag(false)) }
    let held = await failure { try await bench.syncNow() }
    #expect(held?.kind == .refusedByGuard)
    let plan = try #require(held?.plan)
    #expect(held?.hint == "apply \(plan) confirm within deactivates 6 over guard deactivates 6")
    #expect(bench.target.records.allSatisfy { $0.state == .active })
    let wrong = await failure { try await bench.apply(plan, overrides: Overrides(["deactivates": 5])) }
    #expect(wrong?.kind == .refusedByGuard)
    let run = try await bench.apply(plan, overrides: Overrides(["deactivates": 6]))
    #expect(run.done == 6)
    #expect(bench.target.records.allSatisfy { $0.state == .inactive })
    let again = await failure { try await bench.apply(plan, overrides: Overrides(["deactivates": 6])) }
    #expect(again?.kind == .usedUp)
    // What was let through does not count against the next days.
    #expect(try bench.store.removals(bench.sync, since: bench.clock.now() - 86_400) == 0)
  }

  @Test func `G5 a held plan at the terminal is held by sync and let through by apply`() async throws {
    let bench = try Bench(people: 6)
    defer { bench.remove() }
    try await bench.syncNow()
    for number in 0..<6 { bench.source.edit(bench.user(number), "account-enabled", .flag(false)) }
    let held = await failure { try await bench.syncNow(nil, isAttended: true) }
    #expect(held?.kind == .refusedByGuard)
    #expect(bench.target.records.allSatisfy { $0.state == .active })
    let plan = try #require(held?.plan)
    let run = try await bench.apply(plan, limits: nil, isAttended: true)
    #expect(run.done == 6)
  }

  @Test func `G4 changed settings are held in an unattended run until somebody agrees`() async throws {
    let bench = try Bench(people: 4)
    defer { bench.remove() }
    try bench.set("update-existing", .flag(false))
    bench.addContact(0, title: "Boss")
    try await bench.syncNow()
    try bench.set("update-existing", .flag(true))
    let writes = bench.target.writes.count
    // What would be created anyway is no effect of the setting.
    bench.addUser(8)
    let held = await failure { try await bench.syncNow() }
    #expect(held?.guards.map(\.reason) == [.settingsEffect])
    #expect(held?.guards.map(\.count) == [1])
    #expect(bench.target.writes.count == writes)
    let plan = try #require(held?.plan)
    let count = try #require(held?.guards.first?.count)
    let run = try await bench.apply(plan, overrides: Overrides(["settings-effect": count]))
    #expect(run.outcome == .ok)
    #expect(bench.contact(0)?.fields.text("title") == "Clerk")
    bench.addUser(9)
    #expect(try await bench.syncNow().done == 1)
  }

  @Test func `dry computes everything and writes nothing`() async throws {
    let bench = try Bench(people: 3)
    defer { bench.remove() }
    let run = try await bench.engine(isDry: true).sync(bench.sync, limits: Bench.anything, confirm: { _ in true })
    #expect(run.outcome == .ok)
    #expect(run.message == "dry: nothing was sent")
    #expect(bench.target.writes.isEmpty)
    #expect(try bench.store.links(of: bench.sync).isEmpty)
  }

  @Test func `a sync that is off is previewed and not carried out`() async throws {
    let bench = try Bench(people: 2)
    defer { bench.remove() }
    try bench.set("enabled", .flag(false))
    let plan = try await bench.preview()
    #expect(plan.counts[.create] == 2)
    let error = await failure { try await bench.syncNow() }
    #expect(error?.kind == .failed)
    #expect(error?.reason == .syncDisabled)
    #expect(bench.target.writes.isEmpty)
  }

  @Test func `a dropped change is not sent, and the plan is still carried through`() async throws {
    let bench = try Bench(people: 3)
    defer { bench.remove() }
    let id = try #require(try await bench.preview().id)
    try bench.store.setDropped(PlanRef(plan: id, number: 2), true, by: "ada")
    let run = try await bench.apply(id)
    #expect(run.done == 2)
    #expect(bench.target.records.count == 2)
    #expect(try bench.store.plan(id)?.state == .applied)
    #expect(try bench.store.lines(of: try #require(run.id)).first { $0.number == 2 }?.reason == .dropped)
  }

  @Test func `G19 one bad record is one reason, not a failed run`() async throws {
    let bench = try Bench(people: 30)
    defer { bench.remove() }
    bench.target.with { $0.write = { number, _ in number == 7 ? .reject(.valueRefused) : nil } }
    let run = try await bench.syncNow()
    #expect((run.done, run.failed, run.outcome) == (29, 1, .failed))
    let failures = try bench.engine().situation(for: bench.sync).standing.failures
    #expect(failures.map(\.reason) == [.valueRefused] && failures.first?.run == run.id)
    bench.target.with { $0.write = { _, _ in nil } }
    #expect(try await bench.syncNow().done == 1)
    #expect(try bench.engine().situation(for: bench.sync).standing.failures.isEmpty)
    #expect(bench.target.records.count == 30)
  }

  @Test(arguments: [0, 1, 3]) func `the limit of failures stops in time`(_ allowed: Int) async throws {
    let bench = try Bench(people: 30)
    defer { bench.remove() }
    bench.target.with { $0.write = { _, _ in .reject(.valueRefused) } }
    let run = try await bench.syncNow(Limits([.creates: .any], failures: .atMost(allowed), first: true))
    #expect(run.failed == allowed + 1)
    #expect(run.notSent == 30 - allowed - 1)
    #expect(run.outcome == .failed)
  }

  @Test func `a target that cannot be reached ends the run, and the rest is sent later`() async throws {
    let bench = try Bench(people: 30)
    defer { bench.remove() }
    bench.target.with { $0.write = { number, _ in number > 12 ? .notSent(.unreachable) : nil } }
    let run = try await bench.syncNow()
    #expect(run.done == 12)
    #expect(run.notSent == 18)
    #expect(run.outcome == .failed)
    let plan = try #require(run.plan)
    #expect(try bench.store.plan(plan)?.state == .begun)
    #expect(await failure { try await bench.apply(plan) }?.kind == .usedUp)
    bench.target.with { $0.write = { _, _ in nil } }
    let rest = try await bench.apply(plan, rest: true)
    #expect(rest.done == 18)
    #expect(bench.target.records.count == 30)
    #expect(bench.duplicates.isEmpty)
    #expect(try bench.store.plan(plan)?.state == .applied)
  }

  @Test func `nothing sent at all says unreachable`() async throws {
    let bench = try Bench(people: 9)
    defer { bench.remove() }
    bench.target.with { $0.write = { _, _ in .notSent(.throttled(retryAfterSeconds: 30)) } }
    let error = await failure { try await bench.syncNow() }
    #expect(error?.kind == .unreachable)
    #expect(try bench.store.runs(of: bench.sync, limit: 1).first?.outcome == .unreachable)
    #expect(bench.target.writes.isEmpty)
  }
}
