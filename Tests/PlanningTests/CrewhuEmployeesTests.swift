/// Members and employees: who is who by two keys, whose state travels, and what is only given to new employees.
import Foundation
import Model
import Testing

@testable import Planning

/// A provider's members, a few employees, and what is set.
private struct Crew {
  var situation: Situation

  static let connectWise = SystemDescription(
    id: "connectwise", name: "ConnectWise", kinds: [.member], nouns: [.member: "member"],
    fields: [
      .member: ["first-name", "last-name", "location", "team", "position", "hire-date", "employee-ids", "photo"].map {
        FieldDeclaration($0, vendorName: $0.rawValue, summary: "")
      } + [
        FieldDeclaration("email", vendorName: "primaryEmail", summary: "", rule: .email),
        FieldDeclaration("member-type", vendorName: "type", summary: "", isFact: true),
      ]
    ], parameters: [], permissions: [], partitionName: "company",
    features: Features(
      writes: [:], pageSize: [.member: 1000], deltaTellsDeletions: false, hasVersions: true, timestampStepSeconds: 1,
      concurrentWrites: 1))

  static let crewhu = SystemDescription(
    id: "crewhu", name: "Crewhu", kinds: [.member], nouns: [.member: "employee"],
    fields: [
      .member: ["first-name", "last-name", "location", "team", "position", "hire-date", "employee-ids", "profile"].map {
        FieldDeclaration($0, vendorName: $0.rawValue, summary: "", isWritable: true)
      } + [
        FieldDeclaration("email", vendorName: "email", summary: "", isWritable: true, isRequired: true),
        FieldDeclaration("photo", vendorName: "picture", summary: "", isWritable: true, isTold: false),
      ]
    ], parameters: [], permissions: [], partitionName: "account",
    features: Features(
      writes: [.member: [.create, .update, .deactivate, .reactivate]], pageSize: [.member: 100],
      deltaTellsDeletions: false, hasVersions: false, timestampStepSeconds: nil, concurrentWrites: 1))

  init(_ members: [Record], _ employees: [Record], _ settings: [SettingKey: SettingValue] = [:]) {
    let recipe = Recipe.crewhuEmployees
    let usual: [SettingKey: SettingValue] = [
      .memberTypes: .list(["Standard"]), .profile: .text("Employee"), .enabled: .flag(true),
    ]
    situation = Situation(
      sync: Sync(
        name: "crewhu-employees", recipe: recipe.handle, company: nil, source: "cw", target: "crew", madeAt: yesterday),
      company: nil, recipe: recipe, stage: recipe.stages[0],
      settings: Settings(
        declarations: recipe.settings, values: settings.merging(usual) { given, _ in given }),
      source: Reading(records: members, certificate: certificate(members.count)),
      target: Reading(records: employees, certificate: certificate(employees.count)),
      sourceSystem: Self.connectWise, targetSystem: Self.crewhu,
      standing: Standing(isEnabled: true, lastCheckAt: now, carriedThroughPlans: 1, plansSoFar: 1),
      isAttended: true, now: now)
  }

  /// Links a member and an employee, settled as they are.
  func linked(_ source: RecordID = "1", _ target: RecordID = "e1") -> Crew {
    var copy = self
    copy.situation.links.append(
      Link(
        kind: .member, source: source, target: target, state: .linked, madeBy: .created, run: RunID(1),
        since: yesterday))
    if let member = situation.source.records.first(where: { $0.id == source }) {
      let values = situation.stage.mappedValues(of: member, under: situation.settings)
      copy.situation.baselines[source] = Baseline(source: values, target: values)
    }
    return copy
  }

  func with(_ change: (inout Situation) -> Void) -> Crew {
    var copy = self
    change(&copy.situation)
    return copy
  }

  func decision(_ source: RecordID = "1") throws -> Decision {
    try #require(Planner.plan(situation).decisions.first { $0.source == source })
  }

  func why(_ source: RecordID = "1") throws -> Explanation {
    try #require(Why.explain(source, side: .source, in: situation))
  }
}

extension Record {
  fileprivate static func member(
    _ id: RecordID = "1", _ email: String = "dora@msp.example", identifier: String = "DMARTIN",
    type: String = "Standard",
    _ state: RecordState = .active, _ fields: FieldValues = [:]
  ) -> Record {
    let values: FieldValues = [
      "identifier": .text(identifier), "first-name": .text("Dora"), "last-name": .text("Martin"), "email": .text(email),
      "location": .text("Porto"), "team": .text("Service"), "position": .text("Tier 2"),
      "hire-date": .text("2021-03-01"), "employee-ids": .list([identifier, email]), "photo": .text("doc-1"),
      "member-type": .text(type), "member-type-id": .text("7"),
    ]
    return Record(id: id, kind: .member, state: state, fields: values.merging(fields))
  }

