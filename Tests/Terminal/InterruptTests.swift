import Glibc
import Testing

/// Commands that are stopped while they work.
@Suite("Stopping a command", .timeLimit(.minutes(2)))
struct InterruptTests {
  /// Longer than any wait of these tests.
  private static let slow = #"{"kind":"delay","system":"m365","path":"*users*","delay-milliseconds":60000}"#

  @Test("G25 Ctrl-C stops a preview that waits for a vendor, and the prompt is back")
  func interrupt() async throws {
    let (place, sandbox) = try await Place.withSync()
    try await sandbox.control("POST", "/faults", Self.slow)
    let shell = try await place.shell()
    shell.type("preview acme\r")
    try await sandbox.meets(1)
    let began = ContinuousClock.now
    shell.type("\u{3}")
    try await shell.prompt()
    // The promise is 0.2 s; the bound is wide, as these machines do much else, and far from the vendor's minute.
    #expect(ContinuousClock.now - began < .seconds(10))
    let history = try await shell.run("show history | first 1 | columns line, exit-code", shows: "preview acme")
    #expect(history.contains("130"))
    #expect(try await shell.quit() == 0)
  }

  @Test("G24 a line that is interrupted or terminated says so", arguments: [SIGINT, SIGTERM, SIGHUP])
  func signals(_ signal: Int32) async throws {
    let (place, sandbox) = try await Place.withSync()
    try await sandbox.control("POST", "/faults", Self.slow)
    let started = try place.start(line: "preview acme")
    try await sandbox.meets(1)
    started.process.send(signal)
    #expect(try await started.ending().code == 128 + signal)
  }

  @Test("G24 G25 terminating the shell while it works leaves the terminal as it was")
  func terminated() async throws {
    let (place, sandbox) = try await Place.withSync()
    try await sandbox.control("POST", "/faults", Self.slow)
    let shell = try await place.shell()
    shell.type("preview acme\r")
    try await sandbox.meets(1)
    shell.process.send(SIGTERM)
    #expect(try await shell.process.ending() == 143)
    #expect(shell.settings == shell.settingsBefore)
  }

  @Test("G07 killed in the middle of an apply, the next sync ends where an uninterrupted one does")
  func killed() async throws {
    let sync = "sync acme confirm within creates any, updates any, deactivates any, reactivates any, first"
    let (calm, undisturbed) = try await Place.withSync(people: 50)
    #expect(try await calm.run(sync).code == 0)

    let (place, sandbox) = try await Place.withSync(people: 50)
    let before = try await sandbox.contacts()
    // Every write is done at once and answered late: at any moment there is one whose outcome nobody was told.
    try await sandbox.control(
      "POST", "/faults", #"{"kind":"delay","system":"connectwise","method":"POST","delay-milliseconds":30000}"#)
    let started = try place.start(line: sync)
    try await sandbox.meets(3)
    started.process.send(SIGKILL)
    #expect(try await started.process.ending() == 128 + SIGKILL)
    try await sandbox.control("DELETE", "/faults")

    let halfway = try await sandbox.contacts()
    let goal = try await undisturbed.contacts()
    #expect(halfway != before && halfway != goal)
    let next = try await place.run(sync)
    #expect(next.code == 0, "\(next.out)\(next.error)")
    #expect(try await sandbox.contacts() == goal)
    #expect(try await place.run("preview acme strict").code == 0)
  }
}
