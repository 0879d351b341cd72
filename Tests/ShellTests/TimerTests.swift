import Foundation
import Model
import Testing

@testable import Shell

@Suite struct TimerTests {
  private static let now = Date(timeIntervalSince1970: 1_772_442_000)  // Monday, 2 March 2026, 09:00 UTC

  /// A schedule that starts this long after its times.
  private func schedule(_ words: String, in zone: String, delay minutes: Int) throws -> Schedule {
    let recurrence = try Recurrence(words)
    let named = (0..<200).lazy.map { number in
      Schedule(
        name: "n\(number)", work: .script("n", arguments: [:]), recurrence: recurrence, zone: zone, madeBy: "tess",
        madeAt: Self.now)
    }
    return try #require(named.first { $0.delay == .seconds(60 * minutes) })
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var words: String
    var zone: String
    var delay: Int
    var clock: String
    var systemd: [String]
    var cron: [String]
    var testDescription: String { "\(words) in \(zone) +\(delay) by \(clock)" }
  }

  @Test(
    "a timer is called at every time of its clock at which the schedule starts",
    arguments: [
      Case(
        words: "every day at 02:00", zone: "UTC", delay: 3, clock: "UTC", systemd: ["*-*-* 02:03:00 UTC"],
        cron: ["3 2 * * *"]),
      Case(
        words: "every mon, wed at 23:58", zone: "UTC", delay: 4, clock: "UTC",
        systemd: ["Tue,Thu *-*-* 00:02:00 UTC"], cron: ["2 0 * * 2,4"]),
      Case(
        words: "every weekday at 09:00", zone: "UTC", delay: 0, clock: "UTC",
        systemd: ["Mon,Tue,Wed,Thu,Fri *-*-* 09:00:00 UTC"], cron: ["0 9 * * 1,2,3,4,5"]),
      Case(
        words: "every sunday", zone: "UTC", delay: 0, clock: "UTC", systemd: ["Sun *-*-* 00:00:00 UTC"],
        cron: ["0 0 * * 0"]),
      Case(
        words: "every hour at :15", zone: "UTC", delay: 1, clock: "UTC", systemd: ["*-*-* *:16:00 UTC"],
        cron: ["16 * * * *"]),
      Case(
        words: "every 15 minutes", zone: "UTC", delay: 0, clock: "UTC", systemd: ["*-*-* *:00,15,30,45:00 UTC"],
        cron: ["0,15,30,45 * * * *"]),
      Case(
        words: "every 6 hours", zone: "UTC", delay: 2, clock: "UTC", systemd: ["*-*-* 00,06,12,18:02:00 UTC"],
        cron: ["2 0,6,12,18 * * *"]),
      // New York's clock jumps over 02:30 on a Sunday, and the schedule starts at the moment of the jump.
      Case(
        words: "every day at 02:30", zone: "America/New_York", delay: 1, clock: "America/New_York",
        systemd: ["*-*-* 02:31:00 America/New_York", "Sun *-*-* 03:01:00 America/New_York"],
        cron: ["31 2 * * *", "1 3 * * 0"]),
      // Another clock than the schedule's: both halves of the year.
      Case(
        words: "every day at 02:00", zone: "Europe/Lisbon", delay: 3, clock: "UTC", systemd: ["*-*-* 01,02:03:00 UTC"],
        cron: ["3 1,2 * * *"]),
      Case(
        words: "every hour", zone: "Asia/Kolkata", delay: 0, clock: "UTC", systemd: ["*-*-* *:30:00 UTC"],
        cron: ["30 * * * *"]),
    ])
  func times(_ expected: Case) throws {
    let schedule = try schedule(expected.words, in: expected.zone, delay: expected.delay)
    let clock = try #require(TimeZone(identifier: expected.clock))
    let times = FiringTimes.of(schedule, in: clock, from: Self.now)
    #expect(times.map { $0.systemd(zone: expected.clock) } == expected.systemd)
    #expect(times.map(\.cron) == expected.cron)
  }

  @Test(
    "systemd reads a word back as it was (systemd.service(5), Command lines)",
    arguments: [
      ("/usr/bin/kith", "/usr/bin/kith", "/usr/bin/kith"), ("/a b/kith", #""/a b/kith""#, #""/a b/kith""#),
      ("it's", #""it's""#, #""it's""#), (#"a"b\c"#, #""a\"b\\c""#, #""a\"b\\c""#), ("50%", #""50%%""#, #""50%%""#),
      // The program's own path is the one word in which systemd puts no variables.
      ("$x", #""$x""#, #""$$x""#),
    ])
  func systemdWord(_ word: String, _ program: String, _ argument: String) {
    #expect(SystemdTimers.quoted(word, isProgram: true) == program)
    #expect(SystemdTimers.quoted(word, isProgram: false) == argument)
  }

  @Test(
    "cron and the shell read words back as they were",
    arguments: [
      ["/usr/bin/kith", "--once", "nightly"], ["a b", "it's", "50%", "%", "a%%b", #"back\slash"#, #"a\%b"#],
      ["$HOME", "`date`", "a\"b", "*", "a;b", "żółć", "#x", "~", "!"],
    ])
  func cronWords(_ words: [String]) throws {
    let printf = Process()
    printf.executableURL = URL(fileURLWithPath: "/bin/sh")
    printf.arguments = ["-c", "printf '%s\\n' " + Self.commandAsCronReadsIt(CronTimers.call(words: words))]
    printf.environment = [:]
    let out = Pipe()
    printf.standardOutput = out
    try printf.run()
    let text = String(decoding: try out.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    printf.waitUntilExit()
    #expect(text == words.map { $0 + "\n" }.joined())
  }

  /// The command of a line as Debian's cron 3.0pl1 makes it (do_command.c, child_process): `\%` is a percent sign, and a
  /// bare one ends the command.
  static func commandAsCronReadsIt(_ line: String) -> String {
    var command = ""
    var isEscaped = false
    for character in line.unicodeScalars {
      if isEscaped {
        if character == "%" { command.unicodeScalars.removeLast() }
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "%" {
        break
      }
      command.unicodeScalars.append(character)
    }
    return command
  }

  @Test("a failure is said once, until it changes, an hour has passed, or it was over in between")
  func said() {
    let said = SaidFailures()
    func isSaid(_ text: String, _ minutes: Double, of whom: String = "a") -> Bool {
      said.isNews(text, of: whom, at: Self.now.addingTimeInterval(60 * minutes))
    }
    #expect(isSaid("down", 0) && !isSaid("down", 1) && isSaid("down", 1, of: "b") && !isSaid("down", 59))
    #expect(isSaid("down", 61) && isSaid("refused", 62) && isSaid("down", 63) && !isSaid("down", 64))
    said.forget(["a"])
    #expect(isSaid("down", 65))
  }
}
