// The methods of the People API: how each is recognised, counted and paid for.

/// One method of the People API.
enum GoogleCall: String, CaseIterable, Sendable {
  case connections
  case get
  case batchGet = "batch-get"
  case create
  case batchCreate = "batch-create"
  case update
  case batchUpdate = "batch-update"
  case delete
  case batchDelete = "batch-delete"
  case listLabels = "list-labels"
  case getLabel = "get-label"
  case batchGetLabels = "batch-get-labels"
  case createLabel = "create-label"
  case updateLabel = "update-label"
  case deleteLabel = "delete-label"
  case modifyMembers = "modify-members"

  /// The method that a request means, and the name of the resource that it is about.
  ///
  /// - Parameter path: below `/v1`.
  init?(_ method: String, _ path: [String], name: inout String) {
    switch (method, path.first, path.count) {
    case ("GET", "people", 3) where path[1] == "me" && path[2] == "connections": self = .connections
    case ("GET", "people:batchGet", 1): self = .batchGet
    case ("POST", "people:createContact", 1): self = .create
    case ("POST", "people:batchCreateContacts", 1): self = .batchCreate
    case ("POST", "people:batchUpdateContacts", 1): self = .batchUpdate
    case ("POST", "people:batchDeleteContacts", 1): self = .batchDelete
    case ("GET", "people", 2) where !path[1].contains(":"):
      self = .get
      name = "people/\(path[1])"
    case ("PATCH", "people", 2) where path[1].hasSuffix(":updateContact"):
      self = .update
      name = "people/" + path[1].dropLast(":updateContact".count)
    case ("DELETE", "people", 2) where path[1].hasSuffix(":deleteContact"):
      self = .delete
      name = "people/" + path[1].dropLast(":deleteContact".count)
    case ("GET", "contactGroups", 1): self = .listLabels
    case ("POST", "contactGroups", 1): self = .createLabel
    case ("GET", "contactGroups:batchGet", 1): self = .batchGetLabels
    case ("GET", "contactGroups", 2):
      self = .getLabel
      name = "contactGroups/\(path[1])"
    case ("PUT", "contactGroups", 2):
      self = .updateLabel
      name = "contactGroups/\(path[1])"
    case ("DELETE", "contactGroups", 2):
      self = .deleteLabel
      name = "contactGroups/\(path[1])"
    case ("POST", "contactGroups", 3) where path[2] == "members:modify":
      self = .modifyMembers
      name = "contactGroups/\(path[1])"
    default: return nil
    }
  }

  /// "every mutating method carries the same advice: mutations for one user must be sent ONE AFTER ANOTHER".
  var isMutation: Bool {
    switch self {
    case .connections, .get, .batchGet, .listLabels, .getLabel, .batchGetLabels: false
    default: true
    }
  }

  /// What a request of this method draws on.
  var costs: [(bucket: GoogleBucket, units: Int)] {
    switch self {
    case .connections, .get, .batchGet: [(.criticalReads, 1)]
    case .create, .update: [(.criticalReads, 1), (.criticalWrites, 1), (.dailyContactWrites, 1)]
    // "any size ≤ 200".
    case .batchCreate, .batchUpdate: [(.criticalReads, 6), (.criticalWrites, 6), (.dailyContactWrites, 200)]
    case .delete: [(.writes, 1)]
    case .batchDelete: [(.writes, 10)]
    case .listLabels, .getLabel, .batchGetLabels: [(.groupReads, 1)]
    case .createLabel, .updateLabel, .deleteLabel, .modifyMembers: [(.writes, 1)]
    }
  }

  /// A path with its ids replaced by names in braces.
  static func template(of path: [String]) -> String {
    var names = path
    if path.count > 2, path[1] == "people", path[2] != "me" {
      names[2] = "{id}" + (path[2].firstIndex(of: ":").map { path[2][$0...].description } ?? "")
    } else if path.count > 2, path[1] == "contactGroups" {
      names[2] = "{id}"
    }
    return "/" + names.joined(separator: "/")
  }
}
