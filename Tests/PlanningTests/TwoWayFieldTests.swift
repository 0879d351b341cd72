/// G12, G17: the table of two-way fields, row by row and enumerated against an oracle that was written apart.
import Foundation
import Model
import Testing

@testable import Planning

@Suite struct TwoWayFieldTests {
  struct Row: CustomTestStringConvertible {
    var name: String
    /// A, A0, B, B0; "" is blank.
    var values: [String]
    var expected: String
    init(_ name: String, _ values: String..., to expected: String) {
      self.name = name
      self.values = values
      self.expected = expected
    }
    var testDescription: String { name }
  }

  static func word(_ outcome: TwoWayOutcome) -> String {
    switch outcome {
    case .unknown: "unknown"
    case .equal: "equal"
    case .settled: "settled"
    case .leave(let reason): "leave \(reason.rawValue)"
    case .push(let side, let value, _): "\(value.isBlank ? "clear" : "push \(value.displayed)") to \(side.rawValue)"
    case .blocked(let side, _, _): "blocked at \(side.rawValue)"
    case .conflict: "conflict"
    }
  }

  @Test(
    "G12 the rows of the table",
    arguments: [
      Row("same, same, equal", "x", "x", "x", "x", to: "equal"),
      Row("same, same, different since linked", "x", "x", "y", "y", to: "leave differs-since-linked"),
      Row("changed, same", "new", "x", "x", "x", to: "push new to target"),
      Row("same, changed", "x", "x", "new", "x", to: "push new to source"),
      Row("changed on one side, equal now", "y", "x", "y", "y", to: "equal"),
      Row("changed on both, equal now", "new", "x", "new", "x", to: "equal"),
      Row("changed, changed, different", "one", "x", "two", "x", to: "conflict"),
      Row("a difference since linked that one side edited", "new", "x", "y", "y", to: "push new to target"),
      Row("a blank counts as the same", "", "x", "x", "x", to: "leave blank-at-source"),
      Row("a blank at the target counts as the same", "x", "x", "", "x", to: "leave blank-at-target"),
      Row("a blank takes what the other side changed", "", "x", "new", "x", to: "push new to source"),
      Row("both blank", "", "x", "", "x", to: "equal"),
    ])
  func rows(row: Row) {
    let values = row.values.map { $0.isEmpty ? FieldValue.null : .text($0) }
    let field = TwoWayField(
      source: values[0], target: values[2], sourceBefore: values[1], targetBefore: values[3], rule: .exact)
    #expect(Self.word(field.decide()) == row.expected)
  }

  @Test("clear-blanks lets a cleared value travel, either way")
  func clears() {
    func word(_ source: FieldValue, _ target: FieldValue) -> String {
      Self.word(
        TwoWayField(
          source: source, target: target, sourceBefore: .text("x"), targetBefore: .text("x"), rule: .exact,
          clearsBlanks: true
        ).decide())
    }
    #expect(word(.null, .text("x")) == "clear to target")
    #expect(word(.text("x"), .text(" ")) == "clear to source")
    #expect(word(.null, .text("new")) == "conflict")
  }

  @Test("first match: blanks are filled from the other side, the rest settles as it is or goes to the one who wins")
  func firstMatch() {
    func word(_ source: FieldValue, _ target: FieldValue, _ first: FirstMatch = .settles) -> String {
      Self.word(TwoWayField(source: source, target: target, rule: .exact, firstMatch: first).decide())
    }
    #expect(word(.null, .text("y")) == "push y to source")
    #expect(word(.text("x"), .text("  ")) == "push x to target")
    #expect(word(.text("x"), .text("y")) == "settled")
    #expect(word(.text("x"), .text("y"), .wins(.source)) == "push x to target")
    #expect(word(.text("x"), .text("y"), .wins(.target)) == "push y to source")
    #expect(word(.text("x"), .text("x")) == "equal")
    #expect(word(.null, .text("y"), .wins(.source)) == "push y to source")
  }

