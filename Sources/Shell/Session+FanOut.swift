/// Syncs with many destinations at the prompt: one line for all of them, a row for each.
import CommandLanguage
import Execution
import Foundation
import Model
import Planning
import Storage

extension Session {
  /// What `preview` shows above the rows: the numbers of all destinations, and what has to be known of single ones.
  func summary(of plan: FanOutPlan, named sync: Sync) -> String {
    let planned = plan.parts.filter { $0.plan != nil }
    let source = (try? store.places(of: sync.name))?.first { $0.side == .source }
    var said = [
      "\(sync.name)   \(source.map { "\($0.groupName ?? "") of \($0.name)" } ?? "") → "
        + "\(counted(planned.count, "destination"))   \(counted(plan.requests, "request"))"
    ]
    said.append("  " + figures(of: plan))
    said += remarks(on: plan)
    // One line for each reason: at a first plan it is the same everywhere.
    let held = Dictionary(grouping: planned.filter { !$0.guards.isEmpty }) { part in
      part.guards.map(\.reason.rawValue).joined(separator: ", ")
    }
    for (reasons, parts) in held.sorted(by: { $0.key < $1.key }) {
      let names = parts.prefix(3).map(\.place.name).joined(separator: ", ") + (parts.count > 3 ? " …" : "")
      said.append("  held: \(reasons)   \(counted(parts.count, "destination"))   \(names)")
    }
    said.append(next(after: plan, named: sync))
    return said.joined(separator: "\n")
  }

  /// The line to type next: unattended with its numbers, as a plan of one destination would say.
  private func next(after plan: FanOutPlan, named sync: Sync) -> String {
    let counts = Limits.words.compactMap { kind in
      plan.changeCounts[kind].flatMap { $0 > 0 ? "\(kind.rawValue) \($0)" : nil }
    }
    let held = plan.parts.filter { $0.guards.contains { $0.holdsPlan && $0.reason != .firstPlan } }
    if let first = held.first?.plan {
      // Each held destination is let through by itself, by whoever has looked at its plan.
      return "next: show plan \(first) · apply \(first)"
    }
    guard !counts.isEmpty else { return "next: sync \(sync.name)" }
    let first = plan.parts.contains { $0.guards.contains { $0.reason == .firstPlan } } ? ", first" : ""
    return "  unattended:  sync \(sync.name) confirm within \(counts.joined(separator: ", "))\(first)\n"
      + "next: show plans of \(sync.name) · sync \(sync.name)"
  }

  /// "create 480   update 12   in step 1 500".
  private func figures(of plan: FanOutPlan) -> String {
    let counts = plan.parts.reduce(into: [Action: Int]()) { $0.merge($1.counts, uniquingKeysWith: +) }
    let shown = PlanFigures.order.compactMap { action in
      counts[action].flatMap { $0 > 0 ? "\(action == .skip ? "skipped" : action.rawValue) \($0)" : nil }
    }
    return shown.isEmpty ? "nothing to do" : shown.joined(separator: "   ")
  }

  /// Renamed users, selectors that lead nowhere, destinations that are left alone or could not be read.
  private func remarks(on plan: FanOutPlan) -> [String] {
    var said = plan.renamed.map { "  \(Reason.keyRenamed.rawValue)   \($0.from) is \($0.to) now, and is followed" }
    for (selector, cause) in plan.faults.sorted(by: { $0.key < $1.key }) {
      let seen =
        cause.reason == .groupIncomplete
        ? "   " + cause.evidence.map { "\($0.attribute): \($0.found)" }.joined(separator: ", ") : ""
      said.append("  \(cause.reason.rawValue)   \(selector)\(seen)\(cause.fix.map { "   \($0)" } ?? "")")
    }
    said += plan.renamings.map { "  \($0)" }
    for part in plan.parts {
      if let cause = part.leftAlone {
        said.append("  left alone   \(part.place.name)   \(cause.reason.rawValue)\(cause.fix.map { "   \($0)" } ?? "")")
      } else if let failure = part.failure {
        said.append("  failed   \(part.place.name)   \(failure.message)")
      }
    }
    return said
  }

  /// Shows what all destinations together would change, and asks.
  func agrees(to plan: FanOutPlan, named sync: Sync) -> Bool {
    let question = "\(summary(of: plan, named: sync))\nGo on?"
    if plan.changeCounts[.deletes, default: 0] > 0 { return confirms(question, byTyping: sync.name.rawValue) }
    return confirms(question)
  }

  /// How a run over all destinations ended: the numbers of all, and the destinations that need a look.
  func summary(of result: FanOutRun, named sync: Sync) -> String {
    var said = [summary(of: result.run)]
    if result.run.message == nil { said += remarks(on: result.plan) }
    for (part, run) in result.runs where run.outcome != .ok || run.failed > 0 {
      said.append("  \(part.name)   \(run.outcome.rawValue)   why \(run.id.map(\.description) ?? "")")
    }
    for (part, error) in result.failures {
      said.append("  \(part.name)   \(error.message)\(error.hint.map { "\n    \($0)" } ?? "")")
    }
    return said.joined(separator: "\n")
  }
}
