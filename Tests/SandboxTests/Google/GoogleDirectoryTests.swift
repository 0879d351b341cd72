import Foundation
import Testing

@testable import Sandbox

@Suite("Google: Directory")
struct GoogleDirectoryTests {
  let test = TestWorld(people: 30)
  let admin: GoogleCaller

  init() throws { admin = try test.googleAdmin() }

  private func rows(_ target: String, _ name: String) throws -> [JSON] {
    var rows: [JSON] = []
    var token = ""
    for _ in 0..<100 {
      let answer = admin.directory(target + token)
      try #require(answer.status == 200, "\(answer.body)")
      rows += answer.json[name]?.elements ?? []
      guard let next = answer.json["nextPageToken"]?.text else { return rows }
      token = "&pageToken=\(next)"
    }
    Issue.record("The listing does not end.")
    return rows
  }

  private func emails(_ target: String, _ name: String = "users") throws -> [String] {
    try rows(target, name).compactMap { ($0["primaryEmail"] ?? $0["email"])?.text }
  }

  @Test(
    "users must be asked for in the right way",
    arguments: [
      ("", "400 badRequest"), ("?customer=my_customer&domain=kestrel.example", "400 badRequest"),
      ("?customer=C0other", "400 invalid"), ("?domain=other.example", "404 notFound"),
      ("?customer=my_customer&maxResults=0", "400 invalidParameter"), ("?customer=my_customer&maxResults=1", ""),
      ("?customer=my_customer&maxResults=500", ""), ("?customer=my_customer&maxResults=501", "400 invalidParameter"),
      ("?customer=my_customer&pageToken=x", "400 invalid"), ("?customer=my_customer&orderBy=age", "400 invalid"),
      ("?customer=my_customer&projection=custom", "400 invalid"),
      ("?customer=my_customer&query=nonsense", "400 invalid"),
      ("?customer=my_customer&query=shoeSize%3D44", "400 invalid"),
      ("?customer=my_customer&viewType=domain_public&query=orgUnitPath%3D/Sales", "400 invalid"),
      ("?customer=my_customer&fields=users(", "400 invalidParameter"),
    ])
  func parameters(_ query: String, _ error: String) {
    #expect(admin.directory("/users" + query).json.googleError == error)
  }

  /// "a plain user gets 403 'Not Authorized to access this resource/api'".
  @Test("only administrators read, others the public view of users") func rights() throws {
    let dana = try test.google(GoogleNames.dana, scope: GoogleNames.directory)
    let refused = dana.directory("/users?customer=my_customer")
    #expect(refused.json.googleError == "403 forbidden")
    #expect(refused.json.googleMessage == "Not Authorized to access this resource/api")
    #expect(refused.json["error"]?["status"] == nil)
    #expect(dana.directory("/groups?customer=my_customer").status == 403)
    let shown = dana.directory("/users?customer=my_customer&viewType=domain_public").json["users"]?.elements ?? []
    #expect(!shown.isEmpty && shown.allSatisfy { $0["orgUnitPath"] == nil && $0["suspended"] == nil })
    #expect(!shown.contains { $0["primaryEmail"] == "owen.teague@kestrel.example" })
    let helena = try test.google("helena.cruz@kestrel.example", scope: GoogleNames.directory)
    #expect(helena.directory("/users?customer=my_customer").status == 200)
    try test.control("PATCH", "/google/users/helena.cruz@kestrel.example", #"{"isDelegatedAdmin":false}"#)
    #expect(helena.directory("/users?customer=my_customer").status == 403)
  }

  @Test("the test of a connection: one user, some fields") func check() {
    let json = admin.directory(
      "/users?customer=my_customer&maxResults=1&fields=users(id,primaryEmail,customerId)"
    ).json
    #expect(json.members?.map(\.name) == ["users"])
    let user = json["users"]?.elements?.first
    #expect(Set((user?.members ?? []).map(\.name)) == ["id", "primaryEmail", "customerId"])
  }

  @Test("pages hold every user once, by customer and by domain") func pages() throws {
    let whole = try emails("/users?customer=my_customer&maxResults=500")
    #expect(whole.count == 30 && Set(whole).count == 30)
    #expect(try emails("/users?customer=my_customer&maxResults=7") == whole)
    #expect(try Set(emails("/users?customer=my_customer&maxResults=7&orderBy=email")) == Set(whole))
    #expect(try emails("/users?customer=my_customer&orderBy=email") == whole.sorted())
    #expect(try emails("/users?customer=my_customer&orderBy=email&sortOrder=DESCENDING") == whole.sorted().reversed())
    let labs = try emails("/users?domain=kestrel-labs.example")
    #expect(!labs.isEmpty && labs.allSatisfy { $0.hasSuffix("@kestrel-labs.example") })
    // "a domain alias holds no users"; "List keys are ABSENT when empty".
    let alias = admin.directory("/users?domain=kestrelmsp.example")
    #expect(alias.status == 200 && alias.json["users"] == nil)
    // "pageToken: valid three days".
    let token = try #require(admin.directory("/users?customer=my_customer&maxResults=7").json["nextPageToken"]?.text)
    let next = "/users?customer=my_customer&maxResults=7&pageToken=\(token)"
    #expect(
      admin.directory("/users?customer=my_customer&maxResults=8&pageToken=\(token)").json.googleError == "400 invalid")
    try test.advance(3 * 86_400 - 1)
    #expect(try test.googleAdmin().directory(next).status == 200)
    try test.advance(1)
    #expect(try test.googleAdmin().directory(next).json.googleError == "400 invalid")
  }

