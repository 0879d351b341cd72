// The provider's own staff, story by story: members at ConnectWise, employees at Crewhu, and what differs between them.

/// One member of the provider's staff at ConnectWise.
struct SeedMember: Sendable {
  var id: Int
  var story: StaffStory
  var identifier: String
  var firstName: String
  var lastName: String
  var title: String?
  /// What the vendor calls the primary address.
  var primaryEmail: String?
  var officeEmail: String?
  /// The name of a row of ``StaffCatalogue/memberTypes``.
  var type: String
  /// F full, A API, C StreamlineIT, X subcontractor.
  var licenseClass: String
  var isActive = true
  var location: String?
  var department: String?
  var workRole: String?
  /// A day, as in `2021-03-01`.
  var hiredOn: String?
  var photo: StaffPhoto?
}

/// One employee at Crewhu.
struct SeedEmployee: Sendable {
  var story: StaffStory
  var ids: [String]
  var email: String?
  var firstName: String
  var lastName: String
  var location: String?
  var team: String?
  var position: String?
  /// A day, as in `2021-03-01`.
  var hiredOn: String?
  /// The name of a row of ``StaffCatalogue/profiles``.
  var profile = "Employee"
  var isActive = true
}

/// The picture of a member.
enum StaffPhoto: String, Sendable, CaseIterable {
  case small
  /// More than two megabytes.
  case large
}

/// Why somebody of the staff is worth having.
enum StaffStory: String, Sendable, CaseIterable {
  case ordinary
  case onlyAtConnectWise = "only-at-connectwise"
  case onlyAtCrewhu = "only-at-crewhu"
  /// The employee has the member's identifier for the only id.
  case identifierOnly = "identifier-only"
  /// The employee has the address for the only id.
  case addressOnly = "address-only"
  case idCaseDiffers = "id-case-differs"
  case idWithBlank = "id-with-blank"
  /// A full stop where the other has a hyphen.
  case idPunctuationDiffers = "id-punctuation-differs"
  /// The addresses are equal, and no id is anything like the member's.
  case noIDEqual = "no-id-equal"
  case addressCaseDiffers = "address-case-differs"
  /// An id is equal, and the address is another.
  case addressDiffers = "address-differs"
  case twoWithOneAddress = "two-with-one-address"
  case inactiveMember = "inactive-member"
  /// An inactive member of whom Crewhu knows nothing.
  case inactiveStranger = "inactive-stranger"
  case inactiveEmployee = "inactive-employee"
  case withoutMail = "without-mail"
  /// No primary address, only that of the office.
  case officeMailOnly = "office-mail-only"
  case apiMember = "api-member"
  case stream
  case subcontractor
  case withoutPhoto = "without-photo"
  case largePhoto = "large-photo"
  /// Neither location nor department, work role or hire date.
  case withoutOrganisation = "without-organisation"
  case accents
  case cjk
  case terminalEscapes = "terminal-escapes"
  /// A manager at Crewhu, with teams and locations to look after.
  case manager

  /// The stories of members; each is there once, as soon as the staff is large enough.
  static let ofMembers = allCases.filter { $0 != .ordinary && $0 != .onlyAtCrewhu }
}

/// The tables that both systems begin with.
enum StaffCatalogue {
  static let memberTypes = ["Full", "Stream", "API", "Subcontractor", "Trainee"]
  static let locations = ["Tampa", "Porto", "Łódź"]
  static let departments = ["Service", "Projects", "Sales", "Administration"]
  static let workRoles = ["Tier 1", "Tier 2", "Tier 3", "Dispatcher", "Project Manager", "Account Manager"]

  static let domain = "kestrel.example"
}

/// Everybody whom the provider employs, from a generator of its own, so that all other people stay as they are.
struct SeedStaff: Sendable {
  /// The most members, however many people were asked for.
  static let most = 40

