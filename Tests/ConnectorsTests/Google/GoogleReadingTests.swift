/// Contacts of Google as records: what is read of them, in which form, and in how many requests.
import Connectors
import Foundation
import Model
import Testing

@Suite struct GoogleReadingTests {
  private typealias Fixture = GoogleFixture

  private static func connections(_ people: [String], next: String? = nil, total: Int? = nil) -> HTTPResponse {
    let more = (next.map { #","nextPageToken":"\#($0)""# } ?? "") + (total.map { #","totalItems":\#($0)"# } ?? "")
    return .json(#"{"connections":[\#(people.joined(separator: ","))]\#(more)}"#)
  }

  /// A user with these contacts, all on one page.
  private static func book(_ people: String...) -> ScriptedGoogle {
    ScriptedGoogle { request, _ in
      request.address.path.hasSuffix("/contactGroups")
        ? .json(Fixture.labels) : connections(people, total: people.count)
    }
  }

  private static func read(_ google: ScriptedGoogle, _ scope: ReadScope) async throws -> [Record] {
    try await pages(google.connector().read(.person, in: scope, since: nil)).flatMap(\.records)
  }

  private static func record(_ fields: String, _ scope: ReadScope = ReadScope(partition: "u1")) async throws -> Record {
    try #require(try await read(book(Fixture.person("c1", fields)), scope).first)
  }

  // MARK: Fields

  @Test(
    "each field is read in one form",
    arguments: [
      (
        #""names":[{"displayName":"Dr Rui da Prata Jr","givenName":"Rui","middleName":"da","familyName":"Prata","honorificPrefix":"Dr","honorificSuffix":"Jr","unstructuredName":"x"}]"#,
        [
          "first-name": FieldValue.text("Rui"), "middle-name": .text("da"), "last-name": .text("Prata"),
          "prefix": .text("Dr"), "suffix": .text("Jr"), "display-name": .text("Dr Rui da Prata Jr"),
        ]
      ),
      (#""names":[{"unstructuredName":"Front Desk"}]"#, ["first-name": .text("Front Desk"), "last-name": .null]),
      (
        #""nicknames":[{"value":"Maiden","type":"MAIDEN_NAME"},{"value":"Ruizinho"}]"#, ["nickname": .text("Ruizinho")]
      ),
      (
        #""organizations":[{"name":"Old","title":"Was"},{"metadata":{"primary":true},"name":"Prata Lda","title":"Buyer","department":"Ops"}]"#,
        ["company-name": .text("Prata Lda"), "title": .text("Buyer"), "department": .text("Ops")]
      ),
      (
        #""emailAddresses":[{"value":"z@x.example","type":"work","formattedType":"Work"},{"value":"a@x.example"},{"value":" ","type":"home"}]"#,
        ["emails": .list(["a@x.example", "work: z@x.example"])]
      ),
      (
        #""phoneNumbers":[{"value":"+351 210 000 000","canonicalForm":"+351210000000","type":"mobile"},{"value":"5","type":"My: own\\type"}]"#,
        ["phones": .list([#"My\: own\\type: 5"#, "mobile: +351 210 000 000"])]
      ),
      (
        #""addresses":[{"type":"home","streetAddress":"Rua A; 1","city":"Lisboa","countryCode":"PT","formattedValue":"Rua A; 1\nLisboa"},{"formattedValue":"Somewhere"}]"#,
        ["addresses": .list(["formatted=Somewhere", #"home: street=Rua A\; 1; city=Lisboa; country-code=PT"#])]
      ),
      (
        #""urls":[{"value":"https://x.example","type":"work"},{"value":"a: b"}]"#,
        ["urls": .list([": a: b", "work: https://x.example"])]
      ),
      (#""birthdays":[{"date":{"year":1980,"month":4,"day":1}}]"#, ["birthday": .text("1980-04-01")]),
      (#""birthdays":[{"date":{"month":12,"day":31},"text":"x"}]"#, ["birthday": .text("--12-31")]),
      (#""birthdays":[{"text":"spring"}]"#, ["birthday": .null]),
      (#""biographies":[{"value":"Line 1\nLine 2","contentType":"TEXT_PLAIN"}]"#, ["notes": .text("Line 1\nLine 2")]),
      (#""relations":[{"person":"Ana","type":"spouse"}]"#, ["relations": .list(["spouse: Ana"])]),
      (
        #""events":[{"date":{"year":2001,"month":2,"day":3},"type":"anniversary"},{"date":{"year":2001},"type":"odd"}]"#,
        ["events": .list(["anniversary: 2001-02-03"])]
      ),
      (
        #""imClients":[{"username":"rui","protocol":"skype","type":"home","formattedProtocol":"Skype"}]"#,
        ["im": .list(["home: protocol=skype; username=rui"])]
      ),
      (#""userDefined":[{"key":"Region","value":"South"}]"#, ["custom-fields": .list(["Region: South"])]),
      (#""externalIds":[{"type":"customer","value":"ACC-12"}]"#, ["external-ids": .list(["customer: ACC-12"])]),
      ("", ["first-name": .null, "emails": .list([]), "notes": .null, "among-own": .flag(false)]),
      (Fixture.memberships("myContacts", "7f"), ["among-own": .flag(true)]),
    ] as [(String, [FieldName: FieldValue])])
  func fields(_ json: String, _ wanted: [FieldName: FieldValue]) async throws {
    let record = try await Self.record(json)
    for (field, value) in wanted { #expect(record.fields[field] == value, "\(field)") }
    #expect(record.id == "c1" && record.version == RecordVersion("e1") && record.state == .active)
    let modified = try #require(record.modified)
    #expect(abs(modified.timeIntervalSince1970 - 1_772_442_900.123) < 0.001)
  }

  @Test("another order of the entries is no change")
  func order() async throws {
    let entries = [#"{"value":"a","type":"work"}"#, #"{"value":"b","type":"home"}"#, #"{"value":"c"}"#]
    let one = try await Self.record(#""phoneNumbers":[\#(entries.joined(separator: ","))]"#)
    let other = try await Self.record(#""phoneNumbers":[\#(entries.reversed().joined(separator: ","))]"#)
    #expect(one.fingerprint == other.fingerprint)
  }

  @Test("what comes from the person's profile is never read")
  func profile() async throws {
    let record = try await Self.record(
      #""names":[{"metadata":{"primary":true,"source":{"type":"PROFILE","id":"1"}},"givenName":"Profile"},{"metadata":{"source":{"type":"CONTACT","id":"s"}},"givenName":"Own"}],"emailAddresses":[{"metadata":{"source":{"type":"DOMAIN_PROFILE"}},"value":"secret@x"}]"#
    )
    #expect(record.fields.text("first-name") == "Own")
    #expect(record.fields.items("emails") == [])
    #expect(record.native?.contains("secret@x") == false)
  }

  // MARK: Scopes

  @Test("the source gives the label's members, a destination also the copies that stand elsewhere")
  func scopes() async throws {
    func google() -> ScriptedGoogle {
      Self.book(
        Fixture.person("c1", Fixture.memberships("7f", "myContacts")),
        Fixture.person("c2", Fixture.memberships("myContacts")),
        Fixture.person("c3", "\(Fixture.memberships("myContacts")),\(Fixture.mark("sync-1:c91"))"),
        Fixture.person("c4", "\(Fixture.memberships("7f")),\(Fixture.mark("sync-1:c92"))"),
        Fixture.person("c5", "\(Fixture.memberships("myContacts")),\(Fixture.mark("sync-11:c93"))"))
    }
    let source = google()
    #expect(try await Self.read(source, Fixture.source).map(\.id) == ["c1", "c4"])
    #expect(source.lines.allSatisfy { !$0.contains("connections") || $0.contains("sources=READ_SOURCE_TYPE_CONTACT") })
    let target = try await Self.read(google(), Fixture.target)
    #expect(target.map(\.id) == ["c1", "c3", "c4"])
    #expect(target.map { $0.fields.flag("in-group") } == [true, false, true])
    #expect(target.map { $0.fields["origin"] } == [.null, .text("c91"), .text("c92")])
  }

  @Test("a source label that is gone is an error and no empty label")
  func labelGone() async throws {
    let google = Self.book(Fixture.person("c1"))
    for group in [GroupScope(name: "Gone"), GroupScope(id: "99", name: "Team")] {
      let error = await failure { try await Self.read(google, ReadScope(partition: "u1", group: group)) }
      #expect(error?.kind == .notFound)
    }
    let byID = try await Self.read(google, ReadScope(partition: "u1", group: GroupScope(id: "7f", name: "Renamed")))
    #expect(byID.isEmpty)
    let unmade = GroupScope(name: "Team", marker: "sync-2")
    #expect(try await Self.read(google, ReadScope(partition: "u1", group: unmade)).isEmpty)
  }

  @Test("pages are followed to the end, and what is missing shows in the number")
  func paging() async throws {
    let google = ScriptedGoogle { request, _ in
      guard request.address.path.hasSuffix("connections") else { return .json(Fixture.labels) }
      return request.address.query?.contains("pageToken") == true
        ? Self.connections([Fixture.person("c2", Fixture.memberships("7f"))], total: 4)
        : Self.connections(
          [Fixture.person("c1", Fixture.memberships("7f")), Fixture.person("c9")], next: "p2", total: 4)
    }
    let all = try await pages(google.connector().read(.person, in: Fixture.target, since: nil))
    #expect(all.map(\.isLast) == [false, true])
    #expect(all.map(\.declaredTotal) == [nil, 3])
    #expect(all.flatMap(\.records).map(\.id) == ["c1", "c2"])
    let circle = ScriptedGoogle { request, _ in
      request.address.path.hasSuffix("connections") ? Self.connections([], next: "p") : .json(Fixture.labels)
    }
    #expect(await failure { try await Self.read(circle, Fixture.target) }?.kind == .malformed)
    let expired = await failure {
      try await pages(google.connector().read(.person, in: Fixture.target, since: DeltaMark("x")))
    }
    #expect(expired?.kind == .deltaExpired)
  }

  @Test("of a small label in a large book only the members are asked for")
  func members() async throws {
    let labels = Fixture.labels.replacingOccurrences(of: #""memberCount":10"#, with: #""memberCount":9000"#)
    let google = ScriptedGoogle { request, _ in
      switch request.address.path {
      case "/google/people/v1/contactGroups": .json(labels)
      case "/google/people/v1/contactGroups/7f":
        .json(
          #"{"resourceName":"contactGroups/7f","memberCount":2,"memberResourceNames":["people/c1","people/c2"]}"#)
      default:
        .json(
          #"{"responses":[{"requestedResourceName":"people/c2","status":{"code":5,"message":"gone"}},{"requestedResourceName":"people/c1","person":\#(Fixture.person("c1", Fixture.memberships("7f")))}]}"#
        )
      }
    }
    #expect(try await Self.read(google, Fixture.source).map(\.id) == ["c1"])
    #expect(google.lines.count == 3)
    #expect(google.lines[1].contains("maxMembers=2"))
  }

  @Test("single contacts keep the id by which they are asked for, and an unknown answer is no absence")
  func singles() async throws {
    let google = ScriptedGoogle { request, _ in
      request.address.query?.contains("people/c7") == true
        ? .json(#"{"responses":[]}"#)
        : .json(
          #"{"responses":[{"requestedResourceName":"people/c1","person":\#(Fixture.person("c100"))},{"requestedResourceName":"people/c2","status":{"code":5}}]}"#
        )
    }
    let connector = try google.connector()
    let scope = ReadScope(partition: "u1")
    let found = try await connector.read(["c1", "c2", "../x", "c1"], of: .person, in: scope)
    #expect(found.map(\.id) == ["c1"])
    #expect(found.first?.native?.contains("people/c100") == true)
    #expect(await failure { try await connector.read(["c7"], of: .person, in: scope) }?.kind == .malformed)
  }

  @Test("a copy is found by its origin, and by an address whatever its type")
  func find() async throws {
    let google = Self.book(
      Fixture.person("c1", #"\#(Fixture.mark("sync-1:c91")),"emailAddresses":[{"value":"Rui@x","type":"work"}]"#),
      Fixture.person("c2", #""emailAddresses":[{"value":"rui@x","type":"work"}]"#))
    let connector = try google.connector()
    #expect(try await connector.find(.person, in: Fixture.target, where: "origin", is: "c91").map(\.id) == ["c1"])
    #expect(try await connector.find(.person, in: Fixture.target, where: "origin", is: "c9").isEmpty)
    #expect(try await connector.find(.person, in: Fixture.target, where: "emails", is: "rui@X").map(\.id) == ["c1"])
    #expect(
      try await connector.find(.person, in: ReadScope(partition: "u1"), where: "emails", is: "rui@x").count == 2)
  }

  // MARK: Errors

  @Test(
    "each answer means what Google's page says",
    arguments: [
      (
        400,
        #"{"error":{"code":400,"status":"FAILED_PRECONDITION","message":"Sync token is expired.","details":[{"reason":"EXPIRED_SYNC_TOKEN"}]}}"#,
        ConnectorError.Kind.deltaExpired
      ),
      (410, #"{"error":{"code":410,"message":"Sync token is expired. Clear local cache"}}"#, .deltaExpired),
      (400, #"{"error":{"status":"INVALID_ARGUMENT","message":"x"}}"#, .rejected),
      (403, #"{"error":{"status":"PERMISSION_DENIED","message":"x"}}"#, .forbidden),
      (403, #"{"error":{"message":"x","errors":[{"reason":"accessNotConfigured"}]}}"#, .forbidden),
      (404, "<html>", .notFound), (500, "<html>", .unreachable),
      (
        429,
        #"{"error":{"status":"RESOURCE_EXHAUSTED","message":"Quota exceeded for quota metric 'Daily Contact Writes (Total)'"}}"#,
        .budgetUsed(resetsInSeconds: 0)
      ),
    ])
  func errors(_ status: Int, _ body: String, _ kind: ConnectorError.Kind) async throws {
    let google = ScriptedGoogle { _, _ in .json(body, status: status) }
    let error = await failure { try await Self.read(google, ReadScope(partition: "u1")) }
    if case .budgetUsed = kind {
      guard case .budgetUsed(let seconds)? = error?.kind else {
        Issue.record("\(String(describing: error))")
        return
      }
      // 1 800 000 000 is 08:00 UTC: midnight in California's winter.
      #expect(seconds == 86_400)
      #expect(google.lines.count == 1)
    } else {
      #expect(error?.kind == kind)
    }
    if body.contains("accessNotConfigured") { #expect(error?.hint?.contains("Admin SDK API") == true) }
  }

  @Test(
    "what is too much for a minute is asked again in the next one",
    arguments: [
      (
        429,
        #"{"error":{"status":"RESOURCE_EXHAUSTED","message":"Quota exceeded for quota metric 'Critical read requests' and limit 'per minute per user'"}}"#,
        30.0
      ),
      (403, #"{"error":{"message":"x","errors":[{"reason":"userRateLimitExceeded"}]}}"#, 0.3),
    ])
  func throttled(_ status: Int, _ body: String, _ pause: Double) async throws {
    let google = ScriptedGoogle { _, number in
      number == 1 ? .json(body, status: status) : Self.connections([Fixture.person("c1")])
    }
    google.clock.advance(30)
    #expect(try await Self.read(google, ReadScope(partition: "u1")).count == 1)
    #expect(google.clock.now() - 30 >= pause)
  }

  @Test("a user's minute is never asked for more than it holds")
  func quota() async throws {
    let google = Self.book(Fixture.person("c1"))
    let connector = try google.connector(parameters: ["reads-per-minute": "2"])
    let scope = ReadScope(partition: "u1")
    for _ in 1...2 { _ = try await pages(connector.read(.person, in: scope, since: nil)) }
    #expect(google.clock.now() < 1)
    _ = try await pages(connector.read(.person, in: scope, since: nil))
    #expect(abs(google.clock.now() - 60) < 1)
  }

  @Test("a suspended user, one who is gone and one of another tenant are not read")
  func users() async throws {
    func error(_ user: String, status: Int = 200, findings: [String: String] = [:]) async throws -> ConnectorError? {
      let google = ScriptedGoogle { request, _ in
        request.address.path.contains("/users/") ? .json(user, status: status) : .json(#"{"connections":[]}"#)
      }
      let connector = try google.connector(findings: findings)
      return await failure {
        try await pages(connector.read(.person, in: ReadScope(partition: "u9"), since: nil))
      }
    }
    let suspended = #"{"id":"u9","primaryEmail":"a@acme.example","suspended":true}"#
    #expect(try await error(suspended)?.kind == .forbidden)
    #expect(try await error("{}", status: 404)?.kind == .notFound)
    let good = Fixture.user("u9", "a@acme.example")
    #expect(try await error(good) == nil)
    #expect(try await error(good, findings: ["customer": "C1"]) == nil)
    #expect(try await error(good, findings: ["customer": "C2"])?.kind == .misconfigured)
  }
}
