/// `guard`: does the plan stay within its limits? One rule is asked of each record; the others are asked of the plan.
import Foundation
package import Model

enum GuardGate {
  /// What a guard skips while the plan goes on; then the same field of one record written again and again within a day,
  /// which means that something answers our writes.
  static func pass(_ walk: inout Walk) {
    if let hold = walk.hold, walk.intent.isCreate || walk.changes[.source] != nil {
      walk.say(.guard, .stopped, "\(hold.reason.rawValue)   \(Wording.detail(hold))")
    }
    let limit = walk.settings.count(.guardFlapping)
    for side in [Side.target, .source] {
      guard let record = side == .target ? walk.targetID : walk.sourceID else { continue }
      guard
        let field = written(at: side, by: walk)?.first(where: {
          walk.world.writes(of: $0, to: record, at: side) >= limit
        })
      else { continue }
      let count = walk.world.writes(of: field, to: record, at: side)
      return walk.stop(
        Cause(
          .flapping,
          evidence: [
            Evidence(
              field.rawValue, "was written", wanted: "at most \(limit) times in 24 hours", found: "\(count) times",
              at: walk.world.place(record, at: side))
          ],
          fix: "find out what changes it back", records: [record]),
        at: .guard)
    }
    if walk.hold == nil { walk.say(.guard, .passed, "within its limits") }
  }

  private static func written(at side: Side, by walk: Walk) -> [FieldName]? {
    let fields = walk.changes[side]?.map(\.field)
    return switch walk.intent {
    case .compare: fields
    case .reactivate where side == .target: [stateField] + (fields ?? [])
    case .deactivate where side == .target: [stateField]
    case .reactivate, .deactivate, .remove, .create, .settled, .unlink, .linkOnly, .undecided: nil
    }
  }

  /// What a change of state counts as among the field writes.
  private static let stateField: FieldName = "state"
}

