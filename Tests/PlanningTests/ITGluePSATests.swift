/// `itglue-psa`, rule by rule: the gates of type and status, the two directions, orphans, and what waits for a person.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct ITGluePSATests {
  static let gate: FieldValues = ["type": .text("Customer"), "status": .text("Active"), "identifier": .null]
  static let server: FieldValues = [
    "type": .text("Server"), "status": .text("Active"), "serial-number": .text("S1"), "mac-address": .null,
  ]

  static func configuration(_ id: RecordID, _ name: String, of parent: RecordID?, _ fields: FieldValues = [:]) -> Record
  {
    Record(
      id: id, kind: .configuration, state: .active,
      fields: server.merging(["name": .text(name)]).merging(fields), version: RecordVersion("v1"), modified: yesterday,
      parent: parent)
  }

  // MARK: - Type and status

  @Test(
    "both the type and the status must be among those chosen; blank blocks, and so does choosing none",
    arguments: [
      ("Customer" as String?, "Active" as String?, "create not-matched"),
      ("Prospect", "Active", "skip type-not-synced"),
      ("Customer", "Inactive", "skip status-not-synced"), (nil, "Active", "skip type-not-synced"),
      ("Customer", nil, "skip status-not-synced"), (nil, nil, "skip type-not-synced"),
      (" customer", "ACTIVE", "create not-matched"),
    ])
  func gates(type: String?, status: String?, expected: String) throws {
    var world = StagedWorld.itGlue()
    let fields: FieldValues = [
      "type": type.map { .text($0) } ?? .null, "status": status.map { .text($0) } ?? .null,
    ]
    world.add(.company, .source, .company("2", "Beta", fields))
    let decision = try #require(world.decision(.company, source: "2"))
    #expect("\(decision.action.rawValue) \(decision.reason.reason.rawValue)" == expected)
    if decision.reason.reason == .typeNotSynced {
      #expect(decision.reason.evidence.first?.wanted == "Customer")
      #expect(decision.reason.evidence.first?.found == type ?? "blank")
    }
    world.set("organization-types", .list([]))
    #expect(world.decision(.company, source: "2")?.reason.reason == .typeNotSynced)
    #expect(world.decision(.company, source: "2")?.reason.evidence.first?.wanted == Selection.noneChosen)
  }

  @Test("types are chosen by name or id, and a company with several types needs one of them")
  func selections() {
    var world = StagedWorld.itGlue(["organization-types": .list(["17"]), "organization-statuses": .list(["1"])])
    world.add(.company, .source, .company("2", "Beta", ["type-id": .text("17"), "status-id": .text("1")]))
    #expect(world.decision(.company, source: "2")?.action == .create)
    world.set("organization-types", .list(["Vendor"]))
    world.change(.company, .source, "2", ["type": .null, "types": .list(["Customer", "Vendor"])])
    #expect(world.decision(.company, source: "2")?.action == .create)
  }

  @Test("why names the choice that would let it through")
  func whyType() throws {
    var world = StagedWorld.itGlue()
    world.add(.company, .source, .company("2", "Beta", Self.gate.merging(["type": .text("Prospect")])))
    let explanation = try #require(Why.explain("2", side: .source, kind: .company, in: world.situations))
    #expect(explanation.headline == "Not created: its type is Prospect, not one of those chosen (Customer).")
    #expect(explanation.counterfactual.map(\.command) == ["add \"Prospect\" to organization-types"])
    #expect(explanation.counterfactual.map(\.becomes) == ["1 create"])
  }

  // MARK: - Matching

  @Test("an organization is found by its link to the PSA first, then by its exact name")
  func matching() {
    var world = StagedWorld.itGlue()
    world.add(.company, .source, .company("2", "Beta", Self.gate))
    world.add(.company, .target, .company("92", "Beta", Self.gate))
    world.add(.company, .target, .company("93", "Old name of Beta", Self.gate.merging(["psa-id": .text("2")])))
    #expect(world.decision(.company, source: "2")?.target == "93")
    world.remove(.company, .target, "93")
    #expect(world.decision(.company, source: "2")?.target == "92")
    world.change(.company, .target, "92", ["name": .text("beta")])
    #expect(world.decision(.company, source: "2")?.action == .create)
  }

  @Test("a configuration is found by name, type, serial and MAC, in which two blanks are equal and one is not")
  func configurations() {
    func action(_ fields: FieldValues) -> Action? {
      var world = StagedWorld.itGlue()
      world.add(.configuration, .source, Self.configuration("5", "srv1", of: "1"))
      world.add(.configuration, .target, Self.configuration("95", "srv1", of: "91", fields))
      return world.decision(.configuration, source: "5")?.action
    }
    #expect(action([:]) == .link)
    #expect(action(["serial-number": .null]) == .create)
    #expect(action(["mac-address": .text("00:11")]) == .create)
    #expect(action(["type": .text("Workstation")]) == .create)
    // Autotask knows no MAC address, so it cannot tell two apart by it.
    var world = StagedWorld.itGlue(from: Systems.autotask)
    world.add(.configuration, .source, Self.configuration("5", "srv1", of: "1").without("mac-address"))
    world.add(.configuration, .target, Self.configuration("95", "srv1", of: "91", ["mac-address": .text("00:11")]))
    #expect(world.decision(.configuration, source: "5")?.target == "95")
  }

  @Test("a contact is found by first and last name, never by its address; two of one name are a conflict")
  func contacts() {
    var world = StagedWorld.itGlue()
    world.add(.person, .source, .person("5", "jane.doe@acme.example", of: "1"))
    world.add(
      .person, .target,
      .person("95", "x@y.example", of: "91", ["first-name": .text("Jane"), "last-name": .text("Doe")]))
    #expect(world.decision(.person, source: "5")?.target == "95")
    world.add(.person, .target, .person("96", "jane.doe@acme.example", of: "91"))
    #expect(world.decision(.person, source: "5")?.reason.reason == .ambiguousTarget)
  }

  @Test("on the first match the PSA's values win, and blanks of either side are filled")
  func firstMatch() {
    var world = StagedWorld.itGlue(from: Systems.autotask)
    world.add(.company, .source, .company("2", "Beta", Self.gate))
    let fields: FieldValues = ["type": .text("Prospect"), "status": .null, "identifier": .text("beta")]
    world.add(.company, .target, .company("92", "Beta", fields))
    world.edit(.company, .target) { $0[1].modified = now }
    #expect(
      world.lines(.company).prefix(2) == [
        "2 92 update at target differs-at-first-match: type, status",
        "2 92 update at source differs-at-first-match: identifier",
      ])
    world = StagedWorld.itGlue()
    world.add(.company, .source, .company("2", "Beta", Self.gate.merging(["identifier": .text("BETA")])))
    world.add(.company, .target, .company("92", "Beta", fields))
    #expect(world.lines(.company).first == "2 92 update at target differs-at-first-match: type, status, identifier")
  }

  @Test("ConnectWise gives a company its identifier once: later edits travel only from there")
  func identifier() {
    var world = StagedWorld.itGlue()
    world.change(.company, .target, "91", ["identifier": .text("acme")])
    #expect(world.lines(.company) == ["1 91 in step edited-at-target"])
    world.change(.company, .source, "1", ["identifier": .text("ACME1")])
    #expect(world.lines(.company) == ["1 91 update at target changed-at-source: identifier"])
    world.add(.company, .target, .company("92", "Beta", Self.gate.merging(["identifier": .text("beta")])))
    #expect(world.decision(.company, target: "92")?.changes.map(\.field).contains("identifier") == true)
  }

  // MARK: - Two-way off

  @Test("with two-way off an edit at IT Glue is put back, and nothing goes to the PSA")
  func oneWay() {
    var world = StagedWorld.itGlue(twoWay: false)
    world.change(.company, .target, "91", ["name": .text("Acme Inc")])
    world.add(.company, .target, .company("92", "Only here", Self.gate))
    #expect(
      world.lines(.company) == ["1 91 update at target edited-at-target: name", "– 92 skip read-only-side"])
    world.set(.targetEdits, .text("keep"))
    #expect(world.decision(.company, source: "1")?.reason.reason == .editedAtTarget)
    #expect(world.decision(.company, source: "1")?.action == .inStep)
  }

  // MARK: - Two-way on

  @Test(
    "an edit at IT Glue after two-way was switched on reaches the PSA; an older one waits", arguments: [true, false])
  func edits(isNew: Bool) {
    var world = StagedWorld.itGlue()
    world.change(.company, .target, "91", ["name": .text("Acme Inc")])
    world.edit(.company, .target) {
      $0[0].modified = StagedWorld.twoWaySince.addingTimeInterval(isNew ? 1 : -1)
    }
    #expect(
      world.lines(.company) == [
        isNew ? "1 91 update at source changed-at-target: name" : "1 91 skip not-yet-pushed"
      ])
    // The other direction works all the same.
    world.change(.company, .source, "1", ["identifier": .text("ACME")])
    #expect(world.lines(.company).first == "1 91 update at target changed-at-source: identifier")
    guard !isNew else { return }
    world.rule(.company, .push("91"))
    #expect(world.lines(.company).last == "1 91 update at source changed-at-target: name")
  }

  @Test("switching two-way on pushes nothing that was there before, and the PSA wins what both edited")
  func switchOn() {
    var world = StagedWorld.itGlue()
    world.add(.company, .target, .company("92", "Beta", Self.gate).modified(StagedWorld.twoWaySince))
    #expect(world.decision(.company, target: "92")?.reason.reason == .notYetPushed)
    world.edit(.company, .target) { $0[1].modified = StagedWorld.twoWaySince.addingTimeInterval(1) }
    #expect(world.decision(.company, target: "92")?.action == .create)
    world.change(.company, .source, "1", ["name": .text("Acme PSA")])
    world.change(.company, .target, "91", ["name": .text("Acme Glue")])
    #expect(world.decision(.company, source: "1")?.reason.reason == .otherSideWins)
    #expect(world.decision(.company, source: "1")?.side == .target)
    world.set(.conflicts, .text("itglue"))
    #expect(world.decision(.company, source: "1")?.side == .source)
    // In a trial of two-way there is no moment yet: everything is from before.
    for index in world.situations.indices { world.situations[index].settings.changes = [:] }
    #expect(world.decision(.company, target: "92")?.reason.reason == .notYetPushed)
  }

  // MARK: - Imports

  /// Organizations that arrived together, beside one edit that did not.
  static func imported(_ count: Int) -> StagedWorld {
    var world = StagedWorld.itGlue()
    for number in 0..<count {
      let id = RecordID("i\(number)")
      world.add(.company, .target, .company(id, "Import \(number)", gate.merging(["identifier": .text("i\(number)")])))
      world[.company].target.arrivals[id] = 7
    }
    world[.company].target.arrivalCounts[7] = count
    world.change(.company, .target, "91", ["name": .text("Acme Inc")])
    return world
  }

  @Test("records that arrived in bulk are skipped while the rest of the plan goes on", arguments: [20, 21])
  func bulk(count: Int) {
    let plan = Self.imported(count).plan
    let isHeld = count > 20
    #expect(plan.counts[.create] == (isHeld ? nil : 20))
    #expect(plan.counts[.update] == 1)
    #expect(plan.guards.map(\.word) == (isHeld ? ["import"] : []))
    #expect(!plan.isHeld)
    #expect(plan.decisions.count { $0.reason.reason == .importHeld } == (isHeld ? 21 : 0))
    #expect(plan.decisions.filter { $0.heldAction != nil }.allSatisfy { $0.action == .skip && !$0.changes.isEmpty })
    #expect(plan.changeCounts[.creates] == (isHeld ? nil : 20))
  }

  @Test("G6 the exact number lets them through, a wrong one is refused, and none lifts nothing")
  func lifting() throws {
    let world = Self.imported(21)
    let plan = world.plan
    #expect(Overrides().work(of: plan).count == 1)
    #expect(Overrides(["import": 20]).work(of: plan).count == 1)
    #expect(Overrides.unlifted(plan.guards, by: Overrides(["import": 20])).count == 1)
    #expect(Overrides.unlifted(plan.guards, by: Overrides(["deactivates": 1])).map(\.holdsPlan) == [false])
    let over = Overrides(["import": 21])
    #expect(Overrides.unlifted(plan.guards, by: over).isEmpty)
    #expect(over.work(of: plan).count == 22)
    #expect(over.work(of: plan).count { $0.action == .create && $0.side == .source } == 21)
    let after = world.applied(over)
    #expect(after[.company].links.count == 22)
    #expect(!after.plan.hasChanges)
  }

  @Test("one of them is pushed by name, and a dropped one counts no more")
  func pushOne() {
    var world = Self.imported(21)
    world.rule(.company, .push("i3"))
    #expect(world.decision(.company, target: "i3")?.action == .create)
    #expect(world.plan.guards.first?.count == 20)
    var plan = world.plan
    plan.decisions[plan.decisions.firstIndex { $0.heldAction != nil } ?? 0].isDropped = true
    #expect(Overrides(["import": 19]).work(of: plan).count == 21)
  }

  @Test("an import over linked records waits too, and what the PSA changed arrives")
  func heldUpdate() {
    var world = StagedWorld.itGlue([.guardImport: .count(0)])
    world[.company].target.arrivals["91"] = 7
    world[.company].target.arrivalCounts[7] = 500
    world.change(.company, .target, "91", ["name": .text("Acme Inc")])
    #expect(world.lines(.company) == ["1 91 skip (held: update) at source import-held: name"])
    world.change(.company, .source, "1", ["identifier": .text("ACME")])
    #expect(
      world.lines(.company) == [
        "1 91 update at target changed-at-source: identifier",
        "1 91 skip (held: update) at source import-held: name",
      ])
    let after = world.applied(Overrides(["import": 1]))
    #expect(after.lines(.company) == ["1 91 in step in-step"])
  }

  // MARK: - Orphans

  @Test(
    "deleted at the PSA or out of the gates: an orphan, kept and left alone, and the same pair again when it is back",
    arguments: [true, false], [true, false])
  func orphans(isDeleted: Bool, twoWay: Bool) throws {
    var world = StagedWorld.itGlue(twoWay: twoWay)
    if isDeleted {
      world.remove(.company, .source, "1")
    } else {
      world.change(.company, .source, "1", ["type": .text("Former customer")])
    }
    let decision = try #require(world.decision(.company, target: "91"))
    #expect(StagedWorld.line(decision) == "1 91 unlink orphaned")
    #expect(decision.linking == .breakLink(missing: .source))
    #expect(decision.also.map(\.reason) == [isDeleted ? .deletedAtSource : .typeNotSynced])
    let after = world.applied()
    #expect(!after.plan.hasChanges)
    #expect(after.decision(.company, target: "91")?.reason.reason == .orphaned)
    // An edit at IT Glue goes nowhere, and a namesake at the PSA does not take it over.
    var edited = after
    edited.change(.company, .target, "91", ["name": .text("Acme Inc")])
    edited.add(.company, .source, .company("7", "Acme Inc", Self.gate))
    #expect(!edited.plan.hasChanges)
    // Back in scope: the pair is found by its ids, whatever the names.
    var back = after
    if isDeleted { back.add(.company, .source, .company("1", "Acme", Self.gate)) }
    back.change(.company, .source, "1", ["type": .text("Customer"), "name": .text("Acme renamed")])
    #expect(back.lines(.company) == ["1 91 update at target differs-at-first-match: name"])
    #expect(back.applied()[.company].links.map(\.state) == [.linked])
  }

  @Test("an organization that IT Glue takes out by its type is left alone, and stays linked")
  func excludedByType() {
    var world = StagedWorld.itGlue()
    world.change(.company, .target, "91", ["type": .text("Internal")])
    #expect(world.lines(.company) == ["1 91 skip type-not-synced"])
    world.add(.person, .source, .person("5", "jane.doe@acme.example", of: "1"))
    #expect(world.lines(.person) == ["5 – skip company-not-synced"])
  }

  @Test("an organization deleted at IT Glue breaks the link and the PSA keeps its company")
  func deletedAtITGlue() {
    var world = StagedWorld.itGlue()
    world.remove(.company, .target, "91")
    #expect(world.lines(.company) == ["1 91 unlink link-broken"])
    #expect(world.applied().lines(.company) == ["1 91 skip link-broken"])
  }

  // MARK: - What the PSAs demand

  @Test(
    "a configuration of IT Glue goes to Autotask with manufacturer and model, to ConnectWise with a status",
    arguments: [
      ("manufacturer" as FieldName, Reason.missingManufacturer), ("model", .missingModel),
    ])
  func autotaskDemands(field: FieldName, reason: Reason) {
    var world = StagedWorld.itGlue(from: Systems.autotask)
    var fields: FieldValues = ["manufacturer": .text("HP"), "model": .text("G10")]
    world.add(.configuration, .target, Self.configuration("95", "srv1", of: "91", fields))
    #expect(world.decision(.configuration, target: "95")?.action == .create)
    fields[field] = .null
    world.change(.configuration, .target, "95", fields)
    #expect(world.decision(.configuration, target: "95")?.reason.reason == reason)
    let explanation = Why.explain("95", side: .target, kind: .configuration, in: world.situations)
    #expect(explanation?.counterfactual.map(\.command) == ["fill in the \(field) at IT Glue"])
    let other = StagedWorld.itGlue()
    #expect(other[.configuration].stage.required(by: Systems.psa, at: .source).map(\.reason).contains(.missingStatus))
  }

  @Test("a field that the PSA demands and IT Glue does not have is filled by a constant, in new records only")
  func standIn() throws {
    var world = StagedWorld.itGlue(from: Systems.autotask)
    world.add(.company, .target, .company("92", "Beta", Self.gate))
    let stopped = try #require(world.decision(.company, target: "92"))
    #expect(stopped.reason.reason == .missingPhone)
    #expect(stopped.reason.fix == "set mapping.company.phone to constant:TEXT, for new records at Autotask")
    world.set("mapping.company.phone", .text("constant:+45 00 00"))
    let create = try #require(world.decision(.company, target: "92"))
    let stage = world[.company].stage
    #expect(
      stage.values(for: .source, of: create.changes, under: world[.company].settings)["phone"] == .text("+45 00 00"))
    let after = world.applied()
    #expect(after.value(.company, .source, "n1", "phone") == .text("+45 00 00"))
    #expect(!after.plan.hasChanges && after.lines(.company).count == 2)
    // It never overwrites what the PSA has.
    world.change(.company, .source, "1", ["phone": .text("12")])
    #expect(world.decision(.company, source: "1")?.action == .inStep)
  }

  @Test(
    "Autotask's status is a flag: it fills a new organization, a change of it travels, and a resting difference stays",
    arguments: [true, false], [true, false])
  func autotaskStatus(twoWay: Bool, isLinkedBefore: Bool) throws {
    var world = StagedWorld.itGlue(
      from: Systems.autotask, twoWay: twoWay,
      ["organization-statuses": .list(["Active", "Inactive", "Onboarding"])])
    world.add(.company, .source, .company("2", "Beta", Self.gate))
    let create = try #require(world.decision(.company, source: "2"))
    #expect(create.changes.contains { $0.field == "status" && $0.new == .text("Active") })
    world.remove(.company, .source, "2")
    // IT Glue tells more apart than the flag: what it had when the two were linked stays.
    world.change(.company, .target, "91", ["status": .text("Onboarding")])
    if !isLinkedBefore { world[.company].baselines["1"] = Baseline() }
    let resting = try #require(Why.explain("1", side: .source, kind: .company, in: world.situations))
    #expect(resting.decision.action == .inStep)
    #expect(
      resting.headline
        == (isLinkedBefore
          ? "In step: status was edited at IT Glue, and unchanged at the source since."
          : "In step: status was different when the two were linked, and nobody has edited it since."))
    let settled = world.applied()
    #expect(!settled.plan.hasWrites)
    // A change of the flag is carried by name, and only the change.
    var switched = settled
    switched.change(.company, .source, "1", ["status": .text("Inactive")])
    #expect(switched.lines(.company) == ["1 91 update at target changed-at-source: status"])
    let after = switched.applied()
    #expect(after.value(.company, .target, "91", "status") == .text("Inactive"))
    #expect(!after.plan.hasWrites)
    var edited = after
    edited.change(.company, .target, "91", ["status": .text("Onboarding")])
    #expect(!edited.plan.hasWrites)
  }

  @Test("a value for which the other side has no room is no part of the key, so that nothing is made twice")
  func keyWithoutRoom() {
    let long: FieldValues = ["mac-address": .text("00:11:22:33:44:55, 00:11:22:33:44:66")]
    for (mac, expected) in [(FieldValue.null, "5 95 link matched"), (.text("00:11:22:33:44:55"), "5 – create")] {
      var world = StagedWorld.itGlue()
      world.add(.configuration, .source, Self.configuration("5", "srv1", of: "1", long))
      world.add(.configuration, .target, Self.configuration("95", "srv1", of: "91", ["mac-address": mac]))
      #expect(world.lines(.configuration).first?.hasPrefix(expected) == true, "\(world.lines(.configuration))")
    }
  }

  @Test("a MAC field of several addresses is left alone")
  func mac() {
    var world = StagedWorld.itGlue()
    world.add(.configuration, .source, Self.configuration("5", "srv1", of: "1"))
    world.add(.configuration, .target, Self.configuration("95", "srv1", of: "91"))
    world.link(.configuration, "5", "95")
    world.change(
      .configuration, .source, "5", ["mac-address": .text("00:11:22:33:44:55, 00:11:22:33:44:66")])
    #expect(world.lines(.configuration) == ["5 95 in step too-long"])
  }

  @Test("phone numbers that IT Glue keeps as digits are no edit", arguments: [true, false])
  func phones(twoWay: Bool) {
    var world = StagedWorld.itGlue(twoWay: twoWay)
    world.add(.person, .source, .person("5", "jane.doe@acme.example", of: "1", ["phone": .text("+45 12 34")]))
    world.add(.person, .target, .person("95", "jane.doe@acme.example", of: "91", ["phone": .text("451234")]))
    world.link(.person, "5", "95", baseline: false)
    #expect(!world.plan.hasWrites)
  }

  @Test("stages that are switched off are not planned, and type and status ask configurations of their own settings")
  func stages() {
    var world = StagedWorld.itGlue([.contacts: .flag(false)])
    #expect(world.situations.map(\.stage.kind) == [.company, .configuration])
    world.add(.configuration, .source, Self.configuration("5", "pc", of: "1", ["type": .text("Workstation")]))
    #expect(world.lines(.configuration) == ["5 – skip type-not-synced"])
    let context = Why.explain("5", side: .source, kind: .configuration, in: world.situations)
    #expect(context?.decision.reason.fix == "add \"Workstation\" to configuration-types")
  }

  @Test("a status that is chosen syncs, also where the PSA counts it as inactive; an archived one stays at IT Glue")
  func inactive() {
    var world = StagedWorld.itGlue(twoWay: true, ["configuration-statuses": .list(["Active", "Retired"])])
    var retired = Self.configuration("5", "srv1", of: "1", ["status": .text("Retired")])
    retired.state = .inactive
    world.add(.configuration, .source, retired)
    var archived = Self.configuration("96", "srv2", of: "91")
    archived.state = .inactive
    world.add(.configuration, .target, archived)
    #expect(world.lines(.configuration) == ["5 – create at target not-matched", "– 96 skip inactive-at-target"])
    world.set("configuration-statuses", .list(["Active"]))
    #expect(world.decision(.configuration, source: "5")?.reason.reason == .statusNotSynced)
  }

  @Test("who lacks a status is told to get one, and a namesake shows in which part of the key it differs")
  func nextSteps() throws {
    var world = StagedWorld.itGlue()
    world.add(.configuration, .source, Self.configuration("5", "srv1", of: "1", ["status": .null]))
    let blank = try #require(Why.explain("5", side: .source, kind: .configuration, in: world.situations))
    #expect(blank.headline == "Not created: it has no status, and wants one of those chosen (Active).")
    #expect(blank.counterfactual.first?.command.hasPrefix("give srv1 a status at ") == true)
    world.add(.configuration, .source, Self.configuration("6", "srv2", of: "1"))
    world.add(.configuration, .target, Self.configuration("96", "srv2", of: "91", ["serial-number": .text("GLUE-2")]))
    let apart = try #require(Why.explain("6", side: .source, kind: .configuration, in: world.situations))
    #expect(apart.nearMisses.map(\.difference) == ["the same name, another serial-number"])
    #expect(apart.nearMisses.map(\.targetText) == ["GLUE-2"])
  }
}
