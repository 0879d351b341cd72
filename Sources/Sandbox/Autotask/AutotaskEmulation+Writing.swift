// Writing: what a record must be in order to be saved, what the API passes over, and what moves along with it.

import Foundation

extension AutotaskEmulation {
  /// Who writes: the API, which has rules of its own, or a person in the vendor's screens.
  enum Writer {
    case api
    case person
  }

  private static func count(_ counts: inout [String: Int], _ name: String) { counts[name, default: 0] += 1 }

  // MARK: - Creating

  /// Creates a record and returns its id.
  ///
  /// - Parameter company: the parent in the path of a child route.
  mutating func create(
    _ kind: AutotaskKind, _ body: JSON, company: Int? = nil, impersonating resource: Int? = nil,
    by writer: Writer = .api, at moment: Moment
  ) throws(AutotaskRefusal) -> Int {
    let entity = self[kind].entity
    var row = AutotaskRow(entity, id: self[kind].nextID)
    for (column, field) in entity.fields.enumerated() {
      guard column > 0, !field.isRequired else { continue }
      row.values[column] = AutotaskValue(field.picks.first(where: \.isDefault)?.value)
      if field.kind == .boolean { row.values[column] = .flag(field.name == "isActive") }
    }
    var body = body
    if let company, let column = entity.companyColumn {
      // The parent in the path decides.
      body = body.with(entity.fields[column].name, .int(company))
    }
    try apply(body, to: &row, kind, isNew: true, replacing: false)
    stamp(&row, kind, isNew: true, at: moment)
    if let column = entity.column("impersonatorCreatorResourceID") { row.values[column] = AutotaskValue(resource) }
    settlePrimary(&row, kind, former: nil)
    tables[kind.rawValue].add(row)
    if writer == .api { AutotaskEmulation.count(&counters.writes, "\(kind.name) created") }
    return row.id
  }

  // MARK: - Updating

  /// Changes a record.
  ///
  /// - Parameters:
  ///   - company: the parent in the path of a child route, which must be the record's own.
  ///   - replacing: what the body does not say becomes null.
  mutating func update(
    _ kind: AutotaskKind, _ id: Int, _ body: JSON, company: Int? = nil, replacing: Bool = false,
    by writer: Writer = .api, at moment: Moment
  ) throws(AutotaskRefusal) {
    let failure = "Error updating entity for record number [1]."
    // A copy of the table that outlived this line would make every write below copy all rows.
    guard let place = writablePlace(kind, id, company: company, by: writer) else {
      throw .invalid("No record of type \(kind.singular) was found for the id \(id).", failure)
    }
    let former = tables[kind.rawValue].rows[place]
    let activity = tables[kind.rawValue].entity.column("isActive")
    var row = former
    try apply(body, to: &row, kind, isNew: false, replacing: replacing)
    let changed = row.values.indices.filter { row.values[$0] != former.values[$0] }
    if writer == .api {
      if changed.isEmpty, row.userValues == former.userValues { counters.unchangedUpdates += 1 }
      AutotaskEmulation.count(&counters.writes, "\(kind.name) \(replacing ? "replaced" : "updated")")
    }
    row.version += 1
    settlePrimary(&row, kind, former: former)
    let isDeactivation = activity.map { changed == [$0] && !row.values[$0].isOn } ?? false
    if !isDeactivation || options.deactivationMovesLastModified { stamp(&row, kind, isNew: false, at: moment) }
    tables[kind.rawValue].replace(place, with: row)
    if kind == .companies, let activity, former.values[activity].isOn, !row.values[activity].isOn {
      deactivateContacts(of: id, at: moment)
    }
  }

  /// The place of a record that the writer sees and that belongs to the company in the path.
  private func writablePlace(_ kind: AutotaskKind, _ id: Int, company: Int?, by writer: Writer) -> Int? {
    let table = self[kind]
    guard let place = table.place(id), writer == .person || table.isShown(table.rows[place], hiddenCompanies),
      company.map({ table.value(table.rows[place], "companyID") == .int($0) }) ?? true
    else { return nil }
    return place
  }

