/// Checking a connection: each thing that is missing by itself, and no secret in any word of it.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

/// Something that an administrator takes away, and what a check then says failed.
struct MissingRight: Sendable, CustomStringConvertible {
  var subject: Subject
  var path: String
  var body: String
  var failing: String
  var description: String { "\(subject.system): \(failing)" }

  static let all = [
    MissingRight(
      subject: .microsoft, path: "/m365/Acme/consent", body: #"{"granted":false,"immediately":true}"#,
      failing: "users: read"),
    MissingRight(
      subject: .connectWise, path: "/connectwise/rights", body: #"{"companies":{"read":false}}"#,
      failing: "companies: read"),
    MissingRight(
      subject: .connectWise, path: "/connectwise/rights", body: #"{"contacts":{"read":false}}"#,
      failing: "contacts: read"),
    MissingRight(
      subject: .connectWise, path: "/connectwise/rights", body: #"{"communications-types":{"read":false}}"#,
      failing: "communication types: read"),
    MissingRight(
      subject: .autotask, path: "/autotask/rights", body: #"{"contacts":{"query":false}}"#, failing: "contacts: read"),
    MissingRight(
      subject: .autotask, path: "/autotask/rights", body: #"{"contacts":{"create":false}}"#, failing: "contacts: write"),
    MissingRight(
      subject: .autotask, path: "/autotask/rights", body: #"{"companies":{"query":false}}"#,
      failing: "companies: read"),
    MissingRight(
      subject: .itGlue, path: "/itglue/rights", body: #"{"contacts":{"read":false}}"#, failing: "contacts: read"),
    MissingRight(
      subject: .itGlue, path: "/itglue/rights", body: #"{"configurations":{"read":false}}"#,
      failing: "configurations: read"),
    MissingRight(
      subject: .itGlue, path: "/itglue/rights", body: #"{"organizations":{"read":false}}"#,
      failing: "organizations: read"),
  ]
}

@Suite(.serialized) struct CheckSuite {
  /// One subject for each system.
  private static let systems: [Subject] = [
    .microsoft, .connectWise, .autotask, .teamworkPeople, .deskCustomers, .itGlue,
  ]

  @Test("all is well, and a company that nobody has is told by itself", arguments: systems, Way.allCases)
  func well(_ subject: Subject, _ way: Way) async throws {
    try await Stage.with(way) { stage in
      let ground = try Ground(subject, stage)
      let home = try #require(ground.home)
      let nobody = subject.system == "m365" ? "00000000-0000-0000-0000-00000000dead" : "987654321"
      let report = try await stage.connector(subject).check(partitions: [home, nobody])
      let failed = report.results.filter { $0.outcome == .failed }
      #expect(!failed.isEmpty && failed.allSatisfy { $0.partition == nobody })
      #expect(report.results.allSatisfy { $0.outcome == .passed || $0.fix != nil })
      #expect(try await stage.connector(subject).check(partitions: [home]).hasPassed)
    }
  }

  @Test("a wrong secret is told as one, and stands in no word", arguments: systems)
  func wrongSecret(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      for parameter in subject.declaration.parameters where parameter.isSecret {
        let connector = try stage.connector(subject, changing: [parameter.key: "hunter2-hunter2"])
        let report = try await connector.check(partitions: ground.home.map { [$0] } ?? [])
        #expect(!report.hasPassed)
        #expect(!"\(report)".contains("hunter2"))
        let reading = await Reading(connector, subject.kind, in: ground.scope)
        #expect(reading.error?.kind == .unauthorized, "\(String(describing: reading.error))")
        #expect(!"\(String(describing: reading.error))".contains("hunter2"))
      }
    }
  }

  @Test("each right that is missing is named by itself", arguments: MissingRight.all)
  func rights(_ right: MissingRight) async throws {
    try await Stage.with { stage in
      let ground = try Ground(right.subject, stage)
      try stage.sandbox.control.perform("POST", right.path, right.body)
      let partitions = right.subject.system == "m365" ? ground.home.map { [$0] } ?? [] : []
      let report = try await stage.connector(right.subject).check(partitions: partitions)
      let failed = report.results.filter { $0.outcome == .failed }
      #expect(failed.map(\.name).contains(right.failing), "\(failed.map(\.name))")
      #expect(failed.count <= 2 && failed.allSatisfy { $0.fix?.isEmpty == false })
      #expect(
        report.results.contains { $0.name == "credentials" && $0.outcome == .passed } || right.subject.system == "m365")
    }
  }

  @Test("a server that cannot be reached is told as that", arguments: systems)
  func unreachable(_ subject: Subject) async throws {
    try await Stage.with { stage in
      try stage.fault(subject, #""kind":"drop-connection""#)
      let report = try await stage.connector(subject).check(partitions: [])
      #expect(report.results.contains { $0.outcome == .failed && $0.fix != nil || $0.outcome == .failed })
      #expect(!report.hasPassed)
    }
  }
}
