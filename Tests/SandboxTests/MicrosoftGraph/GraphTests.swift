import Foundation
import Testing

@testable import Sandbox

@Suite("Graph: signing in")
struct GraphTokenTests {
  let test = TestWorld()

  /// "Request (form encoded, not JSON)"; success holds token_type, expires_in and access_token.
  @Test("credentials that are right get a bearer token") func token() throws {
    let answer = test.world.answer(test.tokenRequest(tenant: test.tenant().domain))
    #expect(answer.status == 200)
    #expect(answer.json["token_type"] == "Bearer")
    #expect(answer.json["expires_in"] == 3599)
    try test.control("POST", "/m365/tokens", #"{"lifetime-seconds":60}"#)
    #expect(test.world.answer(test.tokenRequest(tenant: test.tenant().id)).json["expires_in"] == 60)
  }

  /// "error_codes values: 7000215 wrong client secret; 700016 app id not found in that tenant; 90002 tenant not found";
  /// "HTTP status is 400 or 401 depending on the case".
  @Test("credentials that are wrong get the vendor's error codes") func refusals() {
    let id = test.tenant().id
    for (request, status, code, error) in [
      (test.tokenRequest(tenant: id, secret: "wrong"), 401, 7_000_215, "invalid_client"),
      (
        test.tokenRequest(tenant: id, client: "00000000-0000-0000-0000-000000000009"), 400, 700_016,
        "unauthorized_client"
      ),
      (test.tokenRequest(tenant: "nobody.example"), 400, 90002, "invalid_request"),
      (test.tokenRequest(tenant: id, scope: "User.Read.All"), 400, 1_002_012, "invalid_scope"),
    ] {
      let answer = test.world.answer(request)
      #expect(answer.status == status)
      #expect(answer.json["error_codes"] == [.int(code)])
      #expect(answer.json["error"] == .string(error))
      #expect(answer.json["error_description"]?.text?.hasPrefix("AADSTS\(code): ") == true)
      #expect(answer.json["trace_id"]?.text?.count == 36)
    }
  }

  @Test("a secret that was made invalid or has expired is refused") func secret() throws {
    try test.control("POST", "/m365/secret", #"{"expired":true}"#)
    #expect(test.world.answer(test.tokenRequest(tenant: test.tenant().id)).json["error_codes"] == [7_000_222])
    try test.control("POST", "/m365/secret", #"{"valid":false,"expired":false}"#)
    #expect(test.world.answer(test.tokenRequest(tenant: test.tenant().id)).json["error_codes"] == [7_000_215])
  }

  /// "401 InvalidAuthenticationToken"; "Inner key is spelled innerError on the wire"; client-request-id "is echoed".
  @Test("without a token, and with one that has expired, Graph answers 401") func bearer() throws {
    let token = try test.token()
    #expect(test.graph("/users", token: token).status == 200)
    for bad in ["", "made-up"] {
      let answer = test.graph("/users", token: bad, headers: ["client-request-id": "mine"])
      #expect(answer.status == 401)
      #expect(answer.json["error"]?["code"] == "InvalidAuthenticationToken")
      #expect(answer.json["error"]?["innerError"]?["client-request-id"] == "mine")
      #expect(answer.header("client-request-id") == "mine")
      #expect(answer.header("WWW-Authenticate") != nil)
    }
    try test.control("POST", "/clock", #"{"advance-seconds":3600}"#)
    #expect(test.graph("/users", token: token).status == 401)
    let second = try test.token()
    try test.control("POST", "/m365/tokens/expire")
    #expect(test.graph("/users", token: second).status == 401)
  }

  @Test("a token opens its own tenant only") func ownTenant() throws {
    let (first, second) = (try test.token(0), try test.token(1))
    #expect(test.graph("/organization", token: first).json["value"]?.elements?.first?["id"]?.text == test.tenant(0).id)
    #expect(test.graph("/organization", token: second).json["value"]?.elements?.first?["id"]?.text == test.tenant(1).id)
    let link = try #require(test.graph("/users?$top=3", token: first).json["@odata.nextLink"]?.text)
    #expect(test.graph(link, token: second).status == 400)
  }

  /// "403 Authorization_RequestDenied: consent"; "Permission changes need fresh consent and a fresh token; cached tokens
  /// keep the old roles until they expire."
  @Test("consent counts from the next token on, and each permission by itself") func consent() throws {
    let before = try test.token()
    try test.control("POST", "/m365/Acme/consent", #"{"granted":false,"permissions":["User.Read.All"]}"#)
    #expect(test.graph("/users", token: before).status == 200)
    let after = try test.token()
    #expect(test.graph("/users", token: after).status == 403)
    #expect(test.graph("/users", token: after).json["error"]?["code"] == "Authorization_RequestDenied")
    #expect(test.graph("/organization", token: after).status == 200)
    #expect(test.graph("/users", token: try test.token(1)).status == 200)
    try test.control("POST", "/m365/acme/consent", #"{"granted":false,"immediately":true}"#)
    #expect(test.graph("/organization", token: after).status == 403)
    try test.control("POST", "/m365/acme.example/consent", #"{"granted":true,"immediately":true}"#)
    #expect(test.graph("/users", token: after).status == 200)
  }
}

@Suite("Graph: reading users")
struct GraphUsersTests {
  let test = TestWorld(people: 250)

  /// "Page size: default 100, maximum 999"; "only the absence of nextLink ends the list"; nextLink is an absolute URL.
  @Test("every user comes once, page by page") func paging() throws {
    let token = try test.token()
    let first = test.graph("/users", token: token).json
    #expect(first["value"]?.elements?.count == 100)
    #expect(first["@odata.nextLink"]?.text?.hasPrefix("http://127.0.0.1") == true)
    for top in [7, 100, 249, 250, 999] {
      let listing = try test.allPages("/users?$top=\(top)&$select=id", token: token)
      #expect(listing.rows.count == 250)
      #expect(Set(listing.rows.map { $0["id"]?.text }).count == 250)
      #expect(listing.pages == (250 + top - 1) / top)
    }
  }

  /// "$top above 999 on /users: 400 Request_UnsupportedQuery"; "$skip is not supported on users".
  @Test(
    "what users do not take is refused",
    arguments: [
      ("/users?$top=1000", 400, "Request_UnsupportedQuery"), ("/users?$top=0", 400, "BadRequest"),
      ("/users?$skip=10", 400, "Request_UnsupportedQuery"), ("/users?$select=shoeSize", 400, "BadRequest"),
      // "Selecting profile properties stored outside the directory on the collection gives 501 NotImplemented".
      ("/users?$select=id,aboutMe", 501, "NotImplemented"),
      // "not enabled: $filter=accountEnabled ne true: needs advanced mode; without it: 400 Request_UnsupportedQuery".
      ("/users?$filter=accountEnabled%20ne%20true", 400, "Request_UnsupportedQuery"),
      ("/users?$filter=endsWith(mail,'@acme.example')", 400, "Request_UnsupportedQuery"),
      ("/users?$filter=mail%20eq", 400, "BadRequest"), ("/users/nobody", 404, "Request_ResourceNotFound"),
      ("/users?$skiptoken=stale", 400, "Directory_ExpiredPageToken"),
    ])
  func refusals(_ target: String, _ status: Int, _ code: String) throws {
    let answer = test.graph(target, token: try test.token())
    #expect(answer.status == status)
    #expect(answer.json["error"]?["code"]?.text == code)
  }

  /// "Default property set when no $select"; "Properties outside the default set are silently missing, not null";
  /// "Graph returns null for unset strings, but businessPhones is []".
  @Test("only what was selected is there, and what was never set is null") func selection() throws {
    let token = try test.token()
    let row = try #require(test.graph("/users?$top=1", token: token).json["value"]?.elements?.first)
    #expect(
      Set(row.members?.map(\.name) ?? []) == [
        "businessPhones", "displayName", "givenName", "id", "jobTitle", "mail", "mobilePhone", "officeLocation",
        "preferredLanguage", "surname", "userPrincipalName",
      ])
    let bare = try test.user(.noTitleNoPhone)["id"]?.text ?? ""
    let user = test.graph("/users/\(bare)?$select=jobTitle,businessPhones,accountEnabled", token: token).json
    #expect(user["jobTitle"] == JSON.null)
    #expect(user["businessPhones"] == [])
    #expect(user["accountEnabled"] == true)
    #expect(user["mail"] == nil)
  }

  @Test(
    "filters select as they say",
    arguments: [
      "accountEnabled eq true", "userType eq 'Member'", "userType eq 'Guest' and accountEnabled eq true",
      "(userType eq 'Guest' or accountEnabled eq false)", "startswith(displayName,'A')",
      "assignedLicenses/any(l:l/skuId eq f30db892-07e9-47e9-837c-80727f46fd3d)",
    ])
  func filters(_ filter: String) throws {
    let token = try test.token()
    let all = try test.allPages(
      "/users?$top=999&$select=id,accountEnabled,userType,displayName,assignedLicenses", token: token)
    let some = try test.allPages(
      "/users?$top=60&$select=id&$filter=\(EmulatedRequest.encoded(filter))", token: token)
    let expected = all.rows.filter { row in
      let (enabled, type) = (row["accountEnabled"] == true, row["userType"]?.text)
      return switch filter {
      case "accountEnabled eq true": enabled
      case "userType eq 'Member'": type == "Member"
      case "userType eq 'Guest' and accountEnabled eq true": type == "Guest" && enabled
      case "startswith(displayName,'A')": row["displayName"]?.text?.lowercased().hasPrefix("a") == true
      case let text where text.hasPrefix("assigned"): row["assignedLicenses"]?.encoded.contains("f30db892") == true
      default: type == "Guest" || !enabled
      }
    }
    #expect(!expected.isEmpty && expected.count < all.rows.count)
    #expect(some.rows.map { $0["id"] } == expected.map { $0["id"] })
  }

  /// "Advanced mode = header ConsistencyLevel: eventual and $count=true"; "@odata.count appears on the first page only".
  @Test("advanced filters work with both halves of advanced mode") func advanced() throws {
    let token = try test.token()
    let query = "/users?$count=true&$top=5&$select=id&$filter=accountEnabled%20ne%20true"
    let first = test.graph(query, token: token, headers: ["ConsistencyLevel": "eventual"])
    #expect(first.status == 200)
    #expect((first.json["@odata.count"]?.whole ?? 0) > 5)
    let link = try #require(first.json["@odata.nextLink"]?.text)
    // "Request headers are not encoded in the link: ConsistencyLevel must be re-sent on every page."
    #expect(test.graph(link, token: token).status == 400)
    let second = test.graph(link, token: token, headers: ["ConsistencyLevel": "eventual"]).json
    #expect(second["@odata.count"] == nil)
  }

  /// "A page may be empty and still carry a nextLink".
  @Test("empty pages can be provoked, and lose nobody") func emptyPages() throws {
    let token = try test.token()
    try test.control("POST", "/m365/Acme/listing", #"{"empty-pages":2}"#)
    let first = test.graph("/users?$select=id", token: token).json
    #expect(first["value"] == [])
    #expect(first["@odata.nextLink"] != nil)
    let rest = try test.allPages(try #require(first["@odata.nextLink"]?.text), token: token)
    #expect(rest.rows.count == 250)
    #expect(rest.pages == 4)
  }

  /// "`#` must be sent as %23 in a path"; "Addressing by id avoids both".
  @Test("a user is found by id and by login, a deleted one under deletedItems") func single() throws {
    let token = try test.token()
    let guest = try test.user(.guest)
    let login = try #require(guest["userPrincipalName"]?.text)
    #expect(login.contains("#EXT#@"))
    #expect(
      test.graph("/users/\(login.replacing("#", with: "%23"))?$select=id", token: token).json["id"] == guest["id"])
    let id = try #require(guest["id"]?.text)
    try test.control("POST", "/m365/Acme/users/\(id)/delete")
    #expect(test.graph("/users/\(id)", token: token).status == 404)
    let deleted = test.graph("/directory/deletedItems/microsoft.graph.user?$select=id", token: token).json
    #expect(deleted["value"]?.elements?.contains { $0["id"]?.text == id } == true)
    // "for 30 days".
    try test.control("POST", "/clock", #"{"advance-seconds":2600000}"#)
    let later = test.graph("/directory/deletedItems/microsoft.graph.user?$select=id", token: try test.token()).json
    #expect(later["value"] == [])
  }

  /// "subscribedSkus → value[] with skuId, skuPartNumber, consumedUnits"; costs: "GET /users 2, subscribedSkus 3,
  /// $select −1, $top < 20 −1, never below 1".
  @Test(
    "each call says what it costs",
    arguments: [
      ("/users", "2"), ("/users?$select=id", "1"), ("/users?$select=id&$top=1", "1"), ("/users?$top=19", "1"),
      ("/subscribedSkus", "3"), ("/organization", "1"), ("/users/delta", "1"),
    ])
  func cost(_ target: String, _ units: String) throws {
    #expect(test.graph(target, token: try test.token()).header("x-ms-resource-unit") == units)
  }

  @Test("licences have part numbers") func skus() throws {
    let rows = test.graph("/subscribedSkus", token: try test.token()).json["value"]?.elements ?? []
    let names = Set(rows.compactMap { $0["skuPartNumber"]?.text })
    #expect(names.isSuperset(of: ["O365_BUSINESS_PREMIUM", "FLOW_FREE"]))
    #expect(rows.contains { ($0["consumedUnits"]?.whole ?? 0) > 10 })
  }

  /// "Over limit → 429, code TooManyRequests with Retry-After"; "Retry-After can be fractional"; "each item is metered
  /// separately" and S, M, L are units in 10 s.
  @Test("the budget of resource units ends in 429 and comes back with time") func throttling() throws {
    let token = try test.token()
    try test.control("POST", "/m365/throttling", #"{"units-per-10-seconds":20,"with-frozen-clock":true}"#)
    for _ in 0..<10 { #expect(test.graph("/users?$top=100", token: token).status == 200) }
    let answer = test.graph("/users?$top=100", token: token)
    #expect(answer.status == 429)
    #expect(answer.json["error"]?["code"] == "TooManyRequests")
    #expect(answer.header("x-ms-throttle-information") == "ResourceUnitLimitExceeded")
    let wait = try #require(answer.header("Retry-After").flatMap { Double($0) })
    #expect(wait > 0 && wait < 10)
    // Another tenant has its own budget.
    #expect(test.graph("/users", token: try test.token(1)).status == 200)
    try test.control("POST", "/clock", #"{"advance-seconds":11}"#)
    #expect(test.graph("/users", token: token).status == 200)
  }

  /// "Public clients send paths such as /v1.0//users and /users/delta(): both are accepted."
  @Test("odd spellings of paths are accepted") func spellings() throws {
    let token = try test.token()
    #expect(test.graph("//users", token: token).status == 200)
    #expect(test.graph("/users/delta()", token: token).status == 200)
    #expect(test.graph("/users/microsoft.graph.delta()", token: token).status == 200)
    #expect(test.graph("/groups", token: token).status == 400)
  }

  @Test("the application may read, and never write") func readOnly() throws {
    let answer = test.graph("/users/x", token: try test.token(), method: "PATCH", body: "{}")
    #expect(answer.status == 403)
  }

  /// "at most 20 requests"; "Responses come back in any order"; "Outer 200 says nothing about the items"; "duplicates →
  /// the whole batch is 400"; "More than 20 items in $batch: MaximumValueExceeded".
  @Test("a batch answers each item by itself") func batch() throws {
    let token = try test.token()
    let id = try #require(test.user(.ordinary)["id"]?.text)
    func send(_ items: [JSON]) -> EmulatedResponse {
      test.graph(
        "/$batch", token: token, method: "POST",
        body: JSON.object([.init(name: "requests", value: .array(items))]).encoded)
    }
    let items: [JSON] = [
      ["id": "a", "method": "GET", "url": .string("/users/\(id)?$select=id,accountEnabled")],
      ["id": "b", "method": "GET", "url": "/users/nobody"], ["id": "c", "method": "GET", "url": "/organization"],
    ]
    let answer = send(items)
    #expect(answer.status == 200)
    let responses = answer.json["responses"]?.elements ?? []
    #expect(responses.compactMap { $0["id"]?.text } == ["c", "b", "a"])
    #expect(responses.compactMap { $0["status"]?.whole } == [200, 404, 200])
    #expect(responses.last?["body"]?["id"]?.text == id)
    #expect(send([items[0], items[0]]).status == 400)
    let many = (0...20).map { number -> JSON in ["id": .string("\(number)"), "method": "GET", "url": "/organization"] }
    #expect(send(many).json["error"]?["code"] == "MaximumValueExceeded")
    #expect(send(Array(many.dropLast())).status == 200)
  }
}
