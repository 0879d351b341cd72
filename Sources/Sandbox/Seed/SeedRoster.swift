// Who works where: the accounts of each tenant and the contacts that exist already, story by story.

/// Fills companies with people; ids run on from company to company.
struct SeedRoster: Sendable {
  private var random: SeededGenerator
  private var nextContactID = 1000
  /// Addresses given out in the company being filled.
  private var taken: Set<String> = []

  init(random: SeededGenerator) { self.random = random }

  /// Gives a company its tenant, its people and its contacts.
  ///
  /// - Parameter isFirst: the first company has every story once, as soon as it has people enough for them.
  mutating func fill(_ company: inout SeedCompany, count: Int, hasTenant: Bool, isFirst: Bool) {
    taken = []
    let label = company.identifier.lowercased()
    var tenant = SeedTenant(
      id: random.guid(), domain: "\(label).example", secondDomain: "\(label)-labs.example",
      initialDomain: "\(label).onmicrosoft.com")
    var stories = stories(count: count, withAll: isFirst && count >= 25)
    stories.shuffle(using: &random)
    var present = 0
    for story in stories where present < count {
      present += add(story, to: &company, tenant: &tenant, mayAddTwo: present + 2 <= count)
    }
    addContactsWithoutAccount(to: &company, count: count)
    if hasTenant { company.tenant = tenant }
  }

  private mutating func stories(count: Int, withAll: Bool) -> [PersonStory] {
    guard withAll else { return (0..<count).map { _ in drawnStory() } }
    // `shared-address` makes two accounts of one story, so one story fewer is drawn.
    return PersonStory.special + (0..<(count - PersonStory.special.count - 1)).map { _ in drawnStory() }
  }

  private mutating func drawnStory() -> PersonStory {
    var mark = random.below(100)
    for (story, share) in PersonStory.shares {
      if mark < share { return story }
      mark -= share
    }
    return .ordinary
  }

  // MARK: - One person

  /// Returns how many accounts that made which are not deleted.
  private mutating func add(
    _ story: PersonStory, to company: inout SeedCompany, tenant: inout SeedTenant, mayAddTwo: Bool
  ) -> Int {
    var present = 1
    var person = ordinaryPerson(tenant)
    person.story = story
    tell(story, of: &person, tenant: tenant)
    switch story {
    case .sharedAddress where mayAddTwo:
      var other = ordinaryPerson(tenant)
      other.story = story
      other.mail = person.mail
      tenant.people.append(other)
      present = 2
    case .recreated:
      var former = person
      former.id = random.guid()
      former.isDeleted = true
      tenant.people.append(former)
    default: break
    }
    tenant.people.append(person)
    addContact(for: person, to: &company, tenant: tenant)
    return present
  }

  private mutating func ordinaryPerson(_ tenant: SeedTenant) -> SeedPerson {
    let given = random.pick(PersonNames.given)
    let family = random.pick(PersonNames.family)
    let address = freshAddress("\(given).\(family)".lowercased(), at: tenant.domain)
    return SeedPerson(
      id: random.guid(), story: .ordinary, givenName: given, surname: family, displayName: "\(given) \(family)",
      title: random.pick(PersonNames.titles), department: random.pick(PersonNames.departments),
      phone: random.chance(70) ? phoneNumber() : nil, mobile: random.chance(50) ? phoneNumber() : nil, mail: address,
      principalName: address, licences: random.chance(80) ? [.businessPremium] : [.exchange, .flowFree])
  }

