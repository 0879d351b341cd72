// What control does to Teamwork.com: people at work in the product's own screens, and the site's ways.

extension TeamworkEmulation {
  var controlRoutes: [ControlRoute] {
    [
      ControlRoute("GET", "/control/teamwork/companies", "All companies that are not deleted."),
      ControlRoute(
        "POST", "/control/teamwork/companies", "Creates a client, as a person would; keys as v3 writes them.",
        example: #"{"name":"Harbour Bakery","website":"https://harbour.example","emailOne":"hello@harbour.example"}"#),
      ControlRoute("GET", "/control/teamwork/companies/{company}", "One company, by id or name."),
      ControlRoute(
        "PATCH", "/control/teamwork/companies/{company}",
        "Renames or edits a company; {} edits and saves without change.",
        example: #"{"name":"Harbour Bakery & Sons"}"#),
      ControlRoute("DELETE", "/control/teamwork/companies/{company}", "Deletes a company and all people in it."),
      ControlRoute(
        "POST", "/control/teamwork/companies/{company}/domains", "Adds an e-mail domain.",
        example: #"{"domain":"harbour.example"}"#),
      ControlRoute("GET", "/control/teamwork/people", "All people that are not deleted; ?company= for one company."),
      ControlRoute(
        "POST", "/control/teamwork/people",
        "Adds a person, who need not be complete: firstName, lastName, title, email, alternatives (up to three), company, "
          + "kind (contact unless told), client (flag), phone, mobile, twitter, linkedin, facebook, website, avatar, or any "
          + "key of v1.",
        example: #"{"firstName":"Una","lastName":"Byrne","email":"una@harbour.example","company":"Acme Dental"}"#),
      ControlRoute("GET", "/control/teamwork/people/{person}", "One person, by id or main address."),
      ControlRoute(
        "PATCH", "/control/teamwork/people/{person}",
        "Edits a person: the same keys, null clears; company moves, kind turns a contact into an account or back, {} edits "
          + "and saves without change.",
        example: #"{"company":"Acorn Freight","kind":"account"}"#),
      ControlRoute("DELETE", "/control/teamwork/people/{person}", "Deletes a person."),
      ControlRoute(
        "POST", "/control/teamwork/import",
        "Bulk import: so many companies with so many contacts each, or contacts into one company.",
        example: #"{"company":"Acme Dental","people":25}"#),
      ControlRoute(
        "POST", "/control/teamwork/credentials", "Makes key and tokens wrong or right.", example: #"{"valid":false}"#),
      ControlRoute("POST", "/control/teamwork/tokens", "Gives a token of the login flow, for Bearer."),
      ControlRoute("DELETE", "/control/teamwork/tokens", "Revokes all tokens."),
      ControlRoute(
        "POST", "/control/teamwork/key-owner",
        "Whose key it is; somebody who is no administrator sees the owner company and the own one only, and writes nothing.",
        example: #"{"person":"dispatch@kestrel.example"}"#),
      ControlRoute(
        "POST", "/control/teamwork/rights",
        "What the key may do: companies, people; what may not be read is silently absent.",
        example: #"{"people":{"read":true,"write":false}}"#),
      ControlRoute(
        "POST", "/control/teamwork/options", "The site's ways. \(TeamworkSwitches<TeamworkWay, TeamworkLimit>.summary)",
        example: #"{"updated-after-is-inclusive":true,"rate-limit-per-minute":10}"#),
    ]
  }

  mutating func control(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    switch request.line {
    case "GET companies": return .array(companies.records.filter { !$0.isDeleted }.map(controlJSON))
    case "POST companies":
      let body = request.body
      try refuseUnknown(body, known: Self.companyKeys)
      return try refused { (site) throws(TeamworkRefusal) in
        let place = try site.newCompany(from: body, at: moment, overAPI: false)
        return site.controlJSON(site.companies[place])
      }
    case "GET people":
      let company = try request.option("company").map { (name) throws(ControlProblem) in try companyPlace(name) }
      let wanted = company.map { companies[$0].id }
      return .array(
        people.records.filter { !$0.isDeleted && $0.companyID == wanted ?? $0.companyID }.map(controlJSON))
    case "POST people": return try addPerson(request.body, at: moment)
    case "POST import": return try importRecords(request.body, at: moment)
    case "POST credentials":
      credentialsAreValid = request.body["valid"]?.flag ?? credentialsAreValid
      return ["valid": .bool(credentialsAreValid)]
    case "POST tokens":
      let token = "tkn." + random.key(length: 40)
      tokens.insert(token)
      return ["access_token": .string(token), "token_type": "Bearer"]
    case "DELETE tokens":
      tokens = []
      return ["tokens": 0]
    case "POST key-owner":
      keyOwnerID = people[try personPlace(request.body["person"]?.text ?? "")].id
      forgetListings()
      return people.record(id: keyOwnerID).map(controlJSON)
    case "POST rights":
      try rights.change(request.body)
      forgetListings()
      return rights.json
    case "POST options":
      try ways.change(request.body)
      forgetListings()
      return ways.json
    default: break
    }
    guard request.path.count >= 2 else { return nil }
    switch (request.method, request.path[0], request.path.count) {
    case ("GET", "companies", 2): return controlJSON(companies[try companyPlace(request.path[1])])
    case ("PATCH", "companies", 2): return try editCompany(request.path[1], request.body, at: moment)
    case ("DELETE", "companies", 2):
      let place = try companyPlace(request.path[1])
      return try refused { (site) throws(TeamworkRefusal) in
        try site.deleteCompany(place, by: Self.administrator, at: moment, overAPI: false)
        return ["deleted": .int(site.companies[place].id)]
      }
    case ("POST", "companies", 3) where request.path[2] == "domains":
      guard let name = request.body["domain"]?.text, name.contains(".") else {
        throw ControlProblem(400, "No domain was given.", fix: #"Send {"domain":"harbour.example"}."#)
      }
      return addDomain(name, to: try companyPlace(request.path[1])).json
    case ("GET", "people", 2): return controlJSON(people[try personPlace(request.path[1])])
    case ("PATCH", "people", 2): return try editPerson(request.path[1], request.body, at: moment)
    case ("DELETE", "people", 2):
      let place = try personPlace(request.path[1])
      deletePerson(place, by: Self.administrator, at: moment)
      return ["deleted": .int(people[place].id)]
    default: return nil
    }
  }

  /// The site's owner, under whose name changes by control stand.
  static let administrator = 480_003

  /// Listings and encoded records depend on the site's ways and on whose key it is.
  private mutating func forgetListings() {
    companies.forgetListings()
    people.forgetListings()
    companies.forgetTexts()
    people.forgetTexts()
  }

  /// Runs what the vendor itself may refuse, and passes on its words.
  private mutating func refused(
    _ body: (inout TeamworkEmulation) throws(TeamworkRefusal) -> JSON
  ) throws(ControlProblem) -> JSON {
    do throws(TeamworkRefusal) {
      return try body(&self)
    } catch {
      throw ControlProblem(error.status, error.detail, fix: "Send what the vendor's own screens would take.")
    }
  }

  // MARK: - Companies

  private func companyPlace(_ name: String) throws(ControlProblem) -> Int {
    if let place = Int(name).flatMap({ companies.place(id: $0) }), !companies[place].isDeleted { return place }
    let wanted = name.lowercased()
    let found = companies.records.indices.filter {
      !companies[$0].isDeleted && TeamworkEmoji.shown(companies[$0].name).lowercased() == wanted
    }
    guard let place = found.first(where: { TeamworkEmoji.shown(companies[$0].name) == name }) ?? found.first else {
      throw ControlProblem(
        404, "There is no company \"\(name)\".", fix: "GET /control/teamwork/companies lists them.")
    }
    return place
  }

  private mutating func editCompany(
    _ name: String, _ body: JSON, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    let place = try companyPlace(name)
    // In a form an empty box is an empty text.
    let cleared = (body.members ?? []).map { member -> JSON.Member in
      let isText = TeamworkCompany.writtenTexts[member.name] != nil
      return .init(name: member.name, value: isText && member.value == .null ? "" : member.value)
    }
    try refuseUnknown(body, known: Self.companyKeys)
    return try refused { (site) throws(TeamworkRefusal) in
      let company = try site.changed(site.companies[place], by: .object(cleared), at: moment, overAPI: false)
      site.save(company, at: place, moment)
      return site.controlJSON(site.companies[place])
    }
  }

  private static let companyKeys = Set(TeamworkCompany.writtenTexts.keys)
    .union(["name", "industryCatId", "clientManagedBy", "tagIds"])

  private func refuseUnknown(_ body: JSON, known: Set<String>) throws(ControlProblem) {
    for member in body.members ?? [] where !known.contains(member.name) {
      throw ControlProblem(
        400, "\"\(member.name)\" cannot be set so.", fix: "Known: \(known.sorted().joined(separator: ", ")).")
    }
  }

  // MARK: - People

  private func personPlace(_ name: String) throws(ControlProblem) -> Int {
    if let place = Int(name).flatMap({ people.place(id: $0) }), !people[place].isDeleted { return place }
    guard let place = peopleOfEmail[name.lowercased()]?.first(where: { !people[$0].isDeleted }) else {
      throw ControlProblem(404, "There is no person \"\(name)\".", fix: "GET /control/teamwork/people lists them.")
    }
    return place
  }

  /// The short words of control in the vendor's own.
  private static let shortKeys = [
    "firstName": "first-name", "lastName": "last-name", "title": "title", "email": "email-address",
    "phone": "phone-number-office", "mobile": "phone-number-mobile", "twitter": "userTwitterName",
    "linkedin": "userLinkedin", "facebook": "userFacebook", "website": "userWebsite", "kind": "user-type",
    "client": "isClientUser",
  ]

  private static let ownKeys: Set<String> = [
    "first-name", "last-name", "email-address", "company-id", "user-type", "isClientUser", "address", "email-alt-1",
    "email-alt-2", "email-alt-3",
  ]

  /// A draft with the changes of a body, and its avatar.
  private func wireRecord(_ body: JSON) throws(ControlProblem) -> (record: JSON, avatar: String?) {
    guard let members = body.members else {
      throw ControlProblem(400, "A person is a JSON object.", fix: #"Send, for example, {"title":"Director"}."#)
    }
    var wire: [JSON.Member] = []
    var avatar: String?
    for member in members {
      switch member.name {
      case "avatar": avatar = member.value.text ?? ""
      case "company":
        let name = member.value.text ?? member.value.encoded
        wire.append(.init(name: "company-id", value: .int(companies[try companyPlace(name)].id)))
      case "alternatives":
        let addresses = (member.value.elements ?? []).compactMap(\.text)
        guard addresses.count <= 3 else {
          throw ControlProblem(400, "There are three slots for other addresses.", fix: "Give up to three.")
        }
        for slot in 0..<3 {
          wire.append(
            .init(name: "email-alt-\(slot + 1)", value: .string(slot < addresses.count ? addresses[slot] : "")))
        }
      default:
        let key = Self.shortKeys[member.name] ?? member.name
        guard
          Self.shortKeys[member.name] != nil || Self.ownKeys.contains(key) || TeamworkPerson.writtenTexts[key] != nil
        else {
          throw ControlProblem(
            400, "\"\(member.name)\" of a person cannot be set so.",
            fix: "Known: company, alternatives, avatar, \(Self.shortKeys.keys.sorted().joined(separator: ", ")).")
        }
        wire.append(.init(name: key, value: member.value == .null ? "" : member.value))
      }
    }
    return (.object(wire), avatar)
  }

  private mutating func addPerson(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    let (record, avatar) = try wireRecord(body)
    return try refused { (site) throws(TeamworkRefusal) in
      var draft = TeamworkDraft(person: site.blankPerson(by: Self.administrator, at: moment))
      draft.person.kind = .contact
      try site.fill(&draft, from: record, at: moment, overAPI: false)
      draft.person.avatar = avatar ?? ""
      site.add(draft.person)
      return site.controlJSON(draft.person)
    }
  }

  private mutating func editPerson(_ name: String, _ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    let place = try personPlace(name)
    let (record, avatar) = try wireRecord(body)
    return try refused { (site) throws(TeamworkRefusal) in
      var draft = TeamworkDraft(person: site.people[place])
      try site.fill(&draft, from: record, at: moment, overAPI: false)
      draft.person.avatar = avatar ?? draft.person.avatar
      site.save(draft.person, at: place, by: Self.administrator, moment)
      return site.controlJSON(site.people[place])
    }
  }

  private mutating func importRecords(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    let count = body["people"]?.whole ?? 0
    let companyCount = body["companies"]?.whole ?? 0
    guard (0...100_000).contains(count), (0...10_000).contains(companyCount), count * max(1, companyCount) <= 200_000
    else { throw ControlProblem(400, "That is too much at once.", fix: "Import up to 200000 people.") }
    var targets: [Int] = []
    if let name = body["company"]?.text {
      targets = [try companyPlace(name)]
    } else {
      for _ in 0..<companyCount {
        let number = companies.records.count
        companies.append(
          TeamworkCompany(
            id: (companies.records.last?.id ?? 1_200_000) + 7, name: "Imported Client \(number)",
            texts: ["website": "https://imported\(number).example", "emailOne": "hello@imported\(number).example"],
            created: moment.seconds))
        targets.append(companies.records.count - 1)
      }
    }
    for place in targets {
      for _ in 0..<count {
        var person = blankPerson(by: Self.administrator, at: moment)
        person.kind = .contact
        person.companyID = companies[place].id
        person.firstName = "Imported"
        person.lastName = "Person \(person.id)"
        person.email = "person\(person.id)@imported\(place).example"
        add(person)
      }
    }
    return ["companies": .int(companyCount), "people": .int(targets.count * count)]
  }

  // MARK: - Showing

  private func controlJSON(_ company: TeamworkCompany) -> JSON {
    companyJSON(company, fullProfile: true, root: "")
  }

  /// Everything that is kept about a person, whatever the API shows.
  private func controlJSON(_ person: TeamworkPerson) -> JSON {
    var members: [JSON.Member] = [
      .init(name: "id", value: .int(person.id)), .init(name: "firstName", value: .string(person.firstName)),
      .init(name: "lastName", value: .string(person.lastName)), .init(name: "title", value: .string(person.title)),
      .init(name: "email", value: .string(person.email)),
      .init(name: "alternatives", value: .array(person.alternatives.filter { !$0.isEmpty }.map { .string($0) })),
      .init(name: "kind", value: .string(person.kind.rawValue)),
      .init(name: "client", value: .bool(person.isClientUser)),
      .init(name: "company-id", value: .int(person.companyID)),
      .init(name: "avatar", value: .string(person.avatar)), .init(name: "deleted", value: .bool(person.isDeleted)),
      .init(name: "updatedAt", value: .string(Instant.text(person.updated))),
    ]
    for (key, text) in person.texts.sorted(by: { $0.key < $1.key }) where !text.isEmpty {
      members.append(.init(name: key, value: .string(text)))
    }
    return .object(members)
  }

  func state(scope: String?) throws(ControlProblem) -> JSON {
    let wanted = scope?.lowercased()
    let meant = companies.records.filter {
      wanted == nil || TeamworkEmoji.shown($0.name).lowercased() == wanted || $0.id.description == wanted
    }
    let rows = meant.map { company -> JSON in
      let members = (peopleOfCompany[company.id] ?? []).map { controlJSON(people[$0]) }
      let names = company.domainIDs.compactMap { domains.record(id: $0)?.name }
      return .object(
        (controlJSON(company).members ?? []) + [
          .init(name: "people", value: .array(members)),
          .init(name: "domains", value: .array(names.map { .string($0) })),
        ])
    }
    return [
      "companies": .array(rows), "counters": counters.json,
      "seats-used": .int(people.records.count { $0.takesSeat }), "options": ways.json,
      "rights": rights.json, "key-owner": .string(keyOwner?.email ?? ""),
    ]
  }

  func description(root: String) -> SystemAccess {
    SystemAccess(
      system: SandboxDescription.System(url: root, credentials: ["api-key": apiKey], tenants: nil),
      connect: "connect teamwork as tw url=\(root) api-key=env:SANDBOX_TEAMWORK_KEY",
      environment: ["SANDBOX_TEAMWORK_KEY": apiKey])
  }
}
