/// ConnectWise PSA through its REST API 3.0: companies are read, contacts are read and written.
package import Model
import Foundation
import Synchronization

package final class ConnectWiseConnector: ConnectableSystem {
  package static var description: SystemDescription { ConnectWiseFeatures.description }

  private struct State {
    var codeBase: String?
    /// When the code base was last asked for because of a 404.
    var askedAgainAt: Double?
    var types: ConnectWiseTypes?
  }

  private let host: WebAddress
  private let company: String
  private let headers: [HTTPHeader]
  /// What names the communication types, by parameter or by an earlier check: ids or labels.
  private let typeSettings: [String: String]
  private let line: Line
  private let errors: ConnectWiseErrors
  private let clock: any MonotonicClock
  private let now: @Sendable () -> Date
  private let state: Mutex<State>

  package init(_ setup: ConnectorSetup) throws(ConnectorError) {
    if let url = try setup.url() {
      host = ConnectWiseFeatures.apiHost(url)
    } else if let region = setup.optional("region"), let regional = ConnectWiseFeatures.host(ofRegion: region) {
      host = regional
    } else {
      throw ConnectorError(
        .misconfigured, "the connection \(setup.connection.name) does not say where its ConnectWise is",
        hint: "give region=na, eu, au, za or staging, or url=https://…", delivery: .notSent)
    }
    company = try setup.required("company")
    let (publicKey, clientID) = (try setup.required("public-key"), try setup.required("client-id"))
    let privateKey = try setup.secret("private-key")
    let credential = Data("\(company)+\(publicKey):\(privateKey.reveal())".utf8).base64EncodedString()
    headers = [
      HTTPHeader("Authorization", "Basic \(credential)"), HTTPHeader("clientId", clientID),
      HTTPHeader("Accept", "application/json"),
    ]
    var settings: [String: String] = [:]
    for key in ["email-type", "phone-type", "mobile-type"] {
      settings[key] = setup.optional(key) ?? setup.connection.findings[key]
    }
    typeSettings = settings
    line = Line(setup, pace: ConnectWiseFeatures.pace)
    errors = ConnectWiseErrors(redaction: Redaction([privateKey, Secret(credential)]))
    clock = setup.clock
    now = setup.now
    state = Mutex(State(codeBase: setup.connection.findings["code-base"].flatMap(Self.checkedCodeBase)))
  }

  package var requestCount: Int { line.requestCount }

  /// A complete reading of one page needs one request, as few as any; one of several pages, or of none at all, is
  /// checked against the server's own count. A reading since a mark is one page and the count, since deletions are not
  /// told. Companies need the table of statuses besides.
  package func smallestRequestCount(_ work: RequestWork) -> Int {
    switch work {
    case .read(let kind, _, isDelta: true): return kind == .company ? 3 : 2
    case .read(let kind, let count, isDelta: false):
      let pages = max(count, 0) / ConnectWiseFeatures.pageSize + 1
      return pages + (pages > 1 || count <= 0 ? 1 : 0) + (kind == .company ? 1 : 0)
    case .write(let write):
      guard write.action != .create else { return 1 }
      let types = state.withLock { $0.types } ?? ConnectWiseTypes(email: -1, phone: -2, mobile: -3)
      let operations = ConnectWiseMapping.operations(write.values, action: write.action)
      let items = ConnectWiseMapping.items(of: write.current) ?? []
      let steps = ConnectWiseMapping.steps(write.values, items: items, types: types).count
      return (operations.isEmpty ? 0 : 1) + (steps == 0 ? 0 : steps + 1)
    }
  }

  // MARK: Reading

  package func read(_ kind: RecordKind, in scope: ReadScope, since mark: DeltaMark?) -> AsyncThrowingStream<Page, any Error> {
    pageStream { [self] yield throws(ConnectorError) in
      switch kind {
      case .person: try await readContacts(in: scope, since: mark, yield)
      case .company: try await readCompanies(since: mark, yield)
      }
    }
  }

  private func readContacts(
    in scope: ReadScope, since mark: DeltaMark?, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    let types = try await types()
    let condition = try companyCondition(scope)
    try await readPages(
      Listing(path: ["company", "contacts"], selection: ConnectWiseContact.selection, purpose: Self.purpose(scope)),
      conditions: condition, counting: condition, since: mark, id: \ConnectWiseContact.id, info: \.info,
      record: { ConnectWiseMapping.record($0, types: types) }, yield)
  }

  private func readCompanies(
    since mark: DeltaMark?, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    let statuses = try await statuses()
    let living = "deletedFlag=false"
    // A reading of changes leaves the filter out, so that it sees what was deleted.
    try await readPages(
      Listing(path: ["company", "companies"], selection: ConnectWiseCompany.selection, purpose: "companies"),
      conditions: mark == nil ? living : nil, counting: living, since: mark, id: \ConnectWiseCompany.id, info: \.info,
      record: { ConnectWiseMapping.record($0, statuses: statuses) }, yield)
  }

  /// A list to be read: where it is, and which fields of its rows.
  private struct Listing {
    var path: [String]
    var selection: String
    var purpose: String
  }

  /// Reads a list forward only, in the order of ids: the one way that is stable while others insert.
  private func readPages<Row: Decodable & Sendable>(
    _ listing: Listing, conditions: String?, counting: String?, since mark: DeltaMark?, id: (Row) -> Int,
    info: (Row) -> ConnectWiseInfo?, record: (Row) -> Record, _ yield: @Sendable (Page) -> Void
  ) async throws(ConnectorError) {
    var newest: Date?
    var filter = conditions
    if let mark {
      guard let date = ConnectWiseMapping.date(mark.rawValue) else {
        throw ConnectorError(.deltaExpired, "the mark of the last reading is no date", delivery: .notSent)
      }
      newest = date
      let since = "lastUpdated>\(ConnectWiseCondition.literal(date - ConnectWiseFeatures.overlap))"
      filter = filter.map { "\($0) and \(since)" } ?? since
    }
    var (number, last, total) = (0, 0, 0)
    while true {
      number += 1
      let purpose = "\(listing.purpose) page \(number)"
      let rows: [Row] = try await page(listing, conditions: filter, after: last, purpose: purpose)
      for row in rows {
        guard id(row) > last else {
          throw ConnectorError(.malformed, "ConnectWise, \(purpose): id \(id(row)) comes after \(last), so a page came twice")
        }
        last = id(row)
        if let date = ConnectWiseMapping.date(info(row)?.lastUpdated) { newest = max(newest ?? date, date) }
      }
      total += rows.count
      guard rows.count < ConnectWiseFeatures.pageSize else {
        yield(Page(records: rows.map(record), number: number, isLast: false, isDelta: mark != nil))
        continue
      }
      // Deletions are not told of changes; and an empty answer, or an early end, is not believed by itself.
      let declared =
        mark != nil || number > 1 || total == 0
        ? try await count(listing.path, conditions: counting, purpose: "number of \(listing.purpose)") : nil
      yield(
        Page(
          records: rows.map(record), number: number, isLast: true,
          mark: newest.map { DeltaMark($0.formatted(.iso8601)) }, declaredTotal: declared, isDelta: mark != nil))
      return
    }
  }

  private func page<Row: Decodable>(
    _ listing: Listing, conditions: String?, childConditions: String? = nil, after last: Int, purpose: String
  ) async throws(ConnectorError) -> [Row] {
    var query: [(key: String, value: String)] = []
    if let conditions { query.append(("conditions", conditions)) }
    if let childConditions { query.append(("childConditions", childConditions)) }
    query.append(("fields", listing.selection))
    query.append(("pageSize", String(ConnectWiseFeatures.pageSize)))
    // `pageId=N` acts as `id > N`: the next page is reckoned here, and no foreign link is followed.
    if last > 0 { query.append(("pageId", String(last))) }
    return try await get(
      [Row].self, listing.path, query: query, purpose: purpose, headers: [HTTPHeader("pagination-type", "forward-only")])
  }

  private func count(
    _ path: [String], conditions: String?, purpose: String
  ) async throws(ConnectorError) -> Int {
    let query = conditions.map { [(key: "conditions", value: $0)] } ?? []
    return try await get(ConnectWiseCount.self, path + ["count"], query: query, purpose: purpose).count
  }

  private func statuses() async throws(ConnectorError) -> [Int: ConnectWiseStatus] {
    let rows = try await get(
      [ConnectWiseStatus].self, ["company", "companies", "statuses"],
      query: [("pageSize", String(ConnectWiseFeatures.pageSize))], purpose: "company statuses")
    return Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
  }

  package func read(_ ids: [RecordID], of kind: RecordKind, in scope: ReadScope) async throws(ConnectorError) -> [Record] {
    // An id that is no whole number can belong to nobody here.
    var seen: Set<Int> = []
    let numbers = ids.compactMap { Int($0.rawValue) }.filter { seen.insert($0).inserted }
    guard !numbers.isEmpty else { return [] }
    switch kind {
    case .person:
      let types = try await types()
      let listing = Listing(
        path: ["company", "contacts"], selection: ConnectWiseContact.selection, purpose: "\(numbers.count) single contacts")
      let rows: [ConnectWiseContact] = try await rows(listing, numbers, condition: try companyCondition(scope))
      return rows.map { ConnectWiseMapping.record($0, types: types) }
    case .company:
      let statuses = try await statuses()
      let listing = Listing(
        path: ["company", "companies"], selection: ConnectWiseCompany.selection,
        purpose: "\(numbers.count) single companies")
      let rows: [ConnectWiseCompany] = try await rows(listing, numbers, condition: nil)
      return rows.map { ConnectWiseMapping.record($0, statuses: statuses) }
    }
  }

  private func rows<Row: Decodable>(
    _ listing: Listing, _ ids: [Int], condition: String?
  ) async throws(ConnectorError) -> [Row] {
    var found: [Row] = []
    // Host, code base, selection and what is encoded around the list take the rest of the address.
    let longest = ConnectWiseFeatures.longestAddress - host.description.utf8.count - listing.selection.utf8.count - 300
    for chunk in ConnectWiseCondition.chunks(ids, longest: max(longest, 100)) {
      let list = "id in (\(chunk.map(String.init).joined(separator: ",")))"
      found += try await page(
        listing, conditions: condition.map { "\($0) and \(list)" } ?? list, after: 0, purpose: listing.purpose) as [Row]
    }
    return found
  }

  package func find(
    _ kind: RecordKind, in scope: ReadScope, where field: FieldName, is value: String
  ) async throws(ConnectorError) -> [Record] {
    guard kind == .person else {
      throw ConnectorError(.rejected, "ConnectWise companies are not looked up by \(field)", delivery: .notSent)
    }
    let condition = try companyCondition(scope)
    let rule = Self.description.field(field, of: .person)?.rule ?? .exact
    let property = ConnectWiseMapping.scalars.first { $0.field == field }?.property
    let isItem = ["email", "addresses", "phone", "mobile"].contains(field)
    guard property != nil || isItem else {
      throw ConnectorError(
        .rejected, "ConnectWise contacts are not looked up by \(field)",
        hint: "use email, phone, mobile, first-name, last-name or title", delivery: .notSent)
    }
    let records: [Record]
    if let literal = ConnectWiseCondition.literal(value), rule != .phone {
      let types = try await types()
      let listing = Listing(
        path: ["company", "contacts"], selection: ConnectWiseContact.selection, purpose: "contacts by \(field)")
      // Members of a list are reached by child conditions only.
      let own = property.map { "\($0)=\(literal)" }
      let rows: [ConnectWiseContact] = try await page(
        listing, conditions: [condition, own].compactMap { $0 }.joined(separator: " and ").nilIfEmpty,
        childConditions: isItem ? "communicationItems/value=\(literal)" : nil, after: 0, purpose: listing.purpose)
      records = rows.map { ConnectWiseMapping.record($0, types: types) }
    } else {
      // No way to write the value down (or to compare numbers however they are laid out): look through all.
      records = try await everybody(in: scope)
    }
    // An address is found in any place where a contact may hold one.
    let key = rule == .emailSet ? ComparisonRule.email.key(value) : rule.key(value)
    return records.filter { record in
      if field == "email" || field == "addresses" {
        let all = (record.fields.items("addresses") ?? []) + [record.fields.text("email")].compactMap { $0 }
        return all.contains { ComparisonRule.email.key($0) == key }
      }
      return record.fields[field].map { rule.key($0) == key } ?? false
    }
  }

  private func everybody(in scope: ReadScope) async throws(ConnectorError) -> [Record] {
    var records: [Record] = []
    do {
      for try await page in read(.person, in: scope, since: nil) { records += page.records }
    } catch let error as ConnectorError {
      throw error
    } catch {
      throw .cancelled
    }
    if Task.isCancelled { throw .cancelled }
    return records
  }

  private func companyCondition(_ scope: ReadScope) throws(ConnectorError) -> String? {
    guard let partition = scope.partition else { return nil }
    return "company/id=\(try Self.companyID(partition))"
  }

  private static func companyID(_ partition: String?) throws(ConnectorError) -> Int {
    guard let partition, let id = Int(partition) else {
      throw ConnectorError(
        .misconfigured, "\(partition ?? "nothing") is no id of a ConnectWise company", hint: "map the company to its id",
        delivery: .notSent)
    }
    return id
  }

  private static func purpose(_ scope: ReadScope) -> String {
    scope.partition.map { "contacts of company \($0)" } ?? "contacts"
  }

  // MARK: Writing

  /// Sends each write by itself, a few at once; the calls of one write go one after the other. A cancelled caller stops
  /// writes that have not begun; what has begun is seen through.
  package func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    await withTaskGroup(of: (Int, WriteOutcome).self) { group in
      var outcomes = [WriteOutcome](repeating: .notSent(.cancelled), count: batch.count)
      var next = 0
      func startOne() {
        guard next < batch.count else { return }
        let index = next
        next += 1
        group.addTask { [self] in
          (index, await Departure.carryOut { departure in await self.carryOut(batch[index], in: scope, departure) })
        }
      }
      for _ in 0..<ConnectWiseFeatures.description.features.concurrentWrites { startOne() }
      for await (index, outcome) in group {
        outcomes[index] = outcome
        startOne()
      }
      return outcomes
    }
  }

  private func carryOut(_ write: Write, in scope: ReadScope, _ departure: Departure) async -> WriteOutcome {
    guard ConnectWiseFeatures.description.features.can(write.action, write.kind) else {
      return .rejected(
        WriteRejection(reason: .recordForbidden, message: "kith does not \(write.action.rawValue) ConnectWise \(write.kind.plural)"))
    }
    var isPartial = false
    do throws(ConnectorError) {
      if write.action == .create { return try await create(write, in: scope, departure) }
      return try await change(write, in: scope, departure, &isPartial)
    } catch {
      // Whatever was answered without being understood may have been done.
      return error.delivery == .notSent && !isPartial ? .notSent(error) : .unknown(error.message)
    }
  }

  private func create(
    _ write: Write, in scope: ReadScope, _ departure: Departure
  ) async throws(ConnectorError) -> WriteOutcome {
    let company = try Self.companyID(scope.partition)
    let types = try await typesBeforeWriting()
    let body = ConnectWiseMapping.creation(write.values, company: company, types: types)
    let response = try await call(.post, ["company", "contacts"], body: body, purpose: "new contact", departure: departure)
    guard response.isSuccess else {
      return errors.outcome(
        response, purpose: "new contact", action: .create, field: nil, isPartial: false, now: now())
    }
    return .done(try contact(response, types, purpose: "new contact"))
  }

  /// One PATCH for the contact's own fields and state, then a call for each item, then the contact read back if items
  /// were touched.
  private func change(
    _ write: Write, in scope: ReadScope, _ departure: Departure, _ isPartial: inout Bool
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let target = write.target, let id = Int(target.rawValue) else {
      return .rejected(
        WriteRejection(reason: .targetGone, message: "\(write.target?.rawValue ?? "nothing") is no id of a ConnectWise contact"))
    }
    let types = try await typesBeforeWriting()
    let purpose = "contact \(id)"
    let path = ["company", "contacts", String(id)]
    var latest: Record? = write.current
    let operations = ConnectWiseMapping.operations(write.values, action: write.action)
    if !operations.isEmpty {
      let response = try await call(.patch, path, body: .list(operations), purpose: purpose, departure: departure)
      guard response.isSuccess else {
        return errors.outcome(
          response, purpose: purpose, action: write.action, field: nil, isPartial: false, now: now())
      }
      isPartial = true
      latest = try contact(response, types, purpose: purpose)
    }
    let touchesItems = ["email", "phone", "mobile"].contains { write.values[$0] != nil }
    if touchesItems, ConnectWiseMapping.items(of: latest) == nil { latest = try await contact(id, types, departure) }
    let items = ConnectWiseMapping.items(of: latest) ?? []
    let steps = touchesItems ? ConnectWiseMapping.steps(write.values, items: items, types: types) : []
    for step in steps {
      let response = try await call(step, below: path, purpose: "\(step.field) of \(purpose)", departure)
      let isGoneAlready = if case .remove = step { response.status == 404 } else { false }
      guard response.isSuccess || isGoneAlready else {
        return itemOutcome(response, step, purpose: purpose, write.action, isPartial: isPartial)
      }
      isPartial = true
    }
    guard steps.isEmpty, let latest else { return .done(try await contact(id, types, departure)) }
    return .done(latest)
  }

  private func itemOutcome(
    _ response: HTTPResponse, _ step: ConnectWiseMapping.Step, purpose: String, _ action: WriteKind, isPartial: Bool
  ) -> WriteOutcome {
    if response.status == 404, case .change = step {
      return .rejected(
        WriteRejection(
          reason: .versionConflict, field: step.field, message: "the \(step.field) was removed at the same time",
          isPartial: isPartial))
    }
    return errors.outcome(
      response, purpose: "\(step.field) of \(purpose)", action: action, field: step.field, isPartial: isPartial, now: now())
  }

  private func call(
    _ step: ConnectWiseMapping.Step, below path: [String], purpose: String, _ departure: Departure
  ) async throws(ConnectorError) -> HTTPResponse {
    let list = path + ["communications"]
    return switch step {
    case .add(let item, _): try await call(.post, list, body: item, purpose: purpose, departure: departure)
    case .change(let id, let operations, _):
      try await call(.patch, list + [String(id)], body: .list(operations), purpose: purpose, departure: departure)
    case .remove(let id, _): try await call(.delete, list + [String(id)], purpose: purpose, departure: departure)
    }
  }

  private func contact(
    _ id: Int, _ types: ConnectWiseTypes, _ departure: Departure
  ) async throws(ConnectorError) -> Record {
    let purpose = "contact \(id), read back"
    let response = try await call(.get, ["company", "contacts", String(id)], purpose: purpose, departure: departure)
    guard response.isSuccess else { throw errors.error(response, purpose: purpose, now: now()) }
    return try contact(response, types, purpose: purpose)
  }

  private func contact(
    _ response: HTTPResponse, _ types: ConnectWiseTypes, purpose: String
  ) throws(ConnectorError) -> Record {
    let contact = try JSONWire.decode(ConnectWiseContact.self, from: response.body, purpose: "ConnectWise, \(purpose)")
    return ConnectWiseMapping.record(contact, types: types)
  }

  // MARK: Communication types

  private func types() async throws(ConnectorError) -> ConnectWiseTypes {
    if let types = state.withLock({ $0.types }) { return types }
    let types: ConnectWiseTypes
    if let known = knownTypes() {
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
    state.withLock { $0.types = types }
    return types
  }

  /// The same, for a write: nothing of it has been sent yet, whatever goes wrong here.
  private func typesBeforeWriting() async throws(ConnectorError) -> ConnectWiseTypes {
    do throws(ConnectorError) {
      return try await types()
    } catch {
      var unsent = error
      unsent.delivery = .notSent
      throw unsent
    }
  }

  /// The types where all three are named by id, so that nothing has to be asked.
  private func knownTypes() -> ConnectWiseTypes? {
    guard let email = typeSettings["email-type"].flatMap({ Int($0) }),
      let phone = typeSettings["phone-type"].flatMap({ Int($0) }),
      let mobile = typeSettings["mobile-type"].flatMap({ Int($0) })
    else { return nil }
    return ConnectWiseTypes(email: email, phone: phone, mobile: mobile)
  }

  private func communicationTypes() async throws(ConnectorError) -> [ConnectWiseCommunicationType] {
    try await get(
      [ConnectWiseCommunicationType].self, ["company", "communicationTypes"],
      query: [("pageSize", String(ConnectWiseFeatures.pageSize))], purpose: "communication types")
  }

  /// The row for each of the three settings: the one that is named, else the one found by flag and name.
  private static func found(
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

  // MARK: Check

  package func check(partitions: [String]) async throws(ConnectorError) -> CheckReport {
    var results: [CheckResult] = []
    var findings: [String: String] = [:]
    do throws(ConnectorError) {
      let info = try await discover()
      findings["code-base"] = info.codeBase
      findings["version"] = info.version
      let place = info.isCloud ? "cloud" : "self-hosted"
      results.append(
        CheckResult(name: "reachable", outcome: .passed, detail: "\(info.version ?? "version unknown"), \(place), code base \(info.codeBase)"))
    } catch {
      return CheckReport(results: [try Self.failed("reachable", error)], findings: [:])
    }
    results += try await checkRights()
    if !results.contains(where: { $0.name == "credentials" && $0.outcome == .failed }) {
      let types = try await checkTypes()
      results += types.results
      findings.merge(types.findings) { _, new in new }
      results += try await checkCompanies(partitions)
    }
    return CheckReport(results: results, findings: findings)
  }

  private func checkRights() async throws(ConnectorError) -> [CheckResult] {
    var rights: [CheckResult] = []
    var refusals: [ConnectorError] = []
    for (name, path) in [("companies: read", "companies"), ("contacts: read", "contacts")] {
      do throws(ConnectorError) {
        let count = try await count(["company", path], conditions: nil, purpose: "number of \(path)")
        rights.append(CheckResult(name: name, outcome: .passed, detail: "allowed, \(count) \(path)"))
      } catch {
        rights.append(try Self.failed(name, error))
        refusals.append(error)
      }
    }
    // A cloud server answers wrong keys with 404, and the code base was found a moment ago.
    let isRefused = refusals.count == rights.count && refusals.allSatisfy { [.unauthorized, .notFound].contains($0.kind) }
    if isRefused, let refusal = refusals.first {
      return [
        CheckResult(
          name: "credentials", outcome: .failed, detail: refusal.message,
          fix: "check company, public-key, private-key and client-id")
      ]
    }
    rights.append(
      CheckResult(
        name: "contacts: write", outcome: .warned, detail: "not tested: a check writes nothing",
        fix: "the role needs Companies > Contacts: Add and Edit"))
    let isSignedIn = refusals.count < rights.count - 1 || refusals.allSatisfy { $0.kind == .forbidden }
    guard isSignedIn else { return rights }
    return [CheckResult(name: "credentials", outcome: .passed, detail: "accepted")] + rights
  }

  private func checkTypes() async throws(ConnectorError) -> (results: [CheckResult], findings: [String: String]) {
    let rows: [ConnectWiseCommunicationType]
    do throws(ConnectorError) {
      rows = try await communicationTypes()
    } catch {
      return ([try Self.failed("communication types: read", error)], [:])
    }
    var results = [
      CheckResult(name: "communication types: read", outcome: .passed, detail: "allowed, \(rows.count) types")
    ]
    var findings: [String: String] = [:]
    let found = Self.found(in: rows, settings: typeSettings)
    for (key, what) in [("email-type", "e-mails"), ("phone-type", "desk phones"), ("mobile-type", "mobiles")] {
      if let row = found[key] {
        findings[key] = String(row.id)
        results.append(CheckResult(name: key, outcome: .passed, detail: "\(row.description ?? "type") (\(row.id)) is for \(what)"))
      } else {
        let names = rows.compactMap(\.description).joined(separator: ", ")
        let detail = typeSettings[key].map { "there is no communication type \($0)" } ?? "no communication type is clearly the one for \(what)"
        results.append(
          CheckResult(
            name: key, outcome: .failed, detail: "\(detail); there are: \(names)",
            fix: "set \(key) to one of these names for this connection"))
      }
    }
    if let email = found["email-type"], let phone = found["phone-type"], let mobile = found["mobile-type"] {
      let types = ConnectWiseTypes(email: email.id, phone: phone.id, mobile: mobile.id)
      state.withLock { $0.types = types }
    }
    return (results, findings)
  }

  private func checkCompanies(_ partitions: [String]) async throws(ConnectorError) -> [CheckResult] {
    guard !partitions.isEmpty else { return [] }
    do throws(ConnectorError) {
      let found = Set(try await read(partitions.map { RecordID($0) }, of: .company, in: ReadScope()).map(\.id.rawValue))
      return partitions.map { partition in
        let isThere = found.contains(partition)
        return CheckResult(
          name: "company", outcome: isThere ? .passed : .failed, detail: isThere ? "found" : "there is no company \(partition)",
          fix: isThere ? nil : "map the company to its id at ConnectWise", partition: partition)
      }
    } catch {
      return [try Self.failed("company", error)]
    }
  }

  private static func failed(_ name: String, _ error: ConnectorError) throws(ConnectorError) -> CheckResult {
    if error.kind == .cancelled { throw error }
    return CheckResult(name: name, outcome: .failed, detail: error.message, fix: error.hint)
  }

  // MARK: Requests

  private func get<Value: Decodable>(
    _ type: Value.Type, _ path: [String], query: [(key: String, value: String)] = [], purpose: String,
    headers: [HTTPHeader] = []
  ) async throws(ConnectorError) -> Value {
    let response = try await call(.get, path, query: query, purpose: purpose, headers: headers)
    guard response.isSuccess else { throw errors.error(response, purpose: purpose, now: now()) }
    return try JSONWire.decode(type, from: response.body, purpose: "ConnectWise, \(purpose)")
  }

  /// Sends one request below the current code base; an unexpected 404 asks for the code base again, and where it has
  /// changed the request is sent once more: a 404 means that nothing was done.
  private func call(
    _ method: HTTPRequest.Method, _ path: [String], query: [(key: String, value: String)] = [], body: JSONValue? = nil,
    purpose: String, headers: [HTTPHeader] = [], departure: Departure? = nil
  ) async throws(ConnectorError) -> HTTPResponse {
    let codeBase = try await self.codeBase()
    let request = request(method, path, query, body, purpose, headers, departure, codeBase)
    let response = try await line.send(request)
    guard response.status == 404, let newer = await self.codeBase(after: codeBase) else { return response }
    return try await line.send(self.request(method, path, query, body, purpose, headers, departure, newer))
  }

  private func request(
    _ method: HTTPRequest.Method, _ path: [String], _ query: [(key: String, value: String)], _ body: JSONValue?,
    _ purpose: String, _ more: [HTTPHeader], _ departure: Departure?, _ codeBase: String
  ) -> HTTPRequest {
    // `v2025_1/` + `apis/3.0`
    let segments = codeBase.split(separator: "/").map(String.init) + ["apis", "3.0"]
    let content = body == nil ? [] : [HTTPHeader("Content-Type", "application/json")]
    return HTTPRequest(
      method, host.appending(segments + path, query: query), headers: headers + content + more,
      body: body.map(JSONWire.encode), purpose: purpose, departure: departure)
  }

  private func codeBase() async throws(ConnectorError) -> String {
    if let known = state.withLock({ $0.codeBase }) { return known }
    do throws(ConnectorError) {
      return try await discover().codeBase
    } catch {
      // Nothing of the request itself has left.
      var unsent = error
      unsent.delivery = .notSent
      throw unsent
    }
  }

  /// The code base where it is another one now; `nil` where it is not, cannot be had, or was asked for a minute ago.
  private func codeBase(after used: String) async -> String? {
    let time = clock.now()
    let (current, isDue) = state.withLock { state in
      let isDue = state.askedAgainAt.map { time - $0 >= 60 } ?? true
      if isDue { state.askedAgainAt = time }
      return (state.codeBase, isDue)
    }
    if let current, current != used { return current }
    guard isDue, let newer = try? await discover().codeBase, newer != used else { return nil }
    return newer
  }

  /// Asks which code base the login company is on; needs no credential, and counts as part of signing in.
  private func discover() async throws(ConnectorError) -> (codeBase: String, version: String?, isCloud: Bool) {
    let purpose = "login company \(company)"
    let response = try await line.send(
      HTTPRequest(
        .get, host.appending(["login", "companyinfo", company]), headers: [HTTPHeader("Accept", "application/json")],
        purpose: purpose, isSignIn: true))
    guard response.isSuccess || response.status == 404 else { throw errors.error(response, purpose: purpose, now: now()) }
    let info =
      response.status == 404
      ? nil : try JSONWire.decode(ConnectWiseCompanyInfo?.self, from: response.body, purpose: "ConnectWise, \(purpose)")
    guard let info else {
      throw ConnectorError(
        .misconfigured, "\(host.origin) knows no login company \(company)",
        hint: "check company (the one typed at sign-in) and region or url", status: response.status)
    }
    // Self-hosted servers say v4_6_release, and cloud servers take it as well.
    guard let codeBase = Self.checkedCodeBase(info.Codebase ?? "v4_6_release/") else {
      throw ConnectorError(.malformed, "ConnectWise, \(purpose): its code base is no path")
    }
    state.withLock { $0.codeBase = codeBase }
    return (codeBase, info.VersionCode, info.IsCloud?.lowercased() == "true")
  }

  /// A code base stands in an address: letters, digits, and `_ . - /` without climbing.
  private static func checkedCodeBase(_ text: String) -> String? {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "/"):
        true
      default: false
      }
    }
    return isPlain && !text.isEmpty && text.utf8.count <= 100 && !text.contains("..") ? text : nil
  }
}

extension String {
  fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}
