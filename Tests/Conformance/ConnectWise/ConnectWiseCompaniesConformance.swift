/// Companies and configurations of ConnectWise, as a two-way sync reads and writes them, against the emulation.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct ConnectWiseCompaniesConformance {
  private static let subject = Subject.connectWise

  private static let company = Subject.connectWiseCompanies.values
  private static let configuration = Subject.connectWiseConfigurations.values

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
      let made = try await connector.write([.making(.company, Self.company)], in: ReadScope()).record()
      #expect(made.fields.filter { writable.contains($0) } == Self.company)
      #expect(made.state == .active)
      #expect(try await connector.read([made.id], of: .company, in: ReadScope()) == [made])
      var current = made
      for (field, value) in [
        ("name", "Harbour Bakery & Söhne"), ("website", "https://bakery.example"), ("phone", "1"),
        ("status", "Inactive"), ("type", "Vendor"),
      ] as [(FieldName, String)] {
        let write = Write.changing(current, [field: .text(value)])
        let next = try await connector.write([write], in: ReadScope()).record()
        #expect(next.fields.text(field) == value)
        #expect(
          next.fields.filter { writable.contains($0) && $0 != field }
            == current.fields.filter { writable.contains($0) && $0 != field })
        current = next
      }
      #expect(current.state == .inactive)
      #expect(current.fields.items("types") == ["Vendor"])
      let cleared = try await connector.write(
        [.changing(current, ["website": .null, "phone": .null])], in: ReadScope()
      ).record()
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
      let outcomes = await connector.write(names.map { Write.making(.company, ["name": .text($0)]) }, in: ReadScope())
      let identifiers = try outcomes.map { try [$0].record().fields.text("identifier") ?? "" }
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
      let made = try await connector.write([.making(.company, Self.company)], in: ReadScope()).record()
      let writes = stage.sandbox.control.requests.committedWrites["connectwise"]
      let outcome = await connector.write([.changing(made, [field: .text(value)])], in: ReadScope())
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
      let made = try await connector.write([.making(.company, Self.company)], in: ReadScope()).record()
      let again = await connector.write([.making(.company, Self.company)], in: ReadScope())
      guard case .rejected(let rejection)? = again.first else {
        Issue.record("made twice: \(again)")
        return
      }
      #expect(rejection.reason == .duplicateAtTarget)
      for action in [WriteKind.delete, .deactivate] {
        guard
          case .rejected(let refused)? = await connector.write([.changing(made, [:], action)], in: ReadScope()).first
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
      let made = try await connector.write([.making(.configuration, Self.configuration, in: acme)], in: ReadScope())
        .record()
      #expect(made.fields.filter { writable.contains($0) } == Self.configuration)
      #expect(made.parent == acme)
      #expect(try await connector.read([made.id], of: .configuration, in: ReadScope()) == [made])
      let changes = Subject.connectWiseConfigurations.others
      var current = try await connector.change(made, changes, among: writable)
      for field in writable where !["name", "type", "status"].contains(field) {
        current = try await connector.write([.changing(current, [field: .null])], in: ReadScope()).record()
        #expect(current.fields[field] == .null)
      }
      current = try await connector.write([.changing(current, [:], .deactivate)], in: ReadScope()).record()
      #expect(current.state == .inactive)
      current = try await connector.write([.changing(current, ["notes": .text("Back")], .reactivate)], in: ReadScope())
        .record()
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
      let made = try await connector.write([.making(.person, values)], in: scope).record()
      #expect(made.parent?.rawValue == scope.partition)
      let other = try await connector.write([.making(.company, Self.company)], in: ReadScope()).record()
      let moved = try await connector.write(
        [.changing(made, ["title": .text("Buyer")], to: other.id)], in: ReadScope()
      ).record()
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
          .making(.company, Self.company.merging(["identifier": .text("First")])),
          .making(.configuration, Self.configuration, in: acme),
        ], in: ReadScope())
      func expectLeast(_ write: Write) async throws -> Record {
        let before = connector.requestCount
        let record = try await connector.write([write], in: ReadScope()).record()
        #expect(connector.requestCount - before == connector.smallestRequestCount(.write(write)))
        return record
      }
      var company = try await expectLeast(.making(.company, Self.company))
      _ = try await expectLeast(.making(.company, ["name": .text("No identifier")]))
      company = try await expectLeast(.changing(company, ["name": .text("A"), "status": .text("Inactive")]))
      company = try await expectLeast(.changing(company, ["name": .text("B"), "type": .text("Vendor")]))
      company = try await expectLeast(.changing(company, ["type": .text("Vendor")]))
      #expect(company.fields.text("name") == "B")
      var configuration = try await expectLeast(.making(.configuration, Self.configuration, in: acme))
      configuration = try await expectLeast(.changing(configuration, ["name": .text("C")]))
      configuration = try await expectLeast(.changing(configuration))
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
      let company = try await connector.write([.making(.company, values)], in: ReadScope()).record()
      #expect(try await connector.find(.company, in: ReadScope(), where: "name", is: name) == [company])
      let configuration = try await connector.write(
        [.making(.configuration, Self.configuration.merging(["serial-number": .text(name)]), in: acme)],
        in: ReadScope()
      ).record()
      for scope in [ReadScope(), ReadScope(partition: acme.rawValue)] {
        let found = try await connector.find(.configuration, in: scope, where: "serial-number", is: name)
        #expect(found == [configuration])
      }
      #expect(try await connector.find(.company, in: ReadScope(), where: "name", is: "Nobody").isEmpty)
    }
  }
}
