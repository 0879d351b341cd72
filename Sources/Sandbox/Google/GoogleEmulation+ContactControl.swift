// What control does to contacts and labels: their owners at work.

import Foundation

extension GoogleEmulation {
  var contactRoutes: [ControlRoute] {
    let contact = "{contact} is an id (c…), an address or a name that only one has."
    return [
      ControlRoute(
        "GET", "/control/google/users/{user}/contacts", "A user's contacts; ?label= for those of one label."),
      ControlRoute(
        "POST", "/control/google/users/{user}/contacts",
        "Adds a contact, in My Contacts and the labels named. Keys: givenName, familyName, email, phone, mobile, "
          + "organization, title, notes, labels, or a field of the API with all its entries.",
        example: #"{"givenName":"Una","familyName":"Byrne","email":"una@harbour.example","labels":["Shared Contacts"]}"#
      ),
      ControlRoute("GET", "/control/google/users/{user}/contacts/{contact}", "One contact. \(contact)"),
      ControlRoute(
        "PATCH", "/control/google/users/{user}/contacts/{contact}",
        "Edits a contact: the same keys, null clears; email, phone and mobile replace the first of their kind. {} saves "
          + "without change.", example: #"{"title":"Director","phone":null}"#),
      ControlRoute("DELETE", "/control/google/users/{user}/contacts/{contact}", "Moves a contact to the trash."),
      ControlRoute(
        "POST", "/control/google/users/{user}/contacts/{contact}/labels",
        "Adds to labels and takes out of them; out of the last means into My Contacts.",
        example: #"{"add":["Shared Contacts"],"remove":["My Contacts"]}"#),
      ControlRoute(
        "POST", "/control/google/users/{user}/contacts/{contact}/profile",
        "Links the contact with a public profile, which changes its resource name; {} parts them again.",
        example: #"{"names":[{"givenName":"Sam"}],"emailAddresses":[{"value":"sam@profile.example"}]}"#),
      ControlRoute("GET", "/control/google/users/{user}/labels", "A user's own labels with how many are in them."),
      ControlRoute("POST", "/control/google/users/{user}/labels", "Adds a label.", example: #"{"name":"Suppliers"}"#),
      ControlRoute(
        "PATCH", "/control/google/users/{user}/labels/{label}", "Renames a label.", example: #"{"name":"Partners"}"#),
      ControlRoute(
        "DELETE", "/control/google/users/{user}/labels/{label}",
        "Deletes a label; ?contacts=true with the contacts in it. Otherwise they stay, in My Contacts."),
      ControlRoute(
        "POST", "/control/google/users/{user}/import", "Adds so many contacts at once.",
        example: #"{"contacts":25,"labels":["Shared Contacts"]}"#),
    ]
  }

  mutating func controlContacts(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    let path = request.path
    guard path.count >= 3, path[0] == "users", ["contacts", "labels", "import"].contains(path[2]) else { return nil }
    let user = directory.users[try presentUser(path[1])]
    guard var book = books[user.id] else { return nil }
    book.lag = options[.readLag]
    book.membershipsMoveEtag = options[.membershipsMoveEtag]
    book.membershipsInDeltas = options[.membershipsInDeltas]
    books[user.id] = nil
    defer { books[user.id] = book }
    let now = moment.seconds
    func shown(_ place: Int) -> JSON { book.people[place].controlJSON(labels: book.labelNames(book.people[place])) }
    switch (request.method, path[2], path.count) {
    case ("GET", "contacts", 3):
      let label = try request.option("label").map { (name) throws(ControlProblem) in try labelPlace(name, book) }
      let places = label.map { book.members(of: book.labels[$0].id) } ?? book.presentPlaces
      return .array(places.map(shown))
    case ("POST", "contacts", 3):
      let groups = try groups(request.body["labels"], book, besides: [GoogleLabel.myContacts])
      let place = book.add(try fields(request.body, over: [:]), groups: groups, at: now)
      return shown(place)
    case ("GET", "contacts", 4): return shown(try contactPlace(path[3], book))
    case ("PATCH", "contacts", 4):
      let place = try contactPlace(path[3], book)
      let fields = try fields(request.body, over: book.people[place].fields)
      book.change(place, at: now) { $0.fields = fields }
      return shown(place)
    case ("DELETE", "contacts", 4):
      let place = try contactPlace(path[3], book)
      book.delete(place, at: now)
      return ["deleted": .string(book.people[place].resourceName)]
    case ("POST", "contacts", 5) where path[4] == "labels":
      let place = try contactPlace(path[3], book)
      let added = try groups(request.body["add"], book)
      let removed = try groups(request.body["remove"], book)
      book.changeGroups(place, at: now) { groups in
        groups = groups.filter { !removed.contains($0) } + added.filter { !groups.contains($0) }
        if groups.isEmpty { groups = [GoogleLabel.myContacts] }
      }
      return shown(place)
    case ("POST", "contacts", 5) where path[4] == "profile":
      let place = try contactPlace(path[3], book)
      book.link(place, try fields(request.body, over: [:]))
      book.rename(place, at: now)
      return shown(place)
    case ("GET", "labels", 3):
      return .array(book.labels.filter { !$0.isSystem && !$0.isDeleted }.map { controlJSON($0, book) })
    case ("POST", "labels", 3):
      let name = request.body["name"]?.text ?? ""
      try checkName(name, book)
      let place = book.addLabel(name, at: now)
      return controlJSON(book.labels[place], book)
    case ("PATCH", "labels", 4):
      let place = try ownLabel(path[3], book)
      let name = request.body["name"]?.text ?? ""
      if name != book.labels[place].name { try checkName(name, book) }
      book.changeLabel(place, at: now) { $0.name = name }
      return controlJSON(book.labels[place], book)
    case ("DELETE", "labels", 4):
      let place = try ownLabel(path[3], book)
      let trashed = book.deleteLabel(
        place, withContacts: request.option("contacts") == "true", trashesLone: false, at: now)
      return ["deleted": .string(book.labels[place].name), "contacts-deleted": .int(trashed)]
    case ("POST", "import", 3):
      guard let count = request.body["contacts"]?.whole, (0...50_000).contains(count) else {
        throw ControlProblem(400, "No number of contacts was given.", fix: #"Send {"contacts":25}."#)
      }
      let groups = try groups(request.body["labels"], book, besides: [GoogleLabel.myContacts])
      let first = book.people.count
      for number in first..<(first + count) {
        book.add(
          [
            .names: [["givenName": "Imported", "familyName": .string("Contact \(number)")]],
            .emailAddresses: [["value": .string("imported\(number)@bulk.example"), "type": "work"]],
          ], groups: groups, at: now)
      }
      return ["contacts": .int(count)]
    default: return nil
    }
  }

  // MARK: - Finding

  private func contactPlace(_ name: String, _ book: GoogleBook) throws(ControlProblem) -> Int {
    let found = book.presentPlaces.filter { book.people[$0].answers(to: name) }
    guard let place = found.first, found.count == 1 || book.people[place].id == name else {
      throw ControlProblem(
        found.isEmpty ? 404 : 409,
        found.isEmpty ? "There is no contact \"\(name)\"." : "\(found.count) contacts are called \"\(name)\".",
        fix: "Name an id (c…), an address or a name; GET …/contacts lists them.")
    }
    return place
  }

  private func labelPlace(_ name: String, _ book: GoogleBook) throws(ControlProblem) -> Int {
    guard let place = book.labelPlace(named: name) else {
      let known = book.labels.filter { !$0.isDeleted && $0.takesMembers }.map(\.formattedName)
      throw ControlProblem(404, "There is no label \"\(name)\".", fix: "Known: \(known.joined(separator: ", ")).")
    }
    return place
  }

  private func ownLabel(_ name: String, _ book: GoogleBook) throws(ControlProblem) -> Int {
    let place = try labelPlace(name, book)
    guard !book.labels[place].isSystem else {
      throw ControlProblem(409, "\"\(name)\" is a group of the system.", fix: "Name a label of the user's own.")
    }
    return place
  }

  private func checkName(_ name: String, _ book: GoogleBook) throws(ControlProblem) {
    guard !name.isEmpty, !book.nameIsTaken(name) else {
      throw ControlProblem(409, "A label cannot be called \"\(name)\".", fix: "Give a name that no label has.")
    }
  }

  /// The ids of labels named in a list.
  private func groups(
    _ names: JSON?, _ book: GoogleBook, besides first: [String] = []
  ) throws(ControlProblem) -> [String] {
    var groups = first
    for name in (names?.elements ?? []).compactMap(\.text) {
      let id = book.labels[try labelPlace(name, book)].id
      if !groups.contains(id) { groups.append(id) }
    }
    return groups
  }

  // MARK: - Fields

  /// Where each short key stands: the field, its member, and the type of the entry where it has one.
  private static let short: [String: (field: GooglePersonField, member: String, type: String?)] = [
    "givenName": (.names, "givenName", nil), "familyName": (.names, "familyName", nil),
    "email": (.emailAddresses, "value", nil), "phone": (.phoneNumbers, "value", "work"),
    "mobile": (.phoneNumbers, "value", "mobile"), "organization": (.organizations, "name", nil),
    "title": (.organizations, "title", nil), "notes": (.biographies, "value", nil),
  ]

  /// The fields of a contact with what a body sets in them.
  private func fields(
    _ body: JSON, over given: [GooglePersonField: [JSON]]
  ) throws(ControlProblem) -> [GooglePersonField: [JSON]] {
    var fields = given
    for member in body.members ?? [] where member.name != "labels" {
      if let short = Self.short[member.name] {
        fields[short.field] = Self.set(short.member, short.type, member.value, in: fields[short.field] ?? [])
        continue
      }
      let value: JSON = .object([.init(name: member.name, value: member.value == .null ? [] : member.value)])
      do throws(GoogleRefusal) {
        fields.merge(try GooglePersonField.values(of: value)) { $1 }
      } catch {
        throw ControlProblem(
          400, error.message, fix: "Keys: \(Self.short.keys.sorted().joined(separator: ", ")), labels, or a field.")
      }
    }
    return fields.filter { !$0.value.isEmpty }
  }

  /// Entries with a member of the first one (of that type) set, or taken away.
  private static func set(_ name: String, _ type: String?, _ value: JSON, in entries: [JSON]) -> [JSON] {
    var entries = entries
    let place = type == nil ? entries.indices.first : entries.firstIndex { $0["type"]?.text == type }
    var members =
      (place.map { entries[$0].members ?? [] } ?? type.map { [JSON.Member(name: "type", value: .string($0))] } ?? [])
      .filter { $0.name != name }
    if value != .null { members.append(.init(name: name, value: value)) }
    let isEmpty = members.allSatisfy { $0.name == "type" }
    if let place {
      if isEmpty { entries.remove(at: place) } else { entries[place] = .object(members) }
    } else if !isEmpty {
      entries.append(.object(members))
    }
    return entries
  }

  func controlJSON(_ label: GoogleLabel, _ book: GoogleBook?) -> JSON {
    [
      "resourceName": .string(label.resourceName), "name": .string(label.name),
      "members": .int(book?.members(of: label.id).count ?? 0), "clientData": .array(label.clientData),
    ]
  }
}