  /// "userKey = primary e-mail, ALIAS, or id. Unknown = 404".
  @Test("a user is found by address, alias and id") func user() throws {
    let marcus = admin.directory("/users/\(GoogleNames.marcus)").json
    let id = try #require(marcus["id"]?.text)
    #expect(marcus["orgUnitPath"] == "/Sales/EMEA" && marcus["suspended"] == false && marcus["isMailboxSetup"] == true)
    #expect(marcus["aliases"]?.elements == ["dispatch@kestrel.example"])
    #expect(
      marcus["nonEditableAliases"]?.elements == [
        "marcus.oyelaran@kestrel.example.test-google-a.com", "marcus.oyelaran@kestrelmsp.example",
      ])
    #expect(admin.directory("/users/dispatch@kestrel.example").json == marcus)
    #expect(admin.directory("/users/DISPATCH@kestrel.example").json["id"]?.text == id)
    #expect(admin.directory("/users/\(id)").json == marcus)
    let aliases = admin.directory("/users/\(id)/aliases").json["aliases"]?.elements
    #expect(aliases?.first?["alias"] == "dispatch@kestrel.example")
    let unknown = admin.directory("/users/nobody@kestrel.example").json
    #expect(unknown.googleError == "404 notFound" && unknown.googleMessage == "Resource Not Found: userKey")
    let owen = admin.directory("/users/owen.teague@kestrel.example").json
    #expect(owen["suspended"] == true && owen["suspensionReason"] == "ADMIN" && owen["suspensionTime"] != nil)
    #expect(admin.directory("/users/lena.hofer@kestrel.example").json["archived"] == true)
    #expect(admin.directory("/users/zoe.mueller@kestrel.example").json["isMailboxSetup"] == false)
    #expect(admin.directory("/users/helena.cruz@kestrel.example").json["customSchemas"] == nil)
    #expect(admin.directory("/users/helena.cruz@kestrel.example?projection=full").json["customSchemas"] != nil)
  }

  /// "showDeleted=true lists ONLY deleted users, of the last 20 days; sparse records".
  @Test("deleted users are listed alone, for twenty days") func deleted() throws {
    let target = "/users?customer=my_customer&showDeleted=true"
    #expect(try emails(target) == ["tess.former@kestrel.example"])
    #expect(try !emails("/users?customer=my_customer").contains("tess.former@kestrel.example"))
    #expect(try rows(target, "users").allSatisfy { $0["name"] == nil && $0["id"] != nil })
    #expect(admin.directory("/users/tess.former@kestrel.example").status == 404)
    let id = try #require(try test.control("DELETE", "/google/users/\(GoogleNames.marcus)")["id"]?.text)
    #expect(admin.directory("/users/\(id)").status == 404)
    #expect(try rows(target, "users").contains { $0["id"]?.text == id })
    // Tess was deleted five days before the world began.
    try test.advance(15 * 86_400 - 1)
    let later = try test.googleAdmin()
    #expect(later.directory(target).json["users"]?.elements?.count == 2)
    try test.advance(1)
    #expect(try test.googleAdmin().directory(target).json["users"]?.elements?.count == 1)
    try test.control("POST", "/google/users/\(id)/undelete")
    #expect(try test.googleAdmin().directory("/users/\(id)").json["primaryEmail"]?.text == GoogleNames.marcus)
  }

  /// "Clauses joined by a space = AND"; "`=` exact, `:` contains whole words, `:abc*` prefix".
  @Test(
    "the query language",
    arguments: [
      ("email=marcus.oyelaran@kestrel.example", 1), ("email=dispatch@kestrel.example", 1), ("email:admin*", 1),
      ("email=admin", 0), ("isSuspended=true email:owen*", 1), ("isArchived=true", 1), ("isAdmin=true", 1),
      ("familyName='Oyelaran'", 1), ("familyName:Oye", 0), ("familyName:Oye*", 1), ("name:'Dana Whitfield'", 1),
      ("orgUnitPath='/Sales/EMEA' email:marcus*", 1), ("orgUnitPath=/Sales email:marcus*", 1),
      ("orgUnitPath=/Engineering email:marcus*", 0), ("orgUnitPath=/Interns", 0), ("Employment.badge=K-7", 1),
      (#"familyName='O\'Neil'"#, 0),
    ])
  func query(_ query: String, _ count: Int) throws {
    let users = try emails("/users?customer=my_customer&query=\(EmulatedRequest.encoded(query))")
    #expect(users.count == count, "\(query): \(users)")
  }

  /// "matches that unit AND everything below it".
  @Test("a query for a unit finds those below it too") func unitQuery() throws {
    let found = try rows("/users?customer=my_customer&query=orgUnitPath%3D%27/Sales%27", "users")
    let paths = Set(found.compactMap { $0["orgUnitPath"]?.text })
    #expect(paths == ["/Sales", "/Sales/EMEA"])
    let all = try rows("/users?customer=my_customer", "users")
    #expect(found.count == all.filter { $0["orgUnitPath"]?.text?.hasPrefix("/Sales") ?? false }.count)
  }

  /// "Search index lag: mostly within 1 hour, up to 36 hours."
  @Test("a search is late where the index lags, a listing is not") func searchLag() throws {
    try test.control("POST", "/google/options", #"{"search-lag-seconds":3600}"#)
    let query = "/users?customer=my_customer&query=orgUnitPath%3D/Interns"
    try test.control("PATCH", "/google/users/\(GoogleNames.marcus)", #"{"orgUnitPath":"/Interns"}"#)
    try test.control("POST", "/google/users", #"{"givenName":"Ina","familyName":"Tern","orgUnitPath":"/Interns"}"#)
    #expect(try emails(query).isEmpty)
    #expect(try emails("/users?customer=my_customer&query=orgUnitPath%3D/Sales/EMEA").contains(GoogleNames.marcus))
    let listed = try rows("/users?customer=my_customer", "users").filter { $0["orgUnitPath"] == "/Interns" }
    #expect(listed.count == 2)
    // The administrator's token lives just as long: a new one is asked for each time.
    try test.advance(3599)
    #expect(try test.googleAdmin().directory(query).json["users"]?.elements?.isEmpty ?? true)
    try test.advance(1)
    let later = try test.googleAdmin()
    #expect(later.directory(query).json["users"]?.elements?.count == 2)
  }

  // MARK: - Renames

  /// "a rename changes primaryEmail; the old address stays as an ALIAS … and cannot be given to someone else while it is one".
  @Test("a rename keeps the id and makes the old address an alias") func rename() throws {
    let before = admin.directory("/users/\(GoogleNames.dana)").json
    let contacts = try test.google().connections("&pageSize=1000").rows.count
    try test.control("PATCH", "/google/users/\(GoogleNames.dana)", #"{"primaryEmail":"dana.reed@kestrel.example"}"#)
    let after = admin.directory("/users/\(GoogleNames.dana)").json
    #expect(after["id"] == before["id"] && after["primaryEmail"] == "dana.reed@kestrel.example")
    #expect(after["aliases"]?.elements == [.string(GoogleNames.dana)])
    #expect(test.googleTokenAnswer(try test.assertion()).json["error"] == "invalid_grant")
    let renamed = try test.google("dana.reed@kestrel.example")
    #expect(try renamed.connections("&pageSize=1000").rows.count == contacts)
    let new = #"{"givenName":"Dana","familyName":"New","primaryEmail":"\#(GoogleNames.dana)"}"#
    #expect(try test.refusal("POST", "/google/users", new).status == 409)
    // "an admin can delete the alias and give the address to a new person".
    try test.control("DELETE", "/google/users/dana.reed@kestrel.example/aliases/\(GoogleNames.dana)")
    try test.control("POST", "/google/users", new)
    #expect(admin.directory("/users/\(GoogleNames.dana)").json["id"] != before["id"])
    #expect(try test.google().connections().rows.isEmpty)
  }

  @Test("an address can be taken from somebody's aliases in one step") func takeAddress() throws {
    try test.control(
      "POST", "/google/users",
      #"{"givenName":"Dispatch","primaryEmail":"dispatch@kestrel.example","takes-address":true}"#)
    #expect(admin.directory("/users/dispatch@kestrel.example").json["primaryEmail"] == "dispatch@kestrel.example")
    #expect(admin.directory("/users/\(GoogleNames.marcus)").json["aliases"] == nil)
    #expect(try test.refusal("POST", "/google/users", #"{"primaryEmail":"x@other.example"}"#).status == 400)
  }

  @Test("suspending and archiving show, and end the rights") func acts() throws {
    for (act, member, value) in [
      ("suspend", "suspended", true), ("unsuspend", "suspended", false), ("archive", "archived", true),
      ("unarchive", "archived", false),
    ] {
      try test.control("POST", "/google/users/\(GoogleNames.marcus)/\(act)")
      #expect(admin.directory("/users/\(GoogleNames.marcus)").json[member] == .bool(value))
      let token = test.googleTokenAnswer(try test.assertion(TestClaims(subject: GoogleNames.marcus)))
      #expect(token.status == (value ? 400 : 200))
    }
    #expect(try test.refusal("POST", "/google/users/\(GoogleNames.marcus)/explode").status == 404)
  }

  // MARK: - Groups

  @Test("groups are found by customer, domain, user and query") func groups() throws {
    let all = try emails("/groups?customer=my_customer", "groups")
    #expect(all.count == 7)
    #expect(try emails("/groups?customer=my_customer&maxResults=2", "groups") == all)
    #expect(try emails("/groups?domain=kestrel.example&orderBy=email", "groups") == all.sorted())
    #expect(try emails("/groups?domain=kestrel-labs.example", "groups").isEmpty)
    #expect(try emails("/groups?userKey=dispatch@kestrel.example", "groups") == ["sales-emea@kestrel.example"])
    #expect(admin.directory("/groups?userKey=x@kestrel.example").json.googleError == "404 notFound")
    #expect(admin.directory("/groups?userKey=\(GoogleNames.dana)&customer=my_customer").status == 400)
    #expect(try emails("/groups?customer=my_customer&query=email:sales*", "groups").count == 2)
    for (size, status) in [(0, 400), (1, 200), (200, 200), (201, 400)] {
      #expect(admin.directory("/groups?customer=my_customer&maxResults=\(size)").status == status)
      #expect(admin.directory("/groups/sales@kestrel.example/members?maxResults=\(size)").status == status)
    }
    let sales = admin.directory("/groups/vertrieb@kestrel.example").json
    #expect(sales["email"] == "sales@kestrel.example")
    // "directMembersCount (a STRING)".
    let direct = try rows("/groups/sales@kestrel.example/members", "members")
    #expect(sales["directMembersCount"]?.text == direct.count.description)
  }

  /// "`includeDerivedMembership=true` expands nested groups on the server."
  @Test("nested groups are expanded, also where they go in circles") func derived() throws {
    let direct = try rows("/groups/sales@kestrel.example/members", "members")
    #expect(direct.contains { $0["type"] == "GROUP" && $0["email"] == "sales-emea@kestrel.example" })
    #expect(!direct.contains { $0["email"]?.text == GoogleNames.marcus })
    let derived = try rows(
      "/groups/sales@kestrel.example/members?includeDerivedMembership=true&maxResults=2", "members")
    #expect(derived.contains { $0["email"]?.text == GoogleNames.marcus })
    #expect(Set(derived.compactMap { $0["id"]?.text }).count == derived.count)
    let field = try emails("/groups/field@kestrel.example/members?includeDerivedMembership=true", "members")
    #expect(Set(field).isSuperset(of: ["zoe.mueller@kestrel.example", "priya.raman@kestrel-labs.example"]))
    #expect(
      admin.directory("/groups/field@kestrel.example/hasMember/priya.raman@kestrel-labs.example").json["isMember"]
        == true)
    #expect(admin.directory("/groups/field@kestrel.example/hasMember/\(GoogleNames.dana)").json["isMember"] == false)
  }

  @Test("members of every kind") func members() throws {
    // "CUSTOMER has no e-mail; its id is the customer id".
    let everyone = try #require(try rows("/groups/everyone@kestrel.example/members", "members").first)
    #expect(everyone["type"] == "CUSTOMER" && everyone["email"] == nil)
    #expect(everyone["id"] == admin.directory("/users/\(GoogleNames.dana)").json["customerId"])
    #expect(admin.directory("/groups/unused@kestrel.example/members").json["members"] == nil)
    let partners = try rows("/groups/partners@kestrel.example/members", "members")
    let outsider = try #require(partners.first { $0["email"] == "robin@contractor.example" })
    #expect(outsider["type"] == "USER" && outsider["status"] == "ACTIVE")
    #expect(admin.directory("/users/\(outsider["id"]?.text ?? "")").status == 404)
    #expect(partners.contains { $0["email"] == "all@contractor.example" && $0["type"] == "GROUP" })
    try test.control("POST", "/google/options", #"{"outsiders-have-type-external":true}"#)
    #expect(try rows("/groups/partners@kestrel.example/members", "members").contains { $0["type"] == "EXTERNAL" })
    // "A nested group outside the tenant gives 403".
    #expect(admin.directory("/groups/all@contractor.example/members").json.googleError == "403 forbidden")
    #expect(admin.directory("/groups/none@kestrel.example/members").json.googleError == "404 notFound")
    // "Member id of a USER equals the user's id".
    let dana = admin.directory("/users/\(GoogleNames.dana)").json["id"]
    let owners = try rows("/groups/sales@kestrel.example/members?roles=OWNER,MANAGER", "members")
    #expect(owners.map { $0["id"] } == [dana])
    #expect(admin.directory("/groups/sales@kestrel.example/members?roles=KING").status == 400)
    #expect(
      try rows("/groups/sales@kestrel.example/members", "members").contains {
        $0["email"] == "owen.teague@kestrel.example" && $0["status"] == "SUSPENDED"
      })
  }

  @Test("users go in and out of groups, and groups come and go") func membershipControl() throws {
    let base = "/google/groups/oncall@kestrel.example/members"
    try test.control("POST", base, #"{"email":"dispatch@kestrel.example"}"#)
    #expect(try emails("/groups/oncall@kestrel.example/members", "members").contains(GoogleNames.marcus))
    try test.control("DELETE", base + "/\(GoogleNames.marcus)")
    #expect(try !emails("/groups/oncall@kestrel.example/members", "members").contains(GoogleNames.marcus))
    #expect(try test.refusal("DELETE", base + "/\(GoogleNames.marcus)").status == 404)
    try test.control("POST", "/google/groups", #"{"email":"north@kestrel.example","members":["\#(GoogleNames.dana)"]}"#)
    #expect(try emails("/groups/north@kestrel.example/members", "members") == [GoogleNames.dana])
    try test.control("DELETE", "/google/groups/north@kestrel.example")
    #expect(admin.directory("/groups/north@kestrel.example").status == 404)
  }

  // MARK: - Units and domains

  /// "children = default, all, allIncludingParent"; "The root / comes only with allIncludingParent".
  @Test("units by their place") func units() throws {
    func paths(_ query: String = "") -> [String] {
      let answer = admin.directory("/customer/my_customer/orgunits\(query)").json
      return (answer["organizationUnits"]?.elements ?? []).compactMap { $0["orgUnitPath"]?.text }.sorted()
    }
    let children = ["/Engineering", "/Interns", "/Sales", "/Support"]
    #expect(paths() == children && paths("?type=children") == children)
    #expect(paths("?type=all") == (children + ["/Sales/EMEA"]).sorted())
    #expect(paths("?type=allIncludingParent").contains("/"))
    #expect(paths("?type=all&orgUnitPath=/Sales") == ["/Sales/EMEA"])
    #expect(admin.directory("/customer/my_customer/orgunits?orgUnitPath=/Interns").json["organizationUnits"] == nil)
    #expect(admin.directory("/customer/my_customer/orgunits?orgUnitPath=/None").status == 404)
    #expect(admin.directory("/customer/my_customer/orgunits?type=some").status == 400)
    let emea = admin.directory("/customer/my_customer/orgunits/Sales/EMEA").json
    #expect(emea["parentOrgUnitPath"] == "/Sales" && emea["name"] == "EMEA")
    let id = try #require(emea["orgUnitId"]?.text)
    #expect(admin.directory("/customer/my_customer/orgunits/\(id)").json == emea)
    // "orgUnitId … survives renames".
    try test.control("PATCH", "/google/orgunits", #"{"path":"/Sales","name":"Selling"}"#)
    #expect(admin.directory("/customer/my_customer/orgunits/\(id)").json["orgUnitPath"] == "/Selling/EMEA")
    #expect(admin.directory("/users/\(GoogleNames.marcus)").json["orgUnitPath"] == "/Selling/EMEA")
    try test.control("POST", "/google/orgunits", #"{"path":"/Selling/APAC"}"#)
    #expect(paths("?type=all&orgUnitPath=/Selling") == ["/Selling/APAC", "/Selling/EMEA"])
  }

  @Test("domains, with the creation time as text") func domains() {
    let domains = admin.directory("/customer/my_customer/domains").json["domains"]?.elements ?? []
    #expect(domains.compactMap { $0["domainName"]?.text } == ["kestrel.example", "kestrel-labs.example"])
    #expect(domains.compactMap { $0["isPrimary"]?.flag } == [true, false])
    #expect(domains.allSatisfy { $0["creationTime"]?.text.flatMap { Int($0) } != nil })
    #expect(domains.first?["domainAliases"]?.elements?.first?["domainAliasName"] == "kestrelmsp.example")
    #expect(admin.directory("/customer/C0other/domains").status == 400)
    #expect(admin.directory("/customer/my_customer/domains/kestrel-labs.example").json["isPrimary"] == false)
  }
}

@Suite("Google: partial answers and queries")
struct GoogleSelectionTests {
  private let json: JSON = [
    "a": 1, "b": ["c": 2, "d": ["e": 3, "f": 4]], "list": [["x": 1, "y": 2], ["x": 3, "y": 4]],
  ]

  @Test(
    "fields are selected",
    arguments: [
      ("a", #"{"a":1}"#), ("a,b/c", #"{"a":1,"b":{"c":2}}"#), ("b(c,d/e)", #"{"b":{"c":2,"d":{"e":3}}}"#),
      ("list/x", #"{"list":[{"x":1},{"x":3}]}"#), ("list(y)", #"{"list":[{"y":2},{"y":4}]}"#),
      ("b/d,b/c", #"{"b":{"c":2,"d":{"e":3,"f":4}}}"#), ("b,b/c", #"{"b":{"c":2,"d":{"e":3,"f":4}}}"#),
      ("b/*", #"{"b":{"c":2,"d":{"e":3,"f":4}}}"#), ("none", "{}"),
    ])
  func selects(_ text: String, _ expected: String) throws {
    #expect(try GoogleFieldSelector(text).applied(to: json).encoded == expected)
  }

  @Test("what is no selection is refused", arguments: ["", "a,", "a(", "a(b", "a)", "a b", "/a", "a/"])
  func refuses(_ text: String) { #expect(throws: GoogleRefusal.self) { try GoogleFieldSelector(text) } }

  @Test("a query is taken apart") func query() throws {
    let fields: Set<String> = ["name", "email", "orgUnitPath"]
    let search = try GoogleSearch(#" name='O\'Neil Sr'  email:adm* orgUnitPath=/Sales "#, fields: fields)
    #expect(
      search.clauses == [
        .init(field: "name", comparison: .equals, value: "O'Neil Sr"),
        .init(field: "email", comparison: .beginsWith, value: "adm"),
        .init(field: "orgUnitPath", comparison: .equals, value: "/Sales"),
      ])
    for wrong in ["name", "name='open", "other=1", "name=", "=x"] {
      #expect(throws: GoogleRefusal.self, "\(wrong)") { try GoogleSearch(wrong, fields: fields) }
    }
    #expect(try GoogleSearch("", fields: fields).clauses.isEmpty)
  }
}
