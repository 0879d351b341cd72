/// What the store keeps of companies, kinds and sides, and what it makes of rows and plans that are older.
import Foundation
import GRDB
import Model
import Testing

@testable import Storage

@Suite struct KindTests {
  private static func person(_ id: RecordID, of company: RecordID?, name: String = "Zoë") -> Model.Record {
    var record = Fixture.person(id, email: "\(id)@acme.example", first: name)
    record.parent = company
    record.created = moment(3)
    return record
  }

  @Test("a record keeps its company and when it was made, and one company's records are found by it")
  func parents() throws {
    let fixture = try Fixture.withSync()
    let records = [Self.person("u1", of: "c1"), Self.person("u2", of: "c2"), Self.person("u3", of: "c1")]
    try fixture.read(records + [Self.person("u4", of: nil)])
    let store = fixture.store
    #expect(try store.record("u2", in: Fixture.people) == records[1])
    #expect(try store.snapshot(Fixture.people, parent: "c1").records == [records[0], records[2]])
    #expect(try store.snapshot(Fixture.people, parent: "c9").records.isEmpty)
    #expect(try store.snapshot(Fixture.people, parent: "c1").certificate != nil)
    #expect(try store.parents(of: Fixture.people) == ["c1", "c2"])
    var moved = records[0]
    moved.parent = "c2"
    try fixture.read([moved], mode: .delta)
    #expect(try store.snapshot(Fixture.people, parent: "c1").records.map(\.id) == ["u3"])
  }

