import Foundation
import Testing

@testable import Sandbox

@Suite("Autotask: writing contacts")
struct AutotaskContactWriteTests {
  let test = TestWorld()

  private func patch(_ id: Int, _ fields: String, at number: String = "Acme", method: String = "PATCH") throws
    -> EmulatedResponse
  {
    test.at(method, "/Companies/\(try test.company(number))/Contacts", #"{"id":\#(id),\#(fields)}"#)
  }

  /// "200, not 201; only the id, never the record"; "id: 0 is customary and optional"; "Requests accept any case".
  @Test("a new contact is answered with its id alone") func create() throws {
    let company = try test.company()
    let answer = test.at(
      "POST", "/Companies/\(company)/Contacts",
      #"{"id":0,"CompanyID":\#(company),"FirstName":"Nora","lastName":"Lind","IsActive":1,"emailAddress":"nora@x.example"}"#
    )
    #expect(answer.status == 200)
    let id = try #require(answer.json["itemId"]?.whole)
    #expect(answer.json == ["itemId": .int(id)])
    let contact = test.contact(id)
    #expect(contact["companyID"]?.whole == company && contact["isActive"] == 1)
    #expect(contact["createDate"] == "2026-03-01T09:00:00Z" && contact["lastModifiedDate"] == "2026-03-01T09:00:00Z")
    // "The API does not reject duplicate contact emails".
    _ = try test.newContact(#""firstName":"Nora","lastName":"Lind","emailAddress":"nora@x.example""#)
    #expect(try test.ids("Contacts", #"{"op":"eq","field":"emailAddress","value":"nora@x.example"}"#).count == 2)
    #expect(test.world.counts.committedWrites["autotask"] == 2)
  }

  /// "500 is the normal validation error"; "Required field firstName is missing."; "title longer values are rejected";
  /// "isActive integer 1/0, required"; "type mismatch can surface raw SQL text"; "Reference value on field…".
  @Test(
    "what cannot be saved is refused with its reasons",
    arguments: [
      (#""lastName":"B","isActive":1"#, "Required field firstName is missing."),
      (#""firstName":"","lastName":"B","isActive":1"#, "Required field firstName is missing."),
      (#""firstName":"A","isActive":1"#, "Required field lastName is missing."),
      (#""firstName":"A","lastName":"B""#, "Required field isActive is missing."),
      (
        #""firstName":"A","lastName":"B","isActive":true"#,
        "Conversion failed when converting the varchar value 'true' to data type int."
      ),
      (
        #""firstName":"A","lastName":"B","isActive":"1""#,
        "Conversion failed when converting the varchar value '1' to data type int."
      ),
      (#""firstName":"A","lastName":"B","isActive":2"#, "isActive: Value 2 does not exist or is invalid"),
      (
        #""firstName":"A","lastName":"B","isActive":1,"title":"A very long job title exceeding fifty characters in total""#,
        "String value exceeds maximum length (field:title)."
      ),
      (
        #""firstName":"A","lastName":"B","isActive":1,"namePrefix":99"#,
        "namePrefix: Value 99 does not exist or is invalid"
      ),
      (
        #""firstName":"A","lastName":"B","isActive":1,"companyLocationID":60002"#,
        "Reference value on field: companyLocationID of type: CompanyLocation does not exist or is invalid."
      ),
      (
        #""firstName":"A","lastName":"B","isActive":1,"userDefinedFields":[{"name":"Shoe","value":"9"}]"#,
        "Unable to find Shoe in the Contact Entity."
      ),
    ])
  func refusals(_ fields: String, _ text: String) throws {
    let answer = test.at("POST", "/Companies/\(try test.company())/Contacts", "{\(fields)}")
    #expect(answer.status == 500)
    #expect(answer.errors == [text, "Error creating entity for record number [1]."])
    #expect(test.world.counts.committedWrites["autotask"] == nil)
  }

  @Test("a contact needs a company that exists, and a body that is an object") func company() {
    let body = #"{"firstName":"A","lastName":"B","isActive":1}"#
    let answer = test.at("POST", "/Companies/999/Contacts", body)
    #expect(answer.errors.first == "Reference value on field: companyID of type: Company does not exist or is invalid.")
    #expect(test.at("POST", "/Companies/0/Contacts", "[]").status == 400)
    // "id 0 is a real company".
    #expect(test.at("POST", "/Companies/0/Contacts", body).status == 200)
  }

  /// "PATCH touches only the keys present; JSON null in PATCH writes null".
  @Test("a patch touches what it names") func patching() throws {
    let id = try test.newContact(#""firstName":"Nora","lastName":"Lind","title":"Buyer","phone":"551-555-0100""#)
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    #expect(try patch(id, #""title":"Director""#).json == ["itemId": .int(id)])
    #expect(test.contact(id)["title"] == "Director" && test.contact(id)["phone"] == "551-555-0100")
    #expect(test.contact(id)["lastModifiedDate"] == "2026-03-01T09:01:00Z")
    #expect(try patch(id, #""phone":null"#).status == 200)
    #expect(test.contact(id)["phone"] == .null)
    #expect(try patch(id, #""lastName":null"#).errors.first == "Required field lastName is missing.")
    #expect(try patch(id, #""isActive":0"#).status == 200)
    #expect(test.contact(id)["isActive"] == 0)
    #expect(try patch(id, #""isActive":0"#).status == 200)
    #expect(try test.counter("unchanged-updates") == 1)
  }

  /// "PUT with missing keys sets them to null".
  @Test("a put nulls what it leaves out, and refuses what is required") func putting() throws {
    let id = try test.newContact(#""firstName":"Nora","lastName":"Lind","title":"Buyer","phone":"551""#)
    #expect(try patch(id, #""title":"Boss""#, method: "PUT").errors.contains("Required field firstName is missing."))
    let whole = #""firstName":"Nora","lastName":"Lind","isActive":1,"title":"Boss""#
    #expect(try patch(id, whole, method: "PUT").status == 200)
    #expect(test.contact(id)["phone"] == .null && test.contact(id)["title"] == "Boss")
    #expect(test.contact(id)["createDate"] == "2026-03-01T09:00:00Z")
    #expect(try test.counter("fields-nulled-by-put") > 0)
  }

  /// "Keep the parent id in the URL equal to the contact's real company"; "Whether companyID in a contact PATCH is refused
  /// or ignored".
  @Test("a contact cannot be moved") func moving() throws {
    let id = try test.newContact()
    let acorn = try test.company("Acorn")
    #expect(try patch(id, #""title":"x""#, at: "Acorn").status == 500)
    #expect(try patch(id, #""companyID":\#(acorn)"#).status == 200)
    #expect(test.contact(id)["companyID"]?.whole == (try test.company()))
    #expect(try test.counter("company-changes-ignored") == 1)
    try test.setOption("contact-company-change", #""refused""#)
    #expect(try patch(id, #""companyID":\#(acorn)"#).status == 500)
  }

  /// Unknown and read-only members are passed over without a word; a test can see them.
  @Test("what cannot be written is ignored and counted") func ignored() throws {
    let id = try test.newContact()
    #expect(try patch(id, #""jobTitle":"x","createDate":"2001-01-01T00:00:00Z""#).status == 200)
    #expect(test.contact(id)["createDate"] == "2026-03-01T09:00:00Z")
    let ignored = try test.autotaskState()["counters"]?["ignored-fields"]
    #expect(ignored?["Contacts jobTitle"] == 1 && ignored?["Contacts createDate"] == 1)
  }

  /// "primaryContact: one per company; setting it moves the flag".
  @Test("the primary flag moves") func primary() throws {
    func primaries() throws -> [Int] {
      try test.ids(
        "Contacts",
        #"{"op":"eq","field":"companyID","value":\#(try test.company())},{"op":"eq","field":"primaryContact","value":true}"#
      )
    }
    let former = try primaries()
    let id = try test.newContact(#""firstName":"Nora","lastName":"Lind","primaryContact":true"#)
    #expect(former.count == 1)
    #expect(try primaries() == [id])
    #expect(try test.counter("primary-contacts-moved") == 1)
  }

  /// "refused when the contact is on tickets, is primary contact, installed an asset…"; "Deleting a missing record gives
  /// 500, not 404".
  @Test("a contact in use cannot be deleted") func deleting() throws {
    let id = try test.newContact()
    let path = "/Companies/\(try test.company())/Contacts"
    try test.control("PATCH", "/autotask/contacts/\(id)", #"{"inUse":true}"#)
    #expect(test.at("DELETE", "\(path)/\(id)").status == 500)
    try test.control("PATCH", "/autotask/contacts/\(id)", #"{"inUse":false,"primaryContact":true}"#)
    #expect(test.at("DELETE", "\(path)/\(id)").status == 500)
    try test.control("PATCH", "/autotask/contacts/\(id)", #"{"primaryContact":false}"#)
    let product = try #require(try test.ids("Products", #"{"op":"exist","field":"id"}"#).first)
    let item = try test.control(
      "POST", "/autotask/configuration-items", #"{"company":"Acme","productID":\#(product),"contactID":\#(id)}"#)
    #expect(test.at("DELETE", "\(path)/\(id)").status == 500)
    try test.control("DELETE", "/autotask/configuration-items/\(try #require(item["id"]?.whole))")
    #expect(test.at("DELETE", "\(path)/\(id)").json == ["itemId": .int(id)])
    #expect(test.at("DELETE", "\(path)/\(id)").status == 500)
  }

  /// "userDefinedFields in PATCH: only the named ones change".
  @Test("user-defined fields change one by one") func userFields() throws {
    let id = try test.newContact()
    _ = try patch(id, #""userDefinedFields":[{"name":"Badge","value":"B1"},{"name":"Directory Id","value":"D1"}]"#)
    _ = try patch(id, #""UserDefinedFields":[{"name":"badge","value":"B2"}]"#)
    let fields = test.contact(id)["userDefinedFields"]
    #expect(fields == [["name": "Directory Id", "value": "D1"], ["name": "Badge", "value": "B2"]])
  }
}

@Suite("Autotask: writing companies, products and configuration items")
struct AutotaskOtherWriteTests {
  let test = TestWorld()

  /// "companyName, companyType, ownerResourceID, phone required"; "unique is not enforced"; "Inactive contacts and
  /// resources cannot be referenced"; "Inactive picklist values are refused on write (unverified)".
  @Test("companies are made and changed at the root") func companies() throws {
    let owner = try #require(
      try test.rows("Resources", #"{"op":"eq","field":"isActive","value":true}"#).first?["id"]?.whole)
    func create(_ fields: String) -> EmulatedResponse {
      test.at("POST", "/Companies", "{\(fields)}")
    }
    let whole = #""companyName":"Acme Dental","companyType":1,"phone":"5555550100","ownerResourceID":\#(owner)"#
    let id = try #require(create(whole).json["itemId"]?.whole)
    #expect(test.at("GET", "/Companies/\(id)").json["item"]?["isActive"] == true)
    #expect(
      create(#""companyName":"X""#).errors.dropLast() == [
        "Required field companyType is missing.", "Required field ownerResourceID is missing.",
        "Required field phone is missing.",
      ])
    let former = try #require(
      try test.rows("Resources", #"{"op":"eq","field":"isActive","value":false}"#).first?["id"]?.whole)
    let update = test.at("PATCH", "/Companies", #"{"id":\#(id),"ownerResourceID":\#(former)}"#)
    #expect(
      update.errors.first == "Reference value on field: ownerResourceID of type: Resource does not exist or is invalid."
    )
    #expect(update.errors.last == "Error updating entity for record number [1].")
    #expect(test.at("PATCH", "/Companies", #"{"id":\#(id),"companyType":9}"#).status == 500)
    try test.setOption("inactive-picklist-values", #""accepted""#)
    #expect(test.at("PATCH", "/Companies", #"{"id":\#(id),"companyType":9}"#).status == 200)
    #expect(test.at("PATCH", "/Companies", #"{"id":\#(id),"isActive":1}"#).status == 500)
    #expect(test.at("PATCH", "/Companies", #"{"title":"x"}"#).status == 500)
  }

  /// "Side effects on contacts of a deactivated company are undocumented".
  @Test("a company that is deactivated keeps its contacts or takes them along", arguments: [false, true])
  func deactivation(_ takesAlong: Bool) throws {
    if takesAlong { try test.setOption("company-deactivation", #""deactivates-contacts""#) }
    let id = try test.company()
    func active() throws -> Int {
      try test.ids(
        "Contacts", #"{"op":"eq","field":"companyID","value":\#(id)},{"op":"eq","field":"isActive","value":1}"#
      ).count
    }
    let before = try active()
    #expect(before > 0)
    #expect(test.at("PATCH", "/Companies", #"{"id":\#(id),"isActive":false}"#).status == 200)
    #expect(try active() == (takesAlong ? 0 : before))
  }

  /// "ConfigurationItems: required companyID, productID, isActive"; "companyID in updates is ignored"; "each update creates
  /// a new version"; "No manufacturer/model fields to write: they come from the linked Products row".
  @Test("a configuration item needs a product, and every update is a version") func items() throws {
    let billing = try #require(
      try test.rows("BillingCodes", #"{"op":"eq","field":"isActive","value":true}"#).first?["id"]?.whole)
    let product = test.at(
      "POST", "/Products",
      #"{"name":"Dell X1","manufacturerName":"Dell","manufacturerProductName":"X1","isActive":true,"isSerialized":true,"productBillingCodeID":\#(billing)}"#
    )
    let productID = try #require(product.json["itemId"]?.whole)
    #expect(test.at("POST", "/Products", #"{"name":"Y","isActive":true,"isSerialized":true}"#).status == 500)
    let company = try test.company()
    let item = test.at(
      "POST", "/ConfigurationItems",
      #"{"companyID":\#(company),"productID":\#(productID),"isActive":true,"referenceTitle":"PC-1","manufacturer":"Dell"}"#
    )
    let id = try #require(item.json["itemId"]?.whole)
    #expect(test.at("POST", "/ConfigurationItems", #"{"companyID":\#(company),"isActive":true}"#).status == 500)
    // "configurationItemCategoryID (server default when omitted)".
    #expect(test.at("GET", "/ConfigurationItems/\(id)").json["item"]?["configurationItemCategoryID"] == 1)
    let moved = test.at("PATCH", "/ConfigurationItems", #"{"id":\#(id),"companyID":0,"serialNumber":"S"}"#)
    #expect(moved.status == 200)
    let shown = try test.control("GET", "/autotask/configuration-items/\(id)")
    #expect(shown["companyID"]?.whole == company && shown["serialNumber"] == "S" && shown["version"] == 2)
    #expect(try test.autotaskState()["counters"]?["ignored-fields"]?["ConfigurationItems manufacturer"] == 1)
    // A contact of another company, or an inactive one, is no reference.
    let stranger = try test.newContact(at: "Acorn")
    let refused = test.at("PATCH", "/ConfigurationItems", #"{"id":\#(id),"contactID":\#(stranger)}"#)
    #expect(
      refused.errors.first == "Reference value on field: contactID of type: Contact does not exist or is invalid.")
    let leaver = try test.newContact()
    #expect(test.at("PATCH", "/ConfigurationItems", #"{"id":\#(id),"contactID":\#(leaver)}"#).status == 200)
    try test.control("PATCH", "/autotask/contacts/\(leaver)", #"{"isActive":0}"#)
    #expect(test.at("PATCH", "/ConfigurationItems", #"{"id":\#(id),"contactID":\#(leaver)}"#).status == 500)
  }

  /// "UDFs under protected data permission come back as ***** – never write such a value back".
  @Test("protected fields are masked, and a mask that comes back is seen") func masks() throws {
    let item = try #require(
      try test.rows("ConfigurationItems", #"{"op":"exist","field":"Vault Code","udf":true}"#).first)
    let id = try #require(item["id"]?.whole)
    let code = item["userDefinedFields"]?.elements?.first { $0["name"] == "Vault Code" }
    #expect(code?["value"] == "*****")
    let fields = try #require(item["userDefinedFields"]?.encoded)
    #expect(test.at("PATCH", "/ConfigurationItems", #"{"id":\#(id),"userDefinedFields":\#(fields)}"#).status == 200)
    #expect(try test.counter("masks-written") == 1)
    #expect(
      try test.control("GET", "/autotask/configuration-items/\(id)")["userDefinedFields"]?["Vault Code"] == "*****")
  }
}
