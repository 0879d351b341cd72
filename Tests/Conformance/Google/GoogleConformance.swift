/// Google Workspace as one user's contacts reach others, against its emulation: read, copied, changed, removed, cleaned.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct GoogleConformance {
  private static let subject = Subject(system: "google", listing: "*/people/me/connections")
  private static let sourceAddress = "dana.whitfield@kestrel.example"
  private static let label = "Shared Contacts"

  /// Two users made for the test, with nothing in their contacts, and one label with a rich contact at the first.
  private struct World {
    var stage: Stage
    var connector: any Connector & PlaceFinding
    var source: String
    var target: String

    var from: ReadScope { ReadScope(partition: source, group: GroupScope(name: "Team")) }
    var to: ReadScope { ReadScope(partition: target, group: GroupScope(name: "Team", marker: "sync-1")) }

    func control(_ method: String, _ path: String, _ body: String? = nil) throws {
      _ = try stage.sandbox.control.perform(method, "/google/\(path)", body)
    }

    func read(_ scope: ReadScope) async throws -> [Record] {
      let (pages, error) = await stage.read(connector, scope)
      if let error { throw error }
      return pages.flatMap(\.records).sorted {
        $0.fields.text("display-name") ?? "" < $1.fields.text("display-name") ?? ""
      }
    }

    /// Makes a copy of each record.
    func copy(_ records: [Record]) async -> [WriteOutcome] {
      await connector.write(
        records.map { record in
          Write(
            kind: .person, action: .create, target: nil,
            values: record.fields.filter(GoogleConformance.copied.contains)
              .merging(["origin": .text(record.id.rawValue)]), current: nil, token: "t")
        }, in: to)
    }

    func change(_ record: Record, _ values: FieldValues, _ action: WriteKind = .update) async -> WriteOutcome? {
      await connector.write(
        [Write(kind: .person, action: action, target: record.id, values: values, current: record, token: "t")], in: to
      ).first
    }
  }

  /// What a contact says; where it stands among labels is its owner's.
  private static var copied: Set<FieldName> { subject.writable.subtracting(["origin", "in-group", "among-own"]) }

  private static func id(_ stage: Stage, _ connector: any PlaceFinding, _ address: String) async throws -> String {
    let report = try await connector.places(["user:\(address)"], known: [])
    return try #require(report.places.first?.id)
  }

  private static func with(
    contacts: Int = 1, options: String? = nil, _ body: (World) async throws -> Void
  ) async throws {
    try await Stage.with { stage in
      func control(_ method: String, _ path: String, _ body: String) throws {
        _ = try stage.sandbox.control.perform(method, "/google/\(path)", body)
      }
      for (name, family) in [("Nora", "Lind"), ("Otto", "Berg")] {
        try control(
          "POST", "users",
          #"{"givenName":"\#(name)","familyName":"\#(family)","primaryEmail":"\#(name.lowercased())@kestrel.example"}"#)
      }
      try control("POST", "users/nora@kestrel.example/labels", #"{"name":"Team"}"#)
      for number in 0..<contacts {
        try control(
          "POST", "users/nora@kestrel.example/contacts",
          #"{"givenName":"Una \#(number)","familyName":"Byrne-Ćwikła 王","email":"una\#(number)@harbour.example","phone":"+353 1 555 014\#(number)","organization":"Harbour","title":"Buyer \"A\"","notes":"One\nTwo","labels":["Team"],"addresses":[{"streetAddress":"Quay 1; B","city":"Dublin","type":"work"}],"urls":[{"value":"https://h.example","type":"blog"}],"birthdays":[{"date":{"year":1980,"month":4,"day":1}}],"userDefined":[{"key":"Region","value":"South"}],"relations":[{"person":"Ana","type":"spouse"}],"events":[{"date":{"month":2,"day":3},"type":"anniversary"}],"nicknames":[{"value":"Uni"}]}"#
        )
      }
      if let options { try control("POST", "options", options) }
      let connector = try #require(try stage.connector(subject) as? any Connector & PlaceFinding)
      let world = World(
        stage: stage, connector: connector, source: try await id(stage, connector, "nora@kestrel.example"),
        target: try await id(stage, connector, "otto@kestrel.example"))
      try await body(world)
    }
  }

  private static func records(_ outcomes: [WriteOutcome]) throws -> [Record] {
    try outcomes.map { outcome in
      guard case .done(let record) = outcome else { throw StageError.notDone(outcomes) }
      return record
    }
  }

  // MARK: Copies

  @Test("the seeded label is read from its user")
  func seeded() async throws {
    try await Self.with { world in
      let source = try await Self.id(world.stage, world.connector, Self.sourceAddress)
      let scope = ReadScope(partition: source, group: GroupScope(name: Self.label))
      let records = try await world.read(scope)
      #expect(!records.isEmpty)
      #expect(records.allSatisfy { $0.fields.flag("in-group") == true })
      #expect(Set(try await world.connector.read(records.map(\.id), of: .person, in: scope)) == Set(records))
    }
  }

  @Test(
    "a copy holds what its origin holds, and reading it again shows no change",
    arguments: [#"{}"#, #"{"created-people-in-another-order":true}"#, #"{"memberships-move-the-etag":true}"#])
  func copies(_ options: String) async throws {
    try await Self.with(contacts: 3, options: options) { world in
      let origins = try await world.read(world.from)
      #expect(origins.count == 3)
      let made = try Self.records(await world.copy(origins))
      #expect(made.map { $0.fields.text("origin") } == origins.map(\.id.rawValue))
      let copies = try await world.read(world.to)
      #expect(copies.count == 3)
      for (origin, copy) in zip(origins, copies) {
        for field in Self.copied { #expect(copy.fields[field] == origin.fields[field], "\(field)") }
        #expect(copy.fields.text("origin") == origin.id.rawValue && copy.fields.flag("in-group") == true)
        #expect(copy.fields.flag("among-own") == false)
      }
      #expect(Set(made.map(\.fingerprint)) == Set(copies.map(\.fingerprint)))
      let group = try await world.connector.group(try #require(world.to.group), in: world.target, of: .person)
      #expect(group?.name == "Team" && group?.id != nil)
      let found = try await world.connector.find(
        .person, in: world.to, where: "origin", is: try #require(origins.first).id.rawValue)
      #expect(found.map(\.id) == [copies[0].id])
    }
  }

  @Test("each field is changed by itself and cleared, and nothing else moves")
  func changes() async throws {
    try await Self.with { world in
      var copy = try #require(try Self.records(await world.copy(try await world.read(world.from))).first)
      for field in Self.copied.sorted() {
        guard let old = copy.fields[field], !old.isBlank else { continue }
        let before = copy
        let cleared = try #require(await world.change(copy, [field: .null]))
        copy = try #require(try Self.records([cleared]).first)
        #expect(copy.fields[field]?.isBlank == true, "\(field)")
        #expect(
          copy.fields.filter { $0 != field && $0 != "display-name" }
            == before.fields.filter { $0 != field && $0 != "display-name" })
        let restored = try #require(await world.change(copy, [field: old]))
        copy = try #require(try Self.records([restored]).first)
        #expect(copy.fields == before.fields, "\(field)")
      }
      #expect(try await world.read(world.to).map(\.fingerprint) == [copy.fingerprint])
    }
  }

  @Test("hundreds of copies take few requests, and never two changes of one user at once")
  func many() async throws {
    try await Self.with(contacts: 0) { world in
      try world.control(
        "POST", "users/nora@kestrel.example/import", #"{"contacts":450,"labels":["Team"]}"#)
      let origins = try await world.read(world.from)
      #expect(origins.count == 450)
      let before = world.connector.requestCount
      let made = try Self.records(await world.copy(origins))
      // The labels, the new label, and three batches; one user was looked up before.
      #expect(world.connector.requestCount - before <= 6)
      let copies = try await world.read(world.to)
      #expect(copies.count == 450)
      let notes = await world.connector.write(
        made.map {
          Write(
            kind: .person, action: .update, target: $0.id, values: ["notes": .text("N")], current: $0, token: "t")
        }, in: world.to)
      let changed = try Self.records(notes)
      let gone = await world.connector.write(
        changed.map {
          Write(kind: .person, action: .delete, target: $0.id, values: [:], current: $0, token: "t")
        }, in: world.to)
      #expect(try Self.records(gone).allSatisfy { $0.state == .gone })
      #expect(try await world.read(world.to).isEmpty)
      let counts = try world.stage.sandbox.control.perform("GET", "/google/counts")
      #expect(!counts.contains(#""serial-violations":1"#))
    }
  }

  @Test("what a user added to the label is read, never removed, and stays when the label goes")
  func additions() async throws {
    try await Self.with { world in
      let copy = try #require(try Self.records(await world.copy(try await world.read(world.from))).first)
      try world.control(
        "POST", "users/otto@kestrel.example/contacts", #"{"givenName":"Own","labels":["Team"]}"#)
      let all = try await world.read(world.to)
      let own = try #require(all.first { $0.fields["origin"]?.isBlank != false })
      #expect(all.count == 2 && own.fields.flag("in-group") == true)
      guard case .rejected(let refusal)? = await world.change(own, [:], .delete) else {
        Issue.record("the user's own contact was deleted")
        return
      }
      #expect(refusal.reason == .recordForbidden)
      _ = try Self.records([try #require(await world.change(copy, [:], .delete))])
      try await world.connector.dissolve(try #require(world.to.group), in: world.target, of: .person)
      let left = try await world.read(ReadScope(partition: world.target))
      #expect(left.map(\.id) == [own.id])
      #expect(left.first?.fields.flag("among-own") == true)
      #expect(try await world.connector.group(try #require(world.to.group), in: world.target, of: .person) == nil)
    }
  }

  // MARK: Refusals

  @Test("a label of the user's own with the same name is left alone")
  func taken() async throws {
    try await Self.with { world in
      try world.control("POST", "users/otto@kestrel.example/labels", #"{"name":"Team"}"#)
      guard case .rejected(let refusal)? = await world.copy(try await world.read(world.from)).first else {
        Issue.record("written into the user's own label")
        return
      }
      #expect(refusal.reason == .recordForbidden)
    }
  }

  @Test(
    "one bad value of a batch refuses its contact, whether batches are carried out in part or not",
    arguments: [#"{"batches-are-atomic":true}"#, #"{"batches-are-atomic":false}"#])
  func partOfABatch(_ options: String) async throws {
    try await Self.with(contacts: 4, options: options) { world in
      var origins = try await world.read(world.from)
      // More than the 1,024 characters that a value may have.
      origins[2].fields["title"] = .text(String(repeating: "x", count: 1025))
      let outcomes = await world.copy(origins)
      for (index, outcome) in outcomes.enumerated() {
        switch outcome {
        case .done: #expect(index != 2)
        case .rejected(let refusal): #expect(index == 2 && refusal.reason == .valueRefused)
        default: Issue.record("\(outcome)")
        }
      }
      let copies = try await world.read(world.to)
      #expect(Set(copies.map { $0.fields.text("origin") }).count == copies.count)
      #expect(copies.count == 3)
    }
  }

  @Test("a full account says so", arguments: [true, false])
  func full(_ answers429: Bool) async throws {
    let options = #"{"contact-limit":2,"overflow-answers-429":\#(answers429)}"#
    try await Self.with(contacts: 4) { world in
      let origins = try await world.read(world.from)
      try world.control("POST", "options", options)
      for outcome in await world.copy(origins) {
        guard case .rejected(let refusal) = outcome else {
          Issue.record("\(outcome)")
          continue
        }
        #expect(refusal.reason == .quotaFull)
      }
    }
  }

  @Test(
    "an edit made after the contact was read is a conflict where it is the same field, and none where it is another")
  func stale() async throws {
    try await Self.with { world in
      let copy = try #require(try Self.records(await world.copy(try await world.read(world.from))).first)
      try world.control("PATCH", "users/otto@kestrel.example/contacts/\(copy.id)", #"{"title":"Theirs"}"#)
      guard case .rejected(let refusal)? = await world.change(copy, ["title": .text("Ours")]) else {
        Issue.record("an edit was overwritten unseen")
        return
      }
      #expect(refusal.reason == .versionConflict)
      let changed = try Self.records([try #require(await world.change(copy, ["notes": .text("Ours")]))])
      #expect(changed.first?.fields.text("title") == "Theirs")
      #expect(changed.first?.fields.text("notes") == "Ours")
    }
  }

  @Test("a copy that is gone already is gone", arguments: [true, false])
  func gone(_ forgives: Bool) async throws {
    try await Self.with(contacts: 3, options: #"{"batch-delete-forgives":\#(forgives)}"#) { world in
      let copies = try Self.records(await world.copy(try await world.read(world.from)))
      try world.control("DELETE", "users/otto@kestrel.example/contacts/\(copies[1].id)")
      let outcomes = await world.connector.write(
        copies.map {
          Write(kind: .person, action: .delete, target: $0.id, values: [:], current: $0, token: "t")
        }, in: world.to)
      #expect(try Self.records(outcomes).allSatisfy { $0.state == .gone })
      guard case .rejected(let refusal)? = await world.change(copies[1], ["notes": .text("x")]) else {
        Issue.record("a deleted contact was changed")
        return
      }
      #expect(refusal.reason == .targetGone)
    }
  }

  @Test("a create whose answer is lost is found by its origin")
  func lost() async throws {
    try await Self.with { world in
      let origins = try await world.read(world.from)
      try world.stage.fault(
        Self.subject, #""method":"POST","path":"*batchCreateContacts","kind":"commit-then-drop","times":1"#)
      guard case .unknown? = await world.copy(origins).first else {
        Issue.record("a lost answer is known")
        return
      }
      let found = try await world.connector.find(
        .person, in: world.to, where: "origin", is: try #require(origins.first).id.rawValue)
      #expect(found.count == 1)
    }
  }

  // MARK: People

  @Test("a rename breaks nothing: user, contacts and copies are followed by the id")
  func renamed() async throws {
    try await Self.with { world in
      _ = try Self.records(await world.copy(try await world.read(world.from)))
      try world.control("PATCH", "users/otto@kestrel.example", #"{"primaryEmail":"otto.new@kestrel.example"}"#)
      let report = try await world.connector.places(["user:otto@kestrel.example"], known: [world.target])
      #expect(report.places.map(\.id) == [world.target])
      #expect(report.places.first?.name == "otto.new@kestrel.example")
      #expect(report.places.first?.aliases == ["otto@kestrel.example"])
      #expect(try await world.read(world.to).count == 1)
      // The address goes to somebody new: that is another user.
      try world.control(
        "POST", "users",
        #"{"givenName":"Other","familyName":"Otto","primaryEmail":"otto@kestrel.example","takes-address":true}"#)
      let other = try await world.connector.places(["user:otto@kestrel.example"], known: [world.target])
      #expect(other.places.count == 2)
      #expect(other.places.first { $0.id == world.target }?.namedBy == [])
    }
  }

  @Test("suspended, archived and deleted users keep their id and say why they are left out")
  func leftOut() async throws {
    try await Self.with { world in
      let user = "users/otto@kestrel.example"
      for (act, reason, undo) in [
        ("suspend", Reason.userSuspended, "unsuspend"), ("archive", .userSuspended, "unarchive"),
      ] {
        try world.control("POST", "\(user)/\(act)")
        let report = try await world.connector.places([], known: [world.target])
        #expect(report.places.first?.fault?.reason == reason)
        let connector = try world.stage.connector(Self.subject)
        #expect(await world.stage.read(connector, world.to).error?.kind == .forbidden)
        try world.control("POST", "\(user)/\(undo)")
      }
      try world.control("DELETE", user)
      let report = try await world.connector.places(["user:otto@kestrel.example"], known: [world.target])
      #expect(report.places.map { $0.fault?.reason } == [.userNotFound])
      #expect(report.places.first?.fault?.evidence.first?.found == "deleted")
      #expect(report.faults["user:otto@kestrel.example"]?.reason == .userNotFound)
    }
  }

  @Test("groups are expanded through groups and circles, outsiders are told", arguments: [true, false])
  func groups(_ external: Bool) async throws {
    try await Self.with(options: #"{"outsiders-have-type-external":\#(external)}"#) { world in
      for group in ["one", "two"] {
        try world.control("POST", "groups", #"{"email":"\#(group)@kestrel.example","name":"\#(group)","members":[]}"#)
      }
      for (group, member) in [
        ("one", "two@kestrel.example"), ("two", "one@kestrel.example"), ("two", "otto@kestrel.example"),
        ("one", "guest@elsewhere.example"),
      ] {
        try world.control("POST", "groups/\(group)@kestrel.example/members", #"{"email":"\#(member)"}"#)
      }
      let report = try await world.connector.places(
        ["group:one@kestrel.example", "group:none@kestrel.example"], known: [])
      #expect(report.places.filter { $0.fault == nil }.map(\.id) == [world.target])
      #expect(report.places.filter { $0.fault != nil }.map(\.name) == ["guest@elsewhere.example"])
      #expect(report.faults.mapValues(\.reason) == ["group:none@kestrel.example": .groupNotFound])
    }
  }

  @Test("a unit means everybody in it and below, and a domain everybody in it")
  func units() async throws {
    try await Self.with { world in
      try world.control("POST", "orgunits", #"{"path":"/Quay"}"#)
      try world.control("POST", "orgunits", #"{"path":"/Quay/East"}"#)
      try world.control("PATCH", "users/otto@kestrel.example", #"{"orgUnitPath":"/Quay/East"}"#)
      for selector in ["ou:/Quay", "ou:/Quay/East"] {
        #expect(try await world.connector.places([selector], known: []).places.map(\.id) == [world.target])
      }
      let faults = try await world.connector.places(["ou:/Nowhere", "domain:nowhere.example"], known: []).faults
      #expect(faults.count == 2)
      let all = try await world.connector.places(["domain:kestrel.example"], known: []).places
      #expect(Set(all.map(\.id)).isSuperset(of: [world.source, world.target]))
    }
  }

  // MARK: Signing in

  @Test("the check passes, names what is missing, and remembers the tenant")
  func check() async throws {
    try await Self.with { world in
      let report = try await world.connector.check(partitions: [world.source])
      #expect(report.hasPassed, "\(report.results)")
      #expect(report.findings["customer"] != nil)
      let other = try world.stage.connector(Self.subject, findings: ["customer": "C0other"])
      #expect(try await other.check(partitions: [world.source]).hasPassed == false)
      for refusal in ["unauthorized_client", "access_denied", "admin_policy_enforced"] {
        try world.control("POST", "scopes", #"{"revoke":["contacts"],"refuses-as":"\#(refusal)"}"#)
        let bad = try await world.connector.check(partitions: [world.source]).results.filter { $0.outcome == .failed }
        #expect(bad.map(\.name) == ["contacts: read"])
      }
    }
  }

  @Test("expired tokens are renewed without a word")
  func expired() async throws {
    try await Self.with { world in
      _ = try await world.read(world.from)
      try world.control("POST", "tokens/expire")
      #expect(try await world.read(world.from).count == 1)
    }
  }
}
