// Writing customers: texts, contact points, membership, mail, and the indexes that follow.

extension DeskEmulation {
  // MARK: - Creating

  mutating func newCustomer(_ request: EmulatedRequest, at moment: Moment) throws(DeskRefusal) -> EmulatedResponse {
    let (body, record) = try record(request, "customer")
    var draft = blankCustomer(by: Self.apiAgent, at: moment)
    try fill(&draft, from: record, included: body["included"], at: moment, isNew: true)
    guard !draft.points.isEmpty else { throw .invalid("contacts", "must be set") }
    noteUnknown(body, known: ["customer", "included", "sendWelcomeEmail"])
    let mayWelcome = (record["sendWelcomeEmail"] ?? body["sendWelcomeEmail"])?.flag ?? ways[.welcomesUnlessRefused]
    if mayWelcome, ways[.portalIsOn], !draft.email.isEmpty {
      counters.welcomeMails.append(draft.email)
      draft.wasWelcomed = true
    }
    counters.created["customers", default: 0] += 1
    add(draft)
    return EmulatedResponse(201, whole(draft, .all, root: moment.root))
  }

  mutating func blankCustomer(by agent: Int?, at moment: Moment) -> DeskCustomer {
    let id = (customers.records.last?.id ?? 7000) + 1
    return DeskCustomer(
      id: id, jobTitle: "", avatar: DeskCustomer.stockAvatar(random.below(DeskCustomer.animals.count)),
      stamp: DeskStamp(created: moment.seconds, createdBy: agent, updated: moment.seconds, updatedBy: agent))
  }

  // MARK: - Changing

  mutating func update(_ place: Int, _ request: EmulatedRequest, at moment: Moment) throws(DeskRefusal) {
    let (body, record) = try record(request, "customer")
    var draft = customers[place]
    if request.method == "PUT" {
      counters.puts += 1
      if ways[.putBlanks] {
        draft.firstName = ""
        draft.lastName = ""
        draft.jobTitle = ""
        draft.texts = [:]
      }
    }
    try fill(&draft, from: record, included: body["included"], at: moment, isNew: false)
    noteUnknown(body, known: ["customer", "included"])
    counters.updated["customers", default: 0] += 1
    save(draft, at: place, by: Self.apiAgent, at: moment)
  }

  /// `PATCH /customers/update.json?filter=..`
  mutating func bulkCustomers(_ request: EmulatedRequest, at moment: Moment) throws(DeskRefusal) -> EmulatedResponse {
    guard request.method == "PATCH" else { throw .methodNotAllowed }
    let (selection, filter) = try customerSelection(request, isSearch: false)
    let record = try record(request, "customer").record
    let candidates = customerCandidates(filter)
    let count = customers.count(of: selection, among: candidates)
    let places = customers.places(of: selection, among: candidates, from: 0, count: count)
    for place in places {
      var draft = customers[place]
      try fill(&draft, from: record, included: nil, at: moment, isNew: false)
      save(draft, at: place, by: Self.apiAgent, at: moment)
    }
    counters.bulkUpdates += 1
    counters.updated["customers", default: 0] += places.count
    return EmulatedResponse(200, ["updated": .int(places.count)])
  }

  /// Changes a draft as a body says.
  mutating func fill(
    _ draft: inout DeskCustomer, from record: JSON, included: JSON?, at moment: Moment, isNew: Bool
  ) throws(DeskRefusal) {
    let former = draft
    for member in record.members ?? [] {
      switch (member.name, member.value) {
      case ("firstName", .string(let text)): draft.firstName = text
      case ("lastName", .string(let text)): draft.lastName = text
      case ("jobTitle", .string(let text)): draft.jobTitle = text
      case ("avatarURL", .string(let text)):
        // Without a picture there is always an animal.
        draft.avatar = text.isEmpty ? DeskCustomer.stockAvatar(draft.id) : text
      case ("permission", "own"), ("permission", "all"): draft.permission = member.value.text ?? "own"
      case ("permission", _): throw .invalid("permission", "must be own or all")
      case ("email", .string(let text)):
        if ways[.emailAloneSuffices], !text.isEmpty { try setMain(text, of: &draft, includedToo: included) }
      case ("email", _), ("sendWelcomeEmail", _): break
      case (let key, .string(let text)) where DeskCustomer.writtenTexts.contains(key): draft.texts[key] = text
      case (let key, .null) where DeskCustomer.writtenTexts.contains(key): break
      case ("firstName", .null), ("lastName", .null), ("jobTitle", .null), ("avatarURL", .null): break
      case (let key, _)
      where DeskCustomer.writtenTexts.contains(key) || ["firstName", "lastName", "jobTitle", "avatarURL"].contains(key):
        throw .invalid(key, "must be a text")
      default: counters.ignoredKeys[member.name, default: 0] += 1
      }
    }
    if let rows = included?["contacts"]?.elements { try changePoints(rows, of: &draft) }
    draft.settleMain(preferring: draft.points.last { $0.isMain && !former.points.contains($0) }?.id)
    try changeMembership(included?["companies"]?.elements, of: &draft, former: former, isNew: isNew)
    for member in included?.members ?? [] where !["contacts", "companies"].contains(member.name) {
      counters.ignoredKeys["included.\(member.name)", default: 0] += 1
    }
  }

