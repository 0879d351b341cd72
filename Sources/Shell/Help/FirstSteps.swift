/// The way from nothing to the first sync: lines that are typed one after another, with the names that are there already.
import CommandLanguage
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage

struct FirstSteps {
  struct Step {
    var line: String
    var does: String
    /// Whether it is done already.
    var isDone = false
  }

  private(set) var steps: [Step]

  /// The steps of somebody who has nothing yet.
  init() { steps = Self.steps(Standing()) }

  /// The steps with what a store has.
  init(_ session: Session) throws { steps = Self.steps(try Standing(session)) }

  /// The first step that is left; `nil` where all are done.
  var next: Step? { steps.first { !$0.isDone } }

  var page: HelpPage {
    let rows = steps.enumerated().map { index, step in
      HelpPage.Term("\(index + 1)\(index < 9 ? " " : "") \(step.isDone ? "✓" : " ") \(step.line)", step.does)
    }
    return HelpPage(
      "first", "first steps, from nothing to the first sync",
      [
        .terms("", rows),
        .text(
          "What you have already stands there by its name. `kith demo` does the same against emulated systems, and help "
            + "connect says what each system asks for."),
        .examples([.init("status", "where you are, and what comes next")]),
      ])
  }

  /// What a store has of it.
  private struct Standing {
    var source: String?
    var target: String?
    var isChecked = false
    /// Since the sync was set up, whose tenant is checked with it.
    var isCheckedAgain = false
    var company: String?
    var sync: Sync?
    var isPlanned = false
    var isEnabled = false
    var isRun = false
    var recipe: Recipe = Recipes.all[0]
    var line: String?

    init() {}

    init(_ session: Session) throws {
      let connections = try session.store.connections()
      let fit = session.fitting(connections).first
      let systems = Set(connections.map(\.system))
      recipe = Recipes.all.first { !systems.isDisjoint(with: $0.sourceSystems + $0.targetSystems) } ?? recipe
      if let fit { (recipe, source, target) = (fit.recipe, fit.source, fit.target) }
      sync = try session.store.syncs().first
      if let sync { (source, target) = (sync.source, sync.target) }
      if let sync, let own = Recipes.named(sync.recipe) { recipe = own }
      source = source ?? connections.first { recipe.sourceSystems.contains($0.system) }?.name
      target = target ?? connections.first { recipe.targetSystems.contains($0.system) }?.name
      let used = [source, target].compactMap(\.self)
      let passed = try used.compactMap { try Self.passed($0, sync, in: session) }
      isChecked = used.count == 2 && passed.count == 2
      company = try sync?.company ?? session.store.companies().first?.handle
      if let company, sync == nil { line = session.addLine(for: company) }
      guard let sync else { return }
      isCheckedAgain = isChecked && passed.allSatisfy { $0 >= sync.madeAt }
      isPlanned = try !session.store.plans(of: sync.name, limit: 1).isEmpty
      isEnabled = try session.store.settings(for: .sync(sync.name))["enabled"] == .flag(true)
      isRun = try session.store.lastRuns()[sync.name] != nil
    }

    /// When a connection passed its last check, which for a system with tenants is one of the sync's tenant.
    private static func passed(_ connection: String, _ sync: Sync?, in session: Session) throws -> Date? {
      let partition = try sync.flatMap { try session.engine.snapshotScope(of: $0.name, .source)?.partition }
      let checks = try [nil, partition].compactMap {
        try session.store.lastCheck(connection: connection, partition: $0)
      }
      let last = checks.filter { !$0.results.isEmpty }.max { $0.at < $1.at }
      return last.flatMap { $0.passed ? $0.at : nil }
    }
  }

  private static func steps(_ standing: Standing) -> [Step] {
    let recipe = standing.recipe
    let (source, target) = (standing.source ?? "ms", standing.target ?? "cw")
    let company = standing.company ?? "acme"
    let name =
      standing.sync?.name.rawValue ?? (recipe.isPerCompany ? "\(company)/\(recipe.defaultSuffix)" : recipe.handle)
    let meant = recipe.isPerCompany ? company : name
    let add =
      standing.line
      ?? recipe.addLine(
        for: company, from: source, to: target, partition: standing.sync == nil ? "acme.example" : nil)
    let steps = [
      Step(
        line: connectLine(recipe.sourceSystems[0], as: source),
        does: "where people come from; its secret is asked for unseen", isDone: standing.source != nil),
      Step(
        line: connectLine(recipe.targetSystems[0], as: target), does: "where they go", isDone: standing.target != nil),
      Step(line: "check", does: "are both reached, and may they do what is needed?", isDone: standing.isChecked),
      Step(
        line: "load companies from \(target)", does: "the companies that there are", isDone: standing.company != nil),
      Step(line: add, does: "sets the sync up, switched off", isDone: standing.sync != nil),
      Step(
        line: "check \(source)\(target == source ? "" : " \(target)")", does: "once more, for this company's tenant",
        isDone: standing.isEnabled || standing.isPlanned || standing.isCheckedAgain),
      Step(
        line: "preview \(meant)", does: "reads both sides and says what would change; nothing is sent",
        isDone: standing.isPlanned),
      Step(line: "why \(meant)", does: "where everybody stops, and why", isDone: standing.isEnabled),
      Step(line: "enable \(name)", does: "lets it run", isDone: standing.isEnabled),
      Step(line: "sync \(meant)", does: "shows the numbers, asks, carries it out", isDone: standing.isRun),
    ]
    // Where a sync is for no company, none has to be known.
    return steps.filter { recipe.isPerCompany || !$0.line.hasPrefix("load companies") }
  }

  /// `connect m365 as ms client-id=…`: with every key that is needed and no secret.
  private static func connectLine(_ system: SystemID, as name: String) -> String {
    let keys = (Systems.description(of: system)?.parameters ?? []).filter {
      $0.isRequired && !$0.isSecret && $0.defaultValue == nil
    }
    return (["connect \(system) as \(name)"] + keys.map { "\($0.key)=…" }).joined(separator: " ")
  }
}

extension Session {
  /// The next of the first steps, until the first sync has run: what the verbs on the way say at their end.
  func nextOfFirstSteps() -> String? {
    guard let syncs = try? store.syncs(), syncs.count < 2, let next = try? FirstSteps(self).next else { return nil }
    return "next: \(next.line)"
  }
}
