/// `rename`: gives a company another name, or a sync.
import CommandLanguage
import Model
import Storage

enum RenameVerb: Verb {
  static let declaration = VerbDeclaration(
    "rename", group: "Set up",
    summary: "give a company or a sync another name",
    details: "A company keeps its handle for ever; only the name that is shown changes.",
    forms: [
      Form(
        "company",
        [
          .keyword("company", help: "the name that is shown; the handle stays"), .slot("company", .company),
          .keyword("to", help: "the new name"), .slot("name", .text),
        ]),
      Form(
        "sync",
        [
          .keyword("sync", help: "the name of a sync; its links and runs go with it"), .slot("sync", .sync),
          .keyword("to", help: "the new name"), .slot("name", .name),
        ]),
    ],
    examples: [.init("rename company acme to \"Acme Dental Group\"", "shows the new name from now on")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let name = call.text("name") ?? ""
    if call.form == "company" {
      let company = try session.company(call)
      try session.store.rename(company: company.handle, to: name)
      return .message("\(company.handle) is \(name) (it was \(company.name)).")
    }
    let sync = try session.sync(named: SyncName(call.text("sync") ?? ""))
    try session.store.rename(sync: sync.name, to: SyncName(name))
    if session.context == .sync(sync.name) { session.context = .sync(SyncName(name)) }
    return .message("\(sync.name) is \(name) now.")
  }
}
