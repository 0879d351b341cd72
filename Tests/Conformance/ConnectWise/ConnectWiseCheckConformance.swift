/// What a check of ConnectWise finds: keys, communication types, companies.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct ConnectWiseCheckConformance {
  private func failed(_ report: CheckReport) -> [String] {
    report.results.filter { $0.outcome == .failed }.map(\.name)
  }

  @Test("all is well, and what was found need not be asked for again")
  func passes() async throws {
    try await Stage.with(people: 5) { stage in
      let microsoft = try stage.connector(.microsoft)
      let tenant = try #require(try stage.scope(.microsoft).partition)
      let report = try await microsoft.check(partitions: [tenant])
      #expect(report.results.allSatisfy { $0.outcome == .passed && $0.partition == tenant })
      #expect(report.results.map(\.name) == ["reachable", "credentials", "users: read", "licence names: read"])

      let found = try await stage.connector(.connectWise).check(partitions: [])
      #expect(found.hasPassed)
      #expect(found.results.filter { $0.outcome == .warned }.map(\.name) == ["contacts: write"])
      #expect(Set(found.findings.keys).isSuperset(of: ["code-base", "email-type", "phone-type", "mobile-type"]))
      let again = try stage.connector(.connectWise, findings: found.findings)
      stage.sandbox.control.resetRequests()
      _ = await stage.read(again, try stage.scope(.connectWise))
      #expect(stage.sandbox.control.requests.total <= 2)
    }
  }

  @Test("ConnectWise: wrong keys are told as wrong keys, also where the server says 404", arguments: ["401", "404"])
  func keys(_ status: String) async throws {
    try await Stage.with { stage in
      try stage.sandbox.control.perform("POST", "/connectwise/options", #"{"bad-credentials":"\#(status)"}"#)
      let report = try await stage.connector(.connectWise, changing: ["private-key": "hunter2"]).check(partitions: [])
      #expect(failed(report) == ["credentials"])
      #expect(!report.results.contains { $0.detail.contains("hunter2") })
      let unknown = try await stage.connector(.connectWise, changing: ["company": "nobody"]).check(partitions: [])
      #expect(failed(unknown) == ["reachable"])
    }
  }

  @Test("ConnectWise: a communication type that is named must exist")
  func types() async throws {
    try await Stage.with { stage in
      let report = try await stage.connector(.connectWise, changing: ["phone-type": "Pigeon"]).check(partitions: [])
      #expect(failed(report) == ["phone-type"])
      #expect(report.results.contains { $0.name == "phone-type" && $0.detail.contains("Pigeon") && $0.fix != nil })
    }
  }

  @Test("companies say whether their status counts as active, and which are there")
  func companies() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(.connectWise)
      let companies = await stage.read(connector, ReadScope(), of: .company).pages.flatMap(\.records)
      let acme = try #require(companies.first { $0.fields.text("identifier") == "Acme" })
      #expect(acme.state == .active)
      #expect(acme.fields.flag("status-active") == true)
      try stage.sandbox.control.perform("PATCH", "/connectwise/companies/Acme", #"{"status":"Inactive"}"#)
      try stage.sandbox.control.perform("DELETE", "/connectwise/companies/Acorn")
      let later = await stage.read(connector, ReadScope(), of: .company).pages.flatMap(\.records)
      #expect(later.first { $0.id == acme.id }?.state == .inactive)
      #expect(!later.contains { $0.fields.text("identifier") == "Acorn" })
      let report = try await connector.check(partitions: [acme.id.rawValue, "999999"])
      #expect(failed(report) == ["company"])
    }
  }
}