  private(set) var members: [SeedMember] = []
  private(set) var employees: [SeedEmployee] = []
  private var random: SeededGenerator
  private var nextID = 150
  private var takenIdentifiers: Set<String> = []
  private var takenAddresses: Set<String> = []

  /// - Parameter people: how many people the first company has; the staff has as many members, up to ``most``.
  init(random: SeededGenerator, people: Int) {
    self.random = random
    let count = min(max(0, people), SeedStaff.most)
    guard count > 0 else { return }
    var stories = count >= StaffStory.ofMembers.count ? StaffStory.ofMembers : []
    while stories.count < count { stories.append(drawnStory()) }
    stories.shuffle(using: &self.random)
    for story in stories { add(story) }
    for _ in 0..<max(1, count / 10) { addStranger() }
  }

  private mutating func drawnStory() -> StaffStory {
    let mark = random.below(100)
    if mark < 25 { return .onlyAtConnectWise }
    if mark < 32 { return .inactiveMember }
    if mark < 36 { return .withoutPhoto }
    return .ordinary
  }

  // MARK: - Members

  private mutating func add(_ story: StaffStory) {
    var member = ordinaryMember(story)
    switch story {
    case .ordinary, .onlyAtConnectWise, .onlyAtCrewhu, .identifierOnly, .addressOnly, .idCaseDiffers, .idWithBlank,
      .noIDEqual, .addressCaseDiffers, .addressDiffers, .twoWithOneAddress, .inactiveEmployee, .manager:
      break
    case .idPunctuationDiffers:
      member.identifier = freshIdentifier("\(member.firstName.prefix(4)).\(member.lastName.prefix(8))")
    case .inactiveMember, .inactiveStranger: member.isActive = false
    case .withoutMail:
      member.primaryEmail = nil
      member.officeEmail = nil
    case .officeMailOnly: member.primaryEmail = nil
    case .apiMember:
      member.identifier = freshIdentifier("kithapi")
      (member.firstName, member.lastName) = ("Kith", "API")
      (member.type, member.licenseClass) = ("API", "A")
      member.primaryEmail = nil
      member.officeEmail = nil
      member.photo = nil
    case .stream: (member.type, member.licenseClass) = ("Stream", "C")
    case .subcontractor: (member.type, member.licenseClass) = ("Subcontractor", "X")
    case .withoutPhoto: member.photo = nil
    case .largePhoto: member.photo = .large
    case .withoutOrganisation:
      member.location = nil
      member.department = nil
      member.workRole = nil
      member.hiredOn = nil
    case .accents: rename(&member, random.pick(PersonNames.accented))
    case .cjk: rename(&member, random.pick(PersonNames.eastAsian))
    case .terminalEscapes: member.firstName = "\u{1b}[31m\(member.firstName)\u{1b}[0m"
    }
    members.append(member)
    addEmployees(for: member)
  }

  private mutating func ordinaryMember(_ story: StaffStory) -> SeedMember {
    let given = random.pick(PersonNames.given)
    let family = random.pick(PersonNames.family)
    nextID += 1 + random.below(2)
    let address = freshAddress("\(given).\(family)".lowercased())
    return SeedMember(
      id: nextID, story: story, identifier: freshIdentifier("\(given.prefix(1))\(family)".uppercased()),
      firstName: given, lastName: family, title: random.chance(70) ? random.pick(StaffCatalogue.workRoles) : nil,
      primaryEmail: address, officeEmail: address, type: random.chance(90) ? "Full" : "Trainee", licenseClass: "F",
      location: random.pick(StaffCatalogue.locations), department: random.pick(StaffCatalogue.departments),
      workRole: random.pick(StaffCatalogue.workRoles), hiredOn: day(), photo: random.chance(80) ? .small : nil)
  }

