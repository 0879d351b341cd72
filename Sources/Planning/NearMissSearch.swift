/// Looking for records of the other side that nearly match one which found nobody: asked for one record at a time.
import Model

struct NearMissSearch {
  private let world: World
  init(_ world: World) { self.world = world }

  private var stage: Stage { world.situation.stage }

  /// At most five, the likeliest kind first; none for a record that has its counterpart, and none that has its own.
  func misses(of decision: Decision) -> [NearMiss] {
    if let misses = apart(decision) { return misses }
    guard let asked = Asked(decision, in: world), let rule = stage.plainRule else { return [] }
    let candidates = (asked.side == .source ? world.targets : world.sources).values
    var misses: [(rank: Int, miss: NearMiss)] = []
    for candidate in candidates.sorted(by: { $0.id < $1.id })
    where candidate.id != asked.shown && isFree(candidate, at: asked.side.other) && isInCompany(candidate, of: asked) {
      if let found = nearest(asked, candidate, rule) { misses.append(found) }
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

  /// The record that found nobody.
  private struct Asked {
    let record: Record
    let side: Side
    /// The value that was looked for; blank when it has none.
    let key: String
    let name: String
    /// What matching has shown already.
    let shown: RecordID?

    init?(_ decision: Decision, in world: World) {
      if let id = decision.source {
        guard let source = world.sources[id], let match = world.matches[id], match.isOpen else { return nil }
        (record, side, key, shown) = (source, .source, match.keyValue, match.shown)
      } else {
        guard let id = decision.target, let target = world.targets[id], let match = world.lonely[id],
          case .free = match.outcome
        else { return nil }
        (record, side, key, shown) = (target, .target, match.keyValue, nil)
      }
      name = World.name(of: record, in: world.situation.stage)
    }
  }

  /// What is linked to another record is no slip of the pen: devices are numbered one after the other.
  private func isFree(_ record: Record, at side: Side) -> Bool {
    record.state != .gone && (side == .source ? world.linkBySource[record.id] : world.linkByTarget[record.id]) == nil
  }

  private func isInCompany(_ record: Record, of asked: Asked) -> Bool {
    guard stage.hasParents else { return true }
    return asked.record.parent.flatMap { world.situation.parents?.counterpart(of: $0, at: asked.side) } == record.parent
  }

  private func nearest(_ asked: Asked, _ other: Record, _ rule: MatchRule) -> (rank: Int, miss: NearMiss)? {
    let keys = MatchValue.values(of: other, at: asked.side.other, by: rule, in: world.situation).map(\.shown).sorted()
    if let miss = alias(asked, other, keys, rule) { return (0, miss) }
    let apart = rule.comparableParts(in: world.situation).compactMap { difference(in: $0, asked, other) }
    if apart.isEmpty {
      // Nothing but the key itself can be what keeps the two apart.
      for candidate in asked.key.isEmpty ? [] : keys where candidate != asked.key {
        if let found = slip(
          NearMiss(
            target: other.id, field: rule.source, difference: "", sourceText: asked.key, targetText: candidate))
        {
          return found
        }
      }
    } else if apart.count == 1, let only = apart.first, keys.contains(asked.key), let found = slip(only) {
      return found
    }
    return namesake(asked, other, keys, apart, rule)
  }

  private func alias(_ asked: Asked, _ other: Record, _ keys: [String], _ rule: MatchRule) -> NearMiss? {
    guard asked.side == .source, let field = rule.aliases else { return nil }
    let aliases = (asked.record.fields.items(field) ?? []).map(rule.rule.key)
    return aliases.first { $0 != asked.key && keys.contains($0) }.map { alias in
      NearMiss(
        target: other.id, field: rule.source, difference: "an alias instead of the primary address",
        sourceText: asked.key, targetText: alias)
    }
  }

  /// The same signs written otherwise, or one letter: a slip of the pen. `nil` for texts that are further apart.
  private func slip(_ miss: NearMiss) -> (rank: Int, miss: NearMiss)? {
    var miss = miss
    guard !miss.sourceText.isEmpty, !miss.targetText.isEmpty else { return nil }
    if NearMiss.skeleton(miss.sourceText) == NearMiss.skeleton(miss.targetText) {
      miss.difference = NearMiss.signs(miss.sourceText, miss.targetText)
      return (1, miss)
    }
    guard NearMiss.isOneEdit(miss.targetText, miss.sourceText) else { return nil }
    miss.difference = "one letter"
    return (2, miss)
  }

  /// The values of one part of the key, where they are not equal; a blank is the empty text.
  private func difference(in part: MatchRule.Part, _ asked: Asked, _ other: Record) -> NearMiss? {
    let mine = part.value(of: asked.record, at: asked.side, in: world.situation)
    let theirs = part.value(of: other, at: asked.side.other, in: world.situation)
    guard part.rule.key(mine) != part.rule.key(theirs) else { return nil }
    let texts = [mine, theirs].map { $0.isBlank ? "" : $0.displayed.trimmedNFC }
    return NearMiss(
      target: other.id, field: part.target, difference: "", sourceText: texts[0], targetText: texts[1])
  }

  /// Somebody of the same name, and what keeps the two apart.
  private func namesake(
    _ asked: Asked, _ other: Record, _ keys: [String], _ apart: [NearMiss], _ rule: MatchRule
  ) -> (rank: Int, miss: NearMiss)? {
    let name = World.name(of: other, in: stage)
    guard !asked.name.isEmpty, name.lowercased() == asked.name.lowercased() else { return nil }
    guard stage.nameFields.contains(rule.source) else {
      return (
        3,
        NearMiss(
          target: other.id, field: stage.nameFields.first ?? rule.source, difference: "the same name, another address",
          sourceText: asked.key.isEmpty ? asked.name : asked.key, targetText: keys.first ?? name)
      )
    }
    let further = apart.filter { !stage.nameFields.contains($0.field) }
    guard var miss = further.first else { return nil }
    miss.difference = "the same name, another \(Wording.list(further.map(\.field.rawValue)))"
    return (3, miss)
  }
}
