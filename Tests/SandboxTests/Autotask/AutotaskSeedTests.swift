import Foundation
import Testing

@testable import Sandbox

@Suite("Autotask: the seeded database")
struct AutotaskSeedTests {
  /// Syncs between systems find their counterparts by name, number and address.
  @Test("companies and people are those of the other systems") func counterparts() throws {
    let test = TestWorld()
    let state = try test.control("GET", "/state")
    let theirs = state["connectwise"]?["companies"]?.elements ?? []
    let ours = state["autotask"]?["companies"]?.elements ?? []
    for company in theirs {
      let same = try #require(ours.first { $0["companyName"] == company["name"] })
      #expect(same["companyNumber"] == company["identifier"])
      let names = Set((same["contacts"]?.elements ?? []).compactMap { $0["firstName"]?.text })
      for contact in company["contacts"]?.elements ?? [] {
        #expect(names.contains(try #require(contact["firstName"]?.text)))
      }
    }
    #expect(theirs.count >= 4)
  }

  @Test("the same seed gives the same database") func deterministic() throws {
    let states = try (0..<2).map { _ in try TestWorld(seed: 9).control("GET", "/state?system=autotask") }
    #expect(states[0] == states[1])
    #expect(states[0] != (try TestWorld(seed: 10).control("GET", "/state?system=autotask")))
  }

