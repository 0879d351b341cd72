// Reading companies, their statuses, types and sites, and the small catalogues.

extension ConnectWiseEmulation {
  private var companyTable: ConnectWiseTable<ConnectWiseCompany> {
    let fields: [String: (ConnectWiseCompany) -> ConditionValue] = [
      "id": { ConditionValue($0.id) }, "identifier": { .text($0.identifier) }, "name": { .text($0.name) },
      "status/id": { ConditionValue($0.status.id) }, "status/name": { .text($0.status.name) },
      "deletedflag": { .flag($0.isDeleted) }, "phonenumber": { .text($0.phone) }, "city": { _ in .text("Tampa") },
      "state": { _ in .text("FL") }, "zip": { _ in .text("33602") }, "website": { _ in .text("") },
      "leadflag": { _ in .flag(false) }, "isvendorflag": { _ in .flag(false) },
      "lastupdated": { .instant(Double($0.stamp.updated)) },
      "_info/lastupdated": { .instant(Double($0.stamp.updated)) },
      "_info/updatedby": { .text($0.stamp.updatedBy) }, "dateentered": { .instant(Double($0.stamp.entered)) },
    ]
    return ConnectWiseTable(
      id: \.id, field: { fields[$0] },
      children: [
        "types": { company in
          company.types.map { type in
            { $0 == "id" ? ConditionValue(type.id) : $0 == "name" ? .text(type.name) : nil }
          }
        }
      ],
      childFields: ["types/id", "types/name"], json: \.json)
  }

  func companyAnswer(
    _ request: EmulatedRequest, _ rest: [String], at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    let url = url(of: request, at: moment)
    switch rest.first {
    case nil:
      let listing = try ConnectWiseListing(request)
      let matches = try listing.matches(companies, companyTable)
      return try listing.page(matches, companyTable, url: url, endsEarly: moment.endsListingsEarly)
    case "count" where rest.count == 1:
      return EmulatedResponse(
        200, ["count": .int(try ConnectWiseListing(request).matches(companies, companyTable).count)])
    case "statuses":
      return try catalogue(
        CompanyStatus.all, Array(rest.dropFirst()), request, at: moment, id: \.id, label: ("name", \.name), json: \.json
      )
    case "types":
      return try catalogue(
        CompanyType.all, Array(rest.dropFirst()), request, at: moment, id: \.id, label: ("name", \.name), json: \.json)
    default:
      guard let company = rest.first.flatMap({ Int($0) }).flatMap({ self.company($0) }) else {
        throw .notFound("Company \(rest.first ?? "")")
      }
      switch rest.dropFirst() {
      case []:
        return EmulatedResponse(
          200, ConnectWiseFields(request.option("fields"))?.restricted(company.json) ?? company.json)
      case ["sites"]:
        return EmulatedResponse(200, [["id": .int(company.siteID), "name": "Main", "defaultFlag": true]])
      default: throw .notFound("Resource")
      }
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
    switch rest.first {
    case nil:
      let listing = try ConnectWiseListing(request)
      return try listing.page(
        try listing.matches(rows, table), table, url: url(of: request, at: moment), endsEarly: moment.endsListingsEarly)
    case "count" where rest.count == 1:
      return EmulatedResponse(200, ["count": .int(try ConnectWiseListing(request).matches(rows, table).count)])
    default:
      guard rest.count == 1, let wanted = rest.first.flatMap({ Int($0) }),
        let row = rows.first(where: { id($0) == wanted })
      else { throw .notFound("Record") }
      return EmulatedResponse(200, json(row))
    }
  }
}
