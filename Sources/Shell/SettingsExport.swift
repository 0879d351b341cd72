/// The whole set-up as lines of the language, in an order in which each line finds what it names.
import CommandLanguage
import Execution
import Foundation
import Model
import Planning
import Storage

struct SettingsExport {
  let text: String

  init(_ session: Session) throws {
    let sections = [
      try Self.connections(session), try Self.general(session), try Self.companies(session), try Self.syncs(session),
      try Self.schedules(session), try Self.enabled(session),
    ].filter { !$0.isEmpty }
    text = ([["language 1"]] + sections).map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  /// The connections, with their secrets by name and what was set for them.
  private static func connections(_ session: Session) throws -> [String] {
    try session.store.connections().flatMap { connection -> [String] in
      let parameters = session.connectors.description(of: connection.system)?.parameters ?? []
      var words = ["connect \(connection.system) as \(word(connection.name, of: ConnectVerb.declaration))"]
      for parameter in parameters {
        if parameter.isSecret {
          if let reference = connection.secrets[parameter.key] { words.append("\(parameter.key)=\(quoted(reference))") }
        } else if let value = connection.parameters[parameter.key], value != parameter.defaultValue {
          words.append("\(parameter.key)=\(quoted(value))")
        }
      }
      let set = try session.store.settings(for: .connection(connection.name)).sorted { $0.key < $1.key }
      return [words.joined(separator: " ")]
        + set.map { "set \($0.key) to \(written($0.value)) for \(word(connection.name, of: SetVerb.declaration))" }
    }
  }

  /// What holds for all of kith.
  private static func general(_ session: Session) throws -> [String] {
    let set = try session.store.settings(for: .everything)
    return ShellSetting.all.compactMap { setting in
      set[setting.declaration.key].map { "set \(setting.declaration.key) to \(written($0))" }
    }
  }

  /// The companies, each with its mappings right behind it. Those that are mapped come first: one that is mapped nowhere
  /// would be taken for a later one of its name.
  private static func companies(_ session: Session) throws -> [String] {
    let renamed = try session.store.renamedCompanies()
    let companies = try session.store.companies()
    return (companies.filter { !$0.ids.isEmpty } + companies.filter(\.ids.isEmpty)).flatMap { company -> [String] in
      let handle = word(company.handle, of: AddVerb.declaration)
      let tenant = company.tenant.map { " tenant=\(quoted($0))" } ?? ""
      var lines = ["add company \(word(company.name, of: AddVerb.declaration)) as \(handle)\(tenant)"]
      let mapped = word(company.handle, of: MapVerb.declaration)
      for (connection, record) in company.ids.sorted(by: { $0.key < $1.key }) {
        lines.append(
          "map \(mapped) to \(word(record.rawValue, of: MapVerb.declaration)) for \(word(connection, of: MapVerb.declaration))"
        )
      }
      if renamed.contains(company.handle) {
        lines.append("rename company \(word(company.handle, of: RenameVerb.declaration)) to \(quoted(company.name))")
      }
      return lines
    }
  }

  private static func syncs(_ session: Session) throws -> [String] {
    try session.store.syncs().map { sync in
      func name(_ text: String) -> String { word(text, of: AddVerb.declaration) }
      var words = ["add sync \(sync.recipe)"]
      if let company = sync.company { words.append("for \(name(company))") }
      words.append("from \(name(sync.source)) to \(name(sync.target)) as \(name(sync.name.rawValue))")
      // In the order of the recipe's own declarations; a key that this kith's recipe does not know is left out.
      let set = try session.store.settings(for: .sync(sync.name))
      for declaration in Recipes.named(sync.recipe)?.settings ?? [] where declaration.key != .enabled {
        if let value = set[declaration.key] { words.append("\(declaration.key)=\(written(value))") }
      }
      return words.joined(separator: " ")
    }
  }

  /// What runs by itself. A script has to be there, in the home's folder, when its line runs.
  private static func schedules(_ session: Session) throws -> [String] {
    try session.store.schedules().map { schedule in
      func name(_ text: String) -> String { word(text, of: ScheduleVerb.declaration) }
      var words = ["schedule"]
      var values: [String: String] = [:]
      switch schedule.work {
      case .sync(let sync): words.append("sync \(name(sync.rawValue))")
      case .script(let script, let arguments):
        words.append(name(script))
        values = arguments
      }
      words.append("\(schedule.recurrence.words) in \(quoted(schedule.zone)) as \(name(schedule.name))")
      if !values.isEmpty { words.append("with") }
      words += values.sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted($0.value))" }
      return words.joined(separator: " ")
    }
  }

  /// Last, since its systems have to answer: what is switched on.
  private static func enabled(_ session: Session) throws -> [String] {
    let enabled = try session.store.syncs().filter { try session.engine.settings(for: $0).flag(.enabled) }
    guard !enabled.isEmpty else { return [] }
    let connections = Set(enabled.flatMap { [$0.source, $0.target] }).sorted()
    return try ["check " + connections.map { word($0, of: CheckVerb.declaration) }.joined(separator: " ")]
      + enabled.map { sync in
        let concern = try session.engine.questions(about: sync.name).first
        let value = try concern.map { try session.engine.settings(for: sync).text($0.key) }
        return "enable \(word(sync.name.rawValue, of: EnableVerb.declaration))"
          + (value.map { " confirm \(quoted($0))" } ?? "")
      }
  }

  // MARK: - Words

  /// A name as it is typed in a line of a verb, whose own words it may be.
  private static func word(_ text: String, of verb: VerbDeclaration) -> String {
    quoted(text, avoiding: verb.keywords)
  }

  /// A setting's value as it is typed.
  private static func written(_ value: SettingValue) -> String {
    switch value {
    case .text(let text): text.isEmpty ? "none" : quoted(text)
    case .list(let items): items.isEmpty ? "none" : "[" + items.map { quoted($0) }.joined(separator: ", ") + "]"
    case .flag, .count, .duration: value.displayed
    }
  }
}
