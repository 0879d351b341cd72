/// Changes of contacts: one request for many, under the etags that were read, and a look at each where it fails.
import Model

extension GoogleWriting {
  private struct Item {
    var index: Int
    var write: Write
    var native: GoogleNative
    var changes: [GooglePersonField: [JSONValue]]
    /// As last read.
    var current: Record
    var tries = 0
  }

  /// How often a contact is read again because its etag was no longer the right one (google.md §5.2).
  private static let patience = 3

  func update(_ writes: [GoogleWrite]) async -> Outcomes {
    var outcomes: Outcomes = [:]
    let label: GoogleLabel?
    var items: [Item] = []
    do throws(ConnectorError) {
      switch try await self.label(for: writes) {
      case .label(let found): label = found
      case .refused(let rejection): return Dictionary(writes.map { ($0.index, .rejected(rejection)) }) { $1 }
      case nil: label = nil
      }
      let read = try await beforeSending { () throws(ConnectorError) in try await current(of: writes, label) }
      for write in writes {
        guard let record = read[write.index], let native = GoogleNative(of: record) else {
          outcomes[write.index] = Self.refused(
            .targetGone, "Google has no contact \(write.write.target?.rawValue ?? "")")
          continue
        }
        let item = Item(index: write.index, write: write.write, native: native, changes: [:], current: record)
        prepare(item, label, &items, &outcomes)
      }
    } catch {
      return Dictionary(writes.map { ($0.index, .notSent(error)) }) { $1 }
    }
    var work = items.isEmpty ? [] : [items]
    while let batch = work.popLast() {
      do throws(ConnectorError) {
        let response = try await send(batch)
        if response.isSuccess {
          outcomes.merge(try settle(batch, response, label)) { $1 }
          continue
        }
        let again = try await lookAgain(batch, GoogleFault(response), label, &outcomes)
        work += again.filter { !$0.isEmpty }
      } catch {
        let outcome = Self.outcome(of: error)
        for item in batch where outcomes[item.index] == nil { outcomes[item.index] = outcome }
        var rest = error
        rest.delivery = .notSent
        for item in work.joined() { outcomes[item.index] = .notSent(rest) }
        return outcomes
      }
    }
    return outcomes
  }

  /// The label, made where a write puts its contact into it.
  private func label(for writes: [GoogleWrite]) async throws(ConnectorError) -> GoogleConnector.Made? {
    if writes.contains(where: { $0.write.values.flag("in-group") == true }) { return try await labelForWriting() }
    return try await beforeSending { () throws(ConnectorError) in
      try await connector.label(for: scope.group, in: place).map { .label($0) }
    }
  }

  /// The records that are to be changed, by the places of their writes; read where the caller does not have them.
  private func current(
    of writes: [GoogleWrite], _ label: GoogleLabel?
  ) async throws(ConnectorError) -> [Int: Record] {
    var records: [Int: Record] = [:]
    var names: [String: Int] = [:]
    for write in writes {
      if let record = write.write.current, GoogleNative(of: record) != nil {
        records[write.index] = record
      } else if let id = write.write.target?.rawValue, GoogleConnector.isID(id) {
        names["people/\(id)"] = write.index
      }
    }
    guard !names.isEmpty else { return records }
    for (name, person) in try await people.people(names.keys.sorted(), of: place) {
      if let index = names[name] { records[index] = record(name, person, label) }
    }
    return records
  }

  /// Reckons what is to be sent for a contact as it was read; a contact that needs nothing is done.
  private func prepare(_ item: Item, _ label: GoogleLabel?, _ items: inout [Item], _ outcomes: inout Outcomes) {
    var item = item
    do throws(GoogleUnusable) {
      item.changes = try GoogleMapping.changes(item.write.values, onto: item.native.fields)
      if let memberships = try memberships(item.write.values, item.native, label) {
        item.changes[.memberships] = memberships
      }
      if let origin = item.write.values.text("origin"), origin != item.current.fields.text("origin") {
        throw GoogleUnusable(field: "origin", message: "a contact's origin is given to new contacts only")
      }
    } catch {
      outcomes[item.index] = Self.refused(.valueRefused, error.message, error.field)
      return
    }
    item.changes = item.changes.filter { $0.value != item.native.fields[$0.key] ?? [] }
    if item.changes.isEmpty {
      outcomes[item.index] = .done(item.current)
    } else {
      items.append(item)
    }
  }

  /// The labels that a contact is to have; `nil` when they stay as they are.
  private func memberships(
    _ values: FieldValues, _ native: GoogleNative, _ label: GoogleLabel?
  ) throws(GoogleUnusable) -> [JSONValue]? {
    var groups = native.groups
    if let wanted = values.flag("in-group"), let label {
      if wanted { groups.insert(label.resourceName) } else { groups.remove(label.resourceName) }
    }
    if let wanted = values.flag("among-own") {
      if wanted { groups.insert(GoogleLabel.own) } else { groups.remove(GoogleLabel.own) }
    }
    guard groups != native.groups else { return nil }
    guard !groups.isEmpty else {
      throw GoogleUnusable(field: "in-group", message: "a contact keeps at least one label")
    }
    return groups.sorted().map(Self.membership)
  }

