/// A plan in a few lines: what was read, what would be done, what holds it, and what to type next.
import Foundation
package import Model
import Planning

/// The summary that `preview` and `sync` show; every figure in it adds up to the number of records.
///
/// - Parameters:
///   - source: the source system's own name, "Microsoft 365".
///   - target: the target system's.
///   - isTwoWay: whether changes travel to either of the two.
package func renderPlanSummary(
  _ plan: Plan, source: String, target: String, isTwoWay: Bool = false, style: RenderStyle
) -> String {
  let arrow: Glyph = isTwoWay ? .pairs : .becomes
  return style.joined(
    PlanSummary(plan: plan, sourceName: source, systems: "\(source) \(arrow.rawValue) \(target)", style: style).lines)
}

/// The changes of a plan in one line: "create 7, update 31, link 2"; "nothing" where there are none.
package func renderChanges(_ plan: Plan) -> String {
  let counts = PlanFigures(plan).counts.filter { $0.action.isChange }
  return counts.isEmpty ? "nothing" : counts.map { "\($0.action.rawValue) \($0.count)" }.joined(separator: ", ")
}

/// What is asked before a plan is carried out: "p14: create 7, update 31.  Go on?".
package func renderQuestion(_ plan: Plan, style: RenderStyle) -> String {
  style.shown("\(plan.shortName): \(renderChanges(plan)).  Go on?")
}

/// Everything that keeps a plan from being carried out, a line each, and the line that lets it through where nobody can
/// answer; empty for a plan that nothing holds.
package func renderGuards(_ plan: Plan, style: RenderStyle) -> String {
  style.joined(PlanSummary(plan: plan, sourceName: "", systems: "", style: style).holds)
}

/// How a plan's decisions are counted for a reader.
///
/// Records of the target alone that the plan leaves as they are stand apart, so that the other figures add up to the
/// people of the source.
struct PlanFigures: Equatable {
  struct Count: Equatable {
    var action: Action
    var count: Int
    /// The word for it in a summary.
    var word: String { action == .skip ? "skipped" : action.rawValue }
  }

  /// In the order in which they are shown; actions without a decision are left out.
  var counts: [Count]
  /// Changes that are sent to the source, in a sync that goes both ways; they are among the counts.
  var toSource: Int
  var total: Int
  var targetOnly: Int

  static let order: [Action] = [
    .create, .update, .deactivate, .reactivate, .delete, .link, .unlink, .conflict, .inStep, .skip,
  ]

  /// - Parameter kind: only the records of this kind; `nil`: all.
  init(_ plan: Plan, of kind: RecordKind? = nil) {
    let decisions = plan.decisions.filter { kind == nil || $0.kind == kind }
    let alone = decisions.count { $0.isOfTargetOnly(in: plan) }
    var byAction = decisions.reduce(into: [Action: Int]()) { counts, decision in
      counts[decision.isDropped ? .skip : decision.action, default: 0] += 1
    }
    byAction[.skip, default: 0] -= alone
    counts = Self.order.compactMap { action in
      let count = byAction[action] ?? 0
      return count > 0 ? Count(action: action, count: count) : nil
    }
    toSource = decisions.count { $0.side == .source && $0.action.write != nil && !$0.isDropped }
    // A pair that is written on both sides has two decisions and is one record.
    let pairs = decisions.compactMap { decision in
      decision.target == nil ? nil : decision.source.map { "\(decision.kind.rawValue) \($0)" }
    }
    let twice = pairs.count - Set(pairs).count
    total = decisions.count - alone - twice
    targetOnly = alone
  }
}

extension Decision {
  /// Whether it is about a record that only the target has and that the plan leaves as it is.
  func isOfTargetOnly(in plan: Plan) -> Bool { source == nil && action == .skip && plan.purpose == .sync }
}

extension Plan {
  /// `p12`; before the store has numbered it, "the plan".
  var shortName: String { id?.description ?? "the plan" }

  /// The fields that both sides changed and that the plan leaves to a person.
  package var openConflicts: Int {
    Set(
      decisions.flatMap { decision in
        decision.notes.filter { $0.reason == .bothChanged }.map {
          [decision.kind.rawValue, decision.source?.rawValue ?? "", $0.field.rawValue]
        }
      }
    ).count
  }

