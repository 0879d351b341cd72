// The upload of a CSV file, as a person makes it in the web UI: the only bulk way of writing that is documented.
//
// Documented (the vendor's page, "CSV upload"): headers must match the template exactly, in any order; some columns are
// required; defaults are picked for location, team, position and profile, the profile always; values in the file win;
// unknown locations, teams and positions are created; a box sends invitations to everybody in the list.
//
// Not documented, and chosen here: a header that the template does not have refuses the whole file; a line that names
// somebody by an employee id or by the address (both exactly) changes that employee, and one that names two people, or two
// by one word, is refused; an empty cell leaves a known employee's value alone, and the defaults are for new people only;
// ids in the file replace those there were; the inactive are not invited.

extension CrewhuEmulation {
  /// What was picked on the page of the upload.
  private struct Choices {
    var defaults: [CrewhuList: String] = [:]
    var profile: CrewhuProfile
    var invites: Bool
  }

  /// What became of one line.
  private struct Outcome {
    var line: Int
    var word: String
    var employee: String?
    var message: String?

    var json: JSON {
      [
        "line": .int(line), "outcome": .string(word), "id": employee.map { .string($0) } ?? .null,
        "message": message.map { .string($0) } ?? .null,
      ]
    }
  }

  mutating func upload(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard let text = body["csv"]?.text else {
      throw ControlProblem(
        400, "There is no file.", fix: #"Send {"csv":"First Name,…\r\nNora,…\r\n","profile":"Employee"}."#)
    }
    guard var lines = CSVLine.lines(of: text), !lines.isEmpty else {
      throw ControlProblem(
        422, "The file is no CSV: it is empty, or a quote is not closed.", fix: "Begin with the template.")
    }
    let choices = try choices(body)
    let columns = try columns(of: lines.removeFirst().cells)
    var outcomes: [Outcome] = []
    counters.uploads += 1
    for line in lines {
      let outcome = carryOut(line, columns, choices, at: moment)
      counters.linesUploaded += 1
      if outcome.word == "refused" { counters.linesRefused += 1 }
      outcomes.append(outcome)
    }
    if choices.invites { inviteAll(outcomes) }
    func count(_ word: String) -> JSON { .int(outcomes.count { $0.word == word }) }
    return [
      "created": count("created"), "changed": count("changed"), "unchanged": count("unchanged"),
      "refused": count("refused"), "lines": .array(outcomes.map(\.json)),
    ]
  }

  private func choices(_ body: JSON) throws(ControlProblem) -> Choices {
    guard let name = body["profile"]?.text, let profile = profiles.first(where: { $0.name == name }),
      !profile.isInactive
    else {
      throw ControlProblem(
        422, "No active profile was picked, which every upload needs.",
        fix: "Active: \(profiles.filter { !$0.isInactive }.map(\.name).joined(separator: ", ")).")
    }
    var choices = Choices(profile: profile, invites: body["invite"]?.flag ?? false)
    for (word, list) in [("location", CrewhuList.location), ("team", .department), ("position", .position)] {
      guard let name = body[word]?.text else { continue }
      guard lists[list]?.contains(where: { $0.name == name }) == true else {
        throw ControlProblem(
          422, "There is no \(word) \"\(name)\" to pick.",
          fix: "Known: \((lists[list] ?? []).map(\.name).joined(separator: ", ")); leave it out for none.")
      }
      choices.defaults[list] = name
    }
    return choices
  }

  /// "Header names must match the template exactly; column order is free".
  private func columns(of headers: [String]) throws(ControlProblem) -> [CrewhuColumn] {
    let fix = "The template has: \(template.headers.joined(separator: ", "))."
    var columns: [CrewhuColumn] = []
    for header in headers {
      guard let column = template.column(header) else {
        throw ControlProblem(422, "The template has no column \"\(header)\".", fix: fix)
      }
      guard !columns.contains(column) else {
        throw ControlProblem(422, "The column \"\(header)\" is there twice.", fix: fix)
      }
      columns.append(column)
    }
    for column in CrewhuColumn.allCases where column.isRequired && !columns.contains(column) {
      throw ControlProblem(422, "The column \"\(template.header(column) ?? "")\" is missing.", fix: fix)
    }
    return columns
  }

  // MARK: - Lines

  private mutating func carryOut(
    _ line: CSVLine, _ columns: [CrewhuColumn], _ choices: Choices, at moment: Moment
  ) -> Outcome {
    func refused(_ message: String) -> Outcome { Outcome(line: line.number, word: "refused", message: message) }
    guard line.cells.count == columns.count else {
      return refused("The line has \(line.cells.count) cells, and the header \(columns.count).")
    }
    var cells: [CrewhuColumn: String] = [:]
    for (column, cell) in zip(columns, line.cells) where !cell.isEmpty { cells[column] = cell }
    for column in CrewhuColumn.allCases where column.isRequired && cells[column] == nil {
      return refused("\(template.header(column) ?? "") is empty.")
    }
    let found = known(cells)
    guard found.count < 2 else { return refused("The line fits \(found.count) employees.") }
    var employee =
      found.first.map { employees[$0] }
      ?? CrewhuEmployee(id: "", profileID: choices.profile.id, updated: moment.seconds)
    if found.isEmpty { for (list, name) in choices.defaults { employee[list] = name } }
    if let message = set(cells, of: &employee) { return refused(message) }
    createMissingRows(cells)
    guard let place = found.first else {
      employee.id = freshID()
      add(employee)
      return Outcome(line: line.number, word: "created", employee: employee.id)
    }
    guard employee != employees[place] else {
      return Outcome(line: line.number, word: "unchanged", employee: employee.id)
    }
    employee.updated = moment.seconds
    employees[place] = employee
    return Outcome(line: line.number, word: "changed", employee: employee.id)
  }

  /// The places of the employees whom a line names, by an id or by the address.
  private func known(_ cells: [CrewhuColumn: String]) -> [Int] {
    let ids = Set(Self.list(cells[.employeeID] ?? ""))
    return employees.indices.filter { place in
      employees[place].email == cells[.email] || !ids.isDisjoint(with: employees[place].employeeIDs)
    }
  }

  /// Sets what the cells say, or says what is wrong with one.
  private func set(_ cells: [CrewhuColumn: String], of employee: inout CrewhuEmployee) -> String? {
    for (column, cell) in cells.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      switch column {
      case .firstName: employee.firstName = cell
      case .lastName: employee.lastName = cell
      case .email:
        guard cell.contains("@") else { return "\"\(cell)\" is no e-mail address." }
        employee.email = cell
      case .employeeID: employee.employeeIDs = Self.list(cell)
      case .location: employee.location = cell
      case .team: employee.department = cell
      case .position: employee.position = cell
      case .profile:
        guard let profile = profiles.first(where: { $0.name == cell && !$0.isInactive }) else {
          return "There is no active profile \"\(cell)\"."
        }
        employee.profileID = profile.id
      case .hireDate:
        guard cell.count == 10, let date = Instant.date(cell) else { return "\"\(cell)\" is no date." }
        employee.hiredAt = Instant.seconds(date)
      case .status:
        guard ["Active", "Inactive"].contains(cell) else { return "\"\(cell)\" is neither Active nor Inactive." }
        employee.isInactive = cell == "Inactive"
      case .managedLocations: employee.managedLocations = Self.list(cell)
      case .managedTeams: employee.managedDepartments = Self.list(cell)
      case .birthday: break
      }
    }
    return nil
  }

