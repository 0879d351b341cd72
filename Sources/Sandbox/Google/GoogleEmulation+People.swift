// The way to the methods of the People API, and its readings.

import Foundation

extension GoogleEmulation {
  /// "Token life: 7 days after the full sync".
  static let syncTokenLife = 7 * 86_400

  /// - Parameter place: what a mutation keeps occupied until it is answered.
  mutating func peopleAnswer(
    _ request: EmulatedRequest, at moment: Moment, occupying place: inout String?
  ) throws(GoogleRefusal) -> EmulatedResponse {
    var name = ""
    guard request.path.starts(with: ["people", "v1"]),
      let call = GoogleCall(request.method, Array(request.path.dropFirst(2)), name: &name)
    else {
      if request.path.starts(with: ["people", "v1", "people"]), request.path.last == "connections" {
        throw .invalid("Resource name must be people/me.", field: "resourceName")
      }
      throw .notFound("Method not found.")
    }
    let grant = try signedIn(request, at: moment)
    try need(.people)
    let scopes =
      [GoogleConsent.prefix + "contacts"] + (call.isMutation ? [] : [GoogleConsent.prefix + "contacts.readonly"])
    guard scopes.contains(where: grant.scopes.contains) else { throw .insufficientScope }
    guard let userID = grant.userID, let user = directory.place(id: userID).map({ directory.users[$0] }) else {
      // "leave it out and you act as the service account itself, whose contacts list is empty".
      guard call == .connections || call == .listLabels else { throw .notFound("Requested entity was not found.") }
      return EmulatedResponse(200, [:])
    }
    guard user.isActive, user.hasContacts, var book = books[userID] else {
      throw GoogleRefusal(403, "PERMISSION_DENIED", "forbidden", "The caller does not have permission.")
    }
    counters.calls[userID, default: [:]][call.rawValue, default: 0] += 1
    if call.isMutation {
      let mutation = "google/\(userID)"
      if moment.inFlight[mutation] ?? 0 > 0 { counters.overlaps[userID, default: 0] += 1 }
      place = mutation
    }
    try draw(call.costs, user: userID, at: moment)
    // Taken out, so that the book is changed in place.
    books[userID] = nil
    defer { books[userID] = book }
    book.lag = options[.readLag]
    book.membershipsMoveEtag = options[.membershipsMoveEtag]
    book.membershipsInDeltas = options[.membershipsInDeltas]
    switch call {
    case .connections: return try connections(request, book, user, at: moment)
    case .get: return try person(name, request, book, user, at: moment)
    case .batchGet: return try people(request, book, at: moment)
    case .create: return try createContact(request, &book, at: moment)
    case .batchCreate: return try batchCreate(request, &book, at: moment)
    case .update: return try updateContact(name, request, &book, at: moment)
    case .batchUpdate: return try batchUpdate(request, &book, at: moment)
    case .delete: return try deleteContact(name, &book, at: moment)
    case .batchDelete: return try batchDelete(request, &book, at: moment)
    case .listLabels: return try labels(request, book, user, at: moment)
    case .getLabel: return try label(name, request, book, at: moment)
    case .batchGetLabels: return try labels(named: request, book, at: moment)
    case .createLabel: return try createLabel(request, &book, at: moment)
    case .updateLabel: return try updateLabel(name, request, &book, at: moment)
    case .deleteLabel: return try deleteLabel(name, request, &book, at: moment)
    case .modifyMembers: return try modifyMembers(name, request, &book, at: moment)
    }
  }

  // MARK: - What requests say

  func personFields(_ request: EmulatedRequest) throws(GoogleRefusal) -> GoogleFieldMask {
    guard let text = request.option("personFields"), !text.isEmpty else {
      throw GoogleFieldMask.missing("personFields")
    }
    return try GoogleFieldMask(text, parameter: "personFields")
  }

  /// The mask of what is read back: all where none is given.
  func optionalPersonFields(_ request: EmulatedRequest) throws(GoogleRefusal) -> GoogleFieldMask {
    guard let text = request.option("personFields"), !text.isEmpty else { return .all }
    return try GoogleFieldMask(text, parameter: "personFields")
  }

  func sources(_ request: EmulatedRequest) throws(GoogleRefusal) -> GoogleSources {
    try GoogleSources(request.query.filter { $0.name == "sources" }.map(\.value))
  }

