/// `set`: gives a setting a value, for a sync or a connection.
import CommandLanguage
import Connectors
import Execution
import Model
import Planning
import Storage

enum SetVerb: Verb {
  static let declaration = VerbDeclaration(
    "set", group: "Settings", effect: .sets,
    summary: "give a setting a value",
    details: """
      Without `for` it is set for the syncs of the company in use; shell.… and notify.… are of kith itself and hold for \
      everything. Every change is in the change log, and `preview with KEY=VALUE` tries one without setting it.
      """,
    forms: [
      Form(
        "set",
        [
          .slot("key", .setting), .keyword("to", help: "its new value"), .slot("value", .settingValue),
          .forCompany,
        ])
    ],
    examples: [
      .init("set update-existing to on for acme", "existing contacts are updated from now on"),
      .init("set domains to acme.example for acme", "only people of that domain"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let key = SettingKey(call.text("key") ?? "")
    let said = call.arguments("value")
    return .message(try session.change(key, for: call) { declaration, _ in try declaration.value(saidAs: said) })
  }
}

/// What `set`, `unset`, `add` and `remove` have in common: whose setting it is, and that the change is written down.
extension Session {
  /// Changes one setting wherever the line means, and says what it was and what it is.
  ///
  /// - Parameter value: the new value, from the declaration and the value now in force; `nil` takes back what was set.
  func change(
    _ key: SettingKey, for call: Invocation, slot: String = "company",
    to value: (SettingDeclaration, SettingValue) throws -> SettingValue?
  ) throws -> String {
    if let setting = ShellSetting.named(key) { return try change(setting, for: call, slot: slot, to: value) }
    if let word = call.text(slot), let connection = try store.connection(named: word) {
      return try change(key, of: connection, to: value)
    }
    var said: [String] = []
    for sync in try syncs(call, slot: slot) {
      let settings = try engine.situation(for: sync.name).settings
      guard let declaration = settings.declarations[key] else {
        throw unknown(key.rawValue, as: "setting", among: settings.declarations.keys.map(\.rawValue))
      }
      let old = settings[key] ?? declaration.defaultValue
      let new = try value(declaration, old)
      if settings.flag(.enabled), new != old {
        let tried = new ?? declaration.defaultValue
        let concerns = try engine.questions(about: sync.name, trying: [key: tried]).filter { $0.key == key }
        try agree(
          to: concerns, under: settings.with(key, tried), saying: nil, refusing: "\(key) of \(sync.name) stays",
          hint: "disable \(sync.name), set it, then:  enable \(sync.name) confirm")
      }
      try store.set(key, to: new, for: .sync(sync.name), by: who.user, at: now)
      said.append(
        "\(key) of \(sync.name): \(old.displayed) → \((new ?? declaration.defaultValue).displayed)\(new == nil ? " (the default)" : "")"
      )
    }
    return said.joined(separator: "\n")
  }

  private func change(
    _ key: SettingKey, of connection: Connection, to value: (SettingDeclaration, SettingValue) throws -> SettingValue?
  ) throws -> String {
    guard
      let parameter = connectors.description(of: connection.system)?.parameters.first(where: { $0.key == key.rawValue }
      ),
      !parameter.isSecret
    else {
      let keys = connectors.description(of: connection.system)?.parameters.filter { !$0.isSecret }.map(\.key) ?? []
      throw unknown(key.rawValue, as: "setting of \(connection.name)", among: keys)
    }
    let declaration = SettingDeclaration(
      key, .text, default: .text(parameter.defaultValue ?? ""), help: parameter.summary)
    let set = try store.settings(for: .connection(connection.name))[key]?.displayed
    let old =
      set ?? connection.parameters[key.rawValue] ?? connection.findings[key.rawValue] ?? parameter.defaultValue ?? ""
    let new = try value(declaration, .text(old))
    // What a connector is made with has changed, so that an earlier check says nothing any more.
    var changed = connection
    changed.changedAt = now
    try store.save(changed)
    try store.set(key, to: new, for: .connection(connection.name), by: who.user, at: now)
    return
      "\(key) of \(connection.name): \(old.isEmpty ? "none" : old) → \(new?.displayed ?? "what check finds").  next: check \(connection.name)"
  }
}

extension SettingDeclaration {
  /// What a line says for the setting: each item of a list in brackets by itself, with the commas that it has.
  ///
  /// - Throws: ``InvalidSetting`` where the setting does not take it.
  func value(saidAs arguments: [Argument]) throws -> SettingValue {
    if type == .list, arguments.contains(where: \.isList) { return .list(arguments.flatMap(\.items)) }
    return try parse(arguments.map(\.text).joined(separator: ",")).get()
  }
}

extension Argument {
  fileprivate var isList: Bool {
    if case .list = content { true } else { false }
  }

  /// The texts of a list's items; the own text of what is no list.
  var items: [String] {
    if case .list(let items) = content { items.flatMap(\.items) } else { [text] }
  }
}
