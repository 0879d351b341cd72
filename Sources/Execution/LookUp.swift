/// Looking for a change whose outcome is unknown: what the target holds now, held against what was sent.
package import Foundation
package import Model

package enum LookUp: Sendable, Hashable {
  /// The system holds what was sent.
  case carriedOut(Record)
  /// It arrived, and somebody edited the record since.
  case carriedOutAndEdited(Record)
  /// The system holds what it held before.
  case notCarriedOut
  /// Something is there that this write alone does not explain.
  case moved(Record)
  /// Several records could be the one.
  case several([RecordID])
  /// The record is gone; for a deletion that is what was wanted.
  case gone

  /// For a create.
  /// - Parameters:
  ///   - state: in which it was to be created.
  ///   - candidates: every record of the scope that holds the key's value.
  ///   - linked: records of this side that are linked to somebody already.
  ///   - sentAt: when it was sent: the only free record with the key that was made since then is the one, whatever it
  ///     says by now.
  ///   - rule: how a field is compared.
  package static func create(
    _ values: FieldValues, state: RecordState = .active, among candidates: [Record], linked: Set<RecordID>,
    sentAt: Date? = nil, rule: (FieldName) -> ComparisonRule
  ) -> LookUp {
    let present = candidates.filter { $0.state != .gone }
    guard !present.isEmpty else { return .notCarriedOut }
    let free = present.filter { !linked.contains($0.id) }
    let equal = free.filter { $0.state == state && holds($0, values, rule: rule) }
    if equal.count == 1, let found = equal.first { return .carriedOut(found) }
    if present.count == 1, let found = present.first {
      guard let sentAt, let created = found.created, created >= sentAt, !linked.contains(found.id) else {
        return .moved(found)
      }
      return .carriedOutAndEdited(found)
    }
    return .several(present.map(\.id).sorted())
  }

  /// For a change of an existing record.
  /// - Parameters:
  ///   - parent: the company that the record was to be moved to; `nil`: it stays where it is.
  ///   - seen: the fingerprint of the record before the change was sent.
  package static func change(
    _ action: WriteKind, _ values: FieldValues, parent: RecordID? = nil, current: Record?, seen: Fingerprint?,
    rule: (FieldName) -> ComparisonRule
  ) -> LookUp {
    guard let current, current.state != .gone else { return .gone }
    let isStateReached =
      switch action {
      case .deactivate: current.state == .inactive
      case .reactivate: current.state == .active
      case .create, .update: true
      case .delete: false
      }
    let isMoved = parent == nil || current.parent == parent
    if isStateReached, isMoved, holds(current, values, rule: rule) { return .carriedOut(current) }
    if let seen, current.fingerprint == seen { return .notCarriedOut }
    return .moved(current)
  }

  /// Whether a record holds every value; what it does not say, it does not hold, unless nothing but a blank was wanted.
  package static func holds(
    _ record: Record, _ values: FieldValues, rule: (FieldName) -> ComparisonRule
  ) -> Bool {
    values.sorted.allSatisfy { name, value in
      guard let held = record.fields[name] else { return value.isBlank }
      return rule(name).areEqual(held, value)
    }
  }
}
