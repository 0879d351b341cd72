/// `undo r33`: a plan that reverses a run, to be looked at and applied like any other.
import Foundation
package import Model

package enum Undo {
  package static func plan(reversing run: Run, lines: [RunLine], in situation: Situation) -> Plan {
    plan(reversing: run, lines: lines, in: [situation])
  }

  /// Reverses each line that was done, on the ground of what the written side holds now.
  ///
  /// - A create becomes a deactivation, or a delete where the system cannot deactivate; its link is remembered as broken,
  ///   so that the next plan does not make the record again.
  /// - An update writes the old values back, field by field, where the record still holds what the run wrote; fields
  ///   that somebody edited since are kept and noted as `record-moved`.
  /// - A deactivation becomes a reactivation and the other way round.
  /// - A delete cannot be reversed and is listed as `target-gone`. Links that were only remembered stay.
  ///
  /// Records are taken back before their companies.
  /// - Parameters:
  ///   - run: it must have an id; its lines come in any order, with values under the names of the side written to.
  ///   - situations: one a stage; lines of a stage that is off now are listed and left.
  package static func plan(reversing run: Run, lines: [RunLine], in situations: [Situation]) -> Plan {
    precondition(run.id != nil, "only a numbered run can be reversed")
    guard let first = situations.first else { preconditionFailure("a sync has a stage") }
    let grounds = situations.map(UndoGround.init)
    var decisions: [Decision] = []
    let done = lines.filter { $0.outcome == .done && $0.action.write != nil }
    for ground in grounds.reversed() {
      decisions += done.filter { $0.kind == ground.kind }.map { Reversal(line: $0, ground: ground).decision }
        .sorted(by: isBefore)
    }
    let kinds = Set(grounds.map(\.kind))
    decisions += done.filter { !kinds.contains($0.kind) }.map(Reversal.ofStageThatIsOff).sorted(by: isBefore)
    for index in decisions.indices { decisions[index].number = index + 1 }
    return Plan(
      sync: first.sync.name, purpose: run.id.map(PlanPurpose.undo) ?? .sync, madeAt: first.now,
      settings: first.settings.fingerprint, decisions: decisions,
      guards: Guard.findings(decisions, in: situations).filter { $0.reason == .massChange || $0.reason == .allChanged },
      obstacles: RunGate.causes(first).filter { $0.reason != .syncDisabled },
      reads: situations.map {
        StageRead(kind: $0.stage.kind, source: $0.source.certificate, target: $0.target.certificate)
      })
  }

  private static func isBefore(_ left: Decision, _ right: Decision) -> Bool {
    (Planner.rank(left.action), left.label, left.written ?? "")
      < (Planner.rank(right.action), right.label, right.written ?? "")
  }
}

/// A stage with its records by side and id.
private struct UndoGround {
  let situation: Situation
  let records: [Side: [RecordID: Record]]
  var kind: RecordKind { situation.stage.kind }

  init(_ situation: Situation) {
    self.situation = situation
    records = Dictionary(
      uniqueKeysWithValues: Side.allCases.map { side in
        (side, Dictionary(situation.reading(side).records.map { ($0.id, $0) }) { _, last in last })
      })
  }
}

/// One line of a run, turned round.
private struct Reversal {
  var line: RunLine
  var situation: Situation
  /// The record that the run wrote to, as it is now.
  var record: Record?
  /// What the run found and left, under the common names.
  var before: FieldValues?
  var after: FieldValues?

  init(line: RunLine, ground: UndoGround) {
    self.line = line
    situation = ground.situation
    record = Self.id(of: line).flatMap { ground.records[line.side]?[$0] }
    let common = { [situation] (values: FieldValues) in
      situation.stage.commonValues(of: values, line.side, situation.settings)
    }
    before = line.before.map(common)
    after = line.after.map(common)
  }

  static func id(of line: RunLine) -> RecordID? { line.side == .source ? line.source : line.target }

  static func ofStageThatIsOff(_ line: RunLine) -> Decision {
    Decision(
      kind: line.kind, side: line.side, source: line.source, target: line.target, label: line.label, name: "",
      action: .skip,
      reason: Cause(.stalePlan, evidence: [Evidence(line.kind.plural, "are", found: "not part of the sync now")]))
  }

  var decision: Decision {
    guard let record, record.state != .gone, line.action != .delete else {
      return kept(
        Cause(
          .targetGone,
          evidence: [
            Evidence(
              situation.noun(line.side), "is", wanted: "present",
              found: line.action == .delete ? "deleted by the run" : "not there", at: place)
          ]))
    }
    switch line.action {
    case .create: return takeBack(record)
    case .update: return restore(record, action: .update)
    case .deactivate: return setState(record, to: .active)
    case .reactivate: return setState(record, to: .inactive)
    case .delete, .link, .unlink, .inStep, .skip, .conflict: return kept(undone)
    }
  }

  private var system: SystemDescription { situation.system(line.side) }

  private var place: String {
    system.name + (Self.id(of: line).map { " \(situation.noun(line.side)) \($0)" } ?? "")
  }

  private var undone: Cause {
    Cause(.undone, evidence: [Evidence("the run", "did", found: line.action.rawValue, at: place)])
  }

  // MARK: - Kinds of line

