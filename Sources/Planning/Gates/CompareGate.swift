/// `compare`: field by field, what changed and what is left.
import Model

enum CompareGate {
  static func pass(_ walk: inout Walk) {
    switch walk.intent {
    case .create: compareNew(&walk)
    case .compare, .reactivate: comparePair(&walk)
    case .deactivate:
      keepBaseline(&walk)
      walk.say(.compare, .noted, "active → inactive")
    case .settled:
      keepBaseline(&walk)
      walk.say(.compare, .passed, "nothing to compare: inactive on both sides")
    case .undecided, .unlink, .linkOnly: walk.say(.compare, .notReached, "there is no pair to compare")
    }
  }

  /// A deactivation moves no baseline.
  private static func keepBaseline(_ walk: inout Walk) {
    walk.baseline = walk.sourceID.flatMap { walk.situation.baselines[$0] }
  }

  private static func compareNew(_ walk: inout Walk) {
    guard let source = walk.source else { return }
    let check = FieldCheck(walk.situation.targetSystem, walk.stage.kind)
    for field in walk.world.mapping where isCarried(field, walk) {
      guard let value = field.value(from: source), !value.isBlank else { continue }
      if let fault = check.fault(in: value, of: field.target) {
        walk.notes.append(FieldNote(field: field.target, reason: fault.reason, source: value, target: nil))
      } else {
        walk.changes.append(FieldChange(field: field.target, old: nil, new: value, reason: .notMatched))
      }
    }
    sayChanges(walk)
  }

  private static func comparePair(_ walk: inout Walk) {
    guard let source = walk.source, let target = walk.target else { return }
    let settled = settledBaseline(walk)
    var baseline = settled ?? Baseline()
    let check = FieldCheck(walk.situation.targetSystem, walk.stage.kind)
    let required = Set(walk.stage.required(by: walk.situation.targetSystem).map(\.field))
    for field in walk.world.mapping where isCarried(field, walk) {
      let name = field.target
      let value = field.value(from: source)
      let held = target.fields[name]
      let rule = walk.world.rule(name)
      let outcome = OneWayField(
        source: value, target: held, sourceBefore: settled?.source[name], targetBefore: settled?.target[name],
        rule: rule, alternatives: alternatives(of: name, in: target, walk),
        clearsBlanks: walk.settings.flag(.clearBlanks) && !required.contains(name),
        overwritesEdits: walk.settings.text(.targetEdits) == "overwrite"
      ).decide()
      func note(_ reason: Reason) {
        walk.notes.append(
          FieldNote(field: name, reason: reason, source: value, target: held, baseline: settled?.source[name]))
      }
      switch outcome {
      case .unknown: break
      case .equal(let reason):
        baseline.source[name] = value
        baseline.target[name] = held ?? .null
        if reason == .equalAfterNormalising { note(reason) }
      case .rewritten: note(.valueRewritten)
      case .leave(let reason): note(reason)
      case .write(let new, let reason):
        if let fault = check.fault(in: new, of: name) {
          note(fault.reason)
        } else {
          walk.changes.append(FieldChange(field: name, old: held, new: new, reason: reason))
        }
      }
    }
    walk.baseline = baseline
    sayChanges(walk)
  }

  /// The re-created record goes on from its predecessor's baseline, so that an edit at the target stays.
  private static func settledBaseline(_ walk: Walk) -> Baseline? {
    switch walk.linking {
    case .move(let predecessor): walk.situation.baselines[predecessor]
    case .make: nil
    case .none, .breakLink: walk.sourceID.flatMap { walk.situation.baselines[$0] }
    }
  }

  /// A field that the target does not declare as writable is not carried.
  static func isCarried(_ field: MappedField, _ walk: Walk) -> Bool {
    guard field.source != .none else { return false }
    return walk.situation.targetSystem.field(field.target, of: walk.stage.kind)?.isWritable == true
  }

  /// A contact holds an address when any of its addresses is it, not only the one that stands first.
  private static func alternatives(of name: FieldName, in target: Record, _ walk: Walk) -> [String] {
    guard let rule = walk.stage.matchKeys.first, rule.targets.contains(name) else { return [] }
    return rule.targets.flatMap { target.fields.items($0) ?? [] }
  }

  private static func sayChanges(_ walk: Walk) {
    guard walk.listener != nil else { return }
    for note in walk.notes {
      walk.say(
        .compare, .noted, "\(note.field)   \(note.reason.rawValue)   \(Wording.values(of: note, walk.situation))")
    }
    if case .create = walk.intent {
      // A new record is one line: all its values are new.
      walk.say(
        .compare, .noted, "new: " + walk.changes.map { "\($0.field) \(Wording.value($0.new))" }.joined(separator: ", "))
      return
    }
    for change in walk.changes { walk.say(.compare, .noted, Wording.values(of: change)) }
    if walk.changes.isEmpty && walk.notes.isEmpty {
      walk.say(.compare, .passed, "nothing differs (\(walk.world.mapping.count) fields)")
    }
  }
}
