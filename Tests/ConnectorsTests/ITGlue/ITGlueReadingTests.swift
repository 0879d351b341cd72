import Connectors
import Foundation
import Model
import Synchronization
import Testing

@Suite struct ITGlueReadingTests {
  private static func read(
    _ transport: ScriptedTransport, _ kind: RecordKind = .person, in scope: ReadScope = ReadScope(),
    since mark: DeltaMark? = nil
  ) async throws -> [Page] {
    try await pages(ITGlueConnector(.itGlue(transport)).read(kind, in: scope, since: mark))
  }

  private static func one(_ kind: RecordKind, _ attributes: String, _ more: String = "") async throws -> Record {
    let transport = ScriptedTransport { _, _ in
      .json(#"{"data":[{"id":"4100200300400501","attributes":{\#(attributes)}\#(more)}],"meta":{"total-count":1}}"#)
    }
    return try #require(try await read(transport, kind).last?.records.first)
  }

  // MARK: Records

  @Test("an organization's attributes and its link to the PSA become fields")
  func organization() async throws {
    let transport = ScriptedTransport { _, _ in
      .json(
        """
        {"data":[{"id":"4100200300400501","type":"organizations","attributes":{"name":"Harbour Bakery",
         "short-name":"harbour","organization-type-id":311,"organization-type-name":"Customer",
         "organization-status-id":null,"organization-status-name":null,"primary":true,
         "created-at":"2026-04-01T08:00:00.000Z","updated-at":"2026-05-01T08:00:00.250Z"},
         "relationships":{"adapters-resources":{"data":[{"id":"88","type":"adapters-resources"}]}}},
         {"id":"7","type":"organizations","attributes":{"name":" ","organization-type-id":"12"},
         "relationships":{"adapters-resources":{"data":[]}}}],
         "included":[{"id":"88","type":"adapters-resources","attributes":{"remote-id":"0"}}],
         "meta":{"current-page":1,"next-page":null,"total-count":2}}
        """)
    }
    let records = try #require(try await Self.read(transport, .company).last?.records)
    #expect(
      records.first?.fields == [
        "name": .text("Harbour Bakery"), "identifier": .text("harbour"), "type": .text("Customer"), "status": .null,
        "type-id": .text("311"), "status-id": .null, "is-owner": .flag(true), "psa-id": .text("0"),
      ])
    #expect(records.first?.id == "4100200300400501")
    #expect(records.first?.modified == Date(timeIntervalSince1970: 1_777_622_400.25))
    #expect(records.first?.created == Date(timeIntervalSince1970: 1_775_030_400))
    #expect(records.first?.parent == nil)
    #expect(records.last?.fields == ["name": .null, "type-id": .text("12"), "psa-id": .null])
  }

