/// One stage of a recipe: one kind of record, read on both sides, matched, compared and carried over.
package import Model

/// Which way changes travel.
package enum Direction: Sendable, Hashable {
  /// From source to target; what the target's people edit is theirs or is put back, as `target-edits` says.
  case oneWay
  case twoWay
}

/// Who wins the fields that are filled and differ when a pair is found in a two-way stage.
package enum FirstMatch: Sendable, Hashable {
  /// Nobody: they are left as they are until somebody edits one or settles them.
  case settles
  case wins(Side)
}

/// What becomes of a pair of which the source was deleted or left the scope.
package enum Leaving: Sendable, Hashable {
  /// The target becomes inactive, as the state table says.
  case deactivates
  /// A deletion on either side breaks the link and leaves the other side as it is.
  case parts
  /// As `parts`, and a source that leaves the scope counts as deleted: its target is an orphan until the source is back.
  case orphans
  /// The target is a copy that the sync made, and is deleted; what others made there is left alone.
  case removes
}

/// Which changes of state go from source to target, in a stage whose pairs do not part.
package struct StateTravel: Sendable, Hashable {
  /// The state in which a new record is made of an active source.
  package var made = RecordState.active
  /// Whether the inactive target of an active source is made active.
  package var reactivates = true
  /// Whether the active target of a source that left is made inactive; otherwise it is left as it is, and reported.
  package var deactivates = true
  /// Whether inactive sources take part like active ones, as inactive records of the target.
  package var includesInactive = false
  /// Whether that holds whatever `update-existing` says.
  package var isUnconditional = false

  package init(
    made: RecordState = .active, reactivates: Bool = true, deactivates: Bool = true, includesInactive: Bool = false,
    isUnconditional: Bool = false
  ) {
    self.made = made
    self.reactivates = reactivates
    self.deactivates = deactivates
    self.includesInactive = includesInactive
    self.isUnconditional = isUnconditional
  }

  /// The state in which a source's record is made.
  package func made(of source: RecordState) -> RecordState { source == .inactive ? .inactive : made }

  /// The state that the target of a source is brought to; `nil`: its own.
  package func wanted(of source: RecordState) -> RecordState? {
    source == .inactive ? .inactive : reactivates ? .active : nil
  }
}

/// What one side's records are asked. Each rule looks at one record and the settings, never at another record.
package struct SideRules: Sendable {
  /// Records that never take part, asked before all other rules of a record that was never linked.
  package var outsider: @Sendable (RuleContext) -> Cause?
  /// Why a record that its system calls inactive does not count as active.
  package var inactive: @Sendable (RuleContext) -> Cause
  /// Asked in order; the first that does not say active decides.
  package var states: [@Sendable (RuleContext) -> StateFinding]
  /// Whether an inactive record that was never linked is one like any other, since its status is asked by a scope rule.
  package var takesInactive: Bool
  /// Asked in order; the first cause stops.
  package var scopes: [@Sendable (RuleContext) -> Cause?]
  /// Why a record that only this side has is not created on the other by itself; `nil`: it is.
  package var creation: @Sendable (RuleContext) -> Cause?
  /// Why an edit of this side's record does not travel; `nil`: it does.
  package var sending: @Sendable (RuleContext) -> Cause?
  /// Why this side's record is not written to; `nil`: it is.
  package var receiving: @Sendable (RuleContext) -> Cause?
  /// What keeps this side's record in its company; `nil` where it can be moved to another.
  package var moving: @Sendable (RuleContext) -> Evidence?

  package init(
    outsider: @escaping @Sendable (RuleContext) -> Cause? = { _ in nil },
    inactive: @escaping @Sendable (RuleContext) -> Cause = { context in
      Cause(.signInDisabled, evidence: [Evidence("state", found: "inactive", at: context.system.name)])
    },
    states: [@Sendable (RuleContext) -> StateFinding] = [], takesInactive: Bool = false,
    scopes: [@Sendable (RuleContext) -> Cause?] = [],
    creation: @escaping @Sendable (RuleContext) -> Cause? = { _ in nil },
    sending: @escaping @Sendable (RuleContext) -> Cause? = { _ in nil },
    receiving: @escaping @Sendable (RuleContext) -> Cause? = { _ in nil },
    moving: @escaping @Sendable (RuleContext) -> Evidence? = { _ in nil }
  ) {
    self.outsider = outsider
    self.inactive = inactive
    self.states = states
    self.takesInactive = takesInactive
    self.scopes = scopes
    self.creation = creation
    self.sending = sending
    self.receiving = receiving
    self.moving = moving
  }
}

