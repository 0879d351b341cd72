// The members that ConnectWise begins with, and the tables that they refer to.

extension ConnectWiseEmulation {
  mutating func fillMembers(from seed: SeedWorld) {
    func rows(_ names: [String], from first: Int) -> [ConnectWiseSetupRow] {
      names.enumerated().map { ConnectWiseSetupRow(id: first + $0, name: $1) }
    }
    memberTypes = rows(StaffCatalogue.memberTypes, from: 1)
    memberLocations = rows(StaffCatalogue.locations, from: 2)
    memberDepartments = rows(StaffCatalogue.departments, from: 10)
    workRoles = rows(StaffCatalogue.workRoles, from: 30)
    let start = Instant.seconds(seed.startsAt)
    for member in seed.staff.members { add(member, start: start) }
    nextMemberID = (members.last?.id ?? 150) + 1
  }

  private mutating func add(_ member: SeedMember, start: Int) {
    func id(_ rows: [ConnectWiseSetupRow], _ name: String?) -> Int? { rows.first { $0.name == name }?.id }
    let entered = start - 200 * 86_400 + member.id
    var record = ConnectWiseMember(
      id: member.id, identifier: member.identifier, firstName: member.firstName, lastName: member.lastName,
      primaryEmail: member.primaryEmail, typeID: id(memberTypes, member.type) ?? 1,
      locationID: id(memberLocations, member.location), departmentID: id(memberDepartments, member.department),
      workRoleID: id(workRoles, member.workRole),
      stamp: RecordStamp(entered: entered, updated: entered, updatedBy: "admin1"))
    record.licenseClass = member.licenseClass
    record.hiredAt = member.hiredOn.flatMap { Instant.date($0) }.map { Instant.seconds($0) }
    record.texts["officeEmail"] = member.officeEmail
    record.texts["title"] = member.title
    if !member.isActive {
      record.isInactive = true
      record.inactiveSince = start - 30 * 86_400
    }
    if let photo = member.photo {
      let side = photo == .large ? ConnectWisePhoto.largeSide : ConnectWisePhoto.smallSide
      record.photo = newPhoto(side: side, of: member.identifier)
    }
    members.append(record)
  }

  mutating func newPhoto(side: Int, of identifier: String) -> ConnectWisePhoto {
    nextDocumentID += 1
    return ConnectWisePhoto(id: nextDocumentID, name: "\(identifier).png", side: side)
  }
}
