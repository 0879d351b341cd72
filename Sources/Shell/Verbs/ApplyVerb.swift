/// `apply`: carries out a plan that was looked at before.
import CommandLanguage
import Execution
import Model
import Planning
import Storage

enum ApplyVerb: Verb {
  static let declaration = VerbDeclaration(
    "apply", group: "Carry out", effect: .writes,
    summary: "carry out a plan that was looked at before",
    details: """
      A plan is applied once, and not when the world has moved since. `rest` sends what an interrupted run did not send. \
      A plan over a guard is applied in the terminal by typing the company's name, and unattended only with `over guard` \
      naming each guard and its exact number.
      """,
    forms: [
      Form(
        "apply",
        [
          .slot("plan", .plan), .optional([.keyword("rest", help: "only what an interrupted run did not send")]),
          .optional([.keyword("dry", help: "check everything, send nothing")]),
          .optional([
            .keyword("wait", help: "how long to wait while another run of it is under way"), .slot("wait", .duration),
          ]), .confirmWithin,
          .overGuard,
        ], subject: .fixed("runs"), givesOne: true)
    ],
    examples: [
      .init("apply p12", "shows the numbers, asks, carries it out"),
      .init(
        "apply p12 confirm within creates 7, deactivates 31 over guard deactivates 31",
        "unattended, with the guard named"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let plan = try session.plan(meantBy: call.text("plan") ?? "")
    guard let id = plan.id else { throw ShellError("That plan has no number.") }
    let overrides = call.has("over") ? Overrides(reading: call) : nil
    let sync = try session.sync(named: plan.sync)
    let engine = session.engine(isDry: call.has("dry"))
    let run = try await engine.apply(
      id, rest: call.has("rest"), limits: try session.limits(call), overrides: overrides, wait: call.duration("wait"),
      confirm: { plan, guards in
        guard !guards.isEmpty else { return session.agrees(to: plan, named: sync) ? .goOn : .declined }
        let over = guards.map { "  \($0.word): \($0.sentence)" }.joined(separator: "\n")
        return session.confirms(
          "\(id) is over \(counted(guards.count, "guard")):\n\(over)", byTyping: sync.company ?? sync.name.rawValue)
          ? .goOn : .declined
      }, progress: { session.progress($0) })
    session.style.progress?.clear()
    try session.checkAnswered()
    session.noteEnding(ExitCode(run.outcome))
    session.noteSent(run)
    let lines = try session.lines(of: run)
    let said = session.summary(of: run, lines: lines, isNamed: !session.isTyped)
    return .drawn(Drawing(said, page: session.page(of: run, lines: lines)), runsRows([run]))
  }
}

extension Session {
  func plan(meantBy word: String) throws -> Plan {
    guard let id = PlanID(word) else {
      throw ShellError("“\(word)” is not a plan: plans are called p1, p2 and so on.", hint: "show plans", code: .wrong)
    }
    guard let plan = try store.plan(id) else {
      throw ShellError("There is no plan \(id).", hint: "show plans")
    }
    return plan
  }

  func run(meantBy word: String) throws -> Run {
    guard let id = RunID(word) else {
      throw ShellError("“\(word)” is not a run: runs are called r1, r2 and so on.", hint: "show runs", code: .wrong)
    }
    guard let run = try store.run(id) else { throw ShellError("There is no run \(id).", hint: "show runs") }
    return run
  }
}
