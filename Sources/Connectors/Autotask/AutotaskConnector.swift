/// Autotask PSA through its REST API 1.0: companies, contacts and configuration items are read and written.
import Foundation
package import Model
import Synchronization

package final class AutotaskConnector: ConnectableSystem {
  package static var description: SystemDescription { AutotaskFeatures.description }

  let calls: AutotaskCalls
  /// Who is to look after new companies, and under which billing code new products stand, where a person said so.
  let accountManager: String?
  let billingCode: Int?
  /// One at a time looks for a product and makes it, so that two configuration items of one model make one product.
  let findingProduct = Slots(1)
  let knownOwner = Mutex<Int?>(nil)
  let knownProducts = Mutex<[AutotaskModel: AutotaskProduct]>([:])

  package init(_ setup: ConnectorSetup) throws(ConnectorError) {
    calls = try AutotaskCalls(setup)
    accountManager = setup.optional("account-manager")
    billingCode = try setup.optional("billing-code").map { text throws(ConnectorError) in
      guard let id = Int(text) else {
        throw ConnectorError(
          .misconfigured, "the billing-code of the connection \(setup.connection.name) is no number",
          hint: "give the id of a billing code, or leave it out", delivery: .notSent)
      }
      return id
    }
    if let field = setup.optional("id-field"), !["external-id", "none"].contains(field) {
      throw ConnectorError(
        .misconfigured, "the id-field of the connection \(setup.connection.name) is \(field)",
        hint: "id-field is external-id, or is left out", delivery: .notSent)
    }
  }

  package var requestCount: Int { calls.line.requestCount }

  /// A reading is its pages and the server's own count; names of types need a table of fields once, and configuration
  /// items their products. A write is itself and the reading back, since it answers nothing but an id.
  package func smallestRequestCount(_ work: RequestWork) -> Int {
    switch work {
    case .read(let kind, let count, let isDelta):
      let pages = isDelta ? 1 : max(0, max(count, 1) - 1) / AutotaskFeatures.pageSize + 1
      let tables = kind != .person && !calls.knows(Self.entity(kind)) ? 1 : 0
      return 1 + pages + tables + (kind == .configuration && count > 0 && !isDelta ? 1 : 0)
    case .write(let write):
      let needsProduct = write.values["manufacturer"] != nil || write.values["model"] != nil
      return 2 + (needsProduct ? 1 : 0)
    }
  }

  static func entity(_ kind: RecordKind) -> AutotaskEntity {
    switch kind {
    case .company: .companies
    case .person: .contacts
    case .configuration, .member: .configurationItems
    }
  }

  // MARK: Reading

  package func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<
    Page, any Error
  > {
    pageStream { [self] yield throws(ConnectorError) in try await readPages(kind, in: scope, since: mark, yield) }
  }

  /// Changes are those whose stamp is later than the mark; inactive records are always among them, and deletions never.
  private func readPages(
    _ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    let startedAt = calls.now()
    var conditions = try Self.conditions(kind, scope)
    let purpose = Self.purpose(kind, scope)
    let counting = AutotaskQuery(conditions, fields: [])
    var newest: Date?
    if let mark {
      let date = try mark.date(AutotaskMapping.date)
      newest = date
      let since = (date - AutotaskFeatures.overlap).formatted(.iso8601)
      conditions.append(AutotaskQuery.compare("gt", Self.stampField(kind), .text(since)))
    }
    // Before the pages: what is created meanwhile makes them more than was declared, which is no harm.
    let declared = try await calls.count(counting, of: Self.entity(kind), purpose: "number of \(purpose)")
    try await walk(kind, conditions, purpose: purpose) { batch in
      newest = [newest, batch.newest].compactMap { $0 }.max()
      // What was changed while the pages were read may stand on a page that was read before.
      let next = newest.map { DeltaMark(min($0, startedAt).formatted(.iso8601)) }
      yield(
        Page(
          records: batch.records, number: batch.number, isLast: batch.isLast, mark: batch.isLast ? next : nil,
          declaredTotal: batch.isLast ? declared : nil, isDelta: mark != nil))
    }
  }

  /// A page's worth of records.
  private struct Batch {
    var records: [Record]
    /// The latest stamp among them.
    var newest: Date?
    var number: Int
    var isLast: Bool
  }

  /// Goes through every record that meets the conditions, in the order of ids.
  private func walk(
    _ kind: RecordKind, _ conditions: [JSONValue], purpose: String, _ visit: (Batch) -> Void
  ) async throws(ConnectorError) {
    switch kind {
    case .person:
      try await walk(AutotaskContact.self, .contacts, conditions, purpose, visit) { rows in
        rows.map(AutotaskMapping.record)
      }
    case .company:
      var types = try await calls.metadata(of: .companies)
      var isRenewed = false
      try await walk(AutotaskCompany.self, .companies, conditions, purpose, visit) { rows throws(ConnectorError) in
        let ids = Set(rows.compactMap(\.companyType.value))
        try await self.renew(&types, .companies, "companyType", ids, &isRenewed)
        return rows.map { AutotaskMapping.record($0, metadata: types) }
      }
    case .configuration:
      var types = try await calls.metadata(of: .configurationItems)
      var isRenewed = false
      // Of this reading alone: a product that was renamed must not go by its old name for ever.
      var products: [Int: AutotaskProduct] = [:]
      try await walk(AutotaskConfigurationItem.self, .configurationItems, conditions, purpose, visit) {
        rows throws(ConnectorError) in
        let ids = Set(rows.compactMap(\.configurationItemType.value))
        try await self.renew(&types, .configurationItems, "configurationItemType", ids, &isRenewed)
        try await self.add(to: &products, Set(rows.compactMap(\.productID)))
        return rows.map { row in
          AutotaskMapping.record(row, product: row.productID.flatMap { products[$0] }, metadata: types)
        }
      }
    case .member: throw .without(.member, AutotaskFeatures.description)
    }
  }

  private func walk<Row: AutotaskRow>(
    _ type: Row.Type, _ entity: AutotaskEntity, _ conditions: [JSONValue], _ purpose: String,
    _ visit: (Batch) -> Void, _ records: ([Row]) async throws(ConnectorError) -> [Record]
  ) async throws(ConnectorError) {
    let query = AutotaskQuery(conditions, fields: Row.fields)
    var (link, number, seen): (WebAddress?, Int, Set<Int>) = (nil, 0, [])
    repeat {
      number += 1
      guard number <= AutotaskFeatures.mostPages else { throw AutotaskCalls.endless(purpose) }
      let page = try await calls.page(type, query, of: entity, after: link, purpose: "\(purpose) page \(number)")
      let fresh = page.rows.filter { seen.insert($0.id).inserted }
      guard !fresh.isEmpty || page.rows.isEmpty else {
        throw ConnectorError(.malformed, "Autotask, \(purpose) page \(number): a page came twice")
      }
      link = page.next
      visit(
        Batch(
          records: try await records(fresh), newest: fresh.compactMap { AutotaskMapping.date($0.stamp) }.max(),
          number: number, isLast: link == nil))
    } while link != nil
  }

  /// Asks for the fields again, once a reading, when a row has a type that is not among what is known.
  private func renew(
    _ metadata: inout AutotaskMetadata, _ entity: AutotaskEntity, _ property: String, _ ids: Set<Int>,
    _ isRenewed: inout Bool
  ) async throws(ConnectorError) {
    let known = metadata
    guard !isRenewed, ids.contains(where: { known.label($0, of: property) == nil }) else { return }
    isRenewed = true
    metadata = try await calls.metadata(of: entity, isRenewed: true)
  }

  private static func stampField(_ kind: RecordKind) -> String {
    switch kind {
    case .company: AutotaskCompany.stampField
    case .person: AutotaskContact.stampField
    case .configuration, .member: AutotaskConfigurationItem.stampField
    }
  }

  private static func purpose(_ kind: RecordKind, _ scope: ReadScope) -> String {
    scope.partition.map { "\(entity(kind).words) of company \($0)" } ?? entity(kind).words
  }

  private static func conditions(_ kind: RecordKind, _ scope: ReadScope) throws(ConnectorError) -> [JSONValue] {
    guard let partition = scope.partition else { return [AutotaskQuery.everything] }
    // As a number: a text against a number gives no rows and no error.
    return [AutotaskQuery.compare("eq", kind == .company ? "id" : "companyID", .number(try companyID(partition)))]
  }

  /// - Throws: `.misconfigured`; 0 is the provider's own company, and an id like any other.
  static func companyID(_ partition: String?) throws(ConnectorError) -> Int {
    try companyNumber(partition, of: "an Autotask company", from: 0)
  }

  package func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError)
    -> [Record]
  {
    let numbers = ids.numbers(from: 0)
    guard !numbers.isEmpty else { return [] }
    let inScope = scope.partition == nil ? [] : try Self.conditions(kind, scope)
    var found: [Record] = []
    for chunk in numbers.chunks(of: AutotaskFeatures.pageSize) {
      found += try await records(
        kind, inScope + [AutotaskQuery.among(chunk)], purpose: "\(chunk.count) single \(Self.entity(kind).words)")
    }
    return found
  }

  func records(
    _ kind: RecordKind, _ conditions: [JSONValue], purpose: String
  ) async throws(ConnectorError) -> [Record] {
    var found: [Record] = []
    try await walk(kind, conditions, purpose: purpose) { found += $0.records }
    return found
  }

  package func find(
    _ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    guard let declaration = Self.description.field(field, of: kind) else {
      throw ConnectorError(
        .rejected, "Autotask's \(kind.plural) have no \(field) to be looked up by", delivery: .notSent)
    }
    let conditions = try Self.conditions(kind, scope) + (AutotaskMapping.conditions(kind, field, value) ?? [])
    let found = try await records(kind, conditions, purpose: "\(Self.entity(kind).words) by \(field)")
    // An address is found in any place where a contact may hold one.
    let isAddress = kind == .person && ["email", "other-emails", "addresses"].contains(field)
    let rule = declaration.rule == .emailSet ? .email : declaration.rule
    let key = rule.key(AutotaskMapping.plain(value))
    return found.filter { record in
      guard let held = record.fields[isAddress ? "addresses" : field] else { return false }
      switch held {
      case .list(let items): return items.contains { rule.key($0) == key }
      case .null, .text, .flag: return rule.key(held) == key
      }
    }
  }
}
