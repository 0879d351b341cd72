/// What counts as blank and as equal, as tables.
import Model
import Testing

@Suite struct FieldValueTests {
  @Test(
    "G17 null, empty and white space are blank; a flag and an unsaid field are not",
    arguments: [
      (FieldValue.null, true), (.text(""), true), (.text(" \t\u{a0}\u{3000}"), true), (.text("x"), false),
      (.text("0"), false), (.flag(false), false), (.list([]), true), (.list([" ", ""]), true), (.list(["a"]), false),
    ])
  func blank(value: FieldValue, isBlank: Bool) {
    #expect(value.isBlank == isBlank)
    let fields: FieldValues = ["title": value]
    #expect(fields["phone"] == nil)
  }

  @Test(
    "G14 the comparison rules see through form and nothing else",
    arguments: [
      (ComparisonRule.exact, "Clerk", "Clerk ", true), (.exact, "Clerk", "clerk", false),
      (.exact, "Zoe\u{308}", "Zo\u{eb}", true), (.exact, "a  b", "a b", false), (.exact, "1", "1.0", false),
      (.email, "Jane.Doe@Acme.example", "jane.doe@acme.EXAMPLE", true), (.email, " j@x ", "j@x", true),
      (.email, "jane.doe@x", "janedoe@x", false),
      (.phone, "+1 (813) 555-0100", "+18135550100", true), (.phone, "813.555.0100", "8135550100", true),
      (.phone, "+18135550100", "18135550100", false), (.phone, "ext. desk", "reception", false),
    ])
  func rules(rule: ComparisonRule, left: String, right: String, areEqual: Bool) {
    #expect(rule.areEqual(.text(left), .text(right)) == areEqual)
  }

  @Test("a set of addresses has no order and no case")
  func emailSet() {
    #expect(ComparisonRule.emailSet.areEqual(.list(["A@x", "b@x"]), .list(["b@X", "a@x"])))
    #expect(!ComparisonRule.emailSet.areEqual(.list(["a@x"]), .list(["a@x", "b@x"])))
  }

  @Test("fields survive JSON as plain values")
  func json() throws {
    let fields: FieldValues = ["title": .text("Œuvre"), "phone": .null, "all": .list(["a"]), "on": .flag(true)]
    let data = try encode(fields)
    #expect(String(decoding: data, as: UTF8.self) == #"{"all":["a"],"on":true,"phone":null,"title":"Œuvre"}"#)
    #expect(try decode(FieldValues.self, data) == fields)
  }
}
