// People over v3, which reads and deletes them; v1 writes them.

import Foundation

extension TeamworkEmulation {
  mutating func personAnswer(
    _ request: EmulatedRequest, _ resource: [String], at moment: Moment
  ) throws(TeamworkRefusal) -> EmulatedResponse {
    if resource.count == 1 {
      guard request.method == "GET" else { throw .methodNotAllowed }
      return try personListing(request, at: moment)
    }
    guard let id = Int(resource[1]) else { throw .unknownRoute }
    switch request.method {
    case "GET":
      guard let place = seenPerson(id, alsoDeleted: ways[.readsDeletedPerson]) else { throw .notFound("person") }
      let json = personJSON(people[place], root: moment.root)
      // "The single read needs fields[person] instead".
      let shown = TeamworkFields(request, "person")?.restricted(json) ?? json
      return EmulatedResponse(200, ["person": shown, "included": included(with: [people[place]], request)])
    case "DELETE":
      try needWrite("people")
      guard let place = seenPerson(id) else { throw .notFound("person") }
      try deletePersonOverAPI(place, at: moment)
      return EmulatedResponse(status: 204)
    default: throw .methodNotAllowed
    }
  }

  // MARK: - Listing

  private mutating func personListing(
    _ request: EmulatedRequest, at moment: Moment
  ) throws(TeamworkRefusal) -> EmulatedResponse {
    let listing = try TeamworkListing(request)
    let selection = try personSelection(request)
    let isDescending = try orderIsDescending(request)
    let candidates = people.holds(selection.name) ? nil : try personCandidates(request)
    let total = mayRead("people") ? people.count(of: selection, among: candidates) : 0
    let cap = ways[.queryCap]
    let length = listing.length(of: total, cap: cap)
    let places = people.places(
      of: selection, from: listing.start, count: moment.endsListingsEarly ? length / 2 : length,
      isDescending: isDescending)
    let fields = TeamworkFields(request, "people")
    let rows = places.map { place -> String in
      if fields == nil, let text = people.text(at: place, form: "v3") { return text }
      let json = personJSON(people[place], root: moment.root)
      if let fields { return fields.restricted(json).encoded }
      let text = json.encoded
      people.keep(text, at: place, form: "v3")
      return text
    }
    let shown = request.option("include") == nil ? [] : places.map { people[$0] }
    return TeamworkEmulation.answer(
      "people", rows, included: included(with: shown, request),
      meta: listing.meta(rows: rows.count, total: total, cap: cap, endsEarly: moment.endsListingsEarly))
  }

  /// The places among which all rows must be, where an index tells; `nil` where it does not.
  private mutating func personCandidates(_ request: EmulatedRequest) throws(TeamworkRefusal) -> [Int]? {
    if let ids = try TeamworkListing.numbers(request, "ids") { return ids.compactMap { people.place(id: $0) } }
    if let emails = emails(request) { return emails.flatMap { peopleOfEmail[$0] ?? [] } }
    if let ids = try TeamworkListing.numbers(request, "companyIds") { return ids.flatMap { peopleOfCompany[$0] ?? [] } }
    guard let after = try TeamworkListing.instant(request, "updatedAfter", deprecated: "updatedAfterDate") else {
      return nil
    }
    let byUpdate = People.Selection(name: " by update", accepts: { _ in true }, key: { .init(number: $0.updated) })
    return people.places(of: byUpdate, from: Int(exactly: after.rounded(.down)) ?? 0)
  }

  /// "Exact e-mail list".
  private func emails(_ request: EmulatedRequest) -> Set<String>? {
    guard let text = request.option("emails"), !text.isEmpty else { return nil }
    return Set(text.lowercased().split(separator: ",").map { $0.filter { $0 != " " } })
  }

