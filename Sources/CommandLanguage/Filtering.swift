// What filters do to rows.

/// The outcome after all of the filters, in their order.
package func apply(
  _ filters: [Filter], to outcome: Outcome, scope: EvaluationScope
) throws(EvaluationError) -> Outcome {
  var outcome = outcome
  for filter in filters { outcome = try apply(filter, to: outcome, scope: scope) }
  return outcome
}

/// The outcome after one filter. Filters work on rows only; `count` without a field gives a number.
package func apply(_ filter: Filter, to outcome: Outcome, scope: EvaluationScope) throws(EvaluationError) -> Outcome {
  var rows: Rows
  switch outcome {
  case .rows(let given), .drawn(_, let given): rows = given
  case .record, .number, .text, .message, .nothing:
    throw EvaluationError(.notRows, "there are no rows to filter here")
  }
  switch filter.action {
  case .where(let condition):
    let predicate = try Predicate(condition, columns: rows.columns, scope: scope)
    rows.rows = rows.rows.filter(predicate.holds)
  case .sort(let keys): rows.rows = try sorted(rows, by: keys)
  case .first(let count): rows.rows = Array(rows.rows.prefix(max(0, count)))
  case .last(let count): rows.rows = Array(rows.rows.suffix(max(0, count)))
  case .columns(let names):
    var places: [Int] = []
    for name in names { places.append(try Predicate.place(of: name, in: rows.columns)) }
    rows.columns = places.map { rows.columns[$0] }
    rows.rows = rows.rows.map { row in places.map { value(row, $0) } }
  case .count(by: nil): return .number(rows.rows.count)
  case .count(by: let name?): rows = try counted(rows, by: name)
  }
  return .rows(rows)
}

private func value(_ row: [Value], _ place: Int) -> Value { row.indices.contains(place) ? row[place] : .blank }

/// The rows in order; rows that are level stay as they were, and blanks come last, up or down.
private func sorted(_ rows: Rows, by keys: [Filter.SortKey]) throws(EvaluationError) -> [[Value]] {
  var places: [(place: Int, isDown: Bool)] = []
  for key in keys { places.append((try Predicate.place(of: key.field, in: rows.columns), key.isDown)) }
  let prepared = rows.rows.enumerated().map { index, row in
    (index: index, row: row, keys: places.map { SortValue(value(row, $0.place)) })
  }
  return prepared.sorted { a, b in
    for (key, place) in places.enumerated() {
      let (left, right) = (a.keys[key], b.keys[key])
      if left.isBlank != right.isBlank { return right.isBlank }
      let order = left.order(to: right)
      if order != 0 { return place.isDown ? order > 0 : order < 0 }
    }
    return a.index < b.index
  }.map(\.row)
}

/// A value with its text folded once for a whole sort.
private struct SortValue {
  let value: Value
  let isBlank: Bool
  private let folded: [UInt8]

  init(_ given: Value) {
    let value = given.compared
    self.value = value
    isBlank = value.isBlank
    if case .text(let text) = value { folded = Array(text.lowercased().utf8) } else { folded = [] }
  }

  func order(to other: SortValue) -> Int {
    if case .text = value, case .text = other.value {
      let order = naturalOrder(folded: folded, other.folded)
      if order != 0 { return order }
    }
    return value.order(to: other.value)
  }
}

/// One row for each value of the field with the number of rows that have it, the most frequent first.
private func counted(_ rows: Rows, by name: Name) throws(EvaluationError) -> Rows {
  let place = try Predicate.place(of: name, in: rows.columns)
  let column = rows.columns[place]
  var order: [Value] = []
  var groups: [Value: (shown: Value, count: Int)] = [:]
  for row in rows.rows {
    let shown = value(row, place).isBlank ? .blank : value(row, place).compared
    var key = shown
    if column.ignoresCase, case .text(let text) = shown { key = .text(text.lowercased()) }
    if groups[key] == nil { order.append(key) }
    groups[key, default: (shown, 0)].count += 1
  }
  let counts = order.compactMap { groups[$0] }.sorted { a, b in
    a.count != b.count ? a.count > b.count : a.shown.order(to: b.shown) < 0
  }
  return Rows(
    subject: rows.subject, columns: [column, Column("count", type: .count, priority: column.priority)],
    rows: counts.map { [$0.shown, .count($0.count)] })
}
