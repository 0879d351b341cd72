// What control does to members: an administrator at work on the provider's own staff.

extension ConnectWiseEmulation {
  var memberControlRoutes: [ControlRoute] {
    [
      ControlRoute("GET", "/control/connectwise/members", "All members."),
      ControlRoute(
        "POST", "/control/connectwise/members",
        "Creates a member. identifier (else one is made up), firstName, lastName, email (primaryEmail and officeEmail at "
          + "once), type by id or name, licenseClass, location, department and workRole by id or name (made where there is "
          + "none of that name), hireDate, inactiveFlag, photo (small, large), and any text of the vendor.",
        example:
          #"{"identifier":"NLIND","firstName":"Nora","lastName":"Lind","email":"nora@kestrel.example","type":"Full"}"#),
      ControlRoute("GET", "/control/connectwise/members/{member}", "One member, by id, identifier or address."),
      ControlRoute(
        "PATCH", "/control/connectwise/members/{member}",
        "Changes a member, with the same keys; null clears: {\"email\":null} leaves no address, {\"photo\":null} no "
          + "picture. {} saves without a change.",
        example: #"{"type":"Subcontractor","workRole":"Tier 3","email":null}"#),
      ControlRoute("POST", "/control/connectwise/members/{member}/deactivate", "Deactivates a member."),
      ControlRoute("POST", "/control/connectwise/members/{member}/reactivate", "Makes a member active again."),
      ControlRoute(
        "DELETE", "/control/connectwise/members/{member}", "Takes a member out, which the vendor itself cannot."),
      ControlRoute(
        "POST", "/control/connectwise/member-types",
        "Creates a member type, or changes isInactive of the one of that name.", example: #"{"name":"Apprentice"}"#),
    ]
  }

  mutating func memberControl(_ request: ControlRequest, at moment: Moment) throws(ControlProblem) -> JSON? {
    switch request.line {
    case "GET members": return .array(members.map { json($0, root: moment.root) })
    case "POST members": return try createMember(request.body, at: moment)
    case "POST member-types": return try changeMemberType(request.body)
    default: break
    }
    guard request.path.first == "members", request.path.count > 1 else { return nil }
    let place = try memberPlace(named: request.path[1])
    switch (request.method, request.path.dropFirst(2).first) {
    case ("GET", nil): return json(members[place], root: moment.root)
    case ("PATCH", nil): return try changeMember(place, request.body, at: moment)
    case ("POST", "deactivate"): return try changeMember(place, ["inactiveFlag": true], at: moment)
    case ("POST", "reactivate"): return try changeMember(place, ["inactiveFlag": false], at: moment)
    case ("POST", "touch"): return try changeMember(place, [:], at: moment)
    case ("DELETE", nil): return ["deleted": .int(members.remove(at: place).id)]
    default: return nil
    }
  }

  private func memberPlace(named name: String) throws(ControlProblem) -> Int {
    if let place = Int(name).flatMap({ memberPlace($0) }) { return place }
    let wanted = name.lowercased()
    let place =
      members.firstIndex { $0.identifier.lowercased() == wanted }
      ?? members.firstIndex {
        $0.primaryEmail?.lowercased() == wanted || $0.texts["officeEmail"]?.lowercased() == wanted
      }
    guard let place else {
      throw ControlProblem(404, "There is no member \"\(name)\".", fix: "GET /control/connectwise/members lists them.")
    }
    return place
  }

  // MARK: - Creating and changing

  mutating func createMember(_ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    guard body["firstName"] != nil, body["lastName"] != nil else {
      throw ControlProblem(
        400, "A member needs a first and a last name.", fix: #"Send {"firstName":"Nora","lastName":"Lind"}."#)
    }
    let id = nextMemberID
    var member = ConnectWiseMember(
      id: id, identifier: "M\(id)", firstName: "", lastName: "", typeID: memberTypes.first?.id ?? 1,
      stamp: RecordStamp(
        entered: moment.seconds, updated: moment.seconds, updatedBy: ConnectWiseEmulation.technician))
    try fill(&member, from: body, at: moment)
    nextMemberID += 1
    members.append(member)
    return json(member, root: moment.root)
  }

  private mutating func changeMember(_ place: Int, _ body: JSON, at moment: Moment) throws(ControlProblem) -> JSON {
    var member = members[place]
    try fill(&member, from: body, at: moment)
    member.stamp.updated = moment.seconds
    member.stamp.updatedBy = ConnectWiseEmulation.technician
    members[place] = member
    return json(member, root: moment.root)
  }

  private mutating func fill(
    _ member: inout ConnectWiseMember, from body: JSON, at moment: Moment
  ) throws(ControlProblem) {
    for change in body.members ?? [] {
      switch (change.name, change.value) {
      case ("identifier", .string(let text)) where (1...ConnectWiseMember.longestIdentifier).contains(text.count):
        let id = member.id
        guard !members.contains(where: { $0.id != id && $0.identifier.lowercased() == text.lowercased() }) else {
          throw ControlProblem(409, "There is a member \"\(text)\".", fix: "Give another identifier.")
        }
        member.identifier = text
      case ("firstName", .string(let text)) where !text.isEmpty && text.count <= ConnectWiseMember.longestName:
        member.firstName = text
      case ("lastName", .string(let text)) where !text.isEmpty && text.count <= ConnectWiseMember.longestName:
        member.lastName = text
      case ("email", let value) where value == .null || value.text != nil:
        member.primaryEmail = value.text
        for field in ["officeEmail", "mobileEmail", "homeEmail"] where field == "officeEmail" || value == .null {
          member.texts[field] = value.text
        }
      case ("primaryEmail", let value) where value == .null || value.text != nil: member.primaryEmail = value.text
      case ("defaultEmail", .string(let text)) where ConnectWiseMember.defaultEmails.contains(text):
        member.defaultEmail = text
      case ("inactiveFlag", .bool(let flag)):
        member.inactiveSince = flag ? member.inactiveSince ?? moment.seconds : nil
        member.isInactive = flag
      case ("licenseClass", .string(let text)) where ConnectWiseMember.licenseClasses.contains(text):
        member.licenseClass = text
      case ("type", let value):
        guard let type = memberTypes.first(where: { $0.id == value.whole || $0.name == value.text }) else {
          throw ControlProblem(
            400, "There is no member type \(value.encoded).",
            fix: "Known: \(memberTypes.map(\.name).joined(separator: ", ")). POST …/member-types makes another.")
        }
        member.typeID = type.id
      case ("location", let value), ("defaultLocation", let value):
        member.locationID = try ConnectWiseEmulation.row(value, among: &memberLocations)
      case ("department", let value), ("defaultDepartment", let value):
        member.departmentID = try ConnectWiseEmulation.row(value, among: &memberDepartments)
      case ("workRole", let value): member.workRoleID = try ConnectWiseEmulation.row(value, among: &workRoles)
      case ("hireDate", .null): member.hiredAt = nil
      case ("hireDate", .string(let text)):
        guard let date = Instant.date(text) else {
          throw ControlProblem(400, "\"\(text)\" is no date.", fix: "Write it as 2021-03-01.")
        }
        member.hiredAt = Instant.seconds(date)
      case ("photo", .null): member.photo = nil
      case ("photo", "small"): member.photo = newPhoto(side: ConnectWisePhoto.smallSide, of: member.identifier)
      case ("photo", "large"): member.photo = newPhoto(side: ConnectWisePhoto.largeSide, of: member.identifier)
      case (let field, .null) where ConnectWiseMember.textFields[field] != nil: member.texts[field] = nil
      case (let field, .string(let text)) where text.count <= ConnectWiseMember.textFields[field] ?? -1:
        member.texts[field] = text.isEmpty ? nil : text
      default:
        throw ControlProblem(
          400, "\"\(change.name)\" of a member cannot be \(change.value.encoded).",
          fix:
            "Known: identifier (up to 15), firstName and lastName (up to 30), email, primaryEmail, defaultEmail, type, "
            + "licenseClass (F, A, C, X), inactiveFlag, location, department, workRole, hireDate, photo (small, large), "
            + ConnectWiseMember.textFields.keys.sorted().joined(separator: ", ") + ".")
      }
    }
  }

  /// The id of the row of an id or a name; a name that no row has makes one.
  private static func row(_ value: JSON, among rows: inout [ConnectWiseSetupRow]) throws(ControlProblem) -> Int? {
    if value == .null { return nil }
    if let row = rows.first(where: { $0.id == value.whole || $0.name == value.text }) { return row.id }
    guard let name = value.text, !name.isEmpty else {
      throw ControlProblem(
        400, "There is no row \(value.encoded).", fix: "Known: \(rows.map(\.name).joined(separator: ", ")).")
    }
    let row = ConnectWiseSetupRow(id: (rows.last?.id ?? 0) + 1, name: name)
    rows.append(row)
    return row.id
  }

  private mutating func changeMemberType(_ body: JSON) throws(ControlProblem) -> JSON {
    guard let name = body["name"]?.text, !name.isEmpty else {
      throw ControlProblem(400, "A member type needs a name.", fix: #"Send {"name":"Apprentice"}."#)
    }
    let isInactive = body["isInactive"]?.flag ?? false
    if let index = memberTypes.firstIndex(where: { $0.name == name }) {
      memberTypes[index].isInactive = isInactive
      return memberTypes[index].json
    }
    memberTypes.append(
      ConnectWiseSetupRow(id: (memberTypes.map(\.id).max() ?? 0) + 1, name: name, isInactive: isInactive))
    return memberTypes[memberTypes.count - 1].json
  }
}
