/// A small world for tests: a tenant, a company's contacts, links and settings, in few words.
import Foundation
import Model

@testable import Planning

/// What the two systems of the recipe look like, as far as the planner asks.
enum Systems {
  static let m365 = SystemDescription(
    id: "m365", name: "Microsoft 365", kinds: [.person], nouns: [.person: "user"],
    fields: [
      .person: [
        FieldDeclaration("first-name", vendorName: "givenName", summary: ""),
        FieldDeclaration("last-name", vendorName: "surname", summary: ""),
        FieldDeclaration("title", vendorName: "jobTitle", summary: ""),
        FieldDeclaration("phone", vendorName: "businessPhones", summary: "", rule: .phone),
        FieldDeclaration("mobile", vendorName: "mobilePhone", summary: "", rule: .phone),
        FieldDeclaration("email", vendorName: "mail", summary: "", rule: .email),
        FieldDeclaration("licences", vendorName: "assignedLicenses", summary: "", isFact: true),
      ]
    ],
    parameters: [], permissions: [], partitionName: "tenant",
    features: Features(
      writes: [:], pageSize: [.person: 999], deltaTellsDeletions: true, hasVersions: false, timestampStepSeconds: nil,
      concurrentWrites: 1))

  static let connectWise = SystemDescription(
    id: "connectwise", name: "ConnectWise", kinds: [.company, .person], nouns: [.person: "contact"],
    fields: [
      .person: [
        FieldDeclaration(
          "first-name", vendorName: "firstName", summary: "", maximumLength: 30, isWritable: true, isRequired: true),
        FieldDeclaration("last-name", vendorName: "lastName", summary: "", maximumLength: 30, isWritable: true),
        FieldDeclaration("title", vendorName: "title", summary: "", maximumLength: 100, isWritable: true),
        FieldDeclaration("phone", vendorName: "Direct", summary: "", rule: .phone, isWritable: true),
        FieldDeclaration("mobile", vendorName: "Mobile", summary: "", rule: .phone, isWritable: true),
        FieldDeclaration("email", vendorName: "Email", summary: "", rule: .email, isWritable: true),
        FieldDeclaration("addresses", vendorName: "Email", summary: "", rule: .emailSet, isFact: true),
      ]
    ],
    parameters: [], permissions: [], partitionName: "company",
    features: Features(
      writes: [.person: [.create, .update, .deactivate, .reactivate]], pageSize: [.person: 1000],
      deltaTellsDeletions: false, hasVersions: true, timestampStepSeconds: 1, concurrentWrites: 4))
}

let now = Date(timeIntervalSince1970: 1_772_500_000)
let yesterday = now.addingTimeInterval(-86_400)

func certificate(
  _ count: Int, _ completeness: ReadCompleteness = .complete, pages: (received: Int, asked: Int) = (1, 1),
  sawEnd: Bool = true, declared: Int? = nil, earlier: [Int] = []
) -> ReadCertificate {
  ReadCertificate(
    completeness: completeness, startedAt: now, finishedAt: now, pagesAsked: pages.asked, pagesReceived: pages.received,
    sawEnd: sawEnd, declaredTotal: declared, recordCount: count, snapshotCount: count, completeAt: now,
    earlierCounts: earlier, requests: pages.asked)
}

extension Record {
  /// A licensed member who may sign in, called after the part before the `@`: `user("a", "jane.doe@acme.example")`.
  static func user(_ id: RecordID, _ email: String?, _ fields: FieldValues = [:]) -> Record {
    let parts = (email ?? "no name").split(whereSeparator: { ".@ ".contains($0) }).map { $0.capitalized }
    let values: FieldValues = [
      "first-name": .text(parts.first ?? ""), "last-name": .text(parts.dropFirst().first ?? "X"), "title": .null,
      "phone": .null, "mobile": .null, "email": email.map { .text($0) } ?? .null,
      "addresses": .list(email.map { [$0] } ?? []), "account-enabled": .flag(true), "licences": .list(["sku-1"]),
      "licence-names": .list(["BUSINESS_PREMIUM"]), "user-type": .text("Member"),
    ]
    return Record(id: id, kind: .person, state: .active, fields: values.merging(fields))
  }

  /// A contact with the same names as ``user(_:_:_:)`` gives to that address.
  static func contact(
    _ id: RecordID, _ email: String?, _ fields: FieldValues = [:], state: RecordState = .active
  ) -> Record {
    let like = user(id, email)
    let values = like.fields.filter { ["first-name", "last-name", "title", "phone", "mobile", "email"].contains($0) }
      .merging(["addresses": .list(email.map { [$0] } ?? [])]).merging(fields)
    return Record(id: id, kind: .person, state: state, fields: values, version: RecordVersion("v1"))
  }

  func with(_ fields: FieldValues) -> Record {
    var copy = self
    copy.fields = self.fields.merging(fields)
    return copy
  }

  func without(_ names: FieldName...) -> Record {
    var copy = self
    copy.fields = fields.filter { !names.contains($0) }
    return copy
  }

  func with(_ state: RecordState) -> Record {
    var copy = self
    copy.state = state
    return copy
  }
}

/// A situation that can be changed step by step; enabled, checked, attended, and past its first run.
struct TestWorld {
  var situation: Situation

