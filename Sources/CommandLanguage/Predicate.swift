// A condition made ready for many rows: names looked up, dates and patterns read once.

import Foundation

/// Whether the condition holds of one row. `columns` says what the row's values are.
///
/// Text is compared exactly by `is` and `in`, without case where the column says so, and always without case by
/// `contains`, `starts`, `ends` and `matches`. A day equals each of its instants; a date compared with a duration is
/// compared by its age. What is blank is neither smaller nor greater than anything.
package func evaluate(
  _ condition: Condition, row: [Value], columns: [Column], scope: EvaluationScope
) throws(EvaluationError) -> Bool {
  try Predicate(condition, columns: columns, scope: scope).holds(row)
}

struct Predicate {
  private indirect enum Test {
    case all([Test])
    case any([Test])
    case not(Test)
    case flag(Side)
    case blank(Side)
    case compare(Side, Comparison.Relation, Side, ignoresCase: Bool)
  }

  private enum Side {
    case column(Int)
    case constant(Comparand)
  }

  private let test: Test
  private let now: Date

  init(_ condition: Condition, columns: [Column], scope: EvaluationScope) throws(EvaluationError) {
    test = try Self.prepare(condition, columns, scope)
    now = scope.now
  }

  func holds(_ row: [Value]) -> Bool { holds(test, row) }

  // MARK: - Preparing

  private static func prepare(
    _ condition: Condition, _ columns: [Column], _ scope: EvaluationScope
  ) throws(EvaluationError) -> Test {
    switch condition {
    case .all(let parts): return .all(try prepare(parts, columns, scope))
    case .any(let parts): return .any(try prepare(parts, columns, scope))
    case .not(let part): return .not(try prepare(part, columns, scope))
    case .flag(let operand): return .flag(try side(operand, columns, scope))
    case .comparison(let comparison):
      let left = try side(comparison.left, columns, scope)
      guard let operand = comparison.right else {
        return comparison.relation == .isNotBlank ? .not(.blank(left)) : .blank(left)
      }
      let right = try side(operand, columns, scope)
      var ignoresCase = false
      for case .column(let index) in [left, right] where columns[index].ignoresCase { ignoresCase = true }
      switch comparison.relation {
      case .isNot: return .not(.compare(left, .is, right, ignoresCase: ignoresCase))
      case .notIn: return .not(.compare(left, .in, right, ignoresCase: ignoresCase))
      default: return .compare(left, comparison.relation, right, ignoresCase: ignoresCase)
      }
    }
  }

  private static func prepare(
    _ parts: [Condition], _ columns: [Column], _ scope: EvaluationScope
  ) throws(EvaluationError) -> [Test] {
    var tests: [Test] = []
    for part in parts { tests.append(try prepare(part, columns, scope)) }
    return tests
  }

  private static func side(
    _ operand: Operand, _ columns: [Column], _ scope: EvaluationScope
  ) throws(EvaluationError) -> Side {
    switch operand {
    case .field(let name): return .column(try place(of: name, in: columns))
    case .argument(let argument):
      return .constant(Comparand(try argument.resolved(with: scope.variables), scope: scope))
    }
  }

  static func place(of name: Name, in columns: [Column]) throws(EvaluationError) -> Int {
    if let index = columns.firstIndex(where: { $0.name == name.text }) { return index }
    let suggestion = nearest(name.text, among: columns.map(\.name))
    throw EvaluationError(
      .unknownField, "there is no field \(name.text)", hint: suggestion.map { "did you mean \($0)?" })
  }

  // MARK: - Testing

  private func holds(_ test: Test, _ row: [Value]) -> Bool {
    switch test {
    case .all(let parts): parts.allSatisfy { holds($0, row) }
    case .any(let parts): parts.contains { holds($0, row) }
    case .not(let part): !holds(part, row)
    case .flag(let side):
      switch value(of: side, row) {
      case .flag(let flag): flag
      case let value: !value.isBlank
      }
    case .blank(let side): value(of: side, row).isBlank
    case .compare(let left, let relation, let right, let ignoresCase):
      compare(value(of: left, row), relation, comparand(of: right, row), ignoresCase)
    }
  }

  private func value(of side: Side, _ row: [Value]) -> Value {
    switch side {
    case .column(let index): row.indices.contains(index) ? row[index].compared : .blank
    case .constant(let comparand): comparand.value
    }
  }

  private func comparand(of side: Side, _ row: [Value]) -> Comparand {
    switch side {
    case .column: Comparand(value(of: side, row))
    case .constant(let comparand): comparand
    }
  }

