// Companies: listing, reading, creating, changing, deleting, and the domains that draw customers in.

import Foundation

extension DeskEmulation {
  // MARK: - Fields

  /// What companies can be filtered and ordered by.
  func companyField(_ path: String) -> DeskField<DeskCompany>? {
    func text(_ value: @escaping @Sendable (DeskCompany) -> String) -> DeskField<DeskCompany> {
      DeskField { [.text(value($0))] }
    }
    func number(
      isInstant: Bool = false, _ value: @escaping @Sendable (DeskCompany) -> Int?
    ) -> DeskField<DeskCompany> {
      DeskField(isInstant: isInstant) { [value($0).map { .number(Double($0)) } ?? .null] }
    }
    let counts = customersOfCompany
    let domains = domains
    switch path {
    case "id": return number { $0.id }
    case "name": return text { $0.name }
    case "email", "website", "details", "industry": return text { $0.texts[path] ?? "" }
    case "kind": return text { $0.kind }
    case "permission": return text { $0.permission }
    case "avatarPath": return text { _ in "" }
    case "state": return text { $0.isDeleted ? "deleted" : "active" }
    case "customersCount": return number { counts[$0.id]?.count ?? 0 }
    case "createdAt": return number(isInstant: true) { $0.stamp.created }
    case "updatedAt": return number(isInstant: true) { $0.stamp.updated }
    case "deletedAt": return number(isInstant: true) { $0.stamp.deleted }
    case "createdBy": return number { $0.stamp.createdBy }
    case "updatedBy": return number { $0.stamp.updatedBy }
    case "deletedBy": return number { $0.stamp.deleted == nil ? nil : $0.stamp.updatedBy }
    case "domains", "domains.name":
      return DeskField { $0.domainIDs.compactMap { domains.record(id: $0) }.map { .text($0.name) } }
    default: return nil
    }
  }

  func companySelection(_ request: EmulatedRequest, isSearch: Bool) throws(DeskRefusal) -> Companies.Selection {
    let text = isSearch ? nil : request.option("filter")
    let filter = try DeskFilter(
      reading: text, ignoresUnknown: ways[.ignoresUnknownFilters], isInstant: { companyField($0)?.isInstant })
    var fields: [String: DeskField<DeskCompany>] = [:]
    for path in filter.paths { fields[path] = companyField(path) }
    let order = isSearch ? "" : request.option("orderBy") ?? ""
    guard let key = companyField(order.isEmpty ? "id" : order) else {
      throw .invalid("orderBy", "\(order) is not an allowed field")
    }
    let shows = showsDeleted(filter)
    let ignoresCase = ways[.filtersIgnoreCase]
    let term = isSearch ? (request.option("search") ?? request.option("q") ?? "").lowercased() : ""
    let table = fields
    return Companies.Selection(
      name: "\(isSearch ? "search \(term)" : text ?? "") by \(order)",
      accepts: { company in
        if company.isDeleted && !shows { return false }
        if !term.isEmpty { return company.name.lowercased().contains(term) }
        return filter.holds(ignoringCase: ignoresCase) { table[$0]?.values(company) ?? [] }
      }, key: { DeskEmulation.key(key.values($0).first) })
  }

  // MARK: - Reading

  mutating func companyListing(
    _ request: EmulatedRequest, isSearch: Bool, at moment: Moment
  ) throws(DeskRefusal) -> EmulatedResponse {
    let listing = DeskListing(request, isSearch: isSearch, defaultSize: ways[.defaultPageSize])
    let selection = try companySelection(request, isSearch: isSearch)
    // Members and domains belong to other tables, which do not keep this order.
    let dependsElsewhere = request.target.contains("customersCount") || request.target.contains("domains")
    if dependsElsewhere { companies.forgetListings() }
    let total = companies.count(of: selection)
    let length = max(0, min(listing.pageSize, total - listing.start))
    let places = companies.places(
      of: selection, from: listing.start, count: moment.endsListingsEarly ? length / 2 : length,
      isDescending: listing.isDescending)
    let fields = DeskFields(request)
    let includes = DeskIncludes(request)
    let showsMembers = includes.contains("customers")
    let rows = places.map { place -> String in
      let isPlain = fields == nil && !showsMembers
      if isPlain, let text = companies.text(at: place, form: "row") { return text }
      let json = companyJSON(companies[place], showsMembers: showsMembers)
      let text = (fields?.restricted(json) ?? json).encoded
      if isPlain { companies.keep(text, at: place, form: "row") }
      return text
    }
    return answer(
      "companies", rows, included: included(with: places.map { companies[$0] }, includes, root: moment.root),
      blocks: listing.blocks(rows: rows.count, total: total, endsEarly: moment.endsListingsEarly))
  }

