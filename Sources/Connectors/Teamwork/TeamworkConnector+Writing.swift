/// Clients and their contacts are created and changed; nobody is invited, no login is touched, nothing is deleted.
import Model

extension TeamworkConnector {
  /// Sends each write by itself, a few at once. A cancelled caller stops writes that have not begun; what has begun is
  /// seen through.
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
      for _ in 0..<TeamworkFeatures.description.features.concurrentWrites { startOne() }
      for await (index, outcome) in group {
        outcomes[index] = outcome
        startOne()
      }
      return outcomes
    }
  }

  /// How far one write has come: what an error at this point says of it.
  private enum Stage { case preparing, sending, readingBack }

  private func carryOut(_ write: Write, in scope: ReadScope, _ departure: Departure) async -> WriteOutcome {
    guard TeamworkFeatures.description.features.can(write.action, write.kind) else {
      return Self.forbidden("kith does not \(write.action.rawValue) Teamwork.com \(write.kind.plural)")
    }
    if let fault = TeamworkMapping.fault(write.values, of: write.kind) { return .rejected(fault) }
    var stage = Stage.preparing
    do throws(ConnectorError) {
      switch (write.kind, write.action) {
      case (.company, .create): return try await createCompany(write, departure, &stage)
      case (.company, _): return try await changeCompany(write, departure, &stage)
      case (_, .create): return try await createPerson(write, in: scope, departure, &stage)
      default: return try await changePerson(write, departure, &stage)
      }
    } catch {
      switch stage {
      case .preparing:
        var unsent = error
        unsent.delivery = .notSent
        return .notSent(unsent)
      case .sending where error.delivery == .notSent: return .notSent(error)
      // Whatever was answered without being understood may have been done.
      case .sending, .readingBack: return .unknown(error.message)
      }
    }
  }

  // MARK: Companies

  private func createCompany(
    _ write: Write, _ departure: Departure, _ stage: inout Stage
  ) async throws(ConnectorError) -> WriteOutcome {
    let body = TeamworkMapping.company(write.values, isNew: true)
    guard body["name"] != nil else {
      return .rejected(
        WriteRejection(reason: .valueRefused, field: "name", message: "a client needs a name"))
    }
    stage = .sending
    let response = try await calls.call(
      .post, .v3, ["companies.json"], body: ["company": .object(body)], purpose: "new company", departure: departure)
    return try company(response, write, purpose: "new company")
  }

  private func changeCompany(
    _ write: Write, _ departure: Departure, _ stage: inout Stage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let id = write.target.flatMap({ Int($0.rawValue) }) else { return Self.noID(write) }
    let isOwner: Bool
    if let said = write.current?.fields.flag("is-owner") {
      isOwner = said
    } else {
      isOwner = try await ownerID() == id
    }
    guard !isOwner else { return Self.forbidden("it is the site's own company, which kith never changes") }
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
      TeamworkMapping.record(try calls.decode(TeamworkCompanyAnswer.self, response, purpose: purpose).company))
  }

  // MARK: People

  private func createPerson(
    _ write: Write, in scope: ReadScope, _ departure: Departure, _ stage: inout Stage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let place = write.parent?.rawValue ?? scope.partition, let company = Int(place) else {
      // Without a company the vendor would put the person into the key owner's own.
      return .rejected(
        WriteRejection(reason: .valueRefused, field: "company-id", message: "a new contact needs a company"))
    }
    guard try await ownerID() != company else {
      return Self.forbidden("kith creates nobody in the site's own company")
    }
    // Who holds the address may be a colleague in the owner company, whom no reading shows.
    if let email = write.values.text("email"), !email.isBlank, !email.contains(",") {
      let holders: TeamworkList<TeamworkListedPerson> = try await list(
        .people, [("emails", email)] + Self.everybody, purpose: "people by e-mail")
      let key = ComparisonRule.email.key(email)
      let holder = holders.rows.first { $0.email.value.map(ComparisonRule.email.key) == key && !$0.isDeleted }
      if let holder {
        let place = holder.companyID.map { " of company \($0)" } ?? ""
        return .rejected(
          WriteRejection(
            reason: .duplicateAtTarget, field: "email", message: "person \(holder.id)\(place) has this address"))
      }
    }
    let body = TeamworkMapping.newContact(write.values, company: company)
    stage = .sending
    let response = try await calls.call(
      .post, .v1, ["people.json"], body: body, purpose: "new person", departure: departure)
    if let refusal = refusal(response, write, purpose: "new person") { return refusal }
    stage = .readingBack
    let receipt = try calls.decode(TeamworkReceipt.self, response, purpose: "new person")
    guard let id = receipt.id ?? Self.id(inLocation: response.header("location")) else {
      return .unknown("Teamwork.com, new person: the answer gives no id")
    }
    return try await readBack(id, departure)
  }

  private func changePerson(
    _ write: Write, _ departure: Departure, _ stage: inout Stage
  ) async throws(ConnectorError) -> WriteOutcome {
    guard let id = write.target.flatMap({ Int($0.rawValue) }) else { return Self.noID(write) }
    var current = write.current
    if current?.fields.text("user-type") == nil {
      guard let person = try await person(id) else {
        return .rejected(WriteRejection(reason: .targetGone, message: "there is no person \(id)"))
      }
      current = TeamworkMapping.record(person)
    }
    // Anything but a contact may sign in with this name and address.
    let type = current?.fields.text("user-type")?.lowercased() ?? "unknown"
    guard type == "contact" else {
      return Self.forbidden("it is of type \(type), and kith changes contacts only, never a login")
    }
    var body = TeamworkMapping.person(write.values, isNew: false)
    let owner = try await ownerID()
    if let parent = current?.parent.flatMap({ Int($0.rawValue) }), parent == owner {
      return Self.forbidden("it belongs to the site's own company, whose people kith never changes")
    }
    if let parent = write.parent {
      guard let company = Int(parent.rawValue), company != owner else {
        return Self.forbidden("kith moves nobody into the site's own company, or into \(parent)")
      }
      body["company-id"] = .number(company)
    }
    if body.isEmpty, let current { return .done(current) }
    let purpose = "person \(id)"
    stage = .sending
    let response = try await calls.call(
      .put, .v1, ["people", "\(id).json"], body: ["person": .object(body)], purpose: purpose, departure: departure)
    if let refusal = refusal(response, write, purpose: purpose) { return refusal }
    stage = .readingBack
    return try await readBack(id, departure)
  }

  /// A refusal by status, or by the word in the body: v1 has been seen to say no under 200.
  private func refusal(_ response: HTTPResponse, _ write: Write, purpose: String) -> WriteOutcome? {
    guard response.isSuccess else {
      return calls.errors.outcome(response, purpose: purpose, write: write, now: calls.now())
    }
    let receipt = try? calls.decode(TeamworkReceipt.self, response, purpose: purpose)
    guard let status = receipt?.status, status.uppercased() != "OK" else { return nil }
    return .rejected(
      WriteRejection(reason: .valueRefused, message: calls.errors.words(response, orStatus: true)))
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

  private static func forbidden(_ message: String) -> WriteOutcome {
    .rejected(WriteRejection(reason: .recordForbidden, message: message))
  }

  private static func noID(_ write: Write) -> WriteOutcome {
    .rejected(
      WriteRejection(
        reason: .targetGone,
        message: "\(write.target?.rawValue ?? "nothing") is no id of a Teamwork.com \(write.kind)"))
  }
}
