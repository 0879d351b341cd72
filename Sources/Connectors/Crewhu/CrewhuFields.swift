/// What Crewhu calls each field: in what it answers, in what it is assumed to take, and at the head of its CSV template.
import Model

/// The one table of Crewhu's words; no other file knows them, so that a corrected word is corrected here.
struct CrewhuField: Sendable {
  enum Shape: Sendable { case text, day, list }

  var name: FieldName
  var shape: Shape
  /// Members of a user as `v1/user` answers it ("Reading employees"; most of them seen in third-party code only).
  var read: [String]
  /// The member in the body of a write ("ASSUMED employee write API"); `nil`: never written.
  var write: String?
  /// Heads of CSV columns, in lower case with nothing but letters and digits; the vendor's own are not documented.
  var columns: Set<String>

  init(
    _ name: FieldName, _ shape: Shape = .text, read: [String], write: String? = nil, columns: Set<String> = []
  ) {
    self.name = name
    self.shape = shape
    self.read = read
    self.write = write
    self.columns = columns
  }
}

enum CrewhuFields {
  static let all: [CrewhuField] = [
    CrewhuField(
      "email", read: ["email"], write: "email",
      columns: ["email", "emailaddress", "mail", "primaryemail", "workemail"]),
    // The API shows one id, the product keeps several: both forms are taken.
    CrewhuField(
      "employee-ids", .list, read: ["employee_ids", "employee_id"], write: "employee_ids",
      columns: ["employeeid", "employeeids", "employeeidentifier", "employeeidentifiers", "id", "ids"]),
    CrewhuField(
      "first-name", read: ["firstname"], write: "firstname", columns: ["firstname", "givenname", "first"]),
    CrewhuField(
      "last-name", read: ["lastname"], write: "lastname", columns: ["lastname", "surname", "familyname", "last"]),
    CrewhuField("location", read: ["location"], write: "location", columns: ["location", "locationname"]),
    // What the product calls a team is a department on the wire.
    CrewhuField(
      "team", read: ["department"], write: "department",
      columns: ["team", "teamname", "department", "departmentname"]),
    CrewhuField("position", read: ["position"], write: "position", columns: ["position", "positionname", "jobtitle"]),
    CrewhuField(
      "hire-date", .day, read: ["hiredate"], write: "hiredate",
      columns: ["hiredate", "datehired", "dateofhire", "hiredon"]),
    CrewhuField("profile", read: ["profile"], write: "profile", columns: ["profile", "profilename", "userprofile"]),
    CrewhuField("managed-teams", .list, read: ["managed_departments"]),
    CrewhuField("managed-locations", .list, read: ["managed_locations"]),
  ]

  static subscript(name: FieldName) -> CrewhuField? { all.first { $0.name == name } }

  static let id = "_id"
  /// The flag of a user, and of a profile; a CSV column of this name makes a new employee an inactive one.
  static let inactive = "inactive"
  static let modified = "_updated_at"
  static let created = "_created_at"
  /// The name of a row of the lists below.
  static let label = "name"
  /// How far a profile sees, where the server says so.
  static let scope = "scope"

  /// Names under which a list of rows is looked for in an answer, in this order, before any other array.
  static let rows = ["items", "data", "users", "results"]
  static let total = "total"
  static let hasMore = "hasMore"

  /// The lists whose rows a user names: their paths, by field.
  static let lists: [(field: FieldName, path: String)] = [
    ("location", "location"), ("team", "department"), ("position", "position"),
  ]
}
