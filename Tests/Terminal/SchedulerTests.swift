import Foundation
import Glibc
import Model
import Storage
import Testing

/// Schedules as the machine runs them: by what is installed, and by `kith scheduler`.
@Suite("Schedules", .timeLimit(.minutes(4)))
struct SchedulerTests {
  // MARK: - Installed

  @Test(
    "what systemd or cron is given runs the script by /bin/sh with an empty environment, once",
    arguments: ["systemd", "cron"])
  func installed(_ word: String) async throws {
    let place = try Place.withTools()
    let home = place.folder.appendingPathComponent(#"it's "50%" home"#)
    func kith(_ line: String) async throws -> Place.Ending {
      try await place.start(["--home", home.path, "-c", line]).ending()
    }
    #expect(try await kith("say hello").code == 0)
    try Data("say \"the script ran\"\n".utf8).write(to: home.appendingPathComponent("scripts/nightly.kith"))
    try place.schedule(.script("nightly", arguments: [:]), as: "nightly", in: home)
    #expect(try await kith("install schedules as \(word)").code == 2, "nobody was asked")
    let ending = try await kith("install schedules as \(word) now")
    #expect(ending.code == 0, "\(ending.error)")
    let command = try word == "systemd" ? place.execStart("nightly") : place.cronCommand()

    // Three at once: one of them runs it, and no later one does.
    let started = try (0..<3).map { _ in
      try place.start(program: "/usr/bin/env", ["-i", "/bin/sh", "-c", command])
    }
    var logs: [String] = []
    for call in started { logs.append(try await call.ending().error) }
    logs.append(try await place.start(program: "/usr/bin/env", ["-i", "/bin/sh", "-c", command]).ending().error)
    #expect(logs.count { $0.contains("the script ran") } == 1, "\(command): \(logs)")
    #expect(logs.count { $0.contains("nightly: ok after") } == 1)
    #expect(logs.count { $0.contains("is not due") || $0.contains("still runs") } == 3)
    #expect(logs.last?.contains("is not due") == true)
    let shown = try await kith("show schedules | columns schedule, outcome, exit-code, stands | as csv")
    #expect(shown.out.split(separator: "\r\n").dropFirst() == ["nightly,ok,0,waits"])
    // What is there already is not written again, and what was unscheduled goes.
    #expect(try await kith("install schedules as \(word)").error.contains("already"))
    #expect(try await kith("unschedule nightly").error.contains("install schedules as \(word)"))
    #expect(try await kith("install schedules as \(word) now").code == 0)
    #expect(!FileManager.default.fileExists(atPath: place.units.appendingPathComponent("kith-nightly.timer").path))
    #expect(try word == "systemd" || !place.text("crontab").contains("kith"))
  }

  @Test(
    "what systemd or cron is given runs the script at any other time too, where somebody calls it",
    arguments: ["systemd", "cron"])
  func calledByHand(_ word: String) async throws {
    let place = try Place.withTools()
    let home = place.folder.appendingPathComponent("home")
    func kith(_ line: String) async throws -> Place.Ending {
      try await place.start(["--home", home.path, "-c", line]).ending()
    }
    #expect(try await kith("say hello").code == 0)
    let script = home.appendingPathComponent("scripts/nightly.kith")
    try Data("say \"the script ran\"\nstop partial\n".utf8).write(to: script)
    #expect(try await kith("schedule nightly every day at \(Place.inHalfADay)").code == 0)
    #expect(try await kith("install schedules as \(word) now").code == 0)
    let command = try word == "systemd" ? place.execStart("nightly") : place.cronCommand()
    let ending = try await place.start(program: "/usr/bin/env", ["-i", "/bin/sh", "-c", command]).ending()
    #expect(ending.code == 3)
    #expect(ending.error.contains("the script ran"), "\(ending.error)")
    #expect(try await kith("show script-runs | columns script, exit-code | as csv").out.contains("nightly,3"))
    // Its own time is still to come.
    #expect(try await kith("show schedules | columns stands, outcome | as csv").out.contains("waits,"))
  }

  private static func hasTool(_ path: String) -> Bool { access(path, X_OK) == 0 }

  @Test("systemd takes the units", .enabled(if: hasTool("/usr/bin/systemd-analyze"), "systemd is not installed"))
  func verified() async throws {
    let place = try await Self.withManySchedules()
    #expect(try await place.run("install schedules as systemd now").code == 0)
    let units = try FileManager.default.contentsOfDirectory(atPath: place.units.path).filter { $0.hasPrefix("kith-") }
    #expect(units.count == 2 * Self.manySchedules.count)
    func verify() async throws -> Place.Ending {
      try await place.start(
        program: "/usr/bin/env",
        ["XDG_RUNTIME_DIR=\(place.folder.path)", "systemd-analyze", "--user", "verify"]
          + units.map { place.units.appendingPathComponent($0).path }
      ).ending()
    }
    let ending = try await verify()
    #expect(ending.code == 0 && !ending.error.contains("kith-"), "\(ending.error)")
    // What it says of a unit that is wrong.
    let timer = place.units.appendingPathComponent("kith-x0.timer")
    let text = try String(contentsOf: timer, encoding: .utf8).replacing("OnCalendar=", with: "OnCalendar=nonsense ")
    try Data(text.utf8).write(to: timer)
    #expect(try await verify().error.contains("kith-x0.timer"))
  }

  @Test(
    "crontab takes the lines",
    .enabled(if: geteuid() == 0 && hasTool("/usr/bin/crontab") && hasTool("/usr/sbin/useradd"), "cron is not installed")
  )
  func accepted() async throws {
    let place = try await Self.withManySchedules()
    #expect(try await place.run("install schedules as cron now").code == 0)
    let user = "kith-\(getpid())"
    #expect(try await place.start(program: "/usr/sbin/useradd", ["-M", user]).ending().code == 0)
    let taken = try await place.start(
      program: "/usr/bin/crontab", ["-u", user, place.folder.appendingPathComponent("crontab").path]
    ).ending()
    let shown = try await place.start(program: "/usr/bin/crontab", ["-u", user, "-l"]).ending()
    _ = try await place.start(program: "/usr/bin/crontab", ["-u", user, "-r"]).ending()
    _ = try await place.start(program: "/usr/sbin/userdel", [user]).ending()
    #expect(taken.code == 0, "\(taken.error)")
    #expect(try shown.out == place.text("crontab"))
  }

  private static let manySchedules = [
    "every day at 02:30 in America/New_York", "every mon, wed at 06:30", "every hour at :15", "every 15 minutes",
    "every 6 hours in Australia/Sydney", "every weekday at 18:00 in Europe/Lisbon", "every sunday",
  ]

  private static func withManySchedules() async throws -> Place {
    let place = try Place.withTools()
    #expect(try await place.run("say hello").code == 0)
    try Data("say hello\n".utf8).write(to: place.home.appendingPathComponent("scripts/x.kith"))
    for (number, words) in manySchedules.enumerated() {
      let ending = try await place.run("schedule x \(words) as x\(number)")
      #expect(ending.code == 0, "\(ending.error)")
    }
    return place
  }

  // MARK: - kith scheduler

  @Test("a scheduler that is told to end settles what is in flight, and the next one carries on what is left")
  func gracefulStop() async throws {
    let agreed = "sync acme confirm within creates any, updates any, deactivates any, reactivates any, first"
    let (place, sandbox) = try await Place.withSync(people: 50)
    #expect(try await place.run(agreed).code == 0)
    struct User: Decodable { var userPrincipalName: String }
    let users = try JSONDecoder().decode([User].self, from: await sandbox.control("GET", "/m365/acme/users"))
    for user in users.prefix(20) {
      try await sandbox.control("PATCH", "/m365/acme/users/\(user.userPrincipalName)", #"{"jobTitle":"Carried on"}"#)
    }
    func changed() async throws -> Int {
      try await sandbox.contacts().reduce(0) { $0 + ($1.key.title == "Carried on" ? $1.value : 0) }
    }
    // Every write is done at once and answered late: the scheduler is told to end while one is in flight.
    try await sandbox.control(
      "POST", "/faults", #"{"kind":"delay","system":"connectwise","method":"PATCH","delay-milliseconds":3000}"#)
    try place.schedule(.sync("acme/contacts"), as: "acme/contacts", in: place.home)
    let first = try place.start(["scheduler", "--home", place.home.path])
    try await sandbox.meets(1)
    first.process.send(SIGTERM)
    let log = try await first.ending().error
    #expect(log.contains("acme/contacts: interrupted") && log.contains("the scheduler has stopped"), "\(log)")
    let halfway = try await changed()
    let standing = "show schedules | columns outcome, stands | as csv"
    #expect(try await place.run(standing).out.hasSuffix("\r\ninterrupted,due\r\n"))
    #expect(try await place.run("preview acme strict").code == 4)

    try await sandbox.control("DELETE", "/faults")
    let second = try place.start(["scheduler", "--home", place.home.path])
    _ = try await eventually("the rest") {
      try await place.run(standing).out.hasSuffix("\r\nok,waits\r\n") ? true : nil
    }
    second.process.send(SIGTERM)
    #expect(try await second.ending().error.contains("acme/contacts: ok after"))
    #expect(try await changed() > halfway)
    #expect(try await place.run("preview acme strict").code == 0)
  }
}

extension Place {
  /// A place whose `crontab` and `systemctl` keep what they are told in its folder.
  static func withTools() throws -> Place {
    let place = try Place(hasTools: true)
    let tools = place.folder.appendingPathComponent("tools")
    try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
    let crontab = """
      #!/bin/sh
      [ "$1" = - ] && exec cat > "$HOME/crontab"
      cat "$HOME/crontab" 2> /dev/null || { echo "no crontab for tester" >&2; exit 1; }
      """
    let systemctl = """
      #!/bin/sh
      [ "$2" = enable ] || exit 0
      shift 2
      mkdir -p "$HOME/.config/systemd/user/timers.target.wants"
      for timer; do ln -sf "../$timer" "$HOME/.config/systemd/user/timers.target.wants/$timer"; done
      """
    for (name, text) in [("crontab", crontab), ("systemctl", systemctl)] {
      try writeProgram(text, to: tools.appendingPathComponent(name))
    }
    return place
  }

  /// Writes a program whose open file no other process of the tests inherits: while one has it, it cannot be started.
  private static func writeProgram(_ text: String, to file: URL) throws {
    let descriptor = open(file.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o755)
    try #require(descriptor >= 0)
    try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(text.utf8))
  }

  var units: URL { folder.appendingPathComponent(".config/systemd/user") }

  func text(_ file: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appendingPathComponent(file)), as: UTF8.self)
  }

