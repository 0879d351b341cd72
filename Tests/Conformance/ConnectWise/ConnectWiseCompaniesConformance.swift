/// Companies and configurations of ConnectWise, as a two-way sync reads and writes them, against the emulation.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct ConnectWiseCompaniesConformance {
  private static let subject = Subject.connectWise

  private static func done(_ outcomes: [WriteOutcome]) throws -> Record {
    guard case .done(let record)? = outcomes.first, outcomes.count == 1 else {
      Issue.record("not done: \(outcomes)")
      throw StageError.noSuchSystem
    }
    return record
  }

  private static func create(
    _ kind: RecordKind, _ values: FieldValues, parent: RecordID? = nil
  ) -> Write {
    Write(kind: kind, action: .create, target: nil, parent: parent, values: values, current: nil, token: "t")
  }

  private static func change(
    _ record: Record, _ action: WriteKind = .update, _ values: FieldValues = [:], parent: RecordID? = nil
  ) -> Write {
    Write(
      kind: record.kind, action: action, target: record.id, parent: parent, values: values, current: record, token: "t")
  }

  private static let company: FieldValues = [
    "name": .text("Harbour Bakery"), "identifier": .text("Harbour"), "website": .text("https://harbour.example"),
    "phone": .text("8135550177"), "type": .text("Client"), "status": .text("Active"),
  ]
  private static let configuration: FieldValues = [
    "name": .text("HB-TILL-1"), "type": .text("Workstation"), "status": .text("Active"),
    "serial-number": .text("SN-1"), "model": .text("OptiPlex 7010"), "manufacturer": .text("Dell"),
    "mac-address": .text("00:00:5E:00:53:01"), "asset-tag": .text("T1"), "notes": .text("On the counter"),
    "installed-at": .text("2025-01-31"), "purchased-at": .text("2025-01-02"),
    "warranty-expires-at": .text("2028-01-31"), "primary-ip": .text("10.0.0.9"),
    "default-gateway": .text("10.0.0.1"),
  ]

  @Test(
    "a whole account is read at once, each record with its company", arguments: [RecordKind.person, .configuration])
  func wholeAccount(_ kind: RecordKind) async throws {
    try await Stage.with(people: 6) { stage in
      let connector = try stage.connector(Self.subject)
      let companies = await stage.read(connector, ReadScope(), of: .company).pages.flatMap(\.records)
      let (pages, error) = await stage.read(connector, ReadScope(), of: kind)
      #expect(error == nil)
      let all = pages.flatMap(\.records)
      #expect(!all.isEmpty)
      #expect(all.allSatisfy { record in companies.contains { $0.id == record.parent } })
      let company = try #require(all.first?.parent)
      let some = await stage.read(connector, ReadScope(partition: company.rawValue), of: kind).pages.flatMap(\.records)
      #expect(some == all.filter { $0.parent == company })
      #expect(some.allSatisfy { $0.fields.text("company-id") == company.rawValue })
      let singles = try await connector.read(all.map(\.id) + ["x", "0"], of: kind, in: ReadScope())
      #expect(Set(singles) == Set(all))
    }
  }

  @Test("every writable field of a company is created, read back and changed")
  func companyFields() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let writable = type(of: connector).description.fields[.company]?.filter(\.isWritable).map(\.name) ?? []
      #expect(Set(writable) == Set(Self.company.names))
      let made = try Self.done(await connector.write([Self.create(.company, Self.company)], in: ReadScope()))
      #expect(made.fields.filter { writable.contains($0) } == Self.company)
      #expect(made.state == .active)
      #expect(try await connector.read([made.id], of: .company, in: ReadScope()) == [made])
      var current = made
      for (field, value) in [
        ("name", "Harbour Bakery & Söhne"), ("website", "https://bakery.example"), ("phone", "1"),
        ("status", "Inactive"), ("type", "Vendor"),
      ] as [(FieldName, String)] {
        let write = Self.change(current, .update, [field: .text(value)])
        let next = try Self.done(await connector.write([write], in: ReadScope()))
        #expect(next.fields.text(field) == value)
        #expect(
          next.fields.filter { writable.contains($0) && $0 != field }
            == current.fields.filter { writable.contains($0) && $0 != field })
        current = next
      }
      #expect(current.state == .inactive)
      #expect(current.fields.items("types") == ["Vendor"])
      let cleared = try Self.done(
        await connector.write([Self.change(current, .update, ["website": .null, "phone": .null])], in: ReadScope()))
      #expect(cleared.fields["website"] == .null)
      #expect(cleared.fields["phone"] == .null)
      #expect(try await connector.read([made.id], of: .company, in: ReadScope()) == [cleared])
    }
  }

  @Test("a company without an identifier gets one of its own, also when many of one name are made at once")
  func identifiers() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let names = ["Zoë & Söhne", "zoe sohne", "Zoë-Söhne!", "王", "Acme", String(repeating: "Long name ", count: 4)]
      let outcomes = await connector.write(names.map { Self.create(.company, ["name": .text($0)]) }, in: ReadScope())
      let identifiers = try outcomes.map { try Self.done([$0]).fields.text("identifier") ?? "" }
      #expect(identifiers[0...2].map { $0.lowercased() }.sorted() == ["zoesohne", "zoesohne2", "zoesohne3"])
      #expect(Array(identifiers[3...]) == ["Company", "Acme2", "LongnameLongnameLongnameL"].map { $0 })
    }
  }

  @Test(
    "what ConnectWise does not have, or does not take, refuses the write and names the field",
    arguments: [
      ("type", "Pigeon", "ConnectWise has no company type \"Pigeon\"; it has "),
      ("status", "Pigeon", "ConnectWise has no company status \"Pigeon\"; it has "),
      ("status", "", "ConnectWise takes no company without a status"),
      ("name", " ", "ConnectWise takes no company without a name"),
      ("identifier", "Other", "the identifier of a ConnectWise company is given when it is made"),
    ] as [(FieldName, String, String)])
  func refusals(_ field: FieldName, _ value: String, _ words: String) async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let made = try Self.done(await connector.write([Self.create(.company, Self.company)], in: ReadScope()))
      let writes = stage.sandbox.control.requests.committedWrites["connectwise"]
      let outcome = await connector.write([Self.change(made, .update, [field: .text(value)])], in: ReadScope())
      guard case .rejected(let rejection)? = outcome.first else {
        Issue.record("not refused: \(outcome)")
        return
      }
      #expect(rejection.reason == .valueRefused)
      #expect(rejection.field == field)
      #expect(rejection.message.hasPrefix(words))
      #expect(stage.sandbox.control.requests.committedWrites["connectwise"] == writes)
    }
  }

  @Test("an identifier that somebody has is a duplicate; nothing is deleted")
  func duplicates() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let made = try Self.done(await connector.write([Self.create(.company, Self.company)], in: ReadScope()))
      let again = await connector.write([Self.create(.company, Self.company)], in: ReadScope())
      guard case .rejected(let rejection)? = again.first else {
        Issue.record("made twice: \(again)")
        return
      }
      #expect(rejection.reason == .duplicateAtTarget)
      for action in [WriteKind.delete, .deactivate] {
        guard case .rejected(let refused)? = await connector.write([Self.change(made, action)], in: ReadScope()).first
        else {
          Issue.record("a company was to \(action.rawValue)")
          return
        }
        #expect(refused.reason == .recordForbidden)
      }
    }
  }

  @Test("every writable field of a configuration is created, changed and cleared; its flag is its state")
  func configurationFields() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let acme = try #require(scope.partition.map { RecordID($0) })
      let writable = type(of: connector).description.fields[.configuration]?.filter(\.isWritable).map(\.name) ?? []
      #expect(Set(writable) == Set(Self.configuration.names))
      let made = try Self.done(
        await connector.write([Self.create(.configuration, Self.configuration, parent: acme)], in: ReadScope()))
      #expect(made.fields.filter { writable.contains($0) } == Self.configuration)
      #expect(made.parent == acme)
      #expect(try await connector.read([made.id], of: .configuration, in: ReadScope()) == [made])
      let changes: FieldValues = [
        "name": .text("HB-TILL-2"), "type": .text("Server"), "status": .text("Retired"),
        "serial-number": .text("SN-2"), "model": .text("M 2"), "manufacturer": .text("Lenovo"),
        "mac-address": .text("00:00:5E:00:53:02"), "asset-tag": .text("T2"), "notes": .text("In the cellar"),
        "installed-at": .text("2025-02-28"), "purchased-at": .text("2025-02-01"),
        "warranty-expires-at": .text("2029-02-28"), "primary-ip": .text("10.0.0.8"),
        "default-gateway": .text("10.0.0.2"),
      ]
      var current = made
      for (field, value) in changes.sorted {
        let next = try Self.done(
          await connector.write([Self.change(current, .update, [field: value])], in: ReadScope()))
        #expect(next.fields[field] == value)
        #expect(
          next.fields.filter { writable.contains($0) && $0 != field }
            == current.fields.filter { writable.contains($0) && $0 != field })
        current = next
      }
      for field in writable where !["name", "type", "status"].contains(field) {
        current = try Self.done(
          await connector.write([Self.change(current, .update, [field: .null])], in: ReadScope()))
        #expect(current.fields[field] == .null)
      }
      current = try Self.done(await connector.write([Self.change(current, .deactivate)], in: ReadScope()))
      #expect(current.state == .inactive)
      current = try Self.done(
        await connector.write([Self.change(current, .reactivate, ["notes": .text("Back")])], in: ReadScope()))
      #expect(current.state == .active)
      #expect(current.fields.text("notes") == "Back")
      #expect(try await connector.read([made.id], of: .configuration, in: ReadScope()) == [current])
    }
  }

  @Test("a contact moves to another company, and nothing else of it")
  func move() async throws {
    try await Stage.with(people: 3) { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let values: FieldValues = ["first-name": .text("Nora"), "email": .text("nora@acme.example")]
      let made = try Self.done(await connector.write([Self.create(.person, values)], in: scope))
      #expect(made.parent?.rawValue == scope.partition)
      let other = try Self.done(await connector.write([Self.create(.company, Self.company)], in: ReadScope()))
      let moved = try Self.done(
        await connector.write(
          [Self.change(made, .update, ["title": .text("Buyer")], parent: other.id)], in: ReadScope()))
      #expect(moved.parent == other.id)
      #expect(moved.fields.text("title") == "Buyer")
      #expect(moved.fields.text("email") == "nora@acme.example")
      #expect(try await connector.read([made.id], of: .person, in: ReadScope()) == [moved])
    }
  }

  @Test("a write costs as few requests as the connector says")
  func requests() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let acme = try #require(try stage.scope(Self.subject).partition.map { RecordID($0) })
      // The tables of names are read once, and not counted.
      _ = await connector.write(
        [
          Self.create(.company, Self.company.merging(["identifier": .text("First")])),
          Self.create(.configuration, Self.configuration, parent: acme),
        ], in: ReadScope())
      func expectLeast(_ write: Write) async throws -> Record {
        let before = connector.requestCount
        let record = try Self.done(await connector.write([write], in: ReadScope()))
        #expect(connector.requestCount - before == connector.smallestRequestCount(.write(write)))
        return record
      }
      var company = try await expectLeast(Self.create(.company, Self.company))
      _ = try await expectLeast(Self.create(.company, ["name": .text("No identifier")]))
      company = try await expectLeast(Self.change(company, .update, ["name": .text("A"), "status": .text("Inactive")]))
      company = try await expectLeast(Self.change(company, .update, ["name": .text("B"), "type": .text("Vendor")]))
      company = try await expectLeast(Self.change(company, .update, ["type": .text("Vendor")]))
      #expect(company.fields.text("name") == "B")
      var configuration = try await expectLeast(Self.create(.configuration, Self.configuration, parent: acme))
      configuration = try await expectLeast(Self.change(configuration, .update, ["name": .text("C")]))
      configuration = try await expectLeast(Self.change(configuration, .update))
      #expect(configuration.fields.text("name") == "C")
      for kind in [RecordKind.company, .configuration] {
        let before = connector.requestCount
        let read = await stage.read(connector, ReadScope(), of: kind).pages
        let least = connector.smallestRequestCount(
          .read(kind, count: read.flatMap(\.records).count, isDelta: false))
        #expect(connector.requestCount - before == least)
      }
    }
  }

  @Test("configurations that changed are told since a mark, and a deletion shows in their number")
  func changes() async throws {
    try await Stage.with(people: 3) { stage in
      let connector = try stage.connector(Self.subject)
      let full = await stage.read(connector, ReadScope(), of: .configuration)
      let records = full.pages.flatMap(\.records)
      let mark = try #require(full.pages.last?.mark)
      let (first, second) = (try #require(records.first), try #require(records.last))
      stage.sandbox.control.advanceClock(bySeconds: 3600)
      try stage.sandbox.control.perform(
        "PATCH", "/connectwise/configurations/\(first.id)", #"{"serialNumber":"CHANGED"}"#)
      try stage.sandbox.control.perform("DELETE", "/connectwise/configurations/\(second.id)")
      let delta = await stage.read(connector, ReadScope(), of: .configuration, since: mark)
      #expect(delta.error == nil)
      #expect(delta.pages.flatMap(\.records).first { $0.id == first.id }?.fields.text("serial-number") == "CHANGED")
      #expect(delta.pages.last?.declaredTotal == records.count - 1)
      let garbage = await stage.read(connector, ReadScope(), of: .configuration, since: DeltaMark("garbage"))
      #expect(garbage.error?.kind == .deltaExpired)
    }
  }

  @Test(
    "records are found by what a recipe knows of them, whatever stands in it",
    arguments: [
      "Plain", "O'Neil", "Quote\"d", "both'and\"", "[list]*%", "Ünïcode 王 👩‍👩‍👧", "a\\b",
    ])
  func find(_ name: String) async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let acme = try #require(try stage.scope(Self.subject).partition.map { RecordID($0) })
      let values: FieldValues = ["name": .text(name)]
      let company = try Self.done(await connector.write([Self.create(.company, values)], in: ReadScope()))
      #expect(try await connector.find(.company, in: ReadScope(), where: "name", is: name) == [company])
      let configuration = try Self.done(
        await connector.write(
          [Self.create(.configuration, Self.configuration.merging(["serial-number": .text(name)]), parent: acme)],
          in: ReadScope()))
      for scope in [ReadScope(), ReadScope(partition: acme.rawValue)] {
        let found = try await connector.find(.configuration, in: scope, where: "serial-number", is: name)
        #expect(found == [configuration])
      }
      #expect(try await connector.find(.company, in: ReadScope(), where: "name", is: "Nobody").isEmpty)
    }
  }
}
