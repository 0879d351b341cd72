/// One field of one pair in a two-way stage, decided by the table of two-way fields: whoever edited it last says so.
import Model

/// Who wins a field that both sides edited.
enum ConflictRule: Hashable {
  case ask
  case wins(Side)
}

/// What is decided for one field of a two-way pair.
enum TwoWayOutcome: Hashable {
  /// One side did not say what it holds.
  case unknown
  /// Both sides hold the same; the baselines become what they hold.
  case equal(Reason)
  /// They differ, and this is taken for settled; the baselines become what each side holds.
  case settled
  /// Different, and left as it is.
  case leave(Reason)
  case push(to: Side, FieldValue, Reason)
  /// Would go to a side that does not take it.
  case blocked(to: Side, FieldValue, Reason)
  /// Both sides edited it, and nobody has said which one holds.
  case conflict
}

struct TwoWayField {
  /// Now, and in the baseline; `nil` when it was not said, or has no baseline yet.
  var source: FieldValue?
  var target: FieldValue?
  var sourceBefore: FieldValue?
  var targetBefore: FieldValue?
  var rule: ComparisonRule
  /// The sides that take a write of this field now.
  var receivers: Set<Side> = [.source, .target]
  var clearsBlanks = false
  var firstMatch = FirstMatch.settles
  var conflicts = ConflictRule.ask
  /// The side whose value a person said holds, as long as both sides hold what they held then.
  var taken: Side?
  /// Whether a difference was there when the pair was found; otherwise it is a system's own form of what it was sent.
  var wasApart = true

  func decide() -> TwoWayOutcome {
    guard let source, let target else { return .unknown }
    if source.isBlank && target.isBlank { return .equal(.inStep) }
    if rule.areEqual(source, target) {
      return .equal(source.displayed == target.displayed ? .inStep : .equalAfterNormalising)
    }
    if let taken { return push(from: taken, .settledByPerson) }
    guard let sourceBefore, let targetBefore else { return atFirstMatch(source, target) }
    let sourceChanged = isChanged(source, sourceBefore)
    let targetChanged = isChanged(target, targetBefore)
    switch (sourceChanged, targetChanged) {
    case (false, false): return resting(source, target, sourceBefore, targetBefore)
    case (true, false): return push(from: .source, .changedAtSource)
    case (false, true): return push(from: .target, .changedAtTarget)
    case (true, true): return bothChanged()
    }
  }

  /// Blanks are filled from the other side; two values that differ stay, unless the recipe says who wins.
  private func atFirstMatch(_ source: FieldValue, _ target: FieldValue) -> TwoWayOutcome {
    if source.isBlank { return push(from: .target, .differsAtFirstMatch) }
    if target.isBlank { return push(from: .source, .differsAtFirstMatch) }
    switch firstMatch {
    case .settles: return .settled
    case .wins(let side): return push(from: side, .differsAtFirstMatch)
    }
  }

  /// Nobody edited anything since: a difference stays until somebody does.
  private func resting(
    _ source: FieldValue, _ target: FieldValue, _ sourceBefore: FieldValue, _ targetBefore: FieldValue
  ) -> TwoWayOutcome {
    if source.isBlank && !sourceBefore.isBlank { return .leave(.blankAtSource) }
    if target.isBlank && !targetBefore.isBlank { return .leave(.blankAtTarget) }
    return .leave(wasApart ? .differsSinceLinked : .valueRewritten)
  }

  private func bothChanged() -> TwoWayOutcome {
    // Where only one side takes the field at all, the other is its only author.
    if receivers.count == 1, let receiver = receivers.first {
      return push(from: receiver.other, receiver == .target ? .changedAtSource : .changedAtTarget)
    }
    switch conflicts {
    case .ask: return .conflict
    case .wins(let side): return push(from: side, .otherSideWins)
    }
  }

  private func push(from side: Side, _ reason: Reason) -> TwoWayOutcome {
    let value = (side == .source ? source : target) ?? .null
    let sent: FieldValue = value.isBlank ? .null : value
    return receivers.contains(side.other) ? .push(to: side.other, sent, reason) : .blocked(to: side.other, sent, reason)
  }

  /// A blank counts as the same, unless blanks are to be carried.
  private func isChanged(_ now: FieldValue, _ before: FieldValue) -> Bool {
    if now.isBlank { return clearsBlanks && !before.isBlank }
    return !rule.areEqual(now, before)
  }
}
