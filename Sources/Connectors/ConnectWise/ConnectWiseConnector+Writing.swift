/// Contacts, companies and configurations are created and changed: one request where one will do, and every answer
/// told for what it is.
import Model

extension ConnectWiseConnector {
  /// Sends each write by itself, a few at once; the calls of one write go one after the other. A cancelled caller stops
  /// writes that have not begun; what has begun is seen through.
  package func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    await batch.carriedOut(atOnce: ConnectWiseFeatures.description.features.concurrentWrites) { write, departure in
      await self.carryOut(write, in: scope, departure)
    }
  }

  private func carryOut(_ write: Write, in scope: ReadScope, _ departure: Departure) async -> WriteOutcome {
    guard ConnectWiseFeatures.description.features.can(write.action, write.kind) else {
      return .refused(.recordForbidden, "kith does not \(write.action.rawValue) ConnectWise \(write.kind.plural)")
    }
    var stage = WriteStage.preparing
    do throws(ConnectorError) {
      switch write.kind {
      case .person where write.action == .create: return try await create(write, in: scope, departure, &stage)
      case .person: return try await change(write, departure, &stage)
      case .company where write.action == .create: return try await createCompany(write, departure, &stage)
      case .company: return try await changeCompany(write, departure, &stage)
      case .configuration where write.action == .create:
        return try await createConfiguration(write, in: scope, departure, &stage)
      case .configuration: return try await changeConfiguration(write, departure, &stage)
      case .member: throw .without(.member, ConnectWiseFeatures.description)
      }
    } catch {
      return stage.outcome(of: error)
    }
  }

  private func create(
    _ write: Write, in scope: ReadScope, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    let company = try Self.companyID(write.parent?.rawValue ?? scope.partition)
    let types = try await types()
    let body = ConnectWiseMapping.creation(write.values, company: company, types: types)
    stage = .sending
    let response = try await calls.call(
      .post, ["company", "contacts"], body: body, purpose: "new contact", departure: departure)
    guard response.isSuccess else {
      return calls.errors.outcome(
        response, purpose: "new contact", kind: .person, action: .create, field: nil, isPartial: false, now: calls.now()
      )
    }
    return .done(try contact(response, types, purpose: "new contact"))
  }

  /// One PATCH for the contact's own fields and state, then a call for each item, then the contact read back if items
  /// were touched.
  private func change(
    _ write: Write, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let id = write.target?.number else { return .noID(write, of: "a ConnectWise contact") }
    let types = try await types()
    stage = .sending
    let purpose = "contact \(id)"
    let path = ["company", "contacts", String(id)]
    var latest: Record? = write.current
    let destination = ConnectWiseMapping.destination(write)
    let operations = ConnectWiseMapping.operations(write.values, action: write.action, company: destination)
    if !operations.isEmpty {
      let response = try await calls.call(.patch, path, body: .list(operations), purpose: purpose, departure: departure)
      guard response.isSuccess else {
        return calls.errors.outcome(
          response, purpose: purpose, kind: .person, action: write.action, field: nil, isPartial: false,
          now: calls.now())
      }
      stage = .carriedOut
      latest = try contact(response, types, purpose: purpose)
      // A PATCH may be answered with 200 and leave a reference as it was.
      if let destination, latest?.parent != RecordID(String(destination)) {
        return .refused(
          .valueRefused, "ConnectWise left the \(purpose) at its company", isPartial: operations.count > 1)
      }
    }
    let touchesItems = ["email", "phone", "mobile"].contains { write.values[$0] != nil }
    if touchesItems, ConnectWiseMapping.items(of: latest) == nil { latest = try await contact(id, types, departure) }
    let items = ConnectWiseMapping.items(of: latest) ?? []
    let steps = touchesItems ? ConnectWiseMapping.steps(write.values, items: items, types: types) : []
    for step in steps {
      let response = try await call(step, below: path, purpose: "\(step.field) of \(purpose)", departure)
      let isGoneAlready = if case .remove = step { response.status == 404 } else { false }
      guard response.isSuccess || isGoneAlready else {
        return itemOutcome(response, step, purpose: purpose, write.action, isPartial: stage == .carriedOut)
      }
      stage = .carriedOut
    }
    guard steps.isEmpty, let latest else { return .done(try await contact(id, types, departure)) }
    return .done(latest)
  }

  private func itemOutcome(
    _ response: HTTPResponse, _ step: ConnectWiseMapping.Step, purpose: String, _ action: WriteKind, isPartial: Bool
  ) -> WriteOutcome {
    if response.status == 404, case .change = step {
      return .refused(
        .versionConflict, "the \(step.field) was removed at the same time", field: step.field, isPartial: isPartial)
    }
    return calls.errors.outcome(
      response, purpose: "\(step.field) of \(purpose)", kind: .person, action: action, field: step.field,
      isPartial: isPartial, now: calls.now())
  }

  private func call(
    _ step: ConnectWiseMapping.Step, below path: [String], purpose: String, _ departure: Departure
  ) async throws(ConnectorError) -> HTTPResponse {
    let list = path + ["communications"]
    return switch step {
    case .add(let item, _): try await calls.call(.post, list, body: item, purpose: purpose, departure: departure)
    case .change(let id, let operations, _):
      try await calls.call(.patch, list + [String(id)], body: .list(operations), purpose: purpose, departure: departure)
    case .remove(let id, _): try await calls.call(.delete, list + [String(id)], purpose: purpose, departure: departure)
    }
  }

  private func contact(
    _ id: Int, _ types: ConnectWiseTypes, _ departure: Departure
  ) async throws(ConnectorError) -> Record {
    let purpose = "contact \(id), read back"
    let response = try await calls.call(
      .get, ["company", "contacts", String(id)], purpose: purpose, departure: departure)
    guard response.isSuccess else { throw calls.errors.error(response, purpose: purpose, now: calls.now()) }
    return try contact(response, types, purpose: purpose)
  }

  private func contact(
    _ response: HTTPResponse, _ types: ConnectWiseTypes, purpose: String
  ) throws(ConnectorError) -> Record {
    let contact = try calls.errors.decode(ConnectWiseContact.self, response, purpose: purpose)
    return ConnectWiseMapping.record(contact, types: types)
  }
}
