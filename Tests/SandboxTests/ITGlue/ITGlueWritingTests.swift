import Foundation
import Testing

@testable import Sandbox

@Suite("IT Glue: writing")
struct ITGlueWritingTests {
  let test = TestWorld()

  private func acme() throws -> Int { try test.glueID("organizations", "Acme Dental") }

  private func errors(_ answer: EmulatedResponse) -> JSON? { answer.json["errors"]?.elements?.first }

  private func contact(_ attributes: String = "") throws -> JSON {
    try test.glueCreated("contacts", #"{"organization-id":\#(try acme()),"first-name":"Una"\#(attributes)}"#)
  }

  /// "Answer: the created object. Documented as 201 for locations; for the rest a community description says 200. Accept any
  /// 2xx"; "To change a lookup write the `*-id`"; "snake_case and kebab-case both are accepted".
  @Test("records are created with ids for names") func creating() throws {
    let (type, status) = (
      try test.glueID("organization_types", "Client"), try test.glueID("organization_statuses", "Active")
    )
    let made = try test.glueCreated(
      "organizations",
      #"{"name":"Bakery","organization-type-id":\#(type),"organization_status_id":\#(status),"short-name":"bake","description":""}"#
    )
    #expect(
      made.attribute("organization-type-name") == "Client" && made.attribute("organization-status-name") == "Active")
    #expect(made.attribute("description") == JSON.null && made.attribute("primary") == false)
    #expect(made.attribute("created-at") == "2026-03-01T09:00:00.000Z")
    let id = try #require(made["id"]?.text)
    #expect(test.glue("GET", "/organizations/\(id)").json["data"] == made)
    let place =
      #"{"data":{"type":"locations","attributes":{"organization_id":\#(id),"name":"Main","phone":"+1 (813) 555-0100"}}}"#
    let location = test.glue("POST", "/locations", place)
    #expect(location.status == 201)
    #expect(location.json["data"]?.attribute("phone") == "18135550100")
    try test.glueOptions(#"{"create-status":201}"#)
    let body = #"{"data":{"type":"organization_types","attributes":{"name":"Partner"}}}"#
    #expect(test.glue("POST", "/organization_types", body).status == 201)
  }

  /// The table of required attributes; the two shapes of a 422: "Valid organization_id is required" with
  /// `data/attributes/organization_id`, and "must exist" with `/data/attributes/configuration-type`.
  @Test(
    "what is missing or impossible is refused in the vendor's two shapes",
    arguments: [
      ("organizations", "{}", "/data/attributes/name"), ("organizations", #"{"name":""}"#, "/data/attributes/name"),
      ("organizations", #"{"name":"Acme Dental"}"#, "/data/attributes/name"),
      ("organizations", #"{"name":"N","organization-type-id":1}"#, "/data/attributes/organization-type"),
      ("contacts", #"{"first-name":"N"}"#, "data/attributes/organization_id"),
      ("contacts", #"{"organization-id":1}"#, "data/attributes/organization_id"),
      ("configurations", #"{"organization-id":ACME,"name":"N"}"#, "/data/attributes/configuration-type"),
      ("configurations", #"{"organization-id":ACME,"configuration-type-id":TYPE}"#, "/data/attributes/name"),
      (
        "configurations",
        #"{"organization-id":ACME,"configuration-type-id":TYPE,"name":"N","mac-address":"00:11:22:33:44:55:66"}"#,
        "/data/attributes/mac-address"
      ),
      (
        "configurations", #"{"organization-id":ACME,"configuration-type-id":TYPE,"name":"N","model-id":7}"#,
        "/data/attributes/model"
      ),
      (
        "configurations", #"{"organization-id":ACME,"configuration-type-id":TYPE,"name":"N","installed-at":"soon"}"#,
        "/data/attributes/installed-at"
      ),
      ("locations", #"{"organization-id":ACME}"#, "/data/attributes/name"),
      ("manufacturers", "{}", "/data/attributes/name"),
      ("manufacturers", #"{"name":"Dell"}"#, "/data/attributes/name"),
      ("models", #"{"name":"M"}"#, "data/attributes/manufacturer_id"),
    ])
  func validation(_ kind: String, _ attributes: String, _ pointer: String) throws {
    let body = attributes.replacing("ACME", with: "\(try acme())")
      .replacing("TYPE", with: "\(try test.glueID("configuration_types", "Server"))")
    let before = test.glue("GET", "/\(kind)?page[size]=1").json["meta"]?["total-count"]
    let answer = test.glue("POST", "/\(kind)", #"{"data":{"type":"\#(kind)","attributes":\#(body)}}"#)
    #expect(answer.status == 422, "\(answer.body)")
    #expect(errors(answer)?["status"] == 422)
    #expect(errors(answer)?["source"]?["pointer"]?.text == pointer)
    #expect(test.glue("GET", "/\(kind)?page[size]=1").json["meta"]?["total-count"] == before)
  }

  /// "400: malformed JSON:API body".
  @Test(
    "what is no JSON:API document is malformed",
    arguments: [
      "", "[]", "{}", #"{"data":null}"#, #"{"data":{"attributes":{"name":"N"}}}"#,
      #"{"data":{"type":"contacts","attributes":{"name":"N"}}}"#, #"{"data":{"type":"organizations"}}"#,
      #"{"data":[{"type":"organizations","attributes":{"name":"N"}}]}"#, "not json",
    ])
  func malformed(_ body: String) {
    #expect(test.glue("POST", "/organizations", body).status == 400)
  }

  /// "a contact without any name is accepted"; "a contact without e-mail, or without any name, is legal".
  @Test("a contact may be without name and address") func namelessContact() throws {
    let made = try test.glueCreated("contacts", #"{"organization-id":\#(try acme())}"#)
    #expect(made.attribute("name") == JSON.null && made.attribute("contact-emails") == [])
    #expect(made.attribute("important") == JSON.null)
  }

  /// "Phone and extension lose all separators on write"; "`primary` defaults to false (so a lone entry without it leaves no
  /// primary); `label-type` defaults to `phone`"; "both `value` and `label-name` are required".
  @Test("numbers lose their separators, and a lone entry is not primary") func phones() throws {
    let made = try contact(
      #","contact-phones":[{"value":"+353 (1) 555-0142","label-name":"Work","extension":"x 7"},{"value":"1","label_name":"Fax","label-type":"fax","primary":1}],"contact-emails":[{"value":"una@harbour.example","label-name":"Work"}]"#
    )
    let phones = made.attribute("contact-phones")?.elements ?? []
    #expect(phones[0]["value"] == "35315550142" && phones[0]["extension"] == "7" && phones[0]["primary"] == false)
    #expect(phones[0]["label-type"] == "phone" && phones[0]["formatted-value"]?.text?.contains(" ") == true)
    #expect(phones[1]["label-type"] == "fax" && phones[1]["primary"] == true)
    #expect(made.attribute("contact-emails")?.elements?.first?["primary"] == false)
    #expect(test.glueRows("/contacts?filter[primary_email]=una@harbour.example").isEmpty)
    let again = test.gluePatched(
      "contacts", made["id"],
      #"{"contact-emails":[{"value":"Una@harbour.example","label-name":"Work","primary":true}]}"#)
    #expect(again.status == 200)
    #expect(test.glueRows("/contacts?filter[primary_email]=una@harbour.example").map { $0["id"] } == [made["id"]])
    try test.glueOptions(#"{"phone-plus":"kept"}"#)
    let kept = test.gluePatched("contacts", made["id"], #"{"contact-phones":[{"value":"+1 2","label-name":"Work"}]}"#)
    #expect(kept.json["data"]?.attribute("contact-phones")?.elements?.first?["value"] == "+12")
  }

  /// "E-mail must look valid or 422. Unknown labels: created or refused? unverified".
  @Test(
    "entries that are none are refused",
    arguments: [
      #"{"contact-emails":[{"value":"no address","label-name":"Work"}]}"#, #"{"contact-emails":[{"value":"a@b.c"}]}"#,
      #"{"contact-emails":[{"label-name":"Work"}]}"#, #"{"contact-emails":"a@b.c"}"#,
      #"{"contact-phones":[{"value":"1","label-name":"Work","label-type":"pager"}]}"#,
      #"{"contact-phones":[{"value":"none","label-name":"Work"}]}"#,
    ])
  func entries(_ attributes: String) throws {
    let made = try contact()
    #expect(test.gluePatched("contacts", made["id"], attributes).status == 422)
    #expect(test.glue("GET", "/contacts/\(made["id"]!.text!)").json["data"] == made)
  }

  @Test("unknown labels are created, or refused where the account does so") func labels() throws {
    let made = try contact()
    let body = #"{"contact-emails":[{"value":"a@b.example","label-name":"Boat"}]}"#
    #expect(test.gluePatched("contacts", made["id"], body).status == 200)
    try test.glueOptions(#"{"unknown-labels":"refused"}"#)
    #expect(test.gluePatched("contacts", made["id"], body).status == 422)
  }

  /// "Arrays (`contact-emails`, `contact-phones`): merge or replace is not documented".
  @Test("sent addresses replace the former, or join them") func lists() throws {
    let made = try contact(#","contact-emails":[{"value":"a@b.example","label-name":"Work","primary":true}]"#)
    func after() -> [JSON?] {
      test.gluePatched(
        "contacts", made["id"], #"{"contact-emails":[{"value":"c@d.example","label-name":"Work","primary":true}]}"#
      ).json["data"]?.attribute("contact-emails")?.elements?.map { $0["value"] } ?? []
    }
    #expect(after() == ["c@d.example"])
    try test.glueOptions(#"{"lists":"merge"}"#)
    _ = test.gluePatched("contacts", made["id"], #"{"contact-emails":[{"value":"x@y.example","label-name":"Home"}]}"#)
    #expect(after() == ["x@y.example", "c@d.example"])
  }

  /// "attributes left out stay as they are"; "Sending null clears where nil is allowed; `name` of an organization or
  /// configuration cannot be null"; "Server-filled, ignored or refused on write".
  @Test("a patch changes what it names") func patching() throws {
    let made = try contact(#","title":"Buyer""#)
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    let renamed = test.gluePatched(
      "contacts", made["id"], #"{"last-name":"Byrne","organization-name":"X","shoe-size":4}"#)
    #expect(
      renamed.json["data"]?.attribute("name") == "Una Byrne" && renamed.json["data"]?.attribute("title") == "Buyer")
    #expect(renamed.json["data"]?.attribute("organization-name") == "Acme Dental")
    #expect(renamed.json["data"]?.attribute("updated-at") == "2026-03-01T09:01:00.000Z")
    let cleared = test.gluePatched("contacts", made["id"], #"{"title":null}"#)
    #expect(cleared.json["data"]?.attribute("title") == JSON.null)
    #expect(test.gluePatched("organizations", .string("\(try acme())"), #"{"name":null}"#).status == 422)
    try test.glueOptions(#"{"read-only-attributes":"refused"}"#)
    #expect(test.gluePatched("contacts", made["id"], #"{"organization-name":"X"}"#).status == 422)
    let counters = try test.control("GET", "/state?system=itglue")["itglue"]?["counters"]
    #expect(counters?["unknown attributes ignored"] == 1 && counters?["read-only attributes ignored"] == 2)
  }

  /// "Does `updated-at` of a contact move when only an e-mail/phone row changes? Not documented"; "an edit with equal content
  /// still counts as a save - if the server moves the stamp, unverified".
  @Test("stamps move with every save, unless the account does otherwise") func stamps() throws {
    let made = try contact()
    func stamp() -> JSON? { test.glue("GET", "/contacts/\(made["id"]!.text!)").json["data"]?.attribute("updated-at") }
    func patch(_ body: String) -> Bool {
      let before = stamp()
      #expect(test.gluePatched("contacts", made["id"], body).status == 200)
      return stamp() != before
    }
    let address = #"{"contact-emails":[{"value":"ADDRESS@b.example","label-name":"Work"}]}"#
    #expect(patch(#"{"first-name":"Una"}"#) && patch(address))
    try test.glueOptions(#"{"saving-moves-updated-at":false,"lists-move-updated-at":false}"#)
    #expect(!patch(#"{"first-name":"Una"}"#) && !patch(address.replacing("ADDRESS", with: "other")))
    #expect(patch(#"{"first-name":"Unah"}"#))
    let before = stamp()
    try test.control("POST", "/itglue/contacts/\(made["id"]!.text!)/touch")
    #expect(stamp() != before)
  }

  /// "Configuration PATCH with any `relationships` → 422"; "Primary IP/MAC mirror the primary configuration interface".
  @Test("interfaces come with a new configuration only") func interfaces() throws {
    let type = try test.glueID("configuration_types", "Server")
    let body =
      #"{"data":{"type":"configurations","attributes":{"organization-id":\#(try acme()),"configuration-type-id":\#(type),"name":"N"},"relationships":{"configuration_interfaces":{"data":[{"type":"configuration_interfaces","attributes":{"name":"Ethernet","ip-address":"10.0.0.9","primary":true}}]}}}}"#
    let made = test.glue("POST", "/configurations", body)
    #expect(made.json["data"]?.attribute("primary-ip") == "10.0.0.9")
    let id = made.json["data"]?["id"]?.text ?? ""
    let patch = #"{"data":{"type":"configurations","attributes":{"notes":"x"},"relationships":{}}}"#
    #expect(test.glue("PATCH", "/configurations/\(id)", patch).status == 422)
    #expect(
      test.gluePatched("configurations", .string(id), #"{"archived":"true"}"#).json["data"]?.attribute("archived")
        == true)
  }

  /// "Model: belongs to one manufacturer"; "A contact on a configuration is set only when both are of the same client."
  @Test("models follow their manufacturer, contacts their organization") func references() throws {
    let (dell, cisco) = (try test.glueID("manufacturers", "Dell"), try test.glueID("manufacturers", "Cisco"))
    let model = test.glueRows("/manufacturers/\(dell)/relationships/models?sort=name")[0]["id"]!.text!
    let type = try test.glueID("configuration_types", "Server")
    let made = try test.glueCreated(
      "configurations",
      #"{"organization-id":\#(try acme()),"configuration-type-id":\#(type),"name":"N","manufacturer-id":\#(dell),"model-id":\#(model)}"#
    )
    #expect(made.attribute("model-name")?.text?.isEmpty == false)
    let both = test.gluePatched(
      "configurations", made["id"], #"{"manufacturer-id":\#(cisco),"model-id":\#(model)}"#)
    #expect(both.status == 422)
    let moved = test.gluePatched("configurations", made["id"], #"{"manufacturer-id":\#(cisco)}"#)
    #expect(moved.json["data"]?.attribute("model-id") == JSON.null)
    let acorn = try test.glueID("organizations", "Acorn Freight")
    let stranger = test.glueRows("/contacts?filter[organization_id]=\(acorn)&sort=id")[0]["id"]!.text!
    #expect(test.gluePatched("configurations", made["id"], #"{"contact-id":\#(stranger)}"#).status == 422)
    let own = try contact()
    #expect(test.gluePatched("configurations", made["id"], #"{"contact-id":\#(own["id"]!.text!)}"#).status == 200)
    _ = test.glue("DELETE", "/contacts", #"{"data":[{"type":"contacts","attributes":{"id":\#(own["id"]!.text!)}}]}"#)
    #expect(test.glue("GET", "/configurations/\(made["id"]!.text!)").json["data"]?.attribute("contact-id") == JSON.null)
    let away = test.gluePatched("configurations", made["id"], #"{"organization-id":\#(acorn)}"#)
    #expect(away.json["data"]?.attribute("organization-name") == "Acorn Freight")
    #expect(test.glueRows("/configurations?filter[organization_id]=\(acorn)&filter[name]=N").count == 1)
  }

  /// "Many at once: POST an array in `data`, only on nested routes. Partial failure semantics undocumented".
  @Test("arrays are created on nested routes, up to the first that is bad") func bulkCreate() throws {
    let path = "/organizations/\(try acme())/relationships/contacts"
    let one = #"{"type":"contacts","attributes":{"first-name":"A"}}"#
    let bad = #"{"type":"contacts","attributes":{"contact-emails":[{"value":"x"}]}}"#
    func count() -> Int? { test.glue("GET", "/contacts?page[size]=1").json["meta"]?["total-count"]?.whole }
    let before = count() ?? 0
    let both = test.glue("POST", path, #"{"data":[\#(one),\#(one)]}"#)
    #expect(both.json["data"]?.elements?.map { $0.attribute("organization-name") } == ["Acme Dental", "Acme Dental"])
    #expect(test.glue("POST", path, #"{"data":[\#(one),\#(bad)]}"#).status == 422)
    #expect(count() == before + 3)
    try test.glueOptions(#"{"bulk":"atomic"}"#)
    #expect(test.glue("POST", path, #"{"data":[\#(one),\#(bad)]}"#).status == 422)
    #expect(count() == before + 3)
    let single = test.glue("POST", path, #"{"data":\#(one)}"#)
    #expect(single.json["data"]?.attribute("organization-id")?.whole == (try acme()))
  }

  /// "Bulk: `PATCH /organizations`, flat routes only … The id goes inside attributes, not beside `type`. A second form takes
  /// one hash plus `filter[...]` in the query and edits everything that matches - never use it".
  @Test("bulk changes name their ids inside attributes, and filters are refused") func bulkUpdate() throws {
    let (acme, acorn) = (try acme(), try test.glueID("organizations", "Acorn Freight"))
    func entry(_ id: Int) -> String { #"{"type":"organizations","attributes":{"id":\#(id),"alert":"Late"}}"# }
    let both = test.glue("PATCH", "/organizations", #"{"data":[\#(entry(acme)),\#(entry(acorn))]}"#)
    #expect(both.json["data"]?.elements?.map { $0.attribute("alert") } == ["Late", "Late"])
    let beside = #"{"data":[{"type":"organizations","id":"\#(acme)","attributes":{"alert":"x"}}]}"#
    #expect(test.glue("PATCH", "/organizations", beside).status == 400)
    #expect(test.glue("PATCH", "/organizations", #"{"data":[\#(entry(1))]}"#).status == 404)
    let filtered = #"{"data":{"type":"organizations","attributes":{"alert":"x"}}}"#
    #expect(test.glue("PATCH", "/organizations?filter[name]=Acme%20Dental", filtered).status == 400)
    #expect(test.glue("PATCH", "/organizations", filtered).status == 400)
    #expect(test.glue("PATCH", "/organizations/\(acme)/relationships/contacts", #"{"data":[]}"#).status == 404)
    #expect(test.glue("DELETE", "/organizations?filter[name]=Acme%20Dental").status == 400)
    let counters = try test.control("GET", "/state?system=itglue")["itglue"]?["counters"]
    #expect(counters?["writes by filter refused"] == 2)
    #expect(test.glueRows("/organizations?filter[name]=Acme%20Dental").first?.attribute("alert") == "Late")
  }

  /// "delete is bulk only, with a JSON body, id inside attributes"; "200 with the deleted objects; if one id is unknown an
  /// error comes instead"; "Deleting an organization takes all its contents with it"; "Organization deletion is queued: the
  /// record may still be listed for a while".
  @Test("deleting answers what went; an organization goes later, with all it holds") func deleting() throws {
    let made = try contact()
    let body = #"{"data":[{"type":"contacts","attributes":{"id":\#(made["id"]!.text!)}}]}"#
    let answer = test.glue("DELETE", "/contacts", body)
    #expect(answer.status == 200 && answer.json["data"]?.elements == [made])
    #expect(test.glue("GET", "/contacts/\(made["id"]!.text!)").status == 404)
    #expect(test.glue("DELETE", "/contacts", body).status == 404)
    #expect(test.glue("DELETE", "/contacts").status == 400)
    let acme = try acme()
    let doomed = #"{"data":[{"type":"organizations","attributes":{"id":\#(acme)}}]}"#
    #expect(test.glue("DELETE", "/organizations", doomed).status == 200)
    #expect(test.glue("GET", "/organizations/\(acme)").status == 200)
    try test.control("POST", "/clock", #"{"advance-seconds":30}"#)
    #expect(test.glue("GET", "/organizations/\(acme)").status == 404)
    #expect(test.glueRows("/configurations?filter[organization_id]=\(acme)").isEmpty)
    #expect(test.glue("GET", "/organizations/\(acme)/relationships/contacts").status == 404)
    let state = try test.control("GET", "/state?system=itglue")["itglue"]
    #expect((state?["counters"]?["configurations deleted with their organization"]?.whole ?? 0) > 10)
    #expect(state?["counters"]?["organizations deleted by API"] == 1)
    _ = try test.glueCreated("organizations", #"{"name":"Acme Dental"}"#)
  }

  /// "`parent-id`: the prose says a parent cannot be set through the API, the table lists the parameter"; "a number, except
  /// `parent-id`, which comes as a string"; "`ancestor-ids` (text such as \"[1,6]\")".
  @Test("a parent is text, and may be refused") func parents() throws {
    let (acme, acorn) = (try acme(), try test.glueID("organizations", "Acorn Freight"))
    let set = test.gluePatched("organizations", .string("\(acorn)"), #"{"parent-id":\#(acme)}"#).json["data"]
    #expect(set?.attribute("parent-id")?.text == "\(acme)" && set?.attribute("ancestor-ids")?.text == "[\(acme)]")
    try test.glueOptions(#"{"parents":"refused"}"#)
    #expect(test.gluePatched("organizations", .string("\(acorn)"), #"{"parent-id":\#(acme)}"#).status == 422)
  }

  @Test("renaming shows in everything that bears the name") func names() throws {
    let acme = try acme()
    let before = test.glueRows("/configurations?filter[organization_id]=\(acme)&page[size]=1000&sort=id")
    _ = test.gluePatched("organizations", .string("\(acme)"), #"{"name":"Acme & Sons"}"#)
    let after = test.glueRows("/configurations?filter[organization_id]=\(acme)&page[size]=1000&sort=id")
    #expect(before.count == after.count && after.allSatisfy { $0.attribute("organization-name") == "Acme & Sons" })
    #expect(after.map { $0.attribute("updated-at") } == before.map { $0.attribute("updated-at") })
  }
}

@Suite("IT Glue: the built-in sync")
struct ITGlueBuiltInSyncTests {
  let test = TestWorld()

  /// "`include=adapters_resources` adds `relationships.adapters-resources` and an included record whose attribute
  /// `remote-id` is the PSA's own id"; "`psa_id` … together with `psa_integration_type`, one of `manage`"; "works in hyphen
  /// and underscore spelling".
  @Test("links can be read while the built-in sync is on or paused, and not without it") func links() throws {
    func linked(_ query: String = "include=adapters_resources") -> JSON {
      test.glue("GET", "/organizations?\(query)&filter[name]=Acme%20Dental").json
    }
    #expect(linked()["included"] == [])
    for state in ["paused", "on"] {
      try test.glueOptions(#"{"built-in-sync":"\#(state)"}"#)
      for spelling in ["adapters_resources", "adapters-resources"] {
        let json = linked("include=\(spelling)")
        let reference = json["data"]?.elements?.first?["relationships"]?["adapters-resources"]?["data"]?.elements?.first
        let row = try #require(json["included"]?.elements?.first)
        #expect(row["type"] == "adapters-resources" && row["id"] == reference?["id"])
        #expect(row.attribute("remote-id") == "250")
      }
      #expect(linked("include=attachments")["included"] == [])
      #expect(test.glueRows("/organizations?filter[psa_id]=250&filter[psa_integration_type]=manage").count == 1)
      #expect(test.glueRows("/organizations?filter[psa_id]=250&filter[psa_integration_type]=autotask").isEmpty)
    }
  }

  /// The table "What a synced record still accepts (else 422)"; "A mixed PATCH (one allowed, one refused attribute) fails as
  /// a whole"; "Items that are still syncing with a PSA cannot be deleted".
  @Test("records that the built-in sync owns are refused, but for a few attributes") func locked() throws {
    let acme = JSON.string("\(try test.glueID("organizations", "Acme Dental"))")
    #expect(test.gluePatched("organizations", acme, #"{"name":"Acme Dental","short-name":"A"}"#).status == 200)
    try test.glueOptions(#"{"built-in-sync":"on"}"#)
    #expect(test.gluePatched("organizations", acme, #"{"alert":"x","quick-notes":"y"}"#).status == 200)
    #expect(test.gluePatched("organizations", acme, #"{"short-name":"B"}"#).status == 422)
    #expect(test.gluePatched("organizations", acme, #"{"alert":"z","short-name":"B"}"#).status == 422)
    let state = try test.control("GET", "/state?system=itglue&company=Acme%20Dental")["itglue"]?["organizations"]?
      .elements
    #expect(state?.first?["alert"] == "x")
    func owned(_ kind: String) throws -> JSON {
      try #require(state?.first?[kind]?.elements?.first { $0["owned-by-built-in-sync"] == true }?["id"])
    }
    let (contact, device) = (try owned("contacts"), try owned("configurations"))
    #expect(test.gluePatched("contacts", contact, #"{"notes":"x"}"#).status == 422)
    #expect(test.gluePatched("configurations", device, #"{"serial-number":"S","archived":true}"#).status == 200)
    #expect(test.gluePatched("configurations", device, #"{"name":"S"}"#).status == 422)
    let body = #"{"data":[{"type":"contacts","attributes":{"id":\#(contact.text ?? "")}}]}"#
    #expect(test.glue("DELETE", "/contacts", body).status == 422)
    let type = JSON.string("\(try test.glueID("organization_types", "Client"))")
    #expect(test.gluePatched("organization_types", type, #"{"name":"Clients"}"#).status == 422)
    #expect(try test.refusal("DELETE", "/itglue/contacts/\(contact.text ?? "")").status == 422)
    // A person's edits in the browser are not bound by it, and neither is a record of its own.
    try test.control("PATCH", "/itglue/contacts/\(contact.text ?? "")", #"{"notes":"x"}"#)
    let acorn = JSON.string("\(try test.glueID("organizations", "Acorn Freight"))")
    #expect(test.gluePatched("organizations", acorn, #"{"short-name":"B"}"#).status == 200)
    try test.glueOptions(#"{"built-in-sync":"off"}"#)
    #expect(test.gluePatched("organizations", acme, #"{"short-name":"B"}"#).status == 200)
  }
}
