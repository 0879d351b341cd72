/// systemd's user units: a service and a timer for each schedule.
import Execution
import Foundation
import Model
import Storage

struct SystemdTimers: Timers {
  let word = "systemd"
  let name = "systemd"

  func installed(_ session: Session) throws -> [String] {
    try own(in: session).keys.filter { $0.hasSuffix(".timer") }.map { file in
      String(file.dropFirst(Self.prefix.count).dropLast(".timer".count)).replacing(".", with: "/")
    }.sorted()
  }

  func change(to schedules: [Schedule], in session: Session) throws -> TimerChange {
    try session.requireSpeakablePaths()
    let folder = session.machine.units
    let known = try own(in: session)
    var wanted: [String: String] = [:]
    for schedule in schedules {
      let unit = Self.unit(of: schedule)
      wanted["\(unit).service"] = Self.service(of: schedule, in: session)
      wanted["\(unit).timer"] = Self.timer(of: schedule, in: session)
    }
    for file in wanted.keys.sorted() where known[file] == nil {
      guard FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path) else { continue }
      throw ShellError(
        "\(folder.appendingPathComponent(file).path) is there already, and not from this home.",
        hint: "give the schedule another name:  schedule … as NAME")
    }
    let written = wanted.filter { known[$0.key] != $0.value }
    let removed = known.keys.filter { wanted[$0] == nil }.sorted()
    let timers = schedules.map { Self.unit(of: $0) + ".timer" }
    let sleeping = timers.filter { timer in
      let link = folder.appendingPathComponent("timers.target.wants").appendingPathComponent(timer)
      return (try? FileManager.default.destinationOfSymbolicLink(atPath: link.path)) == nil
    }
    var shown = written.sorted { $0.key < $1.key }.flatMap { file, text in
      [folder.appendingPathComponent(file).path]
        + text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  \($0)" }
    }
    shown += removed.map { "\(folder.appendingPathComponent($0).path) goes" }
    if written.isEmpty { shown += sleeping.map { "\($0) is to be enabled" } }
    let user = session.who.user
    return TimerChange(
      shown: shown, adds: !written.isEmpty,
      remarks: ["they run while you are logged in; always with:  loginctl enable-linger \(user)"]
    ) { [machine = session.machine] in
      let off = removed.filter { $0.hasSuffix(".timer") }
      if !off.isEmpty { _ = try await machine.run("systemctl", ["--user", "disable", "--now"] + off) }
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (file, text) in written {
          try Data(text.utf8).write(to: folder.appendingPathComponent(file), options: .atomic)
        }
        for file in removed { try FileManager.default.removeItem(at: folder.appendingPathComponent(file)) }
      } catch {
        throw ShellError(
          "The units cannot be written into \(folder.path): \((error as NSError).localizedDescription)",
          hint: "check the folder and its rights, then install again")
      }
      try await Self.tell(machine, changed: timers)
    }
  }

  /// Lets systemd read the units anew, and enables the timers.
  private static func tell(_ machine: Machine, changed timers: [String]) async throws {
    var steps = [["--user", "daemon-reload"]]
    // A timer that runs already goes by its old times until it is started anew.
    if !timers.isEmpty { steps += [["--user", "enable"] + timers, ["--user", "restart"] + timers] }
    for step in steps {
      let answer = try await machine.run("systemctl", step)
      guard answer?.code != 0 else { continue }
      let why = answer?.complaint ?? "there is no systemctl here"
      throw ShellError(
        "The units are written, but systemd could not be told: \(why).",
        hint: steps.map { "systemctl " + $0.joined(separator: " ") }.joined(separator: " && "))
    }
  }

  // MARK: - Units

  private static let prefix = "kith-"

  /// A name has no dots, so that these come back as slashes.
  private static func unit(of schedule: Schedule) -> String { prefix + schedule.name.replacing("/", with: ".") }

  /// The first line of each file, by which a home knows its own.
  private static func mark(of session: Session) -> String { "# kith, home \(session.home.directory.path)" }

  /// The unit files of this home, with their texts.
  private func own(in session: Session) throws -> [String: String] {
    let folder = session.machine.units
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    var own: [String: String] = [:]
    for file in files where file.hasPrefix(Self.prefix) && (file.hasSuffix(".timer") || file.hasSuffix(".service")) {
      guard let data = try? Data(contentsOf: folder.appendingPathComponent(file)) else { continue }
      let text = String(decoding: data, as: UTF8.self)
      if text.split(separator: "\n").first.map(String.init) == Self.mark(of: session) { own[file] = text }
    }
    return own
  }

  private static func head(of schedule: Schedule, in session: Session) -> String {
    """
    \(mark(of: session))
    # Written by `install schedules as systemd`, which writes over what is changed here.
    [Unit]
    Description=kith: \(escaped(schedule.name)), \(schedule.recurrence.words) (\(schedule.zone))
    """
  }

  static func service(of schedule: Schedule, in session: Session) -> String {
    let words = session.callWords(for: schedule)
    let call = words.enumerated().map { quoted($0.element, isProgram: $0.offset == 0) }.joined(separator: " ")
    return """
      \(head(of: schedule, in: session))

      [Service]
      Type=oneshot
      ExecStart=\(call)

      """
  }

  static func timer(of schedule: Schedule, in session: Session) -> String {
    // systemd leaves out an hour that is there twice, and rounds have both: by UTC there is no such hour.
    let name = schedule.recurrence.isRound ? "UTC" : schedule.zone
    let zone = schedule.recurrence.isRound ? TimeZone.gmt : schedule.timeZone
    let times = FiringTimes.of(schedule, in: zone, from: session.now).map { "OnCalendar=\($0.systemd(zone: name))" }
    return """
      \(head(of: schedule, in: session))

      [Timer]
      \(times.joined(separator: "\n"))
      AccuracySec=1s
      Persistent=true

      [Install]
      WantedBy=timers.target

      """
  }

  /// A word of a command line (systemd.service(5), "Command lines"): in double quotes where it has to be, `%` and, but for
  /// the program's own path, `$` doubled.
  static func quoted(_ word: String, isProgram: Bool) -> String {
    var text = escaped(word)
    if !isProgram { text = text.replacing("$", with: "$$") }
    if word.isPlainWord { return text }
    return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func escaped(_ text: String) -> String { text.replacing("%", with: "%%") }
}
