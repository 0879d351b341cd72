import Connectors
import Foundation
import Model
import Synchronization
import Testing

@Suite struct AutotaskCallsTests {
  private static let scope = ReadScope(partition: "174")

  private static func read(_ autotask: ScriptedAutotask) async throws -> [Page] {
    try await pages(autotask.connector().read(.person, in: scope, since: nil))
  }

  // MARK: The zone

  @Test(
    "the secret goes to zones of the vendor, over https, and to nobody else",
    arguments: [
      ("https://webservices5.autotask.net/ATServicesRest/", true), ("https://WEBSERVICES18.autotask.net/x", true),
      ("http://webservices5.autotask.net/ATServicesRest/", false), ("https://autotask.net.evil.example/", false),
      ("https://evilautotask.net/", false), ("https://user@webservices5.autotask.net/", false), ("", false),
      ("https://webservices5.autotask.net/?x=1", false),
    ])
  func zones(_ url: String, _ isTrusted: Bool) async throws {
    let transport = ScriptedTransport { request, _ in
      request.address.path.hasSuffix("zoneInformation")
        ? .json(#"{"zoneName":"Z","url":"\#(url)"}"#)
        : .json(ScriptedAutotask.page([]).replacingOccurrences(of: #"{"items""#, with: #"{"queryCount":0,"items""#))
    }
    let connector = try AutotaskConnector(
      ConnectorSetup(
        connection: Connection(
          name: "test", system: "autotask", parameters: ["user": "u", "integration-code": "c"], secrets: [:],
          madeAt: .distantPast, changedAt: .distantPast),
        secrets: ["secret": Secret("s")], transport: transport, clock: FakeClock(), now: { .distantPast },
        random: { 0.5 }))
    let error = await failure { try await pages(connector.read(.person, in: Self.scope, since: nil)) }
    #expect((error == nil) == isTrusted)
    let hosts = Set(transport.requests.dropFirst().map { "\($0.address.origin)" })
    #expect(transport.requests.first?.address.origin.description == "https://webservices.autotask.net")
    if isTrusted {
      #expect(hosts.count == 1 && hosts.allSatisfy { $0.hasPrefix("https://webservices") })
    } else {
      #expect(hosts.isEmpty)
    }
  }

  @Test("a zone that was found before is not asked for again, unless it is none")
  func rememberedZone() async throws {
    for (zone, asked) in [("http://127.0.0.1:9/autotask/ATServicesRest", 0), ("https://evil.example/x", 1)] {
      let autotask = ScriptedAutotask { _, _, _ in nil }
      _ = try await pages(autotask.connector(findings: ["zone": zone]).read(.person, in: Self.scope, since: nil))
      #expect(autotask.count(of: "zoneInformation") == asked)
      #expect(autotask.transport.requests.allSatisfy { $0.address.origin.host == "127.0.0.1" })
    }
  }

  @Test("a 401, or a page of HTML, asks for the zone again; a request goes once more where it has changed")
  func movedZone() async throws {
    for refusal in [(401, "{}"), (404, "<html></html>")] {
      let autotask = ScriptedAutotask { line, _, _ in
        line.contains("old/v1.0") || line.contains("/old") ? .json(refusal.1, status: refusal.0) : nil
      }
      let transport = ScriptedTransport { request, number in
        if request.address.path.contains("/old/") { return .json(refusal.1, status: refusal.0) }
        return try await autotask.transport.send(request)
      }
      let connector = try AutotaskConnector(
        ConnectorSetup(
          connection: Connection(
            name: "test", system: "autotask",
            parameters: ["user": "u", "integration-code": "c", "url": "http://127.0.0.1:9/autotask"], secrets: [:],
            madeAt: .distantPast, changedAt: .distantPast, findings: ["zone": "http://127.0.0.1:9/autotask/old"]),
          secrets: ["secret": Secret("s")], transport: transport, clock: FakeClock(), now: { .distantPast },
          random: { 0.5 }))
      #expect(try await pages(connector.read(.person, in: Self.scope, since: nil)).last?.isLast == true)
      #expect(transport.requests.filter { $0.address.path.hasSuffix("zoneInformation") }.count == 1)
    }
    let refusing = ScriptedAutotask { line, _, _ in line.contains("Contacts") ? .json("{}", status: 401) : nil }
    let error = await failure { try await Self.read(refusing) }
    #expect(error?.kind == .unauthorized && error?.hint != nil)
    #expect(refusing.count(of: "zoneInformation") == 2)
    #expect(refusing.asked.count == 1)
  }

  @Test("a 500 for the zone is an unknown user when it says so, and else an outage")
  func unknownUser() async throws {
    for (body, kind) in [(#"{"errors":["no such user"]}"#, ConnectorError.Kind.unauthorized), ("", .unreachable)] {
      let autotask = ScriptedAutotask { line, _, _ in
        line.hasPrefix("GET zoneInformation") ? .json(body, status: 500) : nil
      }
      let error = await failure { try await Self.read(autotask) }
      #expect(error?.kind == kind && error?.delivery == .notSent)
    }
  }

  @Test("a secret with a line end is refused before anything is sent")
  func lineEnds() async throws {
    let autotask = ScriptedAutotask { _, _, _ in nil }
    let error = await failure { try autotask.connector(secret: "a\r\nX: y") }
    #expect(error?.kind == .misconfigured)
    #expect(error?.message.contains("X: y") == false)
    #expect(await failure { try autotask.connector(parameters: ["id-field": "shoe"]) }?.kind == .misconfigured)
    #expect(await failure { try autotask.connector(parameters: ["billing-code": "x"]) }?.kind == .misconfigured)
  }

  // MARK: Retries

  private static let threads =
    #"{"errors":["Itgenatr005: The Autotask API thread threshold of 3 threads has been exceeded. Method: Contacts"]}"#

  @Test(
    "what is sent again, by its words",
    arguments: [
      (500, threads, 8), (429, "", 8), (429, threads, 8), (503, "", 8), (500, "", 3),
      (500, #"{"errors":["Execution timeout"]}"#, 8), (500, #"{"errors":["Required field x is missing."]}"#, 1),
      (400, "", 1), (405, #"{"Message":"no GET"}"#, 1), (404, "{}", 1), (403, "", 1),
    ])
  func retries(_ status: Int, _ body: String, _ attempts: Int) async throws {
    let autotask = ScriptedAutotask { line, _, _ in
      line == "POST Contacts/query/count" ? .json(body, status: status) : nil
    }
    #expect(await failure { try await Self.read(autotask) } != nil)
    #expect(autotask.count(of: "Contacts/query/count") == attempts)
  }

  @Test("too many threads refuses even a create, so that it is sent again; Retry-After is honoured to the full")
  func threadsOnCreate() async throws {
    let attempts = Atomic<Int>(0)
    let autotask = ScriptedAutotask { line, _, _ in
      if line == "GET Contacts/8" { return .json(#"{"item":\#(ScriptedAutotask.contact(8))}"#) }
      guard line == "POST Companies/174/Contacts" else { return nil }
      switch attempts.add(1, ordering: .relaxed).newValue {
      case 1: return .json(Self.threads, status: 500)
      case 2: return .json("", status: 429, [HTTPHeader("Retry-After", "200")])
      default: return .json(#"{"itemId":8}"#)
      }
    }
    let create = Write(
      kind: .person, action: .create, target: nil, parent: "174",
      values: ["first-name": .text("N"), "last-name": .text("L")], current: nil, token: "t")
    #expect(try await autotask.connector().write([create], in: ReadScope()).map(\.told) == ["done 8"])
    #expect(autotask.clock.now() >= 201)
  }

  @Test("no more than two requests are under way at one entity")
  func lanes() async throws {
    let state = Mutex((now: 0, most: 0))
    let inner = ScriptedAutotask { line, _, _ in
      line.hasPrefix("GET Contacts/") ? .json(#"{"item":\#(ScriptedAutotask.contact(8))}"#) : nil
    }
    let transport = ScriptedTransport { request, _ in
      guard request.address.path.contains("Contacts") else { return try await inner.transport.send(request) }
      state.withLock { state in
        state.now += 1
        state.most = max(state.most, state.now)
      }
      try await Task.sleep(for: .milliseconds(2))
      state.withLock { $0.now -= 1 }
      return try await inner.transport.send(request)
    }
    let connector = try AutotaskConnector(
      ConnectorSetup(
        connection: Connection(
          name: "test", system: "autotask",
          parameters: ["user": "u", "integration-code": "c", "url": "http://127.0.0.1:9/autotask"], secrets: [:],
          madeAt: .distantPast, changedAt: .distantPast),
        secrets: ["secret": Secret("s")], transport: transport, clock: FakeClock(), now: { .distantPast },
        random: { 0.5 }))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for id in 1...8 {
        group.addTask { _ = try await connector.read([RecordID(String(id))], of: .person, in: ReadScope()) }
      }
      try await group.waitForAll()
    }
    #expect(state.withLock { $0.most } == 2)
  }

  // MARK: The budget

  @Test(
    "a budget that others have used up ends the work before anything is sent",
    arguments: [(9_499, true), (9_500, false)])
  func usedUp(_ used: Int, _ isLet: Bool) async throws {
    let autotask = ScriptedAutotask(used: used) { _, _, _ in nil }
    let error = await failure { try await Self.read(autotask) }
    guard !isLet else {
      #expect(error == nil && autotask.asked.count == 2)
      // The second one found no room, waited, and asked again.
      #expect(autotask.count(of: "ThresholdInformation") == 2 && autotask.clock.now() >= 15)
      return
    }
    guard case .budgetUsed(let seconds)? = error?.kind else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(seconds > 0 && seconds <= 3_600)
    #expect(error?.delivery == .notSent && error?.hint != nil)
    #expect(autotask.asked.isEmpty)
    let deactivate = Write(
      kind: .person, action: .deactivate, target: "8", values: [:],
      current: Record(id: "8", kind: .person, state: .active, fields: [:], parent: "174"), token: "t")
    let outcome = try await autotask.connector().write([deactivate], in: ReadScope())
    guard case .notSent(let unsent)? = outcome.first, case .budgetUsed = unsent.kind else {
      Issue.record("\(outcome)")
      return
    }
    #expect(autotask.asked.isEmpty)
  }

  @Test("a write that was begun is finished from the reserve")
  func finished() async throws {
    let asked = Atomic<Int>(0)
    let autotask = ScriptedAutotask { line, _, _ in
      if line == "GET ThresholdInformation" {
        let used = asked.add(1, ordering: .relaxed).newValue == 1 ? 9_498 : 9_900
        return .json(
          #"{"externalRequestThreshold":10000,"requestThresholdTimeframe":60,"currentTimeframeRequestCount":\#(used)}"#)
      }
      return line.hasPrefix("PATCH ")
        ? .json(#"{"itemId":8}"#)
        : line == "GET Contacts/8" ? .json(#"{"item":\#(ScriptedAutotask.contact(8))}"#) : nil
    }
    let deactivate = Write(
      kind: .person, action: .deactivate, target: "8", values: [:],
      current: Record(id: "8", kind: .person, state: .active, fields: [:], parent: "174"), token: "t")
    let connector = try autotask.connector()
    var told: [String] = []
    for _ in 0..<3 { told += await connector.write([deactivate], in: ReadScope()).map(\.told) }
    #expect(told.first == "done 8")
    #expect(told.dropFirst().allSatisfy { $0.hasPrefix("not sent budgetUsed") })
    #expect(autotask.asked.count == 2)
  }

  @Test("how much is used is asked at the start and every few hundred requests, and our own are counted")
  func askedSometimes() async throws {
    let autotask = ScriptedAutotask { _, _, _ in nil }
    let connector = try autotask.connector()
    for _ in 0..<300 { _ = try await connector.read(["1"], of: .person, in: ReadScope()) }
    #expect(autotask.count(of: "ThresholdInformation") == 2)
    #expect(connector.requestCount == 302)
  }

  @Test("an Autotask that does not tell how much is used is asked all the same for the rest")
  func noThreshold() async throws {
    let autotask = ScriptedAutotask { line, _, _ in
      line == "GET ThresholdInformation" ? .json("", status: 503) : nil
    }
    #expect(try await Self.read(autotask).last?.isLast == true)
    #expect(autotask.count(of: "ThresholdInformation") == 1)
  }

  // MARK: Bad weather

  @Test("a write that was called off before it began is not sent, and a reading that was called off ends")
  func calledOff() async throws {
    let autotask = ScriptedAutotask { _, _, _ in nil }
    let connector = try autotask.connector()
    let deactivate = Write(
      kind: .person, action: .deactivate, target: "8", values: [:],
      current: Record(id: "8", kind: .person, state: .active, fields: [:], parent: "174"), token: "t")
    let told = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await connector.write([deactivate, deactivate], in: Self.scope).map(\.told)
    }.value
    #expect(told == ["not sent cancelled", "not sent cancelled"])
    let error = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await failure { try await connector.read(["1"], of: .person, in: Self.scope) }
    }.value
    #expect(error?.kind == .cancelled)
    #expect(autotask.transport.requests.isEmpty)
  }

  @Test("G23 pages that somebody has chewed on are errors and no crashes", arguments: 1...40)
  func chewed(_ seed: UInt64) async throws {
    let whole = Array(
      ScriptedAutotask.page(
        [
          ScriptedAutotask.contact(1), ScriptedAutotask.contact(.max),
          ScriptedAutotask.contact(3, #","phone":["x"],"title":7,"createDate":"0000-99-99","externalID":"\u0000""#),
        ], next: "\(ScriptedAutotask.base)/Contacts/query/next"
      ).utf8)
    var state = seed
    func roll(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var bytes = whole
    for _ in 0..<(1 + roll(6)) {
      switch roll(3) {
      case 0: bytes.remove(at: roll(bytes.count))
      case 1: bytes[roll(bytes.count)] = UInt8(roll(256))
      default: bytes.removeLast(min(bytes.count - 1, roll(40)))
      }
    }
    let first = Data(bytes)
    let asked = Atomic<Int>(0)
    let autotask = ScriptedAutotask { line, _, _ in
      guard line.hasPrefix("POST Contacts/query"), !line.hasSuffix("count") else { return nil }
      let isFirst = asked.add(1, ordering: .relaxed).newValue == 1
      return isFirst ? HTTPResponse(status: 200, body: first) : .json(ScriptedAutotask.page([]))
    }
    do {
      #expect(try await Self.read(autotask).last?.isLast == true)
    } catch {
      #expect(error is ConnectorError)
    }
  }

  // MARK: Check

  private static func checked(
    _ autotask: ScriptedAutotask, partitions: [String] = []
  ) async throws -> (report: CheckReport, told: [String: String]) {
    let report = try await autotask.connector().check(partitions: partitions)
    return (report, Dictionary(report.results.map { ($0.name, "\($0.outcome)") }) { first, _ in first })
  }

  private static func rights(_ more: @escaping AutotaskScript = { _, _, _ in nil }) -> ScriptedAutotask {
    ScriptedAutotask(used: 124) { line, body, number in
      if let answer = try more(line, body, number) { return answer }
      return line.hasSuffix("/entityInformation")
        ? .json(#"{"info":{"name":"X","canCreate":true,"canUpdate":true,"userAccessForCreate":"All"}}"#) : nil
    }
  }

  @Test("a check tells each thing by itself, and remembers the zone")
  func check() async throws {
    let autotask = Self.rights { line, _, _ in
      line == "POST Companies/query"
        ? .json(ScriptedAutotask.page([#"{"id":174,"companyName":"A","companyType":1,"isActive":true}"#])) : nil
    }
    let (report, told) = try await Self.checked(autotask, partitions: ["174", "5"])
    #expect(report.results.filter { $0.outcome != .passed }.map(\.partition) == ["5"])
    #expect(report.findings == ["zone": "http://127.0.0.1:9/autotask/ATServicesRest", "zone-name": "Test"])
    #expect(
      Set(told.keys) == [
        "reachable", "credentials", "request budget", "companies: read", "companies: write", "contacts: read",
        "contacts: write", "configuration items: read", "configuration items: write", "products: write", "company",
      ])
    #expect(report.results.first { $0.name == "request budget" }?.detail.hasPrefix("124 of 10000") == true)
  }

  @Test(
    "what is missing is named, with its fix; what only some recipes need is a warning",
    arguments: [
      ("POST Contacts/query/count", 403, "", ["contacts: read"], []),
      (
        "POST ConfigurationItems/query/count", 500,
        #"{"errors":["The logged in Resource does not have the adequate permissions"]}"#, [],
        ["configuration items: read"]
      ),
      ("GET Contacts/entityInformation", 200, #"{"info":{"canCreate":false}}"#, ["contacts: write"], []),
      ("GET Companies/entityInformation", 200, #"{"info":{"userAccessForUpdate":"None"}}"#, [], ["companies: write"]),
      ("GET Products/entityInformation", 404, "{}", [], ["products: write"]),
      ("GET ThresholdInformation", 401, "", ["credentials"], []),
      (
        "GET ThresholdInformation", 200,
        #"{"externalRequestThreshold":10000,"requestThresholdTimeframe":60,"currentTimeframeRequestCount":8000}"#, [],
        ["request budget"]
      ),
    ] as [(String, Int, String, [String], [String])])
  func missing(_ at: String, _ status: Int, _ body: String, _ failed: [String], _ warned: [String]) async throws {
    let autotask = Self.rights { line, _, _ in line == at ? .json(body, status: status) : nil }
    let report = try await Self.checked(autotask).report
    #expect(report.results.filter { $0.outcome == .failed }.map(\.name) == failed)
    #expect(report.results.filter { $0.outcome == .warned }.map(\.name) == warned)
    #expect(report.results.allSatisfy { $0.outcome == .passed || $0.fix != nil })
  }
}
