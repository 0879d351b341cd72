/// A plan as a reader is told of it who has never seen the shell.
package import CommandLanguage
import Foundation
package import Model

/// What a sync's two sides and its company are called.
package struct SyncNames: Hashable, Sendable {
  package var company: String?
  package var source: String
  package var target: String
  package var isTwoWay: Bool
  package init(company: String?, source: String, target: String, isTwoWay: Bool) {
    self.company = company
    self.source = source
    self.target = target
    self.isTwoWay = isTwoWay
  }
}

extension SyncNames {
  /// What a page says first: which sync it is about.
  func facts(of sync: SyncName) -> [Preface.Fact] {
    [
      Preface.Fact("Sync", .text(sync.rawValue)),
      Preface.Fact(isTwoWay ? "Between" : "From → to", .text("\(source) \(isTwoWay ? "↔" : "→") \(target)")),
    ]
  }
}

/// The decisions of a plan with all that a page says around them.
package func planPage(_ plan: Plan, _ names: SyncNames) -> Rows {
  var rows = planRows(plan)
  let whole = rows
  rows.preface = Deferred { PlanPreface(plan: plan, names: names).preface(to: whole) }
  return rows
}

private struct PlanPreface {
  let plan: Plan
  let names: SyncNames

  func preface(to rows: Rows) -> Preface {
    Preface(
      to: rows, title: title, lead: lead, facts: facts, notices: notices, figures: figures, remarks: remarks,
      columns: columns, name: "person", groups: groups(rows))
  }

  private var title: String {
    let name = plan.id.map { "Plan \($0)" } ?? "Plan"
    if case .undo(let run) = plan.purpose { return "\(name): what reverses \(run)" }
    return name + " for \(names.company ?? plan.sync.rawValue)"
  }

  private var lead: String {
    let what =
      plan.purpose == .sync
      ? "What a sync would change so that \(names.target) and \(names.source) are in step."
      : "What would bring back what that run changed."
    return what + " " + state
  }

  private var state: String {
    switch plan.state {
    case .open: "Nothing of it has been carried out yet."
    case .whatIf: "It was made with settings that are not in force, and is only to be looked at."
    case .begun: "It has been carried out in part."
    case .applied: "It has been carried out."
    case .superseded: "A newer plan has taken its place."
    }
  }

  private var facts: [Preface.Fact] {
    var facts = names.facts(of: plan.sync) + [Preface.Fact("Made", .date(plan.madeAt))]
    for read in plan.reads {
      for (side, name) in [(Side.source, names.source), (.target, names.target)] {
        guard let moment = read[side]?.finishedAt else { continue }
        let kind = plan.reads.count > 1 ? "\(read.kind.plural) of " : ""
        facts.append(Preface.Fact("Read \(kind)\(name)", .date(moment)))
      }
    }
    facts.append(Preface.Fact("State", .text(plan.state.rawValue)))
    facts.append(Preface.Fact("Requests to read", .count(plan.requests)))
    let tried = plan.whatIf.sorted { $0.key < $1.key }.map { Value.text("\($0.key) = \($0.value)") }
    facts.append(Preface.Fact("Settings tried", .list(tried)))
    return facts
  }

  private var notices: [Preface.Notice] {
    var notices = plan.obstacles.map { cause in
      let seen = cause.evidence.isEmpty ? "" : " (\(cause.words))"
      return Preface.Notice("Cannot be carried out", cause.reason.sentence + seen)
    }
    notices += plan.guards.map { Preface.Notice($0.holdsPlan ? "Held" : "In part held", $0.sentence) }
    let conflicts = plan.openConflicts
    if conflicts > 0 { notices.append(Preface.Notice("To be decided by a person", counted(conflicts, "conflict"))) }
    return notices
  }

  private var kinds: [RecordKind] {
    plan.reads.isEmpty
      ? RecordKind.allCases.filter { kind in plan.decisions.contains { $0.kind == kind } }
      : plan.reads.map(\.kind)
  }

  private var figures: Preface.Figures? {
    let figures = kinds.map { PlanFigures(plan, of: $0) }
    let lines = PlanFigures.order.compactMap { action -> Preface.Figures.Line? in
      let counts = figures.map { figure in figure.counts.first { $0.action == action }?.count ?? 0 }
      return counts.contains { $0 > 0 }
        ? Preface.Figures.Line(action == .skip ? "skipped" : action.rawValue, counts) : nil
    }
    return lines.isEmpty ? nil : Preface.Figures(nouns: kinds.map(\.plural), lines: lines)
  }

  private var remarks: [String] {
    let figures = PlanFigures(plan)
    var remarks: [String] = []
    if figures.targetOnly > 0 {
      remarks.append("\(counted(figures.targetOnly, "more record")) only at \(names.target): left alone.")
    }
    if figures.toSource > 0 {
      remarks.append("\(figures.toSource) of these \(figures.toSource == 1 ? "is" : "are") sent to \(names.source).")
    }
    return remarks
  }

  private var columns: [String] {
    ["person"] + (kinds.count > 1 ? ["kind"] : []) + ["name", "what"] + (names.isTwoWay ? ["at"] : []) + [
      "reason", "ref",
    ]
  }

  /// Changes first; what is left as it is stands counted by its reason.
  private func groups(_ rows: Rows) -> [Preface.Group] {
    let named = zip(plan.decisions, rows.rows).map { (decision: $0, name: rows.name(of: $1)) }
    let ofTarget = Set(named.filter { $0.decision.isOfTargetOnly(in: plan) }.map(\.name))
    let groups = PlanFigures.order.map { action in
      let members = named.filter { ($0.decision.isDropped ? .skip : $0.decision.action) == action }.map(\.name)
      return Preface.Group(
        action == .skip ? "Skipped" : action.heading, lead: meaning(of: action),
        members: Set(members).subtracting(ofTarget),
        countedBy: action == .skip || action == .inStep ? "reason" : nil)
    }
    return groups + [
      Preface.Group(
        "Left alone", lead: "They are only at \(names.target), and none of the figures above.", members: ofTarget,
        countedBy: "reason")
    ]
  }

  private func meaning(of action: Action) -> String {
    let place = names.isTwoWay ? "one of the two systems" : names.target
    return switch action {
    case .create: "They are new at \(place)."
    case .update: "Values of theirs differ, and are written to \(place)."
    case .deactivate: "They are made inactive at \(place)."
    case .reactivate: "They are made active again at \(place)."
    case .delete: "They are deleted at \(place)."
    case .link: "They are the same on both sides and are remembered as a pair; nothing is sent."
    case .unlink: "Their pair is forgotten; nothing is sent."
    case .conflict: "A person has to decide; nothing is sent until then."
    case .inStep: "They are equal on both sides; there is nothing to do."
    case .skip: "They are left as they are, for the reasons below."
    }
  }
}

extension Action {
  fileprivate var heading: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
