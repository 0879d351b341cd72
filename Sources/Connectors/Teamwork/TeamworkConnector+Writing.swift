/// Clients and their contacts are created and changed; nobody is invited, no login is touched, nothing is deleted.
import Model

extension TeamworkConnector {
  /// Sends each write by itself, a few at once. A cancelled caller stops writes that have not begun; what has begun is
  /// seen through.
  package func write(_ batch: [Write], in scope: ReadScope) async -> [WriteOutcome] {
    await batch.carriedOut(atOnce: TeamworkFeatures.description.features.concurrentWrites) { write, departure in
      await self.carryOut(write, in: scope, departure)
    }
  }

  private func carryOut(_ write: Write, in scope: ReadScope, _ departure: Departure) async -> WriteOutcome {
    guard TeamworkFeatures.description.features.can(write.action, write.kind) else {
      return .refused(.recordForbidden, "kith does not \(write.action.rawValue) Teamwork.com \(write.kind.plural)")
    }
    if let fault = TeamworkMapping.fault(write.values, of: write.kind) { return .rejected(fault) }
    var stage = WriteStage.preparing
    do throws(ConnectorError) {
      switch (write.kind, write.action) {
      case (.company, .create): return try await createCompany(write, departure, &stage)
      case (.company, _): return try await changeCompany(write, departure, &stage)
      case (_, .create): return try await createPerson(write, in: scope, departure, &stage)
      default: return try await changePerson(write, departure, &stage)
      }
    } catch {
      return stage.outcome(of: error)
    }
  }

  // MARK: Companies

  private func createCompany(
    _ write: Write, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    let body = TeamworkMapping.company(write.values, isNew: true)
    guard body["name"] != nil else {
      return .refused(.valueRefused, "a client needs a name", field: "name")
    }
    stage = .sending
    let response = try await calls.call(
      .post, .v3, ["companies.json"], body: ["company": .object(body)], purpose: "new company", departure: departure)
    return try company(response, write, purpose: "new company")
  }

  private func changeCompany(
    _ write: Write, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let id = write.target?.number else { return Self.noID(write) }
    let isOwner: Bool
    if let said = write.current?.fields.flag("is-owner") {
      isOwner = said
    } else {
      isOwner = try await ownerID() == id
    }
    guard !isOwner else { return .refused(.recordForbidden, "it is the site's own company, which kith never changes") }
    let body = TeamworkMapping.company(write.values, isNew: false)
    if body.isEmpty, let current = write.current { return .done(current) }
    let purpose = "company \(id)"
    stage = .sending
    let response = try await calls.call(
      .patch, .v3, ["companies", "\(id).json"], body: ["company": .object(body)], purpose: purpose, departure: departure
    )
    return try company(response, write, purpose: purpose)
  }

  /// Both writes answer with the company as it now stands.
  private func company(
    _ response: HTTPResponse, _ write: Write, purpose: String
  ) throws(ConnectorError) -> WriteOutcome {
    guard response.isSuccess else {
      return calls.errors.outcome(response, purpose: purpose, write: write, now: calls.now())
    }
    return .done(
      TeamworkMapping.record(try calls.errors.decode(TeamworkCompanyAnswer.self, response, purpose: purpose).company))
  }

  // MARK: People