  /// Puts a schedule into a home that is due since a while.
  func schedule(_ work: Schedule.Work, as name: String, in home: URL) throws {
    let store = try Store.open(at: home.appendingPathComponent("kith.sqlite"))
    let time = Date().addingTimeInterval(-3_600).formatted(.iso8601).dropFirst(11).prefix(5)
    try store.add(
      Schedule(
        name: name, work: work, recurrence: try Recurrence("every day at \(time)"), zone: "UTC", madeBy: "tester",
        madeAt: Date().addingTimeInterval(-7_200)))
    try store.close()
  }

  /// The command of a unit, as systemd gives it on: `%%` is a percent sign.
  func execStart(_ name: String) throws -> String {
    let unit = try String(contentsOf: units.appendingPathComponent("kith-\(name).service"), encoding: .utf8)
    let line = try #require(unit.split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
    return String(line.dropFirst("ExecStart=".count).replacing("%%", with: "%"))
  }

  /// The command of the crontab's one line, as cron gives it on: `\%` is a percent sign.
  func cronCommand() throws -> String {
    let lines = try text("crontab").split(separator: "\n").filter { !$0.hasPrefix("#") }
    let line = try #require(lines.first)
    return String(line.split(separator: " ", maxSplits: 5)[5].replacing("\\%", with: "%"))
  }
}
