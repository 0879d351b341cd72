/// `enable`: lets a sync run, once its connections have passed a check.
import CommandLanguage
import Execution
import Model
import Planning
import Storage

enum EnableVerb: Verb {
  static let declaration = VerbDeclaration(
    "enable", group: "Set up",
    summary: "let a sync run",
    details: """
      Both of its connections must have passed a `check` since they last changed. A setting that gives new records wide \
      rights has to be named: in the terminal it is asked for, elsewhere it stands after `confirm`. In the terminal it also \
      offers the recipe's schedule; elsewhere it says the line that sets it.
      """,
    forms: [
      Form(
        "enable",
        [
          .companies,
          .optional([.keyword("confirm", help: "name the wide right that its settings give"), .slot("word", .text)]),
        ])
    ],
    examples: [
      .init("enable acme/contacts", "`sync` may run it from now on"),
      .init("enable crewhu-employees confirm Admin", "with a profile that sees the whole company"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    .message(try enable(try session.syncs(call), confirming: call.text("word"), in: session))
  }

  static func enable(_ syncs: [Sync], confirming word: String? = nil, in session: Session) throws -> String {
    var said: [String] = []
    for sync in syncs {
      let situation = try session.engine.situation(for: sync.name)
      if let failure = situation.standing.checkFailures.first {
        let found = failure.evidence.map { "\($0.place ?? sync.source): \($0.attribute) \($0.found)" }
        throw ShellError(
          "\(sync.name) cannot be enabled: \(failure.reason.sentence.lowercasedFirst)"
            + (found.isEmpty ? "" : " (\(found.joined(separator: "; ")))"),
          hint: failure.fix ?? "check \(sync.source) \(sync.target)")
      }
      for declaration in situation.recipe.settings where declaration.isNeededToEnable {
        guard situation.settings.text(declaration.key).isBlank else { continue }
        throw ShellError(
          "\(sync.name) cannot be enabled: \(declaration.key) is not set. \(declaration.help)",
          hint: "set \(declaration.key) to … for \(sync.name)")
      }
      if situation.settings.flag("enabled") {
        said.append("\(sync.name) is enabled already.")
        continue
      }
      try session.agree(
        to: try session.engine.questions(about: sync.name), under: situation.settings, saying: word,
        refusing: "\(sync.name) is not enabled", hint: "enable \(sync.name) confirm")
      try session.store.set("enabled", to: .flag(true), for: .sync(sync.name), by: session.who.user, at: session.now)
      said.append("\(sync.name) is enabled.  next: preview \(sync.company ?? sync.name.rawValue)")
      if let offered = try session.offerSchedule(of: sync, situation.recipe) { said.append(offered) }
    }
    return said.joined(separator: "\n")
  }
}

extension Session {
  /// Asks for the value of every setting that wants a person's word, or takes it from the line.
  ///
  /// - Parameters:
  ///   - word: what the line says; `nil`: it is asked for, where somebody can be asked.
  ///   - hint: the beginning of the line that says it.
  func agree(
    to concerns: [SettingConcern], under settings: Settings, saying word: String?, refusing refusal: String,
    hint: String
  ) throws {
    for concern in concerns {
      let value = settings.text(concern.key)
      guard word != value else { continue }
      if word == nil, confirms(concern.sentence, byTyping: value) { continue }
      throw ShellError(
        "\(refusal): \(concern.sentence)", hint: "\(hint) \(value.contains(" ") ? "\"\(value)\"" : value)",
        code: .refused)
    }
  }
}

extension String {
  /// The sentence as it goes on after a colon.
  var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
