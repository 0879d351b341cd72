/// `show schedules`: what runs by itself, when, how it went, and when it comes again.
import CommandLanguage
import Foundation
import Model
import Storage

extension Listing {
  static let schedules = Listing(
    "schedules", "what runs by itself: when, how it went, when it comes again", isQuick: true,
    columns: [
      Column("schedule", priority: 9, style: .id, help: "its name"),
      Column("runs", priority: 6, help: "the script or the sync"),
      Column("when", priority: 7, help: "how often, and at what time"),
      Column("last-run", type: .date, priority: 7, help: "when it ran last"),
      Column("outcome", priority: 8, style: .state, help: "how that ended"),
      Column("took", type: .duration, priority: 3, help: "how long that took"),
      Column("exit-code", type: .count, priority: 2, help: "what it ended with; help exit lists them"),
      Column("next", type: .date, priority: 8, help: "when it starts; blank while it is due or runs"),
      Column("stands", priority: 8, style: .state, help: "waits, due or running"),
      Column("starts-after", type: .duration, priority: 1, help: "how long after its time it starts, by its name"),
      Column("zone", priority: 2, help: "the time zone of its times"),
      Column("by", priority: 1, help: "who scheduled it"),
      Column("ran-by", priority: 1, help: "the process that ran it last"),
    ]
  ) { session, _ in
    try session.store.schedules().map { schedule in
      let last = schedule.last
      let standing: (word: String, isRunning: Bool) =
        switch session.standing(of: schedule) {
        case .waits: ("waits", false)
        case .due: ("due", false)
        case .running: ("running", true)
        }
      let code = last?.exitCode
      // A runner that died left no code.
      let outcome = last.map { _ in code.map(ExitCode.word(of:)) ?? (standing.isRunning ? "running" : "interrupted") }
      let took = last.flatMap { last in last.endedAt.map { Duration.seconds($0.timeIntervalSince(last.startedAt)) } }
      return [
        .text(schedule.name), .text(schedule.work.words), .text(session.whenWords(of: schedule)),
        .date(orBlank: last?.startedAt), .text(orBlank: outcome), took.map(Value.duration) ?? .blank,
        code.map { .count(Int($0)) } ?? .blank, .date(orBlank: session.nextStart(of: schedule)), .text(standing.word),
        .duration(schedule.delay), .text(schedule.zone), .text(schedule.madeBy),
        .text(orBlank: last.map { "\($0.runner.user)@\($0.runner.host) \($0.runner.pid)" }),
      ]
    }
  }
}
