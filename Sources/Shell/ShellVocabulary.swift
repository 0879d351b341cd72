/// What exists, for checking and completion: the names in the store, the settings, the fields; never a request.
import CommandLanguage
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage
import Synchronization

struct ShellVocabulary: Vocabulary {
  let session: Session
  /// What earlier lines of the same text will have made by the time a later line runs.
  var announced = Announced()
  /// The store's names as they were when a text was first looked at; `nil`: as they are now.
  var held: HeldNames?
  /// Whether a person is typing and must not wait: names are found by their beginnings alone, and without facts.
  var isHurried = false

  var verbs: [VerbDeclaration] { Verbs.declarations }

  var variables: [String: VariableShape] { session.typedNames.shapes }

  // MARK: - Checking

  func check(_ text: String, as slot: SlotType, in context: Invocation) -> NameCheck {
    switch slot {
    case .company:
      return announced.companies ? .unchecked : named(text, among: companies.map(\.handle))
    case .companyOrSync:
      if announced.companies { return .unchecked }
      return named(
        text,
        among: companies.map(\.handle) + (syncs + parts).map(\.name.rawValue) + announced.names
          + connectionsThatTakeSettings(context))
    case .sync:
      return announced.companies
        ? .unchecked : named(text, among: (syncs + parts).map(\.name.rawValue) + announced.names)
    case .connection: return named(text, among: connections.map(\.name) + announced.names)
    case .system: return named(text, among: systemHandles)
    case .side: return named(text, among: systemHandles + connections.map(\.name) + announced.names)
    case .fieldName: return named(text, among: mappedFields)
    case .recipe: return named(text, among: Recipes.all.map(\.handle))
    case .setting: return named(text, among: settingKeys(context).map(\.key.rawValue))
    case .settingValue:
      guard let key = context.text("key"),
        let declaration = settingKeys(context).first(where: { $0.key.rawValue == key })
      else { return .unchecked }
      if let setting = ShellSetting.named(declaration.key), let refusal = setting.refusal(text) {
        return .wrong(refusal.message, fix: refusal.fix)
      }
      // One item of a list may be anything; its own declaration reads the whole.
      if declaration.type == .list || declaration.type == .text { return .known }
      switch declaration.parse(text) {
      case .success: return .known
      case .failure(let failure):
        return .wrong("\(key) takes \(failure.allowed)", fix: "set \(key) to \(declaration.defaultValue.displayed)")
      }
    case .things: return named(text, among: Listings.all.map(\.name) + ["company", "person", "plan", "run", "records"])
    case .script: return check(script: text)
    case .scriptName:
      return ScriptFolder.isName(text)
        ? .known : .wrong("a script's name has small letters, digits and dashes", fix: nil)
    case .topic: return .unchecked
    case .level: return named(text, among: ["info", "warning", "error"])
    case .name:
      return Self.isName(text) ? .known : .wrong("a name has small letters, digits, dashes and slashes", fix: nil)
    default: return checkSchedule(text, as: slot, in: context) ?? .unchecked
    }
  }

  private func check(script text: String) -> NameCheck {
    if ScriptFolder.isPath(text) {
      return FileManager.default.fileExists(atPath: session.file(text).path)
        ? .known : .wrong("there is no file \(text)", fix: "show scripts lists the saved ones")
    }
    return named(text, among: session.scriptFolder.names())
  }

