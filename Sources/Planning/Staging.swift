/// The stages of a sync, planned one after the other: what belongs to companies is planned upon what becomes of them.
import Model

struct Staging {
  /// One a stage, in the order of the stages; each later one knows its companies.
  private(set) var worlds: [World] = []
  /// What was decided in each, in the order of the walk.
  private(set) var decisions: [[Decision]] = []

  /// The stages alone, for what needs no decision of theirs: only companies are decided, where others belong to them.
  static func worlds(_ situations: [Situation]) -> [World] {
    let hasParents = situations.contains { $0.stage.hasParents && $0.parents == nil }
    return Staging(situations, deciding: { hasParents && $0.kind == .company }).worlds
  }

  init(
    _ situations: [Situation], listener: (any GateListener)? = nil, deciding isDecided: (Stage) -> Bool = { _ in true }
  ) {
    var companies: Parents?
    for situation in situations {
      var situation = situation
      if situation.stage.hasParents, situation.parents == nil { situation.parents = companies ?? Parents() }
      let world = World(situation)
      let decided = isDecided(situation.stage) ? Planner.decideAll(world, listener) : []
      worlds.append(world)
      decisions.append(decided)
      if situation.stage.kind == .company { companies = Parents(of: decided, in: world) }
    }
  }

  func world(of kind: RecordKind) -> World? { worlds.first { $0.situation.stage.kind == kind } }
}

extension Parents {
  /// How each company stands once its own stage has been decided.
  init(of decisions: [Decision], in world: World) {
    self.init()
    for decision in decisions {
      for side in Side.allCases {
        guard let id = side == .source ? decision.source : decision.target,
          let standing = Self.standing(of: decision, seenFrom: side, in: world)
        else { continue }
        // Of a pair that is written on both sides, and of one that a guard skips in part, the pair counts.
        if case .paired? = self[side, id]?.sync { continue }
        self[side, id] = ParentStanding(name: decision.name.isEmpty ? decision.label : decision.name, sync: standing)
      }
    }
  }

  private static func standing(of decision: Decision, seenFrom side: Side, in world: World) -> ParentStanding.Sync? {
    let other = side == .source ? decision.target : decision.source
    switch decision.action {
    case .create: return .pending
    case .update, .reactivate, .deactivate, .link, .inStep: return other.map { .paired($0) }
    case .unlink, .delete: return .left(decision.reason)
    case .skip, .conflict:
      guard let source = decision.source, world.linkBySource[source]?.target == decision.target, let other else {
        return .left(decision.reason)
      }
      // A pair that is merely not written stays a pair; one that is out of the sync takes its people with it.
      return decision.reason.reason.gate < .data ? .left(decision.reason) : .paired(other)
    }
  }
}
