import Foundation
import Testing

@testable import Sandbox

@Suite("Control")
struct ControlTests {
  let test = TestWorld()

  @Test("everything that control can do is listed with words, and its examples are JSON") func list() throws {
    let routes = try test.control("GET", "/control").elements ?? []
    #expect(routes.count > 30)
    for route in routes {
      #expect(route["path"]?.text?.hasPrefix("/control") == true)
      #expect(route["summary"]?.text?.isEmpty == false)
      #expect(route["example"]?.text == nil, "\(route["path"]?.text ?? ""): the example is not JSON")
    }
  }

  @Test("an unknown path is refused with advice") func unknown() throws {
    for path in [
      "/nothing", "/control/m365/Acme/nothing", "/m365/nobody/users", "/connectwise/contacts/0", "/state?system=x",
    ] {
      let refusal = try test.refusal("GET", path)
      #expect(refusal.status == 404, "\(path)")
      #expect(refusal.json["fix"]?.text?.isEmpty == false)
    }
    #expect(try test.refusal("PATCH", "/m365/Acme/users/x", "{").status == 400)
  }

  @Test("the clock is moved, set and stopped") func clock() throws {
    #expect(try test.control("GET", "/clock") == ["frozen": true, "now": "2026-03-01T09:00:00Z"])
    #expect(try test.control("POST", "/clock", #"{"advance-seconds":3661}"#)["now"] == "2026-03-01T10:01:01Z")
    #expect(try test.control("POST", "/clock", #"{"set":"2028-02-29T23:59:59Z"}"#)["now"] == "2028-02-29T23:59:59Z")
    #expect(try test.control("POST", "/clock", #"{"advance-seconds":1}"#)["now"] == "2028-03-01T00:00:00Z")
    #expect(try test.control("POST", "/clock", #"{"frozen":false}"#)["frozen"] == false)
    #expect(try test.refusal("POST", "/clock", "{}").status == 400)
    #expect(try test.refusal("POST", "/clock", #"{"set":"soon"}"#).status == 400)
  }

  @Test("a clock that runs goes with real time from where it was set") func runningClock() {
    let start = Date(timeIntervalSince1970: 1000)
    var clock = EmulatedClock(startingAt: Date(timeIntervalSince1970: 50_000), frozen: false, realTime: start)
    #expect(clock.now(realTime: start.addingTimeInterval(5)) == Date(timeIntervalSince1970: 50_005))
    clock.setFrozen(true, realTime: start.addingTimeInterval(5))
    #expect(clock.now(realTime: start.addingTimeInterval(500)) == Date(timeIntervalSince1970: 50_005))
    clock.setFrozen(false, realTime: start.addingTimeInterval(500))
    #expect(clock.now(realTime: start.addingTimeInterval(501)) == Date(timeIntervalSince1970: 50_006))
  }

  @Test(
    "instants are written and read",
    arguments: [0, 951_782_399, 951_782_400, 1_772_355_600, 4_102_444_799, -1, -86_400 * 365])
  func instants(_ seconds: Int) throws {
    let date = try #require(Instant.date(Instant.text(seconds)))
    #expect(Instant.seconds(date) == seconds)
  }

  @Test("requests are counted by system, route, status and kind, and control itself is not") func counts() throws {
    let token = try test.token()
    let id = try #require(test.user(.ordinary)["id"]?.text)
    _ = test.graph("/users/\(id)", token: token)
    _ = test.graph("/users/nobody", token: token)
    _ = test.cw("POST", "/company/contacts", "{}")
    _ = test.cw("DELETE", "/company/contacts/1/communications/2")
    let counts = test.world.counts
    #expect(counts.total == 5)
    #expect(counts.bySystem == ["m365": 3, "connectwise": 2])
    #expect(counts.byRoute["GET /v1.0/users/{id}"] == 2)
    #expect(counts.byRoute["POST /{tenant}/oauth2/v2.0/token"] == 1)
    #expect(counts.byRoute["DELETE /company/contacts/{id}/communications/{id}"] == 1)
    #expect(counts.byStatus == ["200": 2, "404": 2, "400": 1])
    #expect(counts.writes == ["connectwise": 2])
    #expect(counts.committedWrites.isEmpty)
    let log = try test.control("GET", "/requests")
    #expect(log["last"]?.elements?.count == 5)
    #expect(!log.encoded.contains(test.m365.credentials["client-secret"]!))
    #expect(!log.encoded.contains(token))
    try test.control("DELETE", "/requests")
    #expect(test.world.counts == RequestCounts())
  }

