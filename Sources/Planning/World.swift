/// The situation with its indexes: made once for a plan, so that each record's walk is short.
import Foundation
import Model

/// What a record counts as under its side's rules.
enum Presence {
  case active
  case inactive(Cause)
  case gone(Cause)
  /// A guest, the provider's own company: takes no part.
  case outsider(Cause)
  /// Not enough is known; left alone.
  case unknown(Cause)

  var isActive: Bool {
    if case .active = self { true } else { false }
  }

  var cause: Cause? {
    switch self {
    case .active: nil
    case .inactive(let cause), .gone(let cause), .outsider(let cause), .unknown(let cause): cause
    }
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
  let brokenByTarget: [RecordID: Link]
  let verdicts: Verdicts
  let mapping: [MappedField]
  let fields: [CarriedField]
  /// By record of each side; the target's are asked in two-way stages only.
  let presences: [Side: [RecordID: Presence]]
  let runCauses: [Cause]
  let readCause: Cause?
  let companyCause: Cause?
  let isTwoWay: Bool
  private(set) var matches: [RecordID: Match] = [:]
  /// What matching says about records that only the target has, in a two-way stage.
  private(set) var lonely: [RecordID: LonelyMatch] = [:]
  /// Targets that a living source record lays claim to by its key, settled or not.
  private(set) var claimed: [RecordID: [RecordID]] = [:]
  private let writesInADay: [Side: [RecordID: [FieldName: Int]]]
  /// Where a key belongs to one record of a whole system: who has it, in whatever company.
  private let holders: [Side: [String: [RecordID]]]

  init(_ situation: Situation) {
    self.situation = situation
    sources = Dictionary(situation.source.records.map { ($0.id, $0) }) { _, last in last }
    targets = Dictionary(situation.target.records.map { ($0.id, $0) }) { _, last in last }
    let links = situation.links.filter { $0.kind == situation.stage.kind }
    let (linked, broken) = (links.filter { $0.state == .linked }, links.filter { $0.state != .linked })
    let bySource = Dictionary(linked.map { ($0.source, $0) }) { _, last in last }
    let byTarget = Dictionary(linked.map { ($0.target, $0) }) { _, last in last }
    linkBySource = bySource
    linkByTarget = byTarget
    brokenBySource = Dictionary(broken.map { ($0.source, $0) }) { _, last in last }
    brokenByTarget = Dictionary(broken.map { ($0.target, $0) }) { _, last in last }
    let verdicts = Verdicts(situation)
    self.verdicts = verdicts
    mapping = situation.stage.mapping(under: situation.settings)
    fields = CarriedField.all(situation)
    isTwoWay = situation.direction == .twoWay
    var presences: [Side: [RecordID: Presence]] = [:]
    for side in isTwoWay ? [Side.source, .target] : [.source] {
      presences[side] = (side == .source ? sources : targets).mapValues { record in
        let isLinked = (side == .source ? bySource[record.id] : byTarget[record.id]) != nil
        return Self.presence(of: Self.context(record, side, isLinked: isLinked, verdicts, situation), in: situation)
      }
    }
    self.presences = presences
    runCauses = RunGate.causes(situation)
    companyCause = CompanyGate.cause(situation)
    readCause = ReadGate.cause(situation)
    writesInADay = Self.writesInADay(situation)
    holders = Self.holders(situation)
    let matcher = Matcher(self)
    claimed = matcher.claimed
    matches = matcher.matches()
    lonely = isTwoWay ? matcher.lonelyMatches(matches) : [:]
  }

  // MARK: - Keys that span companies

  private static func holders(_ situation: Situation) -> [Side: [String: [RecordID]]] {
    guard situation.stage.keysSpanCompanies else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: Side.allCases.map { side in
        let index = situation.reading(side).records.reduce(into: [String: [RecordID]]()) { index, record in
          guard record.state != .gone else { return }
          for key in plainKeys(of: record, at: side, in: situation.stage) {
            index[key, default: []].append(record.id)
          }
        }
        return (side, index)
      })
  }

