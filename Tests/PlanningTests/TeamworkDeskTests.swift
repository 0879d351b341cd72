/// `teamwork-desk`, rule by rule.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct TeamworkDeskTests {
  static let email = "jane.doe@acme.example"

  static var empty: StagedWorld { StagedWorld(.teamworkDesk, from: Systems.teamwork, to: Systems.desk) }

  @Test("a client of Teamwork.com goes to Desk by itself; the owner company never does, nor do its people")
  func clients() {
    var world = Self.empty
    world.add(.company, .source, .company("o", "Our company", ["is-owner": .flag(true)]))
    world.add(.company, .source, .company("c", "Acme", ["website": .text("acme.example")]))
    world.add(.person, .source, .person("s", Self.email, of: "o"))
    #expect(
      world.lines == [
        "c – create at target not-matched", "o – skip owner-company", "s – skip company-not-synced",
      ])
  }

  @Test("a company of Desk goes to Teamwork.com only when it was promoted")
  func promoted() throws {
    var world = Self.empty
    world.add(.company, .target, .company("d", "Acme"))
    #expect(world.lines == ["– d skip not-promoted"])
    let explanation = try #require(Why.explain("d", side: .target, kind: .company, in: world.situations))
    #expect(explanation.headline == "Not created: it was made at Teamwork Desk and was not promoted.")
    #expect(explanation.counterfactual.map(\.command) == ["promote Acme"])
    #expect(explanation.rule == "a company made at Desk goes to Teamwork.com only when it is promoted")
    world.rule(.company, .promote(.target, "d"))
    #expect(world.lines == ["– d create at source not-matched"])
    #expect(world.applied().lines == ["n1 d in step in-step"])
  }

  @Test("a promoted company with the name of a client is that client")
  func promotedTwin() {
    var world = Self.empty
    world.add(.company, .target, .company("d", "Acme"))
    world.add(.company, .source, .company("c", " Acme "))
    world.rule(.company, .promote(.target, "d"))
    #expect(world.lines == ["c d link matched"])
    world.change(.company, .source, "c", ["name": .text("ACME")])
    #expect(world.lines == ["c – create at target not-matched", "– d create at source not-matched"])
    #expect(world.decision(.company, source: "c")?.also.map(\.reason) == [.nearMiss])
    #expect(world.decision(.company, target: "d")?.also.map(\.reason) == [.nearMiss])
  }

  @Test(
    "create-contacts: only customers made after it was switched on",
    arguments: [
      (true, yesterday as Date?, now as Date?, "– t create at source not-matched"),
      (true, yesterday, yesterday.addingTimeInterval(-1), "– t skip create-contacts-off"),
      (true, yesterday, nil, "– t skip create-contacts-off"), (true, nil, now, "– t skip create-contacts-off"),
      (false, yesterday, now, "– t skip create-contacts-off"),
    ])
  func createContacts(isOn: Bool, since: Date?, created: Date?, expected: String) {
    let world = StagedWorld.teamwork(
      customers: [Record.person("t", Self.email, of: "d").created(created)], [.createContacts: .flag(isOn)],
      changes: since.map { [.createContacts: $0] } ?? [:])
    #expect(world.lines(.person) == [expected])
  }

  @Test("people of every type become customers, and their company's link is theirs")
  func people() {
    let world = StagedWorld.teamwork(people: [
      .person("s", Self.email, of: "c", ["user-type": .text("account")]),
      .person("u", "u.x@acme.example", of: "c", ["last-name": .null]),
    ])
    #expect(world.lines(.person) == ["s – create at target not-matched", "u – skip missing-last-name"])
  }

  @Test("a client and a company differ: what both had when they were found settles as it is")
  func companyFields() {
    var world = Self.empty
    world.add(.company, .source, .company("c", "Acme", ["website": .text("acme.example")]))
    world.add(.company, .target, .company("d", "Acme", ["website": .text("acme.test"), "email": .text("a@acme.test")]))
    #expect(world.lines == ["c d update at source differs-at-first-match: email"])
    let after = world.applied()
    #expect(after.lines == ["c d in step differs-since-linked"])
    var renamed = after
    renamed.change(.company, .target, "d", ["name": .text("Acme Dental")])
    #expect(renamed.lines == ["c d update at source changed-at-target: name"])
  }
}
