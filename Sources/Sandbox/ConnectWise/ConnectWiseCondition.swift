// The conditions language of ConnectWise, read into a tree and tied to the fields of a kind of record.

import Foundation

/// A value that a condition compares.
enum ConditionValue: Sendable, Equatable {
  case null
  case text(String)
  case number(Double)
  case flag(Bool)
  /// Seconds since 1970.
  case instant(Double)

  init(_ text: String?) { self = text.map { .text($0) } ?? .null }
  init(_ number: Int) { self = .number(Double(number)) }

  /// Whether both say the same; texts are compared without regard to case, as the vendor's database does.
  func equals(_ other: ConditionValue) -> Bool {
    switch (self, other) {
    case (.text(let left), .text(let right)):
      return left == right || left.lowercased() == right.lowercased()
    case (.number(let left), .text(let right)): return Double(right) == left
    case (.flag(let left), .text(let right)): return left.description == right.lowercased()
    default: return self == other
    }
  }

  /// Which comes first; `nil` where the two cannot be ordered.
  func precedes(_ other: ConditionValue) -> Bool? {
    switch (self, other) {
    case (.number(let left), .number(let right)), (.instant(let left), .instant(let right)): left < right
    case (.text(let left), .text(let right)): left.lowercased() < right.lowercased()
    case (.flag(let left), .flag(let right)): !left && right
    default: nil
    }
  }

  /// For sorting: nulls first.
  static func isOrdered(_ left: ConditionValue, _ right: ConditionValue) -> Bool {
    switch (left, right) {
    case (.null, .null): false
    case (.null, _): true
    case (_, .null): false
    default: left.precedes(right) ?? false
    }
  }
}

/// A condition as it is written.
indirect enum ConnectWiseCondition: Sendable {
  enum Comparison: String, Sendable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contains
    case like
  }

  case and(ConnectWiseCondition, ConnectWiseCondition)
  case or(ConnectWiseCondition, ConnectWiseCondition)
  case not(ConnectWiseCondition)
  case compare(path: String, Comparison, ConditionValue)
  case isIn(path: String, [ConditionValue])

  /// Every field that is named.
  var paths: [String] {
    switch self {
    case .and(let left, let right), .or(let left, let right): left.paths + right.paths
    case .not(let inner): inner.paths
    case .compare(let path, _, _), .isIn(let path, _): [path]
    }
  }

  var usesIn: Bool {
    switch self {
    case .and(let left, let right), .or(let left, let right): left.usesIn || right.usesIn
    case .not(let inner): inner.usesIn
    case .compare: false
    case .isIn: true
    }
  }

  /// The number that a field must equal for the whole to hold, where that is plain to see.
  func required(_ path: String) -> Int? {
    switch self {
    case .and(let left, let right): return left.required(path) ?? right.required(path)
    case .compare(let named, .equal, .number(let number)) where named.lowercased() == path: return Int(exactly: number)
    default: return nil
    }
  }

  /// Whether the condition holds, given what each field says.
  func holds(_ value: (String) -> ConditionValue) -> Bool {
    switch self {
    case .and(let left, let right): left.holds(value) && right.holds(value)
    case .or(let left, let right): left.holds(value) || right.holds(value)
    case .not(let inner): !inner.holds(value)
    case .isIn(let path, let wanted): wanted.contains { value(path).equals($0) }
    case .compare(let path, let comparison, let wanted): comparison.holds(value(path), wanted)
    }
  }
}

extension ConnectWiseCondition.Comparison {
  func holds(_ value: ConditionValue, _ wanted: ConditionValue) -> Bool {
    switch self {
    case .equal: return value.equals(wanted)
    case .notEqual: return !value.equals(wanted)
    case .less: return value.precedes(wanted) ?? false
    case .greater: return wanted.precedes(value) ?? false
    case .lessOrEqual: return value.equals(wanted) || (value.precedes(wanted) ?? false)
    case .greaterOrEqual: return value.equals(wanted) || (wanted.precedes(value) ?? false)
    case .contains:
      guard case .text(let text) = value, case .text(let part) = wanted else { return false }
      return part.isEmpty || text.lowercased().contains(part.lowercased())
    case .like:
      guard case .text(let text) = value, case .text(let pattern) = wanted else { return false }
      return glob(pattern.replacing("%", with: "*"), matches: text)
    }
  }
}

// MARK: - Reading

extension ConnectWiseCondition {
  /// Reads a condition.
  ///
  /// Source: ConnectWise developer guide, "API requests: conditions".
  init(reading text: String) throws(ConnectWiseRefusal) {
    var reader = ConditionReader(words: try ConditionReader.words(of: text))
    self = try reader.disjunction(depth: 0)
    guard reader.isAtEnd else { throw .condition("Expected end of expression.") }
  }
}

