// The records that Autotask begins with: the seed's companies, people and devices, and what only Autotask has.

import Foundation

extension AutotaskEmulation {
  /// How far ids lie above those of the seed, so that no two systems share them.
  static let companyOffset = 29_683_000
  static let contactOffset = 30_682_000
  static let itemOffset = 40_100_000

  /// The member of staff who owns companies.
  static let owner = 29_682_885
  /// A member of staff who left, and still owns one.
  static let formerOwner = 29_682_886
  static let billingCode = 29_683_402

  mutating func fill(from seed: SeedWorld) {
    let start = AutotaskInstant.milliseconds(seed.startsAt)
    addStaff()
    addCompanies(seed, start: start)
    addContacts(seed, start: start)
    addItems(seed, start: start)
    for index in tables.indices { tables[index].settle() }
    tables[AutotaskKind.companies.rawValue].reserveIDs(upTo: AutotaskEmulation.companyOffset + 900_000)
    tables[AutotaskKind.contacts.rawValue].reserveIDs(upTo: AutotaskEmulation.contactOffset + 900_000)
    tables[AutotaskKind.configurationItems.rawValue].reserveIDs(upTo: AutotaskEmulation.itemOffset + 900_000)
  }

  /// A record with these values; what is not named stays null.
  private func row(_ kind: AutotaskKind, _ id: Int, _ values: [String: AutotaskValue]) -> AutotaskRow {
    let entity = self[kind].entity
    var row = AutotaskRow(entity, id: id)
    for (name, value) in values {
      guard let column = entity.column(name) else {
        preconditionFailure("the seed names a field that \(kind.name) does not have: \(name)")
      }
      row.values[column] = value
    }
    return row
  }

  private mutating func add(_ kind: AutotaskKind, _ id: Int, _ values: [String: AutotaskValue]) {
    tables[kind.rawValue].add(row(kind, id, values))
  }

  private mutating func addStaff() {
    for (id, first, last, isActive) in [
      (AutotaskEmulation.owner, "Dana", "Kestrel", true), (AutotaskEmulation.formerOwner, "Gil", "Former", false),
      (29_682_900, "Sync", "Api", true),
    ] {
      add(
        .resources, id,
        [
          "firstName": .text(first), "lastName": .text(last), "isActive": .flag(isActive),
          "userName": .text("\(first).\(last)".lowercased()),
          "email": .text(id == 29_682_900 ? user : "\(first.lowercased())@kestrelmsp.example"),
          "licenseType": .int(id == 29_682_900 ? 7 : 1), "resourceType": "Employee",
        ])
    }
    add(.billingCodes, AutotaskEmulation.billingCode, ["name": "Managed Hardware", "isActive": .flag(true)])
    add(.billingCodes, AutotaskEmulation.billingCode + 1, ["name": "Hardware (former)", "isActive": .flag(false)])
  }

  // MARK: - Companies

  private mutating func addCompanies(_ seed: SeedWorld, start: Int) {
    // Company 0 is the provider's own.
    addCompany(0, seed.provider, type: 1, start: start)
    for company in seed.companies {
      addCompany(AutotaskEmulation.companyOffset + company.id, company, type: 1, start: start)
    }
    // Companies that no other system has: a vendor, one name twice, one of a type that is no longer chosen.
    let extra = [
      ("Northwind Supplies", 7, AutotaskEmulation.owner), ("Twin Peaks Outfitters", 1, AutotaskEmulation.owner),
      ("Twin Peaks Outfitters", 3, AutotaskEmulation.owner), ("Old Mill Weavers", 9, AutotaskEmulation.formerOwner),
    ]
    let first = AutotaskEmulation.companyOffset + 800_000
    for (index, (name, type, owner)) in extra.enumerated() {
      let entered = start - 500 * 86_400_000 + index * 1000
      add(
        .companies, first + index,
        [
          "companyName": .text(name), "companyType": .int(type), "ownerResourceID": .int(owner),
          "phone": .text("813555099\(index)"), "isActive": .flag(true), "webAddress": "",
          "createDate": .instant(entered),
          "lastActivityDate": .instant(entered), "lastTrackedModifiedDateTime": .instant(entered),
        ])
    }
  }

