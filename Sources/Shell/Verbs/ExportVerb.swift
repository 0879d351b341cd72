/// `export settings`: the whole set-up as a script.
import CommandLanguage

enum ExportVerb: Verb {
  static let declaration = VerbDeclaration(
    "export", group: "Saved scripts", effect: .looks,
    summary: "write the whole set-up as a script",
    details: """
      Run in an empty store, the script sets up the same: connections, companies and their mappings, syncs, settings, schedules. A \
      secret is only named (env:NAME, file:PATH, vault:NAME); one that the vault does not have is asked for then. Links, \
      plans and runs are not in it:  backup  keeps the store. Saved scripts are files: copy the home's folder scripts \
      before a script that schedules them is run.
      """,
    forms: [Form("settings", [.keyword("settings", help: "the whole set-up, as a script")])],
    examples: [.init("export settings | to file kith-setup.kith", "into a file")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    .text(try SettingsExport(session).text)
  }
}
