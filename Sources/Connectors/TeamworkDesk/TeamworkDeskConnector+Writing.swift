/// Companies and customers are created and changed; nobody is welcomed by mail, nothing is deleted, and no client is
/// made at Teamwork.com along the way.
import Model

extension TeamworkDeskConnector {
  /// Sends each write by itself, a few at once. A cancelled caller stops writes that have not begun; what has begun is
  /// seen through.
  package func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    await batch.carriedOut(atOnce: TeamworkDeskFeatures.description.features.concurrentWrites) { write, departure in
      await self.carryOut(write, in: scope, departure)
    }
  }

  private func carryOut(_ write: Write, in scope: ReadScope, _ departure: Departure) async -> WriteOutcome {
    guard TeamworkDeskFeatures.description.features.can(write.action, write.kind) else {
      let noun = TeamworkDeskFeatures.description.noun(write.kind)
      return .refused(.recordForbidden, "kith does not \(write.action.rawValue) a \(noun) of Teamwork Desk")
    }
    if let fault = TeamworkDeskMapping.fault(write) { return .rejected(fault) }
    var stage = WriteStage.preparing
    do throws(ConnectorError) {
      switch (write.kind, write.action) {
      case (.company, .create): return try await createCompany(write, departure, &stage)
      case (.company, _): return try await changeCompany(write, departure, &stage)
      case (_, .create): return try await createCustomer(write, in: scope, departure, &stage)
      default: return try await changeCustomer(write, departure, &stage)
      }
    } catch {
      return stage.outcome(of: error)
    }
  }

  // MARK: Companies

  private func createCompany(
    _ write: Write, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    var body = TeamworkDeskMapping.company(write.values, isNew: true)
    guard body["name"] != nil else {
      return .refused(.valueRefused, "a company needs a name", field: "name")
    }
    body["kind"] = "company"
    stage = .sending
    let response = try await calls.call(
      .post, ["companies.json"], body: ["company": .object(body)], purpose: "new company", departure: departure)
    return try await companyReadBack(response, write, purpose: "new company", departure, &stage)
  }

  private func changeCompany(
    _ write: Write, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let id = write.target?.number else { return Self.noID(write) }
    let body = TeamworkDeskMapping.company(write.values, isNew: false)
    if body.isEmpty, let current = write.current { return .done(current) }
    stage = .sending
    let purpose = "company \(id)"
    let response = try await calls.call(
      .patch, ["companies", "\(id).json"], body: ["company": .object(body)], purpose: purpose, departure: departure)
    return try await companyReadBack(response, write, purpose: purpose, departure, &stage)
  }

  private func companyReadBack(
    _ response: HTTPResponse, _ write: Write, purpose: String, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard response.isSuccess else {
      return calls.errors.outcome(response, purpose: purpose, write: write, now: calls.now())
    }
    stage = .carriedOut
    let id = try writtenID(response, write, TeamworkDeskCompany.self, purpose: purpose)
    let answer: TeamworkDeskAnswer<TeamworkDeskCompany>? = try await single(id, departure: departure)
    guard let answer else { return .unknown("Teamwork Desk, \(purpose): not there when it was read back") }
    return .done(TeamworkDeskMapping.record(answer.row, answer.included))
  }

  // MARK: Customers

  private func createCustomer(
    _ write: Write, in scope: ReadScope, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    var company: Int?
    if let place = write.parent?.rawValue ?? scope.partition { company = try Self.companyID(place) }
    let body = TeamworkDeskMapping.newCustomer(write.values, company: company)
    stage = .sending
    let response = try await calls.call(
      .post, ["customers.json"], body: body, purpose: "new customer", departure: departure)
    guard response.isSuccess else {
      return calls.errors.outcome(response, purpose: "new customer", write: write, now: calls.now())
    }
    stage = .carriedOut
    let id = try writtenID(response, write, TeamworkDeskCustomer.self, purpose: "new customer")
    return try await customer(id, departure).map { .done($0) }
      ?? .unknown("Teamwork Desk, new customer \(id): not there when it was read back")
  }

  private func changeCustomer(
    _ write: Write, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let id = write.target?.number else { return Self.noID(write) }
    let parent: Int? = if let parent = write.parent { try Self.companyID(parent.rawValue) } else { nil }
    var current = write.current
    let needsPoints = TeamworkDeskMapping.touchesPoints(write.values)
    if current == nil || (needsPoints && TeamworkDeskMapping.points(of: current) == nil) {
      current = try await customer(id, nil)
      guard let current, current.state != .gone else {
        return .refused(.targetGone, "there is no customer \(id)")
      }
      // Without the ids of its contact points a customer would be given each of them a second time.
      guard !needsPoints || TeamworkDeskMapping.points(of: current) != nil else {
        throw ConnectorError(.malformed, "Teamwork Desk, customer \(id): its contact points were not sent along")
      }
    }
    let body = TeamworkDeskMapping.change(
      write.values, points: TeamworkDeskMapping.points(of: current) ?? [], from: current?.parent,
      to: parent.map(TeamworkDeskMapping.id))
    guard let body else {
      return current.map { .done($0) } ?? Self.noID(write)
    }
    let purpose = "customer \(id)"
    stage = .sending
    let response = try await calls.call(
      .patch, ["customers", "\(id).json"], body: body, purpose: purpose, departure: departure)
    guard response.isSuccess else {
      return calls.errors.outcome(response, purpose: purpose, write: write, now: calls.now())
    }
    stage = .carriedOut
    guard let record = try await customer(id, departure) else {
      return .unknown("Teamwork Desk, \(purpose): not there when it was read back")
    }
    if let parent, record.parent != TeamworkDeskMapping.id(parent) { return Self.notMoved(record, write) }
    return .done(record)
  }

  /// Desk may keep a customer where an e-mail domain put it.
  private static func notMoved(_ record: Record, _ write: Write) -> WriteOutcome {
    let place = record.parent.map { "in company \($0)" } ?? "without a company"
    let why = record.fields.text("add-method")?.lowercased() == "auto" ? ", where its e-mail domain puts it" : ""
    return .refused(
      .recordForbidden, "Desk kept the customer \(place)\(why)", field: "company-id", isPartial: !write.values.isEmpty)
  }

  private func customer(_ id: Int, _ departure: Departure?) async throws(ConnectorError) -> Record? {
    let answer: TeamworkDeskAnswer<TeamworkDeskCustomer>? = try await single(id, departure: departure)
    return answer.map { TeamworkDeskMapping.record($0.row, $0.included) }
  }

  // MARK: Answers

  /// The record that was written: the one that was to be changed, or the one whose id the answer gives.
  private func writtenID<Row: TeamworkDeskRow>(
    _ response: HTTPResponse, _ write: Write, _ type: Row.Type, purpose: String
  ) throws(ConnectorError) -> Int {
    if let id = write.target?.number { return id }
    return try calls.errors.decode(TeamworkDeskAnswer<Row>.self, response, purpose: purpose).row.id
  }

  private static func noID(_ write: Write) -> WriteOutcome { .noID(write, of: "a Teamwork Desk \(write.kind)") }
}
