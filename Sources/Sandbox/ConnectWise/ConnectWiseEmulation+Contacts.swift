// Contacts: listing, reading, creating, changing and deleting.

extension ConnectWiseEmulation {
  /// The API member under whose name changes over HTTP stand.
  static let apiMember = "kithapi"

  private var contactTable: ConnectWiseTable<ConnectWiseContact> {
    let companies = companies
    let places = companyPlaces
    let writesNulls = options.writesNulls
    func company(_ contact: ConnectWiseContact) -> ConnectWiseCompany? {
      places[contact.companyID].map { companies[$0] }
    }
    var fields: [String: (ConnectWiseContact) -> ConditionValue] = [
      "id": { ConditionValue($0.id) }, "firstname": { .text($0.firstName) },
      "lastname": { ConditionValue($0.lastName) }, "title": { ConditionValue($0.title) },
      "inactiveflag": { .flag($0.isInactive) }, "defaultflag": { .flag($0.isDefault) },
      "company/id": { ConditionValue($0.companyID) }, "company/identifier": { ConditionValue(company($0)?.identifier) },
      "company/name": { ConditionValue(company($0)?.name) }, "site/id": { ConditionValue($0.siteID) },
      "site/name": { _ in .text("Main") }, "defaultphonenbr": { ConditionValue($0.defaultPhone?.value) },
      "lastupdated": { .instant(Double($0.stamp.updated)) },
      "_info/lastupdated": { .instant(Double($0.stamp.updated)) },
      "_info/updatedby": { .text($0.stamp.updatedBy) }, "dateentered": { .instant(Double($0.stamp.entered)) },
      "_info/dateentered": { .instant(Double($0.stamp.entered)) },
    ]
    for name in ConnectWiseContact.textFields.keys { fields[name.lowercased()] = { ConditionValue($0.texts[name]) } }
    let items: [String: (ConnectWiseCommunication) -> ConditionValue] = [
      "id": { ConditionValue($0.id) }, "value": { .text($0.value) }, "extension": { ConditionValue($0.extension) },
      "communicationtype": { .text($0.type.group.rawValue) }, "defaultflag": { .flag($0.isDefault) },
      "type/id": { ConditionValue($0.type.id) }, "type/name": { .text($0.type.description) },
      "domain": { ConditionValue($0.domain) },
    ]
    let table = fields
    return ConnectWiseTable(
      id: \.id, field: { table[$0] },
      children: [
        "communicationitems": { contact in contact.items.map { item in { items[$0]?(item) } } },
        "types": { _ in [] },
      ],
      childFields: Set(items.keys.map { "communicationitems/\($0)" } + ["types/id", "types/name"]),
      json: { $0.json(company: company($0), writesNulls: writesNulls) })
  }

  /// `caption="…" AND value="…"` on one of the contact's custom fields.
  private static func customFieldMeets(_ contact: ConnectWiseContact, _ condition: ConnectWiseCondition) -> Bool {
    ConnectWiseContact.customFields.contains { id, caption in
      condition.holds { path in
        switch path.lowercased() {
        case "caption": .text(caption)
        case "id": ConditionValue(id)
        case "value": ConditionValue(contact.customValues[id])
        default: .null
        }
      }
    }
  }

  mutating func contactAnswer(
    _ request: EmulatedRequest, _ rest: [String], at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    switch (request.method, rest.count) {
    case ("GET", 0): return try contactListing(request, isCount: false, at: moment)
    case ("GET", 1) where rest[0] == "count": return try contactListing(request, isCount: true, at: moment)
    case ("POST", 0):
      let contact = try newContact(from: record(request), at: moment)
      return EmulatedResponse(
        201, json(contact), headers: [.init(name: "Location", value: "\(url(of: request, at: moment))/\(contact.id)")])
    default: break
    }
    guard let id = rest.first.flatMap({ Int($0) }), let place = contactPlace(id) else {
      throw .notFound("Contact \(rest.first ?? "")")
    }
    if rest.count > 1 {
      guard rest[1] == "communications" else { throw .notFound("Resource") }
      return try communicationAnswer(request, Array(rest.dropFirst(2)), contact: place, at: moment)
    }
    switch request.method {
    case "GET":
      let json = json(contacts[place])
      return EmulatedResponse(200, ConnectWiseFields(request.option("fields"))?.restricted(json) ?? json)
    case "PATCH":
      let patch = try ConnectWisePatch(reading: request)
      let contact = try patch.applied(to: contacts[place], in: &self)
      try save(contact, at: place, by: ConnectWiseEmulation.apiMember, moment)
      countVain(patch, fields: [], of: "contact")
      return EmulatedResponse(200, json(contacts[place]))
    case "PUT":
      let contact = try replaced(contacts[place], by: try record(request))
      try save(contact, at: place, by: ConnectWiseEmulation.apiMember, moment)
      return EmulatedResponse(200, json(contacts[place]))
    case "DELETE":
      try delete(place, successor: request.option("transferContactId"))
      return EmulatedResponse(status: 204)
    default: throw .methodNotAllowed
    }
  }