  /// One mask holds for all contacts of a batch: what one of them does not change is sent as it is there, since a field
  /// of the mask that is not sent is cleared (google.md §5.3).
  private func send(_ batch: [Item]) async throws(ConnectorError) -> HTTPResponse {
    let mask = Set(batch.flatMap(\.changes.keys))
    var contacts: [String: JSONValue] = [:]
    for item in batch {
      var person: [String: JSONValue] = [:]
      if let etag = item.native.etag { person["etag"] = .text(etag) }
      if let source = item.native.source {
        person["metadata"] = ["sources": [Self.source(source)]]
      }
      for field in mask {
        let entries = item.changes[field] ?? item.native.fields[field] ?? []
        if !entries.isEmpty { person[field.rawValue] = .list(entries) }
      }
      contacts[item.native.resourceName] = .object(person)
    }
    return try await people.send(
      place, .post, "people:batchUpdateContacts",
      body: [
        "contacts": .object(contacts), "updateMask": .text(mask.map(\.rawValue).sorted().joined(separator: ",")),
        "readMask": .text(GooglePersonField.mask), "sources": ["READ_SOURCE_TYPE_CONTACT"],
      ], purpose: "\(batch.count) changed contacts", cost: .batchWrite, accepting: [400, 404, 409, 412],
      // Sent twice, the second is refused for its etag, and the look at the contact shows that the first arrived.
      isRepeatable: true, departure: departure)
  }

  /// Type, id and etag of the source, and not its time.
  private static func source(_ source: JSONValue) -> JSONValue {
    guard case .object(let members) = source else { return source }
    return .object(members.filter { ["type", "id", "etag"].contains($0.key) })
  }

  private func settle(
    _ batch: [Item], _ response: HTTPResponse, _ label: GoogleLabel?
  ) throws(ConnectorError) -> Outcomes {
    let answer = try people.decode(GoogleUpdated.self, response, "\(batch.count) changed contacts").updateResult ?? [:]
    var outcomes: Outcomes = [:]
    for item in batch {
      let name = item.native.resourceName
      let said = answer[name] ?? answer.values.first { $0.requestedResourceName == name }
      if let fault = said?.fault {
        outcomes[item.index] = outcome(of: fault)
      } else if let person = said?.person {
        outcomes[item.index] = .done(record("people/\(item.current.id)", person, label))
      } else {
        outcomes[item.index] = .unknown("Google's answer does not speak of this contact")
      }
    }
    return outcomes
  }

  /// After a failed batch nothing is known: every contact in it is read again, and what can be sent is sent again
  /// (google.md §5.4).
  /// - Returns: the batches to send.
  private func lookAgain(
    _ batch: [Item], _ fault: GoogleFault, _ label: GoogleLabel?, _ outcomes: inout Outcomes
  ) async throws(ConnectorError) -> [[Item]] {
    var open = batch
    var isNamed = false
    for item in batch {
      guard let contact = fault.contacts[item.native.resourceName] else { continue }
      isNamed = true
      // A stale or a missing one shows when it is read again.
      if !contact.isStale, !contact.isGone { outcomes[item.index] = outcome(of: contact) }
    }
    open.removeAll { outcomes[$0.index] != nil }
    guard !open.isEmpty else { return [] }
    let isEtag = fault.isStale || [409, 412].contains(fault.status) || fault.contacts.values.contains(where: \.isStale)
    if isEtag { try await calls.rest(seconds: Double(1 << min(open.map(\.tries).max() ?? 0, 5))) }
    let names = open.map(\.native.resourceName)
    let fresh = Dictionary(
      try await people.people(names, of: place).map { ($0.name, $0.person) }
    ) { first, _ in first }
    var again: [Item] = []
    for item in open {
      guard let person = fresh[item.native.resourceName] else {
        outcomes[item.index] = Self.refused(.targetGone, "Google has no contact \(item.current.id) any more")
        continue
      }
      let now = record("people/\(item.current.id)", person, label)
      guard !differs(now, item, over: item.write.values.names) else {
        outcomes[item.index] = Self.refused(.versionConflict, "the contact was changed at the same time")
        continue
      }
      guard item.tries < Self.patience else {
        outcomes[item.index] = Self.refused(.versionConflict, "Google keeps calling its etag an old one")
        continue
      }
      var next = Item(index: item.index, write: item.write, native: GoogleNative(person), changes: [:], current: now)
      next.tries = item.tries + (isEtag ? 1 : 0)
      // One that holds everything already has nothing to send, and is done.
      prepare(next, label, &again, &outcomes)
    }
    // Others than those named, or with a newer etag: the same together. Else which of them it is shows when there are
    // fewer.
    if isNamed || isEtag || again.count < open.count { return [again] }
    if again.count == 1 {
      outcomes[again[0].index] = Self.refused(.valueRefused, words(fault))
      return []
    }
    return [Array(again[..<(again.count / 2)]), Array(again[(again.count / 2)...])]
  }

  /// Whether fields that are to be written hold neither what they held nor what they are to hold.
  private func differs(_ now: Record, _ item: Item, over fields: [FieldName]) -> Bool {
    guard let seen = item.write.current else { return false }
    return fields.contains { field in
      guard let declaration = GoogleFeatures.description.field(field, of: .person), !declaration.isFact else {
        return false
      }
      let (rule, value) = (declaration.rule, now.fields[field] ?? .null)
      return !rule.areEqual(value, seen.fields[field] ?? .null)
        && !rule.areEqual(value, item.write.values[field] ?? .null)
    }
  }
}
