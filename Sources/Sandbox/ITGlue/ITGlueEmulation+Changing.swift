// What a change does to a record: its stamps, what depends on it, and the log.

extension ITGlueEmulation {
  /// Who changes a record: the API is bound by what the built-in sync owns, a person in the browser is not.
  enum Author {
    case api
    case person
  }

  /// Creates a record from attributes in kebab-case and returns its place.
  mutating func create(
    _ attributes: [JSON.Member], _ kind: ITGlueKind, by author: Author = .api, at moment: Moment
  ) throws(ITGlueRefusal) -> Int {
    var blank = blankRecord(kind, at: moment.milliseconds)
    blank = try applied(attributes, to: blank, kind, by: author)
    try check(blank, kind, isNew: true)
    nextID += 1 + blank.id % 3
    let place = self[kind].add(blank)
    account(for: nil, blank, kind)
    note("create", place, kind, at: moment)
    return place
  }

  func blankRecord(_ kind: ITGlueKind, at milliseconds: Int) -> ITGlueRecord {
    let schema = ITGlueSchema.of(kind)
    var values = Array(repeating: JSON.null, count: schema.attributes.count)
    for name in ["primary", "archived", "restricted"] {
      if let place = schema.places[name] { values[place] = false }
    }
    for name in ["contact-emails", "contact-phones"] {
      if let place = schema.places[name] { values[place] = [] }
    }
    return ITGlueRecord(id: nextID, values: values, created: milliseconds, updated: milliseconds)
  }

  /// Changes a record; attributes that are left out stay as they are.
  mutating func update(
    _ place: Int, _ attributes: [JSON.Member], _ kind: ITGlueKind, by author: Author, at moment: Moment
  ) throws(ITGlueRefusal) {
    let former = self[kind].records[place]
    let schema = ITGlueSchema.of(kind)
    let named = attributes.map(\.name).filter { name in
      schema.places[name].map { schema.attributes[$0].form.isWritable } ?? false
    }
    if author == .api, isLocked(former), !Set(named).isSubset(of: kind.writableWhenSynced) {
      count("writes to synced records refused")
      throw .synced
    }
    var record = try applied(attributes, to: former, kind, by: author)
    settleReferences(&record, former, kind, named: Set(named))
    try check(record, kind, isNew: false)
    let isOnlyLists = !named.isEmpty && Set(named).isSubset(of: ["contact-emails", "contact-phones"])
    let isChanged = record.values != former.values
    if (isChanged || options.savingMovesUpdatedAt || author == .person)
      && (!isOnlyLists || options.listsMoveUpdatedAt || author == .person)
    {
      // Two changes never have one stamp, also while the clock stands still.
      record.updated = max(moment.milliseconds, former.updated + 1)
    }
    self[kind].replace(place, with: record)
    account(for: former, record, kind)
    note("update", place, kind, at: moment)
  }

  /// Moves a record's stamp, as saving it in the browser does.
  mutating func touch(_ place: Int, _ kind: ITGlueKind, at moment: Moment) {
    var record = self[kind].records[place]
    record.updated = max(moment.milliseconds, record.updated + 1)
    self[kind].replace(place, with: record)
    note("update", place, kind, at: moment)
  }

  /// Keeps count of what other records show or depend on.
  mutating func account(for former: ITGlueRecord?, _ record: ITGlueRecord?, _ kind: ITGlueKind) {
    let schema = ITGlueSchema.of(kind)
    func value(_ name: String, _ record: ITGlueRecord?) -> JSON? {
      schema.places[name].flatMap { place in record?.values[place] }
    }
    if former != nil || record == nil {
      let shown = ["name", "first-name", "last-name", "short-name", "parent-id"]
      if shown.contains(where: { value($0, former) != value($0, record) }) { namesMark += 1 }
    }
    if kind == .organizations {
      if let name = value("name", former)?.text { organizationNames[name, default: 1] -= 1 }
      if let name = value("name", record)?.text { organizationNames[name, default: 0] += 1 }
    }
    if kind == .configurations {
      if let type = value("configuration-type-id", former)?.whole { configurationsOfType[type, default: 1] -= 1 }
      if let type = value("configuration-type-id", record)?.whole { configurationsOfType[type, default: 0] += 1 }
    }
  }

  mutating func note(_ action: String, _ place: Int, _ kind: ITGlueKind, at moment: Moment) {
    let record = self[kind].records[place]
    let organization =
      kind == .organizations ? record.id : kind.isContents ? self[kind].value("organization-id", at: place).whole : nil
    if log.count >= 20_000 { log.removeFirst(5_000) }
    log.append(
      ITGlueLogEntry(
        id: nextLogID, created: moment.milliseconds, action: action, kind: kind, name: name(of: record.id, kind) ?? "",
        organization: organization))
    nextLogID += 1
  }

  // MARK: - Deleting

  /// Deletes a record; an organization only after a while, with all that belongs to it.
  mutating func remove(_ place: Int, _ kind: ITGlueKind, at moment: Moment) {
    note("destroy", place, kind, at: moment)
    guard kind == .organizations, options.deletionSeconds > 0 else {
      removeNow(place, kind)
      return
    }
    var record = self[kind].records[place]
    guard record.deletionDue == nil else { return }
    record.deletionDue = moment.milliseconds + options.deletionSeconds * 1000
    self[kind].replace(place, with: record)
    dueOrganizations.insert(record.id)
  }

  private mutating func removeNow(_ place: Int, _ kind: ITGlueKind) {
    let record = self[kind].records[place]
    if kind == .organizations {
      for configuration in self[.configurations].children(of: record.id) {
        account(for: self[.configurations].records[configuration], nil, .configurations)
      }
      for contents in ITGlueKind.allCases where contents.isContents {
        count("\(contents.rawValue) deleted with their organization", by: self[contents].removeChildren(of: record.id))
      }
      dueOrganizations.remove(record.id)
    } else if kind == .contacts || kind == .locations {
      forget(record.id, kind, of: self[kind].value("organization-id", at: place).whole ?? 0)
    }
    self[kind].remove(place)
    account(for: record, nil, kind)
  }

  /// Empties the references to a record that goes; that moves no stamp.
  private mutating func forget(_ id: Int, _ kind: ITGlueKind, of organization: Int) {
    let name = kind == .contacts ? "contact-id" : "location-id"
    for other in [ITGlueKind.configurations, .contacts] {
      guard let index = ITGlueSchema.of(other).places[name] else { continue }
      for place in self[other].children(of: organization) where self[other].records[place].values[index].whole == id {
        var record = self[other].records[place]
        record.values[index] = .null
        self[other].replace(place, with: record)
      }
    }
  }

  /// Carries out the deletions that were waiting.
  mutating func finishDeletions(at moment: Moment) {
    for id in dueOrganizations.sorted() {
      guard let place = self[.organizations].place(id),
        let due = self[.organizations].records[place].deletionDue, due <= moment.milliseconds
      else { continue }
      removeNow(place, .organizations)
    }
  }
}
