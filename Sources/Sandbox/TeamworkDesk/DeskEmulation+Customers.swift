// Customers: listing, reading, and what they look like.

import Foundation

extension DeskEmulation {
  // MARK: - Fields

  /// What customers can be filtered and ordered by; `email` is only for order, relation paths for both.
  ///
  /// Source: the vendor's list of allowed fields, and the paths that its own server for models sends.
  func customerField(_ path: String) -> DeskField<DeskCustomer>? {
    func text(_ value: @escaping @Sendable (DeskCustomer) -> String) -> DeskField<DeskCustomer> {
      DeskField { [.text(value($0))] }
    }
    func flag(_ value: @escaping @Sendable (DeskCustomer) -> Bool) -> DeskField<DeskCustomer> {
      DeskField { [.flag(value($0))] }
    }
    func instant(_ value: @escaping @Sendable (DeskCustomer) -> Int?) -> DeskField<DeskCustomer> {
      DeskField(isInstant: true) { [value($0).map { .number(Double($0)) } ?? .null] }
    }
    func number(_ value: @escaping @Sendable (DeskCustomer) -> Int?) -> DeskField<DeskCustomer> {
      DeskField { [value($0).map { .number(Double($0)) } ?? .null] }
    }
    let companies = companies
    let fromPoints = ways[.contactPointsFillNetworks]
    switch path {
    case "id": return number { $0.id }
    case "firstName": return text { $0.firstName }
    case "lastName": return text { $0.lastName }
    case "jobTitle": return text { $0.jobTitle ?? "" }
    case "phone", "mobile", "address", "organization", "externalId": return text { $0.texts[path] ?? "" }
    case "avatarURL": return text { $0.avatar }
    case "facebookURL": return text { $0.handle("facebook", fromPoints: fromPoints) }
    case "linkedinURL": return text { $0.handle("linkedin", fromPoints: fromPoints) }
    case "twitterHandle": return text { $0.handle("twitter", fromPoints: fromPoints) }
    case "permission": return text { $0.permission }
    case "addMethod": return text { $0.joinedByDomain ? "auto" : "manual" }
    case "state": return text { $0.isDeleted ? "deleted" : "active" }
    case "trusted": return flag { $0.isTrusted }
    case "verifiedEmail": return flag { $0.hasVerifiedEmail }
    case "welcomeEmailSent": return flag { $0.wasWelcomed }
    case "createdAt": return instant { $0.stamp.created }
    case "updatedAt": return instant { $0.stamp.updated }
    case "deletedAt": return instant { $0.stamp.deleted }
    case "createdBy": return number { $0.stamp.createdBy }
    case "updatedBy": return number { $0.stamp.updatedBy }
    case "contacts.value": return DeskField { $0.points.map { .text($0.value) } }
    case "contacts.type": return DeskField { $0.points.map { .text($0.type) } }
    case "contacts.isMain": return DeskField { $0.points.map { .flag($0.isMain) } }
    case "contacts.id": return DeskField { $0.points.map { .number(Double($0.id)) } }
    case "companies.id": return number { $0.companyID }
    case "companies.name":
      return DeskField { [$0.companyID.flatMap { companies.record(id: $0) }.map { .text($0.name) } ?? .null] }
    default: return nil
    }
  }

  private func customerKey(_ order: String) throws(DeskRefusal) -> @Sendable (DeskCustomer) -> Customers.Key {
    if order == "id" || order.isEmpty { return { .init(number: $0.id) } }
    if order == "email" || order == "contacts.value" { return { .init(text: $0.email.lowercased()) } }
    guard let field = customerField(order) else { throw .invalid("orderBy", "\(order) is not an allowed field") }
    return { DeskEmulation.key(field.values($0).first) }
  }

  static func key<Record>(_ value: DeskValue?) -> TeamworkTable<Record>.Key {
    switch value {
    case .text(let text): .init(text: text.lowercased())
    case .number(let number): .init(number: Int(exactly: number.rounded(.down)) ?? 0)
    case .flag(let flag): .init(number: flag ? 1 : 0)
    case .null, nil: .init(number: Int.min)
    }
  }

  /// Whether a listing shows deleted rows: by default only where the filter speaks of them.
  func showsDeleted(_ filter: DeskFilter) -> Bool {
    if ways[.hidesDeleted] { return false }
    return ways[.listsDeleted] || filter.paths.contains { $0 == "state" || $0.hasPrefix("deleted") }
  }

