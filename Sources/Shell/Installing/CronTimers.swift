/// Lines in the user's crontab, between marks of this home.
import Foundation
import Model
import Storage

struct CronTimers: Timers {
  let word = "cron"
  let name = "cron"

  func installed(_ session: Session) async throws -> [String] {
    guard let table = try? await Self.table(session.machine) else { return [] }
    // A name is one plain word, the last of its line.
    let names = Self.section(in: table, of: session).lines.compactMap { $0.split(separator: " ").last.map(String.init) }
    return Set(names).sorted()
  }

  func change(to schedules: [Schedule], in session: Session) async throws -> TimerChange {
    try session.requireSpeakablePaths()
    let table = try await Self.table(session.machine)
    let known = Self.section(in: table, of: session)
    let lines = schedules.flatMap { Self.lines(of: $0, in: session) }
    let (begin, end) = Self.marks(of: session)
    let wanted = lines.isEmpty ? [] : [begin] + lines + [end]
    let kept = known.rest
    let text = (kept + wanted).map { $0 + "\n" }.joined()
    let elsewhere = schedules.filter { $0.timeZone != session.style.timeZone }
    return TimerChange(
      shown: known.lines == lines
        ? []
        : wanted.isEmpty
          ? ["the lines of this home go from your crontab"] : ["your crontab"] + wanted.map { "  \($0)" },
      adds: !Set(lines).isSubset(of: known.lines),
      remarks: elsewhere.isEmpty
        ? []
        : [
          "cron knows the machine's zone only (\(session.style.timeZone.identifier)): "
            + "\(elsewhere.map(\.name).joined(separator: ", ")) is called at each hour that its time can fall on, and "
            + "does nothing when it is not due"
        ]
    ) { [machine = session.machine] in
      guard let answer = try await machine.run("crontab", ["-"], input: text) else { throw Self.missing }
      guard answer.code == 0 else {
        throw ShellError("crontab refused the lines: \(answer.complaint).", hint: "crontab -e shows what is there")
      }
    }
  }

  private static let missing = ShellError(
    "There is no crontab on this machine.",
    hint: "install cron, or  install schedules as systemd,  or run  kith scheduler")

  /// The user's crontab; empty where there is none.
  private static func table(_ machine: Machine) async throws -> String {
    guard let answer = try await machine.run("crontab", ["-l"]) else { throw missing }
    if answer.code == 0 { return answer.out }
    guard answer.error.contains("no crontab") else {
      throw ShellError("The crontab cannot be read: \(answer.complaint).", hint: "crontab -l")
    }
    return ""
  }

  // MARK: - Lines

  private static func marks(of session: Session) -> (begin: String, end: String) {
    let home = session.home.directory.path
    return ("# kith, home \(home): begin (written by `install schedules as cron`)", "# kith, home \(home): end")
  }

  /// The lines of this home, and all others.
  private static func section(in table: String, of session: Session) -> (lines: [String], rest: [String]) {
    var all = table.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if all.last == "" { all.removeLast() }
    let (begin, end) = marks(of: session)
    guard let first = all.firstIndex(of: begin), let last = all[first...].firstIndex(of: end) else { return ([], all) }
    return (Array(all[(first + 1)..<last]), Array(all[..<first] + all[(last + 1)...]))
  }

  static func lines(of schedule: Schedule, in session: Session) -> [String] {
    let call = call(words: session.callWords(for: schedule))
    return FiringTimes.of(schedule, in: session.style.timeZone, from: session.now).map { "\($0.cron) \(call)" }
  }

  /// Words as a line of a crontab holds them: each in single quotes for `/bin/sh` where it has to be, and `%`, which cron
  /// would take for a line's end, behind a backslash and outside of quotes, where a backslash before it is no part of the
  /// path (crontab(5)).
  static func call(words: [String]) -> String {
    words.map { word in
      if word.isPlainWord { return word }
      return word.split(separator: "%", omittingEmptySubsequences: false).map { part in
        "'" + part.replacing("'", with: "'\\''") + "'"
      }.joined(separator: "\\%")
    }.joined(separator: " ")
  }
}
