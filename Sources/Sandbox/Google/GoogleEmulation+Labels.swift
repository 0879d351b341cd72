// Contact groups, which people see as labels.

import Foundation

extension GoogleEmulation {
  private static let groupFields: Set<String> = ["clientData", "groupType", "memberCount", "metadata", "name"]
  private static let defaultGroupFields: Set<String> = ["groupType", "memberCount", "metadata", "name"]
  static let mostMembersModified = 1000

  private func groupFields(_ text: String?, parameter: String) throws(GoogleRefusal) -> Set<String> {
    guard let text, !text.isEmpty else { return Self.defaultGroupFields }
    let names = Set(text.split(separator: ",").map(String.init))
    if let unknown = names.subtracting(Self.groupFields).min() {
      throw .invalid("Invalid \(parameter) mask path: \"\(unknown)\".", field: parameter)
    }
    return names
  }

  // MARK: - Reading

  /// "members never filled in".
  func labels(
    _ request: EmulatedRequest, _ book: GoogleBook, _ user: GoogleUser, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let fields = try groupFields(request.option("groupFields"), parameter: "groupFields")
    let size = try number("pageSize", request, in: 1...1000, otherwise: 30)
    let bound = GooglePageToken.parameters(of: request)
    let syncBound = GooglePageToken.parameters(of: request, without: ["syncToken"])
    var token = GooglePageToken(
      kind: .labels, owner: user.id, parameters: bound, until: book.change, epoch: book.epoch, fullAt: moment.seconds,
      issuedAt: moment.seconds)
    if let text = request.option("syncToken"), !text.isEmpty {
      let sync = try syncToken(text, .labelsSync, book, user, bound: syncBound, at: moment)
      token.since = sync.until
      token.fullAt = sync.fullAt
    }
    if let text = request.option("pageToken"), !text.isEmpty {
      guard let given = GooglePageToken(text), given.kind == .labels, given.owner == user.id,
        given.parameters == bound
      else { throw .invalid("The page token is invalid.", field: "pageToken") }
      token = given
    }
    // "metadata.deleted only appears when listing with a sync token".
    let rows = book.labels.filter { label in token.since.map { label.change > $0 } ?? !label.isDeleted }
    let counts = book.memberCounts(at: moment.seconds)
    let page = rows.dropFirst(token.after).prefix(size)
    var members: [JSON.Member] = []
    if !page.isEmpty {
      let shown = page.map { book.json($0, fields, count: counts[$0.id] ?? 0) }
      members.append(.init(name: "contactGroups", value: .array(shown)))
    }
    if token.since == nil { members.append(.init(name: "totalItems", value: .int(rows.count))) }
    var next: String?
    if token.after + page.count < rows.count, !moment.endsListingsEarly {
      var following = token
      following.after += page.count
      next = following.text
      members.append(.init(name: "nextPageToken", value: .string(following.text)))
    } else {
      let sync = GooglePageToken(
        kind: .labelsSync, owner: user.id, parameters: syncBound, until: token.until, epoch: token.epoch,
        fullAt: options[.chainedTokensRenew] ? moment.seconds : token.fullAt, issuedAt: moment.seconds)
      members.append(.init(name: "nextSyncToken", value: .string(sync.text)))
    }
    var answer = EmulatedResponse(200, .object(members))
    answer.nextLink = next.map { nextLink(request, $0, at: moment) }
    return answer
  }

  /// "maxMembers default 0 = NO members; memberCount = true total".
  func label(
    _ name: String, _ request: EmulatedRequest, _ book: GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let fields = try groupFields(request.option("groupFields"), parameter: "groupFields")
    let most = try number("maxMembers", request, in: 0...Int(Int32.max), otherwise: 0)
    guard let place = book.labelPlace(resourceName: name) else { throw .noLabel }
    return EmulatedResponse(200, shown(book.labels[place], fields, most: most, book, at: moment))
  }

