/// Where Teamwork Desk is, how fast it is asked, what a check says, and that the key is never seen.
import Connectors
import Foundation
import Model
import Testing

@Suite struct TeamworkDeskConnectionTests {
  @Test(
    "the address of the API",
    arguments: [
      (["site": "acme"], "https://acme.teamwork.com/desk/api/v2"),
      (["site": "acme.eu"], "https://acme.eu.teamwork.com/desk/api/v2"),
      (["url": "https://acme.example"], "https://acme.example/desk/api/v2"),
      (["url": "https://acme.teamwork.com/desk/"], "https://acme.teamwork.com/desk/api/v2"),
      (["url": "http://127.0.0.1:9/desk/desk"], "http://127.0.0.1:9/desk/desk/api/v2"),
      (["url": "https://acme.example/desk/api/v2"], "https://acme.example/desk/api/v2"),
    ])
  func addresses(_ parameters: [String: String], _ base: String) async throws {
    let transport = ScriptedTransport { _, _ in .json(#"{"message":"bad key"}"#, status: 401) }
    let connector = try TeamworkDeskConnector(TeamworkDeskSite.setup(transport, parameters: parameters))
    let report = try await connector.check(partitions: [])
    #expect(
      transport.requests.map(\.address.description) == [
        "\(base)/companies.json?orderBy=id&orderMode=asc&page=1&pageSize=1"
      ])
    #expect(report.results.map { "\($0.name) \($0.outcome)" } == ["reachable passed", "credentials failed"])
  }

  @Test(
    "a key with a line end, or a site that cannot be one, is refused", arguments: [("a\r\nX: y", "acme"), ("k", "a/b")])
  func refusals(_ key: String, _ site: String) async {
    let error = await failure {
      try TeamworkDeskConnector(
        TeamworkDeskSite.setup(ScriptedTransport { _, _ in .json("{}") }, parameters: ["site": site], key: key))
    }
    #expect(error?.kind == .misconfigured)
    #expect(error?.message.contains("X: y") == false)
  }

  @Test(
    "the pause that the vendor asks for, in its own spelling",
    arguments: [
      (429, [HTTPHeader("X-Rate-Limit-Reset", "25")], 25.0),
      (429, [HTTPHeader("x-rate-limit-reset", "1800000030")], 30),
      (429, [HTTPHeader("X-RateLimit-Reset", "25")], 60), (429, [HTTPHeader("Retry-After", "7")], 7),
      (200, [HTTPHeader("X-Rate-Limit-Remaining", "0"), HTTPHeader("X-Rate-Limit-Reset", "11")], 11),
      (200, [HTTPHeader("X-Rate-Limit-Remaining", "1")], 0),
    ])
  func pauses(_ status: Int, _ headers: [HTTPHeader], _ seconds: Double) async throws {
    let clock = FakeClock()
    let transport = ScriptedTransport { _, number in
      var answer = TeamworkDeskSite.page("companies", [])
      if number == 1 {
        answer.headers = headers
        answer.status = status
      }
      return answer
    }
    let connector = try TeamworkDeskConnector(TeamworkDeskSite.setup(transport, clock: clock))
    _ = try await pages(connector.read(.company, in: ReadScope(), since: nil))
    if status == 200 { _ = try await pages(connector.read(.company, in: ReadScope(), since: nil)) }
    #expect(transport.requests.count == 2)
    #expect(abs(clock.now() - seconds) < 1)
  }

  @Test("a check names each thing by itself")
  func check() async throws {
    let transport = ScriptedTransport { request, _ in
      if request.address.path.hasSuffix("/customers.json") { return .json(#"{"error":"no"}"#, status: 403) }
      return TeamworkDeskSite.page("companies", [TeamworkDeskSite.company(16, "A")], records: 31)
    }
    let report = try await TeamworkDeskSite.connector(transport).check(partitions: ["16", "17"])
    #expect(
      report.results.map { "\($0.name) \($0.outcome) \($0.partition ?? "")" } == [
        "reachable passed ", "credentials passed ", "companies: read passed ", "customers: read failed ",
        "companies and customers: write warned ", "company passed 16", "company failed 17",
      ])
    #expect(report.results.contains { $0.detail == "allowed, 31 companies" })
    #expect(!report.hasPassed)
  }

  @Test("G22 the key is in no error, whatever the server repeats of it")
  func secrets() async throws {
    let transport = ScriptedTransport { _, _ in
      .json(#"{"message":"no such key \#(TeamworkDeskSite.key)"}"#, status: 403)
    }
    let error = await failure {
      try await pages(TeamworkDeskSite.connector(transport).read(.company, in: ReadScope(), since: nil))
    }
    #expect(error?.message.contains("no such key") == true)
    #expect(error?.message.contains("s3cr=t") == false)
  }

  @Test(
    "errors of reading",
    arguments: [
      (401, ConnectorError.Kind.unauthorized), (403, .forbidden), (404, .notFound), (500, .unreachable),
      (422, .rejected),
    ])
  func errors(_ status: Int, _ kind: ConnectorError.Kind) async throws {
    let transport = ScriptedTransport { _, _ in .json("<html>no</html>", status: status) }
    let error = await failure {
      try await pages(TeamworkDeskSite.connector(transport).read(.person, in: ReadScope(), since: nil))
    }
    #expect(error?.kind == kind)
    #expect(error?.message.contains("html") == false)
  }
}
