import Foundation
import Testing

@testable import Sandbox

@Suite("Desk: signing in and listing")
struct DeskListingTests {
  let test = TestWorld()

  /// "Authorization: Bearer {key}. Basic auth is not used here. A Projects API key is not documented to work".
  @Test("the key goes as bearer, and no other way") func signIn() throws {
    func status(_ header: String) -> Int {
      test.desk("GET", "/companies.json?pageSize=1", headers: ["Authorization": header]).status
    }
    #expect(status("Bearer \(test.deskKey)") == 200)
    #expect(status("Basic " + Data("\(test.deskKey):x".utf8).base64EncodedString()) == 401)
    #expect(status("Bearer \(test.teamworkKey)") == 401)
    #expect(status("") == 401)
    try test.control("POST", "/desk/credentials", #"{"valid":false}"#)
    #expect(status("Bearer \(test.deskKey)") == 401)
  }

  /// "Writes to companies need the profile permission".
  @Test("rights are by kind") func rights() throws {
    try test.control("POST", "/desk/rights", #"{"companies":{"write":false},"customers":{"read":false}}"#)
    #expect(test.desk("GET", "/companies.json").status == 200)
    #expect(test.desk("POST", "/companies.json", #"{"company":{"name":"x"}}"#).status == 403)
    #expect(test.desk("GET", "/customers.json").status == 403)
    #expect(test.desk("GET", "/users.json?pageSize=1").json["users"]?.elements?.count == 1)
  }

  /// "120 requests per minute"; "X-Rate-Limit-Limit, … (hyphens differ from Teamwork.com)"; "it may be a duration".
  @Test("too many requests in a minute are refused until the window ends") func rateLimit() throws {
    #expect(test.desk("GET", "/companies.json").header("X-Rate-Limit-Limit") == "120")
    #expect(test.desk("GET", "/companies.json").header("X-RateLimit-Limit") == nil)
    try test.control("POST", "/desk/options", #"{"rate-limit-per-minute":2,"rate-limit-with-frozen-clock":true}"#)
    for left in [1, 0] {
      #expect(test.desk("GET", "/companies.json").header("X-Rate-Limit-Remaining") == left.description)
    }
    try test.control("POST", "/clock", #"{"advance-seconds":15}"#)
    let refused = test.desk("GET", "/companies.json")
    #expect(refused.status == 429 && refused.header("X-Rate-Limit-Reset") == "45")
    try test.control("POST", "/desk/options", #"{"rate-limit-reset-is-epoch":true}"#)
    #expect(
      test.desk("GET", "/companies.json").header("X-Rate-Limit-Reset")
        == (Instant.seconds(test.world.now) + 45).description)
    try test.control("POST", "/clock", #"{"advance-seconds":45}"#)
    #expect(test.desk("GET", "/companies.json").status == 200)
  }

  /// "max 100 on lists; larger values are silently cut to 100"; "a short page is not the last page".
  @Test("a page is silently cut to a hundred, a search falls to fifty") func pageSize() throws {
    try test.control("POST", "/desk/import", #"{"customers":250}"#)
    func size(_ target: String) -> Int? { test.desk("GET", target).json["customers"]?.elements?.count }
    #expect(size("/customers.json?pageSize=100") == 100)
    #expect(size("/customers.json?pageSize=500") == 100)
    #expect(test.desk("GET", "/customers.json?pageSize=500").json.inside("pagination", "hasMorePages") == true)
    #expect(size("/customers.json") == 50)
    #expect(size("/customers.json?pageSize=0") == 50)
    // "asking for 250 returns fewer rows than asking for 200".
    #expect(size("/search/customers.json?pageSize=200") == 200)
    #expect(size("/search/customers.json?pageSize=250") == 50)
    #expect(size("/search/customers.json?search=imported&pageSize=200") == 200)
  }

  /// "Two paging blocks exist side by side".
  @Test("pages follow each other, and both blocks agree") func pages() throws {
    let whole = try test.deskIDs("customers", "{}")
    #expect(whole == whole.sorted() && whole.count > 10)
    var ids: [Int] = []
    for page in 1...100 {
      let json = test.desk("GET", "/customers.json?pageSize=7&page=\(page)&orderBy=id&orderMode=DESC").json
      ids += (json["customers"]?.elements ?? []).compactMap { $0["id"]?.whole }
      #expect(json.inside("pagination", "records") == .int(whole.count))
      #expect(json.inside("meta", "page", "count") == .int(whole.count))
      #expect(json.inside("meta", "page", "pageOffset") == .int(page - 1))
      #expect(json.inside("pagination", "hasMorePages") == json.inside("meta", "page", "hasMore"))
      #expect(json.inside("pagination", "pages") == .int((whole.count + 6) / 7))
      if json.inside("pagination", "hasMorePages") == false { break }
    }
    #expect(ids == whole.reversed())
  }

  /// "Both updatedAt filtering and ordering are in the published lists, so resumable ascending reads are possible here."
  @Test("what changed since is read in the order of change") func incremental() throws {
    let ids = Array(try test.deskIDs("customers", "{}").prefix(3))
    for id in [ids[2], ids[0], ids[1]] {
      try test.control("POST", "/clock", #"{"advance-seconds":10}"#)
      try test.control("PATCH", "/desk/customers/\(id)", #"{"notes":"called"}"#)
    }
    let order = "orderBy=updatedAt&orderMode=asc"
    #expect(
      try test.deskIDs("customers", #"{"updatedAt":{"$gte":"2026-03-01T09:00:10Z"}}"#, order) == [
        ids[2], ids[0], ids[1],
      ])
    #expect(
      try test.deskIDs("customers", #"{"updatedAt":{"$gt":"2026-03-01T09:00:10.000Z"}}"#, order) == [ids[0], ids[1]])
    try test.control("PATCH", "/desk/customers/\(ids[2])", #"{"notes":"again"}"#)
    #expect(
      try test.deskIDs("customers", #"{"updatedAt":{"$gte":"2026-03-01T09:00:10Z"}}"#, order) == [
        ids[0], ids[1], ids[2],
      ])
  }

  /// "email is not in the published filter list … relation paths work although the page omits them".
  @Test("customers are found by contact points and companies, not by email") func paths() throws {
    let company = try test.deskCompany()
    let id = try test.deskCustomer(
      #"{"firstName":"Una","lastName":"Byrne","email":"una@h.example","alternatives":["u@mail.example"],"company":"Harbour Bakery"}"#
    )
    #expect(test.desk("GET", "/customers.json?filter=%7B%22email%22:%22x%22%7D").status == 400)
    #expect(try test.deskIDs("customers", #"{"contacts.value":{"$in":["U@mail.example"]}}"#) == [id])
    #expect(try test.deskIDs("customers", #"{"companies.id":{"$in":[\#(company)]}}"#) == [id])
    #expect(try test.deskIDs("customers", #"{"companies.name":{"$eq":"Harbour Bakery"}}"#) == [id])
    try test.control("PATCH", "/desk/companies/\(company)", #"{"name":"Harbour Breads"}"#)
    #expect(try test.deskIDs("customers", #"{"companies.name":{"$eq":"Harbour Bakery"}}"#) == [])
    #expect(
      try test.deskIDs("customers", #"{"$and":[{"companies.id":{"$in":[\#(company)]}},{"state":{"$eq":"active"}}]}"#)
        == [id])
    #expect(try test.deskIDs("customers", #"{"id":\#(id)}"#, "orderBy=email") == [id])
    #expect(test.desk("GET", "/customers.json?orderBy=numTickets").status == 400)
    // The more dangerous way: the filter is passed over, and everything comes.
    try test.control("POST", "/desk/options", #"{"ignores-unknown-filters":true}"#)
    #expect(try test.deskIDs("customers", #"{"email":"una@h.example"}"#).count > 1)
  }

  @Test("companies are found by name and by domain") func companyFilters() throws {
    let id = try test.deskCompany(domains: #"["harbour.example"]"#)
    #expect(try test.deskIDs("companies", #"{"name":{"$eq":"Harbour Bakery"}}"#) == [id])
    // The case of a text does not count, so that what is found need not be what was looked for.
    #expect(try test.deskIDs("companies", #"{"name":{"$eq":"HARBOUR bakery"}}"#) == [id])
    #expect(try test.deskIDs("companies", #"{"domains":{"$in":["harbour.example"]}}"#) == [id])
    try test.control("POST", "/desk/options", #"{"filters-ignore-case":false}"#)
    #expect(try test.deskIDs("companies", #"{"name":{"$eq":"HARBOUR bakery"}}"#) == [])
    _ = try test.deskCustomer(#"{"firstName":"U","email":"u@harbour.example"}"#)
    #expect(try test.deskIDs("companies", #"{"customersCount":{"$eq":1},"id":\#(id)}"#) == [id])
  }

  /// "included members are arrays"; "without includes=contacts you get contact ids only"; "contacts may be null".
  @Test("relations come as ids, and in full when asked for") func includes() throws {
    let id = try test.deskCustomer(
      #"{"firstName":"Una","email":"una@h.example","twitter":"@una","company":"Acme Dental"}"#)
    let filter = EmulatedRequest.encoded(#"{"id":\#(id)}"#)
    let plain = test.desk("GET", "/customers.json?filter=\(filter)").json
    let row = try #require(plain["customers"]?.elements?.first)
    #expect(row["contacts"]?.elements?.map { $0["type"] } == ["contacts", "contacts"])
    #expect(plain["included"] == [:])
    let full = test.desk("GET", "/customers.json?includes=contacts,companies&filter=\(filter)").json
    #expect(full.inside("included", "contacts")?.elements?.map { $0["type"] } == ["email", "twitter"])
    #expect(full.inside("included", "companies")?.elements?.first?["name"] == "Acme Dental")
    #expect(full.inside("included", "companies")?.elements?.first?["id"] == row.inside("company", "id"))
    let none = try #require(
      test.desk("GET", "/customers.json?pageSize=100&filter=\(EmulatedRequest.encoded(#"{"firstName":"System"}"#))")
        .json["customers"]?.elements?.first)
    #expect(none["contacts"] == .null)
    // "System-made rows can carry 0001-01-01 dates."
    #expect(none["createdAt"] == "0001-01-01T00:00:00Z")
    try test.control("POST", "/desk/options", #"{"numeric-relation-types":true,"relation-is-companies":true}"#)
    let other = try #require(test.desk("GET", "/customers/\(id).json").json["customer"])
    #expect(other["company"] == nil && other["companies"]?.elements?.first?["type"] == 12)
    #expect(test.desk("GET", "/customers/\(id).json?fields=firstName,email").json["customer"]?.members?.count == 3)
  }

  /// "Records are soft-deleted - state is active or deleted, and deletedAt is returned only on deleted ones".
  @Test("a deleted record is hidden until it is asked for") func deleted() throws {
    let id = try test.deskCustomer(#"{"firstName":"Una","email":"una@h.example"}"#)
    #expect(test.deskCustomer(id).customer["deletedAt"] == nil)
    #expect(test.desk("DELETE", "/customers/\(id).json").status == 204)
    #expect(try !test.deskIDs("customers", "{}").contains(id))
    #expect(try test.deskIDs("customers", #"{"state":{"$eq":"deleted"},"id":\#(id)}"#) == [id])
    #expect(try test.deskIDs("customers", #"{"deletedAt":{"$gte":"2026-03-01T09:00:00Z"}}"#) == [id])
    let read = test.desk("GET", "/customers/\(id).json").json["customer"]
    #expect(read?["state"] == "deleted" && read?["deletedAt"] == "2026-03-01T09:00:00Z")
    #expect(test.desk("PATCH", "/customers/\(id).json", #"{"customer":{}}"#).status == 404)
    try test.control("POST", "/desk/options", #"{"reads-deleted-by-id":false,"lists-deleted-by-default":true}"#)
    #expect(test.desk("GET", "/customers/\(id).json").status == 404)
    #expect(try test.deskIDs("customers", "{}").contains(id))
    try test.control("POST", "/desk/options", #"{"never-lists-deleted":true}"#)
    #expect(try test.deskIDs("customers", #"{"state":{"$eq":"deleted"}}"#) == [])
  }

  @Test("what is no route is not found, and an empty listing has its shape") func routes() throws {
    for path in ["/customers", "/nothing.json", "/customers/x.json", "/search/customers/1.json", "/customers/1/x.json"]
    {
      #expect(test.desk("GET", path).status == 404, "\(path)")
    }
    try test.control("POST", "/faults", #"{"system":"desk","path":"/companies.json","kind":"empty-200","times":1}"#)
    let empty = test.desk("GET", "/companies.json").json
    #expect(empty["companies"] == [] && empty.inside("pagination", "hasMorePages") == false)
    _ = test.desk("DELETE", "/customers/1.json")
    #expect(test.world.counts.byRoute["DELETE /desk/api/v2/customers/{id}.json"] == 1)
    #expect(test.world.counts.writes == ["desk": 1])
    let line = try #require(test.description.connect.first { $0.contains("connect desk as desk ") })
    #expect(line.hasSuffix("/desk api-key=env:SANDBOX_DESK_KEY"))
    #expect(test.world.answer(EmulatedRequest("GET", "/desk/desk/images/avatars/animals/cat.png")).status == 200)
  }

  @Test("a page of the largest size is quick in a Desk of fifty thousand, also after a write") func speed() throws {
    try test.control("POST", "/desk/import", #"{"companies":50,"customers":1000}"#)
    let clock = ContinuousClock()
    let filter = EmulatedRequest.encoded(#"{"updatedAt":{"$gte":"2026-01-01T00:00:00Z"}}"#)
    let target = "/customers.json?pageSize=100&page=300&orderBy=updatedAt&includes=contacts,companies&filter=\(filter)"
    // The first page puts the listing in order.
    _ = test.desk("GET", target)
    let id = try test.deskCustomer(#"{"firstName":"Una","email":"una@h.example"}"#)
    var answer = EmulatedResponse(status: 0)
    let again = clock.measure { answer = test.desk("GET", target) }
    #expect(answer.json["customers"]?.elements?.count == 100)
    #expect(again < .milliseconds(250))
    let found = clock.measure {
      answer = test.desk(
        "GET", "/customers.json?filter=\(EmulatedRequest.encoded(#"{"contacts.value":{"$in":["una@h.example"]}}"#))")
    }
    #expect(answer.json["customers"]?.elements?.first?["id"] == .int(id))
    #expect(found < .milliseconds(100))
  }
}

@Suite("Desk: writing customers")
struct DeskCustomerWriteTests {
  let test = TestWorld()

  private let una = #"{"value":"una@h.example","type":"email","isMain":true}"#

  private func create(_ body: String) -> EmulatedResponse { test.desk("POST", "/customers.json", body) }

  /// "-> 201 {"customer":{"id":..},"included":{..}}".
  @Test("a customer is made with contact points and company") func create() throws {
    let company = try test.deskCompany()
    let answer = create(
      #"{"customer":{"firstName":"Una","lastName":"Byrne","jobTitle":"Buyer","phone":"+353215550101","sendWelcomeEmail":false},"included":{"companies":[{"id":\#(company),"delete":false}],"contacts":[\#(una),{"value":"una.b@mail.example","type":"email","isMain":false},{"value":"@unab","type":"twitter","isMain":false}]}}"#
    )
    #expect(answer.status == 201)
    let made = try #require(answer.json["customer"])
    #expect(made["email"] == "una@h.example" && made["twitterHandle"] == "@unab" && made["addMethod"] == "manual")
    #expect(made.inside("company", "id") == .int(company))
    // "a fresh customer gets a random animal picture under /desk/images/avatars/".
    #expect(made["avatarURL"]?.text?.contains("/desk/desk/images/avatars/animals/") == true)
    #expect(answer.json.inside("included", "contacts")?.elements?.count == 3)
    #expect(made["welcomeEmailSent"] == false)
    #expect(try test.deskCounters["welcome-mails-sent"] == 0)
  }

  /// "A welcome mail may be sent when the portal is on; … default unverified - send false explicitly".
  @Test("a welcome mail goes out unless it is refused or the portal is off") func welcome() throws {
    _ = create(#"{"customer":{"firstName":"U"},"included":{"contacts":[\#(una)]}}"#)
    #expect(try test.deskCounters["welcomed"] == ["una@h.example"])
    try test.control("POST", "/desk/options", #"{"portal-is-on":false}"#)
    _ = create(#"{"customer":{"firstName":"U","email":"b@h.example"}}"#)
    try test.control("POST", "/desk/options", #"{"portal-is-on":true,"welcomes-unless-refused":false}"#)
    _ = create(#"{"customer":{"firstName":"U","email":"c@h.example"}}"#)
    #expect(try test.deskCounters["welcome-mails-sent"] == 1)
    #expect(try test.deskCounters["created"] == ["customers": 3])
  }

  /// "Give the e-mail as a contact point. The MCP server sends only customer.email; the SDK demo sends both."
  @Test("an address may come in either place or in both") func email() throws {
    let both = create(#"{"customer":{"firstName":"U","email":"una@h.example"},"included":{"contacts":[\#(una)]}}"#)
    #expect(both.json.inside("included", "contacts")?.elements?.count == 1)
    #expect(
      create(#"{"customer":{"firstName":"U","email":"b@h.example"}}"#).json.inside("customer", "email") == "b@h.example"
    )
    let nothing = create(#"{"customer":{"firstName":"U"}}"#)
    #expect(nothing.status == 400 && nothing.json == ["Errors": ["contacts": ["must be set"]]])
    try test.control("POST", "/desk/options", #"{"email-alone-suffices":false}"#)
    #expect(create(#"{"customer":{"firstName":"U","email":"c@h.example"}}"#).status == 400)
    #expect(create(#"{"firstName":"U"}"#).status == 400)
    #expect(create("{").status == 400)
    #expect(
      create(#"{"customer":{"firstName":7,"email":"d@h.example"},"included":{"contacts":[\#(una)]}}"#).status == 400)
  }

  /// "An address belongs to one customer site-wide in effect …; expect 400 with a validator body".
  @Test("an address is one customer's, main or not, until that one is deleted") func taken() throws {
    let id = try test.deskCustomer(#"{"firstName":"Una","email":"una@h.example","alternatives":["u@mail.example"]}"#)
    for address in ["UNA@h.example", "u@mail.example"] {
      let answer = create(#"{"customer":{"email":"\#(address)"}}"#)
      #expect(answer.status == 400 && answer.json.inside("Errors", "contacts") != nil)
    }
    #expect(create(#"{"customer":{"email":"no address"}}"#).status == 400)
    try test.control("POST", "/desk/options", #"{"duplicate-email-status":409}"#)
    #expect(create(#"{"customer":{"email":"una@h.example"}}"#).status == 409)
    _ = test.desk("DELETE", "/customers/\(id).json")
    #expect(create(#"{"customer":{"email":"una@h.example"}}"#).status == 201)
  }

  /// "Existing contact points must be addressed by id; without it a new one is added. delete: true removes one."
  @Test("contact points are changed by id, and pile up without") func points() throws {
    let id = try test.deskCustomer(#"{"firstName":"Una","email":"una@h.example","alternatives":["u@mail.example"]}"#)
    let before = test.deskCustomer(id).points
    let main = try #require(before.first?["id"]?.whole)
    let other = try #require(before.last?["id"]?.whole)
    func patch(_ rows: String) -> Int {
      test.desk("PATCH", "/customers/\(id).json", #"{"customer":{},"included":{"contacts":\#(rows)}}"#).status
    }
    #expect(patch("[\(una)]") == 200)
    #expect(test.deskCustomer(id).points.count == 3)
    #expect(try test.deskCounters["duplicate-contact-points"] == 1)
    let pile = try #require(test.deskCustomer(id).points.last?["id"]?.whole)
    #expect(
      patch(#"[{"id":\#(pile),"delete":true},{"id":\#(main),"value":"una2@h.example","type":"email","isMain":true}]"#)
        == 200)
    #expect(test.deskCustomer(id).points.map { $0["value"] } == ["una2@h.example", "u@mail.example"])
    // Swapped in one write.
    #expect(patch(#"[{"id":\#(main),"isMain":false},{"id":\#(other),"isMain":true}]"#) == 200)
    #expect(test.deskCustomer(id).customer["email"] == "u@mail.example")
    #expect(test.deskCustomer(id).points.filter { $0["isMain"] == true }.count == 1)
    #expect(patch(#"[{"id":\#(other),"delete":true}]"#) == 200)
    #expect(test.deskCustomer(id).customer["email"] == "una2@h.example")
    #expect(patch(#"[{"id":1,"value":"x@h.example"}]"#) == 400)
    #expect(patch(#"[{"value":"x","type":"pager"}]"#) == 400)
    #expect(patch(#"[{"value":""}]"#) == 400)
  }

  /// "Omitted ones are presumably kept (unverified - always send the full intended set with ids)".
  @Test("contact points that are left out stay, or go") func omitted() throws {
    let id = try test.deskCustomer(#"{"firstName":"Una","email":"una@h.example","alternatives":["u@mail.example"]}"#)
    let main = try #require(test.deskCustomer(id).points.first?["id"]?.whole)
    let body =
      #"{"customer":{},"included":{"contacts":[{"id":\#(main),"value":"una@h.example","type":"email","isMain":true}]}}"#
    _ = test.desk("PATCH", "/customers/\(id).json", body)
    #expect(test.deskCustomer(id).points.count == 2)
    try test.control("POST", "/desk/options", #"{"keeps-omitted-contact-points":false}"#)
    _ = test.desk("PATCH", "/customers/\(id).json", body)
    #expect(test.deskCustomer(id).points.count == 1)
  }

  /// "PATCH: omitted properties stay; assume PUT may blank omitted properties".
  @Test("PATCH keeps what it leaves out, PUT blanks it") func verbs() throws {
    let id = try test.deskCustomer(#"{"firstName":"Una","lastName":"Byrne","phone":"1","email":"una@h.example"}"#)
    _ = test.desk(
      "PATCH", "/customers/\(id).json", #"{"customer":{"lastName":"Kelly","state":"deleted","isReady":true}}"#)
    #expect(
      test.deskCustomer(id).customer["firstName"] == "Una" && test.deskCustomer(id).customer["lastName"] == "Kelly")
    #expect(test.deskCustomer(id).customer["state"] == "active")
    #expect(try test.deskCounters["ignored-keys"] == ["isReady": 1, "state": 1])
    _ = test.desk("PUT", "/customers/\(id).json", #"{"customer":{"lastName":"Kelly"}}"#)
    #expect(test.deskCustomer(id).customer["firstName"] == "" && test.deskCustomer(id).customer["phone"] == "")
    #expect(test.deskCustomer(id).customer["email"] == "una@h.example")
    #expect(try test.deskCounters["puts"] == 1)
  }

  /// "contact points twitter, facebook, linkedin; flat twitterHandle …; which one wins is unverified".
  @Test("a network's contact point shows in the flat key too, unless they are apart") func networks() throws {
    let id = try test.deskCustomer(
      #"{"firstName":"Una","email":"una@h.example","twitter":"@una","twitterHandle":"@flat"}"#)
    #expect(test.deskCustomer(id).customer["twitterHandle"] == "@una")
    try test.control("POST", "/desk/options", #"{"contact-points-fill-flat-networks":false}"#)
    #expect(test.deskCustomer(id).customer["twitterHandle"] == "@flat")
  }

  /// "Leave companies out to let domain matching choose; naming a company overrides domain matching."
  @Test("the domain chooses the company unless one is named") func domains() throws {
    let bakery = try test.deskCompany(domains: #"["*.harbour.example"]"#)
    let other = try test.deskCompany("Other")
    let byDomain = create(#"{"customer":{"firstName":"U","email":"u@shop.harbour.example"}}"#).json["customer"]
    #expect(byDomain?.inside("company", "id") == .int(bakery) && byDomain?["addMethod"] == "auto")
    let named = create(
      #"{"customer":{"firstName":"V","email":"v@shop.harbour.example"},"included":{"companies":[{"id":\#(other)}]}}"#
    ).json["customer"]
    #expect(named?.inside("company", "id") == .int(other) && named?["addMethod"] == "manual")
    #expect(create(#"{"customer":{"email":"w@harbour.example"}}"#).json.inside("customer", "company") == .null)
    #expect(
      create(#"{"customer":{"email":"x@harbour.example"},"included":{"companies":[{"id":1}]}}"#).status == 400)
  }

  /// "Change of company: list the new company; remove the old with delete"; "a customer placed by domain match cannot be
  /// moved …; expect the API to refuse or to re-attach".
  @Test("a customer is moved by hand; who came by domain falls back") func moves() throws {
    let bakery = try test.deskCompany(domains: #"["harbour.example"]"#)
    let other = try test.deskCompany("Other")
    func move(_ id: Int, _ rows: String) -> EmulatedResponse {
      test.desk("PATCH", "/customers/\(id).json", #"{"customer":{},"included":{"companies":\#(rows)}}"#)
    }
    let byHand = try test.deskCustomer(#"{"firstName":"U","email":"u@mail.example","company":"Harbour Bakery"}"#)
    #expect(
      move(byHand, #"[{"id":\#(other)},{"id":\#(bakery),"delete":true}]"#).json.inside("customer", "company", "id")
        == .int(other))
    #expect(move(byHand, #"[{"id":\#(other),"delete":true}]"#).json.inside("customer", "company") == .null)
    let byDomain = try test.deskCustomer(#"{"firstName":"V","email":"v@harbour.example"}"#)
    let held = move(byDomain, #"[{"id":\#(other)},{"id":\#(bakery),"delete":true}]"#)
    #expect(held.status == 200 && held.json.inside("customer", "company", "id") == .int(bakery))
    #expect(try test.deskCounters["reattached"] == 1)
    try test.control("POST", "/desk/options", #"{"refuses-moving-domain-matches":true}"#)
    #expect(move(byDomain, #"[{"id":\#(other)}]"#).status == 400)
    try test.control(
      "POST", "/desk/options", #"{"refuses-moving-domain-matches":false,"reattaches-domain-matches":false}"#)
    #expect(move(byDomain, #"[{"id":\#(other)}]"#).json.inside("customer", "company", "id") == .int(other))
    // "until the e-mail … changes".
    let again = try test.deskCustomer(#"{"firstName":"W","email":"w@harbour.example"}"#)
    _ = test.desk("PATCH", "/customers/\(again).json", #"{"customer":{"email":"w@elsewhere.example"}}"#)
    #expect(test.deskCustomer(again).customer["company"] == .null)
    _ = test.desk("PATCH", "/customers/\(again).json", #"{"customer":{"email":"w@harbour.example"}}"#)
    #expect(test.deskCustomer(again).customer.inside("company", "id") == .int(bakery))
  }

  @Test("a bulk update changes all that the filter finds") func bulk() throws {
    let company = try test.deskCompany()
    for name in ["a", "b"] { _ = try test.deskCustomer(#"{"email":"\#(name)@h.example","company":"Harbour Bakery"}"#) }
    let filter = EmulatedRequest.encoded(#"{"companies.id":\#(company)}"#)
    let answer = test.desk("PATCH", "/customers/update.json?filter=\(filter)", #"{"customer":{"jobTitle":"Baker"}}"#)
    #expect(answer.json["updated"] == 2)
    #expect(try test.deskIDs("customers", #"{"jobTitle":"Baker"}"#).count == 2)
    let companies = test.desk(
      "PATCH", "/companies/update.json?filter=\(EmulatedRequest.encoded(#"{"id":\#(company)}"#))",
      #"{"company":{"industry":"Food"}}"#)
    #expect(companies.json["updated"] == 1)
    #expect(try test.deskCounters["bulk-updates"] == 2)
  }

  /// "Does changing only a contact point, a domain or the avatar bump … updatedAt? unverified".
  @Test("contact points and photos move the stamp, or do not") func stamps() throws {
    let id = try test.deskCustomer(#"{"firstName":"Una","email":"una@h.example"}"#)
    func stamp(after body: String) throws -> String? {
      try test.control("POST", "/clock", #"{"advance-seconds":1}"#)
      try test.control("PATCH", "/desk/customers/\(id)", body)
      return test.deskCustomer(id).customer["updatedAt"]?.text
    }
    #expect(try stamp(after: #"{"twitter":"@una"}"#) == "2026-03-01T09:00:01Z")
    #expect(try stamp(after: #"{"avatarURL":"https://p.example/una.png"}"#) == "2026-03-01T09:00:02Z")
    try test.control(
      "POST", "/desk/options", #"{"contact-points-move-updated-at":false,"avatar-moves-updated-at":false}"#)
    #expect(try stamp(after: #"{"twitter":"@una2"}"#) == "2026-03-01T09:00:02Z")
    #expect(try stamp(after: #"{"avatarURL":"https://p.example/una2.png"}"#) == "2026-03-01T09:00:02Z")
    #expect(try stamp(after: "{}") == "2026-03-01T09:00:05Z")
    // Without a picture there is always an animal.
    _ = try stamp(after: #"{"avatarURL":null}"#)
    #expect(test.deskCustomer(id).customer["avatarURL"]?.text?.contains("/images/avatars/") == true)
  }
}

@Suite("Desk: writing companies")
struct DeskCompanyWriteTests {
  let test = TestWorld()

  /// "createInProjects = also create the client in Teamwork.com": the two systems know nothing of each other here.
  @Test("a company is made with its domains, and a wish for a client is counted") func create() throws {
    let stray = try test.deskCustomer(#"{"firstName":"U","email":"u@harbour.example"}"#)
    let answer = test.desk(
      "POST", "/companies.json",
      #"{"company":{"name":"Harbour Bakery","website":"https://h.example","email":"a@h.example","kind":"company"},"createInProjects":true,"included":{"domains":[{"name":"harbour.example"}]}}"#
    )
    #expect(answer.status == 201)
    #expect(answer.json.inside("included", "domains")?.elements?.first?["name"] == "harbour.example")
    let id = try #require(answer.json.inside("company", "id")?.whole)
    // "domains drive automatic membership".
    #expect(test.deskCustomer(stray).customer.inside("company", "id") == .int(id))
    #expect(test.desk("GET", "/companies/\(id).json").json.inside("company", "customersCount") == 1)
    #expect(try test.deskCounters["companies-created-in-projects"] == ["Harbour Bakery"])
    #expect(try test.twIDs("companies", "name=Harbour%20Bakery") == [])
  }

  /// "name: described as unique"; "a domain belongs to one company only".
  @Test("names and domains are taken once") func unique() throws {
    let id = try test.deskCompany(domains: #"["harbour.example"]"#)
    let same = test.desk("POST", "/companies.json", #"{"company":{"name":"harbour bakery"}}"#)
    #expect(same.status == 400 && same.json == ["Errors": ["name": ["has already been taken"]]])
    try test.control("POST", "/desk/options", #"{"duplicate-name-status":409}"#)
    #expect(test.desk("POST", "/companies.json", #"{"company":{"name":"harbour bakery"}}"#).status == 409)
    let domain = #"{"company":{"name":"New"},"included":{"domains":[{"name":"HARBOUR.example"}]}}"#
    #expect(test.desk("POST", "/companies.json", domain).status == 400)
    #expect(try test.deskIDs("companies", #"{"name":"New"}"#) == [])
    #expect(
      test.desk("POST", "/companies.json", #"{"company":{"website":"x"}}"#).json == [
        "Errors": ["name": ["must be set"]]
      ])
    #expect(test.desk("PATCH", "/companies/\(id).json", #"{"company":{"name":"Acme Dental"}}"#).status == 409)
    #expect(test.desk("PATCH", "/companies/\(id).json", #"{"company":{"kind":"club"}}"#).status == 400)
    #expect(test.desk("DELETE", "/companies/\(id).json").status == 204)
    #expect(test.desk("POST", "/companies.json", #"{"company":{"name":"harbour bakery"}}"#).status == 201)
  }

  /// "customers are added through included.customers and removed with delete: true on the relation"; "removing a domain
  /// removes the customers that were in it by that domain".
  @Test("members come and go from the company's side") func members() throws {
    let id = try test.deskCompany(domains: #"["harbour.example"]"#)
    let byDomain = try test.deskCustomer(#"{"firstName":"D","email":"d@harbour.example"}"#)
    let byHand = try test.deskCustomer(#"{"firstName":"H","email":"h@harbour.example","company":"Harbour Bakery"}"#)
    let stranger = try test.deskCustomer(#"{"firstName":"S","email":"s@mail.example"}"#)
    func patch(_ included: String) -> Int {
      test.desk("PATCH", "/companies/\(id).json", #"{"company":{},"included":\#(included)}"#).status
    }
    func members() throws -> [Int] { try test.deskIDs("customers", #"{"companies.id":\#(id)}"#) }
    #expect(patch(#"{"customers":[{"id":\#(stranger)}]}"#) == 200)
    #expect(try members() == [byDomain, byHand, stranger])
    #expect(patch(#"{"customers":[{"id":\#(stranger),"delete":true}]}"#) == 200)
    #expect(try members() == [byDomain, byHand])
    #expect(patch(#"{"customers":[{"id":1}]}"#) == 400)
    let domain = try #require(
      test.desk("GET", "/companies/\(id).json?includes=all").json.inside("included", "domains")?.elements?.first?["id"]?
        .whole)
    #expect(patch(#"{"domains":[{"id":\#(domain),"delete":true}]}"#) == 200)
    #expect(try members() == [byHand])
    #expect(patch(#"{"domains":[{"id":\#(domain),"delete":true}]}"#) == 400)
    // "What happens to the customers of a deleted company is not published (assume they stay, unlinked)."
    try test.control("POST", "/clock", #"{"advance-seconds":9}"#)
    _ = test.desk("DELETE", "/companies/\(id).json")
    #expect(test.deskCustomer(byHand).customer["company"] == .null)
    #expect(test.deskCustomer(byHand).customer["updatedAt"] == "2026-03-01T09:00:09Z")
    #expect(test.desk("GET", "/companies/\(id).json").json.inside("company", "state") == "deleted")
    #expect(try test.deskCounters["deleted"] == ["companies": 1])
  }

  @Test("membership need not move a customer's stamp") func quietMembership() throws {
    try test.control("POST", "/desk/options", #"{"membership-moves-updated-at":false}"#)
    let id = try test.deskCustomer(#"{"firstName":"D","email":"d@harbour.example"}"#)
    _ = try test.deskCompany()
    try test.control("POST", "/clock", #"{"advance-seconds":9}"#)
    try test.control("POST", "/desk/companies/Harbour%20Bakery/domains", #"{"domain":"harbour.example"}"#)
    #expect(test.deskCustomer(id).customer["addMethod"] == "auto")
    #expect(test.deskCustomer(id).customer["updatedAt"] == "2026-03-01T09:00:00Z")
  }
}

@Suite("Desk: control and seed")
struct DeskControlTests {
  let test = TestWorld(companies: 8)

  @Test("every example of control works, and what is wrong is refused") func examples() throws {
    for route in try test.control("GET", "/control").elements ?? [] {
      guard let path = route["path"]?.text, path.hasPrefix("/control/desk"), let method = route["method"]?.text else {
        continue
      }
      let fresh = TestWorld()
      if path.contains("{customer}") {
        _ = try fresh.deskCustomer(
          #"{"firstName":"Una","email":"una@harbour.example","alternatives":["una.b@mail.example"]}"#)
      }
      let customer = path.hasSuffix("/merge") ? "nadia@freelance.example" : "una@harbour.example"
      let filled = path.replacing("{company}", with: "Acme%20Dental").replacing("{customer}", with: customer)
        .replacing("{domain}", with: "acme.example")
      let body = route["example"] ?? .null
      let result = fresh.world.control(
        method: method, target: filled, body: body == .null ? [] : Array(body.encoded.utf8))
      #expect(result.status == 200, "\(method) \(filled): \(result.body)")
    }
    for (method, path) in [
      ("GET", "/desk/nothing"), ("GET", "/desk/customers/nobody"), ("PATCH", "/desk/companies/nobody"),
      ("DELETE", "/desk/companies/Acorn%20Freight/domains/none.example"),
    ] {
      #expect(try test.refusal(method, path, "{}").status == 404, "\(path)")
    }
    #expect(try test.refusal("POST", "/desk/options", #"{"odd":1}"#).status == 400)
    #expect(try test.refusal("POST", "/desk/customers", #"{"odd":1}"#).status == 400)
    #expect(try test.refusal("POST", "/desk/tickets", "{}").status == 400)
  }

  /// "A person mailing an inbox becomes a customer automatically, often with an empty or guessed name".
  @Test("mail makes customers without names, and tickets for those who are known") func tickets() throws {
    _ = try test.deskCompany(domains: #"["harbour.example"]"#)
    let made = try test.control("POST", "/desk/tickets", #"{"from":"somebody@harbour.example"}"#)
    #expect(made["firstName"] == "" && made["lastName"] == "" && made["jobTitle"] == .null)
    #expect(made["company"] == "Harbour Bakery" && made["addMethod"] == "auto" && made["createdBy"] == .null)
    let again = try test.control("POST", "/desk/tickets", #"{"from":"SOMEBODY@harbour.example"}"#)
    #expect(again["id"] == made["id"] && again["numTickets"] == 2)
    let named = try test.control("POST", "/desk/tickets", #"{"from":"x@mail.example","name":"Xenia"}"#)
    #expect(named["firstName"] == "Xenia" && named["lastName"] == "" && named["company"] == .null)
  }

  /// "Merging customers deletes the secondary profiles and moves their addresses to the primary (at most one primary +
  /// three alternates). To a sync this looks like delete + update".
  @Test("a merged customer is deleted, and its addresses are another's") func merge() throws {
    let kept = try test.deskCustomer(#"{"firstName":"K","email":"k@h.example","alternatives":["k2@h.example"]}"#)
    let lost = try test.deskCustomer(
      #"{"firstName":"L","email":"l@h.example","alternatives":["l2@h.example","l3@h.example"]}"#)
    try test.control("POST", "/desk/customers/\(lost)/merge", #"{"into":"k@h.example"}"#)
    #expect(test.deskCustomer(lost).customer["state"] == "deleted")
    #expect(try test.deskIDs("customers", #"{"contacts.value":{"$in":["l@h.example"]}}"#) == [kept])
    #expect(
      test.deskCustomer(kept).points.map { $0["value"] } == [
        "k@h.example", "k2@h.example", "l@h.example", "l2@h.example",
      ])
    #expect(test.deskCustomer(kept).customer["email"] == "k@h.example")
    #expect(try test.refusal("POST", "/desk/customers/\(kept)/merge", #"{"into":"\#(kept)"}"#).status == 400)
  }

  @Test("people at work swap, move, edit, and none of it is counted as the API's") func people() throws {
    let before = try test.deskCounters
    let id = try test.deskCustomer(
      #"{"firstName":"U","email":"u@h.example","alternatives":["u2@h.example"],"company":"Acme Dental","linkedin":"https://l.example/u"}"#
    )
    let swapped = try test.control("POST", "/desk/customers/\(id)/main", #"{"email":"U2@h.example"}"#)
    #expect(swapped["email"] == "u2@h.example" && swapped["contacts"]?.elements?.count == 3)
    let edited = try test.control(
      "PATCH", "/desk/customers/\(id)",
      #"{"company":null,"lastName":"Byrne","alternatives":[],"linkedin":null,"email":"u3@h.example"}"#)
    #expect(edited["company"] == .null && edited["email"] == "u3@h.example")
    #expect(edited["contacts"]?.elements?.map { $0["value"] } == ["u3@h.example"])
    try test.control("PATCH", "/desk/customers/\(id)", #"{"company":"Acme Dental"}"#)
    let company = try test.deskCompany(domains: #"["new.example"]"#)
    try test.control("PATCH", "/desk/companies/\(company)", #"{"email":null,"details":"x"}"#)
    try test.control("DELETE", "/desk/companies/Harbour%20Bakery/domains/new.example")
    try test.control("DELETE", "/desk/companies/\(company)")
    try test.control("DELETE", "/desk/customers/\(id)")
    #expect(try test.deskCounters == before)
    #expect(try test.refusal("POST", "/desk/customers", #"{"email":"nadia@freelance.example"}"#).status == 400)
  }

  @Test("the Desk has companies and customers with every awkward trait") func seed() throws {
    let state = try test.deskState
    let companies = try #require(state["companies"]?.elements)
    let names = companies.compactMap { $0["name"]?.text }
    let clients = Set(try test.control("GET", "/teamwork/companies").elements?.compactMap { $0["name"]?.text } ?? [])
    #expect(names.first == "Acme Dental" && clients.contains("Acme Dental"))
    // Some in another case or spacing, some here only, some there only.
    #expect(names.contains("ACORN FREIGHT") && clients.contains("Acorn Freight"))
    #expect(names.contains { $0.contains("  ") })
    #expect(names.contains("Walk-in Clients") && !clients.contains("Walk-in Clients"))
    #expect(clients.contains("Birch & Rowe Legal") && !names.contains("Birch & Rowe Legal"))
    let customers = companies.flatMap { $0["customers"]?.elements ?? [] }
    let others = try #require(state["customers-without-company-or-deleted"]?.elements)
    let all = customers + others
    func count(_ meets: (JSON) -> Bool) -> Int { all.filter(meets).count }
    #expect(count { $0["addMethod"] == "auto" } > 3 && count { $0["addMethod"] == "manual" } > 3)
    #expect(customers.contains { $0["firstName"] == "" && $0["addMethod"] == "auto" })
    #expect(others.contains { $0["firstName"] == "" })
    #expect(count { $0["contacts"]?.elements?.filter { $0["type"] == "email" }.count == 5 } > 0)
    #expect(count { $0["contacts"]?.elements?.first?["isMain"] == false } > 0)
    #expect(count { $0["avatarURL"]?.text?.contains("/images/avatars/animals/") == true } > 10)
    #expect(count { $0["avatarURL"]?.text?.contains("/files/photos/") == true } > 0)
    #expect(count { $0["jobTitle"] == .null } > 0 && count { $0["state"] == "deleted" } == 1)
    #expect(count { $0["createdAt"] == "0001-01-01T00:00:00Z" } == 1)
    let addresses = all.flatMap { $0["contacts"]?.elements ?? [] }.filter { $0["type"] == "email" }
      .compactMap { $0["value"]?.text?.lowercased() }
    #expect(Set(addresses).count == addresses.count)
  }

  @Test("some people are in both systems under one address, some in one only") func overlap() throws {
    let here = Set(
      (try test.control("GET", "/desk/customers?company=Acme%20Dental").elements ?? [])
        .compactMap { $0["email"]?.text?.lowercased() })
    let there = Set(
      (try test.control("GET", "/teamwork/people?company=Acme%20Dental").elements ?? [])
        .compactMap { $0["email"]?.text?.lowercased() })
    #expect(here.intersection(there).count > 5)
    #expect(!here.subtracting(there).isEmpty && !there.subtracting(here).isEmpty)
  }

  @Test("the same acts give the same state") func sameState() throws {
    func acts() throws -> String {
      let test = TestWorld()
      _ = test.desk("POST", "/customers.json", #"{"customer":{"email":"una@h.example"}}"#)
      _ = test.tw("POST", "/people.json", #"{"person":{"first-name":"U","email-address":"u@h.example"}}"#)
      return try test.control("GET", "/state").encoded
    }
    #expect(try acts() == acts())
  }
}
