/// A plan: one decision for every record, computed without touching anything.
package import Foundation

package enum Action: String, Hashable, Sendable, Codable, CaseIterable {
  case create, update, deactivate, reactivate, delete, link, unlink
  case inStep = "in step"
  case skip, conflict

  /// The kind of write that carries the action out; `nil` where nothing is sent.
  package var write: WriteKind? {
    switch self {
    case .create: .create
    case .update: .update
    case .deactivate: .deactivate
    case .reactivate: .reactivate
    case .delete: .delete
    case .link, .unlink, .inStep, .skip, .conflict: nil
    }
  }

  /// Something is written, at the target or in the store's links.
  package var isChange: Bool { write != nil || self == .link || self == .unlink }
}

/// What a plan would write into one field.
package struct FieldChange: Hashable, Sendable, Codable {
  package var field: FieldName
  package var old: FieldValue?
  package var new: FieldValue
  package var reason: Reason
  /// What a person calls the two values where they are ids: the names of two companies.
  package var oldName: String?
  package var newName: String?
  package init(
    field: FieldName, old: FieldValue?, new: FieldValue, reason: Reason, oldName: String? = nil, newName: String? = nil
  ) {
    self.field = field
    self.old = old
    self.new = new
    self.reason = reason
    self.oldName = oldName
    self.newName = newName
  }

  /// The values as a person reads them: by their names where they have some.
  package var shownOld: FieldValue? { oldName.map { .text($0) } ?? old }
  package var shownNew: FieldValue { newName.map { .text($0) } ?? new }
}

/// What was found out about one field and needs no write: left, in step, rewritten, too long.
package struct FieldNote: Hashable, Sendable, Codable {
  package var field: FieldName
  package var reason: Reason
  package var source: FieldValue?
  package var target: FieldValue?
  /// What the source held when the field was last settled.
  package var baseline: FieldValue?
  /// What the target held then, where both sides may be edited.
  package var otherBaseline: FieldValue?
  /// What is wrong with a value that one side cannot take.
  package var fault: Evidence?
  package init(
    field: FieldName, reason: Reason, source: FieldValue?, target: FieldValue?, baseline: FieldValue? = nil,
    otherBaseline: FieldValue? = nil, fault: Evidence? = nil
  ) {
    self.field = field
    self.reason = reason
    self.source = source
    self.target = target
    self.baseline = baseline
    self.otherBaseline = otherBaseline
    self.fault = fault
  }
}

/// What a decision does to the remembered pairs.
package enum LinkChange: Hashable, Sendable, Codable {
  case none
  /// A new pair.
  case make(MatchKey)
  /// The target moves from a source record that is gone to this one.
  case move(from: RecordID)
  /// A new pair in place of one whose target is gone.
  case replace(RecordID, MatchKey)
  /// One side was deleted: the pair is remembered as broken.
  case breakLink(missing: Side)
  /// The target is deleted with it: the pair is forgotten.
  case forget
}

/// What is decided for one record, and why.
package struct Decision: Hashable, Sendable, Codable {
  /// Counted from 1 within its plan, changes first.
  package var number: Int
  package var kind: RecordKind
  /// The side that is written to; a pair that is written on both sides has a decision for each.
  package var side: Side
  package var source: RecordID?
  package var target: RecordID?
  /// For a create: the company of the record that it is made from, at that record's own side. The company to create in
  /// is the one that it is linked to when the create is sent, so that it may be made by the same plan.
  package var parent: RecordID?
  /// How a person calls the record: its e-mail address, else its name, else its id.
  package var label: String
  package var name: String
  package var action: Action
  /// For a record that a guard skips while the rest of the plan goes on: what it will do once that guard is let
  /// through. The changes, the pair and the baseline are those of that action.
  package var heldAction: Action?
  package var reason: Cause
  /// What the gates behind the first one would have said.
  package var also: [Cause]
  package var changes: [FieldChange]
  package var notes: [FieldNote]
  package var linking: LinkChange
  /// The baseline that holds once the decision is carried out, for the fields that need no write; those that are written
  /// take what the target answers.
  package var baseline: Baseline?
  /// What the record to be written looked like when this was decided; an edit since then is not overwritten.
  package var seenVersion: RecordVersion?
  package var seenFingerprint: Fingerprint?
  package var isDropped: Bool

  package init(
    number: Int = 0, kind: RecordKind = .person, side: Side = .target, source: RecordID?, target: RecordID?,
    parent: RecordID? = nil, label: String, name: String, action: Action, heldAction: Action? = nil, reason: Cause,
    also: [Cause] = [], changes: [FieldChange] = [], notes: [FieldNote] = [],
    linking: LinkChange = .none, baseline: Baseline? = nil, seenVersion: RecordVersion? = nil,
    seenFingerprint: Fingerprint? = nil, isDropped: Bool = false
  ) {
    self.number = number
    self.kind = kind
    self.side = side
    self.source = source
    self.target = target
    self.parent = parent
    self.label = label
    self.name = name
    self.action = action
    self.heldAction = heldAction
    self.reason = reason
    self.also = also
    self.changes = changes
    self.notes = notes
    self.linking = linking
    self.baseline = baseline
    self.seenVersion = seenVersion
    self.seenFingerprint = seenFingerprint
    self.isDropped = isDropped
  }

  /// The id of the record at the side that is written to; `nil` for a create.
  package var written: RecordID? { side == .source ? source : target }

  /// Nothing is written and no pair is remembered, but what both sides hold is settled anew: also where another field of
  /// the pair is left to a person.
  package var settlesOnly: Bool { baseline != nil && !action.isChange && heldAction == nil && !isDropped }

  /// The decision once the guard that holds its record was let through; `nil` where none holds it.
  package var lifted: Decision? {
    guard let heldAction, !isDropped else { return nil }
    var lifted = self
    lifted.action = heldAction
    lifted.heldAction = nil
    return lifted
  }
}