  /// The records that a guard skips while the rest of the plan goes on, by the guard's reason.
  package var guardedRecords: (count: Int, reasons: String) {
    (
      decisions.count { $0.heldAction != nil && !$0.isDropped },
      guards.filter { !$0.holdsPlan }.map(\.reason.rawValue).joined(separator: ", ")
    )
  }

  /// "2 conflicts:  show conflicts of teamwork-desk"; `nil` where there is none.
  package var conflictsLine: String? {
    let count = openConflicts
    guard count > 0 else { return nil }
    return "\(count) \(count == 1 ? "conflict" : "conflicts"):  show conflicts of \(sync)"
  }

  /// "200 records wait (import-held):  show plan p12"; `nil` where there is none.
  package var guardedLine: String? {
    let (count, reasons) = guardedRecords
    guard count > 0, let id else { return nil }
    return "\(counted(count, "record")) \(count == 1 ? "waits" : "wait") (\(reasons)):  show plan \(id)"
  }
}

/// The lines of a summary.
private struct PlanSummary {
  let plan: Plan
  let sourceName: String
  let systems: String
  let style: RenderStyle

  var lines: [String] {
    switch plan.purpose {
    case .undo(let run): undo(run)
    case .sync: plan.state == .whatIf ? whatIf : sync
    }
  }

  private var sync: [String] {
    let headline =
      style.paint("plan \(plan.shortName)", .strong) + stateNote + "  " + style.shown("\(plan.sync)   \(systems)")
      + "    " + reading
    let kinds = plan.reads.isEmpty ? [RecordKind.person] : plan.reads.map(\.kind)
    return [headline] + kinds.flatMap { figures(of: $0, isAlone: kinds.count == 1) } + open.map { "  " + $0 }
      + holds.map { "  " + $0 } + next
  }

  /// "221 people:  create 7   link 33": a line a kind, and what only the target has below it.
  private func figures(of kind: RecordKind, isAlone: Bool) -> [String] {
    let figures = PlanFigures(plan, of: kind)
    var line =
      "  \(figures.total) \(figures.total == 1 ? kind.rawValue : kind.plural):"
      + (figures.counts.isEmpty ? "" : "  " + shown(figures.counts))
    if figures.toSource > 0 { line += "   (\(figures.toSource) of them to \(style.shown(sourceName)))" }
    guard figures.targetOnly > 0 else { return [line] }
    guard isAlone else { return [line + "   only at the target, left alone \(figures.targetOnly)"] }
    return [line, "  \(figures.targetOnly) only at the target: left alone"]
  }

  /// A plan under settings that are not in force: one line, and how to make them so.
  private var whatIf: [String] {
    let figures = PlanFigures(plan)
    let commands = plan.whatIf.sorted { $0.key < $1.key }.map { "set \($0.key) to \(Self.quoted($0.value))" }
    let remark = (commands + ["preview"]).joined(separator: ", then ")
    return [
      style.paint("plan \(plan.shortName)", .strong) + " (what if)   " + shown(figures.counts)
    ] + holds.map { "  " + $0 } + ["a what-if plan cannot be applied:  " + style.shown(remark)]
  }

  private func undo(_ run: RunID) -> [String] {
    let changes = plan.decisions.filter { $0.action.isChange && !$0.isDropped }
    let kept = plan.decisions.filter { !$0.action.isChange || $0.isDropped }
    var headline = style.paint("plan \(plan.shortName)", .strong) + stateNote
    headline += " reverses \(run): \(changes.count) \(changes.count == 1 ? "change" : "changes") back"
    if !kept.isEmpty { headline += "; \(kept.count) cannot (kept):" }
    let reasons = kept.prefix(Self.longestList).map { decision in
      "  " + style.shown("\(decision.label)   \(decision.reason.reason.rawValue)   \(decision.reason.words)")
    }
    let rest = kept.count - reasons.count
    return [headline] + reasons + (rest > 0 ? ["  and \(rest) more"] : []) + holds.map { "  " + $0 } + next
  }

  private static let longestList = 10

