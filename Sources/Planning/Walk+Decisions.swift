/// What comes out of a walk: the decision, or the two decisions of a pair that is written on both sides.
import Foundation
import Model

extension Walk {
  func decisions() -> [Decision] {
    if stops.isEmpty, case .compare = intent, world.isTwoWay { return twoWayDecisions() }
    return [decision()]
  }

  /// A decision with nothing said yet but what it is about.
  private func draft(_ action: Action, _ reason: Cause, writing side: Side) -> Decision {
    Decision(
      kind: stage.kind, side: side, source: sourceID, target: targetID ?? match.shown, label: label, name: name,
      action: action, reason: reason, also: also, notes: notes, seenVersion: record(at: side)?.version)
  }

  private func decision() -> Decision {
    let side = origin.other
    var decision = draft(.skip, Cause(.inStep), writing: side)
    if let first = stops.first {
      decision.reason = first
      decision.also = Array(stops.dropFirst()) + also
      decision.action = isConflict || first.reason.isAmbiguity ? .conflict : .skip
      return decision
    }
    switch intent {
    case .undecided:
      preconditionFailure("a record came through every gate and nothing was decided for it")
    case .create:
      decision.action = .create
      decision.reason = lost.map(remadeCause) ?? Cause(.notMatched, evidence: notMatchedEvidence)
      decision.also += originRecord.map { stage.creationHints(world.context($0, at: origin)) } ?? []
      decision.changes = changes[side] ?? []
      decision.parent = originRecord?.parent
      decision.linking = lost.map { .replace($0.target, .created) } ?? .make(.created)
    case .reactivate:
      decision.action = .reactivate
      decision.reason = pairing.flatMap { $0.reason == .recreated ? $0 : nil } ?? activeAgainCause
      decision.changes = changes[side] ?? []
    case .deactivate(let cause):
      decision.action = .deactivate
      decision.reason = cause
    case .remove(let cause):
      decision.action = .delete
      decision.reason = cause
      decision.linking = .forget
    case .settled(let cause):
      decision.action = .inStep
      decision.reason = Cause(
        .inStep, evidence: [Evidence("state", found: "inactive on both sides")])
      decision.also = [cause] + also
    case .unlink(let cause):
      decision.action = .unlink
      decision.reason = cause
    case .linkOnly:
      decision.action = .link
      decision.reason = pairing ?? Cause(.matched)
    case .compare:
      decision.changes = changes[side] ?? []
      if !decision.changes.isEmpty {
        decision.action = .update
        decision.reason = updateCause(decision.changes, at: side)
      } else if linking != .none {
        decision.action = .link
        decision.reason = pairing ?? Cause(.matched)
      } else {
        decision.action = .inStep
        decision.reason = inStepCause
      }
    }
    if linking != .none, decision.linking == .none || linking.isMove { decision.linking = linking }
    // What is not changed needs no proof of what it looked like.
    if decision.action.isChange { decision.seenFingerprint = record(at: side)?.fingerprint }
    // Of a pair in step the baseline is given only where it moves.
    let isMoved = baseline != sourceID.flatMap { situation.baselines[$0] }
    if decision.action != .inStep || isMoved { decision.baseline = baseline }
    return hold.map { held(decision, by: $0) } ?? decision
  }

  /// The decision as it stands while a guard skips its record: everything is kept for when the guard is let through.
  private func held(_ decision: Decision, by cause: Cause) -> Decision {
    guard decision.action.write != nil else { return decision }
    var held = decision
    held.heldAction = decision.action
    held.action = .skip
    held.reason = cause
    held.also = [decision.reason] + decision.also
    return held
  }

  // MARK: - Both sides

  /// The target's decision first, then the source's; the first of them carries the link and what was settled without a
  /// write.
  private func twoWayDecisions() -> [Decision] {
    var decisions: [Decision] = []
    for side in [Side.target, .source] {
      guard let changes = changes[side], !changes.isEmpty else { continue }
      var decision = draft(.update, updateCause(changes, at: side), writing: side)
      decision.changes = changes
      decision.also += blocked
      decision.seenFingerprint = record(at: side)?.fingerprint
      // Where a record belongs is settled by the write that moves it.
      decision.baseline = changes.contains { $0.field == .company } ? moveBaseline : Baseline()
      decisions.append(side == .source ? hold.map { held(decision, by: $0) } ?? decision : decision)
    }
    let settled = settledBaseline
    // What a guard skips can carry neither the pair nor what is settled.
    if decisions.first.map({ $0.heldAction != nil && (linking != .none || settled != nil) }) ?? true {
      decisions.insert(quietDecision(isAlone: decisions.isEmpty), at: 0)
    }
    guard decisions[0].heldAction == nil else { return decisions }
    decisions[0].linking = linking
    if decisions[0].action.isChange {
      decisions[0].baseline = (decisions[0].baseline ?? Baseline()).merging(baseline ?? Baseline())
    } else {
      decisions[0].baseline = settled
    }
    return decisions
  }

