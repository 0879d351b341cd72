// The employees that Crewhu begins with, and its lists and profiles.

extension CrewhuEmulation {
  mutating func fill(from seed: SeedWorld) {
    for (name, scope) in [
      ("Admin", CrewhuProfile.Scope.company), ("Manager", .managed), ("Employee", .own), ("Contractor", .own),
    ] {
      profiles.append(
        CrewhuProfile(
          id: freshID(), name: name, scope: scope, isInactive: name == "Contractor", isDefault: name == "Employee"))
    }
    // Neither every row of ConnectWise is here, nor is every row of here at ConnectWise.
    for name in StaffCatalogue.locations.dropLast() { addRow(name, to: .location) }
    for name in StaffCatalogue.departments { addRow(name, to: .department) }
    for name in StaffCatalogue.workRoles.dropLast() { addRow(name, to: .position) }
    let start = Instant.seconds(seed.startsAt)
    for employee in seed.staff.employees { add(employee, start: start) }
  }

  private mutating func add(_ employee: SeedEmployee, start: Int) {
    let made = start - 100 * 86_400 - random.below(100) * 86_400
    var record = CrewhuEmployee(
      id: freshID(), employeeIDs: employee.ids, email: employee.email, firstName: employee.firstName,
      lastName: employee.lastName, position: employee.position, department: employee.team, location: employee.location,
      hiredAt: employee.hiredOn.flatMap { Instant.date($0) }.map { Instant.seconds($0) },
      profileID: profiles.first { $0.name == employee.profile }?.id ?? "", isInactive: !employee.isActive,
      story: employee.story.rawValue, invitations: 1, updated: made)
    if employee.profile == "Manager" {
      record.managedDepartments = [employee.team].compactMap(\.self)
      record.managedLocations = [employee.location].compactMap(\.self)
    }
    for list in CrewhuList.allCases {
      guard let name = record[list], lists[list]?.contains(where: { $0.name == name }) != true else { continue }
      addRow(name, to: list)
    }
    add(record)
  }
}
