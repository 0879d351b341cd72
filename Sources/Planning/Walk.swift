/// One record's way through the gates: what is known of it so far, and what will be decided.
import Foundation
import Model

/// What the gates so far have in mind for a record, unless one of them stops it.
enum Intent {
  case undecided
  case create
  /// Both records are there and active: the fields are compared.
  case compare
  /// The target is inactive and its source is active.
  case reactivate
  case deactivate(Cause)
  /// Inactive or gone on both sides: nothing to do.
  case settled(Cause)
  /// The target was deleted: the pair is remembered as broken.
  case unlink(Cause)
  /// A new pair is remembered and nothing is written.
  case linkOnly
}

struct Walk {
  let world: World
  let subject: Subject
  let listener: (any GateListener)?
  /// Deleted sources whose target went to a re-created record in this plan.
  let movedOwners: Set<RecordID>

  var sourceID: RecordID?
  var source: Record?
  var targetID: RecordID?
  var target: Record?
  var link: Link?
  var match: Match

  /// Why the record cannot go on, in the order of the gates; the first is the primary reason.
  var stops: [Cause] = []
  var also: [Cause] = []
  /// No later gate is asked.
  var hasEnded = false
  var intent = Intent.undecided
  var linking = LinkChange.none
  var pairing: Cause?
  var changes: [FieldChange] = []
  var notes: [FieldNote] = []
  var baseline: Baseline?

  var situation: Situation { world.situation }
  var stage: Stage { world.situation.stage }
  var settings: Settings { world.situation.settings }

  init(source id: RecordID, in world: World, movedOwners: Set<RecordID> = [], listener: (any GateListener)?) {
    self.world = world
    self.movedOwners = movedOwners
    self.listener = listener
    subject = .source(id)
    sourceID = id
    source = world.sources[id]
    match = world.matches[id] ?? Match(outcome: .nothing)
  }

  init(target id: RecordID, in world: World, listener: (any GateListener)?) {
    self.world = world
    self.listener = listener
    movedOwners = []
    subject = .target(id)
    targetID = id
    target = world.targets[id]
    match = Match(outcome: .nothing)
  }

  // MARK: - The walk

  static let gates: [(gate: Gate, pass: @Sendable (inout Walk) -> Void)] = [
    (.run, RunGate.pass), (.read, ReadGate.pass), (.company, CompanyGate.pass), (.match, MatchGate.pass),
    (.state, StateGate.pass), (.scope, ScopeGate.pass), (.data, DataGate.pass), (.compare, CompareGate.pass),
    (.policy, PolicyGate.pass), (.guard, GuardGate.pass),
  ]

  mutating func decide() -> Decision {
    for (gate, pass) in Self.gates {
      if hasEnded {
        say(gate, .notReached, "not asked")
      } else {
        pass(&self)
      }
    }
    return decision()
  }

  mutating func stop(_ cause: Cause, at gate: Gate) {
    stops.append(cause)
    say(gate, .stopped, "\(cause.reason.rawValue)   \(Wording.detail(cause))")
  }

  /// The text is made only when somebody listens.
  func say(_ gate: Gate, _ mark: GateMark, _ text: @autoclosure () -> String, readAt: Date? = nil) {
    listener?.hear(GateLine(gate: gate, mark: mark, text: text(), readAt: readAt), of: subject)
  }

  // MARK: - What comes out

  var label: String {
    if let record = source ?? target { return World.label(of: record, in: stage) }
    return sourceID?.rawValue ?? targetID?.rawValue ?? ""
  }

  var name: String { (source ?? target).map { World.name(of: $0, in: stage) } ?? "" }

  private func decision() -> Decision {
    var decision = Decision(
      kind: stage.kind, source: sourceID, target: targetID ?? match.shown, label: label, name: name, action: .skip,
      reason: Cause(.inStep), also: also, notes: notes, seenVersion: target?.version)
    if let first = stops.first {
      decision.reason = first
      decision.also = Array(stops.dropFirst()) + also
      let isConflict = [.ambiguousSource, .ambiguousTarget, .alreadyLinked].contains(first.reason)
      decision.action = isConflict ? .conflict : .skip
      return decision
    }
    switch intent {
    case .undecided:
      preconditionFailure("a record came through every gate and nothing was decided for it")
    case .create:
      decision.action = .create
      decision.reason = Cause(.notMatched, evidence: notMatchedEvidence)
      decision.changes = changes
      decision.linking = .make(.created)
    case .reactivate:
      decision.action = .reactivate
      decision.reason = pairing.flatMap { $0.reason == .recreated ? $0 : nil } ?? activeAgainCause
      decision.changes = changes
    case .deactivate(let cause):
      decision.action = .deactivate
      decision.reason = cause
    case .settled(let cause):
      decision.action = .inStep
      decision.reason = Cause(
        .inStep, evidence: [Evidence("state", found: "inactive on both sides")])
      decision.also = [cause] + also
    case .unlink(let cause):
      decision.action = .unlink
      decision.reason = cause
    case .linkOnly:
      decision.action = .link
      decision.reason = pairing ?? Cause(.matched)
    case .compare:
      decision.changes = changes
      if !changes.isEmpty {
        decision.action = .update
        decision.reason = updateCause
      } else if linking != .none {
        decision.action = .link
        decision.reason = pairing ?? Cause(.matched)
      } else {
        decision.action = .inStep
        decision.reason = inStepCause
      }
    }
    if decision.linking == .none { decision.linking = linking }
    // What is not changed needs no proof of what it looked like.
    if decision.action.isChange { decision.seenFingerprint = target?.fingerprint }
    // Of a pair in step the baseline is given only where it moves.
    let isMoved = baseline != sourceID.flatMap { situation.baselines[$0] }
    if decision.action != .inStep || isMoved { decision.baseline = baseline }
    return decision
  }

  private var notMatchedEvidence: [Evidence] {
    guard !match.keyValue.isEmpty else { return [] }
    let field = stage.matchKeys.first?.source.rawValue ?? "key"
    return [
      Evidence(
        field, "is", wanted: match.keyValue, found: "in no \(situation.noun(.target))", at: situation.targetSystem.name)
    ]
  }

  private var activeAgainCause: Cause {
    Cause(
      .activeAgain,
      evidence: [
        Evidence("state", "is", found: "active", at: situation.sourceSystem.name),
        Evidence("state", "is", found: "inactive", at: targetID.map(world.place)),
      ])
  }

  /// A re-created record first, then what a person would look for first: what changed at the source.
  private var updateCause: Cause {
    if let pairing, pairing.reason == .recreated { return pairing }
    let reasons: [Reason] = [.changedAtSource, .blankAtSource, .differsAtFirstMatch, .editedAtTarget]
    let reason = reasons.first { reason in changes.contains { $0.reason == reason } } ?? .changedAtSource
    return Cause(reason, evidence: changes.map { Wording.evidence(of: $0, at: situation.targetSystem.name) })
  }

  /// A pair with nothing to write: plainly in step, or in step because a difference is left on purpose.
  private var inStepCause: Cause {
    let left: [Reason] = [.editedAtTarget, .blankAtSource, .tooLong, .invalidValue, .valueRewritten]
    for reason in left {
      let fields = notes.filter { note in
        // A field that was blank from the beginning is nothing to point at.
        note.reason == reason && (reason != .blankAtSource || note.baseline?.isBlank == false)
      }
      if !fields.isEmpty {
        return Cause(reason, evidence: fields.map { Wording.evidence(of: $0, at: situation.targetSystem.name) })
      }
    }
    return Cause(.inStep, evidence: [Evidence("fields", found: "\(world.mapping.count) compared, nothing differs")])
  }
}
