/// What matching has to say: its causes with their evidence and fixes, and the hints at near misses.
import Foundation
import Model

extension Matcher {
  func label(_ id: RecordID) -> String { world.label(of: id, at: .source) }

  func excludedCause(_ verdict: Verdict, _ id: RecordID) -> Cause {
    let subject = label(id)
    let why = verdict.reason.isBlank ? "" : ", because “\(verdict.reason)”"
    return Cause(
      .excluded,
      evidence: [Evidence("excluded", "by", found: "\(verdict.madeBy), \(day(verdict.madeAt))\(why)", at: id.rawValue)],
      fix: "include \(subject.typed)", records: [id])
  }

  func rejectedCause(_ verdict: Verdict, _ source: RecordID, _ target: RecordID) -> Cause {
    Cause(
      .rejectedBefore,
      evidence: [
        Evidence("never pair", "by", found: "\(verdict.madeBy), \(day(verdict.madeAt))", at: world.place(target))
      ],
      fix: "pair \(label(source).typed) with \(target)", records: [target])
  }

  func brokenCause(_ link: Link) -> Cause {
    if let cause = orphanedCause(link) { return cause }
    var found = "deleted"
    var place = world.place(link.target)
    if case .broken(let missing, let since) = link.state {
      found =
        World.departure(
          of: missing == .source ? link.source : link.target, since: since, at: missing, in: world.situation)
        ?? "deleted at the \(missing.rawValue), seen \(day(since))"
      if missing == .source { place = "\(world.situation.sourceSystem.name) \(link.source)" }
    }
    return Cause(
      .linkBroken, evidence: [Evidence(place, "is", wanted: "present", found: found)],
      fix: "relink \(label(link.source).typed), or forget \(label(link.source).typed)", records: [link.target])
  }

  func leftOverCause(_ link: Link) -> Cause { Self.leftOverCause(link, in: world) }

  private func orphanedCause(_ link: Link) -> Cause? { Self.orphanedCause(link, in: world) }

  func ambiguousTarget(_ ids: [RecordID], for label: String) -> Cause {
    Cause(
      .ambiguousTarget,
      evidence: ids.map {
        Evidence(
          keyName, "is", found: world.description(of: $0, at: .target), at: world.situation.targetSystem.name)
      },
      fix: ids.first.map { "pair \(label.typed) with \($0)" }, records: ids)
  }

  var keyName: String { stage.plainRule?.source.rawValue ?? "key" }

  func ambiguousSource(_ ids: [RecordID], key: String?, target: RecordID?) -> Cause {
    let sorted = ids.sorted()
    let found = sorted.map { id in
      let name = world.sources[id].map { World.name(of: $0, in: world.situation.stage) } ?? ""
      return "\(label(id)) \(name) (\(id))"
    }
    var evidence = found.map { Evidence(keyName, "is", wanted: key, found: $0) }
    if let target {
      evidence.append(Evidence("all", "match", found: world.description(of: target, at: .target)))
    }
    let what = stage.keyWord == "e-mail address" ? "address" : stage.keyWord
    let fix =
      target.map { "pair \(stage.kind.rawValue.uppercased()) with \($0)" }
      ?? "correct the \(what) of all but one of them, or exclude the others"
    return Cause(.ambiguousSource, evidence: evidence, fix: fix, records: sorted)
  }

  func alreadyLinked(_ target: RecordID, _ link: Link) -> Cause { Self.alreadyLinked(target, link, in: world) }

  /// What keeps a record from being made of which a target has the key and not the list, or the list and not the key.
  func apartCause(_ draft: Draft, of id: RecordID) -> Cause? {
    guard let rule = draft.rule.map({ rules[$0] }), let meeting = rule.meeting, let source = world.sources[id],
      let first = draft.apart.first
    else { return nil }
    let alike = draft.apart.filter { $0.isByKey == first.isByKey }.map(\.target)
    let system = world.situation.targetSystem
    var evidence: [Evidence] = []
    for target in alike.compactMap({ world.targets[$0] }) {
      let difference = KeyDifference(source, target, rule, meeting, isByKey: first.isByKey)
      let held = target.fields[difference.field]
      evidence.append(
        Evidence(
          difference.field.rawValue, "is", wanted: KeyDifference.quoted(source.fields[difference.sourceField]),
          found: held == nil ? "not given" : KeyDifference.quoted(held), at: world.place(target.id)))
      if let nearest = difference.nearest {
        evidence.append(
          Evidence(
            "the nearest", "is", wanted: KeyDifference.quoted(.text(nearest.source)),
            found: KeyDifference.quoted(.text(nearest.target)), at: difference.words))
      }
    }
    let (subject, what) = (label(id).typed, first.isByKey ? "one of the \(meeting.source)" : "the \(rule.source)")
    return Cause(
      first.isByKey ? meeting.keyAlone : meeting.listAlone, evidence: evidence,
      fix: "make \(what) equal at \(system.name), or pair \(subject) with \(alike[0])", records: alike)
  }