  private func personSelection(_ request: EmulatedRequest) throws(TeamworkRefusal) -> People.Selection {
    let after = try TeamworkListing.instant(request, "updatedAfter", deprecated: "updatedAfterDate")
    let ids = try TeamworkListing.numbers(request, "ids")
    let excluded = try TeamworkListing.numbers(request, "excludeIds")
    let companyIDs = try TeamworkListing.numbers(request, "companyIds")
    let emails = emails(request)
    let kind = try kindOption(request)
    let words = (request.option("searchTerm") ?? "").lowercased().split(separator: " ").map { String($0) }
    let showsDeleted = TeamworkListing.isTrue(request, "showDeleted")
    let leavesContacts = TeamworkListing.isTrue(request, "excludeContacts")
    let mustAsk = ways[.needsIncludeSwitches]
    func includes(_ name: String) -> Bool { request.option(name).map { $0 == "true" } ?? !mustAsk }
    let showsCollaborators = includes("includeCollaborators") || kind == .collaborator
    let showsClients = includes("includeClients")
    let showsPlaceholders = TeamworkListing.isTrue(request, "includePlaceholders")
    let showsServices = TeamworkListing.isTrue(request, "includeServiceAccounts")
    let onlyAdmins = TeamworkListing.isTrue(request, "adminsOnly")
    let onlyCompany = TeamworkListing.isTrue(request, "onlyOwnerCompany") ? ownerCompanyID : nil
    let isInclusive = ways[.updatedAfterInclusive]
    let visible = visibleCompanies
    return People.Selection(
      name: TeamworkListing.name(of: request),
      accepts: { person in
        if person.isDeleted && !showsDeleted { return false }
        if let visible, !visible.contains(person.companyID) { return false }
        if let after, isInclusive ? Double(person.updated) < after : Double(person.updated) <= after { return false }
        if let companyIDs, !companyIDs.contains(person.companyID) { return false }
        if let ids, !ids.contains(person.id) { return false }
        if let excluded, excluded.contains(person.id) { return false }
        if let emails, !emails.contains(person.email.lowercased()) { return false }
        if let kind, person.kind != kind { return false }
        if leavesContacts && person.kind == .contact { return false }
        if !showsCollaborators && person.kind == .collaborator { return false }
        if !showsClients && person.isClientUser { return false }
        if !showsPlaceholders && person.isPlaceholder { return false }
        if !showsServices && person.isServiceAccount { return false }
        if onlyAdmins && !person.isAdmin { return false }
        if let onlyCompany, person.companyID != onlyCompany { return false }
        if words.isEmpty { return true }
        let text = "\(person.firstName) \(person.lastName) \(person.email)".lowercased()
        return words.allSatisfy { text.contains($0) }
      }, key: try personKey(request))
  }

  private func kindOption(_ request: EmulatedRequest) throws(TeamworkRefusal) -> TeamworkKind? {
    guard let text = request.option("userType"), !text.isEmpty else { return nil }
    guard let kind = TeamworkKind(rawValue: text) else { throw .invalidOption("userType has an unknown value") }
    return kind
  }

  private func personKey(
    _ request: EmulatedRequest
  ) throws(TeamworkRefusal) -> @Sendable (TeamworkPerson) -> People.Key {
    switch request.option("orderBy")?.lowercased() ?? "" {
    case "", "name": return { .init(text: "\($0.firstName) \($0.lastName)") }
    case "namecaseinsensitive": return { .init(text: "\($0.firstName) \($0.lastName)".lowercased()) }
    case "company": return { .init(number: $0.companyID) }
    case "id" where ways[.ordersByID]: return { .init(number: $0.id) }
    default: throw .invalidOption("orderBy has an unknown value")
    }
  }

  // MARK: - JSON

  /// A person as v3 shows it: without phones, other addresses and networks.
  func personJSON(_ person: TeamworkPerson, root: String) -> JSON {
    [
      "id": .int(person.id), "firstName": .string(person.firstName), "lastName": .string(person.lastName),
      "title": .string(person.title), "email": .string(person.email), "type": .string(person.kind.rawValue),
      "isClientUser": .bool(person.isClientUser), "isAdmin": .bool(person.isAdmin),
      "isServiceAccount": .bool(person.isServiceAccount), "isPlaceholderResource": .bool(person.isPlaceholder),
      "companyId": .int(person.companyID), "company": Self.relation(person.companyID, "companies"),
      "avatarUrl": .string(shownAddress(person.avatar, root: root)), "timezone": "America/New_York",
      "lastLogin": person.lastLogin.map { .string(Instant.text($0)) } ?? .null, "deleted": .bool(person.isDeleted),
      "createdAt": .string(Instant.text(person.created)), "createdBy": Self.relation(person.createdBy, "users"),
      "updatedAt": .string(Instant.text(person.updated)), "updatedBy": Self.relation(person.updatedBy, "users"),
    ]
  }

