/// `load`: reads companies or people into the store.
import CommandLanguage
import Connectors
import Execution
import Model
import Storage

enum LoadVerb: Verb {
  static let declaration = VerbDeclaration(
    "load", group: "Look",
    summary: "read companies or people into the store",
    details: """
      `load companies` registers the companies of a connection and sets up no sync. `load people` reads both sides of a \
      company's syncs, only what changed where the system can tell.
      """,
    forms: [
      Form("companies", [.keyword("companies"), .keyword("from"), .slot("connection", .connection)]),
      Form(
        "people",
        [
          .keyword("people"), .optional([.keyword("of"), .many([.slot("company", .companyOrSync)])]),
        ]),
      Form("everything", [.keyword("everything")]),
    ],
    examples: [
      .init("load companies from cw", "registers the PSA's companies"),
      .init("load people of acme", "reads both sides of Acme's syncs"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    switch call.form {
    case "companies":
      return .message(try await companies(from: call.text("connection") ?? "", in: session))
    case "people":
      return .message(try await people(of: try session.syncs(call, orAll: true), in: session))
    default:
      var said: [String] = []
      let kinds = Dictionary(
        uniqueKeysWithValues: Systems.descriptions.map { ($0.id, $0.kinds) })
      for connection in try session.store.connections() where kinds[connection.system]?.contains(.company) == true {
        said.append(try await companies(from: connection.name, in: session))
      }
      let syncs = try session.store.syncs()
      if !syncs.isEmpty { said.append(try await people(of: syncs, in: session)) }
      guard !said.isEmpty else { throw ShellError("There is nothing to load from.", hint: "connect a system first") }
      return .message(said.joined(separator: "\n"))
    }
  }

  private static func companies(from word: String, in session: Session) async throws -> String {
    let connection = try session.connection(meantBy: word)
    let loaded = try await session.engine.loadCompanies(from: connection.name) { session.progress($0) }
    let system = session.connectors.description(of: connection.system)?.name ?? connection.system.rawValue
    return "\(loaded.total) companies from \(connection.name) (\(system)): \(loaded.new) new, \(loaded.known) known.  "
      + "\(counted(loaded.requests, "request")), \(seconds(loaded.duration))"
  }

  private static func people(of syncs: [Sync], in session: Session) async throws -> String {
    for sync in syncs where try session.engine.hasParts(sync) { _ = try await session.engine.expand(sync.name) }
    let loads = try await session.engine.loadPeople(of: session.planned(syncs).map(\.name)) { session.progress($0) }
    if let failure = loads.compactMap(\.failure).first {
      guard loads.contains(where: { $0.failure == nil }) else { throw failure }
      session.noteEnding(.partial)
    }
    return loads.map { load in
      guard let failure = load.failure else {
        return "\(load.sync): \(counted(load.people, load.kind.rawValue, load.kind.plural)) at \(load.system)"
          + "\(load.isComplete ? "" : ", only what changed").  \(counted(load.requests, "request"))"
      }
      return "\(load.sync): \(load.system) was not read: \(failure.message)"
    }.joined(separator: "\n")
  }
}
