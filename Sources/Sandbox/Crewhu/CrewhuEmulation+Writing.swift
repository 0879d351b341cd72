// The assumed API for writing: creating, changing and inviting employees, and new rows of the lists.

extension CrewhuEmulation {
  /// `POST v1/user`.
  mutating func newEmployee(_ request: EmulatedRequest, at moment: Moment) throws(CrewhuRefusal) -> EmulatedResponse {
    let body = try record(request)
    var employee = CrewhuEmployee(
      id: freshID(), profileID: profiles.first { $0.isDefault && !$0.isInactive }?.id ?? "", updated: moment.seconds)
    try fill(&employee, from: body, isNew: true)
    add(employee)
    counters.employeesCreated += 1
    return EmulatedResponse(201, json(employee))
  }

  /// `PUT v1/user/{_id}`, which changes the named fields only.
  mutating func changeEmployee(
    _ place: Int, _ request: EmulatedRequest, at moment: Moment
  ) throws(CrewhuRefusal) -> EmulatedResponse {
    var employee = employees[place]
    try fill(&employee, from: try record(request), isNew: false)
    if employee == employees[place] { counters.changesInVain += 1 }
    employee.updated = moment.seconds
    employees[place] = employee
    counters.employeesChanged += 1
    return EmulatedResponse(200, json(employee))
  }

  /// `POST v1/user/{_id}/invite`: the password e-mail goes out each time.
  mutating func invite(_ place: Int) throws(CrewhuRefusal) -> EmulatedResponse {
    guard !employees[place].isInactive else { throw .invalid("inactive", "an inactive employee cannot be invited") }
    guard let email = employees[place].email else { throw .invalid("email", "is needed for an invitation") }
    employees[place].invitations += 1
    counters.invited.append(email)
    return EmulatedResponse(200, json(employees[place]))
  }

  /// `POST v1/location`, `v1/department`, `v1/position`.
  mutating func newRow(_ request: EmulatedRequest, in list: CrewhuList) throws(CrewhuRefusal) -> EmulatedResponse {
    let body = try record(request)
    guard let name = body["name"]?.text, !name.isEmpty else { throw .invalid("name", "is required") }
    switch body["external_id"] {
    case nil, .null?, .string?, .int?: break
    default: throw .invalid("external_id", "must be a text")
    }
    let externalID = body["external_id"].flatMap { $0.text ?? $0.whole?.description }
    let rows = lists[list] ?? []
    guard !rows.contains(where: { $0.name == name }) else { throw .inUse("name") }
    guard externalID == nil || !rows.contains(where: { $0.externalID == externalID }) else {
      throw .inUse("external_id")
    }
    ignore(body, beside: ["name", "external_id"])
    let row = addRow(name, externalID: externalID, to: list)
    counters.listed[list.rawValue, default: 0] += 1
    return EmulatedResponse(201, row.json)
  }

  // MARK: - Reading bodies

  private func record(_ request: EmulatedRequest) throws(CrewhuRefusal) -> JSON {
    guard let body = try? request.json(), body.members != nil else {
      throw .badRequest("The body is no JSON object.")
    }
    return body
  }

  private static let fields: Set<String> = [
    "email", "employee_ids", "firstname", "lastname", "location", "department", "position", "hiredate", "profile",
    "inactive",
  ]

  private mutating func ignore(_ body: JSON, beside known: Set<String>) {
    for member in body.members ?? [] where !known.contains(member.name) {
      counters.ignoredKeys[member.name, default: 0] += 1
    }
  }

  /// Sets what a body names; nothing is kept of it when anything is wrong.
  private mutating func fill(_ employee: inout CrewhuEmployee, from body: JSON, isNew: Bool) throws(CrewhuRefusal) {
    var errors: [CrewhuRefusal.FieldError] = []
    for member in body.members ?? [] {
      if let message = set(member.name, to: member.value, of: &employee) {
        errors.append(.init(field: member.name, message: message))
      }
    }
    if isNew {
      for field in ["email", "firstname", "lastname"] where body[field] == nil {
        errors.append(.init(field: field, message: "is required"))
      }
      if body["profile"] == nil, employee.profileID.isEmpty {
        errors.append(.init(field: "profile", message: "is required"))
      }
    }
    guard errors.isEmpty else { throw .invalid(errors) }
    if let field = conflict(of: employee) { throw .inUse(field) }
    ignore(body, beside: CrewhuEmulation.fields)
  }

