// E-mail domains of companies, a sub-resource of v3.

extension TeamworkEmulation {
  /// `companies/{id}/domains` and `companies/domains/{domain}`.
  mutating func domainAnswer(
    _ request: EmulatedRequest, _ resource: [String], at moment: Moment
  ) throws(TeamworkRefusal) -> EmulatedResponse {
    try needWrite("companies")
    if resource[2] == "domains" {
      guard let place = seenCompany(Int(resource[1])) else { throw .notFound("company") }
      guard request.method == "POST" else { throw .methodNotAllowed }
      return try newDomains(request, of: place)
    }
    guard resource[1] == "domains", let place = Int(resource[2]).flatMap({ domains.place(id: $0) }),
      !domains[place].isDeleted
    else { throw .notFound("domain") }
    var domain = domains[place]
    switch request.method {
    case "PATCH":
      let record = try record(request, envelope: "companyDomain", status: 400).1
      domain.name = try freeName(record["domain"], of: domain.id)
      domains.replace(place, with: domain)
      return EmulatedResponse(200, ["domain": domain.json])
    case "DELETE":
      domain.isDeleted = true
      domains.replace(place, with: domain)
      if let place = companies.place(id: domain.companyID) {
        var company = companies[place]
        company.domainIDs.removeAll { $0 == domain.id }
        companies.replace(place, with: company)
      }
      counters.deleted["domains", default: 0] += 1
      return EmulatedResponse(status: 204)
    default: throw .methodNotAllowed
    }
  }

  private mutating func newDomains(
    _ request: EmulatedRequest, of place: Int
  ) throws(TeamworkRefusal) -> EmulatedResponse {
    guard let rows = (try? request.json())?["companyDomains"]?.elements else {
      throw .invalid("companyDomains must be a list")
    }
    var names: [String] = []
    for row in rows {
      let name = try freeName(row["domain"], of: 0)
      guard !names.contains(name) else { throw .conflict("Domain already in use") }
      names.append(name)
    }
    let added = names.map { addDomain($0, to: place) }
    counters.created["domains", default: 0] += added.count
    return EmulatedResponse(201, ["domains": .array(added.map(\.json))])
  }

  /// Adds a domain to a company.
  @discardableResult
  mutating func addDomain(_ name: String, to place: Int) -> TeamworkDomain {
    var company = companies[place]
    let domain = TeamworkDomain(id: (domains.records.last?.id ?? 40) + 1, name: name, companyID: company.id)
    domains.append(domain)
    company.domainIDs.append(domain.id)
    companies.replace(place, with: company)
    return domain
  }

  /// "One company per domain".
  private func freeName(_ value: JSON?, of id: Int) throws(TeamworkRefusal) -> String {
    guard let name = value?.text, name.contains("."), !name.contains(where: { $0.isWhitespace || $0 == "@" }) else {
      throw .invalid("domain is not a domain")
    }
    let isTaken = domains.records.contains {
      !$0.isDeleted && $0.id != id && $0.name.lowercased() == name.lowercased()
    }
    if isTaken { throw .conflict("Domain already in use") }
    return name
  }
}