  @Test("awkward records are there") func awkward() throws {
    let test = TestWorld()
    let companies = try test.rows("Companies", #"{"op":"exist","field":"id"}"#)
    let contacts = try test.rows("Contacts", #"{"op":"exist","field":"id"}"#)
    #expect(companies.contains { $0["id"] == 0 })
    #expect(companies.filter { $0["companyName"] == "Twin Peaks Outfitters" }.count == 2)
    // "Inactive picklist values may still sit in records".
    #expect(companies.contains { $0["companyType"] == 9 })
    #expect(contacts.contains { $0["companyID"] == 0 })
    // "Strings can contain NUL characters".
    #expect(contacts.contains { $0["title"] == "Buyer\u{0}" })
    #expect(contacts.contains { $0["lastModifiedDate"] == .null })
    #expect(contacts.contains { $0["emailAddress2"] == "" } && contacts.contains { $0["emailAddress2"] == .null })
    #expect(
      contacts.contains {
        $0["emailAddress"]?.text?.hasSuffix("@mail.example") == true
          && $0["emailAddress2"]?.text?.contains("@acme") == true
      })
    #expect(contacts.contains { $0["isActive"] == 0 })
    // "ISO 8601 UTC, e.g. 2012-05-25T15:14:29.033Z".
    #expect(contacts.contains { $0["createDate"]?.text?.contains(".") == true })
  }

  /// "find or create a product first, then reference productID"; "configuration: name = reference name, else product name".
  @Test("configuration items stand for the devices of the PSA") func items() throws {
    let test = TestWorld()
    let items = try test.rows("ConfigurationItems", #"{"op":"exist","field":"id"}"#)
    let products = try test.rows("Products", #"{"op":"exist","field":"id"}"#)
    let known = Set(products.compactMap { $0["id"]?.whole })
    #expect(items.count > 20)
    #expect(items.allSatisfy { known.contains($0["productID"]?.whole ?? -1) })
    #expect(items.contains { $0["isActive"] == false } && items.contains { $0["serialNumber"] == .null })
    #expect(items.contains { $0["configurationItemType"] == .null } && items.contains { $0["contactID"] != .null })
    #expect(products.contains { $0["manufacturerName"] == .null })
    #expect(products.contains { $0["manufacturerName"] != .null && $0["manufacturerProductName"] == .null })
    #expect(products.contains { $0["isActive"] == false })
    #expect(items.filter { $0["referenceTitle"] == .null }.count < 5)
  }

  @Test("where nobody was wanted, nobody is") func empty() throws {
    let test = TestWorld(people: 0)
    #expect(try test.rows("Contacts", #"{"op":"exist","field":"id"}"#).isEmpty)
    #expect(try test.rows("ConfigurationItems", #"{"op":"exist","field":"id"}"#).isEmpty)
  }

  /// "A page of the maximum size": indexes, not scans, whatever the table's size.
  @Test("a page of the maximum size is quick among fifty thousand contacts") func quick() throws {
    let test = TestWorld()
    let made = try test.control("POST", "/autotask/contacts/import", #"{"company":"Acme","count":50000}"#)
    let first = try #require(made["firstID"]?.whole)
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    try test.control("POST", "/autotask/contacts/\(first + 40_000)/touch")
    let fields =
      #""IncludeFields":["id","companyID","firstName","lastName","title","emailAddress","phone","mobilePhone","isActive","lastModifiedDate"]"#
    let filters = [
      #"{"op":"gt","field":"id","value":\#(first + 30_000)}"#,
      #"{"op":"eq","field":"id","value":\#(first + 30_000)}"#,
      #"{"op":"gt","field":"lastModifiedDate","value":"2026-03-01T09:00:30Z"}"#,
    ]
    /// The best of five, since other tests run beside.
    func measured(_ call: () -> EmulatedResponse) -> (EmulatedResponse, Duration) {
      let runs = (0..<5).map { _ -> (EmulatedResponse, Duration) in
        let began = ContinuousClock.now
        return (call(), ContinuousClock.now - began)
      }
      return runs.min { $0.1 < $1.1 }!
    }
    for (filter, expected) in zip(filters, [500, 1, 1]) {
      let (answer, took) = measured { test.at("POST", "/Contacts/query", "{\(fields),\"filter\":[\(filter)]}") }
      #expect(answer.status == 200)
      #expect(answer.json["items"]?.elements?.count == expected)
      // Ten times what it takes.
      #expect(took < .milliseconds(25), "\(filter) took \(took)")
    }
    let path = "/Companies/\(try test.company())/Contacts"
    let (answer, took) = measured { test.at("PATCH", path, #"{"id":\#(first + 9),"title":"Buyer"}"#) }
    #expect(answer.status == 200)
    #expect(took < .milliseconds(25), "An update took \(took)")
  }
}

@Suite("Autotask: control")
struct AutotaskControlTests {
  let test = TestWorld()

  @Test("people in the vendor's screens create, change, delete and import") func records() throws {
    let made = try test.control(
      "POST", "/autotask/contacts",
      #"{"firstName":"Nora","lastName":"Lind","company":"Acme Dental","email":"nora@acme.example"}"#)
    #expect(made["companyID"]?.whole == (try test.company()))
    let changed = try test.control("PATCH", "/autotask/contacts/NORA@acme.example", #"{"mobile":"551","title":null}"#)
    #expect(changed["mobilePhone"] == "551" && changed["id"] == made["id"])
    try test.control("DELETE", "/autotask/contacts/nora@acme.example")
    #expect(try test.refusal("GET", "/autotask/contacts/nora@acme.example").status == 404)
    let company = try test.control("POST", "/autotask/companies", #"{"companyName":"Bulk Works"}"#)
    let id = try #require(company["id"]?.whole)
    try test.control("POST", "/autotask/contacts/import", #"{"company":\#(id),"count":12,"unstamped":true}"#)
    let rows = try test.control("GET", "/autotask/contacts?company=\(id)").elements ?? []
    #expect(rows.count == 12 && rows.allSatisfy { $0["lastModifiedDate"] == .null })
    try test.control("DELETE", "/autotask/companies/\(id)")
    #expect(try test.ids("Contacts", #"{"op":"eq","field":"companyID","value":\#(id)}"#).isEmpty)
    // What people do is not counted as the API's.
    #expect(try test.autotaskState()["counters"]?["writes"] == [:])
  }

  @Test(
    "what control does not know is refused with a fix",
    arguments: [
      ("POST", "/autotask/options", #"{"colour":"red"}"#, 400), ("POST", "/autotask/options", #"{"threads":0}"#, 400),
      ("POST", "/autotask/options", #"{"retry-after":"soon"}"#, 400),
      ("POST", "/autotask/rights", #"{"tickets":{"query":false}}"#, 400),
      ("POST", "/autotask/zone", #"{"value":"a/b"}"#, 400), ("POST", "/autotask/fields", "{}", 400),
      ("POST", "/autotask/contacts", #"{"firstName":"A"}"#, 400), ("GET", "/autotask/tickets", "", 404),
      ("GET", "/autotask/companies/Nobody", "", 404), ("POST", "/autotask/products/1/activity", "", 404),
      ("POST", "/autotask/contacts/import", #"{"count":5}"#, 400), ("POST", "/autotask/usage", "{}", 400),
    ])
  func refusals(_ method: String, _ path: String, _ body: String, _ status: Int) throws {
    let refusal = try test.refusal(method, path, body)
    #expect(refusal.status == status)
    #expect(refusal.json["fix"]?.text?.isEmpty == false)
  }

  @Test("every listed path has a working example") func examples() throws {
    let listed = try test.control("GET", "/").elements ?? []
    let ours = listed.filter { $0["path"]?.text?.hasPrefix("/control/autotask") == true }
    #expect(ours.count >= 17)
    for route in ours where route["path"]?.text?.contains("{") == false {
      guard let example = route["example"], example != .null, let path = route["path"]?.text else { continue }
      try test.control("POST", path, example.encoded)
    }
  }

  @Test("the state shows one company, or all") func scope() throws {
    let scoped = try test.control("GET", "/state?system=autotask&company=acorn")["autotask"]?["companies"]?.elements
    #expect(scoped?.count == 1 && scoped?.first?["companyNumber"] == "Acorn")
    #expect((try test.autotaskState()["companies"]?.elements?.count ?? 0) > 4)
  }
}
