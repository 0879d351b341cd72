/// A recipe: a kind of sync as a value. Nothing outside `Recipes/` asks which recipe it has.
package import Model

/// Which source field feeds which target field, unless a setting says otherwise.
package struct FieldMapping: Hashable, Sendable {
  package var target: FieldName
  package var source: FieldName
  package init(target: FieldName, source: FieldName) {
    self.target = target
    self.source = source
  }
}

/// A key by which records find each other the first time: one value at the source, any of some fields at the target.
package struct MatchRule: Hashable, Sendable {
  package var source: FieldName
  /// A match is a match in any of these; list fields count item by item.
  package var targets: [FieldName]
  package var rule: ComparisonRule
  /// The source's further values of this key, which do not match but are worth a hint ("an alias").
  package var aliases: FieldName?
  package init(source: FieldName, targets: [FieldName], rule: ComparisonRule, aliases: FieldName? = nil) {
    self.source = source
    self.targets = targets
    self.rule = rule
    self.aliases = aliases
  }
}

/// A target field without which a record cannot go on.
package struct RequiredField: Hashable, Sendable {
  package var field: FieldName
  package var reason: Reason
  /// Whether only a new record needs it: an existing one keeps what it has.
  package var isForCreateOnly: Bool
  package init(_ field: FieldName, _ reason: Reason, isForCreateOnly: Bool = false) {
    self.field = field
    self.reason = reason
    self.isForCreateOnly = isForCreateOnly
  }
}

/// What one state rule found out about a source record.
package enum StateFinding: Sendable {
  case active
  case inactive(Cause)
  /// Not enough was said to know; the record is left alone.
  case unknown(Cause)
}

/// What a rule may look at: one record and the settings, never another record.
package struct RuleContext: Sendable {
  package var record: Record
  package var settings: Settings
  package var system: SystemDescription
  /// How a person calls the record.
  package var label: String
  package init(record: Record, settings: Settings, system: SystemDescription, label: String) {
    self.record = record
    self.settings = settings
    self.system = system
    self.label = label
  }
}

/// A recipe as declared: what a sync of its kind reads, matches, requires, carries and may be told.
package struct Recipe: Sendable {
  /// Typed and stored: `m365-contacts`.
  package var handle: String
  package var name: String
  package var summary: String
  package var sourceSystems: [SystemID]
  package var targetSystems: [SystemID]
  package var kind: RecordKind
  package var isPerCompany: Bool
  /// What a record is called at each side, in the singular: "user", "contact".
  package var sourceNoun: String
  package var targetNoun: String
  package var mapping: [FieldMapping]
  package var matchKeys: [MatchRule]
  /// The fields that make up a person's name, in the order in which they are shown.
  package var nameFields: [FieldName]
  package var requiredFields: [RequiredField]
  /// Records that never take part, asked before all other state rules of a record that was never linked.
  package var outsiderRule: @Sendable (RuleContext) -> Cause?
  /// Asked in order; the first that does not say active decides.
  package var stateRules: [@Sendable (RuleContext) -> StateFinding]
  /// Asked in order; the first cause stops.
  package var scopeRules: [@Sendable (RuleContext) -> Cause?]
  package var settings: [SettingDeclaration]
  /// The setting that says which partition of the source is read.
  package var sourcePartition: SettingKey?
  /// The last part of a sync's default name: `contacts` in `acme/contacts`.
  package var defaultSuffix: String
  /// The schedule that `add sync` proposes, in the words of `schedule`.
  package var defaultSchedule: String
  /// What is left to do after `add sync`, in the order of doing.
  package var steps: [String]

  package init(
    handle: String, name: String, summary: String, sourceSystems: [SystemID], targetSystems: [SystemID],
    kind: RecordKind, isPerCompany: Bool, sourceNoun: String, targetNoun: String, mapping: [FieldMapping],
    matchKeys: [MatchRule], nameFields: [FieldName], requiredFields: [RequiredField],
    outsiderRule: @escaping @Sendable (RuleContext) -> Cause?,
    stateRules: [@Sendable (RuleContext) -> StateFinding], scopeRules: [@Sendable (RuleContext) -> Cause?],
    settings: [SettingDeclaration], sourcePartition: SettingKey?, defaultSuffix: String, defaultSchedule: String,
    steps: [String]
  ) {
    self.handle = handle
    self.name = name
    self.summary = summary
    self.sourceSystems = sourceSystems
    self.targetSystems = targetSystems
    self.kind = kind
    self.isPerCompany = isPerCompany
    self.sourceNoun = sourceNoun
    self.targetNoun = targetNoun
    self.mapping = mapping
    self.matchKeys = matchKeys
    self.nameFields = nameFields
    self.requiredFields = requiredFields
    self.outsiderRule = outsiderRule
    self.stateRules = stateRules
    self.scopeRules = scopeRules
    self.settings = settings
    self.sourcePartition = sourcePartition
    self.defaultSuffix = defaultSuffix
    self.defaultSchedule = defaultSchedule
    self.steps = steps
  }

  /// The partition of the source under some settings: the tenant; `nil` where none is set yet.
  package func partition(under settings: Settings) -> String? {
    guard let sourcePartition else { return nil }
    let text = settings.text(sourcePartition).trimmedNFC
    return text.isEmpty ? nil : text
  }

  /// Why a record without its match key cannot go on, where the recipe requires the key.
  var keyReason: Reason? {
    guard let key = matchKeys.first?.source, let field = mapping.first(where: { $0.source == key })?.target else {
      return nil
    }
    return required(field)?.reason
  }

  func required(_ field: FieldName) -> RequiredField? { requiredFields.first { $0.field == field } }
}
