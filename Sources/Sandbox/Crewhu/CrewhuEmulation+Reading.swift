// Reading employees: pages, filters, and what stands around the rows.

extension CrewhuEmulation {
  /// What a listing takes beside the names of fields.
  private static let pagingOptions: Set<String> = ["step", "limit"]

  /// `GET v1/user`: `step` is the number of a page, from 1; every other option is a field that must be equal.
  func listing(_ request: EmulatedRequest, at moment: Moment) throws(CrewhuRefusal) -> EmulatedResponse {
    let step = try number(request, "step", else: 1)
    let asked = try number(request, "limit", else: CrewhuOptions.usualPage)
    if asked > CrewhuOptions.largestPage, options.refusesLargePages {
      throw .badRequest("limit must not be above \(CrewhuOptions.largestPage).")
    }
    let limit = min(asked, CrewhuOptions.largestPage)
    let filters = request.query.filter { !CrewhuEmulation.pagingOptions.contains($0.name) }
    // `_updated_at[$gte]=…` or however else it would be written.
    if filters.contains(where: { $0.name.hasPrefix("_updated_at") }), options.updatedFilter == .refused {
      throw .badRequest("_updated_at cannot be filtered by.")
    }
    let wanted = filters.filter { !$0.name.hasPrefix("_updated_at") }
    let matches =
      wanted.isEmpty
      ? employees
      : employees.filter { employee in wanted.allSatisfy { values($0.name, of: employee).contains($0.value) } }
    let start = min(matches.count, (step - 1) * limit)
    var rows = Array(matches[start..<min(matches.count, start + limit)])
    let hasMore = start + limit < matches.count && !moment.endsListingsEarly
    if moment.endsListingsEarly { rows = Array(rows.prefix(rows.count / 2)) }
    var answer = EmulatedResponse(
      200, wrapped(rows.map { json($0) }, total: matches.count, step: step, hasMore: hasMore))
    // Nothing in the answer leads to the next page; faults must know it all the same.
    if hasMore { answer.nextLink = nextPage(of: request, step: step + 1, root: moment.root) }
    return answer
  }

  private func number(_ request: EmulatedRequest, _ name: String, else usual: Int) throws(CrewhuRefusal) -> Int {
    guard let text = request.query.first(where: { $0.name == name })?.value else { return usual }
    guard let number = Int(text), (1...1_000_000).contains(number) else {
      throw .badRequest("\(name) must be a whole number from 1.")
    }
    return number
  }

  private func nextPage(of request: EmulatedRequest, step: Int, root: String) -> String {
    let kept = request.query.filter { $0.name != "step" }
      .map { "\(EmulatedRequest.encoded($0.name))=\(EmulatedRequest.encoded($0.value))" }
    return "\(root)\(request.rawPath)?" + (kept + ["step=\(step)"]).joined(separator: "&")
  }

  /// The rows of a list or of the profiles: all of them, unless a page was asked for.
  func rowAnswer(_ rows: [JSON], _ request: EmulatedRequest) -> EmulatedResponse {
    func option(_ name: String) -> Int? { request.option(name).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }
    let limit = option("limit").map { min($0, CrewhuOptions.largestPage) } ?? max(rows.count, 1)
    let step = min(option("step") ?? 1, 1_000_000)
    let start = min(rows.count, (step - 1) * limit)
    let end = min(rows.count, start + limit)
    return EmulatedResponse(
      200, wrapped(Array(rows[start..<end]), total: rows.count, step: step, hasMore: end < rows.count))
  }

  func wrapped(_ rows: [JSON], total: Int, step: Int, hasMore: Bool) -> JSON {
    switch options.envelope {
    case .array: .array(rows)
    case .object:
      [
        "items": .array(rows), "total": .int(total), "hasMore": .bool(hasMore),
        "nextStep": hasMore ? .int(step + 1) : .null,
      ]
    case .data: ["success": true, "count": .int(total), "data": .array(rows)]
    }
  }

  // MARK: - Employees

  /// The texts of a field, as a filter compares them; none for a field that there is not, so that nobody is listed.
  private func values(_ field: String, of employee: CrewhuEmployee) -> [String] {
    switch field {
    case "_id": [employee.id]
    case "employee_id": employee.employeeIDs
    case "email": options.showsEmail ? [employee.email].compactMap(\.self) : []
    case "firstname": [employee.firstName]
    case "lastname": [employee.lastName]
    case "position": [employee.position].compactMap(\.self)
    case "department": [employee.department].compactMap(\.self)
    case "location": [employee.location].compactMap(\.self)
    case "hiredate": [employee.hiredAt.map { CrewhuEmulation.dateTime($0) }].compactMap(\.self)
    case "managed_departments": employee.managedDepartments
    case "managed_locations": employee.managedLocations
    case "inactive": [employee.isInactive.description]
    default: []
    }
  }

  /// The employee as the API shows one. Neither a picture nor a birthday is among the known fields.
  func json(_ employee: CrewhuEmployee) -> JSON {
    func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
    func texts(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }
    let id: JSON =
      switch options.employeeID {
      case .list: texts(employee.employeeIDs)
      case .string: text(employee.employeeIDs.first)
      case .joined: .string(employee.employeeIDs.joined(separator: ", "))
      }
    var members: [JSON.Member] = [
      .init(name: "_id", value: .string(employee.id)), .init(name: "employee_id", value: id),
    ]
    if options.showsEmail { members.append(.init(name: "email", value: text(employee.email))) }
    members += [
      .init(name: "firstname", value: .string(employee.firstName)),
      .init(name: "lastname", value: .string(employee.lastName)),
      .init(name: "position", value: text(employee.position)),
      .init(name: "department", value: text(employee.department)),
      .init(name: "location", value: text(employee.location)),
      .init(name: "hiredate", value: text(employee.hiredAt.map { CrewhuEmulation.dateTime($0) })),
      .init(name: "managed_departments", value: texts(employee.managedDepartments)),
      .init(name: "managed_locations", value: texts(employee.managedLocations)),
      .init(name: "inactive", value: .bool(employee.isInactive)),
    ]
    if options.showsProfile { members.append(.init(name: "profile", value: text(profile(of: employee)?.name))) }
    return .object(members)
  }

  func profile(of employee: CrewhuEmployee) -> CrewhuProfile? { profiles.first { $0.id == employee.profileID } }

  /// `2021-03-01T00:00:00.000Z`.
  private static func dateTime(_ seconds: Int) -> String { Instant.text(seconds).dropLast() + ".000Z" }
}
