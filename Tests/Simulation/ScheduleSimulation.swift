/// Forty days of schedules: two processes that take what is due, a machine that sleeps, crashes, restarts, and clocks that
/// change in three zones. Every moment is carried out exactly once, or, where nobody could, caught up by the next one.
import Foundation
import Model
import Storage
import Testing

/// One seed after the other: the other tests need the threads too.
@Suite(.serialized) struct ScheduleSimulation {
  @Test("no moment is lost and none is done twice in forty days", arguments: [1, 2] as [UInt64])
  func fortyDays(seed: UInt64) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kith-schedules-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var world = ScheduledWorld(store: try Store.open(at: folder.appendingPathComponent("kith.sqlite")), seed: seed)
    for schedule in try ScheduledWorld.schedules() { try world.store.add(schedule) }
    while world.now < ScheduledWorld.end { try world.step() }
    for schedule in try world.store.schedules() { world.judge(schedule, seed: seed) }
    // What the laws are about has happened.
    #expect(
      world.caughtUp > 0 && world.takenOver > 0 && world.carriedOn > 0 && world.lost > 0, "seed \(seed): \(world)")
  }
}

private struct ScheduledWorld: CustomStringConvertible {
  let store: Store
  private var generator: Seeded
  private(set) var now = Self.begin
  private var processes: [Process]
  private var lastID: Int32 = 100
  private var jobs: [Job] = []
  private var free: [String: [Date]] = [:]
  private var begun: [String: [Date: Date]] = [:]
  private var done: [String: [Date: Int]] = [:]
  private var givenUp: [String: Set<Date>] = [:]
  private(set) var caughtUp = 0
  private(set) var takenOver = 0
  private(set) var carriedOn = 0
  private(set) var lost = 0

  /// New York changes its clocks on 8 March 2026, Lisbon on 29 March, Sydney on 5 April.
  static let begin = Date(timeIntervalSince1970: 1_772_323_200)
  static let end = begin.addingTimeInterval(40 * 86_400)

  static func schedules() throws -> [Schedule] {
    try [
      ("gap", "every day at 02:30", "America/New_York"), ("nightly", "every day at 01:30", "Europe/Lisbon"),
      ("south", "every day at 02:30", "Australia/Sydney"), ("early", "every mon, wed at 06:30", "UTC"),
      ("work", "every weekday at 18:00", "Europe/Lisbon"), ("hourly", "every hour at :15", "America/New_York"),
      ("parts", "every 6 hours", "America/New_York"), ("often", "every 30 minutes", "Europe/Lisbon"),
    ].map { name, words, zone in
      Schedule(
        name: name, work: .script(name, arguments: [:]), recurrence: try Recurrence(words), zone: zone, madeBy: "tess",
        madeAt: begin)
    }
  }

  private struct Process {
    var id: Int32?
    /// When it is started again, while it is down.
    var back = Date.distantPast
  }

  private struct Job {
    var schedule: String
    var moment: Date
    var process: Int32
    var token: String
    var ends: Date
    var until: Date
  }

  /// A runner that does not say within so many seconds that it lives counts as dead.
  private static let period = 7_200.0

  init(store: Store, seed: UInt64) {
    self.store = store
    generator = Seeded(state: seed)
    processes = [Process(id: 1), Process(id: 2)]
  }

  var description: String {
    "caught up \(caughtUp), taken over \(takenOver), carried on \(carriedOn), lost to another \(lost)"
  }

  // MARK: - What happens

  /// The next thing that happens: a start, an end, or trouble.
  mutating func step() throws {
    let schedules = try store.schedules()
    let starts = schedules.map { $0.nextStart(after: now) }
    let ends = jobs.map(\.ends)
    let next = ([now.addingTimeInterval(1_800)] + starts + ends).min() ?? now
    now = max(next, now.addingTimeInterval(1)).addingTimeInterval(Double.random(in: 0...40, using: &generator))
    keepMoments()
    switch Int.random(in: 0..<400, using: &generator) {
    case 0: fallAsleep()
    case 1..<5: crash()
    case 5..<9: stop()
    default: break
    }
    for index in processes.indices where processes[index].id == nil && processes[index].back <= now {
      lastID += 1
      processes[index].id = lastID
    }
    try endJobs()
    try takeWhatIsDue()
  }

  /// The machine sleeps with everything on it. What runs goes on behind it, but its moment may be another's by then.
  private mutating func fallAsleep() {
    let hours = Double.random(in: 0.5...30, using: &generator)
    now.addTimeInterval(3_600 * hours)
    for index in jobs.indices { jobs[index].ends.addTimeInterval(3_600 * hours) }
    if Bool.random(using: &generator) { keepMoments() }
  }

  /// A process dies, and what it was at with it.
  private mutating func crash() {
    guard let index = processes.indices.filter({ processes[$0].id != nil }).randomElement(using: &generator) else {
      return
    }
    let dead = processes[index].id
    jobs.removeAll { $0.process == dead }
    processes[index].id = nil
    processes[index].back = now.addingTimeInterval(Double.random(in: 0...20_000, using: &generator))
  }

  /// A process is told to end: it settles what is in flight, and leaves the rest.
  private mutating func stop() {
    guard let index = processes.indices.filter({ processes[$0].id != nil }).randomElement(using: &generator) else {
      return
    }
    for job in jobs where job.process == processes[index].id {
      try? store.settleMoment(of: job.schedule, runner: runner(of: job), exitCode: 143, at: now)
      carriedOn += 1
    }
    let gone = processes[index].id
    jobs.removeAll { $0.process == gone }
    processes[index].id = nil
    processes[index].back = now.addingTimeInterval(Double.random(in: 0...5_000, using: &generator))
  }

