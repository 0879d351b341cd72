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
    /// The side at which it would be written; `nil` where it would not.
    package var writtenAt: Side?
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

  package init(_ situation: Situation) { self.init([situation], kind: situation.stage.kind) }

  /// The records of one stage; a pair is one row, whichever sides are written to.
  package init(_ situations: [Situation], kind: RecordKind) {
    let staging = Staging(situations)
    guard let world = staging.world(of: kind) else {
      people = []
      return
    }
    let rows = Dictionary(grouping: Planner.plan(staging).decisions.filter { $0.kind == kind }, by: \.rowKey)
    people = rows.values.compactMap { Self.person($0, in: world) }
      .sorted { ($0.label, $0.decision.number) < ($1.label, $1.decision.number) }
  }

  /// One person by either id; `nil` when neither side has it.
  package static func person(_ id: RecordID, side: Side, in situation: Situation) -> Person? {
    person(id, side: side, kind: situation.stage.kind, in: [situation])
  }

  /// One record by either id; `nil` when neither side has it.
  package static func person(_ id: RecordID, side: Side, kind: RecordKind, in situations: [Situation]) -> Person? {
    SideBySide(situations, kind: kind).people.first {
      (side == .source ? $0.decision.source : $0.decision.target) == id
    }
  }

  /// - Parameter decisions: those of one pair, in the order of the plan.
  private static func person(_ decisions: [Decision], in world: World) -> Person? {
    guard let decision = decisions.first else { return nil }
    let source = decision.source.flatMap { world.sources[$0] }
    let target = decision.target.flatMap { world.targets[$0] }
    let link =
      decision.source.flatMap { world.linkBySource[$0] ?? world.brokenBySource[$0] }
      ?? decision.target.flatMap { world.linkByTarget[$0] ?? world.brokenByTarget[$0] }
    return Person(
      label: decision.label, name: decision.name, source: source, target: target,
      sourceState: source.map { state(of: $0, in: world) }, targetState: target?.state, link: link, decision: decision,
      fields: world.mapping.map { field($0, decisions, source, target, in: world) })
  }

  private static func state(of source: Record, in world: World) -> RecordState {
    switch world.presence(of: source.id, at: .source) {
    case .inactive?: .inactive
    case .gone?: .gone
    case .active?, .outsider?, .unknown?, nil: source.state
    }
  }

  private static func field(
    _ mapped: MappedField, _ decisions: [Decision], _ source: Record?, _ target: Record?, in world: World
  ) -> Field {
    let baseline = decisions.first?.source.flatMap { world.situation.baselines[$0] }
    let writer = decisions.first { $0.changes.contains { $0.field == mapped.target } }
    let change = writer?.changes.first { $0.field == mapped.target }
    let note = decisions.lazy.flatMap(\.notes).first { $0.field == mapped.target }
    return Field(
      name: mapped.target, source: source.flatMap(mapped.value), target: target?.fields[mapped.target],
      sourceBaseline: baseline?.source[mapped.target], targetBaseline: baseline?.target[mapped.target],
      reason: mapped.source == .none ? .fieldUnmapped : change?.reason ?? note?.reason,
      isWritten: writer?.action.write != nil, writtenAt: writer?.action.write == nil ? nil : writer?.side,
      fedBy: mapped.source.displayed)
  }
}

extension Decision {
  /// The same for the decisions of one pair.
  fileprivate var rowKey: [String] { source.map { ["source", $0.rawValue] } ?? ["target", target?.rawValue ?? ""] }
}
