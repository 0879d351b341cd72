/// Everything that a plan is made from: what was read, what is remembered, what is set, and who is watching.
package import Foundation
package import Model

/// The whole input of the planner; equal situations give equal plans.
package struct Situation: Sendable {
  package var sync: Sync
  /// `nil` for a sync of the whole tenant.
  package var company: Company?
  package var recipe: Recipe
  /// What this situation is about; a recipe with several stages has a situation for each.
  package var stage: Stage
  package var settings: Settings
  package var source: Reading
  package var target: Reading
  package var sourceSystem: SystemDescription
  package var targetSystem: SystemDescription
  package var links: [Link]
  /// By the source record's id.
  package var baselines: [RecordID: Baseline]
  package var verdicts: [Verdict]
  /// What was written into files that wait to be uploaded, by the source record's id.
  package var waiting: [RecordID: Waiting]
  /// The companies that the records belong to; `nil` for a stage whose records belong to none.
  package var parents: Parents?
  package var standing: Standing
  /// Where a sync has many destinations: why its source, or the one that this is about, cannot be read or written.
  package var placeCause: Cause?
  /// What people call the destination, where there are many.
  package var targetPlace: String?
  /// The destination was taken from the list: what the sync put there is removed.
  package var isStruck: Bool
  /// The group of the source's records that is read; `nil` where everything is.
  package var sourceGroup: String?
  /// Somebody sits at the terminal and is asked.
  package var isAttended: Bool
  package var now: Date

  package init(
    sync: Sync, company: Company?, recipe: Recipe, stage: Stage, settings: Settings, source: Reading, target: Reading,
    sourceSystem: SystemDescription, targetSystem: SystemDescription, links: [Link] = [],
    baselines: [RecordID: Baseline] = [:], verdicts: [Verdict] = [], waiting: [RecordID: Waiting] = [:],
    parents: Parents? = nil, standing: Standing,
    placeCause: Cause? = nil, targetPlace: String? = nil, isStruck: Bool = false, sourceGroup: String? = nil,
    isAttended: Bool, now: Date
  ) {
    self.placeCause = placeCause
    self.targetPlace = targetPlace
    self.isStruck = isStruck
    self.sourceGroup = sourceGroup
    self.sync = sync
    self.company = company
    self.recipe = recipe
    self.stage = stage
    self.settings = settings
    self.source = source
    self.target = target
    self.sourceSystem = sourceSystem
    self.targetSystem = targetSystem
    self.links = links
    self.baselines = baselines
    self.verdicts = verdicts
    self.waiting = waiting
    self.parents = parents
    self.standing = standing
    self.isAttended = isAttended
    self.now = now
  }

  /// Which way the stage's changes travel under these settings.
  package var direction: Direction { stage.direction(settings) }

  /// Which changes of state travel under these settings.
  package var states: StateTravel { stage.states(settings) }

  package func reading(_ side: Side) -> Reading { side == .source ? source : target }
  /// What the side's system calls one record: "contact".
  package func noun(_ side: Side) -> String { system(side).noun(stage.kind) }
  package func system(_ side: Side) -> SystemDescription { side == .source ? sourceSystem : targetSystem }
}

/// How the sync stands with its own past: switched on, checked, how often carried through, what it wrote lately.
package struct Standing: Sendable {
  package var isEnabled: Bool
  /// Who switched it on or off last, and when.
  package var enabledChange: SettingChange?
  /// Why the check has not passed since the connections last changed; empty when it has.
  package var checkFailures: [Cause]
  /// `nil` when it was never checked, which counts as not passed.
  package var lastCheckAt: Date?
  /// Plans of this sync whose every change has an outcome: none yet means that this is still a first run.
  package var carriedThroughPlans: Int
  /// Plans of this sync that were ever made, previews among them.
  package var plansSoFar: Int
  /// The settings under which a person last applied a plan; `nil` when nobody did.
  package var agreedSettings: Fingerprint?
  /// The same with their values, as far as the log of changes still tells them.
  package var agreed: Settings?
  /// Deactivations and deletes of the last 7 days that nobody let through a guard.
  package var removalsInWeek: Int
  /// Pairs that were active at the target when the 7 days began; `nil` where the sync is younger.
  package var activePairsAtWeekStart: Int?
  /// What was written in the last 24 hours, one entry a field and write; a change of state is the field `state`.
  package var fieldWrites: [FieldWrite]
  /// A run that ended before every change had an outcome.
  package var interruptedRun: RunID?
  /// Who runs this sync right now, in words.
  package var leaseHolder: String?
  /// Writes that failed, or were never answered, and that no later run has done.
  package var failures: [FailedWrite]

  package init(
    isEnabled: Bool, enabledChange: SettingChange? = nil, checkFailures: [Cause] = [], lastCheckAt: Date?,
    carriedThroughPlans: Int = 0, plansSoFar: Int = 0, agreedSettings: Fingerprint? = nil, agreed: Settings? = nil,
    removalsInWeek: Int = 0,
    activePairsAtWeekStart: Int? = nil, fieldWrites: [FieldWrite] = [], interruptedRun: RunID? = nil,
    leaseHolder: String? = nil, failures: [FailedWrite] = []
  ) {
    self.isEnabled = isEnabled
    self.enabledChange = enabledChange
    self.checkFailures = checkFailures
    self.lastCheckAt = lastCheckAt
    self.carriedThroughPlans = carriedThroughPlans
    self.plansSoFar = plansSoFar
    self.agreedSettings = agreedSettings
    self.agreed = agreed
    self.removalsInWeek = removalsInWeek
    self.activePairsAtWeekStart = activePairsAtWeekStart
    self.fieldWrites = fieldWrites
    self.interruptedRun = interruptedRun
    self.leaseHolder = leaseHolder
    self.failures = failures
  }

  /// The last attempt at what is decided for a record, where it failed.
  func failure(of decision: Decision) -> FailedWrite? {
    failures.first { failure in
      guard failure.kind == decision.kind, failure.side == decision.side else { return false }
      return failure.source == nil ? failure.target == decision.target : failure.source == decision.source
    }
  }
}

/// A write that a run tried in vain.
package struct FailedWrite: Hashable, Sendable {
  package var kind: RecordKind
  /// The side that was written to.
  package var side: Side
  package var source: RecordID?
  package var target: RecordID?
  package var run: RunID
  package var at: Date
  /// `nil` where the run does not say.
  package var reason: Reason?
  /// The server's own words.
  package var message: String?
  package init(
    kind: RecordKind, side: Side, source: RecordID?, target: RecordID?, run: RunID, at: Date, reason: Reason?,
    message: String?
  ) {
    self.kind = kind
    self.side = side
    self.source = source
    self.target = target
    self.run = run
    self.at = at
    self.reason = reason
    self.message = message
  }

  /// "value-refused   Autotask refused title", without a full stop.
  var outcomeWords: String {
    let words = [reason?.rawValue, message?.trimmedNFC].compactMap { $0 }.filter { !$0.isEmpty }
    let text = words.isEmpty ? "it failed" : words.joined(separator: ", ")
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}

/// One write of one field that a system confirmed.
package struct FieldWrite: Hashable, Sendable {
  package var kind: RecordKind
  /// The side that was written to.
  package var side: Side
  /// The record there.
  package var target: RecordID
  /// Under that system's own name.
  package var field: FieldName
  package var at: Date
  package init(
    kind: RecordKind = .person, side: Side = .target, target: RecordID, field: FieldName, at: Date
  ) {
    self.kind = kind
    self.side = side
    self.target = target
    self.field = field
    self.at = at
  }
}
