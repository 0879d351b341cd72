/// Schedules: what runs by itself, and who took which of its moments.
package import Foundation
import GRDB
package import Model

/// What asking for the due moment of a schedule came to.
package enum TakeResult: Hashable, Sendable {
  /// The moment is the asker's alone; it has to be settled.
  case taken(Schedule.Attempt)
  /// Somebody is at work on it.
  case running(Schedule.Attempt)
  /// Nothing is due, or somebody has done it.
  case notDue(nextStart: Date)
}

extension Store {
  /// All schedules, by name.
  package func schedules() throws(StoreError) -> [Schedule] {
    try read { db in try ScheduleRow.all(db, "ORDER BY name").map { try $0.schedule(db) } }
  }

  /// The schedule of this name; `nil` when there is none.
  package func schedule(named name: String) throws(StoreError) -> Schedule? {
    try read { db in try ScheduleRow.named(name, db)?.schedule(db) }
  }

  /// Adds a schedule.
  ///
  /// - Throws: `.exists` when the name is taken; `.notFound` when its sync is unknown.
  package func add(_ schedule: Schedule) throws(StoreError) {
    try write { db in
      if let known = try ScheduleRow.named(schedule.name, db) {
        throw StoreError(
          .exists, "There is a schedule \(schedule.name) already: \(known.schedule.recurrence.words).",
          hint: "unschedule \(schedule.name), or give this one a name of its own: as NAME")
      }
      try ScheduleRow(schedule, db).put(db)
    }
  }

  /// Removes a schedule; what runs under it goes on to its end.
  ///
  /// - Throws: `.notFound`.
  package func removeSchedule(named name: String) throws(StoreError) {
    try write { db in
      try db.execute(sql: "DELETE FROM schedule WHERE name = ?", arguments: [name])
      guard db.changesCount > 0 else { throw StoreError.notFound("schedule", name) }
    }
  }

  /// Takes the moment of a schedule that is due; of any number who ask at once exactly one gets it.
  ///
  /// - Parameters:
  ///   - until: when the runner counts as dead unless the moment is settled or kept until then.
  ///   - isAlive: whether a process of this host lives; for tests.
  /// - Throws: `.notFound`.
  package func takeDueMoment(
    of name: String, runner: Schedule.Runner, until: Date, now: Date,
    isAlive: (Int32) -> Bool = { Processes.isAlive($0) }
  ) throws(StoreError) -> TakeResult {
    try write { db in
      guard var row = try ScheduleRow.named(name, db) else { throw StoreError.notFound("schedule", name) }
      let standing = row.schedule.standing(at: now) { $0.host != runner.host || isAlive($0.pid) }
      switch standing {
      case .waits(let start): return .notDue(nextStart: start)
      case .running(let attempt): return .running(attempt)
      case .due(let moment):
        let last = row.schedule.last
        // Only a runner that died counts: what was stopped is carried on as often as it takes.
        let deaths = last?.moment == moment && last?.endedAt == nil ? last?.count ?? 0 : 0
        let attempt = Schedule.Attempt(
          moment: moment, count: deaths + 1, runner: runner, startedAt: now, until: until)
        row.schedule.last = attempt
        try row.put(db)
        return .taken(attempt)
      }
    }
  }

  /// Says that the runner of a moment lives.
  ///
  /// - Returns: whether the moment is still the runner's.
  @discardableResult
  package func keepMoment(of name: String, runner: Schedule.Runner, until: Date) throws(StoreError) -> Bool {
    try changeAttempt(of: name, runner: runner) { $0.until = until }
  }

  /// Notes how a moment ended; one that is somebody else's by now stays theirs.
  package func settleMoment(
    of name: String, runner: Schedule.Runner, exitCode: Int32, at: Date
  ) throws(StoreError) {
    try changeAttempt(of: name, runner: runner) { attempt in
      attempt.endedAt = at
      attempt.exitCode = exitCode
    }
  }

