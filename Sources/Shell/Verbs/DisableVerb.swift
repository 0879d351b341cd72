/// `disable`: stops a sync from running; it can still be previewed and explained.
import CommandLanguage
import Execution
import Model
import Storage

enum DisableVerb: Verb {
  static let declaration = VerbDeclaration(
    "disable", group: "Set up",
    summary: "stop a sync from running",
    details: "Its links and its memory stay; `preview` and `why` still work.",
    forms: [Form("disable", [.companies])],
    examples: [.init("disable acme", "none of Acme's syncs runs")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    var said: [String] = []
    for sync in try session.syncs(call) {
      try session.store.set("enabled", to: .flag(false), for: .sync(sync.name), by: session.who.user, at: session.now)
      said.append("\(sync.name) is disabled.")
    }
    return .message(said.joined(separator: "\n"))
  }
}
