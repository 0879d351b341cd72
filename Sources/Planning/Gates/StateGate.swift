/// `state`: who is there, who left, who came back. Asked before scope and data, so that somebody who left is
/// deactivated even when the address was removed in the same breath.
import Foundation
import Model

enum StateGate {
  static func pass(_ walk: inout Walk) {
    guard let id = walk.sourceID else { return passAlone(&walk) }
    switch standing(of: id, walk) {
    case .active: passActive(&walk)
    case .inactive(let cause): passInactive(cause, &walk)
    case .gone(let cause): passGone(id, cause, &walk)
    case .outsider(let cause):
      // A linked guest is out of scope, which the next gate says; one that was never linked stops here.
      if walk.link == nil { passInactive(cause, &walk) } else { passActive(&walk) }
    case .unknown(let cause): walk.stop(cause, at: .state)
    }
  }

  private static func standing(of id: RecordID, _ walk: Walk) -> SourceStanding {
    if let standing = walk.world.standings[id] { return standing }
    // Linked, and not in the reading: only a proof makes it gone.
    let tombstone = walk.situation.source.tombstones[id]
    if walk.world.isGone(source: id) { return .gone(World.goneCause(since: tombstone, in: walk.situation)) }
    let kind: String
    if let certificate = walk.situation.source.certificate {
      kind =
        certificate.isSuspiciouslySmall
        ? "\(certificate.recordCount) records after \(certificate.medianOfEarlierCounts ?? 0)"
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
        fix: "load people"))
  }

  private static func passActive(_ walk: inout Walk) {
    guard let target = walk.target else {
      // A conflict names no target, and a target that was not seen is not there to be compared.
      if walk.match.isOpen { walk.intent = .create }
      walk.say(.state, .passed, "active at \(walk.situation.sourceSystem.name)")
      return
    }
    switch target.state {
    case .inactive:
      walk.intent = .reactivate
      walk.say(
        .state, .noted, "active at \(walk.situation.sourceSystem.name), inactive at \(walk.situation.targetSystem.name)"
      )
    case .active, .gone:
      walk.intent = .compare
      walk.say(.state, .passed, "active on both sides")
    }
  }

  private static func passInactive(_ cause: Cause, _ walk: inout Walk) {
    guard walk.link != nil, let target = walk.target else {
      walk.stop(cause, at: .state)
      // What the later gates would say, were the record active.
      if walk.link == nil { walk.intent = walk.target == nil ? .create : .compare }
      return
    }
    if target.state == .inactive {
      walk.intent = .settled(cause)
      walk.say(.state, .passed, "inactive on both sides: \(cause.reason.rawValue)   \(Wording.detail(cause))")
    } else {
      walk.intent = .deactivate(cause)
      walk.say(.state, .noted, "\(cause.reason.rawValue)   \(Wording.detail(cause))")
    }
  }

  private static func passGone(_ id: RecordID, _ cause: Cause, _ walk: inout Walk) {
    if walk.movedOwners.contains(id) {
      walk.targetID = nil
      walk.target = nil
      walk.link = nil
    }
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

  /// A record that only the target has is never touched.
  private static func passAlone(_ walk: inout Walk) {
    guard let target = walk.target else { return }
    let reason: Reason = target.state == .inactive ? .inactiveAtTarget : .neverManaged
    walk.stop(
      Cause(
        reason,
        evidence: [
          Evidence("link", "is", found: "none, ever", at: walk.world.place(target.id)),
          Evidence("state", "is", found: target.state.rawValue, at: walk.situation.targetSystem.name),
        ],
        fix: "pair PERSON with \(target.id)", records: [target.id]),
      at: .state)
    walk.hasEnded = true
  }
}

extension Match {
  /// Nothing was found and nothing stands against a create.
  var isOpen: Bool {
    if case .nothing = outcome { true } else { false }
  }
}
