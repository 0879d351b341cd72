import Connectors
import Foundation
import Model
import Testing

@Suite struct ITGlueCheckTests {
  /// An account that refuses some paths, and whose organizations are linked to a PSA or not.
  private static func account(_ refused: [String: Int] = [:], isLinked: Bool = false) -> ScriptedTransport {
    ScriptedTransport { request, _ in
      let path = request.address.path.replacingOccurrences(of: "/itglue/", with: "")
      if let status = refused[path] ?? refused["*"] { return .json(#"{"errors":[{"title":"No"}]}"#, status: status) }
      let type = ITGlueTable.query(request, "filter[psa_integration_type]")
      if let type, type != "autotask" {
        return type == "manage" ? .json("", status: 400) : .json(#"{"data":[],"meta":{"total-count":0}}"#)
      }
      let links =
        isLinked && path == "organizations"
        ? #","relationships":{"adapters-resources":{"data":[{"id":"8","type":"adapters-resources"}]}}"# : ""
      return .json(
        """
        {"data":[{"id":"5","attributes":{"name":"N"}\(links)}],
         "included":[{"id":"8","type":"adapters-resources","attributes":{"remote-id":"217"}}],
         "meta":{"next-page":null,"total-count":1}}
        """)
    }
  }

  private static func check(_ transport: ScriptedTransport, _ partitions: [String] = []) async throws -> CheckReport {
    try await ITGlueConnector(.itGlue(transport)).check(partitions: partitions)
  }

  @Test("all is well")
  func passes() async throws {
    let report = try await Self.check(Self.account(), ["5", "6", "x"])
    #expect(
      report.results.map(\.name) == [
        "reachable", "credentials", "organizations: read", "contacts: read", "configurations: read",
        "types and statuses: read", "own PSA sync off", "organization", "organization", "organization",
      ])
    #expect(report.results.filter { $0.outcome == .failed }.map(\.partition) == ["6", "x"])
    #expect(report.findings.isEmpty)
  }

  @Test("IT Glue's own sync is named, with what to do about it")
  func ownSync() async throws {
    let report = try await Self.check(Self.account(isLinked: true))
    let result = try #require(report.results.first { $0.name == "own PSA sync off" })
    #expect(result.outcome == .warned)
    #expect(result.detail.contains("Autotask"))
    #expect(result.fix?.contains("switch the Autotask integration off") == true)
    #expect(report.findings == ["psa-integration": "autotask"])
    #expect(report.hasPassed)
  }

  @Test("a wrong key is one, whether it is answered with 401 or 403", arguments: [401, 403])
  func wrongKey(_ status: Int) async throws {
    let report = try await Self.check(Self.account(["*": status]))
    #expect(report.results.filter { $0.outcome == .failed }.map(\.name) == ["credentials"])
    #expect(!report.results.contains { $0.detail.contains("s3cr") })
  }

  @Test(
    "each right by itself",
    arguments: [
      (["contacts": 403], ["contacts: read"]), (["organizations": 403], ["organizations: read"]),
      (["configuration_types": 401], ["types and statuses: read"]),
      (
        ["*": 500],
        [
          "organizations: read", "contacts: read", "configurations: read",
        ]
      ),
    ] as [([String: Int], [String])])
  func rights(_ refused: [String: Int], _ names: [String]) async throws {
    let report = try await Self.check(Self.account(refused))
    #expect(report.results.filter { $0.outcome == .failed }.map(\.name) == names)
  }

  @Test("a host that does not answer is not reachable")
  func unreachable() async throws {
    let report = try await Self.check(ScriptedTransport { _, _ in throw ConnectorError.refused })
    #expect(report.results.map(\.name) == ["reachable"])
    #expect(!report.hasPassed)
  }
}
