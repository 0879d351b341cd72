/// G4: what a change of settings does by itself holds an unattended plan, with the number of the records that it flips.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct SettingsEffectTests {
  /// Four pairs and a newcomer, unattended, under settings that a person agreed to; one pair has a new title, and one a
  /// title that was cleared at the source.
  static var world: TestWorld {
    var world = GuardTests.world(linked: 4, isAttended: false)
    world.situation.source.records.append(.user("new", "new@acme.example"))
    world.change(.source, "s0", ["title": .text("Lead")])
    world.change(.target, "1", ["title": .text("Old")])
    world.situation.baselines["s1"]?.source["title"] = .text("Old")
    world.situation.baselines["s1"]?.target["title"] = .text("Old")
    world.situation.standing.agreed = world.situation.settings
    world.situation.standing.agreedSettings = world.situation.settings.fingerprint
    return world
  }

  static func effects(_ world: TestWorld) -> [String] {
    world.plan.guards.filter { $0.reason == .settingsEffect }.map { finding in
      "\(finding.count ?? 0): " + (finding.sentence.components(separatedBy: "and that decides ").last ?? "")
    }
  }

  struct Case: CustomTestStringConvertible {
    var key: SettingKey
    var value: SettingValue
    var effects: [String]
    var testDescription: String { "\(key) \(value.displayed)" }
  }

  @Test(
    "G4 the number is that of the records that the setting flips, told by reason, and without any nothing is held",
    arguments: [
      Case(key: .clearBlanks, value: .flag(true), effects: ["1: 1 record anew: blank-at-source 1"]),
      Case(key: .create, value: .flag(false), effects: ["1: 1 record anew: create-off 1"]),
      Case(
        key: .updateExisting, value: .flag(false), effects: ["1: 1 record anew: update-off 1"]),
      Case(key: .domains, value: .list(["acme.example"]), effects: []),
      Case(key: .domains, value: .list(["b.example"]), effects: ["2: 2 records anew: domain-not-selected 2"]),
      Case(key: .reactivate, value: .flag(false), effects: []),
      Case(key: "mapping.mobile", value: .text("none"), effects: []),
      Case(
        key: "mapping.mobile", value: .text("constant:1"),
        effects: ["5: 5 records anew: changed-at-source 4, not-matched 1"]),
    ])
  func flips(_ test: Case) {
    var world = Self.world
    #expect(world.plan.guards.isEmpty)
    world.set(test.key, test.value)
    // With nothing left to change there is nothing to hold.
    let isQuiet = !world.plan.hasChanges
    #expect(Self.effects(world) == (isQuiet ? [] : test.effects))
    world.situation.isAttended = true
    #expect(Self.effects(world).isEmpty)
  }

  @Test("what a person dropped, and what a run has done, is no effect any more")
  func left() {
    var world = Self.world
    world.set("mapping.mobile", .text("constant:1"))
    var decisions = world.plan.decisions
    for index in decisions.indices where decisions[index].source == "s2" { decisions[index].isDropped = true }
    let findings = Guard.findings(decisions.filter { $0.source != "s3" }, in: world.situation)
    #expect(findings.first { $0.reason == .settingsEffect }?.count == 3)
  }

  @Test("where nobody knows any more what was agreed to, every change counts")
  func unknown() {
    var world = Self.world
    world.situation.standing.agreed = nil
    world.set(.domains, .list(["acme.example"]))
    #expect(world.plan.guards.map(\.count) == [2])
    #expect(world.plan.guards.first?.sentence.hasSuffix("and 2 records would change") == true)
  }

  @Test("where another tenant was read, what was read now tells nothing of it, and every change counts")
  func otherPlace() {
    var world = Self.world
    world.set(.tenant, .text("other.example"))
    #expect(world.plan.guards.map(\.count) == [2])
  }

  @Test("a stage that was switched on counts what it would do, and companies are decided under either settings")
  func stages() {
    var world = StagedWorld.itGlue([.contacts: .flag(true)])
    world.add(.person, .source, .person("5", "jane.doe@acme.example", of: "1"))
    world.add(.company, .source, .company("2", "Beta", ITGluePSATests.gate))
    world.add(.person, .source, .person("6", "bob.b@acme.example", of: "2"))
    for index in world.situations.indices {
      world.situations[index].isAttended = false
      let settings = world.situations[index].settings.with(.contacts, .flag(false))
      world.situations[index].standing.agreed = settings
      world.situations[index].standing.agreedSettings = settings.fingerprint
    }
    #expect(world.plan.guards.map(\.count) == [2])
    #expect(world.plan.guards.first?.sentence.hasSuffix("2 records anew: not-matched 2") == true)
    for index in world.situations.indices {
      let settings = world.situations[index].settings.with("organization-types", .list(["Vendor"]))
      world.situations[index].standing.agreed = settings
      world.situations[index].standing.agreedSettings = settings.fingerprint
    }
    // Under those, neither the companies nor their people synced: the pair would have become an orphan.
    #expect(world.plan.guards.map(\.count) == [4])
  }
}
