/// Finding the record on the other side: by link, by a person's word, by the recipe's keys; never by a guess.
import Foundation
import Model

struct Matcher {
  let world: World
  let rules: [MatchRule]
  /// By rule.
  let targetsByKey: [[String: [RecordID]]]
  /// By rule: the targets by the values of the list that has to meet.
  private let targetsByMeeting: [[String: [RecordID]]]
  let targetsByName: [String: [RecordID]]
  let targetsBySkeleton: [String: [RecordID]]
  private(set) var drafts: [RecordID: Draft] = [:]
  /// By rule: records without a link that take part, by their keys.
  private var rivals: [[String: [RecordID]]]
  private var linkedByKey: [[String: [RecordID]]]
  /// By target: the records that have it as their only candidate with the rule that found it, or were given it by a
  /// person.
  private var claims: [RecordID: [(id: RecordID, rule: Int)]] = [:]
  /// By target: every record without a link for which it is a candidate.
  private(set) var claimed: [RecordID: [RecordID]] = [:]

  /// A record without a link: whether it takes part in the contest for targets, and what its keys find.
  struct Draft {
    var takesPart: Bool
    /// By rule.
    var values: [[MatchValue]]
    /// The first rule that found anybody; `nil` where none did.
    var rule: Int?
    var candidates: [RecordID] = []
    var rejected: [(target: RecordID, verdict: Verdict)] = []
    var excluded: [(target: RecordID, verdict: Verdict)] = []
    /// Targets that are left over from another pair.
    var barred: [Link] = []
    var apart: [Apart] = []
    /// What is shown as the value that was looked for.
    var key = ""
  }

  var stage: Stage { world.situation.stage }
  private var situation: Situation { world.situation }

  init(_ world: World) {
    self.world = world
    let situation = world.situation
    rules = situation.stage.matchKeys
    var byKey = [[String: [RecordID]]](repeating: [:], count: rules.count)
    var byMeeting = byKey
    var byName: [String: [RecordID]] = [:]
    var bySkeleton: [String: [RecordID]] = [:]
    for target in world.targets.values where target.state != .gone {
      for (index, rule) in rules.enumerated() {
        if let meeting = rule.meeting {
          for value in Set(MatchValue.meeting(meeting, of: target, at: .target)) {
            byMeeting[index][value, default: []].append(target.id)
          }
        }
        for value in MatchValue.values(of: target, at: .target, by: rule, in: situation) {
          byKey[index][value.key, default: []].append(target.id)
          if rule == situation.stage.plainRule {
            bySkeleton[NearMiss.skeleton(value.key), default: []].append(target.id)
          }
        }
      }
      let name = World.name(of: target, in: situation.stage).lowercased()
      if !name.isEmpty { byName[name, default: []].append(target.id) }
    }
    targetsByKey = byKey.map { $0.mapValues { $0.sorted() } }
    targetsByMeeting = byMeeting.map { $0.mapValues { $0.sorted() } }
    targetsByName = byName.mapValues { $0.sorted() }
    targetsBySkeleton = bySkeleton.mapValues { Set($0).sorted() }
    rivals = [[String: [RecordID]]](repeating: [:], count: rules.count)
    linkedByKey = rivals
    draftAll()
  }

  // MARK: - First pass: who looks for what

  private mutating func draftAll() {
    for id in world.sources.keys.sorted() {
      guard let source = world.sources[id] else { continue }
      let values = rules.map { MatchValue.values(of: source, at: .source, by: $0, in: situation) }
      if isSettled(id) {
        guard world.linkBySource[id] != nil else { continue }
        for (rule, values) in values.enumerated() {
          for value in values { linkedByKey[rule][value.key, default: []].append(id) }
        }
        continue
      }
      let draft = draft(id, values)
      drafts[id] = draft
      guard draft.takesPart else { continue }
      if let target = forcedTarget(of: id) {
        claims[target, default: []].append((id, -1))
        claimed[target, default: []].append(id)
        continue
      }
      // A record that a stronger key has found stands in nobody's way for a weaker one.
      for rule in 0..<((draft.rule ?? rules.count - 1) + 1) {
        for value in values[rule] { rivals[rule][value.key, default: []].append(id) }
      }
      if let rule = draft.rule, draft.candidates.count == 1, let only = draft.candidates.first {
        claims[only, default: []].append((id, rule))
      }
      for candidate in draft.candidates { claimed[candidate, default: []].append(id) }
    }
  }

