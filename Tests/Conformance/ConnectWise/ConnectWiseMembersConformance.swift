/// What is special to ConnectWise's members: who counts as staff, and pictures that need a right of their own.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct ConnectWiseMembersConformance {
  private static let subject = Subject.connectWiseMembers

  private static func members(_ connector: any Connector) async throws -> [Record] {
    let reading = await Reading(connector, .member, in: ReadScope())
    #expect(reading.looksComplete)
    return reading.records
  }

  @Test("a member has what an employee needs, and an API member is no staff")
  func fields() async throws {
    try await Stage.with { stage in
      let control = stage.sandbox.control
      try control.perform(
        "POST", "/connectwise/members",
        #"{"identifier":"NLIND","firstName":"Nora","lastName":"Lind","email":"nora.lind@suite.example","location":"Porto","department":"Service","workRole":"Tier 2","hireDate":"2021-03-01","photo":"small"}"#
      )
      try control.perform(
        "POST", "/connectwise/members",
        #"{"identifier":"ROBOT","firstName":"Ro","lastName":"Bot","email":"robot@suite.example","licenseClass":"A"}"#)
      let connector = try stage.connector(Self.subject)
      let all = try await Self.members(connector)
      let nora = try #require(all.first { $0.fields.text("identifier") == "NLIND" })
      let expected: FieldValues = [
        "first-name": .text("Nora"), "last-name": .text("Lind"), "email": .text("nora.lind@suite.example"),
        "employee-ids": .list(["NLIND", "nora.lind@suite.example"]), "location": .text("Porto"),
        "team": .text("Service"), "position": .text("Tier 2"), "hire-date": .text("2021-03-01"),
      ]
      for (name, value) in expected.sorted { #expect(nora.fields[name] == value, "\(name)") }
      for name in ["location-id", "team-id", "position-id", "member-type", "member-type-id", "photo"] as [FieldName] {
        #expect(nora.fields[name]?.isBlank == false, "\(name)")
      }
      #expect(nora.fields.text("photo-download")?.hasSuffix("/download") == true)
      #expect(!all.contains { $0.fields.text("identifier") == "ROBOT" })
      #expect(try await connector.find(.member, in: ReadScope(), where: "identifier", is: "ROBOT").isEmpty)
      try control.perform("POST", "/connectwise/members/NLIND/deactivate")
      #expect(try await connector.read([nora.id], of: .member, in: ReadScope()).map(\.state) == [.inactive])
      try control.perform("PATCH", "/connectwise/members/NLIND", #"{"email":null,"photo":null}"#)
      let bare = try #require(try await connector.read([nora.id], of: .member, in: ReadScope()).first)
      #expect(bare.fields["photo"] == .null && bare.fields["photo-download"] == .null)
      #expect(bare.fields.items("employee-ids") == ["NLIND"])
    }
  }

  @Test("nulls that are sent and nulls that are left out mean the same")
  func nulls() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      try Ground(Self.subject, stage).add(count: 5)
      let before = try await Self.members(connector)
      try stage.sandbox.control.perform("POST", "/connectwise/options", #"{"nulls":"null"}"#)
      #expect(try await Self.members(connector).map(\.fields) == before.map(\.fields))
      #expect(!before.isEmpty)
    }
  }

  @Test("the right to read members is tested by itself, and its lack is no failure of the connection")
  func rights() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let allowed = try await connector.check(partitions: [])
      #expect(allowed.results.filter { $0.name.hasPrefix("member") }.map(\.outcome) == [.passed, .passed])
      try stage.sandbox.control.perform("POST", "/connectwise/rights", #"{"members":{"read":false}}"#)
      let refused = try await connector.check(partitions: [])
      let told = refused.results.filter { $0.name.hasPrefix("member") }
      #expect(told.map(\.name) == ["members: read"] && told.allSatisfy { $0.outcome == .warned })
      #expect(told.first?.fix?.contains("Member Maintenance") == true && refused.hasPassed)
      let reading = await Reading(connector, .member, in: ReadScope())
      #expect(reading.error?.kind == .forbidden)
    }
  }
}