  // MARK: - Listing

  func customerSelection(_ request: EmulatedRequest, isSearch: Bool) throws(DeskRefusal) -> (
    Customers.Selection, DeskFilter
  ) {
    let text = isSearch ? nil : request.option("filter")
    let filter = try DeskFilter(
      reading: text, ignoresUnknown: ways[.ignoresUnknownFilters], isInstant: { customerField($0)?.isInstant })
    var fields: [String: DeskField<DeskCustomer>] = [:]
    for path in filter.paths { fields[path] = customerField(path) }
    let order = isSearch ? "" : request.option("orderBy") ?? ""
    let shows = showsDeleted(filter)
    let ignoresCase = ways[.filtersIgnoreCase]
    let term = isSearch ? (request.option("search") ?? request.option("q") ?? "").lowercased() : ""
    let table = fields
    let selection = Customers.Selection(
      name: "\(isSearch ? "search \(term)" : text ?? "") by \(order)",
      accepts: { customer in
        if customer.isDeleted && !shows { return false }
        if !term.isEmpty {
          return "\(customer.firstName) \(customer.lastName)".lowercased().contains(term)
            || customer.points.contains { $0.value.lowercased().contains(term) }
        }
        return filter.holds(ignoringCase: ignoresCase) { table[$0]?.values(customer) ?? [] }
      }, key: try customerKey(order))
    return (selection, filter)
  }

  mutating func customerListing(
    _ request: EmulatedRequest, isSearch: Bool, at moment: Moment
  ) throws(DeskRefusal) -> EmulatedResponse {
    let listing = DeskListing(request, isSearch: isSearch, defaultSize: ways[.defaultPageSize])
    let (selection, filter) = try customerSelection(request, isSearch: isSearch)
    let candidates = customers.holds(selection.name) ? nil : customerCandidates(filter)
    let total = customers.count(of: selection, among: candidates)
    let length = max(0, min(listing.pageSize, total - listing.start))
    let places = customers.places(
      of: selection, from: listing.start, count: moment.endsListingsEarly ? length / 2 : length,
      isDescending: listing.isDescending)
    let fields = DeskFields(request)
    let rows = places.map { place -> String in
      if fields == nil, let text = customers.text(at: place, form: "row") { return text }
      let json = customerJSON(customers[place], root: moment.root)
      if let fields { return fields.restricted(json).encoded }
      let text = json.encoded
      customers.keep(text, at: place, form: "row")
      return text
    }
    let shown = places.map { customers[$0] }
    return answer(
      "customers", rows, included: included(with: shown, DeskIncludes(request)),
      blocks: listing.blocks(rows: rows.count, total: total, endsEarly: moment.endsListingsEarly))
  }

  /// The places among which all rows must be, where an index tells; `nil` where it does not.
  mutating func customerCandidates(_ filter: DeskFilter) -> [Int]? {
    if let ids = filter.required("id") {
      return ids.compactMap { value in
        switch value {
        case .number(let number): Int(exactly: number).flatMap { customers.place(id: $0) }
        case .text(let text): Int(text).flatMap { customers.place(id: $0) }
        case .flag, .null: nil
        }
      }
    }
    if let values = filter.required("contacts.value") {
      return values.flatMap { value -> [Int] in
        guard case .text(let text) = value else { return [] }
        return customersOfAddress[text.lowercased()] ?? []
      }
    }
    guard let least = filter.least("updatedAt"), let from = Int(exactly: least.rounded(.down)) else { return nil }
    let byUpdate = Customers.Selection(
      name: " by update", accepts: { _ in true }, key: { .init(number: $0.stamp.updated) })
    return customers.places(of: byUpdate, from: from)
  }

  // MARK: - JSON