  private mutating func addCompany(_ id: Int, _ company: SeedCompany, type: Int, start: Int) {
    let entered = start - 400 * 86_400_000 + company.id * 1000 + company.id * 37 % 1000
    let domain = company.tenant?.domain ?? "\(company.identifier.lowercased()).example"
    add(
      .companies, id,
      [
        "companyName": .text(company.name), "companyNumber": .text(company.identifier), "companyType": .int(type),
        "ownerResourceID": .int(AutotaskEmulation.owner), "phone": .text("(813) 555-0\(100 + company.id % 900)"),
        "webAddress": .text(company.id % 2 == 0 ? "https://www.\(domain)/" : domain), "city": "Tampa", "state": "FL",
        "postalCode": "33602", "classification": company.id % 4 == 0 ? .int(1) : .null,
        "isActive": .flag(company.isActive), "createDate": .instant(entered), "lastActivityDate": .instant(entered),
        "lastTrackedModifiedDateTime": .instant(entered),
      ])
    add(
      .locations, 60_000 + company.id,
      [
        "companyID": .int(id), "name": "Main", "city": "Tampa", "state": "FL", "postalCode": "33602",
        "isActive": .flag(true), "isPrimary": .flag(true),
      ])
  }

  // MARK: - Contacts

  private mutating func addContacts(_ seed: SeedWorld, start: Int) {
    guard seed.companies.contains(where: { !$0.contacts.isEmpty }) else { return }
    // The provider's own people are contacts of company 0.
    for (index, name) in ["Dana", "Gil"].enumerated() {
      let contact = SeedContact(
        id: index + 1, firstName: name, lastName: "Kestrel", title: "Owner",
        email: "\(name.lowercased())@kestrelmsp.example", phone: nil, mobile: nil)
      addContact(contact, company: 0, location: 60_000 + seed.provider.id, isPrimary: index == 0, start: start)
    }
    for company in seed.companies {
      let contacts = company.contacts.sorted { $0.id < $1.id }
      let primary = contacts.first { $0.isActive }?.id
      for contact in contacts {
        addContact(
          contact, company: AutotaskEmulation.companyOffset + company.id, location: 60_000 + company.id,
          isPrimary: contact.id == primary, start: start)
      }
    }
    // Somebody whom only Autotask knows, with a character in the title that most programs choke on.
    guard let company = seed.companies.first, company.contacts.count >= 10 else { return }
    let stray = SeedContact(
      id: 800_000, firstName: "Nadia", lastName: "Null", title: "Buyer\u{0}",
      email: "nadia.null@\(company.identifier.lowercased()).example", phone: "+1 813 555 0000", mobile: "")
    addContact(
      stray, company: AutotaskEmulation.companyOffset + company.id, location: nil, isPrimary: false, start: start)
  }

  private mutating func addContact(
    _ contact: SeedContact, company: Int, location: Int?, isPrimary: Bool, start: Int
  ) {
    let entered = start - 90 * 86_400_000 + contact.id % 86_400 * 1000 + contact.id * 37 % 1000
    // Some hold the address that people use in the second field, behind a private one.
    let isSecond = contact.id % 17 == 0 && contact.email != nil
    let hidden = "\(contact.id)@mail.example"
    // What came by import and was never edited has no stamp.
    let isImport = contact.id % 13 == 0
    var record = row(
      .contacts, AutotaskEmulation.contactOffset + contact.id,
      [
        "companyID": .int(company), "companyLocationID": AutotaskValue(contact.id % 3 == 0 ? location : nil),
        "firstName": .text(contact.firstName), "lastName": .text(contact.lastName ?? ""),
        "title": AutotaskValue(contact.title.map { String($0.prefix(50)) }),
        "emailAddress": AutotaskValue(isSecond ? hidden : contact.email),
        "emailAddress2": AutotaskValue(isSecond ? contact.email : contact.id % 5 == 0 ? "" : nil),
        "phone": AutotaskValue(contact.phone), "mobilePhone": AutotaskValue(contact.mobile),
        "isActive": .int(contact.isActive ? 1 : 0), "primaryContact": .flag(isPrimary),
        "receivesEmailNotifications": .flag(false), "isOptedOutFromBulkEmail": .flag(false),
        "solicitationOptOut": .flag(false), "surveyOptOut": .flag(false), "createDate": .instant(entered),
        "lastActivityDate": .instant(entered + contact.id % 30 * 86_400_000),
        "lastModifiedDate": isImport ? .null : .instant(entered),
      ])
    record.isInUse = contact.isInUse
    tables[AutotaskKind.contacts.rawValue].add(record)
  }