  private func createPerson(
    _ write: Write, in scope: ReadScope, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let place = write.parent?.rawValue ?? scope.partition, let company = Int(place) else {
      // Without a company the vendor would put the person into the key owner's own.
      return .refused(.valueRefused, "a new contact needs a company", field: "company-id")
    }
    guard try await ownerID() != company else {
      return .refused(.recordForbidden, "kith creates nobody in the site's own company")
    }
    // Who holds the address may be a colleague in the owner company, whom no reading shows.
    if let email = write.values.text("email"), !email.isBlank, !email.contains(",") {
      let holders: TeamworkList<TeamworkListedPerson> = try await list(
        .people, [("emails", email)] + Self.everybody, purpose: "people by e-mail")
      let key = ComparisonRule.email.key(email)
      let holder = holders.rows.first { $0.email.value.map(ComparisonRule.email.key) == key && !$0.isDeleted }
      if let holder {
        let place = holder.companyID.map { " of company \($0)" } ?? ""
        return .refused(.duplicateAtTarget, "person \(holder.id)\(place) has this address", field: "email")
      }
    }
    let body = TeamworkMapping.newContact(write.values, company: company)
    stage = .sending
    let response = try await calls.call(
      .post, .v1, ["people.json"], body: body, purpose: "new person", departure: departure)
    if let refusal = refusal(response, write, purpose: "new person") { return refusal }
    stage = .carriedOut
    let receipt = try calls.errors.decode(TeamworkReceipt.self, response, purpose: "new person")
    guard let id = receipt.id ?? Self.id(inLocation: response.header("location")) else {
      return .unknown("Teamwork.com, new person: the answer gives no id")
    }
    return try await readBack(id, departure)
  }

  private func changePerson(
    _ write: Write, _ departure: Departure, _ stage: inout WriteStage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let id = write.target?.number else { return Self.noID(write) }
    var current = write.current
    if current?.fields.text("user-type") == nil {
      guard let person = try await person(id) else {
        return .refused(.targetGone, "there is no person \(id)")
      }
      current = TeamworkMapping.record(person)
    }
    // Anything but a contact may sign in with this name and address.
    let type = current?.fields.text("user-type")?.lowercased() ?? "unknown"
    guard type == "contact" else {
      return .refused(.recordForbidden, "it is of type \(type), and kith changes contacts only, never a login")
    }
    var body = TeamworkMapping.person(write.values, isNew: false)
    let owner = try await ownerID()
    if let parent = current?.parent.flatMap({ Int($0.rawValue) }), parent == owner {
      return .refused(.recordForbidden, "it belongs to the site's own company, whose people kith never changes")
    }
    if let parent = write.parent {
      guard let company = Int(parent.rawValue), company != owner else {
        return .refused(.recordForbidden, "kith moves nobody into the site's own company, or into \(parent)")
      }
      body["company-id"] = .number(company)
    }
    if body.isEmpty, let current { return .done(current) }
    let purpose = "person \(id)"
    stage = .sending
    let response = try await calls.call(
      .put, .v1, ["people", "\(id).json"], body: ["person": .object(body)], purpose: purpose, departure: departure)
    if let refusal = refusal(response, write, purpose: purpose) { return refusal }
    stage = .carriedOut
    return try await readBack(id, departure)
  }

  /// A refusal by status, or by the word in the body: v1 has been seen to say no under 200.
  private func refusal(_ response: HTTPResponse, _ write: Write, purpose: String) -> WriteOutcome? {
    guard response.isSuccess else {
      return calls.errors.outcome(response, purpose: purpose, write: write, now: calls.now())
    }
    let receipt = try? calls.errors.decode(TeamworkReceipt.self, response, purpose: purpose)
    guard let status = receipt?.status, status.uppercased() != "OK" else { return nil }
    return .refused(.valueRefused, calls.errors.said(response))
  }

  /// v1 answers a write with no record.
  private func readBack(_ id: Int, _ departure: Departure) async throws(ConnectorError) -> WriteOutcome {
    guard let person = try await person(id, departure: departure) else {
      return .unknown("Teamwork.com, person \(id): not there when it was read back")
    }
    return .done(TeamworkMapping.record(person))
  }

  /// `…/people/8123.json`
  private static func id(inLocation location: String?) -> Int? {
    location?.split(separator: "/").last.flatMap { Int($0.prefix { $0.isASCII && $0.isNumber }) }
  }

  private static func noID(_ write: Write) -> WriteOutcome { .noID(write, of: "a Teamwork.com \(write.kind)") }
}
