/// When something comes again: the words after `every`, and the moments that they mean in a time zone.
package import Foundation

/// A day of the week.
package enum Weekday: Int, Hashable, Sendable, CaseIterable, Comparable {
  case monday, tuesday, wednesday, thursday, friday, saturday, sunday

  /// `monday`, or `mon`.
  package init?(_ word: String) {
    guard let day = Self.allCases.first(where: { [$0.name, $0.short].contains(word.lowercased()) }) else { return nil }
    self = day
  }

  package var name: String { "\(self)" }
  package var short: String { String(name.prefix(3)) }

  package static let workdays: Set<Weekday> = [.monday, .tuesday, .wednesday, .thursday, .friday]

  package static func < (left: Weekday, right: Weekday) -> Bool { left.rawValue < right.rawValue }
}

/// A time of day, or of an hour, in whole minutes.
package enum ClockTime {
  /// `02:00` in minutes since midnight; `nil` for what is none, such as `25:00`.
  package static func ofDay(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].count), let hour = whole(parts[0]), hour < 24,
      let minute = ofHour(":" + parts[1])
    else { return nil }
    return hour * 60 + minute
  }

  /// `:15`; `nil` for what is none, such as `:75`.
  package static func ofHour(_ text: String) -> Int? {
    guard text.hasPrefix(":"), text.count == 3, let minute = whole(text.dropFirst()), minute < 60 else { return nil }
    return minute
  }

  static func words(ofDay minutes: Int) -> String { "\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))" }

  static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func whole(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }
}

/// Words that say no recurrence: a sentence and what to write instead.
package struct InvalidRecurrence: Error, Hashable, Sendable {
  package var message: String
  package var hint: String
}

