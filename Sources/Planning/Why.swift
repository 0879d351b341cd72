/// `why`: the planner itself with somebody listening, so that it cannot disagree with what a run does.
package import Model

package enum Why {
  /// A record that a person's words may have meant.
  package struct Found: Hashable, Sendable {
    package var kind: RecordKind
    package var side: Side
    package var id: RecordID
    /// Its e-mail address, else its name, else its id.
    package var label: String
    package init(kind: RecordKind = .person, side: Side, id: RecordID, label: String) {
      self.kind = kind
      self.side = side
      self.id = id
      self.label = label
    }
  }

  /// Explains what becomes of a record of a sync of one stage.
  package static func explain(_ record: RecordID, side: Side, in situation: Situation) -> Explanation? {
    explain(record, side: side, kind: situation.stage.kind, in: [situation])
  }

  /// One question of an ``Inquiry``.
  package static func explain(_ record: RecordID, side: Side, kind: RecordKind, in situations: [Situation])
    -> Explanation?
  {
    Inquiry(situations).explain(record, side: side, kind: kind)
  }

  package static func explain(decision number: Int, of plan: Plan, in situation: Situation) -> Explanation? {
    explain(decision: number, of: plan, in: [situation])
  }

  /// Explains one decision of a plan by its number, on the ground of these situations.
  ///
  /// The decision told is the plan's own; the gates are those of the situation, which is the plan's unless something was
  /// read or set since. `nil` for a number that the plan does not have, and for a stage that is off now.
  package static func explain(decision number: Int, of plan: Plan, in situations: [Situation]) -> Explanation? {
    guard let decision = plan.decisions.first(where: { $0.number == number }),
      let world = Staging(situations).world(of: decision.kind)
    else { return nil }
    return explain(decision, of: plan, in: world)
  }

  fileprivate static func explain(_ decision: Decision, of plan: Plan, in world: World) -> Explanation {
    let situation = world.situation
    let held = plan.guards.first(where: \.holdsPlan)
    let isStoppedByRun = decision.action.isChange ? world.runCauses.first : nil
    let others =
      plan.decisions.count { $0.kind == decision.kind && $0.reason.reason == decision.reason.reason } - 1
    let reason = isStoppedByRun?.reason ?? decision.reason.reason
    let ways = Counterfactuals(world, decision).search()
    return Explanation(
      headline: Headline.text(decision, blockedBy: isStoppedByRun, held: held, in: situation),
      label: decision.label, name: decision.name, decision: decision,
      gates: lines(of: decision, in: world, held: decision.action.isChange ? held : nil),
      also: decision.also + (isStoppedByRun == nil ? world.runCauses : Array(world.runCauses.dropFirst())),
      nearMisses: NearMissSearch(world).misses(of: decision),
      counterfactual: ways.map(\.counterfactual),
      nextStep: ways.isEmpty ? nextStep(of: decision, stoppedBy: isStoppedByRun) : nil,
      toTry: ways.lazy.compactMap(\.toTry).first,
      rule: situation.stage.rule(of: reason), sameReason: max(0, others),
      sameReasonCommand: others > 0 ? "why where reason is \(decision.reason.reason.rawValue)" : nil)
  }

  /// What the gate says, else what is done about such a reason in general.
  private static func nextStep(of decision: Decision, stoppedBy run: Cause?) -> String? {
    let cause = run ?? decision.reason
    let isStopped = run != nil || decision.action == .skip || decision.action == .conflict
    return cause.fix ?? (isStopped ? cause.reason.remedy : nil)
  }

  /// The same walk again, with a listener; a plan over its limits is told at the guard.
  private static func lines(of decision: Decision, in world: World, held: GuardFinding?) -> [GateLine] {
    guard let subject = decision.subject else { return [] }
    let recorder = GateRecorder(subject)
    Planner.walk(subject, in: world, listener: recorder)
    var lines = recorder.lines
    if let held {
      lines =
        lines.filter { $0.gate != .guard } + [
          GateLine(gate: .guard, mark: .stopped, text: "\(held.reason.rawValue)   \(held.sentence)")
        ]
    }
    if decision.action.isChange, let failure = world.situation.standing.failure(of: decision) {
      lines.append(
        GateLine(
          gate: .apply, mark: .noted, text: "\(failure.run) failed at it: \(failure.outcomeWords)", readAt: failure.at))
    }
    return lines
  }
}

extension Why {
  /// Questions about one sync, which is planned once for all of them.
  package final class Inquiry {
    private let situations: [Situation]
    private lazy var staging = Staging(situations)
    private lazy var plan = Planner.plan(staging)

    package init(_ situations: [Situation]) { self.situations = situations }

    /// The records that words mean, as ``Why/find(_:in:on:)`` finds them.
    package func find(_ text: String) -> [Found] { Why.find(text, in: situations) { self.staging.worlds } }

    /// Explains what becomes of a record, and why; a target record that is paired is explained as its pair.
    ///
    /// `nil` when neither a reading nor a link knows the id.
    package func explain(_ record: RecordID, side: Side, kind: RecordKind) -> Explanation? {
      let decision = plan.decisions.first {
        $0.kind == kind && (side == .source ? $0.source : $0.target) == record
      }
      guard let decision, let world = staging.world(of: kind) else { return nil }
      return Why.explain(decision, of: plan, in: world)
    }
  }
}

extension Decision {
  /// The record whose walk came to this decision.
  var subject: Subject? { source.map { .source($0) } ?? target.map { .target($0) } }
}
