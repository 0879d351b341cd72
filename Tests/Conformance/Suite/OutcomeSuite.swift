/// What became of each write: the truth, and never a guess.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

/// How a create ends that was answered so.
struct WriteEnd: Sendable {
  var fault: String
  var word: String

  static let usual = [
    WriteEnd(fault: #""kind":"status","status":500"#, word: "unknown"),
    WriteEnd(fault: #""kind":"status","status":503"#, word: "unknown"),
    WriteEnd(fault: #""kind":"html","status":502"#, word: "unknown"),
    WriteEnd(fault: #""kind":"html","status":504"#, word: "unknown"),
    WriteEnd(fault: #""kind":"truncate""#, word: "unknown"),
    WriteEnd(fault: #""kind":"malformed-json""#, word: "unknown"),
    WriteEnd(fault: #""kind":"drop-connection""#, word: "unknown"),
    WriteEnd(fault: #""kind":"hang""#, word: "unknown"),
    WriteEnd(fault: #""kind":"no-body""#, word: "unknown"),
    WriteEnd(fault: #""kind":"redirect-elsewhere""#, word: "unknown"),
    WriteEnd(fault: #""kind":"status","status":429,"retry-after":"7""#, word: "not sent"),
    WriteEnd(fault: #""kind":"status","status":401"#, word: "not sent"),
    WriteEnd(fault: #""kind":"status","status":403"#, word: "not sent"),
    WriteEnd(fault: #""kind":"status","status":400"#, word: "value-refused"),
    WriteEnd(fault: #""kind":"status","status":429,"retry-after":"7","times":2"#, word: "done"),
  ]
}

@Suite(.serialized) struct OutcomeSuite {
  /// All in process; over a socket one kind of each system.
  private static let lostWays =
    Subject.writers.map { ($0, Way.inProcess) }
    + Subject.writers.filter { $0.kind == .person }.map { ($0, Way.socket) }

  /// Values of which nothing has to be made first.
  private static func plain(_ subject: Subject, _ number: Int) -> FieldValues {
    var values = subject.values
    switch subject.kind {
    case .person, .member:
      values["email"] = .text("made\(number)@suite.example")
      values["other-emails"] = nil
      if values["employee-ids"] != nil { values["employee-ids"] = .list(["MADE\(number)"]) }
      values["last-name"] = .text("Made\(number)")
    case .company:
      values["name"] = .text("Made \(number)")
      if values["identifier"] != nil { values["identifier"] = .text("Made\(number)") }
    case .configuration:
      values["name"] = .text("MADE-\(number)")
      values["serial-number"] = .text("S-MADE-\(number)")
    }
    return values.filter { subject.writable.contains($0) }
  }

  @Test(
    "G8 a create whose answer is lost is unknown, was sent once, and is found again by each key",
    arguments: lostWays)
  func lostAnswer(_ subject: Subject, _ way: Way) async throws {
    try await Stage.with(way) { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      // Names of types and products are known after a first write.
      _ = try await connector.write(
        [.making(subject.kind, Self.plain(subject, 0), in: ground.parent)], in: ground.scope
      ).record()
      stage.sandbox.control.resetRequests()
      try stage.fault(
        subject, #""method":"POST","path":"\#(subject.creation)","kind":"commit-then-drop","times":1"#)
      let values = Self.plain(subject, 1)
      let outcome = await connector.write([.making(subject.kind, values, in: ground.parent)], in: ground.scope)
      #expect(outcome.word == "unknown")
      #expect(stage.sandbox.control.requests.committedWrites[subject.system.rawValue] == 1)
      for key in subject.keys {
        let value = values.text(key == "addresses" ? "email" : key) ?? ""
        let found = try await connector.find(subject.kind, in: ground.scope, where: key, is: value)
        // A name, a phone or an address may be that of the first one too.
        #expect(found.count { Self.isMade($0, 1) } == 1, "by \(key)")
      }
    }
  }

  private static func isMade(_ record: Record, _ number: Int) -> Bool {
    switch record.kind {
    case .person, .member: record.fields.text("last-name") == "Made\(number)"
    case .company: record.fields.text("name") == "Made \(number)"
    case .configuration: record.fields.text("name") == "MADE-\(number)"
    }
  }

  @Test("what became of a create that failed, and that at most one was made", arguments: Subject.writers)
  func failedCreates(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let secrets = stage.secrets(of: subject)
      // What a record names besides itself, such as its model, is there already.
      _ = try await stage.connector(subject).write(
        [.making(subject.kind, Self.plain(subject, 1000), in: ground.parent)], in: ground.scope
      ).record()
      for (number, end) in WriteEnd.usual.enumerated() {
        // One of its own each time: what an answer says of the account must not reach into the next case.
        let connector = try stage.connector(subject)
        stage.sandbox.control.resetRequests()
        try stage.fault(subject, #""method":"POST","path":"\#(subject.creation)",\#(end.fault)"#)
        let outcome = await connector.write(
          [.making(subject.kind, Self.plain(subject, number), in: ground.parent)], in: ground.scope)
        stage.sandbox.control.clearFaults()
        #expect(outcome.word == end.word, "\(end.fault)")
        #expect(
          stage.sandbox.control.requests.committedWrites[subject.system.rawValue, default: 0] <= 1, "\(end.fault)")
        for secret in secrets { #expect(!"\(outcome)".contains(secret), "\(end.fault)") }
        let key = subject.keys.first { $0 != "identifier" } ?? "name"
        let value = Self.plain(subject, number).text(key) ?? ""
        let made = try await connector.find(subject.kind, in: ground.scope, where: key, is: value)
        #expect(made.count <= 1, "\(end.fault)")
        if outcome.word == "done" { #expect(made.count == 1, "\(end.fault)") }
        if ["not sent", "value-refused"].contains(outcome.word) { #expect(made.isEmpty, "\(end.fault)") }
      }
    }
  }

  @Test(
    "every kind of write that is declared works, and every other is refused without a request", arguments: Subject.all)
  func kinds(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      _ = try await connector.check(partitions: [])
      let id = try ground.add(1)
      for action in WriteKind.allCases {
        let record = try #require(try await connector.read([id], of: subject.kind, in: ground.scope).first)
        let write =
          action == .create
          ? Write.making(subject.kind, Self.plain(subject, 5), in: ground.parent)
          : Write.changing(record, [subject.editable: .text("By \(action)")], action)
        let state = try stage.texts(of: subject)
        let before = connector.requestCount
        let outcome = await connector.write([write], in: ground.scope)
        if subject.features.can(action, subject.kind) {
          let next = try outcome.record()
          switch action {
          case .deactivate: #expect(next.state == .inactive)
          case .delete: #expect(next.state == .gone)
          case .create, .update, .reactivate: #expect(next.state == .active)
          }
          if action != .create { #expect(next.fields.text(subject.editable) == "By \(action)") }
        } else {
          #expect(["done", "unknown"].contains(outcome.word) == false, "\(action): \(outcome.word)")
          #expect(connector.requestCount == before, "\(action) was sent")
          #expect(try stage.texts(of: subject) == state)
        }
      }
    }
  }

  @Test("a write costs no more requests than the connector says", arguments: Subject.writers)
  func requests(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      _ = try await connector.check(partitions: [])
      var record = try await connector.write(
        [.making(subject.kind, Self.plain(subject, 0), in: ground.parent)], in: ground.scope
      ).record()
      func expectLeast(_ write: Write) async throws -> Record {
        let before = connector.requestCount
        let done = try await connector.write([write], in: ground.scope).record()
        #expect(connector.requestCount - before <= connector.smallestRequestCount(.write(write)), "\(write.action)")
        return done
      }
      _ = try await expectLeast(.making(subject.kind, Self.plain(subject, 1), in: ground.parent))
      record = try await expectLeast(.changing(record, [subject.editable: .text("A")]))
      record = try await expectLeast(.changing(record, subject.others.filter { subject.texts.contains($0) }))
      if subject.features.can(.deactivate, subject.kind) {
        record = try await expectLeast(.changing(record, [:], .deactivate))
        record = try await expectLeast(.changing(record, [:], .reactivate))
      }
    }
  }

  @Test("a record that is gone is told as gone, and many writes keep their places", arguments: Subject.writers)
  func goneTargets(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      let made = await connector.write(
        (0..<7).map { .making(subject.kind, Self.plain(subject, $0), in: ground.parent) }, in: ground.scope)
      var records: [Record] = []
      for (number, outcome) in made.enumerated() {
        let record = try [outcome].record()
        #expect(Self.isMade(record, number))
        records.append(record)
      }
      #expect(Set(records.map(\.id)).count == 7)
      try ground.delete(records[3].id)
      let changes = await connector.write(
        records.map { .changing($0, [subject.editable: .text("New \($0.id)")]) }, in: ground.scope)
      #expect(changes.count == 7)
      for (number, outcome) in changes.enumerated() {
        guard number != 3 else {
          // A company that is only marked as deleted is still written to by ConnectWise, and comes back as what it is.
          if case .done(let record) = outcome {
            #expect(record.state == .gone)
          } else {
            #expect([outcome].word == "target-gone")
          }
          continue
        }
        let record = try [outcome].record()
        #expect(record.id == records[number].id && record.fields.text(subject.editable) == "New \(record.id)")
      }
      #expect(await connector.write([], in: ground.scope).isEmpty)
    }
  }

  @Test("an edit made meanwhile is not overwritten where it was not meant", arguments: Subject.writers)
  func editedMeanwhile(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      let planned = try await connector.write(
        [.making(subject.kind, Self.plain(subject, 0), in: ground.parent)], in: ground.scope
      ).record()
      let others = subject.texts.filter { subject.outside.words[$0] != nil && subject.others[$0] != nil }.sorted()
      guard let theirs = others.first, let ours = others.last, theirs != ours else { return }
      stage.sandbox.control.advanceClock(bySeconds: 60)
      try ground.edit(planned.id, theirs, "By a person")
      let outcome = await connector.write([.changing(planned, [ours: .text("By kith")])], in: ground.scope)
      let held = try #require(try await connector.read([planned.id], of: subject.kind, in: ground.scope).first)
      #expect(held.fields.text(theirs) == "By a person")
      // Done without touching the other field, or refused for the version.
      #expect(outcome.word == "done" || outcome.word == "version-conflict")
      if outcome.word == "done" { #expect(held.fields.text(ours) == "By kith") }
    }
  }

  @Test("a write that was called off before it left was not sent", arguments: Subject.writers)
  func cancelled(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      let state = try stage.texts(of: subject)
      let values = Self.plain(subject, 0)
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return await connector.write([.making(subject.kind, values, in: ground.parent)], in: ground.scope)
      }
      #expect(await task.value.word == "not sent")
      #expect(try stage.texts(of: subject) == state)
    }
  }
}