/// The kinds of change that `confirm within` and `over guard` count.
package enum ChangeKind: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
  case creates, updates, deactivates, reactivates, deletes, addresses, clears

  package static func < (left: ChangeKind, right: ChangeKind) -> Bool { left.position < right.position }
  private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A guard that a plan is over.
package struct GuardFinding: Hashable, Sendable, Codable {
  package var reason: Reason
  /// The word after `over guard`: `deactivates`, `nothing-matched`, `source-incomplete`.
  package var word: String
  /// The number that has to be said with it; `nil` for words that take none.
  package var count: Int?
  /// The whole that `count` is a part of.
  package var total: Int?
  package var limit: Int?
  /// In a sentence, with the figures: "deactivates 5 of 5 active pairs; the limit is 5 and 10 %".
  package var sentence: String
  package var setting: SettingKey?
  /// Whether a person can let it through at all; a partial reading cannot be.
  package var canBeLifted: Bool
  package init(
    reason: Reason, word: String, count: Int?, total: Int?, limit: Int?, sentence: String, setting: SettingKey?,
    canBeLifted: Bool = true
  ) {
    self.reason = reason
    self.word = word
    self.count = count
    self.total = total
    self.limit = limit
    self.sentence = sentence
    self.setting = setting
    self.canBeLifted = canBeLifted
  }

  /// Whether the whole plan waits; otherwise only the records that the guard is about are skipped.
  package var holdsPlan: Bool { reason != .importHeld }
}

package enum PlanState: String, Hashable, Sendable, Codable, CaseIterable {
  /// Made, and can be applied.
  case open
  /// Made with settings that are not in force; only to be looked at.
  case whatIf = "what if"
  /// Carried out, to its end.
  case applied
  /// Being carried out, or interrupted: `apply p12 rest` carries on.
  case begun
  /// A newer plan of the same sync exists.
  case superseded
}

/// What a plan is for.
package enum PlanPurpose: Hashable, Sendable, Codable {
  case sync
  /// Reverses a run.
  case undo(RunID)
}

/// The readings of one stage that a plan was made upon.
package struct StageRead: Hashable, Sendable, Codable {
  package var kind: RecordKind
  package var source: ReadCertificate?
  package var target: ReadCertificate?
  package init(kind: RecordKind, source: ReadCertificate?, target: ReadCertificate?) {
    self.kind = kind
    self.source = source
    self.target = target
  }

  package subscript(side: Side) -> ReadCertificate? { side == .source ? source : target }
}

