import Connectors
import Foundation
import Model
import Synchronization
import Testing

@Suite struct CrewhuReadingTests {
  private static func connector(_ account: CrewhuAccount) throws -> CrewhuConnector {
    try CrewhuConnector(.crewhu(account.transport))
  }

  private static func read(_ connector: CrewhuConnector) async throws -> [Page] {
    try await pages(connector.read(.member, in: ReadScope(), since: nil))
  }

  @Test(
    "everybody comes exactly once, in every envelope, up to a short page", arguments: [0, 1, 99, 100, 101, 250],
    CrewhuAccount.Envelope.allCases)
  func paging(_ count: Int, _ envelope: CrewhuAccount.Envelope) async throws {
    let connector = try Self.connector(CrewhuAccount(CrewhuAccount.users(count), envelope))
    let read = try await Self.read(connector)
    #expect(read.flatMap(\.records).map(\.id.rawValue) == (0..<count).map { "u\($0)" })
    #expect(read.map(\.number) == Array(1...read.count))
    #expect(read.map(\.isLast) == read.map { $0.number == read.count })
    #expect(read.allSatisfy { !$0.isDelta && $0.mark == nil })
    #expect(read.last?.declaredTotal == (envelope == .total ? count : nil))
    // Where no total is declared, the end of each page before the last is looked at once more.
    let looks = envelope == .total ? 0 : count / 100
    #expect(
      connector.requestCount == connector.smallestRequestCount(.read(.member, count: count, isDelta: false)) + looks)
  }

  @Test("the token goes in a header with underscores, and the page is a number from 1")
  func requests() async throws {
    let transport = CrewhuAccount(CrewhuAccount.users(2)).transport
    let connector = try CrewhuConnector(.crewhu(transport))
    _ = try await Self.read(connector)
    #expect(transport.lines == ["GET /crewhu/api/v1/user?step=1&limit=100"])
    let headers = try #require(transport.requests.first?.headers)
    #expect(headers.contains(HTTPHeader("X_CREWHU_APITOKEN", ConnectorSetup.crewhuToken)))
    #expect(headers.contains(HTTPHeader("Accept", "application/json")))
    #expect(!headers.contains { $0.name.lowercased() == "authorization" })
    // A mark of any kind changes nothing: every reading is complete.
    let again = try await pages(connector.read(.member, in: ReadScope(), since: DeltaMark("2026-01-01")))
    #expect(again.flatMap(\.records).count == 2 && again.allSatisfy { !$0.isDelta })
  }

  @Test(
    "the address is taken as the host, with the API's path or with its version",
    arguments: [
      ("http://127.0.0.1:9", "/api/v1/user"), ("http://127.0.0.1:9/api/", "/api/v1/user"),
      ("http://127.0.0.1:9/x/api/v1", "/x/api/v1/user"), ("", "/api/v1/user"),
    ])
  func addresses(_ url: String, _ path: String) async throws {
    let transport = ScriptedTransport { _, _ in .json("[]") }
    let connector = try CrewhuConnector(.crewhu(transport, parameters: ["url": url]))
    _ = try await Self.read(connector)
    #expect(transport.requests.map(\.address.path) == [path])
    #expect(url != "" || transport.requests.first?.address.origin.description == "https://api.crewhu.com")
  }

  @Test(
    "a user's members become fields, and what was not sent is absent",
    arguments: [
      (
        #"{"_id":"a","employee_id":"DMARTIN","firstname":"Dora","lastname":"Martin","position":"Tier 2","department":"Service","location":"Porto","hiredate":"2021-03-01T00:00:00.000Z","managed_departments":[],"managed_locations":["Porto","Faro"]}"#,
        [
          "employee-ids": .list(["DMARTIN"]), "first-name": .text("Dora"), "last-name": .text("Martin"),
          "position": .text("Tier 2"), "team": .text("Service"), "location": .text("Porto"),
          "hire-date": .text("2021-03-01"), "managed-teams": .list([]), "managed-locations": .list(["Porto", "Faro"]),
        ]
      ),
      (
        #"{"_id":"a","email":"d@x","employee_ids":["DMARTIN","d@x"," D "],"profile":"Employee"}"#,
        ["email": .text("d@x"), "employee-ids": .list(["DMARTIN", "d@x", " D "]), "profile": .text("Employee")]
      ),
      (
        #"{"_id":"a","email":null,"employee_id":["1","2"],"department":"","hiredate":"soon"}"#,
        ["email": .null, "employee-ids": .list(["1", "2"]), "team": .null, "hire-date": .text("soon")]
      ),
      (
        #"{"_id":"a","employee_id":"DMARTIN, d@x,,DMARTIN"}"#, ["employee-ids": .list(["DMARTIN", "d@x"])]
      ),
      (
        #"{"_id":"a","employee_id":4711,"employee_ids":["4711","x"],"position":{"odd":1}}"#,
        ["employee-ids": .list(["4711", "x"])]
      ),
    ] as [(String, FieldValues)])
  func fields(_ user: String, _ fields: FieldValues) async throws {
    let record = try await Self.read(Self.connector(CrewhuAccount([user]))).last?.records.first
    #expect(record?.fields == fields)
    #expect(record?.kind == .member && record?.parent == nil)
  }

  @Test(
    "the flag is the state", arguments: [("true", RecordState.inactive), ("false", .active), ("null", .active)])
  func states(_ flag: String, _ state: RecordState) async throws {
    let account = CrewhuAccount([
      CrewhuAccount.user(1, #","inactive":\#(flag),"_updated_at":"2026-01-05T10:11:12.500Z""#)
    ])
    let record = try #require(try await Self.read(Self.connector(account)).last?.records.first)
    #expect(record.state == state)
    #expect(record.modified == Date(timeIntervalSince1970: 1_767_607_872.5))
  }

  @Test(
    "an answer that holds no list, or a row without an id, is no empty account",
    arguments: [
      #"{"error":"no"}"#, "{}", "null", "7", #""x""#, #"[{"firstname":"D"}]"#, #"[{"_id":""}]"#, #"{"items":[1,2]}"#,
      "<html>", "",
    ])
  func malformed(_ answer: String) async throws {
    let transport = ScriptedTransport { _, _ in .json(answer) }
    let connector = try CrewhuConnector(.crewhu(transport))
    #expect(await failure { try await Self.read(connector) }?.kind == .malformed)
  }

  @Test("G2 a server that gives the same page for ever is noticed")
  func samePage() async throws {
    let rows = CrewhuAccount.users(100).joined(separator: ",")
    let transport = ScriptedTransport { _, _ in .json("[\(rows)]") }
    let connector = try CrewhuConnector(.crewhu(transport))
    #expect(await failure { try await Self.read(connector) }?.kind == .malformed)
    #expect(transport.requests.count == 2)
  }

  @Test(
    "G2 a reading during which somebody was removed never looks complete where somebody was lost",
    arguments: [CrewhuAccount.Envelope.bare, .total], [0, 50, 99, 150, 249])
  func removed(_ envelope: CrewhuAccount.Envelope, _ victim: Int) async throws {
    let account = CrewhuAccount(
      CrewhuAccount.users(250), envelope,
      onPage: { step, users in if step == 1 { users.removeAll { $0.contains("\"u\(victim)\"") } } })
    let connector = try Self.connector(account)
    let living = Set((0..<250).filter { $0 != victim }.map { "u\($0)" })
    do {
      let read = try await Self.read(connector)
      let came = Set(read.flatMap(\.records).map(\.id.rawValue))
      let isUsable = read.last?.declaredTotal.map { $0 <= came.count } ?? true
      #expect(!isUsable || living.isSubset(of: came))
    } catch let error as ConnectorError {
      #expect(error.kind == .malformed && error.hint == "read again")
      #expect(victim < 100)
    }
  }

  @Test(
    "somebody who is added meanwhile costs nobody", arguments: [CrewhuAccount.Envelope.bare, .total], [true, false])
  func added(_ envelope: CrewhuAccount.Envelope, _ isFirst: Bool) async throws {
    let account = CrewhuAccount(
      CrewhuAccount.users(200), envelope,
      onPage: { step, users in
        if step == 1 { users.insert(CrewhuAccount.user(900), at: isFirst ? 0 : users.count) }
      })
    let read = try await Self.read(Self.connector(account))
    let came = Set(read.flatMap(\.records).map(\.id.rawValue))
    #expect(Set((0..<200).map { "u\($0)" }).isSubset(of: came))
    #expect(read.last?.isLast == true)
    #expect(read.last?.declaredTotal.map { $0 <= came.count } ?? true)
  }

  @Test("a server with smaller pages of its own is read to its end where it says that there is more")
  func smallPages() async throws {
    let users = CrewhuAccount.users(7)
    let transport = ScriptedTransport { request, number in
      let start = min((number - 1) * 3, 7)
      return .json(#"{"items":[\#(users[start..<min(start + 3, 7)].joined(separator: ","))],"total":7}"#)
    }
    let read = try await Self.read(CrewhuConnector(.crewhu(transport)))
    #expect(read.flatMap(\.records).count == 7 && read.count == 3)
    // One that declares more than it gives ends all the same, and does not look complete.
    let poor = ScriptedTransport { _, number in
      .json(number % 2 == 1 ? #"{"items":[\#(users[0])],"total":7}"# : #"{"items":[]}"#)
    }
    let short = try await Self.read(CrewhuConnector(.crewhu(poor)))
    #expect(short.last?.isLast == true && short.last?.declaredTotal == 7)
    let error = await failure {
      try await CrewhuConnector(.crewhu(poor)).find(.member, in: ReadScope(), where: "email", is: "x")
    }
    #expect(error?.kind == .malformed)
  }

  @Test(
    "what a refusal means",
    arguments: [
      (401, ConnectorError.Kind.unauthorized), (403, .forbidden), (404, .notFound),
      (429, .throttled(retryAfterSeconds: nil)), (500, .unreachable), (503, .unreachable), (400, .rejected),
    ])
  func refusals(_ status: Int, _ kind: ConnectorError.Kind) async throws {
    let transport = ScriptedTransport { _, _ in
      .json(#"{"message":"token \#(ConnectorSetup.crewhuToken) says no"}"#, status: status)
    }
    let connector = try CrewhuConnector(.crewhu(transport))
    let error = try #require(await failure { try await Self.read(connector) })
    #expect(error.kind == kind && error.status == status)
    #expect(!"\(error)".contains(ConnectorSetup.crewhuToken))
    #expect(status != 401 || error.hint?.contains("X_CREWHU_APITOKEN") == true)
  }

  @Test("one request at a time, about two a second, with waits of one second, two, four, and as long as it asks")
  func pace() async throws {
    let clock = FakeClock()
    let times = Mutex<[Double]>([])
    let rows = CrewhuAccount.users(100)
    let transport = ScriptedTransport { _, number in
      times.withLock { $0.append(clock.now()) }
      switch number {
      case 1...3: return HTTPResponse(status: 503)
      case 4: return HTTPResponse(status: 429, headers: [HTTPHeader("Retry-After", "37")])
      default: return .json("[\(rows.prefix(7).joined(separator: ","))]")
      }
    }
    _ = try await Self.read(CrewhuConnector(.crewhu(transport, clock: clock)))
    let seen = times.withLock { $0 }
    #expect(zip(seen.dropFirst(), seen).map { ($0 - $1).rounded() } == [1, 2, 4, 37])

    let paced = FakeClock()
    let busy = CrewhuAccount(CrewhuAccount.users(1000), .total).transport
    _ = try await Self.read(CrewhuConnector(.crewhu(busy, clock: paced)))
    #expect(busy.requests.count == 11 && paced.now() >= 4)
  }

  @Test("single employees are asked for one by one while they are few, and found in the list when they are more")
  func singles() async throws {
    let account = CrewhuAccount(
      CrewhuAccount.users(20),
      own: { request in
        request.address.path.hasSuffix("/user/u3") ? .json(#"{"user":\#(CrewhuAccount.user(3))}"#) : nil
      })
    let transport = account.transport
    let connector = try CrewhuConnector(.crewhu(transport))
    let odd: [RecordID] = ["../x", "a/b", "?x=1", "", "é", "a b", "\u{0}"]
    #expect(try await connector.read(["u3", "nobody"] + odd, of: .member, in: ReadScope()).map(\.id) == ["u3"])
    #expect(transport.lines == ["GET /crewhu/api/v1/user/u3", "GET /crewhu/api/v1/user/nobody"])
    let many = (0..<9).map { RecordID("u\($0)") } + ["gone"]
    #expect(try await connector.read(many + odd, of: .member, in: ReadScope()).map(\.id) == Array(many.dropLast()))
    #expect(transport.requests.count == 3)
    #expect(try await connector.read(odd, of: .member, in: ReadScope()).isEmpty)
    #expect(transport.requests.count == 3)
  }

  @Test("employees are looked for among all of them, by address without case and by id exactly")
  func find() async throws {
    let connector = try Self.connector(
      CrewhuAccount([#"{"_id":"a","email":"Dora@x","employee_ids":["DM","d"]}"#, #"{"_id":"b","employee_id":"dm"}"#]))
    for (field, value, found) in [
      ("email", "DORA@X", ["a"]), ("employee-ids", "DM", ["a"]), ("employee-ids", "dm", ["b"]), ("email", "y", []),
    ] as [(FieldName, String, [RecordID])] {
      #expect(try await connector.find(.member, in: ReadScope(), where: field, is: value).map(\.id) == found)
    }
    #expect(await failure { try await connector.find(.member, in: ReadScope(), where: "birthday", is: "x") } != nil)
    #expect(await failure { try await pages(connector.read(.person, in: ReadScope(), since: nil)) } != nil)
  }

  @Test(
    "what is wrong with a connection is said when it is made",
    arguments: [
      (["url": "ftp://x"], "t", "web address"), (["url": "http://crew.example"], "t", "clear"), ([:], "", "token"),
      ([:], "a\nb", "signs"), (["experimental-writes": "maybe"], "t", "on or off"),
    ] as [([String: String], String, String)])
  func settings(_ parameters: [String: String], _ token: String, _ words: String) throws {
    do throws(ConnectorError) {
      _ = try CrewhuConnector(.crewhu(ScriptedTransport { _, _ in .json("[]") }, parameters: parameters, token: token))
      Issue.record("nothing was found wrong")
    } catch {
      #expect(error.kind == .misconfigured && error.message.contains(words), "\(error.message)")
    }
  }
}
