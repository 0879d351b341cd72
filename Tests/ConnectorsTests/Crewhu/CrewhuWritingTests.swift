import Connectors
import Foundation
import Model
import Synchronization
import Testing

/// The assumed API; all of these are what kith would send, and none of it is known to exist.
@Suite struct CrewhuWritingTests {
  private static let on = ["experimental-writes": "on"]
  /// Lists that have everything, and an answer for the rest.
  private static func server(
    lists: Set<String> = ["Porto", "Service", "Tier 2"],
    _ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse = { _ in
      .json(#"{"_id":"u1","email":"d@x"}"#, status: 201)
    }
  ) -> ScriptedTransport {
    ScriptedTransport { request, _ in
      guard request.method == .get else { return answer(request) }
      let rows = lists.sorted().enumerated().map { #"{"_id":"\#($0.offset)","name":"\#($0.element)"}"# }
      return .json("[\(rows.joined(separator: ","))]")
    }
  }

  private static func sent(_ transport: ScriptedTransport) -> [String] {
    transport.requests.filter { $0.method != .get }.map { request in
      let path = request.address.path.replacingOccurrences(of: "/crewhu/api/v1/", with: "")
      let body = request.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
      return "\(request.method.rawValue) \(path)\(body)"
    }
  }

  private static func outcomes(_ writes: [Write], _ transport: ScriptedTransport) async throws -> [WriteOutcome] {
    try await CrewhuConnector(.crewhu(transport, parameters: on)).write(writes, in: ReadScope())
  }

  @Test(
    "what is sent for each write",
    arguments: [
      (
        Write.dora(),
        [
          #"POST user {"department":"Service","email":"dora@msp.example","employee_ids":["DMARTIN","dora@msp.example"],"firstname":"Dora","hiredate":"2021-03-01","inactive":false,"lastname":"Martin","location":"Porto","position":"Tier 2","profile":"Employee"}"#
        ]
      ),
      (
        Write.dora([
          "state": .text("inactive"), "invite": .flag(true), "location": .null, "team": .null, "position": .null,
          "hire-date": .null, "profile": .null, "first-name": .null, "last-name": .null,
        ]),
        [#"POST user {"email":"dora@msp.example","employee_ids":["DMARTIN","dora@msp.example"],"inactive":true}"#]
      ),
      (
        Write.dora(.update, ["team": .text("Service"), "first-name": .null]),
        [#"PUT user/u1 {"department":"Service","firstname":null}"#]
      ),
      (.dora(.deactivate), [#"PUT user/u1 {"inactive":true}"#]),
      (
        Write.dora(.reactivate, ["position": .text("Tier 2")]), [#"PUT user/u1 {"inactive":false,"position":"Tier 2"}"#]
      ),
      (
        Write.dora(.update, ["team": .text("Sales")]),
        [#"POST department {"name":"Sales"}"#, #"PUT user/u1 {"department":"Sales"}"#]
      ),
      (.dora(.update, ["profile": .text("Admin")]), []), (.dora(.delete), []),
      (.dora(.update, ["email": .null]), []),
      (.dora(.update, ["team": .text("X")], target: nil), []), (.dora(["email": .text(" ")]), []),
    ] as [(Write, [String])])
  func requests(_ write: Write, _ requests: [String]) async throws {
    let transport = Self.server()
    let outcomes = try await Self.outcomes([write], transport)
    #expect(Self.sent(transport) == requests)
    #expect(
      outcomes.map(\.crewhuWord).allSatisfy { requests.isEmpty ? $0.contains(" ") : $0 == "done u1" }, "\(outcomes)")
    #expect(
      requests.isEmpty || transport.requests.allSatisfy { $0.headers.contains { $0.name == "X_CREWHU_APITOKEN" } })
  }

  @Test("without the setting not one request is made, whatever is written")
  func off() async throws {
    for parameters in [[:], ["experimental-writes": "off"], ["experimental-writes": "none"]] {
      let transport = Self.server()
      let connector = try CrewhuConnector(.crewhu(transport, parameters: parameters))
      _ = await connector.write([.dora(), .dora(.update, ["team": .text("X")])], in: ReadScope())
      #expect(transport.requests.isEmpty && connector.smallestRequestCount(.write(.dora())) == 0)
    }
  }

  @Test("names are read once and made once, and an account without such lists is taken as it is")
  func names() async throws {
    let transport = Self.server(lists: ["Porto"])
    let writes = ["A", "A", "B"].map { Write.dora(["team": .text($0), "position": .null]) }
    #expect(try await Self.outcomes(writes, transport).map(\.crewhuWord) == ["done u1", "done u1", "done u1"])
    #expect(
      Self.sent(transport).filter { !$0.hasPrefix("POST user") }
        == [#"POST department {"name":"A"}"#, #"POST department {"name":"B"}"#])
    #expect(transport.requests.count { $0.method == .get } == 2)
    let bare = ScriptedTransport { request, _ in
      request.method == .get ? .json("{}", status: 404) : .json(#"{"_id":"u1"}"#)
    }
    #expect(try await Self.outcomes([.dora()], bare).map(\.crewhuWord) == ["done u1"])
    #expect(Self.sent(bare).count == 1)
    // A name that is refused is the employee's own fault, and a list that cannot be read is nobody's.
    let strict = Self.server(lists: []) {
      $0.address.path.hasSuffix("/user") ? .json(#"{"_id":"u1"}"#) : .json("{}", status: 422)
    }
    #expect(try await Self.outcomes([.dora()], strict).map(\.crewhuWord) == ["value-refused location"])
    let broken = ScriptedTransport { _, _ in .json("{}", status: 500) }
    #expect(try await Self.outcomes([.dora()], broken).map(\.crewhuWord) == ["not sent unreachable"])
    #expect(Self.sent(broken).isEmpty)
  }

  @Test(
    "who is new, active and to be invited is invited, and an invitation that fails says so and is not repeated",
    arguments: [(201, "done u1"), (500, "record-forbidden -, partly"), (403, "record-forbidden -, partly")])
  func invitations(_ status: Int, _ word: String) async throws {
    let transport = Self.server { request in
      request.address.path.hasSuffix("/invite")
        ? .json(#"{"message":"no mail"}"#, status: status) : .json(#"{"_id":"u1"}"#, status: 201)
    }
    let write = Write.dora(["invite": .flag(true)])
    let connector = try CrewhuConnector(.crewhu(transport, parameters: Self.on))
    let outcomes = await connector.write([write], in: ReadScope())
    #expect(outcomes.map(\.crewhuWord) == [word])
    #expect(Self.sent(transport).map { $0.split(separator: " ")[1] } == ["user", "user/u1/invite"])
    #expect(connector.smallestRequestCount(.write(write)) == 2)
    #expect(status == 201 || outcomes.first?.rejection?.message.contains("no mail") == true)
  }

  @Test(
    "what became of a write that was answered so",
    arguments: [
      (WriteKind.create, 401, "{}", "not sent unauthorized"), (.create, 403, "{}", "not sent forbidden"),
      (.update, 403, "{}", "record-forbidden -"), (.update, 404, "{}", "target-gone -"),
      (.create, 409, #"{"errors":[{"field":"email","message":"in use"}]}"#, "duplicate-at-target email"),
      (.create, 422, #"{"errors":[{"field":"hiredate","message":"no date"}]}"#, "value-refused hire-date"),
      (.update, 422, #"{"errors":[{"field":"department","message":"none"}]}"#, "value-refused team"),
      (.create, 400, "<html>", "value-refused -"), (.create, 500, "{}", "unknown"), (.create, 200, "<html>", "unknown"),
      (.create, 429, "{}", "not sent throttled(retryAfterSeconds: nil)"), (.update, 500, "{}", "unknown"),
    ] as [(WriteKind, Int, String, String)])
  func answers(_ action: WriteKind, _ status: Int, _ body: String, _ word: String) async throws {
    let transport = Self.server { _ in .json(body, status: status) }
    let write = action == .create ? Write.dora() : Write.dora(action, ["first-name": .text("X")])
    let outcomes = try await Self.outcomes([write], transport)
    #expect(outcomes.map(\.crewhuWord) == [word])
    #expect(!"\(outcomes)".contains(ConnectorSetup.crewhuToken))
    // A create is repeated only where the server said that it did not take it.
    #expect(action != .create || status == 429 || Self.sent(transport).count == 1)
  }

  @Test("a batch goes one by one, and stops where nothing gets through any more")
  func batches() async throws {
    let transport = Self.server()
    let connector = try CrewhuConnector(.crewhu(transport, parameters: Self.on))
    let outcomes = await connector.write((0..<7).map { _ in Write.dora() }, in: ReadScope())
    #expect(outcomes.map(\.crewhuWord) == [String](repeating: "done u1", count: 7))
    #expect(connector.requestCount == 7 + 3)
    for (status, sent, last) in [(401, 1, "not sent unauthorized"), (500, 3, "not sent unreachable")] {
      let refusing = Self.server { _ in .json("{}", status: status) }
      let ended = try await Self.outcomes((0..<9).map { _ in Write.dora() }, refusing)
      #expect(ended.count == 9 && ended.last?.crewhuWord == last)
      #expect(Self.sent(refusing).count == sent)
    }
    let mixed = Mutex(0)
    let choosy = Self.server { _ in
      let number = mixed.withLock { number in
        number += 1
        return number
      }
      return number == 2 ? .json("{}", status: 422) : .json(#"{"_id":"u\#(number)"}"#)
    }
    #expect(
      try await Self.outcomes((0..<3).map { _ in Write.dora() }, choosy).map(\.crewhuWord)
        == ["done u1", "value-refused -", "done u3"])
  }

  @Test("G25 what has not begun when the caller is cancelled is not sent, and what has begun is seen through")
  func cancellation() async throws {
    let begun = AsyncStream.makeStream(of: Void.self)
    let gate = AsyncStream.makeStream(of: Void.self)
    let transport = ScriptedTransport { request, _ in
      if request.method == .get { return .json("{}", status: 404) }
      begun.continuation.yield()
      for await _ in gate.stream { break }
      return .json(#"{"_id":"u1"}"#, status: 201)
    }
    let connector = try CrewhuConnector(.crewhu(transport, parameters: Self.on))
    let run = Task { await connector.write((0..<5).map { _ in Write.dora() }, in: ReadScope()) }
    for await _ in begun.stream { break }
    run.cancel()
    gate.continuation.finish()
    #expect(await run.value.map(\.crewhuWord) == ["done u1"] + [String](repeating: "not sent cancelled", count: 4))
    #expect(Self.sent(transport).count == 1)
  }

  // MARK: Check

  private static func results(_ report: CheckReport) -> [String: String] {
    Dictionary(uniqueKeysWithValues: report.results.map { ($0.name, $0.outcome.rawValue) })
  }

  @Test(
    "check says whether employees can be recognised",
    arguments: [
      ([CrewhuAccount.user(1)], "passed", "passed", "shown"),
      ([#"{"_id":"a","employee_id":"A"}"#, CrewhuAccount.user(1)], "passed", "passed", "shown"),
      ([#"{"_id":"a","employee_id":"A"}"#, #"{"_id":"b","email":null}"#], "failed", "passed", "hidden"),
      ([#"{"_id":"a","email":"a@x"}"#], "passed", "warned", "shown"), ([], "warned", "warned", "unknown"),
    ])
  func keys(_ users: [String], _ email: String, _ ids: String, _ finding: String) async throws {
    let account = CrewhuAccount(users, .total, own: { $0.address.path.hasSuffix("/profile") ? .json("[]") : nil })
    let connector = try CrewhuConnector(.crewhu(account.transport, parameters: Self.on))
    let report = try await connector.check(partitions: [])
    let results = Self.results(report)
    #expect(results["reachable"] == "passed" && results["credentials"] == "passed")
    #expect(results["employees: read"] == "passed")
    #expect(results["employees: e-mail address"] == email && results["employees: employee ids"] == ids)
    #expect(report.findings["email"] == finding)
    #expect(report.results.allSatisfy { $0.outcome == .passed || $0.fix?.isEmpty == false })
  }

  @Test("check says that the API is assumed, and which active profiles there are and what they let see")
  func profiles() async throws {
    let profiles = #"""
      {"items":[{"_id":"1","name":"Admin"},{"_id":"2","name":"Manager"},{"_id":"3","name":"Employee"},
       {"_id":"4","name":"Owner, all","scope":"whole company"},{"_id":"5","name":"Old","inactive":true},
       {"_id":"6","name":"Other"}]}
      """#
    let account = CrewhuAccount(
      CrewhuAccount.users(1), own: { $0.address.path.hasSuffix("/profile") ? .json(profiles) : nil })
    let report = try await CrewhuConnector(.crewhu(account.transport, parameters: Self.on)).check(partitions: [])
    #expect(report.findings["profiles"] == "Admin\nManager\nEmployee\nOwner, all\nOther")
    #expect(report.findings["whole-company-profiles"] == "Admin\nOwner, all")
    let writing = try #require(report.results.first { $0.name == "employees: write" })
    #expect(writing.outcome == .warned && writing.detail.contains("assumed"))
    #expect(writing.fix?.contains("experimental-writes to off for crew") == true)
    #expect(report.results.first { $0.name == "profiles: read" }?.detail.contains("Other (unknown)") == true)
    #expect(report.hasPassed)
    let without = CrewhuAccount(CrewhuAccount.users(1))
    let silent = try await CrewhuConnector(.crewhu(without.transport, parameters: Self.on)).check(partitions: [])
    #expect(Self.results(silent)["profiles: read"] == "warned" && silent.findings["profiles"] == nil)
    #expect(silent.hasPassed)
  }

  @Test(
    "a token that is refused, and an account that cannot be reached, are told apart",
    arguments: [(401, "credentials"), (403, "credentials"), (404, "reachable"), (500, "reachable")])
  func refusedChecks(_ status: Int, _ failing: String) async throws {
    let transport = ScriptedTransport { _, _ in .json("{}", status: status) }
    let report = try await CrewhuConnector(.crewhu(transport)).check(partitions: [])
    #expect(report.results.filter { $0.outcome == .failed }.map(\.name) == [failing])
    #expect(report.results.allSatisfy { $0.outcome == .passed || $0.fix?.isEmpty == false })
    #expect(transport.lines.first == "GET /crewhu/api/v1/user?step=1&limit=1")
  }
}
