/// `show`: lists things, or shows one.
import CommandLanguage
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage

enum ShowVerb: Verb {
  private static let runKeyword = Element.keyword("run", help: "one run, line by line; of a script, sync by sync")

  static let declaration = VerbDeclaration(
    "show", group: "Look", effect: .looks,
    summary: "list things, or show one",
    details: """
      A list is filtered by `where`, and by what stands after `|`. `help` and the name of a list says what fields it has. \
      Without `of` it is about the company in use, else about all.
      """,
    forms: [
      Form(
        "company",
        [
          .keyword("company", help: "one company: its syncs, links, last runs, the next step"),
          .optional([.slot("company", .company)]),
        ], givesOne: true,
        summary: "one company: its syncs, links, last runs, the next step"),
      Form(
        "person",
        [
          .keyword("person", help: "one record: both sides, field by field"), .slot("person", .person), .ofCompany,
        ], subject: .unknown, summary: "one person or other record: both sides, field by field"),
      Form(
        "plan",
        [
          .keyword("plan", help: "the decisions of one plan"), .slot("plan", .plan),
          .optional([.condition(.fixed("plan"))]),
        ],
        subject: .fixed("plan"), summary: "the decisions of a plan"),
      Form(
        "run",
        [
          runKeyword, .slot("run", .run),
          .optional([.condition(.fixed("run"))]),
        ],
        subject: .fixed("run"), summary: "what a run did, line by line"),
      Form(
        "script-text",
        [
          runKeyword, .slot("script-run", .scriptRun),
          .keyword("text", help: "the text that it ran"),
        ],
        summary: "the text that a run of a script ran"),
      Form(
        "script-run",
        [
          runKeyword, .slot("script-run", .scriptRun),
          .optional([.condition(.fixed("runs"))]),
        ],
        subject: .fixed("runs"), summary: "what a run of a script did, sync by sync"),
      Form(
        "records",
        [
          .keyword("records", help: "what was read from a connection, unchanged"),
          .keyword("at", help: "the connection"), .slot("connection", .connection),
          .ofCompany, .optional([.condition(.slot("connection", of: "records"))]),
        ], subject: .slot("connection", of: "records"), summary: "what was read from a connection"),
      Form(
        "things",
        [
          .slot("things", .things),
          .optional([
            .keyword("of", help: "of which companies or syncs; else the one in use, or all"),
            .many([.slot("company", .companyOrSync)]),
          ]),
          .optional([.keyword("since", help: "only what is not older"), .slot("since", .when)]),
          .optional([.condition(.slot("things"))]),
        ], subject: .slot("things"), summary: "a list"),
    ],
    examples: [
      .init("show people of acme where title is blank", "whom a title is missing"),
      .init("show plan p12 where action is deactivate", "whom a plan would deactivate"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    switch call.form {
    case "company": return .record(try CompanyCard.rows(try session.company(call), in: session))
    case "person":
      let (sync, person) = try session.record(meantBy: call.text("person") ?? "", call)
      return .rows(try PersonCard.rows(person, sync, in: session))
    case "plan":
      let plan = try session.plan(meantBy: call.text("plan") ?? "")
      session.tellDrawn(session.summary(of: plan))
      return .rows(session.page(of: plan)())
    case "run":
      let run = try session.run(meantBy: call.text("run") ?? "")
      let lines = try session.lines(of: run)
      session.tellDrawn(session.summary(of: run, lines: lines))
      return .rows(session.page(of: run, lines: lines)())
    case "script-text": return .text(try scriptText(call.text("script-run") ?? "", in: session))
    case "script-run": return .rows(try scriptRun(call.text("script-run") ?? "", in: session))
    case "records": return .rows(try records(call, in: session))
    default: return .rows(try things(call, in: session))
    }
  }

  private static func scriptText(_ word: String, in session: Session) throws -> String {
    let run = try session.scriptRun(meantBy: word)
    guard let text = run.text else {
      throw ShellError(
        "The text of \(word) was not read.", hint: run.message ?? "the script was not to be trusted")
    }
    return text
  }

  private static func scriptRun(_ word: String, in session: Session) throws -> Rows {
    let run = try session.scriptRun(meantBy: word)
    let id = run.id?.description ?? word
    var head = "\(id) \(run.script)"
    head += run.exitCode.map { " ended with \($0): \(run.meaning)" } ?? ": not ended"
    var lines = [head]
    let time = run.endedAt.map { ", took " + spent($0.timeIntervalSince(run.startedAt)) } ?? ""
    let how = (run.isAttended ? "" : ", unattended") + (run.isDry ? ", dry" : "")
    lines.append("  began \(exact(run.startedAt, in: session.style.timeZone))\(time), by \(run.by)\(how)")
    if let parent = run.parent { lines.append("  run by the script of \(parent)") }
    for (name, value) in run.arguments.sorted(by: { $0.key < $1.key }) { lines.append("  with \(name)=\(value)") }
    if let message = run.message { lines.append("  \(message)") }
    lines.append(run.text == nil ? "  its text was not read" : "  as it was then:  show run \(id) text")
    session.tell(lines.joined(separator: "\n"))
    let parts = try session.store.partNames()
    let runs = try (run.id.map(session.store.runs(of:)) ?? []).filter { !parts.contains($0.sync) }
    return Rows(subject: "runs", columns: Listing.runs.columns, rows: runs.map(Listing.runRow))
  }

  private static func things(_ call: Invocation, in session: Session) throws -> Rows {
    let name = call.text("things") ?? ""
    guard let subject = Listings.named(name) else {
      throw session.unknown(name, as: "thing to show", among: Listings.all.map(\.name))
    }
    var request = ShowRequest()
    if subject.isOfCompany, !call.texts("company").isEmpty || session.context != nil {
      request.syncs = try session.syncs(call)
    } else if !subject.isOfCompany, !call.texts("company").isEmpty {
      throw ShellError("\(name) are not a company's.", hint: "show \(name)", code: .wrong)
    }
    if let since = call.text("since") {
      guard subject.hasSince else { throw ShellError("\(name) have no since.", hint: "show \(name)", code: .wrong) }
      request.since = try session.moment(meantBy: since)
    }
    return Rows(subject: name, columns: subject.columns, rows: try subject.rows(session, request))
  }

  private static func records(_ call: Invocation, in session: Session) throws -> Rows {
    let connection = try session.connection(meantBy: call.text("connection") ?? "")
    let syncs = try call.text("company") != nil || session.context != nil ? session.syncs(call) : session.store.syncs()
    let (columns, names) = session.recordColumns(of: connection)
    var seen: Set<SnapshotScope> = []
    var rows: [[Value]] = []
    for sync in try session.planned(syncs) {
      let links = try session.store.links(of: sync.name).filter { $0.state == .linked }
      for (side, scope) in try session.engine.snapshotScopes(of: sync.name)
      where sync.connection(side) == connection.name && seen.insert(scope).inserted {
        let linked = Set(links.filter { $0.kind == scope.kind }.map { side == .source ? $0.source : $0.target })
        rows += try session.store.snapshot(scope).records.sorted { $0.id < $1.id }.map { record in
          [
            .text(record.id.rawValue), .text(linked.contains(record.id) ? LinkSign.linked : ""),
            .text(record.kind.rawValue), .text(record.state.rawValue), .text(orBlank: record.parent?.rawValue),
          ] + names.map { .field(record.fields[$0]) } + [.date(orBlank: record.modified)]
        }
      }
    }
    return Rows(
      subject: "records", columns: columns, rows: rows,
      note: rows.isEmpty ? "nothing was read from \(connection.name) yet: load people" : nil)
  }
}

extension Session {
  /// The columns of `show records at` a connection, and the fields among them.
  func recordColumns(of connection: Connection) -> (columns: [Column], fields: [FieldName]) {
    let fields = connectors.description(of: connection.system)?.fields ?? [:]
    var columns = [
      Column("id", priority: 9, style: .id, help: "the id there"),
      Column(
        "link", priority: 8, choices: [.init(LinkSign.linked, "half of a pair")], help: "⇄ where it is half of a pair"),
      .kind(priority: 5),
      .state("state", of: [.active, .inactive], priority: 8, help: "active or inactive"),
      Column("of", priority: 4, help: "the id of its company"),
    ]
    var names: [FieldName] = []
    for kind in RecordKind.allCases {
      for field in fields[kind] ?? [] where !names.contains(field.name) {
        names.append(field.name)
        columns.append(
          Column(
            field.name.rawValue, priority: field.isFact ? 2 : 6, ignoresCase: field.rule == .email,
            help: field.summary.isEmpty ? field.vendorName : field.summary))
      }
    }
    columns.append(Column("modified", type: .date, priority: 3, help: "when it was last changed there"))
    return (columns, names)
  }

  func scriptRun(meantBy word: String) throws -> ScriptRun {
    guard let id = ScriptRunID(word), let run = try store.scriptRun(id) else {
      throw ShellError("There is no run \(word) of a script.", hint: "show script-runs")
    }
    return run
  }

  /// WHEN: a date, `today`, `yesterday`, a weekday, `script-start` or a run.
  func moment(meantBy word: String) throws -> Date {
    if let run = RunID(word) { return try self.run(meantBy: run.description).startedAt }
    if let moment = Moment(word, in: evaluationScope()) { return moment.lower }
    throw ShellError(
      "“\(word)” is not a time.", hint: "a date such as 2026-03-01, today, yesterday, a weekday, script-start or a run",
      code: .wrong)
  }
}
