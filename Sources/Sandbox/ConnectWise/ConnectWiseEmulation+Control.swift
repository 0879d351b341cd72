// What control does to ConnectWise: technicians at work, administrators, and the instance's own ways.

extension ConnectWiseEmulation {
  /// The technician under whose name changes by control stand.
  static let technician = "jdoe"

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
        "POST", "/control/connectwise/companies", "Creates a company, with the usual address unless one is given.",
        example: #"{"identifier":"NewCo","name":"New Company"}"#),
      ControlRoute(
        "PATCH", "/control/connectwise/companies/{company}",
        "Changes name, identifier, status (id or name), deletedFlag, types (ids or names), parentCompany (id or identifier) "
          + "and plain texts of the vendor.",
        example: #"{"status":"Inactive","types":["Client","Vendor"]}"#),
      ControlRoute(
        "DELETE", "/control/connectwise/companies/{company}", "Marks a company as deleted, as the vendor does."),
      ControlRoute(
        "POST", "/control/connectwise/{kind}/{record}/touch",
        "Opens and saves a record of contacts, companies or configurations without changing it."),
    ] + inventoryControlRoutes + memberControlRoutes + [
      ControlRoute(
        "POST", "/control/connectwise/credentials", "Makes the keys wrong or right.", example: #"{"valid":false}"#),
      ControlRoute(
        "POST", "/control/connectwise/rights",
        "What the role allows: \(rights.kinds.joined(separator: ", ")) (the pictures of members).",
        example: #"{"contacts":{"read":true,"write":false}}"#),
      ControlRoute(
        "POST", "/control/connectwise/codebase", "Moves the instance to another code base; the former answers 404.",
        example: #"{"value":"v2025_2/"}"#),
      ControlRoute(
        "POST", "/control/connectwise/options",
        "phones (digits, as-typed), communication-bumps-last-updated, bad-credentials (401, 404), rate-limit-per-minute, "
          + "rate-limit-with-frozen-clock, nulls (absent, null), company-needs-address, configuration-default-status, photo-links (own, elsewhere).",
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
    case "GET companies": return .array(companies.map { json($0) })
    case "POST companies": return try createCompany(request.body, at: moment)
    case "POST credentials":
      credentialsAreValid = request.body["valid"]?.flag ?? credentialsAreValid
      return ["valid": .bool(credentialsAreValid)]
    case "POST rights":
      try rights.change(request.body)
      return rights.json
    case "POST codebase":
      guard let value = request.body["value"]?.text, value.hasSuffix("/"), value.filter({ $0 == "/" }).count == 1 else {
        throw ControlProblem(400, "A code base ends with its only slash.", fix: #"Send {"value":"v2025_2/"}."#)
      }
      codebase = value
      return ["value": .string(codebase)]
    case "POST options": return try changeOptions(request.body)
    default: break
    }
    if let answer = try inventoryControl(request, at: moment) { return answer }
    if let answer = try memberControl(request, at: moment) { return answer }
    if request.method == "POST", request.path.count == 3, request.path[2] == "touch" {
      return try touch(request.path[0], request.path[1], at: moment)
    }
    guard request.path.count == 2 else { return nil }
    switch (request.method, request.path[0]) {
    case ("GET", "contacts"): return json(contacts[try contactPlace(named: request.path[1])])
    case ("PATCH", "contacts"): return try changeContact(request.path[1], request.body, at: moment)
    case ("DELETE", "contacts"):
      let place = try contactPlace(named: request.path[1])
      contacts[place].isDeleted = true
      return ["deleted": .int(contacts[place].id)]
    case ("GET", "companies"): return json(companies[try companyPlace(request.path[1])])
    case ("PATCH", "companies"): return try changeCompany(request.path[1], request.body, at: moment)
    case ("DELETE", "companies"):
      return try changeCompany(request.path[1], ["deletedFlag": true], at: moment)
    default: return nil
    }
  }

  // MARK: - Contacts

  func contactPlace(named name: String) throws(ControlProblem) -> Int {
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
  mutating func refused(
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

  // MARK: - The instance

  private mutating func changeOptions(_ body: JSON) throws(ControlProblem) -> JSON {
    for member in body.members ?? [] {
      switch (member.name, member.value) {
      case ("phones", "digits"), ("phones", "as-typed"): options.keepsDigitsOnly = member.value == "digits"
      case ("communication-bumps-last-updated", .bool(let flag)): options.communicationBumpsLastUpdated = flag
      case ("bad-credentials", "401"), ("bad-credentials", "404"): options.hidesBadCredentials = member.value == "404"
      case ("photo-links", "own"), ("photo-links", "elsewhere"): options.linksElsewhere = member.value == "elsewhere"
      case ("rate-limit-per-minute", .int(let number)) where number > 0: options.requestsPerMinute = number
      case ("rate-limit-with-frozen-clock", .bool(let flag)): options.limitsFrozenClock = flag
      case ("company-needs-address", .bool(let flag)): options.companyNeedsAddress = flag
      case ("configuration-default-status", .bool(let flag)): options.givesDefaultStatus = flag
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
      "company-needs-address": .bool(options.companyNeedsAddress),
      "configuration-default-status": .bool(options.givesDefaultStatus),
      "photo-links": options.linksElsewhere ? "elsewhere" : "own",
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
      let configurations = presentConfigurations(ofCompany: company.id).map { json($0) }
      return .object(
        (json(company).members ?? []) + [
          .init(name: "contacts", value: .array(contacts)),
          .init(name: "configurations", value: .array(configurations)),
        ])
    }
    return [
      "codebase": .string(codebase), "companies": .array(rows), "options": optionsJSON, "rights": rights.json,
      "manufacturers": .array(manufacturers.map(\.json)),
      "members": .array(members.map { json($0, root: "") }), "member-types": .array(memberTypes.map(\.json)),
      "patches-in-vain": .counts(patchesInVain),
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
