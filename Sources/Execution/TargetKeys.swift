/// Who at the target holds which key, after the target was read again.
import Model
import Planning

struct TargetKeys: Sendable {
  private let rules: [MatchRule]
  private var holders: [String: RecordID] = [:]

  init(of records: [Record], rules: [MatchRule]) {
    self.rules = rules
    for record in records where record.state != .gone {
      for (index, rule) in rules.enumerated() {
        for field in rule.targets {
          for value in record.fields[field]?.texts ?? [] {
            holders[Self.key(index, rule.rule.key(value))] = record.id
          }
        }
      }
    }
  }

  /// The record that already has the key of what would be created; `nil` when none has.
  func holder(of decision: Decision) -> RecordID? {
    for (index, rule) in rules.enumerated() {
      for change in decision.changes where rule.targets.contains(change.field) {
        for value in change.new.texts {
          if let holder = holders[Self.key(index, rule.rule.key(value))] { return holder }
        }
      }
    }
    return nil
  }

  private static func key(_ index: Int, _ value: String) -> String { "\(index)\u{1f}\(value)" }
}

extension FieldValue {
  /// The texts that a value consists of, blank ones left out.
  var texts: [String] {
    switch self {
    case .text(let text): text.isBlank ? [] : [text]
    case .list(let items): items.filter { !$0.isBlank }
    case .null, .flag: []
    }
  }
}
