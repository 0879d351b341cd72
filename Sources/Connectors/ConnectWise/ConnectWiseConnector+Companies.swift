/// Companies are created and changed, and never deleted.
import Model
import Synchronization

extension ConnectWiseConnector {
  /// An identifier that is made from the name is looked up before; types are exchanged by calls of their own.
  static func companyRequestCount(_ write: Write) -> Int {
    if write.action == .create { return ConnectWiseMapping.filled(write.values["identifier"]) == nil ? 2 : 1 }
    let isPatched = ["name", "website", "phone", "status"].contains { write.values[$0] != nil }
    var calls = isPatched ? 1 : 0
    if let type = write.values["type"], type.displayed != write.current?.fields["type"]?.displayed ?? "" {
      // Any number stands for the wanted type: that it is not there yet is all that counts.
      let wanted = type.isBlank ? nil : Int.max
      let change = ConnectWiseMapping.typeChange(to: wanted, from: ConnectWiseMapping.types(of: write.current))
      let more = (change.add == nil ? 0 : 1) + (change.remove == nil ? 0 : 2)
      calls += more == 0 ? 0 : more + 1
    }
    return calls
  }

  func createCompany(
    _ write: Write, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let name = ConnectWiseMapping.filled(write.values["name"]) else {
      return Self.refused("name", "ConnectWise takes no company without a name")
    }
    let named: Named
    switch try await ids(write.values, of: [("type", .companyTypes), ("status", .companyStatuses)]) {
    case .refused(let outcome): return outcome
    case .found(let ids): named = ids
    }
    let statuses = try await knownStatuses()
    let identifier: String
    if let given = ConnectWiseMapping.filled(write.values["identifier"]) {
      identifier = given.trimmedNFC
    } else {
      identifier = try await freeIdentifier(for: name)
    }
    let body = ConnectWiseMapping.companyCreation(
      write.values, identifier: identifier, type: named["type"], status: named["status"])
    stage = .sending
    let response = try await calls.call(
      .post, ["company", "companies"], body: body, purpose: "new company", departure: departure)
    guard response.isSuccess else {
      return calls.errors.outcome(
        response, purpose: "new company", kind: .company, action: .create, field: nil, isPartial: false,
        now: calls.now())
    }
    return .done(try company(response, statuses, purpose: "new company"))
  }

  func changeCompany(
    _ write: Write, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let target = write.target, let id = target.number else { return .noID(write, of: "a ConnectWise company") }
    if let refusal = Self.refusal(write) { return refusal }
    let named: Named
    switch try await ids(write.values, of: [("type", .companyTypes), ("status", .companyStatuses)]) {
    case .refused(let outcome): return outcome
    case .found(let ids): named = ids
    }
    let statuses = try await knownStatuses()
    var latest = write.current
    // Which types there are decides what is sent.
    if write.values["type"] != nil, latest == nil {
      latest = try await read([target], of: .company, in: ReadScope()).first
    }
    let now = ConnectWiseMapping.types(of: latest)
    if let type = write.values["type"], type.isBlank, now.count > 1 {
      return Self.refused("type", "the company has \(now.count) types at ConnectWise; take them away there")
    }
    let purpose = "company \(id)"
    let path = ["company", "companies", String(id)]
    let operations = ConnectWiseMapping.companyOperations(write.values, status: named["status"])
    stage = .sending
    if !operations.isEmpty {
      let response = try await calls.call(.patch, path, body: .list(operations), purpose: purpose, departure: departure)
      guard response.isSuccess else {
        return calls.errors.outcome(
          response, purpose: purpose, kind: .company, action: write.action, field: nil, isPartial: false,
          now: calls.now())
      }
      stage = .carriedOut
      latest = try company(response, statuses, purpose: purpose)
    }
    let change =
      write.values["type"] == nil ? (nil, nil) : ConnectWiseMapping.typeChange(to: named["type"], from: now)
    if let refusal = try await exchangeTypes(change, of: id, write.action, departure, &stage) { return refusal }
    guard change == (nil, nil), let latest else {
      let response = try await calls.call(.get, path, purpose: "\(purpose), read back", departure: departure)
      guard response.isSuccess else {
        throw calls.errors.error(response, purpose: "\(purpose), read back", now: calls.now())
      }
      return .done(try company(response, statuses, purpose: "\(purpose), read back"))
    }
    return .done(latest)
  }

