/// What is special to ConnectWise's contacts: communication items, halfway writes, versions, code bases.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct ConnectWiseContactsConformance {
  private static let subject = Subject.connectWise
  private static let everything: FieldValues = [
    "first-name": .text("Nora"), "last-name": .text("Lind"), "title": .text("Buyer"),
    "phone": .text("+48 813 555 01 00"),
    "mobile": .text("813-555-0199"), "email": .text("nora.lind@acme.example"),
  ]

  @Test("a changed address becomes the default one, the former is kept, and no item is doubled")
  func addresses() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let made = try await connector.write([.making(.person, Self.everything)], in: scope).record()
      let changed = try await connector.write([.changing(made, ["email": .text("new@acme.example")])], in: scope)
        .record()
      #expect(Set(changed.fields.items("addresses") ?? []) == ["new@acme.example", "nora.lind@acme.example"])
      let back = try await connector.write([.changing(changed, ["email": .text("NORA.lind@acme.example")])], in: scope)
        .record()
      #expect(back.fields.text("email") == "nora.lind@acme.example")
      #expect(back.fields.items("addresses")?.count == 2)
    }
  }

  @Test("a write that got halfway says so")
  func partial() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let made = try await connector.write([.making(.person, Self.everything)], in: scope).record()
      let values: FieldValues = ["title": .text("New"), "phone": .text("123")]
      for (fault, word) in [
        (#""kind":"status","status":400"#, "value-refused, partly"),
        (#""kind":"status","status":403"#, "record-forbidden, partly"),
        (#""kind":"status","status":500"#, "unknown"), (#""kind":"status","status":401"#, "unknown"),
      ] {
        try stage.fault(Self.subject, #""path":"*/communications/*",\#(fault)"#)
        let outcomes = await connector.write([.changing(made, values)], in: scope)
        #expect(outcomes.word == word)
        stage.sandbox.control.clearFaults()
      }
    }
  }

  @Test("a second edit within the same second shows in the version")
  func versions() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let made = try await connector.write([.making(.person, Self.everything)], in: scope).record()
      // The clock stands still: the stamp stays the same.
      try stage.sandbox.control.perform("PATCH", "/connectwise/contacts/\(made.id)", #"{"title":"Elsewhere"}"#)
      let read = try #require(try await connector.read([made.id], of: .person, in: scope).first)
      #expect(read.modified == made.modified)
      #expect(read.version != made.version)
    }
  }

  @Test("a code base that moved is found again, in the middle of work")
  func codeBase() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let made = try await connector.write([.making(.person, Self.everything)], in: scope).record()
      try stage.sandbox.control.perform("POST", "/connectwise/codebase", #"{"value":"v2031_7/"}"#)
      let changed = try await connector.write([.changing(made, ["title": .text("Moved")])], in: scope).record()
      #expect(changed.fields.text("title") == "Moved")
    }
  }

  @Test(
    "G1 G2 pages that go missing show in the total that ConnectWise declares", arguments: [1, 1001],
    [#""page":1,"kind":"empty-200""#, #""page":2,"kind":"empty-200""#, #""page":1,"kind":"end-early""#])
  func missingPages(_ count: Int, _ fault: String) async throws {
    try await Stage.with { stage in
      let ground = try Ground(Self.subject, stage)
      try ground.add(count: count)
      try stage.fault(Self.subject, #""path":"\#(Self.subject.listing)",\#(fault)"#)
      let reading = await Reading(try stage.connector(Self.subject), .person, in: ground.scope)
      #expect(reading.error == nil)
      #expect(reading.last?.declaredTotal == count)
      // Whoever has one page only does not meet a fault on the second; all others must see that something is missing.
      #expect(reading.looksComplete == (count == 1 && fault.contains(#""page":2"#)))
    }
  }
}
