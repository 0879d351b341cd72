import Foundation
import Model
import Storage
import Testing

@Suite struct JournalTests {
  static let baseline = Baseline(source: ["title": .text("Manager")], target: ["title": .text("Manager")])

  /// The store as another process would find it if this one died now.
  static func afterCrash(_ fixture: Fixture) throws -> (folder: TemporaryFolder, store: Store) {
    let folder = try TemporaryFolder()
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        at: fixture.folder["home/kith.sqlite\(suffix)"], to: folder["kith.sqlite\(suffix)"])
    }
    return (folder, try Store.open(at: folder["kith.sqlite"]))
  }

  @Test("G8 what is about to be sent is there for whoever comes after a crash")
  func intent() throws {
    let fixture = try Fixture.withSync()
    let run = try fixture.beginRun()
    let entries = try fixture.store.intend([Fixture.entry(1, run: run, .create), Fixture.entry(2, run: run)])
    #expect(entries.map(\.id) == [1, 2])
    let crash = try Self.afterCrash(fixture)
    #expect(try crash.store.unsettled(Fixture.sync) == entries)
    #expect(entries[0].target == nil && entries[0].token == "t1")
  }

  @Test("G7 an outcome is settled with all that follows from it, or not at all")
  func settle() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    let run = try fixture.beginRun()
    let entry = try #require(try store.intend([Fixture.entry(run: run, .create)]).first)
    let answered = Fixture.person("c7", email: "zoe@acme.example")
    let settlement = Settlement(
      entry: entry, run: run, line: Fixture.line(1, .create, .done, target: "c7"),
      links: [.put(Fixture.link("u1", "c7"))], baseline: (source: "u1", Self.baseline),
      snapshot: (Fixture.contacts, answered), at: moment(33))
    // The second one is impossible: c7 belongs to u1.
    var impossible = settlement
    impossible.line.number = 2
    impossible.links = [.put(Fixture.link("u2", "c7"))]
    #expect(failure { try store.settle([settlement, impossible]) }?.kind == .invalid)
    let crash = try Self.afterCrash(fixture)
    for store in [store, crash.store] {
      #expect(try store.unsettled(Fixture.sync) == [entry])
      #expect(try store.links(of: Fixture.sync).isEmpty)
      #expect(try store.lines(of: run).isEmpty)
      #expect(try store.snapshotCount(Fixture.contacts) == 0)
    }

    try store.settle([settlement])
    let after = try Self.afterCrash(fixture)
    for store in [store, after.store] {
      #expect(try store.unsettled(Fixture.sync).isEmpty)
      #expect(try store.links(of: Fixture.sync) == [Fixture.link("u1", "c7")])
      #expect(try store.baselines(of: Fixture.sync, kind: .person) == ["u1": Self.baseline])
      #expect(try store.lines(of: run) == [settlement.line])
      #expect(try store.snapshot(Fixture.contacts).records == [answered])
      #expect(try store.journal(of: PlanID(1)).map(\.target) == ["c7"])
    }
  }

  @Test("G9 an unknown or failed outcome moves neither link nor baseline, and only the unknown stays open")
  func noBaseline() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    try store.change([.put(Fixture.link("u1", "c1"))], of: Fixture.sync)
    let run = try fixture.beginRun()
    let entries = try store.intend([Fixture.entry(1, run: run), Fixture.entry(2, run: run)])
    try store.mark(entries, as: .sent)
    #expect(try store.unsettled(Fixture.sync).map(\.state) == [.sent, .sent])
    try store.settle([
      Settlement(entry: entries[0], run: run, line: Fixture.line(1, .update, .unknown), at: moment(33)),
      Settlement(entry: entries[1], run: run, line: Fixture.line(2, .update, .failed), at: moment(33)),
    ])
    #expect(try store.unsettled(Fixture.sync).map(\.id) == [entries[0].id])
    #expect(try store.unsettled(Fixture.sync).map(\.state) == [.unknown])
    #expect(try store.baselines(of: Fixture.sync, kind: .person).isEmpty)

    // Looked up later: the line of the run is replaced by what was found.
    try store.settle([
      Settlement(
        entry: entries[0], run: run, line: Fixture.line(1), baseline: (source: "u1", Self.baseline), at: moment(60))
    ])
    #expect(try store.unsettled(Fixture.sync).isEmpty)
    #expect(try store.lines(of: run).map(\.outcome) == [.done, .failed])
    try store.mark(entries, as: .unknown)
    #expect(try store.unsettled(Fixture.sync).isEmpty)
  }

  @Test("a baseline without a link is refused")
  func baselineNeedsLink() throws {
    let fixture = try Fixture.withSync()
    let run = try fixture.beginRun()
    let error = failure {
      try fixture.store.settle([
        Settlement(run: run, line: Fixture.line(), baseline: (source: "u1", Self.baseline), at: moment(33))
      ])
    }
    #expect(error?.kind == .invalid)
    #expect(try fixture.store.lines(of: run).isEmpty)
  }

  @Test("a target that is gone leaves the snapshot and breaks the link in the same step")
  func removed() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    try fixture.read([Fixture.person("c1", email: "z@acme.example")], into: Fixture.contacts)
    try store.change([.put(Fixture.link("u1", "c1"))], of: Fixture.sync)
    let run = try fixture.beginRun()
    try store.settle([
      Settlement(
        run: run, line: Fixture.line(1, .update, .failed),
        links: [.break(.person, source: "u1", missing: .target, since: moment(33))], snapshot: (Fixture.contacts, nil),
        removedSnapshot: "c1", at: moment(33))
    ])
    let reading = try store.snapshot(Fixture.contacts)
    #expect(reading.records.isEmpty && reading.tombstones == ["c1": moment(33)])
    #expect(try store.links(of: Fixture.sync).first?.state == .broken(missing: .target, since: moment(33)))
  }

  @Test("an intent for a run or sync that does not exist is refused")
  func unknownRun() throws {
    let fixture = try Fixture.withSync()
    #expect(failure { _ = try fixture.store.intend([Fixture.entry(run: RunID(5))]) }?.kind == .notFound)
    #expect(
      failure { try fixture.store.settle([Settlement(run: RunID(5), line: Fixture.line(), at: moment(1))]) }?.kind
        == .notFound)
  }
}
