import Testing

@testable import Shell

@Suite("What was looked up for a text")
struct HeldLookupsTests {
  @Test("a question is asked once, whatever its answer is")
  func once() {
    let held = HeldLookups()
    var asked = 0
    func look<Answer: Sendable>(_ question: String, _ answer: Answer) -> Answer {
      held.once(question) {
        asked += 1
        return answer
      }
    }
    for _ in 1...2 {
      #expect(look("names", ["a"]) == ["a"])
      #expect(look("plan", Int?.some(7)) == 7)
      #expect(look("no plan", Int?.none) == nil)
    }
    #expect(asked == 3)
  }
}
