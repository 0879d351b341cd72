/// The connector of Teamwork Desk against the emulated site.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct TeamworkDeskConformance {
  @Test("a check passes with the right key, and names the wrong one")
  func check() async throws {
    try await Stage.with(people: 5) { stage in
      let connector = try stage.connector(.desk)
      #expect(try await connector.check(partitions: ["16"]).hasPassed)
      let wrong = try stage.connector(.desk, changing: ["api-key": "wrong"])
      let refused = try await wrong.check(partitions: [])
      #expect(refused.results.first { $0.name == "credentials" }?.outcome == .failed)
    }
  }

  @Test("customers come once each, with their company and all their addresses, over many pages")
  func reading() async throws {
    try await Stage.with(people: 1_300) { stage in
      let connector = try stage.connector(.desk)
      let (records, last) = try await stage.everything(connector, .person)
      #expect(records.count > 200)
      #expect(Set(records.map(\.id)).count == records.count)
      #expect(records.count { $0.state != .gone } == last.declaredTotal)
      #expect(records.contains { ($0.fields.items("other-emails") ?? []).count > 1 })
      #expect(records.allSatisfy { $0.fields["other-emails"] != nil && $0.native != nil })
      #expect(records.allSatisfy { $0.fields.text("photo")?.contains("/avatars/animals/") != true })
      let some = Array(records.filter { $0.state == .active }.prefix(150))
      let single = try await connector.read(some.map(\.id), of: .person, in: ReadScope())
      #expect(single.sorted { $0.id < $1.id } == some.sorted { $0.id < $1.id })
      let company = try #require(records.lazy.compactMap(\.parent).first)
      let members = try await stage.everything(
        connector, .person, in: ReadScope(partition: company.rawValue)
      ).records
      #expect(Set(members.map(\.id)) == Set(records.filter { $0.parent == company }.map(\.id)))
    }
  }

  private static let everyField: FieldValues = [
    "first-name": .text("Nora"), "last-name": .text("Lind"), "title": .text("Buyer"),
    "email": .text("nora@new.example"), "other-emails": .list(["nora.l@new.example", "n@new.example"]),
    "phone": .text("+353 21 555 0101"), "mobile": .text("+353 87 555 0101"),
    "photo": .text("https://cdn.example/nora.png"), "twitter": .text("@nora"),
    "facebook": .text("https://facebook.example/nora"), "linkedin": .text("https://linkedin.example/in/nora"),
  ]

  @Test("a customer is created, changed field by field, and nothing else changes with it")
  func fields() async throws {
    try await Stage.with(people: 5) { stage in
      let connector = try stage.connector(.desk)
      let company = try await connector.write([.making(.company, ["name": .text("New & Co")])], in: ReadScope())
        .record()
      let made = try await connector.write([.making(.person, Self.everyField, in: company.id)], in: ReadScope())
        .record()
      #expect(made.parent == company.id)
      #expect(made.fields.filter { Self.everyField[$0] != nil } == Self.everyField)
      #expect(made.created != nil)
      #expect(try await connector.read([made.id], of: .person, in: ReadScope()) == [made])
      let changes: FieldValues = [
        "first-name": .text("Eleonora \"🥐\""), "last-name": .text("Ćwikła"), "title": .null,
        "email": .text("eleonora@new.example"), "other-emails": .list(["n@new.example", "third@new.example"]),
        "phone": .null, "twitter": .text("@n"), "linkedin": .null, "photo": .text("https://cdn.example/e.png"),
      ]
      let current = try await connector.change(made, changes, among: Self.everyField.names)
      let swapped = try await connector.write(
        [
          .changing(
            current,
            ["email": .text("n@new.example"), "other-emails": .list(["eleonora@new.example", "third@new.example"])])
        ], in: ReadScope()
      ).record()
      #expect(
        swapped.fields.items("addresses") == ["n@new.example", "eleonora@new.example", "third@new.example"])
      // Any of the addresses finds the customer, in any spelling.
      for address in ["N@new.example", "third@new.example"] {
        #expect(
          try await connector.find(.person, in: ReadScope(), where: "email", is: address).map(\.id) == [made.id])
      }
    }
  }

  @Test("a customer moves to another company, and a company is renamed; a taken name is refused")
  func companies() async throws {
    try await Stage.with(people: 5) { stage in
      let connector = try stage.connector(.desk)
      let scope = ReadScope()
      let first = try await connector.write([.making(.company, ["name": .text("One")])], in: scope).record()
      let second = try await connector.write(
        [.making(.company, ["name": .text("Two"), "website": .text("https://two.example")])], in: scope
      ).record()
      let made = try await connector.write(
        [.making(.person, ["first-name": .text("A"), "email": .text("a@elsewhere.example")], in: first.id)], in: scope
      ).record()
      let moved = try await connector.write([.changing(made, [:], to: second.id)], in: scope).record()
      #expect(moved.parent == second.id)
      #expect(moved.fields.text("email") == "a@elsewhere.example")
      let renamed = try await connector.write(
        [.changing(second, ["name": .text("Zwei"), "email": .text("z@z.example")])], in: scope
      ).record()
      #expect(renamed.fields.text("website") == "https://two.example")
      #expect(try await connector.find(.company, in: scope, where: "name", is: "Zwei").map(\.id) == [second.id])
      let taken = try rejection(await connector.write([.changing(renamed, ["name": .text("One")])], in: scope))
      #expect(taken.reason == .duplicateAtTarget)
      let twin = try rejection(await connector.write([.making(.company, ["name": .text("One")])], in: scope))
      #expect(twin.reason == .duplicateAtTarget)
      #expect(twin.field == "name")
      // No client is made at Teamwork.com on the way.
      let projects = try stage.connector(.teamwork)
      #expect(try await projects.find(.company, in: scope, where: "name", is: "One").isEmpty)
    }
  }

  @Test("changes and deletions show in a reading since a mark, and the number of all agrees")
  func changes() async throws {
    try await Stage.with(people: 20) { stage in
      let connector = try stage.connector(.desk)
      let (records, last) = try await stage.everything(connector, .person)
      let mark = try #require(last.mark)
      let living = records.filter { $0.state == .active && $0.parent != nil }
      let (edited, deleted) = (try #require(living.first), try #require(living.dropFirst().first))
      stage.sandbox.control.advanceClock(bySeconds: 600)
      _ = try await connector.write([.changing(edited, ["title": .text("Chief")])], in: ReadScope()).record()
      try await stage.outside(.desk, .delete, "/api/v2/customers/\(deleted.id).json")
      let (changes, end) = try await stage.everything(connector, .person, since: mark)
      #expect(end.isDelta)
      #expect(changes.first { $0.id == edited.id }?.fields.text("title") == "Chief")
      #expect(end.declaredTotal == records.count { $0.state == .active } - 1)
      let whole = try await stage.everything(connector, .person).records
      #expect(whole.allSatisfy { $0.id != deleted.id || $0.state == .gone })
      #expect(
        try rejection(await connector.write([.changing(deleted, ["title": .text("x")])], in: ReadScope())).reason
          == .targetGone)
      #expect(
        try await connector.read([deleted.id], of: .person, in: ReadScope()).allSatisfy { $0.state == .gone })
    }
  }
}