/// How often something comes, by the clock of a time zone.
///
/// Two kinds behave differently where clocks change. A *time of day* (`every day at 02:00`, `every 4 hours`) comes exactly
/// once: where the clock jumps over it, at the moment of the jump; where it is there twice, the first time. *Rounds*
/// (`every hour`, `every 15 minutes`) go on through both: the hour that is left out has none, the repeated hour has its own.
package enum Recurrence: Hashable, Sendable {
  /// On these days, so many minutes after midnight.
  case days(Set<Weekday>, at: Int)
  /// At midnight and every so many hours after it; 2, 3, 4, 6, 8 or 12.
  case hours(Int)
  /// Each hour, so many minutes past it.
  case hourly(minute: Int)
  /// At the full hour and every so many minutes after it; a divisor of 60 up to 30.
  case minutes(Int)

  /// The numbers of hours that a day can be parted into.
  package static let hourSteps = [2, 3, 4, 6, 8, 12]
  /// The numbers of minutes that an hour can be parted into.
  package static let minuteSteps = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30]

  // MARK: - Words

  /// Reads `every day at 02:00`, `every mon, wed`, `every hour at :15`, `every 4 hours`. Days without a time mean midnight.
  package init(_ text: String) throws(InvalidRecurrence) {
    var words = text.split { $0 == " " || $0 == "," }.map(String.init)[...]
    func fail(_ message: String, _ hint: String = "every day at 02:00") -> InvalidRecurrence {
      InvalidRecurrence(message: message, hint: hint)
    }
    guard words.popFirst() == "every", let first = words.popFirst() else {
      throw fail("“\(text)” does not say how often.")
    }
    var time: String?
    if let at = words.firstIndex(of: "at") {
      guard words[words.index(after: at)...].count == 1, let last = words.last else {
        throw fail("One time stands after at, and “\(text)” has another number of them.")
      }
      time = last
      words = words[..<at]
    }
    func ofDay() throws(InvalidRecurrence) -> Int {
      guard let time else { return 0 }
      guard let minutes = ClockTime.ofDay(time) else {
        throw fail("\(time) is no time of day: 00:00 to 23:59.", "at 02:00")
      }
      return minutes
    }
    if let count = Int(first) {
      guard words.count == 1, time == nil, let unit = words.first, ["hours", "minutes"].contains(unit) else {
        throw fail("“\(text)” is not understood.", "every \(first) hours, or  every \(first) minutes")
      }
      let steps = unit == "hours" ? Self.hourSteps : Self.minuteSteps
      guard steps.contains(count) else { throw InvalidRecurrence(count, unit) }
      self = unit == "hours" ? .hours(count) : .minutes(count)
      return
    }
    switch first {
    case "hour":
      guard words.isEmpty else { throw fail("“\(text)” is not understood.", "every hour at :15") }
      guard let time else {
        self = .hourly(minute: 0)
        return
      }
      guard let minute = ClockTime.ofHour(time) else {
        throw fail("\(time) is no minute of an hour: :00 to :59.", "every hour at :15")
      }
      self = .hourly(minute: minute)
    case "minute":
      guard words.isEmpty, time == nil else { throw fail("“\(text)” is not understood.", "every minute") }
      self = .minutes(1)
    case "day", "weekday":
      guard words.isEmpty else { throw fail("“\(text)” is not understood.", "every \(first) at 02:00") }
      self = .days(first == "day" ? Set(Weekday.allCases) : Weekday.workdays, at: try ofDay())
    default:
      var days: Set<Weekday> = []
      for word in [first] + words {
        guard let day = Weekday(word) else { throw fail("“\(word)” is no day of the week.", "every mon, wed at 06:30") }
        days.insert(day)
      }
      self = .days(days, at: try ofDay())
    }
  }

  /// The words that mean this, always with the time: `every mon, wed at 06:30`.
  package var words: String {
    switch self {
    case .days(let days, let minutes): "every \(Self.words(of: days)) at \(ClockTime.words(ofDay: minutes))"
    case .hours(let count): "every \(count) hours"
    case .hourly(minute: 0): "every hour"
    case .hourly(let minute): "every hour at :\(ClockTime.twoDigits(minute))"
    case .minutes(1): "every minute"
    case .minutes(let count): "every \(count) minutes"
    }
  }

  private static func words(of days: Set<Weekday>) -> String {
    if days.count == Weekday.allCases.count { return "day" }
    if days == Weekday.workdays { return "weekday" }
    if days.count == 1, let only = days.first { return only.name }
    return days.sorted().map(\.short).joined(separator: ", ")
  }

  // MARK: - Moments

  /// The usual time from one to the next, in minutes; of several, the shortest.
  package var interval: Int {
    switch self {
    case .days: 24 * 60
    case .hours(let count): count * 60
    case .hourly: 60
    case .minutes(let count): count
    }
  }

  /// Whether it goes on through a change of the clocks.
  package var isRound: Bool {
    switch self {
    case .hourly, .minutes: true
    case .days, .hours: false
    }
  }

  /// The first moment after a date.
  package func next(after date: Date, in zone: TimeZone) -> Date {
    if isRound {
      var minute = Self.minute(of: date) + 1
      while !isMoment(minute, in: zone) { minute += 1 }
      return Date(timeIntervalSince1970: Double(minute * 60))
    }
    let today = CivilDay.number(of: date, in: zone)
    // A week and a day hold every weekday; the day before, because a jump may reach over midnight.
    for day in (today - 1)...(today + 8) {
      if let found = moments(on: day, in: zone).first(where: { $0 > date }) { return found }
    }
    preconditionFailure("a recurrence has a moment in every week")
  }

  /// The last moment that is not after a date.
  package func last(by date: Date, in zone: TimeZone) -> Date {
    if isRound {
      var minute = Self.minute(of: date)
      while !isMoment(minute, in: zone) { minute -= 1 }
      return Date(timeIntervalSince1970: Double(minute * 60))
    }
    let today = CivilDay.number(of: date, in: zone)
    for day in ((today - 8)...(today + 1)).reversed() {
      if let found = moments(on: day, in: zone).last(where: { $0 <= date }) { return found }
    }
    preconditionFailure("a recurrence has a moment in every week")
  }

  /// The moments of one day of the zone's calendar, in their order.
  package func moments(on day: Int, in zone: TimeZone) -> [Date] {
    let minutes: [Int]
    switch self {
    case .days(let days, let minute): minutes = days.contains(CivilDay.weekday(day)) ? [minute] : []
    case .hours(let count): minutes = Array(stride(from: 0, to: 24 * 60, by: count * 60))
    case .hourly, .minutes:
      let begin = Self.minute(of: CivilDay.moment(of: day * 86_400, in: zone))
      let end = Self.minute(of: CivilDay.moment(of: (day + 1) * 86_400, in: zone))
      return (begin..<max(begin, end)).filter { isMoment($0, in: zone) }.map {
        Date(timeIntervalSince1970: Double($0 * 60))
      }
    }
    return Set(minutes.map { CivilDay.moment(of: day * 86_400 + $0 * 60, in: zone) }).sorted()
  }

  /// Whether a round comes at this minute, counted from 1970: that depends only on the minute which the wall clock shows.
  private func isMoment(_ minute: Int, in zone: TimeZone) -> Bool {
    let local = CivilDay.local(Date(timeIntervalSince1970: Double(minute * 60)), zone) / 60
    switch self {
    case .hourly(let wanted): return local % 60 == wanted
    case .minutes(let count): return local % count == 0
    case .days, .hours: preconditionFailure("a time of day is no round")
    }
  }

  private static func minute(of date: Date) -> Int { Int((date.timeIntervalSince1970 / 60).rounded(.down)) }
}