  /// `customer.email`: changes the main address, unless a contact point of the same body says it.
  private mutating func setMain(
    _ address: String, of draft: inout DeskCustomer, includedToo included: JSON?
  ) throws(DeskRefusal) {
    let isSaid = (included?["contacts"]?.elements ?? []).contains {
      $0["value"]?.text?.lowercased() == address.lowercased()
    }
    guard !isSaid, draft.email != address else { return }
    try check(address, of: draft.id)
    if let place = draft.points.firstIndex(where: { $0.type == "email" && $0.isMain }) {
      draft.points[place].value = address
    } else {
      draft.points.append(DeskContactPoint(id: freshPointID(), value: address, type: "email", isMain: true))
    }
  }

  /// "Existing contact points must be addressed by id; without it a new one is added. delete: true removes one."
  private mutating func changePoints(_ rows: [JSON], of draft: inout DeskCustomer) throws(DeskRefusal) {
    var named: Set<Int> = []
    var wantedMain: Int?
    for row in rows {
      if let id = row["id"]?.whole, id != 0 {
        guard let place = draft.points.firstIndex(where: { $0.id == id }) else {
          throw .invalid("contacts", "\(id) is not a contact of this customer")
        }
        if row["delete"]?.flag == true {
          draft.points.remove(at: place)
          continue
        }
        if let value = row["value"]?.text, value != draft.points[place].value {
          if draft.points[place].type == "email" { try check(value, of: draft.id) }
          draft.points[place].value = value
        }
        if row["isMain"]?.flag == true { wantedMain = id }
        if row["isMain"]?.flag == false { draft.points[place].isMain = false }
        named.insert(id)
      } else {
        if row["delete"]?.flag == true { continue }
        guard let value = row["value"]?.text, !value.isEmpty else { throw .invalid("contacts", "value must be set") }
        let type = row["type"]?.text ?? "email"
        guard DeskContactPoint.types.contains(type) else { throw .invalid("contacts", "\(type) is not a type") }
        if type == "email" { try check(value, of: draft.id) }
        if draft.points.contains(where: { $0.type == type && $0.value.lowercased() == value.lowercased() }) {
          counters.duplicateContactPoints += 1
        }
        let point = DeskContactPoint(id: freshPointID(), value: value, type: type, isMain: false)
        draft.points.append(point)
        if row["isMain"]?.flag == true, type == "email" { wantedMain = point.id }
        named.insert(point.id)
      }
    }
    if !ways[.keepsOmittedContactPoints] { draft.points.removeAll { !named.contains($0.id) } }
    if let wantedMain {
      for place in draft.points.indices where draft.points[place].type == "email" {
        draft.points[place].isMain = draft.points[place].id == wantedMain
      }
    }
  }

  /// "An address belongs to one customer site-wide in effect".
  private func check(_ address: String, of id: Int) throws(DeskRefusal) {
    let parts = address.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !address.contains(where: \.isWhitespace) else {
      throw .invalid("contacts", "\(address) is not a valid email address")
    }
    let isTaken = (customersOfAddress[address.lowercased()] ?? []).contains {
      customers[$0].id != id && !customers[$0].isDeleted
    }
    if isTaken { throw .invalid("contacts", "value has already been taken", status: ways[.duplicateEmailStatus]) }
  }

  mutating func freshPointID() -> Int {
    nextPointID += 1
    return nextPointID - 1
  }

  // MARK: - Membership

  /// Puts a customer where a body, or else the domain of the main address, wants it.
  private mutating func changeMembership(
    _ rows: [JSON]?, of draft: inout DeskCustomer, former: DeskCustomer, isNew: Bool
  ) throws(DeskRefusal) {
    var wanted = draft.companyID
    for row in rows ?? [] {
      guard let id = row["id"]?.whole, let place = companies.place(id: id), !companies[place].isDeleted else {
        throw .invalid("companies", "\(row["id"]?.encoded ?? "null") does not exist")
      }
      if row["delete"]?.flag == true {
        if wanted == id { wanted = nil }
      } else {
        wanted = id
      }
    }
    if wanted != former.companyID {
      try move(&draft, to: wanted, mayReattach: !isNew)
    } else if former.joinedByDomain, !isNew, draft.domain != former.domain {
      // "Cannot be moved until the e-mail or the company's domain changes": now it has.
      place(&draft)
    } else if draft.companyID == nil, rows == nil, isNew || draft.domain != former.domain {
      place(&draft)
    }
  }

