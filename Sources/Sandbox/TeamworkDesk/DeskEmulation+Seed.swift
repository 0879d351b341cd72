// The Desk that the world begins with: some of the provider's clients, people by hand, by domain and by ticket.

extension DeskEmulation {
  mutating func fill(from seed: SeedWorld) {
    let start = Instant.seconds(seed.startsAt)
    var taken: Set<String> = []
    for (index, company) in seed.companies.enumerated() {
      // Every sixth company is known to Teamwork.com only.
      guard index % 6 != 2 else { continue }
      add(company, index: index, start: start)
      addCustomers(of: company, index: index, taken: &taken, start: start)
    }
    addWalkIns(start: start)
  }

  private mutating func add(_ company: SeedCompany, index: Int, start: Int) {
    let label = company.identifier.lowercased()
    let created = start - (450 - index % 300) * 86_400
    // Two of six are written otherwise than their counterparts: in capitals, or with a blank too many.
    let name =
      switch index % 6 {
      case 1: company.name.uppercased()
      case 3: company.name.replacing(" ", with: "  ")
      default: company.name
      }
    var record = DeskCompany(
      id: (companies.records.last?.id ?? 15) + 1, name: name,
      stamp: DeskStamp(created: created, createdBy: Self.agent, updated: created, updatedBy: Self.agent))
    record.texts = [
      "website": index % 4 == 2 ? "" : "https://www.\(label).example",
      "email": index % 3 == 1 ? "desk@\(label).example" : "hello@\(label).example", "industry": "Services",
    ]
    companies.append(record)
    guard index % 2 == 0 else { return }
    let domain = DeskDomain(id: (domains.records.last?.id ?? 300) + 1, name: "\(label).example", companyID: record.id)
    domains.append(domain)
    record.domainIDs = [domain.id]
    companies.replace(companies.records.count - 1, with: record)
  }

  // MARK: - Customers

  private mutating func addCustomers(of company: SeedCompany, index: Int, taken: inout Set<String>, start: Int) {
    guard let owner = companies.records.last else { return }
    let ownDomain = owner.domainIDs.isEmpty ? nil : "\(company.identifier.lowercased()).example"
    var number = 0
    for person in company.tenant?.people ?? [] where !person.isDeleted && !person.isGuest {
      guard random.chance(60), let mail = person.mail, taken.insert(mail.lowercased()).inserted else { continue }
      var record = blank(start: start)
      record.firstName = person.givenName ?? person.displayName
      record.lastName = person.surname ?? ""
      record.jobTitle = person.title ?? ""
      record.texts["phone"] = person.phone
      record.texts["mobile"] = person.mobile
      addPoint(mail, to: &record)
      record.companyID = owner.id
      record.joinedByDomain = record.domain == ownDomain
      tell(number, of: &record, label: company.identifier.lowercased())
      if number % 10 == 9, let first = companies.records.first, first.id != owner.id {
        // Sorted by hand into another company than anybody else would have.
        record.companyID = first.id
        record.joinedByDomain = false
      }
      add(record)
      number += 1
    }
    for contact in company.tenant == nil ? company.contacts : [] where random.chance(60) {
      guard let mail = contact.email, taken.insert(mail.lowercased()).inserted else { continue }
      var record = blank(start: start)
      record.firstName = contact.firstName
      record.lastName = contact.lastName ?? ""
      record.jobTitle = contact.title ?? ""
      addPoint(mail, to: &record)
      record.companyID = owner.id
      record.joinedByDomain = record.domain == ownDomain
      add(record)
    }
  }

  private mutating func blank(start: Int) -> DeskCustomer {
    let created = start - 50 * 86_400 - random.below(200 * 86_400)
    return DeskCustomer(
      id: (customers.records.last?.id ?? 7000) + 1 + random.below(2), jobTitle: "",
      avatar: DeskCustomer.stockAvatar(random.below(DeskCustomer.animals.count)), ticketCount: random.below(6),
      stamp: DeskStamp(created: created, createdBy: Self.agent, updated: created, updatedBy: Self.agent))
  }

