/// `compare`: field by field, what changed and what is left.
import Model

enum CompareGate {
  static func pass(_ walk: inout Walk) {
    switch walk.intent {
    case .create: compareNew(&walk)
    case .compare where walk.world.isTwoWay: TwoWayComparison.compare(&walk)
    case .compare, .reactivate: comparePair(&walk)
    case .deactivate:
      keepBaseline(&walk)
      walk.say(.compare, .noted, "active → inactive")
    case .remove:
      keepBaseline(&walk)
      walk.say(.compare, .noted, "the copy is deleted")
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
    guard let record = walk.originRecord else { return }
    let side = walk.origin.other
    // Of a two-way pair both sides are settled from the beginning, so that the first edits are edits and no difference
    // that was found.
    var blanks = Baseline()
    for field in walk.world.fields where field.fills.contains(side) {
      guard var value = field.value(of: record, at: walk.origin) else { continue }
      if let name = field.mapping.besides, let main = walk.world.fields.first(where: { $0.name == name }) {
        let own = main.value(of: record, at: walk.origin)?.text
        value = BesideMain(source: own, target: own, rule: main.rule).fitted(value, to: side, holding: .null)
      }
      guard !value.isBlank else {
        blanks.source[field.name] = .null
        blanks.target[field.name] = .null
        continue
      }
      if let fault = field.fault(in: value, for: side, walk.situation) {
        let (source, target) = side == .target ? (value, nil) : (nil, value)
        walk.notes.append(
          FieldNote(
            field: field.name, reason: fault.reason, source: source, target: target, fault: fault.evidence))
      } else {
        walk.changes[side, default: []].append(
          FieldChange(field: field.name, old: nil, new: value, reason: .notMatched))
      }
    }
    let context = walk.world.context(record, at: walk.origin)
    for given in walk.stage.givens {
      guard let value = given.value(context), !value.isBlank else { continue }
      walk.changes[side, default: []].append(
        FieldChange(field: given.field, old: nil, new: value, reason: .notMatched))
    }
    if side == .target { noteUncarried(&walk) }
    if walk.world.isTwoWay { walk.baseline = blanks }
    sayChanges(walk)
  }

  private static func comparePair(_ walk: inout Walk) {
    guard let source = walk.source, let target = walk.target else { return }
    let settled = settledBaseline(walk)
    var baseline = settled ?? Baseline()
    let required = Set(walk.stage.required(by: walk.situation.targetSystem).map(\.field))
    for field in walk.world.fields where field.receivers.contains(.target) {
      let name = field.name
      let value = field.value(of: source, at: .source)
      let held = target.fields[name]
      let isTold = walk.situation.targetSystem.field(name, of: walk.stage.kind)?.isTold ?? true
      let outcome = OneWayField(
        source: value, target: field.mapping.mayHoldMore ? HeldList.part(value, of: held) : held, isTold: isTold,
        sourceBefore: settled?.source[name], targetBefore: settled?.target[name],
        rule: field.rule, alternatives: alternatives(of: name, in: target, walk),
        clearsBlanks: walk.settings.flag(.clearBlanks) && !required.contains(name),
        overwritesEdits: walk.settings.text(.targetEdits) == "overwrite", carriesChangesOnly: field.carriesChangesOnly
      ).decide()
      func note(_ reason: Reason, fault: Evidence? = nil) {
        walk.notes.append(
          FieldNote(
            field: name, reason: reason, source: value, target: held, baseline: settled?.source[name], fault: fault))
      }
      switch outcome {
      case .unknown: break
      case .equal(let reason):
        baseline.source[name] = value
        baseline.target[name] = held ?? .null
        if reason == .equalAfterNormalising { note(reason) }
      case .settled:
        baseline.source[name] = value
        baseline.target[name] = held ?? .null
        note(.differsSinceLinked)
      case .rewritten: note(.valueRewritten)
      case .leave(let reason): note(reason)
      case .write(let wanted, let cause):
        // What is the same for all records is changed by nobody but the settings.
        let reason = field.mapping.always != nil && cause == .changedAtSource ? .settingChanged : cause
        let new = field.mapping.mayHoldMore ? HeldList.joined(wanted, to: held, before: settled?.source[name]) : wanted
        if let fault = field.fault(in: new, for: .target, walk.situation) {
          note(fault.reason, fault: fault.evidence)
        } else {
          walk.changes[.target, default: []].append(FieldChange(field: name, old: held, new: new, reason: reason))
        }
      }
    }
    noteGivens(target, &walk)
    noteUncarried(&walk)
    walk.baseline = [walk.settledCompanies, walk.moveBaseline].compactMap { $0 }.reduce(baseline) { $0.merging($1) }
    sayChanges(walk)
  }

  /// What a new record would be given, and this one has otherwise: it keeps what it has.
  private static func noteGivens(_ target: Record, _ walk: inout Walk) {
    guard let source = walk.source else { return }
    let context = walk.world.context(source, at: .source)
    for given in walk.stage.givens {
      guard let value = given.value(context), !value.isBlank, let held = target.fields[given.field], !held.isBlank,
        !ComparisonRule.exact.areEqual(value, held)
      else { continue }
      walk.notes.append(FieldNote(field: given.field, reason: .createOnlyField, source: value, target: held))
    }
  }

  /// What the source has, and the target has a field for and takes from nobody: a photo.
  private static func noteUncarried(_ walk: inout Walk) {
    guard let source = walk.source else { return }
    for mapped in walk.world.mapping {
      guard let reason = Reason.unavailable(mapped.target), let value = mapped.value(from: source), !value.isBlank,
        walk.situation.targetSystem.field(mapped.target, of: walk.stage.kind)?.isWritable == false
      else { continue }
      walk.notes.append(
        FieldNote(field: mapped.target, reason: reason, source: value, target: walk.target?.fields[mapped.target]))
    }
  }

  /// The re-created record goes on from its predecessor's baseline, so that an edit at the target stays.
  static func settledBaseline(_ walk: Walk) -> Baseline? {
    switch walk.linking {
    case .move(let predecessor): walk.situation.baselines[predecessor]
    case .make, .replace: nil
    case .none, .breakLink, .forget: walk.sourceID.flatMap { walk.situation.baselines[$0] }
    }
  }

  /// A contact holds an address when any of its addresses is it, not only the one that stands first.
  private static func alternatives(of name: FieldName, in target: Record, _ walk: Walk) -> [String] {
    guard let rule = walk.stage.plainRule, rule.targets.contains(name) else { return [] }
    return rule.targets.flatMap { target.fields.items($0) ?? [] }
  }

  static func sayChanges(_ walk: Walk) {
    guard walk.listener != nil else { return }
    for note in walk.notes {
      walk.say(
        .compare, .noted, "\(note.field)   \(note.reason.rawValue)   \(Wording.values(of: note, walk.situation))")
    }
    if case .create = walk.intent {
      // A new record is one line: all its values are new.
      let changes = walk.changes[walk.origin.other] ?? []
      walk.say(
        .compare, .noted, "new: " + changes.map { "\($0.field) \(Wording.value($0.new))" }.joined(separator: ", "))
      return
    }
    for side in [Side.target, .source] {
      let to = walk.world.isTwoWay ? "to \(walk.situation.system(side).name): " : ""
      for change in walk.changes[side] ?? [] { walk.say(.compare, .noted, to + Wording.values(of: change)) }
    }
    if walk.changes.isEmpty && walk.notes.isEmpty {
      walk.say(.compare, .passed, "nothing differs (\(walk.world.mapping.count) fields)")
    }
  }
}
