/// G12, G17: the table of one-way fields, enumerated against an oracle that was written apart.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct OneWayFieldTests {
  /// The values that a side can have: absent, null, empty, white space, and three texts.
  static let values: [FieldValue?] = [nil, .null, .text(""), .text(" \t"), .text("A"), .text("B"), .text("C")]

  /// The oracle: the table's rows as a list of questions, on plain strings, with blank as "".
  static func oracle(
    _ source: String?, _ target: String, _ sourceBefore: String?, _ targetBefore: String?, clears: Bool,
    overwrites: Bool
  ) -> String {
    guard let source else { return "leave" }
    let isSettled = sourceBefore != nil && targetBefore != nil
    if source == "" {
      if clears && isSettled && sourceBefore != "" && target != "" { return "clear" }
      return target == "" ? "in step" : "leave"
    }
    if !isSettled { return source == target ? "in step" : "update" }
    if source == sourceBefore {
      if source == target || target == targetBefore { return "in step" }
      return overwrites ? "update" : "leave"
    }
    return source == target ? "in step" : "update"
  }

  static func plain(_ value: FieldValue?) -> String? {
    guard let value else { return nil }
    return value.isBlank ? "" : value.displayed
  }

  @Test("G12 every combination of the field table agrees with the oracle", arguments: [false, true], [false, true])
  func grid(clears: Bool, overwrites: Bool) {
    var count = 0
    for source in Self.values {
      for target in Self.values {
        for sourceBefore in Self.values {
          for targetBefore in Self.values {
            let outcome = OneWayField(
              source: source, target: target, sourceBefore: sourceBefore, targetBefore: targetBefore, rule: .exact,
              clearsBlanks: clears, overwritesEdits: overwrites
            ).decide()
            let expected = Self.oracle(
              Self.plain(source), Self.plain(target) ?? "", Self.plain(sourceBefore), Self.plain(targetBefore),
              clears: clears, overwrites: overwrites)
            let found =
              switch outcome {
              case .unknown, .leave, .settled: "leave"
              case .equal, .rewritten: "in step"
              case .write(let new, _): new.isBlank ? "clear" : "update"
              }
            #expect(
              found == expected,
              "S \(String(describing: source)) T \(String(describing: target)) S0 \(String(describing: sourceBefore)) T0 \(String(describing: targetBefore))"
            )
            count += 1
          }
        }
      }
    }
    #expect(count == 7 * 7 * 7 * 7)
  }

  @Test(
    "a source that only tells a fact carries the changes of it, and settles or leaves what rests",
    arguments: [
      ("A", "B", nil, nil, "settled"), ("A", "", nil, nil, "update"), ("A", "A", nil, nil, "in step"),
      ("A", "B", "A", "B", "leave"), ("A", "C", "A", "B", "leave"), ("X", "B", "A", "B", "update"),
      ("X", "C", "A", "B", "update"),
    ] as [(String, String, String?, String?, String)])
  func carriesChangesOnly(source: String, target: String, was: String?, other: String?, expected: String) {
    let outcome = OneWayField(
      source: .text(source), target: .text(target), sourceBefore: was.map { .text($0) },
      targetBefore: other.map { .text($0) }, rule: .exact, overwritesEdits: true, carriesChangesOnly: true
    ).decide()
    let found =
      switch outcome {
      case .unknown, .leave: "leave"
      case .settled: "settled"
      case .equal, .rewritten: "in step"
      case .write: "update"
      }
    #expect(found == expected)
  }

  @Test("G17 blank, null, absent are different: only a filled value overwrites")
  func blanks() {
    func outcome(_ source: FieldValue?) -> FieldOutcome {
      OneWayField(
        source: source, target: .text("held"), sourceBefore: .text("held"), targetBefore: .text("held"), rule: .exact
      ).decide()
    }
    #expect(outcome(nil) == .unknown)
    #expect(outcome(.null) == .leave(.blankAtSource))
    #expect(outcome(.text("  ")) == .leave(.blankAtSource))
    #expect(outcome(.text("new")) == .write(.text("new"), .changedAtSource))
  }

  @Test(
    "G14 a difference of form is no change",
    arguments: [
      (ComparisonRule.email, "Jane.Doe@ACME.example", "jane.doe@acme.example"),
      (.phone, "+45 12 34 56 78", "+4512345678"), (.phone, "(012) 34-56", "0123456"),
      (.exact, "Zoe\u{308}", "Zo\u{eb}"), (.exact, " Clerk ", "Clerk"),
    ])
  func forms(rule: ComparisonRule, source: String, target: String) {
    let fresh = OneWayField(source: .text(source), target: .text(target), rule: rule).decide()
    #expect(fresh == .equal(source == target ? .inStep : .equalAfterNormalising))
  }

  @Test("the target's own form of our value is in step, until the source changes")
  func rewritten() {
    var field = OneWayField(
      source: .text("mgr"), target: .text("Manager"), sourceBefore: .text("mgr"), targetBefore: .text("Manager"),
      rule: .exact)
    #expect(field.decide() == .rewritten)
    field.source = .text("boss")
    #expect(field.decide() == .write(.text("boss"), .changedAtSource))
  }

  // MARK: - Through the planner

  static func pair(_ settings: [SettingKey: SettingValue] = [:]) -> TestWorld {
    let email = "jane.doe@acme.example"
    return TestWorld(
      [.user("s", email, ["title": .text("Clerk")])], [.contact("t", email, ["title": .text("Clerk")])],
      settings.merging([.updateExisting: .flag(true)]) { given, _ in given }
    ).linked(("s", "t"))
  }

  @Test("a title edited at the PSA stays, until it changes at the source")
  func editedAtTarget() {
    var world = Self.pair()
    world.change(.target, "t", ["title": .text("Boss")])
    #expect(world.outcome("s") == "in step edited-at-target")
    world.change(.source, "s", ["title": .text("Lead")])
    #expect(world.outcome("s") == "update changed-at-source")
    let change = world.decision("s")?.changes.first
    #expect(world.decision("s")?.changes.count == 1)
    #expect(change == FieldChange(field: "title", old: .text("Boss"), new: .text("Lead"), reason: .changedAtSource))
  }

  @Test("target-edits overwrite puts an edit back")
  func overwrite() {
    var world = Self.pair([.targetEdits: .text("overwrite")])
    world.change(.target, "t", ["title": .text("Boss")])
    #expect(world.outcome("s") == "update edited-at-target")
    #expect(world.decision("s")?.changes.first?.new == .text("Clerk"))
  }

  @Test("a blank at the source never clears, unless asked for")
  func clearBlanks() {
    var world = Self.pair()
    world.change(.source, "s", ["title": .null])
    #expect(world.outcome("s") == "in step blank-at-source")
    world.set(.clearBlanks, .flag(true))
    #expect(world.outcome("s") == "update blank-at-source")
    #expect(world.plan.changeCounts[.clears] == 1)
    #expect(world.applied().outcome("s") == "in step in-step")
  }

  @Test("required fields are never cleared")
  func requiredAreNotCleared() {
    var world = Self.pair([.clearBlanks: .flag(true)])
    world.change(.source, "s", ["first-name": .null])
    #expect(world.decision("s")?.changes == [])
  }

  @Test("a changed address is written when no address of the contact is it, and not otherwise")
  func addresses() {
    var world = Self.pair()
    world.change(.source, "s", ["email": .text("jane.smith@acme.example")])
    #expect(world.plan.changeCounts == [.updates: 1, .addresses: 1])
    world.change(.target, "t", ["addresses": .list(["jane.doe@acme.example", "Jane.Smith@acme.example"])])
    #expect(world.plan.counts == [.inStep: 1])
  }

  @Test("a value that is too long for an optional field leaves that field and lets the record go on")
  func tooLong() {
    var world = Self.pair()
    world.change(.source, "s", ["title": .text(String(repeating: "x", count: 101)), "last-name": .text("New")])
    #expect(world.decision("s")?.changes.map(\.field) == ["last-name"])
    #expect(world.decision("s")?.notes.map(\.reason) == [.tooLong])
  }

  @Test("with update-existing off a pair has no baseline, and switching it on compares as at a first match")
  func linkWithoutBaseline() {
    let email = "jane.doe@acme.example"
    var world = TestWorld(
      [.user("s", email, ["title": .text("Clerk")])], [.contact("t", email, ["title": .text("Boss")])])
    #expect(world.outcome("s") == "link matched")
    #expect(world.decision("s")?.also.map(\.reason) == [.updateOff])
    world = world.applied()
    #expect(world.situation.baselines.isEmpty)
    #expect(world.outcome("s") == "skip update-off")
    world.set(.updateExisting, .flag(true))
    #expect(world.outcome("s") == "update differs-at-first-match")
  }

  @Test("an equal pair is in step whatever the policy")
  func inStepUnderAnyPolicy() {
    for setting in [true, false] {
      #expect(Self.pair([.updateExisting: .flag(setting)]).outcome("s") == "in step in-step")
    }
  }

  @Test("a mapping to a constant, to another field and to none is followed")
  func mappings() {
    var world = Self.pair()
    world.set("mapping.title", .text("constant:Client"))
    #expect(world.decision("s")?.changes.first?.new == .text("Client"))
    world.set("mapping.title", .text("last-name"))
    #expect(world.decision("s")?.changes.first?.new == .text("Doe"))
    world.set("mapping.title", .text(""))
    world.change(.source, "s", ["title": .text("Other")])
    #expect(world.outcome("s") == "in step in-step")
    world.set("mapping.title", .text("shoe-size"))
    #expect(world.plan.obstacles.map(\.reason) == [.settingsInvalid])
  }

  @Test("G14 a resting world stays at rest over 100 cycles, whatever the form of its values")
  func resting() {
    let users: [Record] = (1...30).map {
      .user(
        RecordID("s\($0)"), "Person.Nr\($0)@ACME.example",
        ["title": .text(" Cle\u{301}rk \($0)"), "phone": .text("+45 12 34 \($0)"), "mobile": .text("(0) 5\($0)")])
    }
    let contacts: [Record] = (1...20).map {
      .contact(RecordID("\($0)"), "person.nr\($0)@acme.example", ["phone": .text("+451234\($0)")])
    }
    var world = TestWorld(users, contacts, [.updateExisting: .flag(true)])
    world = world.applied()
    for cycle in 1...100 {
      let plan = world.plan
      #expect(!plan.hasChanges, "cycle \(cycle)")
      world = world.applied()
    }
  }
}
