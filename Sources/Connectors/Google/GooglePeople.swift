/// Requests to the People API in the name of a user, who is followed by id through every renaming.
import Model

struct GooglePeople: Sendable {
  let calls: GoogleCalls
  let directory: GoogleDirectory

  /// Sends a request about a user's contacts; the answer is a success, or has one of the statuses accepted.
  /// - Throws: `.notFound` for a user who is gone, `.forbidden` for one who is suspended or archived.
  func send(
    _ place: String, _ method: HTTPRequest.Method, _ path: String, query: [(key: String, value: String)] = [],
    body: JSONValue? = nil, purpose: String, cost: GoogleQuota.Cost, accepting: Set<Int> = [],
    isRepeatable: Bool? = nil, departure: Departure? = nil
  ) async throws(ConnectorError) -> HTTPResponse {
    var user = try await self.user(place)
    while true {
      do throws(ConnectorError) {
        let response = try await calls.send(
          .people, as: user.address, scope: GoogleScope.contacts, method, "v1/\(path)", query: query, body: body,
          purpose: purpose, cost: cost, quotaOf: user.id, isRepeatable: isRepeatable, departure: departure)
        guard response.isSuccess || accepting.contains(response.status) else {
          var error = calls.errors.error(response, purpose: purpose, user: user.address, now: calls.now())
          if GoogleFault(response).isPlainRefusal { close(&error, for: user.address) }
          throw error
        }
        return response
      } catch  where error.kind == .unauthorized && error.delivery == .notSent && user.address != calls.admin {
        // Refused for the scope, or for this user alone: then the administrator gets a token for the same scope.
        let identity = GoogleIdentity(user: calls.admin, scope: GoogleScope.contacts).name
        calls.signIn.forget(identity)
        guard (try? await calls.signIn.token(for: identity)) != nil else { throw error }
        var closed = error
        close(&closed, for: user.address)
        throw closed
      } catch  where error.kind == .notFound && error.delivery == .notSent {
        // Nobody signs in under this address: the user may have been renamed since the directory was asked.
        directory.forget(place)
        let now = try await self.user(place)
        guard now.address != user.address else { throw error }
        user = now
      }
    }
  }

  /// A user may always see the contacts that are their own, as long as the scope is granted and the API is on; both are
  /// refused in words of their own (google.md §2.5, §7.4). So it is the service that is off for this user.
  private func close(_ error: inout ConnectorError, for user: String) {
    let cause = Cause(
      .contactsServiceOff,
      evidence: [
        Evidence("contacts of \(user)", "are", wanted: "open", found: "refused: \(error.status ?? 403)", at: "Google")
      ],
      fix: "switch the Contacts service on for the user's organisational unit in the Admin console, Apps")
    error.kind = .forbidden
    error.message = "the contacts service of \(user) is switched off at Google: \(error.message)"
    error.hint = cause.fix
    error.closing = cause
  }

  func decode<Value: Decodable>(
    _ type: Value.Type, _ response: HTTPResponse, _ purpose: String
  ) throws(ConnectorError) -> Value {
    try JSONWire.decode(type, from: response.body, purpose: "Google contacts, \(purpose)")
  }

  /// The stable id and the present address of a user.
  func user(_ place: String) async throws(ConnectorError) -> (id: String, address: String) {
    let user = try await directory.user(place)
    guard let address = user.primaryEmail, !address.isBlank else {
      throw ConnectorError(.notFound, "Google names no address of the user \(place)")
    }
    guard !user.isSuspended, !user.isArchived else {
      let cause = GooglePlaceSearch.suspension(of: user)
      throw ConnectorError(
        .forbidden, "the Google user \(address) is \(user.isSuspended ? "suspended" : "archived")",
        hint: "restore the user in the Admin console, or take the user out of the sync", delivery: .notSent,
        closing: cause)
    }
    return (user.id, address)
  }

  // MARK: Contacts