  // MARK: - Configuration items

  private mutating func addItems(_ seed: SeedWorld, start: Int) {
    var products: [[String?]: Int] = [:]
    func product(_ device: SeedDevice) -> [String?] { [device.manufacturer, device.model] }
    for device in seed.companies.flatMap(\.devices) where device.story.isInPSA && products[product(device)] == nil {
      products[product(device)] = addProduct(device.manufacturer, device.model, isActive: true)
    }
    // A product that is no longer sold, of the same model as one that is.
    if let device = seed.companies.first?.devices.first(where: { $0.manufacturer != nil && $0.model != nil }) {
      _ = addProduct(device.manufacturer, device.model, isActive: false)
    }
    for company in seed.companies {
      for device in company.devices where device.story.isInPSA {
        guard let product = products[product(device)] else { continue }
        addItem(device, of: company, product: product, start: start)
      }
    }
  }

  private mutating func addProduct(_ manufacturer: String?, _ model: String?, isActive: Bool) -> Int {
    let table = self[.products]
    let id = table.rows.isEmpty ? 29_800_001 : table.nextID
    let words = [manufacturer, model].compactMap(\.self)
    let name = words.isEmpty ? "Unknown Device" : words.joined(separator: " ")
    add(
      .products, id,
      [
        "name": .text(isActive ? name : name + " (discontinued)"), "manufacturerName": AutotaskValue(manufacturer),
        "manufacturerProductName": AutotaskValue(model), "isActive": .flag(isActive), "isSerialized": .flag(true),
        "productBillingCodeID": .int(AutotaskEmulation.billingCode),
      ])
    return id
  }

  private mutating func addItem(_ device: SeedDevice, of company: SeedCompany, product: Int, start: Int) {
    let entered = start - 200 * 86_400_000 + device.id * 1000 + device.id * 37 % 1000
    func day(_ text: String?) -> AutotaskValue {
      text.flatMap { Instant.date($0) }.map { .instant(AutotaskInstant.milliseconds($0)) } ?? .null
    }
    // Where nothing is entered as its title, an item is called as its product.
    let hasTitle = device.story != .onlyInPSA || device.id % 2 == 1
    var record = row(
      .configurationItems, AutotaskEmulation.itemOffset + device.id,
      [
        "companyID": .int(AutotaskEmulation.companyOffset + company.id), "productID": .int(product),
        "isActive": .flag(device.status != "Retired"), "referenceTitle": AutotaskValue(hasTitle ? device.name : nil),
        "referenceNumber": AutotaskValue(device.assetTag), "serialNumber": AutotaskValue(device.serialNumber),
        "configurationItemType": AutotaskValue(
          AutotaskEntity.itemTypes.first { $0.label == device.type }.map(\.value)),
        "configurationItemCategoryID": .int(1),
        "contactID": AutotaskValue(device.ownerContactID.map { AutotaskEmulation.contactOffset + $0 }),
        "companyLocationID": device.id % 2 == 0 ? .int(60_000 + company.id) : .null,
        "installDate": day(device.installedOn), "warrantyExpirationDate": day(device.warrantyExpiresOn),
        "notes": AutotaskValue(device.notes), "createDate": .instant(entered), "lastModifiedTime": .instant(entered),
      ])
    if device.id % 5 == 0 { record.userValues = ["Kestrel", "vault-\(device.id)"] }
    tables[AutotaskKind.configurationItems.rawValue].add(record)
  }
}

extension AutotaskValue: ExpressibleByStringLiteral {
  init(stringLiteral value: String) { self = .text(value) }
}
