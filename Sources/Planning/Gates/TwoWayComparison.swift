/// `compare` for a pair that both sides may edit: field by field to the side that has not got the newer value.
import Foundation
import Model

struct TwoWayComparison {
  private let gates: WriteGates
  private let situation: Situation
  /// What both sides held when the pair was last settled.
  private let before: Baseline?
  /// The fields that differed when the pair was found, before and after this comparison.
  private let wasApart: Set<String>
  private var isApart: Set<String>
  private var baseline: Baseline
  private var changes: [Side: [FieldChange]] = [:]
  private var notes: [FieldNote] = []
  private var blocked: [Cause] = []

  static func compare(_ walk: inout Walk) {
    guard let source = walk.source, let target = walk.target else { return }
    var comparison = TwoWayComparison(walk)
    comparison.compare(source, target, conflicts: conflictRule(source, target, walk), walk)
    walk.hold = comparison.gates.hold
    for side in Side.allCases {
      if let changes = comparison.changes[side] { walk.changes[side, default: []] += changes }
    }
    walk.notes += comparison.notes
    walk.blocked = comparison.blocked
    walk.baseline = comparison.settled
    if !walk.changes.isEmpty, walk.notes.contains(where: { $0.reason == .bothChanged }) {
      walk.also.append(walk.conflictCause)
    }
    CompareGate.sayChanges(walk)
  }

  private init(_ walk: Walk) {
    gates = WriteGates(walk)
    situation = walk.situation
    before = CompareGate.settledBaseline(walk)
    wasApart = Set(before?.source.items(.settledApart) ?? [])
    isApart = wasApart
    baseline = walk.settledCompanies ?? Baseline()
  }

  private mutating func compare(_ source: Record, _ target: Record, conflicts: ConflictRule, _ walk: Walk) {
    let required = Set(
      Side.allCases.flatMap { walk.stage.required(by: situation.system($0), at: $0) }.map(\.field))
    for field in walk.world.fields {
      let (a, b) = (field.value(of: source, at: .source), field.value(of: target, at: .target))
      let beside = besideMain(field, source, target, walk)
      if let a, let b, let beside, beside.isInStep(a, b) {
        settle(field.name, a, b, isApart: false)
        continue
      }
      let outcome = TwoWayField(
        source: a, target: b, sourceBefore: before?.source[field.name], targetBefore: before?.target[field.name],
        rule: field.rule, receivers: field.receivers.filter { gates.causes[$0] == nil },
        clearsBlanks: walk.settings.flag(.clearBlanks) && !required.contains(field.name),
        firstMatch: field.carriesChangesOnly ? .settles : walk.stage.firstMatch, conflicts: conflicts,
        taken: walk.world.verdicts.taken(field, of: source.id, source: a, target: b),
        wasApart: wasApart.contains(field.name.rawValue)
      ).decide()
      take(fitted(outcome, beside, of: field, a, b, walk), of: field, a, b)
    }
  }

  /// The main values that a list of further ones stands beside, as they will be once this comparison is carried out;
  /// `nil` for every other field.
  private func besideMain(_ field: CarriedField, _ source: Record, _ target: Record, _ walk: Walk) -> BesideMain? {
    guard let name = field.mapping.besides, let main = walk.world.fields.first(where: { $0.name == name }) else {
      return nil
    }
    func value(_ record: Record, _ side: Side) -> String? {
      let change = changes[side]?.first { $0.field == name }
      return (change?.new ?? main.value(of: record, at: side))?.text
    }
    return BesideMain(source: value(source, .source), target: value(target, .target), rule: main.rule)
  }

  /// What is pushed to a side, without its own main value. Where nothing is left, and blanks are not carried, it is left.
  private func fitted(
    _ outcome: TwoWayOutcome, _ beside: BesideMain?, of field: CarriedField, _ a: FieldValue?, _ b: FieldValue?,
    _ walk: Walk
  ) -> TwoWayOutcome {
    guard let beside, case .push(let side, let value, let reason) = outcome, !value.isBlank else { return outcome }
    let held = (side == .source ? a : b) ?? .null
    let fitted = beside.fitted(value, to: side, holding: held)
    if field.rule.areEqual(fitted, held) || (fitted.isBlank && held.isBlank) { return .settled }
    if fitted.isBlank && !walk.settings.flag(.clearBlanks) {
      return .leave(side == .source ? .blankAtTarget : .blankAtSource)
    }
    return .push(to: side, fitted, reason)
  }