/// The guards over a whole plan, as a table: each row is a kind of change, a limit, and when it begins to count.
package enum Guard {
  /// The guards that decisions are over, in the order of the table; dropped decisions do not count.
  ///
  /// The decisions may be a part of a plan, such as what is left of it: shares are reckoned from the situations, one a
  /// stage.
  package static func findings(_ decisions: [Decision], in situations: [Situation]) -> [GuardFinding] {
    findings(decisions, in: Staging.worlds(situations))
  }

  package static func findings(_ decisions: [Decision], in situation: Situation) -> [GuardFinding] {
    findings(decisions, in: [situation])
  }

  static func findings(_ decisions: [Decision], in worlds: [World]) -> [GuardFinding] {
    guard let tally = Tally(decisions, worlds) else { return [] }
    let rows: [(Tally) -> [GuardFinding]] = [
      emptyReadings, nothingMatched, removals, updates, bySecondRun, settingsEffect, firstPlan, heldImports,
    ]
    return rows.flatMap { $0(tally) }
  }

  /// What the table counts, over all stages of a sync.
  private struct Tally {
    /// The first stage's; what is asked of it is the same for all.
    let situation: Situation
    let situations: [Situation]
    let counts: [ChangeKind: Int]
    let changed: Int
    /// Decisions that a guard skips while the plan goes on.
    let held: Int
    /// The changes that are left to make, dropped ones and those that a run has made already left out.
    let left: [Decision]
    /// Pairs whose target is active now: what removals are a share of.
    let activePairs: Int
    let linked: Int
    let matched: Int
    let smallerSide: Int
    let targetCount: Int

    var removed: Int { (counts[.deactivates] ?? 0) + (counts[.deletes] ?? 0) }
    var isFirstRun: Bool { situation.standing.carriedThroughPlans == 0 }
    func limit(_ key: SettingKey) -> Int { situation.settings.count(key) }

    init?(_ decisions: [Decision], _ worlds: [World]) {
      guard let first = worlds.first?.situation else { return nil }
      situation = first
      situations = worlds.map(\.situation)
      let kept = decisions.filter { !$0.isDropped }
      counts =
        Plan(sync: first.sync.name, madeAt: first.now, settings: Fingerprint(rawValue: ""), decisions: kept)
        .changeCounts
      left = kept.filter { $0.action.isChange || $0.heldAction != nil }
      changed = kept.count { $0.action.isChange }
      held = kept.count { $0.heldAction != nil }
      activePairs = worlds.reduce(0) { $0 + Self.activePairs($1) }
      linked = worlds.reduce(0) { $0 + $1.linkBySource.count }
      targetCount = worlds.reduce(0) { $0 + $1.situation.target.records.count }
      let shares = worlds.map(Self.matched)
      matched = shares.reduce(0) { $0 + $1.matched }
      smallerSide = min(shares.reduce(0) { $0 + $1.candidates }, targetCount)
    }

    private static func activePairs(_ world: World) -> Int {
      world.linkBySource.values.count { world.targets[$0.target]?.state == .active }
    }

    private static func matched(_ world: World) -> (matched: Int, candidates: Int) {
      var (matched, candidates) = (0, 0)
      for (id, record) in world.sources {
        if case .outsider? = world.presence(of: id, at: .source) { continue }
        // Whatever becomes of it, a record that finds somebody speaks for the right tenant.
        let isMatched = world.matches[id].map(Self.hasCounterpart) ?? false
        if isMatched { matched += 1 }
        if isMatched || Self.takesPart(record, in: world) { candidates += 1 }
      }
      return (matched, candidates)
    }

    private static func hasCounterpart(_ match: Match) -> Bool {
      switch match.outcome {
      case .linked, .targetUnseen, .rejected, .found, .conflict, .barred: true
      case .excluded, .targetGone, .broken: false
      case .nothing: match.shown != nil || match.also.contains { $0.reason == .ambiguousTarget }
      }
    }

    /// Records that the sync would carry: not those left out by state, scope or a person.
    private static func takesPart(_ record: Record, in world: World) -> Bool {
      guard world.isActive(source: record.id), world.verdicts.excluded[.source]?[record.id] == nil else {
        return false
      }
      return ScopeGate.cause(of: record, in: world) == nil
    }
  }

  // MARK: - Rows

  /// A complete reading of nothing, where the one before read something. A quiet delta is no such reading.
  private static func emptyReadings(_ tally: Tally) -> [GuardFinding] {
    tally.situations.flatMap { situation in
      Side.allCases.compactMap { side in
        guard let certificate = situation.reading(side).certificate,
          certificate.completeness == .complete || certificate.completeness == .listing,
          certificate.recordCount == 0, let before = certificate.earlierCounts.first, before > 0
        else { return nil }
        let reason: Reason = side == .source ? .sourceIncomplete : .targetIncomplete
        return GuardFinding(
          reason: reason, word: reason.rawValue, count: nil, total: before, limit: nil,
          sentence: "\(situation.system(side).name) gave no \(situation.stage.kind.plural); "
            + "the last \(certificate.completeness == .listing ? "one that was not empty" : "complete reading") had \(before)",
          setting: nil)
      }
    }
  }

  private static func nothingMatched(_ tally: Tally) -> [GuardFinding] {
    guard tally.situation.settings.declarations[.guardMatchedShare] != nil else { return [] }
    let share = tally.limit(.guardMatchedShare)
    guard tally.changed > 0, tally.targetCount >= 10, tally.matched * 100 < share * tally.smallerSide else { return [] }
    return [
      GuardFinding(
        reason: .nothingMatched, word: Reason.nothingMatched.rawValue, count: nil, total: tally.smallerSide,
        limit: share,
        sentence: "\(tally.matched) of \(tally.smallerSide) match (the smaller side; the limit is \(share) %): "
          + "is this the right tenant and company?",
        setting: .guardMatchedShare)
    ]
  }

  private static func removals(_ tally: Tally) -> [GuardFinding] {
    let removed = tally.removed
    guard removed > 0 else { return [] }
    let limit = tally.limit(.guardRemovals)
    let share = tally.limit(.guardRemovalsShare)
    let active = tally.activePairs
    let isOver = (removed > limit && removed * 100 > share * active) || (removed >= 3 && removed * 2 >= active)
    let weekLimit = tally.limit(.guardRemovalsWeek)
    let weekShare = tally.limit(.guardRemovalsWeekShare)
    let week = tally.situation.standing.removalsInWeek + removed
    // A sync that is younger than the week had no pairs when it began: it is measured by those it has, and had.
    let atWeekStart = tally.situation.standing.activePairsAtWeekStart ?? 0
    let weekActive = atWeekStart > 0 ? atWeekStart : active + tally.situation.standing.removalsInWeek
    let isWeekOver = (week > weekLimit && week * 100 > weekShare * weekActive) || (week >= 5 && week * 2 >= weekActive)
    guard isOver || isWeekOver else { return [] }
    return [ChangeKind.deactivates, .deletes].compactMap { kind in
      guard let count = tally.counts[kind], count > 0 else { return nil }
      let sentence =
        isOver
        ? "\(kind.rawValue) \(removed) of \(active) active pairs; the limit is \(limit) and \(share) %, or half"
        : "\(week) of \(weekActive) pairs deactivated or deleted within 7 days; "
          + "the limit is \(weekLimit) and \(weekShare) %, or half"
      return GuardFinding(
        reason: .massChange, word: kind.rawValue, count: count, total: isOver ? active : weekActive,
        limit: isOver ? limit : weekLimit, sentence: sentence, setting: isOver ? .guardRemovals : .guardRemovalsWeek)
    }
  }

  private static func updates(_ tally: Tally) -> [GuardFinding] {
    let count = tally.counts[.updates] ?? 0
    let limit = tally.limit(.guardUpdates)
    let share = tally.limit(.guardUpdatesShare)
    guard !tally.isFirstRun, count > limit, count * 100 > share * tally.linked else { return [] }
    return [
      GuardFinding(
        reason: .allChanged, word: ChangeKind.updates.rawValue, count: count, total: tally.linked, limit: limit,
        sentence: "updates \(count) of \(tally.linked) linked records; the limit is \(limit) and \(share) %",
        setting: .guardUpdates)
    ]
  }

  /// Plain counts that are expected of a first run and suspicious later.
  private static func bySecondRun(_ tally: Tally) -> [GuardFinding] {
    guard !tally.isFirstRun else { return [] }
    let rows: [(ChangeKind, SettingKey, String)] = [
      (.reactivates, .guardReactivates, "reactivates"), (.addresses, .guardAddresses, "changes the e-mail address of"),
      (.clears, .guardClears, "clears fields of"), (.creates, .guardCreates, "creates"),
    ]
    return rows.compactMap { kind, key, verb in
      guard let count = tally.counts[kind], count > tally.limit(key) else { return nil }
      return GuardFinding(
        reason: .massChange, word: kind.rawValue, count: count, total: nil, limit: tally.limit(key),
        sentence: "\(verb) \(Wording.count(count, "record")); the limit is \(tally.limit(key))", setting: key)
    }
  }

  /// What a change of settings does by itself: the plan under the settings that a person agreed to, beside this one.
  private static func settingsEffect(_ tally: Tally) -> [GuardFinding] {
    guard !tally.situation.isAttended, tally.changed > 0, let agreed = tally.situation.standing.agreedSettings,
      agreed != tally.situation.settings.fingerprint
    else { return [] }
    guard let settings = tally.situation.standing.agreed, settings.fingerprint == agreed,
      tally.situation.recipe.readsAlike(settings, tally.situation.settings)
    else {
      // Nobody knows any more what was agreed to, or what was read then: whatever would change may be due to it.
      return [settingsEffect(count: tally.changed, "\(Wording.count(tally.changed, "record")) would change")]
    }
    let flips = SettingsEffect(tally.situations, agreed: settings).flips(leaving: tally.left)
    guard !flips.isEmpty else { return [] }
    let counts = flips.reduce(into: [Reason: Int]()) { $0[$1, default: 0] += 1 }
    let reasons = counts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
    return [settingsEffect(count: flips.count, "that decides \(Wording.count(flips.count, "record")) anew: \(reasons)")]
  }

  private static func settingsEffect(count: Int, _ effect: String) -> GuardFinding {
    GuardFinding(
      reason: .settingsEffect, word: Reason.settingsEffect.rawValue, count: count, total: nil, limit: nil,
      sentence: "settings changed since a person last applied a plan, and \(effect)", setting: nil)
  }

  private static func firstPlan(_ tally: Tally) -> [GuardFinding] {
    guard !tally.situation.isAttended, tally.isFirstRun, tally.changed > 0 else { return [] }
    return [
      GuardFinding(
        reason: .firstPlan, word: Overrides.firstWord, count: nil, total: nil, limit: nil,
        sentence: "no plan of \(tally.situation.sync.name) was carried through yet, and nobody is watching",
        setting: nil)
    ]
  }

  /// Records that arrived in bulk: they are skipped and the rest of the plan goes on, until a person names their number.
  private static func heldImports(_ tally: Tally) -> [GuardFinding] {
    guard tally.held > 0 else { return [] }
    return [
      GuardFinding(
        reason: .importHeld, word: Overrides.importWord, count: tally.held, total: nil,
        limit: tally.limit(.guardImport),
        sentence: "\(Wording.count(tally.held, "record")) arrived in bulk and "
          + "\(tally.held == 1 ? "is" : "are") skipped; the rest of the plan goes on",
        setting: .guardImport)
    ]
  }
}
