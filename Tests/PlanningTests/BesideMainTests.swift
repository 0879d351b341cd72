/// What a list of other addresses becomes at a side that has a main address of its own.
import Model
import Testing

@testable import Planning

@Suite struct BesideMainTests {
  /// The two main addresses, the list that is sent to the source, what the source holds, and what it is to hold.
  struct Row: Sendable, CustomTestStringConvertible {
    var source: String?
    var target: String?
    var sent: [String]
    var held: [String]
    var becomes: [String]
    var testDescription: String { "\(sent) to \(source ?? "nobody"), who holds \(held)" }
  }

  static let rows = [
    Row(source: "a@x", target: "a@x", sent: ["b@x"], held: [], becomes: ["b@x"]),
    Row(source: "a@x", target: "b@x", sent: ["A@x"], held: [], becomes: []),
    Row(source: "a@x", target: "b@x", sent: ["a@x", "c@x"], held: [], becomes: ["c@x"]),
    // The other side's main address stays where it is one of the further ones, in the form that it has there.
    Row(source: "a@x", target: "b@x", sent: ["c@x"], held: ["B@x"], becomes: ["B@x", "c@x"]),
    Row(source: "a@x", target: "b@x", sent: ["c@x"], held: ["d@x"], becomes: ["c@x"]),
    Row(source: nil, target: nil, sent: ["c@x", "C@x", " "], held: [], becomes: ["c@x"]),
  ]

  @Test("a side's own main address is no other address there", arguments: rows)
  func fitted(row: Row) {
    let beside = BesideMain(source: row.source, target: row.target, rule: .email)
    let fitted = beside.fitted(.list(row.sent), to: .source, holding: .list(row.held))
    #expect((fitted.items ?? []) == row.becomes)
    let mirrored = BesideMain(source: row.target, target: row.source, rule: .email)
    #expect(mirrored.fitted(.list(row.sent), to: .target, holding: .list(row.held)) == fitted)
  }

  @Test("two sides with the same addresses are in step, whichever is the main one")
  func inStep() {
    let swapped = BesideMain(source: "a@x", target: "b@x", rule: .email)
    #expect(swapped.isInStep(.list(["b@x"]), .list(["a@x"])))
    #expect(swapped.isInStep(.null, .list(["a@x"])))
    #expect(!swapped.isInStep(.null, .list(["a@x", "c@x"])))
    // Once the source is to have the target's main address, its list is the old one.
    let pushed = BesideMain(source: "b@x", target: "b@x", rule: .email)
    #expect(!pushed.isInStep(.list(["b@x"]), .list(["a@x"])))
  }
}
