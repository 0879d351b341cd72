/// `status`: one screen: what is fresh, what failed, what is held, what to do next.
import CommandLanguage
import Execution
import Foundation
import Model
import Planning
import Storage

enum StatusVerb: Verb {
  static let declaration = VerbDeclaration(
    "status", group: "Look", effect: .looks,
    summary: "what is fresh, what failed, what is held, what runs next",
    details: "A row for each sync, those that need a person first.",
    forms: [Form("status", [], subject: .fixed("status"))],
    examples: [.init("status", "everything at a glance")])

  static let columns: [Column] = [
    Column("sync", priority: 9, style: .id, help: "the sync, by its name"),
    Column("stands", priority: 9, style: .state, help: "ok, off, failed, held, waits …"),
    Column(
      "in-step", type: .count, priority: 5, bar: [Column.BarPart("in-step", .done), Column.BarPart("to-do", .rest)],
      help: "records in step: by the newest plan, and what was carried out of it"),
    Column("to-do", type: .count, priority: 5, help: "changes of the newest plan that are not carried out yet"),
    Column("read", type: .date, priority: 6, help: "when it was read last"),
    Column("last-run", type: .date, priority: 7, help: "when it ran last"),
    .outcome(priority: 7),
    Column("why", priority: 6, style: .prose, help: "what keeps it"),
    Column("next", priority: 8, help: "what to type next"),
  ]

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let syncs = try session.store.syncs()
    guard !syncs.isEmpty else {
      let connections = try session.store.connections()
      let companies = try session.store.companies()
      return .message(
        """
        Nothing is set up to sync yet: \(counted(connections.count, "connection")), \(counted(companies.count, "company", "companies")).
          next: \(session.firstStep(connections, companies))
        """ + (try session.nextRun().map { "\n\($0)" } ?? ""))
    }
    let scheduled = try session.scheduledSyncs()
    let ranked = try syncs.map { try standing(of: $0, isScheduled: scheduled.contains($0.name), in: session) }
      .sorted { $0.rank < $1.rank }
    let head = try headline(of: ranked.map(\.stands), in: session)
    if !head.isEmpty { session.tell(head.joined(separator: "\n")) }
    return .rows(
      Rows(subject: "syncs", columns: columns, rows: ranked.map(\.row), note: try session.nextRun()))
  }

  /// What a person wants to know first: how many stand how, the worst first, and which scripts did not end well.
  private static func headline(of standings: [String], in session: Session) throws -> [String] {
    var counts: [(stands: String, count: Int)] = []
    for stands in standings {
      if let index = counts.firstIndex(where: { $0.stands == stands }) {
        counts[index].count += 1
      } else {
        counts.append((stands, 1))
      }
    }
    let figures = counts.map { "\($0.stands) \($0.count)" }.joined(separator: "   ")
    var lines = standings.count > 1 ? ["\(standings.count) syncs:  \(figures)"] : []
    for name in session.scriptFolder.names() {
      // A person who runs a script sees how it ends; what nobody saw is told here.
      guard let last = try session.store.scriptRuns(of: name, limit: 1).first, !last.isAttended, last.exitCode != 0,
        !session.scripts.contains(where: { $0.id == last.id })
      else { continue }
      let when = relative(last.startedAt, to: session.now)
      let ending = last.exitCode.map { "ended with \($0), \(last.meaning)" } ?? "has not ended"
      lines.append("script \(name), \(when), \(ending):  show run \(last.id.map(String.init(describing:)) ?? "")")
    }
    return lines
  }

  private static func standing(
    of sync: Sync, isScheduled: Bool, in session: Session
  ) throws -> (rank: Int, stands: String, row: [Value]) {
    let name = sync.company ?? sync.name.rawValue
    let runs = try session.store.runs(of: sync.name, since: nil, limit: 20)
    let last = runs.first {
      $0.verb != "preview" || $0.outcome != .ok
    }
    let settings = try session.store.settings(for: .sync(sync.name))
    let read = try session.engine.snapshotScope(of: sync.name, .source).flatMap {
      try session.store.certificate(of: $0)?.finishedAt
    }
    let waiting = try session.store.waiting(of: sync.name)
    let isEnabled = settings["enabled"] == .flag(true)
    var rank = 3
    var stands = "fine"
    var why: String?
    var next = "preview \(name)"
    switch (isEnabled, last?.outcome) {
    case (_, .running):
      (rank, stands, next) = (1, "running", "show run \(last?.id.map(String.init(describing:)) ?? "")")
    case (_, .failed), (_, .unreachable),
      (_, .refused) where last?.outcome != .refused || last?.plan == nil:
      (rank, stands, why, next) = (
        0, last?.outcome == .failed ? "failed" : "unreachable", last?.message ?? last?.reason?.sentence,
        "why \(last?.id.map(String.init(describing:)) ?? "")"
      )
    case (_, .held), (_, .refused):
      (rank, stands, why) = (0, "held", last?.message ?? last?.reason?.sentence)
      next = last?.plan.map { "show plan \($0)" } ?? "preview \(name)"
    case (_, .interrupted):
      (rank, stands, why) = (0, "interrupted", last?.message)
      next = last?.plan.map { "apply \($0) rest" } ?? "sync \(name)"
    case (false, _):
      (rank, stands, next) = (2, "off", "enable \(sync.name)")
    case (true, nil):
      (rank, stands, next) = (2, "never run", "preview \(name)")
    case (true, .ok) where !waiting.isEmpty:
      let files = Set(waiting.map(\.file)).sorted()
      (rank, stands) = (1, "waits")
      why = "\(counted(waiting.count, "change")) to upload"
      next = "upload \(files.joined(separator: ", "))"
    case (true, .ok):
      if let open = try session.leftOpen(by: sync) {
        (rank, stands, why, next) = (1, open.stands, open.why, open.next)
      } else if !isScheduled, let recipe = Recipes.named(sync.recipe) {
        (rank, stands, why) = (2, "no schedule", "enabled, and nothing runs it by itself")
        next = session.scheduleLine(for: sync, recipe)
      }
    }
    let share = try session.newestPlan(of: sync.name).map { Self.share(of: $0, carriedOutBy: runs) }
    return (
      rank, stands,
      [
        .text(sync.name.rawValue), .text(stands), share.map { .count($0.inStep) } ?? .blank,
        share.map { .count($0.toDo) } ?? .blank, .date(orBlank: read), .date(orBlank: last?.startedAt),
        .text(orBlank: last?.outcome.rawValue), .text(orBlank: why), .text(next),
      ]
    )
  }

  /// How many records are in step and how many changes wait, as far as a plan and its runs tell.
  private static func share(of plan: PlanSummary, carriedOutBy runs: [Run]) -> (inStep: Int, toDo: Int) {
    let due = plan.counts.reduce(0) { $0 + ($1.key.isChange ? $1.value : 0) }
    let done = min(due, runs.reduce(0) { $0 + ($1.plan == plan.id ? $1.done : 0) })
    return (plan.counts[.inStep, default: 0] + done, due - done)
  }
}
