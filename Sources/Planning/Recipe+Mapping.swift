/// The mapping in force: the recipe's own, field by field overruled by the settings `mapping.FIELD`.
package import Model

/// Where the value of one target field comes from.
package enum MappingSource: Hashable, Sendable {
  case field(FieldName)
  /// The same text for every record, typed `constant:TEXT`.
  case constant(String)
  /// The field is not carried (`none`).
  case none

  static let constantPrefix = "constant:"

  init(_ text: String) {
    if text.isBlank {
      self = .none
    } else if text.hasPrefix(Self.constantPrefix) {
      self = .constant(String(text.dropFirst(Self.constantPrefix.count)))
    } else {
      self = .field(FieldName(text.trimmedNFC))
    }
  }

  /// As it is typed: `title`, `constant:Client`, `none`.
  package var displayed: String {
    switch self {
    case .field(let name): name.rawValue
    case .constant(let text): Self.constantPrefix + text
    case .none: "none"
    }
  }
}

/// One target field and what feeds it.
package struct MappedField: Hashable, Sendable {
  package var target: FieldName
  package var source: MappingSource
  package init(target: FieldName, source: MappingSource) {
    self.target = target
    self.source = source
  }

  /// The value for the target, trimmed; `nil` when the source said nothing or the field is not carried.
  package func value(from record: Record) -> FieldValue? {
    switch source {
    case .none: nil
    case .constant(let text): .text(text.trimmedNFC)
    case .field(let name):
      switch record.fields[name] {
      case nil: nil
      case .null: .null
      case .text(let text): text.isBlank ? .null : .text(text.trimmedNFC)
      case .list(let items): .text(items.joined(separator: ", ").trimmedNFC)
      case .flag(let flag): .text(FieldValue.flag(flag).displayed)
      }
    }
  }
}

extension Recipe {
  /// The setting that overrules the mapping of a target field.
  package static func mappingKey(_ field: FieldName) -> SettingKey { SettingKey("mapping.\(field)") }

  /// Every mapped target field in the recipe's order, with what feeds it under these settings.
  package func mapping(under settings: Settings) -> [MappedField] {
    mapping.map { entry in
      guard case .text(let text) = settings[Self.mappingKey(entry.target)] else {
        return MappedField(target: entry.target, source: .field(entry.source))
      }
      return MappedField(target: entry.target, source: MappingSource(text))
    }
  }

  /// What the mapping gives for a source record, under the target's field names; absent stays absent.
  package func mappedValues(of record: Record, under settings: Settings) -> FieldValues {
    var values = FieldValues()
    for field in mapping(under: settings) {
      if let value = field.value(from: record) { values[field.target] = value }
    }
    return values
  }

  /// What is wrong with the settings, so that no run may start: one cause each.
  package func problems(
    with settings: Settings, source: SystemDescription, target: SystemDescription, sync: SyncName
  ) -> [Cause] {
    var problems: [Cause] = []
    for declaration in self.settings where declaration.isRequired && (settings[declaration.key]?.isUnset ?? true) {
      problems.append(
        Cause(
          .settingsInvalid,
          evidence: [Evidence(declaration.key.rawValue, "is", wanted: declaration.type.words, found: "not set")],
          fix: "set \(declaration.key) to … for \(sync)"))
    }
    let mappable = (source.fields[kind] ?? []).filter { !$0.isFact }.map(\.name.rawValue)
    for field in mapping(under: settings) {
      guard case .field(let name) = field.source, !mappable.contains(name.rawValue) else { continue }
      let key = Self.mappingKey(field.target)
      problems.append(
        Cause(
          .settingsInvalid,
          evidence: [
            Evidence(
              key.rawValue, "is one of", wanted: mappable.joined(separator: ", ") + ", constant:TEXT, none",
              found: name.rawValue)
          ],
          fix: "set \(key) to \(mapping.first { $0.target == field.target }?.source.rawValue ?? "none") for \(sync)"))
    }
    return problems
  }
}

extension SettingValue {
  fileprivate var isUnset: Bool {
    switch self {
    case .text(let text): text.isBlank
    case .list(let items): items.isEmpty
    case .flag, .count, .duration: false
    }
  }
}
