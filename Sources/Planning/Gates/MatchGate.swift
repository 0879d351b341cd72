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
      // An orphan's source says itself why it is not in scope.
      if cause.reason != .orphaned { walk.hasEnded = true }
    case .rejected(let link, let cause):
      follow(link, &walk)
      walk.stop(cause, at: .match)
      walk.hasEnded = true
    case .found(let target, let key, let cause, let movedFrom):
      walk.targetID = target
      walk.target = walk.world.targets[target]
      walk.pairing = cause
      walk.linking = movedFrom.map { .move(from: $0) } ?? .make(key)
      if let lost = walk.sourceID.flatMap({ walk.world.lostLink(of: $0) }), movedFrom == nil, lost.target != target {
        walk.linking = .replace(lost.target, key)
      }
      walk.say(.match, .passed, "\(walk.world.place(target)), \(key)")
    case .barred(let cause), .conflict(let cause):
      walk.stop(cause, at: .match)
    case .nothing:
      walk.lost = walk.sourceID.flatMap { walk.world.lostLink(of: $0) }
      if let lost = walk.lost {
        return walk.say(
          .match, .noted, "\(walk.world.place(lost.target)) was deleted; its \(walk.situation.noun(.source)) is here")
      }
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
    guard let id = walk.targetID else { return }
    if let lonely = walk.world.lonely[id] {
      walk.also += lonely.also
      switch lonely.outcome {
      case .free: sayNobody(walk)
      case .relink(let link):
        walk.linking = .move(from: link.source)
        walk.say(.match, .noted, "to be linked again; \(link.source) is gone")
      case .stopped(let cause, let isConflict):
        walk.stop(cause, at: .match)
        walk.isConflict = isConflict
        walk.hasEnded = true
      }
    } else if let verdict = walk.world.verdicts.excluded[.target]?[id] {
      walk.stop(
        Cause(
          .excluded, evidence: [Evidence("excluded", "by", found: "\(verdict.madeBy), \(day(verdict.madeAt))")],
          fix: "include \(id)", records: [id]),
        at: .match)
      walk.hasEnded = true
    } else if let link = walk.world.brokenByTarget[id], walk.stage.leaving != .deactivates {
      walk.stop(Matcher.leftOverCause(link, in: walk.world), at: .match)
      walk.hasEnded = true
    } else if walk.world.isTwoWay, let link = walk.world.linkByTarget[id] {
      // A person gave its partner to another record in this plan.
      walk.stop(Matcher.alreadyLinked(id, link, in: walk.world), at: .match)
      walk.hasEnded = true
    } else {
      sayNobody(walk)
    }
  }

  private static func sayNobody(_ walk: Walk) {
    let key = walk.targetID.flatMap { walk.world.lonely[$0]?.keyValue } ?? ""
    walk.say(
      .match, .noted,
      key.isEmpty ? "nobody at \(walk.situation.sourceSystem.name) matches" : nobodyText(key, at: .source, walk))
  }

  /// "nobody at IT Glue has Carla Vargas", "no configuration at IT Glue has ACME-PC-10 with the same type".
  private static func nobodyText(_ key: String, at side: Side, _ walk: Walk) -> String {
    let who = walk.stage.kind == .person ? "nobody" : "no \(walk.situation.noun(side))"
    let sought = walk.originRecord.map { walk.stage.sought(key, of: $0) } ?? key
    return "\(who) at \(walk.situation.system(side).name) has \(sought)\(walk.stage.soughtParts(in: walk.situation))"
  }

  private static func linkedText(_ link: Link, _ walk: Walk) -> String {
    var text = "\(walk.world.place(link.target)), \(link.madeBy), linked \(day(link.since))"
    if case .key(let field, let value) = link.madeBy,
      let rule = walk.stage.matchKeys.first(where: { $0.source == field }),
      let now = walk.source?.fields.text(rule.source), rule.rule.key(now) != rule.rule.key(value)
    {
      text += "; \(Reason.keyRenamed.rawValue): \(value) → \(now.trimmedNFC)"
    }
    return text
  }

  private static func nothingText(_ walk: Walk) -> String {
    if let shown = walk.match.shown { return "\(walk.world.place(shown)) has the \(what(walk)); never linked" }
    if walk.match.keyValue.isEmpty { return noKeyText(walk) }
    let text = nobodyText(walk.match.keyValue, at: .target, walk)
    let hints = walk.also.map { "\($0.reason.rawValue): \($0.records.map(\.rawValue).joined(separator: ", "))" }
    return ([text] + hints).joined(separator: "; ")
  }

  /// Within a company that has no counterpart nobody can be found, whatever the key.
  private static func noKeyText(_ walk: Walk) -> String {
    guard walk.stage.hasParents, let source = walk.source, let rule = walk.stage.plainRule,
      source.fields.text(rule.source)?.isBlank == false,
      source.parent.flatMap({ walk.situation.parents?.counterpart(of: $0, at: .source) }) == nil
    else { return "no key to look for" }
    let noun = walk.situation.sourceSystem.noun(.company)
    return "nobody to look among: its \(noun) is not linked at \(walk.situation.targetSystem.name)"
  }

  private static func what(_ walk: Walk) -> String {
    walk.stage.keyWord == "e-mail address" ? "address" : walk.stage.keyWord
  }
}