  /// Whether the contacts of a company that is deactivated stay active is not documented.
  private mutating func deactivateContacts(of company: Int, at moment: Moment) {
    guard options.companyDeactivation == .deactivatesContacts, let column = self[.contacts].entity.column("isActive")
    else { return }
    for place in self[.contacts].places(ofCompany: company) where self[.contacts].rows[place].values[column].isOn {
      var row = self[.contacts].rows[place]
      row.values[column] = .int(0)
      stamp(&row, .contacts, isNew: false, at: moment)
      tables[AutotaskKind.contacts.rawValue].replace(place, with: row)
      counters.contactsDeactivatedWithCompany += 1
    }
  }

  /// Moves the stamps of an edit.
  func stamp(_ row: inout AutotaskRow, _ kind: AutotaskKind, isNew: Bool, at moment: Moment) {
    let entity = self[kind].entity
    let now = AutotaskValue.instant(AutotaskInstant.milliseconds(moment.now))
    if isNew, let column = entity.createdColumn { row.values[column] = now }
    if let column = entity.activityColumn { row.values[column] = now }
    if let column = entity.modifiedColumn, kind != .companies || options.trackedModified == .edits {
      row.values[column] = now
    }
  }

  /// One primary contact a company: setting the flag on one takes it from the other.
  private mutating func settlePrimary(_ row: inout AutotaskRow, _ kind: AutotaskKind, former: AutotaskRow?) {
    guard kind == .contacts, let column = self[kind].entity.column("primaryContact"), row.values[column].isOn,
      former?.values[column].isOn != true, let company = self[kind].value(row, "companyID").int
    else { return }
    for place in self[kind].places(ofCompany: company) {
      var other = self[kind].rows[place]
      guard other.id != row.id, other.values[column].isOn else { continue }
      other.values[column] = .flag(false)
      tables[kind.rawValue].replace(place, with: other)
      counters.primaryContactsMoved += 1
    }
  }

  // MARK: - Deleting

  /// Deletes a record; a missing one is a refusal with 500.
  mutating func delete(_ kind: AutotaskKind, _ id: Int, company: Int) throws(AutotaskRefusal) {
    let failure = "Error deleting entity for record number [1]."
    guard let place = writablePlace(kind, id, company: company, by: .api) else {
      throw .invalid("No record of type \(kind.singular) was found for the id \(id).", failure)
    }
    let row = tables[kind.rawValue].rows[place]
    if row.isInUse || self[kind].value(row, "primaryContact").isOn || installedAnAsset(id) {
      throw .invalid("The \(kind.singular) \(id) is associated with other records and cannot be deleted.", failure)
    }
    tables[kind.rawValue].remove(place)
    AutotaskEmulation.count(&counters.writes, "\(kind.name) deleted")
  }

  private func installedAnAsset(_ contact: Int) -> Bool {
    let items = self[.configurationItems]
    guard let column = items.entity.column("contactID") else { return false }
    return items.rows.contains { $0.values[column] == .int(contact) && items.isShown($0, []) }
  }

  // MARK: - What a body makes of a record

  private mutating func apply(
    _ body: JSON, to row: inout AutotaskRow, _ kind: AutotaskKind, isNew: Bool, replacing: Bool
  ) throws(AutotaskRefusal) {
    let entity = self[kind].entity
    var errors: [String] = []
    var sent: Set<Int> = []
    var unreadable: Set<Int> = []
    for member in body.members ?? [] {
      let name = member.name.lowercased()
      if name == "id" || name == "itemid" { continue }
      if name == "userdefinedfields" {
        errors += userErrors(member.value, &row, entity)
        continue
      }
      guard let column = entity.columns[name], !entity.fields[column].isReadOnly else {
        let known = entity.columns[name].map { entity.fields[$0].name }
        AutotaskEmulation.count(&counters.ignoredFields, "\(kind.name) \(known ?? member.name)")
        continue
      }
      do throws(AutotaskRefusal) {
        let value = try AutotaskValue(storing: member.value, in: entity.fields[column])
        sent.insert(column)
        if column == entity.companyColumn, !isNew {
          if value != row.values[column] { errors += companyChange(kind) }
        } else {
          row.values[column] = value
        }
      } catch {
        unreadable.insert(column)
        if case .errors(let texts) = error.content { errors += texts }
      }
    }
    if replacing {
      for (column, field) in entity.fields.enumerated() {
        guard !sent.contains(column), !unreadable.contains(column), !field.isReadOnly, column != entity.companyColumn
        else { continue }
        if row.values[column] != .null, !field.isRequired { counters.fieldsNulledByPut += 1 }
        row.values[column] = .null
      }
    }
    for (column, field) in entity.fields.enumerated() where isNew || replacing || sent.contains(column) {
      if field.isRequired, row.values[column].isBlank, !unreadable.contains(column) {
        errors.append("Required field \(field.name) is missing.")
      }
      if sent.contains(column), let problem = problem(with: row.values[column], of: field, row, kind) {
        errors.append(problem)
      }
    }
    guard errors.isEmpty else {
      throw AutotaskRefusal(
        500, .errors(errors + ["Error \(isNew ? "creating" : "updating") entity for record number [1]."]))
    }
  }

