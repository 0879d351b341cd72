/// ConnectWise PSA through its REST API 3.0: companies, contacts and configurations are read and written, members read.
import Foundation
package import Model
import Synchronization

package final class ConnectWiseConnector: ConnectableSystem {
  package static var description: SystemDescription { ConnectWiseFeatures.description }

  let calls: ConnectWiseCalls
  let catalogue: ConnectWiseCatalogue
  /// Identifiers that were given to companies not yet made, in lower case.
  let reservedIdentifiers = Mutex<Set<String>>([])
  /// What names the communication types, by parameter or by an earlier check: ids or labels.
  let typeSettings: [String: String]
  /// The types once they are known.
  let knownTypes = Mutex<ConnectWiseTypes?>(nil)

  package init(_ setup: ConnectorSetup) throws(ConnectorError) {
    let calls = try ConnectWiseCalls(setup)
    self.calls = calls
    catalogue = ConnectWiseCatalogue(calls)
    var settings: [String: String] = [:]
    for key in ["email-type", "phone-type", "mobile-type"] {
      settings[key] = setup.optional(key) ?? setup.connection.findings[key]
    }
    typeSettings = settings
  }

  package var requestCount: Int { calls.line.requestCount }

  /// A reading is its pages and the server's own count, without which a page cut short would look complete; companies
  /// need the table of statuses besides. Where everybody fits on one page, a complete reading costs no more than one
  /// of changes, and tells of deletions too.
  package func smallestRequestCount(_ work: RequestWork) -> Int {
    switch work {
    // A reading of changed members asks for no number: it would count API members too.
    case .read(.member, _, isDelta: true): return 1
    case .read(let kind, _, isDelta: true): return 2 + (kind == .company ? 1 : 0)
    case .read(let kind, let count, isDelta: false):
      return max(count, 0) / ConnectWiseFeatures.pageSize + 2 + (kind == .company ? 1 : 0)
    case .write(let write):
      switch write.kind {
      case .person: return contactRequestCount(write)
      case .company: return Self.companyRequestCount(write)
      case .configuration: return Self.configurationRequestCount(write)
      case .member: return 0
      }
    }
  }

  private func contactRequestCount(_ write: Write) -> Int {
    guard write.action != .create else { return 1 }
    let types = knownTypes.withLock { $0 } ?? ConnectWiseTypes(email: -1, phone: -2, mobile: -3)
    let operations = ConnectWiseMapping.operations(
      write.values, action: write.action, company: ConnectWiseMapping.destination(write))
    let items = ConnectWiseMapping.items(of: write.current) ?? []
    let steps = ConnectWiseMapping.steps(write.values, items: items, types: types).count
    return (operations.isEmpty ? 0 : 1) + (steps == 0 ? 0 : steps + 1)
  }

  // MARK: Reading

  package func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<
    Page, any Error
  > {
    pageStream { [self] yield throws(ConnectorError) in
      switch kind {
      case .person: try await readContacts(in: scope, since: mark, yield)
      case .company: try await readCompanies(since: mark, yield)
      case .configuration: try await readConfigurations(in: scope, since: mark, yield)
      case .member: try await readMembers(since: mark, yield)
      }
    }
  }

  private func readContacts(
    in scope: ReadScope, since mark: DeltaMark?, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    let types = try await types()
    let condition = try companyCondition(scope)
    try await readPages(
      Listing(.person, Self.purpose(scope, .person)), conditions: condition, counting: condition, since: mark,
      id: \ConnectWiseContact.id, info: \.info,
      record: { ConnectWiseMapping.record($0, types: types) }, yield)
  }

  private func readCompanies(
    since mark: DeltaMark?, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    let statuses = try await statuses()
    let living = "deletedFlag=false"
    // A reading of changes leaves the filter out, so that it sees what was deleted.
    try await readPages(
      Listing(.company, "companies"), conditions: mark == nil ? living : nil, counting: living, since: mark,
      id: \ConnectWiseCompany.id, info: \.info,
      record: { ConnectWiseMapping.record($0, statuses: statuses) }, yield)
  }

  private func readConfigurations(
    in scope: ReadScope, since mark: DeltaMark?, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    let condition = try companyCondition(scope)
    try await readPages(
      Listing(.configuration, Self.purpose(scope, .configuration)), conditions: condition, counting: condition,
      since: mark, id: \ConnectWiseConfiguration.id, info: \.info, record: { ConnectWiseMapping.record($0) }, yield)
  }

  private func readMembers(since mark: DeltaMark?, _ yield: @Sendable (Page) -> Void) async throws(ConnectorError) {
    try await readPages(
      Listing(.member, "members"), conditions: nil, counting: nil, since: mark, id: \ConnectWiseMember.id, info: \.info,
      record: ConnectWiseMapping.staff, yield)
  }

  /// A list to be read: where it is, and which fields of its rows.
  private struct Listing {
    var path: [String]
    var selection: String
    var purpose: String
    /// Some of its rows are no records of ours, so that only a reading of all of them knows how many are.
    var hasOtherRows: Bool

    init(_ kind: RecordKind, _ purpose: String) {
      self.purpose = purpose
      hasOtherRows = kind == .member
      switch kind {
      case .company: (path, selection) = (["company", "companies"], ConnectWiseCompany.selection)
      case .person: (path, selection) = (["company", "contacts"], ConnectWiseContact.selection)
      case .configuration: (path, selection) = (["company", "configurations"], ConnectWiseConfiguration.selection)
      case .member: (path, selection) = (["system", "members"], ConnectWiseMember.selection)
      }
    }
  }

  /// Reads a list forward only, in the order of ids: the one way that is stable while others insert.
  private func readPages<Row: Decodable & Sendable>(
    _ listing: Listing, conditions: String?, counting: String?, since mark: DeltaMark?, id: (Row) -> Int,
    info: (Row) -> ConnectWiseInfo?, record: (Row) -> Record?, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    var newest: Date?
    var filter = conditions
    if let mark {
      let date = try mark.date(ConnectWiseMapping.date)
      newest = date
      let since = "lastUpdated>\(ConnectWiseCondition.literal(date - ConnectWiseFeatures.overlap))"
      filter = filter.map { "\($0) and \(since)" } ?? since
    }
    // Before the pages: what is created meanwhile makes them more than was declared, which is no harm.
    let declared =
      listing.hasOtherRows && mark != nil
      ? nil : try await count(listing.path, conditions: counting, purpose: "number of \(listing.purpose)")
    var (number, last, others) = (0, -1, 0)
    while true {
      number += 1
      let purpose = "\(listing.purpose) page \(number)"
      let (rows, saysMore): ([Row], Bool) = try await page(listing, conditions: filter, after: last, purpose: purpose)
      for row in rows {
        guard id(row) > last else {
          throw ConnectorError(
            .malformed, "ConnectWise, \(purpose): id \(id(row)) comes after \(last), so a page came twice")
        }
        last = id(row)
        if let date = ConnectWiseMapping.date(info(row)?.lastUpdated) { newest = max(newest ?? date, date) }
      }
      let records = rows.compactMap(record)
      others += rows.count - records.count
      // A short page is the last one, unless the server says that there is more: it may have a smaller limit of its own.
      guard rows.isEmpty || (rows.count < ConnectWiseFeatures.pageSize && !saysMore) else {
        yield(Page(records: records, number: number, isLast: false, isDelta: mark != nil))
        continue
      }
      yield(
        Page(
          records: records, number: number, isLast: true, mark: newest.map { DeltaMark($0.formatted(.iso8601)) },
          declaredTotal: declared.map { $0 - others }, isDelta: mark != nil))
      return
    }
  }

  private func page<Row: Decodable>(
    _ listing: Listing, conditions: String?, childConditions: String? = nil, after last: Int, purpose: String
  ) async throws(ConnectorError) -> (rows: [Row], saysMore: Bool) {
    var query: [(key: String, value: String)] = []
    if let conditions { query.append(("conditions", conditions)) }
    if let childConditions { query.append(("childConditions", childConditions)) }
    query.append(("fields", listing.selection))
    query.append(("pageSize", String(ConnectWiseFeatures.pageSize)))
    // `pageId=N` acts as `id > N`: the next page is reckoned here, and no foreign link is followed.
    if last > 0 { query.append(("pageId", String(last))) }
    let response = try await calls.get(
      listing.path, query: query, purpose: purpose, headers: [HTTPHeader("pagination-type", "forward-only")])
    let rows = try calls.errors.decode([Row].self, response, purpose: purpose)
    return (rows, response.header("link")?.contains("rel=\"next\"") ?? false)
  }

  func count(
    _ path: [String], conditions: String?, purpose: String
  ) async throws(ConnectorError) -> Int {
    let query = conditions.map { [(key: "conditions", value: $0)] } ?? []
    return try await calls.get(ConnectWiseCount.self, path + ["count"], query: query, purpose: purpose).count
  }

  private func statuses() async throws(ConnectorError) -> [Int: ConnectWiseStatus] {
    let rows = try await calls.get(
      [ConnectWiseStatus].self, ["company", "companies", "statuses"],
      query: [("pageSize", String(ConnectWiseFeatures.pageSize))], purpose: "company statuses")
    return Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
  }

  package func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError)
    -> [Record]
  {
    let numbers = ids.numbers()
    guard !numbers.isEmpty else { return [] }
    switch kind {
    case .person:
      let types = try await types()
      let rows: [ConnectWiseContact] = try await rows(
        Listing(kind, "\(numbers.count) single contacts"), numbers, condition: try companyCondition(scope))
      return rows.map { ConnectWiseMapping.record($0, types: types) }
    case .company:
      let statuses = try await statuses()
      let rows: [ConnectWiseCompany] = try await rows(
        Listing(kind, "\(numbers.count) single companies"), numbers, condition: nil)
      return rows.map { ConnectWiseMapping.record($0, statuses: statuses) }
    case .configuration:
      let rows: [ConnectWiseConfiguration] = try await rows(
        Listing(kind, "\(numbers.count) single configurations"), numbers, condition: try companyCondition(scope))
      return rows.map { ConnectWiseMapping.record($0) }
    case .member:
      let rows: [ConnectWiseMember] = try await rows(
        Listing(kind, "\(numbers.count) single members"), numbers, condition: nil)
      return rows.compactMap(ConnectWiseMapping.staff)
    }
  }

  private func rows<Row: Decodable>(
    _ listing: Listing, _ ids: [Int], condition: String?
  ) async throws(ConnectorError) -> [Row] {
    var found: [Row] = []
    // Host, code base, selection and what is encoded around the list take the rest of the address.
    let longest =
      ConnectWiseFeatures.longestAddress - calls.host.description.utf8.count - listing.selection.utf8.count - 300
    for chunk in ids.chunks(longest: max(longest, 100), most: ConnectWiseFeatures.pageSize) {
      let list = "id in (\(chunk.map(String.init).joined(separator: ",")))"
      let (rows, _): ([Row], Bool) = try await page(
        listing, conditions: condition.map { "\($0) and \(list)" } ?? list, after: 0, purpose: listing.purpose)
      found += rows
    }
    return found
  }

  package func find(
    _ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    let isItem = kind == .person && ["email", "addresses", "phone", "mobile"].contains(field)
    let property = ConnectWiseMapping.searchable(kind).first { $0.field == field }?.property
    // A member's address stands in one of several fields, and a provider has few members: all of them are looked at.
    let isLooked = kind == .member && field == "email"
    guard property != nil || isItem || isLooked, let declaration = Self.description.field(field, of: kind) else {
      let fields =
        ConnectWiseMapping.searchable(kind).map(\.field.rawValue) + (kind == .person ? ["email", "phone"] : [])
        + (kind == .member ? ["email"] : [])
      throw ConnectorError(
        .rejected, "ConnectWise \(kind.plural) are not looked up by \(field)",
        hint: "use \(fields.joined(separator: ", "))", delivery: .notSent)
    }
    let rule = declaration.rule
    var records: [Record]?
    if let literal = ConnectWiseCondition.literal(value), rule != .phone, !isLooked {
      // Members of a list are reached by child conditions only.
      records = try await search(
        kind, in: scope, condition: property.map { "\($0)=\(literal)" },
        childCondition: isItem ? "communicationItems/value=\(literal)" : nil, purpose: "\(kind.plural) by \(field)")
    }
    // No way to write the value down, or to compare numbers however they are laid out: look through all.
    if records == nil { records = try await read(kind, in: scope, since: nil).records() }
    // An address is found in any place where a contact may hold one.
    let key = rule == .emailSet ? ComparisonRule.email.key(value) : rule.key(value)
    return (records ?? []).filter { record in
      if kind == .person, field == "email" || field == "addresses" {
        let all = (record.fields.items("addresses") ?? []) + [record.fields.text("email")].compactMap { $0 }
        return all.contains { ComparisonRule.email.key($0) == key }
      }
      return record.fields[field].map { rule.key($0) == key } ?? false
    }
  }

  /// The records for which a condition holds; `nil` where they are more than one page.
  private func search(
    _ kind: RecordKind, in scope: ReadScope, condition: String?, childCondition: String?, purpose: String
  ) async throws(ConnectorError) -> [Record]? {
    let listing = Listing(kind, purpose)
    let whole: String? =
      switch kind {
      case .company: "deletedFlag=false"
      case .member: nil
      case .person, .configuration: try companyCondition(scope)
      }
    let conditions = [whole, condition].compactMap { $0 }.joined(separator: " and ").nilIfEmpty
    func rows<Row: Decodable>(_ type: Row.Type) async throws(ConnectorError) -> [Row]? {
      let (rows, saysMore): ([Row], Bool) = try await page(
        listing, conditions: conditions, childConditions: childCondition, after: 0, purpose: purpose)
      return saysMore || rows.count >= ConnectWiseFeatures.pageSize ? nil : rows
    }
    switch kind {
    case .person:
      let types = try await types()
      return try await rows(ConnectWiseContact.self)?.map { ConnectWiseMapping.record($0, types: types) }
    case .company:
      let statuses = try await statuses()
      return try await rows(ConnectWiseCompany.self)?.map { ConnectWiseMapping.record($0, statuses: statuses) }
    case .configuration:
      return try await rows(ConnectWiseConfiguration.self)?.map { ConnectWiseMapping.record($0) }
    case .member: return try await rows(ConnectWiseMember.self)?.compactMap(ConnectWiseMapping.staff)
    }
  }

  private func companyCondition(_ scope: ReadScope) throws(ConnectorError) -> String? {
    guard let partition = scope.partition else { return nil }
    return "company/id=\(try Self.companyID(partition))"
  }

  static func companyID(_ partition: String?) throws(ConnectorError) -> Int {
    try companyNumber(partition, of: "a ConnectWise company")
  }

  private static func purpose(_ scope: ReadScope, _ kind: RecordKind) -> String {
    let what = kind == .person ? "contacts" : kind.plural
    return scope.partition.map { "\(what) of company \($0)" } ?? what
  }

  // MARK: Communication types

  func types() async throws(ConnectorError) -> ConnectWiseTypes {
    if let types = knownTypes.withLock({ $0 }) { return types }
    let types: ConnectWiseTypes
    if let known = typesNamedByID() {
      types = known
    } else {
      let found = Self.found(in: try await communicationTypes(), settings: typeSettings)
      guard let email = found["email-type"], let phone = found["phone-type"], let mobile = found["mobile-type"] else {
        let missing = ["email-type", "phone-type", "mobile-type"].filter { found[$0] == nil }
        throw ConnectorError(
          .misconfigured, "no communication type was found for \(missing.joined(separator: ", "))",
          hint: "set \(missing.first ?? "") to the type's name for this connection", delivery: .notSent)
      }
      types = ConnectWiseTypes(email: email.id, phone: phone.id, mobile: mobile.id)
    }
    knownTypes.withLock { $0 = types }
    return types
  }

  /// The types where all three are named by id, so that nothing has to be asked.
  private func typesNamedByID() -> ConnectWiseTypes? {
    guard let email = typeSettings["email-type"].flatMap({ Int($0) }),
      let phone = typeSettings["phone-type"].flatMap({ Int($0) }),
      let mobile = typeSettings["mobile-type"].flatMap({ Int($0) })
    else { return nil }
    return ConnectWiseTypes(email: email, phone: phone, mobile: mobile)
  }

  func communicationTypes() async throws(ConnectorError) -> [ConnectWiseCommunicationType] {
    try await calls.get(
      [ConnectWiseCommunicationType].self, ["company", "communicationTypes"],
      query: [("pageSize", String(ConnectWiseFeatures.pageSize))], purpose: "communication types")
  }

  /// The row for each of the three settings: the one that is named, else the one found by flag and name.
  static func found(
    in rows: [ConnectWiseCommunicationType], settings: [String: String]
  ) -> [String: ConnectWiseCommunicationType] {
    var found: [String: ConnectWiseCommunicationType] = [:]
    let finders: [(String, ([ConnectWiseCommunicationType]) -> ConnectWiseCommunicationType?)] = [
      ("email-type", ConnectWiseTypes.email), ("phone-type", ConnectWiseTypes.phone),
      ("mobile-type", ConnectWiseTypes.mobile),
    ]
    for (key, find) in finders {
      // A name that is not there must not fall back silently on another type.
      found[key] = if let named = settings[key] { ConnectWiseTypes.named(named, in: rows) } else { find(rows) }
    }
    return found
  }
}

extension String {
  fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}