  fileprivate static func member(_ id: RecordID, _ state: RecordState) -> Record {
    member(id, "dora@msp.example", state)
  }
  fileprivate static func member(_ id: RecordID, _ fields: FieldValues) -> Record {
    member(id, "dora@msp.example", .active, fields)
  }
  fileprivate static func employee(_ id: RecordID, _ state: RecordState) -> Record {
    employee(id, "dora@msp.example", state)
  }
  fileprivate static func employee(_ id: RecordID, _ fields: FieldValues) -> Record {
    employee(id, "dora@msp.example", .active, fields)
  }

  fileprivate static func employee(
    _ id: RecordID = "e1", _ email: String? = "dora@msp.example", ids: [String] = ["DMARTIN", "dora@msp.example"],
    _ state: RecordState = .active, _ fields: FieldValues = [:]
  ) -> Record {
    var values: FieldValues = [
      "first-name": .text("Dora"), "last-name": .text("Martin"), "location": .text("Porto"), "team": .text("Service"),
      "position": .text("Tier 2"), "hire-date": .text("2021-03-01"), "employee-ids": .list(ids),
      "profile": .text("Employee"),
    ]
    if let email { values["email"] = .text(email) }
    return Record(id: id, kind: .member, state: state, fields: values.merging(fields))
  }
}

@Suite("crewhu-employees: who is who")
struct CrewhuMatchTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var email: String? = "dora@msp.example"
    var ids: [String]
    var action: Action
    var reason: Reason
    var difference: String?
    var marks: String?
    var testDescription: String { name }
  }

  @Test(
    "two are one only with e-mail and an id, both letter by letter",
    arguments: [
      Case(name: "both", ids: ["DMARTIN"], action: .update, reason: .differsAtFirstMatch),
      Case(name: "by the address as an id", ids: ["dora@msp.example"], action: .update, reason: .differsAtFirstMatch),
      Case(name: "all", ids: ["DMARTIN", "dora@msp.example", "x-1"], action: .link, reason: .matched),
      Case(
        name: "case of an id", ids: ["DMartin"], action: .skip, reason: .idMismatch,
        difference: "only capital and small letters", marks: "  ^^^^^"),
      Case(
        name: "trailing blank", ids: ["DMARTIN "], action: .skip, reason: .idMismatch, difference: "only spaces",
        marks: "       ^"),
      Case(
        name: "leading blank", ids: [" DMARTIN"], action: .skip, reason: .idMismatch, difference: "only spaces",
        marks: "^"),
      Case(
        name: "a sign", ids: ["D.MARTIN"], action: .skip, reason: .idMismatch,
        difference: "only signs such as . - _", marks: " ^"),
      Case(
        name: "one letter", ids: ["DMARTEN"], action: .skip, reason: .idMismatch, difference: "one letter",
        marks: "     ^"),
      Case(name: "no id at all", ids: [], action: .skip, reason: .idMismatch),
      Case(
        name: "case of the e-mail", email: "Dora@msp.example", ids: ["DMARTIN"], action: .skip,
        reason: .emailMismatch, difference: "only capital and small letters", marks: "^               "),
      Case(
        name: "another e-mail", email: "dora.martin@msp.example", ids: ["DMARTIN"], action: .skip,
        reason: .emailMismatch, difference: "another value"),
      Case(name: "e-mail not given", email: nil, ids: ["DMARTIN"], action: .skip, reason: .emailMismatch),
      Case(name: "neither", email: "otto@msp.example", ids: ["OTTO"], action: .create, reason: .notMatched),
      Case(
        name: "neither, though nearly both", email: "Dora@msp.example", ids: ["DMartin"], action: .create,
        reason: .notMatched),
    ])
  func pairs(_ row: Case) throws {
    let crew = Crew([.member()], [.employee("e1", row.email, ids: row.ids)])
    let decision = try crew.decision()
    #expect(decision.action == row.action)
    #expect(decision.reason.reason == row.reason)
    let explanation = try crew.why()
    guard row.difference != nil || row.action == .skip else { return }
    let miss = explanation.nearMisses.first
    #expect(miss?.difference == row.difference)
    if let marks = row.marks { #expect(miss?.marks == marks) }
  }

  @Test("both sides' ids are shown, and the nearest pair of them")
  func evidence() throws {
    let cause = try Crew([.member()], [.employee(ids: ["X1", "DMARTIN "])]).decision().reason
    let shown = cause.evidence.map { [$0.attribute, $0.wanted ?? "", $0.found] }
    #expect(
      shown == [
        ["employee-ids", "\"DMARTIN\", \"dora@msp.example\"", "\"X1\", \"DMARTIN \""],
        ["the nearest", "\"DMARTIN\"", "\"DMARTIN \""],
      ])
    #expect(cause.fix?.contains("pair dora@msp.example with e1") == true)
  }

  @Test("several candidates are a conflict, on either side")
  func ambiguous() throws {
    let twins = Crew([.member()], [.employee("e1"), .employee("e2")])
    #expect(try twins.decision().reason.reason == .ambiguousTarget)
    let members = Crew([.member(), .member("2", identifier: "DORA2")], [.employee()])
    for id in ["1", "2"] as [RecordID] {
      let decision = try members.decision(id)
      #expect(decision.action == .conflict && decision.reason.reason == .ambiguousSource)
    }
  }

  @Test("a person's word settles what the keys cannot")
  func verdicts() throws {
    let crew = Crew([.member()], [.employee(ids: ["DMartin"])])
    let said = { (ruling: Verdict.Ruling) in
      crew.with { $0.verdicts = [Verdict(kind: .member, ruling: ruling, reason: "", madeBy: "ada", madeAt: now)] }
    }
    #expect(try said(.pair(source: "1", target: "e1")).decision().action == .update)
    #expect(try said(.neverPair(source: "1", target: "e1")).decision().action == .create)
    let ways = try crew.why().counterfactual
    #expect(ways.first?.command == "pair dora@msp.example with e1")
  }

  @Test("an inactive member lays claim to nobody while only active ones sync")
  func formerMember() throws {
    let crew = Crew([.member(), .member("2", identifier: "DOLD", .inactive)], [.employee()])
    #expect(try crew.decision().action == .link)
    #expect(try crew.decision("2").reason.reason == .memberInactive)
  }
}

