// What control does to IT Glue: people in the browser, imports, administrators, and the account's own ways.

extension ITGlueEmulation {
  private static let kinds = ITGlueKind.allCases.filter { !$0.isReadOnly }.map(\.path).joined(separator: ", ")

  var controlRoutes: [ControlRoute] {
    let base = "/control/itglue"
    return [
      ControlRoute(
        "GET", "\(base)/{kind}",
        "All records of a kind (\(ITGlueEmulation.kinds)); ?organization= for one organization."),
      ControlRoute(
        "POST", "\(base)/{kind}",
        "Creates a record as a person does. Attributes of the vendor, or short words: organization, type, status, "
          + "manufacturer, model, contact, location (each by name or id), email, phone, mobile.",
        example:
          #"{"name":"ACME-PC-91","organization":"Acme Dental","type":"Workstation","status":"Active","serial-number":"SN-91"}"#
      ),
      ControlRoute("GET", "\(base)/{kind}/{record}", "One record, by id or by a name that only one has."),
      ControlRoute(
        "PATCH", "\(base)/{kind}/{record}", "Changes a record as a person does, also one that the built-in sync owns.",
        example: #"{"type":"Prospect","status":null}"#),
      ControlRoute(
        "DELETE", "\(base)/{kind}/{record}", "Deletes a record; an organization after a while, with all it holds."),
      ControlRoute(
        "POST", "\(base)/{kind}/{record}/{act}",
        "touch: saves it without a change, which moves updated-at. archive, unarchive: configurations."),
      ControlRoute(
        "POST", "\(base)/import", "Brings in many organizations, contacts or configurations at once.",
        example: #"{"kind":"configurations","count":30,"organization":"Acme Dental"}"#),
      ControlRoute("POST", "\(base)/key", "Makes the key wrong or right.", example: #"{"valid":false}"#),
      ControlRoute(
        "POST", "\(base)/rights", "What the key allows, by kind.",
        example: #"{"contacts":{"read":true,"write":false}}"#),
      ControlRoute("GET", "\(base)/options", "The ways that the reference leaves open, and how they are set."),
      ControlRoute(
        "POST", "\(base)/options",
        "built-in-sync (off, paused, on), bad-key (401, 403), create-status (200, 201), name-filter (exact, contains), "
          + "unknown-filters (refused, ignored), long-ranges (refused, allowed), large-pages (cut, refused), slow-pages-over, "
          + "slow-only-with-include, lists (replace, merge), phone-plus (stripped, kept), unknown-labels (created, refused), "
          + "read-only-attributes (ignored, refused), bulk (partial, atomic), unique-organization-names, unique-list-names, "
          + "parents (settable, refused), lists-move-updated-at, saving-moves-updated-at, deletion-seconds, rate-limit, "
          + "rate-limit-with-frozen-clock, retry-after.",
        example: #"{"built-in-sync":"on","slow-pages-over":500}"#),
    ]
  }

  mutating func control(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    finishDeletions(at: moment)
    switch request.line {
    case "POST import": return try importRecords(request.body, at: moment)
    case "POST key":
      guard let isValid = request.body["valid"]?.flag else {
        throw ControlProblem(400, "The key is valid or not.", fix: #"Send {"valid":false}."#)
      }
      setKey(valid: isValid, at: moment)
      return ["valid": .bool(keyIsValid)]
    case "POST rights":
      try rights.change(request.body)
      return rights.json
    case "GET options": return options.json
    case "POST options": return try changeOptions(request.body)
    default: break
    }
    guard let kind = request.path.first.flatMap({ ITGlueKind(path: $0) }) else { return nil }
    switch (request.method, request.path.count) {
    case ("GET", 1):
      guard let name = request.option("organization") else {
        return .array(self[kind].byID.map { json($0, kind) })
      }
      let organization = self[.organizations].records[try place(named: name, .organizations)].id
      return .array(self[kind].children(of: organization).map { json($0, kind) })
    case ("POST", 1):
      let attributes = try attributes(of: request.body, kind, former: nil)
      return try refused { (system) throws(ITGlueRefusal) in
        try system.create(attributes, kind, by: .person, at: moment)
      }.map { json($0, kind) }
    case (_, 2), (_, 3): break
    default: return nil
    }
    let place = try place(named: request.path[1], kind)
    switch (request.method, request.path.dropFirst(2).first) {
    case ("GET", nil): return json(place, kind)
    case ("PATCH", nil):
      let attributes = try attributes(of: request.body, kind, former: place)
      return try change(place, attributes, kind, at: moment)
    case ("DELETE", nil):
      let id = self[kind].records[place].id
      guard !isLocked(self[kind].records[place]) else {
        throw ControlProblem(
          422, "The built-in sync owns this record; nobody can delete it.",
          fix: #"First POST /control/itglue/options {"built-in-sync":"off"}."#)
      }
      remove(place, kind, at: moment)
      return ["deleted": .string(id.description)]
    case ("POST", "touch"):
      touch(place, kind, at: moment)
      return json(place, kind)
    case ("POST", "archive") where kind == .configurations, ("POST", "unarchive") where kind == .configurations:
      let isArchived = request.path[2] == "archive"
      return try change(place, [.init(name: "archived", value: .bool(isArchived))], kind, at: moment)
    default: return nil
    }
  }

  private mutating func change(
    _ place: Int, _ attributes: [JSON.Member], _ kind: ITGlueKind, at moment: Moment
  ) throws(ControlProblem) -> JSON {
    _ = try refused { (system) throws(ITGlueRefusal) in
      try system.update(place, attributes, kind, by: .person, at: moment)
      return place
    }
    return json(place, kind)
  }

  /// Runs what the vendor itself may refuse, and passes on its words.
  private mutating func refused(
    _ body: (inout ITGlueEmulation) throws(ITGlueRefusal) -> Int
  ) throws(ControlProblem) -> Int? {
    do throws(ITGlueRefusal) {
      return try body(&self)
    } catch {
      let words = error.entries.map { entry in
        [entry.pointer, entry.detail ?? entry.title].compactMap { $0 }.joined(separator: " ")
      }
      throw ControlProblem(
        error.status, words.joined(separator: " "), fix: "Send what the vendor's own screens would take.")
    }
  }

  // MARK: - Names

  private func place(named name: String, _ kind: ITGlueKind) throws(ControlProblem) -> Int {
    if let place = Int(name).flatMap({ self[kind].place($0) }) { return place }
    let wanted = name.lowercased()
    let found = self[kind].byID.filter { place in
      let record = self[kind].records[place]
      if self.name(of: record.id, kind)?.lowercased() == wanted { return true }
      guard kind == .contacts else { return false }
      return (self[kind].value("contact-emails", at: place).elements ?? []).contains {
        $0["value"]?.text?.lowercased() == wanted
      }
    }
    guard found.count == 1, let place = found.first else {
      throw ControlProblem(
        404, found.isEmpty ? "\(kind.path) has no \"\(name)\"." : "Several of \(kind.path) are called \"\(name)\".",
        fix: "GET /control/itglue/\(kind.path) lists them with their ids.")
    }
    return place
  }

  /// Which attribute and list a short word of control means.
  private func reference(_ word: String, _ kind: ITGlueKind) -> (attribute: String, list: ITGlueKind)? {
    switch (word, kind) {
    case ("organization", _) where kind.isContents: ("organization-id", .organizations)
    case ("type", .organizations): ("organization-type-id", .organizationTypes)
    case ("status", .organizations): ("organization-status-id", .organizationStatuses)
    case ("parent", .organizations): ("parent-id", .organizations)
    case ("type", .configurations): ("configuration-type-id", .configurationTypes)
    case ("status", .configurations): ("configuration-status-id", .configurationStatuses)
    case ("manufacturer", .configurations), ("manufacturer", .models): ("manufacturer-id", .manufacturers)
    case ("model", .configurations): ("model-id", .models)
    case ("operating-system", .configurations): ("operating-system-id", .operatingSystems)
    case ("contact", .configurations): ("contact-id", .contacts)
    case ("location", .configurations), ("location", .contacts): ("location-id", .locations)
    case ("type", .contacts): ("contact-type-id", .contactTypes)
    default: nil
    }
  }

  /// The short words of control in the vendor's own.
  private func attributes(
    of body: JSON, _ kind: ITGlueKind, former: Int?
  ) throws(ControlProblem) -> [JSON.Member] {
    guard let members = body.members else {
      throw ControlProblem(400, "A record is a JSON object.", fix: #"Send, for example, {"notes":"Moved."}."#)
    }
    let schema = ITGlueSchema.of(kind)
    var attributes: [JSON.Member] = []
    var phones = former.flatMap { self[kind].value("contact-phones", at: $0).elements }
    for member in members {
      if let (attribute, list) = reference(member.name, kind) {
        var value = member.value
        if let name = value.text { value = .int(self[list].records[try place(named: name, list)].id) }
        attributes.append(.init(name: attribute, value: value))
      } else if kind == .contacts, member.name == "email" {
        attributes.append(.init(name: "contact-emails", value: emails(member.value, former: former)))
      } else if kind == .contacts, ["phone", "mobile"].contains(member.name) {
        let label: JSON = member.name == "phone" ? "Work" : "Mobile"
        var rows = (phones ?? []).filter { $0["label-name"] != label }
        if member.value != .null {
          rows.insert(
            ["value": member.value, "label-name": label, "primary": .bool(label == "Work" || rows.isEmpty)], at: 0)
        }
        phones = rows
        attributes.removeAll { $0.name == "contact-phones" }
        attributes.append(.init(name: "contact-phones", value: .array(rows)))
      } else {
        guard let place = schema.places[member.name], schema.attributes[place].form.isWritable else {
          throw ControlProblem(
            400, "\"\(member.name)\" of \(kind.path) cannot be set.",
            fix: "Known: \(schema.attributes.filter(\.form.isWritable).map(\.name).joined(separator: ", ")).")
        }
        attributes.append(member)
      }
    }
    // The organization is settled first, since other references stand within it.
    return attributes.filter { $0.name == "organization-id" } + attributes.filter { $0.name != "organization-id" }
  }

  /// The former addresses with another primary one.
  private func emails(_ value: JSON, former: Int?) -> JSON {
    let rows = former.flatMap { self[.contacts].value("contact-emails", at: $0).elements } ?? []
    let others = rows.filter { $0["primary"] != true }
    guard value != .null else { return .array(others) }
    return .array([["value": value, "label-name": "Work", "primary": true]] + others)
  }

  // MARK: - Imports

  private mutating func importRecords(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard let kind = body["kind"]?.text.flatMap({ ITGlueKind(path: $0) }),
      [.organizations, .contacts, .configurations].contains(kind), let count = body["count"]?.whole,
      (1...50_000).contains(count)
    else {
      throw ControlProblem(
        400, "An import needs a kind and a count of up to 50000.",
        fix: #"Send {"kind":"organizations","count":30}; kinds: organizations, contacts, configurations."#)
    }
    var shared = ["type", "status", "manufacturer"].compactMap { word -> JSON.Member? in
      body[word].map { .init(name: word, value: $0) }
    }
    if kind != .organizations {
      guard let organization = body["organization"] else {
        throw ControlProblem(400, "These belong to an organization.", fix: #"Add "organization":"Acme Dental"."#)
      }
      shared.append(.init(name: "organization", value: organization))
      if kind == .configurations, body["type"] == nil {
        shared.append(.init(name: "type", value: .string(DeviceCatalogue.types[0])))
      }
    } else if body["type"] == nil, body["status"] == nil {
      shared += [.init(name: "type", value: "Client"), .init(name: "status", value: "Active")]
    }
    let attributes = try attributes(of: .object(shared), kind, former: nil)
    for _ in 0..<count {
      let number = nextID
      let own: [JSON.Member] =
        switch kind {
        case .organizations: [.init(name: "name", value: .string("Imported Organization \(number)"))]
        case .contacts:
          [
            .init(name: "first-name", value: "Imported"), .init(name: "last-name", value: .string("Person \(number)")),
            .init(
              name: "contact-emails",
              value: [["value": .string("imported\(number)@import.example"), "label-name": "Work", "primary": true]]),
          ]
        default:
          [
            .init(name: "name", value: .string("IMPORTED-\(number)")),
            .init(name: "serial-number", value: .string("IMP\(number)")),
          ]
        }
      _ = try refused { (system) throws(ITGlueRefusal) in
        try system.create(attributes + own, kind, by: .person, at: moment)
      }
    }
    return ["imported": .int(count)]
  }

  // MARK: - The account

  private mutating func changeOptions(_ body: JSON) throws(ControlProblem) -> JSON {
    for member in body.members ?? [] {
      guard options.set(member.name, member.value) else {
        throw ControlProblem(
          400, "\"\(member.name)\" cannot be \(member.value.encoded).",
          fix: "GET /control names the options and their values.")
      }
    }
    // What a record shows of its link depends on the built-in sync.
    namesMark += 1
    return options.json
  }

  // MARK: - Showing

  func state(scope: String?) throws(ControlProblem) -> JSON {
    let wanted = scope?.lowercased()
    let organizations = self[.organizations].byID.filter { place in
      guard let wanted else { return true }
      let record = self[.organizations].records[place]
      return record.id.description == wanted || name(of: record.id, .organizations)?.lowercased() == wanted
        || self[.organizations].value("short-name", at: place).text?.lowercased() == wanted
        || record.remoteID == wanted
    }
    let rows = organizations.map { place -> JSON in
      let id = self[.organizations].records[place].id
      let contents = ITGlueKind.allCases.filter(\.isContents).map { kind in
        JSON.Member(name: kind.path, value: .array(self[kind].children(of: id).map { plain($0, kind) }))
      }
      return .object((plain(place, .organizations).members ?? []) + contents)
    }
    let lists = ITGlueKind.allCases.filter { $0.isList && !$0.isReadOnly }.map { kind in
      JSON.Member(name: kind.path, value: .array(self[kind].byID.map { plain($0, kind) }))
    }
    return .object(
      [
        .init(name: "organizations", value: .array(rows)), .init(name: "options", value: options.json),
        .init(name: "rights", value: rights.json), .init(name: "key-valid", value: .bool(keyIsValid)),
        .init(
          name: "counters", value: .counts(counters)),
      ] + lists)
  }

  /// A record as its attributes, with its id and what only the sandbox knows of it.
  private func plain(_ place: Int, _ kind: ITGlueKind) -> JSON {
    let record = self[kind].records[place]
    var members = json(place, kind)["attributes"]?.members ?? []
    members.append(.init(name: "id", value: .string(record.id.description)))
    if isLocked(record) { members.append(.init(name: "owned-by-built-in-sync", value: true)) }
    if record.deletionDue != nil { members.append(.init(name: "deletion-queued", value: true)) }
    return .object(members)
  }

  func description(root: String) -> SystemAccess {
    SystemAccess(
      system: SandboxDescription.System(url: root, credentials: ["api-key": key], tenants: nil),
      connect: "connect itglue as glue url=\(root) api-key=env:SANDBOX_ITGLUE_KEY",
      environment: ["SANDBOX_ITGLUE_KEY": key])
  }
}
