/// A recipe: a kind of sync as a value. Nothing outside `Recipes/` asks which recipe it has.
package import Foundation
package import Model

/// Which source field feeds which target field, unless a setting says otherwise.
package struct FieldMapping: Hashable, Sendable {
  package var target: FieldName
  package var source: FieldName
  /// The value is a list and stays one; otherwise a list travels as one text.
  package var isList: Bool
  /// The most values of a list that the source has room for; `nil`: any number.
  package var roomAtSource: Int?
  /// The longest text that is carried, whatever the systems take; `nil`: as they declare.
  package var longest: Int?
  /// Systems that take the field with a new record and never change it afterwards.
  package var givenOnceBy: Set<SystemID>
  /// The field that holds the main one of such values: a side's list never has its own main value in it.
  package var besides: FieldName?
  /// Where the source only tells the field as a fact, which several values of the target may stand for: a change of the
  /// fact is carried, and a difference that rests stays.
  package var followsFact: Bool
  /// The value is carried as it is, not trimmed: a key that is compared letter by letter.
  package var isVerbatim: Bool
  /// The target's list may hold more than the source's; it is in step when it holds all of them, and keeps the rest.
  package var mayHoldMore: Bool
  /// What every record of the target is to hold, whatever the source's says.
  package var always: Always?

  /// A flag that is the same for all records of a sync.
  package enum Always: Hashable, Sendable {
    case yes
    /// What a flag of the settings says.
    case setting(SettingKey)

    func value(under settings: Settings) -> Bool {
      switch self {
      case .yes: true
      case .setting(let key): settings.flag(key)
      }
    }
  }

  package init(
    target: FieldName, source: FieldName, isList: Bool = false, roomAtSource: Int? = nil, longest: Int? = nil,
    givenOnceBy: Set<SystemID> = [], besides: FieldName? = nil, followsFact: Bool = false, isVerbatim: Bool = false,
    mayHoldMore: Bool = false, always: Always? = nil
  ) {
    self.always = always
    self.target = target
    self.source = source
    self.isList = isList
    self.roomAtSource = roomAtSource
    self.longest = longest
    self.givenOnceBy = givenOnceBy
    self.besides = besides
    self.followsFact = followsFact
    self.isVerbatim = isVerbatim
    self.mayHoldMore = mayHoldMore
  }
}