private struct ConditionReader {
  enum Word: Equatable {
    case name(String)
    case text(String)
    case instant(String)
    case mark(String)
  }

  private let words: [Word]
  private var position = 0

  init(words: [Word]) { self.words = words }

  var isAtEnd: Bool { position >= words.count }

  private var next: Word? { position < words.count ? words[position] : nil }

  static func words(of text: String) throws(ConnectWiseRefusal) -> [Word] {
    var words: [Word] = []
    var rest = Substring(text)
    while let character = rest.first {
      switch character {
      case " ", "\t", "\n": rest.removeFirst()
      case "\"", "'":
        rest.removeFirst()
        guard let end = rest.firstIndex(of: character) else { throw .condition("String literal is not closed.") }
        words.append(.text(String(rest[..<end])))
        rest = rest[rest.index(after: end)...]
      case "[":
        guard let end = rest.firstIndex(of: "]") else { throw .condition("Date literal is not closed.") }
        words.append(.instant(String(rest[rest.index(after: rest.startIndex)..<end])))
        rest = rest[rest.index(after: end)...]
      case "(", ")", ",":
        words.append(.mark(String(character)))
        rest.removeFirst()
      case "=", "<", ">", "!":
        let two = String(rest.prefix(2))
        let mark = ["<=", ">=", "!="].contains(two) ? two : String(character)
        guard mark != "!" else { throw .condition("! is not a recognized operator.") }
        words.append(.mark(mark))
        rest = rest.dropFirst(mark.count)
      default:
        let name = rest.prefix { !" \t\n\"'[(),=<>!)".contains($0) }
        guard !name.isEmpty else { throw .condition("\(character) is not a recognized name.") }
        words.append(.name(String(name)))
        rest = rest.dropFirst(name.count)
      }
    }
    return words
  }

  private mutating func take(_ mark: String) -> Bool {
    guard next == .mark(mark) else { return false }
    position += 1
    return true
  }

  private mutating func takeName(_ name: String) -> Bool {
    guard case .name(let found)? = next, found.lowercased() == name else { return false }
    position += 1
    return true
  }

  mutating func disjunction(depth: Int) throws(ConnectWiseRefusal) -> ConnectWiseCondition {
    var left = try conjunction(depth: depth)
    while takeName("or") { left = .or(left, try conjunction(depth: depth)) }
    return left
  }

  private mutating func conjunction(depth: Int) throws(ConnectWiseRefusal) -> ConnectWiseCondition {
    var left = try term(depth: depth)
    while takeName("and") { left = .and(left, try term(depth: depth)) }
    return left
  }

  private mutating func term(depth: Int) throws(ConnectWiseRefusal) -> ConnectWiseCondition {
    guard depth < 30 else { throw .condition("The expression is nested too deeply.") }
    if takeName("not") { return .not(try term(depth: depth + 1)) }
    if take("(") {
      let inner = try disjunction(depth: depth + 1)
      guard take(")") else { throw .condition("Closing parenthesis expected.") }
      return inner
    }
    guard case .name(let path)? = next else { throw .condition("Field name expected.") }
    position += 1
    let isNegated = takeName("not")
    let condition = try comparison(of: path)
    return isNegated ? .not(condition) : condition
  }

  private mutating func comparison(of path: String) throws(ConnectWiseRefusal) -> ConnectWiseCondition {
    if takeName("in") {
      guard take("(") else { throw .condition("List expected after in.") }
      var values = [try literal()]
      while take(",") { values.append(try literal()) }
      guard take(")") else { throw .condition("Closing parenthesis expected.") }
      return .isIn(path: path, values)
    }
    let comparison: ConnectWiseCondition.Comparison
    if takeName("contains") {
      comparison = .contains
    } else if takeName("like") {
      comparison = .like
    } else if case .mark(let mark)? = next, let found = ConnectWiseCondition.Comparison(rawValue: mark) {
      position += 1
      comparison = found
    } else {
      throw .condition("Operator expected after \(path).")
    }
    return .compare(path: path, comparison, try literal())
  }

  private mutating func literal() throws(ConnectWiseRefusal) -> ConditionValue {
    guard let word = next else { throw .condition("Value expected.") }
    position += 1
    switch word {
    case .text(let text): return .text(text)
    case .instant(let text):
      guard let date = Instant.date(text) else { throw .condition("\(text) is not a valid date.") }
      return .instant(date.timeIntervalSince1970)
    case .name(let name):
      switch name.lowercased() {
      case "true": return .flag(true)
      case "false": return .flag(false)
      case "null": return .null
      default:
        guard let number = Double(name), number.isFinite else { throw .condition("\(name) is not a recognized name.") }
        return .number(number)
      }
    case .mark: throw .condition("Value expected.")
    }
  }
}
