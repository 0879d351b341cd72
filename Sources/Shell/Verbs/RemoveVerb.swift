/// `remove`: a company, a sync, or a value from a setting that is a list.
import CommandLanguage
import Model
import Storage

enum RemoveVerb: Verb {
  static let declaration = VerbDeclaration(
    "remove", group: "Set up",
    summary: "remove a company, a sync, or a value from a list setting",
    details: """
      Removing a sync forgets its links and baselines; the records at both systems stay. It asks first; where nobody can \
      answer, say `because "…"` to confirm it.
      """,
    forms: [
      Form(
        "sync",
        [
          .keyword("sync", help: "a sync with its links; the records stay"), .slot("sync", .sync),
          .optional([
            .keyword("because", help: "the reason in quotes, which confirms it where nobody can be asked"),
            .slot("why", .text),
          ]),
        ]),
      Form(
        "company",
        [
          .keyword("company", help: "a company without syncs"), .slot("company", .company),
          .optional([
            .keyword("because", help: "the reason in quotes, which confirms it where nobody can be asked"),
            .slot("why", .text),
          ]),
        ]),
      Form(
        "value",
        [
          .slot("value", .settingValue), .keyword("from", help: "the list setting that it leaves"),
          .slot("key", .setting),
          .forCompany,
        ]),
    ],
    examples: [
      .init("remove sync acme/contacts", "forgets the sync, keeps the contacts"),
      .init("remove acme-labs.example from domains for acme", "one domain less"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    switch call.form {
    case "sync":
      let name = SyncName(call.text("sync") ?? "")
      let sync = try session.sync(named: name)
      let links = try session.store.links(of: name).count
      try agree(
        to:
          "Removing \(sync.name) forgets \(counted(links, "link")) and what both sides held; no record at a system changes.",
        named: sync.name.rawValue, call, session)
      try session.store.remove(sync: name)
      if session.context == .sync(name) { session.context = nil }
      return .message("\(name) is removed.")
    case "company":
      let company = try session.company(call)
      try agree(
        to: "Removing \(company.name) from kith; no record at a system changes.", named: company.handle, call, session)
      try session.store.remove(company: company.handle)
      if session.context == .company(company.handle) { session.context = nil }
      return .message("\(company.handle) is removed.")
    default:
      let removed = Set(call.arguments("value").flatMap(\.items))
      return .message(
        try session.change(SettingKey(call.text("key") ?? ""), for: call) { declaration, old in
          let items = try AddVerb.items(of: old, declaration)
          guard !removed.isDisjoint(with: items) else {
            throw ShellError(
              "\(removed.sorted().joined(separator: ", ")) is not in \(declaration.key): \(old.displayed).")
          }
          return .list(items.filter { !removed.contains($0) })
        })
    }
  }

  private static func agree(to question: String, named name: String, _ call: Invocation, _ session: Session) throws {
    if session.canAsk {
      guard session.confirms(question, byTyping: name) else { throw ShellError("Nothing was removed.") }
    } else if call.text("why") == nil {
      throw ShellError(
        "\(question) Nobody is here to be asked.", hint: "add  because \"…\"  to confirm it", code: .wrong)
    }
  }
}

extension Session {
  func sync(named name: SyncName) throws -> Sync {
    if let sync = try store.sync(named: name) { return sync }
    throw unknown(name.rawValue, as: "sync", among: try store.syncs().map(\.name.rawValue))
  }
}
