/// `kith scheduler`: does what is due, again and again, until it is told to stop.
import CommandLanguage
import Execution
package import Foundation
import Model
import ServiceLifecycle
import Storage
import Synchronization

/// The scheduler as a service: two-way syncs are looked after one by one, and beside them schedules run, a few at once, so
/// that no push waits behind a long script. It stops between two records when the process is asked to end; what a
/// schedule has left then is still due, and the next scheduler carries it on.
package struct Scheduler: Service {
  private let session: Session
  private let said = SaidFailures()

  package init(_ session: Session) { self.session = session }

  /// So many schedules run at once.
  static let atOnce = 3
  /// So often the store is asked for schedules that were made or taken elsewhere, in seconds.
  private static let look = 20.0
  /// In seconds.
  private static let pauseAfterFailure = 30.0

  /// Runs until a graceful shutdown or the cancellation of its task; what is in flight then is finished and settled.
  package func run() async throws {
    session.log("the scheduler begins\n\(standing())")
    await cancelWhenGracefulShutdown {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await keepPushing() }
        group.addTask { await keepSchedules() }
      }
    }
    session.log("the scheduler has stopped")
  }

  /// Does what is due once, one thing after the other, and says when to come again.
  package func step() async -> Date {
    let next = await push()
    for name in dueSchedules() { _ = await carryOut(name) }
    return min(next, nextStart() ?? next)
  }

  /// Carries one schedule out, and returns what it ended with: `kith run --schedule`, which timers call and a person may.
  ///
  /// A call that comes when a timer would call, while nothing is due, does nothing: another timer or scheduler was there
  /// first, or the wall clock shows the time a second time. At any other time somebody wants it now.
  package func call(_ name: String) async -> ExitCode {
    do {
      guard let schedule = try session.store.schedule(named: name) else {
        throw session.unknown(name, as: "schedule", among: try session.store.schedules().map(\.name))
      }
      guard case .waits = session.standing(of: schedule), !session.isDry, !isTimersCall(of: schedule) else {
        return await carryOut(name)
      }
      session.log("\(name) is not due, and is run because it was asked for: \(schedule.work.words)")
      return await session.unattended(as: name).carryOut(schedule.work)
    } catch {
      let failure = ShellError(error)
      session.show(failure)
      return failure.code
    }
  }

  private func isTimersCall(of schedule: Schedule) -> Bool {
    let now = session.now
    if let last = schedule.last, now.timeIntervalSince(last.startedAt) < Self.sameCall { return true }
    return [schedule.timeZone, session.style.timeZone].contains { zone in
      FiringTimes.areCalls(FiringTimes.of(schedule, in: zone, from: now.addingTimeInterval(-86_400)), at: now, in: zone)
    }
  }

  /// Calls within so many seconds are those of one moment.
  private static let sameCall = 600.0

  // MARK: - Two-way syncs

  private func keepPushing() async {
    while !Task.isCancelled {
      let next = await push()
      try? await session.clock.sleep(for: .seconds(max(1, next.timeIntervalSince(session.now))))
    }
  }

  /// Does the pushes and hourly pulls that are due.
  func push() async -> Date {
    do {
      let due = try session.engine.pushes().filter { $0.times.next <= session.now }.map(\.sync)
      let (did, next) = try await session.engine.schedulerStep()
      said.forget(due.filter { sync in !did.contains { $0.trouble == sync } }.map(\.rawValue) + [""])
      for deed in did {
        let text = describe(deed)
        if let sync = deed.trouble, !said.isNews(text, of: sync.rawValue, at: session.now) { continue }
        session.log(text)
      }
      return next
    } catch {
      let failure = ShellError(error)
      let text = "\(failure.message)\(failure.hint.map { "  \($0)" } ?? "")"
      if failure.code != .interrupted, said.isNews(text, of: "", at: session.now) { session.log(text) }
      return session.now.addingTimeInterval(Self.pauseAfterFailure)
    }
  }

  // MARK: - Schedules

  private enum Event: Sendable {
    case ended(String)
    case look
  }

  private func keepSchedules() async {
    if session.isDry { return }
    await withTaskGroup(of: Event.self) { group in
      var underWay: Set<String> = []
      group.addTask { .look }
      // A child that ends makes room for what waits; when the task is cancelled, nothing new begins, and the loop ends
      // with the last child.
      for await event in group {
        if case .ended(let name) = event { underWay.remove(name) }
        if Task.isCancelled { continue }
        for name in dueSchedules() where underWay.count < Self.atOnce && underWay.insert(name).inserted {
          group.addTask {
            _ = await carryOut(name)
            return .ended(name)
          }
        }
        guard case .look = event else { continue }
        let now = session.now
        let pause = min(Self.look, max(1, nextStart()?.timeIntervalSince(now) ?? Self.look))
        group.addTask {
          try? await session.clock.sleep(for: .seconds(pause))
          return .look
        }
      }
    }
  }

  /// Those that are due, the one that waits longest first; what still runs is looked at when it is asked for.
  private func dueSchedules() -> [String] {
    do {
      return try session.store.schedules().compactMap { schedule -> (start: Date, name: String)? in
        switch session.standing(of: schedule) {
        case .due(let moment): (schedule.start(of: moment), schedule.name)
        case .running(let attempt):
          // Its time has come again while somebody is at work on it.
          schedule.lastMoment(startedBy: session.now) > attempt.moment ? (session.now, schedule.name) : nil
        case .waits: nil
        }
      }.sorted { ($0.start, $0.name) < ($1.start, $1.name) }.map(\.name)
    } catch {
      let failure = ShellError(error)
      if said.isNews(failure.message, of: "schedules", at: session.now) { session.log(failure.message) }
      return []
    }
  }

  private func nextStart() -> Date? { ((try? session.store.schedules()) ?? []).compactMap(session.nextStart).min() }

  /// Takes the due moment of a schedule, where nobody else has, carries it out, and settles it.
  private func carryOut(_ name: String) async -> ExitCode {
    if session.isDry {
      session.log("dry: \(name) is not run")
      return .done
    }
    let runner = Schedule.Runner(
      pid: session.who.pid, host: session.who.host, user: session.who.user, token: UUID().uuidString)
    do {
      let (store, clock) = (session.store, session.clock)
      let result = try store.takeDueMoment(
        of: name, runner: runner, until: clock.now().addingTimeInterval(Self.period), now: clock.now())
      switch result {
      case .notDue(let next):
        session.log("\(name) is not due; it starts next at \(next.formatted(.iso8601))")
        return .done
      case .running(let attempt):
        let owner = attempt.runner
        let text =
          "\(name) still runs, since \(attempt.startedAt.formatted(.iso8601)): process \(owner.pid) of \(owner.user) on "
          + "\(owner.host); it is not run twice at once"
        if said.isNews(text, of: "schedule \(name)", at: session.now) { session.log(text) }
        return .stale
      case .taken(let attempt):
        said.forget(["schedule \(name)"])
        guard let schedule = try store.schedule(named: name) else { return .done }
        session.log(beginning(of: schedule, attempt))
        let code = await keeping(name, runner) { await session.unattended(as: name).carryOut(schedule.work) }
        // Only what this process itself was told to leave is still to be done.
        let ending = Task.isCancelled ? .interrupted : code == .interrupted ? .partial : code
        try store.settleMoment(of: name, runner: runner, exitCode: ending.rawValue, at: clock.now())
        let took = spent(clock.now().timeIntervalSince(attempt.startedAt))
        session.log(
          "\(name): \(ending.word) after \(took)"
            + (ending == .done
              ? ""
              : ending == .interrupted
                ? "; what is left is done at the next start"
                : "; \(ending.meaning)"))
        return ending
      }
    } catch {
      let failure = ShellError(error)
      session.log("\(name): \(failure.message)\(failure.hint.map { "  \($0)" } ?? "")")
      return failure.code
    }
  }

  private func beginning(of schedule: Schedule, _ attempt: Schedule.Attempt) -> String {
    var text = "\(schedule.name) begins: \(schedule.work.words), due \(attempt.moment.formatted(.iso8601))"
    if attempt.count > 1 { text += ", a second time: the process that began it has died" }
    return text
  }

  /// A runner that does not say within so many seconds that it lives counts as dead; it says so three times as often.
  private static let period = 60.0

  /// Does the work while it says again and again that its runner lives. A moment that went to somebody else meanwhile,
  /// because the machine slept, cancels the work.
  private func keeping(
    _ name: String, _ runner: Schedule.Runner, _ body: @escaping @Sendable () async -> ExitCode
  ) async -> ExitCode {
    let (store, clock) = (session.store, session.clock)
    let work = Task { await body() }
    // No child of this task: work that was cancelled still settles what is in flight, and keeps its moment while it does.
    let keeper = Task {
      while !Task.isCancelled {
        guard (try? await clock.sleep(for: .seconds(Self.period / 3))) != nil else { return }
        let until = clock.now().addingTimeInterval(Self.period)
        // A store that cannot be written now may be writable at the next turn.
        if (try? store.keepMoment(of: name, runner: runner, until: until)) == false { work.cancel() }
      }
    }
    defer { keeper.cancel() }
    return await withTaskCancellationHandler {
      await work.value
    } onCancel: {
      work.cancel()
    }
  }

  // MARK: - Words

  /// What there is to look after, for the first lines of the log.
  private func standing() -> String {
    do {
      let schedules = try session.store.schedules().map { schedule in
        "\(schedule.name): \(session.whenWords(of: schedule)), \(session.nextWords(of: schedule))"
      }
      let pushes = try session.engine.pushes().map { entry in
        let push = entry.times.push.map { "pushed \(relative($0, to: session.now))" } ?? "not pushed, two-way is off"
        return "\(entry.sync): \(push), read whole \(relative(entry.times.full, to: session.now))"
      }
      return
        ((schedules.isEmpty ? ["nothing is scheduled"] : session.isDry ? ["dry: schedules are not run"] : schedules)
        + (pushes.isEmpty ? ["no enabled sync goes both ways, so there is nothing to push"] : pushes))
        .joined(separator: "\n")
    } catch {
      return ShellError(error).message
    }
  }

  private func describe(_ deed: SchedulerDeed) -> String {
    switch deed {
    case .pushed(let sync, let run): "\(sync) pushed: \(session.summary(of: run))"
    case .synced(let sync, let run): "\(sync) synced: \(session.summary(of: run))"
    case .failed(let sync, let error): "\(sync) failed: \(error.message)\(error.hint.map { "  \($0)" } ?? "")"
    case .letPass(let sync): "\(sync): somebody else is at work on it; it is looked at again shortly"
    }
  }
}

