// What a record must be in order to be saved, and which references a change empties.

extension ITGlueEmulation {

  /// References that a change makes impossible are emptied, unless it names them itself.
  func settleReferences(
    _ record: inout ITGlueRecord, _ former: ITGlueRecord, _ kind: ITGlueKind, named: Set<String>
  ) {
    let places = ITGlueSchema.of(kind).places
    func isChanged(_ name: String) -> Bool {
      places[name].map { record.values[$0] != former.values[$0] } ?? false
    }
    func clear(_ name: String) {
      if let place = places[name], !named.contains(name) { record.values[place] = .null }
    }
    if kind.isContents, isChanged("organization-id") {
      clear("contact-id")
      clear("location-id")
    }
    if kind == .configurations, isChanged("manufacturer-id") { clear("model-id") }
  }

  /// What a record must be in order to be saved.
  func check(_ record: ITGlueRecord, _ kind: ITGlueKind, isNew: Bool) throws(ITGlueRefusal) {
    let places = ITGlueSchema.of(kind).places
    func value(_ name: String) -> JSON { places[name].map { record.values[$0] } ?? .null }
    if let parent = kind.parentAttribute, value(parent) == .null { throw .required(parent) }
    if kind == .configurations, isNew, value("configuration-type-id") == .null {
      throw .invalid("configuration-type", "must exist")
    }
    if kind != .contacts, (value("name").text ?? "").allSatisfy(\.isWhitespace) {
      throw .invalid("name", "can't be blank")
    }
    try checkUniqueness(record, kind, name: value("name").text ?? "")
    let organization = value("organization-id").whole
    for (name, list) in [("contact-id", ITGlueKind.contacts), ("location-id", .locations)] {
      guard let id = value(name).whole, let place = self[list].place(id) else { continue }
      guard self[list].value("organization-id", at: place).whole == organization else {
        throw .invalid(String(name.dropLast(3)), "must exist")
      }
    }
    if let model = value("model-id").whole.flatMap({ self[.models].place($0) }),
      let manufacturer = value("manufacturer-id").whole,
      self[.models].value("manufacturer-id", at: model).whole != manufacturer
    {
      throw .invalid("model", "must belong to the manufacturer")
    }
    if kind == .organizations, value("parent-id").text == record.id.description {
      throw .invalid("parent", "must not be the organization itself")
    }
  }

  private func checkUniqueness(_ record: ITGlueRecord, _ kind: ITGlueKind, name: String) throws(ITGlueRefusal) {
    if kind == .organizations, options.organizationNamesAreUnique {
      let own = self[kind].record(record.id).flatMap { former in
        ITGlueSchema.of(kind).places["name"].flatMap { former.values[$0].text }
      }
      if name != own, organizationNames[name, default: 0] > 0 { throw .invalid("name", "has already been taken") }
    }
    guard kind.isList, options.listNamesAreUnique else { return }
    let parent = kind == .models ? ITGlueSchema.of(kind).places["manufacturer-id"].map { record.values[$0] } : nil
    let isTaken = self[kind].byID.contains { place in
      self[kind].records[place].id != record.id && self[kind].value("name", at: place).text == name
        && (parent == nil || self[kind].value("manufacturer-id", at: place) == parent)
    }
    if isTaken { throw .invalid("name", "has already been taken") }
  }
}
