/// What matching found, for a record of either side.
import Model

/// What matching found for one source record.
struct Match {
  enum Outcome {
    case excluded(Cause)
    /// A link in force, with both records there.
    case linked(Link)
    /// The linked target was deleted, and that is proven.
    case targetGone(Link, Cause)
    /// The linked target is not in a reading that could prove its absence.
    case targetUnseen(Link, Cause)
    case broken(Link, Cause)
    /// A person said that the linked two are never one.
    case rejected(Link, Cause)
    case found(RecordID, MatchKey, Cause, movedFrom: RecordID?)
    /// What it would be paired with is what is left of another pair.
    case barred(Cause)
    case conflict(Cause)
    case nothing
  }
  var outcome: Outcome
  /// What is worth knowing and does not stop.
  var also: [Cause] = []
  /// The value that was looked for; blank when the record has none.
  var keyValue = ""
  var candidates: [RecordID] = []
  /// Targets of which only the key is equal, or only the list that has to meet.
  var apart: [Apart] = []
  /// The one free target that has the key of a record which takes no part: shown, never linked.
  var shown: RecordID?

  /// Nothing was found and nothing stands against a create.
  var isOpen: Bool {
    if case .nothing = outcome { true } else { false }
  }
}

/// A target that may be the record, and of whose two keys only one is equal.
struct Apart: Hashable {
  var target: RecordID
  /// The one that is equal is the rule's own key.
  var isByKey: Bool
}

/// What matching says about a record that only the target has, in a two-way stage.
struct LonelyMatch {
  enum Outcome {
    /// Nobody at the source is it, or could be.
    case free
    /// Left over from a pair whose source is gone; the next plan is to make that again.
    case relink(Link)
    case stopped(Cause, isConflict: Bool)
  }
  var outcome: Outcome
  var also: [Cause] = []
  var keyValue = ""
}

/// One value by which a record can be found: as it is compared, and as it is shown.
struct MatchValue: Hashable {
  /// With the company that the record belongs to and the parts of the rule, so that equal texts are equal keys.
  var key: String
  /// The rule's own value alone.
  var shown: String

  private static let separator: Character = "\u{1f}"

  /// Every value of a rule that a record has, each once; none for a record whose company is not paired.
  static func values(of record: Record, at side: Side, by rule: MatchRule, in situation: Situation) -> [MatchValue] {
    var suffix = ""
    if situation.stage.hasParents {
      guard let company = company(of: record, at: side, in: situation) else { return [] }
      suffix = "\(separator)\(company)"
    }
    for part in rule.comparableParts(in: situation) {
      suffix += "\(separator)\(part.rule.key(part.value(of: record, at: side, in: situation)))"
    }
    var seen: Set<String> = []
    return texts(of: record, in: side == .source ? [rule.source] : rule.targets).map(rule.rule.key)
      .filter { !$0.isBlank && seen.insert($0).inserted }
      .map { MatchValue(key: $0 + suffix, shown: $0) }
  }

  /// Every value of a rule that a record has, whatever company it belongs to.
  static func plainKeys(of record: Record, at side: Side, by rule: MatchRule) -> Set<String> {
    Set(texts(of: record, in: side == .source ? [rule.source] : rule.targets).map(rule.rule.key)).subtracting([""])
  }

  /// The company under the target's id, so that both sides' records of one pair of companies have the same.
  private static func company(of record: Record, at side: Side, in situation: Situation) -> RecordID? {
    guard let parent = record.parent, let other = situation.parents?.counterpart(of: parent, at: side) else {
      return nil
    }
    return side == .source ? other : parent
  }

  /// The values of the list that has to meet, as they are compared.
  static func meeting(_ meeting: MatchRule.Meeting, of record: Record, at side: Side) -> [String] {
    texts(of: record, in: [side == .source ? meeting.source : meeting.target]).map(meeting.rule.key)
      .filter { !$0.isBlank }
  }

  private static func texts(of record: Record, in fields: [FieldName]) -> [String] {
    fields.flatMap { field -> [String] in
      if field == MatchRule.id { return [record.id.rawValue] }
      switch record.fields[field] {
      case .text(let text): return [text]
      case .list(let items): return items
      case .null, .flag, nil: return []
      }
    }
  }
}

extension MatchRule {
  /// Stands for the record's own id.
  static let id: FieldName = "id"

  /// The further parts of the key that both systems know: what one of them does not have cannot tell two records apart.
  func comparableParts(in situation: Situation) -> [Part] {
    let kind = situation.stage.kind
    return parts.filter {
      situation.sourceSystem.field($0.source, of: kind) != nil
        && situation.targetSystem.field($0.target, of: kind) != nil
    }
  }
}

extension MatchRule.Part {
  /// What a record counts as having in this part. A value for which the other side has no room never arrives there, so
  /// that it is looked for as the blank that stands there instead.
  func value(of record: Record, at side: Side, in situation: Situation) -> FieldValue {
    let value = record.fields[side == .source ? source : target] ?? .null
    let field = situation.system(side.other).field(side == .source ? target : source, of: situation.stage.kind)
    let mapping = situation.stage.mapping.first { $0.target == target && $0.source == source }
    guard let limit = [field?.maximumLength, mapping?.longest].compactMap({ $0 }).min(),
      value.displayed.trimmedNFC.unicodeScalars.count > limit
    else { return value }
    return .null
  }
}

extension Stage {
  /// What was looked for, as a person says it: the whole name where the key begins with a part of it.
  func sought(_ key: String, of record: Record) -> String {
    guard nameFields.count > 1, let field = plainRule?.source, nameFields.contains(field) else { return key }
    let name = World.name(of: record, in: self)
    return name.isEmpty ? key : name
  }

  /// " with the same type and serial-number", where the key has parts that are no part of the name; else nothing.
  func soughtParts(in situation: Situation) -> String {
    let parts = (plainRule?.comparableParts(in: situation) ?? []).map(\.target).filter { !nameFields.contains($0) }
    return parts.isEmpty ? "" : " with the same " + Wording.list(parts.map(\.rawValue))
  }

  /// Whether the only key is the origin's id, which nobody but the sync itself gives to a record.
  package var isKnownByOrigin: Bool { !matchKeys.isEmpty && matchKeys.allSatisfy { $0.source == MatchRule.id } }

  /// The rule by which a person would look for a record: the first that is not about ids.
  var plainRule: MatchRule? { matchKeys.first { $0.source != MatchRule.id } ?? matchKeys.first }

  /// What its key is called in a sentence: "e-mail address", "name".
  var keyWord: String {
    switch plainRule?.source.rawValue {
    case "email": "e-mail address"
    case "first-name", "last-name": "name"
    case let field?: field
    case nil: "key"
    }
  }
}
