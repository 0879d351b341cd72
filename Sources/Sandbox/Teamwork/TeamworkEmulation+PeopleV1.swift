// People over v1: kebab-case JSON, ids as text, every detail, and all writing.

extension TeamworkEmulation {
  /// The largest page of a v1 listing; more is cut down without a word.
  private static let largestOldPage = 500

  mutating func oldPeopleAnswer(
    _ request: EmulatedRequest, at moment: Moment
  ) throws(TeamworkRefusal) -> EmulatedResponse {
    switch request.method {
    case "GET": return try oldListing(request, company: nil, at: moment)
    case "POST":
      try needWrite("people")
      // "422 = envelope missing or unreadable JSON".
      let (_, record) = try record(request, envelope: "person", status: 422)
      let id = try newPerson(from: record, at: moment)
      return EmulatedResponse(
        201, ["id": .string(id.description), "STATUS": "OK"],
        headers: [.init(name: "Location", value: "\(moment.root)/people/\(id).json")])
    default: throw .methodNotAllowed
    }
  }

  mutating func oldPersonAnswer(
    _ request: EmulatedRequest, _ id: Int?, at moment: Moment
  ) throws(TeamworkRefusal) -> EmulatedResponse {
    guard let id else { throw .unknownRoute }
    if request.method != "GET" { try needWrite("people") }
    guard let place = seenPerson(id, alsoDeleted: request.method == "GET" && ways[.readsDeletedPerson]) else {
      throw .notFound("person")
    }
    switch request.method {
    case "GET":
      return EmulatedResponse(
        200, ["STATUS": "OK", "person": oldJSON(people[place], root: moment.root, inListing: false)])
    case "PUT":
      let (_, record) = try record(request, envelope: "person", status: 422)
      var draft = TeamworkDraft(person: people[place])
      try fill(&draft, from: record, at: moment)
      noteWrite(to: people[place])
      if draft.person.kind != people[place].kind { counters.kindsChanged += 1 }
      if draft.person.takesSeat && !people[place].takesSeat { counters.seatsTaken += 1 }
      save(draft.person, at: place, by: keyOwnerID, moment)
      counters.updated["people", default: 0] += 1
      return EmulatedResponse(200, ["STATUS": "OK"])
    case "DELETE":
      try deletePersonOverAPI(place, at: moment)
      return EmulatedResponse(200, ["STATUS": "OK"])
    default: throw .methodNotAllowed
    }
  }

  // MARK: - Listing

  /// All people, or those of one company; totals stand in the headers.
  mutating func oldListing(
    _ request: EmulatedRequest, company: Int?, at moment: Moment
  ) throws(TeamworkRefusal) -> EmulatedResponse {
    let number = try TeamworkListing.whole(request, "page", within: 1...10_000_000) ?? 1
    let asked = request.option("pageSize").flatMap { Int($0) } ?? 0
    let size = min(asked > 0 ? asked : max(1, ways[.v1PageSize]), Self.largestOldPage)
    let visible = visibleCompanies
    let selection = People.Selection(
      name: " v1 \(company ?? 0)",
      accepts: { person in
        !person.isDeleted && !person.isPlaceholder && !person.isServiceAccount
          && (company ?? person.companyID) == person.companyID && (visible?.contains(person.companyID) ?? true)
      }, key: { .init(number: $0.id) })
    let candidates = company.flatMap { peopleOfCompany[$0] } ?? (company == nil ? nil : [])
    let total = mayRead("people") ? people.count(of: selection, among: candidates) : 0
    let length = max(0, min(size, total - (number - 1) * size))
    let places = people.places(
      of: selection, from: (number - 1) * size, count: moment.endsListingsEarly ? length / 2 : length)
    let rows = places.map { place -> String in
      if let text = people.text(at: place, form: "v1") { return text }
      let text = oldJSON(people[place], root: moment.root, inListing: true).encoded
      people.keep(text, at: place, form: "v1")
      return text
    }
    var answer = EmulatedResponse(
      status: 200, body: "{\"STATUS\":\"OK\",\"people\":[\(rows.joined(separator: ","))]}")
    let pages = moment.endsListingsEarly ? number : (total + size - 1) / size
    answer.setHeader("x-page", number.description)
    answer.setHeader("x-pages", pages.description)
    answer.setHeader("x-records", total.description)
    return answer
  }

  // MARK: - JSON

