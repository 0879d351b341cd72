/// The connector of Teamwork.com against the emulated site.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct TeamworkConformance {
  private static func clients(_ stage: Stage, _ connector: any Connector) async throws -> [Record] {
    try await stage.everything(connector, .company).records.filter { $0.fields.flag("is-owner") == false }
  }

  @Test("a check passes with the right key, and names the wrong one")
  func check() async throws {
    try await Stage.with(people: 5) { stage in
      let connector = try stage.connector(.teamwork)
      let report = try await connector.check(partitions: [])
      #expect(report.hasPassed)
      let owner = try await stage.everything(connector, .company).records.filter { $0.fields.flag("is-owner") == true }
      #expect(owner.map(\.id.rawValue) == [report.findings["owner-company"]])
      let wrong = try stage.connector(.teamwork, changing: ["api-key": "wrong"])
      let refused = try await wrong.check(partitions: [])
      #expect(refused.results.first { $0.name == "credentials" }?.outcome == .failed)
    }
  }

  @Test("people belong to companies, the provider's own staff is no part of a reading, and what was declared came")
  func reading() async throws {
    try await Stage.with(people: 40) { stage in
      let connector = try stage.connector(.teamwork)
      let clients = Set(try await Self.clients(stage, connector).map(\.id))
      let (records, last) = try await stage.everything(connector, .person)
      let living = records.filter { $0.state != .gone }
      #expect(!living.isEmpty)
      #expect(living.count == last.declaredTotal)
      #expect(Set(records.map(\.id)).count == records.count)
      #expect(living.allSatisfy { person in person.parent.map { clients.contains($0) } == true })
      // One by one, all together and company by company they are the same.
      let single = try await connector.read(living.map(\.id), of: .person, in: ReadScope())
      #expect(single.sorted { $0.id < $1.id } == living.sorted { $0.id < $1.id })
      var byCompany: [Record] = []
      for client in clients {
        byCompany += try await stage.everything(
          connector, .person, in: ReadScope(partition: client.rawValue)
        ).records.filter { $0.state != .gone }
      }
      #expect(byCompany.sorted { $0.id < $1.id } == living.sorted { $0.id < $1.id })
    }
  }

  private static let everyField: FieldValues = [
    "first-name": .text("Nora"), "last-name": .text("Lind"), "title": .text("Buyer"),
    "email": .text("nora@new.example"), "other-emails": .list(["nora.l@new.example", "n@new.example"]),
    "phone": .text("+353 21 555 0101"), "mobile": .text("+353 87 555 0101"), "fax": .text("1"),
    "twitter": .text("@nora"),
  ]

  @Test("a contact is created, changed field by field, and nothing else changes with it")
  func fields() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(.teamwork)
      let company = try #require(try await Self.clients(stage, connector).first)
      let made = try await connector.write([.making(.person, Self.everyField, in: company.id)], in: ReadScope())
        .record()
      #expect(made.parent == company.id)
      #expect(made.fields.text("user-type") == "contact")
      #expect(made.fields.filter { Self.everyField[$0] != nil } == Self.everyField)
      #expect(made.created != nil)
      #expect(try await connector.read([made.id], of: .person, in: ReadScope()) == [made])
      let changes: FieldValues = [
        "first-name": .text("Eleonora \"🥐\""), "last-name": .text("Ćwikła"), "title": .null,
        "email": .text("n@new.example"), "other-emails": .list(["nora@new.example"]), "phone": .null,
        "twitter": .text("@n"),
      ]
      let current = try await connector.change(made, changes, among: Self.everyField.names)
      // Main and other address change places in one write.
      let swapped = try await connector.write(
        [
          .changing(current, ["email": .text("nora@new.example"), "other-emails": .list(["n@new.example"])])
        ], in: ReadScope()
      ).record()
      #expect(swapped.fields.items("addresses") == ["nora@new.example", "n@new.example"])
      #expect(
        try await connector.find(.person, in: ReadScope(), where: "email", is: "NORA@new.example").map(\.id)
          == [made.id])
    }
  }

  @Test("an address is one person's, and a name one client's")
  func duplicates() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(.teamwork)
      let clients = try await Self.clients(stage, connector)
      let company = try #require(clients.first)
      let values: FieldValues = [
        "first-name": .text("A"), "last-name": .text("B"), "email": .text("one@new.example"),
      ]
      _ = try await connector.write([.making(.person, values, in: company.id)], in: ReadScope()).record()
      let second = try rejection(
        await connector.write([.making(.person, values, in: clients.last?.id)], in: ReadScope()))
      #expect(second.reason == .duplicateAtTarget)
      let name = try #require(company.fields["name"])
      let twin = try rejection(await connector.write([.making(.company, ["name": name])], in: ReadScope()))
      #expect(twin.reason == .duplicateAtTarget)
      #expect(twin.field == "name")
      let other = try #require(clients.last)
      #expect(
        try rejection(await connector.write([.changing(other, ["name": name])], in: ReadScope())).reason
          == .duplicateAtTarget)
      let fresh = try await connector.write(
        [.making(.company, ["name": .text("Żuraw & Syn"), "website": .text("https://z.example")])], in: ReadScope()
      ).record()
      let changed = try await connector.write(
        [.changing(fresh, ["email": .text("z@z.example"), "website": .null])], in: ReadScope()
      ).record()
      #expect(changed.fields.text("name") == "Żuraw & Syn")
      #expect(changed.fields.text("email") == "z@z.example")
      #expect(changed.fields["website"]?.isBlank == true)
      #expect(
        try await connector.find(.company, in: ReadScope(), where: "name", is: "Żuraw & Syn").map(\.id) == [fresh.id])
    }
  }

  @Test("logins and the own company are left alone")
  func forbidden() async throws {
    try await Stage.with(people: 40) { stage in
      let connector = try stage.connector(.teamwork)
      let companies = try await stage.everything(connector, .company).records
      let owner = try #require(companies.first { $0.fields.flag("is-owner") == true })
      let people = try await stage.everything(connector, .person).records
      let login = try #require(people.first { ["account", "collaborator"].contains($0.fields.text("user-type")) })
      let contact = try #require(people.first { $0.fields.text("user-type") == "contact" })
      let writes: [Write] = [
        .changing(login, ["title": .text("x")]), .changing(owner, ["website": .text("x")]),
        .changing(contact, [:], to: owner.id), .making(.person, ["first-name": .text("x")], in: owner.id),
      ]
      for write in writes {
        #expect(try rejection(await connector.write([write], in: ReadScope())).reason == .recordForbidden)
      }
      #expect(try await connector.read([login.id], of: .person, in: ReadScope()) == [login])
    }
  }

  @Test("changes, moves and deletions show in a reading since a mark")
  func changes() async throws {
    try await Stage.with(people: 20) { stage in
      let connector = try stage.connector(.teamwork)
      let clients = try await Self.clients(stage, connector)
      let (records, last) = try await stage.everything(connector, .person)
      let mark = try #require(last.mark)
      let contacts = records.filter { $0.fields.text("user-type") == "contact" }
      let (edited, moved) = (try #require(contacts.first), try #require(contacts.dropFirst().first))
      let deleted = try #require(contacts.dropFirst(2).first)
      stage.sandbox.control.advanceClock(bySeconds: 600)
      _ = try await connector.write([.changing(edited, ["phone": .text("+1 1")])], in: ReadScope()).record()
      let elsewhere = try #require(clients.first { $0.id != moved.parent })
      let there = try await connector.write([.changing(moved, [:], to: elsewhere.id)], in: ReadScope()).record()
      #expect(there.parent == elsewhere.id)
      try await stage.outside(.teamwork, .delete, "/people/\(deleted.id).json")
      let (changes, end) = try await stage.everything(connector, .person, since: mark)
      #expect(end.isDelta)
      let byID = Dictionary(changes.map { ($0.id, $0) }) { _, last in last }
      #expect(byID[edited.id]?.fields.text("phone") == "+1 1")
      #expect(byID[moved.id]?.parent == elsewhere.id)
      #expect(byID[deleted.id]?.state == .gone)
      #expect(end.mark != mark)
      // A deleted person is refused as what it is, and asked for it is gone.
      #expect(
        try rejection(await connector.write([.changing(deleted, ["title": .text("x")])], in: ReadScope())).reason
          == .targetGone)
      #expect(
        try await connector.read([deleted.id], of: .person, in: ReadScope()).allSatisfy { $0.state == .gone })
    }
  }

  @Test("a deleted client takes its people along, and is missed in a complete reading")
  func deletedCompany() async throws {
    try await Stage.with(people: 20) { stage in
      let connector = try stage.connector(.teamwork)
      let clients = try await Self.clients(stage, connector)
      let (people, last) = try await stage.everything(connector, .person)
      let client = try #require(clients.first { client in people.contains { $0.parent == client.id } })
      let members = Set(people.filter { $0.parent == client.id && $0.state == .active }.map(\.id))
      stage.sandbox.control.advanceClock(bySeconds: 600)
      try await stage.outside(.teamwork, .delete, "/projects/api/v3/companies/\(client.id).json")
      let left = try await stage.everything(connector, .company).records.filter { $0.state == .active }
      #expect(!left.map(\.id).contains(client.id))
      #expect(left.count == clients.count)
      let changes = try await stage.everything(connector, .person, since: last.mark).records
      #expect(members.isSubset(of: Set(changes.filter { $0.state == .gone }.map(\.id))))
      #expect(
        try rejection(await connector.write([.changing(client, ["website": .text("x")])], in: ReadScope())).reason
          == .targetGone)
    }
  }

  @Test("lists of many pages lose nobody and bring nobody twice")
  func manyPages() async throws {
    try await Stage.with(people: 1_300) { stage in
      let connector = try stage.connector(.teamwork)
      let (records, last) = try await stage.everything(connector, .person)
      let living = records.filter { $0.state != .gone }
      #expect(living.count > 1000)
      #expect(Set(living.map(\.id)).count == living.count)
      #expect(living.count == last.declaredTotal)
    }
  }
}