  /// Sets one field, or says what is wrong with the value.
  private func set(_ field: String, to value: JSON, of employee: inout CrewhuEmployee) -> String? {
    switch (field, value) {
    case ("email", .string(let text)) where text.contains("@"): employee.email = text
    case ("email", _): return "must be an address"
    case ("firstname", .string(let text)) where !text.isEmpty: employee.firstName = text
    case ("lastname", .string(let text)) where !text.isEmpty: employee.lastName = text
    case ("firstname", _), ("lastname", _): return "must not be empty"
    case ("employee_ids", .array(let values)):
      let ids = values.compactMap(\.text).filter { !$0.isEmpty }
      guard ids.count == values.count, Set(ids).count == ids.count else { return "must be different texts" }
      employee.employeeIDs = ids
    case ("employee_ids", _): return "must be a list"
    case ("location", .null): employee.location = nil
    case ("department", .null): employee.department = nil
    case ("position", .null): employee.position = nil
    case ("location", .string(let name)), ("department", .string(let name)), ("position", .string(let name)):
      guard let list = CrewhuList(rawValue: field), lists[list]?.contains(where: { $0.name == name }) == true else {
        return "does not exist"
      }
      employee[list] = name
    case ("location", _), ("department", _), ("position", _): return "must be a name"
    case ("hiredate", .null): employee.hiredAt = nil
    case ("hiredate", .string(let text)):
      guard let date = Instant.date(text) else { return "must be a date" }
      employee.hiredAt = Instant.seconds(date)
    case ("hiredate", _): return "must be a date"
    case ("profile", .string(let name)):
      guard let profile = profiles.first(where: { $0.name == name }) else { return "does not exist" }
      guard !profile.isInactive else { return "is inactive" }
      employee.profileID = profile.id
    case ("profile", _): return "must be a name"
    case ("inactive", .bool(let flag)): employee.isInactive = flag
    case ("inactive", _): return "must be true or false"
    default: break
    }
    return nil
  }

  /// "409 e-mail or id in use": the field in which another employee has the same.
  private func conflict(of employee: CrewhuEmployee) -> String? {
    let ids = Set(employee.employeeIDs)
    let former = places[employee.id].map { employees[$0] }
    // Who has shared an address or an id before may be saved with it again.
    if let email = employee.email, email != former?.email,
      employees.contains(where: { $0.id != employee.id && isSame($0.email, email) })
    {
      return "email"
    }
    let added = ids.subtracting(former?.employeeIDs ?? [])
    if !added.isEmpty, employees.contains(where: { $0.id != employee.id && !added.isDisjoint(with: $0.employeeIDs) }) {
      return "employee_ids"
    }
    return nil
  }

  private func isSame(_ left: String?, _ right: String) -> Bool {
    left == right || (options.addressesIgnoreCase && left?.lowercased() == right.lowercased())
  }

  // MARK: - Adding

  mutating func add(_ employee: CrewhuEmployee) {
    places[employee.id] = employees.count
    employees.append(employee)
  }

  /// Takes an employee out; the others keep their order.
  mutating func remove(_ place: Int) {
    places[employees.remove(at: place).id] = nil
    for later in place..<employees.count { places[employees[later].id] = later }
  }

  @discardableResult
  mutating func addRow(_ name: String, externalID: String? = nil, to list: CrewhuList) -> CrewhuListRow {
    let row = CrewhuListRow(id: freshID(), name: name, externalID: externalID)
    lists[list, default: []].append(row)
    return row
  }

  /// Ten hexadecimal digits, as on the vendor's page.
  mutating func freshID() -> String {
    let digits = Array("0123456789abcdef")
    return "5f" + String((0..<8).map { _ in random.pick(digits) })
  }
}

extension CrewhuEmployee {
  /// The name in one of the three lists.
  subscript(list: CrewhuList) -> String? {
    get {
      switch list {
      case .location: location
      case .department: department
      case .position: position
      }
    }
    set {
      switch list {
      case .location: location = newValue
      case .department: department = newValue
      case .position: position = newValue
      }
    }
  }
}
