/// A run in one line, and the changes of it that did not go well.
import Foundation
package import Model

/// "r33: 41 done, 0 failed, 9 skipped.  52 requests (floor 50), 8.1 s", then why it ended as it did, what failed, and
/// what to type next.
///
/// - Parameters:
///   - plan: the plan that was carried out; what it left to a person is told.
///   - isNamed: whether the sync is said, for a reader who sees no line that names it: "r33 acme/contacts: 41 done".
///   - isExplained: whether this stands above the answer to `why`, which is then no next step.
package func renderRun(
  _ run: Run, lines: [RunLine], plan: Plan? = nil, isNamed: Bool = false, isExplained: Bool = false,
  style: RenderStyle
) -> String {
  let report = RunReport(
    run: run, runLines: lines, plan: plan, isNamed: isNamed, isExplained: isExplained, style: style)
  return style.joined([report.headline] + report.cause + report.troubles + report.open + report.next)
}

private struct RunReport {
  let run: Run
  let runLines: [RunLine]
  let plan: Plan?
  let isNamed: Bool
  let isExplained: Bool
  let style: RenderStyle

  var headline: String {
    var figures = ["\(run.done) done", "\(run.failed) failed", "\(run.skipped) skipped"]
    if run.notSent > 0 { figures.append("\(run.notSent) not sent") }
    if run.waiting > 0 { figures.append(waiting) }
    let requests = "\(run.requests) \(run.requests == 1 ? "request" : "requests")"
    let floor = run.requestFloor > 0 ? " (floor \(run.requestFloor))" : ""
    let time = run.endedAt.map { ", " + spent($0.timeIntervalSince(run.startedAt)) } ?? ""
    let name = (run.id?.description ?? "run") + (isNamed ? " \(style.shown(run.sync.rawValue))" : "")
    return style.paint("\(name):", run.outcome.ink) + " " + word + figures.joined(separator: ", ") + ".  "
      + requests + floor + time
  }

  /// "7 wait for upload: /srv/kith/crewhu.csv".
  private var waiting: String {
    let files = Set(runLines.filter { $0.outcome == .waiting }.compactMap(\.message)).sorted()
    let wait = run.waiting == 1 ? "1 waits for upload" : "\(run.waiting) wait for upload"
    return files.isEmpty ? wait : wait + ": " + style.shown(files.joined(separator: ", "))
  }

  /// How it ended, where that is not "ok".
  private var word: String {
    switch run.outcome {
    case .ok, .failed: ""
    case .held, .refused, .unreachable, .interrupted: "\(run.outcome.rawValue): "
    case .running: "not ended: "
    }
  }

  var cause: [String] {
    guard let message = run.message else { return [] }
    return ["  " + style.shown((run.reason.map { "\($0.rawValue)   " } ?? "") + message)]
  }

  /// At most ten; the rest is a `show run` away.
  var troubles: [String] {
    let troubled = runLines.filter { $0.outcome == .failed || $0.outcome == .unknown }
    var lines = troubled.prefix(Self.longestList).map { line in
      let parts = [line.label, line.action.rawValue, line.reason?.rawValue ?? "", line.message ?? ""]
      let text = style.shown(parts.filter { !$0.isEmpty }.joined(separator: "   "))
      return "  " + style.paint("\(style.glyph(.stopped)) \(line.outcome.rawValue)", .bad) + "  " + text
    }
    if troubled.count > lines.count, let id = run.id {
      lines.append("  and \(troubled.count - lines.count) more:  show run \(id)")
    }
    return lines
  }

  private static let longestList = 10

  /// What the plan left: conflicts, and records that a guard skipped and this run did not send either.
  var open: [String] {
    guard let plan, plan.purpose == .sync else { return [] }
    var lines = plan.conflictsLine.map { [$0] } ?? []
    let sent = Set(runLines.map(\.number))
    if !plan.decisions.contains(where: { $0.heldAction != nil && sent.contains($0.number) }),
      let line = plan.guardedLine
    {
      lines.append(line)
    }
    return lines.map { "  " + style.paint(style.shown($0), .warning) }
  }

  var next: [String] {
    var steps: [String] = []
    if let plan = run.plan, run.notSent > 0 { steps.append("apply \(plan) rest") }
    if let id = run.id, run.failed > 0, !isExplained { steps.append("why \(id)") }
    return steps.isEmpty ? [] : ["next: " + steps.joined(separator: " \(style.glyph(.noted)) ")]
  }
}

extension RunOutcome {
  var ink: Ink {
    switch self {
    case .ok: .good
    case .failed, .refused, .unreachable: .bad
    case .held, .interrupted: .warning
    case .running: .plain
    }
  }
}
