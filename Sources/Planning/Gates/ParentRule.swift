/// The part of `scope` that is about companies: a record syncs only with the company that it belongs to, and a pair
/// stays within one pair of companies.
import Model

enum ParentRule {
  /// Asked of the record, or of both records of a pair; what the companies themselves settle goes into the walk.
  ///
  /// - Returns: why the record or pair is left out; `nil` when its company syncs, or the other record is to be moved.
  static func settle(_ walk: inout Walk) -> Cause? {
    guard walk.stage.hasParents, let parents = walk.situation.parents else { return nil }
    guard let source = walk.source, let target = walk.target else {
      return walk.originRecord.flatMap { record in
        cause(of: record, at: walk.origin, parents, walk.situation) ?? elsewhere(record, parents, walk)
      }
    }
    // A company that does not sync is the reason, wherever the other record is.
    for (side, record) in [(Side.source, source), (.target, target)] {
      if let cause = cause(of: record, at: side, parents, walk.situation) { return cause }
    }
    guard let sourceParent = source.parent, let targetParent = target.parent else { return nil }
    if parents.counterpart(of: sourceParent, at: .source) == targetParent {
      walk.settledCompanies = baseline(sourceParent, targetParent)
      return nil
    }
    return move(source, target, parents, &walk)
  }

  /// Why a record's own company keeps it out: none, or one that does not sync.
  static func cause(of record: Record, at side: Side, _ parents: Parents, _ situation: Situation) -> Cause? {
    let system = situation.system(side).name
    let label = World.label(of: record, in: situation.stage)
    let noun = situation.system(side).noun(.company)
    guard let parent = record.parent else {
      return Cause(
        .noCompany, evidence: [Evidence(noun, "is", wanted: "given", found: "none", at: system)],
        fix: "give \(label) a \(noun) at \(system)")
    }
    guard let standing = parents[side, parent] else {
      return Cause(
        .companyNotSynced,
        evidence: [Evidence(noun, "is", wanted: "one that syncs", found: "\(parent), which was not read", at: system)],
        fix: "load everything")
    }
    guard case .left(let why) = standing.sync else { return nil }
    return Cause(
      .companyNotSynced,
      evidence: [
        Evidence(
          noun, "is", wanted: "one that syncs", found: "\(standing.name), which does not sync (\(why.reason.rawValue))",
          at: system)
      ] + why.evidence,
      fix: why.fix ?? "why \(standing.name.typed)", records: [parent])
  }

  /// A record without a counterpart whose key somebody has in another company: a second one would be refused, or double
  /// the person.
  private static func elsewhere(_ record: Record, _ parents: Parents, _ walk: Walk) -> Cause? {
    guard walk.match.isOpen || walk.origin == .target else { return nil }
    let other = walk.origin.other
    let holders = walk.world.holders(ofKeysOf: record, at: walk.origin).compactMap { walk.world.record($0, at: other) }
    guard
      let holder = holders.first(where: { holder in
        guard let parent = holder.parent else { return true }
        return record.parent.flatMap { parents.counterpart(of: $0, at: walk.origin) } != parent
      })
    else { return nil }
    return walk.origin == .source
      ? otherCompany(record, holder, parents, walk.situation) : otherCompany(holder, record, parents, walk.situation)
  }

  /// The two records belong to companies that are no pair: where one of them was moved, the other follows.
  private static func move(_ source: Record, _ target: Record, _ parents: Parents, _ walk: inout Walk) -> Cause? {
    let settled = walk.sourceID.flatMap { walk.situation.baselines[$0] }
    let hasMoved: (Side) -> Bool = { side in
      let before = (side == .source ? settled?.source : settled?.target)?[.company]?.text
      let now = (side == .source ? source : target).parent
      return before != nil && before != now?.rawValue
    }
    let mover: Side?
    if walk.world.isTwoWay {
      mover = hasMoved(.source) == hasMoved(.target) ? nil : hasMoved(.source) ? .source : .target
    } else {
      let isOverwritten = walk.settings.text(.targetEdits) == "overwrite"
      mover = hasMoved(.source) || (settled != nil && isOverwritten) ? .source : nil
    }
    guard let mover, walk.link != nil else { return otherCompany(source, target, parents, walk.situation) }
    let (moved, follower) = mover == .source ? (source, target) : (target, source)
    let receiver = mover.other
    guard let parent = moved.parent, let new = parents.counterpart(of: parent, at: mover),
      walk.situation.system(receiver).features.moves.contains(walk.stage.kind)
    else { return otherCompany(source, target, parents, walk.situation) }
    if let held = walk.stage.rules(receiver).moving(walk.world.context(follower, at: receiver)) {
      var cause = otherCompany(source, target, parents, walk.situation)
      cause.evidence.append(held)
      return cause
    }
    let reason: Reason =
      mover == .target ? .changedAtTarget : hasMoved(.source) ? .changedAtSource : .editedAtTarget
    walk.changes[receiver, default: []].append(
      FieldChange(
        field: .company, old: follower.parent.map { .text($0.rawValue) }, new: .text(new.rawValue), reason: reason,
        oldName: follower.parent.flatMap { parents[receiver, $0]?.name }, newName: parents[receiver, new]?.name))
    walk.moveBaseline = mover == .source ? baseline(parent, new) : baseline(new, parent)
    walk.say(.scope, .noted, "moved to \(parents[mover, parent]?.name ?? parent.rawValue); the other side follows")
    return nil
  }

  private static func baseline(_ source: RecordID, _ target: RecordID) -> Baseline {
    Baseline(source: [.company: .text(source.rawValue)], target: [.company: .text(target.rawValue)])
  }

  private static func otherCompany(_ source: Record, _ target: Record, _ parents: Parents, _ situation: Situation)
    -> Cause
  {
    let evidence = [(Side.source, source), (.target, target)].map { side, record in
      let parent = record.parent.map { "\(parents[side, $0]?.name ?? "") (\($0))" } ?? "none"
      return Evidence(situation.system(side).noun(.company), "is", found: parent, at: situation.system(side).name)
    }
    let label = World.label(of: source, in: situation.stage)
    return Cause(
      .otherCompany, evidence: evidence,
      fix: "move \(label) to the same company on both sides, or forget \(label.typed)",
      records: [source.parent, target.parent].compactMap { $0 })
  }
}
