import Foundation
import Testing

@testable import Sandbox

@Suite("Desk: filters")
struct DeskFilterTests {
  private static let record: [String: [DeskValue]] = [
    "name": [.text("Una")], "count": [.number(3)], "flag": [.flag(true)], "none": [.null],
    "contacts.value": [.text("una@h.example"), .text("u@mail.example")], "at": [.number(1_772_355_600)],
  ]

  private func holds(_ text: String, ignoringCase: Bool = true) throws -> Bool {
    let filter = try DeskFilter(reading: text, ignoresUnknown: false) {
      Self.record[$0].map { _ in false } ?? ($0 == "at" ? true : nil)
    }
    return filter.holds(ignoringCase: ignoringCase) { Self.record[$0] ?? [] }
  }

  /// "Operators: $eq $ne $lt $lte $gt $gte $in $nin $contains $and $or".
  @Test(
    "every operator compares",
    arguments: [
      ("{}", true), (#"{"name":"Una"}"#, true), (#"{"name":{"$eq":"una"}}"#, true), (#"{"name":{"$ne":"Una"}}"#, false),
      (#"{"count":{"$lt":3}}"#, false), (#"{"count":{"$lte":3}}"#, true), (#"{"count":{"$gt":2,"$lt":4}}"#, true),
      (#"{"count":{"$gte":4}}"#, false), (#"{"count":{"$in":[1,3]}}"#, true), (#"{"count":{"$nin":[1,3]}}"#, false),
      (#"{"name":{"$contains":"N"}}"#, true), (#"{"name":{"$contains":"x"}}"#, false), (#"{"none":null}"#, true),
      (#"{"none":{"$gt":1}}"#, false), (#"{"flag":{"$eq":true}}"#, true),
      (#"{"contacts.value":{"$in":["x","u@mail.example"]}}"#, true),
      (#"{"contacts.value":{"$nin":["u@mail.example"]}}"#, false),
      (#"{"$or":[{"name":"x"},{"count":3}]}"#, true), (#"{"$and":[{"name":"x"},{"count":3}]}"#, false),
      (#"{"name":"Una","count":4}"#, false),
    ])
  func operators(_ text: String, _ expected: Bool) throws { #expect(try holds(text) == expected) }

  @Test("case counts where the instance says so") func cases() throws {
    #expect(try !holds(#"{"name":"una"}"#, ignoringCase: false))
    #expect(try holds(#"{"name":"Una"}"#, ignoringCase: false))
  }

  /// "Dates: RFC 3339 UTC, with or without milliseconds".
  @Test("instants are read with and without a fraction") func instants() throws {
    func holds(_ text: String) throws -> Bool {
      let filter = try DeskFilter(reading: text, ignoresUnknown: false, isInstant: { _ in true })
      return filter.holds(ignoringCase: true) { Self.record[$0] ?? [] }
    }
    #expect(try holds(#"{"at":{"$gte":"2026-03-01T09:00:00Z"}}"#))
    #expect(try holds(#"{"at":{"$lt":"2026-03-01T09:00:00.001Z"}}"#))
    #expect(try !holds(#"{"at":{"$gt":"2026-03-01T09:00:00Z"}}"#))
    #expect(throws: DeskRefusal.self) { try holds(#"{"at":{"$gt":"soon"}}"#) }
  }

  @Test(
    "what is no filter is refused",
    arguments: [
      "{", "[]", "1", #"{"odd":1}"#, #"{"name":{"$like":"x"}}"#, #"{"name":{"$in":"x"}}"#, #"{"$or":{}}"#,
      #"{"name":{"$eq":{}}}"#, #"{"name":[]}"#, #"{"$and":[1]}"#,
    ])
  func refused(_ text: String) { #expect(throws: DeskRefusal.self) { try holds(text) } }

  @Test("what a filter requires is seen through conjunctions only") func required() throws {
    func filter(_ text: String) throws -> DeskFilter {
      try DeskFilter(reading: text, ignoresUnknown: false, isInstant: { _ in false })
    }
    #expect(try filter(#"{"$and":[{"id":{"$in":[1,2]}},{"x":1}]}"#).required("id") == [.number(1), .number(2)])
    #expect(try filter(#"{"$or":[{"id":1},{"x":1}]}"#).required("id") == nil)
    #expect(try filter(#"{"u":{"$gte":5},"$and":[{"u":{"$gt":7}}]}"#).least("u") == 7)
    #expect(try filter(#"{"u":{"$lt":5}}"#).least("u") == nil)
  }
}