  func sources(_ body: JSON) throws(GoogleRefusal) -> GoogleSources {
    try GoogleSources((body["sources"]?.elements ?? []).compactMap(\.text))
  }

  // MARK: - One and several

  private func person(
    _ name: String, _ request: EmulatedRequest, _ book: GoogleBook, _ user: GoogleUser, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let mask = try personFields(request)
    let sources = try sources(request)
    if name == "people/me" || name == "people/\(user.id)" { return EmulatedResponse(200, profile(of: user, mask)) }
    guard let place = book.place(resourceName: name), let person = book.visible(place, at: moment.seconds) else {
      throw .notFound("Requested entity was not found.")
    }
    return EmulatedResponse(200, person.json(mask, sources))
  }

  /// A user's own public profile, which is no contact.
  private func profile(of user: GoogleUser, _ mask: GoogleFieldMask) -> JSON {
    let source: JSON = ["type": "PROFILE", "id": .string(user.id)]
    let metadata: JSON = ["primary": true, "source": source]
    var members: [JSON.Member] = [
      .init(name: "resourceName", value: .string("people/\(user.id)")), .init(name: "etag", value: "%EgMBNy4="),
    ]
    if mask.fields.contains(.metadata) {
      members.append(.init(name: "metadata", value: ["sources": [source], "objectType": "PERSON"]))
    }
    if mask.fields.contains(.names) {
      members.append(
        .init(
          name: "names",
          value: [
            [
              "metadata": metadata, "displayName": .string(user.fullName), "givenName": .string(user.givenName),
              "familyName": .string(user.familyName),
            ]
          ]))
    }
    if mask.fields.contains(.emailAddresses) {
      members.append(
        .init(name: "emailAddresses", value: [["metadata": metadata, "value": .string(user.primaryEmail)]]))
    }
    return .object(members)
  }

  private func people(
    _ request: EmulatedRequest, _ book: GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let mask = try personFields(request)
    let sources = try sources(request)
    let names = request.query.filter { $0.name == "resourceNames" }.map(\.value)
    guard (1...200).contains(names.count) else {
      throw .invalid("Between 1 and 200 resource names are required.", field: "resourceNames")
    }
    let responses = names.map { name -> JSON in
      guard let place = book.place(resourceName: name), let person = book.visible(place, at: moment.seconds) else {
        let refusal = GoogleRefusal.notFound("Requested entity was not found.")
        return ["requestedResourceName": .string(name), "httpStatusCode": 404, "status": refusal.item]
      }
      return response(person, requested: name, mask, sources)
    }
    return EmulatedResponse(200, ["responses": .array(responses)])
  }

  /// One PersonResponse.
  func response(
    _ person: GooglePerson, requested name: String, _ mask: GoogleFieldMask, _ sources: GoogleSources
  ) -> JSON {
    [
      "requestedResourceName": .string(name), "person": person.json(mask, sources), "httpStatusCode": 200,
      "status": [:],
    ]
  }

  // MARK: - The list

