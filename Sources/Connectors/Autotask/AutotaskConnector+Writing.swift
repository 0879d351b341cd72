/// Records are created and changed: PATCH and never PUT, contacts below their real company, and every answer told for
/// what it is.
import Model
import Synchronization

extension AutotaskConnector {
  /// Sends each write by itself, a few at once; the calls of one write go one after the other. A cancelled caller stops
  /// writes that have not begun; what has begun is seen through.
  package func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    await batch.carriedOut(atOnce: AutotaskFeatures.threads) { write, departure in
      await self.carryOut(write, in: scope, departure)
    }
  }

  /// One request that changes a record, ready to be sent.
  struct Change: Sendable {
    var method: HTTPRequest.Method
    var path: [String]
    var body: [String: JSONValue]
    /// The properties of the body under our names.
    var sent: [String: FieldName] = [:]
    /// Something was made for it already, such as a product.
    var isPartial = false
  }

  /// What preparing a write came to.
  enum Preparation: Sendable {
    case ready(Change)
    case refused(WriteOutcome)
  }

  private func carryOut(_ write: Write, in scope: ReadScope, _ departure: Departure) async -> WriteOutcome {
    guard AutotaskFeatures.description.features.can(write.action, write.kind) else {
      return AutotaskRefusal(
        nil, "kith does not \(write.action.rawValue) Autotask's \(write.kind.plural)", isForbidden: true
      )
      .outcome()
    }
    if let missing = AutotaskMapping.missing(write) ?? AutotaskMapping.cleared(write) { return missing.outcome() }
    if let moved = Self.move(write) { return moved.outcome() }
    if write.action != .create, Self.id(write) == nil {
      return .noID(write, of: "an Autotask \(AutotaskMapping.noun(write.kind))")
    }
    let preparation: Preparation
    do throws(ConnectorError) {
      preparation = try await prepare(write, in: scope, departure)
    } catch {
      return WriteStage.preparing.outcome(of: error)
    }
    switch preparation {
    case .refused(let outcome): return outcome
    case .ready(let change): return await send(change, write, departure)
    }
  }

  private static func id(_ write: Write) -> Int? {
    write.target?.number.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// The vendor offers no move: a record that is told to be elsewhere would silently stay.
  private static func move(_ write: Write) -> AutotaskRefusal? {
    guard write.action != .create, let wanted = write.parent, let current = write.current?.parent, wanted != current
    else { return nil }
    return AutotaskRefusal(
      nil, "Autotask cannot move a \(AutotaskMapping.noun(write.kind)) from company \(current) to company \(wanted)",
      isForbidden: true)
  }

  // MARK: Preparing

  private func prepare(
    _ write: Write, in scope: ReadScope, _ departure: Departure
  ) async throws(ConnectorError) -> Preparation {
    switch write.kind {
    case .person: try await prepareContact(write, in: scope)
    case .company: try await prepareCompany(write)
    case .configuration: try await prepareConfiguration(write, in: scope, departure)
    case .member: throw .without(.member, AutotaskFeatures.description)
    }
  }

  private func prepareContact(_ write: Write, in scope: ReadScope) async throws(ConnectorError) -> Preparation {
    let isNew = write.action == .create
    var current = write.current
    let touchesAddresses = write.values["email"] != nil || write.values["other-emails"] != nil
    let isCompanyKnown = current?.parent != nil || scope.partition != nil
    if !isNew, !isCompanyKnown || (touchesAddresses && AutotaskMapping.slots(of: current) == nil) {
      guard let id = Self.id(write), let found = try await record(.person, id) else {
        return .refused(Self.gone(write))
      }
      current = found
    }
    let company = try Self.companyID((isNew ? write.parent : current?.parent)?.rawValue ?? scope.partition)
    let metadata = try await lengths(.contacts, of: write)
    var body: [String: JSONValue]
    do throws(AutotaskRefusal) {
      body = try AutotaskMapping.body(
        write.values, kind: .person, isNew: isNew, elsewhere: ["email", "other-emails"], metadata: metadata)
      let slots = AutotaskMapping.slots(of: current) ?? ["", "", ""]
      body.merge(try AutotaskMapping.addresses(write.values, slots: slots, metadata: metadata)) { _, new in new }
    } catch {
      return .refused(error.outcome())
    }
    if isNew { body["companyID"] = .number(company) }
    return ready(
      write, [AutotaskEntity.companies.rawValue, String(company), AutotaskEntity.contacts.rawValue], body)
  }

  private func prepareCompany(_ write: Write) async throws(ConnectorError) -> Preparation {
    let isNew = write.action == .create
    var body: [String: JSONValue]
    switch try await columns(of: write, .companies) {
    case .success(let found): body = found
    case .failure(let refusal): return .refused(refusal.outcome())
    }
    if isNew {
      guard let owner = try await owner() else {
        return .refused(
          AutotaskRefusal(
            nil,
            "Autotask demands an account manager of a new company, and the own company has none to take over: set "
              + "account-manager of the connection"
          ).outcome())
      }
      body["ownerResourceID"] = .number(owner)
    }
    return ready(write, [AutotaskEntity.companies.rawValue], body)
  }

  private func prepareConfiguration(
    _ write: Write, in scope: ReadScope, _ departure: Departure
  ) async throws(ConnectorError) -> Preparation {
    let isNew = write.action == .create
    var body: [String: JSONValue]
    switch try await columns(of: write, .configurationItems) {
    case .success(let found): body = found
    case .failure(let refusal): return .refused(refusal.outcome())
    }
    if isNew {
      body["companyID"] = .number(try Self.companyID(write.parent?.rawValue ?? scope.partition))
    }
    var hasMade = false
    if write.values["manufacturer"] != nil || write.values["model"] != nil {
      switch try await productID(write, departure, &hasMade) {
      case .found(let product): body["productID"] = .number(product.id)
      case .refused(let refusal): return .refused(refusal.outcome())
      }
    }
    return ready(write, [AutotaskEntity.configurationItems.rawValue], body, isPartial: hasMade)
  }

  /// The product of what the write names, and for the other half of what the item has.
  private func productID(
    _ write: Write, _ departure: Departure, _ hasMade: inout Bool
  ) async throws(ConnectorError) -> AutotaskProductSearch {
    let fields: [FieldName] = ["manufacturer", "model"]
    var held: FieldValues = [:]
    if fields.contains(where: { write.values[$0] == nil && write.current?.fields[$0] == nil }), let id = Self.id(write)
    {
      held = try await record(.configuration, id)?.fields ?? [:]
    }
    var halves: [String] = []
    for field in fields {
      let value = write.values[field] ?? write.current?.fields[field] ?? held[field]
      do throws(AutotaskRefusal) {
        guard let text = try AutotaskMapping.single(value ?? .null, field) else {
          return .refused(AutotaskRefusal(field, "an Autotask configuration item always has a \(field)"))
        }
        halves.append(text.trimmedNFC)
      } catch {
        return .refused(error)
      }
    }
    return try await product(
      manufacturer: halves[0], model: halves[1], departure, &hasMade)
  }

  /// The body of the columns; where a name is not among the values of a picklist, the fields are asked for again once.
  private func columns(
    of write: Write, _ entity: AutotaskEntity
  ) async throws(ConnectorError) -> Result<[String: JSONValue], AutotaskRefusal> {
    func body(_ metadata: AutotaskMetadata?) -> Result<[String: JSONValue], AutotaskRefusal> {
      do throws(AutotaskRefusal) {
        return .success(
          try AutotaskMapping.body(
            write.values, kind: write.kind, isNew: write.action == .create, elsewhere: ["manufacturer", "model"],
            metadata: metadata))
      } catch {
        return .failure(error)
      }
    }
    let wasKnown = calls.knows(entity)
    let result = body(try await lengths(entity, of: write))
    guard case .failure(let refusal) = result, refusal.field == "type", wasKnown else { return result }
    return body(try await calls.metadata(of: entity, isRenewed: true))
  }

  /// What is known of the fields, where the write has any; a type needs it, and lengths are left to the server without.
  private func lengths(_ entity: AutotaskEntity, of write: Write) async throws(ConnectorError) -> AutotaskMetadata? {
    guard !write.values.isEmpty else { return nil }
    do throws(ConnectorError) {
      return try await calls.metadata(of: entity)
    } catch {
      let isTolerable = [.forbidden, .notFound, .malformed, .rejected].contains(error.kind)
      guard isTolerable, write.values["type"] == nil || write.kind == .person else { throw error }
      return nil
    }
  }

  /// Who looks after a new company: whom a person named, else who looks after the provider's own.
  private func owner() async throws(ConnectorError) -> Int? {
    if let known = knownOwner.withLock({ $0 }) { return known }
    let owner: Int?
    if let named = accountManager {
      owner = try await resource(named)
    } else {
      let query = AutotaskQuery([AutotaskQuery.compare("eq", "id", 0)], fields: ["id", "ownerResourceID"])
      owner = try await calls.rows(AutotaskOwner.self, query, of: .companies, purpose: "the own company")
        .first?.ownerResourceID
    }
    knownOwner.withLock { $0 = owner }
    return owner
  }

  func resource(_ named: String) async throws(ConnectorError) -> Int? {
    if let id = Int(named) { return id }
    let query = AutotaskQuery(
      [
        AutotaskQuery.any([
          AutotaskQuery.compare("eq", "userName", .text(named)), AutotaskQuery.compare("eq", "email", .text(named)),
        ])
      ], fields: ["id", "isActive"])
    let found = try await calls.rows(AutotaskResource.self, query, of: .resources, purpose: "the resource \(named)")
      .filter { $0.isActive?.isSet != false }
    guard found.count == 1, let resource = found.first else {
      throw ConnectorError(
        .misconfigured, "\(found.count) active resources at Autotask go by \(named)",
        hint: "set account-manager to the id of a resource", delivery: .notSent)
    }
    return resource.id
  }

  private func ready(
    _ write: Write, _ path: [String], _ values: [String: JSONValue], isPartial: Bool = false
  ) -> Preparation {
    var body = values
    if let state = AutotaskMapping.state(write.action, kind: write.kind) { body["isActive"] = state }
    let sent = body.keys.compactMap { key in
      let own = AutotaskMapping.columns(of: write.kind).first { $0.property == key }?.field
      return (own ?? AutotaskMapping.properties[key]).map { (key, $0) }
    }
    // PATCH takes the id in the body, and touches the keys that are there and no others.
    if write.action != .create, let id = Self.id(write) { body["id"] = .number(id) }
    return .ready(
      Change(
        method: write.action == .create ? .post : .patch, path: path, body: body,
        sent: Dictionary(sent) { first, _ in first }, isPartial: isPartial))
  }

  // MARK: Sending

  private func send(_ change: Change, _ write: Write, _ departure: Departure) async -> WriteOutcome {
    let purpose =
      write.action == .create
      ? "new \(AutotaskMapping.noun(write.kind))"
      : "\(AutotaskMapping.noun(write.kind)) \(write.target?.rawValue ?? "")"
    var stage = WriteStage.sending
    do throws(ConnectorError) {
      var id = Self.id(write)
      if change.method == .post || change.body.count > 1 {
        let response = try await calls.call(
          change.method, Self.entity(write.kind), change.path, body: .object(change.body), purpose: purpose,
          departure: departure, isFollowUp: change.isPartial)
        guard AutotaskErrors.meaning(response) == .done else {
          return try await refused(response, change, write, purpose: purpose)
        }
        stage = .carriedOut
        let written = try calls.decode(AutotaskWritten.self, response, purpose: purpose)
        id = id ?? written.itemId
      }
      guard let id else { return .unknown("Autotask answered \(purpose) without the id of what it made") }
      guard let record = try await record(write.kind, id, departure) else {
        return stage == .carriedOut
          ? .unknown("Autotask took \(purpose), and does not have it when it is read back") : Self.gone(write)
      }
      return .done(record)
    } catch {
      return stage.outcome(of: error)
    }
  }

  private func refused(
    _ response: HTTPResponse, _ change: Change, _ write: Write, purpose: String
  ) async throws(ConnectorError) -> WriteOutcome {
    if response.isSuccess, (try? JSONWire.decode(AutotaskWritten.self, from: response.body, purpose: ""))?.itemId != nil
    {
      return .unknown("Autotask answered \(purpose) with an id and an error: \(calls.errors.words(response))")
    }
    let outcome = calls.errors.outcome(
      response, purpose: purpose, action: write.action, sent: change.sent, isPartial: change.isPartial,
      now: calls.now())
    // What is missing may be the record, or something that a value of it points to.
    if write.action != .create, AutotaskErrors.mayMeanGone(response, sent: change.sent), let id = Self.id(write),
      case .some(.none) = try? await record(write.kind, id)
    {
      return .refused(.targetGone, calls.errors.words(response), isPartial: change.isPartial)
    }
    return outcome
  }

  private static func gone(_ write: Write) -> WriteOutcome {
    .refused(.targetGone, "Autotask has no \(AutotaskMapping.noun(write.kind)) \(write.target?.rawValue ?? "")")
  }

  /// The record as Autotask holds it now; `nil` where there is none.
  private func record(
    _ kind: RecordKind, _ id: Int, _ departure: Departure? = nil
  ) async throws(ConnectorError) -> Record? {
    switch kind {
    case .person:
      return try await row(AutotaskContact.self, .contacts, id, departure).map(AutotaskMapping.record)
    case .company:
      guard let row = try await row(AutotaskCompany.self, .companies, id, departure) else { return nil }
      return AutotaskMapping.record(row, metadata: try await calls.metadata(of: .companies))
    case .configuration:
      guard let row = try await row(AutotaskConfigurationItem.self, .configurationItems, id, departure) else {
        return nil
      }
      var products: [Int: AutotaskProduct] = [:]
      for product in knownProducts.withLock({ Array($0.values) }) { products[product.id] = product }
      if let product = row.productID { try await add(to: &products, [product]) }
      return AutotaskMapping.record(
        row, product: row.productID.flatMap { products[$0] },
        metadata: try await calls.metadata(of: .configurationItems))
    case .member: throw .without(.member, AutotaskFeatures.description)
    }
  }

  private func row<Row: Decodable & Sendable>(
    _ type: Row.Type, _ entity: AutotaskEntity, _ id: Int, _ departure: Departure?
  ) async throws(ConnectorError) -> Row? {
    let purpose = "\(entity.words) \(id), read back"
    let response = try await calls.call(
      .get, entity, [entity.rawValue, String(id)], purpose: purpose, departure: departure, isFollowUp: true)
    if AutotaskErrors.meaning(response) == .missing { return nil }
    return try calls.decode(AutotaskItem<Row>.self, response, purpose: purpose).item
  }
}
