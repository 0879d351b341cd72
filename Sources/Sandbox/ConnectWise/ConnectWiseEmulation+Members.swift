// Members: listing and reading; their types, locations, departments and work roles; their pictures.

extension ConnectWiseEmulation {
  private func memberTable(root: String) -> ConnectWiseTable<ConnectWiseMember> {
    let system = self
    func row(_ rows: [ConnectWiseSetupRow], _ id: Int?) -> ConnectWiseSetupRow? { rows.first { $0.id == id } }
    var fields: [String: (ConnectWiseMember) -> ConditionValue] = [
      "id": { ConditionValue($0.id) }, "identifier": { .text($0.identifier) }, "firstname": { .text($0.firstName) },
      "lastname": { .text($0.lastName) }, "primaryemail": { ConditionValue($0.primaryEmail) },
      "defaultemail": { .text($0.defaultEmail) }, "inactiveflag": { .flag($0.isInactive) },
      "inactivedate": { $0.inactiveSince.map { .instant(Double($0)) } ?? .null },
      "licenseclass": { .text($0.licenseClass) }, "type/id": { ConditionValue($0.typeID) },
      "type/name": { ConditionValue(row(system.memberTypes, $0.typeID)?.name) },
      "hiredate": { $0.hiredAt.map { .instant(Double($0)) } ?? .null },
      "photo/id": { $0.photo.map { ConditionValue($0.id) } ?? .null },
      "lastupdated": { .instant(Double($0.stamp.updated)) },
      "_info/lastupdated": { .instant(Double($0.stamp.updated)) },
      "_info/updatedby": { .text($0.stamp.updatedBy) }, "dateentered": { .instant(Double($0.stamp.entered)) },
      "_info/dateentered": { .instant(Double($0.stamp.entered)) },
    ]
    let references: [(String, [ConnectWiseSetupRow], KeyPath<ConnectWiseMember, Int?>)] = [
      ("defaultlocation", memberLocations, \.locationID), ("defaultdepartment", memberDepartments, \.departmentID),
      ("workrole", workRoles, \.workRoleID),
    ]
    for (name, rows, path) in references {
      fields["\(name)/id"] = { $0[keyPath: path].map { ConditionValue($0) } ?? .null }
      fields["\(name)/name"] = { ConditionValue(row(rows, $0[keyPath: path])?.name) }
    }
    for name in ConnectWiseMember.textFields.keys { fields[name.lowercased()] = { ConditionValue($0.texts[name]) } }
    let table = fields
    return ConnectWiseTable(
      id: \.id, field: { table[$0] }, children: [:], childFields: [], json: { system.json($0, root: root) })
  }

  /// `/system/members` and what is below it. The vendor has no DELETE; other writes are not emulated.
  func memberAnswer(
    _ request: EmulatedRequest, _ rest: [String], at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    guard request.method == "GET" else { throw .methodNotAllowed }
    switch rest.first {
    case nil:
      return try ConnectWiseListing(request).answer(
        ConnectWiseCandidates(records: members), memberTable(root: moment.root), url: url(of: request, at: moment),
        endsEarly: moment.endsListingsEarly)
    case "count" where rest.count == 1:
      let candidates = ConnectWiseCandidates(records: members)
      let matches = try ConnectWiseListing(request).matches(candidates, memberTable(root: moment.root))
      return EmulatedResponse(200, ["count": .int(matches.count)])
    case "types": return try setupAnswer(memberTypes, Array(rest.dropFirst()), request, at: moment)
    default: break
    }
    guard let place = rest.first.flatMap({ Int($0) }).flatMap({ memberPlace($0) }) else {
      throw .notFound("Member \(rest.first ?? "")")
    }
    if rest.count == 2, rest[1] == "image" {
      guard let photo = members[place].photo else { throw .notFound("Image") }
      return EmulatedResponse(bytes: photo.content, contentType: "image/png")
    }
    guard rest.count == 1 else { throw .notFound("Resource") }
    let json = json(members[place], root: moment.root)
    return EmulatedResponse(200, ConnectWiseFields(request.option("fields"))?.restricted(json) ?? json)
  }

