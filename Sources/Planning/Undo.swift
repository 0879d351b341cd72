/// `undo r33`: a plan that reverses a run, to be looked at and applied like any other.
import Foundation
package import Model

package enum Undo {
  /// Reverses each line that was done, on the ground of what the target holds now.
  ///
  /// - A create becomes a deactivation, or a delete where the target cannot deactivate; its link is remembered as broken,
  ///   so that the next plan does not make the record again.
  /// - An update writes the old values back, field by field, where the target still holds what the run wrote; fields
  ///   that somebody edited since are kept and noted as `record-moved`.
  /// - A deactivation becomes a reactivation and the other way round.
  /// - A delete cannot be reversed and is listed as `target-gone`. Links that were only remembered stay.
  ///
  /// - Parameter run: it must have an id; its lines come in any order.
  package static func plan(reversing run: Run, lines: [RunLine], in situation: Situation) -> Plan {
    precondition(run.id != nil, "only a numbered run can be reversed")
    let targets = Dictionary(situation.target.records.map { ($0.id, $0) }) { _, last in last }
    var decisions = lines.filter { $0.outcome == .done && $0.action.write != nil }
      .map { Reversal(line: $0, target: $0.target.flatMap { targets[$0] }, situation: situation).decision }
    decisions.sort {
      (Planner.rank($0.action), $0.label, $0.target ?? "") < (Planner.rank($1.action), $1.label, $1.target ?? "")
    }
    for index in decisions.indices { decisions[index].number = index + 1 }
    return Plan(
      sync: situation.sync.name, purpose: run.id.map(PlanPurpose.undo) ?? .sync, madeAt: situation.now,
      settings: situation.settings.fingerprint, decisions: decisions,
      guards: Guard.findings(decisions, in: situation).filter { $0.reason == .massChange || $0.reason == .allChanged },
      obstacles: RunGate.causes(situation).filter { $0.reason != .syncDisabled },
      sourceRead: situation.source.certificate, targetRead: situation.target.certificate)
  }
}

/// One line of a run, turned round.
private struct Reversal {
  var line: RunLine
  var target: Record?
  var situation: Situation

  var decision: Decision {
    guard let target, target.state != .gone, line.action != .delete else {
      return kept(
        Cause(
          .targetGone,
          evidence: [
            Evidence(
              situation.noun(.target), "is", wanted: "present",
              found: line.action == .delete ? "deleted by the run" : "not there", at: place)
          ]))
    }
    switch line.action {
    case .create: return takeBack(target)
    case .update: return restore(target, action: .update)
    case .deactivate: return setState(target, to: .active)
    case .reactivate: return setState(target, to: .inactive)
    case .delete, .link, .unlink, .inStep, .skip, .conflict: return kept(undone)
    }
  }

  private var place: String {
    "\(situation.targetSystem.name)" + (line.target.map { " \(situation.noun(.target)) \($0)" } ?? "")
  }

  private var undone: Cause {
    Cause(.undone, evidence: [Evidence("the run", "did", found: line.action.rawValue, at: place)])
  }

  private var features: Features { situation.targetSystem.features }

  // MARK: - Kinds of line

  private func takeBack(_ target: Record) -> Decision {
    let edited = editedFields(target)
    guard edited.isEmpty else { return kept(moved(edited), target) }
    let kind = situation.stage.kind
    let action: Action = features.can(.deactivate, kind) ? .deactivate : .delete
    guard action == .delete || target.state == .active else { return kept(alreadyThere(target), target) }
    guard action == .deactivate || features.can(.delete, kind) else { return kept(forbidden(.delete), target) }
    var decision = base(target, action)
    decision.linking = line.source == nil ? .none : .breakLink(missing: .target)
    return decision
  }

  private func restore(_ target: Record, action: Action) -> Decision {
    let edited = Set(editedFields(target))
    let before = line.before ?? FieldValues()
    var decision = base(target, action)
    for name in (line.after ?? FieldValues()).names where isWritten(name) {
      let old = before[name] ?? .null
      let held = target.fields[name]
      if edited.contains(name) {
        decision.notes.append(FieldNote(field: name, reason: .recordMoved, source: old, target: held))
      } else if !rule(name).areEqual(held ?? .null, old) {
        decision.changes.append(
          FieldChange(field: name, old: held, new: old.isBlank ? .null : old, reason: .undone))
      }
    }
    guard decision.changes.isEmpty, action == .update else { return decision }
    return kept(edited.isEmpty ? alreadyThere(target) : moved(edited.sorted()), target, notes: decision.notes)
  }

  /// A reactivation that also wrote fields is taken back with them.
  private func setState(_ target: Record, to state: RecordState) -> Decision {
    guard target.state != state else { return kept(alreadyThere(target), target) }
    let write: WriteKind = state == .active ? .reactivate : .deactivate
    guard features.can(write, situation.stage.kind) else { return kept(forbidden(write), target) }
    return restore(target, action: state == .active ? .reactivate : .deactivate)
  }

  // MARK: - Parts

  private func base(_ target: Record, _ action: Action) -> Decision {
    Decision(
      kind: situation.stage.kind, source: line.source, target: target.id, label: line.label,
      name: World.name(of: target, in: situation.stage), action: action, reason: undone,
      baseline: line.source.flatMap { situation.baselines[$0] }, seenVersion: target.version,
      seenFingerprint: target.fingerprint)
  }

  private func kept(_ cause: Cause, _ target: Record? = nil, notes: [FieldNote] = []) -> Decision {
    Decision(
      kind: situation.stage.kind, source: line.source, target: line.target, label: line.label,
      name: target.map { World.name(of: $0, in: situation.stage) } ?? "", action: .skip, reason: cause, notes: notes,
      seenVersion: target?.version, seenFingerprint: target?.fingerprint)
  }

  private func rule(_ name: FieldName) -> ComparisonRule {
    situation.targetSystem.field(name, of: situation.stage.kind)?.rule ?? .exact
  }

  private func isWritten(_ name: FieldName) -> Bool {
    situation.targetSystem.field(name, of: situation.stage.kind)?.isWritable == true
  }

  /// The mapped fields in which the target no longer holds what the run left there.
  private func editedFields(_ target: Record) -> [FieldName] {
    guard let after = line.after else { return [] }
    return after.names.filter { name in
      guard isWritten(name), let left = after[name] else { return false }
      // Only what the run itself changed is its to take back.
      if let before = line.before, rule(name).areEqual(before[name] ?? .null, left) { return false }
      return !rule(name).areEqual(target.fields[name] ?? .null, left)
    }
  }

  private func moved(_ fields: [FieldName]) -> Cause {
    Cause(
      .recordMoved,
      evidence: fields.map { name in
        Evidence(
          name.rawValue, "is", wanted: line.after?[name]?.displayed,
          found: target?.fields[name]?.displayed ?? "‹blank›", at: place)
      },
      fix: "edit it at \(situation.targetSystem.name)", records: line.target.map { [$0] } ?? [])
  }

  private func alreadyThere(_ target: Record) -> Cause {
    Cause(.undone, evidence: [Evidence("state", "is", found: "\(target.state.rawValue), as before the run", at: place)])
  }

  private func forbidden(_ write: WriteKind) -> Cause {
    Cause(
      .recordForbidden,
      evidence: [Evidence(write.rawValue, "is", found: "not possible", at: situation.targetSystem.name)])
  }
}
