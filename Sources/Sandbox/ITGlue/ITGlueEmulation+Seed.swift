// The organizations, contacts and configurations that IT Glue begins with, derived from the seed's companies.

import Foundation

extension ITGlueEmulation {
  /// Types and statuses of organizations; the first four of each bear the names that ConnectWise gives them.
  static let organizationTypes = ["Client", "Prospect", "Vendor", "Owner", "Internal"]
  static let organizationStatuses = ["Active", "Inactive", "Not Approved", "Imported", "Onboarding"]

  /// Fills the account.
  ///
  /// Of the first three companies all have an organization of the same name, a client and active. After that, by eights:
  /// the sixth has none, the seventh is spelt differently, and some have another type or status, or none.
  mutating func fill(from seed: SeedWorld) {
    let start = Instant.seconds(seed.startsAt) * 1000
    fillLists(start: start)
    var lookups = ITGlueSeedLookups(self)
    let own = addOrganization(
      ["name": .string(seed.provider.name), "short-name": .string(seed.provider.identifier), "type": "Owner"], lookups,
      created: start - 500 * 86_400_000)
    if let place = ITGlueSchema.of(.organizations).places["primary"] {
      var record = self[.organizations].records[own]
      record.values[place] = true
      record.remoteID = seed.provider.id.description
      self[.organizations].replace(own, with: record)
    }
    for (index, company) in seed.companies.enumerated() where index % 8 != 5 {
      let place = addOrganization(
        ITGlueEmulation.organization(company, index), lookups, created: start - 300 * 86_400_000)
      setRemote(company.id, owned: index % 2 == 0, at: place, .organizations)
      let id = self[.organizations].records[place].id
      lookups.location = addLocation(company, of: id, created: start - 300 * 86_400_000)
      lookups.contacts = [:]
      if index % 3 != 2 { addContacts(company, index, of: id, &lookups, created: start - 100 * 86_400_000) }
      addConfigurations(company, index, of: id, lookups, created: start - 60 * 86_400_000)
    }
    for (name, type, status) in [
      ("Harbour Bakery", "Client", "Active"), ("Old Mill Café", nil, nil), ("Internal Lab", "Internal", "Active"),
    ] as [(String, String?, String?)] where !seed.companies.isEmpty {
      addOrganization(
        [
          "name": .string(name), "type": type.map { .string($0) } ?? .null,
          "status": status.map { .string($0) } ?? .null,
          "quick-notes": .string(String(repeating: "Ring before you come. ", count: 30)),
        ], lookups, created: start - 20 * 86_400_000)
    }
  }

  /// How a company is documented.
  private static func organization(_ company: SeedCompany, _ index: Int) -> [String: JSON] {
    var name = company.name
    if index % 8 == 6 { name = index % 16 == 6 ? name.uppercased() : name + " " }
    var type: JSON = "Client"
    var status: JSON = company.isActive ? "Active" : "Inactive"
    switch index % 9 {
    case 3: type = .null
    case 4: status = .null
    case 7: type = "Vendor"
    case 8: status = "Onboarding"
    default: break
    }
    return [
      "name": .string(name), "type": type, "status": status,
      "short-name": index % 4 == 3 ? .null : .string(company.identifier),
    ]
  }

  // MARK: - Lists

  private mutating func fillLists(start: Int) {
    let created = start - 600 * 86_400_000
    func fill(_ kind: ITGlueKind, _ names: [String], in system: inout ITGlueEmulation) {
      for name in names { system.addListed(name, kind, created: created) }
    }
    fill(.organizationTypes, ITGlueEmulation.organizationTypes, in: &self)
    fill(.organizationStatuses, ITGlueEmulation.organizationStatuses, in: &self)
    fill(.configurationTypes, DeviceCatalogue.types + ["Managed Workstation"], in: &self)
    fill(.configurationStatuses, DeviceCatalogue.statuses + ["Inactive"], in: &self)
    fill(.contactTypes, ["Approver", "Decision Maker", "End User"], in: &self)
    fill(.operatingSystems, Set(DeviceCatalogue.all.flatMap(\.systems)).sorted(), in: &self)
    fill(.regions, ["Florida", "Georgia", "New York"], in: &self)
    for (manufacturer, name) in DeviceCatalogue.manufacturers.map({ ($0, $0) }) {
      let place = addListed(name, .manufacturers, created: created)
      let id = self[.manufacturers].records[place].id
      for model in DeviceCatalogue.models(of: manufacturer) {
        addListed(model, .models, created: created, ["manufacturer-id": .int(id)])
      }
    }
    for kind in ITGlueKind.allCases where kind.isList && !kind.isReadOnly && kind != .contactTypes {
      for place in self[kind].byID { setRemote(place + 1, owned: true, at: place, kind) }
    }
  }

