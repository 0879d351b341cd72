/// New contacts: made with their label and their marker in one request, and looked for by the marker when it failed.
import Model

extension GoogleWriting {
  private struct Item {
    var index: Int
    var body: JSONValue
    /// What the copy carries, and is known by in the answer.
    var mark: String?
  }

  func create(_ writes: [GoogleWrite]) async -> Outcomes {
    var outcomes: Outcomes = [:]
    var bodies: [(write: GoogleWrite, fields: [GooglePersonField: [JSONValue]])] = []
    for write in writes {
      do throws(GoogleUnusable) {
        bodies.append((write, try GoogleMapping.changes(write.write.values).filter { !$0.value.isEmpty }))
      } catch {
        outcomes[write.index] = Self.refused(.valueRefused, error.message, error.field)
      }
    }
    guard !bodies.isEmpty else { return outcomes }
    var label: GoogleLabel?
    do throws(ConnectorError) {
      switch try await labelForWriting() {
      case .label(let found): label = found
      case .refused(let rejection):
        return outcomes.merging(bodies.map { ($0.write.index, .rejected(rejection)) }) { $1 }
      case nil: break
      }
    } catch {
      return outcomes.merging(bodies.map { ($0.write.index, .notSent(error)) }) { $1 }
    }
    var isLabelNew = false
    var work = [bodies.map { item($0.write, $0.fields, label) }]
    while let batch = work.popLast() {
      let response: HTTPResponse
      do throws(ConnectorError) {
        response = try await send(batch)
        if response.isSuccess {
          outcomes.merge(try await settle(batch, response, label)) { $1 }
          continue
        }
      } catch {
        let outcome = Self.outcome(of: error)
        for item in batch { outcomes[item.index] = outcome }
        // What has not been sent at all stays so.
        var rest = error
        rest.delivery = .notSent
        for item in work.joined() { outcomes[item.index] = .notSent(rest) }
        return outcomes
      }
      let fault = GoogleFault(response)
      if fault.isFull, fault.contacts.isEmpty {
        for item in batch { outcomes[item.index] = Self.full(words(fault)) }
        continue
      }
      var open = batch
      for (key, contact) in fault.contacts {
        guard let place = Int(key), batch.indices.contains(place) else { continue }
        outcomes[batch[place].index] = outcome(of: contact)
      }
      open.removeAll { outcomes[$0.index] != nil }
      let namesNobody = open.count == batch.count
      // Nothing is known of the others after a failed batch (google.md §5.4).
      do throws(ConnectorError) {
        let arrived = try await arrived(label)
        for item in open {
          if let mark = item.mark, let record = arrived[mark] { outcomes[item.index] = .done(record) }
        }
        open.removeAll { outcomes[$0.index] != nil }
        if namesNobody, !isLabelNew, let group = scope.group, let gone = label,
          !(try await people.labels(place)).contains(where: { $0.resourceName == gone.resourceName })
        {
          // The user deleted the label since it was found.
          isLabelNew = true
          connector.remember(nil, for: group, in: place)
          guard case .label(let new)? = try await labelForWriting() else { throw gone.isGone }
          label = new
          let indices = Set(open.map(\.index))
          open = bodies.filter { indices.contains($0.write.index) }.map { item($0.write, $0.fields, label) }
          work.append(open)
          continue
        }
      } catch {
        for item in open { outcomes[item.index] = .unknown(error.message) }
        continue
      }
      guard namesNobody else {
        if !open.isEmpty { work.append(open) }
        continue
      }
      if open.count == 1 {
        outcomes[open[0].index] = Self.refused(.valueRefused, words(fault))
      } else if !open.isEmpty {
        // Which of them it is shows when there are fewer.
        work.append(Array(open[..<(open.count / 2)]))
        work.append(Array(open[(open.count / 2)...]))
      }
    }
    return outcomes
  }

  /// The label that new contacts get; `nil` where the scope names none.
  func labelForWriting() async throws(ConnectorError) -> GoogleConnector.Made? {
    guard let group = scope.group else { return nil }
    return try await beforeSending { () throws(ConnectorError) in
      try await connector.makeLabel(group, in: place, departure)
    }
  }

  private func item(
    _ write: GoogleWrite, _ fields: [GooglePersonField: [JSONValue]], _ label: GoogleLabel?
  ) -> Item {
    var body = Dictionary(fields.map { ($0.key.rawValue, JSONValue.list($0.value)) }) { first, _ in first }
    var groups = label.map { [$0.resourceName] } ?? []
    if label == nil || write.write.values.flag("among-own") == true { groups.append(GoogleLabel.own) }
    body[GooglePersonField.memberships.rawValue] = .list(groups.map(Self.membership))
    let mark = marker.flatMap { marker in
      write.write.values.text("origin").map { GoogleMarker.value(marker, origin: $0) }
    }
    if let mark {
      body[GooglePersonField.clientData.rawValue] = [["key": .text(GoogleMarker.key), "value": .text(mark)]]
    }
    return Item(index: write.index, body: ["contactPerson": .object(body)], mark: mark)
  }

  static func membership(_ label: String) -> JSONValue {
    ["contactGroupMembership": ["contactGroupResourceName": .text(label)]]
  }

  private func send(_ batch: [Item]) async throws(ConnectorError) -> HTTPResponse {
    try await people.send(
      place, .post, "people:batchCreateContacts",
      body: [
        "contacts": .list(batch.map(\.body)), "readMask": .text(GooglePersonField.mask),
        "sources": ["READ_SOURCE_TYPE_CONTACT"],
      ], purpose: "\(batch.count) new contacts", cost: .batchWrite, accepting: [400, 404, 409], isRepeatable: false,
      departure: departure)
  }

  /// What an answer says of each contact: found by its marker, since the order is not promised; by its place where it
  /// carries none.
  private func settle(
    _ batch: [Item], _ response: HTTPResponse, _ label: GoogleLabel?
  ) async throws(ConnectorError) -> Outcomes {
    let answer =
      try people.decode(GoogleCreated.self, response, "\(batch.count) new contacts").createdPeople ?? []
    var byMark: [String: GooglePersonResponse] = [:]
    for item in answer {
      for datum in item.person?.fields[.clientData] ?? [] where datum.text("key") == GoogleMarker.key {
        if let mark = datum.text("value") { byMark[mark] = item }
      }
    }
    var outcomes: Outcomes = [:]
    for (position, item) in batch.enumerated() {
      let place = answer.count == batch.count ? answer[position] : nil
      // An item that failed has no contact in it, and is known by its place only.
      let said = item.mark.flatMap { byMark[$0] } ?? (item.mark == nil || place?.fault != nil ? place : nil)
      if let fault = said?.fault {
        outcomes[item.index] = outcome(of: fault)
      } else if let person = said?.person {
        outcomes[item.index] = .done(record(person.resourceName, person, label))
      } else {
        outcomes[item.index] = .unknown("Google's answer does not speak of this contact")
      }
    }
    return outcomes
  }

  /// The copies of this sync that are there, by what they carry.
  private func arrived(_ label: GoogleLabel?) async throws(ConnectorError) -> [String: Record] {
    guard let marker else { return [:] }
    var found: [String: Record] = [:]
    try await people.connections(place) { people, _, _ in
      for person in people {
        let record = record(person.resourceName, person, label)
        if let origin = record.fields.text("origin") { found[GoogleMarker.value(marker, origin: origin)] = record }
      }
    }
    return found
  }
}

extension GoogleLabel {
  fileprivate var isGone: ConnectorError {
    ConnectorError(.notFound, "the label \(name ?? id) is gone and could not be made again")
  }
}
