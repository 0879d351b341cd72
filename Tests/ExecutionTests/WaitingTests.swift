/// Changes that go into a file: settled, not taken for done, not written twice, and found once a reading shows them.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization
import Testing

@Suite struct WaitingTests {
  private static let file = "/srv/kith/crew.csv"

  /// Every create goes into a file.
  private func bench(people: Int) throws -> Bench {
    let bench = try Bench(people: people)
    bench.target.with {
      $0.write = { _, write in write.action == .create ? .wait(file: Self.file) : nil }
    }
    return bench
  }

  @Test func `what waits is an outcome of its own, and makes neither link nor baseline`() async throws {
    let bench = try bench(people: 3)
    defer { bench.remove() }
    let run = try await bench.syncNow()
    #expect(run.outcome == .ok)
    #expect((run.waiting, run.done, run.failed, run.notSent) == (3, 0, 0, 0))
    #expect(try bench.store.run(try #require(run.id))?.waiting == 3)
    let lines = try bench.store.lines(of: try #require(run.id))
    #expect(lines.map(\.outcome) == [.waiting, .waiting, .waiting])
    #expect(Set(lines.map(\.message)) == [Self.file])
    #expect(try bench.store.links(of: bench.sync).isEmpty)
    #expect(try bench.store.baselines(of: bench.sync, kind: .person).isEmpty)
    #expect(try bench.store.unsettled(bench.sync).isEmpty, "the journal is settled")
    #expect(try bench.store.plan(try #require(run.plan))?.state == .applied)
    #expect(try bench.store.waiting(of: bench.sync).map(\.source) == (0..<3).map(bench.user))
  }

  @Test func `it is not written again, until a person forgets it`() async throws {
    let bench = try bench(people: 2)
    defer { bench.remove() }
    try await bench.syncNow()
    let asked = bench.target.state.withLock(\.writesAsked)
    let second = try await bench.syncNow()
    #expect((second.done, second.waiting) == (0, 0))
    #expect(bench.target.state.withLock(\.writesAsked) == asked)
    let reasons = Planner.plan(try bench.engine().situations(for: bench.sync)).decisions.map(\.reason.reason)
    #expect(reasons == [.waitingForUpload, .waitingForUpload])

    let lost = try bench.store.waiting(of: bench.sync).filter { $0.source == bench.user(0) }
    try bench.store.stopWaiting(lost, of: bench.sync)
    let third = try await bench.syncNow()
    #expect(third.waiting == 1)
    #expect(bench.target.state.withLock(\.writesAsked) == asked + 1)
  }

  @Test func `once a reading shows it, the pair is linked and nothing waits any more`() async throws {
    let bench = try bench(people: 2)
    defer { bench.remove() }
    try await bench.syncNow()
    bench.addContact(0)
    let second = try await bench.syncNow()
    #expect(second.done == 1, "the link")
    #expect(try bench.store.links(of: bench.sync).map(\.source) == [bench.user(0)])
    #expect(try bench.store.waiting(of: bench.sync).map(\.source) == [bench.user(1)])
    bench.addContact(1)
    try await bench.syncNow()
    #expect(try bench.store.waiting(of: bench.sync).isEmpty)
    let last = try await bench.syncNow()
    #expect((last.done, last.waiting) == (0, 0))
    #expect(bench.target.writes.isEmpty)
  }
}
