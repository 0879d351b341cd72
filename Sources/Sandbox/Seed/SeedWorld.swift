// The people and companies that every emulated system starts with, made from the seed alone.

import Foundation

/// One company of the provider's customers, as both systems know it.
struct SeedCompany: Sendable {
  var name: String
  var identifier: String
  /// At ConnectWise.
  var id: Int
  var isActive: Bool
  var tenant: SeedTenant?
  var contacts: [SeedContact] = []
  var devices: [SeedDevice] = []
}

/// A company's Microsoft 365 tenant.
struct SeedTenant: Sendable {
  var id: String
  var domain: String
  /// A second domain, which some people have.
  var secondDomain: String
  /// The domain that every tenant has from its start.
  var initialDomain: String
  var people: [SeedPerson] = []
}

/// One account of a tenant.
struct SeedPerson: Sendable {
  var id: String
  var story: PersonStory
  var givenName: String?
  var surname: String?
  var displayName: String
  var title: String?
  var department: String?
  var phone: String?
  var mobile: String?
  var mail: String?
  var principalName: String
  var aliases: [String] = []
  var isEnabled = true
  var licences: [SeedLicence] = []
  var isGuest = false
  /// In the recycle bin from the start.
  var isDeleted = false
}

/// One contact that exists at ConnectWise from the start.
struct SeedContact: Sendable {
  var id: Int
  var firstName: String
  var lastName: String?
  var title: String?
  var email: String?
  var phone: String?
  var mobile: String?
  var isActive = true
  var isInUse = false
}

/// The licences that tenants have; names and ids are Microsoft's own.
enum SeedLicence: String, Sendable, CaseIterable {
  case businessPremium = "O365_BUSINESS_PREMIUM"
  case exchange = "EXCHANGESTANDARD"
  case flowFree = "FLOW_FREE"
  case powerBIFree = "POWER_BI_STANDARD"

  var skuID: String {
    switch self {
    case .businessPremium: "f245ecc8-75af-4f8e-b61f-27d8114de5f3"
    case .exchange: "4b9405b0-7788-4568-add1-99614e613b69"
    case .flowFree: "f30db892-07e9-47e9-837c-80727f46fd3d"
    case .powerBIFree: "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235"
    }
  }
}

/// Why a person of the seed is worth having: each story is something that a synchroniser meets.
enum PersonStory: String, Sendable, CaseIterable {
  case ordinary
  case guest
  case unlicensed
  case signInDisabled = "sign-in-disabled"
  case leaver
  case withoutMail = "without-mail"
  case accents
  case cjk
  case emoji
  case terminalEscapes = "terminal-escapes"
  case caseDiffers = "case-differs"
  case noTitleNoPhone = "no-title-no-phone"
  case trailingSpace = "trailing-space"
  case aliasOnly = "alias-only"
  case duplicateContacts = "duplicate-contacts"
  case sharedAddress = "shared-address"
  case nameOnly = "name-only"
  case recreated
  case secondDomain = "second-domain"
  case sharedMailbox = "shared-mailbox"
  case longTitle = "long-title"
  case initialDomainLogin = "initial-domain-login"
  case freeLicenceOnly = "free-licence-only"

  /// The stories that the first company has one of each, once it has this many people.
  static let special = allCases.filter { $0 != .ordinary }

  /// How many in a hundred people of a company have which story; all others are ordinary.
  static let shares: [(PersonStory, Int)] = [
    (.guest, 6), (.sharedMailbox, 5), (.unlicensed, 4), (.signInDisabled, 4), (.leaver, 2), (.accents, 3),
    (.initialDomainLogin, 2), (.freeLicenceOnly, 2), (.noTitleNoPhone, 2), (.caseDiffers, 1), (.aliasOnly, 1),
    (.trailingSpace, 1), (.secondDomain, 1), (.withoutMail, 1), (.nameOnly, 1), (.duplicateContacts, 1),
  ]
}

/// Everything that the seed decides.
struct SeedWorld: Sendable {
  let seed: UInt64
  /// When the world begins, by the emulated clock.
  let startsAt: Date
  /// How many people the first company has, by which a system without companies sizes itself.
  let headcount: Int
  let companies: [SeedCompany]
  /// The provider's own company.
  let provider: SeedCompany
  /// Who works for the provider.
  let staff: SeedStaff

  init(_ options: SandboxOptions, now: Date) {
    seed = options.seed
    startsAt = now
    staff = SeedStaff(random: SeededGenerator(seed: options.seed &+ 9000), people: options.people)
    headcount = max(0, options.people)
    provider = SeedCompany(name: "Kestrel Managed Services", identifier: "Kestrel", id: 2, isActive: true, tenant: nil)
    var random = SeededGenerator(seed: options.seed)
    var names = CompanyNames()
    var roster = SeedRoster(random: SeededGenerator(seed: options.seed &+ 1))
    var inventory = SeedInventory(random: SeededGenerator(seed: options.seed &+ 5000))
    companies = (0..<max(0, options.companies)).map { index in
      let (name, identifier) = names.next(&random)
      var company = SeedCompany(
        name: name, identifier: identifier, id: 250 + index * 3, isActive: index % 10 != 9, tenant: nil)
      let count = SeedWorld.headcount(ofCompany: index, people: options.people, &random)
      // Every seventh company from the fifth on has no tenant.
      let hasTenant = index < 4 || (index - 4) % 7 != 0
      roster.fill(&company, count: count, hasTenant: hasTenant, isFirst: index == 0)
      inventory.fill(&company, people: count, isFirst: index == 0, hasAny: options.people > 0)
      return company
    }
  }

  /// The first company has all, the second half, the third a third; after that many are small and a few are not.
  private static func headcount(ofCompany index: Int, people: Int, _ random: inout SeededGenerator) -> Int {
    let most = max(0, people)
    let percent = 50 + random.below(150)
    if index < 3 || most == 0 { return most / (index + 1) }
    if index % 9 == 6 { return 0 }
    if index % 9 == 8 { return 1 }
    return min(most, most * percent / 100 / (index + 1))
  }
}
