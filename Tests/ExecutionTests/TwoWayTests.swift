/// Two stages and two writable sides: companies before their people, edits both ways, and quiet afterwards.
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Testing

@Suite struct TwoWayTests {
  @Test func `companies come before their people, who land in the company that was just made`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    let acme = bench.addCompany("Acme Dental", people: 3)
    let harbour = bench.addCompany("Harbour Bakery", people: 2)
    let run = try await bench.syncNow()
    #expect((run.outcome, run.done, run.failed) == (.ok, 7, 0))
    #expect(bench.target.all(.company).count == 2)
    #expect(bench.target.all(.person).count == 5)
    for (company, people) in [acme, harbour] {
      let there = try #require(try bench.partner(.company, of: company, at: .source))
      for person in people { #expect(try bench.partner(.person, of: person, at: .source)?.parent == there.id) }
    }
    let lines = try bench.store.lines(of: try #require(run.id))
    #expect(lines.count { $0.kind == .company && $0.side == .target } == 2)
    #expect(lines.count { $0.kind == .person && $0.side == .target } == 5)
    #expect(try await bench.syncNow().done == 0)
  }

  @Test func `edits of both sides travel in one run, also where they are of one pair`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    let acme = bench.addCompany("Acme Dental", people: 2)
    try await bench.syncNow()
    let there = try #require(try bench.partner(.person, of: acme.people[0], at: .source)).id
    bench.source.edit(.person, acme.people[0], "first-name", .text("Zoë"))
    bench.target.edit(.person, there, "last-name", .text("Olsen"))
    let run = try await bench.syncNow()
    #expect((run.outcome, run.done) == (.ok, 2))
    let lines = try bench.store.lines(of: try #require(run.id)).filter { $0.action == .update }
    #expect(Set(lines.map(\.side)) == [.source, .target])
    for record in [bench.source.record(.person, acme.people[0]), bench.target.record(.person, there)] {
      #expect(record?.fields.text("first-name") == "Zoë")
      #expect(record?.fields.text("last-name") == "Olsen")
    }
    let writes = bench.writeCount
    #expect(try await bench.syncNow().done == 0)
    #expect(bench.writeCount == writes)
  }

  @Test func `G13 our own writes, and what the vendor makes of them, never come back as edits`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    for book in [bench.source, bench.target] {
      book.with { habits in
        habits.stores = { field, value in
          guard let text = value.text, !text.isBlank else { return value }
          switch field {
          case "website": return .text(text.hasPrefix("https://") ? text : "https://" + text)
          case "last-name": return .text(text.uppercased())
          case "email": return .text(text.lowercased())
          default: return value
          }
        }
      }
    }
    let acme = bench.addCompany("Acme Dental", people: 3)
    bench.source.edit(.company, acme.company, "website", .text("acme.example"))
    try await bench.syncNow()
    let there = try #require(try bench.partner(.person, of: acme.people[1], at: .source)).id
    let desk = try #require(try bench.partner(.company, of: acme.company, at: .source)).id
    #expect(bench.target.record(.company, desk)?.fields.text("website") == "https://acme.example")
    bench.target.edit(.person, there, "last-name", .text("Lindqvist"))
    bench.target.edit(.company, desk, "website", .text("acme.test"))
    bench.source.edit(.person, acme.people[2], "last-name", .text("Berg"))
    #expect(try await bench.syncNow().outcome == .ok)
    #expect(bench.source.record(.person, acme.people[1])?.fields.text("last-name") == "LINDQVIST")
    #expect(bench.source.record(.company, acme.company)?.fields.text("website") == "https://acme.test")
    let writes = bench.writeCount
    for _ in 0..<3 { #expect(try await bench.syncNow().done == 0) }
    #expect(bench.writeCount == writes)
  }

  @Test func `a field that both sides edited waits for a person, and the other fields travel`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    let acme = bench.addCompany("Acme Dental", people: 1)
    try await bench.syncNow()
    let there = try #require(try bench.partner(.person, of: acme.people[0], at: .source)).id
    bench.source.edit(.person, acme.people[0], "last-name", .text("Ours"))
    bench.target.edit(.person, there, "last-name", .text("Theirs"))
    bench.source.edit(.person, acme.people[0], "first-name", .text("Una"))
    try await bench.syncNow()
    #expect(bench.target.record(.person, there)?.fields.text("first-name") == "Una")
    #expect(bench.target.record(.person, there)?.fields.text("last-name") == "Theirs")
    #expect(bench.source.record(.person, acme.people[0])?.fields.text("last-name") == "Ours")
    try bench.store.record(
      Verdict(
        kind: .person,
        ruling: .take(
          from: .target, field: "last-name", of: acme.people[0], source: .text("Ours"), target: .text("Theirs")),
        reason: "", madeBy: "ada", madeAt: bench.clock.now()), of: bench.sync)
    #expect(try await bench.syncNow().done == 1)
    #expect(bench.source.record(.person, acme.people[0])?.fields.text("last-name") == "Theirs")
    #expect(try await bench.syncNow().done == 0)
  }

