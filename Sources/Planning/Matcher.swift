/// Finding the record on the other side: by link, by a person's word, by the recipe's keys; never by a guess.
import Foundation
import Model

/// What matching found for one source record.
struct Match {
  enum Outcome {
    case excluded(Cause)
    /// A link in force, with both records there.
    case linked(Link)
    /// The linked target was deleted, and that is proven.
    case targetGone(Link, Cause)
    /// The linked target is not in a reading that could prove its absence.
    case targetUnseen(Link, Cause)
    case broken(Link, Cause)
    /// A person said that the linked two are never one.
    case rejected(Link, Cause)
    case found(RecordID, MatchKey, Cause, movedFrom: RecordID?)
    case conflict(Cause)
    case nothing
  }
  var outcome: Outcome
  /// What is worth knowing and does not stop.
  var also: [Cause] = []
  /// The value that was looked for; blank when the record has none.
  var keyValue = ""
  var candidates: [RecordID] = []
  /// The one free target that has the key of a record which takes no part: shown, never linked.
  var shown: RecordID?
}

struct Matcher {
  let world: World
  let rule: MatchRule?
  let targetsByKey: [String: [RecordID]]
  let targetsByName: [String: [RecordID]]
  let targetsBySkeleton: [String: [RecordID]]
  private let forced: [RecordID: (target: RecordID, verdict: Verdict)]
  private let neverPairs: [RecordID: [RecordID: Verdict]]
  private var drafts: [RecordID: Draft] = [:]
  /// Records without a link that take part, by their key.
  private var rivals: [String: [RecordID]] = [:]
  private var linkedByKey: [String: [RecordID]] = [:]
  /// By target: the records that have it as their only candidate, or were given it by a person.
  private var claims: [RecordID: [RecordID]] = [:]
  /// By target: every record without a link for which it is a candidate.
  private(set) var claimed: [RecordID: [RecordID]] = [:]

  /// A record without a link: whether it takes part in the contest for targets, and what its key finds.
  struct Draft {
    var takesPart: Bool
    var key: String
    var candidates: [RecordID]
    var rejected: [(target: RecordID, verdict: Verdict)]
    var excluded: [(target: RecordID, verdict: Verdict)]
  }

  init(_ world: World) {
    self.world = world
    let stage = world.situation.stage
    rule = stage.matchKeys.first
    var byKey: [String: [RecordID]] = [:]
    var byName: [String: [RecordID]] = [:]
    var bySkeleton: [String: [RecordID]] = [:]
    for target in world.targets.values where target.state != .gone {
      for key in Self.keys(of: target, by: stage.matchKeys.first) {
        byKey[key, default: []].append(target.id)
        bySkeleton[NearMiss.skeleton(key), default: []].append(target.id)
      }
      let name = World.name(of: target, in: stage).lowercased()
      if !name.isEmpty { byName[name, default: []].append(target.id) }
    }
    targetsByKey = byKey.mapValues { $0.sorted() }
    targetsByName = byName.mapValues { $0.sorted() }
    targetsBySkeleton = bySkeleton.mapValues { Set($0).sorted() }
    var forced: [RecordID: (target: RecordID, verdict: Verdict)] = [:]
    var never: [RecordID: [RecordID: Verdict]] = [:]
    for verdict in world.situation.verdicts.sorted(by: { $0.madeAt < $1.madeAt }) {
      switch verdict.ruling {
      case .pair(let source, let target):
        forced[source] = (target, verdict)
        never[source]?[target] = nil
      case .neverPair(let source, let target):
        never[source, default: [:]][target] = verdict
        if forced[source]?.target == target { forced[source] = nil }
      case .exclude, .promote, .push, .take: break
      }
    }
    self.forced = forced
    neverPairs = never
    draftAll()
  }

  /// Every value of the key that a record at the target has, each once, as compared.
  static func keys(of target: Record, by rule: MatchRule?) -> Set<String> {
    guard let rule else { return [] }
    var keys: Set<String> = []
    for field in rule.targets {
      switch target.fields[field] {
      case .text(let text): keys.insert(rule.rule.key(text))
      case .list(let items): keys.formUnion(items.map(rule.rule.key))
      case .null, .flag, nil: break
      }
    }
    keys.remove("")
    return keys
  }