  init(
    _ users: [Record] = [], _ contacts: [Record] = [], _ settings: [SettingKey: SettingValue] = [:],
    sourceCertificate: ReadCertificate? = nil, targetCertificate: ReadCertificate? = nil
  ) {
    let recipe = Recipe.m365Contacts
    situation = Situation(
      sync: Sync(
        name: "acme/contacts", recipe: recipe.handle, company: "acme", source: "m365", target: "cw", madeAt: yesterday),
      company: Company(handle: "acme", name: "Acme Dental", ids: ["cw": "1187"], isActive: true, status: "Active"),
      recipe: recipe, stage: recipe.stages[0],
      settings: Settings(
        declarations: recipe.settings,
        values: settings.merging([.tenant: .text("acme.example"), .enabled: .flag(true)]) { given, _ in given }),
      source: Reading(records: users, certificate: sourceCertificate ?? certificate(users.count)),
      target: Reading(records: contacts, certificate: targetCertificate ?? certificate(contacts.count)),
      sourceSystem: Systems.m365, targetSystem: Systems.connectWise,
      standing: Standing(isEnabled: true, lastCheckAt: now, carriedThroughPlans: 1, plansSoFar: 1),
      isAttended: true, now: now)
  }

  /// Links a user and a contact; the baseline is what both hold now, unless others are given.
  mutating func link(_ source: RecordID, _ target: RecordID, baseline: Bool = true) {
    situation.links.append(
      Link(
        kind: .person, source: source, target: target, state: .linked, madeBy: .key("email", value: "x"), run: RunID(1),
        since: yesterday))
    guard baseline, let user = user(source), let contact = contact(target) else { return }
    let values = situation.stage.mappedValues(of: user, under: situation.settings)
    situation.baselines[source] = Baseline(
      source: values, target: contact.fields.filter { values[$0] != nil })
  }

  func linked(_ pairs: (RecordID, RecordID)..., baseline: Bool = true) -> TestWorld {
    var copy = self
    for (source, target) in pairs { copy.link(source, target, baseline: baseline) }
    return copy
  }

  func user(_ id: RecordID) -> Record? { situation.source.records.first { $0.id == id } }
  func contact(_ id: RecordID) -> Record? { situation.target.records.first { $0.id == id } }

  mutating func change(_ side: Side, _ id: RecordID, _ fields: FieldValues) {
    switch side {
    case .source:
      for index in situation.source.records.indices where situation.source.records[index].id == id {
        situation.source.records[index] = situation.source.records[index].with(fields)
      }
    case .target:
      for index in situation.target.records.indices where situation.target.records[index].id == id {
        situation.target.records[index] = situation.target.records[index].with(fields)
      }
    }
  }

  mutating func set(_ key: SettingKey, _ value: SettingValue) {
    situation.settings = situation.settings.with(key, value)
  }

  mutating func rule(_ ruling: Verdict.Ruling) {
    situation.verdicts.append(Verdict(ruling: ruling, reason: "said so", madeBy: "zoe", madeAt: now))
  }

  var plan: Plan { Planner.plan(situation) }

  /// The decision about a source record.
  func decision(_ id: RecordID) -> Decision? { plan.decisions.first { $0.source == id } }

  /// "update changed-at-source": what is decided about a source record.
  func outcome(_ id: RecordID) -> String {
    guard let decision = decision(id) else { return "nothing" }
    return "\(decision.action.rawValue) \(decision.reason.reason.rawValue)"
  }

  /// The whole plan, a line a decision, for expectations that show everything.
  var lines: [String] {
    plan.decisions.map { decision in
      let pair = "\(decision.source?.rawValue ?? "–") \(decision.target?.rawValue ?? "–")"
      return "\(pair) \(decision.action.rawValue) \(decision.reason.reason.rawValue)"
    }
  }

  /// What carrying the plan out would leave: targets written, links and baselines moved. Creates get ids from `n1`.
  func applied() -> TestWorld {
    var next = self
    var created = 0
    for decision in plan.decisions where !decision.isDropped {
      guard let source = decision.source else { continue }
      var target = decision.target
      if decision.action == .create {
        created += 1
        let id = RecordID("n\(created)")
        target = id
        next.situation.target.records.append(Record(id: id, kind: .person, state: .active, fields: [:]))
      }
      guard let target else { continue }
      for index in next.situation.target.records.indices where next.situation.target.records[index].id == target {
        for change in decision.changes where decision.action.write != nil {
          next.situation.target.records[index].fields[change.field] = change.new
          if change.field == "email", let text = change.new.text {
            let held = next.situation.target.records[index].fields.items("addresses") ?? []
            next.situation.target.records[index].fields["addresses"] = .list(held + [text])
          }
        }
        if decision.action == .deactivate { next.situation.target.records[index].state = .inactive }
        if decision.action == .reactivate { next.situation.target.records[index].state = .active }
      }
      next.remember(decision, source, target)
    }
    next.situation.target.certificate = certificate(next.situation.target.records.count)
    return next
  }

  private mutating func remember(_ decision: Decision, _ source: RecordID, _ target: RecordID) {
    switch decision.linking {
    case .none: break
    case .forget: situation.links.removeAll { $0.source == source }
    case .make(let key), .replace(_, let key):
      situation.links.removeAll { $0.source == source }
      situation.links.append(
        Link(kind: .person, source: source, target: target, state: .linked, madeBy: key, run: nil, since: now))
    case .move(let from):
      situation.links.removeAll { $0.source == from }
      situation.baselines[from] = nil
      situation.links.append(
        Link(
          kind: .person, source: source, target: target, state: .linked, madeBy: .succeeded(from), run: nil, since: now)
      )
    case .breakLink(let missing):
      for index in situation.links.indices where situation.links[index].source == source {
        situation.links[index].state = .broken(missing: missing, since: now)
      }
    }
    if decision.action.isChange || decision.baseline != nil,
      let baseline = decision.settledBaseline(after: contact(target))
    {
      situation.baselines[source] = baseline
    }
  }
}
