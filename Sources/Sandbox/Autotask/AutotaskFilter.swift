// The filters of a query, read and tied to the fields of a kind of record.

import Foundation

/// One comparison of a filter.
struct AutotaskComparison: Sendable {
  enum Verb: String, Sendable, CaseIterable {
    case eq, noteq, gt, gte, lt, lte, beginsWith, endsWith, contains, exist, notExist, `in`, notIn

    static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue.lowercased(), $0) })
  }

  enum Subject: Sendable {
    case field(Int)
    case userField(Int)
  }

  var subject: Subject
  var verb: Verb
  var values: [AutotaskValue]
  /// The value is of a type that the field never has: the query finds nothing, and says nothing.
  var isImpossible = false

  /// As the vendor's database: what compares with null does not hold, whatever the comparison.
  func holds(_ row: AutotaskRow) -> Bool {
    guard !isImpossible else { return false }
    let value: AutotaskValue =
      switch subject {
      case .field(let column): row.values[column]
      case .userField(let column): AutotaskValue(row.userValues[column])
      }
    switch verb {
    case .exist: return value != .null
    case .notExist: return value == .null
    default: break
    }
    guard value != .null, let wanted = values.first else { return false }
    switch verb {
    case .eq: return value.equals(wanted)
    case .noteq: return !value.equals(wanted)
    case .gt: return wanted.precedes(value) ?? false
    case .gte: return value.equals(wanted) || (wanted.precedes(value) ?? false)
    case .lt: return value.precedes(wanted) ?? false
    case .lte: return value.equals(wanted) || (value.precedes(wanted) ?? false)
    case .in: return values.contains { value.equals($0) }
    case .notIn: return !values.contains { value.equals($0) }
    case .beginsWith, .endsWith, .contains:
      guard let text = value.text?.lowercased(), let part = wanted.text?.lowercased() else { return false }
      return verb == .beginsWith
        ? text.hasPrefix(part) : verb == .endsWith ? text.hasSuffix(part) : part.isEmpty || text.contains(part)
    case .exist, .notExist: return false
    }
  }
}

/// A whole filter.
indirect enum AutotaskFilter: Sendable {
  case all([AutotaskFilter])
  case any([AutotaskFilter])
  case compare(AutotaskComparison)

  func holds(_ row: AutotaskRow) -> Bool {
    switch self {
    case .all(let parts): parts.allSatisfy { $0.holds(row) }
    case .any(let parts): parts.contains { $0.holds(row) }
    case .compare(let comparison): comparison.holds(row)
    }
  }

  /// Whether it only says from which id on; every row has an id.
  var asksForIDsOnly: Bool {
    switch self {
    case .all(let parts): parts.allSatisfy(\.asksForIDsOnly)
    case .any: false
    case .compare(let comparison):
      if case .field(0) = comparison.subject {
        [.gt, .gte].contains(comparison.verb) && !comparison.isImpossible
      } else {
        false
      }
    }
  }
}

// MARK: - Reading

extension AutotaskFilter {
  static let mostAlternatives = 500

  /// Reads the `filter` of a query.
  ///
  /// Source: Autotask developer help, "Basic query calls" and "Advanced query features".
  init(reading json: JSON?, for entity: AutotaskEntity, _ options: AutotaskOptions) throws(AutotaskRefusal) {
    guard let parts = json?.elements else {
      throw .malformed("The filter of a query must be a list of conditions.")
    }
    guard !parts.isEmpty || options.emptyFilter == .everything else {
      throw .invalid("A filter must be provided for query operations.")
    }
    var reader = FilterReader(entity: entity, options: options)
    self = .all(try reader.filters(parts, depth: 0))
    guard reader.alternatives <= AutotaskFilter.mostAlternatives else {
      throw .invalid("The query holds more than \(AutotaskFilter.mostAlternatives) OR conditions.")
    }
    guard reader.userFields.count <= 1 else {
      throw .invalid("Only one user-defined field can be queried at a time.")
    }
  }
}

private struct FilterReader {
  let entity: AutotaskEntity
  let options: AutotaskOptions
  var alternatives = 0
  var userFields: Set<Int> = []