  private func compare(_ left: Value, _ relation: Comparison.Relation, _ right: Comparand, _ ignoresCase: Bool) -> Bool
  {
    switch relation {
    case .is: return right.equals(left, ignoresCase: ignoresCase)
    case .in: return (right.items ?? [right]).contains { $0.equals(left, ignoresCase: ignoresCase) }
    case .less: return right.order(of: left, now: now).map { $0 < 0 } ?? false
    case .greater: return right.order(of: left, now: now).map { $0 > 0 } ?? false
    case .lessOrEqual: return right.order(of: left, now: now).map { $0 <= 0 } ?? false
    case .greaterOrEqual: return right.order(of: left, now: now).map { $0 >= 0 } ?? false
    case .contains, .starts, .ends, .matches:
      if case .list(let items) = left {
        return items.contains {
          relation == .contains ? right.equals($0, ignoresCase: true) : textual(relation, $0.display, right)
        }
      }
      return left.isBlank ? false : textual(relation, left.display, right)
    case .isNot, .isBlank, .isNotBlank, .notIn:
      preconditionFailure("negations and blanks are made of other tests when the condition is prepared")
    }
  }

  private func textual(_ relation: Comparison.Relation, _ text: String, _ right: Comparand) -> Bool {
    let folded = text.lowercased()
    switch relation {
    case .contains: return right.folded.isEmpty || folded.contains(right.folded)
    case .starts: return folded.hasPrefix(right.folded)
    case .ends: return folded.hasSuffix(right.folded)
    default: return matches(Array(folded), pattern: Array(right.folded))
    }
  }
}

/// The right side of a comparison, read in each way that a column may need it.
struct Comparand {
  let value: Value
  let text: String
  let folded: String
  let number: Double?
  let flag: Bool?
  let moment: Moment?
  let items: [Comparand]?

  init(_ value: Value) {
    self.value = value
    text = value.display
    folded = text.lowercased()
    if case .number(let number) = value { self.number = number } else { number = nil }
    if case .flag(let flag) = value { self.flag = flag } else { flag = nil }
    if case .date(let date) = value { moment = Moment(lower: date, upper: date) } else { moment = nil }
    if case .list(let values) = value { items = values.map { Comparand($0) } } else { items = nil }
  }

  /// A literal as typed: `007` is a number for a column of numbers and three letters for a column of texts.
  init(_ argument: Argument, scope: EvaluationScope) {
    if case .list(let items) = argument.content {
      self.items = items.map { Comparand($0, scope: scope) }
    } else if case .list(let values)? = argument.value {
      items = values.map { Comparand($0) }
    } else {
      items = nil
    }
    value = argument.value ?? .blank
    text = argument.text
    folded = text.lowercased()
    if case .number(let number) = value { self.number = number } else { number = Literals.number(text) }
    if case .flag(let flag) = value { self.flag = flag } else { flag = Literals.flag(text) }
    if case .date(let date) = value {
      moment = Moment(lower: date, upper: date)
    } else {
      moment = Moment(text, in: scope)
    }
  }

  func equals(_ left: Value, ignoresCase: Bool) -> Bool {
    switch left {
    case .blank: return value.isBlank
    case .text(let other): return ignoresCase ? other.lowercased() == folded : other == text
    case .number(let other): return number == other
    case .flag(let other): return flag == other
    case .duration(let other): return value == .duration(other)
    case .date(let other):
      guard let moment else { return false }
      return other == moment.lower || (moment.lower..<moment.upper).contains(other)
    case .differences: return equals(left.compared, ignoresCase: ignoresCase)
    case .list(let others):
      guard let items else { return others.contains { equals($0, ignoresCase: ignoresCase) } }
      return items.count == others.count && zip(items, others).allSatisfy { $0.equals($1, ignoresCase: ignoresCase) }
    }
  }

  /// Where `left` stands to this: -1 before, 0 level, 1 after; nil where the two cannot be put in order.
  func order(of left: Value, now: Date) -> Int? {
    switch left {
    case .blank, .flag, .list: return nil
    case .differences: return order(of: left.compared, now: now)
    case .number(let other): return number.map { step(other, $0) }
    case .text(let other):
      if left.isBlank || value.isBlank { return nil }
      return naturalOrder(folded: Array(other.lowercased().utf8), Array(folded.utf8))
    case .duration(let other):
      guard case .duration(let duration) = value else { return nil }
      return step(other, duration)
    case .date(let other):
      if case .duration(let duration) = value {
        return step(now.timeIntervalSince(other), duration / .seconds(1))
      }
      guard let moment else { return nil }
      if other < moment.lower { return -1 }
      return other == moment.lower || other < moment.upper ? 0 : 1
    }
  }

  private func step<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a > b ? 1 : 0 }
}

/// Whether a text fits a pattern in which `*` stands for any text and `?` for one character.
func matches(_ text: [Character], pattern: [Character]) -> Bool {
  var t = 0
  var p = 0
  var star: (pattern: Int, text: Int)?
  while t < text.count {
    if p < pattern.count, pattern[p] == "*" {
      star = (p, t)
      p += 1
    } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
      t += 1
      p += 1
    } else if let last = star {
      star = (last.pattern, last.text + 1)
      t = last.text + 1
      p = last.pattern + 1
    } else {
      return false
    }
  }
  return pattern[p...].allSatisfy { $0 == "*" }
}