/// A key by which records find each other the first time: one value at the source, any of some fields at the target.
package struct MatchRule: Hashable, Sendable {
  /// A field that has to be equal too; two blanks are equal, a blank and a value are not.
  package struct Part: Hashable, Sendable {
    package var source: FieldName
    package var target: FieldName
    package var rule: ComparisonRule
    package init(source: FieldName, target: FieldName, rule: ComparisonRule = .exact) {
      self.source = source
      self.target = target
      self.rule = rule
    }
  }

  /// A second list, of which at least one value has to be equal too. Where only the key is equal, or only a value of the
  /// list, the two may still be one: nobody is made a second time, and a person is told what differs.
  package struct Meeting: Hashable, Sendable {
    package var source: FieldName
    package var target: FieldName
    package var rule: ComparisonRule
    /// The reason where the key is equal and no value of the list is.
    package var keyAlone: Reason
    /// The reason where a value of the list is equal and the key is not.
    package var listAlone: Reason
    package init(source: FieldName, target: FieldName, rule: ComparisonRule, keyAlone: Reason, listAlone: Reason) {
      self.source = source
      self.target = target
      self.rule = rule
      self.keyAlone = keyAlone
      self.listAlone = listAlone
    }
  }

  /// `id` stands for the record's own id.
  package var source: FieldName
  /// A match is a match in any of these; list fields count item by item.
  package var targets: [FieldName]
  package var rule: ComparisonRule
  package var parts: [Part]
  package var meeting: Meeting?
  /// The source's further values of this key, which do not match but are worth a hint ("an alias").
  package var aliases: FieldName?
  package init(
    source: FieldName, targets: [FieldName], rule: ComparisonRule, parts: [Part] = [], meeting: Meeting? = nil,
    aliases: FieldName? = nil
  ) {
    self.source = source
    self.targets = targets
    self.rule = rule
    self.parts = parts
    self.meeting = meeting
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

/// What a new record of the target is given by the settings, beside the fields of its source: sent with the create, never
/// compared and never changed afterwards.
package struct GivenField: Sendable {
  package var field: FieldName
  /// `nil`: this record is given none.
  package var value: @Sendable (RuleContext) -> FieldValue?
  /// Why nothing is created while the value is blank; `nil` where it may be.
  package var missing: (@Sendable (RuleContext) -> Cause)?
  package init(
    _ field: FieldName, missing: (@Sendable (RuleContext) -> Cause)? = nil,
    value: @escaping @Sendable (RuleContext) -> FieldValue?
  ) {
    self.field = field
    self.missing = missing
    self.value = value
  }
}

/// What one state rule found out about a source record.
package enum StateFinding: Sendable {
  case active
  case inactive(Cause)
  /// Not enough was said to know; the record is left alone.
  case unknown(Cause)
}

/// What a rule may look at: one record, what is remembered of it, and the settings; never another record.
package struct RuleContext: Sendable {
  package var record: Record
  package var side: Side
  package var settings: Settings
  package var system: SystemDescription
  /// How a person calls the record.
  package var label: String
  package var isLinked: Bool
  /// A person said that it goes to the other side.
  package var isPromoted: Bool
  /// When a person last said that it may be sent as it is; `nil`: never.
  package var pushedAt: Date?
  /// How many records, itself among them, came new or changed in the reading that brought its present form.
  package var arrivedWith: Int

  package init(
    record: Record, side: Side = .source, settings: Settings, system: SystemDescription, label: String,
    isLinked: Bool = false, isPromoted: Bool = false, pushedAt: Date? = nil, arrivedWith: Int = 1
  ) {
    self.record = record
    self.side = side
    self.settings = settings
    self.system = system
    self.label = label
    self.isLinked = isLinked
    self.isPromoted = isPromoted
    self.pushedAt = pushedAt
    self.arrivedWith = arrivedWith
  }

  /// A person sent the record in its present form on its way.
  package var isPushed: Bool {
    guard let pushedAt else { return false }
    return record.modified.map { pushedAt >= $0 } ?? true
  }
}

/// The settings of a recipe that reads one place and writes to many, by what they say.
package struct FanOut: Sendable {
  /// The place that is read: an address.
  package var source: SettingKey
  /// The group of that place's records.
  package var group: SettingKey
  /// Selectors of the places that are written to.
  package var destinations: SettingKey
  /// What the group is called there; blank: as at the source.
  package var label: SettingKey
  /// Whether somebody who merely left a group of users is cleaned like one who was struck.
  package var removesLeavers: SettingKey

  package init(
    source: SettingKey, group: SettingKey, destinations: SettingKey, label: SettingKey, removesLeavers: SettingKey
  ) {
    self.source = source
    self.group = group
    self.destinations = destinations
    self.label = label
    self.removesLeavers = removesLeavers
  }
}

/// Why a setting is refused, or needs a person's word.
package struct SettingConcern: Hashable, Sendable {
  package var key: SettingKey
  /// It cannot work; otherwise a person has to agree.
  package var isRefusal: Bool
  package var sentence: String
  package init(key: SettingKey, isRefusal: Bool, sentence: String) {
    self.key = key
    self.isRefusal = isRefusal
    self.sentence = sentence
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
  /// One sync a company; otherwise one for the whole tenant.
  package var isPerCompany: Bool
  /// In the order in which they are planned and carried out: companies before what belongs to them.
  package var stages: [Stage]
  package var settings: [SettingDeclaration]
  /// The setting that says which partition of the source is read.
  package var sourcePartition: SettingKey?
  /// One source read, many destinations written, each planned by itself; `nil`: one of each.
  package var fanOut: FanOut?
  /// A flag that, switched on, sends nothing that was there before: a record goes once it is edited afterwards, which is a
  /// person's act under it. Switching it on therefore has no effect of its own.
  package var startsWithLaterEdits: SettingKey?
  /// Words that `conflicts` takes beside the systems' handles, each for the side that wins: `psa`.
  package var conflictWords: [String: Side]
  /// The last part of a sync's default name: `contacts` in `acme/contacts`.
  package var defaultSuffix: String
  /// The schedule that `add sync` proposes, in the words of `schedule`.
  package var defaultSchedule: String
  /// What is left to do after `add sync`, in the order of doing.
  package var steps: [String]
  /// What speaks against settings, given what `check` kept of the target: asked before a sync is enabled.
  package var concerns: @Sendable (Settings, _ findings: [String: String]) -> [SettingConcern]

  package init(
    handle: String, name: String, summary: String, sourceSystems: [SystemID], targetSystems: [SystemID],
    isPerCompany: Bool, stages: [Stage], settings: [SettingDeclaration], sourcePartition: SettingKey? = nil,
    fanOut: FanOut? = nil, startsWithLaterEdits: SettingKey? = nil, conflictWords: [String: Side] = [:],
    defaultSuffix: String = "", defaultSchedule: String,
    steps: [String], concerns: @escaping @Sendable (Settings, [String: String]) -> [SettingConcern] = { _, _ in [] }
  ) {
    precondition(!stages.isEmpty, "a recipe without a stage carries nothing")
    self.handle = handle
    self.name = name
    self.summary = summary
    self.sourceSystems = sourceSystems
    self.targetSystems = targetSystems
    self.isPerCompany = isPerCompany
    self.stages = stages
    self.settings = settings
    self.sourcePartition = sourcePartition
    self.fanOut = fanOut
    self.startsWithLaterEdits = startsWithLaterEdits
    self.conflictWords = conflictWords
    self.defaultSuffix = defaultSuffix
    self.defaultSchedule = defaultSchedule
    self.steps = steps
    self.concerns = concerns
  }

  /// The partition of the source under some settings: the tenant; `nil` where none is set yet.
  package func partition(under settings: Settings) -> String? {
    guard let sourcePartition else { return nil }
    let text = settings.text(sourcePartition).trimmedNFC
    return text.isEmpty ? nil : text
  }

  /// Whether two settings read and write the same places, so that what is known under one can be planned under the other.
  func readsAlike(_ left: Settings, _ right: Settings) -> Bool {
    let places =
      [sourcePartition].compactMap { $0 }
      + (fanOut.map { [$0.source, $0.group, $0.destinations, $0.label, $0.removesLeavers] } ?? [])
    return places.allSatisfy { left[$0] == right[$0] }
  }

  /// The stages that these settings leave on, in their order.
  package func stages(under settings: Settings) -> [Stage] { stages.filter { $0.isOn(settings) } }

  package func stage(_ kind: RecordKind) -> Stage? { stages.first { $0.kind == kind } }
}
