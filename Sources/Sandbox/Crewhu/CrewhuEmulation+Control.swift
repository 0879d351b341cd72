// What control does to Crewhu: an administrator in the web UI, and the account's ways.

extension CrewhuEmulation {
  var controlRoutes: [ControlRoute] {
    [
      ControlRoute("GET", "/control/crewhu/employees", "All employees with everything that is kept of them."),
      ControlRoute(
        "POST", "/control/crewhu/employees",
        "Adds an employee by hand: email, employee_ids, firstname, lastname, location, department, position (made where "
          + "there is none of that name), hiredate, profile, inactive, managed_departments, managed_locations.",
        example:
          #"{"firstname":"Nora","lastname":"Lind","email":"nora@kestrel.example","employee_ids":["NLIND"]}"#),
      ControlRoute("GET", "/control/crewhu/employees/{employee}", "One employee, by id, address or employee id."),
      ControlRoute(
        "PATCH", "/control/crewhu/employees/{employee}", "Edits an employee, with the same keys; null clears.",
        example: #"{"position":"Tier 3","email":null}"#),
      ControlRoute("DELETE", "/control/crewhu/employees/{employee}", "Deletes an employee for good."),
      ControlRoute("POST", "/control/crewhu/employees/{employee}/deactivate", "Makes an employee inactive."),
      ControlRoute("POST", "/control/crewhu/employees/{employee}/activate", "Makes an employee active."),
      ControlRoute(
        "POST", "/control/crewhu/employees/{employee}/ids",
        "Writes every employee id otherwise: case (letters turned over), blank (one behind), punctuation (. and - "
          + "exchanged, or a - put in).",
        example: #"{"change":"case"}"#),
      ControlRoute("GET", "/control/crewhu/profiles", "All profiles."),
      ControlRoute(
        "POST", "/control/crewhu/profiles", "Adds a profile; scope is company, managed or own.",
        example: #"{"name":"Team Lead","scope":"managed"}"#),
      ControlRoute(
        "PATCH", "/control/crewhu/profiles/{profile}", "Changes name, scope, inactive or default of a profile.",
        example: #"{"inactive":true}"#),
      ControlRoute("GET", "/control/crewhu/{list}", "The rows of location, department or position."),
      ControlRoute(
        "POST", "/control/crewhu/{list}", "Adds a row to location, department or position.",
        example: #"{"name":"Porto","external_id":"3"}"#),
      ControlRoute(
        "GET", "/control/crewhu/template", "The CSV template of the account, and what each of its columns holds."),
      ControlRoute(
        "POST", "/control/crewhu/template",
        "Gives columns other headers, by what they hold; null takes an optional column away.",
        example: #"{"employee-id":"Staff No.","birthday":null}"#),
      ControlRoute(
        "POST", "/control/crewhu/upload",
        "A person uploads a CSV file: headers exactly as in the template, in any order. profile is needed; location, team "
          + "and position are defaults for new people; invite mails everybody in the file. Answers line by line.",
        example:
          #"{"csv":"First Name,Last Name,E-mail Address\r\nNora,Lind,nora@kestrel.example\r\n","profile":"Employee"}"#),
      ControlRoute(
        "POST", "/control/crewhu/import", "Adds so many employees at once.", example: #"{"count":30}"#),
      ControlRoute(
        "POST", "/control/crewhu/credentials", "Makes the token wrong or right.", example: #"{"valid":false}"#),
      ControlRoute(
        "POST", "/control/crewhu/rights",
        "What the token allows: \(CrewhuEmulation.resources.joined(separator: ", ")).",
        example: #"{"user":{"read":true,"write":false}}"#),
      ControlRoute(
        "POST", "/control/crewhu/options", CrewhuOptions.summary, example: #"{"envelope":"object","write-api":false}"#),
    ]
  }

  mutating func control(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    switch request.line {
    case "GET employees": return .array(employees.map { controlJSON($0) })
    case "POST employees": return try createEmployee(request.body, at: moment)
    case "GET profiles": return .array(profiles.map(\.controlJSON))
    case "POST profiles": return try createProfile(request.body)
    case "GET template": return template.json
    case "POST template":
      try template.change(request.body)
      return template.json
    case "POST upload": return try upload(request.body, at: moment)
    case "POST import": return try importEmployees(request.body, at: moment)
    case "POST credentials":
      tokenIsValid = request.body["valid"]?.flag ?? tokenIsValid
      return ["valid": .bool(tokenIsValid)]
    case "POST rights":
      try rights.change(request.body)
      return rights.json
    case "POST options":
      try options.change(request.body)
      return options.json
    default: break
    }
    if request.path.count == 1, let list = CrewhuList(rawValue: request.path[0]) {
      if request.method == "GET" { return .array((lists[list] ?? []).map(\.json)) }
      if request.method == "POST" { return try createRow(request.body, in: list) }
    }
    if request.method == "PATCH", request.path.count == 2, request.path[0] == "profiles" {
      return try changeProfile(request.path[1], request.body)
    }
    guard request.path.first == "employees", request.path.count > 1 else { return nil }
    let place = try employeePlace(request.path[1])
    switch (request.method, request.path.dropFirst(2).first) {
    case ("GET", nil): return controlJSON(employees[place])
    case ("PATCH", nil): return try change(place, request.body, at: moment)
    case ("POST", "deactivate"): return try change(place, ["inactive": true], at: moment)
    case ("POST", "activate"): return try change(place, ["inactive": false], at: moment)
    case ("POST", "ids"): return try changeIDs(place, request.body, at: moment)
    case ("DELETE", nil):
      let id = employees[place].id
      remove(place)
      return ["deleted": .string(id)]
    default: return nil
    }
  }

  // MARK: - Employees

  private func employeePlace(_ name: String) throws(ControlProblem) -> Int {
    if let place = places[name] { return place }
    let found = employees.indices.filter {
      employees[$0].email == name || employees[$0].employeeIDs.contains(name)
    }
    guard let place = found.first, found.count == 1 else {
      throw ControlProblem(
        404,
        found.isEmpty ? "There is no employee \"\(name)\"." : "\"\(name)\" fits \(found.count) employees.",
        fix: "GET /control/crewhu/employees lists them with their ids.")
    }
    return place
  }

  private mutating func createEmployee(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard body["firstname"] != nil, body["lastname"] != nil else {
      throw ControlProblem(
        400, "An employee needs a first and a last name.", fix: #"Send {"firstname":"Nora","lastname":"Lind"}."#)
    }
    var employee = CrewhuEmployee(
      id: freshID(), profileID: profiles.first(where: \.isDefault)?.id ?? "", updated: moment.seconds)
    try fill(&employee, from: body)
    add(employee)
    return controlJSON(employee)
  }

  private mutating func change(_ place: Int, _ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    var employee = employees[place]
    try fill(&employee, from: body)
    employee.updated = moment.seconds
    employees[place] = employee
    return controlJSON(employee)
  }

  /// What a person types in; two people may share an address or an id, as they do in real accounts.
  private mutating func fill(_ employee: inout CrewhuEmployee, from body: JSON) throws(ControlProblem) {
    for member in body.members ?? [] {
      let texts = member.value.elements.map { $0.compactMap(\.text) } ?? member.value.text.map { [$0] }
      switch (member.name, member.value) {
      case ("email", .null): employee.email = nil
      case ("email", .string(let text)): employee.email = text
      case ("firstname", .string(let text)): employee.firstName = text
      case ("lastname", .string(let text)): employee.lastName = text
      case ("employee_ids", let value) where value == .null || texts != nil: employee.employeeIDs = texts ?? []
      case ("managed_departments", let value) where value == .null || texts != nil:
        employee.managedDepartments = texts ?? []
      case ("managed_locations", let value) where value == .null || texts != nil:
        employee.managedLocations = texts ?? []
      case ("location", let value), ("department", let value), ("position", let value):
        guard let list = CrewhuList(rawValue: member.name) else { continue }
        if let name = value.text, !name.isEmpty, lists[list]?.contains(where: { $0.name == name }) != true {
          addRow(name, to: list)
        }
        employee[list] = value.text.flatMap { $0.isEmpty ? nil : $0 }
      case ("hiredate", .null): employee.hiredAt = nil
      case ("hiredate", .string(let text)):
        guard let date = Instant.date(text) else {
          throw ControlProblem(400, "\"\(text)\" is no date.", fix: "Write it as 2021-03-01.")
        }
        employee.hiredAt = Instant.seconds(date)
      case ("profile", .string(let name)):
        employee.profileID = profiles[try profilePlace(name)].id
      case ("inactive", .bool(let flag)): employee.isInactive = flag
      default:
        throw ControlProblem(
          400, "\"\(member.name)\" of an employee cannot be \(member.value.encoded).",
          fix: "Known: email, employee_ids, firstname, lastname, location, department, position, hiredate, profile, "
            + "inactive, managed_departments, managed_locations.")
      }
    }
  }

  private mutating func changeIDs(_ place: Int, _ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    let otherwise: (String) -> String
    switch body["change"]?.text {
    case "case": otherwise = { String($0.map { Character($0.isLowercase ? $0.uppercased() : $0.lowercased()) }) }
    case "blank": otherwise = { $0 + " " }
    case "punctuation":
      otherwise = { id in
        let exchanged = String(id.map { $0 == "." ? "-" : $0 == "-" ? "." : $0 })
        return exchanged == id ? id.prefix(1) + "-" + id.dropFirst() : exchanged
      }
    default:
      throw ControlProblem(
        400, "The change is not known.",
        fix: #"Send {"change":"case"}, {"change":"blank"} or {"change":"punctuation"}."#)
    }
    let ids = employees[place].employeeIDs.map { JSON.string(otherwise($0)) }
    return try change(place, ["employee_ids": .array(ids)], at: moment)
  }

  private mutating func importEmployees(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard let count = body["count"]?.whole, (1...50_000).contains(count) else {
      throw ControlProblem(400, "An import needs a count of up to 50000.", fix: #"Send {"count":30}."#)
    }
    let profileID = profiles.first(where: \.isDefault)?.id ?? ""
    for _ in 0..<count {
      let number = employees.count + 1
      let id = freshID()
      add(
        CrewhuEmployee(
          id: id, employeeIDs: ["IMPORTED\(id)"], email: "imported.\(id)@kestrel.example", firstName: "Imported",
          lastName: "Employee \(number)", profileID: profileID, updated: moment.seconds))
    }
    return ["imported": .int(count)]
  }

  // MARK: - Profiles and lists

  private func profilePlace(_ name: String) throws(ControlProblem) -> Int {
    guard let place = profiles.firstIndex(where: { $0.name == name || $0.id == name }) else {
      throw ControlProblem(
        404, "There is no profile \"\(name)\".", fix: "Known: \(profiles.map(\.name).joined(separator: ", ")).")
    }
    return place
  }

  private mutating func createProfile(_ body: JSON) throws(ControlProblem) -> JSON {
    guard let name = body["name"]?.text, !name.isEmpty, !profiles.contains(where: { $0.name == name }) else {
      throw ControlProblem(
        400, "A profile needs a name of its own.", fix: #"Send {"name":"Team Lead","scope":"managed"}."#)
    }
    profiles.append(CrewhuProfile(id: freshID(), name: name, scope: .own))
    return try changeProfile(name, .object((body.members ?? []).filter { $0.name != "name" }))
  }

  private mutating func changeProfile(_ name: String, _ body: JSON) throws(ControlProblem) -> JSON {
    let place = try profilePlace(name)
    for member in body.members ?? [] {
      switch (member.name, member.value) {
      case ("name", .string(let text)) where !text.isEmpty: profiles[place].name = text
      case ("scope", .string(let text)) where CrewhuProfile.Scope(rawValue: text) != nil:
        profiles[place].scope = CrewhuProfile.Scope(rawValue: text) ?? .own
      case ("inactive", .bool(let flag)): profiles[place].isInactive = flag
      case ("default", .bool(let flag)):
        if flag { for other in profiles.indices { profiles[other].isDefault = false } }
        profiles[place].isDefault = flag
      default:
        throw ControlProblem(
          400, "\"\(member.name)\" of a profile cannot be \(member.value.encoded).",
          fix:
            "Known: name, scope (\(CrewhuProfile.Scope.allCases.map(\.rawValue).joined(separator: ", "))), inactive, "
            + "default.")
      }
    }
    return profiles[place].controlJSON
  }

  private mutating func createRow(_ body: JSON, in list: CrewhuList) throws(ControlProblem) -> JSON {
    guard let name = body["name"]?.text, !name.isEmpty, lists[list]?.contains(where: { $0.name == name }) != true else {
      throw ControlProblem(400, "A row needs a name of its own.", fix: #"Send {"name":"Porto"}."#)
    }
    return addRow(name, externalID: body["external_id"]?.text, to: list).json
  }

  // MARK: - The account

  // MARK: - Showing

  /// Everything that is kept of an employee, whatever the API would show.
  private func controlJSON(_ employee: CrewhuEmployee) -> JSON {
    var members = (json(employee).members ?? []).filter { !["employee_id", "email", "profile"].contains($0.name) }
    members += [
      .init(name: "id", value: .string(employee.id)),
      .init(name: "employee_ids", value: .array(employee.employeeIDs.map { .string($0) })),
      .init(name: "email", value: employee.email.map { .string($0) } ?? .null),
      .init(name: "profile", value: profile(of: employee).map { .string($0.name) } ?? .null),
      .init(name: "invitations", value: .int(employee.invitations)),
      .init(name: "story", value: employee.story.map { .string($0) } ?? .null),
      .init(name: "updated", value: .string(Instant.text(employee.updated))),
    ]
    return .object(members)
  }

  func state(scope: String?) throws(ControlProblem) -> JSON {
    [
      "employees": .array(employees.map { controlJSON($0) }), "profiles": .array(profiles.map(\.controlJSON)),
      "lists": .object(
        CrewhuList.allCases.map { list in
          .init(name: list.rawValue, value: .array((lists[list] ?? []).map(\.json)))
        }),
      "counters": counters.json, "options": options.json, "rights": rights.json,
      "template": .array(template.headers.map { .string($0) }),
    ]
  }
}
