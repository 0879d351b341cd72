/// `add`: a company, a sync, or a value to a setting that is a list.
import CommandLanguage
import Connectors
import Execution
import Model
import Planning
import Storage

enum AddVerb: Verb {
  static let declaration = VerbDeclaration(
    "add", group: "Set up",
    summary: "add a company, a sync, or a value to a list setting",
    details: """
      `add sync` sets a recipe up for a company, switched off: check its connections, preview it, then enable it. With \
      `now` it is enabled and run at once.
      """,
    forms: [
      Form(
        "sync",
        [
          .keyword("sync", help: "set a recipe up between two connections, switched off"), .slot("recipe", .recipe),
          .optional([
            .keyword("for", help: "the company that it is for, where the recipe has one sync a company"),
            .slot("company", .company),
          ]),
          .keyword("from", help: "the connection that is read"), .slot("source", .connection),
          .keyword("to", help: "the connection that is written to"), .slot("target", .connection),
          .optional([
            .keyword("as", help: "the name of the sync; else the company and the recipe say it"), .slot("name", .name),
          ]), .optional([.pairs("recipe")]),
          .optional([.keyword("now", help: "enable it and run it at once")]),
        ]),
      Form(
        "company",
        [
          .keyword("company", help: "a company that no connection lists"), .slot("name", .text),
          .optional([.keyword("as", help: "the handle; else it is made from the name"), .slot("handle", .name)]),
          .optional([.pairs("company")]),
        ]),
      Form(
        "value",
        [
          .slot("value", .settingValue), .keyword("to", help: "the list setting that it joins"), .slot("key", .setting),
          .forCompany,
        ]),
    ],
    examples: [
      .init(
        "add sync m365-contacts for acme from ms to cw tenant=acme.example",
        "sets up Acme's contacts from Microsoft 365"),
      .init("add acme-labs.example to domains for acme", "one more domain"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    switch call.form {
    case "sync": return try await addSync(call, in: session)
    case "company": return .message(try addCompany(call, in: session))
    default:
      let added = call.arguments("value").flatMap(\.items)
      return .message(
        try session.change(SettingKey(call.text("key") ?? ""), for: call) { declaration, old in
          .list(
            try items(of: old, declaration)
              + added.filter { value in !(try items(of: old, declaration)).contains(value) })
        })
    }
  }

  /// The items of a list setting; any other setting has none to add to or remove from.
  static func items(of value: SettingValue, _ declaration: SettingDeclaration) throws -> [String] {
    guard case .list(let items) = value else {
      throw ShellError(
        "\(declaration.key) is not a list: it takes \(declaration.type.words).", hint: "set \(declaration.key) to …",
        code: .wrong)
    }
    return items
  }

  private static func addCompany(_ call: Invocation, in session: Session) throws -> String {
    let name = call.text("name") ?? ""
    let taken = Set(try session.store.companies().map(\.handle))
    if let wanted = call.text("handle"), taken.contains(wanted) {
      throw ShellError("There is a company \(wanted) already.", hint: "choose another handle with  as HANDLE")
    }
    let handle = call.text("handle") ?? Store.handle(forIdentifier: nil, name: name, taken: taken)
    _ = try session.store.save([Company(handle: handle, name: name, tenant: call.pair("tenant")?.text)])
    return "\(handle) is \(name).  next: map \(handle) to ID for CONNECTION"
  }

  private static func addSync(_ call: Invocation, in session: Session) async throws -> Outcome {
    let handle = call.text("recipe") ?? ""
    guard let recipe = Recipes.named(handle) else {
      throw session.unknown(handle, as: "recipe", among: Recipes.all.map(\.handle))
    }
    let source = try session.connection(meantBy: call.text("source") ?? "")
    let target = try session.connection(meantBy: call.text("target") ?? "")
    guard recipe.sourceSystems.contains(source.system) else {
      throw ShellError(
        "\(handle) reads from \(recipe.sourceSystems.map(\.rawValue).joined(separator: " or ")), and \(source.name) is \(source.system).",
        hint: "from a connection to \(recipe.sourceSystems.map(\.rawValue).joined(separator: " or "))", code: .wrong)
    }
    guard recipe.targetSystems.contains(target.system) else {
      throw ShellError(
        "\(handle) writes to \(recipe.targetSystems.map(\.rawValue).joined(separator: " or ")), and \(target.name) is \(target.system).",
        hint: "to a connection to \(recipe.targetSystems.map(\.rawValue).joined(separator: " or "))", code: .wrong)
    }
    let company: Company? = recipe.isPerCompany ? try session.company(call) : nil
    let name = SyncName(call.text("name") ?? company.map { "\($0.handle)/\(recipe.defaultSuffix)" } ?? recipe.handle)

    // Every setting is read before anything is saved: a wrong one leaves nothing half made.
    var values: [(SettingKey, SettingValue)] = []
    for pair in call.pairs {
      let (key, argument) = (pair.key, pair.argument)
      guard let declaration = recipe.settings.first(where: { $0.key.rawValue == key }) else {
        throw session.unknown(key, as: "setting of \(handle)", among: recipe.settings.map(\.key.rawValue))
      }
      values.append((declaration.key, try declaration.value(saidAs: [argument])))
    }
    let sourceSystem = session.connectors.description(of: source.system)
    for declaration in sourceSystem.map(recipe.required) ?? [] {
      guard values.contains(where: { $0.0 == declaration.key }) else {
        throw ShellError(
          "\(handle) needs \(declaration.key)=. \(declaration.help)",
          hint: "add the key to the end of the line:  \(declaration.key)=VALUE", code: .wrong)
      }
    }
    try session.store.add(
      Sync(
        name: name, recipe: handle, company: company?.handle, source: source.name, target: target.name,
        madeAt: session.now))
    for (key, value) in values {
      try session.store.set(key, to: value, for: .sync(name), by: session.who.user, at: session.now)
    }
    let arrow = session.isTwoWay(try session.sync(named: name)) ? "↔" : "→"
    var said = "\(name): \(recipe.name), \(source.name) \(arrow) \(target.name), switched off."
    if let company, company.ids[target.name] == nil {
      said +=
        "\n\(company.name) is not mapped to a company at \(target.name) yet:  map \(company.handle) to ID for \(target.name)"
    }
    guard call.has("now") else {
      return .message(said + "\n  next: check · preview \(company?.handle ?? name.rawValue) · enable \(name)")
    }
    session.tell(said)
    _ = try await session.engine.check([source.name, target.name])
    session.tell(try EnableVerb.enable([try session.sync(named: name)], in: session))
    return try await SyncVerb.carryOut([try session.sync(named: name)], call, in: session)
  }
}
