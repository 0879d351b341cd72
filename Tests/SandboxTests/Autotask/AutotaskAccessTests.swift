import Foundation
import Testing

@testable import Sandbox

@Suite("Autotask: zones and signing in")
struct AutotaskSignInTests {
  let test = TestWorld()

  private func zone(_ user: String) -> EmulatedResponse {
    test.world.answer(
      EmulatedRequest("GET", "/autotask/atservicesrest/v1.0/zoneInformation?user=\(user)", headers: ["Host": "h:1"]))
  }

  /// "works without credential headers"; "Encode the user in the query (+ in addresses)"; "Unknown or blank user → 500
  /// with an error body, not 404"; "only 1.0 exists".
  @Test("discovery needs no sign-in and knows its own user") func discovery() {
    let known = zone("sync%2Bapi%40kestrelmsp.example")
    #expect(known.status == 200)
    #expect(known.json["url"] == "http://h:1/autotask/ATServicesRest/")
    #expect(known.json["ci"] == 12345)
    // A plus that was not encoded is a blank.
    for user in ["sync+api@kestrelmsp.example", "nobody@example.com", ""] {
      #expect(zone(user).status == 500)
      #expect(zone(user).errors.count == 1)
    }
    let versions = test.world.answer(EmulatedRequest("GET", "/autotask/atservicesrest/versioninformation"))
    #expect(versions.json == ["apiVersions": ["V1.0"]])
  }

  /// "url may or may not end with a slash"; "Host path is case-insensitive in practice".
  @Test("the address may lack its slash, and letter case in paths does not matter") func spelling() throws {
    try test.setOption("zone-url-ends-with-slash", "false")
    #expect(zone("sync%2Bapi@kestrelmsp.example").json["url"]?.text?.hasSuffix("/ATServicesRest") == true)
    let answer = test.world.answer(
      EmulatedRequest("GET", "/autotask/atservicesREST/V1.0/thresholdINFORMATION", headers: test.autotaskHeaders))
    #expect(answer.status == 200)
  }

