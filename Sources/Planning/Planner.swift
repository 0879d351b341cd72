/// The planner: from a situation to one decision for every record. Synchronous, without effects, and it cannot fail.
import Foundation
package import Model

package enum Planner {
  /// Plans a sync of one stage.
  package static func plan(_ situation: Situation, listener: (any GateListener)? = nil) -> Plan {
    plan([situation], listener: listener)
  }

  /// Walks every record of every stage through the gates.
  ///
  /// Decisions come stage by stage, and in a stage changes first, then conflicts, skipped ones and those in step, each
  /// by label; they are numbered through from 1. There is one for every record of the source reading, one for every link
  /// whose source is gone, and one for every target record that none of these speaks of; a pair that is written on both
  /// sides has one for each side.
  /// - Parameter situations: one a stage, in the recipe's order; stages that are off are left out.
  package static func plan(_ situations: [Situation], listener: (any GateListener)? = nil) -> Plan {
    plan(Staging(situations, listener: listener))
  }

  static func plan(_ staging: Staging) -> Plan {
    guard let first = staging.worlds.first?.situation else { preconditionFailure("a plan needs a stage") }
    var decisions: [Decision] = []
    for (world, decided) in zip(staging.worlds, staging.decisions) {
      assertEveryRecordIsAccountedFor(decided, world)
      decisions += decided.sorted {
        rank($0.action) != rank($1.action) ? rank($0.action) < rank($1.action) : isBefore($0, $1)
      }
    }
    for index in decisions.indices { decisions[index].number = index + 1 }
    return Plan(
      sync: first.sync.name, madeAt: first.now, settings: first.settings.fingerprint, decisions: decisions,
      guards: Guard.findings(decisions, in: staging.worlds), obstacles: obstacles(staging.worlds),
      reads: staging.worlds.map { world in
        StageRead(
          kind: world.situation.stage.kind, source: world.situation.source.certificate,
          target: world.situation.target.certificate)
      })
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

  static func decideAll(_ world: World, _ listener: (any GateListener)?) -> [Decision] {
    var decisions: [Decision] = []
    // Who is there first: a re-created record takes over the target of its deleted predecessor.
    var moved: Set<RecordID> = []
    let isGone: (RecordID) -> Bool = { world.sources[$0]?.state == .gone }
    for id in world.sources.keys.sorted() where !isGone(id) {
      var walk = Walk(source: id, in: world, listener: listener)
      let decided = walk.decide()
      for decision in decided {
        if decision.action.isChange, case .move(let owner) = decision.linking { moved.insert(owner) }
      }
      decisions += decided
    }
    for id in world.sources.keys.sorted() where isGone(id) {
      var walk = Walk(source: id, in: world, movedOwners: moved, listener: listener)
      decisions += walk.decide()
    }
    for id in world.linkBySource.keys.sorted() where world.sources[id] == nil && !moved.contains(id) {
      var walk = Walk(source: id, in: world, movedOwners: moved, listener: listener)
      decisions += walk.decide()
    }
    let spokenOf = Set(decisions.compactMap(\.target))
    for id in world.targets.keys.sorted() where !spokenOf.contains(id) {
      var walk = Walk(target: id, in: world, listener: listener)
      decisions += walk.decide()
    }
    return decisions
  }

  /// One record's walk, for somebody who listens.
  static func walk(_ subject: Subject, in world: World, listener: any GateListener) {
    var walk = walk(of: subject, in: world, listener: listener)
    _ = walk.decide()
  }

  /// The decision for one record alone; `nil` for one that neither a reading nor a link knows.
  static func decision(for subject: Subject, in world: World) -> Decision? {
    switch subject {
    case .source(let id): guard world.sources[id] != nil || world.linkBySource[id] != nil else { return nil }
    case .target(let id): guard world.targets[id] != nil else { return nil }
    }
    var walk = walk(of: subject, in: world, listener: nil)
    return walk.decide().min { rank($0.action) < rank($1.action) }
  }

  private static func walk(of subject: Subject, in world: World, listener: (any GateListener)?) -> Walk {
    switch subject {
    case .source(let id): Walk(source: id, in: world, movedOwners: movedOwners(world), listener: listener)
    case .target(let id): Walk(target: id, in: world, listener: listener)
    }
  }

  /// Deleted sources whose target goes to a re-created record.
  private static func movedOwners(_ world: World) -> Set<RecordID> {
    var moved: Set<RecordID> = []
    for (id, match) in world.matches {
      guard case .found(_, _, _, let owner?) = match.outcome, world.sources[id] != nil else { continue }
      var walk = Walk(source: id, in: world, listener: nil)
      if walk.decide().contains(where: \.action.isChange) { moved.insert(owner) }
    }
    return moved
  }

  /// The buckets add up: every record of either side is decided, once for each side that is written to, and no target
  /// is given to two sources.
  private static func assertEveryRecordIsAccountedFor(_ decisions: [Decision], _ world: World) {
    let decided = Set(decisions.compactMap(\.source).filter { world.sources[$0] != nil })
    precondition(decided.count == world.sources.count, "a source record was not decided")
    var seen: Set<[String]> = []
    for decision in decisions {
      guard let source = decision.source else { continue }
      let isNew = seen.insert([source.rawValue, decision.side.rawValue]).inserted
      precondition(isNew, "a source record was decided twice for one side")
    }
    let spokenOf = Set(decisions.compactMap(\.target))
    precondition(world.targets.keys.allSatisfy(spokenOf.contains), "a target record was not decided")
    let paired = decisions.filter { $0.linking.isNewPair && $0.action.isChange }.compactMap(\.target)
    precondition(Set(paired).count == paired.count, "a target record was given to two source records")
  }

  /// Why the plan cannot be carried out at all: a run that may not start, a reading, a company.
  private static func obstacles(_ worlds: [World]) -> [Cause] {
    var seen: Set<Cause> = []
    let causes = (worlds.first?.runCauses ?? []) + worlds.flatMap { [$0.readCause, $0.companyCause].compactMap { $0 } }
    return causes.filter { seen.insert($0).inserted }
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
    let (leftID, rightID) = (left.source ?? left.target ?? "", right.source ?? right.target ?? "")
    return leftID != rightID ? leftID < rightID : left.side == .target && right.side == .source
  }
}

extension LinkChange {
  fileprivate var isNewPair: Bool {
    switch self {
    case .make, .move, .replace: true
    case .none, .breakLink, .forget: false
    }
  }
}
