import Foundation
import Testing

@testable import Sandbox

@Suite("ConnectWise: writing companies")
struct ConnectWiseCompanyTests {
  let test = TestWorld()

  private func created(_ body: String) throws -> JSON {
    let answer = test.cw("POST", "/company/companies", body)
    #expect(answer.status == 201, "\(answer.body)")
    return answer.json
  }

  private func patch(_ id: Int, _ body: String) -> EmulatedResponse {
    test.cw("PATCH", "/company/companies/\(id)", body)
  }

  /// "`identifier` and `name` are required"; "status → row of /company/companies/statuses"; "POST ok, body = record 201".
  @Test("a company is created with its defaults, and is found again") func creating() throws {
    let company = try created(
      #"{"identifier":"NewCo","name":"New Company","city":"Tampa","website":"new.example","status":{"id":5},"types":[{"id":2}],"parentCompany":{"id":250}}"#
    )
    #expect(company["status"]?["name"] == "Imported")
    #expect(company["types"]?.elements?.map { $0["name"] } == ["Prospect"])
    #expect(company["parentCompany"]?["identifier"] == "Acme")
    #expect(company["_info"]?["updatedBy"] == "kithapi")
    let found = test.cw("GET", "/company/companies?conditions=\(test.conditions(#"name="New Company""#))").json
    #expect(found.elements == [company])
    let plain = try created(#"{"identifier":"Plain","name":"Plain","addressLine1":"1 Road"}"#)
    #expect(plain["status"]?["id"] == 1 && plain["types"]?.elements?.map { $0["id"] } == [1])
    #expect(plain["id"]?.whole == (company["id"]?.whole ?? 0) + 1)
  }

  /// "identifier ≤ 25 in CWM; unique"; "name ≤ 50"; "At least one address field must be present on create"; "ObjectExists
  /// inside errors[] of a 400 InvalidObject signals a unique-key clash".
  @Test(
    "what is no company is refused with the field's name",
    arguments: [
      (#"{"name":"N","city":"T"}"#, "identifier", "MissingRequiredField"),
      (#"{"identifier":"N","city":"T"}"#, "name", "MissingRequiredField"),
      (#"{"identifier":"N","name":"N"}"#, "addressLine1", "MissingRequiredField"),
      (#"{"identifier":"ACME","name":"N","city":"T"}"#, "identifier", "ObjectExists"),
      (
        #"{"identifier":"\#(String(repeating: "x", count: 26))","name":"N","city":"T"}"#, "identifier",
        "StringLengthExceeded"
      ),
      (
        #"{"identifier":"N","name":"\#(String(repeating: "x", count: 51))","city":"T"}"#, "name", "StringLengthExceeded"
      ),
      (#"{"identifier":"N","name":"N","city":"T","status":{"id":99}}"#, "status", "InvalidReference"),
      (#"{"identifier":"N","name":"N","city":"T","types":[{"id":99}]}"#, "types", "InvalidReference"),
      (#"{"identifier":"N","name":"N","city":"T","parentCompany":{"id":1}}"#, "parentCompany", "InvalidReference"),
    ])
  func validation(_ body: String, _ field: String, _ code: String) {
    let before = test.cw("GET", "/company/companies/count").body
    let answer = test.cw("POST", "/company/companies", body)
    #expect(answer.status == 400)
    #expect(answer.json["code"] == "InvalidObject")
    #expect(answer.json["message"] == "company object is invalid")
    #expect(answer.json["errors"]?.elements?.first?["field"]?.text == field)
    #expect(answer.json["errors"]?.elements?.first?["code"]?.text == code)
    #expect(test.cw("GET", "/company/companies/count").body == before)
  }

  @Test("an instance may do without an address; a deleted company keeps its identifier") func options() throws {
    try test.control("POST", "/connectwise/options", #"{"company-needs-address":false}"#)
    _ = try created(#"{"identifier":"N","name":"N"}"#)
    try test.control("DELETE", "/connectwise/companies/N")
    #expect(test.cw("POST", "/company/companies", #"{"identifier":"n","name":"N"}"#).status == 400)
  }

  /// "PATCH status with the whole reference"; "`types` can be written only in POST"; "company/identifier may return 200
  /// without any effect".
  @Test("patches change what they name, and types in vain") func patching() throws {
    let answer = patch(
      250,
      #"[{"op":"replace","path":"name","value":"Acme Dental Group"},{"op":"replace","path":"status","value":{"id":2}}]"#
    )
    #expect(answer.status == 200)
    #expect(answer.json["name"] == "Acme Dental Group" && answer.json["status"]?["name"] == "Inactive")
    let types = patch(
      250, #"[{"op":"replace","path":"types","value":[{"id":2}]},{"op":"replace","path":"status/id","value":1}]"#)
    #expect(types.status == 200)
    #expect(types.json["types"]?.elements?.map { $0["id"] } == [1] && types.json["status"]?["id"] == 2)
    let vain = try test.control("GET", "/state?system=connectwise")["connectwise"]?["patches-in-vain"]
    #expect(vain == ["company status/id": 1, "company types": 1])
    #expect(patch(250, #"[{"op":"replace","path":"shoeSize","value":1}]"#).json["code"] == "InvalidPatch")
    #expect(patch(250, #"{"op":"replace","path":"name","value":"x"}"#).json["code"] == "InvalidPatch")
    #expect(patch(250, #"[{"op":"replace","path":"identifier","value":"Acorn"}]"#).status == 400)
    #expect(patch(250, #"[{"op":"replace","path":"parentCompany","value":{"id":250}}]"#).status == 400)
    #expect(patch(9999, #"[{"op":"replace","path":"name","value":"x"}]"#).status == 404)
    #expect(test.cw("PUT", "/company/companies/250", "{}").status == 405)
  }

  /// "afterwards use /company/companies/{id}/typeAssociations ({ "type": {"id":1}, "company": {"id":250} })".
  @Test("types come and go by associations") func associations() throws {
    let path = "/company/companies/250/typeAssociations"
    let added = test.cw("POST", path, #"{"type":{"id":3},"company":{"id":250}}"#)
    #expect(added.status == 201)
    #expect(test.cw("POST", path, #"{"type":{"id":3}}"#).status == 400)
    let clients = test.cw("GET", "/company/companies/count?childConditions=\(test.conditions("types/id=3"))").json
    #expect(clients["count"] == 1)
    #expect(test.cw("DELETE", "\(path)/\(added.json["id"]!.whole!)").status == 204)
    #expect(test.cw("GET", path).json.elements?.count == 1)
  }

  /// "disallowSavingFlag:true on a status makes saving (also of related records) fail: expect 400s for such companies."
  @Test("a status that disallows saving is left only by another status") func disallowSaving() throws {
    #expect(patch(250, #"[{"op":"replace","path":"status","value":{"id":4}}]"#).status == 200)
    #expect(patch(250, #"[{"op":"replace","path":"name","value":"x"}]"#).status == 400)
    let id = test.cw("GET", "/company/configurations?conditions=company/id=250&pageSize=1").json.elements![0]["id"]!
    #expect(
      test.cw(
        "PATCH", "/company/configurations/\(id.encoded)", #"[{"op":"replace","path":"tagNumber","value":"x"}]"#
      ).status == 400)
    #expect(patch(250, #"[{"op":"replace","path":"status","value":{"id":1}}]"#).status == 200)
    #expect(patch(250, #"[{"op":"replace","path":"name","value":"x"}]"#).status == 200)
  }

  @Test("technicians create, rename, retype and touch companies") func control() throws {
    try test.control("POST", "/connectwise/companies", #"{"identifier":"NewCo","name":"New","types":["Vendor"]}"#)
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    let changed = try test.control(
      "PATCH", "/connectwise/companies/newco", #"{"identifier":"NewCo2","parentCompany":"Acme","website":"n.example"}"#)
    #expect(changed["parentCompany"]?["id"] == 250 && changed["website"] == "n.example")
    #expect(changed["types"]?.elements?.map { $0["name"] } == ["Vendor"])
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    let touched = try test.control("POST", "/connectwise/companies/NewCo2/touch")
    #expect(touched["_info"]?["lastUpdated"] == "2026-03-01T09:02:00Z" && touched["name"] == "New")
    #expect(try test.refusal("PATCH", "/connectwise/companies/NewCo2", #"{"identifier":"acme"}"#).status == 409)
    try test.control("POST", "/connectwise/import", #"{"kind":"companies","count":30}"#)
    #expect(test.cw("GET", "/company/companies/count").json["count"] == 35)
  }
}
