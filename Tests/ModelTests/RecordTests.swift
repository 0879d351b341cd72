/// Records, ids and references.
import Model
import Testing

@Suite struct RecordTests {
  @Test("ids that are numbers sort as numbers, before texts")
  func order() {
    let ids: [RecordID] = ["b", "10", "9", "a"]
    #expect(ids.sorted() == ["9", "10", "a", "b"])
  }

  @Test("G17 a delta replaces what it names and leaves what it does not")
  func merging() {
    let known = Record(
      id: "1", kind: .person, state: .active, fields: ["title": .text("Clerk"), "phone": .text("1")], native: "n")
    let delta = Record(id: "1", kind: .person, state: .active, fields: ["title": .null])
    let merged = known.merging(delta)
    #expect(merged.fields["title"] == .null)
    #expect(merged.fields["phone"] == .text("1"))
    #expect(merged.native == "n")
  }

  @Test("a fingerprint tells null from empty from unsaid")
  func fingerprints() {
    func print(_ fields: FieldValues) -> Fingerprint {
      Record(id: "1", kind: .person, state: .active, fields: fields).fingerprint
    }
    let prints = [print([:]), print(["a": .null]), print(["a": .text("")]), print(["a": .list([])])]
    #expect(Set(prints).count == 4)
    #expect(print(["a": .text("bc")]) != print(["ab": .text("c")]))
  }

  @Test(
    "references are read strictly",
    arguments: [
      ("p12", true), ("p0", false), ("p", false), ("12", false), ("p1x", false), ("p99999999999999999999", false),
    ])
  func plans(text: String, isPlan: Bool) {
    #expect((PlanID(text) != nil) == isPlan)
  }

  @Test("a line of a plan is a plan and a number", arguments: [("p12/7", "p12/7"), ("p12/", nil), ("p12/7/1", nil)])
  func refs(text: String, shown: String?) {
    #expect(PlanRef(text)?.description == shown)
  }

  @Test("G22 a secret shows itself to nobody")
  func secret() {
    let secret = Secret("hunter2")
    var dumped = ""
    dump([secret], to: &dumped)
    #expect(!"\(secret) \(String(reflecting: secret)) \(dumped)".contains("hunter2"))
    #expect(SecretReference("hunter2") == nil)
    #expect(SecretReference("env:X")?.description == "env:X")
  }

  @Test("every reason has a gate, and its name is its own", arguments: Reason.allCases)
  func reasons(reason: Reason) {
    #expect(reason.sentence.hasSuffix("."))
    #expect(!reason.rawValue.contains { $0.isUppercase })
    #expect(Gate.allCases.contains(reason.gate))
  }
}
