import Connectors
import Foundation
import Model
import Synchronization
import Testing

@Suite struct MicrosoftGraphConnectorTests {
  private static let tenant = "acme.example"
  private static let scope = ReadScope(partition: tenant)
  private static let origin = "http://127.0.0.1:9"
  private static let link = "\(origin)/m365/v1.0/users/delta?$deltatoken=new"

  /// A Graph whose answers to users are given; sign-in, the mark and the licences always work.
  private static func graph(_ users: @escaping @Sendable (HTTPRequest, Int) throws -> HTTPResponse) -> ScriptedTransport
  {
    ScriptedTransport { request, number in
      let path = request.address.path
      if path.hasSuffix("/token") { return .json(#"{"access_token":"tok","expires_in":3599}"#) }
      if request.address.query?.contains("deltatoken=latest") == true {
        return .json(#"{"value":[],"@odata.deltaLink":"\#(link)"}"#)
      }
      if path.hasSuffix("/subscribedSkus") {
        return .json(#"{"value":[{"skuId":"AA","skuPartNumber":"BUSINESS"},{"skuId":"bb"}]}"#)
      }
      return try users(request, number)
    }
  }

  private static func connector(_ transport: ScriptedTransport) throws -> MicrosoftGraphConnector {
    try MicrosoftGraphConnector(.test("m365", transport))
  }

  private static func fields(_ user: String) async throws -> FieldValues {
    let connector = try connector(graph { _, _ in .json(#"{"value":[{"id":"1",\#(user)}]}"#) })
    return try #require(try await pages(connector.read(.person, in: scope, since: nil)).last?.records.first).fields
  }

  @Test(
    "G17 what is absent, null, blank and filled stays apart",
    arguments: [
      (#""x":1"#, "title", nil), (#""jobTitle":null"#, "title", .null), (#""jobTitle":"""#, "title", .text("")),
      (#""jobTitle":" x ""#, "title", .text(" x ")), (#""jobTitle":7"#, "title", nil),
      (#""x":1"#, "phone", nil), (#""businessPhones":[]"#, "phone", .null), (#""businessPhones":null"#, "phone", .null),
      (#""businessPhones":[""," 1"]"#, "phone", .text(" 1")),
      (#""x":1"#, "account-enabled", nil), (#""accountEnabled":null"#, "account-enabled", .null),
      (#""accountEnabled":false"#, "account-enabled", .flag(false)),
      (#""x":1"#, "licences", nil), (#""x":1"#, "licence-names", nil),
      (#""assignedLicenses":[]"#, "licences", .list([])),
      (#""assignedLicenses":[]"#, "licence-names", .list([])),
      (#""assignedLicenses":[{"skuId":"BB"},{"skuId":"aa"}]"#, "licences", .list(["aa", "bb"])),
      (#""assignedLicenses":[{"skuId":"BB"},{"skuId":"aa"}]"#, "licence-names", .list(["BUSINESS", "bb"])),
      (
        #""mail":"M@x.y","proxyAddresses":["smtp:a@x.y","SMTP:m@x.y","x500:/o","sip:q"]"#, "addresses",
        .list(["a@x.y", "m@x.y"])
      ),
      (#""mail":"m@x.y""#, "addresses", nil),
    ] as [(String, FieldName, FieldValue?)])
  func presence(_ user: String, _ field: FieldName, _ value: FieldValue?) async throws {
    #expect(try await Self.fields(user)[field] == value)
  }

  @Test(
    "the primary address, step by step",
    arguments: [
      (#""mail":"m@x.y","userPrincipalName":"u@x.y""#, .text("m@x.y")),
      (#""mail":null,"proxyAddresses":["smtp:a@x.y","SMTP:p@x.y"],"userPrincipalName":"u@x.y""#, .text("p@x.y")),
      (#""mail":"","proxyAddresses":["smtp:a@x.y"],"userPrincipalName":"u@x.y""#, .text("u@x.y")),
      (#""mail":null,"userPrincipalName":"u@acme.onmicrosoft.com""#, .null),
      (#""mail":null,"userPrincipalName":"u@ACME.OnMicrosoft.com""#, .null),
      (#""mail":null,"userPrincipalName":"u_x.y#EXT#@acme.example""#, .null),
      (#""mail":null,"userPrincipalName":"nobody""#, .null),
      (#""mail":null"#, nil), (#""userPrincipalName":"u@x.y""#, nil),
    ] as [(String, FieldValue?)])
  func address(_ user: String, _ value: FieldValue?) async throws {
    #expect(try await Self.fields(user)["email"] == value)
  }

  @Test("a complete reading takes its mark before the first page, and pages are large")
  func order() async throws {
    let transport = Self.graph { request, _ in
      request.address.query?.contains("skip") == true
        ? .json(#"{"value":[{"id":"2"}]}"#)
        : .json(#"{"value":[],"@odata.nextLink":"\#(Self.origin)/m365/v1.0/users?$skiptoken=2"}"#)
    }
    let connector = try Self.connector(transport)
    let read = try await pages(connector.read(.person, in: Self.scope, since: nil))
    #expect(read.map { $0.records.count } == [0, 1])
    #expect(read.last?.mark?.rawValue.hasSuffix(Self.link) == true)
    #expect(transport.lines.count == 4)
    #expect(transport.lines[0] == "POST /m365/acme.example/oauth2/v2.0/token")
    #expect(transport.lines[1].hasPrefix("GET /m365/v1.0/users/delta?$deltatoken=latest&$select=id,givenName,"))
    #expect(transport.lines[2].hasPrefix("GET /m365/v1.0/users?$top=999&$select=id,givenName,"))
    #expect(connector.requestCount == 3)
    let form = String(decoding: transport.requests[0].body ?? Data(), as: UTF8.self)
    #expect(form.contains("client_secret=s3cr%3Dt%2B%2Fv~&"))
  }

  @Test(
    "G23 the token follows no link to another place",
    arguments: [
      "https://evil.example/v1.0/users?$skiptoken=2", "http://127.0.0.1:10/m365/v1.0/users",
      "http://127.0.0.1:9@evil.example/",
      "https://127.0.0.1:9/m365/v1.0/users", "/v1.0/users", "",
    ])
  func foreignLinks(_ link: String) async throws {
    for key in ["nextLink", "deltaLink"] {
      let transport = Self.graph { _, _ in .json(#"{"value":[],"@odata.\#(key)":"\#(link)"}"#) }
      let connector = try Self.connector(transport)
      let mark = DeltaMark("1 \(Self.link)")
      let error = await failure { try await pages(connector.read(.person, in: Self.scope, since: mark)) }
      #expect(error?.kind == .malformed)
      #expect(transport.requests.allSatisfy { $0.address.origin.description == Self.origin })
    }
  }

  @Test("a listing in circles ends, also when each of its links is a new one")
  func circles() async throws {
    let transport = Self.graph { _, number in
      .json(#"{"value":[{"id":"1"}],"@odata.nextLink":"\#(Self.origin)/m365/v1.0/users?$skiptoken=\#(number)"}"#)
    }
    let connector = try Self.connector(transport)
    #expect(await failure { try await pages(connector.read(.person, in: Self.scope, since: nil)) }?.kind == .malformed)
    let mark = DeltaMark("1 \(Self.link)")
    #expect(await failure { try await pages(connector.read(.person, in: Self.scope, since: mark)) }?.kind == .malformed)
  }

  @Test("what a round of changes leaves unclear is asked for again, and nothing else is")
  func unclear() async throws {
    let whole = #""accountEnabled":true,"mail":"m@x.y""#
    let asked = Mutex<[String]>([])
    let transport = Self.graph { request, _ in
      guard request.method == .post else {
        return .json(
          """
          {"@odata.deltaLink":"\(Self.link)","value":[
            {"id":"clear",\(whole),"jobTitle":"A"}, {"id":"replayed",\(whole)}, {"id":"replayed",\(whole)},
            {"id":"twice",\(whole),"jobTitle":"B"}, {"id":"twice",\(whole),"jobTitle":"C"},
            {"id":"flagless","mail":"m@x.y"}, {"id":"mailless","accountEnabled":true},
            {"id":"left","@removed":{"reason":"changed"}}, {"id":"left",\(whole)},
            {"id":"removed","@removed":{"reason":"deleted"}}
          ]}
          """)
      }
      let body = try JSONSerialization.jsonObject(with: request.body ?? Data()) as? [String: [[String: String]]]
      let items = body?["requests"] ?? []
      asked.withLock { $0 += items.compactMap { $0["url"]?.split(separator: "?").first.map(String.init) } }
      // In another order, and one of them is not found.
      let answers = items.reversed().map { item in
        let id = item["url"]?.split(separator: "?").first?.split(separator: "/").last ?? ""
        return id == "left"
          ? #"{"id":"\#(item["id"] ?? "")","status":404,"body":{"error":{"code":"Request_ResourceNotFound"}}}"#
          : #"{"id":"\#(item["id"] ?? "")","status":200,"body":{"id":"\#(id)",\#(whole),"jobTitle":"true"}}"#
      }
      return .json(#"{"responses":[\#(answers.joined(separator: ","))]}"#)
    }
    let connector = try Self.connector(transport)
    let read = try await pages(connector.read(.person, in: Self.scope, since: DeltaMark("1 \(Self.link)")))
    #expect(asked.withLock { $0 } == ["/users/flagless", "/users/left", "/users/mailless", "/users/twice"])
    var last: [RecordID: Record] = [:]
    for record in read.flatMap(\.records) { last[record.id] = record }
    #expect(last["clear"]?.fields.text("title") == "A")
    #expect(last["twice"]?.fields.text("title") == "true")
    #expect(last["left"]?.state == .gone)
    #expect(last["removed"]?.state == .gone)
    #expect(last["removed"]?.native == "removed: deleted")
    #expect(last["flagless"]?.fields.flag("account-enabled") == true)
    #expect(connector.requestCount == 2)
  }

  @Test("in a batch only the throttled items are asked for again, and not before their pause is over")
  func batch() async throws {
    let clock = FakeClock()
    let times = Mutex<[Double]>([])
    let sizes = Mutex<[Int]>([])
    let transport = Self.graph { request, _ in
      let body = try JSONSerialization.jsonObject(with: request.body ?? Data()) as? [String: [[String: String]]]
      let items = body?["requests"] ?? []
      sizes.withLock { $0.append(items.count) }
      let round = times.withLock { times in
        times.append(clock.now())
        return times.count
      }
      let answers = items.map { item in
        let id = item["id"] ?? ""
        return round == 1 && ["0", "1", "2"].contains(id)
          ? #"{"id":"\#(id)","status":429,"headers":{"retry-After":"2.5"},"body":{"error":{"code":"TooManyRequests"}}}"#
          : #"{"id":"\#(id)","status":200,"body":{"id":"\#(item["url"]?.split(separator: "?").first?.split(separator: "/").last ?? "")"}}"#
      }
      return .json(#"{"responses":[\#(answers.joined(separator: ","))]}"#)
    }
    let connector = try MicrosoftGraphConnector(.test("m365", transport, clock: clock))
    let ids = (1...25).map { RecordID("u\($0)") }
    let found = try await connector.read(ids, of: .person, in: Self.scope)
    #expect(Set(found.map(\.id)) == Set(ids))
    #expect(sizes.withLock { $0 } == [20, 8])
    #expect(times.withLock { $0[1] - $0[0] } >= 2.5)
  }

  @Test("an item that the batch leaves out is no item that was not found")
  func batchGap() async throws {
    let connector = try Self.connector(Self.graph { _, _ in .json(#"{"responses":[]}"#) })
    #expect(await failure { try await connector.read(["x"], of: .person, in: Self.scope) }?.kind == .malformed)
  }

  @Test("a refused token is renewed once", arguments: [1, 9])
  func renewal(_ refusals: Int) async throws {
    let refused = Mutex(0)
    let transport = Self.graph { _, _ in
      let count = refused.withLock { count in
        count += 1
        return count
      }
      return count <= refusals
        ? .json(#"{"error":{"code":"InvalidAuthenticationToken","message":"expired"}}"#, status: 401)
        : .json(#"{"value":[]}"#)
    }
    let connector = try Self.connector(transport)
    let error = await failure { try await pages(connector.read(.person, in: Self.scope, since: nil)) }
    #expect(error?.kind == (refusals == 1 ? nil : .unauthorized))
    // Both answer the same token here, so that the second sign-in shows in the requests alone.
    #expect(transport.lines.count { $0.hasSuffix("/token") } == 2)
  }

  @Test(
    "what Graph's refusals mean",
    arguments: [
      (400, "Request_BadRequest", .rejected), (400, "SyncStateNotFound", .deltaExpired),
      (404, "resyncRequired", .deltaExpired),
      (410, "", .deltaExpired), (401, "InvalidAuthenticationToken", .unauthorized),
      (403, "Authorization_RequestDenied", .forbidden), (404, "Request_ResourceNotFound", .notFound), (409, "", .stale),
      (500, "", .unreachable), (501, "NotImplemented", .unreachable), (503, "", .unreachable),
    ] as [(Int, String, ConnectorError.Kind)])
  func errors(_ status: Int, _ code: String, _ kind: ConnectorError.Kind) async throws {
    let secret = "s3cr=t+/v~"
    let transport = Self.graph { _, _ in
      .json(
        #"{"error":{"code":"\#(code)","message":"no \#(secret) here","innerError":{"request-id":"r"}}}"#,
        status: status,
        [HTTPHeader("request-id", "abc")])
    }
    let connector = try Self.connector(transport)
    let error = await failure { try await pages(connector.read(.person, in: Self.scope, since: nil)) }
    #expect(error?.kind == kind)
    #expect(error?.requestID == "abc")
    #expect(error?.message.contains(secret) == false)
    #expect(error?.message.contains("users page 1") == true)
  }

  @Test("licence names that may not be read are not said, and asked for once")
  func names() async throws {
    let transport = ScriptedTransport { request, _ in
      if request.address.path.hasSuffix("/token") { return .json(#"{"access_token":"tok"}"#) }
      if request.address.query?.contains("latest") == true {
        return .json(#"{"value":[],"@odata.deltaLink":"\#(Self.link)"}"#)
      }
      if request.address.path.hasSuffix("/subscribedSkus") { return .json("<html>", status: 403) }
      return .json(#"{"value":[{"id":"1","assignedLicenses":[{"skuId":"aa"}]}]}"#)
    }
    let connector = try Self.connector(transport)
    for _ in 1...2 {
      let record = try await pages(connector.read(.person, in: Self.scope, since: nil)).first?.records.first
      #expect(record?.fields["licences"] == .list(["aa"]))
      #expect(record?.fields["licence-names"] == nil)
    }
    #expect(transport.lines.count { $0.hasSuffix("/subscribedSkus") } == 1)
  }

  @Test("G23 answers that somebody has chewed on are errors and no crashes", arguments: 1...40)
  func chewed(_ seed: Int) async throws {
    let whole = Array(
      #"{"@odata.nextLink":"http://127.0.0.1:9/m365/v1.0/users?$skiptoken=2","value":[{"id":"1","mail":"a@b.c","businessPhones":["1"],"accountEnabled":true,"assignedLicenses":[{"skuId":"x"}],"@removed":{"reason":"changed"}}]}"#
        .utf8)
    let random = Mutex(UInt64(seed) &* 0x9e37_79b9_7f4a_7c15)
    func next(_ bound: Int) -> Int {
      random.withLock { state in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
      }
    }
    for _ in 1...25 {
      var bytes = whole
      for _ in 0...next(6) {
        let at = next(bytes.count)
        switch next(3) {
        case 0: bytes[at] = UInt8(next(256))
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + 1 + next(9)))
        default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + next(30))], at: next(bytes.count))
        }
      }
      let answer = Data(bytes)
      let connector = try Self.connector(Self.graph { _, _ in HTTPResponse(status: 200, body: answer) })
      var sawEnd = false
      let error = await failure {
        for try await page in connector.read(.person, in: Self.scope, since: nil) { sawEnd = page.isLast }
      }
      #expect(sawEnd != (error != nil))
    }
  }
}