  /// The decision for a pair with nothing to write.
  private func quietDecision(isAlone: Bool) -> Decision {
    if linking != .none { return draft(.link, pairing ?? Cause(.matched), writing: .target) }
    var decision: Decision
    if isAlone, notes.contains(where: { $0.reason == .bothChanged }) {
      decision = draft(.conflict, conflictCause, writing: .target)
      decision.also = also.filter { $0.reason != .bothChanged } + blocked
    } else if isAlone, let first = blocked.first {
      decision = draft(.skip, first, writing: .target)
      decision.also = Array(blocked.dropFirst()) + also
    } else {
      decision = draft(.inStep, inStepCause, writing: .target)
    }
    return decision
  }

  /// What is settled without a write; `nil` where the baseline says it already.
  private var settledBaseline: Baseline? {
    guard let baseline else { return nil }
    let before = sourceID.flatMap { situation.baselines[$0] } ?? Baseline()
    return before.merging(baseline) == before ? nil : baseline
  }

  /// The fields that both sides edited, with what each holds.
  var conflictCause: Cause {
    let evidence = notes.filter { $0.reason == .bothChanged }.flatMap { note in
      [
        Evidence(note.field.rawValue, "is", found: Wording.value(note.source), at: situation.sourceSystem.name),
        Evidence(note.field.rawValue, "is", found: Wording.value(note.target), at: situation.targetSystem.name),
        Evidence(note.field.rawValue, "was", found: Wording.value(note.baseline), at: "when it was last settled"),
      ]
    }
    return Cause(
      .bothChanged, evidence: evidence,
      fix: "resolve \(label.typed) with \(situation.sourceSystem.id), or with \(situation.targetSystem.id)")
  }

  // MARK: - Causes

  private var notMatchedEvidence: [Evidence] {
    let value = origin == .source ? match.keyValue : targetID.flatMap { world.lonely[$0]?.keyValue } ?? ""
    guard !value.isEmpty else { return [] }
    let sought = originRecord.map { stage.sought(value, of: $0) } ?? value
    let field = sought == value ? stage.plainRule?.source.rawValue ?? "key" : "name"
    return [
      Evidence(
        field, "is", wanted: sought + stage.soughtParts(in: situation), found: "in no \(situation.noun(origin.other))",
        at: receiver.name)
    ]
  }

  /// What a person deleted comes back: said before it happens.
  private func remadeCause(_ lost: Link) -> Cause {
    let since = situation.target.tombstones[lost.target]
    return Cause(
      .deletedByPerson,
      evidence: [
        Evidence(
          world.place(lost.target), "is",
          found: since.map { "deleted, seen \(day($0))" } ?? "deleted (not in the complete reading)"),
        Evidence(
          "it", "comes", found: "back, because its \(situation.noun(.source)) is still selected",
          at: situation.sourceSystem.name),
      ],
      fix: "exclude \(label.typed) because \"…\", to keep it away", records: [lost.target])
  }

  private var activeAgainCause: Cause {
    Cause(
      .activeAgain,
      evidence: [
        Evidence("state", "is", found: "active", at: situation.sourceSystem.name),
        Evidence("state", "is", found: "inactive", at: targetID.map { world.place($0) }),
      ])
  }

  /// A re-created record first, then what a person would look for first: what changed.
  private func updateCause(_ changes: [FieldChange], at side: Side) -> Cause {
    if let pairing, pairing.reason == .recreated { return pairing }
    let reasons: [Reason] = [
      .changedAtSource, .changedAtTarget, .settledByPerson, .otherSideWins, .blankAtSource, .differsAtFirstMatch,
      .editedAtTarget, .settingChanged,
    ]
    let reason = reasons.first { reason in changes.contains { $0.reason == reason } } ?? .changedAtSource
    return Cause(reason, evidence: changes.map { Wording.evidence(of: $0, at: situation.system(side).name) })
  }

  /// A pair with nothing to write: plainly in step, or in step because a difference is left on purpose.
  private var inStepCause: Cause {
    let left: [Reason] = [
      .editedAtTarget, .blankAtSource, .blankAtTarget, .tooLong, .invalidValue, .manyValues, .differsSinceLinked,
      .valueRewritten,
    ]
    for reason in left {
      let fields = notes.filter { note in
        // A field that was blank from the beginning is nothing to point at.
        note.reason == reason && (reason != .blankAtSource || note.baseline?.isBlank == false)
      }
      if !fields.isEmpty {
        return Cause(
          reason, evidence: fields.map { $0.fault ?? Wording.evidence(of: $0, at: situation.targetSystem.name) })
      }
    }
    let resting = Wording.resting(notes, situation) ?? "nothing differs"
    return Cause(.inStep, evidence: [Evidence("fields", found: "\(world.mapping.count) compared, \(resting)")])
  }
}

extension LinkChange {
  fileprivate var isMove: Bool {
    if case .move = self { true } else { false }
  }
}

extension Baseline {
  /// This baseline, replaced where `newer` says something.
  func merging(_ newer: Baseline) -> Baseline {
    Baseline(source: source.merging(newer.source), target: target.merging(newer.target))
  }
}
