import Foundation
import Testing

@testable import Sandbox

@Suite("Faults")
struct FaultTests {
  let test = TestWorld(people: 250)

  @Test(
    "globs",
    arguments: [
      ("/users*", "/users", true), ("/users*", "/users/delta", true), ("/users", "/users/delta", false),
      ("*contacts/*/communications", "/company/contacts/12/communications", true), ("*", "", true),
      ("/a*c*e", "/abcde", true),
      ("/a*c", "/abcd", false), ("/USERS", "/users", true), ("", "/x", false),
    ])
  func globs(_ pattern: String, _ text: String, _ fits: Bool) {
    #expect(glob(pattern, matches: text) == fits)
  }

  @Test("page 3 of users answers 503 twice, and then as ever") func pageThree() throws {
    let token = try test.token()
    try test.control(
      "POST", "/faults", #"{"system":"m365","path":"/users*","page":3,"times":2,"status":503,"retry-after":"2"}"#)
    var target = "/users?$top=60&$select=id"
    var statuses: [Int] = []
    var rows = 0
    while statuses.count < 20 {
      let answer = test.graph(target, token: token)
      statuses.append(answer.status)
      if answer.status != 200 {
        #expect(answer.header("Retry-After") == "2")
        continue
      }
      rows += answer.json["value"]?.elements?.count ?? 0
      guard let next = answer.json["@odata.nextLink"]?.text else { break }
      target = next
    }
    #expect(statuses == [200, 200, 503, 503, 200, 200, 200])
    #expect(rows == 250)
  }

  @Test("numbered and forward-only pages are counted too") func connectWisePages() throws {
    try test.control("POST", "/faults", #"{"system":"connectwise","path":"/company/contacts","page":2,"status":500}"#)
    #expect(test.cw("GET", "/company/contacts?page=1").status == 200)
    #expect(test.cw("GET", "/company/contacts?page=2").status == 500)
    #expect(test.cw("GET", "/company/contacts?page=3").status == 200)
    let mode = ["pagination-type": "forward-only"]
    let first = test.cw("GET", "/company/contacts?pageSize=30", headers: mode)
    let next = try #require(first.nextLink)
    #expect(test.cw("GET", next, headers: mode).status == 500)
    // Also when the client builds the address itself, in another order.
    let id = try #require(next.split(separator: "?").last?.split(separator: "&").first { $0.hasPrefix("pageId") })
    #expect(test.cw("GET", "/company/contacts?\(id)&pageSize=30", headers: mode).status == 500)
  }

  @Test("skip and times count, and a rule can be deleted") func counting() throws {
    let token = try test.token()
    let id = try test.control("POST", "/faults", #"{"system":"m365","path":"/users","skip":2,"times":1,"status":429}"#)[
      "id"]!.whole!
    #expect((0..<5).map { _ in test.graph("/users", token: token).status } == [200, 200, 429, 200, 200])
    #expect(try test.control("GET", "/faults").elements?.first?["applied"] == 1)
    try test.control("DELETE", "/faults/\(id)")
    #expect(try test.refusal("DELETE", "/faults/\(id)").status == 404)
    try test.control("POST", "/faults", #"{"status":500}"#)
    #expect(test.graph("/users", token: token).status == 500)
    #expect(test.cw("GET", "/company/contacts").status == 500)
    try test.control("DELETE", "/faults")
    #expect(test.graph("/users", token: token).status == 200)
  }

  @Test("a probability is kept by the seed") func probability() throws {
    func pattern() throws -> [Int] {
      let test = TestWorld()
      let token = try test.token()
      try test.control("POST", "/faults", #"{"path":"/users","probability":0.5}"#)
      return (0..<40).map { _ in test.graph("/users?$top=1", token: token).status }
    }
    let statuses = try pattern()
    #expect(Set(statuses) == [200, 503])
    #expect(try pattern() == statuses)
  }

  @Test("commit-then-drop does what was asked; drop-connection does not") func drops() throws {
    let body = #"{"firstName":"Nora","company":{"id":250}}"#
    func count() -> Int { test.cw("GET", "/company/contacts/count").json["count"]!.whole! }
    let before = count()
    try test.control(
      "POST", "/faults", #"{"method":"POST","path":"/company/contacts","kind":"drop-connection","times":1}"#)
    #expect(test.cw("POST", "/company/contacts", body).delivery == .dropped)
    #expect(count() == before)
    try test.control(
      "POST", "/faults", #"{"method":"POST","path":"/company/contacts","kind":"commit-then-drop","times":1}"#)
    #expect(test.cw("POST", "/company/contacts", body).delivery == .dropped)
    #expect(count() == before + 1)
    let requests = try test.control("GET", "/requests")
    #expect(requests["writes"]?["connectwise"] == 2)
    #expect(requests["committed-writes"]?["connectwise"] == 1)
    #expect(requests["by-status"]?["dropped"] == 2)
  }

  @Test("malformed JSON, truncation, HTML and an empty body are not what they should be") func spoiled() throws {
    let token = try test.token()
    func answer(_ rule: String) throws -> EmulatedResponse {
      try test.control("DELETE", "/faults")
      try test.control("POST", "/faults", rule)
      return test.graph("/users", token: token)
    }
    let malformed = try answer(#"{"kind":"malformed-json"}"#)
    #expect(malformed.status == 200)
    #expect(throws: JSONProblem.self) { try JSON(reading: malformed.body) }
    if case .truncated(let bytes) = try answer(#"{"kind":"truncate"}"#).delivery {
      #expect(bytes > 0)
    } else {
      Issue.record("The answer is not truncated.")
    }
    let html = try answer(#"{"kind":"html"}"#)
    #expect(html.status == 502)
    #expect(html.header("Content-Type") == "text/html")
    #expect(try answer(#"{"kind":"no-body"}"#).body.isEmpty)
    #expect(try answer(#"{"kind":"hang"}"#).delivery == .hung)
    #expect(try answer(#"{"kind":"huge-body","megabytes":3}"#).delivery == .padded(bytes: 3 << 20))
    #expect(try answer(#"{"kind":"delay","delay-milliseconds":70}"#).delay == .milliseconds(70))
    let redirect = try answer(#"{"kind":"redirect-elsewhere"}"#)
    #expect(redirect.status == 302)
    #expect(redirect.header("Location")?.hasPrefix("http://localhost") == true)
  }

  @Test("an empty 200, an early end and a repeated page are well-formed") func listings() throws {
    let token = try test.token()
    let second = try #require(test.graph("/users?$top=60&$select=id", token: token).json["@odata.nextLink"]?.text)
    let page = test.graph(second, token: token).json
    try test.control("POST", "/faults", #"{"kind":"empty-200","page":2,"times":1}"#)
    let empty = test.graph(second, token: token).json
    #expect(empty["value"] == [])
    #expect(empty["@odata.nextLink"] == nil)
    try test.control("POST", "/faults", #"{"kind":"end-early","page":2,"times":1}"#)
    let early = test.graph(second, token: token).json
    #expect(early["value"] == page["value"])
    #expect(early["@odata.nextLink"] == nil)
    try test.control("POST", "/faults", #"{"kind":"repeat-page","page":2,"times":1}"#)
    let repeated = test.graph(second, token: token).json
    #expect(repeated["value"] == test.graph("/users?$top=60&$select=id", token: token).json["value"])
    // The repeated page leads on to the second, so that nobody is lost by following links.
    #expect(test.graph(try #require(repeated["@odata.nextLink"]?.text), token: token).json["value"] == page["value"])
    try test.control("POST", "/faults", #"{"kind":"end-early","path":"/company/contacts","times":1}"#)
    let short = test.cw("GET", "/company/contacts?pageSize=20")
    #expect(short.json.elements?.count == 10)
    #expect(short.header("Link") == nil)
    try test.control("POST", "/faults", #"{"kind":"repeat-page","path":"/company/contacts","page":2,"times":1}"#)
    #expect(test.cw("GET", "/company/contacts?page=2").body == test.cw("GET", "/company/contacts?page=1").body)
  }

  @Test(
    "a rule that means nothing is refused with words",
    arguments: [#"{"kind":"earthquake"}"#, #"{"stauts":503}"#, #"{"status":99}"#, "[]", "nonsense"])
  func refused(_ rule: String) throws {
    let refusal = try test.refusal("POST", "/faults", rule)
    #expect(refusal.status == 400)
    #expect(refusal.json["error"]?.text?.isEmpty == false)
    #expect(refusal.json["fix"]?.text?.isEmpty == false)
  }
}