  private func draft(_ id: RecordID, _ values: [[MatchValue]]) -> Draft {
    var draft = Draft(takesPart: takesPart(id), values: values)
    let plain = stage.plainRule.flatMap { plain in rules.firstIndex { $0 == plain } }
    draft.key = plain.flatMap { values[$0].first?.shown } ?? ""
    for rule in rules.indices {
      let keyed = values[rule].flatMap { targetsByKey[rule][$0.key] ?? [] }.uniqued
      for target in met(keyed, by: id, rules[rule], meeting: targetsByMeeting[rule], &draft) {
        if let verdict = world.verdicts.never[id]?[target] {
          draft.rejected.append((target, verdict))
        } else if let verdict = world.verdicts.excluded[.target]?[target] {
          draft.excluded.append((target, verdict))
        } else if let link = barrier(target, for: id) {
          draft.barred.append(link)
        } else {
          draft.candidates.append(target)
        }
      }
      guard draft.candidates.isEmpty && draft.excluded.isEmpty && draft.barred.isEmpty && draft.apart.isEmpty else {
        draft.rule = rule
        if rule != plain, let shown = values[rule].first(where: { targetsByKey[rule][$0.key] != nil })?.shown {
          draft.key = shown
        }
        break
      }
    }
    return draft
  }

  /// Of the targets with a record's key those that meet it in the second list too; the others, and those that meet it
  /// there alone, are noted.
  private func met(
    _ keyed: [RecordID], by id: RecordID, _ rule: MatchRule, meeting targets: [String: [RecordID]], _ draft: inout Draft
  ) -> [RecordID] {
    guard let meeting = rule.meeting, let source = world.sources[id] else { return keyed }
    let sharing = MatchValue.meeting(meeting, of: source, at: .source).flatMap { targets[$0] ?? [] }.uniqued
    for target in keyed + sharing where keyed.contains(target) != sharing.contains(target) {
      if let verdict = world.verdicts.never[id]?[target] {
        draft.rejected.append((target, verdict))
      } else if let verdict = world.verdicts.excluded[.target]?[target] {
        draft.excluded.append((target, verdict))
      } else {
        draft.apart.append(Apart(target: target, isByKey: keyed.contains(target)))
      }
    }
    return keyed.filter(sharing.contains)
  }

  /// The broken pair that a target is left over from, where such a pair keeps both sides from coming back.
  private func barrier(_ target: RecordID, for id: RecordID) -> Link? {
    guard stage.leaving != .deactivates, let link = world.brokenByTarget[target], link.source != id,
      !link.isToBeRelinked
    else { return nil }
    return link
  }

  /// Excluded, linked, or broken and not to be linked again: nothing is looked for.
  private func isSettled(_ id: RecordID) -> Bool {
    if world.verdicts.excluded[.source]?[id] != nil { return true }
    if world.lostLink(of: id) != nil { return false }
    if let link = world.linkBySource[id] {
      return forcedTarget(of: id, insteadOf: link) == nil && !mayHaveMerged(link)
    }
    if let broken = world.brokenBySource[id] { return !broken.isToBeRelinked || isThere(broken) }
    return false
  }

  /// The target is gone, and where records can be merged its keys may sit on another one now.
  private func mayHaveMerged(_ link: Link) -> Bool {
    stage.targetsMerge && world.isGone(target: link.target) && world.isActive(source: link.source)
      && world.verdicts.excluded[.target]?[link.target] == nil
  }

  /// A pair that is to be linked again and whose both records are there needs nobody to be looked for.
  private func isThere(_ link: Link) -> Bool {
    stage.leaving != .deactivates && world.targets[link.target].map { $0.state != .gone } == true
  }

  /// Only a record that could be synced competes for a target; a guest or somebody who left makes nobody ambiguous.
  private func takesPart(_ id: RecordID) -> Bool {
    switch world.presence(of: id, at: .source) {
    case .active, .unknown: true
    case .inactive, .gone, .outsider, nil: false
    }
  }

  private func forcedTarget(of id: RecordID) -> RecordID? {
    guard let target = world.verdicts.forced[id]?.target, let record = world.targets[target], record.state != .gone,
      world.verdicts.excluded[.target]?[target] == nil
    else { return nil }
    return target
  }

  /// A pair that a person named after the link was made replaces the link.
  private func forcedTarget(of id: RecordID, insteadOf link: Link) -> RecordID? {
    guard let (target, verdict) = world.verdicts.forced[id], target != link.target, verdict.madeAt > link.since else {
      return nil
    }
    return forcedTarget(of: id)
  }

  // MARK: - Second pass: who gets what

