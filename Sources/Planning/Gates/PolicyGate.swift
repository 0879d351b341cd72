/// `policy`: may this sync make this kind of change? It stops only what would change something.
import Foundation
import Model

enum PolicyGate {
  static func pass(_ walk: inout Walk) {
    switch walk.intent {
    case .create: passCreate(&walk)
    case .compare where walk.changes.isEmpty: passQuiet(&walk)
    case .compare where walk.world.isTwoWay:
      for side in Side.allCases where walk.changes[side] != nil { passWrite(.update, at: side, &walk) }
    case .compare: passExisting(.update, &walk)
    case .reactivate: passExisting(.reactivate, &walk)
    case .deactivate: passExisting(.deactivate, &walk)
    case .remove: passWrite(.delete, at: .target, &walk)
    case .settled, .unlink, .linkOnly, .undecided: walk.say(.policy, .passed, "nothing would change")
    }
  }

  private static func passCreate(_ walk: inout Walk) {
    let side = walk.origin.other
    if !walk.settings.flag(.create), !walk.isRelinked {
      return walk.stop(off(.create, .createOff, "a new \(walk.situation.noun(side))", walk), at: .policy)
    }
    if let cause = walk.creationCause, cause.reason.gate >= .data {
      // What a guard says is told by the guard, and what it skips is kept for when it is let through.
      if cause.reason.gate == .guard { walk.hold = cause } else { return walk.stop(cause, at: .policy) }
    }
    passWrite(.create, at: side, &walk)
  }

  private static func passQuiet(_ walk: inout Walk) {
    if !walk.world.updatesExisting && walk.linking != .none { linkWithoutBaseline(&walk) }
    if !walk.world.updatesExisting && !hasBaseline(walk) { walk.baseline = nil }
    if let blocked = walk.blocked.first {
      walk.say(.policy, .stopped, "\(blocked.reason.rawValue)   \(Wording.detail(blocked))")
    } else {
      walk.say(.policy, .passed, walk.linking == .none ? "nothing would change" : "the pair is linked")
    }
  }

  private static func passExisting(_ write: WriteKind, _ walk: inout Walk) {
    guard walk.situation.targetSystem.features.can(write, walk.stage.kind) else {
      return refuse(forbidden(write, at: .target, walk), &walk)
    }
    if write != .update, walk.situation.states.isUnconditional { return passState(write, &walk) }
    let would = consequence(write, walk)
    var cause: Cause?
    if !walk.world.updatesExisting {
      cause = off(.updateExisting, .updateOff, would, walk)
    } else if write == .reactivate && walk.settings.declarations[.reactivate] != nil && !walk.settings.flag(.reactivate)
    {
      cause = off(.reactivate, .reactivateOff, would, walk)
    }
    if let cause { refuse(cause, &walk) } else { passWrite(write, at: .target, &walk) }
  }

  /// The writing is off; a new pair is still remembered.
  private static func refuse(_ cause: Cause, _ walk: inout Walk) {
    let notes = (walk.changes[.target] ?? []).map { change in
      FieldNote(field: change.field, reason: cause.reason, source: change.new, target: change.old)
    }
    guard walk.linking != .none else {
      walk.stop(cause, at: .policy)
      walk.notes += notes
      return
    }
    walk.also.append(cause)
    walk.say(.policy, .noted, "link only: \(cause.reason.rawValue)   \(Wording.detail(cause))")
    walk.notes += notes
    linkWithoutBaseline(&walk)
  }

  /// A change of state that holds whatever `update-existing` says; the fields still ask it.
  private static func passState(_ write: WriteKind, _ walk: inout Walk) {
    if !walk.world.updatesExisting {
      walk.notes += (walk.changes[.target] ?? []).map { change in
        FieldNote(field: change.field, reason: .updateOff, source: change.new, target: change.old)
      }
      walk.changes = [:]
      walk.baseline = walk.linking == .none ? walk.sourceID.flatMap { walk.situation.baselines[$0] } : nil
    }
    passWrite(write, at: .target, &walk)
  }

  /// Without a baseline: when updating is switched on later, the pair is compared as at a first match.
  private static func linkWithoutBaseline(_ walk: inout Walk) {
    walk.intent = .linkOnly
    walk.changes = [:]
    walk.baseline = nil
    if case .move(let predecessor) = walk.linking { walk.baseline = walk.situation.baselines[predecessor] }
  }

  private static func hasBaseline(_ walk: Walk) -> Bool {
    walk.sourceID.flatMap { walk.situation.baselines[$0] } != nil
  }

  /// A plan never holds a write that the system cannot do.
  private static func passWrite(_ write: WriteKind, at side: Side, _ walk: inout Walk) {
    let system = walk.situation.system(side)
    if side == .target, let id = walk.sourceID, let waiting = walk.situation.waiting[id],
      waiting.holds(write, walk.changes[.target] ?? [])
    {
      return walk.stop(waiting.cause(label: walk.label, system: system), at: .policy)
    }
    if system.features.can(write, walk.stage.kind) {
      let place = walk.world.isTwoWay ? " at \(system.name)" : ""
      walk.say(.policy, .passed, "\(write.rawValue) is allowed\(place)")
    } else {
      walk.stop(forbidden(write, at: side, walk), at: .policy)
    }
  }

  /// What the connection does not let us do, and what would.
  private static func forbidden(_ write: WriteKind, at side: Side, _ walk: Walk) -> Cause {
    let system = walk.situation.system(side)
    let name = side == .source ? walk.situation.sync.source : walk.situation.sync.target
    let variant = system.variants.first { $0.features.can(write, walk.stage.kind) }
    return Cause(
      .recordForbidden,
      evidence: [
        Evidence(
          write.rawValue, "is", wanted: variant.map { "\($0.parameter) \($0.value)" }, found: "not possible",
          at: system.name)
      ],
      fix: variant.map {
        "change it at \(system.name) by hand, or set \($0.parameter) to \($0.value) for \(name)"
      })
  }

  private static func consequence(_ write: WriteKind, _ walk: Walk) -> String {
    let fields = (walk.changes[.target] ?? []).map(Wording.values(of:)).joined(separator: ", ")
    return switch write {
    case .deactivate: "active → inactive"
    case .reactivate: (["inactive → active"] + (fields.isEmpty ? [] : [fields])).joined(separator: ", ")
    case .create, .update, .delete: fields
    }
  }

  private static func off(_ key: SettingKey, _ reason: Reason, _ would: String, _ walk: Walk) -> Cause {
    let since = walk.settings.changes[key].map { " (set \(day($0.at)))" } ?? ""
    return Cause(
      reason,
      evidence: [
        Evidence(key.rawValue, "is", wanted: "on", found: "off\(since)", at: walk.situation.sync.name.rawValue),
        Evidence("would", "be", found: would),
      ],
      fix: "set \(key) to on")
  }
}
