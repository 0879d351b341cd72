/// Which values occur, and how often, while somebody types: looked at for a few milliseconds and no longer.
import Foundation
import GRDB
package import Model

/// How often values occur, the most frequent first.
package struct Tally: Hashable, Sendable {
  package var counts: [(value: String, count: Int)] {
    numbers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }
  /// Whether everything was looked at. Else each number is the least that there is.
  package var isWhole = true
  private var numbers: [String: Int] = [:]

  package init() {}

  package mutating func add(_ value: String, _ count: Int = 1) { numbers[value, default: 0] += count }

  package mutating func add(_ other: Tally) {
    numbers.merge(other.numbers, uniquingKeysWith: +)
    isWhole = isWhole && other.isWhole
  }
}

/// What can be counted of the decisions of a plan, and of the lines of a run.
package enum DecisionTrait: Sendable {
  case action, reason, kind, side, outcome
}

extension Store {
  /// The values of a field among the records of a scope; without a field their states.
  package func tally(
    of field: FieldName?, in scope: SnapshotScope, until deadline: ContinuousClock.Instant
  ) throws(StoreError) -> Tally {
    try read { db in
      guard let (owner, row) = try ScopeRow.of(scope, db) else { return Tally() }
      return try Self.tally(of: field, owner: owner, records: row.recordCount, until: deadline, db)
    }
  }

  /// What the decisions of a plan have, dropped ones too.
  package func tally(
    of trait: DecisionTrait, in plan: PlanID, until deadline: ContinuousClock.Instant
  ) throws(StoreError) -> Tally {
    let path =
      switch trait {
      case .action, .outcome: "$.action"
      case .reason: "$.reason.reason"
      case .kind: "$.kind"
      case .side: "$.side"
      }
    return try read { db in
      try NumberedTally(table: "plan_decision", owner: "plan", value: "json_extract(body, '\(path)')")
        .tally(of: plan.number, until: deadline, db)
    }
  }

  /// What the lines of a run have.
  package func tally(
    of trait: DecisionTrait, in run: RunID, until deadline: ContinuousClock.Instant
  ) throws(StoreError) -> Tally {
    let column =
      switch trait {
      case .action: "action"
      case .reason: "reason"
      case .kind: "kind"
      case .side: "side"
      case .outcome: "outcome"
      }
    return try read { db in
      try NumberedTally(table: "run_line", owner: "run", value: column).tally(of: run.number, until: deadline, db)
    }
  }

  /// The first decisions of a plan, from a number on.
  package func decisions(of plan: PlanID, from number: Int = 1, limit: Int) throws(StoreError) -> [Decision] {
    try read { db in
      try DecisionRow.all(
        db, "WHERE plan = ? AND number >= ? ORDER BY number LIMIT ?", [plan.number, number, max(0, limit)]
      ).map(\.decision)
    }
  }

  private static func tally(
    of field: FieldName?, owner: Int64, records: Int, until deadline: ContinuousClock.Instant, _ db: Database
  ) throws -> Tally {
    let size = 500
    let value = field == nil ? "state" : "json_extract(fields, ?3)"
    let piece = "SELECT record, \(value) AS value FROM snapshot WHERE owner = ?1 AND record > ?2 ORDER BY record"
    let statement = try db.cachedStatement(
      sql: "SELECT value, count(*), max(record) FROM (\(piece) LIMIT \(size)) GROUP BY value")
    var tally = Tally()
    var (place, seen) = ("", 0)
    while seen < records {
      // The first piece is always looked at.
      guard seen == 0 || ContinuousClock.now < deadline else {
        tally.isWhole = false
        break
      }
      var arguments: StatementArguments = [owner, place]
      if let field { arguments += ["$.\"\(field.rawValue)\""] }
      let rows = try Row.fetchAll(statement, arguments: arguments)
      guard !rows.isEmpty else { break }
      for row in rows {
        let count: Int = row[1]
        for value in texts(row[0]) { tally.add(value, count) }
        seen += count
        place = max(place, row[2])
      }
    }
    return tally
  }

  /// What is in a cell: nothing for a blank, each of them for a list.
  private static func texts(_ cell: DatabaseValue) -> [String] {
    switch cell.storage {
    case .string(let text):
      if text.first == "[", let items = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) { return items }
      return text.isEmpty ? [] : [text]
    case .int64(let number): return [number == 0 ? "off" : "on"]
    case .null, .double, .blob: return []
    }
  }
}

/// A tally of rows that are numbered within their owner. Where the time does not reach for all of them, it looks here and
/// there, since rows of a kind stand together.
private struct NumberedTally {
  let table: String
  let owner: String
  let value: String
  private let size = 250

  init(table: String, owner: String, value: String) {
    (self.table, self.owner, self.value) = (table, owner, value)
  }

  func tally(of id: Int, until deadline: ContinuousClock.Instant, _ db: Database) throws -> Tally {
    let last = try Int.fetchOne(db, sql: "SELECT max(number) FROM \(table) WHERE \(owner) = ?", arguments: [id]) ?? 0
    let statement = try db.cachedStatement(
      sql: """
        SELECT \(value) AS value, count(*) FROM \(table) WHERE \(owner) = ? AND number > ? AND number <= ? GROUP BY value
        """)
    var tally = Tally()
    for piece in spread(over: (last + size - 1) / size) {
      guard piece == 0 || ContinuousClock.now < deadline else {
        tally.isWhole = false
        break
      }
      for row in try Row.fetchAll(statement, arguments: [id, piece * size, (piece + 1) * size]) {
        if let value: String = row[0] { tally.add(value, row[1]) }
      }
    }
    return tally
  }

  /// Each piece once, neighbours far apart.
  private func spread(over count: Int) -> [Int] {
    guard count > 2 else { return Array(0..<count) }
    var step = max(1, Int(Double(count) * 0.618))
    while gcd(step, count) != 1 { step += 1 }
    return (0..<count).map { $0 * step % count }
  }

  private func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
}
