/// A small world for tests of syncs with several stages: two systems, companies and what belongs to them.
import Foundation
import Model

@testable import Planning

extension Systems {
  private static func text(
    _ name: FieldName, rule: ComparisonRule = .exact, longest: Int? = nil, isRequired: Bool = false
  ) -> FieldDeclaration {
    FieldDeclaration(
      name, vendorName: name.rawValue, summary: "", rule: rule, maximumLength: longest, isWritable: true,
      isRequired: isRequired)
  }

  private static func fact(_ name: FieldName, rule: ComparisonRule = .exact) -> FieldDeclaration {
    FieldDeclaration(name, vendorName: name.rawValue, summary: "", rule: rule, isFact: true)
  }

  private static func system(
    _ id: SystemID, _ name: String, nouns: [RecordKind: String], fields: [RecordKind: [FieldDeclaration]],
    moves: Set<RecordKind> = [.person], deletes: Bool = true
  ) -> SystemDescription {
    let writes: Set<WriteKind> = deletes ? [.create, .update, .delete] : [.create, .update]
    return SystemDescription(
      id: id, name: name, kinds: Array(fields.keys), nouns: nouns, fields: fields, parameters: [], permissions: [],
      partitionName: "account",
      features: Features(
        writes: Dictionary(uniqueKeysWithValues: fields.keys.map { ($0, writes) }), pageSize: [:],
        deltaTellsDeletions: false, hasVersions: true, timestampStepSeconds: 1, concurrentWrites: 4, moves: moves))
  }

  static let teamwork = system(
    "teamwork", "Teamwork.com", nouns: [.company: "client", .person: "person"],
    fields: [
      .company: [text("name", isRequired: true), text("website"), text("email", rule: .email), fact("is-owner")],
      .person: [
        text("first-name", longest: 20, isRequired: true), text("last-name", isRequired: true),
        text("email", rule: .email), text("other-emails", rule: .emailSet), text("photo"), text("twitter"),
        text("linkedin"), fact("addresses", rule: .emailSet), fact("user-type"),
      ],
    ])

  static let desk = system(
    "desk", "Teamwork Desk", nouns: [.company: "company", .person: "customer"],
    fields: [
      .company: [text("name", isRequired: true), text("website"), text("email", rule: .email)],
      .person: [
        text("first-name"), text("last-name"), text("email", rule: .email), text("other-emails", rule: .emailSet),
        text("photo"), text("twitter"), text("linkedin"), fact("addresses", rule: .emailSet),
      ],
    ])

  private static let psaConfiguration: [FieldDeclaration] = [
    text("name", isRequired: true), text("type", isRequired: true), text("serial-number"),
    text("notes"), fact("type-id"), fact("status-id"),
  ]

  private static let psaPerson: [FieldDeclaration] = [
    text("first-name", isRequired: true), text("last-name"), text("title"), text("email", rule: .email),
    text("phone", rule: .phone),
  ]

  static let psa = system(
    "connectwise", "ConnectWise", nouns: [.company: "company", .person: "contact", .configuration: "configuration"],
    fields: [
      .company: [
        text("name", isRequired: true), text("identifier"), text("type"), text("status"),
        fact("types"), fact("type-id"), fact("status-id"),
      ],
      .person: psaPerson,
      .configuration: psaConfiguration + [text("mac-address"), text("status", isRequired: true)],
    ], moves: [.person])

  static let autotask = system(
    "autotask", "Autotask", nouns: [.company: "company", .person: "contact", .configuration: "configuration item"],
    fields: [
      .company: [
        text("name", isRequired: true), text("identifier"), text("type"), text("phone", rule: .phone, isRequired: true),
        fact("status"), fact("is-owner"),
      ],
      .person: psaPerson,
      .configuration: psaConfiguration + [
        fact("status"), text("manufacturer", isRequired: true), text("model", isRequired: true),
      ],
    ], moves: [], deletes: false)

