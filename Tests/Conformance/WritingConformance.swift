/// What a connector that writes owes its caller: the truth about every write.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct WritingConformance {
  private static let subject = Subject.connectWise
  private static let everything: FieldValues = [
    "first-name": .text("Nora"), "last-name": .text("Lind"), "title": .text("Buyer"),
    "phone": .text("+48 813 555 01 00"),
    "mobile": .text("813-555-0199"), "email": .text("nora.lind@acme.example"),
  ]

  private static func create(_ values: FieldValues) -> Write {
    Write(kind: .person, action: .create, target: nil, values: values, current: nil, token: "t")
  }

  private static func change(_ record: Record, _ action: WriteKind = .update, _ values: FieldValues = [:]) -> Write {
    Write(kind: .person, action: action, target: record.id, values: values, current: record, token: "t")
  }

  private static func done(_ outcomes: [WriteOutcome]) throws -> Record {
    guard case .done(let record)? = outcomes.first, outcomes.count == 1 else {
      Issue.record("not done: \(outcomes)")
      throw StageError.noSuchSystem
    }
    return record
  }

  @Test("every writable field is created, read back, changed and cleared")
  func fields() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let writable = type(of: connector).description.fields[.person]?.filter(\.isWritable).map(\.name) ?? []
      #expect(Set(writable) == Set(Self.everything.names))
      let made = try Self.done(await connector.write([Self.create(Self.everything)], in: scope))
      #expect(made.fields.filter { writable.contains($0) } == Self.everything)
      let read = try await connector.read([made.id], of: .person, in: scope)
      #expect(read == [made])

      let changed: [FieldName: String] = [
        "first-name": "Eleonora", "last-name": "Lind-Ćwikła", "title": "王 & \"Sons\"", "phone": "1", "mobile": "2",
        "email": "new@acme.example",
      ]
      var current = made
      for (field, value) in changed.sorted(by: { $0.key < $1.key }) {
        let next = try Self.done(
          await connector.write([Self.change(current, .update, [field: .text(value)])], in: scope))
        #expect(next.fields.text(field) == value)
        // All others stay as they were.
        #expect(
          next.fields.filter { writable.contains($0) && $0 != field }
            == current.fields.filter { writable.contains($0) && $0 != field })
        current = next
      }
      // A changed address is added as the default one, and the old one is kept.
      #expect(Set(current.fields.items("addresses") ?? []) == ["new@acme.example", "nora.lind@acme.example"])
      let back = try Self.done(
        await connector.write([Self.change(current, .update, ["email": .text("NORA.lind@acme.example")])], in: scope))
      #expect(back.fields.text("email") == "nora.lind@acme.example")
      #expect(back.fields.items("addresses")?.count == 2)

      for field in ["last-name", "title", "phone", "mobile"] as [FieldName] {
        let cleared = try Self.done(await connector.write([Self.change(back, .update, [field: .null])], in: scope))
        #expect(cleared.fields[field]?.isBlank == true)
      }
    }
  }

  @Test("a write costs as few requests as the connector says")
  func requests() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      _ = try await connector.check(partitions: [])
      func expectLeast(_ write: Write) async throws -> Record {
        let before = connector.requestCount
        let record = try Self.done(await connector.write([write], in: scope))
        #expect(connector.requestCount - before == connector.smallestRequestCount(.write(write)))
        return record
      }
      var record = try await expectLeast(Self.create(Self.everything))
      record = try await expectLeast(Self.change(record, .update, ["title": .text("A"), "last-name": .text("B")]))
      record = try await expectLeast(Self.change(record, .update, ["title": .text("C"), "phone": .text("4")]))
      record = try await expectLeast(Self.change(record, .deactivate, ["title": .text("D")]))
      #expect(record.state == .inactive)
      record = try await expectLeast(Self.change(record, .reactivate))
      #expect(record.state == .active)
      #expect(record.fields.text("title") == "D")
    }
  }

  @Test("G8 a create whose answer is lost is unknown, was sent once, and is found again", arguments: 1...3)
  func lostAnswer(_ round: Int) async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      try stage.fault(
        Self.subject, #""method":"POST","path":"\#(Self.subject.listing)","kind":"commit-then-drop","times":1"#)
      let outcome = await connector.write([Self.create(Self.everything)], in: scope)
      guard case .unknown? = outcome.first else {
        Issue.record("the outcome is not known to anybody, and yet: \(outcome)")
        return
      }
      #expect(stage.sandbox.control.requests.committedWrites["connectwise"] == 1)
      #expect(try await connector.find(.person, in: scope, where: "email", is: "nora.lind@acme.example").count == 1)
    }
  }

  @Test(
    "what became of a create that failed",
    arguments: [
      (#""kind":"status","status":500"#, "unknown"), (#""kind":"status","status":503"#, "unknown"),
      (#""kind":"html","status":502"#, "unknown"), (#""kind":"truncate""#, "unknown"),
      (#""kind":"malformed-json""#, "unknown"), (#""kind":"drop-connection""#, "unknown"),
      (#""kind":"no-body""#, "unknown"), (#""kind":"redirect-elsewhere""#, "unknown"),
      (#""kind":"status","status":429,"retry-after":"7""#, "not sent"), (#""kind":"status","status":401"#, "not sent"),
      (#""kind":"status","status":403"#, "not sent"), (#""kind":"status","status":404"#, "not sent"),
      (#""kind":"status","status":400"#, "value-refused"), (#""kind":"status","status":409"#, "version-conflict"),
      (#""kind":"status","status":429,"retry-after":"7","times":2"#, "done"),
    ])
  func failedCreate(_ fault: String, _ word: String) async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      try stage.fault(Self.subject, #""method":"POST","path":"\#(Self.subject.listing)",\#(fault)"#)
      let outcomes = await connector.write([Self.create(Self.everything)], in: try stage.scope(Self.subject))
      #expect(outcomes.map(Self.word) == [word])
      // Sent again or not, at most one was made.
      #expect(stage.sandbox.control.requests.committedWrites["connectwise", default: 0] <= 1)
    }
  }

  private static func word(_ outcome: WriteOutcome) -> String {
    switch outcome {
    case .done: "done"
    case .unknown: "unknown"
    case .notSent: "not sent"
    case .rejected(let rejection): rejection.reason.rawValue + (rejection.isPartial ? ", partly" : "")
    }
  }

  @Test(
    "what the server refuses is told with its field and its words",
    arguments: [
      ("first-name", String(repeating: "x", count: 31)), ("last-name", String(repeating: "x", count: 31)),
      ("title", String(repeating: "x", count: 101)), ("phone", String(repeating: "5", count: 251)),
    ] as [(FieldName, String)])
  func refusedValue(_ field: FieldName, _ value: String) async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let made = try Self.done(await connector.write([Self.create(Self.everything)], in: scope))
      let values: FieldValues = [field: .text(value)]
      guard
        case .rejected(let rejection)? = await connector.write([Self.change(made, .update, values)], in: scope).first
      else {
        Issue.record("the server took \(value.count) letters as \(field)")
        return
      }
      #expect(rejection.reason == .valueRefused)
      #expect(rejection.field == field)
      #expect(!rejection.message.isEmpty && rejection.message.count <= 300)
      #expect(!rejection.isPartial)
      #expect(try await connector.read([made.id], of: .person, in: scope) == [made])
    }
  }

  @Test("a write that got halfway says so")
  func partial() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let made = try Self.done(await connector.write([Self.create(Self.everything)], in: scope))
      let values: FieldValues = ["title": .text("New"), "phone": .text("123")]
      for (fault, word) in [
        (#""kind":"status","status":400"#, "value-refused, partly"),
        (#""kind":"status","status":403"#, "record-forbidden, partly"),
        (#""kind":"status","status":500"#, "unknown"), (#""kind":"status","status":401"#, "unknown"),
      ] {
        try stage.fault(Self.subject, #""path":"*/communications/*",\#(fault)"#)
        let outcomes = await connector.write([Self.change(made, .update, values)], in: scope)
        #expect(outcomes.map(Self.word) == [word])
        stage.sandbox.control.clearFaults()
      }
    }
  }

  @Test("a contact that is gone is gone, and one that nobody has is nobody's")
  func goneTarget() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let made = try Self.done(await connector.write([Self.create(Self.everything)], in: scope))
      try stage.sandbox.control.perform("DELETE", "/connectwise/contacts/\(made.id)")
      for write in [
        Self.change(made, .update, ["title": .text("X")]), Self.change(made, .update, ["email": .text("y@z.example")]),
      ] {
        #expect(await connector.write([write], in: scope).map(Self.word) == ["target-gone"])
      }
    }
  }

  @Test("many writes go at once, and each outcome stands at its place")
  func batch() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let writes = (1...40).map { number in
        Self.create(["first-name": .text("P\(number)"), "email": .text("p\(number)@acme.example")])
      }
      let outcomes = await connector.write(writes, in: scope)
      for (number, outcome) in zip(1...40, outcomes) {
        #expect(try Self.done([outcome]).fields.text("first-name") == "P\(number)")
      }
      #expect(outcomes.count == 40)
    }
  }

  @Test("a second edit within the same second shows in the version")
  func versions() async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(Self.subject)
      let scope = try stage.scope(Self.subject)
      let made = try Self.done(await connector.write([Self.create(Self.everything)], in: scope))
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
      let made = try Self.done(await connector.write([Self.create(Self.everything)], in: scope))
      try stage.sandbox.control.perform("POST", "/connectwise/codebase", #"{"value":"v2031_7/"}"#)
      let changed = try Self.done(
        await connector.write([Self.change(made, .update, ["title": .text("Moved")])], in: scope))
      #expect(changed.fields.text("title") == "Moved")
    }
  }

  @Test("Microsoft 365 is never written to", arguments: WriteKind.allCases)
  func readOnly(_ action: WriteKind) async throws {
    try await Stage.with { stage in
      let connector = try stage.connector(.microsoft)
      let write = Write(kind: .person, action: action, target: "x", values: Self.everything, current: nil, token: "t")
      #expect(await connector.write([write], in: try stage.scope(.microsoft)).map(Self.word) == ["record-forbidden"])
      #expect(stage.sandbox.control.requests.total == 0)
    }
  }
}
