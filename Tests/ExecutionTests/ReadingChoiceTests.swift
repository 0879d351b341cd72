/// When a side is read completely, and when only what changed.
import Connectors
import Execution
import Foundation
import Testing

@Suite struct ReadingChoiceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var mark: String?
    /// Days since the last complete reading; `nil`: never.
    var age: Double?
    var complete = 5
    var delta = 1
    var expected: ReadingChoice
    var testDescription: String { "\(mark ?? "no mark"), \(age.map { "\($0) days" } ?? "never"), \(complete):\(delta)" }
  }

  @Test(arguments: [
    Case(mark: "m", age: nil, expected: .complete(.neverRead)),
    Case(mark: nil, age: 1, expected: .complete(.noMark)),
    Case(mark: "m", age: 7, expected: .complete(.due)),
    Case(mark: "m", age: 6.9, expected: .since(DeltaMark("m"))),
    Case(mark: "m", age: 1, complete: 1, delta: 1, expected: .complete(.asCheap)),
    Case(mark: "m", age: 1, complete: 2, delta: 1, expected: .since(DeltaMark("m"))),
  ])
  func choice(_ test: Case) {
    let now = Date(timeIntervalSince1970: 1_800_000_000)
    let known = ReadingChoice.Known(
      mark: test.mark.map { DeltaMark($0) }, completeAt: test.age.map { now - $0 * 86_400 },
      fullReadEvery: .seconds(7 * 86_400), completeRequests: test.complete, deltaRequests: test.delta)
    #expect(ReadingChoice(known, now: now) == test.expected)
  }
}
