/// What the two connectors make of a server that misbehaves.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct TeamworkFaults {
  /// Beside the lists: the details that only the older API has.
  private static let places = [
    (Subject.teamwork, #""path":"*/companies/*/people.json""#)
  ]

  @Test(
    "G1 G2 a reading with a fault in it never looks complete", arguments: places,
    [
      #""kind":"status","status":401"#, #""kind":"status","status":403"#, #""kind":"status","status":429"#,
      #""kind":"status","status":500"#, #""kind":"status","status":503,"retry-after":"1""#,
      #""kind":"html","status":502"#, #""kind":"malformed-json""#, #""kind":"no-body""#, #""kind":"truncate""#,
      #""kind":"drop-connection""#, #""kind":"redirect-elsewhere""#,
    ])
  func faults(_ place: (Subject, String), _ fault: String) async throws {
    try await Stage.with(people: 600) { stage in
      let connector = try stage.connector(place.0, findings: ["owner-company": "1200007"])
      try stage.fault(place.0, "\(place.1),\(fault)")
      let (pages, error) = await stage.read(connector, ReadScope())
      #expect(error != nil)
      #expect(error?.kind != .cancelled)
      #expect(!pages.contains { $0.isLast })
      #expect(error?.message.contains("‹secret›") == false)
    }
  }

  @Test(
    "G1 what is missing shows in the number that the system declares",
    arguments: [
      (Subject.teamwork, #""path":"*/projects/api/v3/people.json","page":2,"kind":"empty-200""#),
      (.teamwork, #""path":"*/projects/api/v3/people.json","page":1,"kind":"end-early""#),
      (.teamwork, #""path":"*/companies/*/people.json","kind":"empty-200""#),
      (.desk, #""path":"*/desk/api/v2/customers.json","kind":"end-early""#),
    ])
  func missing(_ subject: Subject, _ fault: String) async throws {
    try await Stage.with(people: 600) { stage in
      let connector = try stage.connector(subject)
      let whole = try await stage.everything(connector, .person).records.count { $0.state != .gone }
      try stage.fault(subject, fault)
      let (pages, error) = await stage.read(connector, ReadScope())
      let came = pages.flatMap(\.records).count { $0.state != .gone }
      #expect(error != nil || came == whole || (pages.last?.declaredTotal ?? 0) > came)
    }
  }

  @Test(
    "a fault that passes is not seen", arguments: places,
    [
      #""kind":"status","status":429,"retry-after":"1.5""#, #""kind":"status","status":429"#,
      #""kind":"status","status":503"#, #""kind":"html","status":502"#, #""kind":"drop-connection""#,
    ])
  func passingFaults(_ place: (Subject, String), _ fault: String) async throws {
    try await Stage.with(people: 600) { stage in
      let connector = try stage.connector(place.0)
      let whole = try await stage.everything(connector, .person).records
      try stage.fault(place.0, "\(place.1),\"times\":2,\(fault)")
      #expect(try await stage.everything(connector, .person).records == whole)
    }
  }

  @Test(
    "G8 a create whose answer is lost is unknown, and found when it is looked for",
    arguments: [(Subject.teamwork, "*/people.json"), (.desk, "*/customers.json")])
  func lostAnswer(_ subject: Subject, _ path: String) async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(subject)
      let company = try #require(
        try await stage.everything(connector, .company).records.first { $0.fields.flag("is-owner") != true })
      try stage.fault(subject, #""path":"\#(path)","method":"POST","kind":"commit-then-drop""#)
      let write = Write.making(
        .person, ["first-name": .text("A"), "last-name": .text("B"), "email": .text("lost@new.example")], in: company.id
      )
      guard case .unknown? = await connector.write([write], in: ReadScope()).first else {
        Issue.record("not unknown")
        return
      }
      let found = try await connector.find(.person, in: ReadScope(), where: "email", is: "Lost@new.example")
      #expect(found.count == 1)
    }
  }
}
