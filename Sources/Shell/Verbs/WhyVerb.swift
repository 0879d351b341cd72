/// `why`: the explanation of a record, a company, a line of a plan or a run.
import CommandLanguage
import Execution
import Foundation
import Model
import Planning
import Storage

enum WhyVerb: Verb {
  static let declaration = VerbDeclaration(
    "why", group: "Look",
    summary: "explain why something was, or was not, synced",
    details: """
      It is the planner itself that answers, from what was read last; `now` reads again first. For a company it is a funnel \
      that adds up. `why where …` lists everyone that a condition finds, with the reason.
      """,
    forms: [
      Form(
        "list", [.condition(.fixed(Listing.explained.name))], subject: .fixed(Listing.explained.name),
        summary: "everyone a condition finds"),
      Form(
        "one",
        [
          .optional([.slot("what", .explainable)]), .ofCompany,
          .optional([.keyword("now", help: "read again first")]),
        ], summary: "one record, company, line or run"),
    ],
    examples: [
      .init("why jane.doe@acme.example", "every gate, the cause, and what would change it"),
      .init("why acme", "the funnel of a company"),
      .init("why where reason is unlicensed", "all of them"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    if call.form == "list" { return try list(in: session) }
    let syncs = try call.text("company") != nil ? session.syncs(call) : nil
    guard let word = call.text("what") else {
      return .text(try await funnels(of: try syncs ?? session.syncs(call), now: call.has("now"), in: session))
    }
    if let ref = PlanRef(word) { return .text(try line(ref, in: session)) }
    if let id = RunID(word) { return .text(try explain(session.run(meantBy: id.description), in: session)) }
    if let plan = PlanID(word) { return .text(session.summary(of: try session.plan(meantBy: plan.description))) }
    if try session.store.company(word) != nil || session.store.sync(named: SyncName(word)) != nil {
      return .text(try await funnels(of: try session.syncs(meantBy: word), now: call.has("now"), in: session))
    }
    return .text(try await person(word, of: syncs, now: call.has("now"), in: session))
  }

  private static func list(in session: Session) throws -> Outcome {
    let listing = Listing.explained
    let rows = try listing.rows(
      session, ShowRequest(syncs: session.context.map { try session.syncs(meantBy: $0.name) }))
    return .rows(Rows(subject: "records", columns: listing.columns, rows: rows))
  }

  private static func person(_ word: String, of named: [Sync]?, now: Bool, in session: Session) async throws -> String {
    let syncs = try named ?? session.context.map { try session.syncs(meantBy: $0.name) } ?? session.store.syncs()
    guard !syncs.isEmpty else { throw ShellError.nothingSetUp }
    let planned = try session.planned(syncs)
    if planned.isEmpty { throw ShellError.noDestinations(syncs[0].name) }
    if now { _ = try await session.engine.loadPeople(of: planned.map(\.name)) { session.progress($0) } }
    var said: [String] = []
    // What holds at one destination mostly holds at the others: one is explained, the others are named.
    var explained: [String: String] = [:]
    var others: [String: [SyncName]] = [:]
    for sync in planned {
      guard let situations = try session.engine.situations(for: sync.name, answeringTo: word) else { continue }
      let inquiry = Why.Inquiry(situations)
      let hits = inquiry.find(word)
      // Both halves of a pair answer to one address; the source's half tells the whole story.
      let chosen = hits.filter { hit in
        hit.side == .source || !hits.contains { $0.side == .source && $0.kind == hit.kind }
      }
      if chosen.count > 6 {
        throw ShellError(
          "“\(word)” means \(chosen.count) records.",
          hint: chosen.prefix(5).map(\.label).joined(separator: ", ") + " …",
          code: .wrong)
      }
      for hit in chosen {
        guard let explanation = inquiry.explain(hit.id, side: hit.side, kind: hit.kind) else { continue }
        if sync.place != nil {
          if let first = explained[explanation.headline + explanation.label] {
            others[first, default: []].append(sync.name)
            continue
          }
          explained[explanation.headline + explanation.label] = sync.name.rawValue
          said.append("\(sync.name)")
        }
        said.append(renderExplanation(explanation, style: session.look))
      }
    }
    for (first, names) in others.sorted(by: { $0.key < $1.key }) {
      said.append(
        "  the same as at \(first): \(counted(names.count, "destination"))   "
          + names.prefix(3).map(\.rawValue).joined(separator: ", ") + (names.count > 3 ? " …" : ""))
    }
    if said.isEmpty {
      // A single sync can say where it looked, and what the nearest spelling is.
      guard planned.count == 1 else {
        throw ShellError(
          "Nobody called “\(word)” was read in any of \(planned.count) syncs.",
          hint: "check the spelling, or:  load people")
      }
      said.append(
        renderExplanation(
          Why.notFound(word, in: try session.engine.situations(for: planned[0].name)),
          style: session.look))
    }
    return said.joined(separator: "\n")
  }

  private static func funnels(of named: [Sync], now: Bool, in session: Session) async throws -> String {
    let syncs = try session.planned(named)
    if syncs.isEmpty { throw ShellError.noDestinations(named[0].name) }
    if now { _ = try await session.engine.loadPeople(of: syncs.map(\.name)) { session.progress($0) } }
    return try syncs.map { sync in
      let situations = try session.engine.situations(for: sync.name)
      let name = situations.first?.company?.name ?? sync.name.rawValue
      return Why.funnels(situations).map { funnel in
        renderFunnel(
          funnel, name: situations.count == 1 ? name : "\(name) \(funnel.kind.plural)", sync: sync.name,
          style: session.look)
      }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private static func line(_ ref: PlanRef, in session: Session) throws -> String {
    let plan = try session.plan(meantBy: ref.plan.description)
    guard let decision = plan.decisions.first(where: { $0.number == ref.number }) else {
      throw ShellError("\(ref.plan) has no line \(ref.number).", hint: "show plan \(ref.plan)")
    }
    let situations = try session.engine.situations(for: plan.sync)
    guard let explanation = Why.explain(decision: decision.number, of: plan, in: situations) else {
      throw ShellError(
        "\(ref) cannot be explained any more: the record was read again since.", hint: "why \(decision.label)")
    }
    return renderExplanation(explanation, style: session.look)
  }

  /// A run: what it did, what it did not do and why, and what changed since the run before it.
  private static func explain(_ run: Run, in session: Session) throws -> String {
    guard let id = run.id else { return session.summary(of: run, isExplained: true) }
    let lines = try session.store.lines(of: id)
    var said = [session.summary(of: run, isExplained: true).trimmingCharacters(in: .newlines)]
    let reasons = Dictionary(grouping: lines.filter { $0.outcome != .done }) { $0.reason }
    for (reason, stopped) in reasons.sorted(by: { $0.value.count > $1.value.count }) {
      said.append(
        "  not done, \(reason?.rawValue ?? "no reason given"): \(stopped.count)   "
          + stopped.prefix(3).map(\.label).joined(separator: ", ") + (stopped.count > 3 ? " …" : ""))
    }
    if let former = try session.store.runs(of: run.sync, since: nil, limit: 200).first(where: {
      $0.id.map { $0 < id } ?? false
    }) {
      said.append(
        "  the run before it, \(former.id.map(String.init(describing:)) ?? ""): \(former.outcome.rawValue), \(former.done) done, \(former.failed) failed"
      )
      let changed = try session.store.settingChanges(for: .sync(run.sync), since: former.startedAt)
        .filter { $0.at <= run.startedAt }
      for change in changed {
        said.append(
          "  set between them: \(change.key) \(change.old?.displayed ?? "default") → \(change.new?.displayed ?? "default") by \(change.by)"
        )
      }
    }
    said.append(
      "  next: show run \(id)\(run.outcome == .interrupted ? " · apply \(run.plan.map(String.init(describing:)) ?? "") rest" : "")"
    )
    return said.joined(separator: "\n")
  }
}
