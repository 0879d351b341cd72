/// `use`: sets the company or the sync that the next lines mean.
import CommandLanguage
import Model
import Storage

enum UseVerb: Verb {
  static let declaration = VerbDeclaration(
    "use", group: "Look", effect: .looks,
    summary: "set the company or sync that the next lines mean",
    details: "The prompt shows it.  use nothing  takes it back.",
    forms: [
      Form("nothing", [.keyword("nothing", help: "mean no company any more")]),
      Form("use", [.slot("company", .companyOrSync)]),
    ],
    examples: [.init("use acme", "the next lines mean Acme"), .init("use nothing", "they mean no company")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    guard call.form == "use", let word = call.text("company") else {
      session.context = nil
      return .nothing
    }
    if try session.store.company(word) != nil {
      session.context = .company(word)
    } else if try session.store.sync(named: SyncName(word)) != nil {
      session.context = .sync(SyncName(word))
    } else {
      throw session.unknown(word, as: "company or sync", among: try session.store.companies().map(\.handle))
    }
    return .nothing
  }
}
