/// What the verbs, `status` and the scheduler ask of schedules.
import CommandLanguage
import Execution
import Foundation
import Model
import Planning
import Storage

extension Session {
  /// Whether a runner of a schedule lives, as far as this machine can know.
  func isAlive(_ runner: Schedule.Runner) -> Bool { runner.host != who.host || Processes.isAlive(runner.pid) }

  func standing(of schedule: Schedule) -> Schedule.Standing { schedule.standing(at: now, isAlive: isAlive) }

  /// When a schedule starts next; `nil` while it is due or runs.
  func nextStart(of schedule: Schedule) -> Date? {
    if case .waits(let start) = standing(of: schedule) { start } else { nil }
  }

  /// "next in 3 h", "due", "running".
  func nextWords(of schedule: Schedule) -> String {
    switch standing(of: schedule) {
    case .waits(let start): "next \(relative(start, to: now))"
    case .due: "due"
    case .running: "running"
    }
  }

  /// How often, with the zone where that is not the machine's own.
  func whenWords(of schedule: Schedule) -> String {
    schedule.recurrence.words + (schedule.zone == style.timeZone.identifier ? "" : " in \(schedule.zone)")
  }

  /// Makes a schedule, and says when it starts.
  /// - Parameter name: `nil`: that of the script or sync.
  func add(
    _ work: Schedule.Work, _ recurrence: Recurrence, zone: String? = nil, as name: String? = nil
  ) throws -> String {
    let name = name ?? work.name
    guard ShellVocabulary.isName(name) else {
      throw ShellError(
        "A schedule's name has small letters, digits, dashes and slashes, and “\(name)” has others.",
        hint: "give it a name of its own: as NAME", code: .wrong)
    }
    let isFirst = try store.schedules().isEmpty
    let schedule = Schedule(
      name: name, work: work, recurrence: recurrence, zone: zone ?? style.timeZone.identifier,
      madeBy: who.user, madeAt: now)
    try store.add(schedule)
    let style = look
    let start = schedule.nextStart(after: now)
    var said = "\(schedule.name): \(whenWords(of: schedule)), next \(style.clock(start)) (\(relative(start, to: now)))."
    if schedule.delay > .zero {
      said += "\n  It starts \(spent(schedule.delay.seconds)) after its time, so that not everything starts at once."
    }
    if case .sync(let sync) = work, try !engine.settings(for: self.sync(named: sync)).flag(.enabled) {
      said += "\n  \(sync) is off, so nothing will be sent:  enable \(sync)"
    }
    if isFirst { said += "\n  Something has to run it:  kith scheduler,  or  install schedules as systemd" }
    return said
  }

  /// Offers the recipe's own schedule for a sync that nothing runs by itself: asks, or says the line to type.
  func offerSchedule(of sync: Sync, _ recipe: Recipe) throws -> String? {
    guard try !scheduledSyncs().contains(sync.name) else { return nil }
    guard canAsk else { return "  by itself: \(scheduleLine(for: sync, recipe))" }
    guard confirms("Run \(sync.name) by itself, \(recipe.defaultSchedule)?") else { return nil }
    return try add(.sync(sync.name), Recurrence(recipe.defaultSchedule))
  }

  func scheduleLine(for sync: Sync, _ recipe: Recipe) -> String {
    "schedule sync \(sync.name) \(recipe.defaultSchedule)"
  }

  /// The syncs that run by themselves, by a schedule of their own or in a script that syncs them.
  func scheduledSyncs() throws -> ScheduledSyncs {
    var found = ScheduledSyncs()
    for schedule in try store.schedules() {
      switch schedule.work {
      case .sync(let name): found.names.insert(name)
      case .script(let name, _):
        let text = (try? scriptFolder.script(named: name))?.text ?? ""
        let parsed = parse(text, vocabulary: ShellVocabulary(session: self), mode: .script)
        for command in parsed.pipelines.map(\.command)
        where command.verb == SyncVerb.declaration.name && !command.has("dry") {
          let words = command.texts("company")
          // A variable may be any of them, and so may a line that names none.
          if words.isEmpty || words.count < command.arguments("company").count { found.areAll = true }
          for word in words { found.names.formUnion(((try? syncs(meantBy: word)) ?? []).map(\.name)) }
        }
      }
    }
    return found
  }

  /// What runs next, in one line; `nil` where nothing is scheduled.
  func nextRun() throws -> String? {
    let schedules = try store.schedules()
    let style = look
    var parts: [String] = []
    let overdue = schedules.filter { schedule in
      guard case .due(let moment) = standing(of: schedule) else { return false }
      return now.timeIntervalSince(schedule.start(of: moment)) > Self.patience
    }
    if !overdue.isEmpty {
      let names = overdue.map(\.name).joined(separator: ", ")
      parts.append("overdue: \(names); does anything run schedules?  kith scheduler,  or  install schedules as systemd")
    }
    let running = schedules.filter { if case .running = standing(of: $0) { true } else { false } }
    if !running.isEmpty { parts.append("running: \(running.map(\.name).joined(separator: ", "))") }
    let next = schedules.compactMap { schedule in nextStart(of: schedule).map { (start: $0, name: schedule.name) } }
      .min { ($0.start, $0.name) < ($1.start, $1.name) }
    if let next { parts.append("next: \(next.name) \(style.clock(next.start)) (\(relative(next.start, to: now)))") }
    return parts.isEmpty ? nil : parts.joined(separator: "\n")
  }

  /// So many seconds behind its start a schedule is overdue.
  private static let patience = 300.0
}

/// The syncs that schedules run.
struct ScheduledSyncs {
  var names: Set<SyncName> = []
  /// A script goes through syncs that only its run will know.
  var areAll = false

  func contains(_ name: SyncName) -> Bool { areAll || names.contains(name) }
}

extension Schedule.Work {
  var name: String {
    switch self {
    case .script(let name, _): name
    case .sync(let name): name.rawValue
    }
  }

  /// As it would be typed: `nightly max-off=5`, `sync acme/contacts`.
  var words: String {
    switch self {
    case .script(let name, let arguments):
      ([name] + arguments.sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted($0.value))" }).joined(separator: " ")
    case .sync(let name): "sync \(name)"
    }
  }
}

extension ShellError {
  init(_ error: InvalidRecurrence) { self.init(error.message, hint: error.hint, code: .wrong) }
}
