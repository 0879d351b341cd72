import Foundation
import Model
import Storage
import Synchronization
import Testing

@Suite struct ScheduleTests {
  static func schedule(_ name: String = "nightly", _ work: Schedule.Work? = nil) throws -> Schedule {
    Schedule(
      name: name, work: work ?? .script(name, arguments: ["max-off": "5", "note": "it's 100 %"]),
      recurrence: try Recurrence("every hour"), zone: "Europe/Lisbon", madeBy: "tess", madeAt: moment(0))
  }

  static func runner(_ token: String = "1", pid: Int32 = 7, host: String = "a") -> Schedule.Runner {
    Schedule.Runner(pid: pid, host: host, user: "tess", token: token)
  }

  @Test("schedules are kept as they were made, by name")
  func kept() throws {
    let store = try Fixture.withSync().store
    let made = [try Self.schedule("acme/contacts", .sync(Fixture.sync)), try Self.schedule()]
    for schedule in made.reversed() { try store.add(schedule) }
    #expect(try store.schedules() == made)
    #expect(try store.schedule(named: "nightly") == made[1])
    #expect(try store.schedule(named: "daily") == nil)
    #expect(failure { try store.add(made[1]) }?.kind == .exists)
    try store.removeSchedule(named: "nightly")
    #expect(failure { try store.removeSchedule(named: "nightly") }?.kind == .notFound)
    #expect(failure { try store.add(try Self.schedule("x", .sync("nobody/contacts"))) }?.kind == .notFound)
    #expect(try store.schedules() == [made[0]])
  }

  @Test("a schedule goes with its sync, in name and in end")
  func sync() throws {
    let store = try Fixture.withSync().store
    try store.add(try Self.schedule("acme/contacts", .sync(Fixture.sync)))
    try store.add(try Self.schedule("early", .sync(Fixture.sync)))
    try store.rename(sync: Fixture.sync, to: "acme/people")
    #expect(try store.schedules().map(\.name) == ["acme/people", "early"])
    #expect(try store.schedules().map(\.work) == [.sync("acme/people"), .sync("acme/people")])
    try store.remove(sync: "acme/people")
    #expect(try store.schedules().isEmpty)
  }

  @Test("G20 of fifty who ask for a due moment at once, through stores of their own, exactly one gets it")
  func fifty() throws {
    let fixture = try Fixture()
    try fixture.store.add(try Self.schedule())
    let results = Mutex<[TakeResult]>([])
    let errors = Errors()
    DispatchQueue.concurrentPerform(iterations: 50) { index in
      errors.note {
        let store = try Store.open(at: fixture.folder["home/kith.sqlite"])
        let result = try store.takeDueMoment(
          of: "nightly", runner: Self.runner("\(index)", pid: Int32(index + 1)), until: moment(9_000),
          now: moment(7_200), isAlive: { _ in true })
        results.withLock { $0.append(result) }
        try store.close()
      }
    }
    #expect(errors.all.isEmpty)
    let all = results.withLock { $0 }
    #expect(all.count == 50)
    #expect(all.count { if case .taken = $0 { true } else { false } } == 1)
    #expect(all.count { if case .running = $0 { true } else { false } } == 49)
  }

  @Test("a moment is taken once, settled by who took it, and not due again")
  func once() throws {
    let store = try Fixture().store
    let schedule = try Self.schedule()
    try store.add(schedule)
    func take(_ token: String, at now: Double, alive: Bool = true) throws -> TakeResult {
      try store.takeDueMoment(
        of: "nightly", runner: Self.runner(token), until: moment(now + 60), now: moment(now), isAlive: { _ in alive })
    }
    guard case .notDue = try take("0", at: 1) else { return #expect(Bool(false), "due too early") }
    guard case .taken(let attempt) = try take("1", at: 7_200) else { return #expect(Bool(false), "not taken") }
    #expect(try store.schedule(named: "nightly")?.last == attempt)
    #expect(try take("2", at: 7_210) == .running(attempt))
    try store.settleMoment(of: "nightly", runner: Self.runner("2"), exitCode: 1, at: moment(7_220))
    #expect(try store.schedule(named: "nightly")?.last?.endedAt == nil, "settled by somebody else")
    #expect(try store.keepMoment(of: "nightly", runner: Self.runner("1"), until: moment(7_300)))
    try store.settleMoment(of: "nightly", runner: Self.runner("1"), exitCode: 3, at: moment(7_290))
    let last = try #require(try store.schedule(named: "nightly")?.last)
    #expect(last.exitCode == 3 && last.endedAt == moment(7_290))
    guard case .notDue(let next) = try take("3", at: 7_300) else { return #expect(Bool(false), "taken twice") }
    #expect(next == schedule.nextStart(after: moment(7_300)))
    #expect(try !store.keepMoment(of: "nightly", runner: Self.runner("1"), until: moment(9_999)))
  }

  @Test("what a runner that died has left is begun a second time and no third, what was stopped as often as it takes")
  func takeOver() throws {
    let store = try Fixture().store
    try store.add(try Self.schedule())
    func take(_ token: String, at now: Double) throws -> Int? {
      let result = try store.takeDueMoment(
        of: "nightly", runner: Self.runner(token), until: moment(now + 60), now: moment(now), isAlive: { _ in false })
      if case .taken(let attempt) = result { return attempt.count }
      return nil
    }
    #expect(try take("1", at: 7_200) == 1)
    #expect(try take("2", at: 7_201) == 2)
    #expect(try take("3", at: 7_202) == nil)
    // The next hour begins anew.
    for number in 4..<8 {
      #expect(try take("\(number)", at: 10_800 + Double(number)) == 1)
      try store.settleMoment(
        of: "nightly", runner: Self.runner("\(number)"), exitCode: 143, at: moment(10_801 + Double(number)))
    }
  }

  @Test("the process of another host is believed until its deadline")
  func otherHost() throws {
    let store = try Fixture().store
    try store.add(try Self.schedule())
    _ = try store.takeDueMoment(
      of: "nightly", runner: Self.runner("1", host: "b"), until: moment(7_260), now: moment(7_200),
      isAlive: { _ in false })
    for (now, isTaken) in [(7_259.0, false), (7_261.0, true)] {
      let result = try store.takeDueMoment(
        of: "nightly", runner: Self.runner("2"), until: moment(9_000), now: moment(now), isAlive: { _ in false })
      if case .taken = result { #expect(isTaken) } else { #expect(!isTaken) }
    }
  }
}
