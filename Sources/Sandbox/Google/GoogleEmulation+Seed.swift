// The tenant at the start: staff of the provider, and a label of contacts of every awkward kind.

import Foundation

extension GoogleEmulation {
  /// The label that the source user shares.
  static let sharedLabel = "Shared Contacts"
  static let fewestUsers = 8
  static let mostUsers = 60
  static let mostSharedFromCompanies = 60

  /// Why a user of the seed is worth having.
  private struct Staff: Sendable {
    var given: String
    var family: String
    var email: String
    var unit: String
    var tell: @Sendable (inout GoogleUser) -> Void = { _ in }
  }

  mutating func fill(from seed: SeedWorld) {
    let start = Instant.seconds(seed.startsAt)
    let founded = start - 700 * 86_400
    directory.domains = [
      GoogleDomain(name: "kestrel.example", isPrimary: true, aliases: ["kestrelmsp.example"], createdAt: founded),
      GoogleDomain(name: "kestrel-labs.example", createdAt: founded + 90 * 86_400),
    ]
    addUnits()
    addUsers(seed, founded: founded, start: start)
    addGroups()
    for (index, user) in directory.users.enumerated() where user.deletedAt == nil {
      books[user.id] = GoogleBook(random: SeededGenerator(seed: seed.seed &+ 7100 &+ UInt64(index)), at: founded)
    }
    addOwnContacts(founded: founded)
    addSharedContacts(seed, at: start - 40 * 86_400)
  }

  // MARK: - Directory

  private mutating func addUnits() {
    func id() -> String { "id:" + random.key(length: 14).lowercased() }
    let root = GoogleUnit(id: id(), name: "Kestrel", parentID: nil)
    let sales = GoogleUnit(id: id(), name: "Sales", parentID: root.id)
    directory.units = [
      root, sales, GoogleUnit(id: id(), name: "EMEA", parentID: sales.id),
      GoogleUnit(id: id(), name: "Engineering", parentID: root.id),
      GoogleUnit(id: id(), name: "Support", parentID: root.id),
      // Nobody is in it.
      GoogleUnit(id: id(), name: "Interns", parentID: root.id),
    ]
  }

  private static let staff: [Staff] = [
    Staff(given: "Site", family: "Administrator", email: "admin@kestrel.example", unit: "/") { $0.isAdmin = true },
    Staff(given: "Dana", family: "Whitfield", email: "dana.whitfield@kestrel.example", unit: "/Sales"),
    Staff(given: "Marcus", family: "Oyelaran", email: "marcus.oyelaran@kestrel.example", unit: "/Sales/EMEA") {
      $0.aliases = ["dispatch@kestrel.example"]
    },
    Staff(given: "Priya", family: "Raman", email: "priya.raman@kestrel-labs.example", unit: "/Support"),
    Staff(given: "Owen", family: "Teague", email: "owen.teague@kestrel.example", unit: "/Sales") {
      $0.isSuspended = true
    },
    Staff(given: "Lena", family: "Hofer", email: "lena.hofer@kestrel.example", unit: "/Engineering") {
      $0.isArchived = true
    },
    Staff(given: "Zoë", family: "Müller", email: "zoe.mueller@kestrel.example", unit: "/Engineering") {
      $0.isMailboxSetUp = false
    },
    Staff(given: "Helena", family: "Cruz", email: "helena.cruz@kestrel.example", unit: "/Support") {
      $0.isDelegatedAdmin = true
      $0.badge = "K-7"
    },
  ]

