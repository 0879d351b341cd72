// What control does to Autotask: people at work in the vendor's screens, administrators, and the database's own ways.

extension AutotaskEmulation {
  private static let root = "/control/autotask"

  var controlRoutes: [ControlRoute] {
    let root = AutotaskEmulation.root
    return [
      ControlRoute(
        "GET", "\(root)/{records}",
        "All records of a kind: companies, contacts, locations, configuration-items, products, resources, billing-codes; "
          + "?company= for one company."),
      ControlRoute(
        "POST", "\(root)/contacts",
        "Creates a contact; any field of the vendor, and company (id, number or name), email, mobile, inUse.",
        example: #"{"firstName":"Nora","lastName":"Lind","company":"Acme","email":"nora@acme.example"}"#),
      ControlRoute(
        "POST", "\(root)/companies", "Creates a company.", example: #"{"companyName":"New Company","companyType":1}"#),
      ControlRoute(
        "POST", "\(root)/configuration-items", "Creates a configuration item.",
        example: #"{"company":"Acme","productID":29800001,"referenceTitle":"PC-1","serialNumber":"S1"}"#),
      ControlRoute(
        "POST", "\(root)/products", "Creates a product.",
        example: #"{"name":"Dell X1","manufacturerName":"Dell","manufacturerProductName":"X1"}"#),
      ControlRoute(
        "GET", "\(root)/{records}/{record}",
        "One record: by id, a contact also by address, a company by number or name, an item by title or serial number, "
          + "a product by name."),
      ControlRoute(
        "PATCH", "\(root)/{records}/{record}",
        "Changes any field of the vendor, also inUse and userDefinedFields; null clears.",
        example: #"{"title":"Director","phone":null}"#),
      ControlRoute(
        "POST", "\(root)/{records}/{record}/touch", "Opens a record and saves it without a change: its stamps move."),
      ControlRoute(
        "POST", "\(root)/{records}/{record}/activity",
        "A ticket or note on a company or contact: only lastActivityDate moves."),
      ControlRoute(
        "DELETE", "\(root)/{records}/{record}",
        "Deletes a record, also one in use; with a company goes all that is its."),
      ControlRoute(
        "POST", "\(root)/contacts/import",
        "Imports contacts in bulk; unstamped ones have no lastModifiedDate until they are edited.",
        example: #"{"company":"Acme","count":500,"unstamped":true}"#),
      ControlRoute(
        "POST", "\(root)/credentials", "Makes user, secret and code wrong or right.", example: #"{"valid":false}"#),
      ControlRoute(
        "POST", "\(root)/rights", "What the security level allows, by kind of record: query, create, update, delete.",
        example: #"{"contacts":{"update":false}}"#),
      ControlRoute(
        "POST", "\(root)/visibility", "Hides companies with all that is theirs from the API user; [] shows all.",
        example: #"{"hidden":["Acme"]}"#),
      ControlRoute(
        "POST", "\(root)/zone", "Moves the customer to another zone (null: the first one); the former refuses.",
        example: #"{"value":"zone6"}"#),
      ControlRoute(
        "POST", "\(root)/fields", "Changes a field's metadata and what is enforced: length, required.",
        example: #"{"entity":"Contacts","field":"firstName","length":20}"#),
      ControlRoute(
        "POST", "\(root)/usage", "Requests of the customer's other integrations, now.", example: #"{"requests":6000}"#),
      ControlRoute(
        "POST", "\(root)/options",
        "Any of: " + (AutotaskOptions().json.members ?? []).map(\.name).joined(separator: ", "),
        example: #"{"missing-record":"404","retry-after":"seconds"}"#),
    ]
  }

  mutating func control(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    switch request.line {
    case "POST contacts import": return try importContacts(request.body, at: moment)
    case "POST credentials":
      credentialsAreValid = request.body["valid"]?.flag ?? credentialsAreValid
      return ["valid": .bool(credentialsAreValid)]
    case "POST rights": return try changeRights(request.body)
    case "POST visibility": return try changeVisibility(request.body)
    case "POST zone": return try changeZone(request.body)
    case "POST fields": return try changeField(request.body)
    case "POST usage":
      guard let requests = request.body["requests"]?.whole, (0...1_000_000_000).contains(requests) else {
        throw ControlProblem(400, "No requests were given.", fix: #"Send {"requests":6000}."#)
      }
      usage.add(requests, at: moment.seconds)
      return thresholds
    case "POST options":
      for member in request.body.members ?? [] { try options.set(member.name, to: member.value) }
      return options.json
    default: break
    }
    guard let kind = request.path.first.flatMap({ AutotaskKind.byHandle[$0] }) else { return nil }
    switch (request.method, request.path.count) {
    case ("GET", 1):
      let company = try request.option("company").map { (name) throws(ControlProblem) in
        try self.place(named: name, .companies)
      }
      return .array(present(kind, ofCompany: company.map { self[.companies].rows[$0].id }).map { json($0, kind) })
    case ("POST", 1): return try create(kind, request.body, at: moment)
    case ("GET", 2): return json(self[kind].rows[try place(named: request.path[1], kind)], kind)
    case ("PATCH", 2): return try change(kind, request.path[1], request.body, at: moment)
    case ("DELETE", 2): return try remove(kind, request.path[1])
    case ("POST", 3) where request.path[2] == "touch": return try change(kind, request.path[1], [], at: moment)
    case ("POST", 3) where request.path[2] == "activity": return try noteActivity(kind, request.path[1], at: moment)
    default: return nil
    }
  }

  // MARK: - Finding

  /// The fields by which control finds a record, apart from its id.
  private static let keys: [AutotaskKind: [String]] = [
    .companies: ["companyNumber", "companyName"], .contacts: ["emailAddress", "emailAddress2", "emailAddress3"],
    .configurationItems: ["referenceTitle", "serialNumber"], .products: ["name"], .resources: ["userName"],
    .locations: ["name"], .billingCodes: ["name"],
  ]

  private func place(named name: String, _ kind: AutotaskKind) throws(ControlProblem) -> Int {
    let table = self[kind]
    if let place = Int(name).flatMap({ table.place($0) }) { return place }
    let columns = (AutotaskEmulation.keys[kind] ?? []).compactMap { table.entity.column($0) }
    let wanted = AutotaskValue.text(name)
    let found = table.rows.indices.filter { place in
      table.isShown(table.rows[place], []) && columns.contains { table.rows[place].values[$0].equals(wanted) }
    }
    // Of several with one key, an active one is meant.
    guard let place = found.first(where: { table.value(table.rows[$0], "isActive").isOn }) ?? found.first else {
      throw ControlProblem(
        404, "There is nothing \"\(name)\" among the \(kind.handle).",
        fix: "GET \(AutotaskEmulation.root)/\(kind.handle) lists them.")
    }
    return place
  }

  /// The records that are not deleted, of one company or of all.
  private func present(_ kind: AutotaskKind, ofCompany company: Int?) -> [AutotaskRow] {
    let table = self[kind]
    guard let company, table.entity.companyColumn != nil else { return table.rows.filter { table.isShown($0, []) } }
    return table.places(ofCompany: company).map { table.rows[$0] }
  }

  /// A record as control shows it, with what no client sees.
  private func json(_ row: AutotaskRow, _ kind: AutotaskKind) -> JSON {
    let entity = self[kind].entity
    var members = entity.fields.indices.map { JSON.Member(name: entity.fields[$0].name, value: row.values[$0].json) }
    members.append(
      .init(
        name: "userDefinedFields",
        value: .object(
          entity.userFields.indices.map {
            .init(name: entity.userFields[$0].name, value: AutotaskValue(row.userValues[$0]).json)
          })))
    if kind == .contacts { members.append(.init(name: "inUse", value: .bool(row.isInUse))) }
    if kind == .configurationItems { members.append(.init(name: "version", value: .int(row.version))) }
    return .object(members)
  }

  // MARK: - Changing records

  /// The short words of control in the vendor's own.
  private func wire(_ body: JSON) throws(ControlProblem) -> JSON {
    var members: [JSON.Member] = []
    for member in body.members ?? [] {
      switch member.name {
      case "inUse": break
      case "company":
        let name = member.value.text ?? member.value.encoded
        members.append(
          .init(name: "companyID", value: .int(self[.companies].rows[try place(named: name, .companies)].id)))
      case "email": members.append(.init(name: "emailAddress", value: member.value))
      case "mobile": members.append(.init(name: "mobilePhone", value: member.value))
      default: members.append(member)
      }
    }
    return .object(members)
  }

  /// What the vendor's screens fill in by themselves.
  private func defaults(_ kind: AutotaskKind) -> [JSON.Member] {
    switch kind {
    case .contacts: [.init(name: "isActive", value: 1)]
    case .companies:
      [
        .init(name: "isActive", value: true), .init(name: "companyType", value: 1),
        .init(name: "ownerResourceID", value: .int(AutotaskEmulation.owner)), .init(name: "phone", value: "8135550000"),
      ]
    case .configurationItems:
      [.init(name: "isActive", value: true), .init(name: "configurationItemType", value: 1)]
    case .products:
      [
        .init(name: "isActive", value: true), .init(name: "isSerialized", value: true),
        .init(name: "productBillingCodeID", value: .int(AutotaskEmulation.billingCode)),
      ]
    case .locations: [.init(name: "isActive", value: true)]
    case .resources, .billingCodes: []
    }
  }

  private mutating func create(
    _ kind: AutotaskKind, _ body: JSON, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    var wire = try wire(body)
    for member in defaults(kind) where wire.named(member.name) == nil { wire = wire.with(member.name, member.value) }
    let whole = wire
    let id = try passed { (system) throws(AutotaskRefusal) in
      try system.create(kind, whole, by: .person, at: moment)
    }
    let place = try place(named: id.description, kind)
    setUse(body, kind, place)
    return json(self[kind].rows[place], kind)
  }

  private mutating func change(
    _ kind: AutotaskKind, _ name: String, _ body: JSON, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    let place = try place(named: name, kind)
    setUse(body, kind, place)
    let wire = try wire(body)
    let id = self[kind].rows[place].id
    try passed { (system) throws(AutotaskRefusal) in
      try system.update(kind, id, wire, by: .person, at: moment)
    }
    return json(self[kind].rows[place], kind)
  }

  private mutating func setUse(_ body: JSON, _ kind: AutotaskKind, _ place: Int) {
    guard let isInUse = body["inUse"]?.flag else { return }
    var row = self[kind].rows[place]
    row.isInUse = isInUse
    tables[kind.rawValue].replace(place, with: row)
  }

  private mutating func noteActivity(
    _ kind: AutotaskKind, _ name: String, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    let place = try place(named: name, kind)
    guard let column = self[kind].entity.activityColumn else {
      throw ControlProblem(400, "The \(kind.handle) have no lastActivityDate.", fix: "Companies and contacts have one.")
    }
    var row = self[kind].rows[place]
    row.values[column] = .instant(AutotaskInstant.milliseconds(moment.now))
    tables[kind.rawValue].replace(place, with: row)
    return json(row, kind)
  }

  private mutating func remove(_ kind: AutotaskKind, _ name: String) throws(ControlProblem) -> JSON {
    let place = try place(named: name, kind)
    let id = self[kind].rows[place].id
    tables[kind.rawValue].remove(place)
    guard kind == .companies else { return ["deleted": .int(id)] }
    for child in [AutotaskKind.contacts, .locations, .configurationItems] {
      for place in self[child].places(ofCompany: id) { tables[child.rawValue].remove(place) }
    }
    return ["deleted": .int(id)]
  }

  private mutating func importContacts(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard let count = body["count"]?.whole, (1...100_000).contains(count), let company = body["company"] else {
      throw ControlProblem(400, "No company and count were given.", fix: #"Send {"company":"Acme","count":500}."#)
    }
    let id = self[.companies].rows[try place(named: company.text ?? company.encoded, .companies)].id
    let first = self[.contacts].nextID
    let isUnstamped = body["unstamped"]?.flag ?? false
    let modified = self[.contacts].entity.modifiedColumn
    for number in 1...count {
      let wire: JSON = [
        "companyID": .int(id), "firstName": .string("Imported \(number)"), "lastName": "Person", "isActive": 1,
        "emailAddress": .string("imported.\(first + number - 1)@import.example"),
      ]
      let made = try passed { (system) throws(AutotaskRefusal) in
        try system.create(.contacts, wire, by: .person, at: moment)
      }
      guard isUnstamped, let modified, let place = self[.contacts].place(made) else { continue }
      var row = self[.contacts].rows[place]
      row.values[modified] = .null
      tables[AutotaskKind.contacts.rawValue].replace(place, with: row)
    }
    return ["imported": .int(count), "firstID": .int(first)]
  }

  /// Runs what the vendor itself may refuse, and passes on its words.
  @discardableResult
  private mutating func passed<Result>(
    _ body: (inout AutotaskEmulation) throws(AutotaskRefusal) -> Result
  ) throws(ControlProblem) -> Result {
    do throws(AutotaskRefusal) {
      return try body(&self)
    } catch {
      var text = "The vendor refuses."
      if case .errors(let texts) = error.content { text = texts.joined(separator: " ") }
      throw ControlProblem(400, text, fix: "Send what the vendor's own screens would take.")
    }
  }

  // MARK: - The database

  private mutating func changeRights(_ body: JSON) throws(ControlProblem) -> JSON {
    for member in body.members ?? [] {
      guard let kind = AutotaskKind.byHandle[member.name] else {
        throw ControlProblem(
          400, "There are no rights on \"\(member.name)\".",
          fix: "Known: \(AutotaskKind.allCases.map(\.handle).joined(separator: ", ")).")
      }
      var granted = rights(on: kind)
      granted.query = member.value["query"]?.flag ?? granted.query
      granted.create = member.value["create"]?.flag ?? granted.create
      granted.update = member.value["update"]?.flag ?? granted.update
      granted.delete = member.value["delete"]?.flag ?? granted.delete
      rights[kind.rawValue] = granted
    }
    return rightsJSON
  }

  var rightsJSON: JSON {
    .object(
      AutotaskKind.allCases.map { kind in
        let granted = rights(on: kind)
        return .init(
          name: kind.handle,
          value: [
            "query": .bool(granted.query), "create": .bool(granted.create), "update": .bool(granted.update),
            "delete": .bool(granted.delete),
          ])
      })
  }

  private mutating func changeVisibility(_ body: JSON) throws(ControlProblem) -> JSON {
    guard let names = body["hidden"]?.elements else {
      throw ControlProblem(400, "No companies were given.", fix: #"Send {"hidden":["Acme"]}."#)
    }
    var hidden: Set<Int> = []
    for name in names {
      hidden.insert(self[.companies].rows[try place(named: name.text ?? name.encoded, .companies)].id)
    }
    hiddenCompanies = hidden
    return ["hidden": .array(hidden.sorted().map { .int($0) })]
  }

  private mutating func changeZone(_ body: JSON) throws(ControlProblem) -> JSON {
    switch body["value"] {
    case .null?: zone = nil
    case .string(let text)? where !text.isEmpty && text.utf8.allSatisfy({ $0 < 128 && $0 != 0x2F && $0 != 0x20 }):
      zone = text.lowercased()
    default:
      throw ControlProblem(
        400, "A zone is one segment of a path.", fix: #"Send {"value":"zone6"}, or {"value":null} for the first."#)
    }
    return ["value": AutotaskValue(zone).json]
  }

  private mutating func changeField(_ body: JSON) throws(ControlProblem) -> JSON {
    guard let kind = body["entity"]?.text.flatMap({ AutotaskKind.byName[$0.lowercased()] }),
      let column = body["field"]?.text.flatMap({ self[kind].entity.column($0) })
    else {
      throw ControlProblem(
        400, "No field of an entity was given.",
        fix: #"Send {"entity":"Contacts","field":"firstName","length":20}."#)
    }
    if let length = body["length"]?.whole, (1...100_000).contains(length) {
      tables[kind.rawValue].entity.fields[column].length = length
    }
    if let isRequired = body["required"]?.flag { tables[kind.rawValue].entity.fields[column].isRequired = isRequired }
    return self[kind].entity.fields[column].json
  }

  // MARK: - Showing

  func state(scope: String?) throws(ControlProblem) -> JSON {
    var companies = present(.companies, ofCompany: nil)
    if let scope { companies = [self[.companies].rows[try place(named: scope, .companies)]] }
    let rows = companies.map { company -> JSON in
      var members = json(company, .companies).members ?? []
      for (name, kind) in [
        ("contacts", AutotaskKind.contacts), ("locations", .locations), ("configurationItems", .configurationItems),
      ] {
        members.append(.init(name: name, value: .array(present(kind, ofCompany: company.id).map { json($0, kind) })))
      }
      return .object(members)
    }
    func all(_ kind: AutotaskKind) -> JSON { .array(present(kind, ofCompany: nil).map { json($0, kind) }) }
    return [
      "companies": .array(rows), "counters": counters.json,
      "hidden-companies": .array(hiddenCompanies.sorted().map { .int($0) }), "options": options.json,
      "products": all(.products), "resources": all(.resources), "rights": rightsJSON, "usage": thresholds,
      "zone": AutotaskValue(zone).json,
    ]
  }

  func description(root: String) -> SystemAccess {
    SystemAccess(
      system: SandboxDescription.System(
        url: root, credentials: ["user": user, "secret": secret, "integration-code": integrationCode], tenants: nil),
      connect: "connect autotask as at url=\(root) user=\(user) integration-code=\(integrationCode) "
        + "secret=env:SANDBOX_AUTOTASK_SECRET",
      environment: ["SANDBOX_AUTOTASK_SECRET": secret])
  }
}