  mutating func filters(_ parts: [JSON], depth: Int) throws(AutotaskRefusal) -> [AutotaskFilter] {
    var filters: [AutotaskFilter] = []
    for part in parts { filters.append(try filter(part, depth: depth)) }
    return filters
  }

  private mutating func filter(_ json: JSON, depth: Int) throws(AutotaskRefusal) -> AutotaskFilter {
    guard depth < 20, json.members != nil, let word = json.named("op")?.text else {
      throw .invalid("A condition of the filter is not valid.")
    }
    if let items = json.named("items")?.elements {
      guard !items.isEmpty else { throw .invalid("A group of the filter has no items.") }
      switch word.lowercased() {
      case "and": return .all(try filters(items, depth: depth + 1))
      case "or":
        alternatives += items.count
        return .any(try filters(items, depth: depth + 1))
      default: throw .invalid("\(word) is not a valid operator for a group.")
      }
    }
    guard let verb = AutotaskComparison.Verb.byName[word.lowercased()] else {
      throw .invalid("\(word) is not a valid operator.")
    }
    guard let name = json.named("field")?.text else { throw .invalid("A condition of the filter names no field.") }
    return .compare(try comparison(name, verb, json))
  }

  private mutating func comparison(
    _ name: String, _ verb: AutotaskComparison.Verb, _ json: JSON
  ) throws(AutotaskRefusal) -> AutotaskComparison {
    let field: AutotaskField
    let subject: AutotaskComparison.Subject
    if json.named("udf")?.flag == true {
      guard let column = entity.userColumn(name) else { throw .unknownField(name, in: entity) }
      userFields.insert(column)
      (field, subject) = (.text(name, 255), .userField(column))
    } else {
      guard let column = entity.column(name) else { throw .unknownField(name, in: entity) }
      (field, subject) = (entity.fields[column], .field(column))
    }
    guard field.isQueryable else { throw .invalid("The field \(field.name) cannot be queried.") }
    if [.beginsWith, .endsWith, .contains].contains(verb), field.kind != .string {
      throw .invalid("The operator \(verb.rawValue) is not valid for the field \(field.name).")
    }
    var comparison = AutotaskComparison(subject: subject, verb: verb, values: [])
    guard verb != .exist, verb != .notExist else { return comparison }
    guard let value = json.named("value") else {
      throw .invalid("A value is required for the operator \(verb.rawValue).")
    }
    if verb == .in || verb == .notIn {
      guard let values = value.elements, !values.isEmpty else {
        throw .invalid("The operator \(verb.rawValue) needs a list of values.")
      }
      if verb == .in { alternatives += values.count }
      for value in values { if let value = try comparable(value, field) { comparison.values.append(value) } }
    } else if let value = try comparable(value, field) {
      comparison.values = [value]
    }
    comparison.isImpossible = comparison.values.isEmpty
    return comparison
  }

  /// What a field is compared with; `nil` for a value of a type that it never has, which silently finds nothing.
  private func comparable(_ json: JSON, _ field: AutotaskField) throws(AutotaskRefusal) -> AutotaskValue? {
    switch field.kind {
    case .string: return json.text.map { .text($0) } ?? json.number.map { _ in .text(json.encoded) }
    case .boolean: return json.flag.map { .flag($0) }
    case .decimal: return json.number.map { .decimal($0) }
    case .datetime:
      guard let text = json.text else { return nil }
      guard let date = Instant.date(text), abs(date.timeIntervalSince1970) < 1e11 else {
        throw .invalid("Conversion failed when converting date and/or time from character string.")
      }
      return .instant(AutotaskInstant.milliseconds(date))
    case .integer, .long:
      if let value = json.whole { return .int(value) }
      guard entity.kind == .contacts, field.name == "isActive", options.activeLiterals != .numbers else { return nil }
      switch json {
      case "true", "True", "1": return .int(1)
      case "false", "False", "0": return .int(0)
      case .bool(let flag) where options.activeLiterals == .any: return .int(flag ? 1 : 0)
      default: return nil
      }
    }
  }
}

extension JSON {
  /// A member by its name, compared without regard to case, as the vendor reads requests.
  func named(_ name: String) -> JSON? {
    if let exact = self[name] { return exact }
    return members?.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