  private func takeBack(_ record: Record) -> Decision {
    let edited = editedFields(record)
    guard edited.isEmpty else { return kept(moved(edited), record) }
    let kind = situation.stage.kind
    let action: Action = system.features.can(.deactivate, kind) ? .deactivate : .delete
    guard action == .delete || record.state == .active else { return kept(alreadyThere(record), record) }
    guard action == .deactivate || system.features.can(.delete, kind) else { return kept(forbidden(.delete), record) }
    var decision = base(record, action)
    decision.linking = line.source == nil || line.target == nil ? .none : .breakLink(missing: line.side)
    return decision
  }

  private func restore(_ record: Record, action: Action) -> Decision {
    let edited = Set(editedFields(record))
    let before = before ?? FieldValues()
    var decision = base(record, action)
    for name in (after ?? FieldValues()).names where isWritten(name) {
      let old = before[name] ?? .null
      let held = held(name, by: record)
      if edited.contains(name) {
        decision.notes.append(FieldNote(field: name, reason: .recordMoved, source: old, target: held))
      } else if !rule(name).areEqual(held ?? .null, old) {
        decision.changes.append(
          FieldChange(field: name, old: held, new: old.isBlank ? .null : old, reason: .undone))
        // Where a record belongs is known before it is sent: taken back, it is no edit.
        if name == .company { decision.settle(company: old) }
      }
    }
    guard decision.changes.isEmpty, action == .update else { return decision }
    return kept(edited.isEmpty ? alreadyThere(record) : moved(edited.sorted()), record, notes: decision.notes)
  }

  /// A reactivation that also wrote fields is taken back with them.
  private func setState(_ record: Record, to state: RecordState) -> Decision {
    guard record.state != state else { return kept(alreadyThere(record), record) }
    let write: WriteKind = state == .active ? .reactivate : .deactivate
    guard system.features.can(write, situation.stage.kind) else { return kept(forbidden(write), record) }
    return restore(record, action: state == .active ? .reactivate : .deactivate)
  }

  // MARK: - Parts

  private func base(_ record: Record, _ action: Action) -> Decision {
    Decision(
      kind: situation.stage.kind, side: line.side, source: line.source, target: line.target, label: line.label,
      name: World.name(of: record, in: situation.stage), action: action, reason: undone,
      baseline: line.source.flatMap { situation.baselines[$0] }, seenVersion: record.version,
      seenFingerprint: record.fingerprint)
  }

  private func kept(_ cause: Cause, _ record: Record? = nil, notes: [FieldNote] = []) -> Decision {
    Decision(
      kind: situation.stage.kind, side: line.side, source: line.source, target: line.target, label: line.label,
      name: record.map { World.name(of: $0, in: situation.stage) } ?? "", action: .skip, reason: cause, notes: notes,
      seenVersion: record?.version, seenFingerprint: record?.fingerprint)
  }

  private func declaration(_ name: FieldName) -> FieldDeclaration? {
    let own = line.side == .target ? name : situation.stage.sourceNames(under: situation.settings)[name]
    return own.flatMap { system.field($0, of: situation.stage.kind) }
  }

  private func rule(_ name: FieldName) -> ComparisonRule { declaration(name)?.rule ?? .exact }

  /// A move to another company is taken back like a field, where records of the kind can be moved.
  private func isWritten(_ name: FieldName) -> Bool {
    name == .company
      ? system.features.moves.contains(situation.stage.kind) : declaration(name)?.isWritable == true
  }

  private func held(_ name: FieldName, by record: Record) -> FieldValue? {
    if name == .company { return record.parent.map { .text($0.rawValue) } }
    return situation.stage.commonValues(of: record.fields, line.side, situation.settings)[name]
  }

  /// The mapped fields in which the record no longer holds what the run left there.
  private func editedFields(_ record: Record) -> [FieldName] {
    guard let after else { return [] }
    return after.names.filter { name in
      guard isWritten(name), let left = after[name] else { return false }
      // Only what the run itself changed is its to take back.
      if let before, rule(name).areEqual(before[name] ?? .null, left) { return false }
      return !rule(name).areEqual(held(name, by: record) ?? .null, left)
    }
  }

  private func moved(_ fields: [FieldName]) -> Cause {
    Cause(
      .recordMoved,
      evidence: fields.map { name in
        Evidence(
          name.rawValue, "is", wanted: after?[name]?.displayed,
          found: record.flatMap { held(name, by: $0) }?.displayed ?? "‹blank›", at: place)
      },
      fix: "edit it at \(system.name)", records: Self.id(of: line).map { [$0] } ?? [])
  }

  private func alreadyThere(_ record: Record) -> Cause {
    Cause(.undone, evidence: [Evidence("state", "is", found: "\(record.state.rawValue), as before the run", at: place)])
  }

  private func forbidden(_ write: WriteKind) -> Cause {
    Cause(
      .recordForbidden,
      evidence: [Evidence(write.rawValue, "is", found: "not possible", at: system.name)])
  }
}

extension Decision {
  /// The baseline once the record is in this company at the side that is written to.
  fileprivate mutating func settle(company: FieldValue) {
    switch side {
    case .source: baseline?.source[.company] = company
    case .target: baseline?.target[.company] = company
    }
  }
}