  /// Targets that nearly match a record for which nothing was found.
  func hints(_ id: RecordID, _ draft: Draft) -> [Cause] {
    guard let source = world.sources[id] else { return [] }
    var hints: [Cause] = []
    var seen: Set<RecordID> = Set(draft.rejected.map(\.target))
    func add(_ targets: [RecordID], _ reason: Reason, _ attribute: String, _ found: String) {
      // What is linked to another record is nobody else.
      for target in targets where world.linkByTarget[target] == nil && seen.insert(target).inserted {
        hints.append(
          Cause(
            reason, evidence: [Evidence(attribute, "is", found: found, at: world.place(target))],
            fix: "pair \(label(id).typed) with \(target)", records: [target]))
      }
    }
    if let rule = stage.plainRule, let index = rules.firstIndex(of: rule) {
      if let field = rule.aliases {
        for alias in source.fields.items(field) ?? [] where rule.rule.key(alias) != draft.key {
          add(targetsByKey[index][rule.rule.key(alias)] ?? [], .nearMiss, "alias", alias)
        }
      }
      for value in draft.values[index] {
        add(targetsBySkeleton[NearMiss.skeleton(value.key)] ?? [], .nearMiss, rule.source.rawValue, value.shown)
      }
    }
    let name = World.name(of: source, in: stage).lowercased()
    let namesakes = (targetsByName[name] ?? []).filter { isInSameCompany($0, as: source) }
    if !name.isEmpty { add(namesakes, .nameOnly, "name", World.name(of: source, in: stage)) }
    return hints
  }

  private func isInSameCompany(_ target: RecordID, as source: Record) -> Bool {
    guard stage.hasParents else { return true }
    return source.parent.flatMap { world.situation.parents?.counterpart(of: $0, at: .source) }
      == world.targets[target]?.parent
  }
}

extension Matcher {
  static func alreadyLinked(_ target: RecordID, _ link: Link, in world: World) -> Cause {
    let owner = world.label(of: link.source, at: .source)
    return Cause(
      .alreadyLinked,
      evidence: [
        Evidence(
          world.place(target), "is linked to",
          found: "\(owner), since \(day(link.since))" + (link.run.map { ", \($0)" } ?? ""))
      ],
      fix: "forget \(owner.typed)", records: [target, link.source])
  }

  /// What a target is told that is left over from a pair; its name is the only one that a person knows.
  static func leftOverCause(_ link: Link, in world: World) -> Cause {
    if let cause = orphanedCause(link, in: world) { return cause }
    let label = world.label(of: link.target, at: .target)
    var since = world.situation.source.tombstones[link.source]
    if case .broken(_, let seen) = link.state { since = seen }
    let found =
      World.departure(of: link.source, since: since, at: .source, in: world.situation)
      ?? since.map { "deleted, seen \(day($0))" } ?? "deleted"
    return Cause(
      .linkBroken,
      evidence: [Evidence(world.place(link.source, at: .source), "is", wanted: "present", found: found)],
      fix: "relink \(label.typed), or forget \(label.typed)", records: [link.target])
  }

  private static func orphanedCause(_ link: Link, in world: World) -> Cause? {
    guard world.situation.stage.leaving == .orphans, case .broken(.source, let since) = link.state else { return nil }
    let found =
      world.sources[link.source].map({ $0.state != .gone }) == true
      ? "out of scope since" : world.isGone(source: link.source) ? "deleted, seen" : "gone, or out of scope, since"
    return World.orphanedCause(link, found: "\(found) \(day(since))", in: world)
  }
}

extension World {
  /// A target whose source was deleted or no longer meets the settings: kept, listed, never deleted.
  static func orphanedCause(_ link: Link, found: String, in world: World) -> Cause {
    Cause(
      .orphaned,
      evidence: [
        Evidence(world.place(link.source, at: .source), "is", wanted: "present and in scope", found: found),
        Evidence(world.place(link.target), "is", found: "kept"),
      ],
      fix: "forget \(world.label(of: link.target, at: .target).typed), to treat both as never linked",
      records: [link.target])
  }
}
