// What control does to the inventory of ConnectWise, and what arrives there in bulk.

extension ConnectWiseEmulation {
  var inventoryControlRoutes: [ControlRoute] {
    [
      ControlRoute("GET", "/control/connectwise/configurations", "All configurations; ?company= for one company."),
      ControlRoute(
        "POST", "/control/connectwise/configurations",
        "Creates a configuration. Company by id or identifier; type, status and manufacturer by id or name; contact by id "
          + "or address; any other field as the vendor calls it.",
        example:
          #"{"name":"ACME-PC-90","company":"Acme","type":"Workstation","status":"Active","serialNumber":"SN-90"}"#),
      ControlRoute(
        "PATCH", "/control/connectwise/configurations/{configuration}",
        "Changes a configuration, by id or by a name that only one has; null clears.",
        example: #"{"status":"Retired","activeFlag":false}"#),
      ControlRoute("DELETE", "/control/connectwise/configurations/{configuration}", "Deletes a configuration."),
      ControlRoute(
        "POST", "/control/connectwise/configuration-types",
        "Creates a type, or changes isInactive of the one of that name.", example: #"{"name":"Camera"}"#),
      ControlRoute(
        "POST", "/control/connectwise/import",
        "Brings in many companies, contacts, configurations or members at once; contacts and configurations into a "
          + "company.",
        example: #"{"kind":"configurations","count":30,"company":"Acme"}"#),
    ]
  }

  mutating func inventoryControl(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    switch request.line {
    case "GET configurations":
      if let name = request.option("company") {
        return .array(presentConfigurations(ofCompany: companies[try companyPlace(name)].id).map { json($0) })
      }
      return .array(configurations.filter { !$0.isDeleted }.map { json($0) })
    case "POST configurations":
      let wire = try configurationRecord(request.body)
      return try refused { (system) throws(ConnectWiseRefusal) in
        system.json(try system.newConfiguration(from: wire, by: ConnectWiseEmulation.technician, at: moment))
      }
    case "POST configuration-types": return try changeConfigurationType(request.body)
    case "POST import": return try importRecords(request.body, at: moment)
    default: break
    }
    guard request.path.count == 2, request.path[0] == "configurations" else { return nil }
    let place = try configurationPlace(named: request.path[1])
    switch request.method {
    case "GET": return json(configurations[place])
    case "PATCH":
      let wire = try configurationRecord(request.body)
      let patch = ConnectWisePatch(
        operations: (wire.members ?? []).map { .init(verb: .replace, path: $0.name, value: $0.value) })
      return try refused { (system) throws(ConnectWiseRefusal) in
        let changed = try patch.applied(to: system.configurations[place], in: system)
        try system.save(changed, at: place, by: ConnectWiseEmulation.technician, moment)
        return system.json(system.configurations[place])
      }
    case "DELETE":
      configurations[place].isDeleted = true
      return ["deleted": .int(configurations[place].id)]
    default: return nil
    }
  }

  func configurationPlace(named name: String) throws(ControlProblem) -> Int {
    if let place = Int(name).flatMap({ configurationPlace($0) }) { return place }
    let wanted = name.lowercased()
    let found = configurations.indices.filter {
      !configurations[$0].isDeleted && configurations[$0].name.lowercased() == wanted
    }
    guard found.count == 1, let place = found.first else {
      throw ControlProblem(
        404,
        found.isEmpty ? "There is no configuration \"\(name)\"." : "Several configurations are called \"\(name)\".",
        fix: "GET /control/connectwise/configurations lists them with their ids.")
    }
    return place
  }

  /// The short words of control in the vendor's own.
  private func configurationRecord(_ body: JSON) throws(ControlProblem) -> JSON {
    guard let members = body.members else {
      throw ControlProblem(400, "A configuration is a JSON object.", fix: #"Send, for example, {"tagNumber":"A-7"}."#)
    }
    var wire: [JSON.Member] = []
    for member in members {
      let tables = [
        "type": configurationTypes.map { ($0.id, $0.name) },
        "status": configurationStatuses.map { ($0.id, $0.description) },
        "manufacturer": manufacturers.map { ($0.id, $0.name) },
      ]
      switch (member.name, member.value) {
      case (_, .null): wire.append(member)
      case ("company", let value):
        let place = try companyPlace(value.text ?? (value["id"] ?? value).encoded)
        wire.append(.init(name: "company", value: ["id": .int(companies[place].id)]))
      case ("contact", let value):
        let place = try contactPlace(named: value.text ?? (value["id"] ?? value).encoded)
        wire.append(.init(name: "contact", value: ["id": .int(contacts[place].id)]))
      case (let field, let value):
        guard let table = tables[field] else {
          wire.append(member)
          continue
        }
        let wanted = value["id"]?.whole ?? value.whole
        guard let row = table.first(where: { $0.0 == wanted || $0.1 == value.text }) else {
          throw ControlProblem(
            400, "There is no \(field) \(value.encoded).", fix: "Known: \(table.map(\.1).joined(separator: ", ")).")
        }
        wire.append(.init(name: field, value: ["id": .int(row.0)]))
      }
    }
    return .object(wire)
  }

  private mutating func changeConfigurationType(_ body: JSON) throws(ControlProblem) -> JSON {
    guard let name = body["name"]?.text, !name.isEmpty else {
      throw ControlProblem(400, "A type needs a name.", fix: #"Send {"name":"Camera"}."#)
    }
    let isInactive = body["isInactive"]?.flag ?? false
    if let index = configurationTypes.firstIndex(where: { $0.name == name }) {
      configurationTypes[index].isInactive = isInactive
      return configurationTypes[index].json
    }
    let id = (configurationTypes.map(\.id).max() ?? 0) + 1
    configurationTypes.append(ConfigurationType(id: id, name: name, isInactive: isInactive))
    return configurationTypes[configurationTypes.count - 1].json
  }

  private mutating func importRecords(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard let kind = body["kind"]?.text, ["companies", "contacts", "configurations", "members"].contains(kind),
      let count = body["count"]?.whole, (1...50_000).contains(count)
    else {
      throw ControlProblem(
        400, "An import needs a kind and a count of up to 50000.",
        fix: #"Send {"kind":"companies","count":30}; kinds: companies, contacts, configurations, members."#)
    }
    if kind == "members" {
      for number in 1...count {
        _ = try createMember(
          [
            "firstName": "Imported", "lastName": .string("Member \(members.count + 1)"),
            "email": .string("imported\(members.count + 1).\(number)@kestrel.example"),
          ], at: moment)
      }
      return ["imported": .int(count)]
    }
    var company = 0
    if kind != "companies" {
      guard let name = body["company"]?.text ?? body["company"]?.whole?.description else {
        throw ControlProblem(400, "These belong to a company.", fix: #"Add "company":"Acme"."#)
      }
      company = companies[try companyPlace(name)].id
    }
    return try refused { (system) throws(ConnectWiseRefusal) in
      for number in 1...count { try system.importOne(kind, number, company: company, at: moment) }
      return ["imported": .int(count)]
    }
  }

  private mutating func importOne(
    _ kind: String, _ number: Int, company: Int, at moment: Moment
  ) throws(ConnectWiseRefusal) {
    let member = "import"
    switch kind {
    case "companies":
      let id = (companies.last?.id ?? 249) + 1
      _ = try newCompany(
        from: [
          "identifier": .string("Import\(id)"), "name": .string("Imported Company \(id)"),
          "addressLine1": .string("\(id) Import Street"),
        ], by: member, at: moment)
    case "contacts":
      _ = try newContact(
        from: [
          "firstName": "Imported", "lastName": .string("Person \(nextContactID)"), "company": ["id": .int(company)],
          "communicationItems": [
            ["type": ["id": 1], "value": .string("imported\(nextContactID)@import.example"), "defaultFlag": true]
          ],
        ], by: member, at: moment)
    default:
      _ = try newConfiguration(
        from: [
          "name": .string("IMPORTED-\(nextConfigurationID)"), "company": ["id": .int(company)],
          "type": ["id": .int(configurationTypes.first?.id ?? 0)], "serialNumber": .string("IMP\(nextConfigurationID)"),
        ], by: member, at: moment)
    }
  }
}
