// Configurations: listing, reading, creating, changing and deleting; their types and statuses; manufacturers.

extension ConnectWiseEmulation {
  private var configurationTable: ConnectWiseTable<ConnectWiseConfiguration> {
    let system = self
    var fields: [String: (ConnectWiseConfiguration) -> ConditionValue] = [
      "id": { ConditionValue($0.id) }, "name": { .text($0.name) }, "activeflag": { .flag($0.isActive) },
      "type/id": { ConditionValue($0.typeID) }, "type/name": { ConditionValue(system.type(of: $0)?.name) },
      "status/id": { $0.statusID.map { ConditionValue($0) } ?? .null },
      "status/name": { ConditionValue(system.status(of: $0)?.description) },
      "company/id": { ConditionValue($0.companyID) },
      "company/identifier": { ConditionValue(system.company($0.companyID)?.identifier) },
      "company/name": { ConditionValue(system.company($0.companyID)?.name) },
      "contact/id": { $0.contactID.map { ConditionValue($0) } ?? .null },
      "manufacturer/id": { $0.manufacturerID.map { ConditionValue($0) } ?? .null },
      "manufacturer/name": { ConditionValue(system.manufacturer(of: $0)?.name) },
      "site/name": { _ in .text("Main") },
      "lastupdated": { .instant(Double($0.stamp.updated)) },
      "_info/lastupdated": { .instant(Double($0.stamp.updated)) },
      "_info/updatedby": { .text($0.stamp.updatedBy) }, "dateentered": { .instant(Double($0.stamp.entered)) },
      "_info/dateentered": { .instant(Double($0.stamp.entered)) },
    ]
    for name in ConnectWiseConfiguration.textFields.keys {
      fields[name.lowercased()] = { ConditionValue($0.texts[name]) }
    }
    for name in ConnectWiseConfiguration.dateFields {
      fields[name.lowercased()] = { $0.dates[name].map { .instant(Double($0)) } ?? .null }
    }
    let table = fields
    return ConnectWiseTable(
      id: \.id, field: { table[$0] }, children: [:], childFields: [], json: { system.json($0) })
  }

  mutating func configurationAnswer(
    _ request: EmulatedRequest, _ rest: [String], at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    switch (request.method, rest.first) {
    case ("GET", nil): return try configurationListing(request, isCount: false, at: moment)
    case ("GET", "count") where rest.count == 1: return try configurationListing(request, isCount: true, at: moment)
    case ("GET", "types"):
      return try catalogue(
        configurationTypes, Array(rest.dropFirst()), request, at: moment, id: \.id, label: ("name", \.name),
        json: \.json)
    case ("GET", "statuses"):
      return try catalogue(
        configurationStatuses, Array(rest.dropFirst()), request, at: moment, id: \.id,
        label: ("description", \.description), json: \.json)
    case ("POST", nil):
      let configuration = try newConfiguration(from: record(request), at: moment)
      return EmulatedResponse(
        201, json(configuration),
        headers: [.init(name: "Location", value: "\(url(of: request, at: moment))/\(configuration.id)")])
    default: break
    }
    guard rest.count == 1, let place = rest.first.flatMap({ Int($0) }).flatMap({ configurationPlace($0) }) else {
      throw .notFound("Configuration \(rest.first ?? "")")
    }
    switch request.method {
    case "GET":
      let json = json(configurations[place])
      return EmulatedResponse(200, ConnectWiseFields(request.option("fields"))?.restricted(json) ?? json)
    case "PATCH":
      let patch = try ConnectWisePatch(reading: request)
      let configuration = try patch.applied(to: configurations[place], in: self)
      try save(configuration, at: place, by: ConnectWiseEmulation.apiMember, moment)
      countVain(patch, fields: ["installedBy", "site"], of: "configuration")
      return EmulatedResponse(200, json(configurations[place]))
    case "DELETE":
      configurations[place].isDeleted = true
      return EmulatedResponse(status: 204)
    default: throw .methodNotAllowed
    }
  }

  private func configurationListing(
    _ request: EmulatedRequest, isCount: Bool, at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    let listing = try ConnectWiseListing(request)
    let table = configurationTable
    let places = listing.conditions?.required("company/id").map { configurationsOfCompany[$0] ?? [] }
    let candidates = ConnectWiseCandidates(records: configurations, places: places) { !$0.isDeleted }
    if isCount { return EmulatedResponse(200, ["count": .int(try listing.matches(candidates, table).count)]) }
    return try listing.answer(
      candidates, table, url: url(of: request, at: moment), endsEarly: moment.endsListingsEarly)
  }

  // MARK: - Records

  func type(of configuration: ConnectWiseConfiguration) -> ConfigurationType? {
    configurationTypes.first { $0.id == configuration.typeID }
  }

  func status(of configuration: ConnectWiseConfiguration) -> ConfigurationStatus? {
    configurationStatuses.first { $0.id == configuration.statusID }
  }

  func manufacturer(of configuration: ConnectWiseConfiguration) -> Manufacturer? {
    manufacturers.first { $0.id == configuration.manufacturerID }
  }

