/// The mirror image, for two-way stages: may a record that only the target has be made at the source?
import Foundation
import Model

extension Matcher {
  /// What matching says about every target record that no source record was given, by its id.
  func lonelyMatches(_ matches: [RecordID: Match]) -> [RecordID: LonelyMatch] {
    var given: Set<RecordID> = Set(world.linkByTarget.keys)
    for match in matches.values {
      if case .found(let target, _, _, _) = match.outcome { given.insert(target) }
    }
    let index = SourceIndex(self, matches: matches)
    return world.targets.values.reduce(into: [:]) { lonely, target in
      guard !given.contains(target.id) else { return }
      lonely[target.id] = lonelyMatch(target, index)
    }
  }

  private func lonelyMatch(_ target: Record, _ index: SourceIndex) -> LonelyMatch {
    func stopped(_ cause: Cause, isConflict: Bool = false) -> LonelyMatch {
      LonelyMatch(outcome: .stopped(cause, isConflict: isConflict))
    }
    if let verdict = world.verdicts.excluded[.target]?[target.id] { return stopped(excludedCause(verdict, target.id)) }
    if let link = world.brokenByTarget[target.id] {
      return link.isToBeRelinked ? LonelyMatch(outcome: .relink(link)) : stopped(leftOverCause(link))
    }
    let values = rules.map { MatchValue.values(of: target, at: .target, by: $0, in: world.situation) }
    var match = LonelyMatch(outcome: .free)
    match.keyValue = stage.plainRule.flatMap { rules.firstIndex(of: $0) }.flatMap { values[$0].first?.shown } ?? ""
    // Somebody living lays claim to it and could not have it: nothing is made on a guess.
    for claimant in claimed[target.id] ?? [] {
      if case .conflict(let cause)? = index.matches[claimant]?.outcome { return stopped(cause, isConflict: true) }
    }
    for rule in rules.indices {
      let found = Set(values[rule].flatMap { index.sources[rule][$0.key] ?? [] }).sorted()
      for source in found {
        if let verdict = world.verdicts.never[source]?[target.id] {
          match.also.append(rejectedCause(verdict, source, target.id))
        } else if let cause = objection(of: source, to: target.id, index) {
          return stopped(cause, isConflict: cause.reason.isAmbiguity)
        }
      }
      let twins = Set(values[rule].flatMap { targetsByKey[rule][$0.key] ?? [] }).filter { other in
        other != target.id && world.verdicts.excluded[.target]?[other] == nil
          && world.presence(of: other, at: .target)?.isActive == true
      }
      if !twins.isEmpty {
        let all = (twins + [target.id]).sorted()
        return stopped(ambiguousTarget(all, for: World.label(of: target, in: stage)), isConflict: true)
      }
    }
    match.also += hints(target, values, index)
    return match
  }

  /// Source records without a partner that nearly match.
  private func hints(_ target: Record, _ values: [[MatchValue]], _ index: SourceIndex) -> [Cause] {
    guard let rule = stage.plainRule, let plain = rules.firstIndex(of: rule) else { return [] }
    let near = values[plain].flatMap { index.bySkeleton[NearMiss.skeleton($0.key)] ?? [] }
    return Set(near).sorted().filter { source in
      world.linkBySource[source] == nil && world.verdicts.never[source]?[target.id] == nil
    }.map { source in
      Cause(
        .nearMiss,
        evidence: [
          Evidence(
            rule.source.rawValue, "is", found: world.label(of: source, at: .source),
            at: world.place(source, at: .source))
        ],
        fix: "pair \(label(source).typed) with \(target.id)", records: [source])
    }
  }

  /// Why a source record with the same key keeps a target record from being made once more.
  private func objection(of source: RecordID, to target: RecordID, _ index: SourceIndex) -> Cause? {
    guard let match = index.matches[source] else { return nil }
    switch match.outcome {
    case .excluded(let cause), .conflict(let cause), .broken(_, let cause), .barred(let cause): return cause
    case .linked(let link), .targetGone(let link, _), .targetUnseen(let link, _), .rejected(let link, _):
      return counterpartTaken(source, by: link.target, since: link.since)
    case .found(let other, _, _, _): return counterpartTaken(source, by: other, since: nil)
    case .nothing:
      // It takes no part, and still it is there: a second one would be a duplicate.
      return world.presence(of: source, at: .source)?.cause ?? Cause(.neverManaged, records: [source])
    }
  }

  private func counterpartTaken(_ source: RecordID, by target: RecordID, since: Date?) -> Cause {
    let found = world.description(of: target, at: .target) + (since.map { ", since \(day($0))" } ?? "")
    return Cause(
      .alreadyLinked, evidence: [Evidence(world.place(source, at: .source), "is linked to", found: found)],
      fix: "forget \(label(source).typed)", records: [target, source])
  }

  /// Source records by the rules' keys.
  private struct SourceIndex {
    let matches: [RecordID: Match]
    let sources: [[String: [RecordID]]]
    /// By the skeleton of the plain rule's key.
    let bySkeleton: [String: [RecordID]]

    init(_ matcher: Matcher, matches: [RecordID: Match]) {
      self.matches = matches
      let situation = matcher.world.situation
      let sources = matcher.rules.map { rule in
        matcher.world.sources.values.reduce(into: [String: [RecordID]]()) { index, source in
          guard source.state != .gone else { return }
          for value in MatchValue.values(of: source, at: .source, by: rule, in: situation) {
            index[value.key, default: []].append(source.id)
          }
        }
      }
      self.sources = sources
      let plain = matcher.stage.plainRule.flatMap { matcher.rules.firstIndex(of: $0) }
      bySkeleton = (plain.map { sources[$0] } ?? [:]).reduce(into: [:]) { index, entry in
        index[NearMiss.skeleton(entry.key), default: []] += entry.value
      }
    }
  }
}

extension Reason {
  /// Several records lay claim to one, or one to several: nothing is paired until a person says which.
  var isAmbiguity: Bool { self == .ambiguousSource || self == .ambiguousTarget || self == .alreadyLinked }
}
