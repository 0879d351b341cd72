/// Where Teamwork.com is, how fast it is asked, what a check says, and that the key is never seen.
import Connectors
import Foundation
import Model
import Testing

@Suite struct TeamworkConnectionTests {
  @Test(
    "the host of a site",
    arguments: [
      (["site": "acme"], "https://acme.teamwork.com"), (["site": "Acme.EU"], "https://acme.eu.teamwork.com"),
      (["site": "acme.teamwork.com"], "https://acme.teamwork.com"),
      (["url": "https://tw.acme.example/"], "https://tw.acme.example"),
    ])
  func hosts(_ parameters: [String: String], _ host: String) async throws {
    let transport = ScriptedTransport { _, _ in .json("{}", status: 401) }
    let connector = try TeamworkConnector(TeamworkSite.setup(transport, parameters: parameters))
    let report = try await connector.check(partitions: [])
    #expect(transport.requests.map(\.address.description) == ["\(host)/projects/api/v3/me.json"])
    #expect(report.results.map(\.outcome) == [.passed, .failed])
  }

  @Test("a site that cannot be one is refused", arguments: ["acme/../x", "a b", "acme..eu", "", "acme@evil.example"])
  func badSites(_ site: String) async {
    let error = await failure {
      try TeamworkConnector(
        TeamworkSite.setup(ScriptedTransport { _, _ in .json("{}") }, parameters: ["site": site]))
    }
    #expect(error?.kind == .misconfigured)
  }

  @Test(
    "the pause that the vendor asks for, in each of its forms",
    arguments: [
      (429, [HTTPHeader("X-RateLimit-Reset", "25")], 25.0), (429, [HTTPHeader("x-ratelimit-reset", "1800000030")], 30),
      (429, [HTTPHeader("X-RateLimit-Reset", "1700000000")], 60), (429, [], 60),
      (429, [HTTPHeader("Retry-After", "7"), HTTPHeader("X-RateLimit-Reset", "25")], 7),
      (400, [HTTPHeader("X-RateLimit-Reset", "12")], 12), (200, [HTTPHeader("X-RateLimit-Remaining", "0")], 60),
      (200, [HTTPHeader("X-RateLimit-Remaining", "9")], 0),
    ])
  func pauses(_ status: Int, _ headers: [HTTPHeader], _ seconds: Double) async throws {
    let clock = FakeClock()
    let transport = ScriptedTransport { _, number in
      var answer = TeamworkSite.page("companies", [TeamworkSite.company(7, "A")])
      if number == 1 {
        answer.headers = headers
        if status != 200 { answer = .json(#"{"MESSAGE":"Rate limit reached"}"#, status: status, headers) }
      }
      return answer
    }
    let connector = try TeamworkConnector(TeamworkSite.setup(transport, clock: clock))
    _ = try await pages(connector.read(.company, in: ReadScope(), since: nil))
    if status == 200 { _ = try await pages(connector.read(.company, in: ReadScope(), since: nil)) }
    #expect(transport.requests.count == 2)
    #expect(abs(clock.now() - seconds) < 1)
  }

  @Test("a check names each thing by itself, and remembers the owner company")
  func check() async throws {
    let transport = ScriptedTransport { request, _ in
      switch request.address.path {
      case "/teamwork/projects/api/v3/me.json":
        .json(#"{"person":{"id":5,"inOwnerCompany":true,"isAdmin":true}}"#)
      case "/teamwork/projects/api/v3/companies.json":
        TeamworkSite.page(
          "companies", [TeamworkSite.company(1, "MSP", isOwner: true), TeamworkSite.company(7, "A")])
      case "/teamwork/projects/api/v3/people.json": TeamworkSite.page("people", [TeamworkSite.listed(10)], count: 42)
      case "/teamwork/companies/7/people.json": TeamworkSite.people([TeamworkSite.person(10)])
      default: .json("", status: 404)
      }
    }
    let report = try await TeamworkSite.connector(transport, findings: [:]).check(partitions: ["7", "8", "1"])
    #expect(report.findings == ["owner-company": "1"])
    #expect(
      report.results.map { "\($0.name) \($0.outcome) \($0.partition ?? "")" } == [
        "reachable passed ", "credentials passed ", "view passed ", "companies: read passed ", "people: read passed ",
        "people in detail: read passed ", "company passed 7", "company failed 8", "company failed 1",
        "people and companies: write warned ",
      ])
    #expect(report.results.allSatisfy { $0.outcome == .passed || $0.fix != nil })
  }

  @Test(
    "a key that sees only a part is warned about",
    arguments: [
      (#""inOwnerCompany":false,"isAdmin":false"#, CheckResult.Outcome.warned),
      (#""inOwnerCompany":"1","isAdmin":"0""#, .warned), (#""inOwnerCompany":"1","siteOwner":true"#, .passed),
      (#""isAdmin":true"#, .warned),
    ])
  func partialView(_ flags: String, _ outcome: CheckResult.Outcome) async throws {
    let transport = ScriptedTransport { request, _ in
      request.address.path.hasSuffix("me.json")
        ? .json(#"{"person":{"id":"5",\#(flags)}}"#)
        : TeamworkSite.page(request.address.path.hasSuffix("people.json") ? "people" : "companies", [])
    }
    let report = try await TeamworkSite.connector(transport).check(partitions: [])
    #expect(report.results.first { $0.name == "view" }?.outcome == outcome)
    #expect(report.hasPassed)
  }

  @Test("G22 the key is in no error, whatever the server repeats of it")
  func secrets() async throws {
    let credential = Data("\(TeamworkSite.key):x".utf8).base64EncodedString()
    let transport = ScriptedTransport { _, _ in
      .json(#"{"errors":[{"detail":"bad key \#(TeamworkSite.key) Basic \#(credential)"}]}"#, status: 400)
    }
    let error = await failure {
      try await pages(TeamworkSite.connector(transport).read(.company, in: ReadScope(), since: nil))
    }
    let message = try #require(error?.message)
    #expect(!message.contains("s3cr=t") && !message.contains(credential))
    #expect(message.contains("bad key"))
  }

  @Test(
    "errors of reading",
    arguments: [
      (401, ConnectorError.Kind.unauthorized), (403, .forbidden), (404, .notFound), (500, .unreachable),
      (503, .unreachable), (422, .rejected),
    ])
  func errors(_ status: Int, _ kind: ConnectorError.Kind) async throws {
    let transport = ScriptedTransport { _, _ in .json("<html>no</html>", status: status) }
    let error = await failure {
      try await pages(TeamworkSite.connector(transport).read(.person, in: ReadScope(), since: nil))
    }
    #expect(error?.kind == kind)
    #expect(error?.message.contains("html") == false)
  }
}