  /// The record; fields without a value are left out, or null where the instance is set so.
  func json(_ configuration: ConnectWiseConfiguration) -> JSON {
    var members: [JSON.Member] = []
    func put(_ name: String, _ value: JSON?) {
      if let value {
        members.append(.init(name: name, value: value))
      } else if options.writesNulls {
        members.append(.init(name: name, value: .null))
      }
    }
    let company = company(configuration.companyID)
    put("id", .int(configuration.id))
    put("name", .string(configuration.name))
    put("type", type(of: configuration)?.reference)
    put("status", status(of: configuration)?.reference)
    put("company", company?.reference)
    put("contact", configuration.contactID.flatMap { contactPlace($0) }.map { contactReference(contacts[$0]) })
    put("site", company?.site)
    put("activeFlag", .bool(configuration.isActive))
    for name in ConnectWiseEmulation.configurationTexts { put(name, configuration.texts[name].map { .string($0) }) }
    put("manufacturer", manufacturer(of: configuration)?.reference)
    for name in ConnectWiseEmulation.configurationDates {
      put(name, configuration.dates[name].map { .string(Instant.text($0)) })
    }
    put("questions", [])
    put("customFields", [])
    put("_info", configuration.stamp.json)
    return .object(members)
  }

  private static let configurationTexts = ConnectWiseConfiguration.textFields.keys.sorted()
  private static let configurationDates = ConnectWiseConfiguration.dateFields.sorted()

  private func contactReference(_ contact: ConnectWiseContact) -> JSON {
    [
      "id": .int(contact.id),
      "name": .string([contact.firstName, contact.lastName].compactMap { $0 }.joined(separator: " ")),
    ]
  }

  // MARK: - Creating and changing

  mutating func newConfiguration(
    from body: JSON, by member: String = apiMember, at moment: Moment
  ) throws(ConnectWiseRefusal) -> ConnectWiseConfiguration {
    var blank = ConnectWiseConfiguration(
      id: nextConfigurationID, name: "", typeID: 0, companyID: 0,
      stamp: RecordStamp(entered: moment.seconds, updated: moment.seconds, updatedBy: member))
    if options.givesDefaultStatus { blank.statusID = configurationStatuses.first(where: \.isDefault)?.id }
    let configuration = try ConnectWisePatch(record: body).applied(to: blank, in: self, isWholeRecord: true)
    try check(configuration)
    add(configuration)
    return configuration
  }

  /// Stores a changed configuration and stamps it.
  mutating func save(
    _ configuration: ConnectWiseConfiguration, at place: Int, by member: String, _ moment: Moment
  ) throws(ConnectWiseRefusal) {
    try check(configuration)
    var configuration = configuration
    configuration.stamp.updated = moment.seconds
    configuration.stamp.updatedBy = member
    let former = configurations[place].companyID
    configurations[place] = configuration
    guard former != configuration.companyID else { return }
    configurationsOfCompany[former]?.removeAll { $0 == place }
    configurationsOfCompany[configuration.companyID, default: []].append(place)
    configurationsOfCompany[configuration.companyID]?.sort()
  }

  /// What a configuration must be in order to be saved.
  private func check(_ configuration: ConnectWiseConfiguration) throws(ConnectWiseRefusal) {
    var errors: [ConnectWiseRefusal.FieldError] = []
    for (field, isMissing) in [
      ("name", configuration.name.isEmpty), ("type", configuration.typeID == 0),
      ("company", configuration.companyID == 0),
    ] where isMissing {
      errors.append(.init(code: "MissingRequiredField", message: "The \(field) field is required.", field: field))
    }
    let texts =
      [("name", configuration.name, ConnectWiseConfiguration.longestName)]
      + configuration.texts.sorted { $0.key < $1.key }.map {
        ($0.key, $0.value, ConnectWiseConfiguration.textFields[$0.key] ?? 50)
      }
    for (name, text, most) in texts {
      if let error = ConnectWiseRefusal.FieldError(limiting: name, text, to: most) { errors.append(error) }
    }
    if let company = company(configuration.companyID), company.status.disallowsSaving {
      errors.append(
        .init(
          code: "InvalidOperation", message: "The status of company \(company.identifier) does not allow saving.",
          field: "company"))
    }
    if let place = configuration.contactID.flatMap({ contactPlace($0) }),
      contacts[place].companyID != configuration.companyID
    {
      errors.append(
        .init(
          code: "InvalidReference", message: "contact \(contacts[place].id) belongs to another company.",
          field: "contact"))
    }
    guard errors.isEmpty else { throw .invalid(errors, resource: "configuration") }
  }

  /// The place of a configuration that is not deleted.
  func configurationPlace(_ id: Int) -> Int? {
    guard let place = configurationPlaces[id], !configurations[place].isDeleted else { return nil }
    return place
  }

  /// The configurations of a company that are not deleted, by ascending id.
  func presentConfigurations(ofCompany id: Int) -> [ConnectWiseConfiguration] {
    (configurationsOfCompany[id] ?? []).map { configurations[$0] }.filter { !$0.isDeleted }
  }

  // MARK: - Manufacturers

  /// `/procurement/manufacturers`, which also takes new ones.
  mutating func manufacturerAnswer(
    _ request: EmulatedRequest, _ rest: [String], at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    switch (request.method, rest.count) {
    case ("GET", _):
      return try catalogue(
        manufacturers, rest, request, at: moment, id: \.id, label: ("name", \.name), json: \.json)
    case ("POST", 0):
      let name = try ConnectWisePatch.text(record(request)["name"] ?? .null, "name") ?? ""
      var error = ConnectWiseRefusal.FieldError(limiting: "name", name, to: Manufacturer.longestName)
      if name.isEmpty {
        error = .init(code: "MissingRequiredField", message: "The name field is required.", field: "name")
      } else if manufacturers.contains(where: { $0.name.lowercased() == name.lowercased() }) {
        error = .init(code: "ObjectExists", message: "The name \(name) is already in use.", field: "name")
      }
      if let error { throw .invalid([error], resource: "manufacturer") }
      let manufacturer = Manufacturer(id: (manufacturers.last?.id ?? 0) + 1, name: name)
      manufacturers.append(manufacturer)
      return EmulatedResponse(201, manufacturer.json)
    default: throw .methodNotAllowed
    }
  }
}