  @discardableResult
  private mutating func addListed(
    _ name: String, _ kind: ITGlueKind, created: Int, _ values: [String: JSON] = [:]
  ) -> Int {
    add(values.merging(["name": .string(name)]) { first, _ in first }, kind, created: created)
  }

  /// Adds a record as it is, without the API's validation: an account holds records from before each rule.
  @discardableResult
  private mutating func add(_ values: [String: JSON], _ kind: ITGlueKind, created: Int) -> Int {
    let places = ITGlueSchema.of(kind).places
    var record = blankRecord(kind, at: created + self[kind].records.count)
    for (name, value) in values { if let place = places[name] { record.values[place] = value } }
    nextID += 1 + random.below(9)
    let place = self[kind].add(record)
    account(for: nil, record, kind)
    return place
  }

  private mutating func setRemote(_ id: Int, owned: Bool, at place: Int, _ kind: ITGlueKind) {
    var record = self[kind].records[place]
    record.remoteID = id.description
    record.isOwnedBySync = owned
    self[kind].replace(place, with: record)
  }

  // MARK: - Organizations and their contents

  @discardableResult
  private mutating func addOrganization(_ values: [String: JSON], _ lookups: ITGlueSeedLookups, created: Int) -> Int {
    var values = values
    values["organization-type-id"] = lookups.id(values["type"], .organizationTypes)
    values["organization-status-id"] = lookups.id(values["status"] ?? "Active", .organizationStatuses)
    return add(values, .organizations, created: created)
  }

  private mutating func addLocation(_ company: SeedCompany, of organization: Int, created: Int) -> Int {
    let place = add(
      [
        "organization-id": .int(organization), "name": "Main", "primary": true,
        "address-1": .string("\(company.id) Market Street"), "city": "Tampa", "postal-code": "33602",
        "phone": .string("8135550\(100 + company.id % 900)"),
      ], .locations, created: created)
    return self[.locations].records[place].id
  }

  /// About two of three contacts of the PSA are documented, some with other values, and a few people only here.
  private mutating func addContacts(
    _ company: SeedCompany, _ index: Int, of organization: Int, _ lookups: inout ITGlueSeedLookups, created: Int
  ) {
    for contact in company.contacts where contact.isActive && (random.chance(66) || contact.id % 7 == 0) {
      var emails: [JSON] = []
      if let email = contact.email {
        emails.append(["value": .string(email), "primary": true, "label-name": "Work"])
        if random.chance(10) {
          emails.append([
            "value": .string("home\(contact.id)@mail.example"), "primary": false, "label-name": "Home",
          ])
        }
      }
      var phones: [JSON] = []
      for (label, number) in [("Work", contact.phone), ("Mobile", contact.mobile)] {
        guard let number else { continue }
        let digits = number.filter { $0.isASCII && $0.isNumber }
        phones.append([
          "value": .string(digits), "extension": .null, "primary": .bool(phones.isEmpty), "label-name": .string(label),
          "label-type": "phone", "formatted-value": .string(ITGlueEmulation.formatted(digits)),
        ])
      }
      let title = random.chance(10) ? random.pick(PersonNames.titles) : contact.title
      let place = add(
        [
          "organization-id": .int(organization), "first-name": .string(contact.firstName),
          "last-name": contact.lastName.map { .string($0) } ?? .null, "title": title.map { .string($0) } ?? .null,
          "contact-type-id": random.chance(70) ? lookups.id("End User", .contactTypes) : .null,
          "location-id": lookups.location.map { .int($0) } ?? .null,
          "important": random.chance(30) ? .bool(random.chance(50)) : .null, "contact-emails": .array(emails),
          "contact-phones": .array(phones),
        ], .contacts, created: created)
      setRemote(contact.id, owned: index % 2 == 0 && contact.id % 3 == 0, at: place, .contacts)
      lookups.contacts[contact.id] = self[.contacts].records[place].id
    }
    guard company.contacts.count >= 5 else { return }
    addContactsOfThisSideOnly(company, of: organization, created: created)
  }

