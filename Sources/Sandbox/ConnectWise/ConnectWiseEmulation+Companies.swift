// Companies: listing, reading, creating and changing them, their statuses, types and sites, and the small catalogues.

extension ConnectWiseEmulation {
  private var companyTable: ConnectWiseTable<ConnectWiseCompany> {
    var fields: [String: (ConnectWiseCompany) -> ConditionValue] = [
      "id": { ConditionValue($0.id) }, "identifier": { .text($0.identifier) }, "name": { .text($0.name) },
      "status/id": { ConditionValue($0.status.id) }, "status/name": { .text($0.status.name) },
      "deletedflag": { .flag($0.isDeleted) }, "leadflag": { _ in .flag(false) }, "isvendorflag": { _ in .flag(false) },
      "parentcompany/id": { $0.parentID.map { ConditionValue($0) } ?? .null },
      "lastupdated": { .instant(Double($0.stamp.updated)) },
      "_info/lastupdated": { .instant(Double($0.stamp.updated)) },
      "_info/updatedby": { .text($0.stamp.updatedBy) }, "dateentered": { .instant(Double($0.stamp.entered)) },
    ]
    for name in ConnectWiseCompany.textFields.keys {
      fields[name.lowercased()] = { ConditionValue($0.texts[name] ?? (name == "website" ? "" : nil)) }
    }
    let table = fields
    return ConnectWiseTable(
      id: \.id, field: { table[$0] },
      children: [
        "types": { company in
          company.types.map { type in
            { $0 == "id" ? ConditionValue(type.id) : $0 == "name" ? .text(type.name) : nil }
          }
        }
      ],
      childFields: ["types/id", "types/name"], json: { json($0) })
  }

  func json(_ company: ConnectWiseCompany) -> JSON {
    company.json(parent: company.parentID.flatMap { self.company($0) })
  }

  mutating func companyAnswer(
    _ request: EmulatedRequest, _ rest: [String], at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    switch (request.method, rest.first) {
    case ("POST", nil):
      let company = try newCompany(from: record(request), at: moment)
      return EmulatedResponse(
        201, json(company), headers: [.init(name: "Location", value: "\(url(of: request, at: moment))/\(company.id)")])
    case ("GET", nil):
      return try ConnectWiseListing(request).answer(
        ConnectWiseCandidates(records: companies), companyTable, url: url(of: request, at: moment),
        endsEarly: moment.endsListingsEarly)
    case ("GET", "count") where rest.count == 1:
      let candidates = ConnectWiseCandidates(records: companies)
      return EmulatedResponse(
        200, ["count": .int(try ConnectWiseListing(request).matches(candidates, companyTable).count)])
    case ("GET", "statuses"):
      return try catalogue(
        CompanyStatus.all, Array(rest.dropFirst()), request, at: moment, id: \.id, label: ("name", \.name), json: \.json
      )
    case ("GET", "types"):
      return try catalogue(
        CompanyType.all, Array(rest.dropFirst()), request, at: moment, id: \.id, label: ("name", \.name), json: \.json)
    default: break
    }
    guard let place = rest.first.flatMap({ Int($0) }).flatMap({ companyPlaces[$0] }) else {
      guard request.method == "GET" || rest.first.flatMap({ Int($0) }) != nil else { throw .methodNotAllowed }
      throw .notFound("Company \(rest.first ?? "")")
    }
    switch (request.method, rest.dropFirst().first) {
    case ("GET", nil):
      let json = json(companies[place])
      return EmulatedResponse(200, ConnectWiseFields(request.option("fields"))?.restricted(json) ?? json)
    case ("PATCH", nil):
      let patch = try ConnectWisePatch(reading: request)
      let company = try patch.applied(to: companies[place], in: self)
      try save(company, at: place, by: ConnectWiseEmulation.apiMember, moment)
      countVain(patch, fields: ["types"], of: "company")
      return EmulatedResponse(200, json(companies[place]))
    case ("GET", "sites") where rest.count == 2:
      let company = companies[place]
      return EmulatedResponse(200, [["id": .int(company.siteID), "name": "Main", "defaultFlag": true]])
    case (_, "typeAssociations"):
      return try typeAssociationAnswer(request, Array(rest.dropFirst(2)), company: place, at: moment)
    case (_, nil): throw .methodNotAllowed
    default: throw .notFound("Resource")
    }
  }

  /// Notes what a patch named and the vendor passed over with a 200.
  mutating func countVain(_ patch: ConnectWisePatch, fields: Set<String>, of resource: String) {
    for operation in patch.operations where operation.path.contains("/") || fields.contains(operation.path) {
      patchesInVain["\(resource) \(operation.path)", default: 0] += 1
    }
  }

  // MARK: - Creating and changing

  mutating func newCompany(
    from body: JSON, by member: String = apiMember, at moment: Moment
  ) throws(ConnectWiseRefusal) -> ConnectWiseCompany {
    let blank = ConnectWiseCompany(
      id: (companies.last?.id ?? 249) + 1, identifier: "", name: "", status: .active, types: [],
      stamp: RecordStamp(entered: moment.seconds, updated: moment.seconds, updatedBy: member))
    var company = try ConnectWisePatch(record: body).applied(to: blank, in: self, isWholeRecord: true)
    if company.types.isEmpty { company.types = CompanyType.all.filter(\.isDefault) }
    var errors = errors(in: company)
    if options.companyNeedsAddress, ConnectWiseCompany.addressFields.allSatisfy({ company.texts[$0] == nil }) {
      errors.append(
        .init(
          code: "MissingRequiredField", message: "At least one address field is required.", field: "addressLine1"))
    }
    guard errors.isEmpty else { throw .invalid(errors, resource: "company") }
    add(company)
    return company
  }

