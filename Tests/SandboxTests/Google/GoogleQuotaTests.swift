import Foundation
import Testing

@testable import Sandbox

@Suite("Google: quotas and the serial rule")
struct GoogleQuotaTests {
  let test = TestWorld()
  let marcus: GoogleCaller

  init() throws {
    marcus = try test.google(GoogleNames.marcus)
    try test.control("POST", "/google/options", #"{"quotas-with-frozen-clock":true}"#)
  }

  private let rui = #"{"names":[{"givenName":"Rui"}]}"#

  private func batch(_ count: Int = 1) -> EmulatedResponse {
    let list = Array(repeating: #"{"contactPerson":\#(rui)}"#, count: count).joined(separator: ",")
    return marcus.people("POST", "/people:batchCreateContacts", #"{"contacts":[\#(list)],"readMask":"metadata"}"#)
  }

  /// "60/6 and 30/6 allow at most about 5 batch writes per minute per destination user".
  @Test("five batches a minute, then 429 until the next minute") func batches() throws {
    for _ in 0..<5 { #expect(batch(2).status == 200) }
    let refused = batch()
    #expect(refused.status == 429)
    #expect(refused.json.googleError == "429 RESOURCE_EXHAUSTED RATE_LIMIT_EXCEEDED")
    #expect(refused.json.googleMessage.contains("Critical write requests (Contact Creates and Updates)"))
    #expect(refused.json.googleMessage.contains("per minute per user"))
    #expect(refused.header("Retry-After") == nil)
    // Other users and other budgets are not touched.
    #expect(try test.google().people("POST", "/people:createContact", rui).status == 200)
    #expect(marcus.people("GET", "/contactGroups").status == 200)
    try test.advance(59)
    #expect(batch().status == 429)
    try test.control("POST", "/google/options", #"{"sends-retry-after":true}"#)
    #expect(batch().header("Retry-After") == "1")
    try test.advance(1)
    #expect(batch().status == 200)
  }

  /// The table of costs: how many requests of each kind one minute allows.
  @Test(
    "what each kind of request costs",
    arguments: [
      ("critical-reads", 2, "GET", "/people/me/connections?personFields=names", "", 2),
      ("critical-reads", 2, "GET", "/people:batchGet?personFields=names&resourceNames=people/c1", "", 2),
      ("critical-reads", 2, "POST", "/people:createContact", #"{"names":[{"givenName":"R"}]}"#, 2),
      ("critical-writes", 3, "POST", "/people:createContact", #"{"names":[{"givenName":"R"}]}"#, 3),
      ("group-reads", 2, "GET", "/contactGroups", "", 2), ("group-reads", 1, "GET", "/contactGroups/myContacts", "", 1),
      ("writes", 2, "POST", "/contactGroups/starred/members:modify", #"{"resourceNamesToAdd":["people/c1"]}"#, 2),
      ("writes", 19, "POST", "/people:batchDeleteContacts", #"{"resourceNames":["people/c1"]}"#, 1),
      ("writes", 20, "POST", "/people:batchDeleteContacts", #"{"resourceNames":["people/c1"]}"#, 2),
      ("full-syncs", 1, "GET", "/people/me/connections?personFields=names&requestSyncToken=true", "", 1),
    ])
  func costs(
    _ bucket: String, _ limit: Int, _ method: String, _ target: String, _ body: String, _ allowed: Int
  ) throws {
    try test.control("POST", "/google/quotas", #"{"\#(bucket)":\#(limit)}"#)
    for _ in 0..<allowed { #expect(marcus.people(method, target, body).status != 429) }
    #expect(marcus.people(method, target, body).status == 429)
    try test.advance(60)
    #expect(marcus.people(method, target, body).status != 429)
  }

  /// "6 critical reads": a batch empties the reading budget too.
  @Test("a batch of writes costs six readings") func batchReads() throws {
    try test.control("POST", "/google/quotas", #"{"critical-reads":6}"#)
    #expect(batch().status == 200)
    let refused = marcus.people("GET", "/people/me/connections?personFields=names")
    #expect(refused.status == 429 && refused.json.googleMessage.contains("Critical read requests"))
  }

  /// "Daily Contact Writes (Total)"; "200 are charged even for a batch of two".
  @Test("the day's writes are counted for all users together") func daily() throws {
    try test.control("POST", "/google/quotas", #"{"daily-contact-writes":401}"#)
    #expect(batch().status == 200 && batch().status == 200)
    #expect(try test.google().people("POST", "/people:createContact", rui).status == 200)
    let refused = marcus.people("POST", "/people:createContact", rui)
    #expect(refused.status == 429 && refused.json.googleMessage.contains("Daily Contact Writes (Total)"))
    try test.advance(60)
    #expect(marcus.people("POST", "/people:createContact", rui).status == 429)
    // The clock began at nine.
    try test.advance(15 * 3600)
    #expect(try test.google(GoogleNames.marcus).people("POST", "/people:createContact", rui).status == 200)
  }

  /// "description 'FBS quota limit exceeded'".
  @Test("full readings with a sync token have a budget of their own") func fullSyncs() throws {
    try test.control("POST", "/google/quotas", #"{"full-syncs":1}"#)
    let target = "/people/me/connections?personFields=names&requestSyncToken=true"
    let token = try #require(marcus.people("GET", target).json["nextSyncToken"]?.text)
    let refused = marcus.people("GET", target)
    #expect(refused.json.googleError == "429 RESOURCE_EXHAUSTED")
    #expect(refused.body.contains("FBS quota limit exceeded"))
    #expect(marcus.people("GET", target + "&syncToken=\(token)").status == 200)
  }

  /// "403 userRateLimitExceeded: default 2 400 queries per minute per user per project".
  @Test("the Directory answers 403 where too much is asked") func directory() throws {
    try test.control("POST", "/google/quotas", #"{"directory":2}"#)
    let admin = try test.googleAdmin()
    for _ in 0..<2 { #expect(admin.directory("/users?customer=my_customer").status == 200) }
    #expect(admin.directory("/users?customer=my_customer").json.googleError == "403 userRateLimitExceeded")
    try test.advance(60)
    #expect(admin.directory("/users?customer=my_customer").status == 200)
  }

  @Test("while the clock stands still nothing is refused unless asked for") func frozen() throws {
    try test.control("POST", "/google/options", #"{"quotas-with-frozen-clock":false}"#)
    for _ in 0..<7 { #expect(batch().status == 200) }
  }

  /// "mutations for one user must be sent ONE AFTER ANOTHER. Parallelism across different users is fine."
  @Test("mutations that overlap for one user are counted, others are not") func serial() throws {
    let dana = try test.google()
    let create = marcus.request("POST", "/people/v1/people:createContact", rui)
    func violations() throws -> [Int?] {
      let users = try test.control("GET", "/google/counts")["users"]
      return [GoogleNames.marcus, GoogleNames.dana].map { users?[$0]?["serial-violations"]?.whole }
    }
    let first = test.world.admit(create)
    test.world.delivered(first)
    let second = test.world.admit(create)
    // Reading beside a mutation, and another user's mutation, are fine.
    test.world.delivered(test.world.admit(marcus.request("GET", "/people/v1/contactGroups")))
    test.world.delivered(test.world.admit(dana.request("POST", "/people/v1/people:createContact", rui)))
    #expect(try violations() == [0, 0])
    test.world.delivered(test.world.admit(create))
    test.world.delivered(second)
    #expect(try violations() == [1, 0])
    test.world.delivered(test.world.admit(create))
    #expect(try violations() == [1, 0])
    let requests = try test.control("GET", "/google/counts")["users"]?[GoogleNames.marcus]?["requests"]
    #expect(requests?["create"] == 4 && requests?["list-labels"] == 1 && requests?["token"] == 1)
    try test.control("DELETE", "/google/counts")
    #expect(try test.control("GET", "/google/counts")["users"] == [:])
  }

  @Test("faults, routes and counts know the vendor's paths") func routes() throws {
    let label = try marcus.label("myContacts")
    _ = marcus.people("GET", "/\(label)")
    _ = marcus.people("PATCH", "/people/c1:updateContact?updatePersonFields=names", "{}")
    _ = try test.googleAdmin().directory("/groups/x/members")
    let counts = test.world.counts
    #expect(counts.byRoute["GET /v1/contactGroups/{id}"] == 1)
    #expect(counts.byRoute["PATCH /v1/people/{id}:updateContact"] == 1)
    #expect(counts.byRoute["GET /admin/directory/v1/groups/{groupKey}/members"] == 1)
    #expect(counts.byRoute["POST /token"] == 2)
    #expect(counts.writes["google"] == 1 && counts.committedWrites["google"] == nil)
    try test.control("POST", "/faults", #"{"system":"google","path":"/people/me/connections","status":503,"times":1}"#)
    let target = "/people/me/connections?personFields=names"
    #expect(marcus.people("GET", target).json.googleError.hasPrefix("503 UNAVAILABLE"))
    #expect(marcus.people("GET", target).status == 200)
    // A page of a listing is known by its number.
    try test.control("POST", "/faults", #"{"system":"google","path":"/people/me/connections","page":2,"status":500}"#)
    let first = marcus.people("GET", target + "&pageSize=1")
    let token = try #require(first.json["nextPageToken"]?.text)
    #expect(first.status == 200 && marcus.people("GET", target + "&pageSize=1&pageToken=\(token)").status == 500)
  }
}
