/// The planner: from a situation to one decision for every record. Synchronous, without effects, and it cannot fail.
import Foundation
package import Model

package enum Planner {
  /// Walks every record through the gates.
  ///
  /// Decisions come changes first, then conflicts, skipped ones and those in step, each by label, numbered from 1. There
  /// is exactly one for every record of the source reading, one for every link whose source is gone, and one for every
  /// target record that none of these speaks of.
  package static func plan(_ situation: Situation, listener: (any GateListener)? = nil) -> Plan {
    plan(World(situation), listener: listener)
  }

  static func plan(_ world: World, listener: (any GateListener)? = nil) -> Plan {
    let situation = world.situation
    var decisions = decideAll(world, listener)
    assertEveryRecordIsAccountedFor(decisions, world)
    decisions.sort { rank($0.action) != rank($1.action) ? rank($0.action) < rank($1.action) : isBefore($0, $1) }
    for index in decisions.indices { decisions[index].number = index + 1 }
    return Plan(
      sync: situation.sync.name, madeAt: situation.now, settings: situation.settings.fingerprint, decisions: decisions,
      guards: Guard.findings(decisions, in: world), obstacles: obstacles(world),
      sourceRead: situation.source.certificate, targetRead: situation.target.certificate)
  }

  /// Linked records that a reading does not show and that nothing proves to be deleted: asking for these ids directly
  /// (or reading completely) settles them.
  package static func unseen(in situation: Situation) -> [Side: [RecordID]] {
    var unseen: [Side: [RecordID]] = [:]
    for side in Side.allCases {
      let reading = situation.reading(side)
      let present = Set(reading.records.map(\.id))
      unseen[side] = situation.links.filter { $0.state == .linked && $0.kind == situation.stage.kind }
        .map { side == .source ? $0.source : $0.target }
        .filter { !present.contains($0) && reading.tombstones[$0] == nil }
        .sorted()
    }
    return unseen.filter { !$0.value.isEmpty }
  }

  // MARK: - Every record

  private static func decideAll(_ world: World, _ listener: (any GateListener)?) -> [Decision] {
    var decisions: [Decision] = []
    // Who is there first: a re-created record takes over the target of its deleted predecessor.
    var moved: Set<RecordID> = []
    let isGone: (RecordID) -> Bool = { world.sources[$0]?.state == .gone }
    for id in world.sources.keys.sorted() where !isGone(id) {
      var walk = Walk(source: id, in: world, listener: listener)
      let decision = walk.decide()
      if decision.action.isChange, case .move(let owner) = decision.linking { moved.insert(owner) }
      decisions.append(decision)
    }
    for id in world.sources.keys.sorted() where isGone(id) {
      var walk = Walk(source: id, in: world, movedOwners: moved, listener: listener)
      decisions.append(walk.decide())
    }
    for id in world.linkBySource.keys.sorted() where world.sources[id] == nil && !moved.contains(id) {
      var walk = Walk(source: id, in: world, movedOwners: moved, listener: listener)
      decisions.append(walk.decide())
    }
    let spokenOf = Set(decisions.compactMap(\.target))
    for id in world.targets.keys.sorted() where !spokenOf.contains(id) {
      var walk = Walk(target: id, in: world, listener: listener)
      decisions.append(walk.decide())
    }
    return decisions
  }

  /// One record's walk, for somebody who listens.
  static func walk(_ subject: Subject, in world: World, listener: any GateListener) {
    var walk =
      switch subject {
      case .source(let id): Walk(source: id, in: world, movedOwners: movedOwners(world), listener: listener)
      case .target(let id): Walk(target: id, in: world, listener: listener)
      }
    _ = walk.decide()
  }

  /// The decision for one source record alone; `nil` for one that neither the reading nor a link knows.
  static func decision(for id: RecordID, in world: World) -> Decision? {
    guard world.sources[id] != nil || world.linkBySource[id] != nil else { return nil }
    var walk = Walk(source: id, in: world, movedOwners: movedOwners(world), listener: nil)
    return walk.decide()
  }

  /// Deleted sources whose target goes to a re-created record.
  private static func movedOwners(_ world: World) -> Set<RecordID> {
    var moved: Set<RecordID> = []
    for (id, match) in world.matches {
      guard case .found(_, _, _, let owner?) = match.outcome, world.sources[id] != nil else { continue }
      var walk = Walk(source: id, in: world, listener: nil)
      if walk.decide().action.isChange { moved.insert(owner) }
    }
    return moved
  }

  /// The buckets add up: every record of the source is decided once, and no target is given to two sources.
  private static func assertEveryRecordIsAccountedFor(_ decisions: [Decision], _ world: World) {
    let decided = decisions.compactMap(\.source).filter { world.sources[$0] != nil }
    precondition(decided.count == world.sources.count, "a source record was decided twice or not at all")
    precondition(Set(decided).count == decided.count, "a source record was decided twice")
    let paired = decisions.filter { $0.linking.isNewPair }.compactMap(\.target)
    precondition(Set(paired).count == paired.count, "a target record was given to two source records")
  }

  /// Why the plan cannot be carried out at all: a run that may not start, a reading, a company.
  private static func obstacles(_ world: World) -> [Cause] {
    world.runCauses + [world.readCause, world.companyCause].compactMap { $0 }
  }

  // MARK: - Order

  static func rank(_ action: Action) -> Int {
    switch action {
    case .create: 0
    case .update: 1
    case .reactivate: 2
    case .deactivate: 3
    case .delete: 4
    case .link: 5
    case .unlink: 6
    case .conflict: 7
    case .skip: 8
    case .inStep: 9
    }
  }

  private static func isBefore(_ left: Decision, _ right: Decision) -> Bool {
    if left.label != right.label { return left.label < right.label }
    return (left.source ?? left.target ?? "") < (right.source ?? right.target ?? "")
  }
}

extension LinkChange {
  fileprivate var isNewPair: Bool {
    switch self {
    case .make, .move: true
    case .none, .breakLink: false
    }
  }
}

extension Decision {
  /// The baseline once the target has answered: what was settled without a write, and for each written field what the
  /// target now holds against what the source has.
  ///
  /// `nil` when the pair is to have none (a link made while updating is off). A decision that reverses a run keeps what
  /// the source had, so that the next plan does not see the reversal as a change of the source.
  package func settledBaseline(after answer: Record?) -> Baseline? {
    guard baseline != nil || !changes.isEmpty else { return nil }
    var settled = baseline ?? Baseline()
    for change in changes {
      if reason.reason != .undone { settled.source[change.field] = change.new }
      settled.target[change.field] = answer?.fields[change.field] ?? change.new
    }
    return settled
  }
}