  /// Stores a changed company and stamps it.
  ///
  /// A company whose status disallows saving is only saved with another status.
  mutating func save(
    _ company: ConnectWiseCompany, at place: Int, by member: String, _ moment: Moment
  ) throws(ConnectWiseRefusal) {
    var errors = errors(in: company)
    if companies[place].status.disallowsSaving, company.status.disallowsSaving {
      errors.append(
        .init(
          code: "InvalidOperation", message: "The status of company \(company.identifier) does not allow saving.",
          field: "status"))
    }
    guard errors.isEmpty else { throw .invalid(errors, resource: "company") }
    var company = company
    company.stamp.updated = moment.seconds
    company.stamp.updatedBy = member
    replaceCompany(place, with: company)
  }

  /// What a company must be in order to be saved.
  private func errors(in company: ConnectWiseCompany) -> [ConnectWiseRefusal.FieldError] {
    var errors: [ConnectWiseRefusal.FieldError] = []
    for (field, text, most) in [
      ("identifier", company.identifier, ConnectWiseCompany.longestIdentifier),
      ("name", company.name, ConnectWiseCompany.longestName),
    ] {
      if text.isEmpty {
        errors.append(.init(code: "MissingRequiredField", message: "The \(field) field is required.", field: field))
      } else if let error = ConnectWiseRefusal.FieldError(limiting: field, text, to: most) {
        errors.append(error)
      }
    }
    for (name, text) in company.texts.sorted(by: { $0.key < $1.key }) {
      if let error = ConnectWiseRefusal.FieldError(limiting: name, text, to: ConnectWiseCompany.textFields[name] ?? 50)
      {
        errors.append(error)
      }
    }
    // A deleted company keeps its identifier.
    if let other = companyIDs[company.identifier.lowercased()], other != company.id {
      errors.append(
        .init(
          code: "ObjectExists", message: "The identifier \(company.identifier) is already in use.", field: "identifier")
      )
    }
    return errors
  }

  /// `/company/companies/{id}/typeAssociations`, the only way to another type once a company exists.
  private mutating func typeAssociationAnswer(
    _ request: EmulatedRequest, _ rest: [String], company place: Int, at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    let company = companies[place]
    func row(_ type: CompanyType) -> JSON {
      ["id": .int(company.id * 100 + type.id), "type": type.reference, "company": company.reference]
    }
    var changed = company
    switch (request.method, rest.count) {
    case ("GET", 0): return EmulatedResponse(200, .array(company.types.map(row)))
    case ("POST", 0):
      guard let type = try record(request)["type"]?["id"]?.whole.flatMap({ CompanyType.with(id: $0) }) else {
        throw .invalid(
          [.init(code: "InvalidReference", message: "The type does not exist.", field: "type")],
          resource: "companyTypeAssociation")
      }
      guard !company.types.contains(where: { $0.id == type.id }) else {
        throw .invalid(
          [.init(code: "ObjectExists", message: "The company already has this type.", field: "type")],
          resource: "companyTypeAssociation")
      }
      changed.types.append(type)
      try save(changed, at: place, by: ConnectWiseEmulation.apiMember, moment)
      return EmulatedResponse(201, row(type))
    case (_, 1):
      guard let id = Int(rest[0]), let index = company.types.firstIndex(where: { company.id * 100 + $0.id == id })
      else {
        throw .notFound("CompanyTypeAssociation \(rest[0])")
      }
      if request.method == "GET" { return EmulatedResponse(200, row(company.types[index])) }
      guard request.method == "DELETE" else { throw .methodNotAllowed }
      changed.types.remove(at: index)
      try save(changed, at: place, by: ConnectWiseEmulation.apiMember, moment)
      return EmulatedResponse(status: 204)
    default: throw .methodNotAllowed
    }
  }

  /// A small table: its rows, their count, or one of them.
  func catalogue<Row>(
    _ rows: [Row], _ rest: [String], _ request: EmulatedRequest, at moment: Moment, id: @escaping (Row) -> Int,
    label: (name: String, of: (Row) -> String), json: @escaping (Row) -> JSON
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    let table = ConnectWiseTable<Row>(
      id: id,
      field: { path in
        if path == "id" { return { ConditionValue(id($0)) } }
        if path == label.name { return { .text(label.of($0)) } }
        // Flags are found by their name on the wire.
        return { row in
          guard let member = json(row).members?.first(where: { $0.name.lowercased() == path }) else { return .null }
          return member.value.flag.map { .flag($0) } ?? .null
        }
      }, children: [:], childFields: [], json: json)
    let candidates = ConnectWiseCandidates(records: rows)
    switch rest.first {
    case nil:
      return try ConnectWiseListing(request).answer(
        candidates, table, url: url(of: request, at: moment), endsEarly: moment.endsListingsEarly)
    case "count" where rest.count == 1:
      return EmulatedResponse(200, ["count": .int(try ConnectWiseListing(request).matches(candidates, table).count)])
    default:
      guard rest.count == 1, let wanted = rest.first.flatMap({ Int($0) }),
        let row = rows.first(where: { id($0) == wanted })
      else { throw .notFound("Record") }
      return EmulatedResponse(200, json(row))
    }
  }
}