extension SchedulerDeed {
  /// The sync with which something is wrong, which is said once while it lasts.
  fileprivate var trouble: SyncName? {
    switch self {
    case .failed(let sync, _), .letPass(let sync): sync
    case .pushed, .synced: nil
    }
  }
}

/// What was said of failures: the same one is said again only when an hour has passed, or when it was over in between.
package final class SaidFailures: Sendable {
  private let said = Mutex<[String: (text: String, at: Date)]>([:])

  package init() {}

  /// Whether this is to be said; if so, it counts as said.
  package func isNews(_ text: String, of whom: String, at now: Date) -> Bool {
    said.withLock { said in
      if let last = said[whom], last.text == text, now.timeIntervalSince(last.at) < 3_600 { return false }
      said[whom] = (text, now)
      return true
    }
  }

  /// These have done well.
  package func forget(_ whom: [String]) { said.withLock { said in for name in whom { said[name] = nil } } }
}

extension Session {
  /// Lines of a log, each with its time, on standard error.
  fileprivate func log(_ text: String) {
    let time = now.formatted(.iso8601)
    tell(text.split(separator: "\n").map { "\(time)  \($0)" }.joined(separator: "\n"))
  }

  /// A session beside this one, over the same home, in which nobody can be asked; everything that it says goes into the
  /// log, under a name.
  fileprivate func unattended(as name: String) -> Session {
    let plain = StyleSource(
      isTerminal: false, color: false, ascii: style.ascii, timeZone: style.timeZone, progress: nil, width: { nil })
    return sitting(output: LogLines(of: name, clock: clock, into: output), asking: nil, style: plain)
  }

