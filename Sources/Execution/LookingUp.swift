/// Asks the target what became of a change, and says what that means for its outcome.
import Connectors
import Model
import Planning
import Storage

struct LookingUp: Sendable {
  let connector: any Connector
  let read: ReadScope
  let stage: Stage
  let system: SystemDescription
  /// Targets that belong to somebody already.
  let linkedTargets: Set<RecordID>

  init(connector: any Connector, scope: SyncScope, links: [Link]) {
    self.connector = connector
    read = scope.target.read
    stage = scope.stage
    system = scope.target.system
    linkedTargets = Set(links.lazy.filter { $0.state == .linked }.map(\.target))
  }

  /// One look at the target.
  /// - Parameter seen: the fingerprint of the record before the change was sent.
  func find(_ entry: JournalEntry, seen: Fingerprint?) async throws(ConnectorError) -> LookUp {
    guard entry.action != .create else { return try await findCreated(entry.values) }
    guard let target = entry.target else { return .gone }
    let records = try await connector.read([target], of: stage.kind, in: read)
    return LookUp.change(
      entry.action, entry.values, current: records.first { $0.id == target }, seen: seen, rule: rule)
  }

  private func findCreated(_ values: FieldValues) async throws(ConnectorError) -> LookUp {
    for match in stage.matchKeys {
      for field in match.targets {
        guard let value = values[field]?.texts.first else { continue }
        let found = try await connector.find(stage.kind, in: read, where: field, is: value)
        return LookUp.create(values, among: found, linked: linkedTargets, rule: rule)
      }
    }
    // Without a key there is no look-up; the caller must not send it again either.
    return .several([])
  }

  private func rule(_ field: FieldName) -> ComparisonRule { system.field(field, of: stage.kind)?.rule ?? .exact }
}

extension LookUp {
  /// The outcome that the finding gives a change which is not sent again.
  func outcome(of entry: JournalEntry) -> ChangeOutcome {
    switch self {
    case .carriedOut(let record):
      return .done(record)
    case .notCarriedOut:
      return .notSent(.outcomeUnknown, message: "looked up: it did not arrive")
    case .moved(let record):
      return .skipped(
        .recordMoved, message: "looked up: \(record.id) holds something else; planned again next time", current: record)
    case .several(let ids):
      let list = ids.map(\.description).joined(separator: ", ")
      return .unknown(message: list.isEmpty ? "it cannot be looked up" : "several could be it: \(list)")
    case .gone:
      guard entry.action == .delete, let target = entry.target else {
        return .gone(message: "looked up: no longer there")
      }
      return .done(Record(id: target, kind: .person, state: .gone, fields: [:]))
    }
  }
}
