/// Pairs that both sides may edit: what travels where, what only a person can settle, and that nothing comes back.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct TwoWayPairTests {
  static let email = "jane.doe@acme.example"

  /// A linked person in step, `s` and `t`.
  static func pair(_ settings: [SettingKey: SettingValue] = [:]) -> StagedWorld {
    let fields: FieldValues = ["twitter": .text("@jane"), "photo": .text("https://x/1.png"), "linkedin": .text("jane")]
    var world = StagedWorld.teamwork(
      people: [.person("s", email, of: "c", fields)], customers: [.person("t", email, of: "d", fields)], settings)
    world.link(.person, "s", "t")
    return world
  }

  @Test("a pair in step is in step, and so are its companies")
  func inStep() {
    #expect(Self.pair().lines == ["c d in step in-step", "s t in step in-step"])
  }

  @Test("an edit travels to the side that has not got it, each under its own cause")
  func edits() {
    var world = Self.pair()
    world.change(.person, .source, "s", ["twitter": .text("@doe")])
    #expect(world.lines(.person) == ["s t update at target changed-at-source: twitter"])
    world = Self.pair()
    world.change(.person, .target, "t", ["twitter": .text("@doe")])
    #expect(world.lines(.person) == ["s t update at source changed-at-target: twitter"])
    #expect(world.decision(.person, source: "s")?.seenFingerprint == world.record(.person, .source, "s")?.fingerprint)
  }

  @Test("edits of different fields on both sides are two decisions, the target's first, each with what it saw")
  func bothSides() {
    var world = Self.pair()
    world.change(.person, .source, "s", ["twitter": .text("@doe")])
    world.change(.person, .target, "t", ["photo": .text("https://x/2.png")])
    #expect(
      world.lines(.person) == [
        "s t update at target changed-at-source: twitter", "s t update at source changed-at-target: photo",
      ])
    let decisions = world.plan.decisions.filter { $0.kind == .person }
    #expect(
      decisions.map(\.seenFingerprint) == [
        world.record(.person, .target, "t")?.fingerprint, world.record(.person, .source, "s")?.fingerprint,
      ])
    let after = world.applied()
    #expect(after.lines(.person) == ["s t in step in-step"])
    #expect(after.value(.person, .source, "s", "photo") == .text("https://x/2.png"))
    #expect(after.value(.person, .target, "t", "twitter") == .text("@doe"))
  }

  @Test("a field that both sides edited is left to a person while the other fields travel")
  func conflict() throws {
    var world = Self.pair()
    world.change(.person, .source, "s", ["twitter": .text("@one"), "photo": .text("https://x/2.png")])
    world.change(.person, .target, "t", ["twitter": .text("@two")])
    let decision = try #require(world.decision(.person, source: "s"))
    #expect(StagedWorld.line(decision) == "s t update at target changed-at-source: photo")
    #expect(decision.also.map(\.reason) == [.bothChanged])
    let note = try #require(decision.notes.first { $0.reason == .bothChanged })
    #expect(note.field == "twitter" && note.baseline == .text("@jane") && note.otherBaseline == .text("@jane"))
    // With nothing else to write, the conflict is what the pair ends in; what both made equal is settled all the same.
    let after = world.applied()
    #expect(after.lines(.person) == ["s t conflict both-changed"])
    var equal = after
    equal.change(.person, .source, "s", ["linkedin": .text("new")])
    equal.change(.person, .target, "t", ["linkedin": .text("new")])
    #expect(equal.decision(.person, source: "s")?.settlesOnly == true)
    #expect(equal.applied()[.person].baselines["s"]?.source["linkedin"] == .text("new"))
  }

  @Test("the conflict is listed with all four values, and either side's can be taken")
  func conflictTable() throws {
    var world = Self.pair()
    world.change(.person, .source, "s", ["twitter": .text("@one")])
    world.change(.person, .target, "t", ["twitter": .text("@two")])
    let row = try #require(Conflicts.table(world.situations).first)
    #expect(row.isOpen && row.field == "twitter" && row.label == Self.email)
    #expect([row.sourceValue, row.targetValue] == [.text("@one"), .text("@two")])
    #expect([row.sourceBaseline, row.targetBaseline] == [.text("@jane"), .text("@jane")])
    world.rule(.person, row.ruling(taking: .target))
    #expect(world.lines(.person) == ["s t update at source settled-by-person: twitter"])
    #expect(Conflicts.table(world.applied().situations).isEmpty)
    // The word holds only as long as both hold what they held.
    world.change(.person, .target, "t", ["twitter": .text("@three")])
    #expect(world.lines(.person) == ["s t conflict both-changed"])
  }

  @Test(
    "conflicts by setting: ask, a system's handle, the newest",
    arguments: [
      ("ask", "s t conflict both-changed"), ("teamwork", "s t update at target other-side-wins: twitter"),
      ("desk", "s t update at source other-side-wins: twitter"),
      ("newest", "s t update at source other-side-wins: twitter"),
    ])
  func conflictSetting(word: String, expected: String) {
    var world = Self.pair([.conflicts: .text(word)])
    world.change(.person, .source, "s", ["twitter": .text("@one")])
    world.change(.person, .target, "t", ["twitter": .text("@two")])
    world.edit(.person, .target) { $0[0].modified = yesterday.addingTimeInterval(60) }
    #expect(world.lines(.person) == [expected])
  }

  @Test("newest asks where the moments cannot tell, and where a record has none")
  func newestUnknown() {
    var world = Self.pair([.conflicts: .text("newest")])
    world.change(.person, .source, "s", ["twitter": .text("@one")])
    world.change(.person, .target, "t", ["twitter": .text("@two")])
    #expect(world.lines(.person) == ["s t conflict both-changed"])
    world.edit(.person, .target) { $0[0].modified = nil }
    #expect(world.lines(.person) == ["s t conflict both-changed"])
  }

  @Test("a system that is none of the two is no answer to conflicts")
  func conflictSettingInvalid() {
    let world = Self.pair([.conflicts: .text("autotask")])
    #expect(world.plan.obstacles.map(\.reason) == [.settingsInvalid])
  }

  @Test("first match: blanks are filled from the other side, on both sides at once, and a difference settles")
  func firstMatch() {
    let world = StagedWorld.teamwork(
      people: [.person("s", Self.email, of: "c", ["twitter": .text("@jane"), "linkedin": .text("jane")])],
      customers: [.person("t", Self.email, of: "d", ["photo": .text("https://x/1.png"), "linkedin": .text("doe")])])
    #expect(
      world.lines(.person) == [
        "s t update at target differs-at-first-match: twitter", "s t update at source differs-at-first-match: photo",
      ])
    let after = world.applied()
    #expect(after.lines(.person) == ["s t in step differs-since-linked"])
    #expect(Conflicts.table(after.situations).map { "\($0.field) \($0.isOpen)" } == ["linkedin false"])
    // Somebody edits one of the two: the difference ends there.
    var edited = after
    edited.change(.person, .target, "t", ["linkedin": .text("jane-doe")])
    #expect(edited.lines(.person) == ["s t update at source changed-at-target: linkedin"])
  }

  @Test("G13 our own writes, also as the vendor stores them, never come back")
  func echo() {
    var world = Self.pair()
    world.change(.person, .source, "s", ["twitter": .text("@DOE"), "photo": .text("https://x/long.png")])
    world.change(.person, .target, "t", ["linkedin": .text("Jane Doe")])
    var next = world.applied { value in .text(value.displayed.lowercased() + "!") }
    #expect(!next.plan.hasWrites)
    for _ in 0..<3 { next = next.applied() }
    #expect(!next.plan.hasChanges)
    #expect(next.value(.person, .target, "t", "twitter") == .text("@doe!"))
  }

  @Test("G17 a blank overwrites nothing, and what was not said says nothing")
  func blanks() {
    var world = Self.pair()
    world.change(.person, .source, "s", ["twitter": .null])
    world.change(.person, .target, "t", ["photo": .text(" ")])
    #expect(!world.plan.hasChanges)
    world.set(.clearBlanks, .flag(true))
    #expect(
      world.lines(.person) == [
        "s t update at target changed-at-source: twitter", "s t update at source changed-at-target: photo",
      ])
    world = Self.pair()
    world.edit(.person, .source) { $0[0] = $0[0].without("twitter") }
    world.change(.person, .target, "t", ["twitter": .text("@new")])
    #expect(!world.plan.hasChanges)
  }

  @Test("a required field that was lost on one side stops the pair and keeps the link", arguments: Side.allCases)
  func lostField(side: Side) {
    var world = Self.pair([.clearBlanks: .flag(true)])
    world.change(.person, side, side == .source ? "s" : "t", ["last-name": .null])
    #expect(world.lines(.person) == ["s t skip missing-last-name"])
  }

  @Test("what the other side cannot take leaves that field alone and lets the others travel")
  func faults() throws {
    var world = Self.pair()
    let many = ["1@x.example", "2@x.example", "3@x.example", "4@x.example"]
    world.change(
      .person, .target, "t",
      ["first-name": .text(String(repeating: "x", count: 21)), "other-emails": .list(many), "twitter": .text("@new")])
    let decision = try #require(world.decision(.person, source: "s"))
    #expect(StagedWorld.line(decision) == "s t update at source changed-at-target: twitter")
    #expect(Set(decision.notes.map(\.reason)) == [.tooLong, .manyValues])
    world = Self.pair()
    world.change(.person, .source, "s", ["email": .text("nobody")])
    #expect(world.lines(.person) == ["s t in step invalid-value"])
  }

  @Test("G15 swapping the main and another address is one update, never two people")
  func swap() {
    var world = StagedWorld.teamwork(
      people: [.person("s", Self.email, of: "c", ["other-emails": .list(["jd@acme.example"])])],
      customers: [.person("t", Self.email, of: "d", ["other-emails": .list(["jd@acme.example"])])])
    world.link(.person, "s", "t")
    world.change(
      .person, .target, "t", ["email": .text("jd@acme.example"), "other-emails": .list([Self.email])])
    #expect(world.lines(.person) == ["s t update at source changed-at-target: email, other-emails"])
    #expect(world.applied().lines(.person) == ["s t in step in-step"])
  }

  @Test("a login at Teamwork.com is read and never written to; its own edits travel")
  func readOnlySide() throws {
    var world = Self.pair()
    world.change(.person, .source, "s", ["user-type": .text("account")])
    world.change(.person, .target, "t", ["twitter": .text("@new")])
    #expect(world.lines(.person) == ["s t skip read-only-side"])
    #expect(world.decision(.person, source: "s")?.reason.evidence.first?.found == "account")
    world.change(.person, .source, "s", ["photo": .text("https://x/2.png")])
    let decision = try #require(world.decision(.person, source: "s"))
    #expect(StagedWorld.line(decision) == "s t update at target changed-at-source: photo")
    #expect(decision.also.map(\.reason) == [.readOnlySide])
  }

  @Test("flapping counts writes to either side, under that side's own names")
  func flapping() {
    var world = Self.pair()
    world.change(.person, .target, "t", ["twitter": .text("@new")])
    let write = FieldWrite(kind: .person, side: .source, target: "s", field: "twitter", at: now)
    world[.person].standing.fieldWrites = [write, write, write]
    #expect(world.lines(.person) == ["s t skip flapping"])
    world[.person].standing.fieldWrites = [write, write]
    #expect(world.plan.hasWrites)
  }

  @Test("deleting either side breaks the link and leaves the other, and neither comes back", arguments: Side.allCases)
  func deletes(side: Side) {
    var world = Self.pair()
    let (gone, left): (RecordID, RecordID) = side == .source ? ("s", "t") : ("t", "s")
    world.remove(.person, side, gone)
    #expect(world.lines(.person) == ["s t unlink link-broken"])
    var after = world.applied()
    #expect(after.plan.decisions.filter { $0.kind == .person }.map(\.reason.reason) == [.linkBroken])
    #expect(!after.plan.hasChanges)
    // A fresh record with the same key on the deleted side is not linked by itself either.
    let fresh = Record.person("f", Self.email, of: side == .source ? "c" : "d")
    var recreated = after
    recreated.add(.person, side, fresh)
    #expect(!recreated.plan.hasChanges)
    #expect(recreated.plan.decisions.filter { $0.kind == .person }.allSatisfy { $0.reason.reason == .linkBroken })
    // Relinking makes the missing side again, or pairs what is there.
    after.relink(.person, "s")
    #expect(after.lines(.person).map { $0.contains("create at \(side.rawValue)") } == [true], "\(after.lines)")
    let remade = after.applied()
    #expect(remade.lines(.person).map { $0.contains("in step") } == [true])
    #expect(remade[.person].links.count == 1)
    recreated.relink(.person, "s")
    let paired = recreated.applied()
    #expect(recreated.lines(.person).count == 1, "\(recreated.lines)")
    #expect(paired[.person].links.map { $0.state } == [.linked])
    #expect(paired[.person].links.first.map { $0.source == left || $0.target == left } == true)
    #expect(!paired.plan.hasChanges)
  }

  @Test("a pair that is to be linked again and is there on both sides is linked by its ids", arguments: Side.allCases)
  func relinkWhole(missing: Side) {
    var world = Self.pair()
    world.breakLink(.person, "s", missing: missing)
    #expect(!world.plan.hasChanges)
    world.relink(.person, "s")
    world.change(.person, .target, "t", ["email": .text("new@acme.example"), "addresses": .list(["new@acme.example"])])
    #expect(world.decision(.person, source: "s")?.target == "t")
    #expect(world.plan.counts[.create] == nil)
    #expect(world.applied()[.person].links.map(\.state) == [.linked])
  }

  @Test("relink is a person's permission: no rule about new records stands against it", arguments: Side.allCases)
  func relinkObeysNobody(missing: Side) {
    var world = Self.pair([.create: .flag(false), .createContacts: .flag(false)])
    world.add(.company, .target, .company("e", "Beta"))
    world.add(.company, .source, .company("f", "Beta"))
    world.link(.company, "f", "e")
    world.remove(.person, missing, missing == .source ? "s" : "t")
    world.remove(.company, missing, missing == .source ? "f" : "e")
    var after = world.applied()
    #expect(!after.plan.hasChanges)
    after.relink(.person, "s")
    after.relink(.company, "f")
    #expect(
      after.plan.decisions.filter(\.action.isChange).map { "\($0.kind.rawValue) \($0.action.rawValue)" }
        == ["company create", "person create"])
  }

  @Test("G15 a customer merged into another hands its pair over; deleted, or merged into a linked one, it is gone")
  func merged() throws {
    var world = Self.pair()
    world.remove(.person, .target, "t")
    let survivor = Record.person(
      "u", "other@acme.example", of: "d", ["addresses": .list(["other@acme.example", Self.email])])
    world.add(.person, .target, survivor)
    let decision = try #require(world.decision(.person, source: "s"))
    #expect(decision.target == "u" && decision.action.isChange)
    #expect(decision.linking == .make(.key("addresses", value: Self.email)))
    #expect(world.plan.counts[.unlink] == nil && world.plan.counts[.create] == nil)
    let after = world.applied()
    #expect(after[.person].links.map { "\($0.source) \($0.target) \($0.state)" } == ["s u linked"])
    #expect(!after.applied().plan.hasWrites)
    // Absence has to be proved, and the other one must be free.
    var unproved = world
    unproved[.person].target.certificate = certificate(1, .delta)
    #expect(unproved.decision(.person, source: "s")?.action == .skip)
    var taken = world
    taken.add(.person, .source, .person("v", "other@acme.example", of: "c"))
    taken.link(.person, "v", "u")
    #expect(taken.decision(.person, source: "s")?.action == .unlink)
  }

  @Test(
    "G3 a record that a reading does not show breaks nothing unless its absence is proved", arguments: Side.allCases)
  func absence(side: Side) {
    var world = Self.pair()
    world.remove(.person, side, side == .source ? "s" : "t")
    if side == .source {
      world[.person].source.certificate = certificate(0, .delta)
    } else {
      world[.person].target.certificate = certificate(0, .delta)
    }
    #expect(world.plan.counts[.unlink] == nil)
    #expect(Planner.unseen(in: world[.person])[side] != nil)
  }
}
