/// Who is meant: users by their ids, through renamings, groups in groups, units, domains, and what becomes of those gone.
import Connectors
import Foundation
import Model
import Synchronization
import Testing

@Suite struct GooglePlacesTests {
  private typealias Fixture = GoogleFixture

  private static let users = [
    Fixture.user("1", "ana@acme.example", #","aliases":["anna@acme.example"],"orgUnitPath":"/Sales""#),
    Fixture.user("2", "bo@acme.example", #","orgUnitPath":"/Sales/EMEA""#),
    Fixture.user("3", "cy@acme.test", #","orgUnitPath":"/Salesforce""#),
    #"{"id":"4","primaryEmail":"di@acme.example","suspended":true,"suspensionReason":"ADMIN","orgUnitPath":"/"}"#,
    #"{"id":"5","primaryEmail":"ed@acme.example","archived":true,"orgUnitPath":"/"}"#,
  ]

  /// The members of each group by id, and the answers to everything else a search asks.
  private static let groups = [
    "g1": #"{"id":"1","type":"USER","email":"old@x"},{"id":"g2","type":"GROUP"},{"id":"g9","type":"GROUP"}"#,
    "g2":
      #"{"id":"2","type":"USER"},{"id":"g1","type":"GROUP"},{"id":"77","type":"USER","email":"guest@else.example"}"#,
    "g3": #"{"id":"C1","type":"CUSTOMER"}"#, "g4": "",
  ]

  private static func directory() -> ScriptedGoogle {
    ScriptedGoogle { request, _ in
      let path = request.address.path.replacingOccurrences(of: "/google/admin/admin/directory/v1/", with: "")
      let parts = path.split(separator: "/").map { (String($0).removingPercentEncoding ?? "").lowercased() }
      let missing = HTTPResponse.json(#"{"error":{"message":"Resource Not Found: userKey"}}"#, status: 404)
      switch (parts.first, parts.count) {
      case ("users", 1):
        return request.address.query?.contains("showDeleted=true") == true
          ? .json(#"{"users":[{"id":"8","primaryEmail":"gone@acme.example"}]}"#)
          : .json(#"{"users":[\#(users.joined(separator: ","))]}"#)
      case ("users", _):
        let found = users.first { $0.contains(#""id":"\#(parts[1])""#) || $0.contains(#""\#(parts[1])""#) }
        if parts[1] == "u@alias.example" { return .json(Fixture.user("1", "ana@acme.example")) }
        return found.map { .json($0) } ?? missing
      case ("groups", 2):
        let id = parts[1].replacingOccurrences(of: "@acme.example", with: "")
        return groups[id] == nil ? missing : .json(#"{"id":"\#(id)","email":"\#(id)@acme.example"}"#)
      case ("groups", 3):
        return parts[1] == "g9"
          ? .json(#"{"error":{"message":"Not Authorized to access this resource/api"}}"#, status: 403)
          : .json(#"{"members":[\#(groups[parts[1]] ?? "")]}"#)
      case ("customer", 3) where parts[2] == "orgunits":
        return .json(
          #"{"organizationUnits":[{"orgUnitId":"id:s","orgUnitPath":"/Sales"},{"orgUnitId":"id:e","orgUnitPath":"/Sales/EMEA"}]}"#
        )
      default:
        return .json(
          #"{"domains":[{"domainName":"acme.example","isPrimary":true,"domainAliases":[{"domainAliasName":"acme.alias"}]},{"domainName":"acme.test"}]}"#
        )
      }
    }
  }

  @Test(
    "a selector names users by id",
    arguments: [
      ("user:ana@acme.example", ["1"]), ("ANNA@acme.example", ["1"]), ("user:1", ["1"]),
      ("user:nobody@acme.example", []),
      ("user:u@alias.example", []), ("group:g1@acme.example", ["1", "2", "77"]),
      ("group:g3", ["1", "2", "3", "4", "5"]),
      ("group:g4", []), ("group:none", []), ("ou:/Sales", ["1", "2"]), ("ou:Sales/EMEA", ["2"]),
      ("ou:id:s", ["1", "2"]),
      ("ou:/", ["1", "2", "3", "4", "5"]), ("ou:/Nowhere", []), ("domain:ACME.test", ["3"]), ("domain:acme.alias", []),
      ("domain:else.example", []),
    ])
  func selectors(_ selector: String, _ wanted: [String]) async throws {
    let report = try await Self.directory().connector().places([selector], known: [])
    #expect(report.places.map(\.id).sorted() == wanted)
    #expect(report.places.allSatisfy { $0.namedBy == [selector] })
    #expect(report.places.map(\.name) == report.places.map(\.name).sorted())
    // Inside g1 is a group that cannot be read.
    let isFault = (wanted.isEmpty && selector != "group:g4") || selector.hasPrefix("group:g1")
    #expect((report.faults[selector] != nil) == isFault)
    #expect(
      report.faults[selector]?.reason
        == (isFault
          ? selector.hasPrefix("user:") ? .userNotFound : wanted.isEmpty ? .groupNotFound : .groupIncomplete : nil))
  }

  @Test("a place is given once, with every selector that names it, its aliases and its fault")
  func merged() async throws {
    let report = try await Self.directory().connector().places(
      ["user:ana@acme.example", "anna@acme.example", "ou:/Sales", "group:g1", "group:g3"], known: ["1"])
    let ana = try #require(report.places.first { $0.id == "1" })
    #expect(ana.name == "ana@acme.example" && ana.aliases == ["anna@acme.example"] && ana.fault == nil)
    #expect(ana.namedBy == ["user:ana@acme.example", "anna@acme.example", "ou:/Sales", "group:g1", "group:g3"])
    let faults = Dictionary(report.places.map { ($0.id, $0.fault?.reason) }) { $1 }
    #expect(faults == ["1": nil, "2": nil, "3": nil, "4": .userSuspended, "5": .userSuspended, "77": .userNotFound])
    #expect(report.places.first { $0.id == "4" }?.fault?.evidence.first?.found == "suspended (ADMIN)")
    #expect(report.faults.keys.sorted() == ["group:g1"])
    #expect(report.faults["group:g1"]?.evidence.map(\.found) == ["g9, which cannot be read"])
  }

  @Test("remembered users are told with their present name, or with what became of them")
  func known() async throws {
    let google = Self.directory()
    let report = try await google.connector().places([], known: ["2", "8", "9"])
    #expect(report.places.map(\.id) == ["9", "2", "8"])
    #expect(report.places.map(\.name) == ["9", "bo@acme.example", "gone@acme.example"])
    #expect(report.places.map { $0.fault?.reason } == [.userNotFound, nil, .userNotFound])
    #expect(report.places.map { $0.fault?.evidence.first?.found } == ["not there", nil, "deleted"])
    #expect(report.places.allSatisfy { $0.namedBy.isEmpty })
  }

  @Test("an address that belongs to somebody else by now leads to somebody else, and the remembered id stays itself")
  func reused() async throws {
    // User 1 was renamed and dropped the address, which was given to user 6.
    let google = ScriptedGoogle { request, _ in
      switch request.address.path.split(separator: "/").last {
      case "1": .json(Fixture.user("1", "ana.byrne@acme.example"))
      case "users": .json("{}")
      default: .json(Fixture.user("6", "ana@acme.example"))
      }
    }
    let report = try await google.connector().places(["user:ana@acme.example"], known: ["1"])
    #expect(
      report.places.map { "\($0.id) \($0.name) \($0.namedBy.count)" } == [
        "1 ana.byrne@acme.example 0", "6 ana@acme.example 1",
      ])
  }

  @Test("a directory that may not be read is an error and nobody's absence")
  func refused() async throws {
    let google = ScriptedGoogle { _, _ in
      .json(
        #"{"error":{"code":403,"message":"Not Authorized to access this resource/api","errors":[{"reason":"forbidden"}]}}"#,
        status: 403)
    }
    let connector = try google.connector()
    for selector in ["user:a@x", "group:g", "ou:/a", "domain:d"] {
      #expect(await failure { try await connector.places([selector], known: []) }?.kind == .forbidden)
    }
    #expect(await failure { try await connector.places([], known: ["1"]) }?.kind == .forbidden)
  }

  // MARK: Check

  private static func check(
    refusing scope: String = "none", partitions: [String] = ["u1"], findings: [String: String] = [:]
  ) async throws -> CheckReport {
    let google = ScriptedGoogle(
      token: { request, number in
        GoogleAssertion(request)?.claims["scope"]?.hasSuffix(scope) == true
          ? .json(#"{"error":"unauthorized_client","error_description":"Client is unauthorized"}"#, status: 401)
          : .json(#"{"access_token":"tok-\#(number)","expires_in":3599}"#)
      },
      script: { request, _ in
        switch request.address.path.split(separator: "/").last {
        case "users": .json(#"{"users":[\#(Fixture.user("9", "root@acme.example"))]}"#)
        case "orgunits", "domains", "groups": .json("{}")
        default: .json(Fixture.labels)
        }
      })
    return try await google.connector(findings: findings).check(partitions: partitions)
  }

  @Test("the check tries each thing alone, and remembers the tenant")
  func passes() async throws {
    let report = try await Self.check()
    #expect(report.hasPassed)
    #expect(report.findings == ["customer": "C1"])
    #expect(
      report.results.map(\.name) == [
        "reachable", "credentials", "users: read", "groups: read", "organisational units: read", "domains: read",
        "contacts: read",
      ])
    #expect(try await Self.check(partitions: []).results.last?.name == "contacts: sign-in")
  }

  @Test(
    "a scope that is not delegated fails its own test and no other",
    arguments: [
      ("directory.user.readonly", "credentials", CheckResult.Outcome.failed),
      ("directory.group.readonly", "groups: read", .warned),
      ("directory.orgunit.readonly", "organisational units: read", .warned),
      ("directory.domain.readonly", "domains: read", .warned), ("auth/contacts", "contacts: read", .failed),
    ])
  func undelegated(_ scope: String, _ name: String, _ outcome: CheckResult.Outcome) async throws {
    let report = try await Self.check(refusing: scope)
    let bad = report.results.filter { $0.outcome != .passed }
    #expect(bad.first?.name == name && bad.first?.outcome == outcome)
    #expect(bad.first?.fix?.contains("24 hours") == true)
    #expect(bad.first?.fix?.contains("123456789") == true)
    #expect(bad.count == (name == "credentials" ? 2 : 1))
  }

  @Test("another tenant than the one checked before is refused")
  func otherTenant() async throws {
    #expect(try await Self.check(findings: ["customer": "C1"]).hasPassed)
    let report = try await Self.check(findings: ["customer": "C2"])
    #expect(report.results.first { $0.name == "users: read" }?.outcome == .failed)
    #expect(report.findings["customer"] == "C2")
  }
}
