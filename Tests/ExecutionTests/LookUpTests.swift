/// What is concluded from what the target holds after an answer was lost.
import Execution
import Foundation
import Model
import Testing

@Suite struct LookUpTests {
  private static func contact(
    _ id: String, title: String = "Clerk", state: RecordState = .active
  ) -> Record {
    Record(
      id: RecordID(id), kind: .person, state: state,
      fields: ["email": .text("a@acme.example"), "title": .text(title), "phone": .text("+1 (555) 01")])
  }
  private static let sent: FieldValues = [
    "email": .text("A@acme.example"), "title": .text("Clerk"), "phone": .text("+1 555 01"), "mobile": .null,
  ]
  private static func rule(_ field: FieldName) -> ComparisonRule {
    field == "email" ? .email : field == "phone" ? .phone : .exact
  }

  struct Created: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var candidates: [Record]
    var linked: Set<RecordID> = []
    var expected: LookUp
  }

  @Test(arguments: [
    Created(testDescription: "nothing there", candidates: [], expected: .notCarriedOut),
    Created(testDescription: "ours", candidates: [contact("1")], expected: .carriedOut(contact("1"))),
    Created(
      testDescription: "ours beside a linked one", candidates: [contact("1"), contact("2")], linked: ["1"],
      expected: .carriedOut(contact("2"))),
    Created(
      testDescription: "another content", candidates: [contact("1", title: "Boss")],
      expected: .moved(contact("1", title: "Boss"))),
    Created(
      testDescription: "somebody's already", candidates: [contact("1")], linked: ["1"], expected: .moved(contact("1"))),
    Created(
      testDescription: "two alike", candidates: [contact("2"), contact("1")], expected: .several(["1", "2"])),
    Created(
      testDescription: "gone again", candidates: [contact("1", state: .gone)], expected: .notCarriedOut),
  ])
  func create(_ test: Created) {
    #expect(LookUp.create(Self.sent, among: test.candidates, linked: test.linked, rule: Self.rule) == test.expected)
  }

  @Test(
    arguments: [
      (nil, false, false), (-60, false, false), (0, false, true), (60, false, true), (60, true, false),
    ] as [(Double?, Bool, Bool)])
  func `what was made since is ours, though somebody edited it`(_ made: Double?, _ isLinked: Bool, _ isOurs: Bool) {
    let sentAt = Date(timeIntervalSince1970: 1_000_000)
    var found = Self.contact("1", title: "Boss")
    found.created = made.map { sentAt.addingTimeInterval($0) }
    let finding = LookUp.create(
      Self.sent, among: [found], linked: isLinked ? ["1"] : [], sentAt: sentAt, rule: Self.rule)
    #expect(finding == (isOurs ? .carriedOutAndEdited(found) : .moved(found)))
  }

  @Test func `a change is found, missing, mixed or gone`() {
    let before = Self.contact("1", title: "Clerk")
    let after = Self.contact("1", title: "Boss")
    let other = Self.contact("1", title: "Chief")
    let values: FieldValues = ["title": .text("Boss")]
    func find(_ current: Record?, _ action: WriteKind = .update) -> LookUp {
      LookUp.change(action, values, current: current, seen: before.fingerprint, rule: Self.rule)
    }
    #expect(find(after) == .carriedOut(after))
    #expect(find(before) == .notCarriedOut)
    #expect(find(other) == .moved(other))
    #expect(find(nil) == .gone)
    #expect(find(nil, .delete) == .gone)
    let inactive = Self.contact("1", title: "Boss", state: .inactive)
    #expect(find(inactive, .deactivate) == .carriedOut(inactive))
    #expect(find(after, .deactivate) == .moved(after))
  }

  @Test func `a move to another company is looked for too`() {
    var record = Self.contact("1", title: "Boss")
    record.parent = "250"
    let values: FieldValues = ["title": .text("Boss")]
    func find(_ parent: RecordID?) -> LookUp {
      LookUp.change(.update, values, parent: parent, current: record, seen: record.fingerprint, rule: Self.rule)
    }
    #expect(find(nil) == .carriedOut(record))
    #expect(find("250") == .carriedOut(record))
    #expect(find("251") == .notCarriedOut)
  }
}