  private mutating func createMissingRows(_ cells: [CrewhuColumn: String]) {
    let named: [(CrewhuList, [String])] = [
      (.location, [cells[.location]].compactMap(\.self) + Self.list(cells[.managedLocations] ?? "")),
      (.department, [cells[.team]].compactMap(\.self) + Self.list(cells[.managedTeams] ?? "")),
      (.position, [cells[.position]].compactMap(\.self)),
    ]
    for (list, names) in named {
      for name in names where lists[list]?.contains(where: { $0.name == name }) != true { addRow(name, to: list) }
    }
  }

  /// "Some hold comma-separated lists": blanks around the commas do not count.
  static func list(_ cell: String) -> [String] {
    var items: [String] = []
    for part in cell.split(separator: ",") {
      var item = part
      while item.first == " " { item.removeFirst() }
      while item.last == " " { item.removeLast() }
      if !item.isEmpty, !items.contains(String(item)) { items.append(String(item)) }
    }
    return items
  }

  private mutating func inviteAll(_ outcomes: [Outcome]) {
    for place in outcomes.compactMap({ $0.employee.flatMap { places[$0] } }) where !employees[place].isInactive {
      guard let email = employees[place].email else { continue }
      employees[place].invitations += 1
      counters.invitedByUpload.append(email)
    }
  }
}
