/// What a change of settings does by itself: the same world planned under both, record by record.
import Model

struct SettingsEffect {
  private let present: Staging
  private let agreed: Staging

  /// - Parameter situations: one a stage that is on now; a stage that was on under the other settings and is off now was
  ///   not read, and does nothing.
  init(_ situations: [Situation], agreed settings: Settings) {
    present = Staging(situations.map { Self.fresh($0) })
    agreed = Staging(
      situations.filter { $0.stage.isOn(settings) }.map { situation in
        var other = Self.fresh(situation)
        other.settings = settings
        if let flag = situation.recipe.startsWithLaterEdits, situation.settings.flag(flag) {
          other.settings = settings.with(flag, of: situation.settings)
        }
        return other
      })
  }

  /// What becomes of the companies is decided anew.
  private static func fresh(_ situation: Situation) -> Situation {
    var fresh = situation
    if situation.recipe.stages.contains(where: { $0.kind == .company }) { fresh.parents = nil }
    return fresh
  }

  /// The reason, now, of each record of which something else is done under the settings agreed to.
  ///
  /// - Parameter changes: those of the plan that are still to be made; what a person dropped, or a run has done, is no
  ///   effect any more.
  func flips(leaving changes: [Decision]) -> [Reason] {
    let left = Set(changes.map(RecordKey.init))
    let (now, then) = (Self.effects(of: present), Self.effects(of: agreed))
    var flips: [Reason] = []
    for (key, effect) in now where effect.writes != then[key]?.writes ?? [] {
      if effect.writes.isEmpty || left.contains(key) { flips.append(effect.reason) }
    }
    // A record that has another partner now is told by that pair.
    let spokenOf = Set(now.keys.flatMap(\.sides))
    for (key, effect) in then where now[key] == nil && !effect.writes.isEmpty {
      if spokenOf.isDisjoint(with: key.sides) { flips.append(effect.reason) }
    }
    return flips
  }

  /// One record or pair.
  private struct RecordKey: Hashable {
    var kind: RecordKind
    var source: RecordID?
    var target: RecordID?

    init(_ decision: Decision) {
      kind = decision.kind
      source = decision.source
      target = decision.source == nil ? decision.target : nil
    }

    struct OneSide: Hashable {
      var kind: RecordKind
      var side: Side
      var id: RecordID
    }

    var sides: [OneSide] {
      [
        source.map { OneSide(kind: kind, side: .source, id: $0) },
        target.map { OneSide(kind: kind, side: .target, id: $0) },
      ]
      .compactMap { $0 }
    }
  }

  /// What would be sent or remembered for one record.
  private struct Effect {
    struct Write: Hashable {
      var side: Side
      var action: Action
      var isHeld: Bool
      var target: RecordID?
      var linking: LinkChange
      var values: [FieldName: FieldValue]
    }
    var writes: Set<Write>
    var reason: Reason
  }

  private static func effects(of staging: Staging) -> [RecordKey: Effect] {
    var effects: [RecordKey: Effect] = [:]
    for decision in staging.decisions.flatMap({ $0 }) {
      let key = RecordKey(decision)
      var effect = effects[key] ?? Effect(writes: [], reason: decision.reason.reason)
      if decision.action.isChange || decision.heldAction != nil {
        if effect.writes.isEmpty { effect.reason = decision.reason.reason }
        effect.writes.insert(
          Effect.Write(
            side: decision.side, action: decision.heldAction ?? decision.action, isHeld: decision.heldAction != nil,
            target: decision.target, linking: decision.linking,
            values: Dictionary(decision.changes.map { ($0.field, $0.new) }) { _, last in last }))
      }
      effects[key] = effect
    }
    return effects
  }
}
