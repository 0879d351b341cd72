/// Settings and KEY=VALUE: the keys with their types, the values with which holds now, and the numbers of limits.
import CommandLanguage
import Connectors
import Execution
import Foundation
import Model
import Planning
import Storage

extension ShellVocabulary {
  func pairKeys(_ set: String, in context: Invocation) -> [PairKey]? {
    switch set {
    case "system":
      // Of a system that is not known, every key of every system: a secret is one, however the system is misspelt.
      let described = context.text("system").flatMap { Systems.description(of: SystemID($0)) }
      return (described.map { [$0] } ?? Systems.descriptions).flatMap { system in
        system.parameters.map { key(of: $0, at: system.id) }
      }
    case "script": return parameters(context)
    case "company":
      return [PairKey("tenant", help: "the company's tenant: an id or a domain, as a list of companies has it")]
    case "recipe":
      guard let recipe = Recipes.named(context.text("recipe") ?? "") else { return nil }
      return recipe.settings.sorted { $0.isRequired && !$1.isRequired }.map { declaration in
        var key = key(of: declaration, under: nil)
        if declaration.key == .tenant { key.choices += tenants(of: context) }
        return key
      }
    default:
      let settings = settings(meantBy: context)
      var seen: Set<SettingKey> = []
      return recipes(meantBy: context).flatMap(\.settings).filter { seen.insert($0.key).inserted }.map {
        key(of: $0, under: settings)
      }
    }
  }

  /// What a company's tenant may be called: as a list of companies has it, else the domain of its web site.
  private func tenants(of context: Invocation) -> [VocabularyEntry] {
    guard let company = context.text("company").flatMap({ handle in companies.first { $0.handle == handle } })
    else { return [] }
    if let tenant = company.tenant { return [VocabularyEntry(tenant, "as the list of companies has it")] }
    let domain = company.website.flatMap { site in
      URLComponents(string: site.contains("://") ? site : "https://" + site)?.host?.lowercased()
    }
    guard let domain else { return [] }
    let plain = domain.hasPrefix("www.") ? String(domain.dropFirst(4)) : domain
    return [VocabularyEntry(plain, "the domain of \(company.name)'s web site")]
  }

  private func key(of parameter: ConnectionParameter, at system: SystemID) -> PairKey {
    let detail = parameter.defaultValue.map { "default \($0)" } ?? (parameter.isRequired ? "needed" : "may be left out")
    return PairKey(
      parameter.key, type: parameter.isPath ? .path : .value, help: parameter.summary, isSecret: parameter.isSecret,
      detail: detail, choices: variables(for: parameter, at: system))
  }

  /// The environment's variables that are called as a parameter is, such as `M365_CLIENT_ID` or `TEST_M365_CLIENT_ID`: of
  /// a secret the name alone, of anything else what it holds.
  private func variables(for parameter: ConnectionParameter, at system: SystemID) -> [VocabularyEntry] {
    let name = [system.rawValue, parameter.key].joined(separator: "_").uppercased().replacing("-", with: "_")
    let names = session.environment.keys.filter { $0 == name || $0.hasSuffix("_" + name) }.sorted()
    return names.compactMap { name in
      if parameter.isSecret { return VocabularyEntry("env:\(name)", "the environment has it") }
      return session.environment[name].map { VocabularyEntry($0, "as \(name) says") }
    }
  }

  private func key(of declaration: SettingDeclaration, under settings: Settings?) -> PairKey {
    PairKey(
      declaration.key.rawValue, type: .settingValue,
      help: declaration.isRequired ? "needed: \(declaration.help)" : standing(of: declaration, under: settings),
      detail: declaration.type.words, choices: values(of: declaration, under: settings))
  }

  /// The parameters of the script that a line runs; `nil` where it cannot be read.
  private func parameters(_ context: Invocation) -> [PairKey]? {
    guard let word = context.text("script"), let file = try? session.script(meantBy: word) else { return nil }
    return parse(file.text, vocabulary: self, mode: .script).parameters.map { parameter in
      PairKey(
        parameter.name.text, type: parameter.kind.type, help: parameter.kind.help,
        detail: parameter.initial.map { "else \($0.text)" } ?? "needed")
    }
  }

  // MARK: - Settings

  func settingEntries(_ context: Invocation) -> [VocabularyEntry] {
    let settings = settings(meantBy: context)
    return settingKeys(context).map { declaration in
      VocabularyEntry(
        declaration.key.rawValue, standing(of: declaration, under: settings), detail: declaration.type.words)
    }
  }

  /// What a setting is now, and what it does: what is known only now stands where no narrow terminal cuts it off.
  private func standing(of declaration: SettingDeclaration, under settings: Settings?) -> String {
    "\(value(of: declaration, under: settings).displayed): \(declaration.help)"
  }

  private func value(of declaration: SettingDeclaration, under settings: Settings?) -> SettingValue {
    if let setting = ShellSetting.named(declaration.key) { return .text(session.text(of: setting)) }
    return settings?[declaration.key] ?? declaration.defaultValue
  }

  /// The values that a line may give to its setting; of `remove VALUE from`, what is in the lists.
  func valueEntries(_ context: Invocation) -> [VocabularyEntry] {
    guard let key = context.text("key") else { return context.verb == "remove" ? listedItems(context) : [] }
    guard let declaration = settingKeys(context).first(where: { $0.key.rawValue == key }) else { return [] }
    return values(of: declaration, under: settings(meantBy: context))
  }

  /// What can be chosen, and which of it holds now and by itself; of free text, what it is now and would be by itself.
  private func values(of declaration: SettingDeclaration, under settings: Settings?) -> [VocabularyEntry] {
    let now = value(of: declaration, under: settings).displayed
    let initial = declaration.defaultValue.displayed
    func entry(_ word: String, _ help: String = "") -> VocabularyEntry {
      let standing = [settings != nil && word == now ? "now" : nil, word == initial ? "default" : nil]
      return VocabularyEntry(word, help, detail: standing.compactMap(\.self).joined(separator: ", "))
    }
    switch declaration.type {
    case .flag: return [entry("on", "yes"), entry("off", "no")]
    case .choice(let words): return words.map { entry($0) }
    case .text, .count, .percent, .duration:
      return (now == initial ? [now] : [now, initial]).filter { $0 != "none" }.map { entry($0) }
    case .list: return []
    }
  }

  private func listedItems(_ context: Invocation) -> [VocabularyEntry] {
    guard let settings = settings(meantBy: context) else { return [] }
    return settings.declarations.keys.sorted().flatMap { key -> [VocabularyEntry] in
      guard case .list(let items)? = settings[key] else { return [] }
      return items.map { VocabularyEntry($0, "in \(key)") }
    }
  }

  // MARK: - Limits

  /// How many changes of this kind the plan has that the line means, else the newest one of its syncs.
  func standing(of kind: LimitKind, in context: Invocation) -> LimitStanding? {
    let plan: PlanSummary?
    if let id = context.text("plan").flatMap({ PlanID($0) }) {
      plan = (try? session.store.plans(limit: 200))?.first { $0.id == id }
    } else {
      plan = syncs(meantBy: context).compactMap { newestPlan(of: $0.name) }.max { $0.id < $1.id }
    }
    guard let plan else { return nil }
    if let change = ChangeKind(rawValue: kind.name), LimitKind.confirmKinds.contains(kind) {
      return LimitStanding(plan.changeCounts[change] ?? 0, in: plan.id.description)
    }
    return plan.guards.first { $0.word == kind.name }?.count.map { LimitStanding($0, in: plan.id.description) }
  }
}
