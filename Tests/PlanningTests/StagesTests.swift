/// Several stages in one plan: their order, the guards over all of them, the explanations, and undo on either side.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct StagesTests {
  static let email = "jane.doe@acme.example"

  /// Ten linked companies with a linked person each, all in step.
  static func world(_ count: Int = 10) -> StagedWorld {
    var world = StagedWorld(.teamworkDesk, from: Systems.teamwork, to: Systems.desk)
    for number in 0..<count {
      let (c, d) = (RecordID("c\(number)"), RecordID("d\(number)"))
      let (s, t) = (RecordID("s\(number)"), RecordID("t\(number)"))
      world.add(.company, .source, .company(c, "Company \(number)"))
      world.add(.company, .target, .company(d, "Company \(number)"))
      world.link(.company, c, d)
      world.add(.person, .source, .person(s, "p\(number)@acme.example", of: c))
      world.add(.person, .target, .person(t, "p\(number)@acme.example", of: d))
      world.link(.person, s, t)
    }
    return world
  }

  // MARK: - The plan

  @Test("decisions come stage by stage, companies first, numbered through, with the readings of each stage")
  func order() {
    var world = Self.world(2)
    world.change(.person, .source, "s0", ["twitter": .text("@x")])
    world.change(.company, .source, "c1", ["website": .text("x.example")])
    let plan = world.plan
    #expect(plan.decisions.map(\.number) == Array(1...4))
    #expect(plan.decisions.map(\.kind) == [.company, .company, .person, .person])
    #expect(plan.decisions.map(\.action) == [.update, .inStep, .update, .inStep])
    #expect(plan.reads.map(\.kind) == [.company, .person])
    #expect(plan.reads.map { $0[.source]?.recordCount } == [2, 2])
  }

  @Test("links, baselines and verdicts of one kind say nothing of another, though the ids are the same")
  func kinds() {
    var world = StagedWorld(.teamworkDesk, from: Systems.teamwork, to: Systems.desk)
    world.add(.company, .source, .company("1", "Acme"))
    world.add(.company, .target, .company("1", "Acme"))
    world.add(.person, .source, .person("1", Self.email, of: "1"))
    world.add(.person, .target, .person("1", Self.email, of: "1"))
    world.link(.company, "1", "1")
    for index in world.situations.indices { world.situations[index].links = world[.company].links }
    world[.person].verdicts = [
      Verdict(kind: .company, ruling: .exclude(.source, "1"), reason: "", madeBy: "zoe", madeAt: now)
    ]
    #expect(world.lines == ["1 1 in step in-step", "1 1 link matched"])
  }

  @Test("one stage's reading that is not usable holds the plan")
  func readings() {
    var world = Self.world(2)
    world[.person].target.certificate = certificate(2, .partial(why: "page 2 of 3 answered 500"))
    #expect(world.plan.obstacles.map(\.reason) == [.targetIncomplete])
    #expect(world.lines(.company) == ["c0 d0 in step in-step", "c1 d1 in step in-step"])
  }

  @Test("G2 a company reading that is not usable creates nobody in any stage")
  func companyReading() {
    var world = StagedWorld.teamwork(people: [.person("s", Self.email, of: "c")])
    world[.company].target.certificate = certificate(0, .partial(why: "page 1 answered 500"))
    #expect(!world.plan.hasWrites)
    #expect(world.decision(.person, source: "s")?.reason.reason == .companyNotSynced)
  }

  // MARK: - Guards

  @Test("G5 the guards count the writes of all stages and both sides", arguments: [25, 26])
  func updates(count: Int) {
    var world = Self.world(50)
    for number in 0..<count {
      world.change(.company, .source, RecordID("c\(number)"), ["website": .text("x.example")])
      world.change(.person, .target, RecordID("t\(number)"), ["twitter": .text("@x")])
    }
    #expect(world.plan.changeCounts[.updates] == 2 * count)
    #expect(world.plan.guards.map(\.word) == (count == 26 ? ["updates"] : []))
  }

  @Test("G5 addresses written to either side count together")
  func addresses() {
    var world = Self.world(40)
    for number in 0..<21 {
      let (side, id): (Side, RecordID) =
        number.isMultiple(of: 2) ? (.source, RecordID("s\(number)")) : (.target, RecordID("t\(number)"))
      world.change(.person, side, id, ["email": .text("new\(number)@acme.example")])
    }
    #expect(world.plan.guards.map(\.word) == ["addresses"])
    #expect(world.plan.guards.first?.count == 21)
  }

  @Test("G5 an empty complete reading of any stage holds the plan")
  func empty() {
    var world = Self.world(3)
    world.edit(.person, .source) { $0 = [] }
    world[.person].source.certificate = certificate(0, earlier: [3, 3])
    #expect(world.plan.guards.map(\.word) == ["source-incomplete"])
    #expect(world.plan.counts[.unlink] == nil)
  }

  @Test("a tenant's sync is never asked whether it is the right tenant")
  func nothingMatched() {
    var world = StagedWorld(.teamworkDesk, from: Systems.teamwork, to: Systems.desk)
    for number in 0..<20 {
      world.add(.company, .source, .company(RecordID("c\(number)"), "Client \(number)"))
      world.add(.company, .target, .company(RecordID("d\(number)"), "Other \(number)"))
    }
    #expect(world.plan.guards.isEmpty)
  }

  // MARK: - Why

  @Test("a funnel for each stage, each adding up, with what only the target has among its records")
  func funnels() {
    var world = Self.world(3)
    world.add(.company, .target, .company("d9", "Only at Desk"))
    world.add(.person, .target, .person("t9", "t9@acme.example", of: "d0"))
    world.add(.person, .source, .person("s8", "s8@acme.example", of: "c0", ["last-name": .null]))
    world.change(.person, .source, "s0", ["twitter": .text("@x")])
    world.change(.person, .target, "t0", ["linkedin": .text("x")])
    world.remove(.person, .source, "s1")
    let funnels = Why.funnels(world.situations)
    #expect(funnels.map(\.kind) == [.company, .person])
    #expect(funnels.map(\.read) == [4, 4])
    #expect(funnels.map(\.fromTarget) == [1, 1])
    #expect(funnels[0].stages.flatMap(\.stops) == [Funnel.Stop(reason: .notPromoted, count: 1)])
    #expect(
      funnels[1].stages.flatMap(\.stops).map(\.reason) == [.missingLastName, .createContactsOff])
    #expect(funnels[1].endings.map { "\($0.action.rawValue) \($0.count)" } == ["update 1", "in step 1"])
    #expect(funnels[1].gone.map { "\($0.action.rawValue) \($0.count)" } == ["unlink 1"])
  }

  @Test("a one-way stage leaves what only the target has beside its funnel")
  func oneWayFunnel() {
    var world = StagedWorld.itGlue(twoWay: false)
    world.add(.company, .target, .company("92", "Only at IT Glue"))
    let funnel = Why.funnels(world.situations)[0]
    #expect(funnel.read == 1 && funnel.targetOnly == 1 && funnel.fromTarget == 0)
  }

  @Test("words find records of every stage, each with its kind and side")
  func find() {
    let world = Self.world(2)
    #expect(
      Why.find("Company 1", in: world.situations).map { "\($0.kind) \($0.side) \($0.id)" } == ["company source c1"])
    #expect(Why.find("p0@acme.example", in: world.situations).map { "\($0.kind) \($0.id)" } == ["person s0"])
    #expect(Why.find("t1", in: world.situations).map(\.kind) == [.person])
    #expect(Why.notFound("Compny 1", in: world.situations).headline.hasPrefix("Not found: neither Teamwork.com nor"))
  }

  @Test("the nouns are those of the systems, and the rule is the recipe's")
  func words() throws {
    var world = Self.world(2)
    world.add(.company, .source, .company("x", "Company 0"))
    let twin = try #require(Why.explain("x", side: .source, kind: .company, in: world.situations))
    #expect(twin.headline == "Not linked: Teamwork Desk company d0 is linked to Company 0, since 2026-03-02, r1.")
    world.add(.person, .target, .person("t9", Self.email, of: nil))
    let alone = try #require(Why.explain("t9", side: .target, kind: .person, in: world.situations))
    #expect(alone.headline == "Not created: the customer belongs to no company.")
    #expect(alone.rule == "a customer syncs only if it belongs to a synced company")
    world.change(.person, .target, "t0", ["twitter": .text("@x")])
    let update = try #require(Why.explain("s0", side: .source, kind: .person, in: world.situations))
    #expect(update.headline == "Will be updated: twitter   ‹blank› → \"@x\" (to Teamwork.com).")
    #expect(update.gates.contains { $0.text.contains("to Teamwork.com: twitter") })
  }

  @Test("a conflict is told with both ways out of it")
  func conflict() throws {
    var world = Self.world(1)
    world.change(.person, .source, "s0", ["twitter": .text("@one")])
    world.change(.person, .target, "t0", ["twitter": .text("@two")])
    let explanation = try #require(Why.explain("t0", side: .target, kind: .person, in: world.situations))
    #expect(explanation.headline == "A conflict: twitter was edited on both sides.")
    #expect(
      explanation.counterfactual.map(\.command) == [
        "resolve p0@acme.example with teamwork", "resolve p0@acme.example with desk",
      ])
    #expect(explanation.counterfactual.map(\.becomes) == ["1 update", "1 update"])
  }

  @Test("side by side, a pair is one row, and each field says at which side it would be written")
  func sideBySide() throws {
    var world = Self.world(2)
    world.change(.person, .source, "s0", ["twitter": .text("@x")])
    world.change(.person, .target, "t0", ["linkedin": .text("x")])
    let rows = SideBySide(world.situations, kind: .person).people
    #expect(rows.map(\.label) == ["p0@acme.example", "p1@acme.example"])
    let written = try #require(rows.first).fields.filter(\.isWritten).map { "\($0.name) \($0.writtenAt!)" }
    #expect(written == ["twitter target", "linkedin source"])
    #expect(MatchTable(world.situations, kind: .company).rows.map(\.outcome) == [.linked, .linked])
  }

  // MARK: - Undo

  @Test("G21 undo goes back on the side that was written to, under the common names", arguments: Side.allCases)
  func undoUpdate(side: Side) throws {
    var world = Self.world(1)
    world.change(.person, side, side == .source ? "s0" : "t0", ["twitter": .text("@new"), "photo": .text("edited")])
    let line = RunLine(
      number: 1, kind: .person, side: side, source: "s0", target: "t0", label: "p0", action: .update, outcome: .done,
      before: ["twitter": .text("@old"), "photo": .text("1")], after: ["twitter": .text("@new"), "photo": .text("2")])
    let run = Run(
      id: RunID(3), sync: "teamwork-desk", plan: nil, verb: "apply", by: "zoe", isAttended: true, startedAt: now,
      outcome: .ok)
    let plan = Undo.plan(reversing: run, lines: [line], in: world.situations)
    let decision = try #require(plan.decisions.first)
    #expect(decision.side == side && decision.action == .update && decision.kind == .person)
    #expect(decision.changes.map { "\($0.field) \($0.new.displayed)" } == ["twitter @old"])
    #expect(decision.notes.map(\.field) == ["photo"])
    // The other side keeps what it had, so that the reversal is no edit.
    let settled = try #require(decision.settledBaseline(holding: ["twitter": .text("@old")]))
    #expect((side == .source ? settled.source : settled.target)["twitter"] == .text("@old"))
    #expect((side == .source ? settled.target : settled.source)["twitter"] == .null)
  }

  @Test("a create at the source is taken back by a delete, people before their companies, and the pair stays broken")
  func undoCreate() {
    let world = Self.world(1)
    let run = Run(
      id: RunID(3), sync: "teamwork-desk", plan: nil, verb: "apply", by: "zoe", isAttended: true, startedAt: now,
      outcome: .ok)
    let lines = [
      RunLine(
        number: 1, kind: .company, side: .source, source: "c0", target: "d0", label: "Company 0", action: .create,
        outcome: .done, after: ["name": .text("Company 0")]),
      RunLine(
        number: 2, kind: .person, side: .source, source: "s0", target: "t0", label: "p0", action: .create,
        outcome: .done, after: ["email": .text("p0@acme.example")]),
      RunLine(
        number: 3, kind: .configuration, side: .target, source: "1", target: "2", label: "x", action: .create,
        outcome: .done),
    ]
    let plan = Undo.plan(reversing: run, lines: lines, in: world.situations)
    #expect(plan.decisions.map(\.kind) == [.person, .company, .configuration])
    #expect(plan.decisions.map(\.action) == [.delete, .delete, .skip])
    #expect(plan.decisions.prefix(2).allSatisfy { $0.linking == .breakLink(missing: .source) && $0.side == .source })
  }

  @Test("a move to another company is taken back like a field")
  func undoMove() throws {
    let world = Self.world(2)
    let line = RunLine(
      number: 1, kind: .person, side: .target, source: "s0", target: "t0", label: "p0", action: .update,
      outcome: .done, before: ["company": .text("d1")], after: ["company": .text("d0")])
    let run = Run(
      id: RunID(3), sync: "teamwork-desk", plan: nil, verb: "apply", by: "zoe", isAttended: true, startedAt: now,
      outcome: .ok)
    let decision = try #require(Undo.plan(reversing: run, lines: [line], in: world.situations).decisions.first)
    #expect(world[.person].stage.newParent(of: decision.changes) == "d1")
  }
}