  func companyJSON(_ company: DeskCompany, showsMembers: Bool) -> JSON {
    func text(_ key: String) -> JSON { .string(company.texts[key] ?? "") }
    let members = customersOfCompany[company.id] ?? []
    var json: [JSON.Member] = [
      .init(name: "id", value: .int(company.id)), .init(name: "name", value: .string(company.name)),
      .init(name: "website", value: text("website")), .init(name: "email", value: text("email")),
      .init(name: "details", value: text("details")), .init(name: "description", value: text("description")),
      .init(name: "note", value: text("note")), .init(name: "industry", value: text("industry")),
      .init(name: "kind", value: .string(company.kind)), .init(name: "permission", value: .string(company.permission)),
      .init(name: "avatarPath", value: ""), .init(name: "customersCount", value: .int(members.count)),
      .init(name: "address", value: .null),
      .init(name: "domains", value: .array(company.domainIDs.map { relation($0, "domains") })),
    ]
    if showsMembers {
      json.append(
        .init(name: "customers", value: .array(members.sorted().map { relation(customers[$0].id, "customers") })))
    }
    return .object(json + stampMembers(company.stamp))
  }

  private func included(with shown: [DeskCompany], _ includes: DeskIncludes, root: String) -> JSON {
    var members: [JSON.Member] = []
    if includes.contains("domains") {
      let rows = shown.flatMap(\.domainIDs).compactMap { domains.record(id: $0) }
      members.append(.init(name: "domains", value: .array(rows.map(\.json))))
    }
    if includes.contains("customers") {
      let places = shown.flatMap { (customersOfCompany[$0.id] ?? []).sorted() }
      members.append(
        .init(name: "customers", value: .array(places.map { customerJSON(customers[$0], root: root) })))
    }
    if includes.contains("users") { members.append(.init(name: "users", value: .array(DeskEmulation.agents))) }
    return .object(members)
  }

  private func whole(_ company: DeskCompany, _ includes: DeskIncludes, root: String, fields: DeskFields? = nil) -> JSON
  {
    let json = companyJSON(company, showsMembers: includes.contains("customers"))
    return [
      "company": fields?.restricted(json) ?? json, "included": included(with: [company], includes, root: root),
    ]
  }

  // MARK: - Writing

  mutating func newCompany(_ request: EmulatedRequest, at moment: Moment) throws(DeskRefusal) -> EmulatedResponse {
    let (body, record) = try record(request, "company")
    guard record["name"]?.text?.isEmpty == false else { throw .invalid("name", "must be set") }
    let place = try addCompany(record, included: body["included"], by: Self.apiAgent, at: moment)
    counters.created["companies", default: 0] += 1
    noteProjects(body, companies[place])
    return EmulatedResponse(201, whole(companies[place], .all, root: moment.root))
  }

  /// Adds a company and returns its place.
  mutating func addCompany(
    _ record: JSON, included: JSON?, by agent: Int, at moment: Moment
  ) throws(DeskRefusal) -> Int {
    let blank = DeskCompany(
      id: (companies.records.last?.id ?? 15) + 1, name: "",
      stamp: DeskStamp(created: moment.seconds, createdBy: agent, updated: moment.seconds, updatedBy: agent))
    var draft = blank
    try fill(&draft, from: record)
    try checkRelations(included, of: draft)
    companies.append(draft)
    try changeRelations(included, of: companies.records.count - 1, by: agent, at: moment)
    return companies.records.count - 1
  }

  mutating func companyAnswer(
    _ request: EmulatedRequest, _ id: Int?, at moment: Moment
  ) throws(DeskRefusal) -> EmulatedResponse {
    guard let place = id.flatMap({ companies.place(id: $0) }) else { throw .notFound("company") }
    let isGone = companies[place].isDeleted
    if request.method == "GET" {
      guard !isGone || ways[.readsDeleted] else { throw .notFound("company") }
      return EmulatedResponse(
        200,
        whole(companies[place], DeskIncludes(request), root: moment.root, fields: DeskFields(request)))
    }
    guard !isGone else { throw .notFound("company") }
    switch request.method {
    case "PATCH", "PUT":
      let (body, record) = try record(request, "company")
      if request.method == "PUT" { counters.puts += 1 }
      try update(
        place, record, included: body["included"], blanks: request.method == "PUT" && ways[.putBlanks],
        by: Self.apiAgent, at: moment)
      counters.updated["companies", default: 0] += 1
      noteProjects(body, companies[place])
      return EmulatedResponse(200, whole(companies[place], .all, root: moment.root))
    case "DELETE":
      deleteCompany(place, by: Self.apiAgent, at: moment)
      counters.deleted["companies", default: 0] += 1
      return deletedAnswer
    default: throw .methodNotAllowed
    }
  }