  /// Every contact of a user, page by page. `take` is told how many there are in all, where Google says so.
  func connections(
    _ place: String, _ take: (_ people: [GooglePerson], _ isLast: Bool, _ total: Int?) throws(ConnectorError) -> Void
  ) async throws(ConnectorError) {
    var token: String?
    var seen: Set<String> = []
    var number = 0
    repeat {
      number += 1
      let purpose = "contacts page \(number)"
      let query =
        [
          ("personFields", GooglePersonField.mask), ("pageSize", String(GoogleFeatures.pageSize)), Self.ownSource,
        ] + (token.map { [("pageToken", $0)] } ?? [])
      let response = try await send(
        place, .get, "people/me/connections", query: query, purpose: purpose, cost: .read)
      let page = try decode(GoogleConnections.self, response, purpose)
      token = page.nextPageToken.flatMap { $0.isEmpty ? nil : $0 }
      if let token, !seen.insert(token).inserted {
        throw ConnectorError(
          .malformed, "Google's \(purpose): its page token leads back to a page that was read already")
      }
      try take(page.connections ?? [], token == nil, page.totalItems)
    } while token != nil
  }

  /// Single contacts, under the names by which they were asked for; what is not there is left out.
  func people(_ names: [String], of place: String) async throws(ConnectorError) -> [(
    name: String, person: GooglePerson
  )] {
    var found: [(String, GooglePerson)] = []
    for start in stride(from: 0, to: names.count, by: GoogleFeatures.idsAtOnce) {
      let chunk = names[start..<min(start + GoogleFeatures.idsAtOnce, names.count)]
      let purpose = "\(chunk.count) single contacts"
      let query =
        chunk.map { ("resourceNames", $0) } + [("personFields", GooglePersonField.mask), Self.ownSource]
      let response = try await send(place, .get, "people:batchGet", query: query, purpose: purpose, cost: .read)
      let answer = try decode(GooglePeople.Answer.self, response, purpose).responses ?? []
      for name in chunk {
        guard
          let item = answer.first(where: { ($0.requestedResourceName ?? $0.person?.resourceName) == name })
        else {
          // Not the same as "not found": nothing was said of this one.
          throw ConnectorError(.malformed, "Google's \(purpose): the answer leaves out \(name)")
        }
        if let fault = item.fault {
          guard fault.isGone else {
            throw ConnectorError(
              .rejected, "Google answered the contact \(name) with \(calls.errors.redaction.clean(fault.message ?? ""))"
            )
          }
          continue
        }
        if let person = item.person, !person.isDeleted { found.append((name, person)) }
      }
    }
    return found
  }

  static let ownSource = ("sources", "READ_SOURCE_TYPE_CONTACT")

  // MARK: Labels

  /// Every label of a user.
  func labels(_ place: String) async throws(ConnectorError) -> [GoogleLabel] {
    var labels: [GoogleLabel] = []
    var token: String?
    var seen: Set<String> = []
    repeat {
      let query =
        [
          ("pageSize", String(GoogleFeatures.pageSize)),
          ("groupFields", GoogleLabel.fields),
        ] + (token.map { [("pageToken", $0)] } ?? [])
      let response = try await send(place, .get, "contactGroups", query: query, purpose: "labels", cost: .labelRead)
      let page = try decode(GoogleLabels.self, response, "labels")
      labels += page.contactGroups ?? []
      token = page.nextPageToken.flatMap { $0.isEmpty ? nil : $0 }
      if let token, !seen.insert(token).inserted {
        throw ConnectorError(.malformed, "Google's labels: their page token leads back to a page that was read already")
      }
    } while token != nil
    return labels
  }

  /// The resource names of a label's members; `nil` when the label is gone or does not name them all.
  func members(of label: GoogleLabel, _ place: String) async throws(ConnectorError) -> [String]? {
    let count = max(label.memberCount ?? 0, 1)
    let response = try await send(
      place, .get, "contactGroups/\(WebAddress.encoded(label.id))", query: [("maxMembers", String(count))],
      purpose: "members of the label \(label.name ?? label.id)", cost: .labelRead, accepting: [404])
    guard response.isSuccess else { return nil }
    let answer = try decode(GoogleLabel.self, response, "members of the label")
    let names = answer.memberResourceNames ?? []
    guard names.count >= answer.memberCount ?? 0 else { return nil }
    return names
  }
}

extension GooglePeople {
  /// The answer of `people:batchGet`.
  struct Answer: Decodable {
    var responses: [GooglePersonResponse]?
  }
}
