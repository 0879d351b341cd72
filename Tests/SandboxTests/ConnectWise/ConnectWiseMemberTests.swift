import Foundation
import Testing

@testable import Sandbox

@Suite("ConnectWise: members")
struct ConnectWiseMemberTests {
  let test = TestWorld()

  private func ids(_ query: String) throws -> [Int] {
    let answer = test.cw("GET", "/system/members?pageSize=1000&fields=id&orderBy=id&\(query)")
    #expect(answer.status == 200, "\(answer.body)")
    return (answer.json.elements ?? []).compactMap { $0["id"]?.whole }
  }

  private func matching(_ conditions: String) throws -> [Int] {
    try ids("conditions=\(test.conditions(conditions))")
  }

  private func member(_ story: StaffStory) throws -> JSON {
    try test.control("GET", "/connectwise/members/\(test.member(story).id)")
  }

  /// The table "Members and configurations", with the vendor's names.
  @Test("a member is shown with what the page names") func fields() throws {
    let seed = try test.member(.identifierOnly)
    let shown = test.cw("GET", "/system/members/\(seed.id)").json
    #expect(shown["identifier"]?.text == seed.identifier)
    #expect(shown["firstName"]?.text == seed.firstName && shown["lastName"]?.text == seed.lastName)
    #expect(shown["primaryEmail"]?.text == seed.primaryEmail && shown["officeEmail"]?.text == seed.officeEmail)
    #expect(shown["inactiveFlag"] == false && shown["licenseClass"] == "F" && shown["defaultEmail"] == "Office")
    #expect(shown["defaultLocation"]?["name"]?.text == seed.location)
    #expect(shown["defaultDepartment"]?["name"]?.text == seed.department)
    #expect(shown["workRole"]?["name"]?.text == seed.workRole)
    #expect(shown["hireDate"]?.text == seed.hiredOn.map { "\($0)T00:00:00Z" })
    #expect(shown["type"]?["id"]?.whole != nil && shown["_info"]?["lastUpdated"]?.text != nil)
    #expect(test.cw("GET", "/system/members/999999").status == 404)
    let restricted = test.cw("GET", "/system/members/\(seed.id)?fields=id,type/name").json
    #expect(restricted == ["id": .int(seed.id), "type": ["name": .string(seed.type)]])
  }

