// The customer's CSV template: which columns there are, and what each is called.

/// What a column of an upload holds.
enum CrewhuColumn: String, Sendable, CaseIterable {
  case firstName = "first-name"
  case lastName = "last-name"
  case email
  case employeeID = "employee-id"
  case location
  case team
  case position
  case profile
  case hireDate = "hire-date"
  case status
  case managedLocations = "managed-locations"
  case managedTeams = "managed-teams"
  case birthday

  /// What the template calls it; the vendor's own words are not known.
  var usualHeader: String {
    switch self {
    case .firstName: "First Name"
    case .lastName: "Last Name"
    case .email: "E-mail Address"
    case .employeeID: "Employee ID"
    case .location: "Location"
    case .team: "Team"
    case .position: "Position"
    case .profile: "Profile"
    case .hireDate: "Hire Date (YYYY-MM-DD)"
    case .status: "Status (Active/Inactive)"
    case .managedLocations: "Managed Locations"
    case .managedTeams: "Managed Teams"
    case .birthday: "Birthday (MM-DD)"
    }
  }

  var isRequired: Bool { [.firstName, .lastName, .email].contains(self) }
}

/// The columns of one account's template, in their order there.
struct CrewhuTemplate: Sendable {
  private(set) var columns = CrewhuColumn.allCases.map { ($0, $0.usualHeader) }

  var headers: [String] { columns.map(\.1) }

  /// The template as it is downloaded: a row of headers and nothing else.
  var csv: String { headers.map { CSVLine.quoted($0) }.joined(separator: ",") + "\r\n" }

  func column(_ header: String) -> CrewhuColumn? { columns.first { $0.1 == header }?.0 }

  func header(_ column: CrewhuColumn) -> String? { columns.first { $0.0 == column }?.1 }

  /// Renames columns by what they hold; `null` takes one away.
  mutating func change(_ body: JSON) throws(ControlProblem) {
    for member in body.members ?? [] {
      guard let column = CrewhuColumn(rawValue: member.name), member.value == .null || member.value.text != nil,
        member.value != .null || !column.isRequired
      else {
        throw ControlProblem(
          400, "The column \"\(member.name)\" cannot be called \(member.value.encoded).",
          fix:
            "Known: \(CrewhuColumn.allCases.map(\.rawValue).joined(separator: ", ")); only optional ones can be null.")
      }
      let place = columns.firstIndex { $0.0 == column }
      switch (member.value.text, place) {
      case (let header?, let place?): columns[place].1 = header
      case (let header?, nil): columns.append((column, header))
      case (nil, let place?): columns.remove(at: place)
      case (nil, nil): break
      }
    }
  }

  var json: JSON {
    [
      "csv": .string(csv),
      "columns": .array(
        columns.map {
          ["header": .string($0.1), "holds": .string($0.0.rawValue), "required": .bool($0.0.isRequired)]
        }),
    ]
  }
}

/// One line of a CSV file, with the number of the line at which it begins.
struct CSVLine: Sendable, Equatable {
  var number: Int
  var cells: [String]

  /// Takes a file apart as RFC 4180 says: quotes around cells with commas, quotes or line breaks in them. Blank lines are
  /// passed over.
  ///
  /// - Returns: `nil` where a quote is not closed.
  static func lines(of text: String) -> [CSVLine]? {
    var reader = CSVReader(scalars: Array(text.unicodeScalars))
    return reader.lines()
  }

  static func quoted(_ text: String) -> String {
    text.contains { ",\"\r\n".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}

private struct CSVReader {
  let scalars: [Unicode.Scalar]
  private var position = 0
  private var number = 1

  init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  mutating func lines() -> [CSVLine]? {
    var lines: [CSVLine] = []
    while next != nil {
      var line = CSVLine(number: number, cells: [])
      repeat {
        guard let cell = cell() else { return nil }
        line.cells.append(cell)
      } while take(",")
      _ = take("\r")
      _ = take("\n")
      number += 1
      if line.cells != [""] { lines.append(line) }
    }
    return lines
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  /// One cell; what stands behind a closing quote belongs to it, as spreadsheets read it. `nil` where a quote stays open.
  private mutating func cell() -> String? {
    var cell = String.UnicodeScalarView()
    if take("\"") {
      while true {
        guard let scalar = next else { return nil }
        position += 1
        // A quote that is doubled stands for itself.
        if scalar == "\"", !take("\"") { break }
        if scalar == "\n" { number += 1 }
        cell.append(scalar)
      }
    }
    while let scalar = next, scalar != ",", scalar != "\r", scalar != "\n" {
      position += 1
      cell.append(scalar)
    }
    return String(cell)
  }
}
