/// Asks a system what became of a change, and says what that means for its outcome.
import Connectors
import Foundation
import Model
import Planning
import Storage

/// One side of one stage, as something that can be asked.
struct LookingUp: Sendable {
  let connector: any Connector
  let stage: Stage
  let place: SideScope
  /// Records of this side that belong to somebody already.
  let taken: Set<RecordID>

  init(connector: any Connector, stage: StageScope, side: Side, pairs: PairMemory) {
    self.connector = connector
    self.stage = stage.stage
    place = stage[side]
    taken = pairs.taken(stage.kind, side)
  }

  /// One look at the record that was written.
  /// - Parameter seen: the fingerprint of the record before the change was sent.
  func find(_ entry: JournalEntry, seen: Fingerprint?) async throws(ConnectorError) -> LookUp {
    guard entry.action != .create else {
      // Without a key there is no look-up; the caller must not send it again either.
      guard let (candidates, _) = try await holders(of: entry) else { return .several([]) }
      let state = entry.values.text(.state).flatMap(RecordState.init) ?? .active
      return LookUp.create(
        told(entry.values), state: state, among: candidates, linked: taken, sentAt: entry.at.wholeSecond, rule: rule)
    }
    guard let written = entry.written else { return .gone }
    let records = try await connector.read([written], of: entry.kind, in: place.read)
    return LookUp.change(
      entry.action, told(entry.values), parent: entry.parent, current: records.first { $0.id == written }, seen: seen,
      rule: rule)
  }

  /// The one free record that has the key of what was to be created, with that key; `nil` where there is none, or several.
  func twin(of entry: JournalEntry) async throws(ConnectorError) -> (record: Record, key: MatchKey)? {
    guard let (exact, key) = try await holders(of: entry) else { return nil }
    // What a system calls taken may be written with other capitals or blanks.
    let candidates = exact.isEmpty ? try await lookalikes(of: entry, key) : exact
    let present = candidates.filter { $0.state == .active }
    guard present.count == 1, let twin = present.first, !taken.contains(twin.id) else { return nil }
    return (twin, key)
  }

  /// Records whose key is the same but for capitals and blanks.
  private func lookalikes(of entry: JournalEntry, _ key: MatchKey) async throws(ConnectorError) -> [Record] {
    guard case .key(let field, let value) = key else { return [] }
    let wanted = value.folded
    return try await everything(entry.kind, in: place.read).filter { record in
      (record.fields[field]?.texts ?? []).contains { $0.folded == wanted }
    }
  }

  /// Every record that has the first key of which a value was sent; `nil` where no key was sent.
  private func holders(of entry: JournalEntry) async throws(ConnectorError) -> (records: [Record], key: MatchKey)? {
    for match in stage.matchKeys {
      for field in match.fields(at: place.side) {
        guard let value = entry.values[field]?.texts.first else { continue }
        let records = try await records(entry, where: field, is: value).filter { record in
          match.partsAgree(record, entry.values, at: place.side)
            && (entry.parent == nil || record.parent == nil || record.parent == entry.parent)
        }
        return (records, .key(field, value: value))
      }
    }
    return nil
  }

  private func records(
    _ entry: JournalEntry, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    let scope = entry.parent.map { ReadScope(partition: $0.rawValue) } ?? place.read
    do {
      return try await connector.find(entry.kind, in: scope, where: field, is: value)
    } catch let error where error.kind == .rejected && error.delivery == .notSent {
      // A system that cannot be asked for this field is looked through.
      let key = rule(field).key(value)
      return try await everything(entry.kind, in: scope).filter { record in
        (record.fields[field]?.texts ?? []).contains { rule(field).key($0) == key }
      }
    }
  }

  private func everything(_ kind: RecordKind, in scope: ReadScope) async throws(ConnectorError) -> [Record] {
    var records: [RecordID: Record] = [:]
    var sawEnd = false
    do {
      for try await page in connector.read(kind, in: scope, since: nil) {
        for record in page.records { records[record.id] = record }
        sawEnd = page.isLast
        if sawEnd { break }
      }
    } catch let error as ConnectorError {
      throw error
    } catch {
      throw ConnectorError.cancelled
    }
    guard sawEnd else { throw ConnectorError(.malformed, "The look-up ended without its last page.") }
    return records.values.sorted { $0.id < $1.id }
  }

  /// What was sent and can be seen again: not what only a create is given, nor what the system never tells.
  private func told(_ values: FieldValues) -> FieldValues {
    let given = Set(stage.givens.map(\.field))
    return values.filter { !given.contains($0) && place.system.field($0, of: stage.kind)?.isTold != false }
  }

  private func rule(_ field: FieldName) -> ComparisonRule {
    place.system.field(field, of: stage.kind)?.rule ?? .exact
  }
}

extension String {
  /// Without regard to capitals, and with every run of blanks as one.
  fileprivate var folded: String {
    trimmedNFC.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

extension Date {
  /// Many systems know no fractions of a second.
  fileprivate var wholeSecond: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down)) }
}

extension LookUp {
  /// The outcome that the finding gives a change which is not sent again.
  func outcome(of entry: JournalEntry) -> ChangeOutcome {
    switch self {
    case .carriedOut(let record):
      return .done(record)
    case .carriedOutAndEdited(let record):
      return .doneAndEdited(record)
    case .notCarriedOut:
      return .notSent(.outcomeUnknown, message: "looked up: it did not arrive")
    case .moved(let record):
      return .skipped(
        .recordMoved, message: "looked up: \(record.id) holds something else; planned again next time", current: record)
    case .several(let ids):
      let list = ids.map(\.description).joined(separator: ", ")
      return .unknown(message: list.isEmpty ? "it cannot be looked up" : "several could be it: \(list)")
    case .gone:
      guard entry.action == .delete, let written = entry.written else {
        return .gone(message: "looked up: no longer there")
      }
      return .done(Record(id: written, kind: entry.kind, state: .gone, fields: [:]))
    }
  }
}
