// Addresses and numbers of a contact, one by one and as a whole.

extension ConnectWiseEmulation {
  /// `/company/contacts/{id}/communications` and what is below it.
  mutating func communicationAnswer(
    _ request: EmulatedRequest, _ rest: [String], contact place: Int, at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    let contact = contacts[place]
    switch (request.method, rest.count) {
    case ("GET", 0):
      let rows = contact.items.map { $0.standAlone(contact: contact) }
      let table = ConnectWiseTable<JSON>(
        id: { $0["id"]?.whole ?? 0 }, field: { path in path == "id" ? { ConditionValue($0["id"]?.whole ?? 0) } : nil },
        children: [:], childFields: [], json: { $0 })
      return try ConnectWiseListing(request).answer(
        ConnectWiseCandidates(records: rows), table, url: url(of: request, at: moment),
        endsEarly: moment.endsListingsEarly)
    case ("GET", 1) where rest[0] == "count": return EmulatedResponse(200, ["count": .int(contact.items.count)])
    case ("POST", 0):
      let added = try item(from: record(request), former: nil)
      var changed = contact
      changed.items.append(added)
      changed.settleDefaults(preferring: added.isDefault ? added.id : nil)
      try saveItems(changed, at: place, by: ConnectWiseEmulation.apiMember, moment)
      return try itemAnswer(201, added.id, place)
    default: break
    }
    guard rest.count == 1, let id = Int(rest[0]), let index = contact.items.firstIndex(where: { $0.id == id }) else {
      throw .notFound("ContactCommunication \(rest.first ?? "")")
    }
    var changed = contact
    switch request.method {
    case "GET": return try itemAnswer(200, id, place)
    case "PUT": changed.items[index] = try item(from: record(request), former: contact.items[index], isWhole: true)
    case "PATCH": changed.items[index] = try patched(contact.items[index], request)
    case "DELETE":
      changed.items.remove(at: index)
      changed.settleDefaults()
      try saveItems(changed, at: place, by: ConnectWiseEmulation.apiMember, moment)
      return EmulatedResponse(status: 204)
    default: throw .methodNotAllowed
    }
    changed.settleDefaults(preferring: changed.items[index].isDefault ? id : nil)
    try saveItems(changed, at: place, by: ConnectWiseEmulation.apiMember, moment)
    return try itemAnswer(200, id, place)
  }

  private func itemAnswer(_ status: Int, _ id: Int, _ place: Int) throws(ConnectWiseRefusal) -> EmulatedResponse {
    guard let item = contacts[place].items.first(where: { $0.id == id }) else {
      throw .notFound("ContactCommunication \(id)")
    }
    return EmulatedResponse(status, item.standAlone(contact: contacts[place]))
  }

  /// Stores changed items; whether that stamps the contact is one of the instance's options.
  private mutating func saveItems(
    _ contact: ConnectWiseContact, at place: Int, by member: String, _ moment: Moment
  ) throws(ConnectWiseRefusal) {
    if options.communicationBumpsLastUpdated {
      try save(contact, at: place, by: member, moment)
    } else {
      try check(contact)
      replace(place, with: contact)
    }
  }

  private mutating func patched(
    _ item: ConnectWiseCommunication, _ request: EmulatedRequest
  ) throws(ConnectWiseRefusal) -> ConnectWiseCommunication {
    var members: [JSON.Member] = []
    for operation in try ConnectWisePatch(reading: request).operations where !operation.path.contains("/") {
      guard ["type", "value", "extension", "defaultFlag"].contains(operation.path) else {
        if ["id", "contactId", "domain", "communicationType", "mobileGuid", "_info"].contains(operation.path) {
          continue
        }
        throw .invalidPatch("\(operation.path) is not a recognized name.")
      }
      members.append(
        .init(name: operation.path, value: operation.verb == .remove ? .null : operation.value ?? .null))
    }
    return try self.item(from: .object(members), former: item)
  }

  /// A whole array of items; those with a known id keep it, the others get new ones, and what is not named is gone.
  mutating func items(
    from value: JSON, keeping former: [ConnectWiseCommunication]
  ) throws(ConnectWiseRefusal) -> [ConnectWiseCommunication] {
    if value == .null { return [] }
    guard let rows = value.elements else {
      throw .invalidPatch("Could not convert from \(value.kind) to ContactCommunicationItem[].")
    }
    var items: [ConnectWiseCommunication] = []
    for row in rows {
      guard row.members != nil else {
        throw .invalidPatch("Could not convert from \(row.kind) to ContactCommunicationItem.")
      }
      let known = row["id"]?.whole.flatMap { id in former.first { $0.id == id } }
      items.append(try item(from: row, former: known, isWhole: true))
    }
    return items
  }

  /// One item: a former one with changes, or a new one. `type` and `value` are required.
  private mutating func item(
    from body: JSON, former: ConnectWiseCommunication?, isWhole: Bool = false
  ) throws(ConnectWiseRefusal) -> ConnectWiseCommunication {
    let kept = isWhole ? nil : former
    var type = kept?.type
    if let reference = body["type"] {
      guard let found = reference["id"]?.whole.flatMap({ CommunicationType.with(id: $0) }) else {
        throw .invalid(
          [
            .init(
              code: "InvalidReference", message: "type \(reference["id"]?.encoded ?? "") does not exist.", field: "type"
            )
          ],
          resource: "contactCommunication")
      }
      type = found
    }
    let value =
      try body["value"].map { (value) throws(ConnectWiseRefusal) in try ConnectWisePatch.text(value, "value") }
      ?? kept?.value
    guard let type, let value else {
      let field = type == nil ? "type" : "value"
      throw .invalid(
        [.init(code: "MissingRequiredField", message: "The \(field) field is required.", field: field)],
        resource: "contactCommunication")
    }
    let text =
      try body["extension"].map { (value) throws(ConnectWiseRefusal) in
        try ConnectWisePatch.text(value, "extension")
      } ?? kept?.extension
    let flag =
      try body["defaultFlag"].map { (value) throws(ConnectWiseRefusal) in
        try ConnectWisePatch.flag(value, "defaultFlag")
      } ?? kept?.isDefault ?? false
    let id = former?.id ?? freshCommunicationID()
    return ConnectWiseCommunication(
      id: id, type: type, value: stored(value, as: type), extension: text, isDefault: flag)
  }

  /// The value as this instance stores it.
  private func stored(_ value: String, as type: CommunicationType) -> String {
    guard options.keepsDigitsOnly, type.group != .email else { return value }
    let digits = value.filter { $0.isASCII && $0.isNumber }
    return digits.isEmpty ? value : digits
  }
}
