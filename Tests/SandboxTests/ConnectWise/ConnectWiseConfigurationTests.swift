import Foundation
import Testing

@testable import Sandbox

@Suite("ConnectWise: configurations")
struct ConnectWiseConfigurationTests {
  let test = TestWorld()
  let path = "/company/configurations"

  private func rows(_ query: String) -> [JSON] { test.cw("GET", "\(path)?pageSize=1000&\(query)").json.elements ?? [] }

  private func created(
    _ body: String = #"{"name":"ACME-PC-90","type":{"id":10},"company":{"id":250}}"#
  ) throws -> JSON {
    let answer = test.cw("POST", path, body)
    #expect(answer.status == 201, "\(answer.body)")
    return answer.json
  }

  private func patch(_ id: JSON?, _ body: String) -> EmulatedResponse {
    test.cw("PATCH", "\(path)/\(id?.encoded ?? "")", body)
  }

  @Test("the devices of the seed are there, but for those that only the documentation knows") func seeded() throws {
    let seed = SeedWorld(SandboxOptions(), now: .now)
    let devices = seed.companies[0].devices
    let found = rows("conditions=company/id=250")
    #expect(Set(found.compactMap { $0["id"]?.whole }) == Set(devices.filter(\.story.isInPSA).map(\.id)))
    let device = try #require(devices.first { $0.story == .ordinary })
    let row = try #require(found.first { $0["id"]?.whole == device.id })
    #expect(row["name"]?.text == device.name && row["type"]?["name"]?.text == device.type)
    #expect(row["serialNumber"]?.text == device.serialNumber && row["macAddress"]?.text == device.macAddress)
    #expect(row["manufacturer"]?["name"]?.text == device.manufacturer && row["modelNumber"]?.text == device.model)
    #expect(row["installationDate"]?.text == device.installedOn.map { "\($0)T00:00:00Z" })
    #expect(row["site"] == ["id": 5250, "name": "Main"] && row["activeFlag"] == true)
    func status(_ story: DeviceStory) -> JSON? {
      found.first { row in devices.contains { $0.id == row["id"]?.whole && $0.story == story } }?["status"]
    }
    #expect(status(.withoutStatus) == nil)
    #expect(status(.retired)?["name"] == "Retired")
  }