@Suite("crewhu-employees: member-status")
struct CrewhuStateTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var mode: String
    var member: RecordState
    /// `nil`: there is no such employee.
    var employee: RecordState?
    var isLinked = true
    var action: Action
    var reason: Reason?
    /// Of a create: the state that it is given.
    var made: RecordState = .active
    var testDescription: String {
      "\(mode): \(member.rawValue) member, \(employee?.rawValue ?? "no") employee, \(isLinked ? "" : "not ")linked"
    }
  }

  static let table = [
    Case(mode: "active", member: .active, employee: nil, isLinked: false, action: .create),
    Case(mode: "active", member: .active, employee: .active, action: .inStep),
    Case(mode: "active", member: .active, employee: .active, isLinked: false, action: .link),
    Case(mode: "active", member: .active, employee: .inactive, action: .reactivate, reason: .activeAgain),
    Case(mode: "active", member: .active, employee: .inactive, isLinked: false, action: .reactivate),
    Case(mode: "active", member: .inactive, employee: nil, isLinked: false, action: .skip, reason: .memberInactive),
    Case(mode: "active", member: .inactive, employee: .active, action: .skip, reason: .memberInactive),
    Case(mode: "active", member: .inactive, employee: .active, isLinked: false, action: .skip, reason: .memberInactive),
    Case(mode: "active", member: .inactive, employee: .inactive, action: .inStep),

    Case(mode: "all", member: .active, employee: nil, isLinked: false, action: .create),
    Case(mode: "all", member: .active, employee: .active, action: .inStep),
    Case(mode: "all", member: .active, employee: .inactive, action: .reactivate, reason: .activeAgain),
    Case(mode: "all", member: .inactive, employee: nil, isLinked: false, action: .create, made: .inactive),
    Case(mode: "all", member: .inactive, employee: .active, action: .deactivate, reason: .memberInactive),
    Case(mode: "all", member: .inactive, employee: .active, isLinked: false, action: .deactivate),
    Case(mode: "all", member: .inactive, employee: .inactive, action: .inStep),
    Case(mode: "all", member: .inactive, employee: .inactive, isLinked: false, action: .link),

    Case(mode: "inactive", member: .active, employee: nil, isLinked: false, action: .create, made: .inactive),
    Case(mode: "inactive", member: .active, employee: .active, action: .inStep),
    Case(mode: "inactive", member: .active, employee: .inactive, action: .inStep),
    Case(mode: "inactive", member: .active, employee: .inactive, isLinked: false, action: .link),
    Case(mode: "inactive", member: .inactive, employee: nil, isLinked: false, action: .skip, reason: .memberInactive),
    Case(mode: "inactive", member: .inactive, employee: .active, action: .skip, reason: .memberInactive),
    Case(mode: "inactive", member: .inactive, employee: .inactive, action: .inStep),
  ]

  @Test("whatever update-existing says", arguments: table, [true, false])
  func states(_ row: Case, updates: Bool) throws {
    var crew = Crew(
      [.member("1", row.member)], row.employee.map { [.employee("e1", $0)] } ?? [],
      [.memberStatus: .text(row.mode), .updateExisting: .flag(updates), .invite: .text("automatic")])
    if row.isLinked { crew = crew.linked() }
    let decision = try crew.decision()
    #expect(decision.action == row.action)
    if let reason = row.reason { #expect(decision.reason.reason == reason) }
    guard row.action == .create else { return }
    let given = Dictionary(decision.changes.map { ($0.field, $0.new) }) { _, last in last }
    #expect(given[.state] == (row.made == .inactive ? .text("inactive") : nil))
    #expect(given[.invite] == (row.made == .inactive ? nil : .flag(true)), "nobody inactive is invited")
    #expect(given[.profile] == .text("Employee"))
  }

  @Test("a member that is gone", arguments: [("active", Action.skip), ("all", .deactivate), ("inactive", .skip)])
  func gone(_ row: (mode: String, action: Action)) throws {
    let decision = try Crew([], [.employee()], [.memberStatus: .text(row.mode)]).linked().decision()
    #expect(decision.action == row.action)
    #expect(decision.reason.reason == .deletedAtSource)
  }

  @Test("what left the chosen types stays as it is, also where inactive members sync")
  func outOfScope() throws {
    let crew = Crew([.member("1", type: "Contractor", .inactive)], [.employee()], [.memberStatus: .text("all")])
    #expect(try crew.decision().reason.reason == .memberTypeNotSelected)
    let linked = try crew.linked().decision()
    #expect(linked.action == .deactivate, "somebody who left is deactivated before a filter is asked")
    let active = try Crew([.member(type: "Contractor")], [.employee()]).linked().decision()
    #expect(active.reason.reason == .memberTypeNotSelected)
    #expect(!active.also.contains { $0.reason == .outOfScopeLeft }, "the recipe has no such setting")
  }

  @Test("an employee who was deleted comes back, and it is said before")
  func comesBack() throws {
    let crew = Crew([.member()], []).linked()
    let decision = try crew.decision()
    #expect(decision.action == .create && decision.linking == .replace("e1", .created))
    #expect(decision.reason.reason == .deletedByPerson)
    #expect(decision.reason.evidence.map(\.found).contains { $0.contains("still selected") })
    #expect(try crew.why().headline.contains("comes back"))
    let unselected = Crew([.member()], [], [.memberTypes: .list([])]).linked()
    #expect(try unselected.decision().reason.reason == .noMemberTypeSelected)
    // Made again by hand meanwhile: the pair moves to that one.
    let again = Crew([.member()], [.employee("e9")]).linked()
    #expect(try again.decision().action == .link)
    #expect(try again.decision().linking == .replace("e1", .key("email", value: "dora@msp.example")))
    // Not read to the end: nothing proves that it is gone.
    let unproven = crew.with { $0.target.certificate = certificate(0, .delta) }
    #expect(try unproven.decision().reason.reason == .targetIncomplete)
  }
}