  func labels(
    named request: EmulatedRequest, _ book: GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let fields = try groupFields(request.option("groupFields"), parameter: "groupFields")
    let most = try number("maxMembers", request, in: 0...Int(Int32.max), otherwise: 0)
    let names = request.query.filter { $0.name == "resourceNames" }.map(\.value)
    guard (1...200).contains(names.count) else {
      throw .invalid("Between 1 and 200 resource names are required.", field: "resourceNames")
    }
    let responses = names.map { name -> JSON in
      guard let place = book.labelPlace(resourceName: name) else {
        return ["requestedResourceName": .string(name), "status": GoogleRefusal.noLabel.item]
      }
      return [
        "requestedResourceName": .string(name), "status": [:],
        "contactGroup": shown(book.labels[place], fields, most: most, book, at: moment),
      ]
    }
    return EmulatedResponse(200, ["responses": .array(responses)])
  }

  private func shown(
    _ label: GoogleLabel, _ fields: Set<String>, most: Int, _ book: GoogleBook, at moment: Moment
  ) -> JSON {
    let members = book.people.indices.compactMap { book.visible($0, at: moment.seconds) }
      .filter { $0.groups.contains(label.id) }
    return book.json(
      label, fields, count: members.count, members: members.prefix(most).map(\.resourceName))
  }

  // MARK: - Writing

  /// What of a group a client may set.
  private func name(of group: JSON) throws(GoogleRefusal) -> String {
    let name = group["name"]?.text?.trimmingCharacters(in: .whitespaces) ?? ""
    guard !name.isEmpty else { throw .invalid("Contact group name must not be empty.", field: "contactGroup.name") }
    guard name.count <= GooglePersonField.longestText else {
      throw .invalid("Contact group name is too long.", field: "contactGroup.name")
    }
    return name
  }

  private func clientData(of group: JSON) -> [JSON] {
    (group["clientData"]?.elements ?? []).filter { $0["key"]?.text != nil }.map {
      ["key": $0["key"] ?? "", "value": $0["value"] ?? ""]
    }
  }

  private func group(in body: JSON) throws(GoogleRefusal) -> JSON {
    guard let group = body["contactGroup"], group.members != nil else {
      throw .invalid("A contact group is required.", field: "contactGroup")
    }
    try check(
      group,
      knows: [
        "resourceName", "etag", "metadata", "groupType", "name", "formattedName", "memberResourceNames", "memberCount",
        "clientData",
      ])
    return group
  }

  mutating func createLabel(
    _ request: EmulatedRequest, _ book: inout GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let body = try body(request)
    try check(body, knows: ["contactGroup", "readGroupFields"])
    let group = try group(in: body)
    let fields = try groupFields(body["readGroupFields"]?.text, parameter: "readGroupFields")
    let name = try name(of: group)
    guard !book.nameIsTaken(name) else { throw .labelNameTaken }
    let place = book.addLabel(name, clientData: clientData(of: group), at: moment.seconds)
    counters.created["labels", default: 0] += 1
    return EmulatedResponse(200, book.json(book.labels[place], fields, count: 0))
  }

  mutating func updateLabel(
    _ name: String, _ request: EmulatedRequest, _ book: inout GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let body = try body(request)
    try check(body, knows: ["contactGroup", "updateGroupFields", "readGroupFields"])
    let group = try group(in: body)
    let read = try groupFields(body["readGroupFields"]?.text, parameter: "readGroupFields")
    let update = Set((body["updateGroupFields"]?.text ?? "name").split(separator: ",").map(String.init))
    guard update.isSubset(of: ["name", "clientData"]), !update.isEmpty else {
      throw .invalid("Invalid updateGroupFields mask.", field: "updateGroupFields")
    }
    let place = try userLabel(name, book)
    if let etag = group["etag"]?.text, etag != book.labels[place].etag {
      counters.staleEtags += 1
      throw .precondition(
        "Request contactGroup.etag is different than the current contactGroup.etag. Clear local cache and get the latest "
          + "contact group.")
    }
    let newName = update.contains("name") ? try self.name(of: group) : book.labels[place].name
    guard !book.nameIsTaken(newName, except: place) else { throw .labelNameTaken }
    book.changeLabel(place, at: moment.seconds) { label in
      label.name = newName
      if update.contains("clientData") { label.clientData = clientData(of: group) }
    }
    counters.updated["labels", default: 0] += 1
    let count = book.members(of: book.labels[place].id).count
    return EmulatedResponse(200, book.json(book.labels[place], read, count: count))
  }

