/// Lines that are wrong, each named and left out while the rest is taken; and the file itself when it is not there.
import Connectors
import Foundation
import Model
import Testing

@Suite struct FileLineTests {
  @Test(
    "a wrong line is named by its number, and nothing else is lost",
    arguments: [
      // A short line, a long one, and separators that a spreadsheet left at the end.
      ("a@x,Ann,1\nb@x,Bob\nc@x,Cy,3\n", ["a@x", "c@x"], ["line 3 left out: it has 2 of 3 columns"]),
      (
        "a@x,Ann,1\nb@x,Bob,2,extra\nc@x,Cy,3,,,\n", ["a@x", "c@x"],
        ["line 3 left out: it has 4 columns, the header has 3"]
      ),
      // A last cell that is blank, without a line end.
      ("a@x,Ann,1\nb@x,Bob,", ["a@x", "b@x"], []),
      // The header again, further down.
      ("a@x,Ann,1\nEmail,First name,Title\nb@x,Bob,2\n", ["a@x", "b@x"], ["line 3 left out: it repeats the header"]),
      // Quotes.
      (
        "a@x,\"Ann,1\nb@x,Bob,2\nc@x,Cy,3\n", ["b@x", "c@x"],
        ["line 2 left out: a quote is opened and never closed"]
      ),
      (
        "a@x,\"Ann\" B,1\nb@x,Bob,2\n", ["b@x"], ["line 2 left out: there is text behind a closing quote"]
      ),
      ("a@x,Ann \"the\" B,1\nb@x,\"Bob\" , 2\n", ["a@x", "b@x"], []),
      (
        "a@x,\"Ann,1\nb@x,\"Bob\",2\nc@x,\"Cy\nD\",3\nd@x,Di,4\n", ["b@x", "c@x", "d@x"],
        ["line 2 left out: there is text behind a closing quote"]
      ),
      // The same person twice, without regard to case; nobody.
      (
        "a@x,Ann,1\nb@x,Bob,2\nA@X,Ann,3\n,Nobody,4\n", ["a@x", "b@x"],
        [
          "line 4 left out: its key a@x is that of line 2 already", "line 5 left out: it has no Email",
        ]
      ),
      // A separator before a combining sign is one all the same.
      ("a@x,\u{301}Ann,1\n", ["a@x"], []),
    ] as [(String, [String], [String])])
  func wrongLines(_ body: String, _ keys: [String], _ remarks: [String]) async throws {
    for end in ["\n", "\r\n"] {
      let file = try FileFixture(("Email,First name,Title\n" + body).replacingOccurrences(of: "\n", with: end))
      let (records, remark) = try await file.people()
      #expect(records.map(\.id.rawValue) == keys)
      #expect(try await file.remarks() == remarks)
      #expect((remark == nil) == remarks.isEmpty)
    }
  }

  @Test("lines are counted as an editor counts them, line ends in quotes and blank lines too")
  func lineNumbers() async throws {
    let file = try FileFixture("\nEmail,Title\n\na@x,\"one\ntwo\nthree\"\n,,\n   \nb@x\nc@x,t\n\n\n")
    #expect(try await file.remarks() == ["line 9 left out: it has 1 of 2 columns"])
    let lines = try #require(try await file.check()["lines"])
    #expect(lines.detail == "12 lines: 2 people, 1 left out, blank: 3, 7, 8")
    #expect(lines.outcome == .warned && lines.fix != nil)
    #expect(try await file.people().records.map(\.native) == ["line 4", "line 10"])
  }

