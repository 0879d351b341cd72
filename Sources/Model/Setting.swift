/// Settings: one declaration each, and the values in force.
package import Foundation

/// The name of a setting: `update-existing`, `guard.creates`, `mapping.title`.
package struct SettingKey: TextID {
  package let rawValue: String
  package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// What a setting takes.
package enum SettingType: Hashable, Sendable {
  case flag, text, count, percent, duration, list
  case choice([String])

  /// How the type reads in help: "on or off", "a list".
  package var words: String {
    switch self {
    case .flag: "on or off"
    case .text: "a text"
    case .count: "a whole number from 0"
    case .percent: "a percentage from 0 to 100"
    case .duration: "a duration such as 30s, 20m, 6h or 7d"
    case .list: "a list"
    case .choice(let words): words.joined(separator: " or ")
    }
  }
}

/// The value of a setting.
package enum SettingValue: Hashable, Sendable, Codable {
  case flag(Bool)
  case text(String)
  case count(Int)
  /// In seconds.
  case duration(Int)
  case list([String])

  /// As it is typed and shown: `on`, `7d`, `[acme.example, acme.test]`, `none` for an empty list or text.
  package var displayed: String {
    switch self {
    case .flag(let flag): flag ? "on" : "off"
    case .text(let text): text.isEmpty ? "none" : text
    case .count(let count): String(count)
    case .duration(let seconds): Self.duration(seconds)
    case .list(let items): items.isEmpty ? "none" : items.joined(separator: ", ")
    }
  }

  private static func duration(_ seconds: Int) -> String {
    for (unit, size) in [("d", 86_400), ("h", 3_600), ("m", 60)] where seconds >= size && seconds % size == 0 {
      return "\(seconds / size)\(unit)"
    }
    return "\(seconds)s"
  }
}

/// One setting: its type, its default and what it does.
package struct SettingDeclaration: Sendable {
  package var key: SettingKey
  package var type: SettingType
  package var defaultValue: SettingValue
  package var help: String
  /// Whether a change of it can change what a plan decides; such a change is held in an unattended run until a person
  /// lets its effect through.
  package var changesDecisions: Bool
  /// Whether a recipe cannot run without it.
  package var isRequired: Bool
  /// Whether a sync cannot be enabled without it, though it may be saved and previewed.
  package var isNeededToEnable: Bool

  package init(
    _ key: SettingKey, _ type: SettingType, default defaultValue: SettingValue, help: String,
    changesDecisions: Bool = true, isRequired: Bool = false, isNeededToEnable: Bool = false
  ) {
    self.key = key
    self.type = type
    self.defaultValue = defaultValue
    self.help = help
    self.changesDecisions = changesDecisions
    self.isRequired = isRequired
    self.isNeededToEnable = isNeededToEnable
  }

  /// Reads a typed value, or says in a sentence what is allowed.
  package func parse(_ text: String) -> Result<SettingValue, InvalidSetting> {
    func fail() -> Result<SettingValue, InvalidSetting> {
      .failure(InvalidSetting(key: key, value: text, allowed: type.words))
    }
    switch type {
    case .flag:
      return switch text {
      case "on", "yes", "true": .success(.flag(true))
      case "off", "no", "false": .success(.flag(false))
      default: fail()
      }
    case .text:
      return .success(.text(text == "none" ? "" : text))
    case .count:
      guard let count = Int(text), count >= 0 else { return fail() }
      return .success(.count(count))
    case .percent:
      guard let count = Int(text.hasSuffix("%") ? String(text.dropLast()) : text), (0...100).contains(count) else {
        return fail()
      }
      return .success(.count(count))
    case .duration:
      let sizes: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
      guard let unit = text.last, let size = sizes[unit], let number = Int(text.dropLast()), number >= 0,
        case (let seconds, false) = number.multipliedReportingOverflow(by: size)
      else { return fail() }
      return .success(.duration(seconds))
    case .list:
      if text == "none" { return .success(.list([])) }
      let items = text.split(separator: ",").map { String($0).trimmedNFC }.filter { !$0.isEmpty }
      return .success(.list(items))
    case .choice(let words):
      return words.contains(text) ? .success(.text(text)) : fail()
    }
  }
}

/// A value that a setting does not take.
package struct InvalidSetting: Error, Hashable, Sendable {
  package var key: SettingKey
  package var value: String
  package var allowed: String
  package init(key: SettingKey, value: String, allowed: String) {
    self.key = key
    self.value = value
    self.allowed = allowed
  }
}

/// Who set a value, and when.
package struct SettingChange: Hashable, Sendable, Codable {
  package var key: SettingKey
  package var old: SettingValue?
  package var new: SettingValue?
  package var by: String
  package var at: Date
  package init(key: SettingKey, old: SettingValue?, new: SettingValue?, by: String, at: Date) {
    self.key = key
    self.old = old
    self.new = new
    self.by = by
    self.at = at
  }
}

/// The settings in force for one sync: what was set, over the declared defaults.
package struct Settings: Sendable {
  package private(set) var declarations: [SettingKey: SettingDeclaration]
  package private(set) var values: [SettingKey: SettingValue]
  /// The last change of each key that was set.
  package var changes: [SettingKey: SettingChange]

  package init(
    declarations: [SettingDeclaration], values: [SettingKey: SettingValue] = [:],
    changes: [SettingKey: SettingChange] = [:]
  ) {
    self.declarations = Dictionary(declarations.map { ($0.key, $0) }) { _, last in last }
    self.values = values
    self.changes = changes
  }

  package subscript(key: SettingKey) -> SettingValue? {
    values[key] ?? declarations[key]?.defaultValue
  }

  package func flag(_ key: SettingKey) -> Bool {
    if case .flag(let flag) = self[key] { flag } else { false }
  }
  package func count(_ key: SettingKey) -> Int {
    if case .count(let count) = self[key] { count } else { 0 }
  }
  package func text(_ key: SettingKey) -> String {
    if case .text(let text) = self[key] { text } else { "" }
  }
  package func list(_ key: SettingKey) -> [String] {
    if case .list(let items) = self[key] { items } else { [] }
  }
  /// In seconds.
  package func seconds(_ key: SettingKey) -> Int {
    if case .duration(let seconds) = self[key] { seconds } else { 0 }
  }

  package func with(_ key: SettingKey, _ value: SettingValue) -> Settings {
    var copy = self
    copy.values[key] = value
    return copy
  }

  /// One setting as others have it, and since when.
  package func with(_ key: SettingKey, of others: Settings) -> Settings {
    var copy = self
    copy.values[key] = others.values[key]
    copy.changes[key] = others.changes[key]
    return copy
  }

  /// A hash of every setting that can change a decision, the mapping among them.
  package var fingerprint: Fingerprint {
    var hasher = FingerprintHasher()
    for key in declarations.keys.sorted() where declarations[key]?.changesDecisions == true {
      guard let value = self[key] else { continue }
      hasher.combine(key.rawValue)
      hasher.combine(value.displayed)
    }
    return hasher.finalize()
  }
}
