// Companies over v3: listing, reading, creating, changing and deleting.

import Foundation

extension TeamworkEmulation {
  mutating func companyAnswer(
    _ request: EmulatedRequest, _ resource: [String], at moment: Moment
  ) throws(TeamworkRefusal) -> EmulatedResponse {
    if resource.count == 1 {
      switch request.method {
      case "GET": return try companyListing(request, at: moment)
      case "POST":
        try needWrite("companies")
        let (body, record) = try record(request, envelope: "company", status: 400)
        noteUnknown(body, known: ["company", "companyOptions", "tags"])
        let place = try newCompany(from: record, at: moment, overAPI: true)
        // "createdAt may carry nanoseconds (…04.80731737Z was returned by a create)".
        let created = Instant.text(moment.seconds).dropLast() + ".\(10_000_000 + random.below(89_999_999))Z"
        let json = companyJSON(companies[place], fullProfile: true, root: moment.root, created: String(created))
        return EmulatedResponse(201, ["company": json])
      default: throw .methodNotAllowed
      }
    }
    guard let id = Int(resource[1]) else { throw .unknownRoute }
    guard let place = seenCompany(id) else { throw .notFound("company") }
    switch request.method {
    case "GET":
      let json = companyJSON(companies[place], fullProfile: true, root: moment.root, emoji: showsEmoji(request))
      let shown = TeamworkFields(request, "company")?.restricted(json) ?? json
      return EmulatedResponse(200, ["company": shown, "included": included(with: [companies[place]], request)])
    case "PATCH":
      try needWrite("companies")
      let (body, record) = try record(request, envelope: "company", status: 400)
      noteUnknown(body, known: ["company", "companyOptions", "tags"])
      let company = try changed(companies[place], by: record, at: moment, overAPI: true)
      save(company, at: place, moment)
      counters.updated["companies", default: 0] += 1
      return EmulatedResponse(200, ["company": companyJSON(company, fullProfile: true, root: moment.root)])
    case "DELETE":
      try needWrite("companies")
      try deleteCompany(place, by: keyOwnerID, at: moment, overAPI: true)
      return EmulatedResponse(status: 204)
    default: throw .methodNotAllowed
    }
  }

  // MARK: - Listing

  private func showsEmoji(_ request: EmulatedRequest) -> Bool { request.option("getEmoji") != "false" }

  private mutating func companyListing(
    _ request: EmulatedRequest, at moment: Moment
  ) throws(TeamworkRefusal) -> EmulatedResponse {
    let listing = try TeamworkListing(request)
    let selection = try companySelection(request)
    let isDescending = try orderIsDescending(request)
    let total = mayRead("companies") ? companies.count(of: selection) : 0
    let cap = ways[.queryCap]
    let length = listing.length(of: total, cap: cap)
    let places = companies.places(
      of: selection, from: listing.start, count: moment.endsListingsEarly ? length / 2 : length,
      isDescending: isDescending)
    let fullProfile = TeamworkListing.isTrue(request, "fullProfile")
    let emoji = showsEmoji(request)
    let fields = TeamworkFields(request, "companies")
    let form = "\(fullProfile) \(emoji)"
    let rows = places.map { place -> String in
      if fields == nil, let text = companies.text(at: place, form: form) { return text }
      let json = companyJSON(companies[place], fullProfile: fullProfile, root: moment.root, emoji: emoji)
      if let fields { return fields.restricted(json).encoded }
      let text = json.encoded
      companies.keep(text, at: place, form: form)
      return text
    }
    let shown = places.map { companies[$0] }
    return TeamworkEmulation.answer(
      "companies", rows, included: included(with: shown, request),
      meta: listing.meta(rows: rows.count, total: total, cap: cap, endsEarly: moment.endsListingsEarly))
  }

  /// A v3 listing around rows that are encoded already.
  static func answer(_ name: String, _ rows: [String], included: JSON, meta: JSON) -> EmulatedResponse {
    EmulatedResponse(
      status: 200,
      body: "{\"\(name)\":[\(rows.joined(separator: ","))],\"included\":\(included.encoded),\"meta\":\(meta.encoded)}")
  }

  func orderIsDescending(_ request: EmulatedRequest) throws(TeamworkRefusal) -> Bool {
    switch request.option("orderMode")?.lowercased() {
    case nil, "", "asc": return false
    case "desc": return true
    default: throw .invalidOption("orderMode must be asc or desc")
    }
  }

