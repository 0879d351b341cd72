/// Records that only the target of a two-way sync has: made at the source when nothing speaks against it, never on a guess.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct LonelyRecordTests {
  static let email = "jane.doe@acme.example"
  static let on: [SettingKey: SettingValue] = [.createContacts: .flag(true)]

  /// Customers made after `create-contacts` was switched on.
  static func world(people: [Record] = [], customers: [Record], _ settings: [SettingKey: SettingValue] = on)
    -> StagedWorld
  {
    .teamwork(
      people: people, customers: customers.map { $0.created(now) }, settings, changes: [.createContacts: yesterday])
  }

  @Test("a customer of a synced company becomes a contact, in the company that its own is linked to")
  func create() throws {
    let world = Self.world(customers: [.person("t", Self.email, of: "d", ["other-emails": .list(["j@acme.example"])])])
    let decision = try #require(world.decision(.person, target: "t"))
    #expect(StagedWorld.line(decision) == "– t create at source not-matched")
    #expect(decision.parent == "d" && decision.linking == .make(.created) && decision.written == nil)
    let after = world.applied()
    #expect(after.record(.person, .source, "n1")?.parent == "c")
    #expect(after.value(.person, .source, "n1", "other-emails") == .list(["j@acme.example"]))
    #expect(after.lines(.person).map { $0.contains("in step") } == [true])
    #expect(!after.applied().plan.hasChanges)
  }

  @Test("what it lacks is named: the fields that the recipe needs and those that the source demands")
  func required() {
    let cases: [(FieldName, Reason)] = [
      ("first-name", .missingFirstName), ("last-name", .missingLastName), ("email", .missingEmail),
    ]
    for (field, reason) in cases {
      let customer = Record.person("t", Self.email, of: "d", [field: .null, "addresses": .list([Self.email])])
      #expect(Self.world(customers: [customer]).decision(.person, target: "t")?.reason.reason == reason)
    }
    let company = Record.person("t", Self.email, of: nil)
    #expect(Self.world(customers: [company]).decision(.person, target: "t")?.reason.reason == .noCompany)
  }

  @Test("create off, an exclusion and a value that the source cannot take stop it")
  func stopped() {
    let customer = Record.person("t", Self.email, of: "d")
    var world = Self.world(customers: [customer], Self.on.merging([.create: .flag(false)]) { $1 })
    #expect(world.lines(.person) == ["– t skip create-off"])
    world = Self.world(customers: [customer])
    world.rule(.person, .exclude(.target, "t"))
    #expect(world.lines(.person) == ["– t skip excluded"])
    world = Self.world(customers: [customer.with(["first-name": .text(String(repeating: "x", count: 21))])])
    #expect(world.lines(.person) == ["– t skip too-long"])
  }

  @Test("G15 two customers with one address, and two people for one customer, are conflicts for all of them")
  func ambiguity() {
    let twins = Self.world(customers: [.person("t", Self.email, of: "d"), .person("u", Self.email, of: "d")])
    #expect(twins.lines(.person) == ["– t conflict ambiguous-target", "– u conflict ambiguous-target"])
    let rivals = Self.world(
      people: [.person("r", Self.email, of: "c"), .person("s", Self.email, of: "c")],
      customers: [.person("t", Self.email, of: "d")])
    #expect(
      rivals.lines(.person) == [
        "r – conflict ambiguous-source", "s – conflict ambiguous-source", "– t conflict ambiguous-source",
      ])
    let several = Self.world(
      people: [.person("s", Self.email, of: "c")],
      customers: [.person("t", Self.email, of: "d"), .person("u", Self.email, of: "d")])
    #expect(several.plan.decisions.filter { $0.kind == .person }.map(\.action) == [.conflict, .conflict, .conflict])
  }

  @Test("G15 a customer with the address of somebody who is linked already is not made a second time")
  func alreadyLinked() {
    var world = Self.world(
      people: [.person("s", Self.email, of: "c")],
      customers: [.person("t", Self.email, of: "d"), .person("u", "u@acme.example", of: "d")])
    world.link(.person, "s", "t")
    world.change(.person, .target, "u", ["email": .text(Self.email), "addresses": .list([Self.email])])
    #expect(world.decision(.person, target: "u")?.action == .conflict)
    world.change(.person, .target, "t", ["email": .text("new@acme.example"), "addresses": .list(["new@acme.example"])])
    #expect(world.decision(.person, target: "u")?.reason.reason == .alreadyLinked)
  }

  @Test("somebody of the source who takes no part, or was excluded, is still there: no second one is made")
  func spectators() {
    let customer = Record.person("t", Self.email, of: "d")
    var world = Self.world(people: [Record.person("s", Self.email, of: "c").with(.inactive)], customers: [customer])
    #expect(world.lines(.person) == ["s t skip inactive-at-source"])
    world = Self.world(people: [.person("s", Self.email, of: "c")], customers: [customer])
    world.rule(.person, .exclude(.source, "s"))
    #expect(world.lines(.person) == ["s – skip excluded", "– t skip excluded"])
  }

  @Test("two that a person keeps apart are two people")
  func neverPair() {
    var world = Self.world(
      people: [.person("s", Self.email, of: "c")], customers: [.person("t", Self.email, of: "d")])
    world.rule(.person, .neverPair(source: "s", target: "t"))
    #expect(world.lines(.person) == ["s – create at target not-matched", "– t create at source not-matched"])
  }

  @Test("main addresses are matched before any other, and the first that finds somebody decides")
  func keyOrder() {
    let addresses: FieldValues = ["addresses": .list(["a@acme.example", "b@acme.example"])]
    let world = Self.world(
      people: [.person("s", "a@acme.example", of: "c", addresses)],
      customers: [.person("t", "a@acme.example", of: "d"), .person("u", "b@acme.example", of: "d")])
    #expect(world.decision(.person, source: "s")?.target == "t")
    let other = Self.world(
      people: [.person("s", "a@acme.example", of: "c", addresses)], customers: [.person("u", "b@acme.example", of: "d")]
    )
    #expect(other.decision(.person, source: "s")?.target == "u")
  }

  @Test("in a one-way stage a record of the target is left alone, and told what would let it through")
  func oneWay() {
    var world = StagedWorld.itGlue(twoWay: false)
    world.add(.person, .target, .person("95", Self.email, of: "91"))
    #expect(world.lines(.person) == ["– 95 skip read-only-side"])
    let explanation = Why.explain("95", side: .target, kind: .person, in: world.situations)
    #expect(explanation?.decision.reason.fix == "set two-way to on")
  }

  @Test("G2 a source that was not read to its end has nobody made")
  func unreadSource() {
    var world = Self.world(customers: [.person("t", Self.email, of: "d")])
    world[.person].source.certificate = certificate(0, .partial(why: "page 2 of 3 answered 500"))
    #expect(world.plan.counts[.create] == nil)
    #expect(world.plan.isHeld)
  }

  @Test("every order of both readings gives the same plan")
  func order() {
    let people = (0..<4).map { Record.person(RecordID("s\($0)"), "p\($0)@acme.example", of: "c") }
    let customers = (2..<7).map { Record.person(RecordID("t\($0)"), "p\($0)@acme.example", of: "d") }
    let expected = Self.world(people: people, customers: customers).lines
    let reversed = Self.world(people: people.reversed(), customers: customers.reversed()).lines
    #expect(expected == reversed)
    #expect(expected.filter { $0.contains("create at source") }.count == 3)
  }
}
