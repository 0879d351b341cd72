import Foundation
import Model
import Storage
import Testing

@Suite struct ReadingTests {
  static let zoe = Fixture.person("u1", email: "zoe@acme.example")
  static let ann = Fixture.person("u2", email: "ann@acme.example", first: "Ann", last: "Lee")

  @Test("a complete reading becomes the snapshot, whole, and says what changed")
  func complete() throws {
    let fixture = try Fixture.withSync()
    #expect(try fixture.store.snapshot(Fixture.people).certificate == nil)
    #expect(try fixture.read([Self.zoe, Self.ann], mark: "m1") == (changed: 2, removed: 0))
    #expect(try fixture.store.snapshot(Fixture.people).records == [Self.zoe, Self.ann])
    #expect(try fixture.read([Self.zoe, Self.ann]) == (changed: 0, removed: 0))

    var other = Self.zoe
    other.fields["phone"] = .text("")
    let new = Fixture.person("u3", email: "new@acme.example")
    #expect(try fixture.read([other, new], mark: "m2") == (changed: 2, removed: 1))
    #expect(try fixture.store.snapshot(Fixture.people).records == [other, new])
    #expect(try fixture.store.snapshotCount(Fixture.people) == 2)
    #expect(try fixture.store.mark(of: Fixture.people) == "m2")
    #expect(try fixture.store.record("u3", in: Fixture.people) == new)
    #expect(try fixture.store.record("u2", in: Fixture.people) == nil)
  }

