import Foundation
import Testing

@testable import Sandbox

@Suite("IT Glue: seed and control")
struct ITGlueSeedTests {
  let test = TestWorld()

  @Test("the first three companies are documented by their exact names") func organizations() throws {
    let rows = test.glueRows("/organizations?sort=id&page[size]=1000")
    let names = rows.compactMap { $0.attribute("name")?.text }
    #expect(
      Set(names).isSuperset(of: ["Acme Dental", "Acorn Freight", "Birch & Rowe Legal", "Kestrel Managed Services"]))
    #expect(rows.filter { $0.attribute("primary") == true }.count == 1)
    #expect(rows.contains { $0.attribute("organization-type-id") == JSON.null })
    #expect(Set(names).contains("Harbour Bakery"))
  }

  @Test("of many companies some are missing, spelt differently, or of another type or status") func stories() throws {
    let test = TestWorld(companies: 40, people: 20)
    let companies = SeedWorld(SandboxOptions(companies: 40, people: 20), now: .now).companies
    let rows = test.glueRows("/organizations?sort=id&page[size]=1000")
    let names = Set(rows.compactMap { $0.attribute("name")?.text })
    let exact = companies.filter { names.contains($0.name) }
    #expect((25..<36).contains(exact.count))
    let folded = Set(names.map { $0.lowercased().filter { $0 != " " } })
    let missing = companies.filter { !folded.contains($0.name.lowercased().filter { $0 != " " }) }
    #expect(missing.count == 5)
    #expect(names.contains { $0.hasSuffix(" ") })
    #expect(rows.contains { $0.attribute("organization-status-id") == JSON.null })
    let types = Set(rows.compactMap { $0.attribute("organization-type-name")?.text })
    #expect(types.contains("Client") && types.contains("Vendor"))
  }

  @Test("configurations are those of the PSA, but for the stories that differ") func configurations() throws {
    let seed = SeedWorld(SandboxOptions(), now: .now).companies[0]
    let acme = try test.glueID("organizations", "Acme Dental")
    let here = test.glueRows("/configurations?filter[organization_id]=\(acme)&page[size]=1000&sort=id")
    let there = test.cw("GET", "/company/configurations?conditions=company/id=250&pageSize=1000").json.elements ?? []
    #expect(here.count == seed.devices.filter(\.story.isInDocumentation).count)
    func pair(_ story: DeviceStory) throws -> (here: JSON, there: JSON) {
      let device = try #require(seed.devices.first { $0.story == story })
      return (
        try #require(here.first { $0.attribute("name")?.text?.lowercased() == device.name.lowercased() }),
        try #require(there.first { $0["id"]?.whole == device.id })
      )
    }
    let same = try pair(.ordinary)
    for (glue, psa) in [
      ("name", "name"), ("serial-number", "serialNumber"), ("mac-address", "macAddress"), ("asset-tag", "tagNumber"),
      ("primary-ip", "ipAddress"), ("model-name", "modelNumber"),
    ] { #expect(same.here.attribute(glue)?.text == same.there[psa]?.text, "\(glue)") }
    #expect(same.here.attribute("manufacturer-name")?.text == same.there["manufacturer"]?["name"]?.text)
    let other = try pair(.valuesDiffer)
    #expect(other.here.attribute("asset-tag")?.text != other.there["tagNumber"]?.text)
    let cased = try pair(.caseDiffers)
    #expect(cased.here.attribute("name")?.text != cased.there["name"]?.text)
    let long = try pair(.longMAC)
    #expect(long.here.attribute("mac-address") == JSON.null && (long.there["macAddress"]?.text?.count ?? 0) > 17)
    #expect(try pair(.serialAtOneSide).here.attribute("serial-number") == JSON.null)
    #expect(try pair(.withoutStatus).here.attribute("configuration-status-id") == JSON.null)
    #expect(try pair(.withoutType).here.attribute("configuration-type-id") == JSON.null)
    let hidden = try #require(seed.devices.first { $0.story == .onlyInPSA })
    #expect(!here.contains { $0.attribute("name")?.text == hidden.name })
    #expect(here.contains { $0.attribute("contact-id")?.whole != nil })
  }

  @Test("contacts are people of the PSA, and some of this side alone") func contacts() throws {
    let acme = try test.glueID("organizations", "Acme Dental")
    let here = test.glueRows("/contacts?filter[organization_id]=\(acme)&page[size]=1000&sort=id")
    let names = Set(
      SeedWorld(SandboxOptions(), now: .now).companies[0].contacts.map { "\($0.firstName) \($0.lastName ?? "")" })
    let known = here.filter { names.contains($0.attribute("name")?.text ?? "") }
    #expect(known.count >= 10 && known.count < here.count)
    #expect(here.contains { $0.attribute("name") == JSON.null })
    #expect(Dictionary(grouping: here, by: { $0.attribute("name")?.text ?? "" }).values.contains { $0.count > 1 })
    let birch = try test.glueID("organizations", "Birch & Rowe Legal")
    #expect(test.glueRows("/contacts?filter[organization_id]=\(birch)").isEmpty)
  }

  @Test("the same seed gives the same account, and no people give no contacts") func deterministic() throws {
    func state(_ seed: UInt64) throws -> String {
      try TestWorld(seed: seed).control("GET", "/state?system=itglue").encoded
    }
    #expect(try state(4) == state(4))
    #expect(try state(4) != state(5))
    #expect(TestWorld(people: 0).glueRows("/contacts").isEmpty)
  }

  @Test("the description has a command line, and the key only by reference") func description() {
    let line = test.description.connect.first { $0.hasPrefix("connect itglue") }
    #expect(line?.hasSuffix("/itglue api-key=env:SANDBOX_ITGLUE_KEY") == true)
    #expect(test.description.environment["SANDBOX_ITGLUE_KEY"] == test.itglueKey && test.itglueKey.hasPrefix("ITG."))
  }

  @Test("a person creates, changes, archives and deletes with names for ids") func control() throws {
    let made = try test.control(
      "POST", "/itglue/configurations",
      #"{"name":"ACME-X","organization":"acme dental","type":"Server","status":"Active","manufacturer":"Dell","model":"PowerEdge R650"}"#
    )
    #expect(made.attribute("model-name") == "PowerEdge R650")
    let changed = try test.control("PATCH", "/itglue/configurations/ACME-X", #"{"status":null,"notes":"Moved."}"#)
    #expect(changed.attribute("configuration-status-name") == JSON.null && changed.attribute("notes") == "Moved.")
    let person = try test.control(
      "POST", "/itglue/contacts",
      #"{"organization":"Acme Dental","first-name":"Nora","last-name":"Lind","email":"nora@acme.example","phone":"+1 813","mobile":"5"}"#
    )
    #expect(person.attribute("contact-phones")?.elements?.map { $0["label-name"] } == ["Mobile", "Work"])
    let moved = try test.control(
      "PATCH", "/itglue/contacts/nora@acme.example", #"{"email":"nora.lind@acme.example","phone":null}"#)
    #expect(moved.attribute("contact-emails")?.elements?.map { $0["value"] } == ["nora.lind@acme.example"])
    #expect(moved.attribute("contact-phones")?.elements?.count == 1)
    let typed = try test.control(
      "PATCH", "/itglue/organizations/Acorn%20Freight", #"{"type":"Vendor","status":"Onboarding"}"#)
    #expect(typed.attribute("organization-type-name") == "Vendor")
    try test.control("DELETE", "/itglue/contacts/Nora%20Lind")
    #expect(try test.refusal("GET", "/itglue/contacts/Nora%20Lind").status == 404)
    #expect(try test.refusal("PATCH", "/itglue/organizations/Acorn%20Freight", #"{"type":"Toaster"}"#).status == 404)
    #expect(try test.refusal("PATCH", "/itglue/organizations/Acorn%20Freight", #"{"updated-at":"x"}"#).status == 400)
    #expect(try test.refusal("POST", "/itglue/options", #"{"lists":"sorted"}"#).status == 400)
  }

  @Test("imports arrive at one moment, with type and status") func imports() throws {
    try test.control("POST", "/itglue/import", #"{"kind":"organizations","count":30}"#)
    let rows = test.glueRows("/organizations?sort=-updated_at&page[size]=30")
    #expect(rows.allSatisfy { $0.attribute("name")?.text?.hasPrefix("Imported Organization") == true })
    #expect(rows.allSatisfy { $0.attribute("organization-type-name") == "Client" })
    #expect(Set(rows.compactMap { $0.attribute("updated-at")?.text }).count == 1)
    try test.control("POST", "/itglue/import", #"{"kind":"contacts","count":5,"organization":"Acme Dental"}"#)
    #expect(try test.refusal("POST", "/itglue/import", #"{"kind":"contacts","count":5}"#).status == 400)
  }

  @Test("faults and counts work as for the other systems") func faults() throws {
    try test.control(
      "POST", "/faults", #"{"system":"itglue","path":"/contacts","page":2,"times":1,"status":503,"kind":"status"}"#)
    let first = test.glue("GET", "/contacts?sort=id&page[size]=5")
    let next = try #require(first.nextLink)
    #expect(test.glue("GET", next).status == 503)
    #expect(test.glue("GET", next).status == 200)
    try test.control("DELETE", "/faults")
    try test.control("POST", "/faults", #"{"system":"itglue","path":"/contacts","kind":"end-early"}"#)
    let early = test.glue("GET", "/contacts?sort=id&page[size]=10").json
    #expect(early["data"]?.elements?.count == 5 && early["meta"]?["next-page"] == JSON.null)
    try test.control("DELETE", "/faults")
    try test.control("POST", "/faults", #"{"system":"itglue","kind":"empty-200"}"#)
    #expect(test.glue("GET", "/contacts").json["meta"]?["total-count"] == 0)
    let counts = try test.control("GET", "/requests")
    #expect(counts["by-route"]?["GET /contacts"]?.whole == 5)
  }
}