  private mutating func rename(_ member: inout SeedMember, _ name: (String, String, String)) {
    (member.firstName, member.lastName) = (name.0, name.1)
    let address = freshAddress(name.2)
    member.primaryEmail = address
    member.officeEmail = address
    member.identifier = freshIdentifier(String(name.2.filter { $0 != "." }).uppercased())
  }

  // MARK: - Employees

  /// Who Crewhu has for a member.
  private mutating func addEmployees(for member: SeedMember) {
    var employee = SeedEmployee(
      story: member.story, ids: [member.identifier] + (member.primaryEmail.map { [$0] } ?? []),
      email: member.primaryEmail ?? member.officeEmail, firstName: member.firstName, lastName: member.lastName,
      location: member.location, team: member.department, position: member.workRole, hiredOn: member.hiredOn)
    switch member.story {
    case .onlyAtConnectWise, .onlyAtCrewhu, .inactiveStranger, .withoutMail, .officeMailOnly, .apiMember, .stream,
      .subcontractor, .cjk, .largePhoto, .terminalEscapes, .withoutOrganisation:
      return
    case .inactiveMember, .withoutPhoto, .accents: break
    case .ordinary:
      // Some have moved on at the one system and not yet at the other.
      if random.chance(25) { employee.position = random.pick(StaffCatalogue.workRoles) }
      if random.chance(10) { employee.location = random.pick(StaffCatalogue.locations) }
    case .identifierOnly: employee.ids = [member.identifier]
    case .addressOnly: employee.ids = member.primaryEmail.map { [$0] } ?? []
    case .idCaseDiffers: employee.ids = [member.identifier.lowercased()]
    case .idWithBlank: employee.ids = [member.identifier + " "]
    case .idPunctuationDiffers: employee.ids = [member.identifier.replacing(".", with: "-")]
    case .noIDEqual: employee.ids = ["\(4000 + random.below(900))"]
    case .addressCaseDiffers:
      employee.ids = [member.identifier]
      employee.email = member.primaryEmail.map { $0.prefix(1).uppercased() + $0.dropFirst() }
    case .addressDiffers:
      employee.ids = [member.identifier]
      employee.email = freshAddress("\(member.lastName).private".lowercased())
    case .twoWithOneAddress:
      var former = employee
      former.ids = [member.identifier]
      former.position = nil
      employees.append(former)
      employee.ids = member.primaryEmail.map { [$0] } ?? []
    case .inactiveEmployee: employee.isActive = false
    case .manager: employee.profile = "Manager"
    }
    employees.append(employee)
  }

  /// Somebody who works elsewhere in the company and is no member.
  private mutating func addStranger() {
    let given = random.pick(PersonNames.given)
    let family = random.pick(PersonNames.family)
    employees.append(
      SeedEmployee(
        story: .onlyAtCrewhu, ids: ["HR-\(100 + random.below(900))"],
        email: freshAddress("\(given).\(family)".lowercased()), firstName: given, lastName: family,
        location: random.pick(StaffCatalogue.locations), team: "Administration", position: "Bookkeeper", hiredOn: day(),
        profile: employees.contains { $0.profile == "Admin" } ? "Employee" : "Admin"))
  }

  // MARK: - What must differ

  /// At most fifteen characters, each identifier once, whatever its case.
  private mutating func freshIdentifier(_ wish: String) -> String {
    var identifier = String(wish.prefix(15))
    var number = 2
    while !takenIdentifiers.insert(identifier.lowercased()).inserted {
      identifier = "\(wish.prefix(13))\(number)"
      number += 1
    }
    return identifier
  }

  private mutating func freshAddress(_ local: String) -> String {
    var address = "\(local)@\(StaffCatalogue.domain)"
    var number = 2
    while !takenAddresses.insert(address).inserted {
      address = "\(local)\(number)@\(StaffCatalogue.domain)"
      number += 1
    }
    return address
  }

  private mutating func day() -> String {
    let (month, day) = (1 + random.below(12), 1 + random.below(28))
    return "\(2012 + random.below(13))-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }
}