  /// `PATCH /companies/update.json?filter=..`
  mutating func bulkCompanies(_ request: EmulatedRequest, at moment: Moment) throws(DeskRefusal) -> EmulatedResponse {
    guard request.method == "PATCH" else { throw .methodNotAllowed }
    let selection = try companySelection(request, isSearch: false)
    let record = try record(request, "company").record
    let count = companies.count(of: selection)
    let places = companies.places(of: selection, from: 0, count: count)
    for place in places {
      try update(place, record, included: nil, blanks: false, by: Self.apiAgent, at: moment)
    }
    counters.bulkUpdates += 1
    counters.updated["companies", default: 0] += places.count
    return EmulatedResponse(200, ["updated": .int(places.count)])
  }

  /// "createInProjects = also create the client in Teamwork.com": nobody is there to do it, so it is counted.
  private mutating func noteProjects(_ body: JSON, _ company: DeskCompany) {
    if body["createInProjects"]?.flag == true { counters.createdInProjects.append(company.name) }
    noteUnknown(body, known: ["company", "included", "createInProjects"])
  }

  /// Changes a company; nothing is stored when anything is refused.
  mutating func update(
    _ place: Int, _ record: JSON, included: JSON?, blanks: Bool, by agent: Int, at moment: Moment
  ) throws(DeskRefusal) {
    var draft = companies[place]
    if blanks { draft.texts = [:] }
    try fill(&draft, from: record)
    try checkRelations(included, of: draft)
    let former = companies[place]
    let changesDomainsOnly =
      included?["domains"] != nil && draft.name == former.name && draft.texts == former.texts
      && draft.kind == former.kind && draft.permission == former.permission && included?["customers"] == nil
    if !changesDomainsOnly || ways[.domainsMoveUpdated] {
      draft.stamp.updated = moment.seconds
      draft.stamp.updatedBy = agent
    }
    replaceCompany(place, with: draft)
    try changeRelations(included, of: place, by: agent, at: moment)
  }

  private mutating func replaceCompany(_ place: Int, with company: DeskCompany) {
    // Customers can be selected and ordered by the name of their company.
    if companies[place].name != company.name { customers.forgetListings() }
    companies.replace(place, with: company)
  }

  private mutating func fill(_ draft: inout DeskCompany, from record: JSON) throws(DeskRefusal) {
    for member in record.members ?? [] {
      switch (member.name, member.value) {
      case ("name", .string(let text)):
        guard text.contains(where: { !$0.isWhitespace }) else { throw .invalid("name", "must be set") }
        try checkName(text, of: draft.id)
        draft.name = text
      case ("name", _): throw .invalid("name", "must be a text")
      case ("kind", "company"), ("kind", "group"): draft.kind = member.value.text ?? "company"
      case ("kind", _): throw .invalid("kind", "must be company or group")
      case ("permission", "own"), ("permission", "all"): draft.permission = member.value.text ?? "own"
      case ("permission", _): throw .invalid("permission", "must be own or all")
      case (let key, .string(let text)) where DeskCompany.writtenTexts.contains(key): draft.texts[key] = text
      case (let key, .null) where DeskCompany.writtenTexts.contains(key): break
      case (let key, _) where DeskCompany.writtenTexts.contains(key): throw .invalid(key, "must be a text")
      default: counters.ignoredKeys[member.name, default: 0] += 1
      }
    }
  }

  /// "Company name unique".
  private func checkName(_ name: String, of id: Int) throws(DeskRefusal) {
    let ignoresCase = ways[.nameConflictIgnoresCase]
    let wanted = ignoresCase ? name.lowercased() : name
    let isTaken = companies.records.contains {
      !$0.isDeleted && $0.id != id && (ignoresCase ? $0.name.lowercased() : $0.name) == wanted
    }
    if isTaken { throw .invalid("name", "has already been taken", status: ways[.duplicateNameStatus]) }
  }

  // MARK: - Domains and members

