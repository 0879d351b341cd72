/// Whether a plan may be carried out now: what refuses it, as pure questions over the plan and what was said with it.
import Foundation
package import Model
import Planning

package enum Admission {
  /// Why a plan cannot be applied at all: what it is, or what became of it; `nil` when nothing speaks against it.
  /// - Parameters:
  ///   - settings: the fingerprint of the settings in force.
  ///   - newest: the newest plan of the same sync that is not a what-if.
  package static func refusal(
    of plan: Plan, isRest: Bool, settings: Fingerprint, newest: PlanID?
  ) -> ExecutionError? {
    let name = plan.id.map(\.description) ?? "the plan"
    func refuse(
      _ kind: ExecutionError.Kind, _ message: String, hint: String?, reason: Reason? = nil
    ) -> ExecutionError {
      ExecutionError(kind, message, hint: hint, reason: reason, plan: plan.id)
    }
    switch plan.state {
    case .whatIf:
      let set = plan.whatIf.sorted { $0.key < $1.key }.map { "set \($0.key) to \($0.value)" }.joined(separator: ", ")
      return refuse(
        .invalid, "\(name) is a what-if plan and cannot be applied.",
        hint: set.isEmpty ? "preview \(plan.sync)" : "\(set), then preview")
    case .applied:
      return refuse(
        .usedUp, "\(name) was carried out already; a plan is applied once.", hint: "preview \(plan.sync)",
        reason: .stalePlan)
    case .superseded:
      let newer = newest.map { "; \($0) is newer" } ?? ""
      return refuse(
        .stale, "\(name) is out of date\(newer).", hint: newest.map { "apply \($0)" } ?? "preview \(plan.sync)",
        reason: .stalePlan)
    case .begun where !isRest:
      return refuse(
        .usedUp, "\(name) was begun and interrupted.", hint: "apply \(name) rest", reason: .runEndedEarly)
    case .open, .begun:
      break
    }
    if let newest, let id = plan.id, id < newest, plan.state == .begun {
      return refuse(
        .stale, "\(name) was interrupted, and \(newest) is newer.", hint: "apply \(newest)", reason: .stalePlan)
    }
    guard plan.settings == settings else {
      return refuse(
        .stale, "The settings of \(plan.sync) changed after \(name) was made.", hint: "preview \(plan.sync)",
        reason: .stalePlan)
    }
    return nil
  }

  /// What keeps the plan as a whole from being carried out and cannot be lifted: off, unmapped, a reading that is not
  /// usable.
  package static func refusal(for obstacles: [Cause]) -> ExecutionError? {
    guard let first = obstacles.first else { return nil }
    let evidence = first.evidence.map { [$0.place, $0.attribute, $0.found].compactMap(\.self).joined(separator: " ") }
    let detail = evidence.isEmpty ? "" : " (\(evidence.joined(separator: "; ")))"
    let kind: ExecutionError.Kind =
      switch first.reason {
      case .sourceIncomplete, .targetIncomplete, .serverError, .rateLimited: .unreachable
      default: .failed
      }
    return ExecutionError(
      kind, first.reason.sentence + detail, hint: first.fix ?? obstacles.compactMap(\.fix).first,
      reason: first.reason)
  }

  /// The line that lets a held plan through where nobody can be asked: every change by its number, every guard by its
  /// word and number.
  package static func liftingLine(
    _ plan: PlanID, isRest: Bool, counts: [ChangeKind: Int], guards: [GuardFinding]
  ) -> String {
    var within = Limits.words.compactMap { kind in counts[kind].map { "\(kind.rawValue) \($0)" } }
    if guards.contains(where: { $0.word == Overrides.firstWord }) { within.append("first") }
    let over = Overrides.words(lifting: guards)
    var line = "apply \(plan)\(isRest ? " rest" : "") confirm within "
    line += within.isEmpty ? "creates 0" : within.joined(separator: ", ")
    if !over.isEmpty { line += " over guard \(over)" }
    return line
  }

  /// The refusal of a plan that is over a guard.
  /// - Parameters:
  ///   - plan: cut down to what would be sent once all is let through.
  ///   - toLift: every guard that has to be named; `nil`: those that it is over.
  package static func held(
    _ plan: Plan, isRest: Bool, guards: [GuardFinding], toLift: [GuardFinding]? = nil, isAttended: Bool
  ) -> ExecutionError {
    let id = plan.id ?? PlanID(1)
    let sentences = guards.map { $0.sentence.trimmingEnd }.joined(separator: "; ")
    let toLift = toLift ?? guards
    let line =
      if !isAttended {
        liftingLine(id, isRest: isRest, counts: plan.changeCounts, guards: toLift)
      } else if toLift.contains(where: { !$0.holdsPlan }) {
        "apply \(id)\(isRest ? " rest" : "") over guard \(Overrides.words(lifting: toLift))"
      } else {
        "show plan \(id), then apply \(id)\(isRest ? " rest" : "")"
      }
    return ExecutionError(
      .refusedByGuard, "\(id) of \(plan.sync) is held: \(sentences). Nothing was sent.", hint: line, guards: guards,
      reason: guards.first?.reason, plan: plan.id)
  }
}

extension String {
  /// Without the stop that ends it, so that another sentence can follow; a question keeps its mark in the plan itself.
  fileprivate var trimmingEnd: String { hasSuffix("?") || hasSuffix(".") ? String(dropLast()) : self }
}