  /// A person as v1 shows it.
  ///
  /// - Parameter inListing: where flags are texts, as the vendor's own samples differ.
  func oldJSON(_ person: TeamworkPerson, root: String, inListing: Bool) -> JSON {
    let asText = inListing && ways[.listsFlagsAsText]
    func flag(_ value: Bool) -> JSON { asText ? (value ? "1" : "0") : .bool(value) }
    let company = companies.record(id: person.companyID)
    var members: [JSON.Member] = [
      .init(name: "id", value: .string(person.id.description)),
      .init(name: "first-name", value: .string(person.firstName)),
      .init(name: "last-name", value: .string(person.lastName)), .init(name: "title", value: .string(person.title)),
      .init(name: "email-address", value: .string(person.email)),
      .init(name: "user-name", value: .string(person.hasLogin ? person.email : "")),
      .init(name: "user-type", value: .string(person.kind.rawValue)),
      .init(name: "isClientUser", value: flag(person.isClientUser)),
      .init(name: "company-id", value: .string(person.companyID.description)),
      .init(name: "companyId", value: .string(person.companyID.description)),
      .init(name: "company-name", value: .string(TeamworkEmoji.shown(company?.name ?? ""))),
      .init(name: "avatar-url", value: .string(shownAddress(person.avatar, root: root))),
      .init(name: "administrator", value: flag(person.isAdmin)),
      .init(name: "site-owner", value: flag(person.isSiteOwner)),
      .init(name: "in-owner-company", value: flag(person.companyID == ownerCompanyID)),
      .init(name: "has-desk-account", value: flag(false)), .init(name: "deleted", value: flag(person.isDeleted)),
      .init(name: "login-count", value: .string(person.lastLogin == nil ? "0" : "12")),
    ]
    for (slot, address) in person.alternatives.enumerated() {
      members.append(.init(name: "email-alt-\(slot + 1)", value: .string(address)))
    }
    for (key, name) in TeamworkPerson.writtenTexts.sorted(by: { $0.key < $1.key }) {
      guard let shown = name ?? (ways[.readsNetworks] && key.hasPrefix("user") ? key : nil) else { continue }
      members.append(.init(name: shown, value: .string(person.texts[key] ?? "")))
    }
    members += [
      .init(
        name: "phone-number-mobile-parts",
        value: [
          "countryCode": .string(person.texts["phone-number-mobile-countrycode"] ?? ""),
          "prefix": .string(person.texts["phone-number-mobile-prefix"] ?? ""),
          "phone": .string(person.texts["phone-number-mobile"] ?? ""),
        ]),
      .init(
        name: "address",
        value: .object(
          TeamworkPerson.addressKeys.map { .init(name: $0, value: .string(person.address[$0] ?? "")) })),
      .init(name: "created-at", value: .string(Instant.text(person.created))),
      .init(name: "last-changed-on", value: .string(Instant.text(person.updated))),
      .init(name: "last-login", value: .string(person.lastLogin.map { Instant.text($0) } ?? "")),
    ]
    return .object(members)
  }

  // MARK: - Writing

  /// Adds a person for a client of the API; returns the id.
  private mutating func newPerson(from record: JSON, at moment: Moment) throws(TeamworkRefusal) -> Int {
    let email = record["email-address"]?.text ?? ""
    if record["continueIfUserExists"]?.flag == true, let place = holder(of: email, besides: nil) {
      counters.continued += 1
      return people[place].id
    }
    var draft = TeamworkDraft(person: blankPerson(by: keyOwnerID, at: moment))
    try fill(&draft, from: record, at: moment)
    guard !draft.person.firstName.isEmpty else { throw .invalid("first-name is required") }
    guard !draft.person.email.isEmpty else { throw .invalid("email-address is required") }
    if !draft.refusesInvitation, ways[.invitesUnlessRefused] || draft.asksForInvitation {
      counters.invitations.append(draft.person.email)
    }
    if draft.person.takesSeat { counters.seatsTaken += 1 }
    if draft.person.companyID == ownerCompanyID { counters.staffEdited.append(draft.person.id) }
    counters.created["people", default: 0] += 1
    add(draft.person)
    return draft.person.id
  }

  /// A person of whom nothing is known: "if user-type is omitted the default is account; company-id omitted = the key
  /// owner's company".
  func blankPerson(by user: Int, at moment: Moment) -> TeamworkPerson {
    TeamworkPerson(
      id: (people.records.last?.id ?? 480_000) + 3, firstName: "", lastName: "", email: "", kind: .account,
      companyID: keyOwner?.companyID ?? ownerCompanyID, created: moment.seconds, createdBy: user,
      updated: moment.seconds, updatedBy: user)
  }

