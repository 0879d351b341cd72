// What control does to ConnectWise: technicians at work, administrators, and the instance's own ways.

extension ConnectWiseEmulation {
  /// The technician under whose name changes by control stand.
  private static let technician = "jdoe"

  var controlRoutes: [ControlRoute] {
    [
      ControlRoute("GET", "/control/connectwise/contacts", "All contacts; ?company= for one company."),
      ControlRoute(
        "POST", "/control/connectwise/contacts", "Creates a contact. Company by id or identifier.",
        example: #"{"firstName":"Nora","lastName":"Lind","company":"Acme","email":"nora@acme.example"}"#),
      ControlRoute("GET", "/control/connectwise/contacts/{contact}", "One contact, by id or address."),
      ControlRoute(
        "PATCH", "/control/connectwise/contacts/{contact}",
        "Changes firstName, lastName, title, inactiveFlag, company, email (the default one), phone, mobile, inUse, or any "
          + "field of the vendor; null clears.",
        example: #"{"title":"Director","phone":null}"#),
      ControlRoute("DELETE", "/control/connectwise/contacts/{contact}", "Deletes a contact, also one in use."),
      ControlRoute("GET", "/control/connectwise/companies", "All companies."),
      ControlRoute(
        "POST", "/control/connectwise/companies", "Creates a company.",
        example: #"{"identifier":"NewCo","name":"New Company"}"#),
      ControlRoute(
        "PATCH", "/control/connectwise/companies/{company}",
        "Changes name, identifier, status (id or name), deletedFlag, types (ids).", example: #"{"status":"Inactive"}"#),
      ControlRoute(
        "DELETE", "/control/connectwise/companies/{company}", "Marks a company as deleted, as the vendor does."),
      ControlRoute(
        "POST", "/control/connectwise/credentials", "Makes the keys wrong or right.", example: #"{"valid":false}"#),
      ControlRoute(
        "POST", "/control/connectwise/rights", "What the role allows: companies, contacts, communications-types.",
        example: #"{"contacts":{"read":true,"write":false}}"#),
      ControlRoute(
        "POST", "/control/connectwise/codebase", "Moves the instance to another code base; the former answers 404.",
        example: #"{"value":"v2025_2/"}"#),
      ControlRoute(
        "POST", "/control/connectwise/options",
        "phones (digits, as-typed), communication-bumps-last-updated, bad-credentials (401, 404), rate-limit-per-minute, "
          + "rate-limit-with-frozen-clock, nulls (absent, null).",
        example: #"{"phones":"digits"}"#),
    ]
  }

  mutating func control(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    switch request.line {
    case "GET contacts":
      let company = try request.option("company").map { (name) throws(ControlProblem) in try companyPlace(name) }
      return .array(presentContacts(ofCompany: company.map { companies[$0].id }).map(json))
    case "POST contacts":
      let wire = try wireRecord(request.body, former: nil)
      return try refused { (system) throws(ConnectWiseRefusal) in
        system.json(try system.newContact(from: wire, by: ConnectWiseEmulation.technician, at: moment))
      }
    case "GET companies": return .array(companies.map(\.json))
    case "POST companies": return try createCompany(request.body, at: moment)
    case "POST credentials":
      credentialsAreValid = request.body["valid"]?.flag ?? credentialsAreValid
      return ["valid": .bool(credentialsAreValid)]
    case "POST rights": return try changeRights(request.body)
    case "POST codebase":
      guard let value = request.body["value"]?.text, value.hasSuffix("/"), value.filter({ $0 == "/" }).count == 1 else {
        throw ControlProblem(400, "A code base ends with its only slash.", fix: #"Send {"value":"v2025_2/"}."#)
      }
      codebase = value
      return ["value": .string(codebase)]
    case "POST options": return try changeOptions(request.body)
    default: break
    }
    guard request.path.count == 2 else { return nil }
    switch (request.method, request.path[0]) {
    case ("GET", "contacts"): return json(contacts[try contactPlace(named: request.path[1])])
    case ("PATCH", "contacts"): return try changeContact(request.path[1], request.body, at: moment)
    case ("DELETE", "contacts"):
      let place = try contactPlace(named: request.path[1])
      contacts[place].isDeleted = true
      return ["deleted": .int(contacts[place].id)]
    case ("GET", "companies"): return companies[try companyPlace(request.path[1])].json
    case ("PATCH", "companies"): return try changeCompany(request.path[1], request.body, at: moment)
    case ("DELETE", "companies"):
      return try changeCompany(request.path[1], ["deletedFlag": true], at: moment)
    default: return nil
    }
  }

  // MARK: - Contacts

  private func contactPlace(named name: String) throws(ControlProblem) -> Int {
    if let place = Int(name).flatMap({ contactPlace($0) }) { return place }
    let wanted = name.lowercased()
    let found = contacts.indices.filter { place in
      !contacts[place].isDeleted && contacts[place].items.contains { $0.value.lowercased() == wanted }
    }
    // Of several with one address, the active one is meant.
    guard let place = found.first(where: { !contacts[$0].isInactive }) ?? found.first else {
      throw ControlProblem(
        404, "There is no contact \"\(name)\".", fix: "GET /control/connectwise/contacts lists them.")
    }
    return place
  }

  private mutating func changeContact(
    _ name: String, _ body: JSON, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    let place = try contactPlace(named: name)
    if let isInUse = body["inUse"]?.flag { contacts[place].isInUse = isInUse }
    let wire = try wireRecord(body, former: contacts[place])
    let patch = ConnectWisePatch(
      operations: (wire.members ?? []).map { .init(verb: .replace, path: $0.name, value: $0.value) })
    return try refused { (system) throws(ConnectWiseRefusal) in
      let contact = try patch.applied(to: system.contacts[place], in: &system)
      try system.save(contact, at: place, by: ConnectWiseEmulation.technician, moment)
      return system.json(system.contacts[place])
    }
  }

  /// The short words of control in the vendor's own: a company by name, and addresses and numbers as items.
  private func wireRecord(_ body: JSON, former: ConnectWiseContact?) throws(ControlProblem) -> JSON {
    guard let members = body.members else {
      throw ControlProblem(400, "A contact is a JSON object.", fix: #"Send, for example, {"title":"Director"}."#)
    }
    var wire: [JSON.Member] = []
    var items = former?.items.map(\.json) ?? []
    var changesItems = false
    for member in members {
      switch member.name {
      case "inUse": break
      case "company":
        let name = member.value.text ?? (member.value["id"] ?? member.value).encoded
        wire.append(.init(name: "company", value: ["id": .int(companies[try companyPlace(name)].id)]))
      case "email", "phone", "mobile":
        let type: CommunicationType =
          member.name == "email" ? .email : member.name == "phone" ? .direct : .mobile
        let current =
          member.name == "email"
          ? former?.defaultEmail : former?.items.first { $0.type.id == type.id }
        changesItems = true
        items.removeAll { current != nil && $0["id"]?.whole == current?.id }
        guard member.value != .null else { continue }
        var item: [JSON.Member] = current.map { [.init(name: "id", value: .int($0.id))] } ?? []
        item += [
          .init(name: "type", value: ["id": .int(current?.type.id ?? type.id)]),
          .init(name: "value", value: member.value),
          .init(name: "defaultFlag", value: .bool(current?.isDefault ?? (member.name != "mobile"))),
        ]
        items.append(.object(item))
      default: wire.append(member)
      }
    }
    if changesItems { wire.append(.init(name: "communicationItems", value: .array(items))) }
    return .object(wire)
  }

  /// Runs what the vendor itself may refuse, and passes on its words.
  private mutating func refused(
    _ body: (inout ConnectWiseEmulation) throws(ConnectWiseRefusal) -> JSON
  ) throws(ControlProblem) -> JSON {
    do throws(ConnectWiseRefusal) {
      return try body(&self)
    } catch {
      let detail = error.errors.map(\.message).joined(separator: " ")
      throw ControlProblem(
        error.status, detail.isEmpty ? error.message : detail, fix: "Send what the vendor's own interface would take.")
    }
  }

  // MARK: - Companies

  private func companyPlace(_ name: String) throws(ControlProblem) -> Int {
    let wanted = name.lowercased()
    if let place = Int(name).flatMap({ companyPlaces[$0] }) { return place }
    guard let place = companies.firstIndex(where: { $0.identifier.lowercased() == wanted }) else {
      throw ControlProblem(
        404, "There is no company \"\(name)\".", fix: "GET /control/connectwise/companies lists them.")
    }
    return place
  }

  private mutating func createCompany(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard let identifier = body["identifier"]?.text, !identifier.isEmpty, identifier.count <= 25,
      let name = body["name"]?.text, !name.isEmpty, name.count <= 50
    else {
      throw ControlProblem(
        400, "A company needs an identifier of up to 25 and a name of up to 50 characters.",
        fix: #"Send {"identifier":"NewCo","name":"New Company"}."#)
    }
    guard !companies.contains(where: { $0.identifier.lowercased() == identifier.lowercased() }) else {
      throw ControlProblem(409, "There is a company \"\(identifier)\".", fix: "Give another identifier.")
    }
    let id = (companies.last?.id ?? 249) + 1
    add(
      ConnectWiseCompany(
        id: id, identifier: identifier, name: name, status: .active, types: [CompanyType.all[0]], phone: "",
        stamp: RecordStamp(entered: moment.seconds, updated: moment.seconds, updatedBy: ConnectWiseEmulation.technician)
      ))
    let rest = (body.members ?? []).filter { !["identifier", "name"].contains($0.name) }
    return rest.isEmpty
      ? companies[companies.count - 1].json : try changeCompany(id.description, .object(rest), at: moment)
  }

  private mutating func changeCompany(
    _ name: String, _ body: JSON, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    let place = try companyPlace(name)
    var company = companies[place]
    for member in body.members ?? [] {
      switch (member.name, member.value) {
      case ("name", .string(let text)): company.name = text
      case ("identifier", .string(let text)): company.identifier = text
      case ("deletedFlag", .bool(let flag)): company.isDeleted = flag
      case ("status", let value):
        let wanted = value["id"]?.whole ?? value.whole
        guard let status = CompanyStatus.all.first(where: { $0.id == wanted || $0.name == value.text }) else {
          throw ControlProblem(
            400, "There is no status \(value.encoded).",
            fix: "Known: \(CompanyStatus.all.map(\.name).joined(separator: ", ")).")
        }
        company.status = status
      case ("types", .array(let values)):
        company.types = values.compactMap { $0.whole.flatMap { CompanyType.with(id: $0) } }
      default:
        throw ControlProblem(
          400, "\"\(member.name)\" of a company cannot be set so.",
          fix: "Known: name, identifier, status, deletedFlag, types.")
      }
    }
    company.stamp.updated = moment.seconds
    company.stamp.updatedBy = ConnectWiseEmulation.technician
    companies[place] = company
    return company.json
  }

  // MARK: - The instance

  private mutating func changeRights(_ body: JSON) throws(ControlProblem) -> JSON {
    for member in body.members ?? [] {
      guard ConnectWiseEmulation.resources.contains(member.name) else {
        throw ControlProblem(
          400, "There are no rights on \"\(member.name)\".",
          fix: "Known: \(ConnectWiseEmulation.resources.joined(separator: ", ")).")
      }
      var granted = rights[member.name] ?? Rights()
      granted.read = member.value["read"]?.flag ?? granted.read
      granted.write = member.value["write"]?.flag ?? granted.write
      rights[member.name] = granted
    }
    return rightsJSON
  }

  private var rightsJSON: JSON {
    .object(
      ConnectWiseEmulation.resources.map { name in
        let granted = rights[name] ?? Rights()
        return .init(name: name, value: ["read": .bool(granted.read), "write": .bool(granted.write)])
      })
  }

  private mutating func changeOptions(_ body: JSON) throws(ControlProblem) -> JSON {
    for member in body.members ?? [] {
      switch (member.name, member.value) {
      case ("phones", "digits"), ("phones", "as-typed"): options.keepsDigitsOnly = member.value == "digits"
      case ("communication-bumps-last-updated", .bool(let flag)): options.communicationBumpsLastUpdated = flag
      case ("bad-credentials", "401"), ("bad-credentials", "404"): options.hidesBadCredentials = member.value == "404"
      case ("rate-limit-per-minute", .int(let number)) where number > 0: options.requestsPerMinute = number
      case ("rate-limit-with-frozen-clock", .bool(let flag)): options.limitsFrozenClock = flag
      case ("nulls", "absent"), ("nulls", "null"): options.writesNulls = member.value == "null"
      default:
        throw ControlProblem(
          400, "\"\(member.name)\" cannot be \(member.value.encoded).",
          fix: "GET /control names the options and their values.")
      }
    }
    return optionsJSON
  }

  private var optionsJSON: JSON {
    [
      "phones": options.keepsDigitsOnly ? "digits" : "as-typed",
      "communication-bumps-last-updated": .bool(options.communicationBumpsLastUpdated),
      "bad-credentials": options.hidesBadCredentials ? "404" : "401",
      "rate-limit-per-minute": .int(options.requestsPerMinute),
      "rate-limit-with-frozen-clock": .bool(options.limitsFrozenClock),
      "nulls": options.writesNulls ? "null" : "absent",
    ]
  }

  // MARK: - Showing

  func state(scope: String?) throws(ControlProblem) -> JSON {
    let wanted = scope?.lowercased()
    let meant = companies.filter {
      wanted == nil || $0.identifier.lowercased() == wanted || $0.id.description == wanted
    }
    let rows = meant.map { company -> JSON in
      let contacts = presentContacts(ofCompany: company.id).map { contact -> JSON in
        .object((json(contact).members ?? []) + [.init(name: "inUse", value: .bool(contact.isInUse))])
      }
      return .object((company.json.members ?? []) + [.init(name: "contacts", value: .array(contacts))])
    }
    return [
      "codebase": .string(codebase), "companies": .array(rows), "options": optionsJSON, "rights": rightsJSON,
    ]
  }

  func description(root: String) -> SystemAccess {
    SystemAccess(
      system: SandboxDescription.System(
        url: root,
        credentials: [
          "company": companyID, "public-key": publicKey, "private-key": privateKey, "client-id": clientID,
        ], tenants: nil),
      connect: "connect connectwise as cw url=\(root) company=\(companyID) public-key=\(publicKey) "
        + "private-key=env:SANDBOX_CW_PRIVATE_KEY client-id=\(clientID)",
      environment: ["SANDBOX_CW_PRIVATE_KEY": privateKey])
  }
}