  private mutating func connections(
    _ request: EmulatedRequest, _ book: GoogleBook, _ user: GoogleUser, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let mask = try personFields(request)
    let sources = try sources(request)
    let size = try number("pageSize", request, in: 1...1000, otherwise: 100)
    let wantsSyncToken = try flag("requestSyncToken", request)
    let order = try sortOrder(request)
    let bound = GooglePageToken.parameters(of: request)
    let syncBound = GooglePageToken.parameters(of: request, without: ["syncToken", "requestSyncToken"])
    var token = GooglePageToken(
      kind: .people, owner: user.id, parameters: bound, until: book.settledChange(at: moment.seconds),
      epoch: book.epoch, fullAt: moment.seconds, issuedAt: moment.seconds)
    if let text = request.option("syncToken"), !text.isEmpty {
      let sync = try syncToken(text, .peopleSync, book, user, bound: syncBound, at: moment)
      token.since = sync.until
      token.fullAt = sync.fullAt
    }
    if let text = request.option("pageToken"), !text.isEmpty {
      guard let given = GooglePageToken(text), given.kind == .people, given.owner == user.id,
        given.parameters == bound
      else {
        throw .invalid(
          "The page token is invalid, or the other parameters differ from those of the first call.", field: "pageToken")
      }
      token = given
    } else if token.since == nil, wantsSyncToken {
      // "The first page of each full sync has an extra, fixed quota".
      try draw([(.fullSyncs, 1)], user: user.id, at: moment)
    }
    let rows = rows(book, since: token.since, order, at: moment.seconds)
    let start =
      token.since == nil && order != .lastModifiedAscending
      ? min(token.after, rows.count) : rows.firstIndex { $0.change > token.after } ?? rows.count
    let page = rows[start...].prefix(size)
    let shown = page.map { person -> JSON in
      person.json(mask, sources, longest: 100, sendsFormer: token.since != nil)
    }
    var members: [JSON.Member] = []
    if !shown.isEmpty { members.append(.init(name: "connections", value: .array(shown))) }
    var next: String?
    if start + page.count < rows.count, !moment.endsListingsEarly {
      var following = token
      following.after =
        token.since == nil && order != .lastModifiedAscending ? start + page.count : page.last?.change ?? 0
      next = following.text
      members.append(.init(name: "nextPageToken", value: .string(following.text)))
    } else if wantsSyncToken || token.since != nil {
      let sync = GooglePageToken(
        kind: .peopleSync, owner: user.id, parameters: syncBound, until: token.until, epoch: token.epoch,
        fullAt: options[.chainedTokensRenew] ? moment.seconds : token.fullAt, issuedAt: moment.seconds)
      members.append(.init(name: "nextSyncToken", value: .string(sync.text)))
    }
    if token.since == nil, !rows.isEmpty {
      members.append(.init(name: "totalPeople", value: .int(rows.count)))
      members.append(.init(name: "totalItems", value: .int(rows.count)))
    }
    var answer = EmulatedResponse(200, .object(members))
    answer.nextLink = next.map { nextLink(request, $0, at: moment) }
    return answer
  }

  private enum SortOrder: String {
    case lastModifiedAscending = "LAST_MODIFIED_ASCENDING"
    case lastModifiedDescending = "LAST_MODIFIED_DESCENDING"
    case firstNameAscending = "FIRST_NAME_ASCENDING"
    case lastNameAscending = "LAST_NAME_ASCENDING"
  }

  private func sortOrder(_ request: EmulatedRequest) throws(GoogleRefusal) -> SortOrder {
    guard let text = request.option("sortOrder"), !text.isEmpty else { return .lastModifiedAscending }
    guard let order = SortOrder(rawValue: text) else {
      throw .invalid("Invalid value at 'sort_order': \"\(text)\".", field: "sortOrder")
    }
    return order
  }

  /// What a listing holds, in its order: all contacts, or what changed.
  private func rows(_ book: GoogleBook, since: Int?, _ order: SortOrder, at seconds: Int) -> [GooglePerson] {
    if let since {
      return book.people.indices.compactMap { book.changed($0, at: seconds) }.filter { $0.change > since }
        .sorted { $0.change < $1.change }
    }
    let people = book.people.indices.compactMap { book.visible($0, at: seconds) }
    func key(_ member: String) -> (GooglePerson) -> String { { ($0.first(.names, member) ?? "").lowercased() } }
    switch order {
    case .lastModifiedAscending: return people.sorted { $0.change < $1.change }
    case .lastModifiedDescending: return people.sorted { $0.change > $1.change }
    case .firstNameAscending: return people.sorted { (key("givenName")($0), $0.id) < (key("givenName")($1), $1.id) }
    case .lastNameAscending: return people.sorted { (key("familyName")($0), $0.id) < (key("familyName")($1), $1.id) }
    }
  }

  /// A sync token that still counts.
  func syncToken(
    _ text: String, _ kind: GooglePageToken.Kind, _ book: GoogleBook, _ user: GoogleUser, bound: String,
    at moment: Moment
  ) throws(GoogleRefusal) -> GooglePageToken {
    guard let token = GooglePageToken(text), token.kind == kind, token.owner == user.id else {
      throw .invalid("Sync token is invalid.", field: "syncToken")
    }
    guard token.epoch == book.epoch, moment.seconds - token.fullAt < Self.syncTokenLife else {
      throw .expiredSyncToken
    }
    guard token.parameters == bound else {
      throw .invalid(
        "Request parameters must be the same as those of the call that gave the sync token.", field: "syncToken")
    }
    return token
  }
}
