/// `install`: timers of the machine that run the schedules.
import CommandLanguage
import Model
import Storage

enum InstallVerb: Verb {
  static let declaration = VerbDeclaration(
    "install", group: "By itself",
    summary: "let systemd or cron run the schedules",
    details: """
      Writes a user unit with a timer for each schedule, or lines into your crontab, and takes out those of schedules that \
      are gone; what is there already stays as it is. It shows everything first and asks; where nobody can answer, `now` \
      says yes. A timer calls `kith run --schedule NAME`, which asks the store what is due: a start that was missed is \
      made up once, and several timers, or kith scheduler beside them, never do anything twice.
      """,
    forms: [
      Form(
        "schedules",
        [
          .keyword("schedules", help: "all of them, and takes out what is gone"),
          .keyword("as", help: "which of the two runs them"),
          .oneOf([
            [.keyword("systemd", help: "a user timer for each schedule")],
            [.keyword("cron", help: "a line in your crontab for each")],
          ]),
          .optional([.keyword("now", help: "without asking")]),
        ])
    ],
    examples: [
      .init("install schedules as systemd", "shows the units, asks, writes them"),
      .init("install schedules as cron now", "lines in your crontab, without asking"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    guard let timers = session.machine.timers.first(where: { call.has($0.word) }) else {
      throw ShellError("It is systemd or cron.", hint: "install schedules as systemd", code: .wrong)
    }
    let schedules = try session.store.schedules()
    let change = try await timers.change(to: schedules, in: session)
    guard !change.shown.isEmpty else {
      return .message(
        schedules.isEmpty
          ? "Nothing is scheduled, and \(timers.name) has nothing of this home."
          : "\(timers.name) has \(counted(schedules.count, "schedule")) already, as they are; nothing was changed.")
    }
    session.tell(change.shown.joined(separator: "\n"))
    let remarks = try change.remarks + session.environmentRemarks()
    if change.adds, !remarks.isEmpty { session.tell(remarks.map { "note: \($0)" }.joined(separator: "\n")) }
    if session.isDry { return .message("dry: nothing was written") }
    if !call.has("now") {
      guard session.canAsk else {
        throw ShellError(
          "Nobody can be asked here, so nothing was written.", hint: "install schedules as \(timers.word) now",
          code: .wrong)
      }
      guard session.confirms("Write this?") else { return .message("Nothing was written.") }
    }
    try await change.make()
    return .message(
      schedules.isEmpty
        ? "\(timers.name) calls nothing of this home any more."
        : "\(timers.name) runs \(counted(schedules.count, "schedule")):  show schedules  says how it goes")
  }
}