  /// What can be told without asking: an identifier is given once, and a company has a name and a status.
  private static func refusal(_ write: Write) -> WriteOutcome? {
    for field in ["name", "status"] as [FieldName] where write.values[field]?.isBlank == true {
      return refused(field, "ConnectWise takes no company without a \(field)")
    }
    if let identifier = write.values["identifier"],
      ComparisonRule.exact.key(identifier) != ComparisonRule.exact.key(write.current?.fields["identifier"] ?? .null)
    {
      return refused("identifier", "the identifier of a ConnectWise company is given when it is made, and stays")
    }
    return nil
  }

  /// Adds before it removes, so that a company is never without a type on the way.
  private func exchangeTypes(
    _ change: (add: Int?, remove: Int?), of company: Int, _ action: WriteKind, _ departure: Departure,
    _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome? {
    let purpose = "type of company \(company)"
    let path = ["company", "companies", String(company), "typeAssociations"]
    if let type = change.add {
      let response = try await calls.call(
        .post, path, body: ["type": ["id": .number(type)], "company": ["id": .number(company)]], purpose: purpose,
        departure: departure)
      guard response.isSuccess else {
        return calls.errors.outcome(
          response, purpose: purpose, kind: .company, action: action, field: "type", isPartial: stage == .carriedOut,
          now: calls.now())
      }
      stage = .carriedOut
    }
    guard let type = change.remove else { return nil }
    let list = try await calls.call(.get, path, purpose: purpose, departure: departure)
    let rows = try calls.errors.value([ConnectWiseTypeAssociation].self, of: list, purpose: purpose, now: calls.now())
    guard let row = rows.first(where: { $0.type?.id == type }) else { return nil }
    let response = try await calls.call(.delete, path + [String(row.id)], purpose: purpose, departure: departure)
    guard response.isSuccess || response.status == 404 else {
      return calls.errors.outcome(
        response, purpose: purpose, kind: .company, action: action, field: "type", isPartial: stage == .carriedOut,
        now: calls.now())
    }
    stage = .carriedOut
    return nil
  }

  /// An identifier that no company has, deleted ones among them, nor one that is being made just now.
  private func freeIdentifier(for name: String) async throws(ConnectorError) -> String {
    let base = ConnectWiseIdentifier.base(name)
    let rows = try await calls.get(
      [ConnectWiseCompanyIdentifier].self, ["company", "companies"],
      query: [
        ("conditions", "identifier like \"\(base.prefix(ConnectWiseIdentifier.stem))%\""),
        ("fields", "id,identifier"), ("pageSize", String(ConnectWiseFeatures.pageSize)),
      ], purpose: "identifiers like \(base)")
    let taken = Set(rows.compactMap { $0.identifier?.lowercased() })
    return reservedIdentifiers.withLock { reserved in
      let free = ConnectWiseIdentifier.free(base, taken: taken.union(reserved))
      reserved.insert(free.lowercased())
      return free
    }
  }

  private func company(
    _ response: HTTPResponse, _ statuses: [Int: ConnectWiseStatus], purpose: String
  ) throws(ConnectorError) -> Record {
    let company = try calls.errors.decode(ConnectWiseCompany.self, response, purpose: purpose)
    return ConnectWiseMapping.record(company, statuses: statuses)
  }

  /// Whether statuses count as active; read once, for the answers of writes.
  private func knownStatuses() async throws(ConnectorError) -> [Int: ConnectWiseStatus] {
    let rows = try await catalogue.rows(of: .companyStatuses)
    return Dictionary(
      rows.map { ($0.id, ConnectWiseStatus(id: $0.id, name: $0.label, inactiveFlag: $0.isInactive)) }
    ) { first, _ in first }
  }

  // MARK: Names

  /// Ids by the fields that named them.
  typealias Named = [FieldName: Int]

  enum NamedOrRefused: Sendable {
    case found(Named)
    case refused(WriteOutcome)
  }

  /// The ids of the rows that fields name; blank ones have none.
  func ids(
    _ values: FieldValues, of fields: [(field: FieldName, table: ConnectWiseTable)]
  ) async throws(ConnectorError) -> NamedOrRefused {
    var named: Named = [:]
    for (field, table) in fields {
      guard let name = ConnectWiseMapping.filled(values[field]) else { continue }
      switch try await catalogue.lookUp(name, in: table) {
      case .found(let row): named[field] = row.id
      case .missing(let sentence): return .refused(Self.refused(field, sentence))
      }
    }
    return .found(named)
  }

  static func refused(_ field: FieldName, _ message: String) -> WriteOutcome {
    .refused(.valueRefused, message, field: field)
  }
}
