/// What is special to Crewhu: a wire whose form is not certain, people who vanish between two pages, files for its upload
/// page as a person uploads them, and an API that is only assumed.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct CrewhuConformance {
  private static let subject = Subject.crewhuEmployees
  private static let dora: FieldValues = [
    "email": .text("dora.martin@suite.example"), "employee-ids": .list(["DMARTINX", "dora.martin@suite.example"]),
    "first-name": .text("Dora, \"D\""), "last-name": .text("Martín 王"), "location": .text("Porto Novo"),
    "team": .text("Service & Söhne"), "position": .text("Tier 9"), "hire-date": .text("2021-03-01"),
    "profile": .text("Employee"),
  ]

  private static func create(_ values: FieldValues = [:]) -> Write {
    Write.making(.member, dora.merging(values))
  }

  @Test(
    "employees are read the same, whatever is around the rows and however ids are written",
    arguments: ["array", "object", "data"], ["list", "string", "joined"])
  func envelopes(_ envelope: String, _ ids: String) async throws {
    try await Stage.with { stage in
      let ground = try Ground(Self.subject, stage)
      try ground.add(count: 203)
      try stage.sandbox.control.perform(
        "POST", "/crewhu/employees",
        #"{"firstname":"N","lastname":"L","email":"nl@suite.example","employee_ids":["NL X","nl@suite.example"]}"#)
      try stage.sandbox.control.perform(
        "POST", "/crewhu/options", #"{"envelope":"\#(envelope)","employee-id":"\#(ids)"}"#)
      let reading = await Reading(try stage.connector(Self.subject), .member, in: ReadScope())
      #expect(reading.looksComplete)
      #expect(Set(reading.ids).count == reading.records.count && reading.records.count >= 204)
      #expect(reading.last?.declaredTotal == (envelope == "object" ? reading.records.count : nil))
      let nora = reading.records.first { $0.fields.text("email") == "nl@suite.example" }
      #expect(nora?.fields.items("employee-ids")?.first == "NL X")
      #expect(nora?.fields.items("employee-ids")?.count == (ids == "string" ? 1 : 2))
    }
  }

  @Test("an account that hides addresses is read without them, and check says that nobody can be matched")
  func hiddenAddresses() async throws {
    try await Stage.with { stage in
      try Ground(Self.subject, stage).add(count: 3)
      try stage.sandbox.control.perform("POST", "/crewhu/options", #"{"shows-email":false}"#)
      let connector = try stage.connector(Self.subject)
      let reading = await Reading(connector, .member, in: ReadScope())
      #expect(reading.looksComplete && reading.records.allSatisfy { $0.fields["email"] == nil })
      let report = try await connector.check(partitions: [])
      #expect(report.results.filter { $0.outcome == .failed }.map(\.name) == ["employees: e-mail address"])
      #expect(report.findings["email"] == "hidden")
      let knowing = try stage.connector(Self.subject, findings: report.findings)
      #expect(await knowing.write([Self.create()], in: ReadScope()).word == "record-forbidden")
    }
  }

  @Test("what the file says arrives sign by sign when a person uploads it", arguments: [true, false])
  func upload(_ isInvited: Bool) async throws {
    try await Stage.with { stage in
      let folder = NSTemporaryDirectory() + "crewhu-conformance-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      let control = stage.sandbox.control
      let answer = try control.perform("GET", "/crewhu/template")
      let object = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
      let template = try #require(object?["csv"] as? String)
      try Data(template.utf8).write(to: URL(fileURLWithPath: folder + "/template.csv"))
      let connector = try stage.connector(
        Self.subject,
        changing: [
          "experimental-writes": "off", "template": folder + "/template.csv", "uploads": folder + "/uploads",
        ])
      let report = try await connector.check(partitions: [])
      #expect(report.results.first { $0.name == "template" }?.outcome == .passed)
      let before = connector.requestCount
      let outcomes = await connector.write(
        [Self.create(["invite": .flag(isInvited)]), Self.create(["email": .null])], in: ReadScope())
      #expect(connector.requestCount == before)
      guard outcomes.count == 2, case .waiting(let path) = outcomes[0], case .rejected = outcomes[1] else {
        Issue.record("not waiting: \(outcomes)")
        return
      }
      #expect(path.hasSuffix("-invite.csv") == isInvited)
      let file = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
      let csv = String(decoding: try JSONEncoder().encode(file), as: UTF8.self)
      try control.perform(
        "POST", "/crewhu/upload", #"{"csv":\#(csv),"profile":"Employee","invite":\#(isInvited)}"#)
      let found = try await connector.find(.member, in: ReadScope(), where: "email", is: "dora.martin@suite.example")
      let record = try #require(found.first)
      #expect(found.count == 1)
      for (name, value) in Self.dora.sorted where record.fields[name] != nil {
        #expect(record.fields[name] == value, "\(name)")
      }
      #expect(record.fields.items("employee-ids") == Self.dora.items("employee-ids"))
    }
  }

  @Test("new employees are made inactive where they are to be, and only new active ones are invited")
  func invitations() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      func made(_ number: Int, _ values: FieldValues) async throws -> Record {
        let own: FieldValues = [
          "email": .text("p\(number)@suite.example"), "employee-ids": .list(["P\(number)X"]),
        ]
        return try await connector.write([Self.create(own.merging(values))], in: ReadScope()).record()
      }
      let sent = { try stage.crewhuCounter("invitations-sent") }
      let start = try sent()
      #expect(try await made(1, [:]).state == .active)
      #expect(try sent() == start)
      #expect(try await made(2, ["state": .text("inactive"), "invite": .flag(true)]).state == .inactive)
      #expect(try sent() == start)
      #expect(try await made(3, ["invite": .flag(true)]).state == .active)
      #expect(try sent() == start + 1)
    }
  }

  @Test("an account without the assumed API refuses every write, and is told so by check")
  func withoutAPI() async throws {
    try await Stage.with { stage in
      let ground = try Ground(Self.subject, stage)
      let id = try ground.add(1)
      try stage.sandbox.control.perform("POST", "/crewhu/options", #"{"write-api":false}"#)
      let connector = try stage.connector(Self.subject)
      let record = try #require(try await connector.read([id], of: .member, in: ReadScope()).first)
      let before = try stage.texts(of: Self.subject)
      let outcomes = await connector.write(
        [Self.create(), .changing(record, ["first-name": .text("X")])], in: ReadScope())
      #expect(
        outcomes.allSatisfy { outcome in
          switch outcome {
          case .rejected, .notSent: true
          case .done, .unknown, .waiting: false
          }
        })
      #expect(try stage.texts(of: Self.subject) == before)
      let report = try await connector.check(partitions: [])
      #expect(report.results.first { $0.name == "employees: write" }?.outcome == .warned)
    }
  }

  @Test("a token that was revoked is told as one, and stands in no word")
  func revokedToken() async throws {
    try await Stage.with { stage in
      try stage.sandbox.control.perform("POST", "/crewhu/credentials", #"{"valid":false}"#)
      let connector = try stage.connector(Self.subject)
      let report = try await connector.check(partitions: [])
      #expect(report.results.filter { $0.outcome == .failed }.map(\.name) == ["credentials"])
      let reading = await Reading(connector, .member, in: ReadScope())
      #expect(reading.error?.kind == .unauthorized)
      for secret in stage.secrets(of: Self.subject) {
        #expect(!"\(report) \(String(describing: reading.error))".contains(secret))
      }
    }
  }

  @Test("the active profiles are found, and those that see the whole company")
  func profiles() async throws {
    try await Stage.with { stage in
      let report = try await stage.connector(Self.subject).check(partitions: [])
      let names = report.findings["profiles"]?.split(separator: "\n").map(String.init) ?? []
      #expect(names.contains("Employee") && names.contains("Admin"))
      #expect(report.findings["whole-company-profiles"]?.split(separator: "\n").contains("Admin") == true)
      #expect(report.hasPassed)
    }
  }
}

extension Stage {
  /// A number that the emulated Crewhu counts.
  func crewhuCounter(_ name: String) throws -> Int {
    let text = try sandbox.control.perform("GET", "/state?system=crewhu")
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let counters = (object?["crewhu"] as? [String: Any])?["counters"] as? [String: Any]
    guard let count = counters?[name] as? Int else { throw StageError.noID(text) }
    return count
  }
}