  private mutating func addPoint(_ value: String, type: String = "email", to customer: inout DeskCustomer) {
    let isMain = type == "email" && customer.addresses.isEmpty
    customer.points.append(DeskContactPoint(id: freshPointID(), value: value, type: type, isMain: isMain))
  }

  /// Each of a company's customers has what its number says: other addresses, a main address that is another's main one,
  /// letters in another case, networks, photos, names that are missing.
  private mutating func tell(_ number: Int, of customer: inout DeskCustomer, label: String) {
    let name = "\(label).desk\(number)"
    switch number % 10 {
    case 1: addPoint("\(name)@mail.example", to: &customer)
    case 2: customer.avatar = "/desk/files/photos/\(customer.id).svg"
    case 3:
      addPoint("@\(name)", type: "twitter", to: &customer)
      addPoint("https://linkedin.example/in/\(name)", type: "linkedin", to: &customer)
    case 4:
      // Four more than the main one: more than Teamwork.com has slots for.
      for slot in 1...4 { addPoint("\(name).\(slot)@mail.example", to: &customer) }
    case 5:
      let value = customer.points[0].value
      customer.points[0].value = value.prefix(1).uppercased() + value.dropFirst()
    case 6:
      // The work address is there, and a private one stands before it.
      addPoint("\(name)@mail.example", to: &customer)
      let last = customer.points.count - 1
      for place in customer.points.indices { customer.points[place].isMain = place == last }
    case 7: customer.jobTitle = nil
    case 8: customer.texts["facebookURL"] = "https://facebook.example/\(name)"
    default: break
    }
    if number % 20 == 19 { customer.lastName = "" }
    if number % 5 == 0 {
      customer.stamp.updated += 86_400
      customer.stamp.updatedBy = Self.agent
    }
  }

  // MARK: - Who came by themselves

  /// Companies and customers that only Desk knows, and what the years have left behind.
  private mutating func addWalkIns(start: Int) {
    let made = start - 300 * 86_400
    companies.append(
      DeskCompany(
        id: (companies.records.last?.id ?? 15) + 1, name: "Walk-in Clients", kind: "group",
        stamp: DeskStamp(created: made, createdBy: Self.agent, updated: made, updatedBy: Self.agent)))
    companies.append(
      DeskCompany(
        id: (companies.records.last?.id ?? 15) + 1, name: "Former Partner",
        stamp: DeskStamp(
          created: made, createdBy: Self.agent, updated: made + 86_400, updatedBy: Self.agent, deleted: made + 86_400)))
    // By ticket: no name, or half of one; in a company where the domain says so.
    var senders = ["walkin1@freemail.example", "walkin2@freemail.example", "noreply@newsletter.example"]
    senders += domains.records.prefix(2).flatMap { ["scanner@\($0.name)", "reception@\($0.name)"] }
    for (number, sender) in senders.enumerated() {
      var customer = blank(start: start)
      customer.jobTitle = nil
      customer.ticketCount = 1
      if number == 1 { customer.firstName = "walkin2" }
      customer.stamp.createdBy = nil
      customer.stamp.updatedBy = nil
      guard (customersOfAddress[sender] ?? []).isEmpty else { continue }
      addPoint(sender, to: &customer)
      place(&customer)
      add(customer)
    }
    // By hand, complete but in no company.
    var stray = blank(start: start)
    (stray.firstName, stray.lastName) = ("Nadia", "Freelance")
    addPoint("nadia@freelance.example", to: &stray)
    add(stray)
    // Made by the system, with the first day of the calendar for a date and no contact at all.
    var system = blank(start: start)
    system.firstName = "System"
    system.jobTitle = nil
    system.stamp = DeskStamp(
      created: DeskStamp.never, createdBy: nil, updated: DeskStamp.never, updatedBy: nil)
    add(system)
    // Merged away long ago.
    var merged = blank(start: start)
    (merged.firstName, merged.lastName) = ("Merged", "Away")
    merged.stamp.deleted = merged.stamp.created + 86_400
    add(merged)
  }
}
