/// One field of one pair, decided by the table of one-way fields: the source is the truth, but only for its changes.
import Model

/// What is decided for one field.
enum FieldOutcome: Hashable {
  /// Nothing is known about the source's value.
  case unknown
  /// Both sides hold the same; the baseline becomes what they hold.
  case equal(Reason)
  /// They differ, and this is taken for settled.
  case settled
  /// In step with the baseline although the target writes the value in its own form.
  case rewritten
  /// Different, and left as it is.
  case leave(Reason)
  case write(FieldValue, Reason)
}

struct OneWayField {
  /// Now, and in the baseline; `nil` when it was not said, or has no baseline yet.
  var source: FieldValue?
  var target: FieldValue?
  /// Whether the target ever tells what it holds.
  var isTold = true
  var sourceBefore: FieldValue?
  var targetBefore: FieldValue?
  var rule: ComparisonRule
  /// Further values of the target that count as holding the source's value: a contact's other addresses.
  var alternatives: [String] = []
  var clearsBlanks = false
  var overwritesEdits = false
  /// The source's value stands for several of the target's, so that only a change of it says something.
  var carriesChangesOnly = false

  func decide() -> FieldOutcome {
    guard let source else { return .unknown }
    guard isTold else { return decideUntold(source) }
    let target = target ?? .null
    let settled = sourceBefore.flatMap { before in targetBefore.map { (source: before, target: $0) } }
    if source.isBlank {
      if target.isBlank { return .equal(.inStep) }
      // Cleared only where it was filled at the source and is blank now, and only when asked for.
      guard clearsBlanks, let settled, !settled.source.isBlank else { return .leave(.blankAtSource) }
      return .write(.null, .blankAtSource)
    }
    if isHeld(source, by: target) {
      return .equal(source.displayed == target.displayed ? .inStep : .equalAfterNormalising)
    }
    guard let settled else {
      return carriesChangesOnly && !target.isBlank ? .settled : .write(source, .differsAtFirstMatch)
    }
    guard areSame(source, settled.source) else { return .write(source, .changedAtSource) }
    if areSame(target, settled.target) { return carriesChangesOnly ? .leave(.differsSinceLinked) : .rewritten }
    return overwritesEdits && !carriesChangesOnly ? .write(source, .editedAtTarget) : .leave(.editedAtTarget)
  }

  /// Nothing can be compared: only a change of the source is sent, and what was there at the beginning counts as arrived.
  private func decideUntold(_ source: FieldValue) -> FieldOutcome {
    guard let before = sourceBefore else { return .equal(.inStep) }
    return source.isBlank || areSame(source, before) ? .unknown : .write(source, .changedAtSource)
  }

  private func isHeld(_ source: FieldValue, by target: FieldValue) -> Bool {
    if rule.areEqual(source, target) { return true }
    let key = rule.key(source)
    return alternatives.contains { rule.key($0) == key }
  }

  private func areSame(_ now: FieldValue, _ before: FieldValue) -> Bool {
    (now.isBlank && before.isBlank) || rule.areEqual(now, before)
  }
}
