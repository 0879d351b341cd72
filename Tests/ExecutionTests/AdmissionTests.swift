/// Which plans may be applied at all, and the line that lets a held one through.
import Execution
import Foundation
import Model
import Testing

@Suite struct AdmissionTests {
  private static let settings = Fingerprint(rawValue: "s")
  private static func plan(_ state: PlanState) -> Plan {
    Plan(
      id: PlanID(12), sync: "acme/contacts", madeAt: Date(timeIntervalSince1970: 0), settings: settings, state: state,
      decisions: [], whatIf: state == .whatIf ? ["update-existing": "on"] : [:])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var state: PlanState
    var isRest = false
    var settings = "s"
    var newest = 12
    var expected: ExecutionError.Kind?
    var testDescription: String { "\(state.rawValue)\(isRest ? " rest" : ""), settings \(settings), newest p\(newest)" }
  }

  @Test(arguments: [
    Case(state: .open, expected: nil),
    Case(state: .open, isRest: true, expected: nil),
    Case(state: .open, settings: "other", expected: .stale),
    Case(state: .whatIf, expected: .invalid),
    Case(state: .applied, expected: .usedUp),
    Case(state: .applied, isRest: true, expected: .usedUp),
    Case(state: .superseded, newest: 14, expected: .stale),
    Case(state: .begun, expected: .usedUp),
    Case(state: .begun, isRest: true, expected: nil),
    Case(state: .begun, isRest: true, newest: 14, expected: .stale),
  ])
  func refusal(_ test: Case) {
    let refusal = Admission.refusal(
      of: Self.plan(test.state), isRest: test.isRest, settings: Fingerprint(rawValue: test.settings),
      newest: PlanID(test.newest))
    #expect(refusal?.kind == test.expected)
    #expect(refusal == nil || refusal?.hint != nil)
  }

  @Test func `the lifting line says every number and every guard`() {
    func guardFinding(_ reason: Reason, _ word: String, _ count: Int?) -> GuardFinding {
      GuardFinding(reason: reason, word: word, count: count, total: nil, limit: nil, sentence: "", setting: nil)
    }
    let guards = [
      guardFinding(.massChange, "deactivates", 31), guardFinding(.nothingMatched, "nothing-matched", nil),
      guardFinding(.firstPlan, "first", nil),
    ]
    let line = Admission.liftingLine(
      PlanID(12), isRest: false, counts: [.creates: 7, .deactivates: 31, .addresses: 2], guards: guards)
    #expect(
      line == "apply p12 confirm within creates 7, deactivates 31, first over guard deactivates 31, nothing-matched")
  }

  @Test func `G24 every kind of failure has its exit code`() {
    let codes = Dictionary(uniqueKeysWithValues: ExecutionError.Kind.allCases.map { ($0, $0.exitCode) })
    #expect(
      codes == [
        .failed: 1, .invalid: 2, .refusedByGuard: 5, .overLimit: 5, .stale: 6, .usedUp: 6, .leaseHeld: 6,
        .unreachable: 75, .cancelled: 130,
      ])
  }
}