  /// A company in an update is ignored, for configuration items by the documents.
  private mutating func companyChange(_ kind: AutotaskKind) -> [String] {
    if kind == .contacts, options.contactCompanyChange == .refused {
      return ["The companyID of a Contact cannot be changed."]
    }
    counters.companyChangesIgnored += 1
    return []
  }

  /// Only the user-defined fields that are named change.
  private mutating func userErrors(_ json: JSON, _ row: inout AutotaskRow, _ entity: AutotaskEntity) -> [String] {
    var errors: [String] = []
    for element in json.elements ?? [] {
      guard let name = element.named("name")?.text, let column = entity.userColumn(name) else {
        let name = element.named("name")?.text ?? "a user-defined field"
        errors.append("Unable to find \(name) in the \(entity.singular) Entity.")
        continue
      }
      let value = element.named("value").flatMap { $0 == .null ? nil : $0.text ?? $0.encoded }
      if entity.userFields[column].isProtected, value == AutotaskRecordWriter.mask { counters.masksWritten += 1 }
      if let value, value.count > 255 {
        errors.append("String value exceeds maximum length (field:\(name)).")
      } else {
        row.userValues[column] = value
      }
    }
    return errors
  }

  /// Why a value cannot be saved; `nil` where it can.
  private func problem(
    with value: AutotaskValue, of field: AutotaskField, _ row: AutotaskRow, _ kind: AutotaskKind
  ) -> String? {
    if field.kind == .string, let text = value.text, text.unicodeScalars.count > field.length {
      return "String value exceeds maximum length (field:\(field.name))."
    }
    guard let number = value.int else { return nil }
    if kind == .contacts, field.name == "isActive", number != 0, number != 1 {
      return "\(field.name): Value \(number) does not exist or is invalid"
    }
    if !field.picks.isEmpty {
      let pick = field.picks.first { $0.value == number }
      guard let pick, pick.isActive || options.inactivePicks == .accepted else {
        return "\(field.name): Value \(number) does not exist or is invalid"
      }
    }
    guard let reference = field.reference else { return nil }
    return isReferable(number, reference, from: row, kind)
      ? nil : AutotaskRefusal.badReference(field.name, reference.singular)
  }

  /// Whether a record may be referred to: it exists, is not an inactive contact or resource, and belongs to the company.
  private func isReferable(
    _ id: Int, _ reference: AutotaskKind, from row: AutotaskRow, _ kind: AutotaskKind
  ) -> Bool {
    let table = self[reference]
    guard let found = table.row(id), table.isShown(found, hiddenCompanies) else { return false }
    if [.contacts, .resources].contains(reference), !table.value(found, "isActive").isOn { return false }
    guard reference != .companies, table.entity.companyColumn != nil else { return true }
    return table.value(found, "companyID") == self[kind].value(row, "companyID")
  }
}

extension JSON {
  /// The same object with one member set, whatever the case of its name.
  func with(_ name: String, _ value: JSON) -> JSON {
    .object((members ?? []).filter { $0.name.lowercased() != name.lowercased() } + [.init(name: name, value: value)])
  }
}
