/// `state`: who is there, who left, who came back. Asked before scope and data, so that somebody who left is
/// deactivated even when the address was removed in the same breath.
import Foundation
import Model

enum StateGate {
  static func pass(_ walk: inout Walk) {
    guard let id = walk.sourceID else { return passAlone(&walk) }
    if walk.situation.isStruck { return passStruck(&walk) }
    switch presence(of: id, walk) {
    case .active: passActive(&walk)
    case .inactive(let cause): passInactive(cause, &walk)
    case .gone(let cause): passGone(id, cause, &walk)
    case .outsider(let cause):
      // A linked guest is out of scope, which the next gate says; one that was never linked stops here.
      if walk.link == nil { passInactive(cause, &walk) } else { passActive(&walk) }
    case .unknown(let cause): walk.stop(cause, at: .state)
    }
  }

  private static func presence(of id: RecordID, _ walk: Walk) -> Presence {
    if let presence = walk.world.presence(of: id, at: .source) { return presence }
    // Linked, and not in the reading: only a proof makes it gone.
    let tombstone = walk.situation.source.tombstones[id]
    if walk.world.isGone(source: id) { return .gone(World.goneCause(id, since: tombstone, in: walk.situation)) }
    if walk.situation.source.certificate?.completeness == .listing {
      return .unknown(
        Cause(
          .notListed,
          evidence: [
            Evidence(
              walk.situation.noun(.source), "is", wanted: "listed", found: "not in it now",
              at: walk.situation.sourceSystem.name)
          ],
          records: [id]))
    }
    let kind: String
    if let certificate = walk.situation.source.certificate {
      kind =
        certificate.isSuspiciouslySmall
        ? "\(Wording.count(certificate.recordCount, "record")) after \(certificate.medianOfEarlierCounts ?? 0)"
        : "not in this reading, which proves nothing"
    } else {
      kind = "never read"
    }
    return .unknown(
      Cause(
        .sourceIncomplete,
        evidence: [
          Evidence(
            walk.situation.noun(.source), "is", wanted: "present", found: kind, at: walk.situation.sourceSystem.name)
        ],
        fix: walk.situation.loading))
  }

  /// The destination is no destination any more: what the sync put there is taken away, and nothing new comes.
  private static func passStruck(_ walk: inout Walk) {
    let cause = Cause(
      .notADestination,
      evidence: [
        Evidence(
          walk.situation.targetPlace ?? walk.situation.targetSystem.name, "is", wanted: "a destination",
          found: "struck from the list", at: walk.situation.sync.name.rawValue)
      ], fix: nil)
    guard walk.link != nil, walk.target != nil else { return walk.stop(cause, at: .state) }
    walk.intent = .remove(cause)
    walk.say(.state, .noted, "\(cause.reason.rawValue)   \(Wording.detail(cause))")
  }

  private static func passActive(_ walk: inout Walk) {
    guard let target = walk.target else {
      // A conflict names no target, and a target that was not seen is not there to be compared.
      if walk.match.isOpen { walk.intent = .create }
      walk.say(.state, .passed, "active at \(walk.situation.sourceSystem.name)")
      return
    }
    let wanted = walk.situation.states.wanted(of: walk.source?.state ?? .active)
    switch target.state {
    case .active where walk.stage.leaving == .deactivates && wanted == .inactive: passIncluded(&walk)
    case .inactive where walk.stage.leaving == .deactivates && walk.source?.state == .inactive:
      walk.intent = .compare
      walk.say(.state, .passed, "inactive on both sides")
    case .inactive where walk.stage.leaving == .deactivates && wanted == .active:
      walk.intent = .reactivate
      walk.say(
        .state, .noted, "active at \(walk.situation.sourceSystem.name), inactive at \(walk.situation.targetSystem.name)"
      )
    case .inactive:
      walk.intent = .compare
      walk.say(.state, .passed, "there on both sides; the state is each side's own")
    case .active, .gone:
      walk.intent = .compare
      walk.say(.state, .passed, "active on both sides")
    }
  }

  /// Where inactive sources take part, the target is made inactive; one that was never linked only if it is in scope.
  private static func passIncluded(_ walk: inout Walk) {
    guard let source = walk.source, walk.link != nil || ScopeGate.cause(of: source, in: walk.world) == nil else {
      walk.intent = .compare
      return walk.say(.state, .passed, "inactive at \(walk.situation.sourceSystem.name)")
    }
    let cause = walk.stage.source.inactive(walk.world.context(source, at: .source))
    walk.intent = .deactivate(cause)
    walk.say(.state, .noted, "\(cause.reason.rawValue)   \(Wording.detail(cause))")
  }

  private static func passInactive(_ cause: Cause, _ walk: inout Walk) {
    guard walk.link != nil, let target = walk.target, walk.stage.leaving == .deactivates else {
      leave(cause, &walk)
      // What the later gates would say, were the record active.
      if walk.link == nil { walk.intent = walk.target == nil ? .create : .compare }
      return
    }
    if target.state == .inactive {
      walk.intent = .settled(cause)
      walk.say(.state, .passed, "inactive on both sides: \(cause.reason.rawValue)   \(Wording.detail(cause))")
    } else if !walk.situation.states.deactivates {
      leave(cause, &walk)
      walk.intent = .compare
    } else {
      walk.intent = .deactivate(cause)
      walk.say(.state, .noted, "\(cause.reason.rawValue)   \(Wording.detail(cause))")
    }
  }

