/// What a reading that breaks off may do to the store and to plans: nothing.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization
import Testing

@Suite struct ReadingTests {
  private static let grid: [(side: Side, page: Int, fault: PageFault)] = Side.allCases.flatMap { side in
    (1...3).flatMap { page in PageFault.allCases.map { (side, page, $0) } }
  }

  @Test(arguments: grid) func `G1 G2 a partial reading neither removes nor creates`(
    _ test: (side: Side, page: Int, fault: PageFault)
  ) async throws {
    // An empty first page that claims to be the last, and one page too few with nothing declared, look like the truth;
    // what they lack is seen by the declared total.
    let bench = try Bench(people: 9)
    defer { bench.remove() }
    bench.source.with { $0.declaresTotal = true }
    bench.target.with { $0.declaresTotal = true }
    try await bench.syncNow()
    #expect(bench.target.records.count == 9)
    bench.addUser(20)
    bench.source.remove(bench.user(1))
    let scope =
      test.side == .source
      ? SnapshotScope(connection: "ms", kind: .person, partition: "acme.example")
      : SnapshotScope(connection: "cw", kind: .person, partition: "250")
    let before = try bench.store.snapshot(scope).records
    (test.side == .source ? bench.source : bench.target).with { $0.page = (test.page, test.fault) }
    let writes = bench.target.writes.count
    let error = await failure { try await bench.syncNow() }
    if test.fault == .repeats && test.page == 1 {
      // The first page repeated is the first page.
      #expect(error == nil || error?.kind == .refusedByGuard)
      return
    }
    #expect(error != nil)
    #expect(bench.target.writes.count == writes)
    #expect(try bench.store.snapshot(scope).records == before)
    #expect(try bench.store.lastAttempt(of: scope)?.isUsable == false)
    let run = try #require(try bench.store.runs(of: bench.sync, limit: 1).first)
    #expect(run.outcome == (error?.kind == .unreachable ? .unreachable : .failed))
    // The next quiet run does what there is to do.
    (test.side == .source ? bench.source : bench.target).with { $0.page = nil }
    try await bench.syncNow()
    #expect(bench.target.writes.count == writes + 2)
  }

  @Test func `an expired mark is read completely`() async throws {
    let bench = try Bench(people: 4)
    defer { bench.remove() }
    bench.source.with {
      $0.hasDelta = true
      $0.smallestComplete = 2
    }
    try await bench.syncNow()
    bench.source.with { $0.isMarkExpired = true }
    bench.addUser(30)
    let run = try await bench.syncNow()
    #expect(run.outcome == .ok)
    #expect(bench.target.records.count == 5)
    #expect(bench.source.state.withLock(\.reads) == ["complete", "delta", "complete"])
  }

  @Test func `a delta whose declared total differs is read completely`() async throws {
    let bench = try Bench(people: 4)
    defer { bench.remove() }
    bench.source.with {
      $0.hasDelta = true
      $0.declaresTotal = true
      $0.smallestComplete = 2
    }
    try await bench.syncNow()
    // Gone without a word: the delta says nothing, the total does.
    bench.source.remove(bench.user(2))
    let run = try await bench.syncNow()
    #expect(run.done == 1)
    #expect(bench.contact(2)?.state == .inactive)
  }

  @Test func `a quiet delta neither removes nor empties`() async throws {
    let bench = try Bench(people: 4)
    defer { bench.remove() }
    bench.source.with {
      $0.hasDelta = true
      $0.smallestComplete = 2
    }
    try await bench.syncNow()
    bench.source.remove(bench.user(2))
    let run = try await bench.syncNow()
    #expect(run.outcome == .ok)
    #expect(run.done == 0)
    #expect(bench.contact(2)?.state == .active)
    #expect(bench.source.state.withLock(\.reads) == ["complete", "delta"])
  }

  @Test func `G3 an empty source after a full one holds the plan`() async throws {
    let bench = try Bench(people: 6)
    defer { bench.remove() }
    try await bench.syncNow()
    bench.source.state.withLock { $0.records = [:] }
    let error = await failure { try await bench.syncNow() }
    #expect(error?.kind == .refusedByGuard)
    #expect(error?.guards.contains { $0.reason == .sourceIncomplete } == true)
    #expect(bench.target.records.allSatisfy { $0.state == .active })
    #expect(try bench.store.runs(of: bench.sync, limit: 1).first?.outcome == .held)
  }

  @Test func `companies are registered once, and one that is gone counts as inactive`() async throws {
    let bench = try Bench()
    defer { bench.remove() }
    func company(_ id: String, _ identifier: String) -> Record {
      Record(
        id: RecordID(id), kind: .company, state: .active,
        fields: ["name": .text("\(identifier) Ltd"), "identifier": .text(identifier), "status": .text("Active")])
    }
    bench.companies.state.withLock {
      $0.put(company("250", "Acme"))
      $0.put(company("251", "Acorn"))
      $0.put(company("252", "Birch"))
    }
    let first = try await bench.engine().loadCompanies(from: "cw")
    #expect((first.total, first.new, first.known) == (3, 2, 1))
    bench.companies.remove("251")
    let second = try await bench.engine().loadCompanies(from: "cw")
    #expect((second.total, second.new, second.known) == (2, 0, 2))
    #expect(try bench.store.company("acorn")?.isActive == false)
    #expect(try bench.store.company("birch")?.isActive == true)
  }

  @Test func `a check is kept by connection and tenant, with its findings`() async throws {
    let bench = try Bench()
    defer { bench.remove() }
    let reports = try await bench.engine().check()
    #expect(reports.map(\.connection) == ["cw", "ms"])
    #expect(reports.allSatisfy { $0.report.hasPassed })
    #expect(try bench.store.connection(named: "cw")?.findings["email-type"] == "1")
    #expect(try bench.store.lastCheck(connection: "ms", partition: "acme.example")?.passed == true)
  }
}
