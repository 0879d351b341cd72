/// `show plans`, `runs`, `history`: what was planned and done.
import CommandLanguage
import Foundation
import Model
import Storage

extension Listing {
  static let plans = Listing(
    "plans", "the plans, newest first", isOfCompany: true, hasSince: true,
    columns: [
      Column("plan", priority: 9, style: .id), Column("sync", priority: 8), Column("made", type: .date, priority: 7),
      Column("state", priority: 8, style: .state), Column("create", type: .count, priority: 6),
      Column("update", type: .count, priority: 6), Column("deactivate", type: .count, priority: 6),
      Column("reactivate", type: .count, priority: 5), Column("delete", type: .count, priority: 5),
      Column("link", type: .count, priority: 5),
      Column("conflict", type: .count, priority: 5), Column("skip", type: .count, priority: 4),
      Column("in-step", type: .count, priority: 4), Column("held-by", type: .list, priority: 7, style: .reason),
    ]
  ) { session, request in
    try request.each(session) { try session.store.plans(of: $0, limit: 500) }
      .filter { plan in request.since.map { plan.madeAt >= $0 } ?? true }
      .sorted { $0.id > $1.id }
      .map { plan in planRow(plan) }
  }

  static func planRow(_ plan: PlanSummary) -> [Value] {
    func count(_ action: Action) -> Value { .count(plan.counts[action] ?? 0) }
    let holders = plan.obstacles.map(\.reason) + plan.guards.map(\.reason)
    return [
      .text(plan.id.description), .text(plan.sync.rawValue), .date(plan.madeAt), .text(plan.state.rawValue),
      count(.create), count(.update), count(.deactivate), count(.reactivate), count(.delete), count(.link),
      count(.conflict), count(.skip), count(.inStep), .list(holders.map { .text($0.rawValue) }),
    ]
  }

  static let runs = Listing(
    "runs", "the runs, newest first", isOfCompany: true, hasSince: true,
    columns: [
      Column("run", priority: 9, style: .id), Column("sync", priority: 8), Column("verb", priority: 5),
      Column("started", type: .date, priority: 7), Column("outcome", priority: 9, style: .state),
      Column(
        "done", type: .count, priority: 7,
        bar: [
          Column.BarPart("done", .done), Column.BarPart("failed", .trouble), Column.BarPart("skipped", .rest),
          Column.BarPart("not-sent", .rest), Column.BarPart("waiting", .rest),
        ]), Column("failed", type: .count, priority: 7),
      Column("skipped", type: .count, priority: 5), Column("not-sent", type: .count, priority: 4),
      Column("waiting", type: .count, priority: 3, help: "written into a file that waits to be uploaded"),
      Column("requests", type: .count, priority: 4), Column("floor", type: .count, priority: 3),
      Column("plan", priority: 5),
      Column("script", priority: 5, style: .id, help: "the run of the script that made it"),
      Column("by", priority: 2), Column("message", priority: 6, style: .prose),
      Column("next", priority: 7, help: "what to type where it did not end well"),
    ]
  ) { session, request in
    let parts = try request.syncs == nil ? session.store.partNames() : []
    return try request.each(session) { try session.store.runs(of: $0, since: request.since, limit: 500) }
      // The runs of single destinations are shown where their sync is asked for.
      .filter { !parts.contains($0.sync) }
      .sorted { ($0.id ?? RunID(0)) > ($1.id ?? RunID(0)) }
      .map(runRow)
  }

  static func runRow(_ run: Run) -> [Value] {
    [
      .text(run.id?.description ?? ""), .text(run.sync.rawValue), .text(run.verb), .date(run.startedAt),
      .text(run.outcome.rawValue), .count(run.done), .count(run.failed), .count(run.skipped), .count(run.notSent),
      .count(run.waiting), .count(run.requests), .count(run.requestFloor), .text(orBlank: run.plan?.description),
      .text(orBlank: run.script?.description), .text(run.by), .text(orBlank: run.message),
      .text(orBlank: run.nextStep),
    ]
  }

  static let history = Listing(
    "history", "what was typed, the last line last", hasSince: true,
    columns: [
      Column("at", type: .date, priority: 7), Column("line", priority: 9),
      Column("company", priority: 5, ignoresCase: true),
      Column("took", type: .duration, priority: 4), Column("exit-code", type: .count, priority: 6),
    ]
  ) { session, request in
    try session.store.history(limit: 1_000)
      .filter { entry in request.since.map { entry.at >= $0 } ?? true }
      .reversed()
      .map { entry in
        [
          .date(entry.at), .text(entry.line), .text(orBlank: entry.company), .duration(entry.duration),
          .count(Int(entry.exitCode)),
        ]
      }
  }
}

extension Run {
  /// What to type about a run that did not end well; `nil` where nothing is left to do.
  var nextStep: String? {
    switch outcome {
    case .ok: nil
    case .running: id.map { "show run \($0)" }
    case .failed, .unreachable: id.map { "why \($0)" }
    case .held, .refused: plan.map { "show plan \($0)" } ?? id.map { "why \($0)" }
    case .interrupted: plan.map { "apply \($0) rest" } ?? "sync \(sync)"
    }
  }
}

extension ShowRequest {
  /// What a store call gives for each sync that the request means, or for all at once.
  func each<Element>(_ session: Session, _ call: (SyncName?) throws -> [Element]) throws -> [Element] {
    guard let syncs else { return try call(nil) }
    return try syncs.flatMap { try [$0] + session.store.parts(of: $0.name) }.flatMap { try call($0.name) }
  }
}
