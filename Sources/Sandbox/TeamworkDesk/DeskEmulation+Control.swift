// What control does to Desk: agents at work, incoming mail, and the instance's ways.

extension DeskEmulation {
  var controlRoutes: [ControlRoute] {
    [
      ControlRoute("GET", "/control/desk/companies", "All companies that are not deleted."),
      ControlRoute(
        "POST", "/control/desk/companies",
        "Creates a company: name, website, email, details, kind, domains; add-as-client is only counted.",
        example: #"{"name":"Harbour Bakery","website":"https://harbour.example","domains":["harbour.example"]}"#),
      ControlRoute("GET", "/control/desk/companies/{company}", "One company, by id or name."),
      ControlRoute(
        "PATCH", "/control/desk/companies/{company}", "Edits a company; {} edits and saves without change.",
        example: #"{"website":"https://www.harbour.example"}"#),
      ControlRoute("DELETE", "/control/desk/companies/{company}", "Deletes a company; its customers stay, in none."),
      ControlRoute(
        "POST", "/control/desk/companies/{company}/domains",
        "Adds a domain, which draws in the customers who are in no company.", example: #"{"domain":"harbour.example"}"#),
      ControlRoute(
        "DELETE", "/control/desk/companies/{company}/domains/{domain}",
        "Removes a domain, and from the company those who were in it by that domain."),
      ControlRoute("GET", "/control/desk/customers", "All customers that are not deleted; ?company= for one company."),
      ControlRoute(
        "POST", "/control/desk/customers",
        "Creates a customer by hand: firstName, lastName, jobTitle, email, alternatives, company (else the domain chooses), "
          + "twitter, facebook, linkedin, avatarURL, phone, mobile, address, externalId, notes.",
        example: #"{"firstName":"Una","lastName":"Byrne","email":"una@harbour.example","company":"Acme Dental"}"#),
      ControlRoute(
        "POST", "/control/desk/tickets",
        "Mail comes in: its sender becomes a customer, without a name unless the mail gave one, in the company of the domain.",
        example: #"{"from":"somebody@harbour.example"}"#),
      ControlRoute("GET", "/control/desk/customers/{customer}", "One customer, by id or any address."),
      ControlRoute(
        "PATCH", "/control/desk/customers/{customer}",
        "Edits a customer: the same keys, null clears; company moves (null takes out); {} edits and saves without change.",
        example: #"{"lastName":"Byrne-Kelly","company":"Acorn Freight"}"#),
      ControlRoute("DELETE", "/control/desk/customers/{customer}", "Deletes a customer."),
      ControlRoute(
        "POST", "/control/desk/customers/{customer}/main", "Makes another of the customer's addresses the main one.",
        example: #"{"email":"una.b@mail.example"}"#),
      ControlRoute(
        "POST", "/control/desk/customers/{customer}/merge",
        "Merges the customer into another, who keeps one main and up to three other addresses; this one is deleted.",
        example: #"{"into":"una@harbour.example"}"#),
      ControlRoute(
        "POST", "/control/desk/import",
        "Bulk import: so many companies with so many customers each, or customers into one company.",
        example: #"{"company":"Acme Dental","customers":25}"#),
      ControlRoute(
        "POST", "/control/desk/credentials", "Makes the key wrong or right.", example: #"{"valid":false}"#),
      ControlRoute(
        "POST", "/control/desk/rights", "What the key may do: companies, customers.",
        example: #"{"companies":{"read":true,"write":false}}"#),
      ControlRoute(
        "POST", "/control/desk/options", "The instance's ways. \(TeamworkSwitches<DeskWay, DeskLimit>.summary)",
        example: #"{"portal-is-on":false,"rate-limit-per-minute":10}"#),
    ]
  }

  mutating func control(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    switch request.line {
    case "GET companies": return .array(companies.records.filter { !$0.isDeleted }.map(controlJSON))
    case "POST companies": return try createCompany(request.body, at: moment)
    case "GET customers":
      let company = try request.option("company").map { (name) throws(ControlProblem) in try companyPlace(name) }
      let wanted = company.map { companies[$0].id }
      return .array(
        customers.records.filter { !$0.isDeleted && (wanted == nil || $0.companyID == wanted) }.map(controlJSON))
    case "POST customers": return try createCustomer(request.body, at: moment)
    case "POST tickets": return try receiveMail(request.body, at: moment)
    case "POST import": return try importRecords(request.body, at: moment)
    case "POST credentials":
      credentialsAreValid = request.body["valid"]?.flag ?? credentialsAreValid
      return ["valid": .bool(credentialsAreValid)]
    case "POST rights":
      try rights.change(request.body)
      return rights.json
    case "POST options":
      try ways.change(request.body)
      companies.forgetListings()
      customers.forgetListings()
      companies.forgetTexts()
      customers.forgetTexts()
      return ways.json
    default: break
    }
    guard request.path.count >= 2 else { return nil }
    let name = request.path[1]
    switch (request.method, request.path[0], request.path.count) {
    case ("GET", "companies", 2): return controlJSON(companies[try companyPlace(name)])
    case ("PATCH", "companies", 2): return try editCompany(name, request.body, at: moment)
    case ("DELETE", "companies", 2):
      let place = try companyPlace(name)
      deleteCompany(place, by: Self.agent, at: moment)
      return ["deleted": .int(companies[place].id)]
    case ("POST", "companies", 3) where request.path[2] == "domains":
      let domain = request.body["domain"]?.text ?? ""
      return try editCompany(
        name, [:], included: ["domains": [["name": .string(domain)]]], at: moment)
    case ("DELETE", "companies", 4) where request.path[2] == "domains":
      let place = try companyPlace(name)
      guard
        let id = companies[place].domainIDs.first(where: {
          domains.record(id: $0)?.name.lowercased() == request.path[3].lowercased()
        })
      else {
        throw ControlProblem(404, "There is no domain \"\(request.path[3])\".", fix: "GET the company to see them.")
      }
      removeDomain(id, by: Self.agent, at: moment)
      return controlJSON(companies[place])
    case ("GET", "customers", 2): return controlJSON(customers[try customerPlace(name)])
    case ("PATCH", "customers", 2): return try editCustomer(name, request.body, at: moment)
    case ("DELETE", "customers", 2):
      let place = try customerPlace(name)
      deleteCustomer(place, by: Self.agent, at: moment)
      return ["deleted": .int(customers[place].id)]
    case ("POST", "customers", 3) where request.path[2] == "main":
      return try makeMain(request.body["email"]?.text ?? "", of: name, at: moment)
    case ("POST", "customers", 3) where request.path[2] == "merge":
      return try merge(name, into: request.body["into"]?.text ?? "", at: moment)
    default: return nil
    }
  }

  /// Runs what the vendor itself may refuse, and passes on its words.
  private mutating func refused(
    _ body: (inout DeskEmulation) throws(DeskRefusal) -> JSON
  ) throws(ControlProblem) -> JSON {
    // Only what clients of the API do is counted.
    let counted = counters
    defer { counters = counted }
    do throws(DeskRefusal) {
      return try body(&self)
    } catch {
      throw ControlProblem(error.status, error.sentence, fix: "Send what the vendor's own screens would take.")
    }
  }

  // MARK: - Companies

  private func companyPlace(_ name: String) throws(ControlProblem) -> Int {
    if let place = Int(name).flatMap({ companies.place(id: $0) }), !companies[place].isDeleted { return place }
    let wanted = name.lowercased()
    let found = companies.records.indices.filter {
      !companies[$0].isDeleted && companies[$0].name.lowercased() == wanted
    }
    guard let place = found.first(where: { companies[$0].name == name }) ?? found.first else {
      throw ControlProblem(404, "There is no company \"\(name)\".", fix: "GET /control/desk/companies lists them.")
    }
    return place
  }

  private mutating func createCompany(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard body["name"]?.text?.isEmpty == false else {
      throw ControlProblem(400, "A company needs a name.", fix: #"Send {"name":"Harbour Bakery"}."#)
    }
    let record = JSON.object((body.members ?? []).filter { !["domains", "add-as-client"].contains($0.name) })
    try refuseUnknown(record, known: DeskCompany.writtenTexts.union(["name", "kind", "permission"]))
    let names = body["domains"]?.elements ?? []
    let asClient = body["add-as-client"]?.flag == true
    let made = try refused { (desk) throws(DeskRefusal) in
      let place = try desk.addCompany(
        record, included: ["domains": .array(names.map { ["name": $0] })], by: Self.agent, at: moment)
      return desk.controlJSON(desk.companies[place])
    }
    if asClient { counters.createdInProjects.append(made["name"]?.text ?? "") }
    return made
  }

  private mutating func editCompany(
    _ name: String, _ body: JSON, included: JSON? = nil, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    let place = try companyPlace(name)
    try refuseUnknown(body, known: DeskCompany.writtenTexts.union(["name", "kind", "permission"]))
    // In a form an empty box is an empty text.
    let record = JSON.object(
      (body.members ?? []).map { .init(name: $0.name, value: $0.value == .null ? "" : $0.value) })
    return try refused { (desk) throws(DeskRefusal) in
      try desk.update(place, record, included: included, blanks: false, by: Self.agent, at: moment)
      return desk.controlJSON(desk.companies[place])
    }
  }

  private func refuseUnknown(_ body: JSON, known: Set<String>) throws(ControlProblem) {
    for member in body.members ?? [] where !known.contains(member.name) {
      throw ControlProblem(
        400, "\"\(member.name)\" cannot be set so.", fix: "Known: \(known.sorted().joined(separator: ", ")).")
    }
  }

  // MARK: - Customers

  private func customerPlace(_ name: String) throws(ControlProblem) -> Int {
    if let place = Int(name).flatMap({ customers.place(id: $0) }), !customers[place].isDeleted { return place }
    guard let place = customersOfAddress[name.lowercased()]?.first(where: { !customers[$0].isDeleted }) else {
      throw ControlProblem(404, "There is no customer \"\(name)\".", fix: "GET /control/desk/customers lists them.")
    }
    return place
  }

  /// The short words of control in the vendor's own: addresses and networks as contact points, a company by name.
  private func wireRecord(
    _ body: JSON, of customer: DeskCustomer
  ) throws(ControlProblem) -> (record: JSON, included: JSON) {
    guard let members = body.members else {
      throw ControlProblem(400, "A customer is a JSON object.", fix: #"Send, for example, {"jobTitle":"Buyer"}."#)
    }
    var record: [JSON.Member] = []
    var points: [JSON] = []
    var included: [JSON.Member] = []
    func point(_ former: DeskContactPoint?, _ value: JSON, _ type: String, isMain: Bool) {
      var row: [JSON.Member] = former.map { [.init(name: "id", value: .int($0.id))] } ?? []
      guard let text = value.text, !text.isEmpty else {
        if former != nil { points.append(.object(row + [.init(name: "delete", value: true)])) }
        return
      }
      row.append(.init(name: "value", value: .string(text)))
      row.append(.init(name: "type", value: .string(type)))
      row.append(.init(name: "isMain", value: .bool(isMain)))
      points.append(.object(row))
    }
    for member in members {
      switch member.name {
      case "email": point(customer.main, member.value, "email", isMain: true)
      case "alternatives":
        let wanted = (member.value.elements ?? []).compactMap(\.text)
        for other in customer.addresses where !other.isMain && !wanted.contains(other.value) {
          point(other, .null, "email", isMain: false)
        }
        for address in wanted where !customer.addresses.contains(where: { !$0.isMain && $0.value == address }) {
          point(nil, .string(address), "email", isMain: false)
        }
      case "twitter", "facebook", "linkedin":
        point(customer.points.first { $0.type == member.name }, member.value, member.name, isMain: false)
      case "company":
        var rows: [JSON] = []
        if member.value == .null {
          if let id = customer.companyID { rows = [["id": .int(id), "delete": true]] }
        } else {
          rows = [["id": .int(companies[try companyPlace(member.value.text ?? member.value.encoded)].id)]]
        }
        included.append(.init(name: "companies", value: .array(rows)))
      default:
        let known = DeskCustomer.writtenTexts.union(["firstName", "lastName", "jobTitle", "avatarURL", "permission"])
        guard known.contains(member.name) else {
          throw ControlProblem(
            400, "\"\(member.name)\" of a customer cannot be set so.",
            fix: "Known: company, email, alternatives, twitter, facebook, linkedin, "
              + "\(known.sorted().joined(separator: ", ")).")
        }
        record.append(.init(name: member.name, value: member.value == .null ? "" : member.value))
      }
    }
    if !points.isEmpty { included.append(.init(name: "contacts", value: .array(points))) }
    return (.object(record), .object(included))
  }

  private mutating func createCustomer(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    let blank = blankCustomer(by: Self.agent, at: moment)
    let (record, included) = try wireRecord(body, of: blank)
    return try refused { (desk) throws(DeskRefusal) in
      var draft = blank
      try desk.fill(&draft, from: record, included: included, at: moment, isNew: true)
      desk.add(draft)
      return desk.controlJSON(draft)
    }
  }

  private mutating func editCustomer(_ name: String, _ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    let place = try customerPlace(name)
    let (record, included) = try wireRecord(body, of: customers[place])
    return try refused { (desk) throws(DeskRefusal) in
      var draft = desk.customers[place]
      try desk.fill(&draft, from: record, included: included, at: moment, isNew: false)
      desk.save(draft, at: place, by: Self.agent, at: moment)
      return desk.controlJSON(desk.customers[place])
    }
  }

  /// "A person mailing an inbox becomes a customer automatically, often with an empty or guessed name".
  private mutating func receiveMail(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard let from = body["from"]?.text, from.contains("@") else {
      throw ControlProblem(400, "The mail has no sender.", fix: #"Send {"from":"somebody@harbour.example"}."#)
    }
    if let place = customersOfAddress[from.lowercased()]?.first(where: { !customers[$0].isDeleted }) {
      var customer = customers[place]
      customer.ticketCount += 1
      replace(place, with: customer)
      return controlJSON(customer)
    }
    var customer = blankCustomer(by: nil, at: moment)
    customer.jobTitle = nil
    customer.ticketCount = 1
    let words = (body["name"]?.text ?? "").split(separator: " ", maxSplits: 1)
    customer.firstName = words.first.map { String($0) } ?? ""
    customer.lastName = words.count > 1 ? String(words[1]) : ""
    customer.points = [DeskContactPoint(id: freshPointID(), value: from, type: "email", isMain: true)]
    place(&customer)
    add(customer)
    return controlJSON(customer)
  }

  private mutating func makeMain(
    _ address: String, of name: String, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    let place = try customerPlace(name)
    guard let point = customers[place].addresses.first(where: { $0.value.lowercased() == address.lowercased() }) else {
      throw ControlProblem(
        404, "The customer has no address \"\(address)\".", fix: "Give one of the customer's other addresses.")
    }
    return try refused { (desk) throws(DeskRefusal) in
      var draft = desk.customers[place]
      try desk.fill(
        &draft, from: [:], included: ["contacts": [["id": .int(point.id), "isMain": true]]], at: moment, isNew: false)
      desk.save(draft, at: place, by: Self.agent, at: moment)
      return desk.controlJSON(desk.customers[place])
    }
  }

  /// "Merging deletes the secondary profiles and moves their addresses to the primary (at most one primary + three
  /// alternates)".
  private mutating func merge(
    _ name: String, into other: String, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    let secondary = try customerPlace(name)
    let primary = try customerPlace(other)
    guard primary != secondary else {
      throw ControlProblem(400, "A customer cannot be merged into itself.", fix: "Name another as \"into\".")
    }
    var lost = customers[secondary]
    let addresses = lost.addresses
    lost.points = []
    replace(secondary, with: lost)
    deleteCustomer(secondary, by: Self.agent, at: moment)
    var kept = customers[primary]
    for point in addresses where kept.addresses.count < 4 {
      var moved = point
      moved.isMain = false
      kept.points.append(moved)
    }
    kept.settleMain()
    kept.ticketCount += lost.ticketCount
    save(kept, at: primary, by: Self.agent, at: moment)
    return controlJSON(customers[primary])
  }

  private mutating func importRecords(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    let count = body["customers"]?.whole ?? 0
    let companyCount = body["companies"]?.whole ?? 0
    guard (0...100_000).contains(count), (0...10_000).contains(companyCount), count * max(1, companyCount) <= 200_000
    else { throw ControlProblem(400, "That is too much at once.", fix: "Import up to 200000 customers.") }
    var targets: [Int?] = [nil]
    if let name = body["company"]?.text {
      targets = [companies[try companyPlace(name)].id]
    } else if companyCount > 0 {
      targets = []
      for _ in 0..<companyCount {
        let id = (companies.records.last?.id ?? 15) + 1
        companies.append(
          DeskCompany(
            id: id, name: "Imported Company \(id)", texts: ["website": "https://import\(id).example"],
            stamp: DeskStamp(
              created: moment.seconds, createdBy: Self.agent, updated: moment.seconds, updatedBy: Self.agent)))
        targets.append(id)
      }
    }
    for target in targets {
      for _ in 0..<count {
        var customer = blankCustomer(by: Self.agent, at: moment)
        customer.firstName = "Imported"
        customer.lastName = "Customer \(customer.id)"
        customer.companyID = target
        customer.points = [
          DeskContactPoint(
            id: freshPointID(), value: "customer\(customer.id)@import\(target ?? 0).example", type: "email",
            isMain: true)
        ]
        add(customer)
      }
    }
    return ["companies": .int(companyCount), "customers": .int(targets.count * count)]
  }

  // MARK: - Showing

  private func controlJSON(_ company: DeskCompany) -> JSON {
    let names = company.domainIDs.compactMap { domains.record(id: $0)?.name }
    return .object(
      (companyJSON(company, showsMembers: false).members ?? []).filter { $0.name != "domains" }
        + [.init(name: "domains", value: .array(names.map { .string($0) }))])
  }

  /// Everything that is kept about a customer, the contact points in full.
  private func controlJSON(_ customer: DeskCustomer) -> JSON {
    let name = customer.companyID.flatMap { companies.record(id: $0)?.name }
    return .object(
      (customerJSON(customer, root: "").members ?? []).filter { !["contacts", "company"].contains($0.name) }
        + [
          .init(name: "contacts", value: .array(customer.points.map(\.json))),
          .init(name: "company", value: name.map { .string($0) } ?? .null),
          .init(name: "company-id", value: customer.companyID.map { .int($0) } ?? .null),
        ])
  }

  func state(scope: String?) throws(ControlProblem) -> JSON {
    let wanted = scope?.lowercased()
    let meant = companies.records.filter {
      wanted == nil || $0.name.lowercased() == wanted || $0.id.description == wanted
    }
    let rows = meant.map { company -> JSON in
      let members = (customersOfCompany[company.id] ?? []).sorted().map { controlJSON(customers[$0]) }
      return .object((controlJSON(company).members ?? []) + [.init(name: "customers", value: .array(members))])
    }
    let others = wanted == nil ? customers.records.filter { $0.companyID == nil || $0.isDeleted } : []
    return [
      "companies": .array(rows), "customers-without-company-or-deleted": .array(others.map(controlJSON)),
      "counters": counters.json, "options": ways.json, "rights": rights.json,
    ]
  }

  /// The address ends as that of a real site does: `https://SITE.teamwork.com/desk`.
  func description(root: String) -> SystemAccess {
    SystemAccess(
      system: SandboxDescription.System(url: "\(root)/desk", credentials: ["api-key": apiKey], tenants: nil),
      connect: "connect desk as desk url=\(root)/desk api-key=env:SANDBOX_DESK_KEY",
      environment: ["SANDBOX_DESK_KEY": apiKey])
  }
}
