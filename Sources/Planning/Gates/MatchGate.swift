/// `match`: who is the record on the other side.
import Foundation
import Model

enum MatchGate {
  static func pass(_ walk: inout Walk) {
    guard walk.sourceID != nil else { return passAlone(&walk) }
    walk.also += walk.match.also
    switch walk.match.outcome {
    case .excluded(let cause):
      // A person's word: no later rule touches the record, linked or not.
      walk.stop(cause, at: .match)
      walk.targetID = walk.sourceID.flatMap { walk.world.linkBySource[$0]?.target }
      walk.target = walk.targetID.flatMap { walk.world.targets[$0] }
      walk.hasEnded = true
    case .linked(let link):
      follow(link, &walk)
      walk.say(.match, .passed, linkedText(link, walk))
    case .targetGone(let link, let cause):
      follow(link, &walk)
      walk.intent = .unlink(cause)
      walk.linking = .breakLink(missing: .target)
      walk.say(.match, .noted, "\(cause.reason.rawValue)   \(Wording.detail(cause))")
      walk.hasEnded = true
    case .targetUnseen(let link, let cause):
      follow(link, &walk)
      walk.stop(cause, at: .match)
    case .broken(let link, let cause):
      walk.targetID = link.target
      walk.stop(cause, at: .match)
      walk.hasEnded = true
    case .rejected(let link, let cause):
      follow(link, &walk)
      walk.stop(cause, at: .match)
      walk.hasEnded = true
    case .found(let target, let key, let cause, let movedFrom):
      walk.targetID = target
      walk.target = walk.world.targets[target]
      walk.pairing = cause
      walk.linking = movedFrom.map { .move(from: $0) } ?? .make(key)
      walk.say(.match, .passed, "\(walk.world.place(target)), \(key)")
    case .conflict(let cause):
      walk.stop(cause, at: .match)
    case .nothing:
      walk.say(.match, walk.also.isEmpty ? .passed : .noted, nothingText(walk))
    }
  }

  private static func follow(_ link: Link, _ walk: inout Walk) {
    walk.link = link
    walk.targetID = link.target
    walk.target = walk.world.targets[link.target]
  }

  /// A record that only the target has.
  private static func passAlone(_ walk: inout Walk) {
    if let id = walk.targetID, let verdict = walk.world.excludedTargets[id] {
      walk.stop(
        Cause(
          .excluded, evidence: [Evidence("excluded", "by", found: "\(verdict.madeBy), \(day(verdict.madeAt))")],
          fix: "include \(id)", records: [id]),
        at: .match)
      walk.hasEnded = true
    } else {
      walk.say(.match, .noted, "nobody at \(walk.situation.sourceSystem.name) matches")
    }
  }

  private static func linkedText(_ link: Link, _ walk: Walk) -> String {
    var text = "\(walk.world.place(link.target)), \(link.madeBy), linked \(day(link.since))"
    if case .key(_, let value) = link.madeBy, let rule = walk.stage.matchKeys.first,
      let now = walk.source?.fields.text(rule.source), rule.rule.key(now) != rule.rule.key(value)
    {
      text += "; \(Reason.keyRenamed.rawValue): \(value) → \(now.trimmedNFC)"
    }
    return text
  }

  private static func nothingText(_ walk: Walk) -> String {
    if let shown = walk.match.shown { return "\(walk.world.place(shown)) has the address; never linked" }
    if walk.match.keyValue.isEmpty { return "no key to look for" }
    let text = "nobody at \(walk.situation.targetSystem.name) has \(walk.match.keyValue)"
    let hints = walk.also.map { "\($0.reason.rawValue): \($0.records.map(\.rawValue).joined(separator: ", "))" }
    return ([text] + hints).joined(separator: "; ")
  }
}
