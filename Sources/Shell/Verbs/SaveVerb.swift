/// `save`: the last lines that were typed, as a script.
import CommandLanguage
import Execution
import Model
import Storage

enum SaveVerb: Verb {
  static let declaration = VerbDeclaration(
    "save", group: "Saved scripts",
    summary: "make a script of the last lines",
    details: """
      It takes lines of this session that ended well; quit, help, edit and save are left out. Verbs are written whole, a \
      company that was in use is named by  use, and every  sync  gets the limits of what it did:  confirm within. What \
      cannot be repeated is refused with the line to write instead.
      """,
    forms: [
      Form(
        "save",
        [
          .slot("script", .scriptName), .keyword("from", help: "where the lines come from"),
          .keyword("history", help: "what was typed in this session"),
          .keyword("last", help: "how many lines that ended well"), .slot("count", .count),
          .optional([.keyword("overwrite", help: "in place of the script of that name")]),
        ])
    ],
    examples: [.init("save nightly from history last 5", "the last five lines as the script nightly")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let name = call.text("script") ?? ""
    let count = call.count("count") ?? 0
    guard count > 0 else { throw ShellError("last \(count) is no line at all.", hint: "last 5", code: .wrong) }
    if !call.has("overwrite"), session.scriptFolder.names().contains(name) {
      throw ShellError("There is a script \(name) already.", hint: "add  overwrite  to replace it")
    }
    let entries = try session.store.history(limit: 1_000, session: session.who.session)
    let typed = Array(HistoryScript.repeatable(entries).prefix(count).reversed())
    guard !typed.isEmpty else {
      throw ShellError(
        "No line of this session ended well yet, so there is nothing to save.", hint: "show history")
    }
    let script = try HistoryScript(of: typed, in: session)
    try session.scriptFolder.save(script.text, as: name, replacing: call.has("overwrite"))
    let remarks = script.remarks.map { "\n  " + $0 }.joined()
    return .message(
      "\(name) has \(counted(typed.count, "line")).\(remarks)\n  next: check script \(name) · edit \(name) · run \(name) dry"
    )
  }
}
