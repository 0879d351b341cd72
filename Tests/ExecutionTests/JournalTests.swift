/// Lost answers and crashes: the next run ends where an uninterrupted one would have.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization
import Testing

@Suite struct JournalTests {
  @Test func `G8 every create whose answer is lost is found, not repeated`() async throws {
    let bench = try Bench(people: 60)
    defer { bench.remove() }
    bench.target.with { $0.write = { _, _ in .commitThenDrop } }
    let run = try await bench.syncNow()
    #expect((run.done, run.failed, run.outcome) == (60, 0, .ok))
    #expect(bench.target.records.count == 60)
    #expect(bench.duplicates.isEmpty)
    bench.target.with { $0.write = { _, _ in nil } }
    #expect(try await bench.syncNow().done == 0)
  }

  @Test func `G8 what was lost on the way is sent once more, with the same token`() async throws {
    let bench = try Bench(people: 12)
    defer { bench.remove() }
    let tokens = Mutex<[String]>([])
    bench.target.with {
      $0.write = { number, write in
        tokens.withLock { $0.append(write.token) }
        return number <= 12 ? .drop : nil
      }
    }
    let run = try await bench.syncNow()
    #expect(run.done == 12)
    #expect(bench.target.records.count == 12)
    let sent = tokens.withLock { $0 }
    #expect(sent.count == 24)
    #expect(Set(sent).count == 12)
  }

  @Test func `G9 an update whose answer is lost moves its baseline only after a look`() async throws {
    let bench = try Bench(people: 4)
    defer { bench.remove() }
    try await bench.syncNow()
    for number in 0..<4 { bench.source.edit(bench.user(number), "title", .text("Chief")) }
    bench.target.with { $0.write = { number, _ in number % 2 == 0 ? .commitThenDrop : .drop } }
    _ = try await bench.syncNow()
    bench.target.with { $0.write = { _, _ in nil } }
    try await bench.syncNow()
    #expect((0..<4).allSatisfy { bench.contact($0)?.fields.text("title") == "Chief" })
    let baselines = try bench.store.baselines(of: bench.sync, kind: .person)
    #expect(baselines.values.allSatisfy { $0.target["title"] == .text("Chief") })
    #expect(baselines.values.allSatisfy { $0.source["title"] == .text("Chief") })
    #expect(try await bench.syncNow().done == 0)
  }

  @Test func `G9 a refused update leaves the baseline, and is tried again`() async throws {
    let bench = try Bench(people: 1)
    defer { bench.remove() }
    try await bench.syncNow()
    let before = try bench.store.baselines(of: bench.sync, kind: .person)
    bench.source.edit(bench.user(0), "title", .text("Chief"))
    bench.target.with { $0.write = { _, _ in .reject(.valueRefused) } }
    #expect(try await bench.syncNow().failed == 1)
    #expect(try bench.store.baselines(of: bench.sync, kind: .person) == before)
    bench.target.with { $0.write = { _, _ in nil } }
    #expect(try await bench.syncNow().done == 1)
    #expect(bench.contact(0)?.fields.text("title") == "Chief")
  }

  /// One moment of a run at which the process may die: the store and the target as they were.
  private struct Moment: Sendable {
    var name: String
    var file: URL
    var target: FakeState
  }

  /// Runs `act` and keeps the store and the target at every write, before it is carried out and before it is answered.
  private func moments(of bench: Bench, _ act: () async throws -> Void) async throws -> [Moment] {
    let kept = Mutex<[Moment]>([])
    @Sendable func keep(_ name: String) {
      let file = bench.folder.freshStore()
      // The fakes' own lock keeps others from writing meanwhile.
      bench.target.state.withLock { state in
        guard (try? bench.store.backup(to: file)) != nil else { return }
        let target = state
        kept.withLock { $0.append(Moment(name: name, file: file, target: target)) }
      }
    }
    bench.target.with {
      $0.beforeWrite = { keep("before write \($0)") }
      $0.afterWrite = { keep("after write \($0)") }
    }
    try await act()
    keep("at the end")
    bench.target.with {
      $0.beforeWrite = { _ in }
      $0.afterWrite = { _ in }
    }
    return kept.withLock { $0 }
  }

