/// Every reason that this recipe gives, provoked and read back from `why`; funnels that add up; what would help.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct WhyTests {
  static let email = "jane.doe@acme.example"

  static func pair(
    _ user: FieldValues = [:], _ contact: FieldValues = [:], _ settings: [SettingKey: SettingValue] = [:]
  )
    -> TestWorld
  {
    TestWorld(
      [.user("s", email)], [.contact("7", email)],
      settings.merging([.updateExisting: .flag(true)]) { given, _ in given }
    ).linked(("s", "7")).changed(user, contact)
  }

  struct Case: CustomTestStringConvertible {
    var reason: Reason
    var headline: String
    var world: TestWorld
    var gate: Gate?
    var would: String?
    init(_ reason: Reason, _ headline: String, stopsAt gate: Gate?, would: String? = nil, _ world: TestWorld) {
      self.reason = reason
      self.headline = headline
      self.world = world
      self.gate = gate
      self.would = would
    }
    var testDescription: String { reason.rawValue }
  }

  static var cases: [Case] {
    let on: [SettingKey: SettingValue] = [.updateExisting: .flag(true)]
    let user = Record.user("s", email)
    var excluded = TestWorld([user])
    excluded.rule(.exclude(.source, "s"))
    var disabled = TestWorld([user])
    disabled.situation.standing.isEnabled = false
    return [
      Case(
        .unlicensed, "Not created: the user has no licence.", stopsAt: .state,
        would: "assign a licence to jane.doe@acme.example at Microsoft 365",
        TestWorld([user.with(["licences": .list([]), "licence-names": .list([])])], [], on)),
      Case(
        .signInDisabled, "Not created: sign-in is disabled at Microsoft 365.", stopsAt: .state,
        would: "enable sign-in for jane.doe@acme.example at Microsoft 365",
        TestWorld([user.with(["account-enabled": .flag(false)])], [], on)),
      Case(
        .guest, "Not created: the user is a guest.", stopsAt: .state,
        would: "make jane.doe@acme.example a member at Microsoft 365",
        TestWorld([user.with(["user-type": .text("Guest")])])),
      Case(
        .missingEmail, "Not created: the user has no e-mail address.", stopsAt: .data,
        would: "fill in the e-mail address at Microsoft 365", TestWorld([.user("s", nil)])),
      Case(
        .domainNotSelected, "Not created: the domain acme.example is not among those selected (other.example).",
        stopsAt: .scope, would: "add acme.example to domains",
        TestWorld([user], [], [.domains: .list(["other.example"])])),
      Case(
        .ambiguousTarget, "Not linked: two ConnectWise contacts have this e-mail address.", stopsAt: .match,
        would: "pair jane.doe@acme.example with 7", TestWorld([user], [.contact("7", email), .contact("8", email)])),
      Case(
        .alreadyLinked, "Not linked: ConnectWise contact 7 is linked to old@acme.example, since \(day(yesterday)), r1.",
        stopsAt: .match, would: "forget old@acme.example",
        TestWorld([user, .user("o", "old@acme.example")], [.contact("7", email)]).linked(("o", "7"))),
      Case(
        .updateOff, "Not updated: update-existing is off for acme/contacts.", stopsAt: .policy,
        would: "set update-existing to on", pair(["title": .text("Lead")], [:], [.updateExisting: .flag(false)])),
      Case(
        .editedAtTarget, "In step: title was edited at ConnectWise, and unchanged at the source since.", stopsAt: nil,
        would: "set target-edits to overwrite",
        pair(["title": .text("A")], ["title": .text("A")]).settled("title", "A").changed([:], ["title": .text("B")])),
      Case(
        .blankAtSource, "In step: title was blank at the source, and a blank overwrites nothing.", stopsAt: nil,
        would: "set clear-blanks to on",
        pair(["title": .null], ["title": .text("A")]).settled("title", "A")),
      Case(.excluded, "Left alone: excluded by zoe", stopsAt: .match, would: "include jane.doe@acme.example", excluded),
      Case(.inStep, "In step: nothing differs.", stopsAt: nil, pair()),
      Case(
        .createOff, "Not created: create is off for acme/contacts.", stopsAt: .policy, would: "set create to on",
        TestWorld([user], [], [.create: .flag(false)])),
      Case(
        .notMatched, "Not created: acme/contacts is switched off.", stopsAt: .run, would: "enable acme/contacts",
        disabled),
      Case(
        .changedAtSource, "Will be updated: title   ‹blank› → \"Lead\".", stopsAt: nil, pair(["title": .text("Lead")])),
    ]
  }

  @Test("each reason is named, at its gate, with what would help", arguments: cases)
  func reasons(_ test: Case) throws {
    let explanation = try #require(Why.explain("s", side: .source, in: test.world.situation))
    #expect(explanation.decision.reason.reason == test.reason)
    #expect(explanation.headline.hasPrefix(test.headline), "\(explanation.headline)")
    #expect(explanation.gates.first { $0.mark == .stopped }?.gate == test.gate)
    #expect(explanation.counterfactual.first?.command == test.would)
    #expect(explanation.rule != nil)
    // What why tells is what the plan decides.
    #expect(test.world.decision("s")?.reason == explanation.decision.reason)
  }

  @Test("the gates come in their one order, each of them heard")
  func gateOrder() throws {
    let explanation = try #require(Why.explain("s", side: .source, in: Self.pair(["title": .text("X")]).situation))
    let gates = explanation.gates.map(\.gate)
    #expect(gates == gates.sorted())
    #expect(Set(gates) == Set(Gate.allCases.filter { $0 < .apply }))
  }

  @Test("later gates are listed behind the first, and both must be put right")
  func thenAlso() throws {
    let world = TestWorld([Record.user("s", nil, ["licences": .list([])])])
    let explanation = try #require(Why.explain("s", side: .source, in: world.situation))
    #expect(explanation.decision.reason.reason == .unlicensed)
    #expect(explanation.also.map(\.reason) == [.missingEmail])
    #expect(explanation.counterfactual.first?.command.contains(", and ") == true)
    #expect(explanation.counterfactual.first?.becomes == "1 create")
  }

  @Test("a cause that hides behind another of the same gate is found too")
  func hiddenCause() throws {
    let world = TestWorld([Record.user("s", Self.email, ["account-enabled": .flag(false), "licences": .list([])])])
    let explanation = try #require(Why.explain("s", side: .source, in: world.situation))
    let commands = explanation.counterfactual.map(\.command)
    #expect(commands.count == 1)
    #expect(commands.first?.contains("enable sign-in") == true)
    #expect(commands.first?.contains("assign a licence") == true)
  }

  @Test("a counterfactual is true: the planner gives what it promises")
  func counterfactualHolds() throws {
    var world = Self.pair(["title": .text("Lead")], [:], [.updateExisting: .flag(false)])
    let explanation = try #require(Why.explain("s", side: .source, in: world.situation))
    #expect(explanation.counterfactual == [Counterfactual(command: "set update-existing to on", becomes: "1 update")])
    #expect(explanation.toTry == "preview with update-existing=on")
    world.set(.updateExisting, .flag(true))
    #expect(world.plan.counts == [.update: 1])
  }

  @Test("a held plan is told at the guard of each record that it would change")
  func held() throws {
    let world = GuardTests.world(linked: 5, leaving: 5)
    let explanation = try #require(Why.explain("s0", side: .source, in: world.situation))
    #expect(explanation.headline.hasPrefix("Not deactivated: the plan is held: deactivates 5 of 5 active pairs"))
    #expect(explanation.gates.last?.gate == .guard)
    #expect(explanation.gates.last?.mark == .stopped)
    #expect(explanation.sameReason == 4)
    #expect(explanation.sameReasonCommand == "why where reason is unlicensed")
  }

  @Test(
    "near misses are found and marked letter by letter",
    arguments: [
      ("jane-doe@acme.example", "only signs such as . - _", "    ^"),
      ("jane.do@acme.example", "one letter", "       ^"), ("jnae.doe@acme.example", "one letter", " ^^"),
    ])
  func nearMisses(address: String, difference: String, marks: String) throws {
    let contact = Record.contact("7", address, ["first-name": .text("Somebody")])
    let explanation = try #require(
      Why.explain("s", side: .source, in: TestWorld([.user("s", Self.email)], [contact]).situation))
    #expect(explanation.nearMisses.map(\.difference) == [difference])
    #expect(explanation.nearMisses.first?.marks == marks)
  }

  @Test("an alias and a namesake are near misses that stop no create")
  func aliasAndName() {
    let user = Record.user("s", Self.email, ["addresses": .list([Self.email, "jd@acme.example"])])
    let world = TestWorld(
      [user],
      [
        .contact("7", "jd@acme.example"),
        .contact("8", "x@acme.example", ["first-name": .text("jane"), "last-name": .text("DOE")]),
      ])
    #expect(world.outcome("s") == "create not-matched")
    #expect(world.decision("s")?.also.map(\.reason) == [.nearMiss, .nameOnly])
  }

  // MARK: - Finding people

  @Test("people are found by id, any address, exact name, or a part")
  func find() {
    let world = TestWorld(
      [
        .user("s1", Self.email, ["addresses": .list([Self.email, "jd@acme.example"])]),
        .user("s2", "bob.b@acme.example"),
      ],
      [.contact("7", Self.email), .contact("8", "only.here@acme.example")]
    ).linked(("s1", "7"))
    func ids(_ text: String) -> [RecordID] { Why.find(text, in: world.situation).map(\.id) }
    #expect(ids("s1") == ["s1"])
    #expect(ids("JD@acme.example") == ["s1"])
    #expect(ids(Self.email) == ["s1"])
    #expect(ids("jane doe") == ["s1"])
    #expect(ids("only.here") == ["8"])
    #expect(ids("acme.example") == ["s1", "s2", "8"])
    #expect(ids("nobody") == [])
    #expect(ids("  ") == [])
  }

  @Test("somebody who is not there is explained with the tenant and the nearest spelling")
  func notFound() {
    let world = TestWorld([.user("s1", Self.email)])
    let explanation = Why.notFound("jane.deo@acme.example", in: world.situation)
    #expect(explanation.decision.reason.reason == .notAtSource)
    #expect(explanation.headline.contains("The nearest is \(Self.email)."))
    #expect(Why.notFound("completely-else", in: world.situation).nearMisses.isEmpty)
  }

  @Test("a record that only the target has is left alone, and says so")
  func targetOnly() throws {
    let world = TestWorld([], [.contact("7", Self.email), .contact("8", "b@acme.example", state: .inactive)])
    let explanation = try #require(Why.explain("7", side: .target, in: world.situation))
    #expect(explanation.headline == "Left alone: this sync never linked it.")
    #expect(Why.explain("8", side: .target, in: world.situation)?.decision.reason.reason == .inactiveAtTarget)
    #expect(Why.explain("9", side: .target, in: world.situation) == nil)
  }

  // MARK: - Funnel

  @Test("funnels add up over seeded random worlds, and every record has one decision", arguments: 0..<60)
  func funnelSums(seed: UInt64) {
    let world = RandomWorld.make(seed: seed)
    let plan = world.plan
    let funnel = Why.funnel(world.situation)
    #expect(funnel.read == world.situation.source.records.count)
    #expect(funnel.stages.reduce(0) { $0 + $1.count } + funnel.endings.reduce(0) { $0 + $1.count } == funnel.read)
    #expect(funnel.read + funnel.gone.reduce(0) { $0 + $1.count } + funnel.targetOnly == plan.decisions.count)
    #expect(plan.decisions.map(\.number) == plan.decisions.indices.map { $0 + 1 })
  }

  @Test("G10 what a plan promises is what follows: carried out, it leaves nothing to change", arguments: 0..<60)
  func settles(seed: UInt64) {
    let world = RandomWorld.make(seed: seed)
    let after = world.applied()
    let left = after.plan.decisions.filter(\.action.isChange).map { "\($0.label) \($0.action) \($0.reason.reason)" }
    #expect(left == [], "seed \(seed)")
  }

  @Test("why where the most likely cause is one that somebody can act on")
  func funnelHeadline() {
    let users = (0..<5).map { Record.user(RecordID("s\($0)"), "p\($0)@acme.example", ["licences": .list([])]) }
    let funnel = Why.funnel(TestWorld(users + [.user("g", "g@x.example", ["user-type": .text("Guest")])]).situation)
    #expect(funnel.headline.contains(Reason.unlicensed.sentence))
    #expect(
      funnel.stages == [
        Funnel.Stage(
          gate: .state, stops: [Funnel.Stop(reason: .unlicensed, count: 5), Funnel.Stop(reason: .guest, count: 1)])
      ])
  }

  @Test("every reason of a decision has a rule or belongs to a run")
  func rules() {
    for reason in Reason.allCases where reason.gate < .apply && reason.gate > .read {
      #expect(reason.rule != nil, "\(reason)")
    }
  }
}

