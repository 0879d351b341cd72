/// What people said about the records of one stage, by record; of two words about the same, the later one counts.
import Foundation
import Model

struct Verdicts {
  /// A person's word that one side's value of a field holds.
  struct Taken {
    var side: Side
    var source: FieldValue?
    var target: FieldValue?
  }

  private(set) var excluded: [Side: [RecordID: Verdict]] = [:]
  /// Pairs by source.
  private(set) var forced: [RecordID: (target: RecordID, verdict: Verdict)] = [:]
  private(set) var never: [RecordID: [RecordID: Verdict]] = [:]
  private(set) var promoted: [Side: Set<RecordID>] = [:]
  private(set) var pushedAt: [RecordID: Date] = [:]
  /// By source record.
  private(set) var taken: [RecordID: [FieldName: Taken]] = [:]

  init(_ situation: Situation) {
    let kind = situation.stage.kind
    for verdict in situation.verdicts.filter({ $0.kind == kind }).sorted(by: { $0.madeAt < $1.madeAt }) {
      switch verdict.ruling {
      case .exclude(let side, let id): excluded[side, default: [:]][id] = verdict
      case .pair(let source, let target):
        forced[source] = (target, verdict)
        never[source]?[target] = nil
      case .neverPair(let source, let target):
        never[source, default: [:]][target] = verdict
        if forced[source]?.target == target { forced[source] = nil }
      case .promote(let side, let id): promoted[side, default: []].insert(id)
      case .push(let id): pushedAt[id] = verdict.madeAt
      case .take(let side, let field, let id, let source, let target):
        taken[id, default: [:]][field] = Taken(side: side, source: source, target: target)
      }
    }
  }

  /// The side whose value holds, as long as both hold what they held when it was said.
  func taken(_ field: CarriedField, of id: RecordID, source: FieldValue?, target: FieldValue?) -> Side? {
    guard let taken = taken[id]?[field.name], field.rule.areEqual(taken.source ?? .null, source ?? .null),
      field.rule.areEqual(taken.target ?? .null, target ?? .null)
    else { return nil }
    return taken.side
  }
}