  func matches() -> [RecordID: Match] {
    var matches = Dictionary(uniqueKeysWithValues: world.sources.keys.map { ($0, match($0)) })
    // Links whose source is not in the reading are followed too: their targets may have to be deactivated.
    for link in world.linkBySource.values where matches[link.source] == nil {
      matches[link.source] =
        if let verdict = world.verdicts.excluded[.source]?[link.source] {
          Match(outcome: .excluded(excludedCause(verdict, link.source)))
        } else {
          Match(outcome: follow(link))
        }
    }
    return matches
  }

  private func match(_ id: RecordID) -> Match {
    if let verdict = world.verdicts.excluded[.source]?[id] {
      return Match(outcome: .excluded(excludedCause(verdict, id)))
    }
    if let draft = drafts[id], draft.takesPart || world.linkBySource[id] == nil {
      var match = draft.takesPart ? contest(id, draft) : spectator(id, draft)
      if let link = world.linkBySource[id], world.lostLink(of: id) == nil,
        forcedTarget(of: id, insteadOf: link) == nil
      {
        guard case .found(let survivor, let key, _, let former) = match.outcome else {
          return Match(outcome: follow(link))
        }
        match.outcome = .found(survivor, key, mergedCause(link, into: survivor, draft.key), movedFrom: former)
      }
      match.keyValue = draft.key
      match.candidates = draft.candidates
      match.apart = draft.apart
      return match
    }
    if let link = world.linkBySource[id] { return Match(outcome: follow(link)) }
    if let link = world.brokenBySource[id] { return Match(outcome: followBroken(link)) }
    return Match(outcome: .nothing)
  }

  /// What becomes of a link in force, by its ids alone.
  private func follow(_ link: Link) -> Match.Outcome {
    if let verdict = world.verdicts.excluded[.target]?[link.target] {
      return .excluded(excludedCause(verdict, link.target))
    }
    if let verdict = world.verdicts.never[link.source]?[link.target] {
      return .rejected(link, rejectedCause(verdict, link.source, link.target))
    }
    if let target = world.targets[link.target], target.state != .gone { return .linked(link) }
    if world.isGone(target: link.target) {
      let since = situation.target.tombstones[link.target]
      return .targetGone(
        link,
        Cause(
          .linkBroken,
          evidence: [
            Evidence(
              world.place(link.target), "is", wanted: "present",
              found: since.map { "deleted, seen \(day($0))" } ?? "not in the complete reading")
          ],
          fix: "relink \(label(link.source).typed), or forget \(label(link.source).typed)", records: [link.target]))
    }
    return .targetUnseen(
      link,
      Cause(
        .targetIncomplete,
        evidence: [
          Evidence(
            world.place(link.target), "is", wanted: "present", found: "not in this reading, which proves nothing")
        ], fix: situation.loading, records: [link.target]))
  }

  private func mergedCause(_ link: Link, into survivor: RecordID, _ key: String) -> Cause {
    Cause(
      .matched,
      evidence: [
        Evidence(keyName, "is", found: key, at: world.place(survivor)),
        Evidence(world.place(link.target), "is", found: "gone, merged into it"),
      ], records: [survivor])
  }

  /// An orphan whose source is back is the same pair again, by its ids, and so is one that is to be linked again; every
  /// other broken pair stays broken.
  private func followBroken(_ link: Link) -> Match.Outcome {
    guard isWhole(link), case .broken(let missing, let since) = link.state, world.isActive(source: link.source),
      link.isToBeRelinked || (stage.leaving == .orphans && missing == .source)
    else { return .broken(link, brokenCause(link)) }
    let evidence = Evidence(
      missing == .source ? world.place(link.source, at: .source) : world.place(link.target), "is",
      found: "back; it was away since \(day(since))")
    return .found(
      link.target, link.madeBy, Cause(.matched, evidence: [evidence], records: [link.target]), movedFrom: nil)
  }

  /// Both records of a broken pair are there, and nobody else lays claim to the target.
  private func isWhole(_ link: Link) -> Bool {
    guard stage.leaving != .deactivates, let source = world.sources[link.source], source.state != .gone,
      let target = world.targets[link.target], target.state != .gone
    else { return false }
    return world.linkByTarget[link.target] == nil && (claimed[link.target] ?? []).isEmpty
  }

  /// A record that takes no part: what its key finds is shown and nothing is linked.
  private func spectator(_ id: RecordID, _ draft: Draft) -> Match {
    var match = Match(outcome: .nothing)
    if draft.candidates.count == 1, let only = draft.candidates.first, world.linkByTarget[only] == nil,
      claimed[only] == nil
    {
      match.shown = only
      match.also.append(
        Cause(
          .neverManaged, evidence: [Evidence(world.place(only), "has", found: draft.key)],
          fix: nil, records: [only]))
    } else if draft.candidates.count > 1 {
      match.also.append(ambiguousTarget(draft.candidates, for: label(id)))
    }
    return match
  }

