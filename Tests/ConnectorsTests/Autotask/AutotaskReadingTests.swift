import Connectors
import Foundation
import Model
import Testing

@Suite struct AutotaskReadingTests {
  private static let scope = ReadScope(partition: "174")
  private static let contactFields =
    #""IncludeFields":["id","companyID","isActive","firstName","lastName","title","emailAddress","emailAddress2","emailAddress3","phone","mobilePhone","faxNumber","twitterUrl","facebookUrl","linkedInUrl","externalID","createDate","lastModifiedDate"],"MaxRecords":500"#

  private static func list(_ rows: String..., entity: String = "Contacts") -> ScriptedAutotask {
    ScriptedAutotask { line, _, _ in
      switch line {
      case "POST \(entity)/query": .json(ScriptedAutotask.page(rows))
      case "POST \(entity)/query/count": .json(#"{"queryCount":\#(rows.count)}"#)
      default: nil
      }
    }
  }

  private static func record(_ row: String) async throws -> Record {
    try #require(
      try await pages(list(row).connector().read(.person, in: scope, since: nil)).last?.records.first)
  }

  @Test("a contact becomes a record, blanks become null, and NUL signs go")
  func contact() async throws {
    let record = try await Self.record(
      #"{"id":8,"companyID":174,"firstName":"No\#("\\")u0000ra","lastName":"  ","isActive":1,"title":null,"emailAddress":"a@x","emailAddress2":null,"emailAddress3":"c@x","phone":"1","mobilePhone":"","createDate":"2026-01-01T00:00:00Z","lastModifiedDate":"2026-01-05T10:11:12.5Z"}"#
    )
    #expect(
      record.fields == [
        "first-name": .text("Nora"), "last-name": .null, "title": .null, "phone": .text("1"), "mobile": .null,
        "email": .text("a@x"), "other-emails": .list(["c@x"]), "addresses": .list(["a@x", "c@x"]),
        "company-id": .text("174"),
      ])
    #expect(record.parent == "174")
    #expect(record.created == Date(timeIntervalSince1970: 1_767_225_600))
    #expect(record.modified == Date(timeIntervalSince1970: 1_767_607_872.5))
    #expect(record.native == #"["a@x","","c@x"]"#)
  }

  @Test(
    "active is read as a number, a flag or a text",
    arguments: [
      ("1", RecordState.active), ("0", .inactive), ("true", .active), ("false", .inactive), ("\"1\"", .active),
      ("\"false\"", .inactive), ("null", .active),
    ])
  func state(_ flag: String, _ state: RecordState) async throws {
    #expect(try await Self.record(#"{"id":8,"companyID":174,"isActive":\#(flag)}"#).state == state)
  }

  @Test("companies: the type by its label, the own company by its id 0, and no date of a change")
  func companies() async throws {
    let autotask = Self.list(
      #"{"id":0,"companyName":"MSP","companyType":1,"isActive":true,"lastActivityDate":"2026-01-05T10:11:12Z"}"#,
      #"{"id":5,"companyName":"B","companyNumber":"","companyType":9,"webAddress":"b.example","phone":"2","isActive":false}"#,
      #"{"id":6,"companyType":77,"isActive":true}"#, entity: "Companies")
    let read = try await pages(autotask.connector().read(.company, in: ReadScope(), since: nil))
    let records = read.flatMap(\.records)
    #expect(
      records.map(\.fields) == [
        [
          "name": .text("MSP"), "type": .text("Customer"), "type-id": .text("1"), "status": .text("Active"),
          "is-owner": .flag(true),
        ],
        [
          "name": .text("B"), "identifier": .null, "website": .text("b.example"), "phone": .text("2"),
          "type": .text("Old"), "type-id": .text("9"), "status": .text("Inactive"), "is-owner": .flag(false),
        ],
        ["type-id": .text("77"), "status": .text("Active"), "is-owner": .flag(false)],
      ])
    #expect(records.map(\.state) == [.active, .inactive, .active])
    #expect(records.allSatisfy { $0.modified == nil && $0.parent == nil })
    #expect(read.last?.mark?.rawValue == "2026-01-05T10:11:12Z")
    // Asked again once for the type that is not among the fields.
    #expect(autotask.count(of: "Companies/entityInformation/fields") == 2)
  }

  @Test("configuration items take manufacturer and model from their product, and its name where they have none")
  func configurations() async throws {
    let autotask = ScriptedAutotask { line, _, _ in
      switch line {
      case "POST ConfigurationItems/query/count": .json(#"{"queryCount":2}"#)
      case "POST ConfigurationItems/query":
        .json(
          ScriptedAutotask.page([
            #"{"id":1,"companyID":174,"productID":50,"isActive":true,"configurationItemType":3,"referenceTitle":"srv","serialNumber":"S1","installDate":"2026-01-05T00:00:00Z","lastModifiedTime":"2026-02-01T00:00:00Z"}"#,
            #"{"id":2,"companyID":174,"productID":51,"isActive":false,"configurationItemType":null,"referenceTitle":""}"#,
          ]))
      case "POST Products/query":
        .json(
          ScriptedAutotask.page([
            #"{"id":50,"name":"Dell R740","manufacturerName":"Dell","manufacturerProductName":"R740","isActive":true}"#,
            #"{"id":51,"name":"Gadget","manufacturerName":null,"manufacturerProductName":"","isActive":true}"#,
          ]))
      default: nil
      }
    }
    let read = try await pages(autotask.connector().read(.configuration, in: Self.scope, since: nil))
    #expect(
      read.flatMap(\.records).map(\.fields) == [
        [
          "name": .text("srv"), "type": .text("Server"), "type-id": .text("3"), "status": .text("Active"),
          "serial-number": .text("S1"), "installed-at": .text("2026-01-05"), "manufacturer": .text("Dell"),
          "model": .text("R740"), "company-id": .text("174"),
        ],
        [
          "name": .text("Gadget"), "type": .null, "type-id": .null, "status": .text("Inactive"),
          "manufacturer": .null, "model": .null, "company-id": .text("174"),
        ],
      ])
    #expect(
      autotask.asked.last
        == #"POST Products/query {"IncludeFields":["id","name","manufacturerName","manufacturerProductName","isActive","productBillingCodeID"],"MaxRecords":500,"filter":[{"field":"id","op":"in","value":[50,51]}]}"#
    )
  }

  @Test("a reading asks for the company by number, and since a mark with an overlap, the inactive among them")
  func requests() async throws {
    let autotask = Self.list(ScriptedAutotask.contact(8))
    let connector = try autotask.connector()
    let full = try await pages(connector.read(.person, in: Self.scope, since: nil))
    let mark = try #require(full.last?.mark)
    #expect(mark.rawValue == "2026-01-05T10:11:12Z")
    #expect(full.last?.declaredTotal == 1 && full.last?.isDelta == false)
    let delta = try await pages(connector.read(.person, in: Self.scope, since: mark))
    #expect(delta.last?.isDelta == true)
    _ = try await pages(connector.read(.person, in: ReadScope(), since: nil))
    let company = #"{"field":"companyID","op":"eq","value":174}"#
    let everything = #"{"field":"id","op":"gte","value":0}"#
    #expect(
      autotask.asked == [
        #"POST Contacts/query/count {"filter":[\#(company)]}"#,
        #"POST Contacts/query {\#(Self.contactFields),"filter":[\#(company)]}"#,
        #"POST Contacts/query/count {"filter":[\#(company)]}"#,
        #"POST Contacts/query {\#(Self.contactFields),"filter":[\#(company),{"field":"lastModifiedDate","op":"gt","value":"2026-01-05T09:56:12Z"}]}"#,
        #"POST Contacts/query/count {"filter":[\#(everything)]}"#,
        #"POST Contacts/query {\#(Self.contactFields),"filter":[\#(everything)]}"#,
      ])
    let request = try #require(autotask.transport.requests.last)
    for (name, value) in [
      ("ApiIntegrationCode", "CODE"), ("UserName", "api+sync@msp.example"), ("Secret", "p#ss%rd$"),
      ("Content-Type", "application/json"),
    ] { #expect(request.headers.contains(HTTPHeader(name, value))) }
    let zone = try #require(autotask.transport.requests.first)
    #expect(
      zone.address.description
        == "http://127.0.0.1:9/autotask/atservicesrest/v1.0/zoneInformation?user=api%2Bsync%40msp.example")
    #expect(!zone.headers.contains { ["Secret", "UserName"].contains($0.name) })
    #expect(autotask.count(of: "zoneInformation") == 1)
  }

  @Test("a mark is never later than the beginning of its reading, and one that is no date is read over")
  func marks() async throws {
    let ahead = Self.list(#"{"id":8,"companyID":174,"lastModifiedDate":"2040-01-01T00:00:00Z"}"#)
    let read = try await pages(ahead.connector().read(.person, in: Self.scope, since: nil))
    #expect(read.last?.mark?.rawValue == "2027-01-15T08:00:00Z")
    let none = try await pages(Self.list().connector().read(.person, in: Self.scope, since: nil))
    #expect(none.last?.mark == nil && none.last?.isLast == true)
    let mark = DeltaMark("2026-01-05T10:11:12Z")
    let unchanged = try await pages(Self.list().connector().read(.person, in: Self.scope, since: mark))
    #expect(unchanged.last?.mark == mark)
    let broken = await failure {
      try await pages(Self.list().connector().read(.person, in: Self.scope, since: DeltaMark("x")))
    }
    #expect(broken?.kind == .deltaExpired)
  }

  // MARK: Pages

  private static let next = "\(ScriptedAutotask.base)/Contacts/query/next?paging={'nextIds':[2]}"

  @Test("the next page is POSTed with the same body, and a record that comes again is given once")
  func nextPage() async throws {
    let autotask = ScriptedAutotask { line, _, _ in
      if line == "POST Contacts/query/count" { return .json(#"{"queryCount":3}"#) }
      if line == "POST Contacts/query" {
        return .json(
          ScriptedAutotask.page([ScriptedAutotask.contact(1), ScriptedAutotask.contact(2)], next: Self.next))
      }
      guard line.hasPrefix("POST Contacts/query/next?paging=") else { return nil }
      return .json(ScriptedAutotask.page([ScriptedAutotask.contact(2), ScriptedAutotask.contact(3)]))
    }
    let read = try await pages(autotask.connector().read(.person, in: Self.scope, since: nil))
    #expect(read.map { $0.records.map(\.id) } == [["1", "2"], ["3"]])
    #expect(read.map(\.isLast) == [false, true])
    let bodies = autotask.transport.requests.filter { $0.address.path.contains("/Contacts/query") }.suffix(2).map(
      \.body)
    #expect(bodies.first == bodies.last)
  }

  @Test(
    "a next page at another host or below another route is never asked for",
    arguments: [
      "http://evil.example/autotask/ATServicesRest/v1.0/Contacts/query/next", "http://127.0.0.1:9/elsewhere/query",
      "\(ScriptedAutotask.base)/Resources/query/next", "no address",
    ])
  func foreignPage(_ link: String) async throws {
    let autotask = ScriptedAutotask { line, _, _ in
      line == "POST Contacts/query" ? .json(ScriptedAutotask.page([ScriptedAutotask.contact(1)], next: link)) : nil
    }
    let error = await failure { try await pages(autotask.connector().read(.person, in: Self.scope, since: nil)) }
    #expect(error?.kind == .malformed)
    #expect(autotask.transport.requests.allSatisfy { $0.address.origin.host == "127.0.0.1" })
    #expect(autotask.asked.count == 2)
  }

  @Test("a page that came twice, a page without its details, and a page of HTML are no reading")
  func brokenPages() async throws {
    let answers = [
      ScriptedAutotask.page([ScriptedAutotask.contact(1)], next: Self.next), #"{"items":[]}"#, "<html>login</html>",
      #"{"items":[{"companyID":1}],"pageDetails":{}}"#, #"{"errors":["nothing doing"]}"#,
    ]
    for (answer, kind) in zip(
      answers, [.malformed, .malformed, .malformed, .malformed, .rejected] as [ConnectorError.Kind])
    {
      let autotask = ScriptedAutotask { line, _, _ in
        line.contains("Contacts/query") && !line.hasSuffix("count") ? .json(answer) : nil
      }
      let error = await failure { try await pages(autotask.connector().read(.person, in: Self.scope, since: nil)) }
      #expect(error?.kind == kind)
    }
  }

  @Test("single records are asked for by lists of numbers, what is no number is asked of nobody")
  func single() async throws {
    let autotask = ScriptedAutotask { _, _, _ in nil }
    let connector = try autotask.connector()
    #expect(try await connector.read(["x", "-1", ""], of: .person, in: ReadScope()).isEmpty)
    #expect(autotask.transport.requests.isEmpty)
    _ = try await connector.read(
      (1...900).map { RecordID(String(9_000_000_000 + $0)) }, of: .person, in: Self.scope)
    #expect(autotask.asked.count == 2)
    #expect(autotask.asked.first?.contains(#""value":174},{"field":"id","op":"in","value":[9000000001,"#) == true)
  }

  @Test(
    "records are looked for by what few can hold, and compared by the field's own rule",
    arguments: [
      (
        "email", "N@X.example ",
        #"{"items":[{"field":"emailAddress","op":"eq","value":"N@X.example"},{"field":"emailAddress2","op":"eq","value":"N@X.example"},{"field":"emailAddress3","op":"eq","value":"N@X.example"}],"op":"or"}"#,
        ["1"]
      ),
      ("last-name", "L", #"{"field":"lastName","op":"eq","value":"L"}"#, ["1", "2"]),
      ("last-name", "l", #"{"field":"lastName","op":"eq","value":"l"}"#, []),
      ("phone", "55 51", nil, ["2"]), ("title", "", nil, ["1"]),
    ] as [(FieldName, String, String?, [RecordID])])
  func find(_ field: FieldName, _ value: String, _ condition: String?, _ ids: [RecordID]) async throws {
    let autotask = Self.list(
      ScriptedAutotask.contact(1, #","title":null"#),
      #"{"id":2,"lastName":"L","emailAddress":"other@x","phone":"(55) 51","title":"T"}"#)
    let found = try await autotask.connector().find(.person, in: Self.scope, where: field, is: value)
    #expect(found.map(\.id) == ids)
    let company = #"{"field":"companyID","op":"eq","value":174}"#
    let filter = condition.map { "\(company),\($0)" } ?? company
    #expect(autotask.asked == [#"POST Contacts/query {\#(Self.contactFields),"filter":[\#(filter)]}"#])
  }

  @Test("a field that there is not cannot be looked up")
  func unknownField() async throws {
    let error = await failure {
      try await ScriptedAutotask { _, _, _ in nil }.connector()
        .find(.person, in: ReadScope(), where: "shoe-size", is: "42")
    }
    #expect(error?.kind == .rejected && error?.delivery == .notSent)
  }
}
