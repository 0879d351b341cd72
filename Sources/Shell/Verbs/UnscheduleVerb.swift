/// `unschedule`: no longer by itself.
import CommandLanguage
import Model
import Storage

enum UnscheduleVerb: Verb {
  static let declaration = VerbDeclaration(
    "unschedule", group: "By itself",
    summary: "let a script or a sync run by itself no longer",
    details: "What runs under it at this moment goes on to its end. The script or sync itself stays.",
    forms: [Form("unschedule", [.many([.slot("schedule", .schedule)])])],
    examples: [.init("unschedule nightly", "nightly runs only when it is told to")])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let known = try session.store.schedules().map(\.name)
    var said: [String] = []
    for name in call.texts("schedule") {
      guard known.contains(name) else { throw session.unknown(name, as: "schedule", among: known) }
      try session.store.removeSchedule(named: name)
      said.append("\(name) runs by itself no longer.")
    }
    for timers in session.machine.timers where try await timers.installed(session).isEmpty == false {
      said.append("  \(timers.name) still calls it:  install schedules as \(timers.word)")
    }
    return .message(said.joined(separator: "\n"))
  }
}
