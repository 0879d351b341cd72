/// What `why` says of records of syncs with several stages: the sentence, the next step, and what nearly matched.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct WhySentenceTests {
  static let email = "jane.doe@acme.example"

  static func why(_ id: RecordID, _ side: Side = .source, _ kind: RecordKind, _ world: StagedWorld) throws
    -> Explanation
  {
    try #require(Why.explain(id, side: side, kind: kind, in: world.situations))
  }

  static func compareLines(_ explanation: Explanation) -> [String] {
    explanation.gates.filter { $0.gate == .compare }.map(\.text)
  }

  // MARK: - The next step

  @Test("where no one or two changes would let a record through, the cause's own fix is shown; else it is not")
  func nextStep() throws {
    var world = StagedWorld.itGlue([
      "organization-types": .list([]), "organization-statuses": .list([]), .create: .flag(false),
    ])
    world.add(.company, .source, .company("2", "Beta", ITGluePSATests.gate))
    let stuck = try Self.why("2", .source, .company, world)
    #expect(stuck.counterfactual.isEmpty)
    #expect(stuck.nextStep == "add \"Customer\" to organization-types")
    world.set(.create, .flag(true))
    let found = try Self.why("2", .source, .company, world)
    #expect(found.counterfactual.count == 1 && found.nextStep == nil)
    let whole = try Self.why("1", .source, .company, StagedWorld.itGlue())
    #expect(whole.nextStep == nil)
  }

  // MARK: - In step

  struct Resting: CustomTestStringConvertible {
    var source: FieldValues = [:]
    var target: FieldValues = [:]
    var twoWay = false
    var headline: String
    var testDescription: String { headline }
  }

  @Test(
    "in step says what is true of the fields that differ",
    arguments: [
      Resting(headline: "In step: nothing differs."),
      Resting(
        target: ["notes": .text("rack 3"), "serial-number": .text("S1")],
        headline: "In step: what ConnectWise leaves blank is left to IT Glue (serial-number, notes)."),
      Resting(
        source: ["serial-number": .text("s1 ")], target: ["serial-number": .text("s1")],
        headline: "In step: nothing differs."),
    ])
  func inStep(_ test: Resting) throws {
    var world = StagedWorld.itGlue(twoWay: test.twoWay)
    let blank: FieldValues = ["serial-number": .null, "notes": .null]
    world.add(.configuration, .source, ITGluePSATests.configuration("5", "srv1", of: "1", blank))
    world.add(.configuration, .target, ITGluePSATests.configuration("95", "srv1", of: "91", blank))
    world.link(.configuration, "5", "95")
    world.change(.configuration, .source, "5", test.source)
    world.change(.configuration, .target, "95", test.target)
    if !test.source.isEmpty { world[.configuration].baselines["5"] = nil }
    let explanation = try Self.why("5", .source, .configuration, world)
    #expect(explanation.decision.action == .inStep)
    #expect(explanation.headline == test.headline)
    let found = explanation.decision.reason.evidence.first?.found ?? ""
    #expect(found.contains("nothing differs") == explanation.decision.notes.isEmpty, "\(found)")
  }

  @Test("a value that is too long for the other side is told by its length, and that it stays")
  func tooLong() throws {
    var world = TestWorld(
      [.user("s", Self.email)], [.contact("7", Self.email)], [.updateExisting: .flag(true)]
    ).linked(("s", "7"))
    world.change(.source, "s", ["title": .text(String(repeating: "x", count: 107))])
    let explanation = try #require(Why.explain("s", side: .source, in: world.situation))
    #expect(
      explanation.headline
        == "In step: title has 107 characters, and ConnectWise takes at most 100; it is left as it is.")
  }

  // MARK: - Moves

  @Test("a move names the companies in the plan, in why and in the headline", arguments: Side.allCases)
  func move(mover: Side) throws {
    var world = ParentTests.pair()
    world.move(mover, mover == .source ? "s" : "t", to: mover == .source ? "c2" : "d2")
    let explanation = try Self.why("s", .source, .person, world)
    let to = mover == .source ? "" : " (to Teamwork.com)"
    #expect(explanation.headline == "Will be updated: company   \"Acme\" → \"Zeta\"\(to).")
    #expect(Self.compareLines(explanation).contains { $0.hasSuffix("company   \"Acme\" → \"Zeta\"") })
    let evidence = try #require(explanation.decision.reason.evidence.first)
    #expect(evidence.found == "Acme" && evidence.wanted == "Zeta")
    // What is sent is the id all the same.
    #expect(explanation.decision.changes.first?.new == .text(mover == .source ? "d2" : "c2"))
  }

  @Test("who moved into a company that is not read is in no client any more; who was deleted was deleted")
  func departed() throws {
    for (parent, words) in [("owner", "is in no client any more, seen"), ("c", "was deleted, seen")] {
      var world = ParentTests.pair()
      world.remove(.person, .source, "s")
      world[.person].source.tombstones = ["s": now]
      world[.person].source.lastParents = ["s": RecordID(parent)]
      let unlink = try Self.why("t", .target, .person, world)
      #expect(unlink.headline.contains(words), "\(unlink.headline)")
      let broken = try Self.why("t", .target, .person, world.applied())
      #expect(broken.headline.hasPrefix("Not linked: Teamwork.com person s \(words)"), "\(broken.headline)")
    }
  }

  // MARK: - Orphans

  @Test("an orphan is told by what took its source away, and that it is kept")
  func orphans() throws {
    var world = StagedWorld.itGlue()
    world.change(.company, .source, "1", ["status": .text("Retired")])
    let status = "its status is Retired at ConnectWise, which is not among those chosen (Active)"
    #expect(
      try Self.why("91", .target, .company, world).headline
        == "Will be an orphan: \(status); the IT Glue organization is kept.")
    #expect(
      try Self.why("1", .source, .company, world.applied()).headline
        == "An orphan: \(status); the IT Glue organization is kept.")
    world = StagedWorld.itGlue()
    world.remove(.company, .source, "1")
    #expect(
      try Self.why("91", .target, .company, world.applied()).headline
        == "An orphan: ConnectWise company 1 was deleted, seen \(day(yesterday)); the IT Glue organization is kept.")
  }

  // MARK: - What the own system has no field for

  @Test("a required field that the own system does not have is filled by a constant, on either side")
  func noField() throws {
    var world = StagedWorld.itGlue(from: Systems.autotask)
    world.add(.company, .target, .company("92", "Beta", ITGluePSATests.gate))
    let explanation = try Self.why("92", .target, .company, world)
    #expect(explanation.headline == "Not created: IT Glue has no phone, and Autotask wants one.")
    #expect(explanation.counterfactual.map(\.command) == ["set mapping.company.phone to constant:TEXT"])
  }

  // MARK: - Near misses

  struct Near: CustomTestStringConvertible {
    var source: FieldValues
    var target: FieldValues
    var misses: [String]
    var testDescription: String { misses.first ?? "none" }
  }

  @Test(
    "of several parts of a key the one that differs is named, with marks under the letters",
    arguments: [
      Near(
        source: ["serial-number": .text("SN-41")], target: ["serial-number": .text("SN-47")],
        misses: ["95 serial-number one letter SN-41|SN-47|    ^"]),
      Near(
        source: ["serial-number": .text("SN-41")], target: ["serial-number": .text("OTHER")],
        misses: ["95 serial-number the same name, another serial-number SN-41|OTHER|^^^^^"]),
      Near(
        source: ["serial-number": .text("SN-41"), "mac-address": .text("00:11:22:33:44:55")],
        target: ["serial-number": .null, "mac-address": .null],
        misses: ["95 serial-number the same name, another serial-number and mac-address SN-41||^^^^^"]),
      Near(
        source: ["name": .text("srv-1")], target: ["name": .text("srv1")],
        misses: ["95 name only signs such as . - _ srv-1|srv1|   ^"]),
      // Another device of the same make.
      Near(
        source: ["name": .text("srv2"), "serial-number": .text("A")], target: ["serial-number": .text("B")], misses: []
      ),
    ])
  func parts(_ test: Near) throws {
    var world = StagedWorld.itGlue()
    world.add(.configuration, .source, ITGluePSATests.configuration("5", "srv1", of: "1", test.source))
    world.add(.configuration, .target, ITGluePSATests.configuration("95", "srv1", of: "91", test.target))
    let misses = try Self.why("5", .source, .configuration, world).nearMisses
    let lines = misses.map {
      "\($0.target) \($0.field) \($0.difference) \($0.sourceText)|\($0.targetText)|\($0.marks)"
    }
    if test.misses.first?.contains("||") == true {
      #expect(misses.map(\.targetText) == [""])
      #expect(misses.map(\.difference) == ["the same name, another serial-number and mac-address"])
    } else {
      #expect(lines == test.misses)
    }
    // The same is seen from a record that only the target has.
    let mirrored = try Self.why("95", .target, .configuration, world).nearMisses
    #expect(mirrored.map(\.target) == test.misses.map { _ in RecordID("5") })
    #expect(mirrored.map(\.difference) == misses.map(\.difference))
    #expect(mirrored.map(\.sourceText) == misses.map(\.targetText))
    // What is linked to another record is no near miss.
    world.add(.configuration, .source, ITGluePSATests.configuration("6", "else", of: "1"))
    world.link(.configuration, "6", "95")
    let linked = try Self.why("5", .source, .configuration, world)
    #expect(linked.nearMisses.isEmpty)
    #expect(!linked.also.contains { $0.reason == .nearMiss || $0.reason == .nameOnly })
  }

  @Test("nobody is found under the whole name, and with all that was asked of it")
  func wholeName() throws {
    var world = StagedWorld.itGlue()
    world.add(
      .person, .source, .person("5", "carla.vargas@acme.example", of: "1"))
    world.add(.configuration, .source, ITGluePSATests.configuration("6", "srv1", of: "1"))
    let person = try Self.why("5", .source, .person, world)
    #expect(person.headline == "Will be created: no IT Glue contact has Carla Vargas.")
    #expect(person.gates.first { $0.gate == .match }?.text == "nobody at IT Glue has Carla Vargas")
    let device = try Self.why("6", .source, .configuration, world)
    #expect(
      device.gates.first { $0.gate == .match }?.text
        == "no configuration at IT Glue has srv1 with the same type, serial-number and mac-address")
  }

  // MARK: - The last attempt

  @Test("what the last attempt answered stands at the gate apply and in the headline, until it is done")
  func lastAttempt() throws {
    var world = StagedWorld.itGlue()
    world.change(.company, .source, "1", ["identifier": .text("ACME")])
    let failure = FailedWrite(
      kind: .company, side: .target, source: "1", target: "91", run: RunID(7), at: now, reason: .valueRefused,
      message: "IT Glue has no organization type \"Client\".")
    #expect(try Self.why("1", .source, .company, world).gates.allSatisfy { $0.gate != .apply })
    world[.company].standing.failures = [failure]
    let explanation = try Self.why("1", .source, .company, world)
    #expect(
      explanation.headline
        == "Will be updated: identifier   ‹blank› → \"ACME\". "
        + "r7 tried it: value-refused, IT Glue has no organization type \"Client\".")
    let line = try #require(explanation.gates.last)
    #expect(line.gate == .apply && line.mark == .noted && line.readAt == now)
    #expect(line.text == "r7 failed at it: value-refused, IT Glue has no organization type \"Client\"")
    // The other side, and a record in step, know nothing of it.
    world[.company].standing.failures[0].side = .source
    #expect(try Self.why("1", .source, .company, world).gates.last?.gate == .guard)
  }

  // MARK: - Plurals

  @Test("one record is one record", arguments: [(1, "1 record"), (2, "2 records"), (0, "0 records")])
  func plurals(count: Int, words: String) {
    #expect(Wording.count(count, "record") == words)
    guard count > 0 else { return }
    var world = ITGluePSATests.imported(count)
    world[.company].target.arrivalCounts[7] = 99
    #expect(
      world.plan.guards.first?.sentence.hasPrefix("\(words) arrived in bulk and \(count == 1 ? "is" : "are")") == true)
  }
}
