/// The settings of kith itself, which no recipe declares and which hold for everything.
import CommandLanguage
import Connectors
import Execution
import Model
import Storage

/// One of them, with what it takes beyond its type.
struct ShellSetting: Sendable {
  var declaration: SettingDeclaration
  /// Why a value cannot be: a sentence and what to do; `nil` where it can.
  var refusal: @Sendable (String) -> (message: String, fix: String)?

  static let all: [ShellSetting] = [.notifyCommand, .notifyURL]

  static func named(_ key: SettingKey) -> ShellSetting? { all.first { $0.declaration.key == key } }

  static let notifyCommand = ShellSetting(
    declaration: SettingDeclaration(
      "notify.command", .text, default: .text(""),
      help:
        "A command line that gets a short JSON summary on standard input when an unattended run did not end with 0.",
      changesDecisions: false)
  ) { _ in nil }

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
  /// Rows of `show settings`.
  static func rows(_ session: Session) throws -> [[Value]] {
    let changes = try session.store.settingChanges(for: .everything)
    return all.map { setting in
      let declaration = setting.declaration
      let change = changes.last { $0.key == declaration.key }
      let value = session.text(of: setting)
      return [
        .text("everything"), .text(declaration.key.rawValue), .text(value.isEmpty ? "none" : value),
        .text(declaration.defaultValue.displayed), .text(declaration.type.words), .text(orBlank: change?.by),
        .date(orBlank: change?.at), .text(declaration.help),
      ]
    }
  }
}

extension Session {
  /// The text of a setting of kith itself; empty where it is not set.
  func text(of setting: ShellSetting) -> String {
    let values = (try? store.settings(for: .everything)) ?? [:]
    guard case .text(let text) = values[setting.declaration.key] ?? setting.declaration.defaultValue else { return "" }
    return text
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
    return "\(key): \(old.displayed) → \((new ?? declaration.defaultValue).displayed)"
  }
}
