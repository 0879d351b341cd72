/// `run`: carries a saved script out.
import CommandLanguage
import Model
import Storage

enum RunVerb: Verb {
  static let declaration = VerbDeclaration(
    "run", group: "Saved scripts",
    summary: "carry out a saved script, or a file",
    details: """
      A script has a name (show scripts), or a path, which has a slash or ends in .kith. The whole of it is checked first, \
      and any finding means that nothing of it runs. Its parameters are given as name=value. `dry` computes everything and \
      sends nothing. What it did is kept:  show script-runs  lists the runs,  show run s12  shows one.
      """,
    forms: [
      Form(
        "run",
        [
          .slot("script", .script), .optional([.pairs("script")]),
          .optional([.keyword("dry", help: "compute everything, send nothing")]),
        ])
    ],
    examples: [
      .init("run nightly", "the script of that name"),
      .init("run nightly max-creates=20 dry", "with an argument, sending nothing"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let ending = await session.runScript(
      call.text("script") ?? "", arguments: call.pairs.map { ($0.key, $0.argument.text) }, isDry: call.has("dry"))
    if let refusal = ending.refusal { throw refusal }
    for run in try ending.run.id.map(session.attempts(of:)) ?? [] { session.noteSent(run) }
    switch ending.code {
    case .done: break
    case .partial, .changes: session.noteEnding(ending.code)
    default: throw ShellError(ending.report, code: ending.code)
    }
    return .message(ending.report)
  }
}
