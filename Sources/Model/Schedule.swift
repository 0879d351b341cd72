/// What runs by itself, and when it is due: pure reckoning over what the store remembers.
package import Foundation

/// A saved script or a sync that runs by itself, again and again.
///
/// A *moment* of a schedule is what its words say, such as 02:00 today; it *starts* a little later, by the schedule's
/// ``delay``. Of all moments that passed while nothing ran schedules only the last one is due.
package struct Schedule: Hashable, Sendable {
  package enum Work: Hashable, Sendable {
    /// A saved script with the values of its parameters.
    case script(String, arguments: [String: String])
    case sync(SyncName)
  }

  package var name: String
  package var work: Work
  package var recurrence: Recurrence
  /// The name of the time zone in the IANA's data base.
  package var zone: String
  package var madeBy: String
  package var madeAt: Date
  /// The moment that was taken last, and how it went; `nil` before the first.
  package var last: Attempt?

  package init(
    name: String, work: Work, recurrence: Recurrence, zone: String, madeBy: String, madeAt: Date, last: Attempt? = nil
  ) {
    self.name = name
    self.work = work
    self.recurrence = recurrence
    self.zone = zone
    self.madeBy = madeBy
    self.madeAt = madeAt
    self.last = last
  }

  /// Who carries a moment out.
  package struct Runner: Hashable, Sendable {
    package var pid: Int32
    package var host: String
    package var user: String
    /// Tells two runners of one process apart.
    package var token: String
    package init(pid: Int32, host: String, user: String, token: String) {
      self.pid = pid
      self.host = host
      self.user = user
      self.token = token
    }
  }

  /// A moment that somebody took.
  package struct Attempt: Hashable, Sendable {
    package var moment: Date
    /// How often it was begun: twice where the first runner died over it.
    package var count: Int
    package var runner: Runner
    package var startedAt: Date
    /// When its runner counts as dead unless it says that it lives.
    package var until: Date
    package var endedAt: Date?
    /// What it ended with, of kith's table of exit codes; `nil` while it runs, and where its runner died.
    package var exitCode: Int32?

    package init(
      moment: Date, count: Int, runner: Runner, startedAt: Date, until: Date, endedAt: Date? = nil,
      exitCode: Int32? = nil
    ) {
      self.moment = moment
      self.count = count
      self.runner = runner
      self.startedAt = startedAt
      self.until = until
      self.endedAt = endedAt
      self.exitCode = exitCode
    }

    /// The exit codes of what was stopped from outside: hung up, interrupted, terminated. What is left is still to do.
    package static let stopped: Set<Int32> = [129, 130, 143]
  }

  package enum Standing: Hashable, Sendable {
    /// Its next start is at this date.
    case waits(until: Date)
    /// This moment is to be carried out now.
    case due(Date)
    case running(Attempt)
  }

  // MARK: - Reckoning

  package var timeZone: TimeZone { TimeZone(identifier: zone) ?? .gmt }

  /// How much later than its moments it starts, in whole minutes and always the same, from its name: so that what is
  /// scheduled for one time does not start all at once. At most 4 minutes, and at most a tenth of its interval.
  package var delay: Duration { .seconds(60 * delayMinutes) }

  private var delayMinutes: Int {
    var hash: UInt32 = 2_166_136_261
    for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return Int(hash % UInt32(min(4, recurrence.interval / 10) + 1))
  }

  /// When a moment of it starts.
  package func start(of moment: Date) -> Date { moment.addingTimeInterval(Double(60 * delayMinutes)) }

  /// The first start after a date.
  package func nextStart(after date: Date) -> Date {
    start(of: recurrence.next(after: date.addingTimeInterval(Double(-60 * delayMinutes)), in: timeZone))
  }

  /// The last moment whose start is not after a date.
  package func lastMoment(startedBy date: Date) -> Date {
    recurrence.last(by: date.addingTimeInterval(Double(-60 * delayMinutes)), in: timeZone)
  }

  /// How it stands now.
  ///
  /// A moment whose runner died is begun a second time, and not a third; one that was stopped from outside is due until it
  /// is carried through.
  /// - Parameter isAlive: whether a runner's process lives, as far as that can be known.
  package func standing(at now: Date, isAlive: (Runner) -> Bool) -> Standing {
    let latest = lastMoment(startedBy: now)
    guard let last else { return latest > madeAt ? .due(latest) : .waits(until: nextStart(after: now)) }
    if last.endedAt == nil, last.until > now, isAlive(last.runner) { return .running(last) }
    // A moment of a far future was taken by a clock that went wrong; waiting for it would be waiting for ever.
    if latest > last.moment || last.moment > now.addingTimeInterval(86_400) { return .due(latest) }
    let isLeft = last.endedAt == nil ? last.count < 2 : last.exitCode.map(Attempt.stopped.contains) ?? false
    return isLeft ? .due(last.moment) : .waits(until: nextStart(after: now))
  }
}
