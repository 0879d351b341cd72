/// `unset`: takes a setting back to its default.
import CommandLanguage
import Model

enum UnsetVerb: Verb {
  static let declaration = VerbDeclaration(
    "unset", group: "Settings", effect: .sets,
    summary: "take a setting back to its default",
    forms: [
      Form(
        "unset",
        [.slot("key", .setting), .forCompany])
    ],
    examples: [.init("unset domains for acme", "all domains again")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    .message(try session.change(SettingKey(call.text("key") ?? ""), for: call) { _, _ in nil })
  }
}
