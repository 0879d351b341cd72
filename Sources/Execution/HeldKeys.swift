/// Who on one side holds which key, after that side was read again: what is to be created may be there by now.
import Model
import Planning

struct HeldKeys: Sendable {
  private let stage: Stage
  private let side: Side
  private var holders: [String: RecordID] = [:]

  init(of records: [Record], stage: Stage, side: Side) {
    self.stage = stage
    self.side = side
    for record in records where record.state != .gone {
      for (index, rule) in stage.matchKeys.enumerated() {
        for field in rule.fields(at: side) {
          for value in record.fields[field]?.texts ?? [] {
            holders[key(index, value, record.fields, record.parent)] = record.id
          }
        }
      }
    }
  }

  /// The record that already has the key of what would be created; `nil` when none has.
  /// - Parameters:
  ///   - values: under the names of this side.
  ///   - parent: the company to create it in, at this side.
  ///   - origin: the record of the other side that it is made from.
  func holder(of values: FieldValues, parent: RecordID?, origin: RecordID?) -> RecordID? {
    for (index, rule) in stage.matchKeys.enumerated() {
      // The other side's own id is a key that nobody sends.
      let own = rule.source == .recordID && side == .target ? [origin?.rawValue].compactMap(\.self) : []
      for value in own + rule.fields(at: side).flatMap({ values[$0]?.texts ?? [] }) {
        if let holder = holders[key(index, value, values, parent)] { return holder }
      }
    }
    return nil
  }

  private func key(_ index: Int, _ value: String, _ fields: FieldValues, _ parent: RecordID?) -> String {
    let rule = stage.matchKeys[index]
    let parts = rule.parts.map { $0.rule.key(fields[side == .source ? $0.source : $0.target] ?? .null) }
    let company = stage.hasParents ? parent?.rawValue ?? "" : ""
    return ([String(index), company, rule.rule.key(value)] + parts).joined(separator: "\u{1f}")
  }
}

extension FieldName {
  /// Stands in a match key for the record's own id.
  static let recordID: FieldName = "id"
}

extension MatchRule {
  /// The fields in which a record of a side holds the key; none where it is the record's own id.
  func fields(at side: Side) -> [FieldName] {
    switch side {
    case .source: source == .recordID ? [] : [source]
    case .target: targets
    }
  }

  /// Whether a record has the same further values as what was sent; two blanks are the same.
  func partsAgree(_ record: Record, _ values: FieldValues, at side: Side) -> Bool {
    parts.allSatisfy { part in
      let field = side == .source ? part.source : part.target
      return part.rule.areEqual(record.fields[field] ?? .null, values[field] ?? .null)
    }
  }
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
