import Foundation
import Model
import Testing

@testable import Storage

@Suite struct FieldTextTests {
  static let values: [FieldValues] = [
    [:],
    ["email": .text("zoe@acme.example")],
    ["a": .null, "b": .flag(true), "c": .flag(false), "d": .list([]), "e": .list(["x", "", "y,\"z\""])],
    ["quotes": .text("\"\\/\u{8}\n\r\t\u{0}\u{1f}"), "wide": .text("Zażółć 株式会社 👩‍👩‍👧 e\u{301}\u{2028}")],
    ["": .text("")],
  ]

  @Test("fields come back as they were written", arguments: values)
  func roundTrip(_ fields: FieldValues) throws {
    let back = try #require(FieldText.decode(FieldText.encode(fields)))
    #expect(back == fields)
    // Equal texts may differ in their bytes; those have to come back too.
    #expect(
      back.sorted.map { Array(($0.value.text ?? "").utf8) } == fields.sorted.map { Array(($0.value.text ?? "").utf8) })
  }

  @Test("what is written is JSON as Foundation reads it", arguments: values)
  func isJSON(_ fields: FieldValues) throws {
    #expect(try JSONDecoder().decode(FieldValues.self, from: Data(FieldText.encode(fields).utf8)) == fields)
  }

  @Test("G17 blank, null and absent are different in the store")
  func differentBlanks() {
    let texts = [["t": FieldValue.null], ["t": .text("")], ["t": .text(" ")], ["t": .list([])], [:]]
      .map { FieldText.encode(FieldValues($0)) }
    #expect(Set(texts).count == 5)
  }

  @Test(
    "any other text is refused, never read in part",
    arguments: [
      "", "{", "}", "[]", "null", "{}x", "{\"a\"}", "{\"a\":}", "{\"a\":1}", "{\"a\":\"b}", "{\"a\":\"\\", "{\"a\":[}",
      "{\"a\":[\"b\",]}", "{\"a\":tru}", "{\"a\":\"\\u00\"}", "{\"a\":\"\\u0041\"}", "{\"a\":\"\\x\"}", "{\"a\":null,}",
      "{\"a\":null \"b\":null}", "{\"a\":{}}",
    ])
  func refuses(_ text: String) {
    #expect(FieldText.decode(text) == nil)
  }

  @Test("G26 no mutilated text makes the reader trap", arguments: 1...20 as ClosedRange<UInt64>)
  func fuzz(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let whole = Array(FieldText.encode(Self.values[3]).utf8)
    for _ in 0..<200 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let text = String(decoding: bytes.prefix(Int.random(in: 0...bytes.count, using: &random)), as: UTF8.self)
      if let fields = FieldText.decode(text) { #expect(FieldText.decode(FieldText.encode(fields)) == fields) }
    }
  }
}