  @Test("a heading that stands twice is used where its columns agree")
  func doubledHeading() async throws {
    let file = try FileFixture(
      "Email,Title,EMAIL,Note,Note\na@x,1,a@x,,\n,2,b@x,,\nc@x,3,,,\nd@x,4,e@x,,\nf@x,5,F@X,,\n")
    #expect(try await file.people().records.map { $0.fields.text("email") } == ["a@x", "b@x", "c@x"])
    #expect(
      try await file.remarks() == [
        "line 5 left out: its columns Email differ: d@x and e@x",
        "line 6 left out: its columns Email differ: f@x and F@X",
        "line 1 odd: columns 1 and 3 are both called Email: a line is taken where they agree or only one is filled",
        "line 1 odd: columns 4 and 5 are both called Note: neither is used",
      ])
  }

  @Test("many wrong lines: the first by their causes, the rest by their numbers")
  func manyWrongLines() async throws {
    let body = (1...100).map { $0 % 2 == 0 ? "u\($0)@x.example,Ann" : "short" }.joined(separator: "\n")
    let file = try FileFixture("Email,First name\n" + body)
    let (records, remark) = try await file.people()
    #expect(records.count == 50)
    #expect(remark == "50 lines left out: 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, …")
    let check = try await file.check()
    #expect(check.count { $0.name.hasPrefix("line ") } == 20)
    #expect(check.last?.detail.hasPrefix("left out: 30 more: 42, 44, 46,") == true)
  }

  @Test("100,000 lines: every good one is there, in its order, and the wrong ones are named")
  func large() async throws {
    var text = "Object Id,User principal name,Display name,Licenses,Block credential,Note\r\n"
    for number in 1...100_000 {
      switch number {
      case 50_000: text += "id-\(number),short line\r\n"
      case 75_000: text += "id-1,u\(number)@acme.example,Twice,Unlicensed,False,\r\n"
      default:
        text +=
          "id-\(number),u\(number)@acme.example,\"Müller, \(number)\",Microsoft 365 E3,\(number % 10 == 0),\"a\nb\"\r\n"
      }
    }
    let file = try FileFixture(text)
    let (records, remark) = try await file.people()
    #expect(records.count == 99_998)
    // Two lines of the file for each, but for the two wrong ones that have one.
    #expect(remark == "2 lines left out: 100000, 149999")
    #expect(records[0].id == "id-1" && records[0].fields.text("email") == "u1@acme.example")
    #expect(records[49_998].id == "id-49999" && records[49_999].id == "id-50001")
    let last = try #require(records.last)
    #expect(last.id == "id-100000" && last.fields.text("display-name") == "Müller, 100000")
    #expect(last.fields.flag("account-enabled") == false && last.fields.items("licences") == ["Microsoft 365 E3"])
    #expect(records.count { $0.fields.flag("account-enabled") == false } == 9_998)
    #expect(Set(records.map(\.id)).count == records.count)
  }

  @Test("a file that is not there, may not be read, or is none")
  func noFile() async throws {
    let file = try FileFixture("email\na@x.example\n")
    func failure(_ path: String) async throws -> CheckResult {
      try #require(try await file.check(["path": path])["file"])
    }
    let missing = try await failure(file.path + ".no")
    #expect(missing.detail.hasPrefix("there is no file") && missing.fix?.contains("path=") == true)
    let folder = try await failure(file.folder.path)
    #expect(folder.detail.hasSuffix("is a folder") && folder.outcome == .failed)
    #expect(try await failure("/dev/null").detail.contains("pipe or a device"))
    do {
      _ = try await file.people(["path": file.path + ".no"])
      Issue.record("it was read")
    } catch let error as ConnectorError {
      // A file that comes every night may be late: worth trying again.
      #expect(error.kind == .unreachable && error.delivery == .notSent)
    }
    let sparse = file.folder.appendingPathComponent("huge.csv")
    #expect(FileManager.default.createFile(atPath: sparse.path, contents: nil))
    let handle = try FileHandle(forWritingTo: sparse)
    try handle.truncate(atOffset: 300 << 20)
    try handle.close()
    let huge = try await failure(sparse.path)
    #expect(huge.detail.contains("300 MB") && huge.fix != nil)
  }

  @Test("a changed file is read anew, an unchanged one is the same")
  func changes() async throws {
    let file = try FileFixture("email\na@x.example\n")
    let connector = try file.connector()
    #expect(try await FileFixture.records(of: connector, .person, nil).records.count == 1)
    try file.write("email\na@x.example\nb@x.example\n".utf8)
    #expect(try await FileFixture.records(of: connector, .person, nil).records.count == 2)
    #expect(
      try await connector.read(["b@x.example", "c@x.example"], of: .person, in: ReadScope()).map(\.id) == [
        "b@x.example"
      ])
    #expect(try await connector.find(.person, in: ReadScope(), where: "email", is: "B@x.EXAMPLE").count == 1)
    #expect(connector.requestCount == 0)
  }

  @Test("nothing is written to a file") func refusesWrites() async throws {
    let file = try FileFixture("email\na@x.example\n")
    let before = try Data(contentsOf: URL(fileURLWithPath: file.path))
    let write = Write(
      kind: .person, action: .update, target: "a@x.example", values: ["title": .text("Boss")], current: nil, token: "t")
    let outcomes = await (try file.connector()).write([write], in: ReadScope())
    guard case .rejected(let rejection)? = outcomes.first else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(rejection.reason == .recordForbidden)
    #expect(FileConnector.description.features.writes.isEmpty)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file.path)) == before)
  }
}
