/// What matching has to say: its causes with their evidence and fixes, and the hints at near misses.
import Foundation
import Model

extension Matcher {
  func label(_ id: RecordID) -> String {
    world.sources[id].map { World.label(of: $0, in: world.situation.stage) } ?? id.rawValue
  }

  /// "90112 Zoe Olsen (active)".
  func description(of target: RecordID) -> String {
    guard let record = world.targets[target] else { return target.rawValue }
    return "\(target) \(World.name(of: record, in: world.situation.stage)) (\(record.state.rawValue))"
  }

  func excludedCause(_ verdict: Verdict, _ id: RecordID) -> Cause {
    let subject = world.sources[id].map { World.label(of: $0, in: world.situation.stage) } ?? id.rawValue
    let why = verdict.reason.isBlank ? "" : ", because “\(verdict.reason)”"
    return Cause(
      .excluded,
      evidence: [Evidence("excluded", "by", found: "\(verdict.madeBy), \(day(verdict.madeAt))\(why)", at: id.rawValue)],
      fix: "include \(subject)", records: [id])
  }

  func rejectedCause(_ verdict: Verdict, _ source: RecordID, _ target: RecordID) -> Cause {
    Cause(
      .rejectedBefore,
      evidence: [
        Evidence("never pair", "by", found: "\(verdict.madeBy), \(day(verdict.madeAt))", at: world.place(target))
      ],
      fix: "pair \(label(source)) with \(target)", records: [target])
  }

  func brokenCause(_ link: Link) -> Cause {
    var found = "deleted"
    var place = world.place(link.target)
    if case .broken(let missing, let since) = link.state {
      found = "deleted at the \(missing.rawValue), seen \(day(since))"
      if missing == .source { place = "\(world.situation.sourceSystem.name) \(link.source)" }
    }
    return Cause(
      .linkBroken, evidence: [Evidence(place, "is", wanted: "present", found: found)],
      fix: "relink \(label(link.source)), or forget \(label(link.source))", records: [link.target])
  }

  func ambiguousTarget(_ id: RecordID, _ draft: Draft) -> Cause {
    Cause(
      .ambiguousTarget,
      evidence: draft.candidates.map {
        Evidence(
          rule?.source.rawValue ?? "key", "is", found: description(of: $0), at: world.situation.targetSystem.name)
      },
      fix: draft.candidates.first.map { "pair \(label(id)) with \($0)" }, records: draft.candidates)
  }

  func ambiguousSource(_ ids: [RecordID], key: String?, target: RecordID?) -> Cause {
    let sorted = ids.sorted()
    let found = sorted.map { id in
      let name = world.sources[id].map { World.name(of: $0, in: world.situation.stage) } ?? ""
      return "\(label(id)) \(name) (\(id))"
    }
    var evidence = found.map { Evidence(rule?.source.rawValue ?? "key", "is", wanted: key, found: $0) }
    if let target { evidence.append(Evidence("all", "match", found: description(of: target))) }
    let fix =
      target.map { "pair PERSON with \($0)" }
      ?? "correct the address of all but one of them, or exclude the others"
    return Cause(.ambiguousSource, evidence: evidence, fix: fix, records: sorted)
  }

  func alreadyLinked(_ target: RecordID, _ link: Link) -> Cause {
    Cause(
      .alreadyLinked,
      evidence: [
        Evidence(
          world.place(target), "is linked to",
          found: "\(label(link.source)), since \(day(link.since))" + (link.run.map { ", \($0)" } ?? ""))
      ],
      fix: "forget \(label(link.source))", records: [target, link.source])
  }

  /// Targets that nearly match a record for which nothing was found.
  func hints(_ id: RecordID, _ draft: Draft) -> [Cause] {
    guard let source = world.sources[id] else { return [] }
    let stage = world.situation.stage
    var hints: [Cause] = []
    var seen: Set<RecordID> = Set(draft.rejected.map(\.target))
    func add(_ targets: [RecordID], _ reason: Reason, _ attribute: String, _ found: String) {
      for target in targets where seen.insert(target).inserted {
        hints.append(
          Cause(
            reason, evidence: [Evidence(attribute, "is", found: found, at: world.place(target))],
            fix: "pair \(label(id)) with \(target)", records: [target]))
      }
    }
    if let rule, let field = rule.aliases {
      for alias in source.fields.items(field) ?? [] where rule.rule.key(alias) != draft.key {
        add(targetsByKey[rule.rule.key(alias)] ?? [], .nearMiss, "alias", alias)
      }
    }
    if !draft.key.isEmpty {
      add(targetsBySkeleton[NearMiss.skeleton(draft.key)] ?? [], .nearMiss, rule?.source.rawValue ?? "key", draft.key)
    }
    let name = World.name(of: source, in: stage).lowercased()
    let unlinked = (targetsByName[name] ?? []).filter { world.linkByTarget[$0] == nil }
    if !name.isEmpty { add(unlinked, .nameOnly, "name", World.name(of: source, in: stage)) }
    return hints
  }
}