  func json(_ contact: ConnectWiseContact) -> JSON {
    contact.json(company: company(contact.companyID), writesNulls: options.writesNulls)
  }

  private func contactListing(
    _ request: EmulatedRequest, isCount: Bool, at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    let listing = try ConnectWiseListing(request)
    let places = listing.conditions?.required("company/id").map { contactsOfCompany[$0] ?? [] }
    let candidates = ConnectWiseCandidates(records: contacts, places: places) { !$0.isDeleted }
    let table = contactTable
    let custom = ConnectWiseEmulation.customFieldMeets
    if isCount {
      return EmulatedResponse(200, ["count": .int(try listing.matches(candidates, table, custom: custom).count)])
    }
    return try listing.answer(
      candidates, table, url: url(of: request, at: moment), endsEarly: moment.endsListingsEarly, custom: custom)
  }

  /// The body of a request that sends one record.
  func record(_ request: EmulatedRequest) throws(ConnectWiseRefusal) -> JSON {
    guard let body = try? request.json(), body.members != nil else {
      throw ConnectWiseRefusal(status: 400, code: "InvalidObject", message: "The body is not a JSON object.")
    }
    return body
  }

  // MARK: - Creating and replacing

  mutating func newContact(
    from body: JSON, by member: String = apiMember, at moment: Moment
  ) throws(ConnectWiseRefusal) -> ConnectWiseContact {
    let blank = ConnectWiseContact(
      id: nextContactID, firstName: "", companyID: 0, siteID: 0,
      stamp: RecordStamp(entered: moment.seconds, updated: moment.seconds, updatedBy: member))
    let contact = try replaced(blank, by: body)
    try check(contact)
    add(contact)
    return contact
  }

  /// A contact with everything as a record says; what it does not say falls to its default.
  private mutating func replaced(
    _ contact: ConnectWiseContact, by body: JSON
  ) throws(ConnectWiseRefusal) -> ConnectWiseContact {
    var blank = ConnectWiseContact(
      id: contact.id, firstName: "", companyID: 0, siteID: contact.siteID, stamp: contact.stamp)
    blank.isInUse = contact.isInUse
    return try ConnectWisePatch(record: body).applied(to: blank, in: &self, isWholeRecord: true)
  }

  /// Stores a changed contact and stamps it.
  mutating func save(
    _ contact: ConnectWiseContact, at place: Int, by member: String, _ moment: Moment
  ) throws(ConnectWiseRefusal) {
    try check(contact)
    var contact = contact
    contact.stamp.updated = moment.seconds
    contact.stamp.updatedBy = member
    replace(place, with: contact)
  }

  /// What a contact must be in order to be saved.
  func check(_ contact: ConnectWiseContact) throws(ConnectWiseRefusal) {
    var errors: [ConnectWiseRefusal.FieldError] = []
    func limit(_ field: String, _ text: String?, _ most: Int) {
      if let error = ConnectWiseRefusal.FieldError(limiting: field, text, to: most) { errors.append(error) }
    }
    if contact.firstName.isEmpty {
      errors.append(
        .init(code: "MissingRequiredField", message: "The firstName field is required.", field: "firstName"))
    }
    limit("firstName", contact.firstName, 30)
    limit("lastName", contact.lastName, 30)
    limit("title", contact.title, 100)
    for (name, text) in contact.texts.sorted(by: { $0.key < $1.key }) {
      limit(name, text, ConnectWiseContact.textFields[name] ?? 50)
    }
    for item in contact.items {
      limit("value", item.value, 250)
      limit("extension", item.extension, 15)
    }
    if let company = company(contact.companyID), !company.isDeleted {
      if company.status.disallowsSaving {
        errors.append(
          .init(
            code: "InvalidOperation", message: "The status of company \(company.identifier) does not allow saving.",
            field: "company"))
      }
    } else if contact.companyID == 0 {
      errors.append(.init(code: "MissingRequiredField", message: "The company field is required.", field: "company"))
    } else {
      errors.append(
        .init(code: "InvalidReference", message: "company \(contact.companyID) does not exist.", field: "company"))
    }
    guard errors.isEmpty else { throw .invalid(errors) }
  }

  /// Deletes a contact; one that tickets refer to needs another that takes its place.
  mutating func delete(_ place: Int, successor: String?) throws(ConnectWiseRefusal) {
    if contacts[place].isInUse {
      guard let successor else {
        throw ConnectWiseRefusal(
          status: 409, code: "ConflictInUse", message: "The contact is in use; a transferContactId is required.")
      }
      guard let id = Int(successor), id != contacts[place].id, let heir = contactPlace(id) else {
        throw .invalid([
          .init(
            code: "InvalidReference", message: "transferContactId \(successor) does not exist.",
            field: "transferContactId")
        ])
      }
      contacts[heir].isInUse = true
    }
    contacts[place].isDeleted = true
  }
}
