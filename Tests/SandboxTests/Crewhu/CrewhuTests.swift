import Foundation
import Testing

@testable import Sandbox

@Suite("Crewhu: signing in")
struct CrewhuSignInTests {
  let test = TestWorld()

  /// "Header: X_CREWHU_APITOKEN; the name has UNDERSCORES. Header names ignore case, but not _ versus -".
  @Test(
    "only the header with underscores signs in",
    arguments: [
      ("X_CREWHU_APITOKEN", 200), ("x_crewhu_apitoken", 200), ("X-CREWHU-APITOKEN", 401),
      ("X-Crewhu-Api-Token", 401), ("Authorization", 401),
    ])
  func header(_ name: String, _ status: Int) {
    let value = name == "Authorization" ? "Bearer \(test.crewhuToken)" : test.crewhuToken
    #expect(test.crewhu("GET", "/user?step=1&limit=1", headers: [name: value]).status == status)
  }

  @Test("a wrong token, and one that was revoked, answer 401; a right that is missing 403") func refusals() throws {
    #expect(test.crewhu("GET", "/user", headers: ["X_CREWHU_APITOKEN": "wrong"]).status == 401)
    #expect(test.crewhu("GET", "/user", headers: [:]).status == 401)
    try test.control("POST", "/crewhu/rights", #"{"user":{"write":false},"profile":{"read":false}}"#)
    #expect(test.crewhu("GET", "/user").status == 200)
    #expect(test.crewhu("POST", "/user", "{}").status == 403)
    #expect(test.crewhu("GET", "/profile").status == 403)
    try test.control("POST", "/crewhu/credentials", #"{"valid":false}"#)
    #expect(test.crewhu("GET", "/user").status == 401)
    #expect(try test.refusal("POST", "/crewhu/rights", #"{"survey":{"read":false}}"#).status == 400)
  }

  @Test("the printed line connects, and its secret stands in the environment") func description() throws {
    let line = try #require(test.description.connect.first { $0.hasPrefix("connect crewhu as crewhu url=") })
    #expect(line.hasSuffix("/crewhu/api token=env:SANDBOX_CREWHU_TOKEN"))
    #expect(test.description.environment["SANDBOX_CREWHU_TOKEN"] == test.crewhuToken)
  }

  /// "401/403 token; 429 with Retry-After".
  @Test("too many requests in a minute are refused until the next") func rateLimit() throws {
    try test.control("POST", "/crewhu/options", #"{"rate-limit-per-minute":3,"rate-limit-with-frozen-clock":true}"#)
    for _ in 0..<3 { #expect(test.crewhu("GET", "/user").status == 200) }
    try test.control("POST", "/clock", #"{"advance-seconds":20}"#)
    let answer = test.crewhu("GET", "/user")
    #expect(answer.status == 429)
    #expect(answer.header("Retry-After") == "40")
    try test.control("POST", "/clock", #"{"advance-seconds":40}"#)
    #expect(test.crewhu("GET", "/user").status == 200)
  }

  @Test("other paths are not there") func paths() {
    #expect(test.crewhu("GET", "/health").status == 404)
    #expect(test.crewhu("GET", "/user/nobody").status == 404)
    #expect(test.crewhu("DELETE", "/user/nobody").status == 405)
    let outside = EmulatedRequest("GET", "/crewhu/v1/user", headers: ["X_CREWHU_APITOKEN": test.crewhuToken])
    #expect(test.world.answer(outside).status == 404)
  }
}

@Suite("Crewhu: reading")
struct CrewhuReadingTests {
  let test = TestWorld(people: 0)

  /// "step: page NUMBER starting at 1"; "limit: API maximum 100".
  @Test("pages are counted from 1, and no page is larger than 100") func pages() throws {
    try test.control("POST", "/crewhu/import", #"{"count":205}"#)
    func ids(_ options: String) -> [String] {
      (test.crewhu("GET", "/user?\(options)").json.elements ?? []).compactMap { $0["_id"]?.text }
    }
    let pages = (1...4).map { ids("step=\($0)&limit=100") }
    #expect(pages.map(\.count) == [100, 100, 5, 0])
    #expect(Set(pages.flatMap(\.self)).count == 205)
    #expect(ids("limit=1000") == pages[0])
    #expect(ids("").count == 50)
    #expect(ids("step=3&limit=2") == Array(pages[0][4..<6]))
    for options in ["step=0", "limit=0", "step=x", "limit=-1"] {
      #expect(test.crewhu("GET", "/user?\(options)").status == 400, "\(options)")
    }
    try test.control("POST", "/crewhu/options", #"{"large-pages":"refused"}"#)
    #expect(test.crewhu("GET", "/user?limit=101").status == 400)
    #expect(test.crewhu("GET", "/user?limit=100").status == 200)
  }

  /// "inactive: false = active only; leave out = all"; "other field names work as equality filters".
  @Test("options that are no pages are fields that must be equal") func filters() throws {
    _ = try test.crewhuEmployee(
      #"{"firstname":"Dora","lastname":"Martin","email":"dora@x.example","employee_ids":["DMARTIN","dora@x.example"],"department":"Service","location":"Porto"}"#
    )
    _ = try test.crewhuEmployee(#"{"firstname":"Ed","lastname":"Martin","inactive":true}"#)
    func names(_ options: String) throws -> [String] {
      try test.crewhuRows(options).compactMap { $0["firstname"]?.text }
    }
    #expect(try names("") == ["Dora", "Ed"])
    #expect(try names("&inactive=false") == ["Dora"])
    #expect(try names("&inactive=true") == ["Ed"])
    #expect(try names("&lastname=Martin&department=Service") == ["Dora"])
    #expect(try names("&department=service") == [])
    #expect(try names("&employee_id=dora%40x.example") == ["Dora"])
    #expect(try names("&shoesize=43") == [])
    // "_updated_at with $gte: how it is encoded is unverified".
    #expect(try names("&_updated_at%5B%24gte%5D=2099-01-01T00:00:00Z") == ["Dora", "Ed"])
    try test.control("POST", "/crewhu/options", #"{"updated-filter":"refused"}"#)
    #expect(test.crewhu("GET", "/user?_updated_at%5B%24gte%5D=2026-01-01T00:00:00Z").status == 400)
  }

  /// The table "User fields" and its example.
  @Test("an employee is shown in the known fields, and in no other") func fields() throws {
    let made = try test.crewhuEmployee(
      #"{"firstname":"Dora","lastname":"Martin","email":"dora@msp.example","employee_ids":["DMARTIN","dora@msp.example"],"position":"Tier 2","department":"Service","location":"Porto","hiredate":"2021-03-01"}"#
    )
    let id = try #require(made["_id"]?.text)
    #expect(made["id"]?.text == id)
    func shown() -> JSON { test.crewhu("GET", "/user/\(id)").json }
    #expect(
      shown() == [
        "_id": .string(id), "employee_id": ["DMARTIN", "dora@msp.example"], "email": "dora@msp.example",
        "firstname": "Dora", "lastname": "Martin", "position": "Tier 2", "department": "Service", "location": "Porto",
        "hiredate": "2021-03-01T00:00:00.000Z", "managed_departments": [], "managed_locations": [], "inactive": false,
      ])
    try test.control("POST", "/crewhu/options", #"{"employee-id":"string","shows-email":false,"shows-profile":true}"#)
    #expect(shown()["employee_id"] == "DMARTIN")
    #expect(shown()["email"] == nil)
    #expect(shown()["profile"] == "Employee")
    #expect(try test.crewhuRows("&email=dora%40msp.example") == [])
    try test.control("POST", "/crewhu/options", #"{"employee-id":"joined"}"#)
    #expect(shown()["employee_id"] == "DMARTIN, dora@msp.example")
    #expect(try test.refusal("POST", "/crewhu/options", #"{"employee-id":"number"}"#).status == 400)
  }

  /// "The raw wire names are unverified: accept a bare array, or the first array-valued member".
  @Test("what is around the rows can be switched") func envelopes() throws {
    try test.control("POST", "/crewhu/import", #"{"count":3}"#)
    func page(_ step: Int) -> JSON { test.crewhu("GET", "/user?step=\(step)&limit=2").json }
    #expect(page(1).elements?.count == 2)
    try test.control("POST", "/crewhu/options", #"{"envelope":"object"}"#)
    #expect(page(1)["items"]?.elements?.count == 2)
    #expect(page(1)["total"] == 3 && page(1)["hasMore"] == true && page(1)["nextStep"] == 2)
    #expect(page(2)["items"]?.elements?.count == 1)
    #expect(page(2)["hasMore"] == false && page(2)["nextStep"] == JSON.null)
    try test.control("POST", "/crewhu/options", #"{"envelope":"data"}"#)
    #expect(page(2)["data"]?.elements?.count == 1)
    try test.control("POST", "/faults", #"{"kind":"empty-200","system":"crewhu","times":1}"#)
    #expect(page(1)["data"] == [])
  }

  @Test("faults meet a page by its step") func faults() throws {
    try test.control("POST", "/crewhu/import", #"{"count":250}"#)
    func page(_ step: Int) -> EmulatedResponse { test.crewhu("GET", "/user?step=\(step)&limit=100") }
    try test.control("POST", "/faults", #"{"system":"crewhu","path":"*/user","page":2,"times":1,"status":503}"#)
    #expect((1...3).map { page($0).status } == [200, 503, 200])
    try test.control("POST", "/faults", #"{"system":"crewhu","page":2,"times":1,"kind":"repeat-page"}"#)
    #expect(page(1).json == page(2).json)
    #expect(page(1).json != page(2).json)
    try test.control("POST", "/faults", #"{"system":"crewhu","page":1,"times":1,"kind":"end-early"}"#)
    #expect(page(1).json.elements?.count == 50)
  }

  @Test("a deleted employee is nowhere, and those behind move up") func deletion() throws {
    try test.control("POST", "/crewhu/import", #"{"count":4}"#)
    let ids = try test.crewhuRows().compactMap { $0["_id"]?.text }
    try test.control("DELETE", "/crewhu/employees/\(ids[1])")
    #expect(try test.crewhuRows().compactMap { $0["_id"]?.text } == [ids[0], ids[2], ids[3]])
    #expect(test.crewhu("GET", "/user/\(ids[1])").status == 404)
    #expect(test.crewhu("GET", "/user/\(ids[3])").json["_id"]?.text == ids[3])
    #expect(try test.refusal("GET", "/crewhu/employees/\(ids[1])").status == 404)
  }
}

@Suite("Crewhu: the assumed API for writing")
struct CrewhuWritingTests {
  let test = TestWorld(people: 0)

  /// The body of the page's section 6.
  static let dora =
    #"{"email":"dora@msp.example","employee_ids":["DMARTIN","dora@msp.example"],"firstname":"Dora","lastname":"Martin","location":"Porto","department":"Service","position":"Tier 2","hiredate":"2021-03-01","profile":"Employee","inactive":false}"#

  private func created(_ body: String = dora) throws -> String {
    let answer = test.crewhu("POST", "/user", body)
    try #require(answer.status == 201, "\(answer.body)")
    return try #require(answer.json["_id"]?.text)
  }

  @Test("an employee is created, and answered as a reading shows one") func create() throws {
    let answer = test.crewhu("POST", "/user", Self.dora)
    #expect(answer.status == 201)
    let id = try #require(answer.json["_id"]?.text)
    #expect(test.crewhu("GET", "/user/\(id)").json == answer.json)
    #expect(answer.json["employee_id"] == ["DMARTIN", "dora@msp.example"])
    #expect(try test.control("GET", "/crewhu/employees/DMARTIN")["profile"] == "Employee")
    let counters = try test.crewhuCounters
    #expect(counters["employees-created"] == 1)
    #expect(counters["invitations-sent"] == 0)
    #expect(test.world.counts.committedWrites == ["crewhu": 1])
  }

  @Test(
    "what is wrong with a body is said field by field, with 422",
    arguments: [
      ("{}", ["email", "firstname", "lastname"]),
      (#"{"email":"x","firstname":"","lastname":null}"#, ["email", "firstname", "lastname"]),
      (#"{"email":"a@b","firstname":"A","lastname":"B","location":"Nowhere"}"#, ["location"]),
      (#"{"email":"a@b","firstname":"A","lastname":"B","profile":"King"}"#, ["profile"]),
      (#"{"email":"a@b","firstname":"A","lastname":"B","profile":"Contractor"}"#, ["profile"]),
      (
        #"{"email":"a@b","firstname":"A","lastname":"B","employee_ids":"AB","hiredate":"soon","inactive":1}"#,
        [
          "employee_ids", "hiredate", "inactive",
        ]
      ),
      (#"{"email":"a@b","firstname":"A","lastname":"B","employee_ids":["A","A"]}"#, ["employee_ids"]),
    ])
  func invalid(_ body: String, _ fields: [String]) throws {
    let answer = test.crewhu("POST", "/user", body)
    #expect(answer.status == 422)
    #expect((answer.json["errors"]?.elements ?? []).compactMap { $0["field"]?.text } == fields)
    #expect((answer.json["errors"]?.elements ?? []).allSatisfy { $0["message"]?.text?.isEmpty == false })
    #expect(try test.crewhuRows().isEmpty)
  }

  @Test("no object is 400, and fields that mean nothing are counted") func bodies() throws {
    #expect(test.crewhu("POST", "/user", "[").status == 400)
    #expect(test.crewhu("POST", "/user", "[]").status == 400)
    _ = try created(#"{"email":"a@b","firstname":"A","lastname":"B","birthday":"01-02"}"#)
    #expect(try test.crewhuCounters["ignored-keys"] == ["birthday": 1])
  }

  /// "409 e-mail or id in use".
  @Test("an address or an id that somebody has is 409, and a case that differs only where the account says so")
  func conflicts() throws {
    let id = try created()
    func status(_ email: String, _ employeeID: String) -> Int {
      test.crewhu(
        "POST", "/user",
        #"{"email":"\#(email)","employee_ids":["\#(employeeID)"],"firstname":"D","lastname":"M"}"#
      ).status
    }
    #expect(status("dora@msp.example", "OTHER") == 409)
    #expect(status("other@msp.example", "DMARTIN") == 409)
    try test.control("POST", "/crewhu/options", #"{"email-conflict-ignores-case":true}"#)
    #expect(status("DORA@msp.example", "OTHER") == 409)
    try test.control("POST", "/crewhu/options", #"{"email-conflict-ignores-case":false}"#)
    #expect(status("DORA@msp.example", "dmartin") == 201)
    // Saved again with what was there before.
    #expect(test.crewhu("PUT", "/user/\(id)", Self.dora).status == 200)
    #expect(test.crewhu("PUT", "/user/\(id)", #"{"email":"DORA@msp.example"}"#).status == 409)
  }

  /// "PUT v1/user/{_id}: change named fields only".
  @Test("a change touches the named fields only, and null clears what may be empty") func update() throws {
    let id = try created()
    let answer = test.crewhu("PUT", "/user/\(id)", #"{"lastname":"Martin-Costa","position":null,"hiredate":null}"#)
    #expect(answer.status == 200)
    #expect(answer.json["lastname"] == "Martin-Costa")
    #expect(answer.json["position"] == JSON.null && answer.json["hiredate"] == JSON.null)
    #expect(answer.json["department"] == "Service" && answer.json["email"] == "dora@msp.example")
    #expect(test.crewhu("PUT", "/user/\(id)", #"{"firstname":null}"#).status == 422)
    #expect(test.crewhu("PUT", "/user/\(id)", #"{"inactive":true}"#).json["inactive"] == true)
    #expect(test.crewhu("PUT", "/user/\(id)", #"{"inactive":true}"#).status == 200)
    #expect(test.crewhu("PUT", "/user/nobody", "{}").status == 404)
    let counters = try test.crewhuCounters
    #expect(counters["employees-changed"] == 3)
    #expect(counters["changes-in-vain"] == 1)
  }

  @Test("invitations go out one by one, never to the inactive, and are counted") func invitations() throws {
    let id = try created()
    #expect(test.crewhu("POST", "/user/\(id)/invite").status == 200)
    #expect(test.crewhu("POST", "/user/\(id)/invite").status == 200)
    #expect(test.crewhu("POST", "/user/nobody/invite").status == 404)
    try test.control("POST", "/crewhu/employees/\(id)/deactivate")
    #expect(test.crewhu("POST", "/user/\(id)/invite").status == 422)
    let counters = try test.crewhuCounters
    #expect(counters["invitations-sent"] == 2)
    #expect(counters["invited"] == ["dora@msp.example", "dora@msp.example"])
    #expect(try test.control("GET", "/crewhu/employees/\(id)")["invitations"] == 2)
  }

  @Test("locations, departments and positions are listed and made", arguments: ["location", "department", "position"])
  func lists(_ list: String) throws {
    let before = test.crewhu("GET", "/\(list)").json.elements?.count ?? 0
    let made = test.crewhu("POST", "/\(list)", #"{"name":"New One","external_id":"77"}"#)
    #expect(made.status == 201)
    #expect(made.json["name"] == "New One" && made.json["external_id"] == "77" && made.json["_id"] != nil)
    #expect(test.crewhu("GET", "/\(list)").json.elements?.last == made.json)
    #expect(test.crewhu("GET", "/\(list)").json.elements?.count == before + 1)
    #expect(test.crewhu("GET", "/\(list)?step=2&limit=\(before)").json.elements == [made.json])
    #expect(test.crewhu("POST", "/\(list)", #"{"name":"New One"}"#).status == 409)
    #expect(test.crewhu("POST", "/\(list)", #"{"name":"Other","external_id":"77"}"#).status == 409)
    #expect(test.crewhu("POST", "/\(list)", #"{"name":""}"#).status == 422)
    #expect(test.crewhu("POST", "/\(list)", #"{"name":"Other","external_id":[]}"#).status == 422)
    #expect(try test.crewhuCounters["list-rows-created"] == .object([.init(name: list, value: 1)]))
  }

  /// "Scope: whole company / managed locations and teams / own data only".
  @Test("profiles say how far they reach, and which are inactive") func profiles() throws {
    func rows() -> [String] {
      (test.crewhu("GET", "/profile").json.elements ?? []).map {
        "\($0["name"]?.text ?? "") \($0["scope"]?.text ?? "") \($0["inactive"]?.flag ?? true)"
      }
    }
    #expect(rows() == ["Admin company false", "Manager managed false", "Employee own false", "Contractor own true"])
    try test.control("PATCH", "/crewhu/profiles/Manager", #"{"inactive":true}"#)
    try test.control("POST", "/crewhu/profiles", #"{"name":"Lead","scope":"managed"}"#)
    #expect(rows().contains("Manager managed true") && rows().contains("Lead managed false"))
    #expect(test.crewhu("POST", "/profile", #"{"name":"X"}"#).status == 405)
    #expect(try test.refusal("PATCH", "/crewhu/profiles/Nobody", "{}").status == 404)
    #expect(try test.refusal("PATCH", "/crewhu/profiles/Lead", #"{"scope":"all"}"#).status == 400)
  }

  /// "No public write API was found".
  @Test("without the assumed API only reading employees is left") func switchedOff() throws {
    let id = try created()
    try test.control("POST", "/crewhu/options", #"{"write-api":false}"#)
    for (method, path) in [
      ("POST", "/user"), ("PUT", "/user/\(id)"), ("POST", "/user/\(id)/invite"), ("GET", "/location"),
      ("POST", "/department"), ("GET", "/profile"),
    ] {
      #expect(test.crewhu(method, path, Self.dora).status == 404, "\(method) \(path)")
    }
    #expect(test.crewhu("GET", "/user").status == 200)
    #expect(test.crewhu("GET", "/user/\(id)").status == 200)
  }
}

@Suite("Crewhu: control and seed")
struct CrewhuControlTests {
  @Test(
    "ids are written otherwise",
    arguments: [("case", "d.martin", "42"), ("blank", "D.MARTIN ", "42 "), ("punctuation", "D-MARTIN", "4-2")])
  func ids(_ change: String, _ first: String, _ second: String) throws {
    let test = TestWorld(people: 0)
    _ = try test.crewhuEmployee(
      #"{"firstname":"Dora","lastname":"Martin","email":"d@x.example","employee_ids":["D.MARTIN","42"]}"#)
    let changed = try test.control("POST", "/crewhu/employees/d@x.example/ids", #"{"change":"\#(change)"}"#)
    #expect(changed["employee_ids"] == [.string(first), .string(second)])
    #expect(try test.refusal("POST", "/crewhu/employees/d@x.example/ids", "{}").status == 400)
  }

  @Test("people edit as they like, and a place or position of a new name is made") func editing() throws {
    let test = TestWorld(people: 0)
    _ = try test.crewhuEmployee(#"{"firstname":"A","lastname":"X","email":"one@x.example"}"#)
    _ = try test.crewhuEmployee(#"{"firstname":"B","lastname":"X","email":"one@x.example"}"#)
    #expect(try test.refusal("GET", "/crewhu/employees/one@x.example").status == 404)
    let id = try #require(try test.crewhuRows().first?["_id"]?.text)
    let edited = try test.control(
      "PATCH", "/crewhu/employees/\(id)", #"{"email":null,"position":"Edited early","employee_ids":"ONE"}"#)
    #expect(edited["email"] == JSON.null && edited["employee_ids"] == ["ONE"])
    #expect(try test.control("GET", "/crewhu/position").elements?.last?["name"] == "Edited early")
    #expect(try test.refusal("PATCH", "/crewhu/employees/ONE", #"{"shoesize":1}"#).status == 400)
    #expect(try test.control("POST", "/crewhu/employees/ONE/deactivate")["inactive"] == true)
    #expect(try test.control("POST", "/crewhu/employees/ONE/activate")["inactive"] == false)
  }

  @Test("no people, no employees") func nobody() throws {
    #expect(try TestWorld(people: 0).crewhuRows().isEmpty)
  }

  @Test("each awkward case stands against a member of ConnectWise") func stories() throws {
    let test = TestWorld()
    func ids(_ story: StaffStory) throws -> [[String]] {
      try test.crewhuEmployees(story).map { ($0["employee_ids"]?.elements ?? []).compactMap(\.text) }
    }
    func emails(_ story: StaffStory) throws -> [String?] { try test.crewhuEmployees(story).map { $0["email"]?.text } }
    let lower = try test.member(.idCaseDiffers)
    #expect(try ids(.idCaseDiffers) == [[lower.identifier.lowercased()]])
    #expect(lower.identifier.lowercased() != lower.identifier)
    #expect(try ids(.idWithBlank) == [[test.member(.idWithBlank).identifier + " "]])
    let punctuated = try test.member(.idPunctuationDiffers)
    #expect(punctuated.identifier.contains("."))
    #expect(try ids(.idPunctuationDiffers) == [[punctuated.identifier.replacing(".", with: "-")]])
    let stranger = try test.member(.noIDEqual)
    #expect(try emails(.noIDEqual) == [stranger.primaryEmail])
    #expect(try ids(.noIDEqual).first?.contains(stranger.identifier) == false)
    let mixed = try test.member(.addressCaseDiffers)
    let shown = try #require(try emails(.addressCaseDiffers).first ?? nil)
    #expect(shown != mixed.primaryEmail && shown.lowercased() == mixed.primaryEmail)
    #expect(try ids(.addressCaseDiffers) == [[mixed.identifier]])
    let moved = try test.member(.addressDiffers)
    #expect(try ids(.addressDiffers) == [[moved.identifier]])
    #expect(try emails(.addressDiffers) != [moved.primaryEmail])
    let doubled = try test.member(.twoWithOneAddress)
    #expect(try emails(.twoWithOneAddress) == [doubled.primaryEmail, doubled.primaryEmail])
    #expect(try test.crewhuEmployees(.inactiveMember).allSatisfy { $0["inactive"] == false })
    #expect(try test.crewhuEmployees(.inactiveEmployee).map { $0["inactive"] } == [true])
    for story in [StaffStory.withoutMail, .onlyAtConnectWise, .inactiveStranger, .apiMember] {
      #expect(try test.crewhuEmployees(story).isEmpty)
    }
    #expect(try test.crewhuEmployees(.onlyAtCrewhu).contains { $0["profile"] == "Admin" })
  }
}