  private func companySelection(_ request: EmulatedRequest) throws(TeamworkRefusal) -> Companies.Selection {
    let after = try TeamworkListing.instant(request, "updatedAfter", deprecated: "updatedAfterDate")
    let createdAfter = try TeamworkListing.instant(request, "createdAfter", deprecated: "createdAfterDate")
    let ids = try TeamworkListing.numbers(request, "ids")
    let excluded = try TeamworkListing.numbers(request, "excludeIds")
    let tags = try TeamworkListing.numbers(request, "tagIds")
    let managers = try TeamworkListing.numbers(request, "clientManagedByUserIds")
    let currency = request.option("currencyId").flatMap { Int($0) }
    let name = request.option("name").flatMap { $0.isEmpty ? nil : $0 }
    let term = request.option("searchTerm")?.lowercased() ?? ""
    let excludesOwner = TeamworkListing.isTrue(request, "excludeOwnerCompany")
    let isInclusive = ways[.updatedAfterInclusive]
    let coversNeverEdited = ways[.updatedAfterCoversNeverEdited]
    let showsDeleted = ways[.updatedAfterShowsDeletedCompanies] && after != nil
    let visible = visibleCompanies
    @Sendable func isAfter(_ seconds: Int, _ bound: Double) -> Bool {
      isInclusive ? Double(seconds) >= bound : Double(seconds) > bound
    }
    return Companies.Selection(
      name: TeamworkListing.name(of: request),
      accepts: { company in
        if company.isDeleted && !showsDeleted { return false }
        if excludesOwner && company.isOwner { return false }
        if let visible, !visible.contains(company.id) { return false }
        if let ids, !ids.contains(company.id) { return false }
        if let excluded, excluded.contains(company.id) { return false }
        if let tags, tags.isDisjoint(with: company.tagIDs) { return false }
        if let managers, !managers.contains(company.managerID ?? 0) { return false }
        if let currency, company.currencyID != currency { return false }
        if let name, TeamworkEmoji.shown(company.name) != name && company.name != name { return false }
        if let createdAfter, !isAfter(company.created, createdAfter) { return false }
        if let after {
          guard let updated = company.updated ?? (coversNeverEdited ? company.created : nil), isAfter(updated, after)
          else { return false }
        }
        return term.isEmpty || TeamworkEmoji.shown(company.name).lowercased().contains(term)
          || (company.texts["profileText"] ?? "").lowercased().contains(term)
      }, key: try companyKey(request))
  }

  private func companyKey(
    _ request: EmulatedRequest
  ) throws(TeamworkRefusal) -> @Sendable (TeamworkCompany) -> Companies.Key {
    let order = request.option("orderBy")?.lowercased() ?? ""
    switch order {
    case "", "ownercompany": return { .init(number: $0.isOwner ? 0 : 1, text: $0.name.lowercased()) }
    case "name": return { .init(text: $0.name.lowercased()) }
    case "dateadded": return { .init(number: $0.created) }
    case "website", "phone": return { .init(text: ($0.texts[order] ?? "").lowercased()) }
    case "email": return { .init(text: ($0.texts["emailOne"] ?? "").lowercased()) }
    case "country": return { .init(text: $0.texts["countryCode"] ?? "") }
    case "industry": return { .init(number: $0.industryID ?? 0) }
    case "contacts":
      // People who come or go would move a company; the order is that of when it was first asked for.
      let counts = headcounts
      return { .init(number: counts[$0.id]?["contact"] ?? 0) }
    case "id" where ways[.ordersByID]: return { .init(number: $0.id) }
    default: throw .invalidOption("orderBy has an unknown value")
    }
  }

  // MARK: - JSON

