/// `help`: the verbs, or one topic: a verb, a reason, a recipe, a setting, the exit codes.
import CommandLanguage
import Model
import Planning

enum HelpVerb: Verb {
  static let declaration = VerbDeclaration(
    "help", group: "Shell", effect: .looks,
    summary: "the verbs, or one topic",
    details: "A topic is a verb, a word of scripts, a reason, a recipe, a setting, or exit (the exit codes).",
    forms: [Form("help", [.optional([.slot("topic", .topic), .optional([.slot("more", .name)])])])],
    examples: [.init("help sync", "how sync is used"), .init("help unlicensed", "what a reason means")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    guard let first = call.text("topic") else { return .text(overview()) }
    let topic = call.text("more").map { "\(first) \($0)" } ?? first
    if let text = text(for: topic) { return .text(text) }
    let near = nearest(topic, among: topics)
    throw ShellError(
      "There is no help for “\(topic)”.", hint: near.map { "did you mean  help \($0)?" } ?? "help lists the verbs")
  }

  static var topics: [String] {
    Verbs.declarations.map(\.name) + StatementHelp.all.map(\.word) + Reason.allCases.map(\.rawValue)
      + Recipes.all.map(\.handle) + Recipes.all.flatMap { $0.settings.map(\.key.rawValue) }
      + ShellSetting.all.map(\.declaration.key.rawValue) + ["exit"]
  }

  static func text(for topic: String) -> String? {
    if topic == "exit" { return exitCodes() }
    if let verb = Verbs.declarations.first(where: { $0.name == topic || $0.aliases.contains(topic) }) {
      return CommandLanguage.help(for: verb)
    }
    if let statement = StatementHelp.named(topic) { return statement.text }
    if let reason = Reason(rawValue: topic) {
      return """
        \(reason.rawValue)   gate \(reason.gate.rawValue), class \(reason.reasonClass.rawValue)
          \(reason.sentence)
          who stops there:  why where reason is \(reason.rawValue)
        """
    }
    if let recipe = Recipes.named(topic) { return recipeText(recipe) }
    if let setting = ShellSetting.named(SettingKey(topic))?.declaration {
      return """
        \(setting.key)   \(setting.type.words), default \(setting.defaultValue.displayed)
          \(setting.help)
          set \(setting.key) to VALUE
        """
    }
    for recipe in Recipes.all {
      if let setting = recipe.settings.first(where: { $0.key.rawValue == topic }) {
        return """
          \(setting.key)   \(setting.type.words), default \(setting.defaultValue.displayed)
            \(setting.help)
            set \(setting.key) to VALUE for COMPANY
          """
      }
    }
    return nil
  }

  static func overview() -> String {
    CommandLanguage.overview(of: Verbs.declarations)
      + "\n\nhelp VERB says how a verb is used. Tab completes, ? lists what may follow, ^C stops what runs."
  }

  private static func exitCodes() -> String {
    ExitCode.allCases.map { code in
      let number = String(code.rawValue)
      return String(repeating: " ", count: 3 - number.count) + number + "  " + code.meaning
    }.joined(separator: "\n")
  }

  private static func recipeText(_ recipe: Recipe) -> String {
    var lines = ["\(recipe.handle)   \(recipe.name)", "  \(recipe.summary)", "", "Fields"]
    for field in recipe.stages.flatMap(\.mapping) { lines.append("  \(field.source) → \(field.target)") }
    lines += ["", "Settings"]
    for setting in recipe.settings {
      lines.append(
        "  \(setting.key)   \(setting.type.words), default \(setting.defaultValue.displayed): \(setting.help)")
    }
    lines += ["", "Steps"]
    for step in recipe.steps { lines.append("  \(step)") }
    return lines.joined(separator: "\n")
  }
}