  private mutating func addUsers(_ seed: SeedWorld, founded: Int, start: Int) {
    func add(_ staff: Staff) {
      var user = GoogleUser(
        id: "1" + GoogleServiceAccount.digits(20, &random), primaryEmail: staff.email, givenName: staff.given,
        familyName: staff.family, unitID: directory.unit(staff.unit)?.id ?? directory.rootID,
        phone: "+1 813 555 \(1000 + random.below(9000))", title: random.pick(PersonNames.titles),
        department: random.pick(PersonNames.departments), externalID: "E-\(10 + directory.users.count)",
        createdAt: founded + directory.users.count * 86_400)
      staff.tell(&user)
      if user.isSuspended { user.suspendedAt = start - 30 * 86_400 }
      if user.isArchived { user.archivedAt = start - 60 * 86_400 }
      directory.add(user, at: founded)
    }
    for staff in Self.staff { add(staff) }
    let count = min(Self.mostUsers, max(Self.fewestUsers, seed.headcount))
    var taken = Set(Self.staff.map(\.email))
    while directory.users.count < count {
      let given = random.pick(PersonNames.given)
      let family = random.pick(PersonNames.family)
      let domain = random.chance(15) ? "kestrel-labs.example" : "kestrel.example"
      let email = "\(given).\(family)@\(domain)".lowercased()
      guard taken.insert(email).inserted else { continue }
      let unit = random.pick(["/Sales", "/Sales/EMEA", "/Engineering", "/Support", "/"])
      let isSuspended = random.chance(4)
      add(Staff(given: given, family: family, email: email, unit: unit) { $0.isSuspended = isSuspended })
    }
    add(
      Staff(given: "Tess", family: "Former", email: "tess.former@kestrel.example", unit: "/Support") {
        $0.deletedAt = start - 5 * 86_400
      })
  }

  private mutating func addGroups() {
    func group(_ name: String, _ local: String) -> GoogleGroup {
      GoogleGroup(id: "0" + random.key(length: 14).lowercased(), email: "\(local)@kestrel.example", name: name)
    }
    func user(_ address: String, _ role: String = "MEMBER") -> GoogleMember {
      GoogleMember(
        kind: .user, id: directory.presentPlace(key: address).map { directory.users[$0].id } ?? address, role: role)
    }
    func nested(_ group: GoogleGroup) -> GoogleMember { GoogleMember(kind: .group, id: group.id) }
    var sales = group("Sales", "sales")
    var emea = group("Sales EMEA", "sales-emea")
    var field = group("Field Team", "field")
    var onCall = group("On Call", "oncall")
    var everyone = group("Everyone", "everyone")
    var partners = group("Partners", "partners")
    let empty = group("Unused", "unused")
    sales.aliases = ["vertrieb@kestrel.example"]
    emea.members = [user("marcus.oyelaran@kestrel.example", "OWNER")]
    sales.members = [
      user("dana.whitfield@kestrel.example", "OWNER"), user("owen.teague@kestrel.example"), nested(emea),
    ]
    // Groups that go in circles.
    field.members = [user("zoe.mueller@kestrel.example"), nested(onCall)]
    onCall.members = [user("priya.raman@kestrel-labs.example", "MANAGER"), nested(field)]
    everyone.members = [GoogleMember(kind: .customer, id: directory.customerID)]
    partners.members = [
      user("helena.cruz@kestrel.example", "MANAGER"),
      GoogleMember(
        kind: .outsider, id: GoogleServiceAccount.digits(21, &random), email: "robin@contractor.example"),
      GoogleMember(
        kind: .outsideGroup, id: "0" + random.key(length: 14).lowercased(), email: "all@contractor.example"),
    ]
    // The others join one group or another.
    for user in directory.users.dropFirst(Self.staff.count) where user.deletedAt == nil {
      let member = GoogleMember(kind: .user, id: user.id)
      switch random.below(4) {
      case 0: sales.members.append(member)
      case 1: emea.members.append(member)
      case 2: onCall.members.append(member)
      default: break
      }
    }
    directory.groups = [sales, emea, field, onCall, everyone, partners, empty]
  }

  // MARK: - Contacts