  @Test(arguments: Side.allCases)
  func `G16 a delete on either side breaks the pair and leaves the other`(_ side: Side) async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    bench.target.with { $0.tellsDeletions = false }
    try bench.set("create-contacts", .flag(true))
    let acme = bench.addCompany("Acme Dental", people: 3)
    try await bench.syncNow()
    let link = try #require(try bench.links(.person).first { $0.source == acme.people[1] })
    let gone = side == .source ? link.source : link.target
    let left = side == .source ? link.target : link.source
    bench.book(side).remove(.person, gone)
    let writes = bench.writeCount
    for _ in 0..<3 { #expect(try await bench.syncNow().outcome == .ok) }
    #expect(bench.writeCount == writes)
    #expect(bench.book(side.other).record(.person, left) != nil)
    let broken = try #require(try bench.links(.person).first { $0.source == link.source })
    guard case .broken(let missing, _) = broken.state else {
      Issue.record("still linked")
      return
    }
    #expect(missing == side)
    try bench.store.markForRelink(broken, of: bench.sync)
    #expect(try await bench.syncNow().done == 1)
    #expect(bench.source.all(.person).count == 3)
    #expect(bench.target.all(.person).count == 3)
    #expect(try bench.links(.person).count { $0.state == .linked } == 3)
    #expect(try await bench.syncNow().done == 0)
  }

