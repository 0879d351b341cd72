/// `say`: a message of a script's own.
import CommandLanguage

enum SayVerb: Verb {
  static let declaration = VerbDeclaration(
    "say", group: "Shell", effect: .looks,
    summary: "write a message",
    details: "Levels are info, warning and error; a script that says an error has not failed by that.",
    forms: [
      Form(
        "say",
        [.slot("text", .text), .optional([.keyword("level", help: "info, warning or error"), .slot("level", .level)])])
    ],
    examples: [.init("say \"Good night\"", "writes it")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let level = call.text("level") ?? "info"
    guard ["info", "warning", "error"].contains(level) else {
      throw ShellError("There is no level \(level).", hint: "info, warning or error", code: .wrong)
    }
    let text = call.text("text") ?? ""
    return .message(level == "info" ? text : "\(level): \(text)")
  }
}