  /// "calls to another zone fail (401 or 404)"; "On a 401 from a formerly good zone: re-discover once".
  @Test("a customer that moved is refused at the old zone and found at the new one") func moving() throws {
    try test.control("POST", "/autotask/zone", #"{"value":"zone6"}"#)
    #expect(test.at("GET", "/ThresholdInformation").status == 401)
    let url = try #require(zone("sync%2Bapi@kestrelmsp.example").json["url"]?.text)
    #expect(url == "http://h:1/autotask/zone6/ATServicesRest/")
    #expect(test.at("GET", url + "v1.0/ThresholdInformation").status == 200)
    try test.setOption("status-of-wrong-zone", "404")
    let lost = test.at("GET", "/ThresholdInformation")
    // "may be an HTML page from IIS".
    #expect(lost.status == 404 && lost.header("Content-Type") == "text/html")
    #expect(try test.counter("requests-to-wrong-zone") == 2)
  }

  /// "Three headers on every call; it is not Basic auth"; "Wrong credentials: 401; some wrappers report 500".
  @Test("each of the three headers must be right", arguments: ["ApiIntegrationCode", "UserName", "Secret"])
  func credentials(_ header: String) throws {
    #expect(test.at("GET", "/ThresholdInformation").status == 200)
    #expect(test.at("GET", "/ThresholdInformation", headers: [header: "wrong"]).status == 401)
    try test.setOption("status-of-bad-credentials", "500")
    #expect(test.at("GET", "/ThresholdInformation", headers: [header: ""]).status == 500)
    try test.control("POST", "/autotask/credentials", #"{"valid":false}"#)
    #expect(test.at("GET", "/ThresholdInformation").status == 500)
  }

  /// "Secrets may hold characters like #, $, %: pass the header value raw".
  @Test("the connect line names what a client needs, and the secret only by reference") func connecting() throws {
    let line = try #require(test.description.connect.first { $0.hasPrefix("connect autotask as at url=") })
    #expect(line.contains(" user=sync+api@kestrelmsp.example "))
    #expect(line.hasSuffix(" secret=env:SANDBOX_AUTOTASK_SECRET"))
    let secret = try #require(test.description.environment["SANDBOX_AUTOTASK_SECRET"])
    #expect(secret.contains("#") && secret.contains("%") && !line.contains(secret))
  }

  /// "Content-Type: application/json is needed on bodies"; "ImpersonationResourceId acts as another resource".
  @Test("a body needs its type, and an impersonated resource must be active") func headers() throws {
    let body = #"{"filter":[{"op":"gte","field":"id","value":0}]}"#
    #expect(test.at("POST", "/Contacts/query", body, headers: ["Content-Type": "text/plain"]).status == 415)
    let staff = try test.rows("Resources", #"{"op":"exist","field":"id"}"#)
    func id(active: Bool) throws -> Int { try #require(staff.first { $0["isActive"]?.flag == active }?["id"]?.whole) }
    let company = try test.company()
    let contact = #"{"firstName":"Im","lastName":"Personated","isActive":1}"#
    let made = test.at(
      "POST", "/Companies/\(company)/Contacts", contact,
      headers: ["ImpersonationResourceId": "\(try id(active: true))"])
    let whole = test.contact(try #require(made.json["itemId"]?.whole))
    #expect(whole["impersonatorCreatorResourceID"]?.whole == (try id(active: true)))
    let refused = test.at(
      "POST", "/Companies/\(company)/Contacts", contact,
      headers: ["ImpersonationResourceId": "\(try id(active: false))"])
    #expect(refused.status == 500)
  }

  /// "Insufficient rights: 403 by the docs, but 500 with text \"The logged in Resource does not have the adequate
  /// permissions\" is common".
  @Test("rights are by kind of record and by act") func rights() throws {
    try test.control("POST", "/autotask/rights", #"{"contacts":{"create":false},"companies":{"query":false}}"#)
    let refused = test.at("POST", "/Companies/0/Contacts", #"{"firstName":"A","lastName":"B","isActive":1}"#)
    #expect(refused.status == 500)
    #expect(refused.errors.first?.hasPrefix("The logged in Resource does not have the adequate permissions") == true)
    try test.setOption("status-of-missing-rights", "403")
    #expect(test.at("POST", "/Companies/query/count", #"{"filter":[]}"#).status == 403)
    #expect(test.at("GET", "/Contacts/entityInformation").json["info"]?["userAccessForCreate"] == "None")
    #expect(test.at("GET", "/Contacts/entityInformation").json["info"]?["userAccessForUpdate"] == "All")
  }

  /// "API-only users see only what their security level and lines of business allow: missing rows are not errors".
  @Test("hidden companies are missing without an error, with all that is theirs") func visibility() throws {
    let id = try test.company()
    let before = try test.ids("Contacts", #"{"op":"eq","field":"companyID","value":\#(id)}"#)
    try test.control("POST", "/autotask/visibility", #"{"hidden":["Acme"]}"#)
    #expect(!before.isEmpty)
    #expect(try test.ids("Contacts", #"{"op":"eq","field":"companyID","value":\#(id)}"#).isEmpty)
    #expect(try test.ids("Companies", #"{"op":"eq","field":"id","value":\#(id)}"#).isEmpty)
    #expect(test.at("GET", "/Contacts/\(before[0])").json == ["item": nil])
    try test.control("POST", "/autotask/visibility", #"{"hidden":[]}"#)
    #expect(try test.ids("Contacts", #"{"op":"eq","field":"companyID","value":\#(id)}"#) == before)
  }
}

@Suite("Autotask: threads and the hourly limit")
struct AutotaskLimitTests {
  private static let body = #"{"filter":[{"op":"gte","field":"id","value":0}]}"#

  /// "3 concurrent per object endpoint per tracking identifier"; "error code Itgenatr005"; "Different entities may run in
  /// parallel (own budgets)"; "ZoneInformation does not count".
  @Test("a fourth request at once to one endpoint is refused, until one has been answered") func threads() throws {
    let test = TestWorld()
    func admit(_ path: String) -> EmulatedResponse {
      test.world.admit(test.autotaskRequest("POST", path, AutotaskLimitTests.body))
    }
    let held = (0..<3).map { _ in admit("/Contacts/query") }
    #expect(held.allSatisfy { $0.status == 200 })
    let refused = admit("/Contacts/query/count")
    #expect(refused.status == 429)
    #expect(refused.errors.first?.hasPrefix("Itgenatr005: The Autotask API thread threshold of 3 threads") == true)
    #expect(refused.header("Retry-After") == nil)
    // A contact's child route counts for contacts too, companies by themselves.
    #expect(test.world.admit(test.autotaskRequest("GET", "/Companies/0/Contacts")).status == 429)
    #expect(admit("/Companies/query").status == 200)
    test.world.delivered(held[0])
    #expect(admit("/Contacts/query").status == 200)
    #expect(admit("/Contacts/query").status == 429)
    let state = try test.autotaskState()
    #expect(state["counters"]?["thread-refusals"] == 3)
    #expect(state["counters"]?["most-in-flight"]?["Contacts"] == 4)
  }

  /// "HTTP status is 429 or something else (N8N checks the text as well as the status)".
  @Test("status and Retry-After of the thread limit can be changed") func threadStatus() throws {
    let test = TestWorld()
    try test.control(
      "POST", "/autotask/options", #"{"status-of-thread-limit":500,"threads":1,"retry-after":"date"}"#)
    _ = test.world.admit(test.autotaskRequest("GET", "/Contacts/1"))
    let refused = test.world.admit(test.autotaskRequest("GET", "/Contacts/1"))
    #expect(refused.status == 500)
    #expect(refused.errors.first?.contains("Itgenatr005") == true)
    #expect(refused.header("Retry-After") == "Sun, 01 Mar 2026 09:00:01 GMT")
  }

  /// The same over sockets: what is counted is what really is under way.
  @Test("a client that really sends four at once is refused, one that sends two never") func overSockets() async throws
  {
    let sandbox = Sandbox(SandboxOptions(people: 5))
    let description = try await sandbox.start()
    try sandbox.control.perform("POST", "/autotask/options", #"{"processing-milliseconds":400}"#)
    let credentials = try #require(description.systems["autotask"]?.credentials)
    let headers = [
      "ApiIntegrationCode": credentials["integration-code"] ?? "", "UserName": credentials["user"] ?? "",
      "Secret": credentials["secret"] ?? "",
    ]
    func statuses(_ count: Int) async -> [String] {
      await withTaskGroup(of: String.self) { group in
        for _ in 0..<count {
          group.addTask {
            await Wire.ask(description, "GET", "/autotask/ATServicesRest/v1.0/Contacts/1", headers: headers)
          }
        }
        // `HTTP/1.1 200 OK`
        return await group.reduce(into: []) { $0.append(String($1.dropFirst(9).prefix(3))) }
      }
    }
    for _ in 0..<2 { #expect(await statuses(2) == ["200", "200"]) }
    #expect(await statuses(4).sorted() == ["200", "200", "200", "429"])
    // All places are free again.
    #expect(await statuses(3) == ["200", "200", "200"])
    await sandbox.stop()
  }

  /// "10 000 per rolling 60 min"; "GET v1.0/ThresholdInformation shows quota"; "whole customer database, all
  /// integrations together"; "suspended until usage falls".
  @Test("the hourly limit is shared, rolls, and suspends") func hourly() throws {
    let test = TestWorld(frozenClock: true)
    try test.control(
      "POST", "/autotask/options",
      #"{"limits-with-frozen-clock":true,"requests-per-hour":10,"latency-injection":false,"retry-after":"seconds"}"#)
    try test.control("POST", "/autotask/usage", #"{"requests":7}"#)
    try test.control("POST", "/clock", #"{"advance-seconds":600}"#)
    let first = test.at("GET", "/ThresholdInformation").json
    #expect(first["externalRequestThreshold"] == 10)
    #expect(first["requestThresholdTimeframe"] == 60)
    #expect(first["currentTimeframeRequestCount"] == 8)
    #expect(test.at("GET", "/Contacts/1").status == 200)
    #expect(test.at("GET", "/Contacts/1").status == 200)
    let refused = test.at("GET", "/Contacts/1")
    #expect(refused.status == 429)
    #expect(refused.header("Retry-After") == "3000")
    #expect(try test.counter("requests-while-suspended") == 1)
    // Refusals cost nothing, and the seven of the others fall out first.
    try test.control("POST", "/clock", #"{"advance-seconds":3000}"#)
    #expect(test.at("GET", "/ThresholdInformation").json["currentTimeframeRequestCount"] == 4)
    try test.setOption("retry-after", #""absent""#)
    try test.control("POST", "/autotask/usage", #"{"requests":6}"#)
    let silent = test.at("GET", "/Contacts/1")
    #expect(silent.status == 429 && silent.header("Retry-After") == nil)
  }

  /// "latency injection from about 50 % usage, 0.5 to 1 s per call, growing with usage".
  @Test("answers slow down from half of the limit on") func latency() throws {
    let test = TestWorld(frozenClock: true)
    try test.control(
      "POST", "/autotask/options",
      #"{"limits-with-frozen-clock":true,"requests-per-hour":100,"processing-milliseconds":0}"#)
    #expect(test.at("GET", "/Contacts/1").delay == .zero)
    try test.control("POST", "/autotask/usage", #"{"requests":48}"#)
    #expect(test.at("GET", "/Contacts/1").delay == .milliseconds(500))
    try test.control("POST", "/autotask/usage", #"{"requests":39}"#)
    #expect(test.at("GET", "/Contacts/1").delay == .milliseconds(900))
    try test.setOption("latency-injection", "false")
    #expect(test.at("GET", "/Contacts/1").delay == .zero)
  }

  @Test("no budget is spent while the clock stands still") func frozen() throws {
    let test = TestWorld(frozenClock: true)
    try test.setOption("requests-per-hour", "1")
    for _ in 0..<5 { #expect(test.at("GET", "/ThresholdInformation").status == 200) }
  }

  @Test("a rolling hour forgets what is older, also when the clock is set back") func usage() {
    var usage = AutotaskUsage()
    usage.add(5, at: 1000)
    usage.add(3, at: 2000)
    #expect(usage.count == 8)
    #expect(usage.wait(until: 8, at: 2000) == 2600)
    #expect(usage.wait(until: 3, at: 2000) == 3600)
    usage.settle(at: 4599)
    #expect(usage.count == 8)
    usage.settle(at: 4600)
    #expect(usage.count == 3)
    usage.settle(at: 500)
    #expect(usage.count == 0)
  }
}
