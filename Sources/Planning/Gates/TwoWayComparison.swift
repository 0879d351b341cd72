/// `compare` for a pair that both sides may edit: field by field to the side that has not got the newer value.
import Foundation
import Model

enum TwoWayComparison {
  static func compare(_ walk: inout Walk) {
    guard let id = walk.sourceID, let source = walk.source, let target = walk.target else { return }
    let settled = CompareGate.settledBaseline(walk)
    var baseline = walk.settledCompanies ?? Baseline()
    let gates = WriteGates(walk)
    walk.hold = gates.hold
    let conflicts = conflictRule(source, target, walk)
    let required = Set(
      Side.allCases.flatMap { walk.stage.required(by: walk.situation.system($0), at: $0) }.map(\.field))
    for field in walk.world.fields {
      let (name, a, b) = (field.name, field.value(of: source, at: .source), field.value(of: target, at: .target))
      let outcome = TwoWayField(
        source: a, target: b, sourceBefore: settled?.source[name], targetBefore: settled?.target[name],
        rule: field.rule, receivers: field.receivers.filter { gates.causes[$0] == nil },
        clearsBlanks: walk.settings.flag(.clearBlanks) && !required.contains(name), firstMatch: walk.stage.firstMatch,
        conflicts: conflicts, taken: walk.world.verdicts.taken(field, of: id, source: a, target: b)
      ).decide()
      func note(_ reason: Reason) {
        walk.notes.append(
          FieldNote(
            field: name, reason: reason, source: a, target: b, baseline: settled?.source[name],
            otherBaseline: settled?.target[name]))
      }
      func settle() {
        baseline.source[name] = a
        baseline.target[name] = b
      }
      switch outcome {
      case .unknown: break
      case .equal(let reason):
        settle()
        if reason == .equalAfterNormalising { note(reason) }
      case .settled:
        settle()
        note(.differsSinceLinked)
      case .leave(let reason): note(reason)
      case .conflict: note(.bothChanged)
      case .blocked(let side, _, let reason):
        guard field.receivers.contains(side), let cause = gates.causes[side] else {
          note(left(reason, at: side))
          continue
        }
        note(cause.reason)
        if !walk.blocked.contains(where: { $0.reason == cause.reason }) { walk.blocked.append(cause) }
      case .push(let side, let value, let reason):
        if let fault = field.fault(in: value, for: side, walk.situation) {
          note(fault.reason)
        } else {
          let old = side == .source ? a : b
          walk.changes[side, default: []].append(FieldChange(field: name, old: old, new: value, reason: reason))
        }
      }
    }
    walk.baseline = baseline
    if !walk.changes.isEmpty, walk.notes.contains(where: { $0.reason == .bothChanged }) {
      walk.also.append(walk.conflictCause)
    }
    CompareGate.sayChanges(walk)
  }

  /// A field that one of the systems cannot write travels one way only; what is left is told like in a one-way sync.
  private static func left(_ reason: Reason, at side: Side) -> Reason {
    switch (reason, side) {
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