  /// Moves a customer by hand.
  ///
  /// - Parameter mayReattach: whether a domain match holds the customer back, where the instance does so.
  private mutating func move(_ draft: inout DeskCustomer, to id: Int?, mayReattach: Bool) throws(DeskRefusal) {
    if mayReattach, draft.joinedByDomain, let held = company(forDomain: draft.domain), held == draft.companyID {
      if ways[.refusesMovingDomainMatches] {
        throw .invalid("companies", "The customer was added to its company automatically")
      }
      if ways[.reattachesDomainMatches] {
        counters.reattached += 1
        return
      }
    }
    draft.companyID = id
    draft.joinedByDomain = false
  }

  /// Puts a customer into the company of its domain, or into none.
  func place(_ draft: inout DeskCustomer) {
    draft.companyID = company(forDomain: draft.domain)
    draft.joinedByDomain = draft.companyID != nil
  }

  /// The company that a mail domain belongs to.
  func company(forDomain domain: String?) -> Int? {
    guard let domain else { return nil }
    return domains.records.first { !$0.isDeleted && $0.covers(domain) }?.companyID
  }

  // MARK: - Keeping the indexes

  /// Adds a customer, whose id must be above all others.
  mutating func add(_ customer: DeskCustomer) {
    let place = customers.records.count
    customers.append(customer)
    for address in Set(customer.points.map { $0.value.lowercased() }) {
      customersOfAddress[address, default: []].append(place)
    }
    noteMember(customer, at: place, joins: true)
  }

  /// Puts a customer in another's place.
  mutating func replace(_ place: Int, with customer: DeskCustomer) {
    let former = customers[place]
    if former.points != customer.points {
      for address in Set(former.points.map { $0.value.lowercased() }) {
        customersOfAddress[address]?.removeAll { $0 == place }
      }
      for address in Set(customer.points.map { $0.value.lowercased() }) {
        customersOfAddress[address, default: []].append(place)
      }
    }
    if former.companyID != customer.companyID || former.isDeleted != customer.isDeleted {
      noteMember(former, at: place, joins: false)
      noteMember(customer, at: place, joins: true)
    }
    customers.replace(place, with: customer)
  }

  private mutating func noteMember(_ customer: DeskCustomer, at place: Int, joins: Bool) {
    guard let id = customer.companyID, !customer.isDeleted else { return }
    if joins {
      customersOfCompany[id, default: []].insert(place)
    } else {
      customersOfCompany[id]?.remove(place)
    }
    if let company = companies.place(id: id) { companies.forgetText(of: company) }
  }

  /// Stores a changed customer and stamps it where the instance's ways say so.
  mutating func save(_ customer: DeskCustomer, at place: Int, by agent: Int?, at moment: Moment) {
    var customer = customer
    let former = customers[place]
    let changesPoints = customer.points != former.points
    let changesAvatar = customer.avatar != former.avatar
    let changesElse =
      customer.firstName != former.firstName || customer.lastName != former.lastName
      || customer.jobTitle != former.jobTitle || customer.texts != former.texts
      || customer.companyID != former.companyID || customer.permission != former.permission
      || customer.isDeleted != former.isDeleted
    let changesNothing = !changesPoints && !changesAvatar && !changesElse
    if changesElse || changesNothing || (changesPoints && ways[.contactPointsMoveUpdated])
      || (changesAvatar && ways[.avatarMovesUpdated])
    {
      customer.stamp.updated = moment.seconds
      customer.stamp.updatedBy = agent
    }
    replace(place, with: customer)
  }

  /// Takes a customer into a company, or out of any, from the company's side.
  mutating func setCompany(_ id: Int?, byDomain: Bool, of place: Int, by agent: Int?, at moment: Moment) {
    var customer = customers[place]
    customer.companyID = id
    customer.joinedByDomain = byDomain
    if ways[.membershipMovesUpdated] {
      customer.stamp.updated = moment.seconds
      customer.stamp.updatedBy = agent
    }
    replace(place, with: customer)
  }

  /// Soft: the record stays, with its state.
  mutating func deleteCustomer(_ place: Int, by agent: Int?, at moment: Moment) {
    var customer = customers[place]
    customer.stamp.deleted = moment.seconds
    customer.stamp.updated = moment.seconds
    customer.stamp.updatedBy = agent
    replace(place, with: customer)
  }

  /// Counts the keys beside the record that the route does not know.
  mutating func noteUnknown(_ body: JSON, known: Set<String>) {
    for member in body.members ?? [] where !known.contains(member.name) {
      counters.ignoredKeys[member.name, default: 0] += 1
    }
  }
}
