import Foundation
import Testing

@testable import Sandbox

@Suite("ConnectWise: signing in")
struct ConnectWiseSignInTests {
  let test = TestWorld()

  /// "PascalCase keys; Codebase ends with a slash; IsCloud is a string"; "Unknown company id: 200 with JSON null".
  @Test("companyinfo needs no sign-in and knows its own company") func companyInfo() {
    func info(_ name: String) -> EmulatedResponse {
      test.world.answer(EmulatedRequest("GET", "/connectwise/login/companyinfo/\(name)"))
    }
    #expect(info("kestrelmsp").json["Codebase"] == "v2025_1/")
    #expect(info("KestrelMSP").json["IsCloud"] == "True")
    #expect(info("nobody").status == 200)
    #expect(info("nobody").body == "null")
  }

  /// "Cloud code bases change with upgrades: on an unexpected 404 re-run discovery"; "v4_6_release/ also works as a router".
  @Test("a code base that was left answers 404") func codebase() throws {
    func get(_ base: String) -> Int {
      test.world.answer(
        EmulatedRequest(
          "GET", "/connectwise/\(base)/apis/3.0/company/contacts/count", headers: test.connectWiseHeaders)
      ).status
    }
    #expect(get("v2025_1") == 200 && get("v4_6_release") == 200 && get("v2024_1") == 404)
    try test.control("POST", "/connectwise/codebase", #"{"value":"v2025_2/"}"#)
    #expect(get("v2025_1") == 404 && get("v2025_2") == 200 && get("v4_6_release") == 200)
  }

  /// "missing clientId 403"; "wrong keys 401 with code Unauthorized"; "wrong company or keys, cloud: often 404".
  @Test("each way of signing in wrong has its status") func refusals() throws {
    #expect(test.cw("GET", "/company/contacts/count").status == 200)
    #expect(test.cw("GET", "/company/contacts/count", headers: ["clientId": ""]).status == 403)
    let wrong = test.cw("GET", "/company/contacts/count", headers: ["Authorization": "Basic eDp5"])
    #expect(wrong.status == 401)
    #expect(wrong.json["code"] == "Unauthorized")
    try test.control("POST", "/connectwise/options", #"{"bad-credentials":"404"}"#)
    let hidden = test.cw("GET", "/company/contacts/count", headers: ["Authorization": "Basic eDp5"])
    #expect(hidden.status == 404)
    #expect(hidden.body.isEmpty)
    try test.control("POST", "/connectwise/credentials", #"{"valid":false}"#)
    #expect(test.cw("GET", "/company/contacts/count").status == 404)
    // "/system/info: claimed to answer without authentication".
    #expect(test.cw("GET", "/system/info").json["isCloud"] == true)
  }

  /// "Response header api-current-version tells the server's version; x-cw-request-id is the trace id".
  @Test("answers carry version and trace id") func headers() {
    let answer = test.cw("GET", "/company/contacts/count")
    #expect(answer.header("api-current-version") == "2025.1")
    #expect(answer.header("x-cw-request-id")?.count == 36)
  }

  /// "role lacks rights: 403".
  @Test("rights are by resource, reading and writing apart") func rights() throws {
    try test.control("POST", "/connectwise/rights", #"{"contacts":{"write":false},"companies":{"read":false}}"#)
    #expect(test.cw("GET", "/company/contacts/count").status == 200)
    #expect(test.cw("POST", "/company/contacts", "{}").status == 403)
    #expect(test.cw("GET", "/company/companies/count").status == 403)
    #expect(test.cw("GET", "/company/companies/statuses").status == 403)
    #expect(test.cw("GET", "/company/communicationTypes").status == 200)
    try test.control("POST", "/connectwise/rights", #"{"communications-types":{"read":false}}"#)
    #expect(test.cw("GET", "/company/communicationTypes").status == 403)
  }

  /// "more than about 1 000 requests per minute will likely be limited: 429 + Retry-After (seconds)"; "The 429 body has
  /// another shape".
  @Test("too many requests in a minute are refused until the next") func rateLimit() throws {
    try test.control(
      "POST", "/connectwise/options", #"{"rate-limit-per-minute":5,"rate-limit-with-frozen-clock":true}"#)
    for _ in 0..<5 { #expect(test.cw("GET", "/company/contacts/count").status == 200) }
    let answer = test.cw("GET", "/company/contacts/count")
    #expect(answer.status == 429)
    #expect(answer.json["error"] == "ConnectWiseAPI")
    #expect(answer.header("Retry-After") == "60")
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    #expect(test.cw("GET", "/company/contacts/count").status == 200)
  }

  /// "Recommended maximum URL length 2 000 characters".
  @Test("an address that is too long is refused") func longURL() {
    let ids = (1000...1500).map { "\($0)" }.joined(separator: ",")
    #expect(test.cw("GET", "/company/contacts?conditions=id%20in%20(\(ids))").status == 414)
  }
}

@Suite("ConnectWise: conditions")
struct ConnectWiseConditionTests {
  let test = TestWorld()

  @Test(
    "conditions are read with their precedence",
    arguments: [
      ("a=1 and b=2 or c=3", [1, 2, 0], true), ("a=1 and b=2 or c=3", [1, 0, 3], true),
      ("a=1 and (b=2 or c=3)", [1, 0, 3], true), ("a=1 and (b=2 or c=3)", [0, 2, 3], false),
      ("not a=1", [1, 0, 0], false), ("a in (1,2,3) AND b not in (4)", [2, 5, 0], true),
      ("a not in (1, 2)", [1, 0, 0], false), ("a!=1", [2, 0, 0], true),
      ("a>=2 and a<=2 and b<1 and c>-1", [2, 0, 0], true),
    ])
  func precedence(_ text: String, _ values: [Int], _ holds: Bool) throws {
    let condition = try ConnectWiseCondition(reading: text)
    let table = ["a": values[0], "b": values[1], "c": values[2]]
    #expect(condition.holds { ConditionValue(table[$0] ?? -1) } == holds)
  }

  /// "name="Acme" (double or single quotes; * or % wildcards with like)"; "field=null"; "[2026-01-05T10:00:00Z]";
  /// "inactiveFlag=false also in mixed case False accepted".
  @Test(
    "every kind of value compares",
    arguments: [
      (#"t="Nora Lind""#, true), ("t='nora lind'", true), (#"t like "nora*""#, true), (#"t like "%lind""#, true),
      (#"t like "lind""#, false), (#"t contains "a l""#, true), (#"t not contains "zz""#, true),
      (#"t not like "x%""#, true),
      ("n=null", true), ("n!=null", false), ("t!=null", true), ("f=False", true), ("f=true", false),
      ("d>[2026-01-05T10:00:00Z]", true), ("d<[2026-01-05T10:00:01Z]", false), ("d>=[2026-01-05T10:00:01Z]", true),
      ("d=[2026-01-05T10:00:01]", true), (#"t in ("x","Nora Lind")"#, true),
    ])
  func values(_ text: String, _ holds: Bool) throws {
    let instant = Instant.date("2026-01-05T10:00:01Z")!.timeIntervalSince1970
    let table: [String: ConditionValue] = ["t": .text("Nora Lind"), "f": .flag(false), "d": .instant(instant)]
    #expect(try ConnectWiseCondition(reading: text).holds { table[$0] ?? .null } == holds)
  }

  @Test(
    "what is no condition is refused with 400",
    arguments: ["a=", "a", "(a=1", "a=1)", "a==1", "a in 1", #"a="x"#, "a=[never]", "a=1 b=2", "=1", "a=foo"])
  func malformed(_ text: String) {
    #expect(throws: ConnectWiseRefusal.self) { try ConnectWiseCondition(reading: text) }
    #expect(test.cw("GET", "/company/contacts?conditions=\(test.conditions(text))").status == 400)
  }

  /// "An unknown field in conditions: X is not a recognized name."; "Array members are not reachable from conditions".
  @Test("unknown fields, and fields of arrays, are not recognized")
  func unknown() {
    for (query, name) in [
      ("conditions=shoeSize=1", "shoeSize"), (#"conditions=communicationItems/value="x""#, "communicationItems/value"),
      ("childConditions=firstName=null", "firstName"), ("orderBy=shoeSize", "shoeSize"),
    ] {
      let parts = query.split(separator: "=", maxSplits: 1).map(String.init)
      let answer = test.cw("GET", "/company/contacts?\(parts[0])=\(test.conditions(parts[1]))")
      #expect(answer.status == 400)
      #expect(answer.json["message"]?.text == "\(name) is not a recognized name.")
    }
  }

  /// "childConditions=communicationItems/value="…" AND communicationItems/communicationType="Email""; "in is not available".
  @Test("an address is found through childConditions, whatever its case") func childConditions() throws {
    let contacts = try test.control("GET", "/connectwise/contacts?company=Acme").elements ?? []
    let contact = try #require(contacts.first { $0["communicationItems"]?.encoded.contains("Email") == true })
    let items = contact["communicationItems"]?.elements ?? []
    let email = try #require(items.first { $0["communicationType"] == "Email" }?["value"]?.text)
    func find(_ type: String) throws -> [Int] {
      let text =
        #"communicationItems/value="\#(email.uppercased())" AND communicationItems/communicationType="\#(type)""#
      return try test.contactIDs("childConditions=\(test.conditions(text))&conditions=company/id=250")
    }
    #expect(try find("Email").contains(contact["id"]?.whole ?? 0))
    // Both must hold of the same item: no phone has this address.
    #expect(try find("Phone").isEmpty)
    let list = test.conditions(#"communicationItems/value in ("x")"#)
    #expect(test.cw("GET", "/company/contacts?childConditions=\(list)").status == 400)
  }

  /// "childConditions=types/id=1"; "status/id in (1,3) and deletedFlag=false goes to conditions".
  @Test("companies are filtered by type, status and deletion") func companies() throws {
    try test.control("DELETE", "/connectwise/companies/Acorn")
    try test.control("PATCH", "/connectwise/companies/BirchRowe", #"{"status":"Inactive"}"#)
    func ids(_ query: String) throws -> [Int] {
      (test.cw("GET", "/company/companies?orderBy=id&\(query)").json.elements ?? []).compactMap { $0["id"]?.whole }
    }
    #expect(try ids("") == [2, 250, 253, 256])
    #expect(try ids("conditions=deletedFlag=false%20and%20status/id%20in%20(1,3)") == [2, 250])
    #expect(try ids("childConditions=types/id=4") == [2])
    let statuses = test.cw("GET", "/company/companies/statuses").json.elements ?? []
    #expect(statuses.contains { $0["id"] == 2 && $0["inactiveFlag"] == true })
    #expect(test.cw("GET", "/company/companies/250").json["status"]?["inactiveFlag"] == nil)
  }
}

@Suite("ConnectWise: pages")
struct ConnectWisePageTests {
  let test = TestWorld(people: 120)

  private var all: [Int] {
    get throws { (try test.control("GET", "/connectwise/contacts").elements ?? []).compactMap { $0["id"]?.whole } }
  }

  /// "pageSize default 25, maximum 1 000; larger values are silently capped"; "Link response header, RFC 5988";
  /// "Beyond the last page: empty array, 200".
  @Test("numbered pages hold each contact once") func numbered() throws {
    #expect(test.cw("GET", "/company/contacts").json.elements?.count == 25)
    #expect(test.cw("GET", "/company/contacts?pageSize=5000").status == 200)
    for order in ["", "&orderBy=id%20asc", "&orderBy=lastName%20desc,id"] {
      var ids: [Int] = []
      var next: String? = "/company/contacts?pageSize=40&fields=id\(order)"
      while let target = next {
        let answer = test.cw("GET", target)
        ids += (answer.json.elements ?? []).compactMap { $0["id"]?.whole }
        // An address may hold commas, so links are told apart by their angle brackets.
        let link = answer.header("Link")?.components(separatedBy: ", <").first { $0.contains("rel=\"next\"") }
        next = link.map { String($0.drop { $0 == "<" }.prefix { $0 != ">" }) }
        #expect(next == answer.nextLink)
      }
      #expect(ids.count == Set(ids).count)
      #expect(Set(ids) == Set(try all))
      if order.contains("asc") { #expect(ids == ids.sorted()) }
      // "without orderBy row order is not promised".
      if order.isEmpty { #expect(ids != ids.sorted()) }
    }
    #expect(test.cw("GET", "/company/contacts?page=99").body == "[]")
    #expect(test.cw("GET", "/company/contacts/count").json["count"]?.whole == (try all).count)
  }

  /// "pageId=N acts as id > N"; "orderBy is forbidden"; "The Link header always exists; stop when the value is empty".
  @Test("forward-only pages hold each contact once, in order of id") func forwardOnly() throws {
    let mode = ["pagination-type": "forward-only"]
    var ids: [Int] = []
    var next: String? = "/company/contacts?pageSize=40&fields=id"
    while let target = next {
      let answer = test.cw("GET", target, headers: mode)
      ids += (answer.json.elements ?? []).compactMap { $0["id"]?.whole }
      let header = try #require(answer.header("Link"))
      next = header.isEmpty ? nil : String(header.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
    }
    #expect(ids == (try all).sorted())
    #expect(test.cw("GET", "/company/contacts?orderBy=id", headers: mode).status == 400)
  }

  /// "fields limits the response; _info disappears unless named"; "_info/lastUpdated as a path also works".
  @Test("fields limit what is sent") func fields() {
    let row = test.cw("GET", "/company/contacts?fields=id,company/id,shoeSize&pageSize=1").json.elements?.first
    #expect(row?.members?.map(\.name) == ["id", "company"])
    #expect(row?["company"]?.members?.map(\.name) == ["id"])
    let info = test.cw("GET", "/company/contacts?fields=_info/lastUpdated&pageSize=1").json.elements?.first
    #expect(info?["_info"]?.members?.map(\.name) == ["lastUpdated"])
  }

  /// "conditions=lastUpdated>[…]" and "the path form _info/lastUpdated > […]".
  @Test("changes since a moment are found by both spellings", arguments: ["lastUpdated", "_info/lastUpdated"])
  func incremental(_ field: String) throws {
    let query = "conditions=" + test.conditions("\(field)>[2026-02-28T00:00:00Z]")
    #expect(try test.contactIDs(query).isEmpty)
    let id = try #require(try all.first)
    try test.control("PATCH", "/connectwise/contacts/\(id)", #"{"title":"Promoted"}"#)
    #expect(try test.contactIDs(query) == [id])
  }
}

@Suite("ConnectWise: contacts")
struct ConnectWiseContactTests {
  let test = TestWorld()

  private func created(_ body: String = #"{"firstName":"Nora","lastName":"Lind","company":{"id":250}}"#) throws -> JSON
  {
    let answer = test.cw("POST", "/company/contacts", body)
    #expect(answer.status == 201, "\(answer.body)")
    return answer.json
  }

  private func patch(_ id: JSON?, _ body: String) -> EmulatedResponse {
    test.cw("PATCH", "/company/contacts/\(id?.whole ?? 0)", body)
  }

  /// "POST /company/contacts → 201 with the full record".
  @Test("a contact is created with its items and defaults") func create() throws {
    let contact = try created(
      #"""
      {"firstName":"Nora","lastName":"Lind","title":"Buyer","company":{"id":250},"communicationItems":[
        {"type":{"id":1},"value":"nora@example.com","communicationType":"Email","defaultFlag":true},
        {"type":{"id":4},"value":"813 555 0199","communicationType":"Phone"}]}
      """#)
    let items = contact["communicationItems"]?.elements ?? []
    #expect(items.map { $0["communicationType"] } == ["Email", "Phone"])
    #expect(items.first?["domain"] == "@example.com")
    #expect(items.allSatisfy { $0["defaultFlag"] == true })
    #expect(contact["company"]?["identifier"] == "Acme")
    #expect(contact["site"]?["name"] == "Main")
    #expect(contact["defaultPhoneNbr"] == "813 555 0199")
    #expect(contact["_info"]?["lastUpdated"] == "2026-03-01T09:00:00Z")
    #expect(contact["inactiveFlag"] == false)
    #expect(test.cw("GET", "/company/contacts/\(contact["id"]!.whole!)").json == contact)
  }

  /// "firstName, lastName 30 characters each; title up to 100"; errors as InvalidObject with field; "value ≤ 250".
  @Test(
    "what a contact may not be is refused by field",
    arguments: [
      (#"{"lastName":"Lind","company":{"id":250}}"#, "firstName"),
      (#"{"firstName":"\#(String(repeating: "x", count: 31))","company":{"id":250}}"#, "firstName"),
      (#"{"firstName":"N","lastName":"\#(String(repeating: "x", count: 31))","company":{"id":250}}"#, "lastName"),
      (#"{"firstName":"N","title":"\#(String(repeating: "x", count: 101))","company":{"id":250}}"#, "title"),
      (#"{"firstName":"N","company":{"id":9999}}"#, "company"), (#"{"firstName":"N"}"#, "company"),
      (#"{"firstName":"N","company":{"id":250},"communicationItems":[{"type":{"id":99},"value":"x"}]}"#, "type"),
      (#"{"firstName":"N","company":{"id":250},"communicationItems":[{"type":{"id":1}}]}"#, "value"),
      (
        #"{"firstName":"N","company":{"id":250},"communicationItems":[{"type":{"id":1},"value":"\#(String(repeating: "x", count: 251))"}]}"#,
        "value"
      ),
    ])
  func validation(_ body: String, _ field: String) throws {
    let before = test.cw("GET", "/company/contacts/count").body
    let answer = test.cw("POST", "/company/contacts", body)
    #expect(answer.status == 400)
    #expect(answer.json["code"] == "InvalidObject")
    #expect(answer.json["errors"]?.elements?.first?["field"]?.text == field)
    #expect(test.cw("GET", "/company/contacts/count").body == before)
  }

  /// "disallowSavingFlag:true on a status makes saving (also of related records) fail: expect 400s".
  @Test("a company whose status disallows saving refuses its contacts") func disallowSaving() throws {
    let contact = try created()
    try test.control("PATCH", "/connectwise/companies/Acme", #"{"status":"Credit Hold"}"#)
    #expect(patch(contact["id"], #"[{"op":"replace","path":"title","value":"x"}]"#).status == 400)
    #expect(test.cw("POST", "/company/contacts", #"{"firstName":"N","company":{"id":250}}"#).status == 400)
  }

  /// "Body is always an array"; "op lower case; path without leading slash, case-sensitive"; ISS #51: "could not convert from
  /// String to ContactCommunicationItem[]", code InvalidPatch.
  @Test(
    "what is no patch is refused, and changes nothing",
    arguments: [
      #"{"op":"replace","path":"title","value":"x"}"#, #"[{"op":"Replace","path":"title","value":"x"}]"#,
      #"[{"op":"replace","path":"/title","value":"x"}]"#, #"[{"op":"replace","path":"Title","value":"x"}]"#,
      #"[{"op":"replace","path":"communicationItems","value":"[]"}]"#,
      #"[{"op":"replace","path":"communicationItems","value":{"type":{"id":1},"value":"x"}}]"#,
      #"[{"op":"replace","path":"inactiveFlag","value":"true"}]"#, #"[{"op":"replace","path":"title"}]"#,
      #"[{"op":"replace","path":"title","value":"first"},{"op":"replace","path":"shoeSize","value":1}]"#, "not json",
    ])
  func invalidPatch(_ body: String) throws {
    let contact = try created()
    let answer = patch(contact["id"], body)
    #expect(answer.status == 400)
    #expect(answer.json["code"] == "InvalidPatch")
    #expect(test.cw("GET", "/company/contacts/\(contact["id"]!.whole!)").json == contact)
  }

  /// "200 with the record"; "a sub-path such as company/identifier may return 200 without any effect"; "replace the whole
  /// object"; "\n, \r, \b, \f are not supported and collapse to a blank"; "Clearing: replace with "" for strings".
  @Test("patches change what they name") func patching() throws {
    let id = try created()["id"]
    func after(_ body: String) -> JSON {
      let answer = patch(id, body)
      #expect(answer.status == 200, "\(answer.body)")
      return answer.json
    }
    #expect(after(#"[{"op":"replace","path":"title","value":"Head\nof\rAll"}]"#)["title"] == "Head of All")
    #expect(after(#"[{"op":"replace","path":"title","value":""}]"#)["title"] == nil)
    #expect(after(#"[{"op":"replace","path":"company/identifier","value":"Acorn"}]"#)["company"]?["id"] == 250)
    #expect(after(#"[{"op":"replace","path":"company","value":{"id":253}}]"#)["company"]?["identifier"] == "Acorn")
    #expect(try test.contactIDs("conditions=company/id=253").contains(id?.whole ?? 0))
    #expect(after(#"[{"op":"replace","path":"inactiveFlag","value":true}]"#)["inactiveFlag"] == true)
    #expect(after(#"[{"op":"add","path":"userDefinedField1","value":"x"}]"#)["userDefinedField1"] == "x")
    #expect(after(#"[{"op":"remove","path":"userDefinedField1"}]"#)["userDefinedField1"] == nil)
    #expect(
      patch(id, #"[{"op":"remove","path":"firstName"}]"#).json["errors"]?.elements?.first?["field"] == "firstName")
  }

  @Test("G17 a field without a value is absent, or null where the instance sends nulls") func nulls() throws {
    let id = try created(#"{"firstName":"Nora","company":{"id":250}}"#)["id"]!.whole!
    #expect(test.cw("GET", "/company/contacts/\(id)").json["title"] == nil)
    try test.control("POST", "/connectwise/options", #"{"nulls":"null"}"#)
    #expect(test.cw("GET", "/company/contacts/\(id)").json["title"] == JSON.null)
  }

  @Test("custom fields are written as a whole and found by caption and value") func customFields() throws {
    let id = try created()["id"]
    let answer = patch(id, #"[{"op":"replace","path":"customFields","value":[{"id":1,"value":"abc-1"}]}]"#)
    #expect(answer.json["customFields"]?.elements?.first?["value"] == "abc-1")
    let query = "customFieldConditions=" + test.conditions(#"caption="Directory Id" AND value="abc-1""#)
    #expect(try test.contactIDs(query) == [id?.whole ?? 0])
    let other = "customFieldConditions=" + test.conditions(#"caption="Badge" AND value="abc-1""#)
    #expect(try test.contactIDs(other).isEmpty)
  }

  /// "_info.lastUpdated … Seconds resolution"; "Does editing only a communication item bump lastUpdated? Not documented".
  @Test("changes stamp the contact; changes of items only where the instance does so") func stamps() throws {
    let contact = try created(
      #"{"firstName":"N","company":{"id":250},"communicationItems":[{"type":{"id":1},"value":"n@example.com"}]}"#)
    let path = "/company/contacts/\(contact["id"]!.whole!)"
    let item = "\(path)/communications/\(contact["communicationItems"]!.elements![0]["id"]!.whole!)"
    func stamp() -> String? { test.cw("GET", path).json["_info"]?["lastUpdated"]?.text }
    func change() -> EmulatedResponse {
      test.cw("PATCH", item, #"[{"op":"replace","path":"value","value":"m@example.com"}]"#)
    }
    try test.control("POST", "/clock", #"{"advance-seconds":90}"#)
    #expect(change().status == 200)
    #expect(stamp() == "2026-03-01T09:01:30Z")
    try test.control("POST", "/connectwise/options", #"{"communication-bumps-last-updated":false}"#)
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    #expect(change().status == 200)
    #expect(stamp() == "2026-03-01T09:01:30Z")
    #expect(patch(contact["id"], #"[{"op":"replace","path":"title","value":"x"}]"#).status == 200)
    #expect(stamp() == "2026-03-01T09:02:30Z")
  }

  /// The sub-resource's table: list 200, add 201, change 200, replace 200, remove 204, count; "defaultFlag = default within
  /// its communicationType"; "Setting defaultFlag:true on one item presumably clears the former default".
  @Test("items are added, changed and removed one by one") func communications() throws {
    let id = try created(
      #"{"firstName":"N","company":{"id":250},"communicationItems":[{"type":{"id":1},"value":"a@example.com"}]}"#)[
        "id"]!.whole!
    let path = "/company/contacts/\(id)/communications"
    let added = test.cw("POST", path, #"{"type":{"id":7},"value":"b@example.com","defaultFlag":true}"#)
    #expect(added.status == 201)
    #expect(added.json["contactId"]?.whole == id)
    let phone = test.cw("POST", path, #"{"type":{"id":2},"value":"1234567"}"#)
    func defaults() -> [String] {
      (test.cw("GET", path).json.elements ?? []).filter { $0["defaultFlag"] == true }.compactMap { $0["value"]?.text }
    }
    #expect(defaults() == ["b@example.com", "1234567"])
    let item = "\(path)/\(added.json["id"]!.whole!)"
    #expect(
      test.cw("PATCH", item, #"[{"op":"replace","path":"value","value":"c@example.com"}]"#).json["value"]
        == "c@example.com")
    #expect(test.cw("PUT", item, #"{"type":{"id":1},"value":"d@example.com"}"#).json["defaultFlag"] == false)
    #expect(test.cw("GET", "\(path)/count").json["count"] == 3)
    #expect(test.cw("DELETE", "\(path)/\(phone.json["id"]!.whole!)").status == 204)
    #expect(test.cw("GET", "\(path)/count").json["count"] == 2)
    #expect(test.cw("GET", "\(path)/1").status == 404)
    #expect(test.cw("POST", path, #"{"value":"x"}"#).json["errors"]?.elements?.first?["field"] == "type")
  }

  @Test("replacing all items keeps the ids it names, and drops the rest") func wholeItems() throws {
    let contact = try created(
      #"{"firstName":"N","company":{"id":250},"communicationItems":[{"type":{"id":1},"value":"a@example.com"},{"type":{"id":2},"value":"1"}]}"#
    )
    let first = contact["communicationItems"]!.elements![0]["id"]!.whole!
    let answer = patch(
      contact["id"],
      #"[{"op":"replace","path":"communicationItems","value":[{"id":\#(first),"type":{"id":1},"value":"z@example.com"},{"type":{"id":4},"value":"2"}]}]"#
    )
    let items = answer.json["communicationItems"]?.elements ?? []
    #expect(items.map { $0["value"] } == ["z@example.com", "2"])
    #expect(items.first?["id"]?.whole == first)
  }

  /// "Phone numbers are stored as typed, often digits only".
  @Test("an instance may keep digits only") func digits() throws {
    try test.control("POST", "/connectwise/options", #"{"phones":"digits"}"#)
    let contact = try created(
      #"{"firstName":"N","company":{"id":250},"communicationItems":[{"type":{"id":2},"value":"+1 (813) 555-0100"},{"type":{"id":1},"value":"a1@example.com"}]}"#
    )
    #expect(contact["communicationItems"]?.elements?.map { $0["value"] } == ["18135550100", "a1@example.com"])
  }

  /// "DELETE → 204; the spec demands transferContactId"; "A blocked delete shows as 409 or 400"; "Contacts that were deleted
  /// just vanish".
  @Test("a deleted contact is gone; one in use needs a successor") func deleting() throws {
    let (one, two) = (try created()["id"]!.whole!, try created()["id"]!.whole!)
    #expect(test.cw("DELETE", "/company/contacts/\(one)").status == 204)
    #expect(test.cw("GET", "/company/contacts/\(one)").status == 404)
    #expect(try !test.contactIDs("conditions=company/id=250").contains(one))
    try test.control("PATCH", "/connectwise/contacts/\(two)", #"{"inUse":true}"#)
    #expect(test.cw("DELETE", "/company/contacts/\(two)").status == 409)
    #expect(test.cw("DELETE", "/company/contacts/\(two)?transferContactId=\(one)").status == 400)
    let heir = try created()["id"]!.whole!
    #expect(test.cw("DELETE", "/company/contacts/\(two)?transferContactId=\(heir)").status == 204)
    #expect(test.cw("DELETE", "/company/contacts/\(heir)").status == 409)
  }

  /// "PUT replaces everything; unspecified fields fall to defaults/null."
  @Test("PUT leaves nothing that it does not name") func put() throws {
    let id = try created(#"{"firstName":"N","title":"T","company":{"id":250},"inactiveFlag":true}"#)["id"]!.whole!
    let answer = test.cw("PUT", "/company/contacts/\(id)", #"{"firstName":"M","company":{"id":250}}"#)
    #expect(answer.status == 200)
    #expect(answer.json["title"] == nil)
    #expect(answer.json["inactiveFlag"] == false)
    #expect(answer.json["id"]?.whole == id)
  }

  /// "communicationTypes (id, description, phoneFlag, faxFlag, emailFlag, defaultFlag)".
  @Test("the catalogue of communication types calls its label description") func types() {
    let rows = test.cw("GET", "/company/communicationTypes?orderBy=id").json.elements ?? []
    #expect(rows.first?["description"] == "Email")
    #expect(rows.first?["emailFlag"] == true)
    #expect(rows.first?["name"] == nil)
    #expect(test.cw("GET", "/company/communicationTypes?conditions=phoneFlag=true").json.elements?.count == 4)
  }
}
