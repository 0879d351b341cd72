/// What becomes of records whose companies are paired, are about to be, do not sync, or are not one pair.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct ParentTests {
  static let email = "jane.doe@acme.example"

  /// A linked person in step, and a second pair of linked companies, `c2` and `d2`.
  static func pair() -> StagedWorld {
    var world = StagedWorld.teamwork(
      people: [.person("s", email, of: "c")], customers: [.person("t", email, of: "d")])
    world.add(.company, .source, .company("c2", "Zeta"))
    world.add(.company, .target, .company("d2", "Zeta"))
    world.link(.company, "c2", "d2")
    world.link(.person, "s", "t")
    return world
  }

  @Test("people of a company that this plan creates are created with it, companies first")
  func pending() {
    var world = StagedWorld.teamwork(people: [.person("s", Self.email, of: "new")])
    world.add(.company, .source, .company("new", "Beta"))
    #expect(
      world.lines == [
        "new – create at target not-matched", "c d in step in-step", "s – create at target not-matched",
      ])
    let after = world.applied()
    #expect(after.record(.person, .target, "n2")?.parent == "n1")
    // Where the person belongs is settled by the next plan; then all is quiet.
    #expect(!after.plan.hasChanges)
    #expect(!after.applied().plan.hasChanges)
  }

  @Test("a company that is matched by this plan is a pair for its people")
  func matched() {
    var world = StagedWorld.teamwork(
      people: [.person("s", Self.email, of: "m")], customers: [.person("t", Self.email, of: "n")])
    world.add(.company, .source, .company("m", "Beta"))
    world.add(.company, .target, .company("n", "Beta"))
    #expect(world.lines == ["m n link matched", "c d in step in-step", "s t link matched"])
  }

  @Test(
    "a company that does not sync takes its people with it, and is named with its own reason",
    arguments: [("owner", Reason.ownerCompany), ("excluded", .excluded), ("ambiguous", .ambiguousSource)])
  func left(why: String, reason: Reason) throws {
    var world = StagedWorld.teamwork(people: [.person("s", Self.email, of: "x")])
    world.add(.company, .source, .company("x", "Beta", ["is-owner": .flag(why == "owner")]))
    if why == "excluded" { world.rule(.company, .exclude(.source, "x")) }
    if why == "ambiguous" { world.add(.company, .source, .company("y", "Beta")) }
    let decision = try #require(world.decision(.person, source: "s"))
    #expect(decision.reason.reason == .companyNotSynced)
    #expect(decision.reason.evidence.first?.found == "Beta, which does not sync (\(reason.rawValue))")
  }

  @Test("no company, and a company that nobody read, are told apart")
  func missing() {
    let world = StagedWorld.teamwork(
      people: [.person("s", Self.email, of: nil), .person("u", "u@acme.example", of: "nowhere")])
    #expect(world.decision(.person, source: "s")?.reason.reason == .noCompany)
    #expect(world.decision(.person, source: "u")?.reason.reason == .companyNotSynced)
  }

  @Test("an address that somebody has in another company is neither matched nor made a second time")
  func partition() {
    var world = Self.pair()
    world.add(.person, .source, .person("u", "u@acme.example", of: "c"))
    world.add(.person, .target, .person("v", "u@acme.example", of: "d2"))
    let decision = world.decision(.person, source: "u")
    #expect(decision?.action == .skip)
    #expect(decision?.reason.reason == .otherCompany)
    #expect(decision?.reason.evidence.count == 2)
    #expect(world.decision(.person, target: "v")?.reason.reason == .otherCompany)
  }

  @Test("a person who moves to another synced company is moved on the other side", arguments: Side.allCases)
  func move(side: Side) throws {
    var world = Self.pair()
    world.move(side, side == .source ? "s" : "t", to: side == .source ? "c2" : "d2")
    let decision = try #require(world.decision(.person, source: "s"))
    let reason = side == .source ? "changed-at-source" : "changed-at-target"
    #expect(StagedWorld.line(decision) == "s t update at \(side.other.rawValue) \(reason): company")
    #expect(decision.changes.first?.new == .text(side == .source ? "d2" : "c2"))
    #expect(world.situations[1].stage.newParent(of: decision.changes) == (side == .source ? "d2" : "c2"))
    let after = world.applied()
    #expect(after.record(.person, .source, "s")?.parent == "c2")
    #expect(after.record(.person, .target, "t")?.parent == "d2")
    #expect(after.lines(.person) == ["s t in step in-step"])
    #expect(after[.person].baselines["s"]?.source[.company] == .text("c2"))
  }

  @Test("a customer whom Desk holds by the domain of the address is not moved, and the reason names both companies")
  func heldByDomain() throws {
    var world = Self.pair()
    world.change(.person, .target, "t", ["add-method": .text("auto")])
    world.move(.source, "s", to: "c2")
    let decision = try #require(world.decision(.person, source: "s"))
    #expect(decision.action == .skip)
    #expect(decision.reason.reason == .otherCompany)
    #expect(decision.reason.evidence.map(\.attribute).last == "add-method")
    #expect(decision.reason.evidence.count == 3)
    // By hand at Desk it can be moved, and then the contact follows.
    var back = Self.pair()
    back.change(.person, .target, "t", ["add-method": .text("auto")])
    back.move(.target, "t", to: "d2")
    #expect(back.decision(.person, source: "s")?.changes.first?.field == .company)
  }

  @Test("a move and edits of the same side travel together; those of the other side apart")
  func moveWithEdits() {
    var world = Self.pair()
    world.move(.source, "s", to: "c2")
    world.change(.person, .source, "s", ["twitter": .text("@jane")])
    world.change(.person, .target, "t", ["photo": .text("https://x/1.png")])
    #expect(
      world.lines(.person) == [
        "s t update at target changed-at-source: company, twitter",
        "s t update at source differs-at-first-match: photo",
      ]
        || world.lines(.person) == [
          "s t update at target changed-at-source: company, twitter",
          "s t update at source changed-at-target: photo",
        ])
  }

  @Test("moved on both sides to different companies, or without a memory of where they were: other-company")
  func otherCompany() throws {
    var world = Self.pair()
    world.add(.company, .source, .company("c3", "Eta"))
    world.add(.company, .target, .company("d3", "Eta"))
    world.link(.company, "c3", "d3")
    world.move(.source, "s", to: "c2")
    world.move(.target, "t", to: "d3")
    let decision = try #require(world.decision(.person, source: "s"))
    #expect(decision.reason.reason == .otherCompany)
    #expect(decision.reason.evidence.map(\.found) == ["Zeta (c2)", "Eta (d3)"])
    world = Self.pair()
    world[.person].baselines["s"]?.source[.company] = nil
    world.move(.source, "s", to: "c2")
    #expect(world.lines(.person) == ["s t skip other-company"])
  }

  @Test("a system that cannot move people leaves them where they are and says so")
  func cannotMove() {
    var world = Self.pair()
    for index in world.situations.indices { world.situations[index].targetSystem.features.moves = [] }
    world.move(.source, "s", to: "c2")
    #expect(world.lines(.person) == ["s t skip other-company"])
  }

  @Test(
    "a person who moves to a company that does not sync leaves the scope and keeps the link", arguments: [true, false])
  func movedOut(hasCompany: Bool) {
    var world = Self.pair()
    world.add(.company, .target, .company("z", "Not promoted"))
    world.move(.target, "t", to: hasCompany ? "z" : nil)
    world.change(.person, .source, "s", ["twitter": .text("@jane")])
    #expect(world.lines(.person) == ["s t skip \(hasCompany ? "company-not-synced" : "no-company")"])
    #expect(world[.person].links.map(\.state) == [.linked])
  }

  @Test(
    "one-way: the source's company rules, and a target that was moved is put back or left", arguments: [true, false])
  func oneWay(overwrites: Bool) {
    var world = StagedWorld.itGlue(
      twoWay: false, [.targetEdits: .text(overwrites ? "overwrite" : "keep")])
    let gate: FieldValues = ["type": .text("Customer"), "status": .text("Active")]
    world.add(.company, .source, .company("2", "Zeta", gate))
    world.add(.company, .target, .company("92", "Zeta", gate))
    world.link(.company, "2", "92")
    world.add(.person, .source, .person("5", Self.email, of: "1"))
    world.add(.person, .target, .person("95", Self.email, of: "91"))
    world.link(.person, "5", "95")
    for index in world.situations.indices { world.situations[index].targetSystem.features.moves = [.person] }
    world.move(.target, "95", to: "92")
    #expect(
      world.lines(.person) == [
        overwrites ? "5 95 update at target edited-at-target: company" : "5 95 skip other-company"
      ])
    world.move(.source, "5", to: "2")
    #expect(!world.plan.hasWrites)
  }
}