  private mutating func take(_ outcome: TwoWayOutcome, of field: CarriedField, _ a: FieldValue?, _ b: FieldValue?) {
    let name = field.name
    switch outcome {
    case .unknown: break
    case .equal(let reason):
      settle(name, a, b, isApart: false)
      if reason == .equalAfterNormalising { note(reason, name, a, b) }
    case .settled:
      settle(name, a, b, isApart: true)
      note(.differsSinceLinked, name, a, b)
    case .leave(let reason): note(reason, name, a, b)
    case .conflict: note(.bothChanged, name, a, b)
    case .blocked(let side, _, let reason):
      guard field.receivers.contains(side), let cause = gates.causes[side] else {
        return note(Self.left(reason, at: side, isFilled: a?.isBlank == false && b?.isBlank == false), name, a, b)
      }
      note(cause.reason, name, a, b)
      if !blocked.contains(where: { $0.reason == cause.reason }) { blocked.append(cause) }
    case .push(let side, let value, let reason):
      if let fault = field.fault(in: value, for: side, situation) {
        note(fault.reason, name, a, b, fault: fault.evidence)
      } else {
        isApart.remove(name.rawValue)
        let old = side == .source ? a : b
        changes[side, default: []].append(FieldChange(field: name, old: old, new: value, reason: reason))
      }
    }
  }

  private mutating func note(
    _ reason: Reason, _ name: FieldName, _ a: FieldValue?, _ b: FieldValue?, fault: Evidence? = nil
  ) {
    notes.append(
      FieldNote(
        field: name, reason: reason, source: a, target: b, baseline: before?.source[name],
        otherBaseline: before?.target[name], fault: fault))
  }

  private mutating func settle(_ name: FieldName, _ a: FieldValue?, _ b: FieldValue?, isApart isDifferent: Bool) {
    baseline.source[name] = a
    baseline.target[name] = b
    if isDifferent { isApart.insert(name.rawValue) } else { isApart.remove(name.rawValue) }
  }

  /// What is settled without a write.
  private var settled: Baseline {
    var settled = baseline
    if isApart != wasApart { settled.source[.settledApart] = .list(isApart.sorted()) }
    return settled
  }

  /// A field that one of the systems cannot write travels one way only; what is left is told like in a one-way sync.
  private static func left(_ reason: Reason, at side: Side, isFilled: Bool) -> Reason {
    switch (reason, side) {
    case (.differsAtFirstMatch, _) where isFilled: .differsSinceLinked
    case (.differsAtFirstMatch, .source): .blankAtSource
    case (.differsAtFirstMatch, .target): .blankAtTarget
    case (_, .source): .editedAtTarget
    case (_, .target): .readOnlySide
    }
  }

  // MARK: - Who wins

  /// The setting `conflicts`, for one pair: `newest` only where both records say when they changed.
  private static func conflictRule(_ source: Record, _ target: Record, _ walk: Walk) -> ConflictRule {
    let word = walk.settings.text(.conflicts)
    if word == "newest" { return newest(source, target, walk) }
    if let side = walk.situation.recipe.conflictWords[word] { return .wins(side) }
    for side in Side.allCases where walk.situation.system(side).id.rawValue == word { return .wins(side) }
    return .ask
  }

  /// The later edit, where the two moments are further apart than the coarser of the two clocks can tell.
  private static func newest(_ source: Record, _ target: Record, _ walk: Walk) -> ConflictRule {
    guard let sourceStep = walk.situation.sourceSystem.features.timestampStepSeconds,
      let targetStep = walk.situation.targetSystem.features.timestampStepSeconds,
      let sourceAt = source.modified, let targetAt = target.modified,
      abs(sourceAt.timeIntervalSince(targetAt)) >= Double(max(sourceStep, targetStep, 1))
    else { return .ask }
    return .wins(sourceAt > targetAt ? .source : .target)
  }
}

/// Whether a pair's two sides may be written to now, whatever the field.
private struct WriteGates {
  /// Why a side is not written to: its own rule, or that the other side's edits do not travel.
  var causes: [Side: Cause] = [:]
  /// A guard that skips what would be written to the source.
  var hold: Cause?

  init(_ walk: Walk) {
    for side in Side.allCases {
      guard let record = walk.record(at: side), let sender = walk.record(at: side.other) else { continue }
      let rules = walk.stage.rules(side)
      if let cause = rules.receiving(walk.world.context(record, at: side)) {
        causes[side] = cause
      } else if let cause = walk.stage.rules(side.other).sending(walk.world.context(sender, at: side.other)) {
        if cause.reason.gate == .guard && side == .source { hold = cause } else { causes[side] = cause }
      }
    }
  }
}