  @Test("conflicts are settled by a side that wins, by a person, or not at all")
  func conflicts() {
    var field = TwoWayField(
      source: .text("one"), target: .text("two"), sourceBefore: .text("x"), targetBefore: .text("x"), rule: .exact)
    #expect(field.decide() == .conflict)
    field.conflicts = .wins(.source)
    #expect(field.decide() == .push(to: .target, .text("one"), .otherSideWins))
    field.conflicts = .wins(.target)
    #expect(field.decide() == .push(to: .source, .text("two"), .otherSideWins))
    field.conflicts = .ask
    field.taken = .target
    #expect(field.decide() == .push(to: .source, .text("two"), .settledByPerson))
  }

  @Test("a field that only one side takes travels only to that side")
  func oneReceiver() {
    func word(_ values: [String], _ receiver: Side) -> String {
      let fields = values.map { FieldValue.text($0) }
      return Self.word(
        TwoWayField(
          source: fields[0], target: fields[2], sourceBefore: fields[1], targetBefore: fields[3], rule: .exact,
          receivers: [receiver]
        ).decide())
    }
    #expect(word(["new", "x", "x", "x"], .target) == "push new to target")
    #expect(word(["x", "x", "new", "x"], .target) == "blocked at source")
    #expect(word(["one", "x", "two", "x"], .target) == "push one to target")
    #expect(word(["one", "x", "two", "x"], .source) == "push two to source")
  }

  // MARK: - The grid

  static let values: [FieldValue?] = [nil, .null, .text(" "), .text("A"), .text("B"), .text("C")]

  /// The oracle: the page's sentences on plain strings, blank as "".
  static func oracle(
    _ a: String?, _ a0: String?, _ b: String?, _ b0: String?, clears: Bool, winner: Side?, first: Side?
  ) -> String {
    guard let a, let b else { return "unknown" }
    if a == b { return "equal" }
    guard let a0, let b0 else {
      if a == "" { return "push \(b) to source" }
      if b == "" { return "push \(a) to target" }
      return switch first {
      case nil: "settled"
      case .source?: "push \(a) to target"
      case .target?: "push \(b) to source"
      }
    }
    func isChanged(_ now: String, _ before: String) -> Bool {
      if now == "" && !clears { return false }
      return now != before
    }
    func send(_ value: String, _ side: String) -> String {
      value == "" ? "clear to \(side)" : "push \(value) to \(side)"
    }
    switch (isChanged(a, a0), isChanged(b, b0)) {
    case (false, false): return "left"
    case (true, false): return send(a, "target")
    case (false, true): return send(b, "source")
    case (true, true):
      return switch winner {
      case nil: "conflict"
      case .source?: send(a, "target")
      case .target?: send(b, "source")
      }
    }
  }

  @Test("G12 every combination of the two-way table agrees with the oracle", arguments: [false, true])
  func grid(clears: Bool) {
    var count = 0
    func plain(_ value: FieldValue?) -> String? { value.map { $0.isBlank ? "" : $0.displayed } }
    for a in Self.values {
      for a0 in Self.values {
        for b in Self.values {
          for b0 in Self.values {
            for winner in [nil, Side.source, .target] {
              let outcome = TwoWayField(
                source: a, target: b, sourceBefore: a0, targetBefore: b0, rule: .exact, clearsBlanks: clears,
                firstMatch: winner.map { .wins($0) } ?? .settles, conflicts: winner.map { .wins($0) } ?? .ask
              ).decide()
              let expected = Self.oracle(
                plain(a), plain(a0), plain(b), plain(b0), clears: clears, winner: winner, first: winner)
              let word = Self.word(outcome)
              #expect(
                (word.hasPrefix("leave") ? "left" : word) == expected,
                "A \(String(describing: a)) A0 \(String(describing: a0)) B \(String(describing: b)) B0 \(String(describing: b0))"
              )
              count += 1
            }
          }
        }
      }
    }
    #expect(count == 6 * 6 * 6 * 6 * 3)
  }

  @Test("G14 the coarser of two systems' rules decides: a phone number kept as digits is no edit")
  func coarserRule() {
    let rule = CarriedField.coarser(.phone, .phoneDigits)
    let field = TwoWayField(
      source: .text("+45 12 34"), target: .text("451234"), sourceBefore: .text("x"), targetBefore: .text("x"),
      rule: rule)
    #expect(field.decide() == .equal(.equalAfterNormalising))
  }
}