  mutating func deleteLabel(
    _ name: String, _ request: EmulatedRequest, _ book: inout GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let withContacts = try flag("deleteContacts", request)
    let place = try userLabel(name, book)
    let trashed = book.deleteLabel(
      place, withContacts: withContacts, trashesLone: options[.labelDeletionTrashes], at: moment.seconds)
    counters.deleted["labels", default: 0] += 1
    if withContacts {
      counters.deletedWithContacts += 1
    } else {
      counters.loneMembersTrashed += trashed
    }
    return EmulatedResponse(200, [:])
  }

  /// A label that can be changed: those of the system cannot.
  private func userLabel(_ name: String, _ book: GoogleBook) throws(GoogleRefusal) -> Int {
    guard let place = book.labelPlace(resourceName: name) else { throw .noLabel }
    guard !book.labels[place].isSystem else {
      throw .invalid("System contact groups cannot be changed.", field: "resourceName")
    }
    return place
  }

  /// "add + remove ≤ 1000 together. A 200 can hide failures".
  mutating func modifyMembers(
    _ name: String, _ request: EmulatedRequest, _ book: inout GoogleBook, at moment: Moment
  ) throws(GoogleRefusal) -> EmulatedResponse {
    let body = try body(request)
    try check(body, knows: ["resourceNamesToAdd", "resourceNamesToRemove"])
    let additions = (body["resourceNamesToAdd"]?.elements ?? []).compactMap(\.text)
    let removals = (body["resourceNamesToRemove"]?.elements ?? []).compactMap(\.text)
    guard (1...Self.mostMembersModified).contains(additions.count + removals.count) else {
      throw .invalid("Between 1 and \(Self.mostMembersModified) resource names are required.")
    }
    guard let label = book.labelPlace(resourceName: name) else { throw .noLabel }
    guard book.labels[label].takesMembers else {
      throw .invalid("Members of this contact group cannot be changed.", field: "resourceName")
    }
    let id = book.labels[label].id
    var missing: [String] = []
    var last: [String] = []
    for name in additions {
      guard let place = book.presentPlace(resourceName: name) else {
        missing.append(name)
        continue
      }
      guard !book.people[place].groups.contains(id) else { continue }
      book.changeGroups(place, at: moment.seconds) { $0.append(id) }
      counters.updated["memberships", default: 0] += 1
    }
    for name in removals {
      guard let place = book.presentPlace(resourceName: name) else {
        missing.append(name)
        continue
      }
      guard book.people[place].groups.contains(id) else { continue }
      guard book.people[place].groups.count > 1 else {
        last.append(name)
        continue
      }
      book.changeGroups(place, at: moment.seconds) { $0.removeAll { $0 == id } }
      counters.updated["memberships", default: 0] += 1
    }
    var members: [JSON.Member] = []
    if !missing.isEmpty {
      members.append(.init(name: "notFoundResourceNames", value: .array(missing.map { .string($0) })))
    }
    if !last.isEmpty {
      members.append(
        .init(name: "canNotRemoveLastContactGroupResourceNames", value: .array(last.map { .string($0) })))
    }
    return EmulatedResponse(200, .object(members))
  }
}

extension GoogleRefusal {
  fileprivate static let noLabel = GoogleRefusal.notFound("Requested entity was not found.")
}