  static let itGlue = system(
    "itglue", "IT Glue", nouns: [.company: "organization", .person: "contact", .configuration: "configuration"],
    fields: [
      .company: [
        text("name", isRequired: true), text("identifier"), text("type"), text("status"), fact("psa-id"),
        fact("type-id"), fact("status-id"), fact("is-owner"),
      ],
      .person: [
        text("first-name"), text("last-name"), text("title"), text("email", rule: .email),
        text("phone", rule: .phoneDigits), fact("psa-id"),
      ],
      .configuration: [
        text("name", isRequired: true), text("type", isRequired: true), text("status"), text("serial-number"),
        text("mac-address"), text("notes"), text("manufacturer"), text("model"), fact("type-id"), fact("status-id"),
      ],
    ], moves: [])
}

extension Record {
  static func company(_ id: RecordID, _ name: String, _ fields: FieldValues = [:]) -> Record {
    let values: FieldValues = ["name": .text(name), "website": .null, "email": .null]
    return Record(
      id: id, kind: .company, state: .active, fields: values.merging(fields), version: RecordVersion("v1"),
      modified: yesterday)
  }

  /// A person with both names of the address, who belongs to a company.
  static func person(_ id: RecordID, _ email: String, of parent: RecordID?, _ fields: FieldValues = [:]) -> Record {
    let like = user(id, email).fields.filter { ["first-name", "last-name", "email", "addresses"].contains($0) }
    let values: FieldValues = [
      "other-emails": .null, "photo": .null, "twitter": .null, "linkedin": .null, "user-type": .text("contact"),
    ]
    return Record(
      id: id, kind: .person, state: .active, fields: like.merging(values).merging(fields),
      version: RecordVersion("v1"), modified: yesterday, parent: parent)
  }

  func modified(_ date: Date?) -> Record {
    var copy = self
    copy.modified = date
    return copy
  }

  func created(_ date: Date?) -> Record {
    var copy = self
    copy.created = date
    return copy
  }
}

/// A sync with a situation for each stage; enabled, checked, attended, and past its first run.
struct StagedWorld {
  var situations: [Situation]
  /// How many ids were given to records that a plan created.
  private var made = 0

  init(
    _ recipe: Recipe, from source: SystemDescription, to target: SystemDescription,
    _ settings: [SettingKey: SettingValue] = [:], changes: [SettingKey: Date] = [:]
  ) {
    let settings = Settings(
      declarations: recipe.settings, values: settings.merging([.enabled: .flag(true)]) { given, _ in given },
      changes: Dictionary(
        uniqueKeysWithValues: changes.map { key, at in
          (key, SettingChange(key: key, old: nil, new: settings[key], by: "zoe", at: at))
        }))
    situations = recipe.stages(under: settings).map { stage in
      Situation(
        sync: Sync(
          name: SyncName(recipe.handle), recipe: recipe.handle, company: nil, source: "a", target: "b",
          madeAt: yesterday),
        company: nil, recipe: recipe, stage: stage, settings: settings,
        source: Reading(records: [], certificate: certificate(0)),
        target: Reading(records: [], certificate: certificate(0)), sourceSystem: source, targetSystem: target,
        standing: Standing(isEnabled: true, lastCheckAt: now, carriedThroughPlans: 1, plansSoFar: 1),
        isAttended: true, now: now)
    }
  }

  /// Teamwork.com and Desk with one linked company, `c` and `d`.
  static func teamwork(
    people: [Record] = [], customers: [Record] = [], _ settings: [SettingKey: SettingValue] = [:],
    changes: [SettingKey: Date] = [:]
  ) -> StagedWorld {
    var world = StagedWorld(.teamworkDesk, from: Systems.teamwork, to: Systems.desk, settings, changes: changes)
    world.add(.company, .source, .company("c", "Acme"))
    world.add(.company, .target, .company("d", "Acme"))
    world.link(.company, "c", "d")
    for person in people { world.add(.person, .source, person) }
    for customer in customers { world.add(.person, .target, customer) }
    return world
  }

  static let chosen: [SettingKey: SettingValue] = [
    "organization-types": .list(["Customer"]), "organization-statuses": .list(["Active"]),
    "configuration-types": .list(["Server"]), "configuration-statuses": .list(["Active"]), .contacts: .flag(true),
  ]

  static let twoWaySince = yesterday.addingTimeInterval(-86_400)

