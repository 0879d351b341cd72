/// The settings of kith itself, which no recipe declares and which hold for everything.
import CommandLanguage
import Connectors
import Execution
import Model
import Storage

/// One of them, with what it takes beyond its type.
struct ShellSetting: Sendable {
  var declaration: SettingDeclaration
  /// Why a value of its type cannot be all the same: a sentence and what to do; `nil` where it can.
  var refusal: @Sendable (String) -> (message: String, fix: String)?

  init(
    declaration: SettingDeclaration,
    refusal: @escaping @Sendable (String) -> (message: String, fix: String)? = { _ in nil }
  ) {
    self.declaration = declaration
    self.refusal = refusal
  }

  /// How the shell looks at a terminal, and who is told of endings.
  static let all: [ShellSetting] = [
    .shellHints, .shellColors, .shellUsage, .shellDates, .shellPager, .notifyCommand, .notifyURL,
  ]

  static func named(_ key: SettingKey) -> ShellSetting? { all.first { $0.declaration.key == key } }

  static let notifyCommand = ShellSetting(
    declaration: SettingDeclaration(
      "notify.command", .text, default: .text(""),
      help:
        "A command line that gets a short JSON summary on standard input when an unattended run did not end with 0.",
      changesDecisions: false))

  static let notifyURL = ShellSetting(
    declaration: SettingDeclaration(
      "notify.url", .text, default: .text(""),
      help:
        "An address that the same summary is posted to: https, or http on this machine. Where the address itself is "
        + "a secret, name it: env:NAME, file:PATH or vault:NAME.",
      changesDecisions: false)
  ) { text in
    if text.isEmpty || text == "none" || SecretReference(text) != nil { return nil }
    return refusal(ofAddress: text)
  }

  /// Why a summary is not sent to an address.
  static func refusal(ofAddress text: String) -> (message: String, fix: String)? {
    guard let address = WebAddress(text) else {
      return ("that is no web address", "write it like https://host.example/path")
    }
    guard address.origin.scheme == .https || address.origin.isLoopback else {
      return (
        "plain http to \(address.origin.host) could be read on its way",
        "use https:// ; plain http is accepted for 127.0.0.1, [::1] and localhost only"
      )
    }
    return nil
  }
}

extension ShellSetting {
  // MARK: - At the prompt

  static let shellHints = flag(
    "shell.hints", "What the line may go on with, dim behind the cursor while it is typed.")
  static let shellColors = flag("shell.colors", "The words of a line in colours while it is typed.")
  static let shellUsage = flag("shell.usage", "How a verb is used, or what is wrong, under the line while it is typed.")

  /// Words of ``shellDates``.
  static let exactDates = "exact"
  static let shellDates = choice(
    "shell.dates", ["relative", exactDates],
    "How moments stand in a table at a terminal: 3 h ago, or 2026-03-01 02:14.")

  /// Words of ``shellPager``.
  static let noPager = "off"
  static let shellPager = choice(
    "shell.pager", ["auto", noPager],
    "Whether an answer that is longer than the screen opens in the pager: PAGER, else less.")

  private static func flag(_ key: SettingKey, _ help: String) -> ShellSetting {
    ShellSetting(
      declaration: SettingDeclaration(key, .flag, default: .flag(true), help: help, changesDecisions: false))
  }

  /// The first word is the default.
  private static func choice(_ key: SettingKey, _ words: [String], _ help: String) -> ShellSetting {
    ShellSetting(
      declaration: SettingDeclaration(
        key, .choice(words), default: .text(words[0]), help: help, changesDecisions: false))
  }
}

extension ShellSetting {
  /// Rows of `show settings`.
  static func rows(_ session: Session) throws -> [[Value]] {
    let changes = try session.store.settingChanges(for: .everything)
    return all.map { setting in
      let declaration = setting.declaration
      let change = changes.last { $0.key == declaration.key }
      return [
        .text("everything"), .text(declaration.key.rawValue), .text(session.value(of: setting).displayed),
        .text(declaration.defaultValue.displayed), .text(declaration.type.words), .text(orBlank: change?.by),
        .date(orBlank: change?.at), .text(declaration.help),
      ]
    }
  }
}

extension Session {
  /// What a setting of kith itself is; read once for a text at work, so that asking is cheap.
  func value(of setting: ShellSetting) -> SettingValue {
    heldSettings { (try? store.settings(for: .everything)) ?? [:] }[setting.declaration.key]
      ?? setting.declaration.defaultValue
  }

  /// The text of a setting; empty where it is not set.
  func text(of setting: ShellSetting) -> String {
    if case .text(let text) = value(of: setting) { text } else { "" }
  }

  /// Whether a setting is on.
  func flag(of setting: ShellSetting) -> Bool {
    if case .flag(let flag) = value(of: setting) { flag } else { false }
  }

  /// Changes a setting that holds for everything.
  func change(
    _ setting: ShellSetting, for call: Invocation, slot: String,
    to value: (SettingDeclaration, SettingValue) throws -> SettingValue?
  ) throws -> String {
    let (declaration, key) = (setting.declaration, setting.declaration.key)
    if let word = call.text(slot) {
      throw ShellError(
        "\(key) holds for everything, not for \(word) alone.", hint: "leave  for \(word)  out", code: .wrong)
    }
    let old = try store.settings(for: .everything)[key] ?? declaration.defaultValue
    let new = try value(declaration, old)
    if case .text(let text)? = new, let refusal = setting.refusal(text) {
      throw ShellError("\(key) stays: \(refusal.message).", hint: refusal.fix, code: .wrong)
    }
    try store.set(key, to: new, for: .everything, by: who.user, at: now)
    forgetSettings()
    return "\(key): \(old.displayed) → \((new ?? declaration.defaultValue).displayed)"
  }
}
