/// A whole reading as a test looks at it, and writes in short.
import Connectors
import Model
import Testing

struct Reading: Sendable {
  var pages: [Page] = []
  var error: ConnectorError?

  init(
    _ connector: any Connector, _ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark? = nil
  ) async {
    do {
      for try await page in connector.read(kind, in: scope, since: mark) { pages.append(page) }
    } catch {
      self.error = error as? ConnectorError ?? ConnectorError(.malformed, "no error of a connector: \(error)")
    }
  }

  var records: [Record] { pages.flatMap(\.records) }
  var last: Page? { pages.last }
  var ids: [RecordID] { records.map(\.id) }
  /// The records that are there; of a record that came twice the later one.
  var living: [RecordID: Record] {
    Dictionary(records.map { ($0.id, $0) }) { _, later in later }.filter { $0.value.state != .gone }
  }
  /// What whoever asks for a certificate must take it for.
  var looksComplete: Bool {
    error == nil && last?.isLast == true && (last?.declaredTotal ?? living.count) == living.count
  }
}

extension [WriteOutcome] {
  /// The record of the only write.
  func record(_ location: SourceLocation = #_sourceLocation) throws -> Record {
    guard case .done(let record)? = first, count == 1 else {
      Issue.record("not done: \(self)", sourceLocation: location)
      throw StageError.notDone(self)
    }
    return record
  }

  /// The refusal of the only write.
  var rejection: WriteRejection? {
    if case .rejected(let rejection)? = first, count == 1 { rejection } else { nil }
  }

  /// What became of the only write, in a word.
  var word: String {
    switch first {
    case .done?: "done"
    case .unknown?: "unknown"
    case .waiting?: "waiting"
    case .notSent?: "not sent"
    case .rejected(let rejection)?: rejection.reason.rawValue + (rejection.isPartial ? ", partly" : "")
    case nil: "nothing"
    }
  }
}

extension Write {
  static func making(_ kind: RecordKind, _ values: FieldValues, in parent: RecordID? = nil) -> Write {
    Write(kind: kind, action: .create, target: nil, parent: parent, values: values, current: nil, token: "t")
  }

  static func changing(
    _ record: Record, _ values: FieldValues = [:], _ action: WriteKind = .update, to parent: RecordID? = nil
  ) -> Write {
    Write(
      kind: record.kind, action: action, target: record.id, parent: parent, values: values, current: record, token: "t")
  }
}

extension Connector {
  /// Changes one field after the other, and expects each to be taken and the others to stay as they are.
  /// - Returns: the record as the last change left it.
  func change(
    _ record: Record, _ changes: FieldValues, among fields: [FieldName],
    _ location: SourceLocation = #_sourceLocation
  ) async throws -> Record {
    var current = record
    for (field, value) in changes.sorted {
      let next = try await write([.changing(current, [field: value])], in: ReadScope()).record(location)
      #expect(next.fields[field] ?? .null == value, "\(field)", sourceLocation: location)
      let others = fields.filter { $0 != field }
      #expect(
        next.fields.filter { others.contains($0) } == current.fields.filter { others.contains($0) },
        "\(field) changed another", sourceLocation: location)
      current = next
    }
    return current
  }
}
