/// Single records, and records that are looked for by what is known of them.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct LookupSuite {
  @Test("single records come in few requests, and ids that are no ids find nobody", arguments: Subject.all)
  func singles(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      try ground.add(count: 45)
      let connector = try stage.connector(subject)
      let records = await Reading(connector, subject.kind, in: ground.scope).records
      let wanted = Array(records.suffix(45))
      let before = connector.requestCount
      let odd: [RecordID] = [
        "../../x", "-1", "999999999999", "?a=b", "1) or (id>0", "é", "'", "", " ", "99999999999999999999999", "1,2",
        "\u{0}", "null", ".", "..",
      ]
      let found = try await connector.read(
        wanted.map(\.id) + odd + wanted.prefix(3).map(\.id), of: subject.kind, in: ground.scope)
      #expect(found.count == wanted.count)
      #expect(Set(found.map(\.id)) == Set(wanted.map(\.id)))
      let byID = Dictionary(wanted.map { ($0.id, $0) }) { first, _ in first }
      for record in found { #expect(record == byID[record.id]) }
      #expect(connector.requestCount - before <= 5, "\(connector.requestCount - before) requests")
      #expect(try await connector.read([], of: subject.kind, in: ground.scope).isEmpty)
      #expect(try await connector.read(odd, of: subject.kind, in: ground.scope).isEmpty)
    }
  }

  private static let addresses = [
    "plain@suite.example", "o'neil@suite.example", "a+b&c=d@suite.example", "quote\"d@suite.example",
    "both'and\"@suite.example", "[list]*%@suite.example", "semi;colon,comma@suite.example", "back\\slash@suite.example",
    "per%cent%27@suite.example",
  ]
  private static let names = [
    "Plain", "O'Neil, Sons", "a, b\\, c", "Quote\"d", "[list]*%&=+#?", "Ünïcode 王 👩‍👩‍👧", "back\\slash\\",
    "null", "true", "1 or 1=1", "%25 %00", "{\"a\":[1]}",
  ]

  @Test("a record is found by each of its keys, whatever stands in them, and nobody else is", arguments: Subject.all)
  func find(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      try ground.add(7)
      var number = 100
      let isNamedUniquely = subject.kind == .company
      for key in subject.keys where key == "email" || subject.texts.contains(key) {
        for value in key == "email" ? Self.addresses : Self.names {
          number += 1
          if isNamedUniquely, key != "name" { continue }
          let id: RecordID
          do {
            id = try ground.add(number, [key: value])
          } catch is SandboxControlError {
            // What the vendor itself does not take cannot be looked for.
            continue
          }
          let found = try await connector.find(subject.kind, in: ground.scope, where: key, is: value)
          #expect(found.map(\.id) == [id], "\(key) = \(value)")
          if key == "email" {
            let shouted = try await connector.find(
              subject.kind, in: ground.scope, where: key, is: value.uppercased())
            #expect(shouted.map(\.id) == [id], "\(key) = \(value) without regard to case")
          }
          try ground.delete(id)
        }
        #expect(try await connector.find(subject.kind, in: ground.scope, where: key, is: "nobody@x.example").isEmpty)
      }
    }
  }
}