  /// A company as v3 shows it.
  ///
  /// - Parameter created: in place of the company's own stamp.
  func companyJSON(
    _ company: TeamworkCompany, fullProfile: Bool, root: String, emoji: Bool = true, created: String? = nil
  ) -> JSON {
    func shown(_ text: String) -> JSON { .string(emoji ? TeamworkEmoji.shown(text) : text) }
    let counts = headcounts[company.id] ?? [:]
    var members: [JSON.Member] = [
      .init(name: "id", value: .int(company.id)), .init(name: "name", value: shown(company.name)),
      .init(name: "isOwner", value: .bool(company.isOwner)),
      .init(name: "status", value: company.isDeleted ? "deleted" : "active"),
    ]
    for name in TeamworkCompany.listedTexts {
      members.append(.init(name: name, value: shown(company.texts[name] ?? "")))
    }
    members += [
      .init(name: "logoUrl", value: .string(shownAddress(company.logo, root: root))),
      .init(name: "profileText", value: fullProfile ? shown(company.texts["profileText"] ?? "") : .null),
      .init(name: "privateNotes", value: fullProfile ? shown(company.texts["privateNotes"] ?? "") : .null),
      .init(name: "privateNotesText", value: fullProfile ? shown(company.texts["privateNotes"] ?? "") : .null),
      .init(name: "companyDomains", value: .array(company.domainIDs.map { Self.relation($0, "companyDomains") })),
    ]
    for (name, kind) in [
      ("contacts", "contact"), ("accounts", "account"), ("collaborators", "collaborator"), ("clients", "client"),
    ] {
      members.append(.init(name: name, value: .int(counts[kind] ?? 0)))
    }
    members += [
      .init(name: "industryId", value: company.industryID.map { .int($0) } ?? .null),
      .init(name: "industry", value: company.industryID.map { Self.relation($0, "industries") } ?? .null),
      .init(name: "clientManagedBy", value: company.managerID.map { Self.relation($0, "users") } ?? .null),
      .init(name: "tags", value: .array(company.tagIDs.map { Self.relation($0, "tags") })),
      .init(name: "currency", value: Self.relation(company.currencyID, "currencies")),
      .init(
        name: "companyNameUrl",
        value: .string(
          "\(company.id)-" + company.name.lowercased().map { $0.isASCII && $0.isLetter ? String($0) : "-" }.joined())),
      .init(name: "createdAt", value: .string(created ?? Instant.text(company.created))),
      .init(name: "updatedAt", value: company.updated.map { .string(Instant.text($0)) } ?? .null),
    ]
    return .object(members)
  }

  static func relation(_ id: Int, _ type: String) -> JSON { ["id": .int(id), "type": .string(type)] }

  /// Side-loaded records: an object of maps keyed by id.
  private func included(with shown: [TeamworkCompany], _ request: EmulatedRequest) -> JSON {
    let wanted = Set((request.option("include") ?? "").lowercased().split(separator: ",").map { String($0) })
    var maps: [JSON.Member] = []
    func add(_ name: String, _ rows: [Int: JSON]) {
      maps.append(
        .init(
          name: name,
          value: .object(rows.sorted { $0.key < $1.key }.map { .init(name: $0.key.description, value: $0.value) })))
    }
    if wanted.contains("clientmanagedby") {
      let users = Set(shown.compactMap(\.managerID)).compactMap { people.record(id: $0) }
      add(
        "users",
        Dictionary(
          users.map { user -> (Int, JSON) in
            let json: JSON = [
              "id": .int(user.id), "firstName": .string(user.firstName), "lastName": .string(user.lastName),
            ]
            return (user.id, json)
          }, uniquingKeysWith: { first, _ in first }))
    }
    if wanted.contains("industries") {
      let ids = Set(shown.compactMap(\.industryID))
      let rows = TeamworkCompany.industries.filter { ids.contains($0.key) }
      add(
        "industries",
        Dictionary(uniqueKeysWithValues: rows.map { ($0.key, ["id": .int($0.key), "name": .string($0.value)]) }))
    }
    if wanted.contains("domains") {
      let rows = shown.flatMap(\.domainIDs).compactMap { domains.record(id: $0) }
      add("domains", Dictionary(rows.map { ($0.id, $0.json) }, uniquingKeysWith: { first, _ in first }))
    }
    if wanted.contains("countries") {
      let codes = Set(shown.compactMap { $0.texts["countryCode"] }.filter { !$0.isEmpty })
      maps.append(
        .init(
          name: "countries",
          value: .object(codes.sorted().map { .init(name: $0, value: ["code": .string($0)]) })))
    }
    return .object(maps)
  }

  // MARK: - Writing

  /// Adds a company and returns its place.
  mutating func newCompany(from record: JSON, at moment: Moment, overAPI: Bool) throws(TeamworkRefusal) -> Int {
    let blank = TeamworkCompany(id: freshCompanyID(), name: "", created: moment.seconds)
    guard record["name"] != nil else { throw .invalid("name is required") }
    if ways[.multiCurrency], record["currencyId"]?.whole == nil { throw .invalid("currencyId is required") }
    let company = try changed(blank, by: record, at: moment, overAPI: overAPI)
    if overAPI { counters.created["companies", default: 0] += 1 }
    companies.append(company)
    return companies.records.count - 1
  }