  /// One of the small tables; they are read only.
  func setupAnswer(
    _ rows: [ConnectWiseSetupRow], _ rest: [String], _ request: EmulatedRequest, at moment: Moment
  ) throws(ConnectWiseRefusal) -> EmulatedResponse {
    guard request.method == "GET" else { throw .methodNotAllowed }
    return try catalogue(rows, rest, request, at: moment, id: \.id, label: ("name", \.name), json: \.json)
  }

  /// `GET /system/documents/{id}/download`: a picture is a document, and documents have a right of their own.
  func documentAnswer(_ request: EmulatedRequest, _ rest: [String]) throws(ConnectWiseRefusal) -> EmulatedResponse {
    guard request.method == "GET" else { throw .methodNotAllowed }
    guard rest.count == 2, rest[1] == "download", let id = Int(rest[0]),
      let photo = members.lazy.compactMap(\.photo).first(where: { $0.id == id })
    else { throw .notFound("Document \(rest.first ?? "")") }
    var answer = EmulatedResponse(bytes: photo.content, contentType: "image/png")
    answer.setHeader("Content-Disposition", "attachment; filename=\"photo\(photo.id).png\"")
    return answer
  }

  // MARK: - Records

  func memberPlace(_ id: Int) -> Int? { members.firstIndex { $0.id == id } }

  /// The record; fields without a value are left out, or null where the instance is set so.
  ///
  /// - Parameter root: the instance's address, which the link to the picture begins with.
  func json(_ member: ConnectWiseMember, root: String) -> JSON {
    var record: [JSON.Member] = []
    func put(_ name: String, _ value: JSON?) {
      if let value {
        record.append(.init(name: name, value: value))
      } else if options.writesNulls {
        record.append(.init(name: name, value: .null))
      }
    }
    func reference(_ rows: [ConnectWiseSetupRow], _ id: Int?) -> JSON? { rows.first { $0.id == id }?.reference }
    put("id", .int(member.id))
    put("identifier", .string(member.identifier))
    put("firstName", .string(member.firstName))
    put("lastName", .string(member.lastName))
    for name in ConnectWiseEmulation.memberTexts { put(name, member.texts[name].map { .string($0) }) }
    put("primaryEmail", member.primaryEmail.map { .string($0) })
    put("defaultEmail", .string(member.defaultEmail))
    put("defaultPhone", "Office")
    put("inactiveFlag", .bool(member.isInactive))
    put("inactiveDate", member.inactiveSince.map { .string(Instant.text($0)) })
    put("disableOnlineFlag", .bool(member.isInactive))
    put("licenseClass", .string(member.licenseClass))
    put("type", reference(memberTypes, member.typeID))
    put("hireDate", member.hiredAt.map { .string(Instant.text($0)) })
    put("defaultLocation", reference(memberLocations, member.locationID))
    put("defaultDepartment", reference(memberDepartments, member.departmentID))
    put("workRole", reference(workRoles, member.workRoleID))
    put("securityRole", ["id": 63, "name": member.licenseClass == "A" ? "Integrations" : "Technician"])
    put("timeZone", ["id": 1, "name": "US Eastern"])
    put("photo", member.photo.map { json(photo: $0, root: root) })
    put("_info", member.stamp.json)
    return .object(record)
  }

  private static let memberTexts = ConnectWiseMember.textFields.keys.sorted()

  private func json(photo: ConnectWisePhoto, root: String) -> JSON {
    // Behind a proxy a link may carry another host's name; the same server under its other name stands for that.
    let port = root.split(separator: "/").dropFirst().first?.split(separator: ":").last ?? "80"
    let base = options.linksElsewhere ? "http://localhost:\(port)/elsewhere" : root
    return [
      "id": .int(photo.id), "name": .string(photo.name),
      "_info": [
        "documentDownload_href": .string("\(base)/\(codebase)apis/3.0/system/documents/\(photo.id)/download")
      ],
    ]
  }
}