  @Test func `G3 a record that a complete reading missed is proved gone by the next run`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    let acme = bench.addCompany("Acme Dental", people: 9)
    try await bench.syncNow()
    bench.target.with { $0.tellsDeletions = false }
    let gone = try #require(try bench.partner(.person, of: acme.people[4], at: .source)).id
    bench.target.remove(.person, gone)
    // Everything is due to be read, and the run that would have acted upon it does not come to that.
    bench.clock.advance(.seconds(8 * 86_400))
    _ = try await bench.engine().loadPeople(of: [bench.sync])
    #expect(try bench.links(.person).allSatisfy { $0.state == .linked })
    try await bench.syncNow()
    #expect(try bench.links(.person).count { $0.state == .linked } == 8)
    #expect(bench.source.all(.person).count == 9)
  }

  @Test func `who was created in a company is known to have been moved`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    let acme = bench.addCompany("Acme Dental", people: 1)
    let harbour = bench.addCompany("Harbour Bakery", people: 0)
    try await bench.syncNow()
    bench.source.move(.person, acme.people[0], to: harbour.company)
    #expect(try await bench.syncNow().done == 1)
    let there = try #require(try bench.partner(.company, of: harbour.company, at: .source)).id
    #expect(try bench.partner(.person, of: acme.people[0], at: .source)?.parent == there)
    // And back again, from the other side.
    let person = try #require(try bench.partner(.person, of: acme.people[0], at: .source)).id
    let first = try #require(try bench.partner(.company, of: acme.company, at: .source)).id
    bench.target.move(.person, person, to: first)
    #expect(try await bench.syncNow().done == 1)
    #expect(bench.source.record(.person, acme.people[0])?.parent == acme.company)
    #expect(try await bench.syncNow().done == 0)
  }

  @Test func `a dependant whose company did not arrive waits, and follows it`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    let acme = bench.addCompany("Acme Dental", people: 2)
    bench.addCompany("Harbour Bakery", people: 1)
    bench.target.with {
      $0.write = { _, write in write.values.text("name") == "Acme Dental" ? .reject(.valueRefused) : nil }
    }
    let run = try await bench.syncNow()
    #expect((run.done, run.failed, run.skipped) == (2, 1, 2))
    let skipped = try bench.store.lines(of: try #require(run.id)).filter { $0.outcome == .skipped }
    #expect(skipped.allSatisfy { $0.reason == .dependencyFailed && $0.kind == .person })
    bench.target.with { $0.write = { _, _ in nil } }
    let next = try await bench.syncNow()
    #expect((next.outcome, next.done) == (.ok, 3))
    let there = try #require(try bench.partner(.company, of: acme.company, at: .source)).id
    #expect(bench.target.all(.person).count { $0.parent == there } == 2)
  }

  @Test func `a company whose name is taken is paired with the one that has it`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    bench.target.with { $0.namesAreUnique = true }
    bench.addCompany("Acme Dental", people: 1)
    let plan = try await bench.preview()
    #expect(plan.counts[.create] == 2)
    // Somebody else was faster.
    let twin = bench.target.add(.company, TwoWayBench.company("Acme Dental"))
    let run = try await bench.apply(try #require(plan.id))
    #expect((run.outcome, run.done, run.failed) == (.ok, 2, 0))
    #expect(try bench.links(.company).map(\.target) == [twin])
    let id = try #require(run.id)
    let line = try #require(try bench.store.lines(of: id).first { $0.kind == .company })
    #expect((line.action, line.reason, line.target) == (.link, .matched, twin))
    #expect(bench.target.all(.company).count == 1)
    #expect(bench.target.all(.person).map(\.parent) == [twin])
    #expect(try await bench.syncNow().failed == 0)
    #expect(bench.duplicates().isEmpty)
  }

  @Test func `what goes to the source is created there, in the linked company`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    bench.addCompany("Acme Dental", people: 1)
    try bench.set("create-contacts", .flag(true))
    try await bench.syncNow()
    // A preview with somebody watching agrees to the setting.
    bench.clock.advance(.seconds(60))
    let there = try #require(bench.target.first(.company, "name", "Acme Dental")).id
    let customer = bench.target.add(.person, TwoWayBench.person("Nora", "Berg"), parent: there)
    let made = bench.target.add(.company, TwoWayBench.company("Harbour Bakery"))
    try bench.store.record(
      Verdict(kind: .company, ruling: .promote(.target, made), reason: "", madeBy: "ada", madeAt: bench.clock.now()),
      of: bench.sync)
    let run = try await bench.syncNow()
    #expect((run.outcome, run.done) == (.ok, 2))
    let lines = try bench.store.lines(of: try #require(run.id)).filter { $0.action == .create }
    #expect(lines.allSatisfy { $0.side == .source && $0.source != nil && $0.target != nil })
    let here = try #require(try bench.partner(.person, of: customer, at: .target))
    #expect(here.fields.text("last-name") == "Berg")
    #expect(here.parent == bench.source.first(.company, "name", "Acme Dental")?.id)
    #expect(try bench.partner(.company, of: made, at: .target)?.fields.text("name") == "Harbour Bakery")
    #expect(try await bench.syncNow().done == 0)
    #expect(bench.duplicates().isEmpty)
  }

  @Test func `a budget that is used up ends the run, and the rest goes on`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    bench.addCompany("Acme Dental", people: 8)
    bench.target.with { $0.writesLeft = 4 }
    let run = try await bench.syncNow()
    #expect((run.outcome, run.reason, run.failed) == (.interrupted, .budgetUsed, 0))
    #expect((run.done, run.notSent) == (4, 5))
    #expect(run.message?.contains("again at") == true)
    let plan = try #require(run.plan)
    #expect(run.message?.contains("apply \(plan) rest") == true)
    bench.target.with { $0.writesLeft = nil }
    let rest = try await bench.apply(plan, rest: true)
    #expect((rest.outcome, rest.done) == (.ok, 5))
    #expect(bench.target.all(.person).count == 8)
    #expect(bench.duplicates().isEmpty)
  }

  @Test func `G21 a run that wrote to both sides is taken back on both`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    let acme = bench.addCompany("Acme Dental", people: 2)
    try await bench.syncNow()
    let there = try acme.people.map { try #require(try bench.partner(.person, of: $0, at: .source)).id }
    bench.source.edit(.person, acme.people[0], "last-name", .text("Here"))
    bench.target.edit(.person, there[1], "last-name", .text("There"))
    let run = try await bench.syncNow()
    #expect(run.done == 2)
    let plan = try await bench.engine().undoPlan(try #require(run.id))
    #expect(plan.counts[.update] == 2)
    #expect(Set(plan.decisions.filter { $0.action == .update }.map(\.side)) == [.source, .target])
    let undone = try await bench.apply(try #require(plan.id))
    #expect((undone.outcome, undone.done) == (.ok, 2))
    #expect(bench.target.record(.person, there[0])?.fields.text("last-name") == "AcmeDental")
    #expect(bench.source.record(.person, acme.people[1])?.fields.text("last-name") == "AcmeDental")
    // What each side's people typed stays theirs.
    #expect(bench.source.record(.person, acme.people[0])?.fields.text("last-name") == "Here")
    #expect(bench.target.record(.person, there[1])?.fields.text("last-name") == "There")
    #expect(try await bench.syncNow().done == 0)
  }

  @Test func `G21 a move to another company is taken back, and stays taken back`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    let acme = bench.addCompany("Acme Dental", people: 1)
    let harbour = bench.addCompany("Harbour Bakery", people: 0)
    try await bench.syncNow()
    let customer = try #require(try bench.partner(.person, of: acme.people[0], at: .source))
    let before = try #require(customer.parent)
    bench.source.move(.person, acme.people[0], to: harbour.company)
    let run = try await bench.syncNow()
    #expect(run.done == 1)
    #expect(bench.target.record(.person, customer.id)?.parent != before)
    let plan = try await bench.engine().undoPlan(try #require(run.id))
    #expect(plan.decisions.flatMap(\.changes).map(\.field) == [.company])
    #expect(try await bench.apply(try #require(plan.id)).done == 1)
    #expect(bench.target.record(.person, customer.id)?.parent == before)
    #expect(try await bench.syncNow().done == 0)
    #expect(bench.source.record(.person, acme.people[0])?.parent == harbour.company)
  }

  @Test func `a field that both sides changed alike settles while another one is left to a person`() async throws {
    let bench = try TwoWayBench()
    defer { bench.remove() }
    let acme = bench.addCompany("Acme Dental", people: 1)
    try await bench.syncNow()
    let there = try #require(try bench.partner(.person, of: acme.people[0], at: .source)).id
    bench.source.edit(.person, acme.people[0], "first-name", .text("Same"))
    bench.target.edit(.person, there, "first-name", .text("Same"))
    bench.source.edit(.person, acme.people[0], "last-name", .text("Here"))
    bench.target.edit(.person, there, "last-name", .text("There"))
    #expect(try await bench.syncNow().done == 0)
    let baseline = try bench.store.baselines(of: bench.sync, kind: .person)[acme.people[0]]
    #expect(baseline?.source.text("first-name") == "Same")
    #expect(baseline?.target.text("first-name") == "Same")
    // Since then it counts as settled: one side's edit goes to the other.
    bench.target.edit(.person, there, "first-name", .text("Edited"))
    #expect(try await bench.syncNow().done == 1)
    #expect(bench.source.record(.person, acme.people[0])?.fields.text("first-name") == "Edited")
  }
}
