/// Every writable field: created, read back, changed, cleared; demanded where it is said to be; as long as it is said to be.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct FieldSuite {
  @Test(
    "every writable field is created, read back, changed and cleared, and leaves all others untouched",
    arguments: Subject.writers)
  func fields(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      let writable = subject.writable
      #expect(Set(subject.values.names) == writable)
      let made = try await connector.write(
        [.making(subject.kind, subject.values, in: ground.parent)], in: ground.scope
      ).record()
      #expect(made.parent == ground.parent)
      #expect(made.fields.filter { writable.contains($0) } == subject.values)
      let back = try #require(try await connector.read([made.id], of: subject.kind, in: ground.scope).first)
      #expect(back.fingerprint == made.fingerprint)
      var current = made
      func untouched(_ next: Record, _ field: FieldName) {
        let free = (subject.entangled[field] ?? []).union([field])
        for other in writable where !free.contains(other) {
          #expect(next.fields[other] == current.fields[other], "\(field) changed \(other)")
        }
        #expect(next.parent == current.parent && next.state == current.state || subject.decidesState(field))
      }
      for (field, value) in subject.others.sorted {
        let next = try await connector.write([.changing(current, [field: value])], in: ground.scope).record()
        #expect(next.fields[field] == value, "\(field)")
        untouched(next, field)
        let held = try #require(try await connector.read([made.id], of: subject.kind, in: ground.scope).first)
        #expect(held.fingerprint == next.fingerprint, "\(field)")
        current = next
      }
      // What was written once is not written again, and costs nothing where the connector can see it.
      let again = try await connector.write([.changing(current, subject.others)], in: ground.scope).record()
      #expect(again.fields.filter { writable.contains($0) } == current.fields.filter { writable.contains($0) })
      current = again
      for field in writable.sorted() where !subject.required.contains(field) && !subject.kept.contains(field) {
        let blank: FieldValue = subject.values[field]?.items == nil ? .null : .list([])
        let next = try await connector.write([.changing(current, [field: blank])], in: ground.scope).record()
        let others = subject.entangled[field] ?? []
        #expect(next.fields[field]?.isBlank == true || !others.isEmpty, "\(field) was not cleared")
        untouched(next, field)
        current = next
      }
      // A required field is cleared only where the vendor does so, and a refusal changes nothing.
      for field in subject.required.sorted() {
        let outcome = await connector.write([.changing(current, [field: .null])], in: ground.scope)
        let held = try #require(try await connector.read([current.id], of: subject.kind, in: ground.scope).first)
        if case .done(let next)? = outcome.first {
          #expect(held.fingerprint == next.fingerprint)
          current = next
        } else {
          #expect(outcome.rejection != nil, "\(field): \(outcome.word)")
          #expect(held.fingerprint == current.fingerprint)
        }
      }
    }
  }

  @Test("what is declared as required is demanded of a new record, and nothing else is", arguments: Subject.writers)
  func requiredFields(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      let required = subject.required
      let least = subject.values.filter { required.contains($0) || subject.alsoDemanded.contains($0) }
      let made = try await connector.write([.making(subject.kind, least, in: ground.parent)], in: ground.scope).record()
      for (field, value) in least.sorted { #expect(made.fields[field] == value) }
      for field in required.subtracting(subject.demandedByRule).sorted() {
        for (number, blank) in [nil, FieldValue.null, .text(""), .text("  ")].enumerated() {
          // Of names and addresses that must be unique nothing else may be the cause of a refusal.
          let own: FieldValues = [
            "name": .text("Without \(field) \(number)"), "email": .text("\(field)\(number)@suite.example"),
          ]
          var values = subject.others.merging(own).filter { subject.writable.contains($0) }
          if values["other-emails"] != nil { values["other-emails"] = .list([]) }
          values[field] = blank
          let before = try stage.texts(of: subject)
          let outcome = await connector.write([.making(subject.kind, values, in: ground.parent)], in: ground.scope)
          #expect(outcome.rejection != nil, "without \(field): \(outcome.word)")
          #expect(try stage.texts(of: subject) == before, "something was made without \(field)")
        }
      }
    }
  }

  @Test("the longest text that is declared is taken, and one letter more is refused", arguments: Subject.writers)
  func lengths(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      var current = try await connector.write(
        [.making(subject.kind, subject.values, in: ground.parent)], in: ground.scope
      ).record()
      for field in subject.fields where field.isWritable && subject.others[field.name] != nil {
        guard let longest = field.maximumLength else { continue }
        let isList = subject.values[field.name]?.items != nil
        func value(_ length: Int) -> FieldValue {
          let text = Self.text(length, field)
          return isList ? .list([text]) : .text(text)
        }
        let taken = await connector.write([.changing(current, [field.name: value(longest)])], in: ground.scope)
        guard case .done(let next)? = taken.first else {
          Issue.record("\(field.name) of \(longest): \(taken)")
          continue
        }
        #expect(next.fields[field.name] == value(longest))
        current = next
        let refused = await connector.write([.changing(current, [field.name: value(longest + 1)])], in: ground.scope)
        #expect(refused.word == "value-refused", "\(field.name) of \(longest + 1)")
        #expect(refused.rejection?.field == field.name)
        #expect(refused.rejection?.message.isEmpty == false)
        #expect((refused.rejection?.message.count ?? 0) <= 400)
        #expect(try await connector.read([current.id], of: subject.kind, in: ground.scope) == [current])
      }
    }
  }

  /// A text of a length that is a good value but for that.
  private static func text(_ length: Int, _ field: FieldDeclaration) -> String {
    switch field.rule {
    case .email, .emailSet: String(repeating: "e", count: max(1, length - 10)) + "@x.example"
    case .phone, .phoneDigits: String(repeating: "5", count: length)
    case .exact, .identical: String(repeating: "é", count: length)
    }
  }
}

extension Subject {
  /// Whether writing the field decides if the record counts as active (a company's status at ConnectWise).
  func decidesState(_ field: FieldName) -> Bool { field == "status" && kind != .person }
}

extension Stage {
  /// The records of a subject's kind as the vendor holds them, to be compared as a whole.
  func texts(of subject: Subject) throws -> String { try sandbox.control.perform("GET", subject.outside.records) }
}
