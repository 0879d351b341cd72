/// Looking for targets that nearly match a record which found nobody: asked for one record at a time.
import Model

struct NearMissSearch {
  private let world: World
  init(_ world: World) { self.world = world }

  /// At most five, the likeliest kind first; none for a record that has its counterpart.
  func misses(of decision: Decision) -> [NearMiss] {
    if let misses = apart(decision) { return misses }
    guard let id = decision.source, let source = world.sources[id], let match = world.matches[id], match.isOpen,
      let rule = world.situation.stage.plainRule
    else { return [] }
    let aliases = (rule.aliases.flatMap { source.fields.items($0) } ?? []).filter {
      rule.rule.key($0) != match.keyValue
    }
    let name = World.name(of: source, in: world.situation.stage)
    var misses: [(rank: Int, miss: NearMiss)] = []
    let company = source.parent.flatMap { world.situation.parents?.counterpart(of: $0, at: .source) }
    for target in world.targets.values.sorted(by: { $0.id < $1.id })
    where target.id != match.shown && (!world.situation.stage.hasParents || target.parent == company) {
      if let found = nearest(source, target, match.keyValue, aliases, name, rule) { misses.append(found) }
    }
    return misses.sorted { $0.rank < $1.rank }.prefix(5).map(\.miss)
  }

  /// Targets of which one key is equal and the other is not; `nil` where that is not why the record stands alone.
  private func apart(_ decision: Decision) -> [NearMiss]? {
    guard let id = decision.source, let source = world.sources[id], let match = world.matches[id],
      let rule = world.situation.stage.plainRule, let meeting = rule.meeting,
      [meeting.keyAlone, meeting.listAlone].contains(decision.reason.reason)
    else { return nil }
    return match.apart.prefix(5).compactMap { apart in
      guard let target = world.targets[apart.target] else { return nil }
      let difference = KeyDifference(source, target, rule, meeting, isByKey: apart.isByKey)
      guard let nearest = difference.nearest else { return nil }
      return NearMiss(
        target: target.id, field: difference.field, difference: difference.words, sourceText: nearest.source,
        targetText: nearest.target)
    }
  }

  private func nearest(
    _ source: Record, _ target: Record, _ key: String, _ aliases: [String], _ name: String, _ rule: MatchRule
  ) -> (rank: Int, miss: NearMiss)? {
    let keys = MatchValue.values(of: target, at: .target, by: rule, in: world.situation).map(\.shown).sorted()
    for alias in aliases.map(rule.rule.key) where keys.contains(alias) {
      return (
        0,
        NearMiss(
          target: target.id, field: rule.source, difference: "an alias instead of the primary address",
          sourceText: key, targetText: alias)
      )
    }
    for candidate in key.isEmpty ? [] : keys where candidate != key {
      if NearMiss.skeleton(candidate) == NearMiss.skeleton(key) {
        return (
          1,
          NearMiss(
            target: target.id, field: rule.source, difference: NearMiss.signs(key, candidate), sourceText: key,
            targetText: candidate)
        )
      }
      // What is linked to another record is no slip of the pen: devices are numbered one after the other.
      if NearMiss.isOneEdit(candidate, key), world.linkByTarget[target.id] == nil {
        return (
          2,
          NearMiss(
            target: target.id, field: rule.source, difference: "one letter", sourceText: key, targetText: candidate)
        )
      }
    }
    let targetName = World.name(of: target, in: world.situation.stage)
    guard !name.isEmpty, targetName.lowercased() == name.lowercased(), world.linkByTarget[target.id] == nil else {
      return nil
    }
    if world.situation.stage.nameFields.contains(rule.source) { return part(of: rule, apart: source, target) }
    return (
      3,
      NearMiss(
        target: target.id, field: world.situation.stage.nameFields.first ?? rule.source,
        difference: "the same name, another address", sourceText: key.isEmpty ? name : key,
        targetText: keys.first ?? targetName)
    )
  }

  /// Of two records with one name, the first further part of the key in which they differ.
  private func part(of rule: MatchRule, apart source: Record, _ target: Record) -> (rank: Int, miss: NearMiss)? {
    for part in rule.parts {
      let (left, right) = (source.fields[part.source], target.fields[part.target])
      guard let left, let right, part.rule.key(left) != part.rule.key(right) else { continue }
      return (
        3,
        NearMiss(
          target: target.id, field: part.target, difference: "the same name, another \(part.target)",
          sourceText: left.isBlank ? "" : left.displayed, targetText: right.isBlank ? "" : right.displayed)
      )
    }
    return nil
  }
}