  /// What the plan leaves to a person.
  private var open: [String] {
    plan.conflictsLine.map { [style.paint(style.shown($0), .warning)] } ?? []
  }

  /// What keeps the plan from being carried out.
  var holds: [String] {
    let obstacles = plan.obstacles.map { cause in
      style.paint("cannot be applied:", .bad) + " "
        + style.shown("\(cause.reason.rawValue)   \(cause.words)") + (cause.fix.map { "   " + style.shown($0) } ?? "")
    }
    let guards = plan.guards.map { finding in
      style.paint(finding.holdsPlan ? "held:" : "skipped:", .warning) + " "
        + style.shown("\(finding.reason.rawValue)   \(finding.sentence)")
        + (finding.setting.map { "   " + style.paint("(\($0))", .dim) } ?? "")
    }
    return obstacles + guards + letThrough
  }

  /// The lines that carry a plan out where nobody can answer, with the very numbers that have to be said: a held plan,
  /// and one of which a guard skips records.
  private var letThrough: [String] {
    let holding = plan.guards.filter(\.holdsPlan)
    guard !plan.guards.isEmpty, plan.obstacles.isEmpty, let id = plan.id, plan.state == .open else { return [] }
    guard plan.guards.allSatisfy(\.canBeLifted) else { return ["nobody can let this through: read again first"] }
    var lines: [String] = []
    if !holding.isEmpty { lines.append("unattended:  " + line(id, counting: plan, over: holding)) }
    if holding.count < plan.guards.count {
      var whole = plan
      whole.decisions = plan.decisions.map { $0.lifted ?? $0 }
      lines.append("to send them too:  " + line(id, counting: whole, over: plan.guards))
    }
    return lines
  }

  private func line(_ id: PlanID, counting plan: Plan, over guards: [GuardFinding]) -> String {
    let counts = plan.changeCounts
    let limits = Limits.words.compactMap { kind in counts[kind].map { "\(kind.rawValue) \($0)" } }
    let isFirst = guards.contains { $0.word == Overrides.firstWord }
    let within = (limits + (isFirst ? [Overrides.firstWord] : [])).joined(separator: ", ")
    let over = guards.filter { $0.word != Overrides.firstWord }.map { finding in
      finding.count.map { "\(finding.word) \($0)" } ?? finding.word
    }.joined(separator: ", ")
    return "apply \(id)" + (within.isEmpty ? "" : " confirm within \(within)")
      + (over.isEmpty ? "" : " over guard \(over)")
  }

  private var next: [String] {
    guard let id = plan.id, !plan.decisions.isEmpty else { return [] }
    var steps = ["show plan \(id)"]
    if let telling = plan.decisions.first(where: { $0.action == .conflict }) ?? plan.decisions.first {
      steps.append("why \(id)/\(telling.number)")
    }
    switch plan.state {
    case .open where plan.obstacles.isEmpty && plan.hasChanges: steps.append("apply \(id)")
    case .begun: steps.append("apply \(id) rest")
    case .open, .whatIf, .applied, .superseded: break
    }
    return ["next: " + steps.joined(separator: " \(style.glyph(.noted)) ")]
  }

  private var stateNote: String {
    switch plan.state {
    case .open, .whatIf: ""
    case .applied: " (applied)"
    case .begun: " (begun)"
    case .superseded: " (superseded)"
    }
  }

  private var reading: String {
    let moments = [plan.sourceRead, plan.targetRead].compactMap { $0?.finishedAt }
    let requests = "\(plan.requests) \(plan.requests == 1 ? "request" : "requests")"
    guard let oldest = moments.min() else { return "never read" }
    return "read \(style.clock(oldest)), \(requests)"
  }

  private func shown(_ counts: [PlanFigures.Count]) -> String {
    counts.map { "\($0.word) \($0.count)" }.joined(separator: "   ")
  }

  /// A value as the language takes it: a word as it is, a list as it is, anything else in quotes.
  private static func quoted(_ value: String) -> String {
    let isWord = !value.isEmpty && value.utf8.allSatisfy(wordBytes.contains)
    if isWord || value.hasPrefix("[") && value.hasSuffix("]") { return value }
    return "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }

  private static let wordBytes = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@/~*_.+-:%".utf8)
}