  private mutating func addOwnContacts(founded: Int) {
    for user in directory.users where user.deletedAt == nil {
      let label = user.primaryEmail == sourceUser ? books[user.id]?.addLabel("Suppliers", at: founded) : nil
      let labelID = label.flatMap { books[user.id]?.labels[$0].id }
      for index in 0..<(2 + random.below(4)) {
        let given = random.pick(PersonNames.given)
        let family = random.pick(PersonNames.family)
        let fields: [GooglePersonField: [JSON]] = [
          .names: [["givenName": .string(given), "familyName": .string(family)]],
          .emailAddresses: [["value": .string("\(given).\(family)@private.example".lowercased()), "type": "home"]],
          .phoneNumbers: [["value": .string("+1 727 555 \(1000 + random.below(9000))"), "type": "mobile"]],
        ]
        var groups = [GoogleLabel.myContacts]
        if random.chance(20) { groups.append("starred") }
        if index == 0, let labelID { groups.append(labelID) }
        books[user.id]?.add(fields, groups: groups, at: founded + index * 3600)
      }
    }
  }

  /// The awkward ones first, then people of the provider's customers.
  private mutating func addSharedContacts(_ seed: SeedWorld, at start: Int) {
    guard let place = directory.presentPlace(primaryEmail: sourceUser), var book = books[directory.users[place].id]
    else { return }
    let label = book.addLabel(Self.sharedLabel, at: start)
    let id = book.labels[label].id
    let groups = [GoogleLabel.myContacts, id]
    for (index, fields) in Self.awkward.enumerated() {
      // One is in the label alone, as when "My Contacts" was left.
      let contact = book.add(fields, groups: index == 1 ? [id] : groups, at: start + index * 60)
      if index == Self.linkedWithProfile {
        book.link(
          contact,
          [
            .names: [["givenName": "Sam", "familyName": "Profile-Name"]],
            .emailAddresses: [["value": "sam.private@profile.example"]],
          ])
      }
    }
    let most = min(Self.mostSharedFromCompanies, max(4, seed.headcount / 2))
    let contacts = seed.companies.flatMap { company in
      company.contacts.filter { $0.isActive && $0.email != nil }.map { (company.name, $0) }
    }
    for (index, (company, contact)) in contacts.prefix(most).enumerated() {
      book.add(Self.fields(of: contact, at: company), groups: groups, at: start + 3600 + index * 60)
    }
    books[directory.users[place].id] = book
  }

  /// A person of a customer, as somebody typed it into an address book.
  private static func fields(of contact: SeedContact, at company: String) -> [GooglePersonField: [JSON]] {
    func entry(_ members: [(String, String?)]) -> JSON {
      .object(members.compactMap { name, value in value.map { .init(name: name, value: .string($0)) } })
    }
    let numbers = [(contact.phone, "work"), (contact.mobile, "mobile")].filter { $0.0 != nil }
    return [
      .names: [entry([("givenName", contact.firstName), ("familyName", contact.lastName)])],
      .organizations: [entry([("name", company), ("title", contact.title)])],
      .emailAddresses: [entry([("value", contact.email), ("type", "work")])],
      .phoneNumbers: numbers.map { entry([("value", $0.0), ("type", $0.1)]) },
    ]
  }

  /// Which of the awkward contacts is linked with somebody's public profile.
  private static let linkedWithProfile = 10

  private static let longNotes = JSON.string(
    (1...150).map { "Line \($0): met at the fair, call back after the holidays." }.joined(separator: "\n"))

