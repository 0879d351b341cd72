// Records as text: attributes in kebab-case, the id as text outside and as numbers inside.

extension ITGlueEmulation {
  /// `2026-05-01T08:00:00.000Z` for milliseconds since 1970.
  static func instant(_ milliseconds: Int) -> String {
    let seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    let rest = (milliseconds - seconds * 1000).description
    return Instant.text(seconds).dropLast() + "." + String(repeating: "0", count: 3 - rest.count) + rest + "Z"
  }

  /// How many characters of quick notes a listing shows.
  static let shownQuickNotes = 250

  /// Appends a record as a listing shows it.
  mutating func write(_ place: Int, _ kind: ITGlueKind, adapters: Bool, into out: inout String) {
    if let known = self[kind].text(at: place, mark: namesMark) {
      out += known
    } else {
      var text = ""
      writeAttributes(place, kind, isCut: true, into: &text)
      // The count that a type shows changes with every configuration.
      if kind != .configurationTypes { self[kind].keep(text, at: place, mark: namesMark) }
      out += text
    }
    writeRelationships(place, kind, adapters: adapters, into: &out)
  }

  /// Appends a record as it is shown by itself.
  func write(whole place: Int, _ kind: ITGlueKind, adapters: Bool, into out: inout String) {
    writeAttributes(place, kind, isCut: false, into: &out)
    writeRelationships(place, kind, adapters: adapters, into: &out)
  }

  /// The record as a value, as control and answers to writes need it.
  func json(_ place: Int, _ kind: ITGlueKind) -> JSON {
    var text = ""
    write(whole: place, kind, adapters: false, into: &text)
    return (try? JSON(reading: text)) ?? .null
  }

  private func writeAttributes(_ place: Int, _ kind: ITGlueKind, isCut: Bool, into out: inout String) {
    let record = self[kind].records[place]
    let schema = ITGlueSchema.of(kind)
    out += #"{"id":""# + record.id.description + #"","type":""# + kind.rawValue + #"","attributes":{"#
    var isFirst = true
    for (index, attribute) in schema.attributes.enumerated() where !attribute.isHidden {
      if !isFirst { out += "," }
      isFirst = false
      out += attribute.key
      let value = attribute.form.isWritable ? record.values[index] : value(of: index, record, kind)
      if isCut, attribute.name == "quick-notes", let text = value.text, text.count > Self.shownQuickNotes {
        JSON.string(String(text.prefix(Self.shownQuickNotes))).write(into: &out)
      } else {
        value.write(into: &out)
      }
    }
    out += "}"
  }

  private func writeRelationships(_ place: Int, _ kind: ITGlueKind, adapters: Bool, into out: inout String) {
    let record = self[kind].records[place]
    if adapters, isLink(record) {
      out += #","relationships":{"adapters-resources":{"data":[{"id":""# + adapterID(record, kind)
      out += #"","type":"adapters-resources"}]}}}"#
    } else if adapters {
      out += #","relationships":{"adapters-resources":{"data":[]}}}"#
    } else {
      out += #","relationships":{}}"#
    }
  }

  /// Whether the record's link to the PSA can be seen.
  func isLink(_ record: ITGlueRecord) -> Bool {
    options.builtInSync != .off && record.isOwnedBySync && record.remoteID != nil
  }

  /// Whether the built-in sync owns the record, so that the API refuses most changes.
  func isLocked(_ record: ITGlueRecord) -> Bool { options.builtInSync == .on && record.isOwnedBySync }

  private func adapterID(_ record: ITGlueRecord, _ kind: ITGlueKind) -> String {
    "\((record.remoteID.flatMap { Int($0) } ?? 0) * 10 + kind.place)"
  }

  func included(_ places: [Int], _ kind: ITGlueKind, adapters: Bool) -> JSON {
    guard adapters else { return [] }
    return .array(
      places.compactMap { place -> JSON? in
        let record = self[kind].records[place]
        guard isLink(record), let remote = record.remoteID else { return nil }
        return [
          "id": .string(adapterID(record, kind)), "type": "adapters-resources",
          "attributes": ["remote-id": .string(remote)],
        ]
      })
  }

  // MARK: - Values

  func name(of id: Int?, _ kind: ITGlueKind) -> String? {
    guard let id, let place = self[kind].place(id) else { return nil }
    return kind == .contacts ? contactName(self[kind].records[place]) : self[kind].value("name", at: place).text
  }

  private func contactName(_ record: ITGlueRecord) -> String? {
    let schema = ITGlueSchema.of(.contacts)
    let parts = ["first-name", "last-name"].compactMap { name in
      schema.places[name].flatMap { record.values[$0].text }
    }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  /// The value of any attribute, also of those that the server fills.
  func value(of index: Int, _ record: ITGlueRecord, _ kind: ITGlueKind) -> JSON {
    let attribute = ITGlueSchema.of(kind).attributes[index]
    func stored(_ name: String) -> JSON { ITGlueSchema.of(kind).places[name].map { record.values[$0] } ?? .null }
    switch attribute.form {
    case .nameOf(let other, let list): return name(of: stored(other).whole, list).map { .string($0) } ?? .null
    case .derived: break
    default: return record.values[index]
    }
    switch attribute.name {
    case "created-at": return .string(ITGlueEmulation.instant(record.created))
    case "updated-at": return .string(ITGlueEmulation.instant(record.updated))
    case "primary": return .bool(record.values[index].flag ?? false)
    case "my-glue": return false
    case "name": return contactName(record).map { .string($0) } ?? .null
    case "ancestor-ids": return ancestors(of: stored("parent-id"))
    case "configurations-count": return .int(configurationsOfType[record.id] ?? 0)
    case "configuration-type-kind":
      return name(of: stored("configuration-type-id").whole, .configurationTypes)
        .map { .string($0.lowercased().replacing(" ", with: "-")) } ?? .null
    case "organization-short-name":
      return stored("organization-id").whole.flatMap { self[.organizations].place($0) }
        .map { self[.organizations].value("short-name", at: $0) } ?? .null
    case "resource-url":
      let organization = stored("organization-id").whole ?? 0
      return .string("https://kestrel.itglue.example/\(organization)/configurations/\(record.id)")
    case "psa-integration":
      return isLink(record) ? (options.builtInSync == .on ? "enabled" : "disabled") : .null
    case "formatted-phone": return stored("phone").text.map { .string(ITGlueEmulation.formatted($0)) } ?? .null
    case "formatted-fax": return stored("fax").text.map { .string(ITGlueEmulation.formatted($0)) } ?? .null
    default: return .null
    }
  }

  /// Text such as `[1,6]`, from the topmost organization down.
  private func ancestors(of parent: JSON) -> JSON {
    var ids: [Int] = []
    var next = parent.text.flatMap { Int($0) }
    while let id = next, ids.count < 20, !ids.contains(id) {
      ids.insert(id, at: 0)
      next = self[.organizations].place(id)
        .flatMap { self[.organizations].value("parent-id", at: $0).text }.flatMap { Int($0) }
    }
    return ids.isEmpty ? .null : .string("[" + ids.map(\.description).joined(separator: ",") + "]")
  }

  /// A number as the browser shows it.
  static func formatted(_ digits: String) -> String {
    guard digits.count > 6 else { return digits }
    let tail = digits.suffix(7)
    return digits.dropLast(7) + " " + tail.prefix(3) + " " + tail.suffix(4)
  }
}