extension InvalidRecurrence {
  /// A number that parts neither a day nor an hour evenly.
  package init(_ count: Int, _ unit: String) {
    let steps = unit == "hours" ? Recurrence.hourSteps : Recurrence.minuteSteps
    let whole = unit == "hours" ? "a day" : "an hour"
    let other = unit == "hours" ? "  or  every hour" : ""
    message = "\(count) \(unit) do not part \(whole) evenly."
    hint = "every \(steps.map(String.init).joined(separator: ", ")) \(unit)\(other)"
  }
}

/// Days of a calendar as numbers that count from 1 January 1970, and what a wall clock's time means in a zone whose rules
/// Foundation knows.
package enum CivilDay {
  /// The number of the day that it is in the zone.
  package static func number(of date: Date, in zone: TimeZone) -> Int { floorDivide(local(date, zone), 86_400) }

  package static func weekday(_ number: Int) -> Weekday {
    // 1 January 1970 was a Thursday.
    let index = number + Weekday.thursday.rawValue
    return Weekday.allCases[index - floorDivide(index, 7) * 7]
  }

  /// What the wall clock shows, in seconds since it would have shown midnight of 1 January 1970.
  package static func local(_ date: Date, _ zone: TimeZone) -> Int {
    Int(date.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: date)
  }

  /// The first moment at which the wall clock shows this; where it never does, the moment at which it jumps over it.
  static func moment(of local: Int, in zone: TimeZone) -> Date {
    // The zone's distances from UTC a day before and a day after.
    let offsets = [local - 86_400, local + 86_400].map {
      zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double($0)))
    }
    let moments = offsets.map { Date(timeIntervalSince1970: Double(local - $0)) }
    if let first = moments.filter({ Self.local($0, zone) == local }).min() { return first }
    // The clock shows less before the jump and more behind it: between the two readings of the same time lies the jump.
    var (before, after) = (local - (offsets.max() ?? 0), local - (offsets.min() ?? 0))
    while after - before > 1 {
      let middle = before + (after - before) / 2
      if Self.local(Date(timeIntervalSince1970: Double(middle)), zone) < local {
        before = middle
      } else {
        after = middle
      }
    }
    return Date(timeIntervalSince1970: Double(after))
  }

  private static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
  }
}