  private static let awkward: [[GooglePersonField: [JSON]]] = [
    // Several numbers with types, one of them of the owner's own making.
    [
      .names: [["givenName": "Rui", "familyName": "Prata", "honorificPrefix": "Dr."]],
      .emailAddresses: [
        ["value": "rui@prata.example", "type": "work"], ["value": "rui.prata@mail.example", "type": "home"],
      ],
      .phoneNumbers: [
        ["value": "+351 210 000 000", "type": "work"], ["value": "+351 910 000 000", "type": "mobile"],
        ["value": "+351 210 000 009", "type": "workFax"], ["value": "210 000 001", "type": "Boat"],
      ],
      .organizations: [["name": "Prata Lda", "title": "Buyer", "department": "Ops", "type": "work"]],
      .addresses: [
        [
          "streetAddress": "Rua do Ouro 7", "city": "Lisboa", "postalCode": "1100-060", "country": "Portugal",
          "countryCode": "PT", "type": "work",
        ]
      ],
      .urls: [["value": "https://prata.example", "type": "work"]],
    ],
    // No name at all.
    [.emailAddresses: [["value": "reception@harbour.example", "type": "work"]]],
    [
      .names: [["givenName": "太郎", "familyName": "山田", "phoneticGivenName": "タロウ", "phoneticFamilyName": "ヤマダ"]],
      .emailAddresses: [["value": "taro.yamada@kita.example", "type": "work"]],
      .organizations: [["name": "北商事", "title": "課長"]],
    ],
    [
      .names: [["givenName": "Zoe 👩‍💻", "familyName": "Park 🚀"]],
      .emailAddresses: [["value": "zoe.park@pixel.example"]],
      .nicknames: [["value": "🦊"]],
    ],
    [
      .names: [["givenName": "José", "familyName": "Nuñez", "middleName": "Ángel"]],
      .emailAddresses: [["value": "jose.nunez@pacifico.example", "type": "work"]],
      .relations: [["person": "Inés Nuñez", "type": "spouse"]],
    ],
    // Notes of several thousand characters, in several lines.
    [
      .names: [["givenName": "Nora", "familyName": "Notes"]],
      .emailAddresses: [["value": "nora.notes@archive.example"]],
      .biographies: [
        [
          "value": longNotes,
          "contentType": "TEXT_PLAIN",
        ]
      ],
    ],
    [
      .names: [["givenName": "\u{1b}[31mEve\u{1b}[0m", "familyName": "Escape\u{7}"]],
      .emailAddresses: [["value": "eve@terminal.example"]],
      .organizations: [["name": "\u{1b}]0;title\u{7}Terminal GmbH"]],
    ],
    // Two of the same name.
    [
      .names: [["givenName": "Jordan", "familyName": "Lee"]],
      .emailAddresses: [["value": "jordan.lee@north.example", "type": "work"]],
      .organizations: [["name": "North Supplies"]],
    ],
    [
      .names: [["givenName": "Jordan", "familyName": "Lee"]],
      .emailAddresses: [["value": "jordan@south.example", "type": "work"]],
      .organizations: [["name": "South Supplies"]],
    ],
    [
      .names: [["givenName": "Carmen", "familyName": "Custom"]],
      .phoneNumbers: [["value": "+1 813 555 0144", "type": "main"]],
      .userDefined: [
        ["key": "Region", "value": "South"], ["key": "Region", "value": "West"],
        ["key": "Account no.", "value": "A-17"],
      ],
      .externalIDs: [["value": "ACC-12", "type": "customer"]],
      .clientData: [["key": "other-tool", "value": "17"]],
    ],
    // Linked with a public profile that says something else.
    [
      .names: [["givenName": "Sam", "familyName": "Linked"]],
      .emailAddresses: [["value": "sam.linked@partner.example", "type": "work"]],
    ],
    // A birthday without a year, and an anniversary with one.
    [
      .names: [["givenName": "Leap", "familyName": "Day"]],
      .emailAddresses: [["value": "leap@calendar.example"]],
      .birthdays: [["date": ["month": 2, "day": 29]]],
      .events: [["date": ["year": 2019, "month": 6, "day": 1], "type": "anniversary"]],
    ],
    // A company and nobody in it.
    [
      .organizations: [["name": "Harbour Bakery"]], .phoneNumbers: [["value": "(813) 555-0190", "type": "work"]],
    ],
    // Blanks at the ends, and a second company.
    [
      .names: [["givenName": " Pat ", "familyName": "Spaces "]],
      .emailAddresses: [["value": "Pat.Spaces@Blank.example", "type": "other", "displayName": "Pat at home"]],
      .organizations: [
        ["name": "Blank & Co", "title": "Owner ", "current": true], ["name": "Old Blank Ltd", "title": "Clerk"],
      ],
      .imClients: [["username": "pat.s", "protocol": "googleTalk", "type": "work"]],
    ],
  ]
}
