/// The answer to `why` about one record, sign for sign.
import Foundation
import Model
import Planning
import Shell
import Testing

@Suite struct ExplanationRenderingTests {
  private let read = morning.addingTimeInterval(-3 * 3_600)

  private func zoe(text: String = "90112 Zoe Olsen (active) · 90777 Zoë Olsen (inactive)") -> Explanation {
    Explanation(
      headline: "Not linked: two ConnectWise contacts have this e-mail address.", label: "zoe.olsen@acme.example",
      name: "Zoe Olsen", decision: decision(3, .conflict, .ambiguousTarget),
      gates: [
        GateLine(gate: .run, mark: .passed, text: "enabled, checked"),
        GateLine(gate: .read, mark: .passed, text: "Microsoft 365, complete (1 of 1 pages, 214 people)", readAt: read),
        GateLine(gate: .company, mark: .passed, text: "Acme Dental ↔ ConnectWise company 1187"),
        GateLine(gate: .match, mark: .stopped, text: "ambiguous-target   \(text)"),
        GateLine(gate: .compare, mark: .noted, text: #"title   "Clerk" → "Office manager""#),
        GateLine(gate: .guard, mark: .notReached, text: "not reached"),
      ],
      also: [
        Cause(.updateOff),
        Cause(.unlicensed, evidence: [Evidence("licences", "are", found: "none", at: "Microsoft 365")]),
      ],
      counterfactual: [
        Counterfactual(command: "pair zoe.olsen@acme.example with 90112", becomes: "in step, nothing differs"),
        Counterfactual(command: "exclude zoe", becomes: "1 skip"),
      ],
      toTry: "preview with update-existing=on", rule: "an existing contact is matched by its e-mail address",
      sameReason: 3, sameReasonCommand: "why where reason is ambiguous-target")
  }

  @Test("headline, gates, what else stops it, what would let it through, the rule, the others")
  func whole() {
    #expect(
      renderExplanation(zoe(), style: .terminal(120)) == """
          Not linked: two ConnectWise contacts have this e-mail address.
            ✓ run       enabled, checked
            ✓ read      02:14, Microsoft 365, complete (1 of 1 pages, 214 people)
            ✓ company   Acme Dental ↔ ConnectWise company 1187
            ✗ match     ambiguous-target   90112 Zoe Olsen (active) · 90777 Zoë Olsen (inactive)
            · compare   title   "Clerk" → "Office manager"
            · guard     not reached
          then also       update-off   Updating existing records is off.
                          unlicensed   licences are none (Microsoft 365)
          would sync if   pair zoe.olsen@acme.example with 90112    → in step, nothing differs
                          exclude zoe                               → 1 skip
          to try first    preview with update-existing=on
          rule            an existing contact is matched by its e-mail address
          3 others stop here:  why where reason is ambiguous-target

        """)
  }

  @Test("a narrow terminal breaks lines under their text")
  func narrow() {
    let text = renderExplanation(zoe(), style: .terminal(60))
    #expect(
      text.contains(
        """
            ✗ match     ambiguous-target   90112 Zoe Olsen (active)
                        · 90777 Zoë Olsen (inactive)

        """))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 60 })
  }

  @Test("only what there is")
  func short() {
    let inStep = Explanation(
      headline: "In step: nothing differs.", label: "a@x", name: "A", decision: decision(1, .inStep, .inStep),
      gates: [GateLine(gate: .match, mark: .passed, text: "linked")], sameReason: 1)
    #expect(
      renderExplanation(inStep, style: .plain) == """
        In step: nothing differs.
          ✓ match     linked
        1 other stops here

        """)
  }

  @Test("a near miss shows both texts and marks the letters that differ, wide ones too")
  func nearMisses() {
    var explanation = zoe()
    explanation.gates = []
    explanation.also = []
    explanation.counterfactual = []
    (explanation.toTry, explanation.rule, explanation.sameReason) = (nil, nil, 0)
    explanation.nearMisses = [
      NearMiss(
        target: "8841", field: "email", difference: "only dots and dashes", sourceText: "jane.doe@acme.example",
        targetText: "jane-doe@acme.example", marks: "    ^"),
      NearMiss(
        target: "8842", field: "name", difference: "one letter", sourceText: "山田", targetText: "山口 ", marks: " ^^"),
    ]
    #expect(
      renderExplanation(explanation, style: .plain) == """
        Not linked: two ConnectWise contacts have this e-mail address.
        near miss       8841   email   only dots and dashes
                        "jane.doe@acme.example"
                        "jane-doe@acme.example"
                             ^
        near miss       8842   name   one letter
                        "山田"
                        "山口 "
                           ^^^

        """)
  }

  @Test("where only ASCII can be shown")
  func ascii() {
    let text = renderExplanation(zoe(text: "90112"), style: .terminal(120, ascii: true))
    #expect(text.contains("    x match     ambiguous-target   90112\n"))
    #expect(text.contains("    + company   Acme Dental <-> ConnectWise company 1187\n"))
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test("colours mark the gates and the headline, and leave the text as it is")
  func colors() {
    let painted = renderExplanation(zoe(), style: .terminal(120, color: true))
    #expect(painted.contains("\u{1B}[31m✗\u{1B}[0m match"))
    #expect(painted.replacing(#/\u{1B}\[[0-9]+m/#, with: "") == renderExplanation(zoe(), style: .terminal(120)))
  }

  @Test("G23 a vendor's names cannot steer the terminal", arguments: hostileTexts)
  func hostile(text: String) {
    let explanation = Explanation(
      headline: text, label: text, name: text, decision: decision(1, .skip, .guest),
      gates: [GateLine(gate: .match, mark: .stopped, text: text)],
      also: [Cause(.guest, evidence: [Evidence(text, found: text)])],
      nearMisses: [
        NearMiss(
          target: RecordID(text), field: "name", difference: text, sourceText: text, targetText: text, marks: "^")
      ],
      counterfactual: [Counterfactual(command: text, becomes: text)], toTry: text, rule: text, sameReason: 1,
      sameReasonCommand: text)
    #expect(!steersTerminal(renderExplanation(explanation, style: .terminal(80))))
  }
}