  @discardableResult
  private func changeAttempt(
    of name: String, runner: Schedule.Runner, _ change: (inout Schedule.Attempt) -> Void
  ) throws(StoreError) -> Bool {
    try write { db in
      guard var row = try ScheduleRow.named(name, db), var attempt = row.schedule.last, attempt.runner == runner,
        attempt.endedAt == nil
      else { return false }
      change(&attempt)
      row.schedule.last = attempt
      try row.put(db)
      return true
    }
  }
}

struct ScheduleRow: SealedRow {
  static let table = SealedTable(
    "schedule", key: ["name"],
    columns: [
      "name", "script", "arguments", "sync", "recurrence", "zone", "made_by", "made_at_ms", "moment_ms", "begun",
      "runner_pid", "runner_host", "runner_user", "runner_token", "started_at_ms", "until_at_ms", "ended_at_ms",
      "exit_code",
    ])

  /// Its sync, where it has one, is known by number only until ``schedule(_:)`` looks the name up.
  var schedule: Schedule
  private var sync: Int64?

  init(_ schedule: Schedule, _ db: Database) throws {
    self.schedule = schedule
    if case .sync(let name) = schedule.work { sync = try SyncRow.id(name, db) }
  }

  init(from row: inout RowReader) throws {
    let name = try row.text()
    let (script, arguments) = (try row.optionalText(), try row.optionalJSON([String: String].self))
    sync = try row.optionalNumber().map(Int64.init)
    let words = try row.text()
    guard let recurrence = try? Recurrence(words) else { throw DamagedRow(table: Self.table.name) }
    schedule = Schedule(
      name: name, work: script.map { .script($0, arguments: arguments ?? [:]) } ?? .sync(""), recurrence: recurrence,
      zone: try row.text(), madeBy: try row.text(), madeAt: try row.date())
    let (moment, begun, pid) = (try row.optionalDate(), try row.optionalNumber(), try row.optionalNumber())
    let (host, user, token) = (try row.optionalText(), try row.optionalText(), try row.optionalText())
    let (started, until, ended) = (try row.optionalDate(), try row.optionalDate(), try row.optionalDate())
    let code = try row.optionalNumber()
    guard let moment, let begun, let pid, let host, let user, let token, let started, let until else { return }
    let runner = Schedule.Runner(pid: Int32(truncatingIfNeeded: pid), host: host, user: user, token: token)
    schedule.last = Schedule.Attempt(
      moment: moment, count: begun, runner: runner, startedAt: started, until: until, endedAt: ended,
      exitCode: code.map { Int32(truncatingIfNeeded: $0) })
  }

  func values() throws -> [(any DatabaseValueConvertible)?] {
    var (script, arguments): (String?, String?) = (nil, nil)
    if case .script(let name, let values) = schedule.work { (script, arguments) = (name, try JSONText.encode(values)) }
    let last = schedule.last
    return [
      schedule.name, script, arguments, sync, schedule.recurrence.words, schedule.zone, schedule.madeBy,
      schedule.madeAt.milliseconds, last?.moment.milliseconds, last?.count, last.map { Int($0.runner.pid) },
      last?.runner.host, last?.runner.user, last?.runner.token, last?.startedAt.milliseconds,
      last?.until.milliseconds, last?.endedAt?.milliseconds, last?.exitCode.map { Int($0) },
    ]
  }

  static func named(_ name: String, _ db: Database) throws -> ScheduleRow? {
    try first(db, "WHERE name = ?", [name])
  }

  /// The schedule with the name that its sync has now.
  func schedule(_ db: Database) throws -> Schedule {
    guard let sync else { return schedule }
    var schedule = schedule
    guard let row = try SyncRow.all(db, "WHERE id = ?", [sync]).first else { throw DamagedRow(table: Self.table.name) }
    schedule.work = .sync(row.sync.name)
    return schedule
  }

  /// A schedule that has its sync's name gets the new one, where that is free.
  static func rename(from name: String, to newName: String, of sync: Int64, _ db: Database) throws {
    guard var row = try first(db, "WHERE name = ? AND sync = ?", [name, sync]), try named(newName, db) == nil else {
      return
    }
    try db.execute(sql: "DELETE FROM schedule WHERE name = ?", arguments: [name])
    row.schedule.name = newName
    try row.put(db)
  }
}