  @Test("absent values are absent, or null where the instance sends nulls") func absent() throws {
    let id = try test.member(.withoutOrganisation).id
    let names = ["defaultLocation", "defaultDepartment", "workRole", "hireDate"]
    #expect(names.allSatisfy { test.cw("GET", "/system/members/\(id)").json[$0] == nil })
    try test.control("POST", "/connectwise/options", #"{"nulls":"null"}"#)
    #expect(names.allSatisfy { test.cw("GET", "/system/members/\(id)").json[$0] == JSON.null })
  }

  @Test("members are counted, filtered and paged like everything else") func listing() throws {
    let all = try ids("")
    #expect(all.count == 40)
    #expect(test.cw("GET", "/system/members/count").json["count"] == 40)
    #expect(test.cw("GET", "/system/members").json.elements?.count == 25)
    let inactive = try matching("inactiveFlag=true")
    #expect(!inactive.isEmpty)
    #expect(try matching("inactiveFlag=false").count + inactive.count == 40)
    #expect(try matching(#"licenseClass="A""#) == [test.member(.apiMember).id])
    #expect(try matching(#"type/name="Subcontractor""#).contains(test.member(.subcontractor).id))
    #expect(try matching("type/id in (1,2) and inactiveFlag=false").count < 40)
    #expect(try matching("primaryEmail=null").contains(test.member(.officeMailOnly).id))
    let seed = try test.member(.manager)
    #expect(try matching(#"identifier="\#(seed.identifier)""#) == [seed.id])
    #expect(try matching(#"primaryEmail="\#(seed.primaryEmail ?? "")""#) == [seed.id])
    #expect(try matching("workRole/id!=null and defaultLocation/name!=null and defaultDepartment/id>0").count == 39)
    #expect(test.cw("GET", "/system/members?conditions=shoeSize=1").status == 400)
    var forward: [Int] = []
    var target = "/system/members?pageSize=15"
    for _ in 0..<10 {
      let answer = test.cw("GET", target, headers: ["pagination-type": "forward-only"])
      forward += (answer.json.elements ?? []).compactMap { $0["id"]?.whole }
      guard let link = answer.header("Link"), !link.isEmpty else { break }
      target = String(link.dropFirst().prefix { $0 != ">" })
    }
    #expect(forward == all)
  }

  @Test("an edit shows in lastUpdated and in a reading since then") func changes() throws {
    let id = try test.member(.stream).id
    let since = "lastUpdated>[2026-03-01T09:00:30Z]"
    #expect(try matching(since) == [])
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    try test.control("PATCH", "/connectwise/members/\(id)", #"{"title":"Lead"}"#)
    #expect(try matching(since) == [id])
    #expect(try matching("_info/\(since)") == [id])
    #expect(test.cw("GET", "/system/members/\(id)").json["_info"]?["updatedBy"] == "jdoe")
  }

  @Test("types, locations, departments and work roles are tables of their own") func tables() throws {
    let types = test.cw("GET", "/system/members/types").json.elements ?? []
    #expect(types.compactMap { $0["name"]?.text }.sorted() == StaffCatalogue.memberTypes.sorted())
    try test.control("POST", "/connectwise/member-types", #"{"name":"Apprentice"}"#)
    try test.control("POST", "/connectwise/member-types", #"{"name":"Trainee","isInactive":true}"#)
    #expect(test.cw("GET", "/system/members/types/count").json["count"]?.whole == types.count + 1)
    let inactive = test.cw("GET", "/system/members/types?conditions=inactiveFlag=true").json.elements ?? []
    #expect(inactive.map { $0["name"] } == ["Trainee"])
    for (path, count) in [
      ("/system/locations", StaffCatalogue.locations.count), ("/system/departments", StaffCatalogue.departments.count),
      ("/time/workRoles", StaffCatalogue.workRoles.count),
    ] {
      #expect(test.cw("GET", path).json.elements?.count == count, "\(path)")
      #expect(test.cw("POST", path, "{}").status == 405)
    }
    #expect(test.cw("GET", "/system/nothing").status == 404)
    #expect(test.cw("GET", "/time/nothing").status == 404)
  }

  /// "the picture is a document: GET /system/documents/{photo.id}/download, needs Manage Documents, Inquire All".
  @Test("a picture is had with credentials and its own right, and is a PNG") func photos() throws {
    let shown = test.cw("GET", "/system/members/\(try test.member(.largePhoto).id)").json
    let link = try #require(shown["photo"]?["_info"]?["documentDownload_href"]?.text)
    #expect(link.hasSuffix("/system/documents/\(shown["photo"]?["id"]?.whole ?? 0)/download"))
    let large = test.cw("GET", link)
    #expect(large.status == 200 && large.header("Content-Type") == "image/png")
    #expect(large.content.count > 2_000_000)
    #expect(large.content.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(large.content.suffix(8) == [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
    #expect(test.cw("GET", link, headers: ["Authorization": ""]).status == 401)
    #expect(test.cw("GET", "/system/documents/1/download").status == 404)
    #expect(test.cw("GET", "/system/members/\(try test.member(.withoutPhoto).id)").json["photo"] == nil)
    #expect(test.cw("GET", "/system/members/\(try test.member(.withoutPhoto).id)/image").status == 404)
    try test.control("POST", "/connectwise/rights", #"{"documents":{"read":false}}"#)
    #expect(test.cw("GET", link).status == 403)
    #expect(test.cw("GET", "/system/members/\(try test.member(.largePhoto).id)/image").content == large.content)
    try test.control("POST", "/connectwise/options", #"{"photo-links":"elsewhere"}"#)
    let stray = test.cw("GET", "/system/members/\(try test.member(.largePhoto).id)").json
    #expect(stray["photo"]?["_info"]?["documentDownload_href"]?.text?.contains("localhost") == true)
    try test.control("PATCH", "/connectwise/members/\(try test.member(.largePhoto).id)", #"{"photo":"small"}"#)
    try test.control("POST", "/connectwise/rights", #"{"documents":{"read":true}}"#)
    #expect(test.cw("GET", link).status == 404)
  }

  /// "No DELETE"; "members need System > Members".
  @Test("members are read with their own right, and nobody is written") func rights() throws {
    #expect(test.cw("DELETE", "/system/members/151").status == 403)
    #expect(test.cw("POST", "/system/members", "{}").status == 403)
    try test.control("POST", "/connectwise/rights", #"{"members":{"write":true}}"#)
    #expect(test.cw("DELETE", "/system/members/151").status == 405)
    try test.control("POST", "/connectwise/rights", #"{"members":{"read":false}}"#)
    #expect(test.cw("GET", "/system/members").status == 403)
    #expect(test.cw("GET", "/system/members/count").status == 403)
    #expect(test.cw("GET", "/system/members/types").status == 403)
    #expect(test.cw("GET", "/company/contacts/count").status == 200)
  }

  @Test("administrators add, edit, deactivate and reactivate members") func control() throws {
    let made = try test.control(
      "POST", "/connectwise/members",
      #"{"identifier":"NLIND","firstName":"Nora","lastName":"Lind","email":"nora@kestrel.example","type":"Full","location":"Porto","department":"Service","workRole":"Night Shift","hireDate":"2024-05-06","photo":"small"}"#
    )
    let id = try #require(made["id"]?.whole)
    #expect(made["primaryEmail"] == "nora@kestrel.example" && made["officeEmail"] == "nora@kestrel.example")
    #expect(made["workRole"]?["name"] == "Night Shift" && made["hireDate"] == "2024-05-06T00:00:00Z")
    #expect(test.cw("GET", "/time/workRoles").json.elements?.count == StaffCatalogue.workRoles.count + 1)
    let edited = try test.control(
      "PATCH", "/connectwise/members/nlind", #"{"email":null,"type":"API","workRole":null}"#)
    #expect(edited["primaryEmail"] == nil && edited["officeEmail"] == nil && edited["workRole"] == nil)
    #expect(edited["type"]?["name"] == "API")
    let left = try test.control("POST", "/connectwise/members/\(id)/deactivate")
    #expect(left["inactiveFlag"] == true && left["inactiveDate"] == "2026-03-01T09:00:00Z")
    let back = try test.control("POST", "/connectwise/members/\(id)/reactivate")
    #expect(back["inactiveFlag"] == false && back["inactiveDate"] == nil)
    #expect(
      try test.refusal("POST", "/connectwise/members", #"{"identifier":"nlind","firstName":"N","lastName":"L"}"#).status
        == 409)
    for body in [
      #"{"identifier":"SIXTEENLETTERSXX"}"#, #"{"type":"Nobody"}"#, #"{"shoeSize":1}"#, #"{"hireDate":"soon"}"#,
      #"{"photo":"huge"}"#, #"{"firstName":null}"#,
    ] {
      #expect(try test.refusal("PATCH", "/connectwise/members/NLIND", body).status == 400, "\(body)")
    }
    try test.control("POST", "/connectwise/members/NLIND/touch")
    try test.control("DELETE", "/connectwise/members/NLIND")
    #expect(test.cw("GET", "/system/members/\(id)").status == 404)
    #expect(try test.refusal("GET", "/connectwise/members/NLIND").status == 404)
    try test.control("POST", "/connectwise/import", #"{"kind":"members","count":70}"#)
    #expect(try ids("").count == 110)
    #expect(try ids("").last == id + 70)
  }
}

@Suite("Seed: staff")
struct SeedStaffTests {
  private func staff(_ people: Int, seed: UInt64 = 1) -> SeedStaff {
    SeedWorld(SandboxOptions(seed: seed, people: people), now: Date(timeIntervalSince1970: 1_772_000_000)).staff
  }

  @Test(
    "as many members as people, up to forty", arguments: [(0, 0), (1, 1), (24, 24), (25, 25), (40, 40), (5000, 40)])
  func bounded(_ people: Int, _ count: Int) {
    #expect(staff(people).members.count == count)
    if people == 0 { #expect(staff(people).employees.isEmpty) }
  }

  @Test("every story is there once the staff is large enough", arguments: UInt64(1)...8) func stories(_ seed: UInt64) {
    let staff = staff(25, seed: seed)
    #expect(Set(staff.members.map(\.story)) == Set(StaffStory.ofMembers))
    #expect(staff.employees.contains { $0.story == .onlyAtCrewhu })
  }

  @Test("members are what the vendor takes, each id, identifier and address once", arguments: UInt64(1)...8)
  func valid(_ seed: UInt64) {
    let members = staff(40, seed: seed).members
    #expect(Set(members.map(\.id)).count == 40)
    #expect(Set(members.map { $0.identifier.lowercased() }).count == 40)
    let addresses = members.compactMap(\.primaryEmail)
    #expect(Set(addresses).count == addresses.count)
    #expect(members.allSatisfy { !$0.identifier.isEmpty && $0.identifier.count <= 15 })
    #expect(members.allSatisfy { $0.firstName.count <= 30 && $0.lastName.count <= 30 && !$0.lastName.isEmpty })
    #expect(members.allSatisfy { StaffCatalogue.memberTypes.contains($0.type) })
    #expect(members.map(\.id) == members.map(\.id).sorted())
  }

  @Test("the same seed gives the same staff, another seed another") func deterministic() {
    func text(_ seed: UInt64) -> String { "\(staff(40, seed: seed).members)\(staff(40, seed: seed).employees)" }
    #expect(text(3) == text(3))
    #expect(text(3) != text(4))
  }
}
