import Foundation
import Testing

@testable import Sandbox

@Suite("IT Glue: access")
struct ITGlueAccessTests {
  let test = TestWorld()

  /// "Wrong key: the introduction says 403, every endpoint table says 401"; "Body of 401/403/429 not captured; never assume
  /// JSON."
  @Test("a wrong key is refused, in either way and without JSON") func wrongKey() throws {
    #expect(test.glue("GET", "/organizations?page[size]=1").status == 200)
    #expect(test.glue("GET", "/regions").json["data"]?.elements?.isEmpty == false)
    let wrong = test.glue("GET", "/organizations", headers: ["x-api-key": "ITG.0"])
    #expect(wrong.status == 401 && wrong.json == .null)
    try test.glueOptions(#"{"bad-key":403}"#)
    #expect(test.glue("GET", "/organizations", headers: ["x-api-key": ""]).status == 403)
    try test.control("POST", "/itglue/key", #"{"valid":false}"#)
    #expect(test.glue("GET", "/regions").status == 403)
  }

  /// "auto-revoked after 90 days without use".
  @Test("a key that nobody uses for ninety days dies") func idle() throws {
    for _ in 0..<3 {
      try test.control("POST", "/clock", #"{"advance-seconds":7000000}"#)
      #expect(test.glue("GET", "/regions").status == 200)
    }
    try test.control("POST", "/clock", #"{"advance-seconds":7862400}"#)
    #expect(test.glue("GET", "/regions").status == 401)
    try test.control("POST", "/itglue/key", #"{"valid":true}"#)
    #expect(test.glue("GET", "/regions").status == 200)
  }

  /// "`Content-Type: application/vnd.api+json` on every request with a body; a missing or wrong one → 415. GET needs none";
  /// "Some clients send it with `; charset=utf-8` and that works."
  @Test("a body needs the vendor's media type") func mediaType() throws {
    let body = #"{"data":{"type":"organizations","attributes":{"name":"N"}}}"#
    #expect(test.glue("POST", "/organizations", body, headers: ["Content-Type": "application/json"]).status == 415)
    #expect(test.glue("POST", "/organizations", body, headers: ["Content-Type": ""]).status == 415)
    #expect(test.glue("GET", "/organizations", headers: ["Content-Type": ""]).status == 200)
    let charset = ["Content-Type": "application/vnd.api+json; charset=utf-8"]
    #expect(test.glue("POST", "/organizations", body, headers: charset).status == 200)
  }

  /// "3000 requests per 5 minutes per account. 429 beyond it. No Retry-After and no remaining-quota headers".
  @Test("the budget of five minutes is kept, and its refusal says nothing") func rateLimit() throws {
    try test.glueOptions(#"{"rate-limit":5,"rate-limit-with-frozen-clock":true}"#)
    for _ in 0..<5 { #expect(test.glue("GET", "/regions").status == 200) }
    let refused = test.glue("GET", "/regions")
    #expect(refused.status == 429 && refused.header("Retry-After") == nil && refused.json == .null)
    try test.glueOptions(#"{"retry-after":true}"#)
    #expect(test.glue("GET", "/regions").header("Retry-After") == "300")
    try test.control("POST", "/clock", #"{"advance-seconds":300}"#)
    #expect(test.glue("GET", "/regions").status == 200)
    #expect(ITGlueOptions().requestsPerWindow == 3000 && ITGlueOptions.windowSeconds == 300)
  }

  /// "401 / 403: right missing".
  @Test("rights are by kind, reading and writing apart") func rights() throws {
    try test.control("POST", "/itglue/rights", #"{"contacts":{"read":false},"organizations":{"write":false}}"#)
    #expect(test.glue("GET", "/contacts").status == 403)
    #expect(test.glue("GET", "/organizations").status == 200)
    #expect(
      test.glue("POST", "/organizations", #"{"data":{"type":"organizations","attributes":{"name":"N"}}}"#).status == 403
    )
  }

  /// "No PUT"; "there is no documented DELETE /contacts/{id}"; "no DELETE in the API" for types; "adapters_resources has no
  /// route of its own (404)".
  @Test(
    "what has no route is not found",
    arguments: [
      ("PUT", "/organizations/1"), ("DELETE", "/contacts/1"), ("DELETE", "/organization_types"), ("GET", "/nothing"),
      ("GET", "/adapters_resources"), ("POST", "/regions"), ("GET", "/organizations/1/relationships/contacts"),
      ("GET", "/organizations/1"), ("GET", "/organization-types"),
    ])
  func missing(_ method: String, _ path: String) {
    let answer = test.glue(method, path, method == "GET" ? "" : #"{"data":[]}"#)
    #expect(answer.status == 404)
    #expect(answer.json["errors"]?.elements?.first?["status"] == 404)
  }
}

@Suite("IT Glue: listings")
struct ITGlueListingTests {
  let test = TestWorld()

  /// "`data.id` is a string; the same number inside attributes is a number, except `parent-id`"; "16-digit ids: use Int64,
  /// never Int32/Double"; attribute names kebab-case; instants with milliseconds; dates without a time.
  @Test("a configuration has text outside, numbers inside and sixteen digits") func wire() throws {
    let row = try #require(test.glueRows("/configurations?sort=id&page[size]=1").first)
    let id = try #require(row["id"]?.text)
    #expect(id.count == 16 && row["type"] == "configurations")
    #expect(Int(id).map { Double($0) > 9_007_199_254_740_992 } == true, "more than a Double tells apart")
    let organization = try #require(row.attribute("organization-id")?.whole)
    #expect(organization.description.count == 16)
    #expect(row.attribute("organization-name") == "Acme Dental")
    #expect(row.attribute("configuration-type-kind")?.text?.isEmpty == false)
    #expect(row.attribute("updated-at")?.text?.hasSuffix("Z") == true && row.attribute("updated-at")?.text?.count == 24)
    #expect(row.attribute("installed-at")?.text?.count == 10)
    #expect(row.attribute("position") == JSON.null)
    #expect(row["relationships"] == .object([]))
  }

  /// "`page[size]` default 50, maximum 1000. Loop on `meta.next-page` (null = end) or `links.next`."
  @Test("pages are walked by number and by link") func paging() throws {
    try test.control("POST", "/itglue/import", #"{"kind":"contacts","count":120,"organization":"Acme Dental"}"#)
    let all = test.glue("GET", "/contacts?sort=id&page[size]=1000").json
    let total = try #require(all["meta"]?["total-count"]?.whole)
    #expect(all["data"]?.elements?.count == total && all["meta"]?["next-page"] == JSON.null)
    #expect(all["links"]?["next"] == nil)
    var (ids, target, pages): ([String], String?, Int) = ([], "/contacts?sort=id", 0)
    while let next = target, pages < 20 {
      let page = test.glue("GET", next)
      #expect(page.json["meta"]?["current-page"]?.whole == pages + 1)
      ids += (page.json["data"]?.elements ?? []).compactMap { $0["id"]?.text }
      target = page.json["links"]?["next"]?.text
      #expect(target == page.nextLink)
      pages += 1
    }
    #expect(ids == (all["data"]?.elements ?? []).compactMap { $0["id"]?.text } && pages == (total + 49) / 50)
    let beyond = test.glue("GET", "/contacts?sort=id&page[number]=99").json
    #expect(beyond["data"] == [] && beyond["meta"]?["next-page"] == JSON.null)
    let descending = test.glueRows("/contacts?sort=-id&page%5Bsize%5D=2")
    #expect(descending.map { $0["id"]?.text } == [ids.last, ids.dropLast().last])
  }

  /// "maximum 1000".
  @Test("a size above the largest is cut, or refused where the account does so") func largestPage() throws {
    try test.control("POST", "/itglue/import", #"{"kind":"organizations","count":1200}"#)
    let cut = test.glue("GET", "/organizations?page[size]=5000").json
    #expect(cut["data"]?.elements?.count == 1000 && cut["meta"]?["next-page"] == 2)
    try test.glueOptions(#"{"large-pages":"refused"}"#)
    #expect(test.glue("GET", "/organizations?page[size]=5000").status == 400)
  }

  /// "Paging is by offset on a live table … With `sort=id` a row deleted during the sweep pulls the next page forward by one
  /// and hides a row"; "With `sort=-updated_at` a row edited during the sweep jumps to page 1, already passed".
  @Test("a sweep misses what moves while it runs") func liveTable() throws {
    try test.control("POST", "/itglue/import", #"{"kind":"contacts","count":20,"organization":"Acme Dental"}"#)
    let all = test.glueRows("/contacts?sort=id&page[size]=1000").compactMap { $0["id"]?.text }
    let first = test.glueRows("/contacts?sort=id&page[size]=5").compactMap { $0["id"]?.text }
    try test.control("DELETE", "/itglue/contacts/\(first[0])")
    let second = test.glueRows("/contacts?sort=id&page[size]=5&page[number]=2").compactMap { $0["id"]?.text }
    #expect(!(first + second).contains(all[5]) && second.first == all[6])
    let newest = test.glueRows("/contacts?sort=-updated_at&page[size]=5").compactMap { $0["id"]?.text }
    try test.control("POST", "/clock", #"{"advance-seconds":1}"#)
    try test.control("POST", "/itglue/contacts/\(all[7])/touch")
    #expect(test.glueRows("/contacts?sort=-updated_at&page[size]=1").first?["id"]?.text == all[7])
    #expect(newest.first != all[7])
  }

  /// "`filter[a]=x&filter[b]=y` = AND; comma inside one value = OR; a literal comma inside a value is escaped `\,`."
  @Test("filters combine, and a comma is OR unless it is escaped") func filters() throws {
    let (acme, acorn) = (
      try test.glueID("organizations", "Acme Dental"), try test.glueID("organizations", "Acorn Freight")
    )
    let both = test.glueRows("/organizations?filter[id]=\(acme),\(acorn)&sort=id")
    #expect(both.map { $0["id"]?.text } == ["\(acme)", "\(acorn)"])
    let one = test.glueRows("/organizations?filter[id]=\(acme),\(acorn)&filter[name]=Acme%20Dental")
    #expect(one.count == 1)
    _ = try test.glueCreated("organizations", #"{"name":"Smith, Smith & Co"}"#)
    #expect(test.glueRows("/organizations?filter[name]=Smith%5C,%20Smith%20%26%20Co").count == 1)
    #expect(test.glueRows("/organizations?filter[name]=Smith,%20Smith%20%26%20Co").isEmpty)
    let rest = test.glueRows("/organizations?filter[exclude][id]=\(acme)&page[size]=1000")
    #expect(!rest.isEmpty && !rest.contains { $0["id"]?.text == "\(acme)" })
    let own = test.glueRows("/organizations?filter[primary]=true")
    #expect(own.map { $0.attribute("name") } == ["Kestrel Managed Services"])
    let client = try test.glueID("organization_types", "Client")
    #expect(test.glueRows("/organizations?filter[organization_type_id]=\(client)").count == 4)
  }

  /// "For organizations and configurations nothing is said; one user report says exact and case-sensitive, another client
  /// treats it as contains".
  @Test("a name is found exactly, or in parts where the account does so") func nameFilter() throws {
    #expect(test.glueRows("/organizations?filter[name]=Acme%20Dental").count == 1)
    #expect(test.glueRows("/organizations?filter[name]=acme").isEmpty)
    try test.glueOptions(#"{"name-filter":"contains"}"#)
    #expect(test.glueRows("/organizations?filter[name]=acme").count == 1)
    #expect(test.glueRows("/manufacturers?filter[name]=del").isEmpty, "exact match only for types and statuses")
  }

  /// "`important` on contacts may be null, and `filter[important]=false` then misses it."
  @Test("a flag that is null is neither true nor false") func nullFlag() throws {
    let all = test.glueRows("/contacts?page[size]=1000")
    let yes = test.glueRows("/contacts?filter[important]=true&page[size]=1000").count
    let no = test.glueRows("/contacts?filter[important]=false&page[size]=1000").count
    let null = all.filter { $0.attribute("important") == JSON.null }.count
    #expect(null > 0 && yes + no + null == all.count)
  }

  /// "Archived configurations are in the default list: filter explicitly."
  @Test("archived configurations are listed unless filtered") func archived() throws {
    let id = test.glueRows("/configurations?sort=id&page[size]=1")[0]["id"]!.text!
    try test.control("POST", "/itglue/configurations/\(id)/archive")
    #expect(test.glueRows("/configurations?filter[id]=\(id)").first?.attribute("archived") == true)
    #expect(test.glueRows("/configurations?filter[id]=\(id)&filter[archived]=false").isEmpty)
    try test.control("POST", "/itglue/configurations/\(id)/unarchive")
    #expect(test.glueRows("/configurations?filter[id]=\(id)&filter[archived]=false").count == 1)
  }

  /// "Filters do not work on nested routes".
  @Test("a nested route lists one organization, and passes over filters") func nested() throws {
    let acme = try test.glueID("organizations", "Acme Dental")
    let nested = test.glueRows("/organizations/\(acme)/relationships/configurations?page[size]=1000&sort=id")
    let flat = test.glueRows("/configurations?filter[organization_id]=\(acme)&page[size]=1000&sort=id")
    #expect(!nested.isEmpty && nested == flat)
    let filtered = test.glueRows(
      "/organizations/\(acme)/relationships/configurations?filter[name]=nothing&page[size]=1000&sort=id")
    #expect(filtered == nested)
    let counters = try test.control("GET", "/state?system=itglue")["itglue"]?["counters"]
    #expect(counters?["filters ignored on nested routes"] == 1)
  }

  /// "Only organizations have `filter[updated_at]`"; `2026-05-01T00:00:00Z,*`; "ranges longer than a week may be refused".
  @Test("changes of organizations are asked for by a range of up to a week") func range() throws {
    let acme = try test.glueID("organizations", "Acme Dental")
    try test.control("POST", "/itglue/organizations/\(acme)/touch")
    let since = test.glueRows("/organizations?filter[updated_at]=2026-02-28T00:00:00Z,*")
    #expect(since.map { $0["id"]?.text } == ["\(acme)"])
    #expect(test.glueRows("/organizations?filter[updated_at]=2026-02-25T00:00:00Z,2026-02-26T00:00:00Z").isEmpty)
    #expect(test.glue("GET", "/organizations?filter[updated_at]=2026-02-01T00:00:00Z,*").status == 400)
    #expect(test.glue("GET", "/organizations?filter[updated_at]=*,*").status == 400)
    try test.glueOptions(#"{"long-ranges":"allowed"}"#)
    #expect(test.glueRows("/organizations?filter[updated_at]=2020-02-01T00:00:00Z,*&page[size]=1000").count > 5)
    #expect(test.glue("GET", "/contacts?filter[updated_at]=2026-02-28T00:00:00Z,*").status == 400)
    #expect(test.glue("GET", "/configurations?filter[updated_at]=2026-02-28T00:00:00Z,*").status == 400)
  }

  /// "Unknown filter or include values → 400 (unverified)"; "`psa_id` is only accepted together with `psa_integration_type`";
  /// sort keys by the table: "`updated-at` as sort key (correct: `updated_at`)".
  @Test(
    "what a resource does not offer is refused",
    arguments: [
      "/organizations?filter[shoe_size]=1", "/organizations?sort=updated-at", "/organizations?sort=city",
      "/organizations?include=tickets", "/contacts?sort=title", "/contacts?filter[name]=x", "/models?filter[name]=x",
      "/organizations?filter[psa_id]=1", "/organizations?filter[psa_id]=1&filter[psa_integration_type]=connectwise",
      "/organizations?sort=name,id", "/contacts?filter[exclude][title]=x",
    ])
  func refused(_ target: String) throws {
    let answer = test.glue("GET", target)
    #expect(answer.status == 400)
    #expect(answer.json["errors"]?.elements?.first?["detail"]?.text?.isEmpty == false)
  }

  @Test("an account may ignore filters that it does not know") func ignoredFilters() throws {
    try test.glueOptions(#"{"unknown-filters":"ignored"}"#)
    #expect(test.glueRows("/contacts?filter[name]=x&page[size]=1000").count > 10)
  }

  /// The sort keys of the table, with and without a minus.
  @Test(
    "rows come in the order that was asked for",
    arguments: [
      ("organizations", "name"), ("organizations", "short_name"), ("organizations", "organization_type_name"),
      ("contacts", "last_name"), ("configurations", "name"), ("configurations", "created_at"),
      ("manufacturers", "name"),
    ])
  func sorting(_ kind: String, _ key: String) throws {
    let attribute = key.replacing("_", with: "-")
    func values(_ sort: String) -> [String?] {
      test.glueRows("/\(kind)?sort=\(sort)&page[size]=1000").map { $0.attribute(attribute)?.text?.lowercased() }
    }
    let ascending = values(key)
    let present = ascending.compactMap { $0 }
    #expect(present == present.sorted() && ascending.prefix(present.count).allSatisfy { $0 != nil })
    #expect(values("-" + key) == ascending.reversed())
    let client = try test.glueID("organizations", "Acme Dental")
    if kind == "configurations" {
      let some = test.glueRows("/\(kind)?sort=\(key)&filter[organization_id]=\(client)&page[size]=1000")
        .map { $0.attribute(attribute)?.text?.lowercased() ?? "" }
      #expect(some == some.sorted())
    }
  }

  @Test("without a sort the order is none, yet every row comes once") func unsorted() {
    let rows = test.glueRows("/contacts?page[size]=1000").compactMap { $0["id"]?.text }
    #expect(rows != rows.sorted() && Set(rows).count == rows.count)
  }

  /// "`quick-notes` of organizations is cut to 250 characters in lists; the single read has all of it."
  @Test("quick notes are cut in lists only") func quickNotes() throws {
    let row = try #require(test.glueRows("/organizations?filter[name]=Harbour%20Bakery").first)
    #expect(row.attribute("quick-notes")?.text?.count == 250)
    let whole = test.glue("GET", "/organizations/\(row["id"]!.text!)").json["data"]
    #expect((whole?.attribute("quick-notes")?.text?.count ?? 0) > 250)
  }

  /// "Large pages with includes time out (504 seen by users): on 504 halve the page size".
  @Test("large pages time out where the account is slow") func slowPages() throws {
    try test.glueOptions(#"{"slow-pages-over":100}"#)
    let slow = test.glue("GET", "/contacts?page[size]=101")
    #expect(slow.status == 504 && slow.json == .null)
    #expect(test.glue("GET", "/contacts?page[size]=100").status == 200)
    try test.glueOptions(#"{"slow-only-with-include":true}"#)
    #expect(test.glue("GET", "/contacts?page[size]=1000").status == 200)
    #expect(test.glue("GET", "/contacts?page[size]=1000&include=adapters_resources").status == 504)
  }

  /// "the model's response has no `manufacturer-id`, so read models through `/manufacturers/{id}/relationships/models`".
  @Test("a model does not say whose it is") func models() throws {
    let dell = try test.glueID("manufacturers", "Dell")
    let models = test.glueRows("/manufacturers/\(dell)/relationships/models?page[size]=1000")
    #expect(models.contains { $0.attribute("name") == "PowerEdge R650" })
    #expect(models.allSatisfy { $0.attribute("manufacturer-id") == nil })
    #expect(test.glueRows("/models?page[size]=1000").count > models.count)
  }

  /// "five type/status lists: name, created-at, updated-at (+ configurations-count on configuration types)".
  @Test("types count their configurations") func typeCounts() throws {
    let types = test.glueRows("/configuration_types?page[size]=1000")
    let counted = types.compactMap { $0.attribute("configurations-count")?.whole }.reduce(0, +)
    let typed = test.glueRows("/configurations?page[size]=1000").filter {
      $0.attribute("configuration-type-id") != JSON.null
    }
    #expect(counted == typed.count && types.allSatisfy { $0["type"] == "configuration-types" })
    for kind in [
      "organization_types", "organization_statuses", "configuration_statuses", "contact_types", "operating_systems",
    ] {
      #expect(!test.glueRows("/\(kind)").isEmpty)
    }
  }

  /// "`GET /logs`: only `filter[created_at]` and `sort=created_at`; `page[number]` 1..5; there is no resource id".
  @Test("the log names what was done, without ids") func logs() throws {
    _ = try test.glueCreated("organizations", #"{"name":"Logged"}"#)
    let entry = try #require(test.glueRows("/logs").first)
    #expect(entry.attribute("action") == "create" && entry.attribute("resource-name") == "Logged")
    #expect(entry.attribute("resource-id") == nil)
    #expect(test.glue("GET", "/logs?page[number]=6").status == 400)
    #expect(test.glue("GET", "/logs?filter[action]=create").status == 400)
    #expect(test.glueRows("/logs?filter[created_at]=2026-02-28T00:00:00Z,*&sort=created_at").count == 1)
  }

  @Test("pages of a thousand come quickly from fifty thousand, in every order") func speed() throws {
    try test.control("POST", "/itglue/import", #"{"kind":"configurations","count":50000,"organization":"Acme Dental"}"#)
    let clock = ContinuousClock()
    for (target, limit) in [
      ("/configurations?sort=id&page[size]=1000&page[number]=30", 2.0),
      ("/configurations?sort=id&page[size]=1000&page[number]=30", 1.0),
      ("/configurations?sort=-updated_at&page[size]=1000", 2.0), ("/configurations?sort=-updated_at&page[size]=1", 0.5),
    ] {
      var answer = EmulatedResponse(status: 0)
      let time = clock.measure { answer = test.glue("GET", target) }
      #expect(answer.status == 200)
      #expect(time < .seconds(limit), "\(target)")
    }
  }
}
