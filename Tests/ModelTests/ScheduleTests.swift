import Foundation
import Model
import Testing

@Suite struct ScheduleTests {
  private static let made = Date(timeIntervalSince1970: 1_772_442_000)  // Monday, 2 March 2026, 09:00 UTC
  private static let runner = Schedule.Runner(pid: 7, host: "a", user: "tess", token: "1")

  private func schedule(_ words: String, named name: String = "nightly") throws -> Schedule {
    Schedule(
      name: name, work: .script(name, arguments: [:]), recurrence: try Recurrence(words), zone: "UTC", madeBy: "tess",
      madeAt: Self.made)
  }

  private func hours(_ hours: Double) -> Date { Self.made.addingTimeInterval(3_600 * hours) }

  private func attempt(_ moment: Date, count: Int = 1, ended code: Int32?) -> Schedule.Attempt {
    Schedule.Attempt(
      moment: moment, count: count, runner: Self.runner, startedAt: moment, until: moment.addingTimeInterval(60),
      endedAt: code == nil ? nil : moment.addingTimeInterval(30), exitCode: code)
  }

  @Test("starts lie up to four minutes, and up to a tenth of the interval, after their times, and differ by name")
  func delays() throws {
    for (words, most) in [("every day", 4), ("every hour", 4), ("every 15 minutes", 1), ("every 5 minutes", 0)] {
      let delays = try (0..<60).map { try schedule(words, named: "n\($0)").delay }
      #expect(Set(delays) == Set((0...most).map { .seconds(60 * $0) }), "\(words)")
    }
    let nightly = try schedule("every day at 02:00")
    #expect(nightly.delay == (try schedule("every day at 02:00")).delay)
    #expect(nightly.start(of: hours(17)) == nightly.nextStart(after: Self.made))
  }

  @Test("a schedule that was just made waits for its first time; then it is due until it is taken")
  func first() throws {
    var schedule = try schedule("every day at 02:00")
    let start = schedule.start(of: hours(17))
    #expect(schedule.standing(at: Self.made) { _ in true } == .waits(until: start))
    #expect(schedule.standing(at: start.addingTimeInterval(-1)) { _ in true } == .waits(until: start))
    #expect(schedule.standing(at: start) { _ in true } == .due(hours(17)))
    // However many are missed, the last of them is due.
    #expect(schedule.standing(at: hours(17 + 24 * 3 + 5)) { _ in true } == .due(hours(17 + 24 * 3)))
    schedule.last = attempt(hours(17), ended: 0)
    #expect(schedule.standing(at: hours(18)) { _ in true } == .waits(until: schedule.start(of: hours(41))))
    #expect(schedule.standing(at: hours(42)) { _ in true } == .due(hours(41)))
  }

  @Test("a schedule made within the delay of its time waits for the next")
  func madeInDelay() throws {
    var schedule = try schedule("every day at 09:00")
    schedule.madeAt = Self.made.addingTimeInterval(1)
    #expect(schedule.standing(at: hours(1)) { _ in true } == .waits(until: schedule.start(of: hours(24))))
  }

  enum Wanted: String { case waits, due, running }

  @Test(
    "what becomes of a moment that did not end",
    arguments: [
      // Its end, how often it was begun, whether its process lives, minutes since; what it is then.
      (nil, 1, true, 0.5, Wanted.running), (nil, 1, false, 0.5, .due), (nil, 1, true, 2, .due),
      (nil, 2, false, 2, .waits),
      (0, 1, true, 2, .waits), (1, 1, true, 2, .waits), (3, 1, true, 2, .waits), (75, 1, true, 2, .waits),
      (130, 1, true, 2, .due), (143, 1, true, 2, .due), (129, 5, true, 2, .due),
    ] as [(Int32?, Int, Bool, Double, Wanted)])
  func unended(_ code: Int32?, _ count: Int, _ isAlive: Bool, _ minutes: Double, _ wanted: Wanted) throws {
    var schedule = try schedule("every day at 02:00")
    schedule.last = attempt(hours(17), count: count, ended: code)
    let start = schedule.start(of: hours(17))
    let now = start.addingTimeInterval(60 * minutes)
    schedule.last?.startedAt = start
    schedule.last?.until = start.addingTimeInterval(60)
    switch schedule.standing(at: now, isAlive: { _ in isAlive }) {
    case .waits: #expect(wanted == .waits)
    case .due(let moment): #expect(wanted == .due && moment == hours(17))
    case .running: #expect(wanted == .running)
    }
  }

  @Test("a moment that a wrong clock took in the far future does not stop a schedule")
  func wrongClock() throws {
    var schedule = try schedule("every day at 02:00")
    schedule.last = attempt(hours(24 * 365), ended: 0)
    #expect(schedule.standing(at: hours(42)) { _ in true } == .due(hours(41)))
    schedule.last = attempt(hours(41), ended: 0)
    #expect(schedule.standing(at: hours(40)) { _ in true } == .waits(until: schedule.start(of: hours(41))))
  }
}
