/// `drop`: takes single changes out of a plan.
import CommandLanguage
import Execution
import Model
import Storage

enum DropVerb: Verb {
  static let declaration = VerbDeclaration(
    "drop", group: "Carry out",
    summary: "take a change out of a plan",
    details: "The change stays listed as dropped; `restore` puts it back.",
    forms: [Form("drop", [.many([.slot("line", .planLine)])])],
    examples: [.init("drop p12/7", "the plan is applied without it")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    .message(try session.setDropped(true, call))
  }
}

extension Session {
  /// Drops or restores lines of plans, all or none.
  func setDropped(_ isDropped: Bool, _ call: Invocation) throws -> String {
    let refs = try call.texts("line").map { word in
      guard let ref = PlanRef(word) else {
        throw ShellError("“\(word)” is not a line of a plan: they are called p12/7.", code: .wrong)
      }
      let plan = try self.plan(meantBy: ref.plan.description)
      guard let decision = plan.decisions.first(where: { $0.number == ref.number }) else {
        throw ShellError("\(ref.plan) has no line \(ref.number).", hint: "show plan \(ref.plan)")
      }
      guard plan.state == .open else {
        throw ShellError("\(ref.plan) is \(plan.state.rawValue) and stays as it is.", code: .stale)
      }
      guard decision.action.isChange else {
        throw ShellError("\(ref) changes nothing: \(decision.label) is \(decision.action.rawValue).")
      }
      return ref
    }
    for ref in refs { try store.setDropped(ref, isDropped, by: who.user) }
    let names = refs.map(\.description).joined(separator: ", ")
    return isDropped ? "\(names) dropped." : "\(names) restored."
  }
}
