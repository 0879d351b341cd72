// Instants as text, without the cost of a formatter.

import Foundation

/// Instants in the one form that both vendors send: UTC, whole seconds.
enum Instant {
  /// `2026-01-05T10:11:12Z` for seconds since 1970.
  static func text(_ seconds: Int) -> String {
    let days = (Double(seconds) / 86_400).rounded(.down)
    let rest = seconds - Int(days) * 86_400
    let date = civil(days: Int(days))
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
      + "T\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))Z"
  }

  static func text(_ date: Date) -> String { text(seconds(date)) }

  /// Whole seconds since 1970, rounded down.
  static func seconds(_ date: Date) -> Int {
    Int(exactly: date.timeIntervalSince1970.rounded(.down)) ?? 0
  }

  /// Reads an instant with or without a fraction; without a zone it is UTC.
  static func date(_ text: String) -> Date? {
    for candidate in [text, text + "Z", text + "T00:00:00Z"] {
      if let date = try? Date(candidate, strategy: .iso8601) { return date }
    }
    return nil
  }

  /// The day in the proleptic Gregorian calendar, by the era arithmetic that needs no calendar object.
  private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = number.description
    return digits.count < width ? String(repeating: "0", count: width - digits.count) + digits : digits
  }
}