  /// "ConfigurationStatus {id, description, closedFlag, defaultFlag}: label is description. ConfigurationType {id, name,
  /// inactiveFlag, systemFlag}".
  @Test("types, statuses and manufacturers are tables with their own labels") func catalogues() throws {
    let types = test.cw("GET", "\(path)/types?orderBy=id").json.elements ?? []
    #expect(types.first?["name"] == "Workstation" && types.last?["inactiveFlag"] == true)
    let statuses = test.cw("GET", "\(path)/statuses?conditions=\(test.conditions(#"description="Retired""#))").json
    #expect(statuses.elements?.map { $0["closedFlag"] } == [true])
    #expect(statuses.elements?.first?["name"] == nil)
    let name = test.conditions(#"name="Dell""#)
    let makers = test.cw("GET", "/procurement/manufacturers?conditions=\(name)").json.elements ?? []
    #expect(makers.count == 1 && makers[0]["inactiveFlag"] == false)
    let made = test.cw("POST", "/procurement/manufacturers", #"{"name":"Framework"}"#)
    #expect(made.status == 201)
    #expect(test.cw("GET", "/procurement/manufacturers/\(made.json["id"]!.encoded)").json["name"] == "Framework")
    #expect(test.cw("POST", "/procurement/manufacturers", #"{"name":"framework"}"#).status == 400)
    #expect(test.cw("GET", "/procurement/nothing").status == 404)
  }

  /// "Company.Configuration: required name (100), type {id,name}, company {id}. Others: serialNumber (250), modelNumber (50),
  /// tagNumber (50), macAddress (25), ipAddress (50)".
  @Test(
    "what is no configuration is refused with the field's name",
    arguments: [
      (#"{"type":{"id":10},"company":{"id":250}}"#, "name"), (#"{"name":"N","company":{"id":250}}"#, "type"),
      (#"{"name":"N","type":{"id":10}}"#, "company"), (#"{"name":"N","type":{"id":1},"company":{"id":250}}"#, "type"),
      (#"{"name":"N","type":{"id":10},"company":{"id":9}}"#, "company"),
      (#"{"name":"N","type":{"id":10},"company":{"id":250},"status":{"id":99}}"#, "status"),
      (#"{"name":"N","type":{"id":10},"company":{"id":250},"manufacturer":{"id":1}}"#, "manufacturer"),
      (#"{"name":"N","type":{"id":10},"company":{"id":250},"contact":{"id":1}}"#, "contact"),
      (
        #"{"name":"N","type":{"id":10},"company":{"id":250},"macAddress":"\#(String(repeating: "0", count: 26))"}"#,
        "macAddress"
      ),
      (#"{"name":"\#(String(repeating: "N", count: 101))","type":{"id":10},"company":{"id":250}}"#, "name"),
    ])
  func validation(_ body: String, _ field: String) {
    let before = test.cw("GET", "\(path)/count").body
    let answer = test.cw("POST", path, body)
    #expect(answer.status == 400)
    #expect(answer.json["message"] == "configuration object is invalid")
    #expect(answer.json["errors"]?.elements?.first?["field"]?.text == field)
    #expect(test.cw("GET", "\(path)/count").body == before)
  }

  /// "A contact on a configuration is set only when both are of the same client."
  @Test("a contact of another company is refused") func foreignContact() throws {
    let contact = try test.contactIDs("conditions=company/id=253").first ?? 0
    let made = try created()
    let body = #"[{"op":"replace","path":"contact","value":{"id":\#(contact)}}]"#
    #expect(patch(made["id"], body).json["errors"]?.elements?.first?["field"] == "contact")
    let own = try test.contactIDs("conditions=company/id=250").first ?? 0
    let answer = patch(made["id"], #"[{"op":"replace","path":"contact","value":{"id":\#(own)}}]"#)
    #expect(answer.json["contact"]?["id"]?.whole == own)
  }

  /// "Activity flag is positive here: activeFlag"; "replace the whole object"; "\n … collapse to a blank".
  @Test("patches change what they name, and stamp the record") func patching() throws {
    let made = try created()
    #expect(made["status"]?["name"] == "Active" && made["activeFlag"] == true)
    try test.control("POST", "/clock", #"{"advance-seconds":90}"#)
    let answer = patch(
      made["id"],
      #"[{"op":"replace","path":"activeFlag","value":false},{"op":"replace","path":"status","value":{"id":3}},{"op":"replace","path":"notes","value":"a\nb"},{"op":"replace","path":"purchaseDate","value":"2024-05-31"},{"op":"replace","path":"company","value":{"id":253}}]"#
    )
    #expect(answer.status == 200)
    #expect(answer.json["activeFlag"] == false && answer.json["notes"] == "a b")
    #expect(answer.json["purchaseDate"] == "2024-05-31T00:00:00Z")
    #expect(answer.json["_info"]?["lastUpdated"] == "2026-03-01T09:01:30Z")
    #expect(rows("conditions=company/id=253").contains { $0["id"] == made["id"] })
    #expect(!rows("conditions=company/id=250").contains { $0["id"] == made["id"] })
    let cleared = patch(
      made["id"], #"[{"op":"replace","path":"notes","value":""},{"op":"remove","path":"purchaseDate"}]"#)
    #expect(cleared.json["notes"] == nil && cleared.json["purchaseDate"] == nil)
    for body in [
      #"[{"op":"replace","path":"shoeSize","value":1}]"#, #"[{"op":"replace","path":"inactiveFlag","value":true}]"#,
      #"[{"op":"replace","path":"installationDate","value":"soon"}]"#,
      #"[{"op":"replace","path":"/notes","value":"x"}]"#,
    ] { #expect(patch(made["id"], body).json["code"] == "InvalidPatch") }
  }

  @Test("configurations are found by conditions, counted and walked forward") func listing() throws {
    try test.control("POST", "/connectwise/import", #"{"kind":"configurations","count":120,"company":"Acorn"}"#)
    let count = test.cw("GET", "\(path)/count?conditions=\(test.conditions(#"serialNumber like "IMP%""#))").json
    #expect(count["count"] == 120)
    var (ids, target, pages): ([Int], String, Int) = ([], "\(path)?pageSize=50", 0)
    while pages < 20 {
      let answer = test.cw("GET", target, headers: ["pagination-type": "forward-only"])
      ids += (answer.json.elements ?? []).compactMap { $0["id"]?.whole }
      pages += 1
      guard let next = answer.nextLink else { break }
      target = next
    }
    #expect(ids == ids.sorted() && ids.count == test.cw("GET", "\(path)/count").json["count"]?.whole)
    let typed = rows("conditions=\(test.conditions(#"type/name="Server" and activeFlag=true"#))&fields=id,type/name")
    #expect(!typed.isEmpty && typed.allSatisfy { $0["type"] == ["name": "Server"] && $0["name"] == nil })
    #expect(test.cw("GET", "\(path)?conditions=shoeSize=1").status == 400)
    let since = test.conditions("lastUpdated>[2026-02-28T00:00:00Z]")
    #expect(rows("conditions=\(since)").count == 120)
  }

  @Test("walking forward begins with the very first record") func firstRecord() throws {
    let empty = TestWorld(people: 0)
    try empty.control("POST", "/connectwise/contacts", #"{"firstName":"N","company":"Acme"}"#)
    let forward = ["pagination-type": "forward-only"]
    #expect(empty.cw("GET", "/company/contacts", headers: forward).json.elements?.count == 1)
    #expect(empty.cw("GET", path, headers: forward).json == [])
  }

  @Test("rights are apart from those on companies") func rights() throws {
    try test.control(
      "POST", "/connectwise/rights", #"{"configurations":{"write":false},"manufacturers":{"read":false}}"#)
    #expect(test.cw("GET", path).status == 200)
    #expect(test.cw("POST", path, "{}").status == 403)
    #expect(test.cw("GET", "/procurement/manufacturers").status == 403)
    #expect(test.cw("GET", "/company/companies/count").status == 200)
  }

  @Test("technicians create, change, touch and delete configurations") func control() throws {
    let contact = try test.contactIDs("conditions=company/id=250").first ?? 0
    let made = try test.control(
      "POST", "/connectwise/configurations",
      #"{"name":"ACME-CAM-1","company":"acme","type":"Printer","status":"Spare","manufacturer":"HP","contact":\#(contact)}"#
    )
    #expect(made["status"]?["name"] == "Spare" && made["contact"]?["id"]?.whole == contact)
    #expect(made["_info"]?["updatedBy"] == "jdoe")
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    let changed = try test.control(
      "PATCH", "/connectwise/configurations/ACME-CAM-1", #"{"status":null,"modelNumber":"X1"}"#)
    #expect(changed["status"] == nil && changed["modelNumber"] == "X1")
    #expect(try test.refusal("PATCH", "/connectwise/configurations/ACME-CAM-1", #"{"type":"Toaster"}"#).status == 400)
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    let touched = try test.control("POST", "/connectwise/configurations/\(made["id"]!.encoded)/touch")
    #expect(touched["_info"]?["lastUpdated"] == "2026-03-01T09:02:00Z")
    try test.control("DELETE", "/connectwise/configurations/ACME-CAM-1")
    #expect(test.cw("GET", "\(path)/\(made["id"]!.encoded)").status == 404)
    #expect(try test.refusal("GET", "/connectwise/configurations/ACME-CAM-1").status == 404)
  }

  @Test("a page of a thousand comes quickly from fifty thousand") func speed() throws {
    try test.control("POST", "/connectwise/import", #"{"kind":"configurations","count":50000,"company":"Acme"}"#)
    let clock = ContinuousClock()
    var answer = EmulatedResponse(status: 0)
    let forward = clock.measure {
      answer = test.cw("GET", "\(path)?pageSize=1000&pageId=40000", headers: ["pagination-type": "forward-only"])
    }
    #expect(answer.json.elements?.count == 1000)
    #expect(forward < .seconds(2))
  }
}
