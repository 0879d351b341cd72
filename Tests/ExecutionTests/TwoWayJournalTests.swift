/// Lost answers and crashes in two-way syncs of several stages: the next run ends where an uninterrupted one would have.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization
import Testing

@Suite struct TwoWayJournalTests {
  @Test func `G8 every create on either side loses its answer, and nobody is there twice`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    try bench.set("create-contacts", .flag(true))
    bench.clock.advance(.seconds(5))
    let acme = bench.addCompany("Acme Dental", people: 6)
    for book in [bench.source, bench.target] { book.with { $0.write = { _, _ in .commitThenDrop } } }
    let run = try await bench.syncNow()
    #expect((run.outcome, run.done, run.failed) == (.ok, 7, 0))
    let there = try #require(try bench.partner(.company, of: acme.company, at: .source)).id
    for number in 0..<4 {
      bench.target.add(.person, TwoWayBench.person("New\(number)", "Customer"), parent: there)
    }
    let next = try await bench.syncNow()
    #expect((next.outcome, next.done, next.failed) == (.ok, 4, 0))
    #expect(bench.source.all(.person).count == 10)
    #expect(bench.target.all(.person).count == 10)
    #expect(bench.duplicates().isEmpty)
    for book in [bench.source, bench.target] { book.with { $0.write = { _, _ in nil } } }
    #expect(try await bench.syncNow().done == 0)
  }

  @Test func `G9 an edit whose answer is lost moves its baseline only after a look, on either side`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    let acme = bench.addCompany("Acme Dental", people: 6)
    try await bench.syncNow()
    let there = try acme.people.map { try #require(try bench.partner(.person, of: $0, at: .source)).id }
    for number in 0..<3 { bench.source.edit(.person, acme.people[number], "last-name", .text("Here\(number)")) }
    for number in 3..<6 { bench.target.edit(.person, there[number], "last-name", .text("There\(number)")) }
    for book in [bench.source, bench.target] {
      book.with { $0.write = { number, _ in number % 2 == 0 ? .commitThenDrop : .drop } }
    }
    _ = try await bench.syncNow()
    for book in [bench.source, bench.target] { book.with { $0.write = { _, _ in nil } } }
    try await bench.syncNow()
    for number in 0..<6 {
      let expected = number < 3 ? "Here\(number)" : "There\(number)"
      #expect(bench.source.record(.person, acme.people[number])?.fields.text("last-name") == expected)
      #expect(bench.target.record(.person, there[number])?.fields.text("last-name") == expected)
    }
    #expect(try await bench.syncNow().done == 0)
  }

  private struct Moment: Sendable {
    var name: String
    var file: URL
    var source: FakeBook.State
    var target: FakeBook.State
  }

  /// Runs `act` and keeps the store and both vendors at every write, before it is carried out and before it is answered.
  private func moments(of bench: TwoWayBench, _ act: () async throws -> Void) async throws -> [Moment] {
    let kept = Mutex<[Moment]>([])
    @Sendable func keep(_ name: String) {
      let file = bench.folder.freshStore()
      // The locks of both fakes keep others from writing meanwhile.
      bench.source.state.withLock { source in
        bench.target.state.withLock { target in
          guard (try? bench.store.backup(to: file)) != nil else { return }
          let (here, there) = (source, target)
          kept.withLock { $0.append(Moment(name: name, file: file, source: here, target: there)) }
        }
      }
    }
    for side in Side.allCases {
      bench.book(side).with {
        $0.beforeWrite = { keep("before write \($0) to the \(side.rawValue)") }
        $0.afterWrite = { keep("after write \($0) to the \(side.rawValue)") }
      }
    }
    try await act()
    keep("at the end")
    for book in [bench.source, bench.target] {
      book.with {
        $0.beforeWrite = { _ in }
        $0.afterWrite = { _ in }
      }
    }
    return kept.withLock { $0 }
  }

  @Test func `G7 killed between a company and its people, or at any other write, the end is the same`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    bench.addCompany("Acme Dental", people: 3)
    bench.addCompany("Harbour Bakery", people: 2)
    let moments = try await moments(of: bench) { try await bench.syncNow() }
    #expect(moments.count == 2 * 7 + 1)
    try await expectSameEnd(moments, of: bench)
  }

  @Test func `G7 killed at any write of a later run on either side, the end is the same`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    try bench.set("create-contacts", .flag(true))
    bench.clock.advance(.seconds(5))
    let acme = bench.addCompany("Acme Dental", people: 3)
    try await bench.syncNow()
    let there = try acme.people.map { try #require(try bench.partner(.person, of: $0, at: .source)).id }
    let company = try #require(try bench.partner(.company, of: acme.company, at: .source)).id
    bench.source.edit(.person, acme.people[0], "last-name", .text("Here"))
    bench.target.edit(.person, there[0], "first-name", .text("There"))
    bench.target.edit(.company, company, "website", .text("acme.example"))
    bench.target.remove(.person, there[2])
    bench.target.add(.person, TwoWayBench.person("Nora", "Berg"), parent: company)
    bench.addCompany("Harbour Bakery", people: 1)
    let moments = try await moments(of: bench) { try await bench.syncNow() }
    #expect(moments.count == 2 * 6 + 1)
    try await expectSameEnd(moments, of: bench)
  }

  private func expectSameEnd(_ moments: [Moment], of bench: TwoWayBench) async throws {
    let expected = bench.content()
    for moment in moments {
      let next = try bench.revived(from: moment.file, source: moment.source, target: moment.target)
      try await next.syncNow()
      // What was decided before its company was there, or while it moved, comes with the next run.
      try await next.syncNow()
      #expect(next.content() == expected, "\(moment.name)")
      #expect(next.duplicates().isEmpty, "\(moment.name)")
      #expect(try next.store.unsettled(next.sync).isEmpty, "\(moment.name)")
      let writes = next.writeCount
      #expect(try await next.syncNow().done == 0, "\(moment.name)")
      #expect(next.writeCount == writes, "\(moment.name)")
    }
  }

  @Test func `G7 killed at any write of a first run, the rest of the plan can be carried on with`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    bench.addCompany("Acme Dental", people: 2)
    bench.addCompany("Harbour Bakery", people: 2)
    let plan = try #require(try await bench.preview().id)
    let moments = try await moments(of: bench) { try await bench.apply(plan) }
    let expected = bench.content()
    for moment in moments.dropLast() {
      let next = try bench.revived(from: moment.file, source: moment.source, target: moment.target)
      let error = await failure { try await next.apply(plan, rest: true) }
      #expect(error == nil || error?.kind == .usedUp, "\(moment.name)")
      #expect(next.content() == expected, "\(moment.name)")
      #expect(try next.store.plan(plan)?.state == .applied, "\(moment.name)")
    }
  }
}