  /// What is a matter of scope is told by the next gate.
  private static func leave(_ cause: Cause, _ walk: inout Walk) {
    guard cause.reason.gate == .scope else { return walk.stop(cause, at: .state) }
    walk.say(.state, .noted, "inactive at \(walk.situation.sourceSystem.name)")
  }

  private static func passGone(_ id: RecordID, _ cause: Cause, _ walk: inout Walk) {
    if walk.movedOwners.contains(id) {
      walk.targetID = nil
      walk.target = nil
      walk.link = nil
    }
    if walk.stage.leaving == .removes { return remove(cause, &walk) }
    guard walk.stage.leaving == .deactivates else { return part(cause, &walk) }
    if let target = walk.targetID, let claimants = walk.world.claimed[target], !claimants.isEmpty {
      // Somebody living lays claim to the contact and cannot have it yet: nobody is deactivated on a guess.
      let contested = claimants.compactMap { claimant -> Cause? in
        if case .conflict(let cause)? = walk.world.matches[claimant]?.outcome { return cause }
        return nil
      }
      if let contest = contested.first {
        walk.also.append(cause)
        walk.stop(contest, at: .state)
        return
      }
    }
    passInactive(cause, &walk)
  }

  /// The source of a copy is gone, or left the group that is read.
  private static func remove(_ cause: Cause, _ walk: inout Walk) {
    var cause = cause
    if let id = walk.sourceID, walk.situation.source.tombstones[id] == nil, let group = walk.situation.sourceGroup {
      cause = Cause(
        .notInGroup,
        evidence: [
          Evidence(
            "the \(walk.situation.noun(.source))", "is in", wanted: group,
            found: "not among those of the complete reading",
            at: walk.situation.sourceSystem.name)
        ])
    }
    guard walk.link != nil, walk.target != nil else { return walk.stop(cause, at: .state) }
    walk.intent = .remove(cause)
    walk.say(.state, .noted, "\(cause.reason.rawValue)   \(Wording.detail(cause))")
  }

  /// The source of a pair was deleted: the link breaks and the target stays as it is.
  private static func part(_ cause: Cause, _ walk: inout Walk) {
    guard let link = walk.link, walk.target != nil else { return passInactive(cause, &walk) }
    var broken = Matcher.leftOverCause(link, in: walk.world)
    if walk.stage.leaving == .orphans {
      broken = World.orphanedCause(link, found: cause.evidence.first?.found ?? "gone", in: walk.world)
    }
    walk.also.append(cause)
    walk.intent = .unlink(broken)
    walk.linking = .breakLink(missing: .source)
    walk.say(.state, .noted, "\(broken.reason.rawValue)   \(Wording.detail(broken))")
    walk.hasEnded = true
  }

  /// A record that only the target has: in a two-way stage it may be made at the source, in another it is left alone.
  private static func passAlone(_ walk: inout Walk) {
    guard let target = walk.target else { return }
    guard walk.world.isTwoWay else { return leaveAlone(target, &walk) }
    if let cause = walk.world.presence(of: target.id, at: .target)?.cause {
      walk.stop(cause, at: .state)
    } else {
      walk.say(.state, .passed, "active at \(walk.situation.targetSystem.name)")
    }
    walk.intent = .create
  }

  private static func leaveAlone(_ target: Record, _ walk: inout Walk) {
    if walk.stage.leaving == .removes {
      walk.stop(
        Cause(
          .localAddition,
          evidence: [
            Evidence("link", "is", found: "none, ever", at: walk.world.place(target.id))
          ], records: [target.id]),
        at: .state)
    } else if let cause = readOnlyCause(target, walk) {
      walk.stop(cause, at: .state)
    } else {
      let reason: Reason = target.state == .inactive ? .inactiveAtTarget : .neverManaged
      let kind = walk.stage.kind.rawValue.uppercased()
      walk.stop(
        Cause(
          reason,
          evidence: [
            Evidence("link", "is", found: "none, ever", at: walk.world.place(target.id)),
            Evidence("state", "is", found: target.state.rawValue, at: walk.situation.targetSystem.name),
          ],
          fix: "pair \(kind) with \(target.id)", records: [target.id]),
        at: .state)
    }
    walk.hasEnded = true
  }

  /// In a recipe that could be two-way, the direction is why nothing becomes of a record of the target.
  private static func readOnlyCause(_ target: Record, _ walk: Walk) -> Cause? {
    let settings = walk.settings
    guard settings.declarations[.twoWay] != nil, target.state == .active,
      walk.stage.direction(settings.with(.twoWay, .flag(true))) == .twoWay
    else { return nil }
    return Cause(
      .readOnlySide,
      evidence: [
        Evidence("two-way", "is", wanted: "on", found: "off", at: walk.situation.sync.name.rawValue),
        Evidence("link", "is", found: "none, ever", at: walk.world.place(target.id)),
      ],
      fix: "set two-way to on", records: [target.id])
  }
}
