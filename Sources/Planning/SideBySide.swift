/// `show people` and `show person`: one row a person, across both sides.
package import Model

package struct SideBySide: Sendable {
  /// One field of one person on both sides.
  package struct Field: Hashable, Sendable {
    package var name: FieldName
    /// What the mapping gives; `nil` when the source did not say it.
    package var source: FieldValue?
    package var target: FieldValue?
    /// What both sides held when the link was last settled.
    package var sourceBaseline: FieldValue?
    package var targetBaseline: FieldValue?
    /// Why it is written or left; `nil` where nothing is to be said.
    package var reason: Reason?
    /// Whether the plan would write it.
    package var isWritten: Bool
    /// What feeds it: `title`, `constant:Client`, `none`.
    package var fedBy: String
  }

  package struct Person: Sendable {
    package var label: String
    package var name: String
    package var source: Record?
    package var target: Record?
    /// The state after the recipe's rules: a user without a licence is inactive. `nil`: not there.
    package var sourceState: RecordState?
    package var targetState: RecordState?
    /// `nil` where the two are not linked.
    package var link: Link?
    package var decision: Decision
    /// The mapped fields, in the recipe's order.
    package var fields: [Field]
  }

  /// By label.
  package var people: [Person]

  package init(_ situation: Situation) {
    let world = World(situation)
    people = Planner.plan(world).decisions.map { Self.person($0, in: world) }
      .sorted { ($0.label, $0.decision.number) < ($1.label, $1.decision.number) }
  }

  /// One person by either id; `nil` when neither side has it.
  package static func person(_ id: RecordID, side: Side, in situation: Situation) -> Person? {
    let world = World(situation)
    return Planner.plan(world).decisions.first { (side == .source ? $0.source : $0.target) == id }
      .map { person($0, in: world) }
  }

  private static func person(_ decision: Decision, in world: World) -> Person {
    let source = decision.source.flatMap { world.sources[$0] }
    let target = decision.target.flatMap { world.targets[$0] }
    let link = decision.source.flatMap { world.linkBySource[$0] ?? world.brokenBySource[$0] }
    return Person(
      label: decision.label, name: decision.name, source: source, target: target,
      sourceState: source.map { state(of: $0, in: world) }, targetState: target?.state, link: link, decision: decision,
      fields: world.mapping.map { field($0, decision, source, target, in: world) })
  }

  private static func state(of source: Record, in world: World) -> RecordState {
    switch world.standings[source.id] {
    case .inactive?: .inactive
    case .gone?: .gone
    case .active?, .outsider?, .unknown?, nil: source.state
    }
  }

  private static func field(
    _ mapped: MappedField, _ decision: Decision, _ source: Record?, _ target: Record?, in world: World
  ) -> Field {
    let baseline = decision.source.flatMap { world.situation.baselines[$0] }
    let change = decision.changes.first { $0.field == mapped.target }
    let note = decision.notes.first { $0.field == mapped.target }
    return Field(
      name: mapped.target, source: source.flatMap(mapped.value), target: target?.fields[mapped.target],
      sourceBaseline: baseline?.source[mapped.target], targetBaseline: baseline?.target[mapped.target],
      reason: mapped.source == .none ? .fieldUnmapped : change?.reason ?? note?.reason,
      isWritten: change != nil && decision.action.write != nil, fedBy: mapped.source.displayed)
  }
}