  /// Does what a schedule is for.
  fileprivate func carryOut(_ work: Schedule.Work) async -> ExitCode {
    switch work {
    case .script(let name, let arguments):
      let ending = await runScript(
        name, arguments: arguments.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) })
      if let refusal = ending.refusal { show(refusal) }
      tell(ending.report)
      return ending.code
    case .sync(let name):
      let began = now
      let code = await sync(bySchedule: name)
      if code != .done { await notify(ofSync: name, code, began: began) }
      return code
    }
  }

  private func sync(bySchedule name: SyncName) async -> ExitCode {
    do {
      guard try engine.hasParts(sync(named: name)) else {
        let run = try await engine.syncUnattended(name)
        tell(summary(of: run))
        return ExitCode(run.outcome)
      }
      let result = try await engine.syncPartsUnattended(of: name)
      tell(summary(of: result, named: try sync(named: name)))
      return ExitCode(result.run.outcome)
    } catch {
      let failure = ShellError(error)
      show(failure)
      return failure.code
    }
  }
}

/// What a scheduled run says, as lines of a log with the time and the schedule's name.
private final class LogLines: OutputSink {
  private let name: String
  private let clock: any WallClock
  private let output: any OutputSink
  private let begun = Mutex("")

  init(of name: String, clock: any WallClock, into output: any OutputSink) {
    self.name = name
    self.clock = clock
    self.output = output
  }

  deinit { begun.withLock { if !$0.isEmpty { write([$0]) } } }

  func writeOut(_ text: String) { writeError(text) }

  func writeError(_ text: String) {
    begun.withLock { begun in
      var lines = (begun + text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      begun = lines.removeLast()
      write(lines)
    }
  }

  private func write(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    let time = clock.now().formatted(.iso8601)
    output.writeError(lines.map { "\(time)  \(name)  \($0)\n" }.joined())
  }
}
