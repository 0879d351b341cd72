import Testing

@testable import Sandbox

@Suite("JSON")
struct JSONTests {
  @Test(
    "what is read is written the same",
    arguments: [
      "null", "true", "[]", "{}", "[1,-2,3.5]", #"{"b":1,"a":[{"c":"é日本🚀"}]}"#, #""\u001b[31m\"\\""#, #""\n\r\t""#,
    ])
  func roundTrip(_ text: String) throws {
    #expect(try JSON(reading: text).encoded == text)
  }

  @Test(
    "what is no JSON is refused",
    arguments: ["", "{", "[1,]", "tru", #"{"a"}"#, "\"open", "1 2", #""\ud800""#, #""\x""#, "+-", "\"\u{1}\""])
  func refused(_ text: String) {
    #expect(throws: JSONProblem.self) { try JSON(reading: text) }
  }

  @Test("nesting is bounded") func nesting() {
    #expect(throws: JSONProblem.self) { try JSON(reading: String(repeating: "[", count: 100_000)) }
  }

  @Test("escapes of any plane are read") func escapes() throws {
    #expect(try JSON(reading: #""\ud83d\ude80 \u00e9 \/""#) == .string("🚀 é /"))
  }

  @Test("members are sorted in depth, and the first of a name counts") func members() throws {
    let json = try JSON(reading: #"{"b":{"z":1,"y":2},"a":3}"#)
    #expect(json.sorted.encoded == #"{"a":3,"b":{"y":2,"z":1}}"#)
    #expect(json["b"]?["y"]?.whole == 2)
    #expect(json["missing"] == nil)
  }
}
