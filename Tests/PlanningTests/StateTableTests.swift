/// The state table of the recipe, every cell.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct StateTableTests {
  /// How the source record stands.
  enum Source: String, CaseIterable {
    case active, disabled, unlicensed, guest, gone, outOfScope
  }
  enum Target: String, CaseIterable { case none, active, inactive, gone }

  struct Cell: CustomTestStringConvertible {
    var source: Source
    var isLinked: Bool
    var target: Target
    var on: String
    var off: String
    var testDescription: String { "\(source) \(isLinked ? "linked" : "new") \(target)" }
    init(_ source: Source, _ isLinked: Bool, _ target: Target, on: String, off: String) {
      self.source = source
      self.isLinked = isLinked
      self.target = target
      self.on = on
      self.off = off
    }
  }

  static let table: [Cell] = [
    Cell(.active, false, .none, on: "create not-matched", off: "create not-matched"),
    Cell(.active, false, .active, on: "update differs-at-first-match", off: "link matched"),
    Cell(.active, false, .inactive, on: "reactivate active-again", off: "link matched"),
    Cell(.active, true, .active, on: "update changed-at-source", off: "skip update-off"),
    Cell(.active, true, .inactive, on: "reactivate active-again", off: "skip update-off"),
    Cell(.active, true, .gone, on: "unlink link-broken", off: "unlink link-broken"),

    Cell(.disabled, false, .none, on: "skip sign-in-disabled", off: "skip sign-in-disabled"),
    Cell(.disabled, false, .active, on: "skip sign-in-disabled", off: "skip sign-in-disabled"),
    Cell(.disabled, true, .active, on: "deactivate sign-in-disabled", off: "skip update-off"),
    Cell(.disabled, true, .inactive, on: "in step in-step", off: "in step in-step"),
    Cell(.disabled, true, .gone, on: "unlink link-broken", off: "unlink link-broken"),

    Cell(.unlicensed, false, .none, on: "skip unlicensed", off: "skip unlicensed"),
    Cell(.unlicensed, false, .inactive, on: "skip unlicensed", off: "skip unlicensed"),
    Cell(.unlicensed, true, .active, on: "deactivate unlicensed", off: "skip update-off"),
    Cell(.unlicensed, true, .inactive, on: "in step in-step", off: "in step in-step"),

    Cell(.guest, false, .none, on: "skip guest", off: "skip guest"),
    Cell(.guest, false, .active, on: "skip guest", off: "skip guest"),
    Cell(.guest, true, .active, on: "skip guest", off: "skip guest"),

    Cell(.gone, true, .active, on: "deactivate deleted-at-source", off: "skip update-off"),
    Cell(.gone, true, .inactive, on: "in step in-step", off: "in step in-step"),
    Cell(.gone, true, .gone, on: "unlink link-broken", off: "unlink link-broken"),

    Cell(.outOfScope, false, .none, on: "skip domain-not-selected", off: "skip domain-not-selected"),
    Cell(.outOfScope, false, .active, on: "skip domain-not-selected", off: "skip domain-not-selected"),
    Cell(.outOfScope, true, .active, on: "skip domain-not-selected", off: "skip domain-not-selected"),
    Cell(.outOfScope, true, .inactive, on: "skip domain-not-selected", off: "skip domain-not-selected"),
  ]

  static func world(_ cell: Cell, updateExisting: Bool) -> TestWorld {
    let email = "jane.doe@acme.example"
    var world = TestWorld([.user("s", email, ["title": .text("Clerk")])], [], [.updateExisting: .flag(updateExisting)])
    if cell.target != .none {
      world.situation.target.records = [
        .contact("t", email, ["title": .text("Clerk")], state: cell.target == .inactive ? .inactive : .active)
      ]
    }
    if cell.isLinked { world.link("s", "t") }
    if cell.target == .gone { world.situation.target.records = [] }
    switch cell.source {
    case .active: world.change(.source, "s", ["title": .text("Office manager")])
    case .disabled: world.change(.source, "s", ["account-enabled": .flag(false)])
    case .unlicensed: world.change(.source, "s", ["licences": .list([]), "licence-names": .list([])])
    // Guests come before licence and sign-in.
    case .guest:
      let blocked: FieldValues = ["account-enabled": .flag(false), "licences": .list([])]
      world.change(.source, "s", FieldValues(["user-type": .text("Guest")]).merging(cell.isLinked ? [:] : blocked))
    case .gone: world.situation.source.records = []
    case .outOfScope: world.set(.domains, .list(["other.example"]))
    }
    world.situation.source.certificate = certificate(world.situation.source.records.count)
    world.situation.target.certificate = certificate(world.situation.target.records.count)
    return world
  }

  @Test("every cell of the state table", arguments: table)
  func cell(_ cell: Cell) {
    #expect(Self.world(cell, updateExisting: true).outcome("s") == cell.on)
    #expect(Self.world(cell, updateExisting: false).outcome("s") == cell.off)
  }

  @Test("somebody who left is deactivated once, although the address went in the same breath")
  func leaverWithoutAddress() {
    var world = TestWorld(
      [.user("s", "jane.doe@acme.example")], [.contact("t", "jane.doe@acme.example")], [.updateExisting: .flag(true)]
    ).linked(("s", "t"))
    world.set(.domains, .list(["acme.example"]))
    world.change(.source, "s", ["account-enabled": .flag(false), "email": .null, "addresses": .list([])])
    #expect(world.lines == ["s t deactivate sign-in-disabled"])
    let after = world.applied()
    #expect(after.lines == ["s t in step in-step"])
  }

  @Test("sign-in disabled is told before a missing licence, and both are listed")
  func bothInactiveReasons() {
    let world = TestWorld([.user("s", "a.b@acme.example", ["account-enabled": .flag(false), "licences": .list([])])])
    #expect(world.outcome("s") == "skip sign-in-disabled")
  }

  @Test("G17 an unknown sign-in flag or licence list deactivates nobody", arguments: ["account-enabled", "licences"])
  func unknownState(_ field: String) {
    var world = TestWorld(
      [.user("s", "a.b@acme.example")], [.contact("t", "a.b@acme.example")], [.updateExisting: .flag(true)]
    ).linked(("s", "t"))
    world.situation.source.records = world.situation.source.records.map { $0.without(FieldName(field)) }
    #expect(world.outcome("s") == "skip source-incomplete")
  }

  @Test("ignored licences do not count, by sku id or part number, without case")
  func ignoredLicences() {
    let id = "F30DB892-07E9-47E9-837C-80727F46FD3D"
    let user = Record.user("s", "a.b@acme.example", ["licences": .list([id]), "licence-names": .list(["FLOW_FREE"])])
    for ignored in [id.lowercased(), "flow_free"] {
      #expect(TestWorld([user], [], [.ignoreLicences: .list([ignored])]).outcome("s") == "skip unlicensed")
    }
    #expect(TestWorld([user], [], [.ignoreLicences: .list(["other"])]).outcome("s") == "create not-matched")
  }

  @Test("a part number cannot be judged without licence names, and the permission is named")
  func licenceNamesMissing() {
    let user = Record.user("s", "a.b@acme.example").without("licence-names")
    let world = TestWorld([user], [], [.ignoreLicences: .list(["FLOW_FREE"])])
    #expect(world.outcome("s") == "skip permission-missing")
    #expect(world.decision("s")?.reason.fix?.contains("Organization.Read.All") == true)
  }

  @Test("reactivate off leaves an inactive contact and says so; a new pair is only linked")
  func reactivateOff() {
    let world = TestWorld(
      [.user("s", "a.b@acme.example")], [.contact("t", "a.b@acme.example", state: .inactive)],
      [.updateExisting: .flag(true), .reactivate: .flag(false)])
    #expect(world.outcome("s") == "link matched")
    #expect(world.linked(("s", "t")).outcome("s") == "skip reactivate-off")
  }

  @Test("out-of-scope deactivate deactivates for the scope's reason, and only then")
  func outOfScopeDeactivate() {
    var world = TestWorld(
      [.user("s", "a.b@acme.example")], [.contact("t", "a.b@acme.example")],
      [.updateExisting: .flag(true), .domains: .list(["other.example"])]
    ).linked(("s", "t"))
    #expect(world.outcome("s") == "skip domain-not-selected")
    world.set(.outOfScope, .text("deactivate"))
    #expect(world.outcome("s") == "deactivate domain-not-selected")
    world.set(.updateExisting, .flag(false))
    #expect(world.outcome("s") == "skip update-off")
  }

  @Test("everybody outside the selected domains is left out for it, with the domain shown")
  func domains() {
    let users = (1...4).map { Record.user(RecordID("s\($0)"), "p.q\($0)@\($0 < 3 ? "Acme.Example" : "old.example")") }
    let world = TestWorld(users, [], [.domains: .list(["@acme.example"])])
    #expect(world.plan.counts == [.create: 2, .skip: 2])
    for decision in world.plan.decisions where decision.action == .skip {
      #expect(decision.reason.reason == .domainNotSelected)
      #expect(decision.reason.evidence.first?.found == "old.example")
    }
  }

  @Test("an excluded person is touched by no rule, linked or not")
  func excluded() {
    var world = TestWorld(
      [.user("s", "a.b@acme.example", ["account-enabled": .flag(false)])], [.contact("t", "a.b@acme.example")],
      [.updateExisting: .flag(true)]
    ).linked(("s", "t"))
    world.rule(.exclude(.source, "s"))
    #expect(world.lines == ["s t skip excluded"])
    #expect(world.decision("s")?.also.isEmpty == true)
  }

  @Test("a missing address or first name stops a create; an existing contact needs no first name")
  func requiredFields() {
    #expect(TestWorld([.user("s", nil)]).outcome("s") == "skip missing-email")
    let nameless = Record.user("s", "a.b@acme.example", ["first-name": .text(" ")])
    #expect(TestWorld([nameless]).outcome("s") == "skip missing-first-name")
    #expect(TestWorld([nameless], [.contact("t", "a.b@acme.example")]).outcome("s") == "link matched")
    #expect(TestWorld([.user("s", "no at sign")]).outcome("s") == "skip invalid-value")
    let long = Record.user("s", "a.b@acme.example", ["first-name": .text(String(repeating: "x", count: 31))])
    #expect(TestWorld([long]).outcome("s") == "skip too-long")
  }

  @Test("create off stops creates and nothing else")
  func createOff() {
    let world = TestWorld(
      [.user("s", "a.b@acme.example"), .user("u", "c.d@acme.example")], [.contact("t", "c.d@acme.example")],
      [.create: .flag(false)])
    #expect(world.outcome("s") == "skip create-off")
    #expect(world.outcome("u") == "link matched")
  }
}