  @Test("G1 a reading that came to no end leaves the former snapshot, its certificate and its mark")
  func abandoned() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    try fixture.read([Self.zoe, Self.ann], mark: "m1")
    let usable = try store.certificate(of: Fixture.people)
    let reading = try store.beginReading(Fixture.people, mode: .complete, at: moment(50))
    try store.apply(page: [Self.zoe], to: reading)
    #expect(try store.snapshot(Fixture.people).records.count == 2)
    let partial = Fixture.certificate(.partial(why: "page 2 of 3 answered 500"), count: 1, at: moment(51))
    try store.abandonReading(reading, certificate: partial)
    #expect(try store.snapshot(Fixture.people).records == [Self.zoe, Self.ann])
    #expect(try store.snapshot(Fixture.people).certificate == partial)
    #expect(try store.lastAttempt(of: Fixture.people) == partial)
    #expect(try store.certificate(of: Fixture.people) == usable)
    #expect(try store.mark(of: Fixture.people) == "m1")
    #expect(failure { try store.apply(page: [], to: reading) }?.kind == .notFound)
  }

  @Test("G3 a certificate that is not usable never replaces a snapshot, even when it is called finished")
  func unusable() throws {
    let fixture = try Fixture.withSync()
    try fixture.read([Self.zoe, Self.ann], mark: "m1")
    let reading = try fixture.store.beginReading(Fixture.people, mode: .complete, at: moment(50))
    var certificate = Fixture.certificate(count: 0)
    certificate.sawEnd = false
    #expect(try fixture.store.finishReading(reading, certificate: certificate, mark: "m2") == (changed: 0, removed: 0))
    #expect(try fixture.store.snapshot(Fixture.people).records.count == 2)
    #expect(try fixture.store.mark(of: Fixture.people) == "m1")
    #expect(try fixture.store.lastAttempt(of: Fixture.people)?.isUsable == false)
  }

  @Test("G1 a complete reading that is certified as a delta replaces nothing")
  func mistaken() throws {
    let fixture = try Fixture.withSync()
    try fixture.read([Self.zoe, Self.ann])
    let reading = try fixture.store.beginReading(Fixture.people, mode: .complete, at: moment(50))
    let certificate = Fixture.certificate(.delta, count: 0)
    #expect(
      failure { try fixture.store.finishReading(reading, certificate: certificate, mark: nil) }?.kind == .invalid)
    #expect(try fixture.store.snapshotCount(Fixture.people) == 2)
  }

  @Test("a delta merges the fields it names; what is gone leaves and becomes a tombstone")
  func delta() throws {
    let fixture = try Fixture.withSync()
    try fixture.read([Self.zoe, Self.ann], mark: "m1")
    let patch = Record(id: "u1", kind: .person, state: .inactive, fields: ["phone": .text("1"), "title": .null])
    let gone = Record(id: "u2", kind: .person, state: .gone, fields: [:])
    #expect(try fixture.read([patch, gone], mode: .delta, mark: "m2") == (changed: 1, removed: 1))
    let reading = try fixture.store.snapshot(Fixture.people)
    #expect(reading.records == [Self.zoe.merging(patch)])
    #expect(reading.records.first?.fields.text("email") == "zoe@acme.example")
    #expect(reading.tombstones == ["u2": moment(10)])
    #expect(try fixture.store.mark(of: Fixture.people) == "m2")
    #expect(try fixture.store.certificate(of: Fixture.people)?.snapshotCount == 1)
    #expect(try fixture.store.completeCounts(of: Fixture.people) == [2])

    // Back again: the tombstone goes.
    try fixture.read([Self.ann], mode: .delta, mark: nil)
    #expect(try fixture.store.snapshot(Fixture.people).tombstones.isEmpty)
    #expect(try fixture.store.mark(of: Fixture.people) == "m2")
  }

  @Test("a delta that speaks twice of a record counts both")
  func deltaTwice() throws {
    let fixture = try Fixture.withSync()
    try fixture.read([Self.zoe])
    let first = Record(id: "u1", kind: .person, state: .active, fields: ["title": .text("A"), "phone": .text("1")])
    let second = Record(id: "u1", kind: .person, state: .active, fields: ["title": .text("B")])
    let reading = try fixture.store.beginReading(Fixture.people, mode: .delta, at: moment(5))
    try fixture.store.apply(page: [first], to: reading)
    try fixture.store.apply(page: [second], to: reading)
    try fixture.store.finishReading(reading, certificate: Fixture.certificate(.delta, count: 2), mark: nil)
    let record = try #require(try fixture.store.record("u1", in: Fixture.people))
    #expect(record.fields.text("title") == "B" && record.fields.text("phone") == "1")
  }

  @Test(
    "what the system calls gone is buried with the company that it was last said to belong to",
    arguments: [ReadingMode.complete, .delta])
  func gone(mode: ReadingMode) throws {
    let fixture = try Fixture.withSync()
    try fixture.read([Self.zoe, Self.ann])
    let gone = Record(id: "u2", kind: .person, state: .gone, fields: [:], parent: "c9")
    #expect(try fixture.read(mode == .complete ? [Self.zoe, gone] : [gone], mode: mode) == (changed: 0, removed: 1))
    let reading = try fixture.store.snapshot(Fixture.people)
    #expect(reading.records == [Self.zoe] && reading.tombstones == ["u2": moment(10)])
    #expect(reading.lastParents == ["u2": "c9"])
  }

  @Test("an empty complete reading keeps no mark and is not what later ones are measured against")
  func empty() throws {
    let fixture = try Fixture.withSync()
    try fixture.read([Self.zoe, Self.ann], mark: "m1")
    try fixture.read([], mark: "m2", earlier: [2])
    #expect(try fixture.store.mark(of: Fixture.people) == nil)
    #expect(try fixture.store.completeCounts(of: Fixture.people) == [2])
    #expect(try fixture.store.lastAttempt(of: Fixture.people)?.provesAbsence == false)
  }

  @Test("the last five complete readings are remembered, newest first")
  func counts() throws {
    let fixture = try Fixture.withSync()
    for count in 1...7 {
      try fixture.read((0..<count).map { Fixture.person(RecordID("u\($0)"), email: "\($0)@acme.example") })
    }
    #expect(try fixture.store.completeCounts(of: Fixture.people) == [7, 6, 5, 4, 3])
    #expect(try fixture.store.completeCounts(of: Fixture.people, limit: 2) == [7, 6])
  }

  @Test("scopes do not touch each other, and two readings of one scope may overlap")
  func apart() throws {
    let fixture = try Fixture.withSync()
    let store = fixture.store
    try fixture.read([Self.zoe], into: Fixture.contacts)
    let first = try store.beginReading(Fixture.people, mode: .complete, at: moment(5))
    let second = try store.beginReading(Fixture.people, mode: .complete, at: moment(6))
    try store.apply(page: [Self.zoe], to: first)
    try store.apply(page: [Self.ann], to: second)
    try store.finishReading(second, certificate: Fixture.certificate(count: 1), mark: nil)
    try store.finishReading(first, certificate: Fixture.certificate(count: 1), mark: nil)
    #expect(try store.snapshot(Fixture.people).records == [Self.zoe])
    #expect(try store.snapshot(Fixture.contacts).records == [Self.zoe])
    #expect(try store.snapshotScopes(of: "m365") == [Fixture.people])
    let unknown = SnapshotScope(connection: "nowhere", kind: .person, partition: "")
    #expect(failure { _ = try store.beginReading(unknown, mode: .complete, at: moment(1)) }?.kind == .notFound)
  }

  @Test("what a reading that died had set aside is dropped a day later")
  func leftovers() throws {
    let fixture = try Fixture.withSync()
    let dead = try fixture.store.beginReading(Fixture.people, mode: .complete, at: moment(0))
    _ = try fixture.store.beginReading(Fixture.people, mode: .complete, at: moment(86_000))
    try fixture.store.apply(page: [Self.zoe], to: dead)
    _ = try fixture.store.beginReading(Fixture.people, mode: .complete, at: moment(86_500))
    #expect(failure { try fixture.store.apply(page: [Self.zoe], to: dead) }?.kind == .notFound)
  }

  @Test("one record is replaced as a whole, and buried when it is gone")
  func replace() throws {
    let fixture = try Fixture.withSync()
    try fixture.read([Self.zoe])
    let bare = Record(id: "u1", kind: .person, state: .active, fields: ["email": .text("z@acme.example")])
    try fixture.store.replace(bare, in: Fixture.people, at: moment(20))
    try fixture.store.replace(Self.ann, in: Fixture.people, at: moment(20))
    #expect(try fixture.store.snapshot(Fixture.people).records == [bare, Self.ann])
    var gone = Self.ann
    gone.state = .gone
    try fixture.store.replace(gone, in: Fixture.people, at: moment(21))
    try fixture.store.bury(["u9"], in: Fixture.people, at: moment(22))
    let reading = try fixture.store.snapshot(Fixture.people)
    #expect(reading.records == [bare] && reading.tombstones == ["u2": moment(21), "u9": moment(22)])
    #expect(try fixture.store.snapshotCount(Fixture.people) == 1)
    try fixture.store.forgetMark(of: Fixture.people)
  }

  @Test("search finds beginnings of labels and names at once, and the inside of words when there is time")
  func search() throws {
    let fixture = try Fixture.withSync()
    try fixture.read([
      Self.zoe, Self.ann, Record(id: "u5", kind: .person, state: .active, fields: ["name": .text("Meeting Room")]),
      Model.Record(id: "u6", kind: .person, state: .active, fields: [:]),
    ])
    func find(_ text: String, limit: Int = 9, within: Duration = .zero) throws -> [RecordID] {
      try fixture.store.records(in: Fixture.people, matching: text, limit: limit, within: within).map(\.id)
    }
    #expect(try find("zo") == ["u1"])
    #expect(try find("ZOË o") == ["u1"])
    #expect(try find("a") == ["u2"])
    #expect(try find("meet") == ["u5"])
    #expect(try find("u6") == ["u6"])
    #expect(try find("lee").isEmpty)
    #expect(try find("lee", within: .seconds(5)) == ["u2"])
    #expect(Set(try find("acme.ex", within: .seconds(5))) == ["u1", "u2"])
    #expect(try find("", limit: 2).count == 2)
    #expect(try find("%", within: .seconds(5)).isEmpty)
    #expect(
      try fixture.store.records(in: Fixture.people, matching: "zoe@", limit: 1) == [
        RecordMatch(label: "zoe@acme.example", name: "Zoë Olsen", id: "u1")
      ])
  }

  @Test(
    "a scope may hold whatever is a part of a record's id, address or name, in any spelling",
    arguments: [
      ("Zoë", "Olsen"), ("Zoe\u{308}", "O'Brien-Łoś"), ("\u{130}stanbul", "\u{212A}elvin"), ("日本", "太郎"),
      ("Ann \"Nan\"", "de la C\\Cruz"), ("MAX\tM", "ẞtraße"),
    ])
  func mayHold(_ first: String, _ last: String) throws {
    let fixture = try Fixture.withSync()
    let email = "\(first).\(last)@Acme.Example"
    try fixture.read([Fixture.person("U-7a", email: email, first: first, last: last)])
    for text in ["U-7a", email, first, last, "\(first) \(last)"] {
      let wanted = Array(text.trimmedNFC.lowercased())
      for start in wanted.indices {
        for end in wanted.indices[start...] {
          let words = String(wanted[start...end])
          #expect(try fixture.store.mayHold(words, in: Fixture.people), "\(words)")
        }
      }
    }
    #expect(try !fixture.store.mayHold("a", in: Fixture.contacts))
  }

  @Test("a scope does not hold what no record has")
  func holdsNot() throws {
    let fixture = try Fixture.withSync()
    try fixture.read([Self.zoe, Self.ann])
    for (words, holds) in [("zoe@acme", true), ("ann zoe", false), ("zoe@other", false), ("bob", false), ("u9", false)]
    {
      #expect(try fixture.store.mayHold(words, in: Fixture.people) == holds, "\(words)")
    }
  }

  @Test("search inside words walks through many equal labels to its end")
  func searchMany() throws {
    let fixture = try Fixture.withSync()
    let many = (0..<5_000).map {
      Record(
        id: RecordID("u\($0)"), kind: .person, state: .active,
        fields: ["email": .text($0 < 4_500 ? "same@acme.example" : "z\($0)@acme.example"), "name": .text("n\($0)!")])
    }
    try fixture.read(many)
    let found = try fixture.store.records(in: Fixture.people, matching: "4321!", limit: 5, within: .seconds(20))
    #expect(found.map(\.id) == ["u4321"])
    let last = try fixture.store.records(in: Fixture.people, matching: "4999@", limit: 5, within: .seconds(20))
    #expect(last.map(\.id) == ["u4999"])
  }
}