@Suite("crewhu-employees: what is asked of members, and what new employees are given")
struct CrewhuScopeTests {
  @Test(
    "member types by name or id; none chosen is nobody",
    arguments: [
      (["Standard"], nil), (["standard"], nil), (["7"], nil), (["Contractor", "7"], nil),
      (["Contractor"], Reason.memberTypeNotSelected), ([], .noMemberTypeSelected),
    ] as [([String], Reason?)])
  func types(_ row: (chosen: [String], reason: Reason?)) throws {
    let crew = Crew([.member()], [], [.memberTypes: .list(row.chosen)])
    let decision = try crew.decision()
    #expect(decision.action == (row.reason == nil ? .create : .skip))
    guard let reason = row.reason else { return }
    #expect(decision.reason.reason == reason)
    #expect(decision.reason.fix == "add \"Standard\" to member-types")
    #expect(try crew.why().counterfactual.first?.becomes == "1 create")
  }

  @Test("nobody is made without a profile, and those that are there go on")
  func profile() throws {
    let crew = Crew(
      [.member(), .member("2", "otto@msp.example", identifier: "OTTO", .active, ["position": .text("Tier 3")])],
      [.employee("e2", "otto@msp.example", ids: ["OTTO", "otto@msp.example"])], [.profile: .text("")])
    #expect(try crew.decision().reason.reason == .missingProfile)
    #expect(try crew.decision("2").action == .update)
  }

