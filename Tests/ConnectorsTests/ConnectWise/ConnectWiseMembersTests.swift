import Connectors
import Foundation
import Model
import Testing

@Suite struct ConnectWiseMembersTests {
  private static let findings = ["code-base": "v1/", "email-type": "1", "phone-type": "2", "mobile-type": "4"]

  private static let dora = #"""
    {"id":7,"identifier":"DMARTIN","firstName":"Dora","lastName":"Martin","primaryEmail":"Dora@msp.example",
     "officeEmail":"office@msp.example","mobileEmail":"mobile@msp.example","defaultEmail":"Mobile",
     "inactiveFlag":false,"type":{"id":3,"name":"Technician"},"licenseClass":"F",
     "hireDate":"2021-03-01T00:00:00Z","defaultLocation":{"id":11,"name":"Porto"},
     "defaultDepartment":{"id":12,"name":"Service"},"workRole":{"id":13,"name":"Tier 2"},
     "photo":{"id":267,"name":"d.jpg","_info":{
       "documentDownload_href":"https://cw.example/v2024_9/apis/3.0/system/documents/267/download"}},
     "_info":{"lastUpdated":"2026-01-05T10:11:12Z","updatedBy":"admin1","dateEntered":"2021-02-01T00:00:00Z"}}
    """#

  private static func server(_ members: [String], answering paths: [String: HTTPResponse] = [:]) -> ScriptedTransport {
    ScriptedTransport { request, _ in
      if let answer = paths.first(where: { request.address.path.hasSuffix($0.key) })?.value { return answer }
      return request.address.path.hasSuffix("/count")
        ? .json(#"{"count":\#(members.count)}"#) : .json("[\(members.joined(separator: ","))]")
    }
  }

  private static func connector(_ transport: ScriptedTransport) throws -> ConnectWiseConnector {
    try ConnectWiseConnector(.test("connectwise", transport, findings: findings))
  }

  private static func record(_ member: String) async throws -> Record? {
    try await pages(connector(server([member])).read(.member, in: ReadScope(), since: nil)).last?.records.first
  }

  @Test("a member's fields are where the page says")
  func fields() async throws {
    let record = try #require(try await Self.record(Self.dora))
    #expect(record.id == "7" && record.kind == .member && record.state == .active && record.parent == nil)
    #expect(
      record.fields == [
        "identifier": .text("DMARTIN"), "first-name": .text("Dora"), "last-name": .text("Martin"),
        "email": .text("Dora@msp.example"), "employee-ids": .list(["DMARTIN", "Dora@msp.example"]),
        "location": .text("Porto"), "location-id": .text("11"), "team": .text("Service"), "team-id": .text("12"),
        "position": .text("Tier 2"), "position-id": .text("13"), "hire-date": .text("2021-03-01"),
        "member-type": .text("Technician"), "member-type-id": .text("3"), "licence-class": .text("F"),
        "photo": .text("267"), "photo-download": .text("system/documents/267/download"),
        "updated-by": .text("admin1"),
      ])
    let declared = ConnectWiseConnector.description.fields[.member] ?? []
    #expect(Set(record.fields.names) == Set(declared.map(\.name)))
    #expect(declared.allSatisfy { !$0.isWritable })
    #expect(record.modified != nil && record.created != nil && record.version != nil)
  }

  @Test(
    "the address is the primary one, else the one that is selected, else the office's; ids are exactly as they are",
    arguments: [
      (#""primaryEmail":"p@x","officeEmail":"o@x""#, FieldValue.text("p@x"), ["  D M", "p@x"]),
      (
        #""primaryEmail":null,"defaultEmail":"Home","homeEmail":"h@x","officeEmail":"o@x""#, .text("h@x"),
        ["  D M", "h@x"]
      ),
      (
        #""primaryEmail":" ","defaultEmail":"Mobile","mobileEmail":"m@x","officeEmail":"o@x""#, .text("m@x"),
        ["  D M", "m@x"]
      ),
      (#""defaultEmail":"Home","homeEmail":"","officeEmail":"o@x""#, .text("o@x"), ["  D M", "o@x"]),
      (#""defaultEmail":"Office""#, .null, ["  D M"]),
    ] as [(String, FieldValue, [String])])
  func email(_ emails: String, _ email: FieldValue, _ ids: [String]) async throws {
    let record = try #require(try await Self.record(#"{"id":7,"identifier":"  D M",\#(emails)}"#))
    #expect(record.fields["email"] == email)
    #expect(record.fields.items("employee-ids") == ids)
  }

  @Test("what is left out or null is null, and a null flag counts as active")
  func blanks() async throws {
    for flag in ["", #","inactiveFlag":null"#, #","inactiveFlag":false"#] {
      let record = try #require(try await Self.record(#"{"id":7,"photo":null\#(flag)}"#))
      #expect(record.state == .active)
      #expect(record.fields["photo"] == .null && record.fields["photo-download"] == .null)
      #expect(record.fields["team"] == .null && record.fields["hire-date"] == .null)
      #expect(record.fields["employee-ids"] == .list([]))
    }
    #expect(try await Self.record(#"{"id":7,"inactiveFlag":true}"#)?.state == .inactive)
    // Without a link the usual place is said; with one, what stands below the API's address.
    #expect(
      try await Self.record(#"{"id":7,"photo":{"id":5}}"#)?.fields.text("photo-download")
        == "system/documents/5/download")
  }

  @Test("API members are no staff, and the number that is declared leaves them out")
  func apiMembers() async throws {
    let members = [
      #"{"id":1,"licenseClass":"F"}"#, #"{"id":2,"licenseClass":"A"}"#, #"{"id":3,"licenseClass":"X"}"#,
    ]
    let transport = Self.server(members)
    let connector = try Self.connector(transport)
    let read = try await pages(connector.read(.member, in: ReadScope(), since: nil))
    #expect(read.flatMap(\.records).map(\.id) == ["1", "3"])
    #expect(read.last?.declaredTotal == 2)
    #expect(connector.requestCount == connector.smallestRequestCount(.read(.member, count: 2, isDelta: false)))
    #expect(try await connector.read(["2", "3", "x"], of: .member, in: ReadScope()).map(\.id) == ["1", "3"])
    #expect(transport.lines.last?.contains("conditions=id in (2,3)") == true)
  }

  @Test("changes are asked for with an overlap, and no number that would count API members")
  func changes() async throws {
    let transport = Self.server([Self.dora])
    let connector = try Self.connector(transport)
    let full = try await pages(connector.read(.member, in: ReadScope(), since: nil))
    let mark = try #require(full.last?.mark)
    #expect(mark.rawValue == "2026-01-05T10:11:12Z")
    let before = connector.requestCount
    let delta = try await pages(connector.read(.member, in: ReadScope(), since: mark))
    #expect(delta.allSatisfy(\.isDelta) && delta.last?.declaredTotal == nil && delta.last?.mark == mark)
    #expect(connector.requestCount - before == connector.smallestRequestCount(.read(.member, count: 0, isDelta: true)))
    let line = try #require(transport.lines.last)
    #expect(line.hasPrefix("GET /cw/v1/apis/3.0/system/members?conditions=lastUpdated>[2026-01-05T09:56:12Z]&fields="))
    #expect(transport.requests.last?.headers.contains(HTTPHeader("pagination-type", "forward-only")) == true)
    let expired = await failure {
      try await pages(connector.read(.member, in: ReadScope(), since: DeltaMark("garbage")))
    }
    #expect(expired?.kind == .deltaExpired)
  }

  @Test("members are found by their address wherever it stands, and by identifier and name through a condition")
  func find() async throws {
    let transport = Self.server([Self.dora])
    let connector = try Self.connector(transport)
    #expect(
      try await connector.find(.member, in: ReadScope(), where: "email", is: "DORA@msp.example").map(\.id) == ["7"])
    #expect(try await connector.find(.member, in: ReadScope(), where: "email", is: "nobody@x").isEmpty)
    #expect(
      try await connector.find(.member, in: ReadScope(), where: "identifier", is: "DMARTIN").map(\.id) == ["7"])
    #expect(transport.lines.last?.contains(#"conditions=identifier="DMARTIN""#) == true)
    #expect(await failure { try await connector.find(.member, in: ReadScope(), where: "team", is: "x") } != nil)
  }

  @Test("members are never written", arguments: WriteKind.allCases)
  func noWrites(_ action: WriteKind) async throws {
    let transport = Self.server([Self.dora])
    let write = Write(
      kind: .member, action: action, target: action == .create ? nil : "7", values: ["first-name": .text("X")],
      current: nil, token: "t")
    let outcomes = try await Self.connector(transport).write([write], in: ReadScope())
    guard case .rejected(let rejection)? = outcomes.first else {
      Issue.record("not refused: \(outcomes)")
      return
    }
    #expect(rejection.reason == .recordForbidden && rejection.message.contains("members"))
    #expect(transport.requests.isEmpty)
  }

  @Test(
    "check tests the right to read members by itself, and names the types there are",
    arguments: [
      ([:], ["members: read": "passed allowed, 1 members", "member types: read": "passed allowed: Tech (3)"]),
      (
        ["/system/members/count": 403],
        ["members: read": "warned ConnectWise answered number of members with 403"]
      ),
      (
        ["/system/members/types": 403],
        [
          "members: read": "passed allowed, 1 members",
          "member types: read": "warned ConnectWise answered member types with 403",
        ]
      ),
    ] as [([String: Int], [String: String])])
  func check(_ refused: [String: Int], _ expected: [String: String]) async throws {
    var answers: [String: HTTPResponse] = [
      "/login/companyinfo/msp": .json(#"{"Codebase":"v1/","IsCloud":"True"}"#),
      "/communicationTypes": .json(
        #"[{"id":1,"description":"Email","emailFlag":true},{"id":2,"description":"Direct","phoneFlag":true},{"id":4,"description":"Mobile","phoneFlag":true}]"#
      ),
      "/system/members/types": .json(#"[{"id":3,"name":"Tech"},{"id":4,"name":"Old","inactiveFlag":true}]"#),
    ]
    for (path, status) in refused { answers[path] = .json("{}", status: status) }
    let transport = Self.server([Self.dora], answering: answers)
    let report = try await ConnectWiseConnector(.test("connectwise", transport)).check(partitions: [])
    let told = report.results.filter { $0.name.hasPrefix("member") }
    #expect(
      Dictionary(uniqueKeysWithValues: told.map { ($0.name, "\($0.outcome.rawValue) \($0.detail)") }) == expected)
    #expect(told.allSatisfy { $0.outcome == .passed || $0.fix?.contains("System > ") == true })
    #expect(report.hasPassed)
  }
}