  private mutating func keepMoments() {
    for index in jobs.indices.reversed() {
      let job = jobs[index]
      // In good time: writing each minute would be forty days of writing.
      guard job.until < now.addingTimeInterval(Self.period / 2) else { continue }
      jobs[index].until = now.addingTimeInterval(Self.period)
      let isKept = try? store.keepMoment(of: job.schedule, runner: runner(of: job), until: jobs[index].until)
      // Cancelled, as the scheduler cancels it.
      if isKept == false {
        jobs.remove(at: index)
        lost += 1
      }
    }
  }

  private mutating func endJobs() throws {
    for job in jobs where job.ends <= now {
      try store.settleMoment(of: job.schedule, runner: runner(of: job), exitCode: 0, at: now)
      let isOurs = try store.schedule(named: job.schedule)?.last?.runner.token == job.token
      if isOurs { done[job.schedule, default: [:]][job.moment, default: 0] += 1 }
    }
    jobs.removeAll { $0.ends <= now }
  }

  private mutating func takeWhatIsDue() throws {
    let alive = Set(processes.compactMap(\.id))
    guard !alive.isEmpty else { return }
    for schedule in try store.schedules() {
      let before = schedule.last
      let standing = schedule.standing(at: now, isAlive: { alive.contains($0.pid) })
      if case .running = standing { continue }
      free[schedule.name, default: []].append(now)
      // As the scheduler does, the store is asked for what looks due only.
      guard case .due = standing else { continue }
      // Sorted first: the order of a set differs from run to run, and the seed is to decide all that happens.
      for process in alive.sorted().shuffled(using: &generator) {
        let token = "\(process)-\(now.timeIntervalSince1970)"
        let asking = Schedule.Runner(pid: process, host: "here", user: "tess", token: token)
        let result = try store.takeDueMoment(
          of: schedule.name, runner: asking, until: now.addingTimeInterval(Self.period), now: now,
          isAlive: { alive.contains($0) })
        guard case .taken(let attempt) = result else { continue }
        if attempt.count > 1 { takenOver += 1 }
        if before?.count == 2, before?.endedAt == nil, let moment = before?.moment, moment != attempt.moment {
          givenUp[schedule.name, default: []].insert(moment)
        }
        if begun[schedule.name]?[attempt.moment] == nil { begun[schedule.name, default: [:]][attempt.moment] = now }
        let lengths: [Double] = [0.1, 0.5, 3, 90]
        let minutes = lengths.randomElement(using: &generator) ?? 1
        jobs.append(
          Job(
            schedule: schedule.name, moment: attempt.moment, process: process, token: token,
            ends: now.addingTimeInterval(60 * minutes), until: now.addingTimeInterval(Self.period)))
      }
    }
  }

  private func runner(of job: Job) -> Schedule.Runner {
    Schedule.Runner(pid: job.process, host: "here", user: "tess", token: job.token)
  }

  // MARK: - The laws

  mutating func judge(_ schedule: Schedule, seed: UInt64) {
    let name = schedule.name
    let due = Self.reckoned(schedule).filter { schedule.start(of: $0) < Self.end }
    let all = Set(due)
    for (moment, count) in done[name] ?? [:] {
      #expect(all.contains(moment), "seed \(seed): \(name) ran for \(moment), which is none of its moments")
      #expect(count == 1, "seed \(seed): \(name) was carried through \(count) times for \(moment)")
    }
    for (index, moment) in due.enumerated() where done[name]?[moment] == nil {
      if givenUp[name]?.contains(moment) == true { continue }
      // Nobody could before the next one came: asleep, down, or still at the one before it.
      let until = index + 1 < due.count ? schedule.start(of: due[index + 1]) : Self.end
      let chances = (free[name] ?? []).filter { $0 >= schedule.start(of: moment) && $0 < until }
      if let first = chances.first {
        // It was begun at the first chance, and its runner met with trouble until the next one took its place.
        #expect(begun[name]?[moment] == first, "seed \(seed): \(name) let \(moment) pass at \(first)")
      } else {
        caughtUp += 1
      }
    }
    for (moment, start) in begun[name] ?? [:] {
      let first = (free[name] ?? []).first { $0 >= schedule.start(of: moment) }
      #expect(
        start == first, "seed \(seed): \(name) began \(moment) at \(start), and could at \(String(describing: first))")
    }
  }

  /// The moments by walking the calendar, in another way than the schedule reckons them: quarter by quarter, since all
  /// times here, and all changes of clocks, are at quarters.
  private static func reckoned(_ schedule: Schedule) -> [Date] {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = schedule.timeZone
    var found: [Date] = []
    // The times of day that have come on the present day already.
    var seen: Set<Int> = []
    var day: Int?
    var date = begin.addingTimeInterval(-86_400)
    while date < end {
      let parts = calendar.dateComponents([.day, .weekday, .hour, .minute], from: date)
      let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
      if parts.day != day { (day, seen) = (parts.day, []) }
      var isMoment = false
      func comes(_ time: Int) {
        if minute >= time, seen.insert(time).inserted { isMoment = true }
      }
      switch schedule.recurrence {
      case .days(let days, let time):
        if days.contains(Weekday.allCases[((parts.weekday ?? 1) + 5) % 7]) { comes(time) }
      case .hours(let count): for hour in stride(from: 0, to: 24, by: count) { comes(60 * hour) }
      case .hourly(let wanted): isMoment = parts.minute == wanted
      case .minutes(let count): isMoment = (parts.minute ?? 0) % count == 0
      }
      if isMoment, date > begin { found.append(date) }
      date.addTimeInterval(900)
    }
    return found
  }
}

private struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