  /// The records of the other side that have one of a record's keys, in whatever company.
  func holders(ofKeysOf record: Record, at side: Side) -> [RecordID] {
    guard situation.stage.keysSpanCompanies else { return [] }
    let found = Self.plainKeys(of: record, at: side, in: situation.stage).flatMap { holders[side.other]?[$0] ?? [] }
    return Set(found).sorted()
  }

  private static func plainKeys(of record: Record, at side: Side, in stage: Stage) -> Set<String> {
    stage.matchKeys.reduce(into: []) { $0.formUnion(MatchValue.plainKeys(of: record, at: side, by: $1)) }
  }

  // MARK: - Records

  func record(_ id: RecordID, at side: Side) -> Record? { side == .source ? sources[id] : targets[id] }

  func presence(of id: RecordID, at side: Side) -> Presence? { presences[side]?[id] }

  /// Records that a living source is: not gone, not inactive, not an outsider.
  func isActive(source id: RecordID) -> Bool { presences[.source]?[id]?.isActive == true }

  func context(_ record: Record, at side: Side) -> RuleContext {
    let isLinked = (side == .source ? linkBySource[record.id] : linkByTarget[record.id]) != nil
    return Self.context(record, side, isLinked: isLinked, verdicts, situation)
  }

  private static func context(
    _ record: Record, _ side: Side, isLinked: Bool, _ verdicts: Verdicts, _ situation: Situation
  ) -> RuleContext {
    let reading = situation.reading(side)
    return RuleContext(
      record: record, side: side, settings: situation.settings, system: situation.system(side),
      label: label(of: record, in: situation.stage), isLinked: isLinked,
      isPromoted: verdicts.promoted[side]?.contains(record.id) == true,
      pushedAt: side == .target ? verdicts.pushedAt[record.id] : nil,
      arrivedWith: reading.arrivals[record.id].flatMap { reading.arrivalCounts[$0] } ?? 1)
  }

  /// The record's state: inactive rules first for a linked record, so that somebody who left is not kept by being a
  /// guest; outsiders first for one that was never linked.
  private static func presence(of context: RuleContext, in situation: Situation) -> Presence {
    let (record, side) = (context.record, context.side)
    if record.state == .gone {
      return .gone(
        goneCause(
          record.id, since: situation.reading(side).tombstones[record.id], parent: record.parent, at: side,
          in: situation))
    }
    let rules = situation.stage.rules(side)
    let outsider = rules.outsider(context)
    if !context.isLinked, let outsider { return .outsider(outsider) }
    if record.state == .inactive, let cause = inactiveCause(context, situation) { return .inactive(cause) }
    for rule in rules.states {
      switch rule(context) {
      case .active: continue
      case .inactive(let cause): return .inactive(cause)
      case .unknown(let cause): return .unknown(cause)
      }
    }
    if let outsider { return .outsider(outsider) }
    return .active
  }

  /// Where the state does not travel, it only keeps a record from being created on the other side.
  private static func inactiveCause(_ context: RuleContext, _ situation: Situation) -> Cause? {
    let evidence = [Evidence("state", found: "inactive", at: context.system.name)]
    if situation.stage.leaving == .deactivates {
      return situation.states.includesInactive ? nil : situation.stage.rules(context.side).inactive(context)
    }
    guard !context.isLinked, !situation.stage.rules(context.side).takesInactive else { return nil }
    return Cause(
      context.side == .source ? .inactiveAtSource : .inactiveAtTarget, evidence: evidence,
      fix: "make \(context.label) active at \(context.system.name), or pair it")
  }

  static func goneCause(
    _ id: RecordID, since: Date?, parent: RecordID? = nil, at side: Side = .source, in situation: Situation
  ) -> Cause {
    let left = departure(of: id, since: since, parent: parent, at: side, in: situation)
    let found = left ?? since.map { "deleted, told \(day($0))" } ?? "not in the complete reading"
    let evidence = Evidence(
      situation.noun(side), "is", wanted: "present", found: found, at: situation.system(side).name)
    return Cause(side == .source ? .deletedAtSource : .linkBroken, evidence: [evidence])
  }