  /// A PSA and IT Glue with one linked company, `1` and `91`, whose type and status sync.
  static func itGlue(
    from source: SystemDescription = Systems.psa, twoWay: Bool = true, _ settings: [SettingKey: SettingValue] = [:]
  ) -> StagedWorld {
    var world = StagedWorld(
      .itGluePSA, from: source, to: Systems.itGlue,
      chosen.merging([.twoWay: .flag(twoWay)]) { $1 }.merging(settings) { $1 },
      changes: twoWay ? [.twoWay: twoWaySince] : [:])
    let fields: FieldValues = ["type": .text("Customer"), "status": .text("Active"), "identifier": .null]
    world.add(.company, .source, .company("1", "Acme", fields))
    world.add(.company, .target, .company("91", "Acme", fields))
    world.link(.company, "1", "91")
    return world
  }

  // MARK: - Changing it

  func index(_ kind: RecordKind) -> Int {
    situations.firstIndex { $0.stage.kind == kind } ?? situations.startIndex
  }

  subscript(kind: RecordKind) -> Situation {
    get { situations[index(kind)] }
    set { situations[index(kind)] = newValue }
  }

  mutating func add(_ kind: RecordKind, _ side: Side, _ record: Record) {
    edit(kind, side) { records in records.append(record) }
  }

  mutating func remove(_ kind: RecordKind, _ side: Side, _ id: RecordID) {
    edit(kind, side) { records in records.removeAll { $0.id == id } }
  }

  mutating func change(_ kind: RecordKind, _ side: Side, _ id: RecordID, _ fields: FieldValues) {
    edit(kind, side) { records in
      for index in records.indices where records[index].id == id { records[index] = records[index].with(fields) }
    }
  }

  mutating func move(_ side: Side, _ id: RecordID, to parent: RecordID?, kind: RecordKind = .person) {
    edit(kind, side) { records in
      for index in records.indices where records[index].id == id { records[index].parent = parent }
    }
  }

  /// Changes one side's records; the reading stays complete.
  mutating func edit(_ kind: RecordKind, _ side: Side, _ change: (inout [Record]) -> Void) {
    if side == .source {
      change(&self[kind].source.records)
      self[kind].source.certificate = certificate(self[kind].source.records.count)
    } else {
      change(&self[kind].target.records)
      self[kind].target.certificate = certificate(self[kind].target.records.count)
    }
  }

  /// Links a pair; the baseline is what both hold now, unless others are given.
  mutating func link(_ kind: RecordKind, _ source: RecordID, _ target: RecordID, baseline: Bool = true) {
    self[kind].links.append(
      Link(
        kind: kind, source: source, target: target, state: .linked, madeBy: .created, run: RunID(1), since: yesterday)
    )
    guard baseline, let left = record(kind, .source, source), let right = record(kind, .target, target) else { return }
    let (stage, settings) = (self[kind].stage, self[kind].settings)
    var settled = Baseline(
      source: stage.commonValues(of: left, side: .source, under: settings),
      target: stage.commonValues(of: right, side: .target, under: settings))
    settled.source[.company] = left.parent.map { .text($0.rawValue) }
    settled.target[.company] = right.parent.map { .text($0.rawValue) }
    self[kind].baselines[source] = settled
  }

  mutating func breakLink(_ kind: RecordKind, _ source: RecordID, missing: Side) {
    for index in self[kind].links.indices where self[kind].links[index].source == source {
      self[kind].links[index].state = .broken(missing: missing, since: yesterday)
    }
  }

  mutating func relink(_ kind: RecordKind, _ source: RecordID) {
    for index in self[kind].links.indices where self[kind].links[index].source == source {
      self[kind].links[index].isToBeRelinked = true
    }
  }

  mutating func rule(_ kind: RecordKind, _ ruling: Verdict.Ruling) {
    self[kind].verdicts.append(Verdict(kind: kind, ruling: ruling, reason: "", madeBy: "zoe", madeAt: now))
  }

  mutating func set(_ key: SettingKey, _ value: SettingValue) {
    for index in situations.indices { situations[index].settings = situations[index].settings.with(key, value) }
  }

  func record(_ kind: RecordKind, _ side: Side, _ id: RecordID) -> Record? {
    self[kind].reading(side).records.first { $0.id == id }
  }

  func value(_ kind: RecordKind, _ side: Side, _ id: RecordID, _ field: FieldName) -> FieldValue? {
    record(kind, side, id)?.fields[field]
  }

  // MARK: - Asking it

  var plan: Plan { Planner.plan(situations) }

