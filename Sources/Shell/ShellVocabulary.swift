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
  /// What the store answered since a text is looked at; `nil`: it is asked anew each time.
  var held: HeldLookups?
  /// When looking for live facts ends; `nil`: a few milliseconds from then.
  var deadline: ContinuousClock.Instant?

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
  func connectionsThatTakeSettings(_ context: Invocation) -> [String] {
    ["set", "unset", "add", "remove"].contains(context.verb) ? connections.map(\.name) : []
  }

  // MARK: - Declared names

  var systemHandles: [String] { Systems.all.map { $0.description.id.rawValue } }
  var mappedFields: [String] {
    Set(Recipes.all.flatMap(\.stages).flatMap(\.mapping).map(\.target.rawValue)).sorted()
  }

  // MARK: - The store's names

  var companies: [Company] { once("companies") { (try? session.store.companies()) ?? [] } }
  var syncs: [Sync] { once("syncs") { (try? session.store.syncs()) ?? [] } }
  /// The destinations of syncs that have many.
  var parts: [Sync] { once("parts") { syncs.flatMap { (try? session.store.parts(of: $0.name)) ?? [] } } }
  var connections: [Connection] { once("connections") { (try? session.store.connections()) ?? [] } }
  var lastRuns: [SyncName: Run] { once("last runs") { (try? session.store.lastRuns()) ?? [:] } }

  func newestPlan(of sync: SyncName) -> PlanSummary? {
    once("newest plan of \(sync)") { try? session.store.plans(of: sync, limit: 1).first }
  }

  /// Where the records of a sync are kept.
  func scopes(of sync: SyncName) -> [(side: Side, scope: SnapshotScope)] {
    once("scopes of \(sync)") { (try? session.engine.snapshotScopes(of: sync)) ?? [] }
  }

  func once<Answer: Sendable>(_ question: String, _ ask: () -> Answer) -> Answer {
    held?.once(question, ask) ?? ask()
  }

  var syncsInContext: [Sync] {
    guard let context = session.context else { return syncs }
    return once("syncs in use") { (try? session.syncs(meantBy: context.name)) ?? syncs }
  }

  func settings(meantBy context: Invocation) -> Settings? {
    syncs(meantBy: context).first.flatMap { sync in
      once("settings of \(sync.name)") { try? session.engine.settings(for: sync) }
    }
  }

  /// The settings that a line may name: the recipes', and those of connections; each key once, those of the syncs that
  /// the line means before all others.
  func settingKeys(_ context: Invocation) -> [SettingDeclaration] {
    let recipes = recipes(meantBy: context)
    return once("setting keys of \(recipes.map(\.handle))") {
      var seen: Set<SettingKey> = []
      return (recipes.flatMap(\.settings) + ShellSetting.all.map(\.declaration) + Self.settingsOfConnections)
        .filter { seen.insert($0.key).inserted }
    }
  }

  private static let settingsOfConnections = Systems.descriptions.flatMap { system in
    system.parameters.filter { !$0.isSecret }.map {
      SettingDeclaration(SettingKey($0.key), .text, default: .text($0.defaultValue ?? ""), help: $0.summary)
    }
  }

  /// Every recipe, those of the syncs that a line means first.
  func recipes(meantBy context: Invocation) -> [Recipe] {
    let meant = Set(syncs(meantBy: context).map(\.recipe))
    return Recipes.all.filter { meant.contains($0.handle) } + Recipes.all.filter { !meant.contains($0.handle) }
  }

  /// The syncs that a line names so far, else those in use.
  func syncs(meantBy context: Invocation) -> [Sync] {
    let named = (context.texts("company") + context.texts("sync")).flatMap { name in
      once("syncs meant by \(name)") { (try? session.syncs(meantBy: name)) ?? [] }
    }
    return named.isEmpty ? syncsInContext : named
  }
}

/// What the store answered while one text is looked at, each question asked once: 200 lines that set up a sync each would
/// otherwise read all companies several hundred times before the first of them runs, and each key of a line anew.
final class HeldLookups: Sendable {
  private let answers = Mutex<[String: any Sendable]>([:])

  func once<Answer: Sendable>(_ question: String, _ ask: () -> Answer) -> Answer {
    // Two steps: no answer yet would else be taken for the answer `nil`.
    if let known = answers.withLock({ $0[question] }), let answer = known as? Answer { return answer }
    let answer = ask()
    answers.withLock { $0[question] = answer }
    return answer
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
