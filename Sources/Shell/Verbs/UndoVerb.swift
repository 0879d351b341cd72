/// `undo`: a plan that reverses a run.
import CommandLanguage
import Execution
import Model
import Storage

enum UndoVerb: Verb {
  static let declaration = VerbDeclaration(
    "undo", group: "Carry out",
    summary: "make a plan that reverses a run",
    details: """
      Nothing is sent: look at the plan and apply it like any other. A record that was created is deactivated; a field \
      that somebody edited since is kept and listed.
      """,
    forms: [Form("undo", [.slot("run", .run)])],
    examples: [.init("undo r33", "plans the way back")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let run = try session.run(meantBy: call.text("run") ?? "")
    guard let id = run.id else { throw ShellError("That run has no number.") }
    let plan = try await session.engine.undoPlan(id)
    session.lastPlan = plan.id
    let back = plan.decisions.count { $0.action.isChange }
    let kept = plan.decisions.filter { !$0.action.isChange }
    var said = "plan \(plan.id.map(String.init(describing:)) ?? "") reverses \(id): \(counted(back, "change")) back"
    if !kept.isEmpty {
      said += "; \(kept.count) cannot:"
      for decision in kept.prefix(5) {
        said += "\n  \(decision.label): \(decision.reason.evidence.first?.found ?? decision.reason.reason.sentence)"
      }
      if kept.count > 5 {
        said += "\n  … \(kept.count - 5) more: show plan \(plan.id.map(String.init(describing:)) ?? "")"
      }
    } else {
      said += "."
    }
    if back > 0, let plan = plan.id { said += "\n  next: show plan \(plan) · apply \(plan)" }
    return .text(said)
  }
}
