/// `why` for a company or a whole sync: how many records were read, and where each of them ended.
import Model

extension Why {
  /// The funnel of a sync of one stage; its figures add up to the records read.
  package static func funnel(_ situation: Situation) -> Funnel {
    let funnels = funnels([situation])
    guard let funnel = funnels.first else { preconditionFailure("a stage has a funnel") }
    return funnel
  }

  /// A funnel for each stage, in their order. The first has the headline of the sync, the others their own.
  package static func funnels(_ situations: [Situation]) -> [Funnel] {
    let staging = Staging(situations)
    let plan = Planner.plan(staging)
    return staging.worlds.enumerated().map { index, world in
      funnel(of: world, plan, isFirst: index == 0, isAlone: staging.worlds.count == 1)
    }
  }

  private static func funnel(of world: World, _ plan: Plan, isFirst: Bool, isAlone: Bool) -> Funnel {
    let rows = rows(of: plan.decisions.filter { $0.kind == world.situation.stage.kind })
    let gone = rows.filter { decision in decision.source.map { world.sources[$0] == nil } ?? false }
    // What only the target has is decided like everything else where both sides are sources.
    let alone = rows.filter { $0.source == nil }
    let read = rows.filter { decision in
      decision.source.map { world.sources[$0] != nil } ?? world.isTwoWay
    }
    let stopped = read.filter { $0.action == .skip || $0.action == .conflict }
    let stages = stages(of: stopped)
    let likely = plan.decisions.filter { $0.action == .skip || $0.action == .conflict }
    let headline =
      isFirst && !isAlone ? headline(plan, likely, Self.stages(of: likely)) : headline(plan, stopped, stages)
    return Funnel(
      kind: world.situation.stage.kind, read: read.count, stages: stages,
      endings: endings(read.filter { $0.action != .skip && $0.action != .conflict }), headline: headline,
      companyLines: companyLines(plan, in: world), gone: endings(gone),
      targetOnly: world.isTwoWay ? 0 : alone.count, fromTarget: world.isTwoWay ? alone.count : 0)
  }

  /// One decision a record or pair: of a pair that is written on both sides the first.
  private static func rows(of decisions: [Decision]) -> [Decision] {
    var seen: Set<Subject> = []
    return decisions.filter { decision in decision.subject.map { seen.insert($0).inserted } ?? false }
  }

  private static func stages(of stopped: [Decision]) -> [Funnel.Stage] {
    Gate.allCases.compactMap { gate -> Funnel.Stage? in
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
  }

  private static func endings(_ decisions: [Decision]) -> [Funnel.Ending] {
    let counts = decisions.reduce(into: [Action: Int]()) { $0[$1.action, default: 0] += 1 }
    return counts.map { Funnel.Ending(action: $0.key, count: $0.value) }
      .sorted { Planner.rank($0.action) < Planner.rank($1.action) }
  }

  /// What stands against the sync as a whole first, then the reason that most records share and somebody can act on.
  private static func headline(_ plan: Plan, _ stopped: [Decision], _ stages: [Funnel.Stage]) -> String {
    if let obstacle = plan.obstacles.first {
      let fix = obstacle.fix.map { "  (\($0))" } ?? ""
      return "\(obstacle.reason.sentence) \(Wording.detail(obstacle))\(fix)"
    }
    if let held = plan.guards.first(where: \.holdsPlan) { return "The plan is held: \(held.sentence)." }
    let stops = stages.flatMap(\.stops)
    let likely =
      stops.filter { $0.reason.reasonClass != .expected }.max { $0.count < $1.count }
      ?? stops.max { $0.count < $1.count }
    guard let likely else {
      return plan.hasChanges ? "Everything that was read is in step or will be changed." : "Everything is in step."
    }
    return "Most likely: \(likely.reason.sentence) (\(likely.count) of \(stopped.count) that are left out)"
  }

  /// The gates before the records: run, read, company, and the guards that the plan is over.
  private static func companyLines(_ plan: Plan, in world: World) -> [GateLine] {
    commonLines(in: world)
      + plan.guards.map { GateLine(gate: .guard, mark: .stopped, text: "\($0.reason.rawValue)   \($0.sentence)") }
  }

  /// What the gates say that are the same for every record.
  static func commonLines(in world: World) -> [GateLine] {
    let recorder = GateRecorder(.source(""))
    var walk = Walk(source: "", in: world, listener: recorder)
    RunGate.pass(&walk)
    ReadGate.pass(&walk)
    CompanyGate.pass(&walk)
    return recorder.lines
  }
}
