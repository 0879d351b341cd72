/// The label at a destination: found, made, and in the end removed, without the user's own contacts in it.
package import Model

extension GoogleConnector {
  package func group(
    _ group: GroupScope, in place: String, of kind: RecordKind
  ) async throws(ConnectorError) -> GroupScope? {
    let place = try checked(kind, ReadScope(partition: place))
    // What a sync itself made is known from its reading and its writes; the user's own is looked at anew.
    let label: GoogleLabel?
    if group.marker == nil {
      label = Self.label(group, among: try await people.labels(place))
    } else {
      label = try await self.label(for: group, in: place)
    }
    guard let label else { return nil }
    var found = group
    found.id = RecordID(label.id)
    found.name = label.name ?? group.name
    return found
  }

  /// What became of making a label.
  enum Made: Sendable {
    case label(GoogleLabel)
    case refused(WriteRejection)
  }

  /// The label of a group at a destination, made where there is none.
  func makeLabel(
    _ group: GroupScope, in place: String, _ departure: Departure?
  ) async throws(ConnectorError) -> Made {
    if let label = try await label(for: group, in: place) { return .label(label) }
    let purpose = "new label \(group.name)"
    var body: JSONValue = ["name": .text(group.name)]
    if let marker = group.marker {
      body["clientData"] = [["key": .text(GoogleMarker.labelKey), "value": .text(marker)]]
    }
    let response = try await people.send(
      place, .post, "contactGroups",
      body: ["contactGroup": body, "readGroupFields": .text(GoogleLabel.fields)],
      purpose: purpose, cost: .labelWrite, accepting: [400, 409], isRepeatable: true,
      departure: departure)
    if response.isSuccess {
      let label = try people.decode(GoogleLabel.self, response, purpose)
      remember(label, for: group, in: place)
      return .label(label)
    }
    let words = calls.errors.redaction.clean(GoogleFault(response).message)
    guard response.status == 409 else {
      return .refused(
        WriteRejection(reason: .valueRefused, message: "Google refuses the label \(group.name): \(words)"))
    }
    // An answer of ours that was lost, or another run at the same time, may have made it.
    let found = Self.label(group, among: try await people.labels(place))
    if let found {
      remember(found, for: group, in: place)
      return .label(found)
    }
    return .refused(
      WriteRejection(
        reason: .recordForbidden,
        message: "the user has a label \(group.name) of their own: let the sync use another name for its label"))
  }

  /// Adds contacts to a label, or takes them out of it.
  /// - Returns: those that are not there, and those that would have no label left.
  func modify(
    _ label: String, adding: [String] = [], removing: [String] = [], in place: String, _ departure: Departure?
  ) async throws(ConnectorError) -> (missing: Set<String>, last: Set<String>) {
    var (missing, last): (Set<String>, Set<String>) = ([], [])
    let all = adding.map { ($0, true) } + removing.map { ($0, false) }
    for start in stride(from: 0, to: all.count, by: GoogleFeatures.membersAtOnce) {
      let chunk = all[start..<min(start + GoogleFeatures.membersAtOnce, all.count)]
      func names(_ isAdded: Bool) -> JSONValue { .list(chunk.filter { $0.1 == isAdded }.map { .text($0.0) }) }
      let purpose = "members of a label"
      let response = try await people.send(
        place, .post, "contactGroups/\(WebAddress.encoded(GoogleLabel.id(label)))/members:modify",
        body: ["resourceNamesToAdd": names(true), "resourceNamesToRemove": names(false)], purpose: purpose,
        cost: .labelWrite, isRepeatable: true, departure: departure)
      let answer = try people.decode(GoogleMembersModified.self, response, purpose)
      missing.formUnion(answer.notFoundResourceNames ?? [])
      last.formUnion(answer.canNotRemoveLastContactGroupResourceNames ?? [])
    }
    return (missing, last)
  }

  package func rename(_ group: GroupScope, in place: String, of kind: RecordKind) async throws(ConnectorError) {
    let place = try checked(kind, ReadScope(partition: place))
    let turn = turn(of: place)
    try await turn.take()
    defer { turn.giveBack() }
    // Under its present etag.
    guard let label = Self.label(group, among: try await people.labels(place)), label.isMarked(group.marker) else {
      return remember(nil, for: group, in: place)
    }
    guard label.name != group.name else { return remember(label, for: group, in: place) }
    var body: JSONValue = ["name": .text(group.name)]
    if let etag = label.etag { body["etag"] = .text(etag) }
    let purpose = "label \(group.name)"
    let response = try await people.send(
      place, .put, "contactGroups/\(WebAddress.encoded(label.id))",
      body: ["contactGroup": body, "updateGroupFields": "name", "readGroupFields": .text(GoogleLabel.fields)],
      purpose: purpose, cost: .labelWrite, accepting: [409], isRepeatable: true)
    guard response.isSuccess else {
      throw ConnectorError(
        .rejected,
        "\(try await people.user(place).address) has a label \(group.name) of their own: the sync's label "
          + "stays \(label.name ?? label.id)", hint: "let the sync use another name for its label",
        status: response.status)
    }
    remember(try people.decode(GoogleLabel.self, response, purpose), for: group, in: place)
  }

  /// Removes the label, and never the contacts in it: before it goes, each of them is put into My Contacts.
  package func dissolve(_ group: GroupScope, in place: String, of kind: RecordKind) async throws(ConnectorError) {
    let place = try checked(kind, ReadScope(partition: place))
    guard group.marker != nil else {
      throw ConnectorError(
        .rejected, "only the label of a sync is removed, not the user's own \(group.name)", delivery: .notSent)
    }
    let turn = turn(of: place)
    try await turn.take()
    defer { turn.giveBack() }
    guard let label = Self.label(group, among: try await people.labels(place)) else { return }
    guard !label.isSystem else {
      throw ConnectorError(.rejected, "\(label.name ?? label.id) is one of Google's own labels", delivery: .notSent)
    }
    var names = try await people.members(of: label, place)
    if names == nil {
      var found: [String] = []
      try await people.connections(place) { people, _, _ in
        found += people.filter { $0.groups.contains(label.resourceName) }.map(\.resourceName)
      }
      names = found
    }
    if let names, !names.isEmpty {
      // Those that are not there any more are the copies that were just removed.
      _ = try await modify(GoogleLabel.own, adding: names, in: place, nil)
    }
    _ = try await people.send(
      place, .delete, "contactGroups/\(WebAddress.encoded(label.id))", purpose: "label \(label.name ?? label.id)",
      cost: .labelWrite, accepting: [404])
    remember(nil, for: group, in: place)
  }
}