  /// The place of the person who has an address as the main one.
  func holder(of email: String, besides id: Int?) -> Int? {
    guard !email.isEmpty else { return nil }
    return peopleOfEmail[email.lowercased()]?.first {
      people[$0].id != id && (!people[$0].isDeleted || ways[.deletedPersonHoldsEmail])
    }
  }

  /// Changes a draft as a body says; keys that v1 does not write are passed over.
  mutating func fill(
    _ draft: inout TeamworkDraft, from record: JSON, at moment: Moment, overAPI: Bool = true
  ) throws(TeamworkRefusal) {
    for member in record.members ?? [] {
      let key = ways[.takesCamelCase] ? TeamworkDraft.kebabKey(member.name) : member.name
      // What is null is as if it had not been sent.
      if member.value == .null { continue }
      switch key {
      case "email-address":
        let email = try Self.text(member)
        guard email.isEmpty || email.split(separator: "@", omittingEmptySubsequences: false).count == 2 else {
          throw .invalid("email-address is not a valid email address")
        }
        if holder(of: email, besides: draft.person.id) != nil {
          throw .conflict("Email address is already in use", status: ways[.duplicateEmailStatus])
        }
        draft.person.email = email
      case "company-id":
        guard let id = member.value.whole ?? member.value.text.flatMap({ Int($0) }), seenCompany(id) != nil else {
          throw .invalid("company-id is not a company")
        }
        draft.person.companyID = id
      case "user-type":
        guard let kind = TeamworkKind(rawValue: try Self.text(member)) else {
          throw .invalid("user-type must be account, collaborator or contact")
        }
        draft.person.kind = kind
      case "isClientUser": draft.person.isClientUser = Self.isTrue(member.value)
      case "address":
        for part in member.value.members ?? [] where TeamworkPerson.addressKeys.contains(part.name) {
          draft.person.address[part.name] = part.value.text ?? part.value.encoded
        }
      case "avatarPendingFileRef": draft.person.avatar = try take(file: try Self.text(member), at: moment)
      case "removeAvatar": if Self.isTrue(member.value) { draft.person.avatar = "" }
      case "sendInvite":
        draft.refusesInvitation = !Self.isTrue(member.value)
        draft.asksForInvitation = Self.isTrue(member.value)
      case "sendWelcomeEmail":
        draft.refusesInvitation = member.value == "no"
        draft.asksForInvitation = member.value == "yes"
      case "continueIfUserExists": break
      default:
        if draft.set(key, to: member.value.text) { continue }
        if overAPI { counters.ignoredKeys[member.name, default: 0] += 1 }
      }
    }
    // "Client users cannot be in the owner company".
    guard !draft.person.isClientUser || (draft.person.companyID != ownerCompanyID && draft.person.kind == .account)
    else { throw .invalid("A client user must be an account of a client") }
  }

  private static func text(_ member: JSON.Member) throws(TeamworkRefusal) -> String {
    guard let text = member.value.text else { throw .invalid("\(member.name) must be a text") }
    return text
  }

  /// Flags of v1 come as booleans, numbers or texts.
  private static func isTrue(_ value: JSON) -> Bool {
    value == true || value == 1 || ["1", "true", "yes"].contains(value.text?.lowercased())
  }
}

/// A person as a body would have it, and what the body says about mail.
struct TeamworkDraft: Sendable {
  var person: TeamworkPerson
  var refusesInvitation = false
  var asksForInvitation = false

  /// Sets a plain text; false for a key that is none, or a value that is no text.
  mutating func set(_ key: String, to text: String?) -> Bool {
    guard let text else { return false }
    switch key {
    case "first-name": person.firstName = text
    case "last-name": person.lastName = text
    case "title": person.title = text
    case "email-alt-1": person.alternatives[0] = text
    case "email-alt-2": person.alternatives[1] = text
    case "email-alt-3": person.alternatives[2] = text
    default:
      guard TeamworkPerson.writtenTexts[key] != nil else { return false }
      person.texts[key] = text
    }
    return true
  }

  /// `firstName` as `first-name`; keys that are camel-case by nature stay as they are.
  static func kebabKey(_ name: String) -> String {
    let natural: Set<String> = [
      "isClientUser", "avatarPendingFileRef", "removeAvatar", "sendInvite", "sendWelcomeEmail", "continueIfUserExists",
    ]
    guard !natural.contains(name), TeamworkPerson.writtenTexts[name] == nil else { return name }
    return name.map { $0.isUppercase ? "-\($0.lowercased())" : String($0) }.joined()
  }
}
