import Foundation
import Testing

@testable import Sandbox

@Suite("Teamwork.com: writing companies")
struct TeamworkCompanyWriteTests {
  let test = TestWorld()

  /// "POST … -> 201 with the full company"; "may carry nanoseconds (…04.80731737Z was returned by a create)".
  @Test("a company is made and read back") func create() throws {
    let answer = test.tw3(
      "POST", "/companies.json",
      #"{"company":{"name":"Harbour Bakery","website":"https://h.example","emailOne":"a@h.example","countrycode":"IE","profile":"Bread","industryCatId":2},"companyOptions":{"fireWebhook":true}}"#
    )
    #expect(answer.status == 201)
    let made = try #require(answer.json["company"])
    let created = try #require(made["createdAt"]?.text)
    #expect(created.count > 25 && created.hasPrefix("2026-03-01T09:00:00."))
    let id = try #require(made["id"]?.whole)
    let read = try #require(test.tw3("GET", "/companies/\(id).json").json["company"])
    #expect(read["createdAt"] == "2026-03-01T09:00:00Z" && read["updatedAt"] == .null)
    #expect(read["name"] == "Harbour Bakery" && read["emailOne"] == "a@h.example" && read["emailTwo"] == "")
    // "countryCode/countrycode, profileText/profile, industryId/industryCatId read/write name changes".
    #expect(read["countryCode"] == "IE" && read["profileText"] == "Bread" && read["industryId"] == 2)
    // "fullProfile: include full profile".
    #expect(
      test.tw3("GET", "/companies.json?ids=\(id)").json["companies"]?.elements?.first?["profileText"] == .null)
    #expect(
      test.tw3("GET", "/companies.json?ids=\(id)&fullProfile=true").json["companies"]?.elements?.first?["profileText"]
        == "Bread")
  }

  @Test("a key that only reads is passed over, and counted") func ignoredKeys() throws {
    let id = try test.twClient()
    let patch = #"{"company":{"countryCode":"IE","profileText":"x","phone":"1"},"odd":1}"#
    #expect(test.tw3("PATCH", "/companies/\(id).json", patch).status == 200)
    let read = test.tw3("GET", "/companies/\(id).json").json["company"]
    #expect(read?["countryCode"] == "" && read?["phone"] == "1")
    let ignored = try test.teamworkState.inside("counters", "ignored-keys")
    #expect(ignored == ["countryCode": 1, "odd": 1, "profileText": 1])
  }

  /// "Names are unique per site: 409 Company name already in use"; letter case and deleted names are unverified.
  @Test("a name is taken, whatever its case, until its company is deleted") func conflicts() throws {
    let id = try test.twClient("Harbour Bakery")
    let same = test.tw3("POST", "/companies.json", #"{"company":{"name":"HARBOUR bakery"}}"#)
    #expect(same.status == 409)
    let error = try #require(same.json["errors"]?.elements?.first)
    #expect(error["title"] == "conflict" && error["detail"] == "Company name already in use")
    #expect(error["id"]?.text?.hasPrefix("1-") == true)
    #expect(test.tw3("PATCH", "/companies/\(id).json", #"{"company":{"name":"Acme Dental"}}"#).status == 409)
    #expect(test.tw3("PATCH", "/companies/\(id).json", #"{"company":{"name":"harbour bakery"}}"#).status == 200)
    #expect(test.tw3("POST", "/companies.json", #"{"company":{"phone":"1"}}"#).status == 400)
    #expect(test.tw3("POST", "/companies.json", #"{"name":"x"}"#).status == 400)
    #expect(test.tw3("POST", "/companies.json", "{").status == 400)
    try test.control("POST", "/teamwork/options", #"{"name-conflict-ignores-case":false}"#)
    #expect(test.tw3("POST", "/companies.json", #"{"company":{"name":"Harbour Bakery"}}"#).status == 201)
    try test.control("DELETE", "/teamwork/companies/\(id)")
    try test.control("POST", "/teamwork/options", #"{"deleted-company-holds-name":true}"#)
    #expect(test.tw3("POST", "/companies.json", #"{"company":{"name":"harbour bakery"}}"#).status == 409)
    try test.control("POST", "/teamwork/options", #"{"deleted-company-holds-name":false}"#)
    #expect(test.tw3("POST", "/companies.json", #"{"company":{"name":"harbour bakery"}}"#).status == 201)
  }

  /// "The vendor SDK always sends clientManagedBy (as null when unset) … a null may clear the manager".
  @Test("a null clears the manager, and that is counted") func manager() throws {
    let managed = try #require(
      test.tw3("GET", "/companies.json?excludeOwnerCompany=true").json["companies"]?.elements?.first {
        $0["clientManagedBy"] != .null
      }?["id"]?.whole)
    let answer = test.tw3("PATCH", "/companies/\(managed).json", #"{"company":{"clientManagedBy":null}}"#)
    #expect(answer.json.inside("company", "clientManagedBy") == .null)
    #expect(try test.teamworkState.inside("counters", "managers-cleared") == 1)
  }

  /// "supplying a foreign currencyId can switch that feature on for good"; "a currencyId is required for each new client".
  @Test("a foreign currency switches many currencies on for good") func currency() throws {
    #expect(test.tw3("POST", "/companies.json", #"{"company":{"name":"A","currencyId":3}}"#).status == 201)
    #expect(try test.teamworkState.inside("counters", "switched-to-multi-currency") == 0)
    #expect(test.tw3("POST", "/companies.json", #"{"company":{"name":"B","currencyId":7}}"#).status == 201)
    #expect(try test.teamworkState.inside("counters", "switched-to-multi-currency") == 1)
    #expect(test.tw3("POST", "/companies.json", #"{"company":{"name":"C"}}"#).status == 400)
  }

  /// "Deleting a company also deletes every person in it"; "404 with body, detail company not found".
  @Test("a company takes its people with it") func cascade() throws {
    let id = try test.twClient()
    let una = try test.twPerson(#"{"firstName":"Una","email":"una@h.example","company":"Harbour Bakery"}"#)
    #expect(test.tw3("DELETE", "/companies/\(id).json").status == 204)
    #expect(test.tw3("GET", "/people/\(una).json").status == 404)
    #expect(try test.twIDs("people", "showDeleted=true&ids=\(una)") == [una])
    let counters = try #require(try test.teamworkState["counters"])
    #expect(counters["deleted"] == ["companies": 1] && counters["deleted-with-company"] == 1)
    let gone = test.tw3("DELETE", "/companies/\(id).json")
    #expect(gone.status == 404)
    #expect(gone.json["errors"]?.elements?.first?["detail"] == "company not found")
    let owner = try #require(test.tw3("GET", "/companies.json").json["companies"]?.elements?.first?["id"]?.whole)
    #expect(test.tw3("DELETE", "/companies/\(owner).json").status == 403)
  }

  /// "getEmoji defaults to true for companies (emoji converted to Unicode in text fields)".
  @Test("emoji come back as they were, unless their short names are wanted") func emoji() throws {
    let id = try test.twClient("Rocket 🚀 Bikes")
    #expect(test.tw3("GET", "/companies/\(id).json").json.inside("company", "name") == "Rocket 🚀 Bikes")
    #expect(
      test.tw3("GET", "/companies/\(id).json?getEmoji=false").json.inside("company", "name") == "Rocket :rocket: Bikes")
    let name = EmulatedRequest.encoded("Rocket 🚀 Bikes")
    #expect(try test.twIDs("companies", "name=\(name)") == [id])
  }

  /// "contacts, accounts, collaborators, clients are counts, not lists".
  @Test("a company counts its people by kind") func headcounts() throws {
    let id = try test.twClient()
    let una = try test.twPerson(#"{"firstName":"Una","email":"una@h.example","company":"Harbour Bakery"}"#)
    func counts() -> [JSON?] {
      let company = test.tw3("GET", "/companies.json?ids=\(id)").json["companies"]?.elements?.first
      return ["contacts", "accounts", "collaborators", "clients"].map { company?[$0] }
    }
    #expect(counts() == [1, 0, 0, 0])
    try test.control("PATCH", "/teamwork/people/\(una)", #"{"kind":"account"}"#)
    #expect(counts() == [0, 1, 0, 0])
    try test.control("PATCH", "/teamwork/people/\(una)", #"{"client":true}"#)
    #expect(counts() == [0, 0, 0, 1])
    try test.control("PATCH", "/teamwork/people/\(una)", #"{"company":"Acme Dental"}"#)
    #expect(counts() == [0, 0, 0, 0])
  }

  /// Section 5.4: "201 {"domains":[…]}", "200, 409 when taken", "204".
  @Test("domains are a sub-resource, one company each") func domains() throws {
    let id = try test.twClient()
    let body = #"{"companyDomains":[{"domain":"harbour.example"}]}"#
    let made = test.tw3("POST", "/companies/\(id)/domains.json", body)
    #expect(made.status == 201)
    let domain = try #require(made.json["domains"]?.elements?.first?["id"]?.whole)
    #expect(test.tw3("POST", "/companies/\(try test.twClient("Other"))/domains.json", body).status == 409)
    #expect(
      test.tw3("GET", "/companies/\(id).json").json.inside("company", "companyDomains")
        == [["id": .int(domain), "type": "companyDomains"]])
    let renamed = #"{"companyDomain":{"domain":"harbour2.example"}}"#
    #expect(
      test.tw3("PATCH", "/companies/domains/\(domain).json", renamed).json.inside("domain", "domain")
        == "harbour2.example")
    #expect(test.tw3("DELETE", "/companies/domains/\(domain).json").status == 204)
    #expect(test.tw3("DELETE", "/companies/domains/\(domain).json").status == 404)
    #expect(test.tw3("GET", "/companies/\(id).json").json.inside("company", "companyDomains") == [])
  }
}

@Suite("Teamwork.com: writing people")
struct TeamworkPersonWriteTests {
  let test = TestWorld()

  private func create(_ fields: String) -> EmulatedResponse {
    test.tw("POST", "/people.json", "{\"person\":{\(fields)}}")
  }

  private func old(_ id: Int) -> JSON? { test.tw("GET", "/people/\(id).json").json["person"] }

  /// "POST /people.json -> 201, body {"id":"8123","STATUS":"OK"} (id is text), Location header points at the person".
  @Test("a contact is made without mail or seat, and read back with every detail") func createContact() throws {
    let company = try test.twClient()
    let seats = try test.teamworkState["seats-used"]
    let answer = create(
      #""first-name":"Una","last-name":"Byrne","email-address":"una@h.example","company-id":\#(company),"user-type":"contact","title":"Buyer","phone-number-office":"+353 21 555 0101","email-alt-1":"una.b@mail.example","userTwitterName":"@una","userLinkedin":"https://l.example/una","sendInvite":false,"continueIfUserExists":false"#
    )
    #expect(answer.status == 201 && answer.json["STATUS"] == "OK")
    let text = try #require(answer.json["id"]?.text)
    let id = try #require(Int(text))
    #expect(answer.header("Location")?.hasSuffix("/teamwork/people/\(id).json") == true)
    let read = try #require(old(id))
    // "v1 string ids versus v3 integer ids for the same person".
    #expect(read["id"] == .string(text) && read["company-id"] == .string(company.description))
    #expect(read["company-name"] == "Harbour Bakery" && read["phone-number-office"] == "+353 21 555 0101")
    #expect(read["email-alt-1"] == "una.b@mail.example" && read["email-alt-2"] == "")
    // "Twitter read key differs from its write key; LinkedIn/Facebook may be write-only".
    #expect(read["twitter"] == "@una" && read["userTwitterName"] == nil && read["userLinkedin"] == nil)
    let new = try #require(test.tw3("GET", "/people/\(id).json").json["person"])
    #expect(new["id"] == .int(id) && new["companyId"] == .int(company) && new["type"] == "contact")
    // "v3 has no phone numbers, no alternative e-mails and no social links on a person".
    #expect(new["phone-number-office"] == nil && new["twitter"] == nil)
    let state = try test.teamworkState
    #expect(state.inside("counters", "invitations-sent") == 0 && state["seats-used"] == seats)
    try test.control("POST", "/teamwork/options", #"{"reads-social-networks":true}"#)
    #expect(old(id)?["userLinkedin"] == "https://l.example/una")
  }

  /// "Invitation mail sent because sendInvite was left out; a paid seat used because user-type was left out";
  /// "company-id omitted = the key owner's company".
  @Test("what is left out costs a mail, a seat, and puts the person among the staff") func carelessCreate() throws {
    let before = try #require(try test.teamworkState["seats-used"]?.whole)
    let answer = create(#""first-name":"Una","email-address":"una@h.example""#)
    let id = try #require(answer.json["id"]?.text.flatMap { Int($0) })
    let new = test.tw3("GET", "/people/\(id).json").json["person"]
    #expect(new?["type"] == "account")
    #expect(old(id)?["in-owner-company"] == true)
    let state = try test.teamworkState
    #expect(state["seats-used"] == .int(before + 1))
    #expect(state.inside("counters", "invited") == ["una@h.example"])
    #expect(state.inside("counters", "seats-taken") == 1 && state.inside("counters", "staff-edited") == 1)
    // "older docs: sendWelcomeEmail: "no"".
    _ = create(#""first-name":"B","email-address":"b@h.example","user-type":"contact","sendWelcomeEmail":"no""#)
    #expect(try test.teamworkState.inside("counters", "invitations-sent") == 1)
    _ = create(#""first-name":"C","email-address":"c@h.example","user-type":"contact","sendInvite":true"#)
    #expect(try test.teamworkState.inside("counters", "invitations-sent") == 2)
    try test.control("POST", "/teamwork/options", #"{"invites-unless-refused":false}"#)
    _ = create(#""first-name":"D","email-address":"d@h.example","user-type":"contact""#)
    #expect(try test.teamworkState.inside("counters", "invitations-sent") == 2)
  }

  /// "422 = envelope missing or unreadable JSON".
  @Test("what cannot be a person is refused in v1's words") func refusals() throws {
    #expect(test.tw("POST", "/people.json", #"{"first-name":"U"}"#).status == 422)
    #expect(test.tw("POST", "/people.json", "{").status == 422)
    let company = try test.twClient()
    for fields in [
      #""first-name":"U""#, #""email-address":"u@h.example""#, #""first-name":"U","email-address":"no address""#,
      #""first-name":"U","email-address":"u@h.example","user-type":"robot""#,
      #""first-name":"U","email-address":"u@h.example","company-id":"1""#,
      // "Client users cannot be in the owner company".
      #""first-name":"U","email-address":"u@h.example","isClientUser":true"#,
      #""first-name":"U","email-address":"u@h.example","company-id":"\#(company)","user-type":"contact","isClientUser":true"#,
    ] {
      let answer = create(fields)
      #expect(answer.status == 400 && answer.json["STATUS"] == "Error", "\(fields)")
    }
    #expect(create(#""first-name":"U","email-address":"u@h.example","company-id":"\#(company)""#).status == 201)
  }

  /// "E-mail is the de-facto unique key; the exact status … could not be confirmed (expect a 4xx, v1 shape)".
  @Test("an address is one person's, until that person is deleted") func duplicates() throws {
    let id = try test.twPerson(#"{"firstName":"Una","email":"una@h.example","company":"Acme Dental"}"#)
    let fields = #""first-name":"U","email-address":"UNA@h.example","sendInvite":false"#
    #expect(create(fields).status == 409)
    try test.control("POST", "/teamwork/options", #"{"duplicate-email-status":422}"#)
    #expect(create(fields).status == 422)
    let continued = create(fields + #","continueIfUserExists":true"#)
    #expect(continued.status == 201 && continued.json["id"] == .string(id.description))
    #expect(try test.teamworkState.inside("counters", "continued") == 1)
    let other = try test.twPerson(#"{"firstName":"O","email":"o@h.example","company":"Acme Dental"}"#)
    #expect(test.tw("PUT", "/people/\(other).json", #"{"person":{"email-address":"una@h.example"}}"#).status == 422)
    #expect(test.tw("DELETE", "/people/\(id).json").json == ["STATUS": "OK"])
    try test.control("POST", "/teamwork/options", #"{"deleted-person-holds-email":true}"#)
    #expect(create(fields).status == 422)
    try test.control("POST", "/teamwork/options", #"{"deleted-person-holds-email":false}"#)
    #expect(create(fields).status == 201)
  }

  /// "PUT -> 200 {"STATUS":"OK"}; keys not sent stay unchanged"; `"" clears`.
  @Test("an update changes what it names") func update() throws {
    let id = try test.twPerson(
      #"{"firstName":"Una","lastName":"Byrne","email":"una@h.example","company":"Acme Dental","alternatives":["a@m.example","b@m.example"],"phone":"1"}"#
    )
    try test.control("POST", "/clock", #"{"advance-seconds":5}"#)
    let answer = test.tw(
      "PUT", "/people/\(id).json",
      #"{"person":{"last-name":"Byrne-Kelly","email-alt-1":"","twitter":"@x","title":null,"address":{"city":"Cork"}}}"#)
    #expect(answer.status == 200 && answer.json == ["STATUS": "OK"])
    let read = try #require(old(id))
    #expect(read["first-name"] == "Una" && read["last-name"] == "Byrne-Kelly" && read["phone-number-office"] == "1")
    #expect(read["email-alt-1"] == "" && read["email-alt-2"] == "b@m.example" && read["twitter"] == "")
    #expect(read.inside("address", "city") == "Cork")
    #expect(read["last-changed-on"] == "2026-03-01T09:00:05Z")
    #expect(try test.teamworkState.inside("counters", "ignored-keys") == ["twitter": 1])
    // "snake_case is not" taken, and camelCase only perhaps.
    _ = test.tw("PUT", "/people/\(id).json", #"{"person":{"firstName":"Oona","first_name":"Oona"}}"#)
    #expect(old(id)?["first-name"] == "Una")
    try test.control("POST", "/teamwork/options", #"{"takes-camel-case":true}"#)
    _ = test.tw("PUT", "/people/\(id).json", #"{"person":{"firstName":"Oona"}}"#)
    #expect(old(id)?["first-name"] == "Oona")
    #expect(test.tw("PUT", "/people/\(id).json", "{}").status == 422)
    #expect(test.tw("PUT", "/people/1.json", #"{"person":{}}"#).status == 404)
  }

  /// "whether a change of avatar or of v1-only fields moves updatedAt, is unverified".
  @Test("details and photos move the stamp, or do not") func stamps() throws {
    let id = try test.twPerson(#"{"firstName":"Una","email":"una@h.example","company":"Acme Dental"}"#)
    func stamp(after body: String) throws -> String? {
      try test.control("POST", "/clock", #"{"advance-seconds":1}"#)
      try test.control("PATCH", "/teamwork/people/\(id)", body)
      return test.tw3("GET", "/people/\(id).json").json.inside("person", "updatedAt")?.text
    }
    #expect(try stamp(after: #"{"phone":"1"}"#) == "2026-03-01T09:00:01Z")
    #expect(try stamp(after: #"{"avatar":"/avatars/new"}"#) == "2026-03-01T09:00:02Z")
    try test.control(
      "POST", "/teamwork/options", #"{"details-move-updated-at":false,"avatar-moves-updated-at":false}"#)
    #expect(try stamp(after: #"{"phone":"2","alternatives":["a@m.example"]}"#) == "2026-03-01T09:00:02Z")
    #expect(try stamp(after: #"{"avatar":"/avatars/newer"}"#) == "2026-03-01T09:00:02Z")
    #expect(try stamp(after: #"{"title":"Buyer","phone":"3"}"#) == "2026-03-01T09:00:05Z")
    #expect(try stamp(after: "{}") == "2026-03-01T09:00:06Z")
  }

  /// "a change coming back from Desk then edits a user account in Teamwork.com (name/e-mail of a login!)".
  @Test("writes to people who can log in are counted") func logins() throws {
    let contact = try test.twPerson(#"{"firstName":"C","email":"c@h.example","company":"Acme Dental"}"#)
    let login = try test.twPerson(
      #"{"firstName":"L","email":"l@h.example","company":"Acme Dental","kind":"collaborator"}"#)
    for id in [contact, login] { _ = test.tw("PUT", "/people/\(id).json", #"{"person":{"title":"Buyer"}}"#) }
    #expect(try test.teamworkState.inside("counters", "logins") == [.int(login)])
    _ = test.tw3("DELETE", "/people/\(login).json")
    #expect(try test.teamworkState.inside("counters", "logins-edited") == 2)
    _ = test.tw("PUT", "/people/\(contact).json", #"{"person":{"user-type":"account"}}"#)
    let counters = try #require(try test.teamworkState["counters"])
    #expect(counters["kinds-changed"] == 1 && counters["seats-taken"] == 1)
    #expect(counters["updated"] == ["people": 3])
  }

  /// "v1 booleans vary ("in-owner-company": "1" in one published sample, true in another)".
  @Test("flags of v1 are texts in listings and booleans alone") func flags() throws {
    let company = try test.twClient()
    let id = try test.twPerson(#"{"firstName":"Una","email":"una@h.example","company":"Harbour Bakery"}"#)
    func listed() -> JSON? {
      test.tw("GET", "/companies/\(company)/people.json").json["people"]?.elements?.first?["in-owner-company"]
    }
    #expect(listed() == "0" && old(id)?["in-owner-company"] == false)
    try test.control("POST", "/teamwork/options", #"{"v1-lists-flags-as-text":false}"#)
    #expect(listed() == false)
  }

  /// Section 5.5: "PUT the bytes to url without any Authorization header, with Content-Length, repeating X-Amz-Acl".
  @Test("a photo is announced, uploaded and taken, each in its own way") func avatar() throws {
    let id = try test.twPerson(#"{"firstName":"Una","email":"una@h.example","company":"Acme Dental"}"#)
    let announced = test.tw("GET", "/projects/api/v1/pendingfiles/presignedurl.json?fileName=una.png&fileSize=4").json
    let reference = try #require(announced["ref"]?.text)
    let url = try #require(announced["url"]?.text)
    #expect(reference.hasPrefix("tf_"))
    let target = "/" + url.split(separator: "/").dropFirst(2).joined(separator: "/")
    func put(_ headers: [String: String], _ body: String = "abcd") -> Int {
      test.world.answer(EmulatedRequest("PUT", target, headers: headers, body: Array(body.utf8))).status
    }
    let good = ["Content-Length": "4", "X-Amz-Acl": "public-read"]
    let take = #"{"person":{"avatarPendingFileRef":"\#(reference)"}}"#
    #expect(test.tw("PUT", "/people/\(id).json", take).status == 400)
    #expect(put(good.merging(["Authorization": "Basic x"]) { first, _ in first }) == 400)
    #expect(put(good.merging(["Transfer-Encoding": "chunked"]) { first, _ in first }) == 501)
    #expect(put(["X-Amz-Acl": "public-read"]) == 411)
    #expect(put(["Content-Length": "4"]) == 403)
    #expect(put(good, "abcde") == 403)
    #expect(put(good) == 200)
    #expect(test.tw("PUT", "/people/\(id).json", take).status == 200)
    #expect(test.tw("PUT", "/people/\(id).json", take).status == 400)
    let address = try #require(test.tw3("GET", "/people/\(id).json").json.inside("person", "avatarUrl")?.text)
    #expect(address.hasPrefix("http://") && address.hasSuffix(reference))
    let shown = "/" + address.split(separator: "/").dropFirst(2).joined(separator: "/")
    #expect(test.world.answer(EmulatedRequest("GET", shown)).status == 200)
    _ = test.tw("PUT", "/people/\(id).json", #"{"person":{"removeAvatar":true}}"#)
    #expect(test.tw3("GET", "/people/\(id).json").json.inside("person", "avatarUrl") == "")
    // "URL lives 10 minutes".
    try test.control("POST", "/clock", #"{"advance-seconds":601}"#)
    #expect(put(good) == 403)
    // The picture's bytes are no change of a record.
    #expect(test.world.counts.byRoute["PUT /uploads/{file}"] == 7)
    #expect(test.world.counts.committedWrites == ["teamwork": 2])
  }
}

@Suite("Teamwork.com: control and seed")
struct TeamworkControlTests {
  let test = TestWorld(companies: 8)

  @Test("every example of control works, and what is wrong is refused") func examples() throws {
    for route in try test.control("GET", "/control").elements ?? [] {
      guard let path = route["path"]?.text, path.hasPrefix("/control/teamwork"), let method = route["method"]?.text
      else { continue }
      let filled = path.replacing("{company}", with: "Acme%20Dental").replacing(
        "{person}", with: "admin@kestrel.example")
      let body = route["example"] ?? .null
      let result = TestWorld().world.control(
        method: method, target: filled, body: body == .null ? [] : Array(body.encoded.utf8))
      #expect(result.status == 200, "\(method) \(filled): \(result.body)")
    }
    #expect(try test.refusal("GET", "/teamwork/nothing").status == 404)
    #expect(try test.refusal("GET", "/teamwork/people/nobody").status == 404)
    #expect(try test.refusal("PATCH", "/teamwork/companies/nobody", "{}").status == 404)
    #expect(try test.refusal("POST", "/teamwork/options", #"{"odd":true}"#).status == 400)
    #expect(try test.refusal("POST", "/teamwork/people", #"{"odd":true}"#).status == 400)
  }

  @Test("what people do in the screens is not counted as what the API did") func counters() throws {
    let before = try test.teamworkState["counters"]
    let company = try test.twClient()
    let id = try test.twPerson(
      #"{"firstName":"Una","email":"una@h.example","company":"Harbour Bakery","kind":"account"}"#)
    try test.control("PATCH", "/teamwork/people/\(id)", #"{"lastName":"Byrne","email":null,"company":"Acme Dental"}"#)
    try test.control("DELETE", "/teamwork/companies/\(company)")
    try test.control("DELETE", "/teamwork/people/\(id)")
    #expect(try test.teamworkState["counters"] == before)
    #expect(try test.refusal("PATCH", "/teamwork/people/\(id)", "{}").status == 404)
  }

  @Test("the site has staff, clients and people with every awkward trait") func seed() throws {
    let state = try test.teamworkState
    let companies = try #require(state["companies"]?.elements)
    let names = companies.compactMap { $0["name"]?.text }
    #expect(names.first == "Kestrel Managed Services")
    #expect(names.dropFirst().starts(with: ["Acme Dental", "Acorn Freight", "Birch & Rowe Legal"]))
    // One of the eight companies is known to Desk only; one was deleted before.
    #expect(companies.count == 1 + 7 + 1)
    #expect(companies.filter { $0["status"] == "deleted" }.count == 1)
    #expect(companies.contains { $0["updatedAt"] == .null } && companies.contains { $0["updatedAt"] != .null })
    let people = companies.dropFirst().flatMap { $0["people"]?.elements ?? [] }
    func count(_ meets: (JSON) -> Bool) -> Int { people.filter(meets).count }
    #expect(count { $0["kind"] == "contact" } > 20)
    #expect(count { $0["kind"] == "collaborator" } > 0)
    #expect(count { $0["client"] == true } > 0)
    #expect(count { $0["kind"] == "account" && $0["client"] == false } > 0)
    #expect(count { $0["lastName"] == "" } > 0 && count { $0["email"] == "" } > 0)
    #expect(count { $0["alternatives"]?.elements?.count == 3 } > 0)
    #expect(count { $0["avatar"] != "" } > 0 && count { $0["userLinkedin"] != nil } > 0)
    #expect(count { $0["deleted"] == true } == 2)
    let addresses = people.filter { $0["deleted"] == false }.compactMap { $0["email"]?.text?.lowercased() }
      .filter { !$0.isEmpty }
    #expect(Set(addresses).count == addresses.count)
  }

  @Test("people are those of the other systems") func counterparts() throws {
    let mails = Set(
      (try test.control("GET", "/m365/Acme/users").elements ?? []).compactMap { $0["mail"]?.text?.lowercased() })
    let people = try test.control("GET", "/teamwork/people?company=Acme%20Dental").elements ?? []
    let found = people.filter { mails.contains($0["email"]?.text?.lowercased() ?? "") }
    #expect(found.count > people.count / 2)
  }

  @Test("a bulk import adds clients and contacts") func bulk() throws {
    let before = try test.twIDs("people", "").count
    try test.control("POST", "/teamwork/import", #"{"companies":2,"people":3}"#)
    try test.control("POST", "/teamwork/import", #"{"company":"Acme Dental","people":4}"#)
    #expect(try test.twIDs("people", "").count == before + 10)
    #expect(try test.teamworkState.inside("counters", "created") == [:])
    #expect(try test.refusal("POST", "/teamwork/import", #"{"people":1000000}"#).status == 400)
  }
}
