/// `check`: tests connections: reachability, credentials, and each permission on its own.
import CommandLanguage
import Connectors
import Execution
import Model
import Storage

enum CheckVerb: Verb {
  static let declaration = VerbDeclaration(
    "check", group: "Set up",
    summary: "test connections: reachability, credentials, each permission; or a script",
    details: """
      Without a name, all of them. A sync can be enabled once both of its connections have passed. `check script` reads a \
      script as if nobody watched, sends nothing, and says everything that is wrong with it; else its parameters and what \
      it may write.
      """,
    forms: [
      Form(
        "script",
        [
          .keyword("script", help: "read a script as if nobody watched, and say everything that is wrong"),
          .slot("script", .script),
        ], summary: "every finding, or what it takes and writes"),
      Form("check", [.optional([.many([.slot("name", .connection)])])], subject: .fixed("checks")),
    ],
    examples: [
      .init("check", "tests every connection"), .init("check cw", "tests one"),
      .init("check script nightly", "before it runs by itself"),
    ])

  static let columns = [
    Column("connection", priority: 6, style: .id, help: "the connection that was asked"),
    Column("for", priority: 2, help: "the tenant or company that was asked for"),
    Column("test", priority: 5, help: "what was tried"),
    Column(
      "result", priority: 9, style: .state, choices: CheckResult.Outcome.allCases.map { .init($0.rawValue) },
      help: "passed, warned or failed"),
    Column("found", priority: 4, style: .prose, help: "what the system answered"),
    Column("fix", priority: 8, style: .prose, help: "what to do about it"),
  ]

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    if call.form == "script" { return try ScriptCheck.run(call.text("script") ?? "", in: session) }
    let names = call.texts("name")
    for name in names { _ = try session.connection(meantBy: name) }
    if names.isEmpty, try session.store.connections().isEmpty {
      throw ShellError("There is no connection to check.", hint: "connect SYSTEM as NAME …   (show systems)")
    }
    let reports = try await session.engine.check(names.isEmpty ? nil : names)
    var rows: [[Value]] = []
    for (connection, report) in reports {
      for result in report.results {
        rows.append([
          .text(connection), result.partition.map(Value.text) ?? .blank, .text(result.name),
          .text(result.outcome.rawValue), .text(result.detail), result.fix.map(Value.text) ?? .blank,
        ])
      }
    }
    if reports.contains(where: { !$0.report.hasPassed }) {
      session.noteEnding(.failed)
    }
    return .rows(
      Rows(
        subject: "checks",
        columns: columns,
        // What failed says by itself what to do next.
        rows: rows, note: reports.allSatisfy(\.report.hasPassed) ? session.nextOfFirstSteps() : nil))
  }
}
