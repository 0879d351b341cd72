/// Readings of Teamwork.com: which requests, which records, and what happens when the list moves.
import Connectors
import Foundation
import Model
import Synchronization
import Testing

@Suite struct TeamworkReadingTests {
  private static let people = "projects/api/v3/people.json"
  private static let companies = "projects/api/v3/companies.json"
  private static let all = "includeCollaborators=true&includeClients=true&showDeleted=true"
  private static let first = "orderBy=id&orderMode=asc&page=1&pageSize=500"
  private static let detail = "people.json?page=1&pageSize=250"

  @Test("a complete reading: the list, then each company's details at once; staff and stand-ins are left out")
  func complete() async throws {
    let transport = ScriptedTransport { request, _ in
      switch request.address.path {
      case "/teamwork/projects/api/v3/people.json":
        TeamworkSite.page(
          "people",
          [
            TeamworkSite.listed(10), TeamworkSite.listed(11), TeamworkSite.listed(12, company: 8),
            TeamworkSite.listed(13, company: 1), TeamworkSite.listed(14, company: 7, #","isServiceAccount":true"#),
            TeamworkSite.listed(15).replacingOccurrences(of: #""deleted":false"#, with: #""deleted":true"#),
          ])
      case "/teamwork/companies/7/people.json":
        TeamworkSite.people([TeamworkSite.person(11), TeamworkSite.person(10), TeamworkSite.person(99)])
      case "/teamwork/people/12.json":
        .json(#"{"STATUS":"OK","person":\#(TeamworkSite.person(12, company: 8, type: "account"))}"#)
      default: .json("", status: 404)
      }
    }
    let read = try await pages(
      TeamworkSite.connector(transport).read(.person, in: ReadScope(partition: nil), since: nil))
    #expect(
      TeamworkSite.lines(transport) == [
        "GET \(Self.people)?\(Self.all)&\(Self.first)", "GET companies/7/\(Self.detail)", "GET people/12.json",
      ])
    let records = read.flatMap(\.records)
    #expect(records.map(\.id) == ["10", "11", "12", "15"])
    #expect(records.map(\.parent) == ["7", "7", "8", "7"])
    #expect(records.map(\.state) == [.active, .active, .active, .gone])
    #expect(read.last?.declaredTotal == 3)
    #expect(read.map(\.isLast) == [false, false, true])
    #expect(read.allSatisfy { !$0.isDelta })
    #expect(read.last?.mark == DeltaMark("2026-03-01T09:15:00Z"))
    #expect(
      records.first?.fields == [
        "first-name": .text("P10"), "last-name": .text("L"), "title": .null, "email": .text("p10@x.example"),
        "other-emails": .list(["a10@x.example"]), "phone": .text("1"), "mobile": .null, "fax": .null, "photo": .null,
        "twitter": .null, "addresses": .list(["p10@x.example", "a10@x.example"]), "company-id": .text("7"),
        "user-type": .text("contact"),
      ])
    #expect(records.first?.created == Date(timeIntervalSince1970: 1_767_348_000))
    let credential = Data("\(TeamworkSite.key):x".utf8).base64EncodedString()
    #expect(transport.requests.allSatisfy { $0.headers.contains(HTTPHeader("Authorization", "Basic \(credential)")) })
  }

  @Test("changes: with an overlap, one by itself, several of a company together, deletions and moves to the staff told")
  func changes() async throws {
    let transport = ScriptedTransport { request, _ in
      switch request.address.path {
      case "/teamwork/projects/api/v3/people.json":
        TeamworkSite.page(
          "people",
          [
            TeamworkSite.listed(10), TeamworkSite.listed(13, company: 1),
            TeamworkSite.listed(15, company: 8)
              .replacingOccurrences(of: #""deleted":false"#, with: #""deleted":true"#)
              .replacingOccurrences(of: "2026-03-01T09:15:00Z", with: "2026-04-01T00:00:00.80731737Z"),
          ])
      case "/teamwork/people/10.json": .json(#"{"STATUS":"OK","person":\#(TeamworkSite.person(10))}"#)
      default: .json("", status: 404)
      }
    }
    let read = try await pages(
      TeamworkSite.connector(transport).read(
        .person, in: ReadScope(partition: nil), since: DeltaMark("2026-03-01T09:10:00Z")))
    #expect(
      TeamworkSite.lines(transport) == [
        "GET \(Self.people)?\(Self.all)&updatedAfter=2026-03-01T09:08:00Z&\(Self.first)", "GET people/10.json",
      ])
    #expect(read.flatMap(\.records).map(\.id) == ["10", "13", "15"])
    #expect(read.flatMap(\.records).map(\.state) == [.active, .gone, .gone])
    #expect(read.allSatisfy { $0.isDelta && $0.declaredTotal == nil })
    #expect(read.last?.mark == DeltaMark("2026-04-01T00:00:00Z"))
  }

  @Test("one company is always read completely, and gives no mark")
  func partition() async throws {
    let transport = ScriptedTransport { request, _ in
      request.address.path.hasSuffix("v3/people.json")
        ? TeamworkSite.page("people", [TeamworkSite.listed(10), TeamworkSite.listed(12, company: 8)])
        : .json(#"{"person":\#(TeamworkSite.person(10))}"#)
    }
    let connector = try TeamworkSite.connector(transport)
    let read = try await pages(
      connector.read(.person, in: ReadScope(partition: "7"), since: DeltaMark("2026-03-01T09:10:00Z")))
    #expect(TeamworkSite.lines(transport).first == "GET \(Self.people)?\(Self.all)&companyIds=7&\(Self.first)")
    #expect(read.flatMap(\.records).map(\.id) == ["10"])
    #expect(read.last?.mark == nil)
    #expect(read.last?.isDelta == false)
    let error = await failure {
      try await pages(connector.read(.person, in: ReadScope(partition: "acme"), since: nil))
    }
    #expect(error?.kind == .misconfigured)
  }

  @Test("G1 each page begins with rows of the one before; a list that moved is read again, and nothing is lost")
  func movingList() async throws {
    // Three pages of clients; the 400th is deleted while the first two are on their way.
    let ids = Mutex(Array(1...1100))
    let asked = Mutex(0)
    let transport = ScriptedTransport { request, _ in
      let query = Dictionary(
        (request.address.query ?? "").split(separator: "&").map {
          let pair = $0.split(separator: "=")
          return (String(pair[0]), String(pair[1]))
        }
      ) { first, _ in first }
      let (number, size) = (Int(query["page"] ?? "") ?? 0, Int(query["pageSize"] ?? "") ?? 0)
      let all = ids.withLock { $0 }
      let start = (number - 1) * size
      let rows = all.dropFirst(start).prefix(size).map { TeamworkSite.company($0, "C\($0)", isOwner: $0 == 1) }
      if asked.withLock({
        $0 += 1
        return $0
      }) == 1 {
        ids.withLock { $0.removeAll { $0 == 400 || $0 == 401 } }
      }
      return TeamworkSite.page("companies", rows, hasMore: start + size < all.count, count: all.count)
    }
    let read = try await pages(TeamworkSite.connector(transport).read(.company, in: ReadScope(), since: nil))
    let found = read.flatMap(\.records).compactMap { Int($0.id.rawValue) }
    #expect(found.sorted() == Array(1...1100).filter { $0 != 400 && $0 != 401 })
    #expect(read.last?.declaredTotal == 1098)
    #expect(
      transport.lines.map { String($0.suffix(19)) } == [
        "page=1&pageSize=500", "page=2&pageSize=499", "page=1&pageSize=500", "page=2&pageSize=499",
        "page=3&pageSize=498",
      ])
  }

  @Test(
    "G1 a list that proves nothing is no reading",
    arguments: [
      #"{"people":[]}"#, #"{"meta":{"page":{"count":0,"hasMore":false}}}"#, "", "<html>busy</html>", "[]",
      #"{"people":[{"id":"x"}],"meta":{"page":{"hasMore":false}}}"#,
      #"{"people":[],"meta":{"page":{"count":5,"hasMore":true}}}"#,
      #"{"people":[{"id":99999999999999999999}],"meta":{"page":{"hasMore":false}}}"#,
    ])
  func brokenLists(_ body: String) async throws {
    let transport = ScriptedTransport { _, _ in .json(body) }
    let error = await failure {
      try await pages(TeamworkSite.connector(transport).read(.person, in: ReadScope(), since: nil))
    }
    #expect(error?.kind == .malformed)
  }

  @Test("where ids are no order for the server, names are; another 400 is an error")
  func order() async throws {
    let transport = ScriptedTransport { request, _ in
      request.address.query?.contains("orderBy=id") == true
        ? .json(#"{"errors":[{"title":"invalid","detail":"orderBy"}]}"#, status: 400)
        : TeamworkSite.page("companies", [TeamworkSite.company(7, "A")])
    }
    let connector = try TeamworkSite.connector(transport)
    for _ in 1...2 { _ = try await pages(connector.read(.company, in: ReadScope(), since: nil)) }
    let orders = transport.lines.map { $0.contains("orderBy=id&") ? "id" : "name" }
    #expect(orders == ["id", "name", "name"])
    let never = ScriptedTransport { _, _ in .json(#"{"message":"no"}"#, status: 400) }
    let error = await failure {
      try await pages(TeamworkSite.connector(never).read(.company, in: ReadScope(), since: nil))
    }
    #expect(error?.kind == .rejected)
  }

  @Test("details come in pages; whoever is missed is asked for alone; who vanished meanwhile is not counted")
  func details() async throws {
    let transport = ScriptedTransport { request, _ in
      let path = request.address.path
      if path.hasSuffix("v3/people.json") {
        return TeamworkSite.page("people", (1...4).map { TeamworkSite.listed($0) })
      }
      if path.hasSuffix("/companies/7/people.json") {
        let isFirst = request.address.query?.contains("page=1&") == true
        return HTTPResponse(
          status: 200, headers: [HTTPHeader("X-Pages", "2")],
          body: TeamworkSite.people([TeamworkSite.person(isFirst ? 1 : 2)]).body)
      }
      return path.hasSuffix("/3.json") ? .json(#"{"person":\#(TeamworkSite.person(3))}"#) : .json("", status: 404)
    }
    let read = try await pages(TeamworkSite.connector(transport).read(.person, in: ReadScope(), since: nil))
    #expect(read.flatMap(\.records).map(\.id) == ["1", "2", "3"])
    #expect(read.last?.declaredTotal == 3)
    #expect(transport.lines.count == 5)
  }

  @Test("companies: the owner is flagged; a company that was never edited changed when it was made")
  func companies() async throws {
    let transport = ScriptedTransport { _, _ in
      TeamworkSite.page(
        "companies",
        [
          TeamworkSite.company(1, "MSP", isOwner: true, updated: #""2026-02-02T00:00:00Z""#),
          TeamworkSite.company(7, "Zażółć 🥐"),
        ])
    }
    let read = try await pages(
      TeamworkSite.connector(transport, findings: [:]).read(.company, in: ReadScope(), since: nil))
    let records = read.flatMap(\.records)
    #expect(records.map { $0.fields.flag("is-owner") } == [true, false])
    #expect(
      records.last?.fields == [
        "name": .text("Zażółć 🥐"), "website": .text("https://x.example"), "email": .text("c@x.example"),
        "phone": .null, "is-owner": .flag(false),
      ])
    #expect(records.last?.modified == Date(timeIntervalSince1970: 1_767_348_000))
    #expect(read.last?.mark == DeltaMark("2026-02-02T00:00:00Z"))
    #expect(TeamworkSite.lines(transport) == ["GET \(Self.companies)?\(Self.first)"])
  }

  @Test("changed companies: the edited and the new, and the number of all shows what was deleted")
  func changedCompanies() async throws {
    let transport = ScriptedTransport { request, _ in
      request.address.query?.contains("pageSize=1&") == true || request.address.query?.hasSuffix("pageSize=1") == true
        ? TeamworkSite.page("companies", [TeamworkSite.company(1, "MSP")], hasMore: true, count: 1200)
        : TeamworkSite.page("companies", [TeamworkSite.company(7, "A")])
    }
    let connector = try TeamworkSite.connector(transport)
    let read = try await pages(connector.read(.company, in: ReadScope(), since: DeltaMark("2026-03-01T00:00:00Z")))
    #expect(
      TeamworkSite.lines(transport) == [
        "GET \(Self.companies)?updatedAfter=2026-02-28T23:58:00Z&\(Self.first)",
        "GET \(Self.companies)?createdAfter=2026-02-28T23:58:00Z&\(Self.first)",
        "GET \(Self.companies)?orderBy=id&orderMode=asc&page=1&pageSize=1",
      ])
    #expect(read.last?.declaredTotal == 1200)
    #expect(read.last?.isDelta == true)
    // An older time than the mark's does not move it back.
    #expect(read.last?.mark == DeltaMark("2026-03-01T00:00:00Z"))
    #expect(connector.requestCount == connector.smallestRequestCount(.read(.company, count: 1, isDelta: true)))
    let error = await failure {
      try await pages(connector.read(.company, in: ReadScope(), since: DeltaMark("yesterday")))
    }
    #expect(error?.kind == .deltaExpired)
  }

  @Test("what takes long moves its mark back by as long")
  func slowReading() async throws {
    let clock = FakeClock()
    let transport = ScriptedTransport { _, _ in
      clock.advance(90)
      return TeamworkSite.page("companies", [TeamworkSite.company(7, "A", updated: #""2026-03-01T09:15:00Z""#)])
    }
    let connector = try TeamworkConnector(TeamworkSite.setup(transport, clock: clock))
    let read = try await pages(connector.read(.company, in: ReadScope(), since: nil))
    #expect(read.last?.mark == DeltaMark("2026-03-01T09:13:30Z"))
  }

  @Test("single records: many ids in few addresses, strange ids never asked for, staff not found")
  func single() async throws {
    let transport = ScriptedTransport { request, _ in
      switch request.address.path {
      case "/teamwork/projects/api/v3/people.json":
        TeamworkSite.page("people", [TeamworkSite.listed(10), TeamworkSite.listed(13, company: 1)])
      case "/teamwork/people/10.json": .json(#"{"person":\#(TeamworkSite.person(10))}"#)
      default: TeamworkSite.page("companies", [])
      }
    }
    let connector = try TeamworkSite.connector(transport)
    let found = try await connector.read(["10", "13", "x", "10"], of: .person, in: ReadScope())
    #expect(found.map(\.id) == ["10"])
    #expect(
      TeamworkSite.lines(transport) == ["GET \(Self.people)?ids=10,13&\(Self.all)&\(Self.first)", "GET people/10.json"])
    let many = (100_000..<100_900).map { RecordID(String($0)) }
    _ = try await connector.read(many, of: .company, in: ReadScope())
    #expect(transport.requests.allSatisfy { $0.address.description.utf8.count < 2000 })
    #expect(try await connector.read(["nobody"], of: .company, in: ReadScope()).isEmpty)
    #expect(transport.requests.count == 2 + 5)
  }

  @Test(
    "looking up: by address exactly, by name exactly, by anything else among all; compared by the field's rule",
    arguments: [
      (RecordKind.person, "email", "P10@X.example", ["10"], "emails=P10@X.example"),
      (.person, "email", "p10@x.example,p11@x.example", [], "showDeleted=true&orderBy"),
      (.person, "other-emails", "A10@x.example", ["10"], "showDeleted=true&orderBy"),
      (.person, "addresses", "p10@x.example", ["10"], "showDeleted=true&orderBy"),
      (.person, "phone", "(1)", ["10"], "showDeleted=true&orderBy"),
      (.company, "name", "A & B", ["7"], "name=A & B"),
      (.company, "name", "a & b", [], "name=a & b"),
      (.company, "email", "C@X.example", ["7"], "orderBy"),
    ] as [(RecordKind, FieldName, String, [RecordID], String)])
  func finding(_ kind: RecordKind, _ field: FieldName, _ value: String, _ ids: [RecordID], _ query: String) async throws
  {
    let transport = ScriptedTransport { request, _ in
      switch request.address.path {
      case "/teamwork/projects/api/v3/people.json": TeamworkSite.page("people", [TeamworkSite.listed(10)])
      case "/teamwork/people/10.json": .json(#"{"person":\#(TeamworkSite.person(10))}"#)
      default: TeamworkSite.page("companies", [TeamworkSite.company(7, "A & B")])
      }
    }
    let found = try await TeamworkSite.connector(transport).find(kind, in: ReadScope(), where: field, is: value)
    #expect(found.map(\.id) == ids)
    #expect(transport.lines.first?.contains(query) == true)
  }

  @Test(
    "v1's flags and numbers in all their spellings",
    arguments: [
      (#""deleted":"1""#, RecordState.gone), (#""deleted":1"#, .gone), (#""deleted":true"#, .gone),
      (#""deleted":"0""#, .active), (#""deleted":"false""#, .active), (#""deleted":null"#, .active),
      (#""other":{}"#, .active),
    ])
  func spellings(_ flag: String, _ state: RecordState) async throws {
    let person = TeamworkSite.person(10).replacingOccurrences(of: #""deleted":false"#, with: flag)
      .replacingOccurrences(of: #""company-id":"7""#, with: #""companyId":7"#)
    let transport = ScriptedTransport { request, _ in
      request.address.path.hasSuffix("v3/people.json")
        ? TeamworkSite.page("people", [TeamworkSite.listed(10)]) : .json(#"{"person":\#(person)}"#)
    }
    let found = try await TeamworkSite.connector(transport).read(["10"], of: .person, in: ReadScope())
    #expect(found.map(\.state) == [state])
    #expect(found.map(\.parent) == ["7"])
  }

  @Test("networks that v1 does not send say nothing, and those it sends are kept")
  func networks() async throws {
    func record(_ more: String) async throws -> Record? {
      let transport = ScriptedTransport { request, _ in
        request.address.path.hasSuffix("v3/people.json")
          ? TeamworkSite.page("people", [TeamworkSite.listed(10)])
          : .json(#"{"person":\#(TeamworkSite.person(10, more))}"#)
      }
      return try await TeamworkSite.connector(transport).read(["10"], of: .person, in: ReadScope()).first
    }
    #expect(try await record("")?.fields["linkedin"] == nil)
    #expect(try await record("")?.fields["facebook"] == nil)
    #expect(try await record(#","userLinkedin":"https://l/x""#)?.fields["linkedin"] == .text("https://l/x"))
    #expect(try await record(#","userFacebook":"""#)?.fields["facebook"] == .null)
  }
}
