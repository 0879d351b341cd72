/// The mapping in force: the recipe's own, field by field overruled by the settings `mapping.FIELD`.
package import Model

/// Where the value of one target field comes from.
package enum MappingSource: Hashable, Sendable {
  case field(FieldName)
  /// The same text for every record, typed `constant:TEXT`.
  case constant(String)
  /// The same flag for every record, as the recipe says.
  case flag(Bool)
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
    case .flag(let flag): FieldValue.flag(flag).displayed
    case .none: "none"
    }
  }
}

/// One target field and what feeds it.
package struct MappedField: Hashable, Sendable {
  package var target: FieldName
  package var source: MappingSource
  package var isList: Bool
  package var isVerbatim: Bool
  package init(target: FieldName, source: MappingSource, isList: Bool = false, isVerbatim: Bool = false) {
    self.target = target
    self.source = source
    self.isList = isList
    self.isVerbatim = isVerbatim
  }

  /// The value for the target, trimmed; `nil` when the source said nothing or the field is not carried.
  package func value(from record: Record) -> FieldValue? {
    switch source {
    case .none: nil
    case .constant(let text): .text(text.trimmedNFC)
    case .flag(let flag): .flag(flag)
    // What a copy carries of its origin.
    case .field(let name) where name == MatchRule.id: .text(record.id.rawValue)
    case .field(let name): record.fields[name].map(normalised)
    }
  }

  /// A value as it is carried: trimmed, a blank as null, a list as one text unless the field is a list.
  func normalised(_ value: FieldValue) -> FieldValue {
    if isVerbatim { return verbatim(value) }
    return switch value {
    case .null: .null
    case .text(let text): text.isBlank ? .null : isList ? .list([text.trimmedNFC]) : .text(text.trimmedNFC)
    case .list(let items) where isList: value.isBlank ? .null : .list(items.map(\.trimmedNFC).filter { !$0.isEmpty })
    case .list(let items): .text(items.joined(separator: ", ").trimmedNFC)
    case .flag(let flag): .text(FieldValue.flag(flag).displayed)
    }
  }

  private func verbatim(_ value: FieldValue) -> FieldValue {
    switch value {
    case .null: .null
    case .text(let text): text.isBlank ? .null : isList ? .list([text]) : value
    case .list(let items): value.isBlank ? .null : .list(items.filter { !$0.isBlank })
    case .flag(let flag): .text(FieldValue.flag(flag).displayed)
    }
  }
}

extension Stage {
  /// The setting that overrules the mapping of a target field: `mapping.title`, or `mapping.company.name` where the
  /// recipe has several stages.
  package func mappingKey(_ field: FieldName) -> SettingKey { SettingKey("mapping.\(mappingPrefix)\(field)") }

  /// The same for a field under the name that one side has for it; `nil` for one that is not mapped, or is required.
  package func mappingKey(of field: FieldName, at side: Side, under settings: Settings) -> SettingKey? {
    let common =
      side == .target ? field : sourceNames(under: settings, withConstants: true).first { $0.value == field }?.key
    guard let common, mapping.contains(where: { $0.target == common }), required(common) == nil else { return nil }
    return mappingKey(common)
  }

  /// Every mapped target field in the stage's order, with what feeds it under these settings.
  package func mapping(under settings: Settings) -> [MappedField] {
    mapping.map { entry in
      if let always = entry.always {
        return MappedField(target: entry.target, source: .flag(always.value(under: settings)))
      }
      guard case .text(let text) = settings[mappingKey(entry.target)] else {
        return MappedField(
          target: entry.target, source: .field(entry.source), isList: entry.isList, isVerbatim: entry.isVerbatim)
      }
      return MappedField(
        target: entry.target, source: MappingSource(text), isList: entry.isList, isVerbatim: entry.isVerbatim)
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

  /// Mappings that were set to something that the source does not have: one cause each.
  fileprivate func mappingProblems(
    with settings: Settings, source: SystemDescription, target: SystemDescription, sync: SyncName
  ) -> [Cause] {
    let mappable = (source.fields[kind] ?? []).filter { !$0.isFact }.map(\.name.rawValue)
    return mapping(under: settings).compactMap { field in
      guard case .field(let name) = field.source, !mappable.contains(name.rawValue) else { return nil }
      let own = mapping.first { $0.target == field.target }?.source
      // What the recipe itself proposes and this system does not have is simply not carried.
      guard name != own else { return nil }
      let key = mappingKey(field.target)
      return Cause(
        .settingsInvalid,
        evidence: [
          Evidence(
            key.rawValue, "is one of", wanted: mappable.joined(separator: ", ") + ", constant:TEXT, none",
            found: name.rawValue)
        ],
        fix: "set \(key) to \(own?.rawValue ?? "none") for \(sync)")
    }
  }
}

extension Recipe {
  /// The settings that have no default to go by: of a source that may be read as a whole, the partition is none of them.
  package func required(of source: SystemDescription) -> [SettingDeclaration] {
    settings.filter { $0.isRequired && !($0.key == sourcePartition && source.features.partitionIsOptional) }
  }

  /// What is wrong with the settings, so that no run may start: one cause each.
  package func problems(
    with settings: Settings, source: SystemDescription, target: SystemDescription, sync: SyncName
  ) -> [Cause] {
    let missing = required(of: source).filter { settings[$0.key]?.isUnset ?? true }.map { declaration in
      Cause(
        .settingsInvalid,
        evidence: [Evidence(declaration.key.rawValue, "is", wanted: declaration.type.words, found: "not set")],
        fix: "set \(declaration.key) to … for \(sync)")
    }
    return missing + conflictProblems(with: settings, source: source, target: target, sync: sync)
      + stages(under: settings).flatMap {
        $0.mappingProblems(with: settings, source: source, target: target, sync: sync)
      }
  }
}

extension Recipe {
  /// `conflicts` names a system that is not one of the two.
  private func conflictProblems(
    with settings: Settings, source: SystemDescription, target: SystemDescription, sync: SyncName
  ) -> [Cause] {
    guard settings.declarations[.conflicts] != nil else { return [] }
    let words = ["ask", "newest"] + conflictWords.keys.sorted() + [source.id.rawValue, target.id.rawValue]
    let word = settings.text(.conflicts)
    guard !words.contains(word) else { return [] }
    return [
      Cause(
        .settingsInvalid,
        evidence: [
          Evidence(SettingKey.conflicts.rawValue, "is one of", wanted: words.joined(separator: ", "), found: word)
        ], fix: "set conflicts to ask for \(sync)")
    ]
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
