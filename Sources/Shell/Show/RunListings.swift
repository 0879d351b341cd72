/// `show plans`, `runs`, `history`: what was planned and done.
import CommandLanguage
import Execution
import Foundation
import Model
import Storage

extension Listing {
  static let plans = Listing(
    "plans", "the plans, newest first", isOfCompany: true, hasSince: true, isQuick: true,
    columns: [
      Column("plan", priority: 9, style: .id, help: "the plan, by its number"),
      Column("sync", priority: 8, help: "the sync, by its name"),
      Column("made", type: .date, priority: 7, help: "when it was made"),
      Column(
        "state", priority: 8, style: .state, choices: PlanState.allCases.map { .init($0.rawValue) },
        help: "open, applied, superseded, what if …"),
      Column("create", type: .count, priority: 6, help: "records to be made"),
      Column("update", type: .count, priority: 6, help: "records to be changed"),
      Column("deactivate", type: .count, priority: 6, help: "records to be made inactive"),
      Column("reactivate", type: .count, priority: 5, help: "records to be made active again"),
      Column("delete", type: .count, priority: 5, help: "records to be deleted"),
      Column("link", type: .count, priority: 5, help: "pairs to be remembered"),
      Column("conflict", type: .count, priority: 5, help: "records that a person has to settle"),
      Column("skip", type: .count, priority: 4, help: "records that are left"),
      Column("in-step", type: .count, priority: 4, help: "records in which nothing differs"),
      Column("held-by", type: .list, priority: 7, style: .reason, help: "what keeps it from being applied"),
    ]
  ) { session, request in
    try request.each(session) { try session.store.plans(of: $0, limit: request.most) }
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
    "runs", "the runs, newest first", isOfCompany: true, hasSince: true, isQuick: true,
    columns: [
      Column("run", priority: 9, style: .id, help: "the run, by its number"),
      Column("sync", priority: 8, help: "the sync, by its name"),
      Column("verb", priority: 5, help: "sync, apply, push …"),
      Column("started", type: .date, priority: 7, help: "when it began"),
      .outcome(priority: 9, help: "ok, failed, held, refused, unreachable or interrupted"),
      Column(
        "done", type: .count, priority: 7,
        bar: [
          Column.BarPart("done", .done), Column.BarPart("failed", .trouble), Column.BarPart("skipped", .rest),
          Column.BarPart("not-sent", .rest), Column.BarPart("waiting", .rest),
        ], help: "changes that arrived"),
      Column("failed", type: .count, priority: 7, help: "changes that did not"),
      Column("skipped", type: .count, priority: 5, help: "changes that were left out"),
      Column("not-sent", type: .count, priority: 4, help: "changes that were not tried"),
      Column("waiting", type: .count, priority: 3, help: "written into a file that waits to be uploaded"),
      Column("requests", type: .count, priority: 4, help: "how many requests were sent"),
      Column("floor", type: .count, priority: 3, help: "the fewest with which it can be done"),
      Column("plan", priority: 5, help: "the plan that was carried out"),
      Column("script", priority: 5, style: .id, help: "the run of the script that made it"),
      Column("by", priority: 2, help: "who did it"),
      Column("message", priority: 6, style: .prose, help: "what ended it"),
      Column("next", priority: 7, help: "what to type where it did not end well"),
    ]
  ) { session, request in
    let parts = try request.syncs == nil ? session.store.partNames() : []
    return try request.each(session) { try session.store.runs(of: $0, since: request.since, limit: request.most) }
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
    "history", "what was typed, the last line last", hasSince: true, isQuick: true,
    columns: [
      Column("at", type: .date, priority: 7, help: "when it had ended"),
      Column("line", priority: 9, help: "the line, without secrets"),
      Column("company", priority: 5, ignoresCase: true, help: "what was in use"),
      Column("took", type: .duration, priority: 4, help: "how long it took"),
      Column("exit-code", type: .count, priority: 6, help: "what it ended with; help exit lists them"),
      Column("session", priority: 1, style: .dim, help: "this, or what an earlier sitting is called"),
    ]
  ) { session, request in
    try session.store.history(since: request.since).reversed().map { entry in
      [
        .date(entry.at), .text(entry.line), .text(orBlank: entry.company), .duration(entry.duration),
        .count(Int(entry.exitCode)),
        .text(entry.session == session.who.session ? "this" : String(entry.session.prefix(8)).lowercased()),
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
