/// What is special to Microsoft 365: tenants, consent, and marks that the vendor expires.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct MicrosoftGraphConformance {
  private func failed(_ report: CheckReport) -> [String] {
    report.results.filter { $0.outcome == .failed }.map(\.name)
  }

  @Test(
    "a tenant's trouble is told for that tenant",
    arguments: [
      (#"POST /m365/Acme/consent {"granted":false,"immediately":true}"#, ["credentials", "users: read"]),
      (#"POST /m365/secret {"valid":false}"#, ["credentials"]),
      (#"POST /m365/secret {"expired":true}"#, ["credentials"]),
    ])
  func microsoft(_ trouble: String, _ names: [String]) async throws {
    try await Stage.with(people: 5) { stage in
      let parts = trouble.split(separator: " ", maxSplits: 2).map(String.init)
      try stage.sandbox.control.perform(parts[0], parts[1], parts[2])
      let tenant = try #require(try stage.scope(.microsoft).partition)
      let report = try await stage.connector(.microsoft).check(partitions: [tenant])
      let failures = report.results.filter { $0.outcome == .failed }
      #expect(!failures.isEmpty)
      #expect(failures.allSatisfy { names.contains($0.name) && $0.fix != nil && $0.partition == tenant })
    }
  }

  @Test("the wrong app, and tenants that are none")
  func identities() async throws {
    try await Stage.with(people: 5) { stage in
      let tenant = try #require(try stage.scope(.microsoft).partition)
      let wrongApp = try await stage.connector(.microsoft, changing: ["client-id": UUID().uuidString])
        .check(partitions: [tenant])
      #expect(wrongApp.results.contains { $0.outcome == .failed && $0.detail.contains("AADSTS700016") })
      let wrongSecret = try await stage.connector(.microsoft, changing: ["client-secret": "hunter2+/="])
        .check(partitions: [tenant])
      #expect(wrongSecret.results.contains { $0.outcome == .failed && $0.detail.contains("AADSTS7000215") })
      #expect(!wrongSecret.results.contains { $0.detail.contains("hunter2") })
      let connector = try stage.connector(.microsoft)
      for none in ["nowhere.example", "../x", "a b", "", ".."] {
        let report = try await connector.check(partitions: [none])
        #expect(report.results.contains { $0.outcome == .failed })
      }
    }
  }

  @Test("a mark that the vendor expired says so", arguments: [#""410""#, #""syncStateNotFound""#])
  func expiredMarks(_ way: String) async throws {
    try await Stage.with { stage in
      let ground = try Ground(.microsoft, stage)
      try ground.add(1)
      let connector = try stage.connector(.microsoft)
      let mark = try #require(await Reading(connector, .person, in: ground.scope).last?.mark)
      try stage.sandbox.control.perform("POST", "/m365/Acme/delta", #"{"expire":\#(way)}"#)
      let expired = await Reading(connector, .person, in: ground.scope, since: mark)
      #expect(expired.error?.kind == .deltaExpired)
      #expect(await Reading(connector, .person, in: ground.scope).looksComplete)
    }
  }

  @Test("changes that are told twice, and empty pages with a next one, lose nobody")
  func replays() async throws {
    try await Stage.with { stage in
      let ground = try Ground(.microsoft, stage)
      for number in 1...5 { try ground.add(number) }
      let connector = try stage.connector(.microsoft)
      try stage.sandbox.control.perform("POST", "/m365/Acme/listing", #"{"empty-pages":2}"#)
      let full = await Reading(connector, .person, in: ground.scope)
      #expect(full.looksComplete && full.living.count == 5)
      let mark = try #require(full.last?.mark)
      try stage.sandbox.control.perform("POST", "/m365/Acme/delta", #"{"replay":true,"page-size":1}"#)
      for number in 6...9 { try ground.add(number) }
      let changed = await Reading(connector, .person, in: ground.scope, since: mark)
      #expect(changed.error == nil && changed.living.count >= 4)
    }
  }
}