extension TestWorld {
  func changed(_ user: FieldValues, _ contact: FieldValues) -> TestWorld {
    var copy = self
    copy.change(.source, "s", user)
    copy.change(.target, "7", contact)
    return copy
  }

  /// Both sides held this text when the link was last settled.
  func settled(_ field: FieldName, _ text: String) -> TestWorld {
    var copy = self
    copy.situation.baselines["s"]?.source[field] = .text(text)
    copy.situation.baselines["s"]?.target[field] = .text(text)
    return copy
  }
}

/// Worlds with a bit of everything, the same for the same seed.
enum RandomWorld {
  static func make(seed: UInt64) -> TestWorld {
    var random = SeededGenerator(seed: seed)
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    var world = TestWorld(
      [], [],
      [
        .updateExisting: .flag(chance(70)), .create: .flag(chance(85)), .reactivate: .flag(chance(80)),
        .clearBlanks: .flag(chance(30)), .domains: .list(chance(30) ? ["acme.example"] : []),
        .outOfScope: .text(chance(30) ? "deactivate" : "leave"),
        .targetEdits: .text(chance(30) ? "overwrite" : "keep"),
      ])
    let count = Int.random(in: 0...40, using: &random)
    for number in 0..<count {
      let domain = chance(80) ? "acme.example" : "old.example"
      let email = chance(92) ? "p\(chance(90) ? number : number / 2).q@\(domain)" : nil
      let user = Record.user(
        RecordID("s\(number)"), email,
        [
          "title": [.null, .text("A"), .text("B")].randomElement(using: &random) ?? .null,
          "account-enabled": .flag(chance(85)), "licences": .list(chance(85) ? ["x"] : []),
          "licence-names": .list([]), "user-type": .text(chance(92) ? "Member" : "Guest"),
        ])
      world.situation.source.records.append(user)
      guard chance(70) else { continue }
      let contact = Record.contact(
        RecordID("\(number)"), email, ["title": chance(50) ? .text("A") : .null],
        state: chance(80) ? .active : .inactive)
      world.situation.target.records.append(contact)
      if chance(50) {
        world.link(user.id, contact.id, baseline: chance(80))
        if chance(20) { world.change(.source, user.id, ["title": .text("C")]) }
        if chance(20) { world.change(.target, contact.id, ["title": .text("D")]) }
        if chance(10) { world.situation.source.records.removeLast() }
        if chance(10) { world.situation.target.records.removeLast() }
      }
    }
    for number in 0..<Int.random(in: 0...5, using: &random) {
      world.situation.target.records.append(.contact(RecordID("9\(number)0"), "p\(number).q@acme.example"))
    }
    world.situation.source.certificate = certificate(world.situation.source.records.count)
    world.situation.target.certificate = certificate(world.situation.target.records.count)
    return world
  }
}
