// Employees, profiles, and the lists of locations, teams and positions, as the emulated Crewhu keeps them.

/// An employee.
struct CrewhuEmployee: Sendable, Equatable {
  var id: String
  var employeeIDs: [String] = []
  var email: String?
  var firstName = ""
  var lastName = ""
  /// By name, as the API shows them.
  var position: String?
  var department: String?
  var location: String?
  /// In seconds since 1970, at the beginning of a day.
  var hiredAt: Int?
  var managedDepartments: [String] = []
  var managedLocations: [String] = []
  var profileID: String
  var isInactive = false
  /// Why the seed has this employee; `nil` for others.
  var story: String?
  /// How many invitations have gone out, whoever sent them.
  var invitations = 0
  var updated: Int
}

/// A row of the lists of locations, departments and positions.
struct CrewhuListRow: Sendable {
  var id: String
  var name: String
  /// The id of another system's record that this one stands for.
  var externalID: String?

  var json: JSON {
    ["_id": .string(id), "name": .string(name), "external_id": externalID.map { .string($0) } ?? .null]
  }
}

/// The three lists, by the last part of their path. What the UI calls a team is a department in the API.
enum CrewhuList: String, Sendable, CaseIterable {
  case location
  case department
  case position
}

/// What an employee may see and do.
struct CrewhuProfile: Sendable {
  /// How far a profile reaches.
  enum Scope: String, Sendable, CaseIterable {
    case company
    case managed
    case own
  }

  var id: String
  var name: String
  var scope: Scope
  var isInactive = false
  /// Given to new users of whom nothing else was said.
  var isDefault = false

  /// The shape of the assumed API, and how far the profile reaches.
  var json: JSON {
    ["_id": .string(id), "name": .string(name), "inactive": .bool(isInactive), "scope": .string(scope.rawValue)]
  }

  var controlJSON: JSON {
    .object((json.members ?? []) + [.init(name: "default", value: .bool(isDefault))])
  }
}

/// What was done over the API, and what people at Crewhu would have noticed of it.
struct CrewhuCounters: Sendable {
  var employeesCreated = 0
  var employeesChanged = 0
  /// Changes that named only what was so already.
  var changesInVain = 0
  /// The addresses to which invitations went over the API, in order.
  var invited: [String] = []
  /// Invitations that an upload sent, which a person in the web UI asked for.
  var invitedByUpload: [String] = []
  /// Rows made in the lists over the API, by list.
  var listed: [String: Int] = [:]
  var uploads = 0
  var linesUploaded = 0
  var linesRefused = 0
  /// Members of bodies that mean nothing.
  var ignoredKeys: [String: Int] = [:]

  var json: JSON {
    func texts(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }
    return [
      "employees-created": .int(employeesCreated), "employees-changed": .int(employeesChanged),
      "changes-in-vain": .int(changesInVain), "invitations-sent": .int(invited.count), "invited": texts(invited),
      "invitations-sent-by-upload": .int(invitedByUpload.count), "invited-by-upload": texts(invitedByUpload),
      "list-rows-created": .counts(listed), "uploads": .int(uploads), "lines-uploaded": .int(linesUploaded),
      "lines-refused": .int(linesRefused), "ignored-keys": .counts(ignoredKeys),
    ]
  }
}