  private func freshCompanyID() -> Int { (companies.records.last?.id ?? 1_200_000) + 7 }

  /// A company with the changes that a body names; keys that v3 does not write are passed over.
  mutating func changed(
    _ company: TeamworkCompany, by record: JSON, at moment: Moment, overAPI: Bool
  ) throws(TeamworkRefusal) -> TeamworkCompany {
    var company = company
    for member in record.members ?? [] {
      switch (member.name, member.value) {
      case ("name", .string(let text)):
        let name = TeamworkEmoji.stored(text)
        guard name.contains(where: { !$0.isWhitespace }) else { throw .invalid("name is required") }
        try checkName(name, of: company.id)
        company.name = name
      case ("name", _): throw .invalid("name must be a text")
      case (let key, .string(let text)) where TeamworkCompany.writtenTexts[key] != nil:
        company.texts[TeamworkCompany.writtenTexts[key] ?? key] = TeamworkEmoji.stored(text)
      case (let key, .null) where TeamworkCompany.writtenTexts[key] != nil: break
      case (let key, _) where TeamworkCompany.writtenTexts[key] != nil: throw .invalid("\(key) must be a text")
      case ("industryCatId", let value): company.industryID = value.whole
      case ("clientManagedBy", .null):
        guard ways[.nullClearsManager] else { continue }
        if company.managerID != nil, overAPI { counters.managersCleared += 1 }
        company.managerID = nil
      case ("clientManagedBy", let value):
        guard let id = value.whole, people.place(id: id) != nil else { throw .invalid("clientManagedBy is not a user") }
        company.managerID = id
      case ("tagIds", .array(let values)): company.tagIDs = values.compactMap(\.whole)
      case ("currencyId", let value):
        guard let id = value.whole else { throw .invalid("currencyId must be a number") }
        if id != TeamworkCompany.siteCurrency, !ways[.multiCurrency] {
          ways.set(.multiCurrency, to: true)
          counters.switchedToMultiCurrency += 1
        }
        company.currencyID = id
      case ("logoPendingFileRef", .string(let reference)): company.logo = try take(file: reference, at: moment)
      default: if overAPI { counters.ignoredKeys[member.name, default: 0] += 1 }
      }
    }
    return company
  }

  /// "Names are unique per site".
  private func checkName(_ name: String, of id: Int) throws(TeamworkRefusal) {
    let ignoresCase = ways[.nameConflictIgnoresCase]
    let holds = ways[.deletedCompanyHoldsName]
    let wanted = ignoresCase ? name.lowercased() : name
    let isTaken = companies.records.contains {
      $0.id != id && (!$0.isDeleted || holds) && (ignoresCase ? $0.name.lowercased() : $0.name) == wanted
    }
    if isTaken { throw .conflict("Company name already in use") }
  }

  /// Stores a changed company and stamps it.
  mutating func save(_ company: TeamworkCompany, at place: Int, _ moment: Moment) {
    var company = company
    company.updated = moment.seconds
    if company.name != companies[place].name { people.forgetTexts() }
    companies.replace(place, with: company)
  }

  /// "Deleting a company also deletes every person in it".
  mutating func deleteCompany(
    _ place: Int, by user: Int, at moment: Moment, overAPI: Bool
  ) throws(TeamworkRefusal) {
    var company = companies[place]
    guard !company.isOwner else {
      throw TeamworkRefusal(status: 403, title: "forbidden", detail: "The owner company cannot be deleted")
    }
    for person in peopleOfCompany[company.id] ?? [] where !people[person].isDeleted {
      deletePerson(person, by: user, at: moment)
      if overAPI { counters.deletedWithCompany += 1 }
    }
    for id in company.domainIDs {
      if let place = domains.place(id: id) {
        var domain = domains[place]
        domain.isDeleted = true
        domains.replace(place, with: domain)
      }
    }
    company.isDeleted = true
    company.domainIDs = []
    save(company, at: place, moment)
    if overAPI { counters.deleted["companies", default: 0] += 1 }
  }

  /// Counts the keys beside the record that the route does not know.
  mutating func noteUnknown(_ body: JSON, known: Set<String>) {
    for member in body.members ?? [] where !known.contains(member.name) {
      counters.ignoredKeys[member.name, default: 0] += 1
    }
  }
}
