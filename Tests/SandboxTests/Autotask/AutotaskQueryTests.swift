import Foundation
import Testing

@testable import Sandbox

@Suite("Autotask: queries")
struct AutotaskQueryTests {
  let test = TestWorld()

  /// A company of its own with five known contacts.
  private func fixture() throws -> (company: Int, contacts: [Int]) {
    try test.control("POST", "/autotask/companies", #"{"companyName":"Query Works","companyNumber":"Query"}"#)
    let people = [
      #""firstName":"Ada","lastName":"Lind","emailAddress":"ada@q.example","title":"Buyer","isActive":1"#,
      #""firstName":"Bo","lastName":"LINDEN","emailAddress":"bo@q.example","title":"Driver","isActive":0"#,
      #""firstName":"Cy","lastName":"Olind","emailAddress":"cy@q.example","isActive":1"#,
      #""firstName":"Di","lastName":"Østby","emailAddress":"DI@Q.example","title":"","isActive":1"#,
      #""firstName":"Ed","lastName":"Berg","emailAddress":"ed@q.example","title":"Buyer","isActive":0,"userDefinedFields":[{"name":"Badge","value":"B7"}]"#,
    ]
    var ids: [Int] = []
    for person in people {
      let body = "{\"company\":\"Query\",\(person)}"
      ids.append(try #require(try test.control("POST", "/autotask/contacts", body)["id"]?.whole))
    }
    return (try test.company("Query"), ids)
  }

  /// "Operators: eq noteq gt gte lt lte beginsWith endsWith contains exist notExist in notIn, groups and / or"; "String
  /// comparison is case-insensitive"; "Top-level entries are ANDed".
  @Test(
    "each operator finds what it says",
    arguments: [
      (#"{"op":"eq","field":"LASTNAME","value":"lind"}"#, [0]),
      (#"{"op":"eq","field":"lastName","value":"østby"}"#, [3]),
      (#"{"op":"eq","field":"emailAddress","value":"di@q.example"}"#, [3]),
      (#"{"op":"noteq","field":"firstName","value":"Ada"}"#, [1, 2, 3, 4]),
      // What is null does not compare, as in SQL; the empty text does.
      (#"{"op":"noteq","field":"title","value":"Buyer"}"#, [1, 3]),
      (#"{"op":"gt","field":"firstName","value":"Cy"}"#, [3, 4]),
      (#"{"op":"lte","field":"firstName","value":"bo"}"#, [0, 1]),
      (#"{"op":"lt","field":"firstName","value":"Bo"}"#, [0]),
      (#"{"op":"gte","field":"firstName","value":"Di"}"#, [3, 4]),
      (#"{"op":"beginsWith","field":"lastName","value":"lind"}"#, [0, 1]),
      (#"{"op":"endsWith","field":"lastName","value":"LIND"}"#, [0, 2]),
      (#"{"op":"contains","field":"lastName","value":"lind"}"#, [0, 1, 2]),
      (#"{"op":"exist","field":"title"}"#, [0, 1, 3, 4]), (#"{"op":"notExist","field":"title"}"#, [2]),
      (#"{"op":"in","field":"firstName","value":["ada","Ed"]}"#, [0, 4]),
      (#"{"op":"notIn","field":"firstName","value":["ada","Ed"]}"#, [1, 2, 3]),
      (
        #"{"op":"or","items":[{"op":"eq","field":"firstName","value":"Ada"},{"op":"and","items":[{"op":"eq","field":"title","value":"Buyer"},{"op":"eq","field":"isActive","value":0}]}]}"#,
        [0, 4]
      ),
      (#"{"op":"eq","field":"title","value":"Buyer"},{"op":"eq","field":"isActive","value":1}"#, [0]),
      (#"{"op":"eq","field":"Badge","udf":true,"value":"b7"}"#, [4]),
      (#"{"op":"notExist","field":"badge","udf":true}"#, [0, 1, 2, 3]),
    ])
  func operators(_ filter: String, _ expected: [Int]) throws {
    let (company, contacts) = try fixture()
    let scope = #"{"op":"eq","field":"companyID","value":\#(company)}"#
    #expect(try test.ids("Contacts", scope + "," + filter) == expected.map { contacts[$0] })
    let count = test.at("POST", "/Contacts/query/count", #"{"filter":[\#(scope),\#(filter)]}"#)
    #expect(count.json == ["queryCount": .int(expected.count)])
  }

  /// "a string against a long id field returns zero rows without error"; "Booleans must be JSON true/false".
  @Test(
    "a value of another type silently finds nothing",
    arguments: [
      ("Contacts", #"{"op":"eq","field":"id","value":"\#(30_682_001)"}"#),
      ("Contacts", #"{"op":"in","field":"companyID","value":["0"]}"#),
      ("Contacts", #"{"op":"noteq","field":"companyID","value":"0"}"#),
      ("Companies", #"{"op":"eq","field":"isActive","value":1}"#),
      ("Companies", #"{"op":"eq","field":"isActive","value":"true"}"#),
      ("Contacts", #"{"op":"eq","field":"isActive","value":true}"#),
    ])
  func types(_ entity: String, _ filter: String) throws {
    #expect(try test.ids(entity, filter).isEmpty)
  }

  /// "Contact isActive is an integer column: use 1/0; DJA sends the string 'true' and it works (accepted forms otherwise
  /// unverified)".
  @Test("the literals for a contact's activity can be switched") func literals() throws {
    func found(_ literal: String) throws -> Int {
      try test.ids("Contacts", #"{"op":"eq","field":"isActive","value":\#(literal)}"#).count
    }
    let active = try found("1")
    #expect(active > 0)
    #expect(try found(#""true""#) == active)
    try test.setOption("is-active-literals", #""any""#)
    #expect(try found("true") == active)
    try test.setOption("is-active-literals", #""numbers""#)
    #expect(try found(#""true""#) == 0)
    #expect(try found("true") == 0)
  }

  /// "Unknown field → 500 Unable to find {field} in the {Entity} Entity."; "Unqueryable"; "contains/beginsWith only on
  /// strings"; "filter must not be empty"; "Not valid: ne, startsWith, isNull, between".
  @Test(
    "a query that is not valid is refused with 500 and a text",
    arguments: [
      (
        "Contacts", #"{"filter":[{"op":"eq","field":"companyName","value":"x"}]}"#,
        "Unable to find companyName in the Contact Entity."
      ),
      (
        "Companies", #"{"filter":[{"op":"eq","field":"email","value":"x"}]}"#,
        "Unable to find email in the Company Entity."
      ),
      (
        "Contacts", #"{"IncludeFields":["id","Company.companyName"],"filter":[{"op":"exist","field":"id"}]}"#,
        "Unable to find Company.companyName in the Contact Entity."
      ),
      (
        "Contacts", #"{"filter":[{"op":"eq","field":"surveyOptOut","value":true}]}"#,
        "The field surveyOptOut cannot be queried."
      ),
      (
        "Companies", #"{"filter":[{"op":"gt","field":"assetValue","value":1}]}"#,
        "The field assetValue cannot be queried."
      ),
      (
        "Contacts", #"{"filter":[{"op":"contains","field":"companyID","value":"1"}]}"#,
        "The operator contains is not valid for the field companyID."
      ),
      ("Contacts", #"{"filter":[{"op":"ne","field":"id","value":1}]}"#, "ne is not a valid operator."),
      (
        "Contacts", #"{"filter":[{"op":"startsWith","field":"title","value":"a"}]}"#,
        "startsWith is not a valid operator."
      ),
      ("Contacts", #"{"filter":[{"op":"between","field":"id","value":[1,2]}]}"#, "between is not a valid operator."),
      ("Contacts", #"{"filter":[{"op":"isNull","field":"title"}]}"#, "isNull is not a valid operator."),
      ("Contacts", #"{"filter":[]}"#, "A filter must be provided for query operations."),
      (
        "Contacts", #"{"filter":[{"op":"gt","field":"lastModifiedDate","value":"yesterday"}]}"#,
        "Conversion failed when converting date and/or time from character string."
      ),
      (
        "Contacts", #"{"MaxRecords":501,"filter":[{"op":"exist","field":"id"}]}"#,
        "MaxRecords must be between 1 and 500."
      ),
      (
        "Contacts", #"{"MaxRecords":0,"filter":[{"op":"exist","field":"id"}]}"#, "MaxRecords must be between 1 and 500."
      ),
      (
        "Contacts",
        #"{"filter":[{"op":"eq","field":"Badge","udf":true,"value":"a"},{"op":"eq","field":"Directory Id","udf":true,"value":"a"}]}"#,
        "Only one user-defined field can be queried at a time."
      ),
      (
        "Contacts", #"{"filter":[{"op":"eq","field":"Shoe","udf":true,"value":"a"}]}"#,
        "Unable to find Shoe in the Contact Entity."
      ),
    ])
  func refusals(_ entity: String, _ body: String, _ text: String) {
    let answer = test.at("POST", "/\(entity)/query", body)
    #expect(answer.status == 500)
    #expect(answer.errors == [text])
  }

  /// "At most 500 OR conditions"; "400 malformed JSON".
  @Test("too many alternatives and malformed bodies are refused") func bounds() throws {
    func query(_ count: Int) -> Int {
      let values = (0..<count).map(\.description).joined(separator: ",")
      return test.at("POST", "/Contacts/query", #"{"filter":[{"op":"in","field":"id","value":[\#(values)]}]}"#).status
    }
    #expect(query(500) == 200 && query(501) == 500)
    #expect(test.at("POST", "/Contacts/query", "{").status == 400)
    #expect(test.at("POST", "/Contacts/query", "[]").status == 400)
    #expect(test.at("POST", "/Contacts/query", "{}").status == 400)
    let nested =
      String(repeating: #"{"op":"and","items":["#, count: 30) + #"{"op":"exist","field":"id"}"#
      + String(repeating: "]}", count: 30)
    #expect(test.at("POST", "/Contacts/query", #"{"filter":[\#(nested)]}"#).status == 500)
    try test.setOption("empty-filter", #""everything""#)
    #expect(test.at("POST", "/Contacts/query", #"{"filter":[]}"#).status == 200)
  }

  /// "MaxRecords 1–500 is the page size"; "Follow nextPageUrl until null"; "after a POST query, POST the same body to
  /// nextPageUrl; a GET there gives 405"; "Results are ordered by ascending id".
  @Test("pages hang together by the same body, posted") func paging() throws {
    let body = #"{"MaxRecords":7,"IncludeFields":["id","lastName"],"filter":[{"op":"gte","field":"id","value":0}]}"#
    var rows: [JSON] = []
    var answer = test.at("POST", "/Contacts/query", body)
    var pages = 1
    while let next = answer.json["pageDetails"]?["nextPageUrl"]?.text, pages < 100 {
      #expect(answer.json["pageDetails"]?["count"] == 7)
      #expect(next.contains("/autotask/ATServicesRest/v1.0/Contacts/query/next?paging="))
      rows += answer.json["items"]?.elements ?? []
      #expect(test.at("GET", next).status == 405)
      #expect(test.at("GET", next).json["Message"]?.text?.contains("'GET'") == true)
      answer = test.at("POST", next, body)
      pages += 1
    }
    rows += answer.json["items"]?.elements ?? []
    let ids = rows.compactMap { $0["id"]?.whole }
    #expect(ids == ids.sorted() && Set(ids).count == ids.count)
    #expect(test.at("POST", "/Contacts/query/count", body).json["queryCount"]?.whole == ids.count)
    #expect(rows[0].members?.map(\.name) == ["id", "lastName", "userDefinedFields"])
    // The way back leads to the page before.
    let previous = try #require(answer.json["pageDetails"]?["prevPageUrl"]?.text)
    let before = test.at("POST", previous, body).json["items"]?.elements?.compactMap { $0["id"]?.whole }
    #expect(before == Array(ids.dropLast(ids.count - (pages - 1) * 7).suffix(7)))
    #expect(try test.counter("pages-by-wrong-method") == 2 * (pages - 1))
  }

  /// "POST the *same body* to nextPageUrl".
  @Test("a further page with another body is refused and counted") func otherBody() throws {
    let body = #"{"MaxRecords":5,"filter":[{"op":"gte","field":"id","value":0}]}"#
    let next = try #require(test.at("POST", "/Contacts/query", body).json["pageDetails"]?["nextPageUrl"]?.text)
    #expect(test.at("POST", next, #"{"MaxRecords":5,"filter":[{"op":"gte","field":"id","value":1}]}"#).status == 500)
    #expect(test.at("POST", next, "").status == 400)
    #expect(test.at("POST", next, #"{"filter":[{"op":"gte","field":"id","value":0}],"MaxRecords":5}"#).status == 200)
    #expect(try test.counter("pages-with-another-body") == 2)
  }

  /// "With IncludeFields and more than 500 results, id must be included or paging breaks".
  @Test("fields without the id cut a listing off") func withoutID() throws {
    let body = #"{"MaxRecords":5,"IncludeFields":["lastName"],"filter":[{"op":"gte","field":"id","value":0}]}"#
    let page = test.at("POST", "/Contacts/query", body).json
    #expect(page["items"]?.elements?.count == 5)
    #expect(page["pageDetails"]?["nextPageUrl"] == .null)
    #expect(try test.counter("listings-cut-for-want-of-id") == 1)
  }

  /// "GET …/query?search={json}"; "GET form has a URL limit around 2 048 characters"; "After a GET query, GET it".
  @Test("the same query by GET, and its pages by GET") func byGet() throws {
    let search = EmulatedRequest.encoded(#"{"MaxRecords":5,"filter":[{"op":"gte","field":"id","value":0}]}"#)
    let page = test.at("GET", "/Contacts/query?search=\(search)")
    #expect(page.json["items"]?.elements?.count == 5)
    let next = try #require(page.json["pageDetails"]?["nextPageUrl"]?.text)
    #expect(test.at("GET", next).json["items"]?.elements?.count == 5)
    #expect(test.at("GET", "/Contacts/query/count?search=\(search)").json["queryCount"] != nil)
    let long = EmulatedRequest.encoded(
      #"{"filter":[{"op":"eq","field":"title","value":"\#(String(repeating: "x", count: 2100))"}]}"#)
    #expect(test.at("GET", "/Contacts/query?search=\(long)").status == 414)
  }

  /// "Check the host of nextPageUrl before sending secrets".
  @Test("a link to another host is counted where credentials follow it") func elsewhere() throws {
    try test.setOption("next-page-links", #""elsewhere""#)
    let body = #"{"MaxRecords":5,"filter":[{"op":"gte","field":"id","value":0}]}"#
    let next = try #require(test.at("POST", "/Contacts/query", body).json["pageDetails"]?["nextPageUrl"]?.text)
    #expect(next.hasPrefix("http://localhost:"))
    _ = test.at("POST", next, body)
    #expect(try test.control("GET", "/requests")["elsewhere"]?["with-credentials"] == 1)
  }

  /// "`lastModifiedDate`: record itself was edited; `lastActivityDate`: edit or related activity"; "null last-modified:
  /// such rows never match a gt filter".
  @Test("incremental reads find edits, and activity apart from them") func incremental() throws {
    func changed(_ field: String) throws -> [Int] {
      try test.ids("Contacts", #"{"op":"gt","field":"\#(field)","value":"2026-03-01T09:00:00Z"}"#)
    }
    let ids = try test.ids("Contacts", #"{"op":"exist","field":"lastModifiedDate"}"#)
    let unstamped = try test.ids("Contacts", #"{"op":"notExist","field":"lastModifiedDate"}"#)
    #expect(try changed("lastModifiedDate").isEmpty)
    #expect(!unstamped.isEmpty)
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    try test.control("POST", "/autotask/contacts/\(ids[5])/touch")
    try test.control("POST", "/autotask/contacts/\(ids[2])/activity")
    try test.control("PATCH", "/autotask/contacts/\(unstamped[0])", #"{"isActive":0}"#)
    #expect(try changed("lastModifiedDate") == [ids[5], unstamped[0]].sorted())
    #expect(try changed("lastActivityDate") == [ids[2], ids[5], unstamped[0]].sorted())
    // Deletions are not reported.
    try test.control("DELETE", "/autotask/contacts/\(ids[5])")
    #expect(try changed("lastModifiedDate") == [unstamped[0]])
    // Whether a deactivation moves the stamp is not documented.
    try test.setOption("deactivation-moves-last-modified", "false")
    try test.control("PATCH", "/autotask/contacts/\(ids[7])", #"{"isActive":0}"#)
    #expect(try changed("lastModifiedDate") == [unstamped[0]])
  }

  /// "Companies: lastTrackedModifiedDateTime: when it moves is undocumented".
  @Test("a company's tracked stamp moves with edits, or never") func tracked() throws {
    func changed() throws -> Int {
      try test.ids(
        "Companies", #"{"op":"gte","field":"lastTrackedModifiedDateTime","value":"2026-03-01T09:00:01Z"}"#
      ).count
    }
    try test.control("POST", "/clock", #"{"advance-seconds":60}"#)
    try test.setOption("tracked-modified", #""never""#)
    try test.control("PATCH", "/autotask/companies/Acme", #"{"city":"Miami"}"#)
    #expect(try changed() == 0)
    try test.setOption("tracked-modified", #""edits""#)
    try test.control("PATCH", "/autotask/companies/Acorn", #"{"city":"Miami"}"#)
    #expect(try changed() == 1)
  }

  /// "fault: repeat-page, end-early": pages that are posted are pages all the same.
  @Test("faults on pages meet pages that are posted") func faults() throws {
    let body = #"{"MaxRecords":5,"filter":[{"op":"gte","field":"id","value":0}]}"#
    let first = test.at("POST", "/Contacts/query", body).json
    let next = try #require(first["pageDetails"]?["nextPageUrl"]?.text)
    try test.control("POST", "/faults", #"{"system":"autotask","page":2,"kind":"repeat-page","times":1}"#)
    #expect(test.at("POST", next, body).json["items"] == first["items"])
    try test.control("POST", "/faults", #"{"system":"autotask","page":2,"kind":"end-early","times":1}"#)
    let cut = test.at("POST", next, body).json
    #expect(cut["items"]?.elements?.count == 2 && cut["pageDetails"]?["nextPageUrl"] == .null)
    try test.control("POST", "/faults", #"{"path":"/Contacts/query*","kind":"empty-200","times":1}"#)
    let empty = test.at("POST", "/Contacts/query", body).json
    #expect(empty["items"] == [] && empty["pageDetails"]?["nextPageUrl"] == .null)
    try test.control("POST", "/faults", #"{"path":"/Contacts/query","status":500,"times":1}"#)
    // "retry only when the body has no errors": an arranged 500 is a fault, not a refusal.
    #expect(test.at("POST", "/Contacts/query", body).json["errors"] == nil)
    let counts = test.world.counts
    #expect(counts.byRoute["POST /Contacts/query/next"] == 2)
    #expect(counts.writes["autotask"] == nil)
  }
}

@Suite("Autotask: one record and its metadata")
struct AutotaskRecordTests {
  let test = TestWorld()

  /// "get by id: { item }; missing: 404 (APG) or { item: null } (DJA)"; "userDefinedFields always present"; "camelCase
  /// with acronym tails kept".
  @Test("a record stands in an envelope; a missing one is null or 404") func item() throws {
    let company = test.at("GET", "/Companies/0").json["item"]
    #expect(company?["companyName"] == "Kestrel Managed Services")
    #expect(company?["companyType"] == 1 && company?["isActive"] == true)
    #expect(company?["userDefinedFields"]?.elements?.first?["name"] == "Account Tier")
    #expect(company?["countryID"] == .null)
    #expect(test.at("GET", "/Contacts/7").json == ["item": nil])
    try test.setOption("missing-record", #""404""#)
    #expect(test.at("GET", "/Contacts/7").status == 404)
  }

  /// "A bare GET v1.0/Contacts is not a list call"; "PUT /Contacts/{id} gives 405"; "v1.0/Contacts has no POST/PUT/PATCH:
  /// IIS HTML 404; some zones tolerate PATCH"; "Companies cannot be deleted"; "Resources: no POST".
  @Test(
    "routes that do not exist",
    arguments: [
      ("GET", "/Contacts", 405), ("PUT", "/Contacts/30683001", 405), ("DELETE", "/Contacts/30683001", 405),
      ("POST", "/Contacts", 404), ("PATCH", "/Contacts", 404), ("PUT", "/Contacts", 404),
      ("DELETE", "/Companies/0", 405),
      ("DELETE", "/ConfigurationItems/1", 405), ("POST", "/Resources", 405), ("GET", "/Tickets/1", 404),
      ("POST", "/Companies/0/Tickets", 404), ("GET", "/Contacts/abc", 404), ("PUT", "/Contacts/query", 405),
      ("POST", "/ThresholdInformation", 405),
    ])
  func routes(_ method: String, _ path: String, _ status: Int) {
    let answer = test.at(method, path, method == "GET" ? "" : "{}")
    #expect(answer.status == status)
    #expect(status != 404 || answer.header("Content-Type") == "text/html")
    #expect(status != 405 || answer.json["Message"]?.text?.hasPrefix("The requested resource") == true)
  }

  /// "Some zones tolerate PATCH /Contacts".
  @Test("a zone may tolerate a patch at the root") func toleratedRoot() throws {
    let id = try test.newContact()
    try test.setOption("contacts-root-writes", #""tolerated""#)
    #expect(test.at("PATCH", "/Contacts", #"{"id":\#(id),"title":"Boss"}"#).json == ["itemId": .int(id)])
    #expect(test.contact(id)["title"] == "Boss")
  }

  /// "GET v1.0/Companies/{companyID}/Contacts lists children".
  @Test("children are listed below their company") func children() throws {
    let company = try test.company()
    let listed = test.at("GET", "/Companies/\(company)/Contacts").json["items"]?.elements ?? []
    #expect(
      listed.compactMap { $0["id"]?.whole }
        == (try test.ids("Contacts", #"{"op":"eq","field":"companyID","value":\#(company)}"#)))
    let id = try #require(listed.first?["id"]?.whole)
    #expect(test.at("GET", "/Companies/\(company)/Contacts/\(id)").json["item"]?["id"]?.whole == id)
    #expect(test.at("GET", "/Companies/0/Contacts/\(id)").json == ["item": nil])
    #expect(test.at("GET", "/Companies/\(company)/Locations").json["items"]?.elements?.count == 1)
    #expect(test.at("GET", "/Companies/999/Contacts").json["items"] == [])
  }

  /// "entityInformation → info with canCreate…"; "Picklist values are numbers in records but strings in metadata";
  /// "title max 50"; "read length from metadata".
  @Test("metadata says what may be written") func metadata() throws {
    let info = test.at("GET", "/Companies/entityInformation").json["info"]
    #expect(info?["canCreate"] == true && info?["canDelete"] == false)
    func field(_ entity: String, _ name: String) throws -> JSON {
      let fields = test.at("GET", "/\(entity)/entityInformation/fields").json["fields"]?.elements ?? []
      return try #require(fields.first { $0["name"]?.text == name })
    }
    let type = try field("Companies", "companyType")
    #expect(type["isPickList"] == true && type["isRequired"] == true)
    let picks = type["picklistValues"]?.elements ?? []
    #expect(picks.first?["value"] == "1" && picks.first?["label"] == "Customer")
    #expect(picks.last?["isActive"] == false)
    #expect(try field("Contacts", "title")["length"] == 50)
    #expect(try field("Contacts", "isActive")["dataType"] == "integer")
    #expect(try field("Contacts", "companyID")["referenceEntityType"] == "Company")
    #expect(try field("Contacts", "lastModifiedDate")["isReadOnly"] == true)
    let user = test.at("GET", "/Contacts/entityInformation/userDefinedFields").json["fields"]?.elements
    #expect(user?.compactMap { $0["name"]?.text } == ["Directory Id", "Badge"])
    #expect(try field("Contacts", "firstName")["length"] == 50)
    try test.control("POST", "/autotask/fields", #"{"entity":"Contacts","field":"firstName","length":20}"#)
    #expect(try field("Contacts", "firstName")["length"] == 20)
    let company = try test.company()
    let long = test.at(
      "POST", "/Companies/\(company)/Contacts", #"{"firstName":"Bartholomew-Alexander","lastName":"B","isActive":1}"#)
    #expect(long.errors.first == "String value exceeds maximum length (field:firstName).")
  }
}
