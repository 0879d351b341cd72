// Writing contacts: one at a time and in batches.

import Foundation

extension GoogleEmulation {
  static let largestBatch = 200
  static let largestDeleteBatch = 500

  /// A contact that is to be made, checked.
  private struct NewContact {
    var fields: [GooglePersonField: [JSON]]
    var groups: [String]
  }

  // MARK: - Creating

  mutating func createContact(
    _ request: EmulatedRequest, _ book: inout GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let mask = try optionalPersonFields(request)
    let sources = try sources(request)
    let contact = try newContact(try body(request), book)
    try checkRoom(for: 1, book, at: moment)
    let place = book.add(contact.fields, groups: contact.groups, at: moment.seconds)
    counters.created["contacts", default: 0] += 1
    return EmulatedResponse(200, book.people[place].json(mask, sources))
  }

  mutating func batchCreate(
    _ request: EmulatedRequest, _ book: inout GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let body = try body(request)
    try check(body, knows: ["contacts", "readMask", "sources"])
    let contacts = body["contacts"]?.elements ?? []
    guard (1...Self.largestBatch).contains(contacts.count) else {
      throw .invalid("Between 1 and \(Self.largestBatch) contacts are required.", field: "contacts")
    }
    // "required; empty = the read-back is skipped".
    guard let maskText = body["readMask"]?.text else { throw GoogleFieldMask.missing("readMask") }
    let mask = try GoogleFieldMask(maskText, parameter: "readMask")
    let sources = try sources(body)
    var made: [NewContact] = []
    var failures: [(name: String, refusal: GoogleRefusal)] = []
    for (index, contact) in contacts.enumerated() {
      do throws(GoogleRefusal) {
        made.append(try newContact(contact["contactPerson"] ?? .null, book))
      } catch {
        failures.append((index.description, error))
      }
    }
    if failures.isEmpty || !options[.batchesAreAtomic] {
      try checkRoom(for: made.count, book, at: moment)
      var people: [GooglePerson] = []
      for contact in made {
        let place = book.add(contact.fields, groups: contact.groups, at: moment.seconds)
        people.append(book.people[place])
      }
      counters.created["contacts", default: 0] += people.count
      if failures.isEmpty {
        guard !mask.fields.isEmpty else { return EmulatedResponse(200, [:]) }
        if options[.shufflesCreated] { people.reverse() }
        let shown = people.map { response($0, requested: $0.resourceName, mask, sources) }
        return EmulatedResponse(200, ["createdPeople": .array(shown)])
      }
    }
    throw batchRefusal(failures, "BatchCreateContactsErrorDetails")
  }

  private func newContact(_ body: JSON, _ book: GoogleBook) throws(GoogleRefusal) -> NewContact {
    let fields = try GooglePersonField.values(of: body)
    try GooglePersonField.check(fields)
    return NewContact(fields: fields, groups: try groups(of: fields[.memberships] ?? [], book))
  }

  /// The ids of the labels that memberships name, each once.
  private func groups(of memberships: [JSON], _ book: GoogleBook) throws(GoogleRefusal) -> [String] {
    var groups: [String] = []
    for membership in memberships {
      guard let name = membership["contactGroupMembership"]?["contactGroupResourceName"]?.text else { continue }
      guard let place = book.labelPlace(resourceName: name), book.labels[place].takesMembers else {
        throw .invalid("Contact group \(name) does not exist or takes no members.", field: "memberships")
      }
      if !groups.contains(book.labels[place].id) { groups.append(book.labels[place].id) }
    }
    return groups
  }

  /// "25 000 contacts … per account", deleted ones in the trash included.
  private func checkRoom(for count: Int, _ book: GoogleBook, at moment: Moment) throws(GoogleRefusal) {
    guard book.occupied(at: moment.seconds) + count > options[.contactLimit] else { return }
    let message = "MY_CONTACTS_OVERFLOW_COUNT: the account holds as many contacts as it can."
    throw options[.overflowIs429]
      ? GoogleRefusal(429, "RESOURCE_EXHAUSTED", "rateLimitExceeded", message) : .precondition(message)
  }

  /// The refusal of a batch, which says of each item what was wrong with it.
  private func batchRefusal(_ failures: [(name: String, refusal: GoogleRefusal)], _ type: String) -> GoogleRefusal {
    var refusal = failures.first?.refusal ?? .invalid("Request contains an invalid argument.")
    refusal.details = [
      [
        "@type": .string("type.googleapis.com/google.people.v1.\(type)"),
        "contactErrors": .object(failures.map { .init(name: $0.name, value: $0.refusal.item) }),
      ]
    ]
    return refusal
  }

  // MARK: - Updating

  mutating func updateContact(
    _ name: String, _ request: EmulatedRequest, _ book: inout GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    guard let text = request.option("updatePersonFields"), !text.isEmpty else {
      throw GoogleFieldMask.missing("updatePersonFields")
    }
    let update = try GoogleFieldMask(text, parameter: "updatePersonFields", updating: true)
    let mask = try optionalPersonFields(request)
    let sources = try sources(request)
    let change = try change(of: name, try body(request), update, book)
    apply(change, update, &book, at: moment)
    return EmulatedResponse(200, book.people[change.place].json(mask, sources))
  }