  @Test("the profile of an existing employee is noted and never changed")
  func existingProfile() throws {
    let decision = try Crew([.member()], [.employee("e1", ["profile": .text("Manager")])]).linked().decision()
    #expect(decision.action == .inStep)
    #expect(decision.notes.map(\.reason) == [.createOnlyField])
  }

  @Test("an invitation that is not sent is said beside the create")
  func invitation() throws {
    let manual = try Crew([.member()], []).decision()
    #expect(manual.also.map(\.reason) == [.invitationWaits])
    #expect(!manual.changes.contains { $0.field == .invite })
    let none = try Crew([.member()], [], [.memberStatus: .text("inactive")]).decision()
    #expect(none.also.isEmpty)
  }

  @Test("ids that others gave an employee stay; the member's own are kept up")
  func ids() throws {
    let linked = Crew([.member()], [.employee(ids: ["payroll-9", "DMARTIN", "dora@msp.example"])]).linked()
    #expect(try linked.decision().action == .inStep)
    let renamed = linked.with { $0.source.records = [.member(identifier: "DMARTIN2")] }
    let change = try #require(try renamed.decision().changes.first)
    #expect(change.new == .list(["DMARTIN2", "dora@msp.example", "payroll-9"]))
  }

  @Test("a photo that no answer shows is sent when it changes, and only then")
  func photo() throws {
    let linked = Crew([.member()], [.employee()]).linked()
    #expect(try linked.decision().action == .inStep)
    let changed = linked.with { $0.source.records = [.member("1", ["photo": .text("doc-2")])] }
    #expect(try changed.decision().changes.map(\.field) == ["photo"])
    let found = try Crew([.member()], [.employee()]).decision()
    #expect(found.action == .link && found.baseline?.source["photo"] == .text("doc-1"))
  }

  @Test("a profile that is not there is refused, one for the whole company wants a person's word")
  func concerns() {
    func asked(_ profile: String, _ findings: [String: String] = [:]) -> [Bool] {
      MemberRules.concerns(
        Settings(declarations: Recipe.crewhuEmployees.settings, values: [.profile: .text(profile)]), findings
      ).map(\.isRefusal)
    }
    let read = ["profiles": "Employee\nOwner", "whole-company-profiles": "Owner"]
    #expect(asked("Employee") == [])
    #expect(asked("Admin") == [false], "Crewhu's own profile for the whole company is known without asking")
    #expect(asked("Owner", read) == [false])
    #expect(asked("Admin", read) == [true])
    #expect(asked("Employee", read) == [])
  }
}

@Suite("crewhu-employees: what waits for its upload")
struct CrewhuWaitingTests {
  private func waiting(_ action: WriteKind, _ values: FieldValues = [:]) -> Waiting {
    Waiting(
      kind: .member, source: "1", action: action, values: values, file: "/srv/crew.csv", run: RunID(3), at: yesterday)
  }

  @Test("a create is not written twice, and can be forgotten")
  func create() throws {
    let crew = Crew([.member()], []).with { $0.waiting["1"] = waiting(.create) }
    let decision = try crew.decision()
    #expect(decision.action == .skip && decision.reason.reason == .waitingForUpload)
    #expect(decision.reason.evidence.first?.found == "/srv/crew.csv")
    let explanation = try crew.why()
    #expect(explanation.headline.contains("waits to be uploaded"))
    #expect(explanation.counterfactual.first?.command == "forget dora@msp.example")
    #expect(Planner.plan(crew.situation).arrived(of: [waiting(.create)]).isEmpty)
  }

  @Test("once a reading shows it, the pair is found by itself")
  func arrived() throws {
    let crew = Crew([.member()], [.employee()]).with { $0.waiting["1"] = waiting(.create) }
    #expect(try crew.decision().action == .link)
    #expect(Planner.plan(crew.situation).arrived(of: [waiting(.create)]).count == 1)
  }

  @Test("an update waits as long as it would write the same")
  func update() throws {
    let written = waiting(.update, ["position": .text("Tier 3")])
    let crew = Crew([.member()], [.employee()]).linked().with {
      $0.source.records = [.member("1", ["position": .text("Tier 3")])]
      $0.waiting["1"] = written
    }
    #expect(try crew.decision().reason.reason == .waitingForUpload)
    let further = crew.with { $0.source.records = [.member("1", ["position": .text("Lead")])] }
    #expect(try further.decision().action == .update)
    let there = crew.with { $0.target.records = [.employee("e1", ["position": .text("Tier 3")])] }
    #expect(try there.decision().action == .inStep)
    #expect(Planner.plan(there.situation).arrived(of: [written]).count == 1)
  }
}