package struct Stage: Sendable {
  package var kind: RecordKind
  /// Whether its records belong to companies, which are the records of the recipe's company stage.
  package var hasParents: Bool
  package var direction: @Sendable (Settings) -> Direction
  package var isOn: @Sendable (Settings) -> Bool
  /// A field that one of the two systems does not have is not carried.
  package var mapping: [FieldMapping]
  /// Stands before the field in the settings of the mapping: `company.`; empty in a recipe with one stage.
  package var mappingPrefix: String
  /// Asked in order; the first that finds anybody decides.
  package var matchKeys: [MatchRule]
  /// Whether one value of a key belongs to one record of a whole system, so that a record whose key is held in another
  /// company is not made a second time.
  package var keysSpanCompanies: Bool
  /// Whether the target can merge two records: the keys of the one that vanishes then sit on the other, which takes over
  /// its pair.
  package var targetsMerge: Bool
  /// The fields that make up a record's name, in the order in which they are shown.
  package var nameFields: [FieldName]
  /// What a record needs to be carried over, beside what the other system itself demands of a new record.
  package var requiredFields: [RequiredField]
  package var source: SideRules
  package var target: SideRules
  package var firstMatch: FirstMatch
  package var leaving: Leaving
  /// Which changes of state travel, where `leaving` deactivates.
  package var states: @Sendable (Settings) -> StateTravel
  /// Whether a target that was deleted is made again as long as its source takes part.
  package var remakesDeleted: Bool
  package var givens: [GivenField]
  /// What a person is to know of a record that is created, beside what is wrong with it.
  package var creationHints: @Sendable (RuleContext) -> [Cause]
  /// The rule of the vendor's product that a reason enforces, where it is this stage's own; one sentence.
  package var rules: [Reason: String]

  package init(
    kind: RecordKind, hasParents: Bool = false,
    direction: @escaping @Sendable (Settings) -> Direction = { _ in .oneWay },
    isOn: @escaping @Sendable (Settings) -> Bool = { _ in true }, mapping: [FieldMapping], mappingPrefix: String = "",
    matchKeys: [MatchRule], keysSpanCompanies: Bool = false, targetsMerge: Bool = false, nameFields: [FieldName],
    requiredFields: [RequiredField],
    source: SideRules,
    target: SideRules = SideRules(),
    firstMatch: FirstMatch = .settles, leaving: Leaving = .deactivates,
    states: @escaping @Sendable (Settings) -> StateTravel = { _ in StateTravel() }, remakesDeleted: Bool = false,
    givens: [GivenField] = [], creationHints: @escaping @Sendable (RuleContext) -> [Cause] = { _ in [] },
    rules: [Reason: String] = [:]
  ) {
    self.kind = kind
    self.hasParents = hasParents
    self.direction = direction
    self.isOn = isOn
    self.mapping = mapping
    self.mappingPrefix = mappingPrefix
    self.matchKeys = matchKeys
    self.keysSpanCompanies = keysSpanCompanies
    self.targetsMerge = targetsMerge
    self.nameFields = nameFields
    self.requiredFields = requiredFields
    self.source = source
    self.target = target
    self.firstMatch = firstMatch
    self.leaving = leaving
    self.states = states
    self.remakesDeleted = remakesDeleted
    self.givens = givens
    self.creationHints = creationHints
    self.rules = rules
  }

  package func rules(_ side: Side) -> SideRules { side == .source ? source : target }

  /// Why a record without its match key cannot go on, where the stage requires the key.
  var keyReason: Reason? {
    guard let key = matchKeys.first?.source, let field = mapping.first(where: { $0.source == key })?.target else {
      return nil
    }
    return required(field)?.reason
  }

  /// What a record needs to be carried over to a system: what the recipe says, then what the system demands of a new one.
  package func required(by system: SystemDescription) -> [RequiredField] { required(by: system, at: .target) }

  /// The same for either side, under the target's field names; what the source demands and no field feeds is left out.
  package func required(by system: SystemDescription, at side: Side) -> [RequiredField] {
    let own = Set(requiredFields.map(\.field))
    let demanded = (system.fields[kind] ?? []).filter(\.isRequired).compactMap { declaration -> RequiredField? in
      let name =
        side == .target ? declaration.name : mapping.first { $0.source == declaration.name }?.target
      guard let name, !own.contains(name) else { return nil }
      return RequiredField(name, .missing(name) ?? .invalidValue, isForCreateOnly: true)
    }
    return requiredFields + demanded
  }

  func required(_ field: FieldName) -> RequiredField? { requiredFields.first { $0.field == field } }

  /// The rule of the product that a reason enforces here; `nil` for what only happened to a run.
  package func rule(of reason: Reason) -> String? { rules[reason] ?? reason.rule }
}

extension Reason {
  /// The reason of a record in which a field is blank that must not be.
  package static func missing(_ field: FieldName) -> Reason? { Reason(rawValue: "missing-\(field)") }
  /// The reason of a field that the target has and nobody can write; `nil` where that is nothing to tell.
  static func unavailable(_ field: FieldName) -> Reason? { Reason(rawValue: "\(field)-unavailable") }
}
