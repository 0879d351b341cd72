/// A source that is a file: it creates and updates, and proves nothing by what it leaves out.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct ListingTests {
  static let users: [Record] = [.user("a", "ann.lee@acme.example"), .user("b", "bob.ray@acme.example")]
  static let contacts: [Record] = [.contact("1", "ann.lee@acme.example"), .contact("2", "bob.ray@acme.example")]

  /// Both are linked; the file lists only the first.
  static func world(
    _ completeness: ReadCompleteness, listed: [Record] = [users[0]], earlier: [Int] = [2]
  ) -> TestWorld {
    var world = TestWorld(users, contacts, [.updateExisting: .flag(true)]).linked(("a", "1"), ("b", "2"))
    world.situation.source = Reading(
      records: listed, certificate: certificate(listed.count, completeness, earlier: earlier))
    return world
  }

  @Test("G3 whom a file does not list is left alone; a complete reading proves the same absence")
  func absence() {
    #expect(Self.world(.complete).outcome("b") == "deactivate deleted-at-source")
    let world = Self.world(.listing)
    #expect(world.outcome("b") == "skip not-listed")
    #expect(world.outcome("a") == "in step in-step")
    #expect(world.plan.guards.isEmpty)
  }

  @Test("what a file does say travels: a new person, a change, somebody who left")
  func presence() {
    var world = Self.world(.listing, listed: Self.users + [.user("c", "cy.new@acme.example")])
    world.change(.source, "a", ["title": .text("Boss")])
    world.change(.source, "b", ["account-enabled": .flag(false)])
    #expect(world.outcome("a") == "update changed-at-source")
    #expect(world.outcome("b") == "deactivate sign-in-disabled")
    #expect(world.outcome("c") == "create not-matched")
  }

  @Test("a file that says somebody is gone is believed") func tombstone() {
    var world = Self.world(.listing)
    world.situation.source.tombstones["b"] = yesterday
    #expect(world.outcome("b") == "deactivate deleted-at-source")
  }

  @Test("an empty list after a filled one holds the plan, and removes nobody")
  func empty() throws {
    let world = Self.world(.listing, listed: [])
    #expect(["a", "b"].map { world.outcome($0) } == ["skip not-listed", "skip not-listed"])
    let held = try #require(world.plan.guards.first)
    #expect(held.reason == .sourceIncomplete && held.sentence.contains("gave no people"))
    #expect(held.sentence.contains("the last one that was not empty had 2"))
    #expect(Self.world(.listing, listed: [], earlier: []).plan.guards.isEmpty)
  }

  @Test("a list that did not come to its end decides nothing") func unread() {
    var world = Self.world(.listing)
    world.situation.source.certificate?.sawEnd = false
    #expect(world.outcome("a").hasSuffix("source-incomplete"))
  }

  @Test("why says what the file is, and what was left out of it")
  func why() throws {
    var world = Self.world(.listing)
    world.situation.source.certificate?.remark = "2 lines left out: 7, 12"
    let explanation = try #require(Why.explain("b", side: .source, in: world.situation))
    #expect(explanation.headline.hasPrefix("Left alone: the file does not list the record"))
    #expect(explanation.rule == Reason.notListed.rule)
    let read = try #require(explanation.gates.first { $0.gate == .read })
    #expect(read.text == "Microsoft 365, what it lists (1 of 1 pages, 1 person; 2 lines left out: 7, 12)")
  }

  @Test("whom a file without licences lists counts as licensed; elsewhere an unsaid licence says nothing")
  func licensed() {
    let unsaid = Record.user("a", "ann.lee@acme.example").without("licences", "licence-names")
    #expect(TestWorld([unsaid]).outcome("a") == "skip source-incomplete")
    #expect(TestWorld([unsaid.with(["licensed": .flag(true)])]).outcome("a") == "create not-matched")
  }

  @Test("the tenant is demanded unless the source may be read as a whole")
  func tenant() {
    var file = Systems.m365
    file.features.partitionIsOptional = true
    let none = Settings(declarations: Recipe.m365Contacts.settings, values: [:])
    func problems(_ source: SystemDescription) -> [String] {
      Recipe.m365Contacts.problems(with: none, source: source, target: Systems.connectWise, sync: "acme/contacts")
        .flatMap(\.evidence).map(\.attribute)
    }
    #expect(problems(Systems.m365) == ["tenant"])
    #expect(problems(file).isEmpty)
  }
}
