/// `map`: says which record of a connection a company is.
import CommandLanguage
import Connectors
import Execution
import Model
import Storage

enum MapVerb: Verb {
  static let declaration = VerbDeclaration(
    "map", group: "Set up",
    summary: "say which company of a system a company is",
    details:
      "`load companies` maps what it loads; this is for companies that were added by hand or are mapped wrongly.",
    forms: [
      Form(
        "map",
        [
          .slot("company", .company), .keyword("to", help: "its id at that system"), .slot("id", .recordID),
          .optional([
            .keyword("for", help: "the connection, where several know companies"), .slot("connection", .connection),
          ]),
        ])
    ],
    examples: [.init("map acme to 250 for cw", "Acme is company 250 at cw")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let company = try session.company(call)
    let id = RecordID(call.text("id") ?? "")
    let connection: Connection
    if let word = call.text("connection") {
      connection = try session.connection(meantBy: word)
    } else {
      let holders = try session.store.connections().filter {
        session.connectors.description(of: $0.system)?.kinds.contains(.company) == true
      }
      guard holders.count == 1 else {
        throw ShellError(
          "At which connection is \(company.handle) company \(id)?",
          hint: "map \(company.handle) to \(id) for \(holders.first?.name ?? "CONNECTION")", code: .wrong)
      }
      connection = holders[0]
    }
    if let taken = try session.store.company(at: connection.name, id: id), taken.handle != company.handle {
      throw ShellError(
        "Company \(id) at \(connection.name) is \(taken.handle) already.",
        hint: "two companies of kith cannot be one company of \(connection.name)")
    }
    try session.store.map(company: company.handle, at: connection.name, to: id)
    return .message("\(company.handle) is company \(id) at \(connection.name).")
  }
}
