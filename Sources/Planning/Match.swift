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
    let kind = situation.stage.kind
    // What one of the systems does not know cannot tell two records apart.
    for part in rule.parts
    where situation.sourceSystem.field(part.source, of: kind) != nil
      && situation.targetSystem.field(part.target, of: kind) != nil
    {
      let value = record.fields[side == .source ? part.source : part.target] ?? .null
      suffix += "\(separator)\(part.rule.key(value))"
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
}

extension Stage {
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
