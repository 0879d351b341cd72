/// The summary of a plan: figures that add up, what holds it, what to type next.
import Foundation
import Model
import Shell
import Testing

@Suite struct PlanSummaryTests {
  private let ordinary = decisions([
    (.create, .notMatched, 7), (.link, .matched, 33), (.inStep, .inStep, 171), (.skip, .unlicensed, 10),
  ])

  @Test("an ordinary plan")
  func ordinaryPlan() {
    #expect(
      renderPlanSummary(plan(ordinary), source: "Microsoft 365", target: "ConnectWise", style: .terminal(120)) == """
          plan p12  acme/contacts   Microsoft 365 → ConnectWise    read 02:14, 7 requests
            221 people:  create 7   link 33   in step 171   skipped 10
          next: show plan p12 · why p12/1 · apply p12

        """)
  }

  @Test("flush left in a pipe, and only ASCII where nothing else can be shown")
  func otherStyles() {
    let one = plan([decision(1, .inStep, .inStep)], requests: 1)
    #expect(
      renderPlanSummary(one, source: "Microsoft 365", target: "ConnectWise", style: .plain) == """
        plan p12  acme/contacts   Microsoft 365 → ConnectWise    read 02:14, 1 request
          1 person:  in step 1
        next: show plan p12 · why p12/1

        """)
    let ascii = renderPlanSummary(
      one, source: "Microsoft 365", target: "ConnectWise", style: .terminal(120, ascii: true))
    #expect(ascii.utf8.allSatisfy { $0 < 0x80 })
    #expect(ascii.contains("Microsoft 365 -> ConnectWise"))
  }

  @Test("dropped changes and records of the target alone stand in the figures that they belong to")
  func figuresAddUp() {
    let mixed = [
      decision(1, .create, .notMatched), decision(2, .update, .changedAtSource, isDropped: true),
      decision(3, .conflict, .ambiguousTarget), decision(4, .skip, .guest),
      decision(5, .skip, .neverManaged, source: nil, target: "9"),
      decision(6, .skip, .neverManaged, source: nil, target: "10"),
    ]
    #expect(
      renderPlanSummary(plan(mixed), source: "Microsoft 365", target: "ConnectWise", style: .plain) == """
        plan p12  acme/contacts   Microsoft 365 → ConnectWise    read 02:14, 7 requests
          4 people:  create 1   conflict 1   skipped 2
          2 only at the target: left alone
        next: show plan p12 · why p12/3 · apply p12

        """)
  }

  @Test("a plan over guards says what lets it through, with the numbers")
  func held() {
    let guards = [
      GuardFinding(
        reason: .massChange, word: "deactivates", count: 5, total: 5, limit: 5,
        sentence: "deactivates 5 of 5 active pairs; the limit is 5 and 10 %", setting: "guard.removals"),
      GuardFinding(
        reason: .nothingMatched, word: "nothing-matched", count: nil, total: nil, limit: nil,
        sentence: "0 of 12 match", setting: nil),
    ]
    let heldPlan = plan(decisions([(.deactivate, .unlicensed, 5)]), guards: guards)
    #expect(
      renderPlanSummary(heldPlan, source: "Microsoft 365", target: "ConnectWise", style: .plain) == """
        plan p12  acme/contacts   Microsoft 365 → ConnectWise    read 02:14, 7 requests
          5 people:  deactivate 5
          held: mass-change   deactivates 5 of 5 active pairs; the limit is 5 and 10 %   (guard.removals)
          held: nothing-matched   0 of 12 match
          unattended:  apply p12 confirm within deactivates 5 over guard deactivates 5, nothing-matched
        next: show plan p12 · why p12/1 · apply p12

        """)
    #expect(
      renderGuards(heldPlan, style: .plain) == """
        held: mass-change   deactivates 5 of 5 active pairs; the limit is 5 and 10 %   (guard.removals)
        held: nothing-matched   0 of 12 match
        unattended:  apply p12 confirm within deactivates 5 over guard deactivates 5, nothing-matched

        """)
    #expect(renderGuards(plan(ordinary), style: .plain) == "")
  }

  @Test("a plan that cannot be applied says why and what to do, and does not offer to apply it")
  func obstacles() {
    let off = plan(ordinary, obstacles: [Cause(.syncDisabled, fix: "enable acme/contacts")])
    #expect(
      renderPlanSummary(off, source: "Microsoft 365", target: "ConnectWise", style: .plain) == """
        plan p12  acme/contacts   Microsoft 365 → ConnectWise    read 02:14, 7 requests
          221 people:  create 7   link 33   in step 171   skipped 10
          cannot be applied: sync-disabled   The sync is switched off.   enable acme/contacts
        next: show plan p12 · why p12/1

        """)
  }

  @Test("a what-if plan says what would make it real")
  func whatIf() {
    let tried = plan(
      decisions([(.create, .notMatched, 7), (.update, .changedAtSource, 31), (.inStep, .inStep, 169)]), number: 13,
      state: .whatIf,
      whatIf: ["update-existing": "on", "domains": "acme.example, o'neil.example"])
    #expect(
      renderPlanSummary(tried, source: "Microsoft 365", target: "ConnectWise", style: .terminal(140)) == """
          plan p13 (what if)   create 7   update 31   in step 169
          a what-if plan cannot be applied:  set domains to 'acme.example, o''neil.example', then set update-existing to on, then preview

        """)
  }

  @Test("a plan that reverses a run lists what stays")
  func undo() {
    let kept = decision(
      2, .skip, .recordMoved, label: "contact 8841",
      evidence: [Evidence("title", wanted: "Clerk", found: "Head", at: "ConnectWise contact 8841")])
    #expect(
      renderPlanSummary(
        plan([decision(1, .update, .undone), kept], number: 15, purpose: .undo(RunID(33))), source: "Microsoft 365",
        target: "ConnectWise", style: .plain)
          == """
          plan p15 reverses r33: 1 change back; 1 cannot (kept):
            contact 8841   record-moved   title is Head, wanted: Clerk (ConnectWise contact 8841)
          next: show plan p15 · why p15/1 · apply p15

          """)
  }

  @Test("states other than open", arguments: [PlanState.applied, .begun, .superseded])
  func states(state: PlanState) {
    let text = renderPlanSummary(
      plan(ordinary, state: state), source: "Microsoft 365", target: "ConnectWise", style: .plain)
    #expect(text.hasPrefix("plan p12 (\(state.rawValue))  acme/contacts"))
    #expect(text.contains("apply p12 rest") == (state == .begun))
    #expect(!text.hasSuffix("apply p12\n"))
  }

  @Test("the question names every kind of change")
  func question() {
    #expect(renderQuestion(plan(ordinary, number: 14), style: .plain) == "p14: create 7, link 33.  Go on?")
    #expect(renderChanges(plan([decision(1, .skip, .guest)])) == "nothing")
  }

  @Test("G23 names and values from outside cannot steer the terminal", arguments: hostileTexts)
  func hostile(text: String) {
    let hostilePlan = plan(
      [decision(1, .skip, .recordMoved, label: text, evidence: [Evidence(text, wanted: text, found: text)])],
      purpose: .undo(RunID(1)),
      obstacles: [Cause(.settingsInvalid, evidence: [Evidence(text, found: text)], fix: text)],
      whatIf: [text: text])
    var asSync = hostilePlan
    asSync.purpose = .sync
    var asWhatIf = asSync
    asWhatIf.state = .whatIf
    for plan in [hostilePlan, asSync, asWhatIf] {
      #expect(!steersTerminal(renderPlanSummary(plan, source: text, target: text, style: .terminal(80))))
    }
  }

  @Test("a two-way plan shows both directions, and names the fields that it leaves to a person")
  func twoWay() {
    func note(_ field: FieldName) -> FieldNote {
      FieldNote(field: field, reason: .bothChanged, source: .text("a"), target: .text("b"))
    }
    var conflict = decision(1, .conflict, .bothChanged)
    conflict.notes = [note("title"), note("phone")]
    // A pair that is written on both sides notes the same conflict twice.
    var other = conflict
    other.side = .source
    let text = renderPlanSummary(
      plan([conflict, other]), source: "Teamwork.com", target: "Teamwork Desk", isTwoWay: true, style: .plain)
    #expect(text.contains("Teamwork.com ↔ Teamwork Desk"))
    #expect(text.contains("\n  2 conflicts:  show conflicts of acme/contacts\n"))
  }
}
