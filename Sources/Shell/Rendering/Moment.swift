/// Moments as people and programs read them: "3 h ago", "02:14", "2026-03-01T02:14:00Z".
package import Foundation

/// How long ago (or how far ahead) a moment is, in its largest unit: "now", "12 s ago", "3 h ago", "in 2 d".
package func relative(_ date: Date, to now: Date) -> String {
  let seconds = CivilTime.wholeSeconds(now) - CivilTime.wholeSeconds(date)
  let distance = abs(seconds)
  let amount: String
  switch distance {
  case 0..<5: return "now"
  case 5..<60: amount = "\(distance) s"
  case 60..<3_600: amount = "\(distance / 60) min"
  case 3_600..<86_400: amount = "\(distance / 3_600) h"
  case 86_400..<(60 * 86_400): amount = "\(distance / 86_400) d"
  case (60 * 86_400)..<(730 * 86_400): amount = "\(distance / (30 * 86_400)) months"
  default: amount = "\(distance / (365 * 86_400)) years"
  }
  return seconds > 0 ? "\(amount) ago" : "in \(amount)"
}

/// The moment for programs: ISO 8601 in UTC, whole seconds.
package func exact(_ date: Date) -> String {
  let time = CivilTime(date, offset: 0)
  return "\(time.dayText)T\(time.clockToTheSecond)Z"
}

/// The moment for people, in a time zone: "2026-03-01 02:14".
package func exact(_ date: Date, in timeZone: TimeZone) -> String {
  let time = CivilTime(date, in: timeZone)
  return "\(time.dayText) \(time.clock)"
}

extension RenderStyle {
  /// The shortest that says when: "02:14" today, "1 Mar 02:14" in this year, else "1 Mar 2025".
  package func clock(_ date: Date) -> String {
    let time = CivilTime(date, in: timeZone)
    let today = CivilTime(now, in: timeZone)
    if (time.year, time.month, time.day) == (today.year, today.month, today.day) { return time.clock }
    return time.year == today.year ? "\(day(date)) \(time.clock)" : day(date)
  }

  /// The day alone: "1 Mar", and with its year where that is not this one.
  package func day(_ date: Date) -> String {
    let time = CivilTime(date, in: timeZone)
    let day = "\(time.day) \(time.monthName)"
    return time.year == CivilTime(now, in: timeZone).year ? day : "\(day) \(time.year)"
  }
}

/// How long something took: "0.3 s", "8.1 s", "2 min 5 s", "1 h 12 min".
package func spent(_ seconds: Double) -> String {
  let seconds = seconds.isFinite ? min(max(seconds, 0), 3.2e9) : 0
  let tenths = Int((seconds * 10).rounded())
  if tenths < 600 { return "\(tenths / 10).\(tenths % 10) s" }
  let whole = Int(seconds.rounded())
  if whole < 3_600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
  return whole % 3_600 < 60 ? "\(whole / 3_600) h" : "\(whole / 3_600) h \(whole % 3_600 / 60) min"
}

/// The same in whole seconds, rounded up, where tenths would only flicker: "6 s", "2 min 5 s"; never less than a second.
package func spentInWhole(_ seconds: Double) -> String {
  let text = spent(max(1, seconds.rounded(.up)))
  return text.hasSuffix(".0 s") ? String(text.dropLast(4)) + " s" : text
}

private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

/// A moment in the fields of a calendar. Foundation's formatters cost a hundred times as much, and a table has many.
struct CivilTime {
  var year, month, day, hour, minute, second: Int

  init(_ date: Date, in timeZone: TimeZone) {
    self.init(date, offset: timeZone.secondsFromGMT(for: date))
  }

  /// - Parameter offset: seconds east of UTC.
  init(_ date: Date, offset: Int) {
    let seconds = Self.wholeSeconds(date) + offset
    let days = Self.floorDivide(seconds, 86_400)
    let rest = seconds - days * 86_400
    (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60)
    // Counted from 1 March of the year 0, so that the leap day is the last of its year (H. Hinnant, "chrono-Compatible
    // Low-Level Date Algorithms", civil_from_days).
    let shifted = days + 719_468
    let era = Self.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var clock: String { "\(padded(hour)):\(padded(minute))" }
  var clockToTheSecond: String { "\(clock):\(padded(second))" }
  var dayText: String { "\(fourDigits(year))-\(padded(month))-\(padded(day))" }
  var monthName: String { Self.monthNames[month - 1] }

  /// Seconds since 1970, rounded down; moments further than some 200 000 years away are taken for that far.
  static func wholeSeconds(_ date: Date) -> Int {
    let seconds = date.timeIntervalSince1970
    guard seconds.isFinite else { return seconds > 0 ? farthest : -farthest }
    return Int(min(max(seconds, Double(-farthest)), Double(farthest)).rounded(.down))
  }

  private static let farthest = 6_000_000_000_000
  private static let monthNames = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
  }

  private func fourDigits(_ number: Int) -> String {
    let digits = String(abs(number))
    let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
    return (number < 0 ? "-" : "") + zeros + digits
  }
}