  // MARK: - First pass: who looks for what

  private mutating func draftAll() {
    for id in world.sources.keys.sorted() {
      guard let source = world.sources[id] else { continue }
      let key = rule.flatMap { rule in source.fields.text(rule.source).map(rule.rule.key) } ?? ""
      if isSettled(id) {
        if !key.isEmpty, world.linkBySource[id] != nil { linkedByKey[key, default: []].append(id) }
        continue
      }
      var draft = Draft(
        takesPart: takesPart(id), key: key, candidates: [], rejected: [], excluded: [])
      for target in key.isEmpty ? [] : targetsByKey[key] ?? [] {
        if let verdict = neverPairs[id]?[target] {
          draft.rejected.append((target, verdict))
        } else if let verdict = world.excludedTargets[target] {
          draft.excluded.append((target, verdict))
        } else {
          draft.candidates.append(target)
        }
      }
      drafts[id] = draft
      guard draft.takesPart else { continue }
      if let target = forcedTarget(of: id) {
        claims[target, default: []].append(id)
        claimed[target, default: []].append(id)
        continue
      }
      if !key.isEmpty { rivals[key, default: []].append(id) }
      if draft.candidates.count == 1, let only = draft.candidates.first { claims[only, default: []].append(id) }
      for candidate in draft.candidates { claimed[candidate, default: []].append(id) }
    }
  }

  /// Excluded, linked, or broken and not to be linked again: nothing is looked for.
  private func isSettled(_ id: RecordID) -> Bool {
    if world.excludedSources[id] != nil { return true }
    if let link = world.linkBySource[id] { return forcedTarget(of: id, insteadOf: link) == nil }
    if let broken = world.brokenBySource[id] { return !broken.isToBeRelinked }
    return false
  }

  /// Only a record that could be synced competes for a target; a guest or somebody who left makes nobody ambiguous.
  private func takesPart(_ id: RecordID) -> Bool {
    switch world.standings[id] {
    case .active, .unknown: true
    case .inactive, .gone, .outsider, nil: false
    }
  }

  private func forcedTarget(of id: RecordID) -> RecordID? {
    guard let target = forced[id]?.target, let record = world.targets[target], record.state != .gone,
      world.excludedTargets[target] == nil
    else { return nil }
    return target
  }

  /// A pair that a person named after the link was made replaces the link.
  private func forcedTarget(of id: RecordID, insteadOf link: Link) -> RecordID? {
    guard let (target, verdict) = forced[id], target != link.target, verdict.madeAt > link.since else { return nil }
    return forcedTarget(of: id)
  }

  // MARK: - Second pass: who gets what

  func matches() -> [RecordID: Match] {
    var matches = Dictionary(uniqueKeysWithValues: world.sources.keys.map { ($0, match($0)) })
    // Links whose source is not in the reading are followed too: their targets may have to be deactivated.
    for link in world.linkBySource.values where matches[link.source] == nil {
      matches[link.source] =
        if let verdict = world.excludedSources[link.source] {
          Match(outcome: .excluded(excludedCause(verdict, link.source)))
        } else {
          Match(outcome: follow(link))
        }
    }
    return matches
  }

  private func match(_ id: RecordID) -> Match {
    if let verdict = world.excludedSources[id] { return Match(outcome: .excluded(excludedCause(verdict, id))) }
    if let draft = drafts[id], draft.takesPart || world.linkBySource[id] == nil {
      var match = draft.takesPart ? contest(id, draft) : spectator(id, draft)
      match.keyValue = draft.key
      match.candidates = draft.candidates
      return match
    }
    if let link = world.linkBySource[id] { return Match(outcome: follow(link)) }
    if let link = world.brokenBySource[id] { return Match(outcome: .broken(link, brokenCause(link))) }
    return Match(outcome: .nothing)
  }

