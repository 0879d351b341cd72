/// `load`: reads companies or people into the store.
import CommandLanguage
import Connectors
import Execution
import Foundation
import Model
import Storage
import Synchronization

enum LoadVerb: Verb {
  static let declaration = VerbDeclaration(
    "load", group: "Look",
    summary: "read companies or people into the store",
    details: """
      `load companies` registers the companies of a connection, or of a CSV file with a column of names, and sets up no \
      sync. Of a file it keeps each company's identifier and tenant, and its id at a connection where a column is called \
      as the connection is; a company that is known already is not doubled. `load people` reads both sides of a \
      company's syncs, only what changed where the system can tell.
      """,
    forms: [
      Form(
        "companies",
        [
          .keyword("companies", help: "register the companies of a connection or of a list"),
          .keyword("from", help: "the connection, or a CSV file"), .slot("connection", .connectionOrFile),
        ]),
      Form(
        "people",
        [
          .keyword("people", help: "read both sides of syncs, only what changed where that can be told"),
          .optional([
            .keyword("of", help: "of which companies or syncs; else the one in use, or all"),
            .many([.slot("company", .companyOrSync)]),
          ]),
        ]),
      Form("everything", [.keyword("everything", help: "all companies and all people")]),
    ],
    examples: [
      .init("load companies from cw", "registers the PSA's companies"),
      .init("load companies from companies.csv", "keeps the tenants that a list has"),
      .init("load people of acme", "reads both sides of Acme's syncs"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    switch call.form {
    case "companies":
      let said = try await companies(from: call.text("connection") ?? "", in: session)
      return .message(said + (session.nextOfFirstSteps().map { "\n  \($0)" } ?? ""))
    case "people":
      return .message(try await people(of: try session.syncs(call, orAll: true), in: session))
    default:
      var said: [String] = []
      // A list of companies is loaded when it is named: whose people a file has is not who its companies are.
      let homes = Set(
        Systems.descriptions.filter { $0.kinds.contains(.company) && $0.features.readsEverything }.map(\.id))
      for connection in try session.store.connections() where homes.contains(connection.system) {
        said.append(try await companies(from: connection.name, in: session))
      }
      let syncs = try session.store.syncs()
      if !syncs.isEmpty { said.append(try await people(of: syncs, in: session)) }
      guard !said.isEmpty else { throw ShellError("There is nothing to load from.", hint: "connect a system first") }
      return .message(said.joined(separator: "\n"))
    }
  }

  private static func companies(from word: String, in session: Session) async throws -> String {
    guard let connection = try session.store.connection(named: word) else {
      return try companies(fromFile: word, in: session)
    }
    let loaded = try await session.engine.loadCompanies(from: connection.name) { session.progress($0) }
    if !loaded.isOfSystem { return told(loaded, from: word) }
    let system = session.connectors.description(of: connection.system)?.name ?? connection.system.rawValue
    return "\(loaded.total) companies from \(connection.name) (\(system)): \(loaded.new) new, \(loaded.known) known.  "
      + "\(counted(loaded.requests, "request")), \(seconds(loaded.duration))"
  }

  private static func companies(fromFile word: String, in session: Session) throws -> String {
    let names = try session.store.connections().map(\.name)
    let file = session.file(word)
    // A word that could be either is more likely a connection misspelt than a file that is not there.
    if !word.contains(where: { "./~".contains($0) }), !FileManager.default.fileExists(atPath: file.path) {
      throw session.unknown(word, as: "connection or file", among: names)
    }
    return told(try session.engine.loadCompanies(fromFile: file.path), from: word)
  }

  /// "200 companies from companies.csv: 180 new, 20 known; 200 with a tenant", and the lines that were left out.
  private static func told(_ loaded: LoadedCompanies, from word: String) -> String {
    var lines = [
      "\(counted(loaded.total, "company", "companies")) from \(word): \(loaded.new) new, \(loaded.known) known; "
        + "\(loaded.tenants) with a tenant.  \(seconds(loaded.duration))"
    ]
    if let warning = loaded.warning { lines.append("  " + warning) }
    let shown = 20
    for (remarks, word) in [(loaded.faults, "left out"), (loaded.remarks, "odd")] {
      lines += remarks.prefix(shown).map { "  line \($0.line) \(word): \($0.text)" }
      if remarks.count > shown {
        let more = remarks.dropFirst(shown).prefix(50).map { String($0.line) }.joined(separator: ", ")
        lines.append("  \(remarks.count - shown) more lines \(word): \(more)\(remarks.count > shown + 50 ? ", …" : "")")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func people(of syncs: [Sync], in session: Session) async throws -> String {
    for sync in syncs where try session.engine.hasParts(sync) { _ = try await session.engine.expand(sync.name) }
    let kept = Atomic(0)
    let loads: [LoadedPeople]
    do {
      loads = try await session.engine.loadPeople(of: session.planned(syncs).map(\.name)) { event in
        if case .readDone = event { kept.add(1, ordering: .relaxed) }
        session.progress(event)
      }
    } catch  where Task.isCancelled {
      let count = kept.load(ordering: .relaxed)
      session.tell(
        "\(count == 0 ? "Nothing was" : counted(count, "list") + (count == 1 ? " was" : " were")) read to the end and kept; "
          + "what was being read is as it was before.")
      throw error
    }
    if let failure = loads.compactMap(\.failure).first {
      guard loads.contains(where: { $0.failure == nil }) else { throw failure }
      session.noteEnding(.partial)
    }
    return loads.map { load in
      guard let failure = load.failure else {
        return "\(load.sync): \(counted(load.people, load.kind.rawValue, load.kind.plural)) at \(load.system)"
          + "\(load.isDelta ? ", only what changed" : "").  \(counted(load.requests, "request"))"
          + (load.remark.map { "\n  \($0); \(load.connection) says why:  check \(load.connection)" } ?? "")
      }
      return "\(load.sync): \(load.system) was not read: \(failure.message)"
    }.joined(separator: "\n")
  }
}