  /// Whether something may be called so.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-" || $0 == "/"
      }
  }

  func named(_ text: String, among names: [String]) -> NameCheck {
    names.contains(text) ? .known : .unknown(nearest: nearest(text, among: names))
  }

  /// `set … for cw` means a connection; everywhere else a company or sync is meant.
  private func connectionsThatTakeSettings(_ context: Invocation) -> [String] {
    ["set", "unset", "add", "remove"].contains(context.verb) ? connections.map(\.name) : []
  }

  // MARK: - Completing

  func candidates(for slot: SlotType, prefix: String, in context: Invocation, limit: Int) -> [VocabularyEntry] {
    switch slot {
    case .company: companyEntries
    case .companyOrSync:
      companyEntries + syncEntries.filter { !$0.text.contains("/") || prefix.contains("/") }
        + connectionEntries(for: context)
    case .sync: syncEntries
    case .connection: connectionEntries
    case .connectionOrFile: connectionEntries + PathEntries.matching(prefix, limit: limit)
    case .system: Systems.all.map { VocabularyEntry($0.description.id.rawValue, $0.description.name) }
    case .side: connectionEntries + systemHandles.map { VocabularyEntry($0) }
    case .fieldName: mappedFields.map { VocabularyEntry($0) }
    case .recipe: Recipes.all.map { VocabularyEntry($0.handle, $0.summary) }
    case .setting: settingEntries(context)
    case .settingValue: valueEntries(context)
    case .things: Listings.all.map { VocabularyEntry($0.name, $0.summary) }
    case .person: personEntries(prefix, limit: limit)
    case .explainable: personEntries(prefix, limit: limit) + companyEntries + runEntries + lineEntries
    case .planLine: lineEntries
    case .plan: planEntries
    case .run: runEntries
    case .script:
      scriptEntries + (prefix.contains("/") || prefix.hasPrefix("~") ? PathEntries.matching(prefix, limit: limit) : [])
    case .scriptName: scriptEntries
    case .scriptRun: scriptRunEntries
    case .topic: HelpVerb.topics.map { VocabularyEntry($0) }
    case .level: ["info", "warning", "error"].map { VocabularyEntry($0) }
    case .path: PathEntries.matching(prefix, limit: limit)
    default: scheduleEntries(for: slot, in: context) ?? []
    }
  }

  private var companyEntries: [VocabularyEntry] {
    let syncs = Dictionary(grouping: syncs) { $0.company ?? "" }
    return companies.map { company in
      VocabularyEntry(company.handle, company.name, detail: facts(of: syncs[company.handle] ?? []))
    }
  }

  private var syncEntries: [VocabularyEntry] {
    syncs.map { VocabularyEntry($0.name.rawValue, $0.recipe, detail: facts(of: [$0])) }
  }

  /// "214 people, last run 3 h ago, 2 failed", or "no sync".
  private func facts(of syncs: [Sync]) -> String {
    if isHurried { return "" }
    guard let sync = syncs.first else { return "no sync" }
    var facts: [String] = []
    if let scope = try? session.engine.snapshotScope(of: sync.name, .source),
      let count = try? session.store.snapshotCount(scope)
    {
      facts.append(counted(count, "person", "people"))
    }
    if let run = try? session.store.runs(of: sync.name, since: nil, limit: 1).first {
      facts.append("last run \(relative(run.startedAt, to: session.now))")
      if run.failed > 0 { facts.append("\(run.failed) failed") }
      if run.outcome != .ok { facts.append(run.outcome.rawValue) }
    } else {
      facts.append("never run")
    }
    return facts.joined(separator: ", ")
  }

  private var connectionEntries: [VocabularyEntry] {
    connections.map {
      VocabularyEntry($0.name, session.connectors.description(of: $0.system)?.name ?? $0.system.rawValue)
    }
  }

  private func connectionEntries(for context: Invocation) -> [VocabularyEntry] {
    connectionsThatTakeSettings(context).isEmpty ? [] : connectionEntries
  }

  private func settingEntries(_ context: Invocation) -> [VocabularyEntry] {
    let settings = settings(meantBy: context)
    return settingKeys(context).map { declaration in
      VocabularyEntry(
        declaration.key.rawValue, declaration.help,
        detail: "\(declaration.type.words), now \((settings?[declaration.key] ?? declaration.defaultValue).displayed)")
    }
  }

  private func valueEntries(_ context: Invocation) -> [VocabularyEntry] {
    guard let key = context.text("key"), let declaration = settingKeys(context).first(where: { $0.key.rawValue == key })
    else { return [] }
    switch declaration.type {
    case .flag: return ["on", "off"].map { VocabularyEntry($0) }
    case .choice(let words): return words.map { VocabularyEntry($0) }
    case .text, .count, .percent, .duration, .list: return []
    }
  }

  private func personEntries(_ prefix: String, limit: Int) -> [VocabularyEntry] {
    let syncs = syncsInContext
    var entries: [VocabularyEntry] = []
    for sync in syncs {
      for (side, scope) in (try? session.engine.snapshotScopes(of: sync.name)) ?? [] {
        guard entries.count < limit else { break }
        let hits =
          (try? session.store.records(
            in: scope, matching: prefix, limit: limit - entries.count, within: isHurried ? .zero : .milliseconds(4)))
          ?? []
        for hit in hits where !entries.contains(where: { $0.text == hit.label }) {
          entries.append(VocabularyEntry(hit.label, hit.name, detail: session.systemName(sync.connection(side))))
        }
      }
    }
    return entries
  }

  private var planEntries: [VocabularyEntry] {
    let plans = (try? session.store.plans(of: nil, limit: 30)) ?? []
    return plans.map { plan in
      VocabularyEntry(
        plan.id.description, plan.sync.rawValue,
        detail: "\(plan.state.rawValue), \(relative(plan.madeAt, to: session.now))")
    }
  }

  /// The changes of the newest plan: `p12/7`.
  private var lineEntries: [VocabularyEntry] {
    guard let plan = session.newestPlan, let id = plan.id else { return [] }
    return plan.decisions.prefix(200).map { decision in
      VocabularyEntry(
        PlanRef(plan: id, number: decision.number).description, decision.label,
        detail: "\(decision.action.rawValue), \(decision.reason.reason.rawValue)")
    }
  }

  /// What each saved script is for, and how it ended last.
  private var scriptEntries: [VocabularyEntry] {
    session.scriptFolder.names().map { name in
      let last = try? session.store.scriptRuns(of: name, limit: 1).first
      let detail =
        last.map {
          "last run \(relative($0.startedAt, to: session.now)), ended \($0.exitCode.map(String.init) ?? "not")"
        }
        ?? "never run"
      return VocabularyEntry(name, (try? session.script(meantBy: name))?.remark ?? "", detail: detail)
    }
  }

  private var scriptRunEntries: [VocabularyEntry] {
    ((try? session.store.scriptRuns(limit: 30)) ?? []).map { run in
      VocabularyEntry(
        run.id?.description ?? "", run.script,
        detail: "ended \(run.exitCode.map(String.init) ?? "not"), \(relative(run.startedAt, to: session.now))")
    }
  }

  /// The parameters of the script that a line runs; `nil` where it cannot be read.
  private func parameters(_ context: Invocation) -> [PairKey]? {
    guard let word = context.text("script"), let file = try? session.script(meantBy: word) else { return nil }
    return parse(file.text, vocabulary: self, mode: .script).parameters.map { parameter in
      PairKey(
        parameter.name.text, type: parameter.kind.type,
        help: parameter.kind.rawValue + (parameter.initial.map { ", \($0.text) if left out" } ?? ", needed"))
    }
  }

  private var runEntries: [VocabularyEntry] {
    let runs = (try? session.store.runs(of: nil, since: nil, limit: 30)) ?? []
    return runs.map { run in
      VocabularyEntry(
        run.id?.description ?? "", run.sync.rawValue,
        detail: "\(run.outcome.rawValue), \(relative(run.startedAt, to: session.now))")
    }
  }

  // MARK: - Fields and keys

  func fields(of subject: String) -> [Column]? {
    switch subject {
    case "plan": planColumns
    case "plans": Listing.plans.columns
    case "run": runColumns
    case "status": StatusVerb.columns
    case "checks": CheckVerb.columns
    case Listing.explained.name: Listing.explained.columns
    default: Listings.named(subject)?.columns
    }
  }

  func values(of field: String, subject: String, prefix: String, limit: Int) -> [VocabularyEntry] {
    switch field {
    case "action": return Action.allCases.map { VocabularyEntry($0.rawValue) }
    case "reason": return Reason.allCases.map { VocabularyEntry($0.rawValue, $0.sentence) }
    case "outcome":
      return ["ok", "failed", "held", "refused", "unreachable", "interrupted"].map { VocabularyEntry($0) }
    case "source", "target": return ["active", "inactive", "gone"].map { VocabularyEntry($0) }
    case "company": return companyEntries
    case "sync": return syncEntries
    default: return []
    }
  }

  func pairKeys(_ set: String, in context: Invocation) -> [PairKey]? {
    switch set {
    case "system":
      // Of a system that is not known, every key of every system: a secret is one, however the system is misspelt.
      let described = context.text("system").flatMap { Systems.description(of: SystemID($0)) }
      return (described.map { [$0] } ?? Systems.descriptions).flatMap(\.parameters).map {
        PairKey($0.key, type: .value, help: $0.summary, isSecret: $0.isSecret)
      }
    case "script": return parameters(context)
    case "company":
      return [PairKey("tenant", help: "the company's tenant: an id or a domain, as a list of companies has it")]
    case "recipe":
      guard let recipe = Recipes.named(context.text("recipe") ?? "") else { return nil }
      return recipe.settings.map { PairKey($0.key.rawValue, type: .settingValue, help: $0.help) }
    default:
      return Recipes.all.flatMap(\.settings).map { PairKey($0.key.rawValue, type: .settingValue, help: $0.help) }
    }
  }

  // MARK: - Declared names

  private var systemHandles: [String] { Systems.all.map { $0.description.id.rawValue } }
  private var mappedFields: [String] {
    Set(Recipes.all.flatMap(\.stages).flatMap(\.mapping).map(\.target.rawValue)).sorted()
  }

  // MARK: - The store's names

  private var companies: [Company] {
    if let held { return held.companies { (try? session.store.companies()) ?? [] } }
    return (try? session.store.companies()) ?? []
  }
  private var syncs: [Sync] {
    if let held { return held.syncs { (try? session.store.syncs()) ?? [] } }
    return (try? session.store.syncs()) ?? []
  }
  /// The destinations of syncs that have many.
  private var parts: [Sync] {
    if let held { return held.parts { read() } }
    func read() -> [Sync] { syncs.flatMap { (try? session.store.parts(of: $0.name)) ?? [] } }
    return read()
  }
  private var connections: [Connection] {
    if let held { return held.connections { (try? session.store.connections()) ?? [] } }
    return (try? session.store.connections()) ?? []
  }

  private var syncsInContext: [Sync] {
    guard let context = session.context else { return syncs }
    return (try? session.syncs(meantBy: context.name)) ?? syncs
  }

  private func settings(meantBy context: Invocation) -> Settings? {
    let sync = context.text("company").flatMap { try? session.syncs(meantBy: $0).first } ?? syncsInContext.first
    return sync.flatMap { try? session.engine.settings(for: $0) }
  }

  /// The settings that a line may name: the recipes', and those of connections.
  private func settingKeys(_ context: Invocation) -> [SettingDeclaration] {
    let ofConnections = Systems.descriptions.flatMap { system in
      system.parameters.filter { !$0.isSecret }.map {
        SettingDeclaration(SettingKey($0.key), .text, default: .text($0.defaultValue ?? ""), help: $0.summary)
      }
    }
    return Recipes.all.flatMap(\.settings) + ofConnections + ShellSetting.all.map(\.declaration)
  }
}