  func customerJSON(_ customer: DeskCustomer, root: String) -> JSON {
    let fromPoints = ways[.contactPointsFillNetworks]
    func text(_ key: String) -> JSON { .string(customer.texts[key] ?? "") }
    var members: [JSON.Member] = [
      .init(name: "id", value: .int(customer.id)), .init(name: "firstName", value: .string(customer.firstName)),
      .init(name: "lastName", value: .string(customer.lastName)), .init(name: "email", value: .string(customer.email)),
      .init(name: "organization", value: text("organization")),
      .init(name: "jobTitle", value: customer.jobTitle.map { .string($0) } ?? .null),
      .init(name: "phone", value: text("phone")), .init(name: "mobile", value: text("mobile")),
      .init(name: "address", value: text("address")),
      .init(name: "avatarURL", value: .string(shownAddress(customer.avatar, root: root))),
    ]
    for network in ["twitter", "facebook", "linkedin"] {
      members.append(
        .init(
          name: DeskCustomer.networks[network] ?? network,
          value: .string(customer.handle(network, fromPoints: fromPoints))))
    }
    members += [
      .init(name: "externalId", value: text("externalId")), .init(name: "notes", value: text("notes")),
      .init(name: "extraData", value: text("extraData")),
      .init(name: "permission", value: .string(customer.permission)),
      .init(name: "addMethod", value: customer.joinedByDomain ? "auto" : "manual"),
      .init(name: "trusted", value: .bool(customer.isTrusted)),
      .init(name: "verifiedEmail", value: .bool(customer.hasVerifiedEmail)),
      .init(name: "numTickets", value: .int(customer.ticketCount)),
      .init(name: "welcomeEmailSent", value: .bool(customer.wasWelcomed)),
      // "contacts may be null".
      .init(
        name: "contacts",
        value: customer.points.isEmpty ? .null : .array(customer.points.map { relation($0.id, "contacts") })),
    ]
    let company = customer.companyID.map { relation($0, "companies") }
    if ways[.companiesRelation] {
      members.append(.init(name: "companies", value: .array(company.map { [$0] } ?? [])))
    } else {
      members.append(.init(name: "company", value: company ?? .null))
    }
    return .object(members + stampMembers(customer.stamp))
  }

  func stampMembers(_ stamp: DeskStamp) -> [JSON.Member] {
    var members = stamp.members
    members.append(.init(name: "createdBy", value: stamp.createdBy.map { relation($0, "users") } ?? .null))
    members.append(.init(name: "updatedBy", value: stamp.updatedBy.map { relation($0, "users") } ?? .null))
    return members
  }

  /// Side-loaded records: arrays, joined by id.
  func included(with shown: [DeskCustomer], _ includes: DeskIncludes) -> JSON {
    var members: [JSON.Member] = []
    if includes.contains("contacts") {
      members.append(.init(name: "contacts", value: .array(shown.flatMap { $0.points.map(\.json) })))
    }
    if includes.contains("companies") {
      let ids = Set(shown.compactMap(\.companyID)).sorted()
      let rows = ids.compactMap { companies.record(id: $0) }.map { company -> JSON in
        ["id": .int(company.id), "name": .string(company.name), "kind": .string(company.kind)]
      }
      members.append(.init(name: "companies", value: .array(rows)))
    }
    if includes.contains("users") { members.append(.init(name: "users", value: .array(DeskEmulation.agents))) }
    if includes.contains("customerwelcomeemails") {
      let rows = shown.filter(\.wasWelcomed).map { customer -> JSON in ["customer": .int(customer.id)] }
      members.append(.init(name: "customerwelcomeemails", value: .array(rows)))
    }
    return .object(members)
  }

  /// One customer with everything that belongs to it, as reads of one and answers to writes show it.
  func whole(_ customer: DeskCustomer, _ includes: DeskIncludes, root: String, fields: DeskFields? = nil) -> JSON {
    let json = customerJSON(customer, root: root)
    return ["customer": fields?.restricted(json) ?? json, "included": included(with: [customer], includes)]
  }

  // MARK: - One customer

  mutating func customerAnswer(
    _ request: EmulatedRequest, _ id: Int?, at moment: Moment
  ) throws(DeskRefusal) -> EmulatedResponse {
    guard let place = id.flatMap({ customers.place(id: $0) }) else { throw .notFound("customer") }
    let isGone = customers[place].isDeleted
    if request.method == "GET" {
      guard !isGone || ways[.readsDeleted] else { throw .notFound("customer") }
      return EmulatedResponse(
        200,
        whole(customers[place], DeskIncludes(request), root: moment.root, fields: DeskFields(request)))
    }
    guard !isGone else { throw .notFound("customer") }
    switch request.method {
    case "PATCH", "PUT":
      try update(place, request, at: moment)
      return EmulatedResponse(200, whole(customers[place], .all, root: moment.root))
    case "DELETE":
      deleteCustomer(place, by: Self.apiAgent, at: moment)
      counters.deleted["customers", default: 0] += 1
      return deletedAnswer
    default: throw .methodNotAllowed
    }
  }
}