  /// "in no client any more": of somebody who is gone because his company is another one now, which is not among those
  /// that are read; `nil` for one who was deleted, and where nobody knows.
  static func departure(
    of id: RecordID, since: Date?, parent: RecordID? = nil, at side: Side, in situation: Situation
  ) -> String? {
    guard situation.stage.hasParents, let now = parent ?? situation.reading(side).lastParents[id] else { return nil }
    let settled =
      side == .source
      ? situation.baselines[id]?.source
      : situation.links.first { $0.kind == situation.stage.kind && $0.target == id }
        .flatMap { situation.baselines[$0.source]?.target }
    guard let before = settled?[.company]?.text, before != now.rawValue else { return nil }
    return "in no \(situation.system(side).noun(.company)) any more" + (since.map { ", seen \(day($0))" } ?? "")
  }

  // MARK: - What is proven

  /// Whether a record that is not in the reading can be taken for deleted.
  func isGone(source id: RecordID) -> Bool { isGone(id, in: situation.source, present: sources[id]) }
  func isGone(target id: RecordID) -> Bool { isGone(id, in: situation.target, present: targets[id]) }

  private func isGone(_ id: RecordID, in reading: Reading, present: Record?) -> Bool {
    if let present { return present.state == .gone }
    return reading.tombstones[id] != nil || reading.certificate?.provesAbsence == true
  }

  /// The pair of a source record whose target was deleted, where such a target is made again: it binds nobody any more.
  func lostLink(of source: RecordID) -> Link? {
    guard situation.stage.remakesDeleted else { return nil }
    if let link = linkBySource[source] { return isGone(target: link.target) ? link : nil }
    guard let link = brokenBySource[source], case .broken(.target, _) = link.state else { return nil }
    return link
  }

  // MARK: - Names and values

  /// How a person calls a record: its e-mail address, else its name, else its id.
  static func label(of record: Record, in stage: Stage) -> String {
    if stage.kind == .person || stage.kind == .member, let email = record.fields.text("email"), !email.isBlank {
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

  /// How often a common field of a record was written within the last 24 hours.
  func writes(of field: FieldName, to record: RecordID, at side: Side = .target) -> Int {
    writesInADay[side]?[record]?[field] ?? 0
  }

  private static func writesInADay(_ situation: Situation) -> [Side: [RecordID: [FieldName: Int]]] {
    let dayAgo = situation.now.addingTimeInterval(-86_400)
    let names = situation.stage.sourceNames(under: situation.settings)
    let common = Dictionary(names.map { ($0.value, $0.key) }) { first, _ in first }
    return situation.standing.fieldWrites.reduce(into: [:]) { counts, write in
      guard write.at > dayAgo, write.kind == situation.stage.kind else { return }
      let field = write.side == .source ? common[write.field] ?? write.field : write.field
      counts[write.side, default: [:]][write.target, default: [:]][field, default: 0] += 1
    }
  }

  /// Whether existing records are updated; a recipe without the setting behaves as on.
  var updatesExisting: Bool {
    situation.settings.declarations[.updateExisting] == nil || situation.settings.flag(.updateExisting)
  }

  /// "ConnectWise contact 8841".
  func place(_ id: RecordID, at side: Side = .target) -> String {
    "\(situation.system(side).name) \(situation.noun(side)) \(id)"
  }

  /// "90112 Zoe Olsen (active)".
  func description(of id: RecordID, at side: Side) -> String {
    guard let record = record(id, at: side) else { return id.rawValue }
    return "\(id) \(Self.name(of: record, in: situation.stage)) (\(record.state.rawValue))"
  }

  func label(of id: RecordID, at side: Side) -> String {
    record(id, at: side).map { Self.label(of: $0, in: situation.stage) } ?? id.rawValue
  }
}

/// A moment as evidence shows it: 2026-03-03 09:15:00, in UTC.
func moment(_ date: Date) -> String {
  date.formatted(
    .iso8601.year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false))
}

/// A day as evidence shows it: 2026-03-03, in UTC.
func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }

/// The same with the time of day, where that decides: 2026-03-03 09:15, in UTC.
func minute(_ date: Date) -> String {
  let text = date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
  return text.replacing("T", with: " ").prefix(16).description
}
