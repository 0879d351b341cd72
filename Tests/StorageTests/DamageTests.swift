import Foundation
import Model
import Storage
import Testing

/// Whatever happened to the file: either the truth comes out of it, or a sentence, never a trap and never something else.
@Suite struct DamageTests {
  /// All that a plan is made from.
  struct Truth: Equatable {
    var connections: [Connection]
    var companies: [Company]
    var syncs: [Sync]
    var settings: [SettingKey: SettingValue]
    var people: [Model.Record]
    var contacts: [Model.Record]
    var tombstones: [RecordID: Date]
    var arrivals: [RecordID: Int]
    var arrivalCounts: [Int: Int]
    var links: [Link]
    var baselines: [RecordID: Baseline]
    var verdicts: [Verdict]
    var decisions: [Decision]?
    var unsettled: [JournalEntry]
    var runs: [Run]
    var lines: [RunLine]

    init(_ store: Store) throws {
      connections = try store.connections()
      companies = try store.companies()
      syncs = try store.syncs()
      settings = try store.settings(for: .sync(Fixture.sync))
      let reading = try store.snapshot(Fixture.people)
      people = reading.records
      tombstones = reading.tombstones
      arrivals = reading.arrivals
      arrivalCounts = reading.arrivalCounts
      contacts = try store.snapshot(Fixture.contacts).records
      links = try store.links(of: Fixture.sync)
      baselines = try store.baselines(of: Fixture.sync, kind: .person)
      verdicts = try store.verdicts(of: Fixture.sync)
      decisions = try store.plan(PlanID(1))?.decisions
      unsettled = try store.unsettled(Fixture.sync)
      runs = try store.runs(limit: 10)
      lines = try store.lines(of: RunID(1))
      _ = try store.records(in: Fixture.people, matching: "p1", limit: 5, within: .milliseconds(5))
      _ = try store.plans(limit: 5)
      _ = try store.history(limit: 5)
      _ = try store.fieldWrites(Fixture.sync, since: moment(0))
      _ = try store.lease(of: Fixture.sync)
    }
  }

  /// A store with something in every table, closed, as bytes.
  static func filled() throws -> (bytes: Data, truth: Truth) {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    let ids = (0..<60).map { RecordID("u\($0)") }
    try fixture.read(ids.map { Fixture.person($0, email: "p\($0)@acme.example") }, mark: "m1")
    try fixture.read(ids.map { Fixture.person($0, email: "p\($0)@acme.example") }, into: Fixture.contacts)
    try store.bury(["x1"], in: Fixture.people, at: moment(9))
    try store.set("update-existing", to: .flag(true), for: .sync(Fixture.sync), by: "sam", at: moment(2))
    try store.record(
      Verdict(ruling: .exclude(.source, "u9"), reason: "twin", madeBy: "sam", madeAt: moment(2)), of: Fixture.sync)
    let plan = try store.add(Fixture.plan((1...20).map { Fixture.decision($0) }))
    let run = try fixture.beginRun(plan: plan)
    let entries = try store.intend([Fixture.entry(1, run: run), Fixture.entry(2, run: run)])
    try store.settle(
      ids.enumerated().map { index, id in
        Settlement(
          entry: index == 0 ? entries[0] : nil, run: run, line: Fixture.line(index + 1),
          links: [.put(Fixture.link(id, id))],
          baseline: (source: id, Baseline(source: ["title": .text("Clerk")], target: ["title": .text("Clerk")])),
          at: moment(33))
      })
    try store.addHistory(
      HistoryEntry(line: "sync", at: moment(40), company: "acme", duration: .seconds(2), exitCode: 0, session: "s"))
    let truth = try Truth(store)
    try store.close()
    let bytes = try Data(contentsOf: fixture.folder["home/kith.sqlite"])
    try #require(bytes.count > 100_000)
    return (bytes, truth)
  }

  /// Opens a store with this content and compares; what it says when it is refused.
  static func probe(_ bytes: Data, against truth: Truth) throws -> StoreError? {
    let folder = try TemporaryFolder()
    let file = folder["kith.sqlite"]
    try bytes.write(to: file)
    do {
      let store = try Store.open(at: file)
      let found = try Truth(store)
      #expect(found == truth)
      return nil
    } catch let error as StoreError {
      return error
    }
  }

  @Test("G26 one changed byte anywhere gives the truth or a sentence", arguments: 1...4 as ClosedRange<UInt64>)
  func flippedBytes(seed: UInt64) throws {
    let (bytes, truth) = try Self.filled()
    var random = SeededGenerator(seed: seed)
    var refused = 0
    for round in 0..<80 {
      var damaged = bytes
      // A third of the rounds goes for the header and the schema, where a byte does most.
      let end = round % 3 == 0 ? min(4_096, bytes.count) : bytes.count
      let place = Int.random(in: 0..<end, using: &random)
      damaged[place] ^= UInt8.random(in: 1...255, using: &random)
      if let error = try Self.probe(damaged, against: truth) {
        refused += 1
        #expect(error.message.hasSuffix("."), "seed \(seed), byte \(place): \(error)")
      }
    }
    #expect(refused > 0, "seed \(seed)")
  }

  @Test("G26 a truncated store is refused, at whatever length", arguments: [1, 50, 99, 100, 512, 4_095, 4_096, 8_192])
  func truncated(length: Int) throws {
    let (bytes, truth) = try Self.filled()
    for count in [length, bytes.count - length] {
      let error = try #require(try Self.probe(bytes.prefix(count), against: truth), "\(count) bytes")
      #expect(error.kind == .damaged, "\(count) bytes: \(error)")
    }
  }

  @Test("G26 zeroed and swapped pages are refused")
  func pages() throws {
    let (bytes, truth) = try Self.filled()
    let size = 4_096
    for page in 1..<(bytes.count / size) {
      var zeroed = bytes
      zeroed.replaceSubrange(page * size..<(page + 1) * size, with: Data(count: size))
      #expect(try Self.probe(zeroed, against: truth) != nil, "page \(page)")
    }
    var swapped = bytes
    let (first, second) = (bytes[size..<2 * size], bytes[2 * size..<3 * size])
    swapped.replaceSubrange(size..<2 * size, with: second)
    swapped.replaceSubrange(2 * size..<3 * size, with: first)
    #expect(try Self.probe(swapped, against: truth) != nil)
  }

  @Test("G26 a file that is no database is refused and left as it is")
  func noDatabase() throws {
    let folder = try TemporaryFolder()
    let text = Data("These are my notes.".utf8)
    try text.write(to: folder["kith.sqlite"])
    #expect(failure { _ = try Store.open(at: folder["kith.sqlite"]) }?.kind == .damaged)
    #expect(try Data(contentsOf: folder["kith.sqlite"]) == text)
  }
}
