/// `quit`: leaves the shell.
import CommandLanguage

enum QuitVerb: Verb {
  static let declaration = VerbDeclaration(
    "quit", aliases: ["exit"], group: "Shell", summary: "leave the shell", details: "Ctrl-D does the same.",
    forms: [Form("quit", [])], examples: [.init("quit", "leaves")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    session.quit()
    return .nothing
  }
}