  private func included(with shown: [TeamworkPerson], _ request: EmulatedRequest) -> JSON {
    let wanted = (request.option("include") ?? "").lowercased().split(separator: ",")
    guard wanted.contains("companies") else { return [:] }
    let ids = Set(shown.map(\.companyID)).sorted()
    let rows = ids.compactMap { companies.record(id: $0) }.map { company -> JSON.Member in
      let json: JSON = ["id": .int(company.id), "name": .string(TeamworkEmoji.shown(company.name))]
      return .init(name: company.id.description, value: json)
    }
    return .object([.init(name: "companies", value: .object(rows))])
  }

  // MARK: - Keeping the indexes

  /// Adds a person, whose id must be above all others.
  mutating func add(_ person: TeamworkPerson) {
    let place = people.records.count
    people.append(person)
    peopleOfCompany[person.companyID, default: []].append(place)
    if !person.email.isEmpty { peopleOfEmail[person.email.lowercased(), default: []].append(place) }
    count(person, by: 1)
  }

  /// Puts a person in another's place.
  mutating func replace(_ place: Int, with person: TeamworkPerson) {
    let former = people[place]
    if former.companyID != person.companyID {
      peopleOfCompany[former.companyID]?.removeAll { $0 == place }
      peopleOfCompany[person.companyID, default: []].append(place)
      peopleOfCompany[person.companyID]?.sort()
    }
    let (old, new) = (former.email.lowercased(), person.email.lowercased())
    if old != new {
      peopleOfEmail[old]?.removeAll { $0 == place }
      if !new.isEmpty { peopleOfEmail[new, default: []].append(place) }
    }
    count(former, by: -1)
    count(person, by: 1)
    people.replace(place, with: person)
  }

  private mutating func count(_ person: TeamworkPerson, by step: Int) {
    guard !person.isDeleted, !person.isPlaceholder, !person.isServiceAccount else { return }
    headcounts[person.companyID, default: [:]][person.isClientUser ? "client" : person.kind.rawValue, default: 0] +=
      step
    if let place = companies.place(id: person.companyID) { companies.forgetText(of: place) }
  }

  /// Stores a changed person and stamps it where the site's ways say so.
  mutating func save(_ person: TeamworkPerson, at place: Int, by user: Int, _ moment: Moment) {
    var person = person
    if person.movesStamp(
      of: people[place], details: ways[.detailsMoveUpdated], avatar: ways[.avatarMovesUpdated])
    {
      person.updated = moment.seconds
      person.updatedBy = user
    }
    replace(place, with: person)
  }

  mutating func deletePerson(_ place: Int, by user: Int, at moment: Moment) {
    var person = people[place]
    person.isDeleted = true
    save(person, at: place, by: user, moment)
  }

  /// Deletes a person for a client of the API.
  mutating func deletePersonOverAPI(_ place: Int, at moment: Moment) throws(TeamworkRefusal) {
    guard !people[place].isSiteOwner else {
      throw TeamworkRefusal(status: 403, title: "forbidden", detail: "The site owner cannot be deleted")
    }
    noteWrite(to: people[place])
    deletePerson(place, by: keyOwnerID, at: moment)
    counters.deleted["people", default: 0] += 1
  }

  /// Counts a write to somebody who can log in, or to the provider's own staff.
  mutating func noteWrite(to person: TeamworkPerson) {
    if person.hasLogin { counters.loginsEdited.append(person.id) }
    if person.companyID == ownerCompanyID { counters.staffEdited.append(person.id) }
  }
}