  /// People whom the PSA does not know: one ordinary, one of a name that two have, one without address, one without name.
  private mutating func addContactsOfThisSideOnly(_ company: SeedCompany, of organization: Int, created: Int) {
    let domain = "\(company.identifier.lowercased()).example"
    let twin = company.contacts.first { $0.isActive && $0.lastName != nil }
    let people: [(String?, String?, String?)] = [
      ("Una", "Byrne", "una.byrne@\(domain)"), (twin?.firstName, twin?.lastName, "twin@\(domain)"),
      ("Reception", nil, nil), (nil, nil, "kiosk@\(domain)"),
    ]
    for (first, last, email) in people {
      add(
        [
          "organization-id": .int(organization), "first-name": first.map { .string($0) } ?? .null,
          "last-name": last.map { .string($0) } ?? .null,
          "contact-emails": .array(
            // An entry that was sent without `primary` is none.
            email.map { [["value": .string($0), "primary": .bool(first != nil), "label-name": "Work"]] } ?? []),
        ], .contacts, created: created)
    }
  }

  private mutating func addConfigurations(
    _ company: SeedCompany, _ index: Int, of organization: Int, _ lookups: ITGlueSeedLookups, created: Int
  ) {
    for device in company.devices where device.story.isInDocumentation {
      func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
      let isOther = device.story == .valuesDiffer
      let manufacturer = device.manufacturer.map { lookups.id(.string($0), .manufacturers) } ?? .null
      let values: [String: JSON] = [
        "organization-id": .int(organization),
        "name": .string(device.story == .caseDiffers ? device.name.lowercased() : device.name),
        "hostname": text(device.hostname),
        "primary-ip": text(isOther ? "192.168.77.\(device.id % 250)" : device.primaryIP),
        // No more than 17 characters fit, so longer fields were never taken over.
        "mac-address": text(device.macAddress.flatMap { $0.count > 17 ? nil : $0 }),
        "default-gateway": text(device.defaultGateway),
        "serial-number": text(device.story == .serialAtOneSide ? nil : device.serialNumber),
        "asset-tag": text(isOther ? "GLUE-\(device.id)" : device.assetTag),
        "notes": text(isOther ? "See the runbook." : device.notes), "installed-by": text(device.installedBy),
        "installed-at": text(device.installedOn), "purchased-at": text(device.purchasedOn),
        "warranty-expires-at": text(device.warrantyExpiresOn),
        "configuration-type-id": lookups.id(text(device.type), .configurationTypes),
        "configuration-status-id": lookups.id(text(device.status), .configurationStatuses),
        "manufacturer-id": manufacturer, "model-id": lookups.model(device.model, of: manufacturer.whole),
        "operating-system-id": lookups.id(text(device.operatingSystem), .operatingSystems),
        "contact-id": device.ownerContactID.flatMap { lookups.contacts[$0] }.map { .int($0) } ?? .null,
        "archived": .bool(device.story == .retired && device.id % 2 == 0),
      ]
      let place = add(values, .configurations, created: created)
      guard device.story.isInPSA else { continue }
      setRemote(device.id, owned: index % 2 == 0 && device.id % 3 == 0, at: place, .configurations)
    }
  }
}

/// What the seed needs to turn names into ids.
private struct ITGlueSeedLookups {
  private var ids: [ITGlueKind: [String: Int]] = [:]
  private var models: [Int: [String: Int]] = [:]
  /// By the id of the contact at the PSA.
  var contacts: [Int: Int] = [:]
  var location: Int?

  init(_ system: ITGlueEmulation) {
    for kind in ITGlueKind.allCases where kind.isList {
      for place in system[kind].byID {
        let name = system[kind].value("name", at: place).text ?? ""
        let id = system[kind].records[place].id
        ids[kind, default: [:]][name] = id
        if kind == .models, let manufacturer = system[kind].value("manufacturer-id", at: place).whole {
          models[manufacturer, default: [:]][name] = id
        }
      }
    }
  }

  func id(_ name: JSON?, _ kind: ITGlueKind) -> JSON {
    name?.text.flatMap { ids[kind]?[$0] }.map { .int($0) } ?? .null
  }

  func model(_ name: String?, of manufacturer: Int?) -> JSON {
    guard let name, let manufacturer else { return .null }
    return models[manufacturer]?[name].map { .int($0) } ?? .null
  }
}
