/// Everything the planner needs, from the store alone.
import Foundation
package import Model
package import Planning
import Storage

extension Engine {
  /// What is known of the first stage of a sync right now; no system is asked.
  ///
  /// - Parameter trying: settings to look at the world with, without setting them.
  /// - Throws: ``ExecutionError`` for an unknown sync, connection or recipe; `StoreError`.
  package func situation(for name: SyncName, trying: [SettingKey: SettingValue] = [:]) throws -> Situation {
    try situations(for: name, trying: trying)[0]
  }

  /// What is known of each stage of a sync that is on, in the order of the stages; no system is asked.
  ///
  /// - Parameter trying: settings to look at the world with, without setting them.
  /// - Throws: as ``situation(for:trying:)``.
  package func situations(for name: SyncName, trying: [SettingKey: SettingValue] = [:]) throws -> [Situation] {
    try situations(of: scope(of: name, trying: trying))
  }

  /// The same for finding what words mean; `nil`, and nothing read, where neither a record of the sync nor the pair of one
  /// that is gone can answer to them.
  package func situations(for name: SyncName, answeringTo words: String) throws -> [Situation]? {
    let scope = try scope(of: name)
    let snapshots = scope.stages.flatMap { stage in Side.allCases.compactMap { stage[$0].snapshot } }
    guard
      try snapshots.contains(where: { try store.mayHold(words, in: $0) }) || store.hasLink(RecordID(words), of: name)
    else { return nil }
    return try situations(of: scope)
  }

  func situations(of scope: SyncScope) throws -> [Situation] {
    let name = scope.sync.name
    let standing = try standing(of: scope)
    let links = Dictionary(grouping: try store.links(of: name), by: \.kind)
    let verdicts = Dictionary(grouping: try store.verdicts(of: name), by: \.kind)
    let waiting = Dictionary(grouping: try store.waiting(of: name), by: \.kind)
    let now = clock.now()
    return try scope.stages.map { stage in
      Situation(
        sync: scope.sync, company: scope.company, recipe: scope.recipe, stage: stage.stage, settings: scope.settings,
        source: try reading(stage, .source, scope.settings), target: try reading(stage, .target, scope.settings),
        sourceSystem: stage.source.system,
        targetSystem: stage.target.system, links: links[stage.kind] ?? [],
        baselines: try store.baselines(of: name, kind: stage.kind), verdicts: verdicts[stage.kind] ?? [],
        waiting: Dictionary((waiting[stage.kind] ?? []).map { ($0.source, $0) }) { _, last in last },
        standing: standing, placeCause: scope.part?.cause, targetPlace: scope.part?.target?.name,
        isStruck: scope.part?.isStruck ?? false, sourceGroup: scope.part?.source?.groupName,
        isAttended: who.isAttended, now: now)
    }
  }

  /// In a two-way stage a record was last modified when somebody else last edited it: a write of ours is no edit.
  private func reading(_ stage: StageScope, _ side: Side, _ settings: Settings) throws -> Reading {
    guard let snapshot = stage[side].snapshot else { return Reading(records: [], certificate: nil) }
    var reading = try store.snapshot(snapshot)
    guard stage.stage.direction(settings) == .twoWay else { return reading }
    let edits = try store.editsOfOthers(in: snapshot)
    for index in reading.records.indices {
      if let edited = edits[reading.records[index].id] { reading.records[index].modified = edited }
    }
    return reading
  }

  private func standing(of scope: SyncScope) throws -> Standing {
    let (name, now) = (scope.sync.name, clock.now())
    let week = now.addingTimeInterval(-7 * 86_400)
    let runs = try store.runs(of: name, limit: 20)
    let partition = scope.recipe.partition(under: scope.settings)
    let checks = try Side.allCases.map { try checkStanding(scope[$0], partition: $0 == .source ? partition : nil) }
    let attempts = runs.filter { $0.plan != nil && ($0.verb != "preview" || $0.isAttended) && $0.outcome != .running }
    return Standing(
      isEnabled: scope.settings.flag(.enabled), enabledChange: scope.settings.changes[.enabled],
      checkFailures: checks.flatMap(\.failures) + refusals(of: scope), lastCheckAt: checks.compactMap(\.at).min(),
      carriedThroughPlans: try store.plansCarriedThrough(name), plansSoFar: attempts.count,
      agreedSettings: try store.agreedSettings(name), agreed: try agreedSettings(of: scope),
      removalsInWeek: try store.removals(name, since: week),
      activePairsAtWeekStart: try store.activePairs(name, at: week),
      fieldWrites: try store.fieldWrites(name, since: now.addingTimeInterval(-86_400)).map {
        Planning.FieldWrite(kind: $0.kind, side: $0.side, target: $0.record, field: $0.field, at: $0.at)
      },
      interruptedRun: runs.first { $0.verb != "preview" }.flatMap { $0.outcome == .interrupted ? $0.id : nil },
      leaseHolder: try store.lease(of: name).flatMap { $0.until > now && !isOurs($0.owner) ? $0.owner.words : nil },
      failures: try failures(in: runs))
  }

