/// Readings of Teamwork Desk: which requests, which records, and what proves that a list is complete.
import Connectors
import Foundation
import Model
import Testing

@Suite struct TeamworkDeskReadingTests {
  private static let order = "orderBy=id&orderMode=asc&page=1&pageSize=100"

  @Test("a complete reading goes by id, and a short page is not the last one")
  func complete() async throws {
    let transport = ScriptedTransport { request, number in
      number == 1
        ? TeamworkDeskSite.page(
          "customers",
          [
            TeamworkDeskSite.customer(5),
            TeamworkDeskSite.customer(6).replacingOccurrences(of: #""state":"active""#, with: #""state":"deleted""#),
          ], included: TeamworkDeskSite.points(5, 6), hasMore: true, records: 3)
        : TeamworkDeskSite.page(
          "customers",
          [TeamworkDeskSite.customer(9, company: "null", contacts: "null", updated: "0001-01-01T00:00:00Z")])
    }
    let read = try await pages(TeamworkDeskSite.connector(transport).read(.person, in: ReadScope(), since: nil))
    #expect(
      TeamworkDeskSite.lines(transport) == [
        "GET customers.json?\(Self.order)&includes=companies,contacts",
        #"GET customers.json?filter={"id":{"$gt":6}}&\#(Self.order)&includes=companies,contacts"#,
      ])
    let records = read.flatMap(\.records)
    #expect(records.map(\.id) == ["5", "6", "9"])
    #expect(records.map(\.state) == [.active, .gone, .active])
    #expect(records.map(\.parent) == ["16", "16", nil])
    #expect(read.last?.declaredTotal == 2)
    #expect(read.last?.mark == DeltaMark("2026-04-02T08:00:00Z"))
    #expect(
      records.first?.fields == [
        "first-name": .text("C5"), "last-name": .text("L"), "title": .null, "email": .text("c5@x.example"),
        "other-emails": .list(["a5@x.example"]), "addresses": .list(["c5@x.example", "a5@x.example"]), "phone": .null,
        "mobile": .null, "photo": .null, "twitter": .null, "facebook": .null, "linkedin": .null,
        "company-id": .text("16"), "add-method": .text("manual"),
      ])
    #expect(records.first?.created == Date(timeIntervalSince1970: 1_775_030_400))
    #expect(records.last?.modified == records.first?.created)
    #expect(records.last?.fields["other-emails"] == .list([]))
    #expect(
      transport.requests.allSatisfy {
        $0.headers.contains(HTTPHeader("Authorization", "Bearer \(TeamworkDeskSite.key)"))
      }
    )
  }

  @Test("changes: the changed, the deleted where the vendor lists them, and the number of those that are left")
  func changes() async throws {
    let transport = ScriptedTransport { request, _ in
      let query = request.address.query?.removingPercentEncoding ?? ""
      if query.contains("deletedAt") {
        return TeamworkDeskSite.page(
          "customers",
          [TeamworkDeskSite.customer(4).replacingOccurrences(of: #""state":"active""#, with: #""state":"deleted""#)])
      }
      if query.contains("$ne") { return TeamworkDeskSite.page("customers", [], hasMore: false, records: 812) }
      return TeamworkDeskSite.page(
        "customers", [TeamworkDeskSite.customer(5)], included: TeamworkDeskSite.points(5))
    }
    let connector = try TeamworkDeskSite.connector(transport)
    let read = try await pages(connector.read(.person, in: ReadScope(), since: DeltaMark("2026-04-01T00:00:00Z")))
    #expect(
      TeamworkDeskSite.lines(transport) == [
        #"GET customers.json?filter={"updatedAt":{"$gte":"2026-03-31T23:58:00Z"}}&\#(Self.order)&includes=companies,contacts"#,
        #"GET customers.json?filter={"$and":[{"state":{"$eq":"deleted"}},{"deletedAt":{"$gte":"2026-03-31T23:58:00Z"}}]}&\#(Self.order)&includes=companies,contacts"#,
        #"GET customers.json?filter={"state":{"$ne":"deleted"}}&orderBy=id&orderMode=asc&page=1&pageSize=1"#,
      ])
    #expect(read.flatMap(\.records).map(\.id) == ["5", "4"])
    #expect(read.flatMap(\.records).map(\.state) == [.active, .gone])
    #expect(read.last?.declaredTotal == 812)
    #expect(read.last?.mark == DeltaMark("2026-04-02T08:00:00Z"))
    #expect(read.allSatisfy { $0.isDelta })
    #expect(connector.requestCount == connector.smallestRequestCount(.read(.person, count: 1, isDelta: true)))
    let error = await failure {
      try await pages(connector.read(.person, in: ReadScope(), since: DeltaMark("yesterday")))
    }
    #expect(error?.kind == .deltaExpired)
  }

  @Test("where deletions cannot be asked for, the number alone shows them")
  func noTombstones() async throws {
    let transport = ScriptedTransport { request, _ in
      let query = request.address.query?.removingPercentEncoding ?? ""
      return query.contains("deletedAt")
        ? .json(#"{"Errors":{"filter":["unknown field"]}}"#, status: 400)
        : TeamworkDeskSite.page("companies", [], records: 3)
    }
    let read = try await pages(
      TeamworkDeskSite.connector(transport).read(.company, in: ReadScope(), since: DeltaMark("2026-04-01T00:00:00Z")))
    #expect(read.last?.isLast == true)
    #expect(read.last?.declaredTotal == 3)
    #expect(read.last?.mark == DeltaMark("2026-04-01T00:00:00Z"))
  }

  @Test("one company's customers are always read completely, and give no mark")
  func partition() async throws {
    let transport = ScriptedTransport { _, _ in
      TeamworkDeskSite.page("customers", [TeamworkDeskSite.customer(5)], included: TeamworkDeskSite.points(5))
    }
    let connector = try TeamworkDeskSite.connector(transport)
    let read = try await pages(
      connector.read(.person, in: ReadScope(partition: "16"), since: DeltaMark("2026-04-01T00:00:00Z")))
    #expect(
      TeamworkDeskSite.lines(transport) == [
        #"GET customers.json?filter={"companies.id":{"$in":[16]}}&\#(Self.order)&includes=companies,contacts"#
      ])
    #expect(read.last?.mark == nil)
    #expect(read.last?.isDelta == false)
  }

  @Test(
    "G1 a list that proves nothing is no reading",
    arguments: [
      "", "<html>", "[]", #"{"customers":[]}"#, #"{"pagination":{"hasMorePages":false}}"#,
      #"{"customers":[],"pagination":{"hasMorePages":true}}"#,
      #"{"customers":[{"id":2},{"id":1}],"pagination":{"hasMorePages":false}}"#,
      #"{"customers":[{"id":99999999999999999999}],"pagination":{"hasMorePages":false}}"#,
      #"{"customers":[{"id":2,"contacts":"x"}],"pagination":{"hasMorePages":false}}"#,
    ])
  func brokenLists(_ body: String) async throws {
    let transport = ScriptedTransport { _, _ in .json(body) }
    let error = await failure {
      try await pages(TeamworkDeskSite.connector(transport).read(.person, in: ReadScope(), since: nil))
    }
    #expect(error?.kind == .malformed)
  }

  @Test("a page that comes twice is noticed, and the other paging block will do")
  func repeated() async throws {
    let transport = ScriptedTransport { _, _ in
      .json(#"{"customers":[{"id":2}],"meta":{"page":{"count":9,"hasMore":true}}}"#)
    }
    let error = await failure {
      try await pages(TeamworkDeskSite.connector(transport).read(.person, in: ReadScope(), since: nil))
    }
    #expect(error?.kind == .malformed)
    #expect(transport.requests.count == 2)
  }

  @Test("a customer whom a filter finds by two of its addresses is one record")
  func twice() async throws {
    let transport = ScriptedTransport { _, _ in
      TeamworkDeskSite.page(
        "customers", [TeamworkDeskSite.customer(5), TeamworkDeskSite.customer(5)], included: TeamworkDeskSite.points(5))
    }
    let connector = try TeamworkDeskSite.connector(transport)
    let found = try await connector.find(.person, in: ReadScope(), where: "email", is: "a5@x.example")
    #expect(found.map(\.id) == ["5"])
  }

  @Test(
    "contact points become fields",
    arguments: [
      (
        #"[{"id":1},{"id":2},{"id":3},{"id":4},{"id":5}]"#,
        #"[{"id":1,"value":"a@x","type":"email","isMain":false},{"id":2,"value":"b@x","type":"email","isMain":true},{"id":3,"value":"@t","type":"twitter"},{"id":4,"value":"c@x","type":"email"},{"id":5,"value":"?","type":7}]"#,
        [
          "email": .text("b@x"), "other-emails": .list(["a@x", "c@x"]), "addresses": .list(["b@x", "a@x", "c@x"]),
          "twitter": .text("@t"), "facebook": .text("flat"), "linkedin": .null,
        ]
      ),
      (
        "[]", "[]",
        [
          "email": .text("flat@x"), "other-emails": .list([]), "addresses": .list(["flat@x"]), "twitter": .null,
          "facebook": .text("flat"), "linkedin": .null,
        ]
      ),
      // Points that were not sent along are not known: nothing is said of the other addresses.
      (
        #"[{"id":1},{"id":2}]"#, #"[{"id":1,"value":"a@x","type":"email","isMain":true}]"#,
        ["email": .text("flat@x"), "twitter": .null, "facebook": .text("flat"), "linkedin": .null]
      ),
    ] as [(String, String, FieldValues)])
  func contactPoints(_ ids: String, _ points: String, _ fields: FieldValues) async throws {
    let transport = ScriptedTransport { _, _ in
      .json(
        #"{"customer":{"id":5,"email":"flat@x","contacts":\#(ids),"twitterHandle":"","facebookURL":"flat","linkedinURL":null},"included":{"contacts":\#(points)}}"#
      )
    }
    let record = try #require(
      try await TeamworkDeskSite.connector(transport).read(["5"], of: .person, in: ReadScope()).first)
    let names: Set<FieldName> = ["email", "other-emails", "addresses", "twitter", "facebook", "linkedin"]
    #expect(record.fields.filter { names.contains($0) } == fields)
    #expect(TeamworkDeskSite.lines(transport) == ["GET customers/5.json?includes=all"])
  }

  @Test(
    "the company, by whichever name it goes",
    arguments: [
      (#""company":{"id":16,"type":"companies"}"#, "16", FieldValue.text("16")),
      (#""company":{"id":"16","type":3}"#, "16", .text("16")), (#""companies":[{"id":16}]"#, "16", .text("16")),
      (#""company":null"#, nil, .null), (#""companies":[]"#, nil, .null), (#""x":1"#, nil, nil),
    ] as [(String, RecordID?, FieldValue?)])
  func parents(_ relation: String, _ parent: RecordID?, _ field: FieldValue?) async throws {
    let transport = ScriptedTransport { _, _ in .json(#"{"customer":{"id":5,\#(relation)}}"#) }
    let record = try await TeamworkDeskSite.connector(transport).read(["5"], of: .person, in: ReadScope()).first
    #expect(record?.parent == parent)
    #expect(record?.fields["company-id"] == field)
  }

  @Test("pictures: the stock animals are none")
  func photos() async throws {
    let transport = ScriptedTransport { _, _ in
      .json(#"{"customer":{"id":5,"avatarURL":"https://cdn.example/una.png"}}"#)
    }
    let record = try await TeamworkDeskSite.connector(transport).read(["5"], of: .person, in: ReadScope()).first
    #expect(record?.fields["photo"] == .text("https://cdn.example/una.png"))
  }

  @Test("companies bring their domains; a domain that was not sent along leaves them unknown")
  func companies() async throws {
    func record(_ included: String) async throws -> Record? {
      let transport = ScriptedTransport { _, _ in
        TeamworkDeskSite.page("companies", [TeamworkDeskSite.company(16, "A")], included: included)
      }
      let read = try await pages(TeamworkDeskSite.connector(transport).read(.company, in: ReadScope(), since: nil))
      #expect(TeamworkDeskSite.lines(transport) == ["GET companies.json?\(Self.order)&includes=domains"])
      return read.last?.records.first
    }
    #expect(
      try await record(#"{"domains":[{"id":3,"name":"x.example"}]}"#)?.fields == [
        "name": .text("A"), "website": .null, "email": .text("e@x.example"), "domains": .list(["x.example"]),
      ])
    #expect(try await record("{}")?.fields["domains"] == nil)
  }

  @Test("many single records come by the page, one by itself, and one that is not there is not found")
  func single() async throws {
    let transport = ScriptedTransport { request, _ in
      request.address.path.hasSuffix("/companies.json")
        ? TeamworkDeskSite.page("companies", [TeamworkDeskSite.company(16, "A")]) : .json("", status: 404)
    }
    let connector = try TeamworkDeskSite.connector(transport)
    let ids = (16..<166).map { RecordID(String($0)) } + ["x", "16"]
    #expect(try await connector.read(ids, of: .company, in: ReadScope()).map(\.id) == ["16"])
    #expect(transport.requests.count == 2)
    #expect(transport.requests.allSatisfy { $0.address.description.utf8.count < 2000 })
    #expect(transport.lines.first?.contains(#"filter={"id":{"$in":[16,17,"#) == true)
    #expect(try await connector.read(["5"], of: .person, in: ReadScope()).isEmpty)
  }

  @Test(
    "looking up: by any of a customer's addresses, by exact texts, and by the field's rule",
    arguments: [
      (
        RecordKind.person, "email", #"C5@x.example"#, ["5"],
        #"filter={"contacts.value":{"$in":["C5@x.example","c5@x.example"]}}"#
      ),
      (
        .person, "other-emails", "a5@x.example", ["5"], #"filter={"contacts.value":{"$in":["a5@x.example"]}}"#
      ),
      (.person, "email", "\"}\r\n\u{0}", [], #"filter={"contacts.value":"#),
      (.person, "last-name", "L", ["5"], #"filter={"lastName":{"$eq":"L"}}"#),
      (.person, "phone", "1", [], "customers.json?orderBy"),
      (.company, "name", "A", ["16"], #"filter={"name":{"$eq":"A"}}"#),
      (.company, "name", "a", [], #"filter={"name":{"$eq":"a"}}"#),
      (.company, "domains", "X.example", ["16"], "companies.json?orderBy"),
    ] as [(RecordKind, FieldName, String, [RecordID], String)])
  func finding(_ kind: RecordKind, _ field: FieldName, _ value: String, _ ids: [RecordID], _ query: String) async throws
  {
    let transport = ScriptedTransport { _, _ in
      kind == .person
        ? TeamworkDeskSite.page("customers", [TeamworkDeskSite.customer(5)], included: TeamworkDeskSite.points(5))
        : TeamworkDeskSite.page(
          "companies", [TeamworkDeskSite.company(16, "A")], included: #"{"domains":[{"id":3,"name":"x.example"}]}"#)
    }
    let found = try await TeamworkDeskSite.connector(transport).find(kind, in: ReadScope(), where: field, is: value)
    #expect(found.map(\.id) == ids)
    #expect(transport.lines.first?.contains(query) == true)
  }
}
