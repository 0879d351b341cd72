// The site that Teamwork.com begins with: the provider's staff, and the clients with some of their people.

extension TeamworkEmulation {
  mutating func fill(from seed: SeedWorld) {
    let start = Instant.seconds(seed.startsAt)
    addOwner(seed.provider, start: start)
    var taken: Set<String> = []
    for (index, company) in seed.companies.enumerated() {
      // Every sixth company is known to Desk only.
      guard index % 6 != 4 else { continue }
      add(company, index: index, start: start)
      addPeople(of: company, index: index, taken: &taken, start: start)
    }
    addPast(start: start)
  }

  /// The owner company, with people of every kind that a site can have.
  private mutating func addOwner(_ provider: SeedCompany, start: Int) {
    ownerCompanyID = 1_200_007
    let founded = start - 900 * 86_400
    companies.append(
      TeamworkCompany(
        id: ownerCompanyID, name: provider.name, isOwner: true,
        texts: ["website": "https://kestrel.example", "emailOne": "office@kestrel.example"], created: founded,
        updated: start - 200 * 86_400))
    let staff: [(first: String, last: String, email: String)] = [
      ("Site", "Administrator", "admin@kestrel.example"), ("Kith", "Sync", "sync@kestrel.example"),
      ("Dana", "Whitfield", "dana.whitfield@kestrel.example"), ("Marcus", "Oyelaran", "dispatch@kestrel.example"),
      ("Reporting", "Service", "reporting@kestrel.example"), ("Open", "Position", ""),
    ]
    for (place, member) in staff.enumerated() {
      var person = TeamworkPerson(
        id: Self.administrator + 3 * place, firstName: member.first, lastName: member.last, email: member.email,
        kind: .account, companyID: ownerCompanyID, created: founded, createdBy: Self.administrator, updated: founded,
        updatedBy: Self.administrator)
      person.isSiteOwner = place == 0
      person.isAdmin = place < 2
      person.isServiceAccount = place == 4
      person.isPlaceholder = place == 5
      person.lastLogin = place < 4 ? start - 3600 * (place + 1) : nil
      add(person)
    }
    keyOwnerID = Self.administrator + 3
  }

  private mutating func add(_ company: SeedCompany, index: Int, start: Int) {
    let label = company.identifier.lowercased()
    let created = start - (500 - index % 300) * 86_400
    var client = TeamworkCompany(
      id: (companies.records.last?.id ?? ownerCompanyID) + 7, name: TeamworkEmoji.stored(company.name),
      created: created)
    client.texts = [
      "website": index % 5 == 3 ? "" : "https://www.\(label).example", "emailOne": "hello@\(label).example",
      "phone": "+1 813 555 \(1000 + index % 9000)", "city": "Tampa", "state": "FL", "countryCode": "US",
    ]
    if index % 4 == 1 { client.texts["emailTwo"] = "accounts@\(label).example" }
    if index % 4 == 2 { client.texts["profileText"] = "Since the early days :anchor:" }
    client.managerID = index % 3 == 0 ? Self.administrator + 6 : nil
    client.industryID = index % 5 == 4 ? nil : 1 + index % 4
    // Two in three were never edited.
    client.updated = index % 3 == 1 ? start - 20 * 86_400 - index : nil
    companies.append(client)
    if index % 2 == 0 { addDomain("\(label).example", to: companies.records.count - 1) }
  }

  // MARK: - People

  private mutating func addPeople(of company: SeedCompany, index: Int, taken: inout Set<String>, start: Int) {
    guard let client = companies.records.last else { return }
    var number = 0
    for person in company.tenant?.people ?? [] where !person.isDeleted && !person.isGuest {
      guard random.chance(70) else { continue }
      let email = person.mail ?? ""
      // One address is one person's on this site.
      guard email.isEmpty || taken.insert(email.lowercased()).inserted else { continue }
      var record = blankContact(of: client, start: start)
      record.firstName = person.givenName ?? person.displayName
      record.lastName = person.surname ?? ""
      record.title = person.title ?? ""
      record.email = email
      record.texts["phone-number-office"] = person.phone
      record.texts["phone-number-mobile"] = person.mobile
      for (slot, alias) in person.aliases.prefix(3).enumerated() { record.alternatives[slot] = alias }
      tell(number, of: &record, label: company.identifier.lowercased(), start: start)
      add(record)
      number += 1
    }
    for contact in company.tenant == nil ? company.contacts : [] where random.chance(70) {
      guard let email = contact.email, taken.insert(email.lowercased()).inserted else { continue }
      var record = blankContact(of: client, start: start)
      record.firstName = contact.firstName
      record.lastName = contact.lastName ?? ""
      record.title = contact.title ?? ""
      record.email = email
      record.texts["phone-number-office"] = contact.phone
      tell(number, of: &record, label: company.identifier.lowercased(), start: start)
      add(record)
      number += 1
    }
  }

  private mutating func blankContact(of client: TeamworkCompany, start: Int) -> TeamworkPerson {
    let created = start - 60 * 86_400 - random.below(200 * 86_400)
    return TeamworkPerson(
      id: (people.records.last?.id ?? Self.administrator) + 1 + random.below(3), firstName: "", lastName: "", email: "",
      kind: .contact, companyID: client.id, created: created, createdBy: Self.administrator, updated: created,
      updatedBy: Self.administrator)
  }

  /// Each of a company's people has what its number says: kinds, networks, photos, other addresses, missing names.
  private mutating func tell(_ number: Int, of person: inout TeamworkPerson, label: String, start: Int) {
    switch number % 12 {
    case 3: (person.kind, person.isClientUser, person.lastLogin) = (.account, true, start - 86_400)
    case 5: person.kind = .collaborator
    case 9: (person.kind, person.lastLogin) = (.account, start - 7200)
    default: break
    }
    let name = "\(label)\(number)"
    if number % 4 == 1 { person.avatar = "/avatars/photo-\(person.id)" }
    if number % 6 == 2 {
      person.texts["userTwitterName"] = "@\(name)"
      person.texts["userLinkedin"] = "https://linkedin.example/in/\(name)"
    }
    if number % 8 == 6 { person.texts["userFacebook"] = "https://facebook.example/\(name)" }
    if number % 7 == 4 { person.alternatives[0] = "\(name).home@mail.example" }
    if number % 30 == 10 { person.alternatives = (1...3).map { "\(name).\($0)@mail.example" } }
    if number % 15 == 13 { person.lastName = "" }
    if number % 25 == 14 { person.email = "" }
    if number % 5 == 0 {
      person.updated = start - 10 * 86_400 + number
      person.updatedBy = Self.administrator + 6
    }
  }

  /// A client that was deleted with the person in it, and a contact that was deleted alone.
  private mutating func addPast(start: Int) {
    let deletedAt = start - 30 * 86_400
    var former = TeamworkCompany(
      id: (companies.records.last?.id ?? ownerCompanyID) + 7, name: "Driftwood Antiques", isDeleted: true,
      created: start - 700 * 86_400, updated: deletedAt)
    former.texts["website"] = "https://driftwood.example"
    companies.append(former)
    let living = companies.records.first { !$0.isOwner && !$0.isDeleted } ?? former
    for (company, first, email) in [
      (former, "Edith", "edith@driftwood.example"), (living, "Departed", "departed@mail.example"),
    ] {
      var person = blankContact(of: company, start: start)
      person.firstName = first
      person.lastName = "Former"
      person.email = email
      person.isDeleted = true
      person.updated = deletedAt
      add(person)
    }
  }
}