  /// What the last runs tried in vain, and none after them has done.
  ///
  /// Only the runs from the last one on that ended badly are looked into: each run tries again what is left.
  private func failures(in runs: [Run]) throws -> [FailedWrite] {
    let attempts = runs.filter { $0.plan != nil && $0.verb != "preview" }
    guard let last = attempts.firstIndex(where: { $0.failed > 0 || $0.outcome == .interrupted }) else { return [] }
    var failures: [FailedWrite] = []
    var seen: Set<[String]> = []
    for run in attempts[...last] {
      guard let id = run.id else { continue }
      for line in try store.lines(of: id) where line.outcome != .notSent && line.outcome != .skipped {
        let record = line.source.map { ["source", $0.rawValue] } ?? ["target", line.target?.rawValue ?? ""]
        let isNewest = seen.insert([line.kind.rawValue, line.side.rawValue] + record).inserted
        guard isNewest, line.outcome != .done else { continue }
        failures.append(
          FailedWrite(
            kind: line.kind, side: line.side, source: line.source, target: line.target, run: id,
            at: run.endedAt ?? run.startedAt, reason: line.reason, message: line.message))
      }
    }
    return failures
  }

  /// The settings that a person last agreed to by applying a plan: those in force, with the changes since then taken
  /// back one by one. `nil` when nobody did, when nothing that decides has changed, and when the log does not lead there.
  private func agreedSettings(of scope: SyncScope) throws -> Settings? {
    let name = scope.sync.name
    guard let agreed = try store.agreedSettings(name), agreed != scope.settings.fingerprint,
      let since = try store.agreedAt(name)
    else { return nil }
    // A part has no settings of its own.
    let owner = scope.sync.place == nil ? name : try store.whole(of: name)?.name ?? name
    let scopes: [SettingScope] = [.everything, .sync(owner)]
    var values = try scopes.map { try store.settings(for: $0) }
    var logs = try scopes.map { try store.settingChanges(for: $0) }
    while true {
      let settings = Settings(
        declarations: scope.recipe.settings,
        values: values[0].merging(values[1]) { _, own in own }.filter { scope.settings.declarations[$0.key] != nil },
        changes: Dictionary((logs[0] + logs[1]).map { ($0.key, $0) }) { _, last in last })
      if settings.fingerprint == agreed { return settings }
      let last = logs.indices.max { (logs[$0].last?.at ?? .distantPast) < (logs[$1].last?.at ?? .distantPast) }
      guard let last, let change = logs[last].popLast(), change.at >= since else { return nil }
      values[last][change.key] = change.old
    }
  }

  /// Settings that what is known of the target speaks against.
  private func refusals(of scope: SyncScope) -> [Cause] {
    scope.recipe.concerns(scope.settings, scope[.target].connection.findings).filter(\.isRefusal).map { concern in
      Cause(
        .settingsInvalid,
        evidence: [
          Evidence(
            concern.key.rawValue, "is", wanted: concern.sentence, found: scope.settings.text(concern.key),
            at: scope[.target].connection.name)
        ], fix: "set \(concern.key) to … for \(scope.sync.name)")
    }
  }

  /// What in the settings of a sync wants a person's word before it may run.
  package func questions(about name: SyncName, trying: [SettingKey: SettingValue] = [:]) throws -> [SettingConcern] {
    let scope = try scope(of: name, trying: trying)
    return scope.recipe.concerns(scope.settings, scope[.target].connection.findings).filter { !$0.isRefusal }
  }

  /// Whether one side's connection has passed its check since it last changed, the side's partition included.
  ///
  /// - Parameter partition: the source's, which has a check of its own; a target's is a record of the connection itself.
  private func checkStanding(_ side: SideScope, partition: String?) throws -> (failures: [Cause], at: Date?) {
    let name = side.connection.name
    let fix = "check \(name)"
    let whole = try store.lastCheck(connection: name)
    let part = try partition.map { try store.lastCheck(connection: name, partition: $0) }
    let checks = part.map { [whole, $0] } ?? [whole]
    var failures: [Cause] = []
    for check in checks {
      guard let check else {
        failures.append(
          Cause(.checkNotPassed, evidence: [Evidence("check", found: "never made", at: name)], fix: fix))
        continue
      }
      if check.isOutdated {
        failures.append(
          Cause(.checkNotPassed, evidence: [Evidence("check", found: "older than the connection", at: name)], fix: fix))
      }
      for result in check.results where result.outcome == .failed {
        let evidence = Evidence(result.name, wanted: "passed", found: result.detail, at: name)
        failures.append(Cause(.checkNotPassed, evidence: [evidence], fix: result.fix ?? fix))
      }
    }
    return (failures, checks.compactMap { $0?.at }.min())
  }
}

extension Engine {
  func isOurs(_ owner: LeaseOwner) -> Bool { owner.pid == who.pid && owner.host == who.host }
}

extension LeaseOwner {
  /// `sync of ada on desk-4 (process 4711)`.
  var words: String { "\(verb) of \(user) on \(host) (process \(pid))" }
}