package struct Plan: Sendable, Codable {
  /// `nil` until the store has numbered it.
  package var id: PlanID?
  package var sync: SyncName
  package var purpose: PlanPurpose
  package var madeAt: Date
  /// Who asked for it; settings in force are agreed to by applying.
  package var settings: Fingerprint
  package var state: PlanState
  package var decisions: [Decision]
  /// The guards that it is over.
  package var guards: [GuardFinding]
  /// Why the plan as a whole cannot be carried out (off, unmapped, a reading that is not usable), primary first.
  package var obstacles: [Cause]
  /// One entry a stage, in the order of the stages.
  package var reads: [StageRead]
  /// What `preview with` tried.
  package var whatIf: [String: String]
  /// Requests made to read for this plan, and the smallest number that could have done.
  package var requests: Int
  package var requestFloor: Int
  /// Names the decisions, their versions and the settings: an override is bound to it.
  package var fingerprint: Fingerprint

  package init(
    id: PlanID? = nil, sync: SyncName, purpose: PlanPurpose = .sync, madeAt: Date, settings: Fingerprint,
    state: PlanState = .open, decisions: [Decision], guards: [GuardFinding] = [], obstacles: [Cause] = [],
    reads: [StageRead] = [], sourceRead: ReadCertificate? = nil, targetRead: ReadCertificate? = nil,
    whatIf: [String: String] = [:], requests: Int = 0, requestFloor: Int = 0
  ) {
    self.id = id
    self.sync = sync
    self.purpose = purpose
    self.madeAt = madeAt
    self.settings = settings
    self.state = state
    self.decisions = decisions
    self.guards = guards
    self.obstacles = obstacles
    self.reads =
      reads.isEmpty && (sourceRead != nil || targetRead != nil)
      ? [StageRead(kind: .person, source: sourceRead, target: targetRead)] : reads
    self.whatIf = whatIf
    self.requests = requests
    self.requestFloor = requestFloor
    fingerprint = Plan.fingerprint(of: decisions, settings: settings)
  }

  /// The source reading of the first stage.
  package var sourceRead: ReadCertificate? {
    get { reads.first?.source }
    set { reads = [StageRead(kind: reads.first?.kind ?? .person, source: newValue, target: targetRead)] }
  }
  /// The target reading of the first stage.
  package var targetRead: ReadCertificate? {
    get { reads.first?.target }
    set { reads = [StageRead(kind: reads.first?.kind ?? .person, source: sourceRead, target: newValue)] }
  }

  /// Changes when any decision, what it saw, or a setting changes; dropping a decision changes it too.
  package static func fingerprint(of decisions: [Decision], settings: Fingerprint) -> Fingerprint {
    var hasher = FingerprintHasher()
    hasher.combine(settings.rawValue)
    for decision in decisions where decision.action.isChange || decision.heldAction != nil {
      hasher.combine(decision.action.rawValue)
      if let held = decision.heldAction { hasher.combine("held " + held.rawValue) }
      hasher.combine(decision.kind.rawValue)
      hasher.combine(decision.side.rawValue)
      hasher.combine(decision.source?.rawValue ?? "")
      hasher.combine(decision.target?.rawValue ?? "")
      hasher.combine(decision.isDropped ? "dropped" : "")
      hasher.combine(decision.seenVersion?.rawValue ?? "")
      hasher.combine(decision.seenFingerprint?.rawValue ?? "")
      for change in decision.changes {
        hasher.combine(change.field.rawValue)
        hasher.combine(change.new)
      }
    }
    return hasher.finalize()
  }

  /// How many decisions have each action, dropped ones left out.
  package var counts: [Action: Int] {
    decisions.reduce(into: [:]) { counts, decision in
      counts[decision.isDropped ? .skip : decision.action, default: 0] += 1
    }
  }

  /// What would be written, counted by the words of `confirm within` and `over guard`.
  package var changeCounts: [ChangeKind: Int] {
    decisions.lazy.filter { !$0.isDropped }.reduce(into: [:]) { counts, decision in
      switch decision.action {
      case .create: counts[.creates, default: 0] += 1
      case .update: counts[.updates, default: 0] += 1
      case .deactivate: counts[.deactivates, default: 0] += 1
      case .reactivate: counts[.reactivates, default: 0] += 1
      case .delete: counts[.deletes, default: 0] += 1
      case .link, .unlink, .inStep, .skip, .conflict: break
      }
      guard decision.action == .update || decision.action == .reactivate else { return }
      if decision.changes.contains(where: { $0.field == "email" }) { counts[.addresses, default: 0] += 1 }
      if decision.changes.contains(where: { $0.new.isBlank }) { counts[.clears, default: 0] += 1 }
    }
  }

  /// Whether carrying it out would send anything or move a link.
  package var hasChanges: Bool { decisions.contains { $0.action.isChange && !$0.isDropped } }
  /// Whether carrying it out would send anything to either side.
  package var hasWrites: Bool { decisions.contains { $0.action.write != nil && !$0.isDropped } }
  package var isHeld: Bool { guards.contains(where: \.holdsPlan) || !obstacles.isEmpty }
}
