import Connectors
import Foundation
import Model
import Synchronization
import Testing

@Suite struct ConnectWiseConnectorTests {
  private static let scope = ReadScope(partition: "250")
  private static let findings = ["code-base": "v2025_1/", "email-type": "1", "phone-type": "2", "mobile-type": "4"]

  private static func contact(_ id: Int, _ more: String = "") -> String {
    #"{"id":\#(id),"firstName":"N","communicationItems":[],"_info":{"lastUpdated":"2026-01-05T10:11:12Z"}\#(more)}"#
  }

  private static func connector(
    _ transport: ScriptedTransport, findings: [String: String] = findings
  ) throws -> ConnectWiseConnector {
    try ConnectWiseConnector(.test("connectwise", transport, findings: findings))
  }

  /// A ConnectWise whose contacts are given as JSON.
  private static func list(_ contacts: String...) -> ScriptedTransport {
    ScriptedTransport { request, _ in
      request.address.path.hasSuffix("/count")
        ? .json(#"{"count":\#(contacts.count)}"#)
        : .json("[\(contacts.joined(separator: ","))]")
    }
  }

  @Test(
    "a contact's items become its fields",
    arguments: [
      (
        #"[{"id":1,"type":{"id":1},"value":"a@x","communicationType":"Email","defaultFlag":false},{"id":2,"type":{"id":1},"value":"b@x","communicationType":"Email","defaultFlag":true}]"#,
        ["email": .text("b@x"), "addresses": .list(["a@x", "b@x"]), "phone": .null, "mobile": .null]
      ),
      (
        #"[{"id":1,"type":{"id":2},"value":"1","communicationType":"Phone"},{"id":2,"type":{"id":2},"value":"2","communicationType":"Phone","defaultFlag":true},{"id":3,"type":{"id":4},"value":"3","communicationType":"Phone"},{"id":4,"type":{"id":9},"value":"4","communicationType":"Fax"}]"#,
        ["email": .null, "addresses": .list([]), "phone": .text("2"), "mobile": .text("3")]
      ),
      ("null", ["email": .null, "addresses": .list([]), "phone": .null, "mobile": .null]),
    ] as [(String, FieldValues)])
  func items(_ items: String, _ fields: FieldValues) async throws {
    let transport = Self.list(#"{"id":8,"firstName":"N","communicationItems":\#(items)}"#)
    let record = try #require(
      try await pages(Self.connector(transport).read(.person, in: Self.scope, since: nil)).last?.records.first)
    #expect(record.fields.filter { ["email", "addresses", "phone", "mobile"].contains($0) } == fields)
  }

  @Test("items that cannot be read do not look like a contact without addresses")
  func brokenItems() async throws {
    let transport = Self.list(#"{"id":8,"communicationItems":"x"}"#)
    let error = await failure { try await pages(Self.connector(transport).read(.person, in: Self.scope, since: nil)) }
    #expect(error?.kind == .malformed)
    let silent = Self.list(#"{"id":8}"#)
    let record = try await pages(Self.connector(silent).read(.person, in: Self.scope, since: nil)).last?.records.first
    #expect(record?.fields["email"] == nil)
    #expect(record?.fields["addresses"] == nil)
    // Asked for by name and left out: null, as servers leave nulls out.
    #expect(record?.fields["title"] == .null)
  }

  @Test(
    "a null flag counts as active", arguments: [("null", RecordState.active), ("false", .active), ("true", .inactive)])
  func state(_ flag: String, _ state: RecordState) async throws {
    let transport = Self.list(Self.contact(8, #","inactiveFlag":\#(flag)"#))
    let read = try await pages(Self.connector(transport).read(.person, in: Self.scope, since: nil))
    #expect(read.last?.records.first?.state == state)
  }

  @Test("a reading asks for the company, forward only, and since a mark with an overlap")
  func requests() async throws {
    let transport = Self.list(Self.contact(8))
    let connector = try Self.connector(transport)
    let full = try await pages(connector.read(.person, in: Self.scope, since: nil))
    let mark = try #require(full.last?.mark)
    #expect(mark.rawValue == "2026-01-05T10:11:12Z")
    _ = try await pages(connector.read(.person, in: Self.scope, since: mark))
    let base = "GET /cw/v2025_1/apis/3.0/company/contacts"
    let fields = "fields=id,firstName,lastName,title,company/id,inactiveFlag,communicationItems,_info&pageSize=1000"
    #expect(
      transport.lines == [
        "\(base)/count?conditions=company/id=250", "\(base)?conditions=company/id=250&\(fields)",
        "\(base)/count?conditions=company/id=250",
        "\(base)?conditions=company/id=250 and lastUpdated>[2026-01-05T09:56:12Z]&\(fields)",
      ])
    let page = transport.requests[1]
    #expect(page.headers.contains(HTTPHeader("pagination-type", "forward-only")))
    #expect(page.headers.contains(HTTPHeader("clientId", "app")))
    let credential = Data("msp+pub:s3cr=t+/v~".utf8).base64EncodedString()
    #expect(page.headers.contains(HTTPHeader("Authorization", "Basic \(credential)")))
  }

  @Test("a page that came twice is noticed, and so is a server's own smaller page")
  func pagesTwice() async throws {
    let rows = (1...1000).map { Self.contact($0) }.joined(separator: ",")
    let same = ScriptedTransport { request, _ in
      request.address.path.hasSuffix("/count") ? .json(#"{"count":1000}"#) : .json("[\(rows)]")
    }
    #expect(
      await failure { try await pages(Self.connector(same).read(.person, in: Self.scope, since: nil)) }?.kind
        == .malformed)
    let small = ScriptedTransport { request, _ in
      if request.address.path.hasSuffix("/count") { return .json(#"{"count":2}"#) }
      return request.address.query?.contains("pageId=1") == true
        ? .json("[\(Self.contact(2))]")
        : .json("[\(Self.contact(1))]", [HTTPHeader("Link", #"<http://other/x?pageId=1>; rel="next""#)])
    }
    let read = try await pages(Self.connector(small).read(.person, in: Self.scope, since: nil))
    #expect(read.flatMap(\.records).map(\.id) == ["1", "2"])
    #expect(small.requests.allSatisfy { $0.address.origin.host == "127.0.0.1" })
  }

  @Test("many single contacts are asked for in addresses of bearable length")
  func chunks() async throws {
    let transport = ScriptedTransport { _, _ in .json("[]") }
    _ = try await Self.connector(transport).read(
      (1...900).map { RecordID(String(100_000 + $0)) }, of: .person, in: Self.scope)
    #expect(transport.requests.count < 8)
    #expect(transport.requests.allSatisfy { $0.address.description.utf8.count < 2000 })
    let asked = transport.lines.joined().components(separatedBy: CharacterSet.decimalDigits.inverted).filter {
      $0.count == 6
    }
    #expect(Set(asked).count == 900)
  }

  private static func record(_ items: String) async throws -> Record {
    let transport = list(#"{"id":8,"firstName":"N","communicationItems":\#(items)}"#)
    return try #require(
      try await pages(connector(transport).read(.person, in: scope, since: nil)).last?.records.first)
  }

  @Test(
    "what is sent for a change, and nothing more",
    arguments: [
      (
        ["title": .text("A"), "last-name": .null], .update, "[]",
        [#"PATCH 8 [{"op":"replace","path":"lastName","value":""},{"op":"replace","path":"title","value":"A"}]"#]
      ),
      ([:], .deactivate, "[]", [#"PATCH 8 [{"op":"replace","path":"inactiveFlag","value":true}]"#]),
      (
        ["title": .text("A")], .reactivate, "[]",
        [#"PATCH 8 [{"op":"replace","path":"title","value":"A"},{"op":"replace","path":"inactiveFlag","value":false}]"#]
      ),
      (
        ["email": .text("new@x")], .update,
        #"[{"id":5,"type":{"id":1},"value":"old@x","communicationType":"Email","defaultFlag":true}]"#,
        [
          #"POST 8/communications {"communicationType":"Email","defaultFlag":true,"type":{"id":1},"value":"new@x"}"#,
          "GET 8",
        ]
      ),
      (
        ["email": .text("OLD@x")], .update,
        #"[{"id":5,"type":{"id":1},"value":"old@x","communicationType":"Email","defaultFlag":false}]"#,
        [#"PATCH 8/communications/5 [{"op":"replace","path":"defaultFlag","value":true}]"#, "GET 8"]
      ),
      (
        ["email": .text("OLD@x")], .update,
        #"[{"id":5,"type":{"id":1},"value":"old@x","communicationType":"Email","defaultFlag":true}]"#, []
      ),
      (
        ["phone": .text("1"), "mobile": .null], .update,
        #"[{"id":6,"type":{"id":2},"value":"0","communicationType":"Phone"},{"id":7,"type":{"id":4},"value":"9","communicationType":"Phone","defaultFlag":true}]"#,
        [
          #"PATCH 8/communications/6 [{"op":"replace","path":"value","value":"1"}]"#, "DELETE 8/communications/7",
          "GET 8",
        ]
      ),
      (
        ["phone": .text("1"), "mobile": .text("2")], .update, "[]",
        [
          #"POST 8/communications {"communicationType":"Phone","defaultFlag":true,"type":{"id":2},"value":"1"}"#,
          #"POST 8/communications {"communicationType":"Phone","defaultFlag":false,"type":{"id":4},"value":"2"}"#,
          "GET 8",
        ]
      ),
      (["phone": .null], .update, "[]", []),
    ] as [(FieldValues, WriteKind, String, [String])])
  func changes(_ values: FieldValues, _ action: WriteKind, _ items: String, _ calls: [String]) async throws {
    let current = try await Self.record(items)
    let transport = ScriptedTransport { _, _ in .json(#"{"id":8,"firstName":"N","communicationItems":\#(items)}"#) }
    let connector = try Self.connector(transport)
    let write = Write(kind: .person, action: action, target: "8", values: values, current: current, token: "t")
    let outcomes = await connector.write([write], in: Self.scope)
    guard case .done? = outcomes.first else {
      Issue.record("not done: \(outcomes)")
      return
    }
    let sent = transport.requests.map { request in
      let place = request.address.path.components(separatedBy: "/contacts/").last ?? ""
      let body = request.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
      return "\(request.method.rawValue) \(place)\(body)"
    }
    #expect(sent == calls)
    #expect(connector.smallestRequestCount(.write(write)) == calls.count)
  }

  @Test("a create sends what is filled, and no nulls")
  func creation() async throws {
    let transport = ScriptedTransport { _, _ in .json(Self.contact(9), status: 201) }
    let values: FieldValues = ["first-name": .text("N"), "last-name": .null, "title": .text(" "), "mobile": .text("7")]
    let write = Write(kind: .person, action: .create, target: nil, values: values, current: nil, token: "t")
    _ = try await Self.connector(transport).write([write], in: Self.scope)
    #expect(
      transport.requests.map { String(decoding: $0.body ?? Data(), as: UTF8.self) } == [
        #"{"communicationItems":[{"communicationType":"Phone","defaultFlag":true,"type":{"id":4},"value":"7"}],"company":{"id":250},"firstName":"N"}"#
      ])
  }

  @Test("G25 writes that have not begun when the caller is cancelled are not sent")
  func cancellation() async throws {
    let begun = AsyncStream.makeStream(of: Void.self)
    let gate = AsyncStream.makeStream(of: Void.self)
    let transport = ScriptedTransport { _, _ in
      begun.continuation.yield()
      for await _ in gate.stream { break }
      return .json(Self.contact(9), status: 201)
    }
    let connector = try Self.connector(transport)
    let writes = (1...30).map { number in
      Write(
        kind: .person, action: .create, target: nil, values: ["first-name": .text("P\(number)")], current: nil,
        token: "t")
    }
    let run = Task { await connector.write(writes, in: Self.scope) }
    for await _ in begun.stream { break }
    run.cancel()
    gate.continuation.finish()
    let outcomes = await run.value
    var (done, unsent) = (0, 0)
    for outcome in outcomes {
      switch outcome {
      case .done: done += 1
      case .notSent(let error) where error.kind == .cancelled: unsent += 1
      default: Issue.record("unexpected: \(outcome)")
      }
    }
    #expect(done >= 1)
    #expect(done == transport.requests.count)
    #expect(done + unsent == 30)
    #expect(unsent >= 26)
  }

  @Test("the code base is asked for once, and again when everything is 404")
  func codeBase() async throws {
    let current = Mutex("v1/")
    let transport = ScriptedTransport { request, _ in
      let base = current.withLock { $0 }
      if request.address.path.hasSuffix("/login/companyinfo/msp") { return .json(#"{"Codebase":"\#(base)"}"#) }
      guard request.address.path.hasPrefix("/cw/\(base)apis/3.0/") else { return .json("", status: 404) }
      return request.address.path.hasSuffix("/count") ? .json(#"{"count":0}"#) : .json("[]")
    }
    let connector = try Self.connector(transport, findings: ["email-type": "1", "phone-type": "2", "mobile-type": "4"])
    _ = try await pages(connector.read(.person, in: Self.scope, since: nil))
    current.withLock { $0 = "v2/" }
    _ = try await pages(connector.read(.person, in: Self.scope, since: nil))
    #expect(transport.lines.count { $0.hasSuffix("companyinfo/msp") } == 2)
    // Where it stays 404, it is a matter of the keys; and nobody keeps asking.
    current.withLock { $0 = "../../elsewhere/" }
    for _ in 1...3 {
      let error = await failure { try await pages(connector.read(.person, in: Self.scope, since: nil)) }
      #expect(error?.kind == .unauthorized)
    }
    #expect(transport.lines.count { $0.hasSuffix("companyinfo/msp") } <= 3)
  }

  @Test(
    "an address that shows the browser's host reaches the API's",
    arguments: [
      (["url": "https://na.myconnectwise.net"], "api-na.myconnectwise.net"),
      (["url": "https://api-eu.myconnectwise.net"], "api-eu.myconnectwise.net"),
      (["url": "https://cw.msp.example"], "cw.msp.example"), (["url": "", "region": "au"], "api-au.myconnectwise.net"),
      (["url": "", "region": "staging"], "api-staging.connectwisedev.com"),
    ])
  func hosts(_ parameters: [String: String], _ host: String) async throws {
    let transport = ScriptedTransport { _, _ in .json("null") }
    let connector = try ConnectWiseConnector(.test("connectwise", transport, parameters: parameters))
    let report = try await connector.check(partitions: [])
    #expect(transport.requests.map { $0.address.origin.host } == [host])
    #expect(report.results.map(\.outcome) == [.failed])
  }
}
