/// `show run r33`: what a run did, line by line; `preview` over several syncs: a row a plan.
import CommandLanguage
import Model
import Storage

let runColumns: [Column] = [
  Column("ref", priority: 9, style: .id, help: "the change: p12/7"),
  Column("person", priority: 9, ignoresCase: true, help: "e-mail address, else name, else id"),
  .action(priority: 8, help: "what was done"),
  Column(
    "outcome", priority: 8, style: .state, choices: RecordOutcome.allCases.map { .init($0.rawValue) },
    help: "done, failed, skipped, unknown or not sent"),
  .reason(priority: 6, help: "why it was not done"),
  Column("message", priority: 5, style: .prose, help: "the system's own words"),
  .at(priority: 4, help: "the side that was written to"),
  .kind(priority: 3),
  Column("source-id", priority: 1, style: .dim, help: "the id of the record at the source"),
  Column("target-id", priority: 2, style: .dim, help: "the id of the record at the target"),
]

func runRows(_ run: Run, lines: [RunLine]) -> Rows {
  Rows(
    subject: "lines", columns: runColumns,
    // A baseline that moved without a write is no line of what was done.
    rows: lines.filter { $0.action.isChange || $0.outcome != .done }.map { line in
      [
        .text(run.plan.map { PlanRef(plan: $0, number: line.number).description } ?? String(line.number)),
        .text(line.label), .text(line.action.rawValue), .text(line.outcome.rawValue),
        .text(orBlank: line.reason?.rawValue),
        .text(orBlank: line.message), line.action.write == nil ? .blank : .text(line.side.rawValue),
        .text(line.kind.rawValue), .text(orBlank: line.source?.rawValue), .text(orBlank: line.target?.rawValue),
      ]
    })
}

func runsRows(_ runs: [Run]) -> Rows {
  Rows(subject: "runs", columns: Listing.runs.columns, rows: runs.map(Listing.runRow))
}

func plansRows(_ plans: [PlanSummary]) -> Rows {
  Rows(subject: "plans", columns: Listing.plans.columns, rows: plans.map(Listing.planRow))
}