  private mutating func tell(_ story: PersonStory, of person: inout SeedPerson, tenant: SeedTenant) {
    let local = String(person.principalName.prefix { $0 != "@" })
    func rename(_ name: (String, String, String), at domain: String) {
      person.givenName = name.0
      person.surname = name.1
      person.displayName = "\(name.0) \(name.1)"
      person.mail = freshAddress(name.2, at: domain)
      person.principalName = person.mail ?? person.principalName
    }
    switch story {
    case .ordinary, .caseDiffers, .duplicateContacts, .nameOnly, .recreated, .sharedAddress: break
    case .guest:
      let outside = "\(local)@partner-\(random.below(900) + 100).example"
      person.isGuest = true
      person.licences = []
      person.mail = outside
      person.principalName = outside.map { $0 == "@" ? "_" : String($0) }.joined() + "#EXT#@" + tenant.initialDomain
    case .unlicensed: person.licences = []
    case .signInDisabled: person.isEnabled = false
    case .leaver:
      person.isEnabled = false
      person.mail = nil
      person.licences = []
      person.principalName = "\(local)@\(tenant.initialDomain)"
    case .withoutMail:
      person.mail = nil
      person.principalName = "\(local)@\(tenant.initialDomain)"
    case .accents: rename(random.pick(PersonNames.accented), at: tenant.domain)
    case .cjk: rename(random.pick(PersonNames.eastAsian), at: tenant.domain)
    case .emoji:
      person.displayName += " 🚀"
      person.givenName = (person.givenName ?? "") + " 👩‍💻"
    case .terminalEscapes:
      person.displayName = "\u{1b}[31m\(person.displayName)\u{1b}[0m\u{7}"
      person.givenName = "\u{1b}[31m\(person.givenName ?? "")\u{1b}[0m"
    case .noTitleNoPhone:
      person.title = nil
      person.phone = nil
      person.mobile = nil
    case .trailingSpace: person.title = (person.title ?? "Buyer") + " "
    case .aliasOnly: person.aliases = [freshAddress("\(local)-old", at: tenant.domain)]
    case .secondDomain:
      person.mail = "\(local)@\(tenant.secondDomain)"
      person.principalName = "\(local)@\(tenant.secondDomain)"
    case .sharedMailbox:
      let desk = random.pick(["info", "billing", "support", "orders", "hr", "scans"])
      person.mail = freshAddress(desk, at: tenant.domain)
      person.principalName = person.mail ?? person.principalName
      person.givenName = nil
      person.surname = nil
      person.displayName = desk.prefix(1).uppercased() + desk.dropFirst() + " Mailbox"
      person.title = nil
      person.phone = nil
      person.mobile = nil
      person.isEnabled = false
      person.licences = []
    case .longTitle:
      person.title =
        "Senior Vice President of Strategic Operations, Facilities, Fleet, Procurement and Continuous Improvement, North"
    case .initialDomainLogin: person.principalName = "\(local)@\(tenant.initialDomain)"
    case .freeLicenceOnly: person.licences = [.flowFree]
    }
  }

  // MARK: - Contacts

  /// Three in four of the licensed, enabled members exist already, some of them with other values.
  private mutating func addContact(for person: SeedPerson, to company: inout SeedCompany, tenant: SeedTenant) {
    let isExpected = person.isEnabled && !person.licences.isEmpty && !person.isGuest
    let isNeeded =
      switch person.story {
      case .caseDiffers, .aliasOnly, .duplicateContacts, .nameOnly, .recreated, .leaver, .signInDisabled,
        .trailingSpace:
        true
      default: false
      }
    guard isNeeded || (isExpected && random.chance(75)) else { return }
    var contact = SeedContact(
      id: freshContactID(), firstName: String((person.givenName ?? person.displayName).prefix(30)),
      lastName: person.surname.map { String($0.prefix(30)) }, title: person.title.map { String($0.prefix(100)) },
      email: person.mail, phone: person.phone, mobile: person.mobile, isInUse: random.chance(11))
    switch person.story {
    case .caseDiffers: contact.email = person.mail.map { $0.prefix(1).uppercased() + $0.dropFirst() }
    case .aliasOnly: contact.email = person.aliases.first
    case .nameOnly: contact.email = "\(contact.firstName.lowercased())\(contact.id)@mail.example"
    case .leaver: contact.email = "\(person.principalName.prefix { $0 != "@" })@\(tenant.domain)"
    case .trailingSpace: contact.title = person.title.map { String($0.dropLast()) }
    case .terminalEscapes: contact.firstName = "Escaped"
    case .duplicateContacts:
      var former = contact
      former.id = freshContactID()
      former.isActive = false
      company.contacts.append(former)
    case .ordinary:
      if random.chance(10) { contact.title = random.pick(PersonNames.titles) }
      if random.chance(10) { contact.phone = phoneNumber() }
    default: break
    }
    company.contacts.append(contact)
  }

  private mutating func addContactsWithoutAccount(to company: inout SeedCompany, count: Int) {
    for _ in 0..<(count >= 10 ? max(1, count * 8 / 100) : 0) {
      let given = random.pick(PersonNames.given)
      let family = random.pick(PersonNames.family)
      company.contacts.append(
        SeedContact(
          id: freshContactID(), firstName: given, lastName: family, title: random.pick(PersonNames.titles),
          email: freshAddress("\(given).\(family)".lowercased(), at: "\(company.identifier.lowercased()).example"),
          phone: phoneNumber(), isActive: !random.chance(30), isInUse: random.chance(11)))
    }
  }

  // MARK: - What must differ

  private mutating func freshAddress(_ local: String, at domain: String) -> String {
    var address = "\(local)@\(domain)"
    var number = 2
    while !taken.insert(address).inserted {
      address = "\(local)\(number)@\(domain)"
      number += 1
    }
    return address
  }

  private mutating func freshContactID() -> Int {
    nextContactID += 1 + random.below(3)
    return nextContactID
  }

  private mutating func phoneNumber() -> String {
    "+1 \(200 + random.below(700)) 555 \(1000 + random.below(9000))"
  }
}