  /// What becomes of a link in force, by its ids alone.
  private func follow(_ link: Link) -> Match.Outcome {
    if let verdict = world.excludedTargets[link.target] { return .excluded(excludedCause(verdict, link.target)) }
    if let verdict = neverPairs[link.source]?[link.target] {
      return .rejected(link, rejectedCause(verdict, link.source, link.target))
    }
    if let target = world.targets[link.target], target.state != .gone { return .linked(link) }
    if world.isGone(target: link.target) {
      let since = world.situation.target.tombstones[link.target]
      return .targetGone(
        link,
        Cause(
          .linkBroken,
          evidence: [
            Evidence(
              world.place(link.target), "is", wanted: "present",
              found: since.map { "deleted, seen \(day($0))" } ?? "not in the complete reading")
          ],
          fix: "relink \(label(link.source)), or forget \(label(link.source))", records: [link.target]))
    }
    return .targetUnseen(
      link,
      Cause(
        .targetIncomplete,
        evidence: [
          Evidence(
            world.place(link.target), "is", wanted: "present", found: "not in this reading, which proves nothing")
        ], fix: "load people", records: [link.target]))
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
      match.also.append(ambiguousTarget(id, draft))
    }
    return match
  }

  private func contest(_ id: RecordID, _ draft: Draft) -> Match {
    if let target = forcedTarget(of: id), let verdict = forced[id]?.verdict {
      return Match(outcome: pair(id, with: target, by: verdict))
    }
    let others = (rivals[draft.key] ?? []).filter { $0 != id }
    if !others.isEmpty {
      var match = Match(outcome: .conflict(ambiguousSource([id] + others, key: draft.key, target: nil)))
      if draft.candidates.count > 1 { match.also.append(ambiguousTarget(id, draft)) }
      return match
    }
    if draft.candidates.count > 1 { return Match(outcome: .conflict(ambiguousTarget(id, draft))) }
    if let only = draft.candidates.first { return Match(outcome: take(only, for: id, draft)) }
    if let linked = linkedByKey[draft.key], !draft.key.isEmpty {
      return Match(outcome: .conflict(ambiguousSource([id] + linked, key: draft.key, target: nil)))
    }
    if let (target, verdict) = draft.excluded.first {
      return Match(outcome: .excluded(excludedCause(verdict, target)))
    }
    return Match(
      outcome: .nothing,
      also: draft.rejected.map { rejectedCause($0.verdict, id, $0.target) } + hints(id, draft))
  }

  private func pair(_ id: RecordID, with target: RecordID, by verdict: Verdict) -> Match.Outcome {
    let others = (claims[target] ?? []).filter { $0 != id && forcedTarget(of: $0) == target }
    if !others.isEmpty { return .conflict(ambiguousSource([id] + others, key: nil, target: target)) }
    let cause = Cause(
      .pairedByPerson,
      evidence: [Evidence("paired", "by", found: "\(verdict.madeBy), \(day(verdict.madeAt))")], records: [target])
    guard let owner = world.linkByTarget[target], owner.source != id else {
      return .found(target, .person, cause, movedFrom: nil)
    }
    guard world.isGone(source: owner.source) else { return .conflict(alreadyLinked(target, owner)) }
    return .found(target, .person, cause, movedFrom: owner.source)
  }

  private func take(_ target: RecordID, for id: RecordID, _ draft: Draft) -> Match.Outcome {
    let others = (claims[target] ?? []).filter { $0 != id }
    let owner = world.linkByTarget[target]
    if let owner, !world.isGone(source: owner.source) { return .conflict(alreadyLinked(target, owner)) }
    if !others.isEmpty { return .conflict(ambiguousSource([id] + others, key: nil, target: target)) }
    let field = rule?.source ?? "email"
    if let owner {
      let cause = Cause(
        .recreated,
        evidence: [
          Evidence(world.place(target), "is linked to", found: "\(owner.source), which is deleted"),
          Evidence(field.rawValue, "is", found: draft.key),
        ], records: [target])
      return .found(target, .succeeded(owner.source), cause, movedFrom: owner.source)
    }
    return .found(
      target, .key(field, value: draft.key),
      Cause(
        .matched, evidence: [Evidence(field.rawValue, "is", found: draft.key, at: world.place(target))],
        records: [target]),
      movedFrom: nil)
  }
}
