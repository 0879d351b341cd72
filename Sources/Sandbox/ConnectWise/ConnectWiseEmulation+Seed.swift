// The companies and contacts that ConnectWise begins with, and the ways by which records are found and added.

extension ConnectWiseEmulation {
  mutating func fill(from seed: SeedWorld) {
    let start = Instant.seconds(seed.startsAt)
    add(seed.provider, types: [CompanyType.all[3]], start: start)
    for company in seed.companies { add(company, types: [CompanyType.all[0]], start: start) }
    for company in seed.companies {
      for contact in company.contacts.sorted(by: { $0.id < $1.id }) { add(contact, of: company, start: start) }
    }
    fillInventory(from: seed)
    fillMembers(from: seed)
  }

  /// The address and number of a company of which nothing else was said.
  static func usualTexts(of id: Int) -> [String: String] {
    [
      "addressLine1": "\(id) Market Street", "city": "Tampa", "state": "FL", "zip": "33602",
      "phoneNumber": "8135550\(100 + id % 900)",
    ]
  }

  private mutating func add(_ company: SeedCompany, types: [CompanyType], start: Int) {
    let entered = start - 400 * 86_400 + company.id
    var texts = ConnectWiseEmulation.usualTexts(of: company.id)
    if let tenant = company.tenant { texts["website"] = "https://www.\(tenant.domain)" }
    add(
      ConnectWiseCompany(
        id: company.id, identifier: company.identifier, name: company.name,
        status: company.isActive ? .active : .inactive, types: types,
        texts: texts, stamp: RecordStamp(entered: entered, updated: entered, updatedBy: "admin1")))
  }

  private mutating func add(_ contact: SeedContact, of company: SeedCompany, start: Int) {
    let entered = start - 90 * 86_400 + contact.id % 86_400
    var record = ConnectWiseContact(
      id: contact.id, firstName: contact.firstName, lastName: contact.lastName, title: contact.title,
      companyID: company.id, siteID: 5000 + company.id,
      stamp: RecordStamp(entered: entered, updated: entered, updatedBy: "admin1"))
    record.isInactive = !contact.isActive
    record.isInUse = contact.isInUse
    for (type, value) in [
      (CommunicationType.email, contact.email), (.direct, contact.phone), (.mobile, contact.mobile),
    ] {
      guard let value else { continue }
      record.items.append(
        ConnectWiseCommunication(id: nextCommunicationID, type: type, value: value, isDefault: type.id != 4))
      nextCommunicationID += 1
    }
    record.settleDefaults()
    add(record)
  }

  // MARK: - Finding and adding

  /// Adds a company; its id must be above all others.
  mutating func add(_ company: ConnectWiseCompany) {
    companyPlaces[company.id] = companies.count
    companyIDs[company.identifier.lowercased()] = company.id
    companies.append(company)
  }

  /// Replaces a company, and knows it by its new identifier.
  mutating func replaceCompany(_ place: Int, with company: ConnectWiseCompany) {
    companyIDs[companies[place].identifier.lowercased()] = nil
    companyIDs[company.identifier.lowercased()] = company.id
    companies[place] = company
  }

  /// Adds a contact; its id must be above all others.
  mutating func add(_ contact: ConnectWiseContact) {
    contactPlaces[contact.id] = contacts.count
    contactsOfCompany[contact.companyID, default: []].append(contacts.count)
    contacts.append(contact)
    nextContactID = max(nextContactID, contact.id + 1)
  }

  func company(_ id: Int) -> ConnectWiseCompany? { companyPlaces[id].map { companies[$0] } }

  /// The place of a contact that is not deleted.
  func contactPlace(_ id: Int) -> Int? {
    guard let place = contactPlaces[id], !contacts[place].isDeleted else { return nil }
    return place
  }

  /// Replaces a contact, and moves it where its company changed.
  mutating func replace(_ place: Int, with contact: ConnectWiseContact) {
    let former = contacts[place].companyID
    contacts[place] = contact
    guard former != contact.companyID else { return }
    contactsOfCompany[former]?.removeAll { $0 == place }
    contactsOfCompany[contact.companyID, default: []].append(place)
    contactsOfCompany[contact.companyID]?.sort()
  }

  /// The contacts that are not deleted, of one company or of all, by ascending id.
  func presentContacts(ofCompany id: Int?) -> [ConnectWiseContact] {
    if let id { return (contactsOfCompany[id] ?? []).map { contacts[$0] }.filter { !$0.isDeleted } }
    return contacts.filter { !$0.isDeleted }
  }

  mutating func freshCommunicationID() -> Int {
    nextCommunicationID += 1
    return nextCommunicationID - 1
  }
}