  @Test("a record remembers the reading that brought it as it is, and a write of ours is no reading")
  func arrivals() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    try fixture.read([Self.person("u1", of: "c1"), Self.person("u2", of: "c1")])
    let first = try store.snapshot(Fixture.people)
    let number = try #require(first.arrivals["u1"])
    #expect(first.arrivals == ["u1": number, "u2": number])
    #expect(first.arrivalCounts == [number: 2])
    // Unchanged in a second reading, changed in a third; the first still brought two.
    try fixture.read([Self.person("u1", of: "c1"), Self.person("u2", of: "c1")])
    try fixture.read([Self.person("u1", of: "c1", name: "Una")], mode: .delta)
    let later = try store.snapshot(Fixture.people)
    let third = try #require(later.arrivals["u1"])
    #expect(third > number)
    #expect(later.arrivals["u2"] == number)
    #expect(later.arrivalCounts == [number: 2, third: 1])
    let run = try fixture.beginRun()
    for (line, name) in [(1, "u2"), (2, "u9")] as [(Int, RecordID)] {
      var written = Self.person(name, of: "c1", name: "Written")
      written.modified = moment(50)
      try store.settle([
        Settlement(run: run, line: Fixture.line(line), snapshot: (Fixture.people, written), at: moment(60))
      ])
    }
    let written = try store.snapshot(Fixture.people)
    #expect(written.arrivals == ["u1": third, "u2": number])
    #expect(written.records.map(\.modified) == [moment(1), moment(50), moment(50)])
    // What we wrote, nobody else edited.
    #expect(
      try store.editsOfOthers(in: Fixture.people) == ["u2": moment(1), "u9": Date(timeIntervalSince1970: 0)])
    // A look at one record is a reading of one.
    var edited = Self.person("u9", of: "c1", name: "Edited")
    edited.modified = moment(70)
    try store.replace(edited, in: Fixture.people, at: moment(80))
    let looked = try store.snapshot(Fixture.people)
    let look = try #require(looked.arrivals["u9"])
    #expect(look > third)
    #expect(looked.arrivalCounts == [number: 2, third: 1, look: 1])
    #expect(try store.editsOfOthers(in: Fixture.people) == ["u2": moment(1)])
    try store.replace(edited, in: Fixture.people, at: moment(90))
    #expect(try store.snapshot(Fixture.people).arrivals["u9"] == look)
    // Of the first reading nothing is left.
    try fixture.read([Self.person("u1", of: "c1", name: "Una"), Self.person("u2", of: "c1", name: "Once more")])
    #expect(try store.snapshot(Fixture.people).arrivalCounts.keys.sorted().first == third)
  }

  @Test("pairs and baselines of two kinds with the same ids do not disturb each other")
  func kinds() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    var company = Fixture.link("1", "9")
    company.kind = .company
    let person = Fixture.link("1", "9")
    let run = try fixture.beginRun()
    for link in [company, person] {
      var line = Fixture.line(link.kind == .company ? 1 : 2)
      line.kind = link.kind
      line.side = link.kind == .company ? .source : .target
      try store.settle([
        Settlement(
          run: run, line: line, links: [.put(link)],
          baseline: (source: "1", Baseline(source: ["name": .text(link.kind.rawValue)])), at: moment(32))
      ])
    }
    #expect(Set(try store.links(of: Fixture.sync)) == [company, person])
    #expect(try store.baselines(of: Fixture.sync, kind: .company)["1"]?.source["name"] == .text("company"))
    #expect(try store.baselines(of: Fixture.sync, kind: .person)["1"]?.source["name"] == .text("person"))
    let lines = try store.lines(of: run)
    #expect(lines.map(\.kind) == [.company, .person])
    #expect(lines.map(\.side) == [.source, .target])
    try store.change([.break(.company, source: "1", missing: .source, since: moment(40))], of: Fixture.sync)
    #expect(try store.links(of: Fixture.sync).filter { $0.state == .linked } == [person])
  }

  @Test("a baseline moves in the fields that were settled; a pair that is made anew starts without one")
  func baselines() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    let run = try fixture.beginRun()
    func settle(_ links: [LinkWrite], _ baseline: Baseline?) throws {
      try store.settle([
        Settlement(
          run: run, line: Fixture.line(), links: links, baseline: baseline.map { (source: "u1", $0) }, at: moment(32))
      ])
    }
    try settle(
      [.put(Fixture.link("u1", "c1"))], Baseline(source: ["title": .text("A")], target: ["title": .text("a")]))
    try settle([], Baseline(source: ["phone": .text("1")], target: ["phone": .null]))
    try settle([], Baseline(target: ["title": .text("b")]))
    #expect(
      try store.baselines(of: Fixture.sync, kind: .person)["u1"]
        == Baseline(
          source: ["title": .text("A"), "phone": .text("1")], target: ["title": .text("b"), "phone": .null]))
    try store.change([.put(Fixture.link("u1", "c2"))], of: Fixture.sync)
    #expect(try store.baselines(of: Fixture.sync, kind: .person).isEmpty)
    // A broken pair gives its target free.
    try settle([], Baseline(source: ["title": .text("A")]))
    try store.change([.break(.person, source: "u1", missing: .source, since: moment(40))], of: Fixture.sync)
    try store.change([.put(Fixture.link("u7", "c2"))], of: Fixture.sync)
    #expect(try store.links(of: Fixture.sync) == [Fixture.link("u7", "c2")])
    #expect(try store.baselines(of: Fixture.sync, kind: .person).isEmpty)
  }

  @Test("a verdict is about one kind")
  func verdicts() throws {
    let store = try Fixture.withSync().store
    let ruling = Verdict.Ruling.exclude(.source, "1")
    for kind in [RecordKind.company, .person] {
      try store.record(
        Verdict(kind: kind, ruling: ruling, reason: "", madeBy: "sam", madeAt: moment(1)), of: Fixture.sync)
    }
    #expect(try store.verdicts(of: Fixture.sync).map(\.kind) == [.company, .person])
    #expect(try store.withdraw(ruling, kind: .configuration, of: Fixture.sync).isEmpty)
    #expect(try store.withdraw(ruling, kind: .company, of: Fixture.sync).count == 1)
    #expect(try store.verdicts(of: Fixture.sync).map(\.kind) == [.person])
  }

  @Test("the journal keeps kind, side and company, and tells who wrote which field where")
  func journal() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    let run = try fixture.beginRun()
    let entry = JournalEntry(
      run: run, plan: PlanID(1), number: 1, sync: Fixture.sync, token: "t", kind: .configuration, side: .source,
      action: .create, source: nil, target: "c7", parent: "250", values: ["name": .text("server")], at: moment(31))
    let intended = try store.intend([entry])
    var expected = entry
    expected.id = intended[0].id
    #expect(try store.unsettled(Fixture.sync) == [expected])
    #expect(expected.written == nil)
    var line = Fixture.line()
    (line.kind, line.side, line.source, line.target) = (.configuration, .source, "s1", "c7")
    try store.settle([Settlement(entry: intended[0], run: run, line: line, at: moment(33))])
    #expect(
      try store.fieldWrites(Fixture.sync, since: moment(0)) == [
        Storage.FieldWrite(kind: .configuration, side: .source, record: "s1", field: "name", at: moment(31))
      ])
  }

  @Test("who waits for a lease is noted for a while")
  func waiting() throws {
    let store = try Fixture.withSync().store
    func owner(_ token: String) -> LeaseOwner {
      LeaseOwner(pid: 1, host: "desk", user: token, verb: "sync", since: moment(0), token: token)
    }
    #expect(try store.waiting(for: Fixture.sync, now: moment(0)) == nil)
    try store.noteWaiting(Fixture.sync, owner: owner("ada"), until: moment(10))
    try store.noteWaiting(Fixture.sync, owner: owner("bob"), until: moment(20))
    #expect(try store.waiting(for: Fixture.sync, now: moment(5))?.user == "ada")
    #expect(try store.waiting(for: Fixture.sync, now: moment(15))?.user == "bob")
    #expect(try store.waiting(for: Fixture.sync, now: moment(25)) == nil)
    try store.noteWaiting(Fixture.sync, owner: owner("bob"), until: moment(40))
    try store.stopWaiting(Fixture.sync, owner: owner("ada"))
    #expect(try store.waiting(for: Fixture.sync, now: moment(25))?.user == "bob")
    try store.stopWaiting(Fixture.sync, owner: owner("bob"))
    #expect(try store.waiting(for: Fixture.sync, now: moment(25)) == nil)
  }

  // MARK: - What is older

  @Test("G26 rows from before there were kinds and companies are read as what they were")
  func olderRows() throws {
    let folder = try TemporaryFolder()
    let file = folder["kith.sqlite"]
    let queue = try DatabaseQueue(path: file.path)
    try Schema.migrator.migrate(queue, upTo: "leases and history")
    let record = Fixture.person("u1", email: "zoe@acme.example")
    try queue.write { db in
      // As the version before wrote them: fewer columns, and a seal over these.
      func insert(_ table: String, _ columns: [String], _ values: [(any DatabaseValueConvertible)?], sealed: Int = 0)
        throws
      {
        let stored = values.map { $0?.databaseValue ?? .null }
        let marks = Array(repeating: "?", count: columns.count + 1).joined(separator: ", ")
        try db.execute(
          sql: "INSERT INTO \(table) (\((columns + ["seal"]).joined(separator: ", "))) VALUES (\(marks))",
          arguments: StatementArguments(stored + [Seal.of(table, Array(stored.dropFirst(sealed))).databaseValue]))
      }
      try insert(
        "connection", ["name", "system", "parameters", "secrets", "findings", "made_at_ms", "changed_at_ms"],
        ["m365", "m365", "{}", "{}", "{}", 0, 0])
      try insert(
        "snapshot_scope",
        ["connection", "kind", "partition", "mark", "certificate", "last_attempt", "counts", "record_count"],
        ["m365", "person", "acme.example", nil, nil, nil, "[]", 1])
      try insert(
        "snapshot",
        [
          "owner", "record", "state", "fields", "version", "modified_at_ms", "native", "label_key", "name_key",
        ],
        [
          1, "u1", "active", FieldText.encode(record.fields), "v1", moment(1).milliseconds, "{\"a\":1}",
          "zoe@acme.example", "zoë olsen",
        ], sealed: 1)
      try insert(
        "sync", ["name", "recipe", "company", "source", "target", "made_at_ms", "is_removed"],
        ["acme/contacts", "m365-contacts", "acme", "m365", "cw", 0, 0])
      let ruling = try JSONText.encode(Verdict.Ruling.exclude(.source, "u1"))
      try insert("verdict", ["sync", "ruling", "reason", "made_by", "made_at_ms"], [1, ruling, "twin", "sam", 0])
    }
    try queue.close()
    let store = try Store.open(at: file)
    let reading = try store.snapshot(Fixture.people)
    #expect(reading.records == [record])
    #expect(reading.arrivals.isEmpty)
    #expect(try store.verdicts(of: Fixture.sync).map(\.kind) == [.person])
    // The same content is no change, so that nothing counts as new.
    let next = try store.beginReading(Fixture.people, mode: .complete, at: moment(5))
    try store.apply(page: [record], to: next)
    #expect(
      try store.finishReading(next, certificate: Fixture.certificate(count: 1), mark: nil) == (changed: 0, removed: 0))
  }

  @Test("G26 a plan from before there were sides and stages still opens")
  func olderPlan() throws {
    let decision = Fixture.decision(1)
    func without(_ keys: [String], _ text: String, adding: [String: Any] = [:]) throws -> String {
      var object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      for key in keys { object[key] = nil }
      object.merge(adding) { $1 }
      return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }
    #expect(try OlderPlan.decision(without(["side"], JSONText.encode(decision))) == decision)
    var plan = Fixture.plan([])
    plan.reads = [StageRead(kind: .person, source: Fixture.certificate(count: 3), target: nil)]
    let certificate = try JSONSerialization.jsonObject(
      with: Data(JSONText.encode(Fixture.certificate(count: 3)).utf8))
    let old = try without(["reads"], JSONText.encode(plan), adding: ["sourceRead": certificate])
    #expect(try OlderPlan.header(old).reads == plan.reads)
    #expect(throws: DecodingError.self) { try OlderPlan.header(without(["madeAt"], JSONText.encode(plan))) }
  }
}
