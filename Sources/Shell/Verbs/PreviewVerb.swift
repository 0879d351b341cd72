/// `preview`: reads, computes the plan, touches nothing.
import CommandLanguage
import Connectors
import Execution
import Model
import Planning
import Storage

enum PreviewVerb: Verb {
  static let declaration = VerbDeclaration(
    "preview", group: "Look",
    summary: "read, compute the plan, touch nothing",
    details: """
      `offline` plans from what was read last. `with KEY=VALUE` tries settings: such a plan can be looked at and not \
      applied. `strict` ends with exit code 4 where a plan would change something. Over several syncs it answers a row \
      for each.
      """,
    forms: [
      Form(
        "preview",
        [
          .companies, .optional([.keyword("offline", help: "from what was read last, without a request")]),
          .optional([
            .keyword("with", help: "try settings: such a plan can be looked at, not applied"), .pairs("setting"),
          ]), .optional([.keyword("strict", help: "exit code 4 where anything would change")]),
        ], subject: .fixed("plans"), givesOne: true)
    ],
    examples: [
      .init("preview acme", "what a sync would do"),
      .init("preview acme with update-existing=on", "what it would do with that setting"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let syncs = try session.syncs(call, orAll: true)
    let trying = try session.tried(call, for: syncs)
    var plans: [PreviewResult] = []
    var parts: [PartPlan] = []
    var failures: [(Sync, ShellError)] = []
    for (index, sync) in syncs.enumerated() {
      if syncs.count > 1 { session.progress(.turn(sync.name, number: index + 1, of: syncs.count)) }
      do {
        if try session.engine.hasParts(sync) {
          let plan = try await session.engine.previewParts(
            of: sync.name, offline: call.has("offline"), trying: trying
          ) { session.progress($0) }
          session.style.progress?.clear()
          session.tell(session.summary(of: plan, named: sync))
          parts += plan.parts
          if plan.parts.contains(where: { $0.failure != nil }) || !plan.faults.isEmpty { session.noteEnding(.partial) }
          continue
        }
        plans.append(
          try await session.engine.preview(sync.name, offline: call.has("offline"), trying: trying) {
            session.progress($0)
          })
      } catch {
        let failure = ShellError(error)
        guard syncs.count > 1, failure.code != .interrupted else { throw failure }
        failures.append((sync, failure))
        session.tell("\(sync.name): \(failure.message)")
      }
    }
    session.style.progress?.clear()
    session.lastPlan = plans.count == 1 && parts.isEmpty ? plans[0].plan.id : nil
    if call.has("strict"), plans.contains(where: { $0.plan.hasChanges }) || parts.contains(where: \.hasChanges) {
      session.noteEnding(.changes)
    }
    for (_, failure) in failures { session.noteEnding(plans.isEmpty && parts.isEmpty ? failure.code : .partial) }
    let made = Set(plans.compactMap(\.plan.id) + parts.compactMap(\.plan))
    // In the order in which they were made, which is that of the syncs and of their destinations.
    let summaries = try session.store.plans(limit: made.count + 200).filter { made.contains($0.id) }
    let rows = plansRows(summaries.sorted { $0.id < $1.id })
    if syncs.count == 1, let only = plans.first {
      return .drawn(Drawing(session.summary(of: only.plan), page: session.page(of: only.plan)), rows)
    }
    return .rows(rows)
  }
}

extension Session {
  /// The settings that `with KEY=VALUE` tries, read by their declarations.
  func tried(_ call: Invocation, for syncs: [Sync]) throws -> [SettingKey: SettingValue] {
    guard !call.pairs.isEmpty, let first = syncs.first else { return [:] }
    let settings = try engine.situation(for: first.name).settings
    var values: [SettingKey: SettingValue] = [:]
    for pair in call.pairs {
      let (key, argument) = (pair.key, pair.argument)
      guard let declaration = settings.declarations[SettingKey(key)] else {
        throw unknown(key, as: "setting", among: settings.declarations.keys.map(\.rawValue))
      }
      values[SettingKey(key)] = try declaration.value(saidAs: [argument])
    }
    return values
  }

  /// A plan in a few lines, as `preview` shows it.
  func summary(of plan: Plan) -> String {
    let names = names(of: plan.sync)
    return renderPlanSummary(
      plan, source: names.source, target: names.target, isTwoWay: names.isTwoWay, style: look)
  }

  /// A plan's decisions, and what a page says around them.
  func page(of plan: Plan) -> Deferred<Rows> {
    let names = names(of: plan.sync)
    return Deferred { planPage(plan, names) }
  }

  /// What the sides of a sync and its company are called; of one that was removed, what is still known.
  func names(of name: SyncName) -> SyncNames {
    let sync = try? store.sync(named: name)
    return SyncNames(
      company: sync?.company.flatMap { handle in try? store.company(handle)?.name },
      source: sync.map { systemName($0.source) } ?? "source", target: sync.map { systemName($0.target) } ?? "target",
      isTwoWay: sync.map(isTwoWay) ?? false)
  }

  /// Whether changes of a sync travel to either side, under its settings.
  func isTwoWay(_ sync: Sync) -> Bool {
    (try? engine.isTwoWay(sync.name)) ?? false
  }

  /// The product's name behind a connection: "Microsoft 365".
  func systemName(_ connection: String) -> String {
    guard let system = try? store.connection(named: connection)?.system else { return connection }
    return connectors.description(of: system)?.name ?? connection
  }
}
