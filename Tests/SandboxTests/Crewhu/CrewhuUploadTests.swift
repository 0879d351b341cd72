import Foundation
import Testing

@testable import Sandbox

@Suite("Crewhu: CSV upload")
struct CrewhuUploadTests {
  let test = TestWorld(people: 0)

  private func body(_ csv: String, _ rest: String = #""profile":"Employee""#) -> String {
    #"{"csv":\#(JSON.string(csv).encoded),\#(rest)}"#
  }

  private func upload(_ csv: String, _ rest: String = #""profile":"Employee""#) throws -> [String] {
    let answer = try test.control("POST", "/crewhu/upload", body(csv, rest))
    return (answer["lines"]?.elements ?? []).map { "\($0["line"]?.whole ?? 0) \($0["outcome"]?.text ?? "")" }
  }

  static let head = "First Name,Last Name,E-mail Address,Employee ID,Location,Team,Position,Hire Date (YYYY-MM-DD)\r\n"
  static let nora = #"Nora,Lind,nora@x.example,"NLIND, nora@x.example",Porto,Service,Tier 9,2021-03-01"# + "\r\n"

  @Test("the template is a row of headers, and is accepted as it is") func template() throws {
    let answer = try test.control("GET", "/crewhu/template")
    let csv = try #require(answer["csv"]?.text)
    #expect(csv.hasPrefix("First Name,Last Name,E-mail Address,Employee ID,"))
    #expect(csv.hasSuffix("\r\n"))
    #expect(try upload(csv).isEmpty)
    let changed = try test.control("POST", "/crewhu/template", #"{"employee-id":"Staff No., all","birthday":null}"#)
    #expect(changed["csv"]?.text?.contains(#","Staff No., all","#) == true)
    #expect(changed["csv"]?.text?.contains("Birthday") == false)
    #expect(try test.refusal("POST", "/crewhu/template", #"{"email":null}"#).status == 400)
    #expect(try test.refusal("POST", "/crewhu/upload", body(Self.head)).status == 422)
  }

  @Test("a new person is made with everything in the line, and what is unknown is made with it") func created() throws {
    #expect(try upload(Self.head + Self.nora) == ["2 created"])
    let row = try #require(try test.crewhuRows().first)
    #expect(row["employee_id"] == ["NLIND", "nora@x.example"])
    #expect(row["position"] == "Tier 9" && row["location"] == "Porto" && row["hiredate"] == "2021-03-01T00:00:00.000Z")
    #expect(try test.control("GET", "/crewhu/position").elements?.last?["name"] == "Tier 9")
    let counters = try test.crewhuCounters
    #expect(counters["employees-created"] == 0 && counters["lines-uploaded"] == 1)
    #expect(counters["invitations-sent-by-upload"] == 0)
    #expect(try upload(Self.head + Self.nora) == ["2 unchanged"])
  }

  /// "Header names must match the template exactly; column order is free. Some columns required".
  @Test(
    "headers are those of the template, exactly",
    arguments: [
      ("E-mail Address,Last Name,First Name\n", 200), ("First Name,Last Name\n", 422),
      ("first name,Last Name,E-mail Address\n", 422), ("First Name ,Last Name,E-mail Address\n", 422),
      ("First Name,Last Name,E-mail Address,Shoe Size\n", 422),
      ("First Name,Last Name,E-mail Address,Team,Team\n", 422),
      ("\u{FEFF}First Name,Last Name,E-mail Address\n", 422), ("firstname,lastname,email\n", 422), ("", 422),
      ("\"First Name\n", 422),
    ])
  func headers(_ head: String, _ status: Int) throws {
    let answer = try test.refusal("POST", "/crewhu/upload", body(head))
    #expect(answer.status == status, "\(answer.json.encoded)")
    #expect(status == 200 || answer.json["fix"]?.text?.isEmpty == false)
  }

  /// "picks a Location, Team and Position (or none) and a Profile (mandatory even if the file has it); values in the file
  /// win".
  @Test("defaults fill what the line leaves empty, and a profile must be picked") func defaults() throws {
    let head = "First Name,Last Name,E-mail Address,Location,Profile\n"
    let picked = #""profile":"Employee","location":"Tampa","team":"Sales""#
    #expect(
      try upload(head + "A,X,a@x.example,Porto,Manager\nB,X,b@x.example,,\n", picked) == ["2 created", "3 created"])
    let a = try test.control("GET", "/crewhu/employees/a@x.example")
    let b = try test.control("GET", "/crewhu/employees/b@x.example")
    #expect(a["location"] == "Porto" && a["department"] == "Sales" && a["profile"] == "Manager")
    #expect(b["location"] == "Tampa" && b["profile"] == "Employee")
    for rest in [
      #""invite":true"#, #""profile":"Contractor""#, #""profile":"King""#, #""profile":"Employee","team":"Nowhere""#,
    ] {
      #expect(try test.refusal("POST", "/crewhu/upload", body(head, rest)).status == 422, "\(rest)")
    }
  }