  @Test("state can be asked for in part, and shows addresses and numbers") func state() throws {
    let whole = try test.control("GET", "/state")
    #expect(whole["m365"]?["tenants"]?.elements?.count == 3)
    #expect(whole["connectwise"]?["companies"]?.elements?.count == 4)
    let part = try test.control("GET", "/state?system=connectwise&company=acme")
    #expect(part["m365"] == nil)
    let company = try #require(part["connectwise"]?["companies"]?.elements?.first)
    #expect(company["name"] == "Acme Dental")
    #expect(company["contacts"]?.elements?.first?["communicationItems"] != nil)
    let tenant = try test.control("GET", "/state?system=m365&tenant=acorn.example")["m365"]?["tenants"]?.elements
    #expect(tenant?.map { $0["company"] } == ["Acorn"])
  }

  @Test("users are created, changed and found by id, login or address") func users() throws {
    let made = try test.control(
      "POST", "/m365/acme/users", #"{"givenName":"Nora","surname":"Lind","jobTitle":"Buyer"}"#)
    #expect(made["mail"] == "nora.lind@acme.example")
    #expect(made["accountEnabled"] == true)
    #expect(made["assignedLicenses"]?.elements?.count == 1)
    #expect(try test.refusal("POST", "/m365/acme/users", #"{"givenName":"Nora","surname":"Lind"}"#).status == 409)
    #expect(try test.refusal("PATCH", "/m365/acme/users/nora.lind@acme.example", #"{"shoeSize":1}"#).status == 400)
    let changed = try test.control(
      "PATCH", "/m365/acme/users/NORA.LIND@acme.example", #"{"mail":"n@acme.example","jobTitle":null}"#)
    #expect(changed["jobTitle"] == JSON.null)
    #expect(try test.control("GET", "/m365/acme/users/n@acme.example")["id"] == made["id"])
    #expect(try test.control("POST", "/m365/acme/users/n@acme.example/unlicense")["assignedLicenses"] == [])
    #expect(try test.refusal("POST", "/m365/acme/users/n@acme.example/restore").status == 409)
    #expect(try test.refusal("POST", "/m365/acme/users/n@acme.example/dance").status == 404)
  }

  @Test("contacts are created, changed and deleted in short words, and stamped") func contacts() throws {
    let made = try test.control(
      "POST", "/connectwise/contacts",
      #"{"firstName":"Nora","lastName":"Lind","company":"acme","email":"nora@acme.example","phone":"1","mobile":"2"}"#)
    #expect(made["communicationItems"]?.elements?.map { $0["type"]?["name"] } == ["Email", "Direct", "Mobile"])
    #expect(made["_info"]?["updatedBy"] == "jdoe")
    try test.control("POST", "/clock", #"{"advance-seconds":5}"#)
    let changed = try test.control(
      "PATCH", "/connectwise/contacts/nora@acme.example", #"{"title":"Director","email":"n@acme.example","phone":null}"#
    )
    let items = changed["communicationItems"]?.elements ?? []
    #expect(Set(items.map { $0["value"]?.text }) == ["n@acme.example", "2"])
    #expect(
      items.first { $0["value"] == "n@acme.example" }?["id"] == made["communicationItems"]?.elements?.first?["id"])
    #expect(changed["_info"]?["lastUpdated"] == "2026-03-01T09:00:05Z")
    #expect(try test.refusal("PATCH", "/connectwise/contacts/n@acme.example", #"{"firstName":null}"#).status == 400)
    #expect(try test.refusal("POST", "/connectwise/contacts", #"{"firstName":"N","company":"nobody"}"#).status == 404)
    try test.control("DELETE", "/connectwise/contacts/n@acme.example")
    #expect(try test.refusal("GET", "/connectwise/contacts/n@acme.example").status == 404)
  }

  @Test("companies are created and changed") func companies() throws {
    let made = try test.control("POST", "/connectwise/companies", #"{"identifier":"NewCo","name":"New Company"}"#)
    #expect(made["status"]?["name"] == "Active")
    #expect(
      try test.control("PATCH", "/connectwise/companies/newco", #"{"status":2}"#)["status"]?["name"] == "Inactive")
    #expect(try test.refusal("POST", "/connectwise/companies", #"{"identifier":"newco","name":"x"}"#).status == 409)
    #expect(try test.control("DELETE", "/connectwise/companies/NewCo")["deletedFlag"] == true)
    #expect(try test.refusal("PATCH", "/connectwise/companies/NewCo", #"{"status":"Odd"}"#).status == 400)
  }

  @Test("a reset brings back the seeded world") func reset() throws {
    let before = try test.control("GET", "/state").encoded
    let id = try #require(test.user(.ordinary)["id"]?.text)
    try test.control("POST", "/m365/Acme/users/\(id)/leave")
    try test.control("POST", "/faults", #"{"status":500}"#)
    try test.control("POST", "/clock", #"{"advance-seconds":5}"#)
    try test.control("POST", "/reset")
    #expect(try test.control("GET", "/state").encoded == before)
    #expect(try test.control("GET", "/faults") == [])
  }

  @Test("the same acts give the same ids") func sameIDs() throws {
    func acts() throws -> String {
      let test = TestWorld()
      _ = try test.token()
      try test.control("POST", "/m365/Acme/users", #"{"givenName":"Nora"}"#)
      return try test.control("GET", "/state").encoded
    }
    #expect(try acts() == acts())
  }

  @Test("the control value refuses with the interface's own words, and takes paths either way") func inProcess() throws
  {
    let control = SandboxControl(world: test.world)
    #expect(try control.perform("GET", "/clock") == control.perform("GET", "/control/clock"))
    #expect(control.perform(method: "GET", path: "/nothing").status == 404)
    #expect(throws: SandboxControlError.self) { try control.perform("GET", "/nothing") }
    #expect(try control.addFault(#"{"status":500}"#) == 1)
    control.clearFaults()
    #expect(try control.perform("GET", "/faults") == "[]")
    control.advanceClock(bySeconds: 60)
    #expect(control.now == Instant.date("2026-03-01T09:01:00Z"))
  }

  @Test("command lines name secrets by reference only") func description() {
    let description = test.description
    #expect(description.connect.count == description.systems.count)
    let secrets = ["SECRET", "KEY", "TOKEN"].flatMap { ending in
      description.environment.filter { $0.key.hasSuffix(ending) && !$0.key.hasSuffix("PUBLIC_KEY") }.map(\.value)
    }
    #expect(secrets.count > 8)
    for line in description.connect {
      for secret in secrets { #expect(!line.contains(secret)) }
    }
    #expect(description.environment["SANDBOX_M365_URL"] == description.systems["m365"]?.url)
    #expect(description.environment["SANDBOX_M365_CLIENT_SECRET"] == description.environment["SANDBOX_M365_SECRET"])
    #expect(Set(description.environment.keys).isSuperset(of: ["SANDBOX_CW_PRIVATE_KEY", "SANDBOX_M365_SECRET"]))
    #expect(test.tenant().company == "Acme")
    #expect(test.tenant().companyID == 250)
  }
}