  /// The whole plan, a line a decision: "person c–d update→target changed-at-source: title".
  var lines: [String] { plan.decisions.map(Self.line) }
  func lines(_ kind: RecordKind) -> [String] { plan.decisions.filter { $0.kind == kind }.map(Self.line) }

  static func line(_ decision: Decision) -> String {
    let pair = "\(decision.source?.rawValue ?? "–") \(decision.target?.rawValue ?? "–")"
    let writes = decision.action.write != nil || decision.heldAction != nil
    let side = writes ? " at \(decision.side.rawValue)" : ""
    let held = decision.heldAction.map { " (held: \($0.rawValue))" } ?? ""
    let fields = decision.changes.map(\.field.rawValue).joined(separator: ", ")
    return "\(pair) \(decision.action.rawValue)\(held)\(side) \(decision.reason.reason.rawValue)"
      + (fields.isEmpty || decision.action == .create || decision.heldAction == .create ? "" : ": \(fields)")
  }

  func decision(_ kind: RecordKind, source: RecordID? = nil, target: RecordID? = nil) -> Decision? {
    plan.decisions.first {
      $0.kind == kind && (source == nil || $0.source == source) && (target == nil || $0.target == target)
    }
  }

  /// What carrying the plan out would leave on both sides and in memory.
  /// - Parameter storing: how a system stores a text of its own accord.
  func applied(
    _ overrides: Overrides = Overrides(), storing: (FieldValue) -> FieldValue = { $0 }
  ) -> StagedWorld {
    var next = self
    for decision in overrides.work(of: plan) + plan.decisions.filter({ !$0.action.isChange && $0.baseline != nil }) {
      if decision.action == .create { next.made += 1 }
      next.carryOut(decision, RecordID("n\(next.made)"), storing: storing)
    }
    return next
  }

  private mutating func carryOut(_ decision: Decision, _ id: RecordID, storing: (FieldValue) -> FieldValue) {
    let (kind, side) = (decision.kind, decision.side)
    let (stage, settings) = (self[kind].stage, self[kind].settings)
    let written = decision.written ?? id
    if decision.action == .create {
      let parent = decision.parent.flatMap { parent in
        self[.company].links.first { (side == .target ? $0.source : $0.target) == parent }
          .map { side == .target ? $0.target : $0.source }
      }
      var blank = FieldValues()
      for field in self[kind].system(side).fields[kind] ?? [] { blank[field.name] = .null }
      // Facts of a new record: a contact, and active.
      blank["user-type"] = .text("contact")
      blank["status"] = .text("Active")
      add(kind, side, Record(id: id, kind: kind, state: .active, fields: blank, parent: parent))
    }
    if decision.action.write != nil {
      let sent = stage.values(for: side, of: decision.changes, under: settings)
      edit(kind, side) { records in
        for index in records.indices where records[index].id == written {
          for (name, value) in sent.sorted { records[index].fields[name] = storing(value) }
          if let parent = stage.newParent(of: decision.changes) { records[index].parent = parent }
        }
      }
    }
    remember(decision, source: decision.source ?? id, target: decision.target ?? id, stage, settings)
  }

  private mutating func remember(
    _ decision: Decision, source: RecordID, target: RecordID, _ stage: Stage, _ settings: Settings
  ) {
    let kind = decision.kind
    func made(_ key: MatchKey) -> Link {
      Link(kind: kind, source: source, target: target, state: .linked, madeBy: key, run: nil, since: now)
    }
    switch decision.linking {
    case .none: break
    case .forget: self[kind].links.removeAll { $0.source == source }
    case .make(let key), .replace(_, let key):
      self[kind].links.removeAll { $0.source == source }
      self[kind].baselines[source] = nil
      self[kind].links.append(made(key))
    case .move(let from):
      self[kind].links.removeAll { $0.source == from }
      self[kind].baselines[source] = self[kind].baselines[from]
      self[kind].links.append(made(.succeeded(from)))
    case .breakLink(let missing): breakLink(kind, source, missing: missing)
    }
    let answer =
      decision.action.write == nil ? nil : record(kind, decision.side, decision.side == .source ? source : target)
    guard let settled = stage.settledBaseline(of: decision, after: answer, under: settings) else { return }
    let before = self[kind].baselines[source] ?? Baseline()
    self[kind].baselines[source] = before.merging(settled)
  }
}
