/// IT Glue: organizations, contacts and configurations are read and written; nothing is deleted.
import Foundation
package import Model

package final class ITGlueConnector: ConnectableSystem {
  package static var description: SystemDescription { ITGlueFeatures.description }

  let calls: ITGlueCalls
  let catalogue: ITGlueCatalogue

  package init(_ setup: ConnectorSetup) throws(ConnectorError) {
    let calls = try ITGlueCalls(setup)
    self.calls = calls
    catalogue = ITGlueCatalogue(
      read: { list throws(ConnectorError) in try await calls.entries(of: list) },
      make: { list, name throws(ConnectorError) in try await calls.make(name, in: list) })
  }

  package var requestCount: Int { calls.line.requestCount }

  /// A complete reading is its pages. One of changes stops at the first record that is old enough; organizations are
  /// asked for by range, and their number besides, since a range does not tell how many there are in all.
  package func smallestRequestCount(_ work: RequestWork) -> Int {
    switch work {
    case .read(_, let count, isDelta: false):
      return max(1, (max(count, 0) + ITGlueFeatures.pageSize - 1) / ITGlueFeatures.pageSize)
    case .read(.company, let count, isDelta: true):
      return 1 + max(1, (max(count, 0) + ITGlueFeatures.pageSize - 1) / ITGlueFeatures.pageSize)
    case .read(_, let count, isDelta: true): return 1 + max(count, 0) / ITGlueFeatures.changesPageSize
    case .write(let write): return Self.requestCount(of: write)
    }
  }

  // MARK: Reading

  package func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<
    Page, any Error
  > {
    pageStream { [self] yield throws(ConnectorError) in
      switch kind {
      case .company:
        try await readOrganizations(since: mark, yield)
      case .person:
        try await readAll(
          .person, in: scope, since: mark,
          record: { ITGlueMapping.record($0 as ITGlueResource<ITGlueContact>, remoteIDs: $1) },
          yield)
      case .configuration:
        try await readAll(
          .configuration, in: scope, since: mark,
          record: { ITGlueMapping.record($0 as ITGlueResource<ITGlueConfiguration>, remoteIDs: $1) }, yield)
      case .member: throw .without(.member, ITGlueFeatures.description)
      }
    }
  }

  package func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError)
    -> [Record]
  {
    let numbers = ids.numbers(from: 1)
    let wanted = Set(numbers.map { RecordID(String($0)) })
    var found: [RecordID: Record] = [:]
    for chunk in numbers.map(String.init).chunks(of: ITGlueFeatures.idsAtOnce) {
      let records = try await list(
        kind, filters: [("filter[id]", chunk.joined(separator: ","))] + Self.filters(kind, scope),
        purpose: "\(chunk.count) single \(ITGlueMapping.type(kind))")
      // A filter that a server does not know may be passed over.
      for record in records where wanted.contains(record.id) && Self.belongs(record, to: scope) {
        found[record.id] = record
      }
    }
    return numbers.compactMap { found[RecordID(String($0))] }
  }

  /// By the vendor's filter first. Nothing is said of how it compares, so that where it finds nobody, everything in the
  /// scope is looked through before "nobody" is the answer.
  package func find(
    _ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    guard let declaration = Self.description.field(field, of: kind) else {
      throw ConnectorError(
        .rejected, "IT Glue \(ITGlueMapping.type(kind)) are not looked up by \(field)", delivery: .notSent)
    }
    guard !value.isBlank else { return [] }
    let isAddress = ["email", "other-emails", "addresses"].contains(field)
    let rule = isAddress ? .email : declaration.rule
    func holds(_ record: Record) -> Bool {
      guard Self.belongs(record, to: scope) else { return false }
      // An address is found in any place where a contact may hold one.
      let values = isAddress ? record.fields.items("addresses") : record.fields[field].map { [$0.text ?? ""] }
      return values?.contains { rule.key($0) == rule.key(value) } ?? false
    }
    let what = "\(ITGlueMapping.type(kind)) by \(field)"
    if let filter = Self.filter(of: field, kind) {
      // A comma means "or".
      let literal = value.replacingOccurrences(of: ",", with: "\\,")
      let records = try await list(
        kind, filters: [(filter, literal)] + Self.filters(kind, scope), purpose: what)
      let found = records.filter(holds)
      if !found.isEmpty { return found }
    }
    return try await list(kind, filters: Self.filters(kind, scope), purpose: what).filter(holds)
  }

  private static func filter(of field: FieldName, _ kind: RecordKind) -> String? {
    switch (kind, field) {
    case (.company, "name"), (.configuration, "name"): "filter[name]"
    case (.person, "email"): "filter[primary_email]"
    case (.person, "first-name"): "filter[first_name]"
    case (.person, "last-name"): "filter[last_name]"
    case (.person, "title"): "filter[title]"
    case (.configuration, "serial-number"): "filter[serial_number]"
    case (.configuration, "mac-address"): "filter[mac_address]"
    case (.configuration, "asset-tag"): "filter[asset_tag]"
    default: nil
    }
  }

  static func filters(_ kind: RecordKind, _ scope: ReadScope) -> [(key: String, value: String)] {
    guard kind != .company, let partition = scope.partition else { return [] }
    return [("filter[organization_id]", partition)]
  }

  static func belongs(_ record: Record, to scope: ReadScope) -> Bool {
    guard record.kind != .company, let partition = scope.partition, let parent = record.parent else { return true }
    return parent.rawValue == partition
  }

  static func organization(_ text: String?) throws(ConnectorError) -> Int {
    try companyNumber(text, of: "an IT Glue organization", from: 1)
  }

  /// All records of a kind that filters let through.
  private func list(
    _ kind: RecordKind, filters: [(key: String, value: String)], purpose: String
  ) async throws(ConnectorError) -> [Record] {
    if let partition = filters.first(where: { $0.key == "filter[organization_id]" })?.value {
      _ = try Self.organization(partition)
    }
    switch kind {
    case .company:
      return try await calls.all(
        kind, filters: filters, purpose: purpose,
        record: { ITGlueMapping.record($0 as ITGlueResource<ITGlueOrganization>, remoteIDs: $1) })
    case .person:
      return try await calls.all(
        kind, filters: filters, purpose: purpose,
        record: { ITGlueMapping.record($0 as ITGlueResource<ITGlueContact>, remoteIDs: $1) })
    case .configuration:
      return try await calls.all(
        kind, filters: filters, purpose: purpose,
        record: { ITGlueMapping.record($0 as ITGlueResource<ITGlueConfiguration>, remoteIDs: $1) })
    case .member: throw .without(.member, ITGlueFeatures.description)
    }
  }
}