  /// Refuses what ``changeRelations(_:of:by:at:)`` could not carry out.
  private func checkRelations(_ included: JSON?, of company: DeskCompany) throws(DeskRefusal) {
    for row in included?["domains"]?.elements ?? [] {
      if let id = row["id"]?.whole, id != 0 {
        guard company.domainIDs.contains(id) else {
          throw .invalid("domains", "\(id) is not a domain of this company")
        }
        continue
      }
      guard let name = row["name"]?.text, name.contains("."), !name.contains("@") else {
        throw .invalid("domains", "name is not a domain")
      }
      let isTaken = domains.records.contains {
        !$0.isDeleted && $0.companyID != company.id && $0.name.lowercased() == name.lowercased()
      }
      if isTaken { throw .invalid("domains", "\(name) has already been taken") }
    }
    for row in included?["customers"]?.elements ?? [] {
      guard let place = row["id"]?.whole.flatMap({ customers.place(id: $0) }), !customers[place].isDeleted else {
        throw .invalid("customers", "\(row["id"]?.encoded ?? "null") does not exist")
      }
    }
  }

  private mutating func changeRelations(
    _ included: JSON?, of place: Int, by agent: Int, at moment: Moment
  ) throws(DeskRefusal) {
    for row in included?["domains"]?.elements ?? [] {
      if let id = row["id"]?.whole, id != 0 {
        if row["delete"]?.flag == true { removeDomain(id, by: agent, at: moment) }
      } else if let name = row["name"]?.text, row["delete"]?.flag != true {
        addDomain(name, to: place, by: agent, at: moment)
      }
    }
    for row in included?["customers"]?.elements ?? [] {
      guard let customer = row["id"]?.whole.flatMap({ customers.place(id: $0) }) else { continue }
      let id = companies[place].id
      if row["delete"]?.flag != true {
        setCompany(id, byDomain: false, of: customer, by: agent, at: moment)
      } else if customers[customer].companyID == id {
        setCompany(nil, byDomain: false, of: customer, by: agent, at: moment)
      }
    }
    for member in included?.members ?? [] where !["domains", "customers"].contains(member.name) {
      counters.ignoredKeys["included.\(member.name)", default: 0] += 1
    }
  }

  /// Adds a domain, which draws in the customers who are in no company.
  mutating func addDomain(_ name: String, to place: Int, by agent: Int?, at moment: Moment) {
    var company = companies[place]
    guard !company.domainIDs.contains(where: { domains.record(id: $0)?.name.lowercased() == name.lowercased() }) else {
      return
    }
    let domain = DeskDomain(id: (domains.records.last?.id ?? 300) + 1, name: name, companyID: company.id)
    domains.append(domain)
    company.domainIDs.append(domain.id)
    replaceCompany(place, with: company)
    for customer in customers.records.indices where customers[customer].companyID == nil {
      guard !customers[customer].isDeleted, let found = customers[customer].domain, domain.covers(found) else {
        continue
      }
      setCompany(company.id, byDomain: true, of: customer, by: agent, at: moment)
    }
  }

  /// "Removing a domain from a company removes the customers that were in it by that domain."
  mutating func removeDomain(_ id: Int, by agent: Int?, at moment: Moment) {
    guard let place = domains.place(id: id), !domains[place].isDeleted else { return }
    var domain = domains[place]
    domain.isDeleted = true
    domains.replace(place, with: domain)
    if let owner = companies.place(id: domain.companyID) {
      var company = companies[owner]
      company.domainIDs.removeAll { $0 == id }
      replaceCompany(owner, with: company)
    }
    for customer in customersOfCompany[domain.companyID] ?? [] {
      guard customers[customer].joinedByDomain, let found = customers[customer].domain, domain.covers(found) else {
        continue
      }
      setCompany(nil, byDomain: false, of: customer, by: agent, at: moment)
    }
  }

  /// Soft; the customers stay, in no company.
  mutating func deleteCompany(_ place: Int, by agent: Int, at moment: Moment) {
    let id = companies[place].id
    for customer in (customersOfCompany[id] ?? []).sorted() {
      setCompany(nil, byDomain: false, of: customer, by: agent, at: moment)
    }
    for domain in companies[place].domainIDs { removeDomain(domain, by: agent, at: moment) }
    var company = companies[place]
    company.stamp.deleted = moment.seconds
    company.stamp.updated = moment.seconds
    company.stamp.updatedBy = agent
    replaceCompany(place, with: company)
  }
}
