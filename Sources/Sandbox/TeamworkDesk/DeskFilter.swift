// The filter language of Desk: JSON in the manner of MongoDB, in one query option.

import Foundation

/// A value that a filter compares; instants are seconds since 1970.
enum DeskValue: Sendable, Equatable {
  case null
  case text(String)
  case number(Double)
  case flag(Bool)

  func equals(_ other: DeskValue, ignoringCase: Bool) -> Bool {
    switch (self, other) {
    case (.text(let left), .text(let right)):
      left == right || (ignoringCase && left.lowercased() == right.lowercased())
    case (.number(let left), .text(let right)): Double(right) == left
    default: self == other
    }
  }

  func precedes(_ other: DeskValue) -> Bool? {
    switch (self, other) {
    case (.number(let left), .number(let right)): left < right
    case (.text(let left), .text(let right)): left.lowercased() < right.lowercased()
    default: nil
    }
  }
}

/// A field of a kind of record that can be filtered by.
struct DeskField<Record>: Sendable {
  /// Whether texts that it is compared with are instants.
  var isInstant = false
  /// Several for a relation; a comparison holds when it holds for one of them.
  var values: @Sendable (Record) -> [DeskValue]
}

/// A filter as it is written.
indirect enum DeskFilter: Sendable {
  enum Comparison: String, Sendable {
    case equal = "$eq"
    case notEqual = "$ne"
    case less = "$lt"
    case lessOrEqual = "$lte"
    case greater = "$gt"
    case greaterOrEqual = "$gte"
    case isIn = "$in"
    case isNotIn = "$nin"
    case contains = "$contains"
  }

  case all([DeskFilter])
  case any([DeskFilter])
  case compare(path: String, Comparison, [DeskValue])

  /// Reads a filter; `nil` and `{}` accept everything.
  ///
  /// - Parameter isInstant: whether a field holds instants; `nil` for a field that cannot be filtered by.
  /// - Parameter ignoresUnknown: passes over such a field instead of refusing it.
  init(
    reading text: String?, ignoresUnknown: Bool, isInstant: (String) -> Bool?
  ) throws(DeskRefusal) {
    guard let text, !text.isEmpty else {
      self = .all([])
      return
    }
    guard let json = try? JSON(reading: text), json.members != nil else {
      throw .invalid("filter", "is not a valid JSON object")
    }
    self = try DeskFilter.read(json, ignoresUnknown: ignoresUnknown, isInstant: isInstant)
  }

  private static func read(
    _ json: JSON, ignoresUnknown: Bool, isInstant: (String) -> Bool?
  ) throws(DeskRefusal) -> DeskFilter {
    guard let members = json.members else { throw .invalid("filter", "must be an object") }
    var parts: [DeskFilter] = []
    for member in members {
      switch member.name {
      case "$and", "$or":
        guard let rows = member.value.elements else { throw .invalid("filter", "\(member.name) must be a list") }
        var inner: [DeskFilter] = []
        for row in rows { inner.append(try read(row, ignoresUnknown: ignoresUnknown, isInstant: isInstant)) }
        parts.append(member.name == "$and" ? .all(inner) : .any(inner))
      default:
        guard let instant = isInstant(member.name) else {
          if ignoresUnknown { continue }
          throw .invalid("filter", "\(member.name) is not an allowed field")
        }
        parts += try comparisons(member, instant: instant)
      }
    }
    return .all(parts)
  }

  /// "Several conditions on one field go in one object"; a bare value is compared for equality.
  private static func comparisons(_ member: JSON.Member, instant: Bool) throws(DeskRefusal) -> [DeskFilter] {
    guard let conditions = member.value.members else {
      return [.compare(path: member.name, .equal, [try value(member.value, instant: instant)])]
    }
    var parts: [DeskFilter] = []
    for condition in conditions {
      guard let comparison = Comparison(rawValue: condition.name) else {
        throw .invalid("filter", "\(condition.name) is not an operator")
      }
      var wanted: [DeskValue] = []
      if comparison == .isIn || comparison == .isNotIn {
        guard let rows = condition.value.elements else {
          throw .invalid("filter", "\(condition.name) needs a list")
        }
        for row in rows { wanted.append(try value(row, instant: instant)) }
      } else {
        wanted = [try value(condition.value, instant: instant)]
      }
      parts.append(.compare(path: member.name, comparison, wanted))
    }
    return parts
  }

  private static func value(_ json: JSON, instant: Bool) throws(DeskRefusal) -> DeskValue {
    switch json {
    case .null: return .null
    case .bool(let flag): return .flag(flag)
    case .int(let number): return .number(Double(number))
    case .double(let number): return .number(number)
    case .string(let text) where instant:
      guard let date = Instant.date(text) else { throw .invalid("filter", "\(text) is not a date") }
      return .number(date.timeIntervalSince1970)
    case .string(let text): return .text(text)
    case .array, .object: throw .invalid("filter", "a value cannot be a list or an object")
    }
  }

  // MARK: - Meaning

  /// Every field that is named.
  var paths: [String] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.paths)
    case .compare(let path, _, _): [path]
    }
  }

  /// The values of which a field must have one for the whole to hold, where that is plain to see.
  func required(_ path: String) -> [DeskValue]? {
    switch self {
    case .all(let parts): return parts.lazy.compactMap { $0.required(path) }.first
    case .compare(path, .equal, let wanted), .compare(path, .isIn, let wanted): return wanted
    case .any, .compare: return nil
    }
  }

  /// The least that a field must be for the whole to hold, where that is plain to see.
  func least(_ path: String) -> Double? {
    switch self {
    case .all(let parts): return parts.compactMap { $0.least(path) }.max()
    case .compare(path, .greater, let wanted), .compare(path, .greaterOrEqual, let wanted):
      guard case .number(let number)? = wanted.first else { return nil }
      return number
    case .any, .compare: return nil
    }
  }

  /// Whether the filter holds, given what each field says.
  func holds(ignoringCase: Bool, _ values: (String) -> [DeskValue]) -> Bool {
    switch self {
    case .all(let parts): return parts.allSatisfy { $0.holds(ignoringCase: ignoringCase, values) }
    case .any(let parts): return parts.contains { $0.holds(ignoringCase: ignoringCase, values) }
    case .compare(let path, let comparison, let wanted):
      let found = values(path)
      switch comparison {
      case .equal, .isIn:
        return found.contains { value in wanted.contains { value.equals($0, ignoringCase: ignoringCase) } }
      case .notEqual, .isNotIn:
        return !found.contains { value in wanted.contains { value.equals($0, ignoringCase: ignoringCase) } }
      case .contains:
        guard case .text(let part)? = wanted.first else { return false }
        return found.contains { value in
          guard case .text(let text) = value else { return false }
          return part.isEmpty || text.lowercased().contains(part.lowercased())
        }
      case .less: return found.contains { value in wanted.contains { value.precedes($0) ?? false } }
      case .greater: return found.contains { value in wanted.contains { $0.precedes(value) ?? false } }
      case .lessOrEqual: return found.contains { value in wanted.contains { !($0.precedes(value) ?? true) } }
      case .greaterOrEqual: return found.contains { value in wanted.contains { !(value.precedes($0) ?? true) } }
      }
    }
  }
}
