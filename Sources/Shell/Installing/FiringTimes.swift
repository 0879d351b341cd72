/// At which times of a wall clock a schedule has to be called, for timers that know nothing else.
import Foundation
import Model

/// Times of a zone's wall clock at which one schedule starts, over the next two years.
///
/// Where the schedule goes by another zone, or a clock jumps over its time, there are more of them than it has starts.
/// That does no harm: a call of a schedule that is not due does nothing.
struct FiringTimes: Hashable {
  var days: Set<Weekday>
  var hours: Set<Int>
  var minutes: Set<Int>

  static func of(_ schedule: Schedule, in zone: TimeZone, from now: Date) -> [FiringTimes] {
    var days: [Time: Set<Weekday>] = [:]
    for day in sampled(schedule.timeZone, zone, from: now) {
      for moment in schedule.recurrence.moments(on: day, in: schedule.timeZone) {
        let start = schedule.start(of: moment)
        let minute = CivilDay.local(start, zone) / 60
        let time = Time(hour: minute / 60 % 24, minute: minute % 60)
        days[time, default: []].insert(CivilDay.weekday(CivilDay.number(of: start, in: zone)))
      }
    }
    // Hours that have the same minute on the same days go together, then minutes of the same hours and days.
    var hours: [Minute: Set<Int>] = [:]
    for (time, days) in days { hours[Minute(days: days, minute: time.minute), default: []].insert(time.hour) }
    var minutes: [FiringTimes: Set<Int>] = [:]
    for (key, hours) in hours {
      minutes[FiringTimes(days: key.days, hours: hours, minutes: []), default: []].insert(key.minute)
    }
    return minutes.map { FiringTimes(days: $0.key.days, hours: $0.key.hours, minutes: $0.value) }.sorted {
      ($1.days.count, $0.hours.min() ?? 0, $0.minutes.min() ?? 0)
        < ($0.days.count, $1.hours.min() ?? 0, $1.minutes.min() ?? 0)
    }
  }

  /// Whether a timer's call may come at this moment: the wall clock of the zone shows one of the times, or did so within
  /// the last minutes, since a busy machine calls late.
  static func areCalls(_ times: [FiringTimes], at now: Date, in zone: TimeZone) -> Bool {
    (0...latest).contains { minutes in
      let moment = now.addingTimeInterval(Double(-60 * minutes))
      let minute = CivilDay.local(moment, zone) / 60
      let day = CivilDay.weekday(CivilDay.number(of: moment, in: zone))
      return times.contains {
        $0.days.contains(day) && $0.hours.contains(minute / 60 % 24) && $0.minutes.contains(minute % 60)
      }
    }
  }

  /// In minutes.
  private static let latest = 5

  private struct Time: Hashable {
    var hour: Int
    var minute: Int
  }

  private struct Minute: Hashable {
    var days: Set<Weekday>
    var minute: Int
  }

  /// The next fortnight, and for two years the days around each change of a clock with a week behind it: between these no
  /// day differs from its neighbours.
  private static func sampled(_ zones: TimeZone..., from now: Date) -> Set<Int> {
    let today = CivilDay.number(of: now, in: .gmt)
    var days = Set((today - 1)...(today + 14))
    let end = now.addingTimeInterval(2 * 366 * 86_400)
    for zone in zones {
      var last = now
      while let change = zone.nextDaylightSavingTimeTransition(after: last), change > last, change < end {
        let day = CivilDay.number(of: change, in: .gmt)
        days.formUnion((day - 2)...(day + 9))
        last = change
      }
    }
    return days
  }

  private var isEveryDay: Bool { days.count == Weekday.allCases.count }

  /// `Mon,Wed *-*-* 02:03:00`
  func systemd(zone: String) -> String {
    let on =
      isEveryDay
      ? ""
      : days.sorted().map { $0.short.prefix(1).uppercased() + $0.short.dropFirst() }
        .joined(separator: ",") + " "
    return "\(on)*-*-* \(Self.list(hours, of: 24, digits: 2)):\(Self.list(minutes, of: 60, digits: 2)):00 \(zone)"
  }

  /// `3 2 * * 1,3`
  var cron: String {
    // cron counts from Sunday.
    let on = isEveryDay ? "*" : days.map { String(($0.rawValue + 1) % 7) }.sorted().joined(separator: ",")
    return "\(Self.list(minutes, of: 60, digits: 1)) \(Self.list(hours, of: 24, digits: 1)) * * \(on)"
  }

  private static func list(_ numbers: Set<Int>, of all: Int, digits: Int) -> String {
    if numbers.count == all { return "*" }
    return numbers.sorted().map { $0 < 10 && digits == 2 ? "0\($0)" : "\($0)" }.joined(separator: ",")
  }
}
