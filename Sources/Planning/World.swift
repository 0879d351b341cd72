/// The situation with its indexes: made once for a plan, so that each record's walk is short.
import Foundation
import Model

/// What a source record counts as under the recipe's state rules.
enum SourceStanding {
  case active
  case inactive(Cause)
  case gone(Cause)
  /// A guest: takes no part.
  case outsider(Cause)
  /// Not enough is known; left alone.
  case unknown(Cause)

  var isActive: Bool {
    if case .active = self { true } else { false }
  }
}

struct World {
  let situation: Situation
  /// The readings' records by id; of two with one id, the later one.
  let sources: [RecordID: Record]
  let targets: [RecordID: Record]
  /// Links in force, by either side.
  let linkBySource: [RecordID: Link]
  let linkByTarget: [RecordID: Link]
  /// Links of which one side was deleted.
  let brokenBySource: [RecordID: Link]
  let excludedSources: [RecordID: Verdict]
  let excludedTargets: [RecordID: Verdict]
  let mapping: [MappedField]
  let rules: [FieldName: ComparisonRule]
  let standings: [RecordID: SourceStanding]
  let runCauses: [Cause]
  let readCause: Cause?
  let companyCause: Cause?
  private(set) var matches: [RecordID: Match] = [:]
  /// Targets that a living source record lays claim to by its key, settled or not.
  private(set) var claimed: [RecordID: [RecordID]] = [:]
  private let writesInADay: [FieldWrite: Int]

  init(_ situation: Situation) {
    self.situation = situation
    sources = Dictionary(situation.source.records.map { ($0.id, $0) }) { _, last in last }
    targets = Dictionary(situation.target.records.map { ($0.id, $0) }) { _, last in last }
    var bySource: [RecordID: Link] = [:]
    var byTarget: [RecordID: Link] = [:]
    var broken: [RecordID: Link] = [:]
    for link in situation.links where link.kind == situation.stage.kind {
      if link.state == .linked {
        bySource[link.source] = link
        byTarget[link.target] = link
      } else {
        broken[link.source] = link
      }
    }
    linkBySource = bySource
    linkByTarget = byTarget
    brokenBySource = broken
    var excludedSources: [RecordID: Verdict] = [:]
    var excludedTargets: [RecordID: Verdict] = [:]
    for verdict in situation.verdicts {
      switch verdict.ruling {
      case .exclude(.source, let id): excludedSources[id] = verdict
      case .exclude(.target, let id): excludedTargets[id] = verdict
      case .pair, .neverPair, .promote, .push, .take: break
      }
    }
    self.excludedSources = excludedSources
    self.excludedTargets = excludedTargets
    mapping = situation.stage.mapping(under: situation.settings)
    rules = Dictionary(
      (situation.targetSystem.fields[situation.stage.kind] ?? []).map { ($0.name, $0.rule) }
    ) { first, _ in first }
    let isLinked: (RecordID) -> Bool = { bySource[$0] != nil }
    standings = sources.mapValues { record in
      Self.standing(of: record, isLinked: isLinked(record.id), in: situation)
    }
    runCauses = RunGate.causes(situation)
    companyCause = CompanyGate.cause(situation)
    readCause = ReadGate.cause(situation)
    let dayAgo = situation.now.addingTimeInterval(-86_400)
    writesInADay = situation.standing.fieldWrites.reduce(into: [:]) { counts, write in
      guard write.at > dayAgo else { return }
      counts[FieldWrite(target: write.target, field: write.field, at: .distantPast), default: 0] += 1
    }
    let matcher = Matcher(self)
    claimed = matcher.claimed
    matches = matcher.matches()
  }

  /// The record's state: inactive rules first for a linked record, so that somebody who left is not kept by being a
  /// guest; outsiders first for one that was never linked.
  private static func standing(of record: Record, isLinked: Bool, in situation: Situation) -> SourceStanding {
    if record.state == .gone {
      return .gone(goneCause(since: situation.source.tombstones[record.id], in: situation))
    }
    let context = RuleContext(
      record: record, settings: situation.settings, system: situation.sourceSystem,
      label: label(of: record, in: situation.stage))
    let outsider = situation.stage.source.outsider(context)
    if !isLinked, let outsider { return .outsider(outsider) }
    if record.state == .inactive {
      return .inactive(
        Cause(.signInDisabled, evidence: [Evidence("state", found: "inactive", at: situation.sourceSystem.name)]))
    }
    for rule in situation.stage.source.states {
      switch rule(context) {
      case .active: continue
      case .inactive(let cause): return .inactive(cause)
      case .unknown(let cause): return .unknown(cause)
      }
    }
    if let outsider { return .outsider(outsider) }
    return .active
  }

  static func goneCause(since: Date?, in situation: Situation) -> Cause {
    let found = since.map { "deleted, told \(day($0))" } ?? "not in the complete reading"
    return Cause(
      .deletedAtSource,
      evidence: [
        Evidence(situation.noun(.source), "is", wanted: "present", found: found, at: situation.sourceSystem.name)
      ])
  }

  // MARK: - What is proven

  /// Whether a source record that is not in the reading can be taken for deleted.
  func isGone(source id: RecordID) -> Bool { isGone(id, in: situation.source, present: sources[id]) }
  func isGone(target id: RecordID) -> Bool { isGone(id, in: situation.target, present: targets[id]) }

  private func isGone(_ id: RecordID, in reading: Reading, present: Record?) -> Bool {
    if let present { return present.state == .gone }
    return reading.tombstones[id] != nil || reading.certificate?.provesAbsence == true
  }

  // MARK: - Names and values

  static func label(of record: Record, in stage: Stage) -> String {
    if let email = record.fields.text(stage.matchKeys.first?.source ?? "email"), !email.isBlank {
      return email.trimmedNFC
    }
    let name = name(of: record, in: stage)
    return name.isEmpty ? record.id.rawValue : name
  }

  static func name(of record: Record, in stage: Stage) -> String {
    let parts = stage.nameFields.compactMap { record.fields.text($0)?.trimmedNFC }.filter { !$0.isEmpty }
    if !parts.isEmpty { return parts.joined(separator: " ") }
    return record.fields.text("display-name")?.trimmedNFC ?? ""
  }

  func rule(_ field: FieldName) -> ComparisonRule { rules[field] ?? .exact }

  func writes(of field: FieldName, to target: RecordID) -> Int {
    writesInADay[FieldWrite(target: target, field: field, at: .distantPast)] ?? 0
  }

  /// Whether existing records are updated; a recipe without the setting behaves as on.
  var updatesExisting: Bool {
    situation.settings.declarations[.updateExisting] == nil || situation.settings.flag(.updateExisting)
  }

  /// "ConnectWise contact 8841".
  func place(_ target: RecordID) -> String {
    "\(situation.targetSystem.name) \(situation.noun(.target)) \(target)"
  }
}

/// A day as evidence shows it: 2026-03-03, in UTC.
func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }
