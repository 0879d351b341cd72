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
  /// The target is a copy that this sync made, and is deleted.
  case remove(Cause)
  /// Inactive or gone on both sides: nothing to do.
  case settled(Cause)
  /// One side was deleted: the pair is remembered as broken.
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
  /// The side of the record that the walk is about: what it lacks on the other side would be created there.
  let origin: Side

  var sourceID: RecordID?
  var source: Record?
  var targetID: RecordID?
  var target: Record?
  var link: Link?
  var match: Match
  /// The pair whose target was deleted and is to be made again.
  var lost: Link?

  /// Why the record cannot go on, in the order of the gates; the first is the primary reason.
  var stops: [Cause] = []
  var also: [Cause] = []
  /// No later gate is asked.
  var hasEnded = false
  var intent = Intent.undecided
  var linking = LinkChange.none
  var pairing: Cause?
  /// The first stop is a conflict: only a person can say what holds.
  var isConflict = false
  /// What is to be written at each side, under the common names.
  var changes: [Side: [FieldChange]] = [:]
  var notes: [FieldNote] = []
  var baseline: Baseline?
  /// The companies of a pair, where they are a pair themselves.
  var settledCompanies: Baseline?
  /// Where both records belong once the one that is to be moved has been moved.
  var moveBaseline: Baseline?
  /// A guard skips what would be written to the origin's other side, while the rest goes on.
  var hold: Cause?
  /// Edits that would travel and may not, each reason once.
  var blocked: [Cause] = []

  var situation: Situation { world.situation }
  var stage: Stage { world.situation.stage }
  var settings: Settings { world.situation.settings }

  init(source id: RecordID, in world: World, movedOwners: Set<RecordID> = [], listener: (any GateListener)?) {
    self.world = world
    self.movedOwners = movedOwners
    self.listener = listener
    subject = .source(id)
    origin = .source
    sourceID = id
    source = world.sources[id]
    match = world.matches[id] ?? Match(outcome: .nothing)
  }

  init(target id: RecordID, in world: World, listener: (any GateListener)?) {
    self.world = world
    self.listener = listener
    movedOwners = []
    subject = .target(id)
    origin = world.isTwoWay ? .target : .source
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

  /// What is decided: one decision, or two for a pair that is written on both sides, the target's first.
  mutating func decide() -> [Decision] {
    for (gate, pass) in Self.gates {
      if hasEnded {
        say(gate, .notReached, "not asked")
      } else {
        pass(&self)
      }
    }
    return decisions()
  }

  mutating func stop(_ cause: Cause, at gate: Gate) {
    stops.append(cause)
    say(gate, .stopped, "\(cause.reason.rawValue)   \(Wording.detail(cause))")
  }

  /// The text is made only when somebody listens.
  func say(_ gate: Gate, _ mark: GateMark, _ text: @autoclosure () -> String, readAt: Date? = nil) {
    listener?.hear(GateLine(gate: gate, mark: mark, text: text(), readAt: readAt), of: subject)
  }

  // MARK: - What it is about

  var originID: RecordID? { origin == .source ? sourceID : targetID }
  var originRecord: Record? { origin == .source ? source : target }
  /// The system to which the origin's values go.
  var receiver: SystemDescription { situation.system(origin.other) }

  func record(at side: Side) -> Record? { side == .source ? source : target }

  var label: String {
    if let record = source ?? target { return World.label(of: record, in: stage) }
    return sourceID?.rawValue ?? targetID?.rawValue ?? ""
  }

  var name: String { (source ?? target).map { World.name(of: $0, in: stage) } ?? "" }
}