/// The store's names, each kind read once for a whole text: 200 lines that set up a sync each would otherwise read all
/// companies several hundred times before the first of them runs.
final class HeldNames: Sendable {
  private struct Names {
    var companies: [Company]?
    var syncs: [Sync]?
    var parts: [Sync]?
    var connections: [Connection]?
  }
  private let names = Mutex(Names())

  func companies(_ read: () -> [Company]) -> [Company] { one(\.companies, read) }
  func syncs(_ read: () -> [Sync]) -> [Sync] { one(\.syncs, read) }
  func parts(_ read: () -> [Sync]) -> [Sync] { one(\.parts, read) }
  func connections(_ read: () -> [Connection]) -> [Connection] { one(\.connections, read) }

  private func one<Name: Sendable>(_ kind: WritableKeyPath<Names, [Name]?>, _ read: () -> [Name]) -> [Name] {
    if let known = names.withLock({ $0[keyPath: kind] }) { return known }
    let known = read()
    names.withLock { $0[keyPath: kind] = known }
    return known
  }
}

/// The names that the lines of a text make themselves, so that a text can set up what its later lines use.
struct Announced {
  /// Connections and syncs.
  var names: [String] = []
  /// Companies will be loaded; their handles are only known then.
  var companies = false

  init() {}

  init(by commands: [Invocation]) {
    for command in commands {
      switch (command.verb, command.form) {
      case ("connect", _): names += command.texts("name")
      case ("load", "companies"), ("load", "everything"), ("add", "company"): companies = true
      case ("add", "sync"):
        names += command.texts("name")
        guard command.text("name") == nil, let recipe = Recipes.named(command.text("recipe") ?? "") else { continue }
        names.append(command.text("company").map { "\($0)/\(recipe.defaultSuffix)" } ?? recipe.handle)
      case ("rename", "sync"): names += command.texts("name")
      case ("schedule", _): names.append(ScheduleVerb.name(in: command))
      default: break
      }
    }
  }

  var isEmpty: Bool { names.isEmpty && !companies }
}

/// Names of files that begin as typed.
enum PathEntries {
  static func matching(_ prefix: String, limit: Int) -> [VocabularyEntry] {
    let expanded = (prefix as NSString).expandingTildeInPath
    let folder = prefix.hasSuffix("/") ? expanded : (expanded as NSString).deletingLastPathComponent
    let typedFolder = prefix.hasSuffix("/") ? prefix : (prefix as NSString).deletingLastPathComponent
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return names.sorted().prefix(limit).map { name in
      VocabularyEntry(typedFolder.isEmpty ? name : (typedFolder as NSString).appendingPathComponent(name))
    }
  }
}
