/// Decisions as rows.
import CommandLanguage
import Foundation
import Model
import Shell
import Testing

@Suite struct PlanRowsTests {
  /// As every format but a terminal's table and a page shows it.
  private func what(_ decision: Decision) -> String? {
    let rows = planRows(plan([decision]))
    guard let index = rows.index(of: "what") else { return nil }
    return rows.rows.first?[index].display
  }

  @Test("one row a decision, a value for each column")
  func rows() {
    let rows = planRows(
      plan([
        decision(3, .deactivate, .signInDisabled, label: "j.roe@acme.example", target: "8841"),
        decision(4, .skip, .dropped, source: nil, isDropped: true),
      ]))
    #expect(rows.rows.allSatisfy { $0.count == rows.columns.count })
    #expect(rows.columns == planColumns)
    #expect(
      rows.rows.first == [
        .text("p12/3"), .text("j.roe@acme.example"), .text("deactivate"),
        .differences([Difference("", from: .word("active"), to: .word("inactive"))]), .text("sign-in-disabled"),
        .text("target"), .text("person"), .text("Jane Doe"), .text("s1"), .text("8841"),
        .flag(false),
      ])
    #expect(
      rows.rows.last == [
        .text("p12/4"), .text("jane.doe@acme.example"), .text("skip"), .text(""), .text("dropped"), .blank,
        .text("person"),
        .text("Jane Doe"), .blank, .blank, .flag(true),
      ])
  }

  @Test("G17 a change shows old and new, and a blank as a blank")
  func changes() {
    let changes = [
      FieldChange(field: "title", old: .text("Clerk"), new: .text("Office manager"), reason: .changedAtSource),
      FieldChange(field: "phone", old: .null, new: .text(" 1"), reason: .changedAtSource),
      FieldChange(field: "mobile", old: .text("1"), new: .text("  "), reason: .changedAtSource),
      FieldChange(field: "vip", old: .flag(false), new: .flag(true), reason: .changedAtSource),
    ]
    #expect(
      what(decision(1, .update, .changedAtSource, changes: changes))
        == #"title "Clerk" → "Office manager"; phone ‹blank› → " 1"; mobile "1" → ‹blank›; vip no → yes"#)
    #expect(
      what(
        decision(
          1, .create, .notMatched,
          changes: [FieldChange(field: "email", old: nil, new: .list(["a@x", "b@x"]), reason: .notMatched)]))
        == #"email "a@x, b@x""#)
    #expect(
      what(decision(1, .reactivate, .activeAgain, changes: [changes[0]]))
        == #"inactive → active; title "Clerk" → "Office manager""#)
  }

  @Test("a record that is left shows what was found")
  func evidence() {
    #expect(
      what(
        decision(
          1, .skip, .domainNotSelected,
          evidence: [Evidence("domain", "is", wanted: "acme.example", found: "other.example")]))
        == "domain is other.example, wanted: acme.example")
    #expect(
      what(decision(1, .skip, .missingEmail, evidence: [Evidence("email", found: "")])) == "email is ‹blank›")
    #expect(
      what(
        decision(
          1, .conflict, .ambiguousTarget, evidence: [Evidence("email", found: "zoe@acme.example")],
          records: ["90112", "90777"]))
        == "email is zoe@acme.example: 90112, 90777")
  }
}