  private func contest(_ id: RecordID, _ draft: Draft) -> Match {
    if let target = forcedTarget(of: id), let verdict = world.verdicts.forced[id]?.verdict {
      return Match(outcome: pair(id, with: target, by: verdict))
    }
    let others = sharing(draft, in: rivals).filter { $0 != id }
    if !others.isEmpty {
      var match = Match(outcome: .conflict(ambiguousSource([id] + others, key: draft.key, target: nil)))
      if draft.candidates.count > 1 { match.also.append(ambiguousTarget(draft.candidates, for: label(id))) }
      return match
    }
    if draft.candidates.count > 1 {
      return Match(outcome: .conflict(ambiguousTarget(draft.candidates, for: label(id))))
    }
    if let only = draft.candidates.first { return Match(outcome: take(only, for: id, draft)) }
    if let link = draft.barred.first { return Match(outcome: .barred(leftOverCause(link))) }
    let linked = sharing(draft, in: linkedByKey)
    if !linked.isEmpty {
      return Match(outcome: .conflict(ambiguousSource([id] + linked, key: draft.key, target: nil)))
    }
    if let (target, verdict) = draft.excluded.first {
      return Match(outcome: .excluded(excludedCause(verdict, target)))
    }
    if let cause = apartCause(draft, of: id) { return Match(outcome: .conflict(cause)) }
    return Match(
      outcome: .nothing,
      also: draft.rejected.map { rejectedCause($0.verdict, id, $0.target) } + hints(id, draft))
  }

  /// Records with one of the same keys: by the rule that found somebody, by any where none did.
  private func sharing(_ draft: Draft, in index: [[String: [RecordID]]]) -> [RecordID] {
    let asked = draft.rule.map { [$0] } ?? Array(rules.indices)
    return asked.flatMap { rule in draft.values[rule].flatMap { index[rule][$0.key] ?? [] } }.uniqued
  }

  private func pair(_ id: RecordID, with target: RecordID, by verdict: Verdict) -> Match.Outcome {
    let others = (claims[target] ?? []).map(\.id).filter { $0 != id && forcedTarget(of: $0) == target }
    if !others.isEmpty { return .conflict(ambiguousSource([id] + others, key: nil, target: target)) }
    let cause = Cause(
      .pairedByPerson,
      evidence: [Evidence("paired", "by", found: "\(verdict.madeBy), \(day(verdict.madeAt))")], records: [target])
    guard let owner = world.linkByTarget[target], owner.source != id else {
      let former = world.brokenByTarget[target].flatMap { $0.source == id ? nil : $0.source }
      return .found(target, .person, cause, movedFrom: former)
    }
    guard world.isGone(source: owner.source) else { return .conflict(alreadyLinked(target, owner)) }
    return .found(target, .person, cause, movedFrom: owner.source)
  }

  private func take(_ target: RecordID, for id: RecordID, _ draft: Draft) -> Match.Outcome {
    // A claim by a weaker key stands in nobody's way.
    let others = (claims[target] ?? []).filter { $0.id != id && $0.rule <= draft.rule ?? 0 }.map(\.id)
    let owner = world.linkByTarget[target]
    if let owner, !world.isGone(source: owner.source) { return .conflict(alreadyLinked(target, owner)) }
    if !others.isEmpty { return .conflict(ambiguousSource([id] + others, key: nil, target: target)) }
    let field = (draft.rule.map { rules[$0] } ?? stage.plainRule)?.source ?? "email"
    if let owner {
      guard stage.leaving == .deactivates else { return .barred(leftOverCause(owner)) }
      let cause = Cause(
        .recreated,
        evidence: [
          Evidence(world.place(target), "is linked to", found: "\(owner.source), which is deleted"),
          Evidence(field.rawValue, "is", found: draft.key),
        ], records: [target])
      return .found(target, .succeeded(owner.source), cause, movedFrom: owner.source)
    }
    let former = world.brokenByTarget[target].flatMap { $0.source != id && $0.isToBeRelinked ? $0.source : nil }
    return .found(
      target, .key(field, value: draft.key),
      Cause(
        .matched, evidence: [Evidence(field.rawValue, "is", found: draft.key, at: world.place(target))],
        records: [target]),
      movedFrom: former)
  }
}

extension Array where Element: Hashable {
  /// Each element once, in the order of its first appearance.
  fileprivate var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
