import Foundation
import Testing

@testable import Sandbox

@Suite("Teamwork.com: signing in and limits")
struct TeamworkSignInTests {
  let test = TestWorld()

  /// "key is the user name; password is ignored"; "Authorization: Bearer {token}"; "401 bad credentials".
  @Test("the key goes as user name with any password, a token as bearer") func signIn() throws {
    func status(_ header: String) -> Int {
      test.tw("GET", "/projects/api/v3/me.json", headers: ["Authorization": header]).status
    }
    func basic(_ text: String) -> String { "Basic " + Data(text.utf8).base64EncodedString() }
    #expect(status(basic("\(test.teamworkKey):x")) == 200)
    #expect(status(basic("\(test.teamworkKey):")) == 200)
    #expect(status(basic(test.teamworkKey)) == 200)
    #expect(status(basic("x:\(test.teamworkKey)")) == 401)
    #expect(status("Bearer \(test.teamworkKey)") == 401)
    #expect(status("Basic ???") == 401)
    #expect(status("") == 401)
    let token = try #require(try test.control("POST", "/teamwork/tokens")["access_token"]?.text)
    #expect(status("Bearer \(token)") == 200)
    try test.control("DELETE", "/teamwork/tokens")
    #expect(status("Bearer \(token)") == 401)
    try test.control("POST", "/teamwork/credentials", #"{"valid":false}"#)
    #expect(test.tw3("GET", "/me.json").status == 401)
    #expect(test.tw("GET", "/people.json").json["STATUS"] == "Error")
  }

  /// "{"person":{"id":..,"siteOwner":bool,"inOwnerCompany":bool,"isAdmin":bool,"installationId":..}}".
  @Test("me tells whose key it is") func me() throws {
    let me = try #require(test.tw3("GET", "/me.json").json["person"])
    #expect(me["isAdmin"] == true && me["inOwnerCompany"] == true && me["siteOwner"] == false)
    try test.control("POST", "/teamwork/key-owner", #"{"person":"dispatch@kestrel.example"}"#)
    #expect(test.tw3("GET", "/me.json").json.inside("person", "isAdmin") == false)
  }

  /// "records that person cannot see are silently absent"; "403 no permission".
  @Test("what the key's owner does not see is silently absent, and what it may not write is 403") func rights() throws {
    let all = try test.twIDs("people", "")
    let id = try test.twClient()
    try test.control("POST", "/teamwork/key-owner", #"{"person":"dispatch@kestrel.example"}"#)
    #expect(try test.twIDs("companies", "").count == 1)
    #expect(try test.twIDs("people", "").count < all.count)
    #expect(test.tw3("GET", "/companies/\(id).json").status == 404)
    #expect(test.tw3("POST", "/companies.json", #"{"company":{"name":"No"}}"#).status == 403)
    #expect(test.tw("POST", "/people.json", #"{"person":{}}"#).status == 403)
    try test.control("POST", "/teamwork/key-owner", #"{"person":"sync@kestrel.example"}"#)
    try test.control("POST", "/teamwork/rights", #"{"people":{"read":false},"companies":{"write":false}}"#)
    #expect(try test.twIDs("people", "") == [])
    #expect(test.tw3("PATCH", "/companies/\(id).json", #"{"company":{"phone":"1"}}"#).status == 403)
    #expect(test.tw3("GET", "/companies/\(id).json").status == 200)
  }

  /// "150 requests/minute, then wait 60 s"; "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset (one word)".
  @Test("too many requests in a minute are refused until the window ends") func rateLimit() throws {
    #expect(test.tw3("GET", "/me.json").header("X-RateLimit-Limit") == "150")
    try test.control(
      "POST", "/teamwork/options", #"{"rate-limit-per-minute":3,"rate-limit-with-frozen-clock":true}"#)
    for left in [2, 1, 0] {
      #expect(test.tw3("GET", "/me.json").header("X-RateLimit-Remaining") == left.description)
    }
    let refused = test.tw3("GET", "/me.json")
    #expect(refused.status == 429)
    let reset = try #require(refused.header("X-RateLimit-Reset").flatMap { Int($0) })
    #expect(reset == Instant.seconds(test.world.now) + 60)
    #expect(refused.header("Retry-After") == nil)
    try test.control("POST", "/teamwork/options", #"{"rate-limit-reset-is-epoch":false,"sends-retry-after":true}"#)
    try test.control("POST", "/clock", #"{"advance-seconds":20}"#)
    let later = test.tw("GET", "/people.json")
    #expect(later.header("X-RateLimit-Reset") == "40" && later.header("Retry-After") == "40")
    #expect(later.json["STATUS"] == "Error")
    try test.control("POST", "/clock", #"{"advance-seconds":40}"#)
    #expect(test.tw3("GET", "/me.json").status == 200)
  }

  /// "Constant full paging without updatedAfter can get the key's rate limit lowered; the response then carries a header
  /// text telling you to pass an updated after value".
  @Test("full listings again and again lower the limit, narrowed ones do not") func fullPaging() throws {
    try test.control("POST", "/teamwork/options", #"{"full-pages-before-lower-limit":2}"#)
    for _ in 0..<5 { _ = test.tw3("GET", "/people.json?updatedAfter=2026-01-01T00:00:00Z") }
    for _ in 0..<2 { #expect(test.tw3("GET", "/people.json").header("X-RateLimit-Limit") == "150") }
    let lowered = test.tw3("GET", "/companies.json")
    #expect(lowered.header("X-RateLimit-Limit") == "50")
    #expect(lowered.header("X-RateLimit-Notice")?.contains("updatedAfter") == true)
  }

  /// "Some failures (unknown route) are {"message":"Not Found"}"; "paths end in .json; the suffix is part of the route".
  @Test(
    "what is no route is not found",
    arguments: ["/companies", "/nothing.json", "/people/x.json", "/companies/1/x.json"])
  func unknown(_ path: String) {
    let answer = test.tw3("GET", path)
    #expect(answer.status == 404)
    if path != "/companies/1/x.json" { #expect(answer.json == ["message": "Not Found"]) }
    #expect(test.tw("GET", "/nothing.json").json["STATUS"] == "Error")
  }

  /// "v1: {"STATUS":"Error","MESSAGE":".."} or {"CONTENT":..}-style bodies".
  @Test("errors of v1 have either shape") func oldErrors() throws {
    #expect(test.tw("GET", "/people/1.json").json == ["STATUS": "Error", "MESSAGE": "person not found"])
    try test.control("POST", "/teamwork/options", #"{"v1-errors-as-content":true}"#)
    #expect(test.tw("GET", "/people/1.json").json["CONTENT"] == "person not found")
    #expect(test.tw3("GET", "/people/1.json").json["errors"]?.elements?.first?["detail"] == "person not found")
  }

  @Test("the connect line names the key by reference, and routes are counted without ids") func description() throws {
    let line = try #require(test.description.connect.first { $0.contains("connect teamwork as tw ") })
    #expect(line.hasSuffix("/teamwork api-key=env:SANDBOX_TEAMWORK_KEY"))
    #expect(test.description.environment["SANDBOX_TEAMWORK_KEY"] == test.teamworkKey)
    _ = test.tw3("GET", "/people/1.json")
    _ = test.tw("PUT", "/people/1.json", "{}")
    #expect(test.world.counts.byRoute["GET /projects/api/v3/people/{id}.json"] == 1)
    #expect(test.world.counts.writes == ["teamwork": 1])
    #expect(test.world.counts.committedWrites.isEmpty)
  }

  @Test("faults meet both generations below their own root, and an empty listing has its shape") func faults() throws {
    try test.control("POST", "/faults", #"{"system":"teamwork","path":"/people.json","kind":"empty-200","times":2}"#)
    let empty = test.tw3("GET", "/people.json").json
    #expect(empty["people"] == [] && empty.inside("meta", "page", "hasMore") == false)
    #expect(test.tw("GET", "/people.json").json == ["STATUS": "OK", "people": []])
    try test.control("POST", "/faults", #"{"system":"teamwork","kind":"end-early","times":1}"#)
    let early = test.tw3("GET", "/people.json?pageSize=10")
    #expect(early.json["people"]?.elements?.count == 5)
    #expect(early.json.inside("meta", "page", "hasMore") == false)
  }
}

@Suite("Teamwork.com: listing")
struct TeamworkListingTests {
  let test = TestWorld()

  /// "pageSize (default 50, max 500; above 500 the server answers 400, it does not clamp)".
  @Test("a page that is too large is refused", arguments: ["pageSize=501", "pageSize=0", "page=0", "pageSize=many"])
  func pageSize(_ query: String) {
    #expect(test.tw3("GET", "/people.json?\(query)").status == 400)
    #expect(test.tw3("GET", "/people.json?pageSize=500").status == 200)
    #expect(test.tw3("GET", "/people.json").json.inside("meta", "page", "pageSize") == 50)
  }

  /// "pageOffset is 0-based, the request parameter is 1-based"; "Drive the loop by hasMore only".
  @Test("pages follow each other without gap or repetition") func pages() throws {
    let whole = try test.twIDs("people", "orderBy=id")
    #expect(whole == whole.sorted() && Set(whole).count == whole.count && whole.count > 20)
    #expect(try test.twIDs("people", "orderBy=id", pageSize: 7) == whole)
    #expect(try test.twIDs("people", "orderBy=id&orderMode=desc", pageSize: 7) == whole.reversed())
    let second = test.tw3("GET", "/people.json?orderBy=id&pageSize=7&page=2").json
    #expect(second.inside("meta", "page", "pageOffset") == 1)
    #expect(second.inside("meta", "page", "count") == .int(whole.count))
    #expect(test.tw3("GET", "/people.json?page=1000").json["people"] == [])
  }

  /// "With skipCounts=true it is only the lower bound page*pageSize + 1 until the last page".
  @Test("without counting, the count is a lower bound") func skipCounts() throws {
    let total = try test.twIDs("people", "").count
    func count(_ page: Int) -> JSON? {
      test.tw3("GET", "/people.json?skipCounts=true&pageSize=10&page=\(page)").json.inside("meta", "page", "count")
    }
    #expect(count(1) == 11 && count(2) == 21)
    #expect(count((total + 9) / 10) == .int(total))
  }

  /// "Cap: 50,000 records per query".
  @Test("no query reaches beyond its cap") func cap() throws {
    try test.control("POST", "/teamwork/options", #"{"records-per-query":12}"#)
    #expect(try test.twIDs("people", "", pageSize: 5).count == 12)
    #expect(test.tw3("GET", "/people.json?pageSize=5&page=3").json.inside("meta", "page", "hasMore") == false)
  }

  /// "The id sort value is in the vendor SDK but not in the March-2026 OpenAPI file - fall back to name on a 400".
  @Test("order by id can be missing") func order() throws {
    #expect(test.tw3("GET", "/people.json?orderBy=updatedAt").status == 400)
    #expect(test.tw3("GET", "/people.json?orderMode=up").status == 400)
    try test.control("POST", "/teamwork/options", #"{"orders-by-id":false}"#)
    #expect(test.tw3("GET", "/people.json?orderBy=id").status == 400)
    #expect(test.tw3("GET", "/companies.json?orderBy=id").status == 400)
    let names = (test.tw3("GET", "/people.json?orderBy=name&pageSize=500").json["people"]?.elements ?? [])
      .map { "\($0["firstName"]?.text ?? "") \($0["lastName"]?.text ?? "")" }
    #expect(names == names.sorted())
  }

  @Test("a listing stays in order while records change between its pages") func liveOrder() throws {
    let id = try test.twClient("Mmm")
    #expect(try test.twIDs("companies", "orderBy=name&excludeOwnerCompany=true").count > 2)
    try test.control("PATCH", "/teamwork/companies/\(id)", #"{"name":"000 First"}"#)
    #expect(try test.twIDs("companies", "orderBy=name&excludeOwnerCompany=true").first == id)
    try test.control("PATCH", "/teamwork/companies/\(id)", #"{"name":"zzz Last"}"#)
    let other = try test.twClient("yyy Other")
    #expect(try test.twIDs("companies", "orderBy=name&excludeOwnerCompany=true").suffix(2) == [other, id])
    try test.control("DELETE", "/teamwork/companies/\(id)")
    #expect(try test.twIDs("companies", "orderBy=name&excludeOwnerCompany=true").last == other)
  }

  /// "fields[people] sparse fields for the list; the single read needs fields[person] instead"; "an unknown fields[...] key
  /// is ignored without an error, so a typo silently returns everything".
  @Test("sparse fields have another key for one person") func fields() throws {
    let id = try #require(try test.twIDs("people", "").first)
    func names(_ target: String, _ kind: String) -> Int? {
      let json = test.tw3("GET", target).json
      return (json[kind]?.elements?.first ?? json[kind])?.members?.count
    }
    #expect(names("/people.json?fields[people]=firstName,email", "people") == 3)
    #expect(try #require(names("/people.json?fields[person]=firstName", "people")) > 10)
    #expect(names("/people/\(id).json?fields[person]=firstName", "person") == 2)
    #expect(try #require(names("/people/\(id).json?fields[people]=firstName", "person")) > 10)
    #expect(names("/companies.json?fields[companies]=name", "companies") == 2)
  }

  @Test("companies are found by each filter") func companyFilters() throws {
    let id = try test.twClient("Harbour Bakery")
    try test.control("PATCH", "/teamwork/companies/\(id)", #"{"profile":"Bread since 1901"}"#)
    // "exact company name".
    #expect(try test.twIDs("companies", "name=Harbour%20Bakery") == [id])
    #expect(try test.twIDs("companies", "name=harbour%20bakery") == [])
    // "substring in name and description".
    #expect(try test.twIDs("companies", "searchTerm=since%201901") == [id])
    #expect(try test.twIDs("companies", "ids=\(id)") == [id])
    #expect(try !test.twIDs("companies", "excludeIds=\(id)").contains(id))
    // "excludeOwnerCompany: true = leave the owner company out".
    let all = try test.twIDs("companies", "")
    let clients = try test.twIDs("companies", "excludeOwnerCompany=true")
    #expect(all.count == clients.count + 1)
    // "ownercompany (default)".
    #expect(test.tw3("GET", "/companies.json").json["companies"]?.elements?.first?["isOwner"] == true)
  }

  /// "a company that was never edited has updatedAt: null"; whether `updatedAfter` covers it is not known.
  @Test("a company that was never edited is seen by createdAfter, and by updatedAfter only in another world")
  func nulls()
    throws
  {
    let id = try test.twClient()
    #expect(test.tw3("GET", "/companies/\(id).json").json.inside("company", "updatedAt") == .null)
    let after = "2026-02-28T00:00:00Z"
    #expect(try test.twIDs("companies", "createdAfter=\(after)") == [id])
    #expect(try test.twIDs("companies", "updatedAfter=\(after)") == [])
    try test.control("POST", "/teamwork/options", #"{"updated-after-covers-never-edited":true}"#)
    #expect(try test.twIDs("companies", "updatedAfter=\(after)") == [id])
    try test.control("POST", "/clock", #"{"advance-seconds":5}"#)
    try test.control("PATCH", "/teamwork/companies/\(id)", #"{"phone":"1"}"#)
    #expect(test.tw3("GET", "/companies/\(id).json").json.inside("company", "updatedAt") == "2026-03-01T09:00:05Z")
    // "Whether the bound is inclusive … is unverified".
    #expect(try test.twIDs("companies", "updatedAfter=2026-03-01T09:00:05Z") == [])
    #expect(try test.twIDs("companies", "updatedAfterDate=2026-03-01T09:00:04Z") == [id])
    try test.control("POST", "/teamwork/options", #"{"updated-after-is-inclusive":true}"#)
    #expect(try test.twIDs("companies", "updatedAfter=2026-03-01T09:00:05Z") == [id])
    #expect(test.tw3("GET", "/companies.json?updatedAfter=yesterday").status == 400)
  }

  /// "There is no showDeleted … detect deletes by absence in a full sweep or by 404"; whether `updatedAfter` returns
  /// freshly deleted companies is unverified.
  @Test("a deleted company is absent and 404") func deletedCompanies() throws {
    let id = try test.twClient()
    try test.control("DELETE", "/teamwork/companies/\(id)")
    #expect(try !test.twIDs("companies", "").contains(id))
    #expect(test.tw3("GET", "/companies/\(id).json").status == 404)
    #expect(try test.twIDs("companies", "updatedAfter=2026-02-28T00:00:00Z") == [])
    try test.control("POST", "/teamwork/options", #"{"updated-after-shows-deleted-companies":true}"#)
    let answer = test.tw3("GET", "/companies.json?updatedAfter=2026-02-28T00:00:00Z").json
    #expect(answer["companies"]?.elements?.first?["status"] == "deleted")
  }

  @Test("people are found by each filter") func peopleFilters() throws {
    let company = try test.twClient()
    let una = try test.twPerson(
      #"{"firstName":"Una","lastName":"Byrne","email":"una@harbour.example","company":"Harbour Bakery"}"#)
    let ada = try test.twPerson(
      #"{"firstName":"Ada","lastName":"Roche","email":"ada@harbour.example","company":"Harbour Bakery","kind":"account","client":true}"#
    )
    let col = try test.twPerson(
      #"{"firstName":"Col","lastName":"Daly","email":"col@harbour.example","company":"Harbour Bakery","kind":"collaborator"}"#
    )
    let companyOnly = "companyIds=\(company)&orderBy=id"
    #expect(try test.twIDs("people", companyOnly) == [una, ada, col])
    #expect(try test.twIDs("people", "emails=UNA@harbour.example,nobody@harbour.example") == [una])
    #expect(try test.twIDs("people", "emails=una") == [])
    #expect(try test.twIDs("people", "ids=\(una),\(col)&orderBy=id") == [una, col])
    #expect(try test.twIDs("people", "\(companyOnly)&userType=account") == [ada])
    #expect(test.tw3("GET", "/people.json?userType=robot").status == 400)
    #expect(try test.twIDs("people", "\(companyOnly)&excludeContacts=true") == [ada, col])
    #expect(try test.twIDs("people", "\(companyOnly)&includeCollaborators=false") == [una, ada])
    #expect(try test.twIDs("people", "\(companyOnly)&includeClients=false") == [una, col])
    #expect(try test.twIDs("people", "searchTerm=byrne%20una") == [una])
    try test.control("POST", "/teamwork/options", #"{"collaborators-and-clients-must-be-asked-for":true}"#)
    #expect(try test.twIDs("people", companyOnly) == [una])
    #expect(
      try test.twIDs("people", "\(companyOnly)&includeCollaborators=true&includeClients=true") == [una, ada, col])
    // Placeholders and service accounts are listed only when asked for.
    let staff = try test.twIDs("people", "onlyOwnerCompany=true")
    let more = try test.twIDs("people", "onlyOwnerCompany=true&includePlaceholders=true&includeServiceAccounts=true")
    #expect(more.count == staff.count + 2)
    #expect(try test.twIDs("people", "adminsOnly=true").count == 2)
  }

  /// "showDeleted: default false; true adds deleted people (deleted: true) - the only tombstone feed here".
  @Test("deleted people are shown to those who ask") func tombstones() throws {
    let id = try test.twPerson(#"{"firstName":"U","email":"u@x.example","company":"Acme Dental"}"#)
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    #expect(test.tw3("DELETE", "/people/\(id).json").status == 204)
    #expect(try test.twIDs("people", "updatedAfter=2026-03-01T09:00:30Z") == [])
    let answer = test.tw3("GET", "/people.json?updatedAfter=2026-03-01T09:00:30Z&showDeleted=true").json
    #expect(answer["people"]?.elements?.map { $0["id"]?.whole } == [id])
    #expect(answer["people"]?.elements?.first?["deleted"] == true)
    #expect(test.tw3("GET", "/people/\(id).json").status == 404)
    #expect(test.tw3("DELETE", "/people/\(id).json").status == 404)
    try test.control("POST", "/teamwork/options", #"{"reads-deleted-person":true}"#)
    #expect(test.tw3("GET", "/people/\(id).json").json.inside("person", "deleted") == true)
  }

  /// "included is an object of maps keyed by id text, unlike Desk".
  @Test("side-loaded records are maps by id") func included() throws {
    let answer = test.tw3("GET", "/people.json?include=companies&onlyOwnerCompany=true").json
    let id = try #require(answer["people"]?.elements?.first?["companyId"]?.whole)
    #expect(answer.inside("included", "companies", id.description, "name") == "Kestrel Managed Services")
    let companies = test.tw3("GET", "/companies.json?include=clientmanagedby,industries,domains").json
    let manager = try #require(
      companies["companies"]?.elements?.compactMap { $0["clientManagedBy"]?["id"]?.whole }.first)
    #expect(companies.inside("included", "users", manager.description, "firstName") == "Dana")
    #expect(test.tw3("GET", "/people.json").json["included"] == [:])
  }

  /// "v1 lists: page, pageSize; totals come in response headers x-page, x-pages, x-records".
  @Test("a v1 listing pages by headers") func oldPages() throws {
    let company = try test.twClient()
    for number in 1...7 {
      _ = try test.twPerson(#"{"firstName":"P\#(number)","email":"p\#(number)@h.example","company":"Harbour Bakery"}"#)
    }
    let first = test.tw("GET", "/companies/\(company)/people.json?pageSize=5")
    #expect(first.json["STATUS"] == "OK" && first.json["people"]?.elements?.count == 5)
    #expect(first.header("x-page") == "1" && first.header("x-pages") == "2" && first.header("x-records") == "7")
    let second = test.tw("GET", "/companies/\(company)/people.json?pageSize=5&page=2")
    #expect(second.json["people"]?.elements?.map { $0["first-name"]?.text } == ["P6", "P7"])
    try test.control("POST", "/teamwork/options", #"{"v1-default-page-size":3}"#)
    #expect(test.tw("GET", "/companies/\(company)/people.json").json["people"]?.elements?.count == 3)
    #expect(test.tw("GET", "/companies/1/people.json").status == 404)
  }

  @Test("a page of the largest size is quick in a site of fifty thousand, also after a write") func speed() throws {
    try test.control("POST", "/teamwork/options", #"{"records-per-query":60000}"#)
    try test.control("POST", "/teamwork/import", #"{"companies":50,"people":1000}"#)
    let clock = ContinuousClock()
    // The first page puts the listing in order.
    _ = test.tw3("GET", "/people.json?orderBy=id&pageSize=500&page=40")
    let made = try test.twPerson(#"{"firstName":"U","email":"u@x.example","company":"Acme Dental"}"#)
    var answer = EmulatedResponse(status: 0)
    let again = clock.measure { answer = test.tw3("GET", "/people.json?orderBy=id&pageSize=500&page=40") }
    #expect(answer.status == 200)
    #expect(again < .milliseconds(250))
    let last = clock.measure { answer = test.tw3("GET", "/people.json?orderBy=id&pageSize=500&page=101") }
    #expect(answer.json["people"]?.elements?.last?["id"] == .int(made))
    #expect(last < .milliseconds(1000))
    let found = clock.measure { answer = test.tw3("GET", "/people.json?emails=u@x.example") }
    #expect(answer.json.inside("meta", "page", "count") == 1)
    #expect(found < .milliseconds(100))
  }
}