  @Test func `G7 killed at any write of a first run, the next run ends in the same state`() async throws {
    let bench = try Bench(people: 8)
    defer { bench.remove() }
    bench.addContact(0, title: "Boss")
    bench.addContact(1)
    let moments = try await moments(of: bench) { try await bench.syncNow() }
    let expected = Set(bench.target.records.map(\.content))
    #expect(moments.count == 2 * 7 + 1)
    for moment in moments { try await expectSameEnd(moment, of: bench, expected) }
  }

  @Test func `G7 killed at any write of a later run, the next run ends in the same state`() async throws {
    let bench = try Bench(people: 8)
    defer { bench.remove() }
    try await bench.syncNow()
    bench.addUser(8)
    bench.source.edit(bench.user(0), "title", .text("Chief"))
    bench.source.edit(bench.user(1), "email", .text("new1@acme.example"))
    bench.source.edit(bench.user(2), "account-enabled", .flag(false))
    let moments = try await moments(of: bench) { try await bench.syncNow() }
    let expected = Set(bench.target.records.map(\.content))
    #expect(moments.count == 2 * 4 + 1)
    for moment in moments { try await expectSameEnd(moment, of: bench, expected) }
  }

  private func expectSameEnd(_ moment: Moment, of bench: Bench, _ expected: Set<String>) async throws {
    let next = try bench.revived(from: moment.file, target: moment.target)
    // The dead run's lease ends by itself.
    next.clock.advance(.seconds(61))
    try await next.syncNow()
    #expect(next.duplicates.isEmpty, "\(moment.name)")
    #expect(Set(next.target.records.map(\.content)) == expected, "\(moment.name)")
    #expect(try next.store.unsettled(next.sync).isEmpty, "\(moment.name)")
    let runs = try next.store.runs(of: next.sync, limit: 9)
    #expect(!runs.contains { $0.outcome == .running }, "\(moment.name)")
    let writes = next.target.writes.count
    try await next.syncNow()
    #expect(next.target.writes.count == writes, "\(moment.name)")
  }

  @Test func `G7 killed at any write, the rest of the plan can be carried on with`() async throws {
    let bench = try Bench(people: 6)
    defer { bench.remove() }
    let plan = try #require(try await bench.preview().id)
    let moments = try await moments(of: bench) { try await bench.apply(plan) }
    let expected = Set(bench.target.records.map(\.content))
    for moment in moments.dropLast() {
      let next = try bench.revived(from: moment.file, target: moment.target)
      next.clock.advance(.seconds(61))
      let error = await failure { try await next.apply(plan, rest: true) }
      // All of it may have arrived already; then there is no rest.
      #expect(error == nil || error?.kind == .usedUp, "\(moment.name)")
      #expect(Set(next.target.records.map(\.content)) == expected, "\(moment.name)")
      #expect(next.duplicates.isEmpty)
      #expect(try next.store.plan(plan)?.state == .applied, "\(moment.name)")
    }
  }

  @Test func `what is intended stands in the journal before it is sent`() async throws {
    let bench = try Bench(people: 5)
    defer { bench.remove() }
    let seen = Mutex<[Int]>([])
    bench.target.with { faults in
      faults.beforeWrite = { _ in
        let count = (try? bench.store.unsettled(bench.sync).count) ?? -1
        seen.withLock { $0.append(count) }
      }
    }
    try await bench.syncNow()
    let counts = seen.withLock { $0 }
    #expect(counts.count == 5)
    #expect(counts.allSatisfy { $0 > 0 })
    #expect(try bench.store.unsettled(bench.sync).isEmpty)
  }
}

extension Record {
  /// What the record says, without its id and version.
  fileprivate var content: String {
    "\(state.rawValue) " + fields.sorted.map { "\($0.name)=\($0.value.displayed)" }.joined(separator: "|")
  }
}
