/// `schedule`: a saved script or a sync runs by itself from now on.
import CommandLanguage
import Model
import Storage

enum ScheduleVerb: Verb {
  static let declaration = VerbDeclaration(
    "schedule", group: "By itself",
    summary: "let a script or a sync run by itself, again and again",
    details: """
      A time of day comes once each day, also when clocks change: where the clock jumps over it, at the moment of the \
      jump; where it is there twice, the first time. `every hour` and `every 15 minutes` go on through both. Days without \
      a time mean 00:00. The zone is a name such as Europe/Lisbon; without one it is the machine's.
      Each schedule starts up to 4 minutes after its time (a tenth of its interval at most), always the same by its name. \
      What was missed while nothing ran is made up once. A sync that runs by itself is limited by its guards alone.
      What runs schedules is `kith scheduler`, or systemd or cron after `install schedules`.
      """,
    forms: [
      Form(
        "sync",
        [.keyword("sync", help: "a sync by itself, without a script"), .slot("sync", .sync)] + Element.recurrence
          + [
            .options([
              [.keyword("in", help: "the time zone; else the machine's"), .slot("zone", .zone)],
              [.keyword("as", help: "the name of the schedule"), .slot("name", .name)],
            ])
          ],
        summary: "reads, plans and carries out, as  sync  does"),
      Form(
        "script",
        [.slot("script", .script)] + Element.recurrence
          + [
            .options([
              [.keyword("in", help: "the time zone; else the machine's"), .slot("zone", .zone)],
              [.keyword("as", help: "the name of the schedule"), .slot("name", .name)],
              [.keyword("with", help: "values for the script's parameters"), .pairs("script")],
            ])
          ],
        summary: "runs a saved script, with the values of its parameters"),
    ],
    examples: [
      .init("schedule nightly every day at 02:00 in Europe/Lisbon", "a saved script, each night"),
      .init("schedule sync acme/contacts every hour at :15", "one sync, each hour"),
      .init("schedule report every monday at 06:30 with company=acme", "with a value for a parameter"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    do {
      return .message(
        try session.add(
          try work(call, in: session), try Recurrence(words(of: call)), zone: call.text("zone"), as: call.text("name")))
    } catch let error as InvalidRecurrence {
      throw ShellError(error)
    }
  }

  /// What the schedule will be called.
  static func name(in call: Invocation) -> String {
    call.text("name") ?? call.text("sync") ?? call.text("script") ?? ""
  }

  private static func work(_ call: Invocation, in session: Session) throws -> Schedule.Work {
    if call.form == "sync" {
      let sync = try session.sync(named: SyncName(call.text("sync") ?? ""))
      if let whole = try session.store.whole(of: sync.name) {
        throw ShellError(
          "\(sync.name) is one destination of \(whole.name), and is done with it.",
          hint: "schedule sync \(whole.name) \(words(of: call))", code: .wrong)
      }
      return .sync(sync.name)
    }
    let script = call.text("script") ?? ""
    guard session.scriptFolder.names().contains(script) else {
      throw session.unknown(script, as: "saved script", among: session.scriptFolder.names())
    }
    let values = call.pairs.map { (key: $0.key, value: $0.argument.value?.display ?? $0.argument.text) }
    // Nobody will be there to be asked when it runs.
    try session.refuse(wrong: script, values, canAsk: false, what: "was not scheduled")
    return .script(script, arguments: Dictionary(values.map { ($0.key, $0.value) }) { _, last in last })
  }

  /// The words after `every`, as ``Recurrence`` reads them.
  private static func words(of call: Invocation) -> String {
    var words = ["every"]
    if let step = call.text("step") {
      words += [step, call.has("hours") ? "hours" : "minutes"]
    } else {
      words += ["day", "weekday", "hour", "minute"].filter(call.has)
      words.append(call.texts("day").joined(separator: ", "))
    }
    if let time = call.text("time") ?? call.text("minute") { words += ["at", time] }
    return words.filter { !$0.isEmpty }.joined(separator: " ")
  }
}