  @Test(
    "addresses and numbers are told apart by flag, kind and label",
    arguments: [
      (
        #""contact-emails":[{"value":"a@x","primary":false,"label-name":"Home"},{"value":"b@x","primary":true,"label-name":"Work"}]"#,
        ["email": .text("b@x"), "other-emails": .list(["a@x"]), "addresses": .list(["a@x", "b@x"])]
      ),
      (
        #""contact-emails":[{"value":"a@x","label-name":"Home"},{"value":"b@x"},{"value":""}]"#,
        ["email": .text("a@x"), "other-emails": .list(["b@x"]), "addresses": .list(["a@x", "b@x"])]
      ),
      (#""contact-emails":null"#, ["email": .null, "other-emails": .list([]), "addresses": .list([])]),
      (
        #""contact-phones":[{"value":"1","label-name":"Cell"},{"value":"2","label-name":"Home"},{"value":"3","label-name":"Work"},{"value":"4","label-name":"Fax","label-type":"fax"}]"#,
        ["phone": .text("3"), "mobile": .text("1"), "fax": .text("4")]
      ),
      (
        #""contact-phones":[{"value":"1","label-name":"MOBILE","primary":true},{"value":2,"label-name":"Desk","primary":null}]"#,
        ["phone": .text("2"), "mobile": .text("1"), "fax": .null]
      ),
      (
        #""contact-phones":[{"value":"1","label-name":"Work"},{"value":"2","label-name":"Home","primary":true}]"#,
        ["phone": .text("2"), "mobile": .null, "fax": .null]
      ),
      (#""contact-phones":[]"#, ["phone": .null, "mobile": .null, "fax": .null]),
      (
        #""first-name":"Una","last-name":"","title":null,"organization-id":4100200300400501"#,
        ["first-name": .text("Una"), "last-name": .null, "title": .null, "company-id": .text("4100200300400501")]
      ),
    ] as [(String, FieldValues)])
  func contact(_ attributes: String, _ fields: FieldValues) async throws {
    #expect(try await Self.one(.person, attributes).fields == fields)
  }

  @Test("lists that cannot be read do not look like empty ones")
  func brokenLists() async throws {
    for attributes in [#""contact-emails":"x""#, #""contact-phones":{"a":1}"#] {
      #expect(await failure { try await Self.one(.person, attributes) }?.kind == .malformed)
    }
  }

  @Test("an archived configuration is inactive")
  func configuration() async throws {
    let record = try await Self.one(
      .configuration,
      """
      "organization-id":4100,"name":"HB-TILL-1","configuration-type-id":65,"configuration-type-name":"Till",
      "configuration-status-id":29,"configuration-status-name":"Active","manufacturer-id":60,
      "manufacturer-name":"Dell","model-id":null,"model-name":null,"serial-number":"SN-1","warranty-expires-at":
      "2027-03-31","archived":true,"mac-address":""
      """)
    #expect(record.state == .inactive)
    #expect(record.parent == "4100")
    #expect(
      record.fields == [
        "name": .text("HB-TILL-1"), "type": .text("Till"), "type-id": .text("65"), "status": .text("Active"),
        "status-id": .text("29"), "manufacturer": .text("Dell"), "model": .null, "serial-number": .text("SN-1"),
        "warranty-expires-at": .text("2027-03-31"), "mac-address": .null, "company-id": .text("4100"),
      ])
    #expect(try await Self.one(.configuration, #""name":"x","archived":null"#).state == .active)
  }

  // MARK: Complete readings

  @Test("a complete reading asks for the largest pages in the order of ids, with the links to the PSA")
  func requests() async throws {
    let table = ITGlueTable(ITGlueTable.rows(1001))
    let transport = table.transport
    let read = try await Self.read(transport, .configuration, in: ReadScope(partition: "4100"))
    #expect(read.map(\.records.count) == [1000, 1])
    #expect(read.map(\.isLast) == [false, true])
    #expect(read.last?.declaredTotal == 1001)
    #expect(read.last?.mark?.rawValue == ITGlueTable.moment(1_700_001_000))
    let base = "GET /itglue/configurations?filter[organization_id]=4100&include=adapters_resources&sort=id"
    #expect(
      transport.lines == ["\(base)&page[size]=1000&page[number]=1", "\(base)&page[size]=1000&page[number]=2"])
    let request = try #require(transport.requests.first)
    #expect(request.headers.contains(HTTPHeader("x-api-key", "ITG.s3cr=t")))
    #expect(!request.headers.contains { $0.name == "Content-Type" })
    #expect(request.address.query?.contains("[") == false)
    #expect(
      try ITGlueConnector(.itGlue(transport)).smallestRequestCount(
        .read(.configuration, count: 1001, isDelta: false)) == 2)
  }

  @Test("a page over which the server takes too long is asked for in smaller pieces", arguments: [500, 250, 125, 25])
  func slowPages(_ slowAbove: Int) async throws {
    let transport = ITGlueTable(ITGlueTable.rows(1203), slowAbove: slowAbove).transport
    let read = try await Self.read(transport)
    #expect(read.flatMap(\.records).map(\.id) == (1...1203).map { RecordID(String($0)) })
    #expect(transport.lines.count { !$0.contains("page[size]=\(slowAbove)&") } <= 4)
  }

  @Test("a server that is always too slow is told as such")
  func alwaysSlow() async throws {
    let transport = ScriptedTransport { _, _ in .json("<html>", status: 504) }
    let error = await failure { try await Self.read(transport) }
    #expect(error?.kind == .unreachable)
    #expect(error?.status == 504)
  }

  @Test("a row deleted in the midst of a reading hides no other", arguments: [1, 2, 999, 1500])
  func deletions(_ count: Int) async throws {
    let table = ITGlueTable(ITGlueTable.rows(3500)) { page, rows in
      if page == 2 { rows.removeFirst(count) }
    }
    let read = try await Self.read(table.transport)
    let ids = Set(read.flatMap(\.records).map(\.id))
    #expect(ids.isSuperset(of: (count + 1...3500).map { RecordID(String($0)) }))
    #expect(read.last?.declaredTotal == 3500 - count)
    #expect(read.map(\.number) == Array(1...read.count))
  }

  @Test("rows that stay away are not a complete reading")
  func missing() async throws {
    let transport = ScriptedTransport { _, _ in
      .json(
        #"{"data":[\#(ITGlueTable.rows(3).map(\.json).joined(separator: ","))],"meta":{"next-page":null,"total-count":4}}"#
      )
    }
    let error = await failure { try await Self.read(transport) }
    #expect(error?.kind == .malformed)
    #expect(error?.message == "IT Glue declares 4 contacts and gave 3")
    #expect(transport.requests.count == 2)
  }

  @Test("a page that is suddenly empty, with a total of nothing, is not the end of the list")
  func emptyPage() async throws {
    let rows = ITGlueTable.rows(1000).map(\.json).joined(separator: ",")
    let transport = ScriptedTransport { request, _ in
      ITGlueTable.query(request, "page[number]") == "1"
        ? .json(#"{"data":[\#(rows)],"meta":{"next-page":2,"total-count":1500}}"#)
        : .json(#"{"data":[],"meta":{"next-page":null,"total-count":0}}"#)
    }
    let error = await failure { try await Self.read(transport) }
    #expect(error?.message == "IT Glue declares 1500 contacts and gave 1000")
    #expect(transport.requests.count < 40)
  }

  @Test(
    "totals that cannot be are no reading, and no crash",
    arguments: [
      (9_223_372_036_854_775_807, -9_223_372_036_854_775_808), (-1, 9_223_372_036_854_775_807),
      (9_223_372_036_854_775_807, 9_223_372_036_854_775_807),
    ])
  func hostileTotals(_ first: Int, _ second: Int) async throws {
    let transport = ScriptedTransport { request, _ in
      let number = Int(ITGlueTable.query(request, "page[number]") ?? "") ?? 1
      let rows = ITGlueTable.rows(2).map { ITGlueRow(id: $0.id + 2 * number, stamp: $0.stamp).json }
      let meta = #"{"next-page":\#(number < 4 ? "9" : "null"),"total-count":\#(number == 1 ? first : second)}"#
      return .json(#"{"data":[\#(rows.joined(separator: ","))],"meta":\#(meta)}"#)
    }
    #expect(await failure { try await Self.read(transport) }?.kind == .malformed)
    #expect(transport.requests.count < 60)
  }

  @Test("pages that repeat themselves are noticed")
  func circle() async throws {
    let transport = ScriptedTransport { _, _ in
      .json(
        #"{"data":[\#(ITGlueTable.rows(3).map(\.json).joined(separator: ","))],"meta":{"next-page":2,"total-count":9}}"#
      )
    }
    #expect(await failure { try await Self.read(transport) }?.kind == .malformed)
    #expect(transport.requests.count < 5)
  }

  // MARK: Changes

  @Test("a reading of changes stops at the first record that is old enough")
  func changes() async throws {
    let table = ITGlueTable(ITGlueTable.rows(5000))
    let transport = table.transport
    let mark = DeltaMark(ITGlueTable.moment(1_700_004_999))
    let read = try await Self.read(transport, since: mark)
    // The overlap of five minutes is told again, and nothing before it.
    #expect(Set(read.flatMap(\.records).map(\.id)) == Set((4700...5000).map { RecordID(String($0)) }))
    #expect(read.last?.mark == mark)
    #expect(read.allSatisfy { $0.isDelta })
    #expect(read.last?.declaredTotal == 5000)
    let base = "GET /itglue/contacts?include=adapters_resources&sort=-updated_at&page[size]=250&page[number]"
    #expect(transport.lines == ["\(base)=1", "\(base)=2", "\(base)=1"])
    let quiet = try await Self.read(table.transport, since: DeltaMark(ITGlueTable.moment(1_700_005_299)))
    #expect(quiet.map(\.isLast) == [true])
  }

  @Test("a record that is edited during a reading of changes is not lost", arguments: 1...6)
  func editedMeanwhile(_ moment: Int) async throws {
    let table = ITGlueTable(ITGlueTable.rows(2000)) { page, rows in
      // Records of pages to come jump to the front.
      if page <= moment { for id in 0..<3 { rows[600 + 10 * page + id].stamp = 1_800_000_000 + page } }
    }
    let read = try await Self.read(table.transport, since: DeltaMark(ITGlueTable.moment(1_700_000_900)))
    let edited = Set(
      read.flatMap(\.records).filter { ($0.modified?.timeIntervalSince1970 ?? 0) >= 1_800_000_000 }.map(\.id))
    let seen = Set((1..<moment).flatMap { page in (0..<3).map { RecordID(String(601 + 10 * page + $0)) } })
    // The last edit may come after the last page; the next reading sees it.
    #expect(edited.isSuperset(of: seen))
    #expect(Set(read.flatMap(\.records).map(\.id)).isSuperset(of: (901...2000).map { RecordID(String($0)) }))
    #expect(read.last?.isLast == true)
  }

  @Test(
    "organizations are asked for by range, week by week",
    arguments: [
      (0, ["2023-11-14T22:08:20.000Z,*"]),
      (6, ["2023-11-08T22:08:20.000Z,*"]),
      (
        16,
        [
          "2023-10-29T22:08:20.000Z,2023-11-05T22:08:20.000Z", "2023-11-05T22:08:20.000Z,2023-11-12T22:08:20.000Z",
          "2023-11-12T22:08:20.000Z,*",
        ]
      ),
    ])
  func ranges(_ daysAgo: Int, _ ranges: [String]) async throws {
    let transport = ScriptedTransport { request, number in
      let total = ITGlueTable.query(request, "page[size]") == "1" ? 77 : 1
      return .json(
        #"{"data":[\#(ITGlueRow(id: number, stamp: 1_690_000_000).json)],"meta":{"next-page":null,"total-count":\#(total)}}"#
      )
    }
    let mark = DeltaMark(ITGlueTable.moment(1_700_000_000 - daysAgo * 86_400))
    let read = try await Self.read(transport, .company, since: mark)
    #expect(transport.requests.compactMap { ITGlueTable.query($0, "filter[updated_at]") } == ranges)
    // The number of all comes by itself: a range says nothing of deletions.
    #expect(transport.lines.last == "GET /itglue/organizations?page[size]=1")
    #expect(read.flatMap(\.records).count == ranges.count)
    #expect(read.last?.declaredTotal == 77)
    #expect(read.last?.mark == mark)
    #expect(read.filter(\.isLast).count == 1)
  }

  @Test("a mark that is long past leads to a complete reading, and one that is none is no longer good")
  func oldMarks() async throws {
    let transport = ITGlueTable(ITGlueTable.rows(3)).transport
    let read = try await Self.read(transport, .company, since: DeltaMark("2020-01-01T00:00:00.000Z"))
    #expect(read.map(\.isDelta) == [false])
    #expect(transport.lines.count == 1)
    for kind in [RecordKind.company, .person, .configuration] {
      let error = await failure { try await Self.read(transport, kind, since: DeltaMark("garbage")) }
      #expect(error?.kind == .deltaExpired)
    }
  }

  @Test("the mark lies before what may have been edited behind the reading")
  func marks() async throws {
    let clock = FakeClock()
    let table = ITGlueTable(ITGlueTable.rows(2500)) { _, _ in clock.advance(100) }
    let connector = try ITGlueConnector(.itGlue(table.transport, clock: clock))
    let mark = try await pages(connector.read(.person, in: ReadScope(), since: nil)).last?.mark
    #expect(mark?.rawValue == ITGlueTable.moment(1_700_002_499 - 300))
    let empty = ITGlueTable([]).transport
    #expect(try await Self.read(empty).last?.mark == nil)
  }

  // MARK: Single records

  @Test("many single records are asked for together, and a filter that is passed over gives nobody else")
  func singles() async throws {
    let transport = ScriptedTransport { request, _ in
      let rows = ITGlueTable.query(request, "filter[id]")?.split(separator: ",").compactMap { Int($0) } ?? []
      let json = (rows + [999_999]).map { ITGlueRow(id: $0, stamp: 1_700_000_000).json }
      return .json(#"{"data":[\#(json.joined(separator: ","))],"meta":{"total-count":\#(json.count)}}"#)
    }
    let connector = try ITGlueConnector(.itGlue(transport))
    let ids = (1...150).map { RecordID(String(4_100_200_300_400_500 + $0)) }
    let odd: [RecordID] = ["../x", "0", "-3", "", "9223372036854775808", "1,2"]
    let found = try await connector.read(ids + odd + ids, of: .person, in: ReadScope())
    #expect(found.map(\.id) == ids)
    #expect(transport.requests.count == 2)
    #expect(transport.requests.allSatisfy { $0.address.description.utf8.count < 2100 })
    #expect(try await connector.read(odd, of: .person, in: ReadScope()).isEmpty)
    #expect(transport.requests.count == 2)
  }

  @Test("what is looked for is compared here, and looked for everywhere before nobody is found")
  func find() async throws {
    let rows = [
      ITGlueRow(id: 1, stamp: 1, attributes: #""name":"Harbour","organization-id":4100"#),
      ITGlueRow(id: 2, stamp: 2, attributes: #""name":"harbour","organization-id":4100"#),
      ITGlueRow(id: 3, stamp: 3, attributes: #""name":"a, b","organization-id":4101"#),
    ]
    let transport = ITGlueTable(rows).transport
    let connector = try ITGlueConnector(.itGlue(transport))
    let scope = ReadScope(partition: "4100")
    #expect(try await connector.find(.configuration, in: scope, where: "name", is: "harbour").map(\.id) == ["2"])
    #expect(transport.lines.last?.contains("filter[name]=harbour&filter[organization_id]=4100") == true)
    #expect(try await connector.find(.configuration, in: scope, where: "name", is: "a, b").isEmpty)
    #expect(transport.lines.contains { $0.contains(#"filter[name]=a\, b&"#) })
    #expect(try await connector.find(.configuration, in: ReadScope(), where: "name", is: "a, b").map(\.id) == ["3"])
    let before = transport.requests.count
    #expect(try await connector.find(.configuration, in: scope, where: "name", is: " ").isEmpty)
    #expect(await failure { try await connector.find(.person, in: scope, where: "pigeon", is: "x") }?.kind == .rejected)
    #expect(transport.requests.count == before)
  }

  @Test("an address is found wherever a contact holds it, without regard to case")
  func findAddress() async throws {
    let row = ITGlueRow(
      id: 5, stamp: 1, attributes: #""contact-emails":[{"value":"A@x","primary":true},{"value":"b@X"}]"#)
    let connector = try ITGlueConnector(.itGlue(ITGlueTable([row]).transport))
    for field in ["email", "other-emails", "addresses"] as [FieldName] {
      #expect(try await connector.find(.person, in: ReadScope(), where: field, is: "B@x").map(\.id) == ["5"])
    }
  }

  // MARK: Answers that are none

  @Test(
    "an answer that is no success is told for what it is",
    arguments: [
      (401, ConnectorError.Kind.unauthorized), (403, .unauthorized), (404, .notFound), (400, .rejected),
      (500, .unreachable), (502, .unreachable),
    ])
  func errors(_ status: Int, _ kind: ConnectorError.Kind) async throws {
    let bodies = [
      "<html>no</html>", "", #"{"errors":[{"status":\#(status),"title":"ITG.s3cr=t was\u0000 wrong\r\nhere"}]}"#,
    ]
    for body in bodies {
      let transport = ScriptedTransport { _, _ in .json(body, status: status) }
      let error = await failure { try await Self.read(transport) }
      #expect(error?.kind == kind)
      #expect(error?.message.contains("s3cr") == false)
      #expect(error?.message.contains("\n") == false)
    }
  }

  @Test("where IT Glue names no pause, half a minute is waited, then a whole one")
  func throttling() async throws {
    let clock = FakeClock()
    let transport = ScriptedTransport { request, number in
      number <= 3 ? .json("", status: 429) : .json(#"{"data":[],"meta":{"next-page":null,"total-count":0}}"#)
    }
    let connector = try ITGlueConnector(.itGlue(transport, clock: clock))
    _ = try await pages(connector.read(.person, in: ReadScope(), since: nil))
    #expect(transport.requests.count == 4)
    #expect((150...155).contains(clock.now()))
    let told = ScriptedTransport { _, number in
      number == 1
        ? .json("", status: 429, [HTTPHeader("Retry-After", "7")])
        : .json(#"{"data":[],"meta":{"next-page":null,"total-count":0}}"#)
    }
    let short = FakeClock()
    _ = try await pages(ITGlueConnector(.itGlue(told, clock: short)).read(.person, in: ReadScope(), since: nil))
    #expect((7...8).contains(short.now()))
  }

  @Test("no more than eight requests leave in a second")
  func pace() async throws {
    let clock = FakeClock()
    let connector = try ITGlueConnector(.itGlue(ITGlueTable([]).transport, clock: clock))
    for _ in 1...40 { _ = try await connector.find(.company, in: ReadScope(), where: "status", is: "x") }
    #expect(clock.now() >= 32.0 / 8 - 0.01)
  }

  @Test(
    "a region has its host",
    arguments: [
      ([:], "api.itglue.com"), (["region": "EU"], "api.eu.itglue.com"), (["region": "au"], "api.au.itglue.com"),
      (["region": "moon"], nil),
    ] as [([String: String], String?)])
  func regions(_ parameters: [String: String], _ host: String?) async throws {
    let transport = ITGlueTable([]).transport
    let setup = ConnectorSetup.itGlue(transport, parameters: ["url": ""].merging(parameters) { _, new in new })
    guard let host else {
      #expect(await failure { try ITGlueConnector(setup) }?.kind == .misconfigured)
      return
    }
    _ = try await pages(ITGlueConnector(setup).read(.company, in: ReadScope(), since: nil))
    #expect(transport.requests.map { "\($0.address.origin)" } == ["https://\(host)"])
  }
}
