// WHEN: a day, an hour, `yesterday`, `monday`, `script-start`, a run; and where evaluation stands in time.

package import Foundation

/// What evaluation is told from outside: the time, the calendar, the variables.
package struct EvaluationScope: Sendable {
  package var now: Date
  /// The calendar and time zone that days are counted in.
  package var calendar: Calendar
  package var variables: Variables
  /// Moments that only the caller knows: `script-start`, and runs by their names (`r33`). Asked when a word needs it.
  package var moment: @Sendable (String) -> Date?

  package init(
    now: Date, calendar: Calendar, variables: Variables = Variables(),
    moment: @escaping @Sendable (String) -> Date? = { _ in nil }
  ) {
    self.now = now
    self.calendar = calendar
    self.variables = variables
    self.moment = moment
  }
}

/// A stretch of time that a word means: a whole day, or an instant (`lower` and `upper` equal).
package struct Moment: Hashable, Sendable {
  /// The first instant of it.
  package var lower: Date
  /// The first instant behind it; for an instant, itself.
  package var upper: Date

  package init(lower: Date, upper: Date) {
    self.lower = lower
    self.upper = upper
  }

  package static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
  /// The words for moments, apart from dates and runs.
  package static let words = ["now", "today", "yesterday", "script-start"] + weekdays.dropFirst() + [weekdays[0]]

  /// One line for completion.
  package static func help(_ word: String) -> String {
    switch word {
    case "now": "this moment"
    case "today": "this day, from 00:00"
    case "yesterday": "the day before"
    case "script-start": "when this script, or the shell, began"
    default: weekdays.contains(word) ? "the last \(word.prefix(1).uppercased() + word.dropFirst()), today included" : ""
    }
  }

  /// The moment that a text means, or nil where it means none, or one that `scope` does not know.
  ///
  /// `2026-03-01` is a day, `2026-03-01T09:12`, with seconds and `Z` or an offset if wanted, an instant; a weekday is the
  /// last such day, today included.
  package init?(_ text: String, in scope: EvaluationScope) {
    if let known = scope.moment(text) {
      self.init(lower: known, upper: known)
      return
    }
    let today = scope.calendar.startOfDay(for: scope.now)
    var daysAgo: Int?
    switch text {
    case "now":
      self.init(lower: scope.now, upper: scope.now)
      return
    case "today": daysAgo = 0
    case "yesterday": daysAgo = 1
    default:
      if let weekday = Self.weekdays.firstIndex(of: text) {
        daysAgo = (scope.calendar.component(.weekday, from: today) - 1 - weekday + 7) % 7
      }
    }
    if let daysAgo {
      guard let day = scope.calendar.date(byAdding: .day, value: -daysAgo, to: today),
        let next = scope.calendar.date(byAdding: .day, value: 1, to: day)
      else { return nil }
      self.init(lower: day, upper: next)
      return
    }
    guard let written = WrittenDate(text), let lower = written.date(in: scope.calendar) else { return nil }
    let upper = written.isDay ? scope.calendar.date(byAdding: .day, value: 1, to: lower) : lower
    self.init(lower: lower, upper: upper ?? lower)
  }

  /// Whether the text has the form of a moment, known or not.
  package static func isWritten(_ text: String) -> Bool {
    words.contains(text) || Literals.isReference(text, prefix: "r") || WrittenDate(text) != nil
  }
}

/// `YYYY-MM-DD`, then perhaps `T` or a space, `HH:MM`, `:SS`, a fraction, and `Z` or an offset.
private struct WrittenDate {
  private var day: (year: Int, month: Int, day: Int)
  private var time: (hour: Int, minute: Int, second: Int, nanosecond: Int)?
  private var offset: Int?

  var isDay: Bool { time == nil }

  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count <= 40, bytes.count >= 10, let year = Self.digits(bytes, 0, 4),
      let month = Self.digits(bytes, 5, 2), let dayOfMonth = Self.digits(bytes, 8, 2), bytes[4] == UInt8(ascii: "-"),
      bytes[7] == UInt8(ascii: "-"),
      (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(dayOfMonth)
    else { return nil }
    day = (year, month, dayOfMonth)
    if bytes.count == 10 { return }
    guard bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "), let hour = Self.digits(bytes, 11, 2),
      bytes.count > 13, bytes[13] == UInt8(ascii: ":"), let minute = Self.digits(bytes, 14, 2), hour < 24, minute < 60
    else { return nil }
    var time = (hour: hour, minute: minute, second: 0, nanosecond: 0)
    var rest = bytes[16...]
    if rest.first == UInt8(ascii: ":") {
      guard let second = Self.digits(bytes, 17, 2), second < 60 else { return nil }
      time.second = second
      rest = bytes[19...]
      if rest.first == UInt8(ascii: ".") {
        let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(fraction.count), let value = Self.digits(bytes, fraction.startIndex, fraction.count)
        else { return nil }
        time.nanosecond = (fraction.count..<9).reduce(value) { result, _ in result * 10 }
        rest = bytes[fraction.endIndex...]
      }
    }
    self.time = time
    if rest.isEmpty { return }
    if Array(rest) == [UInt8(ascii: "Z")] {
      offset = 0
      return
    }
    let start = rest.startIndex
    guard rest.count == 6, bytes[start] == UInt8(ascii: "+") || bytes[start] == UInt8(ascii: "-"),
      let hours = Self.digits(bytes, start + 1, 2), bytes[start + 3] == UInt8(ascii: ":"),
      let minutes = Self.digits(bytes, start + 4, 2), hours < 15, minutes < 60
    else { return nil }
    offset = (bytes[start] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  func date(in calendar: Calendar) -> Date? {
    var components = DateComponents()
    components.year = day.year
    components.month = day.month
    components.day = day.day
    components.hour = time?.hour ?? 0
    components.minute = time?.minute ?? 0
    components.second = time?.second ?? 0
    components.nanosecond = time?.nanosecond ?? 0
    var calendar = calendar
    if let offset, let zone = TimeZone(secondsFromGMT: offset) { calendar.timeZone = zone }
    return calendar.date(from: components)
  }

  private static func digits(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int? {
    guard start >= 0, start + count <= bytes.count else { return nil }
    var number = 0
    for byte in bytes[start..<start + count] {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