  @Test("somebody known by an id or by the address is changed, and an empty cell changes nothing") func known() throws {
    _ = try upload(Self.head + Self.nora)
    let first = Self.head + "Eleonora,Lind,nora@x.example,,,,,\r\n"
    #expect(try upload(first, #""profile":"Admin","location":"Tampa""#) == ["2 changed"])
    let second = Self.head + "Eleonora,Lind,new@x.example,NLIND,,,Tier 1,\r\n"
    #expect(try upload(second) == ["2 changed"])
    let row = try test.control("GET", "/crewhu/employees/NLIND")
    #expect(row["firstname"] == "Eleonora" && row["email"] == "new@x.example" && row["employee_ids"] == ["NLIND"])
    #expect(row["location"] == "Porto" && row["position"] == "Tier 1" && row["profile"] == "Employee")
    #expect(try test.crewhuRows().count == 1)
    // Exactly: another case is another person.
    #expect(try upload(Self.head + "Nora,Lind,NEW@x.example,nlind,,,,\r\n") == ["2 created"])
  }

  @Test("lines that cannot be taken are refused one by one") func refused() throws {
    _ = try upload(Self.head + Self.nora)
    _ = try test.crewhuEmployee(#"{"firstname":"Other","lastname":"X","email":"other@x.example"}"#)
    let csv =
      Self.head + "A,X\n" + ",X,a@x.example,,,,,\n" + "A,X,nowhere,,,,,\n" + "A,X,other@x.example,NLIND,,,,\n"
      + "A,X,a@x.example,,,,,soon\n" + "\n" + "\"A\nB\",X,b@x.example,,,,,\n" + "C,X,c@x.example,,,,,"
    #expect(
      try upload(csv) == [
        "2 refused", "3 refused", "4 refused", "5 refused", "6 refused", "8 created", "10 created",
      ])
    #expect(try test.crewhuCounters["lines-refused"] == 5)
    #expect(try test.control("GET", "/crewhu/employees/b@x.example")["firstname"] == "A\nB")
  }

  /// "A checkbox sends invitations to everybody in the list after upload".
  @Test("invitations go to everybody active in the file, known or new, and are counted apart") func invitations() throws
  {
    _ = try upload(Self.head + Self.nora)
    let csv =
      "First Name,Last Name,E-mail Address,Status (Active/Inactive)\nNora,Lind,nora@x.example,\nB,X,b@x.example,Active\n"
      + "C,X,c@x.example,Inactive\nD,X,nowhere,\n"
    #expect(
      try upload(csv, #""profile":"Employee","invite":true"#) == [
        "2 unchanged", "3 created", "4 created", "5 refused",
      ])
    let counters = try test.crewhuCounters
    #expect(counters["invited-by-upload"] == ["nora@x.example", "b@x.example"])
    #expect(counters["invitations-sent"] == 0)
    #expect(try test.crewhuRows("&inactive=true").map { $0["firstname"] } == ["C"])
  }

  @Test(
    "lines are taken apart as spreadsheets write them",
    arguments: [
      ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a,b\nc,", [["a", "b"], ["c", ""]]),
      (#""a,b","c ""d""","e""# + "\n", [["a,b", #"c "d""#, "e"]]), ("\"a\r\nb\",c", [["a\r\nb", "c"]]),
      (#""",x"#, [["", "x"]]), (#"a"b,c"#, [[#"a"b"#, "c"]]), ("\n\na\n\n", [["a"]]), ("", []),
      ("é,日本,👩‍💻", [["é", "日本", "👩‍💻"]]),
    ])
  func csv(_ text: String, _ cells: [[String]]) {
    #expect(CSVLine.lines(of: text)?.map(\.cells) == cells)
  }
}