  mutating func batchUpdate(
    _ request: EmulatedRequest, _ book: inout GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let body = try body(request)
    // "updateMask (body member; note: not updatePersonFields)".
    try check(body, knows: ["contacts", "updateMask", "readMask", "sources"])
    let contacts = body["contacts"]?.members ?? []
    guard (1...Self.largestBatch).contains(contacts.count) else {
      throw .invalid("Between 1 and \(Self.largestBatch) contacts are required.", field: "contacts")
    }
    guard let updateText = body["updateMask"]?.text, !updateText.isEmpty else {
      throw GoogleFieldMask.missing("updateMask")
    }
    let update = try GoogleFieldMask(updateText, parameter: "updateMask", updating: true)
    guard let maskText = body["readMask"]?.text else { throw GoogleFieldMask.missing("readMask") }
    let mask = try GoogleFieldMask(maskText, parameter: "readMask")
    let sources = try sources(body)
    var changes: [(name: String, change: Change)] = []
    var failures: [(name: String, refusal: GoogleRefusal)] = []
    for contact in contacts {
      do throws(GoogleRefusal) {
        changes.append((contact.name, try change(of: contact.name, contact.value, update, book)))
      } catch {
        failures.append((contact.name, error))
      }
    }
    if failures.isEmpty || !options[.batchesAreAtomic] {
      for (_, change) in changes { apply(change, update, &book, at: moment) }
    }
    guard failures.isEmpty else { throw batchRefusal(failures, "BatchUpdateContactsErrorDetails") }
    guard !mask.fields.isEmpty else { return EmulatedResponse(200, [:]) }
    let results = changes.map { name, change -> JSON.Member in
      .init(name: name, value: response(book.people[change.place], requested: name, mask, sources))
    }
    return EmulatedResponse(200, ["updateResult": .object(results)])
  }

  /// An update of one contact, checked.
  private struct Change {
    var place: Int
    var fields: [GooglePersonField: [JSON]]
    var groups: [String]
  }

  private mutating func change(
    of name: String, _ body: JSON, _ update: GoogleFieldMask, _ book: GoogleBook
  ) throws(GoogleRefusal) -> Change {
    guard name.hasPrefix("people/c") else {
      // "people/me or a profile id is not a contact: 400 INVALID_ARGUMENT".
      throw .invalid("Resource name \"\(name)\" is not a valid contact person resource.", field: "resourceName")
    }
    guard let place = book.presentPlace(resourceName: name) else {
      throw .notFound("Contact person resources are not found.")
    }
    try checkEtags(of: body, book.people[place])
    var fields = try GooglePersonField.values(of: body)
    let groups = try groups(of: fields[.memberships] ?? [], book)
    guard !update.fields.contains(.memberships) || !groups.isEmpty else {
      throw .invalid("A contact must be in at least one contact group.", field: "memberships")
    }
    fields = fields.filter { update.fields.contains($0.key) }
    try GooglePersonField.check(
      book.people[place].fields.filter { !update.fields.contains($0.key) }.merging(fields) { $1 })
    return Change(place: place, fields: fields, groups: groups)
  }

  /// "Body must carry metadata.sources with the CONTACT source and its etag; missing = 400"; "Stale etag: HTTP 400".
  private mutating func checkEtags(of body: JSON, _ person: GooglePerson) throws(GoogleRefusal) {
    let source = body["metadata"]?["sources"]?.elements?.first { $0["type"]?.text == "CONTACT" }
    let etag = body["etag"]?.text
    guard source?["etag"]?.text != nil || (options[.topLevelEtagSuffices] && etag != nil) else {
      throw .invalid(
        "Request must contain person.metadata.sources with the etag of the contact source.",
        field: "person.metadata.sources")
    }
    if let given = source?["etag"]?.text, given != person.sourceEtag {
      counters.staleEtags += 1
      throw .staleEtag(ofSource: etag == nil || etag == person.etag || options[.namesSourceEtag])
    }
    if let etag, etag != person.etag {
      counters.staleEtags += 1
      throw .staleEtag(ofSource: options[.namesSourceEtag])
    }
  }

  /// "Every field named in the mask is REPLACED as a whole; a field named but absent from the body is cleared."
  private mutating func apply(
    _ change: Change, _ update: GoogleFieldMask, _ book: inout GoogleBook, at moment: Moment
  ) {
    counters.updated["contacts", default: 0] += 1
    book.change(change.place, at: moment.seconds) { person in
      for field in update.fields where field != .memberships {
        let entries = change.fields[field] ?? []
        person.fields[field] = entries.isEmpty ? nil : entries
      }
      if update.fields.contains(.memberships) { person.groups = change.groups }
    }
  }

  // MARK: - Deleting

  mutating func deleteContact(
    _ name: String, _ book: inout GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let place = try placeToDelete(name, book)
    book.delete(place, at: moment.seconds)
    counters.deleted["contacts", default: 0] += 1
    return EmulatedResponse(200, [:])
  }

  mutating func batchDelete(
    _ request: EmulatedRequest, _ book: inout GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let body = try body(request)
    try check(body, knows: ["resourceNames"])
    let names = (body["resourceNames"]?.elements ?? []).compactMap(\.text)
    guard (1...Self.largestDeleteBatch).contains(names.count) else {
      throw .invalid("Between 1 and \(Self.largestDeleteBatch) resource names are required.", field: "resourceNames")
    }
    var places: [Int] = []
    for name in names {
      do throws(GoogleRefusal) {
        let place = try placeToDelete(name, book)
        if !places.contains(place) { places.append(place) }
      } catch {
        guard options[.batchDeleteForgives], error.code == 404 else { throw error }
      }
    }
    for place in places { book.delete(place, at: moment.seconds) }
    counters.deleted["contacts", default: 0] += places.count
    return EmulatedResponse(200, [:])
  }

  private func placeToDelete(_ name: String, _ book: GoogleBook) throws(GoogleRefusal) -> Int {
    guard name.hasPrefix("people/c") else {
      throw .invalid("Resource name \"\(name)\" is not a valid contact person resource.", field: "resourceName")
    }
    guard let place = book.presentPlace(resourceName: name) else {
      throw .notFound("Requested entity was not found.")
    }
    return place
  }
}
