/// `why`: the planner itself with somebody listening, so that it cannot disagree with what a run does.
package import Model

package enum Why {
  /// A record that a person's words may have meant.
  package struct Found: Hashable, Sendable {
    package var side: Side
    package var id: RecordID
    /// Its e-mail address, else its name, else its id.
    package var label: String
    package init(side: Side, id: RecordID, label: String) {
      self.side = side
      self.id = id
      self.label = label
    }
  }

  /// Explains what becomes of a record, and why; a target record that is paired is explained as its pair.
  ///
  /// `nil` when neither the reading nor a link knows the id.
  package static func explain(_ record: RecordID, side: Side, in situation: Situation) -> Explanation? {
    let world = World(situation)
    let plan = Planner.plan(world)
    guard let decision = plan.decisions.first(where: { (side == .source ? $0.source : $0.target) == record }) else {
      return nil
    }
    return explain(decision, of: plan, in: world)
  }

  /// Explains one decision of a plan by its number, on the ground of this situation.
  ///
  /// The decision told is the plan's own; the gates are those of the situation, which is the plan's unless something was
  /// read or set since.
  package static func explain(decision number: Int, of plan: Plan, in situation: Situation) -> Explanation? {
    guard let decision = plan.decisions.first(where: { $0.number == number }) else { return nil }
    return explain(decision, of: plan, in: World(situation))
  }

  private static func explain(_ decision: Decision, of plan: Plan, in world: World) -> Explanation {
    let situation = world.situation
    let held = plan.guards.first
    let isStoppedByRun = decision.action.isChange ? world.runCauses.first : nil
    let others = plan.decisions.count { $0.reason.reason == decision.reason.reason } - 1
    let reason = isStoppedByRun?.reason ?? decision.reason.reason
    let ways = Counterfactuals(world, decision).search()
    return Explanation(
      headline: Headline.text(decision, blockedBy: isStoppedByRun, held: held, in: situation),
      label: decision.label, name: decision.name, decision: decision,
      gates: lines(of: decision, in: world, held: decision.action.isChange ? held : nil),
      also: decision.also + (isStoppedByRun == nil ? world.runCauses : Array(world.runCauses.dropFirst())),
      nearMisses: NearMissSearch(world).misses(of: decision),
      counterfactual: ways.map(\.counterfactual), toTry: ways.lazy.compactMap(\.toTry).first, rule: reason.rule,
      sameReason: max(0, others),
      sameReasonCommand: others > 0 ? "why where reason is \(decision.reason.reason.rawValue)" : nil)
  }

  /// The same walk again, with a listener; a plan over its limits is told at the guard.
  private static func lines(of decision: Decision, in world: World, held: GuardFinding?) -> [GateLine] {
    let subject: Subject
    if let source = decision.source {
      subject = .source(source)
    } else if let target = decision.target {
      subject = .target(target)
    } else {
      return []
    }
    let recorder = GateRecorder(subject)
    Planner.walk(subject, in: world, listener: recorder)
    guard let held else { return recorder.lines }
    return recorder.lines.filter { $0.gate != .guard } + [
      GateLine(gate: .guard, mark: .stopped, text: "\(held.reason.rawValue)   \(held.sentence)")
    ]
  }

  // MARK: - The company

  /// The funnel of a whole sync; its figures add up to the records read.
  package static func funnel(_ situation: Situation) -> Funnel {
    let world = World(situation)
    let plan = Planner.plan(world)
    let read = plan.decisions.filter { decision in decision.source.map { world.sources[$0] != nil } ?? false }
    let stopped = read.filter { $0.action == .skip || $0.action == .conflict }
    let stages = Gate.allCases.compactMap { gate -> Funnel.Stage? in
      let counts = stopped.filter { $0.reason.reason.gate == gate }
        .reduce(into: [Reason: Int]()) { $0[$1.reason.reason, default: 0] += 1 }
      guard !counts.isEmpty else { return nil }
      let stops = counts.map { Funnel.Stop(reason: $0.key, count: $0.value) }
      return Funnel.Stage(
        gate: gate,
        stops: stops.sorted {
          $0.count != $1.count ? $0.count > $1.count : $0.reason.rawValue < $1.reason.rawValue
        })
    }
    let gone = plan.decisions.filter { decision in decision.source.map { world.sources[$0] == nil } ?? false }
    return Funnel(
      read: read.count, stages: stages, endings: endings(read.filter { $0.action != .skip && $0.action != .conflict }),
      headline: headline(plan, stopped, stages, in: world), companyLines: companyLines(plan, in: world),
      gone: endings(gone), targetOnly: plan.decisions.count { $0.source == nil })
  }

  private static func endings(_ decisions: [Decision]) -> [Funnel.Ending] {
    let counts = decisions.reduce(into: [Action: Int]()) { $0[$1.action, default: 0] += 1 }
    return counts.map { Funnel.Ending(action: $0.key, count: $0.value) }
      .sorted { Planner.rank($0.action) < Planner.rank($1.action) }
  }

  /// What stands against the company as a whole first, then the reason that most records share and somebody can act on.
  private static func headline(_ plan: Plan, _ stopped: [Decision], _ stages: [Funnel.Stage], in world: World) -> String
  {
    if let obstacle = plan.obstacles.first {
      let fix = obstacle.fix.map { "  (\($0))" } ?? ""
      return "\(obstacle.reason.sentence) \(Wording.detail(obstacle))\(fix)"
    }
    if let held = plan.guards.first { return "The plan is held: \(held.sentence)." }
    let stops = stages.flatMap(\.stops)
    let likely =
      stops.filter { $0.reason.reasonClass != .expected }.max { $0.count < $1.count }
      ?? stops.max { $0.count < $1.count }
    guard let likely else {
      return plan.hasChanges ? "Everything that was read is in step or will be changed." : "Everything is in step."
    }
    return "Most likely: \(likely.reason.sentence) (\(likely.count) of \(stopped.count) that are left out)"
  }

  /// The gates before the records: run, read, company, and the guard where it holds the plan.
  private static func companyLines(_ plan: Plan, in world: World) -> [GateLine] {
    let subject = Subject.source("")
    let recorder = GateRecorder(subject)
    var walk = Walk(source: "", in: world, listener: recorder)
    RunGate.pass(&walk)
    ReadGate.pass(&walk)
    CompanyGate.pass(&walk)
    return recorder.lines
      + plan.guards.map { GateLine(gate: .guard, mark: .stopped, text: "\($0.reason.rawValue)   \($0.sentence)") }
  }
}
